//! Samples that anybody can draw again: of all that matches, what has the smallest keys.
//!
//! A key is a hash of a seed and of what is sampled, as in bottom-k sampling (Cohen, Kaplan: Summarizing Data using
//! Bottom-k Sketches, 2007). It depends on the bytes of an article alone: a sample is the same on another machine, with
//! another number of threads, in a folder with another name, and in an index that grew over many runs. Of two samples with
//! one seed the smaller is part of the larger, and what is added to a folder takes the room of few.

use std::cmp::Ordering;
use std::collections::BinaryHeap;

use xxhash_rust::xxh3::xxh3_64;

/// The key of a unit of an article, such as a passage by its ordinal. `article_hash` is the hash of the article's bytes,
/// which its id is made of.
#[must_use]
pub(crate) fn key(seed: u64, article_hash: u64, unit: u64) -> u64 {
    // In one order of bytes, so that machines agree.
    let mut bytes = [0; 24];
    for (part, number) in bytes.chunks_exact_mut(8).zip([seed, article_hash, unit]) {
        part.copy_from_slice(&number.to_le_bytes());
    }
    xxh3_64(&bytes)
}

/// Keeps the items with the smallest keys.
pub(crate) struct Smallest<T> {
    size: usize,
    /// The largest key is at the top.
    heap: BinaryHeap<Keyed<T>>,
}

struct Keyed<T> {
    key: u64,
    /// Ordinal of the item among those that were offered.
    at: u64,
    item: T,
}

impl<T> Keyed<T> {
    fn rank(&self) -> (u64, u64) {
        (self.key, self.at)
    }
}

impl<T> PartialEq for Keyed<T> {
    fn eq(&self, other: &Self) -> bool {
        self.rank() == other.rank()
    }
}

impl<T> Eq for Keyed<T> {}

impl<T> Ord for Keyed<T> {
    fn cmp(&self, other: &Self) -> Ordering {
        self.rank().cmp(&other.rank())
    }
}

impl<T> PartialOrd for Keyed<T> {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl<T> Smallest<T> {
    /// Keeps at most `size` items.
    #[must_use]
    pub(crate) fn new(size: usize) -> Smallest<T> {
        Smallest { size, heap: BinaryHeap::new() }
    }

    /// Offers the next item: copies of an article have equal keys, and the first one offered is kept.
    pub(crate) fn offer(&mut self, key: u64, at: u64, item: T) {
        let offered = Keyed { key, at, item };
        if self.heap.len() < self.size {
            self.heap.push(offered);
        } else if let Some(mut largest) = self.heap.peek_mut()
            && offered < *largest
        {
            *largest = offered;
        }
    }

    /// The items that were kept, in the order in which they were offered.
    #[must_use]
    pub(crate) fn in_order(self) -> Vec<T> {
        let mut kept = self.heap.into_vec();
        kept.sort_unstable_by_key(|one| one.at);
        kept.into_iter().map(|one| one.item).collect()
    }
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::*;

    fn sample(size: usize, seed: u64, articles: impl Iterator<Item = u64>) -> Vec<u64> {
        let mut smallest = Smallest::new(size);
        for (at, article) in (0..).zip(articles) {
            smallest.offer(key(seed, article, 0), at, article);
        }
        smallest.in_order()
    }

    /// Published samples would change with the keys.
    #[test]
    fn keys_stay_what_they_are() {
        for (seed, article, unit, expected) in [
            (0, 0, 0, 8_376_124_999_220_038_186),
            (0, 0x0123_4567_89ab_cdef, 3, 12_171_673_256_976_322_830),
            (7, 0x0123_4567_89ab_cdef, 3, 8_548_042_303_808_972_313),
            (7, 3, 0x0123_4567_89ab_cdef, 5_912_086_842_554_526_681),
        ] {
            assert_eq!(key(seed, article, unit), expected, "{seed} {article} {unit}");
        }
    }

    #[test]
    fn a_sample_depends_on_seed_and_items_alone() {
        let forwards = sample(10, 1, 0..1_000);
        assert_eq!(forwards.len(), 10);
        assert!(forwards.is_sorted(), "in the order of what was offered");
        let mut backwards = sample(10, 1, (0..1_000).rev());
        backwards.reverse();
        assert_eq!(forwards, backwards);
        assert_ne!(forwards, sample(10, 2, 0..1_000));
        // A smaller one is part of it.
        let of_five: HashSet<u64> = sample(5, 1, 0..1_000).into_iter().collect();
        assert!(of_five.iter().all(|one| forwards.contains(one)));
        assert_eq!(sample(10, 1, 0..3), [0, 1, 2]);
        assert_eq!(sample(0, 1, 0..3), [0_u64; 0]);
    }

    #[test]
    fn all_items_are_equally_likely() {
        // Of 100 items, 10 are drawn by each of 1,000 seeds: 100 draws an item, with a standard deviation of 9.5.
        let mut drawn = [0; 100];
        for seed in 0..1_000 {
            sample(10, seed, 0..100).into_iter().for_each(|one| drawn[one as usize] += 1);
        }
        assert!(drawn.iter().all(|times| (55..145).contains(times)), "{drawn:?}");
    }

    #[test]
    fn the_first_of_equal_keys_is_kept() {
        let mut smallest = Smallest::new(1);
        smallest.offer(5, 0, "first");
        smallest.offer(5, 1, "second");
        assert_eq!(smallest.in_order(), ["first"]);
    }
}
