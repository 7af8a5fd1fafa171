//! The manifest: which files were indexed, in which condition, and with which outcome.
//!
//! It is a file of its own, written and synced before the tantivy commit whose payload names it. The commit makes it
//! valid, so documents and manifest change in one atomic step. A manifest that no commit names was left by a killed run
//! and is removed by the next.

use std::collections::BTreeMap;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};
use smallvec::SmallVec;

use super::sealed;
use crate::ingest::SkipReason;
use crate::ingest::walk::{Candidate, WalkOptions};
use crate::text::Language;

/// A file, as it was when it was last read.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct FileEntry {
    /// Its number, which its documents are indexed with. It never changes.
    pub number: u64,
    /// Its size in bytes.
    pub bytes: u64,
    /// Time of its last change, in nanoseconds since 1970; [`UNSURE`] if that was so shortly before it was read that a
    /// further change could have the same time.
    pub modified_ns: i64,
    /// Time of the last change of its contents or its inode, in nanoseconds since 1970, which a program cannot set; 0 where
    /// the system has none.
    pub changed_ns: i64,
    /// Number of its inode; 0 where the system has none.
    pub inode: u64,
    /// xxh3-64 of its bytes; 0 if they could not be read.
    pub hash: u64,
    /// Its outcome.
    pub state: FileState,
}

impl FileEntry {
    /// Has the file the size, the times and the inode that it had when it was read? Then its bytes are taken to be the
    /// same.
    #[must_use]
    pub fn is_as_listed(&self, now: &Candidate) -> bool {
        let before = (self.bytes, self.modified_ns, self.changed_ns, self.inode);
        before == (now.bytes, now.modified_ns, now.changed_ns, now.inode)
    }
}

/// Lengths of texts in terms, by field. The mean lengths that scores need are made of these: tantivy's own sums are of
/// rounded lengths once a merge has dropped deleted documents.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Lengths {
    /// Of titles.
    pub title: u64,
    /// Of the headings of sections.
    pub heading: u64,
    /// Of passages.
    pub body: u64,
    /// Number of sections that have a heading.
    pub headings: u64,
}

impl Lengths {
    /// Adds other texts' lengths.
    pub fn add(&mut self, other: &Lengths) {
        self.title += other.title;
        self.heading += other.heading;
        self.body += other.body;
        self.headings += other.headings;
    }
}

/// A time that no file has, so that the next run compares hashes.
pub const UNSURE: i64 = i64::MIN;

/// The outcome of indexing a file.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum FileState {
    /// It was read.
    Indexed {
        /// Number of articles.
        articles: u32,
        /// Number of their sections.
        sections: u32,
        /// Number of their passages.
        passages: u32,
        /// Lengths of their texts.
        lengths: Lengths,
        /// Number of articles by language.
        languages: SmallVec<[(Language, u32); 1]>,
        /// Records without an article: position in the file, and reason.
        bad: Box<[(String, SkipReason)]>,
    },
    /// It was skipped.
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

    /// Number of its articles.
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
    /// Its number, which never changes.
    pub number: u32,
    /// Its name as given, with which shown paths begin.
    pub name: String,
    /// The name it was first indexed under, with which stored paths begin.
    pub stored: String,
    /// Its absolute path.
    pub absolute: String,
    /// Number of the disk that it was on at the last walk; 0 if unknown.
    pub device: u64,
    /// How it is walked, by all options that it was ever named with: a run without them would take files for gone.
    pub walk: WalkOptions,
    /// Its files by key: the path below the folder, `/`-separated, in the operating system's bytes.
    #[serde(with = "super::entries")]
    pub files: BTreeMap<Vec<u8>, FileEntry>,
}

impl Folder {
    /// The folder of articles that a program added, which are in no file. Their ids are the keys.
    pub fn of_added(number: u32) -> Folder {
        let (name, stored, absolute) = (String::new(), String::new(), String::new());
        Folder { number, name, stored, absolute, device: 0, walk: WalkOptions::default(), files: BTreeMap::new() }
    }

    /// Is it the folder of articles that a program added?
    #[must_use]
    pub fn is_added(&self) -> bool {
        self.absolute.is_empty()
    }

    /// The files and records that were not read, as paths, with the reasons.
    pub fn skipped(&self) -> Vec<(String, String)> {
        let mut out = Vec::new();
        for (key, entry) in &self.files {
            match &entry.state {
                FileState::Skipped(reason) => out.push((self.path_of(key), reason.to_string())),
                FileState::Indexed { bad, .. } => {
                    let path = || self.path_of(key);
                    out.extend(bad.iter().map(|(at, reason)| (format!("{}: {at}", path()), reason.to_string())));
                }
            }
        }
        out
    }

    /// The path to show for one of its files.
    #[must_use]
    pub fn path_of(&self, key: &[u8]) -> String {
        shown_path(&self.name, key)
    }
}

/// `name/key` as text. A single file that was named is a folder of one file, whose key is empty.
#[must_use]
pub fn shown_path(name: &str, key: &[u8]) -> String {
    if key.is_empty() {
        return name.to_string();
    }
    let key = String::from_utf8_lossy(key);
    if name.is_empty() || name.ends_with('/') { format!("{name}{key}") } else { format!("{name}/{key}") }
}

/// All folders and files of an index.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Manifest {
    /// The folders, in the order in which they were first named.
    pub folders: Vec<Folder>,
    /// The number for the next new file.
    pub next_file: u64,
}

/// Counts over an index.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Totals {
    /// Files, including skipped ones.
    pub files: u64,
    /// Skipped files.
    pub skipped: u64,
    /// Articles.
    pub articles: u64,
    /// Sections.
    pub sections: u64,
    /// Passages.
    pub passages: u64,
    /// Size of the files in bytes.
    pub bytes: u64,
    /// Lengths of the texts.
    #[serde(default)]
    pub(crate) lengths: Lengths,
}

impl Totals {
    /// Adds those of another index.
    pub(crate) fn add(&mut self, other: &Totals) {
        self.files += other.files;
        self.skipped += other.skipped;
        self.articles += other.articles;
        self.sections += other.sections;
        self.passages += other.passages;
        self.bytes += other.bytes;
        self.lengths.add(&other.lengths);
    }
}

impl Manifest {
    /// The folders that the index follows, each with its index in `folders`.
    pub fn followed(&self) -> impl Iterator<Item = (usize, &Folder)> {
        self.folders.iter().enumerate().filter(|(_, folder)| !folder.is_added())
    }

    /// Number of articles that a program added.
    #[must_use]
    pub fn added(&self) -> u64 {
        self.folders.iter().filter(|folder| folder.is_added()).map(|folder| folder.files.len() as u64).sum()
    }

    /// Counts files and their articles, sections and passages.
    #[must_use]
    pub fn totals(&self) -> Totals {
        let mut totals = Totals::default();
        for entry in self.folders.iter().flat_map(|folder| folder.files.values()) {
            totals.files += 1;
            totals.bytes += entry.bytes;
            match &entry.state {
                FileState::Indexed { articles, sections, passages, lengths, .. } => {
                    totals.lengths.add(lengths);
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

/// How a file changed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Change {
    /// It was added.
    Added,
    /// Its contents or its outcome changed.
    Changed,
    /// It was removed.
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

/// A change of a file.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct FileChange {
    /// How it changed.
    pub change: Change,
    /// Its path, as it is shown.
    pub path: String,
    /// The reason if it was skipped.
    pub skipped: Option<String>,
}

/// The changes between two manifests; removed files come first.
#[must_use]
pub fn changes(before: &Manifest, after: &Manifest) -> Vec<FileChange> {
    let mut out = Vec::new();
    let find = |manifest: &Manifest, number: u32| manifest.folders.iter().position(|folder| folder.number == number);
    for folder in &after.folders {
        let known = find(before, folder.number).map(|i| &before.folders[i].files);
        for (key, entry) in &folder.files {
            let change = match known.and_then(|known| known.get(key)) {
                None => Change::Added,
                Some(old) if old.hash != entry.hash || old.state != entry.state => Change::Changed,
                Some(_) => continue,
            };
            let skipped = match &entry.state {
                FileState::Skipped(reason) => Some(reason.to_string()),
                FileState::Indexed { .. } => None,
            };
            out.push(FileChange { change, path: folder.path_of(key), skipped });
        }
    }
    for folder in &before.folders {
        let now = find(after, folder.number).map(|i| &after.folders[i].files);
        let gone = folder.files.keys().filter(|key| now.is_none_or(|now| !now.contains_key(*key)));
        let gone = gone.map(|key| folder.path_of(key));
        out.extend(gone.map(|path| FileChange { change: Change::Removed, path, skipped: None }));
    }
    out.sort_by(|a, b| (a.change != Change::Removed, &a.path).cmp(&(b.change != Change::Removed, &b.path)));
    out
}

/// zstd level: half the size for a few milliseconds.
const LEVEL: i32 = 3;

/// Magic of a manifest file.
const MAGIC: [u8; 8] = *b"XHDFILES";

/// File name of the manifest of a generation.
#[must_use]
pub fn file_name(generation: u64) -> String {
    format!("files-{generation}.bin")
}

/// Writes the manifest of `generation` into `folder`, durably. Returns its path.
///
/// # Errors
///
/// The error of the operating system.
pub fn write(folder: &Path, generation: u64, manifest: &Manifest) -> io::Result<PathBuf> {
    let body = postcard::to_stdvec(manifest).expect("numbers, strings and lists have a postcard form");
    let body = zstd::bulk::compress(&body, LEVEL)?;
    let path = folder.join(file_name(generation));
    sealed::write(&path, MAGIC, &body)?;
    Ok(path)
}

/// Reads the manifest of `generation`.
///
/// # Errors
///
/// The error of the operating system, or `InvalidData` if the file is damaged.
pub fn read(folder: &Path, generation: u64) -> io::Result<Manifest> {
    let body = sealed::read(&folder.join(file_name(generation)), MAGIC)?;
    let damaged = || io::Error::new(io::ErrorKind::InvalidData, "it is damaged");
    let body = zstd::stream::decode_all(&body[..]).map_err(|_| damaged())?;
    postcard::from_bytes(&body).map_err(|_| damaged())
}

/// The newest manifest in `folder` that can be read.
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
            // A file that cannot be removed now is removed by a later run; nothing reads it.
            let _ = fs::remove_file(entry.path());
        }
    }
}

/// A folder's name as paths begin with it: `/`-separated, without slashes at the end.
#[must_use]
pub fn folder_name(given: &str) -> String {
    let name = if std::path::MAIN_SEPARATOR == '\\' { given.replace('\\', "/") } else { given.to_string() };
    let trimmed = name.trim_end_matches('/');
    if trimmed.is_empty() && !name.is_empty() { "/".into() } else { trimmed.to_string() }
}

/// A folder that an index follows.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct FollowedFolder {
    /// Its name as given, with which shown paths begin.
    pub name: String,
    /// Its absolute path.
    pub absolute: String,
    /// The name it was first indexed under, with which stored paths begin.
    pub stored: String,
    /// Number of its files, including skipped ones.
    pub files: u64,
    /// Number of its articles.
    pub articles: u64,
    /// How it is walked.
    #[serde(default)]
    pub walk: WalkOptions,
}

impl FollowedFolder {
    pub(crate) fn of(folder: &Folder) -> FollowedFolder {
        let articles = folder.files.values().map(|entry| entry.state.articles()).sum();
        FollowedFolder {
            walk: folder.walk,
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
    fn manifests_round_trip_and_damage_is_detected() {
        let folder = tempfile::tempdir().expect("a folder");
        let entry = FileEntry {
            number: 2,
            bytes: 3,
            modified_ns: 5,
            changed_ns: 6,
            inode: 8,
            hash: 7,
            state: FileState::Skipped(SkipReason::Empty),
        };
        let manifest = Manifest {
            folders: vec![Folder {
                number: 0,
                name: "news".into(),
                stored: "news".into(),
                device: 0,
                walk: WalkOptions { follow: false, hidden: true },
                absolute: "/news".into(),
                files: BTreeMap::from([(b"a.txt".to_vec(), entry)]),
            }],
            next_file: 3,
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
