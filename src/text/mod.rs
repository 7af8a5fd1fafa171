//! Text analysis: tokenization, compounds, folding, terms, stemming, language identification, sentences.
//!
//! Indexing, queries and highlighting all compare words through this module, so that the three agree. Nothing here does
//! I/O or knows tantivy.

mod arabic;
pub(crate) mod bytes;
pub mod compound;
pub mod fold;
mod function_words;
pub mod language;
mod plural;
pub mod script;
pub mod sentence;
pub mod space;
pub mod term;
pub mod word;

pub use language::Language;
pub use plural::counted;
pub use space::tidy;
pub use word::{Word, Words};

/// Builds every table of this module that is otherwise built at first use: for a caller that wants no delay at the first
/// text, and for the test that no table fails to build.
#[allow(dead_code, reason = "called by one test, and by whoever wants the tables early")]
pub(crate) fn build_tables() {
    function_words::build_tables();
}
