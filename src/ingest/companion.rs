//! Files of facts: exports that have the text of an article in one file and its facts in another beside it. Substack has
//! `posts.csv` beside `posts/`, Omnivore `metadata_0_to_20.json` beside `content/`, ArchiveBox `index.json` in the folder of
//! each page; others have `NAME.json` beside `NAME.html`. And the other way round: a METS file tells which articles are on the
//! pages of a scan, which are files beside it.

use std::cell::RefCell;
use std::collections::HashMap;
use std::ffi::OsStr;
use std::fs::File;
use std::io::Read;
use std::path::{Path, PathBuf};
use std::rc::Rc;
use std::time::{SystemTime, UNIX_EPOCH};

use memchr::memmem;
use xxhash_rust::xxh3::xxh3_64;

use super::ReadLimits;
use super::format::mets::{self, Structure};

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

/// A number that changes when one of the files does, or which METS files are near a page, or when the pages near a METS file
/// do; 0 if there are none.
#[must_use]
pub fn stamp(path: &Path) -> i64 {
    let modified = |path: &PathBuf| nanoseconds(path.metadata().and_then(|metadata| metadata.modified()).ok());
    let facts = of(path).iter().map(modified).fold(0, i64::wrapping_add);
    if !may_be_scan(path) {
        return facts;
    }
    let near = near(path, usize::MAX);
    let names = near.iter().map(|path| xxh3_64(path.as_os_str().as_encoded_bytes()).cast_signed());
    let mut stamp = names.fold(facts, i64::wrapping_add);
    if near.iter().any(|other| other == path) {
        let folder = path.parent().unwrap_or(Path::new(""));
        let mut folders = folders_in(folder);
        folders.extend(folder.parent().map(folders_in).into_iter().flatten());
        folders.push(folder.to_path_buf());
        let pages: Vec<PathBuf> = folders.iter().flat_map(|folder| listing(folder).pages.clone()).collect();
        stamp = folders.iter().chain(&pages).map(modified).fold(stamp, i64::wrapping_add);
    }
    stamp
}

/// The length of a file, and when it was changed.
pub fn state(path: &Path) -> (u64, i64) {
    path.metadata().map_or((0, 0), |metadata| (metadata.len(), nanoseconds(metadata.modified().ok())))
}

fn nanoseconds(time: Option<SystemTime>) -> i64 {
    let since = time.and_then(|time| time.duration_since(UNIX_EPOCH).ok());
    since.and_then(|since| i64::try_from(since.as_nanos()).ok()).unwrap_or(0)
}

/// The METS file with which the page at `path` is read, `levels` names below the root of a walk.
#[must_use]
pub fn reader_of(path: &Path, levels: usize, limits: ReadLimits) -> Option<PathBuf> {
    let path = &plain(path);
    let listing = near(path, levels).into_iter().filter_map(|other| {
        let structure = structure(&other, limits)?;
        structure.pages.iter().any(|page| plain(page) == *path).then_some((!structure.has_articles, other))
    });
    listing.min().map(|(_, other)| other)
}

/// The METS file that lists the pages of the one at `path`, too, and with which they are read.
#[must_use]
pub fn other_reader(path: &Path, levels: usize, limits: ReadLimits) -> Option<PathBuf> {
    let first = plain(structure(path, limits)?.pages.first()?);
    let root = plain(path.ancestors().nth(levels)?);
    let levels = first.strip_prefix(&root).map_or(usize::MAX, |below| below.components().count());
    reader_of(&first, levels, limits).filter(|reader| plain(reader) != plain(path))
}

/// A path without `folder/..`.
fn plain(path: &Path) -> PathBuf {
    use std::path::Component;
    let mut out = PathBuf::new();
    for part in path.components() {
        match part {
            Component::ParentDir if matches!(out.components().next_back(), Some(Component::Normal(_))) => _ = out.pop(),
            Component::CurDir => {}
            other => out.push(other),
        }
    }
    out
}

/// May a file be a page of a scan, or METS, by its name?
fn may_be_scan(path: &Path) -> bool {
    path.extension().is_some_and(|end| ["xml", "hocr", "alto"].iter().any(|other| end.eq_ignore_ascii_case(other)))
}

/// The METS files in the folder of `path`, in the two above and in those beside it, as far as they are below the root.
fn near(path: &Path, levels: usize) -> Vec<PathBuf> {
    let mut folders: Vec<PathBuf> = path.ancestors().skip(1).take(levels.min(3)).map(Path::to_path_buf).collect();
    if levels > 1
        && let Some(above) = folders.get(1)
    {
        folders.extend(folders_in(above).into_iter().filter(|beside| *beside != folders[0]).collect::<Vec<_>>());
    }
    folders.iter().flat_map(|folder| listing(folder).structures.clone()).collect()
}

/// The folders in a folder, unless they are many.
fn folders_in(folder: &Path) -> Vec<PathBuf> {
    const MOST_FOLDERS: usize = 16;
    let folders = listing(folder).folders.clone();
    if folders.len() > MOST_FOLDERS { Vec::new() } else { folders }
}

/// What a folder holds.
#[derive(Debug, Default)]
struct Listing {
    structures: Vec<PathBuf>,
    /// Files that may be pages, unless they are so many that they are not one issue.
    pages: Vec<PathBuf>,
    folders: Vec<PathBuf>,
}

/// The METS files and the folders in a folder, which is read once for all of its files.
fn listing(folder: &Path) -> Rc<Listing> {
    /// Most folders that are remembered.
    const MOST_KNOWN: usize = 256;
    /// Most pages whose changes are looked for.
    const MOST_PAGES: usize = 400;
    /// Most files without a name of METS that are looked into.
    const MOST_TRIED: usize = 32;
    type Known = HashMap<PathBuf, (Option<SystemTime>, Rc<Listing>)>;
    thread_local! {
        static KNOWN: RefCell<Known> = RefCell::default();
    }
    let place = if folder.as_os_str().is_empty() { Path::new(".") } else { folder };
    let modified = place.metadata().and_then(|metadata| metadata.modified()).ok();
    let known = KNOWN.with_borrow(|known| {
        let (time, listing) = known.get(folder)?;
        (*time == modified && modified.is_some()).then(|| Rc::clone(listing))
    });
    if let Some(known) = known {
        return known;
    }
    let mut listing = Listing::default();
    let (mut named, mut others) = (Vec::new(), Vec::new());
    for entry in place.read_dir().into_iter().flatten().filter_map(Result::ok) {
        let path = folder.join(entry.file_name());
        let Ok(kind) = entry.file_type() else { continue };
        if kind.is_dir() {
            listing.folders.push(path);
        } else if kind.is_file() && path.extension().is_some_and(|end| end.eq_ignore_ascii_case("xml")) {
            let name = entry.file_name().to_string_lossy().to_lowercase();
            let list = if ["mets", "manifest", "toc"].iter().any(|part| name.contains(part)) {
                &mut named
            } else {
                &mut others
            };
            list.push(path);
        }
    }
    if named.len() + others.len() <= MOST_PAGES {
        listing.pages = named.iter().chain(&others).cloned().collect();
    }
    others.sort();
    others.truncate(MOST_TRIED);
    listing.structures = named.into_iter().chain(others).filter(|path| is_mets(path)).collect();
    listing.structures.sort();
    listing.folders.sort();
    let listing = Rc::new(listing);
    KNOWN.with_borrow_mut(|known| {
        if known.len() >= MOST_KNOWN {
            known.clear();
        }
        known.insert(folder.to_path_buf(), (modified, Rc::clone(&listing)));
    });
    listing
}

/// Does a file begin as METS does?
fn is_mets(path: &Path) -> bool {
    let mut head = Vec::new();
    let read = File::open(path).and_then(|file| file.take(4096).read_to_end(&mut head));
    read.is_ok() && memmem::find(&head, b"www.loc.gov/METS").is_some()
}

/// The structure in a METS file, which is read once for all of its pages.
fn structure(path: &Path, limits: ReadLimits) -> Option<Rc<Structure>> {
    /// Most files that are remembered.
    const MOST_KNOWN: usize = 64;
    type Known = HashMap<PathBuf, ((u64, i64), Option<Rc<Structure>>)>;
    thread_local! {
        static KNOWN: RefCell<Known> = RefCell::default();
    }
    let state = state(path);
    let known =
        KNOWN.with_borrow(|known| known.get(path).filter(|(other, _)| *other == state).map(|(_, found)| found.clone()));
    if let Some(known) = known {
        return known;
    }
    let mut bytes = Vec::new();
    let read = File::open(path).and_then(|file| file.take(limits.max_bytes + 1).read_to_end(&mut bytes));
    let is_whole = read.is_ok() && bytes.len() as u64 <= limits.max_bytes;
    let found =
        if is_whole { mets::structure(&bytes, path.parent().unwrap_or(Path::new(""))).map(Rc::new) } else { None };
    KNOWN.with_borrow_mut(|known| {
        if known.len() >= MOST_KNOWN {
            known.clear();
        }
        known.insert(path.to_path_buf(), (state, found.clone()));
    });
    found
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

    #[test]
    fn pages_are_read_with_the_structure_that_tells_articles_apart() {
        let folder = tempfile::tempdir().expect("a folder");
        let mets = |href: &str, map: &str| {
            format!(
                "<mets xmlns=\"http://www.loc.gov/METS/\"><fileSec><fileGrp><file ID=\"F\" MIMETYPE=\"text/xml\"><FLocat href=\"{href}\"/></file></fileGrp></fileSec>{map}</mets>"
            )
        };
        let area = "<fptr><area FILEID=\"F\" BEGIN=\"a\"/></fptr>";
        let articles = format!(
            "<structMap TYPE=\"LOGICAL\"><div TYPE=\"ISSUE\"><div TYPE=\"ARTICLE\">{area}</div></div></structMap>"
        );
        for (name, text) in [
            ("issue/manifest.xml", mets("ocr/p1.xml", "")),
            ("issue/toc/T1.xml", mets("../ocr/p1.xml", &articles)),
            ("issue/ocr/p1.xml", "<alto/>".to_string()),
            ("issue/ocr/p2.xml", "<alto/>".to_string()),
        ] {
            let path = folder.path().join(name);
            std::fs::create_dir_all(path.parent().expect("a folder")).expect("made");
            std::fs::write(path, text).expect("it has room");
        }
        let limits = ReadLimits::default();
        let at = |name: &str| folder.path().join(name);
        let toc = Some(at("issue/toc/T1.xml"));
        assert_eq!(reader_of(&at("issue/ocr/p1.xml"), 3, limits), toc);
        // The structure is above the folder that is indexed.
        assert_eq!(reader_of(&at("issue/ocr/p1.xml"), 1, limits), None);
        assert_eq!(reader_of(&at("issue/ocr/p2.xml"), 3, limits), None);
        assert_eq!(other_reader(&at("issue/manifest.xml"), 2, limits), toc);
        assert_eq!(other_reader(&at("issue/toc/T1.xml"), 3, limits), None);
    }
}
