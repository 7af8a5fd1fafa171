//! Watches folders for changes: collects events of the file system into batches.
//!
//! Events can be lost: queues overflow, disks are unmounted, network file systems send none. So a full walk is requested
//! at intervals, and whenever there is a sign that events were lost.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use crate::cancel::CancelFlag;
use crossbeam_channel::{Receiver, RecvTimeoutError, unbounded};
use notify::{Config, Event, EventKind, RecommendedWatcher, RecursiveMode, Watcher};

/// A batch ends when no event has arrived for this time ...
const QUIET_PERIOD: Duration = Duration::from_millis(200);

/// ... or when its first event is this old.
const MAX_BATCH_AGE: Duration = Duration::from_secs(1);

/// Polling interval for the watched folders themselves and for the stop flag.
const POLL_INTERVAL: Duration = Duration::from_millis(250);

/// Maximum number of paths in a batch; with more, everything is walked.
const MAX_PATHS: usize = 100_000;

/// What to bring up to date.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Batch {
    /// Absolute paths of files and folders with changes; none is inside another.
    Paths(Vec<PathBuf>),
    /// All watched folders.
    Everything,
    /// Nothing: the watch was stopped.
    Stopped,
}

/// A watch on folders and all they contain.
pub(crate) struct Watch {
    watcher: RecommendedWatcher,
    events: Receiver<notify::Result<Event>>,
    roots: Vec<Root>,
    /// Events in this folder, that of the index, are ignored.
    excluded: PathBuf,
    rescan: Duration,
    /// Time of the next full walk.
    next_walk: Instant,
    unwatched: Vec<(PathBuf, String)>,
}

/// A watched folder.
struct Root {
    path: PathBuf,
    /// What the path led to when the watch on it began; `None` if nothing.
    watched: Option<Identity>,
}

/// Device and inode number of a folder.
type Identity = (u64, u64);

fn identity(path: &Path) -> Option<Identity> {
    let metadata = std::fs::metadata(path).ok()?;
    #[cfg(unix)]
    {
        use std::os::unix::fs::MetadataExt;
        Some((metadata.dev(), metadata.ino()))
    }
    #[cfg(not(unix))]
    {
        drop(metadata);
        Some((0, 0))
    }
}

impl Watch {
    /// Watches `roots` (absolute paths) except for `excluded`, and requests a full walk after every `rescan`. `follow`
    /// follows symbolic links.
    ///
    /// # Errors
    ///
    /// If the system supports no events at all.
    pub(crate) fn begin(roots: &[PathBuf], excluded: &Path, follow: bool, rescan: Duration) -> notify::Result<Watch> {
        let (sender, events) = unbounded();
        let watcher = RecommendedWatcher::new(
            move |event: notify::Result<Event>| {
                // Reading a file is no change, and each walk reads thousands.
                if !event.as_ref().is_ok_and(|event| matches!(event.kind, EventKind::Access(_))) {
                    // Fails only after the watch has ended.
                    let _ = sender.send(event);
                }
            },
            Config::default().with_follow_symlinks(follow),
        )?;
        let roots = roots.iter().map(|path| Root { path: path.clone(), watched: None }).collect();
        let mut watch = Watch {
            watcher,
            events,
            roots,
            excluded: excluded.to_path_buf(),
            rescan,
            next_walk: Instant::now() + rescan,
            unwatched: Vec::new(),
        };
        watch.watch_changed_roots();
        Ok(watch)
    }

    /// Number of folders that are watched.
    pub(crate) fn num_roots(&self) -> usize {
        self.roots.len()
    }

    /// Takes the folders for which a watch has failed since the last call, with the reasons. Full walks include them.
    pub(crate) fn unwatched(&mut self) -> Vec<(PathBuf, String)> {
        std::mem::take(&mut self.unwatched)
    }

    /// Requests a full walk within `time`, after a failure.
    pub(crate) fn walk_within(&mut self, time: Duration) {
        self.next_walk = self.next_walk.min(Instant::now() + time);
    }

    /// Renews the watch on roots that have appeared, disappeared or been replaced. Whether there were any.
    fn watch_changed_roots(&mut self) -> bool {
        let mut any = false;
        for root in &mut self.roots {
            let now = identity(&root.path);
            if now != root.watched {
                let _ = self.watcher.unwatch(&root.path);
                if now.is_some()
                    && let Err(error) = self.watcher.watch(&root.path, RecursiveMode::Recursive)
                {
                    self.unwatched.push((root.path.clone(), sentence(&error)));
                }
                root.watched = now;
                any = true;
            }
        }
        any
    }

    /// Waits for the next batch.
    pub(crate) fn next(&mut self, stop: &CancelFlag) -> Batch {
        let mut paths = BTreeSet::new();
        let mut first_event: Option<Instant> = None;
        let mut walk_all = false;
        let mut polled = None;
        loop {
            if stop.is_cancelled() {
                return Batch::Stopped;
            }
            if polled.is_none_or(|polled: Instant| polled.elapsed() >= POLL_INTERVAL) {
                polled = Some(Instant::now());
                walk_all |= self.watch_changed_roots() || Instant::now() >= self.next_walk;
            }
            let full = first_event.is_some_and(|first| first.elapsed() >= MAX_BATCH_AGE);
            let wait = if first_event.is_some() { QUIET_PERIOD } else { POLL_INTERVAL };
            let event = if full || (walk_all && first_event.is_none()) {
                Err(RecvTimeoutError::Timeout)
            } else {
                self.events.recv_timeout(wait)
            };
            match event {
                Ok(Ok(event)) => {
                    walk_all |= event.need_rescan() || paths.len() > MAX_PATHS;
                    paths.extend(event.paths.into_iter().filter(|path| !path.starts_with(&self.excluded)));
                    if first_event.is_none() && (walk_all || !paths.is_empty()) {
                        first_event = Some(Instant::now());
                    }
                }
                Ok(Err(_)) => {
                    walk_all = true;
                    first_event.get_or_insert_with(Instant::now);
                }
                Err(_) if walk_all => {
                    self.next_walk = Instant::now() + self.rescan;
                    return Batch::Everything;
                }
                Err(_) if !paths.is_empty() => return Batch::Paths(outermost(paths)),
                // Without events, the full walks go on.
                Err(RecvTimeoutError::Disconnected) => std::thread::sleep(POLL_INTERVAL),
                Err(RecvTimeoutError::Timeout) => first_event = None,
            }
        }
    }
}

/// The paths that are inside no other.
fn outermost(paths: BTreeSet<PathBuf>) -> Vec<PathBuf> {
    let mut out: Vec<PathBuf> = Vec::new();
    // Paths are ordered by component, so the contents of a folder follow it.
    for path in paths {
        if out.last().is_none_or(|last| !path.starts_with(last)) {
            out.push(path);
        }
    }
    out
}

/// The error as a sentence.
fn sentence(error: &notify::Error) -> String {
    match &error.kind {
        notify::ErrorKind::MaxFilesWatch => {
            "the system allows no more watches: raise fs.inotify.max_user_watches".into()
        }
        notify::ErrorKind::Io(error) => crate::os::sentence(error),
        notify::ErrorKind::PathNotFound => "it is not there".into(),
        _ => error.to_string(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_inside_others_are_left_out() {
        let paths = ["/a/b", "/a/b/c", "/a/b-c", "/a", "/ab", "/a/b/d/e", "/z/1"];
        let out = outermost(paths.iter().map(PathBuf::from).collect());
        assert_eq!(out, ["/a", "/ab", "/z/1"].map(PathBuf::from));
    }

    #[test]
    fn changes_are_reported_but_for_the_excluded_folder() {
        let dir = tempfile::tempdir().expect("a folder");
        let root = dir.path().canonicalize().expect("absolute");
        let excluded = root.join("index");
        std::fs::create_dir(&excluded).expect("made");
        let mut watch =
            Watch::begin(std::slice::from_ref(&root), &excluded, false, Duration::from_secs(3_600)).expect("watching");
        std::fs::write(excluded.join("x"), "x").expect("written");
        std::fs::create_dir(root.join("new")).expect("made");
        std::fs::write(root.join("new/a.txt"), "x").expect("written");
        let stop = CancelFlag::new();
        assert_eq!(watch.next(&stop), Batch::Paths(vec![root.join("new")]));
        stop.cancel();
        assert_eq!(watch.next(&stop), Batch::Stopped);
    }
}
