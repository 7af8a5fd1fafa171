//! The last commits of an index that is followed: the newest, and those before it to which cursors point.

use std::collections::VecDeque;
use std::sync::{Mutex, PoisonError, RwLock};

use super::Searcher;
use crate::index::IndexError;

/// Commits that stay open.
pub(crate) const MAX_PINNED: usize = 3;

/// The last commits of an index.
pub(crate) struct Commits {
    /// Follows new commits.
    searcher: Searcher,
    /// The last commits, the newest last.
    pinned: Mutex<VecDeque<Searcher>>,
    /// Why the index cannot be read now, if it cannot; the last commit is searched meanwhile.
    trouble: RwLock<Option<String>>,
}

impl Commits {
    pub(crate) fn of(searcher: Searcher) -> Commits {
        Commits { pinned: Mutex::new(VecDeque::from([searcher.pinned()])), searcher, trouble: RwLock::new(None) }
    }

    /// Takes up a newer commit, or an index that was rebuilt.
    pub(crate) fn follow(&self) {
        let trouble = match self.searcher.reopen() {
            Ok(false) => None,
            Ok(true) => {
                let mut pinned = self.pinned.lock().unwrap_or_else(PoisonError::into_inner);
                pinned.push_back(self.searcher.pinned());
                if pinned.len() > MAX_PINNED {
                    pinned.pop_front();
                }
                None
            }
            // It is being replaced: the next look finds the new one.
            Err(IndexError::Replaced(_)) => return,
            Err(error) => Some(error.to_string()),
        };
        *self.trouble.write().unwrap_or_else(PoisonError::into_inner) = trouble;
    }

    /// Why the index cannot be read now, if it cannot.
    #[cfg(feature = "serve")]
    pub(crate) fn trouble(&self) -> Option<String> {
        self.trouble.read().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// The searcher of the last commit, which stays at it.
    pub(crate) fn last(&self) -> Searcher {
        self.searcher.pinned()
    }

    /// Tries `find` on the earlier commits that are still open, the newest first: its first result.
    #[cfg(feature = "serve")]
    pub(crate) fn earlier<T>(&self, find: impl Fn(&Searcher) -> Option<T>) -> Option<T> {
        let pinned = self.pinned.lock().unwrap_or_else(PoisonError::into_inner).clone();
        pinned.iter().rev().find_map(find)
    }

    /// The searcher of this commit, if it is still open.
    pub(crate) fn at(&self, commit: &str) -> Option<Searcher> {
        let pinned = self.pinned.lock().unwrap_or_else(PoisonError::into_inner);
        pinned.iter().rev().find(|searcher| searcher.commit() == commit).cloned()
    }
}
