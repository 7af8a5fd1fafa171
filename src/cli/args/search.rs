//! What searches: `search` and `headings`.

use std::path::PathBuf;

use clap::{Args, ValueEnum, ValueHint};

use super::help::{FILTERS, OUTPUT, QUERY};
use super::index::Walking;
use super::values::parse_seconds;
use crate::search::Filters;
use crate::vocabulary::Facet;

/// Number of hits, or of rows of facets on a page, without `--limit`.
pub(crate) const DEFAULT_LIMIT: usize = 10;

/// `search`.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  crosshead search 'heading:background (tram OR bus)'
  crosshead search 'strike' articles --since 2023-09 --sort newest
  crosshead search 'strike' --page 2
  crosshead search 'strike' --all --format csv > hits.csv
  crosshead search '(grain OR oil) prices' --facet source")]
pub(crate) struct Search {
    /// The query, unless --queries names a file of queries
    #[arg(required_unless_present = "queries", allow_hyphen_values = true)]
    pub query: Option<String>,
    /// Folders or files to index first; only they are searched
    #[arg(value_hint = ValueHint::AnyPath)]
    pub folders: Vec<PathBuf>,
    /// Match any of the words, not all
    #[arg(long, conflicts_with = "strict", help_heading = QUERY)]
    pub any: bool,
    /// Match all of the words; by default, good passages that lack a word are ranked among the others
    #[arg(long, help_heading = QUERY)]
    pub strict: bool,
    /// Rank by words that the best hits share, too; the default for words side by side, with this for any query
    #[arg(long, help_heading = QUERY)]
    pub expand: bool,
    /// Rank by the words of the query alone
    #[arg(long, conflicts_with = "expand", help_heading = QUERY)]
    pub no_expand: bool,
    /// Run the queries of this file (- is the standard input), one a line, each optionally preceded by an id and a tab
    #[arg(long, value_name = "FILE", value_hint = ValueHint::FilePath, help_heading = QUERY)]
    pub queries: Option<PathBuf>,
    /// Filters.
    #[command(flatten)]
    pub filter: Filtering,
    /// Maximum number of hits, or of values of --facet; by default 10, and all values with --json and --format csv
    #[arg(short = 'n', long, value_name = "N", help_heading = OUTPUT)]
    pub limit: Option<usize>,
    /// Number of hits to skip
    #[arg(long, default_value_t = 0, value_name = "N", help_heading = OUTPUT)]
    pub offset: usize,
    /// Page of hits, from 1: skips the --limit hits of each page before it
    #[arg(long, value_name = "N", conflicts_with = "offset", value_parser = clap::value_parser!(u32).range(1..), help_heading = OUTPUT)]
    pub page: Option<u32>,
    /// Print every hit that matches the whole query, reprints and all hits of an article included
    #[arg(long, conflicts_with_all = ["limit", "offset", "page", "per_article"], help_heading = OUTPUT)]
    pub all: bool,
    /// Maximum number of hits from one article
    #[arg(long, default_value_t = 3, value_name = "N", value_parser = clap::value_parser!(u32).range(1..), help_heading = OUTPUT)]
    pub per_article: u32,
    /// Order of the hits
    #[arg(long, value_enum, default_value_t = Sort::Relevance, value_name = "ORDER", help_heading = OUTPUT)]
    pub sort: Sort,
    /// Show reprints of a story as hits of their own
    #[arg(long, help_heading = OUTPUT)]
    pub ungroup: bool,
    /// Maximum length of a snippet, in bytes
    #[arg(long, value_name = "BYTES", default_value_t = crate::search::snippet::SNIPPET_BYTES, help_heading = OUTPUT)]
    pub snippet: usize,
    /// Print N hits drawn from all that match the whole query, the same whenever and wherever they are drawn
    #[arg(long, value_name = "N", conflicts_with_all = ["limit", "offset", "page", "per_article", "count", "facet"], help_heading = OUTPUT)]
    pub sample: Option<usize>,
    /// Another sample, by its number
    #[arg(long, value_name = "SEED", help_heading = OUTPUT)]
    pub seed: Option<u64>,
    /// Mark the end of the output, with the number of hits and whether they are complete
    #[arg(long, conflicts_with_all = ["count", "facet"], help_heading = OUTPUT)]
    pub end: bool,
    /// Leave what a spreadsheet takes for a formula as it is; with --format csv or tsv
    #[arg(long, help_heading = OUTPUT)]
    pub raw: bool,
    /// Begin with the mark of UTF-8, for Excel; with --format csv, tsv, ris or markdown
    #[arg(long, help_heading = OUTPUT)]
    pub bom: bool,
    /// Output format
    #[arg(long, value_enum, default_value_t = Format::Text, value_name = "FORMAT", help_heading = OUTPUT)]
    pub format: Format,
    /// Print JSON Lines, one hit a line; the same as --format json
    #[arg(long, help_heading = OUTPUT)]
    pub json: bool,
    /// End each path with a NUL instead of a line end, for xargs -0; with --format paths
    #[arg(short = '0', long, help_heading = OUTPUT)]
    pub null: bool,
    /// Print only the numbers of matching passages, sections and articles, separated by tabs; with --json, an object
    #[arg(long, help_heading = OUTPUT)]
    pub count: bool,
    /// Print only the values of a field among the matches, each after its number of articles; those without a value are (none)
    #[arg(long, value_enum, value_name = "FIELD", help_heading = OUTPUT)]
    pub facet: Option<Facet>,
    /// Print how the query was parsed, and the parts of each score
    #[arg(long, help_heading = OUTPUT)]
    pub explain: bool,
    /// Walking.
    #[command(flatten)]
    pub walking: Walking,
}

/// Options that restrict a search.
#[derive(Debug, Clone, Args)]
#[command(next_help_heading = FILTERS)]
pub(crate) struct Filtering {
    /// Only sections whose heading contains TEXT
    #[arg(long, value_name = "TEXT")]
    pub heading: Option<String>,
    /// Only articles published on DATE or later: 2023, 2023-09, 2023-09-12, 30d, last-month
    #[arg(long, value_name = "DATE")]
    pub since: Option<String>,
    /// Only articles published on DATE or earlier
    #[arg(long, value_name = "DATE")]
    pub until: Option<String>,
    /// Only what has this value of a fact, as a whole: source, desk, byline, lang, tag, heading, speaker, dateline, folder,
    /// year, month; != rules it out; several values of one fact are alternatives, an empty one is for what has none. Also
    /// words=>500
    #[arg(long = "where", value_name = "FACT=VALUE", value_parser = parse_condition)]
    pub conditions: Vec<String>,
    /// Unit within which AND and NOT must hold
    #[arg(long, value_enum, default_value_t = Unit::Section, value_name = "UNIT", help_heading = QUERY)]
    pub unit: Unit,
    /// Search for the words of the query, without operators
    #[arg(short = 'F', long, help_heading = QUERY)]
    pub literal: bool,
    /// End after this many seconds with what was found by then; 0 for no bound
    #[arg(long, value_name = "SECONDS", default_value_t = 10.0, value_parser = parse_seconds, help_heading = QUERY)]
    pub timeout: f64,
}

pub(super) fn parse_condition(text: &str) -> Result<String, String> {
    Filters::default().add_condition(text).map(|()| text.to_string())
}

/// Output formats.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum Format {
    /// Text for a terminal.
    Text,
    /// JSON Lines, one hit a line.
    Json,
    /// CSV with a header row.
    Csv,
    /// As CSV, separated by tabs, a line a row.
    Tsv,
    /// RIS for reference managers, an entry an article.
    Ris,
    /// Markdown, a quotation a hit.
    Markdown,
    /// The path of each article, once.
    Paths,
    /// TREC run lines, one article a line.
    Trec,
}

/// Orders of hits.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum Sort {
    /// Highest score first.
    Relevance,
    /// Latest date first.
    Newest,
    /// Earliest date first.
    Oldest,
    /// By path.
    Path,
}

/// Units within which AND and NOT must hold.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum Unit {
    /// The section.
    Section,
    /// The article.
    Article,
    /// The passage.
    Passage,
}

/// `headings`.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  crosshead headings
  crosshead headings 'strike date:2023' -n 20")]
pub(crate) struct Headings {
    /// Only headings of sections that match this query
    pub query: Option<String>,
    /// Filters.
    #[command(flatten)]
    pub filter: Filtering,
    /// Maximum number of headings
    #[arg(short = 'n', long, default_value_t = 50, value_name = "N", help_heading = OUTPUT)]
    pub limit: usize,
    /// Print JSON Lines, one heading a line
    #[arg(long, help_heading = OUTPUT)]
    pub json: bool,
}
