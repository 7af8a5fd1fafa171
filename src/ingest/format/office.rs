//! Documents that are zip archives of XML: DOCX (ECMA-376), ODT (OpenDocument) and EPUB.

mod docx;
mod epub;
mod odt;

use std::io::{Read, Seek};

use xxhash_rust::xxh3::xxh3_64;
use zip::ZipArchive;

use super::Context;
use super::draft::{Draft, split_keywords};
use super::records::yield_record;
use super::xml::{self, Element};
use super::zip_file::{DocumentKind, damaged};
use crate::ingest::decode::decode;
use crate::ingest::source::unreadable;
use crate::ingest::{SkipReason, Yielded};
use crate::text::fold::fold_value;

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
        DocumentKind::Epub => vec![epub::draft(archive, context)?],
        DocumentKind::Other => return Err(SkipReason::Unsupported("an office document that is no text".into())),
    };
    let many = drafts.len() > 1;
    for (i, draft) in drafts.into_iter().enumerate() {
        let hash = xxh3_64(format!("{draft:?}").as_bytes());
        yield_record(draft.record(name, many.then_some(i + 1), hash), &format!("record {}", i + 1), sink);
    }
    Ok(())
}

/// The bytes of a member; `None` if there is no such member.
fn member<R: Read + Seek>(
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

/// The tree of a member; `None` if there is no such member.
fn xml_member<R: Read + Seek>(
    archive: &mut ZipArchive<R>,
    name: &str,
    context: &Context,
) -> Result<Option<Element>, SkipReason> {
    let Some(bytes) = member(archive, name, context)? else { return Ok(None) };
    xml::parse(&decode(&bytes, true)?.text).map(Some)
}

/// Sets the facts of metadata in Dublin Core.
fn dublin_core(draft: &mut Draft, meta: &Element) {
    draft.title(meta.text_of("dc:title"));
    let creators = meta.all("dc:creator").into_iter().filter_map(Element::tidied).filter(|name| !is_program(name));
    let creators: Vec<String> = creators.collect();
    draft.byline(Some(creators.join(", ")));
    draft.lang(meta.text_of("dc:language").as_deref());
    for subject in meta.all("dc:subject") {
        split_keywords(&subject.text()).iter().for_each(|word| draft.keyword(word));
    }
}

/// Is the author of a document a program or a default account, not a person?
fn is_program(name: &str) -> bool {
    const ACCOUNTS: &[&str] = &[
        "admin",
        "administrator",
        "administrateur",
        "apache poi",
        "author",
        "microsoft office user",
        "openxml",
        "owner",
        "pc",
        "python-docx",
        "user",
        "un-named",
        "unknown",
        "win user",
        "windows user",
        "windows-benutzer",
        "utilisateur windows",
    ];
    ACCOUNTS.contains(&fold_value(name).as_str())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn programs_are_not_authors() {
        for (name, expected) in
            [("Apache POI", true), ("win user", true), ("Administrator", true), ("Mara Lind", false)]
        {
            assert_eq!(is_program(name), expected, "{name}");
        }
    }
}
