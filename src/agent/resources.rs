//! Resources: what a client can attach by its address.

use serde_json::{Map, Value};

use super::{Agent, Refusal, data};
use crate::cancel::CancelFlag;
use crate::render::help;

/// Addresses that are listed, each with a name and what it is.
pub(crate) static FIXED: [(&str, &str, &str); 2] = [
    ("crosshead://help/query", "query language", "The query language on a screen, with examples"),
    ("crosshead://help/fields", "fields", "The fields of the query language"),
];

/// Forms of addresses, each with a name and what it is.
pub(crate) static TEMPLATES: [(&str, &str, &str); 3] = [
    ("crosshead://article/{id}", "article", "The text of an article"),
    ("crosshead://passage/{id}", "passage", "A passage with those around it"),
    ("crosshead://saved/{name}", "saved query", "The text of a saved query"),
];

/// Most tokens of an article that is attached.
const MOST: u64 = 8_000;

/// The text of a resource.
///
/// # Errors
///
/// A sentence for an address that names nothing.
pub(crate) fn read(agent: &Agent, address: &str) -> Result<String, Refusal> {
    let path = address.strip_prefix("crosshead://").unwrap_or("");
    match path.split_once('/') {
        Some(("help", "query")) => Ok(help::QUERY.to_string()),
        Some(("help", "fields")) => Ok(help::FIELDS.to_string()),
        Some((kind @ ("article" | "passage"), id)) => {
            if (kind == "passage") != id.contains('.') {
                return Err(Refusal(format!(
                    "the id of a passage has a dot, that of an article has none: {}",
                    data(id)
                )));
            }
            let mut arguments = Map::new();
            arguments.insert("id".into(), id.into());
            arguments.insert("max_tokens".into(), Value::from(MOST));
            let answer = agent.call("read", &arguments, &CancelFlag::new()).expect("there is such a tool")?;
            Ok(answer.text)
        }
        Some(("saved", name)) => {
            let saved = crate::index::saved::read_all(&agent.indexes).map_err(|error| agent.unreadable(&error))?;
            let found = saved.get(name.trim_start_matches('@'));
            found.cloned().ok_or_else(|| Refusal(format!("no query is saved as '{}'", data(name))))
        }
        _ => {
            let known: Vec<&str> = FIXED.iter().chain(&TEMPLATES).map(|(address, ..)| *address).collect();
            Err(Refusal(format!("there is no resource '{}'; there are {}", data(address), known.join(", "))))
        }
    }
}
