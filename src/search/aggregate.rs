//! Counts and facets over what matches, without reading its texts.

use std::collections::HashSet;
use std::sync::Arc;

use super::budget::{Budget, Degraded};
use super::local::count::Tally;
use super::local::facet::{Counted, FacetCounter, Wanted};
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

/// Numbers of articles by the values of facets.
pub(crate) struct ArticlesBy {
    /// A value for each facet, and the articles with these.
    pub(crate) rows: Vec<(Vec<Option<String>>, u64)>,
    pub(crate) degraded: Option<Degraded>,
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
        let tally = self.tally(lowered, options, budget, (&[], &Wanted::default()));
        let tally = tally.map_err(|error| self.error(error))?;
        Ok(Counts { degraded: budget.degraded(), ..tally.counts }.bounded(options.at_most))
    }

    /// Counts what matches a lowered query, and the values of facets over it.
    fn tally(
        &self,
        lowered: &LoweredQuery,
        options: &SearchOptions,
        budget: &Budget,
        facets: (&[Vec<Facet>], &Wanted),
    ) -> tantivy::Result<Tally> {
        self.with_run(lowered, options, budget, facets, |run| run.count(wanted_plan(lowered, options)))
    }

    /// Opens the segments for a query, and calls `work` with the run over them.
    pub(crate) fn with_run<T>(
        &self,
        lowered: &LoweredQuery,
        options: &SearchOptions,
        budget: &Budget,
        facets: (&[Vec<Facet>], &Wanted),
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
        let lowered = self.lowered_or_all(text, options)?;
        let budget = options.budget();
        let count = || {
            let each: Vec<Vec<Facet>> = facets.iter().map(|facet| vec![*facet]).collect();
            let tally = self.tally(&lowered, options, &budget, (&each, &wanted(options)))?;
            self.facets_of(tally, facets, &lowered, options, &budget)
        };
        Ok(count().map_err(|error| self.error(error))?)
    }

    /// The facets of a tally.
    pub(super) fn facets_of(
        &self,
        tally: Tally,
        facets: &[Facet],
        lowered: &LoweredQuery,
        options: &SearchOptions,
        budget: &Budget,
    ) -> tantivy::Result<Vec<Facets>> {
        let mut out = Vec::with_capacity(facets.len());
        // Where there is no segment nothing was counted.
        let mut counters = tally.facets.into_iter();
        for &facet in facets {
            let mut rows = counters.next().map_or_else(Vec::new, FacetCounter::into_sorted);
            let mut without = Counts::default();
            rows.retain(|row| {
                let has_value = row.values[0].is_some();
                if !has_value {
                    without = row.counts;
                }
                has_value
            });
            let other = self.other(&mut rows, &[facet], lowered, options, budget)?;
            let value = |row: Counted| {
                let value = row.values.into_iter().next().flatten().expect("rows without a value were taken out");
                FacetCount { value: value.shown, counts: row.counts }
            };
            let values = rows.into_iter().map(value).collect();
            out.push(Facets { facet, values, other, without, degraded: budget.degraded() });
        }
        Ok(out)
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
            let mut tally = self.tally(&lowered, options, &budget, (&[facets.to_vec()], &wanted(options)))?;
            let mut rows = tally.facets.pop().map_or_else(Vec::new, FacetCounter::into_sorted);
            let other = self.other(&mut rows, &facets, &lowered, options, &budget)?;
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
        let lowered = self.lowered_or_all(text, options)?;
        let budget = options.budget();
        let plan = wanted_plan(&lowered, options);
        let facets = facets.to_vec();
        let count = |run: &Run<'_>| run.count_articles(plan);
        let counted =
            self.with_run(&lowered, options, &budget, (std::slice::from_ref(&facets), &Wanted::default()), count);
        let mut tally = counted.map_err(|error| self.error(error))?;
        let rows = tally.facets.pop().map_or_else(Vec::new, FacetCounter::into_sorted);
        let shown = |row: Counted| {
            (row.values.into_iter().map(|value| value.map(|value| value.shown)).collect(), row.counts.articles)
        };
        Ok(ArticlesBy { rows: rows.into_iter().map(shown).collect(), degraded: budget.degraded() })
    }

    /// Cuts the rows to the limit, and counts what has one that is cut.
    fn other(
        &self,
        rows: &mut Vec<Counted>,
        facets: &[Facet],
        lowered: &LoweredQuery,
        options: &SearchOptions,
        budget: &Budget,
    ) -> tantivy::Result<Option<OtherValues>> {
        let limit = options.facet_limit.unwrap_or(usize::MAX);
        if rows.len() <= limit {
            return Ok(None);
        }
        let values = (rows.len() - limit) as u64;
        let cut = rows.split_off(limit);
        if let [facet] = facets
            && facet.is_single()
        {
            let mut counts = Counts::default();
            for row in cut {
                counts.passages += row.counts.passages;
                counts.sections += row.counts.sections;
                counts.articles += row.counts.articles;
            }
            return Ok(Some(OtherValues { values, counts }));
        }
        let folded = |row: &Counted| row.values.iter().map(|value| value.as_ref().map(|v| v.folded.clone())).collect();
        let kept: HashSet<Vec<Option<String>>> = rows.iter().map(folded).collect();
        let wanted = Wanted { kept: Some(Arc::new(kept)), ..wanted(options) };
        // What has several values may have some that are listed, so it is counted apart.
        let mut tally = self.tally(lowered, options, budget, (&[facets.to_vec()], &wanted))?;
        let counted = tally.facets.pop().map_or_else(Vec::new, FacetCounter::into_sorted);
        let counts = counted.first().map_or_else(Counts::default, |other| other.counts);
        Ok(Some(OtherValues { values, counts }))
    }
}

/// The values of facets that are counted, by the options.
pub(super) fn wanted(options: &SearchOptions) -> Wanted {
    Wanted { prefix: fold_value(&options.facet_prefix), kept: None }
}
