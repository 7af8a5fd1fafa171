//! Reads articles and passages back from an index: stored values, and those in columns.

use tantivy::columnar::StrColumn;
use tantivy::store::StoreReader;
use tantivy::{DocId, SegmentReader};

use super::packed;
use super::schema::{Column, Fields};
use crate::model::{Article, Passage};
use crate::vocabulary::Number;

/// A column of numbers.
type Numbers = Option<tantivy::columnar::Column<u64>>;

/// The articles and passages of a segment.
pub(crate) struct StoredSegment {
    store: StoreReader,
    paths: Option<StrColumn>,
    hashes: Numbers,
    ordinals: Numbers,
    first_words: Numbers,
    words: Option<tantivy::columnar::Column<i64>>,
}

impl StoredSegment {
    /// Opens a segment, with a cache of `cached_blocks` blocks of the store.
    ///
    /// # Errors
    ///
    /// The error of tantivy for a damaged segment.
    pub(crate) fn open(reader: &SegmentReader, cached_blocks: usize) -> tantivy::Result<StoredSegment> {
        let columns = reader.fast_fields();
        Ok(StoredSegment {
            store: reader.get_store_reader(cached_blocks)?,
            paths: columns.str(Column::Path.name())?,
            hashes: columns.column_opt("article")?,
            ordinals: columns.column_opt("article_back")?,
            first_words: columns.column_opt("first_word")?,
            words: columns.column_opt(Number::Words.name())?,
        })
    }

    /// The article with this first document; `None` if its stored value is damaged.
    ///
    /// # Errors
    ///
    /// The error of tantivy for a damaged segment.
    pub(crate) fn article(&self, fields: &Fields, first_doc: DocId) -> tantivy::Result<Option<Article>> {
        let document = self.store.get_document_bytes(first_doc)?;
        let mut path_term = String::new();
        if let Some(paths) = &self.paths
            && let Some(ord) = paths.term_ords(first_doc).next()
        {
            paths.ord_to_str(ord, &mut path_term)?;
        }
        let packed = packed::stored_value(&document, fields.stored_article);
        let article =
            packed.and_then(|packed| packed::read_article(packed, &path_term, value(&self.hashes, first_doc)?));
        let words = self.words.as_ref().and_then(|words| u64::try_from(words.first(first_doc)?).ok());
        Ok(article.map(|article| Article { words, ..article }))
    }

    /// A passage; `None` if its stored value is damaged.
    ///
    /// # Errors
    ///
    /// The error of tantivy for a damaged segment.
    pub(crate) fn passage(&self, fields: &Fields, doc: DocId) -> tantivy::Result<Option<Passage>> {
        let document = self.store.get_document_bytes(doc)?;
        let number = |column| u32::try_from(value(column, doc)?).ok();
        let packed = packed::stored_value(&document, fields.stored_passage);
        Ok(packed.and_then(|packed| packed::read_passage(packed, number(&self.ordinals)?, number(&self.first_words)?)))
    }
}

fn value(column: &Numbers, doc: DocId) -> Option<u64> {
    column.as_ref()?.first(doc)
}
