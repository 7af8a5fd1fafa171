//! What is kept or told of an index and the program: `stats`, `save`, `saved`, `man`.

use std::path::PathBuf;

use clap::{Args, ValueHint};

use super::help::{INDEX, OUTPUT};

/// `stats`.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  crosshead stats
  crosshead stats --json
  crosshead stats --fields")]
pub(crate) struct Stats {
    /// Print one JSON object, with all sources, the version of the program and a fingerprint of the articles
    #[arg(long, help_heading = OUTPUT)]
    pub json: bool,
    /// Also print the size on disk of each field
    #[arg(long, help_heading = OUTPUT)]
    pub fields: bool,
}

/// `save`.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  crosshead save walkouts 'strike OR walkout'
  crosshead search '@walkouts port'
  crosshead save walkouts --remove")]
pub(crate) struct Save {
    /// The name: letters, digits, - and _
    pub name: String,
    /// The query
    #[arg(required_unless_present = "remove", allow_hyphen_values = true)]
    pub query: Option<String>,
    /// Remove the saved query of this name
    #[arg(long, conflicts_with = "query", help_heading = INDEX)]
    pub remove: bool,
}

/// `saved`.
#[derive(Debug, Args)]
#[command(after_help = "\
Example:
  crosshead saved")]
pub(crate) struct SavedArgs {
    /// Remove the saved query of this name
    #[arg(long, value_name = "NAME", conflicts_with = "json", help_heading = INDEX)]
    pub remove: Option<String>,
    /// Print JSON Lines, one query a line
    #[arg(long, help_heading = OUTPUT)]
    pub json: bool,
}

/// `man`.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  crosshead man search | man -l -
  crosshead man --dir ~/.local/share/man/man1")]
pub(crate) struct ManArgs {
    /// The command; by default the main page, which lists all commands
    #[arg(conflicts_with = "dir")]
    pub command: Option<String>,
    /// Write all pages to this folder, as crosshead.1, crosshead-search.1 and so on
    #[arg(long, value_name = "DIR", value_hint = ValueHint::DirPath, help_heading = OUTPUT)]
    pub dir: Option<PathBuf>,
}
