//! Zip files: documents, or archives of files. Needs the feature `office` or `archives`; of the one that is missing, files
//! are skipped.

use std::io::{BufReader, Read, Seek};

use zip::ZipArchive;

use super::Context;
use super::context::MOST_ARCHIVE_DEPTH;
use crate::ingest::{SkipReason, Yielded};

/// The kind of a document in a zip file.
#[derive(Clone, Copy)]
pub(super) enum DocumentKind {
    Docx,
    Odt,
    Epub,
    /// Spreadsheets, slides and the like.
    Other,
}

/// Reads a zip file.
pub(super) fn read(
    file: impl Read + Seek,
    name: &str,
    context: &Context,
    sink: &mut dyn FnMut(Yielded),
) -> Result<(), SkipReason> {
    // A document counts as an archive.
    context.deeper(MOST_ARCHIVE_DEPTH)?;
    let mut archive = ZipArchive::new(BufReader::new(file)).map_err(|error| damaged(&error))?;
    match document_kind(&mut archive) {
        #[cfg(feature = "office")]
        Some(kind) => super::office::read(kind, &mut archive, name, context, sink),
        #[cfg(not(feature = "office"))]
        Some(_) => {
            let _ = name;
            Err(SkipReason::LeftOut(crate::ingest::Feature::Office))
        }
        #[cfg(feature = "archives")]
        None => super::archive::read_zip(&mut archive, context, sink),
        #[cfg(not(feature = "archives"))]
        None => Err(SkipReason::LeftOut(crate::ingest::Feature::Archives)),
    }
}

/// The error of a zip file.
pub(super) fn damaged(error: &zip::result::ZipError) -> SkipReason {
    SkipReason::Malformed(format!("not a zip archive that can be read: {error}"))
}

/// The kind of the document that a zip file is; `None` for an archive of files.
fn document_kind<R: Read + Seek>(archive: &mut ZipArchive<R>) -> Option<DocumentKind> {
    let has = |archive: &ZipArchive<R>, name: &str| archive.index_for_name(name).is_some();
    if has(archive, "word/document.xml") || has(archive, "word/document2.xml") {
        return Some(DocumentKind::Docx);
    }
    if has(archive, "META-INF/container.xml") {
        return Some(DocumentKind::Epub);
    }
    if has(archive, "[Content_Types].xml") {
        return Some(DocumentKind::Other);
    }
    let mut mimetype = String::new();
    if let Ok(member) = archive.by_name("mimetype") {
        member.take(200).read_to_string(&mut mimetype).ok()?;
        return match mimetype.trim() {
            "application/epub+zip" => Some(DocumentKind::Epub),
            kind if kind.starts_with("application/vnd.oasis.opendocument.text") => Some(DocumentKind::Odt),
            kind if kind.starts_with("application/") => Some(DocumentKind::Other),
            _ => None,
        };
    }
    None
}
