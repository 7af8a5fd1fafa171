//! Web archives: WARC (ISO 28500) and its predecessor ARC, record by record. Pages and feeds are read by their formats,
//! extracted text (WET) is plain text. Requests, metadata, revisits and everything that is not text are skipped.

use std::io::{BufRead, Read};
use std::ops::ControlFlow;
use std::sync::Arc;

use super::{Context, Format};
use crate::ingest::source::{Source, unreadable};
use crate::ingest::{BadRecord, RecordId, SkipReason, Yielded};

/// Longest line of a header.
const MOST_LINE_BYTES: u64 = 64 * 1024;
const MOST_HEADER_LINES: usize = 200;
/// Most damaged records after which an archive is still read.
const MOST_ERRORS: usize = 1_000;

/// Reads an archive.
pub(super) fn read(
    arc: bool,
    source: Source<'_>,
    context: &Context,
    sink: &mut dyn FnMut(Yielded),
) -> Result<(), SkipReason> {
    let reader = Rereader { held: Vec::new(), at: 0, inner: source.reader() };
    let mut archive = Archive { arc, reader, context, number: 0, errors: 0 };
    while archive.read_record(sink)?.is_continue() {}
    Ok(())
}

/// An archive that is being read.
struct Archive<'a, R> {
    /// ARC, not WARC.
    arc: bool,
    reader: Rereader<R>,
    context: &'a Context,
    /// Number of the last record whose header was read.
    number: usize,
    /// Number of records with a wrong header or length.
    errors: usize,
}

impl<R: BufRead> Archive<'_, R> {
    /// Reads the next record and yields its articles; breaks at the end of the archive.
    fn read_record(&mut self, sink: &mut dyn FnMut(Yielded)) -> Result<ControlFlow<()>, SkipReason> {
        let next = if self.arc { arc_header(&mut self.reader) } else { warc_header(&mut self.reader) };
        let header = match next {
            Ok(Some(header)) => header,
            Ok(None) => return Ok(ControlFlow::Break(())),
            Err(reason) => {
                sink(Yielded::Bad(BadRecord { position: format!("record {}", self.number + 1), reason }));
                self.errors += 1;
                // The next record of a WARC can be searched for; records of an ARC have no magic bytes.
                return Ok(if self.arc || self.errors > MOST_ERRORS {
                    ControlFlow::Break(())
                } else {
                    ControlFlow::Continue(())
                });
            }
        };
        if header.lost && self.number > 0 {
            sink(Yielded::Bad(BadRecord { position: format!("record {}", self.number), reason: wrong_length() }));
            self.errors += 1;
        }
        self.number += 1;
        let position = match header.url.as_str() {
            "" => format!("record {}", self.number),
            url => format!("record {} ({url})", self.number),
        };
        let mut bad = |reason| sink(Yielded::Bad(BadRecord { position: position.clone(), reason }));
        let limit = self.context.limits.max_bytes;
        let is_too_long = header.bytes > limit;
        if is_too_long && header.is_wanted() {
            bad(SkipReason::TooLong { bytes: header.bytes, limit });
        }
        let is_read = header.is_wanted() && !is_too_long;
        // Unwanted records of a WARC are read if they are short, to check their length.
        if is_too_long || self.arc && !is_read {
            let skipped = std::io::copy(&mut (&mut self.reader).take(header.bytes), &mut std::io::sink());
            if skipped.map_err(|error| unreadable(&error))? < header.bytes {
                bad(cut_off());
                return Ok(ControlFlow::Break(()));
            }
            return Ok(ControlFlow::Continue(()));
        }
        let (block, end) = self.read_block(header.bytes)?;
        if end == BlockEnd::Swallowed {
            bad(wrong_length());
            self.errors += 1;
        }
        if is_read && let Err(reason) = record(&header, block, self.context, sink) {
            sink(Yielded::Bad(BadRecord { position: position.clone(), reason }));
        }
        if end == BlockEnd::CutOff {
            sink(Yielded::Bad(BadRecord { position, reason: cut_off() }));
            return Ok(ControlFlow::Break(()));
        }
        Ok(ControlFlow::Continue(()))
    }

    /// Reads the block of a record, `bytes` long according to its header.
    fn read_block(&mut self, bytes: u64) -> Result<(Vec<u8>, BlockEnd), SkipReason> {
        let mut block = Vec::new();
        (&mut self.reader).take(bytes).read_to_end(&mut block).map_err(|error| unreadable(&error))?;
        let is_whole = block.len() as u64 == bytes;
        if !self.arc
            && self.errors <= MOST_ERRORS
            && (!is_whole || !self.reader.record_ends()?)
            && let Some(end) = swallowed(&block)
        {
            self.reader.give_back(block.split_off(end));
            return Ok((block, BlockEnd::Swallowed));
        }
        Ok((block, if is_whole { BlockEnd::Stated } else { BlockEnd::CutOff }))
    }
}

/// Where a block ends.
#[derive(PartialEq)]
enum BlockEnd {
    /// At its stated length.
    Stated,
    /// Before it: the length was too great, and included the next record.
    Swallowed,
    /// At the end of the archive, before its stated length.
    CutOff,
}

fn cut_off() -> SkipReason {
    SkipReason::Malformed("the archive is cut off here".into())
}

fn wrong_length() -> SkipReason {
    SkipReason::Malformed("its stated length is wrong; read on at the next record".into())
}

/// The offset of the next record within a block whose stated length is too great. Pages may quote the first line of a
/// record, so its type must follow.
fn swallowed(block: &[u8]) -> Option<usize> {
    const HEAD_BYTES: usize = 2_000;
    let mut at = 0;
    while let Some(next) = block[at..].windows(8).position(|window| window == b"\nWARC/1.") {
        at += next + 1;
        let head = &block[at..block.len().min(at + HEAD_BYTES)];
        let typed = |window: &[u8]| window.eq_ignore_ascii_case(b"\nWARC-Type:");
        if head.windows(11).any(typed) {
            return Some(at);
        }
    }
    None
}

/// A reader to which bytes can be returned.
struct Rereader<R> {
    held: Vec<u8>,
    at: usize,
    inner: R,
}

impl<R: BufRead> Rereader<R> {
    fn give_back(&mut self, mut bytes: Vec<u8>) {
        bytes.extend_from_slice(&self.held[self.at..]);
        (self.held, self.at) = (bytes, 0);
    }

    /// Does another record begin here, or the archive end?
    fn record_ends(&mut self) -> Result<bool, SkipReason> {
        /// Two empty lines and the magic bytes of a record; some programs write a few more lines.
        const AHEAD_BYTES: u64 = 32;
        let mut ahead = Vec::new();
        self.by_ref().take(AHEAD_BYTES).read_to_end(&mut ahead).map_err(|error| unreadable(&error))?;
        let rest = ahead.trim_ascii_start();
        let ends = rest.is_empty() || rest.starts_with(b"WARC/");
        self.give_back(ahead);
        Ok(ends)
    }
}

impl<R: BufRead> Read for Rereader<R> {
    fn read(&mut self, out: &mut [u8]) -> std::io::Result<usize> {
        let ready = self.fill_buf()?;
        let length = ready.len().min(out.len());
        out[..length].copy_from_slice(&ready[..length]);
        self.consume(length);
        Ok(length)
    }
}

impl<R: BufRead> BufRead for Rereader<R> {
    fn fill_buf(&mut self) -> std::io::Result<&[u8]> {
        if self.at < self.held.len() { Ok(&self.held[self.at..]) } else { self.inner.fill_buf() }
    }

    fn consume(&mut self, amount: usize) {
        if self.at < self.held.len() {
            self.at += amount;
        } else {
            self.inner.consume(amount);
        }
    }
}

#[derive(Default)]
struct Header {
    kind: String,
    url: String,
    content_type: String,
    bytes: u64,
    /// Was it found elsewhere than at the stated end of the record before?
    lost: bool,
}

impl Header {
    /// Can the record hold an article?
    fn is_wanted(&self) -> bool {
        let text =
            |kind: &str| kind.is_empty() || kind.starts_with("text/") || kind.contains("html") || kind.contains("xml");
        match self.kind.as_str() {
            "response" => {
                self.content_type.is_empty()
                    || self.content_type.starts_with("application/http")
                    || text(&self.content_type)
            }
            "resource" => text(&self.content_type) && self.is_of_the_web(),
            "conversion" => text(&self.content_type),
            _ => false,
        }
    }

    /// Crawlers store their logs and settings as resources too, under URLs of other schemes.
    fn is_of_the_web(&self) -> bool {
        let Some((scheme, _)) = self.url.split_once(':') else { return true };
        ["http", "https", "file", "ftp"].iter().any(|kind| scheme.eq_ignore_ascii_case(kind))
    }
}

/// Reads a line; `None` at the end.
fn line(reader: &mut dyn BufRead) -> Result<Option<String>, SkipReason> {
    let mut bytes = Vec::new();
    reader.take(MOST_LINE_BYTES).read_until(b'\n', &mut bytes).map_err(|error| unreadable(&error))?;
    if bytes.is_empty() {
        return Ok(None);
    }
    Ok(Some(String::from_utf8_lossy(&bytes).trim_end_matches(['\r', '\n']).to_string()))
}

/// Reads the header of the next record of a WARC; `None` at the end.
fn warc_header(reader: &mut dyn BufRead) -> Result<Option<Header>, SkipReason> {
    // Records end with two empty lines; some programs write more.
    let first = loop {
        match line(reader)? {
            None => return Ok(None),
            Some(text) if text.trim().is_empty() => {}
            Some(text) => break text,
        }
    };
    // After a record with a wrong length the next one is searched for.
    let mut first = first;
    let lost = !first.starts_with("WARC/");
    while !first.starts_with("WARC/") {
        first = line(reader)?.ok_or_else(|| SkipReason::Malformed("no WARC record where one should begin".into()))?;
    }
    let mut header = Header { lost, ..Header::default() };
    let mut length = None;
    for _ in 0..MOST_HEADER_LINES {
        let Some(text) = line(reader)? else { break };
        if text.is_empty() {
            header.bytes = length.ok_or_else(|| SkipReason::Malformed("a WARC record without a length".into()))?;
            return Ok(Some(header));
        }
        let Some((name, value)) = text.split_once(':') else { continue };
        let value = value.trim();
        match name.trim().to_ascii_lowercase().as_str() {
            "warc-type" => header.kind = value.to_ascii_lowercase(),
            "warc-target-uri" => header.url = value.trim_matches(['<', '>']).to_string(),
            "content-type" => header.content_type = value.to_ascii_lowercase(),
            "content-length" => length = value.parse().ok(),
            _ => {}
        }
    }
    Err(SkipReason::Malformed("a WARC header without an end".into()))
}

/// Reads the header of the next record of an ARC; `None` at the end. `URL IP date type length`; version 2 has more
/// fields before the length, which is always last.
fn arc_header(reader: &mut dyn BufRead) -> Result<Option<Header>, SkipReason> {
    let first = loop {
        match line(reader)? {
            None => return Ok(None),
            Some(text) if text.trim().is_empty() => {}
            Some(text) => break text,
        }
    };
    let fields: Vec<&str> = first.rsplitn(5, ' ').collect();
    let malformed = || SkipReason::Malformed("no ARC record where one should begin".into());
    let [length, content_type, _, _, url] = fields.as_slice() else { return Err(malformed()) };
    let bytes = length.parse().map_err(|_| malformed())?;
    let kind = if first.starts_with("filedesc:") { "filedesc" } else { "response" };
    Ok(Some(Header {
        kind: kind.into(),
        url: (*url).to_string(),
        content_type: if *content_type == "no-type" { String::new() } else { content_type.to_ascii_lowercase() },
        bytes,
        lost: false,
    }))
}

/// Reads the block of a record by its format, and yields its articles with its URL.
fn record(header: &Header, block: Vec<u8>, context: &Context, sink: &mut dyn FnMut(Yielded)) -> Result<(), SkipReason> {
    let body = if block.starts_with(b"HTTP/") {
        let response = Response::parse(&block)?;
        if !(200..300).contains(&response.status) && response.status != 0 || !is_text(&response.content_type) {
            return Ok(());
        }
        response.body(context)?
    } else {
        block
    };
    if body.trim_ascii().is_empty() {
        return Ok(());
    }
    let name = header.url.split_once(['?', '#']).map_or(header.url.as_str(), |(name, _)| name).to_string();
    let source = Source::of_bytes(&name, Arc::new(body));
    let format = match Format::detect(&name, source.head()) {
        Ok(format @ (Format::Html | Format::Feed | Format::Nitf | Format::NewsMlG2 | Format::NewsMl1)) => format,
        Ok(_) if header.kind == "conversion" || header.content_type.starts_with("text/plain") => Format::Plain,
        Ok(Format::Plain) if !name.ends_with(".txt") => Format::Html,
        Ok(Format::Plain) => Format::Plain,
        _ => return Ok(()),
    };
    let inner = context.deeper(8)?.at(Some(header.url.clone()).filter(|url| url.contains("://")));
    (context.read)(format, source, &inner, &mut |yielded| {
        sink(match yielded {
            Yielded::Article(mut record) => {
                let inner = record.id.take().map_or_else(String::new, |id| format!("#{}", id.text()));
                record.id = Some(RecordId::Own(format!("{}{inner}", header.url)));
                record.map = None;
                record.raw.facts.url.get_or_insert_with(|| header.url.clone());
                Yielded::Article(record)
            }
            bad => bad,
        });
    })
    .or_else(|reason| match reason {
        // Most records of a crawl are not articles: frames, menus, empty responses.
        SkipReason::NoText | SkipReason::Empty => Ok(()),
        other => Err(other),
    })
}

/// Is it the content type of text or markup, or missing?
fn is_text(content_type: &str) -> bool {
    content_type.is_empty()
        || ["html", "text/plain", "xml", "rss", "atom"].iter().any(|kind| content_type.contains(kind))
}

/// An HTTP response.
struct Response<'b> {
    status: u16,
    content_type: String,
    encoding: String,
    chunked: bool,
    body: &'b [u8],
}

impl Response<'_> {
    fn parse(block: &[u8]) -> Result<Response<'_>, SkipReason> {
        let end = [&b"\r\n\r\n"[..], b"\n\n"]
            .iter()
            .filter_map(|gap| block.windows(gap.len()).position(|window| window == *gap).map(|at| (at, gap.len())))
            .min();
        let (at, gap) = end.ok_or_else(|| SkipReason::Malformed("an HTTP answer without a body".into()))?;
        let head = String::from_utf8_lossy(&block[..at]);
        let mut lines = head.lines();
        let status = lines
            .next()
            .and_then(|line| line.split_whitespace().nth(1))
            .and_then(|code| code.parse().ok())
            .unwrap_or(0);
        let mut response = Response {
            status,
            content_type: String::new(),
            encoding: String::new(),
            chunked: false,
            body: &block[at + gap..],
        };
        for line in lines {
            let Some((name, value)) = line.split_once(':') else { continue };
            let value = value.trim().to_ascii_lowercase();
            match name.trim().to_ascii_lowercase().as_str() {
                "content-type" => response.content_type = value,
                "content-encoding" => response.encoding = value,
                "transfer-encoding" => response.chunked = value.contains("chunked"),
                _ => {}
            }
        }
        Ok(response)
    }

    /// The body, with chunks joined and unpacked.
    fn body(&self, context: &Context) -> Result<Vec<u8>, SkipReason> {
        let joined = if self.chunked { dechunked(self.body) } else { None };
        unpacked(joined.unwrap_or_else(|| self.body.to_vec()), &self.encoding, context)
    }
}

/// Unpacks a body. Crawlers often store unpacked bodies with their original headers.
#[cfg(feature = "archives")]
fn unpacked(bytes: Vec<u8>, encoding: &str, context: &Context) -> Result<Vec<u8>, SkipReason> {
    let unpacked: Box<dyn Read + '_> = match encoding {
        "gzip" | "x-gzip" if bytes.starts_with(GZIP) => Box::new(flate2::read::MultiGzDecoder::new(&bytes[..])),
        "deflate" => {
            let mut out = Vec::new();
            let zlib = context.budget.reader(flate2::read::ZlibDecoder::new(&bytes[..]));
            if zlib.take(context.limits.max_bytes).read_to_end(&mut out).is_ok() {
                return Ok(out);
            }
            Box::new(flate2::read::DeflateDecoder::new(&bytes[..]))
        }
        "zstd" if bytes.starts_with(ZSTD) => {
            Box::new(zstd::Decoder::new(&bytes[..]).map_err(|error| unreadable(&error))?)
        }
        "br" => return Err(brotli()),
        _ => return Ok(bytes),
    };
    let mut out = Vec::new();
    match context.budget.reader(unpacked).take(context.limits.max_bytes).read_to_end(&mut out) {
        Ok(_) => Ok(out),
        Err(_) if encoding == "deflate" => Ok(bytes.clone()),
        Err(error) => Err(unreadable(&error)),
    }
}

#[cfg(not(feature = "archives"))]
fn unpacked(bytes: Vec<u8>, encoding: &str, _: &Context) -> Result<Vec<u8>, SkipReason> {
    match encoding {
        "gzip" | "x-gzip" if !bytes.starts_with(GZIP) => Ok(bytes),
        "zstd" if !bytes.starts_with(ZSTD) => Ok(bytes),
        "gzip" | "x-gzip" | "zstd" | "deflate" => Err(SkipReason::LeftOut(crate::ingest::Feature::Archives)),
        "br" => Err(brotli()),
        _ => Ok(bytes),
    }
}

const GZIP: &[u8] = b"\x1f\x8b";
const ZSTD: &[u8] = b"\x28\xb5\x2f\xfd";

fn brotli() -> SkipReason {
    SkipReason::Unsupported("a page packed with Brotli".into())
}

/// Joins chunks; `None` if the body has none, in spite of its header.
fn dechunked(mut body: &[u8]) -> Option<Vec<u8>> {
    let mut out = Vec::with_capacity(body.len());
    loop {
        let end = body.iter().take(100).position(|&byte| byte == b'\n')?;
        let line = std::str::from_utf8(&body[..end]).ok()?.trim();
        let length = usize::from_str_radix(line.split(';').next()?.trim(), 16).ok()?;
        body = &body[end + 1..];
        if length == 0 {
            return Some(out);
        }
        let piece = &body[..length.min(body.len())];
        out.extend_from_slice(piece);
        if piece.len() < length {
            return Some(out);
        }
        body = &body[length..];
        body = body.strip_prefix(b"\r\n").or_else(|| body.strip_prefix(b"\n")).unwrap_or(body);
        if body.is_empty() {
            return Some(out);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ingest::source::Budget;
    use crate::ingest::{ReadLimits, format};

    fn one(kind: &str, url: &str, text: &str, length: usize) -> String {
        format!(
            "WARC/1.0\r\nWARC-Type: {kind}\r\nWARC-Target-URI: {url}\r\nContent-Type: text/plain\r\n\
             Content-Length: {length}\r\n\r\n{text}\r\n\r\n"
        )
    }

    fn records(text: &str) -> Vec<String> {
        let limits = ReadLimits::default();
        let context = Context {
            limits,
            budget: Budget::of_file(1_000),
            depth: 0,
            read: format::read,
            texts: None,
            folder: None,
            url: None,
        };
        let source = Source::of_bytes("a.warc", Arc::new(text.as_bytes().to_vec()));
        let mut out = Vec::new();
        read(false, source, &context, &mut |yielded| match yielded {
            Yielded::Article(record) => out.push(record.raw.text.trim().to_string()),
            Yielded::Bad(bad) => out.push(format!("bad {}", bad.position)),
        })
        .expect("an archive");
        out
    }

    #[test]
    fn a_wrong_length_costs_one_record() {
        let text = "Dockers walked out on Monday.";
        let quoting = format!("So records begin:\nWARC/1.0\nWARC-Type: response\n{text}");
        for (first, second, expected) in [
            (one("conversion", "http://a/1", text, text.len()), "Ferries sail.", vec![text, "Ferries sail."]),
            // Too short: the rest of the block is skipped.
            (
                one("conversion", "http://a/1", text, 7),
                "Ferries sail.",
                vec!["Dockers", "bad record 1", "Ferries sail."],
            ),
            // Too long: the block would include the next record.
            (
                one("conversion", "http://a/1", text, text.len() + 100),
                "Ferries sail.",
                vec!["bad record 1 (http://a/1)", text, "Ferries sail."],
            ),
            (
                one("request", "http://a/1", text, text.len() + 100_000),
                "Ferries sail.",
                vec!["bad record 1 (http://a/1)", "Ferries sail."],
            ),
            // A record that quotes another, with a correct length.
            (
                one("conversion", "http://a/1", &quoting, quoting.len()),
                "Ferries sail.",
                vec![&quoting, "Ferries sail."],
            ),
        ] {
            let whole = format!("{first}{}", one("conversion", "http://a/2", second, second.len()));
            assert_eq!(records(&whole), expected, "{first}");
        }
    }

    #[test]
    fn resources_of_crawlers_are_skipped() {
        for (url, count) in
            [("http://a/1", 1), ("file:///a/1", 1), ("metadata://gnu.example/log", 0), ("urn:X-crawler:log", 0)]
        {
            assert_eq!(records(&one("resource", url, "Dockers walked out.", 19)).len(), count, "{url}");
        }
    }
}
