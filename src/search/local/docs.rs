//! Sets of passages, sections and articles within one segment, and the steps between them.
//!
//! What is indexed at the first document of a block holds for all passages of that section or article (a parent/child
//! block join). A set of one scope becomes a set of another by going up (a passage's section) or down (an article's
//! sections); both keep the order of documents, so everything here is a tantivy [`DocSet`] and is read once, in order.

use std::sync::Arc;

use tantivy::columnar::{Column, ColumnIndex, ColumnValues};
use tantivy::{DocId, DocSet, SegmentReader, TERMINATED};

use crate::index::columns::Columns;
use crate::vocabulary::{Scope, TextField};

/// A set of documents in rising order.
pub(crate) type Docs = Box<dyn DocSet>;

/// A passage that matches.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Match {
    /// Its document.
    pub doc: DocId,
    /// First document of its section.
    pub section: DocId,
    /// Its score.
    pub score: f32,
}

impl Match {
    /// An article as one match, of which these are the first documents.
    pub(crate) fn of_article(first_doc: DocId) -> Match {
        Match { doc: first_doc, section: first_doc, score: 0.0 }
    }
}

/// The boundaries of the sections and articles of a segment.
#[derive(Clone)]
pub(crate) struct Blocks {
    article_back: Arc<dyn ColumnValues<u64>>,
    article_len: Arc<dyn ColumnValues<u64>>,
    section_back: Arc<dyn ColumnValues<u64>>,
    section_len: Arc<dyn ColumnValues<u64>>,
    first_word: Arc<dyn ColumnValues<u64>>,
    /// Number of documents in the segment, deleted ones included.
    pub max_doc: DocId,
}

impl Blocks {
    /// Opens the fast fields that hold them.
    ///
    /// # Errors
    ///
    /// The error of tantivy for a damaged segment.
    pub(crate) fn open(reader: &SegmentReader, columns: &Columns) -> tantivy::Result<Blocks> {
        let column = |name: &'static str| {
            match columns.unsigned(name)? {
                // With a value in every document, the lookup in the index of values is saved; it is in the hottest loop.
                Some(Column { index: ColumnIndex::Full, values }) => Ok(values),
                _ => reader.fast_fields().column_first_or_default::<u64>(name),
            }
        };
        Ok(Blocks {
            article_back: column("article_back")?,
            article_len: column("article_len")?,
            section_back: column("section_back")?,
            section_len: column("section_len")?,
            first_word: column("first_word")?,
            max_doc: reader.max_doc(),
        })
    }

    /// The offsets of positions of a field: those of texts count from the first word of the article, those of values
    /// from the first word of the value.
    #[must_use]
    pub(crate) fn origins(&self, field: TextField) -> Origins {
        Origins(matches!(field, TextField::Body | TextField::Boilerplate).then(|| Arc::clone(&self.first_word)))
    }

    /// The first document of the block that holds `doc`.
    #[must_use]
    pub(crate) fn first_doc(&self, doc: DocId, scope: Scope) -> DocId {
        let back = match scope {
            Scope::Passage => 0,
            Scope::Section => self.section_back.get_val(doc),
            Scope::Article => self.article_back.get_val(doc),
        };
        doc.saturating_sub(back as DocId)
    }

    /// The document after the last one of the block that begins at `first`.
    #[must_use]
    pub(crate) fn end(&self, first: DocId, scope: Scope) -> DocId {
        let length = match scope {
            Scope::Passage => 1,
            Scope::Section => self.section_len.get_val(first),
            Scope::Article => self.article_len.get_val(first),
        };
        // At least one, so that an iteration over blocks always makes progress.
        first.saturating_add((length as DocId).max(1)).min(self.max_doc)
    }

    /// The first document of the first block that begins at `doc` or later.
    #[must_use]
    pub(crate) fn first_doc_from(&self, doc: DocId, scope: Scope) -> DocId {
        if doc >= self.max_doc {
            return TERMINATED;
        }
        let first = self.first_doc(doc, scope);
        // In a damaged column a block may end before `doc`, which would make an iteration endless.
        let next = if first == doc { doc } else { self.end(first, scope).max(doc) };
        if next >= self.max_doc { TERMINATED } else { next }
    }
}

/// What is added, by document, to positions as stored in the index.
#[derive(Clone)]
pub(crate) struct Origins(Option<Arc<dyn ColumnValues<u64>>>);

impl Origins {
    /// The position of the first word of a document.
    #[must_use]
    pub(crate) fn of(&self, doc: DocId) -> u32 {
        self.0.as_ref().map_or(0, |column| column.get_val(doc) as u32)
    }
}

/// All blocks of a scope.
struct AllBlocks {
    blocks: Blocks,
    scope: Scope,
    doc: DocId,
}

impl DocSet for AllBlocks {
    fn advance(&mut self) -> DocId {
        if self.doc != TERMINATED {
            let end = self.blocks.end(self.doc, self.scope);
            self.doc = if end >= self.blocks.max_doc { TERMINATED } else { end };
        }
        self.doc
    }
    fn seek(&mut self, target: DocId) -> DocId {
        if target > self.doc {
            self.doc = if target == TERMINATED { TERMINATED } else { self.blocks.first_doc_from(target, self.scope) };
        }
        self.doc
    }
    fn doc(&self) -> DocId {
        self.doc
    }
    fn size_hint(&self) -> u32 {
        self.blocks.max_doc
    }
}

/// The first documents of all blocks of `scope`.
#[must_use]
pub(crate) fn all(blocks: &Blocks, scope: Scope) -> Docs {
    let doc = if blocks.max_doc == 0 { TERMINATED } else { 0 };
    Box::new(AllBlocks { blocks: blocks.clone(), scope, doc })
}

/// The empty set.
#[must_use]
pub(crate) fn none() -> Docs {
    from_sorted(Vec::new())
}

/// A set of these documents, which are in rising order.
#[must_use]
pub(crate) fn from_sorted(docs: Vec<DocId>) -> Docs {
    from_shared(Arc::new(docs))
}

/// As [`from_sorted`], for documents that are shared.
#[must_use]
pub(crate) fn from_shared(docs: Arc<Vec<DocId>>) -> Docs {
    Box::new(Sorted { docs, at: 0 })
}

/// Number of documents before `target`, by galloping search, as the target is mostly near.
#[must_use]
pub(crate) fn gallop(docs: &[DocId], target: DocId) -> usize {
    gallop_by(docs, |&doc| doc < target)
}

/// Number of values at the beginning for which `is_before` is true; after the first that is not, none is. By galloping search
/// (Bentley, Yao: An Almost Optimal Algorithm for Unbounded Searching, 1976).
#[must_use]
pub(crate) fn gallop_by<T>(values: &[T], is_before: impl Fn(&T) -> bool) -> usize {
    // Mostly it is the next.
    if let [first, second, ..] = values
        && !(is_before(first) && is_before(second))
    {
        return usize::from(is_before(first));
    }
    let mut end = 1;
    while end < values.len() && is_before(&values[end]) {
        end *= 2;
    }
    let from = end / 2;
    from + values[from..values.len().min(end + 1)].partition_point(is_before)
}

struct Sorted {
    docs: Arc<Vec<DocId>>,
    at: usize,
}

impl DocSet for Sorted {
    fn advance(&mut self) -> DocId {
        self.at = (self.at + 1).min(self.docs.len());
        self.doc()
    }
    fn seek(&mut self, target: DocId) -> DocId {
        self.at += gallop(&self.docs[self.at..], target);
        self.doc()
    }
    fn doc(&self) -> DocId {
        self.docs.get(self.at).copied().unwrap_or(TERMINATED)
    }
    fn size_hint(&self) -> u32 {
        (self.docs.len() - self.at) as u32
    }
}

/// Converts a set of first documents of blocks of `from` to one of first documents of blocks of `to`.
#[must_use]
pub(crate) fn convert(blocks: &Blocks, docs: Docs, from: Scope, to: Scope) -> Docs {
    if from == to {
        return docs;
    }
    if from < to {
        let mut up = Up { blocks: blocks.clone(), inner: docs, scope: to, doc: 0 };
        up.settle();
        Box::new(up)
    } else {
        let doc = docs.doc();
        Box::new(Down { blocks: blocks.clone(), inner: docs, outer: from, scope: to, doc })
    }
}

/// The larger blocks that contain members of a set.
struct Up {
    blocks: Blocks,
    inner: Docs,
    scope: Scope,
    doc: DocId,
}

impl Up {
    fn settle(&mut self) {
        let inner = self.inner.doc();
        // In a damaged column the block may begin before the current one, which would make a seek endless.
        self.doc =
            if inner == TERMINATED { TERMINATED } else { self.blocks.first_doc(inner, self.scope).max(self.doc) };
    }
}

impl DocSet for Up {
    fn advance(&mut self) -> DocId {
        let block = self.doc;
        // Few members share a block: advancing over each costs less than looking up the end of the block.
        while self.doc == block && block != TERMINATED {
            self.inner.advance();
            self.settle();
        }
        self.doc
    }
    fn seek(&mut self, target: DocId) -> DocId {
        if target > self.doc {
            if self.inner.doc() < target {
                self.inner.seek(target);
            }
            self.settle();
            // The members after the target may still be in the block that contains it.
            while self.doc < target {
                self.inner.advance();
                self.settle();
            }
        }
        self.doc
    }
    fn doc(&self) -> DocId {
        self.doc
    }
    fn size_hint(&self) -> u32 {
        self.inner.size_hint()
    }
}

/// The smaller blocks inside the blocks of a set.
struct Down {
    blocks: Blocks,
    inner: Docs,
    outer: Scope,
    scope: Scope,
    doc: DocId,
}

impl DocSet for Down {
    fn advance(&mut self) -> DocId {
        if self.doc != TERMINATED {
            let next = self.blocks.end(self.doc, self.scope);
            self.doc = if next < self.blocks.end(self.inner.doc(), self.outer) {
                next
            } else {
                self.inner.advance().max(next)
            };
            // The block was the last of the segment.
            if self.doc >= self.blocks.max_doc {
                self.doc = TERMINATED;
            }
        }
        self.doc
    }
    fn seek(&mut self, target: DocId) -> DocId {
        if target <= self.doc {
            return self.doc;
        }
        let first = if target == TERMINATED { TERMINATED } else { self.blocks.first_doc_from(target, self.scope) };
        if first == TERMINATED {
            self.inner.seek(TERMINATED);
            self.doc = TERMINATED;
            return self.doc;
        }
        let outer = self.blocks.first_doc(first, self.outer);
        if self.inner.doc() < outer {
            self.inner.seek(outer);
        }
        self.doc = if self.inner.doc() == outer { first } else { self.inner.doc().max(first) };
        self.doc
    }
    fn doc(&self) -> DocId {
        self.doc
    }
    fn size_hint(&self) -> u32 {
        self.inner.size_hint()
    }
}

/// The intersection of the sets.
#[must_use]
pub(crate) fn and(mut sets: Vec<Docs>) -> Docs {
    if sets.len() < 2 {
        return sets.pop().unwrap_or_else(none);
    }
    sets.sort_by_key(|set| set.size_hint());
    let mut and = And { sets, doc: 0 };
    and.doc = and.sets[0].doc();
    and.settle();
    Box::new(and)
}

/// The smallest set leads, the others are sought to its members.
struct And {
    sets: Vec<Docs>,
    doc: DocId,
}

impl And {
    /// Finds the next document from `self.doc` on that is in all sets.
    fn settle(&mut self) -> DocId {
        'again: while self.doc != TERMINATED {
            for set in &mut self.sets {
                let doc = if set.doc() < self.doc { set.seek(self.doc) } else { set.doc() };
                if doc > self.doc {
                    self.doc = doc;
                    continue 'again;
                }
            }
            break;
        }
        self.doc
    }
}

impl DocSet for And {
    fn advance(&mut self) -> DocId {
        if self.doc != TERMINATED {
            self.doc = self.sets[0].advance();
            self.settle();
        }
        self.doc
    }
    fn seek(&mut self, target: DocId) -> DocId {
        if target > self.doc {
            self.doc = if self.sets[0].doc() < target { self.sets[0].seek(target) } else { self.sets[0].doc() };
            self.settle();
        }
        self.doc
    }
    fn doc(&self) -> DocId {
        self.doc
    }
    fn size_hint(&self) -> u32 {
        self.sets.first().map_or(0, |set| set.size_hint())
    }
}

/// The union of the sets.
#[must_use]
pub(crate) fn or(mut sets: Vec<Docs>) -> Docs {
    sets.retain(|set| set.doc() != TERMINATED);
    if sets.len() < 2 {
        return sets.pop().unwrap_or_else(none);
    }
    Box::new(Or::of(sets))
}

/// The union of some sets.
pub(crate) struct Or<S> {
    sets: Vec<S>,
    /// The current document of each. They are by themselves because all are read for each document of a long query.
    at: Vec<DocId>,
    doc: DocId,
}

impl<S: DocSet> Or<S> {
    /// That of these sets.
    pub(crate) fn of(sets: Vec<S>) -> Or<S> {
        let at: Vec<DocId> = sets.iter().map(|set| set.doc()).collect();
        let doc = first(&at);
        Or { sets, at, doc }
    }
}

fn first(docs: &[DocId]) -> DocId {
    docs.iter().copied().min().unwrap_or(TERMINATED)
}

impl<S: DocSet> DocSet for Or<S> {
    fn advance(&mut self) -> DocId {
        let doc = self.doc;
        if doc != TERMINATED {
            for (i, at) in self.at.iter_mut().enumerate() {
                if *at == doc {
                    *at = self.sets[i].advance();
                }
            }
            self.doc = first(&self.at);
        }
        self.doc
    }
    fn seek(&mut self, target: DocId) -> DocId {
        if target > self.doc {
            for (i, at) in self.at.iter_mut().enumerate() {
                if *at < target {
                    *at = self.sets[i].seek(target);
                }
            }
            self.doc = first(&self.at);
        }
        self.doc
    }
    fn doc(&self) -> DocId {
        self.doc
    }
    fn size_hint(&self) -> u32 {
        self.sets.iter().map(|set| set.size_hint()).fold(0, u32::saturating_add)
    }
}

/// The difference of `set` and `without`.
#[must_use]
pub(crate) fn and_not(set: Docs, without: Docs) -> Docs {
    let mut and_not = AndNot { set, without };
    and_not.settle();
    Box::new(and_not)
}

struct AndNot {
    set: Docs,
    without: Docs,
}

impl AndNot {
    fn settle(&mut self) -> DocId {
        loop {
            let doc = self.set.doc();
            if doc == TERMINATED {
                return doc;
            }
            if self.without.doc() < doc {
                self.without.seek(doc);
            }
            if self.without.doc() != doc {
                return doc;
            }
            self.set.advance();
        }
    }
}

impl DocSet for AndNot {
    fn advance(&mut self) -> DocId {
        self.set.advance();
        self.settle()
    }
    fn seek(&mut self, target: DocId) -> DocId {
        if self.set.doc() < target {
            self.set.seek(target);
        }
        self.settle()
    }
    fn doc(&self) -> DocId {
        self.set.doc()
    }
    fn size_hint(&self) -> u32 {
        self.set.size_hint()
    }
}

#[cfg(test)]
mod tests {
    use proptest::collection::vec;
    use proptest::prelude::*;
    use tantivy::columnar::column_values::VecColumn;

    use super::*;

    proptest! {
        /// Sets only move forward, and so end, whatever values the columns have.
        #[test]
        fn sets_move_forward_over_damaged_blocks(
            columns in vec(vec(prop_oneof![0u64..6, any::<u64>()], 40), 4),
            members in (vec(any::<bool>(), 40), vec(any::<bool>(), 40)),
            scopes in (0usize..3, 0usize..3, 0usize..3),
            targets in vec(prop_oneof![Just(0u32), 0u32..44], 60),
        ) {
            let mut columns = columns.into_iter().map(|values| Arc::new(VecColumn::from(values)) as Arc<dyn ColumnValues<u64>>);
            let mut next = || columns.next().expect("four columns");
            let (article_back, article_len, section_back, section_len) = (next(), next(), next(), next());
            let first_word = Arc::clone(&article_len);
            let blocks = Blocks { article_back, article_len, section_back, section_len, first_word, max_doc: 40 };
            let scope = |i: usize| [Scope::Passage, Scope::Section, Scope::Article][i];
            let set = |members: &[bool], from: usize| {
                let docs = (0..40).filter(|&doc| members[doc as usize]).collect();
                convert(&blocks, from_sorted(docs), scope(from), scope(scopes.2))
            };
            let (one, other) = (|| set(&members.0, scopes.0), || set(&members.1, scopes.1));
            for mut docs in [one(), all(&blocks, scope(scopes.2)), and(vec![one(), other()]), or(vec![one(), other()]), and_not(one(), other())] {
                let mut targets = targets.iter();
                while docs.doc() != TERMINATED {
                    let before = docs.doc();
                    prop_assert!(before < blocks.max_doc);
                    let target = targets.next().copied().filter(|&target| target > before);
                    let after = if let Some(target) = target { docs.seek(target) } else { docs.advance() };
                    prop_assert!(after >= target.unwrap_or(before + 1) && after == docs.doc(), "{before} {target:?} {after}");
                }
            }
        }
    }
}
