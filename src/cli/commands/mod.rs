//! The commands: each wires the library to the command line, and decides nothing else.

mod check;
mod folders;
mod formats;
mod headings;
pub mod help;
mod index;
mod man;
mod save;
mod search;
mod sections;
mod show;
mod stats;
mod watch;

use std::io::{self, BufWriter, IsTerminal, Write};

use anyhow::{Result, anyhow};
use clap::CommandFactory;

use crate::cli::args::{Cli, ColorChoice, Command, Filtering, Global, Unit};
use crate::cli::message::{Messages, Status};
use crate::index::{Index, IndexError};
use crate::query::{DateRange, QueryError, Today, date};
use crate::render::json::write_line;
use crate::search::SearchError;
use crate::search::local::plan::Filters;
use crate::vocabulary::Scope;

/// Runs the command that was asked for.
///
/// # Errors
///
/// What made it impossible, as a sentence. A closed pipe is an [`io::Error`] of kind `BrokenPipe`.
pub fn run(cli: Cli) -> Result<Status> {
    let global = cli.global;
    match cli.command {
        Command::Search(args) => search::run(&global, args),
        Command::Index(args) => index::run(&global, &args),
        Command::Sections(args) => sections::run(&args),
        Command::Headings(args) => headings::run(&global, &args),
        Command::Show(args) => show::run(&global, &args),
        Command::Check(args) => check::run(&global, &args),
        Command::Watch(args) => watch::run(&global, &args),
        Command::Folders(args) => folders::run(&global, &args),
        Command::Stats(args) => stats::run(&global, &args),
        Command::Save(args) => save::save(&global, &args),
        Command::Saved(args) => save::list(&global, &args),
        Command::Formats => formats::run(),
        Command::Help { topic } => help::run(topic.as_deref()),
        Command::Completions { shell } => {
            let mut script = Vec::new();
            clap_complete::generate(shell, &mut Cli::command(), "crosshead", &mut script);
            print_all(&script)
        }
        Command::Man(args) => man::run(&global, &args),
    }
}

/// Reads the index; once more, if another process builds it anew meanwhile.
fn reading<T>(global: &Global, read: impl Fn(&Index) -> std::result::Result<T, IndexError>) -> Result<T> {
    const TRIES: usize = 5;
    let mut tries = 0;
    loop {
        match Index::open(&global.index).and_then(|index| read(&index)) {
            Err(IndexError::Replaced(_)) if tries < TRIES => tries += 1,
            other => return Ok(other?),
        }
    }
}

fn print_all(bytes: &[u8]) -> Result<Status> {
    let mut out = stdout();
    out.write_all(bytes)?;
    out.flush()?;
    Ok(Status::Found)
}

/// Standard output, buffered; commands flush it, so that a closed pipe is seen.
fn stdout() -> BufWriter<io::StdoutLock<'static>> {
    BufWriter::new(io::stdout().lock())
}

fn messages(global: &Global) -> Messages {
    Messages { quiet: global.quiet, verbose: global.verbose }
}

/// Should stdout be coloured?
fn color(global: &Global) -> bool {
    match global.color {
        ColorChoice::Always => true,
        ColorChoice::Never => false,
        ColorChoice::Auto => {
            let refused = std::env::var_os("NO_COLOR").is_some_and(|value| !value.is_empty());
            let dumb = std::env::var_os("TERM").is_some_and(|term| term == "dumb");
            !refused && !dumb && io::stdout().is_terminal()
        }
    }
}

fn scope(unit: Unit) -> Scope {
    match unit {
        Unit::Section => Scope::Section,
        Unit::Article => Scope::Article,
        Unit::Passage => Scope::Passage,
    }
}

/// The filters of the command line.
fn filters(filtering: &Filtering, today: Today) -> Result<Filters> {
    let point = |text: &str, option: &str| {
        date::point(text, today).map_err(|error| anyhow!("{option}: {}", error.sentence(text)))
    };
    let since = filtering.since.as_deref().map(|text| point(text, "--since")).transpose()?;
    let until = filtering.until.as_deref().map(|text| point(text, "--until")).transpose()?;
    if let (Some(since), Some(until)) = (since, until)
        && since.0 > until.1
    {
        return Err(anyhow!("--since {} is later than --until {}: swap them", since.0, until.1));
    }
    let date = (since.is_some() || until.is_some())
        .then(|| DateRange::Days(since.map(|days| days.0), until.map(|days| days.1)));
    Ok(Filters { heading: filtering.heading.clone(), date, ..Filters::default() })
}

/// A query error as the user sees it: with a caret, or as JSON.
fn report_query_error(error: &QueryError, query: &str, json: bool) -> Result<Status> {
    if json {
        let mut out = stdout();
        write_line(&mut out, error)?;
        out.flush()?;
    } else {
        crate::cli::message::plain(error.with_caret(query));
    }
    Ok(Status::Error)
}

/// Splits what a query cannot do from what the index cannot.
fn query_error(error: SearchError) -> std::result::Result<QueryError, anyhow::Error> {
    match error {
        SearchError::Query(error) => Ok(error),
        SearchError::Index(error) => Err(error.into()),
    }
}

/// Did the reader of our output go away? That is its right.
#[must_use]
pub fn is_closed_pipe(error: &anyhow::Error) -> bool {
    error
        .chain()
        .any(|cause| cause.downcast_ref::<io::Error>().is_some_and(|error| error.kind() == io::ErrorKind::BrokenPipe))
}
