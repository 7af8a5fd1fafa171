//! Markdown: headings and paragraphs by markup, facts from front matter.
//!
//! The text of the article is that of the file with its markup, so that every passage is a stretch of the file.
//! [`RawArticle::markup`] lists what is markup.

use pulldown_cmark::{Event, MetadataBlockKind, Options, Parser, Tag, TagEnd};
use serde_json::Value;

use super::object;
use crate::article::{Block, BlockKind, RawArticle, Span};
use crate::model::{BoilerplateKind, Facts};

/// Reads a Markdown text.
#[must_use]
pub fn read(text: String) -> RawArticle {
    let mut reader = Reader::default();
    let options = Options::ENABLE_YAML_STYLE_METADATA_BLOCKS
        | Options::ENABLE_PLUSES_DELIMITED_METADATA_BLOCKS
        | Options::ENABLE_TABLES
        | Options::ENABLE_STRIKETHROUGH;
    let json_front_matter = json_front_matter(&text);
    let start = json_front_matter.as_ref().map_or(0, |(_, end)| *end);
    if start > 0 {
        reader.blocks.push(Block { span: 0..start, kind: BlockKind::Boilerplate(BoilerplateKind::Metadata) });
    }
    for (event, range) in Parser::new_ext(&text[start..], options).into_offset_iter() {
        reader.take(event, range.start + start..range.end + start);
    }
    let Reader { blocks, words, front_matter, is_toml, .. } = reader;
    let read_facts = if is_toml { toml_value } else { front_matter_value };
    let front_matter =
        json_front_matter.map(|(value, _)| value).or_else(|| front_matter.as_deref().and_then(read_facts));
    let facts = front_matter.map_or_else(Facts::default, |value| object::facts(&value));
    let markup = gaps(text.len(), words);
    RawArticle { text, blocks: Some(blocks), markup, facts, ..RawArticle::default() }
}

/// The blocks and facts of the events that were read.
#[derive(Default)]
struct Reader {
    blocks: Vec<Block>,
    /// Ranges of words, in order.
    words: Vec<Span>,
    /// The open block: its kind, and the range of its text, if it has any yet.
    open: Option<(BlockKind, Option<Span>)>,
    in_front_matter: bool,
    is_toml: bool,
    front_matter: Option<String>,
    /// Number of open list items and table rows: their text is items.
    item_depth: usize,
}

impl Reader {
    fn take(&mut self, event: Event<'_>, range: Span) {
        match event {
            Event::Start(Tag::MetadataBlock(kind)) => {
                self.in_front_matter = true;
                self.is_toml = kind == MetadataBlockKind::PlusesStyle;
                self.blocks.push(Block { span: range, kind: BlockKind::Boilerplate(BoilerplateKind::Metadata) });
            }
            Event::End(TagEnd::MetadataBlock(_)) => self.in_front_matter = false,
            Event::Text(text) if self.in_front_matter => self.front_matter.get_or_insert_default().push_str(&text),
            Event::Start(Tag::Heading { level, .. }) => self.start(BlockKind::Heading(level as u8)),
            Event::Start(Tag::Paragraph) => {
                let kind = if self.item_depth > 0 { BlockKind::Item } else { BlockKind::Paragraph };
                self.start(kind);
            }
            Event::Start(Tag::Item | Tag::TableRow | Tag::TableHead) => {
                self.item_depth += 1;
                self.start(BlockKind::Item);
            }
            Event::End(TagEnd::Item | TagEnd::TableRow | TagEnd::TableHead) => {
                self.item_depth = self.item_depth.saturating_sub(1);
                self.end();
            }
            Event::Start(Tag::CodeBlock(_)) => self.start(BlockKind::Item),
            Event::End(TagEnd::Heading(_) | TagEnd::Paragraph | TagEnd::CodeBlock) => self.end(),
            Event::Text(_) | Event::Code(_) => self.add_words(range),
            _ => {}
        }
    }

    fn start(&mut self, kind: BlockKind) {
        self.end();
        self.open = Some((kind, None));
    }

    fn end(&mut self) {
        if let Some((kind, Some(span))) = self.open.take() {
            self.blocks.push(Block { span, kind });
        }
    }

    fn add_words(&mut self, range: Span) {
        let kind = if self.item_depth > 0 { BlockKind::Item } else { BlockKind::Paragraph };
        let (_, span) = self.open.get_or_insert((kind, None));
        match span {
            Some(span) => span.end = span.end.max(range.end),
            None => *span = Some(range.clone()),
        }
        self.words.push(range);
    }
}

/// The ranges of a text of `length` bytes between those of `words`.
fn gaps(length: usize, words: Vec<Span>) -> Vec<Span> {
    let mut out = Vec::new();
    let mut at = 0;
    for range in words {
        if range.start > at {
            out.push(at..range.start);
        }
        at = at.max(range.end);
    }
    if at < length {
        out.push(at..length);
    }
    out
}

/// Front matter that is a JSON object, as Hugo reads it, and its end.
fn json_front_matter(text: &str) -> Option<(Value, usize)> {
    if !text.starts_with('{') {
        return None;
    }
    let mut values = serde_json::Deserializer::from_str(text).into_iter::<Value>();
    let value = values.next()?.ok().filter(Value::is_object)?;
    let end = values.byte_offset();
    text[end..].starts_with(['\n', '\r']).then_some((value, end))
}

/// TOML front matter as JSON. Fields of `[taxonomies]` and `[extra]` are treated as top-level fields.
fn toml_value(text: &str) -> Option<Value> {
    let table: toml::Table = text.parse().ok()?;
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

/// YAML front matter as JSON. If it is not valid, lines `key: value` and `key = "value"` are read.
fn front_matter_value(text: &str) -> Option<Value> {
    if let Ok(value @ Value::Object(_)) = serde_saphyr::from_str::<Value>(text) {
        return Some(value);
    }
    let pairs = text.lines().filter_map(|line| {
        let (key, value) = line.split_once(['=', ':'])?;
        Some((key.trim().to_string(), Value::String(value.trim().trim_matches(['"', '\'']).to_string())))
    });
    Some(Value::Object(pairs.collect()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::article::SplitArticle;

    #[test]
    fn front_matter_may_be_json() {
        let text = "{\n  \"title\": \"Dockers {walk} out\",\n  \"date\": \"2023-09-12\"\n}\n\nThe port closed.\n\n## The dispute\n\nHours.\n";
        let article = SplitArticle::assemble(read(text.to_string()));
        assert_eq!(article.facts.title.as_deref(), Some("Dockers {walk} out"));
        assert_eq!(article.facts.published.as_ref().map(|p| p.value.as_str()), Some("2023-09-12"));
        let heading = article.sections[1].heading.clone().expect("a heading");
        assert_eq!(article.plain_text(&heading).trim(), "The dispute");
        assert_eq!(article.plain_text(&article.sections[0].span()).trim(), "The port closed.");
    }

    #[test]
    fn headings_front_matter_and_words() {
        let text = "---\ntitle: \"Dockers walk out\"\ndate: 2023-09-12\nauthor: Mara Lindqvist\n---\n\nFirst [the port](http://example.org/x) closed.\n\n## The *dispute*\n\n- higher pay\n- fewer hours\n";
        let article = SplitArticle::assemble(read(text.to_string()));
        assert_eq!(article.facts.title.as_deref(), Some("Dockers walk out"));
        assert_eq!(article.facts.byline.as_deref(), Some("Mara Lindqvist"));
        assert_eq!(article.facts.published.as_ref().map(|p| p.value.as_str()), Some("2023-09-12"));
        assert_eq!(article.sections.len(), 2);
        let paragraph = article.plain_text(&article.sections[0].span());
        assert_eq!(paragraph.split_whitespace().collect::<Vec<_>>(), ["First", "the", "port", "closed."]);
        let heading = article.sections[1].heading.clone().expect("a heading");
        assert_eq!(article.plain_text(&heading).split_whitespace().collect::<Vec<_>>(), ["The", "dispute"]);
        assert_eq!(article.sections[1].paragraphs.len(), 2);
    }
}
