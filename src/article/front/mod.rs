//! The front of an article: title, byline, date, source and URL lines, and the dateline of the first paragraph.
//!
//! Only blocks before the first running text are read. A line that states a fact is marked as boilerplate, and so is not
//! part of the article's text.

mod line;

#[cfg_attr(not(feature = "pages"), allow(unused_imports))]
pub(crate) use self::line::byline_of_line;
pub(in crate::article) use self::line::{build_tables, is_byline};
pub(crate) use self::line::{date_of_line, names_only, without_opener};

use self::line::{
    LineFact, MAX_BYLINE_CHARS, MAX_FACT_BYTES, could_be_name, is_of_headline, is_page_count, is_print_stamp,
    line_facts, name_and_date, split_opener,
};
use super::{Block, BlockKind, Facts, Span};
use crate::model::BoilerplateKind;
use crate::text::fold::{fold, fold_value};
use crate::text::script::is_unspaced;
use crate::text::space::count_spaced;
use crate::text::tidy;

/// Number of first blocks that may state facts.
const FRONT_BLOCKS: usize = 8;
/// Longest headline.
const MAX_TITLE_CHARS: usize = 220;
/// Longest line that is only the opener of a byline, "By:", in bytes.
const MAX_LONE_OPENER_BYTES: usize = 20;
/// Longest byline that only its position identifies.
const MAX_BYLINE_WORDS: usize = 20;
/// Longest name of a source in the first line of a text.
const MAX_SOURCE_WORDS: usize = 4;
/// A dateline ends within this many bytes.
const MAX_DATELINE_BYTES: usize = 100;

/// The facts and the title that the top of a text states.
#[derive(Debug, Default)]
pub(crate) struct Front {
    /// The facts found.
    pub facts: Facts,
    /// Byte range of the title.
    pub title_span: Option<Span>,
}

/// Reads the facts at the top of a text and marks their blocks. `known` are facts from metadata; `marked_up` says that
/// headings are given by markup, `title_known` that the title is known, or known to be missing.
#[must_use]
pub(crate) fn read(text: &str, blocks: &mut [Block], known: &Facts, marked_up: bool, title_known: bool) -> Front {
    let mut front = Front::default();
    let mut found: Vec<Vec<LineFact>> =
        blocks.iter().take(FRONT_BLOCKS).map(|block| line_facts(&text[block.span.clone()])).collect();
    // The second line may be the date below a headline.
    for i in 2..found.len() {
        if matches!(found[i].as_slice(), [LineFact::Date(_), ..]) && ends_sentence(text, &blocks[i - 1], &blocks[i]) {
            found[i].clear();
        }
    }
    find_print_marks(text, blocks, &mut found);
    if !marked_up {
        find_bylines_by_position(text, blocks, &mut found);
        // A headline may begin with "By"; the byline is then the line below.
        let is_byline =
            |facts: Option<&Vec<LineFact>>| matches!(facts.map(Vec::as_slice), Some([LineFact::Byline(_), ..]));
        if is_byline(found.first()) && is_byline(found.get(1)) {
            found[0].clear();
        }
        // "Source: Ferry That Sank Was Never Inspected" above a byline or date is a headline.
        let is_long = |facts: &Vec<LineFact>| match facts.as_slice() {
            [LineFact::Source(name)] => count_spaced(name, MAX_SOURCE_WORDS + 1) > MAX_SOURCE_WORDS,
            _ => false,
        };
        if known.title.is_none()
            && found.first().is_some_and(is_long)
            && found.get(1).is_some_and(|facts| !facts.is_empty())
        {
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

/// Is a line the end of the sentence that the line above it begins, as in "stock split in / February 1987."?
fn ends_sentence(text: &str, above: &Block, block: &Block) -> bool {
    let gap = text.get(above.span.end..block.span.start).unwrap_or("");
    let (above_text, line) = (text[above.span.clone()].trim_end(), text[block.span.clone()].trim_end());
    above.kind == BlockKind::Paragraph
        && gap.matches('\n').count() <= 1
        && line.ends_with('.')
        && above_text.contains(' ')
        && above_text.ends_with(char::is_lowercase)
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

/// Finds what a browser printed around the article: the day of printing is not the day of publication.
fn find_print_marks(text: &str, blocks: &[Block], found: &mut [Vec<LineFact>]) {
    /// Number of blocks at either end that are looked at for the number of a page.
    const ENDS: usize = 5;
    let line = |block: &Block| &text[block.span.clone()];
    let short = |block: &&Block| block.span.len() <= MAX_FACT_BYTES;
    let is_counted = || {
        blocks
            .iter()
            .take(ENDS)
            .chain(blocks.iter().rev().take(ENDS))
            .filter(short)
            .any(|block| is_page_count(line(block)))
    };
    let stamp = blocks.iter().take(found.len()).filter(short).position(|block| is_print_stamp(line(block)));
    let Some(stamp) = stamp.filter(|_| is_counted()) else { return };
    found[stamp] = vec![LineFact::Filler];
    for (facts, block) in found.iter_mut().zip(blocks) {
        if facts.is_empty() && block.span.len() <= MAX_FACT_BYTES && is_page_count(line(block)) {
            let url = line(block).split_whitespace().next().filter(|word| word.starts_with("http"));
            *facts = vec![url.map_or(LineFact::Filler, |url| LineFact::Url(url.to_string()))];
        }
    }
}

/// Words with which no headline ends, folded: it goes on in the next line.
const UNFINISHED: &[&str] = &[
    "a", "an", "and", "at", "by", "for", "from", "in", "of", "on", "or", "the", "to", "with", "als", "am", "auf",
    "bei", "das", "der", "die", "fur", "im", "mit", "und", "von", "zum", "zur", "au", "aux", "avec", "dans", "de",
    "des", "du", "en", "et", "la", "le", "les", "par", "pour", "sur", "con", "del", "el", "las", "los", "para", "por",
    "y", "di", "e", "il", "per",
];

/// Does a headline go on in the next line?
fn is_unfinished(headline: &str) -> bool {
    let last = headline.split_whitespace().next_back().unwrap_or("");
    last.starts_with(char::is_lowercase) && UNFINISHED.contains(&fold(last).as_str())
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
        let below_title = (1..=3).contains(&i) && (1..i).all(|above| !found[above].is_empty());
        if below_title && let Some(facts) = name_and_date(this) {
            found[i] = facts.into();
            continue;
        }
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
            let below_headline = i == 1 && found[0].is_empty() && is_date(found.get(2)) && !is_unfinished(line(0));
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
    use crate::model::Published;

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

    /// The line is what a sentence or headline above it goes on with, so it states nothing.
    #[test]
    fn ends_of_sentences_are_no_facts() {
        let body = "The port of Halden was shut on Monday after talks failed, the union of the dockers said.\n";
        for (top, byline, published) in [
            ("PORT NET\n\nNet 12 mln vs 9 mln\nNOTE: adjusted for the split in\nFebruary 1987.\n\n", None, None),
            ("PORT NET\n\nNet 12 mln vs 9 mln\nFebruary 1987\n\n", None, Some("1987-02")),
            ("Hafen\n\nDer Umsatz stieg nach dem Umbau im\nMai 1987.\n\n", None, None),
            (
                "Ferry line says it makes a bid for\nStewart Moe\n29-JUN-1987 03:45:34.21\n\n",
                None,
                Some("1987-06-29T03:45:34"),
            ),
            (
                "Ferry line makes a bid\nStewart Moe\n29-JUN-1987 03:45:34.21\n\n",
                Some("Stewart Moe"),
                Some("1987-06-29T03:45:34"),
            ),
        ] {
            let front = read_text(&format!("{top}{body}"));
            assert_eq!(front.facts.byline.as_deref(), byline, "{top}");
            assert_eq!(front.facts.published.map(|p| p.value).as_deref(), published, "{top}");
        }
    }

    #[test]
    fn running_text_at_the_top_is_not_a_title() {
        let front = read_text(
            "Dockers at the port of Halden walked out on Monday after talks failed.\nThe dispute\nThe union wants more.\n",
        );
        assert_eq!(front.facts, Facts::default());
    }

    #[test]
    fn lines_of_date_and_author() {
        let day = "2011-05-03";
        for (line, name, date) in [
            ("Posted on May 3, 2011 by Petra Solheim", Some("Petra Solheim"), Some(day)),
            ("Posted by Petra Solheim on May 3, 2011", Some("Petra Solheim"), Some(day)),
            ("May 3, 2011 by Petra Solheim", Some("Petra Solheim"), Some(day)),
            ("May 3, 2011 | By Petra Solheim in Sports", Some("Petra Solheim"), Some(day)),
            ("Publié le 3 mai 2011 par Petra Solheim", Some("Petra Solheim"), Some(day)),
            ("Par Petra Solheim, publié le 3 mai 2011", Some("Petra Solheim"), Some(day)),
            ("Veröffentlicht am 3. Mai 2011 von Petra Solheim", Some("Petra Solheim"), Some(day)),
            ("Geschrieben von Petra Solheim am 3. Mai 2011", Some("Petra Solheim"), Some(day)),
            ("Publicado el 3 de mayo de 2011 por Petra Solheim", Some("Petra Solheim"), Some(day)),
            ("Escrito por Petra Solheim el 3 de mayo de 2011", Some("Petra Solheim"), Some(day)),
            ("Pubblicato il 3 maggio 2011 da Petra Solheim", Some("Petra Solheim"), Some(day)),
            ("Publicado em 3 de maio de 2011 por Petra Solheim", Some("Petra Solheim"), Some(day)),
            ("Geplaatst op 3 mei 2011 door Petra Solheim", Some("Petra Solheim"), Some(day)),
            ("Publicerad 3 maj 2011 av Petra Solheim", Some("Petra Solheim"), Some(day)),
            ("Publisert 3. mai 2011 av Petra Solheim", Some("Petra Solheim"), Some(day)),
            ("Opublikowano 3 maja 2011 przez Petra Solheim", Some("Petra Solheim"), Some(day)),
            ("Петра Сульхейм, 3 мая 2011", Some("Петра Сульхейм"), Some(day)),
            ("Petra Solheim, May 3, 2011", Some("Petra Solheim"), Some(day)),
            ("Petra Solheim | 3. Mai 2011", Some("Petra Solheim"), Some(day)),
            ("3 May 2011 - Petra Solheim", Some("Petra Solheim"), Some(day)),
            ("May 3, 2011 / 8:15 AM / Halden Radio", None, Some(day)),
            ("Last modified on Tue 3 May 2011 08.15 BST", None, Some(day)),
            ("Zuletzt geändert am 3. Mai 2011", None, Some(day)),
            ("Words: Petra Solheim", Some("Petra Solheim"), None),
            ("New York, May 3, 2011", None, None),
            ("Killed by Storm on May 3, 2011", None, None),
            ("May 3, 2011 by the numbers", None, None),
        ] {
            let front = read_text(&format!(
                "Ferry crews vote on pay offer\n{line}\n\nCrews of the island ferries will vote on Thursday on an offer of four \
                 per cent, the union said on Monday.\n"
            ));
            let found = front.facts.published.as_ref().map(Published::day);
            assert_eq!((front.facts.byline.as_deref(), found), (name, date), "{line}");
            assert_eq!(front.facts.title.as_deref(), Some("Ferry crews vote on pay offer"), "{line}");
        }
    }

    #[test]
    fn the_day_of_printing_is_not_that_of_publication() {
        for (text, date, url) in [
            (
                "14/11/2024, 10:11\nFerry crews vote\nhttps://halden.example/a\n1/3\n\nCrews of the island ferries will \
                 vote on Thursday on an offer of four per cent.\n",
                None,
                Some("https://halden.example/a"),
            ),
            (
                "11/14/24, 8:05 AM Ferry crews vote - Halden Courier\nFerry crews vote\nBy Petra Solheim\nMay 3, 2011\n\nCrews \
                 of the island ferries will vote on Thursday on an offer of four per cent.\nhttps://halden.example/a 1/2\n",
                Some("2011-05-03"),
                None,
            ),
            (
                "Ferry crews vote\n14/11/2024, 10:11\n\nCrews of the island ferries will vote on Thursday on an offer.\n",
                Some("2024-11-14"),
                None,
            ),
        ] {
            let front = read_text(text);
            assert_eq!(front.facts.published.as_ref().map(Published::day), date, "{text}");
            assert_eq!(front.facts.url.as_deref(), url, "{text}");
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
