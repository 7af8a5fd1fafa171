//! A table with a header, a hit a row.

use std::io::{self, Write};

use super::{Renderer, markdown};
use crate::search::{Hit, Results};

/// Writes hits as CSV (RFC 4180). `with_query` adds a first column with the query's id.
pub(crate) struct Csv {
    /// Are there several queries?
    pub with_query: bool,
}

/// The columns. Those of facts have their names in [`crate::model::Article::named`].
const HEADER: [&str; 23] = [
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
    "url",
    "lang",
    "dateline",
    "tags",
    "article",
    "page",
    "snippet",
    "speaker",
    "time",
];

/// The cells of a hit, a cell for each column of [`HEADER`]. What is not known is an empty cell.
fn row(hit: &Hit) -> [String; HEADER.len()] {
    let facts = hit.article.named();
    HEADER.map(|column| match column {
        "rank" => hit.rank.to_string(),
        "score" => format!("{:.4}", hit.score),
        "tier" => hit.tier.name().into(),
        "id" => hit.id(),
        "path" => hit.article.path.clone(),
        "article" => hit.article.id(),
        "record" => hit.article.record.clone().unwrap_or_default(),
        "heading" => hit.passage.heading.clone().unwrap_or_default(),
        "speaker" => hit.passage.speaker.clone().unwrap_or_default(),
        "time" => hit.passage.time_text().unwrap_or_default(),
        "line" => hit.passage.location.map_or_else(String::new, |location| location.line.to_string()),
        "page" => hit.passage.page.map_or_else(String::new, |page| page.to_string()),
        "snippet" => markdown::shown(&hit.article, &hit.passage, &hit.snippet.text, &[]).0,
        "text" => markdown::shown(&hit.article, &hit.passage, &hit.passage.text, &[]).0,
        fact => {
            let (_, value) = facts.iter().find(|(name, _)| *name == fact).expect("all other columns are facts");
            value.text().unwrap_or_default()
        }
    })
}

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
            let query = self.with_query.then(|| id.unwrap_or("").to_string());
            // Lines of a passage stay lines; what would steer a terminal does not.
            let cell = |cell: String| cell.split('\n').map(super::harmless).collect::<Vec<_>>().join("\n");
            writer.write_record(query.into_iter().chain(row(hit)).map(cell)).map_err(io_error)?;
        }
        writer.flush()
    }
}

/// A closed pipe must be seen as one.
pub(crate) fn io_error(error: csv::Error) -> io::Error {
    match error.into_kind() {
        csv::ErrorKind::Io(error) => error,
        other => io::Error::other(format!("{other:?}")),
    }
}
