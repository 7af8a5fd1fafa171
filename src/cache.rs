//! A least-recently-used cache, bounded in bytes.

use std::borrow::Borrow;
use std::hash::Hash;
use std::sync::{Mutex, MutexGuard, PoisonError};

use lru::LruCache;

/// Values by key, shared between threads. If they exceed `max_bytes` together, the least recently used are evicted.
pub(crate) struct Cache<K, V> {
    entries: Mutex<Entries<K, V>>,
    max_bytes: usize,
}

struct Entries<K, V> {
    /// Values and their sizes in bytes.
    by_key: LruCache<K, (V, usize)>,
    bytes: usize,
}

impl<K: Hash + Eq, V: Clone> Cache<K, V> {
    /// An empty cache.
    pub(crate) fn new(max_bytes: usize) -> Cache<K, V> {
        Cache { entries: Mutex::new(Entries { by_key: LruCache::unbounded(), bytes: 0 }), max_bytes }
    }

    /// The value of a key.
    pub(crate) fn get<Q: Hash + Eq + ?Sized>(&self, key: &Q) -> Option<V>
    where
        K: Borrow<Q>,
    {
        self.entries().by_key.get(key).map(|(value, _)| value.clone())
    }

    /// Adds a value of this size, unless it is larger than the cache.
    pub(crate) fn put(&self, key: K, value: V, bytes: usize) {
        if bytes > self.max_bytes {
            return;
        }
        let mut entries = self.entries();
        if let Some((_, before)) = entries.by_key.put(key, (value, bytes)) {
            entries.bytes -= before;
        }
        entries.bytes += bytes;
        while entries.bytes > self.max_bytes {
            let Some((_, (_, evicted))) = entries.by_key.pop_lru() else { break };
            entries.bytes -= evicted;
        }
    }

    fn entries(&self) -> MutexGuard<'_, Entries<K, V>> {
        // A thread that panicked cannot have left it half changed.
        self.entries.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_used_least_recently_is_evicted() {
        let cache = Cache::new(40);
        (0..4).for_each(|key| cache.put(key, key, 10));
        assert_eq!(cache.get(&0), Some(0), "now it is the one used last");
        cache.put(4, 4, 15);
        cache.put(5, 5, 41);
        let held: Vec<i32> = (0..6).filter(|key| cache.get(key).is_some()).collect();
        assert_eq!(held, [0, 3, 4], "two made room for one of 15 bytes, and what is larger than all is not held");
        assert_eq!(cache.entries().bytes, 35);
        cache.put(3, 9, 20);
        assert_eq!(cache.get(&3), Some(9), "a new value replaces the old one");
        assert_eq!(cache.get(&0), None);
        assert_eq!(cache.entries().bytes, 35);
    }
}
