//! Spreadsheets, XLSX and ODS: each sheet is a table with a header, one article a row, as CSV is. Sheets are read cell by
//! cell; what a cell repeats is counted against the size of a record, since a few bytes can ask for any number of cells.

use std::io::{BufReader, Read, Seek};
use std::sync::Arc;

use quick_xml::Reader;
use quick_xml::events::{BytesStart, Event};
use zip::ZipArchive;

use super::member::{members, xml_member};
use crate::ingest::format::zip_kind::damaged;
use crate::ingest::format::{Context, Format, names};
use crate::ingest::source::Source;
use crate::ingest::{BadRecord, RecordId, SkipReason, Yielded};

/// Rows among which the header is looked for; reports have their name above it.
const HEADER_ROWS: usize = 30;
/// Most columns of a sheet; XLSX has no more.
const MAX_COLUMNS: usize = 16_384;
/// Most shared strings, which cells refer to.
const MAX_STRINGS: usize = 8_000_000;
/// Most styles of cells.
const MAX_STYLES: usize = 100_000;

/// A sheet as CSV, with its name.
struct Sheet {
    name: String,
    rows: Vec<Vec<String>>,
    has_header: bool,
    csv: csv::Writer<Vec<u8>>,
    /// Bytes that may still be written.
    room: u64,
    limit: u64,
}

impl Sheet {
    fn new(name: &str, limit: u64) -> Sheet {
        let csv = csv::WriterBuilder::new().flexible(true).from_writer(Vec::new());
        Sheet { name: name.to_string(), rows: Vec::new(), has_header: false, csv, room: limit, limit }
    }

    /// Adds a row. The rows before the header are dropped, once it is known.
    fn row(&mut self, cells: Vec<String>) -> Result<(), SkipReason> {
        if cells.iter().all(String::is_empty) {
            return Ok(());
        }
        if self.has_header {
            return self.write(&cells);
        }
        self.rows.push(cells);
        let last = self.rows.last().expect("a row was just added");
        let full = last.iter().filter(|cell| !cell.is_empty()).count();
        if full > 1 && names::has_text_name(last.iter().map(String::as_str)) {
            self.rows = self.rows.split_off(self.rows.len() - 1);
            self.begin()?;
        } else if self.rows.len() > HEADER_ROWS {
            self.begin()?;
        }
        Ok(())
    }

    /// Writes the rows that were kept until the header was known.
    fn begin(&mut self) -> Result<(), SkipReason> {
        self.has_header = true;
        for row in std::mem::take(&mut self.rows) {
            self.write(&row)?;
        }
        Ok(())
    }

    fn write(&mut self, cells: &[String]) -> Result<(), SkipReason> {
        let bytes = cells.iter().map(|cell| cell.len() as u64 + 1).sum::<u64>();
        let room = self.room.checked_sub(bytes);
        self.room = room.ok_or(SkipReason::TooLong { bytes: self.limit.saturating_add(bytes), limit: self.limit })?;
        self.csv.write_record(cells).map_err(|error| SkipReason::Malformed(format!("a row is no table: {error}")))
    }

    /// Yields the articles of the rows, numbered after those of the sheets before. Returns the number of rows.
    fn articles(
        mut self,
        name: &str,
        before: usize,
        context: &Context,
        sink: &mut dyn FnMut(Yielded),
    ) -> Result<usize, SkipReason> {
        if !self.has_header {
            self.begin()?;
        }
        let sheet = self.name;
        let bytes = self.csv.into_inner().map_err(|error| SkipReason::Malformed(format!("no table: {error}")))?;
        if bytes.is_empty() {
            return Err(SkipReason::Empty);
        }
        let source = Source::of_bytes(name, Arc::new(bytes));
        let mut rows = 0;
        (context.read)(Format::Table, source, context, &mut |yielded| {
            rows += 1;
            sink(match yielded {
                Yielded::Article(mut record) => {
                    if let Some(RecordId::Number(number)) = &mut record.id {
                        *number += before;
                    }
                    Yielded::Article(record)
                }
                Yielded::Bad(BadRecord { position, reason }) => {
                    Yielded::Bad(BadRecord { position: format!("sheet {sheet}, {position}"), reason })
                }
            });
        })?;
        Ok(rows)
    }
}

/// Yields the articles of all sheets; the reason of the first if none has any.
fn all_articles(
    sheets: impl Iterator<Item = Result<Sheet, SkipReason>>,
    name: &str,
    context: &Context,
    sink: &mut dyn FnMut(Yielded),
) -> Result<(), SkipReason> {
    let (mut rows, mut reasons) = (0, Vec::new());
    for sheet in sheets {
        let sheet_name = sheet.as_ref().map_or_else(|_| String::new(), |sheet| sheet.name.clone());
        match sheet.and_then(|sheet| sheet.articles(name, rows, context, sink)) {
            Ok(more) => rows += more,
            Err(reason) => reasons.push((sheet_name, reason)),
        }
    }
    if rows == 0 {
        let first = reasons.into_iter().map(|(_, reason)| reason).find(|reason| *reason != SkipReason::Empty);
        return Err(match first {
            Some(SkipReason::Malformed(why)) => SkipReason::Malformed(format!("a spreadsheet, {why}")),
            Some(other) => other,
            None => SkipReason::Unsupported("a spreadsheet without a cell of text".into()),
        });
    }
    for (sheet, reason) in reasons.into_iter().filter(|(_, reason)| *reason != SkipReason::Empty) {
        sink(Yielded::Bad(BadRecord { position: format!("sheet {sheet}"), reason }));
    }
    Ok(())
}

/// Reads the sheets of XLSX in the order of the workbook.
pub(super) fn xlsx<R: Read + Seek>(
    archive: &mut ZipArchive<R>,
    name: &str,
    context: &Context,
    sink: &mut dyn FnMut(Yielded),
) -> Result<(), SkipReason> {
    let workbook = xml_member(archive, "xl/workbook.xml", context)?.unwrap_or_default();
    let relations = xml_member(archive, "xl/_rels/workbook.xml.rels", context)?.unwrap_or_default();
    let targets: Vec<(&str, String)> = relations
        .all("relationship")
        .iter()
        .filter_map(|relation| Some((relation.attribute("id")?, target(relation.attribute("target")?))))
        .collect();
    let mut sheets: Vec<(String, String)> = Vec::new();
    for sheet in workbook.all("sheet") {
        let relation = sheet.attributes.iter().find(|(key, _)| key.ends_with(":id")).map(|(_, id)| id.as_str());
        let target = relation.and_then(|id| targets.iter().find(|(other, _)| *other == id));
        if let Some((_, target)) = target {
            sheets.push((sheet.attribute("name").unwrap_or("").to_string(), target.clone()));
        }
    }
    if sheets.is_empty() {
        sheets = members(archive, "xl/worksheets/").into_iter().map(|member| (member.clone(), member)).collect();
        sheets.sort();
    }
    let epoch = workbook.find("workbookpr").and_then(|properties| properties.attribute("date1904"));
    let cells = Cells {
        strings: shared_strings(archive, context)?,
        dates: date_styles(archive, context),
        is_1904: matches!(epoch, Some("1" | "true")),
    };
    let limit = context.limits.max_bytes;
    let read = |(sheet, member): &(String, String)| cells.sheet(archive, sheet, member, limit, context);
    all_articles(sheets.iter().map(read), name, context, sink)
}

/// The member that a relation of a workbook leads to.
fn target(target: &str) -> String {
    match target.strip_prefix('/') {
        Some(absolute) => absolute.to_string(),
        None => format!("xl/{}", target.trim_start_matches("./")),
    }
}

/// A member of an archive as a stream of XML.
type XmlMember<'a> = Reader<BufReader<Box<dyn Read + 'a>>>;

/// The member of an archive as a stream of XML, against the budget of the file.
fn stream<'a, R: Read + Seek>(
    archive: &'a mut ZipArchive<R>,
    name: &str,
    context: &Context,
) -> Result<Option<XmlMember<'a>>, SkipReason> {
    match archive.by_name(name) {
        Ok(opened) => {
            let mut reader = Reader::from_reader(BufReader::new(context.budget.reader(opened)));
            let config = reader.config_mut();
            config.check_end_names = false;
            config.allow_unmatched_ends = true;
            config.allow_dangling_amp = true;
            Ok(Some(reader))
        }
        Err(zip::result::ZipError::FileNotFound) => Ok(None),
        Err(error) => Err(damaged(&error)),
    }
}

fn broken(error: &quick_xml::Error) -> SkipReason {
    SkipReason::Malformed(format!("a spreadsheet with damaged XML: {error}"))
}

/// The value of an attribute by its name without a prefix.
fn attribute(start: &BytesStart<'_>, name: &str) -> Option<String> {
    let found = start.attributes().with_checks(false).flatten().find(|attribute| {
        let key = attribute.key.as_ref();
        key == name || key.rsplit_once(':').is_some_and(|(_, local)| local == name)
    });
    let value = found?.value;
    Some(quick_xml::escape::unescape(&value).map_or_else(|_| value.to_string(), std::borrow::Cow::into_owned))
}

/// Text and character references of an element.
fn push_event(event: &Event<'_>, out: &mut String) {
    match event {
        Event::Text(text) => out.push_str(&text.html_content()),
        Event::CData(text) => out.push_str(&text.html_content()),
        Event::GeneralRef(name) => {
            let name = name.html_content();
            let reference = format!("&{name};");
            match quick_xml::escape::unescape(&reference) {
                Ok(text) => out.push_str(&text),
                Err(_) => out.push_str(&reference),
            }
        }
        _ => {}
    }
}

/// The strings that cells of XLSX refer to by number.
fn shared_strings<R: Read + Seek>(archive: &mut ZipArchive<R>, context: &Context) -> Result<Vec<String>, SkipReason> {
    let Some(mut reader) = stream(archive, "xl/sharedStrings.xml", context)? else { return Ok(Vec::new()) };
    let (mut strings, mut text, mut buffer) = (Vec::new(), String::new(), Vec::new());
    let (mut in_text, mut in_phonetic) = (false, false);
    loop {
        match reader.read_event_into(&mut buffer).map_err(|error| broken(&error))? {
            Event::Start(start) => match start.local_name().as_ref() {
                "si" => text.clear(),
                "t" => in_text = true,
                // How a word is pronounced is no part of it.
                "rPh" => in_phonetic = true,
                _ => {}
            },
            Event::End(end) => match end.local_name().as_ref() {
                "si" => strings.push(std::mem::take(&mut text)),
                "t" => in_text = false,
                "rPh" => in_phonetic = false,
                _ => {}
            },
            Event::Empty(start) if start.local_name().as_ref() == "si" => strings.push(String::new()),
            Event::Eof => return Ok(strings),
            event if in_text && !in_phonetic => push_event(&event, &mut text),
            _ => {}
        }
        if strings.len() > MAX_STRINGS {
            return Err(SkipReason::Malformed(format!("a spreadsheet of over {MAX_STRINGS} strings")));
        }
        buffer.clear();
    }
}

/// For each style of cells, whether its numbers are dates.
fn date_styles<R: Read + Seek>(archive: &mut ZipArchive<R>, context: &Context) -> Vec<bool> {
    // Without styles that can be read numbers stay numbers.
    let Some(styles) = xml_member(archive, "xl/styles.xml", context).ok().flatten() else { return Vec::new() };
    let own: Vec<(&str, bool)> = styles
        .all("numfmt")
        .iter()
        .filter_map(|format| Some((format.attribute("numfmtid")?, is_date_format(format.attribute("formatcode")?))))
        .collect();
    let is_date = |id: &str| {
        let known = own.iter().find(|(other, _)| *other == id).map(|(_, is_date)| *is_date);
        known.unwrap_or_else(|| id.parse().is_ok_and(|id: u32| matches!(id, 14..=22 | 27..=36 | 45..=47 | 50..=58)))
    };
    let formats = styles.find("cellxfs").map_or_else(Vec::new, |formats| formats.all("xf"));
    formats.iter().take(MAX_STYLES).map(|format| format.attribute("numfmtid").is_some_and(is_date)).collect()
}

/// Is a format of numbers one of dates: does it have a year, month or day outside of quotes and brackets?
fn is_date_format(code: &str) -> bool {
    let (mut quoted, mut bracketed) = (false, false);
    code.chars().any(|c| {
        match c {
            '"' => quoted = !quoted,
            '[' => bracketed = true,
            ']' => bracketed = false,
            _ => {}
        }
        !quoted && !bracketed && matches!(c, 'y' | 'Y' | 'd' | 'D')
    })
}

/// What the cells of a workbook refer to.
struct Cells {
    strings: Vec<String>,
    dates: Vec<bool>,
    /// Do dates count from 1904?
    is_1904: bool,
}

impl Cells {
    /// Reads a sheet.
    fn sheet<R: Read + Seek>(
        &self,
        archive: &mut ZipArchive<R>,
        name: &str,
        member: &str,
        limit: u64,
        context: &Context,
    ) -> Result<Sheet, SkipReason> {
        let mut sheet = Sheet::new(name, limit);
        let Some(mut reader) = stream(archive, member, context)? else { return Ok(sheet) };
        let mut buffer = Vec::new();
        let mut row: Vec<String> = Vec::new();
        // Column, type, style and text of the open cell.
        let mut cell: Option<(usize, String, usize)> = None;
        let (mut text, mut in_text) = (String::new(), false);
        loop {
            match reader.read_event_into(&mut buffer).map_err(|error| broken(&error))? {
                Event::Start(start) => match start.local_name().as_ref() {
                    "row" => row.clear(),
                    "c" => {
                        let column = attribute(&start, "r").and_then(|place| column(&place)).unwrap_or(row.len());
                        let style = attribute(&start, "s").and_then(|style| style.parse().ok()).unwrap_or(0);
                        cell = Some((column, attribute(&start, "t").unwrap_or_default(), style));
                        text.clear();
                    }
                    "v" | "t" => in_text = cell.is_some(),
                    _ => {}
                },
                Event::End(end) => match end.local_name().as_ref() {
                    "v" | "t" => in_text = false,
                    "c" => {
                        if let Some((column, kind, style)) = cell.take().filter(|(column, ..)| *column < MAX_COLUMNS) {
                            if row.len() <= column {
                                row.resize(column + 1, String::new());
                            }
                            row[column] = self.value(&text, &kind, style);
                        }
                    }
                    "row" => sheet.row(std::mem::take(&mut row))?,
                    _ => {}
                },
                Event::Eof => return Ok(sheet),
                event if in_text => push_event(&event, &mut text),
                _ => {}
            }
            buffer.clear();
        }
    }

    /// The value of a cell as text.
    fn value(&self, text: &str, kind: &str, style: usize) -> String {
        match kind {
            "s" => text.trim().parse().ok().and_then(|i: usize| self.strings.get(i)).cloned().unwrap_or_default(),
            "b" => if text.trim() == "1" { "true" } else { "false" }.to_string(),
            "e" => String::new(),
            "" | "n" if self.dates.get(style) == Some(&true) => {
                text.trim().parse().ok().and_then(|days| date(days, self.is_1904)).unwrap_or_else(|| text.to_string())
            }
            _ => text.to_string(),
        }
    }
}

/// The column of a cell: 1 for `B7`.
fn column(place: &str) -> Option<usize> {
    const MAX_LETTERS: usize = 3;
    let letters = place.bytes().take_while(u8::is_ascii_alphabetic).take(MAX_LETTERS + 1);
    let number = letters.fold(0_usize, |sum, letter| sum * 26 + usize::from(letter.to_ascii_uppercase() - b'A') + 1);
    number.checked_sub(1)
}

/// A number of days as a date; with the time, if it has one.
fn date(days: f64, is_1904: bool) -> Option<String> {
    const DAYS_TO_1904: f64 = 1_462.0;
    const LAST_DAY: f64 = 2_958_466.0;
    let days = if is_1904 { days + DAYS_TO_1904 } else { days };
    if !(1.0..LAST_DAY).contains(&days) {
        return None;
    }
    let seconds = (days.fract() * 86_400.0).round() as i64;
    let midnight = jiff::civil::date(1899, 12, 30).at(0, 0, 0, 0);
    let span = jiff::Span::new().try_days(days.trunc() as i64).ok()?.try_seconds(seconds).ok()?;
    let at = midnight.checked_add(span).ok()?;
    Some(if seconds == 0 { at.date().to_string() } else { at.strftime("%Y-%m-%dT%H:%M:%S").to_string() })
}

/// Reads the sheets of ODS.
pub(super) fn ods<R: Read + Seek>(
    archive: &mut ZipArchive<R>,
    name: &str,
    context: &Context,
    sink: &mut dyn FnMut(Yielded),
) -> Result<(), SkipReason> {
    let limit = context.limits.max_bytes;
    let Some(mut reader) = stream(archive, "content.xml", context)? else { return Err(SkipReason::NoText) };
    let mut sheets: Vec<Sheet> = Vec::new();
    let (mut row, mut text, mut buffer) = (Vec::new(), String::new(), Vec::new());
    let (mut repeated, mut value, mut in_paragraph, mut in_note) = (1_usize, None, 0_usize, 0_usize);
    // Bytes of all sheets together.
    let mut room = limit;
    loop {
        let event = reader.read_event_into(&mut buffer).map_err(|error| broken(&error))?;
        let is_empty = matches!(event, Event::Empty(_));
        match event {
            Event::Start(start) | Event::Empty(start) => match start.name().as_ref() {
                "table:table" => {
                    sheets.push(Sheet::new(&attribute(&start, "name").unwrap_or_default(), limit));
                }
                "table:table-row" => row.clear(),
                "table:table-cell" | "table:covered-table-cell" => {
                    repeated = attribute(&start, "number-columns-repeated").and_then(|n| n.parse().ok()).unwrap_or(1);
                    value = attribute(&start, "date-value");
                    text.clear();
                    if is_empty {
                        // Rows end with a cell that is repeated to the last column.
                        let width = row.len().saturating_add(repeated).min(MAX_COLUMNS);
                        row.resize(width, String::new());
                    }
                }
                "office:annotation" if !is_empty => in_note += 1,
                "text:p" | "text:h" if in_note == 0 => {
                    if !text.is_empty() {
                        text.push('\n');
                    }
                    in_paragraph += usize::from(!is_empty);
                }
                "text:s" | "text:tab" | "text:line-break" if in_paragraph > 0 => text.push(' '),
                _ => {}
            },
            Event::End(end) => match end.name().as_ref() {
                "office:annotation" => in_note = in_note.saturating_sub(1),
                "text:p" | "text:h" if in_note == 0 => in_paragraph = in_paragraph.saturating_sub(1),
                "table:table-cell" | "table:covered-table-cell" => {
                    let cell = value.take().unwrap_or_else(|| std::mem::take(&mut text));
                    let count = if cell.is_empty() { repeated } else { repeated.min(MAX_COLUMNS) };
                    let left = room.checked_sub(cell.len().saturating_mul(count) as u64);
                    room = left.ok_or(SkipReason::TooLong { bytes: limit + 1, limit })?;
                    let width = row.len().saturating_add(count).min(MAX_COLUMNS);
                    row.resize(width, cell);
                }
                "table:table-row" => {
                    while row.last().is_some_and(String::is_empty) {
                        row.pop();
                    }
                    if let Some(sheet) = sheets.last_mut() {
                        // A row that is repeated is one article.
                        sheet.row(std::mem::take(&mut row))?;
                    }
                }
                _ => {}
            },
            Event::Eof => break,
            other if in_paragraph > 0 && in_note == 0 => push_event(&other, &mut text),
            _ => {}
        }
        buffer.clear();
    }
    all_articles(sheets.into_iter().map(Ok), name, context, sink)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_dates_by_their_format() {
        for (code, expected) in [
            ("yyyy\\-mm\\-dd", true),
            ("d/m/yy h:mm", true),
            ("[$-409]mmmm d", true),
            ("0.00", false),
            ("#,##0 \"days\"", false),
            ("[Red]0", false),
            ("General", false),
        ] {
            assert_eq!(is_date_format(code), expected, "{code}");
        }
        for (days, is_1904, expected) in [
            (45_181.0, false, Some("2023-09-12")),
            (45_181.5, false, Some("2023-09-12T12:00:00")),
            (43_719.0, true, Some("2023-09-12")),
            (0.0, false, None),
            (1e300, false, None),
            (f64::NAN, false, None),
        ] {
            assert_eq!(date(days, is_1904).as_deref(), expected, "{days}");
        }
    }

    #[test]
    fn places_are_columns() {
        for (place, expected) in
            [("A1", Some(0)), ("Z9", Some(25)), ("AA10", Some(26)), ("xfd1", Some(16_383)), ("7", None)]
        {
            assert_eq!(column(place), expected, "{place}");
        }
    }
}
