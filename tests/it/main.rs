//! Integration tests: the binary, run in a fresh folder.

mod bad_input;
mod corpus;
mod duplicates;
mod faults;
mod formats;
mod fuzz;
mod help;
mod hostile;
mod index;
mod languages;
mod licences;
mod oracle;
mod query;
mod ranking;
mod search;
mod sections;
mod util;
