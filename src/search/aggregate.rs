//! Counts and facets over what matches, without reading its texts.

use tantivy::columnar::StrColumn;

use super::budget::Budget;
use super::local::count::FacetCounter;
use super::local::docs::Match;
use super::local::plan::LoweredQuery;
use super::local::run::Run;
use super::local::segment::Segment;
use super::results::{Counts, Facets};
use super::snapshot::{Snapshot, wanted_plan};
use super::{SearchError, SearchOptions};
use crate::index::IndexError;
use crate::index::schema::Column;
use crate::query::Query;
use crate::vocabulary::Facet;

/// Takes the matches of one article: ordinal of the segment, the segment, first document, matches.
pub(super) type Take<'t> = dyn FnMut(u32, &Segment<'_>, u32, &[Match]) -> tantivy::Result<()> + 't;

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
        let count = || -> tantivy::Result<Counts> {
            let (segments, _) = self.segments(lowered, budget)?;
            let statistics = self.statistics(&segments, lowered)?;
            let run = Run { segments: &segments, statistics: &statistics, lowered, options, groups: None };
            let mut counts = run.count(wanted_plan(lowered, options))?;
            counts.degraded = budget.degraded();
            Ok(counts)
        };
        count().map_err(|error| self.error(error))
    }

    /// Counts the values of a facet over what matches; over the whole index without a query.
    pub(crate) fn facets(
        &self,
        text: Option<&str>,
        facet: Facet,
        options: &SearchOptions,
    ) -> Result<Facets, SearchError> {
        let lowered = match text {
            Some(text) => self.prepare(text, options)?.lowered,
            None => self.lowered(Query::everything(), options)?.lowered,
        };
        let budget = options.budget();
        let mut counter = FacetCounter::default();
        // The fast field of the current segment, with the segment's ordinal.
        let mut column: Option<(u32, Option<StrColumn>)> = None;
        let mut take = |ordinal, segment: &Segment<'_>, _, matches: &[Match]| {
            if column.as_ref().is_none_or(|(of, _)| *of != ordinal) {
                counter.end_segment();
                column = Some((ordinal, segment.reader().fast_fields().str(Column::from(facet).name())?));
            }
            let values = column.as_ref().and_then(|(_, values)| values.as_ref());
            Ok(counter.add(segment, values, facet.scope(), matches)?)
        };
        self.visit(&lowered, options, &budget, &mut take)?;
        let (values, without) = counter.into_sorted();
        Ok(Facets { values, without, degraded: budget.degraded() })
    }

    /// Visits all matches in the order of the index.
    pub(super) fn visit(
        &self,
        lowered: &LoweredQuery,
        options: &SearchOptions,
        budget: &Budget,
        take: &mut Take<'_>,
    ) -> Result<(), IndexError> {
        let plan = wanted_plan(lowered, options);
        let mut run = || -> tantivy::Result<()> {
            let (segments, _) = self.segments(lowered, budget)?;
            let statistics = self.statistics(&segments, lowered)?;
            for (ordinal, segment) in segments.iter().enumerate() {
                segment.visit(plan, lowered.unit(options.unit), &statistics, &[], &mut |first, matches| {
                    take(ordinal as u32, segment, first, matches)
                })?;
            }
            Ok(())
        };
        run().map_err(|error| self.error(error))
    }
}
