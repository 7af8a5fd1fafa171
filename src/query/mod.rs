//! The query language: text to a [`Query`], with notes on what was read another way than it might have been meant.
//!
//! Lexer and parser are total: every text gives a tree or one [`QueryError`] with its place and a way out. Nothing here
//! knows the index; [`crate::search`] turns the tree into a search.

pub mod ast;
pub mod date;
pub mod error;
mod lexer;
pub mod number;
mod parser;

pub use ast::{Clause, FieldName, FieldTest, Is, Node, NodeKind, Query, Role, Value};
pub use date::{DateRange, Today};
pub use error::{Note, QueryError};
pub use lexer::Near;
pub use number::NumberRange;

use crate::vocabulary::TextField;

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
    parse_with(text, today, &|_| None)
}

/// Reads a query that may name saved ones.
///
/// # Errors
///
/// As [`parse`].
pub fn parse_with(text: &str, today: Today, saved: &Saved<'_>) -> Result<Query, QueryError> {
    parser::Parser::new(text, today, saved)?.parse()
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
        clauses.push(Clause { node, role: Role::Plain });
    }
    let root = if clauses.is_empty() { NodeKind::Nothing } else { NodeKind::And(clauses) };
    Query { root: Node { kind: root, span: 0..text.len() }, notes: Vec::new() }
}

/// The field of a name or alias as it is typed.
#[must_use]
pub fn field_of(name: &str) -> Option<FieldName> {
    Some(FieldName::Text(match name {
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
        "tag" => TextField::Tag,
        "body" => TextField::Body,
        "lede" | "lead" => return Some(FieldName::Lede),
        "hlead" => return Some(FieldName::HeadAndLede),
        _ => return None,
    }))
}

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
    "lead",
    "hlead",
    "updated",
    "added",
    "words",
    "level",
];

/// Queries that were saved, by name.
pub type Saved<'s> = dyn Fn(&str) -> Option<String> + 's;

/// Can a query be saved under this name? Letters, digits, `-` and `_` can be typed behind `@`.
#[must_use]
pub fn can_name_saved(name: &str) -> bool {
    parser::can_name_saved(name)
}

/// A pattern without what ends the sentence behind it: signs, and a `?` that stands for no letter.
#[must_use]
pub fn without_end(pattern: &str) -> &str {
    pattern.trim_end_matches(|c: char| !c.is_alphanumeric() && c != '*')
}

/// A regular expression of a query, for whole values: blind to case, and to accents as far as its letters go.
///
/// # Errors
///
/// Why it cannot be read, in one line.
pub fn compile_regex(regex: &str) -> Result<regex::Regex, String> {
    const MOST_BYTES: usize = 1 << 20;
    let build = |text: &str| regex::RegexBuilder::new(text).case_insensitive(true).size_limit(MOST_BYTES).build();
    build(&fold_regex(regex)).map_err(|error| match error {
        regex::Error::CompiledTooBig(_) => "it is too large".to_string(),
        // The engine's reason stands in the last line, below the expression and a caret.
        other => {
            let text = other.to_string();
            let last = text.lines().last().unwrap_or_default();
            last.strip_prefix("error: ").unwrap_or(last).to_string()
        }
    })
}

/// A regular expression without the accents of its letters; values and words have none either. Signs are left alone.
#[must_use]
pub fn fold_regex(regex: &str) -> String {
    crate::text::fold::unaccented(&regex.replace("\\/", "/")).into_owned()
}
