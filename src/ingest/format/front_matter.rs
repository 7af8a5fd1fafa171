//! Front matter: facts at the top of a text, in YAML between lines `---`, in TOML between lines `+++`, or as an object of
//! JSON. Generators of sites and note-taking programs write it above Markdown, HTML, and any other markup.

use serde_json::Value;

use super::object;
use crate::model::Facts;

/// Longest front matter in bytes.
const MAX_BYTES: usize = 64 << 10;

/// Front matter at the beginning of a text.
#[derive(Debug)]
pub(super) struct FrontMatter {
    /// The facts that it states.
    pub(super) facts: Facts,
    /// Where it ends in the text.
    pub(super) end: usize,
}

/// The front matter of a text; `None` if it begins with anything else.
pub(super) fn of(text: &str) -> Option<FrontMatter> {
    let start = text.len() - text.trim_start_matches('\u{feff}').len();
    let (value, end) = json(text, start).or_else(|| fenced(text, start))?;
    Some(FrontMatter { facts: facts(value), end })
}

/// The facts of fields that stand at the top of a text, whose names and values are those of front matter.
pub(super) fn facts(value: Value) -> Facts {
    object::facts(&without_links(value))
}

/// A JSON object with a line break after it, as Hugo reads it, and its end.
fn json(text: &str, start: usize) -> Option<(Value, usize)> {
    let rest = &text[start..];
    if !rest.starts_with('{') {
        return None;
    }
    let mut values = serde_json::Deserializer::from_str(rest).into_iter::<Value>();
    let value = values.next()?.ok().filter(Value::is_object)?;
    let end = start + values.byte_offset();
    text[end..].starts_with(['\n', '\r']).then_some((value, end))
}

/// The object between two lines of signs, and the end of the second.
fn fenced(text: &str, start: usize) -> Option<(Value, usize)> {
    let mut lines = text[start..text.floor_char_boundary(start + MAX_BYTES)].split_inclusive('\n');
    let first = lines.next()?;
    let (is_toml, ends): (bool, &[&str]) = match first.trim_end() {
        "---" => (false, &["---", "..."]),
        "+++" => (true, &["+++"]),
        _ => return None,
    };
    let from = start + first.len();
    let mut at = from;
    for line in lines {
        if ends.contains(&line.trim_end()) {
            let inside = &text[from..at];
            let value = if is_toml { toml_value(inside) } else { yaml_value(inside) };
            return Some((value?, at + line.len()));
        }
        at += line.len();
    }
    None
}

/// TOML as JSON. Fields of `[taxonomies]` and `[extra]` are treated as top-level fields.
fn toml_value(text: &str) -> Option<Value> {
    let Ok(table) = text.parse::<toml::Table>() else { return pairs(text) };
    let mut out = serde_json::Map::new();
    for (key, value) in table {
        match value {
            toml::Value::Table(inner) if matches!(key.as_str(), "taxonomies" | "extra") => {
                out.extend(inner.into_iter().map(|(key, value)| (key, toml_to_json(value))));
            }
            value => _ = out.insert(key, toml_to_json(value)),
        }
    }
    Some(Value::Object(out))
}

fn toml_to_json(value: toml::Value) -> Value {
    match value {
        toml::Value::String(text) => Value::String(text),
        toml::Value::Datetime(date) => Value::String(date.to_string()),
        toml::Value::Array(values) => Value::Array(values.into_iter().map(toml_to_json).collect()),
        toml::Value::Integer(number) => Value::from(number),
        toml::Value::Float(number) => Value::from(number),
        toml::Value::Boolean(truth) => Value::Bool(truth),
        toml::Value::Table(table) => table.into_iter().map(|(key, value)| (key, toml_to_json(value))).collect(),
    }
}

/// YAML as JSON. If it is not valid, its lines `key: value` and `key = "value"` are read.
fn yaml_value(text: &str) -> Option<Value> {
    if let Ok(value @ Value::Object(_)) = serde_saphyr::from_str::<Value>(text) {
        return Some(value);
    }
    pairs(text)
}

/// Lines `key: value` and `key = "value"`; `None` unless all lines that begin at the margin are such.
fn pairs(text: &str) -> Option<Value> {
    let is_key = |key: &str| {
        (1..=40).contains(&key.len()) && key.chars().all(|c| c.is_alphanumeric() || matches!(c, '_' | '-' | ' ' | '.'))
    };
    let mut out = serde_json::Map::new();
    let is_inner = |line: &&str| line.trim().is_empty() || line.starts_with([' ', '\t', '-', '#', ']', '}']);
    for line in text.lines().filter(|line| !is_inner(line)) {
        let (key, value) = line.split_once(['=', ':']).filter(|(key, _)| is_key(key.trim()))?;
        let value = value.trim().trim_matches(['"', '\'']).to_string();
        out.insert(key.trim().to_string(), Value::String(value));
    }
    (!out.is_empty()).then_some(Value::Object(out))
}

/// A value whose texts have no links to notes: `[[Mara Lindqvist]]`, `[[people/mara|Mara Lindqvist]]`.
fn without_links(value: Value) -> Value {
    match value {
        Value::String(text) if text.contains("[[") => Value::String(unlinked(&text)),
        Value::Array(values) => Value::Array(values.into_iter().map(without_links).collect()),
        Value::Object(fields) => fields.into_iter().map(|(name, value)| (name, without_links(value))).collect(),
        other => other,
    }
}

/// A text with the links to notes in it replaced by their words.
fn unlinked(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find("[[") {
        let Some(end) = rest[at..].find("]]") else { break };
        let target = &rest[at + 2..at + end];
        out.push_str(&rest[..at]);
        out.push_str(target.rsplit('|').next().unwrap_or(target));
        rest = &rest[at + end + 2..];
    }
    out.push_str(rest);
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn front_matter_of_all_kinds() {
        for (text, title, byline, rest) in [
            (
                "---\ntitle: Dockers walk out\nauthor: Mara Lindqvist\n---\nText\n",
                "Dockers walk out",
                "Mara Lindqvist",
                "Text\n",
            ),
            ("\u{feff}---\r\ntitle: 'Dockers: out'\r\nauthor: M. L.\r\n...\r\nText", "Dockers: out", "M. L.", "Text"),
            (
                "+++\ntitle = \"Streik\"\nauthors = [\"Ada Moe\", \"Jon Berg\"]\n+++\n\nText",
                "Streik",
                "Ada Moe, Jon Berg",
                "\nText",
            ),
            ("+++\ntitle = \"Streik\"\n[taxonomies]\nauthors = [\"Ada Moe\"]\n+++\nText", "Streik", "Ada Moe", "Text"),
            ("{\n \"title\": \"{Out}\", \"author\": \"Ada Moe\"}\nText", "{Out}", "Ada Moe", "\nText"),
            // A link to a note, a list, a value that is not valid YAML.
            (
                "---\ntitle: Out\nauthor:\n  - \"[[Ada Moe]]\"\n  - \"[[people/jon|Jon Berg]]\"\n---\n",
                "Out",
                "Ada Moe, Jon Berg",
                "",
            ),
            (
                "---\ntitle: Out: the \"second\" day\nauthor: Ada Moe\n---\nText",
                "Out: the \"second\" day",
                "Ada Moe",
                "Text",
            ),
        ] {
            let found = of(text).expect("front matter");
            assert_eq!(found.facts.title.as_deref(), Some(title), "{text}");
            assert_eq!(found.facts.byline.as_deref(), Some(byline), "{text}");
            assert_eq!(&text[found.end..], rest, "{text}");
        }
    }

    #[test]
    fn other_texts_have_no_front_matter() {
        for text in [
            "",
            "Text",
            "---\nA line, and\nanother.\n---\nText",
            "---\ntitle: never closed\n",
            "----\ntitle: x\n----\n",
            "{curly} text\n",
            "{\"a\": 1} text\n",
            "---\n---\n",
        ] {
            assert!(of(text).is_none(), "{text}");
        }
    }
}
