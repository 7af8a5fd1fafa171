//! What lies where in the folder of an index.
//!
//! ```text
//! index/crosshead.json     the format version, and which state is the index
//! index/lock               held by the one who writes
//! index/saved.json         queries that were saved
//! index/state-N/           one state: tantivy's files, whose commit names ...
//! index/state-N/files-G.bin     ... the list of files it was made from, and
//! index/state-N/duplicates.bin  groups of reprints, if they are this commit's
//! index/state-N/shares.bin      what texts were found to share on the way
//! ```
//!
//! Updates are commits within a state. An index that is built anew is a new state beside the old one, and takes its
//! place when `crosshead.json` names it: readers see the one or the other.

use std::ffi::OsStr;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};

use super::{FORMAT_VERSION, IndexError, lock, saved, sealed};
use crate::vocabulary::MARKER_FILE;

/// What the folders of states are called, before their number.
const STATE: &str = "state-";

/// What indexes of formats before 7 are made of, beside the marker.
const OLD_NAMES: [&str; 4] = ["segments", "files-", "duplicates.bin", "duplicates.json"];

/// The marker file.
#[derive(Debug, Serialize, Deserialize)]
struct Marker {
    format: u32,
    made_by: String,
    /// Number of the state; formats before 7 had none.
    #[serde(default)]
    state: u64,
}

/// The folder of a state.
pub(super) fn state_folder(path: &Path, state: u64) -> PathBuf {
    path.join(format!("{STATE}{state}"))
}

/// Which state is the index at `path`?
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

/// Makes `state` the index at `path`, in one step.
///
/// # Errors
///
/// [`IndexError::Io`]; the index is then what it was.
pub(super) fn publish(path: &Path, state: u64) -> Result<(), IndexError> {
    let made_by = concat!("crosshead ", env!("CARGO_PKG_VERSION")).into();
    // A struct of numbers and a string always serializes.
    let text = serde_json::to_string(&Marker { format: FORMAT_VERSION, made_by, state }).unwrap_or_default() + "\n";
    let marker = path.join(MARKER_FILE);
    sealed::replace(&marker, &[text.as_bytes()]).map_err(|error| IndexError::io("write", &marker, &error))
}

/// Is there an index at `path`, of whatever format and in whatever shape?
pub(super) fn is_index(path: &Path) -> bool {
    path.join(MARKER_FILE).is_file()
}

/// The numbers of the states that are there, the latest first.
pub(super) fn states(path: &Path) -> Vec<u64> {
    let mut states: Vec<u64> = names(path).iter().filter_map(|name| number(name)).collect();
    states.sort_unstable_by_key(|&state| std::cmp::Reverse(state));
    states
}

/// The number of a state that is not there yet.
pub(super) fn next_state(path: &Path) -> u64 {
    states(path).first().map_or(1, |latest| latest + 1)
}

/// Removes what belongs to other states than `state`, and to indexes of earlier formats. What cannot be removed now is
/// removed by a later run; nothing reads it.
pub(super) fn remove_others(path: &Path, state: u64) {
    for name in names(path) {
        let old = OLD_NAMES.iter().any(|old| name.starts_with(old));
        if old || number(&name).is_some_and(|number| number != state) {
            let place = path.join(&name);
            let _ = if place.is_dir() { fs::remove_dir_all(&place) } else { fs::remove_file(&place) };
        }
    }
}

/// Does `path` hold files that are no part of an index?
///
/// # Errors
///
/// What the operating system says of the folder.
pub(super) fn holds_strangers(path: &Path) -> io::Result<bool> {
    let entries = fs::read_dir(path)?.collect::<io::Result<Vec<_>>>()?;
    Ok(entries.iter().any(|entry| !may_stand_in_a_new_index(&entry.file_name())))
}

/// Is this no other program's file: a `.gitignore`, a README, queries that were saved, what a killed first run left?
fn may_stand_in_a_new_index(name: &OsStr) -> bool {
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
