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
        if field == TextField::Path { self.paths(key, begins) } else { self.whole(key, begins) }
    }

    /// Documents of which an expression matches the value of a field.
    pub(super) fn with_value_like(&self, field: TextField, regex: &Regex) -> tantivy::Result<Docs> {
        if field == TextField::Path { self.paths_like(regex) } else { self.whole_regex(field, regex) }
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

    /// Heads of the articles of a path, in small letters, or of all paths that begin with it.
    fn paths(&self, path: &str, begins: bool) -> tantivy::Result<Docs> {
        let Some(paths) = self.reader.fast_fields().str(Column::Path.name())? else { return Ok(docs::none()) };
        let mut end = path.as_bytes().to_vec();
        end.push(if begins { 0xff } else { PATH_END as u8 + 1 });
        let terms = paths.dictionary();
        let (from, to) = terms.term_bounds_to_ord(Bound::Included(path.as_bytes()), Bound::Excluded(&end[..]))?;
        let mut found = Vec::new();
        if let (Bound::Included(from), Bound::Excluded(to)) = (from, to)
            && let Some(last) = to.min(terms.num_terms() as u64).checked_sub(1)
            && from <= last
        {
            paths.ords().get_docids_for_value_range(from..=last, 0..self.blocks.max_doc, &mut found);
            found.sort_unstable();
        }
        Ok(docs::from_sorted(found))
    }

    /// Heads of the articles whose paths, in small letters, `regex` matches.
    fn paths_like(&self, regex: &Regex) -> tantivy::Result<Docs> {
        let Some(paths) = self.reader.fast_fields().str(Column::Path.name())? else { return Ok(docs::none()) };
        let mut like = Vec::with_capacity(paths.num_terms());
        let mut stream = paths.dictionary().stream()?;
        while stream.advance() {
            let key = std::str::from_utf8(stream.key()).unwrap_or_default();
            let path = key.split(PATH_END).next().unwrap_or_default();
            like.push(regex.is_match(&unaccented(path)));
        }
        let is_like =
            |doc: &DocId| paths.term_ords(*doc).next().is_some_and(|ord| like.get(ord as usize) == Some(&true));
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
