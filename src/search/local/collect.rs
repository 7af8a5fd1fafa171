//! What is kept of the matches: the best of them, or counts.

use std::cmp::{Ordering, Reverse};
use std::collections::{BinaryHeap, HashMap};
use std::sync::Arc;

use tantivy::columnar::{Column as Values, StrColumn};
use tantivy::{DocAddress, DocId, SegmentOrdinal};

use crate::index::record::path_of_term;
use crate::index::schema::Column;
use crate::search::Sort;
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
            let section = Some(segment.blocks.head(one.doc, Scope::Section));
            self.sections += u64::from(section != last);
            last = section;
        }
    }
}

/// What hits are ordered by; the greatest comes first.
#[derive(Debug, Clone, PartialEq)]
enum Key {
    Number(f64),
    Path(Reverse<Arc<str>>),
}

/// A hit before its text is fetched.
#[derive(Debug, Clone, PartialEq)]
pub struct Candidate {
    key: Key,
    /// Stable order of articles whose keys tie.
    order: u64,
    /// Passage.
    pub address: DocAddress,
    /// Head of its article.
    pub head: DocId,
    /// Score.
    pub score: f32,
}

impl Candidate {
    /// The number that orders articles whose keys tie, and by which reprints are known.
    #[must_use]
    pub fn order(&self) -> u64 {
        self.order
    }

    /// Adds to its score, where hits are ordered by scores.
    pub fn add(&mut self, bonus: f32) {
        self.score += bonus;
        if let Key::Number(key) = &mut self.key {
            *key += f64::from(bonus);
        }
    }
}

impl Eq for Candidate {}

impl Ord for Candidate {
    fn cmp(&self, other: &Self) -> Ordering {
        let keys = match (&self.key, &other.key) {
            (Key::Number(a), Key::Number(b)) => a.total_cmp(b),
            (Key::Path(a), Key::Path(b)) => a.cmp(b),
            // One search makes keys of one kind.
            _ => Ordering::Equal,
        };
        let better_score = || self.score.total_cmp(&other.score);
        keys.then_with(|| other.order.cmp(&self.order))
            .then_with(better_score)
            .then_with(|| other.address.doc_id.cmp(&self.address.doc_id))
    }
}

impl PartialOrd for Candidate {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

/// Keeps the best hits, and of each article no more than asked.
pub struct Best {
    most: usize,
    per_article: usize,
    sort: Sort,
    heap: BinaryHeap<Reverse<Candidate>>,
}

/// Columns of a segment that hits are ordered by.
pub struct OrderColumns {
    order: Option<Values<u64>>,
    date: Option<Values<i64>>,
    path: Option<StrColumn>,
}

impl OrderColumns {
    /// Opens the columns that `sort` needs.
    ///
    /// # Errors
    ///
    /// What tantivy says of a damaged segment.
    pub fn open(segment: &Segment<'_>, sort: Sort) -> tantivy::Result<OrderColumns> {
        let columns = segment.reader().fast_fields();
        Ok(OrderColumns {
            order: columns.column_opt("order")?,
            date: if matches!(sort, Sort::Newest | Sort::Oldest) { columns.column_opt("date")? } else { None },
            path: if sort == Sort::Path { columns.str(Column::Path.name())? } else { None },
        })
    }

    fn path(&self, head: DocId) -> std::io::Result<Arc<str>> {
        let mut text = String::new();
        if let Some(column) = &self.path
            && let Some(ord) = column.term_ords(head).next()
        {
            column.ord_to_str(ord, &mut text)?;
        }
        Ok(path_of_term(&text).into())
    }
}

impl Best {
    /// Keeps `most` hits.
    #[must_use]
    pub fn new(most: usize, per_article: usize, sort: Sort) -> Best {
        Best { most, per_article, sort, heap: BinaryHeap::new() }
    }

    /// Takes the matches of one article.
    ///
    /// # Errors
    ///
    /// What the operating system says.
    pub fn add(
        &mut self,
        segment: SegmentOrdinal,
        columns: &OrderColumns,
        head: DocId,
        matches: &[Match],
    ) -> std::io::Result<()> {
        if self.sort == Sort::Relevance && self.is_beaten(matches) {
            return Ok(());
        }
        let mut matches = matches.to_vec();
        matches.sort_by(|a, b| b.score.total_cmp(&a.score).then(a.doc.cmp(&b.doc)));
        let order = columns.order.as_ref().and_then(|column| column.first(head)).unwrap_or(0);
        let date = || columns.date.as_ref().and_then(|column| column.first(head));
        let path: Arc<str> = if self.sort == Sort::Path { columns.path(head)? } else { Arc::default() };
        for one in matches.into_iter().take(self.per_article) {
            let key = match self.sort {
                Sort::Relevance => Key::Number(f64::from(one.score)),
                // Articles without a date come last, whichever way.
                Sort::Newest => Key::Number(date().map_or(f64::NEG_INFINITY, |seconds| seconds as f64)),
                Sort::Oldest => Key::Number(date().map_or(f64::NEG_INFINITY, |seconds| -(seconds as f64))),
                Sort::Path => Key::Path(Reverse(Arc::clone(&path))),
            };
            self.keep(Candidate { key, order, address: DocAddress::new(segment, one.doc), head, score: one.score });
        }
        Ok(())
    }

    /// Are as many hits kept as are wanted, all with better scores than these?
    fn is_beaten(&self, matches: &[Match]) -> bool {
        let worst = self.heap.peek().filter(|_| self.heap.len() >= self.most);
        worst.is_some_and(|Reverse(worst)| matches.iter().all(|one| one.score < worst.score))
    }

    fn keep(&mut self, candidate: Candidate) {
        if self.heap.len() < self.most {
            self.heap.push(Reverse(candidate));
        } else if self.heap.peek().is_some_and(|worst| candidate > worst.0) {
            self.heap.pop();
            self.heap.push(Reverse(candidate));
        }
    }

    /// Takes the hits that were kept of other segments.
    pub fn merge(&mut self, other: Best) {
        other.heap.into_iter().for_each(|Reverse(candidate)| self.keep(candidate));
    }

    /// The hits, best first.
    #[must_use]
    pub fn into_sorted(self) -> Vec<Candidate> {
        let mut out: Vec<Candidate> = self.heap.into_iter().map(|reverse| reverse.0).collect();
        out.sort_by(|a, b| b.cmp(a));
        out
    }
}

/// Counts the values of a fact.
#[derive(Default)]
pub struct FacetCounter {
    counts: HashMap<String, Counts>,
    /// Those of the segment at hand, by their ordinals: each value is read once.
    of_segment: HashMap<u64, Counts>,
}

impl FacetCounter {
    /// Counts the matches of one article, by a column of the article or section.
    pub fn add(&mut self, segment: &Segment<'_>, column: &StrColumn, scope: Scope, matches: &[Match]) {
        let mut last: Option<DocId> = None;
        let mut seen_in_article: Vec<u64> = Vec::new();
        for one in matches {
            let head = segment.blocks.head(one.doc, scope);
            let Some(ord) = column.term_ords(head).next() else { continue };
            let section = segment.blocks.head(one.doc, Scope::Section);
            let count = self.of_segment.entry(ord).or_default();
            count.passages += 1;
            count.sections += u64::from(last != Some(section));
            if !seen_in_article.contains(&ord) {
                count.articles += 1;
                seen_in_article.push(ord);
            }
            last = Some(section);
        }
    }

    /// Ends a segment, whose column this is.
    ///
    /// # Errors
    ///
    /// What the operating system says.
    pub fn end_segment(&mut self, column: &StrColumn) -> std::io::Result<()> {
        for (ord, counts) in std::mem::take(&mut self.of_segment) {
            let mut value = String::new();
            column.ord_to_str(ord, &mut value)?;
            self.counts.entry(value).or_default().merge(counts);
        }
        Ok(())
    }

    /// Values with their counts, the commonest first.
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
