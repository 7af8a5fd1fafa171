//! The command line: its commands, options and help texts. Nothing is opened or decided here.

mod about;
mod analysis;
mod help;
mod index;
#[cfg(feature = "mcp")]
mod mcp;
mod names;
mod search;
#[cfg(feature = "serve")]
mod serve;
mod show;
mod values;
mod verify;

use std::ffi::OsString;
use std::path::PathBuf;

use clap::{Args, Parser, Subcommand, ValueEnum, ValueHint};

pub(crate) use about::{ManArgs, Save, SavedArgs, Stats};
pub(crate) use analysis::{
    CertificateArgs, CollocatesArgs, ContextUnit, FacetsArgs, KeywordsArgs, KwicArgs, Table, TableFormat, TimelineArgs,
    TimelineFormat, WordTable,
};
#[cfg(feature = "engine")]
use help::ENGINE;
use help::{GLOBAL, help_flag, help_width, version_flag};
pub(crate) use index::{Check, Effort, Folders, IndexArgs, Walking, WatchArgs};
#[cfg(feature = "mcp")]
pub(crate) use mcp::{McpArgs, McpClient};
pub(crate) use names::NamesArgs;
pub(crate) use search::{DEFAULT_LIMIT, Filtering, Format, Headings, Search, Sort, Unit};
#[cfg(feature = "serve")]
pub(crate) use serve::ServeArgs;
pub(crate) use show::{Sections, Show};
pub(crate) use verify::VerifyArgs;

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
pub(crate) struct Cli {
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
pub(crate) struct Global {
    /// Folder of the index, or @FILE for a list of indexes; may be repeated to search several as one; by default
    /// $CROSSHEAD_INDEX, or else the nearest folder `index`, here or in a folder above
    #[arg(id = "index", long = "index", global = true, value_name = "DIR", value_hint = ValueHint::DirPath)]
    pub named_indexes: Vec<PathBuf>,
    /// The OpenSearch or Elasticsearch that is used in place of an index.
    #[cfg(feature = "engine")]
    #[command(flatten)]
    pub engine: EngineArgs,
    /// The folder of the index that is used; of several, of the first.
    #[arg(skip)]
    pub index: PathBuf,
    /// The folders of all indexes that are used: at least one.
    #[arg(skip)]
    pub indexes: Vec<PathBuf>,
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

/// Default of `--most-candidates`.
#[cfg(feature = "engine")]
pub(crate) const MOST_CANDIDATES: usize = 50_000;

/// Options of an engine that holds the articles.
#[cfg(feature = "engine")]
#[derive(Debug, Clone, Default, Args)]
#[command(next_help_heading = ENGINE)]
pub(crate) struct EngineArgs {
    /// Address of an OpenSearch or Elasticsearch that is searched, or kept up to date by `index`, `watch` and `serve FOLDER`; may
    /// be repeated for its nodes; by default those of $CROSSHEAD_ENGINE
    #[arg(id = "engine", long = "engine", global = true, value_name = "URL")]
    pub addresses: Vec<String>,
    /// Name of the articles there
    #[arg(long, global = true, value_name = "NAME", default_value = "articles")]
    pub archive: String,
    /// File of certificates to trust (PEM) instead of the system's
    #[arg(long = "engine-ca", global = true, value_name = "FILE", value_hint = ValueHint::FilePath)]
    pub ca_file: Option<PathBuf>,
    /// Reach other machines without TLS too
    #[arg(long = "engine-insecure", global = true)]
    pub insecure: bool,
    /// Most articles that are fetched for one query
    #[arg(long = "most-candidates", global = true, value_name = "N", default_value_t = MOST_CANDIDATES)]
    pub most: usize,
}

/// When to use colours.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum ColorChoice {
    /// On a terminal, unless `NO_COLOR` is set.
    Auto,
    /// Always.
    Always,
    /// Never.
    Never,
}

/// The commands.
#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Search for passages, best first; folders that are named are indexed first, and only they are searched
    Search(Search),
    /// Index folders, or bring the index up to date with its folders
    Index(IndexArgs),
    /// Show how files are read and split into sections; needs no index
    Sections(Sections),
    /// List the headings of matching sections, with the number of sections
    Headings(Headings),
    /// Count the values of a field over what matches, or of two fields, crossed
    Facets(FacetsArgs),
    /// Count what matches over time: a plot, a table or a picture
    Timeline(TimelineArgs),
    /// List the occurrences of a query in context, a line each (keyword in context)
    Kwic(KwicArgs),
    /// List the words near the occurrences of a query, with measures of association
    Collocates(CollocatesArgs),
    /// List the words that set the articles of a query apart from others
    Keywords(KeywordsArgs),
    /// List the people, bodies and places that matching articles speak of, with their numbers of articles
    Names(NamesArgs),
    /// State what a query gave, to cite it; verify such a statement
    Certificate(CertificateArgs),
    /// Tell whether a quotation is in the archive word for word, nearly, or not
    Verify(VerifyArgs),
    /// Show an article or a passage by its id
    Show(Show),
    /// Compare the index with its folders, reading every file
    Check(Check),
    /// Keep the index up to date while files change; print the changes, or new hits of a query
    Watch(WatchArgs),
    /// Serve a page for reading and an HTTP API on this machine; folders that are named are indexed first
    #[cfg(feature = "serve")]
    Serve(ServeArgs),
    /// Serve the index to agents, over standard input and output (Model Context Protocol)
    #[cfg(feature = "mcp")]
    Mcp(McpArgs),
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

/// The arguments as they are parsed. `-n5` is split into `-n 5`: a query may begin with `-`, so clap would parse `-n5` as one.
/// Where several indexes are named, all of them are named before the command: of those before and behind it clap would take
/// the last alone.
pub(crate) fn arguments(all: impl IntoIterator<Item = OsString>) -> impl Iterator<Item = OsString> {
    indexes_first(all.into_iter().collect()).into_iter().flat_map(|argument| {
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

/// The arguments with each `--index` and its value behind the name of the program, if there are several.
fn indexes_first(all: Vec<OsString>) -> Vec<OsString> {
    const OPTION: &str = "--index";
    let (mut named, mut others) = (Vec::new(), Vec::new());
    let mut arguments = all.iter().cloned();
    let program = arguments.next();
    while let Some(argument) = arguments.next() {
        match argument.to_str() {
            Some("--") => {
                others.push(argument);
                others.extend(arguments.by_ref());
            }
            Some(OPTION) => {
                let Some(value) = arguments.next() else { return all };
                named.push([argument, value].to_vec());
            }
            Some(text) if text.starts_with("--index=") => named.push(vec![argument]),
            _ => others.push(argument),
        }
    }
    if named.len() < 2 {
        return all;
    }
    program.into_iter().chain(named.into_iter().flatten()).chain(others).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn indexes_are_named_before_the_command() {
        for (given, expected) in [
            ("crosshead --index a search --index b q --index=c", "crosshead --index a --index b --index=c search q"),
            ("crosshead search q --index a", "crosshead search q --index a"),
            ("crosshead search --index a -n5 -- --index b", "crosshead search --index a -n 5 -- --index b"),
            ("crosshead search --index a --index", "crosshead search --index a --index"),
            ("crosshead --index a --index b search -- --index c", "crosshead --index a --index b search -- --index c"),
        ] {
            let given = given.split(' ').map(OsString::from);
            let found: Vec<_> = arguments(given).map(|argument| argument.to_string_lossy().into_owned()).collect();
            assert_eq!(found.join(" "), expected);
        }
    }

    #[test]
    fn command_line_is_consistent() {
        use clap::CommandFactory;
        Cli::command().debug_assert();
    }
}
