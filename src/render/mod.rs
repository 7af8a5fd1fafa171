//! Results to a writer. Renderers open nothing, read no clock and no environment; what they need to know of the
//! terminal is told to them.

pub mod csv;
pub mod json;
pub mod sections;
pub mod text;

use std::borrow::Cow;
use std::io::{self, Write};

use crate::search::{Hit, Results};

/// Writes the results of queries.
pub trait Renderer {
    /// Writes what comes before all results.
    ///
    /// # Errors
    ///
    /// What the writer says.
    fn begin(&mut self, _out: &mut dyn Write) -> io::Result<()> {
        Ok(())
    }

    /// Writes the results of one query; `id` is the query's, where there are several.
    ///
    /// # Errors
    ///
    /// What the writer says.
    fn results(&mut self, out: &mut dyn Write, id: Option<&str>, results: &Results) -> io::Result<()>;
}

/// The paths of the articles, each once.
pub struct Paths;

impl Renderer for Paths {
    fn results(&mut self, out: &mut dyn Write, id: Option<&str>, results: &Results) -> io::Result<()> {
        for hit in best_of_articles(results) {
            if let Some(id) = id {
                write!(out, "{}\t", harmless(id))?;
            }
            writeln!(out, "{}", harmless(&hit.article.path))?;
        }
        Ok(())
    }
}

/// TREC run lines: `qid Q0 DOCID RANK SCORE crosshead`, an article a line.
pub struct Trec;

impl Renderer for Trec {
    fn results(&mut self, out: &mut dyn Write, id: Option<&str>, results: &Results) -> io::Result<()> {
        for (i, hit) in best_of_articles(results).enumerate() {
            let document = match &hit.article.record {
                Some(record) if hit.article.own_id => record.clone(),
                Some(record) => format!("{}#{record}", hit.article.path),
                None => hit.article.path.clone(),
            };
            // Fields are separated by spaces, so that none may hold one.
            let word = |text: &str| harmless(text).split_whitespace().collect::<Vec<_>>().join("_");
            writeln!(out, "{} Q0 {} {} {:.6} crosshead", word(id.unwrap_or("1")), word(&document), i + 1, hit.score)?;
        }
        Ok(())
    }
}

/// The first hit of each article.
fn best_of_articles(results: &Results) -> impl Iterator<Item = &Hit> {
    let mut seen = std::collections::HashSet::new();
    results.hits.iter().filter(move |hit| seen.insert((&hit.article.path, &hit.article.record)))
}

/// `text` with every character that could steer a terminal made visible or dropped: control characters, and the
/// marks that reorder text.
#[must_use]
pub fn harmless(text: &str) -> Cow<'_, str> {
    if !text.contains(steers) {
        return Cow::Borrowed(text);
    }
    let visible = |c: char| match c {
        '\t' | '\n' | '\r' | '\u{2028}' | '\u{2029}' => ' ',
        c if c.is_control() || steers(c) => '\u{fffd}',
        c => c,
    };
    Cow::Owned(text.chars().map(visible).collect())
}

/// Could this character steer a terminal, end a line or reorder text?
fn steers(c: char) -> bool {
    c.is_control()
        || matches!(c, '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' | '\u{61c}' | '\u{2028}' | '\u{2029}')
}
