//! JSON Lines, one hit a line. The fields are documented in README and only ever added to.

use std::io::{self, Write};

use serde::Serialize;

use super::Renderer;
use crate::article::BoilerplateKind;
use crate::search::mark::Mark;
use crate::search::{Hit, Results, Tier};

/// Writes hits as JSON Lines.
pub struct Json;

#[derive(Serialize)]
struct Line<'a> {
    #[serde(skip_serializing_if = "Option::is_none")]
    query: Option<&'a str>,
    rank: usize,
    score: f32,
    tier: &'static str,
    id: String,
    path: &'a str,
    record: Option<&'a str>,
    article: String,
    title: Option<&'a str>,
    byline: Option<&'a str>,
    published: Option<&'a str>,
    published_from: Option<&'static str>,
    source: Option<&'a str>,
    url: Option<&'a str>,
    lang: Option<&'a str>,
    desk: Option<&'a str>,
    section: u32,
    heading: Option<&'a str>,
    level: u8,
    trail: &'a [String],
    passage: u32,
    line: Option<u32>,
    end_line: Option<u32>,
    start: Option<u64>,
    end: Option<u64>,
    text: &'a str,
    marks: &'a [Mark],
    snippet: &'a str,
    snippet_marks: &'a [Mark],
    terms: &'a [String],
    duplicates: Vec<&'a str>,
    boilerplate: Option<BoilerplateKind>,
    #[serde(skip_serializing_if = "<[_]>::is_empty")]
    parts: &'a [(String, f32)],
}

impl Renderer for Json {
    fn results(&mut self, out: &mut dyn Write, id: Option<&str>, results: &Results) -> io::Result<()> {
        for hit in &results.hits {
            write_line(out, &line(hit, id))?;
        }
        Ok(())
    }
}

/// Writes `value` as one line of JSON in which no character could end a line, steer a terminal or reorder text: those
/// that JSON lets pass (U+2028, U+0085, C1 controls, direction marks) are escaped.
///
/// # Errors
///
/// What the writer says.
pub fn write_line(out: &mut dyn Write, value: &impl Serialize) -> io::Result<()> {
    let mut serializer = serde_json::Serializer::with_formatter(&mut *out, Harmless);
    value.serialize(&mut serializer)?;
    out.write_all(b"\n")
}

struct Harmless;

impl serde_json::ser::Formatter for Harmless {
    fn write_string_fragment<W: ?Sized + Write>(&mut self, writer: &mut W, fragment: &str) -> io::Result<()> {
        let mut at = 0;
        for (i, c) in fragment.char_indices().filter(|&(_, c)| super::steers(c)) {
            writer.write_all(&fragment.as_bytes()[at..i])?;
            // All of them are in the basic plane: one escape each.
            write!(writer, "\\u{:04x}", u32::from(c))?;
            at = i + c.len_utf8();
        }
        writer.write_all(&fragment.as_bytes()[at..])
    }
}

fn line<'a>(hit: &'a Hit, query: Option<&'a str>) -> Line<'a> {
    let facts = &hit.article.facts;
    let place = hit.passage.place;
    Line {
        query,
        rank: hit.rank,
        score: hit.score,
        tier: match hit.tier {
            Tier::All => "all",
            Tier::Some => "some",
        },
        id: hit.id(),
        path: &hit.article.path,
        record: hit.article.record.as_deref(),
        article: hit.article.id(None),
        title: facts.title.as_deref(),
        byline: facts.byline.as_deref(),
        published: facts.published.as_ref().map(|published| published.value.as_str()),
        published_from: facts.published.as_ref().map(|published| published.from.as_str()),
        source: facts.source.as_deref(),
        url: facts.url.as_deref(),
        lang: facts.lang.as_deref(),
        desk: facts.desk.as_deref(),
        section: hit.passage.section,
        heading: hit.passage.heading.as_deref(),
        level: hit.passage.level,
        trail: &hit.passage.trail,
        passage: hit.passage.ordinal,
        line: place.map(|place| place.line),
        end_line: place.map(|place| place.end_line),
        start: place.map(|place| place.start),
        end: place.map(|place| place.end),
        text: &hit.passage.text,
        marks: &hit.marks,
        snippet: &hit.snippet.text,
        snippet_marks: &hit.snippet.marks,
        terms: &hit.terms,
        duplicates: hit.duplicates.iter().map(|article| article.path.as_str()).collect(),
        boilerplate: hit.passage.boilerplate,
        parts: &hit.parts,
    }
}
