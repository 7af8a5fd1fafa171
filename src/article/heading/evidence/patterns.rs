//! What recurs in an article: numbers that count on, labels that take turns, rows of short lines, lines that are built alike.

use rustc_hash::FxHashMap;

use super::signals::markup_index;
use crate::article::heading::line::{Beginning, Ending, Line, LineKind, answers};
use crate::article::heading::numbering::{label_of, number_of};
use crate::article::{Markup, date, front};

/// The lines whose numbers count on: 1, 2, 3 or 3, 2, 1. For each whether two do, or more, with text between them or not.
pub(super) fn sequences(lines: &[Line<'_>]) -> FxHashMap<usize, usize> {
    let numbers: Vec<(usize, u32)> = lines
        .iter()
        .enumerate()
        .filter(|(_, line)| line.short.is_some())
        .filter_map(|(i, line)| Some((i, number_of(line.text)?)))
        .collect();
    let mut out: FxHashMap<usize, usize> = numbers.iter().map(|&(i, _)| (i, 0)).collect();
    // Numbers of items may stand between those of headings, so each looks for the next that continues it.
    let mut used = vec![false; numbers.len()];
    for start in 0..numbers.len() {
        if used[start] {
            continue;
        }
        for step in [1, -1] {
            let mut run = vec![start];
            let mut last = i64::from(numbers[start].1);
            for at in start + 1..numbers.len() {
                if !used[at] && i64::from(numbers[at].1) == last + step {
                    run.push(at);
                    last += step;
                }
            }
            let begins = if step > 0 { numbers[start].1 <= 1 } else { last == 1 };
            if run.len() < 2 || !begins {
                continue;
            }
            let apart = run.windows(2).filter(|pair| numbers[pair[1]].0 - numbers[pair[0]].0 > 1).count();
            let value = match (run.len(), apart + 1 == run.len()) {
                (2, _) => 1,
                (_, true) => 2,
                (_, false) => 3,
            };
            for at in run {
                used[at] = true;
                out.insert(numbers[at].0, value);
            }
            break;
        }
    }
    out
}

/// The fact at the top of an article that a line states, as an index in [`BELOW`].
pub(super) fn front_part(line: &Line<'_>) -> usize {
    let Some(short) = &line.short else { return 0 };
    if front::is_byline(line.text) {
        1
    } else if date::is_date_line(line.text) {
        2
    } else if short.has_address {
        4
    } else if short.has_price && line.words <= 3 {
        5
    } else if label_of(line.text).is_some_and(|label| label.len() + 1 < line.text.len()) {
        3
    } else {
        0
    }
}

/// The roles of the labels of lines: `Q:` asks and `A:` answers, if they take turns.
pub(super) fn labels(lines: &[Line<'_>]) -> FxHashMap<usize, usize> {
    // A paragraph may begin with a label too: an answer, mostly.
    let of: Vec<Option<&str>> = lines.iter().map(|line| label_of(line.text)).collect();
    let mut counts: FxHashMap<&str, usize> = FxHashMap::default();
    of.iter().flatten().for_each(|label| *counts.entry(label).or_insert(0) += 1);
    // The first label that others repeat, and the one that follows it most often.
    let first = of.iter().flatten().find(|label| counts[*label] > 1).copied();
    let answers = first.and_then(|first| {
        let mut after: FxHashMap<&str, usize> = FxHashMap::default();
        for pair in of.windows(2).filter(|pair| pair[0] == Some(first)) {
            pair[1].filter(|&other| other != first).into_iter().for_each(|other| *after.entry(other).or_insert(0) += 1);
        }
        after.into_iter().max_by_key(|&(label, count)| (count, label)).filter(|&(_, count)| count * 2 > counts[first])
    });
    let answers = answers.map(|(label, _)| label);
    let role = |(i, label): (usize, &Option<&str>)| {
        let label = (*label)?;
        let role = if Some(label) == answers {
            2
        } else if Some(label) == first && of.get(i + 1).copied().flatten() == answers && answers.is_some() {
            1
        } else if Some(label) == first && answers.is_none() && lines[i].ending == Ending::Question {
            0
        } else if counts[label] > 1 {
            3
        } else {
            4
        };
        Some((i, role))
    };
    of.iter().enumerate().filter_map(role).collect()
}

/// The place of each line among the short lines around it, an index in [`ROWS`].
pub(super) fn rows(lines: &[Line<'_>]) -> Vec<usize> {
    let is_brief = |i: Option<usize>| {
        i.and_then(|i| lines.get(i)).is_some_and(|line| line.kind.is_brief() || line.kind == LineKind::Colon)
    };
    let place = |i: usize| {
        let (before, after) = (is_brief(i.checked_sub(1)), is_brief(Some(i + 1)));
        match (before, after) {
            (false, false) => 0,
            (false, true) if !is_brief(Some(i + 2)) => 1,
            (true, false) if !is_brief(i.checked_sub(2)) => 2,
            (false, true) => 3,
            (true, true) => 4,
            (true, false) => 5,
        }
    };
    (0..lines.len()).map(place).collect()
}

/// The template of a short line below another: its label, its kind, or its first word.
pub(super) fn template_below(line: &Line<'_>, part: usize) -> String {
    match part {
        1 => "by".to_string(),
        2 => "date".to_string(),
        _ => label_of(line.text).map_or_else(|| template(line), str::to_string),
    }
}

/// For each of `indices`, the last short line among the indices before it.
pub(super) fn last_short(lines: &[Line<'_>], indices: impl Iterator<Item = usize>) -> Vec<Option<usize>> {
    let mut last = None;
    indices.map(|i| if lines[i].kind.is_short() { last.replace(i) } else { last }).collect()
}

answers! {
    /// Endings that distinguish styles of lines.
    StyleEnding { Open => "open", Stop => "stop", Question => "question", Colon => "colon", Exclamation => "exclamation", }
}

/// Properties that the headings of an article share.
#[derive(PartialEq, Eq, Hash, Clone, Copy)]
pub(super) struct Style {
    pub(super) case: u8,
    pub(super) ending: u8,
    pub(super) is_numbered: bool,
    pub(super) beginning: u8,
    markup: u8,
}

impl Style {
    pub(super) fn of(line: &Line<'_>, markup: Option<&Markup>) -> Style {
        let ending = match line.ending {
            Ending::Stop => StyleEnding::Stop,
            Ending::Question => StyleEnding::Question,
            Ending::Colon => StyleEnding::Colon,
            Ending::Exclamation => StyleEnding::Exclamation,
            _ => StyleEnding::Open,
        };
        let beginning = match line.beginning {
            Beginning::Digit | Beginning::Quote | Beginning::Bullet | Beginning::Lower => line.beginning as u8,
            _ => Beginning::Upper as u8,
        };
        let short = line.short.as_ref();
        Style {
            case: short.map_or(0, |short| short.case as u8),
            ending: ending as u8,
            is_numbered: short.is_some_and(|short| short.is_numbered),
            beginning,
            markup: markup.map_or(0, |markup| markup_index(*markup) as u8),
        }
    }
}

/// The first word with each number replaced by 0; in scripts without spaces, the first two characters.
pub(super) fn template(line: &Line<'_>) -> String {
    let is_unspaced = line.short.as_ref().is_some_and(|short| short.is_unspaced);
    let word = if is_unspaced {
        let end = line.text.char_indices().nth(2).map_or(line.text.len(), |(at, _)| at);
        &line.text[..end]
    } else {
        first_word(line.text)
    };
    let mut out = String::with_capacity(word.len());
    for c in word.chars() {
        let c = if c.is_ascii_digit() { '0' } else { c };
        if c != '0' || !out.ends_with('0') {
            out.push(c);
        }
    }
    out
}

/// The first word; empty if there is none.
pub(super) fn first_word(text: &str) -> &str {
    text.split_whitespace().next().unwrap_or("")
}
