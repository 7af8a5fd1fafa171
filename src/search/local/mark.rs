//! The words that matched in the texts of hits. Marks come from the postings that made the hit match, by the same
//! evaluation, so that what is marked is what matched; here positions become byte ranges.

use std::collections::BTreeSet;

use tantivy::{DocId, DocSet};

use crate::search::local::plan::{LoweredQuery, Plan};
use crate::search::local::segment::Segment;
use crate::search::results::Mark;
use crate::text::Words;
use crate::vocabulary::{Scope, TextField};

/// Ranges of words that matched in a hit, by positions.
#[derive(Debug, Clone, Default)]
pub(crate) struct WordRanges {
    /// In the passage, counted from the first word of the article.
    pub body: Vec<(u32, u32)>,
    /// In the title.
    pub title: Vec<(u32, u32)>,
    /// In the heading.
    pub heading: Vec<(u32, u32)>,
}

/// The words that matched in each of `docs`, hits of `plan` in rising order.
///
/// # Errors
///
/// The error of tantivy for a damaged segment.
pub(crate) fn word_ranges(
    segment: &Segment<'_>,
    lowered: &LoweredQuery,
    plan: &Plan,
    unit: Scope,
    docs: &[DocId],
) -> tantivy::Result<Vec<WordRanges>> {
    let mut matched = segment.matched_leaves(plan, unit, &lowered.positive)?;
    let mut out = vec![WordRanges::default(); docs.len()];
    let mut leaves_of_hits = vec![Vec::new(); docs.len()];
    for (&doc, leaves) in docs.iter().zip(&mut leaves_of_hits) {
        matched.add_to(leaves, doc, &segment.blocks);
    }
    for (number, leaf) in lowered.leaves.iter().enumerate() {
        for (part, (field, _)) in leaf.parts.iter().enumerate() {
            let is_shown =
                matches!(field, TextField::Body | TextField::Boilerplate | TextField::Title | TextField::Heading);
            if !is_shown || !leaves_of_hits.iter().any(|leaves| leaves.contains(&number)) {
                continue;
            }
            let mut first_docs: Vec<DocId> =
                docs.iter().map(|&doc| segment.blocks.first_doc(doc, field.scope())).collect();
            first_docs.dedup();
            let Some(mut postings) = segment.positions(number, part, &first_docs)? else { continue };
            for ((&doc, leaves), out) in docs.iter().zip(&leaves_of_hits).zip(&mut out) {
                if !leaves.contains(&number) {
                    continue;
                }
                let first_doc = segment.blocks.first_doc(doc, field.scope());
                if postings.doc() < first_doc {
                    postings.seek(first_doc);
                }
                if postings.doc() == first_doc {
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

/// The byte ranges in `text` of ranges of words, counted such that the first word of the text has position `first`. Adds
/// the words in them, folded, to `terms`.
///
/// Marks are in order and do not overlap. A phrase is one mark.
#[must_use]
pub fn marks(text: &str, first: u32, word_ranges: &[(u32, u32)], terms: &mut BTreeSet<String>) -> Vec<Mark> {
    if word_ranges.is_empty() {
        return Vec::new();
    }
    let mut words = Words::new(text);
    let mut bounds = Vec::new();
    while let Some(word) = words.next() {
        let position = first.saturating_add(word.position);
        if word_ranges.iter().any(|&(start, end)| start <= position && position < end) {
            terms.insert(word.folded.to_string());
        }
        bounds.push((word.start, word.end));
    }
    let mut sorted: Vec<(usize, usize)> = word_ranges
        .iter()
        .map(|&(start, end)| (start.saturating_sub(first) as usize, end.saturating_sub(first) as usize))
        .map(|(start, end)| (start.min(bounds.len()), end.min(bounds.len())))
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
    out.into_iter().map(|(start, end)| (bounds[start].0, bounds[end - 1].1)).collect()
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
