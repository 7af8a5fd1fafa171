//! How readers yield their records.

use xxhash_rust::xxh3::xxh3_64;

use super::draft::Draft;
use crate::article::RawArticle;
use crate::article::date::date_in_path;
use crate::ingest::decode::TextMap;
use crate::ingest::{BadRecord, Record, SkipReason, Yielded};
use crate::model::PublishedFrom;

/// Yields the article that a whole file is. `name` is the file's, which may contain a date.
pub(super) fn yield_file(
    bytes: &[u8],
    raw: RawArticle,
    map: Option<TextMap>,
    name: &str,
    sink: &mut dyn FnMut(Yielded),
) {
    let raw = RawArticle { path_date: date_in_path(name, PublishedFrom::Path), ..raw };
    sink(Yielded::Article(Box::new(Record { id: None, raw, map, hash: xxh3_64(bytes) })));
}

/// Yields the drafts of a file; a single draft is the file.
pub(super) fn yield_drafts(drafts: Vec<Draft>, bytes: &[u8], name: &str, sink: &mut dyn FnMut(Yielded)) {
    yield_read(drafts.into_iter().map(Ok).collect(), bytes, name, sink);
}

/// Yields the records of a file, of which some could not be read; a single record is the file.
pub(super) fn yield_read(
    read: Vec<Result<Draft, SkipReason>>,
    bytes: &[u8],
    name: &str,
    sink: &mut dyn FnMut(Yielded),
) {
    let many = read.len() > 1;
    for (i, draft) in read.into_iter().enumerate() {
        let record = draft.and_then(|draft| {
            // The hash of a record must not depend on the other records of the file.
            let hash = if many { xxh3_64(format!("{draft:?}").as_bytes()) } else { xxh3_64(bytes) };
            draft.record(name, many.then_some(i + 1), hash)
        });
        yield_record(record, &format!("record {}", i + 1), sink);
    }
}

/// Yields a record, or why there is none at `position`.
pub(super) fn yield_record(record: Result<Record, SkipReason>, position: &str, sink: &mut dyn FnMut(Yielded)) {
    sink(match record {
        Ok(record) => Yielded::Article(Box::new(record)),
        Err(reason) => Yielded::Bad(BadRecord { position: position.to_string(), reason }),
    });
}
