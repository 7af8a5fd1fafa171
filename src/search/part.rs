//! One of the indexes that are searched together: a commit of it, open.

use tantivy::Searcher;

use crate::index::renames::Renames;
use crate::index::saved::{self, SavedQueries};
use crate::index::{Index, IndexError, Payload};

/// A commit of an index.
pub(crate) struct Part {
    pub(crate) index: Index,
    pub(crate) payload: Payload,
    /// Its segments. While it is there, tantivy takes them to be in use.
    pub(super) searcher: Searcher,
    pub(super) saved: SavedQueries,
    /// The paths of its articles as they are shown.
    pub(crate) renames: Renames,
}

impl Part {
    /// Opens the last commit of `index`, or of the index that replaced it.
    ///
    /// # Errors
    ///
    /// An error of reading the index.
    pub(super) fn open(index: &Index) -> Result<Part, IndexError> {
        const TRIES: usize = 5;
        let mut opened = Part::open_state(index.clone());
        for _ in 0..TRIES {
            if !matches!(opened, Err(IndexError::Replaced(_))) {
                break;
            }
            opened = Part::open_state(Index::open(index.path())?);
        }
        opened
    }

    fn open_state(index: Index) -> Result<Part, IndexError> {
        let (payload, searcher) = index.snapshot()?;
        let saved = saved::read(index.path())?;
        let renames = Renames::of(&payload.folders);
        Ok(Part { index, payload, searcher, saved, renames })
    }

    /// The name of its commit.
    pub(super) fn commit(&self) -> String {
        format!("{}.{}", self.index.state(), self.payload.generation)
    }
}
