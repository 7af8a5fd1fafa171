//! Options of a query, and filters beside it.

use std::time::Duration;

use super::budget::{self, Budget};
use super::local::plan::{Filters, ValueFilter};
use super::snippet::SNIPPET_BYTES;
use crate::cancel::CancelFlag;
use crate::query::{DateRange, QueryError, Today, date, number};
use crate::vocabulary::{Facet, Scope};

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

/// What an engine tells of all articles that can match, where only some are looked at.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Bound {
    /// Most articles that can match.
    pub(crate) at_most: u64,
    /// Do just so many match?
    pub(crate) is_exact: bool,
    /// Number of articles that are looked at, if they are drawn at random.
    pub(crate) drawn: Option<u64>,
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
    /// Fill [`Hit::parts`](super::Hit::parts), the parts of scores?
    pub explain: bool,
    /// Is every reprint of a story a hit by itself?
    pub ungroup: bool,
    /// When hits are ranked by the words that the best of them have in common, too.
    pub feedback: Feedback,
    /// Maximum length of a snippet, in bytes.
    pub snippet_bytes: usize,
    /// Facets that are counted with the hits, in one pass: [`Results::facets`](super::Results::facets).
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
    /// What is known of all that can match, where only some articles are looked at.
    pub(crate) bound: Option<Bound>,
}

/// Default of [`SearchOptions::timeout`].
const DEFAULT_TIMEOUT: Duration = Duration::from_secs(10);

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
            bound: None,
        }
    }
}

impl SearchOptions {
    /// Asks for every hit that matches the whole query: reprints, and all hits of an article. `passages` is the number of
    /// passages of the index ([`num_passages`]). Read them by [`search_in_batches`].
    ///
    /// [`num_passages`]: super::Searcher::num_passages
    /// [`search_in_batches`]: super::Searcher::search_in_batches
    pub fn ask_for_all(&mut self, passages: u64) {
        let everything = usize::try_from(passages).unwrap_or(usize::MAX).max(1);
        (self.limit, self.per_article) = (everything, everything);
        self.strict |= !self.any;
        self.ungroup = true;
    }

    /// The budget of a query that begins now.
    pub(crate) fn budget(&self) -> Budget {
        let budget = Budget::start(self.timeout, &self.cancel, self.max_spans);
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
