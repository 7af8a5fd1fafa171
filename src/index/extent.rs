//! What an index covers: its span of dates, and a fingerprint of its articles.

#[cfg(feature = "serve")]
use std::collections::BTreeSet;

use serde::Serialize;
use tantivy::SegmentReader;
use tantivy::columnar::StrColumn;
use xxhash_rust::xxh3::{xxh3_64, xxh3_128};

use super::record::path_of_term;
use super::renames::Renames;
use super::schema::{Column, docs_in_range};
use super::{Index, IndexError};
use crate::vocabulary::Number;

/// What the articles of an index cover.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct Extent {
    /// The first day of publication, ISO 8601; `None` if no article has a date.
    pub first: Option<String>,
    /// The last day of publication.
    pub last: Option<String>,
}

/// What the articles of `index` cover. Reads a column.
///
/// # Errors
///
/// Any error of reading the index.
pub fn extent(index: &Index) -> Result<Extent, IndexError> {
    of_segments(index.reader()?.searcher().segment_readers()).map_err(|error| index.error(error))
}

/// The times at which articles of `index` were added, in seconds since 1970, each once. Reads a column.
///
/// # Errors
///
/// Any error of reading the index.
#[cfg(feature = "serve")]
pub(crate) fn arrivals(index: &Index) -> Result<BTreeSet<i64>, IndexError> {
    let mut times = BTreeSet::new();
    for reader in index.reader()?.searcher().segment_readers() {
        let added = reader.fast_fields().column_opt::<i64>(Number::Added.name());
        let Some(added) = added.map_err(|error| index.error(error))? else { continue };
        let docs = (0..reader.max_doc()).filter(|doc| !reader.is_deleted(*doc));
        times.extend(docs.filter_map(|doc| added.first(doc)));
    }
    Ok(times)
}

/// What the articles of these segments cover.
pub(crate) fn of_segments(readers: &[SegmentReader]) -> tantivy::Result<Extent> {
    let mut span: Option<(i64, i64)> = None;
    for reader in readers {
        let Some(date) = reader.fast_fields().column_opt::<i64>("date")? else { continue };
        for doc in (0..reader.max_doc()).filter(|doc| !reader.is_deleted(*doc)) {
            if let Some(seconds) = date.first(doc) {
                let (first, last) = span.unwrap_or((seconds, seconds));
                span = Some((first.min(seconds), last.max(seconds)));
            }
        }
    }
    Ok(Extent { first: span.and_then(|(first, _)| day(first)), last: span.and_then(|(_, last)| day(last)) })
}

/// A hash of the bytes, paths, dates and main facts of all articles, in 32 hexadecimal digits. It is the same for two
/// indexes of the same articles, in whatever order and number of runs they were indexed. Reads columns.
///
/// # Errors
///
/// Any error of reading the index.
pub fn fingerprint(index: &Index) -> Result<String, IndexError> {
    let (payload, searcher) = index.snapshot()?;
    let renames = Renames::of(&payload.folders);
    // Sums do not depend on the order of the articles.
    let mut sum = 0_u128;
    for reader in searcher.segment_readers() {
        let of_segment = fingerprint_of_segment(reader, &renames).map_err(|error| index.error(error))?;
        sum = sum.wrapping_add(of_segment);
    }
    Ok(format!("{sum:032x}"))
}

/// The sum of the hashes of the articles of a segment.
pub(crate) fn fingerprint_of_segment(reader: &SegmentReader, renames: &Renames) -> tantivy::Result<u128> {
    let columns = reader.fast_fields();
    let Some(hashes) = columns.column_opt::<u64>("article")? else { return Ok(0) };
    let mut texts = Vec::new();
    for column in ARTICLE_COLUMNS {
        texts.extend(TextHashes::of(reader, column, renames)?);
    }
    let mut numbers = Vec::new();
    for number in [Number::Date, Number::Updated, Number::Words] {
        numbers.extend(columns.column_opt::<i64>(number.name())?);
    }
    let mut sum = 0_u128;
    let mut bytes = Vec::new();
    for doc in docs_in_range(&hashes, 0..=u64::MAX, reader.max_doc()) {
        if reader.is_deleted(doc) {
            continue;
        }
        bytes.clear();
        hashes.values_for_doc(doc).for_each(|hash| bytes.extend_from_slice(&hash.to_le_bytes()));
        for column in &texts {
            bytes.push(column.number);
            let values = column.values.term_ords(doc).filter_map(|ord| column.hashes.get(usize::try_from(ord).ok()?));
            values.for_each(|hash| bytes.extend_from_slice(&hash.to_le_bytes()));
        }
        for column in &numbers {
            bytes.extend_from_slice(&column.first(doc).unwrap_or(i64::MIN).to_le_bytes());
        }
        sum = sum.wrapping_add(xxh3_128(&bytes));
    }
    Ok(sum)
}

/// Columns with a value for an article.
const ARTICLE_COLUMNS: [Column; 6] =
    [Column::Path, Column::Title, Column::Source, Column::Desk, Column::Byline, Column::Lang];

/// A column of texts, with the hash of each of its values.
struct TextHashes {
    /// Which of [`ARTICLE_COLUMNS`] it is.
    number: u8,
    values: StrColumn,
    /// By the ordinals of the values.
    hashes: Vec<u64>,
}

impl TextHashes {
    /// The values of `column`; `None` if the segment has none.
    fn of(reader: &SegmentReader, column: Column, renames: &Renames) -> tantivy::Result<Option<TextHashes>> {
        let Some(values) = reader.fast_fields().str(column.name())? else { return Ok(None) };
        let mut hashes = Vec::with_capacity(values.num_terms());
        let mut terms = values.dictionary().stream()?;
        while terms.advance() {
            let text = String::from_utf8_lossy(terms.key());
            hashes.push(match column {
                Column::Path => xxh3_64(renames.shown(path_of_term(&text)).as_bytes()),
                _ => xxh3_64(text.as_bytes()),
            });
        }
        drop(terms);
        let number = ARTICLE_COLUMNS.iter().position(|&other| other.name() == column.name());
        let number = number.and_then(|number| u8::try_from(number).ok()).expect("there are six");
        Ok(Some(TextHashes { number, values, hashes }))
    }
}

/// The day of a time in seconds since 1970; `None` outside the years that dates have.
fn day(seconds: i64) -> Option<String> {
    let time = jiff::Timestamp::from_second(seconds).ok()?;
    Some(jiff::tz::Offset::UTC.to_datetime(time).date().to_string())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn days_are_iso() {
        for (seconds, expected) in [(0, Some("1970-01-01")), (-1, Some("1969-12-31")), (i64::MAX, None)] {
            assert_eq!(day(seconds).as_deref(), expected, "{seconds}");
        }
    }
}
