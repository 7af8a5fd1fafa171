//! `collocates` and `keywords`: tables of words with their measures.

use std::io::{self, Write};

use anyhow::Result;
use serde::Serialize;
use unicode_width::UnicodeWidthStr;

use crate::analysis::AnalysisError;
use crate::analysis::collocates::{Association, CollocateOptions};
use crate::analysis::keywords::KeywordOptions;
use crate::cli::args::{CollocatesArgs, Global, KeywordsArgs, Measure, Table, TableFormat};
use crate::cli::commands::{
    filtered, is_cut_short, messages, query_error, report_query_error, stdout, warn_if_degraded,
};
use crate::cli::message::{Status, counted};
use crate::render::csv::io_error;
use crate::render::harmless;
use crate::render::json::write_line;
use crate::search::{Degraded, Searcher};

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

pub(crate) fn collocates(global: &Global, args: &CollocatesArgs) -> Result<Status> {
    let collocates = CollocateOptions {
        window: args.window.0,
        against: args.against.clone(),
        order: match args.sort {
            Measure::Ll => Association::LogLikelihood,
            Measure::Mi => Association::MutualInformation,
            Measure::Logdice => Association::LogDice,
            Measure::Count => Association::Count,
        },
        limit: args.limit,
        min_count: args.min_count,
    };
    let searcher = Searcher::open(&global.index)?;
    let found = match searcher.collocates(&args.query, &collocates, &filtered(&args.filter)?) {
        Ok(found) => found,
        Err(error) => return refuse(error, &args.table),
    };
    let header = ["word", "count", "before", "after", "expected", "elsewhere", "log_likelihood", "mi", "log_dice"];
    let rows = found.words.iter().map(|one| {
        vec![
            Cell::Word(&one.word),
            Cell::Count(one.count),
            Cell::Count(one.before),
            Cell::Count(one.after),
            Cell::Measure(one.expected),
            Cell::Count(one.reference_count),
            Cell::Measure(one.log_likelihood),
            Cell::Measure(one.mi),
            Cell::Measure(one.log_dice),
        ]
    });
    print(&args.table, &header, rows.collect(), &found.words, found.degraded)?;
    let told = format!(
        "{}; {} near, {} elsewhere",
        counted(found.occurrences, "occurrence"),
        counted(found.window_words, "word"),
        found.reference_words
    );
    end(global, told, found.degraded, (found.words.is_empty(), args.filter.timeout))
}

pub(crate) fn keywords(global: &Global, args: &KeywordsArgs) -> Result<Status> {
    let keywords = KeywordOptions { against: args.against.clone(), limit: args.limit, min_count: args.min_count };
    let searcher = Searcher::open(&global.index)?;
    let found = match searcher.keywords(&args.query, &keywords, &filtered(&args.filter)?) {
        Ok(found) => found,
        Err(error) => return refuse(error, &args.table),
    };
    let header = ["word", "count", "articles", "dispersion", "reference", "log_likelihood", "log_ratio"];
    let rows = found.words.iter().map(|one| {
        vec![
            Cell::Word(&one.word),
            Cell::Count(one.count),
            Cell::Count(one.articles),
            Cell::Measure(one.dispersion),
            Cell::Count(one.reference_count),
            Cell::Measure(one.log_likelihood),
            Cell::Measure(one.log_ratio),
        ]
    });
    print(&args.table, &header, rows.collect(), &found.words, found.degraded)?;
    let told = format!(
        "{} ({}) beside {} ({})",
        counted(found.articles, "article"),
        counted(found.set_words, "word"),
        found.reference_articles,
        found.reference_words
    );
    end(global, told, found.degraded, (found.words.is_empty(), args.filter.timeout))
}

/// Reports the error of one of the queries.
fn refuse(error: AnalysisError, table: &Table) -> Result<Status> {
    match error {
        AnalysisError::Query { query, error } => {
            report_query_error(&error, &query, table.format() == TableFormat::Json)
        }
        AnalysisError::Search(error) => Err(query_error(error)?.into()),
        other => Err(other.into()),
    }
}

fn end(global: &Global, told: String, degraded: Option<Degraded>, (is_empty, timeout): (bool, f64)) -> Result<Status> {
    let messages = messages(global);
    messages.status(told);
    warn_if_degraded(messages, degraded, timeout);
    Ok(match (is_cut_short(degraded), is_empty) {
        (true, _) => Status::Error,
        (false, true) => Status::None,
        (false, false) => Status::Found,
    })
}

/// Prints a table; as JSON, `words` a line each.
fn print<W: Serialize>(
    table: &Table,
    header: &[&str],
    rows: Vec<Vec<Cell<'_>>>,
    words: &[W],
    degraded: Option<Degraded>,
) -> Result<()> {
    #[derive(Serialize)]
    struct Line<'a, W> {
        #[serde(flatten)]
        word: &'a W,
        #[serde(skip_serializing_if = "Option::is_none")]
        degraded: Option<Degraded>,
    }
    let mut out = stdout();
    match table.format() {
        TableFormat::Text => text(&mut out, header, &rows)?,
        TableFormat::Json => words.iter().try_for_each(|word| write_line(&mut out, &Line { word, degraded }))?,
        TableFormat::Csv => {
            let mut writer = csv::Writer::from_writer(&mut out);
            writer.write_record(header).map_err(io_error)?;
            for row in rows {
                writer.write_record(row.iter().map(|cell| cell.text(6))).map_err(io_error)?;
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
