//! Paths in folders that were moved: stored under the folder's first name, shown under its present name.

use std::borrow::Cow;

use super::manifest::FollowedFolder;

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

/// The folders that were moved: names as stored, and as shown.
#[derive(Debug, Clone, Default)]
pub(crate) struct Renames(Vec<(String, String)>);

impl Renames {
    /// Those of the folders whose name differs from the one they were first indexed under.
    #[must_use]
    pub(crate) fn of(folders: &[FollowedFolder]) -> Renames {
        let mut renames: Vec<_> = folders
            .iter()
            .filter(|folder| folder.name != folder.stored)
            .map(|folder| (folder.stored.clone(), folder.name.clone()))
            .collect();
        // The longest first, which is meant if several match.
        renames.sort_by_key(|(stored, _)| std::cmp::Reverse(stored.len()));
        Renames(renames)
    }

    /// The path to show for a stored path.
    #[must_use]
    pub(crate) fn shown<'a>(&self, stored: &'a str) -> Cow<'a, str> {
        self.0.iter().find_map(|(from, to)| renamed(stored, from, to)).map_or(Cow::Borrowed(stored), Cow::Owned)
    }

    /// The stored path for a path as shown.
    #[must_use]
    pub(crate) fn stored<'a>(&self, shown: &'a str) -> Cow<'a, str> {
        self.0.iter().find_map(|(to, from)| renamed(shown, from, to)).map_or(Cow::Borrowed(shown), Cow::Owned)
    }
}

/// Replaces the folder `from` of `path` by `to`; `None` if `path` is not in `from`.
fn renamed(path: &str, from: &str, to: &str) -> Option<String> {
    let below = path.strip_prefix(from)?;
    if below.is_empty() {
        return Some(to.to_string());
    }
    let below = if from.ends_with('/') { below } else { below.strip_prefix('/')? };
    Some(format!("{}/{below}", to.trim_end_matches('/')))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn absolute_paths_of_files() {
        let folder = |name: &str, absolute: &str| FollowedFolder {
            name: name.into(),
            absolute: absolute.into(),
            stored: String::new(),
            files: 0,
            articles: 0,
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
