//! Options, progress and report of a run.

use std::sync::Arc;

use serde::Serialize;

use crate::cancel::CancelFlag;
use crate::index::manifest::{self, FileState};
use crate::ingest::walk::WalkOptions;
use crate::ingest::{ReadLimits, SkipReason};

/// tantivy's minimum of memory for a writing thread.
pub(crate) const MIN_WRITER_BYTES: usize = 16 << 20;

/// Disk space that any run needs, in bytes.
pub(crate) const MIN_NEEDED: u64 = 1 << 20;

/// How to bring an index up to date. Made by [`SyncOptions::default`], then changed.
#[derive(Clone)]
#[non_exhaustive]
pub struct SyncOptions {
    /// Number of threads that read files; 0 for one for each processor.
    pub threads: usize,
    /// How folders are walked. A folder that was walked otherwise before is walked so, too, from then on: a run without
    /// an option finds what one with it found.
    pub walk: WalkOptions,
    /// In a rebuild, how folders were walked before, by their absolute paths.
    pub(crate) walked: Vec<(String, WalkOptions)>,
    /// Bounds on what is read.
    pub limits: ReadLimits,
    /// Also compare contents of files whose size, times and inode are unchanged.
    pub rehash: bool,
    /// Also remove articles whose folder is missing, or vanished at once with most of its files; by default they are kept.
    pub prune: bool,
    /// Wait while another process writes, instead of failing.
    pub wait: bool,
    /// Memory in bytes for documents that are not yet in a segment, of all threads; `None` for 96 MiB a thread, or 192
    /// MiB if one thread writes. Up to 2,000 waiting documents are not counted.
    pub memory: Option<u64>,
    /// Receives progress.
    pub progress: Arc<dyn Progress>,
    /// Ends the run early; the files done by then are committed.
    pub cancel: CancelFlag,
    /// The time that articles are added at, in seconds since 1970 by this machine's calendar.
    pub now: i64,
    /// In a rebuild, drop articles that a program added, instead of failing.
    pub discard_added: bool,
    /// Let tantivy write segments instead of the counting writer: the same bytes in more time, to find the cause of a
    /// fault.
    #[doc(hidden)]
    pub plain_segments: bool,
}

impl Default for SyncOptions {
    fn default() -> Self {
        SyncOptions {
            threads: 0,
            walk: WalkOptions::default(),
            walked: Vec::new(),
            limits: ReadLimits::default(),
            rehash: false,
            prune: false,
            wait: false,
            memory: None,
            progress: Arc::new(Silent),
            cancel: CancelFlag::new(),
            now: crate::article::date::seconds_of(jiff::ZonedDateTime::now().datetime()),
            discard_added: false,
            plain_segments: false,
        }
    }
}

/// Receives the progress of a run.
pub trait Progress: Send + Sync {
    /// Reading begins: number of files and their bytes.
    fn start(&self, _files: u64, _bytes: u64) {}
    /// One more file of this size is done.
    fn advance(&self, _bytes: u64) {}
    /// Reading ended; the index is being written.
    fn finish(&self) {}
    /// A file or record was skipped, or a folder could not be read.
    fn skipped(&self, _path: &str, _reason: &str) {}
}

/// Ignores all progress.
pub(crate) struct Silent;

impl Progress for Silent {}

/// A file or record that was skipped.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Skipped {
    /// Its path, and for a record its position in the file: `news/a.jsonl: line 3`.
    pub path: String,
    /// Is it a record of a file, whose other records may be articles?
    #[serde(skip)]
    pub is_record: bool,
    /// Why.
    pub reason: String,
    /// The reason, for code.
    #[serde(skip)]
    pub cause: SkipReason,
}

/// A folder or file that could not be read; its articles are kept.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct Failure {
    /// Its path, as shown.
    pub path: String,
    /// Why.
    pub reason: String,
    /// The kind of failure.
    pub kind: FailureKind,
    /// Number of articles that were kept, if they were counted.
    pub articles: u64,
}

/// Kinds of [`Failure`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum FailureKind {
    /// A followed folder does not exist.
    Missing,
    /// A followed folder is empty and on another disk than before.
    Unmounted,
    /// All articles of a folder, or most of them, are gone at once.
    Vanished,
    /// A file whose article is indexed could not be read. The next run tries again.
    Unread,
    /// An error of the operating system.
    Unreadable,
}

impl FailureKind {
    /// Was a single file not readable for now, which the next run tries again, so that the run was whole but for that?
    /// A folder that is missing or vanished needs a person.
    #[must_use]
    pub fn is_passing(self) -> bool {
        matches!(self, FailureKind::Unread)
    }
}

/// What a run did, and totals of the index after it.
#[derive(Debug, Clone, Default, PartialEq, Serialize)]
#[non_exhaustive]
pub struct Report {
    /// Files in the folders that were walked.
    pub files: u64,
    /// Articles in the index.
    pub articles: u64,
    /// Sections in the index.
    pub sections: u64,
    /// Passages in the index.
    pub passages: u64,
    /// Files that were new.
    pub added: u64,
    /// Files whose contents changed.
    pub changed: u64,
    /// Files that were removed.
    pub removed: u64,
    /// Files that were unchanged.
    pub unchanged: u64,
    /// Articles that were kept although their folder or file vanished or could not be read.
    pub kept: u64,
    /// Files and records that are skipped, with the reason.
    pub skipped: Vec<Skipped>,
    /// Size of the files that were walked, in bytes.
    pub bytes: u64,
    /// Time it took, in seconds.
    pub seconds: f64,
    /// Folders and files that could not be read; their articles were kept.
    #[serde(skip)]
    pub failed: Vec<Failure>,
    /// Was it cancelled?
    #[serde(skip)]
    pub interrupted: bool,
}

pub(crate) fn fill_totals(report: &mut Report, totals: &manifest::Totals) {
    report.articles = totals.articles;
    report.sections = totals.sections;
    report.passages = totals.passages;
}

/// Adds the skips of a file to the report.
pub(crate) fn report_skips(report: &mut Report, path: &str, state: &FileState) {
    match state {
        FileState::Skipped(reason) => {
            report.skipped.push(Skipped {
                path: path.to_string(),
                is_record: false,
                reason: reason.to_string(),
                cause: reason.clone(),
            });
        }
        FileState::Indexed { bad, .. } => {
            let records = bad.iter().map(|(position, reason)| Skipped {
                path: format!("{path}: {position}"),
                is_record: true,
                reason: reason.to_string(),
                cause: reason.clone(),
            });
            report.skipped.extend(records);
        }
    }
}
