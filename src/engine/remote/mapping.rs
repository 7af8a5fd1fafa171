//! What an engine is told of articles: the fields, and how an entry is written.
//!
//! An article is one document with its sections nested in it, so that it is put and removed in one step. Texts are tokens
//! already: the engine cuts positions at spaces, and the tokens of a position at a sign. Only the packed article is kept to be
//! read back.

use base64::Engine as _;
use base64::prelude::BASE64_STANDARD;
use serde_json::{Map, Value, json};

use crate::engine::Entry;
use crate::engine::entry::Unit;
use crate::index::FORMAT_VERSION;
use crate::vocabulary::{Number, Scope, TextField};

/// Version of the fields below and of the tokens. Raise it whenever an index of an engine made before could be misread.
const MAPPING_VERSION: u32 = 2;

/// The sign between tokens of one position: one byte, of no word, and no space to an engine.
const SAME_POSITION: &str = "\u{7f}";

/// The nested documents.
pub(super) const SECTIONS: &str = "sections";

/// The format of what an engine holds.
#[must_use]
pub(super) fn format() -> String {
    format!("{FORMAT_VERSION}.{MAPPING_VERSION}")
}

/// The field of the tokens of a text.
#[must_use]
pub(super) fn words_field(field: TextField, of_section: bool) -> String {
    format!("{}.{}", if of_section { SECTIONS } else { "text" }, field.name())
}

/// Tokens of one position, as a text has them.
#[must_use]
pub(super) fn one_position(tokens: &[String]) -> String {
    tokens.join(SAME_POSITION)
}

/// The field of exact values.
#[must_use]
pub(super) fn values_field(of_section: bool) -> &'static str {
    if of_section { "sections.values" } else { "values" }
}

/// The field of a number.
#[must_use]
pub(super) fn number_field(number: Number) -> String {
    match number.scope() {
        Scope::Article => number.name().to_string(),
        _ => format!("{SECTIONS}.{}", number.name()),
    }
}

/// The sums that mean lengths are made of.
pub(super) const SUMS: [&str; 6] =
    ["count.sections", "count.passages", "count.title", "count.heading", "count.body", "count.headings"];

/// Settings and mapping of an index.
#[must_use]
pub(super) fn index(shards: u32, replicas: Option<u32>) -> Value {
    let scored = json!({"type": "text", "analyzer": "tokens", "index_options": "positions"});
    let unscored = json!({"type": "text", "analyzer": "tokens", "index_options": "positions", "norms": false});
    let keyword = json!({"type": "keyword", "doc_values": false});
    let sortable = json!({"type": "keyword"});
    let number = json!({"type": "long"});
    let sum = json!({"type": "long", "index": false});
    let (mut sections, mut words) = (Map::new(), Map::new());
    for field in TextField::ALL {
        let text =
            if matches!(field, TextField::Body | TextField::Heading | TextField::Title) { &scored } else { &unscored };
        if field.scope() == Scope::Article {
            words.insert(field.name().to_string(), unscored.clone());
        }
        if field.scope() != Scope::Article || field == TextField::Title {
            sections.insert(field.name().to_string(), text.clone());
        }
    }
    sections.insert("values".into(), keyword.clone());
    sections.insert("level".into(), number.clone());
    sections.insert("boilerplate".into(), json!({"type": "boolean"}));
    let mut fields = Map::new();
    for number_of in Number::ALL.into_iter().filter(|number| number.scope() == Scope::Article) {
        fields.insert(number_of.name().to_string(), number.clone());
    }
    let sums: Map<String, Value> =
        SUMS.iter().filter_map(|name| Some((name.strip_prefix("count.")?.to_string(), sum.clone()))).collect();
    for (name, field) in [
        ("writer", sortable.clone()),
        ("key", sortable.clone()),
        ("version", json!({"type": "keyword", "index": false})),
        ("hash", keyword.clone()),
        ("path", sortable.clone()),
        ("lang", sortable.clone()),
        ("group", sortable.clone()),
        ("rank", number.clone()),
        ("values", keyword.clone()),
        ("text", json!({ "properties": words })),
        ("count", json!({ "properties": sums })),
        ("packed", json!({"type": "binary"})),
        (SECTIONS, json!({"type": "nested", "properties": sections})),
    ] {
        fields.insert(name.to_string(), field);
    }
    let mut settings = json!({
        "number_of_shards": shards,
        "index": {"mapping": {"nested_objects": {"limit": 100_000}}, "max_result_window": 10_000},
        "analysis": {
            "analyzer": {"tokens": {"type": "custom", "tokenizer": "spaces", "filter": ["tokens"]}},
            "tokenizer": {"spaces": {"type": "whitespace", "max_token_length": 100_000}},
            "filter": {"tokens": {"type": "pattern_capture", "preserve_original": false,
                "patterns": [format!("([^{SAME_POSITION}]+)")]}},
        },
    });
    if let Some(replicas) = replicas {
        settings["number_of_replicas"] = replicas.into();
    }
    json!({
        "settings": settings,
        "mappings": {
            "dynamic": false,
            "_meta": {"format": format(), "written_by": concat!("crosshead ", env!("CARGO_PKG_VERSION"))},
            "_source": {"includes": ["packed"]},
            "properties": fields,
        },
    })
}

/// The document of an entry.
#[must_use]
pub(super) fn document(writer: &str, entry: &Entry) -> Value {
    /// Longest value of a field that is sorted by, in bytes; engines take no longer ones.
    const MAX_KEYWORD: usize = 8_000;
    let values = |unit: &Unit| -> Vec<String> {
        unit.values.iter().map(|(field, value)| format!("{}={value}", field.name())).collect()
    };
    let texts = |unit: &Unit, out: &mut Map<String, Value>| {
        for (field, tokens) in unit.words.iter().filter(|(_, tokens)| !tokens.is_empty()) {
            let positions = tokens.chunk_by(|a, b| a.0 == b.0).map(|tokens| {
                let tokens: Vec<&str> = tokens.iter().map(|(_, token)| token.as_str()).collect();
                tokens.join(SAME_POSITION)
            });
            out.insert(field.name().to_string(), positions.collect::<Vec<_>>().join(" ").into());
        }
    };
    let mut words = Map::new();
    texts(&entry.article, &mut words);
    let title = words.get(TextField::Title.name()).cloned();
    let sections: Vec<Value> = entry
        .sections
        .iter()
        .map(|section| {
            let mut out = Map::new();
            texts(section, &mut out);
            if let Some(title) = &title {
                out.insert(TextField::Title.name().to_string(), title.clone());
            }
            out.insert("values".into(), values(section).into());
            out.insert("boilerplate".into(), section.is_boilerplate.into());
            if let Some(level) = section.level {
                out.insert("level".into(), level.into());
            }
            Value::Object(out)
        })
        .collect();
    let path = &entry.path[..entry.path.floor_char_boundary(MAX_KEYWORD)];
    let mut out = json!({
        "writer": writer,
        "key": format!("{:016x}", entry.key),
        "version": format!("{:016x}", entry.version),
        "hash": format!("{:016x}", entry.hash),
        "path": path,
        "values": values(&entry.article),
        "text": words,
        "count": {
            "sections": entry.sections.iter().filter(|section| !section.is_boilerplate).count(),
            "passages": entry.passages,
            "title": entry.lengths.title,
            "heading": entry.lengths.heading,
            "body": entry.lengths.body,
            "headings": entry.lengths.headings,
        },
        "packed": BASE64_STANDARD.encode(&entry.packed),
        "sections": sections,
    });
    if !entry.language.is_empty() {
        out["lang"] = entry.language.as_str().into();
    }
    if let Some((group, rank)) = entry.group {
        out["group"] = format!("{group:016x}").into();
        out["rank"] = rank.into();
    }
    for (number, known) in &entry.numbers {
        out[number.name()] = (*known).into();
    }
    out
}
