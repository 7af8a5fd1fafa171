//! `search`: query text to rendered hits.

use std::io::{BufRead, BufReader, IsTerminal, Write};
use std::path::PathBuf;

use anyhow::{Context, Result};
use rayon::iter::{IntoParallelRefIterator, ParallelIterator};

use crate::cli::commands::index::Updating;
use crate::cli::commands::{color, filters, messages, query_error, report_query_error, scope, stdout};
use crate::cli::message::{Messages, Status};
use crate::cli::{self, Facet, Format, Global, Search};
use crate::index::folder_name;
use crate::index::schema::Column;
use crate::index::{FollowedFolder, Index, IndexError};
use crate::query::Today;
use crate::render::csv::Csv;
use crate::render::json::Json;
use crate::render::text::{Page, Terminal};
use crate::render::{Paths, Renderer, Trec, harmless};
use crate::search::{Results, SearchOptions, Session, Sort};

pub(crate) fn run(global: &Global, mut args: Search) -> Result<Status> {
    // With a file of queries, what stands in the query's place is a folder.
    if args.queries.is_some()
        && let Some(folder) = args.query.take()
    {
        args.folders.insert(0, PathBuf::from(folder));
    }
    if args.json {
        args.format = Format::Json;
    }
    let messages = messages(global);
    let index = open(global, &args)?;
    let session = Session::open(&index)?;
    let options = options(&args, global, &session)?;
    if session.num_passages() == 0 {
        messages.note(format!(
            "the index at '{}' is empty: bring it up to date with `crosshead index FOLDER`",
            index.path().display()
        ));
    }
    match (&args.query, &args.queries) {
        (_, Some(file)) => batch(&session, &options, &args, global, file),
        (Some(query), None) => single(&session, &options, &args, global, query),
        // The command line wants one or the other.
        (None, None) => Ok(Status::None),
    }
}

/// Opens the index, bringing the folders named up to date first.
fn open(global: &Global, args: &Search) -> Result<Index> {
    if args.folders.is_empty() {
        return Ok(Index::open(&global.index)?);
    }
    if let Some(missing) = args.folders.iter().find(|folder| !folder.exists()) {
        return Err(IndexError::NoFolder(missing.clone()).into());
    }
    let index = Index::open_or_create(&global.index)?;
    let report = match crate::cli::commands::index::update(
        &index,
        &args.folders,
        global,
        &args.walking,
        Updating::default(),
        None,
    ) {
        Ok(report) => report,
        // Who searches is never blocked.
        Err(error) if matches!(error.downcast_ref(), Some(IndexError::Locked { .. })) => {
            messages(global).warning(format!("{error:#}; searching the index as it is"));
            return Ok(index);
        }
        Err(error) => return Err(error),
    };
    let changes = report.added + report.changed + report.removed;
    if changes > 0 {
        messages(global).status(format!(
            "indexed {} articles of {} files in {:.1} s\n",
            report.articles, report.files, report.seconds
        ));
    }
    Ok(index)
}

fn options(args: &Search, global: &Global, session: &Session<'_>) -> Result<SearchOptions> {
    let today = Today::now();
    let mut filters = filters(&args.filter, today)?;
    filters.folders = folders(args, session)?;
    Ok(SearchOptions {
        limit: args.limit,
        offset: args.offset,
        per_article: args.per_article as usize,
        unit: scope(args.filter.unit),
        sort: match args.sort {
            cli::Sort::Relevance => Sort::Relevance,
            cli::Sort::Newest => Sort::Newest,
            cli::Sort::Oldest => Sort::Oldest,
            cli::Sort::Path => Sort::Path,
        },
        strict: args.strict,
        any: args.any,
        literal: args.filter.literal,
        filters,
        today,
        explain: args.explain,
        ungroup: args.ungroup,
        expand: args.expand,
        snippet_bytes: args.snippet,
        advice: args.queries.is_none() && !global.quiet,
    })
}

/// The folders to search in, as paths begin with them where they are stored; none if those named are all there are.
fn folders(args: &Search, session: &Session<'_>) -> Result<Vec<String>> {
    let known = session.folders();
    let mut names = Vec::new();
    for folder in &args.folders {
        let absolute = folder.canonicalize().with_context(|| format!("cannot read '{}'", folder.display()))?;
        let home = known.iter().find(|known| absolute.starts_with(&known.absolute));
        let name = match home {
            Some(FollowedFolder { stored: name, absolute: known, .. }) => {
                let below = absolute
                    .strip_prefix(known)
                    .map(|below| below.to_string_lossy().replace('\\', "/"))
                    .unwrap_or_default();
                if below.is_empty() { name.clone() } else { format!("{}/{below}", name.trim_end_matches('/')) }
            }
            None => folder_name(&folder.to_string_lossy()),
        };
        names.push(name);
    }
    let all = known.iter().all(|folder| names.contains(&folder.stored));
    Ok(if all { Vec::new() } else { names })
}

pub(crate) fn renderer(format: Format, with_query: bool, global: &Global) -> Box<dyn Renderer> {
    match format {
        Format::Json => Box::new(Json),
        Format::Csv => Box::new(Csv { with_query }),
        Format::Paths => Box::new(Paths),
        Format::Trec => Box::new(Trec),
        Format::Text => Box::new(Page { terminal: terminal(color(global)) }),
    }
}

pub(crate) fn terminal(color: bool) -> Terminal {
    const MOST_COLUMNS: usize = 110;
    const PIPED_COLUMNS: usize = 100;
    let is_terminal = std::io::stdout().is_terminal();
    let width =
        terminal_size::terminal_size().filter(|_| is_terminal).map_or(PIPED_COLUMNS, |(width, _)| usize::from(width.0));
    let links = (color && is_terminal && can_link()).then(|| std::env::current_dir().ok()).flatten();
    Terminal { width: width.min(MOST_COLUMNS), color, links: links.map(|folder| folder.to_string_lossy().into_owned()) }
}

/// Terminals known to follow links, as the supports-hyperlinks crate lists them.
fn can_link() -> bool {
    let var = |name: &str| std::env::var(name).unwrap_or_default();
    let known =
        ["iTerm.app", "WezTerm", "vscode", "ghostty", "Hyper", "WarpTerminal"].contains(&var("TERM_PROGRAM").as_str());
    known
        || var("TERM").contains("kitty")
        || var("TERM") == "alacritty"
        || !var("WT_SESSION").is_empty()
        || var("VTE_VERSION").parse::<u32>().is_ok_and(|version| version >= 5_000)
        || !var("KONSOLE_VERSION").is_empty()
}

fn single(
    session: &Session<'_>,
    options: &SearchOptions,
    args: &Search,
    global: &Global,
    query: &str,
) -> Result<Status> {
    let messages = messages(global);
    let outcome = if args.count {
        count(session, options, query)
    } else if let Some(facet) = args.facet {
        facets(session, options, query, facet)
    } else {
        match session.search(query, options) {
            Ok(results) => return show(session, options, args, global, query, &results),
            Err(error) => Err(error),
        }
    };
    match outcome {
        Ok((text, status)) => {
            let mut out = stdout();
            out.write_all(text.as_bytes())?;
            out.flush()?;
            if status == Status::None {
                messages.note("nothing matches");
            }
            Ok(status)
        }
        Err(error) => report_query_error(&query_error(error)?, query, args.format == Format::Json),
    }
}

type Outcome = std::result::Result<(String, Status), crate::search::SearchError>;

fn count(session: &Session<'_>, options: &SearchOptions, query: &str) -> Outcome {
    let counts = session.count(query, options)?;
    let status = if counts.passages > 0 { Status::Found } else { Status::None };
    Ok((format!("{}\t{}\t{}\n", counts.passages, counts.sections, counts.articles), status))
}

fn facets(session: &Session<'_>, options: &SearchOptions, query: &str, facet: Facet) -> Outcome {
    let column = match facet {
        Facet::Source => Column::Source,
        Facet::Desk => Column::Desk,
        Facet::Byline => Column::Byline,
        Facet::Lang => Column::Lang,
        Facet::Heading => Column::Heading,
    };
    let values = session.facets(Some(query), column, options)?;
    let status = if values.is_empty() { Status::None } else { Status::Found };
    Ok((values.iter().map(|(value, counts)| format!("{}\t{}\n", counts.articles, harmless(value))).collect(), status))
}

fn show(
    session: &Session<'_>,
    options: &SearchOptions,
    args: &Search,
    global: &Global,
    query: &str,
    results: &Results,
) -> Result<Status> {
    let messages = messages(global);
    if args.explain {
        match session.explain(query, options) {
            Ok(text) => crate::cli::message::plain(text.trim_end()),
            Err(error) => return report_query_error(&query_error(error)?, query, args.format == Format::Json),
        }
    } else if args.format == Format::Text && !results.query.is_plain() && !args.filter.literal {
        messages.status(format!("searched: {}", results.query));
    }
    for note in &results.notes {
        messages.note(&note.message);
    }
    let mut out = stdout();
    let mut renderer = renderer(args.format, args.queries.is_some(), global);
    renderer.begin(&mut out)?;
    renderer.results(&mut out, None, results)?;
    out.flush()?;
    if !results.hits.is_empty() {
        if args.format == Format::Text {
            let counts = results.counts;
            messages.status(format!(
                "\n{} passages in {} sections of {} articles",
                counts.passages, counts.sections, counts.articles
            ));
        }
        return Ok(Status::Found);
    }
    explain_nothing(session, options, query, results, messages);
    Ok(Status::None)
}

/// Says what could be done about a query without hits.
fn explain_nothing(session: &Session<'_>, options: &SearchOptions, query: &str, results: &Results, messages: Messages) {
    if results.counts.passages > 0 {
        messages.note(format!("--offset {} is behind the last hit", options.offset));
        return;
    }
    messages.note(format!("nothing matches: {}", results.query));
    let without = |change: &dyn Fn(&mut SearchOptions)| {
        let mut options = options.clone();
        change(&mut options);
        session.count(query, &options).map_or(0, |counts| counts.passages)
    };
    let mut help = Vec::new();
    if options.filters.heading.is_some() {
        help.push(("without --heading", without(&|options| options.filters.heading = None)));
    }
    if options.filters.date.is_some() {
        help.push(("without --since and --until", without(&|options| options.filters.date = None)));
    }
    if !options.filters.folders.is_empty() {
        help.push(("in all folders of the index", without(&|options| options.filters.folders.clear())));
    }
    if options.unit != crate::vocabulary::Scope::Article {
        help.push((
            "with --unit article (all words in one article)",
            without(&|options| options.unit = crate::vocabulary::Scope::Article),
        ));
    }
    if options.strict {
        help.push(("with --any", without(&|options| (options.strict, options.any) = (false, true))));
    }
    for (what, passages) in help.iter().filter(|(_, passages)| *passages > 0) {
        messages.note(format!("{what}: {passages} passages"));
    }
    // Which part takes them all away?
    for rung in session.ladder(&results.query, options).unwrap_or_default() {
        if rung.alone == 0 {
            messages.note(format!("{} matches nothing by itself", rung.part));
        }
        if rung.without > 0 {
            messages.note(format!("without {}: {} passages", rung.part, rung.without));
        }
    }
}

/// So many queries of a file are run before their answers are written: enough for all cores, few enough to hold.
const QUERIES_AT_ONCE: usize = 64;

/// A line of a file of queries.
struct Line {
    number: usize,
    text: String,
}

impl Line {
    /// The query, and the id before it; without one, the number of the line is its id.
    fn parts(&self) -> (String, &str) {
        match self.text.split_once('\t') {
            Some((id, query)) => (id.to_string(), query),
            None => (self.number.to_string(), &self.text),
        }
    }
}

/// What became of a query.
enum Answer {
    Counted(String, Status),
    Found(Results),
}

/// Runs a file of queries on all cores; the answers come in the order of the lines. A bad line is reported and does not
/// stop the rest.
fn batch(
    session: &Session<'_>,
    options: &SearchOptions,
    args: &Search,
    global: &Global,
    file: &std::path::Path,
) -> Result<Status> {
    let unreadable = || format!("cannot read the queries in '{}'", file.display());
    let mut lines = BufReader::new(std::fs::File::open(file).with_context(unreadable)?).split(b'\n').zip(1..);
    let mut out = stdout();
    let mut renderer = renderer(args.format, args.queries.is_some(), global);
    if !args.count {
        renderer.begin(&mut out)?;
    }
    let answer = |line: &Line| {
        let (_, query) = line.parts();
        if args.count {
            count(session, options, query).map(|(text, status)| Answer::Counted(text, status))
        } else {
            session.search(query, options).map(Answer::Found)
        }
    };
    let mut status = Status::None;
    loop {
        let mut chunk = Vec::new();
        for (line, number) in lines.by_ref() {
            let line = line.with_context(unreadable)?;
            let text = String::from_utf8_lossy(&line);
            let text = text.trim_end_matches('\r').trim_start_matches('\u{feff}').to_string();
            if !text.trim().is_empty() {
                chunk.push(Line { number, text });
            }
            if chunk.len() == QUERIES_AT_ONCE {
                break;
            }
        }
        if chunk.is_empty() {
            break;
        }
        let answers: Vec<_> = chunk.par_iter().map(answer).collect();
        for (line, answer) in chunk.iter().zip(answers) {
            let (id, _) = line.parts();
            let found = match answer {
                Ok(Answer::Counted(text, found)) => {
                    write!(out, "{}\t{text}", harmless(&id))?;
                    found
                }
                Ok(Answer::Found(results)) => {
                    renderer.results(&mut out, Some(&id), &results)?;
                    if results.hits.is_empty() { Status::None } else { Status::Found }
                }
                Err(error) => {
                    let error = query_error(error)?;
                    messages(global).warning(format!("{}:{}: {}", file.display(), line.number, error.message));
                    Status::Error
                }
            };
            if status == Status::None || found == Status::Error {
                status = found;
            }
        }
    }
    out.flush()?;
    Ok(status)
}
