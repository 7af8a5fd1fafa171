//! What changed in an index since an earlier commit.

use super::manifest::{FileChange, Manifest, changes};
use super::{Index, IndexError};

/// A commit of an index, to be compared with a later one.
#[derive(Debug, Clone)]
pub struct Checkpoint {
    state: u64,
    generation: u64,
    manifest: Manifest,
}

impl Checkpoint {
    /// The last commit of `index`.
    ///
    /// # Errors
    ///
    /// Any error of reading the index.
    pub fn of(index: &Index) -> Result<Checkpoint, IndexError> {
        let (payload, manifest) = index.manifest()?;
        Ok(Checkpoint { state: index.state(), generation: payload.generation, manifest })
    }

    /// Files that any process added, changed or removed since; removed ones come first. The checkpoint moves to the
    /// last commit of `index`, which may have been rebuilt.
    ///
    /// # Errors
    ///
    /// Any error of reading the index.
    pub fn advance(&mut self, index: &Index) -> Result<Vec<FileChange>, IndexError> {
        if (index.state(), index.payload()?.generation) == (self.state, self.generation) {
            return Ok(Vec::new());
        }
        let now = Checkpoint::of(index)?;
        let changes = changes(&self.manifest, &now.manifest);
        *self = now;
        Ok(changes)
    }
}
