//! tantivy's directory for readers, which neither lock nor write.
//!
//! tantivy's readers take a lock while they open segments, so that none is deleted meanwhile. That needs a writable
//! file and makes readers wait for each other. Here readers open the files that the commit names, and if one is gone by
//! then, those of the next commit (see [`super::Index::reader`]).

use std::io;
#[cfg(unix)]
use std::ops::Range;
use std::path::{Path, PathBuf};
use std::sync::Arc;

#[cfg(unix)]
use tantivy::HasLen;
#[cfg(unix)]
use tantivy::directory::OwnedBytes;
use tantivy::directory::error::{DeleteError, LockError, OpenDirectoryError, OpenReadError, OpenWriteError};
use tantivy::directory::{
    Directory, DirectoryLock, FileHandle, Lock, MmapDirectory, WatchCallback, WatchHandle, WritePtr,
};

/// A read-only folder of tantivy's files.
#[derive(Debug, Clone)]
pub(super) struct ReadDirectory {
    mapped: MmapDirectory,
    #[cfg(unix)]
    folder: PathBuf,
}

impl ReadDirectory {
    /// Opens a folder.
    ///
    /// # Errors
    ///
    /// That there is none.
    pub(super) fn open(folder: &Path) -> Result<ReadDirectory, OpenDirectoryError> {
        Ok(ReadDirectory {
            mapped: MmapDirectory::open(folder)?,
            #[cfg(unix)]
            folder: folder.to_path_buf(),
        })
    }
}

/// A file that is read where it is asked for, not mapped into memory. An export reads all stored texts, which would be
/// counted as memory of the process while they are mapped.
#[cfg(unix)]
#[derive(Debug)]
struct UnmappedFile {
    file: std::fs::File,
    length: usize,
}

#[cfg(unix)]
impl UnmappedFile {
    fn open(path: &Path) -> io::Result<UnmappedFile> {
        let file = std::fs::File::open(path)?;
        let length = usize::try_from(file.metadata()?.len()).map_err(io::Error::other)?;
        Ok(UnmappedFile { file, length })
    }
}

#[cfg(unix)]
impl HasLen for UnmappedFile {
    fn len(&self) -> usize {
        self.length
    }
}

#[cfg(unix)]
impl FileHandle for UnmappedFile {
    fn read_bytes(&self, range: Range<usize>) -> io::Result<OwnedBytes> {
        use std::os::unix::fs::FileExt;
        if range.start > range.end || range.end > self.length {
            return Err(io::Error::new(io::ErrorKind::UnexpectedEof, "a stored text is beyond the end of its file"));
        }
        let mut bytes = vec![0; range.len()];
        self.file.read_exact_at(&mut bytes, range.start as u64)?;
        Ok(OwnedBytes::new(bytes))
    }
}

fn read_only() -> io::Error {
    io::Error::new(io::ErrorKind::PermissionDenied, "opened for reading")
}

impl Directory for ReadDirectory {
    fn get_file_handle(&self, path: &Path) -> Result<Arc<dyn FileHandle>, OpenReadError> {
        #[cfg(unix)]
        if path.extension().is_some_and(|extension| extension == "store") {
            return match UnmappedFile::open(&self.folder.join(path)) {
                Ok(file) => Ok(Arc::new(file)),
                Err(error) if error.kind() == io::ErrorKind::NotFound => {
                    Err(OpenReadError::FileDoesNotExist(path.to_path_buf()))
                }
                Err(error) => Err(OpenReadError::wrap_io_error(error, path.to_path_buf())),
            };
        }
        self.mapped.get_file_handle(path)
    }

    fn delete(&self, path: &Path) -> Result<(), DeleteError> {
        Err(DeleteError::IoError { io_error: Arc::new(read_only()), filepath: path.to_path_buf() })
    }

    fn exists(&self, path: &Path) -> Result<bool, OpenReadError> {
        self.mapped.exists(path)
    }

    fn open_write(&self, path: &Path) -> Result<WritePtr, OpenWriteError> {
        Err(OpenWriteError::IoError { io_error: Arc::new(read_only()), filepath: path.to_path_buf() })
    }

    fn atomic_read(&self, path: &Path) -> Result<Vec<u8>, OpenReadError> {
        self.mapped.atomic_read(path)
    }

    fn atomic_write(&self, _path: &Path, _data: &[u8]) -> io::Result<()> {
        Err(read_only())
    }

    fn acquire_lock(&self, _lock: &Lock) -> Result<DirectoryLock, LockError> {
        Ok(DirectoryLock::from(Box::new(PathBuf::new())))
    }

    fn sync_directory(&self) -> io::Result<()> {
        Ok(())
    }

    fn watch(&self, _callback: WatchCallback) -> tantivy::Result<WatchHandle> {
        Ok(WatchHandle::empty())
    }
}
