//! Counts in messages.

use std::fmt::Display;

/// A number with its noun, in the plural unless it is one: `1 query`, `2 queries`.
#[must_use]
pub(crate) fn counted<N: Display + PartialEq + From<u8>>(number: N, noun: &str) -> String {
    let plural = match noun.strip_suffix('y') {
        _ if number == N::from(1) => return format!("{number} {noun}"),
        Some(stem) => format!("{stem}ies"),
        None => format!("{noun}s"),
    };
    format!("{number} {plural}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_is_singular() {
        for (number, noun, expected) in [
            (0_u64, "passage", "0 passages"),
            (1, "passage", "1 passage"),
            (2, "section", "2 sections"),
            (1, "query", "1 query"),
            (12, "query", "12 queries"),
        ] {
            assert_eq!(counted(number, noun), expected);
        }
    }
}
