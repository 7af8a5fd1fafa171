//! From a folder to articles: walk, read, decode, and the formats.
//!
//! [`walk`] lists candidate files; [`read::Contents`] reads one and tells its hash; [`mod@format`] finds out what it is
//! and yields its records. Nothing here knows the index.

mod cut;
pub mod decode;
pub mod format;
pub mod read;
pub mod skip;
pub mod source;
pub mod walk;

pub use format::Format;
pub use read::{Contents, ReadLimits};
pub use skip::SkipReason;

use crate::article::RawArticle;

/// Stack of a thread that reads files: pages nest, and extractors recurse.
pub const READER_STACK_BYTES: usize = 64 << 20;

/// Which record of a file an article is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum RecordId {
    /// The id it has of its own.
    Own(String),
    /// Its 1-based number in the file.
    Number(usize),
}

impl RecordId {
    /// As it is shown.
    #[must_use]
    pub fn text(&self) -> String {
        match self {
            RecordId::Own(id) => id.clone(),
            RecordId::Number(number) => number.to_string(),
        }
    }
}

/// One article of a file, as its format gives it.
#[derive(Debug)]
pub struct Record {
    /// `None` where the file is the article.
    pub id: Option<RecordId>,
    /// Its text and the facts beside it.
    pub raw: RawArticle,
    /// The way from its text to the file's bytes, where it is a stretch of them.
    pub map: Option<decode::TextMap>,
    /// Hash of the bytes it was read from: the same as long as they are.
    pub hash: u64,
}

/// A record that could not be read, in a file that otherwise could.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BadRecord {
    /// Where it stands: `line 12`, `record 3`.
    pub place: String,
    /// Why.
    pub reason: SkipReason,
}

/// What a reader hands over as it goes through a file.
#[derive(Debug)]
pub enum Yielded {
    /// An article.
    Article(Box<Record>),
    /// A record that is no article.
    Bad(BadRecord),
}
