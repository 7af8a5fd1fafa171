//! Reads articles and passages back from an index: stored values, and those in columns.

use tantivy::schema::Field;
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
        let packed = self.packed_article(fields, first_doc)?;
        packed.map_or(Ok(None), |packed| self.unpacked_article(&packed, first_doc, path_term))
    }

    /// The stored value of the article with this first document, packed, which takes a fraction of the memory; `None` if
    /// there is none.
    ///
    /// # Errors
    ///
    /// The error of tantivy for a damaged segment.
    pub(crate) fn packed_article(&self, fields: &Fields, first_doc: DocId) -> tantivy::Result<Option<Box<[u8]>>> {
        self.packed(fields.stored_article, first_doc)
    }

    /// The article with this first document, of which this is the packed value; `None` if that is damaged.
    ///
    /// # Errors
    ///
    /// The error of tantivy for a damaged segment.
    pub(crate) fn unpacked_article(
        &self,
        packed: &[u8],
        first_doc: DocId,
        path_term: &str,
    ) -> tantivy::Result<Option<Article>> {
        let hash = self.unsigned("article", first_doc)?;
        let article = hash.and_then(|hash| packed::read_article(packed, path_term, hash));
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
        let packed = self.packed_passage(fields, doc)?;
        packed.map_or(Ok(None), |packed| self.unpacked_passage(&packed, doc))
    }

    /// The stored value of a passage, packed; `None` if there is none.
    ///
    /// # Errors
    ///
    /// The error of tantivy for a damaged segment.
    pub(crate) fn packed_passage(&self, fields: &Fields, doc: DocId) -> tantivy::Result<Option<Box<[u8]>>> {
        self.packed(fields.stored_passage, doc)
    }

    /// The passage of which this is the packed value; `None` if that is damaged.
    ///
    /// # Errors
    ///
    /// The error of tantivy for a damaged segment.
    pub(crate) fn unpacked_passage(&self, packed: &[u8], doc: DocId) -> tantivy::Result<Option<Passage>> {
        let number = |name| -> tantivy::Result<Option<u32>> {
            Ok(self.unsigned(name, doc)?.and_then(|value| u32::try_from(value).ok()))
        };
        let (ordinal, first_word) = (number("article_back")?, number("first_word")?);
        Ok(ordinal.zip(first_word).and_then(|(ordinal, first_word)| packed::read_passage(packed, ordinal, first_word)))
    }

    /// A stored value, copied: a slice would hold its whole block in memory.
    fn packed(&self, field: Field, doc: DocId) -> tantivy::Result<Option<Box<[u8]>>> {
        let document = self.store.get_document_bytes(doc)?;
        Ok(packed::stored_value(&document, field).map(Box::from))
    }

    fn unsigned(&self, name: &'static str, doc: DocId) -> tantivy::Result<Option<u64>> {
        Ok(self.columns.unsigned(name)?.and_then(|column| column.first(doc)))
    }
}
