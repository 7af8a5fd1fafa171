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
use std::time::Duration;

use crate::cancel::CancelFlag;
use crate::engine::EngineError;
use crate::index::{FollowedFolder, IndexError, guarded_by};
use crate::model::{Article, ArticleText};
use crate::query::{DateRange, Note, Query, QueryError, Today, date, number};
use crate::vocabulary::{Facet, Scope, parse_id};

pub use alert::Alert;
pub use budget::Degraded;
pub use local::plan::{Filters, ValueFilter};
pub use marks::ArticleMarks;
use over_engine::{Foreign, Needed, OverEngine, View};
pub use results::{
    Counts, CrossedCount, CrossedFacets, FacetCount, Facets, Hit, Mark, OtherValues, Relaxation, Results, Snippet,
    Tier, WordOfFeedback,
};
use snapshot::Snapshot;
use snippet::SNIPPET_BYTES;

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

/// Order of hits.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Sort {
    /// Best score first; newest first for a query without words, as all scores are equal then.
    #[default]
    Relevance,
    /// Latest date first, articles without a date last.
    Newest,
    /// Earliest date first, articles without a date last.
    Oldest,
    /// By path.
    Path,
}

/// When pseudo-relevance feedback is used: hits rank higher with the words that the best hits have in common.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Feedback {
    /// For two words or more side by side, without operators, quotes or fields, unless all are required.
    #[default]
    Auto,
    /// For every query.
    Always,
    /// For none.
    Never,
}

/// Which hits of an article are given, where all hits are.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
#[cfg_attr(not(feature = "cli"), allow(dead_code))]
pub(crate) enum Articles {
    /// All, each by its own rank.
    #[default]
    Apart,
    /// The best.
    Once,
    /// All, by the rank of the best, in the order of the text.
    Together,
}

/// Options of a query. Make them by [`SearchOptions::default`], then change fields.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub struct SearchOptions {
    /// Maximum number of hits.
    pub limit: usize,
    /// Number of hits to skip.
    pub offset: usize,
    /// Maximum number of hits of one article.
    pub per_article: usize,
    /// What AND and NOT are judged over.
    pub unit: Scope,
    /// Order of hits.
    pub sort: Sort,
    /// Are all words required? Else hits with some of the plain words are ranked among those with all.
    pub strict: bool,
    /// Is one of the plain words enough?
    pub any: bool,
    /// Is the query plain words, without operators?
    pub literal: bool,
    /// Filters beside the query.
    pub filters: Filters,
    /// The day that relative dates refer to.
    pub today: Today,
    /// Fill [`Hit::parts`], the parts of scores?
    pub explain: bool,
    /// Is every reprint of a story a hit by itself?
    pub ungroup: bool,
    /// When hits are ranked by the words that the best of them have in common, too.
    pub feedback: Feedback,
    /// Maximum length of a snippet, in bytes.
    pub snippet_bytes: usize,
    /// Facets that are counted with the hits, in one pass: [`Results::facets`].
    pub facets: Vec<Facet>,
    /// Maximum number of values of a facet; `None` for all. The others are counted together.
    pub facet_limit: Option<usize>,
    /// The beginning of the values of a facet that are counted, without regard to case and accents; all if it is empty.
    pub facet_prefix: String,
    /// The facets of which all values are listed, whatever the limit.
    pub(crate) whole_facets: Vec<Facet>,
    /// Time after which facets are no longer counted with the hits: they are empty then, and say so.
    pub(crate) facet_timeout: Option<Duration>,
    /// Add notes with the counts of other readings of the query, and other spellings of its words?
    pub advice: bool,
    /// Time after which the query ends with what it has found; `None` for no limit.
    pub timeout: Option<Duration>,
    /// Cancels the query from another thread.
    pub cancel: CancelFlag,
    /// Maximum number of spans of proximity operators in one text.
    pub max_spans: usize,
    /// A number of hits and a seed: only so many hits, drawn from all that matches the whole query whatever the limits,
    /// in the order of the hits. The same are drawn from the same articles, wherever and however they are indexed.
    pub sample: Option<(usize, u64)>,
    /// Which hits of an article are given, where all hits are.
    pub(crate) articles: Articles,
    /// Are only some of the articles that may match there to be searched?
    pub(crate) is_partial: bool,
    /// Most articles that can match where only some are looked at, and whether just so many do.
    pub(crate) at_most: Option<(u64, bool)>,
}

/// Default of [`SearchOptions::timeout`].
pub(crate) const DEFAULT_TIMEOUT: Duration = Duration::from_secs(10);

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
            feedback: Feedback::Auto,
            snippet_bytes: SNIPPET_BYTES,
            facets: Vec::new(),
            facet_limit: None,
            facet_prefix: String::new(),
            whole_facets: Vec::new(),
            facet_timeout: None,
            advice: false,
            timeout: Some(DEFAULT_TIMEOUT),
            cancel: CancelFlag::new(),
            max_spans: budget::MAX_SPANS,
            sample: None,
            articles: Articles::default(),
            is_partial: false,
            at_most: None,
        }
    }
}

impl SearchOptions {
    /// Asks for every hit that matches the whole query: reprints, and all hits of an article. `passages` is the number of
    /// passages of the index ([`Searcher::num_passages`]). Read them by [`Searcher::search_in_batches`].
    pub fn ask_for_all(&mut self, passages: u64) {
        let everything = usize::try_from(passages).unwrap_or(usize::MAX).max(1);
        (self.limit, self.per_article) = (everything, everything);
        self.strict |= !self.any;
        self.ungroup = true;
    }

    /// The budget of a query that begins now.
    pub(crate) fn budget(&self) -> budget::Budget {
        let budget = budget::Budget::start(self.timeout, &self.cancel, self.max_spans);
        budget.of_part(self.is_partial).with_facet_time(self.facet_timeout)
    }
}

/// Why dates cannot be a filter.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum DatesError {
    /// The first is not a date.
    #[error("{0}")]
    Since(String),
    /// The last is not a date.
    #[error("{0}")]
    Until(String),
    /// The last is before the first.
    #[error("{since} is later than {until}: swap them")]
    Reversed {
        /// The first day.
        since: String,
        /// The last day.
        until: String,
    },
}

impl Filters {
    /// Keeps articles published from `since` to `until`, dates as in queries: `2023`, `2023-09`, `30d`, `last-month`.
    ///
    /// # Errors
    ///
    /// [`DatesError`], which names the date.
    pub fn set_dates(&mut self, since: Option<&str>, until: Option<&str>, today: Today) -> Result<(), DatesError> {
        let bound = |text: &str| date::bound(text, today).map_err(|error| error.sentence(text));
        let since = since.map(bound).transpose().map_err(DatesError::Since)?;
        let until = until.map(bound).transpose().map_err(DatesError::Until)?;
        if let (Some(since), Some(until)) = (since, until)
            && since.0 > until.1
        {
            return Err(DatesError::Reversed { since: since.0.to_string(), until: until.1.to_string() });
        }
        self.date = (since.is_some() || until.is_some())
            .then(|| DateRange::Days(since.map(|days| days.0), until.map(|days| days.1)));
        Ok(())
    }

    /// Adds a condition on a fact: `source=Reuters` keeps what has the value, `source!=Reuters` rules it out, `source=` keeps
    /// what has none, `words=>500` is for the number of words. Values of one fact are alternatives.
    ///
    /// # Errors
    ///
    /// A sentence for what is no condition.
    pub fn add_condition(&mut self, text: &str) -> Result<(), String> {
        let (name, value) = text.split_once('=').ok_or("write FACT=VALUE, as in source=Reuters")?;
        let (name, is_excluded) = name.strip_suffix('!').map_or((name, false), |name| (name, true));
        let name = name.trim();
        if name == "words" && !is_excluded {
            return self.set_words(value.trim()).map_err(|error| error.message);
        }
        let named = Facet::ALL.into_iter().find(|facet| facet.name().eq_ignore_ascii_case(name));
        let facet = named.ok_or_else(|| {
            format!("there is no fact '{name}'; the facts are {}, words", Facet::ALL.map(Facet::name).join(", "))
        })?;
        if matches!(facet, Facet::Year | Facet::Month | Facet::Day) && !value.trim().is_empty() {
            date::point(value, Today::now()).map_err(|error| error.sentence(value))?;
        }
        match self.values.iter_mut().find(|filter| filter.facet == facet && filter.is_excluded == is_excluded) {
            Some(filter) => filter.values.push(value.to_string()),
            None => self.values.push(ValueFilter { facet, values: vec![value.to_string()], is_excluded }),
        }
        Ok(())
    }

    /// The conditions on facts, as [`Filters::add_condition`] reads them.
    #[must_use]
    pub fn conditions(&self) -> Vec<String> {
        let of_filter = |filter: &ValueFilter| {
            let sign = if filter.is_excluded { "!=" } else { "=" };
            let name = filter.facet.name();
            filter.values.iter().map(move |value| format!("{name}{sign}{value}")).collect::<Vec<_>>()
        };
        let values = self.values.iter().flat_map(of_filter);
        values.chain(self.words.map(|range| format!("words={range}"))).collect()
    }

    /// Do they keep everything?
    pub(crate) fn keep_all(&self) -> bool {
        let Filters { heading, article, date, folders, values, words, added_from } = self;
        heading.is_none()
            && article.is_none()
            && date.is_none()
            && folders.is_empty()
            && values.is_empty()
            && words.is_none()
            && added_from.is_none()
    }

    /// Keeps articles by their number of words. The range is written as in queries: `>1200`, `100..200`.
    ///
    /// # Errors
    ///
    /// The error of `words:` in a query.
    pub fn set_words(&mut self, range: &str) -> Result<(), QueryError> {
        self.words = Some(number::range("words", range, 0)?);
        Ok(())
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
        self.reading(Needed::Best(query), options, |snapshot, options| snapshot.search(query, options))
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
        self.reading(Needed::Best(query), options, |snapshot, options| {
            snapshot.search_in_batches(query, options, size, take)
        })
    }

    /// Counts the passages, sections and articles that match.
    ///
    /// # Errors
    ///
    /// As [`Searcher::search`].
    pub fn count(&self, query: &str, options: &SearchOptions) -> Result<Counts, SearchError> {
        self.reading(Needed::All(Some(query)), options, |snapshot, options| snapshot.count(query, options))
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
        self.reading(Needed::All(query), options, |snapshot, options| snapshot.facets(query, facets, options))
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
        self.reading(Needed::All(query), options, |snapshot, options| snapshot.crossed_facets(query, facets, options))
    }

    /// Counts the articles that match, by the values of facets: one, or two that are crossed.
    pub(crate) fn articles_by(
        &self,
        query: Option<&str>,
        facets: &[Facet],
        options: &SearchOptions,
    ) -> Result<aggregate::ArticlesBy, SearchError> {
        self.reading(Needed::All(query), options, |snapshot, options| snapshot.articles_by(query, facets, options))
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
