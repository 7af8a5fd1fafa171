//! Tables: CSV and TSV with a header, one article a row. Columns are named as the fields of articles in JSON are.

use encoding_rs::{Decoder, Encoding};
use serde_json::Value;
use xxhash_rust::xxh3::xxh3_64;

use super::records::yield_record;
use super::{Context, beside, json, names, values};
use crate::ingest::decode::decode;
use crate::ingest::source::Source;
use crate::ingest::{BadRecord, Record, RecordId, SkipReason, Yielded};

/// Most columns of a table of articles.
const MOST_COLUMNS: usize = 2_000;

/// Reads a table, row by row.
pub(super) fn read(source: Source<'_>, context: &Context, sink: &mut dyn FnMut(Yielded)) -> Result<(), SkipReason> {
    let name = source.name.clone();
    let wide = wide(source.head());
    let decoded = wide.map(|encoding| encoding.decode(source.head()).0.into_owned().into_bytes());
    let head = decoded.unwrap_or_else(|| source.head().to_vec());
    let stated = stated_delimiter(&head);
    let delimiter = stated.unwrap_or_else(|| delimiter(&head));
    let mut orders = DateOrders::of_head(&head, delimiter);
    let inner: Box<dyn std::io::Read + '_> = match wide {
        Some(encoding) => Box::new(Narrowed {
            inner: source.reader(),
            decoder: encoding.new_decoder(),
            ready: Vec::new(),
            has_ended: false,
        }),
        None => Box::new(source.reader()),
    };
    let mut reader = csv::ReaderBuilder::new()
        .delimiter(delimiter)
        .flexible(true)
        .has_headers(false)
        .from_reader(Bounded { inner, since_row: 0, limit: context.limits.max_bytes });
    let mut row = csv::ByteRecord::new();
    let lines_above = usize::from(stated.is_some());
    for _ in 0..=lines_above {
        if !reader.read_byte_record(&mut row).map_err(|error| malformed(&error))? {
            return Err(SkipReason::Empty);
        }
    }
    let header = header(&row, &head, delimiter)?;
    let mut number = 0;
    loop {
        number += 1;
        reader.get_mut().since_row = 0;
        match reader.read_byte_record(&mut row) {
            Ok(false) => return Ok(()),
            Ok(true) => {}
            Err(error) => {
                let reason = malformed(&error);
                sink(Yielded::Bad(BadRecord { position: format!("row {number}"), reason }));
                // After an I/O error the rest of the stream is not aligned to rows.
                if matches!(error.kind(), csv::ErrorKind::Io(_)) {
                    return Ok(());
                }
                continue;
            }
        }
        orders.learn(&row);
        let record = row_object(&header, &row, &orders);
        if let (Some(texts), Some(record)) = (&context.texts, record.as_object())
            && beside::has_text_in(record, texts)
        {
            continue;
        }
        // The hash covers the names of the columns too.
        let hash = xxh3_64(record.to_string().as_bytes());
        let read = json::record(&record, &name, hash);
        let read = read.map(|read| Record { id: read.id.or(Some(RecordId::Number(number))), ..read });
        yield_record(read, &format!("row {number}"), sink);
    }
}

fn malformed(error: &csv::Error) -> SkipReason {
    SkipReason::Malformed(format!("not a table: {error}"))
}

/// The names of the columns, of which one must be that of a text or title, or hold running text.
fn header(row: &csv::ByteRecord, head: &[u8], delimiter: u8) -> Result<Vec<String>, SkipReason> {
    if row.len() > MOST_COLUMNS {
        return Err(SkipReason::Malformed(format!("a table of {} columns", row.len())));
    }
    let header: Vec<String> =
        row.iter().map(|name| text(name).trim_start_matches('\u{feff}').trim().to_string()).collect();
    if !names::has_text_name(header.iter().map(String::as_str)) && !holds_prose(head, delimiter) {
        let names: Vec<String> = header.iter().take(6).map(|name| name.chars().take(30).collect()).collect();
        let names = names.join(", ");
        return Err(SkipReason::Malformed(format!("a table without a column of text (its columns: {names})")));
    }
    Ok(header)
}

/// Does a cell of the first rows hold running text?
fn holds_prose(head: &[u8], delimiter: u8) -> bool {
    const LEAST_BYTES: usize = 200;
    let mut reader = csv::ReaderBuilder::new().delimiter(delimiter).flexible(true).from_reader(head);
    let mut row = csv::ByteRecord::new();
    while reader.read_byte_record(&mut row).is_ok_and(|read| read) {
        if row.iter().any(|cell| cell.len() >= LEAST_BYTES && values::is_prose(&text(cell))) {
            return true;
        }
    }
    false
}

/// Is a text a table, though its name does not say so? Its first line holds names of columns between tabs, and the second
/// as many cells.
pub(super) fn begins(text: &str) -> bool {
    const LEAST_KNOWN: usize = 2;
    let mut lines = text.lines();
    let (Some(first), Some(second)) = (lines.next(), lines.next()) else { return false };
    if first.split('\t').count() <= LEAST_KNOWN {
        return false;
    }
    let names: Vec<&str> = first.split('\t').map(|name| name.trim_matches(['"', ' '])).collect();
    let known = names.iter().filter(|name| !names::roles(name).is_empty()).count();
    // Cells may hold line breaks in quotes.
    let as_many = second.split('\t').count() == names.len() || second.contains("\t\"");
    known >= LEAST_KNOWN && as_many && names::has_text_name(names.into_iter())
}

/// The encoding of a table that spreadsheets save as Unicode text.
fn wide(head: &[u8]) -> Option<&'static Encoding> {
    match head {
        [0xff, 0xfe, ..] => Some(encoding_rs::UTF_16LE),
        [0xfe, 0xff, ..] => Some(encoding_rs::UTF_16BE),
        _ => None,
    }
}

/// The delimiter that a line above the header states, for spreadsheets: `sep=;`.
fn stated_delimiter(head: &[u8]) -> Option<u8> {
    let head = head.strip_prefix(b"\xef\xbb\xbf").unwrap_or(head);
    let line = head.split(|&byte| byte == b'\n').next()?.trim_ascii();
    match line.strip_prefix(b"sep=")? {
        [delimiter] => Some(*delimiter),
        [] => Some(b'\t'),
        _ => None,
    }
}

/// A reader of text in UTF-16 as UTF-8.
struct Narrowed<R> {
    inner: R,
    decoder: Decoder,
    /// What was decoded and not yet read.
    ready: Vec<u8>,
    has_ended: bool,
}

impl<R: std::io::Read> std::io::Read for Narrowed<R> {
    fn read(&mut self, out: &mut [u8]) -> std::io::Result<usize> {
        while self.ready.is_empty() && !self.has_ended {
            let mut piece = [0; 16 * 1024];
            let read = self.inner.read(&mut piece)?;
            self.has_ended = read == 0;
            let room =
                self.decoder.max_utf8_buffer_length(read).expect("a piece decodes to a text that fits in memory");
            let mut text = String::with_capacity(room);
            let (..) = self.decoder.decode_to_string(&piece[..read], &mut text, self.has_ended);
            self.ready = text.into_bytes();
        }
        let length = self.ready.len().min(out.len());
        out[..length].copy_from_slice(&self.ready[..length]);
        self.ready.drain(..length);
        Ok(length)
    }
}

/// A row as an object. Keeps empty cells only for columns that name publication (another day is then none) or saving (the
/// column itself is the sign).
fn row_object(header: &[String], row: &csv::ByteRecord, orders: &DateOrders) -> Value {
    let is_kept = |name: &str, cell: &[u8]| {
        let told = || names::known(name);
        !cell.is_empty() || told().names_publication || told().names_saving
    };
    let cells = header.iter().zip(row).enumerate().filter(|(_, (name, cell))| is_kept(name, cell));
    let fields = cells.map(|(column, (name, cell))| {
        let value = orders.settled(column, cell).unwrap_or_else(|| text(cell));
        (name.clone(), list_of_cell(&value).unwrap_or(Value::String(value)))
    });
    Value::Object(fields.collect())
}

/// A cell that holds a list, as programs write one into a table: `["Mara", "Tomas"]`, `['Mara', 'Tomas']`, `[]`.
fn list_of_cell(cell: &str) -> Option<Value> {
    let cell = cell.trim();
    let inner = cell.strip_prefix('[')?.strip_suffix(']')?.trim();
    if let Ok(list @ Value::Array(_)) = serde_json::from_str::<Value>(cell) {
        return Some(list);
    }
    let mut out = Vec::new();
    let mut rest = inner.trim_end_matches(',');
    while !rest.is_empty() {
        let quote = rest.chars().next().filter(|c| matches!(c, '\'' | '"'))?;
        let mut word = String::new();
        let mut chars = rest.char_indices().skip(1);
        let end = loop {
            match chars.next()? {
                (at, c) if c == quote => break at + 1,
                (_, '\\') => match chars.next()?.1 {
                    'n' => word.push('\n'),
                    't' => word.push('\t'),
                    c => word.push(c),
                },
                (_, c) => word.push(c),
            }
        };
        out.push(Value::String(word));
        let after = rest[end..].trim_start();
        rest = match after.strip_prefix(',') {
            Some(after) => after.trim_start(),
            None if after.is_empty() || after.starts_with(quote) => after,
            None => return None,
        };
    }
    Some(Value::Array(out))
}

/// For each column, whether dates like 09/10/2023 begin with the day, as other rows of the column show.
struct DateOrders(Vec<DateOrder>);

/// What was seen in a column: a date that can only begin with the day, or only with the month.
#[derive(Clone, Copy, Default)]
struct DateOrder {
    day_first: bool,
    month_first: bool,
}

impl DateOrders {
    /// Learns from the rows in the first bytes of the file.
    fn of_head(head: &[u8], delimiter: u8) -> DateOrders {
        let mut orders = DateOrders(Vec::new());
        let mut reader = csv::ReaderBuilder::new().delimiter(delimiter).flexible(true).from_reader(head);
        let mut row = csv::ByteRecord::new();
        while reader.read_byte_record(&mut row).is_ok_and(|read| read) {
            orders.learn(&row);
        }
        orders
    }

    fn learn(&mut self, row: &csv::ByteRecord) {
        if self.0.len() < row.len() {
            self.0.resize(row.len(), DateOrder::default());
        }
        for (order, cell) in self.0.iter_mut().zip(row) {
            if let Some((first, second, ..)) = numeric_date(cell) {
                order.day_first |= first > 12;
                order.month_first |= second > 12;
            }
        }
    }

    /// An ambiguous date in the order of its column, as year, month and day; `None` if the column does not settle it.
    fn settled(&self, column: usize, cell: &[u8]) -> Option<String> {
        let (first, second, year, rest) = numeric_date(cell)?;
        let order = self.0.get(column)?;
        let (month, day) = match (order.day_first, order.month_first) {
            (true, false) => (second, first),
            (false, true) => (first, second),
            _ => return None,
        };
        (month <= 12).then(|| format!("{year:04}-{month:02}-{day:02}{rest}"))
    }
}

/// Parses `09/10/2023 12:30` into 9, 10, 2023 and the rest.
fn numeric_date(cell: &[u8]) -> Option<(u32, u32, u32, &str)> {
    const MOST_BYTES: usize = 30;
    let text = std::str::from_utf8(cell.trim_ascii()).ok().filter(|text| text.len() <= MOST_BYTES)?;
    let separator = text.chars().find(|c| !c.is_ascii_digit()).filter(|c| matches!(c, '/' | '.' | '-'))?;
    let mut parts = text.splitn(3, separator);
    let mut number = || {
        parts.next().filter(|part| matches!(part.len(), 1 | 2))?.parse::<u32>().ok().filter(|&n| (1..=31).contains(&n))
    };
    let (first, second) = (number()?, number()?);
    let rest = parts.next()?;
    let year = rest.get(..4).filter(|year| year.bytes().all(|byte| byte.is_ascii_digit()))?.parse().ok()?;
    let rest = &rest[4..];
    (rest.is_empty() || rest.starts_with([' ', 'T', ','])).then_some((first, second, year, rest))
}

/// A cell as text: UTF-8, or else the detected encoding.
fn text(cell: &[u8]) -> String {
    match std::str::from_utf8(cell) {
        Ok(text) => text.to_string(),
        Err(_) => {
            decode(cell, false).map_or_else(|_| String::from_utf8_lossy(cell).into_owned(), |decoded| decoded.text)
        }
    }
}

/// The delimiter that occurs most often in the header.
fn delimiter(head: &[u8]) -> u8 {
    let end = memchr::memchr(b'\n', head).unwrap_or(head.len());
    let line = &head[..end];
    let count = |sign: u8| line.iter().filter(|&&byte| byte == sign).count();
    let delimiters = [b',', b'\t', b';', b'|'];
    delimiters.into_iter().max_by_key(|&sign| (count(sign), sign == b',')).expect("there are four delimiters")
}

/// A reader that fails if one row is longer than a record may be: an unclosed quote would extend it to the end of the file.
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lists_in_cells() {
        for (cell, list) in [
            (r#"['Ada Moe', "Jon O'Berg"]"#, Some(vec!["Ada Moe", "Jon O'Berg"])),
            (r#"["port", "strike"]"#, Some(vec!["port", "strike"])),
            (r"['l\'eau' 'port']", Some(vec!["l'eau", "port"])),
            ("[]", Some(vec![])),
            ("[Ada Moe]", None),
            ("[1] Ada Moe", None),
            ("['Ada'] and [others]", None),
        ] {
            let list = list.map(|list| Value::from(list.into_iter().collect::<Vec<_>>()));
            assert_eq!(list_of_cell(cell), list, "{cell}");
        }
    }

    #[test]
    fn columns_settle_the_order_of_their_dates() {
        for (rows, expected) in [
            (&["09/10/2023", "25/10/2023"][..], [Some("2023-10-09"), Some("2023-10-25")]),
            (&["9.10.2023 08:00", "10.25.2023"], [Some("2023-09-10 08:00"), Some("2023-10-25")]),
            (&["09/10/2023", "10/11/2023"], [None, None]),
            // A column with both orders settles nothing.
            (&["13/10/2023", "10/13/2023"], [None, None]),
            (&["2023-10-09", "x/y/2023"], [None, None]),
        ] {
            let mut orders = DateOrders(Vec::new());
            let rows: Vec<csv::ByteRecord> = rows.iter().map(|row| csv::ByteRecord::from(vec!["text", row])).collect();
            rows.iter().for_each(|row| orders.learn(row));
            let settled: Vec<Option<String>> = rows.iter().map(|row| orders.settled(1, &row[1])).collect();
            assert_eq!(settled, expected.map(|date| date.map(str::to_string)), "{rows:?}");
        }
    }
}
