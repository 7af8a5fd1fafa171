//! Texts given as lists or trees of blocks, as editors and content systems store them: `[{"type": "heading", "level": 2,
//! "content": "..."}, {"type": "text", "content": "..."}]`. By shape: what a node is says one of a few keys, in words that
//! all of them share; its text is under one of a few others, or in an object around it.

mod kinds;
mod runs;

use std::collections::HashSet;

use serde_json::Value;

pub(super) use self::kinds::are_typed;
use self::kinds::{Kind, LINE_KINDS, Object, TEXT_KINDS, kind, kind_words, last_of};
use self::runs::{CHILDREN, ITEMS, holds_runs, is_run};
use super::blocks::BlockWriter;
use super::names::{Role, plain_name};
use super::values;
use crate::article::BlockKind;
use crate::text::tidy;

type Parts = Vec<(BlockKind, String)>;

/// Most levels of nodes in each other.
const MOST_DEPTH: usize = 24;
/// Keys of the text of a node, or of an object in which it is.
const TEXTS: &[&str] = &[
    "html",
    "bodyHtml",
    "innerHTML",
    "markdown",
    "text",
    "content",
    "contents",
    "value",
    "body",
    "paragraph",
    "paragraphs",
    "p",
    "insert",
    "#text",
    "model",
    "data",
    "line",
    "textTypeData",
    "quote",
    "copy",
    "heading",
    "caption",
];
/// Keys of a heading above the text of a node that is a section.
const HEADINGS: &[&str] =
    &["heading", "title", "headline", "header", "section", "subhead", "subheading", "titel", "titre", "titulo"];
/// Keys of the speaker of a quote.
const SPEAKERS: &[&str] = &["caption", "cite", "citation", "attribution", "author"];
/// Keys of the objects that hold what a picture states, and of its pictures.
const OF_PICTURES: &[&str] = &["data", "attrs", "attributes", "model", "fields", "value", "image", "photo", "picture"];
const MORE_PICTURES: &[&str] = &["images", "items", "photos", "pictures", "slides", "media", "gallery"];

/// The blocks of a list of nodes.
pub(super) fn of_list(list: &[Value]) -> Option<Parts> {
    let mut writer = BlockWriter::default();
    list.iter().for_each(|node| write(&mut writer, node, "p", 0));
    let body = writer.finish();
    let parts = body.blocks.iter().map(|block| (block.kind, body.text[block.span.clone()].to_string()));
    Some(parts.collect()).filter(|parts: &Parts| !parts.is_empty())
}

/// Writes a node. `name` is the element of one that does not say what it is.
fn write(writer: &mut BlockWriter, node: &Value, name: &str, depth: usize) {
    if depth > MOST_DEPTH {
        return;
    }
    let node = match node {
        Value::String(text) => return leaf(writer, text, name),
        Value::Array(nodes) => return nodes.iter().for_each(|node| write(writer, node, name, depth + 1)),
        Value::Object(node) => node,
        _ => return,
    };
    match kind(node) {
        Kind::LeftOut => {}
        Kind::Break => writer.end_block(),
        Kind::Picture => picture(writer, node, depth),
        Kind::Heading(level) => {
            within(writer, node, ["h1", "h2", "h3", "h4", "h5", "h6"][usize::from(level - 1)], depth)
        }
        Kind::Item => within(writer, node, "li", depth),
        // A node without a kind takes the element around it: inline in a paragraph, an item in a list.
        Kind::Inline | Kind::Paragraph if name != "p" => within(writer, node, name, depth),
        Kind::Inline | Kind::Paragraph => {
            let heading = HEADINGS.iter().find_map(|key| heading_text(node.get(*key)?));
            if let Some(heading) = heading.filter(|_| node.len() > 1) {
                writer.block(BlockKind::Heading(2), &heading);
            }
            within(writer, node, "p", depth);
            if last_of(&kind_words(node), &["quote"]).is_some() && !gathered(node).is_empty() {
                let stated = |key: &&str| node.get(*key).or_else(|| node.get("data")?.get(*key))?.as_str();
                let speaker = SPEAKERS.iter().filter_map(stated).find(|text| !values::is_address(text));
                writer.block(BlockKind::Item, &values::line(speaker.unwrap_or_default()));
            }
        }
    }
}

/// Writes the captions of a picture, as items, and the text of a node that is a text with a picture.
fn picture(writer: &mut BlockWriter, node: &Object, depth: usize) {
    let mut found = Vec::new();
    if values::is_prose(&gathered(node)) {
        within(writer, node, "p", depth);
        // Pictures in it have written theirs.
        found.extend(own_caption(node, depth));
    } else {
        captions(node, depth, &mut found);
        let figure =
            || TEXTS.iter().find_map(|key| node.get(*key)?.as_str().filter(|text| text.contains("<figcaption")));
        if let Some(figure) = figure().filter(|_| found.is_empty()) {
            leaf(writer, figure, "p");
        }
    }
    found.iter().for_each(|caption| writer.block(BlockKind::Item, caption));
}

/// The captions of a picture, or of the pictures in it.
fn captions(node: &Object, depth: usize, found: &mut Vec<String>) {
    if depth > MOST_DEPTH {
        return;
    }
    if let Some(caption) = own_caption(node, depth) {
        if !found.contains(&caption) {
            found.push(caption);
        }
        return;
    }
    for inner in OF_PICTURES.iter().filter_map(|key| node.get(*key)?.as_object()) {
        captions(inner, depth + 1, found);
    }
    for inner in MORE_PICTURES.iter().chain(CHILDREN).filter_map(|key| node.get(*key)?.as_array()).flatten() {
        match inner {
            Value::Object(object) if last_of(&kind_words(object), &["caption"]).is_some() => {
                found.extend(caption_text(inner, depth + 1).filter(|caption| !found.contains(caption)));
            }
            Value::Object(object) => captions(object, depth + 1, found),
            _ => {}
        }
    }
}

fn own_caption(node: &Object, depth: usize) -> Option<String> {
    let caption =
        |node: &Object| ["caption", "captions"].iter().find_map(|key| caption_text(node.get(*key)?, depth + 1));
    caption(node).or_else(|| caption(node.get("data")?.as_object()?))
}

/// A caption in one line: a text, nodes, or a table of languages.
fn caption_text(value: &Value, depth: usize) -> Option<String> {
    let text = match value {
        Value::String(text) => values::line(text),
        Value::Object(object) if depth <= MOST_DEPTH && values::of_locale(object).is_some() => {
            caption_text(values::of_locale(object)?, depth + 1)?
        }
        Value::Object(_) | Value::Array(_) => {
            let mut writer = BlockWriter::default();
            let is_line = value.as_array().is_some_and(|list| list.iter().all(is_run));
            write(&mut writer, value, if is_line { "span" } else { "p" }, depth);
            values::line(&writer.finish().lines().collect::<Vec<_>>().join(" "))
        }
        _ => return None,
    };
    Some(text).filter(|text| !text.is_empty())
}

/// The beginning of the text in a node, without captions and what replaces or credits a picture.
fn gathered(node: &Object) -> String {
    let mut text = String::new();
    gather(node, 0, &mut text);
    values::line(&text)
}

fn gather(node: &Object, depth: usize, out: &mut String) {
    const MOST_GATHERED: usize = 2_000;
    const NOT_OF_IT: &[&str] = &["caption", "alt", "credit", "copyright"];
    let words = kind_words(node);
    if depth > MOST_DEPTH
        || last_of(&words, &["caption"]).is_some()
        || words.iter().any(|word| NOT_OF_IT.contains(&word.as_str()))
    {
        return;
    }
    let add = |value: &Value, out: &mut String| match value {
        Value::String(text) if !values::is_address(text) => {
            out.push_str(text);
            out.push(' ');
        }
        Value::Object(inner) => gather(inner, depth + 1, out),
        _ => {}
    };
    let keys = TEXTS.iter().chain(CHILDREN.iter().filter(|key| !TEXTS.contains(key)));
    for value in keys.filter(|key| **key != "caption").filter_map(|key| node.get(*key)) {
        if out.len() > MOST_GATHERED {
            return;
        }
        match value {
            Value::Array(list) => list.iter().for_each(|value| add(value, out)),
            value => add(value, out),
        }
    }
}

/// The heading of a section: a text, or a list of one.
fn heading_text(value: &Value) -> Option<String> {
    let text = match value {
        Value::Array(list) => list.first()?.as_str()?,
        value => value.as_str()?,
    };
    Some(values::line(text)).filter(|text| !text.is_empty())
}

/// Writes the text of a node, and the nodes in it.
fn within(writer: &mut BlockWriter, node: &Object, name: &str, depth: usize) {
    writer.open(name);
    // A node with its whole HTML: its children repeat it.
    let written =
        ["bodyHtml", "html"].iter().any(|key| node.get(*key).and_then(Value::as_str).is_some_and(values::is_prose));
    let filled = |key: &str| node.get(key)?.as_array().filter(|list| list.iter().any(|node| is_written(node, 0)));
    let inner = CHILDREN.iter().find_map(|key| Some((*key, filled(key)?))).filter(|_| !written);
    match inner {
        Some((key, inner)) => {
            let holds_runs = holds_runs(node, key, inner);
            let mut in_line = false;
            for child in inner {
                let is_run = holds_runs && is_run(child);
                match (in_line, is_run) {
                    (false, true) => writer.open(name),
                    (true, false) => writer.close(name),
                    _ => {}
                }
                in_line = is_run;
                write(writer, child, if is_run { "span" } else { name }, depth + 1);
            }
            if in_line {
                writer.close(name);
            }
        }
        None => {
            let found = TEXTS.iter().chain(&["message"]).find_map(|key| match node.get(*key)? {
                Value::String(text) if text.trim().is_empty() || values::is_address(text) => None,
                Value::Array(list) if list.is_empty() => None,
                value @ (Value::String(_) | Value::Array(_)) => Some(value),
                value @ Value::Object(object) => {
                    (bears_text(object, 0) || object.get("message").is_some_and(Value::is_string)).then_some(value)
                }
                _ => None,
            });
            match found {
                Some(Value::String(text)) => leaf(writer, text, name),
                Some(inner) => write(writer, inner, name, depth + 1),
                None => {}
            }
        }
    }
    // An object with a text writes its items itself.
    let data = node.get("data").and_then(Value::as_object).filter(|data| !bears_text(data, 0));
    let items = |key: &&str| node.get(*key).or_else(|| data?.get(*key))?.as_array();
    for item in ITEMS.iter().filter_map(items).flatten() {
        write(writer, item, "li", depth + 1);
    }
    writer.close(name);
}

/// Has a value a text, in itself or in nodes?
fn is_written(value: &Value, depth: usize) -> bool {
    const MOST_WITHIN: usize = 10;
    match value {
        Value::String(text) => text.chars().any(char::is_alphanumeric),
        Value::Array(list) => depth < MOST_WITHIN && list.iter().any(|value| is_written(value, depth + 1)),
        Value::Object(node) => {
            let keys = TEXTS.iter().chain(CHILDREN).chain(ITEMS);
            depth < MOST_WITHIN && keys.filter_map(|key| node.get(*key)).any(|value| is_written(value, depth + 1))
        }
        _ => false,
    }
}

/// Has an object a text by one of the names of texts?
fn bears_text(object: &Object, depth: usize) -> bool {
    const MOST_AROUND: usize = 4;
    depth < MOST_AROUND
        && TEXTS.iter().chain(CHILDREN).any(|key| match object.get(*key) {
            Some(Value::String(text)) => text.chars().any(char::is_alphabetic),
            Some(Value::Array(list)) => !list.is_empty(),
            Some(Value::Object(inner)) => bears_text(inner, depth + 1),
            _ => false,
        })
}

/// Writes a text. One in HTML is a block of its own, which is read as such later.
fn leaf(writer: &mut BlockWriter, text: &str, name: &str) {
    let text = &values::unescaped_unless_markup(text);
    match name {
        "p" if values::looks_like_markup(text) => writer.block(BlockKind::Paragraph, text),
        "p" => {
            for line in text.lines() {
                writer.open("p");
                writer.text(line);
                writer.close("p");
            }
        }
        _ => {
            let line = values::line(text);
            writer.open(name);
            // Runs of a line keep the spaces between them.
            if name == "span" && !values::looks_like_markup(text) {
                writer.text(text);
            } else {
                let space = |is_spaced: bool| if is_spaced { " " } else { "" };
                writer.text(space(text.starts_with(char::is_whitespace)));
                writer.text(&line);
                writer.text(space(text.ends_with(char::is_whitespace)));
            }
            writer.close(name);
        }
    }
}

/// The longest list of paragraphs in an object, at any depth; a `lead` or `intro` beside it comes first.
pub(super) fn of_object(object: &Object, depth: usize) -> Option<Parts> {
    const MOST_AROUND: usize = 6;
    // Elements of XML tell their texts themselves.
    if depth > MOST_AROUND || object.keys().any(|key| key.starts_with('\0')) {
        return None;
    }
    let is_apart = |key: &str| {
        let name = plain_name(key);
        key.starts_with('\0') || key.starts_with('@') || name.contains("head") || super::names::is_beside(&name)
    };
    let inner = object.iter().filter(|(key, _)| !is_apart(key)).filter_map(|(_, value)| match value {
        Value::Array(list) if are_paragraphs(list) => of_list(list),
        Value::Object(inner) => of_object(inner, depth + 1),
        _ => None,
    });
    let length = |parts: &Parts| parts.iter().map(|(_, text)| text.len()).sum::<usize>();
    let mut found = inner.filter(|parts| parts.iter().any(|(_, text)| values::is_prose(text))).max_by_key(length)?;
    let lead = ["lead", "lede", "intro", "summary"].iter().find_map(|key| object.get(*key));
    let lead: Vec<&str> = match lead {
        Some(Value::String(text)) => vec![text],
        Some(Value::Array(list)) => list.iter().filter_map(Value::as_str).collect(),
        _ => Vec::new(),
    };
    let lead = lead.into_iter().map(tidy).filter(|text| !text.is_empty());
    found.splice(0..0, lead.map(|text| (BlockKind::Paragraph, text)).collect::<Parts>());
    Some(found)
}

/// Is a list one of the paragraphs of a text: strings, and objects that state no facts of an article?
pub(super) fn are_paragraphs(list: &[Value]) -> bool {
    let is_part = |node: &Value| match node {
        Value::String(_) => true,
        Value::Object(object) => {
            // A block of blocks may state when it was written.
            let is_nested = || {
                let of = |key: &&str| object.get(*key).and_then(Value::as_array).is_some_and(|list| are_typed(list));
                CHILDREN.iter().any(of) && !values::states(object, &[Role::Title, Role::Url, Role::Byline])
            };
            matches!(kind(object), Kind::Picture | Kind::LeftOut) || !values::has_own_facts(object) || is_nested()
        }
        _ => false,
    };
    let bears = |node: &Value| match node {
        Value::Object(object) => bears_text(object, 0) || ITEMS.iter().any(|key| object.contains_key(*key)),
        node => node.is_string(),
    };
    // Among blocks that say what they are, a few may have facts: a quote its author, a post its address.
    let most = if are_typed(list) { list.len().saturating_sub(1) / 2 } else { 0 };
    // Stops at the first records of a long list: they are enough to refuse it.
    if list.iter().filter(|node| !is_part(node)).take(most + 1).count() > most {
        return false;
    }
    let (plain, others): (Vec<&Value>, Vec<&Value>) = list.iter().partition(|node| is_part(node));
    !list.is_empty()
        && (others.is_empty() || are_among_blocks(&others, &plain))
        && list.iter().filter(|node| bears(node)).count() * 2 >= list.len()
}

/// Are nodes with facts blocks of the text that the plain nodes of their list are? Those have mostly no titles, as records
/// have, and are of other kinds, unless all are paragraphs.
fn are_among_blocks(others: &[&Value], plain: &[&Value]) -> bool {
    let plain: Vec<&Object> =
        plain.iter().filter_map(|node| node.as_object()).filter(|node| bears_text(node, 0)).collect();
    let untitled = plain.iter().filter(|node| !values::states(node, &[Role::Title])).count();
    if untitled <= others.len() {
        return false;
    }
    let kinds: HashSet<Vec<String>> = plain.iter().map(|node| kind_words(node)).collect();
    let is_block = |word: &String| TEXT_KINDS.iter().chain(LINE_KINDS).any(|of| word == of) || word == "block";
    others.iter().all(|other| {
        let words = other.as_object().map(kind_words).unwrap_or_default();
        words.iter().any(is_block) || !words.is_empty() && !kinds.contains(&words)
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ingest::format::values::{Prose, prose};

    #[test]
    fn texts_of_blocks() {
        for (value, expected) in [
            // Arc ANS, with a picture and a list.
            (
                r#"[{"type": "text", "content": "One."}, {"type": "header", "level": 3, "content": "H"}, {"type": "image", "url": "https://a.example/a.jpg", "caption": "The quay"},
                    {"type": "list", "items": [{"type": "text", "content": "a"}, {"type": "text", "content": "b"}]}]"#,
                "One.|3 H|- The quay|- a|- b",
            ),
            // Portable text.
            (
                r#"[{"_type": "block", "style": "normal", "children": [{"_type": "span", "text": "Le "}, {"_type": "span", "text": "port", "marks": ["strong"]}, {"_type": "span", "text": "."}]},
                    {"_type": "block", "style": "h2", "children": [{"_type": "span", "text": "La suite"}]},
                    {"_type": "block", "style": "normal", "listItem": "bullet", "children": [{"_type": "span", "text": "un"}]}]"#,
                "Le port.|2 La suite|- un",
            ),
            // Apple News; Contentful, by language; blocks of an editor.
            (
                r#"{"components": [{"role": "byline", "text": "By Ada Moe"}, {"role": "body", "text": "Dockers walked out at the port of Halden on Monday."}, {"role": "heading2", "text": "H"}]}"#,
                "Dockers walked out at the port of Halden on Monday.|2 H",
            ),
            (
                r#"{"de": {"nodeType": "document", "content": [{"nodeType": "paragraph", "content": [{"nodeType": "text", "value": "Der Hafen."}]},
                    {"nodeType": "heading-3", "content": [{"nodeType": "text", "value": "Streit"}]}]}}"#,
                "Der Hafen.|3 Streit",
            ),
            (
                r#"{"blocks": [{"type": "paragraph", "data": {"text": "One."}}, {"type": "list", "data": {"items": ["a", "b"]}}, {"type": "header", "data": {"text": "H", "level": 4}}]}"#,
                "One.|- a|- b|4 H",
            ),
            (r#"[{"text": "One.", "type": "unstyled"}, {"text": "H", "type": "header-two"}]"#, "One.|2 H"),
            // A block of blocks, which states when it was written.
            (
                r#"{"body": [{"id": "b", "createdDate": "2021-01-01", "bodyHtml": "<p>The port of Halden is shut, the union of the dockers said.</p><h2>H</h2>", "elements": [{"type": "text", "data": {"html": "<p>The port of Halden is shut, the union of the dockers said.</p>"}}]}]}"#,
                "<p>The port of Halden is shut, the union of the dockers said.</p><h2>H</h2>",
            ),
            // Strings and objects in one list; runs of one line.
            (
                r##"{"p": ["The port of Halden is shut, the union of the dockers said.", {"#text": "Two.", "@class": "x"}]}"##,
                "The port of Halden is shut, the union of the dockers said.|Two.",
            ),
            (r#"["One ", {"type": "bold", "text": "two"}, " three."]"#, "One two three."),
            // Texts beside pictures, and kinds whose names hold other words.
            (
                r#"[{"type": "text", "text": "One."}, {"type": "media-text", "text": "Two, beside a picture."}, {"type": "textWithImage", "text": "Three."}, {"type": "related_text", "text": "Four."},
                    {"type": "embedded-text", "text": "Five."}, {"type": "media", "text": "Un paragraphe de plus de huit mots, avec une image.", "caption": "Le quai"},
                    {"type": "related_links", "text": "Six."}, {"type": "social-media", "text": "Seven."}, {"type": "newsletter", "text": "Eight."}, {"type": "map", "text": "z"},
                    {"type": "header_image", "caption": "The gate. Photo: Jon Berg"}, {"type": "image_heading", "text": "Pictures"}, {"type": "headertwo", "text": "H"}]"#,
                "One.|Two, beside a picture.|Three.|Four.|Five.|Un paragraphe de plus de huit mots, avec une image.|- Le quai|- The gate. Photo: Jon Berg|2 Pictures|2 H",
            ),
            (
                r#"[{"blockName": "core/media-text", "innerHTML": "<div></div>", "innerBlocks": [{"blockName": "core/paragraph", "innerBlocks": [], "innerHTML": "<p>The mayor asked both sides to meet at the town hall.</p>"}]},
                    {"blockName": "core/heading", "attrs": {"level": 3}, "innerBlocks": [], "innerHTML": "<h3>H</h3>"}, {"blockName": "core/image", "innerBlocks": [], "innerHTML": "<figure><img alt='x'></figure>"}]"#,
                "<p>The mayor asked both sides to meet at the town hall.</p>|3 H",
            ),
            // Captions of pictures.
            (
                r#"[{"type": "text", "text": "One."}, {"type": "image", "caption": {"en": "The quay"}, "alt": "x"}, {"type": "image", "caption": {"en": "", "de": "Der Kai"}}, {"type": "gallery", "images": [{"caption": "a"}, {"caption": "b"}]},
                    {"type": "image", "data": {"file": {"url": "https://a.example/a.jpg"}, "caption": "c"}}, {"type": "image", "caption": [{"type": "text", "text": "The "}, {"type": "bold", "text": "ferry"}]}, {"type": "image", "text": "x"}]"#,
                "One.|- The quay|- Der Kai|- a|- b|- c|- The ferry",
            ),
            // Lists of children that are empty or have no text.
            (
                r#"[{"type": "paragraph", "text": "One.", "children": []}, {"type": "paragraph", "text": "Two.", "spans": [{"start": 0, "end": 3, "type": "strong"}]}]"#,
                "One.|Two.",
            ),
            // Runs without a kind, and of unknown kinds.
            (
                r#"[{"type": "paragraph", "children": [{"text": "The port of "}, {"text": "Halden", "bold": true}, {"text": " is shut."}]}, {"type": "h2", "children": [{"text": "The "}, {"text": "offer"}]},
                    {"type": "paragraph", "children": [{"text": "Crews "}, {"type": "underline", "text": "from"}, {"text": " other ports "}, {"type": "glossary", "children": [{"text": "come"}]}, {"text": "."}]}]"#,
                "The port of Halden is shut.|2 The offer|Crews from other ports come.",
            ),
            (
                r#"[{"children": [{"text": "Le port "}, {"text": "est", "bold": true}, {"text": " fermé."}]}, {"children": [{"text": "Les ferries restent."}]}]"#,
                "Le port est fermé.|Les ferries restent.",
            ),
            (
                r#"{"content": [{"nodeType": "paragraph", "content": [{"nodeType": "text", "value": "The port of "}, {"nodeType": "entry-hyperlink", "content": [{"nodeType": "text", "value": "Halden"}]}, {"nodeType": "text", "value": " is shut"}, {"nodeType": "footnote", "attrs": {"id": 1}}, {"nodeType": "text", "value": "."}]}]}"#,
                "The port of Halden is shut.",
            ),
            (
                r#"{"blocks": [{"type": "paragraph", "model": {"text": "The port of Halden.", "blocks": [{"type": "fragment", "model": {"text": "The port of "}}, {"type": "fragment", "model": {"text": "Halden."}}]}}]}"#,
                "The port of Halden.",
            ),
            (
                r#"[{"type": "paragraph", "content": [{"type": "text", "text": "The <b>port</b> "}, {"type": "text", "text": "of Halden."}]}, {"type": "paragraph", "content": [{"type": "text", "text": "Two."}]}]"#,
                "The port of Halden.|Two.",
            ),
            // Paragraphs of a section, and blocks in an item beside its line.
            (
                r#"[{"type": "chapter", "content": [{"type": "text", "text": "One."}, {"type": "text", "text": "Two."}]}, {"type": "chapter", "content": ["Three.", "Four."]}]"#,
                "One.|Two.|Three.|Four.",
            ),
            (
                r#"{"root": {"children": [{"type": "list", "tag": "ul", "children": [{"type": "listitem", "children": [{"type": "text", "text": "One "}, {"type": "link", "children": [{"type": "text", "text": "cent"}]}, {"type": "list", "tag": "ul", "children": [{"type": "listitem", "children": [{"type": "text", "text": "Deep"}]}]}]}]}]}}"#,
                "- One cent|- Deep",
            ),
            (
                r#"[{"type": "tabs", "children": [{"type": "tab", "children": [{"type": "paragraph", "text": "One."}]}, {"type": "tab", "children": [{"type": "paragraph", "text": "Two."}]}]}]"#,
                "One.|Two.",
            ),
            // Items in items; who says a quote; a warning.
            (
                r#"{"blocks": [{"type": "list", "data": {"style": "ordered", "items": [{"content": "Pay", "items": [{"content": "Four per cent", "items": []}]}, {"content": "Hours", "items": []}]}},
                    {"type": "quote", "data": {"text": "We will not sign", "caption": "Mara Lindqvist"}}, {"type": "quote", "data": {"caption": "Mara Lindqvist"}}, {"type": "warning", "data": {"title": "Note", "message": "No ferry sails."}}]}"#,
                "- Pay|- Four per cent|- Hours|We will not sign|- Mara Lindqvist|Mara Lindqvist|2 Note|No ferry sails.",
            ),
            // Fields that are kept for other blocks state nothing.
            (
                r#"[{"text": "One.", "url": null, "author": ""}, {"text": "Two.", "url": "", "authors": []}, {"text": "Three.", "url": null}]"#,
                "One.|Two.|Three.",
            ),
            // A few blocks with facts.
            (
                r#"[{"__component": "shared.rich-text", "body": "One."}, {"__component": "shared.media-and-text", "text": "Two.", "url": "/x.jpg"}, {"__component": "shared.rich-text", "body": "Three."}]"#,
                "One.|Two.|Three.",
            ),
            (
                r#"[{"type": "text", "content": "One."}, {"type": "quote", "text": "We will not sign this.", "author": "Mara Lindqvist"}, {"type": "text", "content": "Two."}]"#,
                "One.|We will not sign this.|- Mara Lindqvist|Two.",
            ),
            (
                r#"[{"type": "paragraph", "text": "Eins."}, {"type": "factbox", "title": "Der Hafen", "text": "Vierhundert arbeiten dort.", "link": "https://a.example/b"}, {"type": "paragraph", "text": "Zwei.", "url": "https://a.example/c"}, {"type": "paragraph", "text": "Drei."}, {"type": "paragraph", "text": "Vier."}]"#,
                "Eins.|2 Der Hafen|Vierhundert arbeiten dort.|Zwei.|Drei.|Vier.",
            ),
            (
                r#"[{"kind": "note", "content": "Hello."}, {"kind": "note", "content": "Bye.", "author": "B"}, {"kind": "note", "content": "So."}]"#,
                "",
            ),
            (
                r#"[{"type": "story", "title": "A", "content": "One."}, {"type": "brief", "title": "B", "content": "Two.", "date": "2021-01-01"}, {"type": "story", "title": "C", "content": "Three."}]"#,
                "",
            ),
            // Records with facts of their own are no blocks.
            (r#"[{"type": "message", "text": "Hello there.", "date": "2021-01-01"}]"#, "Hello there."),
            (
                r#"[{"kind": "note", "text": "Hello.", "author": "A"}, {"kind": "note", "text": "Bye.", "author": "B"}]"#,
                "",
            ),
        ] {
            let found = match prose(&serde_json::from_str(value).expect("valid JSON")) {
                Some(Prose::Written(text)) => text,
                Some(Prose::Parts(parts)) => {
                    let line = |(kind, text): (BlockKind, String)| match kind {
                        BlockKind::Heading(level) => format!("{level} {text}"),
                        BlockKind::Item => format!("- {text}"),
                        _ => text,
                    };
                    parts.into_iter().map(line).collect::<Vec<_>>().join("|")
                }
                None => String::new(),
            };
            assert_eq!(found, expected, "{value}");
        }
    }
}
