//! Brings an index up to date with its folders.
//!
//! There are two steps. The *survey* walks the folders and compares them with the manifest, by size, times and inode. The
//! *work*: worker threads read the files that are new or differ, hash them, and index those whose contents differ too;
//! files that are gone are deleted. If the survey finds no work, nothing is opened for writing.

pub(crate) mod folders;
pub mod rebuild;
mod records;
pub(crate) mod report;
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

/// Brings `index` up to date with `folders`, or if none is named, with the folders that it follows.
///
/// # Errors
///
/// [`IndexError::NoFolder`] for a folder that does not exist, [`IndexError::Locked`] while another process writes,
/// [`IndexError::Full`] if the disk is full, and any other error of reading or writing the index. A file that cannot be
/// read is no error; it is in the report.
pub fn sync(index: &Index, folders: &[PathBuf], options: &SyncOptions) -> Result<Report, IndexError> {
    guarded(index.path(), || sync_scope(index, Scope::Folders(folders), options, None))
}

/// [`sync`] for an index whose lock is held.
///
/// # Errors
///
/// Those of [`sync`].
pub(crate) fn sync_locked(
    index: &Index,
    folders: &[PathBuf],
    options: &SyncOptions,
    lock: &WriteLock,
) -> Result<Report, IndexError> {
    guarded(index.path(), || sync_scope(index, Scope::Folders(folders), options, Some(lock)))
}

/// Brings `index` up to date with changes at `paths`: absolute paths of files or folders in its folders, which may no
/// longer exist.
///
/// # Errors
///
/// Those of [`sync`].
pub fn sync_paths(index: &Index, paths: &[PathBuf], options: &SyncOptions) -> Result<Report, IndexError> {
    guarded(index.path(), || sync_scope(index, Scope::Paths(paths), options, None))
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
            update_stale_reprints(index)?;
        }
        return Ok(idle(surveyed.report, &payload.totals));
    }
    let own;
    let is_held = lock.is_some();
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
    // If another run finished meanwhile, the folders must be compared with its commit; and it may have rebuilt the
    // index.
    let rebuilt = if is_held || index.is_current() { None } else { Some(Index::open(index.path())?) };
    let index = rebuilt.as_ref().unwrap_or(index);
    let now = index.payload()?;
    let surveyed = if now.generation == payload.generation && rebuilt.is_none() {
        surveyed
    } else {
        survey(index, index.manifest()?.1, scope, options)?
    };
    if surveyed.is_idle() {
        return Ok(idle(surveyed.report, &now.totals));
    }
    if !is_held {
        index.remove_other_states(lock);
    }
    let needed = needed_bytes(&surveyed);
    let threads = thread_count(options.threads).min(surveyed.work.len().max(1));
    let done = Run::begin(index, options, &surveyed, threads, now.generation, lock)
        .and_then(|run| run.work(surveyed, threads));
    let mut report = done.map_err(|error| index.disk_error(error, needed))?;
    report.seconds = started.elapsed().as_secs_f64();
    Ok(report)
}

/// Computes the groups of reprints where a killed run had not, unless another process is writing.
fn update_stale_reprints(index: &Index) -> Result<(), IndexError> {
    let Ok(_lock) = Index::lock(index.path()) else { return Ok(()) };
    let (payload, searcher) = index.snapshot()?;
    reprints::update(&index.folder(), payload.generation, &searcher, index.fields()).map_err(|error| index.error(error))
}

/// Disk space that a run needs, estimated: for what it adds, and for a merge of that.
fn needed_bytes(survey: &Survey) -> u64 {
    let bytes: u64 = survey.work.iter().map(|(_, candidate)| candidate.bytes).sum();
    2 * bytes + MIN_NEEDED
}

/// Number of threads to use; as many as there are processors if `requested` is 0.
fn thread_count(requested: usize) -> usize {
    if requested > 0 { requested } else { std::thread::available_parallelism().map_or(1, usize::from) }
}
