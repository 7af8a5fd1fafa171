//! The files in the folder of an index.
//!
//! ```text
//! index/crosshead.json          the marker: format version, and the number of the current state
//! index/lock                    the writer's lock
//! index/saved.json              saved queries
//! index/writer                  the name by which an engine knows its articles
//! index/state-N/                a state: tantivy's files, whose commit names the manifest
//! index/state-N/files-G.bin     the manifest of generation G: the files that were indexed
//! index/state-N/duplicates.bin  groups of reprints, and the generation they belong to
//! index/state-N/shares.bin      results of comparing texts, for the next run
//! ```
//!
//! Updates are commits within a state. A rebuilt index is a new state beside the old one, and replaces it when
//! `crosshead.json` names it: a reader sees the one or the other.

use std::ffi::OsStr;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};

use super::{FORMAT_VERSION, IndexError, lock, saved, sealed};
use crate::vocabulary::MARKER_FILE;

/// The name by which an engine knows the articles of the index, in a file.
#[cfg(feature = "engine")]
pub(super) const WRITER_FILE: &str = "writer";

/// Names of the folders of states begin so, and end with their number.
const STATE: &str = "state-";

/// Beginnings of the names of the files in indexes of formats before 7, beside the marker.
const OLD_NAMES: [&str; 4] = ["segments", "files-", "duplicates.bin", "duplicates.json"];

/// The marker file.
#[derive(Debug, Serialize, Deserialize)]
struct Marker {
    format: u32,
    made_by: String,
    /// Number of the current state; formats before 7 had none.
    #[serde(default)]
    state: u64,
}

/// The folder of a state.
pub(super) fn state_folder(path: &Path, state: u64) -> PathBuf {
    path.join(format!("{STATE}{state}"))
}

/// Number of the current state of the index at `path`.
///
/// # Errors
///
/// [`IndexError::Missing`], [`IndexError::OtherVersion`], [`IndexError::Damaged`].
pub(super) fn current(path: &Path) -> Result<u64, IndexError> {
    let marker = path.join(MARKER_FILE);
    let text = match fs::read_to_string(&marker) {
        Ok(text) => text,
        Err(error) if matches!(error.kind(), io::ErrorKind::NotFound | io::ErrorKind::NotADirectory) => {
            return Err(IndexError::Missing(path.to_path_buf()));
        }
        Err(error) if error.kind() == io::ErrorKind::InvalidData => {
            return Err(IndexError::damaged(path, format!("{MARKER_FILE} is no text")));
        }
        Err(error) => return Err(IndexError::io("read", &marker, &error)),
    };
    let marker: Marker =
        serde_json::from_str(&text).map_err(|error| IndexError::damaged(path, format!("{MARKER_FILE}: {error}")))?;
    if marker.format == FORMAT_VERSION {
        Ok(marker.state)
    } else {
        Err(IndexError::OtherVersion { path: path.to_path_buf(), found: marker.format })
    }
}

/// Makes `state` the current state of the index at `path`, atomically.
///
/// # Errors
///
/// [`IndexError::Io`]; the index is then unchanged.
pub(super) fn publish(path: &Path, state: u64) -> Result<(), IndexError> {
    let made_by = concat!("crosshead ", env!("CARGO_PKG_VERSION")).into();
    let marker = Marker { format: FORMAT_VERSION, made_by, state };
    let text = serde_json::to_string(&marker).expect("numbers and strings have a JSON form") + "\n";
    let marker = path.join(MARKER_FILE);
    sealed::replace(&marker, &[text.as_bytes()]).map_err(|error| IndexError::io("write", &marker, &error))
}

/// Is there an index at `path`, of any format, damaged or not?
pub(super) fn is_index(path: &Path) -> bool {
    path.join(MARKER_FILE).is_file()
}

/// Numbers of the existing states, the latest first.
pub(super) fn states(path: &Path) -> Vec<u64> {
    let mut states: Vec<u64> = names(path).iter().filter_map(|name| number(name)).collect();
    states.sort_unstable_by_key(|&state| std::cmp::Reverse(state));
    states
}

/// The number for a new state.
pub(super) fn next_state(path: &Path) -> u64 {
    states(path).first().map_or(1, |latest| latest + 1)
}

/// Removes all states but `state`, and the files of earlier formats. What cannot be removed now is removed by a later
/// run; nothing reads it.
pub(super) fn remove_others(path: &Path, state: u64) {
    for name in names(path) {
        let old = OLD_NAMES.iter().any(|old| name.starts_with(old));
        if old || number(&name).is_some_and(|number| number != state) {
            let path = path.join(&name);
            let _ = if path.is_dir() { fs::remove_dir_all(&path) } else { fs::remove_file(&path) };
        }
    }
}

/// Does the folder `path` hold files of another program?
///
/// # Errors
///
/// Any error of reading the folder.
pub(super) fn has_foreign_files(path: &Path) -> io::Result<bool> {
    let entries = fs::read_dir(path)?.collect::<io::Result<Vec<_>>>()?;
    Ok(entries.iter().any(|entry| !is_allowed_in_new_index(&entry.file_name())))
}

/// May a file of this name be in the folder of a new index: a `.gitignore`, a README, saved queries, or the remains of
/// a killed first run?
fn is_allowed_in_new_index(name: &OsStr) -> bool {
    let known = [OsStr::new("README.md"), OsStr::new(saved::FILE), OsStr::new(lock::LOCK_FILE)];
    let marker = format!("{MARKER_FILE}.");
    name.as_encoded_bytes().starts_with(b".")
        || known.contains(&name)
        || name.to_str().is_some_and(|name| number(name).is_some() || name.starts_with(&marker))
}

fn number(name: &str) -> Option<u64> {
    name.strip_prefix(STATE)?.parse().ok()
}

fn names(path: &Path) -> Vec<String> {
    let entries = fs::read_dir(path).into_iter().flatten().flatten();
    entries.filter_map(|entry| entry.file_name().into_string().ok()).collect()
}
