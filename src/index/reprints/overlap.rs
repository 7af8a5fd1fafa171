//! Compares the texts of two articles word by word, which decides where their signatures do not.

use std::collections::HashMap;
use std::panic::{AssertUnwindSafe, catch_unwind};

use rayon::iter::ParallelIterator;
use rayon::slice::ParallelSlice;
use rustc_hash::{FxBuildHasher, FxHashSet};
use tantivy::DocAddress;

use crate::index::Fields;
use crate::index::readers::Readers;
use crate::index::reprints::signature;
use crate::index::stored::StoredSegment;
use crate::text::Words;

/// Number of words in a shingle. Two texts share the words of common shingles.
const SHINGLE_WORDS: usize = 3;

/// Number of shingles, of some 12 bytes each, above which the cache is cleared. An article near the limit is often
/// compared with several others.
const MAX_CACHED: usize = 4_000_000;

/// Number of words after which the rest of a text is ignored.
const MAX_WORDS: usize = 1_000_000;

/// Reads, caches and compares the texts of articles.
pub(crate) struct Texts<'a> {
    readers: &'a Readers,
    fields: &'a Fields,
    /// The stored articles of each segment; `None` for a damaged segment.
    stored: Vec<Option<StoredSegment>>,
    /// Texts by the first document of their article.
    cache: HashMap<DocAddress, Text>,
    cached_shingles: usize,
}

/// A text as its shingles, without repetitions.
#[derive(Default)]
struct Text {
    /// Number of words covered by the shingles.
    words: usize,
    /// Hashes of the shingles with the index of their first word, in the order of the text. Only the first occurrence
    /// of each.
    shingles: Vec<(u32, u32)>,
    /// The hashes, sorted.
    sorted: Vec<u32>,
}

impl<'a> Texts<'a> {
    pub(crate) fn new(readers: &'a Readers, fields: &'a Fields) -> Texts<'a> {
        const CACHED_BLOCKS: usize = 50;
        let open = |reader| StoredSegment::open(reader, CACHED_BLOCKS).ok();
        let stored = readers.segments().iter().map(open).collect();
        Texts { readers, fields, stored, cache: HashMap::new(), cached_shingles: 0 }
    }

    /// The share of the longer article's words that are in both, 0 to 1. Articles are given by their first documents.
    /// `None` if a text cannot be read.
    pub(crate) fn share(&mut self, a: DocAddress, b: DocAddress) -> Option<f32> {
        if self.cached_shingles > MAX_CACHED {
            self.cache.clear();
            self.cached_shingles = 0;
        }
        self.load(a)?;
        self.load(b)?;
        Some(self.cache.get(&a)?.shared_with(self.cache.get(&b)?))
    }

    /// Reads texts that will be needed, in the order in which they are stored, so that each block is decompressed once.
    pub(crate) fn prefetch(&mut self, mut articles: Vec<DocAddress>) {
        /// Articles that one thread reads.
        const AT_ONCE: usize = 50;
        articles.sort_unstable();
        articles.dedup();
        let read = |articles: &[DocAddress]| -> Vec<_> {
            articles.iter().map(|&article| (article, self.read_or_catch(article))).collect()
        };
        let texts: Vec<Vec<(DocAddress, Option<Text>)>> = articles.par_chunks(AT_ONCE).map(read).collect();
        texts.into_iter().flatten().for_each(|(article, text)| _ = self.insert(article, text));
    }

    fn load(&mut self, article: DocAddress) -> Option<()> {
        if self.cache.contains_key(&article) {
            return Some(());
        }
        let text = self.read_or_catch(article);
        self.insert(article, text)
    }

    /// Caches a text. If it could not be read, the segment is damaged and no other text of it is tried: for a damaged
    /// block tantivy may panic, or ask for gigabytes of memory. Reporting the damage is left to `check`.
    fn insert(&mut self, article: DocAddress, text: Option<Text>) -> Option<()> {
        if text.is_none() {
            self.stored[article.segment_ord as usize] = None;
        }
        let text = text?;
        self.cached_shingles += text.shingles.len();
        self.cache.insert(article, text);
        Some(())
    }

    fn read_or_catch(&self, article: DocAddress) -> Option<Text> {
        catch_unwind(AssertUnwindSafe(|| self.read(article))).ok().flatten()
    }

    fn read(&self, article: DocAddress) -> Option<Text> {
        let columns = self.readers.segments()[article.segment_ord as usize].fast_fields();
        let count = columns.column_opt::<u64>("article_len").ok()??.first(article.doc_id)?;
        let stored = self.stored[article.segment_ord as usize].as_ref()?;
        let mut hashes = Vec::new();
        for doc in (article.doc_id..).take(usize::try_from(count).ok()?) {
            let passage = stored.passage(self.fields, doc).ok()??;
            if passage.boilerplate.is_some() || hashes.len() >= MAX_WORDS {
                break;
            }
            let text = passage.words();
            let mut words = Words::new(&text);
            while let Some(word) = words.next() {
                hashes.push(signature::word_hash(word.folded));
            }
        }
        Some(Text::of(&hashes))
    }
}

impl Text {
    fn of(words: &[u64]) -> Text {
        let hashes = words.windows(SHINGLE_WORDS).map(|words| (signature::shingle_hash(words) >> 32) as u32);
        // A cheap hasher: the values are hashes already.
        let mut seen = FxHashSet::with_capacity_and_hasher(words.len(), FxBuildHasher);
        let mut shingles: Vec<(u32, u32)> = hashes.zip(0..).filter(|(hash, _)| seen.insert(*hash)).collect();
        shingles.shrink_to_fit();
        let mut sorted: Vec<u32> = shingles.iter().map(|(hash, _)| *hash).collect();
        sorted.sort_unstable();
        let mut text = Text { words: 0, shingles, sorted };
        text.words = text.covered_by(&text.sorted);
        text
    }

    fn shared_with(&self, other: &Text) -> f32 {
        let shared = self.covered_by(&other.sorted).min(other.covered_by(&self.sorted));
        shared as f32 / self.words.max(other.words).max(1) as f32
    }

    /// Number of words covered by the shingles with these hashes, which are sorted.
    fn covered_by(&self, hashes: &[u32]) -> usize {
        let (mut count, mut covered_to) = (0, 0);
        for &(_, at) in self.shingles.iter().filter(|(hash, _)| hashes.binary_search(hash).is_ok()) {
            let end = at as usize + SHINGLE_WORDS;
            count += end - covered_to.max(at as usize);
            covered_to = end;
        }
        count
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn share_counts_words_of_the_longer_text() {
        let text = |words: &str| Text::of(&words.split(' ').map(signature::word_hash).collect::<Vec<_>>());
        for (a, b, expected) in [
            ("a b c d e f g h i j", "a b c d e f g h i j", 1.0),
            ("a b c d e f g h i j", "a b c d e", 0.5),
            ("a b c d e f g h i j", "a b c x h i j", 0.6),
            ("a b c d e f g h i j", "a b x d e y g h z j", 0.0),
            // Repetitions in one text, and in both.
            ("a b c d a b c d a b c d", "a b c d e f g h i j k l", 1.0 / 3.0),
            ("a b c x a b c y a b c z", "a b c u a b c v a b c w", 0.25),
            ("a b", "a b", 0.0),
            ("a b", "", 0.0),
        ] {
            for (a, b) in [(a, b), (b, a)] {
                let got = text(a).shared_with(&text(b));
                assert!((got - expected).abs() < 1e-6, "{a} | {b}: {got}");
            }
        }
    }
}
