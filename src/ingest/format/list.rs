//! The formats that are read, and the table of them that `crosshead formats` and docs/FORMATS.md print.

use super::lightweight::Dialect;
use crate::ingest::Feature;

/// A format that is read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Format {
    /// Plain text.
    Plain,
    /// Markdown, with front matter or without.
    Markdown,
    /// Another lightweight markup.
    Lightweight(Dialect),
    /// A saved page, or an export of Factiva, LexisNexis, ProQuest or Europresse as a page.
    Html,
    /// The archive of a browser (.webarchive).
    WebArchive,
    /// One article, an array of them, ninjs, JSON Feed.
    Json,
    /// JSON Lines, one article a line.
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
    /// Scanned pages: ALTO, hOCR, PAGE XML, ABBYY XML.
    Scan,
    /// The structure of a scan, whose pages are files beside it.
    Mets,
    /// Subtitles and captions.
    Subtitles,
    /// XML of no known standard.
    OtherXml,
    /// A notebook of Evernote.
    Evernote,
    /// RIS and MEDLINE.
    References,
    /// BibTeX.
    BibTeX,
    /// ANPA 1312 and IPTC 7901.
    Wire,
    /// WARC.
    Warc,
    /// ARC.
    Arc,
    /// A mail message, or a page saved as one (MHTML).
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

impl Format {
    /// The feature that a file of this format needs and this program was built without. `head` are its first bytes.
    #[must_use]
    pub fn left_out(self, head: &[u8]) -> Option<Feature> {
        let needed = match self {
            Format::Html | Format::WebArchive => Feature::Pages,
            Format::Mail | Format::Mailbox => Feature::Mail,
            Format::Pdf => Feature::Pdf,
            Format::Tar | Format::Gzip | Format::Zstd | Format::Xz | Format::Bzip2 => Feature::Archives,
            // With one of the two, the reader of zip files decides by the names of the members.
            Format::Zip if Feature::Office.is_built() || Feature::Archives.is_built() => return None,
            Format::Zip if starts_as_document(head) => Feature::Office,
            Format::Zip => Feature::Archives,
            _ => return None,
        };
        Some(needed).filter(|needed| !needed.is_built())
    }
}

/// Is the first member of a zip file one that documents begin with?
fn starts_as_document(head: &[u8]) -> bool {
    /// Length of a local file header before the name of its member.
    const HEADER_BYTES: usize = 30;
    const FIRST: &[&[u8]] =
        &[b"mimetype", b"[Content_Types].xml", b"_rels/", b"docProps/", b"word/", b"xl/", b"ppt/", b"META-INF/"];
    head.get(HEADER_BYTES..).is_some_and(|name| FIRST.iter().any(|first| name.starts_with(first)))
}

/// A row of the table of formats.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Row {
    /// Name of the format.
    pub name: &'static str,
    /// How a file of it is recognised.
    pub recognised: &'static str,
    /// Number of articles in a file, and what is read of them beside title, date and text.
    pub gives: &'static str,
    /// The reader it goes to.
    pub format: Format,
    /// The feature without which it is not read.
    pub feature: Option<Feature>,
    /// The features without which it is read in part: files within it, or other forms of it.
    pub partly: &'static [Feature],
}

impl Row {
    const fn needs(self, feature: Feature) -> Row {
        Row { feature: Some(feature), ..self }
    }

    const fn partly(self, features: &'static [Feature]) -> Row {
        Row { partly: features, ..self }
    }
}

const fn row(name: &'static str, recognised: &'static str, gives: &'static str, format: Format) -> Row {
    Row { name, recognised, gives, format, feature: None, partly: &[] }
}

/// All formats that are read.
pub const TABLE: &[Row] = &[
    row(
        "bare text: a block a line, spaced, or hard-wrapped",
        "anything that is text and nothing below",
        "one: facts from front matter and the lines on top, headings by their form",
        Format::Plain,
    ),
    row(
        "Markdown, with YAML, TOML or JSON front matter",
        "`.md`, `.markdown`, `.rmd`, `.qmd`, `.mdx`",
        "one: facts from the front matter, headings",
        Format::Markdown,
    ),
    row(
        "Org",
        "`.org`, `#+TITLE:`",
        "one: facts from keywords and drawers, headings",
        Format::Lightweight(Dialect::Org),
    ),
    row(
        "AsciiDoc",
        "`.adoc`, `.asciidoc`",
        "one: facts from the header, headings",
        Format::Lightweight(Dialect::AsciiDoc),
    ),
    row(
        "reStructuredText",
        "`.rst`, `.rest`",
        "one: facts from fields, headings",
        Format::Lightweight(Dialect::ReStructuredText),
    ),
    row("Textile", "`.textile`", "one: facts from front matter, headings", Format::Lightweight(Dialect::Textile)),
    row(
        "wiki markup",
        "`.wiki`, `.mediawiki`, `.wikitext`",
        "one: categories, headings",
        Format::Lightweight(Dialect::Wiki),
    ),
    row(
        "LaTeX",
        "`.tex`, `.ltx`, `\\documentclass`",
        "one: title, author, date, headings",
        Format::Lightweight(Dialect::Latex),
    ),
    row(
        "HTML, XHTML",
        "`<html`, `<!doctype html`, `.html`",
        "one: facts from JSON-LD and meta elements, headings",
        Format::Html,
    )
    .needs(Feature::Pages),
    row(
        "bookmarks of browsers, and lists of saved links",
        "`<!DOCTYPE NETSCAPE-Bookmark-file-1>`, links with `time_added` or `add_date`",
        "many, one a link: address, tags, the day of saving; the description as text",
        Format::Html,
    ),
    row(
        "chats and channels that Telegram exported as pages",
        "its classes of HTML",
        "many, one a message: author, time, channel",
        Format::Html,
    ),
    row(
        "pages saved with their parts: .webarchive, MAFF, SingleFile (zip, self-extracting)",
        "a property list or zip archive with a page and its address; a page with an archive in it",
        "one a page, with its address",
        Format::WebArchive,
    )
    .needs(Feature::Pages)
    .partly(&[Feature::Archives]),
    row(
        "JSON: lists of articles, wherever they are and whatever they are called",
        "`{` or `[`, `.json`; `window.YTD.` of Twitter",
        "one or many: facts by the names and values of fields",
        Format::Json,
    ),
    row(
        "JSON Lines",
        "`.jsonl`, `.ndjson`, or an object a line",
        "many, one a line, or those in it",
        Format::JsonLines,
    ),
    row(
        "ninjs 1 to 3, alone or in an agency's answer",
        "fields of its own",
        "one or many: byline, dateline, keywords, notes",
        Format::Json,
    ),
    row("JSON Feed", "its `version`", "many, one an item", Format::Json),
    row(
        "CSV, TSV with a header",
        "`.csv`, `.tsv`, or tabs in its first lines, with a column of text or titles",
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
    row(
        "scanned pages: ALTO, hOCR, PAGE XML, ABBYY XML",
        "`<alto`, `<PcGts`, classes `ocr_page`, `blockType=`",
        "one: lines in reading order, the page of each passage, title and headings by size",
        Format::Scan,
    ),
    row(
        "METS beside scanned pages",
        "`<mets`",
        "one an article that it tells apart, or one for all pages: title, byline, date, newspaper, language",
        Format::Mets,
    ),
    row(
        "subtitles: SRT, WebVTT, SBV, SSA/ASS, TTML",
        "`WEBVTT`, lines of times, `[Script Info]`, `<tt`",
        "one: running text, the time of each passage, speakers",
        Format::Subtitles,
    ),
    row(
        "other XML",
        "elements that repeat and hold titles and texts, by any name",
        "one or many: facts by the names and values of elements",
        Format::OtherXml,
    ),
    row(
        "Evernote (ENEX)",
        "`<en-export`",
        "many, one a note: author, address, tags; the day of a clip as `saved`",
        Format::Evernote,
    ),
    row(
        "RIS, MEDLINE, BibTeX",
        "`TY  - `, `PMID- `; `@article{` and the like",
        "many, one a reference: authors, source, keywords; the abstract as text",
        Format::References,
    ),
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
    )
    .partly(&[Feature::Pages, Feature::Archives]),
    row("mail (EML), MHTML", "headers of mail", "one: subject, sender, date; a saved page as HTML", Format::Mail)
        .needs(Feature::Mail)
        .partly(&[Feature::Pages]),
    row("mailbox (mbox)", "`From ` and headers of mail", "many, one a message", Format::Mailbox).needs(Feature::Mail),
    row(
        "LexisNexis, Nexis Uni",
        "`1 of 240 DOCUMENTS`, `End of Document`, `LENGTH: 90 words`; text, HTML, RTF, DOCX",
        "many: source, byline, section, notes",
        Format::Export,
    )
    .partly(&[Feature::Pages, Feature::Office]),
    row(
        "Factiva",
        "its classes of HTML, `<ppsArticleResponse`",
        "many: source, accession number, subjects",
        Format::FactivaXml,
    )
    .partly(&[Feature::Pages]),
    row(
        "ProQuest",
        "`ProQuest document link`; HTML, text, mail",
        "many: source, author, subjects, document id",
        Format::Export,
    )
    .partly(&[Feature::Pages, Feature::Mail]),
    row("Europresse", "its classes of HTML", "many: source, date, document number", Format::Html).needs(Feature::Pages),
    row(
        "DOCX, ODT, EPUB",
        "a zip archive with their members",
        "one: headings by styles; an issue of a newspaper as EPUB: one a chapter",
        Format::Zip,
    )
    .needs(Feature::Office),
    row(
        "XLSX, ODS",
        "a zip archive with their members",
        "many, one a row, by the names of the columns; all sheets",
        Format::Zip,
    )
    .needs(Feature::Office),
    row("PPTX, ODP", "a zip archive with their members", "one: titles of slides as headings, notes", Format::Zip)
        .needs(Feature::Office),
    row("RTF", "`{\\rtf`", "one: headings by styles", Format::Rtf),
    row("PDF", "`%PDF-`", "one, if it holds text; hits have the page", Format::Pdf).needs(Feature::Pdf),
    row("gzip, zstd, xz, bzip2", "their first bytes", "what the file inside gives", Format::Gzip)
        .needs(Feature::Archives),
    row("zip, tar", "their first bytes", "what the files inside give; `record` is the path inside", Format::Zip)
        .needs(Feature::Archives),
];
