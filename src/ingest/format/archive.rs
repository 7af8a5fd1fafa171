//! Packed files (gzip, zstd, xz, bzip2) and archives (tar, zip). Nothing is written to disk. Members are read one after
//! the other, in bounded memory; a budget bounds the bytes that they unpack to.

use std::cell::RefCell;
use std::io::{Read, Seek};
use std::rc::Rc;

use zip::ZipArchive;

use super::context::MOST_ARCHIVE_DEPTH;
use super::saved_page;
use super::zip_kind::damaged;
use super::{Context, Format};
use crate::ingest::source::{Source, unreadable};
use crate::ingest::{BadRecord, RecordId, SkipReason, Yielded};

/// Most members of an archive that are read.
const MOST_MEMBERS: usize = 2_000_000;
/// Most folders around a member that may be those of a saved page.
const MOST_FOLDERS: usize = 20;

/// Reads the contents of a packed file.
pub(super) fn read_packed(
    format: Format,
    source: Source<'_>,
    context: &Context,
    sink: &mut dyn FnMut(Yielded),
) -> Result<(), SkipReason> {
    let inner = context.deeper(MOST_ARCHIVE_DEPTH)?;
    let name = unpacked_name(&source.name).to_string();
    let packed = source.reader();
    let unpacked: Box<dyn Read + '_> = match format {
        Format::Gzip => Box::new(flate2::bufread::MultiGzDecoder::new(packed)),
        Format::Zstd => Box::new(zstd::Decoder::with_buffer(packed).map_err(|error| unreadable(&error))?),
        Format::Xz => Box::new(lzma_rust2::XzReader::new_mem_limit(packed, true, 128 << 10)),
        _ => Box::new(bzip2::bufread::MultiBzDecoder::new(packed)),
    };
    let damage = Damage::default();
    let kept = Kept { inner: context.budget.reader(unpacked), any: false, damage: Rc::clone(&damage) };
    let source = Source::new(&name, Box::new(kept))?;
    let format = Format::detect(&source.name, source.head())?;
    (context.read)(format, source, &inner, sink)?;
    if let Some(reason) = damage.borrow_mut().take() {
        sink(Yielded::Bad(BadRecord { position: "end".into(), reason }));
    }
    Ok(())
}

/// Why the bytes of a packed file ended before its end.
type Damage = Rc<RefCell<Option<SkipReason>>>;

/// The bytes before the damage of a packed file that is cut off, which then ends there.
struct Kept<R> {
    inner: R,
    any: bool,
    damage: Damage,
}

impl<R: Read> Read for Kept<R> {
    fn read(&mut self, out: &mut [u8]) -> std::io::Result<usize> {
        if self.damage.borrow().is_some() {
            return Ok(0);
        }
        match self.inner.read(out) {
            Err(error) if error.kind() == std::io::ErrorKind::UnexpectedEof && self.any => {
                *self.damage.borrow_mut() = Some(unreadable(&error));
                Ok(0)
            }
            read => {
                self.any |= read.as_ref().is_ok_and(|read| *read > 0);
                read
            }
        }
    }
}

/// The name of a packed file without its extension.
fn unpacked_name(name: &str) -> &str {
    let lower = name.to_ascii_lowercase();
    if let Some(stem) = lower.strip_suffix(".tgz") {
        return &name[..stem.len()];
    }
    [".gz", ".zst", ".zstd", ".xz", ".bz2", ".z"]
        .iter()
        .find_map(|ending| lower.strip_suffix(ending))
        .map_or(name, |stem| &name[..stem.len()])
}

/// Reads the members of a tar archive.
pub(super) fn read_tar(source: Source<'_>, context: &Context, sink: &mut dyn FnMut(Yielded)) -> Result<(), SkipReason> {
    let inner = context.deeper(MOST_ARCHIVE_DEPTH)?;
    let mut archive = tar::Archive::new(source.reader());
    let entries = archive.entries().map_err(|error| unreadable(&error))?;
    for entry in entries.take(MOST_MEMBERS) {
        let entry = entry.map_err(|error| unreadable(&error))?;
        if !entry.header().entry_type().is_file() {
            continue;
        }
        let name = String::from_utf8_lossy(&entry.path_bytes()).into_owned();
        member(&name, Box::new(entry), &inner, sink);
    }
    Ok(())
}

/// Reads the members of a zip archive.
pub(super) fn read_zip<R: Read + Seek>(
    archive: &mut ZipArchive<R>,
    context: &Context,
    sink: &mut dyn FnMut(Yielded),
) -> Result<(), SkipReason> {
    let inner = context.deeper(MOST_ARCHIVE_DEPTH)?;
    let is_wacz = archive.index_for_name("datapackage.json").is_some()
        && archive.file_names().flatten().any(|name| name.starts_with("archive/") && name.contains(".warc"));
    let pages = saved_page::pages_of_archive(archive);
    for number in 0..archive.len().min(MOST_MEMBERS) {
        let opened = match archive.by_index(number) {
            Ok(opened) if opened.is_file() => opened,
            Ok(_) => continue,
            Err(error) => {
                sink(Yielded::Bad(BadRecord { position: format!("member {}", number + 1), reason: damaged(&error) }));
                continue;
            }
        };
        let name = match opened.name() {
            Ok(name) => name.into_owned(),
            Err(_) => format!("member {}", number + 1),
        };
        // In a WACZ, all but the WARC files is about them: lists of pages, indexes.
        if is_wacz && !name.starts_with("archive/") {
            continue;
        }
        let bytes = context.budget.reader(opened);
        // The folders around the member, the innermost first, and the archive itself.
        let folders = name.rmatch_indices('/').map(|(at, _)| &name[..=at]).take(MOST_FOLDERS).chain([""]);
        match folders.filter_map(|folder| pages.get(folder)).next() {
            Some(page) if page.path == name => member(&name, bytes, &inner.at(page.url.clone()), sink),
            // An image, a style or a frame of the page.
            Some(_) => {}
            None => member(&name, bytes, &inner, sink),
        }
    }
    Ok(())
}

/// Reads one member. Its records have its name as id or prefix of their id. Hidden members are skipped in silence.
fn member(name: &str, bytes: Box<dyn Read + '_>, context: &Context, sink: &mut dyn FnMut(Yielded)) {
    let hidden = name.split('/').any(|part| part.starts_with('.') && !matches!(part, "." | "..") || part == "__MACOSX");
    if hidden {
        return;
    }
    let result = Source::new(name, bytes).and_then(|source| {
        let format = Format::detect(name, source.head())?;
        (context.read)(format, source, context, &mut |yielded| sink(inside(name, yielded)))
    });
    if let Err(reason) = result {
        sink(Yielded::Bad(BadRecord { position: name.to_string(), reason }));
    }
}

/// A result of a member, under its name.
fn inside(name: &str, yielded: Yielded) -> Yielded {
    match yielded {
        Yielded::Article(mut record) => {
            record.id = Some(RecordId::Own(match record.id.take() {
                Some(id) => format!("{name}#{}", id.text()),
                None => name.to_string(),
            }));
            // Its offsets do not refer to the file.
            record.map = None;
            Yielded::Article(record)
        }
        Yielded::Bad(bad) => Yielded::Bad(BadRecord { position: format!("{name}: {}", bad.position), ..bad }),
    }
}
