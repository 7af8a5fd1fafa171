//! What a run is asked to do, and what it says it did.

use std::sync::atomic::AtomicBool;

use serde::Serialize;

use crate::index::manifest::{self, FileState};
use crate::ingest::ReadLimits;
use crate::ingest::walk::WalkOptions;

/// tantivy's least memory for a writing thread.
pub(crate) const MIN_WRITER_BYTES: usize = 16 << 20;

/// A run takes some room on disk however little it does.
pub(crate) const MIN_NEEDED: u64 = 1 << 20;

/// How to bring an index up to date.
pub struct SyncOptions<'a> {
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
    /// Memory in bytes for documents that are not yet in a segment, all threads together; `None` for 64 MB a thread. Some
    /// 2,000 documents may wait beside.
    pub memory: Option<u64>,
    /// Told of what happens.
    pub progress: &'a dyn Progress,
    /// Set to stop early; what is done by then is committed.
    pub stop: &'a AtomicBool,
    /// When articles are added, in seconds since 1970 by this machine's calendar.
    pub now: i64,
}

impl Default for SyncOptions<'_> {
    fn default() -> Self {
        static NEVER: AtomicBool = AtomicBool::new(false);
        SyncOptions {
            threads: 0,
            walk: WalkOptions::default(),
            limits: ReadLimits::default(),
            rehash: false,
            wait: false,
            memory: None,
            progress: &Silent,
            stop: &NEVER,
            now: crate::article::date::seconds_of(jiff::ZonedDateTime::now().datetime()),
        }
    }
}

/// Told of what a run does, as it does it.
pub trait Progress: Sync {
    /// So many files with so many bytes will be read.
    fn start(&self, _files: u64, _bytes: u64) {}
    /// One more file of so many bytes is done.
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

/// What a run did, and what the index holds after it.
#[derive(Debug, Clone, Default, PartialEq, Serialize)]
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
    pub failed: Vec<Skipped>,
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
