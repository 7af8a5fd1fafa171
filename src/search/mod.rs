//! From a query to hits: forms of words, sets of passages, scores, marks, snippets.
//!
//! ```text
//! Query -> plan (leaves, filters) -> engine (a segment's matches) -> collect (the best) -> Hit (text, marks, snippet)
//! ```

pub mod advice;
pub mod explain;
pub mod feedback;
pub mod like;
pub mod local;
mod results;
pub mod snippet;

use std::borrow::Cow;
use std::collections::hash_map::Entry;
use std::collections::{BTreeSet, HashMap};
use std::sync::Arc;

use tantivy::columnar::StrColumn;
use tantivy::{DocAddress, Searcher};

use crate::index::FollowedFolder;
use crate::index::renames::Renames;
use crate::index::reprints::{self, Groups};
use crate::index::saved::{self, SavedQueries};
use crate::index::schema::{Column, docs_with};
use crate::index::stored::StoredSegment;
use crate::index::{Index, IndexError};
use crate::model::{Article, Passage};
use crate::query::{Note, Query, QueryError, Today, parse_literal, parse_with};
use crate::text::Language;
use crate::vocabulary::Scope;

use local::collect::{Candidate, Facets};
use local::mark::{Stretches, marks, stretches};
use local::parallel::LARGE;
use local::plan::{Filters, Lowered, Plan, lower};
use local::run::{Run, Shown};
use local::score::Statistics;
use local::segment::{Bounded, Match, Segment, bound};
pub use results::{Counts, FacetCount, Hit, Mark, Relaxation, Results, Snippet, Tier};
use snippet::{SNIPPET_BYTES, snippet};

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
    /// Tell what scores are made of.
    pub explain: bool,
    /// Show reprints of one story each by itself.
    pub ungroup: bool,
    /// Search what the best hits have in common along with a short query, as is done with prose.
    pub expand: bool,
    /// Longest snippet, in bytes.
    pub snippet_bytes: usize,
    /// Count other readings of the query, and look for other spellings.
    pub advice: bool,
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
            explain: false,
            ungroup: false,
            expand: false,
            snippet_bytes: SNIPPET_BYTES,
            advice: false,
        }
    }
}

/// Runs one query. Several are run by a [`Session`].
///
/// # Errors
///
/// [`SearchError`].
pub fn search(index: &Index, query: &str, options: &SearchOptions) -> Result<Results, SearchError> {
    Session::open(index)?.search(query, options)
}

/// Blocks of a store that are kept unpacked.
const STORE_BLOCKS: usize = 20;

/// One state of an index, open for queries.
pub struct Session<'a> {
    index: Cow<'a, Index>,
    searcher: Searcher,
    /// The store of each segment.
    stored: Vec<StoredSegment>,
    languages: Vec<Language>,
    saved: SavedQueries,
    groups: Groups,
    renames: Renames,
    folders: Vec<FollowedFolder>,
}

/// Members of groups of reprints that were read for hits before.
type ReadGroups = HashMap<usize, Vec<Arc<Article>>>;

/// A query ready to run: parsed, lowered, its words looked up.
struct Prepared {
    query: Query,
    /// The same with words in the place of `like:`.
    resolved: Query,
    lowered: Lowered,
}

impl<'a> Session<'a> {
    /// Opens the last commit of `index`.
    ///
    /// # Errors
    ///
    /// What keeps the index from being read.
    pub fn open(index: &'a Index) -> Result<Session<'a>, IndexError> {
        const TRIES: usize = 5;
        let mut opened = Session::open_state(Cow::Borrowed(index));
        for _ in 0..TRIES {
            if !matches!(opened, Err(IndexError::Replaced(_))) {
                break;
            }
            opened = Session::open_state(Cow::Owned(Index::open(index.path())?));
        }
        opened
    }

    fn open_state(index: Cow<'a, Index>) -> Result<Session<'a>, IndexError> {
        let (payload, searcher) = index.snapshot()?;
        let languages = payload.languages.iter().filter_map(|(code, _)| Language::from_exact_code(code)).collect();
        let saved = saved::read(index.path())?;
        let stored = searcher.segment_readers().iter().map(|reader| StoredSegment::open(reader, STORE_BLOCKS));
        let stored = stored.collect::<tantivy::Result<Vec<_>>>().map_err(|error| index.error(error))?;
        let groups = reprints::groups(&index.folder(), &searcher, index.fields());
        let groups = groups.map_err(|error| index.error(error))?;
        let renames = Renames::of(&payload.folders);
        Ok(Session { index, searcher, stored, languages, saved, groups, renames, folders: payload.folders })
    }

    /// The folders that the index follows.
    #[must_use]
    pub fn folders(&self) -> &[FollowedFolder] {
        &self.folders
    }

    /// How many passages it holds.
    #[must_use]
    pub fn num_passages(&self) -> u64 {
        self.searcher.num_docs()
    }

    fn error(&self, error: tantivy::TantivyError) -> IndexError {
        self.index.error(error)
    }

    fn prepare(&self, text: &str, options: &SearchOptions) -> Result<Prepared, SearchError> {
        let saved = |name: &str| self.saved.get(name).cloned();
        let query = if options.literal { parse_literal(text) } else { parse_with(text, options.today, &saved)? };
        let filters = &options.filters;
        let no_filter = filters.heading.is_none() && filters.date.is_none();
        if query.is_empty() && no_filter {
            return Err(QueryError {
                code: "empty",
                message: "this query has no word to search for: give a word, a \"phrase\" or a filter such as heading:Background".into(),
                offset: 0,
                length: text.len(),
                suggestion: None,
            }
            .into());
        }
        let mut resolved = query.clone();
        self.resolve_likes(&mut resolved.root)?;
        let lowered = lower(&resolved, filters, &self.languages, &[]);
        Ok(Prepared { query, resolved, lowered })
    }

    /// The segments, and words of the query that stand for more words than are searched.
    fn segments<'s>(&'s self, lowered: &'s Lowered) -> tantivy::Result<(Vec<Segment<'s>>, Vec<Bounded>)> {
        let large = self.num_passages() >= LARGE;
        let mut segments = local::parallel::each(self.searcher.segment_readers(), large, |_, reader| {
            Segment::open(reader, self.index.fields(), lowered, &self.groups)
        })?;
        let bounded = bound(&mut segments, &lowered.leaves);
        Ok((segments, bounded))
    }

    /// Runs a query.
    ///
    /// # Errors
    ///
    /// [`SearchError::Query`] for a query that cannot be run, [`SearchError::Index`] for a damaged index.
    pub fn search(&self, text: &str, options: &SearchOptions) -> Result<Results, SearchError> {
        let mut prepared = self.prepare(text, options)?;
        let mut notes = prepared.query.notes.clone();
        if options.expand || prepared.query.is_prose() {
            self.expand(&mut prepared, options).map_err(|error| self.error(error))?;
        }
        let (hits, counts, more) = self.run(&prepared, options).map_err(|error| self.error(error))?;
        if options.advice {
            self.count_readings(&mut notes, options);
        }
        notes.extend(more);
        Ok(Results { query: prepared.query, hits, counts, notes })
    }

    /// Adds to a query what its best hits have in common.
    fn expand(&self, prepared: &mut Prepared, options: &SearchOptions) -> tantivy::Result<()> {
        let lowered = &prepared.lowered;
        let (segments, _) = self.segments(lowered)?;
        let statistics = Statistics::count(&self.searcher, self.index.fields(), &segments, &lowered.leaves)?;
        let options = SearchOptions { per_article: 1, sort: Sort::Relevance, ..options.clone() };
        let groups = Some(&self.groups);
        let run = Run { segments: &segments, statistics: &statistics, lowered, options: &options, groups };
        let plan = lowered.relaxed.as_ref().unwrap_or(&lowered.plan);
        let best = run.best(plan, feedback::ARTICLES, &mut Shown::default(), None)?;
        let words = self.feedback(lowered, &statistics, &best)?;
        prepared.lowered = lower(&prepared.resolved, &options.filters, &self.languages, &words);
        Ok(())
    }

    /// How a query was read: in words, as a plan, and what its words stand for.
    ///
    /// # Errors
    ///
    /// As [`Session::search`].
    pub fn explain(&self, text: &str, options: &SearchOptions) -> Result<String, SearchError> {
        let prepared = self.prepare(text, options)?;
        let (segments, _) = self.segments(&prepared.lowered).map_err(|error| self.error(error))?;
        Ok(explain::explain(&prepared.query, &prepared.lowered, &segments))
    }

    /// The best hits of both tiers, the counts of the first, and what there is to say of the words.
    fn run(&self, prepared: &Prepared, options: &SearchOptions) -> tantivy::Result<(Vec<Hit>, Counts, Vec<Note>)> {
        let Prepared { query, lowered, .. } = prepared;
        let (segments, bounded) = self.segments(lowered)?;
        let statistics = Statistics::count(&self.searcher, self.index.fields(), &segments, &lowered.leaves)?;
        let wanted = options.offset.saturating_add(options.limit);
        let (first, first_tier) = match (&lowered.relaxed, options.any) {
            (Some(relaxed), true) => (relaxed, Tier::Some),
            _ => (&lowered.plan, Tier::All),
        };
        let groups = if options.ungroup { None } else { Some(&self.groups) };
        let run = Run { segments: &segments, statistics: &statistics, lowered, options, groups };
        let mut counts = Counts::default();
        let mut shown = Shown::default();
        let best = run.best(first, wanted, &mut shown, Some(&mut counts))?;
        let found = best.len();
        let page: Vec<Candidate> = best.into_iter().skip(options.offset).collect();
        let mut hits = self.hits(&segments, lowered, first, first_tier, options, &page)?;
        if options.explain {
            run.explain(first, &page, &mut hits)?;
        }
        if let Some(relaxed) = &lowered.relaxed
            && !options.any
            && !options.strict
            && found < wanted
        {
            let more = run.best(relaxed, wanted - found, &mut shown, None)?;
            let passed = options.offset.saturating_sub(found);
            let more: Vec<Candidate> = more.into_iter().skip(passed).collect();
            let mut more_hits = self.hits(&segments, lowered, relaxed, Tier::Some, options, &more)?;
            if options.explain {
                run.explain(relaxed, &more, &mut more_hits)?;
            }
            hits.extend(more_hits);
        }
        for (i, hit) in hits.iter_mut().enumerate() {
            hit.rank = options.offset + i + 1;
        }
        let mut notes: Vec<Note> = bounded.iter().map(expansion_note).collect();
        if options.advice {
            if options.unit == Scope::Section && !options.any && counts.articles > 0 {
                notes.extend(self.unit_note(&segments, lowered, counts)?);
            }
            notes.extend(self.spelling_notes(query, &segments, lowered));
        }
        Ok((hits, counts, notes))
    }

    /// Candidates of a plan as hits, with their texts and marks.
    fn hits(
        &self,
        segments: &[Segment<'_>],
        lowered: &Lowered,
        plan: &Plan,
        tier: Tier,
        options: &SearchOptions,
        candidates: &[Candidate],
    ) -> tantivy::Result<Vec<Hit>> {
        // Postings are read front to back: a segment's hits in the order of its documents.
        let mut order: Vec<usize> = (0..candidates.len()).collect();
        order.sort_by_key(|&i| candidates[i].address);
        let mut found: Vec<(Stretches, Vec<u32>)> = vec![Default::default(); candidates.len()];
        for group in order.chunk_by(|&a, &b| candidates[a].address.segment_ord == candidates[b].address.segment_ord) {
            let docs: Vec<u32> = group.iter().map(|&i| candidates[i].address.doc_id).collect();
            let segment = &segments[candidates[group[0]].address.segment_ord as usize];
            let stretches = stretches(segment, lowered, plan, options.unit, &docs)?;
            let sentences = segment.sentence_starts(&docs)?;
            for (&i, of_hit) in group.iter().zip(stretches.into_iter().zip(sentences)) {
                found[i] = of_hit;
            }
        }
        // So are texts: a block of them is unpacked once, on whichever core is free.
        let read =
            local::parallel::each(&order, true, |_, &i| self.passage(candidates[i].address, candidates[i].head))?;
        let mut read: Vec<(usize, (Article, Passage))> = order.into_iter().zip(read).collect();
        read.sort_unstable_by_key(|&(i, _)| i);
        let most = options.snippet_bytes;
        let mut groups = ReadGroups::default();
        let texts = read.into_iter().map(|(_, texts)| texts);
        let hit = |((candidate, texts), matched): ((&Candidate, _), (Stretches, Vec<u32>))| {
            self.hit(candidate, texts, tier, &matched, most, &mut groups)
        };
        candidates.iter().zip(texts).zip(found).map(hit).collect()
    }

    fn hit(
        &self,
        candidate: &Candidate,
        (article, passage): (Article, Passage),
        tier: Tier,
        (stretches, sentences): &(Stretches, Vec<u32>),
        most: usize,
        groups: &mut ReadGroups,
    ) -> tantivy::Result<Hit> {
        let mut terms = BTreeSet::new();
        let words = passage.words();
        let text_marks = marks(&words, passage.first_word, &stretches.body, &mut terms);
        let mark = |text: Option<&str>, stretches: &[(u32, u32)], terms: &mut BTreeSet<String>| {
            text.map(|text| marks(text, 0, stretches, terms)).unwrap_or_default()
        };
        let title_marks = mark(article.facts.title.as_deref(), &stretches.title, &mut terms);
        let heading_marks = mark(passage.heading.as_deref(), &stretches.heading, &mut terms);
        let snippet = snippet(&passage.text, &words, sentences, &text_marks, most);
        Ok(Hit {
            rank: 0,
            score: candidate.score,
            tier,
            marks: text_marks,
            title_marks,
            heading_marks,
            snippet,
            terms: terms.into_iter().collect(),
            duplicates: self.reprints(candidate.order(), groups)?,
            parts: Vec::new(),
            article,
            passage,
        })
    }

    /// The other articles of an article's group, the original first. The members of a group are read once.
    fn reprints(&self, article: u64, groups: &mut ReadGroups) -> tantivy::Result<Vec<Arc<Article>>> {
        let Some(group) = self.groups.of(article) else { return Ok(Vec::new()) };
        let members = match groups.entry(group) {
            Entry::Occupied(known) => known.into_mut(),
            Entry::Vacant(place) => {
                let orders = self.groups.members(group);
                let mut members = Vec::with_capacity(orders.len());
                for address in reprints::addresses(&self.searcher, orders.iter())? {
                    members.extend(self.article(address)?.map(Arc::new));
                }
                place.insert(members)
            }
        };
        let is_other = |member: &&Arc<Article>| self.stored_order(member) != article;
        Ok(members.iter().filter(is_other).cloned().collect())
    }

    /// The number that orders an article, whatever its folder is called now.
    fn stored_order(&self, article: &Article) -> u64 {
        article.order_of(&self.renames.stored(&article.path))
    }

    /// Articles that print the same story as those with this hash.
    ///
    /// # Errors
    ///
    /// What keeps the index from being read.
    pub fn duplicates_of(&self, article: &Article) -> Result<Vec<Arc<Article>>, IndexError> {
        let found = self.reprints(self.stored_order(article), &mut ReadGroups::default());
        found.map_err(|error| self.error(error))
    }

    /// The article with this head; its path as it is shown.
    fn article(&self, head: DocAddress) -> tantivy::Result<Option<Article>> {
        let stored = &self.stored[head.segment_ord as usize];
        let mut article = stored.article(self.index.fields(), head.doc_id)?;
        if let Some(article) = &mut article
            && let Cow::Owned(shown) = self.renames.shown(&article.path)
        {
            article.path = shown;
        }
        Ok(article)
    }

    /// A passage and its article, as stored.
    fn passage(&self, address: DocAddress, head: u32) -> tantivy::Result<(Article, Passage)> {
        let passage = self.stored[address.segment_ord as usize].passage(self.index.fields(), address.doc_id)?;
        let article = self.article(DocAddress::new(address.segment_ord, head))?;
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
        let prepared = self.prepare(text, options)?;
        Ok(self.count_lowered(&prepared.lowered, options)?)
    }

    /// Counts what matches a query that is read already.
    ///
    /// # Errors
    ///
    /// As [`Session::search`].
    pub fn count_query(&self, query: &Query, options: &SearchOptions) -> Result<Counts, SearchError> {
        let mut resolved = query.clone();
        self.resolve_likes(&mut resolved.root)?;
        let lowered = lower(&resolved, &options.filters, &self.languages, &[]);
        Ok(self.count_lowered(&lowered, options)?)
    }

    fn count_lowered(&self, lowered: &Lowered, options: &SearchOptions) -> Result<Counts, IndexError> {
        let plan = wanted_plan(lowered, options);
        let run = || -> tantivy::Result<Counts> {
            let (segments, _) = self.segments(lowered)?;
            let statistics = Statistics::count(&self.searcher, self.index.fields(), &segments, &lowered.leaves)?;
            let slices = local::run::slices(&segments, lowered, plan)?;
            let of_slices = local::parallel::each(&slices, is_large(&segments, lowered), |_, (ordinal, within)| {
                let segment = &segments[*ordinal as usize];
                let mut counts = Counts::default();
                let unit = options.unit;
                segment.visit_within(plan, unit, &statistics, &[], within.clone(), &mut |_, matches| {
                    counts.add(segment, matches);
                    Ok(())
                })?;
                Ok(counts)
            })?;
            let mut counts = Counts::default();
            of_slices.into_iter().for_each(|of_slice| counts.merge(of_slice));
            Ok(counts)
        };
        run().map_err(|error| self.error(error))
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
        // The column of the segment at hand.
        let mut values: Option<(u32, StrColumn)> = None;
        let mut take = |ordinal, segment: &Segment<'_>, _, matches: &[Match]| {
            if values.as_ref().is_none_or(|(of, _)| *of != ordinal) {
                let next = segment.reader().fast_fields().str(column.name())?;
                if let Some((_, ended)) = std::mem::replace(&mut values, next.map(|next| (ordinal, next))) {
                    facets.end_segment(&ended)?;
                }
            }
            if let Some((_, values)) = &values {
                facets.add(segment, values, scope, matches);
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
                let lowered = lower(&nothing, &options.filters, &self.languages, &[]);
                self.visit_lowered(&lowered, options, &mut take)?;
            }
        }
        if let Some((_, ended)) = values {
            facets.end_segment(&ended).map_err(|error| self.error(error.into()))?;
        }
        Ok(facets.into_sorted())
    }

    fn visit(&self, text: &str, options: &SearchOptions, take: &mut Take<'_>) -> Result<(), SearchError> {
        let prepared = self.prepare(text, options)?;
        Ok(self.visit_lowered(&prepared.lowered, options, take)?)
    }

    fn visit_lowered(&self, lowered: &Lowered, options: &SearchOptions, take: &mut Take<'_>) -> Result<(), IndexError> {
        let plan = wanted_plan(lowered, options);
        let mut run = || -> tantivy::Result<()> {
            let (segments, _) = self.segments(lowered)?;
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
    pub fn show(&self, hash: u64) -> Result<Vec<(Article, Vec<Passage>)>, IndexError> {
        let mut out = self.show_inner(hash).map_err(|error| self.error(error))?;
        out.sort_by(|a, b| (&a.0.path, &a.0.record).cmp(&(&b.0.path, &b.0.record)));
        Ok(out)
    }

    fn show_inner(&self, hash: u64) -> tantivy::Result<Vec<(Article, Vec<Passage>)>> {
        let mut out = Vec::new();
        for (ordinal, reader) in self.searcher.segment_readers().iter().enumerate() {
            let blocks = local::docs::Blocks::open(reader)?;
            for head in docs_with(reader, "article", hash)? {
                let mut passages = Vec::new();
                let mut article = None;
                for doc in head..blocks.end(head, Scope::Article) {
                    let (stored, passage) = self.passage(DocAddress::new(ordinal as u32, doc), head)?;
                    article = Some(stored);
                    passages.push(passage);
                }
                out.extend(article.map(|article| (article, passages)));
            }
        }
        Ok(out)
    }
}

fn expansion_note(bounded: &Bounded) -> Note {
    let Bounded { typed, words, kept } = bounded;
    Note::new("expansion", format!("\"{typed}\" stood for {words} words; the commonest {kept} were used"))
}

/// What all hits must match.
fn wanted_plan<'l>(lowered: &'l Lowered, options: &SearchOptions) -> &'l Plan {
    lowered.relaxed.as_ref().filter(|_| options.any).unwrap_or(&lowered.plan)
}

/// Do the words of a query stand in so many places that all cores should read them? Facts alone are asked of everything.
fn is_large(segments: &[Segment<'_>], lowered: &Lowered) -> bool {
    let postings = |segment: &Segment<'_>| -> u64 {
        (0..lowered.leaves.len()).flat_map(|leaf| segment.frequencies(leaf)).flatten().sum()
    };
    let passages = || segments.iter().map(|segment| u64::from(segment.blocks.max_doc)).sum::<u64>();
    if lowered.leaves.is_empty() { passages() >= LARGE } else { segments.iter().map(postings).sum::<u64>() >= LARGE }
}

/// Takes the matches of one article: segment, head, matches.
type Take<'t> = dyn FnMut(u32, &Segment<'_>, u32, &[Match]) -> tantivy::Result<()> + 't;
