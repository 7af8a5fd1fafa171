//! The positions of a word that matches many terms.

use std::ops::Range;

use tantivy::index::InvertedIndexReader;
use tantivy::postings::Postings;
use tantivy::schema::IndexRecordOption;
use tantivy::{DocId, DocSet, TERMINATED};

use super::{Matches, WordTerm, end_of};
use crate::search::budget::Budget;
use crate::search::local::docs::{Origins, gallop_by};

/// The occurrences in some documents of a word that matches many terms.
pub(crate) struct PositionList {
    /// Documents and positions, in order.
    occurrences: Vec<(DocId, u32)>,
    /// Documents and ranges of the compounds, in order.
    compounds: Vec<(DocId, (u32, u32))>,
    at: usize,
}

impl PositionList {
    /// Reads the terms one by one, in ranges of documents, which are in order and do not overlap.
    ///
    /// # Errors
    ///
    /// An error of reading the postings.
    pub(crate) fn open(
        index: &InvertedIndexReader,
        terms: &[WordTerm],
        wanted: &[Range<DocId>],
        origins: &Origins,
        budget: &Budget,
    ) -> std::io::Result<PositionList> {
        let mut meter = budget.meter();
        let (mut occurrences, mut compounds) = (Vec::new(), Vec::new());
        let mut positions = Vec::new();
        for term in terms {
            if meter.is_spent() {
                break;
            }
            let option = IndexRecordOption::WithFreqsAndPositions;
            let mut postings = index.read_postings_from_terminfo(&term.info, option)?;
            let mut rest = wanted;
            while !meter.is_spent() {
                let doc = postings.doc();
                rest = &rest[gallop_by(rest, |range| range.end <= doc)..];
                let Some(range) = rest.first().filter(|_| doc != TERMINATED) else { break };
                if doc < range.start {
                    // A few hits of a common word: what lies between is not unpacked.
                    postings.seek(range.start);
                    continue;
                }
                postings.positions_with_offset(origins.of(doc), &mut positions);
                occurrences.extend(positions.iter().map(|&at| (doc, at)));
                if term.words > 1 {
                    compounds.extend(positions.iter().map(|&at| (doc, (at, at + term.words))));
                }
                postings.advance();
            }
        }
        let (occurrences, compounds) = (sorted(occurrences, budget), sorted(compounds, budget));
        Ok(PositionList { occurrences, compounds, at: 0 })
    }

    /// Appends the compounds in the current document, in order, each from its first word to after its last.
    pub(crate) fn compounds(&self, out: &mut Vec<(u32, u32)>) {
        let doc = self.doc();
        let from = self.compounds.partition_point(|(other, _)| *other < doc);
        out.extend(self.compounds[from..].iter().take_while(|(other, _)| *other == doc).map(|(_, range)| *range));
    }

    /// The occurrences in the current document.
    pub(crate) fn here(&self) -> &[(DocId, u32)] {
        let doc = self.doc();
        let rest = &self.occurrences[self.at..];
        &rest[..rest.partition_point(|(other, _)| *other <= doc)]
    }
}

impl DocSet for PositionList {
    fn advance(&mut self) -> DocId {
        self.at += self.here().len();
        self.doc()
    }
    fn seek(&mut self, target: DocId) -> DocId {
        self.at += self.occurrences[self.at..].partition_point(|(doc, _)| *doc < target);
        self.doc()
    }
    fn doc(&self) -> DocId {
        self.occurrences.get(self.at).map_or(TERMINATED, |(doc, _)| *doc)
    }
    fn size_hint(&self) -> u32 {
        (self.occurrences.len() - self.at) as u32
    }
}

impl Matches for PositionList {
    fn freq(&mut self) -> f32 {
        self.mentions() as f32
    }
    fn mentions(&mut self) -> u32 {
        self.here().len() as u32
    }
    fn marks(&mut self, out: &mut Vec<(u32, u32)>) {
        let mut compounds = Vec::new();
        self.compounds(&mut compounds);
        out.extend(self.here().iter().map(|&(_, at)| (at, end_of(at, &compounds))));
    }
}

/// Above this number, [`sorted`] does not sort in one step. Lower in tests.
const SORTED_AT_ONCE: usize = if cfg!(test) { 4 } else { 1 << 16 };

/// Sorts what is in documents. Millions are first put in the order of their documents by counting, so that a cancel is
/// heard in between; nothing is left then.
fn sorted<T: Copy + Ord>(mut pairs: Vec<(DocId, T)>, budget: &Budget) -> Vec<(DocId, T)> {
    if pairs.len() <= SORTED_AT_ONCE {
        pairs.sort_unstable();
        return pairs;
    }
    let docs = || pairs.iter().map(|&(doc, _)| doc as usize);
    let max_doc = docs().max().unwrap_or(0);
    let mut starts = vec![0; max_doc + 2];
    docs().for_each(|doc| starts[doc + 1] += 1);
    let mut sum = 0;
    for start in &mut starts {
        sum += *start;
        *start = sum;
    }
    let mut out = pairs.clone();
    for chunk in pairs.chunks(SORTED_AT_ONCE) {
        if budget.is_cancelled() {
            return Vec::new();
        }
        for &pair in chunk {
            let at = &mut starts[pair.0 as usize];
            out[*at] = pair;
            *at += 1;
        }
    }
    drop(pairs);
    for of_doc in out.chunk_by_mut(|a, b| a.0 == b.0) {
        if budget.is_cancelled() {
            return Vec::new();
        }
        of_doc.sort_unstable();
    }
    out
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use proptest::prelude::*;

    use super::*;
    use crate::cancel::CancelFlag;
    use crate::search::budget::MAX_SPANS;

    proptest! {
        #[test]
        fn what_is_sorted_by_counting_is_sorted(pairs in prop::collection::vec((0u32..20, 0u32..50), 0..60)) {
            let mut expected = pairs.clone();
            expected.sort_unstable();
            prop_assert_eq!(sorted(pairs, &Budget::unlimited()), expected);
        }
    }

    #[test]
    fn nothing_is_sorted_after_a_cancel() {
        let cancel = CancelFlag::new();
        let budget = Budget::start(Some(Duration::from_secs(60)), &cancel, MAX_SPANS);
        cancel.cancel();
        assert_eq!(sorted((0..100).map(|doc| (doc, doc)).collect(), &budget), []);
    }
}
