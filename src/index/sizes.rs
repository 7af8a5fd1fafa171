//! What each field costs on disk.

use std::collections::BTreeMap;

use serde::Serialize;
use tantivy::space_usage::PerFieldSpaceUsage;

use super::{Index, IndexError, manifest};

/// Bytes of one field, over all segments.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct FieldSize {
    /// Its name in the schema; `text` for what is stored, `files` for the manifest.
    pub field: String,
    /// Its dictionary of terms.
    pub terms: u64,
    /// Which documents have which term, how often.
    pub postings: u64,
    /// Where in them.
    pub positions: u64,
    /// Its column, and how long it is in each document.
    pub columns: u64,
    /// What is stored of it.
    pub stored: u64,
}

impl FieldSize {
    /// All of it.
    #[must_use]
    pub fn total(&self) -> u64 {
        self.terms + self.postings + self.positions + self.columns + self.stored
    }
}

/// What each field costs, the dearest first.
///
/// # Errors
///
/// Whatever keeps the index from being read.
pub fn field_sizes(index: &Index) -> Result<Vec<FieldSize>, IndexError> {
    let searcher = index.reader()?.searcher();
    let usage = searcher.space_usage().map_err(|error| index.error(error.into()))?;
    let mut sizes: BTreeMap<String, FieldSize> = BTreeMap::new();
    let mut of = |name: &str, add: &dyn Fn(&mut FieldSize)| {
        add(sizes
            .entry(name.to_string())
            .or_insert_with(|| FieldSize { field: name.to_string(), ..FieldSize::default() }));
    };
    for segment in usage.segments() {
        let mut each = |component: &PerFieldSpaceUsage, add: &dyn Fn(&mut FieldSize, u64)| {
            for field in component.fields() {
                of(field.field_name(), &|size| add(size, field.total().get_bytes()));
            }
        };
        each(segment.termdict(), &|size, bytes| size.terms += bytes);
        each(segment.postings(), &|size, bytes| size.postings += bytes);
        each(segment.positions(), &|size, bytes| size.positions += bytes);
        each(segment.fast_fields(), &|size, bytes| size.columns += bytes);
        each(segment.fieldnorms(), &|size, bytes| size.columns += bytes);
        of("text", &|size| size.stored += segment.store().total().get_bytes());
    }
    let list = index.folder().join(manifest::file_name(index.payload()?.generation));
    let bytes = std::fs::metadata(list).map_or(0, |metadata| metadata.len());
    of("files", &|size| size.stored += bytes);
    let mut out: Vec<FieldSize> = sizes.into_values().filter(|size| size.total() > 0).collect();
    out.sort_by_key(|size| std::cmp::Reverse(size.total()));
    Ok(out)
}
