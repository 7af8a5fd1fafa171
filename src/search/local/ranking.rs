//! A ranking of all that matches, in bounded memory.
//!
//! Each slice of a segment holds the best of its hits, sorted, 16 bytes each; the slices are merged while the ranking is read. A
//! slice whose hits are all taken is visited again, for the best of those that come after them. So a query that matches
//! millions of passages costs some more visits, not memory. Only the hits that come next are whole [`Candidate`]s.

use std::cmp::{Ordering, Reverse};
use std::collections::{BinaryHeap, HashMap};
use std::ops::Range;
use std::sync::Arc;

use tantivy::{DocAddress, DocId, SegmentOrdinal};

use crate::index::reprints::Groups;
use crate::search::Sort;
use crate::search::local::collect::{Candidate, OrderColumns};
use crate::search::local::docs::{Blocks, Match};
use crate::search::local::segment::Segment;
use crate::search::local::visit::Visit;
use crate::vocabulary::Scope;

/// Number of hits that all slices hold together, about; twice as many while they are collected.
pub(crate) const MOST_HELD: usize = if cfg!(test) { 40 } else { 1 << 19 };
/// The least that a slice holds: each visit has a cost of its own.
pub(crate) const LEAST_HELD: usize = if cfg!(test) { 3 } else { 1 << 12 };

/// A hit of a slice.
#[derive(Debug, Clone, Copy, PartialEq)]
struct Held {
    /// The sort key, as in [`Candidate`]; by path the rank of the path, negative. While the paths of a slice are not ranked,
    /// the ordinal of the path's term.
    key: f64,
    doc: DocId,
    score: f32,
}

/// The ranks of the paths of a slice, by the ordinals of their terms.
#[derive(Default)]
struct PathRanks {
    /// Rising.
    ordinals: Vec<u32>,
    ranks: Vec<u32>,
}

impl PathRanks {
    /// Ranks the paths of these terms. Terms are in the order of folded paths. The paths are held in one text meanwhile.
    fn of(mut ordinals: Vec<u32>, columns: &OrderColumns<'_>) -> std::io::Result<PathRanks> {
        ordinals.sort_unstable();
        ordinals.dedup();
        ordinals.shrink_to_fit();
        let (mut text, mut ends) = (String::new(), Vec::with_capacity(ordinals.len()));
        let wide: Vec<u64> = ordinals.iter().copied().map(u64::from).collect();
        columns.paths_at(&wide, &mut |path| {
            text.push_str(path);
            ends.push(text.len());
        })?;
        let path = |at: u32| {
            let at = at as usize;
            &text[if at == 0 { 0 } else { ends[at - 1] }..ends[at]]
        };
        let mut sorted: Vec<u32> = (0..ends.len() as u32).collect();
        sorted.sort_unstable_by_key(|&at| path(at));
        let mut ranks = vec![0_u32; ends.len()];
        for (rank, at) in (1..).zip(sorted) {
            ranks[at as usize] = rank;
        }
        Ok(PathRanks { ordinals, ranks })
    }

    /// The sort key of the path whose term has this ordinal. Without a path the ordinal is negative, and the key that of the first.
    fn key(&self, ordinal: f64) -> f64 {
        let at = if ordinal < 0.0 { None } else { self.ordinals.binary_search(&(ordinal as u32)).ok() };
        -f64::from(at.and_then(|at| self.ranks.get(at)).copied().unwrap_or(0))
    }
}

/// The best hits of one slice of a segment.
pub(crate) struct Slice<'a> {
    segment: SegmentOrdinal,
    within: Range<DocId>,
    blocks: &'a Blocks,
    columns: OrderColumns<'a>,
    sort: Sort,
    per_article: usize,
    /// How many hits are held once they are collected.
    most: usize,
    held: Vec<Held>,
    /// Hits from here on are not read yet.
    next: usize,
    /// Were hits left out that come after those that are held?
    has_more: bool,
    /// The last hit of those that were held before: the others come after it.
    after: Option<Held>,
    /// The scores of its hits by document, where the hits of an article are asked for together.
    by_doc: Option<Vec<(DocId, f32)>>,
    /// By path, once all articles of the slice are known.
    ranks: Option<PathRanks>,
    /// By path: the ordinals of the terms of the articles' paths, until they are ranked. A segment has fewer than 2^32.
    ordinals: Vec<u32>,
    /// By path: the paths of the hits up to `paths_end`, by the ordinals of their terms.
    paths: HashMap<u64, Arc<str>>,
    paths_end: usize,
}

impl<'a> Slice<'a> {
    /// An empty slice, one of `slices`, of which at most `per_article` hits of one article are kept. If the hits of articles are wanted
    /// `together`, the documents and scores of all hits are held, too.
    ///
    /// # Errors
    ///
    /// The error of tantivy for a damaged segment.
    pub(crate) fn open(
        (ordinal, segment): (SegmentOrdinal, &'a Segment<'_>),
        within: Range<DocId>,
        slices: usize,
        (sort, per_article, together): (Sort, usize, bool),
    ) -> tantivy::Result<Slice<'a>> {
        Ok(Slice {
            segment: ordinal,
            within,
            blocks: &segment.blocks,
            columns: OrderColumns::open(segment, sort)?,
            sort,
            per_article,
            most: (MOST_HELD / slices.max(1)).max(LEAST_HELD),
            held: Vec::new(),
            next: 0,
            has_more: false,
            after: None,
            by_doc: together.then(Vec::new),
            ranks: None,
            ordinals: Vec::new(),
            paths: HashMap::new(),
            paths_end: 0,
        })
    }

    /// Adds the matches of one article.
    pub(crate) fn add(&mut self, first_doc: DocId, matches: &[Match]) {
        let mut key = self.columns.key(self.sort, first_doc);
        if self.sort == Sort::Path {
            match &self.ranks {
                Some(ranks) => key = key.map(|ordinal| ranks.key(ordinal)),
                None => self.ordinals.extend(key.filter(|&ordinal| ordinal >= 0.0).map(|ordinal| ordinal as u32)),
            }
        }
        let held = |one: &Match| Held { key: key.unwrap_or(f64::from(one.score)), doc: one.doc, score: one.score };
        if matches.len() <= self.per_article {
            matches.iter().for_each(|one| self.add_hit(held(one)));
            return;
        }
        let mut matches = matches.to_vec();
        matches.sort_by(|a, b| b.score.total_cmp(&a.score).then(a.doc.cmp(&b.doc)));
        matches[..self.per_article].iter().for_each(|one| self.add_hit(held(one)));
    }

    fn add_hit(&mut self, hit: Held) {
        // All are told in the first visit.
        if let Some(by_doc) = self.by_doc.as_mut().filter(|_| self.after.is_none() && self.ranks.is_none()) {
            by_doc.push((hit.doc, hit.score));
        }
        if self.after.is_some_and(|after| self.compare(&hit, &after) != Ordering::Greater) {
            return;
        }
        if self.sort == Sort::Path && self.ranks.is_none() && self.has_more {
            // Full: once the paths are ranked, another visit finds the best.
            return;
        }
        self.held.push(hit);
        if self.held.len() >= 2 * self.most {
            if self.sort == Sort::Path && self.ranks.is_none() {
                self.has_more = true;
            } else {
                self.keep_best();
            }
        }
    }

    /// The order of hits, best first.
    fn compare(&self, a: &Held, b: &Held) -> Ordering {
        let order = |doc| self.columns.order(self.blocks.first_doc(doc, Scope::Article));
        b.key
            .total_cmp(&a.key)
            .then_with(|| order(a.doc).cmp(&order(b.doc)))
            .then_with(|| b.score.total_cmp(&a.score))
            .then_with(|| a.doc.cmp(&b.doc))
    }

    fn keep_best(&mut self) {
        if self.held.len() > self.most {
            let mut held = std::mem::take(&mut self.held);
            held.select_nth_unstable_by(self.most - 1, |a, b| self.compare(a, b));
            held.truncate(self.most);
            (self.held, self.has_more) = (held, true);
        }
    }

    /// Collects the first hits by `visit`, which calls [`Slice::add`] for each article of the slice.
    ///
    /// # Errors
    ///
    /// The error of the visit, or that of reading paths.
    pub(crate) fn fill(&mut self, visit: &mut dyn FnMut(&mut Slice<'a>) -> tantivy::Result<()>) -> tantivy::Result<()> {
        visit(self)?;
        if let Some(by_doc) = &mut self.by_doc {
            by_doc.sort_unstable_by_key(|&(doc, _)| doc);
        }
        if self.sort == Sort::Path && self.ranks.is_none() {
            let ranks = PathRanks::of(std::mem::take(&mut self.ordinals), &self.columns)?;
            self.held.iter_mut().for_each(|one| one.key = ranks.key(one.key));
            self.ranks = Some(ranks);
            if std::mem::take(&mut self.has_more) {
                let first = std::mem::take(&mut self.held);
                visit(self)?;
                if self.held.is_empty() {
                    // The time was up: some hits are better than none.
                    self.held = first;
                }
            }
        }
        self.keep_best();
        let mut held = std::mem::take(&mut self.held);
        held.sort_unstable_by(|a, b| self.compare(a, b));
        held.shrink_to_fit();
        self.held = held;
        if !self.has_more {
            // They are not needed again.
            self.ranks = self.ranks.take().map(|_| PathRanks::default());
        }
        Ok(())
    }

    /// Collects the next hits, after all that were held.
    fn fill_again(&mut self, visit: &VisitSlice<'_>) -> tantivy::Result<()> {
        self.after = self.held.last().copied().or(self.after);
        (self.held, self.next, self.paths_end, self.has_more) = (Vec::new(), 0, 0, false);
        let (segment, within) = (self.segment, self.within.clone());
        self.fill(&mut |slice| {
            visit(segment, within.clone(), &mut |first_doc, matches| {
                slice.add(first_doc, matches);
                Ok(())
            })
        })
    }

    fn candidate(&self, doc: DocId, score: f32, path: Option<Arc<str>>) -> Candidate {
        let first_doc = self.blocks.first_doc(doc, Scope::Article);
        self.columns.candidate_at(self.sort, DocAddress::new(self.segment, doc), first_doc, score, path)
    }

    /// The next hit.
    fn take_next(&mut self, visit: &VisitSlice<'_>) -> tantivy::Result<Option<Candidate>> {
        if self.next == self.held.len() && self.has_more {
            self.fill_again(visit)?;
        }
        let Some(&Held { doc, score, .. }) = self.held.get(self.next) else { return Ok(None) };
        let path = if self.sort == Sort::Path { Some(self.next_path(doc)?) } else { None };
        self.next += 1;
        Ok(Some(self.candidate(doc, score, path)))
    }

    /// The path of the next hit. Those of many hits are read together.
    fn next_path(&mut self, doc: DocId) -> std::io::Result<Arc<str>> {
        const READ_TOGETHER: usize = if cfg!(test) { 3 } else { 1_000 };
        let ordinal = |doc| self.columns.path_ordinal(self.blocks.first_doc(doc, Scope::Article));
        if self.next >= self.paths_end {
            self.paths_end = self.held.len().min(self.next + READ_TOGETHER);
            let mut ordinals: Vec<u64> =
                self.held[self.next..self.paths_end].iter().filter_map(|one| ordinal(one.doc)).collect();
            ordinals.sort_unstable();
            ordinals.dedup();
            let mut paths = HashMap::with_capacity(ordinals.len());
            let mut of_paths = ordinals.iter();
            self.columns.paths_at(&ordinals, &mut |path| {
                paths.extend(of_paths.next().map(|&ordinal| (ordinal, path.into())));
            })?;
            self.paths = paths;
        }
        Ok(ordinal(doc).and_then(|ordinal| self.paths.get(&ordinal)).cloned().unwrap_or_default())
    }
}

/// Visits the matches in these documents of a segment.
pub(crate) type VisitSlice<'a> =
    dyn Fn(SegmentOrdinal, Range<DocId>, &mut Visit<'_>) -> tantivy::Result<()> + Sync + 'a;

/// All hits, best first.
pub(crate) struct Ranking<'a> {
    visit: Box<VisitSlice<'a>>,
    slices: Vec<Slice<'a>>,
    /// The next hit of each slice that has one, with the number of the slice; of equal hits, that of the first slice.
    heads: BinaryHeap<(Candidate, Reverse<usize>)>,
    /// The best hits, if they were ranked again; these come first. In reverse order.
    best: Vec<Candidate>,
}

impl<'a> Ranking<'a> {
    /// Merges slices that were filled by `visit`.
    ///
    /// # Errors
    ///
    /// As [`Ranking::take_next`].
    pub(crate) fn of(mut slices: Vec<Slice<'a>>, visit: Box<VisitSlice<'a>>) -> tantivy::Result<Ranking<'a>> {
        let mut heads = BinaryHeap::with_capacity(slices.len());
        for (i, slice) in slices.iter_mut().enumerate() {
            heads.extend(slice.take_next(&*visit)?.map(|candidate| (candidate, Reverse(i))));
        }
        Ok(Ranking { visit, slices, heads, best: Vec::new() })
    }

    /// The next hit.
    ///
    /// # Errors
    ///
    /// The error of tantivy for a damaged segment, or that of reading a path.
    pub(crate) fn take_next(&mut self) -> tantivy::Result<Option<Candidate>> {
        if let Some(candidate) = self.best.pop() {
            return Ok(Some(candidate));
        }
        let Some((candidate, Reverse(slice))) = self.heads.pop() else { return Ok(None) };
        self.heads.extend(self.slices[slice].take_next(&*self.visit)?.map(|candidate| (candidate, Reverse(slice))));
        Ok(Some(candidate))
    }

    /// Puts hits that were taken back, in this order.
    pub(crate) fn put_back(&mut self, mut candidates: Vec<Candidate>) {
        candidates.reverse();
        self.best = candidates;
    }

    /// The hits of the article of a hit, in the order of its text, with the scores that they had before the best were
    /// ranked again.
    pub(crate) fn of_article(&self, of: &Candidate, out: &mut Vec<Candidate>) {
        for slice in self.slices.iter().filter(|slice| slice.segment == of.address.segment_ord) {
            let end = slice.blocks.end(of.first_doc, Scope::Article);
            let by_doc = slice.by_doc.as_deref().unwrap_or_default();
            let from = by_doc.partition_point(|&(doc, _)| doc < of.first_doc);
            for &(doc, score) in by_doc[from..].iter().take_while(|&&(doc, _)| doc < end) {
                out.push(slice.candidate(doc, score, of.path()));
            }
        }
    }
}

/// Articles of one commit, a bit each document.
#[derive(Default)]
pub(crate) struct SeenArticles(Vec<Vec<u64>>);

impl SeenArticles {
    /// Adds the article of a hit. Is it new?
    pub(crate) fn insert(&mut self, candidate: &Candidate) -> bool {
        let (segment, doc) = (candidate.address.segment_ord as usize, candidate.first_doc as usize);
        if self.0.len() <= segment {
            self.0.resize(segment + 1, Vec::new());
        }
        let words = &mut self.0[segment];
        if words.len() <= doc / 64 {
            words.resize(doc / 64 + 1, 0);
        }
        let bit = 1 << (doc % 64);
        let is_new = words[doc / 64] & bit == 0;
        words[doc / 64] |= bit;
        is_new
    }
}

/// The article that represents each group of reprints, which is that of the group's best hit.
#[derive(Default)]
pub(crate) struct Representatives(HashMap<usize, u64>);

impl Representatives {
    /// Is the article of a hit one that represents its group, or in no group?
    pub(crate) fn is_one(&mut self, groups: Option<&Groups>, candidate: &Candidate) -> bool {
        let article = candidate.order();
        let group = groups.and_then(|groups| groups.of(article));
        group.is_none_or(|group| *self.0.entry(group).or_insert(article) == article)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_hit_is_held_in_16_bytes() {
        assert_eq!(size_of::<Held>(), 16);
    }
}
