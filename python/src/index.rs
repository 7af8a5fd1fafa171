//! An index that is open: what Python asks it.

use std::path::PathBuf;
use std::sync::{PoisonError, RwLock};

use crosshead::{CancelFlag, SearchOptions, Searcher};
use pyo3::prelude::*;
use pyo3::types::{PyDict, PyTuple};

use crate::analysis::{self, Collocates, Facets, Kwic, Timeline};
use crate::article::{self, Article};
use crate::calls;
use crate::ending;
use crate::errors::{self, Error};
use crate::export::Export;
use crate::json;
use crate::options::{self, Texts};
use crate::results::{Counts, Results};
use crate::runs;

/// Opens the index at `path` to search it, or several as one. Nothing is written.
#[pyfunction]
#[pyo3(signature = (path, *others))]
pub(crate) fn open(py: Python<'_>, path: PathBuf, others: Vec<PathBuf>) -> PyResult<Index> {
    let paths: Vec<PathBuf> = std::iter::once(path).chain(others).collect();
    let opened = ending::detached(py, || Searcher::open_all(&paths));
    let searcher = opened.map_err(|error| Error::Index(error).raised(py))?;
    Ok(Index::of(searcher, None))
}

/// An index that is open, at one commit until `reload`. Any number of threads may ask it at once.
#[pyclass(frozen, module = "crosshead")]
pub(crate) struct Index {
    searcher: RwLock<Option<Searcher>>,
    paths: Vec<PathBuf>,
    report: Option<Py<PyAny>>,
}

impl Index {
    pub(crate) fn of(searcher: Searcher, report: Option<Py<PyAny>>) -> Index {
        Index { paths: searcher.paths().to_vec(), searcher: RwLock::new(Some(searcher)), report }
    }

    /// Its folders, for people.
    fn shown(&self) -> String {
        self.paths.iter().map(|path| format!("'{}'", path.display())).collect::<Vec<_>>().join(", ")
    }

    fn searcher(&self) -> PyResult<Searcher> {
        let searcher = self.searcher.read().unwrap_or_else(PoisonError::into_inner).clone();
        searcher.ok_or_else(|| errors::other(format!("the index at {} was closed: open it again", self.shown())))
    }

    /// Asks the index, without Python's lock; Ctrl-C cancels.
    fn ask<T: Send>(
        &self,
        py: Python<'_>,
        cancel: &CancelFlag,
        work: impl FnOnce(&Searcher) -> Result<T, Error> + Send,
    ) -> PyResult<T> {
        let searcher = self.searcher()?;
        calls::run(py, cancel, || work(&searcher))
    }
}

/// Options with a flag of their own, by which Ctrl-C ends the call.
fn fresh() -> SearchOptions {
    SearchOptions::default()
}

#[pymethods]
impl Index {
    /// Searches. The hits, best first, with the query as it was read and the number of all that matches.
    #[pyo3(signature = (query, *, limit = 10, offset = 0, facets = None, facet_limit = None, advice = false, explain = false, snippet = None, sample = None, seed = 0, **options))]
    #[allow(clippy::too_many_arguments)]
    fn search(
        &self,
        py: Python<'_>,
        query: String,
        limit: i64,
        offset: i64,
        facets: Option<Texts>,
        facet_limit: Option<i64>,
        advice: bool,
        explain: bool,
        snippet: Option<i64>,
        sample: Option<i64>,
        seed: u64,
        options: Option<&Bound<'_, PyDict>>,
    ) -> PyResult<Py<Results>> {
        let mut options = options::read(options, fresh())?;
        options.limit = options::number("limit", limit, 0)?;
        options.offset = options::number("offset", offset, 0)?;
        for name in facets.into_iter().flat_map(|facets| facets.0) {
            options.facets.push(options::facet("facets", &name)?);
        }
        options.facet_limit = facet_limit.map(|limit| options::number("facet_limit", limit, 1)).transpose()?;
        (options.advice, options.explain) = (advice, explain);
        if let Some(bytes) = snippet {
            options.snippet_bytes = options::number("snippet", bytes, 20)?;
        }
        options.sample = sample.map(|size| options::number("sample", size, 1)).transpose()?.map(|size| (size, seed));
        let (found, relaxations) = self.ask(py, &options.cancel.clone(), |searcher| {
            let searcher = searcher.pinned();
            let error = |error| Error::of_search(error, &query);
            let found = searcher.search(&query, &options).map_err(error)?;
            let is_advised = options.advice && found.counts.passages == 0;
            let relaxations =
                if is_advised { searcher.relaxations(&found.query, &options).map_err(error)? } else { Vec::new() };
            Ok((found, relaxations))
        })?;
        Results::new(py, query, found, relaxations)
    }

    /// All hits, one after the other, in bounded memory: an iterator, and a stream of Arrow.
    #[pyo3(signature = (query, *, order = None, snippet = None, sample = None, seed = 0, **options))]
    #[allow(clippy::too_many_arguments)]
    fn export(
        &self,
        py: Python<'_>,
        query: String,
        order: Option<&str>,
        snippet: Option<i64>,
        sample: Option<i64>,
        seed: u64,
        options: Option<&Bound<'_, PyDict>>,
    ) -> PyResult<Export> {
        let mut default = fresh();
        default.timeout = None;
        let mut options = options::read(options, default)?;
        let orders = [("rank", crosshead::Sort::Relevance), ("index", crosshead::Sort::Path)];
        if let Some(order) = order {
            options.sort = options::choice("order", order, &orders)?;
        }
        if let Some(bytes) = snippet {
            options.snippet_bytes = options::number("snippet", bytes, 20)?;
        }
        options.sample = sample.map(|size| options::number("sample", size, 1)).transpose()?.map(|size| (size, seed));
        let searcher = self.searcher()?.pinned();
        options.ask_for_all(searcher.num_passages());
        Export::begin(py, searcher, query, options)
    }

    /// The numbers of passages, sections and articles that match.
    #[pyo3(signature = (query, **options))]
    fn count(&self, py: Python<'_>, query: String, options: Option<&Bound<'_, PyDict>>) -> PyResult<Counts> {
        let options = options::read(options, fresh())?;
        let counted = self.ask(py, &options.cancel.clone(), |searcher| {
            searcher.count(&query, &options).map_err(|error| Error::of_search(error, &query))
        })?;
        Ok(Counts(counted))
    }

    /// The values of a fact over what matches, the commonest first; of everything without a query. Of two facts, the pairs.
    #[pyo3(signature = (query = None, facet = None, *, limit = None, prefix = "", **options))]
    fn facets<'py>(
        &self,
        py: Python<'py>,
        query: Option<String>,
        facet: Option<Texts>,
        limit: Option<i64>,
        prefix: &str,
        options: Option<&Bound<'_, PyDict>>,
    ) -> PyResult<Py<Facets>> {
        let mut options = options::read(options, fresh())?;
        options.facet_limit = limit.map(|limit| options::number("limit", limit, 1)).transpose()?;
        options.facet_prefix = prefix.to_string();
        let names = facet.map_or_else(|| vec!["source".to_string()], |facet| facet.0);
        let facets = names.iter().map(|name| options::facet("facet", name)).collect::<PyResult<Vec<_>>>()?;
        let typed = query.clone().unwrap_or_default();
        let query = query.as_deref();
        match facets[..] {
            [facet] => {
                let counted = self.ask(py, &options.cancel.clone(), |searcher| {
                    searcher.facets(query, facet, &options).map_err(|error| Error::of_search(error, &typed))
                })?;
                Facets::new(py, &counted)
            }
            [first, second] => {
                let counted = self.ask(py, &options.cancel.clone(), |searcher| {
                    let crossed = searcher.crossed_facets(query, [first, second], &options);
                    crossed.map_err(|error| Error::of_search(error, &typed))
                })?;
                Facets::crossed(py, &counted)
            }
            _ => Err(errors::option(format!("'facet' is one fact, or two that are crossed, not {}", facets.len()))),
        }
    }

    /// Articles that match by their dates, beside all articles of each period: of one query, or of several.
    #[pyo3(signature = (query, *, by = "auto", per = None, limit = 5, relative = false, **options))]
    #[allow(clippy::too_many_arguments)]
    fn timeline(
        &self,
        py: Python<'_>,
        query: Texts,
        by: &str,
        per: Option<&str>,
        limit: i64,
        relative: bool,
        options: Option<&Bound<'_, PyDict>>,
    ) -> PyResult<Py<Timeline>> {
        let timeline = analysis::timeline_options(by, per, limit)?;
        let options = options::read(options, fresh())?;
        let queries: Vec<&str> = query.0.iter().map(String::as_str).collect();
        let typed = queries.first().copied().unwrap_or_default();
        let counted = self.ask(py, &options.cancel.clone(), |searcher| {
            searcher.timelines(&queries, &timeline, &options).map_err(|error| Error::of_analysis(error, typed))
        })?;
        Timeline::new(py, &counted, relative)
    }

    /// Each occurrence with its context.
    #[pyo3(signature = (query, *, width = 10, by = "words", order = None, limit = 1000, sample = None, seed = 0, per = None, **options))]
    #[allow(clippy::too_many_arguments)]
    fn kwic(
        &self,
        py: Python<'_>,
        query: String,
        width: i64,
        by: &str,
        order: Option<Texts>,
        limit: Option<i64>,
        sample: Option<i64>,
        seed: u64,
        per: Option<&str>,
        options: Option<&Bound<'_, PyDict>>,
    ) -> PyResult<Py<Kwic>> {
        let order = order.map(|order| order.0.join(","));
        let kwic = analysis::kwic_options(width, by, order.as_deref(), limit, sample.map(|size| (size, seed)), per)?;
        let options = options::read(options, fresh())?;
        let (counts, lines) = self.ask(py, &options.cancel.clone(), |searcher| {
            let mut lines = Vec::new();
            let counts = searcher.kwic(&query, &kwic, &options, &mut |line| {
                lines.push(analysis::row_of_line(&line));
                std::ops::ControlFlow::Continue(())
            });
            Ok((counts.map_err(|error| Error::of_analysis(error, &query))?, lines))
        })?;
        Kwic::new(py, &counts, lines)
    }

    /// The words near the occurrences of a query, with measures of how much more often they are there than elsewhere.
    #[pyo3(signature = (query, *, window = 5, measure = "ll", min_count = 5, limit = 50, against = None, **options))]
    #[allow(clippy::too_many_arguments)]
    fn collocates(
        &self,
        py: Python<'_>,
        query: String,
        window: i64,
        measure: &str,
        min_count: i64,
        limit: i64,
        against: Option<String>,
        options: Option<&Bound<'_, PyDict>>,
    ) -> PyResult<Py<Collocates>> {
        let collocate = analysis::collocate_options(window, measure, min_count, limit, against)?;
        let options = options::read(options, fresh())?;
        let found = self.ask(py, &options.cancel.clone(), |searcher| {
            searcher.collocates(&query, &collocate, &options).map_err(|error| Error::of_analysis(error, &query))
        })?;
        Collocates::new(py, &found)
    }

    /// The article with this id, or with the passage with this id, whole; with a query, with its marks.
    #[pyo3(signature = (id, query = None, **options))]
    fn article(
        &self,
        py: Python<'_>,
        id: &str,
        query: Option<String>,
        options: Option<&Bound<'_, PyDict>>,
    ) -> PyResult<Article> {
        let options = options::read(options, fresh())?;
        let found = self.ask(py, &options.cancel.clone(), |searcher| {
            let searcher = searcher.pinned();
            let Some(article) = searcher.article(id)? else { return Ok(None) };
            let marks = query.as_deref().map(|query| {
                searcher.marks_in(&article, query, options).map_err(|error| Error::of_search(error, query))
            });
            Ok(Some((article, marks.transpose()?)))
        })?;
        match found {
            Some((article, marks)) => Ok(Article::new(article, marks)),
            None => Err(errors::attached(
                "ArticleMissing",
                format!("no article of the index has the id '{id}': its text may have changed; search for its title"),
            )),
        }
    }

    /// Is a quotation in the archive: word for word ('exact'), nearly ('near', with what differs), or not ('no')? And where.
    #[pyo3(signature = (quotation, *, limit = 10, **options))]
    fn verify<'py>(
        &self,
        py: Python<'py>,
        quotation: String,
        limit: i64,
        options: Option<&Bound<'_, PyDict>>,
    ) -> PyResult<Bound<'py, PyAny>> {
        let mut options = options::read(options, fresh())?;
        options.limit = options::number("limit", limit, 1)?;
        let value =
            self.ask(py, &options.cancel.clone(), |searcher| article::verified(searcher, &quotation, &options))?;
        json::to_python(py, &value)
    }

    /// Runs many queries on all cores: queries by their ids, pairs of id and query, or queries, which are numbered from 1. Gives the
    /// lines of a TREC run, or a dictionary or a table of the same, an article each.
    #[pyo3(signature = (queries, format = "trec", *, limit = 1000, **options))]
    fn run<'py>(
        &self,
        py: Python<'py>,
        queries: &Bound<'py, PyAny>,
        format: &str,
        limit: i64,
        options: Option<&Bound<'_, PyDict>>,
    ) -> PyResult<Bound<'py, PyAny>> {
        let form = options::choice("format", format, &runs::FORMS)?;
        let queries = runs::queries(queries)?;
        let default = runs::one_an_article(fresh());
        let mut options = options::read(options, default)?;
        options.limit = options::number("limit", limit, 1)?;
        let lines = self.ask(py, &options.cancel.clone(), |searcher| runs::run(searcher, &queries, &options))?;
        runs::written(py, form, &queries, lines)
    }

    /// Takes up the newest commit, also of an index that was built anew. Was there a newer one?
    fn reload(&self, py: Python<'_>) -> PyResult<bool> {
        let searcher = self.searcher()?;
        ending::detached(py, || searcher.reopen()).map_err(|error| Error::Index(error).raised(py))
    }

    /// How a query is read: in words, as a plan, and with the words of the index that its words match.
    #[pyo3(signature = (query, **options))]
    fn explain(&self, py: Python<'_>, query: String, options: Option<&Bound<'_, PyDict>>) -> PyResult<String> {
        let options = options::read(options, fresh())?;
        self.ask(py, &options.cancel.clone(), |searcher| {
            searcher.explain(&query, &options).map_err(|error| Error::of_search(error, &query))
        })
    }

    /// Closes the index. Calls that follow are errors.
    fn close(&self) {
        *self.searcher.write().unwrap_or_else(PoisonError::into_inner) = None;
    }

    fn __enter__(slf: Py<Self>) -> Py<Self> {
        slf
    }

    #[pyo3(signature = (*_exception))]
    fn __exit__(&self, _exception: &Bound<'_, PyTuple>) {
        self.close();
    }

    /// The folder of the index.
    #[getter]
    fn path(&self) -> PathBuf {
        self.paths[0].clone()
    }

    /// The folders of all indexes that are searched as one.
    #[getter]
    fn paths(&self) -> Vec<PathBuf> {
        self.paths.clone()
    }

    /// The name of the commit that is searched, which each change of the index changes.
    #[getter]
    fn commit(&self) -> PyResult<String> {
        Ok(self.searcher()?.commit())
    }

    /// Number of articles.
    #[getter]
    fn articles(&self) -> PyResult<u64> {
        Ok(self.searcher()?.num_articles())
    }

    /// Number of passages.
    #[getter]
    fn passages(&self) -> PyResult<u64> {
        Ok(self.searcher()?.num_passages())
    }

    /// What `crosshead.index` did; None for an index that was opened.
    #[getter]
    fn report(&self, py: Python<'_>) -> Option<Py<PyAny>> {
        self.report.as_ref().map(|report| report.clone_ref(py))
    }

    /// An index goes to another process as its folders, which are opened there.
    fn __reduce__<'py>(slf: &Bound<'py, Self>) -> PyResult<(Bound<'py, PyAny>, Bound<'py, PyTuple>)> {
        Ok((slf.py().import("crosshead")?.getattr("open")?, PyTuple::new(slf.py(), &slf.get().paths)?))
    }

    fn __repr__(&self) -> String {
        let articles = self.articles().map_or_else(|_| "closed".into(), |articles| format!("{articles} articles"));
        format!("<crosshead.Index {}: {articles}>", self.shown())
    }
}
