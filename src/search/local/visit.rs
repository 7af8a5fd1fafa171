//! Visits the matching passages of one segment, article by article, with their scores.

use std::ops::Range;

use tantivy::columnar::Column;
use tantivy::{DocId, DocSet, TERMINATED};

use super::coverage::{Coverage, PASSAGE_COVERAGE, SECTION_COVERAGE, WordSet};
use super::docs::{self, Docs, Match};
use super::evaluate::TextUnits;
use super::parallel;
use super::plan::Plan;
use super::score::{ARTICLE, LeafScorer, Statistics};
use super::segment::{Access, Segment};
use super::table::{Known, TableReader};
use crate::vocabulary::{Number, Scope};

/// Takes the matches of one article, of which it is given the first document.
pub(crate) type Visit<'v> = dyn FnMut(DocId, &[Match]) -> tantivy::Result<()> + 'v;

/// The matches of one article, until all of them are scored.
pub(super) struct ArticleMatches<'s> {
    segment: &'s Segment<'s>,
    scorers: Vec<Scorer>,
    coverage: Coverage,
    lengths: Lengths,
    /// First document of the article; [`TERMINATED`] before the first match.
    first_doc: DocId,
    matches: Vec<Match>,
    /// First document of the section; [`TERMINATED`] before the first match of an article.
    section_doc: DocId,
    /// The words that its matches have, and the first of them.
    section_words: WordSet,
    section_from: usize,
}

impl<'s> ArticleMatches<'s> {
    /// No match, to be scored by these leaves.
    pub(super) fn open(
        segment: &'s Segment<'s>,
        scoring: &[usize],
        statistics: &Statistics,
    ) -> tantivy::Result<ArticleMatches<'s>> {
        let scorer = |leaf| Scorer { next: 0, is_in_article: false, leaf };
        Ok(ArticleMatches {
            segment,
            scorers: segment.scorers(scoring, statistics, Access::Many)?.into_iter().map(scorer).collect(),
            coverage: Coverage::of(segment, scoring, statistics),
            lengths: Lengths::open(segment, statistics)?,
            first_doc: TERMINATED,
            matches: Vec::new(),
            section_doc: TERMINATED,
            section_words: 0,
            section_from: 0,
        })
    }

    /// What each leaf adds at most to the score of a passage, coverage aside.
    pub(super) fn limits(&self) -> Vec<f32> {
        self.scorers.iter().map(|scorer| scorer.leaf.limit()).collect()
    }

    /// Adds a passage, of which these are the first documents of its section and article.
    pub(super) fn add(&mut self, doc: DocId, section: DocId, article: DocId) {
        if section != self.section_doc {
            self.finish_section();
            (self.section_doc, self.section_from) = (section, self.matches.len());
        }
        let (mut score, mut words) = (0.0, 0);
        for (i, scorer) in self.scorers.iter_mut().enumerate().filter(|(_, scorer)| scorer.next <= doc) {
            let part = scorer.leaf.score(doc, section, article);
            if part > 0.0 {
                score += part;
                words |= self.coverage.of_leaf(i);
            }
            scorer.next = scorer.leaf.next();
            scorer.is_in_article = true;
        }
        self.section_words |= words;
        let score = score + PASSAGE_COVERAGE * self.coverage.worth(words);
        self.matches.push(Match { doc, section, score });
        self.first_doc = article;
    }

    /// Adds the coverage of a section to its matches.
    fn finish_section(&mut self) {
        let worth = SECTION_COVERAGE * self.coverage.worth(self.section_words);
        self.matches[self.section_from..].iter_mut().for_each(|one| one.score += worth);
        (self.section_doc, self.section_words) = (TERMINATED, 0);
    }

    /// Adds the score of the article to its matches, and hands them over. Matches that were found while the budget ran
    /// out are dropped: sets that ended early may lack what rules them out.
    pub(super) fn finish(&mut self, visit: &mut Visit<'_>) -> tantivy::Result<()> {
        self.finish_section();
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
        self.section_from = 0;
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
    table: TableReader,
    /// The number of the article that was asked for last.
    article: usize,
    mean: f32,
}

impl Lengths {
    fn open(segment: &Segment<'_>, statistics: &Statistics) -> tantivy::Result<Lengths> {
        let words = segment.number(Number::Words)?;
        let read = |first_doc| words_of(words.as_ref(), first_doc);
        let table = TableReader::open(segment, Number::Words.name(), read);
        Ok(Lengths { words, table, article: 0, mean: statistics.mean_article })
    }

    /// The length of the article with this first document over the mean length.
    fn relative(&mut self, first_doc: DocId) -> f32 {
        let words = match self.table.of(first_doc, &mut self.article) {
            Known::One(words) => words,
            Known::Nothing | Known::AskColumn => words_of(self.words.as_ref(), first_doc),
        };
        words as f32 / self.mean
    }
}

/// The number of words of the article with this first document.
fn words_of(words: Option<&Column<i64>>, first_doc: DocId) -> u32 {
    let words = words.and_then(|column| column.first(first_doc)).unwrap_or(0);
    u32::try_from(words.max(0)).unwrap_or(u32::MAX)
}

impl Segment<'_> {
    /// The segment in slices of whole articles, each of about this many documents.
    #[must_use]
    pub(crate) fn slices(&self, documents: DocId) -> Vec<Range<DocId>> {
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
    pub(crate) fn visit(
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
    pub(crate) fn visit_within(
        &self,
        plan: &Plan,
        unit: Scope,
        statistics: &Statistics,
        scoring: &[usize],
        within: Range<DocId>,
        visit: &mut Visit<'_>,
    ) -> tantivy::Result<()> {
        let mut article = ArticleMatches::open(self, scoring, statistics)?;
        // Each passage with one of the texts is a hit: of its unit nothing else is asked.
        match self.union_of_texts(plan).as_deref() {
            Some([leaf]) => return self.visit_passages(self.leaf_passages(*leaf)?, within, article, visit),
            Some(_) => return self.visit_passages(self.evidence(plan, unit)?, within, article, visit),
            None => {}
        }
        let mut units = self.units(plan, unit)?;
        if units.doc() < within.start {
            units.seek(within.start);
        }
        let mut passages = self.visited_passages(plan, unit)?;
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

    /// Visits these passages, without those of boilerplate unless it is searched, within a slice of the segment.
    fn visit_passages(
        &self,
        mut passages: impl DocSet,
        within: Range<DocId>,
        mut article: ArticleMatches<'_>,
        visit: &mut Visit<'_>,
    ) -> tantivy::Result<()> {
        if passages.doc() < within.start {
            passages.seek(within.start);
        }
        let mut hidden = if self.with_boilerplate { docs::none() } else { self.boilerplate()? };
        // The section of the passage before, its article, and whether it is boilerplate. The first document of a section is
        // looked up for every passage: to know it without, the ends of blocks must be looked up, which costs more.
        let (mut section, mut article_doc, mut is_hidden) = (TERMINATED, TERMINATED, false);
        let mut meter = self.budget.meter();
        let mut doc = passages.doc();
        while doc < within.end {
            let section_doc = self.blocks.first_doc(doc, Scope::Section);
            if section_doc != section {
                if meter.is_spent() {
                    break;
                }
                if hidden.doc() < section_doc {
                    hidden.seek(section_doc);
                }
                (section, is_hidden) = (section_doc, hidden.doc() == section_doc);
                article_doc = self.blocks.first_doc(section_doc, Scope::Article);
            }
            if !is_hidden && !self.reader.is_deleted(doc) {
                if article_doc != article.first_doc {
                    article.finish(visit)?;
                }
                article.add(doc, section_doc, article_doc);
            }
            doc = passages.advance();
        }
        article.finish(visit)
    }

    /// As [`Segment::visit_within`], without scores and with one match for each article: for who wants the articles alone.
    ///
    /// # Errors
    ///
    /// As [`Segment::visit`].
    pub(crate) fn visit_articles(
        &self,
        plan: &Plan,
        unit: Scope,
        statistics: &Statistics,
        within: Range<DocId>,
        visit: &mut Visit<'_>,
    ) -> tantivy::Result<()> {
        // Only where text matches are passages needed, to say which articles have a hit.
        if !matches!(self.text_units(plan, unit)?, TextUnits::None) {
            let first = &mut |first_doc, _: &[Match]| visit(first_doc, &[Match::of_article(first_doc)]);
            return self.visit_within(plan, unit, statistics, &[], within, first);
        }
        let units = self.without_boilerplate(self.units(plan, unit)?, unit)?;
        let mut articles = docs::convert(&self.blocks, units, unit, Scope::Article);
        if articles.doc() < within.start {
            articles.seek(within.start);
        }
        let mut meter = self.budget.meter();
        while articles.doc() < within.end && !meter.is_spent() {
            let first_doc = articles.doc();
            if !self.reader.is_deleted(first_doc) {
                visit(first_doc, &[Match::of_article(first_doc)])?;
            }
            articles.advance();
        }
        Ok(())
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

    fn scorers(&self, scoring: &[usize], statistics: &Statistics, access: Access) -> tantivy::Result<Vec<LeafScorer>> {
        scoring.iter().map(|&leaf| LeafScorer::open(self, leaf, &self.leaves[leaf], statistics, access)).collect()
    }

    /// The scores of passages (in rising order) by leaves with weights, of which passages need have none. All texts of an
    /// article count for the article.
    pub(crate) fn scores_of(
        &self,
        statistics: &Statistics,
        weighted: &[(usize, f32)],
        docs: &[DocId],
    ) -> tantivy::Result<Vec<f32>> {
        /// Articles of a slice: fewer are not worth another thread.
        const PER_SLICE: usize = 50;
        let leaves: Vec<usize> = weighted.iter().map(|(leaf, _)| *leaf).collect();
        let first_doc = |doc: DocId| self.blocks.first_doc(doc, Scope::Article);
        let articles: Vec<&[DocId]> = docs.chunk_by(|&a, &b| first_doc(a) == first_doc(b)).collect();
        let slices: Vec<&[&[DocId]]> = articles.chunks(PER_SLICE).collect();
        let scores = parallel::each(&slices, true, |_, articles| {
            let mut scorers = self.scorers(&leaves, statistics, Access::Few)?;
            scorers.iter_mut().zip(weighted).for_each(|(scorer, (_, weight))| scorer.weigh(*weight));
            let mut lengths = Lengths::open(self, statistics)?;
            let mut out: Vec<f32> = Vec::new();
            let mut meter = self.budget.meter();
            for of_article in *articles {
                let from = out.len();
                if !meter.is_spent() {
                    let article_doc = first_doc(of_article[0]);
                    let mut wanted = of_article.iter().copied().peekable();
                    for doc in article_doc..self.blocks.end(article_doc, Scope::Article) {
                        let section_doc = self.blocks.first_doc(doc, Scope::Section);
                        let scores = scorers.iter_mut().map(|scorer| scorer.score(doc, section_doc, article_doc));
                        let score: f32 = scores.sum();
                        out.extend(wanted.next_if_eq(&doc).map(|_| score));
                    }
                    let length = lengths.relative(article_doc);
                    let by_article: f32 = scorers.iter_mut().map(|scorer| scorer.article(length)).sum();
                    out[from..].iter_mut().for_each(|score| *score += ARTICLE * by_article);
                }
                // What is not scored in time has no bonus.
                out.resize(from + of_article.len(), 0.0);
            }
            Ok(out)
        })?;
        Ok(scores.concat())
    }

    /// The parts of the score of `doc`, a hit in the article at `first_doc`.
    pub(crate) fn score_parts(
        &self,
        plan: &Plan,
        unit: Scope,
        statistics: &Statistics,
        scoring: &[usize],
        first_doc: DocId,
        doc: DocId,
    ) -> tantivy::Result<ScoreParts> {
        let mut docs = Vec::new();
        self.visit(plan, unit, statistics, &[], &mut |article, matches| {
            if article == first_doc {
                docs.extend(matches.iter().map(|one| one.doc));
            }
            Ok(())
        })?;
        let mut scorers = self.scorers(scoring, statistics, Access::Many)?;
        let coverage = Coverage::of(self, scoring, statistics);
        let section_of = |doc: DocId| self.blocks.first_doc(doc, Scope::Section);
        let (mut passage, mut words, mut section_words) = (Vec::new(), 0, 0);
        for &other in &docs {
            let section_doc = section_of(other);
            let parts: Vec<f32> =
                scorers.iter_mut().map(|scorer| scorer.score(other, section_doc, first_doc)).collect();
            let words_of_other = coverage.words(parts.iter().copied());
            if section_doc == section_of(doc) {
                section_words |= words_of_other;
            }
            if other == doc {
                (passage, words) = (parts, words_of_other);
            }
        }
        let length = Lengths::open(self, statistics)?.relative(first_doc);
        Ok(ScoreParts {
            passage,
            article: scorers.iter_mut().map(|scorer| ARTICLE * scorer.article(length)).collect(),
            coverage: PASSAGE_COVERAGE * coverage.worth(words) + SECTION_COVERAGE * coverage.worth(section_words),
        })
    }
}

/// The parts of a score.
pub(crate) struct ScoreParts {
    /// The part of each scoring leaf in the passage; none if the passage is no hit.
    pub(crate) passage: Vec<f32>,
    /// The part of each scoring leaf in the article.
    pub(crate) article: Vec<f32>,
    /// Coverage of the passage and the section.
    pub(crate) coverage: f32,
}
