//! The words of a field's value as index keys.
//!
//! A key depends on the article's language, which tantivy does not hand to a tokenizer. So a value begins with it:
//! `en NUL text`, made by [`value`] and read here.

use tantivy::tokenizer::{Token, TokenStream, Tokenizer};

use crate::text::word::KEY_SEPARATOR;
use crate::text::{Language, WordKey, Words};

/// The name under which the schema knows this tokenizer.
pub const WORDS: &str = "crosshead_words";

/// `text` of an article in `language` as the value of a field.
#[must_use]
pub fn value(language: Language, text: &str) -> String {
    let mut value = String::with_capacity(text.len() + 3);
    value.push_str(language.code());
    value.push(char::from(KEY_SEPARATOR));
    value.push_str(text);
    value
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
    token: &'a mut Token,
    key: &'a mut Vec<u8>,
    /// The stem key of the current word, still to be given.
    stem: Vec<u8>,
}

impl Tokenizer for WordTokenizer {
    type TokenStream<'a> = WordStream<'a>;

    fn token_stream<'a>(&'a mut self, value: &'a str) -> WordStream<'a> {
        self.token.reset();
        let (code, text) = value.split_once(char::from(KEY_SEPARATOR)).unwrap_or(("", value));
        WordStream {
            words: Words::new(text),
            language: Language::from_exact_code(code).unwrap_or_default(),
            offset: value.len() - text.len(),
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
        self.token.position = word.position as usize;
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
