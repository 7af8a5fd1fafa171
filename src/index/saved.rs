//! Saved queries: names and texts, in a file of the index folder that a rebuild keeps.

use std::collections::BTreeMap;
use std::path::Path;

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
