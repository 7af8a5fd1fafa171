//! Formats: what a file is, and how its articles are read. One module a format; [`TABLE`] lists them.

pub(in crate::ingest) mod archive;
mod blocks;
mod draft;
mod exports;
mod feed;
pub mod html;
pub mod json;
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
use crate::article::date::{PublishedFrom, date_in_path};
use draft::Draft;
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

/// A row of the list of formats.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Row {
    /// The format's name.
    pub name: &'static str,
    /// How it is recognised.
    pub recognised: &'static str,
    /// How many articles a file gives, and what of them is read beside title, date and text.
    pub gives: &'static str,
    /// How it is read.
    pub format: Format,
}

const fn row(name: &'static str, recognised: &'static str, gives: &'static str, format: Format) -> Row {
    Row { name, recognised, gives, format }
}

/// All formats that are read. What `crosshead formats` prints, and README.
pub const TABLE: &[Row] = &[
    row(
        "bare text: a block a line, spaced, or hard-wrapped",
        "anything that is text and nothing below",
        "one: facts from the lines on top, headings by their form",
        Format::Plain,
    ),
    row(
        "Markdown, with YAML or TOML front matter",
        "`.md`, `.markdown`",
        "one: facts from the front matter, headings",
        Format::Markdown,
    ),
    row(
        "HTML, XHTML",
        "`<html`, `<!doctype html`, `.html`",
        "one: facts from JSON-LD and meta elements, headings",
        Format::Html,
    ),
    row(
        "JSON: news-please, schema.org and their like",
        "`{` or `[`, `.json`",
        "one or many: facts by the names that scrapers use",
        Format::Json,
    ),
    row("JSON Lines", "`.jsonl`, `.ndjson`, or an object a line", "many, one a line", Format::JsonLines),
    row(
        "ninjs 1 to 3, alone or in an agency's answer",
        "fields of its own",
        "one or many: byline, dateline, keywords, notes",
        Format::Json,
    ),
    row("JSON Feed", "its `version`", "many, one an item", Format::Json),
    row(
        "CSV, TSV with a header",
        "`.csv`, `.tsv` with a column of text or titles",
        "many, one a row, by the names of the columns",
        Format::Table,
    ),
    row("NITF", "`<nitf`", "one: all of its head, headings (`hl2`)", Format::Nitf),
    row("NewsML-G2", "`<newsItem`, `<newsMessage`", "one or many; NITF, XHTML or text inside", Format::NewsMlG2),
    row("NewsML 1.2", "`<NewsML`", "one or many; NITF, XHTML or text inside", Format::NewsMl1),
    row(
        "RSS, RDF, Atom",
        "`<rss`, `<rdf:RDF`, `<feed`, `<entry`",
        "many, one an entry: author, link, categories",
        Format::Feed,
    ),
    row("WordPress export (WXR)", "RSS with `wp:` elements", "many, one a post or page", Format::Feed),
    row("MediaWiki export (Wikinews)", "`<mediawiki`", "many, one a page: categories, headings", Format::Wiki),
    row(
        "Reuters-21578 SGML, and the same as XML",
        "`<!DOCTYPE lewis`, `<REUTERS`",
        "many: dateline, topics, places",
        Format::Reuters,
    ),
    row(
        "TREC SGML (AP, WSJ, FT, LA Times and their like)",
        "`<DOC>` with `<DOCNO>`",
        "many: byline, dateline, section",
        Format::Trec,
    ),
    row("other XML", "elements named headline, byline, text and the like", "one or many", Format::OtherXml),
    row(
        "ANPA 1312, IPTC 7901",
        "control characters between header and text",
        "one or many transmissions: slug, byline, notes to editors",
        Format::Wire,
    ),
    row(
        "WARC, ARC, also packed record by record",
        "`WARC/`, `filedesc://`",
        "many: the pages and texts in it, with their URLs",
        Format::Warc,
    ),
    row("mail (EML), MHTML", "headers of mail", "one: subject, sender, date; a saved page as HTML", Format::Mail),
    row("mailbox (mbox)", "`From ` and headers of mail", "many, one a message", Format::Mailbox),
    row(
        "LexisNexis, Nexis Uni",
        "`1 of 240 DOCUMENTS`, `End of Document`; text, HTML, RTF, DOCX",
        "many: source, byline, section, notes",
        Format::Export,
    ),
    row(
        "Factiva",
        "its classes of HTML, `<ppsArticleResponse`",
        "many: source, accession number, subjects",
        Format::FactivaXml,
    ),
    row(
        "ProQuest",
        "`ProQuest document link`; HTML, text, mail",
        "many: source, author, subjects, document id",
        Format::Export,
    ),
    row("Europresse", "its classes of HTML", "many: source, date, document number", Format::Html),
    row("DOCX, ODT, EPUB", "a zip archive with their members", "one: headings by styles", Format::Zip),
    row("RTF", "`{\\rtf`", "one: headings by styles", Format::Rtf),
    row("PDF", "`%PDF-`", "one, if it holds text", Format::Pdf),
    row("gzip, zstd, xz, bzip2", "their first bytes", "what the file inside gives", Format::Gzip),
    row("zip, tar", "their first bytes", "what the files inside give; `record` is the path inside", Format::Zip),
];

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

impl Format {
    /// Tells the format by content first and name second.
    ///
    /// # Errors
    ///
    /// [`SkipReason::Unsupported`] or [`SkipReason::Binary`] for what is known not to be read.
    pub fn detect(name: &str, head: &[u8]) -> Result<Format, SkipReason> {
        let file = name.rsplit('/').next().unwrap_or(name);
        let extension = file.rsplit_once('.').map(|(_, extension)| extension.to_ascii_lowercase()).unwrap_or_default();
        if let Some(format) = by_magic(head)? {
            return Ok(format);
        }
        let text = head_text(head);
        let start = text_start(&text);
        if wire::begins(head) {
            return Ok(Format::Wire);
        }
        match extension.as_str() {
            "jsonl" | "ndjson" | "jl" => return Ok(Format::JsonLines),
            "md" | "markdown" | "mkd" | "mdown" => return Ok(Format::Markdown),
            "csv" | "tsv" | "tab" if !start.starts_with('<') => return Ok(Format::Table),
            _ => {}
        }
        if start.starts_with('<')
            && let Some(format) = by_root(&text, &extension)?
        {
            return Ok(format);
        }
        if extension == "json" || looks_like_json(&start) {
            return Ok(if looks_like_json_lines(head) { Format::JsonLines } else { Format::Json });
        }
        if mail::begins_mailbox(&text) {
            return Ok(Format::Mailbox);
        }
        if mail::begins(&text) || matches!(extension.as_str(), "eml" | "mht" | "mhtml") {
            return Ok(Format::Mail);
        }
        if matches!(extension.as_str(), "html" | "htm" | "xhtml" | "shtml") {
            return Ok(Format::Html);
        }
        if exports::begins(&text) {
            return Ok(Format::Export);
        }
        if let Some(kind) = unsupported_name(&extension) {
            return Err(SkipReason::Unsupported(kind.into()));
        }
        Ok(Format::Plain)
    }

    /// Is a file read record by record, never held whole?
    #[must_use]
    pub fn streams(self) -> bool {
        use Format::{Arc, Bzip2, Gzip, JsonLines, Mailbox, Reuters, Table, Tar, Trec, Warc, Wiki, Xz, Zip, Zstd};
        matches!(
            self,
            JsonLines | Table | Wiki | Reuters | Trec | Warc | Arc | Mailbox | Zip | Tar | Gzip | Zstd | Xz | Bzip2
        )
    }
}

/// Formats that begin with bytes of their own, and those that are never read.
fn by_magic(head: &[u8]) -> Result<Option<Format>, SkipReason> {
    const READ: &[(&[u8], Format)] = &[
        (b"PK\x03\x04", Format::Zip),
        (b"\x1f\x8b", Format::Gzip),
        (b"\x28\xb5\x2f\xfd", Format::Zstd),
        (b"\xfd7zXZ", Format::Xz),
        (b"BZh", Format::Bzip2),
        (b"{\\rtf", Format::Rtf),
        (b"WARC/", Format::Warc),
        (b"filedesc://", Format::Arc),
    ];
    const REFUSED: &[(&[u8], &str)] = &[
        (b"7z\xbc\xaf", "a 7z file"),
        (b"\xd0\xcf\x11\xe0", "an old office document"),
        (b"Rar!", "a RAR file"),
        (b"PK\x05\x06", "an empty zip file"),
        (b"%!PS", "a PostScript document"),
    ];
    if let Some(&(_, format)) = READ.iter().find(|(magic, _)| head.starts_with(magic)) {
        return Ok(Some(format));
    }
    // Some writers put bytes before the mark.
    if head[..head.len().min(1_024)].windows(5).any(|window| window == b"%PDF-") {
        return if cfg!(feature = "pdf") {
            Ok(Some(Format::Pdf))
        } else {
            Err(SkipReason::Unsupported("a PDF document".into()))
        };
    }
    if head.get(257..262) == Some(b"ustar") {
        return Ok(Some(Format::Tar));
    }
    match REFUSED.iter().find(|(magic, _)| head.starts_with(magic)) {
        Some(&(_, kind)) => Err(SkipReason::Unsupported(kind.into())),
        None => Ok(None),
    }
}

/// The head as text; wide text by its mark or its zeros.
fn head_text(head: &[u8]) -> String {
    let wide = match head {
        [0xff, 0xfe, ..] | [b'<', 0, ..] => Some(encoding_rs::UTF_16LE),
        [0xfe, 0xff, ..] | [0, b'<', ..] => Some(encoding_rs::UTF_16BE),
        _ => None,
    };
    match wide {
        Some(encoding) => encoding.decode_with_bom_removal(head).0.into_owned(),
        None => String::from_utf8_lossy(head).trim_start_matches('\u{feff}').to_string(),
    }
}

/// The first characters, lower case, without mark and white space.
fn text_start(text: &str) -> String {
    text.trim_start_matches(|c: char| c.is_whitespace() || c == '\0' || c == '\u{feff}')
        .chars()
        .take(1_000)
        .flat_map(char::to_lowercase)
        .collect()
}

/// The format of markup, by the name of its first element.
fn by_root(text: &str, extension: &str) -> Result<Option<Format>, SkipReason> {
    let mut rest = text.trim_start_matches(|c: char| c.is_whitespace() || c == '\u{feff}');
    let mut declared = false;
    loop {
        rest = rest.trim_start();
        let end = if rest.starts_with("<!--") {
            rest.find("-->").map(|end| end + 3)
        } else if rest.starts_with("<?") {
            declared |= rest.starts_with("<?xml");
            rest.find("?>").map(|end| end + 2).or_else(|| rest.find('>').map(|end| end + 1))
        } else if rest.len() > 9 && rest.is_char_boundary(9) && rest[..9].eq_ignore_ascii_case("<!doctype") {
            let lower = rest[..rest.floor_char_boundary(200)].to_ascii_lowercase();
            if lower.contains("doctype lewis") {
                return Ok(Some(Format::Reuters));
            }
            if lower.contains("doctype html") {
                return Ok(Some(Format::Html));
            }
            // An internal subset stands in brackets.
            let close = rest.find('>');
            match (rest.find('['), close) {
                (Some(open), Some(close)) if open < close => rest.find("]>").map(|end| end + 2),
                (_, close) => close.map(|end| end + 1),
            }
        } else {
            break;
        };
        match end {
            Some(end) => rest = &rest[end..],
            None => return Ok(None),
        }
    }
    let name: String = rest
        .strip_prefix('<')
        .unwrap_or_default()
        .chars()
        .take_while(|c| !c.is_whitespace() && !matches!(c, '>' | '/'))
        .collect();
    let name = name.to_ascii_lowercase();
    let local = name.rsplit(':').next().unwrap_or_default();
    let lower = text.to_ascii_lowercase();
    Ok(Some(match local {
        "nitf" => Format::Nitf,
        "newsml" => Format::NewsMl1,
        // The Reuters Corpus calls its root so too, in small letters and without a namespace.
        "newsitem" if !lower.contains("iptc.org") => Format::OtherXml,
        "newsitem" | "newsmessage" | "packageitem" | "conceptitem" | "knowledgeitem" | "planningitem"
        | "catalogitem" => Format::NewsMlG2,
        "rss" | "feed" | "rdf" | "entry" | "channel" => Format::Feed,
        "mediawiki" => Format::Wiki,
        "reuters" => Format::Reuters,
        "doc" | "docs" if lower.contains("<docno") || lower.contains("<docid") => Format::Trec,
        "ppsresponse" | "ppsarticleresponse" | "ppsarticleresultset" => Format::FactivaXml,
        "html" | "head" | "body" => Format::Html,
        "svg" | "xsl" | "stylesheet" | "plist" | "xs" | "schema" | "project" if declared => {
            return Err(SkipReason::Unsupported("an XML file".into()));
        }
        _ if declared || matches!(extension, "xml") => {
            if lower.contains("<html") {
                Format::Html
            } else if lower.contains("factiva.com/pps") {
                Format::FactivaXml
            } else {
                Format::OtherXml
            }
        }
        _ => {
            return Ok(matches!(
                local,
                "div" | "p" | "article" | "table" | "h1" | "span" | "meta" | "title" | "form" | "main"
            )
            .then_some(Format::Html));
        }
    }))
}

fn looks_like_json(start: &str) -> bool {
    let mut signs = start.chars().filter(|c| !c.is_whitespace());
    match (signs.next(), signs.next()) {
        (Some('{'), Some('"')) => start.contains("\":") || start.contains("\" :"),
        (Some('['), Some('{')) => start.contains("\":") || start.contains("\" :"),
        _ => false,
    }
}

/// Does more than one JSON object stand at the start of a line?
fn looks_like_json_lines(head: &[u8]) -> bool {
    let text = String::from_utf8_lossy(head);
    let mut lines = text.trim_start_matches('\u{feff}').lines();
    let whole = |line: &str| {
        line.starts_with('{') && line.ends_with('}') && serde_json::from_str::<serde::de::IgnoredAny>(line).is_ok()
    };
    lines.next().is_some_and(|line| whole(line.trim_end())) && lines.next().is_some_and(|line| line.starts_with('{'))
}

fn unsupported_name(extension: &str) -> Option<&'static str> {
    Some(match extension {
        "xml" | "xsl" | "xslt" | "svg" => "an XML file",
        "css" | "js" | "mjs" | "ts" | "py" | "rs" | "c" | "h" | "cpp" | "java" | "go" | "rb" | "sh" | "php" | "pl"
        | "toml" | "yaml" | "yml" | "ini" | "cfg" | "lock" => "program text",
        "tex" | "bib" => "a document",
        _ => return None,
    })
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
                None => single(&bytes, plain::read(decoded.text), Some(decoded.map), &name, sink),
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn detection_table() {
        for (name, head, expected) in [
            ("a.txt", &b"Dockers walk out"[..], Ok(Format::Plain)),
            ("A.TXT", b"Dockers walk out", Ok(Format::Plain)),
            ("README", b"Dockers walk out", Ok(Format::Plain)),
            ("a.md", b"# Dockers", Ok(Format::Markdown)),
            ("a.html.txt", b"\n<!DOCTYPE html><html>", Ok(Format::Html)),
            ("a.htm", b"<p>Dockers", Ok(Format::Html)),
            ("a.json", b"{\"title\": 1}", Ok(Format::Json)),
            ("a.json", b"{\"title\": 1}\n{\"title\": 2}\n", Ok(Format::JsonLines)),
            ("a.jsonl", b"", Ok(Format::JsonLines)),
            ("a.txt", b"%PDF-1.4", if cfg!(feature = "pdf") { Ok(Format::Pdf) } else { Err(()) }),
            ("a.css", b"body {}", Err(())),
            ("a.xml", b"<?xml version=\"1.0\"?><nitf>", Ok(Format::Nitf)),
            ("a", b"<!-- x --><!DOCTYPE nitf SYSTEM \"a\"><nitf>", Ok(Format::Nitf)),
            ("a.xml", b"<?xml version=\"1.0\"?><svg>", Err(())),
            ("a.xml", b"\xff\xfe<\0r\0s\0s\0>\0", Ok(Format::Feed)),
            ("a", b"<DOC>\n<DOCNO>AP-1</DOCNO>", Ok(Format::Trec)),
            ("a", b"From: a@b.example\nSubject: x\n\nText", Ok(Format::Mail)),
            ("a", b"From a@b.example Mon Jan 1\nSubject: x\n\nText", Ok(Format::Mailbox)),
            ("a.txt", b"From the port: news\nSubject: dockers\n", Ok(Format::Plain)),
            ("a.txt", b"\n   1 of 2 DOCUMENTS\n", Ok(Format::Export)),
            ("a.bin", b"\x16\x16\x01a1\x1f\n\x02Text\x03", Ok(Format::Wire)),
            ("a.csv", b"title,text\n", Ok(Format::Table)),
        ] {
            assert_eq!(
                Format::detect(name, head).map_err(|_| ()),
                expected,
                "{name} {}",
                String::from_utf8_lossy(head)
            );
        }
    }
}
