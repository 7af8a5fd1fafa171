//! What the indexes that are searched hold together.

use std::path::PathBuf;

use super::Searcher;
use super::part::Part;
use crate::index::check::missing_articles;
use crate::index::extent::{self, Extent};
use crate::index::saved::{self, SavedQueries};
use crate::index::{Checkpoint, FileChange, Index, IndexError, Totals};
use crate::search::snapshot::Snapshot;

impl Snapshot {
    /// Counts over all indexes.
    pub(crate) fn totals(&self) -> &Totals {
        &self.totals
    }

    /// Names of the indexes, if there are several.
    pub(crate) fn labels(&self) -> Vec<String> {
        let labels = || self.parts.iter().map(|part| part.label.clone()).collect();
        if self.parts.len() > 1 && self.foreign.is_none() { labels() } else { Vec::new() }
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

#[cfg_attr(not(all(feature = "serve", feature = "mcp")), allow(dead_code))]
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

    /// The saved queries as they are now, also those that were saved since. A name means what it does in the first index that
    /// has it.
    pub(crate) fn read_saved(&self) -> Result<SavedQueries, IndexError> {
        saved::read_all(self.paths())
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

    /// The indexes, if there are several: their names, which tell them apart, commits and numbers of articles.
    pub(crate) fn several(&self) -> Vec<(String, String, u64)> {
        let snapshot = self.snapshot();
        let told = |part: &Part| (part.label.clone(), part.commit(), part.payload.totals.articles);
        if snapshot.parts().len() > 1 { snapshot.parts().iter().map(told).collect() } else { Vec::new() }
    }

    /// Size of the files of all indexes, in bytes.
    pub(crate) fn disk_bytes(&self) -> u64 {
        self.snapshot().parts().iter().map(|part| part.index.disk_bytes()).sum()
    }
}

/// The reasons why files or records were not read, without what they say of one file, each with its number, the commonest
/// first.
#[cfg(any(feature = "serve", feature = "mcp"))]
pub(crate) fn by_reason(skipped: &[(String, String)]) -> Vec<(String, u64)> {
    let mut counts = std::collections::BTreeMap::<&str, u64>::new();
    for (_, reason) in skipped {
        let kind = reason.split([':', ',', '(']).next().unwrap_or(reason).trim();
        *counts.entry(kind).or_default() += 1;
    }
    let mut counts: Vec<(String, u64)> = counts.into_iter().map(|(kind, count)| (kind.to_string(), count)).collect();
    counts.sort_by(|a, b| b.1.cmp(&a.1).then_with(|| a.0.cmp(&b.0)));
    counts
}

/// The last commits of several indexes, to be compared with later ones.
#[cfg_attr(not(feature = "serve"), allow(dead_code))]
pub(crate) struct Checkpoints {
    of_indexes: Vec<Checkpoint>,
    /// Changes that were found and not given yet, each with the number of its index.
    found: Vec<(usize, FileChange)>,
}

#[cfg_attr(not(feature = "serve"), allow(dead_code))]
impl Checkpoints {
    /// Those of what is searched now.
    ///
    /// # Errors
    ///
    /// Any error of reading an index.
    pub(crate) fn of(searcher: &Searcher) -> Result<Checkpoints, IndexError> {
        let of_index = |path: &PathBuf| Checkpoint::of(&Index::open(path)?);
        let of_indexes = searcher.paths().iter().map(of_index).collect::<Result<_, _>>()?;
        Ok(Checkpoints { of_indexes, found: Vec::new() })
    }

    /// Files that were added, changed or removed since, under the paths that are shown; see [`Checkpoint::advance`]. The
    /// searcher takes up the commits with them.
    ///
    /// # Errors
    ///
    /// Any error of reading an index. What was found of others is given the next time.
    pub(crate) fn advance(&mut self, searcher: &Searcher) -> Result<Vec<FileChange>, IndexError> {
        for (number, (checkpoint, path)) in self.of_indexes.iter_mut().zip(searcher.paths()).enumerate() {
            let changes = checkpoint.advance(&Index::open(path)?)?;
            self.found.extend(changes.into_iter().map(|change| (number, change)));
        }
        if self.found.is_empty() {
            return Ok(Vec::new());
        }
        searcher.reopen()?;
        let snapshot = searcher.snapshot();
        Ok(self.found.drain(..).map(|(number, change)| snapshot.parts()[number].shown_change(change)).collect())
    }
}
