//! Records: JSON objects of one article each, by the keys that scrapers and news-please use.

use std::collections::HashMap;
use std::io::{BufRead, Read};

use serde_json::{Map, Value};
use xxhash_rust::xxh3::xxh3_64;

use super::draft::{first_date, is_host};
use super::{give, give_record, html, ninjs};
use crate::article::RawArticle;
use crate::article::date::date_in_path;
use crate::ingest::decode::decode;
use crate::ingest::{BadRecord, ReadLimits, RecordId, SkipReason, Yielded};
use crate::model::PublishedFrom;
use crate::model::{Facts, Published};
use crate::text::Language;
use crate::text::fold::fold;
use crate::text::tidy;

/// Names of fields, as [`Named`] compares them; the first that says something counts. The names under which the text
/// stands:
const TEXT: &[&str] = &[
    "text",
    "maintext",
    "body",
    "content",
    "articlebody",
    "bodytext",
    "plaintext",
    "fulltext",
    "article",
    "articletext",
    "story",
    "storytext",
    // German, French, Spanish and Portuguese, Italian, Dutch and Scandinavian tables.
    "volltext",
    "inhalt",
    "artikel",
    "artikeltext",
    "texte",
    "texteintegral",
    "contenu",
    "texto",
    "contenido",
    "conteudo",
    "testo",
    "contenuto",
    "tekst",
    "inhoud",
    "leadparagraph",
];
const TITLE: &[&str] = &[
    "title",
    "headline",
    "name",
    "webtitle",
    "titel",
    "uberschrift",
    "schlagzeile",
    "titre",
    "titulo",
    "titular",
    "titolo",
    "kop",
    "tittel",
    "rubrik",
];
const BYLINE: &[&str] = &[
    "byline",
    "author",
    "authors",
    "creator",
    "autor",
    "autorin",
    "autoren",
    "verfasser",
    "auteur",
    "auteurs",
    "autore",
];
const DATE: &[&str] = &[
    "datepublish",
    "published",
    "datepublished",
    "publishdate",
    "publisheddate",
    "publishedat",
    "pubdate",
    "publicationdate",
    "webpublicationdate",
    "date",
    "datum",
    "erscheinungsdatum",
    "veroffentlicht",
    "datedepublication",
    "datepublication",
    "fecha",
    "data",
    "publicatiedatum",
    "createdat",
];
const SOURCE: &[&str] = &[
    "source",
    "publisher",
    "sourcedomain",
    "sitename",
    "site",
    "publication",
    "newspaper",
    "outlet",
    "domain",
    "quelle",
    "medium",
    "zeitung",
    "journal",
    "fuente",
    "fonte",
    "bron",
    "krant",
];
const URL: &[&str] = &["url", "canonicalurl", "link", "mainentityofpage", "weburl", "permalink"];
const LANGUAGE: &[&str] = &["language", "lang", "inlanguage", "sprache", "langue", "idioma", "lingua", "taal"];
const UPDATED: &[&str] = &["updated", "datemodified", "modified", "lastmod", "updatedat", "lastmodified"];
const KEYWORDS: &[&str] = &["keywords", "tags", "subjects", "newskeywords", "schlagworte", "motscles"];
const DESK: &[&str] = &[
    "section",
    "desk",
    "articlesection",
    "sectionname",
    "category",
    "rubric",
    "ressort",
    "rubrique",
    "seccion",
    "sezione",
];
const ID: &[&str] = &["id", "_id", "docid", "uuid", "guid", "uri"];
/// Names of fields that hold the articles in a list, and of those that hold such a field.
const LISTS: &[&str] = &["articles", "items", "results", "docs", "data", "hits", "stories", "entries", "@graph"];
const WRAPPERS: &[&str] = &["response", "result", "data"];

/// The fields of an object by their names in small letters, without signs and accents: `Date de publication`,
/// `date_published` and `datePublished` are what scrapers and people call one thing.
struct Named<'v>(HashMap<String, &'v Value>);

impl<'v> Named<'v> {
    fn of(object: &'v Map<String, Value>) -> Named<'v> {
        let mut fields = HashMap::with_capacity(object.len());
        // What a field called so holds goes before what stands one level down, as the Guardian's answers have it.
        for (name, value) in object {
            fields.entry(plain_name(name)).or_insert(value);
        }
        if let Some(Value::Object(inner)) = object.get("fields") {
            for (name, value) in inner {
                fields.entry(plain_name(name)).or_insert(value);
            }
        }
        Named(fields)
    }

    fn get(&self, name: &str) -> Option<&'v Value> {
        self.0.get(name).copied()
    }
}

fn plain_name(name: &str) -> String {
    if name == "_id" || name.starts_with('@') {
        return name.to_string();
    }
    fold(name).chars().filter(|c| c.is_alphanumeric()).collect()
}

/// Reads a file of one object, an array of them, or an object that holds such an array.
pub(crate) fn read(bytes: &[u8], name: &str, sink: &mut dyn FnMut(Yielded)) -> Result<(), SkipReason> {
    let text = decode(bytes, false)?.text;
    let value: Value =
        serde_json::from_str(&text).map_err(|error| SkipReason::Malformed(format!("not valid JSON: {error}")))?;
    if let Some(drafts) = ninjs::feed(&value) {
        for (i, draft) in drafts.into_iter().enumerate() {
            let hash = xxh3_64(format!("{draft:?}").as_bytes());
            give_record(draft.record(name, Some(i + 1), hash), &format!("item {}", i + 1), sink);
        }
        return Ok(());
    }
    if let Some(items) = ninjs::wrapped(&value) {
        let many = items.len() > 1;
        for (i, item) in items.into_iter().enumerate() {
            let hash = xxh3_64(Value::Object(item.clone()).to_string().as_bytes());
            give_record(
                ninjs::draft(&item).record(name, many.then_some(i + 1), hash),
                &format!("item {}", i + 1),
                sink,
            );
        }
        return Ok(());
    }
    let mut give = |number: usize, record: Value, whole: bool| {
        // The value's own text, so that the hash of a record is blind to its neighbours.
        let hash = xxh3_64(record.to_string().as_bytes());
        let article = article(record, name);
        let article = article.map(|(own, raw)| (own.or((!whole).then_some(RecordId::Number(number))), raw));
        give(article, hash, &format!("record {number}"), sink);
    };
    match value {
        Value::Array(records) => records.into_iter().enumerate().for_each(|(i, record)| give(i + 1, record, false)),
        Value::Object(mut object) => match take_list(&mut object) {
            Some(records) => records.into_iter().enumerate().for_each(|(i, record)| give(i + 1, record, false)),
            None => give(1, Value::Object(object), true),
        },
        _ => return Err(SkipReason::NoText),
    }
    Ok(())
}

fn take_list(object: &mut Map<String, Value>) -> Option<Vec<Value>> {
    if body(&Named::of(object)).is_some() {
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
        // A graph holds people and pages beside the article.
        Some(Value::Array(mut list)) if *key == "@graph" => {
            list.retain(|node| {
                node.as_object().is_some_and(|node| {
                    let named = Named::of(node);
                    body(&named).is_some() || node.contains_key("headline")
                })
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
        let mut bad = |reason| sink(Yielded::Bad(BadRecord { place: format!("line {number}"), reason }));
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
        give(article, xxh3_64(bytes), &format!("line {number}"), sink);
    }
}

/// Passes over the rest of a line; returns its bytes.
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

/// An object as an article, with its own id if it has one.
pub(super) fn article(value: Value, name: &str) -> Result<(Option<RecordId>, RawArticle), SkipReason> {
    if let Some(item) = value.as_object().filter(|object| ninjs::is_item(object)) {
        let record = ninjs::draft(item).record(name, None, 0)?;
        return Ok((record.id, record.raw));
    }
    let facts = facts(&value);
    let Value::Object(object) = value else {
        return Err(SkipReason::Malformed("a record that is not an object".into()));
    };
    let named = Named::of(&object);
    let id = first(&named, ID).filter(|id| !id.trim().is_empty()).map(RecordId::Own);
    let text = body(&named).unwrap_or_default();
    if text.trim().is_empty() && facts.title.is_none() {
        return Err(SkipReason::NoText);
    }
    let mut raw = if looks_like_markup(&text) {
        html::read_fragment(&text)
    } else {
        RawArticle { text, ..RawArticle::default() }
    };
    raw.facts = facts;
    raw.title_known = TITLE.iter().any(|name| named.get(name).is_some());
    raw.path_date = raw
        .facts
        .url
        .as_deref()
        .and_then(|url| date_in_path(url, PublishedFrom::Url))
        .or_else(|| date_in_path(name, PublishedFrom::Path));
    Ok((id, raw))
}

/// Is one of these names that of a text, or of a title? A table has columns for both, or is none of articles.
pub(super) fn has_text_key<'n>(names: impl Iterator<Item = &'n str>) -> bool {
    let (mut text, mut title) = (false, false);
    for name in names {
        let name = plain_name(name);
        text |= TEXT.contains(&name.as_str());
        title |= TITLE.contains(&name.as_str());
    }
    text || title
}

fn looks_like_markup(text: &str) -> bool {
    let head = &text[..text.floor_char_boundary(4_000)];
    head.contains("</p>")
        || head.contains("<p>")
        || head.contains("<br") && head.contains("/>")
        || head.contains("</h2>")
        || head.contains("</div>")
}

/// The facts of an object. Also for front matter, which uses the same names.
#[must_use]
pub fn facts(value: &Value) -> Facts {
    let Value::Object(object) = value else { return Facts::default() };
    let named = Named::of(object);
    let tidied = |keys: &[&str]| first(&named, keys).map(|text| tidy(&text)).filter(|text| !text.is_empty());
    let date = |keys: &[&str]| {
        let values = keys.iter().filter_map(|key| named.get(key)).filter_map(plain_text);
        values.filter_map(|text| first_date([Some(text.as_str())]).or_else(|| unix_time(&text))).next()
    };
    Facts {
        title: tidied(TITLE),
        byline: tidied(BYLINE).map(|names| people(strip_by(&names))),
        dateline: tidied(&["dateline"]),
        published: date(DATE),
        // A publisher named by reference (`{"@id": "https://..."}`) is no name.
        source: tidied(SOURCE).filter(|name| !name.contains("://")).or_else(|| thread_site(object)),
        url: tidied(URL),
        lang: tidied(LANGUAGE).and_then(|tag| Language::from_code(&tag).known_code().map(str::to_string)),
        desk: tidied(DESK),
        updated: date(UPDATED),
        keywords: KEYWORDS.iter().find_map(|key| named.get(key)).map(keywords).unwrap_or_default(),
    }
}

/// The site of the thread that a post is of, as Webz.io's records have it.
fn thread_site(object: &Map<String, Value>) -> Option<String> {
    let thread = object.get("thread")?.as_object()?;
    first(&Named::of(thread), &["site", "sitefull"]).map(|site| tidy(&site))
}

/// Keywords as a list of strings or of objects with names, or as one string with commas.
fn keywords(value: &Value) -> Vec<String> {
    /// Pages list hundreds where they mean search engines.
    const MOST: usize = 50;
    let texts: Vec<String> = match value {
        Value::Array(values) => values.iter().filter_map(plain_text).collect(),
        other => plain_text(other).into_iter().flat_map(|text| split_keywords(&text)).collect(),
    };
    texts.iter().map(|text| tidy(text)).filter(|text| !text.is_empty()).take(MOST).collect()
}

/// The keywords of one string: separated by semicolons, or by commas where there is none.
pub(super) fn split_keywords(text: &str) -> Vec<String> {
    let separator = if text.contains(';') { ';' } else { ',' };
    text.split(separator).map(tidy).filter(|word| !word.is_empty()).collect()
}

/// A byline without the word before the name.
fn strip_by(name: &str) -> &str {
    let without = name.strip_prefix("By ").or_else(|| name.strip_prefix("by ")).or_else(|| name.strip_prefix("BY "));
    without.map_or(name, str::trim_start)
}

/// The names of a list, without the hosts and labels that scrapers gather beside them.
fn people(names: &str) -> String {
    let label = |name: &str| matches!(fold(name).as_str(), "author" | "authors" | "autor" | "autoren" | "auteur");
    let kept: Vec<&str> = names.split(", ").filter(|name| !is_host(name) && !label(name)).collect();
    if kept.is_empty() { names.to_string() } else { kept.join(", ") }
}

/// Seconds or milliseconds since 1970, as databases hand them out.
fn unix_time(text: &str) -> Option<Published> {
    let number: i64 = text.trim().parse().ok().filter(|_| matches!(text.trim().len(), 9 | 10 | 13))?;
    let seconds = if text.trim().len() == 13 { number / 1_000 } else { number };
    let stamp = jiff::Timestamp::from_second(seconds).ok()?.to_string();
    Published::parse(&stamp, PublishedFrom::Metadata)
}

fn body(object: &Named<'_>) -> Option<String> {
    let text = |value: &Value| match value {
        Value::String(text) if !text.trim().is_empty() => Some(text.clone()),
        // Paragraphs as a list of strings.
        Value::Array(parts) if !parts.is_empty() && parts.iter().all(Value::is_string) => {
            Some(parts.iter().filter_map(Value::as_str).collect::<Vec<_>>().join("\n"))
        }
        _ => None,
    };
    TEXT.iter().find_map(|name| object.get(name).and_then(text))
}

/// The text of the first of `keys` that has one.
fn first(object: &Named<'_>, keys: &[&str]) -> Option<String> {
    keys.iter().find_map(|key| object.get(key).and_then(plain_text)).filter(|text| !text.trim().is_empty())
}

/// A value as text: strings, numbers, names inside objects, lists joined by a comma.
fn plain_text(value: &Value) -> Option<String> {
    match value {
        Value::String(text) => Some(text.clone()),
        Value::Number(number) => Some(number.to_string()),
        Value::Object(object) => ["name", "title", "main", "original", "@id", "$date", "$oid"]
            .iter()
            .find_map(|key| object.get(*key).and_then(plain_text)),
        Value::Array(values) => {
            let texts: Vec<String> =
                values.iter().filter_map(plain_text).filter(|text| !text.trim().is_empty()).collect();
            (!texts.is_empty()).then(|| texts.join(", "))
        }
        Value::Null | Value::Bool(_) => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn facts_table() {
        for (text, source, updated, keywords) in [
            (r#"{"publisher": {"name": "Halden Courier"}}"#, Some("Halden Courier"), None, vec![]),
            (r#"{"thread": {"site": "courier.example"}}"#, Some("courier.example"), None, vec![]),
            (r#"{"publisher": {"@id": "https://halden.example/#org"}}"#, None, None, vec![]),
            (
                r#"{"dateModified": "2023-09-13", "keywords": "port, strike"}"#,
                None,
                Some("2023-09-13"),
                vec!["port", "strike"],
            ),
            (r#"{"tags": ["port; harbour", {"name": "strike"}]}"#, None, None, vec!["port; harbour", "strike"]),
        ] {
            let facts = facts(&serde_json::from_str(text).expect("valid JSON"));
            assert_eq!(facts.source.as_deref(), source, "{text}");
            assert_eq!(facts.updated.as_ref().map(|updated| updated.value.as_str()), updated, "{text}");
            assert_eq!(facts.keywords, keywords, "{text}");
        }
    }

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
            Yielded::Bad(bad) => out.push(format!("bad {}", bad.place)),
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
