//! Patterns of the readers of exports.

use regex::Regex;

/// Compiles a pattern that is part of the program.
pub(super) fn regex(pattern: &str) -> Regex {
    Regex::new(pattern).expect("a pattern in the source is valid: a test builds all of them")
}
