//! Where a word, in any of its forms, stands in one field of one segment.

use std::cmp::Reverse;
use std::collections::BinaryHeap;
use std::sync::Arc;

use tantivy::index::InvertedIndexReader;
use tantivy::postings::{Postings, SegmentPostings, TermInfo};
use tantivy::schema::IndexRecordOption;
use tantivy::{DocId, DocSet, TERMINATED};

use crate::search::local::docs::{Origins, before};
use crate::search::local::forms::{WordKeys, WordTest};
use crate::text::term;

/// A set of documents that knows how often each matches, and where.
pub trait Matches: DocSet {
    /// How often the current document matches; parts that are far apart count less than once.
    fn freq(&mut self) -> f32;

    /// How often it matches, in mentions that share no word; of a text in several documents, all at the first.
    fn mentions(&mut self) -> u32;

    /// Appends the stretches of words of the current document that matched. Only of postings opened with positions.
    fn marks(&mut self, out: &mut Vec<(u32, u32)>);
}

/// A term of the index that a word of the query stands for.
#[derive(Debug, Clone)]
pub struct WordTerm {
    /// The word, folded; empty for keys of stems.
    pub folded: Box<str>,
    /// What the dictionary knows of it.
    pub info: TermInfo,
}

/// The terms of a field that pass a test.
///
/// # Errors
///
/// What the operating system says.
pub fn terms(index: &InvertedIndexReader, test: &WordTest) -> std::io::Result<Vec<WordTerm>> {
    let mut out = Vec::new();
    let mut take = |key: &[u8], info: &TermInfo| {
        let folded = term::parts(key).map_or("", |(folded, _, _)| folded);
        out.push(WordTerm { folded: folded.into(), info: info.clone() });
    };
    if let WordTest::Automaton { accepts, .. } = test {
        let mut stream = index.terms().search(WordKeys(accepts)).into_stream()?;
        while stream.advance() {
            take(stream.key(), stream.value());
        }
        return Ok(out);
    }
    for (from, to) in test.key_ranges() {
        let mut stream = index.terms().range().ge(from).lt(to).into_stream()?;
        while stream.advance() {
            if test.accepts_key(stream.key()) {
                take(stream.key(), stream.value());
            }
        }
    }
    Ok(out)
}

/// The postings of several terms as those of one word.
pub struct WordPostings {
    forms: Vec<SegmentPostings>,
    origins: Origins,
    /// Forms that stand behind the current document, the nearest first.
    ahead: BinaryHeap<Reverse<(DocId, u32)>>,
    /// Forms that the current document has.
    here: Vec<u32>,
    doc: DocId,
}

impl WordPostings {
    /// Opens the postings of `terms`.
    ///
    /// # Errors
    ///
    /// What the operating system says.
    pub fn open(
        index: &InvertedIndexReader,
        terms: &[WordTerm],
        option: IndexRecordOption,
        origins: Origins,
    ) -> std::io::Result<WordPostings> {
        let forms = terms
            .iter()
            .map(|term| index.read_postings_from_terminfo(&term.info, option))
            .collect::<Result<Vec<_>, _>>()?;
        let ahead = forms.iter().zip(0..).map(|(form, i)| Reverse((form.doc(), i))).collect();
        let mut postings = WordPostings { forms, origins, ahead, here: Vec::new(), doc: 0 };
        postings.settle();
        Ok(postings)
    }

    /// Takes the nearest document of all forms.
    fn settle(&mut self) -> DocId {
        self.doc = self.ahead.peek().map_or(TERMINATED, |Reverse((doc, _))| *doc);
        self.here.clear();
        if self.doc != TERMINATED {
            while let Some(Reverse((_, form))) = self.ahead.peek().copied().filter(|Reverse((doc, _))| *doc == self.doc)
            {
                self.ahead.pop();
                self.here.push(form);
            }
        }
        self.doc
    }

    /// Appends the positions of the word in the current document, in order.
    pub fn positions(&mut self, out: &mut Vec<u32>) {
        let from = out.len();
        let origin = self.origins.of(self.doc);
        for &form in &self.here {
            self.forms[form as usize].append_positions_with_offset(origin, out);
        }
        if self.here.len() > 1 {
            out[from..].sort_unstable();
        }
    }
}

impl DocSet for WordPostings {
    fn advance(&mut self) -> DocId {
        if let (true, [form]) = (self.ahead.is_empty(), self.here.as_slice()) {
            // One form alone needs no heap.
            self.doc = self.forms[*form as usize].advance();
            if self.doc == TERMINATED {
                self.here.clear();
            }
            return self.doc;
        }
        for form in std::mem::take(&mut self.here) {
            let doc = self.forms[form as usize].advance();
            if doc != TERMINATED {
                self.ahead.push(Reverse((doc, form)));
            }
        }
        self.settle()
    }
    fn seek(&mut self, target: DocId) -> DocId {
        if target <= self.doc {
            return self.doc;
        }
        if let (true, [form]) = (self.ahead.is_empty(), self.here.as_slice()) {
            self.doc = self.forms[*form as usize].seek(target);
            if self.doc == TERMINATED {
                self.here.clear();
            }
            return self.doc;
        }
        let mut behind = std::mem::take(&mut self.here);
        while let Some(Reverse((_, form))) = self.ahead.peek().copied().filter(|Reverse((doc, _))| *doc < target) {
            self.ahead.pop();
            behind.push(form);
        }
        for form in behind {
            let doc = self.forms[form as usize].seek(target);
            if doc != TERMINATED {
                self.ahead.push(Reverse((doc, form)));
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
        self.here.iter().map(|&form| self.forms[form as usize].term_freq()).sum()
    }
    fn marks(&mut self, out: &mut Vec<(u32, u32)>) {
        let mut positions = Vec::new();
        self.positions(&mut positions);
        out.extend(positions.into_iter().map(|at| (at, at + 1)));
    }
}

/// A word that stands for more words than this is read term by term, not all terms at once.
const MANY_FORMS: usize = 16;

/// Does a word stand for so many that its terms should be read one after the other?
#[must_use]
pub fn has_many(terms: &[WordTerm]) -> bool {
    terms.len() > MANY_FORMS
}

/// Documents with how often each matches, found once and read as often as needed.
#[derive(Debug, Default)]
pub struct Found {
    docs: Vec<DocId>,
    freqs: Vec<f32>,
}

impl Found {
    /// All that `matches` has.
    pub fn all(mut matches: impl Matches) -> Found {
        let mut found = Found::default();
        while matches.doc() != TERMINATED {
            found.docs.push(matches.doc());
            found.freqs.push(matches.freq());
            matches.advance();
        }
        found
    }

    /// The documents of a few terms, each read from end to end.
    ///
    /// # Errors
    ///
    /// What the operating system says.
    pub fn of_few(index: &InvertedIndexReader, terms: &[WordTerm]) -> std::io::Result<Found> {
        let mut found = Found::default();
        for term in terms {
            let mut blocks = index.read_block_postings_from_terminfo(&term.info, IndexRecordOption::WithFreqs)?;
            let count = term.info.doc_freq as usize;
            let mut of_term = Found { docs: Vec::with_capacity(count), freqs: Vec::with_capacity(count) };
            while blocks.block_len() > 0 {
                of_term.docs.extend_from_slice(blocks.docs());
                of_term.freqs.extend(blocks.freqs().iter().map(|&freq| freq as f32));
                blocks.advance();
            }
            found = if found.docs.is_empty() { of_term } else { found.merged(&of_term) };
        }
        Ok(found)
    }

    /// The documents of both, with what they count together. One is mostly much the longer, and goes over in stretches.
    fn merged(&self, other: &Found) -> Found {
        let (long, short) = if self.docs.len() < other.docs.len() { (other, self) } else { (self, other) };
        let count = long.docs.len() + short.docs.len();
        let mut out = Found { docs: Vec::with_capacity(count), freqs: Vec::with_capacity(count) };
        let mut at = 0;
        for (&doc, &freq) in short.docs.iter().zip(&short.freqs) {
            let next = at + before(&long.docs[at..], doc);
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

    /// The documents of many terms, one term after the other.
    ///
    /// # Errors
    ///
    /// What the operating system says.
    pub fn of_many(index: &InvertedIndexReader, terms: &[WordTerm], max_doc: DocId) -> std::io::Result<Found> {
        let mut counts = vec![0u32; max_doc as usize];
        for term in terms {
            let mut postings = index.read_postings_from_terminfo(&term.info, IndexRecordOption::WithFreqs)?;
            while postings.doc() != TERMINATED {
                counts[postings.doc() as usize] += postings.term_freq();
                postings.advance();
            }
        }
        let mut found = Found::default();
        for (doc, count) in (0..).zip(counts).filter(|(_, count)| *count > 0) {
            found.docs.push(doc);
            found.freqs.push(count as f32);
        }
        Ok(found)
    }
}

/// Reads [`Found`].
pub struct FoundPostings {
    found: Arc<Found>,
    at: usize,
    /// The document at `at`.
    doc: DocId,
}

impl FoundPostings {
    /// From its first document.
    #[must_use]
    pub fn new(found: Arc<Found>) -> FoundPostings {
        let doc = found.docs.first().copied().unwrap_or(TERMINATED);
        FoundPostings { found, at: 0, doc }
    }

    fn move_to(&mut self, at: usize) -> DocId {
        self.at = at;
        self.doc = self.found.docs.get(at).copied().unwrap_or(TERMINATED);
        self.doc
    }
}

impl DocSet for FoundPostings {
    fn advance(&mut self) -> DocId {
        self.move_to((self.at + 1).min(self.found.docs.len()))
    }
    fn seek(&mut self, target: DocId) -> DocId {
        if target <= self.doc {
            return self.doc;
        }
        self.move_to(self.at + before(&self.found.docs[self.at..], target))
    }
    fn doc(&self) -> DocId {
        self.doc
    }
    fn size_hint(&self) -> u32 {
        (self.found.docs.len() - self.at) as u32
    }
}

impl Matches for FoundPostings {
    fn freq(&mut self) -> f32 {
        self.found.freqs.get(self.at).copied().unwrap_or(0.0)
    }
    fn mentions(&mut self) -> u32 {
        self.freq() as u32
    }
    fn marks(&mut self, _: &mut Vec<(u32, u32)>) {}
}

/// Positions of a word that stands for many, in some documents.
pub struct GatheredPostings {
    /// By document and position.
    places: Vec<(DocId, u32)>,
    at: usize,
}

impl GatheredPostings {
    /// Reads the terms one after the other, and of each only what is in `wanted`, a set of documents.
    ///
    /// # Errors
    ///
    /// What the operating system says.
    pub fn open(
        index: &InvertedIndexReader,
        terms: &[WordTerm],
        wanted: &[bool],
        origins: &Origins,
    ) -> std::io::Result<GatheredPostings> {
        let mut places = Vec::new();
        let mut positions = Vec::new();
        for term in terms {
            let option = IndexRecordOption::WithFreqsAndPositions;
            let mut postings = index.read_postings_from_terminfo(&term.info, option)?;
            while postings.doc() != TERMINATED {
                let doc = postings.doc();
                if wanted[doc as usize] {
                    postings.positions_with_offset(origins.of(doc), &mut positions);
                    places.extend(positions.iter().map(|&at| (doc, at)));
                }
                postings.advance();
            }
        }
        places.sort_unstable();
        Ok(GatheredPostings { places, at: 0 })
    }

    /// Places of the current document.
    pub(crate) fn here(&self) -> &[(DocId, u32)] {
        let doc = self.doc();
        let rest = &self.places[self.at..];
        &rest[..rest.partition_point(|(other, _)| *other <= doc)]
    }
}

impl DocSet for GatheredPostings {
    fn advance(&mut self) -> DocId {
        self.at += self.here().len();
        self.doc()
    }
    fn seek(&mut self, target: DocId) -> DocId {
        self.at += self.places[self.at..].partition_point(|(doc, _)| *doc < target);
        self.doc()
    }
    fn doc(&self) -> DocId {
        self.places.get(self.at).map_or(TERMINATED, |(doc, _)| *doc)
    }
    fn size_hint(&self) -> u32 {
        (self.places.len() - self.at) as u32
    }
}

impl Matches for GatheredPostings {
    fn freq(&mut self) -> f32 {
        self.mentions() as f32
    }
    fn mentions(&mut self) -> u32 {
        self.here().len() as u32
    }
    fn marks(&mut self, out: &mut Vec<(u32, u32)>) {
        out.extend(self.here().iter().map(|&(_, at)| (at, at + 1)));
    }
}
