//! `kwic`: the occurrences of a query in context, a line each.

use std::io::Write;
use std::ops::ControlFlow;

use anyhow::Result;

use crate::analysis::AnalysisError;
use crate::analysis::kwic::{ContextWidth, KwicLine, KwicOptions, KwicSample};
use crate::cli::args::{ContextUnit, Global, KwicArgs, TableFormat};
use crate::cli::commands::output::columns;
use crate::cli::commands::{
    color, filtered, is_cut_short, messages, note_readings, query_error, report_query_error, searcher, stdout,
    warn_if_degraded,
};
use crate::cli::message::{Status, counted};
use crate::render::json::write_line;
use crate::render::kwic::{Aligned, Rows};

/// Lines on a page.
const PAGE: usize = 50;

/// Words of context on each side, where no terminal limits it.
const WORDS: usize = 10;

pub(crate) fn run(global: &Global, args: &KwicArgs) -> Result<Status> {
    let format = args.table.format();
    let aligned = Aligned { width: columns(), color: color(global) };
    let mut kwic = KwicOptions::default();
    kwic.width = match (args.by, args.width, format) {
        (ContextUnit::Chars, width, _) => ContextWidth::Characters(width.unwrap_or_else(|| aligned.context())),
        (ContextUnit::Words, None, TableFormat::Text) => ContextWidth::Characters(aligned.context()),
        (ContextUnit::Words, width, _) => ContextWidth::Words(width.unwrap_or(WORDS)),
    };
    kwic.order = args.order.0.clone();
    kwic.sample = args.sample.map(|size| KwicSample { size, seed: args.seed, per: args.per });
    kwic.limit = match (args.all || kwic.sample.is_some(), args.limit) {
        (_, Some(limit)) => Some(limit),
        (true, None) => None,
        (false, None) => (format == TableFormat::Text).then_some(PAGE),
    };
    let options = filtered(&args.filter)?;
    let searcher = searcher(global)?;
    note_readings(&searcher, &args.query, &options, messages(global));
    let mut out = stdout();
    let mut rows = None;
    let mut write = |line: &KwicLine| -> Result<()> {
        match format {
            TableFormat::Text => aligned.write(&mut out, line)?,
            TableFormat::Json => write_line(&mut out, line)?,
            TableFormat::Csv => {
                let rows = match &mut rows {
                    Some(rows) => rows,
                    None => rows.insert(Rows::begin(stdout())?),
                };
                rows.write(line)?;
            }
        }
        Ok(())
    };
    let mut failed = None;
    let counts = searcher.kwic(&args.query, &kwic, &options, &mut |line| {
        failed = write(&line).err();
        if failed.is_some() { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
    });
    let counts = match counts {
        Ok(counts) => counts,
        Err(AnalysisError::Search(error)) => {
            return report_query_error(&query_error(error)?, &args.query, format == TableFormat::Json);
        }
        Err(error) => return Err(error.into()),
    };
    if let Some(error) = failed {
        return Err(error);
    }
    if let Some(rows) = rows {
        rows.end()?;
    }
    out.flush()?;
    let messages = messages(global);
    if counts.occurrences > 0 {
        let all = format!("{} in {}", counted(counts.occurrences, "occurrence"), counted(counts.articles, "article"));
        let line = match (counts.lines < counts.occurrences, kwic.sample.is_some()) {
            (false, _) => all,
            (true, true) => format!("a sample of {} of {all}, seed {}", counts.lines, args.seed),
            (true, false) => format!("{} of {all}; --all for all", counts.lines),
        };
        messages.status(line);
    } else if counts.degraded.is_none() {
        messages.note("nothing matches in the texts");
    }
    warn_if_degraded(messages, counts.degraded, args.filter.timeout);
    Ok(match (is_cut_short(counts.degraded), counts.occurrences) {
        (true, _) => Status::Error,
        (false, 0) => Status::None,
        (false, _) => Status::Found,
    })
}
