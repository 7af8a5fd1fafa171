//! CSV with a header row and one row for each hit.

use std::io::{self, Write};

use super::Renderer;
use crate::search::Results;

/// Writes hits as CSV (RFC 4180).
pub struct Csv {
    /// Whether the first column is the id of the query.
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
            // An absent fact is an empty cell.
            let optional = |text: &Option<String>| text.as_deref().unwrap_or("").to_string();
            let row = [
                hit.rank.to_string(),
                format!("{:.4}", hit.score),
                hit.tier.name().into(),
                hit.id(),
                hit.article.path.clone(),
                optional(&hit.article.record),
                optional(&facts.title),
                optional(&facts.byline),
                facts.published.as_ref().map_or(String::new(), |published| published.value.clone()),
                optional(&facts.source),
                optional(&facts.desk),
                optional(&hit.passage.heading),
                hit.passage.location.map_or(String::new(), |location| location.line.to_string()),
                hit.passage.text.clone(),
            ];
            let query = self.with_query.then(|| id.unwrap_or("").to_string());
            // Line breaks of a passage are kept; other control characters are not.
            let cell = |cell: String| cell.split('\n').map(super::harmless).collect::<Vec<_>>().join("\n");
            writer.write_record(query.into_iter().chain(row).map(cell)).map_err(io_error)?;
        }
        writer.flush()
    }
}

/// The I/O error inside a CSV error, so that the caller can tell a closed pipe.
fn io_error(error: csv::Error) -> io::Error {
    match error.into_kind() {
        csv::ErrorKind::Io(error) => error,
        other => io::Error::other(format!("{other:?}")),
    }
}
