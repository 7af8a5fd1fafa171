//! Columns of Arrow, and the capsule by which other libraries take them: `__arrow_c_stream__` of the PyCapsule interface. No
//! other library of Python is needed.

use std::sync::Arc;

use arrow_array::builder::{ListBuilder, StringBuilder, StructBuilder, UInt32Builder};
use arrow_array::ffi_stream::FFI_ArrowArrayStream;
use arrow_array::{ArrayRef, Date32Array, Float64Array, RecordBatch, RecordBatchReader, StringArray, UInt64Array};
use arrow_schema::{ArrowError, DataType, Field, Fields, Schema, SchemaRef};
use pyo3::prelude::*;
use pyo3::types::PyCapsule;

use crate::cell::{Cell, Kind};
use crate::fields::FIELDS;

fn span_fields() -> Fields {
    Fields::from(vec![Field::new("start", DataType::UInt32, false), Field::new("end", DataType::UInt32, false)])
}

fn type_of(kind: Kind) -> DataType {
    match kind {
        Kind::Text => DataType::Utf8,
        Kind::Texts => DataType::new_list(DataType::Utf8, false),
        Kind::Count => DataType::UInt64,
        Kind::Number => DataType::Float64,
        Kind::Day => DataType::Date32,
        Kind::Spans => DataType::new_list(DataType::Struct(span_fields()), false),
    }
}

/// The schema of columns.
pub(crate) fn schema<'n>(columns: impl IntoIterator<Item = (&'n str, Kind)>) -> SchemaRef {
    let fields = columns.into_iter().map(|(name, kind)| Field::new(name, type_of(kind), true));
    Arc::new(Schema::new(fields.collect::<Vec<_>>()))
}

/// The schema of hits.
pub(crate) fn schema_of_hits() -> SchemaRef {
    schema(FIELDS.iter().map(|field| (field.name, field.kind)))
}

/// The rows of hits.
pub(crate) fn batch_of_hits(
    schema: &SchemaRef,
    hits: &[impl AsRef<crosshead::Hit>],
) -> Result<RecordBatch, ArrowError> {
    let column = |field: &crate::fields::Field| column(field.kind, hits.iter().map(|hit| (field.get)(hit.as_ref())));
    RecordBatch::try_new(Arc::clone(schema), FIELDS.iter().map(column).collect())
}

/// A column. What is not of its kind is null.
pub(crate) fn column<'a>(kind: Kind, cells: impl Iterator<Item = Cell<'a>>) -> ArrayRef {
    macro_rules! array {
        ($array:ty, $variant:ident) => {
            Arc::new(cells.map(|cell| if let Cell::$variant(value) = cell { value } else { None }).collect::<$array>())
        };
    }
    match kind {
        Kind::Text => array!(StringArray, Text),
        Kind::Count => array!(UInt64Array, Count),
        Kind::Number => array!(Float64Array, Number),
        Kind::Day => array!(Date32Array, Day),
        Kind::Texts => {
            let field = Field::new_list_field(DataType::Utf8, false);
            let mut lists = ListBuilder::new(StringBuilder::new()).with_field(field);
            for cell in cells {
                if let Cell::Texts(texts) = &cell {
                    for text in texts.iter() {
                        lists.values().append_value(text);
                    }
                }
                lists.append(matches!(cell, Cell::Texts(_)));
            }
            Arc::new(lists.finish())
        }
        Kind::Spans => {
            let numbers = || Box::new(UInt32Builder::new()) as Box<dyn arrow_array::builder::ArrayBuilder>;
            let spans = StructBuilder::new(span_fields(), vec![numbers(), numbers()]);
            let field = Field::new_list_field(DataType::Struct(span_fields()), false);
            let mut lists = ListBuilder::new(spans).with_field(field);
            for cell in cells {
                if let Cell::Spans(spans) = &cell {
                    for &(start, end) in spans {
                        for (at, value) in [(0, start), (1, end)] {
                            if let Some(numbers) = lists.values().field_builder::<UInt32Builder>(at) {
                                numbers.append_value(value);
                            }
                        }
                        lists.values().append(true);
                    }
                }
                lists.append(matches!(cell, Cell::Spans(_)));
            }
            Arc::new(lists.finish())
        }
    }
}

/// The capsule of a stream of rows.
pub(crate) fn capsule<'py>(
    py: Python<'py>,
    rows: impl RecordBatchReader + Send + 'static,
) -> PyResult<Bound<'py, PyCapsule>> {
    PyCapsule::new_with_value(py, FFI_ArrowArrayStream::new(Box::new(rows)), c"arrow_array_stream")
}
