//! The postings of a word, in all its forms, in one field of one segment.

mod cached;
mod position_list;

use std::cmp::Reverse;
use std::collections::BinaryHeap;

use smallvec::smallvec;
use tantivy::index::InvertedIndexReader;
use tantivy::postings::{Postings, SegmentPostings, TermInfo};
use tantivy::schema::IndexRecordOption;
use tantivy::{DocId, DocSet, TERMINATED};

use crate::search::budget::Budget;
use crate::search::local::docs::Origins;
use crate::search::local::forms::{TermAutomaton, WordTest};
use crate::search::local::occurrence::Occurrence;
use crate::text::term;

pub(crate) use cached::{CachedCursor, CachedPostings};
pub(crate) use position_list::PositionList;

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
