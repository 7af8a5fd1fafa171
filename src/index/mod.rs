//! The index: one folder that holds a tantivy index of passages and the list of files they came from.
//!
//! ```text
//! index/crosshead.json     the format version
//! index/files-N.bin        the manifest of generation N
//! index/segments/          tantivy's files; the payload of its commit names N
//! ```

pub mod check;
pub mod document;
pub mod duplicates;
pub mod manifest;
mod packed;
mod records;
pub mod repeated;
pub mod saved;
pub mod schema;
pub mod sizes;
pub mod sketch;
pub mod sync;
pub mod tokenizer;

use std::collections::BTreeSet;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};
use tantivy::directory::MmapDirectory;
use tantivy::store::{Compressor, ZstdCompressor};
use tantivy::{IndexReader, IndexSettings, ReloadPolicy, TantivyError};

pub use manifest::{Manifest, Totals};
pub use schema::{FORMAT_VERSION, Fields};

/// Name of the file that marks a folder as an index of ours.
pub const MARKER_FILE: &str = "crosshead.json";

/// Folder of tantivy's files inside an index.
const SEGMENTS: &str = "segments";

/// Bytes of text compressed together in the store: larger blocks compress better, and still decode in microseconds.
const STORE_BLOCK_BYTES: usize = 128 * 1024;

/// How hard zstd tries: level 6 makes the store a twentieth smaller than level 3, for a second of work in 66 MB.
const STORE_LEVEL: i32 = 6;

/// What can be wrong with an index. Each is a sentence with a way out.
#[derive(Debug, thiserror::Error)]
pub enum IndexError {
    /// Nothing there.
    #[error("no index at '{0}': make one with `crosshead index FOLDER`, or name another with --index")]
    Missing(PathBuf),
    /// A folder, but not of ours.
    #[error("'{0}' holds other files and is no index: name an empty or new folder with --index")]
    NotAnIndex(PathBuf),
    /// Made by another version of the program.
    #[error(
        "the index at '{path}' has format {found}, this program reads format {FORMAT_VERSION}: build it again with `crosshead index --rebuild FOLDER`"
    )]
    OtherVersion {
        /// The index.
        path: PathBuf,
        /// Its format.
        found: u32,
    },
    /// Another process is writing to it.
    #[error(
        "another process is writing to the index at '{0}': wait for it to end (`crosshead index --wait`), or name another index with --index"
    )]
    Locked(PathBuf),
    /// It cannot be read as what it should be.
    #[error("the index at '{path}' is damaged ({reason}): build it again with `crosshead index --rebuild FOLDER`")]
    Damaged {
        /// The index.
        path: PathBuf,
        /// What is wrong.
        reason: String,
    },
    /// The operating system refused.
    #[error("cannot {act} '{path}': {reason}")]
    Io {
        /// What was tried.
        act: &'static str,
        /// On what.
        path: PathBuf,
        /// What the system said.
        reason: String,
    },
    /// A folder of articles that is not there.
    #[error("no folder or file '{0}': check the name, or give the folder's new place")]
    NoFolder(PathBuf),
    /// A folder whose name is not text.
    #[error("the name of folder '{0}' is not UTF-8: give it another name, or index the folder above it")]
    FolderName(PathBuf),
    /// No folder was named and the index knows none.
    #[error("the index at '{0}' follows no folder yet: name one, as in `crosshead index FOLDER`")]
    NoFolders(PathBuf),
}

impl IndexError {
    fn io(act: &'static str, path: &Path, error: &io::Error) -> IndexError {
        IndexError::Io { act, path: path.to_path_buf(), reason: crate::ingest::walk::io_sentence(error) }
    }

    fn from_tantivy(path: &Path, error: TantivyError) -> IndexError {
        let path = path.to_path_buf();
        match error {
            TantivyError::LockFailure(tantivy::directory::error::LockError::LockBusy, _) => IndexError::Locked(path),
            TantivyError::LockFailure(tantivy::directory::error::LockError::IoError(error), _) => {
                IndexError::io("lock", &path, &error)
            }
            TantivyError::IoError(error) => IndexError::io("read or write", &path, &error),
            other => match io_cause(&other) {
                Some(reason) => IndexError::Io { act: "read or write", path, reason },
                None => IndexError::Damaged { path, reason: other.to_string() },
            },
        }
    }
}

/// The system's word at the bottom of an error, if there is one.
fn io_cause(error: &dyn std::error::Error) -> Option<String> {
    let mut cause = error.source();
    while let Some(error) = cause {
        if let Some(io) = error
            .downcast_ref::<io::Error>()
            .or_else(|| error.downcast_ref::<std::sync::Arc<io::Error>>().map(|io| &**io))
        {
            return Some(crate::ingest::walk::io_sentence(io));
        }
        cause = error.source();
    }
    let text = error.to_string();
    ["No space left on device", "Permission denied", "Read-only file system", "File too large"]
        .iter()
        .find(|reason| text.contains(**reason))
        .map(|reason| (*reason).to_string())
}

/// The marker file.
#[derive(Debug, Serialize, Deserialize)]
struct Marker {
    format: u32,
    made_by: String,
}

/// What each commit says of itself.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
pub struct Payload {
    /// The manifest that belongs to the commit.
    pub generation: u64,
    /// What the index holds.
    pub totals: Totals,
    /// Codes of the languages its articles are in, the commonest first; queries are read in each.
    pub languages: Vec<(String, u64)>,
    /// Names of the folders it follows, as given, and where they are.
    pub folders: Vec<(String, String)>,
}

/// An index, open.
///
/// ```
/// use crosshead::index::{Index, sync::{SyncOptions, sync}};
/// use crosshead::search::{SearchOptions, search};
///
/// let folder = tempfile::tempdir()?;
/// let text = "# Dockers walk out\n\nNo ship has been unloaded.\n\n## The dispute\n\nThe union wants a shorter week.\n";
/// std::fs::write(folder.path().join("strike.md"), text)?;
/// let mut index = Index::open_or_create(&folder.path().join("index"))?;
/// sync(&mut index, &[folder.path().to_path_buf()], &SyncOptions::default())?;
/// let results = search(&index, "heading:dispute week", &SearchOptions::default())?;
/// assert_eq!(results.hits[0].passage.heading.as_deref(), Some("The dispute"));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub struct Index {
    path: PathBuf,
    fields: Fields,
    inner: tantivy::Index,
}

impl Index {
    /// Opens the index at `path`. Writes nothing.
    ///
    /// # Errors
    ///
    /// [`IndexError::Missing`], [`IndexError::OtherVersion`] and [`IndexError::Damaged`].
    pub fn open(path: &Path) -> Result<Index, IndexError> {
        read_marker(path)?;
        let segments = path.join(SEGMENTS);
        let mut inner =
            tantivy::Index::open_in_dir(&segments).map_err(|error| IndexError::from_tantivy(path, error))?;
        inner.set_tokenizers(schema::tokenizers());
        let (expected, fields) = schema::schema();
        if inner.schema() != expected {
            return Err(IndexError::Damaged {
                path: path.to_path_buf(),
                reason: "its schema is not this version's".into(),
            });
        }
        Ok(Index { path: path.to_path_buf(), fields, inner })
    }

    /// Opens the index at `path`, or makes an empty one.
    ///
    /// # Errors
    ///
    /// As [`Index::open`], and [`IndexError::NotAnIndex`] if the folder holds other files.
    pub fn open_or_create(path: &Path) -> Result<Index, IndexError> {
        match Index::open(path) {
            Err(IndexError::Missing(_)) => Index::create(path),
            other => other,
        }
    }

    fn create(path: &Path) -> Result<Index, IndexError> {
        fs::create_dir_all(path).map_err(|error| IndexError::io("make the index folder", path, &error))?;
        let entries = fs::read_dir(path).map_err(|error| IndexError::io("read", path, &error))?;
        let strange = entries.flatten().any(|entry| {
            let name = entry.file_name();
            // The folder of a killed first run is no harm.
            !may_stand_in_a_new_index(&name) && name != SEGMENTS
        });
        if strange {
            return Err(IndexError::NotAnIndex(path.to_path_buf()));
        }
        let segments = path.join(SEGMENTS);
        let _ = fs::remove_dir_all(&segments);
        fs::create_dir_all(&segments).map_err(|error| IndexError::io("make the index folder", &segments, &error))?;
        let (schema, fields) = schema::schema();
        let directory = MmapDirectory::open(&segments).map_err(|error| IndexError::from_tantivy(path, error.into()))?;
        let settings = IndexSettings {
            docstore_compression: Compressor::Zstd(ZstdCompressor { compression_level: Some(STORE_LEVEL) }),
            docstore_blocksize: STORE_BLOCK_BYTES,
            ..IndexSettings::default()
        };
        let mut inner = tantivy::Index::create(directory, schema, settings)
            .map_err(|error| IndexError::from_tantivy(path, error))?;
        inner.set_tokenizers(schema::tokenizers());
        // Written last: a folder without it is no index yet.
        let marker =
            Marker { format: FORMAT_VERSION, made_by: concat!("crosshead ", env!("CARGO_PKG_VERSION")).into() };
        let text = serde_json::to_string(&marker).unwrap_or_default();
        let marker_path = path.join(MARKER_FILE);
        fs::write(&marker_path, text + "\n").map_err(|error| IndexError::io("write", &marker_path, &error))?;
        Ok(Index { path: path.to_path_buf(), fields, inner })
    }

    /// Removes the index at `path`, of whatever version, so that a new one can be made there.
    ///
    /// # Errors
    ///
    /// [`IndexError::NotAnIndex`] if it is none, [`IndexError::Locked`] while another process writes to it.
    pub fn remove(path: &Path) -> Result<(), IndexError> {
        if !path.join(MARKER_FILE).is_file() {
            let empty = fs::read_dir(path).map_or(true, |mut entries| {
                entries.all(|entry| entry.is_ok_and(|entry| may_stand_in_a_new_index(&entry.file_name())))
            });
            return if empty { Ok(()) } else { Err(IndexError::NotAnIndex(path.to_path_buf())) };
        }
        if let Ok(index) = Index::open(path) {
            // Takes the lock for a moment: a run that is under way is not pulled from under itself.
            drop(index.writer(1, sync::MIN_WRITER_BYTES)?);
        }
        // The marker goes first: what is left of a removal cut short is no index.
        let marker = path.join(MARKER_FILE);
        fs::remove_file(&marker).map_err(|error| IndexError::io("remove", &marker, &error))?;
        manifest::remove_others(path, u64::MAX);
        duplicates::remove(path);
        let segments = path.join(SEGMENTS);
        fs::remove_dir_all(&segments).map_err(|error| IndexError::io("remove", &segments, &error))
    }

    /// Where it is.
    #[must_use]
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// The numbers of its fields.
    #[must_use]
    pub fn fields(&self) -> &Fields {
        &self.fields
    }

    /// What the last commit says of the index.
    ///
    /// # Errors
    ///
    /// [`IndexError::Damaged`] if it cannot be read.
    pub fn payload(&self) -> Result<Payload, IndexError> {
        let metas = self.inner.load_metas().map_err(|error| self.error(error))?;
        match metas.payload {
            None => Ok(Payload::default()),
            Some(text) => serde_json::from_str(&text).map_err(|error| IndexError::Damaged {
                path: self.path.clone(),
                reason: format!("its commit cannot be read: {error}"),
            }),
        }
    }

    /// The manifest of the last commit.
    ///
    /// # Errors
    ///
    /// [`IndexError::Damaged`] if it cannot be read.
    pub fn manifest(&self) -> Result<(Payload, Manifest), IndexError> {
        // A writer may replace it between the two reads; then there is a newer one to read.
        const TRIES: usize = 5;
        let mut tries = 0;
        loop {
            let payload = self.payload()?;
            if payload.generation == 0 {
                return Ok((payload, Manifest::default()));
            }
            match manifest::read(&self.path, payload.generation) {
                Ok(manifest) => return Ok((payload, manifest)),
                Err(error) if error.kind() == io::ErrorKind::NotFound && tries < TRIES => tries += 1,
                Err(error) => {
                    let reason = format!(
                        "{}: {}",
                        manifest::file_name(payload.generation),
                        crate::ingest::walk::io_sentence(&error)
                    );
                    return Err(IndexError::Damaged { path: self.path.clone(), reason });
                }
            }
        }
    }

    /// A reader of the last commit.
    ///
    /// # Errors
    ///
    /// [`IndexError::Damaged`] or [`IndexError::Io`].
    pub fn reader(&self) -> Result<IndexReader, IndexError> {
        // No watcher thread: a command reads one commit and ends.
        self.inner.reader_builder().reload_policy(ReloadPolicy::Manual).try_into().map_err(|error| self.error(error))
    }

    pub(crate) fn writer(&self, threads: usize, bytes: usize) -> Result<tantivy::IndexWriter, IndexError> {
        self.inner.writer_with_num_threads(threads, bytes).map_err(|error| self.error(error))
    }

    pub(crate) fn error(&self, error: TantivyError) -> IndexError {
        IndexError::from_tantivy(&self.path, error)
    }

    /// Verifies the checksums of tantivy's files.
    ///
    /// # Errors
    ///
    /// [`IndexError::Damaged`] if they cannot be read at all.
    pub fn damaged_files(&self) -> Result<Vec<PathBuf>, IndexError> {
        let damaged = self.inner.validate_checksum().map_err(|error| self.error(error))?;
        Ok(damaged.into_iter().collect::<BTreeSet<_>>().into_iter().collect())
    }

    /// Bytes of all its files on disk.
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

fn read_marker(path: &Path) -> Result<(), IndexError> {
    let marker = path.join(MARKER_FILE);
    let text = match fs::read_to_string(&marker) {
        Ok(text) => text,
        Err(error) if matches!(error.kind(), io::ErrorKind::NotFound | io::ErrorKind::NotADirectory) => {
            return Err(IndexError::Missing(path.to_path_buf()));
        }
        Err(error) => return Err(IndexError::io("read", &marker, &error)),
    };
    let marker: Marker = serde_json::from_str(&text)
        .map_err(|error| IndexError::Damaged { path: path.to_path_buf(), reason: format!("{MARKER_FILE}: {error}") })?;
    if marker.format == FORMAT_VERSION {
        Ok(())
    } else {
        Err(IndexError::OtherVersion { path: path.to_path_buf(), found: marker.format })
    }
}

/// Is this no other program's file: a `.gitignore`, a README, the queries that were saved in an index before?
fn may_stand_in_a_new_index(name: &std::ffi::OsStr) -> bool {
    name.as_encoded_bytes().starts_with(b".") || name == "README.md" || name == saved::FILE
}
