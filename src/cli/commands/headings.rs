//! `headings`: the headings of what matches, with counts.

use std::io::Write;

use anyhow::Result;

use crate::cli::args::{Global, Headings};
use crate::cli::commands::{filters, query_error, report_query_error, scope, stdout};
use crate::cli::message::Status;
use crate::index::Index;
use crate::index::schema::Column;
use crate::query::Today;
use crate::render::harmless;
use crate::render::json::write_line;
use crate::search::{SearchOptions, Session};

pub(crate) fn run(global: &Global, args: &Headings) -> Result<Status> {
    let index = Index::open(&global.index)?;
    let session = Session::open(&index)?;
    let today = Today::now();
    let options = SearchOptions {
        unit: scope(args.filter.unit),
        literal: args.filter.literal,
        filters: filters(&args.filter, today)?,
        today,
        ..SearchOptions::default()
    };
    let headings = match session.facets(args.query.as_deref(), Column::Heading, &options) {
        Ok(headings) => headings,
        Err(error) => {
            return report_query_error(&query_error(error)?, args.query.as_deref().unwrap_or_default(), args.json);
        }
    };
    let mut out = stdout();
    for (heading, counts) in headings.iter().take(args.limit) {
        if args.json {
            let line = serde_json::json!({ "heading": heading, "articles": counts.articles, "sections": counts.sections, "passages": counts.passages });
            write_line(&mut out, &line)?;
        } else {
            writeln!(out, "{}\t{}", counts.sections, harmless(heading))?;
        }
    }
    out.flush()?;
    Ok(if headings.is_empty() { Status::None } else { Status::Found })
}
