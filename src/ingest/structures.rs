//! METS files near the pages of a scan: they tell which articles are on the pages, which are files beside them.

use std::cell::RefCell;
use std::collections::HashMap;
use std::fs::File;
use std::io::Read;
use std::path::{Path, PathBuf};
use std::rc::Rc;
use std::sync::Arc;
use std::time::SystemTime;

use memchr::memmem;
use xxhash_rust::xxh3::xxh3_64;

use super::ReadLimits;
use super::folders::{PerFolder, has_extension, modified_ns, nanoseconds};
use super::format::mets::{self, Structure};

/// What the folders of a walk hold. A folder is listed once for all of its files.
#[derive(Debug, Default)]
pub(super) struct Listings {
    folders: PerFolder<Listing>,
}

impl Listings {
    /// A number that changes with the METS files that are near a page, and with the pages near a METS file; 0 if the file at
    /// `path` is neither.
    #[must_use]
    pub(super) fn stamp(&self, path: &Path) -> i64 {
        if !may_be_scan(path) {
            return 0;
        }
        let list = |folder: &Path| self.folders.of(folder.as_os_str().as_encoded_bytes(), || list(folder));
        let near = near(path, usize::MAX, &list);
        let names = near.iter().map(|path| xxh3_64(path.as_os_str().as_encoded_bytes()).cast_signed());
        let stamp = names.fold(0, i64::wrapping_add);
        if near.iter().all(|other| other != path) {
            return stamp;
        }
        let folder = path.parent().unwrap_or(Path::new(""));
        let mut folders = folders_in(folder, &list);
        folders.extend(folder.parent().map(|above| folders_in(above, &list)).into_iter().flatten());
        folders.push(folder.to_path_buf());
        let pages: Vec<PathBuf> = folders.iter().flat_map(|folder| list(folder).pages.clone()).collect();
        folders.iter().chain(&pages).map(|path| modified_ns(path)).fold(stamp, i64::wrapping_add)
    }
}

/// The length of a file, and when it was changed.
pub(super) fn state(path: &Path) -> (u64, i64) {
    path.metadata().map_or((0, 0), |metadata| (metadata.len(), metadata.modified().map_or(0, nanoseconds)))
}

/// The METS file with which the page at `path` is read, `levels` names below the root of a walk.
#[must_use]
pub(super) fn reader_of(path: &Path, levels: usize, limits: ReadLimits) -> Option<PathBuf> {
    let path = &plain(path);
    let listing = near(path, levels, &listing).into_iter().filter_map(|other| {
        let structure = structure(&other, limits)?;
        structure.pages.iter().any(|page| plain(page) == *path).then_some((!structure.has_articles, other))
    });
    listing.min().map(|(_, other)| other)
}

/// The METS file that lists the pages of the one at `path`, too, and with which they are read.
#[must_use]
pub(super) fn other_reader(path: &Path, levels: usize, limits: ReadLimits) -> Option<PathBuf> {
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
    ["xml", "hocr", "alto"].iter().any(|extension| has_extension(path, extension))
}

/// The METS files in the folder of `path`, in the two above and in those beside it, as far as they are below the root.
fn near(path: &Path, levels: usize, list: &dyn Fn(&Path) -> Arc<Listing>) -> Vec<PathBuf> {
    let mut folders: Vec<PathBuf> = path.ancestors().skip(1).take(levels.min(3)).map(Path::to_path_buf).collect();
    if levels > 1
        && let Some(above) = folders.get(1)
    {
        folders.extend(folders_in(above, list).into_iter().filter(|beside| *beside != folders[0]).collect::<Vec<_>>());
    }
    folders.iter().flat_map(|folder| list(folder).structures.clone()).collect()
}

/// The folders in a folder, unless they are many.
fn folders_in(folder: &Path, list: &dyn Fn(&Path) -> Arc<Listing>) -> Vec<PathBuf> {
    const MOST_FOLDERS: usize = 16;
    let folders = list(folder).folders.clone();
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

/// The METS files and the folders in a folder. They are remembered as long as the folder does not change.
fn listing(folder: &Path) -> Arc<Listing> {
    /// Most folders that are remembered.
    const MOST_KNOWN: usize = 256;
    type Known = HashMap<PathBuf, (Option<SystemTime>, Arc<Listing>)>;
    thread_local! {
        static KNOWN: RefCell<Known> = RefCell::default();
    }
    let modified = place(folder).metadata().and_then(|metadata| metadata.modified()).ok();
    let known = KNOWN.with_borrow(|known| {
        let (time, listing) = known.get(folder)?;
        (*time == modified && modified.is_some()).then(|| Arc::clone(listing))
    });
    if let Some(known) = known {
        return known;
    }
    let listing = Arc::new(list(folder));
    KNOWN.with_borrow_mut(|known| {
        if known.len() >= MOST_KNOWN {
            known.clear();
        }
        known.insert(folder.to_path_buf(), (modified, Arc::clone(&listing)));
    });
    listing
}

fn place(folder: &Path) -> &Path {
    if folder.as_os_str().is_empty() { Path::new(".") } else { folder }
}

fn list(folder: &Path) -> Listing {
    /// Most files without a name of METS that are looked into.
    const MOST_TRIED: usize = 32;
    /// Most pages whose changes are looked for.
    const MOST_PAGES: usize = 400;
    let mut listing = Listing::default();
    let (mut named, mut others) = (Vec::new(), Vec::new());
    for entry in place(folder).read_dir().into_iter().flatten().filter_map(Result::ok) {
        let path = folder.join(entry.file_name());
        let Ok(kind) = entry.file_type() else { continue };
        if kind.is_dir() {
            listing.folders.push(path);
        } else if kind.is_file() && has_extension(&path, "xml") {
            let name = entry.file_name().to_string_lossy().to_lowercase();
            let is_named = ["mets", "manifest", "toc"].iter().any(|part| name.contains(part));
            if is_named { &mut named } else { &mut others }.push(path);
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

#[cfg(test)]
mod tests {
    use super::*;

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
