//! What a zip file is, by the names of its members.

use std::io::{Read, Seek};

use zip::ZipArchive;

use crate::ingest::SkipReason;

/// The kind of a document in a zip file.
#[derive(Clone, Copy)]
pub(super) enum DocumentKind {
    Docx,
    Odt,
    Epub,
    Xlsx,
    Ods,
    Pptx,
    /// Drawings, formulas and the like.
    Other,
}

/// The kind of the document that a zip file is; `None` for an archive of files.
pub(super) fn document_kind<R: Read + Seek>(archive: &mut ZipArchive<R>) -> Option<DocumentKind> {
    let has = |archive: &ZipArchive<R>, name: &str| archive.index_for_name(name).is_some();
    if has(archive, "word/document.xml") || has(archive, "word/document2.xml") {
        return Some(DocumentKind::Docx);
    }
    if has(archive, "xl/workbook.xml") {
        return Some(DocumentKind::Xlsx);
    }
    if has(archive, "ppt/presentation.xml") {
        return Some(DocumentKind::Pptx);
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
            kind if kind.starts_with("application/vnd.oasis.opendocument.presentation") => Some(DocumentKind::Odt),
            kind if kind.starts_with("application/vnd.oasis.opendocument.spreadsheet") => Some(DocumentKind::Ods),
            kind if kind.starts_with("application/") => Some(DocumentKind::Other),
            _ => None,
        };
    }
    None
}

/// The error of a zip file.
pub(super) fn damaged(error: &zip::result::ZipError) -> SkipReason {
    SkipReason::Malformed(format!("not a zip archive that can be read: {error}"))
}
