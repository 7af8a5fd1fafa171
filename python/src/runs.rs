//! Batches of queries, as experiments in retrieval run them.

use crosshead::{SearchOptions, Searcher};
use pyo3::exceptions::PyTypeError;
use pyo3::prelude::*;
use pyo3::types::{PyDict, PyMapping, PyString};
use rayon::iter::{IntoParallelRefIterator, ParallelIterator};

use crate::cell::{Cell, Kind};
use crate::errors::Error;
use crate::table::{Cells, Rows, Table};

/// What a run is given as.
#[derive(Clone, Copy)]
pub(crate) enum Form {
    Trec,
    Dict,
    Table,
}

/// The forms by their names.
pub(crate) const FORMS: [(&str, Form); 3] = [("trec", Form::Trec), ("dict", Form::Dict), ("table", Form::Table)];

/// A query and its id.
pub(crate) type Named = (String, String);

/// The articles of a query, best first, each with its score.
type Ranked = Vec<(String, f32)>;

/// Reads queries: a mapping of ids to queries, pairs of id and query, or queries.
pub(crate) fn queries(given: &Bound<'_, PyAny>) -> PyResult<Vec<Named>> {
    let wrong = || PyTypeError::new_err("queries are a mapping of ids to queries, pairs of id and query, or queries");
    if given.is_instance_of::<PyString>() {
        return Err(PyTypeError::new_err("queries are several: give a list, or call search for one"));
    }
    let id = |id: &Bound<'_, PyAny>| -> PyResult<String> { Ok(id.str()?.to_string()) };
    if let Ok(mapping) = given.cast::<PyMapping>() {
        let items = mapping.items()?;
        return items
            .iter()
            .map(|item| {
                let (name, query): (Bound<'_, PyAny>, String) = item.extract().map_err(|_| wrong())?;
                Ok((id(&name)?, query))
            })
            .collect();
    }
    let mut queries = Vec::new();
    for (at, item) in given.try_iter().map_err(|_| wrong())?.enumerate() {
        let item = item?;
        queries.push(match item.extract::<String>() {
            Ok(query) => ((at + 1).to_string(), query),
            Err(_) => {
                let (name, query): (Bound<'_, PyAny>, String) = item.extract().map_err(|_| wrong())?;
                (id(&name)?, query)
            }
        });
    }
    Ok(queries)
}

/// Options that give the best hit of each article.
pub(crate) fn one_an_article(mut options: SearchOptions) -> SearchOptions {
    options.per_article = 1;
    options.timeout = None;
    options
}

/// Runs the queries on all cores.
///
/// # Errors
///
/// The error of the first query that cannot be run.
pub(crate) fn run(searcher: &Searcher, queries: &[Named], options: &SearchOptions) -> Result<Vec<Ranked>, Error> {
    let searcher = searcher.pinned();
    let ranked = |(_, query): &Named| -> Result<Ranked, Error> {
        let found = searcher.search(query, options).map_err(|error| Error::of_search(error, query))?;
        if let Some(degraded @ (crosshead::Degraded::Time | crosshead::Degraded::Cancelled)) = found.degraded {
            return Err(Error::Incomplete(degraded));
        }
        let mut seen = std::collections::HashSet::new();
        let articles = found.hits.iter().map(|hit| (hit.article.run_name(), hit.score));
        Ok(articles.filter(|(name, _)| seen.insert(name.clone())).collect())
    };
    queries.par_iter().map(ranked).collect()
}

/// The run in its form.
pub(crate) fn written<'py>(
    py: Python<'py>,
    form: Form,
    queries: &[Named],
    lines: Vec<Ranked>,
) -> PyResult<Bound<'py, PyAny>> {
    let of_queries = queries.iter().map(|(id, _)| id).zip(lines);
    match form {
        Form::Trec => {
            let mut run = String::new();
            for (id, ranked) in of_queries {
                for (rank, (name, score)) in (1..).zip(ranked) {
                    run.push_str(&format!("{} Q0 {} {rank} {score:.6} crosshead\n", word(id), word(&name)));
                }
            }
            Ok(PyString::new(py, &run).into_any())
        }
        Form::Dict => {
            let run = PyDict::new(py);
            for (id, ranked) in of_queries {
                let scores = PyDict::new(py);
                for (name, score) in ranked {
                    scores.set_item(name, f64::from(score))?;
                }
                run.set_item(id, scores)?;
            }
            Ok(run.into_any())
        }
        Form::Table => {
            let mut cells = Cells::of(&[
                ("query", Kind::Text),
                ("article", Kind::Text),
                ("rank", Kind::Count),
                ("score", Kind::Number),
            ]);
            for (id, ranked) in of_queries {
                for (rank, (name, score)) in (1_u64..).zip(ranked) {
                    let score = Cell::Number(Some(f64::from(score)));
                    cells.rows.push(vec![Cell::owned(id), Cell::owned(name), Cell::count(rank), score]);
                }
            }
            Ok(Bound::new(py, Table(Rows::Cells(cells)))?.into_any())
        }
    }
}

/// A word of a line: spaces separate the fields, so none may contain one.
fn word(text: &str) -> String {
    let harmless = text.replace(|c: char| c.is_control() && !c.is_whitespace(), "\u{fffd}");
    harmless.split_whitespace().collect::<Vec<_>>().join("_")
}
