//! What bears a value: whole facts, paths, ids, numbers in a range.

use std::ops::Bound;

use regex::Regex;
use tantivy::schema::IndexRecordOption;
use tantivy::{DocId, DocSet, TERMINATED, Term};

use super::docs::{self, Docs};
use super::engine::Segment;
use crate::index::document::{PATH_END, whole_key};
use crate::index::schema::{Column, Number, Scope, TextField, docs_with};
use crate::text::fold::unaccented;

impl Segment<'_> {
    /// Documents of which this is the whole value of a field, or its beginning.
    pub(super) fn with_value(&self, field: TextField, key: &str, begins: bool) -> tantivy::Result<Docs> {
        match field.values() {
            Some(column) => self.in_column(column, key, begins),
            None => self.whole(key, begins),
        }
    }

    /// Documents of which an expression matches the value of a field.
    pub(super) fn with_value_like(&self, field: TextField, regex: &Regex) -> tantivy::Result<Docs> {
        match field.values() {
            Some(column) => self.in_column_like(column, regex),
            None => self.whole_regex(field, regex),
        }
    }

    /// Documents that bear a whole value.
    pub(super) fn whole(&self, key: &str, begins: bool) -> tantivy::Result<Docs> {
        let index = self.reader.inverted_index(self.fields.whole)?;
        if !begins {
            let postings =
                index.read_postings(&Term::from_field_text(self.fields.whole, key), IndexRecordOption::Basic)?;
            return Ok(postings.map_or_else(docs::none, |postings| Box::new(postings) as Docs));
        }
        let mut to = key.as_bytes().to_vec();
        to.push(0xff);
        let mut stream = index.terms().range().ge(key).lt(to).into_stream()?;
        let mut found = Vec::new();
        while stream.advance() {
            let mut postings = index.read_postings_from_terminfo(stream.value(), IndexRecordOption::Basic)?;
            while postings.doc() != TERMINATED {
                found.push(postings.doc());
                postings.advance();
            }
        }
        found.sort_unstable();
        found.dedup();
        Ok(docs::from_sorted(found))
    }

    /// Documents that bear a value of a field that `regex` matches.
    fn whole_regex(&self, field: TextField, regex: &Regex) -> tantivy::Result<Docs> {
        let index = self.reader.inverted_index(self.fields.whole)?;
        let key = whole_key(field, "");
        let mut to = key.as_bytes().to_vec();
        to.push(0xff);
        let mut stream = index.terms().range().ge(key.as_bytes()).lt(to).into_stream()?;
        let mut found = Vec::new();
        while stream.advance() {
            let value = std::str::from_utf8(&stream.key()[key.len()..]).unwrap_or_default();
            // URLs have theirs.
            if !regex.is_match(&unaccented(value)) {
                continue;
            }
            let mut postings = index.read_postings_from_terminfo(stream.value(), IndexRecordOption::Basic)?;
            while postings.doc() != TERMINATED {
                found.push(postings.doc());
                postings.advance();
            }
        }
        found.sort_unstable();
        found.dedup();
        Ok(docs::from_sorted(found))
    }

    /// Heads of the articles with this value in a column, or with all that begin with it.
    fn in_column(&self, column: Column, value: &str, begins: bool) -> tantivy::Result<Docs> {
        let Some(values) = self.reader.fast_fields().str(column.name())? else { return Ok(docs::none()) };
        let mut end = value.as_bytes().to_vec();
        end.push(if begins { 0xff } else { PATH_END as u8 + 1 });
        let terms = values.dictionary();
        let (from, to) = terms.term_bounds_to_ord(Bound::Included(value.as_bytes()), Bound::Excluded(&end[..]))?;
        let mut found = Vec::new();
        if let (Bound::Included(from), Bound::Excluded(to)) = (from, to)
            && let Some(last) = to.min(terms.num_terms() as u64).checked_sub(1)
            && from <= last
        {
            values.ords().get_docids_for_value_range(from..=last, 0..self.blocks.max_doc, &mut found);
            found.sort_unstable();
        }
        Ok(docs::from_sorted(found))
    }

    /// Heads of the articles whose values in a column, of a path in small letters, `regex` matches.
    fn in_column_like(&self, column: Column, regex: &Regex) -> tantivy::Result<Docs> {
        let Some(values) = self.reader.fast_fields().str(column.name())? else { return Ok(docs::none()) };
        let mut like = Vec::with_capacity(values.num_terms());
        let mut stream = values.dictionary().stream()?;
        while stream.advance() {
            let key = std::str::from_utf8(stream.key()).unwrap_or_default();
            let value = key.split(PATH_END).next().unwrap_or_default();
            like.push(regex.is_match(&unaccented(value)));
        }
        let is_like =
            |doc: &DocId| values.term_ords(*doc).next().is_some_and(|ord| like.get(ord as usize) == Some(&true));
        Ok(docs::from_sorted((0..self.blocks.max_doc).filter(is_like).collect()))
    }

    /// Heads of the articles with a hash, or the passage of each that is meant.
    pub(super) fn with_id(&self, hash: u64, passage: Option<u32>) -> tantivy::Result<Docs> {
        let mut found = Vec::new();
        for head in docs_with(self.reader, "article", hash)? {
            let doc = head.saturating_add(passage.unwrap_or(0));
            if doc < self.blocks.end(head, Scope::Article) {
                found.push(doc);
            }
        }
        Ok(docs::from_sorted(found))
    }

    /// Heads of what has a number from `from` to before `to`.
    pub(super) fn range(&self, number: Number, from: i64, to: i64) -> tantivy::Result<Docs> {
        let Some(column) = self.number(number)? else { return Ok(docs::none()) };
        let mut found = Vec::new();
        column.get_docids_for_value_range(from..=to.saturating_sub(1), 0..self.blocks.max_doc, &mut found);
        found.sort_unstable();
        Ok(docs::from_sorted(found))
    }
}
