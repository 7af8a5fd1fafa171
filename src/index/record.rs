//! What is stored of articles and passages, and the terms and keys by which they are found again.

use xxhash_rust::xxh3::xxh3_64;

use super::schema::exact_column;
use crate::model::{Article, Passage};
use crate::text::fold::fold_value;
use crate::vocabulary::TextField;

/// Parts the two halves of a path's key.
pub const PATH_END: char = '\0';

/// A path as its column holds it: in small letters, by which it is found, then as it is, if that is different.
#[must_use]
pub fn path_key(path: &str) -> String {
    let mut key = whole_value(TextField::Path, path);
    if key != path {
        key.push(PATH_END);
        key.push_str(path);
    }
    key.truncate(bounded(&key).len());
    key
}

/// The path that a key of the column stands for.
#[must_use]
pub fn path_of_key(key: &str) -> &str {
    key.split_once(PATH_END).map_or(key, |(_, path)| path)
}

/// The key under which a whole value is found: the term `field=value`, the value folded. Of a field with a column of
/// values it is the value in the column, or of a path what its key there begins with.
#[must_use]
pub fn whole_key(field: TextField, text: &str) -> String {
    let value = whole_value(field, text);
    let value = bounded(&value);
    if exact_column(field).is_some() { value.to_string() } else { format!("{}={value}", field.name()) }
}

/// A whole value in the form in which two are compared. In paths and URLs every sign counts.
#[must_use]
pub fn whole_value(field: TextField, text: &str) -> String {
    match field {
        TextField::Path | TextField::Url => text.to_lowercase(),
        _ => fold_value(text),
    }
}

/// Values are terms, and terms are bounded; the beginning of a longer value stands for it.
pub(super) fn bounded(text: &str) -> &str {
    const MOST_BYTES: usize = 1_000;
    &text[..text.floor_char_boundary(MOST_BYTES)]
}

impl Article {
    /// The number that orders articles whose scores tie: the same as long as path and record are.
    #[must_use]
    pub fn order(&self) -> u64 {
        self.order_of(&self.path)
    }

    /// The same, if this is its path.
    #[must_use]
    pub fn order_of(&self, path: &str) -> u64 {
        xxh3_64(format!("{path}\0{}", self.record.as_deref().unwrap_or_default()).as_bytes())
    }

    /// The number of a record of the file with this key: two folders may be shown under one name.
    #[must_use]
    pub fn record_key(&self, file: u64) -> u64 {
        let own = if self.own_id { "own" } else { "number" };
        xxh3_64(format!("{file}\0{own}\0{}", self.record.as_deref().unwrap_or_default()).as_bytes())
    }
}

impl Passage {
    /// The text with markup made blank: what its words are cut from.
    #[must_use]
    pub fn words(&self) -> String {
        crate::article::blank(&self.text, self.markup.iter().map(|&(start, end)| start as usize..end as usize))
    }
}
