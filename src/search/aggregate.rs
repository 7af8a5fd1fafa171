//! Counts and facets over what matches, without reading its texts.

use std::collections::{HashMap, HashSet};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use rayon::iter::{IndexedParallelIterator, IntoParallelIterator, ParallelIterator};

use super::budget::{Budget, Degraded};
use super::local::count::{CountedFacets, Tally};
use super::local::facet::{Counted, PairCounter, Wanted};
use super::local::facet_values::ValueCounter;
use super::local::lower::lower;
use super::local::plan::LoweredQuery;
use super::local::run::{Run, wanted_plan};
use super::local::segment::Segment;
use super::results::{Counts, CrossedCount, CrossedFacets, FacetCount, Facets, OtherValues};
use super::snapshot::Snapshot;
use super::{Filters, SearchError, SearchOptions};
use crate::index::IndexError;
use crate::query::Query;
use crate::text::fold::fold_value;
use crate::vocabulary::Facet;

/// A value for each of some facets, and the articles with these.
type Rows = Vec<(Vec<Option<String>>, u64)>;

/// Numbers of articles by the values of facets.
pub(crate) struct ArticlesBy {
    /// A value for each facet, and the articles with these.
    pub(crate) rows: Arc<Rows>,
    pub(crate) degraded: Option<Degraded>,
}

/// Counts over all that a commit holds, which stay as they are.
#[derive(Default)]
pub(crate) struct Whole {
    facets: Mutex<HashMap<WholeFacet, Facets>>,
    articles_by: Mutex<HashMap<Facet, Arc<Rows>>>,
}

/// A facet over everything: the facet, the beginning of its values, and the most that are listed.
type WholeFacet = (Facet, String, usize);

/// What is kept by a key. A panic of another thread leaves no entry incomplete: entries are inserted when they are complete.
fn kept<K, V>(all: &Mutex<HashMap<K, V>>) -> MutexGuard<'_, HashMap<K, V>> {
    all.lock().unwrap_or_else(PoisonError::into_inner)
}

impl Snapshot {
    /// Counts the passages, sections and articles that match.
    pub(crate) fn count(&self, text: &str, options: &SearchOptions) -> Result<Counts, SearchError> {
        let prepared = self.prepare(text, options)?;
        Ok(self.count_lowered(&prepared.lowered, options, &options.budget())?)
    }

    /// Counts what matches a parsed query.
    pub(super) fn count_query(
        &self,
        query: &Query,
        options: &SearchOptions,
        budget: &Budget,
    ) -> Result<Counts, IndexError> {
        let prepared = self.lowered(query.clone(), options)?;
        self.count_lowered(&prepared.lowered, options, budget)
    }

    /// Counts what matches a lowered query.
    pub(super) fn count_lowered(
        &self,
        lowered: &LoweredQuery,
        options: &SearchOptions,
        budget: &Budget,
    ) -> Result<Counts, IndexError> {
        let tally = self.tally(lowered, options, budget, CountedFacets::NONE);
        let tally = tally.map_err(|error| self.error(error))?;
        Ok(Counts { degraded: budget.degraded(), ..tally.counts }.bounded(options.bound))
    }

    /// Counts what matches a lowered query, and the values of facets over it.
    fn tally(
        &self,
        lowered: &LoweredQuery,
        options: &SearchOptions,
        budget: &Budget,
        facets: CountedFacets<'_>,
    ) -> tantivy::Result<Tally> {
        self.with_run(lowered, options, budget, facets, |run| run.count(wanted_plan(lowered, options)))
    }

    /// Opens the segments for a query, and calls `work` with the run over them.
    pub(crate) fn with_run<T>(
        &self,
        lowered: &LoweredQuery,
        options: &SearchOptions,
        budget: &Budget,
        facets: CountedFacets<'_>,
        work: impl FnOnce(&Run<'_>) -> tantivy::Result<T>,
    ) -> tantivy::Result<T> {
        let (segments, _) = self.segments(lowered, budget)?;
        let statistics = self.statistics(&segments, lowered)?;
        work(&Run { segments: &segments, statistics: &statistics, lowered, options, groups: None, facets })
    }

    /// Opens the segments for no query, and calls `work` with them.
    pub(crate) fn with_segments<T>(
        &self,
        budget: &Budget,
        work: impl FnOnce(&[Segment<'_>]) -> tantivy::Result<T>,
    ) -> tantivy::Result<T> {
        let lowered = lower(&Query::everything(), &Filters::default(), &self.languages);
        let (segments, _) = self.segments(&lowered, budget)?;
        work(&segments)
    }

    /// Lowers a query, or that for everything.
    pub(crate) fn lowered_or_all(
        &self,
        text: Option<&str>,
        options: &SearchOptions,
    ) -> Result<LoweredQuery, SearchError> {
        Ok(match text {
            Some(text) => self.prepare(text, options)?.lowered,
            None => self.lowered(Query::everything(), options)?.lowered,
        })
    }

    /// Counts the values of facets over what matches, in one pass; over the whole index without a query.
    pub(crate) fn facets(
        &self,
        text: Option<&str>,
        facets: &[Facet],
        options: &SearchOptions,
    ) -> Result<Vec<Facets>, SearchError> {
        /// Values of a facet that are kept, and facets, of which there may be one for each beginning.
        const MAX_KEPT: usize = 1_000;
        const MAX_FACETS: usize = 64;
        let limit = options.facet_limit.filter(|limit| *limit <= MAX_KEPT);
        let is_whole = text.is_none() && options.filters.keep_all();
        let key = |facet: &Facet| {
            let limit = limit.filter(|_| is_whole && !options.whole_facets.contains(facet))?;
            Some((*facet, fold_value(&options.facet_prefix), limit))
        };
        let known = |facet: &Facet| kept(&self.whole.facets).get(&key(facet)?).cloned();
        if let Some(known) = facets.iter().map(known).collect() {
            return Ok(known);
        }
        let lowered = self.lowered_or_all(text, options)?;
        let budget = options.budget();
        let count = || {
            let tally = self.tally(&lowered, options, &budget, CountedFacets::Values(facets))?;
            facets_of(tally, facets, options, &budget)
        };
        let counted = count().map_err(|error| self.error(error))?;
        for facets in counted.iter().filter(|facets| facets.degraded.is_none()) {
            if let Some(key) = key(&facets.facet) {
                let mut all = kept(&self.whole.facets);
                if all.len() >= MAX_FACETS {
                    all.clear();
                }
                all.insert(key, facets.clone());
            }
        }
        Ok(counted)
    }

    /// Counts the pairs of values of two facets over what matches.
    pub(crate) fn crossed_facets(
        &self,
        text: Option<&str>,
        facets: [Facet; 2],
        options: &SearchOptions,
    ) -> Result<CrossedFacets, SearchError> {
        let lowered = self.lowered_or_all(text, options)?;
        let budget = options.budget();
        let count = || {
            let tally = self.tally(&lowered, options, &budget, CountedFacets::Pairs(facets, &wanted(options)))?;
            let mut rows = tally.pairs.map_or_else(Vec::new, PairCounter::into_sorted);
            let other = self.other(&mut rows, facets, &lowered, options, &budget)?;
            Ok((rows, other))
        };
        let (rows, other) = count().map_err(|error| self.error(error))?;
        let crossed = |row: Counted| {
            let mut values = row.values.into_iter().map(|value| value.map(|value| value.shown));
            let mut next = || values.next().expect("a value for each facet");
            CrossedCount { values: [next(), next()], counts: row.counts }
        };
        let rows = rows.into_iter().map(crossed).collect();
        Ok(CrossedFacets { facets, rows, other, degraded: budget.degraded() })
    }

    /// Counts the articles that match, by the values of facets: one, or two that are crossed.
    pub(super) fn articles_by(
        &self,
        text: Option<&str>,
        facets: &[Facet],
        options: &SearchOptions,
    ) -> Result<ArticlesBy, SearchError> {
        let whole = match facets {
            // A number for each day at most.
            [date @ (Facet::Year | Facet::Month | Facet::Day)] if text.is_none() && options.filters.keep_all() => {
                Some(date)
            }
            _ => None,
        };
        if let Some(rows) = whole.and_then(|facet| kept(&self.whole.articles_by).get(facet).cloned()) {
            return Ok(ArticlesBy { rows, degraded: None });
        }
        let lowered = self.lowered_or_all(text, options)?;
        let budget = options.budget();
        let plan = wanted_plan(&lowered, options);
        let none = Wanted::default();
        let counted = match *facets {
            [first, second] => CountedFacets::Pairs([first, second], &none),
            _ => CountedFacets::Values(facets),
        };
        let count = || {
            let tally = self.with_run(&lowered, options, &budget, counted, |run| run.count_articles(plan))?;
            let pairs = tally.pairs.map_or_else(Vec::new, PairCounter::into_sorted).into_iter();
            let shown = |row: Counted| {
                (row.values.into_iter().map(|value| value.map(|value| value.shown)).collect(), row.counts.articles)
            };
            let mut rows: Vec<(Vec<Option<String>>, u64)> = pairs.map(shown).collect();
            for values in tally.values {
                let counted = values.into_values("", usize::MAX, &budget)?;
                rows.extend(counted.values.into_iter().map(|(value, counts)| (vec![Some(value)], counts.articles)));
                if counted.without.articles > 0 {
                    rows.push((vec![None], counted.without.articles));
                }
            }
            Ok(rows)
        };
        let (rows, degraded) = (Arc::new(count().map_err(|error| self.error(error))?), budget.degraded());
        if let Some(facet) = whole.filter(|_| degraded.is_none()) {
            kept(&self.whole.articles_by).insert(*facet, Arc::clone(&rows));
        }
        Ok(ArticlesBy { rows, degraded })
    }

    /// Cuts pairs of values to the limit, and counts what has one that is cut.
    fn other(
        &self,
        rows: &mut Vec<Counted>,
        facets: [Facet; 2],
        lowered: &LoweredQuery,
        options: &SearchOptions,
        budget: &Budget,
    ) -> tantivy::Result<Option<OtherValues>> {
        let limit = options.facet_limit.unwrap_or(usize::MAX);
        if rows.len() <= limit {
            return Ok(None);
        }
        let values = (rows.len() - limit) as u64;
        rows.truncate(limit);
        let folded = |row: &Counted| row.values.iter().map(|value| value.as_ref().map(|v| v.folded.clone())).collect();
        let kept: HashSet<Vec<Option<String>>> = rows.iter().map(folded).collect();
        let wanted = Wanted { kept: Some(Arc::new(kept)), ..wanted(options) };
        // What has several values may have some that are listed, so it is counted apart.
        let tally = self.tally(lowered, options, budget, CountedFacets::Pairs(facets, &wanted))?;
        let counted = tally.pairs.map_or_else(Vec::new, PairCounter::into_sorted);
        let counts = counted.first().map_or_else(Counts::default, |other| other.counts);
        Ok(Some(OtherValues { values, counts }))
    }
}

/// The facets of a tally.
pub(super) fn facets_of(
    tally: Tally,
    facets: &[Facet],
    options: &SearchOptions,
    budget: &Budget,
) -> tantivy::Result<Vec<Facets>> {
    let prefix = fold_value(&options.facet_prefix);
    // Where there is no segment nothing was counted.
    if budget.facets_are_spent() || tally.values.is_empty() {
        let degraded = if budget.facets_are_spent() { Some(Degraded::Time) } else { budget.degraded() };
        let none =
            |&facet: &Facet| Facets { facet, values: Vec::new(), other: None, without: Counts::default(), degraded };
        return Ok(facets.iter().map(none).collect());
    }
    let read = |(values, facet): (ValueCounter, &Facet)| -> tantivy::Result<Facets> {
        let limit = options.facet_limit.filter(|_| !options.whole_facets.contains(facet)).unwrap_or(usize::MAX);
        let counted = values.into_values(&prefix, limit, budget)?;
        let values = counted.values.into_iter().map(|(value, counts)| FacetCount { value, counts }).collect();
        let (without, other) = (counted.without, counted.other);
        Ok(Facets { facet: *facet, values, other, without, degraded: budget.degraded() })
    };
    let mut read: Vec<Facets> = tally.values.into_par_iter().zip(facets).map(read).collect::<tantivy::Result<_>>()?;
    // What ended while others were read is as incomplete.
    let degraded = budget.degraded().or(budget.facets_are_spent().then_some(Degraded::Time));
    read.iter_mut().for_each(|facets| facets.degraded = degraded);
    Ok(read)
}

/// The pairs of values that are counted, by the options.
fn wanted(options: &SearchOptions) -> Wanted {
    Wanted { prefix: fold_value(&options.facet_prefix), kept: None }
}
