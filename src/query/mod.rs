//! The query language: parses text to a [`Query`] tree, with notes where the text has another plausible reading.
//!
//! Every text parses to a tree or to one [`QueryError`], which names its position and a way out. Nothing here depends on
//! the index; [`crate::search`] turns the tree into a search.

pub(crate) mod ast;
pub(crate) mod date;
mod display;
pub(crate) mod error;
mod fields;
mod lexer;
mod literal;
pub(crate) mod number;
mod parser;
mod pattern;
mod reading;
mod regex;
mod saved;

pub use ast::Query;
pub(crate) use ast::{Clause, FieldTest, Is, Node, NodeKind, Role, Value};
pub(crate) use date::DateRange;
pub use date::Today;
pub use error::{Note, QueryError};
pub(crate) use fields::FieldName;
pub(crate) use lexer::Near;
pub(crate) use literal::parse_literal;
pub(crate) use number::NumberRange;
pub(crate) use pattern::trim_trailing_punctuation;
pub(crate) use saved::{Saved, can_name_saved};

pub(crate) use self::regex::{compile_regex, compile_word_regex, fold_regex};
use crate::text::fold::composed;

/// Maximum length of a query, in bytes.
pub(crate) const MAX_QUERY_BYTES: usize = 16 * 1024;

/// Parses a query. Relative dates count from `today`.
///
/// ```
/// use crosshead::Today;
/// use crosshead::internals::parse;
///
/// let query = parse("heading:dispute (tax OR levy) -\"income tax\"", Today::from_iso("2026-11-23").unwrap())?;
/// assert_eq!(query.to_string(), "heading:dispute (tax OR levy) NOT \"income tax\"");
/// # Ok::<(), crosshead::QueryError>(())
/// ```
///
/// # Errors
///
/// A [`QueryError`] for a text that is not a valid query.
pub fn parse(text: &str, today: Today) -> Result<Query, QueryError> {
    parse_with(text, today, &|_| None)
}

/// Parses a query that may refer to saved queries as `@name`.
///
/// # Errors
///
/// As [`parse`].
pub(crate) fn parse_with(text: &str, today: Today, saved: &Saved<'_>) -> Result<Query, QueryError> {
    let composed = composed(text);
    let parsed = parser::Parser::new(&composed, today, saved).and_then(parser::Parser::parse);
    parsed.map_err(|error| error.in_decomposed(text))
}
