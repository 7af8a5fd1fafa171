//! The folders that an index follows: under which names, where, and what to do when one was moved or is let go.

use std::path::{Path, PathBuf};

use crate::index::commit::Writing;
use crate::index::manifest::folder_name;
use crate::index::manifest::{Folder, Manifest};
use crate::index::{Index, IndexError, WriteLock};

/// Tells the index that the folder `old` is now at `new`. Nothing is read anew; files that differ there are found by
/// the next run.
///
/// # Errors
///
/// [`IndexError::NotFollowed`] if `old` is no folder of the index, [`IndexError::NoFolder`] if `new` is not there,
/// [`IndexError::Overlap`] if it lies in another folder of the index or holds one.
pub fn move_folder(index: &Index, old: &Path, new: &Path, lock: &WriteLock) -> Result<(), IndexError> {
    let mut writing = Writing::begin(index, lock)?;
    let place = find(index, &writing.manifest, old)?;
    let absolute = new.canonicalize().map_err(|_| IndexError::NoFolder(new.to_path_buf()))?;
    let unnamed = || IndexError::FolderName(new.to_path_buf());
    let text = absolute.to_str().ok_or_else(unnamed)?.to_string();
    let name = folder_name(new.to_str().ok_or_else(unnamed)?);
    let overlaps =
        |other: &Folder| absolute.starts_with(&other.absolute) || Path::new(&other.absolute).starts_with(&absolute);
    let others = || writing.manifest.followed().filter(|(other, _)| *other != place).map(|(_, folder)| folder);
    if let Some(other) = others().find(|other| overlaps(other)) {
        return Err(IndexError::Overlap { new: new.to_path_buf(), other: other.name.clone() });
    }
    let taken = others().any(|other| other.name == name || other.stored == name);
    let folder = &mut writing.manifest.folders[place];
    folder.name = if taken { text.clone() } else { name };
    folder.absolute = text;
    folder.device = 0;
    writing.commit()
}

/// Lets a folder go: its articles leave the index. Gives how many.
///
/// # Errors
///
/// [`IndexError::NotFollowed`] if it is no folder of the index.
pub fn remove_folder(index: &Index, folder: &Path, lock: &WriteLock) -> Result<u64, IndexError> {
    let mut writing = Writing::begin(index, lock)?;
    let place = find(index, &writing.manifest, folder)?;
    let folder = writing.manifest.folders.remove(place);
    for entry in folder.files.values() {
        writing.delete(entry.number);
    }
    writing.commit()?;
    Ok(folder.files.values().map(|entry| entry.state.articles()).sum())
}

/// Which folder is meant: by its name, or by where it is.
fn find(index: &Index, manifest: &Manifest, named: &Path) -> Result<usize, IndexError> {
    let name = named.to_str().map(folder_name);
    // It may not be there any more, so that only its parent can be looked up.
    let absolute: Option<PathBuf> = named.canonicalize().ok().or_else(|| std::path::absolute(named).ok());
    let is_at = |folder: &Folder| absolute.as_deref().is_some_and(|absolute| absolute == Path::new(&folder.absolute));
    let place = manifest
        .followed()
        .find(|(_, folder)| is_at(folder))
        .or_else(|| manifest.followed().find(|(_, folder)| Some(&folder.name) == name.as_ref()));
    place.map(|(place, _)| place).ok_or_else(|| IndexError::NotFollowed {
        path: index.path().to_path_buf(),
        folder: named.to_path_buf(),
        known: manifest.followed().map(|(_, folder)| format!("'{}'", folder.name)).collect::<Vec<_>>().join(", "),
    })
}
