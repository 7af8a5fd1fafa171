//! Rows of one kind: what every list of results is in Python.

use std::sync::Arc;

use arrow_array::{RecordBatch, RecordBatchIterator};
use arrow_schema::{ArrowError, SchemaRef};
use pyo3::exceptions::PyIndexError;
use pyo3::prelude::*;
use pyo3::types::{PyCapsule, PyDict, PyIterator, PyList, PySlice};

use crate::arrow;
use crate::cell::{Cell, Kind};
use crate::errors;
use crate::fields::{FIELDS, Hit};
use crate::text::{escape_into, marked_into};

/// The rows of a table.
pub(crate) enum Rows {
    /// Hits, each an object.
    Hits(Vec<Arc<crosshead::Hit>>),
    /// Rows of columns, each a dictionary.
    Cells(Cells),
}

/// Rows of named columns.
#[derive(Default)]
pub(crate) struct Cells {
    pub(crate) columns: Vec<(String, Kind)>,
    pub(crate) rows: Vec<Vec<Cell<'static>>>,
}

impl Cells {
    /// No rows yet, of these columns.
    pub(crate) fn of(columns: &[(&str, Kind)]) -> Cells {
        Cells { columns: columns.iter().map(|(name, kind)| ((*name).to_string(), *kind)).collect(), rows: Vec::new() }
    }
}

/// Most rows that a notebook shows.
const SHOWN: usize = 50;

/// Rows of one kind: a sequence, and columns for pandas, polars, DuckDB and pyarrow.
// It is not registered as `collections.abc.Sequence`: polars would take it for a list of rows, not for columns.
#[pyclass(subclass, frozen, sequence, module = "crosshead")]
pub(crate) struct Table(pub(crate) Rows);

impl Table {
    fn len(&self) -> usize {
        match &self.0 {
            Rows::Hits(hits) => hits.len(),
            Rows::Cells(cells) => cells.rows.len(),
        }
    }

    fn row<'py>(&self, py: Python<'py>, at: usize) -> PyResult<Bound<'py, PyAny>> {
        match &self.0 {
            Rows::Hits(hits) => Ok(Bound::new(py, Hit(Arc::clone(&hits[at])))?.into_any()),
            Rows::Cells(_) => Ok(self.dict(py, at)?.into_any()),
        }
    }

    fn dict<'py>(&self, py: Python<'py>, at: usize) -> PyResult<Bound<'py, PyDict>> {
        let dict = PyDict::new(py);
        match &self.0 {
            Rows::Hits(hits) => {
                for field in FIELDS {
                    dict.set_item(field.name, (field.get)(&hits[at]).to_python(py)?)?;
                }
            }
            Rows::Cells(cells) => {
                for ((name, _), cell) in cells.columns.iter().zip(&cells.rows[at]) {
                    dict.set_item(name, cell.to_python(py)?)?;
                }
            }
        }
        Ok(dict)
    }

    fn batch(&self) -> Result<(SchemaRef, RecordBatch), ArrowError> {
        match &self.0 {
            Rows::Hits(hits) => {
                let schema = arrow::schema_of_hits();
                let batch = arrow::batch_of_hits(&schema, hits)?;
                Ok((schema, batch))
            }
            Rows::Cells(cells) => {
                let schema = arrow::schema(cells.columns.iter().map(|(name, kind)| (name.as_str(), *kind)));
                let column = |(at, (_, kind)): (usize, &(String, Kind))| {
                    arrow::column(*kind, cells.rows.iter().map(|row| row[at].clone()))
                };
                let columns = cells.columns.iter().enumerate().map(column).collect();
                let batch = RecordBatch::try_new(Arc::clone(&schema), columns)?;
                Ok((schema, batch))
            }
        }
    }
}

#[pymethods]
impl Table {
    fn __len__(&self) -> usize {
        self.len()
    }

    fn __getitem__<'py>(&self, py: Python<'py>, key: &Bound<'py, PyAny>) -> PyResult<Bound<'py, PyAny>> {
        let len = isize::try_from(self.len()).unwrap_or(isize::MAX);
        if let Ok(slice) = key.cast::<PySlice>() {
            let indices = slice.indices(len)?;
            let list = PyList::empty(py);
            let mut at = indices.start;
            for _ in 0..indices.slicelength {
                list.append(self.row(py, at.unsigned_abs())?)?;
                at += indices.step;
            }
            return Ok(list.into_any());
        }
        let at: isize = key.extract()?;
        let from_start = if at < 0 { at + len } else { at };
        if !(0..len).contains(&from_start) {
            return Err(PyIndexError::new_err(format!("there is no row {at}: there are {len}")));
        }
        self.row(py, from_start.unsigned_abs())
    }

    fn __iter__<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyIterator>> {
        let rows = (0..self.len()).map(|at| self.row(py, at)).collect::<PyResult<Vec<_>>>()?;
        PyList::new(py, rows)?.try_iter()
    }

    /// The names of the columns.
    #[getter]
    fn columns(&self) -> Vec<&str> {
        match &self.0 {
            Rows::Hits(_) => FIELDS.iter().map(|field| field.name).collect(),
            Rows::Cells(cells) => cells.columns.iter().map(|(name, _)| name.as_str()).collect(),
        }
    }

    /// The rows as dictionaries.
    fn to_dicts<'py>(&self, py: Python<'py>) -> PyResult<Vec<Bound<'py, PyDict>>> {
        (0..self.len()).map(|at| self.dict(py, at)).collect()
    }

    /// A table of pyarrow, which must be installed.
    fn to_arrow<'py>(slf: &Bound<'py, Self>) -> PyResult<Bound<'py, PyAny>> {
        slf.py().import("crosshead._frames")?.call_method1("to_arrow", (slf,))
    }

    /// A frame of polars, which must be installed.
    fn to_polars<'py>(slf: &Bound<'py, Self>) -> PyResult<Bound<'py, PyAny>> {
        slf.py().import("crosshead._frames")?.call_method1("to_polars", (slf,))
    }

    /// A frame of pandas, which must be installed.
    fn to_pandas<'py>(slf: &Bound<'py, Self>) -> PyResult<Bound<'py, PyAny>> {
        slf.py().import("crosshead._frames")?.call_method1("to_pandas", (slf,))
    }

    /// The rows by Arrow's PyCapsule interface. The schema is always that of the table: `requested_schema` is not used.
    #[pyo3(signature = (requested_schema = None))]
    fn __arrow_c_stream__<'py>(
        &self,
        py: Python<'py>,
        requested_schema: Option<&Bound<'py, PyAny>>,
    ) -> PyResult<Bound<'py, PyCapsule>> {
        let _ = requested_schema;
        let (schema, batch) = self.batch().map_err(|error| errors::other(format!("no Arrow of it: {error}")))?;
        arrow::capsule(py, RecordBatchIterator::new([Ok(batch)], schema))
    }

    /// The rows as a notebook shows them.
    fn _repr_html_(&self) -> String {
        let mut html = String::from("<table>\n<thead><tr>");
        let names = match &self.0 {
            Rows::Hits(_) => vec!["rank", "title", "source", "published", "heading", "snippet"],
            Rows::Cells(_) => self.columns(),
        };
        for name in names {
            html.push_str("<th>");
            escape_into(&mut html, name);
            html.push_str("</th>");
        }
        html.push_str("</tr></thead>\n<tbody>\n");
        for at in 0..self.len().min(SHOWN) {
            html.push_str("<tr>");
            match &self.0 {
                Rows::Hits(hits) => hit_into(&mut html, &hits[at]),
                Rows::Cells(cells) => {
                    for cell in &cells.rows[at] {
                        html.push_str("<td>");
                        escape_into(&mut html, &cell.shown());
                        html.push_str("</td>");
                    }
                }
            }
            html.push_str("</tr>\n");
        }
        html.push_str("</tbody>\n</table>");
        if self.len() > SHOWN {
            html.push_str(&format!("\n<p>{SHOWN} of {} rows</p>", self.len()));
        }
        html
    }

    fn __repr__(slf: &Bound<'_, Self>) -> PyResult<String> {
        let name = slf.get_type().name()?.to_string();
        let len = slf.get().len();
        Ok(format!("<crosshead.{name}: {len} row{}>", if len == 1 { "" } else { "s" }))
    }
}

/// Adds the cells of a hit.
fn hit_into(html: &mut String, hit: &crosshead::Hit) {
    let facts = &hit.article.facts;
    html.push_str(&format!("<td>{}</td><td>", hit.rank));
    match &facts.title {
        Some(title) => marked_into(html, title, &hit.title_marks),
        None => escape_into(html, &hit.article.path),
    }
    html.push_str("</td><td>");
    escape_into(html, facts.source.as_deref().unwrap_or_default());
    html.push_str("</td><td>");
    escape_into(html, facts.published.as_ref().map_or("", |published| published.day()));
    html.push_str("</td><td>");
    marked_into(html, hit.passage.heading.as_deref().unwrap_or_default(), &hit.heading_marks);
    html.push_str("</td><td>");
    marked_into(html, &hit.snippet.text, &hit.snippet.marks);
    html.push_str("</td>");
}
