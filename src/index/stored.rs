//! Reads back what an index keeps of articles and passages: what is stored, and what columns hold of it.

use tantivy::columnar::StrColumn;
use tantivy::store::StoreReader;
use tantivy::{DocId, SegmentReader};

use super::packed;
use super::schema::{Column, Fields};
use crate::model::{Article, Passage};
use crate::vocabulary::Number;

/// A column of numbers.
type Numbers = Option<tantivy::columnar::Column<u64>>;

/// What a segment keeps of its articles and passages.
pub struct StoredSegment {
    store: StoreReader,
    paths: Option<StrColumn>,
    hashes: Numbers,
    ordinals: Numbers,
    first_words: Numbers,
    words: Option<tantivy::columnar::Column<i64>>,
}

impl StoredSegment {
    /// Opens a segment; so many blocks of what is stored are kept unpacked.
    ///
    /// # Errors
    ///
    /// What tantivy says of a damaged segment.
    pub fn open(reader: &SegmentReader, blocks: usize) -> tantivy::Result<StoredSegment> {
        let columns = reader.fast_fields();
        Ok(StoredSegment {
            store: reader.get_store_reader(blocks)?,
            paths: columns.str(Column::Path.name())?,
            hashes: columns.column_opt("article")?,
            ordinals: columns.column_opt("article_back")?,
            first_words: columns.column_opt("first_word")?,
            words: columns.column_opt(Number::Words.name())?,
        })
    }

    /// The article whose head this is; `None` if it cannot be read.
    ///
    /// # Errors
    ///
    /// What tantivy says of a damaged segment.
    pub fn article(&self, fields: &Fields, head: DocId) -> tantivy::Result<Option<Article>> {
        let document = self.store.get_document_bytes(head)?;
        let mut key = String::new();
        if let Some(paths) = &self.paths
            && let Some(ord) = paths.term_ords(head).next()
        {
            paths.ord_to_str(ord, &mut key)?;
        }
        let packed = packed::stored_value(&document, fields.stored_article);
        let article = packed.and_then(|packed| packed::read_article(packed, &key, value(&self.hashes, head)?));
        let words = self.words.as_ref().and_then(|words| u64::try_from(words.first(head)?).ok());
        Ok(article.map(|article| Article { words, ..article }))
    }

    /// A passage; `None` if it cannot be read.
    ///
    /// # Errors
    ///
    /// What tantivy says of a damaged segment.
    pub fn passage(&self, fields: &Fields, doc: DocId) -> tantivy::Result<Option<Passage>> {
        let document = self.store.get_document_bytes(doc)?;
        let number = |column| u32::try_from(value(column, doc)?).ok();
        let packed = packed::stored_value(&document, fields.stored_passage);
        Ok(packed.and_then(|packed| packed::read_passage(packed, number(&self.ordinals)?, number(&self.first_words)?)))
    }
}

fn value(column: &Numbers, doc: DocId) -> Option<u64> {
    column.as_ref()?.first(doc)
}
