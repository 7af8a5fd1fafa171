//! `names`: the people, bodies and places that a set of articles speaks of.

use std::io::Write;

use anyhow::Result;
use unicode_width::UnicodeWidthStr;

use crate::analysis::names::{Against, Name, Names};
use crate::cli::args::{Global, NamesArgs, TableFormat};
use crate::cli::commands::{
    filtered, is_cut_short, messages, note_readings, query_error, report_query_error, searcher, stdout,
    warn_if_degraded,
};
use crate::cli::message::{Messages, Status, counted};
use crate::render::csv::disarmed;
use crate::render::harmless;
use crate::render::json::write_line;

/// Names that are shown unless told otherwise.
const DEFAULT_NAMES: usize = 50;

pub(crate) fn run(global: &Global, args: &NamesArgs) -> Result<Status> {
    let searcher = searcher(global)?;
    let options = filtered(&args.filter)?;
    if let Some(query) = &args.query {
        note_readings(&searcher, query, &options, messages(global));
    }
    let format = args.table.format();
    let against =
        args.against.as_deref().map(|query| if query.is_empty() { Against::Index } else { Against::Query(query) });
    if let Some(Against::Query(query)) = against
        && let Err(error) = searcher.count(query, &options)
    {
        return report_query_error(&query_error(error)?, query, format == TableFormat::Json);
    }
    let names = match searcher.names(args.query.as_deref(), against, &options) {
        Ok(names) => names,
        Err(error) => {
            let query = args.query.as_deref().unwrap_or("");
            return report_query_error(&query_error(error)?, query, format == TableFormat::Json);
        }
    };
    print(args, format, &names)?;
    tell(messages(global), args, format, &names);
    warn_if_degraded(messages(global), names.degraded, args.filter.timeout);
    Ok(match (is_cut_short(names.degraded), names.names.is_empty()) {
        (true, _) => Status::Error,
        (false, true) => Status::None,
        (false, false) => Status::Found,
    })
}

/// The names that are shown.
fn shown<'n>(args: &NamesArgs, format: TableFormat, names: &'n Names) -> Vec<&'n Name> {
    let limit = args.limit.unwrap_or(if format == TableFormat::Text { DEFAULT_NAMES } else { usize::MAX });
    names.names.iter().filter(|name| name.name.split_whitespace().count() >= args.min_words).take(limit).collect()
}

fn print(args: &NamesArgs, format: TableFormat, names: &Names) -> Result<()> {
    let rows = shown(args, format, names);
    let mut out = stdout();
    match format {
        TableFormat::Json => rows.iter().try_for_each(|row| write_line(&mut out, row))?,
        TableFormat::Csv => {
            let mut writer = csv::Writer::from_writer(&mut out);
            writer.write_record(CSV_HEADER)?;
            for row in rows {
                writer.write_record(csv_row(row))?;
            }
            writer.flush()?;
        }
        TableFormat::Text => text(&mut out, &rows)?,
    }
    out.flush()?;
    Ok(())
}

const CSV_HEADER: [&str; 8] =
    ["name", "articles", "occurrences", "first", "last", "score", "articles_against", "variants"];

fn csv_row(name: &Name) -> [String; 8] {
    let number = |number: Option<u64>| number.map_or_else(String::new, |number| number.to_string());
    [
        disarmed(&harmless(&name.name)).into_owned(),
        name.articles.to_string(),
        name.occurrences.to_string(),
        name.first.clone().unwrap_or_default(),
        name.last.clone().unwrap_or_default(),
        name.score.map_or_else(String::new, |score| format!("{score:.2}")),
        number(name.articles_against),
        disarmed(&harmless(&name.variants.join("; "))).into_owned(),
    ]
}

/// Aligned columns.
fn text(out: &mut impl Write, rows: &[&Name]) -> Result<()> {
    /// Forms that are shown beside a name.
    const MAX_VARIANTS: usize = 5;
    const MAX_NAME: usize = 40;
    if rows.is_empty() {
        return Ok(());
    }
    let is_compared = rows[0].score.is_some();
    let day = |date: &Option<String>| date.as_deref().map_or_else(String::new, |date| date.chars().take(10).collect());
    let width = rows.iter().map(|row| row.name.width()).max().unwrap_or(0).min(MAX_NAME);
    let score = |text: &str| if is_compared { format!("{text:>9}  ") } else { String::new() };
    writeln!(
        out,
        "{}{:>8}  {:>11}  {:10}  {:10}  {:width$}  variants",
        score("score"),
        "articles",
        "occurrences",
        "first",
        "last",
        "name"
    )?;
    for row in rows {
        let name = harmless(&row.name);
        let padding = " ".repeat(width.saturating_sub(name.width()));
        let mut variants = row
            .variants
            .iter()
            .take(MAX_VARIANTS)
            .map(|form| harmless(form).into_owned())
            .collect::<Vec<_>>()
            .join(", ");
        if row.variants.len() > MAX_VARIANTS {
            variants.push_str(", ...");
        }
        let number = row.score.map_or_else(String::new, |score| format!("{score:.1}"));
        let line = format!(
            "{}{:>8}  {:>11}  {:10}  {:10}  {name}{padding}  {variants}",
            score(&number),
            row.articles,
            row.occurrences,
            day(&row.first),
            day(&row.last)
        );
        writeln!(out, "{}", line.trim_end())?;
    }
    Ok(())
}

/// Tells what is not among the names.
fn tell(messages: Messages, args: &NamesArgs, format: TableFormat, names: &Names) {
    if names.without_capitals > 0 {
        let articles = counted(usize::try_from(names.without_capitals).unwrap_or(usize::MAX), "article");
        messages.note(format!("{articles} in scripts without capitals, in which names cannot be told, not read"));
    }
    let wanted = names.names.iter().filter(|name| name.name.split_whitespace().count() >= args.min_words).count();
    let left_out = wanted - shown(args, format, names).len();
    if left_out > 0 && format == TableFormat::Text {
        messages.note(format!("{} not shown; -n shows more", counted(left_out, "name")));
    }
}
