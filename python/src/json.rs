//! What the library serialises, as Python's own types: the shapes that the program prints with `--json`.

use pyo3::prelude::*;
use pyo3::types::{PyDict, PyList, PyString};
use serde::Serialize;
use serde_json::Value;

use crate::errors;

/// The value as JSON has it.
pub(crate) fn value_of(value: &impl Serialize) -> PyResult<Value> {
    serde_json::to_value(value).map_err(|error| errors::other(format!("a result has no form in JSON: {error}")))
}

/// Facts with the name that a date's origin has in Python, where `published_from` is a day.
pub(crate) fn renamed(facts: Value) -> Value {
    let Value::Object(entries) = facts else { return facts };
    let named = entries.into_iter().map(|(name, value)| match name.as_str() {
        "published_from" => ("dated_by".to_string(), value),
        _ => (name, value),
    });
    Value::Object(named.collect())
}

/// The value in Python: dictionaries, lists, texts, numbers.
pub(crate) fn to_python<'py>(py: Python<'py>, value: &Value) -> PyResult<Bound<'py, PyAny>> {
    Ok(match value {
        Value::Null => py.None().into_bound(py),
        Value::Bool(flag) => flag.into_pyobject(py)?.to_owned().into_any(),
        Value::Number(number) => match (number.as_u64(), number.as_i64()) {
            (Some(number), _) => number.into_pyobject(py)?.into_any(),
            (None, Some(number)) => number.into_pyobject(py)?.into_any(),
            (None, None) => number.as_f64().into_pyobject(py)?,
        },
        Value::String(text) => PyString::new(py, text).into_any(),
        Value::Array(values) => {
            let list = PyList::empty(py);
            for value in values {
                list.append(to_python(py, value)?)?;
            }
            list.into_any()
        }
        Value::Object(entries) => {
            let dict = PyDict::new(py);
            for (name, value) in entries {
                dict.set_item(name, to_python(py, value)?)?;
            }
            dict.into_any()
        }
    })
}

/// What the library serialises, in Python.
pub(crate) fn serialised<'py>(py: Python<'py>, value: &impl Serialize) -> PyResult<Bound<'py, PyAny>> {
    to_python(py, &value_of(value)?)
}
