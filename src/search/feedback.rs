//! Pseudo-relevance feedback: hits rank higher with the words that the best hits have in common.
//!
//! The relevance model of Lavrenko and Croft (Relevance-Based Language Models, 2001), interpolated with the query as in
//! RM3 (Abdul-Jaleel and others: UMass at TREC 2004). The words score, but match and mark nothing, so only the best few
//! hundred passages are scored by them. Feedback is for words side by side: who writes operators, quotes or fields says
//! what is meant, and one word alone says too little of what its hits should have in common.

use std::collections::{HashMap, HashSet};

use tantivy::{DocAddress, DocId};

use super::budget::Budget;
use super::local::collect::Candidate;
use super::local::forms::WordTest;
use super::local::lower::lower_feedback;
use super::local::plan::{LoweredQuery, Weighted};
use super::local::score::{IDF_FLOOR, Statistics};
use super::snapshot::Snapshot;
use super::{Feedback, SearchOptions, Sort};
use crate::query::Query;
use crate::text::{Language, Words};

/// Articles are weighted by their scores to this power.
const SCORE_EXPONENT: f32 = 6.0;

/// Number of the best articles that are taken to be relevant.
const ARTICLES: usize = 10;

/// Maximum number of their words that are searched, and of candidates for them.
const MAX_WORDS: usize = 30;
const MAX_CANDIDATES: usize = 60;

/// Words in more than this share of the passages are too common.
const COMMON: f64 = 0.1;

/// Weight of all words of feedback beside all those of the query.
const MIX: f32 = 1.0;

/// A word of the best hits: its share of their words, and the share of each of its forms.
#[derive(Default)]
struct Shares {
    all: f64,
    forms: HashMap<String, f64>,
}

/// Is feedback for this query?
pub(super) fn is_for(query: &Query, lowered: &LoweredQuery, options: &SearchOptions) -> bool {
    let applies = match options.feedback {
        Feedback::Never => false,
        Feedback::Always => true,
        Feedback::Auto => query.is_plain() && lowered.relaxed.is_some() && !options.strict,
    };
    applies && options.sort == Sort::Relevance
}

impl Snapshot {
    /// Adds to the scores of candidates, best first, what the words of the best of them are worth. Returns the words.
    pub(super) fn add_feedback(
        &self,
        lowered: &LoweredQuery,
        statistics: &Statistics,
        budget: &Budget,
        candidates: &mut [Candidate],
    ) -> tantivy::Result<Vec<Weighted>> {
        let mut seen = HashSet::new();
        // Reprints say the same again.
        let story = |candidate: &Candidate| match self.groups.of(candidate.order()) {
            Some(group) => (true, group as u64),
            None => (false, candidate.order()),
        };
        let best: Vec<Candidate> =
            candidates.iter().filter(|one| seen.insert(story(one))).take(ARTICLES).cloned().collect();
        let words = self.feedback(lowered, statistics, &best)?;
        let lowered = lower_feedback(&words, &self.languages);
        let (segments, _) = self.segments(&lowered, budget)?;
        let statistics = self.statistics(&segments, &lowered)?;
        let leaves: Vec<usize> = (0..lowered.leaves.len()).collect();
        let addresses: Vec<DocAddress> = candidates.iter().map(|candidate| candidate.address).collect();
        let mut order: Vec<usize> = (0..candidates.len()).collect();
        order.sort_by_key(|&i| addresses[i]);
        for of_segment in order.chunk_by(|&a, &b| addresses[a].segment_ord == addresses[b].segment_ord) {
            let docs: Vec<DocId> = of_segment.iter().map(|&i| addresses[i].doc_id).collect();
            let segment = &segments[addresses[of_segment[0]].segment_ord as usize];
            let scores = segment.scores_of(&statistics, &leaves, &docs)?;
            for (&i, score) in of_segment.iter().zip(scores) {
                candidates[i].add_feedback(score);
            }
        }
        Ok(words)
    }

    /// The words of feedback of a query with these best hits, with their weights.
    fn feedback(
        &self,
        lowered: &LoweredQuery,
        statistics: &Statistics,
        best: &[Candidate],
    ) -> tantivy::Result<Vec<Weighted>> {
        let mut words: Vec<(String, f64)> = Vec::new();
        let all = self.num_passages() as f64;
        for shares in self.shares(best)?.into_iter().take(MAX_CANDIDATES) {
            let commonest = shares.forms.into_iter().max_by(|a, b| a.1.total_cmp(&b.1).then_with(|| b.0.cmp(&a.0)));
            if let Some((form, _)) = commonest
                && words.len() < MAX_WORDS
                && self.passages_with(&form)? as f64 <= all * COMMON
            {
                words.push((form, shares.all));
            }
        }
        let query: f32 = (0..lowered.leaves.len())
            .filter(|&leaf| lowered.positive[leaf] && statistics.idf(leaf) >= IDF_FLOOR)
            .map(|leaf| lowered.leaves[leaf].boost)
            .sum();
        let sum: f64 = words.iter().map(|(_, share)| share).sum();
        Ok(words.into_iter().map(|(form, share)| (form, MIX * query * (share / sum) as f32)).collect())
    }

    /// The words of the best hits, the most frequent first. The forms of a stem are one word.
    fn shares(&self, best: &[Candidate]) -> tantivy::Result<Vec<Shares>> {
        let weights: Vec<f32> = best.iter().map(|candidate| candidate.score.powf(SCORE_EXPONENT)).collect();
        let sum: f32 = weights.iter().sum();
        // Hits of a query without words have no score, and tell nothing of what is sought.
        if sum == 0.0 {
            return Ok(Vec::new());
        }
        let mut counted: HashMap<String, Shares> = HashMap::new();
        for (candidate, weight) in best.iter().zip(weights) {
            let (article, passage) = self.passage(candidate.address, candidate.first_doc)?;
            let language = article.facts.lang.as_deref().map_or(Language::UNKNOWN, Language::from_code);
            let text = format!("{} {}", article.facts.title.as_deref().unwrap_or(""), passage.words());
            let mut words = Words::new(&text);
            let mut forms = Vec::new();
            while let Some(word) = words.next() {
                forms.push(word.form.to_string());
            }
            let share = f64::from(weight / sum) / forms.len().max(1) as f64;
            // Words of one or two letters are hardly ever significant.
            for form in forms.into_iter().filter(|form| form.len() > 2) {
                let shares = counted.entry(language.stem(&form)).or_default();
                shares.all += share;
                *shares.forms.entry(form).or_default() += share;
            }
        }
        let mut out: Vec<(String, Shares)> = counted.into_iter().collect();
        out.sort_by(|a, b| b.1.all.total_cmp(&a.1.all).then_with(|| a.0.cmp(&b.0)));
        Ok(out.into_iter().map(|(_, shares)| shares).collect())
    }

    /// Number of passages with a word, in any of its forms.
    fn passages_with(&self, form: &str) -> tantivy::Result<u64> {
        match Words::new(form).next() {
            Some(word) => self.documents_with(&WordTest::stem(&word, &self.languages)),
            None => Ok(0),
        }
    }
}
