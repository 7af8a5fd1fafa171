//! Names: the people, bodies and places that a set of articles speaks of, found by capitals, without a model.
//!
//! ```text
//! texts of articles -> token (words, capitals, gaps) -> lexicon (how each word is written elsewhere)
//!       -> find (mentions of names) -> join (bearers in an article) -> table (names of the set) -> Names
//! ```
//!
//! Each article is read once and forgotten; what is kept are the names. Texts in scripts without capitals have none that
//! could be found, and are counted.

mod find;
mod join;
mod lexicon;
mod table;
mod token;
mod words;

use serde::Serialize;

use crate::index::IndexError;
use crate::model::{Article, Passage};
use crate::search::articles::ArticleAt;
use crate::search::budget::Budget;
use crate::search::over_engine::Needed;
use crate::search::snapshot::Snapshot;
use crate::search::{Degraded, SearchError, SearchOptions, Searcher};
use crate::text::Language;
use lexicon::Lexicon;
use table::Table;

/// The names of a set of articles.
#[derive(Debug, Clone, Default, PartialEq, Serialize)]
#[non_exhaustive]
pub struct Names {
    /// The names: those of most articles first, or, compared with another set, the most typical first.
    pub names: Vec<Name>,
    /// Number of articles of the set that were read.
    pub articles: u64,
    /// Number of articles of the other set that were read, if there is one.
    pub articles_against: Option<u64>,
    /// Number of articles of the set in scripts without capitals, in which no names are found.
    pub without_capitals: u64,
    /// Why not all articles were read, if they were not.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub degraded: Option<Degraded>,
}

/// A name, with the forms it is written in.
#[derive(Debug, Clone, Default, PartialEq, Serialize)]
#[non_exhaustive]
pub struct Name {
    /// Its fullest common form.
    pub name: String,
    /// The other forms, the commonest first.
    pub variants: Vec<String>,
    /// Number of articles of the set with it.
    pub articles: u64,
    /// Number of times that it occurs in them.
    pub occurrences: u64,
    /// The first date of these articles, to the precision known.
    pub first: Option<String>,
    /// The last date.
    pub last: Option<String>,
    /// Number of articles of the other set with it, if the set is compared.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub articles_against: Option<u64>,
    /// How typical it is of the set, if the set is compared: the log-likelihood ratio of its articles in both sets
    /// (Dunning, "Accurate Methods for the Statistics of Surprise and Coincidence", 1993).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub score: Option<f64>,
}

/// What a set of articles is compared with: the other articles of the index, or those of them that match a query.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Against<'q> {
    /// All other articles.
    Index,
    /// The other articles that match a query.
    Query(&'q str),
}

/// Builds the tables that are built at first use, for a test of all of them.
#[cfg(test)]
pub(crate) fn build_tables() {
    words::build_tables();
}

impl Searcher {
    /// The people, bodies and places that the articles with a match of `query` speak of, or all articles without one. Whole
    /// articles are read, boilerplate aside. With `against`, only names that are more frequent than there are given, the
    /// most typical first.
    ///
    /// ```
    /// # use crosshead::{Index, SearchOptions, Searcher, SyncOptions, sync};
    /// # let folder = tempfile::tempdir()?;
    /// let text = "# Dockers walk out\n\nThe union of Ada Lindqvist wants a shorter week. On Monday Lindqvist met Karl Voss.\n";
    /// # std::fs::write(folder.path().join("strike.md"), text)?;
    /// # let index = Index::open_or_create(&folder.path().join("index"))?;
    /// # sync(&index, &[folder.path().to_path_buf()], &SyncOptions::default())?;
    /// let names = Searcher::of(&index)?.names(None, None, &SearchOptions::default())?;
    /// assert_eq!(names.names[0].name, "Ada Lindqvist");
    /// assert_eq!(names.names[0].variants, ["Lindqvist"]);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    ///
    /// # Errors
    ///
    /// As [`Searcher::search`].
    pub fn names(
        &self,
        query: Option<&str>,
        against: Option<Against<'_>>,
        options: &SearchOptions,
    ) -> Result<Names, SearchError> {
        let needed = if against.is_some() { Needed::Scope } else { Needed::All(query) };
        self.reading(needed, options, |snapshot, options| names(snapshot, query, against, options))
    }
}

fn names(
    snapshot: &Snapshot,
    query: Option<&str>,
    against: Option<Against<'_>>,
    options: &SearchOptions,
) -> Result<Names, SearchError> {
    let budget = options.budget();
    let set = snapshot.matching_articles(query, options, &budget)?;
    let others = match against {
        None => Vec::new(),
        Some(Against::Index) => {
            let unfiltered = SearchOptions { filters: crate::search::Filters::default(), ..options.clone() };
            snapshot.matching_articles(None, &unfiltered, &budget)?
        }
        Some(Against::Query(other)) => snapshot.matching_articles(Some(other), options, &budget)?,
    };
    let is_of_set = |at: &ArticleAt| set.binary_search(at).is_ok();
    let others: Vec<ArticleAt> = others.into_iter().filter(|at| !is_of_set(at)).collect();
    let all = [set.as_slice(), others.as_slice()].concat();
    budget.begin_reading();
    let lexicon = lexicon_of(snapshot, &budget)?;
    let collected = snapshot.read_articles(&all, &budget, Table::default, |table, i, article, passages| {
        let is_other = i >= set.len();
        match bearers(&article, &passages, &lexicon) {
            Some((bearers, words)) => {
                let date = article.facts.published.as_ref().map(|published| published.value.as_str());
                table.add(bearers, words, date, is_other);
            }
            None => table.add_without_capitals(is_other),
        }
    })?;
    let mut table = Table::default();
    collected.into_iter().for_each(|part| table.merge(part));
    let mut names = table.into_names(against.is_some());
    names.degraded = budget.degraded();
    Ok(names)
}

/// How words are written in the articles of an index, or a large sample of each language.
fn lexicon_of(snapshot: &Snapshot, budget: &Budget) -> Result<Lexicon, IndexError> {
    /// Most articles of a language: with more, what is rare is known better, what is common is not.
    const SAMPLE: usize = 3_000;
    let sample = snapshot.sample_by_language(SAMPLE)?;
    let parts = snapshot.read_articles(&sample, budget, Lexicon::default, |lexicon, _, article, passages| {
        if let Some(read) = read(&article, &passages) {
            lexicon.merge(read.lexicon);
        }
    })?;
    let mut lexicon = Lexicon::default();
    parts.into_iter().for_each(|part| lexicon.merge(part));
    Ok(lexicon)
}

/// An article cut into words; `None` if it is in a script without capitals.
fn read<'a>(article: &'a Article, passages: &'a [Passage]) -> Option<find::Article<'a>> {
    let texts: Vec<&str> = passages.iter().map(|passage| passage.text.as_str()).collect();
    if find::is_without_capitals(&texts) {
        return None;
    }
    let language = article.facts.lang.as_deref().map_or(Language::UNKNOWN, Language::from_code);
    Some(find::Article::read(&texts, article.facts.title.as_deref(), language))
}

/// The bearers of names of an article; `None` if it is in a script without capitals.
fn bearers(article: &Article, passages: &[Passage], lexicon: &Lexicon) -> Option<(Vec<join::Bearer>, words::Words)> {
    let read = read(article, passages)?;
    Some((join::bearers(&read.mentions(lexicon), read.words), read.words))
}
