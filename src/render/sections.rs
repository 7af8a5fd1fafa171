//! Output of `sections`: how a file was read and split, as text.

use std::io::{self, Write};

use super::harmless;
use crate::model::{LineVerdict, Outline};
use crate::text::counted;

/// Writes an article as text: its facts, its sections, its boilerplate, and the verdicts on its lines if there are any.
///
/// # Errors
///
/// Errors of the writer.
pub(crate) fn page(out: &mut dyn Write, outline: &Outline) -> io::Result<()> {
    match &outline.record {
        Some(record) => writeln!(out, "{}#{}", harmless(&outline.path), harmless(record))?,
        None => writeln!(out, "{}", harmless(&outline.path))?,
    }
    let facts = &outline.facts;
    let published =
        facts.published.as_ref().map(|published| format!("{} (from {})", published.value, published.from.as_str()));
    let saved = facts.saved.as_ref().map(|saved| saved.value.clone());
    for (name, fact) in [
        ("title", &facts.title),
        ("byline", &facts.byline),
        ("dateline", &facts.dateline),
        ("published", &published),
        ("saved", &saved),
        ("source", &facts.source),
        ("desk", &facts.desk),
        ("url", &facts.url),
        ("lang", &facts.lang),
    ] {
        if let Some(fact) = fact {
            writeln!(out, "  {name:<10} {}", harmless(fact))?;
        }
    }
    for section in &outline.sections {
        let heading = section.heading.as_deref().unwrap_or("(no heading)");
        let indent = "  ".repeat(section.trail.len());
        let line = line(section.start_line);
        writeln!(out, "{line}  {indent}§ {} ({})", harmless(heading), counted(section.words as u64, "word"))?;
        for turn in &section.turns {
            let words = counted(turn.words as u64, "word");
            writeln!(out, "{}  {indent}  » {} ({words})", self::line(turn.start_line), harmless(&turn.speaker))?;
        }
    }
    for boilerplate in &outline.boilerplate {
        let text: String = harmless(&boilerplate.text).chars().take(70).collect();
        writeln!(out, "{}  - {text} ({})", line(boilerplate.start_line), boilerplate.kind.name())?;
    }
    if !outline.stated_by.is_empty() {
        writeln!(out, "\nfields that were read:")?;
        for stated in &outline.stated_by {
            writeln!(out, "  {:<10} {}", stated.fact, harmless(&stated.field))?;
        }
    }
    if let Some(dates) = outline.dates.as_deref().filter(|dates| !dates.is_empty()) {
        writeln!(out, "\ndates of the page, and what speaks for each being that of publication:")?;
        for date in dates.iter().take(MAX_DATES) {
            writeln!(out, "        {:>4}  {:<25}  {}", date.score, date.value, harmless(&date.place))?;
        }
    }
    match outline.verdicts.as_deref() {
        Some([]) => writeln!(out, "\nno line had to be judged: headings are known by markup, or no line is short")?,
        Some(verdicts) => {
            writeln!(out, "\nlines that could be headings, and what spoke for (+) and against (-) them:")?;
            verdicts.iter().try_for_each(|verdict| explain(out, verdict))?;
        }
        None => {}
    }
    Ok(())
}

/// A line number, six columns wide, or as many spaces.
fn line(number: Option<usize>) -> String {
    number.map_or_else(|| " ".repeat(6), |number| format!("{number:>6}"))
}

/// Maximum number of dates shown.
const MAX_DATES: usize = 12;

/// Maximum number of reasons shown for a line.
const MAX_REASONS: usize = 8;

/// Minimum absolute weight of a reason that is shown.
const MIN_WEIGHT: f32 = 0.05;

fn explain(out: &mut dyn Write, verdict: &LineVerdict) -> io::Result<()> {
    let sign = if verdict.heading { '§' } else { ' ' };
    let percent = verdict.probability * 100.0;
    writeln!(out, "{}  {sign} {percent:>3.0} %  {}", line(verdict.line), harmless(&verdict.text))?;
    for (reason, weight) in verdict.reasons.iter().filter(|(_, weight)| weight.abs() >= MIN_WEIGHT).take(MAX_REASONS) {
        writeln!(out, "                 {weight:+.2}  {reason}")?;
    }
    Ok(())
}
