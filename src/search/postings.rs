//! Where a word, in any of its forms, or a phrase stands in one field of one segment.

use tantivy::index::InvertedIndexReader;
use tantivy::postings::{Postings, SegmentPostings, TermInfo};
use tantivy::schema::IndexRecordOption;
use tantivy::{DocId, DocSet, TERMINATED};

use super::forms::WordTest;

/// A set of documents that knows how often each matches.
pub trait Matches: DocSet {
    /// How often the current document matches.
    fn freq(&mut self) -> u32;
}

/// The terms of a field that pass a test, with what the dictionary knows of them.
///
/// # Errors
///
/// What the operating system says.
pub fn terms(index: &InvertedIndexReader, test: &WordTest) -> std::io::Result<Vec<TermInfo>> {
    let mut out = Vec::new();
    for (from, to) in test.key_ranges() {
        let mut stream = index.terms().range().ge(from).lt(to).into_stream()?;
        while stream.advance() {
            if test.accepts_key(stream.key()) {
                out.push(stream.value().clone());
            }
        }
    }
    Ok(out)
}

/// The postings of several terms as those of one word.
pub struct WordPostings {
    forms: Vec<SegmentPostings>,
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
        terms: &[TermInfo],
        option: IndexRecordOption,
    ) -> std::io::Result<WordPostings> {
        let forms =
            terms.iter().map(|info| index.read_postings_from_terminfo(info, option)).collect::<Result<Vec<_>, _>>()?;
        let mut postings = WordPostings { forms, doc: 0 };
        postings.settle();
        Ok(postings)
    }

    fn settle(&mut self) -> DocId {
        self.doc = self.forms.iter().map(DocSet::doc).min().unwrap_or(TERMINATED);
        self.doc
    }

    /// Appends the positions of the word in the current document, in order.
    fn positions(&mut self, out: &mut Vec<u32>) {
        out.clear();
        let doc = self.doc;
        let mut forms = 0;
        for form in self.forms.iter_mut().filter(|form| form.doc() == doc) {
            form.append_positions_with_offset(0, out);
            forms += 1;
        }
        if forms > 1 {
            out.sort_unstable();
        }
    }
}

impl DocSet for WordPostings {
    fn advance(&mut self) -> DocId {
        let doc = self.doc;
        if doc == TERMINATED {
            return doc;
        }
        for form in &mut self.forms {
            if form.doc() == doc {
                form.advance();
            }
        }
        self.settle()
    }
    fn seek(&mut self, target: DocId) -> DocId {
        if target <= self.doc {
            return self.doc;
        }
        for form in &mut self.forms {
            if form.doc() < target {
                form.seek(target);
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
    fn freq(&mut self) -> u32 {
        let doc = self.doc;
        self.forms.iter().filter(|form| form.doc() == doc).map(Postings::term_freq).sum()
    }
}

/// Words side by side, in order.
pub struct PhrasePostings {
    words: Vec<WordPostings>,
    positions: Vec<Vec<u32>>,
    doc: DocId,
    count: u32,
}

impl PhrasePostings {
    /// A phrase of words whose postings hold positions.
    #[must_use]
    pub fn new(words: Vec<WordPostings>) -> PhrasePostings {
        let positions = vec![Vec::new(); words.len()];
        let mut phrase = PhrasePostings { words, positions, doc: 0, count: 0 };
        phrase.doc = phrase.words.first().map_or(TERMINATED, DocSet::doc);
        phrase.settle();
        phrase
    }

    /// From `self.doc` on, finds the next document with the phrase.
    fn settle(&mut self) -> DocId {
        'again: while self.doc != TERMINATED {
            for word in &mut self.words {
                let doc = if word.doc() < self.doc { word.seek(self.doc) } else { word.doc() };
                if doc > self.doc {
                    self.doc = doc;
                    continue 'again;
                }
            }
            self.count = self.occurrences();
            if self.count > 0 {
                break;
            }
            self.doc = self.words[0].advance();
        }
        self.doc
    }

    fn occurrences(&mut self) -> u32 {
        for (word, positions) in self.words.iter_mut().zip(&mut self.positions) {
            word.positions(positions);
        }
        let Some((first, rest)) = self.positions.split_first() else { return 0 };
        let follows =
            |start: u32| rest.iter().zip(1..).all(|(positions, step)| positions.binary_search(&(start + step)).is_ok());
        first.iter().filter(|&&start| follows(start)).count() as u32
    }
}

impl DocSet for PhrasePostings {
    fn advance(&mut self) -> DocId {
        if self.doc != TERMINATED {
            self.doc = self.words[0].advance();
            self.settle();
        }
        self.doc
    }
    fn seek(&mut self, target: DocId) -> DocId {
        if target > self.doc {
            self.doc = target;
            self.settle();
        }
        self.doc
    }
    fn doc(&self) -> DocId {
        self.doc
    }
    fn size_hint(&self) -> u32 {
        self.words.iter().map(DocSet::size_hint).min().unwrap_or(0)
    }
}

impl Matches for PhrasePostings {
    fn freq(&mut self) -> u32 {
        self.count
    }
}
