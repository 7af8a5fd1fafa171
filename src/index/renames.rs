//! Paths in folders that were moved: stored under the folder's first name, shown under its present name.

use std::borrow::Cow;

use super::manifest::FollowedFolder;
use super::record::exact_value;
use crate::vocabulary::TextField;

/// The absolute path of a file, given its path as shown.
#[must_use]
pub(crate) fn file_of(folders: &[FollowedFolder], shown: &str) -> Option<String> {
    // If several names match, the longest is meant.
    let of_folder = |folder: &FollowedFolder| renamed(shown, &folder.name, &folder.absolute);
    folders
        .iter()
        .filter(|folder| of_folder(folder).is_some())
        .max_by_key(|folder| folder.name.len())
        .and_then(of_folder)
}

/// The folders of an index of which some are shown under another name than they are stored by: all of them, with both
/// names. Empty if all are shown as they are stored.
#[derive(Debug, Clone, Default)]
pub(crate) struct Renames(Vec<(String, String)>);

/// Stored paths, in the form in which exact values are compared.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum StoredPaths {
    /// This one.
    Equal(String),
    /// Those that begin so.
    Beginning(String),
    /// This one, and all that are in it.
    Within(String),
    /// Those that are in none of these, which are articles that a program added.
    Outside(Vec<String>),
}

impl Renames {
    /// Those of the folders whose name differs from the one they were first indexed under.
    #[must_use]
    pub(crate) fn of(folders: &[FollowedFolder]) -> Renames {
        Renames::named(folders.iter().map(|folder| (folder.stored.clone(), folder.name.clone())).collect())
    }

    /// Of all folders of an index, by their stored and shown names. The stored name of what a program added is empty.
    #[must_use]
    pub(crate) fn named(mut names: Vec<(String, String)>) -> Renames {
        if names.iter().all(|(stored, shown)| stored == shown) {
            return Renames::default();
        }
        // The longest first, which is meant if several match.
        names.sort_by_key(|(stored, _)| std::cmp::Reverse(stored.len()));
        Renames(names)
    }

    /// Are all folders shown as they are stored?
    #[must_use]
    pub(crate) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// The name before the paths of articles that a program added, if they have one.
    #[must_use]
    pub(crate) fn added(&self) -> Option<&str> {
        self.0.iter().find(|(stored, shown)| stored.is_empty() && !shown.is_empty()).map(|(_, shown)| shown.as_str())
    }

    /// The path to show for a stored path.
    #[must_use]
    pub(crate) fn shown<'a>(&self, stored: &'a str) -> Cow<'a, str> {
        self.0.iter().find_map(|(from, to)| renamed(stored, from, to)).map_or(Cow::Borrowed(stored), Cow::Owned)
    }

    /// The stored path for a path as shown.
    #[must_use]
    pub(crate) fn stored<'a>(&self, shown: &'a str) -> Cow<'a, str> {
        let found = self.0.iter().filter_map(|(to, from)| Some((from.len(), renamed(shown, from, to)?)));
        found.max_by_key(|(length, _)| *length).map_or(Cow::Borrowed(shown), |(_, stored)| Cow::Owned(stored))
    }

    /// The stored paths of what is shown as `value`, or if it `is_prefix`, under a path that begins so. Values are in the
    /// form in which exact values are compared.
    #[must_use]
    pub(crate) fn lookups(&self, value: &str, is_prefix: bool) -> Vec<StoredPaths> {
        let folded: Vec<(String, String)> = self
            .0
            .iter()
            .map(|(stored, shown)| (exact_value(TextField::Path, stored), exact_value(TextField::Path, shown)))
            .collect();
        let whole = |stored: &String| {
            if stored.is_empty() {
                let others = folded.iter().map(|(other, _)| other.clone()).filter(|other| !other.is_empty());
                StoredPaths::Outside(others.collect())
            } else {
                StoredPaths::Within(stored.clone())
            }
        };
        let of_folder = |(stored, shown): &(String, String)| {
            if is_prefix && (shown.starts_with(value) || value.strip_suffix('/') == Some(shown)) {
                return Some(whole(stored));
            }
            let path = renamed(value, shown, stored)?;
            let is_in = |(other, _): &(String, String)| !other.is_empty() && renamed(&path, other, "").is_some();
            if stored.is_empty() && folded.iter().any(is_in) {
                return None;
            }
            Some(if is_prefix { StoredPaths::Beginning(path) } else { StoredPaths::Equal(path) })
        };
        folded.iter().filter_map(of_folder).collect()
    }
}

/// Is one of two folders in the other, or are they the same? Names are compared as paths of queries are.
#[must_use]
pub(crate) fn overlap(one: &str, other: &str) -> bool {
    let [one, other] = [one, other].map(|name| exact_value(TextField::Path, name));
    // What a program added is in no folder.
    if one.is_empty() || other.is_empty() {
        return one == other;
    }
    renamed(&one, &other, "").is_some() || renamed(&other, &one, "").is_some()
}

/// Replaces the folder `from` of `path` by `to`; `None` if `path` is not in `from`. Everything is in a folder without a name.
fn renamed(path: &str, from: &str, to: &str) -> Option<String> {
    let below = path.strip_prefix(from)?;
    if below.is_empty() && !from.is_empty() {
        return Some(to.to_string());
    }
    let below = if from.is_empty() || from.ends_with('/') { below } else { below.strip_prefix('/')? };
    Some(if to.is_empty() { below.to_string() } else { format!("{}/{below}", to.trim_end_matches('/')) })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ingest::walk::WalkOptions;

    #[test]
    fn absolute_paths_of_files() {
        let folder = |name: &str, absolute: &str| FollowedFolder {
            name: name.into(),
            absolute: absolute.into(),
            stored: String::new(),
            files: 0,
            articles: 0,
            walk: WalkOptions::default(),
        };
        let folders =
            [folder("news", "/data/news"), folder("a.txt", "/data/a.txt"), folder("/", "/"), folder(".", "/x")];
        for (path, file) in [
            ("news/b/c.txt", Some("/data/news/b/c.txt")),
            ("a.txt", Some("/data/a.txt")),
            ("newsroom/c.txt", None),
            ("/etc/x", Some("/etc/x")),
            ("./y", Some("/x/y")),
        ] {
            assert_eq!(file_of(&folders, path).as_deref(), file, "{path}");
        }
    }

    #[test]
    fn paths_of_moved_folders() {
        let folder = |stored: &str, name: &str| FollowedFolder {
            name: name.into(),
            absolute: String::new(),
            stored: stored.into(),
            files: 0,
            articles: 0,
            walk: WalkOptions::default(),
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

    #[test]
    fn added_articles_are_in_no_folder() {
        let names = [("", "2023"), ("news", "news"), ("a", "2023/a")];
        let renames = Renames::named(names.map(|(stored, shown)| (stored.to_string(), shown.to_string())).into());
        for (stored, shown) in
            [("wire/1", "2023/wire/1"), ("news/x", "news/x"), ("a/x", "2023/a/x"), ("newsroom", "2023/newsroom")]
        {
            assert_eq!(renames.shown(stored), shown, "{stored}");
            assert_eq!(renames.stored(shown), stored, "{shown}");
        }
    }

    #[test]
    fn shown_paths_are_looked_up_as_they_are_stored() {
        let names = [("Articles", "2023/Articles"), ("/srv/b", "b"), ("", "2023"), ("c", "c")];
        let renames = Renames::named(names.map(|(stored, shown)| (stored.to_string(), shown.to_string())).into());
        let equal = |path: &str| StoredPaths::Equal(path.into());
        let beginning = |path: &str| StoredPaths::Beginning(path.into());
        let within = |path: &str| StoredPaths::Within(path.into());
        let outside = || StoredPaths::Outside(vec!["articles".into(), "/srv/b".into(), "c".into()]);
        for (value, is_prefix, expected) in [
            ("2023/articles/x.txt", false, vec![equal("articles/x.txt")]),
            ("articles/x.txt", false, vec![]),
            ("b/x", true, vec![beginning("/srv/b/x")]),
            ("b/", true, vec![within("/srv/b")]),
            ("b", false, vec![equal("/srv/b")]),
            ("c/x", false, vec![equal("c/x")]),
            ("2023/", true, vec![within("articles"), outside()]),
            ("2023/wire/1", false, vec![equal("wire/1")]),
            ("d", true, vec![]),
        ] {
            let mut found = renames.lookups(value, is_prefix);
            found.sort();
            assert_eq!(found, expected, "{value}");
        }
    }

    #[test]
    fn folders_overlap_if_one_is_in_the_other() {
        for (one, other, expected) in [
            ("news", "news", true),
            ("news", "News", true),
            ("news", "news/2023", true),
            ("news", "newsroom", false),
            ("/", "/srv", true),
            ("", "", true),
            ("", "news", false),
        ] {
            assert_eq!((overlap(one, other), overlap(other, one)), (expected, expected), "{one} {other}");
        }
    }
}
