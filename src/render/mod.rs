//! Writes results as text for a terminal, JSON Lines, tables, RIS, Markdown, paths or TREC run lines. Renderers open no files and read
//! neither the clock nor the environment; the caller passes what they need to know of the terminal.

#[cfg(feature = "serve")]
pub(crate) mod csl;
pub(crate) mod csv;
pub(crate) mod help;
pub(crate) mod json;
pub(crate) mod kwic;
mod markdown;
pub(crate) mod quotations;
pub(crate) mod ris;
pub(crate) mod sections;
pub(crate) mod text;
pub(crate) mod timeline;
pub(crate) mod timeline_svg;
pub(crate) mod verification;

use std::borrow::Cow;
use std::io::{self, Write};

use crate::model::{Article, Passage};
use crate::search::{Hit, Results};

/// The end of an output.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct End {
    /// Hits that were written.
    pub hits: u64,
    /// Why hits are missing, if any are.
    pub reason: Option<&'static str>,
}

impl End {
    /// Is the output complete? In words.
    pub(crate) fn state(&self) -> String {
        self.reason.map_or_else(|| "complete".into(), |reason| format!("incomplete: {reason}"))
    }
}

/// An output format for the results of queries.
pub(crate) trait Renderer {
    /// Writes what precedes all results, such as a header.
    ///
    /// # Errors
    ///
    /// Errors of the writer.
    fn begin(&mut self, _out: &mut dyn Write) -> io::Result<()> {
        Ok(())
    }

    /// Writes the results of one query. `id` is the id of the query if there are several.
    ///
    /// # Errors
    ///
    /// Errors of the writer.
    fn results(&mut self, out: &mut dyn Write, id: Option<&str>, results: &Results) -> io::Result<()>;

    /// Writes what follows all results, in formats that have a last line.
    ///
    /// # Errors
    ///
    /// Errors of the writer.
    #[cfg(feature = "serve")]
    fn finish(&mut self, _out: &mut dyn Write) -> io::Result<()> {
        Ok(())
    }

    /// Writes the mark that the end was reached, in formats that have room for one.
    ///
    /// # Errors
    ///
    /// Errors of the writer.
    fn end(&mut self, _out: &mut dyn Write, _end: &End) -> io::Result<()> {
        Ok(())
    }
}

/// Where a passage is: `path:line`, `path, page N` or `path#record`.
pub(crate) fn place(article: &Article, passage: &Passage) -> String {
    match (passage.location, passage.page, &article.record) {
        (Some(location), _, _) => format!("{}:{}", article.path, location.line),
        (None, Some(page), _) => format!("{}, page {page}", article.path),
        (None, None, Some(record)) => format!("{}#{record}", article.path),
        (None, None, None) => article.path.clone(),
    }
}

/// Finds the bytes of a path by the text that stands for it.
pub(crate) type BytesOf<'a> = Box<dyn Fn(&str) -> io::Result<Option<Vec<u8>>> + 'a>;

/// The path of each article, once.
pub(crate) struct Paths<'a> {
    /// Make paths safe for a terminal. They are written as they are otherwise.
    pub harmless: bool,
    /// End each path with a NUL, not with the end of a line.
    pub null: bool,
    /// The bytes of a path that is not UTF-8, given the path with U+FFFD in it.
    pub bytes_of: BytesOf<'a>,
}

impl Renderer for Paths<'_> {
    fn results(&mut self, out: &mut dyn Write, id: Option<&str>, results: &Results) -> io::Result<()> {
        for hit in best_of_articles(results) {
            if let Some(id) = id {
                write!(out, "{}\t", harmless(id))?;
            }
            let path = &hit.article.path;
            if self.harmless {
                out.write_all(harmless(path).as_bytes())?;
            } else {
                let bytes = if path.contains(char::REPLACEMENT_CHARACTER) { (self.bytes_of)(path)? } else { None };
                out.write_all(bytes.as_deref().unwrap_or(path.as_bytes()))?;
            }
            out.write_all(if self.null { b"\0" } else { b"\n" })?;
        }
        Ok(())
    }
}

/// TREC run lines, one for each article: `qid Q0 DOCID RANK SCORE crosshead`.
#[derive(Default)]
pub(crate) struct Trec {
    /// Rank of the last article.
    rank: usize,
    /// Rank of the last hit, by which batches of one query are told from the next query.
    last_hit: usize,
}

impl Renderer for Trec {
    fn results(&mut self, out: &mut dyn Write, id: Option<&str>, results: &Results) -> io::Result<()> {
        if results.hits.first().is_some_and(|first| first.rank <= self.last_hit) {
            self.rank = 0;
        }
        self.last_hit = results.hits.last().map_or(self.last_hit, |last| last.rank);
        for hit in best_of_articles(results) {
            self.rank += 1;
            // Spaces separate the fields, so none may contain one.
            let word = |text: &str| harmless(text).split_whitespace().collect::<Vec<_>>().join("_");
            writeln!(
                out,
                "{} Q0 {} {} {:.6} crosshead",
                word(id.unwrap_or("1")),
                word(&hit.article.run_name()),
                self.rank,
                hit.score
            )?;
        }
        Ok(())
    }
}

/// The best hit of each article, in the order of the hits.
fn best_of_articles(results: &Results) -> impl Iterator<Item = &Hit> {
    let mut seen = std::collections::HashSet::new();
    results.hits.iter().filter(move |hit| seen.insert((&hit.article.path, &hit.article.record)))
}

/// `text` made safe for a terminal: tabs and line ends become spaces, other control characters and marks that reorder
/// text become U+FFFD.
#[must_use]
pub(crate) fn harmless(text: &str) -> Cow<'_, str> {
    if !text.contains(is_unsafe) {
        return Cow::Borrowed(text);
    }
    let visible = |c: char| match c {
        '\t' | '\n' | '\r' | '\u{2028}' | '\u{2029}' => ' ',
        c if c.is_control() || is_unsafe(c) => '\u{fffd}',
        c => c,
    };
    Cow::Owned(text.chars().map(visible).collect())
}

/// Whether a character can control a terminal, end a line or reorder text.
fn is_unsafe(c: char) -> bool {
    c.is_control()
        || matches!(c, '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' | '\u{61c}' | '\u{2028}' | '\u{2029}')
}
