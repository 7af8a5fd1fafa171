//! Texts: what a value of JSON states as the text of an article.

use serde_json::{Map, Value};

use super::{MOST_DEPTH, TEXT_KEYS, is_address, looks_like_markup, of_locale};
use crate::article::BlockKind;
use crate::ingest::format::blocks::BlockWriter;
use crate::ingest::format::names::{self, Role};
use crate::ingest::format::nodes;
use crate::text::script::is_unspaced;
use crate::text::tidy;

/// The text of an article.
#[derive(Debug, Clone)]
pub(in crate::ingest::format) enum Prose {
    /// As written: plain, or HTML.
    Written(String),
    /// Headings and texts, each plain or HTML.
    Parts(Vec<(BlockKind, String)>),
}

/// The text that a value states.
pub(in crate::ingest::format) fn prose(value: &Value) -> Option<Prose> {
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

pub(in crate::ingest::format) fn most_end_sentences(texts: &[String]) -> bool {
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
pub(in crate::ingest::format) fn has_own_facts(object: &Map<String, Value>) -> bool {
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
pub(in crate::ingest::format) fn states(object: &Map<String, Value>, facts: &[Role]) -> bool {
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

#[cfg(test)]
mod tests {
    use super::*;

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
}
