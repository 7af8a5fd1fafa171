//! Runs of lines of LexisNexis, and what each can be.

use std::sync::LazyLock;

use regex::Regex;

use crate::ingest::format::exports::labels::{Key, key_of, labelled};
use crate::ingest::format::exports::lines::date;
use crate::ingest::format::exports::pattern::regex;
use crate::model::Published;
use crate::text::tidy;

static LENGTH: LazyLock<Regex> = LazyLock::new(|| {
    regex(r"(?i)^\s*[\d.,]{1,7}\s+(?:words?|wörter|woerter|mots|woorden|palabras|parole|palavras|ord)\s*$")
});
static SEASON: LazyLock<Regex> = LazyLock::new(|| {
    regex(
        r"(?i)^\s*(?:spring|summer|autumn|fall|winter|frühjahr|frühling|sommer|herbst|printemps|été|automne|hiver),?\s+(?:19|20)\d\d(?:/\d\d)?\s*$",
    )
});

/// The runs of lines between blank ones.
pub(super) fn split<'l>(lines: &[&'l str]) -> Vec<Vec<&'l str>> {
    lines.split(|line| line.trim().is_empty()).filter(|run| !run.is_empty()).map(<[&str]>::to_vec).collect()
}

/// The label of a line, in capitals, and its value. `Source: …` in lower case is prose.
pub(super) fn label(line: &str) -> Option<(Key, &str)> {
    if !has_capital_label(line) {
        return None;
    }
    let (word, value) = labelled(line)?;
    let key = match word {
        "TEXT" | "ARTICLE" | "HAUPTTEXT" => Key::Body,
        "NAME" => Key::Byline,
        // A sentence about the author.
        "BIO" => Key::Note,
        "GRAFIK" | "TRANSCRIPT" | "PUB-TYPE" | "PUB-SUBJECT" | "DATE-CHARGEMENT" | "TYPE-PUBLICATION"
        | "CODE-REVUE" | "VIEW ORIGINAL PAGE" => Key::Other,
        word => key_of(word)?,
    };
    Some((key, value))
}

/// The labelled values of a run of lines; a line without a label continues the value above it.
pub(super) fn facts_of(run: &[&str]) -> Vec<(Key, String)> {
    let mut out: Vec<(Key, String)> = Vec::new();
    for line in run {
        match (label(line), out.last_mut()) {
            (Some((key, value)), _) => out.push((key, value.to_string())),
            (None, Some((_, value))) => *value = format!("{value} {}", line.trim()),
            (None, None) => {}
        }
    }
    out
}

/// Does a line begin with a label that only occurs after the body?
pub(super) fn is_tail_label(line: &str) -> bool {
    let word = first_word(line);
    [
        "load-date",
        "update",
        "language",
        "sprache",
        "langue",
        "publication-type",
        "zeitungstyp",
        "graphic",
        "journal-code",
        "document-type",
        "date-chargement",
        "type-publication",
        "code-revue",
        "distribution",
    ]
    .contains(&word.as_str())
}

/// The text before the first colon of a line, in lower case.
pub(super) fn first_word(line: &str) -> String {
    let line = line.trim_start();
    line.split_once(':').map_or(line, |(word, _)| word).to_lowercase()
}

/// `184 words`, without a label.
pub(super) fn is_length(run: &[&str]) -> bool {
    run.len() == 1 && LENGTH.is_match(run[0])
}

/// Is a line centred on the page, as source, date, edition and notices are? The first line of a notice may be too long for
/// that.
pub(super) fn is_centred(run: &[&str]) -> bool {
    run.iter().any(|line| line.starts_with("          "))
}

/// `Summer, 2008`
pub(super) fn is_season(line: &str) -> bool {
    SEASON.is_match(line)
}

/// The date of publication that a run of lines states. Longer lines are prose that mentions a day.
pub(super) fn day_of(run: &[&str]) -> Option<Published> {
    const MOST_BYTES: usize = 60;
    run.iter().filter(|line| line.trim().len() <= MOST_BYTES).find_map(|line| date(line))
}

pub(super) fn is_dated(run: &[&str]) -> bool {
    run.iter().any(|line| is_season(line)) || day_of(run).is_some()
}

/// Does a run begin with a label?
pub(super) fn is_label(run: &[&str]) -> bool {
    label(run[0]).is_some()
}

/// Does a run begin with the label of the body?
pub(super) fn is_body_label(run: &[&str]) -> bool {
    matches!(label(run[0]), Some((Key::Body, _)))
}

/// Is a run short enough for a title or a name?
pub(super) fn is_short(run: &[&str]) -> bool {
    const MOST_LINES: usize = 3;
    const MOST_BYTES: usize = 220;
    run.len() <= MOST_LINES && run.iter().map(|line| line.trim().len()).sum::<usize>() <= MOST_BYTES
}

/// `No … material may be republished without the express written permission of …`
pub(super) fn is_notice(run: &[&str]) -> bool {
    let words = run.join(" ").to_lowercase();
    words.trim_end().ends_with('.')
        && ["republished", "permission of", "sole responsibility", "accuracy of", "rights reserved"]
            .iter()
            .any(|word| words.contains(word))
}

/// `City Final Edition`
pub(super) fn is_edition(run: &[&str]) -> bool {
    let words = tidy(&run.join(" ")).to_lowercase();
    words.split(' ').count() <= 6
        && ["edition", "edición", "ausgabe", "édition", "edizione"].iter().any(|word| words.contains(word))
}

/// Is a run a label whose value follows in the next run: `HIGHLIGHT:`?
pub(super) fn is_bare_label(run: &[&str]) -> bool {
    run.len() == 1 && label(run[0]).is_some_and(|(key, value)| value.is_empty() && key != Key::Body)
}

/// Is a run after the date the title? `next` is the run after it, `facts` tells whether facts were read before. A run that
/// facts follow is, even a long one; without facts the first short one.
pub(super) fn is_title(run: &[&str], next: Option<&Vec<&str>>, facts: bool, has_tail: bool) -> bool {
    const MOST_BYTES: usize = 500;
    let sentence = run.len() > 1 && run.last().is_some_and(|line| line.trim_end().ends_with('.'));
    match next {
        Some(next) if is_length(next) || is_label(next) && !is_body_label(next) => {
            run.iter().map(|line| line.len()).sum::<usize>() <= MOST_BYTES
        }
        Some(_) => !facts && is_short(run) && !sentence,
        // The run is the only text of the story.
        None => has_tail && !facts && is_short(run) && !sentence,
    }
}

/// Is the text before the first colon of a line in capitals, as labels are?
pub(in super::super) fn has_capital_label(line: &str) -> bool {
    let word = line.split_once(':').map_or(line, |(word, _)| word);
    word.chars().any(char::is_alphabetic) && !word.chars().any(char::is_lowercase)
        || word.to_lowercase().starts_with("load-date")
}

#[cfg(test)]
pub(super) fn build_tables() {
    LazyLock::force(&LENGTH);
    LazyLock::force(&SEASON);
}
