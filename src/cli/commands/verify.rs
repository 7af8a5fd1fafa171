//! `verify`: is a quotation in the archive?

use std::io::{Read, Write};

use anyhow::{Context, Result, anyhow};

use crate::analysis::verify::Verdict;
use crate::cli::args::{Filtering, Global, Unit, VerifyArgs};
use crate::cli::commands::{
    color, filtered, is_cut_short, messages, output, query_error, report_query_error, searcher, stdout,
    warn_if_degraded,
};
use crate::cli::message::Status;
use crate::render::json::write_line;
use crate::render::text::Page;
use crate::vocabulary::parse_id;

pub(crate) fn run(global: &Global, args: &VerifyArgs) -> Result<Status> {
    let quotation = quotation(args)?;
    let mut options = filtered(&Filtering {
        heading: None,
        since: args.since.clone(),
        until: args.until.clone(),
        conditions: args.conditions.clone(),
        unit: Unit::Article,
        literal: false,
        timeout: args.timeout,
    })?;
    options.limit = args.limit;
    if let Some(id) = &args.id {
        let known = parse_id(id);
        known.ok_or_else(|| anyhow!("'{id}' is no id: an id is 13 letters and digits, as search prints them"))?;
        options.filters.article = Some(id.clone());
    }
    let searcher = searcher(global)?;
    let mut found = match searcher.verify(&quotation, &options) {
        Ok(found) => found,
        Err(error) => return report_query_error(&query_error(error)?, &quotation, args.json),
    };
    if args.exact && found.verdict == Verdict::Near {
        found.refuse_near();
    }
    let mut out = stdout();
    if args.json {
        write_line(&mut out, &found)?;
    } else {
        Page { terminal: output::terminal(color(global)) }.verification(&mut out, &found)?;
    }
    out.flush()?;
    warn_if_degraded(messages(global), found.degraded, args.timeout);
    Ok(match (is_cut_short(found.degraded), found.verdict) {
        (true, Verdict::No) => Status::Error,
        (_, Verdict::No) => Status::None,
        _ => Status::Found,
    })
}

/// The quotation, from standard input if it is `-`.
fn quotation(args: &VerifyArgs) -> Result<String> {
    if args.quotation != "-" {
        return Ok(args.quotation.clone());
    }
    let mut bytes = Vec::new();
    std::io::stdin().read_to_end(&mut bytes).context("cannot read the quotation from standard input")?;
    String::from_utf8(bytes).map_err(|_| anyhow!("the quotation on standard input is not UTF-8: convert it first"))
}
