//! What an index covers: its span of dates, and a fingerprint of its articles.

use serde::Serialize;
use tantivy::DocId;

use super::{Index, IndexError};
use crate::index::schema::docs_in_range;

/// What the articles of an index cover.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct Extent {
    /// The first day of publication, ISO 8601; `None` if no article has a date.
    pub first: Option<String>,
    /// The last day of publication.
    pub last: Option<String>,
    /// A hash of the texts of all articles, in 32 hexadecimal digits. It is the same for two indexes of the same
    /// articles, in whatever order, folders and number of runs they were indexed.
    pub fingerprint: String,
}

/// What the articles of `index` cover. Reads two columns.
///
/// # Errors
///
/// Any error of reading the index.
pub fn extent(index: &Index) -> Result<Extent, IndexError> {
    let searcher = index.reader()?.searcher();
    let mut span: Option<(i64, i64)> = None;
    // Sums do not depend on the order of the articles.
    let mut sums = [0_u64; 2];
    for reader in searcher.segment_readers() {
        let columns = reader.fast_fields();
        let column = columns.column_opt::<u64>("article").map_err(|error| index.error(error))?;
        let date = columns.column_opt::<i64>("date").map_err(|error| index.error(error))?;
        let Some(column) = column else { continue };
        let is_live = |doc: &DocId| !reader.is_deleted(*doc);
        for doc in docs_in_range(&column, 0..=u64::MAX, reader.max_doc()).into_iter().filter(is_live) {
            let hash = column.first(doc).expect("the document was found by its value");
            sums[0] = sums[0].wrapping_add(mixed(hash));
            sums[1] = sums[1].wrapping_add(mixed(!hash));
            if let Some(seconds) = date.as_ref().and_then(|date| date.first(doc)) {
                let (first, last) = span.unwrap_or((seconds, seconds));
                span = Some((first.min(seconds), last.max(seconds)));
            }
        }
    }
    Ok(Extent {
        first: span.and_then(|(first, _)| day(first)),
        last: span.and_then(|(_, last)| day(last)),
        fingerprint: format!("{:016x}{:016x}", sums[0], sums[1]),
    })
}

/// The bits of a hash mixed once more (the finalizer of SplitMix64), so that sums of hashes do not cancel out.
fn mixed(hash: u64) -> u64 {
    let mut mixed = hash.wrapping_add(0x9e37_79b9_7f4a_7c15);
    mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    mixed ^ (mixed >> 31)
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
