//! What was indexed from which file: the folder as the index knows it.
//!
//! The manifest is a file of its own, written and synced before the tantivy commit whose payload names it. The commit
//! is what makes it valid, so documents and manifest change in one atomic step; a manifest that no commit names is
//! rubbish of a killed run and is removed by the next.

use std::collections::BTreeMap;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use serde::{Deserialize, Serialize};
use smallvec::SmallVec;

use super::sealed;
use crate::article::RepeatedLines;
use crate::ingest::SkipReason;
use crate::text::Language;

/// A file as it was when it was read last.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct FileEntry {
    /// Its number, by which the documents made of it are known; it stays with the file.
    pub number: u64,
    /// Its size.
    pub bytes: u64,
    /// Its time of change, nanoseconds since 1970; [`UNSURE`] if it changed so shortly before it was read that a
    /// second change could bear the same time.
    pub modified_ns: i64,
    /// xxh3-64 of its bytes; 0 if they could not be read.
    pub hash: u64,
    /// What came of it.
    pub state: FileState,
}

/// A time that no file has: the next run compares hashes.
pub const UNSURE: i64 = i64::MIN;

/// What came of a file.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum FileState {
    /// It gave articles.
    Indexed {
        /// How many.
        articles: u32,
        /// Sections in all.
        sections: u32,
        /// Passages in all.
        passages: u32,
        /// How many articles in which language.
        languages: SmallVec<[(Language, u32); 1]>,
        /// Records that gave none: where, and why.
        bad: Box<[(String, SkipReason)]>,
    },
    /// It gave none.
    Skipped(SkipReason),
}

impl FileState {
    /// Was the file skipped, in whole or in part, for a reason that may not apply to this program?
    #[must_use]
    pub fn is_lifted(&self) -> bool {
        match self {
            FileState::Indexed { bad, .. } => bad.iter().any(|(_, reason)| reason.is_lifted()),
            FileState::Skipped(reason) => reason.is_lifted(),
        }
    }

    /// Articles it gave.
    #[must_use]
    pub fn articles(&self) -> u64 {
        match self {
            FileState::Indexed { articles, .. } => u64::from(*articles),
            FileState::Skipped(_) => 0,
        }
    }
}

/// A folder that the index follows.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Folder {
    /// Number that stays with it; part of its files' keys.
    pub number: u32,
    /// As it was given; paths of articles begin with it where they are shown.
    pub name: String,
    /// The name it was first indexed under; paths of articles begin with it where they are stored.
    pub stored: String,
    /// Where it is.
    pub absolute: String,
    /// Number of the disk it was on when it was walked last; 0 if unknown.
    pub device: u64,
    /// Its files by their path below it (`/`-separated; the operating system's bytes).
    #[serde(with = "super::entries")]
    pub files: BTreeMap<Vec<u8>, FileEntry>,
}

impl Folder {
    /// The path of one of its files, as it is shown.
    #[must_use]
    pub fn path_of(&self, key: &[u8]) -> String {
        shown_path(&self.name, key)
    }
}

/// `name/key` as text; a single file is a folder of one, with an empty key.
#[must_use]
pub fn shown_path(name: &str, key: &[u8]) -> String {
    if key.is_empty() {
        return name.to_string();
    }
    let key = String::from_utf8_lossy(key);
    if name.ends_with('/') { format!("{name}{key}") } else { format!("{name}/{key}") }
}

/// All folders and files of an index.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Manifest {
    /// The folders, in the order in which they were first given.
    pub folders: Vec<Folder>,
    /// The number of the next file that is new.
    pub next_file: u64,
    /// Lines that many articles share; see [`super::repeated`].
    pub repeated: Arc<RepeatedLines>,
}

/// Counts over an index.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Totals {
    /// Files known, skipped ones too.
    pub files: u64,
    /// Files that gave no article.
    pub skipped: u64,
    /// Articles.
    pub articles: u64,
    /// Sections.
    pub sections: u64,
    /// Passages.
    pub passages: u64,
    /// Bytes of the files.
    pub bytes: u64,
}

impl Manifest {
    /// Counts what the manifest holds.
    #[must_use]
    pub fn totals(&self) -> Totals {
        let mut totals = Totals::default();
        for entry in self.folders.iter().flat_map(|folder| folder.files.values()) {
            totals.files += 1;
            totals.bytes += entry.bytes;
            match &entry.state {
                FileState::Indexed { articles, sections, passages, .. } => {
                    totals.articles += u64::from(*articles);
                    totals.sections += u64::from(*sections);
                    totals.passages += u64::from(*passages);
                }
                FileState::Skipped(_) => totals.skipped += 1,
            }
        }
        totals
    }
}

impl Manifest {
    /// Codes of the known languages and how many articles are in each, the commonest first.
    #[must_use]
    pub fn languages(&self) -> Vec<(String, u64)> {
        let mut counts: BTreeMap<Language, u64> = BTreeMap::new();
        for entry in self.folders.iter().flat_map(|folder| folder.files.values()) {
            if let FileState::Indexed { languages, .. } = &entry.state {
                for &(language, articles) in languages {
                    *counts.entry(language).or_default() += u64::from(articles);
                }
            }
        }
        let mut out: Vec<(String, u64)> = counts
            .into_iter()
            .filter_map(|(language, count)| Some((language.known_code()?.to_string(), count)))
            .collect();
        out.sort_by(|a, b| b.1.cmp(&a.1).then_with(|| a.0.cmp(&b.0)));
        out
    }
}

/// What happened to a file.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Change {
    /// It is new.
    Added,
    /// Its contents are others.
    Changed,
    /// It is gone.
    Removed,
}

impl Change {
    /// Its name in output.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Change::Added => "added",
            Change::Changed => "changed",
            Change::Removed => "removed",
        }
    }
}

/// What happened between two states of an index: path, change, and why the file gives nothing, if so.
#[must_use]
pub fn changes(before: &Manifest, after: &Manifest) -> Vec<(String, Change, Option<SkipReason>)> {
    let mut out = Vec::new();
    let files =
        |manifest: &'_ Manifest, number: u32| manifest.folders.iter().position(|folder| folder.number == number);
    for folder in &after.folders {
        let known = files(before, folder.number).map(|place| &before.folders[place].files);
        for (key, entry) in &folder.files {
            let change = match known.and_then(|known| known.get(key)) {
                None => Change::Added,
                Some(old) if old.hash != entry.hash || old.state != entry.state => Change::Changed,
                Some(_) => continue,
            };
            let reason = match &entry.state {
                FileState::Skipped(reason) => Some(reason.clone()),
                FileState::Indexed { .. } => None,
            };
            out.push((folder.path_of(key), change, reason));
        }
    }
    for folder in &before.folders {
        let now = files(after, folder.number).map(|place| &after.folders[place].files);
        let gone = folder.files.keys().filter(|key| now.is_none_or(|now| !now.contains_key(*key)));
        out.extend(gone.map(|key| (folder.path_of(key), Change::Removed, None)));
    }
    out.sort_by(|a, b| (a.1 != Change::Removed, &a.0).cmp(&(b.1 != Change::Removed, &b.0)));
    out
}

/// How hard zstd tries: half the size for a few milliseconds.
const LEVEL: i32 = 3;

/// First bytes of a manifest file.
const MAGIC: [u8; 8] = *b"XHDFILES";

/// Name of the manifest of a generation.
#[must_use]
pub fn file_name(generation: u64) -> String {
    format!("files-{generation}.bin")
}

/// Writes the manifest of `generation` into `folder`, synced to disk.
///
/// # Errors
///
/// What the operating system says.
pub fn write(folder: &Path, generation: u64, manifest: &Manifest) -> io::Result<PathBuf> {
    let body = postcard::to_stdvec(manifest).map_err(io::Error::other)?;
    let body = zstd::bulk::compress(&body, LEVEL)?;
    let path = folder.join(file_name(generation));
    sealed::write(&path, MAGIC, &body)?;
    Ok(path)
}

/// Reads the manifest of `generation`.
///
/// # Errors
///
/// What the operating system says, or `InvalidData` if the file is damaged.
pub fn read(folder: &Path, generation: u64) -> io::Result<Manifest> {
    let body = sealed::read(&folder.join(file_name(generation)), MAGIC)?;
    let damaged = || io::Error::new(io::ErrorKind::InvalidData, "it is damaged");
    let body = zstd::stream::decode_all(&body[..]).map_err(|_| damaged())?;
    postcard::from_bytes(&body).map_err(|_| damaged())
}

/// The latest manifest in `folder` that can be read.
pub fn read_any(folder: &Path) -> Option<Manifest> {
    let entries = fs::read_dir(folder).ok()?.flatten();
    let names = entries.filter_map(|entry| entry.file_name().into_string().ok());
    let mut generations: Vec<u64> =
        names.filter_map(|name| name.strip_prefix("files-")?.strip_suffix(".bin")?.parse().ok()).collect();
    generations.sort_unstable();
    generations.into_iter().rev().find_map(|generation| read(folder, generation).ok())
}

/// Removes the manifests of other generations.
pub fn remove_others(folder: &Path, generation: u64) {
    let keep = file_name(generation);
    let Ok(entries) = fs::read_dir(folder) else { return };
    for entry in entries.flatten() {
        let name = entry.file_name();
        let name = name.to_string_lossy();
        if name.starts_with("files-") && name != keep {
            // What cannot be removed now is removed by a later run; nothing reads it.
            let _ = fs::remove_file(entry.path());
        }
    }
}

/// A folder's name as paths begin with it: without slashes at the end, `/`-separated.
#[must_use]
pub fn folder_name(given: &str) -> String {
    let name = if std::path::MAIN_SEPARATOR == '\\' { given.replace('\\', "/") } else { given.to_string() };
    let trimmed = name.trim_end_matches('/');
    if trimmed.is_empty() && !name.is_empty() { "/".into() } else { trimmed.to_string() }
}

/// A folder as a commit knows it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct FollowedFolder {
    /// As it was given; paths of articles begin with it where they are shown.
    pub name: String,
    /// Where it is.
    pub absolute: String,
    /// The name that paths begin with where they are stored: the one it was first indexed under.
    pub stored: String,
    /// Its files, skipped ones too.
    pub files: u64,
    /// Its articles.
    pub articles: u64,
}

impl FollowedFolder {
    pub(crate) fn of(folder: &Folder) -> FollowedFolder {
        let articles = folder.files.values().map(|entry| entry.state.articles()).sum();
        FollowedFolder {
            name: folder.name.clone(),
            absolute: folder.absolute.clone(),
            stored: folder.stored.clone(),
            files: folder.files.len() as u64,
            articles,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_manifest_comes_back_and_damage_is_seen() {
        let folder = tempfile::tempdir().expect("a folder");
        let entry =
            FileEntry { number: 2, bytes: 3, modified_ns: 5, hash: 7, state: FileState::Skipped(SkipReason::Empty) };
        let manifest = Manifest {
            folders: vec![Folder {
                number: 0,
                name: "news".into(),
                stored: "news".into(),
                device: 0,
                absolute: "/news".into(),
                files: BTreeMap::from([(b"a.txt".to_vec(), entry)]),
            }],
            next_file: 3,
            repeated: Arc::new(RepeatedLines::new(vec![9, 4])),
        };
        let path = write(folder.path(), 4, &manifest).expect("written");
        assert_eq!(read(folder.path(), 4).expect("read"), manifest);
        let mut bytes = fs::read(&path).expect("bytes");
        let last = bytes.len() - 1;
        bytes[last] ^= 1;
        fs::write(&path, bytes).expect("written");
        assert_eq!(read(folder.path(), 4).map_err(|e| e.kind()), Err(io::ErrorKind::InvalidData));
    }

    #[test]
    fn shown_paths() {
        for (name, key, path) in
            [("news", "a/b.txt", "news/a/b.txt"), ("/", "a", "/a"), ("a.txt", "", "a.txt"), (".", "a", "./a")]
        {
            assert_eq!(shown_path(name, key.as_bytes()), path);
        }
    }
}
