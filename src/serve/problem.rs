//! Errors of requests, as RFC 9457 has them; a query's error carries the fields of the parser.

use axum::body::Body;
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use schemars::JsonSchema;
use serde::Serialize;

use crate::analysis::AnalysisError;
use crate::index::IndexError;
use crate::query::QueryError;
use crate::render::json::write_line;
use crate::search::{Degraded, SearchError};

/// A request that was not answered.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Problem {
    pub status: StatusCode,
    /// A short name that does not change between versions.
    pub code: &'static str,
    pub title: &'static str,
    /// What is wrong with this request, and what to do.
    pub detail: String,
    /// Place in the query, in bytes: where the error begins, and its length.
    pub place: Option<(u32, u32)>,
    /// A query, or part of one, that would be valid.
    pub suggestion: Option<String>,
    /// Code of the query's error.
    pub query_code: Option<&'static str>,
}

/// The body of a problem (`application/problem+json`, RFC 9457).
#[derive(Debug, Serialize, JsonSchema)]
#[schemars(rename = "Problem")]
pub(crate) struct ProblemBody {
    /// Address of the description of this kind of problem, which the server gives; `code` is the name to compare with.
    pub r#type: String,
    /// The kind of problem, in words.
    pub title: String,
    /// The HTTP status.
    pub status: u16,
    /// What is wrong with this request, and what to do.
    pub detail: String,
    /// The request that was not answered: its path and query string.
    pub instance: String,
    /// A short name that does not change: `parameter`, `query`, `timeout`; for a query, the parser's own: `open-quote`.
    pub code: String,
    /// Byte offset of the error in the query.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub offset: Option<u32>,
    /// Length of the text in error, in bytes.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub length: Option<u32>,
    /// A query, or part of one, that would be valid.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub suggestion: Option<String>,
}

impl Problem {
    pub(crate) fn new(
        status: StatusCode,
        code: &'static str,
        title: &'static str,
        detail: impl Into<String>,
    ) -> Problem {
        Problem { status, code, title, detail: detail.into(), place: None, suggestion: None, query_code: None }
    }

    pub(crate) fn parameter(detail: impl Into<String>) -> Problem {
        Problem::new(StatusCode::BAD_REQUEST, "parameter", "A parameter is wrong", detail)
    }

    pub(crate) fn not_found(detail: impl Into<String>) -> Problem {
        Problem::new(StatusCode::NOT_FOUND, "not-found", "There is nothing here", detail)
    }

    /// An article whose bytes are no longer in the index.
    pub(crate) fn gone(detail: impl Into<String>) -> Problem {
        Problem::new(StatusCode::GONE, "gone", "This text is no longer in the index", detail)
    }

    pub(crate) fn busy() -> Problem {
        let detail = "too many searches are running; try again in a second";
        Problem::new(StatusCode::SERVICE_UNAVAILABLE, "busy", "The server is busy", detail)
    }

    pub(crate) fn timeout() -> Problem {
        let detail = "the query took too long and was stopped; fewer patterns or a filter make it faster";
        Problem::new(StatusCode::SERVICE_UNAVAILABLE, "timeout", "The time was up", detail)
    }

    pub(crate) fn internal(detail: impl Into<String>) -> Problem {
        Problem::new(StatusCode::INTERNAL_SERVER_ERROR, "internal", "The server made a mistake", detail)
    }

    /// The index cannot be read.
    pub(crate) fn index(error: &IndexError) -> Problem {
        let detail = format!("{error}; `crosshead check` says what is wrong with it");
        Problem::new(StatusCode::SERVICE_UNAVAILABLE, "index", "The index cannot be read", detail)
    }

    /// The problem of results that are not complete, if they were cut short.
    pub(crate) fn of_degraded(degraded: Option<Degraded>) -> Result<(), Problem> {
        match degraded {
            Some(Degraded::Time | Degraded::Cancelled) => Err(Problem::timeout()),
            // A part of what matches would look like all of it.
            Some(Degraded::Candidates) => Err(Problem::parameter(
                "more articles may match than are looked at in the engine: ask more narrowly, by more words, a fact or a date",
            )),
            _ => Ok(()),
        }
    }

    /// Its body, for a request of this path and query string to the server with this address.
    pub(crate) fn body(&self, base: &str, instance: &str) -> ProblemBody {
        ProblemBody {
            r#type: format!("{base}help#problem-{}", self.code),
            title: self.title.into(),
            status: self.status.as_u16(),
            detail: self.detail.clone(),
            instance: instance.into(),
            code: self.query_code.unwrap_or(self.code).into(),
            offset: self.place.map(|(offset, _)| offset),
            length: self.place.map(|(_, length)| length),
            suggestion: self.suggestion.clone(),
        }
    }
}

impl From<QueryError> for Problem {
    fn from(error: QueryError) -> Problem {
        Problem {
            // No query is longer than 16 kB.
            place: Some((error.offset as u32, error.length as u32)),
            suggestion: error.suggestion,
            query_code: Some(error.code),
            ..Problem::new(StatusCode::BAD_REQUEST, "query", "The query cannot be run", error.message)
        }
    }
}

impl From<SearchError> for Problem {
    fn from(error: SearchError) -> Problem {
        match error {
            SearchError::Query(error) => error.into(),
            SearchError::Index(error) => Problem::index(&error),
        }
    }
}

impl From<IndexError> for Problem {
    fn from(error: IndexError) -> Problem {
        Problem::index(&error)
    }
}

impl From<AnalysisError> for Problem {
    fn from(error: AnalysisError) -> Problem {
        match error {
            AnalysisError::Search(error) => error.into(),
            AnalysisError::Query { error, .. } => error.into(),
            AnalysisError::Incomplete(_) => Problem::timeout(),
            error @ AnalysisError::TooManyPeriods { .. } => {
                Problem::parameter(format!("{error}; longer periods (by=), or dates (date=), give fewer"))
            }
        }
    }
}

/// Fills in the body of a response that tells of a problem: its `instance` is only known here.
pub(crate) fn completed(mut response: Response, base: &str, instance: &str) -> Response {
    if let Some(problem) = response.extensions_mut().remove::<Problem>() {
        let mut body = Vec::new();
        write_line(&mut body, &problem.body(base, instance)).expect("memory takes what is written");
        response.headers_mut().remove(header::CONTENT_LENGTH);
        *response.body_mut() = Body::from(body);
    }
    response
}

/// A response whose body [`completed`] writes.
impl IntoResponse for Problem {
    fn into_response(self) -> Response {
        let mut response = self.status.into_response();
        let headers = response.headers_mut();
        headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("application/problem+json"));
        if matches!(self.code, "busy" | "timeout") {
            headers.insert(header::RETRY_AFTER, HeaderValue::from_static("1"));
        }
        response.extensions_mut().insert(self);
        response
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_problem_names_its_kind_and_its_request() {
        let problem = Problem::parameter("'n' is a whole number");
        let body = problem.body("http://127.0.0.1:7878/", "/api/v1/search?n=0");
        assert_eq!(
            (body.r#type.as_str(), body.instance.as_str(), body.code.as_str()),
            ("http://127.0.0.1:7878/help#problem-parameter", "/api/v1/search?n=0", "parameter")
        );
        let response = completed(problem.into_response(), "http://127.0.0.1:7878/", "/api/v1/search?n=0");
        assert_eq!(response.status(), 400);
        assert_eq!(response.headers()[header::CONTENT_TYPE], "application/problem+json");
        assert!(response.extensions().get::<Problem>().is_none());
    }
}
