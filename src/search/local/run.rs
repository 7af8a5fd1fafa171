//! A query run: the best passages of all segments, reprints shown once, neighbouring words weighed.

use std::collections::{BTreeSet, HashMap, HashSet};
use std::ops::Range;

use tantivy::{DocAddress, DocId};

use crate::index::reprints::Groups;
use crate::search::local::collect::{Best, Candidate, OrderColumns};
use crate::search::local::plan::{Lowered, Plan};
use crate::search::local::score::{self, Statistics};
use crate::search::local::segment::Segment;
use crate::search::local::segment::is_large;
use crate::search::local::{nearness, parallel};
use crate::search::results::Counts;
use crate::search::{Hit, SearchOptions, Sort};

/// So many of the best passages are looked at for the nearness of their words.
const RERANKED: usize = 300;

/// A query on its way through the segments.
pub(crate) struct Run<'a> {
    pub(crate) segments: &'a [Segment<'a>],
    pub(crate) statistics: &'a Statistics,
    pub(crate) lowered: &'a Lowered,
    pub(crate) options: &'a SearchOptions,
    /// Reprints, if they are to be shown once.
    pub(crate) groups: Option<&'a Groups>,
}

/// What was taken for hits already.
#[derive(Default)]
pub(crate) struct Shown {
    passages: HashSet<DocAddress>,
    /// The article that stands for each group.
    groups: HashMap<usize, u64>,
}

/// What the cores go through for `plan`: segments, by their ordinals, the large ones in slices.
pub(crate) fn slices(
    segments: &[Segment<'_>],
    lowered: &Lowered,
    plan: &Plan,
) -> tantivy::Result<Vec<(u32, Range<DocId>)>> {
    /// Slices for each core, so that none waits long for the last.
    const EACH: usize = 4;
    let all: u64 = segments.iter().map(|segment| u64::from(segment.blocks.max_doc)).sum();
    let cores = rayon::current_num_threads();
    if !is_large(segments, lowered) || cores < 2 {
        return Ok(segments.iter().zip(0..).map(|(segment, ordinal)| (ordinal, 0..segment.blocks.max_doc)).collect());
    }
    let longest = u32::try_from(all / (cores * EACH) as u64).unwrap_or(u32::MAX);
    let (mut out, mut asked) = (Vec::new(), Vec::new());
    for (segment, ordinal) in segments.iter().zip(0..) {
        let slices = segment.slices(longest);
        if slices.len() > 1 {
            asked.extend(plan.asked().into_iter().map(|asked| (segment, asked)));
        }
        out.extend(slices.into_iter().map(|within| (ordinal, within)));
    }
    // What holds for the whole of a segment is found once, not for each slice.
    parallel::each(&asked, true, |_, (segment, asked)| segment.prepare(asked))?;
    Ok(out)
}

impl Run<'_> {
    /// Leaves that score under a plan: those in it that are asked for.
    fn scoring(&self, plan: &Plan) -> Vec<usize> {
        fn collect(plan: &Plan, out: &mut BTreeSet<usize>) {
            match plan {
                Plan::Leaf(leaf) | Plan::AtLeast(_, leaf) => _ = out.insert(*leaf),
                Plan::And(plans) | Plan::Or(plans) | Plan::Within(_, plans) => {
                    plans.iter().for_each(|plan| collect(plan, out));
                }
                Plan::Not(plan) | Plan::Lift(plan) => collect(plan, out),
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

    /// The best `wanted` passages of a plan that are not shown already; of reprints, those of the best one.
    pub(crate) fn best(
        &self,
        plan: &Plan,
        wanted: usize,
        shown: &mut Shown,
        mut counts: Option<&mut Counts>,
    ) -> tantivy::Result<Vec<Candidate>> {
        /// Reprints that are left out make room for others; more than so many are asked for again.
        const SPARE: usize = 50;
        let scoring = self.scoring(plan);
        let sort =
            if scoring.is_empty() && self.options.sort == Sort::Relevance { Sort::Newest } else { self.options.sort };
        let words = if sort == Sort::Relevance { self.neighbours(&scoring) } else { Vec::new() };
        let mut kept = wanted.saturating_add(shown.passages.len());
        if words.len() > 1 {
            kept = kept.max(RERANKED);
        }
        if self.groups.is_some_and(|groups| !groups.is_empty()) {
            kept = kept.saturating_add(SPARE);
        }
        let slices = slices(self.segments, self.lowered, plan)?;
        loop {
            let of_slices = parallel::each(&slices, self.is_large(), |_, (ordinal, within)| {
                let segment = &self.segments[*ordinal as usize];
                let columns = OrderColumns::open(segment, sort)?;
                let mut best = Best::new(kept, self.options.per_article, sort);
                let mut counts = Counts::default();
                let unit = self.options.unit;
                segment.visit_within(plan, unit, self.statistics, &scoring, within.clone(), &mut |head, matches| {
                    counts.add(segment, matches);
                    Ok(best.add(*ordinal, &columns, head, matches)?)
                })?;
                Ok((best, counts))
            })?;
            let mut best = Best::new(kept, self.options.per_article, sort);
            for (of_slice, count) in of_slices {
                best.merge(of_slice);
                if let Some(counts) = counts.as_deref_mut() {
                    counts.merge(count);
                }
            }
            counts = None;
            let mut best = best.into_sorted();
            let all = best.len() < kept;
            if words.len() > 1 {
                self.add_nearness(&words, &mut best)?;
            }
            let mut groups = shown.groups.clone();
            best.retain(|candidate| {
                let group = self.groups.and_then(|groups| groups.of(candidate.order()));
                let stands =
                    group.is_none_or(|group| *groups.entry(group).or_insert(candidate.order()) == candidate.order());
                stands && !shown.passages.contains(&candidate.address)
            });
            if best.len() >= wanted || all {
                best.truncate(wanted);
                shown.passages.extend(best.iter().map(|candidate| candidate.address));
                shown.groups.extend(best.iter().filter_map(|candidate| {
                    let group = self.groups.and_then(|groups| groups.of(candidate.order()))?;
                    Some((group, candidate.order()))
                }));
                return Ok(best);
            }
            kept = kept.saturating_mul(4);
        }
    }

    /// Is there so much to read that all cores should?
    fn is_large(&self) -> bool {
        is_large(self.segments, self.lowered)
    }

    /// Tells what the scores of hits are made of.
    pub(crate) fn explain(&self, plan: &Plan, candidates: &[Candidate], hits: &mut [Hit]) -> tantivy::Result<()> {
        let scoring = self.scoring(plan);
        let words = self.neighbours(&scoring);
        for (candidate, hit) in candidates.iter().zip(hits) {
            let segment = &self.segments[candidate.address.segment_ord as usize];
            let doc = candidate.address.doc_id;
            let (passage, article) =
                segment.score_parts(plan, self.options.unit, self.statistics, &scoring, candidate.head, doc)?;
            for ((&leaf, passage), article) in scoring.iter().zip(passage).zip(article) {
                let typed = &self.lowered.leaves[leaf].typed;
                let parts = [(typed.clone(), passage), (format!("{typed} in the article"), article)];
                hit.parts.extend(parts.into_iter().filter(|(_, part)| *part > 0.0));
            }
            if words.len() > 1 && self.options.sort == Sort::Relevance {
                let near = nearness::bonuses(segment, &self.lowered.leaves, &words, self.statistics, &[doc])?;
                hit.parts.extend(near.into_iter().filter(|near| *near > 0.0).map(|near| ("nearness".into(), near)));
            }
        }
        Ok(())
    }

    /// The words whose nearness counts: single words of the text, in the order of the query.
    fn neighbours(&self, scoring: &[usize]) -> Vec<usize> {
        let is_word = |leaf: &usize| {
            let parts = &self.lowered.leaves[*leaf].parts;
            parts.len() > 1
                && !self.lowered.leaves[*leaf].fed_back
                && parts.iter().all(|(_, node)| node.is_word())
                && self.statistics.rarity(*leaf) >= score::TELLING
        };
        scoring.iter().copied().filter(is_word).collect()
    }

    /// Adds to the best of the candidates what the nearness of the query's words is worth, and orders them anew.
    fn add_nearness(&self, words: &[usize], candidates: &mut [Candidate]) -> tantivy::Result<()> {
        let most = RERANKED.min(candidates.len());
        let mut order: Vec<usize> = (0..most).collect();
        order.sort_by_key(|&i| candidates[i].address);
        let addresses: Vec<DocAddress> = candidates.iter().map(|candidate| candidate.address).collect();
        for group in order.chunk_by(|&a, &b| addresses[a].segment_ord == addresses[b].segment_ord) {
            let docs: Vec<u32> = group.iter().map(|&i| addresses[i].doc_id).collect();
            let segment = &self.segments[addresses[group[0]].segment_ord as usize];
            let bonuses = nearness::bonuses(segment, &self.lowered.leaves, words, self.statistics, &docs)?;
            for (&i, bonus) in group.iter().zip(bonuses) {
                candidates[i].add(bonus);
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

    /// Tests have too few articles for slices of their own accord.
    #[test]
    fn slices_find_what_the_segment_does() {
        let folder = tempfile::tempdir().expect("a folder");
        let index = Index::open_or_create(&folder.path().join("index")).expect("an index");
        let corpus = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("corpus");
        sync(&index, &[corpus], &SyncOptions::default()).expect("it is indexed");
        let snapshot = Snapshot::open(&index).expect("it is read");
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
            let statistics = snapshot.statistics(&segments, &prepared.lowered).expect("it is counted");
            for unit in [Scope::Passage, Scope::Section, Scope::Article] {
                for segment in &segments {
                    let found = |within: Range<DocId>| {
                        let mut out = Vec::new();
                        let plan = &prepared.lowered.plan;
                        let mut take = |head, matches: &[crate::search::local::docs::Match]| {
                            out.push((head, matches.iter().map(|one| one.doc).collect::<Vec<_>>()));
                            Ok(())
                        };
                        segment.visit_within(plan, unit, &statistics, &[], within, &mut take).expect("it is visited");
                        out
                    };
                    let all = found(0..segment.blocks.max_doc);
                    assert!(all.len() > 1, "{text}");
                    let count = |within| segment.count(&prepared.lowered.plan, unit, within).expect("it is counted");
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
