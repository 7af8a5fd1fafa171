//! Tables: CSV and TSV with a header, one article a row, by the names that records in JSON have for their fields.

use serde_json::{Map, Value};
use xxhash_rust::xxh3::xxh3_64;

use super::json;
use super::{Context, give};
use crate::ingest::decode::decode;
use crate::ingest::source::Source;
use crate::ingest::{BadRecord, RecordId, SkipReason, Yielded};

/// A table of more columns is no table of articles.
const MOST_COLUMNS: usize = 2_000;

/// Reads a table, row by row.
pub(super) fn read(source: Source<'_>, context: &Context, sink: &mut dyn FnMut(Yielded)) -> Result<(), SkipReason> {
    let name = source.name.clone();
    let delimiter = delimiter(source.head());
    let mut reader = csv::ReaderBuilder::new()
        .delimiter(delimiter)
        .flexible(true)
        .has_headers(false)
        .from_reader(Bounded { inner: source.reader(), since_row: 0, limit: context.limits.max_bytes });
    let mut row = csv::ByteRecord::new();
    let malformed = |error: &csv::Error| SkipReason::Malformed(format!("not a table: {error}"));
    if !reader.read_byte_record(&mut row).map_err(|error| malformed(&error))? {
        return Err(SkipReason::Empty);
    }
    if row.len() > MOST_COLUMNS {
        return Err(SkipReason::Malformed(format!("a table of {} columns", row.len())));
    }
    let header: Vec<String> =
        row.iter().map(|name| text(name).trim_start_matches('\u{feff}').trim().to_string()).collect();
    if !json::has_text_key(header.iter().map(String::as_str)) {
        let names =
            header.iter().take(6).map(|name| name.chars().take(30).collect::<String>()).collect::<Vec<_>>().join(", ");
        return Err(SkipReason::Malformed(format!("a table without a column of text (its columns: {names})")));
    }
    let mut number = 0;
    loop {
        number += 1;
        reader.get_mut().since_row = 0;
        match reader.read_byte_record(&mut row) {
            Ok(false) => return Ok(()),
            Ok(true) => {}
            Err(error) => {
                let reason = malformed(&error);
                sink(Yielded::Bad(BadRecord { place: format!("row {number}"), reason }));
                // The rest of a stream that cannot be read is no longer in rows.
                if matches!(error.kind(), csv::ErrorKind::Io(_)) {
                    return Ok(());
                }
                continue;
            }
        }
        let mut object = Map::new();
        for (key, value) in header.iter().zip(row.iter()).filter(|(_, value)| !value.is_empty()) {
            object.insert(key.clone(), Value::String(text(value)));
        }
        // Of what the record is made from, names of columns too.
        let record = Value::Object(object);
        let hash = xxh3_64(record.to_string().as_bytes());
        let record = json::article(record, &name);
        give(
            record.map(|(own, raw)| (Some(own.unwrap_or(RecordId::Number(number))), raw)),
            hash,
            &format!("row {number}"),
            sink,
        );
    }
}

/// Cells are UTF-8, or whatever they look like.
fn text(cell: &[u8]) -> String {
    match std::str::from_utf8(cell) {
        Ok(text) => text.to_string(),
        Err(_) => {
            decode(cell, false).map_or_else(|_| String::from_utf8_lossy(cell).into_owned(), |decoded| decoded.text)
        }
    }
}

/// The sign that the header has most of.
fn delimiter(head: &[u8]) -> u8 {
    let line = head.split(|&byte| byte == b'\n').next().unwrap_or_default();
    let count = |sign: u8| line.iter().filter(|&&byte| byte == sign).count();
    *[b',', b'\t', b';', b'|'].iter().max_by_key(|&&sign| (count(sign), sign == b',')).unwrap_or(&b',')
}

/// Fails where one row takes more bytes than any record may: a quote that is never closed swallows the file.
struct Bounded<R> {
    inner: R,
    since_row: u64,
    limit: u64,
}

impl<R: std::io::Read> std::io::Read for Bounded<R> {
    fn read(&mut self, out: &mut [u8]) -> std::io::Result<usize> {
        let read = self.inner.read(out)?;
        self.since_row += read as u64;
        if self.since_row > self.limit {
            return Err(std::io::Error::other(format!("one row is longer than {} bytes", self.limit)));
        }
        Ok(read)
    }
}
