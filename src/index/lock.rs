//! The writer's lock. The operating system releases it when the process ends in whatever way, so it is never stale. The
//! file contains the number of the process.

use std::fs::{File, OpenOptions, TryLockError};
use std::io::{Read, Seek, Write};
use std::path::{Path, PathBuf};
use std::time::Duration;

use super::IndexError;
use crate::cancel::CancelFlag;

/// Name of the lock file in the index folder.
pub(super) const LOCK_FILE: &str = "lock";

/// Polling interval while waiting for the lock.
const POLL_INTERVAL: Duration = Duration::from_millis(100);

/// The lock of an index, needed to write to it; released when it is dropped.
#[derive(Debug)]
pub struct WriteLock {
    file: File,
}

impl WriteLock {
    /// Takes the lock of the index at `path`, which must be a folder.
    ///
    /// # Errors
    ///
    /// [`IndexError::Locked`] while another process holds it, [`IndexError::Io`] if the file cannot be locked.
    pub(super) fn take(path: &Path) -> Result<WriteLock, IndexError> {
        let lock_path: PathBuf = path.join(LOCK_FILE);
        let opened = OpenOptions::new().read(true).write(true).create(true).truncate(false).open(&lock_path);
        let mut file = opened.map_err(|error| IndexError::io("write", &lock_path, &error))?;
        match file.try_lock() {
            Ok(()) => {}
            Err(TryLockError::WouldBlock) => {
                let mut holder = String::new();
                let known = file.read_to_string(&mut holder).is_ok();
                let holder = holder.trim().parse().ok().filter(|_| known);
                return Err(IndexError::Locked { path: path.to_path_buf(), holder });
            }
            Err(TryLockError::Error(error)) => return Err(IndexError::io("lock", &lock_path, &error)),
        }
        // The number only serves the message of a process that finds the index locked.
        let _ = file.set_len(0).and_then(|()| file.rewind()).and_then(|()| writeln!(file, "{}", std::process::id()));
        Ok(WriteLock { file })
    }

    /// Takes the lock, waiting while another process holds it, until `stop` is set.
    ///
    /// # Errors
    ///
    /// As [`WriteLock::take`].
    pub(super) fn wait(path: &Path, stop: &CancelFlag) -> Result<WriteLock, IndexError> {
        loop {
            match WriteLock::take(path) {
                Err(IndexError::Locked { .. }) if !stop.is_cancelled() => std::thread::sleep(POLL_INTERVAL),
                other => return other,
            }
        }
    }
}

impl Drop for WriteLock {
    fn drop(&mut self) {
        // Closing the file is not enough: between fork and exec, children of this process have it open too.
        let _ = self.file.unlock();
    }
}

#[cfg(all(test, unix))]
mod tests {
    use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};

    use super::*;

    /// Between fork and exec a child has all files of its parent open, among them the lock.
    #[test]
    fn child_processes_do_not_keep_the_lock() {
        let folder = tempfile::tempdir().expect("a folder");
        let done = AtomicBool::new(false);
        let spawned = AtomicUsize::new(0);
        std::thread::scope(|scope| {
            scope.spawn(|| {
                while !done.load(Ordering::Relaxed) {
                    let _ = std::process::Command::new("true").status();
                    spawned.fetch_add(1, Ordering::Relaxed);
                }
            });
            // Until enough children were spawned meanwhile.
            let (mut taken, mut tried) = (0, 0);
            while tried < 300 || spawned.load(Ordering::Relaxed) < 50 {
                taken += usize::from(WriteLock::take(folder.path()).is_ok());
                tried += 1;
            }
            done.store(true, Ordering::Relaxed);
            assert_eq!(taken, tried);
        });
    }
}
