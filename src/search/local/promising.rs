//! Visits the articles that can be among the best hits of a union of words, and seeks past the others.
//!
//! MaxScore (Turtle, Flood: Query Evaluation: Strategies and Optimizations, 1995), over articles rather than documents: words
//! whose limits together are below the worst score that has a place are never the reason to visit an article. The
//! articles with all words are visited first, since their scores leave the fewest places to the others.

use std::ops::Range;
use std::sync::atomic::{AtomicU32, Ordering};

use tantivy::{DocId, TERMINATED};

use super::coverage::{Coverage, PASSAGE_COVERAGE, SECTION_COVERAGE, WordSet};
use super::docs::Docs;
use super::plan::{Leaf, Plan};
use super::score::Statistics;
use super::segment::Segment;
use super::visit::{ArticleMatches, Visit};
use crate::vocabulary::Scope;

/// Maximum number of words: each is asked about each article. Of longer queries most articles have some word of weight.
const MAX_WORDS: usize = 32;

/// Limits are sums that are rounded otherwise than scores.
const MARGIN: f32 = 1.0001;

/// The worst score that has a place among the best hits so far; 0 while there are places left. It only rises.
#[derive(Default)]
pub(super) struct WorstScore(AtomicU32);

impl WorstScore {
    fn get(&self) -> f32 {
        f32::from_bits(self.0.load(Ordering::Relaxed))
    }

    /// Raises it to a score, if that is higher.
    pub(super) fn raise(&self, score: f32) {
        // The bits of numbers that are not negative have the order of the numbers.
        self.0.fetch_max(score.max(0.0).to_bits(), Ordering::Relaxed);
    }
}

/// A plan whose hits are the passages with at least one of some words, in units with some facts.
pub(super) struct UnionOfWords {
    /// The leaves of the words, in rising order.
    leaves: Vec<usize>,
    /// What else is true of the unit of a hit.
    facts: Option<Plan>,
}

impl UnionOfWords {
    /// The plan as a union of words, if it is one, and all words score and nothing else does.
    pub(super) fn of(plan: &Plan, leaves: &[Leaf], scoring: &[usize]) -> Option<UnionOfWords> {
        fn collect(plan: &Plan, all: &[Leaf], out: &mut Vec<usize>) -> bool {
            match plan {
                Plan::Leaf(leaf) => {
                    out.push(*leaf);
                    all[*leaf].is_text()
                }
                Plan::Or(plans) => plans.iter().all(|plan| collect(plan, all, out)),
                _ => false,
            }
        }
        let (words, facts) = match plan {
            Plan::And(plans) => {
                let (words, facts): (Vec<_>, Vec<_>) =
                    plans.iter().partition(|plan| matches!(plan, Plan::Or(_) | Plan::Leaf(_)));
                let [words] = words.as_slice() else { return None };
                (*words, Some(Plan::And(facts.into_iter().cloned().collect())))
            }
            words => (words, None),
        };
        let mut found = Vec::new();
        if !collect(words, leaves, &mut found) {
            return None;
        }
        found.sort_unstable();
        found.dedup();
        // A fact that scores, or is searched in texts, is more than a filter.
        let is_filter = |plan: &Plan| !matches!(plan, Plan::Leaf(_) | Plan::AtLeast(..));
        let are_filters = facts.iter().flat_map(Plan::lookups).all(is_filter);
        (are_filters && found == scoring && (2..=MAX_WORDS).contains(&found.len()))
            .then_some(UnionOfWords { leaves: found, facts })
    }

    /// Are the articles with all words few and known by the words, so that they can be visited first?
    pub(super) fn can_begin_with_all(&self, leaves: &[Leaf]) -> bool {
        self.leaves.iter().all(|&leaf| !leaves[leaf].is_form)
    }
}

/// Which articles are visited.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Having {
    /// Those with all words.
    All,
    /// Those that lack a word.
    Some,
    /// Both.
    Any,
}

impl Having {
    /// Is an article with these of `all` words visited?
    fn accepts(self, words: WordSet, all: WordSet) -> bool {
        match self {
            Having::All => words == all,
            Having::Some => words != all,
            Having::Any => true,
        }
    }
}

/// What words add to a score at most.
struct Limits {
    of_words: Vec<f32>,
    coverage: Coverage,
}

impl Limits {
    /// The highest score of a passage of an article with these words.
    fn of(&self, words: WordSet) -> f32 {
        let (mut sum, mut has) = (0.0, 0);
        for (i, limit) in self.of_words.iter().enumerate().filter(|(i, _)| words >> i & 1 == 1) {
            sum += limit;
            has |= self.coverage.of_leaf(i);
        }
        MARGIN * (sum + (PASSAGE_COVERAGE + SECTION_COVERAGE) * self.coverage.worth(has))
    }
}

impl Segment<'_> {
    /// Visits the matching passages of articles in a slice of the segment, but not those of articles whose passages have
    /// lower scores than `worst`.
    ///
    /// # Errors
    ///
    /// The error of tantivy for a damaged segment, or that of `visit`.
    pub(super) fn visit_promising(
        &self,
        union: &UnionOfWords,
        unit: Scope,
        statistics: &Statistics,
        (within, having): (Range<DocId>, Having),
        worst: &WorstScore,
        visit: &mut Visit<'_>,
    ) -> tantivy::Result<()> {
        let leaves = &union.leaves;
        let mut article = ArticleMatches::open(self, leaves, statistics)?;
        let limits = Limits { of_words: article.limits(), coverage: Coverage::of(self, leaves, statistics) };
        let mut docs = leaves.iter().map(|&leaf| self.leaf_evidence(leaf)).collect::<tantivy::Result<Vec<Docs>>>()?;
        let all = (1 << leaves.len()) - 1;
        // The words by their limits. Those before `needed` are no reason to visit an article.
        let mut order: Vec<usize> = (0..leaves.len()).collect();
        order.sort_by(|&a, &b| limits.of_words[a].total_cmp(&limits.of_words[b]));
        let (mut needed, mut before_needed): (usize, WordSet) = (0, 0);
        let mut facts = union.facts.as_ref().map(|facts| self.units(facts, unit)).transpose()?;
        let mut boilerplate = if self.with_boilerplate { None } else { Some(self.boilerplate()?) };
        let mut passages = Vec::new();
        let mut meter = self.budget.meter();
        for docs in &mut docs {
            has_any(docs, within.start, within.end);
        }
        loop {
            let worst = worst.get();
            while needed < order.len() && limits.of(before_needed | 1 << order[needed]) < worst {
                before_needed |= 1 << order[needed];
                needed += 1;
            }
            // Those that lack the least may all be too low.
            let lacks_one = |word: &usize| limits.of(all & !(1 << word)) < worst;
            if having == Having::Some && order.iter().all(lacks_one) {
                break;
            }
            let nearest = order[needed..].iter().map(|&word| docs[word].doc());
            let doc = if having == Having::All { nearest.max() } else { nearest.min() }.unwrap_or(TERMINATED);
            if doc >= within.end || meter.is_spent() {
                break;
            }
            let article_doc = self.blocks.first_doc(doc, Scope::Article);
            let end = self.blocks.end(article_doc, Scope::Article).max(doc + 1);
            let mut words = before_needed;
            for &word in &order[needed..] {
                if has_any(&mut docs[word], article_doc, end) {
                    words |= 1 << word;
                }
            }
            // The words that are no reason to visit are sought only in articles that may have a place with them.
            for &word in order[..needed].iter().rev() {
                if limits.of(words) < worst {
                    break;
                }
                if !has_any(&mut docs[word], article_doc, end) {
                    words &= !(1 << word);
                }
            }
            if having.accepts(words, all)
                && limits.of(words) >= worst
                && facts.as_mut().is_none_or(|set| has_any(set, article_doc, end))
            {
                let with_words = docs.iter_mut().enumerate().filter(|(word, _)| words >> word & 1 == 1);
                take_before(end, with_words.map(|(_, docs)| docs), &mut passages);
                for &doc in &passages {
                    let (section_doc, unit_doc) =
                        (self.blocks.first_doc(doc, Scope::Section), self.blocks.first_doc(doc, unit));
                    let is_hidden = boilerplate.as_mut().is_some_and(|set| has_any(set, section_doc, section_doc + 1));
                    let has_facts = facts.as_mut().is_none_or(|set| has_any(set, unit_doc, unit_doc + 1));
                    if has_facts && !is_hidden && !self.reader.is_deleted(doc) {
                        article.add(doc, section_doc, article_doc);
                    }
                }
                article.finish(visit)?;
            }
            for &word in &order[needed..] {
                has_any(&mut docs[word], end, TERMINATED);
            }
        }
        Ok(())
    }
}

/// Moves sets to `end`, and puts the documents before it into `out`, in order.
fn take_before<'d>(end: DocId, sets: impl Iterator<Item = &'d mut Docs>, out: &mut Vec<DocId>) {
    out.clear();
    for set in sets {
        let mut doc = set.doc();
        while doc < end {
            out.push(doc);
            doc = set.advance();
        }
    }
    out.sort_unstable();
    out.dedup();
}

/// Has a set a document in a range? Ranges must come in rising order.
fn has_any(set: &mut Docs, from: DocId, end: DocId) -> bool {
    let doc = if set.doc() < from { set.seek(from) } else { set.doc() };
    doc < end
}
