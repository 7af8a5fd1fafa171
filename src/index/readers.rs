//! The segments of the indexes that are read together, in one list. The number of a segment in a
//! [`tantivy::DocAddress`] is its place in that list.

use tantivy::{Searcher, SegmentReader};

/// The segments of one index, or of several.
#[derive(Default)]
pub(crate) struct Readers {
    readers: Vec<SegmentReader>,
    /// For each segment the number of its index.
    part_of: Vec<u32>,
    /// For each segment what sets [`crate::model::Article::order`] of its articles apart from that of others under the same
    /// stored path; 0 where no other index has such a path.
    salts: Vec<u64>,
}

impl Readers {
    /// The segments of one commit.
    #[must_use]
    pub(crate) fn of(searcher: &Searcher) -> Readers {
        let mut readers = Readers::default();
        readers.add(searcher, 0, 0);
        readers
    }

    /// Adds the segments of the index with the number `part`.
    pub(crate) fn add(&mut self, searcher: &Searcher, part: u32, salt: u64) {
        self.readers.extend_from_slice(searcher.segment_readers());
        self.part_of.resize(self.readers.len(), part);
        self.salts.resize(self.readers.len(), salt);
    }

    /// All of them.
    #[must_use]
    pub(crate) fn segments(&self) -> &[SegmentReader] {
        &self.readers
    }

    /// The number of the index of a segment.
    #[must_use]
    pub(crate) fn part_of(&self, segment: u32) -> usize {
        self.part_of[segment as usize] as usize
    }

    /// What is added, by exclusive or, to the stored orders of the articles of a segment.
    #[must_use]
    pub(crate) fn salt(&self, segment: u32) -> u64 {
        self.salts[segment as usize]
    }

    /// Number of documents that are not deleted.
    #[must_use]
    pub(crate) fn num_docs(&self) -> u64 {
        self.readers.iter().map(|reader| u64::from(reader.num_docs())).sum()
    }
}
