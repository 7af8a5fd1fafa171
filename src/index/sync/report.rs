//! What a run is asked to do, and what it says it did.

use std::sync::Arc;

use serde::Serialize;

use crate::cancel::CancelFlag;
use crate::index::manifest::{self, FileState};
use crate::ingest::ReadLimits;
use crate::ingest::walk::WalkOptions;

/// tantivy's least memory for a writing thread.
pub(crate) const MIN_WRITER_BYTES: usize = 16 << 20;

/// A run takes some room on disk however little it does.
pub(crate) const MIN_NEEDED: u64 = 1 << 20;

/// How to bring an index up to date. Made by [`SyncOptions::default`], then changed.
#[derive(Clone)]
#[non_exhaustive]
pub struct SyncOptions {
    /// Threads that read files; 0 for one a processor.
    pub threads: usize,
    /// How folders are walked.
    pub walk: WalkOptions,
    /// Bounds on what is read.
    pub limits: ReadLimits,
    /// Compare contents also where size and time are the same.
    pub rehash: bool,
    /// Wait while another process writes, rather than fail.
    pub wait: bool,
    /// Memory in bytes for documents that are not yet in a segment, all threads together; `None` for 96 MiB a thread, or
    /// 192 MiB where one thread writes. Up to 2,000 documents may wait beside.
    pub memory: Option<u64>,
    /// Told of what happens.
    pub progress: Arc<dyn Progress>,
    /// Ends the run early; what is done by then is committed.
    pub cancel: CancelFlag,
    /// When articles are added, in seconds since 1970 by this machine's calendar.
    pub now: i64,
    /// In a rebuild, drop articles that a program added, rather than fail.
    pub discard_added: bool,
    /// Let tantivy write segments, rather than the counting writer: the same bytes in more time. To tell where a fault is.
    #[doc(hidden)]
    pub plain_segments: bool,
}

impl Default for SyncOptions {
    fn default() -> Self {
        SyncOptions {
            threads: 0,
            walk: WalkOptions::default(),
            limits: ReadLimits::default(),
            rehash: false,
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

/// Told of what a run does, as it does it.
pub trait Progress: Send + Sync {
    /// Reading begins: number of files and their bytes.
    fn start(&self, _files: u64, _bytes: u64) {}
    /// One more file, with its bytes, is done.
    fn advance(&self, _bytes: u64) {}
    /// Reading is over; the index is being written.
    fn finish(&self) {}
    /// A file or record gave nothing, or a folder could not be read.
    fn skipped(&self, _path: &str, _reason: &str) {}
}

/// Says nothing.
pub struct Silent;

impl Progress for Silent {}

/// A file or record that gave nothing.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Skipped {
    /// Path, and the place in the file for a record: `news/a.jsonl: line 3`.
    pub path: String,
    /// Why.
    pub reason: String,
}

/// A folder or file that could not be looked at; its articles are kept.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct Failure {
    /// Path, as it is shown.
    pub path: String,
    /// Why.
    pub reason: String,
    /// What kind of failure.
    pub kind: FailureKind,
}

/// Kinds of [`Failure`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum FailureKind {
    /// A followed folder is not there.
    Missing,
    /// A followed folder is empty and on another disk than it was.
    Unmounted,
    /// The system refused.
    Unreadable,
}

/// What a run did, and what the index holds after it.
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
    /// Files whose contents had changed.
    pub changed: u64,
    /// Files that were gone.
    pub removed: u64,
    /// Files that were as before.
    pub unchanged: u64,
    /// Files and records that give nothing, with the reason.
    pub skipped: Vec<Skipped>,
    /// Bytes of the files walked.
    pub bytes: u64,
    /// Seconds it took.
    pub seconds: f64,
    /// Folders and files that could not be looked at; what is known of them was kept.
    #[serde(skip)]
    pub failed: Vec<Failure>,
    /// Was it stopped early?
    #[serde(skip)]
    pub interrupted: bool,
}

pub(crate) fn fill_totals(report: &mut Report, totals: &manifest::Totals) {
    report.articles = totals.articles;
    report.sections = totals.sections;
    report.passages = totals.passages;
}

/// Enters what a file did not give.
pub(crate) fn report_skips(report: &mut Report, path: &str, state: &FileState) {
    match state {
        FileState::Skipped(reason) => {
            report.skipped.push(Skipped { path: path.to_string(), reason: reason.to_string() })
        }
        FileState::Indexed { bad, .. } => {
            let records = bad
                .iter()
                .map(|(place, reason)| Skipped { path: format!("{path}: {place}"), reason: reason.to_string() });
            report.skipped.extend(records);
        }
    }
}
