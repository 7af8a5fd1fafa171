//! What single lines of an export state, without a label: dates, copyright, names.

use std::collections::HashSet;
use std::sync::LazyLock;

use regex::Regex;

use super::pattern::regex;
use crate::article::date::date_line;
use crate::article::front::{date_of_line, names_only, without_opener};
use crate::ingest::format::draft::first_date;
use crate::model::{Published, PublishedFrom};
use crate::text::tidy;

/// A line of a document, and how it is set.
#[derive(Clone, Copy)]
pub(in crate::ingest::format) struct Line<'t> {
    pub(in crate::ingest::format) text: &'t str,
    /// Is all of it bold? Always false in text files.
    pub(in crate::ingest::format) bold: bool,
}

/// The date of a line, which may also name the weekday and the edition.
pub(super) fn date(line: &str) -> Option<Published> {
    let line = tidy(line);
    let whole = || first_date([Some(line.as_str())]).or_else(|| date_of_line(&line)).or_else(|| date_line(&line));
    whole()
        .or_else(|| {
            // `January 11, 2010 Monday 9:33 AM GMT`: the longest prefix or suffix that is a date.
            let words: Vec<&str> = line.split(' ').take(9).collect();
            (3..words.len()).rev().find_map(|count| {
                let prefix = words[..count].join(" ");
                let suffix = words[words.len() - count..].join(" ");
                [prefix, suffix]
                    .iter()
                    .find_map(|text| first_date([Some(text.as_str())]).or_else(|| date_of_line(text)))
            })
        })
        .map(|found| Published { from: PublishedFrom::Metadata, ..found })
}

static COPYRIGHT: LazyLock<Regex> = LazyLock::new(|| {
    regex(
        r"(?i)^\s*(?:(?:copyright|copr\.?|copy|©|\(c\))[\s,©(c)]{1,6}.{0,24}?(?:19|20)\d\d\b|(?:©|\(c\))\s?\S|all rights reserved\.?\s*$|alle rechte vorbehalten\.?\s*$|tous droits réservés\.?\s*$)",
    )
});

/// `Copyright 2010 Guardian Unlimited`. Unlike a sentence about copyright, the line states a year near the word.
pub(super) fn is_copyright(line: &str) -> bool {
    COPYRIGHT.is_match(line)
}

/// The names of a byline that opens with a word for it: `Von Mara Lind`, `par Mara Lind et Ole Berg`.
pub(super) fn opened_byline(line: &str) -> Option<String> {
    const MOST_BYTES: usize = 80;
    let mut letters = line.chars();
    let first = letters.next().filter(|_| line.len() <= MOST_BYTES && !line.ends_with(['.', '!', '?', ':']))?;
    let capital = format!("{}{}", first.to_uppercase(), letters.as_str());
    let name = without_opener(&capital);
    let named = name.len() < capital.len() && name.contains(' ') && !name.contains(|c: char| c.is_ascii_digit());
    (named && names_only(&name)).then(|| tidy(&name))
}

/// The names, and the place if one follows, of a line that holds nothing else: `Mara Lind`, `Mara Lind, Halden`.
/// Headings have the same form; unlike their words, names never occur in lower case in `text`.
pub(super) fn bare_name(line: &str, text: &str) -> Option<(String, Option<String>)> {
    const MOST_BYTES: usize = 60;
    const NO_NAMES: &[&str] = &[
        "in", "im", "am", "an", "auf", "aus", "mein", "meine", "ein", "eine", "der", "die", "das", "kein", "keine",
        "neue", "the", "a", "my", "our", "no", "new", "on", "at", "le", "la", "les", "un", "une", "mon", "nos", "il",
        "lo", "una", "el", "los", "het", "een", "de", "tele", "radio",
    ];
    let fits = line.len() <= MOST_BYTES
        && line.chars().all(|c| c.is_alphabetic() || matches!(c, ' ' | '.' | '-' | '\'' | '’' | ','))
        && !line.ends_with(['.', ',']);
    let (names, place) = match line.split_once(", ") {
        Some((names, place)) if !place.contains(' ') => (names, Some(place.to_string())),
        _ => (line, None),
    };
    let joins =
        |word: &str| matches!(word, "und" | "and" | "et" | "y" | "e" | "en" | "von" | "van" | "de" | "di" | "da");
    let words: Vec<&str> = names.split([' ', ',']).filter(|word| !word.is_empty()).collect();
    let small: HashSet<&str> =
        text.split(|c: char| !c.is_alphabetic()).filter(|word| word.starts_with(char::is_lowercase)).collect();
    let capital = |word: &str| word.starts_with(char::is_uppercase);
    let is_name = |word: &str| capital(word) && !small.contains(word.to_lowercase().as_str());
    let most = if names.contains(',') || words.iter().any(|word| joins(word)) { 7 } else { 3 };
    let named = fits
        && (2..=most).contains(&words.len())
        && words.first().is_some_and(|word| !NO_NAMES.contains(&word.to_lowercase().as_str()))
        && words.iter().all(|word| is_name(word) || joins(word))
        && words.last().is_some_and(|word| capital(word));
    named.then(|| (tidy(names), place))
}

#[cfg(test)]
pub(super) fn build_tables() {
    LazyLock::force(&COPYRIGHT);
}
