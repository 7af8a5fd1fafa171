//! Saved queries: names and texts, in a file of the index folder that a rebuild keeps.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use super::{IndexError, sealed};

/// Name of the file in the index folder.
pub(crate) const FILE: &str = "saved.json";

/// Queries by name.
pub type SavedQueries = BTreeMap<String, String>;

/// Reads the saved queries of the index at `folder`; none if there is no such file.
///
/// # Errors
///
/// [`IndexError::Io`] if the file exists and cannot be read.
pub fn read(folder: &Path) -> Result<SavedQueries, IndexError> {
    let path = folder.join(FILE);
    match std::fs::read(&path) {
        Ok(bytes) => serde_json::from_slice(&bytes).map_err(|error| IndexError::io("read", &path, &error.into())),
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(SavedQueries::new()),
        Err(error) => Err(IndexError::io("read", &path, &error)),
    }
}

/// The saved queries of several indexes: a name means what it does in the first that has it.
///
/// # Errors
///
/// As [`read`].
pub(crate) fn read_all(folders: &[PathBuf]) -> Result<SavedQueries, IndexError> {
    let mut all = SavedQueries::new();
    for folder in folders {
        for (name, query) in read(folder)? {
            all.entry(name).or_insert(query);
        }
    }
    Ok(all)
}

/// Writes the saved queries, atomically.
///
/// # Errors
///
/// [`IndexError::Io`].
pub fn write(folder: &Path, saved: &SavedQueries) -> Result<(), IndexError> {
    let path = folder.join(FILE);
    let text = serde_json::to_string_pretty(saved).expect("strings have a JSON form") + "\n";
    sealed::replace(&path, &[text.as_bytes()]).map_err(|error| IndexError::io("write", &path, &error))
}
