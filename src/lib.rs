//! Crosshead.
pub mod article;
pub mod index;
pub mod ingest;
pub mod text;
