//! Standing queries: hits in articles that were added since the query was made.

use std::collections::HashSet;

use super::{Results, SearchError, SearchOptions, Searcher, Sort};
use crate::index::sync::SyncOptions;
use crate::index::{Change, FileChange};
use crate::query::Today;

/// A standing query, which returns the hit in each new article once.
#[derive(Debug, Clone)]
pub struct Alert {
    query: String,
    /// Is the query plain text, in which nothing is an operator?
    literal: bool,
    /// Earliest time at which articles were added, by any process. Seconds since 1970.
    since: i64,
    /// Ids of the articles that were returned.
    returned: HashSet<String>,
}

impl Alert {
    /// An alert for articles that are added from now on.
    ///
    /// # Errors
    ///
    /// [`SearchError::Query`] for a query that cannot be run.
    pub fn new(searcher: &Searcher, query: impl Into<String>) -> Result<Alert, SearchError> {
        let query = query.into();
        searcher.check(&query)?;
        Ok(Alert { query, literal: false, since: SyncOptions::default().now, returned: HashSet::new() })
    }

    /// The same alert, whose query is plain text: nothing in it is an operator.
    #[cfg(feature = "serve")]
    pub(crate) fn of_text(searcher: &Searcher, text: &str) -> Result<Alert, SearchError> {
        searcher.check_with(text, &SearchOptions { literal: true, ..SearchOptions::default() })?;
        Ok(Alert {
            query: text.to_string(),
            literal: true,
            since: SyncOptions::default().now,
            returned: HashSet::new(),
        })
    }

    /// The query.
    #[must_use]
    pub fn query(&self) -> &str {
        &self.query
    }

    /// The best hit of each matching article in `changes` that was not returned before, by path.
    ///
    /// # Errors
    ///
    /// As [`Searcher::search`].
    pub fn new_hits(&mut self, searcher: &Searcher, changes: &[FileChange]) -> Result<Results, SearchError> {
        let mut options = self.options(Some(self.since));
        let paths = changes.iter().filter(|change| change.change != Change::Removed);
        let paths: HashSet<&str> = paths.map(|change| change.path.as_str()).collect();
        if paths.is_empty() {
            options.limit = 0;
        }
        let mut results = searcher.search(&self.query, &options)?;
        results.hits.retain(|hit| paths.contains(hit.article.path.as_str()));
        self.keep_new(&mut results);
        Ok(results)
    }

    /// The best hit of each matching article that was not in an earlier commit and was not returned before, by path.
    ///
    /// # Errors
    ///
    /// As [`Searcher::search`].
    #[cfg(feature = "serve")]
    pub(crate) fn hits_since(&mut self, searcher: &Searcher, before: &Searcher) -> Result<Results, SearchError> {
        // What came later was added no earlier, but a run adds all at one time: what was there is left out by name.
        let added_from = before.guarded(|| before.snapshot().last_added())?;
        let mut results = searcher.search(&self.query, &self.options(added_from))?;
        let mut new = Vec::with_capacity(results.hits.len());
        for hit in std::mem::take(&mut results.hits) {
            if !before.guarded(|| before.snapshot().holds(&hit.article))? {
                new.push(hit);
            }
        }
        results.hits = new;
        self.keep_new(&mut results);
        Ok(results)
    }

    /// Keeps the hits of articles that were not returned before.
    fn keep_new(&mut self, results: &mut Results) {
        results.hits.retain(|hit| self.returned.insert(hit.article.id()));
        for (i, hit) in results.hits.iter_mut().enumerate() {
            hit.rank = i + 1;
        }
    }

    /// The options by which all articles that match are found, of those that were added from a time on.
    fn options(&self, added_from: Option<i64>) -> SearchOptions {
        let mut options = SearchOptions {
            limit: usize::MAX / 2,
            per_article: 1,
            strict: true,
            literal: self.literal,
            ungroup: true,
            sort: Sort::Path,
            today: Today::now(),
            timeout: None,
            ..SearchOptions::default()
        };
        options.filters.added_from = added_from;
        options
    }
}
