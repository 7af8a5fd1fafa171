//! Formats: what a file is, and how its articles are read. One module a format; [`TABLE`] lists them.

pub(in crate::ingest) mod archive;
mod blocks;
mod detect;
mod draft;
mod exports;
mod feed;
pub mod html;
pub mod json;
mod list;
mod mail;
pub mod markdown;
mod newsml;
mod ninjs;
mod nitf;
mod office;
#[cfg(feature = "pdf")]
pub mod pdf;
pub mod plain;
mod rtf;
mod sgml;
mod table;
mod warc;
mod wiki;
mod wire;
mod xml;

use std::io::Cursor;

use xxhash_rust::xxh3::xxh3_64;

use super::decode::decode;
use super::source::{Budget, Source};
use super::{BadRecord, ReadLimits, Record, RecordId, SkipReason, Yielded};
use crate::article::RawArticle;
use crate::article::date::date_in_path;
use crate::model::PublishedFrom;
use draft::Draft;
pub use list::{Row, TABLE};
use sgml::Collection;

/// A format that is read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Format {
    /// Bare text.
    Plain,
    /// Markdown, with front matter or without.
    Markdown,
    /// A saved page, or an export of Factiva, LexisNexis, ProQuest or Europresse as one.
    Html,
    /// One article, an array of them, ninjs, JSON Feed.
    Json,
    /// One article a line.
    JsonLines,
    /// A table of articles.
    Table,
    /// NITF.
    Nitf,
    /// NewsML 1.2.
    NewsMl1,
    /// NewsML-G2.
    NewsMlG2,
    /// RSS, Atom, WordPress.
    Feed,
    /// MediaWiki.
    Wiki,
    /// Reuters-21578.
    Reuters,
    /// TREC.
    Trec,
    /// Factiva's XML.
    FactivaXml,
    /// XML of an agency's own.
    OtherXml,
    /// ANPA 1312 and IPTC 7901.
    Wire,
    /// WARC.
    Warc,
    /// ARC.
    Arc,
    /// A message of mail, or a page saved as one.
    Mail,
    /// A mailbox.
    Mailbox,
    /// Text of LexisNexis or ProQuest.
    Export,
    /// RTF.
    Rtf,
    /// PDF.
    Pdf,
    /// DOCX, ODT and EPUB, or an archive of files.
    Zip,
    /// tar.
    Tar,
    /// gzip.
    Gzip,
    /// zstd.
    Zstd,
    /// xz.
    Xz,
    /// bzip2.
    Bzip2,
}

/// What readers know of the run.
#[derive(Clone)]
pub struct Context {
    /// Bounds on records.
    pub limits: ReadLimits,
    /// Bound on what packed files unpack to.
    pub budget: Budget,
    /// How many archives deep.
    pub depth: usize,
}

impl Context {
    /// The same one archive deeper.
    fn deeper(&self, most: usize) -> Result<Context, SkipReason> {
        if self.depth >= most {
            return Err(SkipReason::Malformed(format!("archives in archives, over {most} deep")));
        }
        Ok(Context { depth: self.depth + 1, ..self.clone() })
    }
}

/// Yields the articles of a source of a known format.
pub(super) fn read(
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
                Some(stories) => give_all(stories, &bytes, &name, sink),
                None => single(&bytes, html::read(&text)?, None, &name, sink),
            }
            Ok(())
        }
        Format::Export => {
            let bytes = source.whole(limits)?;
            let decoded = decode(&bytes, false)?;
            match exports::text(&decoded.text) {
                Some(stories) => give_all(stories, &bytes, &name, sink),
                None => {
                    let map = (context.depth == 0).then_some(decoded.map);
                    single(&bytes, plain::read(decoded.text), map, &name, sink);
                }
            }
            Ok(())
        }
        Format::Plain | Format::Markdown => {
            let bytes = source.whole(limits)?;
            let decoded = decode(&bytes, false)?;
            let raw = if format == Format::Markdown { markdown::read(decoded.text) } else { plain::read(decoded.text) };
            // Offsets are those of the file; in an archive there are none.
            let map = (context.depth == 0).then_some(decoded.map);
            single(&bytes, raw, map, &name, sink);
            Ok(())
        }
    }
}

/// A file that is one article.
fn single(
    bytes: &[u8],
    raw: RawArticle,
    map: Option<super::decode::TextMap>,
    name: &str,
    sink: &mut dyn FnMut(Yielded),
) {
    let raw = RawArticle { path_date: date_in_path(name, PublishedFrom::Path), ..raw };
    sink(Yielded::Article(Box::new(Record { id: None, raw, map, hash: xxh3_64(bytes) })));
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

/// Documents of markup that are held whole.
fn markup(format: Format, bytes: &[u8], name: &str, sink: &mut dyn FnMut(Yielded)) -> Result<(), SkipReason> {
    let text = decode(bytes, true)?.text;
    let root = xml::parse(&text)?;
    let drafts = match format {
        Format::Nitf => root.all("nitf").into_iter().map(nitf::draft).collect(),
        Format::NewsMl1 => newsml::version_1(&root),
        Format::NewsMlG2 => newsml::g2(&root),
        Format::Feed => feed::drafts(&root),
        Format::FactivaXml => exports::factiva_xml(&root),
        _ => newsml::other(&root),
    };
    if drafts.is_empty() {
        // A piece of a page that bears the name of XML.
        if format == Format::OtherXml && (root.find("p").is_some() || root.find("div").is_some()) {
            single(bytes, html::read_fragment(&text), None, name, sink);
            return Ok(());
        }
        return Err(match format {
            Format::OtherXml => SkipReason::Unsupported("an XML file without the elements of an article".into()),
            _ => SkipReason::NoText,
        });
    }
    give_all(drafts, bytes, name, sink);
    if let Some(name) = xml::own_entity(&text) {
        let reason =
            SkipReason::Malformed(format!("entities of its own are not resolved: `&{name};` stays as it stands"));
        sink(Yielded::Bad(BadRecord { place: "declaration".into(), reason }));
    }
    Ok(())
}

/// Yields the drafts of a file; where there is one, it is the file.
fn give_all(drafts: Vec<Draft>, bytes: &[u8], name: &str, sink: &mut dyn FnMut(Yielded)) {
    let many = drafts.len() > 1;
    for (i, draft) in drafts.into_iter().enumerate() {
        // The hash of a record is blind to its neighbours.
        let hash = if many { xxh3_64(format!("{draft:?}").as_bytes()) } else { xxh3_64(bytes) };
        give_record(draft.record(name, many.then_some(i + 1), hash), &format!("record {}", i + 1), sink);
    }
}

/// Yields a record, or why there is none.
fn give_record(record: Result<Record, SkipReason>, place: &str, sink: &mut dyn FnMut(Yielded)) {
    sink(match record {
        Ok(record) => Yielded::Article(Box::new(record)),
        Err(reason) => Yielded::Bad(BadRecord { place: place.to_string(), reason }),
    });
}

/// Yields an article with its id, or why there is none.
fn give(
    article: Result<(Option<RecordId>, RawArticle), SkipReason>,
    hash: u64,
    place: &str,
    sink: &mut dyn FnMut(Yielded),
) {
    give_record(article.map(|(id, raw)| Record { id, raw, map: None, hash }), place, sink);
}
