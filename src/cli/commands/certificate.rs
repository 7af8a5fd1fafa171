//! `certificate`: what a query gave, to cite and to check.

use std::io::{self, Write};
use std::path::Path;

use anyhow::{Context, Result, anyhow};

use crate::analysis::AnalysisError;
use crate::analysis::certificate::{Certificate, CertifiedArticle, Difference};
use crate::cli::args::{CertificateArgs, Global};
use crate::cli::commands::{filtered, messages, note_readings, query_error, report_query_error, searcher, stdout};
use crate::cli::message::{self, Status, counted};
use crate::query::Today;
use crate::render::harmless;
use crate::render::json::write_line;
use crate::search::{SearchOptions, Searcher};
use crate::vocabulary::Scope;

pub(crate) fn run(global: &Global, args: &CertificateArgs) -> Result<Status> {
    let searcher = searcher(global)?;
    let options = SearchOptions { any: args.any, ..filtered(&args.filter)? };
    if let Some(file) = &args.verify {
        return verify(global, args, &searcher, &options, file);
    }
    let query = args.query.as_deref().expect("the parser of the command line requires it");
    note_readings(&searcher, query, &options, messages(global));
    let made = match certify(&searcher, query, &options, args.json)? {
        Ok(made) => made,
        Err(status) => return Ok(status),
    };
    let mut out = stdout();
    if args.json {
        write_line(&mut out, &made)?;
    } else {
        text(&mut out, &made)?;
    }
    out.flush()?;
    Ok(if made.matches.passages > 0 { Status::Found } else { Status::None })
}

/// Certifies a query now, or reports why it cannot be.
fn certify(
    searcher: &Searcher,
    query: &str,
    options: &SearchOptions,
    json: bool,
) -> Result<std::result::Result<Certificate, Status>> {
    let now = jiff::Timestamp::now().round(jiff::Unit::Second)?.to_string();
    match searcher.certify(query, options, &now) {
        Ok(made) => Ok(Ok(made)),
        Err(AnalysisError::Search(error)) => Ok(Err(report_query_error(&query_error(error)?, query, json)?)),
        Err(error @ AnalysisError::Incomplete(_)) => {
            message::error(error);
            message::hint("--timeout gives it more time");
            Ok(Err(Status::Error))
        }
        Err(error) => Err(error.into()),
    }
}

/// A text for a section on methods.
fn text(out: &mut dyn Write, made: &Certificate) -> io::Result<()> {
    let Certificate { index, matches, options, .. } = made;
    let dates = match (&index.first, &index.last) {
        (Some(first), Some(last)) => format!(", published from {first} to {last}"),
        _ => String::new(),
    };
    let mut filters = String::new();
    if let Some(dates) = &options.dates {
        filters.push_str(&format!(", of articles published {dates}"));
    }
    if let Some(heading) = &options.heading {
        filters.push_str(&format!(", in sections with a heading \"{}\"", harmless(heading)));
    }
    for condition in &options.conditions {
        filters.push_str(&format!(", with {}", harmless(condition)));
    }
    let words = if options.any { "one of the words was enough" } else { "all words were required" };
    writeln!(out, "Searched with Crosshead {} on {}.", made.crosshead, made.made)?;
    writeln!(out, "Query: {}", harmless(&made.query))?;
    writeln!(out, "Read as: {}; {words}, AND and NOT within one {}{filters}.", harmless(&made.reading), options.unit)?;
    let indexes = match index.indexes.len() {
        0 => String::new(),
        _ => format!("; indexes, searched as one: {}", harmless(&index.indexes.join(", "))),
    };
    writeln!(
        out,
        "Index: {} with {} words in {} ({} skipped){dates}; folders: {}{indexes}.",
        counted(index.articles, "article"),
        index.words,
        counted(index.files, "file"),
        index.skipped,
        index.folders.iter().map(|folder| harmless(folder)).collect::<Vec<_>>().join(", ")
    )?;
    writeln!(out, "Fingerprint of the index: {} (format {}).", index.fingerprint, index.format)?;
    writeln!(
        out,
        "Matches: {} in {} of {}.",
        counted(matches.passages, "passage"),
        counted(matches.sections, "section"),
        counted(matches.articles, "article")
    )?;
    writeln!(out, "Fingerprint of these articles: {}.", made.articles_fingerprint)
}

fn verify(
    global: &Global,
    args: &CertificateArgs,
    searcher: &Searcher,
    options: &SearchOptions,
    file: &Path,
) -> Result<Status> {
    let shown = file.display();
    let bytes = std::fs::read(file).with_context(|| format!("{shown} cannot be read"))?;
    let was: Certificate = serde_json::from_slice(&bytes).map_err(|error| {
        anyhow!("{shown} is no certificate: {error}; `crosshead certificate QUERY --json` prints one")
    })?;
    let mut again = SearchOptions { any: was.options.any, literal: was.options.literal, ..options.clone() };
    again.unit = match was.options.unit.as_str() {
        "passage" => Scope::Passage,
        "article" => Scope::Article,
        _ => Scope::Section,
    };
    again.today = Today::from_iso(&was.options.today)
        .ok_or_else(|| anyhow!("{shown} is no certificate: its day '{}' is no date", was.options.today))?;
    again.filters.heading.clone_from(&was.options.heading);
    (again.filters.values, again.filters.words) = (Vec::new(), None);
    for condition in &was.options.conditions {
        let added = again.filters.add_condition(condition);
        added.map_err(|reason| anyhow!("{shown} is no certificate: {reason}"))?;
    }
    if let Some(dates) = &was.options.dates {
        let (since, until) = dates.split_once("..").unwrap_or((dates, dates));
        let point = |text: &'_ str| (!text.is_empty() && text != "*").then(|| text.to_string());
        again
            .filters
            .set_dates(point(since).as_deref(), point(until).as_deref(), again.today)
            .map_err(|error| anyhow!("{shown} is no certificate: {error}"))?;
    }
    let now = match certify(searcher, &was.query, &again, args.json)? {
        Ok(now) => now,
        Err(status) => return Ok(status),
    };
    let differences = was.differences(&now);
    let mut out = stdout();
    for difference in &differences {
        if args.json {
            write_line(&mut out, difference)?;
        } else {
            writeln!(out, "{}", told(difference))?;
        }
    }
    out.flush()?;
    let messages = messages(global);
    let is_same = was.articles_fingerprint == now.articles_fingerprint;
    messages.status(match (differences.is_empty(), is_same) {
        (true, _) => format!("nothing changed since {}", was.made),
        (false, true) => format!("the same articles match as on {}", was.made),
        (false, false) => format!(
            "{} on {}, {} now",
            counted(was.matches.articles, "article"),
            was.made,
            counted(now.matches.articles, "article")
        ),
    });
    Ok(if differences.is_empty() { Status::Found } else { Status::None })
}

fn told(difference: &Difference) -> String {
    let article = |article: &CertifiedArticle| format!("{} ({})", harmless(&article.path), article.id);
    match difference {
        Difference::Version { was, is } => format!("version of the program: was {was}, is {is}"),
        Difference::Reading { was, is } => format!("reading of the query: was {}, is {}", harmless(was), harmless(is)),
        Difference::Index { was, is } => format!("articles of the index: others than then (were {was}, are {is})"),
        Difference::Gone(one) => format!("no longer matches: {}", article(one)),
        Difference::Changed(one) => format!("changed: {}", article(one)),
        Difference::New(one) => format!("matches now: {}", article(one)),
    }
}
