//! Tables of facts of articles: made once the values of many articles have been asked for, then read in order.

use std::sync::Arc;
use std::sync::atomic::Ordering;

use rayon::iter::ParallelIterator;
use rayon::slice::ParallelSlice;
use tantivy::DocId;

use super::docs::gallop;
use super::parallel::LARGE;
use super::segment::Segment;
use crate::index::columns::Table;
use crate::vocabulary::Scope;

/// In a table, the value of an article that has none.
pub(super) const NONE: u32 = u32::MAX;

/// In a table, the value of an article whose values are read from the column.
pub(super) const SEVERAL: u32 = u32::MAX - 1;

/// A table is made once as many articles have been asked for as a few large queries do: to make it costs as much as one of them.
const PASSAGES_FOR_EACH_ASKED: u64 = 4;

/// The entry of an article in a table.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Known {
    /// It has no value.
    Nothing,
    /// It has this value.
    One(u32),
    /// It has several, or there is no table yet.
    AskColumn,
}

/// Reads the table of a fact of a segment, if there is one.
pub(super) struct TableReader {
    table: Arc<Table>,
    /// First documents of all articles.
    articles: Arc<Vec<DocId>>,
    /// Articles that were asked for in vain.
    asked: u64,
}

impl TableReader {
    /// Opens the table of the fact of this name, and makes it if it is worth it and there is time: `read` gives the value of the
    /// article with this first document, [`NONE`] or [`SEVERAL`].
    pub(super) fn open(segment: &Segment<'_>, name: &'static str, read: impl Fn(DocId) -> u32 + Sync) -> TableReader {
        let table = segment.columns.table(name);
        let passages = u64::from(segment.blocks.max_doc);
        let is_worth_it =
            || passages >= LARGE && table.asked.load(Ordering::Relaxed) >= passages / PASSAGES_FOR_EACH_ASKED;
        let mut articles = Arc::default();
        if table.values.get().is_some() || is_worth_it() {
            articles = segment.columns.articles(|| first_docs(segment));
            // Where another thread makes it, the column is asked meanwhile: to wait here could be to wait for oneself.
            if table.values.get().is_none() && !table.is_being_made.swap(true, Ordering::AcqRel) {
                if let Some(values) = values(segment, &articles, read) {
                    _ = table.values.set(values);
                }
                table.is_being_made.store(false, Ordering::Release);
            }
        }
        TableReader { table, articles, asked: 0 }
    }

    /// The entry of the article with this first document. `at` is the number of the article that was asked for last, of this or
    /// another table of the segment: it is found fastest if articles are asked for in rising order.
    pub(super) fn of(&mut self, first_doc: DocId, at: &mut usize) -> Known {
        let Some(values) = self.table.values.get() else {
            self.asked += 1;
            return Known::AskColumn;
        };
        if self.articles.get(*at) != Some(&first_doc) {
            if self.articles.get(*at).is_none_or(|last| *last > first_doc) {
                *at = 0;
            }
            *at += gallop(self.articles.get(*at..).unwrap_or_default(), first_doc);
            // In a damaged segment an article may be at no place of the table.
            if self.articles.get(*at) != Some(&first_doc) {
                return Known::AskColumn;
            }
        }
        match values.get(*at) {
            Some(&NONE) => Known::Nothing,
            Some(&SEVERAL) | None => Known::AskColumn,
            Some(&key) => Known::One(key),
        }
    }
}

impl Drop for TableReader {
    fn drop(&mut self) {
        self.table.asked.fetch_add(self.asked, Ordering::Relaxed);
    }
}

/// First documents of all articles of a segment.
fn first_docs(segment: &Segment<'_>) -> Vec<DocId> {
    let mut out = Vec::new();
    let mut first = 0;
    while first < segment.blocks.max_doc {
        out.push(first);
        first = segment.blocks.end(first, Scope::Article);
    }
    out
}

/// The value of each article; `None` if the time of the query ended before.
fn values(segment: &Segment<'_>, articles: &[DocId], read: impl Fn(DocId) -> u32 + Sync) -> Option<Vec<u32>> {
    /// Articles that are read by one thread.
    const CHUNK: usize = 10_000;
    let of_chunk = |chunk: &[DocId]| {
        let is_late = segment.budget.ask();
        (!is_late).then(|| chunk.iter().map(|first_doc| read(*first_doc)).collect::<Vec<u32>>())
    };
    let chunks: Option<Vec<Vec<u32>>> = articles.par_chunks(CHUNK).map(of_chunk).collect();
    chunks.map(|chunks| chunks.concat())
}

#[cfg(test)]
mod tests {
    use std::path::PathBuf;

    use super::*;
    use crate::index::Index;
    use crate::index::sync::{SyncOptions, sync};
    use crate::search::SearchOptions;
    use crate::search::budget::Budget;
    use crate::search::local::facet::{FacetColumn, Keys};
    use crate::search::local::facet_values;
    use crate::search::snapshot::Snapshot;
    use crate::vocabulary::Facet;

    #[test]
    fn a_table_says_what_the_column_says() {
        let folder = tempfile::tempdir().expect("a folder");
        let index = Index::open_or_create(&folder.path().join("index")).expect("an index");
        sync(&index, &[PathBuf::from("corpus")], &SyncOptions::default()).expect("indexing succeeds");
        let snapshot = Snapshot::open(&[index], None).expect("the index opens");
        let prepared = snapshot.prepare("words:>0", &SearchOptions::default()).expect("a query");
        let budget = Budget::unlimited();
        let (segments, _) = snapshot.segments(&prepared.lowered, &budget).expect("segments");
        let mut met = [false; 3];
        for segment in &segments {
            let articles = first_docs(segment);
            assert!(articles.len() > 2);
            for facet in [Facet::Source, Facet::Byline, Facet::Tag, Facet::Folder, Facet::Year, Facet::Day] {
                let column = FacetColumn::open(segment, facet).expect("a column");
                let open = || facet_values::table(segment, facet, &column).expect("a fact of articles");
                let mut reader = open();
                let mut at = 0;
                let passages = segment.blocks.max_doc;
                for _ in 0..passages {
                    assert_eq!(reader.of(0, &mut at), Known::AskColumn, "{facet:?}");
                }
                drop(reader);
                let mut reader = open();
                // In order, every second, and backwards.
                let order = articles.iter().chain(articles.iter().step_by(2)).chain(articles.iter().rev());
                for &first_doc in order {
                    let mut keys = Keys::new();
                    column.keys(first_doc, &mut keys);
                    facet_values::put_in_order(&mut keys);
                    let (known, kind) = match keys.as_slice() {
                        [] => (Known::Nothing, 0),
                        [key] => (Known::One(*key), 1),
                        _ => (Known::AskColumn, 2),
                    };
                    met[kind] = true;
                    assert_eq!(reader.of(first_doc, &mut at), known, "{facet:?} of {first_doc}");
                }
                // No article begins there.
                let within = articles.iter().find(|first| !articles.contains(&(**first + 1))).expect("two passages");
                assert_eq!(reader.of(within + 1, &mut at), Known::AskColumn);
                assert_eq!(reader.of(passages, &mut at), Known::AskColumn);
            }
        }
        assert_eq!(met, [true; 3], "articles without a value, with one, with several");
    }
}
