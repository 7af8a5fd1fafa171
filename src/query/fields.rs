//! Names of fields in queries, their aliases, and the closest name to one that is mistyped.

use crate::vocabulary::{Number, TextField};

/// A text field that can be named in a query.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum FieldName {
    /// A field of the index.
    Text(TextField),
    /// The first paragraphs of the article.
    Lede,
    /// The title or the lede.
    TitleOrLede,
}

impl FieldName {
    /// The field of a name or alias.
    #[must_use]
    pub fn from_name(name: &str) -> Option<FieldName> {
        Some(FieldName::Text(match name {
            "title" | "headline" | "hd" => TextField::Title,
            "heading" | "section" => TextField::Heading,
            "under" => TextField::Under,
            "byline" | "author" | "by" => TextField::Byline,
            "dateline" => TextField::Dateline,
            "source" | "publication" | "pub" => TextField::Source,
            "desk" => TextField::Desk,
            "url" => TextField::Url,
            "path" => TextField::Path,
            "lang" => TextField::Lang,
            "tag" => TextField::Tag,
            "speaker" => TextField::Speaker,
            "body" => TextField::Body,
            "lede" | "lead" => return Some(FieldName::Lede),
            "hlead" => return Some(FieldName::TitleOrLede),
            _ => return None,
        }))
    }

    /// Its name in queries.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            FieldName::Text(field) => field.name(),
            FieldName::Lede => "lede",
            FieldName::TitleOrLede => "hlead",
        }
    }
}

/// Whether `name` is a field, of text or of numbers, or a filter.
pub(super) fn is_field(name: &str) -> bool {
    let numbers = [Number::Date, Number::Updated, Number::Added, Number::Words, Number::Level];
    FieldName::from_name(name).is_some()
        || matches!(name, "is" | "id" | "like" | "name")
        || numbers.iter().any(|number| number.name() == name)
}

/// What is written here for `name:value`, where `name` is a field of another search engine.
pub(super) fn replacement(name: &str, value: &str) -> Option<String> {
    Some(match name {
        "site" | "domain" | "host" | "inurl" => format!("url:*{value}*"),
        "filetype" | "ext" => format!("path:*.{value}"),
        "from" | "writer" | "au" => format!("byline:{value}"),
        "year" | "day" | "month" | "py" | "dt" => format!("date:{value}"),
        "since" | "after" => format!("date:{value}.."),
        "before" | "until" => format!("date:..{value}"),
        "intitle" | "subject" | "allintitle" | "ti" => format!("title:{value}"),
        "language" => format!("lang:{value}"),
        "text" | "content" | "intext" => format!("body:{value}"),
        "wc" => format!("words:{value}"),
        _ => return None,
    })
}

/// Whether `name` is a field of words. Paths and URLs have signs in their values.
pub(super) fn is_field_of_words(name: &str) -> bool {
    name == "name"
        || FieldName::from_name(name)
            .is_some_and(|field| !matches!(field, FieldName::Text(TextField::Path | TextField::Url | TextField::Lang)))
}

/// The field name that is one typing error away from `name`, for a suggestion. Shorter names than four letters are too
/// close to too much.
pub(super) fn closest(name: &str) -> Option<&'static str> {
    const MIN_LENGTH: usize = 4;
    const SUGGESTED: &[&str] = &[
        "title",
        "headline",
        "heading",
        "section",
        "under",
        "byline",
        "author",
        "dateline",
        "source",
        "publication",
        "desk",
        "url",
        "path",
        "lang",
        "speaker",
        "body",
        "date",
        "lede",
        "lead",
        "hlead",
        "updated",
        "added",
        "words",
        "level",
    ];
    SUGGESTED.iter().copied().find(|field| name.len() >= MIN_LENGTH && is_one_edit(name, field))
}

/// Whether `name` can only be a mistyped `field`, of which it is one edit away: letters are swapped, or it is long and no
/// other form of the word. `data`, `disk`, `tile`, `update` and `words` are words of their own.
pub(super) fn is_mistyped(name: &str, field: &str) -> bool {
    const MIN_LENGTH: usize = 5;
    const MIN_LENGTH_SUBSTITUTED: usize = 6;
    let mut letters = (name.chars().collect::<Vec<_>>(), field.chars().collect::<Vec<_>>());
    letters.0.sort_unstable();
    letters.1.sort_unstable();
    if letters.0 == letters.1 {
        return true;
    }
    let is_other_form = [name.strip_prefix(field), field.strip_prefix(name), name.strip_suffix(field)];
    if name.len() == field.len() {
        name.len() >= MIN_LENGTH_SUBSTITUTED
    } else {
        name.len() >= MIN_LENGTH && is_other_form.iter().all(Option::is_none)
    }
}

/// Whether `name` becomes `field` by one insertion, deletion, substitution or swap of neighbouring letters.
fn is_one_edit(name: &str, field: &str) -> bool {
    let (a, b) = (name.as_bytes(), field.as_bytes());
    let common = a.iter().zip(b).take_while(|(x, y)| x == y).count();
    match (&a[common..], &b[common..]) {
        ([], []) => false,
        ([_, x @ ..], [_, y @ ..]) if x == y => true,
        ([_, x @ ..], y) if x == y => true,
        (x, [_, y @ ..]) if x == y => true,
        ([p, q, x @ ..], [r, s, y @ ..]) => p == s && q == r && x == y,
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_not_mistyped_fields() {
        for (name, expected) in [
            ("hedaing", true),
            ("titel", true),
            ("dsek", true),
            ("tittle", true),
            ("autnor", true),
            ("disk", false),
            ("data", false),
            ("tile", false),
            ("slang", false),
            ("update", false),
            ("sources", false),
        ] {
            assert_eq!(closest(name).is_some_and(|field| is_mistyped(name, field)), expected, "{name}");
        }
    }

    #[test]
    fn closest_name_is_one_edit_away() {
        for (name, expected) in [
            ("hedaing", Some("heading")),
            ("titel", Some("title")),
            ("sourcex", Some("source")),
            ("sources", Some("source")),
            ("tittle", Some("title")),
            ("dask", Some("desk")),
            ("title", None),
            ("ttl", None),
            ("tilet", None),
        ] {
            assert_eq!(closest(name), expected, "{name}");
        }
    }
}
