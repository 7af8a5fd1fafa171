//! Counts of the matches, and of the values of facets over them.

use tantivy::DocId;

use super::docs::Match;
use super::facet::{PairCounter, Wanted};
use super::facet_values::ValueCounter;
use super::segment::Segment;
use crate::search::budget::Budget;
use crate::search::results::Counts;
use crate::vocabulary::Facet;

impl Counts {
    /// Adds the counts of other segments.
    pub(crate) fn merge(&mut self, other: Counts) {
        self.passages += other.passages;
        self.sections += other.sections;
        self.articles += other.articles;
    }
}

/// The number of sections that the matches of one article are in.
fn sections_of(matches: &[Match]) -> u32 {
    matches.chunk_by(|a, b| a.section == b.section).count() as u32
}

/// What is counted in one pass over the matches.
#[derive(Default)]
pub(crate) struct Tally {
    pub(crate) counts: Counts,
    /// The values of facets, in their order.
    pub(crate) values: Vec<ValueCounter>,
    /// The pairs of values of two facets.
    pub(crate) pairs: Option<PairCounter>,
    /// The budget of the facets, and articles since it was asked.
    budget: Option<(Budget, u32)>,
    /// The number of the article that was counted last, in tables of facts.
    article: usize,
}

/// The facets that are counted with the matches.
#[derive(Clone, Copy)]
pub(crate) enum CountedFacets<'a> {
    /// Each by itself.
    Values(&'a [Facet]),
    /// Two that are crossed.
    Pairs([Facet; 2], &'a Wanted),
}

impl CountedFacets<'_> {
    /// None.
    pub(crate) const NONE: CountedFacets<'static> = CountedFacets::Values(&[]);
}

impl Tally {
    /// Begins to count in a segment: the matches, and the values of facets.
    ///
    /// # Errors
    ///
    /// The error of tantivy for a damaged segment.
    pub(crate) fn open(segment: &Segment<'_>, facets: CountedFacets<'_>) -> tantivy::Result<Tally> {
        let mut tally = Tally::default();
        match facets {
            CountedFacets::Values([]) => {}
            CountedFacets::Values(facets) => {
                tally.budget = Some((segment.budget.clone(), 0));
                let open = |facet: &Facet| ValueCounter::open(segment, *facet);
                tally.values = facets.iter().map(open).collect::<tantivy::Result<_>>()?;
            }
            CountedFacets::Pairs(facets, wanted) => tally.pairs = Some(PairCounter::open(segment, &facets, wanted)?),
        }
        Ok(tally)
    }

    /// Counts the matches of the article with this first document.
    ///
    /// # Errors
    ///
    /// An error of reading a value.
    pub(crate) fn add(&mut self, segment: &Segment<'_>, first_doc: DocId, matches: &[Match]) -> std::io::Result<()> {
        let sections = sections_of(matches);
        self.counts.articles += 1;
        self.counts.passages += matches.len() as u64;
        self.counts.sections += u64::from(sections);
        if let Some((budget, since)) = &mut self.budget {
            /// Articles between two looks at the clock.
            const ASKS: u32 = 256;
            *since += 1;
            if *since >= ASKS {
                *since = 0;
                if budget.ask_for_facets() {
                    self.values.clear();
                    self.budget = None;
                }
            }
        }
        for values in &mut self.values {
            values.add(segment, first_doc, matches, sections, &mut self.article);
        }
        self.pairs.as_mut().map_or(Ok(()), |pairs| pairs.add(segment, matches))
    }

    /// Adds what was counted in another slice.
    pub(crate) fn merge(&mut self, other: Tally) {
        self.counts.merge(other.counts);
        if self.values.is_empty() {
            self.values = other.values;
        } else {
            self.values.iter_mut().zip(other.values).for_each(|(values, other)| values.merge(other));
        }
        match (&mut self.pairs, other.pairs) {
            (Some(pairs), Some(other)) => pairs.merge(other),
            (pairs @ None, other) => *pairs = other,
            _ => {}
        }
    }
}
