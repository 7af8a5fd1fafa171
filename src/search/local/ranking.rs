//! A ranking of all that matches, in 16 bytes a hit.
//!
//! Each slice of a segment sorts its own hits; the slices are merged while the ranking is read, so that only the hits that
//! come next are whole [`Candidate`]s.

use std::cmp::Reverse;
use std::collections::{BinaryHeap, HashMap};
use std::sync::Arc;

use tantivy::{DocAddress, DocId, SegmentOrdinal};

use crate::index::reprints::Groups;
use crate::search::Sort;
use crate::search::local::collect::{Candidate, OrderColumns};
use crate::search::local::docs::{Blocks, Match};
use crate::search::local::segment::Segment;
use crate::vocabulary::Scope;

/// A hit of a slice.
#[derive(Debug, Clone, Copy, PartialEq)]
struct Held {
    /// The sort key, as in [`Candidate`]; by path, the ordinal of the path's term until the slice is sorted, then its rank.
    key: f64,
    doc: DocId,
    score: f32,
}

/// The hits of one slice of a segment.
pub(crate) struct Slice<'a> {
    segment: SegmentOrdinal,
    blocks: &'a Blocks,
    columns: OrderColumns<'a>,
    sort: Sort,
    per_article: usize,
    held: Vec<Held>,
    /// Hits from here on are not read yet.
    next: usize,
    /// The scores of its hits by document, where the hits of an article are asked for together.
    by_doc: Vec<(DocId, f32)>,
    /// By path: the paths of the hits up to `paths_end`, by the ordinals of their terms.
    paths: HashMap<u64, Arc<str>>,
    paths_end: usize,
}

impl<'a> Slice<'a> {
    /// An empty slice, of which at most `per_article` hits of one article are kept.
    ///
    /// # Errors
    ///
    /// The error of tantivy for a damaged segment.
    pub(crate) fn open(
        ordinal: SegmentOrdinal,
        segment: &'a Segment<'_>,
        sort: Sort,
        per_article: usize,
    ) -> tantivy::Result<Slice<'a>> {
        let columns = OrderColumns::open(segment, sort)?;
        let blocks = &segment.blocks;
        Ok(Slice {
            segment: ordinal,
            blocks,
            columns,
            sort,
            per_article,
            held: Vec::new(),
            next: 0,
            by_doc: Vec::new(),
            paths: HashMap::new(),
            paths_end: 0,
        })
    }

    /// Adds the matches of one article.
    pub(crate) fn add(&mut self, first_doc: DocId, matches: &[Match]) {
        let key = self.columns.key(self.sort, first_doc);
        let held = |one: &Match| Held { key: key.unwrap_or(f64::from(one.score)), doc: one.doc, score: one.score };
        if matches.len() <= self.per_article {
            self.held.extend(matches.iter().map(held));
            return;
        }
        let mut matches = matches.to_vec();
        matches.sort_by(|a, b| b.score.total_cmp(&a.score).then(a.doc.cmp(&b.doc)));
        self.held.extend(matches[..self.per_article].iter().map(held));
    }

    /// Sorts the hits, best first. If the hits of articles are wanted `together`, their documents are held, too.
    ///
    /// # Errors
    ///
    /// An error of reading paths.
    pub(crate) fn sort(&mut self, together: bool) -> std::io::Result<()> {
        if together {
            self.by_doc = self.held.iter().map(|one| (one.doc, one.score)).collect();
            self.by_doc.sort_unstable_by_key(|&(doc, _)| doc);
        }
        if self.sort == Sort::Path {
            self.rank_paths()?;
        }
        let order = |doc| self.columns.order(self.blocks.first_doc(doc, Scope::Article));
        let mut held = std::mem::take(&mut self.held);
        held.sort_unstable_by(|a, b| {
            b.key
                .total_cmp(&a.key)
                .then_with(|| order(a.doc).cmp(&order(b.doc)))
                .then_with(|| b.score.total_cmp(&a.score))
                .then_with(|| a.doc.cmp(&b.doc))
        });
        held.shrink_to_fit();
        self.held = held;
        Ok(())
    }

    /// Replaces ordinals of terms, which are in the order of folded paths, by the ranks of the paths. The paths are held in
    /// one text meanwhile.
    fn rank_paths(&mut self) -> std::io::Result<()> {
        // Without a path the key is negative.
        let ordinal = |one: &Held| (one.key >= 0.0).then_some(one.key as u64);
        let mut ordinals: Vec<u64> = self.held.iter().filter_map(ordinal).collect();
        ordinals.sort_unstable();
        ordinals.dedup();
        let (mut text, mut ends) = (String::new(), Vec::with_capacity(ordinals.len()));
        self.columns.paths_at(&ordinals, &mut |path| {
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
        for one in &mut self.held {
            let rank = ordinal(one).and_then(|ordinal| ranks.get(ordinals.binary_search(&ordinal).ok()?));
            one.key = -f64::from(rank.copied().unwrap_or(0));
        }
        Ok(())
    }

    fn candidate(&self, doc: DocId, score: f32, path: Option<Arc<str>>) -> Candidate {
        let first_doc = self.blocks.first_doc(doc, Scope::Article);
        self.columns.candidate_at(self.sort, DocAddress::new(self.segment, doc), first_doc, score, path)
    }

    /// The next hit.
    fn take_next(&mut self) -> std::io::Result<Option<Candidate>> {
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

/// All hits, best first.
pub(crate) struct Ranking<'a> {
    slices: Vec<Slice<'a>>,
    /// The next hit of each slice that has one, with the number of the slice; of equal hits, that of the first slice.
    heads: BinaryHeap<(Candidate, Reverse<usize>)>,
    /// The best hits, if they were ranked again; these come first. In reverse order.
    best: Vec<Candidate>,
}

impl<'a> Ranking<'a> {
    /// Merges sorted slices.
    ///
    /// # Errors
    ///
    /// An error of reading a path.
    pub(crate) fn of(mut slices: Vec<Slice<'a>>) -> std::io::Result<Ranking<'a>> {
        let mut heads = BinaryHeap::with_capacity(slices.len());
        for (i, slice) in slices.iter_mut().enumerate() {
            heads.extend(slice.take_next()?.map(|candidate| (candidate, Reverse(i))));
        }
        Ok(Ranking { slices, heads, best: Vec::new() })
    }

    /// The next hit.
    ///
    /// # Errors
    ///
    /// An error of reading a path.
    pub(crate) fn take_next(&mut self) -> std::io::Result<Option<Candidate>> {
        if let Some(candidate) = self.best.pop() {
            return Ok(Some(candidate));
        }
        let Some((candidate, Reverse(slice))) = self.heads.pop() else { return Ok(None) };
        self.heads.extend(self.slices[slice].take_next()?.map(|candidate| (candidate, Reverse(slice))));
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
            let from = slice.by_doc.partition_point(|&(doc, _)| doc < of.first_doc);
            for &(doc, score) in slice.by_doc[from..].iter().take_while(|&&(doc, _)| doc < end) {
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
