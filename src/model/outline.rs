//! How an article is split: what `sections` prints.

use serde::ser::SerializeMap;
use serde::{Serialize, Serializer};

use super::{BoilerplateKind, Facts};

/// An article, split into sections; it serialises to the line that `sections --json` prints. Lines and bytes are those of
/// the file, where the article is a stretch of it.
#[derive(Debug, Clone, Default)]
#[non_exhaustive]
pub struct Outline {
    /// Path of the file, as it was given.
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
    /// Stretches about the page, set apart from the text.
    pub boilerplate: Vec<BoilerplateOutline>,
    /// Every line that could be a heading, with what was thought of it; `None` unless asked for.
    pub verdicts: Option<Vec<LineVerdict>>,
    /// A word that was read in a wrong encoding before the file was saved, and what it was meant to be, if there are
    /// several such words.
    pub mojibake: Option<(String, String)>,
}

impl Outline {
    /// Number of words of its text, headings aside.
    #[must_use]
    pub fn words(&self) -> usize {
        self.sections.iter().map(|section| section.words).sum()
    }
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
    /// Headings above its own, from the highest.
    pub trail: Vec<String>,
    /// First line, 1-based.
    pub start_line: Option<usize>,
    /// Last line.
    pub end_line: Option<usize>,
    /// First byte.
    pub start: Option<usize>,
    /// Byte after the last.
    pub end: Option<usize>,
    /// Number of words, the heading's aside.
    pub words: usize,
}

/// A stretch of boilerplate of an [`Outline`].
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct BoilerplateOutline {
    /// First line, 1-based.
    pub start_line: Option<usize>,
    /// Last line.
    pub end_line: Option<usize>,
    /// What it is.
    pub kind: BoilerplateKind,
    /// The text.
    #[serde(skip)]
    pub text: String,
}

/// What was thought of a line that could be a heading.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[non_exhaustive]
pub struct LineVerdict {
    /// Its line, 1-based.
    pub line: Option<usize>,
    /// Its text.
    pub text: String,
    /// Was it taken for a heading?
    pub heading: bool,
    /// Probability that it is one.
    pub probability: f32,
    /// Evidence with its weight: above 0 for a heading, below 0 against.
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
        map.end()
    }
}
