//! `sections`: how a file was read and split.

use std::io::{self, Write};

use serde::Serialize;

use super::harmless;
use crate::article::front::tidy;
use crate::article::lines::LineNumbers;
use crate::article::{Article, BoilerplateKind, Span, Verdict};
use crate::text::Words;

/// Finds the first byte and the end of a stretch of text in its file.
pub type FilePlaces<'a> = dyn FnMut(&Span) -> (usize, usize) + 'a;

/// An article and where it came from.
pub struct Shown<'a> {
    /// Path as given.
    pub path: &'a str,
    /// Record in its file.
    pub record: Option<String>,
    /// The article.
    pub article: &'a Article,
    /// What was made of each line that could be a heading, if asked for.
    pub verdicts: Option<&'a [(Span, Verdict)]>,
    /// Places of the text in the file, where it is a stretch of it.
    pub places: Option<&'a mut FilePlaces<'a>>,
}

#[derive(Serialize)]
struct Line<'a> {
    path: &'a str,
    record: Option<String>,
    title: Option<&'a str>,
    title_line: Option<usize>,
    byline: Option<&'a str>,
    published: Option<&'a str>,
    published_from: Option<&'static str>,
    source: Option<&'a str>,
    url: Option<&'a str>,
    lang: Option<&'a str>,
    dateline: Option<&'a str>,
    desk: Option<&'a str>,
    sections: Vec<SectionLine>,
    boilerplate: Vec<BoilerplateLine>,
    #[serde(skip_serializing_if = "Option::is_none")]
    explain: Option<Vec<ExplainLine>>,
}

#[derive(Serialize)]
struct ExplainLine {
    line: Option<usize>,
    text: String,
    heading: bool,
    probability: f32,
    /// What was seen, and what it weighs: above 0 for a heading, below 0 against.
    reasons: Vec<(String, f32)>,
}

#[derive(Serialize)]
struct SectionLine {
    ordinal: usize,
    heading: Option<String>,
    heading_line: Option<usize>,
    level: u8,
    trail: Vec<String>,
    start_line: Option<usize>,
    end_line: Option<usize>,
    start: Option<usize>,
    end: Option<usize>,
    words: usize,
}

#[derive(Serialize)]
struct BoilerplateLine {
    start_line: Option<usize>,
    end_line: Option<usize>,
    kind: BoilerplateKind,
}

/// Writes an article as one JSON line.
///
/// # Errors
///
/// What the writer says.
pub fn json(out: &mut dyn Write, shown: Shown<'_>) -> io::Result<()> {
    let Shown { path, record, article, verdicts, mut places } = shown;
    let numbers = LineNumbers::new(&article.text);
    let located = places.is_some();
    let lines = |span: &Span| if located { Some(numbers.of_span(span)) } else { None };
    let sections = article
        .sections
        .iter()
        .map(|section| {
            let span = section.span();
            let place = places.as_mut().map(|places| places(&span));
            SectionLine {
                ordinal: section.ordinal,
                heading: section.heading.as_ref().map(|span| tidy(&article.words_of(span))),
                heading_line: section.heading.as_ref().and_then(lines).map(|(line, _)| line),
                level: section.level,
                trail: section.trail.clone(),
                start_line: lines(&span).map(|(line, _)| line),
                end_line: lines(&span).map(|(_, line)| line),
                start: place.map(|(start, _)| start),
                end: place.map(|(_, end)| end),
                words: section.paragraphs.iter().map(|span| Words::new(&article.words_of(span)).count()).sum(),
            }
        })
        .collect();
    let boilerplate = article
        .boilerplate
        .iter()
        .map(|boilerplate| BoilerplateLine {
            start_line: lines(&boilerplate.span).map(|(line, _)| line),
            end_line: lines(&boilerplate.span).map(|(_, line)| line),
            kind: boilerplate.kind,
        })
        .collect();
    let explain = verdicts.map(|verdicts| {
        let explained = verdicts.iter().map(|(span, verdict)| ExplainLine {
            line: lines(span).map(|(line, _)| line),
            text: tidy(&article.text[span.clone()]),
            heading: verdict.is_heading(),
            probability: verdict.probability,
            reasons: verdict.reasons.clone(),
        });
        explained.collect()
    });
    let facts = &article.facts;
    let line = Line {
        path,
        record,
        title: facts.title.as_deref(),
        title_line: article.title_span.as_ref().and_then(lines).map(|(line, _)| line),
        byline: facts.byline.as_deref(),
        published: facts.published.as_ref().map(|published| published.value.as_str()),
        published_from: facts.published.as_ref().map(|published| published.from.as_str()),
        source: facts.source.as_deref(),
        url: facts.url.as_deref(),
        lang: facts.lang.as_deref(),
        dateline: facts.dateline.as_deref(),
        desk: facts.desk.as_deref(),
        sections,
        boilerplate,
        explain,
    };
    super::json::write_line(out, &line)
}

/// Writes an article as a page: its facts, then its sections in a list.
///
/// # Errors
///
/// What the writer says.
pub fn page(out: &mut dyn Write, shown: Shown<'_>) -> io::Result<()> {
    let Shown { path, record, article, verdicts, places } = shown;
    let numbers = LineNumbers::new(&article.text);
    let located = places.is_some();
    match record {
        Some(record) => writeln!(out, "{}#{}", harmless(path), harmless(&record))?,
        None => writeln!(out, "{}", harmless(path))?,
    }
    let facts = &article.facts;
    let published =
        facts.published.as_ref().map(|published| format!("{} (from {})", published.value, published.from.as_str()));
    for (name, fact) in [
        ("title", &facts.title),
        ("byline", &facts.byline),
        ("dateline", &facts.dateline),
        ("published", &published),
        ("source", &facts.source),
        ("desk", &facts.desk),
        ("url", &facts.url),
        ("lang", &facts.lang),
    ] {
        if let Some(fact) = fact {
            writeln!(out, "  {name:<10} {}", harmless(fact))?;
        }
    }
    let line = |span: &Span| if located { format!("{:>6}", numbers.of(span.start)) } else { " ".repeat(6) };
    for section in &article.sections {
        let heading =
            section.heading.as_ref().map_or_else(|| "(no heading)".into(), |span| tidy(&article.words_of(span)));
        let words: usize = section.paragraphs.iter().map(|span| Words::new(&article.words_of(span)).count()).sum();
        let indent = "  ".repeat(section.trail.len());
        writeln!(out, "{}  {indent}§ {} ({words} words)", line(&section.span()), harmless(&heading))?;
    }
    for boilerplate in &article.boilerplate {
        let text = tidy(&article.text[boilerplate.span.clone()]);
        let text: String = harmless(&text).chars().take(70).collect();
        writeln!(out, "{}  - {text} ({})", line(&boilerplate.span), boilerplate.kind.name())?;
    }
    match verdicts {
        Some([]) => writeln!(out, "\nno line had to be judged: headings are known by markup, or no line is short")?,
        Some(verdicts) => {
            writeln!(out, "\nlines that could be headings, and what spoke for (+) and against (-) them:")?;
            for (span, verdict) in verdicts {
                explain(out, &line(span), &article.text[span.clone()], verdict)?;
            }
        }
        None => {}
    }
    Ok(())
}

/// How many reasons are worth a line.
const MOST_REASONS: usize = 8;

fn explain(out: &mut dyn Write, place: &str, text: &str, verdict: &Verdict) -> io::Result<()> {
    let sign = if verdict.is_heading() { '§' } else { ' ' };
    writeln!(out, "{place}  {sign} {:>3.0} %  {}", verdict.probability * 100.0, harmless(&tidy(text)))?;
    for (reason, weight) in verdict.reasons.iter().filter(|(_, weight)| weight.abs() >= 0.05).take(MOST_REASONS) {
        writeln!(out, "                 {weight:+.2}  {reason}")?;
    }
    Ok(())
}
