//! The commands: each connects the library with the command line, and decides nothing else.

mod certificate;
mod check;
#[cfg(feature = "engine")]
pub(crate) mod engine;
mod facets;
mod folders;
mod formats;
mod headings;
pub mod help;
mod index;
mod kwic;
mod man;
#[cfg(feature = "mcp")]
mod mcp;
mod names;
mod output;
mod save;
mod search;
mod sections;
#[cfg(feature = "serve")]
mod serve;
mod show;
mod stats;
mod timeline;
mod verify;
mod watch;
mod words;

use std::io::{self, BufWriter, IsTerminal, Write};
use std::time::Duration;

use anyhow::{Result, anyhow, bail};
use clap::CommandFactory;

use crate::cli::args::{Cli, ColorChoice, Command, Filtering, Global, Unit};
use crate::cli::message::{Messages, Status};
use crate::cli::{hints, interrupted, place};
use crate::index::{Index, IndexError};
use crate::query::{Note, QueryError, Today};
use crate::render::json::write_line;
use crate::search::{DatesError, Degraded, Filters, SearchError, SearchOptions, Searcher};
use crate::vocabulary::Scope;

/// Runs a command.
///
/// # Errors
///
/// The error that ended it, as a sentence. A closed pipe is an [`io::Error`] of kind `BrokenPipe`.
pub(crate) fn run(cli: Cli) -> Result<Status> {
    let mut global = cli.global;
    global.indexes = place::indexes(std::mem::take(&mut global.named_indexes))?;
    global.index.clone_from(&global.indexes[0]);
    if let Some(what) = writes(&cli.command).filter(|_| global.indexes.len() > 1) {
        let named = global.indexes.len();
        bail!("`{what}` is for one index, and {named} are named: name the one by --index");
    }
    match cli.command {
        Command::Search(args) => search::run(&global, args),
        Command::Index(args) => index::run(&global, &args),
        Command::Sections(args) => sections::run(&args),
        Command::Headings(args) => headings::run(&global, &args),
        Command::Facets(args) => facets::run(&global, &args),
        Command::Timeline(args) => timeline::run(&global, &args),
        Command::Kwic(args) => kwic::run(&global, &args),
        Command::Collocates(args) => words::collocates(&global, &args),
        Command::Keywords(args) => words::keywords(&global, &args),
        Command::Certificate(args) => certificate::run(&global, &args),
        Command::Names(args) => names::run(&global, &args),
        Command::Verify(args) => verify::run(&global, &args),
        Command::Show(args) => show::run(&global, &args),
        Command::Check(args) => check::run(&global, &args),
        Command::Watch(args) => watch::run(&global, &args),
        #[cfg(feature = "serve")]
        Command::Serve(args) => serve::run(&global, &args),
        #[cfg(feature = "mcp")]
        Command::Mcp(args) => mcp::run(&global, &args),
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

/// The command, if it is one that writes to an index, or looks at what is in it beside its articles.
fn writes(command: &Command) -> Option<&'static str> {
    Some(match command {
        Command::Index(_) => "crosshead index",
        Command::Watch(_) => "crosshead watch",
        Command::Folders(_) => "crosshead folders",
        Command::Save(_) => "crosshead save",
        Command::Saved(args) if args.remove.is_some() => "crosshead saved --remove",
        Command::Check(_) => "crosshead check",
        Command::Stats(args) if args.fields => "crosshead stats --fields",
        Command::Search(args) if !args.folders.is_empty() => "crosshead search QUERY FOLDER",
        #[cfg(feature = "serve")]
        Command::Serve(args) if !args.folders.is_empty() => "crosshead serve FOLDER",
        #[cfg(feature = "serve")]
        Command::Serve(args) if args.watch => "crosshead serve --watch",
        #[cfg(feature = "serve")]
        Command::Serve(args) if args.allow_save => "crosshead serve --allow-save",
        _ => return None,
    })
}

/// Opens the indexes for searching, or the engine that is named.
fn searcher(global: &Global) -> Result<Searcher> {
    #[cfg(feature = "engine")]
    if let Some(engine) = engine::connect(global)? {
        engine.check().map_err(IndexError::from)?;
        return Ok(Searcher::over(std::sync::Arc::new(engine), global.engine.most.max(1))?);
    }
    Ok(Searcher::open_all(&global.indexes)?)
}

/// Prints the notes on how a query was read. Commands that print only numbers need them: a count does not show that a word was
/// misread. Errors are left to the command, which runs the query next.
fn note_readings(searcher: &Searcher, query: &str, options: &SearchOptions, messages: Messages) {
    if messages.quiet {
        return;
    }
    let options = SearchOptions { advice: true, ..options.clone() };
    print_notes(&searcher.notes(query, &options).unwrap_or_default(), messages);
}

/// Prints notes on a query, each with the option that helps.
fn print_notes(notes: &[Note], messages: Messages) {
    for note in notes {
        match hints::of_note(note.code) {
            Some(hint) => messages.note(format!("{}; {hint}", note.message)),
            None => messages.note(&note.message),
        }
    }
}

/// Reads the index, and again if another process rebuilds it meanwhile.
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

/// Standard output, buffered. Commands flush it themselves, so that a closed pipe is an error.
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
    let mut filters = Filters::default();
    filters.heading.clone_from(&filtering.heading);
    for condition in &filtering.conditions {
        filters.add_condition(condition).map_err(|reason| anyhow!("--where: {reason}"))?;
    }
    filters.set_dates(filtering.since.as_deref(), filtering.until.as_deref(), today).map_err(|error| match error {
        DatesError::Since(reason) => anyhow!("--since: {reason}"),
        DatesError::Until(reason) => anyhow!("--until: {reason}"),
        DatesError::Reversed { since, until } => anyhow!("--since {since} is later than --until {until}: swap them"),
    })?;
    Ok(filters)
}

/// The options of a query with these filters.
fn filtered(filtering: &Filtering) -> Result<SearchOptions> {
    let today = Today::now();
    Ok(SearchOptions {
        unit: scope(filtering.unit),
        literal: filtering.literal,
        filters: filters(filtering, today)?,
        today,
        timeout: timeout(filtering.timeout),
        cancel: interrupted(),
        ..SearchOptions::default()
    })
}

/// The timeout of a query; 0 is none.
fn timeout(seconds: f64) -> Option<Duration> {
    (seconds > 0.0).then(|| Duration::try_from_secs_f64(seconds).unwrap_or(Duration::MAX))
}

/// Warns that results are not complete.
fn warn_if_degraded(messages: Messages, degraded: Option<Degraded>, seconds: f64) {
    match degraded {
        Some(Degraded::Time) => messages.warning(format!(
            "the query was stopped after {seconds} s; this is what it had found by then. --timeout gives it more time"
        )),
        Some(Degraded::Cancelled) => messages.warning("the query was cancelled; this is what it had found by then"),
        Some(Degraded::Candidates) => messages.warning(
            "more articles may match than were looked at: the numbers are of these, so there are at least so many. --most-candidates looks at more, and a narrower query needs fewer",
        ),
        Some(Degraded::Spans) => messages.warning(
            "a text had more matches of a proximity operator than are looked at; scores and marks of its passages may lack some",
        ),
        _ => {}
    }
}

/// Did a query end before it had read everything?
fn is_cut_short(degraded: Option<Degraded>) -> bool {
    degraded.is_some_and(|degraded| !matches!(degraded, Degraded::Spans | Degraded::Candidates))
}

/// Prints the error of a query, with a caret or as JSON.
fn report_query_error(error: &QueryError, query: &str, json: bool) -> Result<Status> {
    if json {
        let mut out = stdout();
        write_line(&mut out, error)?;
        out.flush()?;
    } else {
        crate::cli::message::plain(error.with_caret(query));
        if let Some(hint) = hints::of_query(error, query) {
            crate::cli::message::hint(hint);
        }
    }
    Ok(Status::Error)
}

/// Separates errors of the query from errors of the index.
fn query_error(error: SearchError) -> std::result::Result<QueryError, anyhow::Error> {
    match error {
        SearchError::Query(error) => Ok(error),
        SearchError::Index(error) => Err(error.into()),
    }
}

/// Was the output closed by its reader? That is no error.
#[must_use]
pub(crate) fn is_closed_pipe(error: &anyhow::Error) -> bool {
    error
        .chain()
        .any(|cause| cause.downcast_ref::<io::Error>().is_some_and(|error| error.kind() == io::ErrorKind::BrokenPipe))
}
