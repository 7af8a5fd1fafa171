//! What is counted and listed over all that matches, after a search: over time, in context, word by word.
//!
//! Each module is a method of [`crate::Searcher`] and its results; all of them read through [`crate::search`].

pub(crate) mod certificate;
pub(crate) mod collocates;
pub(crate) mod context;
mod frequency;
pub(crate) mod keywords;
pub(crate) mod kwic;
pub(crate) mod names;
mod statistics;
pub(crate) mod timeline;
pub(crate) mod verify;

use crate::query::QueryError;
use crate::search::{Degraded, SearchError};

/// Why an analysis failed.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum AnalysisError {
    /// The search failed.
    #[error(transparent)]
    Search(#[from] SearchError),
    /// One of several queries cannot be run.
    #[error("{query}: {error}")]
    Query {
        /// The query.
        query: String,
        /// What is wrong with it.
        error: QueryError,
    },
    /// The time was up, or it was cancelled.
    #[error("the query was stopped before all was counted")]
    Incomplete(Degraded),
    /// There are more periods than are listed.
    #[error("from {from} to {to} there are more than {most} periods of a {by}")]
    TooManyPeriods {
        /// First day.
        from: String,
        /// Last day.
        to: String,
        /// Length of a period.
        by: &'static str,
        /// Most periods that are listed.
        most: usize,
    },
}

impl AnalysisError {
    /// The error of a query among others.
    fn of(query: &str, error: SearchError) -> AnalysisError {
        match error {
            SearchError::Query(error) => AnalysisError::Query { query: query.to_string(), error },
            other => AnalysisError::Search(other),
        }
    }
}
