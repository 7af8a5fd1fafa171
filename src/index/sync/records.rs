//! The records of a file that is read again: which are as they were, so that only those that differ are replaced.
//!
//! A record is known by its path and its id (or number); a hash tells whether its bytes changed. Records that stay keep
//! their documents, and with them the day they were added.

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
    /// Key of the file.
    file: u64,
    /// Hash by record; none where two records share an id, which are always replaced.
    known: HashMap<u64, Option<u64>>,
    /// Records of the file as it is now.
    seen: HashSet<u64>,
}

impl<'a> Records<'a> {
    /// Reads what the index holds of the file with this key; `None` if that is an article without a record.
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

    /// Is the record as it was? If it is not, its old documents are deleted, and the new ones may be added.
    pub(crate) fn is_kept(&mut self, writer: &Writer, article: &Article) -> bool {
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

    /// Deletes the records that the file no longer has.
    pub(crate) fn delete_others(&self, writer: &Writer) {
        for record in self.known.keys().filter(|record| !self.seen.contains(*record)) {
            writer.delete_term(Term::from_field_u64(self.fields.record, *record));
        }
    }
}
