//! Whole articles.

use crosshead::{ArticleMarks, ArticleText, SearchOptions, Searcher};
use pyo3::prelude::*;
use pyo3::types::{PyDict, PyList};
use serde_json::{Value, json};

use crate::cell::Cell;
use crate::errors::Error;
use crate::fields::facts;
use crate::json;
use crate::text::{escape_into, in_code_points, marked_into};

/// Whether a quotation is in the archive, with marks in code points. Only the articles know the texts that marks are of.
///
/// # Errors
///
/// An error of the query or the index.
pub(crate) fn verified(searcher: &Searcher, quotation: &str, options: &SearchOptions) -> Result<Value, Error> {
    let searcher = searcher.pinned();
    let found = searcher.verify(quotation, options).map_err(|error| Error::of_search(error, quotation))?;
    let mut value = json::value_of(&found)?;
    let mut places = Vec::new();
    for (place, found) in value["places"].as_array_mut().into_iter().flatten().zip(&found.places) {
        let mut place = json::renamed(place.take());
        let article = searcher.article(&found.article.id())?;
        let passages = article.map(|article| article.passages).unwrap_or_default();
        let text =
            passages.iter().find(|passage| passage.ordinal == found.passage).map(|passage| passage.text.as_str());
        place["marks"] = json!(in_code_points(text.unwrap_or_default(), &found.marks));
        places.push(place);
    }
    value["places"] = places.into();
    Ok(value)
}

/// An article with all of its passages.
#[pyclass(frozen, module = "crosshead")]
pub(crate) struct Article {
    article: ArticleText,
    /// Those of the query that was given.
    marks: Option<ArticleMarks>,
}

impl Article {
    pub(crate) fn new(article: ArticleText, marks: Option<ArticleMarks>) -> Article {
        Article { article, marks }
    }

    fn fact<'py>(&self, py: Python<'py>, name: &str) -> PyResult<Bound<'py, PyAny>> {
        let facts = facts::all(&self.article.article);
        let cell = facts.into_iter().find(|(other, _)| *other == name).map_or(Cell::Text(None), |(_, cell)| cell);
        cell.to_python(py)
    }

    /// A passage as JSON has it, with its marks.
    fn passages_with_marks(&self) -> PyResult<Vec<Value>> {
        let mut value = json::value_of(&self.article)?;
        let Value::Array(mut passages) = value["passages"].take() else { return Ok(Vec::new()) };
        for (value, passage) in passages.iter_mut().zip(&self.article.passages) {
            value["boilerplate"] = json!(passage.boilerplate.map(crosshead::BoilerplateKind::name));
            let of_passage = self.marks.as_ref().and_then(|marks| marks.passages.get(&passage.ordinal));
            value["marks"] = json!(of_passage.map_or_else(Vec::new, |marks| in_code_points(&passage.text, marks)));
        }
        Ok(passages)
    }
}

macro_rules! article {
    ($($name:ident $about:literal;)*) => {
        #[pymethods]
        impl Article {
            $(
                #[doc = $about]
                #[getter]
                fn $name<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyAny>> {
                    self.fact(py, stringify!($name))
                }
            )*

            /// Its id, derived from its bytes: it changes only if they do.
            #[getter]
            fn id(&self) -> String {
                self.article.article.id()
            }

            /// Path of the file, below the folder as it was indexed.
            #[getter]
            fn path(&self) -> &str {
                &self.article.article.path
            }

            /// Id or number of the record, in a file of many articles.
            #[getter]
            fn record(&self) -> Option<&str> {
                self.article.article.record.as_deref()
            }

            /// Paths of articles with the same bytes.
            #[getter]
            fn copies(&self) -> Vec<&str> {
                self.article.copies.iter().map(|copy| copy.path.as_str()).collect()
            }

            /// Where the query matches in `title`: (start, end).
            #[getter]
            fn title_marks(&self) -> Vec<(u32, u32)> {
                let title = self.article.article.facts.title.as_deref().unwrap_or_default();
                self.marks.as_ref().map_or_else(Vec::new, |marks| in_code_points(title, &marks.title))
            }

            /// The passages in order, then the boilerplate: each a dictionary, with the marks of the query in its text.
            #[getter]
            fn passages<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyList>> {
                let list = PyList::empty(py);
                for passage in self.passages_with_marks()? {
                    let dict = json::to_python(py, &passage)?;
                    dict.set_item("marks", spans(py, &passage["marks"])?)?;
                    list.append(dict)?;
                }
                Ok(list)
            }

            /// The text, without headings and boilerplate.
            #[getter]
            fn text(&self) -> String {
                let passages = self.article.passages.iter().filter(|passage| passage.boilerplate.is_none());
                passages.map(|passage| passage.text.as_str()).collect::<Vec<_>>().join("\n\n")
            }

            /// The facts, passages and copies by their names.
            fn to_dict<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyDict>> {
                let dict = PyDict::new(py);
                dict.set_item("id", self.id())?;
                dict.set_item("path", self.path())?;
                dict.set_item("record", self.record())?;
                for (name, cell) in facts::all(&self.article.article) {
                    dict.set_item(name, cell.to_python(py)?)?;
                }
                dict.set_item("copies", self.copies())?;
                dict.set_item("passages", self.passages(py)?)?;
                Ok(dict)
            }

            /// The article as a notebook shows it.
            fn _repr_html_(&self) -> String {
                let article = &self.article.article;
                let title = article.facts.title.as_deref().unwrap_or(&article.path);
                let mut html = String::from("<article>\n<h3>");
                let of_title = self.marks.as_ref().map_or(&[][..], |marks| &marks.title);
                marked_into(&mut html, title, of_title);
                html.push_str("</h3>\n");
                let mut section = None;
                for passage in self.article.passages.iter().filter(|passage| passage.boilerplate.is_none()) {
                    if section.replace(passage.section) != Some(passage.section)
                        && let Some(heading) = &passage.heading
                    {
                        html.push_str("<h4>");
                        escape_into(&mut html, heading);
                        html.push_str("</h4>\n");
                    }
                    let marks = self.marks.as_ref().and_then(|marks| marks.passages.get(&passage.ordinal));
                    html.push_str("<p>");
                    marked_into(&mut html, &passage.text, marks.map_or(&[][..], Vec::as_slice));
                    html.push_str("</p>\n");
                }
                html.push_str("</article>");
                html
            }

            fn __repr__(&self, py: Python<'_>) -> PyResult<String> {
                Ok(format!("<crosshead.Article {} {}>", self.id(), self.title(py)?.repr()?))
            }
        }
    };
}

article! {
    title "The headline.";
    byline "The authors.";
    published "The date of publication, ISO 8601, as precise as it is known.";
    published_from "The first day that the date may mean.";
    published_to "The last day that the date may mean.";
    dated_by "Where the date was found: 'metadata', 'text', 'url' or 'path'.";
    source "The newspaper, agency or site.";
    url "Its address on the web.";
    lang "Two-letter code of the language.";
    dateline "Where it was written.";
    desk "The newspaper's own section.";
    tags "Keywords of the publisher.";
    saved "When it was saved, as a read-later service states it.";
    words "Number of words, headings aside.";
    file "Absolute path of the file; None for an article that a program added.";
}

/// Marks are tuples, as those of hits are.
fn spans<'py>(py: Python<'py>, marks: &Value) -> PyResult<Bound<'py, PyAny>> {
    let number = |value: &Value| value.as_u64().unwrap_or_default();
    let marks = marks.as_array().map(Vec::as_slice).unwrap_or_default();
    marks.iter().map(|mark| (number(&mark[0]), number(&mark[1]))).collect::<Vec<_>>().into_pyobject(py)
}
