//! The index: a folder with a tantivy index of passages and the manifest of the files they come from. `layout.rs`
//! describes the folder.

#[cfg_attr(not(feature = "engine"), allow(dead_code))]
pub(crate) mod block;
mod changes;
pub(crate) mod check;
pub(crate) mod columns;
mod commit;
mod directory;
pub(crate) mod document;
mod entries;
mod error;
pub(crate) mod extent;
pub(crate) mod in_memory;
mod layout;
mod lock;
pub mod manifest;
pub(crate) mod merge;
mod packed;
mod queue;
pub(crate) mod readers;
pub(crate) mod record;
pub(crate) mod renames;
pub(crate) mod reprints;
pub(crate) mod saved;
pub(crate) mod schema;
mod sealed;
mod segment;
pub(crate) mod sizes;
pub(crate) mod stored;
pub(crate) mod sync;
pub(crate) mod terms;
mod vanished;
mod writer;

use std::collections::BTreeSet;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};
use tantivy::directory::MmapDirectory;
use tantivy::directory::error::{LockError, OpenReadError};
use tantivy::store::{Compressor, ZstdCompressor};
use tantivy::{IndexReader, IndexSettings, ReloadPolicy, Searcher, TantivyError};

use crate::cancel::CancelFlag;
pub use changes::Checkpoint;
use directory::ReadDirectory;
pub use error::IndexError;
pub(crate) use error::{guarded, guarded_by, one_of};
pub use lock::WriteLock;
pub use manifest::{Change, FileChange, FollowedFolder, Totals};
pub(crate) use manifest::{Manifest, folder_name};
pub(crate) use schema::{FORMAT_VERSION, Fields};
pub use writer::{NewArticle, Writer};

/// Size of a block of the store in bytes. Larger blocks compress better (of 66 MB, 256 KB would save 1.3 MiB and 512 KB
/// 1.9 MiB) and take longer to decompress: a search of ten hits takes 10 ms, with the larger ones 12 and 14 ms.
const STORE_BLOCK_BYTES: usize = 128 * 1024;

/// zstd level of the store. Level 3 compresses 66 MB of articles to 26.8 at 160 MB/s, level 6 to 25.7 at 65, level 7 to
/// 25.5 at 54, level 9 to 25.3 at 41: 5 % of the store would cost 10 % of the time of all indexing.
const STORE_LEVEL: i32 = 3;

/// Builds the tables that are otherwise built on first use, so that a test can show that all of them are valid.
#[cfg(test)]
pub(crate) fn build_tables() {
    terms::build_tables();
}

/// The payload of a commit.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
pub(crate) struct Payload {
    /// Number of the commit, and of its manifest.
    pub generation: u64,
    /// Totals of the index.
    pub totals: Totals,
    /// Codes of the languages of its articles with their numbers of articles, the commonest first. Queries are read in
    /// each.
    pub languages: Vec<(String, u64)>,
    /// The folders that it follows.
    pub folders: Vec<FollowedFolder>,
}

/// An open index.
///
/// ```
/// use crosshead::{Index, SyncOptions, sync};
///
/// let folder = tempfile::tempdir()?;
/// let text = "# Dockers walk out\n\nNo ship has been unloaded.\n\n## The dispute\n\nThe union wants a shorter week.\n";
/// std::fs::write(folder.path().join("strike.md"), text)?;
/// let index = Index::open_or_create(&folder.path().join("index"))?;
/// sync(&index, &[folder.path().to_path_buf()], &SyncOptions::default())?;
/// assert_eq!(index.totals()?.sections, 2);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone)]
pub struct Index {
    path: PathBuf,
    state: u64,
    /// Is it, or was it, the current state? A replacement is not, until it is published.
    published: bool,
    fields: Fields,
    inner: tantivy::Index,
}

/// Number of attempts to open what a writer may replace at the same time.
const TRIES: usize = 20;

impl Index {
    /// Opens the index at `path`. Nothing is written.
    ///
    /// # Errors
    ///
    /// [`IndexError::Missing`], [`IndexError::OtherVersion`] and [`IndexError::Damaged`].
    pub fn open(path: &Path) -> Result<Index, IndexError> {
        let mut state = layout::current(path)?;
        for _ in 0..TRIES {
            let opened = Index::open_state(path, state);
            // It may have been rebuilt meanwhile.
            let now = layout::current(path)?;
            if opened.is_ok() || now == state {
                return opened;
            }
            state = now;
        }
        Index::open_state(path, state)
    }

    /// Is there an index at `path`, of this version or another?
    #[must_use]
    pub fn exists(path: &Path) -> bool {
        layout::is_index(path)
    }

    fn open_state(path: &Path, state: u64) -> Result<Index, IndexError> {
        let folder = layout::state_folder(path, state);
        let from_tantivy = |error| IndexError::from_tantivy(path, &folder, error);
        let directory = ReadDirectory::open(&folder).map_err(|error| from_tantivy(error.into()))?;
        let mut inner = tantivy::Index::open(directory).map_err(from_tantivy)?;
        inner.set_tokenizers(schema::tokenizers());
        let (expected, fields) = schema::schema();
        if inner.schema() != expected {
            return Err(IndexError::damaged(path, "its schema is not this version's".into()));
        }
        Ok(Index { path: path.to_path_buf(), state, published: true, fields, inner })
    }

    /// Opens the index at `path`, or creates an empty one.
    ///
    /// # Errors
    ///
    /// Those of [`Index::open`], and [`IndexError::NotAnIndex`] if the folder holds files of another program.
    pub fn open_or_create(path: &Path) -> Result<Index, IndexError> {
        match Index::open(path) {
            Err(IndexError::Missing(_)) => {
                let lock = Index::lock(path)?;
                match Index::open(path) {
                    // Another process has created it meanwhile.
                    Ok(index) => Ok(index),
                    Err(_) => Index::replacement(path, &lock)?.publish(&lock),
                }
            }
            other => other,
        }
    }

    /// Takes the lock of the index at `path`, which need not exist yet.
    ///
    /// # Errors
    ///
    /// [`IndexError::NotAnIndex`] if the folder holds files of another program, [`IndexError::Locked`] while another
    /// process writes.
    pub fn lock(path: &Path) -> Result<WriteLock, IndexError> {
        Index::make_folder(path)?;
        WriteLock::take(path)
    }

    /// Takes the lock, waiting while another process writes, until `stop` is set.
    ///
    /// # Errors
    ///
    /// Those of [`Index::lock`].
    pub fn wait_for_lock(path: &Path, stop: &CancelFlag) -> Result<WriteLock, IndexError> {
        Index::make_folder(path)?;
        WriteLock::wait(path, stop)
    }

    fn make_folder(path: &Path) -> Result<(), IndexError> {
        if layout::is_index(path) {
            return Ok(());
        }
        fs::create_dir_all(path).map_err(|error| IndexError::io("make the index folder", path, &error))?;
        match layout::has_foreign_files(path) {
            Ok(false) => Ok(()),
            Ok(true) => Err(IndexError::NotAnIndex(path.to_path_buf())),
            Err(error) => Err(IndexError::io("read", path, &error)),
        }
    }

    /// Creates an empty index beside the one at `path`, which may be of any version or damaged. It replaces that index
    /// when it is published.
    ///
    /// # Errors
    ///
    /// [`IndexError::Io`].
    pub(crate) fn replacement(path: &Path, _lock: &WriteLock) -> Result<Index, IndexError> {
        let state = layout::next_state(path);
        let folder = layout::state_folder(path, state);
        fs::create_dir_all(&folder).map_err(|error| IndexError::io("make the folder", &folder, &error))?;
        let (schema, fields) = schema::schema();
        let directory =
            MmapDirectory::open(&folder).map_err(|error| IndexError::from_tantivy(path, &folder, error.into()))?;
        let settings = IndexSettings {
            docstore_compression: Compressor::Zstd(ZstdCompressor { compression_level: Some(STORE_LEVEL) }),
            docstore_blocksize: STORE_BLOCK_BYTES,
            ..IndexSettings::default()
        };
        let mut inner = tantivy::Index::create(directory, schema, settings)
            .map_err(|error| IndexError::from_tantivy(path, &folder, error))?;
        inner.set_tokenizers(schema::tokenizers());
        Ok(Index { path: path.to_path_buf(), state, published: false, fields, inner })
    }

    /// Is it the current state of the index, not one that was replaced?
    pub(crate) fn is_current(&self) -> bool {
        layout::current(&self.path).is_ok_and(|state| state == self.state)
    }

    /// Makes a replacement the current state of the index, and removes the others.
    ///
    /// # Errors
    ///
    /// [`IndexError::Io`]; the index is then unchanged.
    pub(crate) fn publish(mut self, _lock: &WriteLock) -> Result<Index, IndexError> {
        layout::publish(&self.path, self.state)?;
        self.published = true;
        layout::remove_others(&self.path, self.state);
        Ok(self)
    }

    /// Removes a replacement that was not published.
    pub(crate) fn discard(self, _lock: &WriteLock) {
        let folder = self.folder();
        drop(self);
        // What cannot be removed now is removed by a later run.
        let _ = fs::remove_dir_all(folder);
    }

    /// Number of its state, which a rebuild changes.
    #[must_use]
    pub(crate) fn state(&self) -> u64 {
        self.state
    }

    /// The folder of its state.
    pub(crate) fn folder(&self) -> PathBuf {
        layout::state_folder(&self.path, self.state)
    }

    /// Its folder.
    #[must_use]
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// A name that this index alone has, by which an engine knows its articles. It is made at first, and stays when the index is
    /// moved or built anew.
    ///
    /// # Errors
    ///
    /// [`IndexError::Io`] if it cannot be read or made.
    #[cfg(feature = "engine")]
    pub(crate) fn writer_id(&self) -> Result<String, IndexError> {
        let file = self.path.join(layout::WRITER_FILE);
        let is_id = |text: &str| text.len() == 32 && text.bytes().all(|byte| byte.is_ascii_hexdigit());
        match fs::read_to_string(&file) {
            Ok(text) if is_id(text.trim()) => return Ok(text.trim().to_string()),
            Ok(_) => return Err(IndexError::damaged(&self.path, format!("{} is no name", layout::WRITER_FILE))),
            Err(error) if error.kind() == io::ErrorKind::NotFound => {}
            Err(error) => return Err(IndexError::io("read", &file, &error)),
        }
        let _lock = WriteLock::take(&self.path)?;
        let mut bytes = [0; 16];
        getrandom::fill(&mut bytes)
            .map_err(|error| IndexError::io("make a name for", &self.path, &io::Error::other(error.to_string())))?;
        let id: String = bytes.iter().map(|byte| format!("{byte:02x}")).collect();
        sealed::replace(&file, &[id.as_bytes(), b"\n"]).map_err(|error| IndexError::io("write", &file, &error))?;
        Ok(id)
    }

    /// The fields of its schema.
    #[must_use]
    pub(crate) fn fields(&self) -> &Fields {
        &self.fields
    }

    /// The payload of the last commit.
    ///
    /// # Errors
    ///
    /// [`IndexError::Damaged`] if it cannot be read.
    pub(crate) fn payload(&self) -> Result<Payload, IndexError> {
        let metas = self.inner.load_metas().map_err(|error| self.error(error))?;
        match metas.payload {
            None => Ok(Payload::default()),
            Some(text) => {
                let damaged = |reason: String| IndexError::damaged(&self.path, format!("its commit {reason}"));
                let body = sealed::without_checksum(&text).ok_or_else(|| damaged("is not as it was written".into()))?;
                serde_json::from_str(body).map_err(|error| damaged(format!("cannot be read: {error}")))
            }
        }
    }

    /// Totals of the index.
    ///
    /// # Errors
    ///
    /// [`IndexError::Damaged`] if it cannot be read.
    pub fn totals(&self) -> Result<Totals, IndexError> {
        Ok(self.payload()?.totals)
    }

    /// Payload and manifest of the last commit.
    ///
    /// # Errors
    ///
    /// [`IndexError::Damaged`] if it cannot be read.
    pub(crate) fn manifest(&self) -> Result<(Payload, Manifest), IndexError> {
        // A writer may remove the manifest between the two reads; then there is a newer one.
        let mut tries = 0;
        loop {
            let payload = self.payload()?;
            if payload.generation == 0 {
                return Ok((payload, Manifest::default()));
            }
            match manifest::read(&self.folder(), payload.generation) {
                Ok(manifest) => return Ok((payload, manifest)),
                Err(error) if error.kind() == io::ErrorKind::NotFound && tries < TRIES => tries += 1,
                // The file may be as it was written.
                Err(error) if !matches!(error.kind(), io::ErrorKind::NotFound | io::ErrorKind::InvalidData) => {
                    let file = self.folder().join(manifest::file_name(payload.generation));
                    return Err(self.unless_replaced(IndexError::io("read", &file, &error)));
                }
                Err(error) => {
                    let reason =
                        format!("{}: {}", manifest::file_name(payload.generation), crate::os::sentence(&error));
                    return Err(self.unless_replaced(IndexError::damaged(&self.path, reason)));
                }
            }
        }
    }

    /// The folders that the index at `path` follows, even if it cannot be opened. None if no manifest of it can be read
    /// either.
    #[must_use]
    pub(crate) fn known_folders(path: &Path) -> Vec<FollowedFolder> {
        if let Ok(payload) = Index::open(path).and_then(|index| index.payload())
            && payload.generation > 0
        {
            return payload.folders;
        }
        if let Some((folders, _)) = Index::of_other_format(path) {
            return folders;
        }
        let manifest =
            layout::states(path).into_iter().find_map(|state| manifest::read_any(&layout::state_folder(path, state)));
        manifest.map_or_else(Vec::new, |manifest| {
            manifest.followed().map(|(_, folder)| FollowedFolder::of(folder)).collect()
        })
    }

    /// The folders of an index at `path` that may have another format, and the number of its articles that are in no file, by
    /// its last commit.
    pub(crate) fn of_other_format(path: &Path) -> Option<(Vec<FollowedFolder>, u64)> {
        let of_state = |state: u64| {
            let listed = std::fs::read(layout::state_folder(path, state).join("meta.json")).ok()?;
            let listed: serde_json::Value = serde_json::from_slice(&listed).ok()?;
            let payload: serde_json::Value =
                serde_json::from_str(sealed::without_checksum(listed.get("payload")?.as_str()?)?).ok()?;
            let folders: Vec<FollowedFolder> = serde_json::from_value(payload.get("folders")?.clone()).ok()?;
            let articles = payload.get("totals")?.get("articles")?.as_u64()?;
            let in_files = folders.iter().map(|folder| folder.articles).sum();
            Some((folders, articles.saturating_sub(in_files)))
        };
        layout::states(path).into_iter().find_map(of_state)
    }

    /// Opens the last commit for reading.
    ///
    /// # Errors
    ///
    /// [`IndexError::Damaged`] or [`IndexError::Io`].
    pub(crate) fn reader(&self) -> Result<IndexReader, IndexError> {
        let mut tries = 0;
        loop {
            // No thread that watches for commits: each reader reads one.
            let reader: tantivy::Result<IndexReader> =
                self.inner.reader_builder().reload_policy(ReloadPolicy::Manual).try_into();
            match reader {
                // A commit or a merge has deleted files of the commit before it.
                Err(TantivyError::OpenReadError(OpenReadError::FileDoesNotExist(_))) if tries < TRIES => tries += 1,
                other => return other.map_err(|error| self.error(error)),
            }
        }
    }

    /// The last commit, with its payload.
    ///
    /// # Errors
    ///
    /// [`IndexError::Damaged`] or [`IndexError::Io`].
    pub(crate) fn snapshot(&self) -> Result<(Payload, Searcher), IndexError> {
        let mut payload = self.payload()?;
        loop {
            let searcher = self.reader()?.searcher();
            let now = self.payload()?;
            if now.generation == payload.generation {
                return Ok((payload, searcher));
            }
            payload = now;
        }
    }

    /// Opens a writer. If `plain`, tantivy writes the segments, not the counting writer.
    pub(crate) fn tantivy_writer(
        &self,
        threads: usize,
        bytes: usize,
        plain: bool,
        _lock: &WriteLock,
    ) -> Result<queue::Writer, IndexError> {
        let open = || {
            let directory = MmapDirectory::open(self.folder())?;
            let mut index = tantivy::Index::open(directory)?;
            index.set_tokenizers(schema::tokenizers());
            if !plain {
                index.register_plugin(std::sync::Arc::new(segment::CountingPlugin));
            }
            index.writer_with_num_threads(threads, bytes)
        };
        // tantivy's own lock can only be that of an earlier writer, still held by a child between fork and exec.
        const TRIES: u32 = 100;
        let mut opened = open();
        for _ in 0..TRIES {
            match opened {
                Err(TantivyError::LockFailure(LockError::LockBusy, _)) => {
                    std::thread::sleep(std::time::Duration::from_millis(10));
                    opened = open();
                }
                _ => break,
            }
        }
        opened.map_err(|error| self.error(error))
    }

    /// Turns an error of a full disk into one with the free and the needed bytes.
    pub(crate) fn disk_error(&self, error: IndexError, needed: u64) -> IndexError {
        if !error.is_full() {
            return error;
        }
        IndexError::Full { path: self.path.clone(), free: fs4::available_space(&self.path).ok(), needed }
    }

    /// Removes the remains of killed rebuilds and replaced states.
    pub(crate) fn remove_other_states(&self, _lock: &WriteLock) {
        layout::remove_others(&self.path, self.state);
    }

    pub(crate) fn error(&self, error: TantivyError) -> IndexError {
        self.unless_replaced(IndexError::from_tantivy(&self.path, &self.folder(), error))
    }

    /// Turns an error of reading into [`IndexError::Replaced`] if there is a newer state, which explains it.
    fn unless_replaced(&self, error: IndexError) -> IndexError {
        let newer = self.published && layout::current(&self.path).is_ok_and(|state| state != self.state);
        if newer { IndexError::Replaced(self.path.clone()) } else { error }
    }

    /// Finds the cause of an error of writing, by writing a file: tantivy only reports that a thread of its own failed.
    pub(crate) fn with_cause(&self, error: IndexError) -> IndexError {
        const PROBE_BYTES: usize = 256 << 10;
        if !matches!(error, IndexError::Damaged { .. }) {
            return error;
        }
        let probe = self.folder().join("probe");
        let written = fs::write(&probe, vec![0; PROBE_BYTES]);
        let _ = fs::remove_file(&probe);
        written.err().map_or(error, |cause| IndexError::io("write", &self.folder(), &cause))
    }

    /// tantivy's files with a wrong checksum.
    ///
    /// # Errors
    ///
    /// [`IndexError::Damaged`] if the list of files cannot be read, [`IndexError::Io`] for a file without permission.
    pub fn damaged_files(&self) -> Result<Vec<PathBuf>, IndexError> {
        let metas = self.inner.load_metas().map_err(|error| self.error(error))?;
        let segments: BTreeSet<String> = metas.segments.iter().map(|segment| segment.id().uuid_string()).collect();
        let folder = self.folder();
        let entries = fs::read_dir(&folder);
        let entries = entries.map_err(|error| self.unless_replaced(IndexError::io("read", &folder, &error)))?;
        let names = entries.flatten().map(|entry| PathBuf::from(entry.file_name()));
        // The names of a segment's files begin with its id.
        let is_of_segment = |name: &Path| {
            name.to_str().and_then(|name| name.split('.').next()).is_some_and(|segment| segments.contains(segment))
        };
        let mut damaged = BTreeSet::new();
        for name in names.filter(|name| is_of_segment(name)) {
            match self.inner.directory().validate_checksum(&name) {
                Ok(true) => {}
                // A file without permission may be as it was written.
                Err(error) if error::refused(&error).is_some() => return Err(self.error(error.into())),
                Ok(false) | Err(_) => _ = damaged.insert(name),
            }
        }
        Ok(damaged.into_iter().collect())
    }

    /// Size of all its files in bytes.
    #[must_use]
    pub fn disk_bytes(&self) -> u64 {
        walkdir::WalkDir::new(&self.path)
            .into_iter()
            .flatten()
            .filter_map(|entry| entry.metadata().ok())
            .filter(std::fs::Metadata::is_file)
            .map(|metadata| metadata.len())
            .sum()
    }
}

#[cfg(test)]
mod tests {
    #[test]
    fn tables_are_valid() {
        super::build_tables();
    }
}
