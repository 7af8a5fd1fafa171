//! Bringing an index up to date with its folders.
//!
//! Two steps. *Survey*: the folders are walked and compared with the manifest, by size and time; what is the same
//! costs no more than that. *Work*: files that are new or differ are read by worker threads, hashed, and, if their
//! contents differ too, indexed; files that are gone are deleted. If the survey finds no work, nothing is opened for
//! writing.

pub mod folders;
pub mod rebuild;
mod records;
pub mod repeated;
pub mod report;
mod survey;
mod work;

pub use rebuild::rebuild;
pub use report::{Failure, FailureKind, Progress, Report, Skipped, SyncOptions};
use report::{MIN_NEEDED, fill_totals};

use std::path::PathBuf;
use std::time::Instant;

use crate::index::sync::survey::{Scope, Survey, survey};
use crate::index::sync::work::Run;
use crate::index::{Index, IndexError, WriteLock, guarded, manifest, reprints};

/// Brings `index` up to date with `folders`, or, if none is named, with the folders that it knows.
///
/// # Errors
///
/// [`IndexError::NoFolder`] for a folder that is not there, [`IndexError::Locked`] while another process writes,
/// [`IndexError::Full`] if the disk is, and whatever else keeps the index from being read or written. A file that cannot
/// be read is no error; it is reported.
pub fn sync(index: &Index, folders: &[PathBuf], options: &SyncOptions) -> Result<Report, IndexError> {
    guarded(index.path(), || sync_scope(index, Scope::Folders(folders), options, None))
}

/// The same for an index whose lock is held.
///
/// # Errors
///
/// As [`sync`].
pub fn sync_locked(
    index: &Index,
    folders: &[PathBuf],
    options: &SyncOptions,
    lock: &WriteLock,
) -> Result<Report, IndexError> {
    guarded(index.path(), || sync_scope(index, Scope::Folders(folders), options, Some(lock)))
}

/// Brings `index` up to date with places in its folders where something happened: files or folders, absolute, that are
/// there or were.
///
/// # Errors
///
/// As [`sync`].
pub fn sync_places(index: &Index, places: &[PathBuf], options: &SyncOptions) -> Result<Report, IndexError> {
    guarded(index.path(), || sync_scope(index, Scope::Places(places), options, None))
}

fn sync_scope(
    index: &Index,
    scope: Scope<'_>,
    options: &SyncOptions,
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
        if payload.generation > 0 && !reprints::are_of(&index.folder(), payload.generation) {
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
                Index::wait_for_lock(index.path(), &options.cancel)?
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
    reprints::update(&index.folder(), payload.generation, &searcher, index.fields()).map_err(|error| index.error(error))
}

/// Room that a run takes on disk, more or less: what it adds, and a merge of that.
fn needed(survey: &Survey) -> u64 {
    let bytes: u64 = survey.work.iter().map(|(_, candidate)| candidate.bytes).sum();
    2 * bytes + MIN_NEEDED
}

fn thread_count(asked: usize) -> usize {
    if asked > 0 { asked } else { std::thread::available_parallelism().map_or(1, usize::from) }
}
