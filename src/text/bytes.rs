//! Scans over the bytes of a text, written so that the compiler vectorises them: all texts go through them.

/// Runs of matching bytes are counted in a `u8`, a chunk of this many at a time, so the count cannot overflow.
const CHUNK_BYTES: usize = u8::MAX as usize;

/// Number of bytes that match `is_match`.
pub(crate) fn count(bytes: &[u8], is_match: impl Fn(u8) -> bool) -> usize {
    let count = |chunk: &[u8]| usize::from(chunk.iter().map(|&byte| u8::from(is_match(byte))).sum::<u8>());
    bytes.chunks(CHUNK_BYTES).map(count).sum()
}

/// Number of maximal runs of bytes that match `is_match`.
pub(crate) fn count_runs(bytes: &[u8], is_match: impl Fn(u8) -> bool) -> usize {
    let Some((&first, rest)) = bytes.split_first() else { return 0 };
    let mut count = usize::from(is_match(first));
    for (before, here) in bytes.chunks(CHUNK_BYTES).zip(rest.chunks(CHUNK_BYTES)) {
        let starts = before.iter().zip(here).map(|(&a, &b)| u8::from(is_match(b) & !is_match(a)));
        count += usize::from(starts.sum::<u8>());
    }
    count
}

/// The character at byte `at` of `text`, which is a character boundary before its end.
#[must_use]
pub(crate) fn char_at(text: &str, at: usize) -> char {
    text[at..].chars().next().expect("a boundary before the end of the text")
}
