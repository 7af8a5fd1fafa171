//! What a node says that it is: one of a few keys, in words that content systems share.

use serde_json::{Map, Value};

use crate::ingest::format::names::{self, plain_name};

pub(super) type Object = Map<String, Value>;

/// Most nodes of a list by which it is judged.
const MOST_JUDGED: usize = 50;

/// Keys that say what a node is.
const KINDS: &[&str] = &[
    "type",
    "_type",
    "__component",
    "component",
    "acf_fc_layout",
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
/// Kinds that are not text of the article, and parts of the names of such kinds.
const LEFT_OUT: &[&str] =
    &["style", "script", "map", "reference", "logo", "ad", "author", "authors", "social", "date", "toc"];
const LEFT_OUT_WORDS: &[&str] = &[
    "advert",
    "advertisement",
    "advertising",
    "button",
    "byline",
    "divider",
    "related",
    "interstitial",
    "newsletter",
    "embed",
    "embedded",
    "iframe",
    "rawhtml",
    "socialmedia",
];
/// Words of kinds of nodes that are pictures, whose captions are items.
const PICTURES: &[&str] = &["image", "photo", "picture", "video", "gallery", "figure", "media", "audio"];
/// Words of `LEFT_OUT_WORDS` that the kind of a text may have: `related_text`.
const LEFT_OUT_BESIDE_TEXT: &[&str] = &["related", "embed", "embedded"];
/// Words of kinds that are texts, also with a picture: `text-with-image`.
pub(super) const TEXT_KINDS: &[&str] = &["text", "paragraph"];
/// Words of kinds that are headings.
const HEADING_KINDS: &[&str] = &["head", "header", "heading", "headline"];
/// Words of kinds that hold the runs of one line.
pub(super) const LINE_KINDS: &[&str] = &["paragraph", "para", "p", "unstyled"];
/// Words of kinds that are blocks, however short.
pub(super) const BLOCK_KINDS: &[&str] =
    &["paragraph", "para", "block", "list", "table", "row", "cell", "column", "quote", "section", "item", "box", "div"];
pub(super) const BLOCK_TAGS: &[&str] = &["p", "ul", "ol", "dl", "tr", "td", "th", "hr", "pre"];

/// The kinds of nodes.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    Heading(u8),
    Item,
    Inline,
    Break,
    Picture,
    LeftOut,
    Paragraph,
}

/// Do most nodes of a list say what they are, as a block of a text does?
pub(in crate::ingest::format) fn are_typed(list: &[Value]) -> bool {
    let judged = list.len().min(MOST_JUDGED);
    let typed = list.iter().take(judged).filter(|node| {
        node.as_object().is_some_and(|object| object.iter().any(|(key, value)| is_kind(key) && value.is_string()))
    });
    judged > 0 && typed.count() * 2 > judged
}

fn is_kind(key: &str) -> bool {
    KINDS[..KINDS.len() - 2].contains(&key)
}

/// The kind of a node, by the words under its keys of kinds.
pub(super) fn kind(node: &Object) -> Kind {
    let mut found = Kind::Paragraph;
    for key in KINDS {
        let Some(word) = node.get(*key).and_then(Value::as_str) else { continue };
        let words = || names::words(word);
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
        let tag_level =
            plain.strip_prefix('h').and_then(|level| level.parse::<u8>().ok()).filter(|level| (1..=6).contains(level));
        let new = match plain.as_str() {
            "text" | "span" | "link" | "autolink" | "mention" | "hashtag" | "extendedtext" | "strong" | "em" | "a"
            | "bold" | "italic" | "underline" | "strikethrough" | "superscript" | "subscript" | "sup" | "sub"
            | "hyperlink" | "entryhyperlink" | "assethyperlink" | "resourcehyperlink" | "plain" | "inline"
            | "fragment" | "footnote" | "tab" | "emoji" => Kind::Inline,
            "linebreak" | "hardbreak" | "br" => Kind::Break,
            "li" | "bullet" | "listitem" => Kind::Item,
            "title" | "subtitle" | "subhead" => Kind::Heading(2),
            _ if *key == "style" || *key == "listItem" => match tag_level {
                Some(level) => Kind::Heading(level),
                None if *key == "listItem" => Kind::Item,
                None => continue,
            },
            _ if tag_level.is_some() => Kind::Heading(tag_level.expect("checked")),
            _ => {
                let words = words();
                let is_text = words.iter().any(|word| TEXT_KINDS.contains(&word.as_str()));
                let left_out = last_of(&words, LEFT_OUT_WORDS)
                    .filter(|at| !is_text || last_of(&words[*at..=*at], LEFT_OUT_BESIDE_TEXT).is_none());
                let picture = last_of(&words, PICTURES).filter(|_| !is_text);
                // The last word decides: `image_heading` is a heading, `header_image` is a picture.
                match words.iter().rposition(|word| is_heading_word(word)) {
                    heading if heading > left_out.max(picture) => Kind::Heading(level()),
                    _ if plain.contains("listitem") => Kind::Item,
                    _ if LEFT_OUT.contains(&plain.as_str()) || left_out.is_some() => Kind::LeftOut,
                    _ if picture.is_some() => Kind::Picture,
                    _ => continue,
                }
            }
        };
        if !matches!(found, Kind::Heading(_)) {
            found = new;
        }
    }
    // A run of an editor's operations has no kind.
    if found == Kind::Paragraph && node.contains_key("insert") { Kind::Inline } else { found }
}

/// The words of what a node says that it is.
pub(super) fn kind_words(node: &Object) -> Vec<String> {
    let stated = KINDS[..KINDS.len() - 2].iter().filter_map(|key| node.get(*key)?.as_str());
    stated.flat_map(names::words).collect()
}

/// Is a node a text, which may be a paragraph or a run?
pub(super) fn is_text_kind(node: &Object) -> bool {
    kind_words(node).iter().any(|word| word == "text")
}

/// Is it `heading`, `subhead`, `headline2`, `headertwo`?
fn is_heading_word(word: &str) -> bool {
    let word = word.trim_end_matches(|c: char| c.is_ascii_digit());
    let one = word.strip_suffix('s').unwrap_or(word);
    HEADING_KINDS.iter().any(|of| one.ends_with(of))
        || HEADING_KINDS.iter().any(|of| *of != "head" && word.starts_with(of))
}

/// Index of the last word that is or ends with one of `list`, also in two words or as a plural.
pub(super) fn last_of(words: &[String], list: &[&str]) -> Option<usize> {
    let is = |word: &str| {
        let word = word.trim_end_matches(|c: char| c.is_ascii_digit());
        let one = word.strip_suffix('s').unwrap_or(word);
        list.iter().any(|of| word.ends_with(of) || one.ends_with(of))
    };
    (0..words.len()).rev().find(|&at| {
        is(&words[at]) || words.get(at + 1).is_some_and(|next| list.contains(&format!("{}{next}", words[at]).as_str()))
    })
}
