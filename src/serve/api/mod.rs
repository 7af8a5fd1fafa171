//! The HTTP API, version 1: GET, read only, JSON. `openapi` describes it from the same table.

mod answers;
mod articles;
mod cursor;
mod documents;
pub(crate) mod openapi;
mod parameters;
mod quotations;
mod routes;
mod watch;

pub(crate) use articles::article_of;
pub(crate) use routes::{ROUTES, facets_in_context, interval, kwic_options, posted};
pub(crate) use watch::watch;
