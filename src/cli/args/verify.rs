//! `verify`.

use clap::Args;

use super::help::{FILTERS, OUTPUT, QUERY};
use super::search::parse_condition;
use super::values::parse_seconds;

/// `verify`.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  crosshead verify 'No ship has been unloaded since Monday'
  crosshead verify 'No ship [...] since Monday' --where source='Halden Courier'
  crosshead verify --exact 'The union wants a shorter week'
  crosshead verify - < quotation.txt

Exit status: 0 if it is there word for word or nearly (with --exact: word for word), 1 if not, 2 after an error.")]
pub(crate) struct VerifyArgs {
    /// The words that are quoted; ... or [...] stands for words that are left out; - reads standard input
    #[arg(allow_hyphen_values = true)]
    pub quotation: String,
    /// Only in the article with this id, or with the passage with this id
    #[arg(long, value_name = "ID", help_heading = FILTERS)]
    pub id: Option<String>,
    /// Only articles published on DATE or later: 2023, 2023-09, 2023-09-12, 30d, last-month
    #[arg(long, value_name = "DATE", help_heading = FILTERS)]
    pub since: Option<String>,
    /// Only articles published on DATE or earlier
    #[arg(long, value_name = "DATE", help_heading = FILTERS)]
    pub until: Option<String>,
    /// Only what has this value of a fact, as in search
    #[arg(long = "where", value_name = "FACT=VALUE", value_parser = parse_condition, help_heading = FILTERS)]
    pub conditions: Vec<String>,
    /// End after this many seconds with what was found by then; 0 for no bound
    #[arg(long, value_name = "SECONDS", default_value_t = 10.0, value_parser = parse_seconds, help_heading = QUERY)]
    pub timeout: f64,
    /// Only word for word: capitals, signs and spaces may differ, no word
    #[arg(long, help_heading = QUERY)]
    pub exact: bool,
    /// Maximum number of articles
    #[arg(short = 'n', long, default_value_t = 10, value_name = "N", help_heading = OUTPUT)]
    pub limit: usize,
    /// Print one JSON object
    #[arg(long, help_heading = OUTPUT)]
    pub json: bool,
}
