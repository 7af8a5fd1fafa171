//! Errors and notes of a query. An error names the place and a way out; a note tells how the query was read.

use std::fmt;
use std::ops::Range;

use serde::Serialize;

/// A query that cannot be run.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct QueryError {
    /// A short name that stays the same: `open-quote`, `dangling`, `unknown-field`.
    pub code: &'static str,
    /// What is wrong, and the way out.
    pub message: String,
    /// Byte offset of the place in the query.
    pub offset: usize,
    /// Length of the place, in bytes.
    #[serde(skip)]
    pub length: usize,
    /// A query, or part of one, that would run.
    pub suggestion: Option<String>,
}

impl QueryError {
    pub(super) fn new(code: &'static str, place: Range<usize>, message: impl Into<String>) -> QueryError {
        QueryError { code, message: message.into(), offset: place.start, length: place.len(), suggestion: None }
    }

    pub(super) fn suggest(mut self, suggestion: impl Into<String>) -> QueryError {
        self.suggestion = Some(suggestion.into());
        self
    }

    /// The error with the query under it and a caret under the place.
    #[must_use]
    pub fn with_caret(&self, query: &str) -> String {
        let line: String = query.chars().map(|c| if c.is_control() { ' ' } else { c }).collect();
        let before = &query[..query.floor_char_boundary(self.offset.min(query.len()))];
        let place = &query
            [before.len()..query.floor_char_boundary((self.offset + self.length).min(query.len())).max(before.len())];
        let indent = unicode_width::UnicodeWidthStr::width(before);
        let carets = unicode_width::UnicodeWidthStr::width(place).max(1);
        format!("error[{}]: {}\n  {line}\n  {}{}", self.code, self.message, " ".repeat(indent), "^".repeat(carets))
    }
}

impl fmt::Display for QueryError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.message)
    }
}

impl std::error::Error for QueryError {}

/// What a reader should know of how the query was read.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Note {
    /// A short name that stays the same.
    pub code: &'static str,
    /// The note.
    pub message: String,
    /// The query as it was read, where it could be read another way.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub this: Option<String>,
    /// The query that the other reading is.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub other: Option<String>,
}

impl Note {
    /// A note without another reading.
    #[must_use]
    pub fn new(code: &'static str, message: impl Into<String>) -> Note {
        Note { code, message: message.into(), this: None, other: None }
    }
}
