//! What a set of articles says together, beyond its hits.

pub(crate) mod names;
