//! Which indexes are used: those that are named, one by one or in a list, or else the nearest one, here or in a folder above.

use std::path::{Path, PathBuf};

use anyhow::{Result, anyhow, bail};

use crate::index::Index;
use crate::os;

/// Name of the folder of the index in a folder that has one.
pub(crate) const INDEX: &str = "index";

/// The variable of the environment that names indexes, separated as in `PATH`.
const VARIABLE: &str = "CROSSHEAD_INDEX";

/// The indexes that `named` names, or else those of `CROSSHEAD_INDEX`, or else the nearest folder `index` that holds one, here
/// or in a folder above. If there is none, `index` in the current folder, where a new one is made.
///
/// # Errors
///
/// A sentence for a list of indexes that cannot be read.
pub(crate) fn indexes(named: Vec<PathBuf>) -> Result<Vec<PathBuf>> {
    let of_environment = || {
        let value = std::env::var_os(VARIABLE).unwrap_or_default();
        std::env::split_paths(&value).filter(|path| !path.as_os_str().is_empty()).collect()
    };
    let named = if named.is_empty() { of_environment() } else { named };
    let mut indexes = Vec::with_capacity(named.len());
    for path in named {
        match path.to_str().and_then(|path| path.strip_prefix('@')) {
            Some(list) => indexes.extend(listed(Path::new(list))?),
            None => indexes.push(path),
        }
    }
    if indexes.is_empty() {
        let here = std::env::current_dir().ok();
        indexes.push(here.and_then(|here| nearest(&here)).unwrap_or_else(|| INDEX.into()));
    }
    Ok(indexes)
}

/// The indexes of a list: a path a line, from the folder of the list. Empty lines, and those that begin with `#`, are none.
fn listed(list: &Path) -> Result<Vec<PathBuf>> {
    let text = std::fs::read_to_string(list)
        .map_err(|error| anyhow!("cannot read the list of indexes '{}': {}", list.display(), os::sentence(&error)))?;
    let lines = text.trim_start_matches('\u{feff}').lines().map(str::trim);
    let folder = list.parent().unwrap_or(Path::new(""));
    let paths: Vec<PathBuf> =
        lines.filter(|line| !line.is_empty() && !line.starts_with('#')).map(|line| folder.join(line)).collect();
    if paths.is_empty() {
        bail!("the list of indexes '{}' names none: write a path a line", list.display());
    }
    Ok(paths)
}

/// The nearest index: a relative path if it is in `folder` itself, so that messages stay short.
fn nearest(folder: &Path) -> Option<PathBuf> {
    let holds = |folder: &&Path| Index::exists(&folder.join(INDEX));
    let found = folder.ancestors().find(holds)?;
    Some(if found == folder { INDEX.into() } else { found.join(INDEX) })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nearest_index_is_found() {
        let root = tempfile::tempdir().expect("a folder");
        let root = root.path();
        for folder in ["a/b/c", "a/index", "a/b/index", "other"] {
            std::fs::create_dir_all(root.join(folder)).expect("folders");
        }
        Index::open_or_create(&root.join("a/index")).expect("an index");
        // A folder of that name that holds no index is passed over.
        for (folder, expected) in [
            ("a", Some(PathBuf::from("index"))),
            ("a/b", Some(root.join("a/index"))),
            ("a/b/c", Some(root.join("a/index"))),
        ] {
            assert_eq!(nearest(&root.join(folder)), expected, "{folder}");
        }
    }

    #[test]
    fn lists_name_indexes_from_their_own_folder() {
        let root = tempfile::tempdir().expect("a folder");
        let list = root.path().join("all.txt");
        for (text, expected) in
            [("2022\n2023\n", &["2022", "2023"][..]), ("\u{feff}# years\r\n\r\n  a b  \r\n# no\r\n", &["a b"])]
        {
            std::fs::write(&list, text).expect("written");
            let expected: Vec<PathBuf> = expected.iter().map(|name| root.path().join(name)).collect();
            assert_eq!(listed(&list).expect("read"), expected, "{text}");
        }
        assert!(listed(&list.join("x")).is_err());
        std::fs::write(&list, "# none\n").expect("written");
        let told = listed(&list).expect_err("it names none").to_string();
        assert!(told.ends_with("names none: write a path a line"), "{told}");
        let of_both = indexes(vec!["x".into(), format!("@{}", list.display()).into()]);
        assert!(of_both.is_err());
        assert_eq!(indexes(vec!["x".into(), "y".into()]).expect("named"), [PathBuf::from("x"), PathBuf::from("y")]);
    }
}
