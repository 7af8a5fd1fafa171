//! Articles of an index and their passages.

use std::sync::Arc;

use serde::ser::SerializeMap;
use serde::{Serialize, Serializer};

use super::{BoilerplateKind, FactValue, Facts};
use crate::vocabulary::id_text;

/// The location of a passage in its file.
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
    /// Path of its file, below the folder as it was given to the program.
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
    /// Its id, derived from its bytes: it changes only if they do.
    #[must_use]
    pub fn id(&self) -> String {
        id_text(self.hash)
    }

    /// Its name in the runs of retrieval experiments: the record's own id, or the path, with the number of the record in a
    /// file of many.
    #[must_use]
    pub fn run_name(&self) -> String {
        match &self.record {
            Some(record) if self.own_id => record.clone(),
            Some(record) => format!("{}#{record}", self.path),
            None => self.path.clone(),
        }
    }

    /// Its facts with their names in output; see [`Facts::named`].
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

/// A passage of an article: the unit of ranking.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Passage {
    /// Its ordinal in the article, from 0.
    pub ordinal: u32,
    /// Ordinal of its section.
    pub section: u32,
    /// Heading of the section.
    pub heading: Option<String>,
    /// Level of the heading, 1 the highest; 0 without one.
    pub level: u8,
    /// Headings above that of the section, from the highest.
    pub trail: Vec<String>,
    /// Its kind, if it is boilerplate.
    pub boilerplate: Option<BoilerplateKind>,
    /// Who says it, in a transcript.
    pub speaker: Option<String>,
    /// When it is said, in seconds from the start of the recording, if the file states it.
    pub time: Option<u32>,
    /// Its location, if it is a byte range of its file.
    pub location: Option<Location>,
    /// Number of the page of a document that it begins on, from 1.
    pub page: Option<u32>,
    /// The text.
    pub text: String,
    /// Position of its first word in the article.
    pub(crate) first_word: u32,
    /// Byte ranges of the text that are markup, not words.
    pub(crate) markup: Vec<(u32, u32)>,
}

impl Passage {
    /// When it is said, as `hours:minutes:seconds` from the start of the recording.
    #[must_use]
    pub fn time_text(&self) -> Option<String> {
        self.time.map(|time| format!("{}:{:02}:{:02}", time / 3_600, time / 60 % 60, time % 60))
    }
}

/// Serialises the facts of an article into a map with other entries.
pub(crate) struct Named<'a>(pub(crate) &'a Article);

impl Serialize for Named<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_map(self.0.named())
    }
}

impl Serialize for Article {
    /// A map of `id`, `path`, `record` and the facts.
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

/// The fields of a passage in output: its location in the article and in its file, and its text.
#[derive(Serialize)]
pub(crate) struct PassageLine<'a> {
    pub(crate) section: u32,
    pub(crate) heading: Option<&'a str>,
    pub(crate) level: u8,
    pub(crate) trail: &'a [String],
    pub(crate) speaker: Option<&'a str>,
    pub(crate) time: Option<String>,
    pub(crate) page: Option<u32>,
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
            speaker: passage.speaker.as_deref(),
            time: passage.time_text(),
            page: passage.page,
            passage: passage.ordinal,
            line: location.map(|location| location.line),
            end_line: location.map(|location| location.end_line),
            start: location.map(|location| location.start),
            end: location.map(|location| location.end),
            text: &passage.text,
        }
    }
}

/// An article with its passages, as `show` prints it.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub struct ArticleText {
    /// The article.
    pub article: Article,
    /// Its passages in order, then its boilerplate.
    pub passages: Vec<Passage>,
    /// Articles with the same bytes.
    pub copies: Vec<Arc<Article>>,
}

impl Serialize for ArticleText {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        #[derive(Serialize)]
        struct Output<'a> {
            #[serde(flatten)]
            article: &'a Article,
            copies: Vec<&'a str>,
            passages: Vec<PassageWithId<'a>>,
        }
        #[derive(Serialize)]
        struct PassageWithId<'a> {
            id: String,
            #[serde(flatten)]
            passage: PassageLine<'a>,
        }
        Output {
            article: &self.article,
            copies: self.copies.iter().map(|copy| copy.path.as_str()).collect(),
            passages: self
                .passages
                .iter()
                .map(|passage| PassageWithId {
                    id: self.article.passage_id(passage.ordinal),
                    passage: PassageLine::of(passage),
                })
                .collect(),
        }
        .serialize(serializer)
    }
}
