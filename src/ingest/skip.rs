//! Why nothing came of a file. Every file that is not read has one of these reasons, and each is a sentence.

use serde::{Deserialize, Serialize};

/// The reason a file, or a record of one, gave no article.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, thiserror::Error)]
pub enum SkipReason {
    /// No bytes, or white space only.
    #[error("empty")]
    Empty,
    /// Not text: an image, a program, or text drowned in control characters.
    #[error("binary, not text")]
    Binary,
    /// A kind of file that is known and not read.
    #[error("{0}, which is not read")]
    Unsupported(String),
    /// Longer than the limit.
    #[error("{bytes} bytes, over the limit of {limit} (raise it with --max-file)")]
    TooLong {
        /// Its size.
        bytes: u64,
        /// The limit.
        limit: u64,
    },
    /// Elements nested deeper than any page needs.
    #[error("elements nested {0} deep")]
    TooDeep(usize),
    /// The operating system would not read it.
    #[error("cannot be read: {0}")]
    Unreadable(String),
    /// A pipe, socket or device.
    #[error("not a regular file")]
    NotAFile,
    /// A symbolic link; following is off.
    #[error("a symbolic link (follow it with --follow)")]
    Link,
    /// Well-formed, but no article text in it.
    #[error("no article text found")]
    NoText,
    /// Not what its format says.
    #[error("{0}")]
    Malformed(String),
}

impl SkipReason {
    /// Could the next run fare better though the file did not change?
    #[must_use]
    pub fn is_passing(&self) -> bool {
        matches!(self, SkipReason::Unreadable(_))
    }
}
