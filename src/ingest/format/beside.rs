//! The facts of an article that another file beside it states.

use std::cell::RefCell;
use std::fs::File;
use std::io::Read;
use std::path::{Path, PathBuf};
use std::rc::Rc;
use std::time::SystemTime;

use serde_json::{Map, Value};

use super::object;
use crate::model::Facts;
use crate::text::tidy;

/// Most bytes of a file of facts.
const MOST_BYTES: u64 = 32 << 20;

/// The records of one file of facts.
type Records = Rc<Vec<Map<String, Value>>>;

/// The facts that `files` state of the article in the file at `path`.
pub(in crate::ingest) fn facts(path: &Path, files: &[PathBuf]) -> Option<Facts> {
    let stem = path.file_stem()?.to_str()?;
    let mut found: Option<Facts> = None;
    for file in files {
        let records = records(file)?;
        let is_list =
            records.len() > 1 || file.extension().is_some_and(|extension| extension == "csv") || is_metadata(file);
        let record = records.iter().find(|record| !is_list || is_of(record, stem));
        let Some(record) = record.filter(|record| is_list || states_facts(record)) else { continue };
        let mut facts = object::facts(&Value::Object(record.clone()));
        saved_day(record, &mut facts);
        match &mut found {
            Some(found) => found.fill_from(facts),
            None => found = Some(facts),
        }
    }
    found
}

/// Does the record of a list have its text in a file of the folder `texts`?
pub(in crate::ingest) fn has_text_in(record: &Map<String, Value>, texts: &Path) -> bool {
    let key = ["post_id", "slug"].iter().find_map(|key| record.get(*key).and_then(Value::as_str));
    // A name, not a path that leads elsewhere.
    let key = key.map(tidy).filter(|key| !key.is_empty() && !key.contains(['/', '\\']));
    key.is_some_and(|key| ["html", "md", "txt"].iter().any(|end| texts.join(format!("{key}.{end}")).is_file()))
}

fn is_metadata(file: &Path) -> bool {
    file.file_name().and_then(|name| name.to_str()).is_some_and(|name| name.starts_with("metadata_"))
}

/// Is the record of the file with this name?
fn is_of(record: &Map<String, Value>, stem: &str) -> bool {
    ["post_id", "slug", "id"].iter().filter_map(|key| record.get(*key).and_then(Value::as_str)).any(|key| key == stem)
}

/// Is an object one of facts alone, of an article that is elsewhere?
fn states_facts(record: &Map<String, Value>) -> bool {
    let worth = object::Fields::of(record, &[]).worth();
    !worth.has_text && (worth.has_title || worth.is_addressed)
}

/// ArchiveBox states the time of saving as `timestamp`, which elsewhere is that of publication.
fn saved_day(record: &Map<String, Value>, facts: &mut Facts) {
    if record.contains_key("timestamp") && (record.contains_key("history") || record.contains_key("bookmarked_date")) {
        facts.saved = facts.published.take();
    }
}

/// The records of a file, which is read once for all texts of its folder.
fn records(file: &Path) -> Option<Records> {
    type Read = (PathBuf, Option<SystemTime>, Records);
    thread_local! {
        static LAST: RefCell<Option<Read>> = const { RefCell::new(None) };
    }
    let modified = file.metadata().and_then(|metadata| metadata.modified()).ok();
    let known = LAST.with_borrow(|last| {
        let (path, time, records) = last.as_ref()?;
        (path == file && *time == modified && modified.is_some()).then(|| Rc::clone(records))
    });
    if known.is_some() {
        return known;
    }
    let mut bytes = Vec::new();
    File::open(file).ok()?.take(MOST_BYTES + 1).read_to_end(&mut bytes).ok()?;
    if bytes.len() as u64 > MOST_BYTES {
        return None;
    }
    let is_table = file.extension().is_some_and(|extension| extension == "csv");
    let records = Rc::new(if is_table { rows(&bytes) } else { objects(&bytes) });
    LAST.with_borrow_mut(|last| *last = Some((file.to_path_buf(), modified, Rc::clone(&records))));
    Some(records)
}

fn rows(bytes: &[u8]) -> Vec<Map<String, Value>> {
    let mut reader = csv::ReaderBuilder::new().flexible(true).from_reader(bytes);
    let Ok(header) = reader.headers().cloned() else { return Vec::new() };
    let row = |row: csv::StringRecord| {
        let cells = header.iter().zip(row.iter()).filter(|(_, cell)| !cell.is_empty());
        cells.map(|(name, cell)| (name.to_string(), Value::from(cell))).collect()
    };
    reader.records().filter_map(Result::ok).map(row).collect()
}

fn objects(bytes: &[u8]) -> Vec<Map<String, Value>> {
    match serde_json::from_slice(bytes) {
        Ok(Value::Object(object)) => vec![object],
        Ok(Value::Array(values)) => values
            .into_iter()
            .filter_map(|value| if let Value::Object(object) = value { Some(object) } else { None })
            .collect(),
        _ => Vec::new(),
    }
}
