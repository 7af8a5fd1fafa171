//! What readers yield: the articles of a file, and the records that could not be read.

use super::SkipReason;
use super::decode::TextMap;
use crate::article::RawArticle;

/// The id of an article within its file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum RecordId {
    /// The id that the file states.
    Own(String),
    /// The 1-based number of the record in the file.
    Number(usize),
}

impl RecordId {
    /// The id as it is shown.
    #[must_use]
    pub fn text(&self) -> String {
        match self {
            RecordId::Own(id) => id.clone(),
            RecordId::Number(number) => number.to_string(),
        }
    }
}

/// One article of a file, as its format states it.
#[derive(Debug)]
pub struct Record {
    /// `None` if the file is the article.
    pub id: Option<RecordId>,
    /// The text and the stated facts.
    pub raw: RawArticle,
    /// Maps offsets of the text to offsets of the file; `None` if the text is not a stretch of the file.
    pub map: Option<TextMap>,
    /// Hash of the bytes that the record was read from; equal as long as they are.
    pub hash: u64,
}

/// A record that could not be read, in a file whose other records could.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BadRecord {
    /// Where in the file it is: `line 12`, `record 3`.
    pub position: String,
    /// Why it was skipped.
    pub reason: SkipReason,
}

/// One result of reading a file.
#[derive(Debug)]
pub enum Yielded {
    /// An article.
    Article(Box<Record>),
    /// A record that gave no article.
    Bad(BadRecord),
}
