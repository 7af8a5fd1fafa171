//! CSL-JSON, which reference managers and pandoc read: an array with an item an article.
//!
//! Format: <https://docs.citationstyles.org/en/stable/specification.html> and its schema csl-data.json.

use std::io::{self, Write};

use serde_json::{Map, Value, json};

use super::Renderer;
use super::json::write_value;
use crate::model::Article;
use crate::search::Results;

/// Writes articles as items.
#[derive(Default)]
pub(crate) struct Csl {
    has_item: bool,
    /// Path and record of the last article.
    last: Option<(String, Option<String>)>,
}

/// The item of an article.
pub(crate) fn item(article: &Article) -> Value {
    let facts = &article.facts;
    let mut item = Map::new();
    item.insert("id".into(), article.id().into());
    item.insert("type".into(), "article-newspaper".into());
    item.insert("title".into(), facts.title.as_deref().unwrap_or(&article.path).into());
    let authors: Vec<Value> =
        facts.byline.iter().flat_map(|byline| byline.split(", ")).map(|author| json!({ "literal": author })).collect();
    if !authors.is_empty() {
        item.insert("author".into(), authors.into());
    }
    if let Some(published) = &facts.published {
        let parts: Vec<u32> = published.day().split('-').filter_map(|part| part.parse().ok()).collect();
        if !parts.is_empty() {
            item.insert("issued".into(), json!({ "date-parts": [parts] }));
        }
    }
    for (name, value) in [
        ("container-title", &facts.source),
        ("section", &facts.desk),
        ("URL", &facts.url),
        ("language", &facts.lang),
        ("event-place", &facts.dateline),
    ] {
        if let Some(value) = value {
            item.insert(name.into(), value.as_str().into());
        }
    }
    if !facts.keywords.is_empty() {
        item.insert("keyword".into(), facts.keywords.join(", ").into());
    }
    item.insert("note".into(), article.path.as_str().into());
    Value::Object(item)
}

impl Renderer for Csl {
    fn begin(&mut self, out: &mut dyn Write) -> io::Result<()> {
        out.write_all(b"[")
    }

    fn results(&mut self, out: &mut dyn Write, _id: Option<&str>, results: &Results) -> io::Result<()> {
        for hit in &results.hits {
            let key = (hit.article.path.clone(), hit.article.record.clone());
            if self.last.as_ref() == Some(&key) {
                continue;
            }
            self.last = Some(key);
            out.write_all(if std::mem::replace(&mut self.has_item, true) { b",\n" } else { b"\n" })?;
            write_value(out, &item(&hit.article))?;
        }
        Ok(())
    }

    fn finish(&mut self, out: &mut dyn Write) -> io::Result<()> {
        out.write_all(b"\n]\n")
    }
}
