//! The terms, exact values and hashes by which articles and passages are found again.

use xxhash_rust::xxh3::xxh3_64;

use super::schema::exact_column;
use crate::model::{Article, Passage};
use crate::text::fold::{composed, fold_value};
use crate::vocabulary::TextField;

/// Separates the two halves of a path's term.
pub(crate) const PATH_END: char = '\0';

/// The term of a path in its column: the path in lower case and composed, by which it is found, then the original if that differs.
#[must_use]
pub(crate) fn path_term(path: &str) -> String {
    let mut term = exact_value(TextField::Path, path);
    if term != path {
        term.push(PATH_END);
        term.push_str(path);
    }
    term.truncate(truncated(&term).len());
    term
}

/// The path of a term of the column.
#[must_use]
pub(crate) fn path_of_term(term: &str) -> &str {
    term.split_once(PATH_END).map_or(term, |(_, path)| path)
}

/// The term of an exact value: `field=value`, the value folded. For a field with an [`exact_column`] it is the folded
/// value, which is the term in the column, or for a path a prefix of it.
#[must_use]
pub(crate) fn exact_term(field: TextField, text: &str) -> String {
    let value = exact_value(field, text);
    let value = truncated(&value);
    if exact_column(field).is_some() { value.to_string() } else { format!("{}={value}", field.name()) }
}

/// The form in which exact values are compared: folded, but in paths and URLs every character counts. A path is compared
/// with its letters composed, because macOS gives names with decomposed letters, and keyboards type composed ones.
#[must_use]
pub(crate) fn exact_value(field: TextField, text: &str) -> String {
    match field {
        TextField::Path | TextField::Url => composed(&composed(text).to_lowercase()).into_owned(),
        _ => fold_value(text),
    }
}

/// A value cut to the length that terms may have.
pub(super) fn truncated(text: &str) -> &str {
    const MAX_BYTES: usize = 1_000;
    &text[..text.floor_char_boundary(MAX_BYTES)]
}

impl Article {
    /// Hash of path and record, by which articles with equal scores are ordered.
    #[must_use]
    pub(crate) fn order(&self) -> u64 {
        self.order_of(&self.path)
    }

    /// [`Article::order`] if the article had this path.
    #[must_use]
    pub(crate) fn order_of(&self, path: &str) -> u64 {
        xxh3_64(format!("{path}\0{}", self.record.as_deref().unwrap_or("")).as_bytes())
    }

    /// Hash of the file's number and the record. The path would not do: two folders may be shown under one name.
    #[must_use]
    pub(crate) fn record_key(&self, file: u64) -> u64 {
        let kind = if self.own_id { "own" } else { "number" };
        xxh3_64(format!("{file}\0{kind}\0{}", self.record.as_deref().unwrap_or("")).as_bytes())
    }
}

impl Passage {
    /// The text with its markup replaced by spaces, of which its words are taken.
    #[must_use]
    pub(crate) fn words(&self) -> String {
        crate::article::blank(&self.text, self.markup.iter().map(|&(start, end)| start as usize..end as usize))
    }
}
