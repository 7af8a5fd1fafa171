//! What keeps an index from being read or written, each with a way out.

use std::io;
use std::path::{Path, PathBuf};

use tantivy::TantivyError;
use tantivy::directory::error::LockError;

use super::FORMAT_VERSION;

/// What can be wrong with an index. Each is a sentence with a way out.
#[derive(Debug, thiserror::Error)]
pub enum IndexError {
    /// Nothing there.
    #[error("no index at '{0}': make one with `crosshead index FOLDER`, or name another with --index")]
    Missing(PathBuf),
    /// A folder, but not of ours.
    #[error("'{0}' holds other files and is no index: name an empty or new folder with --index")]
    NotAnIndex(PathBuf),
    /// Made by another version of the program.
    #[error(
        "the index at '{path}' has format {found}, this program reads format {FORMAT_VERSION}: build it again with `crosshead index --rebuild FOLDER`"
    )]
    OtherVersion {
        /// The index.
        path: PathBuf,
        /// Its format.
        found: u32,
    },
    /// Another process is writing to it.
    #[error(
        "{} is writing to the index at '{path}': wait for it to end (`crosshead index --wait`), or name another index with --index",
        writer_name(*.holder)
    )]
    Locked {
        /// The index.
        path: PathBuf,
        /// The number of the process, if it can be told.
        holder: Option<u32>,
    },
    /// The disk is full.
    #[error(
        "the disk of the index at '{path}' is full: {} free, about {} needed; make room, or name an index on another disk with --index. What was committed before stands",
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
    #[error("the index at '{path}' is damaged ({reason}): build it again with `crosshead index --rebuild FOLDER`")]
    Damaged {
        /// The index.
        path: PathBuf,
        /// What is wrong.
        reason: String,
    },
    /// The operating system refused.
    #[error("cannot {act} '{path}': {reason}{}", way_out(.act, .reason))]
    Io {
        /// What was tried.
        act: &'static str,
        /// On what.
        path: PathBuf,
        /// What the system said.
        reason: String,
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
    #[error(
        "'{new}' and the folder '{other}' of the index overlap: let one go with `crosshead folders --remove`, then index the other"
    )]
    Overlap {
        /// The new place of a folder.
        new: PathBuf,
        /// The other folder.
        other: String,
    },
    /// No folder was named and the index knows none.
    #[error("the index at '{0}' follows no folder yet: name one, as in `crosshead index FOLDER`")]
    NoFolders(PathBuf),
}

/// The process that writes, as a message names it.
fn writer_name(holder: Option<u32>) -> String {
    holder.map_or_else(|| "another process".to_string(), |number| format!("process {number}"))
}

fn megabytes(bytes: Option<u64>) -> String {
    bytes.map_or_else(|| "nothing".to_string(), |bytes| format!("{:.1} MB", bytes as f64 / 1e6))
}

/// What to do where a disk cannot be written to.
fn way_out(act: &str, reason: &str) -> &'static str {
    match reason {
        READ_ONLY | DENIED if act != "read" => ": name an index elsewhere with --index",
        _ => "",
    }
}

const FULL: &str = "No space left on device";
const QUOTA: &str = "Quota exceeded";
const TOO_LARGE: &str = "File too large";
const READ_ONLY: &str = "Read-only file system";
const DENIED: &str = "Permission denied";

impl IndexError {
    pub(super) fn io(act: &'static str, path: &Path, error: &io::Error) -> IndexError {
        IndexError::Io { act, path: path.to_path_buf(), reason: crate::os::sentence(error) }
    }

    pub(super) fn damaged(path: &Path, reason: String) -> IndexError {
        IndexError::Damaged { path: path.to_path_buf(), reason }
    }

    /// Is it that nothing more can be written?
    pub(super) fn is_full(&self) -> bool {
        matches!(self, IndexError::Io { reason, .. } if [FULL, QUOTA, TOO_LARGE].contains(&reason.as_str()))
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
                Some(reason) => IndexError::Io { act: "read or write", path, reason },
                None => IndexError::Damaged { path, reason: other.to_string() },
            },
        }
    }
}

/// Is it about what a file holds?
fn is_of_contents(error: &io::Error) -> bool {
    matches!(error.kind(), io::ErrorKind::InvalidData | io::ErrorKind::UnexpectedEof | io::ErrorKind::Other)
}

/// The system's word at the bottom of an error, if there is one.
fn io_cause(error: &dyn std::error::Error) -> Option<String> {
    let mut cause = error.source();
    while let Some(error) = cause {
        if let Some(io) = error
            .downcast_ref::<io::Error>()
            .or_else(|| error.downcast_ref::<std::sync::Arc<io::Error>>().map(|io| &**io))
        {
            return Some(crate::os::sentence(io));
        }
        cause = error.source();
    }
    let text = error.to_string();
    [FULL, QUOTA, TOO_LARGE, READ_ONLY, DENIED]
        .iter()
        .find(|reason| text.contains(**reason))
        .map(|reason| (*reason).to_string())
}
