//! A cache of the terms and postings of prefixes, and of other words with many forms. A page asks for the hits of a prefix, then for
//! its facets: the second request finds both here.

use std::sync::Arc;

use tantivy::index::SegmentId;
use tantivy::schema::Field;
use xxhash_rust::xxh3::xxh3_128;

use super::forms::WordTest;
use super::postings::{CachedPostings, WordTerm};
use crate::cache::Cache;

/// Largest sizes of the caches of terms and of postings, in bytes. Small in tests, so that entries are evicted.
const MAX_BYTES_OF_TERMS: usize = if cfg!(test) { 4 << 10 } else { 8 << 20 };
const MAX_BYTES_OF_POSTINGS: usize = if cfg!(test) { 4 << 10 } else { 64 << 20 };

/// The caches, for all segments. Keys are hashes of 128 bits.
pub(crate) struct Recent {
    terms: Cache<u128, Arc<Vec<WordTerm>>>,
    postings: Cache<u128, Arc<CachedPostings>>,
}

impl Default for Recent {
    fn default() -> Recent {
        Recent { terms: Cache::new(MAX_BYTES_OF_TERMS), postings: Cache::new(MAX_BYTES_OF_POSTINGS) }
    }
}

/// The name of the terms of a test in a field of a segment; `None` for tests that are looked up quickly.
pub(super) fn key_of_terms(segment: SegmentId, field: Field, test: &WordTest) -> Option<u128> {
    let WordTest::Prefix(prefix) = test else { return None };
    Some(xxh3_128(format!("{} {} {prefix:?}", segment.uuid_string(), field.field_id()).as_bytes()))
}

/// The name of the postings of some terms in a field of a segment.
pub(super) fn key_of_postings(segment: SegmentId, field: Field, terms: &[WordTerm]) -> u128 {
    let mut bytes = format!("{} {} ", segment.uuid_string(), field.field_id()).into_bytes();
    // Those of two terms begin at different places.
    terms.iter().for_each(|term| bytes.extend(term.info.postings_range.start.to_le_bytes()));
    xxh3_128(&bytes)
}

impl Recent {
    /// The terms of this name.
    pub(super) fn terms(&self, key: u128) -> Option<Vec<WordTerm>> {
        self.terms.get(&key).map(|found| found.as_ref().clone())
    }

    /// Holds terms.
    pub(super) fn put_terms(&self, key: u128, terms: &[WordTerm]) {
        let bytes = terms.iter().map(|term| size_of::<WordTerm>() + term.folded.len()).sum();
        self.terms.put(key, Arc::new(terms.to_vec()), bytes);
    }

    /// The postings of this name.
    pub(super) fn postings(&self, key: u128) -> Option<Arc<CachedPostings>> {
        self.postings.get(&key)
    }

    /// Holds postings.
    pub(super) fn put_postings(&self, key: u128, postings: &Arc<CachedPostings>) {
        self.postings.put(key, Arc::clone(postings), postings.bytes());
    }
}

#[cfg(test)]
mod tests {
    use std::path::PathBuf;

    use tantivy::{DocSet, TERMINATED};

    use super::*;
    use crate::index::Index;
    use crate::index::sync::{SyncOptions, sync};
    use crate::search::SearchOptions;
    use crate::search::budget::Budget;
    use crate::search::local::segment::Segment;
    use crate::search::snapshot::Snapshot;

    /// The key of the terms of the only word of a query in a part of it.
    fn key(segment: &Segment<'_>, part: usize) -> u128 {
        let leaf = &segment.leaves[0];
        let field = segment.fields.text(leaf.parts[part].0);
        key_of_terms(segment.reader.segment_id(), field, &leaf.words[0]).expect("a prefix")
    }

    /// Entries are replaced by empty ones, which the next query then finds.
    #[test]
    fn the_next_query_finds_what_the_one_before_read() {
        let folder = tempfile::tempdir().expect("a folder");
        let index = Index::open_or_create(&folder.path().join("index")).expect("an index");
        sync(&index, &[PathBuf::from("corpus")], &SyncOptions::default()).expect("indexing succeeds");
        let snapshot = Snapshot::open(&[index], None).expect("the index opens");
        let recent = &snapshot.recent;
        let prepared = snapshot.prepare("po*", &SearchOptions::default()).expect("a query");
        let budget = Budget::unlimited();
        let segments = || snapshot.segments(&prepared.lowered, &budget).expect("segments").0;
        let (mut replaced, mut found) = (0, 0);
        for segment in &segments() {
            for (part, (field, _)) in segment.leaves[0].parts.iter().enumerate() {
                let terms = recent.terms(key(segment, part)).expect("the query leaves its terms");
                segment.postings(0, part).expect("postings");
                let postings = key_of_postings(segment.reader.segment_id(), segment.fields.text(*field), &terms);
                if recent.postings(postings).is_some() {
                    recent.put_postings(postings, &Arc::default());
                    replaced += 1;
                }
            }
        }
        for segment in &segments() {
            for part in 0..segment.leaves[0].parts.len() {
                let postings = segment.postings(0, part).expect("postings");
                found += usize::from(postings.as_ref().is_some_and(|postings| postings.doc() == TERMINATED));
                recent.put_terms(key(segment, part), &[]);
            }
        }
        assert!(replaced > 0 && found == replaced, "{replaced} {found}");
        assert!(segments().iter().all(|segment| segment.is_absent(0)));
    }
}
