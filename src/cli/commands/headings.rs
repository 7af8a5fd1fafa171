//! `headings`: the headings of the sections that match, with counts.

use std::io::Write;

use anyhow::Result;

use crate::cli::args::{Global, Headings};
use crate::cli::commands::{
    filtered, is_cut_short, messages, note_readings, query_error, report_query_error, searcher, stdout,
    warn_if_degraded,
};
use crate::cli::message::Status;
use crate::render::harmless;
use crate::render::json::write_line;
use crate::search::FacetCount;
use crate::vocabulary::Facet;

pub(crate) fn run(global: &Global, args: &Headings) -> Result<Status> {
    let searcher = searcher(global)?;
    let options = filtered(&args.filter)?;
    if let Some(query) = &args.query {
        note_readings(&searcher, query, &options, messages(global));
    }
    let headings = match searcher.facets(args.query.as_deref(), Facet::Heading, &options) {
        Ok(headings) => headings,
        Err(error) => {
            return report_query_error(&query_error(error)?, args.query.as_deref().unwrap_or(""), args.json);
        }
    };
    let without = (headings.without.passages > 0).then_some((None, headings.without));
    let of_heading = |one: &FacetCount| (Some(one.value.clone()), one.counts);
    let rows: Vec<_> = headings.values.iter().map(of_heading).chain(without).collect();
    let mut out = stdout();
    for (heading, counts) in rows.iter().take(args.limit) {
        if args.json {
            let mut line = serde_json::json!({ "heading": heading, "articles": counts.articles, "sections": counts.sections, "passages": counts.passages });
            if let Some(degraded) = headings.degraded {
                line["degraded"] = serde_json::to_value(degraded)?;
            }
            write_line(&mut out, &line)?;
        } else {
            let heading = heading.as_deref().unwrap_or("(no heading)");
            writeln!(out, "{}\t{}", counts.sections, harmless(heading))?;
        }
    }
    out.flush()?;
    warn_if_degraded(messages(global), headings.degraded, args.filter.timeout);
    Ok(match (is_cut_short(headings.degraded), rows.is_empty()) {
        (true, _) => Status::Error,
        (false, true) => Status::None,
        (false, false) => Status::Found,
    })
}
