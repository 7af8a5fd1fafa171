//! The occurrences of a query in the texts that match: each word, phrase or proximity of words where it matched.
//!
//! Occurrences share no word. Of those that overlap the one that ends first is kept, and of those that end together the
//! longest, so that as many as can be are kept, and of a proximity the nearest words.

use tantivy::{DocId, DocSet};

use super::plan::{LoweredQuery, Plan};
use super::postings::Matches;
use super::segment::Segment;
use super::span::Marks;
use crate::vocabulary::{Scope, TextField};

/// A stretch of words that matched, in positions that count from the first word of the article.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Occurrence {
    /// Position of the first word.
    pub start: u32,
    /// Position after the last word.
    pub end: u32,
    /// The words of it that matched, as stretches.
    pub words: Marks,
}

/// Keeps of the occurrences in a text those that share no word, each with the document that it begins in.
fn retain_apart(all: &mut Vec<(DocId, Occurrence)>) {
    all.sort_unstable_by_key(|(_, one)| (one.end, one.start));
    let mut free_from = 0;
    all.retain(|(_, one)| {
        let is_apart = one.start >= free_from;
        if is_apart {
            free_from = one.end;
        }
        is_apart
    });
}

/// Takes the occurrences that begin in a document, in order.
pub(crate) type TakeOccurrences<'t> = dyn FnMut(DocId, &[Occurrence]) -> tantivy::Result<()> + 't;

/// Gives the occurrences in the texts of `docs`, hits of `plan` in rising order, to `take`. Values of fields, such as
/// titles, are no texts.
///
/// # Errors
///
/// The error of tantivy for a damaged segment, or that of `take`.
pub(crate) fn occurrences(
    segment: &Segment<'_>,
    lowered: &LoweredQuery,
    plan: &Plan,
    unit: Scope,
    docs: &[DocId],
    take: &mut TakeOccurrences<'_>,
) -> tantivy::Result<()> {
    let mut matched = segment.matched_leaves(plan, unit, &lowered.positive)?;
    let mut postings: Vec<(usize, Box<dyn Matches>)> = Vec::new();
    for (number, leaf) in lowered.leaves.iter().enumerate().filter(|(number, _)| lowered.positive[*number]) {
        for (part, (field, _)) in leaf.parts.iter().enumerate() {
            if matches!(field, TextField::Body | TextField::Boilerplate)
                && let Some(found) = segment.positions(number, part, docs)?
            {
                postings.push((number, found));
            }
        }
    }
    let (mut leaves, mut found) = (Vec::new(), Vec::new());
    let mut of_section: Vec<(DocId, Occurrence)> = Vec::new();
    let mut meter = segment.budget.meter();
    for section in docs
        .chunk_by(|&a, &b| segment.blocks.first_doc(a, Scope::Section) == segment.blocks.first_doc(b, Scope::Section))
    {
        if meter.is_spent() {
            break;
        }
        of_section.clear();
        for &doc in section {
            leaves.clear();
            found.clear();
            matched.add_to(&mut leaves, doc, &segment.blocks);
            for (_, postings) in postings.iter_mut().filter(|(leaf, _)| leaves.contains(leaf)) {
                if postings.doc() < doc {
                    postings.seek(doc);
                }
                if postings.doc() == doc {
                    postings.occurrences(&mut found);
                }
            }
            of_section.extend(found.drain(..).map(|one| (doc, one)));
        }
        // Over the whole section, as those of two passages may overlap.
        retain_apart(&mut of_section);
        let mut rest = std::mem::take(&mut of_section).into_iter().peekable();
        while let Some((doc, first)) = rest.next() {
            found.push(first);
            while let Some((_, next)) = rest.next_if(|(other, _)| *other == doc) {
                found.push(next);
            }
            take(doc, &found)?;
            found.clear();
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn occurrences_share_no_word() {
        let of = |spans: &[(u32, u32)]| -> Vec<(DocId, Occurrence)> {
            spans.iter().map(|&(start, end)| (0, Occurrence { start, end, words: Marks::new() })).collect()
        };
        for (spans, expected) in [
            (vec![(1, 2), (1, 2), (4, 6), (5, 6)], vec![(1, 2), (4, 6)]),
            (vec![(1, 5), (3, 5), (2, 4)], vec![(2, 4)]),
            (vec![(1, 4), (3, 6), (5, 8)], vec![(1, 4), (5, 8)]),
        ] {
            let mut got = of(&spans);
            retain_apart(&mut got);
            assert_eq!(got, of(&expected), "{spans:?}");
        }
    }
}
