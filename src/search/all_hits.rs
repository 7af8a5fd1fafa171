//! All hits of a query, in batches.
//!
//! Hits come in the order of a ranking, which is not that of the index: if each batch were read by itself, every block of
//! the store would be unpacked again for a few hits of each. So the hits of a window of many batches are read together,
//! and held packed, in bounded memory.

use std::collections::HashMap;
use std::ops::ControlFlow;
use std::time::{Duration, Instant};

use super::Articles;
use super::budget::Budget;
use super::local::collect::Candidate;
use super::local::plan::Plan;
use super::local::ranking::{Ranking, Representatives, SeenArticles};
use super::local::run::Run;
use super::results::{Counts, Facets, Hit, WordOfFeedback};
use super::sample::{self, Smallest};
use super::snapshot::Snapshot;
use crate::query::Note;

/// The length of the texts of a window, about. What is held of a hit besides its text takes half as much again.
const WINDOW_BYTES: usize = 4 << 20;

/// How much larger a window may be than the one before. The first is small: its hits come soon, and little is read in vain for
/// a taker that wants few.
const GROWTH: usize = 4;

/// A window that takes longer to read is not followed by a larger one.
const WINDOW_TIME: Duration = Duration::from_millis(500);

/// Hits that are read together, in batches.
#[derive(Default)]
struct Window {
    candidates: Vec<Candidate>,
    /// The ends of the batches that are whole.
    ends: Vec<usize>,
}

impl Window {
    /// Number of hits of the batch that is not whole yet.
    fn unfinished(&self) -> usize {
        self.candidates.len() - self.ends.last().copied().unwrap_or(0)
    }

    fn end_batch(&mut self) {
        self.ends.push(self.candidates.len());
    }
}

/// The number of hits of the next window, after one of `hits` hits with texts of `bytes` that was read in `time`.
fn next_window(hits: usize, bytes: usize, time: Duration) -> usize {
    let bytes_of_hit = bytes.div_ceil(hits.max(1)).max(1);
    let larger = if time > WINDOW_TIME { hits } else { hits.saturating_mul(GROWTH) };
    (WINDOW_BYTES / bytes_of_hit).min(larger).max(1)
}

/// Gives all hits of a ranking, or a sample of them, in batches.
pub(super) struct OfAll<'a> {
    pub(super) snapshot: &'a Snapshot,
    pub(super) run: &'a Run<'a>,
    pub(super) plan: &'a Plan,
    pub(super) budget: &'a Budget,
    pub(super) size: usize,
    pub(super) counts: Counts,
    pub(super) notes: &'a [Note],
    pub(super) words: &'a [WordOfFeedback],
    pub(super) facets: &'a [Facets],
    /// Rank of the last hit that was given.
    pub(super) rank: usize,
    /// Number of hits of a window.
    pub(super) window: usize,
}

impl OfAll<'_> {
    pub(super) fn give(
        &mut self,
        mut ranking: Ranking<'_>,
        take: &mut dyn FnMut(Found<'_>) -> ControlFlow<()>,
    ) -> tantivy::Result<()> {
        let options = self.run.options;
        let mut representatives = Representatives::default();
        let mut next_hit = |ranking: &mut Ranking<'_>| -> tantivy::Result<Option<Candidate>> {
            while let Some(candidate) = ranking.take_next()? {
                if representatives.is_one(self.run.groups, &candidate) {
                    return Ok(Some(candidate));
                }
            }
            Ok(None)
        };
        let mut window = Window::default();
        let mut seen = SeenArticles::default();
        let mut is_over = false;
        if let Some((size, seed)) = options.sample {
            let mut smallest = Smallest::new(size);
            let mut at = 0;
            while let Some(candidate) = next_hit(&mut ranking)? {
                let hash = self.snapshot.article_hash(candidate.address.segment_ord, candidate.first_doc)?;
                let unit = u64::from(candidate.address.doc_id - candidate.first_doc);
                smallest.offer(sample::key(seed, hash, unit), at, candidate);
                at += 1;
            }
            self.budget.begin_reading();
            let mut drawn = smallest.in_order();
            match options.articles {
                Articles::Apart => {}
                Articles::Once => drawn.retain(|candidate| seen.insert(candidate)),
                // By the first of each article.
                Articles::Together => {
                    let mut first = HashMap::new();
                    for (i, candidate) in drawn.iter().enumerate() {
                        first.entry((candidate.address.segment_ord, candidate.first_doc)).or_insert(i);
                    }
                    drawn.sort_by_key(|one| (first[&(one.address.segment_ord, one.first_doc)], one.address.doc_id));
                }
            }
            let size = if options.articles == Articles::Together { usize::MAX } else { self.size.max(1) };
            for candidates in drawn.chunks(size) {
                window.candidates.extend_from_slice(candidates);
                window.end_batch();
                if self.give_if_full(&mut window, take)?.is_break() {
                    return Ok(());
                }
            }
            is_over = true;
        }
        self.budget.begin_reading();
        while !is_over {
            match next_hit(&mut ranking)? {
                None => is_over = true,
                Some(candidate) => match options.articles {
                    Articles::Apart => window.candidates.push(candidate),
                    Articles::Once if !seen.insert(&candidate) => {}
                    Articles::Once => window.candidates.push(candidate),
                    Articles::Together if !seen.insert(&candidate) => {}
                    Articles::Together => ranking.of_article(&candidate, &mut window.candidates),
                },
            }
            if window.unfinished() >= self.size {
                window.end_batch();
                if self.give_if_full(&mut window, take)?.is_break() {
                    return Ok(());
                }
            }
        }
        // A batch without hits says that there are none, or that the time was up while more were sought.
        let is_told = window.unfinished() == 0 && !window.ends.is_empty();
        if window.unfinished() > 0 || !is_told && (self.rank == 0 || self.budget.is_spent()) {
            window.end_batch();
        }
        if !window.ends.is_empty() {
            let _ = self.give_window(&mut window, take)?;
        }
        Ok(())
    }

    fn give_if_full(
        &mut self,
        window: &mut Window,
        take: &mut dyn FnMut(Found<'_>) -> ControlFlow<()>,
    ) -> tantivy::Result<ControlFlow<()>> {
        if window.candidates.len() < self.window {
            Ok(ControlFlow::Continue(()))
        } else {
            self.give_window(window, take)
        }
    }

    /// Reads the hits of a window and gives its batches. Breaks if the taker does, or if the budget was spent while texts
    /// were read.
    fn give_window(
        &mut self,
        window: &mut Window,
        take: &mut dyn FnMut(Found<'_>) -> ControlFlow<()>,
    ) -> tantivy::Result<ControlFlow<()>> {
        if self.rank > 0 {
            self.budget.renew();
        }
        let Run { segments, lowered, options, .. } = *self.run;
        let Window { candidates, ends } = std::mem::take(window);
        let started = Instant::now();
        let packed = self.snapshot.packed_hits(segments, lowered, self.plan, options, candidates)?;
        self.window = next_window(packed.candidates().len(), packed.bytes(), started.elapsed());
        let mut start = 0;
        for end in ends {
            if start > 0 {
                self.budget.renew();
            }
            let mut hits = self.snapshot.unpacked_hits(&packed, start..end, options)?;
            if options.explain {
                self.run.explain(self.plan, &packed.candidates()[start..end], &mut hits)?;
            }
            start = end;
            // Asked before the batch is given, so that the last batch says why it is the last.
            let is_spent = self.budget.ask();
            for hit in &mut hits {
                self.rank += 1;
                hit.rank = self.rank;
            }
            let taken =
                take(Found { hits, counts: self.counts, notes: self.notes, feedback: self.words, facets: self.facets });
            if is_spent || taken.is_break() {
                return Ok(ControlFlow::Break(()));
            }
        }
        Ok(ControlFlow::Continue(()))
    }
}

/// A batch of what a run of a query found.
pub(super) struct Found<'f> {
    pub(super) hits: Vec<Hit>,
    pub(super) counts: Counts,
    pub(super) notes: &'f [Note],
    pub(super) feedback: &'f [WordOfFeedback],
    pub(super) facets: &'f [Facets],
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn windows_grow_to_their_memory_and_no_further() {
        let soon = Duration::from_millis(1);
        for (hits, bytes, time, expected) in [
            (1, 800, soon, 4),
            (1_000, 800_000, soon, 4_000),
            (4_000, 3_200_000, soon, 5_242),
            (5_242, 5_242 * 800, soon, 5_242),
            // Long texts.
            (4_000, 4_000 << 15, soon, 128),
            (1, WINDOW_BYTES * 2, soon, 1),
            // A slow disk.
            (1_000, 800_000, WINDOW_TIME * 2, 1_000),
            (0, 0, soon, 1),
        ] {
            assert_eq!(next_window(hits, bytes, time), expected, "{hits} {bytes} {time:?}");
        }
    }
}
