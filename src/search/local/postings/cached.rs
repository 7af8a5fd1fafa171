//! The documents and frequencies of a leaf, collected once for several readers.

use std::ops::Range;
use std::sync::Arc;

use rayon::iter::{IndexedParallelIterator, IntoParallelRefIterator, ParallelIterator};
use tantivy::index::InvertedIndexReader;
use tantivy::schema::IndexRecordOption;
use tantivy::{DocId, DocSet, TERMINATED};

use super::{Matches, WordTerm};
use crate::search::budget::Budget;
use crate::search::local::docs::gallop;

/// Documents and frequencies of a leaf, collected once and read by several [`CachedCursor`]s.
#[derive(Debug, Default)]
pub(crate) struct CachedPostings {
    docs: Vec<DocId>,
    freqs: Vec<f32>,
}

impl CachedPostings {
    /// Collects all of `matches`.
    pub(crate) fn all(mut matches: impl Matches) -> CachedPostings {
        let mut postings = CachedPostings::default();
        while matches.doc() != TERMINATED {
            postings.docs.push(matches.doc());
            postings.freqs.push(matches.freq());
            matches.advance();
        }
        postings
    }

    /// Bytes of memory that they take.
    pub(crate) fn bytes(&self) -> usize {
        self.docs.len() * (size_of::<DocId>() + size_of::<f32>())
    }

    /// Collects a few terms by merging their postings.
    ///
    /// # Errors
    ///
    /// An error of reading the postings.
    pub(crate) fn of_few(
        index: &InvertedIndexReader,
        terms: &[WordTerm],
        budget: &Budget,
    ) -> std::io::Result<CachedPostings> {
        let mut meter = budget.meter();
        let mut postings = CachedPostings::default();
        for term in terms {
            // To open the postings of a word takes as long as to read many documents.
            if meter.is_spent() {
                break;
            }
            let mut blocks = index.read_block_postings_from_terminfo(&term.info, IndexRecordOption::WithFreqs)?;
            let count = term.info.doc_freq as usize;
            let mut of_term = CachedPostings { docs: Vec::with_capacity(count), freqs: Vec::with_capacity(count) };
            while blocks.block_len() > 0 && !meter.is_spent() {
                of_term.docs.extend_from_slice(blocks.docs());
                of_term.freqs.extend(blocks.freqs().iter().map(|&freq| freq as f32));
                blocks.advance();
            }
            postings = if postings.docs.is_empty() { of_term } else { postings.merged(&of_term) };
        }
        Ok(postings)
    }

    /// Merges two lists and adds up frequencies. One is mostly much longer, so that it is copied in slices.
    fn merged(&self, other: &CachedPostings) -> CachedPostings {
        let (long, short) = if self.docs.len() < other.docs.len() { (other, self) } else { (self, other) };
        let count = long.docs.len() + short.docs.len();
        let mut out = CachedPostings { docs: Vec::with_capacity(count), freqs: Vec::with_capacity(count) };
        let mut at = 0;
        for (&doc, &freq) in short.docs.iter().zip(&short.freqs) {
            let next = at + gallop(&long.docs[at..], doc);
            out.docs.extend_from_slice(&long.docs[at..next]);
            out.freqs.extend_from_slice(&long.freqs[at..next]);
            let is_in_both = long.docs.get(next) == Some(&doc);
            out.docs.push(doc);
            out.freqs.push(if is_in_both { freq + long.freqs[next] } else { freq });
            at = next + usize::from(is_in_both);
        }
        out.docs.extend_from_slice(&long.docs[at..]);
        out.freqs.extend_from_slice(&long.freqs[at..]);
        out
    }

    /// Collects many terms by counting, which needs a counter for each document of the segment; on several cores, if there is
    /// enough of them.
    ///
    /// # Errors
    ///
    /// An error of reading the postings.
    pub(crate) fn of_many(
        index: &InvertedIndexReader,
        terms: &[WordTerm],
        max_doc: DocId,
        budget: &Budget,
    ) -> std::io::Result<CachedPostings> {
        /// Parts for each core, so that none is idle for long at the end; each part opens the postings of every term.
        const PER_CORE: usize = 3;
        const MOST_PARTS: usize = 24;
        let all: u64 = terms.iter().map(|term| u64::from(term.info.doc_freq)).sum();
        let parts = if all < PARTED { 1 } else { (PER_CORE * rayon::current_num_threads()).min(MOST_PARTS) };
        let length = max_doc.div_ceil(parts as u32).max(1);
        let ranges: Vec<Range<DocId>> = (0..max_doc)
            .step_by(length as usize)
            .map(|start| start..start.saturating_add(length).min(max_doc))
            .collect();
        let counted: std::io::Result<Vec<Vec<u32>>> =
            ranges.par_iter().map(|range| count_in_range(index, terms, range, budget)).collect();
        let counted = counted?;
        let found: Vec<usize> =
            counted.par_iter().map(|counts| counts.iter().filter(|count| **count > 0).count()).collect();
        let sum = found.iter().sum();
        let mut postings = CachedPostings { docs: vec![0; sum], freqs: vec![0.0; sum] };
        let (mut docs, mut freqs) = (&mut postings.docs[..], &mut postings.freqs[..]);
        let mut places = Vec::with_capacity(parts);
        for found in found {
            places.push((
                docs.split_off_mut(..found).unwrap_or_default(),
                freqs.split_off_mut(..found).unwrap_or_default(),
            ));
        }
        let filled = ranges.par_iter().zip(counted).zip(places);
        filled.for_each(|((range, counts), (docs, freqs))| {
            let counts = range.clone().zip(counts).filter(|(_, count)| *count > 0);
            for (((doc, count), to), freq) in counts.zip(docs).zip(freqs) {
                (*to, *freq) = (doc, count as f32);
            }
        });
        Ok(postings)
    }
}

/// The sum of the frequencies of some terms in each of these documents.
fn count_in_range(
    index: &InvertedIndexReader,
    terms: &[WordTerm],
    range: &Range<DocId>,
    budget: &Budget,
) -> std::io::Result<Vec<u32>> {
    let mut meter = budget.meter();
    let mut counts = vec![0u32; range.len()];
    for term in terms {
        if meter.is_spent() {
            break;
        }
        let mut blocks = index.read_block_postings_from_terminfo(&term.info, IndexRecordOption::WithFreqs)?;
        let mut from = if range.start > 0 { blocks.seek(range.start) } else { 0 };
        while blocks.block_len() > from && !meter.is_spent() {
            let docs = &blocks.docs()[from..];
            let within = docs.partition_point(|doc| *doc < range.end);
            for (&doc, freq) in docs[..within].iter().zip(&blocks.freqs()[from..]) {
                counts[(doc - range.start) as usize] += freq;
            }
            if within < docs.len() {
                break;
            }
            blocks.advance();
            from = 0;
        }
    }
    Ok(counts)
}

/// Postings that are worth to be read in parts. Lower in tests.
const PARTED: u64 = if cfg!(test) { 50 } else { 200_000 };

/// Reads [`CachedPostings`].
pub(crate) struct CachedCursor {
    postings: Arc<CachedPostings>,
    at: usize,
    /// The document at `at`.
    doc: DocId,
}

impl CachedCursor {
    /// A cursor at the first document.
    #[must_use]
    pub(crate) fn new(postings: Arc<CachedPostings>) -> CachedCursor {
        let doc = postings.docs.first().copied().unwrap_or(TERMINATED);
        CachedCursor { postings, at: 0, doc }
    }

    fn move_to(&mut self, at: usize) -> DocId {
        self.at = at;
        self.doc = self.postings.docs.get(at).copied().unwrap_or(TERMINATED);
        self.doc
    }
}

impl DocSet for CachedCursor {
    fn advance(&mut self) -> DocId {
        self.move_to((self.at + 1).min(self.postings.docs.len()))
    }
    fn seek(&mut self, target: DocId) -> DocId {
        if target <= self.doc {
            return self.doc;
        }
        self.move_to(self.at + gallop(&self.postings.docs[self.at..], target))
    }
    fn doc(&self) -> DocId {
        self.doc
    }
    fn size_hint(&self) -> u32 {
        (self.postings.docs.len() - self.at) as u32
    }
}

impl Matches for CachedCursor {
    fn freq(&mut self) -> f32 {
        self.postings.freqs.get(self.at).copied().unwrap_or(0.0)
    }
    fn mentions(&mut self) -> u32 {
        self.freq() as u32
    }
    fn marks(&mut self, _: &mut Vec<(u32, u32)>) {}
}
