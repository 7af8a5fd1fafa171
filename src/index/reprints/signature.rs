//! Sketches: 32 bytes by which two articles are compared without their texts.
//!
//! A text is the set of its runs of three words. Their hashes are dealt into 32 bins, of each bin the least is kept
//! (Broder: On the resemblance and containment of documents, 1997; Li, Owen, Zhang: One permutation hashing, 2012), an
//! empty bin takes another's (Shrivastava: Optimal densification, 2017), and of each hash one byte is stored (Li, König:
//! b-bit minwise hashing, 2010). The share of bytes in which two sketches agree estimates the share of runs that the
//! texts have in common.

use xxhash_rust::xxh3::xxh3_64;

/// Bins, and bytes of a sketch.
pub const BYTES: usize = 32;

/// Words of a run.
const RUN: usize = 3;

/// Texts of fewer words are compared as wholes: so little text is alike by accident.
pub const FEWEST_WORDS: usize = 30;

/// A sketch as the numbers it is stored as.
pub type Sketch = [u64; BYTES / 8];

/// The sketch of a text, given as the hashes of its folded words. Of a short text, `title` counts too.
#[must_use]
pub fn sketch(words: &[u64], title: &str) -> Sketch {
    if words.len() < FEWEST_WORDS {
        return whole(words, title);
    }
    let mut least = [u64::MAX; BYTES];
    for hash in words.windows(RUN).map(run) {
        // The high bits choose the bin, the others compete.
        let bin = &mut least[(hash >> (64 - BYTES.trailing_zeros())) as usize];
        *bin = (*bin).min(hash);
    }
    let filled = least;
    for (i, slot) in least.iter_mut().enumerate().filter(|(_, slot)| **slot == u64::MAX) {
        // Some bin is filled, and every bin is tried sooner or later.
        let mut tries = (0u64..).map(|attempt| filled[mix((i as u64) << 32 | attempt) as usize % BYTES]);
        *slot = tries.find(|&other| other != u64::MAX).unwrap_or_default();
    }
    let mut out = Sketch::default();
    for (i, slot) in least.iter().enumerate() {
        out[i / 8] |= (mix(*slot) & 0xff) << (i % 8 * 8);
    }
    out
}

/// The hash of a folded word.
#[must_use]
#[inline]
pub fn word(folded: &str) -> u64 {
    xxh3_64(folded.as_bytes())
}

/// The hash of words in a row.
#[must_use]
pub fn run(words: &[u64]) -> u64 {
    words.iter().fold(0, |hash: u64, word| mix(hash.rotate_left(21) ^ word))
}

/// A sketch that agrees with no other but that of the same text.
fn whole(words: &[u64], title: &str) -> Sketch {
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

/// The bytes of a sketch.
#[must_use]
pub fn bytes(sketch: &Sketch) -> [u8; BYTES] {
    let mut out = [0; BYTES];
    for (chunk, number) in out.chunks_exact_mut(8).zip(sketch) {
        chunk.copy_from_slice(&number.to_le_bytes());
    }
    out
}

/// How many bytes of two sketches differ.
#[must_use]
pub fn differ(a: &[u8; BYTES], b: &[u8; BYTES]) -> u8 {
    a.iter().zip(b).map(|(a, b)| u8::from(a != b)).sum()
}

/// The share of runs that two texts have in common, estimated: 0 to 1.
#[must_use]
pub fn resemblance(a: &[u8; BYTES], b: &[u8; BYTES]) -> f32 {
    let same = 1.0 - f32::from(differ(a, b)) / BYTES as f32;
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
    fn resemblance_is_the_share_of_runs() {
        for (shared, expected) in [(1000, 1.0), (800, 0.667), (500, 0.333), (0, 0.0)] {
            let a = bytes(&sketch(&text(0, 1000), ""));
            let b = bytes(&sketch(&text(1000 - shared, 1000), ""));
            let got = resemblance(&a, &b);
            assert!((got - expected).abs() < 0.2, "{shared} of 1000 words shared: {got}");
        }
    }

    #[test]
    fn short_texts_are_alike_only_as_wholes() {
        let (a, b) = (text(0, 20), text(0, 19));
        assert!(resemblance(&bytes(&sketch(&a, "x")), &bytes(&sketch(&a, "x"))) > 0.99);
        assert!(resemblance(&bytes(&sketch(&a, "x")), &bytes(&sketch(&b, "x"))) < 0.2);
        assert!(resemblance(&bytes(&sketch(&a, "x")), &bytes(&sketch(&a, "y"))) < 0.2);
    }
}
