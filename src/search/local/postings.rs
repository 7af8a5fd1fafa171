//! The postings of a word, in all its forms, in one field of one segment.

use std::cmp::Reverse;
use std::collections::BinaryHeap;
use std::ops::Range;
use std::sync::Arc;

use rayon::iter::{IndexedParallelIterator, IntoParallelRefIterator, ParallelIterator};
use smallvec::smallvec;
use tantivy::index::InvertedIndexReader;
use tantivy::postings::{Postings, SegmentPostings, TermInfo};
use tantivy::schema::IndexRecordOption;
use tantivy::{DocId, DocSet, TERMINATED};

use crate::search::budget::Budget;
use crate::search::local::docs::{Origins, gallop, gallop_by};
use crate::search::local::forms::{TermAutomaton, WordTest};
use crate::search::local::occurrence::Occurrence;
use crate::text::term;

/// Postings of a leaf: a set of documents with the frequency and positions of the matches in each.
pub(crate) trait Matches: DocSet {
    /// Frequency of matches in the current document; one whose words are far apart counts less than 1.
    fn freq(&mut self) -> f32;

    /// Number of matches in the current document that share no word. Those of a text in several documents are all
    /// counted at the first.
    fn mentions(&mut self) -> u32;

    /// Appends the ranges of words that matched in the current document, if the postings were opened with positions.
    fn marks(&mut self, out: &mut Vec<(u32, u32)>);

    /// Appends the matches that begin in the current document, if the postings were opened with positions: each mark is
    /// one, but that of a proximity is of several marks.
    fn occurrences(&mut self, out: &mut Vec<Occurrence>) {
        let mut marks = Vec::new();
        self.marks(&mut marks);
        out.extend(marks.into_iter().map(|(start, end)| Occurrence { start, end, words: smallvec![(start, end)] }));
    }
}

/// A term of the index that matches a word of the query.
#[derive(Debug, Clone)]
pub(crate) struct WordTerm {
    /// The word, folded; empty for the term of a stem.
    pub folded: Box<str>,
    /// Number of words of the text that it is: more than 1 for a compound.
    pub words: u32,
    /// Its entry in the dictionary.
    pub info: TermInfo,
}

/// The terms of a field that pass a test.
///
/// # Errors
///
/// An error of reading the dictionary.
pub(crate) fn terms(index: &InvertedIndexReader, test: &WordTest, budget: &Budget) -> std::io::Result<Vec<WordTerm>> {
    let mut meter = budget.meter();
    let mut out = Vec::new();
    let mut take = |term: &[u8], info: &TermInfo| {
        let (folded, words) = term::parts(term).map_or(("", 1), |parts| (parts.folded, parts.words));
        out.push(WordTerm { folded: folded.into(), words, info: info.clone() });
    };
    if let WordTest::Automaton { accepts, .. } = test {
        let mut stream = index.terms().search(TermAutomaton(accepts)).into_stream()?;
        while stream.advance() && !meter.is_spent() {
            if test.accepts_term(stream.key()) {
                take(stream.key(), stream.value());
            }
        }
        return Ok(out);
    }
    for (from, to) in test.term_ranges() {
        let mut stream = index.terms().range().ge(from).lt(to).into_stream()?;
        while stream.advance() && !meter.is_spent() {
            if test.accepts_term(stream.key()) {
                take(stream.key(), stream.value());
            }
        }
    }
    Ok(out)
}

/// Is a compound among the terms of a word?
#[must_use]
pub(crate) fn has_compounds(terms: &[WordTerm]) -> bool {
    terms.iter().any(|term| term.words > 1)
}

/// The postings of several terms as those of one word.
pub(crate) struct WordPostings {
    forms: Vec<SegmentPostings>,
    /// Number of words of each form; empty if each is one word.
    lengths: Vec<u32>,
    origins: Origins,
    /// Forms that are next in a later document, the nearest first.
    later: BinaryHeap<Reverse<(DocId, u32)>>,
    /// Forms that are in the current document.
    current: Vec<u32>,
    doc: DocId,
}

impl WordPostings {
    /// Opens the postings of `terms`.
    ///
    /// # Errors
    ///
    /// An error of reading the postings.
    pub(crate) fn open(
        index: &InvertedIndexReader,
        terms: &[WordTerm],
        option: IndexRecordOption,
        origins: Origins,
    ) -> std::io::Result<WordPostings> {
        let forms = terms
            .iter()
            .map(|term| index.read_postings_from_terminfo(&term.info, option))
            .collect::<Result<Vec<_>, _>>()?;
        let later = forms.iter().zip(0..).map(|(form, i)| Reverse((form.doc(), i))).collect();
        let lengths = if has_compounds(terms) { terms.iter().map(|term| term.words).collect() } else { Vec::new() };
        let mut postings = WordPostings { forms, lengths, origins, later, current: Vec::new(), doc: 0 };
        postings.settle();
        Ok(postings)
    }

    /// Moves to the nearest document of all forms.
    fn settle(&mut self) -> DocId {
        self.doc = self.later.peek().map_or(TERMINATED, |Reverse((doc, _))| *doc);
        self.current.clear();
        if self.doc != TERMINATED {
            while let Some(Reverse((_, form))) = self.later.peek().copied().filter(|Reverse((doc, _))| *doc == self.doc)
            {
                self.later.pop();
                self.current.push(form);
            }
        }
        self.doc
    }

    /// Appends the compounds in the current document, in order, each from its first word to after its last.
    pub(crate) fn compounds(&mut self, out: &mut Vec<(u32, u32)>) {
        if self.lengths.is_empty() {
            return;
        }
        let (from, origin) = (out.len(), self.origins.of(self.doc));
        let mut positions = Vec::new();
        for &form in &self.current {
            let words = self.lengths[form as usize];
            if words > 1 {
                positions.clear();
                self.forms[form as usize].append_positions_with_offset(origin, &mut positions);
                out.extend(positions.iter().map(|&at| (at, at + words)));
            }
        }
        out[from..].sort_unstable();
    }

    /// Appends the positions of the word in the current document, in order.
    pub(crate) fn positions(&mut self, out: &mut Vec<u32>) {
        let from = out.len();
        let origin = self.origins.of(self.doc);
        for &form in &self.current {
            self.forms[form as usize].append_positions_with_offset(origin, out);
        }
        if self.current.len() > 1 {
            out[from..].sort_unstable();
        }
    }
}

impl DocSet for WordPostings {
    fn advance(&mut self) -> DocId {
        if let (true, [form]) = (self.later.is_empty(), self.current.as_slice()) {
            // A single form needs no heap.
            self.doc = self.forms[*form as usize].advance();
            if self.doc == TERMINATED {
                self.current.clear();
            }
            return self.doc;
        }
        for form in std::mem::take(&mut self.current) {
            let doc = self.forms[form as usize].advance();
            if doc != TERMINATED {
                self.later.push(Reverse((doc, form)));
            }
        }
        self.settle()
    }
    fn seek(&mut self, target: DocId) -> DocId {
        if target <= self.doc {
            return self.doc;
        }
        if let (true, [form]) = (self.later.is_empty(), self.current.as_slice()) {
            self.doc = self.forms[*form as usize].seek(target);
            if self.doc == TERMINATED {
                self.current.clear();
            }
            return self.doc;
        }
        let mut earlier = std::mem::take(&mut self.current);
        while let Some(Reverse((_, form))) = self.later.peek().copied().filter(|Reverse((doc, _))| *doc < target) {
            self.later.pop();
            earlier.push(form);
        }
        for form in earlier {
            let doc = self.forms[form as usize].seek(target);
            if doc != TERMINATED {
                self.later.push(Reverse((doc, form)));
            }
        }
        self.settle()
    }
    fn doc(&self) -> DocId {
        self.doc
    }
    fn size_hint(&self) -> u32 {
        self.forms.iter().map(DocSet::size_hint).fold(0, u32::saturating_add)
    }
}

impl Matches for WordPostings {
    fn freq(&mut self) -> f32 {
        self.mentions() as f32
    }
    fn mentions(&mut self) -> u32 {
        self.current.iter().map(|&form| self.forms[form as usize].term_freq()).sum()
    }
    fn marks(&mut self, out: &mut Vec<(u32, u32)>) {
        let mut positions = Vec::new();
        self.positions(&mut positions);
        let mut compounds = Vec::new();
        self.compounds(&mut compounds);
        out.extend(positions.into_iter().map(|at| (at, end_of(at, &compounds))));
    }
}

/// The position after a word at `at`, if these are the compounds of its text, in order.
#[must_use]
pub(crate) fn end_of(at: u32, compounds: &[(u32, u32)]) -> u32 {
    match compounds.binary_search_by_key(&at, |&(start, _)| start) {
        Ok(found) => compounds[found].1,
        Err(_) => at + 1,
    }
}

/// The terms of a word are merged while they are read up to this number, and one by one above it. Lower in tests,
/// whose texts have few words.
pub(crate) const MANY_FORMS: usize = if cfg!(test) { 2 } else { 16 };

/// Does a word match more terms than are read side by side?
#[must_use]
pub(crate) fn has_many(terms: &[WordTerm]) -> bool {
    terms.len() > MANY_FORMS
}

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

/// The postings of a part of a leaf. Most are cached: what reads millions of them does so without a call through a table.
pub(crate) enum LeafPostings {
    /// Collected before.
    Cached(CachedCursor),
    /// Read as they are asked for.
    Sought(WordPostings),
}

impl DocSet for LeafPostings {
    fn advance(&mut self) -> DocId {
        match self {
            LeafPostings::Cached(postings) => postings.advance(),
            LeafPostings::Sought(postings) => postings.advance(),
        }
    }
    fn seek(&mut self, target: DocId) -> DocId {
        match self {
            LeafPostings::Cached(postings) => postings.seek(target),
            LeafPostings::Sought(postings) => postings.seek(target),
        }
    }
    fn doc(&self) -> DocId {
        match self {
            LeafPostings::Cached(postings) => postings.doc(),
            LeafPostings::Sought(postings) => postings.doc(),
        }
    }
    fn size_hint(&self) -> u32 {
        match self {
            LeafPostings::Cached(postings) => postings.size_hint(),
            LeafPostings::Sought(postings) => postings.size_hint(),
        }
    }
}

impl Matches for LeafPostings {
    fn freq(&mut self) -> f32 {
        match self {
            LeafPostings::Cached(postings) => postings.freq(),
            LeafPostings::Sought(postings) => postings.freq(),
        }
    }
    fn mentions(&mut self) -> u32 {
        match self {
            LeafPostings::Cached(postings) => postings.mentions(),
            LeafPostings::Sought(postings) => postings.mentions(),
        }
    }
    fn marks(&mut self, out: &mut Vec<(u32, u32)>) {
        match self {
            LeafPostings::Cached(postings) => postings.marks(out),
            LeafPostings::Sought(postings) => postings.marks(out),
        }
    }
}

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

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use proptest::prelude::*;

    use super::*;
    use crate::search::CancelFlag;
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
