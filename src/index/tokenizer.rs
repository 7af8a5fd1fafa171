//! The words of a field's value as index keys.
//!
//! A key depends on the article's language, and positions go on through the passages of an article; neither is known
//! to a tokenizer of tantivy's. So a value begins with both: `en NUL 120 NUL text`, made by [`value`] and read here.
//! What cannot be seen in keys (case, where sentences and paragraphs begin) is a field of its own, whose values are
//! lists of terms and positions made by [`Shape`].

use tantivy::tokenizer::{Token, TokenStream, Tokenizer};

use super::schema::TextField;
use crate::text::word::{Case, KEY_SEPARATOR};
use crate::text::{Language, WordKey, Words};

/// The name under which the schema knows the tokenizer of texts.
pub const WORDS: &str = "crosshead_words";

/// The name under which the schema knows the tokenizer of [`Shape`].
pub const SHAPE: &str = "crosshead_shape";

/// `text` of an article in `language` as the value of a field; its first word stands at position `first`.
#[must_use]
pub fn value(language: Language, first: u32, text: &str) -> String {
    let mut value = String::with_capacity(text.len() + 12);
    value.push_str(language.code());
    value.push(char::from(KEY_SEPARATOR));
    value.push_str(&first.to_string());
    value.push(char::from(KEY_SEPARATOR));
    value.push_str(text);
    value
}

/// What keys do not show of a document's texts: which words have capitals, where sentences and paragraphs begin. Terms
/// with positions, in the order of both.
#[derive(Debug, Default)]
pub struct Shape {
    entries: Vec<(String, u32)>,
}

impl Shape {
    /// The term for sentences' first words.
    #[must_use]
    pub fn sentence(field: TextField) -> String {
        format!("{} sentence", field.name())
    }

    /// The term for paragraphs' first words.
    #[must_use]
    pub fn paragraph(field: TextField) -> String {
        format!("{} paragraph", field.name())
    }

    /// The term for words of a field in this case; words in small letters have none.
    #[must_use]
    pub fn case(field: TextField, case: &Case) -> Option<String> {
        Some(match case {
            Case::Small => return None,
            Case::Title => format!("{} Title", field.name()),
            Case::Capitals => format!("{} CAPITALS", field.name()),
            Case::Mixed(word) => format!("{} ={word}", field.name()),
        })
    }

    /// The terms that words with capitals have, whichever.
    #[must_use]
    pub fn capitalised(field: TextField) -> [String; 3] {
        ["Title", "CAPITALS", "Mixed"].map(|case| format!("{} {case}", field.name()))
    }

    /// Notes the case of the words of `text`, a value of `field` whose first word stands at `first`; returns the
    /// position behind its last word.
    pub fn add_cases(&mut self, field: TextField, first: u32, text: &str) -> u32 {
        let mut words = Words::new(text);
        let mut next = first;
        while let Some(word) = words.next() {
            next = first.saturating_add(word.position).saturating_add(1);
            let case = word.case(text);
            if let Some(term) = Shape::case(field, &case) {
                let position = first.saturating_add(word.position);
                if matches!(case, Case::Mixed(_)) {
                    self.entries.push((format!("{} Mixed", field.name()), position));
                }
                self.entries.push((term, position));
            }
        }
        next
    }

    /// Notes a term at a position.
    pub fn add(&mut self, term: String, position: u32) {
        self.entries.push((term, position));
    }

    /// As the value of the field; `None` if there is nothing to say.
    #[must_use]
    pub fn into_value(mut self) -> Option<String> {
        // Positions of a term must rise.
        self.entries.sort_unstable();
        self.entries.dedup();
        let line = |(term, position): &(String, u32)| format!("{position} {term}\n");
        (!self.entries.is_empty()).then(|| self.entries.iter().map(line).collect())
    }
}

/// Cuts values of [`Shape`] into terms.
#[derive(Clone, Default)]
pub struct ShapeTokenizer {
    token: Token,
}

/// The terms of one value.
pub struct ShapeStream<'a> {
    lines: std::str::Lines<'a>,
    token: &'a mut Token,
}

impl Tokenizer for ShapeTokenizer {
    type TokenStream<'a> = ShapeStream<'a>;

    fn token_stream<'a>(&'a mut self, value: &'a str) -> ShapeStream<'a> {
        self.token.reset();
        ShapeStream { lines: value.lines(), token: &mut self.token }
    }
}

impl TokenStream for ShapeStream<'_> {
    fn advance(&mut self) -> bool {
        // Lines are made by `Shape::into_value`: a number, a space, a term.
        let Some((position, term)) = self.lines.next().and_then(|line| line.split_once(' ')) else { return false };
        self.token.position = position.parse().unwrap_or_default();
        self.token.text.clear();
        self.token.text.push_str(term);
        true
    }

    fn token(&self) -> &Token {
        self.token
    }

    fn token_mut(&mut self) -> &mut Token {
        self.token
    }
}

/// Cuts values into keys.
#[derive(Clone, Default)]
pub struct WordTokenizer {
    token: Token,
    key: Vec<u8>,
}

/// The keys of one value.
pub struct WordStream<'a> {
    words: Words<'a>,
    language: Language,
    offset: usize,
    first: usize,
    token: &'a mut Token,
    key: &'a mut Vec<u8>,
    /// The stem key of the current word, still to be given.
    stem: Vec<u8>,
}

impl Tokenizer for WordTokenizer {
    type TokenStream<'a> = WordStream<'a>;

    fn token_stream<'a>(&'a mut self, value: &'a str) -> WordStream<'a> {
        self.token.reset();
        let mut parts = value.splitn(3, char::from(KEY_SEPARATOR));
        let (code, first, text) = match (parts.next(), parts.next(), parts.next()) {
            (Some(code), Some(first), Some(text)) => (code, first.parse().unwrap_or_default(), text),
            _ => ("", 0, value),
        };
        WordStream {
            words: Words::new(text),
            language: Language::from_exact_code(code).unwrap_or_default(),
            offset: value.len() - text.len(),
            first,
            token: &mut self.token,
            key: &mut self.key,
            stem: Vec::new(),
        }
    }
}

impl TokenStream for WordStream<'_> {
    fn advance(&mut self) -> bool {
        if !self.stem.is_empty() {
            self.token.text.clear();
            self.token.text.push_str(&String::from_utf8_lossy(&self.stem));
            self.stem.clear();
            return true;
        }
        let Some(word) = self.words.next() else { return false };
        self.key.clear();
        WordKey::push_to(self.key, &word, self.language);
        WordKey::push_stem_to(&mut self.stem, &word, self.language);
        self.token.offset_from = self.offset + word.start;
        self.token.offset_to = self.offset + word.end;
        self.token.position = self.first + word.position as usize;
        self.token.text.clear();
        // Keys are made of strings and NULs, so this never replaces anything.
        self.token.text.push_str(&String::from_utf8_lossy(self.key));
        true
    }

    fn token(&self) -> &Token {
        self.token
    }

    fn token_mut(&mut self) -> &mut Token {
        self.token
    }
}
