//! The HTTP API, version 1: GET, read only, JSON. `openapi` describes it from the same table.

mod about;
mod analysis;
mod answers;
mod articles;
mod cursor;
mod documents;
pub(crate) mod openapi;
mod parameters;
mod quotations;
mod routes;
mod search;
mod values;
mod watch;

pub(crate) use analysis::{interval, kwic_options};
pub(crate) use articles::article_of;
pub(crate) const HIT_FIELDS: &[&str] = documents::Hit::FIELDS;
pub(crate) use routes::{ROUTES, posted};
pub(crate) use search::{FACET_TIME, beside_hits, facets_in_context};
pub(crate) use values::{hit_value, utc};
pub(crate) use watch::watch;
