//! White space: splitting at it, counting what is between it, and making each run of it one space.

use super::bytes::{char_at, count_runs};

/// White space of ASCII, as [`char::is_whitespace`] has it.
#[must_use]
#[inline]
pub(crate) fn is_space(byte: u8) -> bool {
    matches!(byte, b' ' | b'\t'..=b'\r')
}

/// The non-empty pieces of `text` between ASCII bytes that match `is_separator`.
#[inline]
pub(crate) fn split_on<'t>(text: &'t str, is_separator: impl Fn(u8) -> bool + 't) -> impl Iterator<Item = &'t str> {
    let bytes = text.as_bytes();
    let mut at = 0;
    std::iter::from_fn(move || {
        let start = at + bytes[at..].iter().position(|&byte| !is_separator(byte))?;
        at = bytes[start..].iter().position(|&byte| is_separator(byte)).map_or(bytes.len(), |length| start + length);
        Some(&text[start..at])
    })
}

/// Number of words of `text` separated by white space, at most `max`.
#[must_use]
pub(crate) fn count_spaced(text: &str, max: usize) -> usize {
    if !text.is_ascii() {
        return count_spaced_non_ascii(text, max);
    }
    count_runs(text.as_bytes(), |byte| !is_space(byte)).min(max)
}

/// [`count_spaced`] of text that is not ASCII.
fn count_spaced_non_ascii(text: &str, max: usize) -> usize {
    let bytes = text.as_bytes();
    let (mut count, mut inside, mut at) = (0, false, 0);
    while at < bytes.len() && count < max {
        // The first byte of white space beyond ASCII.
        let is_space = match bytes[at] {
            b' ' | b'\t'..=b'\r' => true,
            0xc2 | 0xe1..=0xe3 => char_at(text, at).is_whitespace(),
            // The other bytes of a character are white space if its first byte is.
            0x80..0xc0 => !inside,
            _ => false,
        };
        count += usize::from(!is_space && !inside);
        inside = !is_space;
        at += 1;
    }
    count
}

/// Has the text no ASCII white space at its ends and no two in a row?
#[must_use]
pub(crate) fn is_single_spaced(text: &[u8]) -> bool {
    let ends = [text.first(), text.last()].into_iter().flatten().any(|&byte| is_space(byte));
    let pairs = text.iter().zip(text.iter().skip(1));
    !ends && !pairs.fold(false, |any, (&a, &b)| any | (is_space(a) & is_space(b)))
}

/// `text` with each run of white space made one space, and none at its ends.
#[must_use]
pub(crate) fn tidy(text: &str) -> String {
    let bytes = text.as_bytes();
    // The first byte of white space beyond ASCII, and of quotation marks.
    let may_be_other = |byte: u8| matches!(byte, 0xc2 | 0xe1..=0xe3);
    let is_space_at = |at: usize| text[at..].starts_with(char::is_whitespace);
    let has_other = bytes.iter().fold(false, |any, &byte| any | may_be_other(byte))
        && bytes.iter().enumerate().any(|(at, &byte)| may_be_other(byte) && is_space_at(at));
    let is_control = |byte: &u8| matches!(byte, b'\t'..=b'\r');
    if !has_other && is_single_spaced(bytes) && !bytes.iter().fold(false, |any, byte| any | is_control(byte)) {
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
    split_on(text, is_space).for_each(push);
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

    proptest::proptest! {
        #[test]
        fn tidy_agrees_with_the_standard_library(text in "[a-cé \t\n\u{b}\r\u{a0}\u{2003}’港]{0,12}") {
            proptest::prop_assert_eq!(tidy(&text), text.split_whitespace().collect::<Vec<_>>().join(" "));
        }

        #[test]
        fn count_agrees_with_the_standard_library(text in "[a-c \t\n\u{b}\u{c}\r\u{1c}é\u{a0}\u{85}\u{1680}\u{2003}\u{2028}\u{205f}—\u{3000}港🙂]{0,12}", max in 0usize..6) {
            proptest::prop_assert_eq!(count_spaced(&text, max), text.split_whitespace().take(max).count());
        }
    }
}
