//! The tables beside hits: values of facts, articles over time, occurrences in context, words near them.

use crosshead::{
    ArticlesOf, Association, CollocateOptions, ContextWidth, CrossedFacets, Interval, KwicCounts, KwicLine,
    KwicOptions, KwicOrder, KwicSample, TimelineOptions, Window,
};
use pyo3::prelude::*;
use pyo3::types::{PyDict, PyList};

use crate::cell::{Cell, Kind};
use crate::errors;
use crate::fields::facts;
use crate::json;
use crate::options::{self, choice, number};
use crate::results::{Counts, name_of};
use crate::table::{Cells, Rows, Table};
use crate::text::in_code_points;

/// A table as the base of a class.
fn base(cells: Cells) -> PyClassInitializer<Table> {
    PyClassInitializer::from(Table(Rows::Cells(cells)))
}

/// The values of a fact over what matches, the commonest first; or the pairs of two.
#[pyclass(frozen, extends = Table, module = "crosshead")]
pub(crate) struct Facets {
    facets: Vec<&'static str>,
    /// Number of values that are not listed, and their counts.
    other: Option<(u64, crosshead::Counts)>,
    without: Option<crosshead::Counts>,
    degraded: Option<crosshead::Degraded>,
}

/// The columns of counts.
const COUNTS: [(&str, Kind); 3] = [("articles", Kind::Count), ("sections", Kind::Count), ("passages", Kind::Count)];

fn counts(counts: &crosshead::Counts) -> [Cell<'static>; 3] {
    [counts.articles, counts.sections, counts.passages].map(Cell::count)
}

impl Facets {
    /// The values of one fact.
    pub(crate) fn new(py: Python<'_>, facets: &crosshead::Facets) -> PyResult<Py<Facets>> {
        let mut cells = Cells::of(&[("value", Kind::Text), COUNTS[0], COUNTS[1], COUNTS[2]]);
        for value in &facets.values {
            let [articles, sections, passages] = counts(&value.counts);
            cells.rows.push(vec![Cell::owned(value.value.as_str()), articles, sections, passages]);
        }
        let of_fact = Facets {
            facets: vec![facets.facet.name()],
            other: facets.other.map(|other| (other.values, other.counts)),
            without: Some(facets.without),
            degraded: facets.degraded,
        };
        Py::new(py, base(cells).add_subclass(of_fact))
    }

    /// The pairs of the values of two facts.
    pub(crate) fn crossed(py: Python<'_>, crossed: &CrossedFacets) -> PyResult<Py<Facets>> {
        let names = crossed.facets.map(crosshead::Facet::name);
        let mut cells = Cells::of(&[(names[0], Kind::Text), (names[1], Kind::Text), COUNTS[0], COUNTS[1], COUNTS[2]]);
        for row in &crossed.rows {
            let [articles, sections, passages] = counts(&row.counts);
            let [first, second] = [0, 1].map(|at| Cell::text(row.values[at].as_deref()).into_owned());
            cells.rows.push(vec![first, second, articles, sections, passages]);
        }
        let of_pairs = Facets {
            facets: names.to_vec(),
            other: crossed.other.map(|other| (other.values, other.counts)),
            without: None,
            degraded: crossed.degraded,
        };
        Py::new(py, base(cells).add_subclass(of_pairs))
    }
}

#[pymethods]
impl Facets {
    /// The names of the facts.
    #[getter]
    fn facets(&self) -> Vec<&'static str> {
        self.facets.clone()
    }

    /// Number of values that `limit` left out.
    #[getter]
    fn other_values(&self) -> u64 {
        self.other.map_or(0, |(values, _)| values)
    }

    /// The counts of what matches and has one of the values that `limit` left out; None if it left out none.
    #[getter]
    fn other(&self) -> Option<Counts> {
        self.other.map(|(_, counts)| Counts(counts))
    }

    /// The counts of what matches and has no value; None of pairs, where None is a value.
    #[getter]
    fn without(&self) -> Option<Counts> {
        self.without.map(Counts)
    }

    /// Why the counts may be too low: 'time', 'cancelled' or 'spans'; None if they are exact.
    #[getter]
    fn degraded(&self) -> Option<&'static str> {
        self.degraded.map(name_of)
    }
}

/// The options of a timeline.
pub(crate) fn timeline_options(by: &str, per: Option<&str>, limit: i64) -> PyResult<TimelineOptions> {
    let intervals = Interval::ALL.map(|interval| (interval.name(), Some(interval)));
    let intervals: Vec<_> = [("auto", None)].into_iter().chain(intervals).collect();
    let mut options = TimelineOptions::default();
    options.by = choice("by", by, &intervals)?;
    options.per = per.map(|per| options::facet("per", per)).transpose()?;
    options.values = number("limit", limit, 1)?;
    Ok(options)
}

/// Articles over time.
#[pyclass(frozen, extends = Table, module = "crosshead")]
pub(crate) struct Timeline {
    by: &'static str,
    series: Py<PyList>,
    degraded: Option<crosshead::Degraded>,
}

impl Timeline {
    /// A row for each period of each timeline.
    pub(crate) fn new(py: Python<'_>, timelines: &[crosshead::Timeline], is_relative: bool) -> PyResult<Py<Timeline>> {
        let mut columns = vec![
            ("query", Kind::Text),
            ("from", Kind::Day),
            ("to", Kind::Day),
            ("articles", Kind::Count),
            ("of", Kind::Count),
        ];
        let has_values = timelines.iter().any(|timeline| timeline.per.is_some());
        if has_values {
            columns.insert(1, ("value", Kind::Text));
        }
        if is_relative {
            columns.push(("per_thousand", Kind::Number));
        }
        let mut cells = Cells::of(&columns);
        let series = PyList::empty(py);
        for timeline in timelines {
            let value = timeline.per.as_ref().and_then(|per| match &per.value {
                None if per.is_other => Some("(other)"),
                value => value.as_deref(),
            });
            for bucket in &timeline.buckets {
                let mut row = vec![Cell::owned(timeline.query.as_str())];
                if has_values {
                    row.push(Cell::text(value).into_owned());
                }
                row.extend([Cell::day(Some(&bucket.from)), Cell::day(Some(&bucket.to))]);
                row.extend([Cell::count(bucket.count.articles), Cell::count(bucket.count.of)]);
                if is_relative {
                    row.push(Cell::Number(bucket.count.per_thousand()));
                }
                cells.rows.push(row);
            }
            let one = PyDict::new(py);
            one.set_item("query", &timeline.query)?;
            one.set_item("value", value)?;
            one.set_item("total", pair(py, timeline.total)?)?;
            one.set_item("undated", pair(py, timeline.undated)?)?;
            one.set_item("imprecise", json::serialised(py, &timeline.imprecise)?)?;
            series.append(one)?;
        }
        let over_time = Timeline {
            by: timelines.first().map_or("year", |timeline| timeline.by.name()),
            series: series.unbind(),
            degraded: timelines.iter().find_map(|timeline| timeline.degraded),
        };
        Py::new(py, base(cells).add_subclass(over_time))
    }
}

fn pair(py: Python<'_>, articles: ArticlesOf) -> PyResult<Bound<'_, PyDict>> {
    let dict = PyDict::new(py);
    dict.set_item("articles", articles.articles)?;
    dict.set_item("of", articles.of)?;
    Ok(dict)
}

#[pymethods]
impl Timeline {
    /// Length of a period.
    #[getter]
    fn by(&self) -> &'static str {
        self.by
    }

    /// Of each query, and each value with `per`: all articles, those without a date, and those of which only a longer period
    /// is known.
    #[getter]
    fn series(&self, py: Python<'_>) -> Py<PyList> {
        self.series.clone_ref(py)
    }

    /// Why the counts may be too low: 'time', 'cancelled' or 'spans'; None if they are exact.
    #[getter]
    fn degraded(&self) -> Option<&'static str> {
        self.degraded.map(name_of)
    }
}

/// The options of a concordance.
pub(crate) fn kwic_options(
    width: i64,
    by: &str,
    order: Option<&str>,
    limit: Option<i64>,
    sample: Option<(i64, u64)>,
    per: Option<&str>,
) -> PyResult<KwicOptions> {
    let mut options = KwicOptions::default();
    let width = number("width", width, 0)?;
    options.width = match choice("by", by, &[("words", true), ("chars", false)])? {
        true => ContextWidth::Words(width),
        false => ContextWidth::Characters(width),
    };
    if let Some(order) = order {
        options.order = order.parse::<KwicOrder>().map_err(|reason| errors::option(format!("'order': {reason}")))?;
    }
    options.limit = limit.map(|limit| number("limit", limit, 0)).transpose()?;
    let per = per.map(|per| options::facet("per", per)).transpose()?;
    options.sample = match sample {
        Some((size, seed)) => Some(KwicSample { size: number("sample", size, 1)?, seed, per }),
        None if per.is_some() => return Err(errors::option("'per' divides a sample: give 'sample' too")),
        None => None,
    };
    Ok(options)
}

/// The columns of occurrences.
const LINES: &[(&str, Kind)] = &[
    ("left", Kind::Text),
    ("node", Kind::Text),
    ("right", Kind::Text),
    ("node_marks", Kind::Spans),
    ("id", Kind::Text),
    ("start", Kind::Count),
    ("end", Kind::Count),
    ("article", Kind::Text),
    ("path", Kind::Text),
    ("record", Kind::Text),
    ("title", Kind::Text),
    ("byline", Kind::Text),
    ("published", Kind::Text),
    ("published_from", Kind::Day),
    ("published_to", Kind::Day),
    ("dated_by", Kind::Text),
    ("source", Kind::Text),
    ("url", Kind::Text),
    ("lang", Kind::Text),
    ("dateline", Kind::Text),
    ("desk", Kind::Text),
    ("tags", Kind::Texts),
    ("saved", Kind::Text),
    ("words", Kind::Count),
    ("file", Kind::Text),
    ("section", Kind::Count),
    ("heading", Kind::Text),
    ("speaker", Kind::Text),
    ("line", Kind::Count),
];

/// The row of an occurrence.
pub(crate) fn row_of_line(line: &KwicLine) -> Vec<Cell<'static>> {
    let (article, passage) = (&line.article, &line.passage);
    let mut row = vec![
        Cell::owned(line.left.as_str()),
        Cell::owned(line.node.as_str()),
        Cell::owned(line.right.as_str()),
        Cell::Spans(in_code_points(&line.node, &line.node_marks)),
        Cell::owned(article.passage_id(passage.ordinal)),
        Cell::count(line.characters.0 as u64),
        Cell::count(line.characters.1 as u64),
        Cell::owned(article.id()),
        Cell::owned(article.path.as_str()),
        Cell::text(article.record.as_deref()).into_owned(),
    ];
    row.extend(facts::all(article).into_iter().map(|(_, cell)| cell.into_owned()));
    row.extend([
        Cell::count(passage.section),
        Cell::text(passage.heading.as_deref()).into_owned(),
        Cell::text(passage.speaker.as_deref()).into_owned(),
        Cell::Count(passage.location.map(|location| location.line.into())),
    ]);
    row
}

/// Occurrences in context.
#[pyclass(frozen, extends = Table, module = "crosshead")]
pub(crate) struct Kwic(KwicCounts);

impl Kwic {
    pub(crate) fn new(py: Python<'_>, counts: &KwicCounts, rows: Vec<Vec<Cell<'static>>>) -> PyResult<Py<Kwic>> {
        let mut cells = Cells::of(LINES);
        cells.rows = rows;
        Py::new(py, base(cells).add_subclass(Kwic(*counts)))
    }
}

#[pymethods]
impl Kwic {
    /// Occurrences in all texts that match, whatever the limit.
    #[getter]
    fn occurrences(&self) -> u64 {
        self.0.occurrences
    }

    /// Articles with one.
    #[getter]
    fn articles(&self) -> u64 {
        self.0.articles
    }

    /// Why the counts may be too low: 'time', 'cancelled' or 'spans'; None if they are exact.
    #[getter]
    fn degraded(&self) -> Option<&'static str> {
        self.0.degraded.map(name_of)
    }
}

const MEASURES: [(&str, Association); 4] = [
    ("ll", Association::LogLikelihood),
    ("mi", Association::MutualInformation),
    ("logdice", Association::LogDice),
    ("count", Association::Count),
];

/// The options of collocates.
pub(crate) fn collocate_options(
    window: i64,
    measure: &str,
    min_count: i64,
    limit: i64,
    against: Option<String>,
) -> PyResult<CollocateOptions> {
    let near = u32::try_from(number("window", window, 1)?).ok().filter(|near| *near <= 50);
    let near = near.ok_or_else(|| errors::option(format!("'window' is a whole number from 1 to 50, not {window}")))?;
    let mut options = CollocateOptions::default();
    options.window = Window::Words { before: near, after: near };
    options.order = choice("measure", measure, &MEASURES)?;
    options.min_count = number("min_count", min_count, 1)? as u64;
    options.limit = number("limit", limit, 1)?;
    options.against = against;
    Ok(options)
}

/// Words near the occurrences of a query.
#[pyclass(frozen, extends = Table, module = "crosshead")]
pub(crate) struct Collocates {
    occurrences: u64,
    window_words: u64,
    reference_words: u64,
    degraded: Option<crosshead::Degraded>,
}

impl Collocates {
    pub(crate) fn new(py: Python<'_>, found: &crosshead::Collocates) -> PyResult<Py<Collocates>> {
        let mut cells = Cells::of(&[
            ("word", Kind::Text),
            ("count", Kind::Count),
            ("before", Kind::Count),
            ("after", Kind::Count),
            ("expected", Kind::Number),
            ("reference_count", Kind::Count),
            ("log_likelihood", Kind::Number),
            ("mi", Kind::Number),
            ("log_dice", Kind::Number),
        ]);
        for word in &found.words {
            let number = |number| Cell::Number(Some(number));
            cells.rows.push(vec![
                Cell::owned(word.word.as_str()),
                Cell::count(word.count),
                Cell::count(word.before),
                Cell::count(word.after),
                number(word.expected),
                Cell::count(word.reference_count),
                number(word.log_likelihood),
                number(word.mi),
                number(word.log_dice),
            ]);
        }
        let near = Collocates {
            occurrences: found.occurrences,
            window_words: found.window_words,
            reference_words: found.reference_words,
            degraded: found.degraded,
        };
        Py::new(py, base(cells).add_subclass(near))
    }
}

#[pymethods]
impl Collocates {
    /// Occurrences of the query.
    #[getter]
    fn occurrences(&self) -> u64 {
        self.occurrences
    }

    /// Words in all windows.
    #[getter]
    fn window_words(&self) -> u64 {
        self.window_words
    }

    /// Words of what is compared with.
    #[getter]
    fn reference_words(&self) -> u64 {
        self.reference_words
    }

    /// Why it is not complete: 'time', 'cancelled' or 'spans'; None if it is.
    #[getter]
    fn degraded(&self) -> Option<&'static str> {
        self.degraded.map(name_of)
    }
}
