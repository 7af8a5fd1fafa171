//! Which signs of a query are words: of a headline in capitals, of prose, of signs that stand between no operands.

use super::Parser;
use crate::query::ast::PROSE;
use crate::query::error::Note;
use crate::query::lexer::{Glued, Token, TokenKind};

impl Parser<'_> {
    /// A text all in capitals, such as a headline typed off an old page, cannot show which AND is an operator. Unless
    /// something else in it can only be the language's, its ANDs are words.
    pub(super) fn read_capitals(&mut self) {
        const FEWEST_WORDS: usize = 5;
        let is_operator =
            |kind: &TokenKind| matches!(kind, TokenKind::And | TokenKind::Or | TokenKind::Not | TokenKind::Maybe);
        let has_letters =
            |kind: &TokenKind| matches!(kind, TokenKind::Word(word) if word.contains(char::is_alphabetic));
        let words = self.tokens.iter().filter(|token| has_letters(&token.kind)).count();
        let only_text =
            self.tokens.iter().all(|token| matches!(token.kind, TokenKind::Word(_)) || is_operator(&token.kind));
        if self.text.contains(char::is_lowercase) || words < FEWEST_WORDS || !only_text {
            return;
        }
        let mut changed = false;
        for token in self.tokens.iter_mut().filter(|token| is_operator(&token.kind)) {
            token.kind = TokenKind::Word(self.text[token.span.clone()].to_lowercase());
            changed = true;
        }
        if changed {
            let message = "all is in capitals, so AND, OR and NOT were searched as words; write the other words small, or use parentheses, to make them operators";
            self.notes.push(Note::new("word", message));
        }
    }

    /// A text of so many words and no operator is somebody's prose (an abstract, a paragraph to find more like); its
    /// quotes are punctuation, and a phrase that must be there would leave nothing.
    pub(super) fn read_prose(&mut self) {
        let words = self.tokens.iter().filter(|token| matches!(token.kind, TokenKind::Word(_))).count();
        let is_text = |kind: &TokenKind| {
            matches!(kind, TokenKind::Word(_) | TokenKind::Open | TokenKind::Close)
                || matches!(kind, TokenKind::Phrase(_, glued) if *glued == Glued::default())
        };
        let has_phrase = self.tokens.iter().any(|token| matches!(token.kind, TokenKind::Phrase(..)));
        if words < PROSE || !has_phrase || !self.tokens.iter().all(|token| is_text(&token.kind)) {
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

    /// A sign of proximity or a MAYBE that stands between no operands is a word.
    pub(super) fn read_signs_as_words(&mut self) {
        let ends = |kind: &TokenKind| {
            matches!(
                kind,
                TokenKind::Close
                    | TokenKind::Boost(_)
                    | TokenKind::Word(_)
                    | TokenKind::Phrase(..)
                    | TokenKind::Regex(_)
                    | TokenKind::Not
            )
        };
        let begins = |kind: &TokenKind| {
            !matches!(kind, TokenKind::Close | TokenKind::And | TokenKind::Or | TokenKind::Maybe | TokenKind::Boost(_))
        };
        for i in 0..self.tokens.len() {
            if !matches!(self.tokens[i].kind, TokenKind::Near(_) | TokenKind::Maybe) {
                continue;
            }
            let before = i.checked_sub(1).is_some_and(|before| ends(&self.tokens[before].kind));
            let negated = i.checked_sub(1).is_some_and(|before| self.tokens[before].kind == TokenKind::Not);
            // "NOT w/5" needs an operand before the NOT, and MAYBE none that is negated.
            let before_not = !negated
                || matches!(self.tokens[i].kind, TokenKind::Near(_))
                    && i.checked_sub(2).is_some_and(|first| {
                        ends(&self.tokens[first].kind) && self.tokens[first].kind != TokenKind::Not
                    });
            let behind = self.tokens.get(i + 1).is_some_and(|token| begins(&token.kind));
            if before && before_not && behind {
                continue;
            }
            let text = self.text[self.tokens[i].span.clone()].to_string();
            self.tokens[i].kind = TokenKind::Word(text);
        }
    }
}
