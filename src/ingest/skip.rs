//! Why a file gave no article.

use serde::{Deserialize, Serialize};

use super::Feature;

/// The reason why a file, or a record of one, gave no article. Stored by the position of its variant: new ones are added at
/// the end.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, thiserror::Error)]
pub enum SkipReason {
    /// No bytes, or only white space.
    #[error("empty")]
    Empty,
    /// Not text: an image, a program, or mostly control characters.
    #[error("binary, not text")]
    Binary,
    /// A format that is known and not read.
    #[error("{0}, which is not read")]
    Unsupported(String),
    /// Longer than the limit.
    #[error("{bytes} bytes, over the limit of {limit}")]
    TooLong {
        /// Its size.
        bytes: u64,
        /// The limit.
        limit: u64,
    },
    /// Elements nested too deeply.
    #[error("elements nested {0} deep")]
    TooDeep(usize),
    /// The operating system refused to read it.
    #[error("cannot be read: {0}")]
    Unreadable(String),
    /// A pipe, socket or device.
    #[error("not a regular file")]
    NotAFile,
    /// A symbolic link, and following is off.
    #[error("a symbolic link")]
    Link,
    /// No text of an article in it.
    #[error("no article text found")]
    NoText,
    /// Damaged, or not what its format requires.
    #[error("{0}")]
    Malformed(String),
    /// A format that this program was built without.
    #[error("this program was built without support for {0}")]
    LeftOut(Feature),
    /// PDF, for which no program was found or can be started, as the text says.
    #[error("PDF is read by a process of its own, and {0}")]
    NoPdfReader(String),
}

impl SkipReason {
    /// Could the next run read the file, although it did not change?
    #[must_use]
    pub(crate) fn is_passing(&self) -> bool {
        matches!(self, SkipReason::Unreadable(_)) || self.is_lifted()
    }

    /// Was the reason the program, not the file, and may it not apply to this program?
    #[must_use]
    pub(crate) fn is_lifted(&self) -> bool {
        match self {
            SkipReason::LeftOut(feature) => feature.is_built(),
            SkipReason::NoPdfReader(_) => true,
            _ => false,
        }
    }
}
