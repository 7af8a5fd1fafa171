//! Text analysis: tokenization, compounds, folding, terms, stemming, language identification, sentences.
//!
//! Indexing, queries and highlighting all compare words through this module, so that the three agree. Nothing here does
//! I/O or knows tantivy.

mod arabic;
pub(crate) mod bytes;
pub(crate) mod compound;
pub(crate) mod fold;
mod function_words;
pub(crate) mod language;
mod plural;
pub(crate) mod script;
pub(crate) mod sentence;
pub(crate) mod space;
pub(crate) mod term;
pub(crate) mod word;

pub use language::Language;
#[cfg(any(feature = "serve", feature = "mcp"))]
pub(crate) use language::name_of as language_name;
pub(crate) use plural::counted;
pub(crate) use space::tidy;
pub(crate) use word::Word;
pub use word::Words;

/// Builds every table of this module that is otherwise built at first use: for a caller that wants no delay at the first
/// text, and for the test that no table fails to build.
#[allow(dead_code, reason = "called by one test, and by whoever wants the tables early")]
pub(crate) fn build_tables() {
    function_words::build_tables();
}
