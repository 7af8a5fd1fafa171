//! Keywords: the words that set the articles of one query apart from others.

use serde::Serialize;

use super::AnalysisError;
use super::statistics::Contingency;
use crate::search::over_engine::Needed;
use crate::search::snapshot::Snapshot;
use crate::search::{Degraded, SearchError, SearchOptions, Searcher};

/// Options of keywords. Make them by [`KeywordOptions::default`], then change fields.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub struct KeywordOptions {
    /// The query whose articles are compared with; `None` for all other articles in the scope (what the filters keep).
    pub against: Option<String>,
    /// Maximum number of words.
    pub limit: usize,
    /// Fewest occurrences of a word.
    pub min_count: u64,
}

impl Default for KeywordOptions {
    fn default() -> Self {
        KeywordOptions { against: None, limit: 50, min_count: 5 }
    }
}

/// A word that sets a set apart.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[non_exhaustive]
pub struct Keyword {
    /// The word, lower-cased.
    pub word: String,
    /// Occurrences in the set, and articles of it that have it.
    pub count: u64,
    /// Articles of the set that have it.
    pub articles: u64,
    /// Deviation of proportions (Gries 2008): 0 for a word that all articles have in proportion to their lengths, near 1 for
    /// one that few have.
    pub dispersion: f64,
    /// Occurrences in what is compared with.
    pub reference_count: u64,
    /// Log-likelihood over two cells (Rayson, Garside 2000): how certain the difference is.
    pub log_likelihood: f64,
    /// Binary logarithm of the ratio of relative frequencies (Hardie 2014): how large it is.
    pub log_ratio: f64,
}

/// The words that set one set of articles apart from another.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[non_exhaustive]
pub struct Keywords {
    /// The words, the most certain first.
    pub words: Vec<Keyword>,
    /// Articles of the set, and words of their texts.
    pub articles: u64,
    /// Words of the texts of the set.
    pub set_words: u64,
    /// Articles that are compared with.
    pub reference_articles: u64,
    /// Words of their texts.
    pub reference_words: u64,
    /// Why it is not complete, if it is not.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub degraded: Option<Degraded>,
}

impl Searcher {
    /// The words that the articles of a query have more often than others. All texts of an article count.
    ///
    /// # Errors
    ///
    /// [`AnalysisError::Query`] names the query that cannot be run.
    pub fn keywords(
        &self,
        query: &str,
        keywords: &KeywordOptions,
        options: &SearchOptions,
    ) -> Result<Keywords, AnalysisError> {
        let searcher = self.pinned();
        if let Some(against) = &keywords.against {
            searcher.check_with(against, options).map_err(|error| AnalysisError::of(against, error))?;
        }
        searcher
            .reading(Needed::Scope, options, |snapshot, options| snapshot.keywords(query, keywords, options))
            .map_err(|error| AnalysisError::of(query, error))
    }
}

impl Snapshot {
    fn keywords(
        &self,
        query: &str,
        keywords: &KeywordOptions,
        options: &SearchOptions,
    ) -> Result<Keywords, SearchError> {
        let budget = options.budget();
        let lowered = self.lowered_or_all(Some(query), options)?;
        let against = self.lowered_or_all(keywords.against.as_deref(), options)?;
        let found = || -> tantivy::Result<Keywords> {
            let set = self.article_set(&lowered, options, &budget)?;
            let other = self.article_set(&against, options, &budget)?;
            let counts = self.all_words(&set, &budget)?;
            let mut words: Vec<(Box<str>, u64)> =
                counts.into_iter().filter(|(_, count)| *count >= keywords.min_count.max(1)).collect();
            words.sort_unstable();
            let names: Vec<Box<str>> = words.iter().map(|(word, _)| word.clone()).collect();
            let of_other = self.frequencies(&names, &other, None, &budget)?;
            // All articles of the scope hold the set, another query's articles are as they are.
            let is_whole = keywords.against.is_none();
            let reference_words = if is_whole { other.words.saturating_sub(set.words) } else { other.words };
            let mut all: Vec<(Contingency, Box<str>)> = words
                .into_iter()
                .zip(of_other)
                .map(|((word, in_set), reference)| {
                    let in_all = reference.occurrences;
                    let in_reference = if is_whole { in_all.saturating_sub(in_set) } else { in_all };
                    (Contingency { in_set, set: set.words, in_reference, reference: reference_words }, word)
                })
                .filter(|(counts, _)| counts.in_set as f64 > counts.expected())
                .collect();
            all.sort_by(|(a, first), (b, second)| b.keyness().total_cmp(&a.keyness()).then_with(|| first.cmp(second)));
            all.truncate(keywords.limit);
            let names: Vec<Box<str>> = all.iter().map(|(_, word)| word.clone()).collect();
            let totals: Vec<u64> = all.iter().map(|(counts, _)| counts.in_set).collect();
            let spread = self.frequencies(&names, &set, Some(&totals), &budget)?;
            let keyword = |((counts, word), spread): ((Contingency, Box<str>), super::frequency::Frequency)| Keyword {
                word: word.into(),
                count: counts.in_set,
                articles: spread.articles,
                dispersion: spread.deviation,
                reference_count: counts.in_reference,
                log_likelihood: counts.keyness(),
                log_ratio: counts.log_ratio(),
            };
            Ok(Keywords {
                words: all.into_iter().zip(spread).map(keyword).collect(),
                articles: set.articles,
                set_words: set.words,
                reference_articles: other.articles - if is_whole { set.articles } else { 0 },
                reference_words,
                degraded: budget.degraded(),
            })
        };
        Ok(found().map_err(|error| self.index_error(error))?)
    }
}
