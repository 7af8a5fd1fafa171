//! Errors of reading and writing an index. The program adds which option or command helps (`cli/hints.rs`).

use std::io;
use std::panic::AssertUnwindSafe;
use std::path::{Path, PathBuf};

use tantivy::TantivyError;
use tantivy::directory::error::{LockError, OpenReadError};

use super::FORMAT_VERSION;
use crate::engine::EngineError;
use crate::os;
use crate::text::counted;

/// An error of reading or writing an index, displayed as a sentence.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum IndexError {
    /// There is no index.
    #[error("no index at '{0}'")]
    Missing(PathBuf),
    /// The folder holds files of another program.
    #[error("'{0}' holds other files and is no index")]
    NotAnIndex(PathBuf),
    /// The index was made by a version of the program with another format.
    #[error(
        "the index at '{path}' has format {found}, this program reads format {FORMAT_VERSION}: it must be built again"
    )]
    OtherVersion {
        /// The index.
        path: PathBuf,
        /// Its format.
        found: u32,
    },
    /// An index is named twice among those that are searched together.
    #[error("the index at '{path}' is named twice, as '{again}' too: name each once")]
    Twice {
        /// The index.
        path: PathBuf,
        /// Its other name.
        again: PathBuf,
    },
    /// The engine that holds the articles gives no answer.
    #[error(transparent)]
    Engine(#[from] EngineError),
    /// No index is named.
    #[error("no index is named")]
    NoneNamed,
    /// Another process is writing to the index.
    #[error("{} is writing to the index at '{path}'", writer_name(*.holder))]
    Locked {
        /// The index.
        path: PathBuf,
        /// The number of the process, if known.
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
        /// Bytes that are free, if known.
        free: Option<u64>,
        /// Bytes that the run needs, estimated.
        needed: u64,
    },
    /// Another process rebuilt the index since it was opened.
    #[error("the index at '{0}' was built anew by another process meanwhile: try again")]
    Replaced(PathBuf),
    /// The contents of a file are invalid.
    #[error("the index at '{path}' is damaged ({reason}): it must be built again")]
    Damaged {
        /// The index.
        path: PathBuf,
        /// What is wrong.
        reason: String,
    },
    /// Code that reads the index panicked, as tantivy does on damaged files.
    #[error("reading the index at '{path}' failed ({reason}): it may be damaged")]
    Panicked {
        /// The index.
        path: PathBuf,
        /// The message of the panic.
        reason: String,
    },
    /// An error of the operating system.
    #[error("cannot {act} '{path}': {reason}")]
    Io {
        /// The operation that failed, as a verb: "read", "write".
        act: &'static str,
        /// The file or folder.
        path: PathBuf,
        /// The system's message.
        reason: String,
        /// The kind of error.
        kind: io::ErrorKind,
    },
    /// A folder of articles does not exist.
    #[error("no folder or file '{0}': check the name, or give the folder's new place")]
    NoFolder(PathBuf),
    /// The name of a folder is not UTF-8.
    #[error("the name of folder '{0}' is not UTF-8: give it another name, or index the folder above it")]
    FolderName(PathBuf),
    /// The index does not follow this folder.
    #[error("the index at '{path}' follows no folder '{folder}'; it follows {known}")]
    NotFollowed {
        /// The index.
        path: PathBuf,
        /// The folder named.
        folder: PathBuf,
        /// The folders that it follows.
        known: String,
    },
    /// Two folders of the index would overlap.
    #[error("'{new}' and the folder '{other}' of the index overlap: one of them must be let go first")]
    Overlap {
        /// The new path of a folder.
        new: PathBuf,
        /// The other folder.
        other: String,
    },
    /// The folders that the index follows are unknown.
    #[error("cannot tell which folders the index at '{0}' follows")]
    UnknownFolders(PathBuf),
    /// A rebuild would lose articles that a program added.
    #[error(
        "the index at '{path}' holds {} that a program added, in no file: a rebuild would lose what is only there",
        counted(*articles, "article")
    )]
    HasAdded {
        /// The index.
        path: PathBuf,
        /// Number of such articles.
        articles: u64,
    },
    /// A rebuild was cancelled.
    #[error("stopped early; the index at '{0}' is as it was")]
    Stopped(PathBuf),
    /// The system reports no changes of folders.
    #[error("cannot follow folders: {0}")]
    CannotFollow(String),
    /// No folder was named and the index follows none.
    #[error("the index at '{0}' follows no folder yet")]
    NoFolders(PathBuf),
}

/// Runs `work`. A panic, as tantivy's on damaged files, becomes [`IndexError::Panicked`].
pub(crate) fn guarded<T, E: From<IndexError>>(path: &Path, work: impl FnOnce() -> Result<T, E>) -> Result<T, E> {
    guarded_by(|| path.to_path_buf(), work)
}

/// As [`guarded`], where it takes time to find out which index is damaged.
pub(crate) fn guarded_by<T, E: From<IndexError>>(
    path: impl FnOnce() -> PathBuf,
    work: impl FnOnce() -> Result<T, E>,
) -> Result<T, E> {
    std::panic::catch_unwind(AssertUnwindSafe(work)).unwrap_or_else(|panic| {
        let reason = panic.downcast_ref::<String>().map(String::as_str).or(panic.downcast_ref::<&str>().copied());
        let reason = reason.unwrap_or("it does not say why").to_string();
        Err(IndexError::Panicked { path: path(), reason }.into())
    })
}

/// Paths of indexes in the place of one, for an error that does not tell which it is of.
pub(crate) fn one_of<'a>(mut paths: impl Iterator<Item = &'a Path>) -> PathBuf {
    /// Paths that are named.
    const MOST: usize = 5;
    let mut text = paths.next().map_or_else(String::new, |path| path.display().to_string());
    let others: Vec<String> = paths.map(|path| path.display().to_string()).collect();
    others.iter().take(MOST - 1).for_each(|path| text.push_str(&format!("' or '{path}")));
    if others.len() >= MOST {
        text.push_str(&format!("' or one of {} more", others.len() + 1 - MOST));
    }
    text.into()
}

/// The writing process, as messages name it.
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

    /// Is there no room to write?
    pub(super) fn is_full(&self) -> bool {
        matches!(self, IndexError::Io { kind, .. } if os::is_full(*kind))
    }

    /// The error of tantivy on the index at `path`, whose files are in `folder`.
    pub(super) fn from_tantivy(path: &Path, folder: &Path, error: TantivyError) -> IndexError {
        if let TantivyError::OpenReadError(error) = &error
            && let Some((cause, file)) = refused(error)
        {
            return IndexError::io("read", &folder.join(file), cause);
        }
        let path = path.to_path_buf();
        match error {
            TantivyError::LockFailure(LockError::LockBusy, _) => IndexError::Locked { path, holder: None },
            TantivyError::LockFailure(LockError::IoError(error), _) => IndexError::io("lock", &path, &error),
            // Not from the system but from a decoder: the bytes are invalid.
            TantivyError::IoError(error) if error.raw_os_error().is_none() && is_about_contents(&error) => {
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

/// The file that the system does not let us read, and its error. tantivy does not name it as the cause.
pub(super) fn refused(error: &OpenReadError) -> Option<(&io::Error, &Path)> {
    match error {
        OpenReadError::IoError { io_error, filepath } if os::is_refused(io_error.kind()) => {
            Some((&**io_error, filepath.as_path()))
        }
        _ => None,
    }
}

/// Is the error about the contents of a file?
fn is_about_contents(error: &io::Error) -> bool {
    matches!(error.kind(), io::ErrorKind::InvalidData | io::ErrorKind::UnexpectedEof | io::ErrorKind::Other)
}

/// Message and kind of the system's error among the causes of another error.
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
