//! The candidate files of a folder.
//!
//! Hidden files and folders are skipped, symbolic links are not followed unless asked for, and indexes are never entered:
//! an index within the folder that it indexes would index itself.

use std::collections::HashMap;
use std::fs::Metadata;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use rayon::iter::{IndexedParallelIterator, IntoParallelIterator, ParallelIterator};
use serde::{Deserialize, Serialize};
use walkdir::{DirEntry, WalkDir};

use super::SkipReason;
use super::companion::{self, FactsFiles};
use super::folders::nanoseconds;
use super::structures::Listings;
use crate::os;
use crate::vocabulary::MARKER_FILE;

/// How a folder is walked.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct WalkOptions {
    /// Follow symbolic links.
    pub follow: bool,
    /// Include hidden files and folders.
    pub hidden: bool,
}

impl WalkOptions {
    /// Options that are on in either of the two.
    #[must_use]
    pub(crate) fn or(self, other: WalkOptions) -> WalkOptions {
        WalkOptions { follow: self.follow || other.follow, hidden: self.hidden || other.hidden }
    }
}

/// A file that may contain articles.
#[derive(Debug, Clone)]
pub struct Candidate {
    /// Path to read it from.
    pub path: PathBuf,
    /// Path relative to the folder, `/`-separated, as bytes of the operating system (names need not be UTF-8).
    pub key: Vec<u8>,
    /// Size in bytes.
    pub bytes: u64,
    /// Time of last change, nanoseconds since 1970.
    pub modified_ns: i64,
    /// Time of the last change of its contents or its inode, nanoseconds since 1970; 0 where the system has none.
    pub changed_ns: i64,
    /// Number of its inode; 0 where the system has none.
    pub inode: u64,
    /// The files that may state the facts of its article.
    pub facts_files: Vec<PathBuf>,
    /// Why it is skipped, if that is known without reading it.
    pub skip: Option<SkipReason>,
}

impl Candidate {
    /// The number of names in its path below the folder.
    #[must_use]
    pub fn levels(&self) -> usize {
        self.key.iter().filter(|byte| **byte == b'/').count() + 1
    }
}

/// What a walk knows of the folders that it passes.
#[derive(Default)]
struct Folders {
    facts_files: FactsFiles,
    listings: Listings,
}

/// A result of the walk.
#[derive(Debug)]
pub(crate) enum Walked {
    /// A file.
    File(Candidate),
    /// A path that could not be read; files below it are unknown, not deleted.
    Failed {
        /// The path.
        path: PathBuf,
        /// Path relative to the folder, as in [`Candidate::key`].
        key: Vec<u8>,
        /// Why.
        error: String,
    },
}

impl Walked {
    /// Its path relative to the folder, as in [`Candidate::key`].
    #[must_use]
    pub(crate) fn key(&self) -> &[u8] {
        match self {
            Walked::File(candidate) => &candidate.key,
            Walked::Failed { key, .. } => key,
        }
    }
}

/// Walks `folder`, which may be a single file. In no particular order.
pub(crate) fn walk(folder: &Path, options: WalkOptions) -> impl Iterator<Item = Walked> {
    /// Entries listed before their metadata is read, in parallel: metadata takes most of the time of a walk.
    const AT_ONCE: usize = 4_096;
    /// Fewer entries are not worth another thread.
    const LEAST: usize = 256;
    let root = folder.to_path_buf();
    let hidden = options.hidden;
    let folders = Arc::new(Folders::default());
    let seen = Arc::clone(&folders);
    let is_entered = move |entry: &DirEntry| {
        let is_entered = entry.depth() == 0 || ((hidden || !is_hidden(entry)) && !is_index(entry));
        if is_entered {
            seen.facts_files.see(entry.path());
        }
        is_entered
    };
    let mut entries = WalkDir::new(folder).follow_links(options.follow).into_iter().filter_entry(is_entered);
    let mut next: Vec<_> = entries.by_ref().take(AT_ONCE).collect();
    let batches = std::iter::from_fn(move || {
        let listed = std::mem::take(&mut next);
        if listed.is_empty() {
            return None;
        }
        let is_last = listed.len() < AT_ONCE;
        // The folders that hold the last entry may have more.
        let last = listed.last().filter(|_| !is_last).and_then(|entry| Some(entry.as_ref().ok()?.path().to_path_buf()));
        let walked = |entry: walkdir::Result<DirEntry>| {
            let is_listed = |folder: &Path| last.as_ref().map_or(is_last, |last| !last.starts_with(folder));
            walked(&root, &folders, entry, &is_listed)
        };
        if listed.len() < LEAST {
            return Some(listed.into_iter().map(walked).collect::<Vec<Option<Walked>>>());
        }
        // Meanwhile the next batch is listed.
        let (batch, following) = rayon::join(
            || listed.into_par_iter().with_min_len(LEAST / 4).map(walked).collect(),
            || if is_last { Vec::new() } else { entries.by_ref().take(AT_ONCE).collect() },
        );
        next = following;
        Some(batch)
    });
    batches.flatten().flatten()
}

/// The result for a listed entry; `None` for folders, and for entries deleted since they were listed. `is_listed` tells
/// whether a folder has no entries that are still to be listed.
fn walked(
    root: &Path,
    folders: &Folders,
    entry: walkdir::Result<DirEntry>,
    is_listed: &dyn Fn(&Path) -> bool,
) -> Option<Walked> {
    let error = match entry {
        Ok(entry) => return candidate(root, folders, entry, is_listed).map(Walked::File),
        Err(error) => error,
    };
    let path = error.path().unwrap_or(root).to_path_buf();
    let is_missing = error.io_error().is_some_and(|error| error.kind() == io::ErrorKind::NotFound);
    if is_missing && error.depth() > 0 && path.symlink_metadata().is_err() {
        // Deleted since it was listed.
        return None;
    }
    let error_text = match error.loop_ancestor() {
        Some(ancestor) => format!("a loop of symbolic links back to {}", ancestor.display()),
        None => error.io_error().map_or_else(|| error.to_string(), os::sentence),
    };
    Some(Walked::Failed { key: key_of(root, &path), path, error: error_text })
}

/// The candidate of an entry; `None` for folders and deleted files.
fn candidate(root: &Path, folders: &Folders, entry: DirEntry, is_listed: &dyn Fn(&Path) -> bool) -> Option<Candidate> {
    let kind = entry.file_type();
    if kind.is_dir() {
        return None;
    }
    let (mut skip, mut beside) = (None, Vec::new());
    let (mut bytes, mut modified_ns, mut changed_ns, mut inode) = (0, 0, 0, 0);
    if kind.is_symlink() {
        skip = Some(SkipReason::Link);
    } else {
        match entry.metadata() {
            Ok(metadata) if metadata.is_file() => {
                bytes = metadata.len();
                modified_ns = metadata.modified().map_or(0, nanoseconds);
                (changed_ns, inode) = change(&metadata);
                // An article whose facts are in another file changes with that.
                beside = folders.facts_files.of(entry.path(), |folder| entry.depth() > 0 && is_listed(folder));
                changed_ns = changed_ns.wrapping_add(companion::stamp(&beside));
                changed_ns = changed_ns.wrapping_add(folders.listings.stamp(entry.path()));
            }
            Ok(_) => skip = Some(SkipReason::NotAFile),
            // Deleted since it was listed.
            Err(error) if error.io_error().is_some_and(|error| error.kind() == io::ErrorKind::NotFound) => return None,
            Err(error) => {
                skip = Some(SkipReason::Unreadable(error.io_error().map_or_else(|| error.to_string(), os::sentence)))
            }
        }
    }
    let key = key_of(root, entry.path());
    let path = entry.into_path();
    Some(Candidate { path, key, bytes, modified_ns, changed_ns, inode, facts_files: beside, skip })
}

/// The time of the last change of a file's inode, in nanoseconds since 1970, and the inode's number; zeros where the system
/// has none.
fn change(metadata: &Metadata) -> (i64, u64) {
    #[cfg(unix)]
    {
        use std::os::unix::fs::MetadataExt;
        (metadata.ctime().saturating_mul(1_000_000_000).saturating_add(metadata.ctime_nsec()), metadata.ino())
    }
    #[cfg(not(unix))]
    {
        let _ = metadata;
        (0, 0)
    }
}

/// The path relative to `root`, as in [`Candidate::key`].
fn key_of(root: &Path, path: &Path) -> Vec<u8> {
    let (root, bytes) = (root.as_os_str().as_encoded_bytes(), path.as_os_str().as_encoded_bytes());
    let below = bytes.strip_prefix(root).expect("paths of a walk begin with the root as it was given");
    let is_separator = |byte: &u8| char::from(*byte) == std::path::MAIN_SEPARATOR || *byte == b'/';
    let below = &below[below.iter().take_while(|byte| is_separator(byte)).count()..];
    if std::path::MAIN_SEPARATOR == '/' {
        return below.to_vec();
    }
    below.iter().map(|byte| if is_separator(byte) { b'/' } else { *byte }).collect()
}

/// Would a walk of `root` reach the relative path `below`, if it exists?
#[must_use]
pub(crate) fn is_walked(root: &Path, below: &Path, options: WalkOptions) -> bool {
    let mut path = root.to_path_buf();
    below.components().all(|part| {
        path.push(part);
        let hidden = part.as_os_str().as_encoded_bytes().starts_with(b".");
        (options.hidden || !hidden) && !path.join(MARKER_FILE).is_file()
    })
}

fn is_hidden(entry: &DirEntry) -> bool {
    entry.file_name().as_encoded_bytes().starts_with(b".")
}

fn is_index(entry: &DirEntry) -> bool {
    entry.file_type().is_dir() && entry.path().join(MARKER_FILE).is_file()
}

/// The paths that a walk could not read; what was indexed below them is kept.
#[derive(Debug, Default)]
pub(crate) struct FailedPaths(HashMap<Vec<u8>, String>);

impl FailedPaths {
    /// Records a failed path.
    pub(crate) fn insert(&mut self, key: Vec<u8>, error: String) {
        self.0.insert(key, error);
    }

    /// Is `key` a failed path or below one?
    #[must_use]
    pub(crate) fn cover(&self, key: &[u8]) -> bool {
        self.0.keys().any(|failed| {
            failed.is_empty()
                || key == failed.as_slice()
                || (key.starts_with(failed) && key.get(failed.len()) == Some(&b'/'))
        })
    }

    /// Are there none?
    #[must_use]
    pub(crate) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_file_of_a_large_folder_is_found_once() {
        // One batch, and part of a second.
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
