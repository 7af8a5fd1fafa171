//! Timelines: a plot of blocks for a terminal, CSV, and the labels that the SVG has too.

use std::io::{self, Write};

use unicode_width::UnicodeWidthStr;

use super::csv::disarmed;
use super::{harmless, text::cut};
use crate::analysis::timeline::{ArticlesOf, Interval, Timeline};

/// What is plotted of an [`ArticlesOf`].
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Measure {
    /// Numbers of articles.
    Articles,
    /// Articles that match per 1,000 of the scope.
    PerThousand,
}

impl Measure {
    pub(super) fn of(self, count: ArticlesOf) -> f64 {
        match self {
            Measure::Articles => count.articles as f64,
            Measure::PerThousand => count.per_thousand().unwrap_or(0.0),
        }
    }

    /// The value, as it is printed.
    pub(super) fn text(self, count: ArticlesOf) -> String {
        match (self, count.per_thousand()) {
            (Measure::Articles, _) => count.articles.to_string(),
            (Measure::PerThousand, Some(rate)) => format!("{rate:.1}"),
            (Measure::PerThousand, None) => "-".into(),
        }
    }
}

/// A timeline as it is named in a legend.
pub(super) fn name_of(timeline: &Timeline) -> String {
    let Some(per) = &timeline.per else { return timeline.query.clone() };
    let value = match (&per.value, per.is_other) {
        (Some(value), _) => value.as_str(),
        (None, true) => "(other)",
        (None, false) => "(none)",
    };
    format!("{}: {value}", timeline.query)
}

/// The label of a period: `2023-09-12`, `2023-W37`, `2023-09`, `2023 Q3`, `2023`.
pub(super) fn label(by: Interval, from: &str) -> String {
    let day: Option<jiff::civil::Date> = from.parse().ok();
    match by {
        Interval::Week => day.map_or_else(
            || from.to_string(),
            |day| {
                let week = day.iso_week_date();
                format!("{:04}-W{:02}", week.year(), week.week())
            },
        ),
        Interval::Quarter => {
            day.map_or_else(|| from.to_string(), |day| format!("{:04} Q{}", day.year(), (day.month() + 2) / 3))
        }
        Interval::Month => from.get(..7).unwrap_or(from).to_string(),
        Interval::Year => from.get(..4).unwrap_or(from).to_string(),
        Interval::Day => from.to_string(),
    }
}

/// A row of the plot: a label and the articles of each timeline.
struct Row {
    label: String,
    counts: Vec<ArticlesOf>,
}

/// The periods, then what has a date that is less precise, then what has none.
fn rows(timelines: &[Timeline]) -> Vec<Row> {
    let Some(first) = timelines.first() else { return Vec::new() };
    let mut rows: Vec<Row> = Vec::new();
    for (i, bucket) in first.buckets.iter().enumerate() {
        let counts = timelines.iter().map(|timeline| timeline.buckets[i].count).collect();
        rows.push(Row { label: label(first.by, &bucket.from), counts });
    }
    let mut imprecise: Vec<(&str, &str)> = Vec::new();
    for bucket in timelines.iter().flat_map(|timeline| &timeline.imprecise) {
        if !imprecise.contains(&(&bucket.from, &bucket.to)) {
            imprecise.push((&bucket.from, &bucket.to));
        }
    }
    imprecise.sort_unstable();
    for (from, to) in imprecise {
        let of = |timeline: &Timeline| {
            let mut all = timeline.imprecise.iter();
            all.find(|bucket| (bucket.from.as_str(), bucket.to.as_str()) == (from, to)).map(|bucket| bucket.count)
        };
        let known = if from.get(..7) == to.get(..7) { 7 } else { 4 };
        let label = format!("in {}", from.get(..known).unwrap_or(from));
        rows.push(Row { label, counts: timelines.iter().map(|one| of(one).unwrap_or_default()).collect() });
    }
    if timelines.iter().any(|timeline| timeline.undated.articles > 0) {
        rows.push(Row { label: "no date".into(), counts: timelines.iter().map(|one| one.undated).collect() });
    }
    rows
}

/// Writes a plot: a row a period, a column of bars a timeline, all to one scale.
///
/// # Errors
///
/// Errors of the writer.
pub(crate) fn plot(out: &mut dyn Write, timelines: &[Timeline], measure: Measure, width: usize) -> io::Result<()> {
    const GAP: usize = 2;
    const MIN_BAR: usize = 3;
    let rows = rows(timelines);
    let labels = rows.iter().map(|row| row.label.width()).max().unwrap_or(0);
    let numbers = rows.iter().flat_map(|row| &row.counts).map(|count| measure.text(*count).len()).max().unwrap_or(1);
    let columns = timelines.len().max(1);
    let of_column = width.saturating_sub(labels) / columns;
    let bar = of_column.saturating_sub(GAP + numbers + 1).max(MIN_BAR);
    let most = rows.iter().flat_map(|row| &row.counts).map(|count| measure.of(*count)).fold(0.0, f64::max);
    if columns > 1 {
        let mut line = " ".repeat(labels);
        for timeline in timelines {
            let name = cut(&harmless(&name_of(timeline)), numbers + 1 + bar);
            let padding = (numbers + 1 + bar).saturating_sub(name.width());
            line.push_str(&format!("{}{name}{}", " ".repeat(GAP), " ".repeat(padding)));
        }
        writeln!(out, "{}", line.trim_end())?;
    }
    for row in rows {
        let mut line = format!("{}{}", row.label, " ".repeat(labels - row.label.width()));
        for count in row.counts {
            let drawn = blocks(measure.of(count), most, bar);
            let padding = bar - drawn.width();
            line.push_str(&format!(
                "{}{:>numbers$} {drawn}{}",
                " ".repeat(GAP),
                measure.text(count),
                " ".repeat(padding)
            ));
        }
        writeln!(out, "{}", line.trim_end())?;
    }
    Ok(())
}

/// A bar of blocks, to an eighth of a column. What is not nothing is seen.
fn blocks(value: f64, most: f64, columns: usize) -> String {
    const EIGHTHS: [&str; 8] = ["", "▏", "▎", "▍", "▌", "▋", "▊", "▉"];
    if value <= 0.0 || most <= 0.0 {
        return String::new();
    }
    let eighths = ((value / most * columns as f64 * 8.0).round() as usize).clamp(1, columns * 8);
    format!("{}{}", "█".repeat(eighths / 8), EIGHTHS[eighths % 8])
}

/// Writes a table: a row a timeline and period (`period`), a longer period that is all that is known (`imprecise`), and what
/// has no date (`undated`).
///
/// # Errors
///
/// Errors of the writer.
pub(crate) fn csv(out: &mut dyn Write, timelines: &[Timeline]) -> io::Result<()> {
    let mut writer = csv::Writer::from_writer(out);
    let has_values = timelines.iter().any(|timeline| timeline.per.is_some());
    let facet = timelines.iter().find_map(|timeline| timeline.per.as_ref()).map(|per| per.facet.name());
    let header = ["query"].into_iter().chain(facet).chain(["kind", "from", "to", "articles", "of", "per_1000"]);
    writer.write_record(header).map_err(super::csv::io_error)?;
    for timeline in timelines {
        let periods = timeline.buckets.iter().map(|bucket| ("period", &bucket.from[..], &bucket.to[..], bucket.count));
        let imprecise = timeline.imprecise.iter().map(|b| ("imprecise", &b.from[..], &b.to[..], b.count));
        for (kind, from, to, count) in periods.chain(imprecise).chain([("undated", "", "", timeline.undated)]) {
            let mut row = vec![disarmed(&harmless(&timeline.query)).into_owned()];
            if has_values {
                let value = timeline.per.as_ref().map_or("", |per| match (&per.value, per.is_other) {
                    (Some(value), _) => value.as_str(),
                    (None, true) => "(other)",
                    (None, false) => "",
                });
                row.push(disarmed(&harmless(value)).into_owned());
            }
            row.extend([kind, from, to].map(str::to_string));
            row.extend([count.articles.to_string(), count.of.to_string()]);
            row.push(count.per_thousand().map_or_else(String::new, |rate| format!("{rate:.4}")));
            writer.write_record(row).map_err(super::csv::io_error)?;
        }
    }
    writer.flush()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bars_are_to_an_eighth_of_a_column() {
        for (value, bar) in [(0.0, ""), (100.0, "████"), (50.0, "██"), (0.01, "▏"), (28.125, "█▏"), (43.75, "█▊")]
        {
            assert_eq!(blocks(value, 100.0, 4), bar, "{value}");
        }
        assert_eq!(blocks(0.0, 0.0, 4), "");
    }

    #[test]
    fn periods_have_labels() {
        for (by, from, expected) in [
            (Interval::Day, "2023-09-12", "2023-09-12"),
            (Interval::Week, "2023-09-11", "2023-W37"),
            (Interval::Week, "2024-12-30", "2025-W01"),
            (Interval::Month, "2023-09-01", "2023-09"),
            (Interval::Quarter, "2023-07-01", "2023 Q3"),
            (Interval::Year, "0001-01-01", "0001"),
        ] {
            assert_eq!(label(by, from), expected);
        }
    }
}
