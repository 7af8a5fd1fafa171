//! JSON-LD in pages: the articles among the objects of their scripts.

use serde_json::Value;

use super::object;
use crate::model::Facts;
use crate::text::tidy;

/// The facts of the articles in the JSON-LD scripts of a page; the first script that states a fact counts.
pub(super) fn facts(scripts: impl Iterator<Item = String>) -> Facts {
    let values: Vec<Value> = scripts.filter_map(|script| lenient(&script)).collect();
    let mut facts = Facts::default();
    for value in &values {
        let mut articles = Vec::new();
        find_articles(value, &mut articles, 0);
        for article in articles {
            let mut stated = object::facts(article);
            let names = article.get("author").map_or_else(Vec::new, |author| names(author, &values));
            if !names.is_empty() {
                stated.byline = Some(names.join(", "));
            }
            facts.fill_from(stated);
        }
    }
    facts
}

/// Names of authors; an author may be a reference (`@id`) to another object of the page.
fn names(author: &Value, page: &[Value]) -> Vec<String> {
    match author {
        Value::Array(authors) => authors.iter().flat_map(|author| names(author, page)).collect(),
        Value::String(name) => vec![tidy(name)],
        Value::Object(object) => {
            let name = object.get("name").or_else(|| {
                let id = object.get("@id")?;
                page.iter().find_map(|value| named_object(value, id, 0))
            });
            match name {
                Some(Value::String(name)) => vec![tidy(name)],
                Some(Value::Array(names)) => names.iter().filter_map(Value::as_str).map(tidy).collect(),
                _ => Vec::new(),
            }
        }
        _ => Vec::new(),
    }
}

/// The name of the object with this `@id`.
fn named_object<'v>(value: &'v Value, id: &Value, depth: usize) -> Option<&'v Value> {
    const MOST_DEPTH: usize = 6;
    match value {
        _ if depth > MOST_DEPTH => None,
        Value::Array(values) => values.iter().find_map(|value| named_object(value, id, depth + 1)),
        Value::Object(object) if object.get("@id") == Some(id) && object.contains_key("name") => object.get("name"),
        Value::Object(object) => object.values().find_map(|value| named_object(value, id, depth + 1)),
        _ => None,
    }
}

/// Parses JSON as pages write it: in comments or CDATA, with line breaks inside strings and trailing commas.
fn lenient(text: &str) -> Option<Value> {
    let text = text.trim().trim_start_matches("<!--").trim_end_matches("-->").trim();
    let text = text
        .trim_start_matches("//<![CDATA[")
        .trim_start_matches("<![CDATA[")
        .trim_end_matches("//]]>")
        .trim_end_matches("]]>")
        .trim()
        .trim_end_matches(';');
    if let Ok(value) = serde_json::from_str(text) {
        return Some(value);
    }
    let mended: String = text.chars().map(|c| if c.is_control() { ' ' } else { c }).collect();
    let mended = mended.replace(", }", "}").replace(",}", "}").replace(", ]", "]").replace(",]", "]");
    serde_json::from_str(&mended).ok()
}

/// Collects the objects whose type is a kind of article, at any depth up to `MOST_DEPTH`.
fn find_articles<'v>(value: &'v Value, out: &mut Vec<&'v Value>, depth: usize) {
    const MOST_DEPTH: usize = 8;
    if depth > MOST_DEPTH {
        return;
    }
    match value {
        Value::Array(values) => values.iter().for_each(|value| find_articles(value, out, depth + 1)),
        Value::Object(object) => {
            let is_article =
                |kind: &str| kind.ends_with("Article") || matches!(kind, "BlogPosting" | "Report" | "LiveBlogPosting");
            let article = match object.get("@type") {
                Some(Value::String(kind)) => is_article(kind),
                Some(Value::Array(kinds)) => kinds.iter().filter_map(Value::as_str).any(is_article),
                _ => false,
            };
            if article {
                out.push(value);
            } else {
                ["@graph", "mainEntity", "mainEntityOfPage", "itemListElement", "item"]
                    .iter()
                    .filter_map(|key| object.get(*key))
                    .for_each(|value| find_articles(value, out, depth + 1));
            }
        }
        _ => {}
    }
}
