//! Dispatch: from a format to its reader.

use std::io::{Cursor, Read, Seek};
use std::path::PathBuf;

#[cfg(feature = "archives")]
use super::archive;
use super::context::Context;
#[cfg(feature = "mail")]
use super::mail;
#[cfg(feature = "pdf")]
use super::pdf;
use super::records::{yield_drafts, yield_file, yield_read};
#[cfg(feature = "pages")]
use super::saved_page;
use super::sgml::Collection;
#[cfg(any(feature = "office", feature = "archives"))]
use super::zip_file;
use super::{
    Format, evernote, exports, feed, html, json, lightweight, markdown, mets, newsml, nitf, other_xml, plain,
    references, rtf, scan, sgml, subtitles, table, warc, wiki, wire, xml,
};
#[cfg(feature = "pages")]
use super::{bookmarks, chat_page, front_matter};
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
    if let Some(feature) = format.left_out(source.head()) {
        return Err(SkipReason::LeftOut(feature));
    }
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
        Format::Rtf => rtf::read(source, context, sink),
        Format::Evernote => evernote::read(source, context, sink),
        Format::References => references::read_tagged(&source.whole(limits)?, &name, sink),
        Format::BibTeX => references::read_bibtex(&source.whole(limits)?, &name, sink),
        Format::Json => json::read(&source.whole(limits)?, &name, context.texts.as_deref().map(PathBuf::as_path), sink),
        Format::Nitf | Format::NewsMl1 | Format::NewsMlG2 | Format::Feed | Format::FactivaXml | Format::OtherXml => {
            markup(format, &source.whole(limits)?, &name, sink)
        }
        Format::Scan => {
            let bytes = source.whole(limits)?;
            yield_file(&bytes, scan::read(&decode(&bytes, true)?.text)?, None, &name, sink);
            Ok(())
        }
        Format::Mets => {
            let bytes = source.whole(limits)?;
            mets::read(&decode(&bytes, true)?.text, context, &name, sink)
        }
        Format::Subtitles => {
            let bytes = source.whole(limits)?;
            yield_file(&bytes, subtitles::read(&decode(&bytes, true)?.text)?, None, &name, sink);
            Ok(())
        }
        Format::Export | Format::Plain | Format::Markdown | Format::Lightweight(_) => {
            text(format, source, context, sink)
        }
        Format::Zip => {
            let whole = source.whole(limits)?;
            read_zip(Cursor::new(whole.as_slice()), &name, context, sink)
        }
        #[cfg(feature = "pages")]
        Format::Html => page(&source.whole(limits)?, &name, context, sink),
        #[cfg(feature = "pages")]
        Format::WebArchive => web_archive(&source.whole(limits)?, &name, context, sink),
        #[cfg(feature = "mail")]
        Format::Mailbox => mail::mailbox::read(source, context, sink),
        #[cfg(feature = "mail")]
        Format::Mail => mail::message::read(source, context, sink),
        #[cfg(feature = "archives")]
        Format::Gzip | Format::Zstd | Format::Xz | Format::Bzip2 => archive::read_packed(format, source, context, sink),
        #[cfg(feature = "archives")]
        Format::Tar => archive::read_tar(source, context, sink),
        #[cfg(feature = "pdf")]
        Format::Pdf => pdf::read(&source.whole(limits)?, &name, sink),
        #[cfg(not(all(feature = "pages", feature = "mail", feature = "archives", feature = "pdf")))]
        _ => unreachable!("formats that are left out were refused above"),
    }
}

/// Reads a zip file.
///
/// # Errors
///
/// Why the file as a whole could not be read.
pub(in crate::ingest) fn read_zip(
    file: impl Read + Seek,
    name: &str,
    context: &Context,
    sink: &mut dyn FnMut(Yielded),
) -> Result<(), SkipReason> {
    #[cfg(any(feature = "office", feature = "archives"))]
    return zip_file::read(file, name, context, sink);
    #[cfg(not(any(feature = "office", feature = "archives")))]
    {
        let _ = (file, name, context, sink);
        unreachable!("formats that are left out were refused before")
    }
}

/// Reads a file of text.
fn text(
    format: Format,
    source: Source<'_>,
    context: &Context,
    sink: &mut dyn FnMut(Yielded),
) -> Result<(), SkipReason> {
    let name = source.name.clone();
    let bytes = source.whole(context.limits)?;
    let decoded = decode(&bytes, false)?;
    if format == Format::Export
        && let Some(stories) = exports::text(&decoded.text)
    {
        yield_drafts(stories, &bytes, &name, sink);
        return Ok(());
    }
    let raw = match format {
        Format::Markdown => markdown::read(decoded.text),
        Format::Lightweight(dialect) => lightweight::read(dialect, decoded.text),
        _ => plain::read(decoded.text),
    };
    // Offsets refer to the file; a member of an archive has none, nor has a text that was converted.
    let is_kept = !matches!(format, Format::Lightweight(dialect) if !dialect.keeps_text());
    let map = (context.depth == 0 && is_kept).then_some(decoded.map);
    yield_file(&bytes, raw, map, &name, sink);
    Ok(())
}

/// Reads a page: an article, or an export.
#[cfg(feature = "pages")]
fn page(bytes: &[u8], name: &str, context: &Context, sink: &mut dyn FnMut(Yielded)) -> Result<(), SkipReason> {
    // The page of one that extracts itself is the archive in it; what is around is a program.
    #[cfg(feature = "archives")]
    if let Some(inner) = saved_page::self_extracting(bytes, context.limits.max_bytes) {
        let text = decode(&inner, true)?.text;
        yield_file(bytes, html::read(&text, context.url.as_deref())?, None, name, sink);
        return Ok(());
    }
    let text = decode(bytes, true)?.text;
    if let Some(front) = front_matter::of(&text) {
        // What generators of sites make pages from: mostly the body alone.
        let rest = &text[front.end..];
        let mut raw = html::read(rest, context.url.as_deref()).unwrap_or_else(|_| html::read_fragment(rest));
        let mut facts = front.facts;
        facts.fill_from(raw.facts);
        raw.facts = facts;
        yield_file(bytes, raw, None, name, sink);
        return Ok(());
    }
    match exports::page(&text).or_else(|| bookmarks::drafts(&text)).or_else(|| chat_page::drafts(&text)) {
        Some(stories) => yield_drafts(stories, bytes, name, sink),
        None => yield_file(bytes, html::read(&text, context.url.as_deref())?, None, name, sink),
    }
    Ok(())
}

/// Reads the page of a browser's archive.
#[cfg(feature = "pages")]
fn web_archive(bytes: &[u8], name: &str, context: &Context, sink: &mut dyn FnMut(Yielded)) -> Result<(), SkipReason> {
    /// Bytes within which a page states its encoding itself.
    const DECLARATION_BYTES: usize = 1_024;
    let archive = saved_page::web_archive(bytes)?;
    let top = &archive.page[..archive.page.len().min(DECLARATION_BYTES)];
    let is_declared = memchr::memmem::find(&top.to_ascii_lowercase(), b"charset").is_some();
    let stated = archive.encoding.filter(|_| !is_declared && std::str::from_utf8(&archive.page).is_err());
    let text = match stated.and_then(|name| encoding_rs::Encoding::for_label(name.as_bytes())) {
        Some(encoding) => encoding.decode(&archive.page).0.into_owned(),
        None => decode(&archive.page, true)?.text,
    };
    let url = archive.url.or_else(|| context.url.clone());
    yield_file(bytes, html::read(&text, url.as_deref())?, None, name, sink);
    Ok(())
}

/// Reads a document of XML.
fn markup(format: Format, bytes: &[u8], name: &str, sink: &mut dyn FnMut(Yielded)) -> Result<(), SkipReason> {
    let text = decode(bytes, true)?.text;
    let root = xml::parse(&text)?;
    if format == Format::OtherXml {
        return other(&text, &root, bytes, name, sink);
    }
    let drafts = match format {
        Format::Nitf => root.all("nitf").into_iter().map(nitf::draft).collect(),
        Format::NewsMl1 => newsml::v1::stories(&root),
        Format::NewsMlG2 => newsml::g2::stories(&root),
        Format::Feed => feed::drafts(&root),
        _ => exports::factiva_xml(&root),
    };
    if drafts.is_empty() {
        return Err(SkipReason::NoText);
    }
    yield_drafts(drafts, bytes, name, sink);
    report_entity(&text, sink);
    Ok(())
}

/// Reads a document of XML of no known standard.
fn other(
    text: &str,
    root: &xml::Element,
    bytes: &[u8],
    name: &str,
    sink: &mut dyn FnMut(Yielded),
) -> Result<(), SkipReason> {
    let stories = other_xml::stories(root);
    if stories.is_empty() {
        // A fragment of HTML named `.xml`.
        if root.find("p").is_some() || root.find("div").is_some() {
            yield_file(bytes, html::read_fragment(text), None, name, sink);
            return Ok(());
        }
        return Err(SkipReason::Unsupported("an XML file without the elements of an article".into()));
    }
    yield_read(stories, bytes, name, sink);
    report_entity(text, sink);
    Ok(())
}

/// Reports an entity that the document declares and uses.
fn report_entity(text: &str, sink: &mut dyn FnMut(Yielded)) {
    if let Some(name) = xml::own_entity(text) {
        let reason =
            SkipReason::Malformed(format!("entities of its own are not resolved: `&{name};` stays as it stands"));
        sink(Yielded::Bad(BadRecord { position: "declaration".into(), reason }));
    }
}
