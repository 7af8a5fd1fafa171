//! What a server serves: one index, the commits of it that cursors point into, and the bounds of what runs at once.

use std::collections::VecDeque;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

use tokio::sync::{OwnedSemaphorePermit, Semaphore};

use xxhash_rust::xxh3::xxh3_64;

use super::Log;
use super::access::Access;
use super::kept::Kept;
use super::problem::Problem;
use crate::cancel::CancelFlag;
use crate::search::Searcher;
use crate::search::commits::Commits;

/// Searches that wait for others to end, at most.
const MAX_WAITING: usize = 8;

/// Exports at once: a client may take as long as it likes to read one.
const MAX_EXPORTS: usize = 8;

/// Long queries that are kept.
const MAX_LONG: usize = 32;

/// What all requests share.
pub(crate) struct Room {
    pub access: Access,
    pub commits: Arc<Commits>,
    /// Queries that are too long for an address, by their names, the last used last.
    long: Mutex<VecDeque<(String, String)>>,
    /// Answers to what is typed.
    pub kept: Kept,
    running: Arc<Semaphore>,
    waiting: AtomicUsize,
    exporting: Arc<Semaphore>,
    /// May queries be saved?
    pub saves: bool,
    /// Is given a line for every request; with its query string?
    pub log: (Option<Log>, bool),
}

/// Cancels a query when the request that asked for it is dropped.
pub(crate) struct CancelOnDrop(pub CancelFlag);

impl Drop for CancelOnDrop {
    fn drop(&mut self) {
        self.0.cancel();
    }
}

/// A place among those that wait.
struct Waiting<'a>(&'a AtomicUsize);

impl Drop for Waiting<'_> {
    fn drop(&mut self) {
        self.0.fetch_sub(1, Ordering::Relaxed);
    }
}

impl Room {
    pub(crate) fn new(searcher: Searcher, access: Access, saves: bool, log: (Option<Log>, bool)) -> Room {
        let cores = std::thread::available_parallelism().map_or(2, usize::from);
        Room {
            access,
            commits: Arc::new(Commits::of(searcher)),
            long: Mutex::default(),
            kept: Kept::default(),
            running: Arc::new(Semaphore::new(2 * cores)),
            waiting: AtomicUsize::new(0),
            exporting: Arc::new(Semaphore::new(MAX_EXPORTS)),
            saves,
            log,
        }
    }

    /// The searcher of the last commit, which stays at it.
    pub(crate) fn searcher(&self) -> Searcher {
        self.commits.last()
    }

    /// Keeps a query that is too long for an address, and gives it a name.
    pub(crate) fn keep(&self, query: String) -> String {
        let name = format!("{:016x}", xxh3_64(query.as_bytes()));
        let mut long = self.long.lock().unwrap_or_else(PoisonError::into_inner);
        long.retain(|(other, _)| *other != name);
        if long.len() >= MAX_LONG {
            long.pop_front();
        }
        long.push_back((name.clone(), query));
        name
    }

    /// The long query of this name, if it is still kept.
    pub(crate) fn kept(&self, name: &str) -> Option<String> {
        let long = self.long.lock().unwrap_or_else(PoisonError::into_inner);
        long.iter().find(|(other, _)| other == name).map(|(_, query)| query.clone())
    }

    /// A place to run in, as soon as there is one.
    ///
    /// # Errors
    ///
    /// [`Problem::busy`] if too many wait.
    pub(crate) async fn enter(&self) -> Result<OwnedSemaphorePermit, Problem> {
        if let Ok(permit) = Arc::clone(&self.running).try_acquire_owned() {
            return Ok(permit);
        }
        let before = self.waiting.fetch_add(1, Ordering::Relaxed);
        let _place = Waiting(&self.waiting);
        if before >= MAX_WAITING {
            return Err(Problem::busy());
        }
        Arc::clone(&self.running).acquire_owned().await.map_err(|_| Problem::busy())
    }

    /// A place for an export.
    ///
    /// # Errors
    ///
    /// [`Problem::busy`] if there is none.
    pub(crate) fn enter_export(&self) -> Result<OwnedSemaphorePermit, Problem> {
        Arc::clone(&self.exporting).try_acquire_owned().map_err(|_| Problem::busy())
    }

    /// Runs `work` on a thread of its own. It is cancelled when the client goes: the future of its request is dropped.
    ///
    /// # Errors
    ///
    /// The problem of `work`; [`Problem::busy`]; a panic within it.
    pub(crate) async fn run<T: Send + 'static>(
        &self,
        work: impl FnOnce(&CancelFlag) -> Result<T, Problem> + Send + 'static,
    ) -> Result<T, Problem> {
        let permit = self.enter().await?;
        let cancel = CancelFlag::new();
        let guard = CancelOnDrop(cancel.clone());
        let task = tokio::task::spawn_blocking(move || {
            let _permit = permit;
            work(&cancel)
        });
        let done =
            task.await.unwrap_or_else(|_| Err(Problem::internal("a part of the program failed; please report this")));
        drop(guard);
        done
    }
}
