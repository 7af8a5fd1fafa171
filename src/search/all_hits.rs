//! All hits of a query, in batches.

use std::collections::HashMap;
use std::ops::ControlFlow;

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
        let mut batch = Vec::new();
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
                batch.extend_from_slice(candidates);
                if self.give_batch(&mut batch, take)?.is_break() {
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
                    Articles::Apart => batch.push(candidate),
                    Articles::Once if !seen.insert(&candidate) => {}
                    Articles::Once => batch.push(candidate),
                    Articles::Together if !seen.insert(&candidate) => {}
                    Articles::Together => ranking.of_article(&candidate, &mut batch)?,
                },
            }
            if batch.len() >= self.size && self.give_batch(&mut batch, take)?.is_break() {
                return Ok(());
            }
        }
        if !batch.is_empty() || self.rank == 0 {
            let _ = self.give_batch(&mut batch, take)?;
        }
        Ok(())
    }

    /// Gives a batch. Breaks if the taker does, or if the budget was spent while its texts were read.
    fn give_batch(
        &mut self,
        batch: &mut Vec<Candidate>,
        take: &mut dyn FnMut(Found<'_>) -> ControlFlow<()>,
    ) -> tantivy::Result<ControlFlow<()>> {
        if self.rank > 0 {
            self.budget.renew();
        }
        let Run { segments, lowered, options, .. } = *self.run;
        let mut hits = self.snapshot.hits(segments, lowered, self.plan, options, batch)?;
        if options.explain {
            self.run.explain(self.plan, batch, &mut hits)?;
        }
        batch.clear();
        // Asked before the batch is given, so that the last batch says why it is the last.
        let is_spent = self.budget.ask();
        for hit in &mut hits {
            self.rank += 1;
            hit.rank = self.rank;
        }
        let taken =
            take(Found { hits, counts: self.counts, notes: self.notes, feedback: self.words, facets: self.facets });
        Ok(if is_spent { ControlFlow::Break(()) } else { taken })
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
