//! The folders that an index follows: under which names, where, and what to do when one was moved or is let go.

use std::borrow::Cow;
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};

use super::commit::Writing;
use super::manifest::Folder;
use super::survey::folder_name;
use super::{Index, IndexError, WriteLock};

/// A folder as a commit knows it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct FollowedFolder {
    /// As it was given; paths of articles begin with it where they are shown.
    pub name: String,
    /// Where it is.
    pub absolute: String,
    /// The name that paths begin with where they are stored: the one it was first indexed under.
    pub stored: String,
    /// Its files, skipped ones too.
    pub files: u64,
    /// Its articles.
    pub articles: u64,
}

impl FollowedFolder {
    pub(super) fn of(folder: &Folder) -> FollowedFolder {
        let articles = folder.files.values().map(|entry| entry.state.articles()).sum();
        FollowedFolder {
            name: folder.name.clone(),
            absolute: folder.absolute.clone(),
            stored: folder.stored.clone(),
            files: folder.files.len() as u64,
            articles,
        }
    }
}

/// Paths as they are stored, and as they are shown since their folder was moved.
#[derive(Debug, Clone, Default)]
pub struct Renames(Vec<(String, String)>);

impl Renames {
    /// Those of the folders that bear another name than they were indexed under.
    #[must_use]
    pub fn of(folders: &[FollowedFolder]) -> Renames {
        let mut renames: Vec<_> = folders
            .iter()
            .filter(|folder| folder.name != folder.stored)
            .map(|folder| (folder.stored.clone(), folder.name.clone()))
            .collect();
        // The longest first: it is the one that fits where two do.
        renames.sort_by_key(|(stored, _)| std::cmp::Reverse(stored.len()));
        Renames(renames)
    }

    /// A stored path as it is shown.
    #[must_use]
    pub fn shown<'a>(&self, stored: &'a str) -> Cow<'a, str> {
        self.0.iter().find_map(|(from, to)| renamed(stored, from, to)).map_or(Cow::Borrowed(stored), Cow::Owned)
    }

    /// A path that is shown as it is stored.
    #[must_use]
    pub fn stored<'a>(&self, shown: &'a str) -> Cow<'a, str> {
        self.0.iter().find_map(|(to, from)| renamed(shown, from, to)).map_or(Cow::Borrowed(shown), Cow::Owned)
    }
}

/// `path` with the folder `to` in the place of the folder `from`, if it lies in that.
fn renamed(path: &str, from: &str, to: &str) -> Option<String> {
    let below = path.strip_prefix(from)?;
    if below.is_empty() {
        return Some(to.to_string());
    }
    let below = if from.ends_with('/') { below } else { below.strip_prefix('/')? };
    Some(format!("{}/{below}", to.trim_end_matches('/')))
}

/// Tells the index that the folder `old` is now at `new`. Nothing is read anew; files that differ there are found by
/// the next run.
///
/// # Errors
///
/// [`IndexError::NotFollowed`] if `old` is no folder of the index, [`IndexError::NoFolder`] if `new` is not there,
/// [`IndexError::Overlap`] if it lies in another folder of the index or holds one.
pub fn move_folder(index: &Index, old: &Path, new: &Path, lock: &WriteLock) -> Result<(), IndexError> {
    let mut writing = Writing::begin(index, lock)?;
    let place = find(index, &writing.manifest.folders, old)?;
    let absolute = new.canonicalize().map_err(|_| IndexError::NoFolder(new.to_path_buf()))?;
    let unnamed = || IndexError::FolderName(new.to_path_buf());
    let text = absolute.to_str().ok_or_else(unnamed)?.to_string();
    let name = folder_name(new.to_str().ok_or_else(unnamed)?);
    let overlaps =
        |other: &Folder| absolute.starts_with(&other.absolute) || Path::new(&other.absolute).starts_with(&absolute);
    let mut others = writing.manifest.folders.iter().enumerate().filter(|(other, _)| *other != place);
    if let Some((_, other)) = others.clone().find(|(_, other)| overlaps(other)) {
        return Err(IndexError::Overlap { new: new.to_path_buf(), other: other.name.clone() });
    }
    let taken = others.any(|(_, other)| other.name == name || other.stored == name);
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
    let place = find(index, &writing.manifest.folders, folder)?;
    let folder = writing.manifest.folders.remove(place);
    for entry in folder.files.values() {
        writing.delete(entry.number);
    }
    writing.commit()?;
    Ok(folder.files.values().map(|entry| entry.state.articles()).sum())
}

/// Which folder is meant: by its name, or by where it is.
fn find(index: &Index, folders: &[Folder], named: &Path) -> Result<usize, IndexError> {
    let name = named.to_str().map(folder_name);
    // It may not be there any more, so that only its parent can be looked up.
    let absolute: Option<PathBuf> = named.canonicalize().ok().or_else(|| std::path::absolute(named).ok());
    let place = folders
        .iter()
        .position(|folder| absolute.as_deref().is_some_and(|absolute| absolute == Path::new(&folder.absolute)))
        .or_else(|| folders.iter().position(|folder| Some(&folder.name) == name.as_ref()));
    place.ok_or_else(|| IndexError::NotFollowed {
        path: index.path().to_path_buf(),
        folder: named.to_path_buf(),
        known: folders.iter().map(|folder| format!("'{}'", folder.name)).collect::<Vec<_>>().join(", "),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_of_moved_folders() {
        let folder = |stored: &str, name: &str| FollowedFolder {
            name: name.into(),
            absolute: String::new(),
            stored: stored.into(),
            files: 0,
            articles: 0,
        };
        let renames = Renames::of(&[folder("news", "/archive/2023"), folder("a", "a"), folder("/", "root")]);
        for (stored, shown) in [
            ("news/x/y.txt", "/archive/2023/x/y.txt"),
            ("news", "/archive/2023"),
            ("newsroom/a", "newsroom/a"),
            ("a/b", "a/b"),
            ("/etc/x", "root/etc/x"),
        ] {
            assert_eq!(renames.shown(stored), shown, "{stored}");
            assert_eq!(renames.stored(shown), stored, "{shown}");
        }
    }
}
