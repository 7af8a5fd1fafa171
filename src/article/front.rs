//! The front of an article: title, byline, date, source and URL lines, and the dateline of the first paragraph.
//!
//! Only blocks before the first running text are read. A line that states a fact is marked as boilerplate, and so is not
//! part of the article's text.

use std::sync::LazyLock;

use aho_corasick::{AhoCorasick, MatchKind};
use memchr::memmem;

use super::date::{date_line, is_month_name};
use super::{Block, BlockKind, Facts, Published, Span};
use crate::model::{BoilerplateKind, PublishedFrom};
use crate::text::fold::{fold, fold_value};
use crate::text::script::is_unspaced;
use crate::text::space::count_spaced;
use crate::text::tidy;

/// Number of first blocks that may state facts.
const FRONT_BLOCKS: usize = 8;
/// Longest headline.
const MAX_TITLE_CHARS: usize = 220;
/// Longest byline.
const MAX_BYLINE_CHARS: usize = 120;
/// Longest line that is only the opener of a byline, "By:", in bytes.
const MAX_LONE_OPENER_BYTES: usize = 20;
/// Longest byline that only its position identifies.
const MAX_BYLINE_WORDS: usize = 20;
/// Longest line that states facts.
const MAX_FACT_BYTES: usize = 400;
/// A dateline ends within this many bytes.
const MAX_DATELINE_BYTES: usize = 100;

/// The facts and the title that the top of a text states.
#[derive(Debug, Default)]
pub struct Front {
    /// The facts found.
    pub facts: Facts,
    /// Byte range of the title.
    pub title_span: Option<Span>,
}

/// Reads the facts at the top of a text and marks their blocks. `known` are facts from metadata; `marked_up` says that
/// headings are given by markup, `title_known` that the title is known, or known to be missing.
#[must_use]
pub fn read(text: &str, blocks: &mut [Block], known: &Facts, marked_up: bool, title_known: bool) -> Front {
    let mut front = Front::default();
    let mut found: Vec<Vec<LineFact>> =
        blocks.iter().take(FRONT_BLOCKS).map(|block| line_facts(&text[block.span.clone()])).collect();
    if !marked_up {
        find_bylines_by_position(text, blocks, &mut found);
        // A headline may begin with "By"; the byline is then the line below.
        let is_byline =
            |facts: Option<&Vec<LineFact>>| matches!(facts.map(Vec::as_slice), Some([LineFact::Byline(_), ..]));
        if is_byline(found.first()) && is_byline(found.get(1)) {
            found[0].clear();
        }
    }
    let is_fact: Vec<bool> = found.iter().map(|facts| !facts.is_empty()).collect();
    let may_have_title = known.title.is_some() || !title_known;
    if let Some(at) = may_have_title.then(|| title_block(text, blocks, known, marked_up, &is_fact)).flatten() {
        front.facts.title = Some(tidy(&text[blocks[at].span.clone()]));
        front.title_span = Some(blocks[at].span.clone());
        blocks[at].kind = BlockKind::Title;
    }
    if let Some(names) = &known.byline {
        mark_known_byline(text, blocks, names);
    }
    let mut updated = None;
    for (block, facts) in blocks.iter_mut().zip(found) {
        if matches!(block.kind, BlockKind::Title | BlockKind::Boilerplate(_)) {
            continue;
        }
        let Some(kind) = facts.first().map(LineFact::kind) else {
            if matches!(block.kind, BlockKind::Heading(_)) || is_running_text(&text[block.span.clone()]) {
                break;
            }
            continue;
        };
        for fact in facts {
            fact.add_to(&mut front.facts, &mut updated);
        }
        block.kind = BlockKind::Boilerplate(kind);
    }
    // The date of publication wins over that of an update, whichever is first.
    front.facts.published = front.facts.published.or_else(|| updated.clone());
    front.facts.updated = updated;
    let first = blocks.iter().find(|block| block.kind == BlockKind::Paragraph);
    front.facts.dateline = first.and_then(|block| dateline(&text[block.span.clone()]));
    front
}

/// Marks lines that only repeat the byline known from metadata, anywhere in the article.
fn mark_known_byline(text: &str, blocks: &mut [Block], names: &str) {
    let names = fold_value(names);
    for block in blocks.iter_mut().filter(|block| block.span.len() <= MAX_BYLINE_CHARS * 2) {
        let line = fold_value(&without_opener(&text[block.span.clone()]));
        let is_byline =
            !line.is_empty() && (line == names || line.len() >= 8 && names.split(", ").any(|name| name == line));
        if is_byline && !matches!(block.kind, BlockKind::Title | BlockKind::Boilerplate(_)) {
            block.kind = BlockKind::Boilerplate(BoilerplateKind::Byline);
        }
    }
}

/// A fact stated by a line at the top.
#[derive(Debug, PartialEq)]
enum LineFact {
    Byline(String),
    Date(Published),
    Updated(Published),
    Source(String),
    Url(String),
    /// A part of a line of facts that states none: "3 min read".
    Filler,
}

impl LineFact {
    fn kind(&self) -> BoilerplateKind {
        match self {
            LineFact::Byline(_) => BoilerplateKind::Byline,
            LineFact::Date(_) | LineFact::Updated(_) | LineFact::Filler => BoilerplateKind::Date,
            LineFact::Source(_) | LineFact::Url(_) => BoilerplateKind::Source,
        }
    }

    fn add_to(self, facts: &mut Facts, updated: &mut Option<Published>) {
        match self {
            LineFact::Byline(name) => _ = facts.byline.get_or_insert(name),
            LineFact::Date(date) => _ = facts.published.get_or_insert(date),
            LineFact::Updated(date) => _ = updated.get_or_insert(date),
            LineFact::Source(name) => _ = facts.source.get_or_insert(name),
            LineFact::Url(url) => _ = facts.url.get_or_insert(url),
            LineFact::Filler => {}
        }
    }
}

/// The facts that a line states; none if any part of it is something else.
fn line_facts(line: &str) -> Vec<LineFact> {
    if line.len() > MAX_FACT_BYTES {
        return Vec::new();
    }
    if let Some(fact) = line_fact(line) {
        return vec![fact];
    }
    for (separator, finder) in SEPARATORS.iter().zip(SEPARATOR_FINDERS.iter()) {
        if finder.find(line.as_bytes()).is_some() {
            let facts: Option<Vec<LineFact>> =
                line.split(separator).map(str::trim).filter(|part| !part.is_empty()).map(part_fact).collect();
            if let Some(facts) = facts.filter(|facts| facts.iter().any(|fact| *fact != LineFact::Filler)) {
                return facts;
            }
        }
    }
    if split_opener(line).is_none() {
        return Vec::new();
    }
    byline_and_date(line).map_or_else(Vec::new, Vec::from)
}

/// Separators between the facts of one line.
const SEPARATORS: &[&str] = &[" | ", " · ", " • ", " — ", " – ", " - ", " / "];

static SEPARATOR_FINDERS: LazyLock<Vec<memmem::Finder<'static>>> =
    LazyLock::new(|| SEPARATORS.iter().map(memmem::Finder::new).collect());

/// A byline followed by a date: `By Mara Lindqvist, Sept. 12, 2023`.
fn byline_and_date(line: &str) -> Option<[LineFact; 2]> {
    let commas = line.match_indices([',', ' ']).map(|(at, _)| at);
    commas
        .filter_map(|at| {
            let name = byline(line[..at].trim_end_matches(','))?;
            let rest = line[at..].trim_start_matches([',', ' ']);
            let rest = ["on ", "am ", "le "].iter().find_map(|word| rest.strip_prefix(word)).unwrap_or(rest);
            Some([LineFact::Byline(name), date_fact(rest)?])
        })
        .next()
}

fn part_fact(part: &str) -> Option<LineFact> {
    line_fact(part).or_else(|| is_filler(part).then_some(LineFact::Filler))
}

/// Is it a count that pages show beside a byline or date: "3 min read", "12 comments"?
fn is_filler(part: &str) -> bool {
    let folded = fold(part);
    let words: Vec<&str> = folded.split_whitespace().collect();
    let counts = words.first().is_some_and(|word| word.parse::<u32>().is_ok());
    let count_words =
        ["min", "mins", "minute", "minutes", "comments", "comment", "minuten", "kommentare", "shares", "views"];
    words.len() <= 4 && counts && words[1..].iter().any(|word| count_words.contains(word))
}

/// Beginnings of words for an update, folded.
const UPDATED: &[&str] =
    &["updat", "aktualisier", "mis a jour", "modifi", "actualiz", "atualiz", "aggiorn", "обновл", "更新"];

/// Beginnings of words for publication, folded.
const PUBLISHED: &[&str] = &["publish", "posted", "veroffentlich", "publi", "pubbl", "опублик", "发布", "發布"];

static UPDATED_FINDER: LazyLock<AhoCorasick> = LazyLock::new(|| first_of(UPDATED));
static PUBLISHED_FINDER: LazyLock<AhoCorasick> = LazyLock::new(|| first_of(PUBLISHED));

/// An automaton that finds the first of these words in a text.
fn first_of(words: &[&str]) -> AhoCorasick {
    let automaton = AhoCorasick::builder().match_kind(MatchKind::LeftmostFirst).build(words);
    automaton.expect("ten short words fit in an automaton")
}

/// Builds the tables now rather than at first use.
pub(super) fn build_tables() {
    LazyLock::force(&SEPARATOR_FINDERS);
    LazyLock::force(&UPDATED_FINDER);
    LazyLock::force(&PUBLISHED_FINDER);
}

fn date_fact(line: &str) -> Option<LineFact> {
    let published = date_line(line)?;
    let folded = fold(line);
    let first = |words: &AhoCorasick| words.find(&folded).map(|found| found.start());
    let (update, publish) = (first(&UPDATED_FINDER), first(&PUBLISHED_FINDER));
    match (update, publish) {
        (Some(update), Some(publish)) if update < publish => {
            // "Updated 4 May, published 3 May": the second date counts. Folding changes offsets, so it is searched again.
            let at = line.char_indices().map(|(at, _)| at).find(|&at| {
                let rest = fold(&line[at..]);
                PUBLISHED.iter().any(|word| rest.starts_with(word))
            })?;
            date_line(line[at..].trim()).map(LineFact::Date)
        }
        (Some(update), None) if folded[..update].chars().all(|c| !c.is_ascii_digit()) => {
            Some(LineFact::Updated(published))
        }
        _ => Some(LineFact::Date(published)),
    }
}

fn line_fact(line: &str) -> Option<LineFact> {
    if let Some(fact) = date_fact(line) {
        return Some(fact);
    }
    if let Some(name) = byline(line) {
        return Some(LineFact::Byline(name));
    }
    if (line.starts_with("http://") || line.starts_with("https://")) && !line.contains(char::is_whitespace) {
        return Some(LineFact::Url(line.to_string()));
    }
    let (label, value) = line.split_once([':', '：'])?;
    let value = value.trim();
    if value.is_empty() || value.len() > 200 || value.contains(": ") {
        return None;
    }
    match fold(label.trim()).as_str() {
        "source" | "quelle" | "fuente" | "fonte" | "publication" | "bron" | "来源" | "來源" | "источник"
            if !value.contains(' ') || value.chars().count() < 60 =>
        {
            Some(LineFact::Source(tidy(value)))
        }
        "url" | "link" => value.starts_with("http").then(|| LineFact::Url(value.to_string())),
        "date" | "datum" | "fecha" | "data" | "published" | "日期" | "дата" => {
            Published::parse(value, PublishedFrom::Text).map(LineFact::Date)
        }
        "author" | "byline" | "autor" | "auteur" | "autore" | "authors" | "作者" | "text" | "von" => {
            names_only(value).then(|| LineFact::Byline(tidy(value)))
        }
        _ => None,
    }
}

/// Finds bylines that only their position identifies: lower-case names below a headline, a name below a lone "By", a bare
/// name between headline and date.
fn find_bylines_by_position(text: &str, blocks: &[Block], found: &mut [Vec<LineFact>]) {
    let line = |i: usize| blocks.get(i).map_or("", |block| &text[block.span.clone()]);
    let is_date = |facts: Option<&Vec<LineFact>>| {
        facts.is_some_and(|facts| matches!(facts.first(), Some(LineFact::Date(_) | LineFact::Updated(_))))
    };
    for i in 0..found.len() {
        if !found[i].is_empty() {
            continue;
        }
        let this = line(i);
        let dated = is_date(found.get(i + 1)) || i > 0 && is_date(found.get(i - 1));
        if this.len() <= MAX_LONE_OPENER_BYTES && (fold(this.trim_end_matches(':')) == "by" || fold(this) == "von") {
            if let Some(next) = found.get(i + 1).filter(|next| next.is_empty()).map(|_| line(i + 1))
                && names_only(next)
                && next.chars().count() <= MAX_BYLINE_CHARS
            {
                found[i] = vec![LineFact::Filler];
                found[i + 1] = vec![LineFact::Byline(tidy(next))];
            }
            continue;
        }
        let Some((opener, rest)) = split_opener(this) else {
            let below_headline = i == 1 && found[0].is_empty() && is_date(found.get(2));
            if below_headline && (2..=4).contains(&count_spaced(this, 5)) && could_be_name(this) {
                found[i] = vec![LineFact::Byline(tidy(this))];
            }
            continue;
        };
        let words = count_spaced(rest, MAX_BYLINE_WORDS + 1);
        let is_sentence =
            rest.ends_with(['?', '!', ':', ';']) || rest.ends_with('.') && rest.split('.').all(|part| part.len() > 2);
        let below_headline = i == 1 && could_be_title(line(0)) && words <= 3 && opener != "di";
        if !is_sentence
            && (opener == "by" || !is_of_headline(&opener, rest))
            && (dated && words <= MAX_BYLINE_WORDS || below_headline && !is_running_text(this))
        {
            found[i] = vec![LineFact::Byline(tidy(rest))];
        }
    }
}

/// Does the line consist of capitalised words and initials only?
fn could_be_name(line: &str) -> bool {
    line.split_whitespace().all(|word| {
        word.starts_with(char::is_uppercase)
            && word.chars().all(|c| c.is_alphabetic() || matches!(c, '.' | '-' | '\'' | '’'))
            && word.chars().any(char::is_lowercase) | word.ends_with('.')
    })
}

/// The name in a byline: `By Ben Yakas`, `Von Anna Schmidt`, `Par Luc Moreau et Anne Petit`.
fn byline(line: &str) -> Option<String> {
    if line.chars().count() > MAX_BYLINE_CHARS || line.ends_with(['.', '?', '!', ':', ';']) && !line.ends_with("Jr.") {
        return None;
    }
    let (opener, rest) = split_opener(line)?;
    if is_of_headline(&opener, rest) {
        return None;
    }
    let word = rest.trim_end_matches('.');
    let is_month = !word.contains(' ') && is_month_name(&fold(word));
    (names_only(rest) && !is_month).then(|| tidy(rest))
}

/// Is what follows the opener of a byline the rest of a headline or of a caption: "DI GIORGIO CORP <DIG> QTLY DIVIDEND", "Von
/// Ohlen's ghost bike (courtesy Ada Berg)"?
fn is_of_headline(opener: &str, rest: &str) -> bool {
    const MAX_NAMES: usize = 4;
    let in_capitals =
        opener != "by" && !rest.contains(char::is_lowercase) && count_spaced(rest, MAX_NAMES + 1) > MAX_NAMES;
    in_capitals || rest.contains(['(', '"', '“', '<']) || rest.contains("'s ") || rest.contains("’s ")
}

/// A byline without the word that opens it: "By", "Von".
#[must_use]
pub fn without_opener(line: &str) -> String {
    split_opener(line).map_or_else(|| line.to_string(), |(_, rest)| rest.to_string())
}

/// The date of publication that a line of facts states.
#[must_use]
pub fn date_of_line(line: &str) -> Option<Published> {
    line_facts(line).into_iter().find_map(|fact| match fact {
        LineFact::Date(date) => Some(date),
        _ => None,
    })
}

/// The word that opens a byline, folded, and the rest of the line.
fn split_opener(line: &str) -> Option<(String, &str)> {
    const OPENERS: &[&str] = &["by", "von", "par", "por", "di", "door", "av", "af", "od", "от", "автор"];
    /// Lengths of the ASCII openers.
    const ASCII_OPENER_BYTES: std::ops::RangeInclusive<usize> = 2..=4;
    let line = line.trim();
    let line = ["Written ", "Words ", "Analysis ", "Opinion ", "Story ", "Text "]
        .iter()
        .find_map(|word| line.strip_prefix(word).filter(|rest| rest.starts_with("by ") || rest.starts_with("by: ")))
        .unwrap_or(line);
    let is_lower_by = line.starts_with("by ") || line.starts_with("by: ");
    let (first, rest) = line.split_once(char::is_whitespace)?;
    let first_bare = first.trim_end_matches(':');
    if first_bare.is_ascii() && !ASCII_OPENER_BYTES.contains(&first_bare.len()) {
        return None;
    }
    let opener = fold(first_bare);
    let is_opening = is_lower_by || first.starts_with(char::is_uppercase);
    (OPENERS.contains(&opener.as_str()) && is_opening).then(|| (opener, rest.trim()))
}

/// Lower-case words between and beside names, folded.
#[rustfmt::skip]
const NAME_WORDS: &[&str] = &[
    "and", "und", "et", "y", "e", "en", "och", "og", "de", "da", "del", "della", "di", "du", "van", "von", "der",
    "den", "la", "le", "bin", "al", "el", "for", "in", "with", "of", "the", "staff", "writer", "reporter",
    "correspondent", "editor", "at",
];

/// Do the words look like names of people: capitalised, except for words between and beside names?
#[must_use]
pub fn names_only(text: &str) -> bool {
    let words: Vec<&str> = text
        .split(|c: char| c.is_whitespace() || matches!(c, ',' | '/' | '|' | '&'))
        .filter(|word| !word.is_empty())
        .collect();
    let mut names = 0;
    for word in &words {
        let first = word.chars().find(|c| c.is_alphabetic());
        match first {
            Some(c) if c.is_uppercase() || !c.is_lowercase() => names += 1,
            Some(_) if NAME_WORDS.contains(&fold(word).as_str()) || word.contains('@') => {}
            _ => return false,
        }
    }
    (1..=14).contains(&words.len()) && names > 0
}

/// Index of the block that is the title, if there is one.
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
    // A turn of speech.
    if blocks.get(at)?.kind == BlockKind::Item {
        return None;
    }
    let line = &text[blocks.get(at)?.span.clone()];
    let next = blocks.get(at + 1)?;
    let next_line = &text[next.span.clone()];
    let fact_follows = is_fact.get(at + 1).copied().unwrap_or(false);
    let chars = line.chars().count();
    // Above a byline or date, a headline may end with any mark.
    if !(could_be_title(line) || fact_follows && at == 0 && (2..=MAX_TITLE_CHARS).contains(&chars)) {
        return None;
    }
    let text_follows = is_running_text(next_line)
        || blocks.get(at + 2).is_some_and(|block| is_running_text(&text[block.span.clone()]));
    (fact_follows || at > 0 || text_follows).then_some(at)
}

fn could_be_title(line: &str) -> bool {
    let chars = line.chars().count();
    let is_stopped = line.ends_with(['.', ';', ',', ':']) && !line.ends_with("...");
    (2..=MAX_TITLE_CHARS).contains(&chars) && !is_stopped && line.chars().any(char::is_alphanumeric)
}

/// Is this running text: long, or of medium length and with the final mark of a sentence?
fn is_running_text(line: &str) -> bool {
    const MAX_BYTES: usize = 600;
    let start = &line[..line.floor_char_boundary(MAX_BYTES)];
    let unspaced = if start.is_ascii() { 0 } else { start.chars().filter(|&c| is_unspaced(c)).count() };
    let words = count_spaced(start, 31) + unspaced / 2;
    words > 30 || words >= 8 && line.ends_with(['.', '!', '?', '”', '"', '»', '…', '。', '！', '？', '」'])
}

/// The dateline before the first sentence: `DETROIT, March 9 -`, `PARIS (Reuters) -`, `BERLIN —`.
fn dateline(paragraph: &str) -> Option<String> {
    let start = &paragraph[..paragraph.floor_char_boundary(MAX_DATELINE_BYTES)];
    if start.is_ascii() && !start.contains('-') {
        return None;
    }
    let (before, dash) = [" - ", " – ", " — ", " -- ", "--", "—", ") -", ") –"]
        .iter()
        .filter_map(|dash| Some((start.find(dash)?, *dash)))
        .min()?;
    let place = start[..before + usize::from(dash.starts_with(')'))].trim();
    let first_word: String = place.chars().take_while(|c| !matches!(c, ',' | '(' | '/')).collect();
    let letters: Vec<char> = first_word.chars().filter(|c| c.is_alphabetic()).collect();
    let is_upper = letters.len() >= 3 && letters.iter().all(|c| c.is_uppercase());
    let has_agency = place.ends_with(')') && place.contains('(') && first_word.split_whitespace().count() <= 4;
    let is_capitalised = letters.first().is_some_and(|c| c.is_uppercase());
    // `SPAM: - Buy now` is a label, not a place.
    let is_place = place.split_whitespace().count() <= 9 && !place.contains(':');
    ((is_upper || has_agency && is_capitalised) && is_place).then(|| tidy(place))
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
    fn title_byline_and_date_at_the_top() {
        let front = read_text(
            "Dockers walk out\nBy Mara Lindqvist\nJun 5, 2009 4:50 pm\n\nDockers at the port of Halden walked out on Monday after talks failed.\n",
        );
        assert_eq!(front.facts.title.as_deref(), Some("Dockers walk out"));
        assert_eq!(front.facts.byline.as_deref(), Some("Mara Lindqvist"));
        assert_eq!(front.facts.published.map(|p| p.value).as_deref(), Some("2009-06-05T16:50:00"));
    }

    #[test]
    fn running_text_at_the_top_is_not_a_title() {
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
            ("DI BERG CORP <DBG> QTLY DIVIDEND", None),
            ("PAR HALDEN UNIT GETS WATER CONTRACT", None),
            ("Von Berg's ghost bike (courtesy Ada Moe)", None),
            ("BY MARA LINDQVIST AND JON MOE AND ADA BERG", Some("MARA LINDQVIST AND JON MOE AND ADA BERG")),
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
            ("SPAM: - Buy now", None),
            ("Nothing here", None),
        ] {
            assert_eq!(dateline(paragraph).as_deref(), expected, "{paragraph}");
        }
    }
}
