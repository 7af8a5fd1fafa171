//! A table with a header, a hit a row.

use std::io::{self, Write};

use super::Renderer;
use crate::search::Results;

/// Writes hits as CSV (RFC 4180). `with_query` adds a first column with the query's id.
pub struct Csv {
    /// Are there several queries?
    pub with_query: bool,
}

const HEADER: [&str; 14] = [
    "rank",
    "score",
    "tier",
    "id",
    "path",
    "record",
    "title",
    "byline",
    "published",
    "source",
    "desk",
    "heading",
    "line",
    "text",
];

impl Renderer for Csv {
    fn begin(&mut self, out: &mut dyn Write) -> io::Result<()> {
        let mut writer = csv::Writer::from_writer(out);
        let query = self.with_query.then_some("query");
        writer.write_record(query.into_iter().chain(HEADER)).map_err(io_error)?;
        writer.flush()
    }

    fn results(&mut self, out: &mut dyn Write, id: Option<&str>, results: &Results) -> io::Result<()> {
        let mut writer = csv::Writer::from_writer(out);
        for hit in &results.hits {
            let facts = &hit.article.facts;
            let fact = |fact: &Option<String>| fact.clone().unwrap_or_default();
            let row = [
                hit.rank.to_string(),
                format!("{:.4}", hit.score),
                hit.tier.name().into(),
                hit.id(),
                hit.article.path.clone(),
                hit.article.record.clone().unwrap_or_default(),
                fact(&facts.title),
                fact(&facts.byline),
                facts.published.as_ref().map(|published| published.value.clone()).unwrap_or_default(),
                fact(&facts.source),
                fact(&facts.desk),
                hit.passage.heading.clone().unwrap_or_default(),
                hit.passage.location.map(|place| place.line.to_string()).unwrap_or_default(),
                hit.passage.text.clone(),
            ];
            let query = self.with_query.then(|| id.unwrap_or_default().to_string());
            // Lines of a passage stay lines; what would steer a terminal does not.
            let cell = |cell: String| cell.split('\n').map(super::harmless).collect::<Vec<_>>().join("\n");
            writer.write_record(query.into_iter().chain(row).map(cell)).map_err(io_error)?;
        }
        writer.flush()
    }
}

/// A closed pipe must be seen as one.
fn io_error(error: csv::Error) -> io::Error {
    match error.into_kind() {
        csv::ErrorKind::Io(error) => error,
        other => io::Error::other(format!("{other:?}")),
    }
}
