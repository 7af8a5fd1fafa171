//! White space: what it is, and text with every run of it made one space.

use super::word::{is_space, pieces};

/// Is all white space of ASCII in a text single, between words?
#[must_use]
pub fn is_spaced_once(text: &[u8]) -> bool {
    let ends = [text.first(), text.last()].into_iter().flatten().any(|&byte| is_space(byte));
    let pairs = text.iter().zip(text.iter().skip(1));
    !ends && !pairs.fold(false, |any, (&a, &b)| any | (is_space(a) & is_space(b)))
}

/// White space runs made one space.
#[must_use]
pub fn tidy(text: &str) -> String {
    let bytes = text.as_bytes();
    // White space beyond ASCII begins with one of these bytes, as quotation marks do.
    let begins_other = |byte: u8| matches!(byte, 0xc2 | 0xe1..=0xe3);
    let is_space_at = |at: usize| text[at..].starts_with(char::is_whitespace);
    let has_other = bytes.iter().fold(false, |any, &byte| any | begins_other(byte))
        && bytes.iter().enumerate().any(|(at, &byte)| begins_other(byte) && is_space_at(at));
    let is_other = |byte: &u8| matches!(byte, b'\t'..=b'\r');
    if !has_other && is_spaced_once(bytes) && !bytes.iter().fold(false, |any, byte| any | is_other(byte)) {
        return text.to_string();
    }
    let mut out = String::with_capacity(text.len());
    let push = |word: &str| {
        if !out.is_empty() {
            out.push(' ');
        }
        out.push_str(word);
    };
    if has_other {
        text.split_whitespace().for_each(push);
        return out;
    }
    pieces(text, is_space).for_each(push);
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tidy_table() {
        for (text, expected) in [
            ("The quay", "The quay"),
            ("  The \t quay\r\n", "The quay"),
            ("“The quay” – at dawn", "“The quay” – at dawn"),
            ("“The\u{a0}quay”\u{2009}–  at\u{3000}dawn", "“The quay” – at dawn"),
            ("\u{2028}“The\u{85}quay”\u{202f}", "“The quay”"),
            ("\u{a0}", ""),
            ("日本\u{3000}語", "日本 語"),
        ] {
            assert_eq!(tidy(text), expected, "{text:?}");
        }
    }
}
