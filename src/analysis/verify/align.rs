//! Aligning a quotation with a row of words: where the fewest words differ (Sellers 1980, over words), and how.
//!
//! Words that only one of the two writes as several without a space (`e-mail` and `email`, `U.S.` and `US`, a word that a
//! hyphen breaks at the end of a line) are the same.

use std::collections::HashMap;
use std::ops::Range;

use super::quotation::Token;
use super::row::Row;
use crate::text::compound::{is_digit, is_hyphen, is_narrow_space};

/// A step of an alignment: words of the quotation and words of the row.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Step {
    pub quoted: Range<usize>,
    pub found: Range<usize>,
    /// Are they the same words?
    pub is_same: bool,
}

/// A part of a quotation aligned with a row.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Alignment {
    /// In order; they cover the part, and the words of the row from the first to the last that is found.
    pub steps: Vec<Step>,
    /// Number of words that are changed, added or left out.
    pub edits: usize,
}

impl Alignment {
    /// The words of the row.
    pub(super) fn found(&self) -> Range<usize> {
        let start = self.steps.first().map_or(0, |step| step.found.start);
        start..self.steps.last().map_or(start, |step| step.found.end)
    }
}

/// Most words of one side that one word of the other may be.
const MAX_JOINED: usize = 4;

/// A word of the row that is none of the quotation's.
const OTHER: u32 = u32::MAX;

/// A part of a quotation, prepared for alignments with many rows.
pub(super) struct Aligner {
    /// The words, numbered: equal words have equal numbers.
    ids: Vec<u32>,
    by_form: HashMap<String, u32>,
    /// Several words of the quotation as one: its form, the first word and their number.
    joined: HashMap<String, Vec<(usize, usize)>>,
    /// Where each word, or each pair of words in a longer quotation, stands.
    seeds: HashMap<(u32, u32), Vec<usize>>,
    /// Are pairs the seeds?
    by_pairs: bool,
}

impl Aligner {
    pub(super) fn of(text: &str, tokens: &[Token]) -> Aligner {
        /// Number of words from which two in three of them in place leave a pair in place.
        const PAIRS: usize = 6;
        /// Places of a seed that are looked at.
        const MAX_PLACES: usize = 16;
        let mut by_form = HashMap::new();
        let mut ids = Vec::with_capacity(tokens.len());
        for token in tokens {
            let next = by_form.len() as u32;
            ids.push(*by_form.entry(token.form.clone()).or_insert(next));
        }
        let mut joined: HashMap<String, Vec<(usize, usize)>> = HashMap::new();
        for first in 0..tokens.len() {
            let mut form = tokens[first].form.clone();
            for last in first + 1..tokens.len().min(first + MAX_JOINED) {
                let (before, after) = (&tokens[last - 1], &tokens[last]);
                if !joins(&before.form, &text[before.end..after.start], &after.form) {
                    break;
                }
                form.push_str(&tokens[last].form);
                joined.entry(form.clone()).or_default().push((first, last + 1 - first));
            }
        }
        let by_pairs = tokens.len() >= PAIRS;
        let mut seeds: HashMap<(u32, u32), Vec<usize>> = HashMap::new();
        for (at, &id) in ids.iter().enumerate() {
            let second = if by_pairs { ids.get(at + 1).copied() } else { Some(OTHER) };
            if let Some(second) = second {
                let places = seeds.entry((id, second)).or_default();
                if places.len() < MAX_PLACES {
                    places.push(at);
                }
            }
        }
        Aligner { ids, by_form, joined, seeds, by_pairs }
    }

    /// The best alignment with the words of `row` from `from`; the first of the best. `None` if no word is shared.
    pub(super) fn align(&self, row: &Row<'_>, from: usize) -> Option<Alignment> {
        let ids: Vec<u32> = row.tokens[from..]
            .iter()
            .map(|(_, token)| self.by_form.get(&token.form).copied().unwrap_or(OTHER))
            .collect();
        let mut best: Option<Alignment> = None;
        for window in self.windows(&ids) {
            let found = self.align_within(row, from + window.start..from + window.end, &ids[window]);
            if best.as_ref().is_none_or(|best| found.edits < best.edits) {
                best = Some(found);
            }
        }
        best.filter(|best| best.steps.iter().any(|step| step.is_same))
    }

    /// The stretches of a row in which most seeds are in place, in the order of the row.
    fn windows(&self, ids: &[u32]) -> Vec<Range<usize>> {
        /// Words that may be added or left out before a word; it bounds the memory that a long quotation takes.
        const MAX_SHIFT: usize = 300;
        /// Pairs of words that are all compared: a quotation of some sentences and an article of usual length.
        const WHOLE: usize = 200_000;
        /// Windows that are looked at.
        const WINDOWS: usize = 4;
        let length = self.ids.len();
        if length * ids.len() <= WHOLE {
            return std::iter::once(0..ids.len()).collect();
        }
        let slack = (length / 3).min(MAX_SHIFT) + MAX_JOINED;
        let width = slack.max(8);
        // Seeds in place have the same distance between their places in the quotation and in the row, but for what was
        // added or left out before them.
        let mut votes: HashMap<usize, usize> = HashMap::new();
        for (at, &id) in ids.iter().enumerate() {
            if id == OTHER {
                continue;
            }
            let second = if self.by_pairs { ids.get(at + 1).copied().unwrap_or(OTHER) } else { OTHER };
            for &place in self.seeds.get(&(id, second)).into_iter().flatten() {
                let bucket = (at + length - place) / width;
                *votes.entry(bucket).or_default() += 2;
                // What is near a bound counts on both sides.
                *votes.entry(bucket + 1).or_default() += 1;
                *votes.entry(bucket.saturating_sub(1)).or_default() += 1;
            }
        }
        // Of a quotation of which two words in five differ, at least one pair in eight is in place.
        let mut buckets: Vec<(usize, usize)> = votes.into_iter().filter(|(_, votes)| votes * 8 >= length).collect();
        buckets.sort_unstable_by_key(|&(bucket, votes)| (usize::MAX - votes, bucket));
        let mut windows: Vec<Range<usize>> = Vec::new();
        for (bucket, _) in buckets {
            // The first word of the quotation would stand between these.
            let (first, last) = (bucket * width, (bucket + 1) * width);
            let start = first.saturating_sub(length + width + slack);
            let end = (last.saturating_sub(length) + width + length + slack).min(ids.len());
            if start < end && !windows.iter().any(|window| window.contains(&start) && window.contains(&(end - 1))) {
                windows.push(start..end);
            }
            if windows.len() == WINDOWS {
                break;
            }
        }
        windows.sort_unstable_by_key(|window| window.start);
        windows
    }

    /// The best alignment with the words `window` of a row, which are `ids`.
    fn align_within(&self, row: &Row<'_>, window: Range<usize>, ids: &[u32]) -> Alignment {
        let (rows, columns) = (self.ids.len() + 1, ids.len() + 1);
        let several = self.several(row, &window, ids);
        // `cost[i * columns + j]`: edits of the first `i` words of the quotation, against words of the row that end at `j`.
        let mut cost = vec![0_u16; rows * columns];
        for i in 1..rows {
            for j in 0..columns {
                let mut best = cost[(i - 1) * columns + j] + 1;
                if j > 0 {
                    let is_same = self.ids[i - 1] == ids[j - 1];
                    best = best.min(cost[(i - 1) * columns + j - 1] + u16::from(!is_same));
                    best = best.min(cost[i * columns + j - 1] + 1);
                    for &(quoted, found) in several.get(&(i, j)).into_iter().flatten() {
                        best = best.min(cost[(i - quoted) * columns + j - found]);
                    }
                }
                cost[i * columns + j] = best;
            }
        }
        let at = |i: usize, j: usize| cost[i * columns + j];
        let mut j = (0..columns).min_by_key(|&j| at(rows - 1, j)).unwrap_or(0);
        let mut i = rows - 1;
        // Of the last words of the quotation, those that are not found were changed, rather than added, where the sentence goes on.
        let mut added = (1..=i).take_while(|&back| at(i - back, j) + back as u16 == at(i, j)).count();
        while added > 0 && j + 1 < columns && at(i, j + 1) == at(i, j) && !ends_sentence(row, window.start + j) {
            (j, added) = (j + 1, added - 1);
        }
        let edits = usize::from(at(i, j));
        let mut steps = Vec::new();
        while i > 0 {
            let here = at(i, j);
            let joined = several.get(&(i, j)).into_iter().flatten().find(|&&(q, f)| here == at(i - q, j - f));
            let (quoted, found, is_same) = if let Some(&(quoted, found)) = joined {
                (quoted, found, true)
            } else if j > 0 && self.ids[i - 1] == ids[j - 1] && here == at(i - 1, j - 1) {
                (1, 1, true)
            } else if j > 0 && here == at(i - 1, j - 1) + 1 {
                (1, 1, false)
            } else if here == at(i - 1, j) + 1 {
                (1, 0, false)
            } else {
                (0, 1, false)
            };
            let end = window.start + j;
            steps.push(Step { quoted: i - quoted..i, found: end - found..end, is_same });
            (i, j) = (i - quoted, j - found);
        }
        steps.reverse();
        Alignment { steps, edits }
    }

    /// Where several words of one side are one of the other: by the numbers of words before the end of both, the numbers of
    /// words of the two.
    fn several(
        &self,
        row: &Row<'_>,
        window: &Range<usize>,
        ids: &[u32],
    ) -> HashMap<(usize, usize), Vec<(usize, usize)>> {
        let mut found: HashMap<(usize, usize), Vec<(usize, usize)>> = HashMap::new();
        let mut places: HashMap<u32, Vec<usize>> = HashMap::new();
        for (at, &id) in self.ids.iter().enumerate() {
            places.entry(id).or_default().push(at);
        }
        for (j, &id) in ids.iter().enumerate() {
            let at = window.start + j;
            let form = &row.tokens[at].1.form;
            if id == OTHER || !self.joined.is_empty() {
                for &(first, words) in self.joined.get(form).into_iter().flatten() {
                    found.entry((first + words, j + 1)).or_default().push((words, 1));
                }
            }
            let mut form = form.clone();
            for words in 2..=MAX_JOINED {
                if j + words > ids.len() {
                    break;
                }
                let (before, after) = (&row.tokens[at + words - 2].1.form, &row.tokens[at + words - 1].1.form);
                if !joins(before, row.gap(at + words - 2), after) {
                    break;
                }
                form.push_str(after);
                let place = self.by_form.get(&form).and_then(|id| places.get(id));
                for &place in place.into_iter().flatten() {
                    found.entry((place + 1, j + words)).or_default().push((1, words));
                }
            }
        }
        found
    }
}

/// Does a sentence or a paragraph end before this word of a row?
fn ends_sentence(row: &Row<'_>, word: usize) -> bool {
    word == 0 || row.gap(word - 1).contains(['.', '!', '?', '…', '\n', '。', '！', '？', '؟', '।'])
}

/// Does what is between two words make them one in another house style? Signs without a space, and a hyphen at the end of a
/// line. Between digits only a sign before a group of three: `1,000` is `1000`, but `7.5`, `3-1` and `10:30` are no numbers of
/// more digits.
fn joins(before: &str, gap: &str, after: &str) -> bool {
    if before.ends_with(is_digit) && after.starts_with(is_digit) {
        let is_separator = |c: char| matches!(c, ',' | '.' | '\'' | '’' | '٬' | '，' | '．') || is_narrow_space(c);
        let mut signs = gap.chars();
        let is_group = after.chars().take_while(|c| is_digit(*c)).count() == 3;
        let is_first = before.chars().filter(|c| is_digit(*c)).count() <= 3;
        return is_group && is_first && signs.next().is_some_and(is_separator) && signs.next().is_none();
    }
    match gap.trim_start_matches([' ', '\t']).strip_prefix(is_hyphen) {
        Some(rest) if rest.contains('\n') && rest.trim().is_empty() => true,
        _ => gap.chars().count() <= 2 && !gap.contains(char::is_whitespace),
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::analysis::verify::quotation::tokens;
    use crate::model::{Article, Passage};

    fn aligned(quotation: &str, text: &str) -> Option<(usize, String)> {
        let passages = [Passage { text: text.to_string(), ..Passage::default() }];
        let row = Row::of(&Article::default(), &passages);
        let alignment = Aligner::of(quotation, &tokens(quotation)).align(&row, 0)?;
        let found = alignment.found();
        Some((alignment.edits, row.text(found.start, found.end)))
    }

    #[test]
    fn a_quotation_is_found_where_the_fewest_words_differ() {
        let text = "The union wants a shorter week. The union's e-mail to U.S. owners, sent by the govern-\nment, was cut to \
                    1,000 words. Élysée. The union wants a long week.";
        for (quotation, expected) in [
            ("union wants a shorter week", Some((0, "union wants a shorter week"))),
            ("THE UNION WANTS A LONG WEEK", Some((0, "The union wants a long week"))),
            ("union wants no shorter week", Some((1, "union wants a shorter week"))),
            ("union wants shorter week", Some((1, "union wants a shorter week"))),
            ("union really wants a shorter week", Some((1, "union wants a shorter week"))),
            ("union’s email to US owners", Some((0, "union's e-mail to U.S. owners"))),
            (
                "sent by the government, was cut to 1000 words",
                Some((0, "sent by the govern-\nment, was cut to \n1,000 words")),
            ),
            ("words elysee", Some((1, "words"))),
            ("The union wants a shorter month", Some((1, "The union wants a shorter week"))),
            ("The union demands a longer weeks", Some((3, "The union wants a shorter week"))),
            ("union wants a shorter week now", Some((1, "union wants a shorter week"))),
            ("was cut to 1,0 words", Some((1, "was cut to \n1,000 words"))),
            ("was cut to 1000 words", Some((0, "was cut to \n1,000 words"))),
            ("nothing here is shared, not one", None),
        ] {
            let expected = expected.map(|(edits, text): (usize, &str)| (edits, text.replace(" \n", " ")));
            assert_eq!(aligned(quotation, text), expected, "{quotation}");
        }
    }

    /// The least number of words to change, add or leave out for a stretch of `text`.
    fn fewest(quotation: &[u8], text: &[u8]) -> usize {
        let mut row = vec![0; text.len() + 1];
        for (i, word) in quotation.iter().enumerate() {
            let mut next = vec![i + 1; text.len() + 1];
            for (j, other) in text.iter().enumerate() {
                next[j + 1] = (row[j] + usize::from(word != other)).min(row[j + 1] + 1).min(next[j] + 1);
            }
            row = next;
        }
        row.into_iter().min().unwrap_or(0)
    }

    proptest! {
        /// Where no more is changed than is taken for near, the alignment is the best there is, in rows of every length.
        #[test]
        fn the_best_alignment_is_found(
            text in prop::collection::vec(0_u8..40, 1..400),
            from in 0_usize..400,
            length in 6_usize..60,
            changes in prop::collection::vec((0_usize..60, 0_u8..3, 0_u8..40), 0..3),
        ) {
            let from = from % text.len();
            let mut quotation = text[from..(from + length).min(text.len())].to_vec();
            for (at, kind, word) in changes {
                let at = at % quotation.len().max(1);
                match kind {
                    0 if at < quotation.len() => quotation[at] = word,
                    1 if quotation.len() > 6 => { quotation.remove(at); }
                    _ => quotation.insert(at.min(quotation.len()), word),
                }
            }
            let best = fewest(&quotation, &text);
            let spelled = |words: &[u8]| words.iter().map(|word| format!("w{word}x")).collect::<Vec<_>>().join(" ");
            let found = aligned(&spelled(&quotation), &spelled(&text));
            if best <= (quotation.len() * 2 / 5).min(3).max(quotation.len() / 4) {
                prop_assert_eq!(found.map(|(edits, _)| edits), Some(best));
            } else if let Some((edits, _)) = found {
                prop_assert!(edits >= best);
            }
        }
    }
}
