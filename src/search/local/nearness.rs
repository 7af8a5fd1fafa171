//! Nearness: adjacent words of the query count more where they are near each other in the text.
//!
//! Sequential dependence (Metzler, Croft: A Markov Random Field Model for Term Dependencies, 2005): beside its words a
//! query is made of its pairs of adjacent words, in order and side by side, and within a window in any order. Computed
//! for the best few hundred passages only; the scores of the others are too low for it to change the first ranks.

use std::collections::HashMap;

use tantivy::{DocId, DocSet};

use crate::search::local::plan::Leaf;
use crate::search::local::score::{Statistics, TITLE_WEIGHT};
use crate::search::local::segment::Segment;
use crate::vocabulary::TextField;

/// Maximum distance, in words, of two words that are near each other, in any order.
const WINDOW: u32 = 15;

/// Weights, in idf, of many occurrences side by side, and of many near each other.
const SIDE_BY_SIDE: f32 = 0.7;
const NEAR: f32 = 0.5;

/// The part of the score of each of `docs` (in rising order) that is due to the nearness of `words`, which are leaves.
///
/// # Errors
///
/// The error of tantivy for a damaged segment.
pub(crate) fn bonuses(
    segment: &Segment<'_>,
    leaves: &[Leaf],
    words: &[usize],
    statistics: &Statistics,
    docs: &[DocId],
) -> tantivy::Result<Vec<f32>> {
    let mut out = vec![0.0; docs.len()];
    for (field, weight) in [(TextField::Body, 1.0), (TextField::Title, TITLE_WEIGHT), (TextField::Heading, 1.5)] {
        let mut first_docs: Vec<DocId> = Vec::new();
        // The ordinal in `first_docs` of the block of each of `docs`.
        let mut blocks = Vec::with_capacity(docs.len());
        for &doc in docs {
            let first_doc = segment.blocks.first_doc(doc, field.scope());
            if first_docs.last() != Some(&first_doc) {
                first_docs.push(first_doc);
            }
            blocks.push(first_docs.len() - 1);
        }
        // By word, then by block.
        let mut occurrences: HashMap<usize, Vec<Vec<u32>>> = HashMap::new();
        for &leaf in words {
            if occurrences.contains_key(&leaf) {
                continue;
            }
            let part = leaves[leaf].parts.iter().position(|(other, _)| *other == field);
            let mut by_block = vec![Vec::new(); first_docs.len()];
            if let Some(part) = part
                && let Some(mut postings) = segment.positions(leaf, part, &first_docs)?
            {
                let mut ranges = Vec::new();
                for (&first_doc, starts) in first_docs.iter().zip(&mut by_block) {
                    if postings.doc() < first_doc {
                        postings.seek(first_doc);
                    }
                    if postings.doc() == first_doc {
                        ranges.clear();
                        postings.marks(&mut ranges);
                        starts.extend(ranges.iter().map(|&(start, _)| start));
                    }
                }
            }
            occurrences.insert(leaf, by_block);
        }
        let bonuses: Vec<f32> = (0..first_docs.len())
            .map(|i| {
                (1..words.len())
                    .map(|pair| {
                        let (a, b) = (&occurrences[&words[pair - 1]][i], &occurrences[&words[pair]][i]);
                        let idf = statistics.idf(words[pair - 1]).min(statistics.idf(words[pair]));
                        idf * weight * pair_bonus(a, b)
                    })
                    .sum()
            })
            .collect();
        for (bonus, block) in out.iter_mut().zip(blocks) {
            *bonus += bonuses[block];
        }
    }
    Ok(out)
}

/// The bonus, in idf, of two words with these positions; each of its two parts is saturated.
fn pair_bonus(a: &[u32], b: &[u32]) -> f32 {
    if a.is_empty() || b.is_empty() {
        return 0.0;
    }
    let side_by_side = a.iter().filter(|&&at| b.binary_search(&(at + 1)).is_ok()).count() as f32;
    let near = a
        .iter()
        .filter(|&&at| {
            let from = b.partition_point(|&other| other + WINDOW < at);
            b.get(from).is_some_and(|&other| other <= at + WINDOW && other != at)
        })
        .count() as f32;
    SIDE_BY_SIDE * side_by_side / (side_by_side + 1.0) + NEAR * near / (near + 1.0)
}
