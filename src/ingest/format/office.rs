//! Documents that are zip archives of XML: DOCX, XLSX and PPTX (ECMA-376), ODT, ODS and ODP (OpenDocument), and EPUB.

mod docx;
mod epub;
mod member;
mod metadata;
mod odt;
mod pptx;
mod sheet;

use std::io::{Read, Seek};

use xxhash_rust::xxh3::xxh3_64;
use zip::ZipArchive;

use super::Context;
use super::records::yield_record;
use super::zip_kind::DocumentKind;
use crate::ingest::{SkipReason, Yielded};

/// Reads a document.
pub(super) fn read<R: Read + Seek>(
    kind: DocumentKind,
    archive: &mut ZipArchive<R>,
    name: &str,
    context: &Context,
    sink: &mut dyn FnMut(Yielded),
) -> Result<(), SkipReason> {
    let drafts = match kind {
        DocumentKind::Docx => docx::drafts(archive, context)?,
        DocumentKind::Odt => vec![odt::draft(archive, context)?],
        DocumentKind::Pptx => vec![pptx::draft(archive, context)?],
        DocumentKind::Xlsx => return sheet::xlsx(archive, name, context, sink),
        DocumentKind::Ods => return sheet::ods(archive, name, context, sink),
        DocumentKind::Epub => epub::drafts(archive, context)?,
        DocumentKind::Other => {
            return Err(SkipReason::Unsupported(
                "an office document that is no text, spreadsheet or presentation".into(),
            ));
        }
    };
    let many = drafts.len() > 1;
    for (i, draft) in drafts.into_iter().enumerate() {
        let hash = xxh3_64(format!("{draft:?}").as_bytes());
        yield_record(draft.record(name, many.then_some(i + 1), hash), &format!("record {}", i + 1), sink);
    }
    Ok(())
}
