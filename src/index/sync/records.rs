//! The records of a file that is read again, of which only those that changed are replaced.
//!
//! A record is identified by its file and its id (or number); a hash tells whether its bytes changed. Unchanged records
//! keep their documents, and so the day they were added.

use std::collections::{HashMap, HashSet};

use tantivy::schema::IndexRecordOption;
use tantivy::{DocSet, Searcher, TERMINATED, Term};

use crate::index::Fields;
use crate::index::queue::Writer;
use crate::index::stored::StoredSegment;
use crate::model::Article;

/// The records of one file, as the index holds them.
pub(crate) struct Records<'a> {
    fields: &'a Fields,
    /// Number of the file.
    file: u64,
    /// Hashes of the records that are indexed, by their keys. `None` if two records have the same id: these are always
    /// replaced.
    known: HashMap<u64, Option<u64>>,
    /// Keys of the records that were found in the file.
    seen: HashSet<u64>,
}

impl<'a> Records<'a> {
    /// Reads the records that the index holds of a file. `None` if it holds an article that is no record.
    pub(crate) fn read(searcher: &Searcher, fields: &'a Fields, file: u64) -> tantivy::Result<Option<Records<'a>>> {
        let mut known = HashMap::new();
        let term = Term::from_field_u64(fields.file, file);
        for reader in searcher.segment_readers() {
            let index = reader.inverted_index(fields.file)?;
            let Some(mut postings) = index.read_postings(&term, IndexRecordOption::Basic)? else { continue };
            let back = reader.fast_fields().column_first_or_default::<u64>("article_back")?;
            let stored = StoredSegment::open(reader, 50)?;
            while postings.doc() != TERMINATED {
                let doc = postings.doc();
                postings.advance();
                if reader.is_deleted(doc) || back.get_val(doc) != 0 {
                    continue;
                }
                match stored.article(fields, doc)? {
                    Some(article) if article.record.is_some() => {
                        let record = article.record_key(file);
                        let hash = if known.contains_key(&record) { None } else { Some(article.hash) };
                        known.insert(record, hash);
                    }
                    _ => return Ok(None),
                }
            }
        }
        Ok(Some(Records { fields, file, known, seen: HashSet::new() }))
    }

    /// Is the record unchanged? Otherwise its old documents are deleted, and the new ones must be added.
    pub(crate) fn keep(&mut self, writer: &Writer, article: &Article) -> bool {
        let record = article.record_key(self.file);
        let first = self.seen.insert(record);
        if first && self.known.get(&record) == Some(&Some(article.hash)) {
            return true;
        }
        if first && self.known.contains_key(&record) {
            writer.delete_term(Term::from_field_u64(self.fields.record, record));
        }
        false
    }

    /// Deletes the records that are no longer in the file.
    pub(crate) fn delete_missing(&self, writer: &Writer) {
        for record in self.known.keys().filter(|record| !self.seen.contains(*record)) {
            writer.delete_term(Term::from_field_u64(self.fields.record, *record));
        }
    }
}
