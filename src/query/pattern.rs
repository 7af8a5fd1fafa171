//! Words with `*` and `?` in them: patterns, or the punctuation of a sentence.

/// `pattern` without trailing punctuation, which belongs to the sentence around it. A trailing `?` counts as
/// punctuation, a trailing `*` does not.
#[must_use]
pub(crate) fn trim_trailing_punctuation(pattern: &str) -> &str {
    pattern.trim_end_matches(|c: char| !c.is_alphanumeric() && c != '*')
}

/// Whether a word is a pattern: it contains `*` or `?` beside a letter or digit. A `?` at the end is a question mark; one
/// on each side is a pair of quotation marks that were lost in a conversion; `5*3` is a product, `f**k`, `f***` and `M*A*S*H`
/// are as they are written.
pub(super) fn is_pattern(word: &str) -> bool {
    let unquoted = word.strip_prefix('?').filter(|rest| rest.ends_with('?'));
    let pattern = trim_trailing_punctuation(unquoted.unwrap_or(word));
    if !pattern.contains(['*', '?']) || pattern.contains(['/', '=', '&', '@']) {
        return false;
    }
    let is_product = pattern.contains('*') && pattern.chars().all(|c| c.is_numeric() || c == '*');
    if is_product && !pattern.starts_with('*') && !pattern.ends_with('*') {
        return false;
    }
    let inner = pattern.trim_matches('*');
    let mut letters = inner.split('*').map(|piece| piece.chars().count());
    let is_spelled = inner.matches('*').count() > 1 && letters.all(|count| count <= 1);
    pattern.contains(char::is_alphanumeric) && !pattern.contains("**") && !is_spelled
}
