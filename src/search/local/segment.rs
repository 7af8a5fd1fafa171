//! A plan run over one segment: which passages match, and how well.
//!
//! AND and NOT are judged over a unit (the section, unless told otherwise): leaves become sets of units, and the plan is
//! evaluated over those. The hits of a unit that matches are its passages in which something stands that was asked for
//! and made it match; where nothing but facts did, all of its passages.

use std::collections::HashMap;
use std::ops::Range;
use std::sync::{Arc, Mutex, PoisonError};

use tantivy::fieldnorm::FieldNormReader;
use tantivy::schema::IndexRecordOption;
use tantivy::{DocId, DocSet, SegmentReader, TERMINATED};

use crate::index::Fields;
use crate::index::reprints::Groups;
use crate::search::local::docs::{self, Blocks, Docs};
use crate::search::local::forms::WordTest;
use crate::search::local::plan::{Leaf, Lowered, Plan};
use crate::search::local::postings::{
    Found, FoundPostings, GatheredPostings, Matches, WordPostings, WordTerm, has_many, terms,
};
use crate::search::local::score::{LeafScorer, Statistics};
use crate::search::local::span::SpanNode;
use crate::search::local::span_postings::{SpanPostings, SpanSource};
use crate::vocabulary::{Number, Scope, TextField};

/// Terms of one leaf in one segment: by part, then by word.
pub type LeafTerms = Vec<Vec<Vec<WordTerm>>>;

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
    pub(crate) reader: &'a SegmentReader,
    pub(crate) fields: &'a Fields,
    /// Where its sections and articles begin and end.
    pub blocks: Blocks,
    leaves: &'a [Leaf],
    terms: Vec<LeafTerms>,
    /// What was found of leaves, by part.
    found: Mutex<HashMap<(usize, usize), Arc<Found>>>,
    /// What was found of facts, by what was asked.
    pub(crate) facts: Mutex<HashMap<String, Arc<Vec<DocId>>>>,
    pub(crate) groups: &'a Groups,
    with_boilerplate: bool,
}

/// A word of the query that stood for more words than are searched.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Bounded {
    /// As typed.
    pub typed: String,
    /// How many words it stood for.
    pub words: usize,
    /// How many of them are searched, the commonest.
    pub kept: usize,
}

/// Documents that postings hold in a block.
const BLOCK: u64 = 128;

/// A word of the query stands for so many words of the index at most.
pub const MOST_EXPANSIONS: usize = 1_000;

/// Bounds what prefixes, patterns and the like stand for: over all segments, the commonest words are kept.
pub fn bound(segments: &mut [Segment<'_>], leaves: &[Leaf]) -> Vec<Bounded> {
    let mut out = Vec::new();
    for (i, leaf) in leaves.iter().enumerate() {
        for (word, test) in leaf.words.iter().enumerate().filter(|(_, test)| test.expands()) {
            let counts = expansions(segments, i, word);
            if counts.len() <= MOST_EXPANSIONS {
                continue;
            }
            let kept: std::collections::HashSet<Box<str>> =
                counts[..MOST_EXPANSIONS].iter().map(|(folded, _)| folded.clone()).collect();
            for segment in segments.iter_mut() {
                for part in &mut segment.terms[i] {
                    part[word].retain(|term| kept.contains(&term.folded));
                }
            }
            let bounded = Bounded { typed: test.typed().to_string(), words: counts.len(), kept: kept.len() };
            if !out.contains(&bounded) {
                out.push(bounded);
            }
        }
    }
    out
}

/// The words of the index that a word of a leaf stands for, the commonest first, and in how many documents they are.
#[must_use]
pub fn expansions(segments: &[Segment<'_>], leaf: usize, word: usize) -> Vec<(Box<str>, u64)> {
    let mut counts: HashMap<&str, u64> = HashMap::new();
    for segment in segments {
        for term in segment.terms[leaf].iter().flat_map(|part| &part[word]) {
            *counts.entry(&term.folded).or_default() += u64::from(term.info.doc_freq);
        }
    }
    let mut counts: Vec<(Box<str>, u64)> = counts.into_iter().map(|(folded, count)| (folded.into(), count)).collect();
    counts.sort_by(|a, b| b.1.cmp(&a.1).then_with(|| a.0.cmp(&b.0)));
    counts
}

/// Which units show text that made them match; the others show all their passages.
enum TextUnits {
    All,
    None,
    Some(Docs),
}

/// Which leaves made a hit match; see `Segment::truth`.
pub enum Truth {
    /// Nothing that could be marked.
    None,
    /// This leaf.
    Leaf(usize),
    /// All of these.
    All(Vec<Truth>),
    /// Each of these where it is true: in the units of a scope.
    Where(Vec<(Docs, Scope, Truth)>),
}

impl Truth {
    /// Adds the leaves that made `doc` match. Documents must come in rising order.
    pub fn leaves(&mut self, blocks: &Blocks, doc: DocId, out: &mut Vec<usize>) {
        match self {
            Truth::None => {}
            Truth::Leaf(leaf) => out.push(*leaf),
            Truth::All(all) => all.iter_mut().for_each(|truth| truth.leaves(blocks, doc, out)),
            Truth::Where(all) => {
                for (units, scope, truth) in all {
                    let head = blocks.head(doc, *scope);
                    if units.doc() < head {
                        units.seek(head);
                    }
                    if units.doc() == head {
                        truth.leaves(blocks, doc, out);
                    }
                }
            }
        }
    }
}

/// Adds to the scores of an article's passages what the article as a whole says.
fn share(scorers: &mut [LeafScorer], length: f32, found: &mut [Match]) {
    let article: f32 = scorers.iter_mut().map(|scorer| scorer.article(length)).sum();
    found.iter_mut().for_each(|one| one.score += crate::search::local::score::ARTICLE * article);
}

impl<'a> Segment<'a> {
    /// Opens a segment and looks the words of the query up in it.
    ///
    /// # Errors
    ///
    /// What tantivy says of a damaged segment.
    pub fn open(
        reader: &'a SegmentReader,
        fields: &'a Fields,
        lowered: &'a Lowered,
        groups: &'a Groups,
    ) -> tantivy::Result<Segment<'a>> {
        let mut all_terms = Vec::with_capacity(lowered.leaves.len());
        for leaf in &lowered.leaves {
            let mut by_part = Vec::with_capacity(leaf.parts.len());
            for (field, _) in &leaf.parts {
                let index = reader.inverted_index(fields.text(*field))?;
                by_part.push(leaf.words.iter().map(|test| terms(&index, test)).collect::<Result<Vec<_>, _>>()?);
            }
            all_terms.push(by_part);
        }
        Ok(Segment {
            reader,
            fields,
            blocks: Blocks::open(reader)?,
            leaves: &lowered.leaves,
            terms: all_terms,
            found: Mutex::default(),
            facts: Mutex::default(),
            groups,
            with_boilerplate: lowered.with_boilerplate,
        })
    }

    /// Is no word of this leaf in the segment?
    #[must_use]
    pub fn is_absent(&self, leaf: usize) -> bool {
        self.terms[leaf].iter().flatten().all(Vec::is_empty)
    }

    /// Counts the units of which a plan is true, within a slice of the segment.
    ///
    /// # Errors
    ///
    /// What tantivy says of a damaged segment.
    pub fn count(&self, plan: &Plan, unit: Scope, within: Range<DocId>) -> tantivy::Result<u64> {
        let mut units = self.units(plan, unit)?;
        if units.doc() < within.start {
            units.seek(within.start);
        }
        let mut count = 0;
        while units.doc() < within.end {
            count += u64::from(!self.reader.is_deleted(units.doc()));
            units.advance();
        }
        Ok(count)
    }

    /// The reader of the segment.
    #[must_use]
    pub fn reader(&self) -> &SegmentReader {
        self.reader
    }

    /// In how many documents the words of a leaf stand: by part, then by word.
    #[must_use]
    pub fn frequencies(&self, leaf: usize) -> Vec<Vec<u64>> {
        let sum = |terms: &Vec<WordTerm>| terms.iter().map(|term| u64::from(term.info.doc_freq)).sum();
        self.terms[leaf].iter().map(|words| words.iter().map(sum).collect()).collect()
    }

    /// Are these terms so much commoner than another word of the query that most of their documents will be passed over?
    /// What is not is read more than once, so that it is best unpacked once.
    fn is_passed_over(&self, terms: &[WordTerm]) -> bool {
        /// Unpacking a document costs a fraction of what seeking one does.
        const COMMONER: u64 = 32;
        let count = |terms: &[WordTerm]| terms.iter().map(|term| u64::from(term.info.doc_freq)).sum::<u64>();
        let of_leaf = |leaf: &LeafTerms| leaf.iter().flatten().map(|terms| count(terms)).max().unwrap_or(0);
        let rarest = self.terms.iter().map(of_leaf).min().unwrap_or(0);
        count(terms) > COMMONER * rarest.max(BLOCK)
    }

    /// The documents of a leaf in one of its fields. What takes work to find is found once.
    pub(crate) fn postings(&self, leaf: usize, part: usize) -> tantivy::Result<Option<Box<dyn Matches>>> {
        if self.terms[leaf][part].iter().all(Vec::is_empty) {
            return Ok(None);
        }
        let (field, _) = &self.leaves[leaf].parts[part];
        let index = self.reader.inverted_index(self.fields.text(*field))?;
        let single = self.single_word(leaf, part);
        if let Some(terms) = single.filter(|terms| !has_many(terms) && self.is_passed_over(terms)) {
            let postings =
                WordPostings::open(&index, terms, IndexRecordOption::WithFreqs, self.blocks.origins(*field))?;
            return Ok(Some(Box::new(postings)));
        }
        // What a thread that panicked left is whole: entries are put in when they are made.
        let known = || self.found.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(found) = known().get(&(leaf, part)) {
            return Ok(Some(Box::new(FoundPostings::new(Arc::clone(found)))));
        }
        let found = match single {
            Some(terms) if !has_many(terms) => Found::of_few(&index, terms)?,
            Some(terms) => Found::of_many(&index, terms, self.blocks.max_doc)?,
            None => Found::all(self.spans(leaf, part, None)?),
        };
        let found = Arc::new(found);
        known().insert((leaf, part), Arc::clone(&found));
        Ok(Some(Box::new(FoundPostings::new(found))))
    }

    /// The same with positions, of these documents (in rising order) only.
    pub(crate) fn positions(
        &self,
        leaf: usize,
        part: usize,
        docs: &[DocId],
    ) -> tantivy::Result<Option<Box<dyn Matches>>> {
        if self.terms[leaf][part].iter().all(Vec::is_empty) {
            return Ok(None);
        }
        let (field, _) = &self.leaves[leaf].parts[part];
        let Some(terms) = self.single_word(leaf, part) else {
            return Ok(Some(Box::new(self.spans(leaf, part, Some(docs))?)));
        };
        let index = self.reader.inverted_index(self.fields.text(*field))?;
        if has_many(terms) {
            let mut wanted = vec![false; self.blocks.max_doc as usize];
            docs.iter().for_each(|&doc| wanted[doc as usize] = true);
            return Ok(Some(Box::new(GatheredPostings::open(&index, terms, &wanted, &self.blocks.origins(*field))?)));
        }
        let option = IndexRecordOption::WithFreqsAndPositions;
        let postings = WordPostings::open(&index, terms, option, self.blocks.origins(*field))?;
        Ok(Some(Box::new(postings)))
    }

    /// The first words of the sentences of these documents, in rising order; see [`crate::search::local::span_postings::sentence_starts`].
    pub(crate) fn sentence_starts(&self, docs: &[DocId]) -> tantivy::Result<Vec<Vec<u32>>> {
        let index = self.reader.inverted_index(self.fields.shape)?;
        Ok(crate::search::local::span_postings::sentence_starts(&index, self.fields, docs)?)
    }

    /// The terms of a leaf that is a single word, whatever its case.
    fn single_word(&self, leaf: usize, part: usize) -> Option<&[WordTerm]> {
        let Leaf { words, parts, .. } = &self.leaves[leaf];
        match &parts[part].1 {
            SpanNode::Word(word) if !matches!(words[*word], WordTest::Verbatim { .. }) => {
                Some(&self.terms[leaf][part][*word])
            }
            _ => None,
        }
    }

    fn spans(&self, leaf: usize, part: usize, only: Option<&[DocId]>) -> tantivy::Result<SpanPostings> {
        let Leaf { words, parts, .. } = &self.leaves[leaf];
        let (field, node) = &parts[part];
        let index = self.reader.inverted_index(self.fields.text(*field))?;
        let shape = self.reader.inverted_index(self.fields.shape)?;
        let lede = if node.needs_lede() { self.number(Number::Lede)? } else { None };
        let source =
            SpanSource { index: &index, shape: &shape, fields: self.fields, field: *field, blocks: &self.blocks, lede };
        Ok(SpanPostings::open(&source, node, words, &self.terms[leaf][part], only)?)
    }

    pub(crate) fn number(&self, number: Number) -> tantivy::Result<Option<tantivy::columnar::Column<i64>>> {
        self.reader.fast_fields().column_opt::<i64>(number.name())
    }

    /// The documents that a leaf's parts match, as heads of `unit`.
    fn leaf_units(&self, leaf: usize, unit: Scope) -> tantivy::Result<Docs> {
        let mut sets = Vec::new();
        for (i, (field, _)) in self.leaves[leaf].parts.iter().enumerate() {
            if let Some(postings) = self.postings(leaf, i)? {
                sets.push(docs::convert(&self.blocks, postings, field.scope(), unit));
            }
        }
        Ok(docs::or(sets))
    }

    /// Heads of articles that mention a leaf so often.
    pub(crate) fn articles_with(&self, times: u32, leaf: usize) -> tantivy::Result<Vec<DocId>> {
        let mut counts: HashMap<DocId, u32> = HashMap::new();
        for part in 0..self.leaves[leaf].parts.len() {
            // Mentions are counted where they stand, which postings that were found before do not know.
            let mut postings: Box<dyn Matches> = match self.single_word(leaf, part) {
                Some(_) => match self.postings(leaf, part)? {
                    Some(postings) => postings,
                    None => continue,
                },
                None => Box::new(self.spans(leaf, part, None)?),
            };
            while postings.doc() != TERMINATED {
                let head = self.blocks.head(postings.doc(), Scope::Article);
                *counts.entry(head).or_default() += postings.mentions();
                postings.advance();
            }
        }
        let mut found: Vec<DocId> =
            counts.into_iter().filter(|(_, count)| *count >= times).map(|(head, _)| head).collect();
        found.sort_unstable();
        Ok(found)
    }

    /// The passages, sections or articles (heads of `unit`) of which the plan is true.
    fn units(&self, plan: &Plan, unit: Scope) -> tantivy::Result<Docs> {
        Ok(match plan {
            Plan::All | Plan::Lift(_) => docs::all(&self.blocks, unit),
            Plan::Nothing => docs::none(),
            Plan::Leaf(leaf) => self.leaf_units(*leaf, unit)?,
            Plan::AtLeast(..) | Plan::Duplicate => docs::convert(&self.blocks, self.facts(plan)?, Scope::Article, unit),
            Plan::Whole { field, .. } | Plan::WholeRegex { field, .. } => {
                docs::convert(&self.blocks, self.facts(plan)?, field.scope(), unit)
            }
            Plan::Range(number, ..) => docs::convert(&self.blocks, self.facts(plan)?, number.scope(), unit),
            Plan::Without(number) => docs::and_not(
                docs::all(&self.blocks, unit),
                docs::convert(&self.blocks, self.facts(plan)?, number.scope(), unit),
            ),
            Plan::Boilerplate => docs::convert(&self.blocks, self.boilerplate()?, Scope::Section, unit),
            Plan::Id(_, passage) => {
                let scope = if passage.is_some() { Scope::Passage } else { Scope::Article };
                docs::convert(&self.blocks, self.facts(plan)?, scope, unit)
            }
            Plan::Or(plans) => docs::or(plans.iter().map(|plan| self.units(plan, unit)).collect::<Result<_, _>>()?),
            Plan::And(plans) => {
                let (mut with, mut without) = (Vec::new(), Vec::new());
                for plan in plans {
                    match plan {
                        Plan::Not(inner) => without.push(self.units(inner, unit)?),
                        Plan::Lift(_) => {}
                        other => with.push(self.units(other, unit)?),
                    }
                }
                let with = if with.is_empty() { docs::all(&self.blocks, unit) } else { docs::and(with) };
                if without.is_empty() { with } else { docs::and_not(with, docs::or(without)) }
            }
            Plan::Not(inner) => docs::and_not(docs::all(&self.blocks, unit), self.units(inner, unit)?),
            Plan::Within(scope, plans) => {
                docs::convert(&self.blocks, self.together(*scope, plans, unit)?, *scope, unit)
            }
        })
    }

    /// `units` but for the section of boilerplate, of which much is true that was said of the article.
    fn without_boilerplate(&self, units: Docs, unit: Scope) -> tantivy::Result<Docs> {
        if self.with_boilerplate || unit == Scope::Article {
            return Ok(units);
        }
        let boilerplate = self.boilerplate()?;
        if boilerplate.doc() == TERMINATED {
            return Ok(units);
        }
        Ok(docs::and_not(units, docs::convert(&self.blocks, boilerplate, Scope::Section, unit)))
    }

    /// Sections or articles in which each of the plans is true somewhere.
    fn together(&self, scope: Scope, plans: &[Plan], unit: Scope) -> tantivy::Result<Docs> {
        let inner = unit.min(scope);
        let sides = plans.iter().map(|plan| {
            let units = self.without_boilerplate(self.units(plan, inner)?, inner)?;
            Ok(docs::convert(&self.blocks, units, inner, scope))
        });
        Ok(docs::and(sides.collect::<tantivy::Result<_>>()?))
    }

    /// The passages that show why the plan is true of their unit, as far as text does.
    fn evidence(&self, plan: &Plan, unit: Scope) -> tantivy::Result<Docs> {
        Ok(match plan {
            Plan::Leaf(leaf) if self.leaves[*leaf].is_text() => self.leaf_evidence(*leaf)?,
            Plan::AtLeast(_, leaf) if self.leaves[*leaf].is_text() => {
                let articles = docs::convert(&self.blocks, self.facts(plan)?, Scope::Article, Scope::Passage);
                docs::and(vec![articles, self.leaf_evidence(*leaf)?])
            }
            Plan::And(plans) => {
                docs::or(plans.iter().map(|plan| self.evidence(plan, unit)).collect::<Result<Vec<_>, _>>()?)
            }
            Plan::Or(plans) => {
                let mut sets = Vec::new();
                for plan in plans {
                    let evidence = self.evidence(plan, unit)?;
                    // A leaf's evidence proves itself; of other operands it counts only where they are true.
                    sets.push(match plan {
                        Plan::Leaf(_) | Plan::AtLeast(..) => evidence,
                        _ => docs::and(vec![self.passages_of(self.units(plan, unit)?, unit), evidence]),
                    });
                }
                docs::or(sets)
            }
            Plan::Within(scope, plans) => {
                let inner = unit.min(*scope);
                let blocks = self.passages_of(self.together(*scope, plans, unit)?, *scope);
                let shown = plans.iter().map(|plan| self.shown(plan, inner)).collect::<Result<Vec<_>, _>>()?;
                docs::and(vec![blocks, docs::or(shown)])
            }
            _ => docs::none(),
        })
    }

    fn leaf_evidence(&self, leaf: usize) -> tantivy::Result<Docs> {
        let mut sets: Vec<Docs> = Vec::new();
        for part in 0..self.leaves[leaf].parts.len() {
            if let Some(postings) = self.postings(leaf, part)? {
                sets.push(postings);
            }
        }
        Ok(docs::or(sets))
    }

    fn passages_of(&self, units: Docs, unit: Scope) -> Docs {
        docs::convert(&self.blocks, units, unit, Scope::Passage)
    }

    /// The hits of a plan: the passages that show why their unit matches, or all of a unit of which only facts say so.
    fn shown(&self, plan: &Plan, unit: Scope) -> tantivy::Result<Docs> {
        let units = self.units(plan, unit)?;
        Ok(match self.text_units(plan, unit)? {
            TextUnits::None => self.passages_of(units, unit),
            TextUnits::All => docs::and(vec![self.passages_of(units, unit), self.evidence(plan, unit)?]),
            TextUnits::Some(with_text) => {
                let without = docs::and_not(units, with_text);
                let evidence =
                    docs::and(vec![self.passages_of(self.units(plan, unit)?, unit), self.evidence(plan, unit)?]);
                docs::or(vec![self.passages_of(without, unit), evidence])
            }
        })
    }

    /// In which of the units that match text says so.
    fn text_units(&self, plan: &Plan, unit: Scope) -> tantivy::Result<TextUnits> {
        Ok(match plan {
            Plan::Leaf(leaf) | Plan::AtLeast(_, leaf) if self.leaves[*leaf].is_text() => TextUnits::All,
            Plan::Within(..) => TextUnits::All,
            Plan::And(plans) => {
                let mut some = Vec::new();
                for plan in plans {
                    match self.text_units(plan, unit)? {
                        TextUnits::All => return Ok(TextUnits::All),
                        TextUnits::None => {}
                        TextUnits::Some(units) => some.push(units),
                    }
                }
                if some.is_empty() { TextUnits::None } else { TextUnits::Some(docs::or(some)) }
            }
            Plan::Or(plans) => {
                let (mut some, mut all, mut none) = (Vec::new(), true, true);
                for plan in plans {
                    match self.text_units(plan, unit)? {
                        TextUnits::All => {
                            none = false;
                            some.push(self.units(plan, unit)?);
                        }
                        TextUnits::None => all = false,
                        TextUnits::Some(units) => {
                            (all, none) = (false, false);
                            some.push(docs::and(vec![self.units(plan, unit)?, units]));
                        }
                    }
                }
                match (all, none) {
                    (true, false) => TextUnits::All,
                    (_, true) => TextUnits::None,
                    _ => TextUnits::Some(docs::or(some)),
                }
            }
            _ => TextUnits::None,
        })
    }

    /// Which leaves can be marked in a hit of the plan.
    pub(crate) fn truth(&self, plan: &Plan, unit: Scope, positive: &[bool]) -> tantivy::Result<Truth> {
        let all = |plans: &[Plan]| -> tantivy::Result<Truth> {
            Ok(Truth::All(plans.iter().map(|plan| self.truth(plan, unit, positive)).collect::<Result<_, _>>()?))
        };
        Ok(match plan {
            Plan::Leaf(leaf) | Plan::AtLeast(_, leaf) if positive[*leaf] => match plan {
                Plan::Leaf(_) => Truth::Leaf(*leaf),
                _ => Truth::Where(vec![(self.units(plan, unit)?, unit, Truth::Leaf(*leaf))]),
            },
            Plan::And(plans) => all(plans)?,
            Plan::Lift(plan) => Truth::Where(vec![(self.units(plan, unit)?, unit, self.truth(plan, unit, positive)?)]),
            // Alternatives that are leaves prove themselves; of others, those that are true are marked.
            Plan::Or(plans) => {
                let mut truths = Vec::new();
                let mut conditional = Vec::new();
                for plan in plans {
                    let truth = self.truth(plan, unit, positive)?;
                    match truth {
                        Truth::None => {}
                        Truth::Leaf(_) => truths.push(truth),
                        truth => conditional.push((self.units(plan, unit)?, unit, truth)),
                    }
                }
                truths.push(Truth::Where(conditional));
                Truth::All(truths)
            }
            Plan::Within(scope, plans) => {
                let inner = unit.min(*scope);
                let mut sides = Vec::new();
                for plan in plans {
                    sides.push((self.units(plan, inner)?, inner, self.truth(plan, inner, positive)?));
                }
                Truth::Where(vec![(self.together(*scope, plans, unit)?, *scope, Truth::Where(sides))])
            }
            _ => Truth::None,
        })
    }
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

    /// Finds what a plan asks of leaves and facts, which is kept; see [`Plan::asked`].
    ///
    /// # Errors
    ///
    /// What tantivy says of a damaged segment.
    pub fn prepare(&self, asked: &Plan) -> tantivy::Result<()> {
        if let Plan::Leaf(leaf) | Plan::AtLeast(_, leaf) = asked {
            (0..self.leaves[*leaf].parts.len()).try_for_each(|part| self.postings(*leaf, part).map(|_| ()))?;
        }
        if !matches!(asked, Plan::Leaf(_)) {
            self.facts(asked)?;
        }
        Ok(())
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
        // Behind the last document stands none, so that this ends where the units do.
        while units.doc() < within.end {
            let head = units.doc();
            let end = self.blocks.end(head, unit);
            let article_head = self.blocks.head(head, Scope::Article);
            let mut doc = if evidence.doc() < head { evidence.seek(head) } else { evidence.doc() };
            while doc < end {
                if !self.reader.is_deleted(doc) {
                    if article_head != article && !found.is_empty() {
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
        if found.is_empty() {
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

    /// Lengths in words of a field. Of boilerplate none are kept: it is a line of a dozen words, and counts less than
    /// text.
    pub(crate) fn norms(&self, field: TextField) -> tantivy::Result<FieldNormReader> {
        const LINE: u32 = 12;
        match field {
            TextField::Boilerplate => Ok(FieldNormReader::constant(self.blocks.max_doc, LINE)),
            _ => self.reader.get_fieldnorms_reader(self.fields.text(field)),
        }
    }
}
