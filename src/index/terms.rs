//! The terms that a document is found by: words of its texts as keys, whole values, numbers, and its shape.
//!
//! Words are cut once, where documents are made, for all that is made of them; the segment's [`super::inverted`] index is
//! given terms. What cannot be seen in keys (case, where sentences and paragraphs begin) is a field of its own, written
//! by [`Shape`].

use std::sync::LazyLock;

use smallvec::SmallVec;
use tantivy::schema::Field;

use crate::text::word::{Case, Word};
use crate::text::{Language, Words, term};
use crate::vocabulary::TextField;

/// The terms of a document, a field behind the other.
///
/// Nearly all words are written as their keys begin, but for their capitals: their text in small letters is kept, and
/// their keys are made of it where they are new to a segment.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Terms {
    /// What the words are written in.
    language: Language,
    /// Texts in small letters, one behind the other.
    text: String,
    /// Keys, or what they begin with, of all else.
    keys: Vec<u8>,
    occurrences: Vec<Occurrence>,
    /// Fields, and where their occurrences begin.
    fields: Vec<(Field, usize)>,
}

/// A term at a place.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Occurrence {
    /// What its key begins with.
    start: u32,
    length: u16,
    /// Does that stand in the text?
    in_text: bool,
    tail: Tail,
    /// Where it stands in the field's text, in words.
    pub(super) position: u32,
}

/// What a key ends with, that is not written down for each word.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Tail {
    Nothing,
    /// What a word's key ends with: see [`term`].
    Word,
    /// The same, with the language.
    WordOfLanguage,
}

impl Terms {
    /// No terms, of an article in `language`, with room for those of a text of so many bytes.
    #[must_use]
    pub fn with_room(language: Language, bytes: usize) -> Terms {
        /// For signs, numbers, a section's heading.
        const KEYS: usize = 200;
        // A word and the space behind it are six bytes or so, and every fifth has a sign.
        let occurrences = Vec::with_capacity(bytes / 4 + 8);
        Terms { language, occurrences, keys: Vec::with_capacity(KEYS), ..Terms::default() }
    }

    /// What follows is of this field.
    pub fn begin(&mut self, field: Field) {
        self.fields.push((field, self.occurrences.len()));
    }

    /// The words of a text, each at the position that `place` gives it. Of some languages a key of its stem stands at the
    /// same position.
    #[inline]
    pub fn add_words(&mut self, text: &str, mut place: impl FnMut(&Word<'_>) -> u32) {
        let before = self.text.len();
        let mut words = Words::new(text);
        while let Some(word) = words.next() {
            let position = place(&word);
            self.push_word(&word, before, position);
        }
        let small = words.into_lowercase();
        if before == 0 {
            self.text = small;
        } else {
            self.text.push_str(&small);
        }
    }

    #[inline]
    fn push_word(&mut self, word: &Word<'_>, before: usize, position: u32) {
        let tail = if word.may_be_stemmed(self.language) { Tail::WordOfLanguage } else { Tail::Word };
        if word.is_ascii() {
            let length = word.folded.len() as u16;
            let start = (before + word.start) as u32;
            self.occurrences.push(Occurrence { start, length, in_text: true, tail, position });
        } else if word.form == word.folded {
            self.push(word.folded.as_bytes(), tail, position);
        } else {
            let mut key = Vec::new();
            term::push_word(&mut key, word, self.language);
            self.push(&key, Tail::Nothing, position);
        }
        if term::has_stem_term(word, self.language) {
            let key = term::of_stem(self.language, &self.language.stem(word.form));
            self.push(key.as_bytes(), Tail::Nothing, position);
        }
    }

    /// A field of one term, which stands for a whole value.
    pub fn add_value(&mut self, field: Field, key: &[u8]) {
        self.begin(field);
        self.push_all(key, [0].into_iter());
    }

    /// A field of one number, as tantivy's terms have it.
    pub fn add_number(&mut self, field: Field, number: u64) {
        self.add_value(field, &number.to_be_bytes());
    }

    /// A term, at these positions. They rise.
    pub(super) fn push_all(&mut self, key: &[u8], positions: impl Iterator<Item = u32>) {
        let first = self.head(key, Tail::Nothing);
        self.occurrences.extend(positions.map(|position| Occurrence { position, ..first }));
    }

    fn push(&mut self, head: &[u8], tail: Tail, position: u32) {
        let first = self.head(head, tail);
        self.occurrences.push(Occurrence { position, ..first });
    }

    /// Writes down what a key begins with.
    fn head(&mut self, head: &[u8], tail: Tail) -> Occurrence {
        // tantivy takes no longer terms.
        let head = &head[..head.len().min(usize::from(u16::MAX))];
        let start = self.keys.len() as u32;
        self.keys.extend_from_slice(head);
        Occurrence { start, length: head.len() as u16, in_text: false, tail, position: 0 }
    }

    /// Fields and what is in them, in the order in which they were begun. One may be begun several times.
    pub(super) fn fields(&self) -> impl Iterator<Item = (Field, &[Occurrence])> {
        self.fields.iter().enumerate().map(|(i, &(field, start))| {
            let end = self.fields.get(i + 1).map_or(self.occurrences.len(), |&(_, next)| next);
            (field, &self.occurrences[start..end])
        })
    }

    /// The key of a term in two parts: what it begins with, and a number for the rest, the same in all documents.
    pub(super) fn parts(&self, occurrence: Occurrence) -> (&[u8], u16) {
        let from = if occurrence.in_text { self.text.as_bytes() } else { &self.keys };
        let head = &from[occurrence.start as usize..][..usize::from(occurrence.length)];
        let tail = match occurrence.tail {
            Tail::Nothing => 0,
            Tail::Word => 1,
            Tail::WordOfLanguage => 2 + u16::from(self.language.ordinal()),
        };
        (head, tail)
    }

    /// Appends the key of a term to `out`.
    pub(super) fn write_key(&self, occurrence: Occurrence, out: &mut Vec<u8>) {
        out.extend_from_slice(self.parts(occurrence).0);
        match occurrence.tail {
            Tail::Nothing => {}
            Tail::Word => term::push_suffix(out, None),
            Tail::WordOfLanguage => term::push_suffix(out, Some(self.language)),
        }
    }
}

impl Occurrence {
    /// Is it of the same key as the one before it in the same document, which is written once?
    pub(super) fn shares_key(self, before: Occurrence) -> bool {
        Occurrence { position: before.position, ..self } == before
    }
}

/// A sign that a word bears beside its key.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Sign {
    Sentence,
    Paragraph,
    Title,
    Capitals,
    Mixed,
}

impl Sign {
    const ALL: [Sign; 5] = [Sign::Sentence, Sign::Paragraph, Sign::Title, Sign::Capitals, Sign::Mixed];

    fn name(self) -> &'static str {
        match self {
            Sign::Sentence => "sentence",
            Sign::Paragraph => "paragraph",
            Sign::Title => "Title",
            Sign::Capitals => "CAPITALS",
            Sign::Mixed => "Mixed",
        }
    }
}

/// The terms of signs, for each field.
static SIGN_TERMS: LazyLock<[[String; Sign::ALL.len()]; TextField::ALL.len()]> =
    LazyLock::new(|| TextField::ALL.map(|field| Sign::ALL.map(|sign| Shape::term(field, sign))));

/// What keys do not show of a document's texts: which words have capitals, where sentences and paragraphs begin. Terms
/// with positions.
#[derive(Debug, Default)]
pub struct Shape {
    signs: Vec<(TextField, Sign, u32)>,
    /// Words in a case of their own.
    mixed: Vec<(TextField, String, u32)>,
}

impl Shape {
    /// No signs, with room for those of a text of so many bytes.
    #[must_use]
    pub fn with_room(bytes: usize) -> Shape {
        Shape { signs: Vec::with_capacity(bytes / 24 + 8), mixed: Vec::new() }
    }

    /// The term for sentences' first words.
    #[must_use]
    pub fn sentence(field: TextField) -> String {
        Shape::term(field, Sign::Sentence)
    }

    /// The term for paragraphs' first words.
    #[must_use]
    pub fn paragraph(field: TextField) -> String {
        Shape::term(field, Sign::Paragraph)
    }

    fn term(field: TextField, sign: Sign) -> String {
        format!("{} {}", field.name(), sign.name())
    }

    fn mixed_term(field: TextField, word: &str) -> String {
        format!("{} ={word}", field.name())
    }

    /// The term for words of a field in this case; words in small letters have none.
    #[must_use]
    pub fn case(field: TextField, case: &Case) -> Option<String> {
        Some(match case {
            Case::Lower => return None,
            Case::Title => Shape::term(field, Sign::Title),
            Case::Upper => Shape::term(field, Sign::Capitals),
            Case::Mixed(word) => Shape::mixed_term(field, word),
        })
    }

    /// The terms that words with capitals have, whichever.
    #[must_use]
    pub fn capitalised(field: TextField) -> [String; 3] {
        [Sign::Title, Sign::Capitals, Sign::Mixed].map(|sign| Shape::term(field, sign))
    }

    /// Notes the case of a word of `field`. Words of a field come in order.
    #[inline]
    pub fn add_case(&mut self, field: TextField, case: Case, position: u32) {
        let sign = match case {
            Case::Lower => return,
            Case::Title => Sign::Title,
            Case::Upper => Sign::Capitals,
            Case::Mixed(word) => {
                self.mixed.push((field, word, position));
                Sign::Mixed
            }
        };
        self.signs.push((field, sign, position));
    }

    /// Notes that a sentence of `field` begins here.
    pub fn add_sentence(&mut self, field: TextField, position: u32) {
        self.signs.push((field, Sign::Sentence, position));
    }

    /// Notes that a paragraph of `field` begins here.
    pub fn add_paragraph(&mut self, field: TextField, position: u32) {
        self.signs.push((field, Sign::Paragraph, position));
    }

    /// Adds the signs to the terms, in the field of shapes.
    pub fn add_to(mut self, terms: &mut Terms, shapes: Field) {
        if self.signs.is_empty() {
            return;
        }
        terms.begin(shapes);
        // Of each term the positions are in order, as words are. There are few terms.
        let mut told: SmallVec<[(TextField, Sign); 16]> = SmallVec::new();
        for &(field, sign, _) in &self.signs {
            if told.contains(&(field, sign)) {
                continue;
            }
            told.push((field, sign));
            let positions = self.signs.iter().filter(|entry| (entry.0, entry.1) == (field, sign)).map(|entry| entry.2);
            let mut last = None;
            let positions = positions.filter(|&position| last.replace(position) != Some(position));
            terms.push_all(SIGN_TERMS[field as usize][sign as usize].as_bytes(), positions);
        }
        self.mixed.sort_unstable();
        self.mixed.dedup();
        for group in self.mixed.chunk_by(|a, b| (a.0, &a.1) == (b.0, &b.1)) {
            let term = Shape::mixed_term(group[0].0, &group[0].1);
            terms.push_all(term.as_bytes(), group.iter().map(|entry| entry.2));
        }
    }
}
