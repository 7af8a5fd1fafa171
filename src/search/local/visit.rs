//! Visits the matching passages of one segment, article by article, with their scores.

use std::ops::Range;

use tantivy::columnar::Column;
use tantivy::{DocId, TERMINATED};

use super::docs::{self, Docs, Match};
use super::evaluate::TextUnits;
use super::plan::Plan;
use super::score::{ARTICLE, LeafScorer, Statistics};
use super::segment::Segment;
use crate::vocabulary::{Number, Scope};

/// Takes the matches of one article, of which it is given the first document.
pub type Visit<'v> = dyn FnMut(DocId, &[Match]) -> tantivy::Result<()> + 'v;

/// The matches of one article, until all of them are scored.
struct ArticleMatches<'s> {
    segment: &'s Segment<'s>,
    scorers: Vec<Scorer>,
    lengths: Lengths,
    /// First document of the article; [`TERMINATED`] before the first match.
    first_doc: DocId,
    matches: Vec<Match>,
}

impl ArticleMatches<'_> {
    /// Adds a passage, of which these are the first documents of its section and article.
    fn add(&mut self, doc: DocId, section: DocId, article: DocId) {
        let mut score = 0.0;
        for scorer in self.scorers.iter_mut().filter(|scorer| scorer.next <= doc) {
            score += scorer.leaf.score(doc, section, article);
            scorer.next = scorer.leaf.next();
            scorer.is_in_article = true;
        }
        self.matches.push(Match { doc, score });
        self.first_doc = article;
    }

    /// Adds the score of the article to its matches, and hands them over. Matches that were found while the budget ran
    /// out are dropped: sets that ended early may lack what rules them out.
    fn finish(&mut self, visit: &mut Visit<'_>) -> tantivy::Result<()> {
        if !self.matches.is_empty() && !self.segment.budget.is_spent() {
            let length = self.lengths.relative(self.first_doc);
            let mut article = 0.0;
            for scorer in self.scorers.iter_mut().filter(|scorer| scorer.is_in_article) {
                article += scorer.leaf.article(length);
                scorer.is_in_article = false;
            }
            self.matches.iter_mut().for_each(|one| one.score += ARTICLE * article);
            visit(self.first_doc, &self.matches)?;
        }
        self.matches.clear();
        Ok(())
    }
}

/// A leaf that scores. A long query has thousands, of which a passage has few.
struct Scorer {
    /// The leaf scores no passage before this one.
    next: DocId,
    /// Was it asked for a passage of the article?
    is_in_article: bool,
    leaf: LeafScorer,
}

/// Lengths of articles beside their mean.
struct Lengths {
    words: Option<Column<i64>>,
    mean: f32,
}

impl Lengths {
    fn open(segment: &Segment<'_>, statistics: &Statistics) -> tantivy::Result<Lengths> {
        Ok(Lengths { words: segment.number(Number::Words)?, mean: statistics.mean_article })
    }

    /// The length of the article with this first document over the mean length.
    fn relative(&self, first_doc: DocId) -> f32 {
        let words = self.words.as_ref().and_then(|column| column.first(first_doc)).unwrap_or(0);
        words as f32 / self.mean
    }
}

impl Segment<'_> {
    /// The segment in slices of whole articles, each of about this many documents.
    #[must_use]
    pub fn slices(&self, documents: DocId) -> Vec<Range<DocId>> {
        let max_doc = self.blocks.max_doc;
        let mut out = Vec::new();
        let mut start = 0;
        while start < max_doc {
            let next = self.blocks.first_doc_from(start.saturating_add(documents.max(1)), Scope::Article);
            // With damaged blocks it may not be after the start.
            let end = next.max(start + 1).min(max_doc);
            out.push(start..end);
            start = end;
        }
        out
    }

    /// Visits the matching passages, article by article, in the order of the segment. `scoring` are the leaves that
    /// score.
    ///
    /// # Errors
    ///
    /// The error of tantivy for a damaged segment, or that of `visit`.
    pub fn visit(
        &self,
        plan: &Plan,
        unit: Scope,
        statistics: &Statistics,
        scoring: &[usize],
        visit: &mut Visit<'_>,
    ) -> tantivy::Result<()> {
        self.visit_within(plan, unit, statistics, scoring, 0..self.blocks.max_doc, visit)
    }

    /// As [`Segment::visit`], for a slice of the segment.
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
        visit: &mut Visit<'_>,
    ) -> tantivy::Result<()> {
        let mut units = self.units(plan, unit)?;
        if units.doc() < within.start {
            units.seek(within.start);
        }
        let mut passages = self.visited_passages(plan, unit)?;
        let mut article = ArticleMatches {
            segment: self,
            scorers: self
                .scorers(scoring, statistics)?
                .into_iter()
                .map(|leaf| Scorer { next: 0, is_in_article: false, leaf })
                .collect(),
            lengths: Lengths::open(self, statistics)?,
            first_doc: TERMINATED,
            matches: Vec::new(),
        };
        let mut meter = self.budget.meter();
        while units.doc() < within.end && !meter.is_spent() {
            let first_doc = units.doc();
            let end = self.blocks.end(first_doc, unit);
            let article_doc = self.blocks.first_doc(first_doc, Scope::Article);
            let mut doc = if passages.doc() < first_doc { passages.seek(first_doc) } else { passages.doc() };
            while doc < end {
                if !self.reader.is_deleted(doc) {
                    if article_doc != article.first_doc {
                        article.finish(visit)?;
                    }
                    let section_doc =
                        if unit == Scope::Section { first_doc } else { self.blocks.first_doc(doc, Scope::Section) };
                    article.add(doc, section_doc, article_doc);
                }
                doc = passages.advance();
            }
            // Units without a passage to visit are skipped by one seek.
            let next = if doc == TERMINATED { TERMINATED } else { self.blocks.first_doc(doc, unit) };
            if next > first_doc {
                units.seek(next)
            } else {
                units.advance()
            };
        }
        article.finish(visit)
    }

    /// The passages that are hits if their unit matches.
    fn visited_passages(&self, plan: &Plan, unit: Scope) -> tantivy::Result<Docs> {
        let passages = match self.text_units(plan, unit)? {
            TextUnits::All => self.evidence(plan, unit)?,
            TextUnits::None => docs::all(&self.blocks, Scope::Passage),
            TextUnits::Some(_) => self.hit_passages(plan, unit)?,
        };
        self.without_boilerplate(passages, Scope::Passage)
    }

    fn scorers(&self, scoring: &[usize], statistics: &Statistics) -> tantivy::Result<Vec<LeafScorer>> {
        scoring.iter().map(|&leaf| LeafScorer::open(self, leaf, &self.leaves[leaf], statistics)).collect()
    }

    /// The parts of each scoring leaf in the score of `doc`, a hit in the article at `first_doc`: those of the passage, and
    /// those of the article.
    pub(crate) fn score_parts(
        &self,
        plan: &Plan,
        unit: Scope,
        statistics: &Statistics,
        scoring: &[usize],
        first_doc: DocId,
        doc: DocId,
    ) -> tantivy::Result<(Vec<f32>, Vec<f32>)> {
        let mut docs = Vec::new();
        self.visit(plan, unit, statistics, &[], &mut |article, matches| {
            if article == first_doc {
                docs.extend(matches.iter().map(|one| one.doc));
            }
            Ok(())
        })?;
        let (mut passage, mut article) = (Vec::new(), Vec::new());
        let length = Lengths::open(self, statistics)?.relative(first_doc);
        for mut scorer in self.scorers(scoring, statistics)? {
            let mut of_doc = 0.0;
            for &other in &docs {
                let score = scorer.score(other, self.blocks.first_doc(other, Scope::Section), first_doc);
                if other == doc {
                    of_doc = score;
                }
            }
            passage.push(of_doc);
            article.push(ARTICLE * scorer.article(length));
        }
        Ok((passage, article))
    }
}
