//! Zip files: documents, or archives of files. Needs the feature `office` or `archives`; of the one that is missing, files
//! are skipped.

use std::io::{BufReader, Read, Seek};

use zip::ZipArchive;

use super::Context;
use super::context::MOST_ARCHIVE_DEPTH;
use super::zip_kind::{damaged, document_kind};
use crate::ingest::{SkipReason, Yielded};

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
