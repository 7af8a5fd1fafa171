//! MinHash signatures: 32 bytes by which two articles are compared without their texts.
//!
//! A text is the set of its shingles of three words. Their hashes are distributed over 32 bins, and the smallest of
//! each bin is kept (Broder: On the resemblance and containment of documents, 1997; Li, Owen, Zhang: One permutation
//! hashing, 2012). An empty bin takes the hash of another (Shrivastava: Optimal densification, 2017), and one byte of
//! each hash is stored (Li, König: b-bit minwise hashing, 2010). The share of bytes that are equal in two signatures
//! estimates the share of shingles that the texts have in common (their Jaccard similarity).

use xxhash_rust::xxh3::xxh3_64;

/// Number of bins, and of bytes in a signature.
pub const BYTES: usize = 32;

/// Number of words in a shingle.
const SHINGLE_WORDS: usize = 3;

/// Texts of fewer words are only compared for equality: such short texts are often similar by chance.
pub const MIN_WORDS: usize = 30;

/// A signature as the numbers it is stored as.
pub type Signature = [u64; BYTES / 8];

/// The signature of a text, given the hashes of its folded words. That of a short text depends on `title` too.
#[must_use]
pub fn signature(words: &[u64], title: &str) -> Signature {
    if words.len() < MIN_WORDS {
        return of_short_text(words, title);
    }
    let mut least = [u64::MAX; BYTES];
    for hash in words.windows(SHINGLE_WORDS).map(shingle_hash) {
        // The high bits select the bin, the others compete.
        let bin = &mut least[(hash >> (64 - BYTES.trailing_zeros())) as usize];
        *bin = (*bin).min(hash);
    }
    let filled = least;
    for (i, slot) in least.iter_mut().enumerate().filter(|(_, slot)| **slot == u64::MAX) {
        let mut tries = (0u64..).map(|attempt| filled[mix((i as u64) << 32 | attempt) as usize % BYTES]);
        *slot = tries.find(|&other| other != u64::MAX).expect("a text with shingles fills a bin, and all are tried");
    }
    let mut out = Signature::default();
    for (i, slot) in least.iter().enumerate() {
        out[i / 8] |= (mix(*slot) & 0xff) << (i % 8 * 8);
    }
    out
}

/// The hash of a folded word.
#[must_use]
#[inline]
pub fn word_hash(folded: &str) -> u64 {
    xxh3_64(folded.as_bytes())
}

/// The hash of consecutive words.
#[must_use]
pub fn shingle_hash(words: &[u64]) -> u64 {
    words.iter().fold(0, |hash: u64, word| mix(hash.rotate_left(21) ^ word))
}

/// A signature that is similar only to that of the same text with the same title.
fn of_short_text(words: &[u64], title: &str) -> Signature {
    let mut hash = xxh3_64(title.as_bytes());
    for word in words {
        hash = mix(hash.rotate_left(21) ^ word);
    }
    std::array::from_fn(|i| mix(hash.wrapping_add(i as u64)))
}

/// Mixes all bits (Stafford's variant 13 of the finalizer of MurmurHash3).
fn mix(mut z: u64) -> u64 {
    z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    z ^ (z >> 31)
}

/// The bytes of a signature.
#[must_use]
pub fn bytes(signature: &Signature) -> [u8; BYTES] {
    let mut out = [0; BYTES];
    for (chunk, number) in out.chunks_exact_mut(8).zip(signature) {
        chunk.copy_from_slice(&number.to_le_bytes());
    }
    out
}

/// Number of bytes in which two signatures differ.
#[must_use]
pub fn num_different(a: &[u8; BYTES], b: &[u8; BYTES]) -> u8 {
    a.iter().zip(b).map(|(a, b)| u8::from(a != b)).sum()
}

/// Estimates the share of shingles that two texts have in common, 0 to 1.
#[must_use]
pub fn resemblance(a: &[u8; BYTES], b: &[u8; BYTES]) -> f32 {
    let same = 1.0 - f32::from(num_different(a, b)) / BYTES as f32;
    // One byte in 256 agrees by chance.
    const CHANCE: f32 = 1.0 / 256.0;
    ((same - CHANCE) / (1.0 - CHANCE)).max(0.0)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn text(from: u64, count: u64) -> Vec<u64> {
        (from..from + count).map(|i| mix(i * 7)).collect()
    }

    #[test]
    fn resemblance_estimates_the_share_of_common_shingles() {
        for (shared, expected) in [(1000, 1.0), (800, 0.667), (500, 0.333), (0, 0.0)] {
            let a = bytes(&signature(&text(0, 1000), ""));
            let b = bytes(&signature(&text(1000 - shared, 1000), ""));
            let got = resemblance(&a, &b);
            assert!((got - expected).abs() < 0.2, "{shared} of 1000 words shared: {got}");
        }
    }

    #[test]
    fn short_texts_resemble_only_equal_texts() {
        let (a, b) = (text(0, 20), text(0, 19));
        assert!(resemblance(&bytes(&signature(&a, "x")), &bytes(&signature(&a, "x"))) > 0.99);
        assert!(resemblance(&bytes(&signature(&a, "x")), &bytes(&signature(&b, "x"))) < 0.2);
        assert!(resemblance(&bytes(&signature(&a, "x")), &bytes(&signature(&a, "y"))) < 0.2);
    }
}
