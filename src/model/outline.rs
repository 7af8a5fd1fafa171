//! Outlines: how an article is split, as `sections` prints it.

use std::borrow::Cow;

use serde::ser::SerializeMap;
use serde::{Serialize, Serializer};

use super::{BoilerplateKind, Facts};

/// An article split into sections; serialises to the JSON of `sections --json`. Line numbers and byte offsets are those of the
/// file, and `None` if the article is not a byte range of it.
#[derive(Debug, Clone, Default)]
#[non_exhaustive]
pub struct Outline {
    /// Path of the file, as given.
    pub path: String,
    /// Absolute path of the file.
    pub file: Option<String>,
    /// Id or number of the record, in a file of many.
    pub record: Option<String>,
    /// Its facts.
    pub facts: Facts,
    /// Line of the title.
    pub title_line: Option<usize>,
    /// Its sections, in order; the text before the first heading is one.
    pub sections: Vec<SectionOutline>,
    /// The boilerplate left out of the sections.
    pub boilerplate: Vec<BoilerplateOutline>,
    /// The verdicts on all lines that could be headings; `None` unless requested.
    pub verdicts: Option<Vec<LineVerdict>>,
    /// Which field each fact was read from, in records of named fields; empty unless requested.
    pub stated_by: Vec<StatedBy>,
    /// The dates that a page states, best first; `None` unless requested.
    pub dates: Option<Vec<DateEvidence>>,
    /// If several words of the text were decoded with a wrong encoding before the file was saved: one of them, and what it
    /// should be.
    pub mojibake: Option<(String, String)>,
}

impl Outline {
    /// Number of words of its text, headings aside.
    #[must_use]
    pub fn words(&self) -> usize {
        self.sections.iter().map(|section| section.words).sum()
    }
}

/// The field of a record that a fact was read from.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct StatedBy {
    /// The fact, by its name in output; `text` for the text, `list` for the list that the record is of.
    pub fact: Cow<'static, str>,
    /// The name of the field, with those of the objects or elements around it.
    pub field: String,
}

/// A section of an [`Outline`].
#[derive(Debug, Clone, Default, PartialEq, Serialize)]
#[non_exhaustive]
pub struct SectionOutline {
    /// Ordinal in the article, from 0.
    pub ordinal: usize,
    /// Its heading; `None` before the first one.
    pub heading: Option<String>,
    /// Line of the heading.
    pub heading_line: Option<usize>,
    /// Level of the heading, 1 the highest; 0 without one.
    pub level: u8,
    /// Headings above it, from the highest.
    pub trail: Vec<String>,
    /// First line, 1-based.
    pub start_line: Option<usize>,
    /// Last line.
    pub end_line: Option<usize>,
    /// First byte.
    pub start: Option<usize>,
    /// Byte after the last.
    pub end: Option<usize>,
    /// Number of words, without the heading.
    pub words: usize,
    /// Its turns of speech, in order.
    pub turns: Vec<TurnOutline>,
}

/// A turn of speech in a section of an [`Outline`]: consecutive text of one speaker.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct TurnOutline {
    /// The speaker.
    pub speaker: String,
    /// First line, 1-based.
    pub start_line: Option<usize>,
    /// Last line.
    pub end_line: Option<usize>,
    /// Number of words, with those of the label.
    pub words: usize,
}

/// A block of boilerplate of an [`Outline`].
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct BoilerplateOutline {
    /// First line, 1-based.
    pub start_line: Option<usize>,
    /// Last line.
    pub end_line: Option<usize>,
    /// Its kind.
    pub kind: BoilerplateKind,
    /// The text.
    #[serde(skip)]
    pub text: String,
}

/// A date that a page states, which could be that of publication.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct DateEvidence {
    /// The date, as [`Published`](crate::Published) has it.
    pub value: String,
    /// What speaks for it; the date with the highest score is taken if that is high enough.
    pub score: i32,
    /// The element or text that states it.
    pub place: String,
}

impl DateEvidence {
    #[cfg_attr(not(feature = "pages"), allow(dead_code))]
    pub(crate) fn new(value: String, score: i32, place: String) -> DateEvidence {
        DateEvidence { value, score, place }
    }
}

/// The verdict on a line that could be a heading.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[non_exhaustive]
pub struct LineVerdict {
    /// Its line, 1-based.
    pub line: Option<usize>,
    /// Its text.
    pub text: String,
    /// Is it taken for a heading?
    pub heading: bool,
    /// Probability that it is one.
    pub probability: f32,
    /// Evidence with its weight, above 0 for a heading and below 0 against; largest weights first.
    pub reasons: Vec<(String, f32)>,
}

impl Serialize for Outline {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(None)?;
        map.serialize_entry("path", &self.path)?;
        map.serialize_entry("record", &self.record)?;
        for (name, value) in self.facts.named() {
            map.serialize_entry(name, &value)?;
            if name == "title" {
                map.serialize_entry("title_line", &self.title_line)?;
            }
        }
        map.serialize_entry("words", &self.words())?;
        map.serialize_entry("file", &self.file)?;
        map.serialize_entry("sections", &self.sections)?;
        map.serialize_entry("boilerplate", &self.boilerplate)?;
        if let Some(verdicts) = &self.verdicts {
            map.serialize_entry("explain", verdicts)?;
        }
        if !self.stated_by.is_empty() {
            map.serialize_entry("stated_by", &self.stated_by)?;
        }
        if let Some(dates) = self.dates.as_ref().filter(|dates| !dates.is_empty()) {
            map.serialize_entry("dates", dates)?;
        }
        map.end()
    }
}
