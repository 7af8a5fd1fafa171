//! Crosshead searches a folder of news articles by passage: it splits each article into sections at its headings,
//! keeps its facts, builds a tantivy index, and ranks matching passages.
//!
//! Data flows one way, and the modules are the stages:
//!
//! ```text
//! ingest  walk -> read -> decode -> format      a folder to raw articles
//! article layout -> facts -> sections -> passages
//! index   passage -> document -> segments       and the manifest of files
//! query   text -> tree
//! search  tree -> plan -> matches -> hits -> snippets
//! render  hits -> page, JSON Lines, CSV, paths, TREC
//! ```
//!
//! What the program does, the library does: [`index::sync::sync`] brings an index up to date with its folders,
//! [`search::search`] answers a query with typed hits; see [`index::Index`] for an example.

pub mod article;
pub mod cancel;
pub mod cli;
pub mod follow;
pub mod index;
pub mod ingest;
pub mod model;
pub mod os;
pub mod outline;
pub mod query;
pub mod render;
pub mod search;
pub mod text;
pub mod vocabulary;
pub mod watch;
