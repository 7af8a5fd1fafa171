//! Candidate files of a folder, in a stable order.
//!
//! Hidden files and folders are passed over, symbolic links are not followed, and neither is any index of ours entered:
//! an index inside the folder it indexes would grow by its own growing.

use std::collections::HashMap;
use std::io;
use std::path::{Path, PathBuf};
use std::time::UNIX_EPOCH;

use rayon::iter::{IndexedParallelIterator, IntoParallelIterator, ParallelIterator};
use walkdir::{DirEntry, WalkDir};

use super::SkipReason;
use crate::os;
use crate::vocabulary::MARKER_FILE;

/// How a folder is walked.
#[derive(Debug, Clone, Copy, Default)]
pub struct WalkOptions {
    /// Follow symbolic links.
    pub follow: bool,
    /// Include hidden files and folders.
    pub hidden: bool,
}

/// A file that could hold articles.
#[derive(Debug, Clone)]
pub struct Candidate {
    /// Where to read it.
    pub path: PathBuf,
    /// Path below the folder, `/`-separated, as bytes of the operating system (names need not be UTF-8).
    pub key: Vec<u8>,
    /// Size in bytes.
    pub bytes: u64,
    /// Time of last change, nanoseconds since 1970.
    pub modified_ns: i64,
    /// A reason known without reading it.
    pub skip: Option<SkipReason>,
}

/// Something of the walk.
#[derive(Debug)]
pub enum Walked {
    /// A file.
    File(Candidate),
    /// A folder or file that could not be looked at, with its key; what is below it is unknown, not gone.
    Failed {
        /// Where.
        path: PathBuf,
        /// Path below the folder, as in [`Candidate::key`].
        key: Vec<u8>,
        /// Why.
        error: String,
    },
}

impl Walked {
    /// Its path below the folder, as in [`Candidate::key`].
    #[must_use]
    pub fn key(&self) -> &[u8] {
        match self {
            Walked::File(candidate) => &candidate.key,
            Walked::Failed { key, .. } => key,
        }
    }
}

/// Walks `folder` (or the single file it is), in no order.
pub fn walk(folder: &Path, options: WalkOptions) -> impl Iterator<Item = Walked> {
    /// So many are listed before they are looked at, side by side: asking the system about each takes most of a walk.
    const AT_ONCE: usize = 4_096;
    /// Fewer are not worth another thread.
    const LEAST: usize = 256;
    let root = folder.to_path_buf();
    let hidden = options.hidden;
    let mut entries = WalkDir::new(folder)
        .follow_links(options.follow)
        .into_iter()
        .filter_entry(move |entry| entry.depth() == 0 || ((hidden || !is_hidden(entry)) && !is_index(entry)));
    let mut next: Vec<_> = entries.by_ref().take(AT_ONCE).collect();
    let some = std::iter::from_fn(move || {
        let listed = std::mem::take(&mut next);
        if listed.is_empty() {
            return None;
        }
        let looked_at = |entry| look_at(&root, entry);
        if listed.len() < LEAST {
            return Some(listed.into_iter().map(looked_at).collect::<Vec<Option<Walked>>>());
        }
        // The next are listed meanwhile.
        let all = listed.len() < AT_ONCE;
        let (walked, following) = rayon::join(
            || listed.into_par_iter().with_min_len(LEAST / 4).map(looked_at).collect(),
            || if all { Vec::new() } else { entries.by_ref().take(AT_ONCE).collect() },
        );
        next = following;
        Some(walked)
    });
    some.flatten().flatten()
}

/// What was listed, looked at; `None` for folders, and for what went away meanwhile.
fn look_at(root: &Path, entry: walkdir::Result<DirEntry>) -> Option<Walked> {
    let error = match entry {
        Ok(entry) => return candidate(root, entry).map(Walked::File),
        Err(error) => error,
    };
    let path = error.path().unwrap_or(root).to_path_buf();
    let is_missing = error.io_error().is_some_and(|error| error.kind() == io::ErrorKind::NotFound);
    if is_missing && error.depth() > 0 && path.symlink_metadata().is_err() {
        // It went away between being listed and being looked at.
        return None;
    }
    let error_text = match error.loop_ancestor() {
        Some(ancestor) => format!("a loop of symbolic links back to {}", ancestor.display()),
        None => error.io_error().map_or_else(|| error.to_string(), os::sentence),
    };
    Some(Walked::Failed { key: key_of(root, &path), path, error: error_text })
}

fn candidate(root: &Path, entry: DirEntry) -> Option<Candidate> {
    let kind = entry.file_type();
    if kind.is_dir() {
        return None;
    }
    let mut skip = None;
    let (mut bytes, mut modified_ns) = (0, 0);
    if kind.is_symlink() {
        skip = Some(SkipReason::Link);
    } else {
        match entry.metadata() {
            Ok(metadata) if metadata.is_file() => {
                bytes = metadata.len();
                modified_ns = metadata.modified().map_or(0, nanoseconds);
            }
            Ok(_) => skip = Some(SkipReason::NotAFile),
            // It went away since it was listed.
            Err(error) if error.io_error().is_some_and(|error| error.kind() == io::ErrorKind::NotFound) => return None,
            Err(error) => {
                skip = Some(SkipReason::Unreadable(error.io_error().map_or_else(|| error.to_string(), os::sentence)))
            }
        }
    }
    let key = key_of(root, entry.path());
    Some(Candidate { path: entry.into_path(), key, bytes, modified_ns, skip })
}

/// Nanoseconds since 1970; before it, negative.
fn nanoseconds(time: std::time::SystemTime) -> i64 {
    match time.duration_since(UNIX_EPOCH) {
        Ok(after) => i64::try_from(after.as_nanos()).unwrap_or(i64::MAX),
        Err(before) => i64::try_from(before.duration().as_nanos()).map_or(i64::MIN, |ns| -ns),
    }
}

fn key_of(root: &Path, path: &Path) -> Vec<u8> {
    let (root, bytes) = (root.as_os_str().as_encoded_bytes(), path.as_os_str().as_encoded_bytes());
    // The walk joins names to the root as it was given.
    let below = bytes.strip_prefix(root).unwrap_or(bytes);
    let is_separator = |byte: &u8| char::from(*byte) == std::path::MAIN_SEPARATOR || *byte == b'/';
    let below = &below[below.iter().take_while(|byte| is_separator(byte)).count()..];
    if std::path::MAIN_SEPARATOR == '/' {
        return below.to_vec();
    }
    below.iter().map(|byte| if is_separator(byte) { b'/' } else { *byte }).collect()
}

/// Does a walk of `root` come to the place `below` it, if it is there?
#[must_use]
pub fn is_walked(root: &Path, below: &Path, options: WalkOptions) -> bool {
    let mut place = root.to_path_buf();
    below.components().all(|part| {
        place.push(part);
        let hidden = part.as_os_str().as_encoded_bytes().starts_with(b".");
        (options.hidden || !hidden) && !place.join(MARKER_FILE).is_file()
    })
}

fn is_hidden(entry: &DirEntry) -> bool {
    entry.file_name().as_encoded_bytes().starts_with(b".")
}

fn is_index(entry: &DirEntry) -> bool {
    entry.file_type().is_dir() && entry.path().join(MARKER_FILE).is_file()
}

/// Counts files and bytes of folders, for a progress bar; as cheap as a walk.
#[must_use]
pub fn totals(folder: &Path, options: WalkOptions) -> (u64, u64) {
    walk(folder, options).fold((0, 0), |(files, bytes), walked| match walked {
        Walked::File(candidate) => (files + 1, bytes + candidate.bytes),
        Walked::Failed { .. } => (files, bytes),
    })
}

/// Failed places of a walk: what lies below them is kept as it was known.
#[derive(Debug, Default)]
pub struct FailedPlaces(HashMap<Vec<u8>, String>);

impl FailedPlaces {
    /// Notes a failed place.
    pub fn insert(&mut self, key: Vec<u8>, error: String) {
        self.0.insert(key, error);
    }

    /// Is `key` at or below a failed place?
    #[must_use]
    pub fn cover(&self, key: &[u8]) -> bool {
        self.0.keys().any(|place| {
            place.is_empty()
                || key == place.as_slice()
                || (key.starts_with(place) && key.get(place.len()) == Some(&b'/'))
        })
    }

    /// Are there none?
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_file_of_a_large_folder_is_found_once() {
        // More than are listed at once, and some of the next.
        const FILES: usize = 4_500;
        let folder = tempfile::tempdir().expect("a folder");
        for i in 0..FILES {
            std::fs::write(folder.path().join(format!("{i}.txt")), "").expect("it has room");
        }
        let mut keys: Vec<Vec<u8>> =
            walk(folder.path(), WalkOptions::default()).map(|walked| walked.key().to_vec()).collect();
        keys.sort();
        let mut expected: Vec<Vec<u8>> = (0..FILES).map(|i| format!("{i}.txt").into_bytes()).collect();
        expected.sort();
        assert!(keys == expected, "{} of {FILES}", keys.len());
    }
}
