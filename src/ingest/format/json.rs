//! JSON files of articles: one object, a list of objects wherever it is, or an object a line.

use std::io::{BufRead, Read};
use std::path::Path;

use serde_json::Value;
use xxhash_rust::xxh3::{Xxh3, xxh3_64};

use super::finder::{self, Found};
use super::records::yield_record;
use super::relations::Relations;
use super::{beside, entry, ninjs};
use crate::ingest::decode::decode;
use crate::ingest::{BadRecord, ReadLimits, Record, RecordId, SkipReason, Yielded};

/// Reads a file of one object, a list of them, or an object that holds such a list. Records whose text is a file of the
/// folder `texts` are left to it.
pub(crate) fn read(
    bytes: &[u8],
    name: &str,
    texts: Option<&Path>,
    sink: &mut dyn FnMut(Yielded),
) -> Result<(), SkipReason> {
    let text = decode(bytes, false)?.text;
    let value: Value = serde_json::from_str(data_of_script(&text))
        .map_err(|error| SkipReason::Malformed(format!("not valid JSON: {error}")))?;
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
    let Some(mut found) = finder::find(&value) else { return Err(SkipReason::NoText) };
    if let Some(texts) = texts {
        found.records.retain(|record| !beside::has_text_in(record.object, texts));
    }
    let relations = Relations::of(&value);
    let id = |number: usize| (!found.is_lone).then_some(RecordId::Number(number));
    yield_found(&found, relations.as_ref(), name, &id, "record", sink);
    Ok(())
}

/// The data of a script that assigns it, as archives of Twitter are: `window.YTD.tweets.part0 = [...]`.
fn data_of_script(text: &str) -> &str {
    let start = text.trim_start();
    if !start.starts_with("window.") {
        return text;
    }
    start.split_once('=').map_or(text, |(_, data)| data.trim().trim_end_matches(';'))
}

/// Yields the records of a tree. `id` makes the id of one that states none from its number.
fn yield_found(
    found: &Found<'_>,
    relations: Option<&Relations>,
    name: &str,
    id: &dyn Fn(usize) -> Option<RecordId>,
    position: &str,
    sink: &mut dyn FnMut(Yielded),
) {
    for (at, record) in found.records.iter().enumerate() {
        // The hash covers the record and what is around it, so that it does not depend on the other records of the file.
        let mut hasher = Xxh3::new();
        for object in std::iter::once(&record.object).chain(&record.outer) {
            hasher.update(&serde_json::to_vec(object).expect("keys are strings"));
        }
        hasher.update(record.path.as_bytes());
        let hash = hasher.digest();
        let read = if let Some(item) = Some(record.object).filter(|object| ninjs::is_item(object)) {
            ninjs::draft(item).record(name, None, hash)
        } else {
            entry::draft_of(record).ok_or(SkipReason::NoText).and_then(|mut draft| {
                if let Some(relations) = relations {
                    relations.apply(record.object, &mut draft);
                }
                // Facts of other tables change the record, too.
                let facts = relations.map(|_| format!("{:?}", draft.facts));
                draft.record(name, None, hash ^ facts.map_or(0, |facts| xxh3_64(facts.as_bytes())))
            })
        };
        let read = read.map(|read| Record { id: read.id.or_else(|| id(at + 1)), ..read });
        yield_record(read, &format!("{position} {}", at + 1), sink);
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
        match parsed {
            Ok(value) => yield_line(&value, name, number, sink),
            Err(reason) => bad(reason),
        }
    }
}

/// Yields the records of a line: one, or those of a list.
fn yield_line(value: &Value, name: &str, number: usize, sink: &mut dyn FnMut(Yielded)) {
    let position = format!("line {number}");
    let found = finder::find(value)
        .filter(|found| !value.is_object() || found.records.len() > 1 || !found.records[0].path.is_empty());
    match found {
        Some(found) if found.records.len() > 1 => {
            let id = |at: usize| Some(RecordId::Own(format!("{number}.{at}")));
            yield_found(&found, None, name, &id, &format!("{position}, record"), sink);
        }
        Some(found) => {
            let mut one = |yielded| match yielded {
                Yielded::Bad(bad) => sink(Yielded::Bad(BadRecord { position: position.clone(), ..bad })),
                article => sink(article),
            };
            yield_found(&found, None, name, &|_| Some(RecordId::Number(number)), &position, &mut one);
        }
        None => {
            let hash = xxh3_64(value.to_string().as_bytes());
            let record = record(value, name, hash);
            let record = record.map(|read| Record { id: read.id.or(Some(RecordId::Number(number))), ..read });
            yield_record(record, &position, sink);
        }
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

/// The article of an object that is one record of a list, with its own id if it has one: one with a title alone is an
/// article too.
pub(super) fn record(value: &Value, name: &str, hash: u64) -> Result<Record, SkipReason> {
    let Value::Object(object) = value else {
        return Err(SkipReason::Malformed("a record that is not an object".into()));
    };
    if ninjs::is_item(object) {
        return ninjs::draft(object).record(name, None, hash);
    }
    entry::draft(object, &[]).record(name, None, hash)
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
        read(bytes, "a.json", None, &mut sink).expect("valid JSON");
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
