//! `search`: renders the hits of a query, or of a file of queries.

use std::cell::OnceCell;
use std::collections::HashSet;
use std::fmt;
use std::io::{self, BufRead, BufReader, IsTerminal, Write};
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};
use rayon::iter::{IntoParallelRefIterator, ParallelIterator};
use serde::Serialize;

use crate::cli::args::{Effort, Format, Global, Search};
use crate::cli::commands::index::{check_folders, sync_options, update};
use crate::cli::commands::{
    color, filters, is_cut_short, messages, query_error, report_query_error, scope, stdout, timeout, warn_if_degraded,
};
use crate::cli::message::{self, Messages, Status, counted};
use crate::cli::{self, hints, interrupted};
use crate::index::{Index, IndexError};
use crate::os;
use crate::query::Today;
use crate::render::csv::Csv;
use crate::render::json::{Json, write_line};
use crate::render::text::{Page, Terminal};
use crate::render::{Paths, Renderer, Trec, harmless};
use crate::search::{
    Counts, Degraded, FacetCount, Relaxation, Results, SearchError, SearchOptions, Searcher, Sort, Tier,
};
use crate::vocabulary::Facet;

/// Number of hits, or of rows of facets on a page, without `--limit`.
const DEFAULT_LIMIT: usize = 10;

pub(crate) fn run(global: &Global, mut args: Search) -> Result<Status> {
    // With a file of queries, the argument in the position of the query is a folder.
    if args.queries.is_some()
        && let Some(folder) = args.query.take()
    {
        args.folders.insert(0, PathBuf::from(folder));
    }
    if args.json {
        args.format = Format::Json;
    }
    let messages = messages(global);
    if args.null && (args.format != Format::Paths || args.count || args.facet.is_some()) {
        message::error("--null is for paths, which --format paths prints");
        return Ok(Status::Error);
    }
    // A word without a separator that is no file may be one of a query that was not quoted.
    if let Some(query) = &args.query
        && let Some(missing) = args.folders.iter().find(|folder| !folder.exists() && folder.components().count() == 1)
    {
        message::error(format!("no folder or file '{}'", missing.display()));
        message::hint(hints::of_unquoted(query, &args.folders));
        return Ok(Status::Error);
    }
    let searcher = Searcher::of(&open(global, &args)?)?;
    let options = options(&args, global, &searcher)?;
    if searcher.num_passages() == 0 {
        messages.note(format!(
            "the index at '{}' is empty: bring it up to date with `crosshead index FOLDER`",
            global.index.display()
        ));
    }
    match (&args.query, &args.queries) {
        (_, Some(file)) => batch(&searcher, &options, &args, global, file),
        (Some(query), None) => single(&searcher, &options, &args, global, query),
        // The parser of the command line requires one of them.
        (None, None) => Ok(Status::None),
    }
}

/// Opens the index, after bringing the folders of the command line up to date.
fn open(global: &Global, args: &Search) -> Result<Index> {
    if args.folders.is_empty() {
        return Ok(Index::open(&global.index)?);
    }
    check_folders(&args.folders)?;
    let index = Index::open_or_create(&global.index)?;
    let options = sync_options(global, &args.walking, Effort::default());
    let report = match update(&index, &args.folders, global, options) {
        Ok(report) => report,
        Err(error) if leaves_readable(&error) => {
            messages(global).warning(format!("{error:#}; searching the index as it is, not brought up to date"));
            return Ok(index);
        }
        Err(error) => return Err(error),
    };
    let changes = report.added + report.changed + report.removed;
    if changes > 0 {
        messages(global).status(format!(
            "indexed {} of {} in {:.1} s\n",
            counted(report.articles, "article"),
            counted(report.files, "file"),
            report.seconds
        ));
        if global.index.is_absolute() {
            messages(global).status(format!("in the index '{}'\n", global.index.display()));
        }
    }
    Ok(index)
}

/// Can the index be searched as it is? A search does not wait for a writer, and an index on a disk that is read only, or
/// of another user, is read.
fn leaves_readable(error: &anyhow::Error) -> bool {
    match error.downcast_ref() {
        Some(IndexError::Locked { .. }) => true,
        Some(IndexError::Io { kind, act, .. }) => os::is_refused(*kind) && *act != "read",
        _ => false,
    }
}

fn options(args: &Search, global: &Global, searcher: &Searcher) -> Result<SearchOptions> {
    let today = Today::now();
    let mut filters = filters(&args.filter, today)?;
    filters.folders = searcher.filter_folders(&args.folders)?;
    let everything = usize::try_from(searcher.num_passages()).unwrap_or(usize::MAX).max(1);
    let skipped_pages = args.page.map_or(0, |page| page as usize - 1);
    let limit = args.limit.unwrap_or(DEFAULT_LIMIT);
    Ok(SearchOptions {
        limit: if args.all { everything } else { limit },
        offset: args.offset + skipped_pages.saturating_mul(limit),
        per_article: if args.all { everything } else { args.per_article as usize },
        unit: scope(args.filter.unit),
        sort: match args.sort {
            cli::Sort::Relevance => Sort::Relevance,
            cli::Sort::Newest => Sort::Newest,
            cli::Sort::Oldest => Sort::Oldest,
            cli::Sort::Path => Sort::Path,
        },
        strict: args.strict || args.all && !args.any,
        any: args.any,
        literal: args.filter.literal,
        filters,
        today,
        explain: args.explain,
        ungroup: args.ungroup || args.all,
        expand: args.expand,
        snippet_bytes: args.snippet,
        advice: args.queries.is_none() && !global.quiet,
        timeout: timeout(args.filter.timeout),
        cancel: interrupted(),
        ..SearchOptions::default()
    })
}

/// The renderer of the format that is asked for.
fn renderer_of<'a>(args: &Search, searcher: &'a Searcher, global: &Global) -> Box<dyn Renderer + 'a> {
    if args.format != Format::Paths {
        return renderer(args.format, args.queries.is_some(), global);
    }
    // Most indexes have no such path: they are looked for when the first is printed.
    let all = OnceCell::new();
    let bytes_of = move |path: &str| {
        let all = all.get_or_init(|| searcher.paths_in_bytes().unwrap_or_default());
        all.get(path).cloned()
    };
    let harmless = io::stdout().is_terminal() && !args.null;
    Box::new(Paths { harmless, null: args.null, bytes_of: Box::new(bytes_of) })
}

pub(crate) fn renderer(format: Format, with_query: bool, global: &Global) -> Box<dyn Renderer> {
    match format {
        Format::Json => Box::new(Json),
        Format::Csv => Box::new(Csv { with_query }),
        Format::Paths => Box::new(Paths { harmless: true, null: false, bytes_of: Box::new(|_| None) }),
        Format::Trec => Box::new(Trec),
        Format::Text => Box::new(Page { terminal: terminal(color(global)) }),
    }
}

pub(crate) fn terminal(color: bool) -> Terminal {
    const MAX_COLUMNS: usize = 110;
    const UNKNOWN_COLUMNS: usize = 80;
    let is_terminal = std::io::stdout().is_terminal();
    let of_terminal = terminal_size::terminal_size().filter(|_| is_terminal).map(|(width, _)| usize::from(width.0));
    let exported = || std::env::var("COLUMNS").ok()?.parse().ok();
    let width = of_terminal.or_else(exported).filter(|&width| width > 0).unwrap_or(UNKNOWN_COLUMNS);
    let links = color && is_terminal && can_link();
    let folder = std::env::current_dir().ok().map(|folder| folder.to_string_lossy().into_owned());
    Terminal { width: width.min(MAX_COLUMNS), wraps: is_terminal, color, links, folder }
}

/// Is the terminal known to support links? The list is that of the supports-hyperlinks crate.
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

fn single(searcher: &Searcher, options: &SearchOptions, args: &Search, global: &Global, query: &str) -> Result<Status> {
    let messages = messages(global);
    if !args.count && args.facet.is_none() {
        return match searcher.search(query, options) {
            Ok(results) => show(searcher, options, args, global, query, &results),
            Err(error) => report_query_error(&query_error(error)?, query, args.format == Format::Json),
        };
    }
    let outcome = match args.facet {
        Some(facet) if !args.count => facets(searcher, options, query, args, None, facet),
        _ => count(searcher, options, query, args, None),
    };
    let Counted { text, sentence, status, left_out, degraded } = match outcome {
        Ok(counted) => counted,
        Err(error) => {
            return report_query_error(
                &query_error(error.downcast::<SearchError>()?)?,
                query,
                args.format == Format::Json,
            );
        }
    };
    let mut out = stdout();
    out.write_all(counted_header(args).as_bytes())?;
    out.write_all(text.as_bytes())?;
    out.flush()?;
    if let Some(sentence) = sentence {
        messages.status(sentence);
    }
    note_left_out(messages, left_out);
    warn_if_degraded(messages, degraded, args.filter.timeout);
    if status == Status::None {
        messages.note("nothing matches");
    }
    Ok(if is_cut_short(degraded) { Status::Error } else { status })
}

/// Prints how many rows of facets the limit left out.
fn note_left_out(messages: Messages, rows: usize) {
    if rows > 0 {
        messages.note(format!("{} not shown; --all shows all", counted(rows, "row")));
    }
}

/// Formats counts for a reader, articles first: "7 articles (12 sections, 12 passages)".
fn sentence_of(counts: Counts) -> String {
    let (sections, passages) = (counted(counts.sections, "section"), counted(counts.passages, "passage"));
    format!("{} ({sections}, {passages})", counted(counts.articles, "article"))
}

/// Counts as text, and the status they make.
struct Counted {
    text: String,
    /// The counts with the names of their units, printed on stderr.
    sentence: Option<String>,
    status: Status,
    /// Rows that the limit left out.
    left_out: usize,
    degraded: Option<Degraded>,
}

fn count(
    searcher: &Searcher,
    options: &SearchOptions,
    query: &str,
    args: &Search,
    id: Option<&str>,
) -> Result<Counted> {
    let counts = searcher.count(query, options)?;
    let status = if counts.passages > 0 { Status::Found } else { Status::None };
    let Counts { passages, sections, articles, degraded, .. } = counts;
    let text = match args.format {
        Format::Json => {
            let mut line = Vec::new();
            write_line(&mut line, &CountLine { query: id, counts })?;
            String::from_utf8(line)?
        }
        Format::Csv => csv_row(id, &[passages, sections, articles])?,
        Format::Text | Format::Paths | Format::Trec => {
            let id = id.map_or_else(String::new, |id| format!("{}\t", harmless(id)));
            format!("{id}{passages}\t{sections}\t{articles}\n")
        }
    };
    let is_for_people = args.format == Format::Text && id.is_none() && passages > 0;
    let sentence = is_for_people.then(|| sentence_of(counts));
    Ok(Counted { text, sentence, status, left_out: 0, degraded })
}

/// A line of `--count --json`.
#[derive(Serialize)]
struct CountLine<'a> {
    #[serde(skip_serializing_if = "Option::is_none")]
    query: Option<&'a str>,
    #[serde(flatten)]
    counts: Counts,
}

/// A row of CSV: texts, then numbers.
fn csv_row<'a>(texts: impl IntoIterator<Item = &'a str>, numbers: &[u64]) -> Result<String> {
    let mut writer = csv::Writer::from_writer(Vec::new());
    let texts = texts.into_iter().map(|text| harmless(text).into_owned());
    writer.write_record(texts.chain(numbers.iter().map(u64::to_string)))?;
    Ok(String::from_utf8(writer.into_inner().map_err(|error| error.into_error())?)?)
}

fn facets(
    searcher: &Searcher,
    options: &SearchOptions,
    query: &str,
    args: &Search,
    id: Option<&str>,
    facet: cli::Facet,
) -> Result<Counted> {
    let (facet, facet_name) = match facet {
        cli::Facet::Source => (Facet::Source, "source"),
        cli::Facet::Desk => (Facet::Desk, "desk"),
        cli::Facet::Byline => (Facet::Byline, "byline"),
        cli::Facet::Lang => (Facet::Lang, "lang"),
        cli::Facet::Heading => (Facet::Heading, "heading"),
        cli::Facet::Speaker => (Facet::Speaker, "speaker"),
    };
    let facets = searcher.facets(Some(query), facet, options)?;
    let without = (facets.without.passages > 0).then_some((None, facets.without));
    let of_value = |one: &FacetCount| (Some(one.value.clone()), one.counts);
    let rows: Vec<_> = facets.values.iter().map(of_value).chain(without).collect();
    let status = if rows.is_empty() { Status::None } else { Status::Found };
    let mut text = String::new();
    let most = most_rows(args);
    for (value, counts) in rows.iter().take(most) {
        text.push_str(&facet_row(args, facet_name, id, value.as_deref(), *counts)?);
    }
    let left_out = rows.len().saturating_sub(most);
    Ok(Counted { text, sentence: None, status, left_out, degraded: facets.degraded })
}

/// The most rows of a facet: a page shows ten, what a script reads is complete.
fn most_rows(args: &Search) -> usize {
    let is_page = !args.all && args.queries.is_none() && !matches!(args.format, Format::Json | Format::Csv);
    args.limit.unwrap_or(if is_page { DEFAULT_LIMIT } else { usize::MAX })
}

/// The header of a table of counts or facets.
fn counted_header(args: &Search) -> String {
    if args.format != Format::Csv {
        return String::new();
    }
    let query = if args.queries.is_some() { "query," } else { "" };
    let columns = if args.count { "passages,sections,articles" } else { "value,articles,sections,passages" };
    format!("{query}{columns}\n")
}

/// A row of facets in the format that is asked for.
fn facet_row(args: &Search, facet: &str, id: Option<&str>, value: Option<&str>, counts: Counts) -> Result<String> {
    let Counts { passages, sections, articles, .. } = counts;
    match args.format {
        Format::Json => {
            let mut row = serde_json::Map::new();
            row.extend(id.map(|id| ("query".to_string(), id.into())));
            row.insert("facet".into(), facet.into());
            row.insert("value".into(), value.into());
            row.insert("articles".into(), articles.into());
            row.insert("sections".into(), sections.into());
            row.insert("passages".into(), passages.into());
            let mut line = Vec::new();
            write_line(&mut line, &serde_json::Value::Object(row))?;
            Ok(String::from_utf8(line)?)
        }
        Format::Csv => csv_row(id.into_iter().chain([value.unwrap_or("")]), &[articles, sections, passages]),
        Format::Text | Format::Paths | Format::Trec => {
            let id = id.map_or_else(String::new, |id| format!("{}\t", harmless(id)));
            Ok(format!("{id}{articles}\t{}\n", harmless(value.unwrap_or("(none)"))))
        }
    }
}

fn show(
    searcher: &Searcher,
    options: &SearchOptions,
    args: &Search,
    global: &Global,
    query: &str,
    results: &Results,
) -> Result<Status> {
    let messages = messages(global);
    if args.explain {
        match searcher.explain(query, options) {
            Ok(text) => message::plain(text.trim_end()),
            Err(error) => return report_query_error(&query_error(error)?, query, args.format == Format::Json),
        }
    } else if args.format == Format::Text && !results.query.is_plain() && !args.filter.literal {
        messages.status(format!("searched: {}", results.query));
    }
    for note in &results.notes {
        match hints::of_note(note.code) {
            Some(hint) => messages.note(format!("{}; {hint}", note.message)),
            None => messages.note(&note.message),
        }
    }
    let mut out = stdout();
    let mut renderer = renderer_of(args, searcher, global);
    renderer.begin(&mut out)?;
    renderer.results(&mut out, None, results)?;
    out.flush()?;
    if !results.hits.is_empty() {
        if args.format == Format::Text {
            messages.status(format!("\n{}", sentence_of(results.counts)));
            if let Some(line) = page_line(options, args, results) {
                messages.status(line);
            }
        } else if let Some(left_out) = LeftOut::of(options, args, results) {
            messages.note(format!("{left_out}; --all gives all"));
        }
        warn_if_degraded(messages, results.degraded, args.filter.timeout);
        return Ok(Status::Found);
    }
    warn_if_degraded(messages, results.degraded, args.filter.timeout);
    if is_cut_short(results.degraded) {
        return Ok(Status::Error);
    }
    note_relaxations(searcher, options, results, messages)?;
    Ok(Status::None)
}

/// Number of exported hits beside the number of matches.
struct LeftOut {
    written: u64,
    all: u64,
    noun: &'static str,
}

impl LeftOut {
    /// Compares the exported hits with the matches; `None` if limits and the grouping of reprints left none out.
    fn of(options: &SearchOptions, args: &Search, results: &Results) -> Option<LeftOut> {
        if args.all || is_cut_short(results.degraded) {
            return None;
        }
        // The others are not among those that are counted.
        let hits = results.hits.iter().filter(|hit| options.any || hit.tier == Tier::All);
        let (written, all, noun) = match args.format {
            Format::Text => return None,
            Format::Json | Format::Csv => (hits.count(), results.counts.passages, "passage"),
            Format::Paths | Format::Trec => {
                let articles: HashSet<_> = hits.map(|hit| (&hit.article.path, &hit.article.record)).collect();
                (articles.len(), results.counts.articles, "article")
            }
        };
        let written = written as u64;
        (written < all).then_some(LeftOut { written, all, noun })
    }
}

impl fmt::Display for LeftOut {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        let LeftOut { written, all, noun } = self;
        let plural = if *all == 1 { "" } else { "s" };
        write!(out, "{} of {} {noun}{plural} that match", grouped(*written), grouped(*all))
    }
}

/// The line below a page of hits: their range, the total, and the options for the rest; `None` if all are shown.
fn page_line(options: &SearchOptions, args: &Search, results: &Results) -> Option<String> {
    let (first, last) = (results.hits.first()?.rank, results.hits.last()?.rank);
    let all = results.counts.passages;
    if last as u64 > all || (first == 1 && last as u64 == all) {
        return None;
    }
    let mut line = format!("passages {}-{} of {}", grouped(first as u64), grouped(last as u64), grouped(all));
    if results.hits.len() == options.limit {
        let is_page = options.limit > 0 && options.offset.is_multiple_of(options.limit);
        line += &if is_page {
            format!("; next: --page {}", options.offset / options.limit + 2)
        } else {
            format!("; next: --offset {}", options.offset + options.limit)
        };
        line += "; everything: --all";
    } else if !args.all {
        line += "; further hits of an article and reprints are left out: --all shows them";
    }
    Some(line)
}

/// A number with its digits in groups of three: `1,483`.
fn grouped(number: u64) -> String {
    let digits = number.to_string();
    let separated = digits.chars().enumerate().flat_map(|(i, digit)| {
        let is_group = i > 0 && (digits.len() - i).is_multiple_of(3);
        is_group.then_some(',').into_iter().chain([digit])
    });
    separated.collect()
}

/// Prints what could be changed about a query without hits.
fn note_relaxations(searcher: &Searcher, options: &SearchOptions, results: &Results, messages: Messages) -> Result<()> {
    if results.counts.passages > 0 {
        messages.note(format!("there is no hit after the first {}", options.offset));
        return Ok(());
    }
    messages.note(format!("nothing matches: {}", results.query));
    for relaxation in searcher.relaxations(&results.query, options)? {
        let what = match &relaxation {
            Relaxation::WithoutHeading { .. } => "without --heading",
            Relaxation::WithoutDates { .. } => "without --since and --until",
            Relaxation::AllFolders { .. } => "in all folders of the index",
            Relaxation::ArticleUnit { .. } => "with --unit article (all words in one article)",
            Relaxation::AnyWord { .. } => "with --any",
            Relaxation::WithoutPart { part, passages, alone } => {
                if *alone == 0 {
                    messages.note(format!("{part} matches nothing by itself"));
                }
                if *passages > 0 {
                    messages.note(format!("without {part}: {}", counted(*passages, "passage")));
                }
                continue;
            }
        };
        messages.note(format!("{what}: {}", counted(relaxation.passages(), "passage")));
    }
    Ok(())
}

/// Number of queries of a file that are run before their results are written: enough for all cores, and few enough for
/// memory.
const CHUNK: usize = 64;

/// A line of a file of queries.
struct Line {
    number: usize,
    text: String,
}

impl Line {
    /// The id and the query; the number of the line is the id of a query without one.
    fn parts(&self) -> (String, &str) {
        match self.text.split_once('\t') {
            Some((id, query)) => (id.to_string(), query),
            None => (self.number.to_string(), &self.text),
        }
    }
}

/// The next lines of a file of queries that are not empty; none at its end.
fn next_lines(lines: &mut impl Iterator<Item = (io::Result<Vec<u8>>, usize)>) -> io::Result<Vec<Line>> {
    let mut chunk = Vec::new();
    for (line, number) in lines {
        let line = line?;
        let text = String::from_utf8_lossy(&line);
        let text = text.trim_end_matches('\r').trim_start_matches('\u{feff}').to_string();
        if !text.trim().is_empty() {
            chunk.push(Line { number, text });
        }
        if chunk.len() == CHUNK {
            break;
        }
    }
    Ok(chunk)
}

/// The result of a query.
enum Answer {
    Counted(Counted),
    Found(Results),
}

/// Runs a file of queries on all cores, and writes results in the order of the lines. A bad line is reported, and the
/// others are run.
fn batch(searcher: &Searcher, options: &SearchOptions, args: &Search, global: &Global, file: &Path) -> Result<Status> {
    let unreadable = || format!("cannot read the queries in '{}'", file.display());
    let input: Box<dyn BufRead> = if file == Path::new("-") {
        Box::new(io::stdin().lock())
    } else {
        Box::new(BufReader::new(std::fs::File::open(file).with_context(unreadable)?))
    };
    let mut lines = input.split(b'\n').zip(1..);
    let mut out = stdout();
    let mut renderer = renderer_of(args, searcher, global);
    if args.count || args.facet.is_some() {
        out.write_all(counted_header(args).as_bytes())?;
    } else {
        renderer.begin(&mut out)?;
    }
    let answer = |line: &Line| {
        let (id, query) = line.parts();
        match args.facet {
            _ if args.count => count(searcher, options, query, args, Some(&id)).map(Answer::Counted),
            Some(facet) => facets(searcher, options, query, args, Some(&id), facet).map(Answer::Counted),
            None => Ok(searcher.search(query, options).map(Answer::Found)?),
        }
    };
    let mut status = Status::None;
    // Queries with hits that were left out, and rows of facets that were.
    let (mut cut_queries, mut cut_rows) = (0_u64, 0);
    loop {
        let chunk = next_lines(&mut lines).with_context(unreadable)?;
        if chunk.is_empty() {
            break;
        }
        let answers: Vec<_> = chunk.par_iter().map(answer).collect();
        for (line, answer) in chunk.iter().zip(answers) {
            let (id, _) = line.parts();
            let of_line = match answer {
                Ok(Answer::Counted(Counted { text, status, left_out, degraded, .. })) => {
                    out.write_all(text.as_bytes())?;
                    cut_rows += left_out;
                    warn_of_line(global, args, file, line, degraded);
                    if is_cut_short(degraded) { Status::Error } else { status }
                }
                Ok(Answer::Found(results)) => {
                    renderer.results(&mut out, Some(&id), &results)?;
                    cut_queries += u64::from(LeftOut::of(options, args, &results).is_some());
                    warn_of_line(global, args, file, line, results.degraded);
                    match results.hits.is_empty() {
                        true if is_cut_short(results.degraded) => Status::Error,
                        true => Status::None,
                        false => Status::Found,
                    }
                }
                Err(error) => {
                    let error = query_error(error.downcast::<SearchError>()?)?;
                    messages(global).warning(format!("{}:{}: {}", file.display(), line.number, error.message));
                    Status::Error
                }
            };
            if status == Status::None || of_line == Status::Error {
                status = of_line;
            }
        }
    }
    out.flush()?;
    note_left_out(messages(global), cut_rows);
    if cut_queries > 0 {
        let queries = counted(cut_queries, "query");
        messages(global).note(format!("hits of {queries} are left out; --all gives all"));
    }
    Ok(status)
}

/// Warns that the results of a query of a file are not complete.
fn warn_of_line(global: &Global, args: &Search, file: &Path, line: &Line, degraded: Option<Degraded>) {
    if is_cut_short(degraded) {
        messages(global).warning(format!(
            "{}:{}: the query was stopped after {} s with what it had found by then",
            file.display(),
            line.number,
            args.filter.timeout
        ));
    }
}

#[cfg(test)]
mod tests {
    use std::io::ErrorKind;

    use super::*;

    #[test]
    fn an_index_that_cannot_be_written_to_is_searched_as_it_is() {
        let io = |act, kind: ErrorKind| IndexError::io(act, Path::new("index/lock"), &io::Error::from(kind));
        for (error, expected) in [
            (io("write", ErrorKind::PermissionDenied), true),
            (io("write", ErrorKind::ReadOnlyFilesystem), true),
            (io("read", ErrorKind::PermissionDenied), false),
            (io("write", ErrorKind::StorageFull), false),
            (IndexError::Missing("index".into()), false),
        ] {
            let told = error.to_string();
            assert_eq!(leaves_readable(&error.into()), expected, "{told}");
        }
    }
}
