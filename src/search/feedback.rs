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
use super::local::lower::lower_words;
use super::local::parallel;
use super::local::plan::{Leaf, LoweredQuery};
use super::local::score::{IDF_FLOOR, Statistics};
use super::local::segment::Segment;
use super::results::WordOfFeedback;
use super::snapshot::Snapshot;
use super::{Feedback, SearchOptions, Sort};
use crate::query::Query;
use crate::text::fold::fold;
use crate::text::{Language, Words};

/// Articles are weighted by their scores to this power.
const SCORE_EXPONENT: f32 = 6.0;

/// Number of the best articles that are taken to be relevant.
const ARTICLES: usize = 10;

/// Maximum number of their words that are searched, of candidates for them, and of the forms of each. Only forms that the
/// articles have are searched: all forms of a stem would be read from a large part of the dictionary.
const MAX_WORDS: usize = 20;
const MAX_CANDIDATES: usize = 32;
const MAX_FORMS: usize = 3;

/// Words in more than this share of the passages are too common.
const COMMON: f64 = 0.1;

/// Weight of all words of feedback beside all those of the query.
const MIX: f32 = 1.0;

/// The share of a word in the best articles, and its forms with the share of each.
type SharedForms = (f64, Vec<(String, f64)>);

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
    ) -> tantivy::Result<Vec<WordOfFeedback>> {
        let mut seen = HashSet::new();
        // Reprints say the same again.
        let story = |candidate: &Candidate| match self.groups.of(candidate.order()) {
            Some(group) => (true, group as u64),
            None => (false, candidate.order()),
        };
        let best: Vec<Candidate> =
            candidates.iter().filter(|one| seen.insert(story(one))).take(ARTICLES).cloned().collect();
        let candidates_of_words: Vec<(Vec<String>, f64)> = self.shares(&best)?;
        let forms = candidates_of_words.iter().map(|(forms, _)| forms.clone()).collect();
        let lowered_words = lower_words(forms, &self.languages);
        let (segments, _) = self.segments(&lowered_words, budget)?;
        let mut words: Vec<(usize, f64)> = (0..).zip(candidates_of_words.iter().map(|(_, share)| *share)).collect();
        let common = self.common(&segments, &lowered_words.leaves);
        words.retain(|(leaf, _)| !common[*leaf]);
        words.truncate(MAX_WORDS);
        let sum: f64 = words.iter().map(|(_, share)| share).sum();
        let weight_of_query = weight(lowered, statistics);
        let weighted: Vec<(usize, f32)> =
            words.into_iter().map(|(leaf, share)| (leaf, MIX * weight_of_query * (share / sum) as f32)).collect();
        let statistics = self.statistics(&segments, &lowered_words)?;
        let addresses: Vec<DocAddress> = candidates.iter().map(|candidate| candidate.address).collect();
        let mut order: Vec<usize> = (0..candidates.len()).collect();
        order.sort_by_key(|&i| addresses[i]);
        for of_segment in order.chunk_by(|&a, &b| addresses[a].segment_ord == addresses[b].segment_ord) {
            let docs: Vec<DocId> = of_segment.iter().map(|&i| addresses[i].doc_id).collect();
            let segment = &segments[addresses[of_segment[0]].segment_ord as usize];
            let scores = segment.scores_of(&statistics, &weighted, &docs)?;
            for (&i, score) in of_segment.iter().zip(scores) {
                candidates[i].add_feedback(score);
            }
        }
        let word =
            |(leaf, weight): (usize, f32)| WordOfFeedback { word: lowered_words.leaves[leaf].typed.clone(), weight };
        Ok(weighted.into_iter().map(word).collect())
    }

    /// Which of the words are in so many passages that they tell nothing? Of what an engine holds, in so many articles.
    fn common(&self, segments: &[Segment<'_>], leaves: &[Leaf]) -> Vec<bool> {
        let counts: Vec<u64> = match &self.foreign {
            Some(foreign) => {
                foreign.frequencies(leaves).into_iter().map(|of| of.into_iter().max().unwrap_or(0)).collect()
            }
            None => {
                let of =
                    |segment: &Segment<'_>, leaf| segment.frequencies(leaf).into_iter().flatten().max().unwrap_or(0);
                (0..leaves.len()).map(|leaf| segments.iter().map(|segment| of(segment, leaf)).sum()).collect()
            }
        };
        let most = self.num_documents() as f64 * COMMON;
        counts.into_iter().map(|count| count as f64 > most).collect()
    }

    /// The words of the best hits, the most frequent first: the commonest forms of each, folded, and its share of all.
    fn shares(&self, best: &[Candidate]) -> tantivy::Result<Vec<(Vec<String>, f64)>> {
        let weights: Vec<f32> = best.iter().map(|candidate| candidate.score.powf(SCORE_EXPONENT)).collect();
        let sum: f32 = weights.iter().sum();
        // Hits of a query without words have no score, and tell nothing of what is sought.
        if sum == 0.0 {
            return Ok(Vec::new());
        }
        let mut of_forms: HashMap<(Language, String), f64> = HashMap::new();
        let read = |_, candidate: &Candidate| self.passage(candidate.address, candidate.first_doc);
        let texts = parallel::each(best, true, read)?;
        for ((article, passage), weight) in texts.into_iter().zip(weights) {
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
                *of_forms.entry((language, form)).or_default() += share;
            }
        }
        // The forms of a stem are one word.
        let mut of_stems: HashMap<String, SharedForms> = HashMap::new();
        let mut of_forms: Vec<((Language, String), f64)> = of_forms.into_iter().collect();
        // In a fixed order, so that sums are rounded alike in every run.
        of_forms.sort_by(|((a, one), _), ((b, other), _)| one.cmp(other).then_with(|| a.code().cmp(b.code())));
        for ((language, form), share) in of_forms {
            let (all, forms) = of_stems.entry(language.stem(&form)).or_default();
            *all += share;
            forms.push((form, share));
        }
        let mut out: Vec<(String, SharedForms)> = of_stems.into_iter().collect();
        out.sort_by(|a, b| b.1.0.total_cmp(&a.1.0).then_with(|| a.0.cmp(&b.0)));
        let word = |(_, (all, mut forms)): (String, SharedForms)| {
            forms.sort_by(|a, b| b.1.total_cmp(&a.1).then_with(|| a.0.cmp(&b.0)));
            let mut folded: Vec<String> = forms.iter().map(|(form, _)| fold(form)).collect();
            folded.dedup();
            folded.truncate(MAX_FORMS);
            (folded, all)
        };
        Ok(out.into_iter().take(MAX_CANDIDATES).map(word).collect())
    }
}

/// The weight of all significant words of a query.
fn weight(lowered: &LoweredQuery, statistics: &Statistics) -> f32 {
    let is_significant = |leaf: &usize| lowered.positive[*leaf] && statistics.idf(*leaf) >= IDF_FLOOR;
    (0..lowered.leaves.len()).filter(is_significant).map(|leaf| lowered.leaves[leaf].boost).sum()
}
