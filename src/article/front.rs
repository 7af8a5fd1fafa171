//! The front of an article: title, byline, date, source and URL lines, and the dateline of the first paragraph.
//!
//! Only blocks before the first running text are read. A line that states a fact is marked as boilerplate, and so is not
//! part of the article's text.

use std::sync::LazyLock;

use aho_corasick::{AhoCorasick, MatchKind};
use memchr::memmem;

use super::date::{date_line, has_year, is_date_word, is_month_name};
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
/// Longest name of a source in the first line of a text.
const MAX_SOURCE_WORDS: usize = 4;
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
    if let Some(facts) = author_and_date(line) {
        return facts.into();
    }
    for (separator, finder) in SEPARATORS.iter().zip(SEPARATOR_FINDERS.iter()) {
        if finder.find(line.as_bytes()).is_some() {
            let parts: Vec<&str> = line.split(separator).map(str::trim).filter(|part| !part.is_empty()).collect();
            let facts: Option<Vec<Vec<LineFact>>> = parts.iter().map(|part| part_facts(part)).collect();
            let facts = facts.map(|facts| facts.into_iter().flatten().collect::<Vec<_>>());
            let facts = facts.or_else(|| if has_year(line) { dated_and_timed(&parts) } else { None });
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

fn part_facts(part: &str) -> Option<Vec<LineFact>> {
    let one = line_fact(part).or_else(|| (is_filler(part) || is_time(part)).then_some(LineFact::Filler));
    one.map(|fact| vec![fact]).or_else(|| author_and_date(part).map(Vec::from))
}

/// The date of a line of three parts: a date, a time of day, and a name that may be anybody's: `May 3, 2011 / 8:15 AM / Halden
/// Radio`.
fn dated_and_timed(parts: &[&str]) -> Option<Vec<LineFact>> {
    const MAX_NAME_WORDS: usize = 4;
    let is_name = |part: &&str| {
        part.split_whitespace().all(|word| word.starts_with(|c: char| c.is_uppercase() || c.is_ascii_digit()))
            && count_spaced(part, MAX_NAME_WORDS + 1) <= MAX_NAME_WORDS
    };
    let (dates, others): (Vec<&str>, Vec<&str>) = parts.iter().partition(|part| date_fact(part).is_some());
    let (times, others): (Vec<&str>, Vec<&str>) = others.into_iter().partition(|part| is_time(part));
    let (&[date], &[_]) = (dates.as_slice(), times.as_slice()) else { return None };
    others.iter().all(is_name).then(|| date_fact(date).into_iter().collect())
}

/// Is it a time of day, with nothing else than its half of the day and its zone: `8:15 AM`, `8.15 Uhr`, `08h15 CEST`?
fn is_time(part: &str) -> bool {
    const MAX_BYTES: usize = 24;
    const WORDS: &[&str] = &[
        "am", "pm", "a", "p", "m", "uhr", "h", "hrs", "et", "est", "edt", "pt", "pst", "pdt", "gmt", "utc", "bst",
        "cet", "cest", "ist", "klo", "kl", "at", "um", "uur",
    ];
    if part.len() > MAX_BYTES || !part.contains([':', '.', 'h']) || !part.contains(|c: char| c.is_ascii_digit()) {
        return false;
    }
    let folded = fold(part);
    let mut words = folded.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty()).peekable();
    let is_number = |word: &str| word.len() <= 2 && word.bytes().all(|byte| byte.is_ascii_digit());
    let is_hours = |word: &str| word.split_once('h').is_some_and(|(hour, minute)| is_number(hour) && is_number(minute));
    let numbers = words.clone().filter(|word| is_number(word) || is_hours(word)).count();
    (1..=3).contains(&numbers)
        && words.peek().is_some()
        && words.all(|word| is_number(word) || is_hours(word) || WORDS.contains(&word))
}

/// A line of a date and an author, whichever is first, with words of publication: `Posted on May 3, 2011 by Mara Lindqvist`,
/// `Publié le 3 mai 2011 par Luc Moreau`, `Geschrieben von Anna Schmidt am 3. Mai 2011`.
fn author_and_date(line: &str) -> Option<[LineFact; 2]> {
    const MAX_BYTES: usize = 160;
    /// Longest opener.
    const MAX_OPENER_BYTES: usize = 10;
    let is_opener = |word: &str| {
        let folded = fold(word);
        OPENERS.iter().chain(INNER_OPENERS).any(|opener| folded == *opener)
    };
    if line.len() > MAX_BYTES || !has_year(line) {
        return None;
    }
    let starts = line.char_indices().filter(|&(at, c)| c == ' ' || at == 0);
    for (at, c) in starts {
        let start = if c == ' ' { at + 1 } else { at };
        let rest = &line[start..];
        let Some((opener, _)) = rest.split_once(char::is_whitespace) else { continue };
        let bare = opener.trim_end_matches(':');
        if bare.len() > MAX_OPENER_BYTES || !is_opener(bare) {
            continue;
        }
        let names = rest[opener.len()..].trim();
        let before = line[..start].trim().trim_end_matches([',', '|', '·', '-', '–', '—']).trim_end();
        if !before.is_empty()
            && let Some(date) = date_fact(before)
            && let Some(name) = only_names(names)
        {
            return Some([LineFact::Byline(name), date]);
        }
        if is_of_publication(before)
            && let Some(facts) = names_and_date(names)
        {
            return Some(facts);
        }
    }
    None
}

/// Words that open a byline in the middle of a line, folded; at its beginning they are more.
const INNER_OPENERS: &[&str] = &["da", "przez"];

/// Does a line consist of words of publication: "Posted", "Geschrieben"? Without any, it is the beginning of a headline.
fn is_of_publication(words: &str) -> bool {
    let mut words = words.split_whitespace().peekable();
    words.peek().is_some() && words.all(|word| is_date_word(&fold(word.trim_end_matches([':', ',']))))
}

/// Names and the date after them: `Mara Lindqvist on May 3, 2011`.
fn names_and_date(text: &str) -> Option<[LineFact; 2]> {
    text.match_indices([',', ' ']).find_map(|(at, _)| {
        let name = only_names(text[..at].trim_end_matches(','))?;
        Some([LineFact::Byline(name), date_fact(text[at..].trim_start_matches([',', ' ']))?])
    })
}

/// The names that a text consists of, without the desk or the town after them: `Mara Lindqvist in Sports`.
fn only_names(text: &str) -> Option<String> {
    let text = text.trim().trim_end_matches('.');
    let end = [" in ", " under ", " at "].iter().filter_map(|word| text.find(word)).min().unwrap_or(text.len());
    let (names, is_long) = (&text[..end], text.chars().count() > MAX_BYLINE_CHARS);
    let is_month = !names.contains(' ') && is_month_name(&fold(names));
    (!is_long && !is_month && !names.contains(|c: char| c.is_ascii_digit()) && names_only(names)).then(|| tidy(names))
}

/// A name and a date without any word between them: `Mara Lindqvist, May 3, 2011`. Only the place of the line tells that
/// it is no dateline.
fn name_and_date(line: &str) -> Option<[LineFact; 2]> {
    /// First words of the names of places.
    const PLACES: &[&str] = &[
        "new",
        "san",
        "santa",
        "los",
        "las",
        "saint",
        "st",
        "fort",
        "port",
        "south",
        "north",
        "west",
        "east",
        "cape",
        "rio",
        "buenos",
        "hong",
        "kuala",
        "tel",
        "abu",
        "den",
        "bad",
        "el",
        "la",
        "le",
        "sri",
        "united",
        "washington",
        "frankfurt",
        "sao",
        "puerto",
        "mount",
        "salt",
        "kansas",
    ];
    if line.len() > MAX_BYLINE_CHARS || !has_year(line) {
        return None;
    }
    [", ", " | ", " · ", " • ", " — ", " – ", " - ", " / ", "  "].iter().find_map(|separator| {
        let (first, second) = line.split_once(separator)?;
        let is_name = |text: &str| {
            let place = text.split_whitespace().next().is_some_and(|word| PLACES.contains(&fold(word).as_str()));
            (2..=4).contains(&count_spaced(text, 5)) && could_be_name(text) && !place
        };
        let (first, second) = (first.trim(), second.trim());
        // A place and a month are the caption of an old picture: the day of an article has its number.
        let numbers = |text: &str| text.split(|c: char| !c.is_ascii_digit()).filter(|run| !run.is_empty()).count();
        if numbers(line) < 2 {
            return None;
        }
        if is_name(first) {
            return Some([LineFact::Byline(tidy(first)), date_fact(second)?]);
        }
        let may_be_second = *separator != ", " && is_name(second);
        Some([LineFact::Byline(tidy(second)), date_fact(first).filter(|_| may_be_second)?])
    })
}

/// Is the line what a browser prints at the top of a page: the day and time of printing, and perhaps the title?
fn is_print_stamp(line: &str) -> bool {
    let Some((date, rest)) = line.split_once(", ") else { return false };
    let is_date = date.len() <= 10
        && date.split(['/', '.', '-']).count() == 3
        && date
            .split(['/', '.', '-'])
            .all(|part| (1..=4).contains(&part.len()) && part.bytes().all(|b| b.is_ascii_digit()));
    let mut words = rest.split_whitespace();
    is_date && words.next().is_some_and(|time| time.contains([':', '.']) && is_time(time))
}

/// Is the line the number of a printed page, perhaps below its address: `1/3`, `https://halden.example/a 1/3`?
fn is_page_count(line: &str) -> bool {
    let last = line.rsplit(char::is_whitespace).next().unwrap_or("");
    let is_number = |text: &str| (1..=3).contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_digit());
    let is_alone = last.len() == line.len() || line.starts_with("http");
    is_alone && last.split_once('/').is_some_and(|(page, pages)| is_number(page) && is_number(pages))
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

/// Is it a count that pages show beside a byline or date: "3 min read", "12 comments"?
fn is_filler(part: &str) -> bool {
    if !part.trim_start().starts_with(char::is_numeric) {
        return false;
    }
    let folded = fold(part);
    let words: Vec<&str> = folded.split_whitespace().collect();
    let counts = words.first().is_some_and(|word| word.parse::<u32>().is_ok());
    let count_words =
        ["min", "mins", "minute", "minutes", "comments", "comment", "minuten", "kommentare", "shares", "views"];
    words.len() <= 4 && counts && words[1..].iter().any(|word| count_words.contains(word))
}

/// Beginnings of words for an update, folded.
#[rustfmt::skip]
const UPDATED: &[&str] = &[
    "updat", "aktualisier", "mis a jour", "modifi", "actualiz", "atualiz", "aggiorn", "обновл", "更新", "geandert",
    "bijgewerkt", "gewijzigd", "uppdater", "oppdater", "opdater", "edited", "amended", "revised", "aktualizac", "изменен",
];

/// Beginnings of words for publication, folded.
#[rustfmt::skip]
const PUBLISHED: &[&str] = &[
    "publish", "posted", "veroffentlich", "publi", "pubbl", "опублик", "发布", "發布", "geplaatst", "gepubliceerd",
    "udgivet", "opublikowan", "written", "geschrieben", "skrevet", "skriven", "escrito", "scritto", "ecrit", "redige",
];

static UPDATED_FINDER: LazyLock<AhoCorasick> = LazyLock::new(|| first_of(UPDATED));
static PUBLISHED_FINDER: LazyLock<AhoCorasick> = LazyLock::new(|| first_of(PUBLISHED));

/// An automaton that finds the first of these words in a text.
fn first_of(words: &[&str]) -> AhoCorasick {
    let automaton = AhoCorasick::builder().match_kind(MatchKind::LeftmostFirst).build(words);
    automaton.expect("twenty short words fit in an automaton")
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
        "author" | "byline" | "autor" | "auteur" | "autore" | "authors" | "作者" | "text" | "von" | "words"
        | "texte" | "texto" | "testo" | "tekst" | "report" | "story" | "reporter" | "writer" | "written by"
        | "redaktion" | "auteurs" | "autores" | "автор" | "текст" => {
            names_only(value).then(|| LineFact::Byline(tidy(value)))
        }
        _ => None,
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

/// Is the line a byline by its wording, wherever it is?
#[must_use]
pub(super) fn is_byline(line: &str) -> bool {
    byline(line).is_some()
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

/// The names that a line of facts states.
#[must_use]
#[cfg_attr(not(feature = "pages"), allow(dead_code))]
pub fn byline_of_line(line: &str) -> Option<String> {
    line_facts(line).into_iter().find_map(|fact| match fact {
        LineFact::Byline(name) => Some(name),
        _ => None,
    })
}

/// Words that open a byline, folded.
const OPENERS: &[&str] = &["by", "von", "par", "por", "di", "door", "av", "af", "od", "от", "автор"];

/// The word that opens a byline, folded, and the rest of the line.
fn split_opener(line: &str) -> Option<(String, &str)> {
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
