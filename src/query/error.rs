//! Errors and notes of a query. An error names its position and a way out; a note says how the query was parsed.

use std::borrow::Cow;
use std::fmt;
use std::ops::Range;

use serde::Serialize;
use unicode_normalization::UnicodeNormalization;
use unicode_width::UnicodeWidthStr;

use crate::text::fold::composed;

/// A query that cannot be run.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct QueryError {
    /// A short name that does not change between versions: `open-quote`, `dangling`, `unknown-field`.
    pub code: &'static str,
    /// What is wrong, and what to write instead.
    pub message: String,
    /// Byte offset of the error in the query.
    pub offset: usize,
    /// Length of the text in error, in bytes.
    #[serde(skip)]
    pub length: usize,
    /// A query, or part of one, that would be valid.
    pub suggestion: Option<String>,
}

impl QueryError {
    pub(super) fn new(code: &'static str, span: Range<usize>, message: impl Into<String>) -> QueryError {
        QueryError { code, message: message.into(), offset: span.start, length: span.len(), suggestion: None }
    }

    pub(super) fn suggest(mut self, suggestion: impl Into<String>) -> QueryError {
        self.suggestion = Some(suggestion.into());
        self
    }

    /// The error of a query that was parsed with its letters composed (NFC), with its offset in `query`, the query as it
    /// was typed.
    pub(super) fn in_decomposed(mut self, query: &str) -> QueryError {
        if let Cow::Owned(composed) = composed(query) {
            // Both have the same letters when decomposed.
            let offset = |at: usize| {
                let decomposed = composed[..composed.floor_char_boundary(at)].nfd().count();
                let mut count = 0;
                let reached = query.char_indices().find(|&(_, c)| {
                    let is_reached = count >= decomposed;
                    count += std::iter::once(c).nfd().count();
                    is_reached
                });
                reached.map_or(query.len(), |(at, _)| at)
            };
            let (start, end) = (offset(self.offset), offset(self.offset + self.length));
            (self.offset, self.length) = (start, end.saturating_sub(start));
        }
        self
    }

    /// The error, the query below it, and carets below the text in error.
    #[must_use]
    pub fn with_caret(&self, query: &str) -> String {
        let line: String = query.chars().map(|c| if c.is_control() { ' ' } else { c }).collect();
        let before = &query[..query.floor_char_boundary(self.offset.min(query.len()))];
        let end = query.floor_char_boundary((self.offset + self.length).min(query.len())).max(before.len());
        let indent = before.width();
        let carets = query[before.len()..end].width().max(1);
        format!("error[{}]: {}\n  {line}\n  {}{}", self.code, self.message, " ".repeat(indent), "^".repeat(carets))
    }
}

impl fmt::Display for QueryError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.message)
    }
}

impl std::error::Error for QueryError {}

/// What the user should know of how the query was parsed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "serve", derive(schemars::JsonSchema))]
pub struct Note {
    /// A short name that does not change between versions.
    pub code: &'static str,
    /// The note, as a sentence.
    pub message: String,
    /// The query as it was parsed, if it has another plausible reading.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub this: Option<String>,
    /// The query that says the other reading.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub other: Option<String>,
    /// The words of the query that it says are not in the index.
    #[serde(skip)]
    pub(crate) absent: Vec<String>,
}

impl Note {
    /// A note on a query that has one reading.
    #[must_use]
    pub(crate) fn new(code: &'static str, message: impl Into<String>) -> Note {
        Note { code, message: message.into(), this: None, other: None, absent: Vec::new() }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::query::{Today, parse};

    #[test]
    fn errors_of_decomposed_queries_are_where_they_were_typed() {
        let today = Today::from_iso("2026-11-23").expect("a date");
        for query in ["élysée (café AND", "한국 (파업 AND", "café date:09/10/2023", "café ~ 서울 title:"] {
            let decomposed: String = query.nfd().collect();
            let place = |query: &str| {
                let error = parse(query, today).err()?;
                Some(query[error.offset..error.offset + error.length].nfc().collect::<String>())
            };
            assert_eq!(place(&decomposed), place(query), "{query}");
            let rest = |query: &str| Some(query[parse(query, today).err()?.offset..].nfc().collect::<String>());
            assert_eq!(rest(&decomposed), rest(query), "{query}");
        }
    }
}
