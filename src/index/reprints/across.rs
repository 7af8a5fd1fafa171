//! Reprints across indexes that are searched together.
//!
//! They are found as those of one index are, by the signatures of all articles, so that the groups are those of one index of
//! all. What took long is kept in the user's cache folder: an index is not written to by those who read it.

use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use serde::{Deserialize, Serialize};
use xxhash_rust::xxh3::Xxh3;

use super::{Groups, Percents, find, read_shares};
use crate::index::readers::Readers;
use crate::index::schema::Fields;
use crate::index::sealed;

/// Groups that took less time are not kept.
const WORTH_KEEPING: Duration = Duration::from_millis(if cfg!(test) { 0 } else { 250 });

/// Files of groups that are kept: the latest.
const MAX_KEPT: usize = 16;

/// Magic of these files.
const MAGIC: [u8; 8] = *b"XHDACROS";

/// Extension of their names.
const EXTENSION: &str = "groups";

/// The groups of several commits together.
#[derive(Serialize, Deserialize)]
struct Kept {
    key: u128,
    groups: Vec<Vec<u64>>,
}

/// The groups of the segments of several indexes, whose states are in `folders`.
///
/// # Errors
///
/// The error of tantivy for a damaged segment.
pub(crate) fn groups_across(
    folders: &[PathBuf],
    readers: &Readers,
    fields: &Fields,
    cache: Option<&Path>,
) -> tantivy::Result<Groups> {
    let key = key(readers);
    let file = cache.map(|cache| cache.join(format!("{key:032x}.{EXTENSION}")));
    if let Some(groups) = file.as_deref().and_then(|file| read(file, key)) {
        return Ok(Groups::new(groups));
    }
    // Texts that were compared for one of the indexes are not compared again.
    let known: Percents = folders.iter().filter_map(|folder| read_shares(folder)).flatten().collect();
    let begun = Instant::now();
    let (groups, _) = find(readers, fields, &known)?;
    if let (Some(cache), Some(file)) = (cache, file)
        && begun.elapsed() >= WORTH_KEEPING
    {
        let kept = Kept { key, groups };
        write(cache, &file, &kept);
        return Ok(Groups::new(kept.groups));
    }
    Ok(Groups::new(groups))
}

/// The folder for what is kept of all indexes of a user; `None` if the system names no such folder.
#[must_use]
pub(crate) fn cache_folder() -> Option<PathBuf> {
    let of = |name: &str| std::env::var_os(name).map(PathBuf::from).filter(|path| path.is_absolute());
    if cfg!(test) {
        return None;
    }
    let caches = if cfg!(windows) {
        of("LOCALAPPDATA")
    } else if cfg!(target_os = "macos") {
        of("HOME").map(|home| home.join("Library/Caches"))
    } else {
        of("XDG_CACHE_HOME").or_else(|| of("HOME").map(|home| home.join(".cache")))
    };
    caches.map(|caches| caches.join("crosshead"))
}

/// A hash of what the groups depend on. Segments have random names and never change but by deletes.
fn key(readers: &Readers) -> u128 {
    let mut segments: Vec<_> = readers
        .segments()
        .iter()
        .zip(0..)
        .map(|(reader, ordinal)| {
            let deleted = reader.delete_opstamp().unwrap_or(0);
            (reader.segment_id().uuid_string(), reader.num_docs(), deleted, readers.salt(ordinal))
        })
        .collect();
    segments.sort_unstable();
    let mut hash = Xxh3::new();
    hash.update(env!("CARGO_PKG_VERSION").as_bytes());
    hash.update(&postcard::to_stdvec(&segments).expect("numbers and names have a postcard form"));
    hash.digest128()
}

fn read(file: &Path, key: u128) -> Option<Vec<Vec<u64>>> {
    // If the file is damaged, the groups are computed again.
    let kept: Kept = postcard::from_bytes(&sealed::read(file, MAGIC).ok()?).ok()?;
    (kept.key == key).then_some(kept.groups)
}

/// Keeps groups. Failing to is no error: they are computed again.
fn write(cache: &Path, file: &Path, kept: &Kept) {
    let body = postcard::to_stdvec(kept).expect("numbers have a postcard form");
    if std::fs::create_dir_all(cache).is_ok() && sealed::write(file, MAGIC, &body).is_ok() {
        remove_old(cache);
    }
}

/// Removes all but the latest files.
fn remove_old(cache: &Path) {
    let entries = std::fs::read_dir(cache).into_iter().flatten().flatten();
    let mut files: Vec<_> = entries
        .filter(|entry| entry.path().extension().is_some_and(|extension| extension == EXTENSION))
        .filter_map(|entry| Some((entry.metadata().ok()?.modified().ok()?, entry.path())))
        .collect();
    files.sort_unstable();
    let old = files.len().saturating_sub(MAX_KEPT);
    for (_, path) in &files[..old] {
        let _ = std::fs::remove_file(path);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::index::Index;
    use crate::index::sync::{SyncOptions, sync};

    #[test]
    fn groups_are_kept_and_found_again() {
        let folder = tempfile::tempdir().expect("a folder");
        let root = folder.path();
        let text: String =
            (0..200).map(|n| format!("The harbour at quay {n} was closed, said master {}. ", n * 7)).collect();
        let mut readers = Readers::default();
        let mut folders = Vec::new();
        let mut indexes = Vec::new();
        for (part, year) in (0..).zip(["2022", "2023"]) {
            let articles = root.join(year);
            std::fs::create_dir(&articles).expect("a folder");
            std::fs::write(articles.join("a.md"), format!("# A report\n\n{text}\n\nIn {year}.\n")).expect("written");
            let index = Index::open_or_create(&root.join(format!("index{year}"))).expect("an index");
            sync(&index, &[articles], &SyncOptions::default()).expect("indexed");
            readers.add(&index.snapshot().expect("a commit").1, part, 0);
            folders.push(index.folder());
            indexes.push(index);
        }
        let cache = root.join("cache/crosshead");
        let groups = || groups_across(&folders, &readers, indexes[0].fields(), Some(&cache)).expect("read").groups;
        let files = || -> Vec<PathBuf> {
            std::fs::read_dir(&cache).into_iter().flatten().flatten().map(|entry| entry.path()).collect()
        };
        let found = groups();
        assert_eq!(found.iter().map(Vec::len).collect::<Vec<_>>(), [2], "one story in two indexes");
        let [file] = &files()[..] else { panic!("a file: {:?}", files()) };
        // What is kept is what is given.
        let key = key(&readers);
        write(&cache, file, &Kept { key, groups: vec![vec![1, 2, 3]] });
        assert_eq!(groups(), [[1, 2, 3]]);
        // Groups of other segments, and a file that is damaged, are not.
        write(&cache, file, &Kept { key: key + 1, groups: Vec::new() });
        assert_eq!(groups(), found);
        std::fs::write(file, b"short").expect("written");
        assert_eq!(groups(), found);
        for n in 0..2 * MAX_KEPT {
            write(&cache, &cache.join(format!("{n}.{EXTENSION}")), &Kept { key, groups: Vec::new() });
        }
        assert_eq!(files().len(), MAX_KEPT);
        // A cache that cannot be written to is no error.
        let no_folder = root.join("2022/a.md/cache");
        let kept_nowhere = groups_across(&folders, &readers, indexes[0].fields(), Some(&no_folder)).expect("read");
        assert_eq!(kept_nowhere.groups, found);
    }
}
