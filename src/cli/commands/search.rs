//! `search`: renders the hits of a query, or of a file of queries.

mod counts;
mod pages;
mod queries;

use std::collections::HashSet;
use std::io::{self, Write};
use std::ops::ControlFlow;
use std::path::PathBuf;

use anyhow::{Result, anyhow};

use crate::cli::args::{self, DEFAULT_LIMIT, Effort, Format, Global, Search};
use crate::cli::commands::index::{check_folders, sync_options, update};
use crate::cli::commands::{
    filters, is_cut_short, messages, note_readings, output, print_notes, query_error, report_query_error, scope,
    searcher, stdout, timeout, warn_if_degraded,
};
use crate::cli::message::{self, Messages, Status, counted};
use crate::cli::{hints, interrupted};
use crate::index::{Index, IndexError, one_of};
use crate::os;
use crate::query::Today;
use crate::render::{End, Renderer};
use crate::search::{Articles, Degraded, Feedback, Relaxation, Results, SearchError, SearchOptions, Searcher, Sort};

use counts::{Counted, count, counted_header, facets, note_left_out};
use pages::{LeftOut, page_line, sentence_of};

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
    if args.seed.is_some() && args.sample.is_none() {
        message::error("--seed chooses a sample: say how large it is with --sample N");
        return Ok(Status::Error);
    }
    if args.raw && !matches!(args.format, Format::Csv | Format::Tsv) {
        message::error("--raw is for tables, which --format csv and tsv print");
        return Ok(Status::Error);
    }
    if args.bom && !matches!(args.format, Format::Csv | Format::Tsv | Format::Ris | Format::Markdown) {
        message::error("--bom is for --format csv, tsv, ris and markdown");
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
    #[cfg(feature = "engine")]
    if !args.folders.is_empty() && crate::cli::commands::engine::access(global)?.is_some() {
        message::error("an engine is searched for what it holds, and folders are searched by an index on this machine");
        message::hint(
            "name no folder, or leave out --engine (CROSSHEAD_ENGINE); `crosshead index FOLDER --engine URL` sends a folder to it",
        );
        return Ok(Status::Error);
    }
    let searcher = if args.folders.is_empty() { searcher(global)? } else { Searcher::of(&updated(global, &args)?)? };
    let options = options(&args, global, &searcher)?;
    if searcher.num_passages() == 0 {
        messages.note(format!(
            "the index at '{}' is empty: bring it up to date with `crosshead index FOLDER`",
            one_of(searcher.paths().iter().map(PathBuf::as_path)).display()
        ));
    }
    match (&args.query, &args.queries) {
        (_, Some(file)) => queries::batch(&searcher, &options, &args, global, file),
        (Some(query), None) => single(&searcher, &options, &args, global, query),
        (None, None) => unreachable!("the parser of the command line requires one of them"),
    }
}

/// Opens the index, after bringing the folders of the command line up to date.
fn updated(global: &Global, args: &Search) -> Result<Index> {
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
    let skipped_pages = args.page.map_or(0, |page| page as usize - 1);
    let limit = args.limit.unwrap_or(DEFAULT_LIMIT);
    let mut options = SearchOptions {
        limit,
        offset: args.offset + skipped_pages.saturating_mul(limit),
        per_article: args.per_article as usize,
        unit: scope(args.filter.unit),
        sort: match args.sort {
            args::Sort::Relevance => Sort::Relevance,
            args::Sort::Newest => Sort::Newest,
            args::Sort::Oldest => Sort::Oldest,
            args::Sort::Path => Sort::Path,
        },
        strict: args.strict,
        any: args.any,
        literal: args.filter.literal,
        filters,
        today,
        explain: args.explain,
        ungroup: args.ungroup,
        sample: args.sample.map(|size| (size, args.seed.unwrap_or(0))),
        articles: match args.format {
            _ if !is_of_all(args) => Articles::Apart,
            Format::Paths | Format::Trec => Articles::Once,
            Format::Ris => Articles::Together,
            _ => Articles::Apart,
        },
        feedback: match (args.expand, args.no_expand) {
            (true, _) => Feedback::Always,
            (_, true) => Feedback::Never,
            _ => Feedback::Auto,
        },
        snippet_bytes: args.snippet,
        advice: args.queries.is_none() && !global.quiet,
        timeout: timeout(args.filter.timeout),
        cancel: interrupted(),
        ..SearchOptions::default()
    };
    if is_of_all(args) {
        let (limit, ungroup) = (options.limit, options.ungroup);
        options.ask_for_all(searcher.num_passages());
        // A sample has its own size, and may be drawn with reprints folded.
        if !args.all {
            (options.limit, options.ungroup) = (limit, ungroup);
        }
    }
    Ok(options)
}

fn single(searcher: &Searcher, options: &SearchOptions, args: &Search, global: &Global, query: &str) -> Result<Status> {
    let messages = messages(global);
    if !args.count && args.facet.is_none() {
        return show(searcher, options, args, global, query);
    }
    note_readings(searcher, query, options, messages);
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
    begin(&mut out, args, messages)?;
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

/// Are all hits asked for, or a sample of all?
fn is_of_all(args: &Search) -> bool {
    args.all || args.sample.is_some()
}

/// Number of hits whose texts are in memory while all are exported.
const BATCH: usize = 1_000;

/// Begins an output of hits, or of counts.
fn begin(out: &mut dyn Write, args: &Search, messages: Messages) -> io::Result<()> {
    if let Some(size) = args.sample
        && args.seed.is_none()
    {
        messages.note(format!("a sample of at most {} with --seed 0", counted(size as u64, "hit")));
    }
    if args.bom { out.write_all("\u{feff}".as_bytes()) } else { Ok(()) }
}

/// The error of an output that could not be written to its end.
fn unwritten(error: io::Error, hits: u64) -> anyhow::Error {
    if error.kind() == io::ErrorKind::BrokenPipe {
        return error.into();
    }
    let whole = counted(hits, "hit");
    anyhow!(
        "cannot write the output: {}; {whole} were written whole, and what follows them is cut short",
        os::sentence(&error)
    )
}

/// Marks the end of an output if that is asked for: in the output where the format has room, and on stderr.
fn end(renderer: &mut dyn Renderer, out: &mut dyn Write, args: &Search, end: &End) -> io::Result<()> {
    if args.end {
        renderer.end(out, end)?;
        out.flush()?;
        message::plain(format!("end: {}, {}", counted(end.hits, "hit"), end.state()));
    }
    Ok(())
}

/// The number of hits that are written: paths and run lines are one an article.
fn written_hits(args: &Search, results: &Results) -> u64 {
    if matches!(args.format, Format::Paths | Format::Trec) {
        let articles: HashSet<_> = results.hits.iter().map(|hit| (&hit.article.path, &hit.article.record)).collect();
        articles.len() as u64
    } else {
        results.hits.len() as u64
    }
}

/// Why hits are missing, in a word.
fn reason(degraded: Option<Degraded>) -> Option<&'static str> {
    match degraded {
        Some(Degraded::Time) => Some("time"),
        Some(Degraded::Cancelled) => Some("cancelled"),
        Some(Degraded::Candidates) => Some("candidates"),
        _ => None,
    }
}

fn show(searcher: &Searcher, options: &SearchOptions, args: &Search, global: &Global, query: &str) -> Result<Status> {
    let messages = messages(global);
    let batch = if is_of_all(args) { BATCH } else { usize::MAX };
    let mut out = stdout();
    let mut renderer = output::renderer_of(args, searcher, global);
    let (mut last, mut written, mut failed): (Option<Results>, u64, Option<anyhow::Error>) = (None, 0, None);
    let outcome = searcher.search_in_batches(query, options, batch, &mut |results| {
        let mut write = || -> Result<()> {
            if last.is_none() {
                note_reading(searcher, options, args, global, query, &results)?;
                begin(&mut out, args, messages).map_err(|error| unwritten(error, 0))?;
                renderer.begin(&mut out).map_err(|error| unwritten(error, 0))?;
            }
            write_batch(&mut *renderer, &mut out, args, None, &results, written > 0)
                .map_err(|error| unwritten(error, written))
        };
        failed = write().err();
        written += written_hits(args, &results);
        last = Some(results);
        if failed.is_some() { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
    });
    if let Err(error) = outcome {
        return report_query_error(&query_error(error)?, query, args.format == Format::Json);
    }
    if let Some(error) = failed {
        return Err(error);
    }
    let results = &last.expect("a search gives at least one batch");
    let reached = End { hits: written, reason: reason(results.degraded) };
    end(&mut *renderer, &mut out, args, &reached).map_err(|error| unwritten(error, written))?;
    if written > 0 {
        if args.format == Format::Text {
            // Where nothing has all the words, the page says so.
            if results.counts.passages > 0 {
                messages.status(format!("\n{}", sentence_of(results.counts)));
            }
            if is_of_all(args) {
                messages.status(format!("{} shown", counted(written, "passage")));
            } else if let Some(line) = page_line(options, args, results) {
                messages.status(line);
            }
        } else if let Some(left_out) = LeftOut::of(options, args, results) {
            messages.note(format!("{left_out}; --all gives all"));
        }
        warn_if_degraded(messages, results.degraded, args.filter.timeout);
        return Ok(if args.end && reached.reason.is_some() { Status::Error } else { Status::Found });
    }
    warn_if_degraded(messages, results.degraded, args.filter.timeout);
    if is_cut_short(results.degraded) {
        return Ok(Status::Error);
    }
    note_relaxations(searcher, options, results, messages)?;
    Ok(Status::None)
}

/// Writes a batch of the hits of a query, whole.
fn write_batch(
    renderer: &mut dyn Renderer,
    out: &mut dyn Write,
    args: &Search,
    id: Option<&str>,
    results: &Results,
    follows: bool,
) -> io::Result<()> {
    // Hits of a page are separated by empty lines.
    if follows && args.format == Format::Text {
        writeln!(out)?;
    }
    renderer.results(out, id, results)?;
    out.flush()
}

/// Prints how a query was read.
fn note_reading(
    searcher: &Searcher,
    options: &SearchOptions,
    args: &Search,
    global: &Global,
    query: &str,
    results: &Results,
) -> Result<()> {
    let messages = messages(global);
    if args.explain {
        message::plain(searcher.explain(query, options)?.trim_end());
    } else if args.format == Format::Text && !results.query.is_plain() && !args.filter.literal {
        messages.status(format!("searched: {}", results.query));
    }
    print_notes(&results.notes, messages);
    Ok(())
}

/// Prints what could be changed about a query without hits.
fn note_relaxations(searcher: &Searcher, options: &SearchOptions, results: &Results, messages: Messages) -> Result<()> {
    if results.counts.passages > 0 {
        messages.note(format!("there is no hit after the first {}", options.offset));
        return Ok(());
    }
    messages.note(format!("nothing matches: {}", results.query));
    // A note has named these already.
    let absent: Vec<&String> = results.notes.iter().flat_map(|note| &note.absent).collect();
    for relaxation in searcher.relaxations(&results.query, options)? {
        let what = match &relaxation {
            Relaxation::WithoutHeading { .. } => "without --heading",
            Relaxation::WithoutDates { .. } => "without --since and --until",
            Relaxation::WithoutValues { facet, .. } => &format!("without --where {}", facet.name()),
            Relaxation::AllFolders { .. } => "in all folders of the index",
            Relaxation::ArticleUnit { .. } => "with --unit article (all words in one article)",
            Relaxation::AnyWord { .. } => "with --any",
            Relaxation::WithoutFilters { .. } => "without all filters",
            Relaxation::WiderQuery { query, .. } if options.literal => &format!("{query} (without -F)"),
            Relaxation::WiderQuery { query, .. } => query,
            Relaxation::WithoutPart { part, passages, alone } => {
                if *alone == 0 && !absent.contains(&part) {
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

#[cfg(test)]
mod tests {
    use std::io::ErrorKind;
    use std::path::Path;

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
