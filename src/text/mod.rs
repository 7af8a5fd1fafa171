//! Words of running text: how they are cut, folded, keyed and stemmed.
//!
//! Everything that compares words goes through here, at index time, at query time and when hits are
//! marked, so that the three always agree. Nothing here does I/O or knows tantivy.

mod arabic;
pub(crate) mod bytes;
pub mod fold;
pub mod language;
pub mod script;
pub mod sentence;
mod small_words;
pub mod space;
pub mod term;
pub mod word;

pub use language::Language;
pub use space::tidy;
pub use word::{Word, Words};
