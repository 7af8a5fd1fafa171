//! Regular expressions of queries, matched without regard to case and accents.

use regex_automata::dfa::{StartKind, dense};
use regex_automata::util::syntax;

use crate::text::fold::unaccented;

/// Compiles a regular expression that is matched against whole values: case-insensitive, its letters without accents.
///
/// # Errors
///
/// The reason why it does not compile, in one line.
pub(crate) fn compile_regex(regex: &str) -> Result<regex::Regex, String> {
    const MAX_COMPILED_BYTES: usize = 1 << 20;
    regex::RegexBuilder::new(&fold_regex(regex)).case_insensitive(true).size_limit(MAX_COMPILED_BYTES).build().map_err(
        |error| match error {
            regex::Error::CompiledTooBig(_) => "it is too large".to_string(),
            // The message shows the expression and a caret first; the reason is its last line.
            other => {
                let message = other.to_string();
                let reason = message.lines().last().expect("the message is not empty");
                reason.strip_prefix("error: ").unwrap_or(reason).to_string()
            }
        },
    )
}

/// Compiles a regular expression, folded, that is matched against single words: an automaton that runs over a dictionary.
///
/// # Errors
///
/// The reason if it does not compile, or its automaton is too large.
pub(crate) fn compile_word_regex(folded: &str) -> Result<dense::DFA<Vec<u32>>, String> {
    const MAX_BYTES: usize = 8 << 20;
    let config = dense::Config::new().dfa_size_limit(Some(MAX_BYTES)).determinize_size_limit(Some(MAX_BYTES));
    dense::Builder::new()
        .configure(config.start_kind(StartKind::Anchored))
        .syntax(syntax::Config::new().case_insensitive(true))
        .build(&format!("^(?:{folded})$"))
        .map_err(|_| "it is too large for single words".to_string())
}

/// The regular expression with accents removed from its letters, as they are from indexed words and values. All other
/// characters stay as they are, but for `\/`, which becomes `/`.
#[must_use]
pub(crate) fn fold_regex(regex: &str) -> String {
    unaccented(&regex.replace("\\/", "/")).into_owned()
}
