//! `--queries`: a file of queries, run on all cores.

use std::io::{self, BufRead, BufReader, Write};
use std::ops::ControlFlow;
use std::path::Path;

use anyhow::{Context, Result};
use rayon::iter::{IntoParallelRefIterator, ParallelIterator};

use super::counts::{Counted, count, counted_header, facets, note_left_out};
use super::pages::LeftOut;
use super::{BATCH, begin, end, is_of_all, reason, unwritten, write_batch, written_hits};
use crate::cli::args::{Global, Search};
use crate::cli::commands::{is_cut_short, messages, output, query_error, stdout};
use crate::cli::message::{Status, counted};
use crate::render::End;
use crate::search::{Degraded, Results, SearchError, SearchOptions, Searcher};

/// Number of queries of a file that are run before their results are written: enough for all cores, and few enough for
/// memory.
const CHUNK: usize = 64;

/// A line of a file of queries.
struct QueryLine {
    number: usize,
    text: String,
}

impl QueryLine {
    /// The id and the query; the number of the line is the id of a query without one.
    fn parts(&self) -> (String, &str) {
        match self.text.split_once('\t') {
            Some((id, query)) => (id.to_string(), query),
            None => (self.number.to_string(), &self.text),
        }
    }
}

/// The next lines of a file of queries that are not empty; none at its end.
fn next_lines(lines: &mut impl Iterator<Item = (io::Result<Vec<u8>>, usize)>) -> io::Result<Vec<QueryLine>> {
    let mut chunk = Vec::new();
    for (line, number) in lines {
        let line = line?;
        let text = String::from_utf8_lossy(&line);
        let text = text.trim_end_matches('\r').trim_start_matches('\u{feff}').to_string();
        if !text.trim().is_empty() {
            chunk.push(QueryLine { number, text });
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
pub(super) fn batch(
    searcher: &Searcher,
    options: &SearchOptions,
    args: &Search,
    global: &Global,
    file: &Path,
) -> Result<Status> {
    let unreadable = || format!("cannot read the queries in '{}'", file.display());
    let input: Box<dyn BufRead> = if file == Path::new("-") {
        Box::new(io::stdin().lock())
    } else {
        Box::new(BufReader::new(std::fs::File::open(file).with_context(unreadable)?))
    };
    let mut lines = input.split(b'\n').zip(1..);
    let mut out = stdout();
    let mut renderer = output::renderer_of(args, searcher, global);
    begin(&mut out, args, messages(global)).map_err(|error| unwritten(error, 0))?;
    if args.count || args.facet.is_some() {
        out.write_all(counted_header(args).as_bytes())?;
    } else {
        renderer.begin(&mut out)?;
    }
    let answer = |line: &QueryLine| {
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
    let mut reached = End { hits: 0, reason: None };
    let streams = is_of_all(args) && !args.count && args.facet.is_none();
    loop {
        let chunk = next_lines(&mut lines).with_context(unreadable)?;
        if chunk.is_empty() {
            break;
        }
        // Where all hits are given, one query runs at a time, on all cores, so that the hits of one are in memory.
        let answers: Vec<_> = if streams { Vec::new() } else { chunk.par_iter().map(answer).collect() };
        for line in chunk.iter().filter(|_| streams) {
            let (id, query) = line.parts();
            let (mut failed, mut of_query, mut degraded) = (None, 0_u64, None);
            let outcome = searcher.search_in_batches(query, options, BATCH, &mut |results| {
                degraded = results.degraded;
                let written = write_batch(&mut *renderer, &mut out, args, Some(&id), &results, of_query > 0);
                failed = written.map_err(|error| unwritten(error, reached.hits)).err();
                of_query += written_hits(args, &results);
                reached.hits += written_hits(args, &results);
                if failed.is_some() { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
            });
            if let Some(error) = failed {
                return Err(error);
            }
            warn_of_line(global, args, file, line, degraded);
            reached.reason = reached.reason.or(reason(degraded));
            let of_line = match outcome {
                Ok(()) if of_query > 0 => Status::Found,
                Ok(()) if is_cut_short(degraded) => Status::Error,
                Ok(()) => Status::None,
                Err(error) => {
                    let error = query_error(error)?;
                    messages(global).warning(format!("{}:{}: {}", file.display(), line.number, error.message));
                    reached.reason = reached.reason.or(Some("query"));
                    Status::Error
                }
            };
            if status == Status::None || of_line == Status::Error {
                status = of_line;
            }
        }
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
                    renderer.results(&mut out, Some(&id), &results).map_err(|error| unwritten(error, reached.hits))?;
                    reached.hits += written_hits(args, &results);
                    reached.reason = reached.reason.or(reason(results.degraded));
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
                    reached.reason = reached.reason.or(Some("query"));
                    Status::Error
                }
            };
            if status == Status::None || of_line == Status::Error {
                status = of_line;
            }
        }
    }
    out.flush().map_err(|error| unwritten(error, reached.hits))?;
    end(&mut *renderer, &mut out, args, &reached).map_err(|error| unwritten(error, reached.hits))?;
    if args.end && reached.reason.is_some() {
        status = Status::Error;
    }
    note_left_out(messages(global), cut_rows);
    if cut_queries > 0 {
        let queries = counted(cut_queries, "query");
        messages(global).note(format!("hits of {queries} are left out; --all gives all"));
    }
    Ok(status)
}

/// Warns that the results of a query of a file are not complete.
fn warn_of_line(global: &Global, args: &Search, file: &Path, line: &QueryLine, degraded: Option<Degraded>) {
    if is_cut_short(degraded) {
        messages(global).warning(format!(
            "{}:{}: the query was stopped after {} s with what it had found by then",
            file.display(),
            line.number,
            args.filter.timeout
        ));
    }
}
