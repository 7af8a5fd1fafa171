//! Databases of references: RIS, MEDLINE and BibTeX. A reference is an article whose text is its abstract or notes.

use biblatex::{Bibliography, ChunksExt, Entry, Person};
use serde_json::{Map, Value};
use xxhash_rust::xxh3::xxh3_64;

use super::entry;
use super::records::yield_record;
use crate::ingest::decode::decode;
use crate::ingest::{Record, RecordId, SkipReason, Yielded};
use crate::text::tidy;

/// What the tags of RIS and MEDLINE mean, by the names of fields.
const TAGS: &[(&str, &str)] = &[
    ("TI", "title"),
    ("T1", "title"),
    ("TT", "title"),
    ("CT", "title"),
    ("BT", "title"),
    ("AU", "author"),
    ("A1", "author"),
    ("FAU", "author"),
    ("T2", "journal"),
    ("JO", "journal"),
    ("JF", "journal"),
    ("JA", "journal"),
    ("J2", "journal"),
    ("T3", "journal"),
    ("JT", "journal"),
    ("PB", "publisher"),
    ("DA", "date"),
    ("Y1", "date"),
    ("DP", "date"),
    ("PY", "year"),
    ("Y2", "accessed_at"),
    ("UR", "url"),
    ("L1", "url"),
    ("LK", "url"),
    ("LA", "language"),
    ("AB", "abstract"),
    ("N2", "abstract"),
    ("N1", "note"),
    ("TX", "text"),
    ("KW", "keywords"),
    ("OT", "keywords"),
    ("MH", "keywords"),
    ("SE", "section"),
    ("ID", "id"),
    ("AN", "id"),
    ("PMID", "id"),
];

/// Does a text begin with a reference of RIS or MEDLINE?
pub(super) fn begins_tagged(start: &str) -> bool {
    let first = start.lines().next().and_then(tag);
    first.is_some_and(|(tag, _)| matches!(tag, "TY" | "PMID"))
}

/// Does a text begin with an entry of BibTeX?
pub(super) fn begins_bibtex(start: &str) -> bool {
    const KINDS: &[&str] = &[
        "article",
        "book",
        "misc",
        "online",
        "incollection",
        "inproceedings",
        "techreport",
        "string",
        "comment",
        "news",
        "phdthesis",
        "unpublished",
        "report",
        "electronic",
        "inbook",
        "preamble",
    ];
    let Some((kind, _)) = start.strip_prefix('@').and_then(|rest| rest.split_once(['{', '('])) else { return false };
    KINDS.contains(&kind.trim().to_ascii_lowercase().as_str())
}

/// The tag and the value of a line: `TI  - Ferry crews vote`, `PMID- 1`.
fn tag(line: &str) -> Option<(&str, &str)> {
    const MOST_TAG_BYTES: usize = 4;
    let (tag, value) = line.split_once('-').filter(|(tag, _)| tag.len() >= MOST_TAG_BYTES)?;
    let name = tag.trim_end();
    let written = name.len() >= 2 && name.len() <= MOST_TAG_BYTES && tag.len() <= MOST_TAG_BYTES;
    let named = name.bytes().all(|byte| byte.is_ascii_uppercase() || byte.is_ascii_digit());
    (written && named && (value.is_empty() || value.starts_with(' '))).then(|| (name, value.trim()))
}

/// Reads references with tags.
pub(super) fn read_tagged(bytes: &[u8], name: &str, sink: &mut dyn FnMut(Yielded)) -> Result<(), SkipReason> {
    let text = decode(bytes, false)?.text;
    let mut number = 0;
    let mut fields: Vec<(String, String)> = Vec::new();
    let mut end = |fields: &mut Vec<(String, String)>, sink: &mut dyn FnMut(Yielded)| {
        if fields.is_empty() {
            return;
        }
        number += 1;
        let hash = xxh3_64(format!("{fields:?}").as_bytes());
        let record = reference(std::mem::take(fields));
        yield_numbered(&record, number, name, hash, sink);
    };
    for line in text.lines() {
        match tag(line.trim_end_matches('\r')) {
            Some(("ER", _)) => end(&mut fields, sink),
            Some((tag, value)) => {
                // A reference whose end is missing ends where the next begins.
                if matches!(tag, "TY" | "PMID") {
                    end(&mut fields, sink);
                }
                fields.push((tag.to_string(), value.to_string()));
            }
            None if line.trim().is_empty() => {}
            None => {
                if let Some((_, value)) = fields.last_mut() {
                    value.push(' ');
                    value.push_str(line.trim());
                }
            }
        }
    }
    end(&mut fields, sink);
    Ok(())
}

/// The fields of a reference with tags.
fn reference(tagged: Vec<(String, String)>) -> Map<String, Value> {
    let all = |wanted: &str| -> Vec<String> {
        let mut values: Vec<String> = Vec::new();
        for (tag, value) in &tagged {
            let known = TAGS.iter().any(|(known, name)| known == tag && *name == wanted);
            if known && !value.is_empty() && !values.contains(value) {
                values.push(value.clone());
            }
        }
        values
    };
    let mut fields = Map::new();
    for name in ["title", "journal", "publisher", "date", "year", "accessed_at", "url", "language", "section", "id"] {
        if let Some(value) = all(name).into_iter().next() {
            fields.insert(name.into(), value.into());
        }
    }
    // `2011/05/03/` states a day; the year alone is for what states none.
    let date = fields.get("date").and_then(Value::as_str).map(|date| date.trim_end_matches('/').to_string());
    if let Some(date) = date
        .or_else(|| fields.remove("year").and_then(|year| year.as_str().map(|year| year.trim_matches('/').to_string())))
    {
        fields.insert("date".into(), date.into());
    }
    fields.remove("year");
    fields.insert("authors".into(), all("author").iter().map(|name| Value::from(in_order(name))).collect());
    fields.insert("keywords".into(), all("keywords").into_iter().map(Value::from).collect());
    let text: Vec<String> = ["text", "abstract"].iter().flat_map(|name| all(name)).collect();
    let text = if text.is_empty() { all("note") } else { text };
    fields.insert("text".into(), text.join("\n\n").into());
    fields
}

/// `Solheim, Petra` as `Petra Solheim`.
fn in_order(name: &str) -> String {
    match name.split_once(',') {
        Some((family, given)) if !given.contains(',') => tidy(&format!("{} {}", given.trim(), family.trim())),
        _ => tidy(name),
    }
}

/// Reads entries of BibTeX, each parsed alone, so that a damaged one costs itself.
pub(super) fn read_bibtex(bytes: &[u8], name: &str, sink: &mut dyn FnMut(Yielded)) -> Result<(), SkipReason> {
    let text = decode(bytes, false)?.text;
    let mut strings = String::new();
    let mut number = 0;
    for part in entries(&text) {
        let kind = part[1..].split(['{', '(']).next().unwrap_or("").trim().to_ascii_lowercase();
        match kind.as_str() {
            "comment" | "preamble" => continue,
            "string" => {
                strings.push_str(part);
                strings.push('\n');
                continue;
            }
            _ => number += 1,
        }
        let parsed = Bibliography::parse(&format!("{strings}{part}"))
            .map_err(|error| SkipReason::Malformed(format!("not an entry of BibTeX: {error}")));
        let fields = parsed.and_then(|parsed| parsed.iter().next().map(fields_of).ok_or(SkipReason::NoText));
        match fields {
            Ok(fields) => yield_numbered(&fields, number, name, xxh3_64(part.as_bytes()), sink),
            Err(reason) => yield_record(Err(reason), &format!("record {number}"), sink),
        }
    }
    Ok(())
}

/// The entries of a file: each from its `@` at the start of a line to the next.
fn entries(text: &str) -> impl Iterator<Item = &str> {
    let mut starts: Vec<usize> = Vec::new();
    let mut at = 0;
    for line in text.split_inclusive('\n') {
        let indent = line.len() - line.trim_start().len();
        let opens = line.trim_start().strip_prefix('@').is_some_and(|rest| {
            let kind = rest.split(['{', '(']).next().unwrap_or("").trim();
            rest.contains(['{', '(']) && !kind.is_empty() && kind.bytes().all(|byte| byte.is_ascii_alphabetic())
        });
        if opens {
            starts.push(at + indent);
        }
        at += line.len();
    }
    let ends: Vec<usize> = starts.iter().skip(1).copied().chain([text.len()]).collect();
    starts.into_iter().zip(ends).map(move |(start, end)| text[start..end].trim_end())
}

/// The fields of an entry of BibTeX.
fn fields_of(parsed: &Entry) -> Map<String, Value> {
    let mut fields = Map::new();
    fields.insert("id".into(), parsed.key.clone().into());
    for (name, chunks) in &parsed.fields {
        let value = match name.as_str() {
            "author" | "editor" => continue,
            // The day on which the page was looked at.
            "urldate" => "accessed_at",
            "langid" => "language",
            name => name,
        };
        fields.insert(value.into(), tidy(&chunks.format_verbatim()).into());
    }
    if let Ok(authors) = parsed.get_as::<Vec<Person>>("author") {
        let full = |person: &Person| {
            let parts = [&person.given_name, &person.prefix, &person.name, &person.suffix];
            Value::from(tidy(&parts.map(String::as_str).join(" ")))
        };
        fields.insert("authors".into(), authors.iter().map(full).collect());
    }
    let part = |fields: &Map<String, Value>, name: &str| fields.get(name).and_then(Value::as_str).map(str::to_string);
    if let (None, Some(year)) = (part(&fields, "date"), part(&fields, "year")) {
        let stated = [part(&fields, "day"), part(&fields, "month"), Some(year.clone())]
            .into_iter()
            .flatten()
            .collect::<Vec<_>>()
            .join(" ");
        let month = part(&fields, "month").and_then(|month| month.parse::<u8>().ok());
        let date = match (month, part(&fields, "day").and_then(|day| day.parse::<u8>().ok())) {
            (Some(month), Some(day)) => format!("{year}-{month:02}-{day:02}"),
            (Some(month), None) => format!("{year}-{month:02}"),
            _ => stated,
        };
        fields.insert("date".into(), date.into());
    }
    fields.remove("year");
    let text = ["abstract", "note", "annote", "annotation"].iter().find_map(|name| part(&fields, name));
    fields.insert("text".into(), text.unwrap_or_default().into());
    fields
}

fn yield_numbered(fields: &Map<String, Value>, number: usize, name: &str, hash: u64, sink: &mut dyn FnMut(Yielded)) {
    let record = entry::draft(fields, &[]).record(name, None, hash);
    let record = record.map(|read| Record { id: read.id.or(Some(RecordId::Number(number))), ..read });
    yield_record(record, &format!("record {number}"), sink);
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Id, title, byline, source, date, text.
    fn read(text: &str) -> Vec<String> {
        let mut out = Vec::new();
        let mut sink = |yielded| {
            out.push(match yielded {
                Yielded::Article(record) => {
                    let facts = record.raw.facts;
                    let date = facts.published.map(|date| date.value);
                    let id = record.id.map(|id| id.text());
                    let known = [id, facts.title, facts.byline, facts.source, date];
                    let known: Vec<String> = known.into_iter().map(|fact| fact.unwrap_or("-".into())).collect();
                    format!("{}|{}", known.join("|"), record.raw.text)
                }
                Yielded::Bad(bad) => format!("{}: bad", bad.position),
            });
        };
        let reader = if begins_tagged(text) { read_tagged } else { read_bibtex };
        reader(text.as_bytes(), "a", &mut sink).expect("readable");
        out
    }

    #[test]
    fn references_of_three_forms() {
        for (text, expected) in [
            (
                "TY  - NEWS\r\nTI  - Ferry crews vote\r\nAU  - Solheim, Petra\r\nAU  - Berg, Ola\r\nT2  - Halden Courier\r\nDA  - 2011/05/03/\r\nAB  - They vote\r\non Thursday.\r\nER  - \r\n\r\nTY  - NEWS\r\nT1  - Frost\r\nPY  - 2017\r\nN2  - Candles.\r\nTY  - NEWS\r\nER  - \r\n",
                &[
                    "1|Ferry crews vote|Petra Solheim, Ola Berg|Halden Courier|2011-05-03|They vote on Thursday.",
                    "2|Frost|-|-|2017|Candles.",
                    "record 3: bad",
                ][..],
            ),
            (
                "PMID- 12\nTI  - Frost\nFAU - Berg, Ola\nDP  - 2017 Apr 23\nAB  - Candles.\n",
                &["12|Frost|Ola Berg|-|2017-04-23|Candles."],
            ),
            (
                "@string{hc = {Halden Courier}}\n@article{s11, title = {Ferry {C}rews vote}, author = {Solheim, Petra and Ola Berg}, journal = hc, year = 2011, month = may, abstract = {They vote.}}\n@misc{bad, title = {never\n@online{b17, title = {Fr{\\\"o}st}, date = {2017-04-23}, urldate = {2020-01-01}, note = {Candles.}}",
                &[
                    "s11|Ferry Crews vote|Petra Solheim, Ola Berg|Halden Courier|2011-05|They vote.",
                    "record 2: bad",
                    "b17|Fröst|-|-|2017-04-23|Candles.",
                ],
            ),
        ] {
            assert_eq!(read(text), expected, "{text}");
        }
    }
}
