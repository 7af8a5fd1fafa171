//! Following folders: the index is brought up to date as files come, change and go.

use std::collections::VecDeque;
use std::path::{Path, PathBuf};
use std::time::Duration;

use crate::index::sync::{Report, SyncOptions, sync, sync_places};
use crate::index::{Checkpoint, FileChange, Index, IndexError};
use crate::watch::{Batch, Watch};

/// Time after a failure (a full disk, a folder that is away) until everything is looked at again.
const RETRY: Duration = Duration::from_secs(5);

/// How folders are followed. Made by [`FollowOptions::default`], then changed.
#[derive(Clone)]
#[non_exhaustive]
pub struct FollowOptions {
    /// How the index is brought up to date. [`SyncOptions::cancel`] ends the following.
    pub sync: SyncOptions,
    /// Time between two walks of all folders, for events that got lost.
    pub rescan: Duration,
}

impl Default for FollowOptions {
    fn default() -> FollowOptions {
        FollowOptions { sync: SyncOptions { wait: true, ..SyncOptions::default() }, rescan: Duration::from_secs(300) }
    }
}

/// What a [`Follower`] tells.
#[derive(Debug)]
#[non_exhaustive]
pub enum Followed {
    /// Files changed; the index is up to date with them.
    Changed(Vec<FileChange>),
    /// The system sends no events of a folder. It is walked from time to time all the same.
    Unwatched {
        /// The folder.
        folder: PathBuf,
        /// Why.
        reason: String,
    },
    /// The index could not be brought up to date. It is tried again.
    Failed(IndexError),
}

/// Keeps an index up to date with its folders.
pub struct Follower {
    path: PathBuf,
    options: FollowOptions,
    watch: Watch,
    checkpoint: Checkpoint,
    told: VecDeque<Followed>,
}

impl Follower {
    /// Brings the index at `path` up to date with `folders`, which it follows from then on, or with those that it
    /// follows; an index is made if there is none and folders are named. Also tells what the first run did.
    ///
    /// # Errors
    ///
    /// As [`sync`], and [`IndexError::CannotFollow`] where the system has no events at all.
    pub fn begin(path: &Path, folders: &[PathBuf], options: FollowOptions) -> Result<(Follower, Report), IndexError> {
        let index = if folders.is_empty() { Index::open(path)? } else { Index::open_or_create(path)? };
        let roots = roots(&index, folders)?;
        let apart = path.canonicalize().map_err(|error| IndexError::io("read", path, &error))?;
        // The watch begins before the walk, so that nothing falls between the two.
        let watch = Watch::begin(&roots, &apart, options.sync.walk.follow, options.rescan)
            .map_err(|error| IndexError::CannotFollow(error.to_string()))?;
        let checkpoint = Checkpoint::of(&index)?;
        let report = sync(&index, folders, &options.sync)?;
        drop(index);
        let path = path.to_path_buf();
        let mut follower = Follower { path, options, watch, checkpoint, told: VecDeque::new() };
        follower.note_changes()?;
        Ok((follower, report))
    }

    /// Number of folders that are watched.
    #[must_use]
    pub fn num_folders(&self) -> usize {
        self.watch.num_roots()
    }

    /// Waits for what happens next; `None` once it was cancelled.
    pub fn wait(&mut self) -> Option<Followed> {
        loop {
            let unwatched = self.watch.unwatched().into_iter();
            self.told.extend(unwatched.map(|(folder, reason)| Followed::Unwatched { folder, reason }));
            if let Some(told) = self.told.pop_front() {
                return Some(told);
            }
            let places = match self.watch.next(&self.options.sync.cancel) {
                Batch::Stopped => return None,
                Batch::Everything => None,
                Batch::Places(places) => Some(places),
            };
            match self.update(places.as_deref()) {
                Ok(report) if report.failed.is_empty() || places.is_none() => {}
                Ok(_) => self.watch.look_again_in(RETRY),
                Err(error) => {
                    self.watch.look_again_in(RETRY);
                    self.told.push_back(Followed::Failed(error));
                }
            }
        }
    }

    /// Brings the index up to date.
    fn update(&mut self, places: Option<&[PathBuf]>) -> Result<Report, IndexError> {
        let options = SyncOptions { now: SyncOptions::default().now, ..self.options.sync.clone() };
        // Another process may have built it anew.
        let index = Index::open(&self.path)?;
        let report = match places {
            Some(places) => sync_places(&index, places, &options)?,
            None => sync(&index, &[], &options)?,
        };
        self.note_changes()?;
        Ok(report)
    }

    fn note_changes(&mut self) -> Result<(), IndexError> {
        let changes = self.checkpoint.advance(&Index::open(&self.path)?)?;
        if !changes.is_empty() {
            self.told.push_back(Followed::Changed(changes));
        }
        Ok(())
    }
}

/// Where the folders to watch are: those named and those that the index follows.
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
