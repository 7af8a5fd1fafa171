//! Writing: batches of single operations, each of which has an outcome of its own.

use std::time::Duration;

use serde_json::{Value, json};
use xxhash_rust::xxh3::xxh3_64;

use super::http::{Body, is_full, reason_in};
use super::{Remote, mapping};
use crate::engine::{EngineError, Entry};

/// Bytes of a batch, about.
const BATCH_BYTES: usize = 5 << 20;

/// Times that an operation is sent which the engine takes later.
const ATTEMPTS: u32 = 8;

/// An operation with the key of its entry.
struct Operation {
    key: u64,
    lines: Vec<u8>,
}

/// Puts entries. Returns the keys of those that the engine refuses for good, with its reasons.
pub(super) fn put(remote: &Remote, writer: &str, entries: &[Entry]) -> Result<Vec<(u64, String)>, EngineError> {
    let operation = |entry: &Entry| {
        let mut lines = json!({"index": {"_id": id(writer, entry.key)}}).to_string().into_bytes();
        lines.push(b'\n');
        lines.extend(mapping::document(writer, entry).to_string().into_bytes());
        lines.push(b'\n');
        Operation { key: entry.key, lines }
    };
    let mut refused = Vec::new();
    let mut waiting: Vec<Operation> = Vec::new();
    let mut bytes = 0;
    for entry in entries {
        let operation = operation(entry);
        if bytes > 0 && bytes + operation.lines.len() > BATCH_BYTES {
            refused.extend(send(remote, std::mem::take(&mut waiting))?);
            bytes = 0;
        }
        bytes += operation.lines.len();
        waiting.push(operation);
    }
    refused.extend(send(remote, waiting)?);
    Ok(refused)
}

/// Removes entries; those that are not there are removed already.
pub(super) fn remove(remote: &Remote, writer: &str, keys: &[u64]) -> Result<(), EngineError> {
    let operation = |&key: &u64| {
        let mut lines = json!({"delete": {"_id": id(writer, key)}}).to_string().into_bytes();
        lines.push(b'\n');
        Operation { key, lines }
    };
    match send(remote, keys.iter().map(operation).collect())?.into_iter().next() {
        None => Ok(()),
        Some((_, reason)) => Err(EngineError::Failed { engine: remote.http.shown(), status: 400, reason }),
    }
}

/// The id of a document.
fn id(writer: &str, key: u64) -> String {
    format!("{:016x}{key:016x}", xxh3_64(writer.as_bytes()))
}

/// Sends operations until each has an outcome. Those that the engine takes later are sent again, and no others.
fn send(remote: &Remote, mut operations: Vec<Operation>) -> Result<Vec<(u64, String)>, EngineError> {
    let mut refused = Vec::new();
    let mut pause = remote.http.access().pause;
    let mut last = String::new();
    for attempt in 0..ATTEMPTS {
        if operations.is_empty() {
            return Ok(refused);
        }
        if attempt > 0 {
            std::thread::sleep(pause);
            pause = (pause * 2).min(Duration::from_secs(20));
        }
        let body = operations.iter().map(|operation| operation.lines.as_slice()).collect::<Vec<_>>().concat();
        let path = format!("/{}/_bulk", remote.target);
        let answer = remote.http.ask("POST", &path, Body::Lines(&body), |_| false)?;
        let engine = || remote.http.shown();
        let items = match answer.json["items"].as_array() {
            Some(items) if items.len() == operations.len() => items.clone(),
            _ => {
                let reason = "an answer to a batch that does not say what became of each article".into();
                return Err(EngineError::Partial { engine: engine(), reason });
            }
        };
        let mut later = Vec::new();
        for (operation, item) in operations.into_iter().zip(&items) {
            let outcome = ["index", "delete"].iter().find_map(|kind| item.get(*kind)).unwrap_or(&Value::Null);
            let status = outcome["status"].as_u64().unwrap_or(0);
            let reason = || reason_in(outcome);
            match status {
                200..=299 => {}
                404 if item.get("delete").is_some() => {}
                403 | 429 if is_full(&reason()) => {
                    return Err(EngineError::Full { engine: engine(), reason: reason() });
                }
                401 | 403 => {
                    return Err(EngineError::Refused { engine: engine(), status: status as u16, reason: reason() });
                }
                429 | 500..=599 | 0 => {
                    last = reason();
                    later.push(operation);
                }
                404 => return Err(EngineError::Missing { engine: engine(), name: remote.archive.clone() }),
                _ => refused.push((operation.key, reason())),
            }
        }
        operations = later;
    }
    if operations.is_empty() {
        return Ok(refused);
    }
    let reason = format!("{} articles were not taken after {ATTEMPTS} attempts: {last}", operations.len());
    Err(EngineError::Failed { engine: remote.http.shown(), status: 429, reason })
}
