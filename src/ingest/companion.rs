//! Files of facts: exports that have the text of an article in one file and its facts in another beside it. Substack has
//! `posts.csv` beside `posts/`, Omnivore `metadata_0_to_20.json` beside `content/`, ArchiveBox `index.json` in the folder of
//! each page; others have `NAME.json` beside `NAME.html`.

use std::ffi::OsStr;
use std::path::{Path, PathBuf};
use std::time::UNIX_EPOCH;

/// Most files of facts of one folder.
const MOST_FILES: usize = 1_000;

/// The files that may state the facts of the article in the file at `path`. Only their names are looked at.
#[must_use]
pub fn of(path: &Path) -> Vec<PathBuf> {
    const TEXTS: &[&str] = &["html", "htm", "txt", "md", "xhtml"];
    let extension = path.extension().and_then(OsStr::to_str).unwrap_or("").to_ascii_lowercase();
    if !TEXTS.contains(&extension.as_str()) {
        return Vec::new();
    }
    let Some(folder) = path.parent() else { return Vec::new() };
    let mut found = Vec::new();
    let mut add = |path: PathBuf| {
        if path.is_file() {
            found.push(path);
        }
    };
    add(path.with_extension("json"));
    match folder.file_name().and_then(OsStr::to_str) {
        Some("posts") => add(folder.with_file_name("posts.csv")),
        Some("content") => found.extend(metadata_files(folder.parent())),
        // ArchiveBox names the folder of a page by the time at which it was saved.
        Some(name) if is_time(name) => add(folder.join("index.json")),
        Some(_) if folder.parent().and_then(Path::file_name).and_then(OsStr::to_str).is_some_and(is_time) => {
            add(folder.with_file_name("index.json"));
        }
        _ => {}
    }
    found
}

/// The folder of the texts whose facts the file at `path` lists, if it is a list of facts.
#[must_use]
pub fn texts_of(path: &Path) -> Option<PathBuf> {
    let name = path.file_name().and_then(OsStr::to_str)?;
    let folder = match name {
        "posts.csv" => path.with_file_name("posts"),
        _ if is_metadata(name) => path.with_file_name("content"),
        _ => return None,
    };
    folder.is_dir().then_some(folder)
}

/// A number that changes when one of the files does; 0 if there are none.
#[must_use]
pub fn stamp(path: &Path) -> i64 {
    let stamp = |path: &PathBuf| {
        let modified = path.metadata().and_then(|metadata| metadata.modified()).ok()?;
        i64::try_from(modified.duration_since(UNIX_EPOCH).ok()?.as_nanos()).ok()
    };
    of(path).iter().filter_map(stamp).fold(0, i64::wrapping_add)
}

fn is_metadata(name: &str) -> bool {
    name.starts_with("metadata_") && name.ends_with(".json")
}

fn metadata_files(folder: Option<&Path>) -> Vec<PathBuf> {
    let Some(entries) = folder.and_then(|folder| folder.read_dir().ok()) else { return Vec::new() };
    let named = entries.filter_map(Result::ok).filter(|entry| entry.file_name().to_str().is_some_and(is_metadata));
    let mut found: Vec<PathBuf> = named.map(|entry| entry.path()).take(MOST_FILES).collect();
    found.sort();
    found
}

/// `1556723405`, `1556723405.123456`
fn is_time(name: &str) -> bool {
    let whole = name.split('.').next().unwrap_or(name);
    whole.len() == 10 && name.bytes().all(|byte| byte.is_ascii_digit() || byte == b'.')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn files_beside_texts() {
        let folder = tempfile::tempdir().expect("a folder");
        let all = [
            "posts.csv",
            "posts/1.a.html",
            "metadata_0_to_20.json",
            "content/a.html",
            "1556723405/index.json",
            "1556723405/output.html",
            "1556723405/mercury/content.html",
            "b.html",
            "b.json",
            "c.html",
        ];
        for name in all {
            let path = folder.path().join(name);
            std::fs::create_dir_all(path.parent().expect("a folder")).expect("made");
            std::fs::write(path, "").expect("it has room");
        }
        for (text, expected) in [
            ("posts/1.a.html", &["posts.csv"][..]),
            ("content/a.html", &["metadata_0_to_20.json"]),
            ("1556723405/output.html", &["1556723405/index.json"]),
            ("1556723405/mercury/content.html", &["1556723405/index.json"]),
            ("b.html", &["b.json"]),
            ("c.html", &[]),
            ("posts.csv", &[]),
        ] {
            let found = of(&folder.path().join(text));
            let found: Vec<String> = found
                .iter()
                .map(|path| path.strip_prefix(folder.path()).expect("below").to_string_lossy().into_owned())
                .collect();
            assert_eq!(found, expected, "{text}");
            assert_eq!(stamp(&folder.path().join(text)) != 0, !expected.is_empty(), "{text}");
        }
        assert!(
            texts_of(&folder.path().join("posts.csv")).is_some() && texts_of(&folder.path().join("b.json")).is_none()
        );
    }
}
