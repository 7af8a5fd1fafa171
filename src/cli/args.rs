//! The command line: its commands, options and help texts. Nothing is opened or decided here.

use std::ffi::OsString;
use std::path::PathBuf;

use clap::{Arg, ArgAction, Args, Parser, Subcommand, ValueEnum, ValueHint};

/// Headings of the help, under which options are grouped.
const QUERY: &str = "Query";
const FILTERS: &str = "Filters";
const OUTPUT: &str = "Output";
const INDEX: &str = "Index";
const WALKING: &str = "Walking";
const GLOBAL: &str = "Global options";

/// Display order after all other options.
const LAST: usize = 1_000;

/// Full-text search over a folder of news articles, by section and passage.
#[derive(Debug, Parser)]
#[command(
    name = "crosshead",
    version,
    term_width = help_width(),
    disable_help_subcommand = true,
    disable_help_flag = true,
    disable_version_flag = true,
    arg = version_flag(),
    arg = help_flag(),
    after_help = "\
Examples:
  crosshead index articles                    index a folder
  crosshead search 'harbour strike'           search the index
  crosshead search 'harbour strike' articles  index the folder, then search it
  crosshead help search                       show the options of a command

`crosshead help query` explains the query language, `crosshead help fields` its fields.
Exit status: 0 if something was found or done, 1 if nothing was found, 2 on an error."
)]
pub struct Cli {
    /// Options of all commands.
    #[command(flatten)]
    pub global: Global,
    /// The command.
    #[command(subcommand)]
    pub command: Command,
}

/// Options of all commands.
#[derive(Debug, Clone, Args)]
#[command(next_help_heading = GLOBAL)]
pub struct Global {
    /// Folder of the index; by default the nearest folder `index`, here or in a folder above
    #[arg(id = "index", long = "index", global = true, env = "CROSSHEAD_INDEX", value_name = "DIR", value_hint = ValueHint::DirPath)]
    pub named_index: Option<PathBuf>,
    /// The folder of the index that is used.
    #[arg(skip)]
    pub index: PathBuf,
    /// When to use colours
    #[arg(long, global = true, value_enum, default_value_t = ColorChoice::Auto, value_name = "WHEN")]
    pub color: ColorChoice,
    /// Print errors and warnings, but no progress and no notes
    #[arg(short, long, global = true)]
    pub quiet: bool,
    /// Print the path of each skipped file and the reason
    #[arg(short, long, global = true)]
    pub verbose: bool,
    /// Number of threads that read files; 0 for one per processor
    #[arg(long, global = true, default_value_t = 0, value_name = "N", hide_default_value = true)]
    pub threads: usize,
}

/// When to use colours.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum ColorChoice {
    /// On a terminal, unless `NO_COLOR` is set.
    Auto,
    /// Always.
    Always,
    /// Never.
    Never,
}

/// The commands.
#[derive(Debug, Subcommand)]
pub enum Command {
    /// Search for passages, best first; folders that are named are indexed first, and only they are searched
    Search(Search),
    /// Index folders, or bring the index up to date with its folders
    Index(IndexArgs),
    /// Show how files are read and split into sections; needs no index
    Sections(Sections),
    /// List the headings of matching sections, with the number of sections
    Headings(Headings),
    /// Show an article or a passage by its id
    Show(Show),
    /// Compare the index with its folders, reading every file
    Check(Check),
    /// Keep the index up to date while files change; print the changes, or new hits of a query
    Watch(WatchArgs),
    /// List the folders in the index; record that one has moved, or remove one
    Folders(Folders),
    /// List the file formats, how each is recognised and what is read from it
    #[command(after_help = "\
Example:
  crosshead formats")]
    Formats,
    /// Show statistics of the index
    Stats(Stats),
    /// Save a query under a name, for use in other queries as @NAME
    Save(Save),
    /// List the saved queries, or remove one
    Saved(SavedArgs),
    /// Show the help of a command, of the query language (query) or of its fields (fields)
    #[command(after_help = "\
Examples:
  crosshead help search
  crosshead help query")]
    Help {
        /// A command, `query` or `fields`
        topic: Option<String>,
    },
    /// Print a completion script for a shell
    #[command(after_help = "\
Example:
  crosshead completions bash > ~/.local/share/bash-completion/completions/crosshead")]
    Completions {
        /// The shell
        #[arg(value_enum)]
        shell: clap_complete::Shell,
    },
    /// Print a manual page, or write all of them to a folder
    Man(ManArgs),
}

/// How folders are walked and files read.
#[derive(Debug, Clone, Args)]
#[command(next_help_heading = WALKING)]
pub struct Walking {
    /// Follow symbolic links
    #[arg(long)]
    pub follow: bool,
    /// Include hidden files and folders
    #[arg(long)]
    pub hidden: bool,
    /// Skip files and records larger than this, in bytes or with K, M or G
    #[arg(long, value_name = "SIZE", default_value = "64M", value_parser = parse_size)]
    pub max_file: u64,
}

/// `search`.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  crosshead search 'heading:background (tram OR bus)'
  crosshead search 'strike' articles --since 2023-09 --sort newest
  crosshead search 'strike' --page 2
  crosshead search 'strike' --all --format csv > hits.csv
  crosshead search '(grain OR oil) prices' --facet source")]
pub struct Search {
    /// The query, unless --queries names a file of queries
    #[arg(required_unless_present = "queries", allow_hyphen_values = true)]
    pub query: Option<String>,
    /// Folders or files to index first; only they are searched
    #[arg(value_hint = ValueHint::AnyPath)]
    pub folders: Vec<PathBuf>,
    /// Match any of the words, not all
    #[arg(long, conflicts_with = "strict", help_heading = QUERY)]
    pub any: bool,
    /// Match all of the words; by default, partial matches follow if there are fewer hits than --limit
    #[arg(long, help_heading = QUERY)]
    pub strict: bool,
    /// Also search for words that the best hits share, as is the default for 20 words and more
    #[arg(long, help_heading = QUERY)]
    pub expand: bool,
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
pub struct Filtering {
    /// Only sections whose heading contains TEXT
    #[arg(long, value_name = "TEXT")]
    pub heading: Option<String>,
    /// Only articles published on DATE or later: 2023, 2023-09, 2023-09-12, 30d, last-month
    #[arg(long, value_name = "DATE")]
    pub since: Option<String>,
    /// Only articles published on DATE or earlier
    #[arg(long, value_name = "DATE")]
    pub until: Option<String>,
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

/// Output formats.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Format {
    /// Text for a terminal.
    Text,
    /// JSON Lines, one hit a line.
    Json,
    /// CSV with a header row.
    Csv,
    /// The path of each article, once.
    Paths,
    /// TREC run lines, one article a line.
    Trec,
}

/// Orders of hits.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Sort {
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
pub enum Unit {
    /// The section.
    Section,
    /// The article.
    Article,
    /// The passage.
    Passage,
}

/// Fields whose values can be counted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Facet {
    /// Newspaper, agency or site.
    Source,
    /// The newspaper's own section, such as Business.
    Desk,
    /// Author.
    Byline,
    /// Language.
    Lang,
    /// Heading of the section.
    Heading,
    /// Who says the passage, in transcripts.
    Speaker,
}

/// Limits on the resources of indexing.
#[derive(Debug, Clone, Copy, Default, Args)]
#[command(next_help_heading = INDEX)]
pub struct Effort {
    /// Run at low priority
    #[arg(long)]
    pub nice: bool,
    /// Memory for documents not yet written, in bytes or with K, M or G; more makes larger segments
    #[arg(long, value_name = "SIZE", value_parser = parse_size)]
    pub memory: Option<u64>,
}

/// `index`.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  crosshead index articles            add a folder, or bring it up to date
  crosshead index                     bring all folders of the index up to date
  crosshead index --rebuild articles  build the index from scratch")]
pub struct IndexArgs {
    /// Folders or files; by default the folders of the index
    #[arg(value_hint = ValueHint::AnyPath)]
    pub folders: Vec<PathBuf>,
    /// Compare the contents of files even if their size, times and inode are unchanged
    #[arg(long, help_heading = INDEX)]
    pub rehash: bool,
    /// Remove articles whose folder is missing or vanished at once, which are kept otherwise
    #[arg(long, help_heading = INDEX)]
    pub prune: bool,
    /// Build the index from scratch; the old one can be searched until the new one is complete
    #[arg(long, help_heading = INDEX)]
    pub rebuild: bool,
    /// Then merge the index into one segment and drop what was deleted: scores are those of an index built from scratch
    #[arg(long, help_heading = INDEX)]
    pub merge: bool,
    /// Wait while another process writes to the index
    #[arg(long, help_heading = INDEX)]
    pub wait: bool,
    /// With --rebuild, drop articles that a program added, which are in no file
    #[arg(long, help_heading = INDEX)]
    pub discard_added: bool,
    /// Let tantivy write segments, to tell where a fault is
    #[arg(long, hide = true, help_heading = INDEX)]
    pub plain_segments: bool,
    /// Limits on resources.
    #[command(flatten)]
    pub effort: Effort,
    /// Walking.
    #[command(flatten)]
    pub walking: Walking,
    /// Print one JSON object at the end
    #[arg(long, help_heading = OUTPUT)]
    pub json: bool,
}

/// `sections`.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  crosshead sections article.txt
  crosshead sections --explain article.txt")]
pub struct Sections {
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

/// `headings`.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  crosshead headings
  crosshead headings 'strike date:2023' -n 20")]
pub struct Headings {
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

/// `show`.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  crosshead show 9h6d533s4jst2                 show an article
  crosshead show 9h6d533s4jst2.3               show one of its passages
  crosshead show 9h6d533s4jst2.3 --context 2   and two passages before and after it
  crosshead show 9h6d533s4jst2 --query strike  mark the words of a query
  crosshead show --like 9h6d533s4jst2          search for similar articles")]
pub struct Show {
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

/// `check`.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  crosshead check           list the files that differ; exit status 1 if there are any
  crosshead check --repair  read them again, or rebuild an index that is damaged")]
pub struct Check {
    /// Repair what is found: read files that differ again, and rebuild an index that is damaged
    #[arg(long, help_heading = INDEX)]
    pub repair: bool,
    /// Follow symbolic links, if `index --follow` did
    #[arg(long, help_heading = WALKING)]
    pub follow: bool,
    /// Include hidden files and folders, if `index --hidden` did
    #[arg(long, help_heading = WALKING)]
    pub hidden: bool,
    /// With --repair, skip files and records larger than this, as `index --max-file` did
    #[arg(long, value_name = "SIZE", default_value = "64M", value_parser = parse_size, help_heading = WALKING)]
    pub max_file: u64,
    /// Print JSON Lines, one file a line
    #[arg(long, help_heading = OUTPUT)]
    pub json: bool,
}

/// `watch`.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  crosshead watch articles
  crosshead watch --query 'strike OR walkout' --json")]
pub struct WatchArgs {
    /// Folders; by default those of the index
    #[arg(value_hint = ValueHint::AnyPath)]
    pub folders: Vec<PathBuf>,
    /// Walk all folders every N seconds, to find changes that the system did not report
    #[arg(long, value_name = "SECONDS", default_value_t = 300, value_parser = clap::value_parser!(u64).range(1..), help_heading = INDEX)]
    pub rescan: u64,
    /// Limits on resources.
    #[command(flatten)]
    pub effort: Effort,
    /// Walking.
    #[command(flatten)]
    pub walking: Walking,
    /// Print new hits of this query instead of changed files
    #[arg(long, value_name = "QUERY", allow_hyphen_values = true, help_heading = OUTPUT)]
    pub query: Option<String>,
    /// Print JSON Lines, one change a line, or one hit a line with --query
    #[arg(long, help_heading = OUTPUT)]
    pub json: bool,
}

/// `folders`.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  crosshead folders
  crosshead folders --move /mnt/old/articles /mnt/new/articles")]
pub struct Folders {
    /// Record that the folder OLD is now at NEW; nothing is indexed again
    #[arg(long = "move", num_args = 2, value_names = ["OLD", "NEW"], conflicts_with = "remove", value_hint = ValueHint::DirPath, help_heading = INDEX)]
    pub moved: Option<Vec<PathBuf>>,
    /// Remove a folder and its articles from the index
    #[arg(long, value_name = "FOLDER", value_hint = ValueHint::DirPath, help_heading = INDEX)]
    pub remove: Option<PathBuf>,
    /// Print JSON Lines, one folder a line
    #[arg(long, help_heading = OUTPUT)]
    pub json: bool,
}

/// `stats`.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  crosshead stats
  crosshead stats --json
  crosshead stats --fields")]
pub struct Stats {
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
pub struct Save {
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
pub struct SavedArgs {
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
pub struct ManArgs {
    /// The command; by default the main page, which lists all commands
    #[arg(conflicts_with = "dir")]
    pub command: Option<String>,
    /// Write all pages to this folder, as crosshead.1, crosshead-search.1 and so on
    #[arg(long, value_name = "DIR", value_hint = ValueHint::DirPath, help_heading = OUTPUT)]
    pub dir: Option<PathBuf>,
}

/// Width of help texts: that of the terminal, if it is known, at most 100 columns.
fn help_width() -> usize {
    const UNKNOWN: usize = 80;
    const MAX: usize = 100;
    let columns = || std::env::var("COLUMNS").ok()?.parse().ok();
    let terminal = terminal_size::terminal_size().map(|(width, _)| usize::from(width.0));
    terminal.or_else(columns).filter(|&width| width > 0).unwrap_or(UNKNOWN).min(MAX)
}

/// `--help`, in place of clap's own, so that it is listed with the other global options, at their end.
fn help_flag() -> Arg {
    let flag = Arg::new("help").short('h').long("help").action(ArgAction::Help).global(true);
    flag.help("Print this help").help_heading(GLOBAL).display_order(LAST)
}

/// `--version`, for the same reason.
fn version_flag() -> Arg {
    let flag = Arg::new("version").short('V').long("version").action(ArgAction::Version);
    flag.help("Print the version").help_heading(GLOBAL).display_order(LAST)
}

/// The arguments with `-n5` split into `-n 5`. A query may begin with `-`, so clap would parse `-n5` as one.
pub fn arguments(all: impl IntoIterator<Item = OsString>) -> impl Iterator<Item = OsString> {
    all.into_iter().flat_map(|argument| {
        let digits = argument
            .to_str()
            .and_then(|text| text.strip_prefix("-n"))
            .filter(|digits| !digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_digit()));
        match digits {
            Some(digits) => vec!["-n".into(), digits.into()],
            None => vec![argument],
        }
    })
}

/// Reads a number of seconds.
fn parse_seconds(text: &str) -> Result<f64, String> {
    let seconds: f64 = text.parse().map_err(|_| "write a number of seconds".to_string())?;
    if seconds.is_finite() && seconds >= 0.0 { Ok(seconds) } else { Err("write 0 or more seconds".into()) }
}

/// Parses a size in bytes: `64M`, `1.5G`, `4096`.
fn parse_size(text: &str) -> Result<u64, String> {
    let text = text.trim().trim_end_matches(['b', 'B']);
    let (number, unit) = match text.char_indices().last() {
        Some((at, unit)) if unit.is_ascii_alphabetic() => (&text[..at], unit.to_ascii_uppercase()),
        _ => (text, ' '),
    };
    let factor: f64 = match unit {
        ' ' => 1.0,
        'K' => 1024.0,
        'M' => 1024.0 * 1024.0,
        'G' => 1024.0 * 1024.0 * 1024.0,
        _ => return Err("write a number of bytes, or one with K, M or G".into()),
    };
    let number: f64 = number.parse().map_err(|_| "write a number of bytes, or one with K, M or G".to_string())?;
    if number.is_finite() && number > 0.0 { Ok((number * factor) as u64) } else { Err("a size is more than 0".into()) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn command_line_is_consistent() {
        use clap::CommandFactory;
        Cli::command().debug_assert();
    }

    #[test]
    fn size_table() {
        for (text, bytes) in [
            ("4096", Some(4096)),
            ("64M", Some(64 << 20)),
            ("1.5k", Some(1536)),
            ("2GB", Some(2 << 30)),
            ("x", None),
            ("-1", None),
            ("", None),
        ] {
            assert_eq!(parse_size(text).ok(), bytes, "{text}");
        }
    }
}
