//! JSON files of articles: one object, an array of objects, an object that wraps such an array, or an object a line.

use std::io::{BufRead, Read};

use serde_json::{Map, Value};
use xxhash_rust::xxh3::xxh3_64;

use super::object::{self, Fields};
use super::records::{yield_article, yield_record};
use super::{html, ninjs};
use crate::article::RawArticle;
use crate::article::date::date_in_path;
use crate::ingest::decode::decode;
use crate::ingest::{BadRecord, ReadLimits, RecordId, SkipReason, Yielded};
use crate::model::PublishedFrom;

/// Names of fields that hold a list of articles.
const LISTS: &[&str] = &["articles", "items", "results", "docs", "data", "hits", "stories", "entries", "@graph"];
/// Names of fields that hold an object with such a list.
const WRAPPERS: &[&str] = &["response", "result", "data"];

/// Reads a file of one object, an array of them, or an object that holds such an array.
pub(crate) fn read(bytes: &[u8], name: &str, sink: &mut dyn FnMut(Yielded)) -> Result<(), SkipReason> {
    let text = decode(bytes, false)?.text;
    let value: Value =
        serde_json::from_str(&text).map_err(|error| SkipReason::Malformed(format!("not valid JSON: {error}")))?;
    if let Some(drafts) = ninjs::feed(&value) {
        for (i, draft) in drafts.into_iter().enumerate() {
            let hash = xxh3_64(format!("{draft:?}").as_bytes());
            yield_record(draft.record(name, Some(i + 1), hash), &format!("item {}", i + 1), sink);
        }
        return Ok(());
    }
    if let Some(items) = ninjs::wrapped(&value) {
        let many = items.len() > 1;
        for (i, item) in items.into_iter().enumerate() {
            let hash = xxh3_64(Value::Object(item.clone()).to_string().as_bytes());
            let record = ninjs::draft(&item).record(name, many.then_some(i + 1), hash);
            yield_record(record, &format!("item {}", i + 1), sink);
        }
        return Ok(());
    }
    let mut yield_value = |number: usize, value: Value, is_file: bool| {
        // The hash covers the value alone, so that it does not depend on the other records of the file.
        let hash = xxh3_64(value.to_string().as_bytes());
        let article = article(value, name);
        let article = article.map(|(own, raw)| (own.or((!is_file).then_some(RecordId::Number(number))), raw));
        yield_article(article, hash, &format!("record {number}"), sink);
    };
    let mut yield_list =
        |values: Vec<Value>| values.into_iter().enumerate().for_each(|(i, value)| yield_value(i + 1, value, false));
    match value {
        Value::Array(values) => yield_list(values),
        Value::Object(mut object) => match take_list(&mut object) {
            Some(values) => yield_list(values),
            None => yield_value(1, Value::Object(object), true),
        },
        _ => return Err(SkipReason::NoText),
    }
    Ok(())
}

/// Takes the list of articles out of an object that is not an article itself.
fn take_list(object: &mut Map<String, Value>) -> Option<Vec<Value>> {
    if Fields::of(object).text().is_some() {
        return None;
    }
    for wrapper in WRAPPERS {
        if let Some(Value::Object(inner)) = object.get_mut(*wrapper)
            && let Some(list) = take_list(inner)
        {
            return Some(list);
        }
    }
    let key = LISTS
        .iter()
        .find(|key| matches!(object.get(**key), Some(Value::Array(list)) if list.iter().any(Value::is_object)))?;
    match object.remove(*key) {
        // A JSON-LD graph holds people and pages beside the article.
        Some(Value::Array(mut list)) if *key == "@graph" => {
            list.retain(|node| {
                node.as_object().is_some_and(|node| Fields::of(node).text().is_some() || node.contains_key("headline"))
            });
            Some(list)
        }
        Some(Value::Array(list)) => Some(list),
        _ => None,
    }
}

/// Reads a file of one object a line.
pub(crate) fn read_lines(
    reader: &mut dyn BufRead,
    name: &str,
    limits: ReadLimits,
    sink: &mut dyn FnMut(Yielded),
) -> Result<(), SkipReason> {
    let mut line = Vec::new();
    let mut number = 0;
    loop {
        line.clear();
        number += 1;
        let read = (&mut *reader)
            .take(limits.max_bytes + 1)
            .read_until(b'\n', &mut line)
            .map_err(|error| SkipReason::Unreadable(error.to_string()))?;
        if read == 0 {
            return Ok(());
        }
        let mut bad = |reason| sink(Yielded::Bad(BadRecord { position: format!("line {number}"), reason }));
        if read as u64 > limits.max_bytes {
            let rest = skip_line(reader).map_err(|error| SkipReason::Unreadable(error.to_string()))?;
            bad(SkipReason::TooLong { bytes: read as u64 + rest, limit: limits.max_bytes });
            continue;
        }
        let bytes = line.trim_ascii();
        let bytes = if number == 1 { bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes) } else { bytes };
        if bytes.is_empty() {
            continue;
        }
        let text = match std::str::from_utf8(bytes) {
            Ok(text) => text.to_string(),
            Err(_) => match decode(bytes, false) {
                Ok(decoded) => decoded.text,
                Err(reason) => {
                    bad(reason);
                    continue;
                }
            },
        };
        let parsed =
            serde_json::from_str(&text).map_err(|error| SkipReason::Malformed(format!("not valid JSON: {error}")));
        let article = parsed.and_then(|value| article(value, name));
        let article = article.map(|(own, raw)| (Some(own.unwrap_or(RecordId::Number(number))), raw));
        yield_article(article, xxh3_64(bytes), &format!("line {number}"), sink);
    }
}

/// Skips the rest of a line and returns its length in bytes.
fn skip_line(reader: &mut dyn BufRead) -> std::io::Result<u64> {
    let mut skipped = 0;
    loop {
        let piece = reader.fill_buf()?;
        if piece.is_empty() {
            return Ok(skipped);
        }
        let end = piece.iter().position(|&byte| byte == b'\n');
        let length = end.map_or(piece.len(), |at| at + 1);
        reader.consume(length);
        skipped += length as u64;
        if end.is_some() {
            return Ok(skipped);
        }
    }
}

/// An object as an article, with its own id if it has one. `name` is the file's, which may contain a date.
pub(super) fn article(value: Value, name: &str) -> Result<(Option<RecordId>, RawArticle), SkipReason> {
    if let Some(item) = value.as_object().filter(|object| ninjs::is_item(object)) {
        let record = ninjs::draft(item).record(name, None, 0)?;
        return Ok((record.id, record.raw));
    }
    let facts = object::facts(&value);
    let Value::Object(object) = value else {
        return Err(SkipReason::Malformed("a record that is not an object".into()));
    };
    let fields = Fields::of(&object);
    let id = fields.id().map(RecordId::Own);
    // An object without a text is still an article if it has a title.
    let text = fields.text().unwrap_or_default();
    if text.trim().is_empty() && facts.title.is_none() {
        return Err(SkipReason::NoText);
    }
    let mut raw = if looks_like_markup(&text) {
        html::read_fragment(&text)
    } else {
        RawArticle { text, ..RawArticle::default() }
    };
    raw.facts = facts;
    raw.title_known = fields.has_title();
    raw.path_date = raw
        .facts
        .url
        .as_deref()
        .and_then(|url| date_in_path(url, PublishedFrom::Url))
        .or_else(|| date_in_path(name, PublishedFrom::Path));
    Ok((id, raw))
}

/// Is the text HTML? Decided by the tags in its first 4,000 bytes.
fn looks_like_markup(text: &str) -> bool {
    let head = &text[..text.floor_char_boundary(4_000)];
    head.contains("</p>")
        || head.contains("<p>")
        || head.contains("<br") && head.contains("/>")
        || head.contains("</h2>")
        || head.contains("</div>")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::Facts;

    fn records(bytes: &[u8]) -> Vec<(Option<String>, Facts, String)> {
        let mut out = vec![];
        let mut sink = |yielded| {
            if let Yielded::Article(record) = yielded {
                out.push((record.id.map(|id| id.text()), record.raw.facts, record.raw.text));
            }
        };
        read(bytes, "a.json", &mut sink).expect("valid JSON");
        out
    }

    #[test]
    fn keys_of_many_scrapers() {
        for (json, title, byline, source) in [
            (
                r#"{"title":"T","maintext":"Body.","authors":["A B","C D"],"source_domain":"example.org"}"#,
                "T",
                "A B, C D",
                "example.org",
            ),
            (
                r#"{"headline":"T","articleBody":"Body.","author":{"name":"By A B"},"publisher":{"name":"Example"}}"#,
                "T",
                "A B",
                "Example",
            ),
            (r#"{"title":" T ","text":["One.","Two."],"byline":"A B","source":"S"}"#, "T", "A B", "S"),
            (
                r#"{"title":"T","text":"One.","authors":["Courier","Www.Courier.De","Author","A B"],"source":"S"}"#,
                "T",
                "Courier, A B",
                "S",
            ),
            (r#"{"title":"T","text":"One.","authors":["courier.com"],"source":"S"}"#, "T", "courier.com", "S"),
        ] {
            let (id, facts, _) = records(json.as_bytes()).remove(0);
            assert_eq!(
                (id, facts.title.as_deref(), facts.byline.as_deref(), facts.source.as_deref()),
                (None, Some(title), Some(byline), Some(source)),
                "{json}"
            );
        }
    }

    #[test]
    fn arrays_and_wrappers_number_their_records() {
        for json in [r#"[{"text":"a"},{"id":7,"text":"b"}]"#, r#"{"articles":[{"text":"a"},{"id":7,"text":"b"}]}"#] {
            let ids: Vec<_> = records(json.as_bytes()).into_iter().map(|(id, _, _)| id).collect();
            assert_eq!(ids, [Some("1".to_string()), Some("7".to_string())]);
        }
    }

    #[test]
    fn a_bad_line_does_not_stop_the_rest() {
        let text = b"{\"id\":\"a\",\"text\":\"One.\"}\n{broken\n\n{\"text\":\"Three.\"}\n[1]\n";
        let mut out = vec![];
        let mut sink = |yielded| match yielded {
            Yielded::Article(record) => out.push(record.id.map(|id| id.text()).unwrap_or_default()),
            Yielded::Bad(bad) => out.push(format!("bad {}", bad.position)),
        };
        read_lines(&mut &text[..], "a.jsonl", ReadLimits::default(), &mut sink).expect("readable");
        assert_eq!(out, ["a", "bad line 2", "4", "bad line 5"]);
    }

    #[test]
    fn an_over_long_line_is_passed_over() {
        let text = b"{\"text\":\"aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa\"}\n{\"text\":\"b\"}\n";
        let mut out = vec![];
        let mut sink = |yielded| out.push(matches!(yielded, Yielded::Article(_)));
        read_lines(&mut &text[..], "a.jsonl", ReadLimits { max_bytes: 20 }, &mut sink).expect("readable");
        assert_eq!(out, [false, true]);
    }
}
