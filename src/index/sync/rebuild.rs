//! Rebuilds: a new index is built beside the existing one and then replaces it in one step.

use std::path::{Path, PathBuf};

use super::{Report, SyncOptions, sync_locked};
use crate::index::{FollowedFolder, Index, IndexError};

/// Rebuilds the index at `path` from `folders`, or if none is named, from those that it follows, even if it cannot be
/// opened. Searches meanwhile use the existing index.
///
/// # Errors
///
/// [`IndexError::UnknownFolders`] if no folder is named and those it follows are unknown, [`IndexError::HasAdded`] if
/// it holds articles that are in no file and [`SyncOptions::discard_added`] is not set, [`IndexError::Stopped`] if the
/// run was cancelled and there was an index before; and those of [`super::sync`]. The index is then unchanged.
pub fn rebuild(path: &Path, folders: &[PathBuf], options: &SyncOptions) -> Result<(Index, Report), IndexError> {
    let mut folders = folders.to_vec();
    let known = Index::known_folders(path);
    let walked = known.iter().map(|folder| (folder.absolute.clone(), folder.walk)).collect();
    if folders.is_empty() {
        folders = known.into_iter().map(present_path).collect();
        if folders.is_empty() {
            return Err(IndexError::UnknownFolders(path.to_path_buf()));
        }
    }
    if let Some(missing) = folders.iter().find(|folder| !folder.exists()) {
        return Err(IndexError::NoFolder(missing.clone()));
    }
    let lock = if options.wait { Index::wait_for_lock(path, &options.cancel)? } else { Index::lock(path)? };
    let before = Index::open(path).ok();
    let added = match &before {
        Some(before) => before.manifest().map_or(0, |(_, manifest)| manifest.added()),
        None => Index::of_other_format(path).map_or(0, |(_, added)| added),
    };
    if added > 0 && !options.discard_added {
        return Err(IndexError::HasAdded { path: path.to_path_buf(), articles: added });
    }
    let new = Index::replacement(path, &lock)?;
    let options = SyncOptions { walked, ..options.clone() };
    match sync_locked(&new, &folders, &options, &lock) {
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

/// The name of a folder if it still leads to the folder from the current directory, otherwise its absolute path.
fn present_path(folder: FollowedFolder) -> PathBuf {
    let resolved = Path::new(&folder.name).canonicalize();
    let same = resolved.is_ok_and(|path| path == Path::new(&folder.absolute));
    PathBuf::from(if same { folder.name } else { folder.absolute })
}
