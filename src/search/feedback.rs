//! Feedback: the words of the best hits, searched along with those of the query.
//!
//! The relevance model of Lavrenko and Croft (Relevance-Based Language Models, 2001), mixed with the query as RM3 does
//! (Abdul-Jaleel and others: UMass at TREC 2004). Whoever asks at length describes a matter, and articles about it have
//! words of their own for it; a query of a few words means just these, and is rather led astray. So it is done for
//! prose, and where it is asked for. The words score, but match and mark nothing.

use std::collections::HashMap;

use super::local::collect::Candidate;
use super::local::forms::WordTest;
use super::local::plan::{Lowered, Weighted};
use super::local::score::{Statistics, TELLING};
use super::snapshot::Snapshot;
use crate::text::{Language, Words};

/// So many of the best articles are taken to be about the matter.
pub(super) const ARTICLES: usize = 10;

/// How steeply articles count less the lower they score: their scores to this power.
const STEEPNESS: f32 = 6.0;

/// So many of their words are searched, of so many looked at.
const MOST_WORDS: usize = 20;
const MOST_LOOKED_AT: usize = 50;

/// A word in more than this share of the passages is about nothing.
const COMMON: f64 = 0.1;

/// What these words weigh together, beside all those of the query.
const MIX: f32 = 0.8;

/// A word of the best hits: its share of their words, and that of each of its forms.
#[derive(Default)]
struct Shares {
    all: f64,
    forms: HashMap<String, f64>,
}

impl Snapshot {
    /// The words that the best hits of a query have in common, with their weights.
    pub(super) fn feedback(
        &self,
        lowered: &Lowered,
        statistics: &Statistics,
        best: &[Candidate],
    ) -> tantivy::Result<Vec<Weighted>> {
        let mut words: Vec<(String, f64)> = Vec::new();
        let all = self.num_passages() as f64;
        for shares in self.shares(best)?.into_iter().take(MOST_LOOKED_AT) {
            let commonest = shares.forms.into_iter().max_by(|a, b| a.1.total_cmp(&b.1).then_with(|| b.0.cmp(&a.0)));
            if let Some((form, _)) = commonest
                && words.len() < MOST_WORDS
                && self.passages_with(&form)? as f64 <= all * COMMON
            {
                words.push((form, shares.all));
            }
        }
        let query: f32 = (0..lowered.leaves.len())
            .filter(|&leaf| lowered.positive[leaf] && statistics.rarity(leaf) >= TELLING)
            .map(|leaf| lowered.leaves[leaf].boost)
            .sum();
        let sum: f64 = words.iter().map(|(_, share)| share).sum();
        Ok(words.into_iter().map(|(form, share)| (form, MIX * query * (share / sum) as f32)).collect())
    }

    /// The words of the best hits, forms of one stem counted together, the most frequent first.
    fn shares(&self, best: &[Candidate]) -> tantivy::Result<Vec<Shares>> {
        let weights: Vec<f32> = best.iter().map(|candidate| candidate.score.powf(STEEPNESS)).collect();
        let sum: f32 = weights.iter().sum();
        let mut counted: HashMap<String, Shares> = HashMap::new();
        for (candidate, weight) in best.iter().zip(weights) {
            let (article, passage) = self.passage(candidate.address, candidate.head)?;
            let language = article.facts.lang.as_deref().map(Language::from_code).unwrap_or_default();
            let text = format!("{} {}", article.facts.title.as_deref().unwrap_or_default(), passage.words());
            let mut words = Words::new(&text);
            let mut forms = Vec::new();
            while let Some(word) = words.next() {
                forms.push(word.form.to_string());
            }
            let share = f64::from(weight / sum) / forms.len().max(1) as f64;
            // Words of one or two letters are hardly ever names of things.
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

    /// In how many passages a word stands, in any of its forms.
    fn passages_with(&self, form: &str) -> tantivy::Result<u64> {
        match Words::new(form).next() {
            Some(word) => self.documents_with(&WordTest::stem(&word, &self.languages)),
            None => Ok(0),
        }
    }
}
