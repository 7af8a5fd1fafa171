//! One commit of an index, open for queries: running a query, and reading what is stored.

use std::borrow::Cow;
use std::collections::HashMap;
use std::io::ErrorKind;
use std::ops::ControlFlow;
use std::path::PathBuf;

use tantivy::{DocAddress, Searcher};

use super::budget::Budget;
use super::local::collect::Candidate;
use super::local::count::Tally;
use super::local::docs::Blocks;
use super::local::lower::lower;
use super::local::parallel::{self, LARGE};
use super::local::plan::{LoweredQuery, Plan};
use super::local::ranking::{Ranking, Representatives, SeenArticles};
use super::local::run::{self, Run, Shown};
use super::local::score::Statistics;
use super::local::segment::{LimitedExpansion, Segment, limit_expansions};
use super::results::{Counts, Facets, Hit, Results, WordOfFeedback};
use super::sample::{self, Smallest};
use super::{Articles, SearchError, SearchOptions, Sort, aggregate, explain, feedback};
use crate::index::renames::{Renames, file_of};
use crate::index::reprints::{self, Groups};
use crate::index::saved::{self, SavedQueries};
use crate::index::schema::docs_with;
use crate::index::stored::StoredSegment;
use crate::index::{FollowedFolder, Index, IndexError, Totals, folder_name};
use crate::model::{Article, ArticleText, Passage};
use crate::query::{Note, Query, QueryError, parse_literal, parse_with};
use crate::text::Language;
use crate::vocabulary::{Facet, Scope};

/// Number of blocks of a store that are cached unpacked.
const STORE_BLOCKS: usize = 20;

/// One commit of an index, open for queries.
pub(crate) struct Snapshot {
    pub(super) index: Index,
    generation: u64,
    totals: Totals,
    pub(super) searcher: Searcher,
    /// The store of each segment.
    pub(super) stored: Vec<StoredSegment>,
    pub(super) languages: Vec<Language>,
    saved: SavedQueries,
    pub(super) groups: Groups,
    pub(super) renames: Renames,
    folders: Vec<FollowedFolder>,
}

/// A query that is parsed and lowered.
pub(crate) struct Prepared {
    query: Query,
    pub(super) lowered: LoweredQuery,
}

impl Snapshot {
    /// Opens the last commit of `index`, or of the index that replaced it.
    ///
    /// # Errors
    ///
    /// An error of reading the index.
    pub(crate) fn open(index: &Index) -> Result<Snapshot, IndexError> {
        const TRIES: usize = 5;
        let mut opened = Snapshot::open_state(index.clone());
        for _ in 0..TRIES {
            if !matches!(opened, Err(IndexError::Replaced(_))) {
                break;
            }
            opened = Snapshot::open_state(Index::open(index.path())?);
        }
        opened
    }

    fn open_state(index: Index) -> Result<Snapshot, IndexError> {
        let (payload, searcher) = index.snapshot()?;
        let languages = payload.languages.iter().filter_map(|(code, _)| Language::from_exact_code(code)).collect();
        let saved = saved::read(index.path())?;
        let stored = searcher.segment_readers().iter().map(|reader| StoredSegment::open(reader, STORE_BLOCKS));
        let stored = stored.collect::<tantivy::Result<Vec<_>>>().map_err(|error| index.error(error))?;
        let groups = reprints::groups(&index.folder(), &searcher, index.fields());
        let groups = groups.map_err(|error| index.error(error))?;
        let renames = Renames::of(&payload.folders);
        let generation = payload.generation;
        Ok(Snapshot {
            index,
            generation,
            totals: payload.totals,
            searcher,
            stored,
            languages,
            saved,
            groups,
            renames,
            folders: payload.folders,
        })
    }

    /// Is it this commit of this state?
    pub(crate) fn is_of(&self, state: u64, generation: u64) -> bool {
        (self.index.state(), self.generation) == (state, generation)
    }

    /// Are these its saved queries?
    pub(crate) fn has_saved(&self, saved: &SavedQueries) -> bool {
        self.saved == *saved
    }

    /// Folders that the index follows.
    pub(crate) fn folders(&self) -> &[FollowedFolder] {
        &self.folders
    }

    /// The stored paths of these folders or files; none if they are all folders of the index.
    pub(crate) fn filter_folders(&self, folders: &[PathBuf]) -> Result<Vec<String>, IndexError> {
        let mut names = Vec::new();
        for folder in folders {
            let absolute = folder.canonicalize().map_err(|error| match error.kind() {
                ErrorKind::NotFound | ErrorKind::NotADirectory => IndexError::NoFolder(folder.clone()),
                _ => IndexError::io("read", folder, &error),
            })?;
            let home = self.folders.iter().find(|known| absolute.starts_with(&known.absolute));
            let name = match home {
                Some(FollowedFolder { stored: name, absolute: known, .. }) => {
                    let below = absolute.strip_prefix(known).expect("the folder holds it");
                    let below = below.to_string_lossy().replace('\\', "/");
                    if below.is_empty() { name.clone() } else { format!("{}/{below}", name.trim_end_matches('/')) }
                }
                None => folder_name(&folder.to_string_lossy()),
            };
            names.push(name);
        }
        let all = self.folders.iter().all(|folder| names.contains(&folder.stored));
        Ok(if all { Vec::new() } else { names })
    }

    /// The name of this commit.
    pub(crate) fn commit(&self) -> String {
        format!("{}.{}", self.index.state(), self.generation)
    }

    /// Number of articles.
    pub(crate) fn num_articles(&self) -> u64 {
        self.totals.articles
    }

    /// Number of passages.
    pub(crate) fn num_passages(&self) -> u64 {
        self.searcher.num_docs()
    }

    pub(super) fn error(&self, error: tantivy::TantivyError) -> IndexError {
        self.index.error(error)
    }

    /// Parses and lowers a query.
    pub(crate) fn prepare(&self, text: &str, options: &SearchOptions) -> Result<Prepared, SearchError> {
        let saved = |name: &str| self.saved.get(name).cloned();
        let query = if options.literal { parse_literal(text) } else { parse_with(text, options.today, &saved)? };
        let filters = &options.filters;
        let no_filter = filters.heading.is_none()
            && filters.date.is_none()
            && filters.words.is_none()
            && filters.values.iter().all(|filter| filter.is_excluded);
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
        Ok(self.lowered(query, options)?)
    }

    /// Lowers a parsed query.
    pub(super) fn lowered(&self, query: Query, options: &SearchOptions) -> Result<Prepared, IndexError> {
        // With `like:` replaced by words, and absolute paths in `path:` by stored ones.
        let mut resolved = query.clone();
        self.resolve_likes(&mut resolved.root)?;
        self.resolve_paths(&mut resolved.root);
        let lowered = lower(&resolved, &options.filters, &self.languages);
        Ok(Prepared { query, lowered })
    }

    /// Opens the segments for a query, and returns the words that match more words of the index than are searched.
    pub(super) fn segments<'s>(
        &'s self,
        lowered: &'s LoweredQuery,
        budget: &'s Budget,
    ) -> tantivy::Result<(Vec<Segment<'s>>, Vec<LimitedExpansion>)> {
        let large = self.num_passages() >= LARGE;
        let mut segments = parallel::each(self.searcher.segment_readers(), large, |ordinal, reader| {
            let columns = self.stored[ordinal as usize].columns();
            Segment::open((reader, columns), self.index.fields(), lowered, &self.groups, budget)
        })?;
        let limited = limit_expansions(&mut segments, &lowered.leaves);
        Ok((segments, limited))
    }

    /// The statistics of the leaves of a query over the whole index.
    pub(super) fn statistics(&self, segments: &[Segment<'_>], lowered: &LoweredQuery) -> tantivy::Result<Statistics> {
        Statistics::count(&self.searcher, &self.totals, segments, &lowered.leaves)
    }

    /// Runs a query.
    pub(crate) fn search(&self, text: &str, options: &SearchOptions) -> Result<Results, SearchError> {
        let mut found = None;
        self.search_in_batches(text, options, usize::MAX, &mut |results| {
            found = Some(results);
            ControlFlow::Continue(())
        })?;
        Ok(found.expect("a search gives at least one batch"))
    }

    /// Runs a query, and gives its hits to `take` in batches of about `size`: at least one batch, the first with all
    /// notes.
    pub(crate) fn search_in_batches(
        &self,
        text: &str,
        options: &SearchOptions,
        size: usize,
        take: &mut dyn FnMut(Results) -> ControlFlow<()>,
    ) -> Result<(), SearchError> {
        let budget = options.budget();
        let prepared = self.prepare(text, options)?;
        let mut own_notes = prepared.query.notes.clone();
        let mut is_first = true;
        let mut failed = None;
        let mut take = |found: Found<'_>| {
            let mut notes = Vec::new();
            if std::mem::take(&mut is_first) {
                if options.advice
                    && let Err(error) = self.count_readings(&mut own_notes, options, &budget)
                {
                    failed = Some(error);
                    return ControlFlow::Break(());
                }
                notes.append(&mut own_notes);
                notes.extend_from_slice(found.notes);
            }
            take(Results {
                query: prepared.query.clone(),
                hits: found.hits,
                counts: found.counts,
                notes,
                feedback: found.feedback.to_vec(),
                facets: found.facets.to_vec(),
                degraded: budget.degraded(),
            })
        };
        self.run(&prepared, options, &budget, size, &mut take).map_err(|error| self.error(error))?;
        failed.map_or(Ok(()), |error| Err(error.into()))
    }

    /// Explains how a query is read.
    pub(crate) fn explain(&self, text: &str, options: &SearchOptions) -> Result<String, SearchError> {
        let budget = options.budget();
        let prepared = self.prepare(text, options)?;
        let explained = || -> tantivy::Result<String> {
            let best = SearchOptions {
                limit: 1,
                offset: 0,
                advice: false,
                explain: false,
                facets: Vec::new(),
                ..options.clone()
            };
            let mut feedback = Vec::new();
            let mut take = |found: Found<'_>| {
                feedback = found.feedback.to_vec();
                ControlFlow::Continue(())
            };
            self.run(&prepared, &best, &budget, usize::MAX, &mut take)?;
            let (segments, _) = self.segments(&prepared.lowered, &budget)?;
            Ok(explain::explain(&prepared.query, &prepared.lowered, &segments, &feedback))
        };
        Ok(explained().map_err(|error| self.error(error))?)
    }

    /// Gives to `take` the hits in batches of about `size`, with the counts of what is asked for, and notes on the words.
    fn run(
        &self,
        prepared: &Prepared,
        options: &SearchOptions,
        budget: &Budget,
        size: usize,
        take: &mut dyn FnMut(Found<'_>) -> ControlFlow<()>,
    ) -> tantivy::Result<()> {
        let Prepared { query, lowered, .. } = prepared;
        let (segments, limited) = self.segments(lowered, budget)?;
        let statistics = self.statistics(&segments, lowered)?;
        let groups = if options.ungroup { None } else { Some(&self.groups) };
        let facets: Vec<Vec<Facet>> = options.facets.iter().map(|facet| vec![*facet]).collect();
        let wanted_values = aggregate::wanted(options);
        let facets = (&facets[..], &wanted_values);
        let run = Run { segments: &segments, statistics: &statistics, lowered, options, groups, facets };
        let lists = lists(lowered, options);
        let counted = wanted_plan(lowered, options);
        let mut tally =
            if lists.iter().any(|plan| std::ptr::eq(*plan, counted)) { Tally::default() } else { run.count(counted)? };
        let mut words = Vec::new();
        let mut add_feedback = |candidates: &mut [Candidate]| {
            words = self.add_feedback(lowered, &statistics, budget, candidates)?;
            Ok(())
        };
        let mut feedback: Option<&mut run::Feedback<'_>> =
            if feedback::is_for(query, lowered, options) { Some(&mut add_feedback) } else { None };
        let all = match lists.as_slice() {
            _ if options.sample.is_some() => Some(counted),
            [plan] if options.offset == 0 && options.limit as u64 >= self.num_passages() => Some(*plan),
            _ => None,
        };
        if let Some(plan) = all {
            let counting = std::ptr::eq(plan, counted);
            if counting {
                tally = Tally::default();
            }
            let together = options.articles == Articles::Together;
            let ranking = run.ranking(plan, together, counting.then_some(&mut tally), feedback)?;
            let counts = tally.counts;
            let facets = self.facets_of(tally, &options.facets, lowered, options, budget)?;
            let notes = self.notes(query, &segments, lowered, options, &limited, counts)?;
            let mut of_all = OfAll {
                snapshot: self,
                run: &run,
                plan,
                budget,
                size,
                counts,
                notes: &notes,
                words: &words,
                facets: &facets,
                rank: 0,
            };
            return of_all.give(ranking, take);
        }
        let wanted = options.offset.saturating_add(options.limit);
        let (mut shown, mut found, mut skipped) = (Shown::default(), Vec::new(), options.offset);
        let mut left = wanted;
        for (i, plan) in lists.into_iter().enumerate() {
            if i > 0 && left == 0 {
                break;
            }
            let counting = std::ptr::eq(plan, counted).then_some(&mut tally);
            let mut best = run.best(plan, left, &mut shown, counting, feedback.as_deref_mut())?;
            left -= best.len();
            let of_earlier_pages = skipped.min(best.len());
            skipped -= of_earlier_pages;
            found.push((plan, best.split_off(of_earlier_pages)));
        }
        let counts = tally.counts;
        let facets = self.facets_of(tally, &options.facets, lowered, options, budget)?;
        let notes = self.notes(query, &segments, lowered, options, &limited, counts)?;
        budget.begin_reading();
        let mut hits = Vec::new();
        let (mut rank, mut is_taken) = (options.offset, false);
        let batches = found
            .iter()
            .flat_map(|(plan, candidates)| candidates.chunks(size.max(1)).map(move |candidates| (*plan, candidates)));
        for (plan, candidates) in batches {
            let mut batch = self.hits(&segments, lowered, plan, options, candidates)?;
            if options.explain {
                run.explain(plan, candidates, &mut batch)?;
            }
            for hit in &mut batch {
                rank += 1;
                hit.rank = rank;
            }
            hits.append(&mut batch);
            if hits.len() >= size {
                is_taken = true;
                if take(Found {
                    hits: std::mem::take(&mut hits),
                    counts,
                    notes: &notes,
                    feedback: &words,
                    facets: &facets,
                })
                .is_break()
                {
                    return Ok(());
                }
            }
        }
        if !hits.is_empty() || !is_taken {
            let _ = take(Found { hits, counts, notes: &notes, feedback: &words, facets: &facets });
        }
        Ok(())
    }

    /// Notes on the words of a query, and advice.
    fn notes(
        &self,
        query: &Query,
        segments: &[Segment<'_>],
        lowered: &LoweredQuery,
        options: &SearchOptions,
        limited: &[LimitedExpansion],
        counts: Counts,
    ) -> tantivy::Result<Vec<Note>> {
        let mut notes: Vec<Note> = limited.iter().map(expansion_note).collect();
        if options.advice {
            if lowered.unit(options.unit) == Scope::Section && !options.any && counts.articles > 0 {
                notes.extend(self.unit_note(segments, lowered, counts)?);
            }
            notes.extend(self.spelling_notes(query, segments, lowered)?);
        }
        Ok(notes)
    }

    /// The hash of the bytes of the article with this first document.
    fn article_hash(&self, segment: u32, first_doc: u32) -> tantivy::Result<u64> {
        let column = self.stored[segment as usize].columns().unsigned("article")?;
        Ok(column.and_then(|column| column.first(first_doc)).unwrap_or(0))
    }

    /// [`Article::order`] by the stored path, which stays the same when a folder is moved.
    pub(super) fn stored_order(&self, article: &Article) -> u64 {
        article.order_of(&self.renames.stored(&article.path))
    }

    /// The article with this first document, with its path as it is shown.
    pub(super) fn article(&self, first: DocAddress) -> tantivy::Result<Option<Article>> {
        let stored = &self.stored[first.segment_ord as usize];
        Ok(stored.article(self.index.fields(), first.doc_id)?.map(|article| self.shown(article)))
    }

    /// An article with its path as it is shown.
    fn shown(&self, mut article: Article) -> Article {
        if let Cow::Owned(shown) = self.renames.shown(&article.path) {
            article.path = shown;
        }
        article.file = file_of(&self.folders, &article.path);
        article
    }

    /// A stored passage and its article.
    pub(super) fn passage(&self, address: DocAddress, first_doc: u32) -> tantivy::Result<(Article, Passage)> {
        let passage = self.passage_alone(address)?;
        Ok((self.article_at(DocAddress::new(address.segment_ord, first_doc))?, passage))
    }

    /// A stored passage.
    pub(crate) fn passage_alone(&self, address: DocAddress) -> tantivy::Result<Passage> {
        let passage = self.stored[address.segment_ord as usize].passage(self.index.fields(), address.doc_id)?;
        passage.ok_or_else(|| tantivy::TantivyError::InternalError("a stored passage cannot be read".into()))
    }

    /// As [`Snapshot::article`], of which there must be one.
    fn article_at(&self, first: DocAddress) -> tantivy::Result<Article> {
        let article = self.article(first)?;
        article.ok_or_else(|| tantivy::TantivyError::InternalError("a stored article cannot be read".into()))
    }

    /// The article with this first document and this stored path.
    pub(crate) fn article_with_path(&self, first: DocAddress, path: &str) -> tantivy::Result<Article> {
        let stored = &self.stored[first.segment_ord as usize];
        let article = stored.article_with_path(self.index.fields(), first.doc_id, path)?;
        let article = article.map(|article| self.shown(article));
        article.ok_or_else(|| tantivy::TantivyError::InternalError("a stored article cannot be read".into()))
    }

    /// The index.
    pub(crate) fn index(&self) -> &Index {
        &self.index
    }

    /// How a query is read, in the query language.
    pub(crate) fn reading_of(&self, text: &str, options: &SearchOptions) -> Result<String, SearchError> {
        Ok(self.prepare(text, options)?.query.to_string())
    }

    /// A stored path as it is shown.
    pub(crate) fn shown_path(&self, stored: &str) -> String {
        self.renames.shown(stored).into_owned()
    }

    /// An error of reading this commit.
    pub(crate) fn index_error(&self, error: tantivy::TantivyError) -> IndexError {
        self.error(error)
    }

    /// The article with this hash, its passages and its copies.
    pub(crate) fn article_text(&self, hash: u64) -> Result<Option<ArticleText>, IndexError> {
        let mut found = self.articles_with(hash).map_err(|error| self.error(error))?.into_iter();
        let Some((article, passages)) = found.next() else { return Ok(None) };
        Ok(Some(ArticleText { article, passages, copies: found.map(|(copy, _)| copy.into()).collect() }))
    }

    /// All articles with this hash (copies of the same bytes) by path, with their passages in order.
    pub(super) fn articles_with(&self, hash: u64) -> tantivy::Result<Vec<(Article, Vec<Passage>)>> {
        let mut out = Vec::new();
        for (ordinal, reader) in self.searcher.segment_readers().iter().enumerate() {
            let blocks = Blocks::open(reader, self.stored[ordinal].columns())?;
            for first_doc in docs_with(reader, "article", hash)? {
                let mut passages = Vec::new();
                let mut article = None;
                for doc in first_doc..blocks.end(first_doc, Scope::Article) {
                    let (stored, passage) = self.passage(DocAddress::new(ordinal as u32, doc), first_doc)?;
                    article = Some(stored);
                    passages.push(passage);
                }
                out.extend(article.map(|article| (article, passages)));
            }
        }
        out.sort_by(|a, b| (&a.0.path, &a.0.record).cmp(&(&b.0.path, &b.0.record)));
        Ok(out)
    }
}

fn expansion_note(limited: &LimitedExpansion) -> Note {
    let LimitedExpansion { typed, words, kept } = limited;
    Note::new("expansion", format!("\"{typed}\" stood for {words} words; the commonest {kept} were used"))
}

/// Gives all hits of a ranking, or a sample of them, in batches.
struct OfAll<'a> {
    snapshot: &'a Snapshot,
    run: &'a Run<'a>,
    plan: &'a Plan,
    budget: &'a Budget,
    size: usize,
    counts: Counts,
    notes: &'a [Note],
    words: &'a [WordOfFeedback],
    facets: &'a [Facets],
    /// Rank of the last hit that was given.
    rank: usize,
}

impl OfAll<'_> {
    fn give(
        &mut self,
        mut ranking: Ranking<'_>,
        take: &mut dyn FnMut(Found<'_>) -> ControlFlow<()>,
    ) -> tantivy::Result<()> {
        let options = self.run.options;
        let mut representatives = Representatives::default();
        let mut next_hit = |ranking: &mut Ranking<'_>| -> tantivy::Result<Option<Candidate>> {
            while let Some(candidate) = ranking.take_next()? {
                if representatives.is_one(self.run.groups, &candidate) {
                    return Ok(Some(candidate));
                }
            }
            Ok(None)
        };
        let mut batch = Vec::new();
        let mut seen = SeenArticles::default();
        let mut is_over = false;
        if let Some((size, seed)) = options.sample {
            let mut smallest = Smallest::new(size);
            let mut at = 0;
            while let Some(candidate) = next_hit(&mut ranking)? {
                let hash = self.snapshot.article_hash(candidate.address.segment_ord, candidate.first_doc)?;
                let unit = u64::from(candidate.address.doc_id - candidate.first_doc);
                smallest.offer(sample::key(seed, hash, unit), at, candidate);
                at += 1;
            }
            self.budget.begin_reading();
            let mut drawn = smallest.in_order();
            match options.articles {
                Articles::Apart => {}
                Articles::Once => drawn.retain(|candidate| seen.insert(candidate)),
                // By the first of each article.
                Articles::Together => {
                    let mut first = HashMap::new();
                    for (i, candidate) in drawn.iter().enumerate() {
                        first.entry((candidate.address.segment_ord, candidate.first_doc)).or_insert(i);
                    }
                    drawn.sort_by_key(|one| (first[&(one.address.segment_ord, one.first_doc)], one.address.doc_id));
                }
            }
            let size = if options.articles == Articles::Together { usize::MAX } else { self.size.max(1) };
            for candidates in drawn.chunks(size) {
                batch.extend_from_slice(candidates);
                if self.give_batch(&mut batch, take)?.is_break() {
                    return Ok(());
                }
            }
            is_over = true;
        }
        self.budget.begin_reading();
        while !is_over {
            match next_hit(&mut ranking)? {
                None => is_over = true,
                Some(candidate) => match options.articles {
                    Articles::Apart => batch.push(candidate),
                    Articles::Once if !seen.insert(&candidate) => {}
                    Articles::Once => batch.push(candidate),
                    Articles::Together if !seen.insert(&candidate) => {}
                    Articles::Together => ranking.of_article(&candidate, &mut batch)?,
                },
            }
            if batch.len() >= self.size && self.give_batch(&mut batch, take)?.is_break() {
                return Ok(());
            }
        }
        if !batch.is_empty() || self.rank == 0 {
            let _ = self.give_batch(&mut batch, take)?;
        }
        Ok(())
    }

    /// Gives a batch. Breaks if the taker does, or if the budget was spent while its texts were read.
    fn give_batch(
        &mut self,
        batch: &mut Vec<Candidate>,
        take: &mut dyn FnMut(Found<'_>) -> ControlFlow<()>,
    ) -> tantivy::Result<ControlFlow<()>> {
        if self.rank > 0 {
            self.budget.renew();
        }
        let Run { segments, lowered, options, .. } = *self.run;
        let mut hits = self.snapshot.hits(segments, lowered, self.plan, options, batch)?;
        if options.explain {
            self.run.explain(self.plan, batch, &mut hits)?;
        }
        batch.clear();
        // Asked before the batch is given, so that the last batch says why it is the last.
        let is_spent = self.budget.ask();
        for hit in &mut hits {
            self.rank += 1;
            hit.rank = self.rank;
        }
        let taken =
            take(Found { hits, counts: self.counts, notes: self.notes, feedback: self.words, facets: self.facets });
        Ok(if is_spent { ControlFlow::Break(()) } else { taken })
    }
}

/// A batch of what a run of a query found.
struct Found<'f> {
    hits: Vec<Hit>,
    counts: Counts,
    notes: &'f [Note],
    feedback: &'f [WordOfFeedback],
    facets: &'f [Facets],
}

/// The plans whose hits are listed, one list after the other. By relevance, hits that lack a word are ranked among the
/// others. In another order they follow the others: that order says nothing of how well they match.
fn lists<'l>(lowered: &'l LoweredQuery, options: &SearchOptions) -> Vec<&'l Plan> {
    match &lowered.relaxed {
        Some(relaxed) if options.any || !options.strict && options.sort == Sort::Relevance => vec![relaxed],
        Some(relaxed) if !options.strict => vec![&lowered.plan, relaxed],
        _ => vec![&lowered.plan],
    }
}

/// The plan of what is counted, by the options.
pub(crate) fn wanted_plan<'l>(lowered: &'l LoweredQuery, options: &SearchOptions) -> &'l Plan {
    lowered.relaxed.as_ref().filter(|_| options.any).unwrap_or(&lowered.plan)
}
