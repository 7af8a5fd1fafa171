//! Words outside fields, with notes on those that could be meant as syntax; verbatim words and phrases.

use std::ops::Range;

use super::atom::{atom, boost, split_boost};
use super::{Parsed, Parser};
use crate::query::ast::{Node, NodeKind};
use crate::query::error::Note;
use crate::query::lexer::TokenKind;
use crate::query::{FieldName, can_name_saved};

impl Parser<'_> {
    pub(super) fn word(&mut self, word: String, span: Range<usize>) -> Parsed {
        self.note_other_syntax(&word, &span);
        if let Some(name) = word.strip_prefix('@').filter(|name| can_name_saved(name)) {
            return Ok(self
                .saved_query(name, span.clone())?
                .unwrap_or_else(|| Node { kind: NodeKind::Word(word.clone()), span }));
        }
        atom(&word, span)
    }

    /// Notes that a word could be meant as an operator, a truncated word or the name of a field.
    fn note_other_syntax(&mut self, word: &str, span: &Range<usize>) {
        let is_last = self.peek().is_none();
        if matches!(&self.text[span.clone()], "and" | "or" | "not") && !is_last && self.at > 1 {
            let operator = word.to_uppercase();
            let message = format!("\"{word}\" was searched as a word; the operator is {operator}");
            self.note_word("word", message, span, &operator);
        }
        if let Some(stem) =
            word.strip_suffix('!').filter(|stem| stem.len() > 2 && stem.chars().all(char::is_alphabetic))
        {
            let message = format!("\"{word}\" was searched as typed; for all words with this beginning write {stem}*");
            self.note_word("truncation", message, span, &format!("{stem}*"));
        }
        if let Some(name) = word.strip_suffix(':')
            && FieldName::from_name(name).is_some()
            && let Some(next) = self.peek().map(|token| token.span.start)
        {
            let message =
                format!("\"{word}\" was searched as a word; to search the field, remove the space after the colon");
            self.note_word("word", message, &(span.start..next), word);
        }
    }

    /// Notes that the text at `span` was parsed as words; the other reading has `replacement` in its stead.
    fn note_word(&mut self, code: &'static str, message: String, span: &Range<usize>, replacement: &str) {
        let mut note = Note::new(code, message);
        note.this = Some(self.text.to_string());
        note.other = Some(format!("{}{replacement}{}", &self.text[..span.start], &self.text[span.end..]));
        self.notes.push(note);
    }

    /// The word or phrase after `=`, whose span is `sign`.
    pub(super) fn verbatim(&mut self, sign: Range<usize>) -> Node {
        let token = self.next().expect("the lexer emits `=` only before a word or phrase");
        let span = sign.start..token.span.end;
        if let TokenKind::Phrase(text, suffixes) = token.kind {
            let node = Node { kind: NodeKind::Verbatim { text, quoted: true }, span: span.clone() };
            return boost(node, suffixes.boost, span.end);
        }
        let mut text = &self.text[token.span];
        let mut boosts = Vec::new();
        while let Some((before, value)) = split_boost(text) {
            text = before;
            boosts.push(value);
        }
        let node = Node { kind: NodeKind::Verbatim { text: text.to_string(), quoted: false }, span: span.clone() };
        boosts.into_iter().fold(node, |node, value| boost(node, Some(value), span.end))
    }
}
