//! A table with a header, a hit a row.

use std::borrow::Cow;
use std::io::{self, Write};

use super::{End, Renderer, markdown};
use crate::search::{Hit, Results};

/// The form of a table.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Layout {
    /// CSV (RFC 4180): cells keep their line ends.
    Commas,
    /// Cells are separated by tabs and have no line end, so that a line is a row.
    Tabs,
}

/// Writes hits as a table. `with_query` adds a first column with the query's id.
pub(crate) struct Csv {
    /// Are there several queries?
    pub with_query: bool,
    /// The form of the table.
    pub layout: Layout,
    /// Leave what a spreadsheet takes for a formula as it is?
    pub raw: bool,
    /// The names of the columns that are written; all by default.
    pub fields: Option<Vec<String>>,
}

/// The columns. Those of facts have their names in [`crate::model::Article::named`]. New ones are added at the end.
pub(crate) const HEADER: [&str; 34] = [
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
    "published_from",
    "published_from_day",
    "published_to_day",
    "words",
    "file",
    "saved",
    "section",
    "passage",
    "end_line",
    "start",
    "end",
];

/// Columns that are written, after the others, if they are named: the page of the passage, below the address of a server,
/// and the query as it was read.
pub(crate) const BESIDE: [&str; 2] = ["permalink", "query"];

/// Columns of numbers, which no text can be in.
const NUMBERS: [&str; 10] =
    ["rank", "score", "line", "page", "words", "section", "passage", "end_line", "start", "end"];

/// The cells of a hit, a cell for each column of [`HEADER`]. What is not known is an empty cell.
fn row(hit: &Hit) -> [String; HEADER.len()] {
    let facts = hit.article.named();
    let days = hit.article.facts.published.as_ref().and_then(|published| published.days());
    let location = hit.passage.location;
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
        "line" => location.map_or_else(String::new, |location| location.line.to_string()),
        "end_line" => location.map_or_else(String::new, |location| location.end_line.to_string()),
        "start" => location.map_or_else(String::new, |location| location.start.to_string()),
        "end" => location.map_or_else(String::new, |location| location.end.to_string()),
        "page" => hit.passage.page.map_or_else(String::new, |page| page.to_string()),
        "section" => hit.passage.section.to_string(),
        "passage" => hit.passage.ordinal.to_string(),
        "published_from_day" => days.clone().map_or_else(String::new, |(first, _)| first),
        "published_to_day" => days.clone().map_or_else(String::new, |(_, last)| last),
        "snippet" => markdown::shown(&hit.article, &hit.passage, &hit.snippet.text, &[]).0,
        "text" => markdown::shown(&hit.article, &hit.passage, &hit.passage.text, &[]).0,
        fact => {
            let (_, value) = facts.iter().find(|(name, _)| *name == fact).expect("all other columns are facts");
            value.text().unwrap_or_default()
        }
    })
}

/// A cell that a spreadsheet would take for a formula, with an apostrophe before it (OWASP, CSV Injection). Signs of
/// formulas count in their full-width and small forms, too, and after white space or quotation marks, which some
/// programs skip.
pub(crate) fn disarmed(cell: &str) -> Cow<'_, str> {
    let is_skipped = |c: char| c.is_whitespace() || "\"'\u{200b}\u{feff}".contains(c);
    let rest = cell.trim_start_matches(is_skipped);
    if cell.starts_with(['\t', '\r', '\n']) || rest.starts_with(|c| "=+-@＝＋－＠﹦﹢﹣﹫".contains(c)) {
        Cow::Owned(format!("'{cell}"))
    } else {
        Cow::Borrowed(cell)
    }
}

impl Csv {
    fn writer<W: Write>(&self, out: W) -> csv::Writer<W> {
        let delimiter = if self.layout == Layout::Tabs { b'\t' } else { b',' };
        csv::WriterBuilder::new().delimiter(delimiter).from_writer(out)
    }

    /// The cells of columns that are written.
    fn chosen<T>(&self, cells: impl IntoIterator<Item = T>) -> impl Iterator<Item = (&'static str, T)> {
        let is_chosen =
            |column: &str| self.fields.as_ref().is_none_or(|fields| fields.iter().any(|name| name == column));
        HEADER.into_iter().zip(cells).filter(move |(column, _)| is_chosen(column))
    }

    /// The columns of [`BESIDE`] that are named.
    fn beside(&self) -> impl Iterator<Item = &'static str> {
        let is_named = |column: &&str| self.fields.iter().flatten().any(|name| name == column);
        BESIDE.into_iter().filter(is_named)
    }

    /// A text as a cell. What would steer a terminal is replaced; in CSV, lines of a passage stay lines.
    fn cell(&self, text: &str) -> String {
        let harmless = match self.layout {
            Layout::Commas => text.split('\n').map(super::harmless).collect::<Vec<_>>().join("\n"),
            Layout::Tabs => super::harmless(text).into_owned(),
        };
        if self.raw { harmless } else { disarmed(&harmless).into_owned() }
    }
}

impl Renderer for Csv {
    fn begin(&mut self, out: &mut dyn Write) -> io::Result<()> {
        let mut writer = self.writer(out);
        let query = self.with_query.then_some("query");
        let header = self.chosen(HEADER).map(|(column, _)| column).chain(self.beside());
        writer.write_record(query.into_iter().chain(header)).map_err(io_error)?;
        writer.flush()
    }

    fn results(&mut self, out: &mut dyn Write, id: Option<&str>, results: &Results) -> io::Result<()> {
        let mut writer = self.writer(out);
        for hit in &results.hits {
            let query = self.with_query.then(|| self.cell(id.unwrap_or("")));
            let cells = self.chosen(row(hit));
            let cells = cells.map(|(column, cell)| if NUMBERS.contains(&column) { cell } else { self.cell(&cell) });
            let beside = self.beside().map(|column| match column {
                "query" => self.cell(&results.query.to_string()),
                _ => format!("/a/{}#p{}", hit.article.id(), hit.passage.ordinal),
            });
            writer.write_record(query.into_iter().chain(cells).chain(beside)).map_err(io_error)?;
        }
        writer.flush()
    }

    fn end(&mut self, out: &mut dyn Write, end: &End) -> io::Result<()> {
        let mut cells = vec![String::new(); (self.chosen(HEADER).count() + self.beside().count()).max(3)];
        cells[0] = "end".into();
        cells[1] = end.hits.to_string();
        cells[2] = end.state();
        let query = self.with_query.then(String::new);
        let mut writer = self.writer(out);
        writer.write_record(query.into_iter().chain(cells)).map_err(io_error)?;
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn formulas_are_disarmed() {
        for (cell, expected) in [
            ("=1+1", "'=1+1"),
            ("=HYPERLINK(\"https://a.example\")", "'=HYPERLINK(\"https://a.example\")"),
            ("+47 22 00", "'+47 22 00"),
            ("-5 Grad in Tromsø", "'-5 Grad in Tromsø"),
            ("@halden", "'@halden"),
            ("\t=1", "'\t=1"),
            ("\rx", "'\rx"),
            ("＝１＋１", "'＝１＋１"),
            ("－港", "'－港"),
            ("  =1", "'  =1"),
            ("\u{a0}=1", "'\u{a0}=1"),
            ("\"=1", "'\"=1"),
            ("'=1", "''=1"),
            ("\u{feff}@x", "'\u{feff}@x"),
            ("", ""),
            ("Streik im Hafen", "Streik im Hafen"),
            ("a = b", "a = b"),
            ("\"Nein\", sagt sie", "\"Nein\", sagt sie"),
            ("– Нет, сказала она", "– Нет, сказала она"),
        ] {
            assert_eq!(disarmed(cell), expected, "{cell}");
        }
    }
}
