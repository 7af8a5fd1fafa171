//! Integration tests: the binary, run in a fresh folder.

mod analysis;
mod bad_input;
mod corpus;
mod duplicates;
#[cfg(feature = "engine")]
mod engine;
mod export;
mod faults;
mod first_use;
mod formats;
mod forms;
mod fuzz;
mod grown;
mod help;
mod hostile;
mod index;
mod languages;
mod library;
mod licences;
mod lists;
#[cfg(feature = "mcp")]
mod mcp;
mod names;
mod pages;
mod query;
mod ranking;
mod readme;
mod search;
mod sections;
#[cfg(feature = "serve")]
mod serve;
mod several;
mod shapes;
mod speech;
mod util;
mod verify;
