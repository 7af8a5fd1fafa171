//! A request on its way to an answer.

use std::sync::Arc;

use axum::body::Body;
use axum::http::{HeaderName, HeaderValue, StatusCode, header};
use axum::response::Response;
use serde::Serialize;

use super::ask::Ask;
use super::parameters::{Parameter, Values};
use super::problem::Problem;
use super::room::Room;
use crate::cancel::CancelFlag;
use crate::render::json::write_line;
use crate::search::{SearchOptions, Searcher};

/// A request whose parameters are checked, and what it is answered from.
pub(crate) struct Call<'a> {
    pub room: &'a Arc<Room>,
    /// The last commit when the request came.
    pub searcher: Searcher,
    /// Is set when the client goes.
    pub cancel: &'a CancelFlag,
    pub values: Values,
    /// The pieces of the path that the route leaves open.
    pub path: Vec<String>,
    /// The path and query string as they came.
    pub target: String,
}

impl Call<'_> {
    /// The query and its options.
    pub(crate) fn ask(&self) -> Ask {
        Ask::of(&self.values)
    }

    /// The options of the query.
    ///
    /// # Errors
    ///
    /// As [`Ask::options`].
    pub(crate) fn options(&self) -> Result<SearchOptions, Problem> {
        self.ask().options(self.cancel)
    }

    /// The path and query string with other values for one parameter, or without it.
    pub(crate) fn target_with(&self, name: &str, value: Option<&str>) -> String {
        let (path, query) = self.target.split_once('?').unwrap_or((&self.target, ""));
        let mut pairs = super::parameters::pairs(query).unwrap_or_default();
        pairs.retain(|(other, _)| other != name);
        pairs.extend(value.map(|value| (name.to_string(), value.to_string())));
        super::ask::address(path, &pairs)
    }
}

/// An answer that is in memory.
#[derive(Debug, Clone)]
pub(crate) struct Reply {
    pub status: StatusCode,
    pub media: &'static str,
    pub body: Vec<u8>,
    pub headers: Vec<(HeaderName, String)>,
}

impl Reply {
    pub(crate) fn new(media: &'static str, body: impl Into<Vec<u8>>) -> Reply {
        Reply { status: StatusCode::OK, media, body: body.into(), headers: Vec::new() }
    }

    /// JSON, in which characters that control a terminal or reorder text are escaped.
    pub(crate) fn json(value: &impl Serialize) -> Reply {
        let mut body = Vec::new();
        write_line(&mut body, value).expect("memory takes what is written");
        Reply::new("application/json", body)
    }

    pub(crate) fn html(markup: maud::Markup) -> Reply {
        Reply::new("text/html; charset=utf-8", markup.into_string())
    }

    pub(crate) fn into_response(self) -> Response {
        let mut response = Response::new(Body::from(self.body));
        *response.status_mut() = self.status;
        let headers = response.headers_mut();
        headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(self.media));
        for (name, value) in self.headers {
            // What a header cannot hold is not said.
            if let Ok(value) = HeaderValue::from_str(&value) {
                headers.insert(name, value);
            }
        }
        response
    }
}

/// How a route answers.
#[derive(Clone, Copy)]
pub(crate) enum Run {
    /// With what is in memory, made by a thread of its own.
    Reply(fn(&Call<'_>) -> Result<Reply, Problem>),
    /// With a stream of all hits.
    Export,
    /// With events as the index changes.
    Watch,
}

/// A route: GET, with these parameters and no others.
#[derive(Clone, Copy)]
pub(crate) struct Route {
    pub path: &'static str,
    pub parameters: fn() -> Vec<&'static Parameter>,
    pub run: Run,
}

impl Route {
    /// Is it asked for with each key that is typed?
    pub(crate) fn is_of_keys(&self) -> bool {
        matches!(self.path, "/_/search" | "/api/v1/search")
    }
}
