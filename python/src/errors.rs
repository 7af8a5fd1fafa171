//! Errors, as the classes of `crosshead/_errors.py`.

use crosshead::{AnalysisError, Degraded, IndexError, QueryError, SearchError};
use pyo3::prelude::*;

use crate::text::code_point;

/// An error before it is Python's: made without Python's lock.
#[derive(Debug)]
pub(crate) enum Error {
    /// A query cannot be run; with the query.
    Query(QueryError, String),
    Index(IndexError),
    /// Not all was found or counted.
    Incomplete(Degraded),
    /// An error of Python's, as a signal's.
    Python(PyErr),
    /// A sentence.
    Other(String),
}

impl From<IndexError> for Error {
    fn from(error: IndexError) -> Error {
        Error::Index(error)
    }
}

impl From<PyErr> for Error {
    fn from(error: PyErr) -> Error {
        Error::Python(error)
    }
}

impl Error {
    /// The error of a search for `query`.
    pub(crate) fn of_search(error: SearchError, query: &str) -> Error {
        match error {
            SearchError::Query(error) => Error::Query(error, query.to_string()),
            SearchError::Index(error) => Error::Index(error),
            other => Error::Other(other.to_string()),
        }
    }

    /// The error of an analysis of what matches `query`.
    pub(crate) fn of_analysis(error: AnalysisError, query: &str) -> Error {
        match error {
            AnalysisError::Search(error) => Error::of_search(error, query),
            AnalysisError::Query { query, error } => Error::Query(error, query),
            AnalysisError::Incomplete(degraded) => Error::Incomplete(degraded),
            other => Error::Other(other.to_string()),
        }
    }

    /// The error as a class of the package.
    pub(crate) fn raised(self, py: Python<'_>) -> PyErr {
        match self {
            Error::Query(error, query) => {
                let offset = code_point(&query, error.offset);
                let arguments = (error.code, error.message, offset, error.suggestion, query);
                made(py, "QueryError", arguments)
            }
            Error::Index(error) => made(py, class_of(&error), (error.to_string(),)),
            Error::Incomplete(degraded) => made(py, "Incomplete", (sentence_of(degraded),)),
            Error::Python(error) => error,
            Error::Other(sentence) => made(py, "CrossheadError", (sentence,)),
        }
    }
}

fn class_of(error: &IndexError) -> &'static str {
    match error {
        IndexError::Missing(_) | IndexError::NotAnIndex(_) => "IndexMissing",
        IndexError::Damaged { .. } | IndexError::Panicked { .. } => "IndexDamaged",
        IndexError::OtherVersion { .. } => "IndexOutdated",
        IndexError::Locked { .. } => "IndexLocked",
        IndexError::NoFolder(_) => "FolderMissing",
        _ => "CrossheadError",
    }
}

fn sentence_of(degraded: Degraded) -> String {
    match degraded {
        Degraded::Time => "the time was up before all was found: raise 'timeout', or give None for no bound".into(),
        Degraded::Cancelled => "it was cancelled before all was found".into(),
        _ => "not all was found".into(),
    }
}

/// An error of a class of the package.
fn made<'py>(py: Python<'py>, class: &str, arguments: impl pyo3::call::PyCallArgs<'py>) -> PyErr {
    let made = py
        .import("crosshead._errors")
        .and_then(|module| module.getattr(class))
        .and_then(|class| class.call1(arguments));
    match made {
        Ok(error) => PyErr::from_value(error),
        Err(error) => error,
    }
}

/// The error of an option's value.
pub(crate) fn option(sentence: impl Into<String>) -> PyErr {
    attached("OptionError", sentence.into())
}

/// An error without a class of its own.
pub(crate) fn other(sentence: impl Into<String>) -> PyErr {
    attached("CrossheadError", sentence.into())
}

/// An error of the named class, from where Python's lock is held.
pub(crate) fn attached(class: &str, sentence: String) -> PyErr {
    Python::attach(|py| made(py, class, (sentence,)))
}
