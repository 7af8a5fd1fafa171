//! What is found out of a folder once, for all of its files.

use std::path::Path;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{SystemTime, UNIX_EPOCH};

use rustc_hash::FxHashMap;

/// A value for each folder, computed once.
#[derive(Debug)]
pub(super) struct PerFolder<T> {
    /// By the bytes of their paths, which are hashed faster than paths.
    found: Mutex<FxHashMap<Vec<u8>, Arc<T>>>,
}

impl<T> Default for PerFolder<T> {
    fn default() -> Self {
        PerFolder { found: Mutex::default() }
    }
}

impl<T> PerFolder<T> {
    /// The value of the folder whose path has the bytes `key`; `find` computes it the first time.
    pub(super) fn of(&self, key: &[u8], find: impl FnOnce() -> T) -> Arc<T> {
        /// Folders that are kept at a time.
        const MOST_FOLDERS: usize = 1_024;
        // A panic elsewhere leaves the map whole.
        if let Some(found) = self.found.lock().unwrap_or_else(PoisonError::into_inner).get(key) {
            return Arc::clone(found);
        }
        let new = Arc::new(find());
        let mut found = self.found.lock().unwrap_or_else(PoisonError::into_inner);
        if found.len() >= MOST_FOLDERS {
            found.clear();
        }
        found.insert(key.to_vec(), Arc::clone(&new));
        new
    }
}

/// Nanoseconds since 1970, negative before, saturating.
pub(super) fn nanoseconds(time: SystemTime) -> i64 {
    match time.duration_since(UNIX_EPOCH) {
        Ok(after) => i64::try_from(after.as_nanos()).unwrap_or(i64::MAX),
        Err(before) => i64::try_from(before.duration().as_nanos()).map_or(i64::MIN, |ns| -ns),
    }
}

/// When a file was changed, in nanoseconds since 1970; 0 if it is not there.
pub(super) fn modified_ns(path: &Path) -> i64 {
    path.metadata().and_then(|metadata| metadata.modified()).map_or(0, nanoseconds)
}

/// Has a path this extension, in any case?
pub(super) fn has_extension(path: &Path, extension: &str) -> bool {
    let path = path.as_os_str().as_encoded_bytes();
    let at = path.len().saturating_sub(extension.len());
    path[..at].ends_with(b".") && path[at..].eq_ignore_ascii_case(extension.as_bytes())
}
