//! Counts of the matches, and of the values of a facet over them.

use std::collections::HashMap;

use tantivy::DocId;
use tantivy::columnar::StrColumn;

use crate::search::local::docs::Match;
use crate::search::local::segment::Segment;
use crate::search::results::{Counts, FacetCount};
use crate::vocabulary::Scope;

impl Counts {
    /// Adds the counts of other segments.
    pub fn merge(&mut self, other: Counts) {
        self.passages += other.passages;
        self.sections += other.sections;
        self.articles += other.articles;
    }

    /// Counts the matches of one article.
    pub fn add(&mut self, segment: &Segment<'_>, matches: &[Match]) {
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

/// Counts the values of a facet.
#[derive(Default)]
pub struct FacetCounter {
    counts: HashMap<String, Counts>,
    /// Those of the current segment, by ordinals of its dictionary: each value is read once.
    by_ordinal: HashMap<u64, Counts>,
}

impl FacetCounter {
    /// Adds the matches of one article by the fast field `column`, which has a value at the first document of a `scope`.
    pub fn add(&mut self, segment: &Segment<'_>, column: &StrColumn, scope: Scope, matches: &[Match]) {
        let mut last: Option<DocId> = None;
        let mut seen_in_article: Vec<u64> = Vec::new();
        for one in matches {
            let first_doc = segment.blocks.first_doc(one.doc, scope);
            let Some(ord) = column.term_ords(first_doc).next() else { continue };
            let section = segment.blocks.first_doc(one.doc, Scope::Section);
            let count = self.by_ordinal.entry(ord).or_default();
            count.passages += 1;
            count.sections += u64::from(last != Some(section));
            if !seen_in_article.contains(&ord) {
                count.articles += 1;
                seen_in_article.push(ord);
            }
            last = Some(section);
        }
    }

    /// Ends a segment, of which `column` is the fast field.
    ///
    /// # Errors
    ///
    /// An error of reading its values.
    pub fn end_segment(&mut self, column: &StrColumn) -> std::io::Result<()> {
        for (ord, counts) in std::mem::take(&mut self.by_ordinal) {
            let mut value = String::new();
            column.ord_to_str(ord, &mut value)?;
            self.counts.entry(value).or_default().merge(counts);
        }
        Ok(())
    }

    /// The values with their counts, the commonest first.
    #[must_use]
    pub fn into_sorted(self) -> Vec<FacetCount> {
        let mut out: Vec<_> = self.counts.into_iter().map(|(value, counts)| FacetCount { value, counts }).collect();
        out.sort_by(|a, b| {
            let (less, more) = (&a.counts, &b.counts);
            more.articles
                .cmp(&less.articles)
                .then_with(|| more.sections.cmp(&less.sections))
                .then_with(|| a.value.cmp(&b.value))
        });
        out
    }
}
