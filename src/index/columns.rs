//! The columns of a segment, each opened once.
//!
//! To open a column of a large segment costs as much as to read thousands of its values.

use std::collections::HashMap;
use std::sync::atomic::{AtomicBool, AtomicU64};
use std::sync::{Arc, Mutex, OnceLock, PoisonError};

use tantivy::columnar::{Column, StrColumn};
use tantivy::fastfield::FastFieldReaders;
use tantivy::{DocId, SegmentReader};

use super::record::path_of_term;
use super::renames::Renames;
use super::schema;

/// The columns of a segment that were opened so far.
pub(crate) struct Columns {
    readers: FastFieldReaders,
    unsigned: Opened<Column<u64>>,
    signed: Opened<Column<i64>>,
    texts: Opened<StrColumn>,
    folders: OnceLock<Arc<Folders>>,
    articles: OnceLock<Arc<Vec<DocId>>>,
    tables: Mutex<HashMap<&'static str, Arc<Table>>>,
}

/// The values of a fact of all articles of a segment, a number each. A column has a row for each passage, in which those of
/// articles are searched one by one; a table is read in order.
#[derive(Default)]
pub(crate) struct Table {
    /// Articles whose values were read from the column so far.
    pub(crate) asked: AtomicU64,
    /// By the number of the article; empty until it is worth it.
    pub(crate) values: OnceLock<Vec<u32>>,
    /// Does a thread make it?
    pub(crate) is_being_made: AtomicBool,
}

/// Columns by name; `None` for one that no document has a value in.
type Opened<T> = Mutex<HashMap<&'static str, Option<T>>>;

/// The folders of the files of a segment, as they are shown.
#[derive(Debug, Default)]
pub(crate) struct Folders {
    pub(crate) names: Vec<String>,
    /// The number of the folder of each path, by the path's ordinal in its column.
    pub(crate) by_path: Vec<u32>,
}

impl Folders {
    /// Reads all paths: one by one, each would be unpacked with its neighbours.
    ///
    /// # Errors
    ///
    /// An error of reading the column.
    fn of(paths: &StrColumn, renames: &Renames) -> std::io::Result<Folders> {
        let mut folders = Folders::default();
        let mut numbers: HashMap<String, u32> = HashMap::new();
        let mut terms = paths.dictionary().stream()?;
        let mut last: (String, u32) = Default::default();
        while terms.advance() {
            let path = String::from_utf8_lossy(terms.key());
            let path = renames.shown(path_of_term(&path));
            let folder = path.rsplit_once('/').map_or(".", |(folder, _)| folder);
            let folder = if folder.is_empty() { "/" } else { folder };
            // Paths are in order, so that those of a folder are mostly together.
            if last.0 == folder {
                folders.by_path.push(last.1);
                continue;
            }
            let number = match numbers.get(folder) {
                Some(&known) => known,
                None => {
                    let number = folders.names.len() as u32;
                    folders.names.push(folder.to_string());
                    numbers.insert(folder.to_string(), number);
                    number
                }
            };
            folders.by_path.push(number);
            last = (folder.to_string(), number);
        }
        // Numbers are in the order of the names, as ordinals are in that of texts.
        let mut order: Vec<u32> = (0..folders.names.len() as u32).collect();
        order.sort_by(|a, b| folders.names[*a as usize].cmp(&folders.names[*b as usize]));
        let mut numbers = vec![0; order.len()];
        for (number, old) in (0..).zip(&order) {
            numbers[*old as usize] = number;
        }
        folders.names.sort_unstable();
        folders.by_path.iter_mut().for_each(|folder| *folder = numbers[*folder as usize]);
        Ok(folders)
    }
}

impl Columns {
    /// The columns of a segment.
    pub(crate) fn of(reader: &SegmentReader) -> Columns {
        Columns {
            readers: reader.fast_fields().clone(),
            unsigned: Opened::default(),
            signed: Opened::default(),
            texts: Opened::default(),
            folders: OnceLock::new(),
            articles: OnceLock::new(),
            tables: Mutex::default(),
        }
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

    /// A column of texts.
    ///
    /// # Errors
    ///
    /// The error of tantivy for a damaged segment.
    pub(crate) fn texts(&self, name: &'static str) -> tantivy::Result<Option<StrColumn>> {
        opened(&self.texts, name, || self.readers.str(name))
    }

    /// The folders of its files, as they are shown.
    ///
    /// # Errors
    ///
    /// The error of tantivy for a damaged segment.
    pub(crate) fn folders(&self, renames: &Renames) -> tantivy::Result<Arc<Folders>> {
        if let Some(known) = self.folders.get() {
            return Ok(Arc::clone(known));
        }
        let paths = self.texts(schema::Column::Path.name())?;
        let read = paths.map_or_else(|| Ok(Folders::default()), |paths| Folders::of(&paths, renames))?;
        Ok(Arc::clone(self.folders.get_or_init(|| Arc::new(read))))
    }

    /// The first documents of all articles, which `read` reads.
    pub(crate) fn articles(&self, read: impl FnOnce() -> Vec<DocId>) -> Arc<Vec<DocId>> {
        Arc::clone(self.articles.get_or_init(|| Arc::new(read())))
    }

    /// The table of a fact of this name.
    pub(crate) fn table(&self, name: &'static str) -> Arc<Table> {
        let mut tables = self.tables.lock().unwrap_or_else(PoisonError::into_inner);
        Arc::clone(tables.entry(name).or_default())
    }

    /// The stored paths of the articles with these first documents.
    ///
    /// # Errors
    ///
    /// The error of tantivy for a damaged segment.
    pub(crate) fn paths(&self, first_docs: &[DocId]) -> tantivy::Result<Vec<Arc<str>>> {
        let Some(paths) = self.texts(schema::Column::Path.name())? else {
            return Ok(vec!["".into(); first_docs.len()]);
        };
        let ords: Vec<u64> = first_docs.iter().map(|&doc| paths.term_ords(doc).next().unwrap_or(0)).collect();
        let mut sorted = ords.clone();
        sorted.sort_unstable();
        sorted.dedup();
        // One by one, each would be unpacked with its neighbours.
        let mut names: Vec<Arc<str>> = Vec::with_capacity(sorted.len());
        paths.dictionary().sorted_ords_to_term_cb(&sorted, |term| {
            names.push(path_of_term(&String::from_utf8_lossy(term)).into());
        })?;
        let name = |ord: u64| sorted.binary_search(&ord).ok().and_then(|at| names.get(at)).cloned();
        Ok(ords.into_iter().map(|ord| name(ord).unwrap_or_else(|| "".into())).collect())
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
