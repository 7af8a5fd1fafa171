//! What an index covers: its span of dates, and a fingerprint of its articles.

use serde::Serialize;
use tantivy::DocId;
use xxhash_rust::xxh3::xxh3_128;

use super::renames::Renames;
use super::schema::docs_in_range;
use super::stored::StoredSegment;
use super::{Index, IndexError, packed};
use crate::model::Article;

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
    let searcher = index.reader()?.searcher();
    let mut span: Option<(i64, i64)> = None;
    for reader in searcher.segment_readers() {
        let columns = reader.fast_fields();
        let date = columns.column_opt::<i64>("date").map_err(|error| index.error(error))?;
        let Some(date) = date else { continue };
        for doc in (0..reader.max_doc()).filter(|doc| !reader.is_deleted(*doc)) {
            if let Some(seconds) = date.first(doc) {
                let (first, last) = span.unwrap_or((seconds, seconds));
                span = Some((first.min(seconds), last.max(seconds)));
            }
        }
    }
    Ok(Extent { first: span.and_then(|(first, _)| day(first)), last: span.and_then(|(_, last)| day(last)) })
}

/// A hash of the texts, facts and paths of all articles, in 32 hexadecimal digits. It is the same for two indexes of the
/// same articles, in whatever order and number of runs they were indexed. Reads what is stored of each article.
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
        let column = reader.fast_fields().column_opt::<u64>("article").map_err(|error| index.error(error))?;
        let stored = StoredSegment::open(reader, 1).map_err(|error| index.error(error))?;
        let Some(column) = column else { continue };
        let is_live = |doc: &DocId| !reader.is_deleted(*doc);
        for doc in docs_in_range(&column, 0..=u64::MAX, reader.max_doc()).into_iter().filter(is_live) {
            let article = stored.article(index.fields(), doc).map_err(|error| index.error(error))?;
            let article = article
                .ok_or_else(|| IndexError::damaged(index.path(), "an article cannot be read back".to_string()))?;
            let mut bytes = article.hash.to_le_bytes().to_vec();
            bytes.extend_from_slice(renames.shown(&article.path).as_bytes());
            bytes.push(0);
            // With a path that is shown under another name, what is packed must not have the one that is stored.
            bytes.extend_from_slice(&packed::article(&Article { path: String::new(), ..article }));
            sum = sum.wrapping_add(xxh3_128(&bytes));
        }
    }
    Ok(format!("{sum:032x}"))
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
