//! Counts of the matches, and of the values of facets over them.

use super::docs::Match;
use super::facet::{FacetCounter, Wanted};
use super::segment::Segment;
use crate::search::results::Counts;
use crate::vocabulary::{Facet, Scope};

impl Counts {
    /// Adds the counts of other segments.
    pub(crate) fn merge(&mut self, other: Counts) {
        self.passages += other.passages;
        self.sections += other.sections;
        self.articles += other.articles;
    }

    /// Counts the matches of one article.
    pub(crate) fn add(&mut self, segment: &Segment<'_>, matches: &[Match]) {
        self.articles += 1;
        self.passages += matches.len() as u64;
        let mut last = None;
        for one in matches {
            let section = Some(segment.blocks.first_doc(one.doc, Scope::Section));
            self.sections += u64::from(section != last);
            last = section;
        }
    }
}

/// What is counted in one pass over the matches.
#[derive(Default)]
pub(crate) struct Tally {
    pub(crate) counts: Counts,
    /// The facets that are asked for, in their order.
    pub(crate) facets: Vec<FacetCounter>,
}

impl Tally {
    /// Begins to count in a segment: the matches, and of each of `facets` the values, or the pairs of values of two.
    ///
    /// # Errors
    ///
    /// The error of tantivy for a damaged segment.
    pub(crate) fn open(segment: &Segment<'_>, (facets, wanted): (&[Vec<Facet>], &Wanted)) -> tantivy::Result<Tally> {
        let counters = facets.iter().map(|facets| FacetCounter::open(segment, facets, wanted));
        Ok(Tally { counts: Counts::default(), facets: counters.collect::<tantivy::Result<_>>()? })
    }

    /// Counts the matches of one article.
    ///
    /// # Errors
    ///
    /// An error of reading a value.
    pub(crate) fn add(&mut self, segment: &Segment<'_>, matches: &[Match]) -> std::io::Result<()> {
        self.counts.add(segment, matches);
        self.facets.iter_mut().try_for_each(|facet| facet.add(segment, matches))
    }

    /// Adds what was counted in another slice.
    pub(crate) fn merge(&mut self, other: Tally) {
        self.counts.merge(other.counts);
        if self.facets.is_empty() {
            self.facets = other.facets;
        } else {
            self.facets.iter_mut().zip(other.facets).for_each(|(facet, other)| facet.merge(other));
        }
    }
}
