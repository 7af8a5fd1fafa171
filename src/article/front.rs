//! The front of an article: title, byline, date, source and URL lines, and the dateline of the first paragraph.
//!
//! Only blocks before the first running text are looked at. A line that states a fact leaves the article's text.

use super::boilerplate::BoilerplateKind;
use super::date::{PublishedFrom, date_line};
use super::{Block, BlockKind, Facts, Published, Span};
use crate::text::fold::{fold, fold_value};

/// How many blocks from the top may state facts.
const FRONT_BLOCKS: usize = 8;
/// A longer line is no headline.
const MOST_TITLE_CHARS: usize = 220;
/// A longer line is no byline.
const MOST_BYLINE_CHARS: usize = 120;
/// A dateline stands within so many bytes.
const MOST_DATELINE_BYTES: usize = 100;

/// What the front of a text says.
#[derive(Debug, Default)]
pub struct Front {
    /// The facts found.
    pub facts: Facts,
    /// Where the title stands.
    pub title_span: Option<Span>,
}

/// Reads the facts on top and marks their blocks. `known` are facts from metadata; `marked_up` tells that headings
/// are known by markup, `title_known` that the title is known not to be in the text.
#[must_use]
pub fn read(text: &str, blocks: &mut [Block], known: &Facts, marked_up: bool, title_known: bool) -> Front {
    let mut front = Front::default();
    let is_fact: Vec<bool> =
        blocks.iter().take(FRONT_BLOCKS).map(|block| line_fact(&text[block.span.clone()]).is_some()).collect();
    let looks_for_title = known.title.is_some() || !title_known;
    if let Some(at) = looks_for_title.then(|| title_block(text, blocks, known, marked_up, &is_fact)).flatten() {
        front.facts.title = Some(tidy(&text[blocks[at].span.clone()]));
        front.title_span = Some(blocks[at].span.clone());
        blocks[at].kind = BlockKind::Title;
    }
    for block in blocks.iter_mut().take(FRONT_BLOCKS) {
        if block.kind == BlockKind::Title {
            continue;
        }
        let line = &text[block.span.clone()];
        let Some(fact) = line_fact(line) else {
            if matches!(block.kind, BlockKind::Heading(_)) || is_running_text(line) {
                break;
            }
            continue;
        };
        let kind = fact.kind();
        fact.add_to(&mut front.facts);
        block.kind = BlockKind::Boilerplate(kind);
    }
    let first = blocks.iter().find(|block| block.kind == BlockKind::Paragraph);
    front.facts.dateline = first.and_then(|block| dateline(&text[block.span.clone()]));
    front
}

/// A fact that a line on top states.
#[derive(Debug, PartialEq)]
enum LineFact {
    Byline(String),
    Date(Published),
    Source(String),
    Url(String),
}

impl LineFact {
    fn kind(&self) -> BoilerplateKind {
        match self {
            LineFact::Byline(_) => BoilerplateKind::Byline,
            LineFact::Date(_) => BoilerplateKind::Date,
            LineFact::Source(_) | LineFact::Url(_) => BoilerplateKind::Source,
        }
    }

    fn add_to(self, facts: &mut Facts) {
        match self {
            LineFact::Byline(name) => _ = facts.byline.get_or_insert(name),
            LineFact::Date(date) => _ = facts.published.get_or_insert(date),
            LineFact::Source(name) => _ = facts.source.get_or_insert(name),
            LineFact::Url(url) => _ = facts.url.get_or_insert(url),
        }
    }
}

fn line_fact(line: &str) -> Option<LineFact> {
    if let Some(published) = date_line(line) {
        return Some(LineFact::Date(published));
    }
    if let Some(name) = byline(line) {
        return Some(LineFact::Byline(name));
    }
    if (line.starts_with("http://") || line.starts_with("https://")) && !line.contains(char::is_whitespace) {
        return Some(LineFact::Url(line.to_string()));
    }
    let (label, value) = line.split_once(':')?;
    let value = value.trim();
    if value.is_empty() || value.len() > 200 || value.contains(": ") {
        return None;
    }
    match fold(label.trim()).as_str() {
        "source" | "quelle" | "fuente" | "fonte" | "publication" | "bron"
            if !value.contains(' ') || value.chars().count() < 60 =>
        {
            Some(LineFact::Source(tidy(value)))
        }
        "url" | "link" => value.starts_with("http").then(|| LineFact::Url(value.to_string())),
        "date" | "datum" | "fecha" | "data" | "published" => {
            Published::parse(value, PublishedFrom::Text).map(LineFact::Date)
        }
        "author" | "byline" | "autor" | "auteur" | "autore" | "authors" => {
            names_only(value).then(|| LineFact::Byline(tidy(value)))
        }
        _ => None,
    }
}

/// The name in a byline: `By Ben Yakas`, `Von Anna Schmidt`, `Par Luc Moreau et Anne Petit`.
fn byline(line: &str) -> Option<String> {
    const OPENERS: &[&str] = &["by", "von", "par", "por", "di", "door", "av", "af", "od", "от", "автор"];
    if line.chars().count() > MOST_BYLINE_CHARS || line.ends_with(['.', '?', '!', ':', ';']) && !line.ends_with("Jr.") {
        return None;
    }
    let (first, rest) = line.split_once(char::is_whitespace)?;
    let opener = fold(first.trim_end_matches(':'));
    let rest = rest.trim();
    (OPENERS.contains(&opener.as_str()) && first.chars().next().is_some_and(char::is_uppercase) && names_only(rest))
        .then(|| tidy(rest))
}

/// Do the words look like names of people: capitalised, but for the small words that stand between names?
fn names_only(text: &str) -> bool {
    const SMALL: &[&str] = &[
        "and",
        "und",
        "et",
        "y",
        "e",
        "en",
        "och",
        "og",
        "de",
        "da",
        "del",
        "della",
        "di",
        "du",
        "van",
        "von",
        "der",
        "den",
        "la",
        "le",
        "bin",
        "al",
        "el",
        "for",
        "in",
        "with",
        "of",
        "the",
        "staff",
        "writer",
        "reporter",
        "correspondent",
        "editor",
        "at",
    ];
    let words: Vec<&str> = text
        .split(|c: char| c.is_whitespace() || matches!(c, ',' | '/' | '|' | '&'))
        .filter(|word| !word.is_empty())
        .collect();
    let mut names = 0;
    for word in &words {
        let first = word.chars().find(|c| c.is_alphabetic());
        match first {
            Some(c) if c.is_uppercase() || !c.is_lowercase() => names += 1,
            Some(_) if SMALL.contains(&fold(word).as_str()) || word.contains('@') => {}
            _ => return false,
        }
    }
    (1..=14).contains(&words.len()) && names > 0
}

/// Which block is the title, if the text shows one.
fn title_block(text: &str, blocks: &[Block], known: &Facts, marked_up: bool, is_fact: &[bool]) -> Option<usize> {
    if let Some(title) = &known.title {
        let title = fold_value(title);
        return blocks.iter().take(FRONT_BLOCKS).position(|block| fold_value(&text[block.span.clone()]) == title);
    }
    if marked_up {
        let first = blocks
            .iter()
            .take(FRONT_BLOCKS)
            .position(|block| matches!(block.kind, BlockKind::Heading(_) | BlockKind::Paragraph))?;
        return (blocks[first].kind == BlockKind::Heading(1)).then_some(first);
    }
    let at = is_fact.iter().position(|fact| !fact)?;
    let line = &text[blocks.get(at)?.span.clone()];
    let next = blocks.get(at + 1)?;
    let next_line = &text[next.span.clone()];
    if !could_be_title(line) {
        return None;
    }
    let fact_follows = is_fact.get(at + 1).copied().unwrap_or(false);
    let text_follows = is_running_text(next_line)
        || blocks.get(at + 2).is_some_and(|block| is_running_text(&text[block.span.clone()]));
    (fact_follows || at > 0 || text_follows).then_some(at)
}

fn could_be_title(line: &str) -> bool {
    let chars = line.chars().count();
    let sentence = line.ends_with(['.', ';', ',', ':']) && !line.ends_with("...");
    (2..=MOST_TITLE_CHARS).contains(&chars) && !sentence && line.chars().any(char::is_alphanumeric)
}

/// Is this long enough, or stopped like a sentence, to be running text?
fn is_running_text(line: &str) -> bool {
    let words = line.split_whitespace().take(31).count();
    words > 30 || words >= 8 && line.ends_with(['.', '!', '?', '”', '"', '»', '…', '。'])
}

/// The dateline before the first sentence: `DETROIT, March 9 -`, `PARIS (Reuters) -`, `BERLIN —`.
fn dateline(paragraph: &str) -> Option<String> {
    let head = &paragraph[..paragraph.floor_char_boundary(MOST_DATELINE_BYTES)];
    let (before, dash) = [" - ", " – ", " — ", " -- ", "--", "—", ") -", ") –"]
        .iter()
        .filter_map(|dash| Some((head.find(dash)?, *dash)))
        .min()?;
    let place = head[..before + usize::from(dash.starts_with(')'))].trim();
    let first_word: String = place.chars().take_while(|c| !matches!(c, ',' | '(' | '/')).collect();
    let letters: Vec<char> = first_word.chars().filter(|c| c.is_alphabetic()).collect();
    let capitals = letters.len() >= 3 && letters.iter().all(|c| c.is_uppercase());
    let agency = place.ends_with(')') && place.contains('(') && first_word.split_whitespace().count() <= 4;
    let named = letters.first().is_some_and(|c| c.is_uppercase());
    ((capitals || agency && named) && place.split_whitespace().count() <= 9).then(|| tidy(place))
}

/// White space runs made one space.
#[must_use]
pub fn tidy(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::article::layout;

    fn read_text(text: &str) -> Front {
        let mut blocks = layout::blocks(text);
        read(text, &mut blocks, &Facts::default(), false, false)
    }

    #[test]
    fn title_byline_and_date_on_top() {
        let front = read_text(
            "Dockers walk out\nBy Mara Lindqvist\nJun 5, 2009 4:50 pm\n\nDockers at the port of Halden walked out on Monday after talks failed.\n",
        );
        assert_eq!(front.facts.title.as_deref(), Some("Dockers walk out"));
        assert_eq!(front.facts.byline.as_deref(), Some("Mara Lindqvist"));
        assert_eq!(front.facts.published.map(|p| p.value).as_deref(), Some("2009-06-05T16:50:00"));
    }

    #[test]
    fn running_text_on_top_is_no_title() {
        let front = read_text(
            "Dockers at the port of Halden walked out on Monday after talks failed.\nThe dispute\nThe union wants more.\n",
        );
        assert_eq!(front.facts, Facts::default());
    }

    #[test]
    fn byline_table() {
        for (line, name) in [
            ("By Mara Lindqvist", Some("Mara Lindqvist")),
            ("Von Anna Schmidt und Jan Weber", Some("Anna Schmidt und Jan Weber")),
            ("Par Luc Moreau", Some("Luc Moreau")),
            ("By the time they left", None),
            ("By Monday, it was over.", None),
            ("Bylaws Changed", None),
        ] {
            assert_eq!(byline(line).as_deref(), name, "{line}");
        }
    }

    #[test]
    fn dateline_table() {
        for (paragraph, expected) in [
            ("DETROIT, March 9 - Carmakers said", Some("DETROIT, March 9")),
            ("PARIS (Reuters) - France", Some("PARIS (Reuters)")),
            ("Halden (dpa) – Die Hafenarbeiter", Some("Halden (dpa)")),
            ("THE HAGUE, March 9 - Dutch", Some("THE HAGUE, March 9")),
            ("The plan - a bold one - failed", None),
            ("Nothing here", None),
        ] {
            assert_eq!(dateline(paragraph).as_deref(), expected, "{paragraph}");
        }
    }
}
