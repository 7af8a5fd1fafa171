//! A cache of the terms and postings of prefixes, and of other words with many forms. A page asks for the hits of a prefix, then for
//! its facets: the second request finds both here.

use std::collections::VecDeque;
use std::sync::{Arc, Mutex, PoisonError};

use tantivy::index::SegmentId;
use tantivy::schema::Field;
use xxhash_rust::xxh3::xxh3_128;

use super::forms::WordTest;
use super::postings::{CachedPostings, WordTerm};

/// Largest sizes of the caches of terms and of postings, in bytes. Small in tests, so that entries are evicted.
const MOST_OF_TERMS: usize = if cfg!(test) { 4 << 10 } else { 8 << 20 };
const MOST_OF_POSTINGS: usize = if cfg!(test) { 4 << 10 } else { 64 << 20 };

/// The caches, for all segments.
#[derive(Default)]
pub(crate) struct Recent {
    terms: Mutex<Held<Vec<WordTerm>>>,
    postings: Mutex<Held<CachedPostings>>,
}

/// A least-recently-used cache, bounded in bytes. Keys are hashes of 128 bits.
struct Held<T> {
    /// The one that was used last is at the end.
    values: VecDeque<(u128, Arc<T>, usize)>,
    bytes: usize,
}

impl<T> Default for Held<T> {
    fn default() -> Held<T> {
        Held { values: VecDeque::new(), bytes: 0 }
    }
}

impl<T> Held<T> {
    fn get(&mut self, key: u128) -> Option<Arc<T>> {
        let at = self.values.iter().position(|(known, ..)| *known == key)?;
        let found = self.values.remove(at)?;
        let value = Arc::clone(&found.1);
        self.values.push_back(found);
        Some(value)
    }

    /// Adds a value of this size, and evicts the least recently used until all fit.
    fn put(&mut self, key: u128, value: Arc<T>, bytes: usize, most: usize) {
        if bytes > most || self.values.iter().any(|(known, ..)| *known == key) {
            return;
        }
        while self.bytes + bytes > most {
            let Some((.., oldest)) = self.values.pop_front() else { break };
            self.bytes -= oldest;
        }
        self.bytes += bytes;
        self.values.push_back((key, value, bytes));
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
        let found = self.terms.lock().unwrap_or_else(PoisonError::into_inner).get(key)?;
        Some(found.as_ref().clone())
    }

    /// Holds terms.
    pub(super) fn put_terms(&self, key: u128, terms: &[WordTerm]) {
        let bytes = terms.iter().map(|term| size_of::<WordTerm>() + term.folded.len()).sum();
        let terms = Arc::new(terms.to_vec());
        self.terms.lock().unwrap_or_else(PoisonError::into_inner).put(key, terms, bytes, MOST_OF_TERMS);
    }

    /// The postings of this name.
    pub(super) fn postings(&self, key: u128) -> Option<Arc<CachedPostings>> {
        self.postings.lock().unwrap_or_else(PoisonError::into_inner).get(key)
    }

    /// Holds postings.
    pub(super) fn put_postings(&self, key: u128, postings: &Arc<CachedPostings>) {
        let mut held = self.postings.lock().unwrap_or_else(PoisonError::into_inner);
        held.put(key, Arc::clone(postings), postings.bytes(), MOST_OF_POSTINGS);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_used_last_is_held() {
        let mut held = Held::default();
        for key in 0..4 {
            held.put(key, Arc::new(key), 10, 40);
        }
        assert_eq!(held.get(0).as_deref(), Some(&0), "now it is the last");
        held.put(0, Arc::new(9), 10, 40);
        held.put(4, Arc::new(4), 15, 40);
        held.put(5, Arc::new(5), 41, 40);
        let found: Vec<u128> = (0..6).filter(|key| held.get(*key).is_some()).collect();
        assert_eq!(found, [0, 3, 4], "two made room for one of 15 bytes, and what is larger than all is not held");
        assert_eq!(held.bytes, 35);
    }
}
