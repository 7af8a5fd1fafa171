//! Formats: what a file is, and how its articles are read. One module a format.

pub mod html;
pub mod json;
pub mod markdown;
pub mod plain;

use std::path::Path;

use xxhash_rust::xxh3::xxh3_64;

use super::decode::decode;
use super::{Record, SkipReason, Yielded};
use crate::article::RawArticle;
use crate::article::date::{PublishedFrom, date_in_path};

/// A format that is read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Format {
    /// Bare text.
    Plain,
    /// Markdown, with front matter or without.
    Markdown,
    /// A saved page.
    Html,
    /// One article, or an array of them.
    Json,
    /// One article a line.
    JsonLines,
}

impl Format {
    /// Tells the format by content first and name second.
    ///
    /// # Errors
    ///
    /// [`SkipReason::Unsupported`] or [`SkipReason::Binary`] for what is known not to be read.
    pub fn detect(path: &Path, head: &[u8]) -> Result<Format, SkipReason> {
        let extension = path.extension().map(|e| e.to_string_lossy().to_ascii_lowercase()).unwrap_or_default();
        if let Some(kind) = unsupported_content(head) {
            return Err(SkipReason::Unsupported(kind.into()));
        }
        let start = text_start(head);
        match extension.as_str() {
            "jsonl" | "ndjson" | "jl" => return Ok(Format::JsonLines),
            "json" => return Ok(if looks_like_json_lines(head) { Format::JsonLines } else { Format::Json }),
            "md" | "markdown" | "mkd" | "mdown" => return Ok(Format::Markdown),
            _ => {}
        }
        if start.starts_with("<!doctype html")
            || start.starts_with("<html")
            || matches!(extension.as_str(), "html" | "htm" | "xhtml" | "shtml")
        {
            return Ok(Format::Html);
        }
        if start.starts_with("<?xml") {
            return if start.contains("<html") {
                Ok(Format::Html)
            } else {
                Err(SkipReason::Unsupported("an XML file".into()))
            };
        }
        if let Some(kind) = unsupported_name(&extension) {
            return Err(SkipReason::Unsupported(kind.into()));
        }
        Ok(Format::Plain)
    }
}

/// The first characters, lower case, without mark and white space.
fn text_start(head: &[u8]) -> String {
    let text = String::from_utf8_lossy(head).to_ascii_lowercase();
    let text = text.trim_start_matches('\u{feff}').trim_start();
    // Saved pages may begin with a comment.
    let text = match text.strip_prefix("<!--") {
        Some(rest) => rest.split_once("-->").map_or("", |(_, rest)| rest).trim_start(),
        None => text,
    };
    text.chars().take(1_000).collect()
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

fn unsupported_content(head: &[u8]) -> Option<&'static str> {
    const KINDS: &[(&[u8], &str)] = &[
        (b"%PDF-", "a PDF document"),
        (b"PK\x03\x04", "a zip file or office document"),
        (b"\x1f\x8b", "a gzip file"),
        (b"\x28\xb5\x2f\xfd", "a zstd file"),
        (b"\xfd7zXZ", "an xz file"),
        (b"BZh", "a bzip2 file"),
        (b"7z\xbc\xaf", "a 7z file"),
        (b"{\\rtf", "an RTF document"),
        (b"\xd0\xcf\x11\xe0", "an old office document"),
        (b"WARC/", "a WARC file"),
        (b"<!DOCTYPE lewis", "an SGML file"),
    ];
    KINDS.iter().find(|(magic, _)| head.starts_with(magic)).map(|&(_, kind)| kind)
}

fn unsupported_name(extension: &str) -> Option<&'static str> {
    Some(match extension {
        "xml" | "rss" | "atom" | "xsl" | "xslt" | "svg" => "an XML file",
        "sgm" | "sgml" => "an SGML file",
        "css" | "js" | "mjs" | "ts" | "py" | "rs" | "c" | "h" | "cpp" | "java" | "go" | "rb" | "sh" | "php" | "pl"
        | "toml" | "yaml" | "yml" | "ini" | "cfg" | "lock" => "program text",
        "csv" | "tsv" => "a table",
        "eml" | "mbox" | "mht" | "mhtml" => "a mail file",
        "tex" | "bib" | "rtf" => "a document",
        _ => return None,
    })
}

/// Yields the articles of a file that is held whole.
pub(super) fn read(format: Format, bytes: &[u8], name: &str, sink: &mut dyn FnMut(Yielded)) -> Result<(), SkipReason> {
    match format {
        Format::Json | Format::JsonLines => json::read(bytes, name, sink),
        Format::Plain | Format::Markdown | Format::Html => {
            let decoded = decode(bytes, format == Format::Html)?;
            let (raw, located) = match format {
                Format::Markdown => (markdown::read(decoded.text), true),
                Format::Html => (html::read(&decoded.text)?, false),
                _ => (plain::read(decoded.text), true),
            };
            let raw = RawArticle { path_date: date_in_path(name, PublishedFrom::Path), ..raw };
            sink(Yielded::Article(Box::new(Record {
                id: None,
                raw,
                map: located.then_some(decoded.map),
                hash: xxh3_64(bytes),
            })));
            Ok(())
        }
    }
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
            ("a.txt", b"%PDF-1.4", Err(())),
            ("a.css", b"body {}", Err(())),
            ("a.xml", b"<?xml version=\"1.0\"?><nitf>", Err(())),
        ] {
            assert_eq!(Format::detect(Path::new(name), head).map_err(|_| ()), expected, "{name}");
        }
    }
}
