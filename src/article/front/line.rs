//! The facts that one line states: byline, date, source, URL.

use std::sync::LazyLock;

use aho_corasick::{AhoCorasick, MatchKind};
use memchr::memmem;

use crate::article::date::{date_line, has_year, is_date_word, is_month_name};
use crate::model::{BoilerplateKind, Facts, Published, PublishedFrom};
use crate::text::fold::fold;
use crate::text::script::is_unspaced;
use crate::text::space::count_spaced;
use crate::text::tidy;

/// Longest byline.
pub(super) const MAX_BYLINE_CHARS: usize = 120;
/// Longest line that states facts.
pub(super) const MAX_FACT_BYTES: usize = 400;

/// A fact stated by a line at the top.
#[derive(Debug, PartialEq)]
pub(super) enum LineFact {
    Byline(String),
    Date(Published),
    Updated(Published),
    Source(String),
    Url(String),
    /// A part of a line of facts that states none: "3 min read".
    Filler,
}

impl LineFact {
    pub(super) fn kind(&self) -> BoilerplateKind {
        match self {
            LineFact::Byline(_) => BoilerplateKind::Byline,
            LineFact::Date(_) | LineFact::Updated(_) | LineFact::Filler => BoilerplateKind::Date,
            LineFact::Source(_) | LineFact::Url(_) => BoilerplateKind::Source,
        }
    }

    pub(super) fn add_to(self, facts: &mut Facts, updated: &mut Option<Published>) {
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
pub(super) fn line_facts(line: &str) -> Vec<LineFact> {
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
    if let Some(facts) = dated_and_labelled(line) {
        return facts.into();
    }
    if split_opener(line).is_none() {
        return Vec::new();
    }
    byline_and_date(line).map_or_else(Vec::new, Vec::from)
}

/// A date and a source or author with its label, and only a space between them: `2023年9月12日 07:00 来源：港口日报`.
fn dated_and_labelled(line: &str) -> Option<[LineFact; 2]> {
    if !line.contains([':', '：']) || !has_year(line) {
        return None;
    }
    line.match_indices(char::is_whitespace).find_map(|(at, _)| {
        let other = line_fact(line[at..].trim()).filter(|fact| fact.kind() != BoilerplateKind::Date)?;
        Some([date_fact(line[..at].trim())?, other])
    })
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
pub(super) fn name_and_date(line: &str) -> Option<[LineFact; 2]> {
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
pub(super) fn is_print_stamp(line: &str) -> bool {
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
pub(super) fn is_page_count(line: &str) -> bool {
    let last = line.rsplit(char::is_whitespace).next().unwrap_or("");
    let is_number = |text: &str| (1..=3).contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_digit());
    let is_alone = last.len() == line.len() || line.starts_with("http");
    is_alone && last.split_once('/').is_some_and(|(page, pages)| is_number(page) && is_number(pages))
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
pub(in crate::article) fn build_tables() {
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
        "source" | "quelle" | "fuente" | "fonte" | "publication" | "bron" | "来源" | "來源" | "출처" | "المصدر"
        | "מקור" | "منبع" | "источник" | "джерело" | "kaynak" | "sumber" | "zrodlo" | "zdroj" | "forras" | "sursa"
        | "nguon" | "kilde" | "kalla"
            if !value.contains(' ') || value.chars().count() < 60 =>
        {
            Some(LineFact::Source(tidy(value)))
        }
        "url" | "link" => value.starts_with("http").then(|| LineFact::Url(value.to_string())),
        "date" | "datum" | "fecha" | "data" | "published" | "日期" | "дата" => {
            Published::parse(value, PublishedFrom::Text).map(LineFact::Date)
        }
        "author" | "byline" | "autor" | "auteur" | "autore" | "authors" | "作者" | "记者" | "記者" | "撰文" | "文"
        | "기자" | "글" | "작성자" | "بقلم" | "كتب" | "מאת" | "نویسنده" | "text" | "von" | "words" | "texte"
        | "texto" | "testo" | "tekst" | "report" | "story" | "reporter" | "writer" | "written by" | "redaktion"
        | "auteurs" | "autores" | "автор" | "текст" => {
            names_only(value).then(|| LineFact::Byline(tidy(value)))
        }
        _ => None,
    }
}

/// Does the line consist of capitalised words and initials only?
pub(super) fn could_be_name(line: &str) -> bool {
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
    if let Some(name) = titled_name(line) {
        return Some(name);
    }
    let (opener, rest) = split_opener(line)?;
    if is_of_headline(&opener, rest) {
        return None;
    }
    let word = rest.trim_end_matches('.');
    let is_month = !word.contains(' ') && is_month_name(&fold(word));
    (names_only(rest) && !is_month).then(|| tidy(rest))
}

/// The name before the word for "reporter" that ends Korean and Chinese bylines, without the address after it: `한지민 기자`.
fn titled_name(line: &str) -> Option<String> {
    const TITLES: &[&str] = &["기자", "특파원", "记者", "記者"];
    const NAME_CHARS: std::ops::RangeInclusive<usize> = 2..=4;
    if line.is_ascii() {
        return None;
    }
    let mut words = line.split_whitespace();
    let (name, title, address) = (words.next()?, words.next()?, words.next());
    // A desk ends with 부: `정치부 기자`.
    let is_name = NAME_CHARS.contains(&name.chars().count()) && name.chars().all(is_unspaced) && !name.ends_with('부');
    let is_end = words.next().is_none() && address.is_none_or(|address| address.contains('@'));
    (is_name && TITLES.contains(&title) && is_end).then(|| name.to_string())
}

/// Is the line a byline by its wording, wherever it is?
#[must_use]
pub(in crate::article) fn is_byline(line: &str) -> bool {
    byline(line).is_some()
}

/// Is what follows the opener of a byline the rest of a headline or of a caption: "DI GIORGIO CORP <DIG> QTLY DIVIDEND", "Von
/// Ohlen's ghost bike (courtesy Ada Berg)"?
pub(super) fn is_of_headline(opener: &str, rest: &str) -> bool {
    const MAX_NAMES: usize = 4;
    let in_capitals =
        opener != "by" && !rest.contains(char::is_lowercase) && count_spaced(rest, MAX_NAMES + 1) > MAX_NAMES;
    in_capitals || rest.contains(['(', '"', '“', '<']) || rest.contains("'s ") || rest.contains("’s ")
}

/// A byline without the word that opens it: "By", "Von".
#[must_use]
pub(crate) fn without_opener(line: &str) -> String {
    split_opener(line).map_or_else(|| line.to_string(), |(_, rest)| rest.to_string())
}

/// The date of publication that a line of facts states.
#[must_use]
pub(crate) fn date_of_line(line: &str) -> Option<Published> {
    line_facts(line).into_iter().find_map(|fact| match fact {
        LineFact::Date(date) => Some(date),
        _ => None,
    })
}

/// The names that a line of facts states.
#[must_use]
#[cfg_attr(not(feature = "pages"), allow(dead_code))]
pub(crate) fn byline_of_line(line: &str) -> Option<String> {
    line_facts(line).into_iter().find_map(|fact| match fact {
        LineFact::Byline(name) => Some(name),
        _ => None,
    })
}

/// Words that open a byline, folded.
const OPENERS: &[&str] =
    &["by", "von", "par", "por", "di", "door", "av", "af", "od", "от", "автор", "记者", "記者", "文", "بقلم", "מאת"];

/// The word that opens a byline, folded, and the rest of the line.
pub(super) fn split_opener(line: &str) -> Option<(String, &str)> {
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
    let is_opening = is_lower_by || !first.starts_with(char::is_lowercase);
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
pub(crate) fn names_only(text: &str) -> bool {
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

#[cfg(test)]
mod tests {
    use super::*;

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
            ("한지민 기자", Some("한지민")),
            ("한지민 기자 hanjimin@halden.example", Some("한지민")),
            ("한지민 기자 회견", None),
            ("정치부 기자", None),
            ("كتب جديدة", None),
            ("记者 王小明", Some("王小明")),
            ("بقلم سلمى حداد", Some("سلمى حداد")),
            ("מאת רות לוי", Some("רות לוי")),
        ] {
            assert_eq!(byline(line).as_deref(), name, "{line}");
        }
    }
}
