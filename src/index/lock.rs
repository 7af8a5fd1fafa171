//! The lock of the one who writes. The operating system holds it and frees it when the process ends, however it ends,
//! so none is ever stale; the file says whose it is.

use std::fs::{File, OpenOptions, TryLockError};
use std::io::{Read, Seek, Write};
use std::path::{Path, PathBuf};
use std::time::Duration;

use super::IndexError;
use crate::cancel::CancelFlag;

/// Name of the file in the index folder.
pub(super) const LOCK_FILE: &str = "lock";

/// Who waits for the lock looks so often whether it is free.
const LOOK_AGAIN: Duration = Duration::from_millis(100);

/// Held while an index is written to.
#[derive(Debug)]
pub struct WriteLock {
    file: File,
}

impl WriteLock {
    /// Takes the lock of the index at `path`, which must be a folder.
    ///
    /// # Errors
    ///
    /// [`IndexError::Locked`] while another process holds it, [`IndexError::Io`] where no lock can be had.
    pub(super) fn take(path: &Path) -> Result<WriteLock, IndexError> {
        let place: PathBuf = path.join(LOCK_FILE);
        let opened = OpenOptions::new().read(true).write(true).create(true).truncate(false).open(&place);
        let mut file = opened.map_err(|error| IndexError::io("write", &place, &error))?;
        match file.try_lock() {
            Ok(()) => {}
            Err(TryLockError::WouldBlock) => {
                let mut holder = String::new();
                let known = file.read_to_string(&mut holder).is_ok();
                let holder = holder.trim().parse().ok().filter(|_| known);
                return Err(IndexError::Locked { path: path.to_path_buf(), holder });
            }
            Err(TryLockError::Error(error)) => return Err(IndexError::io("lock", &place, &error)),
        }
        // The number only serves the message of those who find it locked.
        let _ = file.set_len(0).and_then(|()| file.rewind()).and_then(|()| writeln!(file, "{}", std::process::id()));
        Ok(WriteLock { file })
    }

    /// The same, waiting while another process holds it, until `stop` is set.
    ///
    /// # Errors
    ///
    /// As [`WriteLock::take`].
    pub(super) fn wait(path: &Path, stop: &CancelFlag) -> Result<WriteLock, IndexError> {
        loop {
            match WriteLock::take(path) {
                Err(IndexError::Locked { .. }) if !stop.is_cancelled() => std::thread::sleep(LOOK_AGAIN),
                other => return other,
            }
        }
    }
}

impl Drop for WriteLock {
    fn drop(&mut self) {
        // Closing would do, were it not for children of this process: between fork and exec they hold the file too.
        let _ = self.file.unlock();
    }
}

#[cfg(all(test, unix))]
mod tests {
    use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};

    use super::*;

    /// Between fork and exec a child holds what its parent has open, the lock among it.
    #[test]
    fn a_process_that_is_born_does_not_keep_the_lock() {
        let folder = tempfile::tempdir().expect("a folder");
        let done = AtomicBool::new(false);
        let born = AtomicUsize::new(0);
        std::thread::scope(|scope| {
            scope.spawn(|| {
                while !done.load(Ordering::Relaxed) {
                    let _ = std::process::Command::new("true").status();
                    born.fetch_add(1, Ordering::Relaxed);
                }
            });
            // As long as it takes to have some of them born meanwhile.
            let (mut taken, mut tried) = (0, 0);
            while tried < 300 || born.load(Ordering::Relaxed) < 50 {
                taken += usize::from(WriteLock::take(folder.path()).is_ok());
                tried += 1;
            }
            done.store(true, Ordering::Relaxed);
            assert_eq!(taken, tried);
        });
    }
}
