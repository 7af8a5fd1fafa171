//! The marks of a query in a whole article.

use std::collections::HashMap;

use super::{Mark, SearchError, SearchOptions, Searcher};
use crate::model::ArticleText;

/// Where a query matches in an article.
#[derive(Debug, Default)]
#[non_exhaustive]
pub struct ArticleMarks {
    /// Of the title.
    pub title: Vec<Mark>,
    /// By the ordinals of the passages.
    pub passages: HashMap<u32, Vec<Mark>>,
    /// Of the headings, by the sections.
    pub headings: HashMap<u32, Vec<Mark>>,
}

impl Searcher {
    /// The marks of a query in an article: those of a search within it.
    ///
    /// # Errors
    ///
    /// As [`Searcher::search`].
    pub fn marks_in(
        &self,
        article: &ArticleText,
        query: &str,
        options: SearchOptions,
    ) -> Result<ArticleMarks, SearchError> {
        let most = article.passages.len() * (article.copies.len() + 1);
        let mut options = SearchOptions { limit: most, per_article: most, ungroup: true, ..options };
        options.filters.article = Some(article.article.id());
        let mut out = ArticleMarks::default();
        for hit in self.search(query, &options)?.hits {
            if !hit.title_marks.is_empty() {
                out.title = hit.title_marks;
            }
            if !hit.heading_marks.is_empty() {
                out.headings.insert(hit.passage.section, hit.heading_marks);
            }
            out.passages.insert(hit.passage.ordinal, hit.marks);
        }
        Ok(out)
    }
}
