//! Which nodes are runs of one line, and which are blocks.

use serde_json::Value;

use super::kinds::{BLOCK_KINDS, BLOCK_TAGS, Kind, LINE_KINDS, Object, is_text_kind, kind, kind_words, last_of};
use crate::ingest::format::values;

/// Keys of the nodes in a node.
pub(super) const CHILDREN: &[&str] = &[
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
/// Keys of `CHILDREN` whose nodes may be inline runs.
const LINES: &[&str] = &["children", "content", "contents", "nodes", "spans"];
/// Keys of the items of a list.
pub(super) const ITEMS: &[&str] = &["items", "listItems", "list_items"];

/// Are nodes in another the runs of one line, as texts and links in a paragraph are, but for blocks among them?
pub(super) fn holds_runs(node: &Object, key: &str, list: &[Value]) -> bool {
    let of_kind = |child: &Value, is: &dyn Fn(&Object) -> bool| child.as_object().is_some_and(is);
    let is_sure = |child: &Value| of_kind(child, &|child| kind(child) == Kind::Inline && !is_text_kind(child));
    if !LINES.contains(&key) && !list.iter().all(is_sure) {
        return false;
    }
    let words = kind_words(node);
    let is_line = match kind(node) {
        Kind::Heading(_) | Kind::Item => true,
        Kind::Inline => !is_text_kind(node),
        _ => words.iter().any(|word| LINE_KINDS.contains(&word.as_str())),
    };
    if is_line {
        return true;
    }
    if list.iter().any(|child| !is_run(child) || of_kind(child, &|child| kind(child) == Kind::Picture)) {
        return false;
    }
    // Texts of an object of any other kind may also be its paragraphs.
    let texts: Vec<String> =
        list.iter().filter_map(run_text).filter(|text| !text.trim().is_empty()).map(str::to_string).collect();
    let is_trimmed = |text: &String| text.trim() == text && !text.starts_with([',', '.', ';']);
    let are_apart = texts.len() > 1 && texts.iter().all(is_trimmed) && values::most_end_sentences(&texts);
    let is_known = |child: &Value| match child {
        Value::Object(child) => matches!(kind(child), Kind::Inline | Kind::Break),
        _ => true,
    };
    if list.iter().all(is_known) {
        return !are_apart || list.iter().any(is_sure);
    }
    let is_leaf = |child: &Value| is_known(child) || of_kind(child, &|child| kind_words(child).is_empty());
    if matches!(key, "children" | "spans") && list.iter().all(is_leaf) {
        return !are_apart;
    }
    texts.len() > 1 && !texts.iter().all(is_trimmed)
}

/// May a node be a run of a line: is it none that is a block by its kind, or by what it holds?
pub(super) fn is_run(node: &Value) -> bool {
    let Value::Object(node) = node else { return node.is_string() };
    let words = kind_words(node);
    match kind(node) {
        Kind::Break | Kind::LeftOut | Kind::Picture => true,
        Kind::Inline => !holds_blocks(node),
        Kind::Heading(_) | Kind::Item => false,
        Kind::Paragraph if words.is_empty() => own_text(node).is_some(),
        Kind::Paragraph => {
            let is_block = words.iter().any(|word| BLOCK_TAGS.contains(&word.as_str()));
            let is_inline = words.iter().any(|word| word == "inline");
            let holds_items = ITEMS.iter().any(|key| node.contains_key(*key));
            let may_be = is_inline || !is_block && !holds_items && last_of(&words, BLOCK_KINDS).is_none();
            may_be && !holds_blocks(node)
        }
    }
}

/// Are there nodes in another that say that they are blocks?
fn holds_blocks(node: &Object) -> bool {
    let inner = CHILDREN.iter().filter_map(|key| node.get(*key)?.as_array()).flatten();
    inner
        .filter(|child| child.as_object().is_some_and(|child| !kind_words(child).is_empty()))
        .any(|child| !is_run(child))
}

/// The text of a run.
fn run_text(node: &Value) -> Option<&str> {
    node.as_str().or_else(|| own_text(node.as_object()?))
}

fn own_text(node: &Object) -> Option<&str> {
    ["text", "value", "insert", "#text", "content"].iter().find_map(|key| node.get(*key)?.as_str())
}
