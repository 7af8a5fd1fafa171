//! The columns of a segment, each opened once.
//!
//! To open a column of a large segment costs as much as to read thousands of its values.

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};

use tantivy::SegmentReader;
use tantivy::columnar::{Column, StrColumn};
use tantivy::fastfield::FastFieldReaders;

/// The columns of a segment that were opened so far.
pub(crate) struct Columns {
    readers: FastFieldReaders,
    unsigned: Opened<u64>,
    signed: Opened<i64>,
}

/// Columns by name; `None` for one that no document has a value in.
type Opened<T> = Mutex<HashMap<&'static str, Option<Column<T>>>>;

impl Columns {
    /// The columns of a segment.
    pub(crate) fn of(reader: &SegmentReader) -> Columns {
        Columns { readers: reader.fast_fields().clone(), unsigned: Opened::default(), signed: Opened::default() }
    }

    /// A column of numbers that are not negative.
    ///
    /// # Errors
    ///
    /// The error of tantivy for a damaged segment.
    pub(crate) fn unsigned(&self, name: &'static str) -> tantivy::Result<Option<Column<u64>>> {
        opened(&self.unsigned, name, || self.readers.column_opt(name))
    }

    /// A column of numbers.
    ///
    /// # Errors
    ///
    /// The error of tantivy for a damaged segment.
    pub(crate) fn signed(&self, name: &'static str) -> tantivy::Result<Option<Column<i64>>> {
        opened(&self.signed, name, || self.readers.column_opt(name))
    }

    /// A column of texts. It is opened anew: little of it is read to open it.
    ///
    /// # Errors
    ///
    /// The error of tantivy for a damaged segment.
    pub(crate) fn texts(&self, name: &'static str) -> tantivy::Result<Option<StrColumn>> {
        self.readers.str(name)
    }
}

fn opened<T: Clone>(
    columns: &Mutex<HashMap<&'static str, Option<T>>>,
    name: &'static str,
    open: impl FnOnce() -> tantivy::Result<Option<T>>,
) -> tantivy::Result<Option<T>> {
    // A panic of another thread leaves no entry incomplete: entries are inserted when they are complete.
    let lock = || columns.lock().unwrap_or_else(PoisonError::into_inner);
    if let Some(column) = lock().get(name) {
        return Ok(column.clone());
    }
    // Opened without the lock, so that other columns can be opened meanwhile.
    let column = open()?;
    Ok(lock().entry(name).or_insert(column).clone())
}
