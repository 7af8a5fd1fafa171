//! The options that all calls share, by the names that the program and its HTTP API have for them.

use std::time::Duration;

use crosshead::{DatesError, Facet, Feedback, Scope, SearchOptions, Sort, ValueFilter};
use pyo3::exceptions::PyTypeError;
use pyo3::prelude::*;
use pyo3::types::{PyDict, PyString};

use crate::errors;

/// One text, or several.
pub(crate) struct Texts(pub(crate) Vec<String>);

impl<'py> FromPyObject<'_, 'py> for Texts {
    type Error = PyErr;

    fn extract(object: Borrowed<'_, 'py, PyAny>) -> PyResult<Texts> {
        if let Ok(text) = object.cast::<PyString>() {
            return Ok(Texts(vec![text.extract()?]));
        }
        let items = object.try_iter().map_err(|_| PyTypeError::new_err("a text, or a list of texts, is wanted"))?;
        items.map(|item| item?.extract::<String>()).collect::<PyResult<_>>().map(Texts)
    }
}

/// The facts that are filters, by the names of their options.
const FILTERS: [Facet; 9] = [
    Facet::Source,
    Facet::Desk,
    Facet::Byline,
    Facet::Lang,
    Facet::Heading,
    Facet::Tag,
    Facet::Speaker,
    Facet::Dateline,
    Facet::Folder,
];

/// The other options.
const NAMES: [&str; 13] = [
    "sort",
    "unit",
    "any",
    "strict",
    "literal",
    "ungroup",
    "expand",
    "per_article",
    "date",
    "since",
    "until",
    "words",
    "where",
];

const SORTS: [(&str, Sort); 4] =
    [("relevance", Sort::Relevance), ("newest", Sort::Newest), ("oldest", Sort::Oldest), ("path", Sort::Path)];

const UNITS: [(&str, Scope); 3] =
    [("section", Scope::Section), ("passage", Scope::Passage), ("article", Scope::Article)];

/// One of the values that have a name.
///
/// # Errors
///
/// An error that names the option and what it may be.
pub(crate) fn choice<T: Copy>(option: &str, value: &str, all: &[(&str, T)]) -> PyResult<T> {
    all.iter().find(|(name, _)| *name == value).map(|(_, one)| *one).ok_or_else(|| {
        let names = all.iter().map(|(name, _)| *name).collect::<Vec<_>>().join(", ");
        errors::option(format!("'{option}' is one of {names}, not '{value}'"))
    })
}

/// A facet by its name.
///
/// # Errors
///
/// As [`choice`].
pub(crate) fn facet(option: &str, name: &str) -> PyResult<Facet> {
    choice(option, name, &Facet::ALL.map(|facet| (facet.name(), facet)))
}

/// A whole number that is not too small.
///
/// # Errors
///
/// An error that names the option and its least value.
pub(crate) fn number(option: &str, value: i64, least: u32) -> PyResult<usize> {
    usize::try_from(value)
        .ok()
        .filter(|number| *number >= least as usize)
        .ok_or_else(|| errors::option(format!("'{option}' is a whole number from {least} up, not {value}")))
}

/// A number of seconds; `None` for no bound.
///
/// # Errors
///
/// An error for what is no time.
pub(crate) fn seconds(option: &str, value: Option<f64>) -> PyResult<Option<Duration>> {
    let wrong = |value| errors::option(format!("'{option}' is a number of seconds above 0, or None, not {value}"));
    value
        .map(|value| Duration::try_from_secs_f64(value).ok().filter(|t| !t.is_zero()).ok_or_else(|| wrong(value)))
        .transpose()
}

/// Reads the options that all calls share. `default` has those that the call has set.
///
/// # Errors
///
/// `TypeError` for a name that is no option and a value of the wrong type, as Python has it for its own functions;
/// `OptionError` for a value that an option cannot have.
pub(crate) fn read(given: Option<&Bound<'_, PyDict>>, default: SearchOptions) -> PyResult<SearchOptions> {
    let mut options = default;
    let mut dates = Dates::default();
    for (name, value) in given.into_iter().flatten() {
        let name: String = name.extract()?;
        if !is_known(&name) {
            return Err(unknown(&name));
        }
        read_one(&name, &value, &mut options, &mut dates).map_err(|error| named(&value, &name, error))?;
    }
    dates.set(&mut options)?;
    if options.any && options.strict {
        return Err(errors::option("'any' asks for one of the words, 'strict' for all: give one of them"));
    }
    Ok(options)
}

/// An error of a value's type, with the name of the option.
fn named(value: &Bound<'_, PyAny>, name: &str, error: PyErr) -> PyErr {
    let py = value.py();
    if error.get_type(py).is(py.get_type::<PyTypeError>()) {
        return PyTypeError::new_err(format!("'{name}': {}", error.value(py)));
    }
    error
}

fn read_one(name: &str, value: &Bound<'_, PyAny>, options: &mut SearchOptions, dates: &mut Dates) -> PyResult<()> {
    if name == "timeout" {
        options.timeout = seconds(name, value.extract()?)?;
        return Ok(());
    }
    // None is as if it were not given.
    if value.is_none() {
        return Ok(());
    }
    match name {
        "sort" => options.sort = choice(name, value.extract::<&str>()?, &SORTS)?,
        "unit" => options.unit = choice(name, value.extract::<&str>()?, &UNITS)?,
        "any" => options.any = value.extract()?,
        "strict" => options.strict = value.extract()?,
        "literal" => options.literal = value.extract()?,
        "ungroup" => options.ungroup = value.extract()?,
        "expand" => options.feedback = if value.extract()? { Feedback::Always } else { Feedback::Never },
        "per_article" => options.per_article = number(name, value.extract()?, 1)?,
        "date" => dates.date = Some(value.extract()?),
        "since" => dates.since = Some(value.extract()?),
        "until" => dates.until = Some(value.extract()?),
        "words" => {
            let words = value.extract::<&str>()?;
            options.filters.set_words(words).map_err(|error| errors::option(format!("'words': {error}")))?;
        }
        "where" => {
            for condition in Texts::extract(value.as_borrowed())?.0 {
                let added = options.filters.add_condition(&condition);
                added.map_err(|reason| errors::option(format!("'where': {reason}")))?;
            }
        }
        _ => {
            let facet = FILTERS.into_iter().find(|facet| facet.name() == name).ok_or_else(|| unknown(name))?;
            let values = Texts::extract(value.as_borrowed())?.0;
            let kept = options.filters.values.iter_mut().find(|filter| filter.facet == facet && !filter.is_excluded);
            match kept {
                Some(filter) => filter.values.extend(values),
                None if values.is_empty() => {}
                None => options.filters.values.push(ValueFilter { facet, values, is_excluded: false }),
            }
        }
    }
    Ok(())
}

fn is_known(name: &str) -> bool {
    name == "timeout" || NAMES.contains(&name) || FILTERS.iter().any(|facet| facet.name() == name)
}

/// The error of a name that is no option.
fn unknown(name: &str) -> PyErr {
    let known = NAMES.iter().copied().chain(["timeout"]).chain(FILTERS.map(Facet::name));
    let near = known.clone().find(|known| is_near(name, known));
    let advice = match near {
        Some(near) => format!("did you mean '{near}'?"),
        None => format!("the options are {}", known.collect::<Vec<_>>().join(", ")),
    };
    PyTypeError::new_err(format!("there is no option '{name}': {advice}"))
}

/// Is one letter left out, added, changed, or swapped with the next?
fn is_near(a: &str, b: &str) -> bool {
    let (a, b): (Vec<char>, Vec<char>) = (a.chars().collect(), b.chars().collect());
    let front = a.iter().zip(&b).take_while(|(a, b)| a == b).count();
    let most = a.len().min(b.len()) - front;
    let back = a.iter().rev().zip(b.iter().rev()).take(most).take_while(|(a, b)| a == b).count();
    let (rest_a, rest_b) = (&a[front..a.len() - back], &b[front..b.len() - back]);
    match (rest_a, rest_b) {
        ([a1, a2], [b1, b2]) => a1 == b2 && a2 == b1,
        _ => rest_a.len() <= 1 && rest_b.len() <= 1,
    }
}

/// The dates of publication that are asked for.
#[derive(Default)]
struct Dates {
    date: Option<String>,
    since: Option<String>,
    until: Option<String>,
}

impl Dates {
    fn set(&self, options: &mut SearchOptions) -> PyResult<()> {
        let (since, until) = match &self.date {
            Some(_) if self.since.is_some() || self.until.is_some() => {
                return Err(errors::option("'date' is a period, as 'since' and 'until' are: give one or the other"));
            }
            Some(date) => {
                let (since, until) = date.split_once("..").unwrap_or((date, date));
                let end = |text: &str| Some(text.to_string()).filter(|text| !text.is_empty());
                (end(since), end(until))
            }
            None => (self.since.clone(), self.until.clone()),
        };
        let today = options.today;
        options.filters.set_dates(since.as_deref(), until.as_deref(), today).map_err(|error| {
            let names = if self.date.is_some() { ["date", "date"] } else { ["since", "until"] };
            let sentence = match error {
                DatesError::Since(reason) => format!("'{}': {reason}", names[0]),
                DatesError::Until(reason) => format!("'{}': {reason}", names[1]),
                error => error.to_string(),
            };
            errors::option(sentence)
        })
    }
}
