//! A quotation: its parts, between which its writer left text out, and their words.

use crate::text::Words;

/// A word of a text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Token {
    /// Lower-cased and composed, with accents.
    pub form: String,
    /// Lower-cased and without accents.
    pub folded: String,
    /// Byte range in the text.
    pub start: usize,
    pub end: usize,
}

/// A part of a quotation: the words between two ellipses.
#[derive(Debug)]
pub(super) struct Part<'q> {
    pub text: &'q str,
    pub tokens: Vec<Token>,
}

/// Marks with which writers show that they left text out, the longest first.
const ELLIPSES: [&str; 8] = ["[. . .]", "[...]", "(...)", "[…]", "(…)", ". . .", "...", "…"];

/// The parts of a quotation that have words.
pub(super) fn parts(quotation: &str) -> Vec<Part<'_>> {
    let mut parts = Vec::new();
    let mut rest = quotation;
    loop {
        let next = ELLIPSES.iter().filter_map(|mark| Some((rest.find(mark)?, mark.len())));
        // The first; of those that begin there, the longest.
        let next = next.min_by_key(|&(at, length)| (at, usize::MAX - length));
        let (text, after) = next.map_or((rest, None), |(at, length)| (&rest[..at], Some(&rest[at + length..])));
        let tokens = tokens(text);
        if !tokens.is_empty() {
            parts.push(Part { text, tokens });
        }
        match after {
            Some(after) => rest = after,
            None => return parts,
        }
    }
}

/// The words of a text.
pub(super) fn tokens(text: &str) -> Vec<Token> {
    let mut tokens = Vec::new();
    let mut words = Words::new(text);
    while let Some(word) = words.next() {
        let mut token =
            Token { form: word.form.to_string(), folded: word.folded.to_string(), start: word.start, end: word.end };
        if word.form.starts_with(char::is_numeric)
            && let Some(sign) = minus_before(&text[..word.start])
        {
            token.form.insert(0, '-');
            token.start = sign;
        }
        tokens.push(token);
    }
    tokens
}

/// Where the minus is that belongs to a number after this text, in any of the forms that writers use: before the number or
/// its currency, after a space or an opening bracket. A dash between two numbers is none, nor is one with spaces around it.
fn minus_before(text: &str) -> Option<usize> {
    let rest = text.trim_end_matches(['$', '€', '£', '¥']);
    let before = rest.strip_suffix(['-', '\u{2212}', '\u{2013}'])?;
    let opens = |c: char| c.is_whitespace() || matches!(c, '(' | '[' | '"' | '“' | '„' | '«' | '\'' | '‘');
    before.chars().next_back().is_none_or(opens).then_some(before.len())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_quotation_is_parted_at_ellipses() {
        for (quotation, expected) in [
            ("We will not pay.", vec!["We will not pay."]),
            ("We will … not [...] pay", vec!["We will ", " not ", " pay"]),
            ("... we will. . . . pay ...", vec![" we will", " . pay "]),
            ("港は閉鎖…された", vec!["港は閉鎖", "された"]),
            ("“…”", vec![]),
            ("", vec![]),
        ] {
            let found: Vec<&str> = parts(quotation).iter().map(|part| part.text).collect();
            assert_eq!(found, expected, "{quotation}");
        }
    }
}
