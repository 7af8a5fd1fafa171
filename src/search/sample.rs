//! Samples that anybody can draw again: of all that matches, what has the smallest keys.
//!
//! A key is a hash of a seed and of what is sampled, as in bottom-k sampling (Cohen, Kaplan: Summarizing Data using
//! Bottom-k Sketches, 2007). It depends on the bytes of an article alone: a sample is the same on another machine, with
//! another number of threads, in a folder with another name, and in an index that grew over many runs. Of two samples with
//! one seed the smaller is part of the larger, and what is added to a folder takes the room of few.

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
