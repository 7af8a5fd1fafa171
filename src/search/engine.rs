//! A plan run over one segment: which passages match, and how well.
//!
//! AND and NOT are judged over a unit (the section, unless told otherwise): leaves become sets of units, the plan is
//! evaluated over those, and within each unit that matches, the passages in which a searched word stands are the hits.
//! Where nothing but facts was asked for, all passages of the unit are.

use tantivy::schema::IndexRecordOption;
use tantivy::{DocId, DocSet, SegmentReader, TERMINATED, Term};

use super::docs::{self, Blocks, Docs};
use super::plan::{Leaf, Lowered, Plan};
use super::postings::{Matches, PhrasePostings, WordPostings, terms};
use super::score::{LeafScorer, Statistics};
use crate::index::Fields;
use crate::index::document::BOILERPLATE_KEY;
use crate::index::schema::{Scope, TextField};
use tantivy::postings::TermInfo;

/// Terms of one leaf in one segment: by field, then by word.
pub type LeafTerms = Vec<Vec<Vec<TermInfo>>>;

/// A passage that matches.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Match {
    /// Its document.
    pub doc: DocId,
    /// Its score.
    pub score: f32,
}

/// One segment, opened for one query.
pub struct Segment<'a> {
    reader: &'a SegmentReader,
    fields: &'a Fields,
    /// Where its sections and articles begin and end.
    pub blocks: Blocks,
    leaves: &'a [Leaf],
    terms: Vec<LeafTerms>,
    with_boilerplate: bool,
}

impl<'a> Segment<'a> {
    /// Opens a segment and looks the words of the query up in it.
    ///
    /// # Errors
    ///
    /// What tantivy says of a damaged segment.
    pub fn open(reader: &'a SegmentReader, fields: &'a Fields, lowered: &'a Lowered) -> tantivy::Result<Segment<'a>> {
        let mut all_terms = Vec::with_capacity(lowered.leaves.len());
        for leaf in &lowered.leaves {
            let mut by_field = Vec::with_capacity(leaf.fields.len());
            for &field in &leaf.fields {
                let index = reader.inverted_index(fields.text(field))?;
                by_field.push(leaf.tests.iter().map(|test| terms(&index, test)).collect::<Result<Vec<_>, _>>()?);
            }
            all_terms.push(by_field);
        }
        Ok(Segment {
            reader,
            fields,
            blocks: Blocks::open(reader)?,
            leaves: &lowered.leaves,
            terms: all_terms,
            with_boilerplate: lowered.with_boilerplate,
        })
    }

    /// The reader of the segment.
    #[must_use]
    pub fn reader(&self) -> &SegmentReader {
        self.reader
    }

    /// In how many documents the words of a leaf stand: by field, then by word.
    #[must_use]
    pub fn frequencies(&self, leaf: usize) -> Vec<Vec<u64>> {
        let sum = |terms: &Vec<TermInfo>| terms.iter().map(|term| u64::from(term.doc_freq)).sum();
        self.terms[leaf].iter().map(|words| words.iter().map(sum).collect()).collect()
    }

    /// The postings of a leaf in one of its fields.
    pub(super) fn postings(&self, leaf: usize, field: usize) -> tantivy::Result<Option<Box<dyn Matches>>> {
        let words = &self.terms[leaf][field];
        if words.is_empty() || words.iter().any(Vec::is_empty) {
            return Ok(None);
        }
        let index = self.reader.inverted_index(self.fields.text(self.leaves[leaf].fields[field]))?;
        let open =
            |option| words.iter().map(|terms| WordPostings::open(&index, terms, option)).collect::<Result<Vec<_>, _>>();
        if words.len() > 1 {
            return Ok(Some(Box::new(PhrasePostings::new(open(IndexRecordOption::WithFreqsAndPositions)?))));
        }
        Ok(open(IndexRecordOption::WithFreqs)?.pop().map(|word| Box::new(word) as Box<dyn Matches>))
    }

    /// The passages, sections or articles (heads of `unit`) of which the plan is true.
    fn units(&self, plan: &Plan, unit: Scope) -> tantivy::Result<Docs> {
        Ok(match plan {
            Plan::All => docs::all(&self.blocks, unit),
            Plan::Nothing => docs::none(),
            Plan::Leaf(leaf) => {
                let mut sets = Vec::new();
                for (i, field) in self.leaves[*leaf].fields.iter().enumerate() {
                    if let Some(postings) = self.postings(*leaf, i)? {
                        sets.push(docs::convert(&self.blocks, postings, field.scope(), unit));
                    }
                }
                docs::or(sets)
            }
            Plan::Whole { field, key, begins } => {
                docs::convert(&self.blocks, self.whole(key, *begins)?, field.scope(), unit)
            }
            Plan::Dated(from, to) => docs::convert(&self.blocks, self.dated(*from, *to)?, Scope::Article, unit),
            Plan::Undated => docs::and_not(
                docs::all(&self.blocks, unit),
                docs::convert(&self.blocks, self.dated(i64::MIN, i64::MAX)?, Scope::Article, unit),
            ),
            Plan::Boilerplate => docs::convert(&self.blocks, self.whole(BOILERPLATE_KEY, false)?, Scope::Section, unit),
            Plan::Or(plans) => docs::or(plans.iter().map(|plan| self.units(plan, unit)).collect::<Result<_, _>>()?),
            Plan::And(plans) => {
                let (mut with, mut without) = (Vec::new(), Vec::new());
                for plan in plans {
                    match plan {
                        Plan::Not(inner) => without.push(self.units(inner, unit)?),
                        other => with.push(self.units(other, unit)?),
                    }
                }
                let with = if with.is_empty() { docs::all(&self.blocks, unit) } else { docs::and(with) };
                if without.is_empty() { with } else { docs::and_not(with, docs::or(without)) }
            }
            Plan::Not(inner) => docs::and_not(docs::all(&self.blocks, unit), self.units(inner, unit)?),
        })
    }

    /// The passages that show why the plan is true; `None` if all passages of a unit do.
    fn evidence(&self, plan: &Plan) -> tantivy::Result<Option<Docs>> {
        match plan {
            Plan::Leaf(leaf) if self.leaves[*leaf].is_text() => {
                let mut sets: Vec<Docs> = Vec::new();
                for field in 0..self.leaves[*leaf].fields.len() {
                    if let Some(postings) = self.postings(*leaf, field)? {
                        sets.push(postings);
                    }
                }
                Ok(Some(docs::or(sets)))
            }
            Plan::And(plans) => {
                let sets: Vec<Docs> = plans
                    .iter()
                    .map(|plan| self.evidence(plan))
                    .collect::<Result<Vec<_>, _>>()?
                    .into_iter()
                    .flatten()
                    .collect();
                Ok((!sets.is_empty()).then(|| docs::or(sets)))
            }
            Plan::Or(plans) => {
                let mut sets = Vec::new();
                for plan in plans {
                    sets.push(match self.evidence(plan)? {
                        Some(set) => set,
                        // A fact shows in every passage it holds for.
                        None => self.units(plan, Scope::Passage)?,
                    });
                }
                Ok(Some(docs::or(sets)))
            }
            _ => Ok(None),
        }
    }

    /// Documents that bear a whole value.
    fn whole(&self, key: &str, begins: bool) -> tantivy::Result<Docs> {
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

    /// Heads of articles published from `from` to before `to`.
    fn dated(&self, from: i64, to: i64) -> tantivy::Result<Docs> {
        let Some(column) = self.reader.fast_fields().column_opt::<i64>("date")? else { return Ok(docs::none()) };
        let mut found = Vec::new();
        column.get_docids_for_value_range(from..=to.saturating_sub(1), 0..self.blocks.max_doc, &mut found);
        found.sort_unstable();
        Ok(docs::from_sorted(found))
    }

    /// Hands over the matching passages, article by article, in the order of the segment.
    ///
    /// # Errors
    ///
    /// What tantivy says of a damaged segment, or what `visit` returns.
    pub fn visit(
        &self,
        plan: &Plan,
        unit: Scope,
        statistics: &Statistics,
        scoring: &[usize],
        visit: &mut dyn FnMut(DocId, &[Match]) -> tantivy::Result<()>,
    ) -> tantivy::Result<()> {
        let mut units = self.units(plan, unit)?;
        let mut evidence = match self.evidence(plan)? {
            Some(evidence) => evidence,
            None => docs::all(&self.blocks, Scope::Passage),
        };
        if !self.with_boilerplate {
            let boilerplate = self.whole(BOILERPLATE_KEY, false)?;
            if boilerplate.doc() != TERMINATED {
                let passages = docs::convert(&self.blocks, boilerplate, Scope::Section, Scope::Passage);
                evidence = docs::and_not(evidence, passages);
            }
        }
        let mut scorers = Vec::new();
        for &leaf in scoring {
            scorers.push(LeafScorer::open(self, leaf, &self.leaves[leaf], statistics)?);
        }
        let mut article = TERMINATED;
        let mut found: Vec<Match> = Vec::new();
        while units.doc() != TERMINATED {
            let head = units.doc();
            let end = self.blocks.end(head, unit);
            let mut doc = if evidence.doc() < head { evidence.seek(head) } else { evidence.doc() };
            while doc < end {
                if !self.reader.is_deleted(doc) {
                    let article_head = self.blocks.head(doc, Scope::Article);
                    if article_head != article && !found.is_empty() {
                        visit(article, &found)?;
                        found.clear();
                    }
                    article = article_head;
                    let section_head = self.blocks.head(doc, Scope::Section);
                    let score = scorers.iter_mut().map(|scorer| scorer.score(doc, section_head, article_head)).sum();
                    found.push(Match { doc, score });
                }
                doc = evidence.advance();
            }
            // Units without evidence are passed over in one step.
            let next = if doc == TERMINATED { TERMINATED } else { self.blocks.head(doc, unit) };
            if next > head {
                units.seek(next)
            } else {
                units.advance()
            };
        }
        if found.is_empty() { Ok(()) } else { visit(article, &found) }
    }

    /// Length in words of a field of a document, as far as the index keeps it.
    pub(super) fn norms(&self, field: TextField) -> tantivy::Result<tantivy::fieldnorm::FieldNormReader> {
        self.reader.get_fieldnorms_reader(self.fields.text(field))
    }
}
