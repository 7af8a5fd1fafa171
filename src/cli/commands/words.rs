//! `collocates` and `keywords`: tables of words with their measures.

use std::io::{self, Write};

use anyhow::Result;
use serde::Serialize;
use unicode_width::UnicodeWidthStr;

use crate::analysis::AnalysisError;
use crate::analysis::collocates::{Collocate, CollocateOptions};
use crate::analysis::keywords::{Keyword, KeywordOptions};
use crate::cli::args::{CollocatesArgs, Global, KeywordsArgs, Table, TableFormat, WordTable};
use crate::cli::commands::{
    filtered, is_cut_short, messages, note_readings, query_error, report_query_error, searcher, stdout,
    warn_if_degraded,
};
use crate::cli::message::{Status, counted};
use crate::render::csv::io_error;
use crate::render::harmless;
use crate::render::json::write_line;
use crate::search::Degraded;

/// A cell of a table.
enum Cell<'a> {
    Word(&'a str),
    Count(u64),
    /// Two decimals for people, six for programs.
    Measure(f64),
}

impl Cell<'_> {
    fn text(&self, decimals: usize) -> String {
        match self {
            Cell::Word(word) => harmless(word).into_owned(),
            Cell::Count(count) => count.to_string(),
            Cell::Measure(measure) => format!("{measure:.decimals$}"),
        }
    }
}

/// A column: its name, and the cell of a word.
type Column<W> = (&'static str, fn(&W) -> Cell<'_>);

const COLLOCATES: &[Column<Collocate>] = &[
    ("word", |one| Cell::Word(&one.word)),
    ("count", |one| Cell::Count(one.count)),
    ("before", |one| Cell::Count(one.before)),
    ("after", |one| Cell::Count(one.after)),
    ("expected", |one| Cell::Measure(one.expected)),
    ("elsewhere", |one| Cell::Count(one.reference_count)),
    ("log_likelihood", |one| Cell::Measure(one.log_likelihood)),
    ("mi", |one| Cell::Measure(one.mi)),
    ("log_dice", |one| Cell::Measure(one.log_dice)),
];

const KEYWORDS: &[Column<Keyword>] = &[
    ("word", |one| Cell::Word(&one.word)),
    ("count", |one| Cell::Count(one.count)),
    ("articles", |one| Cell::Count(one.articles)),
    ("dispersion", |one| Cell::Measure(one.dispersion)),
    ("reference", |one| Cell::Count(one.reference_count)),
    ("log_likelihood", |one| Cell::Measure(one.log_likelihood)),
    ("log_ratio", |one| Cell::Measure(one.log_ratio)),
];

/// Words that were found, and a sentence on what was counted.
struct Counted<W> {
    words: Vec<W>,
    told: String,
    degraded: Option<Degraded>,
}

pub(crate) fn collocates(global: &Global, args: &CollocatesArgs) -> Result<Status> {
    let WordTable { against, limit, min_count, filter, .. } = &args.words;
    let collocates = CollocateOptions {
        window: args.window.0,
        against: against.clone(),
        order: args.sort,
        limit: *limit,
        min_count: *min_count,
    };
    let (searcher, options) = (searcher(global)?, filtered(filter)?);
    note_readings(&searcher, &args.query, &options, messages(global));
    let found = searcher.collocates(&args.query, &collocates, &options);
    let counted = found.map(|found| Counted {
        told: format!(
            "{}; {} near, {} elsewhere",
            counted(found.occurrences, "occurrence"),
            counted(found.window_words, "word"),
            found.reference_words
        ),
        words: found.words,
        degraded: found.degraded,
    });
    show(global, &args.words, COLLOCATES, counted)
}

pub(crate) fn keywords(global: &Global, args: &KeywordsArgs) -> Result<Status> {
    let WordTable { against, limit, min_count, filter, .. } = &args.words;
    let keywords = KeywordOptions { against: against.clone(), limit: *limit, min_count: *min_count };
    let (searcher, options) = (searcher(global)?, filtered(filter)?);
    note_readings(&searcher, &args.query, &options, messages(global));
    let found = searcher.keywords(&args.query, &keywords, &options);
    let counted = found.map(|found| Counted {
        told: format!(
            "{} ({}) beside {} ({})",
            counted(found.articles, "article"),
            counted(found.set_words, "word"),
            found.reference_articles,
            found.reference_words
        ),
        words: found.words,
        degraded: found.degraded,
    });
    show(global, &args.words, KEYWORDS, counted)
}

/// Prints the words, or reports the error of one of the queries.
fn show<W: Serialize>(
    global: &Global,
    args: &WordTable,
    columns: &[Column<W>],
    counted: Result<Counted<W>, AnalysisError>,
) -> Result<Status> {
    let Counted { words, told, degraded } = match counted {
        Ok(counted) => counted,
        Err(AnalysisError::Query { query, error }) => {
            return report_query_error(&error, &query, args.table.format() == TableFormat::Json);
        }
        Err(AnalysisError::Search(error)) => return Err(query_error(error)?.into()),
        Err(other) => return Err(other.into()),
    };
    print(&args.table, columns, &words, degraded)?;
    let messages = messages(global);
    messages.status(told);
    warn_if_degraded(messages, degraded, args.filter.timeout);
    Ok(match (is_cut_short(degraded), words.is_empty()) {
        (true, _) => Status::Error,
        (false, true) => Status::None,
        (false, false) => Status::Found,
    })
}

/// Prints a table; as JSON, a word a line.
fn print<W: Serialize>(table: &Table, columns: &[Column<W>], words: &[W], degraded: Option<Degraded>) -> Result<()> {
    #[derive(Serialize)]
    struct Line<'a, W> {
        #[serde(flatten)]
        word: &'a W,
        #[serde(skip_serializing_if = "Option::is_none")]
        degraded: Option<Degraded>,
    }
    let mut out = stdout();
    let header = columns.iter().map(|(name, _)| *name);
    let rows = words.iter().map(|word| columns.iter().map(|(_, cell)| cell(word)));
    match table.format() {
        TableFormat::Text => {
            text(&mut out, &header.collect::<Vec<_>>(), &rows.map(Iterator::collect).collect::<Vec<_>>())?
        }
        TableFormat::Json => words.iter().try_for_each(|word| write_line(&mut out, &Line { word, degraded }))?,
        TableFormat::Csv => {
            let mut writer = csv::Writer::from_writer(&mut out);
            writer.write_record(header).map_err(io_error)?;
            for row in rows {
                writer.write_record(row.map(|cell| cell.text(6))).map_err(io_error)?;
            }
            writer.flush()?;
        }
    }
    Ok(out.flush()?)
}

/// Columns: words to the left, numbers to the right.
fn text(out: &mut dyn Write, header: &[&str], rows: &[Vec<Cell<'_>>]) -> io::Result<()> {
    if rows.is_empty() {
        return Ok(());
    }
    let texts: Vec<Vec<String>> = rows.iter().map(|row| row.iter().map(|cell| cell.text(2)).collect()).collect();
    let width = |i: usize| texts.iter().map(|row| row[i].width()).chain([header[i].width()]).max().unwrap_or(0);
    let widths: Vec<usize> = (0..header.len()).map(width).collect();
    let mut line = |cells: &mut dyn Iterator<Item = &str>| {
        let mut text = String::new();
        for (i, cell) in cells.enumerate() {
            let padding = " ".repeat(widths[i] - cell.width());
            text.push_str(&if i == 0 { format!("{cell}{padding}") } else { format!("  {padding}{cell}") });
        }
        writeln!(out, "{}", text.trim_end())
    };
    line(&mut header.iter().copied())?;
    texts.iter().try_for_each(|row| line(&mut row.iter().map(String::as_str)))
}
