//! What keeps an index from being read or written. Which option or command helps is said by the program (`cli/hints.rs`).

use std::io;
use std::panic::AssertUnwindSafe;
use std::path::{Path, PathBuf};

use tantivy::TantivyError;
use tantivy::directory::error::LockError;

use super::FORMAT_VERSION;
use crate::os;

/// What can be wrong with an index. Each is a sentence with a way out.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum IndexError {
    /// Nothing there.
    #[error("no index at '{0}'")]
    Missing(PathBuf),
    /// A folder, but not of ours.
    #[error("'{0}' holds other files and is no index")]
    NotAnIndex(PathBuf),
    /// Made by another version of the program.
    #[error(
        "the index at '{path}' has format {found}, this program reads format {FORMAT_VERSION}: it must be built again"
    )]
    OtherVersion {
        /// The index.
        path: PathBuf,
        /// Its format.
        found: u32,
    },
    /// Another process is writing to it.
    #[error("{} is writing to the index at '{path}'", writer_name(*.holder))]
    Locked {
        /// The index.
        path: PathBuf,
        /// The number of the process, if it can be told.
        holder: Option<u32>,
    },
    /// The disk is full.
    #[error(
        "the disk of the index at '{path}' is full: {} free, about {} needed. What was committed before is kept",
        megabytes(*.free),
        megabytes(Some(*.needed))
    )]
    Full {
        /// The index.
        path: PathBuf,
        /// Bytes that are free, if it can be told.
        free: Option<u64>,
        /// Bytes that the run needs, more or less.
        needed: u64,
    },
    /// It was built anew by another process since it was opened.
    #[error("the index at '{0}' was built anew by another process meanwhile: try again")]
    Replaced(PathBuf),
    /// It cannot be read as what it should be.
    #[error("the index at '{path}' is damaged ({reason}): it must be built again")]
    Damaged {
        /// The index.
        path: PathBuf,
        /// What is wrong.
        reason: String,
    },
    /// Code that reads it panicked, as it does on bytes that it did not write.
    #[error("reading the index at '{path}' failed ({reason}): it may be damaged")]
    Panicked {
        /// The index.
        path: PathBuf,
        /// What the panic said.
        reason: String,
    },
    /// The operating system refused.
    #[error("cannot {act} '{path}': {reason}")]
    Io {
        /// What was tried.
        act: &'static str,
        /// On what.
        path: PathBuf,
        /// What the system said.
        reason: String,
        /// The kind of error.
        kind: io::ErrorKind,
    },
    /// A folder of articles that is not there.
    #[error("no folder or file '{0}': check the name, or give the folder's new place")]
    NoFolder(PathBuf),
    /// A folder whose name is not text.
    #[error("the name of folder '{0}' is not UTF-8: give it another name, or index the folder above it")]
    FolderName(PathBuf),
    /// A folder that the index does not follow.
    #[error("the index at '{path}' follows no folder '{folder}'; it follows {known}")]
    NotFollowed {
        /// The index.
        path: PathBuf,
        /// What was named.
        folder: PathBuf,
        /// The folders that it follows.
        known: String,
    },
    /// A folder would lie in another.
    #[error("'{new}' and the folder '{other}' of the index overlap: one of them must be let go first")]
    Overlap {
        /// The new place of a folder.
        new: PathBuf,
        /// The other folder.
        other: String,
    },
    /// Nothing tells which folders the index follows.
    #[error("cannot tell which folders the index at '{0}' follows")]
    UnknownFolders(PathBuf),
    /// A rebuild would lose articles that are in no file.
    #[error(
        "the index at '{path}' holds {articles} articles that a program added, which are in no file: a rebuild would lose them"
    )]
    HasAdded {
        /// The index.
        path: PathBuf,
        /// Number of such articles.
        articles: u64,
    },
    /// A rebuild was stopped.
    #[error("stopped early; the index at '{0}' is as it was")]
    Stopped(PathBuf),
    /// The system tells of no changes in folders.
    #[error("cannot follow folders: {0}")]
    CannotFollow(String),
    /// No folder was named and the index knows none.
    #[error("the index at '{0}' follows no folder yet")]
    NoFolders(PathBuf),
}

/// Runs `work`; a panic becomes [`IndexError::Panicked`]. Engines panic on bytes that they did not write.
pub(crate) fn guarded<T, E: From<IndexError>>(path: &Path, work: impl FnOnce() -> Result<T, E>) -> Result<T, E> {
    std::panic::catch_unwind(AssertUnwindSafe(work)).unwrap_or_else(|panic| {
        let reason = panic.downcast_ref::<String>().map(String::as_str).or(panic.downcast_ref::<&str>().copied());
        let reason = reason.unwrap_or("it does not say why").to_string();
        Err(IndexError::Panicked { path: path.to_path_buf(), reason }.into())
    })
}

/// The process that writes, as a message names it.
fn writer_name(holder: Option<u32>) -> String {
    holder.map_or_else(|| "another process".to_string(), |number| format!("process {number}"))
}

fn megabytes(bytes: Option<u64>) -> String {
    bytes.map_or_else(|| "nothing".to_string(), |bytes| format!("{:.1} MB", bytes as f64 / 1e6))
}

impl IndexError {
    pub(crate) fn io(act: &'static str, path: &Path, error: &io::Error) -> IndexError {
        IndexError::Io { act, path: path.to_path_buf(), reason: os::sentence(error), kind: error.kind() }
    }

    pub(super) fn damaged(path: &Path, reason: String) -> IndexError {
        IndexError::Damaged { path: path.to_path_buf(), reason }
    }

    /// Is it that nothing more can be written?
    pub(super) fn is_full(&self) -> bool {
        matches!(self, IndexError::Io { kind, .. } if os::is_full(*kind))
    }

    pub(super) fn from_tantivy(path: &Path, error: TantivyError) -> IndexError {
        let path = path.to_path_buf();
        match error {
            TantivyError::LockFailure(LockError::LockBusy, _) => IndexError::Locked { path, holder: None },
            TantivyError::LockFailure(LockError::IoError(error), _) => IndexError::io("lock", &path, &error),
            // No word of the system's: a decoder's, of bytes that are none of its own.
            TantivyError::IoError(error) if error.raw_os_error().is_none() && is_of_contents(&error) => {
                IndexError::Damaged { path, reason: error.to_string() }
            }
            TantivyError::IoError(error) => IndexError::io("read or write", &path, &error),
            other => match io_cause(&other) {
                Some((reason, kind)) => IndexError::Io { act: "read or write", path, reason, kind },
                None => IndexError::Damaged { path, reason: other.to_string() },
            },
        }
    }
}

/// Is it about what a file holds?
fn is_of_contents(error: &io::Error) -> bool {
    matches!(error.kind(), io::ErrorKind::InvalidData | io::ErrorKind::UnexpectedEof | io::ErrorKind::Other)
}

/// The system's error that caused another, if there is one: its sentence and its kind.
fn io_cause(error: &dyn std::error::Error) -> Option<(String, io::ErrorKind)> {
    let mut cause = error.source();
    while let Some(error) = cause {
        if let Some(io) = error
            .downcast_ref::<io::Error>()
            .or_else(|| error.downcast_ref::<std::sync::Arc<io::Error>>().map(|io| &**io))
        {
            return Some((os::sentence(io), io.kind()));
        }
        cause = error.source();
    }
    None
}
