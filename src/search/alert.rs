//! A standing query: its hits in articles that are new since it was first asked.

use std::collections::HashSet;

use super::{Results, SearchError, SearchOptions, Searcher, Sort};
use crate::index::sync::SyncOptions;
use crate::index::{Change, FileChange};
use crate::query::Today;

/// A query whose hits are told once each, as articles arrive.
#[derive(Debug, Clone)]
pub struct Alert {
    query: String,
    /// Hits are of articles that were added since, by whatever process. Seconds since 1970.
    since: i64,
    /// Ids of articles that were hits.
    told: HashSet<String>,
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
        Ok(Alert { query, since: SyncOptions::default().now, told: HashSet::new() })
    }

    /// The query.
    #[must_use]
    pub fn query(&self) -> &str {
        &self.query
    }

    /// The best hit of each article in `changes` that matches and was no hit before, by path.
    ///
    /// # Errors
    ///
    /// As [`Searcher::search`].
    pub fn new_hits(&mut self, searcher: &Searcher, changes: &[FileChange]) -> Result<Results, SearchError> {
        let mut options = SearchOptions {
            limit: usize::MAX / 2,
            per_article: 1,
            strict: true,
            ungroup: true,
            sort: Sort::Path,
            today: Today::now(),
            timeout: None,
            ..SearchOptions::default()
        };
        options.filters.added_from = Some(self.since);
        let came = changes.iter().filter(|change| change.change != Change::Removed);
        let came: HashSet<&str> = came.map(|change| change.path.as_str()).collect();
        if came.is_empty() {
            options.limit = 0;
        }
        let mut results = searcher.search(&self.query, &options)?;
        results.hits.retain(|hit| came.contains(hit.article.path.as_str()) && self.told.insert(hit.article.id()));
        Ok(results)
    }
}
