//! Commits: articles, manifest and totals become visible in one step, the groups of reprints after them.

use std::sync::Arc;

use tantivy::Term;

use super::document::PassageDocument;
use super::manifest::{self, Manifest};
use super::queue::{Batch, Writer};
use super::sync::report::{MIN_NEEDED, MIN_WRITER_BYTES};
use super::{Fields, FollowedFolder, Index, IndexError, Payload, WriteLock, reprints, sealed};

/// Finds the groups of reprints of the last commit and writes them.
pub(super) fn update_reprints(index: &Index, generation: u64) -> Result<(), IndexError> {
    let searcher = index.reader()?.searcher();
    reprints::update(&index.folder(), generation, &searcher, index.fields()).map_err(|error| index.error(error))
}

/// Commits the changes of `writer` together with the manifest that describes them, which is made and written while
/// tantivy writes its segments.
pub(super) fn commit<'m>(
    index: &Index,
    writer: &mut Writer,
    generation: u64,
    manifest: impl FnOnce() -> &'m Manifest + Send,
) -> Result<(), IndexError> {
    let folder = index.folder();
    let write_manifest = || -> Result<String, IndexError> {
        let manifest = manifest();
        manifest::write(&folder, generation, manifest).map_err(|error| IndexError::io("write", &folder, &error))?;
        let payload = Payload {
            generation,
            totals: manifest.totals(),
            languages: manifest.languages(),
            folders: manifest.followed().map(|(_, folder)| FollowedFolder::of(folder)).collect(),
        };
        Ok(serde_json::to_string(&payload).expect("numbers and strings have a JSON form"))
    };
    let (prepared, payload) = std::thread::scope(|scope| {
        let written = scope.spawn(write_manifest);
        let prepared = writer.prepare_commit();
        (prepared, written.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic)))
    });
    let mut prepared = prepared.map_err(|error| index.error(error))?;
    prepared.set_payload(&sealed::with_checksum(&payload?));
    prepared.commit().map_err(|error| index.error(error))?;
    manifest::remove_others(&folder, generation);
    Ok(())
}

/// A change of an index that reads no files of articles.
pub(super) struct Transaction<'a> {
    pub(super) index: &'a Index,
    writer: Writer,
    batch: Batch,
    generation: u64,
    /// The manifest to be committed.
    pub(super) manifest: Manifest,
}

impl<'a> Transaction<'a> {
    /// Begins with the state of the last commit.
    ///
    /// # Errors
    ///
    /// Any error of reading or writing the index.
    pub(super) fn begin(index: &'a Index, lock: &WriteLock) -> Result<Transaction<'a>, IndexError> {
        let (payload, manifest) = index.manifest()?;
        let writer = index.tantivy_writer(1, MIN_WRITER_BYTES, false, lock)?;
        let batch = Batch::new(&Arc::default(), false);
        Ok(Transaction { index, writer, batch, generation: payload.generation, manifest })
    }

    /// Adds the documents of an article.
    ///
    /// # Errors
    ///
    /// Any error of writing the index.
    pub(super) fn add(&mut self, documents: Vec<PassageDocument>) -> Result<(), IndexError> {
        self.batch.add(documents, &self.writer).map_err(|error| self.index.error(error))
    }

    /// Deletes the articles of a file, including those that this transaction added.
    pub(super) fn delete(&mut self, file: u64) {
        // A delete affects the documents sent before it. If sending fails now, it will fail again at the commit.
        let _ = self.batch.send(&self.writer);
        delete(&self.writer, self.index.fields(), file);
    }

    /// Commits the change atomically.
    ///
    /// # Errors
    ///
    /// Any error of writing the index.
    pub(super) fn commit(mut self) -> Result<(), IndexError> {
        self.batch.send_last(&self.writer).map_err(|error| self.index.error(error))?;
        let committed = commit(self.index, &mut self.writer, self.generation + 1, || &self.manifest);
        committed.map_err(|error| self.index.disk_error(error, MIN_NEEDED))?;
        self.writer.wait_merging_threads().map_err(|error| self.index.error(error))?;
        update_reprints(self.index, self.generation + 1)
    }
}

/// Deletes the articles of a file.
pub(super) fn delete(writer: &Writer, fields: &Fields, file: u64) {
    writer.delete_term(Term::from_field_u64(fields.file, file));
}
