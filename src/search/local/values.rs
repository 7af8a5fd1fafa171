//! The documents of facts: exact values, paths, ids, ranges of numbers.

use std::ops::Bound;
use std::sync::{Arc, PoisonError};

use regex::Regex;
use tantivy::schema::IndexRecordOption;
use tantivy::{DocId, DocSet, TERMINATED, Term};

use crate::index::document::BOILERPLATE_TERM;
use crate::index::record::{PATH_END, exact_term, exact_value, path_of_term};
use crate::index::renames::StoredPaths;
use crate::index::reprints;
use crate::index::schema::{Column, docs_in_range, docs_with, exact_column};
use crate::search::local::docs::{self, Docs};
use crate::search::local::plan::Plan;
use crate::search::local::segment::Segment;
use crate::text::fold::unaccented;
use crate::vocabulary::{Number, Scope, TextField};

impl Segment<'_> {
    /// The first documents of the blocks for which a fact is true, as `plan` states it. Cached.
    pub(crate) fn facts(&self, plan: &Plan) -> tantivy::Result<Docs> {
        let cache = || self.cached_facts.lock().unwrap_or_else(PoisonError::into_inner);
        let key = format!("{plan:?}");
        if let Some(found) = cache().get(&key) {
            return Ok(docs::from_shared(Arc::clone(found)));
        }
        let found = Arc::new(match plan {
            Plan::AtLeast(times, leaf) => self.articles_with(*times, *leaf)?,
            Plan::FieldEquals { field, term, is_prefix } => match exact_column(*field) {
                Some(Column::Path) if !self.renames.is_empty() => self.in_renamed_paths(term, *is_prefix)?,
                Some(column) => self.in_column(column, term, *is_prefix)?,
                None => self.in_exact(term, *is_prefix)?,
            },
            Plan::FieldMatches { field, regex } => match exact_column(*field) {
                Some(column) => self.in_column_matching(column, regex)?,
                None => self.in_exact_matching(*field, regex)?,
            },
            Plan::Range(number, from, to) => self.range(*number, *from, *to)?,
            // The documents with it, which are taken from all.
            Plan::Without(number) => self.range(*number, i64::MIN, i64::MAX)?,
            Plan::Duplicate => reprints::first_docs(self.reader, |order| self.groups.is_duplicate(order ^ self.salt))?,
            Plan::Id(hash, passage) => self.with_id(*hash, *passage)?,
            Plan::All
            | Plan::Nothing
            | Plan::Leaf(_)
            | Plan::Boilerplate
            | Plan::And(_)
            | Plan::Or(_)
            | Plan::Not(_)
            | Plan::AllWithin(..)
            | Plan::Should(_) => unreachable!("no fact"),
        });
        cache().insert(key, Arc::clone(&found));
        Ok(docs::from_shared(found))
    }

    /// First documents of the sections of boilerplate.
    pub(crate) fn boilerplate(&self) -> tantivy::Result<Docs> {
        let term = Term::from_field_text(self.fields.exact, BOILERPLATE_TERM);
        let postings = self.reader.inverted_index(self.fields.exact)?.read_postings(&term, IndexRecordOption::Basic)?;
        Ok(postings.map_or_else(docs::none, |postings| Box::new(postings) as Docs))
    }

    /// Documents with the term of an exact value, or with one that begins so.
    fn in_exact(&self, term: &str, is_prefix: bool) -> tantivy::Result<Vec<DocId>> {
        let mut end = term.as_bytes().to_vec();
        end.push(if is_prefix { 0xff } else { 0 });
        self.in_exact_if(term.as_bytes(), &end, |_| true)
    }

    /// Documents with an exact value of a field that `regex` matches.
    fn in_exact_matching(&self, field: TextField, regex: &Regex) -> tantivy::Result<Vec<DocId>> {
        let start = exact_term(field, "");
        let end = [start.as_bytes(), &[0xff]].concat();
        // Values are stored folded, but those of URLs keep their accents. In a damaged index a value may not be UTF-8.
        self.in_exact_if(start.as_bytes(), &end, |term| {
            std::str::from_utf8(&term[start.len()..]).is_ok_and(|value| regex.is_match(&unaccented(value)))
        })
    }

    /// Documents with a term of the exact values from one to before another that `accepts` it.
    fn in_exact_if(&self, from: &[u8], to: &[u8], accepts: impl Fn(&[u8]) -> bool) -> tantivy::Result<Vec<DocId>> {
        let index = self.reader.inverted_index(self.fields.exact)?;
        let mut stream = index.terms().range().ge(from).lt(to).into_stream()?;
        let mut found = Vec::new();
        let mut meter = self.budget.meter();
        while stream.advance() && !meter.is_spent() {
            if !accepts(stream.key()) {
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

    /// First documents of the articles with this value in a column, or with one that begins so.
    fn in_column(&self, column: Column, value: &str, is_prefix: bool) -> tantivy::Result<Vec<DocId>> {
        let Some(values) = self.reader.fast_fields().str(column.name())? else { return Ok(Vec::new()) };
        let mut end = value.as_bytes().to_vec();
        // After a path in lower case the original path may follow.
        end.push(match (is_prefix, column) {
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
            found = docs_in_range(values.ords(), from..=last, self.blocks.max_doc);
        }
        Ok(found)
    }

    /// As [`Segment::in_column`], by paths as they are shown.
    fn in_renamed_paths(&self, path: &str, is_prefix: bool) -> tantivy::Result<Vec<DocId>> {
        let within = |folder: &str| -> tantivy::Result<Vec<DocId>> {
            let mut found = self.in_column(Column::Path, folder, false)?;
            found.extend(self.in_column(Column::Path, &format!("{}/", folder.trim_end_matches('/')), true)?);
            Ok(found)
        };
        let mut found = Vec::new();
        for paths in self.renames.lookups(path, is_prefix) {
            found.extend(match paths {
                StoredPaths::Equal(path) => self.in_column(Column::Path, &path, false)?,
                StoredPaths::Beginning(path) => self.in_column(Column::Path, &path, true)?,
                StoredPaths::Within(folder) => within(&folder)?,
                StoredPaths::Outside(folders) => {
                    let mut inside: Vec<DocId> = Vec::new();
                    for folder in folders {
                        inside.extend(within(&folder)?);
                    }
                    inside.sort_unstable();
                    let all = self.in_column(Column::Path, "", true)?;
                    all.into_iter().filter(|doc| inside.binary_search(doc).is_err()).collect()
                }
            });
        }
        found.sort_unstable();
        found.dedup();
        Ok(found)
    }

    /// First documents of the articles whose value in a column `regex` matches; for paths, the path in lower case.
    fn in_column_matching(&self, column: Column, regex: &Regex) -> tantivy::Result<Vec<DocId>> {
        let Some(values) = self.reader.fast_fields().str(column.name())? else { return Ok(Vec::new()) };
        let mut matches = Vec::with_capacity(values.num_terms());
        let mut stream = values.dictionary().stream()?;
        let mut meter = self.budget.meter();
        while stream.advance() && !meter.is_spent() {
            // In a damaged index a value may not be UTF-8.
            matches.push(std::str::from_utf8(stream.key()).is_ok_and(|value| {
                if column == Column::Path && !self.renames.is_empty() {
                    let shown = exact_value(TextField::Path, &self.renames.shown(path_of_term(value)));
                    return regex.is_match(&unaccented(&shown));
                }
                let value = match value.split_once(PATH_END) {
                    Some((path, _)) if column == Column::Path => path,
                    _ => value,
                };
                regex.is_match(&unaccented(value))
            }));
        }
        let has_match =
            |doc: &DocId| values.term_ords(*doc).next().is_some_and(|ord| matches.get(ord as usize) == Some(&true));
        Ok((0..self.blocks.max_doc).filter(has_match).collect())
    }

    /// First documents of the articles with this hash, or the passage with this ordinal of each.
    fn with_id(&self, hash: u64, passage: Option<u32>) -> tantivy::Result<Vec<DocId>> {
        let mut found = Vec::new();
        for first_doc in docs_with(self.reader, "article", hash)? {
            let doc = first_doc.saturating_add(passage.unwrap_or(0));
            if doc < self.blocks.end(first_doc, Scope::Article) {
                found.push(doc);
            }
        }
        found.sort_unstable();
        Ok(found)
    }

    /// First documents of the blocks with a number from `from` to before `to`; to the greatest number of all if `to` is
    /// [`i64::MAX`].
    fn range(&self, number: Number, from: i64, to: i64) -> tantivy::Result<Vec<DocId>> {
        let last = if to == i64::MAX { Some(to) } else { to.checked_sub(1) };
        let (Some(column), Some(last)) = (self.number(number)?, last) else { return Ok(Vec::new()) };
        Ok(docs_in_range(&column, from..=last, self.blocks.max_doc))
    }
}
