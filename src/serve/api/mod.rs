//! The HTTP API, version 1: GET, read only, JSON. `openapi` describes it from the same table.

mod answers;
mod cursor;
mod documents;
pub(crate) mod openapi;
mod routes;

pub(crate) use routes::{ROUTES, article_of, facets_in_context, interval, kwic_options, posted, watch};
