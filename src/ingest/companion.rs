//! Files of facts: exports that have the text of an article in one file and its facts in another beside it. Substack has
//! `posts.csv` beside `posts/`, Omnivore `metadata_0_to_20.json` beside `content/`, ArchiveBox `index.json` in the folder of
//! each page; others have `NAME.json` beside `NAME.html`.

use std::ffi::{OsStr, OsString};
use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};

use rustc_hash::FxHashSet;

use super::folders::{PerFolder, has_extension, modified_ns};

/// Most files of facts of one folder.
const MOST_FILES: usize = 1_000;

/// Names of the files of a folder that may be files of facts.
type Names = FxHashSet<OsString>;

/// The files of facts of folders. A folder is listed once for all of its texts, and only if a walk saw such a file in it:
/// to ask for a file beside each text would cost as much as a walk.
#[derive(Debug, Default)]
pub(super) struct FactsFiles {
    folders: PerFolder<Folder>,
    /// The folders in which a walk saw a file that may be one of facts.
    seen: Mutex<FxHashSet<PathBuf>>,
}

/// The files of facts for the texts of one folder.
#[derive(Debug)]
struct Folder {
    /// Names of the files that may be files of facts.
    names: Names,
    /// The files that may state facts of every text in it.
    of_all: Vec<PathBuf>,
}

impl FactsFiles {
    /// Notes a file that a walk lists.
    pub(super) fn see(&self, path: &Path) {
        if may_be_facts(path.as_os_str().as_encoded_bytes())
            && let Some(folder) = path.parent()
        {
            // A panic elsewhere leaves the set whole.
            let mut seen = self.seen.lock().unwrap_or_else(PoisonError::into_inner);
            if !seen.contains(folder) {
                seen.insert(folder.to_path_buf());
            }
        }
    }

    /// The files that may state the facts of the article in the file at `path`. Only their names are looked at. Of a folder
    /// of which `is_listed` is true, all files have been seen.
    #[must_use]
    pub(super) fn of(&self, path: &Path, is_listed: impl FnOnce(&Path) -> bool) -> Vec<PathBuf> {
        const TEXTS: &[&str] = &["html", "htm", "txt", "md", "xhtml"];
        if !TEXTS.iter().any(|text| has_extension(path, text)) {
            return Vec::new();
        }
        let bytes = path.as_os_str().as_encoded_bytes();
        let name_at = memchr::memrchr(std::path::MAIN_SEPARATOR as u8, bytes).map_or(0, |at| at + 1);
        let folder = self.folders.of(&bytes[..name_at], || {
            let folder = path.parent().unwrap_or(Path::new(""));
            let has_none =
                is_listed(folder) && !self.seen.lock().unwrap_or_else(PoisonError::into_inner).contains(folder);
            Folder::of(folder, if has_none { Names::default() } else { list(folder) })
        });
        if folder.names.is_empty() && folder.of_all.is_empty() {
            return Vec::new();
        }
        let mut beside = path.file_stem().unwrap_or_default().to_os_string();
        beside.push(".json");
        let beside = folder.names.contains(&beside).then(|| path.with_file_name(beside));
        beside.into_iter().chain(folder.of_all.iter().cloned()).collect()
    }
}

impl Folder {
    fn of(folder: &Path, names: Names) -> Folder {
        let name_of = |folder: &Path| folder.file_name().and_then(OsStr::to_str).map(str::to_string);
        let (name, above) = (name_of(folder), folder.parent());
        let of_all = match (name.as_deref(), above) {
            (Some("posts"), Some(above)) => {
                Some(above.join("posts.csv")).filter(|path| path.is_file()).into_iter().collect()
            }
            (Some("content"), Some(above)) => metadata_files(above),
            // ArchiveBox names the folder of a page by the time at which it was saved.
            (Some(name), _) if is_time(name) && names.contains(OsStr::new("index.json")) => {
                vec![folder.join("index.json")]
            }
            (Some(_), Some(above)) if name_of(above).is_some_and(|name| is_time(&name)) => {
                Some(above.join("index.json")).filter(|path| path.is_file()).into_iter().collect()
            }
            _ => Vec::new(),
        };
        Folder { names, of_all }
    }
}

/// Omnivore's lists of facts in a folder.
fn metadata_files(folder: &Path) -> Vec<PathBuf> {
    let names = list(folder);
    let metadata = names.iter().filter(|name| name.to_str().is_some_and(is_metadata));
    let mut found: Vec<PathBuf> = metadata.map(|name| folder.join(name)).collect();
    found.sort();
    found.truncate(MOST_FILES);
    found
}

/// Names of the files of a folder that may be files of facts; none if it cannot be read.
fn list(folder: &Path) -> Names {
    let folder = if folder.as_os_str().is_empty() { Path::new(".") } else { folder };
    let Ok(entries) = folder.read_dir() else { return Names::default() };
    let named = entries.filter_map(Result::ok).map(|entry| entry.file_name());
    named.filter(|name| may_be_facts(name.as_encoded_bytes())).collect()
}

/// May a file with this name or path be one of facts?
fn may_be_facts(name: &[u8]) -> bool {
    name.ends_with(b".json") || name.ends_with(b"posts.csv")
}

/// The folder of the texts whose facts the file at `path` lists, if it is a list of facts.
#[must_use]
pub(super) fn texts_of(path: &Path) -> Option<PathBuf> {
    let name = path.file_name().and_then(OsStr::to_str)?;
    let folder = match name {
        "posts.csv" => path.with_file_name("posts"),
        _ if is_metadata(name) => path.with_file_name("content"),
        _ => return None,
    };
    folder.is_dir().then_some(folder)
}

/// A number that changes when one of the files of facts does; 0 if there are none.
#[must_use]
pub(super) fn stamp(files: &[PathBuf]) -> i64 {
    files.iter().map(|file| modified_ns(file)).fold(0, i64::wrapping_add)
}

fn is_metadata(name: &str) -> bool {
    name.starts_with("metadata_") && name.ends_with(".json")
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
            let (unseen, seen) = (FactsFiles::default(), FactsFiles::default());
            all.iter().for_each(|name| seen.see(&folder.path().join(name)));
            let files = unseen.of(&folder.path().join(text), |_| false);
            assert_eq!(files, seen.of(&folder.path().join(text), |_| true), "{text}");
            let found: Vec<String> = files
                .iter()
                .map(|path| path.strip_prefix(folder.path()).expect("below").to_string_lossy().into_owned())
                .collect();
            assert_eq!(found, expected, "{text}");
            assert_eq!(stamp(&files) != 0, !expected.is_empty(), "{text}");
        }
        assert!(
            texts_of(&folder.path().join("posts.csv")).is_some() && texts_of(&folder.path().join("b.json")).is_none()
        );
    }
}
