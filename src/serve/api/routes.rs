//! The routes of the API: what each takes and what it answers.

use axum::body::Body;
use axum::http::{HeaderMap, StatusCode, header};
use serde_json::{Map, Value};

use super::about::{document, fields, health, index, suggest};
use super::analysis::{collocates, kwic, timeline};
use super::answers::{
    CollocatesAnswer, Concordance, Counted, FacetAnswer, Fields, Found, Health, IndexAnswer, PassageAnswer, Reprints,
    Suggestions, TimelineAnswer, Verified,
};
use super::articles::{article, passage, reprints, similar};
use super::openapi;
use super::parameters::*;
use super::quotations::verify;
use super::search::{count, facets, search};
use crate::serve::ask::filter_parameters;
use crate::serve::body_of;
use crate::serve::call::{Route, Run};
use crate::serve::problem::Problem;

/// A route and what its document says of it.
pub(crate) struct ApiRoute {
    pub route: Route,
    /// Is it answered by POST, too, with the parameters in a JSON object?
    pub is_posted: bool,
    pub summary: &'static str,
    /// The schema of a good answer.
    pub answer: openapi::Answer,
    /// May what it names be gone?
    pub names_article: bool,
}

macro_rules! reply {
    ($path:literal, $summary:literal, $answer:expr, $run:expr, $parameters:expr) => {
        ApiRoute {
            route: Route { path: $path, parameters: $parameters, run: Run::Reply($run) },
            is_posted: false,
            summary: $summary,
            answer: $answer,
            names_article: false,
        }
    };
}

/// All routes of the API.
pub(crate) static ROUTES: &[ApiRoute] = &[
    ApiRoute {
        is_posted: true,
        ..reply!(
            "/api/v1/search",
            "The passages that match a query, best first",
            openapi::json::<Found>,
            search,
            || { with(&[&N, &CURSOR, &FIELDS, &FACETS, &ADVICE, &EXPLAIN, &HIGHLIGHT, &PER_ARTICLE]) }
        )
    },
    reply!(
        "/api/v1/count",
        "The numbers of passages, sections and articles that match",
        openapi::json::<Counted>,
        count,
        || { with(&[]) }
    ),
    reply!(
        "/api/v1/facets/{name}",
        "The values of a fact among what matches, or in the whole index without a query",
        openapi::json::<FacetAnswer>,
        facets,
        values_parameters
    ),
    reply!(
        "/api/v1/timeline",
        "The articles that match up to four queries, over time",
        openapi::json::<TimelineAnswer>,
        timeline,
        || { with(&[&BY_INTERVAL, &REL, &Q2, &Q3, &Q4]) }
    ),
    reply!("/api/v1/kwic", "Occurrences of a query in context", openapi::json::<Concordance>, kwic, || {
        with(&[&N, &CURSOR, &WIDTH, &BY_UNIT, &ORDER, &SAMPLE, &SEED])
    }),
    reply!(
        "/api/v1/collocates",
        "Words near the occurrences of a query",
        openapi::json::<CollocatesAnswer>,
        collocates,
        || { with(&[&N, &WINDOW, &MIN, &MEASURE]) }
    ),
    ApiRoute {
        is_posted: true,
        names_article: true,
        ..reply!(
            "/api/v1/verify",
            "Is a quotation in the archive word for word, nearly, or not?",
            openapi::json::<Verified>,
            verify,
            || {
                let mut all = vec![&QUOTATION, &ID, &N];
                all.extend(filter_parameters());
                all
            }
        )
    },
    ApiRoute {
        names_article: true,
        ..reply!(
            "/api/v1/articles/{id}",
            "An article with its text, and the marks of a query in it",
            openapi::article,
            article,
            || { with(&[&FROM, &TO, &FORMAT]) }
        )
    },
    ApiRoute {
        names_article: true,
        ..reply!(
            "/api/v1/passages/{id}",
            "A passage with those around it",
            openapi::json::<PassageAnswer>,
            passage,
            || { with(&[&CONTEXT]) }
        )
    },
    ApiRoute {
        names_article: true,
        ..reply!(
            "/api/v1/articles/{id}/reprints",
            "Other prints of its story, the original first",
            openapi::json::<Reprints>,
            reprints,
            || { vec![&N] }
        )
    },
    ApiRoute {
        names_article: true,
        ..reply!(
            "/api/v1/articles/{id}/similar",
            "The passages that are most like it",
            openapi::json::<Found>,
            similar,
            || { vec![&N] }
        )
    },
    reply!("/api/v1/suggest", "Words or values that begin with a text", openapi::json::<Suggestions>, suggest, || {
        vec![&TEXT, &FIELD, &N]
    }),
    ApiRoute {
        route: Route { path: "/api/v1/export", parameters: export_parameters, run: Run::Export },
        is_posted: false,
        summary: "Every hit that matches the whole query, as a stream",
        answer: openapi::export,
        names_article: false,
    },
    ApiRoute {
        route: Route { path: "/api/v1/watch", parameters: watch_parameters, run: Run::Watch },
        is_posted: false,
        summary: "New hits as the index changes, as server-sent events",
        answer: openapi::events,
        names_article: false,
    },
    reply!("/api/v1/index", "What the index is of", openapi::json::<IndexAnswer>, index, Vec::new),
    reply!("/api/v1/fields", "The fields of the query language", openapi::json::<Fields>, fields, Vec::new),
    reply!("/api/v1/health", "Is the index being read?", openapi::json::<Health>, health, Vec::new),
    reply!("/api/v1/openapi.json", "This document", openapi::any, document, Vec::new),
];

/// The parameters of a POST: a JSON object with the names that GET has.
///
/// # Errors
///
/// A problem for a body that is too large or no such object.
pub(crate) async fn posted(headers: &HeaderMap, body: Body) -> Result<Vec<(String, String)>, Problem> {
    let media = headers.get(header::CONTENT_TYPE).and_then(|value| value.to_str().ok()).unwrap_or("");
    if !media.split(';').next().unwrap_or("").trim().eq_ignore_ascii_case("application/json") {
        let detail = "the parameters are a JSON object: send it as Content-Type: application/json";
        return Err(Problem::new(StatusCode::UNSUPPORTED_MEDIA_TYPE, "media", "The body is not JSON", detail));
    }
    let bytes = body_of(body).await?;
    let object: Map<String, Value> = serde_json::from_slice(&bytes)
        .map_err(|error| Problem::parameter(format!("the body is no JSON object: {error}")))?;
    let mut pairs = Vec::new();
    let one = |name: &str, value: &Value| match value {
        Value::String(text) => Ok(text.clone()),
        Value::Number(number) => Ok(number.to_string()),
        Value::Bool(flag) => Ok(if *flag { "1".into() } else { "0".into() }),
        _ => Err(Problem::parameter(format!("'{name}' is a text, a number, true or false, or a list of texts"))),
    };
    for (name, value) in &object {
        match value {
            Value::Null => {}
            Value::Array(values) => {
                for value in values {
                    pairs.push((name.clone(), one(name, value)?));
                }
            }
            value => pairs.push((name.clone(), one(name, value)?)),
        }
    }
    Ok(pairs)
}
