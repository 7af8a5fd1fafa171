//! The query language: text to a [`Query`], with notes on what was read another way than it might have been meant.
//!
//! Lexer and parser are total: every text gives a tree or one [`QueryError`] with its place and a way out. Nothing here
//! knows the index; [`crate::search`] turns the tree into a search.

pub mod ast;
pub mod date;
pub mod error;
mod lexer;
mod parser;

pub use ast::{Clause, FieldTest, Node, NodeKind, Query, Value};
pub use date::{DateRange, Today};
pub use error::{Note, QueryError};

use crate::index::schema::TextField;

/// Longest query, in bytes.
pub const MAX_QUERY_BYTES: usize = 16 * 1024;

/// Reads a query. Relative dates count from `today`.
///
/// ```
/// use crosshead::query::{parse, Today};
///
/// let query = parse("heading:dispute (tax OR levy) -\"income tax\"", Today::from_iso("2026-11-23").unwrap())?;
/// assert_eq!(query.to_string(), "heading:dispute (tax OR levy) NOT \"income tax\"");
/// # Ok::<(), crosshead::query::QueryError>(())
/// ```
///
/// # Errors
///
/// A [`QueryError`] for what cannot be run.
pub fn parse(text: &str, today: Today) -> Result<Query, QueryError> {
    parser::Parser::new(text, today)?.parse()
}

/// Reads every word of `text` as a word, and no sign as an operator.
#[must_use]
pub fn parse_literal(text: &str) -> Query {
    let mut clauses = Vec::new();
    let mut at = 0;
    for word in text.split_whitespace() {
        // The words are slices of the text, in order.
        let start = at + text[at..].find(word).unwrap_or(0);
        at = start + word.len();
        let node = Node { kind: NodeKind::Word(word.to_string()), span: start..at };
        clauses.push(Clause { node, required: false });
    }
    let root = if clauses.is_empty() { NodeKind::Nothing } else { NodeKind::And(clauses) };
    Query { root: Node { kind: root, span: 0..text.len() }, notes: Vec::new() }
}

/// The field of a name or alias as it is typed.
#[must_use]
pub fn field_of(name: &str) -> Option<TextField> {
    Some(match name {
        "title" | "headline" | "hd" => TextField::Title,
        "heading" | "section" => TextField::Heading,
        "under" => TextField::Under,
        "byline" | "author" | "by" => TextField::Byline,
        "dateline" => TextField::Dateline,
        "source" | "publication" | "pub" => TextField::Source,
        "desk" => TextField::Desk,
        "url" => TextField::Url,
        "path" => TextField::Path,
        "lang" => TextField::Lang,
        "body" => TextField::Body,
        _ => return None,
    })
}

/// Names of the language's fields that a later version reads.
const LATER_FIELDS: &[&str] =
    &["lede", "lead", "hlead", "id", "is", "tag", "like", "updated", "added", "words", "level"];

/// All names that stand for a field, for suggestions.
const FIELD_NAMES: &[&str] = &[
    "title",
    "headline",
    "heading",
    "section",
    "under",
    "byline",
    "author",
    "dateline",
    "source",
    "publication",
    "desk",
    "url",
    "path",
    "lang",
    "body",
    "date",
    "lede",
    "hlead",
    "updated",
    "added",
    "words",
    "level",
];
