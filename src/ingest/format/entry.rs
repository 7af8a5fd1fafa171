//! The article of a record of named fields: of JSON, a table, XML or a database of references.

use serde_json::{Map, Value};

use super::blocks::BlockWriter;
use super::draft::{Draft, Text};
use super::finder::FoundRecord;
use super::object::{Fields, Stated};
use super::values::{self, Prose};
use super::{html, markdown};
use crate::article::{BlockKind, blank};
use crate::model::StatedBy;
use crate::text::tidy;

/// The article of a record that was found in a tree; `None` if it is a notice of its service, not an article.
pub(super) fn draft_of(found: &FoundRecord<'_>) -> Option<Draft> {
    if is_notice(found.object) {
        return None;
    }
    let mut draft = draft(found.object, &found.outer);
    if !found.path.is_empty() {
        draft.stated_by.insert(0, StatedBy { fact: "list".into(), field: found.path.clone() });
    }
    if let Some(name) = found.holder.filter(|_| found.path.ends_with("messages[]")).and_then(channel) {
        draft.source(Some(name));
    }
    Some(draft)
}

/// The article of a record of these fields.
pub(super) fn draft(object: &Map<String, Value>, outer: &[&Map<String, Value>]) -> Draft {
    let mut draft = of_stated(Fields::of(object, outer).stated());
    apply_embedded(object, &mut draft);
    draft
}

/// The article that a record states.
pub(super) fn of_stated(stated: Stated) -> Draft {
    let Stated { facts, id, has_title, text, standfirst, stated_by } = stated;
    let text = text.map_or_else(Text::default, |(text, field)| written(text, &field));
    Draft { id, facts, standfirst, text, title_open: !has_title, stated_by, ..Draft::default() }
}

/// Is the record a notice of its service: somebody joined a channel, a picture was uploaded?
fn is_notice(object: &Map<String, Value>) -> bool {
    let is =
        |key: &str, kinds: &[&str]| object.get(key).and_then(Value::as_str).is_some_and(|kind| kinds.contains(&kind));
    is("type", &["service"]) && object.contains_key("action")
        || is("post_type", &["attachment", "nav_menu_item", "revision", "custom_css"])
}

/// The name of the channel that holds messages.
fn channel(holder: &Map<String, Value>) -> Option<String> {
    let named = |value: &Value| value.get("name").and_then(Value::as_str).map(tidy);
    let outer = holder.get("guild").and_then(named);
    outer
        .or_else(|| ["name", "title"].iter().find_map(|key| holder.get(*key).and_then(Value::as_str)).map(tidy))
        .or_else(|| holder.get("channel").and_then(named))
        .filter(|name| !name.is_empty())
}

/// Facts that a record refers to by key and embeds beside: authors and terms of WordPress, hashtags of posts.
fn apply_embedded(object: &Map<String, Value>, draft: &mut Draft) {
    if let Some(embedded) = object.get("_embedded") {
        let authors = embedded["author"].as_array().into_iter().flatten();
        let names: Vec<String> = authors.filter_map(|author| author["name"].as_str()).map(values::line).collect();
        draft.byline(Some(names.join(", ")));
        for term in embedded["wp:term"]
            .as_array()
            .into_iter()
            .flatten()
            .flat_map(|terms| terms.as_array().into_iter().flatten())
        {
            let Some(name) = term["name"].as_str().map(values::line) else { continue };
            match term["taxonomy"].as_str() {
                Some("category") if draft.facts.desk.is_none() => draft.facts.desk = Some(name),
                _ => draft.keyword(&name),
            }
        }
    }
    if let Some(yoast) = object.get("yoast_head_json") {
        draft.byline(yoast["author"].as_str().map(values::line));
        draft.source(yoast["og_site_name"].as_str().map(values::line));
    }
    for tag in object.get("entities").and_then(|entities| entities["hashtags"].as_array()).into_iter().flatten() {
        if let Some(word) = tag["text"].as_str().or(tag["tag"].as_str()) {
            draft.keyword(word);
        }
    }
}

/// The text as blocks, or as it is written.
fn written(text: Prose, field: &str) -> Text {
    match text {
        Prose::Parts(parts) => {
            let mut writer = BlockWriter::default();
            for (kind, part) in parts {
                if kind == BlockKind::Paragraph && values::looks_like_markup(&part) {
                    let inner = html::fragment(&part);
                    for block in &inner.blocks {
                        writer.block(block.kind, &inner.text[block.span.clone()]);
                    }
                } else {
                    writer.block(kind, &part);
                }
            }
            let body = writer.finish();
            let marked = body.blocks.iter().any(|block| matches!(block.kind, BlockKind::Heading(_)));
            if marked { Text::Blocks(body) } else { Text::Page(body) }
        }
        Prose::Written(text) if values::looks_like_markup(&text) => Text::Page(html::fragment(&text)),
        Prose::Written(text) => {
            let name = field.to_lowercase();
            if name.contains("markdown") || name.ends_with("_md") {
                of_markdown(text)
            } else {
                Text::Bare(values::unescaped(&text))
            }
        }
    }
}

/// The blocks of a text in Markdown, without its marks.
fn of_markdown(text: String) -> Text {
    let raw = markdown::read(text);
    let mut writer = BlockWriter::default();
    for block in raw.blocks.iter().flatten().filter(|block| !matches!(block.kind, BlockKind::Boilerplate(_))) {
        let marks = raw.markup.iter().filter(|mark| mark.start < block.span.end && mark.end > block.span.start);
        let within = marks.map(|mark| {
            mark.start.max(block.span.start) - block.span.start..mark.end.min(block.span.end) - block.span.start
        });
        writer.block(block.kind, &blank(&raw.text[block.span.clone()], within));
    }
    Text::Blocks(writer.finish())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn facts_beside_the_record() {
        for (json, byline, desk, tags) in [
            (
                r#"{"title": {"rendered": "A"}, "author": 3, "tags": [4], "_embedded": {"author": [{"name": "Petra Solheim"}],
                    "wp:term": [[{"taxonomy": "category", "name": "Ferries &amp; ports"}], [{"taxonomy": "post_tag", "name": "pay"}]]}}"#,
                Some("Petra Solheim"),
                Some("Ferries & ports"),
                &["pay"][..],
            ),
            (r#"{"full_text": "A vote.", "entities": {"hashtags": [{"text": "ferries"}]}}"#, None, None, &["ferries"]),
        ] {
            let value: Value = serde_json::from_str(json).expect("valid JSON");
            let draft = draft(value.as_object().expect("an object"), &[]);
            assert_eq!(draft.facts.byline.as_deref(), byline, "{json}");
            assert_eq!(draft.facts.desk.as_deref(), desk, "{json}");
            assert_eq!(draft.facts.keywords, tags, "{json}");
        }
    }

    #[test]
    fn texts_are_blocks() {
        for (json, expected) in [
            (
                r###"{"content_markdown": "## The offer\n\nFour *per cent*, [they](https://a.example) say."}"###,
                "The offer|Four  per cent ,  they",
            ),
            (r#"{"text": "Ferries &amp; ports.", "title": "A"}"#, "Ferries & ports."),
            (r#"{"content": "<p>One.</p><h2>Two</h2>"}"#, "One.|Two"),
        ] {
            let value: Value = serde_json::from_str(json).expect("valid JSON");
            let draft = draft(value.as_object().expect("an object"), &[]);
            let text = match draft.text {
                Text::Bare(text) => text,
                Text::Blocks(body) | Text::Page(body) => body.lines().collect::<Vec<_>>().join("|"),
            };
            let plain = tidy(&text);
            assert!(plain.starts_with(&tidy(expected)), "{json}: {plain}");
        }
    }
}
