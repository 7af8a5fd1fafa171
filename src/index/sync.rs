//! Bringing an index up to date with its folders.
//!
//! Two steps. *Survey*: the folders are walked and compared with the manifest, by size and time; what is the same
//! costs no more than that. *Work*: files that are new or differ are read by worker threads, hashed, and, if their
//! contents differ too, indexed; files that are gone are deleted. If the survey finds no work, nothing is opened for
//! writing.

use std::path::PathBuf;
use std::sync::atomic::AtomicBool;
use std::time::Instant;

use serde::Serialize;

use super::survey::{Scope, Survey, survey};
use super::work::Run;
use super::{Index, IndexError, WriteLock, duplicates, manifest};
use crate::ingest::ReadLimits;
use crate::ingest::walk::WalkOptions;

/// tantivy's least memory for a writing thread.
pub(crate) const MIN_WRITER_BYTES: usize = 16 << 20;
/// A run takes some room on disk however little it does.
pub(super) const MIN_NEEDED: u64 = 1 << 20;

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

/// Brings `index` up to date with `folders`, or, if none is named, with the folders that it knows.
///
/// # Errors
///
/// [`IndexError::NoFolder`] for a folder that is not there, [`IndexError::Locked`] while another process writes,
/// [`IndexError::Full`] if the disk is, and whatever else keeps the index from being read or written. A file that cannot
/// be read is no error; it is reported.
pub fn sync(index: &Index, folders: &[PathBuf], options: &SyncOptions<'_>) -> Result<Report, IndexError> {
    sync_scope(index, Scope::Folders(folders), options, None)
}

/// The same for an index whose lock is held.
///
/// # Errors
///
/// As [`sync`].
pub fn sync_locked(
    index: &Index,
    folders: &[PathBuf],
    options: &SyncOptions<'_>,
    lock: &WriteLock,
) -> Result<Report, IndexError> {
    sync_scope(index, Scope::Folders(folders), options, Some(lock))
}

/// Brings `index` up to date with places in its folders where something happened: files or folders, absolute, that are
/// there or were.
///
/// # Errors
///
/// As [`sync`].
pub fn sync_places(index: &Index, places: &[PathBuf], options: &SyncOptions<'_>) -> Result<Report, IndexError> {
    sync_scope(index, Scope::Places(places), options, None)
}

fn sync_scope(
    index: &Index,
    scope: Scope<'_>,
    options: &SyncOptions<'_>,
    lock: Option<&WriteLock>,
) -> Result<Report, IndexError> {
    let started = Instant::now();
    let (payload, manifest) = index.manifest()?;
    let surveyed = survey(index, manifest, scope, options)?;
    let idle = |mut report: Report, totals: &manifest::Totals| {
        fill_totals(&mut report, totals);
        report.seconds = started.elapsed().as_secs_f64();
        report
    };
    if surveyed.is_idle() {
        if payload.generation > 0 && !duplicates::are_of(&index.folder(), payload.generation) {
            group_anew(index)?;
        }
        return Ok(idle(surveyed.report, &payload.totals));
    }
    let own;
    let held = lock.is_some();
    let lock = match lock {
        Some(lock) => lock,
        None => {
            own = if options.wait {
                Index::wait_for_lock(index.path(), options.stop)?
            } else {
                Index::lock(index.path())?
            };
            &own
        }
    };
    // If another run finished in between, its commit is the one to compare with; and it may have been a whole new index.
    let anew = if held || index.is_current() { None } else { Some(Index::open(index.path())?) };
    let index = anew.as_ref().unwrap_or(index);
    let now = index.payload()?;
    let surveyed = if now.generation == payload.generation && anew.is_none() {
        surveyed
    } else {
        survey(index, index.manifest()?.1, scope, options)?
    };
    if surveyed.is_idle() {
        return Ok(idle(surveyed.report, &now.totals));
    }
    if !held {
        index.tidy(lock);
    }
    let needed = needed(&surveyed);
    let threads = thread_count(options.threads).min(surveyed.work.len().max(1));
    let worked = Run::begin(index, options, &surveyed, threads, now.generation, lock)
        .and_then(|run| run.work(surveyed, threads));
    let mut report = worked.map_err(|error| index.disk_error(error, needed))?;
    report.seconds = started.elapsed().as_secs_f64();
    Ok(report)
}

/// Finds the groups of reprints that a killed run left to do, unless another process is at work.
fn group_anew(index: &Index) -> Result<(), IndexError> {
    let Ok(_lock) = Index::lock(index.path()) else { return Ok(()) };
    let (payload, searcher) = index.snapshot()?;
    duplicates::update(&index.folder(), payload.generation, &searcher, index.fields())
        .map_err(|error| index.error(error))
}

/// Room that a run takes on disk, more or less: what it adds, and a merge of that.
fn needed(survey: &Survey) -> u64 {
    let bytes: u64 = survey.work.iter().map(|(_, candidate)| candidate.bytes).sum();
    2 * bytes + MIN_NEEDED
}

pub(super) fn fill_totals(report: &mut Report, totals: &manifest::Totals) {
    report.articles = totals.articles;
    report.sections = totals.sections;
    report.passages = totals.passages;
}

fn thread_count(asked: usize) -> usize {
    if asked > 0 { asked } else { std::thread::available_parallelism().map_or(1, usize::from) }
}
