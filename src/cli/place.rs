//! Which index is used if none is named: the nearest one, here or in a folder above.

use std::path::{Path, PathBuf};

use crate::index::Index;

/// Name of the folder of the index in a folder that has one.
pub(crate) const INDEX: &str = "index";

/// The index that `named` names, or else the nearest folder `index` that holds one, here or in a folder above. If there
/// is none, `index` in the current folder, where a new one is made.
pub(crate) fn index(named: Option<PathBuf>) -> PathBuf {
    let here = || std::env::current_dir().ok();
    named.or_else(|| here().and_then(|here| nearest(&here))).unwrap_or_else(|| INDEX.into())
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
}
