//! `names`.

use clap::Args;

use super::analysis::Table;
use super::help::{OUTPUT, QUERY};
use super::search::Filtering;

/// `names`.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  crosshead names 'harbour strike'
  crosshead names 'strike date:2023' --min-words 2 -n 20
  crosshead names 'strike' --against
  crosshead names 'strike' --against 'fishing' --format csv")]
pub(crate) struct NamesArgs {
    /// Only articles with a match of this query
    #[arg(allow_hyphen_values = true)]
    pub query: Option<String>,
    /// Print what is typical of these articles: names more frequent than in the others, or in those that match QUERY
    #[arg(long, value_name = "QUERY", num_args = 0..=1, default_missing_value = "", help_heading = QUERY)]
    pub against: Option<String>,
    /// Filters.
    #[command(flatten)]
    pub filter: Filtering,
    /// Maximum number of names; by default 50, and all with --json and --format csv
    #[arg(short = 'n', long, value_name = "N", help_heading = OUTPUT)]
    pub limit: Option<usize>,
    /// Only names of at least this number of words; 2 leaves out most places and short forms
    #[arg(long, default_value_t = 1, value_name = "N", help_heading = OUTPUT)]
    pub min_words: usize,
    /// Output.
    #[command(flatten)]
    pub table: Table,
}
