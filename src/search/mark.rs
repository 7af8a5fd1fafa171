//! What matched, in the text of a hit: its words are cut again and put to the same tests.

use std::collections::BTreeSet;

use super::plan::Leaf;
use crate::index::schema::TextField;
use crate::text::word::Word;
use crate::text::{Language, Words};

/// A `[start, end)` byte range of a text.
pub type Mark = (usize, usize);

/// Words of a text with what the tests said of them.
struct Tested {
    start: usize,
    end: usize,
    folded: String,
    /// For each leaf and each of its words: does this word of the text pass?
    passes: Vec<Vec<bool>>,
}

/// Marks in `text`, a value of `field`, where one of `leaves` matches; also the folded words marked.
///
/// Marks are in order and do not overlap; those of words side by side in a phrase are one.
#[must_use]
pub fn marks(
    text: &str,
    field: TextField,
    language: Language,
    leaves: &[&Leaf],
    terms: &mut BTreeSet<String>,
) -> Vec<Mark> {
    let leaves: Vec<&Leaf> = leaves.iter().filter(|leaf| leaf.fields.contains(&field)).copied().collect();
    if leaves.is_empty() {
        return Vec::new();
    }
    let mut tested: Vec<Tested> = Vec::new();
    let mut words = Words::new(text);
    while let Some(word) = words.next() {
        tested.push(test(&word, language, &leaves));
    }
    let mut found: Vec<(usize, usize)> = Vec::new();
    for (number, leaf) in leaves.iter().enumerate() {
        let length = leaf.tests.len();
        for start in 0..(tested.len() + 1).saturating_sub(length) {
            if (0..length).all(|i| tested[start + i].passes[number][i]) {
                found.push((start, start + length));
            }
        }
    }
    found.sort_unstable();
    for &(start, end) in &found {
        terms.extend(tested[start..end].iter().map(|word| word.folded.clone()));
    }
    merge(&found, &tested)
}

fn test(word: &Word<'_>, language: Language, leaves: &[&Leaf]) -> Tested {
    let passes =
        leaves.iter().map(|leaf| leaf.tests.iter().map(|test| test.accepts_word(word, language)).collect()).collect();
    Tested { start: word.start, end: word.end, folded: word.folded.to_string(), passes }
}

/// Runs of words as byte ranges; runs that overlap become one.
fn merge(found: &[(usize, usize)], words: &[Tested]) -> Vec<Mark> {
    let mut out: Vec<(usize, usize)> = Vec::new();
    for &(start, end) in found {
        match out.last_mut() {
            Some(last) if start < last.1 => last.1 = last.1.max(end),
            _ => out.push((start, end)),
        }
    }
    out.into_iter().map(|(start, end)| (words[start].start, words[end - 1].end)).collect()
}
