//! What bears a value: whole facts, paths, ids, numbers in a range.

use std::ops::Bound;
use std::sync::{Arc, PoisonError};

use regex::Regex;
use tantivy::schema::IndexRecordOption;
use tantivy::{DocId, DocSet, TERMINATED, Term};

use crate::index::document::BOILERPLATE_TERM;
use crate::index::record::{PATH_END, exact_term};
use crate::index::reprints;
use crate::index::schema::{Column, docs_with, exact_column};
use crate::search::local::docs::{self, Docs};
use crate::search::local::plan::Plan;
use crate::search::local::segment::Segment;
use crate::text::fold::unaccented;
use crate::vocabulary::{Number, Scope, TextField};

impl Segment<'_> {
    /// Heads for which a fact says yes, as `plan` asks for it; see [`Plan`]. Found once, whoever asks.
    pub(crate) fn facts(&self, plan: &Plan) -> tantivy::Result<Docs> {
        let known = || self.facts.lock().unwrap_or_else(PoisonError::into_inner);
        let key = format!("{plan:?}");
        if let Some(found) = known().get(&key) {
            return Ok(docs::from_shared(Arc::clone(found)));
        }
        let found = Arc::new(match plan {
            Plan::AtLeast(times, leaf) => self.articles_with(*times, *leaf)?,
            Plan::Whole { field, key, begins } => match exact_column(*field) {
                Some(column) => self.in_column(column, key, *begins)?,
                None => self.in_whole(key, *begins)?,
            },
            Plan::WholeRegex { field, regex } => match exact_column(*field) {
                Some(column) => self.in_column_like(column, regex)?,
                None => self.in_whole_like(*field, regex)?,
            },
            Plan::Range(number, from, to) => self.range(*number, *from, *to)?,
            // Those that have it.
            Plan::Without(number) => self.range(*number, i64::MIN, i64::MAX)?,
            Plan::Duplicate => reprints::first_docs(self.reader, |article| self.groups.is_duplicate(article))?,
            Plan::Id(hash, passage) => self.with_id(*hash, *passage)?,
            _ => Vec::new(),
        });
        known().insert(key, Arc::clone(&found));
        Ok(docs::from_shared(found))
    }

    /// Heads of the sections of boilerplate.
    pub(crate) fn boilerplate(&self) -> tantivy::Result<Docs> {
        let term = Term::from_field_text(self.fields.exact, BOILERPLATE_TERM);
        let postings = self.reader.inverted_index(self.fields.exact)?.read_postings(&term, IndexRecordOption::Basic)?;
        Ok(postings.map_or_else(docs::none, |postings| Box::new(postings) as Docs))
    }

    /// Documents that bear a whole value, or one that begins so.
    fn in_whole(&self, key: &str, begins: bool) -> tantivy::Result<Vec<DocId>> {
        let mut end = key.as_bytes().to_vec();
        end.push(if begins { 0xff } else { 0 });
        self.in_whole_if(key.as_bytes(), &end, |_| true)
    }

    /// Documents that bear a value of a field that `regex` matches.
    fn in_whole_like(&self, field: TextField, regex: &Regex) -> tantivy::Result<Vec<DocId>> {
        let key = exact_term(field, "");
        let end = [key.as_bytes(), &[0xff]].concat();
        // URLs have their accents.
        self.in_whole_if(key.as_bytes(), &end, |value| {
            regex.is_match(&unaccented(std::str::from_utf8(&value[key.len()..]).unwrap_or_default()))
        })
    }

    /// Documents of the whole values from one to before another that `is` says yes to.
    fn in_whole_if(&self, from: &[u8], to: &[u8], is: impl Fn(&[u8]) -> bool) -> tantivy::Result<Vec<DocId>> {
        let index = self.reader.inverted_index(self.fields.exact)?;
        let mut stream = index.terms().range().ge(from).lt(to).into_stream()?;
        let mut found = Vec::new();
        let mut meter = self.budget.meter();
        while stream.advance() && !meter.is_spent() {
            if !is(stream.key()) {
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
        Ok(found)
    }

    /// Heads of the articles with this value in a column, or with all that begin with it.
    fn in_column(&self, column: Column, value: &str, begins: bool) -> tantivy::Result<Vec<DocId>> {
        let Some(values) = self.reader.fast_fields().str(column.name())? else { return Ok(Vec::new()) };
        let mut end = value.as_bytes().to_vec();
        // Behind a path in small letters may stand the path as it is.
        end.push(match (begins, column) {
            (true, _) => 0xff,
            (false, Column::Path) => PATH_END as u8 + 1,
            (false, _) => 0,
        });
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
        Ok(found)
    }

    /// Heads of the articles whose values in a column, of a path in small letters, `regex` matches.
    fn in_column_like(&self, column: Column, regex: &Regex) -> tantivy::Result<Vec<DocId>> {
        let Some(values) = self.reader.fast_fields().str(column.name())? else { return Ok(Vec::new()) };
        let mut like = Vec::with_capacity(values.num_terms());
        let mut stream = values.dictionary().stream()?;
        let mut meter = self.budget.meter();
        while stream.advance() && !meter.is_spent() {
            let key = std::str::from_utf8(stream.key()).unwrap_or_default();
            let value = if column == Column::Path { key.split(PATH_END).next() } else { Some(key) };
            like.push(regex.is_match(&unaccented(value.unwrap_or_default())));
        }
        let is_like =
            |doc: &DocId| values.term_ords(*doc).next().is_some_and(|ord| like.get(ord as usize) == Some(&true));
        Ok((0..self.blocks.max_doc).filter(is_like).collect())
    }

    /// Heads of the articles with a hash, or the passage of each that is meant.
    fn with_id(&self, hash: u64, passage: Option<u32>) -> tantivy::Result<Vec<DocId>> {
        let mut found = Vec::new();
        for head in docs_with(self.reader, "article", hash)? {
            let doc = head.saturating_add(passage.unwrap_or(0));
            if doc < self.blocks.end(head, Scope::Article) {
                found.push(doc);
            }
        }
        found.sort_unstable();
        Ok(found)
    }

    /// Heads of what has a number from `from` to before `to`.
    fn range(&self, number: Number, from: i64, to: i64) -> tantivy::Result<Vec<DocId>> {
        let Some(column) = self.number(number)? else { return Ok(Vec::new()) };
        let mut found = Vec::new();
        column.get_docids_for_value_range(from..=to.saturating_sub(1), 0..self.blocks.max_doc, &mut found);
        found.sort_unstable();
        Ok(found)
    }
}
