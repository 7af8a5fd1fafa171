//! Changes of the list of folders that an index follows: a folder was moved, or is no longer followed.

use std::path::{Path, PathBuf};

use crate::index::commit::Transaction;
use crate::index::manifest::folder_name;
use crate::index::manifest::{Folder, Manifest};
use crate::index::{Index, IndexError, WriteLock};

/// Records that the folder `old` was moved to `new`. No file is read; those that differ are found by the next run.
///
/// # Errors
///
/// [`IndexError::NotFollowed`] if `old` is no folder of the index, [`IndexError::NoFolder`] if `new` does not exist,
/// [`IndexError::Overlap`] if it is in another folder of the index or contains one.
pub fn move_folder(index: &Index, old: &Path, new: &Path, lock: &WriteLock) -> Result<(), IndexError> {
    let mut transaction = Transaction::begin(index, lock)?;
    let moved = find(index, &transaction.manifest, old)?;
    let absolute = new.canonicalize().map_err(|_| IndexError::NoFolder(new.to_path_buf()))?;
    let unnamed = || IndexError::FolderName(new.to_path_buf());
    let text = absolute.to_str().ok_or_else(unnamed)?.to_string();
    let name = folder_name(new.to_str().ok_or_else(unnamed)?);
    let overlaps =
        |other: &Folder| absolute.starts_with(&other.absolute) || Path::new(&other.absolute).starts_with(&absolute);
    let others = || transaction.manifest.followed().filter(|(other, _)| *other != moved).map(|(_, folder)| folder);
    if let Some(other) = others().find(|other| overlaps(other)) {
        return Err(IndexError::Overlap { new: new.to_path_buf(), other: other.name.clone() });
    }
    let taken = others().any(|other| other.name == name || other.stored == name);
    let folder = &mut transaction.manifest.folders[moved];
    folder.name = if taken { text.clone() } else { name };
    folder.absolute = text;
    folder.device = 0;
    transaction.commit()
}

/// Removes a folder and its articles from the index. Returns the number of articles.
///
/// # Errors
///
/// [`IndexError::NotFollowed`] if it is no folder of the index.
pub fn remove_folder(index: &Index, folder: &Path, lock: &WriteLock) -> Result<u64, IndexError> {
    let mut transaction = Transaction::begin(index, lock)?;
    let removed = find(index, &transaction.manifest, folder)?;
    let folder = transaction.manifest.folders.remove(removed);
    for entry in folder.files.values() {
        transaction.delete(entry.number);
    }
    transaction.commit()?;
    Ok(folder.files.values().map(|entry| entry.state.articles()).sum())
}

/// The index in the manifest of the folder with this path or name.
fn find(index: &Index, manifest: &Manifest, named: &Path) -> Result<usize, IndexError> {
    let name = named.to_str().map(folder_name);
    // It may no longer exist; then its path cannot be canonical.
    let absolute: Option<PathBuf> = named.canonicalize().ok().or_else(|| std::path::absolute(named).ok());
    let is_at = |folder: &Folder| absolute.as_deref().is_some_and(|absolute| absolute == Path::new(&folder.absolute));
    let found = manifest
        .followed()
        .find(|(_, folder)| is_at(folder))
        .or_else(|| manifest.followed().find(|(_, folder)| Some(&folder.name) == name.as_ref()));
    found.map(|(i, _)| i).ok_or_else(|| IndexError::NotFollowed {
        path: index.path().to_path_buf(),
        folder: named.to_path_buf(),
        known: manifest.followed().map(|(_, folder)| format!("'{}'", folder.name)).collect::<Vec<_>>().join(", "),
    })
}
