//! Nearness: words that stand side by side in the query count more where they stand near each other in the text.
//!
//! Sequential dependence (Metzler, Croft: A Markov Random Field Model for Term Dependencies, 2005): beside its words a
//! query is its pairs of neighbours, in order and side by side, and within a window in any order. Counted for the best
//! few hundred passages only; the others are too far behind to be lifted.

use tantivy::{DocId, DocSet};

use crate::search::local::plan::Leaf;
use crate::search::local::score::{Statistics, TITLE_WEIGHT};
use crate::search::local::segment::Segment;
use crate::vocabulary::TextField;

/// Words so far apart are near, in any order.
const WINDOW: u32 = 15;

/// What it is worth, in rarities, that words often stand side by side, and that they often stand near.
const SIDE_BY_SIDE: f32 = 1.0;
const NEAR: f32 = 0.7;

/// Adds to each of `docs` (in rising order) what the nearness of neighbouring words is worth.
///
/// # Errors
///
/// What tantivy says of a damaged segment.
pub fn bonuses(
    segment: &Segment<'_>,
    leaves: &[Leaf],
    words: &[usize],
    statistics: &Statistics,
    docs: &[DocId],
) -> tantivy::Result<Vec<f32>> {
    let mut out = vec![0.0; docs.len()];
    for (field, weight) in [(TextField::Body, 1.0), (TextField::Title, TITLE_WEIGHT), (TextField::Heading, 1.5)] {
        let mut heads: Vec<DocId> = docs.iter().map(|&doc| segment.blocks.head(doc, field.scope())).collect();
        let of_docs = heads.clone();
        heads.dedup();
        let mut places: Vec<Vec<Vec<u32>>> = Vec::with_capacity(words.len());
        for &leaf in words {
            let part = leaves[leaf].parts.iter().position(|(other, _)| *other == field);
            let mut of_leaf = vec![Vec::new(); heads.len()];
            if let Some(part) = part
                && let Some(mut postings) = segment.positions(leaf, part, &heads)?
            {
                let mut stretches = Vec::new();
                for (&head, places) in heads.iter().zip(&mut of_leaf) {
                    if postings.doc() < head {
                        postings.seek(head);
                    }
                    if postings.doc() == head {
                        stretches.clear();
                        postings.marks(&mut stretches);
                        places.extend(stretches.iter().map(|&(start, _)| start));
                    }
                }
            }
            places.push(of_leaf);
        }
        let worth: Vec<f32> = (0..heads.len())
            .map(|i| {
                (1..words.len())
                    .map(|pair| {
                        let (a, b) = (&places[pair - 1][i], &places[pair][i]);
                        let rarity = statistics.rarity(words[pair - 1]).min(statistics.rarity(words[pair]));
                        rarity * weight * pair_worth(a, b)
                    })
                    .sum()
            })
            .collect();
        for (bonus, head) in out.iter_mut().zip(of_docs) {
            // Every head of a document is among the heads.
            *bonus += heads.binary_search(&head).map_or(0.0, |i| worth[i]);
        }
    }
    Ok(out)
}

fn pair_worth(a: &[u32], b: &[u32]) -> f32 {
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
