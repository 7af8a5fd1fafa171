//! Counts and facets: rows in each output format.

use anyhow::Result;
use serde::Serialize;

use super::pages::sentence_of;
use crate::cli::args::{DEFAULT_LIMIT, Format, Search};
use crate::cli::message::{Messages, Status, counted};
use crate::render::csv::disarmed;
use crate::render::harmless;
use crate::render::json::write_line;
use crate::search::{Counts, Degraded, FacetCount, SearchOptions, Searcher};
use crate::vocabulary::Facet;

/// Prints how many rows of facets the limit left out.
pub(super) fn note_left_out(messages: Messages, rows: usize) {
    if rows > 0 {
        messages.note(format!("{} not shown; --all shows all", counted(rows, "row")));
    }
}

/// Counts as text, and the status they make.
pub(super) struct Counted {
    pub(super) text: String,
    /// The counts with the names of their units, printed on stderr.
    pub(super) sentence: Option<String>,
    pub(super) status: Status,
    /// Rows that the limit left out.
    pub(super) left_out: usize,
    pub(super) degraded: Option<Degraded>,
}

pub(super) fn count(
    searcher: &Searcher,
    options: &SearchOptions,
    query: &str,
    args: &Search,
    id: Option<&str>,
) -> Result<Counted> {
    let counts = searcher.count(query, options)?;
    let status = if counts.passages > 0 { Status::Found } else { Status::None };
    let Counts { passages, sections, articles, degraded, .. } = counts;
    let text = match args.format {
        Format::Json => {
            let mut line = Vec::new();
            write_line(&mut line, &CountLine { query: id, counts })?;
            String::from_utf8(line)?
        }
        Format::Csv | Format::Tsv => table_row(args, id, &[passages, sections, articles])?,
        Format::Text | Format::Paths | Format::Trec | Format::Ris | Format::Markdown => {
            let id = id.map_or_else(String::new, |id| format!("{}\t", harmless(id)));
            format!("{id}{passages}\t{sections}\t{articles}\n")
        }
    };
    let is_for_people = args.format == Format::Text && id.is_none() && passages > 0;
    let sentence = is_for_people.then(|| sentence_of(counts));
    Ok(Counted { text, sentence, status, left_out: 0, degraded })
}

/// A line of `--count --json`.
#[derive(Serialize)]
struct CountLine<'a> {
    #[serde(skip_serializing_if = "Option::is_none")]
    query: Option<&'a str>,
    #[serde(flatten)]
    counts: Counts,
}

/// A row of a table: texts, then numbers.
fn table_row<'a>(args: &Search, texts: impl IntoIterator<Item = &'a str>, numbers: &[u64]) -> Result<String> {
    let delimiter = if args.format == Format::Tsv { b'\t' } else { b',' };
    let mut writer = csv::WriterBuilder::new().delimiter(delimiter).from_writer(Vec::new());
    let texts = texts.into_iter().map(|text| {
        let text = harmless(text);
        if args.raw { text.into_owned() } else { disarmed(&text).into_owned() }
    });
    writer.write_record(texts.chain(numbers.iter().map(u64::to_string)))?;
    Ok(String::from_utf8(writer.into_inner().map_err(|error| error.into_error())?)?)
}

pub(super) fn facets(
    searcher: &Searcher,
    options: &SearchOptions,
    query: &str,
    args: &Search,
    id: Option<&str>,
    facet: Facet,
) -> Result<Counted> {
    let facets = searcher.facets(Some(query), facet, options)?;
    let without = (facets.without.passages > 0).then_some((None, facets.without));
    let of_value = |one: &FacetCount| (Some(one.value.clone()), one.counts);
    let rows: Vec<_> = facets.values.iter().map(of_value).chain(without).collect();
    let status = if rows.is_empty() { Status::None } else { Status::Found };
    let mut text = String::new();
    let most = most_rows(args);
    for (value, counts) in rows.iter().take(most) {
        // A row says whether all matches were counted.
        let counts = Counts { degraded: facets.degraded, ..*counts };
        text.push_str(&facet_row(args, facet.name(), id, value.as_deref(), counts)?);
    }
    let left_out = rows.len().saturating_sub(most);
    Ok(Counted { text, sentence: None, status, left_out, degraded: facets.degraded })
}

/// The most rows of a facet: a page shows ten, what a script reads is complete.
fn most_rows(args: &Search) -> usize {
    let is_page =
        !args.all && args.queries.is_none() && !matches!(args.format, Format::Json | Format::Csv | Format::Tsv);
    args.limit.unwrap_or(if is_page { DEFAULT_LIMIT } else { usize::MAX })
}

/// The header of a table of counts or facets.
pub(super) fn counted_header(args: &Search) -> String {
    if !matches!(args.format, Format::Csv | Format::Tsv) {
        return String::new();
    }
    let query = if args.queries.is_some() { "query," } else { "" };
    let columns = if args.count { "passages,sections,articles" } else { "value,articles,sections,passages" };
    let header = format!("{query}{columns}\n");
    if args.format == Format::Tsv { header.replace(',', "\t") } else { header }
}

/// A row of facets in the format that is asked for.
fn facet_row(args: &Search, facet: &str, id: Option<&str>, value: Option<&str>, counts: Counts) -> Result<String> {
    let Counts { passages, sections, articles, degraded, .. } = counts;
    match args.format {
        Format::Json => {
            let mut row = serde_json::Map::new();
            row.extend(id.map(|id| ("query".to_string(), id.into())));
            row.insert("facet".into(), facet.into());
            row.insert("value".into(), value.into());
            row.insert("articles".into(), articles.into());
            row.insert("sections".into(), sections.into());
            row.insert("passages".into(), passages.into());
            if let Some(degraded) = degraded {
                row.insert("degraded".into(), serde_json::to_value(degraded)?);
            }
            let mut line = Vec::new();
            write_line(&mut line, &serde_json::Value::Object(row))?;
            Ok(String::from_utf8(line)?)
        }
        Format::Csv | Format::Tsv => {
            table_row(args, id.into_iter().chain([value.unwrap_or("")]), &[articles, sections, passages])
        }
        Format::Text | Format::Paths | Format::Trec | Format::Ris | Format::Markdown => {
            let id = id.map_or_else(String::new, |id| format!("{}\t", harmless(id)));
            Ok(format!("{id}{articles}\t{}\n", harmless(value.unwrap_or("(none)"))))
        }
    }
}
