//! The words of a field's value as index keys.
//!
//! Words are cut once, where documents are made, for all that is made of them; tantivy is given lists. A value of a text
//! field is a list of keys, made by [`Keys`] and read by [`KeyTokenizer`]. What cannot be seen in keys (case, where
//! sentences and paragraphs begin) is a field of its own, whose value is made by [`Shape`] and read by
//! [`ShapeTokenizer`].

use tantivy::tokenizer::{Token, TokenStream, Tokenizer};

use super::schema::TextField;
use crate::text::word::{Case, STEM_KEY, Word};
use crate::text::{Language, WordKey};

/// The name under which the schema knows the tokenizer of texts.
pub const WORDS: &str = "crosshead_words";

/// The name under which the schema knows the tokenizer of [`Shape`].
pub const SHAPE: &str = "crosshead_shape";

/// Ends a line of a value; no key holds it.
const END: char = '\n';

/// A text as its keys, a line each: first the position of the first word, then the words in order. A key of a stem stands
/// behind its word and at its position.
#[derive(Debug, Default)]
pub struct Keys {
    value: String,
}

impl Keys {
    /// Keys of a text of about so many bytes whose first word stands at position `first`.
    #[must_use]
    pub fn new(first: u32, bytes: usize) -> Keys {
        let mut value = String::with_capacity(bytes * 2 + 8);
        value.push_str(&first.to_string());
        value.push(END);
        Keys { value }
    }

    /// The next word, of an article in `language`.
    pub fn push(&mut self, word: &Word<'_>, language: Language) {
        WordKey::push_to(&mut self.value, word, language);
        self.value.push(END);
        if WordKey::push_stem_to(&mut self.value, word, language) {
            self.value.push(END);
        }
    }

    /// As the value of a field.
    #[must_use]
    pub fn into_value(self) -> String {
        self.value
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

/// What keys do not show of a document's texts: which words have capitals, where sentences and paragraphs begin. Terms
/// with positions.
#[derive(Debug, Default)]
pub struct Shape {
    signs: Vec<(TextField, Sign, u32)>,
    /// Words in a case of their own.
    mixed: Vec<(TextField, String, u32)>,
}

impl Shape {
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
            Case::Small => return None,
            Case::Title => Shape::term(field, Sign::Title),
            Case::Capitals => Shape::term(field, Sign::Capitals),
            Case::Mixed(word) => Shape::mixed_term(field, word),
        })
    }

    /// The terms that words with capitals have, whichever.
    #[must_use]
    pub fn capitalised(field: TextField) -> [String; 3] {
        [Sign::Title, Sign::Capitals, Sign::Mixed].map(|sign| Shape::term(field, sign))
    }

    /// Notes the case of a word of `field`. Words of a field come in order.
    pub fn add_case(&mut self, field: TextField, case: Case, position: u32) {
        let sign = match case {
            Case::Small => return,
            Case::Title => Sign::Title,
            Case::Capitals => Sign::Capitals,
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

    /// As the value of the field: a line a term, with its positions behind it. `None` if there is nothing to say.
    #[must_use]
    pub fn into_value(mut self) -> Option<String> {
        if self.signs.is_empty() {
            return None;
        }
        // Positions of a term must rise.
        self.signs.sort_unstable();
        self.mixed.sort_unstable();
        let mut value = String::with_capacity(self.signs.len() * 4 + 64);
        let mut write = |term: String, positions: &mut dyn Iterator<Item = u32>| {
            value.push_str(&term);
            let mut last = None;
            for position in positions.filter(|&position| last.replace(position) != Some(position)) {
                value.push('\t');
                value.push_str(&position.to_string());
            }
            value.push(END);
        };
        for group in self.signs.chunk_by(|a, b| (a.0, a.1) == (b.0, b.1)) {
            write(Shape::term(group[0].0, group[0].1), &mut group.iter().map(|entry| entry.2));
        }
        for group in self.mixed.chunk_by(|a, b| (a.0, &a.1) == (b.0, &b.1)) {
            write(Shape::mixed_term(group[0].0, &group[0].1), &mut group.iter().map(|entry| entry.2));
        }
        Some(value)
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
    /// Positions of the term that the token bears.
    positions: std::str::Split<'a, char>,
    token: &'a mut Token,
}

impl Tokenizer for ShapeTokenizer {
    type TokenStream<'a> = ShapeStream<'a>;

    fn token_stream<'a>(&'a mut self, value: &'a str) -> ShapeStream<'a> {
        self.token.reset();
        let mut positions = "".split('\t');
        positions.next();
        ShapeStream { lines: value.lines(), positions, token: &mut self.token }
    }
}

impl TokenStream for ShapeStream<'_> {
    fn advance(&mut self) -> bool {
        loop {
            if let Some(position) = self.positions.next() {
                self.token.position = position.parse().unwrap_or_default();
                return true;
            }
            let Some(line) = self.lines.next() else { return false };
            self.positions = line.split('\t');
            self.token.text.clear();
            self.token.text.push_str(self.positions.next().unwrap_or_default());
        }
    }

    fn token(&self) -> &Token {
        self.token
    }

    fn token_mut(&mut self) -> &mut Token {
        self.token
    }
}

/// Cuts values of [`Keys`] into keys.
#[derive(Clone, Default)]
pub struct KeyTokenizer {
    token: Token,
}

/// The keys of one value.
pub struct KeyStream<'a> {
    lines: std::str::Split<'a, char>,
    /// Position of the next word.
    next: usize,
    token: &'a mut Token,
}

impl Tokenizer for KeyTokenizer {
    type TokenStream<'a> = KeyStream<'a>;

    fn token_stream<'a>(&'a mut self, value: &'a str) -> KeyStream<'a> {
        self.token.reset();
        let mut lines = value.split(END);
        let next = lines.next().and_then(|first| first.parse().ok()).unwrap_or_default();
        KeyStream { lines, next, token: &mut self.token }
    }
}

impl TokenStream for KeyStream<'_> {
    fn advance(&mut self) -> bool {
        // Behind the last END stands nothing.
        let Some(line) = self.lines.next().filter(|line| !line.is_empty()) else { return false };
        if line.as_bytes()[0] != STEM_KEY {
            self.token.position = self.next;
            self.next += 1;
        }
        self.token.text.clear();
        self.token.text.push_str(line);
        true
    }

    fn token(&self) -> &Token {
        self.token
    }

    fn token_mut(&mut self) -> &mut Token {
        self.token
    }
}
