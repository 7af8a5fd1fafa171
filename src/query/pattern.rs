//! Words with `*` and `?` in them: patterns, or the punctuation of a sentence.

/// `pattern` without trailing punctuation, which belongs to the sentence around it. A trailing `?` counts as
/// punctuation, a trailing `*` does not.
#[must_use]
pub fn trim_trailing_punctuation(pattern: &str) -> &str {
    pattern.trim_end_matches(|c: char| !c.is_alphanumeric() && c != '*')
}

/// Whether a word is a pattern: it contains `*` or `?` beside at least two letters or three digits. A `?` at the end is
/// a question mark; one on each side is a pair of quotation marks that were lost in a conversion.
pub(super) fn is_pattern(word: &str) -> bool {
    let unquoted = word.strip_prefix('?').filter(|rest| rest.ends_with('?'));
    let pattern = trim_trailing_punctuation(unquoted.unwrap_or(word));
    if !pattern.contains(['*', '?']) || pattern.contains(['/', '=', '&', '@']) {
        return false;
    }
    let letters = pattern.chars().filter(|c| c.is_alphabetic()).count();
    let digits = pattern.chars().filter(|c| c.is_numeric()).count();
    letters >= 2 || digits >= 3
}
