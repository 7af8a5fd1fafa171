//! From a query to hits: forms of words, sets of passages, scores, marks, snippets.
//!
//! ```text
//! Query -> local/lower, plan (leaves, filters) -> local/evaluate, visit (matches of a segment) -> local/collect (the best)
//!       -> hits (text, marks, snippet) -> Results
//! ```
//!
//! [`Searcher`] is the interface; [`snapshot`] is one commit of an index, open for queries.

pub(crate) mod about;
pub(crate) mod advice;
pub(crate) mod aggregate;
pub(crate) mod alert;
mod all_hits;
pub(crate) mod articles;
#[cfg(test)]
mod bounds;
pub(crate) mod budget;
#[cfg(any(feature = "serve", feature = "mcp"))]
pub(crate) mod commits;
pub(crate) mod execute;
pub(crate) mod explain;
pub(crate) mod feedback;
pub(crate) mod hits;
pub(crate) mod like;
pub(crate) mod local;
pub(crate) mod marks;
mod opening;
mod options;
#[cfg(test)]
mod oracle;
pub(crate) mod over_engine;
pub(crate) mod part;
mod path_filter;
#[cfg_attr(not(feature = "engine"), allow(dead_code))]
pub(crate) mod push;
pub(crate) mod results;
pub(crate) mod sample;
pub(crate) mod sieve;
pub(crate) mod snapshot;
pub(crate) mod snippet;

use std::collections::HashMap;
use std::ops::ControlFlow;
use std::path::PathBuf;
use std::sync::{Arc, PoisonError, RwLock};

use crate::engine::EngineError;
use crate::index::{FollowedFolder, IndexError, guarded_by};
use crate::model::{Article, ArticleText};
use crate::query::{Note, Query, QueryError};
use crate::vocabulary::{Facet, parse_id};

pub use alert::Alert;
pub use budget::Degraded;
pub use local::plan::{Filters, ValueFilter};
pub use marks::ArticleMarks;
pub(crate) use options::{Articles, Bound};
pub use options::{DatesError, Feedback, SearchOptions, Sort};
use over_engine::{Foreign, Needed, OverEngine, View};
pub use results::{
    Counts, CrossedCount, CrossedFacets, FacetCount, Facets, Hit, Mark, OtherValues, Relaxation, Results, Snippet,
    Tier, WordOfFeedback,
};
use snapshot::Snapshot;

/// Builds the tables that are built at first use, for a test of all of them.
#[cfg(test)]
pub(crate) fn build_tables() {
    local::forms::build_tables();
}

/// Why a search failed.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum SearchError {
    /// The query cannot be run.
    #[error(transparent)]
    Query(#[from] QueryError),
    /// The index cannot be read.
    #[error(transparent)]
    Index(#[from] IndexError),
}

impl SearchError {
    /// The error of the index, where no query is read.
    pub(crate) fn of_index(self) -> IndexError {
        match self {
            SearchError::Index(error) => error,
            SearchError::Query(error) => unreachable!("no query was read: {error}"),
        }
    }
}

/// Searches an index, from any number of threads at once.
///
/// Clones share the commit that they search: [`Searcher::reopen`] moves all of them. [`Searcher::pinned`] makes one that
/// stays at its commit.
///
/// ```
/// use crosshead::{Index, SearchOptions, Searcher, SyncOptions, sync};
///
/// let folder = tempfile::tempdir()?;
/// let text = "# Dockers walk out\n\nNo ship has been unloaded.\n\n## The dispute\n\nThe union wants a shorter week.\n";
/// std::fs::write(folder.path().join("strike.md"), text)?;
/// let index = Index::open_or_create(&folder.path().join("index"))?;
/// sync(&index, &[folder.path().to_path_buf()], &SyncOptions::default())?;
/// let searcher = Searcher::of(&index)?;
/// let results = searcher.search("heading:dispute week", &SearchOptions::default())?;
/// assert_eq!(results.hits[0].passage.heading.as_deref(), Some("The dispute"));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone)]
pub struct Searcher {
    /// The indexes that it searches: at least one.
    paths: Arc<[PathBuf]>,
    /// What holds the articles, if no index of this machine does.
    engine: Option<Arc<OverEngine>>,
    current: Arc<RwLock<Arc<Snapshot>>>,
}

impl std::fmt::Debug for Searcher {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Searcher").field("paths", &self.paths).finish_non_exhaustive()
    }
}

impl Searcher {
    /// Calls `read` with the present commit, or with the articles that are needed of an engine.
    ///
    /// # Errors
    ///
    /// An error of `read`; a panic within it, which is an error of the index.
    pub(crate) fn reading<T>(
        &self,
        needed: Needed<'_>,
        options: &SearchOptions,
        read: impl FnOnce(&Snapshot, &SearchOptions) -> Result<T, SearchError>,
    ) -> Result<T, SearchError> {
        let snapshot = self.snapshot();
        let Some(engine) = &self.engine else { return self.guarded(|| read(&snapshot, options)) };
        let View { snapshot, options } = engine.view(&snapshot, needed, options)?;
        let read = self.guarded(|| read(&snapshot, &options))?;
        match snapshot.foreign.as_ref().and_then(Foreign::failed) {
            Some(error) => Err(IndexError::from(error).into()),
            None => Ok(read),
        }
    }

    /// An error where what holds the articles is an engine, which cannot be asked that.
    pub(crate) fn needs_index(&self, what: &'static str) -> Result<(), IndexError> {
        match &self.engine {
            None => Ok(()),
            Some(engine) => Err(EngineError::Unable { engine: engine.engine.name(), what }.into()),
        }
    }

    /// Is what it searches held by an engine?
    #[cfg_attr(not(feature = "cli"), allow(dead_code))]
    pub(crate) fn is_over_engine(&self) -> bool {
        self.engine.is_some()
    }

    /// Runs `work`; a panic within it is an error of the index that is damaged.
    pub(crate) fn guarded<T, E: From<IndexError>>(&self, work: impl FnOnce() -> Result<T, E>) -> Result<T, E> {
        guarded_by(|| snapshot::suspect(&self.snapshot().parts), work)
    }

    pub(crate) fn snapshot(&self) -> Arc<Snapshot> {
        Arc::clone(&self.current.read().unwrap_or_else(PoisonError::into_inner))
    }

    /// Runs a query. If its time is up or it is cancelled, [`Results::degraded`] says so, and the hits are what was found
    /// before.
    ///
    /// # Errors
    ///
    /// [`SearchError::Query`] for a query that cannot be run, [`SearchError::Index`] for a damaged index.
    pub fn search(&self, query: &str, options: &SearchOptions) -> Result<Results, SearchError> {
        let found = self.reading(Needed::Best(query), options, |snapshot, options| snapshot.search(query, options))?;
        match &self.engine {
            // Of those that an engine takes for the best, few may match.
            Some(engine) if engine.may_have_more(&found, options) => {
                self.reading(Needed::All(Some(query)), options, |snapshot, options| snapshot.search(query, options))
            }
            _ => Ok(found),
        }
    }

    /// Runs a query, and gives its hits to `take` in batches of about `size`, so that not all texts are in memory at once.
    /// There is at least one batch. All have the counts, the first has the notes. `take` may end the search. Of all hits, some
    /// batches are read together, and their texts held in about 8 MB.
    ///
    /// # Errors
    ///
    /// As [`Searcher::search`].
    pub fn search_in_batches(
        &self,
        query: &str,
        options: &SearchOptions,
        size: usize,
        take: &mut dyn FnMut(Results) -> ControlFlow<()>,
    ) -> Result<(), SearchError> {
        let batches = |needed: Needed<'_>, take: &mut dyn FnMut(Results) -> ControlFlow<()>| {
            self.reading(needed, options, |snapshot, options| snapshot.search_in_batches(query, options, size, take))
        };
        let engine = match &self.engine {
            Some(engine) if engine.is_in_parts(&self.snapshot(), options) => {
                return self.search_in_parts(engine, query, options, size, take);
            }
            Some(engine) if engine.takes_best(options) => engine,
            _ => return batches(Needed::Best(query), take),
        };
        // A few hits, which are given once it is known that they are not too few.
        let mut held: Vec<Results> = Vec::new();
        batches(Needed::Best(query), &mut |results| {
            held.push(results);
            ControlFlow::Continue(())
        })?;
        let hits = held.iter().flat_map(|results| results.hits.iter().cloned()).collect();
        if held.last().is_some_and(|last| engine.may_have_more(&Results { hits, ..last.clone() }, options)) {
            return batches(Needed::All(Some(query)), take);
        }
        _ = held.into_iter().try_for_each(take);
        Ok(())
    }

    /// Runs a query that asks an engine for all hits: in each part of the articles that may match, one after the other.
    fn search_in_parts(
        &self,
        engine: &OverEngine,
        query: &str,
        options: &SearchOptions,
        size: usize,
        take: &mut dyn FnMut(Results) -> ControlFlow<()>,
    ) -> Result<(), SearchError> {
        let (mut before, mut given) = (Counts::default(), 0);
        engine.in_parts(&self.snapshot(), query, options, &mut |part| {
            let View { snapshot, options } = &part.view;
            let (mut of_part, mut flow) = (Counts::default(), ControlFlow::Continue(()));
            let is_last = part.bound.is_none();
            let mut take = |mut results: Results| {
                of_part = results.counts;
                let is_cut_short = matches!(results.degraded, Some(Degraded::Time | Degraded::Cancelled));
                if results.hits.is_empty() && !is_last && !is_cut_short {
                    return ControlFlow::Continue(());
                }
                if given == 0 && !is_last && options.sort == Sort::Relevance {
                    let told = format!(
                        "more than {} articles may match: these are ranked {} at a time, in the order that the engine has them",
                        engine.most, engine.most
                    );
                    results.notes.push(Note::new("candidates", told));
                }
                for hit in &mut results.hits {
                    given += 1;
                    hit.rank = given;
                }
                results.counts = before.and(of_part).bounded(part.bound);
                flow = take(results);
                if is_cut_short {
                    flow = ControlFlow::Break(());
                }
                flow
            };
            self.guarded(|| snapshot.search_in_batches(query, options, size, &mut take))?;
            if let Some(error) = snapshot.foreign.as_ref().and_then(Foreign::failed) {
                return Err(IndexError::from(error).into());
            }
            before = before.and(of_part);
            Ok(flow)
        })
    }

    /// Counts the passages, sections and articles that match.
    ///
    /// # Errors
    ///
    /// As [`Searcher::search`].
    pub fn count(&self, query: &str, options: &SearchOptions) -> Result<Counts, SearchError> {
        self.reading(Needed::Drawn(Some(query)), options, |snapshot, options| snapshot.count(query, options))
    }

    /// Counts the values of a facet over what matches; over the whole index without a query.
    ///
    /// # Errors
    ///
    /// As [`Searcher::search`].
    pub fn facets(&self, query: Option<&str>, facet: Facet, options: &SearchOptions) -> Result<Facets, SearchError> {
        let mut facets = self.facets_together(query, &[facet], options)?;
        Ok(facets.pop().expect("one facet was counted"))
    }

    /// As [`Searcher::facets`], for several facets in one pass.
    ///
    /// # Errors
    ///
    /// As [`Searcher::search`].
    pub fn facets_together(
        &self,
        query: Option<&str>,
        facets: &[Facet],
        options: &SearchOptions,
    ) -> Result<Vec<Facets>, SearchError> {
        self.reading(Needed::Drawn(query), options, |snapshot, options| snapshot.facets(query, facets, options))
    }

    /// Counts the pairs of values of two facets over what matches; over the whole index without a query.
    ///
    /// # Errors
    ///
    /// As [`Searcher::search`].
    pub fn crossed_facets(
        &self,
        query: Option<&str>,
        facets: [Facet; 2],
        options: &SearchOptions,
    ) -> Result<CrossedFacets, SearchError> {
        self.reading(Needed::Drawn(query), options, |snapshot, options| snapshot.crossed_facets(query, facets, options))
    }

    /// Counts the articles that match, by the values of facets: one, or two that are crossed.
    pub(crate) fn articles_by(
        &self,
        query: Option<&str>,
        facets: &[Facet],
        options: &SearchOptions,
    ) -> Result<aggregate::ArticlesBy, SearchError> {
        self.reading(Needed::Drawn(query), options, |snapshot, options| snapshot.articles_by(query, facets, options))
    }

    /// Notes on how a query is read, for what is no search: those of [`Results::notes`] that do not depend on the hits. With
    /// [`SearchOptions::advice`] some are counted, within a time limit of their own.
    ///
    /// # Errors
    ///
    /// As [`Searcher::search`].
    pub fn notes(&self, query: &str, options: &SearchOptions) -> Result<Vec<Note>, SearchError> {
        self.reading(Needed::Best(query), options, |snapshot, options| snapshot.notes_on(query, options))
    }

    /// Explains how a query is read: in words, as a plan, and with the words of the index that its words match. Several
    /// lines, for people.
    ///
    /// # Errors
    ///
    /// As [`Searcher::search`].
    pub fn explain(&self, query: &str, options: &SearchOptions) -> Result<String, SearchError> {
        self.reading(Needed::Best(query), options, |snapshot, options| snapshot.explain(query, options))
    }

    /// For a query that matches nothing: changes of options and parts of the query, with the counts of what then matches.
    ///
    /// # Errors
    ///
    /// As [`Searcher::search`].
    pub fn relaxations(&self, query: &Query, options: &SearchOptions) -> Result<Vec<Relaxation>, SearchError> {
        // Of an engine each of them would be a search of its own.
        if self.engine.is_some() {
            return Ok(Vec::new());
        }
        let snapshot = self.snapshot();
        self.guarded(|| snapshot.relaxations(query, options))
    }

    /// The article with this id, or with the passage with this id, with all of its passages; `None` if there is none.
    ///
    /// # Errors
    ///
    /// An error of reading the index.
    pub fn article(&self, id: &str) -> Result<Option<ArticleText>, IndexError> {
        let Some((hash, _)) = parse_id(id) else { return Ok(None) };
        let options = SearchOptions::default();
        let found = self.reading(Needed::Article(hash), &options, |snapshot, _| Ok(snapshot.article_text(hash)?));
        found.map_err(SearchError::of_index)
    }

    /// Checks that a query can be run; it may name saved queries.
    ///
    /// # Errors
    ///
    /// [`SearchError::Query`] if it cannot.
    pub fn check(&self, query: &str) -> Result<(), SearchError> {
        let snapshot = self.snapshot();
        self.guarded(|| snapshot.prepare(query, &SearchOptions::default()).map(|_| ()))
    }

    /// As [`Searcher::check`], by these options.
    pub(crate) fn check_with(&self, query: &str, options: &SearchOptions) -> Result<(), SearchError> {
        let snapshot = self.snapshot();
        self.guarded(|| snapshot.prepare(query, options).map(|_| ()))
    }

    /// The other articles of an article's group of reprints, the original first.
    ///
    /// # Errors
    ///
    /// An error of reading the index.
    pub fn reprints(&self, article: &Article) -> Result<Vec<Arc<Article>>, IndexError> {
        let options = SearchOptions::default();
        let found =
            self.reading(Needed::Article(article.hash), &options, |snapshot, _| Ok(snapshot.reprints_of(article)?));
        found.map_err(SearchError::of_index)
    }

    /// Folders that the indexes follow, under the names that they are shown by.
    #[must_use]
    pub fn folders(&self) -> Vec<FollowedFolder> {
        self.snapshot().folders().to_vec()
    }

    /// The paths of these files or folders as they are shown, for [`Filters::folders`]; empty if they are all folders of the
    /// index.
    ///
    /// # Errors
    ///
    /// [`IndexError::NoFolder`] for a path that does not exist.
    pub fn filter_folders(&self, folders: &[PathBuf]) -> Result<Vec<String>, IndexError> {
        self.snapshot().filter_folders(folders)
    }

    /// Paths of files that are not UTF-8, in the operating system's bytes, by [`Article::path`], in which U+FFFD stands for
    /// what is no text.
    ///
    /// # Errors
    ///
    /// Any error of reading the index.
    pub fn paths_in_bytes(&self) -> Result<HashMap<String, Vec<u8>>, IndexError> {
        let mut paths = HashMap::new();
        for part in self.snapshot().parts() {
            let manifest = part.index.manifest()?.1;
            for (_, folder) in manifest.followed() {
                let folder = part.named(folder);
                for key in folder.files.keys().filter(|key| std::str::from_utf8(key).is_err()) {
                    let shown = folder.path_of(key);
                    let bytes = folder.path_of(b"x").into_bytes();
                    let name = bytes.strip_suffix(b"x").unwrap_or(&bytes);
                    paths.insert(shown, [name, key].concat());
                }
            }
        }
        Ok(paths)
    }

    /// The name of the commit that is searched, which each change of an index changes.
    #[must_use]
    pub fn commit(&self) -> String {
        self.snapshot().commit()
    }

    /// The commonest words of texts that begin with `begin`, at most `most`, each with its number of passages. Without
    /// regard to case and accents.
    ///
    /// # Errors
    ///
    /// An error of reading the index.
    pub fn words_beginning(&self, begin: &str, most: usize) -> Result<Vec<(String, u64)>, IndexError> {
        let snapshot = self.snapshot();
        self.guarded(|| snapshot.words_beginning(begin, most))
    }

    /// Number of passages of the index.
    #[must_use]
    pub fn num_passages(&self) -> u64 {
        self.snapshot().num_passages()
    }

    /// Number of articles of the index.
    #[must_use]
    pub fn num_articles(&self) -> u64 {
        self.snapshot().num_articles()
    }
}
