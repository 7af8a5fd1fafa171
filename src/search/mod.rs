//! From a query to hits: forms of words, sets of passages, scores, marks, snippets.
//!
//! ```text
//! Query -> plan (leaves, filters) -> engine (a segment's matches) -> collect (the best) -> Hit (text, marks, snippet)
//! ```

pub mod collect;
pub mod docs;
pub mod engine;
pub mod forms;
pub mod mark;
pub mod plan;
pub mod postings;
pub mod score;
pub mod snippet;

use std::collections::{BTreeSet, HashSet};

use tantivy::schema::IndexRecordOption;
use tantivy::{DocAddress, DocSet, Searcher, TERMINATED, TantivyDocument, Term};

use crate::index::document::{StoredArticle, StoredPassage};
use crate::index::schema::{Column, Scope, TextField};
use crate::index::{Index, IndexError};
use crate::query::{Note, Query, QueryError, Today, parse, parse_literal};
use crate::text::Language;

use collect::{Best, Candidate, Counts, Facets, OrderColumns};
use engine::{Match, Segment};
use mark::{Mark, marks};
use plan::{Filters, Leaf, Lowered, Plan, lower};
use score::Statistics;
use snippet::{Snippet, snippet};

/// Why a search gave nothing.
#[derive(Debug, thiserror::Error)]
pub enum SearchError {
    /// The query cannot be run.
    #[error(transparent)]
    Query(#[from] QueryError),
    /// The index cannot be read.
    #[error(transparent)]
    Index(#[from] IndexError),
}

/// Order of hits.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Sort {
    /// Best score first. Without a searched word all scores are equal, and the newest come first.
    #[default]
    Relevance,
    /// Latest date first, articles without a date last.
    Newest,
    /// Earliest date first, articles without a date last.
    Oldest,
    /// By path.
    Path,
}

/// How a query is run.
#[derive(Debug, Clone)]
pub struct SearchOptions {
    /// Most hits.
    pub limit: usize,
    /// Hits to pass over first.
    pub offset: usize,
    /// Most hits of one article.
    pub per_article: usize,
    /// What AND and NOT are judged over.
    pub unit: Scope,
    /// Order.
    pub sort: Sort,
    /// Only passages of sections with all the words.
    pub strict: bool,
    /// Any of the words will do.
    pub any: bool,
    /// No sign is an operator.
    pub literal: bool,
    /// Filters beside the query.
    pub filters: Filters,
    /// The day from which relative dates count.
    pub today: Today,
}

impl Default for SearchOptions {
    fn default() -> Self {
        SearchOptions {
            limit: 10,
            offset: 0,
            per_article: 3,
            unit: Scope::Section,
            sort: Sort::Relevance,
            strict: false,
            any: false,
            literal: false,
            filters: Filters::default(),
            today: Today::now(),
        }
    }
}

/// Did a hit's section have all the words?
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Tier {
    /// All that the query asks for.
    All,
    /// Some of its plain words.
    Some,
}

/// A passage that matched.
#[derive(Debug, Clone)]
pub struct Hit {
    /// 1-based, offset counted.
    pub rank: usize,
    /// Its score.
    pub score: f32,
    /// Whether all words were there.
    pub tier: Tier,
    /// Its article.
    pub article: StoredArticle,
    /// The passage.
    pub passage: StoredPassage,
    /// Byte ranges of the passage's text that matched.
    pub marks: Vec<Mark>,
    /// The same of the title.
    pub title_marks: Vec<Mark>,
    /// The same of the heading.
    pub heading_marks: Vec<Mark>,
    /// The sentences that show why it matched.
    pub snippet: Snippet,
    /// Words that matched, folded.
    pub terms: Vec<String>,
}

impl Hit {
    /// The id of the passage.
    #[must_use]
    pub fn id(&self) -> String {
        self.article.id(Some(self.passage.ordinal))
    }
}

/// What a search found.
#[derive(Debug, Clone)]
pub struct Results {
    /// The query, read.
    pub query: Query,
    /// The hits, best first; those of tier [`Tier::Some`] behind the others.
    pub hits: Vec<Hit>,
    /// How much matches all the query asks for (or any of it, if that was asked).
    pub counts: Counts,
    /// What should be known of how the query was read.
    pub notes: Vec<Note>,
}

/// Runs one query. Several are run by a [`Session`].
///
/// # Errors
///
/// [`SearchError`].
pub fn search(index: &Index, query: &str, options: &SearchOptions) -> Result<Results, SearchError> {
    Session::open(index)?.search(query, options)
}

/// One state of an index, open for queries.
pub struct Session<'a> {
    index: &'a Index,
    searcher: Searcher,
    languages: Vec<Language>,
}

/// A query ready to run: parsed, lowered, its words looked up.
struct Prepared {
    query: Query,
    lowered: Lowered,
}

impl<'a> Session<'a> {
    /// Opens the last commit of `index`.
    ///
    /// # Errors
    ///
    /// What keeps the index from being read.
    pub fn open(index: &'a Index) -> Result<Session<'a>, IndexError> {
        let payload = index.payload()?;
        let languages = payload.languages.iter().filter_map(|(code, _)| Language::from_exact_code(code)).collect();
        Ok(Session { index, searcher: index.reader()?.searcher(), languages })
    }

    /// How many passages it holds.
    #[must_use]
    pub fn num_passages(&self) -> u64 {
        self.searcher.num_docs()
    }

    fn error(&self, error: tantivy::TantivyError) -> IndexError {
        self.index.error(error)
    }

    fn prepare(&self, text: &str, options: &SearchOptions) -> Result<Prepared, QueryError> {
        let query = if options.literal { parse_literal(text) } else { parse(text, options.today)? };
        let filters = &options.filters;
        let no_filter = filters.heading.is_none() && filters.date.is_none();
        if query.is_empty() && no_filter {
            return Err(QueryError {
                code: "empty",
                message: "this query has no word to search for: give a word, a \"phrase\" or a filter such as heading:Background".into(),
                offset: 0,
                length: text.len(),
                suggestion: None,
            });
        }
        let lowered = lower(&query, filters, &self.languages);
        Ok(Prepared { query, lowered })
    }

    fn segments<'s>(&'s self, lowered: &'s Lowered) -> tantivy::Result<Vec<Segment<'s>>> {
        self.searcher
            .segment_readers()
            .iter()
            .map(|reader| Segment::open(reader, self.index.fields(), lowered))
            .collect()
    }

    /// Runs a query.
    ///
    /// # Errors
    ///
    /// [`SearchError::Query`] for a query that cannot be run, [`SearchError::Index`] for a damaged index.
    pub fn search(&self, text: &str, options: &SearchOptions) -> Result<Results, SearchError> {
        let prepared = self.prepare(text, options)?;
        let (found, counts) = self.run(&prepared.lowered, options).map_err(|error| self.error(error))?;
        let lowered = &prepared.lowered;
        let marking: Vec<&Leaf> = lowered
            .leaves
            .iter()
            .zip(&lowered.positive)
            .filter(|(_, positive)| **positive)
            .map(|(leaf, _)| leaf)
            .collect();
        let mut hits = Vec::new();
        for (i, (candidate, tier)) in found.into_iter().enumerate().skip(options.offset) {
            let hit = self.hit(&candidate, tier, i + 1, &marking).map_err(|error| self.error(error))?;
            hits.push(hit);
        }
        let notes = prepared.query.notes.clone();
        Ok(Results { query: prepared.query, hits, counts, notes })
    }

    /// The best candidates of both tiers, and the counts of the first.
    fn run(&self, lowered: &Lowered, options: &SearchOptions) -> tantivy::Result<(Vec<(Candidate, Tier)>, Counts)> {
        let segments = self.segments(lowered)?;
        let statistics = Statistics::count(&self.searcher, self.index.fields(), &segments, &lowered.leaves)?;
        let wanted = options.offset.saturating_add(options.limit);
        let (first, first_tier) = match (&lowered.relaxed, options.any) {
            (Some(relaxed), true) => (relaxed, Tier::Some),
            _ => (&lowered.plan, Tier::All),
        };
        let run = Run { segments: &segments, statistics: &statistics, lowered, options };
        let mut counts = Counts::default();
        let best = run.best(first, wanted, Some(&mut counts))?;
        let mut out: Vec<(Candidate, Tier)> = best.into_iter().map(|candidate| (candidate, first_tier)).collect();
        if let Some(relaxed) = &lowered.relaxed
            && !options.any
            && !options.strict
            && out.len() < wanted
        {
            // The second tier holds the first, so that many more are asked for.
            let seen: HashSet<DocAddress> = out.iter().map(|(candidate, _)| candidate.address).collect();
            let more = run.best(relaxed, wanted.saturating_add(seen.len()), None)?;
            let more = more
                .into_iter()
                .filter(|candidate| !seen.contains(&candidate.address))
                .map(|candidate| (candidate, Tier::Some));
            out.extend(more);
            out.truncate(wanted);
        }
        Ok((out, counts))
    }

    fn hit(&self, candidate: &Candidate, tier: Tier, rank: usize, leaves: &[&Leaf]) -> tantivy::Result<Hit> {
        let (article, passage) = self.stored(candidate.address, candidate.head)?;
        let language = article.facts.lang.as_deref().map(Language::from_code).unwrap_or_default();
        let mut terms = BTreeSet::new();
        let text_marks = marks(&passage.words(), TextField::Body, language, leaves, &mut terms);
        let mark = |text: Option<&str>, field, terms: &mut BTreeSet<String>| {
            text.map(|text| marks(text, field, language, leaves, terms)).unwrap_or_default()
        };
        let title_marks = mark(article.facts.title.as_deref(), TextField::Title, &mut terms);
        let heading_marks = mark(passage.heading.as_deref(), TextField::Heading, &mut terms);
        let snippet = snippet(&passage.text, &text_marks, language);
        Ok(Hit {
            rank,
            score: candidate.score,
            tier,
            marks: text_marks,
            title_marks,
            heading_marks,
            snippet,
            terms: terms.into_iter().collect(),
            article,
            passage,
        })
    }

    /// A passage and its article, as stored.
    fn stored(&self, address: DocAddress, head: u32) -> tantivy::Result<(StoredArticle, StoredPassage)> {
        let fields = self.index.fields();
        let document: TantivyDocument = self.searcher.doc(address)?;
        let passage = StoredPassage::from_document(fields, &document);
        let article = if address.doc_id == head {
            StoredArticle::from_document(fields, &document)
        } else {
            let head: TantivyDocument = self.searcher.doc(DocAddress::new(address.segment_ord, head))?;
            StoredArticle::from_document(fields, &head)
        };
        match (article, passage) {
            (Some(article), Some(passage)) => Ok((article, passage)),
            _ => Err(tantivy::TantivyError::InternalError("a stored passage cannot be read".into())),
        }
    }

    /// Counts what matches all that the query asks for.
    ///
    /// # Errors
    ///
    /// As [`Session::search`].
    pub fn count(&self, text: &str, options: &SearchOptions) -> Result<Counts, SearchError> {
        let mut counts = Counts::default();
        self.visit(text, options, &mut |_, segment, _, matches| {
            counts.add(segment, matches);
            Ok(())
        })?;
        Ok(counts)
    }

    /// Counts the values of a fact over what matches; over everything, if `text` is `None`.
    ///
    /// # Errors
    ///
    /// As [`Session::search`].
    pub fn facets(
        &self,
        text: Option<&str>,
        column: Column,
        options: &SearchOptions,
    ) -> Result<Vec<(String, Counts)>, SearchError> {
        let scope = if column == Column::Heading { Scope::Section } else { Scope::Article };
        let mut facets = Facets::default();
        let mut take = |_, segment: &Segment<'_>, _, matches: &[Match]| {
            if let Some(values) = segment.reader().fast_fields().str(column.name())? {
                facets.add(segment, &values, scope, matches)?;
            }
            Ok(())
        };
        match text {
            Some(text) => self.visit(text, options, &mut take)?,
            None => {
                let nothing = Query {
                    root: crate::query::Node { kind: crate::query::NodeKind::Nothing, span: 0..0 },
                    notes: Vec::new(),
                };
                let lowered = lower(&nothing, &options.filters, &self.languages);
                self.visit_lowered(&lowered, options, &mut take)?;
            }
        }
        Ok(facets.into_sorted())
    }

    fn visit(&self, text: &str, options: &SearchOptions, take: &mut Take<'_>) -> Result<(), SearchError> {
        let prepared = self.prepare(text, options)?;
        Ok(self.visit_lowered(&prepared.lowered, options, take)?)
    }

    fn visit_lowered(&self, lowered: &Lowered, options: &SearchOptions, take: &mut Take<'_>) -> Result<(), IndexError> {
        let plan = if options.any { lowered.relaxed.as_ref().unwrap_or(&lowered.plan) } else { &lowered.plan };
        let mut run = || -> tantivy::Result<()> {
            let segments = self.segments(lowered)?;
            let statistics = Statistics::count(&self.searcher, self.index.fields(), &segments, &lowered.leaves)?;
            for (ordinal, segment) in segments.iter().enumerate() {
                segment.visit(plan, options.unit, &statistics, &[], &mut |head, matches| {
                    take(ordinal as u32, segment, head, matches)
                })?;
            }
            Ok(())
        };
        run().map_err(|error| self.error(error))
    }

    /// All passages of the articles with a hash: copies of the same bytes, each article's passages in order.
    ///
    /// # Errors
    ///
    /// What keeps the index from being read.
    pub fn show(&self, hash: u64) -> Result<Vec<(StoredArticle, Vec<StoredPassage>)>, IndexError> {
        let mut out = self.show_inner(hash).map_err(|error| self.error(error))?;
        out.sort_by(|a, b| (&a.0.path, &a.0.record).cmp(&(&b.0.path, &b.0.record)));
        Ok(out)
    }

    fn show_inner(&self, hash: u64) -> tantivy::Result<Vec<(StoredArticle, Vec<StoredPassage>)>> {
        let fields = self.index.fields();
        let term = Term::from_field_u64(fields.article, hash);
        let mut out = Vec::new();
        for (ordinal, reader) in self.searcher.segment_readers().iter().enumerate() {
            let index = reader.inverted_index(fields.article)?;
            let Some(mut postings) = index.read_postings(&term, IndexRecordOption::Basic)? else { continue };
            let blocks = docs::Blocks::open(reader)?;
            while postings.doc() != TERMINATED {
                let head = postings.doc();
                postings.advance();
                if reader.is_deleted(head) {
                    continue;
                }
                let mut passages = Vec::new();
                let mut article = None;
                for doc in head..blocks.end(head, Scope::Article) {
                    let (stored, passage) = self.stored(DocAddress::new(ordinal as u32, doc), head)?;
                    article = Some(stored);
                    passages.push(passage);
                }
                out.extend(article.map(|article| (article, passages)));
            }
        }
        Ok(out)
    }
}

/// Takes the matches of one article: segment, head, matches.
type Take<'t> = dyn FnMut(u32, &Segment<'_>, u32, &[Match]) -> tantivy::Result<()> + 't;

struct Run<'a> {
    segments: &'a [Segment<'a>],
    statistics: &'a Statistics,
    lowered: &'a Lowered,
    options: &'a SearchOptions,
}

impl Run<'_> {
    /// Leaves that score under a plan: those in it that are asked for.
    fn scoring(&self, plan: &Plan) -> Vec<usize> {
        fn collect(plan: &Plan, out: &mut BTreeSet<usize>) {
            match plan {
                Plan::Leaf(leaf) => _ = out.insert(*leaf),
                Plan::And(plans) | Plan::Or(plans) => plans.iter().for_each(|plan| collect(plan, out)),
                Plan::Not(plan) => collect(plan, out),
                _ => {}
            }
        }
        let mut leaves = BTreeSet::new();
        collect(plan, &mut leaves);
        let scores = |leaf: &usize| {
            self.lowered.positive[*leaf] && self.lowered.leaves[*leaf].fields.iter().any(|&field| score::scores(field))
        };
        leaves.into_iter().filter(scores).collect()
    }

    fn best(&self, plan: &Plan, wanted: usize, mut counts: Option<&mut Counts>) -> tantivy::Result<Vec<Candidate>> {
        let scoring = self.scoring(plan);
        let sort =
            if scoring.is_empty() && self.options.sort == Sort::Relevance { Sort::Newest } else { self.options.sort };
        let mut best = Best::new(wanted, self.options.per_article, sort);
        for (ordinal, segment) in self.segments.iter().enumerate() {
            let columns = OrderColumns::open(segment, sort)?;
            segment.visit(plan, self.options.unit, self.statistics, &scoring, &mut |head, matches| {
                if let Some(counts) = counts.as_deref_mut() {
                    counts.add(segment, matches);
                }
                Ok(best.add(ordinal as u32, &columns, head, matches)?)
            })?;
        }
        Ok(best.into_sorted())
    }
}
