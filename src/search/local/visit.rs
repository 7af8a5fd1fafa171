//! A walk over the matching passages of one segment, article by article, with their scores.

use std::ops::Range;

use tantivy::{DocId, TERMINATED};

use super::docs;
use super::docs::Match;
use super::evaluate::TextUnits;
use super::plan::Plan;
use super::score::{LeafScorer, Statistics};
use super::segment::Segment;
use crate::vocabulary::{Number, Scope};

/// Adds to the scores of an article's passages what the article as a whole says.
fn share(scorers: &mut [LeafScorer], length: f32, found: &mut [Match]) {
    let article: f32 = scorers.iter_mut().map(|scorer| scorer.article(length)).sum();
    found.iter_mut().for_each(|one| one.score += crate::search::local::score::ARTICLE * article);
}

impl Segment<'_> {
    /// The segment in slices of whole articles, each of about so many documents.
    #[must_use]
    pub fn slices(&self, documents: DocId) -> Vec<Range<DocId>> {
        let max_doc = self.blocks.max_doc;
        let mut out = Vec::new();
        let mut start = 0;
        while start < max_doc {
            let head = self.blocks.head_from(start.saturating_add(documents.max(1)), Scope::Article);
            // Of a damaged column no slice may be empty.
            let end = head.max(start + 1).min(max_doc);
            out.push(start..end);
            start = end;
        }
        out
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
        self.visit_within(plan, unit, statistics, scoring, 0..self.blocks.max_doc, visit)
    }

    /// The same of a slice of the segment.
    ///
    /// # Errors
    ///
    /// As [`Segment::visit`].
    pub fn visit_within(
        &self,
        plan: &Plan,
        unit: Scope,
        statistics: &Statistics,
        scoring: &[usize],
        within: Range<DocId>,
        visit: &mut dyn FnMut(DocId, &[Match]) -> tantivy::Result<()>,
    ) -> tantivy::Result<()> {
        let mut units = self.units(plan, unit)?;
        if units.doc() < within.start {
            units.seek(within.start);
        }
        let mut evidence = match self.text_units(plan, unit)? {
            TextUnits::All => self.evidence(plan, unit)?,
            TextUnits::None => docs::all(&self.blocks, Scope::Passage),
            TextUnits::Some(_) => self.shown(plan, unit)?,
        };
        evidence = self.without_boilerplate(evidence, Scope::Passage)?;
        let mut scorers = Vec::new();
        for &leaf in scoring {
            scorers.push(LeafScorer::open(self, leaf, &self.leaves[leaf], statistics)?);
        }
        let words = self.number(Number::Words)?;
        let mut article = TERMINATED;
        let mut found: Vec<Match> = Vec::new();
        let mut meter = self.budget.meter();
        while units.doc() < within.end && !meter.is_spent() {
            let head = units.doc();
            let end = self.blocks.end(head, unit);
            let article_head = self.blocks.head(head, Scope::Article);
            let mut doc = if evidence.doc() < head { evidence.seek(head) } else { evidence.doc() };
            while doc < end {
                if !self.reader.is_deleted(doc) {
                    if article_head != article && !found.is_empty() {
                        if self.budget.is_spent() {
                            return Ok(());
                        }
                        share(&mut scorers, self.length(&words, article, statistics), &mut found);
                        visit(article, &found)?;
                        found.clear();
                    }
                    article = article_head;
                    let section_head =
                        if unit == Scope::Section { head } else { self.blocks.head(doc, Scope::Section) };
                    // The sum of nothing is a negative zero.
                    let score: f32 =
                        scorers.iter_mut().map(|scorer| scorer.score(doc, section_head, article_head)).sum();
                    let score = score + 0.0;
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
        // What was found while the budget ran out may lack what would have ruled it out.
        if found.is_empty() || self.budget.is_spent() {
            return Ok(());
        }
        share(&mut scorers, self.length(&words, article, statistics), &mut found);
        visit(article, &found)
    }

    /// What each scoring leaf adds to the score of `doc`, a hit in the article at `head`: by its passage, by the article.
    pub(crate) fn score_parts(
        &self,
        plan: &Plan,
        unit: Scope,
        statistics: &Statistics,
        scoring: &[usize],
        head: DocId,
        doc: DocId,
    ) -> tantivy::Result<(Vec<f32>, Vec<f32>)> {
        let mut docs = Vec::new();
        self.visit(plan, unit, statistics, &[], &mut |article, matches| {
            if article == head {
                docs.extend(matches.iter().map(|one| one.doc));
            }
            Ok(())
        })?;
        let (mut passage, mut article) = (Vec::new(), Vec::new());
        let words = self.number(Number::Words)?;
        let length = self.length(&words, head, statistics);
        for &leaf in scoring {
            let mut scorer = LeafScorer::open(self, leaf, &self.leaves[leaf], statistics)?;
            let mut of_doc = 0.0;
            for &other in &docs {
                let score = scorer.score(other, self.blocks.head(other, Scope::Section), head);
                if other == doc {
                    of_doc = score;
                }
            }
            passage.push(of_doc);
            article.push(crate::search::local::score::ARTICLE * scorer.article(length));
        }
        Ok((passage, article))
    }

    /// Length of an article in mean lengths.
    fn length(&self, words: &Option<tantivy::columnar::Column<i64>>, head: DocId, statistics: &Statistics) -> f32 {
        let words = words.as_ref().and_then(|column| column.first(head)).unwrap_or(0);
        words as f32 / statistics.mean_article
    }
}
