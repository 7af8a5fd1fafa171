//! Building an index anew beside the one that is there, which it then replaces in one step.

use std::path::{Path, PathBuf};

use super::{Report, SyncOptions, sync_locked};
use crate::index::{FollowedFolder, Index, IndexError};

/// Builds the index at `path` anew from `folders`, or, if none is named, from those that it followed, even if it cannot
/// be opened. Whoever searches meanwhile sees the index that is there.
///
/// # Errors
///
/// [`IndexError::UnknownFolders`] if no folder is named and nothing tells which it followed, [`IndexError::HasAdded`] if
/// it holds articles that are in no file and [`SyncOptions::discard_added`] is not set, [`IndexError::Stopped`] if it was
/// cancelled and there was an index before; and as [`super::sync`]. The index is then what it was.
pub fn rebuild(path: &Path, folders: &[PathBuf], options: &SyncOptions) -> Result<(Index, Report), IndexError> {
    let mut folders = folders.to_vec();
    if folders.is_empty() {
        folders = Index::known_folders(path).into_iter().map(place_of).collect();
        if folders.is_empty() {
            return Err(IndexError::UnknownFolders(path.to_path_buf()));
        }
    }
    if let Some(missing) = folders.iter().find(|folder| !folder.exists()) {
        return Err(IndexError::NoFolder(missing.clone()));
    }
    let lock = if options.wait { Index::wait_for_lock(path, &options.cancel)? } else { Index::lock(path)? };
    let before = Index::open(path).ok();
    if let Some(before) = &before
        && !options.discard_added
        && let Ok((_, manifest)) = before.manifest()
        && manifest.added() > 0
    {
        return Err(IndexError::HasAdded { path: path.to_path_buf(), articles: manifest.added() });
    }
    let new = Index::replacement(path, &lock)?;
    match sync_locked(&new, &folders, options, &lock) {
        Ok(report) if report.interrupted && before.is_some() => {
            new.discard(&lock);
            Err(IndexError::Stopped(path.to_path_buf()))
        }
        Ok(report) => Ok((new.publish(&lock)?, report)),
        Err(error) => {
            new.discard(&lock);
            Err(error)
        }
    }
}

/// The name of a folder that still leads to it from here, else where it is.
fn place_of(folder: FollowedFolder) -> PathBuf {
    let seen_from_here = Path::new(&folder.name).canonicalize();
    let same = seen_from_here.is_ok_and(|place| place == Path::new(&folder.absolute));
    PathBuf::from(if same { folder.name } else { folder.absolute })
}
