//! How much of their texts two articles share, word by word: what decides where sketches only estimate.

use std::collections::HashMap;
use std::panic::{AssertUnwindSafe, catch_unwind};

use rayon::iter::ParallelIterator;
use rayon::slice::ParallelSlice;
use rustc_hash::{FxBuildHasher, FxHashSet};
use tantivy::{DocAddress, Searcher};

use crate::index::Fields;
use crate::index::reprints::signature;
use crate::index::stored::StoredSegment;
use crate::text::Words;

/// Words of a run: what stands in both texts by so many words in a row is shared.
const RUN: usize = 3;

/// So many runs are kept, of some 12 bytes: an article near the limit is often compared with several.
const MOST_KEPT: usize = 4_000_000;

/// Of a text of more words the beginning is compared.
const MOST_WORDS: usize = 1_000_000;

/// Reads the texts of articles and compares them.
pub(crate) struct Texts<'a> {
    searcher: &'a Searcher,
    fields: &'a Fields,
    /// What is stored, a segment each.
    stored: Vec<Option<StoredSegment>>,
    kept: HashMap<DocAddress, Text>,
    kept_runs: usize,
}

/// A text as its runs. What it repeats counts once.
#[derive(Default)]
struct Text {
    /// Words that stand in a run.
    words: usize,
    /// Runs and the places of their first words, in the order of the text, each the first time it stands there.
    runs: Vec<(u32, u32)>,
    sorted: Vec<u32>,
}

impl<'a> Texts<'a> {
    pub(crate) fn new(searcher: &'a Searcher, fields: &'a Fields) -> Texts<'a> {
        const BLOCKS: usize = 50;
        let stored = searcher.segment_readers().iter().map(|reader| StoredSegment::open(reader, BLOCKS).ok()).collect();
        Texts { searcher, fields, stored, kept: HashMap::new(), kept_runs: 0 }
    }

    /// The share of the longer article's words that the other prints too, 0 to 1; the heads of both are given. `None`
    /// if a text cannot be read.
    pub(crate) fn share(&mut self, a: DocAddress, b: DocAddress) -> Option<f32> {
        if self.kept_runs > MOST_KEPT {
            self.kept.clear();
            self.kept_runs = 0;
        }
        self.keep(a)?;
        self.keep(b)?;
        Some(self.kept.get(&a)?.shared_with(self.kept.get(&b)?))
    }

    /// Reads texts that will be asked for, in the order in which they are stored: each block is unpacked once.
    pub(crate) fn read_ahead(&mut self, mut heads: Vec<DocAddress>) {
        /// Documents that one thread reads.
        const AT_ONCE: usize = 50;
        heads.sort_unstable();
        heads.dedup();
        let read = |heads: &[DocAddress]| heads.iter().map(|&head| (head, self.caught(head))).collect::<Vec<_>>();
        let texts: Vec<Vec<(DocAddress, Option<Text>)>> = heads.par_chunks(AT_ONCE).map(read).collect();
        texts.into_iter().flatten().for_each(|(head, text)| _ = self.take(head, text));
    }

    fn keep(&mut self, head: DocAddress) -> Option<()> {
        if self.kept.contains_key(&head) {
            return Some(());
        }
        let text = self.caught(head);
        self.take(head, text)
    }

    /// Keeps what was read. Of a damaged block tantivy may panic, or ask for gigabytes: no other of its segment is tried
    /// then. What an index is damaged in is for `check` to say.
    fn take(&mut self, head: DocAddress, text: Option<Text>) -> Option<()> {
        if text.is_none()
            && let Some(stored) = self.stored.get_mut(head.segment_ord as usize)
        {
            *stored = None;
        }
        let text = text?;
        self.kept_runs += text.runs.len();
        self.kept.insert(head, text);
        Some(())
    }

    fn caught(&self, head: DocAddress) -> Option<Text> {
        catch_unwind(AssertUnwindSafe(|| self.read(head))).ok().flatten()
    }

    fn read(&self, head: DocAddress) -> Option<Text> {
        let columns = self.searcher.segment_reader(head.segment_ord).fast_fields();
        let count = columns.column_opt::<u64>("article_len").ok()??.first(head.doc_id)?;
        let stored = self.stored.get(head.segment_ord as usize)?.as_ref()?;
        let mut words = Vec::new();
        for doc in (head.doc_id..).take(usize::try_from(count).ok()?) {
            let passage = stored.passage(self.fields, doc).ok()??;
            if passage.boilerplate.is_some() || words.len() >= MOST_WORDS {
                break;
            }
            let text = passage.words();
            let mut cut = Words::new(&text);
            while let Some(word) = cut.next() {
                words.push(signature::word(word.folded));
            }
        }
        Some(Text::of(&words))
    }
}

impl Text {
    fn of(words: &[u64]) -> Text {
        let runs = words.windows(RUN).map(|run| (signature::run(run) >> 32) as u32);
        // Hashes, which need no hashing.
        let mut seen = FxHashSet::with_capacity_and_hasher(words.len(), FxBuildHasher);
        let mut runs: Vec<(u32, u32)> = runs.zip(0..).filter(|(run, _)| seen.insert(*run)).collect();
        runs.shrink_to_fit();
        let mut sorted: Vec<u32> = runs.iter().map(|(run, _)| *run).collect();
        sorted.sort_unstable();
        let mut text = Text { words: 0, runs, sorted };
        text.words = text.covered(&text.sorted);
        text
    }

    fn shared_with(&self, other: &Text) -> f32 {
        let shared = self.covered(&other.sorted).min(other.covered(&self.sorted));
        shared as f32 / self.words.max(other.words).max(1) as f32
    }

    /// Words that stand in one of these runs.
    fn covered(&self, runs: &[u32]) -> usize {
        let (mut count, mut behind) = (0, 0);
        for &(_, at) in self.runs.iter().filter(|(run, _)| runs.binary_search(run).is_ok()) {
            let end = at as usize + RUN;
            count += end - behind.max(at as usize);
            behind = end;
        }
        count
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn share_is_of_the_longer_text() {
        let text = |words: &str| Text::of(&words.split(' ').map(signature::word).collect::<Vec<_>>());
        for (a, b, expected) in [
            ("a b c d e f g h i j", "a b c d e f g h i j", 1.0),
            ("a b c d e f g h i j", "a b c d e", 0.5),
            ("a b c d e f g h i j", "a b c x h i j", 0.6),
            ("a b c d e f g h i j", "a b x d e y g h z j", 0.0),
            // What one of them, or both, repeat.
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
