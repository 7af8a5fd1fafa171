//! Texts given as lists or trees of blocks, as editors and content systems store them: `[{"type": "heading", "level": 2,
//! "content": "..."}, {"type": "text", "content": "..."}]`. By shape: what a node is says one of a few keys, in words that
//! all of them share; its text is under one of a few others, or in an object around it.

use serde_json::{Map, Value};

use super::blocks::BlockWriter;
use super::names::{Role, plain_name};
use super::values;
use crate::article::BlockKind;
use crate::text::tidy;

type Object = Map<String, Value>;
type Parts = Vec<(BlockKind, String)>;

/// Most levels of nodes in each other.
const MOST_DEPTH: usize = 24;
/// Most nodes of a list by which it is judged.
const MOST_JUDGED: usize = 50;

/// Keys that say what a node is.
const KINDS: &[&str] = &[
    "type",
    "_type",
    "nodeType",
    "role",
    "__typename",
    "kind",
    "blockName",
    "tag",
    "tagName",
    "element",
    "style",
    "listItem",
];
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
/// Keys of the nodes in a node.
const CHILDREN: &[&str] = &[
    "children",
    "content",
    "contents",
    "nodes",
    "spans",
    "elements",
    "components",
    "blocks",
    "innerBlocks",
    "sections",
    "content_elements",
];
/// Those that may be the runs of one line.
const LINES: &[&str] = &["children", "content", "contents", "nodes", "spans"];
/// Keys of the items of a list.
const ITEMS: &[&str] = &["items", "listItems", "list_items"];
/// Keys of a heading above the text of a node that is a section.
const HEADINGS: &[&str] =
    &["heading", "title", "headline", "header", "section", "subhead", "subheading", "titel", "titre", "titulo"];
/// Kinds of nodes that are none of the text, and words of such.
const LEFT_OUT: &[&str] =
    &["style", "script", "map", "reference", "logo", "ad", "author", "authors", "social", "date", "toc"];
const LEFT_OUT_WORDS: &[&str] = &[
    "advert",
    "button",
    "byline",
    "divider",
    "related",
    "interstitial",
    "newsletter",
    "embed",
    "iframe",
    "rawhtml",
    "socialmedia",
];
/// Words of kinds of nodes that are pictures, whose captions are items.
const PICTURES: &[&str] = &["image", "photo", "picture", "video", "gallery", "figure", "media", "audio"];

/// What a node is.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Kind {
    Heading(u8),
    Item,
    Inline,
    Break,
    Picture,
    LeftOut,
    Paragraph,
}

/// The blocks of a list of nodes.
pub(super) fn of_list(list: &[Value]) -> Option<Parts> {
    let mut writer = BlockWriter::default();
    list.iter().for_each(|node| write(&mut writer, node, "p", 0));
    let body = writer.finish();
    let parts = body.blocks.iter().map(|block| (block.kind, body.text[block.span.clone()].to_string()));
    Some(parts.collect()).filter(|parts: &Parts| !parts.is_empty())
}

/// Do most nodes of a list say what they are, as a block of a text does?
pub(super) fn are_typed(list: &[Value]) -> bool {
    let judged = list.len().min(MOST_JUDGED);
    let typed = list.iter().take(judged).filter(|node| {
        node.as_object().is_some_and(|object| object.iter().any(|(key, value)| is_kind(key) && value.is_string()))
    });
    judged > 0 && typed.count() * 2 > judged
}

fn is_kind(key: &str) -> bool {
    KINDS[..KINDS.len() - 2].contains(&key)
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
        Kind::Picture => {
            if let Some(caption) = node.get("caption").and_then(Value::as_str) {
                writer.block(BlockKind::Item, &values::line(caption));
            }
        }
        Kind::Heading(level) => {
            within(writer, node, ["h1", "h2", "h3", "h4", "h5", "h6"][usize::from(level - 1)], depth)
        }
        Kind::Item => within(writer, node, "li", depth),
        // A text is one in a paragraph, and a paragraph in a list of them; an object in a heading is of it.
        Kind::Inline | Kind::Paragraph if name != "p" => within(writer, node, name, depth),
        Kind::Inline | Kind::Paragraph => {
            let heading = HEADINGS.iter().find_map(|key| heading_text(node.get(*key)?));
            if let Some(heading) = heading.filter(|_| node.len() > 1) {
                writer.block(BlockKind::Heading(2), &heading);
            }
            within(writer, node, "p", depth);
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
    let items = |key: &&str| node.get(*key).or_else(|| node.get("data")?.get(*key))?.as_array();
    for item in ITEMS.iter().filter_map(items).flatten() {
        write(writer, item, "li", depth + 1);
    }
    // What is written out is all that the nodes in it hold.
    let written =
        ["bodyHtml", "html"].iter().any(|key| node.get(*key).and_then(Value::as_str).is_some_and(values::is_prose));
    let inner = CHILDREN.iter().find_map(|key| Some((*key, node.get(*key)?.as_array()?))).filter(|_| !written);
    match inner {
        Some((key, inner)) => {
            // Texts and links in a paragraph are of one line.
            let is_line = LINES.contains(&key)
                && inner.iter().all(|node| match node {
                    Value::Object(node) => matches!(kind(node), Kind::Inline | Kind::Break),
                    other => other.is_string(),
                });
            inner.iter().for_each(|node| write(writer, node, if is_line { "span" } else { name }, depth + 1));
        }
        None => {
            let found = TEXTS.iter().find_map(|key| match node.get(*key)? {
                Value::String(text) if text.trim().is_empty() || values::is_address(text) => None,
                value @ (Value::String(_) | Value::Array(_)) => Some(value),
                value @ Value::Object(object) => bears_text(object, 0).then_some(value),
                _ => None,
            });
            match found {
                Some(Value::String(text)) => leaf(writer, text, name),
                Some(inner) => write(writer, inner, name, depth + 1),
                None => {}
            }
        }
    }
    writer.close(name);
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
            writer.text(if name == "span" && !values::looks_like_markup(text) { text } else { &line });
            writer.close(name);
        }
    }
}

/// What a node says that it is.
fn kind(node: &Object) -> Kind {
    let mut found = Kind::Paragraph;
    for key in KINDS {
        let Some(word) = node.get(*key).and_then(Value::as_str) else { continue };
        let word = word.to_lowercase();
        let plain = plain_name(&word);
        let level = || {
            let stated = |value: &Value| value["level"].as_u64().and_then(|level| u8::try_from(level).ok());
            let whole = Value::Object(Object::new());
            let spelled =
                ["one", "two", "three", "four", "five", "six"].iter().position(|level| plain.ends_with(level));
            let level = node
                .get("level")
                .and_then(Value::as_u64)
                .and_then(|level| u8::try_from(level).ok())
                .or_else(|| stated(node.get("attrs").unwrap_or(&whole)))
                .or_else(|| stated(node.get("data").unwrap_or(&whole)))
                .or_else(|| node.get("tag")?.as_str()?.strip_prefix('h')?.parse().ok())
                .or_else(|| Some(u8::try_from(spelled? + 1).expect("six levels")))
                .or_else(|| plain.chars().last()?.to_digit(10).and_then(|level| u8::try_from(level).ok()));
            level.unwrap_or(2).clamp(1, 6)
        };
        let is_of = |words: &[&str]| words.iter().any(|of| plain.contains(of));
        let tag_level =
            plain.strip_prefix('h').and_then(|level| level.parse::<u8>().ok()).filter(|level| (1..=6).contains(level));
        let new = match plain.as_str() {
            "text" | "span" | "link" | "autolink" | "mention" | "hashtag" | "extendedtext" | "strong" | "em" | "a"
            | "bold" | "italic" | "hyperlink" | "plain" | "inline" => Kind::Inline,
            "linebreak" | "hardbreak" | "br" => Kind::Break,
            "li" | "bullet" | "listitem" => Kind::Item,
            "title" | "subtitle" | "subhead" => Kind::Heading(2),
            _ if *key == "style" || *key == "listItem" => match tag_level {
                Some(level) => Kind::Heading(level),
                None if *key == "listItem" => Kind::Item,
                None => continue,
            },
            _ if tag_level.is_some() => Kind::Heading(tag_level.expect("checked")),
            _ if plain.contains("head") => Kind::Heading(level()),
            _ if plain.contains("listitem") => Kind::Item,
            _ if LEFT_OUT.contains(&plain.as_str()) || is_of(LEFT_OUT_WORDS) => Kind::LeftOut,
            _ if is_of(PICTURES) => Kind::Picture,
            _ => continue,
        };
        if !matches!(found, Kind::Heading(_)) {
            found = new;
        }
    }
    // A run of an editor's operations has no kind.
    if found == Kind::Paragraph && node.contains_key("insert") { Kind::Inline } else { found }
}

/// The text of an element or object around its paragraphs, whatever the objects between are called: the longest list of
/// them. What stands before it in the same object is its beginning.
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
    !list.is_empty() && list.iter().all(is_part) && list.iter().filter(|node| bears(node)).count() * 2 >= list.len()
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
