//! `--queries`: a file of queries, run on all cores.

use std::io::{self, BufRead, BufReader, Write};
use std::path::Path;

use anyhow::{Context, Result};
use rayon::iter::{IntoParallelRefIterator, ParallelIterator};

use super::counts::{Counted, count, counted_header, facets, note_left_out};
use super::pages::LeftOut;
use crate::cli::args::{Global, Search};
use crate::cli::commands::{is_cut_short, messages, output, query_error, stdout};
use crate::cli::message::{Status, counted};
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
