//! Detection of formats: by content first (magic bytes, root element, headers, signs of exports), then by file name.

use std::borrow::Cow;

use memchr::memmem;

use super::lightweight::Dialect;
use super::{Format, exports, mail, references, subtitles, table, wire};
use crate::ingest::SkipReason;

impl Format {
    /// Detects the format of a file from its name and its first bytes.
    ///
    /// # Errors
    ///
    /// [`SkipReason::Unsupported`] for formats that are known and not read.
    pub fn detect(name: &str, head: &[u8]) -> Result<Format, SkipReason> {
        let file = name.rsplit('/').next().unwrap_or(name);
        let extension = file.rsplit_once('.').map_or_else(String::new, |(_, extension)| extension.to_ascii_lowercase());
        if head.starts_with(OLE_MAGIC) {
            return Err(SkipReason::Unsupported(ole_kind(head, &extension).into()));
        }
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
            "md" | "markdown" | "mkd" | "mkdn" | "mdown" | "mdx" | "rmd" | "qmd" => return Ok(Format::Markdown),
            "csv" | "tsv" | "tab" if !start.starts_with('<') => return Ok(Format::Table),
            _ => {}
        }
        if subtitles::begins(start) {
            return Ok(Format::Subtitles);
        }
        if start.starts_with('<')
            && let Some(format) = by_root(&text, &extension)?
        {
            return Ok(format);
        }
        // An object may be the front matter of a page or text.
        let has_json_front = matches!(extension.as_str(), "html" | "htm" | "txt" | "org" | "adoc" | "rst" | "textile")
            && looks_like_json(start)
            && is_followed_by_text(&text);
        if extension == "json" || start.starts_with("window.YTD.") || looks_like_json(start) && !has_json_front {
            return Ok(if looks_like_json_lines(head) { Format::JsonLines } else { Format::Json });
        }
        if references::begins_tagged(start) {
            return Ok(Format::References);
        }
        if references::begins_bibtex(start) || extension == "bib" {
            return Ok(Format::BibTeX);
        }
        if table::begins(&text) {
            return Ok(Format::Table);
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
        if let Some(dialect) = Dialect::of(&extension, start) {
            return Ok(Format::Lightweight(dialect));
        }
        if let Some(kind) = unsupported_name(&extension) {
            return Err(SkipReason::Unsupported(kind.into()));
        }
        Ok(Format::Plain)
    }

    /// Is the format read record by record, without holding the file in memory?
    #[must_use]
    pub fn streams(self) -> bool {
        use Format::{
            Arc, Bzip2, Evernote, Gzip, JsonLines, Mailbox, Reuters, Table, Tar, Trec, Warc, Wiki, Xz, Zip, Zstd,
        };
        matches!(
            self,
            JsonLines
                | Evernote
                | Table
                | Wiki
                | Reuters
                | Trec
                | Warc
                | Arc
                | Mailbox
                | Zip
                | Tar
                | Gzip
                | Zstd
                | Xz
                | Bzip2
        )
    }
}

/// The format of magic bytes.
fn by_magic(head: &[u8]) -> Result<Option<Format>, SkipReason> {
    const READ: &[(&[u8], Format)] = &[
        (b"PK\x03\x04", Format::Zip),
        (b"\x1f\x8b", Format::Gzip),
        (b"\x28\xb5\x2f\xfd", Format::Zstd),
        (b"\xfd7zXZ", Format::Xz),
        (b"BZh", Format::Bzip2),
        (b"{\\rtf", Format::Rtf),
        (b"WARC/1.", Format::Warc),
        (b"WARC/0.", Format::Warc),
        (b"filedesc://", Format::Arc),
    ];
    const REFUSED: &[(&[u8], &str)] = &[
        (b"7z\xbc\xaf", "a 7z file"),
        (b"Rar!", "a RAR file"),
        (b"PK\x05\x06", "an empty zip file"),
        (b"%!PS", "a PostScript document"),
        (b"SQLite format 3\0", "a database (SQLite): export its articles as CSV or JSON"),
        (b"!BDN", "an Outlook data file (PST): export its messages as EML or mbox"),
        (b"\xe4\x52\x5c\x7b\x8c\xd8\xa7\x4d", "a OneNote file: export its pages as HTML or DOCX"),
        (b"AT&TFORM", "a DjVu scan: export its text as hOCR or text"),
        (b"ITSF", "compiled help (CHM): unpack its pages"),
    ];
    // The archive of a browser is a property list; other lists are settings of programs.
    if head.starts_with(b"bplist0") && memmem::find(head, b"WebMainResource").is_some() {
        return Ok(Some(Format::WebArchive));
    }
    // E-books of Kindle state their kind after their name.
    if head.get(60..68) == Some(b"BOOKMOBI") || head.get(60..68) == Some(b"TEXtREAd") {
        return Err(SkipReason::Unsupported("an e-book for Kindle: convert it to EPUB".into()));
    }
    if let Some(&(_, format)) = READ.iter().find(|(magic, _)| head.starts_with(magic)) {
        return Ok(Some(format));
    }
    // Some programs write bytes before the magic ones.
    let start = &head[..head.len().min(1_024)];
    if memmem::find_iter(start, b"%PDF-").any(|at| start.get(at + 5).is_some_and(u8::is_ascii_digit)) {
        return Ok(Some(Format::Pdf));
    }
    if head.get(60..68) == Some(b"BOOKMOBI") {
        return Err(SkipReason::Unsupported("an e-book for Kindle".into()));
    }
    if head.get(257..262) == Some(b"ustar") {
        return Ok(Some(Format::Tar));
    }
    match REFUSED.iter().find(|(magic, _)| head.starts_with(magic)) {
        Some(&(_, kind)) => Err(SkipReason::Unsupported(kind.into())),
        None => Ok(None),
    }
}

/// The first bytes of compound files: the office documents of before 2007, and messages of Outlook.
const OLE_MAGIC: &[u8] = b"\xd0\xcf\x11\xe0";

/// What a compound file is, by the names of its streams, as far as the first bytes have them, or by its extension.
fn ole_kind(head: &[u8], extension: &str) -> &'static str {
    const STREAMS: &[(&str, &str)] = &[
        ("EncryptedPackage", "an encrypted office document: save it without a password"),
        ("__substg1.0_", "a message of Outlook: save it as EML, or as text"),
        ("WordDocument", "an old Word document: save it as DOCX"),
        ("Workbook", "an old spreadsheet: save it as XLSX or CSV"),
        ("PowerPoint Document", "an old presentation: save it as PPTX"),
    ];
    // What has a zip archive inside is encrypted if it is none.
    const EXTENSIONS: &[(&str, usize)] = &[
        ("docx", 0),
        ("docm", 0),
        ("xlsx", 0),
        ("xlsm", 0),
        ("pptx", 0),
        ("msg", 1),
        ("oft", 1),
        ("doc", 2),
        ("dot", 2),
        ("xls", 3),
        ("xlt", 3),
        ("ppt", 4),
        ("pps", 4),
    ];
    let wide = |name: &str| name.encode_utf16().flat_map(u16::to_le_bytes).collect::<Vec<u8>>();
    let by_name = STREAMS.iter().find(|(stream, _)| memmem::find(head, &wide(stream)).is_some());
    let by_extension = || EXTENSIONS.iter().find(|(name, _)| *name == extension).map(|(_, i)| &STREAMS[*i]);
    by_name.or_else(by_extension).map_or("an old office document: save it in a newer format", |(_, kind)| kind)
}

/// The first bytes as text: UTF-8, or UTF-16 by its mark or its zero bytes.
fn head_text(head: &[u8]) -> Cow<'_, str> {
    let wide = match head {
        [0xff, 0xfe, ..] | [b'<', 0, ..] => Some(encoding_rs::UTF_16LE),
        [0xfe, 0xff, ..] | [0, b'<', ..] => Some(encoding_rs::UTF_16BE),
        _ => None,
    };
    match wide {
        Some(encoding) => encoding.decode_with_bom_removal(head).0,
        None => match std::str::from_utf8(head) {
            Ok(text) => Cow::Borrowed(text.trim_start_matches('\u{feff}')),
            Err(_) => Cow::Owned(String::from_utf8_lossy(head).trim_start_matches('\u{feff}').to_string()),
        },
    }
}

/// The first 1,000 bytes after white space and marks.
fn text_start(text: &str) -> &str {
    let text = text.trim_start_matches(|c: char| c.is_whitespace() || c == '\0' || c == '\u{feff}');
    &text[..text.floor_char_boundary(1_000)]
}

/// The format of markup, by its document type or the name of its root element.
fn by_root(text: &str, extension: &str) -> Result<Option<Format>, SkipReason> {
    let Some(prolog) = Prolog::skip(text) else { return Ok(None) };
    if let Some(format) = prolog.stated {
        return Ok(Some(format));
    }
    // After a declaration there may be text instead of an element.
    let name = prolog.root.strip_prefix('<').unwrap_or("");
    let end = name.find(|c: char| c.is_whitespace() || matches!(c, '>' | '/')).unwrap_or(name.len());
    let name = name[..end].to_ascii_lowercase();
    let local = name.rsplit_once(':').map_or(name.as_str(), |(_, local)| local);
    let lower = text.to_ascii_lowercase();
    Ok(Some(match local {
        "nitf" => Format::Nitf,
        "newsml" => Format::NewsMl1,
        // The root of a document of the Reuters Corpus has the same name, but no namespace.
        "newsitem" if !lower.contains("iptc.org") => Format::OtherXml,
        "newsitem" | "newsmessage" | "packageitem" | "conceptitem" | "knowledgeitem" | "planningitem"
        | "catalogitem" => Format::NewsMlG2,
        "en-export" => Format::Evernote,
        "rss" | "feed" | "rdf" | "entry" | "channel" => Format::Feed,
        "mediawiki" => Format::Wiki,
        "reuters" => Format::Reuters,
        "doc" | "docs" if ["<docno", "<docid", "<doc id=", "<text>"].iter().any(|sign| lower.contains(sign)) => {
            Format::Trec
        }
        "ppsresponse" | "ppsarticleresponse" | "ppsarticleresultset" => Format::FactivaXml,
        "alto" | "pcgts" => Format::Scan,
        "tt" if lower.contains("ttml") || lower.contains("timedtext") || extension != "xml" => Format::Subtitles,
        "document" | "page" if lower.contains("blocktype=") || lower.contains("finereader_xml") => Format::Scan,
        "mets" => Format::Mets,
        "html" | "head" | "body" if is_hocr(&lower) => Format::Scan,
        "html" | "head" | "body" => Format::Html,
        "plist" if text.contains("WebMainResource") => Format::WebArchive,
        "svg" | "xsl" | "stylesheet" | "plist" | "xs" | "schema" | "project" if prolog.declares_xml => {
            return Err(SkipReason::Unsupported("an XML file".into()));
        }
        _ if prolog.declares_xml || extension == "xml" => {
            if lower.contains("<html") {
                Format::Html
            } else if lower.contains("factiva.com/pps") {
                Format::FactivaXml
            } else {
                Format::OtherXml
            }
        }
        "div" | "p" | "article" | "table" | "h1" | "span" | "meta" | "title" | "form" | "main" => Format::Html,
        _ => return Ok(None),
    }))
}

/// What precedes the root element of markup: declaration, document type, comments.
#[derive(Default)]
struct Prolog<'t> {
    /// Is there an XML declaration?
    declares_xml: bool,
    /// The format that the document type states.
    stated: Option<Format>,
    /// The text from the root element on, unless the document type states the format.
    root: &'t str,
}

impl<'t> Prolog<'t> {
    /// Reads up to the root element; `None` if the text ends before.
    fn skip(text: &'t str) -> Option<Prolog<'t>> {
        let start = text.trim_start_matches(|c: char| c.is_whitespace() || c == '\u{feff}');
        let mut prolog = Prolog { root: start, ..Prolog::default() };
        loop {
            let rest = prolog.root.trim_start();
            prolog.root = rest;
            let end = if rest.starts_with("<!--") {
                rest.find("-->").map(|end| end + 3)
            } else if rest.starts_with("<?") {
                prolog.declares_xml |= rest.starts_with("<?xml");
                rest.find("?>").map(|end| end + 2).or_else(|| rest.find('>').map(|end| end + 1))
            } else if rest.len() > 9 && rest.is_char_boundary(9) && rest[..9].eq_ignore_ascii_case("<!doctype") {
                prolog.stated = by_document_type(rest);
                if prolog.stated.is_some() {
                    return Some(prolog);
                }
                document_type_end(rest)
            } else {
                return Some(prolog);
            };
            prolog.root = &rest[end?..];
        }
    }
}

fn by_document_type(text: &str) -> Option<Format> {
    let lower = text[..text.floor_char_boundary(200)].to_ascii_lowercase();
    if lower.contains("doctype lewis") {
        return Some(Format::Reuters);
    }
    // The classes of a scan are after the document type, among others.
    (lower.contains("doctype html") && !is_hocr(&text.to_ascii_lowercase())).then_some(Format::Html)
}

/// Is a page of HTML in lower case the text of a scan?
fn is_hocr(lower: &str) -> bool {
    lower.contains("ocr-system")
        || lower.contains("ocr-capabilities")
        || lower.contains("\"ocr_page")
        || lower.contains("'ocr_page")
}

/// The end of a document type; its internal subset is in brackets.
fn document_type_end(text: &str) -> Option<usize> {
    let close = text.find('>');
    match (text.find('['), close) {
        (Some(open), Some(close)) if open < close => text.find("]>").map(|end| end + 2),
        (_, close) => close.map(|end| end + 1),
    }
}

/// Does a text begin with an object, or an array of objects?
fn looks_like_json(start: &str) -> bool {
    let mut signs = start.chars().filter(|c| !c.is_whitespace());
    match (signs.next(), signs.next()) {
        (Some('{'), Some('"')) => start.contains("\":") || start.contains("\" :"),
        (Some('['), Some('{')) => start.contains("\":") || start.contains("\" :"),
        _ => false,
    }
}

/// Are there JSON objects at the start of the first two lines?
fn looks_like_json_lines(head: &[u8]) -> bool {
    let text = String::from_utf8_lossy(head);
    let mut lines = text.trim_start_matches('\u{feff}').lines();
    let whole = |line: &str| {
        line.starts_with('{') && line.ends_with('}') && serde_json::from_str::<serde::de::IgnoredAny>(line).is_ok()
    };
    lines.next().is_some_and(|line| whole(line.trim_end())) && lines.next().is_some_and(|line| line.starts_with('{'))
}

/// Does text that is no JSON follow the first value, in the beginning of a file?
fn is_followed_by_text(text: &str) -> bool {
    let mut values = serde_json::Deserializer::from_str(text.trim_start()).into_iter::<serde::de::IgnoredAny>();
    let is_whole = values.next().is_some_and(|value| value.is_ok());
    let rest = text.trim_start()[values.byte_offset()..].trim_start();
    is_whole && !rest.is_empty() && !rest.starts_with(['{', '[', ','])
}

/// What a file with this extension is, if it is not read.
fn unsupported_name(extension: &str) -> Option<&'static str> {
    Some(match extension {
        "xml" | "xsl" | "xslt" | "svg" => "an XML file",
        "css" | "js" | "mjs" | "ts" | "py" | "rs" | "c" | "h" | "cpp" | "java" | "go" | "rb" | "sh" | "php" | "pl"
        | "toml" | "yaml" | "yml" | "ini" | "cfg" | "lock" => "program text",
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_not_read_is_told_by_its_kind() {
        let ole = |stream: &str| {
            let name = stream.encode_utf16().flat_map(u16::to_le_bytes);
            [OLE_MAGIC, &[0; 600]].concat().into_iter().chain(name).collect::<Vec<u8>>()
        };
        let kindle = [&[b'x'; 60][..], b"BOOKMOBI"].concat();
        for (name, head, kind) in [
            ("a.msg", OLE_MAGIC.to_vec(), "a message of Outlook"),
            ("a", ole("__substg1.0_0037001F"), "a message of Outlook"),
            ("a.doc", ole("WordDocument"), "an old Word document"),
            ("a.bin", ole("Workbook"), "an old spreadsheet"),
            ("a.docx", ole("EncryptedPackage"), "an encrypted office document"),
            ("a.ppt", OLE_MAGIC.to_vec(), "an old presentation"),
            ("a", OLE_MAGIC.to_vec(), "an old office document"),
            ("a.mobi", kindle, "an e-book"),
            ("a.db", b"SQLite format 3\0".to_vec(), "a database"),
            ("a.pst", b"!BDN....".to_vec(), "an Outlook data file"),
            ("a.one", b"\xe4\x52\x5c\x7b\x8c\xd8\xa7\x4d\xae".to_vec(), "a OneNote file"),
            ("a.djvu", b"AT&TFORM\0\0".to_vec(), "a DjVu scan"),
        ] {
            let got = Format::detect(name, &head).expect_err(name).to_string();
            assert!(got.starts_with(kind), "{name}: {got}");
        }
    }

    #[test]
    fn formats_are_detected() {
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
            ("a.txt", b"%PDF-1.4", Ok(Format::Pdf)),
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
            ("a.Rmd", b"---\ntitle: x\n---\n", Ok(Format::Markdown)),
            ("a.org", b"* Dockers", Ok(Format::Lightweight(Dialect::Org))),
            ("a.txt", b"#+TITLE: Dockers\n", Ok(Format::Lightweight(Dialect::Org))),
            ("a.adoc", b"= Dockers", Ok(Format::Lightweight(Dialect::AsciiDoc))),
            ("a.tex", b"\\section{Dockers}", Ok(Format::Lightweight(Dialect::Latex))),
            ("a.html", b"{\"title\": \"x\"}\n<p>Dockers", Ok(Format::Html)),
            ("a.txt", b"{\"title\": \"x\"}\nDockers walk out\n", Ok(Format::Plain)),
            ("a.txt", b"{\"title\": \"x\"}\n", Ok(Format::Json)),
            ("a.txt", b"Title\tAuthor\tText\nFerry\tP S\tThey vote.\n", Ok(Format::Table)),
            (
                "a.txt",
                b"\xff\xfeT\0i\0t\0l\0e\0\t\0D\0a\0t\0e\0\t\0T\0e\0x\0t\0\n\0A\0\t\0B\0\t\0C\0\n\0",
                Ok(Format::Table),
            ),
            ("a.txt", b"Ferries\tsail\tagain\nThey\tdo\tso\n", Ok(Format::Plain)),
            ("a.txt", b"TY  - NEWS\nTI  - A\n", Ok(Format::References)),
            ("a.txt", b"\n@article{a, title = {A}}", Ok(Format::BibTeX)),
            ("a.txt", b"@mara wrote {this}", Ok(Format::Plain)),
            ("a.enex", b"<?xml version=\"1.0\"?><!DOCTYPE en-export SYSTEM \"a\"><en-export>", Ok(Format::Evernote)),
            ("tweets.js", b"window.YTD.tweets.part0 = [ {", Ok(Format::Json)),
            ("a.webarchive", b"bplist00\xd1\x01\x02_\x10\x0fWebMainResource", Ok(Format::WebArchive)),
            ("a", b"<?xml version=\"1.0\"?><plist><dict><key>WebMainResource</key>", Ok(Format::WebArchive)),
            ("a.plist", b"<?xml version=\"1.0\"?><plist><dict><key>Settings</key>", Err(())),
            ("a.xml", b"<?xml version=\"1.0\"?><alto xmlns=\"x\">", Ok(Format::Scan)),
            ("a.xml", b"<?xml version=\"1.0\"?><pc:PcGts>", Ok(Format::Scan)),
            ("a.xml", b"<?xml version=\"1.0\"?><mets:mets>", Ok(Format::Mets)),
            ("a.xml", b"<page width=\"9\"><block blockType=\"Text\">", Ok(Format::Scan)),
            ("a.html", b"<!DOCTYPE html><html><div class='ocr_page'>", Ok(Format::Scan)),
            ("a.html", b"<!DOCTYPE html><html><p>About ocr_page.", Ok(Format::Html)),
            ("a.srt", b"1\n00:00:01,000 --> 00:00:02,000\nHi\n", Ok(Format::Subtitles)),
            ("a.txt", b"WEBVTT\n\n00:01.000 --> 00:02.000\nHi\n", Ok(Format::Subtitles)),
            ("a.ass", b"\xef\xbb\xbf[Script Info]\nTitle: x\n", Ok(Format::Subtitles)),
            ("a.ttml", b"<tt xmlns=\"http://www.w3.org/ns/ttml\">", Ok(Format::Subtitles)),
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
