//! The command line: what can be asked, and its help. Nothing is opened or decided here.

use std::ffi::OsString;
use std::path::PathBuf;

use clap::{Args, Parser, Subcommand, ValueEnum, ValueHint};

/// Full-text search over a folder of news articles, by section and passage.
#[derive(Debug, Parser)]
#[command(
    name = "crosshead",
    version,
    max_term_width = 100,
    disable_help_subcommand = true,
    after_help = "`crosshead help query` shows the query language, `crosshead help fields` its fields.\nExit status: 0 if something was found, 1 if nothing was, 2 on an error."
)]
pub struct Cli {
    /// What is common to all commands.
    #[command(flatten)]
    pub global: Global,
    /// What to do.
    #[command(subcommand)]
    pub command: Command,
}

/// Options of every command.
#[derive(Debug, Clone, Args)]
pub struct Global {
    /// Folder of the index
    #[arg(long, global = true, env = "CROSSHEAD_INDEX", default_value = "index", value_name = "DIR", value_hint = ValueHint::DirPath)]
    pub index: PathBuf,
    /// When to use colour
    #[arg(long, global = true, value_enum, default_value_t = ColorChoice::Auto, value_name = "WHEN")]
    pub color: ColorChoice,
    /// Print no progress, notes or warnings
    #[arg(short, long, global = true)]
    pub quiet: bool,
    /// Print each file that is skipped
    #[arg(short, long, global = true)]
    pub verbose: bool,
    /// Threads that read files; 0 for one a processor
    #[arg(long, global = true, default_value_t = 0, value_name = "N", hide_default_value = true)]
    pub threads: usize,
}

/// When to use colour.
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
    /// Rank matching passages; folders named are brought up to date first, and searched alone
    Search(Search),
    /// Bring the index up to date with its folders
    Index(IndexArgs),
    /// Show how files are read and split; needs no index
    Sections(Sections),
    /// List the headings of what matches, with counts
    Headings(Headings),
    /// Show an article or a passage by its id
    Show(Show),
    /// Compare the index with its folders, every file by its contents
    Check(Check),
    /// Keep the index up to date while files come, change and go; print what happens, or new hits of a query
    Watch(WatchArgs),
    /// List the folders the index follows; tell it that one was moved, or let one go
    Folders(Folders),
    /// List the formats that are read, how each is recognised and what it gives
    Formats,
    /// Tell what the index holds
    Stats(Stats),
    /// Keep a query under a name; @NAME stands for it in others
    Save(Save),
    /// List the queries that were kept
    Saved(SavedArgs),
    /// Print the help of a command, of the query language (query) or of its fields (fields)
    Help {
        /// A command, `query` or `fields`
        topic: Option<String>,
    },
    /// Print a completion script for a shell
    Completions {
        /// The shell
        #[arg(value_enum)]
        shell: clap_complete::Shell,
    },
    /// Print the manual page
    Man,
}

/// How folders are walked and files read.
#[derive(Debug, Clone, Args)]
pub struct Walking {
    /// Follow symbolic links
    #[arg(long)]
    pub follow: bool,
    /// Include hidden files and folders
    #[arg(long)]
    pub hidden: bool,
    /// Skip files (and records) longer than this; K, M and G are understood
    #[arg(long, value_name = "SIZE", default_value = "64M", value_parser = parse_size)]
    pub max_file: u64,
}

/// `search`.
#[derive(Debug, Args)]
pub struct Search {
    /// The query, unless --queries names a file of them
    #[arg(required_unless_present = "queries", allow_hyphen_values = true)]
    pub query: Option<String>,
    /// Folders or files to bring up to date first; only they are searched
    #[arg(value_hint = ValueHint::AnyPath)]
    pub folders: Vec<PathBuf>,
    /// Most hits
    #[arg(short = 'n', long, default_value_t = 10, value_name = "N")]
    pub limit: usize,
    /// Hits to pass over first
    #[arg(long, default_value_t = 0, value_name = "N")]
    pub offset: usize,
    /// Print JSON Lines, one hit a line; the same as --format json
    #[arg(long)]
    pub json: bool,
    /// Form of the output
    #[arg(long, value_enum, default_value_t = Format::Text, value_name = "FORMAT")]
    pub format: Format,
    /// Order of the hits
    #[arg(long, value_enum, default_value_t = Sort::Relevance, value_name = "ORDER")]
    pub sort: Sort,
    /// Most hits of one article
    #[arg(long, default_value_t = 3, value_name = "N", value_parser = clap::value_parser!(u32).range(1..))]
    pub per_article: u32,
    /// Any of the words will do
    #[arg(long, conflicts_with = "strict")]
    pub any: bool,
    /// Only passages of sections with all the words
    #[arg(long)]
    pub strict: bool,
    /// Show each reprint of a story by itself
    #[arg(long)]
    pub ungroup: bool,
    /// Longest snippet, in bytes
    #[arg(long, value_name = "BYTES", default_value_t = crate::search::snippet::SNIPPET_BYTES)]
    pub snippet: usize,
    /// Search the words that the best hits have in common, too, as is done with questions of 20 words and more
    #[arg(long)]
    pub expand: bool,
    /// Print how many passages, sections and articles match, separated by tabs
    #[arg(long)]
    pub count: bool,
    /// Count the values of a fact over what matches
    #[arg(long, value_enum, value_name = "FIELD")]
    pub facet: Option<Facet>,
    /// Print how the query was read
    #[arg(long)]
    pub explain: bool,
    /// A file of queries, one a line, or an id, a tab and the query
    #[arg(long, value_name = "FILE", value_hint = ValueHint::FilePath)]
    pub queries: Option<PathBuf>,
    /// Filters.
    #[command(flatten)]
    pub filter: Filtering,
    /// Walking.
    #[command(flatten)]
    pub walking: Walking,
}

/// Options that narrow a search.
#[derive(Debug, Clone, Args)]
pub struct Filtering {
    /// Only sections whose heading contains this
    #[arg(long, value_name = "TEXT")]
    pub heading: Option<String>,
    /// Only articles published on this date or later: 2023, 2023-09, 2023-09-12, 30d, last-month
    #[arg(long, value_name = "DATE")]
    pub since: Option<String>,
    /// Only articles published on this date or earlier
    #[arg(long, value_name = "DATE")]
    pub until: Option<String>,
    /// What AND and NOT are judged over
    #[arg(long, value_enum, default_value_t = Unit::Section, value_name = "UNIT")]
    pub unit: Unit,
    /// Take every sign of the query literally
    #[arg(short = 'F', long)]
    pub literal: bool,
    /// End after this many seconds with what was found by then; 0 for no bound
    #[arg(long, value_name = "SECONDS", default_value_t = 10.0, value_parser = parse_seconds)]
    pub timeout: f64,
}

/// Forms of output.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Format {
    /// A page to read.
    Text,
    /// JSON Lines, one hit a line.
    Json,
    /// A table with a header.
    Csv,
    /// The path of each article, once.
    Paths,
    /// TREC run lines, one article a line.
    Trec,
}

/// Orders of hits.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Sort {
    /// Best first.
    Relevance,
    /// Latest date first.
    Newest,
    /// Earliest date first.
    Oldest,
    /// By path.
    Path,
}

/// What a condition is judged over.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Unit {
    /// The section.
    Section,
    /// The article.
    Article,
    /// The passage.
    Passage,
}

/// Facts that can be counted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Facet {
    /// Newspaper, agency or site.
    Source,
    /// The newspaper's own section.
    Desk,
    /// Author.
    Byline,
    /// Language.
    Lang,
    /// Heading.
    Heading,
}

/// What indexing may cost.
#[derive(Debug, Clone, Copy, Default, Args)]
pub struct Effort {
    /// Give way to other programs
    #[arg(long)]
    pub nice: bool,
    /// Memory for what is written at a time: more makes fewer, larger segments; K, M and G are understood
    #[arg(long, value_name = "SIZE", value_parser = parse_size)]
    pub memory: Option<u64>,
}

/// `index`.
#[derive(Debug, Args)]
pub struct IndexArgs {
    /// Folders or files; without any, those the index follows
    #[arg(value_hint = ValueHint::AnyPath)]
    pub folders: Vec<PathBuf>,
    /// Print one JSON object at the end
    #[arg(long)]
    pub json: bool,
    /// Compare contents also where size and time are the same
    #[arg(long)]
    pub rehash: bool,
    /// Remove the index first and build it anew
    #[arg(long)]
    pub rebuild: bool,
    /// Wait while another process writes to the index
    #[arg(long)]
    pub wait: bool,
    /// With --rebuild, drop articles that a program added, which are in no file
    #[arg(long)]
    pub discard_added: bool,
    /// Let tantivy write segments, to tell where a fault is
    #[arg(long, hide = true)]
    pub plain_segments: bool,
    /// What it may cost.
    #[command(flatten)]
    pub effort: Effort,
    /// Walking.
    #[command(flatten)]
    pub walking: Walking,
}

/// `sections`.
#[derive(Debug, Args)]
pub struct Sections {
    /// Files to read
    #[arg(required = true, value_hint = ValueHint::FilePath)]
    pub files: Vec<PathBuf>,
    /// Print JSON Lines, one article a line
    #[arg(long)]
    pub json: bool,
    /// Say of every short line why it is or is not a heading
    #[arg(long)]
    pub explain: bool,
    /// Skip files (and records) longer than this; K, M and G are understood
    #[arg(long, value_name = "SIZE", default_value = "64M", value_parser = parse_size)]
    pub max_file: u64,
}

/// `headings`.
#[derive(Debug, Args)]
pub struct Headings {
    /// Only headings of what matches this
    pub query: Option<String>,
    /// Most headings
    #[arg(short = 'n', long, default_value_t = 50, value_name = "N")]
    pub limit: usize,
    /// Print JSON Lines, one heading a line
    #[arg(long)]
    pub json: bool,
    /// Filters.
    #[command(flatten)]
    pub filter: Filtering,
}

/// `show`.
#[derive(Debug, Args)]
pub struct Show {
    /// Id of an article or a passage, as search prints it
    pub id: String,
    /// List the articles that print the same story instead
    #[arg(long, conflicts_with = "like")]
    pub duplicates: bool,
    /// Rank what is like it instead, as `search like:ID` does
    #[arg(long)]
    pub like: bool,
    /// Print one JSON object an article
    #[arg(long)]
    pub json: bool,
}

/// `check`.
#[derive(Debug, Args)]
pub struct Check {
    /// Print JSON Lines, one file a line
    #[arg(long)]
    pub json: bool,
    /// Follow symbolic links, as `index --follow` did
    #[arg(long)]
    pub follow: bool,
    /// Include hidden files, as `index --hidden` did
    #[arg(long)]
    pub hidden: bool,
    /// Mend what is found: read files that differ, build an index that is damaged anew
    #[arg(long)]
    pub repair: bool,
    /// With --repair, skip files (and records) longer than this, as `index --max-file` did
    #[arg(long, value_name = "SIZE", default_value = "64M", value_parser = parse_size)]
    pub max_file: u64,
}

/// `watch`.
#[derive(Debug, Args)]
pub struct WatchArgs {
    /// Folders; without any, those the index follows
    #[arg(value_hint = ValueHint::AnyPath)]
    pub folders: Vec<PathBuf>,
    /// Print new hits of this query as they arrive, instead of files
    #[arg(long, value_name = "QUERY", allow_hyphen_values = true)]
    pub query: Option<String>,
    /// Print JSON Lines: one change a line, or one hit with --query
    #[arg(long)]
    pub json: bool,
    /// Walk all folders anew every so many seconds, for events that got lost
    #[arg(long, value_name = "SECONDS", default_value_t = 300, value_parser = clap::value_parser!(u64).range(1..))]
    pub rescan: u64,
    /// What it may cost.
    #[command(flatten)]
    pub effort: Effort,
    /// Walking.
    #[command(flatten)]
    pub walking: Walking,
}

/// `folders`.
#[derive(Debug, Args)]
pub struct Folders {
    /// The folder OLD is now at NEW; nothing is indexed anew
    #[arg(long = "move", num_args = 2, value_names = ["OLD", "NEW"], conflicts_with = "remove", value_hint = ValueHint::DirPath)]
    pub moved: Option<Vec<PathBuf>>,
    /// Let a folder go: its articles leave the index
    #[arg(long, value_name = "FOLDER", value_hint = ValueHint::DirPath)]
    pub remove: Option<PathBuf>,
    /// Print JSON Lines, one folder a line
    #[arg(long)]
    pub json: bool,
}

/// `stats`.
#[derive(Debug, Args)]
pub struct Stats {
    /// Print one JSON object
    #[arg(long)]
    pub json: bool,
    /// Also what each field costs on disk
    #[arg(long)]
    pub fields: bool,
}

/// `save`.
#[derive(Debug, Args)]
pub struct Save {
    /// The name: letters, digits, - and _
    pub name: String,
    /// The query
    #[arg(required_unless_present = "remove", allow_hyphen_values = true)]
    pub query: Option<String>,
    /// Forget the query of this name
    #[arg(long, conflicts_with = "query")]
    pub remove: bool,
}

/// `saved`.
#[derive(Debug, Args)]
pub struct SavedArgs {
    /// Print JSON Lines, one query a line
    #[arg(long)]
    pub json: bool,
}

/// The arguments with `-n5` as `-n 5`: a query may begin with `-`, so clap would take the former for one.
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

/// Reads `64M`, `1.5G`, `4096`.
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
    fn the_command_line_is_sound() {
        use clap::CommandFactory;
        Cli::command().debug_assert();
    }

    #[test]
    fn sizes() {
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
