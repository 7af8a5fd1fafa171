//! `facets`: the values of a field, or of two that are crossed, with counts.

use std::io::{self, Write};

use anyhow::Result;
use serde::Serialize;

use crate::cli::args::{FacetsArgs, Global, TableFormat};
use crate::cli::commands::{
    filtered, is_cut_short, messages, note_readings, query_error, report_query_error, searcher, stdout,
    warn_if_degraded,
};
use crate::cli::message::{Status, counted};
use crate::render::csv::{disarmed, io_error};
use crate::render::harmless;
use crate::render::json::write_line;
use crate::search::{Counts, Degraded, OtherValues, SearchError, SearchOptions, Searcher};
use crate::vocabulary::Facet;

/// Number of values on a page.
const PAGE: usize = 20;

/// A row: a value for each facet.
struct Row {
    values: Vec<Option<String>>,
    counts: Counts,
}

/// What is printed.
struct Table {
    rows: Vec<Row>,
    other: Option<OtherValues>,
    degraded: Option<Degraded>,
}

pub(crate) fn run(global: &Global, args: &FacetsArgs) -> Result<Status> {
    let is_page = args.table.format() == TableFormat::Text;
    let limit = args.limit.or(is_page.then_some(PAGE));
    let options = SearchOptions { facet_limit: limit, facet_prefix: args.prefix.clone(), ..filtered(&args.filter)? };
    let searcher = searcher(global)?;
    let query = args.query.as_deref();
    if let Some(query) = query {
        note_readings(&searcher, query, &options, messages(global));
    }
    let fields = &args.fields.0;
    let found = match fields[..] {
        [facet] => one(&searcher, query, facet, &options),
        [first, second] => crossed(&searcher, query, [first, second], &options),
        _ => unreachable!("the parser of the command line takes one or two"),
    };
    let table = match found {
        Ok(table) => table,
        Err(error) => {
            let is_json = args.table.format() == TableFormat::Json;
            return report_query_error(&query_error(error)?, query.unwrap_or(""), is_json);
        }
    };
    let mut out = stdout();
    match args.table.format() {
        TableFormat::Text => text(&mut out, &table)?,
        TableFormat::Json => json(&mut out, fields, &table)?,
        TableFormat::Csv => csv(&mut out, fields, &table)?,
    }
    out.flush()?;
    let messages = messages(global);
    if let (TableFormat::Text, Some(other)) = (args.table.format(), table.other) {
        messages.note(format!("{} not listed; -n lists more", counted(other.values, "value")));
    }
    warn_if_degraded(messages, table.degraded, args.filter.timeout);
    Ok(match (is_cut_short(table.degraded), table.rows.is_empty()) {
        (true, _) => Status::Error,
        (false, true) => Status::None,
        (false, false) => Status::Found,
    })
}

fn one(searcher: &Searcher, query: Option<&str>, facet: Facet, options: &SearchOptions) -> Result<Table, SearchError> {
    let facets = searcher.facets(query, facet, options)?;
    let none = (facets.without.passages > 0).then_some(Row { values: vec![None], counts: facets.without });
    let values = facets.values.into_iter().map(|one| Row { values: vec![Some(one.value)], counts: one.counts });
    Ok(Table { rows: values.chain(none).collect(), other: facets.other, degraded: facets.degraded })
}

fn crossed(
    searcher: &Searcher,
    query: Option<&str>,
    facets: [Facet; 2],
    options: &SearchOptions,
) -> Result<Table, SearchError> {
    let crossed = searcher.crossed_facets(query, facets, options)?;
    let rows = crossed.rows.into_iter().map(|row| Row { values: row.values.to_vec(), counts: row.counts });
    Ok(Table { rows: rows.collect(), other: crossed.other, degraded: crossed.degraded })
}

/// Articles and values, a row a line, with what is not listed and what has no value last.
fn text(out: &mut dyn Write, table: &Table) -> io::Result<()> {
    let (none, values): (Vec<&Row>, Vec<&Row>) =
        table.rows.iter().partition(|row| row.values.iter().all(Option::is_none));
    let mut line = |articles: u64, values: &[&str]| {
        let values: Vec<_> = values.iter().map(|value| harmless(value)).collect();
        writeln!(out, "{articles}\t{}", values.join("\t"))
    };
    let shown = |row: &Row| -> Vec<String> {
        row.values.iter().map(|value| value.clone().unwrap_or_else(|| "(none)".into())).collect()
    };
    for row in values {
        line(row.counts.articles, &shown(row).iter().map(String::as_str).collect::<Vec<_>>())?;
    }
    if let Some(other) = table.other {
        line(other.counts.articles, &["(other)"])?;
    }
    none.into_iter().try_for_each(|row| line(row.counts.articles, &["(none)"]))
}

#[derive(Serialize)]
struct Line<'a> {
    #[serde(flatten)]
    values: serde_json::Map<String, serde_json::Value>,
    #[serde(skip_serializing_if = "Option::is_none")]
    other: Option<u64>,
    #[serde(flatten)]
    counts: &'a Counts,
    #[serde(skip_serializing_if = "Option::is_none")]
    degraded: Option<Degraded>,
}

fn json(out: &mut dyn Write, facets: &[Facet], table: &Table) -> io::Result<()> {
    for row in &table.rows {
        let values = facets.iter().zip(&row.values);
        let values = values.map(|(facet, value)| (facet.name().to_string(), value.clone().into())).collect();
        write_line(out, &Line { values, other: None, counts: &row.counts, degraded: table.degraded })?;
    }
    if let Some(other) = table.other {
        let counts = &other.counts;
        write_line(
            out,
            &Line { values: serde_json::Map::new(), other: Some(other.values), counts, degraded: table.degraded },
        )?;
    }
    Ok(())
}

fn csv(out: &mut dyn Write, facets: &[Facet], table: &Table) -> io::Result<()> {
    let mut writer = csv::Writer::from_writer(out);
    let counts = ["articles", "sections", "passages"];
    writer.write_record(facets.iter().map(|facet| facet.name()).chain(counts)).map_err(io_error)?;
    let mut write = |values: Vec<String>, counts: &Counts| {
        let numbers = [counts.articles, counts.sections, counts.passages].map(|number| number.to_string());
        writer.write_record(values.into_iter().chain(numbers)).map_err(io_error)
    };
    for row in &table.rows {
        let values = row.values.iter().map(|value| disarmed(&harmless(value.as_deref().unwrap_or(""))).into_owned());
        write(values.collect(), &row.counts)?;
    }
    if let Some(other) = table.other {
        let rest = std::iter::repeat_n(String::new(), facets.len() - 1);
        write(std::iter::once("(other)".to_string()).chain(rest).collect(), &other.counts)?;
    }
    writer.flush()
}
