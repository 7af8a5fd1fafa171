//! RIS, which reference managers read: one entry an article, with what matched as notes.
//!
//! A line is a tag of two characters, two spaces, a hyphen, a space and a value without a line end; lines end with CR LF.

use std::io::{self, Write};

use super::{Renderer, harmless, markdown, place};
use crate::model::Article;
use crate::search::{Hit, Results};

/// Writes articles as entries.
pub(crate) struct Ris;

/// Writes a line of an entry. A value is one line, whatever it holds.
fn line(out: &mut dyn Write, tag: &str, value: &str) -> io::Result<()> {
    let value = harmless(value);
    let value = value.split_whitespace().collect::<Vec<_>>().join(" ");
    if value.is_empty() { Ok(()) } else { write!(out, "{tag}  - {value}\r\n") }
}

/// Writes what is known of an article.
fn facts(out: &mut dyn Write, article: &Article) -> io::Result<()> {
    let facts = &article.facts;
    write!(out, "TY  - NEWS\r\n")?;
    line(out, "TI", facts.title.as_deref().unwrap_or(&article.path))?;
    for author in facts.byline.iter().flat_map(|byline| byline.split(", ")) {
        line(out, "AU", author)?;
    }
    if let Some(published) = &facts.published {
        let day = published.day();
        line(out, "PY", &day[..day.len().min(4)])?;
        // Year, month, day and a text, of which the last are empty if they are not known.
        let mut parts = day.split('-').chain(["", ""]);
        let date: Vec<&str> = parts.by_ref().take(3).collect();
        line(out, "DA", &format!("{}/", date.join("/")))?;
    }
    for (tag, value) in [
        ("T2", &facts.source),
        ("JO", &facts.source),
        ("SE", &facts.desk),
        ("CY", &facts.dateline),
        ("UR", &facts.url),
        ("LA", &facts.lang),
    ] {
        line(out, tag, value.as_deref().unwrap_or(""))?;
    }
    facts.keywords.iter().try_for_each(|keyword| line(out, "KW", keyword))
}

/// A hit as a note: what matched, and where.
fn note(hit: &Hit) -> String {
    let (text, _) = markdown::shown(&hit.article, &hit.passage, &hit.snippet.text, &[]);
    let heading = hit.passage.heading.as_ref().map(|heading| format!("§ {heading}, "));
    format!("“{text}” ({}{}, {})", heading.unwrap_or_default(), place(&hit.article, &hit.passage), hit.id())
}

/// The entry of one article, with a hit of it as a note.
#[cfg(feature = "serve")]
pub(crate) fn entry(article: &Article, hit: Option<&Hit>) -> String {
    let mut out = Vec::new();
    write_entry(&mut out, article, hit.as_slice(), None).expect("memory takes what is written");
    String::from_utf8_lossy(&out).trim_end().to_string()
}

fn write_entry(out: &mut dyn Write, article: &Article, hits: &[&Hit], query: Option<&str>) -> io::Result<()> {
    facts(out, article)?;
    for hit in hits {
        line(out, "N1", &note(hit))?;
    }
    if let Some(query) = query {
        line(out, "N1", &format!("query: {query}"))?;
    }
    line(out, "ID", &article.id())?;
    write!(out, "ER  - \r\n\r\n")
}

impl Renderer for Ris {
    fn results(&mut self, out: &mut dyn Write, id: Option<&str>, results: &Results) -> io::Result<()> {
        let mut articles: Vec<(&Article, Vec<&Hit>)> = Vec::new();
        let mut positions = std::collections::HashMap::new();
        for hit in &results.hits {
            let at = *positions.entry((&hit.article.path, &hit.article.record)).or_insert(articles.len());
            if at == articles.len() {
                articles.push((&hit.article, Vec::new()));
            }
            articles[at].1.push(hit);
        }
        for (article, mut hits) in articles {
            hits.sort_by_key(|hit| hit.passage.ordinal);
            write_entry(out, article, &hits, id)?;
        }
        Ok(())
    }
}
