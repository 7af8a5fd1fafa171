//! What happens in folders, as it happens: events of the file system, gathered until they pause.
//!
//! Events get lost: queues overflow, disks come and go, networks tell nothing. So each folder is also walked from time
//! to time, and whenever something hints at a loss.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use crate::cancel::CancelFlag;
use crossbeam_channel::{Receiver, RecvTimeoutError, unbounded};
use notify::{Config, Event, EventKind, RecommendedWatcher, RecursiveMode, Watcher};

/// Events are over when none came for so long ...
const PAUSE: Duration = Duration::from_millis(200);

/// ... or when the first of them is so old.
const LONGEST: Duration = Duration::from_secs(1);

/// The folders themselves, and whether to stop, are looked at so often.
const LOOK: Duration = Duration::from_millis(250);

/// More places than this are not told apart.
const MOST_PLACES: usize = 100_000;

/// What to look at.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Batch {
    /// Files and folders where something happened, absolute; none lies in another.
    Places(Vec<PathBuf>),
    /// All there is.
    Everything,
    /// Nothing more: it was stopped.
    Stopped,
}

/// A watch over folders.
pub struct Watch {
    watcher: RecommendedWatcher,
    events: Receiver<notify::Result<Event>>,
    roots: Vec<Root>,
    /// Where nothing counts: the index itself.
    apart: PathBuf,
    rescan: Duration,
    /// When everything is looked at next.
    due: Instant,
    unwatched: Vec<(PathBuf, String)>,
}

/// A folder, and what it was when it was last watched.
struct Root {
    path: PathBuf,
    known: Option<Identity>,
}

/// Which folder on which disk a path leads to.
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
    /// Watches `roots` (absolute), but not what lies in `apart`, and asks for a walk of everything every `rescan`.
    ///
    /// # Errors
    ///
    /// Where the system has no events at all.
    pub fn begin(roots: &[PathBuf], apart: &Path, follow: bool, rescan: Duration) -> notify::Result<Watch> {
        let (sender, events) = unbounded();
        let watcher = RecommendedWatcher::new(
            move |event: notify::Result<Event>| {
                // That a file was read is no change; each walk tells of thousands.
                if !event.as_ref().is_ok_and(|event| matches!(event.kind, EventKind::Access(_))) {
                    // Fails only when the watch is over.
                    let _ = sender.send(event);
                }
            },
            Config::default().with_follow_symlinks(follow),
        )?;
        let roots = roots.iter().map(|path| Root { path: path.clone(), known: None }).collect();
        let apart = apart.to_path_buf();
        let unwatched = Vec::new();
        let mut watch = Watch { watcher, events, roots, apart, rescan, due: Instant::now() + rescan, unwatched };
        watch.look_at_roots();
        Ok(watch)
    }

    /// Number of folders that are watched.
    pub fn num_roots(&self) -> usize {
        self.roots.len()
    }

    /// Folders that could not be watched since it was asked last, with the reason; they are walked from time to time
    /// all the same.
    pub fn unwatched(&mut self) -> Vec<(PathBuf, String)> {
        std::mem::take(&mut self.unwatched)
    }

    /// Everything is to be looked at again after `time` at the latest: something could not be done now.
    pub fn look_again_in(&mut self, time: Duration) {
        self.due = self.due.min(Instant::now() + time);
    }

    /// Watches folders that came back or are others than they were. Were there any?
    fn look_at_roots(&mut self) -> bool {
        let mut any = false;
        for root in &mut self.roots {
            let now = identity(&root.path);
            if now != root.known {
                let _ = self.watcher.unwatch(&root.path);
                if now.is_some()
                    && let Err(error) = self.watcher.watch(&root.path, RecursiveMode::Recursive)
                {
                    self.unwatched.push((root.path.clone(), sentence(&error)));
                }
                root.known = now;
                any = true;
            }
        }
        any
    }

    /// Waits for the next thing to look at.
    pub fn next(&mut self, stop: &CancelFlag) -> Batch {
        let mut places = BTreeSet::new();
        let mut first: Option<Instant> = None;
        let mut lost = false;
        let mut looked = None;
        loop {
            if stop.is_cancelled() {
                return Batch::Stopped;
            }
            if looked.is_none_or(|looked: Instant| looked.elapsed() >= LOOK) {
                looked = Some(Instant::now());
                lost |= self.look_at_roots() || Instant::now() >= self.due;
            }
            let over = first.is_some_and(|first| first.elapsed() >= LONGEST);
            let wait = if first.is_some() { PAUSE } else { LOOK };
            let event = if over || (lost && first.is_none()) {
                Err(RecvTimeoutError::Timeout)
            } else {
                self.events.recv_timeout(wait)
            };
            match event {
                Ok(Ok(event)) => {
                    lost |= event.need_rescan() || places.len() > MOST_PLACES;
                    places.extend(event.paths.into_iter().filter(|path| !path.starts_with(&self.apart)));
                    if first.is_none() && (lost || !places.is_empty()) {
                        first = Some(Instant::now());
                    }
                }
                Ok(Err(_)) => {
                    lost = true;
                    first.get_or_insert_with(Instant::now);
                }
                Err(_) if lost => {
                    self.due = Instant::now() + self.rescan;
                    return Batch::Everything;
                }
                Err(_) if !places.is_empty() => return Batch::Places(outermost(places)),
                // A watch that cannot go on is one that walks.
                Err(RecvTimeoutError::Disconnected) => std::thread::sleep(LOOK),
                Err(RecvTimeoutError::Timeout) => first = None,
            }
        }
    }
}

/// Places that lie in no other.
fn outermost(places: BTreeSet<PathBuf>) -> Vec<PathBuf> {
    let mut out: Vec<PathBuf> = Vec::new();
    // Paths are ordered by their parts, so that what lies in a folder follows it.
    for place in places {
        if out.last().is_none_or(|last| !place.starts_with(last)) {
            out.push(place);
        }
    }
    out
}

/// What the system says.
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
    fn places_in_others_are_left_out() {
        let places = ["/a/b", "/a/b/c", "/a/b-c", "/a", "/ab", "/a/b/d/e", "/z/1"];
        let out = outermost(places.iter().map(PathBuf::from).collect());
        assert_eq!(out, ["/a", "/ab", "/z/1"].map(PathBuf::from));
    }

    #[test]
    fn what_happens_is_told() {
        let dir = tempfile::tempdir().expect("a folder");
        let root = dir.path().canonicalize().expect("absolute");
        let apart = root.join("index");
        std::fs::create_dir(&apart).expect("made");
        let mut watch =
            Watch::begin(std::slice::from_ref(&root), &apart, false, Duration::from_secs(3_600)).expect("watching");
        std::fs::write(apart.join("x"), "x").expect("written");
        std::fs::create_dir(root.join("new")).expect("made");
        std::fs::write(root.join("new/a.txt"), "x").expect("written");
        let stop = CancelFlag::new();
        assert_eq!(watch.next(&stop), Batch::Places(vec![root.join("new")]));
        stop.cancel();
        assert_eq!(watch.next(&stop), Batch::Stopped);
    }
}
