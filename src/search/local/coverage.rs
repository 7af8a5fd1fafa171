//! Coverage: a text with more of the words of the query is worth more than its words alone.
//!
//! BM25 adds up words: many occurrences of one word outweigh a second word that is lacking. Coverage adds a share of the
//! query's inverse document frequency that grows with the cube of what a passage has of it, with its title and heading;
//! and again for its section, so that words in one passage are worth more than words scattered over a section, and those
//! more than some of them. Nothing is ranked by tiers.

use super::score::Statistics;
use super::segment::Segment;

/// Weight of the coverage of a passage beside its score.
pub(crate) const PASSAGE_COVERAGE: f32 = 0.5;

/// Weight of the coverage of a section.
pub(crate) const SECTION_COVERAGE: f32 = 0.5;

/// A set of words of a query.
pub(super) type WordSet = u128;

/// The words of a query, as sets, and what having them is worth.
pub(super) struct Coverage {
    /// For each scoring leaf, the words that a text with the leaf has.
    of_leaves: Vec<WordSet>,
    /// Inverse document frequency of each word.
    idf: Vec<f32>,
    /// Their sum; 0 if nothing can be lacking.
    sum: f32,
}

impl Coverage {
    /// The words of the leaves that score. Another way to write a word is that word.
    pub(super) fn of(segment: &Segment<'_>, scoring: &[usize], statistics: &Statistics) -> Coverage {
        let leaves = segment.leaves;
        let mut words: Vec<usize> = scoring.iter().copied().filter(|&leaf| !leaves[leaf].is_form).collect();
        // Of texts as queries, the words from there on count for themselves alone.
        words.truncate(WordSet::BITS as usize);
        let set = |leaf: usize| words.iter().position(|&word| word == leaf).map_or(0, |bit| 1 << bit);
        let has = |&leaf: &usize| {
            if leaves[leaf].is_form {
                leaves[leaf].form_of.iter().fold(0, |sets, &word| sets | set(word))
            } else {
                set(leaf)
            }
        };
        let idf: Vec<f32> = words.iter().map(|&leaf| statistics.idf(leaf)).collect();
        let sum = if words.len() > 1 { idf.iter().sum() } else { 0.0 };
        Coverage { of_leaves: scoring.iter().map(has).collect(), idf, sum }
    }

    /// The words that a text with a scoring leaf has.
    pub(super) fn of_leaf(&self, leaf: usize) -> WordSet {
        self.of_leaves[leaf]
    }

    /// The words that a text has, by the parts of the scoring leaves in its score.
    pub(super) fn words(&self, parts: impl Iterator<Item = f32>) -> WordSet {
        self.of_leaves.iter().zip(parts).fold(0, |has, (words, part)| if part > 0.0 { has | words } else { has })
    }

    /// What it is worth that a text has these words.
    pub(super) fn worth(&self, words: WordSet) -> f32 {
        if self.sum == 0.0 {
            return 0.0;
        }
        let has: f32 = self.idf.iter().enumerate().filter(|(bit, _)| words >> bit & 1 == 1).map(|(_, idf)| idf).sum();
        has.powi(3) / self.sum.powi(2)
    }
}
