//! Making a state of the index the one that is read: articles, manifest and totals in one step, the groups behind them.

use std::sync::Arc;

use tantivy::Term;

use super::document::PassageDocument;
use super::manifest::{self, Manifest};
use super::queue::{Batch, Writer};
use super::sync::report::{MIN_NEEDED, MIN_WRITER_BYTES};
use super::{Fields, FollowedFolder, Index, IndexError, Payload, WriteLock, reprints, sealed};

/// Finds the groups of reprints of the last commit.
pub(super) fn group(index: &Index, generation: u64) -> Result<(), IndexError> {
    let searcher = index.reader()?.searcher();
    reprints::update(&index.folder(), generation, &searcher, index.fields()).map_err(|error| index.error(error))
}

/// Commits what `writer` has done together with the manifest that tells of it, which is made while tantivy lays down
/// the articles.
pub(super) fn commit<'m>(
    index: &Index,
    writer: &mut Writer,
    generation: u64,
    manifest: impl FnOnce() -> &'m Manifest + Send,
) -> Result<(), IndexError> {
    let folder = index.folder();
    let write_manifest = || {
        let manifest = manifest();
        manifest::write(&folder, generation, manifest).map_err(|error| IndexError::io("write", &folder, &error))?;
        let payload = Payload {
            generation,
            totals: manifest.totals(),
            languages: manifest.languages(),
            folders: manifest.followed().map(|(_, folder)| FollowedFolder::of(folder)).collect(),
        };
        // An empty payload would be a damaged index.
        Ok(serde_json::to_string(&payload).expect("numbers and strings have a JSON form"))
    };
    let (prepared, payload) = std::thread::scope(|scope| {
        let written = scope.spawn(write_manifest);
        let prepared = writer.prepare_commit();
        (prepared, written.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic)))
    });
    let mut prepared = prepared.map_err(|error| index.error(error))?;
    prepared.set_payload(&sealed::with_sum(&payload?));
    prepared.commit().map_err(|error| index.error(error))?;
    manifest::remove_others(&folder, generation);
    Ok(())
}

/// A change of an index that reads no file.
pub(super) struct Writing<'a> {
    pub(super) index: &'a Index,
    writer: Writer,
    batch: Batch,
    generation: u64,
    /// To be changed, then committed.
    pub(super) manifest: Manifest,
}

impl<'a> Writing<'a> {
    /// Begins with the last commit.
    ///
    /// # Errors
    ///
    /// What keeps the index from being read or written.
    pub(super) fn begin(index: &'a Index, lock: &WriteLock) -> Result<Writing<'a>, IndexError> {
        let (payload, manifest) = index.manifest()?;
        let writer = index.tantivy_writer(1, MIN_WRITER_BYTES, false, lock)?;
        let batch = Batch::new(&Arc::default(), false);
        Ok(Writing { index, writer, batch, generation: payload.generation, manifest })
    }

    /// Adds the documents of an article.
    ///
    /// # Errors
    ///
    /// What keeps the index from being written.
    pub(super) fn add(&mut self, documents: Vec<PassageDocument>) -> Result<(), IndexError> {
        self.batch.add(documents, &self.writer).map_err(|error| self.index.error(error))
    }

    /// Deletes the articles of a file, those too that were just added.
    pub(super) fn delete(&mut self, file: u64) {
        // A delete reaches what was sent before it. What cannot be sent fails again when the rest is.
        let _ = self.batch.send(&self.writer);
        delete(&self.writer, self.index.fields(), file);
    }

    /// Makes the change the state of the index, in one step.
    ///
    /// # Errors
    ///
    /// What keeps the index from being written.
    pub(super) fn commit(mut self) -> Result<(), IndexError> {
        self.batch.send_last(&self.writer).map_err(|error| self.index.error(error))?;
        let done = commit(self.index, &mut self.writer, self.generation + 1, || &self.manifest);
        done.map_err(|error| self.index.disk_error(error, MIN_NEEDED))?;
        self.writer.wait_merging_threads().map_err(|error| self.index.error(error))?;
        group(self.index, self.generation + 1)
    }
}

/// Deletes the articles of a file.
pub(super) fn delete(writer: &Writer, fields: &Fields, file: u64) {
    writer.delete_term(Term::from_field_u64(fields.file, file));
}
