//! An article of an index and its passages.

use std::sync::Arc;

use serde::ser::SerializeMap;
use serde::{Serialize, Serializer};

use super::{BoilerplateKind, FactValue, Facts};
use crate::vocabulary::id_text;

/// Where a passage is in its file.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Location {
    /// First byte.
    pub start: u64,
    /// Byte after the last.
    pub end: u64,
    /// First line, 1-based.
    pub line: u32,
    /// Last line.
    pub end_line: u32,
}

/// An article of an index: where it came from, and its facts.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Article {
    /// Path of its file, as the folder was given.
    pub path: String,
    /// Absolute path of its file; `None` for an article that a program added.
    pub file: Option<String>,
    /// Id or number of the record, in a file of many.
    pub record: Option<String>,
    /// Its facts.
    pub facts: Facts,
    /// Number of words of its text, headings aside.
    pub words: Option<u64>,
    /// Number of passages.
    pub passages: u32,
    /// Is `record` the record's own id rather than its number?
    pub(crate) own_id: bool,
    /// Hash of its bytes.
    pub(crate) hash: u64,
}

impl Article {
    /// Id of the article: the same as long as its bytes are.
    #[must_use]
    pub fn id(&self) -> String {
        id_text(self.hash)
    }

    /// Its facts and what is counted of it, under their names in output; see [`Facts::named`].
    #[must_use]
    pub fn named(&self) -> Vec<(&'static str, FactValue<'_>)> {
        let mut named = self.facts.named();
        named.push(("words", FactValue::Number(self.words)));
        named.push(("file", FactValue::Text(self.file.as_deref())));
        named
    }

    /// Id of its passage `ordinal`.
    #[must_use]
    pub fn passage_id(&self, ordinal: u32) -> String {
        format!("{}.{ordinal}", self.id())
    }
}

/// A passage of an article: what is ranked and shown.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Passage {
    /// Ordinal in its article, from 0.
    pub ordinal: u32,
    /// Ordinal of its section.
    pub section: u32,
    /// Heading of the section.
    pub heading: Option<String>,
    /// Level of the heading, 1 the highest; 0 without one.
    pub level: u8,
    /// Headings above the section's own, from the highest.
    pub trail: Vec<String>,
    /// Kind of boilerplate, for a passage that is boilerplate.
    pub boilerplate: Option<BoilerplateKind>,
    /// Where it is in its file, if it is a stretch of it.
    pub location: Option<Location>,
    /// The text.
    pub text: String,
    /// Position of its first word in the article.
    pub(crate) first_word: u32,
    /// Byte ranges of the text that are markup, not words.
    pub(crate) markup: Vec<(u32, u32)>,
}

/// Writes the facts of an article into a map that has more than them.
pub(crate) struct Named<'a>(pub(crate) &'a Article);

impl Serialize for Named<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_map(self.0.named())
    }
}

impl Serialize for Article {
    /// `id`, `path`, `record`, then the facts.
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(None)?;
        map.serialize_entry("id", &self.id())?;
        map.serialize_entry("path", &self.path)?;
        map.serialize_entry("record", &self.record)?;
        for (name, value) in self.named() {
            map.serialize_entry(name, &value)?;
        }
        map.end()
    }
}

/// A passage's own part of the output: its place in the article and in its file, and its text.
#[derive(Serialize)]
pub(crate) struct PassageLine<'a> {
    pub(crate) section: u32,
    pub(crate) heading: Option<&'a str>,
    pub(crate) level: u8,
    pub(crate) trail: &'a [String],
    pub(crate) passage: u32,
    pub(crate) line: Option<u32>,
    pub(crate) end_line: Option<u32>,
    pub(crate) start: Option<u64>,
    pub(crate) end: Option<u64>,
    pub(crate) text: &'a str,
}

impl<'a> PassageLine<'a> {
    pub(crate) fn of(passage: &'a Passage) -> PassageLine<'a> {
        let location = passage.location;
        PassageLine {
            section: passage.section,
            heading: passage.heading.as_deref(),
            level: passage.level,
            trail: &passage.trail,
            passage: passage.ordinal,
            line: location.map(|location| location.line),
            end_line: location.map(|location| location.end_line),
            start: location.map(|location| location.start),
            end: location.map(|location| location.end),
            text: &passage.text,
        }
    }
}

/// An article with the text of its passages: what `show` prints.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub struct ArticleText {
    /// The article.
    pub article: Article,
    /// Its passages, in order; boilerplate after them.
    pub passages: Vec<Passage>,
    /// Articles with the same bytes.
    pub copies: Vec<Arc<Article>>,
}

impl Serialize for ArticleText {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        #[derive(Serialize)]
        struct Line<'a> {
            #[serde(flatten)]
            article: &'a Article,
            copies: Vec<&'a str>,
            passages: Vec<WithId<'a>>,
        }
        #[derive(Serialize)]
        struct WithId<'a> {
            id: String,
            #[serde(flatten)]
            passage: PassageLine<'a>,
        }
        Line {
            article: &self.article,
            copies: self.copies.iter().map(|copy| copy.path.as_str()).collect(),
            passages: self
                .passages
                .iter()
                .map(|passage| WithId {
                    id: self.article.passage_id(passage.ordinal),
                    passage: PassageLine::of(passage),
                })
                .collect(),
        }
        .serialize(serializer)
    }
}
