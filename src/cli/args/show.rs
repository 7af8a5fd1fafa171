//! What shows an article, or how it is read: `show` and `sections`.

use std::path::PathBuf;

use clap::{Args, ValueHint};

use super::help::{OUTPUT, WALKING};
use super::values::parse_size;

/// `show`.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  crosshead show 9h6d533s4jst2                 show an article
  crosshead show 9h6d533s4jst2.3               show one of its passages
  crosshead show 9h6d533s4jst2.3 --context 2   and two passages before and after it
  crosshead show 9h6d533s4jst2 --query strike  mark the words of a query
  crosshead show --like 9h6d533s4jst2          search for similar articles")]
pub(crate) struct Show {
    /// Id of an article or a passage, as search prints it
    pub id: String,
    /// Also show this many passages before and after the passage
    #[arg(short = 'C', long, value_name = "N", default_value_t = 0, hide_default_value = true, help_heading = OUTPUT)]
    pub context: u32,
    /// Mark what matches this query
    #[arg(long, value_name = "QUERY", allow_hyphen_values = true, help_heading = OUTPUT)]
    pub query: Option<String>,
    /// Do not show a long text in a pager ($CROSSHEAD_PAGER, $PAGER or less)
    #[arg(long, help_heading = OUTPUT)]
    pub no_pager: bool,
    /// List the articles that print the same story instead
    #[arg(long, conflicts_with_all = ["like", "context", "query"], help_heading = OUTPUT)]
    pub duplicates: bool,
    /// List similar articles instead, best first, as `search like:ID` does
    #[arg(long, conflicts_with_all = ["context", "query"], help_heading = OUTPUT)]
    pub like: bool,
    /// Print JSON Lines, one article a line
    #[arg(long, help_heading = OUTPUT)]
    pub json: bool,
}

/// `sections`.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  crosshead sections article.txt
  crosshead sections --explain article.txt")]
pub(crate) struct Sections {
    /// Files to read
    #[arg(required = true, value_hint = ValueHint::FilePath)]
    pub files: Vec<PathBuf>,
    /// Skip files and records larger than this, in bytes or with K, M or G
    #[arg(long, value_name = "SIZE", default_value = "64M", value_parser = parse_size, help_heading = WALKING)]
    pub max_file: u64,
    /// Print JSON Lines, one article a line
    #[arg(long, help_heading = OUTPUT)]
    pub json: bool,
    /// Explain for each short line why it is or is not a heading
    #[arg(long, help_heading = OUTPUT)]
    pub explain: bool,
}
