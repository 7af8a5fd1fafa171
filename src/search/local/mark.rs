//! What matched, in the texts of hits. Marks come from the postings that made the hit match, by the same evaluation, so
//! that what is marked is what matched; here they become byte ranges.

use std::collections::BTreeSet;

use tantivy::{DocId, DocSet};

use crate::search::local::evaluate::Truth;
use crate::search::local::plan::{Lowered, Plan};
use crate::search::local::segment::Segment;
use crate::search::results::Mark;
use crate::text::Words;
use crate::vocabulary::{Scope, TextField};

/// Stretches of words that matched in a hit, by positions.
#[derive(Debug, Clone, Default)]
pub struct Stretches {
    /// In the passage; positions count from the article's first word.
    pub body: Vec<(u32, u32)>,
    /// In the title.
    pub title: Vec<(u32, u32)>,
    /// In the heading.
    pub heading: Vec<(u32, u32)>,
}

/// What matched in each of `docs`, hits of `plan` in rising order.
///
/// # Errors
///
/// What tantivy says of a damaged segment.
pub fn stretches(
    segment: &Segment<'_>,
    lowered: &Lowered,
    plan: &Plan,
    unit: Scope,
    docs: &[DocId],
) -> tantivy::Result<Vec<Stretches>> {
    let marked: Vec<bool> =
        lowered.positive.iter().zip(&lowered.leaves).map(|(&positive, leaf)| positive && !leaf.fed_back).collect();
    let mut truth = segment.truth(plan, unit, &marked)?;
    let mut out = vec![Stretches::default(); docs.len()];
    let leaves: Vec<Vec<usize>> = docs.iter().map(|&doc| leaves_of(&mut truth, segment, doc)).collect();
    for (leaf, known) in lowered.leaves.iter().enumerate() {
        for (part, (field, _)) in known.parts.iter().enumerate() {
            let shown =
                matches!(field, TextField::Body | TextField::Boilerplate | TextField::Title | TextField::Heading);
            if !shown || !leaves.iter().any(|leaves| leaves.contains(&leaf)) {
                continue;
            }
            let mut places: Vec<DocId> = docs.iter().map(|&doc| segment.blocks.head(doc, field.scope())).collect();
            places.dedup();
            let Some(mut postings) = segment.positions(leaf, part, &places)? else { continue };
            for ((&doc, leaves), out) in docs.iter().zip(&leaves).zip(&mut out) {
                if !leaves.contains(&leaf) {
                    continue;
                }
                let at = segment.blocks.head(doc, field.scope());
                if postings.doc() < at {
                    postings.seek(at);
                }
                if postings.doc() == at {
                    postings.marks(match field {
                        TextField::Title => &mut out.title,
                        TextField::Heading => &mut out.heading,
                        _ => &mut out.body,
                    });
                }
            }
        }
    }
    Ok(out)
}

fn leaves_of(truth: &mut Truth, segment: &Segment<'_>, doc: DocId) -> Vec<usize> {
    let mut leaves = Vec::new();
    truth.leaves(&segment.blocks, doc, &mut leaves);
    leaves
}

/// The stretches as byte ranges of `text`, whose first word stands at `first`; also the folded words in them.
///
/// Marks are in order and do not overlap; those of words side by side in a phrase are one.
#[must_use]
pub fn marks(text: &str, first: u32, stretches: &[(u32, u32)], terms: &mut BTreeSet<String>) -> Vec<Mark> {
    if stretches.is_empty() {
        return Vec::new();
    }
    let mut words = Words::new(text);
    let mut places = Vec::new();
    while let Some(word) = words.next() {
        let position = first.saturating_add(word.position);
        if stretches.iter().any(|&(start, end)| start <= position && position < end) {
            terms.insert(word.folded.to_string());
        }
        places.push((word.start, word.end));
    }
    let mut sorted: Vec<(usize, usize)> = stretches
        .iter()
        .map(|&(start, end)| (start.saturating_sub(first) as usize, end.saturating_sub(first) as usize))
        .map(|(start, end)| (start.min(places.len()), end.min(places.len())))
        .filter(|(start, end)| start < end)
        .collect();
    sorted.sort_unstable();
    let mut out: Vec<(usize, usize)> = Vec::new();
    for (start, end) in sorted {
        match out.last_mut() {
            Some(last) if start < last.1 => last.1 = last.1.max(end),
            _ => out.push((start, end)),
        }
    }
    out.into_iter().map(|(start, end)| (places[start].0, places[end - 1].1)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn positions_become_bytes() {
        let mut terms = BTreeSet::new();
        let text = "The «Élysée» said: no deal.";
        let got = marks(text, 10, &[(13, 15), (11, 12), (14, 15), (40, 41)], &mut terms);
        let marked: Vec<&str> = got.iter().map(|&(start, end)| &text[start..end]).collect();
        assert_eq!(marked, ["Élysée", "no deal"]);
        assert_eq!(terms.into_iter().collect::<Vec<_>>(), ["deal", "elysee", "no"]);
    }
}
