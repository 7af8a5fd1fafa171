//! Values of fields: what a value of JSON states as a text, a name, an address or a date, in the forms that exports have.

use serde_json::{Map, Value};

use super::blocks::BlockWriter;
use super::draft::first_date;
use super::names::{self, Role};
use super::{nodes, xml};
use crate::article::BlockKind;
use crate::model::{Published, PublishedFrom};
use crate::text::script::is_unspaced;
use crate::text::{Language, tidy};

/// Most levels of objects around one value.
const MOST_DEPTH: usize = 8;

/// The text of an article.
#[derive(Debug, Clone)]
pub(super) enum Prose {
    /// As written: plain, or HTML.
    Written(String),
    /// Headings and texts, each plain or HTML.
    Parts(Vec<(BlockKind, String)>),
}

/// Keys that hold the value of an object, as a text.
const TEXT_KEYS: &[&str] =
    &["rendered", "html", "text", "value", "content", "body", "#text", "$t", "_", "__cdata", "plain", "main", "raw"];

/// The text that a value states.
pub(super) fn prose(value: &Value) -> Option<Prose> {
    prose_at(value, 0)
}

fn prose_at(value: &Value, depth: usize) -> Option<Prose> {
    if depth > MOST_DEPTH {
        return None;
    }
    match value {
        Value::String(text) if !text.trim().is_empty() && !is_address(text) => {
            Some(rich(text).map_or_else(|| Prose::Written(text.clone()), Prose::Parts))
        }
        Value::Array(parts) if parts.iter().all(Value::is_string) => {
            let parts: Vec<&str> = parts.iter().filter_map(Value::as_str).collect();
            let joined = parts.join("\n");
            (!joined.trim().is_empty()).then_some(Prose::Written(joined))
        }
        Value::Array(parts) if are_separate(parts) => nodes::of_list(parts).map(Prose::Parts),
        Value::Array(parts) if parts.iter().any(Value::is_string) || are_runs(parts) => {
            let run = |part: &Value| match part {
                Value::String(text) => Some(text.clone()),
                part => part.get("text").and_then(Value::as_str).map(str::to_string),
            };
            let joined: String = parts.iter().filter_map(run).collect();
            (!joined.trim().is_empty()).then_some(Prose::Written(joined))
        }
        Value::Array(parts) if nodes::are_typed(parts) && nodes::are_paragraphs(parts) => {
            nodes::of_list(parts).map(Prose::Parts)
        }
        Value::Array(parts) => sections(parts).map(Prose::Parts),
        Value::Object(object) => {
            if let Some(body) = tree(value) {
                return Some(Prose::Parts(body));
            }
            // The text of an element of XML that has child elements.
            if let Some(text) = object.get("\0text").and_then(Value::as_str).filter(|text| !text.trim().is_empty()) {
                return Some(Prose::Written(text.to_string()));
            }
            if let Some(inner) = of_locale(object) {
                return prose_at(inner, depth + 1);
            }
            TEXT_KEYS
                .iter()
                .find_map(|key| object.get(*key).and_then(|inner| prose_at(inner, depth + 1)))
                .or_else(|| nodes::of_object(object, 0).map(Prose::Parts))
        }
        _ => None,
    }
}

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

/// Are strings and objects the paragraphs of a text, not runs of one: does each begin and end without white space, and
/// most end sentences?
fn are_separate(parts: &[Value]) -> bool {
    let text = |part: &Value| match part {
        Value::String(text) => Some(text.clone()),
        part => ["text", "#text", "$t", "_"].iter().find_map(|key| part.get(*key)?.as_str().map(str::to_string)),
    };
    let texts: Vec<String> = parts.iter().filter_map(text).filter(|text| !text.is_empty()).collect();
    // Runs of a script with spaces are not joined at the end of a sentence without one.
    let is_apart = |pair: &[String]| {
        pair[0].contains(' ')
            && ends_sentence(&pair[0])
            && pair[0].chars().rev().nth(1).is_some_and(|c| !c.is_uppercase())
            && pair[1].starts_with(|c: char| c.is_alphabetic() && !is_unspaced(c))
    };
    texts.len() > 1
        && parts.iter().any(Value::is_object)
        && parts.iter().any(Value::is_string)
        && texts.iter().all(|text| text.trim() == text && !text.starts_with([',', '.', ';']))
        && (most_end_sentences(&texts) || texts.windows(2).any(is_apart))
}

fn ends_sentence(text: &str) -> bool {
    text.ends_with(['.', '!', '?', '。', '！', '？', '।', '۔', '؟', '"', '”', '»', '…', ':'])
}

pub(super) fn most_end_sentences(texts: &[String]) -> bool {
    texts.iter().filter(|text| ends_sentence(text)).count() * 2 > texts.len()
}

/// Are the parts runs of one text, each with a style: `[{"type": "bold", "text": "..."}]`?
fn are_runs(parts: &[Value]) -> bool {
    let run = |part: &Value| part["text"].is_string() && part["type"].is_string();
    let joined = |part: &Value| {
        part["text"].as_str().is_some_and(|text| text.starts_with([' ', '\n']) || text.ends_with([' ', '\n']))
    };
    !parts.is_empty() && parts.iter().all(run) && (parts.len() == 1 || parts.iter().any(joined))
}

/// A text given as a list of sections or paragraphs, each an object with a text and perhaps a heading.
fn sections(parts: &[Value]) -> Option<Vec<(BlockKind, String)>> {
    const HEADINGS: &[&str] =
        &["heading", "title", "headline", "header", "section", "subhead", "titel", "titre", "titulo"];
    const TEXTS: &[&str] = &["text", "content", "body", "paragraph", "paragraphs", "value", "html", "p"];
    let mut found = Vec::new();
    let mut heading_before = None;
    let mut has_text = false;
    for part in parts {
        let Value::Object(object) = part else { return None };
        if has_own_facts(object) {
            return None;
        }
        let heading = HEADINGS.iter().find_map(|key| match object.get(*key)? {
            Value::Array(list) => list.first()?.as_str(),
            value => value.as_str(),
        });
        let heading = heading.map(tidy);
        // A list of paragraphs may repeat the name of their section.
        if let Some(heading) = heading.filter(|heading| !heading.is_empty()) {
            if heading_before.as_ref() != Some(&heading) {
                found.push((BlockKind::Heading(2), heading.clone()));
            }
            heading_before = Some(heading);
        }
        let text = TEXTS.iter().find_map(|key| object.get(*key).and_then(|value| prose_at(value, MOST_DEPTH)));
        match text {
            Some(Prose::Written(text)) => found.extend(paragraphs(&text)),
            Some(Prose::Parts(parts)) => found.extend(parts),
            None => continue,
        }
        has_text = true;
    }
    if has_text {
        return Some(found);
    }
    nodes::are_paragraphs(parts).then(|| nodes::of_list(parts)).flatten()
}

/// Does an object within a text state facts of its own, so that it is an article or a comment instead of a section?
pub(super) fn has_own_facts(object: &Map<String, Value>) -> bool {
    let is_placed = object.iter().filter(|(_, value)| !is_void(value)).any(|(key, _)| {
        let key = names::plain_name(key);
        matches!(key.as_str(), "url" | "link" | "author" | "authors" | "byline" | "date" | "user" | "headers")
            || ["published", "created", "pubdate"].iter().any(|word| key.starts_with(word))
    });
    is_placed
        || states(object, &[Role::Title])
            && states(object, &[Role::Published, Role::Created, Role::Byline, Role::Url, Role::Updated])
}

/// Has an object a field that may state one of these facts, by a name that has few other meanings?
pub(super) fn states(object: &Map<String, Value>, facts: &[Role]) -> bool {
    const LEAST_SCORE: u32 = 300;
    object.iter().filter(|(_, value)| !is_void(value)).any(|(key, _)| {
        !matches!(names::plain_name(key).as_str(), "name" | "subject" | "head" | "heading" | "source")
            && names::roles(key).iter().any(|(role, score)| facts.contains(role) && *score >= LEAST_SCORE)
    })
}

/// Is it nothing, as a field that a system keeps for other kinds of entries?
fn is_void(value: &Value) -> bool {
    match value {
        Value::Null | Value::Bool(false) => true,
        Value::String(text) => text.trim().is_empty(),
        Value::Array(list) => list.is_empty(),
        Value::Object(object) => object.is_empty(),
        _ => false,
    }
}

/// The paragraphs of a text; HTML is left as it is.
fn paragraphs(text: &str) -> Vec<(BlockKind, String)> {
    let lines: Vec<&str> = if looks_like_markup(text) { vec![text] } else { text.lines().collect() };
    let full = lines.into_iter().filter(|line| !line.trim().is_empty());
    full.map(|line| (BlockKind::Paragraph, line.to_string())).collect()
}

/// What was written, as parts; `None` if it is blank.
fn parts(writer: BlockWriter) -> Option<Vec<(BlockKind, String)>> {
    let body = writer.finish();
    let parts = body.blocks.iter().map(|block| (block.kind, body.text[block.span.clone()].to_string()));
    Some(parts.collect()).filter(|parts: &Vec<_>| !parts.is_empty())
}

/// A text that an editor stored as a tree of nodes in a string of JSON: Lexical, Mobiledoc, ProseMirror and their like.
fn rich(text: &str) -> Option<Vec<(BlockKind, String)>> {
    let start = text.trim_start();
    let signs = ["\"root\"", "\"sections\"", "\"blocks\"", "\"ops\"", "\"children\"", "\"type\":\"doc\""];
    if !start.starts_with(['{', '[']) || !signs.iter().any(|sign| start.contains(sign)) {
        return None;
    }
    let value: Value = serde_json::from_str(start).ok()?;
    mobiledoc(&value).or_else(|| tree(&value))
}

/// A tree of nodes that have children and texts.
fn tree(value: &Value) -> Option<Vec<(BlockKind, String)>> {
    let object = value.as_object()?;
    let root = object.get("root").or(object.get("document")).or(object.get("doc")).unwrap_or(value);
    let of_nodes = |key: &str| {
        let nodes = root.get(key)?.as_array()?;
        let is_node = |node: &Value| {
            node.is_object()
                && (["type", "_type", "nodeType"].iter().any(|key| node[*key].is_string())
                    || node["children"].is_array()
                    || node["insert"].is_string())
        };
        (!nodes.is_empty() && nodes.iter().all(is_node)).then_some(nodes)
    };
    if let Some(runs) = of_nodes("ops") {
        let joined: String = runs.iter().filter_map(|run| run["insert"].as_str()).collect();
        return Some(paragraphs(&joined)).filter(|found| !found.is_empty());
    }
    let nodes = of_nodes("children").or_else(|| of_nodes("content")).or_else(|| of_nodes("blocks"))?;
    nodes::of_list(nodes)
}

/// Mobiledoc: sections of markers, and cards.
fn mobiledoc(value: &Value) -> Option<Vec<(BlockKind, String)>> {
    let sections = value.get("sections")?.as_array()?;
    value.get("version").or(value.get("markups"))?;
    let mut writer = BlockWriter::default();
    let markers = |writer: &mut BlockWriter, list: &Value| {
        for marker in list.as_array().into_iter().flatten() {
            if let Some(text) = marker[3].as_str() {
                writer.text(text);
            }
        }
    };
    for section in sections {
        match section[0].as_u64() {
            Some(1) => {
                let tag = section[1].as_str().unwrap_or("p");
                writer.open(tag);
                markers(&mut writer, &section[2]);
                writer.close(tag);
            }
            Some(3) => {
                for item in section[2].as_array().into_iter().flatten() {
                    writer.open("li");
                    markers(&mut writer, item);
                    writer.close("li");
                }
            }
            Some(10) => {
                let card = section[1].as_u64().and_then(|at| usize::try_from(at).ok()).map(|at| &value["cards"][at][1]);
                for key in ["markdown", "html", "caption"] {
                    if let Some(text) = card.and_then(|card| card[key].as_str()) {
                        paragraphs(text).into_iter().for_each(|(kind, text)| writer.block(kind, &text));
                    }
                }
            }
            _ => {}
        }
    }
    parts(writer)
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

/// The date that a value states.
pub(super) fn date(value: &Value) -> Option<Published> {
    match value {
        Value::String(text) => date_of(text),
        Value::Number(number) => {
            let whole = number.to_string();
            date_of(whole.split('.').next().unwrap_or(&whole))
        }
        Value::Array(values) => values.iter().take(20).find_map(date),
        Value::Object(object) => {
            if let Some(parts) = object.get("date-parts").or(object.get("dateParts")) {
                return date_parts(parts);
            }
            let keys = [
                "$date",
                "$numberLong",
                "date",
                "datetime",
                "iso",
                "value",
                "raw",
                "#text",
                "$t",
                "rendered",
                "literal",
                "timestamp",
                "seconds",
                "_seconds",
                "when",
            ];
            let number =
                |key: &str| object.get(key).and_then(plain_text).and_then(|text| text.trim().parse::<u32>().ok());
            keys.iter().find_map(|key| object.get(*key).and_then(date)).or_else(|| date(of_locale(object)?)).or_else(
                || {
                    let (month, day) = (number("month"), number("day"));
                    let stated = match (number("year")?, month, day) {
                        (year, Some(month), Some(day)) => format!("{year:04}-{month:02}-{day:02}"),
                        (year, Some(month), None) => format!("{year:04}-{month:02}"),
                        (year, ..) => format!("{year:04}"),
                    };
                    first_date([Some(stated.as_str())])
                },
            )
        }
        Value::Null | Value::Bool(_) => None,
    }
}

/// `[[2011, 5, 3]]`, the form of CSL.
fn date_parts(parts: &Value) -> Option<Published> {
    let list = parts[0].as_array()?;
    let numbers: Vec<u32> = list.iter().filter_map(|part| plain_text(part)?.trim().parse().ok()).collect();
    let stated = match numbers[..] {
        [year] => format!("{year:04}"),
        [year, month] => format!("{year:04}-{month:02}"),
        [year, month, day, ..] => format!("{year:04}-{month:02}-{day:02}"),
        [] => return None,
    };
    first_date([Some(stated.as_str())])
}

/// The date that a text states, in the forms of articles and of programs.
pub(super) fn date_of(text: &str) -> Option<Published> {
    let text = text.trim().trim_matches('/').trim();
    if text.starts_with("0000") || text.starts_with("0001-01-01") || text.starts_with("1970-01-01T00:00:00") {
        return None;
    }
    unix_time(text)
        .or_else(|| net_time(text))
        .or_else(|| c_time(text))
        .or_else(|| basic_time(text))
        .or_else(|| year_first(text))
        .or_else(|| first_date([Some(text)]))
}

/// `2017 Apr 23`, the form of MEDLINE.
fn year_first(text: &str) -> Option<Published> {
    let words: Vec<&str> = text.split_whitespace().collect();
    let [year, month, day @ ..] = &words[..] else { return None };
    let dated =
        year.len() == 4 && year.bytes().all(|byte| byte.is_ascii_digit()) && month.chars().all(char::is_alphabetic);
    let day = day.first().copied().unwrap_or("");
    first_date([Some(format!("{day} {month} {year}").trim())]).filter(|_| dated && words.len() <= 3)
}

/// A Unix time in seconds, milliseconds or microseconds, as databases export it.
fn unix_time(text: &str) -> Option<Published> {
    let whole = text.split_once('.').map_or(text, |(whole, fraction)| {
        if fraction.bytes().all(|byte| byte.is_ascii_digit()) { whole } else { text }
    });
    let digits = whole.strip_prefix('-').unwrap_or(whole);
    if !matches!(digits.len(), 9 | 10 | 13 | 16) || !digits.bytes().all(|byte| byte.is_ascii_digit()) {
        return None;
    }
    let number: i64 = whole.parse().ok()?;
    let seconds = match digits.len() {
        13 => number / 1_000,
        16 => number / 1_000_000,
        _ => number,
    };
    instant(seconds)
}

fn instant(seconds: i64) -> Option<Published> {
    let stamp = jiff::Timestamp::from_second(seconds).ok()?.to_string();
    Published::parse(&stamp, PublishedFrom::Metadata)
}

/// `/Date(1304410500000+0200)/`, without its slashes.
fn net_time(text: &str) -> Option<Published> {
    let inner = text.trim_matches('\\').strip_prefix("Date(")?.trim_end_matches(['\\', '/']).strip_suffix(')')?;
    let end = inner.get(1..)?.find(['+', '-']).map_or(inner.len(), |at| at + 1);
    instant(inner.get(..end)?.parse::<i64>().ok()? / 1_000)
}

/// `Thu May 14 01:38:56 +0000 2020`, `Thu May 14 01:38:56 UTC 2020`, `Thu May 14 2020 01:38:56 GMT+0000 (Zulu)`.
fn c_time(text: &str) -> Option<Published> {
    const MONTHS: [&str; 12] = ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"];
    let words: Vec<&str> = text.split_whitespace().collect();
    let [weekday, month, day, rest @ ..] = &words[..] else { return None };
    if !(weekday.len() <= 4 && weekday.chars().all(|c| c.is_alphabetic() || c == ',')) {
        return None;
    }
    let month = MONTHS.iter().position(|name| month.to_ascii_lowercase().starts_with(name))? + 1;
    let day: u32 = day.trim_end_matches(',').parse().ok()?;
    let year = rest.iter().find(|word| word.len() == 4 && word.bytes().all(|byte| byte.is_ascii_digit()))?;
    let time = rest.iter().find(|word| word.contains(':') && word.as_bytes()[0].is_ascii_digit())?;
    let zone = rest.iter().find_map(|word| {
        let offset = word.strip_prefix("GMT").or(word.strip_prefix("UTC")).unwrap_or(word);
        match offset {
            "" | "Z" => Some("Z".to_string()),
            _ if offset.len() >= 5 && offset.starts_with(['+', '-']) => {
                let digits: String = offset[1..].chars().filter(char::is_ascii_digit).collect();
                let (hours, minutes) = (digits.get(..2)?, digits.get(2..4)?);
                Some(if digits == "0000" { "Z".into() } else { format!("{}{hours}:{minutes}", &offset[..1]) })
            }
            _ => None,
        }
    });
    let stated = format!("{year}-{month:02}-{day:02}T{time}{}", zone.unwrap_or_default());
    Published::parse(&stated, PublishedFrom::Metadata)
}

/// `20110503T081500Z`, and the fourteen digits of archives: `20110503081500`.
fn basic_time(text: &str) -> Option<Published> {
    if text.len() != 14 || !text.bytes().all(|byte| byte.is_ascii_digit()) {
        return None;
    }
    Published::parse(&format!("{}T{}", &text[..8], &text[8..]), PublishedFrom::Metadata)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dates_of_programs() {
        for (value, expected) in [
            (r#""Thu May 14 01:38:56 +0000 2020""#, Some("2020-05-14T01:38:56Z")),
            (r#""Thu May 14 01:38:56 +0200 2020""#, Some("2020-05-14T01:38:56+02:00")),
            (r#""Thu May 14 2020 01:38:56 GMT+0000 (Zulu)""#, Some("2020-05-14T01:38:56Z")),
            (r#""/Date(1304410500000)/""#, Some("2011-05-03T08:15:00Z")),
            (r#""/Date(1304410500000+0200)/""#, Some("2011-05-03T08:15:00Z")),
            ("1304410500", Some("2011-05-03T08:15:00Z")),
            ("1304410500.0", Some("2011-05-03T08:15:00Z")),
            (r#""1304410500000""#, Some("2011-05-03T08:15:00Z")),
            (r#"{"$date": {"$numberLong": "1304410500000"}}"#, Some("2011-05-03T08:15:00Z")),
            (r#"{"date-parts": [[2011, 5, "3"]]}"#, Some("2011-05-03")),
            (r#"{"year": 2011, "month": 5}"#, Some("2011-05")),
            (r#""/Date()/""#, None),
            (r#""Date()""#, None),
            (r#""/Date(é)/""#, None),
            (r#""2011/05/03/""#, Some("2011-05-03")),
            (r#"{"en-US": "2011-05-03"}"#, Some("2011-05-03")),
            (r#"{"to": "2011-05-03", "is": 1}"#, None),
            (r#"{"id_str": "2011-05-03"}"#, None),
            (r#""2017 Apr 23""#, Some("2017-04-23")),
            (r#""20110503T081500Z""#, Some("2011-05-03T08:15:00Z")),
            (r#""20110503081500""#, Some("2011-05-03T08:15:00")),
            (r#"["2011-05-03"]"#, Some("2011-05-03")),
            (r#""0000-00-00 00:00:00""#, None),
            (r#""1970-01-01T00:00:00Z""#, None),
            ("12", None),
            (r#""soon""#, None),
            ("null", None),
        ] {
            let found = date(&serde_json::from_str(value).expect("valid JSON"));
            assert_eq!(found.map(|date| date.value).as_deref(), expected, "{value}");
        }
    }

    #[test]
    fn texts_in_many_forms() {
        for (value, expected) in [
            (r#"["One.", "Two."]"#, "One.\nTwo."),
            (r#"["One ", {"type": "bold", "text": "two"}, " three."]"#, "One two three."),
            (r#"[{"type": "plain", "text": "One "}, {"type": "bold", "text": "two"}]"#, "One two"),
            (r#"{"rendered": "<p>One.</p>"}"#, "<p>One.</p>"),
            (
                r#"[{"heading": "The offer", "text": "One.\nTwo."}, {"text": "Three."}]"#,
                "The offer\nOne.\nTwo.\nThree.\n",
            ),
            (r#"[{"section": "A", "text": "One."}, {"section": "A", "text": "Two."}]"#, "A\nOne.\nTwo.\n"),
            (
                r#"[{"heading": "Das Angebot", "paragraphs": [{"text": "Eins."}, {"text": "Zwei."}]}, {"heading": "Le tram", "content": [{"type": "text", "text": "Trois."}]}]"#,
                "Das Angebot\nEins.\nZwei.\nLe tram\nTrois.\n",
            ),
            // Paragraphs, some of them objects and without a full stop; runs of one.
            (
                r#"["The port is shut.", {"text": "The second paragraph", "bold": true}]"#,
                "The port is shut.\nThe second paragraph\n",
            ),
            (r#"["The port of the U.", {"text": "S."}, " is shut."]"#, "The port of the U.S. is shut."),
            (r#"["港は閉鎖。", {"text": "二"}, "番目"]"#, "港は閉鎖。二番目"),
            (
                r#""{\"root\":{\"children\":[{\"type\":\"heading\",\"tag\":\"h2\",\"children\":[{\"type\":\"text\",\"text\":\"The offer\"}]},{\"type\":\"paragraph\",\"children\":[{\"type\":\"text\",\"text\":\"One \"},{\"type\":\"text\",\"text\":\"two.\"}]}]}}""#,
                "The offer\nOne two.\n",
            ),
            (
                r#""{\"version\":\"0.3.1\",\"markups\":[],\"cards\":[],\"sections\":[[1,\"h2\",[[0,[],0,\"The offer\"]]],[1,\"p\",[[0,[],0,\"One.\"]]]]}""#,
                "The offer\nOne.\n",
            ),
            (r#"[{"url": "https://a.example", "text": "A comment."}]"#, ""),
            (r#""https://halden.example/a""#, ""),
            ("12", ""),
        ] {
            let found = match prose(&serde_json::from_str(value).expect("valid JSON")) {
                Some(Prose::Written(text)) => text,
                Some(Prose::Parts(parts)) => parts.into_iter().map(|(_, text)| text + "\n").collect(),
                None => String::new(),
            };
            assert_eq!(found, expected, "{value}");
        }
    }

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
