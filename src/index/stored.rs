//! Reads articles and passages back from an index: stored values, and those in columns.

use tantivy::store::StoreReader;
use tantivy::{DocId, SegmentReader};

use super::columns::Columns;
use super::packed;
use super::schema::{Column, Fields};
use crate::model::{Article, Passage};
use crate::vocabulary::Number;

/// The articles and passages of a segment.
pub(crate) struct StoredSegment {
    store: StoreReader,
    columns: Columns,
}

impl StoredSegment {
    /// Opens a segment, with a cache of `cached_blocks` blocks of the store.
    ///
    /// # Errors
    ///
    /// The error of tantivy for a damaged segment.
    pub(crate) fn open(reader: &SegmentReader, cached_blocks: usize) -> tantivy::Result<StoredSegment> {
        Ok(StoredSegment { store: reader.get_store_reader(cached_blocks)?, columns: Columns::of(reader) })
    }

    /// Its columns.
    pub(crate) fn columns(&self) -> &Columns {
        &self.columns
    }

    /// The article with this first document; `None` if its stored value is damaged.
    ///
    /// # Errors
    ///
    /// The error of tantivy for a damaged segment.
    pub(crate) fn article(&self, fields: &Fields, first_doc: DocId) -> tantivy::Result<Option<Article>> {
        let mut path_term = String::new();
        if let Some(paths) = self.columns.texts(Column::Path.name())?
            && let Some(ord) = paths.term_ords(first_doc).next()
        {
            paths.ord_to_str(ord, &mut path_term)?;
        }
        self.article_with_path(fields, first_doc, &path_term)
    }

    /// As [`StoredSegment::article`], where its path, or the term of its path, is known: to read many paths together costs
    /// less.
    ///
    /// # Errors
    ///
    /// The error of tantivy for a damaged segment.
    pub(crate) fn article_with_path(
        &self,
        fields: &Fields,
        first_doc: DocId,
        path_term: &str,
    ) -> tantivy::Result<Option<Article>> {
        let document = self.store.get_document_bytes(first_doc)?;
        let packed = packed::stored_value(&document, fields.stored_article);
        let hash = self.unsigned("article", first_doc)?;
        let article = packed.and_then(|packed| packed::read_article(packed, path_term, hash?));
        let words = self.columns.signed(Number::Words.name())?;
        let words = words.and_then(|words| u64::try_from(words.first(first_doc)?).ok());
        Ok(article.map(|article| Article { words, ..article }))
    }

    /// A passage; `None` if its stored value is damaged.
    ///
    /// # Errors
    ///
    /// The error of tantivy for a damaged segment.
    pub(crate) fn passage(&self, fields: &Fields, doc: DocId) -> tantivy::Result<Option<Passage>> {
        let document = self.store.get_document_bytes(doc)?;
        let number = |name| -> tantivy::Result<Option<u32>> {
            Ok(self.unsigned(name, doc)?.and_then(|value| u32::try_from(value).ok()))
        };
        let (ordinal, first_word) = (number("article_back")?, number("first_word")?);
        let packed = packed::stored_value(&document, fields.stored_passage);
        Ok(packed.and_then(|packed| packed::read_passage(packed, ordinal?, first_word?)))
    }

    fn unsigned(&self, name: &'static str, doc: DocId) -> tantivy::Result<Option<u64>> {
        Ok(self.columns.unsigned(name)?.and_then(|column| column.first(doc)))
    }
}
