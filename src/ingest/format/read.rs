//! Dispatch: from a format to its reader.

use std::io::Cursor;

use xxhash_rust::xxh3::xxh3_64;

use super::context::Context;
use super::records::{yield_drafts, yield_file};
use super::sgml::Collection;
use super::{
    Format, archive, exports, feed, html, json, mail, markdown, newsml, nitf, other_xml, pdf, plain, rtf, sgml, table,
    warc, wiki, wire, xml,
};
use crate::ingest::decode::decode;
use crate::ingest::source::Source;
use crate::ingest::{BadRecord, SkipReason, Yielded};

/// Reads a source of a known format and yields its records.
///
/// # Errors
///
/// Why the source as a whole could not be read.
pub(in crate::ingest) fn read(
    format: Format,
    source: Source<'_>,
    context: &Context,
    sink: &mut dyn FnMut(Yielded),
) -> Result<(), SkipReason> {
    let limits = context.limits;
    let name = source.name.clone();
    match format {
        Format::JsonLines => json::read_lines(&mut source.reader(), &name, limits, sink),
        Format::Table => table::read(source, context, sink),
        Format::Wiki => wiki::read(source, context, sink),
        Format::Reuters => sgml::read(Collection::Reuters, source, context, sink),
        Format::Trec => sgml::read(Collection::Trec, source, context, sink),
        Format::Wire => wire::read(source, context, sink),
        Format::Warc => warc::read(false, source, context, sink),
        Format::Arc => warc::read(true, source, context, sink),
        Format::Mailbox => mail::read_mailbox(source, context, sink),
        Format::Mail => mail::read(source, context, sink),
        Format::Rtf => rtf::read(source, context, sink),
        Format::Gzip | Format::Zstd | Format::Xz | Format::Bzip2 => archive::read_packed(format, source, context, sink),
        Format::Tar => archive::read_tar(source, context, sink),
        Format::Zip => {
            let whole = source.whole(limits)?;
            archive::read_zip(Cursor::new(whole.as_slice()), &name, context, sink)
        }
        Format::Pdf => pdf_document(&source.whole(limits)?, &name, sink),
        Format::Json => json::read(&source.whole(limits)?, &name, sink),
        Format::Nitf | Format::NewsMl1 | Format::NewsMlG2 | Format::Feed | Format::FactivaXml | Format::OtherXml => {
            markup(format, &source.whole(limits)?, &name, sink)
        }
        Format::Html => {
            let bytes = source.whole(limits)?;
            let text = decode(&bytes, true)?.text;
            match exports::page(&text) {
                Some(stories) => yield_drafts(stories, &bytes, &name, sink),
                None => yield_file(&bytes, html::read(&text)?, None, &name, sink),
            }
            Ok(())
        }
        Format::Export => {
            let bytes = source.whole(limits)?;
            let decoded = decode(&bytes, false)?;
            match exports::text(&decoded.text) {
                Some(stories) => yield_drafts(stories, &bytes, &name, sink),
                None => {
                    let map = (context.depth == 0).then_some(decoded.map);
                    yield_file(&bytes, plain::read(decoded.text), map, &name, sink);
                }
            }
            Ok(())
        }
        Format::Plain | Format::Markdown => {
            let bytes = source.whole(limits)?;
            let decoded = decode(&bytes, false)?;
            let raw = if format == Format::Markdown { markdown::read(decoded.text) } else { plain::read(decoded.text) };
            // Offsets refer to the file; a member of an archive has none.
            let map = (context.depth == 0).then_some(decoded.map);
            yield_file(&bytes, raw, map, &name, sink);
            Ok(())
        }
    }
}

#[cfg(feature = "pdf")]
fn pdf_document(bytes: &[u8], name: &str, sink: &mut dyn FnMut(Yielded)) -> Result<(), SkipReason> {
    let record = pdf::draft(bytes)?.record(name, None, xxh3_64(bytes))?;
    sink(Yielded::Article(Box::new(record)));
    Ok(())
}

#[cfg(not(feature = "pdf"))]
fn pdf_document(_: &[u8], _: &str, _: &mut dyn FnMut(Yielded)) -> Result<(), SkipReason> {
    Err(SkipReason::Unsupported("a PDF document".into()))
}

/// Reads a document of XML.
fn markup(format: Format, bytes: &[u8], name: &str, sink: &mut dyn FnMut(Yielded)) -> Result<(), SkipReason> {
    let text = decode(bytes, true)?.text;
    let root = xml::parse(&text)?;
    let drafts = match format {
        Format::Nitf => root.all("nitf").into_iter().map(nitf::draft).collect(),
        Format::NewsMl1 => newsml::v1::stories(&root),
        Format::NewsMlG2 => newsml::g2::stories(&root),
        Format::Feed => feed::drafts(&root),
        Format::FactivaXml => exports::factiva_xml(&root),
        _ => other_xml::stories(&root),
    };
    if drafts.is_empty() {
        // A fragment of HTML named `.xml`.
        if format == Format::OtherXml && (root.find("p").is_some() || root.find("div").is_some()) {
            yield_file(bytes, html::read_fragment(&text), None, name, sink);
            return Ok(());
        }
        return Err(match format {
            Format::OtherXml => SkipReason::Unsupported("an XML file without the elements of an article".into()),
            _ => SkipReason::NoText,
        });
    }
    yield_drafts(drafts, bytes, name, sink);
    if let Some(name) = xml::own_entity(&text) {
        let reason =
            SkipReason::Malformed(format!("entities of its own are not resolved: `&{name};` stays as it stands"));
        sink(Yielded::Bad(BadRecord { position: "declaration".into(), reason }));
    }
    Ok(())
}
