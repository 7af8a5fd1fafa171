//! Disk space by field.

use std::collections::BTreeMap;

use serde::Serialize;
use tantivy::space_usage::PerFieldSpaceUsage;

use super::{Index, IndexError, manifest};

/// Disk space of a field in bytes, over all segments.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct FieldSize {
    /// Its name in the schema, `text` for the store, or `files` for the manifest.
    pub field: String,
    /// Its term dictionary.
    pub terms: u64,
    /// Its posting lists.
    pub postings: u64,
    /// Its positions.
    pub positions: u64,
    /// Its column and its field norms.
    pub columns: u64,
    /// Its stored values.
    pub stored: u64,
}

impl FieldSize {
    /// Sum of all parts.
    #[must_use]
    pub fn total(&self) -> u64 {
        self.terms + self.postings + self.positions + self.columns + self.stored
    }
}

/// Disk space of each field, the largest first.
///
/// # Errors
///
/// Any error of reading the index.
pub fn field_sizes(index: &Index) -> Result<Vec<FieldSize>, IndexError> {
    let searcher = index.reader()?.searcher();
    let usage = searcher.space_usage().map_err(|error| index.error(error.into()))?;
    let mut sizes: BTreeMap<String, FieldSize> = BTreeMap::new();
    let mut add_to = |name: &str, add: &dyn Fn(&mut FieldSize)| {
        add(sizes
            .entry(name.to_string())
            .or_insert_with(|| FieldSize { field: name.to_string(), ..FieldSize::default() }));
    };
    for segment in usage.segments() {
        let mut each = |component: &PerFieldSpaceUsage, add: &dyn Fn(&mut FieldSize, u64)| {
            for field in component.fields() {
                add_to(field.field_name(), &|size| add(size, field.total().get_bytes()));
            }
        };
        each(segment.termdict(), &|size, bytes| size.terms += bytes);
        each(segment.postings(), &|size, bytes| size.postings += bytes);
        each(segment.positions(), &|size, bytes| size.positions += bytes);
        each(segment.fast_fields(), &|size, bytes| size.columns += bytes);
        each(segment.fieldnorms(), &|size, bytes| size.columns += bytes);
        add_to("text", &|size| size.stored += segment.store().total().get_bytes());
    }
    let manifest = index.folder().join(manifest::file_name(index.payload()?.generation));
    let bytes = std::fs::metadata(manifest).map_or(0, |metadata| metadata.len());
    add_to("files", &|size| size.stored += bytes);
    let mut out: Vec<FieldSize> = sizes.into_values().filter(|size| size.total() > 0).collect();
    out.sort_by_key(|size| std::cmp::Reverse(size.total()));
    Ok(out)
}
