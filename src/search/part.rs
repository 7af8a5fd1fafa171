//! One of the indexes that are searched together: a commit of it, open, and what its articles are called among others.

use std::borrow::Cow;
use std::path::{Component, Path, PathBuf};

use tantivy::Searcher;
use xxhash_rust::xxh3::xxh3_64;

use crate::index::manifest::Folder;
use crate::index::renames::{Renames, overlap};
use crate::index::saved::{self, SavedQueries};
use crate::index::{FileChange, FollowedFolder, Index, IndexError, Payload};
use crate::model::Article;

/// A commit of an index.
#[derive(Clone)]
pub(crate) struct Part {
    pub(crate) index: Index,
    pub(crate) payload: Payload,
    /// Its segments. While it is there, tantivy takes them to be in use.
    pub(super) searcher: Searcher,
    pub(super) saved: SavedQueries,
    /// A short name that tells it apart from the others.
    pub(crate) label: String,
    /// Its folders, under the names that they have among those of all indexes.
    pub(super) folders: Vec<FollowedFolder>,
    /// The paths of its articles as they are shown.
    pub(crate) renames: Renames,
    /// What sets the orders of its articles apart; 0 if no other index has an article under the same stored path.
    pub(super) salt: u64,
}

impl Part {
    /// Opens the last commit of `index`, or of the index that replaced it.
    ///
    /// # Errors
    ///
    /// An error of reading the index.
    pub(super) fn open(index: &Index) -> Result<Part, IndexError> {
        const TRIES: usize = 5;
        let mut opened = Part::open_state(index.clone());
        for _ in 0..TRIES {
            if !matches!(opened, Err(IndexError::Replaced(_))) {
                break;
            }
            opened = Part::open_state(Index::open(index.path())?);
        }
        opened
    }

    fn open_state(index: Index) -> Result<Part, IndexError> {
        let (payload, searcher) = index.snapshot()?;
        let saved = saved::read(index.path())?;
        let (folders, renames) = (payload.folders.clone(), Renames::of(&payload.folders));
        Ok(Part { index, payload, searcher, saved, label: String::new(), folders, renames, salt: 0 })
    }

    /// Articles that an engine holds, of what it holds in all.
    pub(super) fn of_engine(index: Index, payload: Payload, searcher: Searcher, commit: String, salt: u64) -> Part {
        let (folders, renames) = (Vec::new(), Renames::of(&[]));
        Part { index, payload, searcher, saved: SavedQueries::new(), label: commit, folders, renames, salt }
    }

    /// Is it this commit of this state?
    pub(super) fn is_of(&self, state: u64, generation: u64) -> bool {
        (self.index.state(), self.payload.generation) == (state, generation)
    }

    /// The name of its commit.
    pub(super) fn commit(&self) -> String {
        format!("{}.{}", self.index.state(), self.payload.generation)
    }

    /// Has it articles that a program added, which are in no folder?
    fn has_added(&self) -> bool {
        self.payload.folders.iter().map(|folder| folder.articles).sum::<u64>() < self.payload.totals.articles
    }

    /// [`Article::order`] among the articles of all indexes.
    pub(super) fn order(&self, article: &Article) -> u64 {
        article.order_of(&self.renames.stored(&article.path)) ^ self.salt
    }

    /// Length of the name of its folder that a path as shown is in; `None` if it is in none.
    pub(super) fn holds(&self, shown: &str) -> Option<usize> {
        let holds = |name: &str| shown == name || shown.starts_with(&format!("{}/", name.trim_end_matches('/')));
        let of_folders = self.folders.iter().filter(|folder| holds(&folder.name)).map(|folder| folder.name.len());
        // What was added has a name of its own only beside other indexes with such articles.
        let of_added = self.has_added().then(|| self.renames.added().filter(|name| holds(name)).map_or(0, str::len));
        of_folders.chain(of_added).max()
    }

    /// One of its folders under the name that is shown.
    pub(super) fn named<'f>(&self, folder: &'f Folder) -> Cow<'f, Folder> {
        match self.folders.iter().find(|known| known.stored == folder.stored) {
            Some(named) if named.name != folder.name => {
                Cow::Owned(Folder { name: named.name.clone(), ..folder.clone() })
            }
            _ => Cow::Borrowed(folder),
        }
    }

    /// A change of a file of the index, whose path is the index's own, with the path to show.
    pub(crate) fn shown_change(&self, mut change: FileChange) -> FileChange {
        let names = self.payload.folders.iter().zip(&self.folders);
        let mut names: Vec<_> = names.map(|(own, named)| (own.name.clone(), named.name.clone())).collect();
        names.extend(self.renames.added().map(|name| (String::new(), name.to_string())));
        change.path = Renames::named(names).shown(&change.path).into_owned();
        change
    }
}

/// Gives the folders and articles of indexes that are searched together names that say of which index they are, where two
/// would have the same: the name of the index's folder before that of the folder.
pub(super) fn set_apart(parts: &mut [Part]) {
    /// A folder by its stored and its shown name; those of added articles are empty.
    fn names(part: &Part) -> Vec<(String, String)> {
        let folders = part.payload.folders.iter().map(|folder| (folder.stored.clone(), folder.name.clone()));
        folders.chain(part.has_added().then(Default::default)).collect()
    }
    let all: Vec<Vec<(String, String)>> = parts.iter().map(names).collect();
    let others = |i: usize| all.iter().enumerate().filter(move |(j, _)| *j != i).flat_map(|(_, names)| names);
    let labels = labels(&parts.iter().map(|part| part.index.path().to_path_buf()).collect::<Vec<_>>());
    // The names that were made, with the numbers of their indexes.
    let mut made: Vec<(usize, String)> = Vec::new();
    for (i, part) in parts.iter_mut().enumerate() {
        let is_stored_twice = |(stored, _): &(String, String)| others(i).any(|(other, _)| overlap(stored, other));
        part.salt = if all[i].iter().any(is_stored_twice) { xxh3_64(labels[i].as_bytes()) | 1 } else { 0 };
        let mut renames = Vec::new();
        part.label.clone_from(&labels[i]);
        part.folders = part.payload.folders.clone();
        for (number, (stored, name)) in all[i].iter().enumerate() {
            let mut shown = name.clone();
            if others(i).any(|(_, other)| overlap(name, other)) {
                shown = within(&labels[i], name);
                // A folder of another index may have the name that was made.
                let mut more = 2;
                let is_taken = |shown: &str| {
                    others(i).any(|(_, other)| overlap(shown, other))
                        || made.iter().any(|(of, other)| *of != i && overlap(shown, other))
                };
                while is_taken(&shown) {
                    shown = within(&format!("{}-{more}", labels[i]), name);
                    more += 1;
                }
                made.push((i, shown.clone()));
            }
            if let Some(folder) = part.folders.get_mut(number) {
                folder.name.clone_from(&shown);
            }
            renames.push((stored.clone(), shown));
        }
        part.renames = Renames::named(renames);
    }
}

/// The name of a folder behind that of its index.
fn within(label: &str, name: &str) -> String {
    let parts = name.split('/').filter(|part| !matches!(*part, "" | "." | ".."));
    std::iter::once(label).chain(parts).collect::<Vec<_>>().join("/")
}

/// Short names of indexes: the ends of their paths that tell them apart.
fn labels(paths: &[PathBuf]) -> Vec<String> {
    let parts_of = |path: &Path| -> Vec<String> {
        let path = std::path::absolute(path).unwrap_or_else(|_| path.to_path_buf());
        let names = path.components().filter(|part| matches!(part, Component::Normal(_)));
        names.map(|part| part.as_os_str().to_string_lossy().into_owned()).collect()
    };
    let all: Vec<Vec<String>> = paths.iter().map(|path| parts_of(path)).collect();
    let end = |parts: &[String], length: usize| parts[parts.len().saturating_sub(length)..].join("/").to_lowercase();
    let label = |(i, parts): (usize, &Vec<String>)| {
        let is_alone = |length: &usize| {
            all.iter().enumerate().all(|(j, other)| j == i || end(other, *length) != end(parts, *length))
        };
        let length = (1..=parts.len()).find(is_alone);
        match length {
            Some(length) => parts[parts.len() - length..].join("/"),
            None => format!("{}-{}", parts.join("/"), i + 1),
        }
    };
    all.iter().enumerate().map(label).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn labels_tell_indexes_apart() {
        for (paths, expected) in [
            (&["/srv/2022", "/srv/2023"][..], &["2022", "2023"][..]),
            (&["/srv/2022/index", "/srv/2023/index"], &["2022/index", "2023/index"]),
            (&["/a/x/index", "/b/x/index", "/b/y"], &["a/x/index", "b/x/index", "y"]),
            (&["/index", "/a/index"], &["index-1", "a/index"]),
            (&["/a/News", "/b/news"], &["a/News", "b/news"]),
        ] {
            let paths: Vec<PathBuf> = paths.iter().map(PathBuf::from).collect();
            assert_eq!(labels(&paths), expected);
        }
    }

    #[test]
    fn names_behind_those_of_indexes() {
        for (name, expected) in
            [("articles", "2023/articles"), ("/srv/a", "2023/srv/a"), ("../a", "2023/a"), (".", "2023"), ("", "2023")]
        {
            assert_eq!(within("2023", name), expected);
        }
    }
}
