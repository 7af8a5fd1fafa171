//! What the indexes that are searched hold together.

use super::Searcher;
use crate::index::check::missing_articles;
use crate::index::extent::{self, Extent};
use crate::index::saved::SavedQueries;
use crate::index::{Checkpoint, FileChange, Index, IndexError, Totals};
use crate::search::snapshot::Snapshot;

impl Snapshot {
    /// Counts over all indexes.
    pub(crate) fn totals(&self) -> &Totals {
        &self.totals
    }

    /// What the articles of all indexes cover. Reads a column.
    pub(crate) fn extent(&self) -> Result<Extent, IndexError> {
        extent::of_segments(self.readers.segments()).map_err(|error| self.error(error))
    }

    /// [`crate::fingerprint`] over all indexes.
    pub(crate) fn fingerprint(&self) -> Result<String, IndexError> {
        let mut sum = 0_u128;
        for (reader, ordinal) in self.readers.segments().iter().zip(0..) {
            let of_segment = extent::fingerprint_of_segment(reader, &self.part(ordinal).renames);
            sum = sum.wrapping_add(of_segment.map_err(|error| self.error(error))?);
        }
        Ok(format!("{sum:032x}"))
    }
}

#[cfg_attr(not(feature = "cli"), allow(dead_code))]
impl Searcher {
    /// Counts over all indexes.
    pub(crate) fn totals(&self) -> Totals {
        self.snapshot().totals
    }

    /// Codes of the languages with their numbers of articles, the commonest first.
    pub(crate) fn languages(&self) -> Vec<(String, u64)> {
        self.snapshot().counted_languages.clone()
    }

    /// What the articles of all indexes cover. Reads a column.
    pub(crate) fn extent(&self) -> Result<Extent, IndexError> {
        let snapshot = self.snapshot();
        self.guarded(|| snapshot.extent())
    }

    /// [`crate::fingerprint`] over all indexes.
    pub(crate) fn fingerprint(&self) -> Result<String, IndexError> {
        let snapshot = self.snapshot();
        self.guarded(|| snapshot.fingerprint())
    }

    /// The saved queries. A name means what it does in the first index that has it.
    pub(crate) fn saved(&self) -> SavedQueries {
        self.snapshot().saved.clone()
    }

    /// The files and records that were not read, as paths, with the reasons.
    pub(crate) fn skipped(&self) -> Result<Vec<(String, String)>, IndexError> {
        let mut out = Vec::new();
        for part in self.snapshot().parts() {
            for (_, folder) in part.index.manifest()?.1.followed() {
                let renamed = part.named(folder);
                out.extend(renamed.skipped());
            }
        }
        Ok(out)
    }

    /// Number of articles of files that are not there.
    pub(crate) fn missing_articles(&self) -> Result<u64, IndexError> {
        self.snapshot().parts().iter().map(|part| missing_articles(&part.index)).sum()
    }

    /// Size of the files of all indexes, in bytes.
    pub(crate) fn disk_bytes(&self) -> u64 {
        self.snapshot().parts().iter().map(|part| part.index.disk_bytes()).sum()
    }
}

/// The last commits of several indexes, to be compared with later ones.
#[cfg_attr(not(feature = "serve"), allow(dead_code))]
pub(crate) struct Checkpoints(Vec<Checkpoint>);

#[cfg_attr(not(feature = "serve"), allow(dead_code))]
impl Checkpoints {
    /// Those of what is searched now.
    ///
    /// # Errors
    ///
    /// Any error of reading an index.
    pub(crate) fn of(searcher: &Searcher) -> Result<Checkpoints, IndexError> {
        let of_path = |path: &std::path::PathBuf| Checkpoint::of(&Index::open(path)?);
        Ok(Checkpoints(searcher.paths().iter().map(of_path).collect::<Result<_, _>>()?))
    }

    /// Files that were added, changed or removed since, under the paths that are shown; see [`Checkpoint::advance`].
    ///
    /// # Errors
    ///
    /// Any error of reading an index.
    pub(crate) fn advance(&mut self, searcher: &Searcher) -> Result<Vec<FileChange>, IndexError> {
        let mut out = Vec::new();
        for (checkpoint, path) in self.0.iter_mut().zip(searcher.paths()) {
            out.push(checkpoint.advance(&Index::open(path)?)?);
        }
        if out.iter().any(|changes| !changes.is_empty()) {
            searcher.reopen()?;
        }
        let snapshot = searcher.snapshot();
        let shown = out.into_iter().zip(snapshot.parts());
        Ok(shown.flat_map(|(changes, part)| changes.into_iter().map(|change| part.shown_change(change))).collect())
    }
}
