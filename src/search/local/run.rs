//! Runs a query: the best passages of all segments, one article of each group of reprints, reranked by the nearness of
//! words and by feedback.

use std::collections::{BTreeSet, HashMap, HashSet};
use std::ops::Range;

use tantivy::{DocAddress, DocId, SegmentOrdinal};

use crate::index::reprints::Groups;
use crate::search::local::collect::{Best, Candidate, OrderColumns};
use crate::search::local::count::{CountedFacets, Tally};
use crate::search::local::docs::Match;
use crate::search::local::plan::{LoweredQuery, Plan};
use crate::search::local::promising::{Having, UnionOfWords, WorstScore};
use crate::search::local::ranking::{Ranking, Slice};
use crate::search::local::score::{self, Statistics};
use crate::search::local::segment::{Segment, is_large};
use crate::search::local::visit::Visit;
use crate::search::local::{nearness, parallel};
use crate::search::{Hit, SearchOptions, Sort};

/// Number of the best passages that are reranked by the nearness of their words and by feedback. Fewer in tests, where
/// fewer match.
pub(crate) const RERANKED: usize = if cfg!(test) { 12 } else { 300 };

/// A query, and the segments that it is run over.
pub(crate) struct Run<'a> {
    pub(crate) segments: &'a [Segment<'a>],
    pub(crate) statistics: &'a Statistics,
    pub(crate) lowered: &'a LoweredQuery,
    pub(crate) options: &'a SearchOptions,
    /// Groups of reprints; `None` if every reprint is shown by itself.
    pub(crate) groups: Option<&'a Groups>,
    /// The facets that are counted with the matches.
    pub(crate) facets: CountedFacets<'a>,
}

/// The plan of what is counted, by the options.
pub(crate) fn wanted_plan<'l>(lowered: &'l LoweredQuery, options: &SearchOptions) -> &'l Plan {
    lowered.relaxed.as_ref().filter(|_| options.any).unwrap_or(&lowered.plan)
}

/// Adds to the scores of the best candidates, best first, what their texts tell of others.
pub(crate) type Feedback<'f> = dyn FnMut(&mut [Candidate]) -> tantivy::Result<()> + 'f;

/// The matches that are visited: all passages, or one for each article.
#[derive(Clone, Copy)]
enum Visited {
    Passages,
    Articles,
}

/// Makes what a slice of a segment is collected in.
pub(crate) type NewCollected<'f, T> = dyn Fn(u32, &Segment<'_>) -> tantivy::Result<T> + Sync + 'f;

/// Adds the matches of one article, of which it is given the first document, to what is collected.
pub(crate) type AddMatches<'f, T> = dyn Fn(&mut T, &Segment<'_>, DocId, &[Match]) -> tantivy::Result<()> + Sync + 'f;

/// The hits of earlier lists.
#[derive(Default)]
pub(crate) struct Shown {
    passages: HashSet<DocAddress>,
    /// The article that represents each group, by [`Candidate::order`].
    groups: HashMap<usize, u64>,
}

/// The units of work for `plan`: ordinals of segments and ranges of documents, the large segments in several slices.
pub(crate) fn slices(
    segments: &[Segment<'_>],
    lowered: &LoweredQuery,
    plan: &Plan,
) -> tantivy::Result<Vec<(u32, Range<DocId>)>> {
    /// Slices for each core, so that none is idle for long at the end.
    const PER_CORE: usize = 8;
    let all: u64 = segments.iter().map(|segment| u64::from(segment.blocks.max_doc)).sum();
    let cores = rayon::current_num_threads();
    if !is_large(segments, lowered) || cores < 2 {
        return Ok(segments.iter().zip(0..).map(|(segment, ordinal)| (ordinal, 0..segment.blocks.max_doc)).collect());
    }
    let length = u32::try_from(all / (cores * PER_CORE) as u64).unwrap_or(u32::MAX);
    let (mut out, mut lookups) = (Vec::new(), Vec::new());
    for (segment, ordinal) in segments.iter().zip(0..) {
        let slices = segment.slices(length);
        if slices.len() > 1 {
            lookups.extend(plan.lookups().into_iter().map(|lookup| (segment, lookup)));
        }
        out.extend(slices.into_iter().map(|within| (ordinal, within)));
    }
    // Lookups are of a whole segment: made before, they are not made by each slice.
    parallel::each(&lookups, true, |_, (segment, lookup)| segment.prepare(lookup))?;
    Ok(out)
}

impl Shown {
    /// Drops the candidates that are shown already, and the reprints of what is shown or of a better candidate.
    fn retain_new(&self, groups: Option<&Groups>, candidates: &mut Vec<Candidate>) {
        let mut articles = self.groups.clone();
        candidates.retain(|candidate| {
            let article = candidate.order();
            let group = groups.and_then(|groups| groups.of(article));
            let represents = group.is_none_or(|group| *articles.entry(group).or_insert(article) == article);
            represents && !self.passages.contains(&candidate.address)
        });
    }

    fn add(&mut self, groups: Option<&Groups>, candidates: &[Candidate]) {
        for candidate in candidates {
            self.passages.insert(candidate.address);
            if let Some(group) = groups.and_then(|groups| groups.of(candidate.order())) {
                self.groups.insert(group, candidate.order());
            }
        }
    }
}

impl Run<'_> {
    /// The leaves of a plan that add to scores: those that are asked for, in fields that score.
    fn scoring(&self, plan: &Plan) -> Vec<usize> {
        fn collect(plan: &Plan, out: &mut BTreeSet<usize>) {
            match plan {
                Plan::Leaf(leaf) | Plan::AtLeast(_, leaf) => _ = out.insert(*leaf),
                Plan::And(plans) | Plan::Or(plans) | Plan::AllWithin(_, plans) => {
                    plans.iter().for_each(|plan| collect(plan, out));
                }
                Plan::Not(plan) | Plan::Should(plan) => collect(plan, out),
                _ => {}
            }
        }
        let mut leaves = BTreeSet::new();
        collect(plan, &mut leaves);
        let scores = |leaf: &usize| {
            self.lowered.positive[*leaf]
                && self.lowered.leaves[*leaf].parts.iter().any(|&(field, _)| score::scores(field))
        };
        leaves.into_iter().filter(scores).collect()
    }

    /// The order of hits that these leaves score: without a score, the newest are first.
    fn sort(&self, scoring: &[usize]) -> Sort {
        if scoring.is_empty() && self.options.sort == Sort::Relevance { Sort::Newest } else { self.options.sort }
    }

    /// All passages of a plan, ranked. Adds to `counts` all that matches. `together`: are the hits of articles to be read
    /// together?
    pub(crate) fn ranking<'r>(
        &'r self,
        plan: &'r Plan,
        together: bool,
        mut tally: Option<&mut Tally>,
        mut feedback: Option<&mut Feedback<'_>>,
    ) -> tantivy::Result<Ranking<'r>> {
        let scoring = self.scoring(plan);
        let sort = self.sort(&scoring);
        let slices = slices(self.segments, self.lowered, plan)?;
        let visited_leaves = scoring.clone();
        let visit = move |ordinal: SegmentOrdinal, within: Range<DocId>, take: &mut Visit<'_>| {
            let segment = &self.segments[ordinal as usize];
            let unit = self.lowered.unit(self.options.unit);
            segment.visit_within(plan, unit, self.statistics, &visited_leaves, within, take)
        };
        let kept = (sort, self.options.per_article, together);
        let of_slices = parallel::each(&slices, self.is_large(), |_, (ordinal, within)| {
            let segment = &self.segments[*ordinal as usize];
            let mut slice = Slice::open((*ordinal, segment), within.clone(), slices.len(), kept)?;
            let mut tally = self.tally(segment)?;
            let mut is_counted = false;
            slice.fill(&mut |slice| {
                visit(*ordinal, within.clone(), &mut |first_doc, matches| {
                    if !is_counted {
                        tally.add(segment, first_doc, matches)?;
                    }
                    slice.add(first_doc, matches);
                    Ok(())
                })?;
                is_counted = true;
                Ok(())
            })?;
            Ok((slice, tally))
        })?;
        let mut sorted = Vec::with_capacity(of_slices.len());
        for (slice, tally_of_slice) in of_slices {
            sorted.push(slice);
            if let Some(tally) = &mut tally {
                tally.merge(tally_of_slice);
            }
        }
        let visit_again = move |ordinal: SegmentOrdinal, within: Range<DocId>, take: &mut Visit<'_>| {
            // It may be long after the visits before, for a slow reader.
            self.segments[ordinal as usize].budget.renew();
            visit(ordinal, within, take)
        };
        let mut ranking = Ranking::of(sorted, Box::new(visit_again))?;
        let words = if sort == Sort::Relevance { self.neighbours(&scoring) } else { Vec::new() };
        if sort == Sort::Relevance && (words.len() > 1 || feedback.is_some()) {
            let mut best = Vec::with_capacity(RERANKED);
            while best.len() < RERANKED
                && let Some(candidate) = ranking.take_next()?
            {
                best.push(candidate);
            }
            if words.len() > 1 {
                self.add_nearness(&words, &mut best)?;
            }
            if let Some(feedback) = &mut feedback {
                feedback(&mut best)?;
            }
            // Scores only rose, so that these stay before the others.
            best.sort_by(|a, b| b.cmp(a));
            ranking.put_back(best);
        }
        Ok(ranking)
    }

    /// The best `wanted` passages of a plan that are not shown yet; of a group of reprints, those of the best article.
    /// Adds them to `shown`, and to `tally` all that matches.
    pub(crate) fn best(
        &self,
        plan: &Plan,
        wanted: usize,
        shown: &mut Shown,
        mut tally: Option<&mut Tally>,
        mut feedback: Option<&mut Feedback<'_>>,
    ) -> tantivy::Result<Vec<Candidate>> {
        /// Over-fetch: hits that are collected in place of reprints that are dropped. Few in tests, so that
        /// they run out.
        const SPARE: usize = if cfg!(test) { 1 } else { 50 };
        let scoring = self.scoring(plan);
        let sort = self.sort(&scoring);
        let words = if sort == Sort::Relevance { self.neighbours(&scoring) } else { Vec::new() };
        let mut limit = wanted.saturating_add(shown.passages.len());
        let is_reranked = sort == Sort::Relevance && (words.len() > 1 || feedback.is_some());
        if is_reranked {
            limit = limit.max(RERANKED);
        }
        if self.groups.is_some_and(|groups| !groups.is_empty()) {
            limit = limit.saturating_add(SPARE);
        }
        let slices = slices(self.segments, self.lowered, plan)?;
        let union = if sort == Sort::Relevance && tally.is_none() {
            UnionOfWords::of(plan, &self.lowered.leaves, &scoring)
        } else {
            None
        };
        loop {
            let (mut best, counted) = match &union {
                Some(union) => (self.collect_promising(union, &slices, limit)?, Tally::default()),
                // Once they are counted, they are not counted again.
                None => self.collect(plan, &slices, &scoring, (sort, limit), tally.is_some())?,
            };
            if let Some(tally) = tally.take() {
                tally.merge(counted);
            }
            let are_all = best.len() < limit;
            if is_reranked {
                // The same ones whatever the limit, so that pages fit together.
                let top = best.len().min(RERANKED);
                if words.len() > 1 {
                    self.add_nearness(&words, &mut best[..top])?;
                }
                if let Some(feedback) = &mut feedback {
                    feedback(&mut best[..top])?;
                }
                best.sort_by(|a, b| b.cmp(a));
            }
            shown.retain_new(self.groups, &mut best);
            if best.len() >= wanted || are_all {
                best.truncate(wanted);
                shown.add(self.groups, &best);
                return Ok(best);
            }
            limit = limit.saturating_mul(4);
        }
    }

    /// The best `limit` passages of a plan, best first, and if it `is_counted` the tally of all that matches.
    fn collect(
        &self,
        plan: &Plan,
        slices: &[(u32, Range<DocId>)],
        scoring: &[usize],
        (sort, limit): (Sort, usize),
        is_counted: bool,
    ) -> tantivy::Result<(Vec<Candidate>, Tally)> {
        let of_slices = parallel::each(slices, self.is_large(), |_, (ordinal, within)| {
            let segment = &self.segments[*ordinal as usize];
            let columns = OrderColumns::open(segment, sort)?;
            let mut best = Best::new(limit, self.options.per_article, sort);
            let mut tally = if is_counted { self.tally(segment)? } else { Tally::default() };
            let mut add = |first_doc, matches: &[Match]| {
                if is_counted {
                    tally.add(segment, first_doc, matches)?;
                }
                Ok(best.add(*ordinal, &columns, first_doc, matches)?)
            };
            segment.visit_within(
                plan,
                self.lowered.unit(self.options.unit),
                self.statistics,
                scoring,
                within.clone(),
                &mut add,
            )?;
            Ok((best, tally))
        })?;
        let mut best = Best::new(limit, self.options.per_article, sort);
        let mut tally = Tally::default();
        for (best_of_slice, tally_of_slice) in of_slices {
            best.merge(best_of_slice);
            tally.merge(tally_of_slice);
        }
        Ok((best.into_sorted(), tally))
    }

    /// Begins to count in a segment.
    fn tally(&self, segment: &Segment<'_>) -> tantivy::Result<Tally> {
        Tally::open(segment, self.facets)
    }

    /// As [`Run::collect`] by relevance, without counts: most articles are not visited.
    fn collect_promising(
        &self,
        union: &UnionOfWords,
        slices: &[(u32, Range<DocId>)],
        limit: usize,
    ) -> tantivy::Result<Vec<Candidate>> {
        let order: &[Having] =
            if union.can_begin_with_all(&self.lowered.leaves) { &[Having::All, Having::Some] } else { &[Having::Any] };
        let worst = WorstScore::default();
        let unit = self.lowered.unit(self.options.unit);
        let mut all = Best::new(limit, self.options.per_article, Sort::Relevance);
        for &having in order {
            let of_slices = parallel::each(slices, self.is_large(), |_, (ordinal, within)| {
                let segment = &self.segments[*ordinal as usize];
                let columns = OrderColumns::open(segment, Sort::Relevance)?;
                let mut best = Best::new(limit, self.options.per_article, Sort::Relevance);
                let mut add = |first_doc, matches: &[Match]| {
                    best.add(*ordinal, &columns, first_doc, matches)?;
                    best.worst_score().into_iter().for_each(|score| worst.raise(score));
                    Ok(())
                };
                let within = (within.clone(), having);
                segment.visit_promising(union, unit, self.statistics, within, &worst, &mut add)?;
                Ok(best)
            })?;
            of_slices.into_iter().for_each(|best| all.merge(best));
            all.worst_score().into_iter().for_each(|score| worst.raise(score));
        }
        Ok(all.into_sorted())
    }

    /// Counts the articles that match a plan; of passages and sections nothing is counted.
    pub(crate) fn count_articles(&self, plan: &Plan) -> tantivy::Result<Tally> {
        self.tally_of(plan, Visited::Articles)
    }

    /// Counts what matches a plan.
    pub(crate) fn count(&self, plan: &Plan) -> tantivy::Result<Tally> {
        self.tally_of(plan, Visited::Passages)
    }

    fn tally_of(&self, plan: &Plan, visited: Visited) -> tantivy::Result<Tally> {
        let new = |_, segment: &Segment<'_>| self.tally(segment);
        let add = |tally: &mut Tally, segment: &Segment<'_>, first_doc, matches: &[Match]| {
            Ok(tally.add(segment, first_doc, matches)?)
        };
        let mut tally = Tally::default();
        self.fold_slices(plan, visited, &new, &add)?.into_iter().for_each(|of_slice| tally.merge(of_slice));
        Ok(tally)
    }

    /// Visits all matches of a plan on all cores, a slice of a segment at a time. `new` makes what a slice is collected
    /// in, given the ordinal of the segment; `add` adds the matches of one article, of which it is given the first
    /// document. Slices are in the order of the index.
    pub(crate) fn fold<T: Send>(
        &self,
        plan: &Plan,
        new: &NewCollected<'_, T>,
        add: &AddMatches<'_, T>,
    ) -> tantivy::Result<Vec<T>> {
        self.fold_slices(plan, Visited::Passages, new, add)
    }

    /// As [`Run::fold`], with one match for each article, its first document.
    pub(crate) fn fold_by_article<T: Send>(
        &self,
        plan: &Plan,
        new: &NewCollected<'_, T>,
        add: &AddMatches<'_, T>,
    ) -> tantivy::Result<Vec<T>> {
        self.fold_slices(plan, Visited::Articles, new, add)
    }

    fn fold_slices<T: Send>(
        &self,
        plan: &Plan,
        visited: Visited,
        new: &NewCollected<'_, T>,
        add: &AddMatches<'_, T>,
    ) -> tantivy::Result<Vec<T>> {
        let slices = slices(self.segments, self.lowered, plan)?;
        parallel::each(&slices, self.is_large(), |_, (ordinal, within)| {
            let segment = &self.segments[*ordinal as usize];
            let mut collected = new(*ordinal, segment)?;
            let (unit, within) = (self.lowered.unit(self.options.unit), within.clone());
            let mut visit = |first_doc, matches: &[Match]| add(&mut collected, segment, first_doc, matches);
            match visited {
                Visited::Passages => segment.visit_within(plan, unit, self.statistics, &[], within, &mut visit)?,
                Visited::Articles => segment.visit_articles(plan, unit, self.statistics, within, &mut visit)?,
            }
            Ok(collected)
        })
    }

    /// Should all cores work on it?
    fn is_large(&self) -> bool {
        is_large(self.segments, self.lowered)
    }

    /// Adds to hits the parts of their scores.
    pub(crate) fn explain(&self, plan: &Plan, candidates: &[Candidate], hits: &mut [Hit]) -> tantivy::Result<()> {
        let scoring = self.scoring(plan);
        for (candidate, hit) in candidates.iter().zip(hits) {
            let segment = &self.segments[candidate.address.segment_ord as usize];
            let doc = candidate.address.doc_id;
            let parts = segment.score_parts(
                plan,
                self.lowered.unit(self.options.unit),
                self.statistics,
                &scoring,
                candidate.first_doc,
                doc,
            )?;
            for ((&leaf, passage), article) in scoring.iter().zip(parts.passage).zip(parts.article) {
                let typed = &self.lowered.leaves[leaf].typed;
                let parts = [(typed.clone(), passage), (format!("{typed} in the article"), article)];
                hit.parts.extend(parts.into_iter().filter(|(_, part)| *part > 0.0));
            }
            let others =
                [("coverage", parts.coverage), ("nearness", candidate.nearness), ("feedback", candidate.feedback)];
            hit.parts
                .extend(others.into_iter().filter(|(_, part)| *part > 0.0).map(|(name, part)| (name.into(), part)));
        }
        Ok(())
    }

    /// The words whose nearness counts: single words that are searched in the text and are rare enough, in the order of
    /// the query.
    fn neighbours(&self, scoring: &[usize]) -> Vec<usize> {
        let is_word = |leaf: &usize| {
            let parts = &self.lowered.leaves[*leaf].parts;
            parts.len() > 1
                && !self.lowered.leaves[*leaf].is_form
                && parts.iter().all(|(_, node)| node.is_word())
                && self.statistics.idf(*leaf) >= score::IDF_FLOOR
        };
        let sequence = self.lowered.sequence.iter().copied();
        sequence.filter(|leaf| scoring.binary_search(leaf).is_ok() && is_word(leaf)).collect()
    }

    /// Adds the bonus of nearness to the best of the candidates, and sorts them again.
    fn add_nearness(&self, words: &[usize], candidates: &mut [Candidate]) -> tantivy::Result<()> {
        let mut order: Vec<usize> = (0..candidates.len()).collect();
        order.sort_by_key(|&i| candidates[i].address);
        let addresses: Vec<DocAddress> = candidates.iter().map(|candidate| candidate.address).collect();
        for group in order.chunk_by(|&a, &b| addresses[a].segment_ord == addresses[b].segment_ord) {
            let docs: Vec<u32> = group.iter().map(|&i| addresses[i].doc_id).collect();
            let segment = &self.segments[addresses[group[0]].segment_ord as usize];
            let bonuses = nearness::bonuses(segment, &self.lowered.leaves, words, self.statistics, &docs)?;
            for (&i, bonus) in group.iter().zip(bonuses) {
                candidates[i].add_nearness(bonus);
            }
        }
        candidates.sort_by(|a, b| b.cmp(a));
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use std::path::PathBuf;

    use super::*;
    use crate::index::Index;
    use crate::index::sync::{SyncOptions, sync};
    use crate::search::budget::Budget;
    use crate::search::snapshot::Snapshot;
    use crate::vocabulary::Scope;

    /// Slices are made by hand, as the segments of tests are too small to be sliced by a search.
    #[test]
    fn slices_match_the_whole_segment() {
        let folder = tempfile::tempdir().expect("a folder");
        let index = Index::open_or_create(&folder.path().join("index")).expect("an index");
        let corpus = PathBuf::from("corpus");
        sync(&index, &[corpus], &SyncOptions::default()).expect("indexing succeeds");
        let snapshot = Snapshot::open(&[index], None).expect("the index opens");
        let budget = Budget::unlimited();
        let options = SearchOptions::default();
        for text in [
            "strike OR port",
            "the NOT port",
            "harbour the",
            "is:boilerplate",
            "title:the a",
            "title:/^.*o/ OR source:*",
            "atleast2(\"the port\")",
            "NOT date:*",
            "is:duplicate OR is:original",
            "words:>1",
            "the w/p of",
        ] {
            let prepared = snapshot.prepare(text, &options).expect("a query");
            let (segments, _) = snapshot.segments(&prepared.lowered, &budget).expect("segments");
            let statistics = snapshot.statistics(&segments, &prepared.lowered).expect("statistics");
            for unit in [Scope::Passage, Scope::Section, Scope::Article] {
                for segment in &segments {
                    let found = |within: Range<DocId>| {
                        let mut out = Vec::new();
                        let plan = &prepared.lowered.plan;
                        let mut take = |first_doc, matches: &[Match]| {
                            out.push((first_doc, matches.iter().map(|one| one.doc).collect::<Vec<_>>()));
                            Ok(())
                        };
                        segment.visit_within(plan, unit, &statistics, &[], within, &mut take).expect("a visit");
                        out
                    };
                    let all = found(0..segment.blocks.max_doc);
                    assert!(all.len() > 1, "{text}");
                    let count = |within| segment.count(&prepared.lowered.plan, unit, within).expect("a count");
                    let counted = count(0..segment.blocks.max_doc);
                    for documents in [1, 2, 3, 7, 50, DocId::MAX] {
                        let slices = segment.slices(documents);
                        assert_eq!(slices.last().map(|last| last.end), Some(segment.blocks.max_doc));
                        assert_eq!(slices.iter().cloned().map(count).sum::<u64>(), counted, "{text} by {documents}");
                        let parts: Vec<_> = slices.into_iter().flat_map(found).collect();
                        assert_eq!(parts, all, "{text} by {documents}");
                    }
                }
            }
        }
    }
}
