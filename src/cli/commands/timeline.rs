//! `timeline`: the articles that match, over time.

use std::io::Write;

use anyhow::Result;

use crate::analysis::AnalysisError;
use crate::analysis::timeline::TimelineOptions;
use crate::cli::args::{Filtering, Global, TimelineArgs, TimelineFormat};
use crate::cli::commands::output::columns;
use crate::cli::commands::{
    filtered, is_cut_short, messages, note_readings, query_error, report_query_error, searcher, stdout,
    warn_if_degraded,
};
use crate::cli::message::{self, Status, counted};
use crate::render::json::write_line;
use crate::render::timeline::{Measure, csv, plot};
use crate::render::timeline_svg::svg;

pub(crate) fn run(global: &Global, args: &TimelineArgs) -> Result<Status> {
    let format = if args.json { TimelineFormat::Json } else { args.format };
    let options = filtered(&args.filter)?;
    let searcher = searcher(global)?;
    let queries: Vec<&str> = args.queries.iter().map(String::as_str).collect();
    queries.iter().for_each(|query| note_readings(&searcher, query, &options, messages(global)));
    let timeline = TimelineOptions { by: args.by, per: args.per.map(|per| per.facet()), values: args.limit };
    let timelines = match searcher.timelines(&queries, &timeline, &options) {
        Ok(timelines) => timelines,
        Err(AnalysisError::Query { query, error }) => {
            return report_query_error(&error, &query, format == TimelineFormat::Json);
        }
        Err(AnalysisError::Search(error)) => return Err(query_error(error)?.into()),
        Err(error) => {
            message::error(error);
            message::hint("a longer --by, or --since and --until, give fewer");
            return Ok(Status::Error);
        }
    };
    let measure = if args.relative { Measure::PerThousand } else { Measure::Articles };
    let scope = scope(&args.filter);
    let mut out = stdout();
    match format {
        TimelineFormat::Text => plot(&mut out, &timelines, measure, columns())?,
        TimelineFormat::Json => timelines.iter().try_for_each(|timeline| write_line(&mut out, timeline))?,
        TimelineFormat::Csv => csv(&mut out, &timelines)?,
        TimelineFormat::Svg => svg(&mut out, &timelines, measure, &scope)?,
    }
    out.flush()?;
    let messages = messages(global);
    if format == TimelineFormat::Text {
        for timeline in &timelines {
            let name = if timelines.len() > 1 { format!("{}: ", timeline.query) } else { String::new() };
            if timeline.per.is_none() {
                let total = timeline.total;
                messages.status(format!("{name}{} of {}", counted(total.articles, "article"), total.of));
            }
        }
        if args.relative {
            messages.status(format!("articles per 1,000 articles of each period in the scope: {scope}"));
        }
    }
    let degraded = timelines.iter().find_map(|timeline| timeline.degraded);
    warn_if_degraded(messages, degraded, args.filter.timeout);
    if is_cut_short(degraded) {
        return Ok(Status::Error);
    }
    let is_any = timelines.iter().any(|timeline| timeline.total.articles > 0);
    Ok(if is_any { Status::Found } else { Status::None })
}

/// The scope of rates, in words: what the filters keep.
fn scope(filter: &Filtering) -> String {
    let mut parts = Vec::new();
    parts.extend(filter.heading.as_ref().map(|heading| format!("with a heading \"{heading}\"")));
    parts.extend(filter.since.as_ref().map(|since| format!("from {since}")));
    parts.extend(filter.until.as_ref().map(|until| format!("to {until}")));
    parts.extend(filter.conditions.iter().map(|condition| format!("with {condition}")));
    if parts.is_empty() { "all articles of the index".into() } else { format!("articles {}", parts.join(" ")) }
}
