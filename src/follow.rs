//! Follows folders: keeps an index up to date as files are added, changed and removed.

use std::collections::VecDeque;
use std::path::{Path, PathBuf};
use std::time::Duration;

use crate::index::sync::{Failure, Report, SyncOptions, sync, sync_paths};
use crate::index::{Checkpoint, FileChange, Index, IndexError};
use crate::watch::{Batch, Watch};

/// Delay before all folders are walked again after a failure (a full disk, a missing folder).
const RETRY_DELAY: Duration = Duration::from_secs(5);

/// Options of following folders. Made by [`FollowOptions::default`], then changed.
#[derive(Clone)]
#[non_exhaustive]
pub struct FollowOptions {
    /// Options of each run. [`SyncOptions::cancel`] ends following.
    pub sync: SyncOptions,
    /// Time between walks of all folders, which find changes whose events were lost.
    pub rescan: Duration,
}

impl Default for FollowOptions {
    fn default() -> FollowOptions {
        FollowOptions { sync: SyncOptions { wait: true, ..SyncOptions::default() }, rescan: Duration::from_secs(300) }
    }
}

/// An event of a [`Follower`].
#[derive(Debug)]
#[non_exhaustive]
pub enum Followed {
    /// Files changed, and the index is up to date with them.
    Changed(Vec<FileChange>),
    /// The system sends no events for a folder. It is only walked periodically.
    Unwatched {
        /// The folder.
        folder: PathBuf,
        /// Why.
        reason: String,
    },
    /// A folder or file is missing or could not be read; its articles are kept. Reported once, until it is found again.
    Kept(Failure),
    /// The index could not be brought up to date. It will be tried again.
    Failed(IndexError),
}

/// Keeps an index up to date with its folders.
pub struct Follower {
    path: PathBuf,
    options: FollowOptions,
    watch: Watch,
    checkpoint: Checkpoint,
    pending: VecDeque<Followed>,
    /// Failures that were reported.
    reported: Vec<Failure>,
}

impl Follower {
    /// Brings the index at `path` up to date with `folders`, or if none is named, with those that it follows. If
    /// folders are named, the index is created if there is none. Also returns the report of this first run.
    ///
    /// # Errors
    ///
    /// Those of [`sync`], and [`IndexError::CannotFollow`] if the system has no events at all.
    pub fn begin(path: &Path, folders: &[PathBuf], options: FollowOptions) -> Result<(Follower, Report), IndexError> {
        let index = if folders.is_empty() { Index::open(path)? } else { Index::open_or_create(path)? };
        let roots = roots(&index, folders)?;
        let index_path = path.canonicalize().map_err(|error| IndexError::io("read", path, &error))?;
        // The watch begins before the walk, so that no change is missed in between.
        let follows = options.sync.walk.follow || index.payload()?.folders.iter().any(|folder| folder.walk.follow);
        let watch = Watch::begin(&roots, &index_path, follows, options.rescan)
            .map_err(|error| IndexError::CannotFollow(error.to_string()))?;
        let checkpoint = Checkpoint::of(&index)?;
        let report = sync(&index, folders, &options.sync)?;
        drop(index);
        let path = path.to_path_buf();
        let reported = report.failed.clone();
        let mut follower = Follower { path, options, watch, checkpoint, pending: VecDeque::new(), reported };
        follower.queue_changes()?;
        Ok((follower, report))
    }

    /// Number of watched folders.
    #[must_use]
    pub fn num_folders(&self) -> usize {
        self.watch.num_roots()
    }

    /// Waits for the next event. `None` once it is cancelled.
    pub fn wait(&mut self) -> Option<Followed> {
        loop {
            let unwatched = self.watch.unwatched().into_iter();
            self.pending.extend(unwatched.map(|(folder, reason)| Followed::Unwatched { folder, reason }));
            if let Some(event) = self.pending.pop_front() {
                return Some(event);
            }
            let paths = match self.watch.next(&self.options.sync.cancel) {
                Batch::Stopped => return None,
                Batch::Everything => None,
                Batch::Paths(paths) => Some(paths),
            };
            match self.update(paths.as_deref()) {
                Ok(report) if report.failed.is_empty() || paths.is_none() => {}
                Ok(_) => self.watch.walk_within(RETRY_DELAY),
                Err(error) => {
                    self.watch.walk_within(RETRY_DELAY);
                    self.pending.push_back(Followed::Failed(error));
                }
            }
        }
    }

    /// Brings the index up to date with changes at `paths`, or with all folders.
    fn update(&mut self, paths: Option<&[PathBuf]>) -> Result<Report, IndexError> {
        let options = SyncOptions { now: SyncOptions::default().now, ..self.options.sync.clone() };
        // Opened each time: another process may have rebuilt it.
        let index = Index::open(&self.path)?;
        let report = match paths {
            Some(paths) => sync_paths(&index, paths, &options)?,
            None => sync(&index, &[], &options)?,
        };
        self.queue_changes()?;
        let new = report.failed.iter().filter(|failure| !self.reported.contains(failure)).cloned();
        let new: Vec<Failure> = new.collect();
        // Only a walk of all folders tells which failures are over.
        if paths.is_none() {
            self.reported.clone_from(&report.failed);
        } else {
            self.reported.extend_from_slice(&new);
        }
        self.pending.extend(new.into_iter().map(Followed::Kept));
        Ok(report)
    }

    /// Queues the changes since the checkpoint.
    fn queue_changes(&mut self) -> Result<(), IndexError> {
        let changes = self.checkpoint.advance(&Index::open(&self.path)?)?;
        if !changes.is_empty() {
            self.pending.push_back(Followed::Changed(changes));
        }
        Ok(())
    }
}

/// Absolute paths of the folders to watch: those named and those that the index follows.
fn roots(index: &Index, named: &[PathBuf]) -> Result<Vec<PathBuf>, IndexError> {
    let mut roots: Vec<PathBuf> = index.payload()?.folders.into_iter().map(|folder| folder.absolute.into()).collect();
    for folder in named {
        roots.push(folder.canonicalize().map_err(|error| match error.kind() {
            std::io::ErrorKind::NotFound | std::io::ErrorKind::NotADirectory => IndexError::NoFolder(folder.clone()),
            _ => IndexError::io("read", folder, &error),
        })?);
    }
    roots.sort_unstable();
    roots.dedup_by(|inner, outer| inner.starts_with(&*outer));
    if roots.is_empty() {
        return Err(IndexError::NoFolders(index.path().to_path_buf()));
    }
    Ok(roots)
}
