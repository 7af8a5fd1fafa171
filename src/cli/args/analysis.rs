//! What counts and lists over all that matches: `facets`, `timeline`, `kwic`, `collocates`, `keywords`,
//! `certificate`.

use std::path::PathBuf;

use clap::builder::{PossibleValue, TypedValueParser};
use clap::{Args, ValueEnum, ValueHint};

use super::help::{OUTPUT, QUERY};
use super::search::Filtering;
use crate::analysis::collocates::{Association, Window};
use crate::analysis::kwic::KwicOrder;
use crate::analysis::timeline::Interval;
use crate::vocabulary::Facet;

impl ValueEnum for Facet {
    fn value_variants<'a>() -> &'a [Facet] {
        &Facet::ALL
    }

    fn to_possible_value(&self) -> Option<PossibleValue> {
        let help = match self {
            Facet::Source => "Newspaper, agency or site",
            Facet::Desk => "The newspaper's own section, such as Business",
            Facet::Byline => "Author",
            Facet::Speaker => "Who says the passage, in transcripts",
            Facet::Lang => "Language",
            Facet::Tag => "Keyword of the publisher",
            Facet::Folder => "Folder of the file",
            Facet::Heading => "Heading of the section",
            Facet::Dateline => "Where it was written",
            Facet::Year => "Year of publication",
            Facet::Month => "Month of publication",
            Facet::Day => "Day of publication",
        };
        Some(PossibleValue::new(self.name()).help(help))
    }
}

impl ValueEnum for Interval {
    fn value_variants<'a>() -> &'a [Interval] {
        &Interval::ALL
    }

    fn to_possible_value(&self) -> Option<PossibleValue> {
        Some(PossibleValue::new(self.name()))
    }
}

/// Formats of tables.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum TableFormat {
    /// Text for a terminal.
    Text,
    /// JSON Lines.
    Json,
    /// CSV with a header row.
    Csv,
}

/// The output of a table.
#[derive(Debug, Clone, Args)]
#[command(next_help_heading = OUTPUT)]
pub(crate) struct Table {
    /// Output format
    #[arg(long, value_enum, default_value_t = TableFormat::Text, value_name = "FORMAT")]
    pub format: TableFormat,
    /// Print JSON Lines; the same as --format json
    #[arg(long)]
    pub json: bool,
}

impl Table {
    /// The format that is asked for.
    pub(crate) fn format(&self) -> TableFormat {
        if self.json { TableFormat::Json } else { self.format }
    }
}

/// One field, or two that are crossed.
#[derive(Debug, Clone)]
pub(crate) struct Fields(pub(crate) Vec<Facet>);

fn parse_fields(text: &str) -> Result<Fields, String> {
    let names = || Facet::ALL.map(Facet::name).join(", ");
    let field = |name: &str| {
        let found = Facet::ALL.into_iter().find(|facet| facet.name().eq_ignore_ascii_case(name.trim()));
        found.ok_or_else(|| format!("there is no field '{name}'; the fields are {}", names()))
    };
    let fields = text.split(',').map(field).collect::<Result<Vec<Facet>, String>>()?;
    match fields[..] {
        [_] => Ok(Fields(fields)),
        [first, second] if first != second => Ok(Fields(fields)),
        _ => Err("name one field, or two different ones with a comma between them".into()),
    }
}

/// `facets`.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  crosshead facets source
  crosshead facets source,year 'strike'
  crosshead facets tag 'strike' --prefix trade
  crosshead facets byline --format csv > authors.csv")]
pub(crate) struct FacetsArgs {
    /// The field whose values are counted, or two with a comma between them, which are crossed: source, desk, byline, speaker,
    /// lang, tag, folder, heading, dateline, year, month, day
    #[arg(value_parser = parse_fields, value_name = "FIELD[,FIELD]")]
    pub fields: Fields,
    /// Only what matches this query
    #[arg(allow_hyphen_values = true)]
    pub query: Option<String>,
    /// Only values that begin so, without regard to case and accents
    #[arg(long, default_value = "", value_name = "TEXT", hide_default_value = true, help_heading = OUTPUT)]
    pub prefix: String,
    /// Maximum number of values, the commonest; the others are counted together. By default 20, and all with --json and --format csv
    #[arg(short = 'n', long, value_name = "N", help_heading = OUTPUT)]
    pub limit: Option<usize>,
    /// Filters.
    #[command(flatten)]
    pub filter: Filtering,
    /// Output.
    #[command(flatten)]
    pub table: Table,
}

/// Formats of timelines.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum TimelineFormat {
    /// A plot of blocks.
    Text,
    /// JSON Lines, a timeline a line.
    Json,
    /// CSV, a period a row.
    Csv,
    /// A picture.
    Svg,
}

/// `timeline`.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  crosshead timeline 'strike'
  crosshead timeline 'strike' 'lockout' --by month --relative
  crosshead timeline 'strike' --per source --since 2023
  crosshead timeline 'strike' --format svg > strike.svg")]
pub(crate) struct TimelineArgs {
    /// The queries, at most six
    #[arg(required = true, num_args = 1..=6, value_name = "QUERY")]
    pub queries: Vec<String>,
    /// Length of a period; by default one that gives some dozens of periods
    #[arg(long, value_enum, value_name = "PERIOD", help_heading = OUTPUT)]
    pub by: Option<Interval>,
    /// Plot articles per 1,000 of all articles of the period that the filters keep
    #[arg(long, help_heading = OUTPUT)]
    pub relative: bool,
    /// A timeline for each of the commonest values of a field: source, desk or lang
    #[arg(long, value_enum, value_name = "FIELD", help_heading = OUTPUT)]
    pub per: Option<Per>,
    /// Number of values with --per; the others are counted together
    #[arg(short = 'n', long, default_value_t = 4, value_name = "N", help_heading = OUTPUT)]
    pub limit: usize,
    /// Filters.
    #[command(flatten)]
    pub filter: Filtering,
    /// Output format
    #[arg(long, value_enum, default_value_t = TimelineFormat::Text, value_name = "FORMAT", help_heading = OUTPUT)]
    pub format: TimelineFormat,
    /// Print JSON Lines, a timeline a line; the same as --format json
    #[arg(long, help_heading = OUTPUT)]
    pub json: bool,
}

/// Fields that a timeline can be for each value of.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum Per {
    /// Newspaper, agency or site.
    Source,
    /// The newspaper's own section.
    Desk,
    /// Language.
    Lang,
}

impl Per {
    /// The facet.
    pub(crate) fn facet(self) -> Facet {
        match self {
            Per::Source => Facet::Source,
            Per::Desk => Facet::Desk,
            Per::Lang => Facet::Lang,
        }
    }
}

/// What the width of a context is counted in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum ContextUnit {
    /// Words.
    Words,
    /// Characters.
    Chars,
}

/// An order of lines.
#[derive(Debug, Clone)]
pub(crate) struct Order(pub(crate) KwicOrder);

fn parse_order(text: &str) -> Result<Order, String> {
    text.parse().map(Order)
}

/// `kwic`.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  crosshead kwic 'strike'
  crosshead kwic 'strike' --order 1R,2R,1L
  crosshead kwic 'union w/5 strike' --since 2023 --order oldest
  crosshead kwic 'strike' --sample 200 --seed 7 --format csv > sample.csv")]
pub(crate) struct KwicArgs {
    /// The query
    #[arg(allow_hyphen_values = true)]
    pub query: String,
    /// Order of the lines: path, newest, oldest, source, or words beside the occurrence, such as 1R,2R,1L
    #[arg(long, value_parser = parse_order, default_value = "path", value_name = "ORDER", help_heading = OUTPUT)]
    pub order: Order,
    /// Context on each side; by default what the terminal has room for, 10 words in other formats
    #[arg(long, value_name = "N", help_heading = OUTPUT)]
    pub width: Option<usize>,
    /// Unit of --width
    #[arg(long, value_enum, default_value_t = ContextUnit::Words, value_name = "UNIT", help_heading = OUTPUT)]
    pub by: ContextUnit,
    /// Maximum number of lines; by default 50, and all with --json and --format csv
    #[arg(short = 'n', long, value_name = "N", help_heading = OUTPUT)]
    pub limit: Option<usize>,
    /// Print all lines
    #[arg(long, conflicts_with = "limit", help_heading = OUTPUT)]
    pub all: bool,
    /// Print a sample of this many occurrences, drawn from all of them
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u32).range(1..).map(|size| size as usize), help_heading = OUTPUT)]
    pub sample: Option<usize>,
    /// Seed of the sample: the same seed draws the same sample
    #[arg(long, value_name = "S", default_value_t = 0, requires = "sample", help_heading = OUTPUT)]
    pub seed: u64,
    /// Draw the sample from each value of this field
    #[arg(long, value_enum, value_name = "FIELD", requires = "sample", hide_possible_values = true, help_heading = OUTPUT)]
    pub per: Option<Facet>,
    /// Filters.
    #[command(flatten)]
    pub filter: Filtering,
    /// Output.
    #[command(flatten)]
    pub table: Table,
}

/// A table of words that are compared with others.
#[derive(Debug, Args)]
pub(crate) struct WordTable {
    /// Compare with the articles of this query, not with all others that the filters keep
    #[arg(long, allow_hyphen_values = true, value_name = "QUERY", help_heading = OUTPUT)]
    pub against: Option<String>,
    /// Maximum number of words
    #[arg(short = 'n', long, default_value_t = 50, value_name = "N", help_heading = OUTPUT)]
    pub limit: usize,
    /// Fewest occurrences of a word
    #[arg(long, default_value_t = 5, value_name = "N", help_heading = OUTPUT)]
    pub min_count: u64,
    /// Filters.
    #[command(flatten)]
    pub filter: Filtering,
    /// Output.
    #[command(flatten)]
    pub table: Table,
}

impl ValueEnum for Association {
    fn value_variants<'a>() -> &'a [Association] {
        &[Association::LogLikelihood, Association::MutualInformation, Association::LogDice, Association::Count]
    }

    fn to_possible_value(&self) -> Option<PossibleValue> {
        Some(PossibleValue::new(match self {
            Association::LogLikelihood => "ll",
            Association::MutualInformation => "mi",
            Association::LogDice => "logdice",
            Association::Count => "count",
        }))
    }
}

/// The window around an occurrence.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Near(pub(crate) Window);

fn parse_window(text: &str) -> Result<Near, String> {
    const MOST: u32 = 100;
    if text == "sentence" {
        return Ok(Near(Window::Sentence));
    }
    let wrong = || format!("write a number of words up to {MOST}, as 5, two, as 3,5, or sentence");
    let number = |text: &str| text.trim().parse().ok().filter(|number| *number <= MOST).ok_or_else(wrong);
    let (before, after) = match text.split_once(',') {
        Some((before, after)) => (number(before)?, number(after)?),
        None => (number(text)?, number(text)?),
    };
    if before + after == 0 { Err(wrong()) } else { Ok(Near(Window::Words { before, after })) }
}

/// `collocates`.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  crosshead collocates 'strike'
  crosshead collocates 'strike' --window 0,3 --sort mi
  crosshead collocates 'strike' --window sentence --against 'date:2022'")]
pub(crate) struct CollocatesArgs {
    /// The query whose occurrences are looked around
    #[arg(allow_hyphen_values = true)]
    pub query: String,
    /// Words before and after an occurrence that are near it: 5, 3,5 or sentence
    #[arg(long, value_parser = parse_window, default_value = "5", value_name = "WINDOW", help_heading = OUTPUT)]
    pub window: Near,
    /// Order: ll (log-likelihood), mi (mutual information), logdice or count
    #[arg(long, value_enum, default_value_t = Association::LogLikelihood, value_name = "MEASURE", hide_possible_values = true, help_heading = OUTPUT)]
    pub sort: Association,
    /// The table.
    #[command(flatten)]
    pub words: WordTable,
}

/// `keywords`.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  crosshead keywords 'strike'
  crosshead keywords 'source:courier' --against 'source:herald'
  crosshead keywords 'strike date:2023' --against 'strike date:2022' --json")]
pub(crate) struct KeywordsArgs {
    /// The query whose articles are described
    #[arg(allow_hyphen_values = true)]
    pub query: String,
    /// The table.
    #[command(flatten)]
    pub words: WordTable,
}

/// `certificate`.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  crosshead certificate 'strike date:2023'
  crosshead certificate 'strike date:2023' --json > strike.certificate.json
  crosshead certificate --verify strike.certificate.json")]
pub(crate) struct CertificateArgs {
    /// The query
    #[arg(required_unless_present = "verify", conflicts_with = "verify", allow_hyphen_values = true)]
    pub query: Option<String>,
    /// Run the query of this certificate again, and print what changed since
    #[arg(long, value_name = "FILE", value_hint = ValueHint::FilePath, help_heading = OUTPUT)]
    pub verify: Option<PathBuf>,
    /// Is one of the plain words enough?
    #[arg(long, help_heading = QUERY)]
    pub any: bool,
    /// Filters.
    #[command(flatten)]
    pub filter: Filtering,
    /// Print JSON, which can be verified; with --verify, a change a line
    #[arg(long, help_heading = OUTPUT)]
    pub json: bool,
}
