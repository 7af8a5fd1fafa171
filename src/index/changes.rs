//! What is new in an index since a state of it that was seen before.

use super::manifest::{FileChange, Manifest, changes};
use super::{Index, IndexError};

/// A state of an index, remembered, to tell later what has changed since.
#[derive(Debug, Clone)]
pub struct Checkpoint {
    state: u64,
    generation: u64,
    manifest: Manifest,
}

impl Checkpoint {
    /// The state of the last commit of `index`.
    ///
    /// # Errors
    ///
    /// What keeps the index from being read.
    pub fn of(index: &Index) -> Result<Checkpoint, IndexError> {
        let (payload, manifest) = index.manifest()?;
        Ok(Checkpoint { state: index.state(), generation: payload.generation, manifest })
    }

    /// Files that were added, changed or removed since, by whatever process; files that are gone come first. The
    /// checkpoint moves on to the present state of `index`, which may have been built anew.
    ///
    /// # Errors
    ///
    /// What keeps the index from being read.
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
