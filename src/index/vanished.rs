//! Folders whose articles are kept although their files are gone: what a run keeps, and a check reports.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use super::manifest::Folder;

/// Fewer files than this are deleted without a question, unless the whole followed folder is empty.
const MANY_FILES: usize = 20;

/// The keys of the folders that vanished, none in another; the empty key is the followed folder itself. `new` is the
/// number of new files in it: files that were moved within it are not lost.
pub(super) fn vanished(folder: &Folder, gone: &[Vec<u8>], new: usize) -> Vec<Vec<u8>> {
    let known = folder.files.len();
    let lost = gone.len().saturating_sub(new);
    let articles: u64 = gone.iter().map(|key| folder.files[key].state.articles()).sum();
    let is_emptied = gone.len() == known && new == 0 && articles > 0;
    if is_emptied || (lost >= MANY_FILES && 2 * lost > known) {
        return vec![Vec::new()];
    }
    if lost < MANY_FILES {
        return Vec::new();
    }
    let (gone_below, known_below) = (count_below(gone.iter()), count_below(folder.files.keys()));
    let mut found: Vec<Vec<u8>> = Vec::new();
    // In the order of keys a folder comes before those in it.
    for (key, &count) in &gone_below {
        if count >= MANY_FILES && known_below[key] == count && !found.iter().any(|outer| is_below(key, outer)) {
            found.push(key.to_vec());
        }
    }
    found
}

/// Number of files in each folder that `keys` lead through.
fn count_below<'a>(keys: impl Iterator<Item = &'a Vec<u8>>) -> BTreeMap<&'a [u8], usize> {
    let mut counts = BTreeMap::new();
    for key in keys {
        for (end, _) in key.iter().enumerate().filter(|(_, byte)| **byte == b'/') {
            *counts.entry(&key[..end]).or_default() += 1;
        }
    }
    counts
}

/// Is `key` that of the file or folder with the key `prefix`, or of a file in it?
pub(super) fn is_below(key: &[u8], prefix: &[u8]) -> bool {
    prefix.is_empty() || key == prefix || (key.starts_with(prefix) && key.get(prefix.len()) == Some(&b'/'))
}

/// Is a folder that is empty now on another disk than it was when it had files?
pub(super) fn is_emptied_disk(folder: &Folder, device: u64) -> bool {
    !folder.files.is_empty() && folder.device != 0 && folder.device != device
}

/// Number of the disk that a folder is on; 0 if unknown.
pub(super) fn device_of(path: &Path) -> u64 {
    #[cfg(unix)]
    {
        use std::os::unix::fs::MetadataExt;
        fs::metadata(path).map_or(0, |metadata| metadata.dev())
    }
    #[cfg(not(unix))]
    {
        let _ = path;
        0
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::index::manifest::{FileEntry, FileState, Lengths};

    /// A folder whose files have one article each.
    fn folder(keys: &[String]) -> Folder {
        let state = FileState::Indexed {
            articles: 1,
            sections: 1,
            lengths: Lengths::default(),
            passages: 1,
            languages: smallvec::SmallVec::new(),
            bad: Box::default(),
        };
        let entry = FileEntry { number: 0, bytes: 9, modified_ns: 1, changed_ns: 1, inode: 1, hash: 1, state };
        let files = keys.iter().map(|key| (key.clone().into_bytes(), entry.clone())).collect();
        Folder { files, absolute: "/news".into(), ..Folder::of_added(0) }
    }

    #[test]
    fn a_folder_that_vanishes_is_told_from_deletions() {
        // Files in each folder before and after, new files elsewhere, and the folders that are kept.
        for (before, after, new, expected) in [
            (&[("", 3)][..], &[0][..], 0, &[""][..]),
            (&[("", 1)], &[0], 0, &[""]),
            (&[("", 1)], &[0], 1, &[]),
            (&[("", 3)], &[1], 0, &[]),
            (&[("", 3)], &[0], 3, &[]),
            (&[("", 50)], &[20], 0, &[""]),
            (&[("", 50)], &[30], 0, &[]),
            (&[("", 50)], &[20], 30, &[]),
            (&[("a", 100), ("b", 3)], &[100, 0], 0, &[]),
            (&[("a", 100), ("b", 30)], &[100, 0], 0, &["b"]),
            (&[("a", 100), ("b", 30)], &[100, 0], 30, &[]),
            (&[("a", 100), ("b", 30), ("b/c", 2)], &[100, 0, 0], 0, &["b"]),
            (&[("a", 100), ("b/c", 30), ("b/d", 1)], &[100, 0, 1], 0, &["b/c"]),
        ] {
            let name =
                |folder: &str, i: usize| if folder.is_empty() { format!("{i}") } else { format!("{folder}/{i}") };
            let keys = |from: &dyn Fn(usize) -> usize| -> Vec<String> {
                let each = before.iter().enumerate();
                each.flat_map(|(at, (folder, count))| (from(at)..*count).map(move |i| name(folder, i))).collect()
            };
            let gone: Vec<Vec<u8>> = keys(&|at| after[at]).into_iter().map(String::into_bytes).collect();
            let found = vanished(&folder(&keys(&|_| 0)), &gone, new);
            let found: Vec<String> = found.into_iter().map(|key| String::from_utf8(key).expect("UTF-8")).collect();
            assert_eq!(found, expected, "{before:?} {after:?} {new}");
        }
    }
}
