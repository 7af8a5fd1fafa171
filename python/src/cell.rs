//! A value of a table: what it is in Python, and how it is shown.

use std::borrow::Cow;

use pyo3::prelude::*;
use pyo3::sync::PyOnceLock;
use pyo3::types::PyString;

/// The type of a column.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kind {
    Text,
    Texts,
    Count,
    Number,
    /// A day.
    Day,
    /// Ranges of a text, in code points.
    Spans,
}

/// A value of a column.
#[derive(Debug, Clone)]
pub(crate) enum Cell<'a> {
    Text(Option<Cow<'a, str>>),
    Texts(Cow<'a, [String]>),
    Count(Option<u64>),
    Number(Option<f64>),
    /// Days since 1970.
    Day(Option<i32>),
    Spans(Vec<(u32, u32)>),
}

impl<'a> Cell<'a> {
    pub(crate) fn text(text: Option<&'a str>) -> Cell<'a> {
        Cell::Text(text.map(Cow::Borrowed))
    }

    pub(crate) fn owned(text: impl Into<String>) -> Cell<'a> {
        Cell::Text(Some(Cow::Owned(text.into())))
    }

    pub(crate) fn count(count: impl Into<u64>) -> Cell<'a> {
        Cell::Count(Some(count.into()))
    }

    /// A day written as ISO 8601 has it.
    pub(crate) fn day(iso: Option<&str>) -> Cell<'a> {
        Cell::Day(iso.and_then(days_since_1970))
    }

    /// The value, apart from what it was read from.
    pub(crate) fn into_owned(self) -> Cell<'static> {
        match self {
            Cell::Text(text) => Cell::Text(text.map(|text| Cow::Owned(text.into_owned()))),
            Cell::Texts(texts) => Cell::Texts(Cow::Owned(texts.into_owned())),
            Cell::Count(count) => Cell::Count(count),
            Cell::Number(number) => Cell::Number(number),
            Cell::Day(day) => Cell::Day(day),
            Cell::Spans(spans) => Cell::Spans(spans),
        }
    }

    /// The value in Python.
    pub(crate) fn to_python<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyAny>> {
        Ok(match self {
            Cell::Text(text) => match text {
                Some(text) => PyString::new(py, text).into_any(),
                None => py.None().into_bound(py),
            },
            Cell::Texts(texts) => texts.as_ref().into_pyobject(py)?,
            Cell::Count(count) => count.into_pyobject(py)?,
            Cell::Number(number) => number.into_pyobject(py)?,
            Cell::Day(None) => py.None().into_bound(py),
            Cell::Day(Some(day)) => date(py, *day)?,
            Cell::Spans(spans) => spans.into_pyobject(py)?,
        })
    }

    /// The value as a page shows it.
    pub(crate) fn shown(&self) -> String {
        match self {
            Cell::Text(text) => text.as_deref().unwrap_or_default().to_string(),
            Cell::Texts(texts) => texts.join("; "),
            Cell::Count(count) => count.map(|count| count.to_string()).unwrap_or_default(),
            Cell::Number(number) => number.map(|number| format!("{number:.2}")).unwrap_or_default(),
            Cell::Day(day) => day.map(iso).unwrap_or_default(),
            Cell::Spans(spans) => spans.len().to_string(),
        }
    }
}

/// Day 1 of Python's calendar is the first of the year 1; this is the first of 1970.
const ORDINAL_OF_1970: i32 = 719_163;

fn date(py: Python<'_>, day: i32) -> PyResult<Bound<'_, PyAny>> {
    static FROM_ORDINAL: PyOnceLock<Py<PyAny>> = PyOnceLock::new();
    let from_ordinal = FROM_ORDINAL.get_or_try_init(py, || {
        let class = py.import("datetime")?.getattr("date")?;
        class.getattr("fromordinal").map(Bound::unbind)
    })?;
    from_ordinal.bind(py).call1((day + ORDINAL_OF_1970,))
}

/// Days since 1970 of a day of the Gregorian calendar, `2023-09-12`; the years that Python has, 1 to 9999.
fn days_since_1970(iso: &str) -> Option<i32> {
    let mut numbers = iso.splitn(3, '-').map(|part| part.parse::<i32>().ok());
    let (year, month, day) = (numbers.next()??, numbers.next()??, numbers.next()??);
    if !(1..=9_999).contains(&year) || !(1..=12).contains(&month) || !(1..=31).contains(&day) {
        return None;
    }
    // Years from March, so that the leap day is the last of its year.
    let year = if month > 2 { year } else { year - 1 };
    let (era, of_era) = (year.div_euclid(400), year.rem_euclid(400));
    let of_year = (153 * ((month + 9) % 12) + 2) / 5 + day - 1;
    Some(era * 146_097 + of_era * 365 + of_era / 4 - of_era / 100 + of_year - 719_468)
}

/// The day, as ISO 8601 has it.
fn iso(day: i32) -> String {
    let day = day + 719_468;
    let (era, of_era) = (day.div_euclid(146_097), day.rem_euclid(146_097));
    let year_of_era = (of_era - of_era / 1_460 + of_era / 36_524 - of_era / 146_096) / 365;
    let of_year = of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let from_march = (5 * of_year + 2) / 153;
    let month = if from_march < 10 { from_march + 3 } else { from_march - 9 };
    let year = era * 400 + year_of_era + i32::from(month <= 2);
    format!("{year:04}-{month:02}-{:02}", of_year - (153 * from_march + 2) / 5 + 1)
}
