//! Merging: an index is written again as one segment, without what was deleted.

use super::sync::report::MIN_WRITER_BYTES;
use super::{Index, IndexError, WriteLock, guarded};

/// Merges all segments of `index` into one and drops what was deleted. Scores are then those of an index that was built
/// from nothing, as frequencies count deleted passages until a merge drops them. Nothing changes for a reader meanwhile;
/// takes as much disk space again as the index has.
///
/// # Errors
///
/// Any error of reading or writing the index.
pub fn merge(index: &Index, lock: &WriteLock) -> Result<(), IndexError> {
    guarded(index.path(), || {
        let (payload, searcher) = index.snapshot()?;
        let segments = searcher.segment_readers();
        if segments.len() < 2 && segments.iter().all(|segment| segment.num_deleted_docs() == 0) {
            return Ok(());
        }
        let ids: Vec<_> = segments.iter().map(tantivy::SegmentReader::segment_id).collect();
        let mut writer = index.tantivy_writer(1, MIN_WRITER_BYTES, false, lock)?;
        writer.set_merge_policy(Box::new(tantivy::indexer::NoMergePolicy));
        let merged = writer.merge(&ids).wait().and_then(|_| writer.garbage_collect_files().wait());
        merged.map_err(|error| index.disk_error(index.error(error), payload.totals.bytes))?;
        writer.wait_merging_threads().map_err(|error| index.error(error))
    })
}
