//! Compares an index with its folders: every file is read and its contents compared. Nothing is changed.

use std::collections::{BTreeSet, HashMap};
use std::io::ErrorKind;
use std::path::Path;

use rayon::iter::{IntoParallelRefIterator, ParallelIterator};
use serde::Serialize;
use tantivy::schema::IndexRecordOption;
use tantivy::{DocSet as _, Searcher, TERMINATED};

use super::manifest::{FileEntry, FileState, Folder};
use super::vanished::{device_of, is_below, is_emptied_disk, vanished};
use super::{Index, IndexError, Manifest, guarded};
use crate::ingest::read::Contents;
use crate::ingest::walk::{Candidate, FailedPaths, Walked, walk};
use crate::ingest::{ReadLimits, SkipReason};
use crate::os;
use crate::text::counted;

/// The status of a file.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum FileStatus {
    /// Indexed and unchanged.
    Indexed,
    /// Indexed and unchanged, with the same bytes as another file.
    Duplicate,
    /// Skipped when it was indexed, for a reason that still holds.
    Skipped,
    /// In the folder, not in the index.
    New,
    /// Its contents differ from what was indexed.
    Changed,
    /// In the index, not in the folder.
    Gone,
    /// The same, and its articles are kept, because its folder is missing or most of its files vanished at once.
    Kept,
    /// In the manifest, but some of its articles are not in the index.
    Lost,
    /// Not in the manifest, but articles of it are in the index.
    Stray,
    /// It, or its folder, cannot be read.
    Unknown,
}

impl FileStatus {
    /// All of them.
    pub const ALL: [FileStatus; 10] = [
        FileStatus::Indexed,
        FileStatus::Duplicate,
        FileStatus::Skipped,
        FileStatus::New,
        FileStatus::Changed,
        FileStatus::Gone,
        FileStatus::Kept,
        FileStatus::Lost,
        FileStatus::Stray,
        FileStatus::Unknown,
    ];

    /// Its name in output.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            FileStatus::Indexed => "indexed",
            FileStatus::Duplicate => "duplicate",
            FileStatus::Skipped => "skipped",
            FileStatus::New => "new",
            FileStatus::Changed => "changed",
            FileStatus::Gone => "gone",
            FileStatus::Kept => "kept",
            FileStatus::Lost => "lost",
            FileStatus::Stray => "stray",
            FileStatus::Unknown => "unknown",
        }
    }

    /// Do index and folder agree on the file?
    #[must_use]
    pub fn agrees(self) -> bool {
        matches!(self, FileStatus::Indexed | FileStatus::Duplicate | FileStatus::Skipped)
    }

    /// Do index and manifest disagree, so that only a rebuild helps?
    #[must_use]
    pub fn is_damage(self) -> bool {
        matches!(self, FileStatus::Lost | FileStatus::Stray)
    }
}

/// A file that was checked.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Checked {
    /// Its path, as shown.
    pub path: String,
    /// Its status.
    #[serde(rename = "standing")]
    pub status: FileStatus,
    /// Why it is skipped or kept, which file it duplicates, or what differs.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
    /// Did its contents change, but not its size, times and inode?
    #[serde(skip)]
    pub is_hidden_change: bool,
    /// Number of its articles, if they are kept without it.
    #[serde(skip)]
    pub kept: u64,
}

impl Checked {
    fn new(path: String, status: FileStatus, reason: Option<String>) -> Checked {
        Checked { path, status, reason, is_hidden_change: false, kept: 0 }
    }
}

/// Compares the index with its folders, by contents.
///
/// # Errors
///
/// Any error of reading the index. A file that cannot be read is [`FileStatus::Unknown`].
pub fn check(index: &Index) -> Result<Vec<Checked>, IndexError> {
    guarded(index.path(), || {
        let (manifest, num_articles) = articles_by_file(index)?;
        let mut check = Check { num_articles, first_with: HashMap::new(), checked: Vec::new() };
        manifest.folders.iter().filter(|folder| folder.is_added()).for_each(|folder| check.added(folder));
        manifest.followed().for_each(|(_, folder)| check.folder(folder));
        Ok(check.finish())
    })
}

/// A check that is under way.
struct Check {
    /// Number of articles in the index by the number of their file. Files that were checked are removed.
    num_articles: HashMap<u64, u64>,
    /// The first file with contents of this hash.
    first_with: HashMap<u64, String>,
    checked: Vec<Checked>,
}

impl Check {
    /// Checks the articles that a program added.
    fn added(&mut self, folder: &Folder) {
        for (key, entry) in &folder.files {
            let found = self.num_articles.remove(&entry.number).unwrap_or(0);
            let status = if found == entry.state.articles() { FileStatus::Indexed } else { FileStatus::Lost };
            self.checked.push(Checked::new(folder.path_of(key), status, None));
        }
    }

    /// Checks the files of a folder.
    fn folder(&mut self, folder: &Folder) {
        let root = Path::new(&folder.absolute);
        if !root.exists() {
            for (key, entry) in &folder.files {
                self.absent(folder, key, entry, Some("the folder is not there".to_string()));
            }
            return;
        }
        let mut failed = FailedPaths::default();
        let mut new = 0;
        let mut seen = BTreeSet::new();
        let mut all: Vec<Walked> = walk(root, folder.walk).collect();
        all.sort_by(|a, b| a.key().cmp(b.key()));
        for walked in all {
            match walked {
                Walked::File(candidate) => {
                    new += usize::from(!folder.files.contains_key(&candidate.key));
                    self.file(folder, &candidate);
                    seen.insert(candidate.key);
                }
                Walked::Failed { key, error, path } => {
                    let path = if key.is_empty() {
                        folder.name.clone()
                    } else {
                        folder.path_of(&key) + if path.is_dir() { "/" } else { "" }
                    };
                    self.checked.push(Checked::new(path, FileStatus::Unknown, Some(error.clone())));
                    failed.insert(key, error);
                }
            }
        }
        let unseen: Vec<&Vec<u8>> = folder.files.keys().filter(|key| !seen.contains(*key)).collect();
        let (unknown, gone): (Vec<_>, Vec<_>) = unseen.into_iter().cloned().partition(|key| failed.cover(key));
        for key in unknown {
            self.num_articles.remove(&folder.files[&key].number);
        }
        let is_empty = seen.is_empty() && failed.is_empty();
        let kept = if is_empty && is_emptied_disk(folder, device_of(root)) {
            vec![Vec::new()]
        } else {
            vanished(folder, &gone, new)
        };
        for key in gone {
            let prefix = kept.iter().find(|prefix| is_below(&key, prefix));
            let reason =
                prefix.map(|prefix| format!("most or all files of {} are gone at once", folder.path_of(prefix)));
            self.absent(folder, &key, &folder.files[&key], reason);
        }
    }

    /// Records a file that is not in its folder, with the reason if its articles are kept.
    fn absent(&mut self, folder: &Folder, key: &[u8], entry: &FileEntry, kept: Option<String>) {
        self.num_articles.remove(&entry.number);
        let status = if kept.is_some() { FileStatus::Kept } else { FileStatus::Gone };
        let articles = if kept.is_some() { entry.state.articles() } else { 0 };
        self.checked.push(Checked { kept: articles, ..Checked::new(folder.path_of(key), status, kept) });
    }

    /// Checks a file that is in its folder.
    fn file(&mut self, folder: &Folder, candidate: &Candidate) {
        let path = folder.path_of(&candidate.key);
        let Some(entry) = folder.files.get(&candidate.key) else {
            self.checked.push(Checked::new(path, FileStatus::New, None));
            return;
        };
        let mut checked = self.compare(path, entry, candidate);
        let (expected, found) = (entry.state.articles(), self.num_articles.remove(&entry.number).unwrap_or(0));
        if expected != found {
            checked.status = FileStatus::Lost;
            checked.reason = Some(format!("{found} of its {} in the index", counted(expected, "article")));
        }
        self.checked.push(checked);
    }

    /// Compares a file with its entry in the manifest.
    fn compare(&mut self, path: String, entry: &FileEntry, candidate: &Candidate) -> Checked {
        match (&entry.state, &candidate.skip) {
            (FileState::Skipped(before), Some(now)) if before == now => {
                return Checked::new(path, FileStatus::Skipped, Some(before.to_string()));
            }
            (_, Some(now)) => return Checked::new(path, FileStatus::Changed, Some(now.to_string())),
            (_, None) => {}
        }
        // As an update reads it: files of facts and pages of scans are parts of the hash.
        let hash = match Contents::read_listed(candidate, ReadLimits::default()) {
            Ok(contents) => contents.hash,
            Err(reason) => {
                let reason = match reason {
                    SkipReason::Unreadable(error) => error,
                    other => other.to_string(),
                };
                let is_passing = matches!(&entry.state, FileState::Skipped(reason) if reason.is_passing());
                let status = if is_passing { FileStatus::Skipped } else { FileStatus::Unknown };
                return Checked::new(path, status, Some(reason));
            }
        };
        if hash != entry.hash {
            let is_hidden_change = entry.is_as_listed(candidate);
            let is_as_old = entry.bytes == candidate.bytes && entry.modified_ns == candidate.modified_ns;
            let reason = is_as_old.then(|| "same size and time, other contents".to_string());
            return Checked { is_hidden_change, ..Checked::new(path, FileStatus::Changed, reason) };
        }
        if let FileState::Skipped(reason) = &entry.state {
            return Checked::new(path, FileStatus::Skipped, Some(reason.to_string()));
        }
        if let Some(first) = self.first_with.get(&hash) {
            let reason = format!("same bytes as {first}");
            return Checked::new(path, FileStatus::Duplicate, Some(reason));
        }
        self.first_with.insert(hash, path.clone());
        Checked::new(path, FileStatus::Indexed, None)
    }

    /// The files, and those that articles in the index belong to but the manifest lacks.
    fn finish(mut self) -> Vec<Checked> {
        let mut strays: Vec<_> = self.num_articles.into_iter().collect();
        strays.sort_unstable();
        self.checked.extend(strays.into_iter().map(|(file, articles)| {
            let reason = format!("{} of the index without a file", counted(articles, "article"));
            Checked::new(format!("file number {file}"), FileStatus::Stray, Some(reason))
        }));
        self.checked
    }
}

/// Number of the articles whose file is not there: those that are kept, and those that the next run removes. Files are not
/// read.
///
/// # Errors
///
/// Any error of reading the index.
pub fn missing_articles(index: &Index) -> Result<u64, IndexError> {
    let manifest = index.manifest()?.1;
    Ok(manifest.followed().map(|(_, folder)| missing_in(folder)).sum())
}

fn missing_in(folder: &Folder) -> u64 {
    let root = Path::new(&folder.absolute);
    let all = folder.files.par_iter();
    if !root.exists() {
        return all.map(|(_, entry)| entry.state.articles()).sum();
    }
    let is_missing = |key: &[u8]| {
        let path = if key.is_empty() { root.to_path_buf() } else { root.join(os::path_of(key)) };
        let error = path.symlink_metadata().err();
        error.is_some_and(|error| matches!(error.kind(), ErrorKind::NotFound | ErrorKind::NotADirectory))
    };
    all.filter(|(key, _)| is_missing(key)).map(|(_, entry)| entry.state.articles()).sum()
}

/// The manifest, and the number of articles in the index by the number of their file.
fn articles_by_file(index: &Index) -> Result<(Manifest, HashMap<u64, u64>), IndexError> {
    loop {
        let (before, manifest) = index.manifest()?;
        let (payload, searcher) = index.snapshot()?;
        if before.generation == payload.generation {
            let num_articles = count_articles(index, &searcher).map_err(|error| index.error(error))?;
            return Ok((manifest, num_articles));
        }
    }
}

fn count_articles(index: &Index, searcher: &Searcher) -> tantivy::Result<HashMap<u64, u64>> {
    let mut num_articles = HashMap::new();
    for reader in searcher.segment_readers() {
        // Only first documents of articles have a value.
        let article_len = reader.fast_fields().column_opt::<u64>("article_len")?;
        let inverted = reader.inverted_index(index.fields().file)?;
        let mut files = inverted.terms().stream()?;
        while files.advance() {
            // A term of another length is only in a damaged index; its articles are then of no file.
            let file = files.key().try_into().map_or(u64::MAX, u64::from_be_bytes);
            let mut postings = inverted.read_postings_from_terminfo(files.value(), IndexRecordOption::Basic)?;
            while postings.doc() != TERMINATED {
                let doc = postings.doc();
                let is_first = article_len.as_ref().is_some_and(|lengths| lengths.first(doc).is_some());
                if is_first && !reader.is_deleted(doc) {
                    *num_articles.entry(file).or_default() += 1;
                }
                postings.advance();
            }
        }
    }
    Ok(num_articles)
}
