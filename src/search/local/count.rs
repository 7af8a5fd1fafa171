//! Counts of the matches, and of the values of a facet over them.

use std::collections::HashMap;

use tantivy::DocId;
use tantivy::columnar::StrColumn;

use crate::search::local::docs::Match;
use crate::search::local::segment::Segment;
use crate::search::results::{Counts, FacetCount};
use crate::text::fold::fold_value;
use crate::vocabulary::Scope;

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

/// Counts the values of a facet. Values that are equal once folded are one, under the commonest spelling.
#[derive(Default)]
pub(crate) struct FacetCounter {
    rows: Vec<Row>,
    /// Rows by folded value.
    by_value: HashMap<String, usize>,
    /// Row and spelling by ordinals of the current segment's dictionary: each value is read once.
    by_ordinal: HashMap<u64, (usize, usize)>,
    without: Counts,
}

/// A folded value.
#[derive(Default)]
struct Row {
    counts: Counts,
    /// Its spellings, with the number of passages of each.
    spellings: Vec<(String, u64)>,
}

impl FacetCounter {
    /// Adds the matches of one article by the fast field `column`, which has a value at the first document of a `scope`;
    /// a segment without a value has no column.
    ///
    /// # Errors
    ///
    /// An error of reading a value.
    pub(crate) fn add(
        &mut self,
        segment: &Segment<'_>,
        column: Option<&StrColumn>,
        scope: Scope,
        matches: &[Match],
    ) -> std::io::Result<()> {
        let mut last: Option<DocId> = None;
        let mut seen_in_article: Vec<Option<usize>> = Vec::new();
        for one in matches {
            let first_doc = segment.blocks.first_doc(one.doc, scope);
            let row = match column.and_then(|column| Some((column, column.term_ords(first_doc).next()?))) {
                Some((column, ord)) => {
                    let (row, spelling) = self.row(column, ord)?;
                    self.rows[row].spellings[spelling].1 += 1;
                    Some(row)
                }
                None => None,
            };
            let section = segment.blocks.first_doc(one.doc, Scope::Section);
            let counts = row.map_or(&mut self.without, |row| &mut self.rows[row].counts);
            counts.passages += 1;
            counts.sections += u64::from(last != Some(section));
            if !seen_in_article.contains(&row) {
                counts.articles += 1;
                seen_in_article.push(row);
            }
            last = Some(section);
        }
        Ok(())
    }

    /// Row and spelling of a value of the current segment.
    fn row(&mut self, column: &StrColumn, ord: u64) -> std::io::Result<(usize, usize)> {
        if let Some(&found) = self.by_ordinal.get(&ord) {
            return Ok(found);
        }
        let mut value = String::new();
        column.ord_to_str(ord, &mut value)?;
        let row = *self.by_value.entry(fold_value(&value)).or_insert_with(|| {
            self.rows.push(Row::default());
            self.rows.len() - 1
        });
        let spellings = &mut self.rows[row].spellings;
        let spelling = spellings.iter().position(|(spelling, _)| *spelling == value).unwrap_or_else(|| {
            spellings.push((value, 0));
            spellings.len() - 1
        });
        self.by_ordinal.insert(ord, (row, spelling));
        Ok((row, spelling))
    }

    /// Ends a segment: the next one has other ordinals.
    pub(crate) fn end_segment(&mut self) {
        self.by_ordinal.clear();
    }

    /// The values with their counts, the commonest first, and the counts of what has no value.
    #[must_use]
    pub(crate) fn into_sorted(self) -> (Vec<FacetCount>, Counts) {
        let shown = |row: Row| {
            let best = row.spellings.into_iter().max_by(|a, b| a.1.cmp(&b.1).then_with(|| b.0.cmp(&a.0)));
            let (value, _) = best.expect("a row is made for a spelling");
            FacetCount { value, counts: row.counts }
        };
        let mut out: Vec<_> = self.rows.into_iter().map(shown).collect();
        out.sort_by(|a, b| {
            let (less, more) = (&a.counts, &b.counts);
            more.articles
                .cmp(&less.articles)
                .then_with(|| more.sections.cmp(&less.sections))
                .then_with(|| a.value.cmp(&b.value))
        });
        (out, self.without)
    }
}
