//! The best of the matches.

use std::cmp::{Ordering, Reverse};
use std::collections::BinaryHeap;
use std::sync::Arc;

use tantivy::columnar::{Column as Values, StrColumn};
use tantivy::{DocAddress, DocId, SegmentOrdinal};

use crate::index::record::path_of_term;
use crate::index::renames::Renames;
use crate::index::schema::Column;
use crate::search::Sort;
use crate::search::local::docs::Match;
use crate::search::local::segment::Segment;

/// The sort key of a hit; the greatest comes first.
#[derive(Debug, Clone, PartialEq)]
enum Key {
    Number(f64),
    Path(Reverse<Arc<str>>),
}

/// A hit before its text is fetched.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Candidate {
    key: Key,
    /// Breaks ties between articles; see [`Candidate::order`].
    order: u64,
    /// The passage.
    pub address: DocAddress,
    /// First document of its article.
    pub first_doc: DocId,
    /// The score.
    pub score: f32,
    /// The part of it that is due to the nearness of words.
    pub nearness: f32,
    /// The part of it that is due to words of feedback.
    pub feedback: f32,
}

impl Candidate {
    /// The number of its article that breaks ties, and by which groups of reprints name their members.
    #[must_use]
    pub(crate) fn order(&self) -> u64 {
        self.order
    }

    /// The path of its article, where hits are sorted by it.
    pub(super) fn path(&self) -> Option<Arc<str>> {
        match &self.key {
            Key::Path(Reverse(path)) => Some(Arc::clone(path)),
            Key::Number(_) => None,
        }
    }

    /// Adds the nearness of its words to the score.
    pub(crate) fn add_nearness(&mut self, bonus: f32) {
        self.nearness += bonus;
        self.add(bonus);
    }

    /// Adds what words of feedback are worth to the score.
    pub(crate) fn add_feedback(&mut self, bonus: f32) {
        self.feedback += bonus;
        self.add(bonus);
    }

    /// Adds to the score, and to the sort key if that is the score.
    fn add(&mut self, bonus: f32) {
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
            _ => unreachable!("the hits of one search have sort keys of one kind"),
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

/// Keeps the best hits, at most some of each article.
pub(crate) struct Best {
    limit: usize,
    per_article: usize,
    sort: Sort,
    heap: BinaryHeap<Reverse<Candidate>>,
}

/// Fast fields of a segment that hits are sorted by.
pub(crate) struct OrderColumns<'a> {
    salt: u64,
    renames: &'a Renames,
    order: Option<Values<u64>>,
    date: Option<Values<i64>>,
    path: Option<StrColumn>,
}

impl<'a> OrderColumns<'a> {
    /// Opens those that `sort` needs.
    ///
    /// # Errors
    ///
    /// The error of tantivy for a damaged segment.
    pub(crate) fn open(segment: &Segment<'a>, sort: Sort) -> tantivy::Result<OrderColumns<'a>> {
        let columns = segment.columns;
        Ok(OrderColumns {
            salt: segment.salt,
            renames: segment.renames,
            order: columns.unsigned("order")?,
            date: if matches!(sort, Sort::Newest | Sort::Oldest) { columns.signed("date")? } else { None },
            path: if sort == Sort::Path { columns.texts(Column::Path.name())? } else { None },
        })
    }

    fn path(&self, first_doc: DocId) -> std::io::Result<Arc<str>> {
        let mut path: Arc<str> = "".into();
        self.paths_at(self.path_ordinal(first_doc).as_slice(), &mut |read| path = read.into())?;
        Ok(path)
    }

    /// The ordinal of the term of an article's path.
    pub(super) fn path_ordinal(&self, first_doc: DocId) -> Option<u64> {
        self.path.as_ref().and_then(|column| column.term_ords(first_doc).next())
    }

    /// Reads the paths of terms as they are shown, in rising order: one by one, each would be unpacked with its neighbours.
    ///
    /// # Errors
    ///
    /// An error of reading the dictionary.
    pub(super) fn paths_at(&self, ordinals: &[u64], take: &mut dyn FnMut(&str)) -> std::io::Result<()> {
        if let Some(column) = &self.path {
            let take = |term: &[u8]| take(&self.renames.shown(path_of_term(&String::from_utf8_lossy(term))));
            column.dictionary().sorted_ords_to_term_cb(ordinals, take)?;
        }
        Ok(())
    }

    /// [`Candidate::order`] of the article with this first document.
    pub(super) fn order(&self, first_doc: DocId) -> u64 {
        self.order.as_ref().and_then(|column| column.first(first_doc)).unwrap_or(0) ^ self.salt
    }

    /// The sort key of an article's hits: by path the ordinal of its term, exact as a float, -1 without one; none by
    /// relevance, which is each hit's own.
    pub(super) fn key(&self, sort: Sort, first_doc: DocId) -> Option<f64> {
        let date = || self.date.as_ref().and_then(|column| column.first(first_doc));
        match sort {
            Sort::Relevance => None,
            // Articles without a date come last in both orders.
            Sort::Newest => Some(date().map_or(f64::NEG_INFINITY, |seconds| seconds as f64)),
            Sort::Oldest => Some(date().map_or(f64::NEG_INFINITY, |seconds| -(seconds as f64))),
            Sort::Path => Some(self.path_ordinal(first_doc).map_or(-1.0, |ordinal| ordinal as f64)),
        }
    }

    /// A hit as a candidate.
    ///
    /// # Errors
    ///
    /// An error of reading its path.
    pub(super) fn candidate(
        &self,
        sort: Sort,
        address: DocAddress,
        first_doc: DocId,
        score: f32,
    ) -> std::io::Result<Candidate> {
        let path = if sort == Sort::Path { Some(self.path(first_doc)?) } else { None };
        Ok(self.candidate_at(sort, address, first_doc, score, path))
    }

    /// As [`OrderColumns::candidate`], where its path is known, which is needed to sort by paths.
    pub(super) fn candidate_at(
        &self,
        sort: Sort,
        address: DocAddress,
        first_doc: DocId,
        score: f32,
        path: Option<Arc<str>>,
    ) -> Candidate {
        let key = match (sort, self.key(sort, first_doc)) {
            (Sort::Path, _) => Key::Path(Reverse(path.unwrap_or_default())),
            (_, Some(key)) => Key::Number(key),
            (_, None) => Key::Number(f64::from(score)),
        };
        let order = self.order(first_doc);
        Candidate { key, order, address, first_doc, score, nearness: 0.0, feedback: 0.0 }
    }
}

impl Best {
    /// Keeps `limit` hits, at most `per_article` of one article.
    #[must_use]
    pub(crate) fn new(limit: usize, per_article: usize, sort: Sort) -> Best {
        Best { limit, per_article, sort, heap: BinaryHeap::new() }
    }

    /// Adds the matches of one article.
    ///
    /// # Errors
    ///
    /// An error of reading the path of the article.
    pub(crate) fn add(
        &mut self,
        segment: SegmentOrdinal,
        columns: &OrderColumns<'_>,
        first_doc: DocId,
        matches: &[Match],
    ) -> std::io::Result<()> {
        if self.sort == Sort::Relevance && self.is_beaten(matches) {
            return Ok(());
        }
        let mut matches = matches.to_vec();
        matches.sort_by(|a, b| b.score.total_cmp(&a.score).then(a.doc.cmp(&b.doc)));
        for one in matches.into_iter().take(self.per_article) {
            let address = DocAddress::new(segment, one.doc);
            self.keep(columns.candidate(self.sort, address, first_doc, one.score)?);
        }
        Ok(())
    }

    /// The worst score that is kept, once the limit is reached.
    pub(super) fn worst_score(&self) -> Option<f32> {
        self.heap.peek().filter(|_| self.heap.len() >= self.limit).map(|Reverse(worst)| worst.score)
    }

    /// Is the limit reached with hits that all have better scores than these?
    fn is_beaten(&self, matches: &[Match]) -> bool {
        self.worst_score().is_some_and(|worst| matches.iter().all(|one| one.score < worst))
    }

    fn keep(&mut self, candidate: Candidate) {
        if self.heap.len() < self.limit {
            self.heap.push(Reverse(candidate));
        } else if self.heap.peek().is_some_and(|worst| candidate > worst.0) {
            self.heap.pop();
            self.heap.push(Reverse(candidate));
        }
    }

    /// Adds the hits that were kept of other segments.
    pub(crate) fn merge(&mut self, other: Best) {
        other.heap.into_iter().for_each(|Reverse(candidate)| self.keep(candidate));
    }

    /// The hits, best first.
    #[must_use]
    pub(crate) fn into_sorted(self) -> Vec<Candidate> {
        let mut out: Vec<Candidate> = self.heap.into_iter().map(|reverse| reverse.0).collect();
        out.sort_by(|a, b| b.cmp(a));
        out
    }
}
