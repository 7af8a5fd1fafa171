//! Turns tokens that look like syntax into words before the query is parsed: the operators of a headline in capitals,
//! the quotes of prose, and operators without operands.

use super::Parser;
use crate::query::ast::MIN_PROSE_WORDS;
use crate::query::error::Note;
use crate::query::lexer::{Suffixes, Token, TokenKind};

impl Parser<'_> {
    /// Turns AND, OR, NOT and MAYBE into words if the whole text is in capitals, such as a headline copied from an old
    /// page: nothing shows which AND is an operator. Text with any other syntax is left alone.
    pub(super) fn demote_operators_in_capitals(&mut self) {
        const MIN_WORDS: usize = 5;
        let is_operator =
            |kind: &TokenKind| matches!(kind, TokenKind::And | TokenKind::Or | TokenKind::Not | TokenKind::Maybe);
        let has_letters =
            |kind: &TokenKind| matches!(kind, TokenKind::Word(word) if word.contains(char::is_alphabetic));
        let words = self.tokens.iter().filter(|token| has_letters(&token.kind)).count();
        let only_text =
            self.tokens.iter().all(|token| matches!(token.kind, TokenKind::Word(_)) || is_operator(&token.kind));
        if self.text.contains(char::is_lowercase) || words < MIN_WORDS || !only_text {
            return;
        }
        let mut changed = false;
        for token in self.tokens.iter_mut().filter(|token| is_operator(&token.kind)) {
            token.kind = TokenKind::Word(self.text[token.span.clone()].to_lowercase());
            changed = true;
        }
        if changed {
            let message = "the whole query is in capitals, so AND, OR and NOT were searched as words; to make them operators, write the other words in lower case or use parentheses";
            self.notes.push(Note::new("word", message));
        }
    }

    /// Turns the phrases of prose (an abstract, a paragraph to find similar articles by) into words: its quotes are
    /// punctuation, and a phrase that must match would leave no hits. Text with an operator is not prose.
    pub(super) fn demote_phrases_in_prose(&mut self) {
        let words = self.tokens.iter().filter(|token| matches!(token.kind, TokenKind::Word(_))).count();
        let is_text = |kind: &TokenKind| {
            matches!(kind, TokenKind::Word(_) | TokenKind::Open | TokenKind::Close)
                || matches!(kind, TokenKind::Phrase(_, suffixes) if *suffixes == Suffixes::default())
        };
        let has_phrase = self.tokens.iter().any(|token| matches!(token.kind, TokenKind::Phrase(..)));
        if words < MIN_PROSE_WORDS || !has_phrase || !self.tokens.iter().all(|token| is_text(&token.kind)) {
            return;
        }
        let mut tokens = Vec::new();
        for token in std::mem::take(&mut self.tokens) {
            let TokenKind::Phrase(text, _) = &token.kind else {
                tokens.push(token);
                continue;
            };
            let words = text.split_whitespace().filter(|word| !word.contains(['(', ')']));
            tokens
                .extend(words.map(|word| Token { kind: TokenKind::Word(word.to_string()), span: token.span.clone() }));
        }
        self.tokens = tokens;
        let message = "this is long enough to be prose, so its quotes were taken for punctuation; a + in front of one makes it a phrase again";
        self.notes.push(Note::new("word", message));
    }

    /// Turns operators of proximity and MAYBE into words where an operand is missing on either side.
    pub(super) fn demote_operators_without_operands(&mut self) {
        for i in 0..self.tokens.len() {
            let is_operator = matches!(self.tokens[i].kind, TokenKind::Near(_) | TokenKind::Maybe);
            if is_operator && !(self.has_left_operand(i) && self.has_right_operand(i)) {
                let text = self.text[self.tokens[i].span.clone()].to_string();
                self.tokens[i].kind = TokenKind::Word(text);
            }
        }
    }

    /// Whether an operand precedes the operator at `i`. NOT may stand between them if the operator is one of proximity.
    fn has_left_operand(&self, i: usize) -> bool {
        let kind_before = |i: usize| i.checked_sub(1).map(|before| &self.tokens[before].kind);
        match kind_before(i) {
            Some(TokenKind::Not) => {
                matches!(self.tokens[i].kind, TokenKind::Near(_)) && kind_before(i - 1).is_some_and(ends_operand)
            }
            Some(kind) => ends_operand(kind),
            None => false,
        }
    }

    fn has_right_operand(&self, i: usize) -> bool {
        self.tokens.get(i + 1).is_some_and(|token| {
            !matches!(
                token.kind,
                TokenKind::Close | TokenKind::And | TokenKind::Or | TokenKind::Maybe | TokenKind::Boost(_)
            )
        })
    }
}

/// Whether a token of this kind can be the last of an operand.
fn ends_operand(kind: &TokenKind) -> bool {
    matches!(
        kind,
        TokenKind::Close | TokenKind::Boost(_) | TokenKind::Word(_) | TokenKind::Phrase(..) | TokenKind::Regex(_)
    )
}
