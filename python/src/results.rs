//! The results of a search.

use std::sync::Arc;

use pyo3::prelude::*;
use pyo3::types::{PyDict, PyList};

use crate::analysis::Facets;
use crate::json;
use crate::table::{Rows, Table};

/// Numbers of passages, sections and articles.
#[pyclass(frozen, eq, module = "crosshead")]
#[derive(PartialEq, Eq)]
pub(crate) struct Counts(pub(crate) crosshead::Counts);

#[pymethods]
impl Counts {
    /// Passages that match.
    #[getter]
    fn passages(&self) -> u64 {
        self.0.passages
    }

    /// Sections with such a passage.
    #[getter]
    fn sections(&self) -> u64 {
        self.0.sections
    }

    /// Articles with such a passage.
    #[getter]
    fn articles(&self) -> u64 {
        self.0.articles
    }

    /// Why the counts may be too low: 'time', 'cancelled' or 'spans'; None if they are exact.
    #[getter]
    fn degraded(&self) -> Option<&'static str> {
        self.0.degraded.map(name_of)
    }

    fn __repr__(&self) -> String {
        let crosshead::Counts { passages, sections, articles, .. } = self.0;
        format!("<crosshead.Counts: articles={articles} sections={sections} passages={passages}>")
    }
}

/// The name of a reason, as in JSON.
pub(crate) fn name_of(degraded: crosshead::Degraded) -> &'static str {
    match degraded {
        crosshead::Degraded::Time => "time",
        crosshead::Degraded::Cancelled => "cancelled",
        crosshead::Degraded::Spans => "spans",
        _ => "incomplete",
    }
}

/// The hits of a query, best first, and what was found in all.
#[pyclass(frozen, extends = Table, module = "crosshead")]
pub(crate) struct Results {
    query: String,
    found: crosshead::Results,
    advice: Vec<crosshead::Relaxation>,
}

impl Results {
    /// The results for `query`, as it was typed.
    pub(crate) fn new(
        py: Python<'_>,
        query: String,
        mut found: crosshead::Results,
        advice: Vec<crosshead::Relaxation>,
    ) -> PyResult<Py<Results>> {
        let hits = std::mem::take(&mut found.hits).into_iter().map(Arc::new).collect();
        let base = PyClassInitializer::from(Table(Rows::Hits(hits)));
        Py::new(py, base.add_subclass(Results { query, found, advice }))
    }
}

#[pymethods]
impl Results {
    /// The query as it was typed.
    #[getter]
    fn query(&self) -> &str {
        &self.query
    }

    /// The query as it was read, in the query language.
    #[getter]
    fn reading(&self) -> String {
        self.found.query.to_string()
    }

    /// Other plausible readings, and words that are nowhere in the index.
    #[getter]
    fn notes<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyAny>> {
        json::serialised(py, &self.found.notes)
    }

    /// What matches the whole query, whatever the limit.
    #[getter]
    fn total(&self) -> Counts {
        Counts(self.found.counts)
    }

    /// Why not all hits are there: 'time', 'cancelled' or 'spans'; None if they are.
    #[getter]
    fn degraded(&self) -> Option<&'static str> {
        self.found.degraded.map(name_of)
    }

    /// The facets that were asked for, by their names.
    #[getter]
    fn facets<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyDict>> {
        let dict = PyDict::new(py);
        for facets in &self.found.facets {
            dict.set_item(facets.facet.name(), Facets::new(py, facets)?)?;
        }
        Ok(dict)
    }

    /// With `advice`, for a query without hits: changes of it, each with the number of passages that match then.
    #[getter]
    fn advice<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyAny>> {
        let list = PyList::empty(py);
        for relaxation in &self.advice {
            list.append(json::serialised(py, relaxation)?)?;
        }
        Ok(list.into_any())
    }

    /// Words that the best hits have in common, by which hits were ranked too, each with its weight.
    #[getter]
    fn feedback(&self) -> Vec<(&str, f64)> {
        self.found.feedback.iter().map(|word| (word.word.as_str(), f64::from(word.weight))).collect()
    }

    fn __repr__(slf: &Bound<'_, Self>) -> PyResult<String> {
        let (len, found) = (slf.len()?, &slf.get().found.counts);
        Ok(format!("<crosshead.Results: {len} hits, {} passages of {} articles match>", found.passages, found.articles))
    }
}
