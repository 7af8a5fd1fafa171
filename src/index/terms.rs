//! The terms of a document: words of its texts, exact values, numbers, and what words do not show.
//!
//! A text is tokenized once, where documents are made, for all that is indexed of it; the segment's inverted index is
//! given terms. The case of words and the beginnings of sentences and paragraphs are terms of a field of their own,
//! written by [`CaseBoundaryTerms`].

use std::sync::LazyLock;

use smallvec::SmallVec;
use tantivy::postings::Postings as _;
use tantivy::schema::{Field, IndexRecordOption};
use tantivy::{DocId, DocSet as _, SegmentReader, Term};

use super::schema::Fields;
use crate::text::compound::{Compound, CompoundFinder};
use crate::text::word::{Case, Word};
use crate::text::{Language, Words, term};
use crate::vocabulary::TextField;

/// The terms of a document, field by field.
///
/// A term is a prefix and a suffix. The prefix of nearly every word is the word itself in lower case, a range of the
/// text; suffixes are codes. The bytes of a term are only put together where it is new to a segment.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Terms {
    /// The language of the article.
    language: Language,
    /// Texts in lower case, concatenated.
    text: String,
    /// All other prefixes, concatenated.
    bytes: Vec<u8>,
    occurrences: Vec<Occurrence>,
    /// Fields, each with the index of its first occurrence.
    fields: Vec<(Field, usize)>,
}

/// Are the compounds of a text indexed beside its words?
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Compounds {
    /// As words, joined.
    Joined,
    /// Not at all: those of addresses and paths are names of machines.
    Split,
}

/// A term at a position.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Occurrence {
    /// Offset of the prefix in `text` or `bytes`.
    start: u32,
    length: u16,
    /// Is the prefix in `text`?
    in_text: bool,
    suffix: Suffix,
    /// Position in the field's text, in words.
    pub(super) position: u32,
}

/// The end of a term.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Suffix {
    None,
    /// That of a word's term, without a language; see [`WordKey`].
    Word,
    /// That of a word's term, with the language.
    WordOfLanguage,
}

impl Terms {
    /// No terms, of an article in `language`, with room for those of `text_bytes` bytes of text.
    #[must_use]
    pub fn with_capacity(language: Language, text_bytes: usize) -> Terms {
        /// For terms of case, numbers, the heading of a section.
        const OTHER_BYTES: usize = 200;
        // A word and a space are about six bytes, and every fifth word has a term of case.
        let occurrences = Vec::with_capacity(text_bytes / 4 + 8);
        Terms { language, occurrences, bytes: Vec::with_capacity(OTHER_BYTES), ..Terms::default() }
    }

    /// Begins a field: the terms added next are in it.
    pub fn begin(&mut self, field: Field) {
        self.fields.push((field, self.occurrences.len()));
    }

    /// Adds the words of a text, each at the position that `position_of` returns. In some languages the term of a
    /// word's stem is added at the same position. With `Compounds::Joined` compounds are added at the position of their
    /// first word.
    #[inline]
    pub fn add_words(&mut self, text: &str, compounds: Compounds, mut position_of: impl FnMut(&Word<'_>) -> u32) {
        let before = self.text.len();
        let mut words = Words::new(text);
        let mut finder = CompoundFinder::default();
        while let Some(word) = words.next() {
            let position = position_of(&word);
            if compounds == Compounds::Joined {
                finder.push(text, word.start, word.end, position, |compound| self.push_compound(&compound));
            }
            self.push_word(&word, before, position);
        }
        finder.finish(text, |compound| self.push_compound(&compound));
        let small = words.into_lowercase();
        if before == 0 {
            self.text = small;
        } else {
            self.text.push_str(&small);
        }
    }

    #[inline]
    fn push_word(&mut self, word: &Word<'_>, before: usize, position: u32) {
        let suffix = if word.may_be_stemmed(self.language) { Suffix::WordOfLanguage } else { Suffix::Word };
        if word.is_ascii() {
            let length = word.folded.len() as u16;
            let start = (before + word.start) as u32;
            self.occurrences.push(Occurrence { start, length, in_text: true, suffix, position });
        } else if word.form == word.folded {
            self.push(word.folded.as_bytes(), suffix, position);
        } else {
            let mut term = Vec::new();
            term::push_word(&mut term, word, self.language);
            self.push(&term, Suffix::None, position);
        }
        if term::has_stem_term(word, self.language) {
            let term = term::of_stem(self.language, &self.language.stem(word.form));
            self.push(term.as_bytes(), Suffix::None, position);
        }
    }

    /// Number of terms in a field: the length that its field norm rounds.
    pub(crate) fn length(&self, field: Field) -> u64 {
        self.fields().filter(|(other, _)| *other == field).map(|(_, occurrences)| occurrences.len() as u64).sum()
    }

    fn push_compound(&mut self, compound: &Compound) {
        let mut words = Words::new(&compound.joined);
        // Parts that are one word by themselves may be several when joined, if one of them ends in a sign.
        let Some(word) = words.next().filter(|word| word.end == compound.joined.len()) else { return };
        let mut term = Vec::new();
        term::push_compound(&mut term, &word, compound, self.language);
        self.push(&term, Suffix::None, compound.first);
    }

    /// Adds a term to a field without positions.
    pub fn add_term(&mut self, field: Field, term: &[u8]) {
        self.begin(field);
        self.push_all(term, [0].into_iter());
    }

    /// Adds a number to a field of numbers.
    pub fn add_number(&mut self, field: Field, number: u64) {
        self.add_term(field, &number.to_be_bytes());
    }

    /// Adds a term at these positions, which must rise.
    pub(super) fn push_all(&mut self, term: &[u8], positions: impl Iterator<Item = u32>) {
        let first = self.write_prefix(term, Suffix::None);
        self.occurrences.extend(positions.map(|position| Occurrence { position, ..first }));
    }

    fn push(&mut self, prefix: &[u8], suffix: Suffix, position: u32) {
        let first = self.write_prefix(prefix, suffix);
        self.occurrences.push(Occurrence { position, ..first });
    }

    /// Appends a prefix to `bytes`. Returns its occurrence at position 0.
    fn write_prefix(&mut self, prefix: &[u8], suffix: Suffix) -> Occurrence {
        // tantivy accepts no longer terms.
        let prefix = &prefix[..prefix.len().min(usize::from(u16::MAX))];
        let start = self.bytes.len() as u32;
        self.bytes.extend_from_slice(prefix);
        Occurrence { start, length: prefix.len() as u16, in_text: false, suffix, position: 0 }
    }

    /// The fields with their occurrences, in the order in which they were begun. A field may come several times.
    pub(super) fn fields(&self) -> impl Iterator<Item = (Field, &[Occurrence])> {
        self.fields.iter().enumerate().map(|(i, &(field, start))| {
            let end = self.fields.get(i + 1).map_or(self.occurrences.len(), |&(_, next)| next);
            (field, &self.occurrences[start..end])
        })
    }

    /// All terms, as often as they occur, with their fields and positions.
    #[cfg_attr(not(feature = "engine"), allow(dead_code))]
    pub(crate) fn all(&self) -> impl Iterator<Item = (Field, u32, Vec<u8>)> {
        self.fields().flat_map(move |(field, occurrences)| {
            occurrences.iter().map(move |&occurrence| {
                let mut term = Vec::new();
                self.write_term(occurrence, &mut term);
                (field, occurrence.position, term)
            })
        })
    }

    /// A term as its prefix and a code of its suffix. Codes are the same in all documents.
    pub(super) fn parts(&self, occurrence: Occurrence) -> (&[u8], u16) {
        let prefixes = if occurrence.in_text { self.text.as_bytes() } else { &self.bytes };
        let prefix = &prefixes[occurrence.start as usize..][..usize::from(occurrence.length)];
        let suffix = match occurrence.suffix {
            Suffix::None => 0,
            Suffix::Word => 1,
            Suffix::WordOfLanguage => 2 + u16::from(self.language.ordinal()),
        };
        (prefix, suffix)
    }

    /// Appends the bytes of a term to `out`.
    pub(super) fn write_term(&self, occurrence: Occurrence, out: &mut Vec<u8>) {
        out.extend_from_slice(self.parts(occurrence).0);
        match occurrence.suffix {
            Suffix::None => {}
            Suffix::Word => term::push_suffix(out, None),
            Suffix::WordOfLanguage => term::push_suffix(out, Some(self.language)),
        }
    }
}

impl Occurrence {
    /// Is it of the very same bytes as `previous`, the occurrence before it? Terms added at several positions share
    /// them.
    pub(super) fn shares_bytes_with(self, previous: Occurrence) -> bool {
        Occurrence { position: previous.position, ..self } == previous
    }
}

/// A property of a word that its term does not show.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Property {
    SentenceStart,
    ParagraphStart,
    TitleCase,
    Capitals,
    MixedCase,
}

impl Property {
    const ALL: [Property; 5] = [
        Property::SentenceStart,
        Property::ParagraphStart,
        Property::TitleCase,
        Property::Capitals,
        Property::MixedCase,
    ];

    /// Its name in terms.
    fn name(self) -> &'static str {
        match self {
            Property::SentenceStart => "sentence",
            Property::ParagraphStart => "paragraph",
            Property::TitleCase => "Title",
            Property::Capitals => "CAPITALS",
            Property::MixedCase => "Mixed",
        }
    }
}

/// The terms of all properties, by field.
static PROPERTY_TERMS: LazyLock<[[String; Property::ALL.len()]; TextField::ALL.len()]> = LazyLock::new(|| {
    TextField::ALL.map(|field| Property::ALL.map(|property| CaseBoundaryTerms::term(field, property)))
});

/// Builds the tables that are otherwise built on first use, so that a test can show that all of them are valid.
#[cfg(test)]
pub(super) fn build_tables() {
    LazyLock::force(&PROPERTY_TERMS);
}

/// The terms of a document in the case and boundary field: which words have capitals, where sentences and paragraphs
/// begin. With positions, which are those of the words.
#[derive(Debug, Default)]
pub(crate) struct CaseBoundaryTerms {
    properties: Vec<(TextField, Property, u32)>,
    /// Words in mixed case, as they are written.
    mixed: Vec<(TextField, String, u32)>,
}

impl CaseBoundaryTerms {
    /// No terms, with room for those of `text_bytes` bytes of text.
    #[must_use]
    pub(crate) fn with_capacity(text_bytes: usize) -> CaseBoundaryTerms {
        CaseBoundaryTerms { properties: Vec::with_capacity(text_bytes / 24 + 8), mixed: Vec::new() }
    }

    /// The term of the first words of sentences.
    #[must_use]
    pub(crate) fn sentence(field: TextField) -> String {
        CaseBoundaryTerms::term(field, Property::SentenceStart)
    }

    /// The term of the first words of paragraphs.
    #[must_use]
    pub(crate) fn paragraph(field: TextField) -> String {
        CaseBoundaryTerms::term(field, Property::ParagraphStart)
    }

    /// The first words of the sentences or paragraphs of these documents (in rising order), whose term in a field `term`
    /// makes, counted from each document's first word.
    ///
    /// # Errors
    ///
    /// What the operating system says.
    pub(crate) fn starts(
        reader: &SegmentReader,
        fields: &Fields,
        term: fn(TextField) -> String,
        docs: &[DocId],
    ) -> tantivy::Result<Vec<Vec<u32>>> {
        let index = reader.inverted_index(fields.case_boundary)?;
        let mut out = vec![Vec::new(); docs.len()];
        for field in [TextField::Body, TextField::Boilerplate] {
            let term = Term::from_field_text(fields.case_boundary, &term(field));
            let mut postings = index.read_postings(&term, IndexRecordOption::WithFreqsAndPositions)?;
            let Some(postings) = &mut postings else { continue };
            for (&doc, starts) in docs.iter().zip(&mut out) {
                if postings.doc() < doc {
                    postings.seek(doc);
                }
                if postings.doc() == doc {
                    postings.append_positions_with_offset(0, starts);
                }
            }
        }
        Ok(out)
    }

    fn term(field: TextField, property: Property) -> String {
        format!("{} {}", field.name(), property.name())
    }

    fn mixed_term(field: TextField, word: &str) -> String {
        format!("{} ={word}", field.name())
    }

    /// The term of the words of a field in this case; words in lower case have none.
    #[must_use]
    pub(crate) fn case(field: TextField, case: &Case) -> Option<String> {
        Some(match case {
            Case::Lower => return None,
            Case::Title => CaseBoundaryTerms::term(field, Property::TitleCase),
            Case::Upper => CaseBoundaryTerms::term(field, Property::Capitals),
            Case::Mixed(word) => CaseBoundaryTerms::mixed_term(field, word),
        })
    }

    /// The terms of all words of a field with capitals.
    #[must_use]
    pub(crate) fn capitalised(field: TextField) -> [String; 3] {
        [Property::TitleCase, Property::Capitals, Property::MixedCase]
            .map(|property| CaseBoundaryTerms::term(field, property))
    }

    /// Adds the case of a word of `field`. Words of a field must come in order.
    #[inline]
    pub(crate) fn add_case(&mut self, field: TextField, case: Case, position: u32) {
        let property = match case {
            Case::Lower => return,
            Case::Title => Property::TitleCase,
            Case::Upper => Property::Capitals,
            Case::Mixed(word) => {
                self.mixed.push((field, word, position));
                Property::MixedCase
            }
        };
        self.properties.push((field, property, position));
    }

    /// Adds the first word of a sentence of `field`.
    pub(crate) fn add_sentence(&mut self, field: TextField, position: u32) {
        self.properties.push((field, Property::SentenceStart, position));
    }

    /// Adds the first word of a paragraph of `field`.
    pub(crate) fn add_paragraph(&mut self, field: TextField, position: u32) {
        self.properties.push((field, Property::ParagraphStart, position));
    }

    /// Adds the terms to those of a document, in `case_boundary`, the field for them.
    pub(crate) fn add_to(mut self, terms: &mut Terms, case_boundary: Field) {
        if self.properties.is_empty() {
            return;
        }
        terms.begin(case_boundary);
        // The positions of each term rise, because words came in order. There are few different terms.
        let mut added: SmallVec<[(TextField, Property); 16]> = SmallVec::new();
        for &(field, property, _) in &self.properties {
            if added.contains(&(field, property)) {
                continue;
            }
            added.push((field, property));
            let same = self.properties.iter().filter(|entry| (entry.0, entry.1) == (field, property));
            let mut last = None;
            let positions = same.map(|entry| entry.2).filter(|&position| last.replace(position) != Some(position));
            terms.push_all(PROPERTY_TERMS[field as usize][property as usize].as_bytes(), positions);
        }
        self.mixed.sort_unstable();
        self.mixed.dedup();
        for group in self.mixed.chunk_by(|a, b| (a.0, &a.1) == (b.0, &b.1)) {
            let term = CaseBoundaryTerms::mixed_term(group[0].0, &group[0].1);
            terms.push_all(term.as_bytes(), group.iter().map(|entry| entry.2));
        }
    }
}
