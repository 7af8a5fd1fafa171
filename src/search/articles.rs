//! Whole articles of what matches, for analyses: which they are, and their texts, read once each.

use std::collections::{BTreeMap, BinaryHeap};

use tantivy::DocAddress;

use super::budget::Budget;
use super::local::collect::Candidate;
use super::local::count::{CountedFacets, Tally};
use super::local::docs::{Blocks, Match};
use super::local::parallel;
use super::local::run::{Shown, wanted_plan};
use super::local::segment::Segment;
use super::results::Counts;
use super::snapshot::Snapshot;
use super::{SearchError, SearchOptions};
use crate::index::IndexError;
use crate::index::schema::Column;
use crate::model::{Article, Passage};
use crate::query::Query;
use crate::vocabulary::Scope;

/// An article of a snapshot.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct ArticleAt(DocAddress);

impl Snapshot {
    /// The articles with a match of the query, in the order of the index; all articles without a query.
    pub(crate) fn matching_articles(
        &self,
        text: Option<&str>,
        options: &SearchOptions,
        budget: &Budget,
    ) -> Result<Vec<ArticleAt>, SearchError> {
        let lowered = self.lowered_or_all(text, options)?;
        let found = self.with_run(&lowered, options, budget, CountedFacets::NONE, |run| {
            let new = |ordinal, _: &Segment<'_>| Ok((ordinal, Vec::new()));
            let add = |(ordinal, found): &mut (u32, Vec<ArticleAt>), _: &Segment<'_>, first_doc, _: &[Match]| {
                found.push(ArticleAt(DocAddress::new(*ordinal, first_doc)));
                Ok(())
            };
            run.fold_by_article(wanted_plan(&lowered, options), &new, &add)
        });
        let found = found.map_err(|error| self.error(error))?;
        Ok(found.into_iter().flat_map(|(_, articles)| articles).collect())
    }

    /// The articles of the best hits of a query that is a tree, in the order of the hits, and its counts. No text is read.
    pub(crate) fn best_articles(
        &self,
        query: Query,
        options: &SearchOptions,
        budget: &Budget,
    ) -> Result<(Vec<ArticleAt>, Counts), IndexError> {
        let prepared = self.lowered(query, options)?;
        let lowered = &prepared.lowered;
        let best = self.with_run(lowered, options, budget, CountedFacets::NONE, |run| {
            let mut tally = Tally::default();
            let best = run.best(&lowered.plan, options.limit, &mut Shown::default(), Some(&mut tally), None)?;
            let at = |best: &Candidate| ArticleAt(DocAddress::new(best.address.segment_ord, best.first_doc));
            Ok((best.iter().map(at).collect(), tally.counts.bounded(options.bound)))
        });
        budget.begin_reading();
        best.map_err(|error| self.error(error))
    }

    /// At most `most` articles of each language: those with the least hashes, so that the choice depends on the articles
    /// alone.
    pub(crate) fn sample_by_language(&self, most: usize) -> Result<Vec<ArticleAt>, IndexError> {
        let sample = || -> tantivy::Result<Vec<ArticleAt>> {
            let mut chosen: BTreeMap<String, BinaryHeap<(u64, ArticleAt)>> = BTreeMap::new();
            for (ordinal, reader) in self.searched().iter().enumerate() {
                let blocks = Blocks::open(reader, self.stored[ordinal].columns())?;
                let hashes = reader.fast_fields().column_opt::<u64>("article")?;
                let languages = reader.fast_fields().str(Column::Lang.name())?;
                let mut names: BTreeMap<u64, String> = BTreeMap::new();
                let mut first = 0;
                while first < reader.max_doc() {
                    let end = blocks.end(first, Scope::Article);
                    if !reader.is_deleted(first) {
                        let language =
                            languages.as_ref().and_then(|column| Some((column, column.term_ords(first).next()?)));
                        let mut name = String::new();
                        if let Some((column, ord)) = language {
                            if let Some(known) = names.get(&ord) {
                                name.clone_from(known);
                            } else {
                                column.ord_to_str(ord, &mut name)?;
                                names.insert(ord, name.clone());
                            }
                        }
                        let hash = hashes.as_ref().and_then(|column| column.first(first)).unwrap_or(0);
                        let heap = chosen.entry(name).or_default();
                        heap.push((hash, ArticleAt(DocAddress::new(ordinal as u32, first))));
                        if heap.len() > most {
                            heap.pop();
                        }
                    }
                    first = end;
                }
            }
            let mut all: Vec<ArticleAt> = chosen.into_values().flatten().map(|(_, at)| at).collect();
            all.sort_unstable();
            Ok(all)
        };
        sample().map_err(|error| self.error(error))
    }

    /// Reads articles with their passages, boilerplate and paths aside (a path costs as much as the rest), on all cores if
    /// there are many, and gives each with its number in `articles` to `take`, until the budget is spent. Every core has a
    /// value of its own to collect in.
    pub(crate) fn read_articles<T: Send>(
        &self,
        articles: &[ArticleAt],
        budget: &Budget,
        new: impl Fn() -> T + Sync,
        take: impl Fn(&mut T, usize, Article, Vec<Passage>) + Sync,
    ) -> Result<Vec<T>, IndexError> {
        /// Number of articles from which threads save more than they cost.
        const MANY: usize = if cfg!(test) { 2 } else { 200 };
        /// Parts to each core, so that none waits long for another.
        const PARTS: usize = 4;
        let cores = std::thread::available_parallelism().map_or(1, usize::from);
        let size = articles.len().div_ceil(cores * PARTS).max(1);
        let parts: Vec<(usize, &[ArticleAt])> =
            articles.chunks(size).enumerate().map(|(i, part)| (i * size, part)).collect();
        parallel::each(&parts, articles.len() >= MANY, |_, (from, part)| {
            let mut collected = new();
            let mut meter = budget.meter();
            for (i, at) in part.iter().enumerate() {
                if meter.is_spent() {
                    break;
                }
                let (article, passages) = self.read_article(*at, false)?;
                take(&mut collected, from + i, article, passages);
            }
            Ok(collected)
        })
        .map_err(|error| self.error(error))
    }

    /// An article, its path aside, with its passages in order, then its boilerplate if it is wanted.
    pub(crate) fn read_article(
        &self,
        at: ArticleAt,
        with_boilerplate: bool,
    ) -> tantivy::Result<(Article, Vec<Passage>)> {
        let ArticleAt(first) = at;
        let columns = self.stored[first.segment_ord as usize].columns();
        let blocks = Blocks::open(&self.readers.segments()[first.segment_ord as usize], columns)?;
        let article = self.article_with_path(first, "")?;
        let mut passages = Vec::new();
        for doc in first.doc_id..blocks.end(first.doc_id, Scope::Article) {
            let passage = self.passage_alone(DocAddress::new(first.segment_ord, doc))?;
            if with_boilerplate || passage.boilerplate.is_none() {
                passages.push(passage);
            }
        }
        Ok((article, passages))
    }

    /// An article with its path.
    pub(crate) fn article_with_its_path(&self, at: ArticleAt) -> tantivy::Result<Article> {
        self.article_at(at.0)
    }
}
