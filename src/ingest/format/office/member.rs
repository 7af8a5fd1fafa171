//! Members of documents.

use std::io::{Read, Seek};

use zip::ZipArchive;

use crate::ingest::SkipReason;
use crate::ingest::decode::decode;
use crate::ingest::format::Context;
use crate::ingest::format::xml::{self, Element};
use crate::ingest::format::zip_kind::damaged;
use crate::ingest::source::unreadable;

/// The bytes of a member; `None` if there is no such member.
pub(super) fn member<R: Read + Seek>(
    archive: &mut ZipArchive<R>,
    name: &str,
    context: &Context,
) -> Result<Option<Vec<u8>>, SkipReason> {
    let opened = match archive.by_name(name) {
        Ok(opened) => opened,
        Err(zip::result::ZipError::FileNotFound) => return Ok(None),
        Err(error) => return Err(damaged(&error)),
    };
    let mut bytes = Vec::new();
    let limit = context.limits.max_bytes;
    context.budget.reader(opened).take(limit + 1).read_to_end(&mut bytes).map_err(|error| unreadable(&error))?;
    if bytes.len() as u64 > limit {
        return Err(SkipReason::TooLong { bytes: bytes.len() as u64, limit });
    }
    Ok(Some(bytes))
}

/// The names of the members of a folder that are XML. Those whose names cannot be decoded are none of a document.
pub(super) fn members<R: Read + Seek>(archive: &ZipArchive<R>, folder: &str) -> Vec<String> {
    let names = archive.file_names().filter_map(Result::ok).map(std::borrow::Cow::into_owned);
    names.filter(|name| name.starts_with(folder) && name.ends_with(".xml")).collect()
}

/// The tree of a member; `None` if there is no such member.
pub(super) fn xml_member<R: Read + Seek>(
    archive: &mut ZipArchive<R>,
    name: &str,
    context: &Context,
) -> Result<Option<Element>, SkipReason> {
    let Some(bytes) = member(archive, name, context)? else { return Ok(None) };
    xml::parse(&decode(&bytes, true)?.text).map(Some)
}
