//! Values of fields: what a value of JSON states as a text, a name, an address or a date, in the forms that exports have.

mod dates;
mod prose;

use serde_json::{Map, Value};

use super::xml;
use crate::text::script::is_unspaced;
use crate::text::{Language, tidy};

pub(super) use dates::{date, date_of};
pub(super) use prose::{Prose, has_own_facts, most_end_sentences, prose, states};

/// Most levels of objects around one value.
const MOST_DEPTH: usize = 8;

/// Keys that hold the value of an object, as a text.
const TEXT_KEYS: &[&str] =
    &["rendered", "html", "text", "value", "content", "body", "#text", "$t", "_", "__cdata", "plain", "main", "raw"];

/// The first value of an object whose keys are languages: `{"en-US": "...", "de": "..."}`.
pub(super) fn of_locale(object: &Map<String, Value>) -> Option<&Value> {
    is_of_languages(object).then(|| object.values().find(|value| !is_empty(value))).flatten()
}

/// A value that is a table of languages.
pub(super) fn languages(value: &Value) -> Option<&Map<String, Value>> {
    value.as_object().filter(|object| is_of_languages(object))
}

/// Are the keys of an object languages? Codes such as `id` and `no` are also keys of records, so that one key has to be a
/// code that is no word, or to have a region.
fn is_of_languages(object: &Map<String, Value>) -> bool {
    #[rustfmt::skip]
    const SURE: &[&str] = &[
        "en", "de", "fr", "es", "it", "pt", "nl", "sv", "da", "fi", "nb", "nn", "pl", "cs", "ru", "uk", "zh", "ja", "ko",
        "ar", "el", "hu", "ro", "bg", "hr", "sr", "sk", "sl", "mk", "et", "lv", "lt", "vi", "fa", "he", "ur", "bn", "ta", "te",
        "ka", "hy", "az", "kk", "uz", "sw", "af", "ca", "eu", "gl", "cy",
    ];
    let parts = |key: &str| {
        let (language, region) = key.split_once(['-', '_']).unwrap_or((key, ""));
        (language.to_string(), region.to_string())
    };
    let is_tag = |key: &String| {
        let (language, region) = parts(key);
        let is_region = match region.len() {
            0 => true,
            2 | 4 => region.bytes().all(|byte| byte.is_ascii_alphabetic()),
            3 => region.bytes().all(|byte| byte.is_ascii_digit()),
            _ => false,
        };
        language.len() == 2
            && language.bytes().all(|byte| byte.is_ascii_lowercase())
            && is_region
            && Language::from_code(&language) != Language::UNKNOWN
    };
    let is_sure = |key: &String| {
        let (language, region) = parts(key);
        SURE.contains(&language.as_str()) || region.starts_with(|c: char| c.is_ascii_uppercase() || c.is_ascii_digit())
    };
    object.keys().all(is_tag) && object.keys().any(is_sure)
}

/// Does a value state nothing?
pub(super) fn is_empty(value: &Value) -> bool {
    match value {
        Value::Null => true,
        Value::String(text) => text.trim().is_empty(),
        Value::Array(list) => list.is_empty(),
        Value::Object(object) => object.is_empty(),
        Value::Bool(_) | Value::Number(_) => false,
    }
}

/// Is the text HTML? Decided by the tags in its first 4,000 bytes.
pub(super) fn looks_like_markup(text: &str) -> bool {
    const SIGNS: &[&str] = &[
        "</p>",
        "<p>",
        "<p ",
        "</h2>",
        "</h3>",
        "</div>",
        "</a>",
        "</b>",
        "</strong>",
        "</em>",
        "</i>",
        "</span>",
        "</li>",
        "<br>",
        "<br/>",
        "<br />",
        "</blockquote>",
        "</figcaption>",
    ];
    let head = &text[..text.floor_char_boundary(4_000)];
    head.contains('<') && SIGNS.iter().any(|sign| head.contains(sign))
}

/// Plain text without entities; HTML as it is.
pub(super) fn unescaped_unless_markup(text: &str) -> String {
    if looks_like_markup(text) { text.to_string() } else { unescaped(text) }
}

/// Plain text whose characters were escaped for a page: `&amp;`, `&#8217;`.
pub(super) fn unescaped(text: &str) -> String {
    if !text.contains('&') || !text.contains(';') {
        return text.to_string();
    }
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find('&') {
        out.push_str(&rest[..at]);
        rest = &rest[at..];
        let end = rest[1..].find(|c: char| !c.is_ascii_alphanumeric() && c != '#').map(|end| end + 1);
        match end.filter(|&end| rest[end..].starts_with(';') && end > 1 && end < 12) {
            Some(end) => {
                out.push_str(&xml::entity(&rest[1..end]));
                rest = &rest[end + 1..];
            }
            None => {
                out.push('&');
                rest = &rest[1..];
            }
        }
    }
    out.push_str(rest);
    out
}

/// A text of one line without tags and entities.
pub(super) fn line(text: &str) -> String {
    let without_tags = |text: &str| {
        let mut out = String::with_capacity(text.len());
        let mut rest = text;
        while let Some(at) = rest.find('<') {
            let tag = rest[at + 1..].starts_with(|c: char| c == '/' || c == '!' || c.is_ascii_alphabetic());
            let end = rest[at..].find('>').filter(|_| tag);
            out.push_str(&rest[..at]);
            rest = match end {
                Some(end) => &rest[at + end + 1..],
                None => {
                    out.push('<');
                    &rest[at + 1..]
                }
            };
        }
        out.push_str(rest);
        out
    };
    tidy(&unescaped(&without_tags(text)))
}

/// Is all of the text an address on the web?
pub(super) fn is_address(text: &str) -> bool {
    let text = text.trim();
    (text.starts_with("http://") || text.starts_with("https://")) && !text.contains(char::is_whitespace)
}

/// Is the text running text: some words, or some characters of a script without spaces?
pub(super) fn is_prose(text: &str) -> bool {
    const LEAST_WORDS: usize = 8;
    const LEAST_UNSPACED: usize = 16;
    if is_address(text) {
        return false;
    }
    let head = &text[..text.floor_char_boundary(2_000)];
    head.split_whitespace().filter(|word| word.chars().any(char::is_alphabetic)).nth(LEAST_WORDS - 1).is_some()
        || head.chars().filter(|&c| is_unspaced(c)).nth(LEAST_UNSPACED - 1).is_some()
}

/// A value as a short text: strings, numbers, the name of an object, lists joined by commas.
pub(super) fn plain_text(value: &Value) -> Option<String> {
    plain_at(value, 0)
}

fn plain_at(value: &Value, depth: usize) -> Option<String> {
    const KEYS: &[&str] = &[
        "name",
        "title",
        "main",
        "original",
        "rendered",
        "basic",
        "label",
        "value",
        "text",
        "#text",
        "$t",
        "_",
        "__cdata",
        "term",
        "displayName",
        "display_name",
        "full_name",
        "fullName",
        "@id",
        "$oid",
        "$numberLong",
        "href",
        "screen_name",
        "username",
        "slug",
        "contrib",
        "node",
    ];
    if depth > MOST_DEPTH {
        return None;
    }
    match value {
        Value::String(text) => Some(text.clone()),
        Value::Number(number) => Some(number.to_string()),
        Value::Object(object) => person(object).or_else(|| plain_at(of_locale(object)?, depth + 1)).or_else(|| {
            KEYS.iter().find_map(|key| {
                object.get(*key).and_then(|value| plain_at(value, depth + 1)).filter(|text| !text.trim().is_empty())
            })
        }),
        Value::Array(values) => {
            let texts: Vec<String> = values
                .iter()
                .filter_map(|value| plain_at(value, depth + 1))
                .filter(|text| !text.trim().is_empty())
                .take(100)
                .collect();
            (!texts.is_empty()).then(|| texts.join(", "))
        }
        Value::Null | Value::Bool(_) => None,
    }
}

/// A name in parts: `{"given": "Petra", "family": "Solheim"}`.
fn person(object: &Map<String, Value>) -> Option<String> {
    const FIRST: &[&str] =
        &["given", "first", "firstname", "givenname", "vorname", "prenom", "nombre", "forename", "givennames"];
    const LAST: &[&str] = &["family", "last", "lastname", "familyname", "surname", "nachname", "nom", "apellido"];
    let part = |names: &[&str]| {
        let found = object.iter().find(|(key, _)| names.contains(&super::names::plain_name(key).as_str()))?;
        found.1.as_str().map(tidy).filter(|name| !name.is_empty())
    };
    match (part(FIRST), part(LAST)) {
        (Some(first), Some(last)) => Some(format!("{first} {last}")),
        // `nom` and `nombre` alone are names of anything.
        (None, Some(last)) if object.contains_key("family") => Some(last),
        _ => None,
    }
}

/// The address that a value states.
pub(super) fn address(value: &Value) -> Option<String> {
    match value {
        Value::String(text) => is_address(text).then(|| tidy(text)),
        Value::Array(values) => values.iter().take(20).find_map(address),
        Value::Object(object) => {
            ["href", "url", "@id", "rendered", "value", "#text", "canonical"].iter().find_map(|key| {
                object.get(*key).and_then(|value| value.as_str()).filter(|text| is_address(text)).map(tidy)
            })
        }
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn entities_are_resolved_once() {
        for (text, expected) in [
            ("Ferry crews&#8217; vote &amp; pay", "Ferry crews’ vote & pay"),
            ("R&D; AT&T", "R&D; AT&T"),
            ("&amp;lt;", "&lt;"),
        ] {
            assert_eq!(unescaped(text), expected);
        }
    }
}
