//! A server that speaks as an engine does, holds what it is sent, and fails where it is told to (tests only). It finds every
//! article, whatever it is asked for: no sieve is wider.

use std::collections::BTreeMap;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::sync::{Arc, Mutex, PoisonError};

use serde_json::{Value, json};

use super::mapping::format;

/// What goes wrong with an answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Fault {
    /// The connection ends before an answer.
    Closed,
    /// The answer is cut off.
    Torn,
    /// A proxy answers.
    Html,
    /// There is too much to do, for all that was asked.
    Busy,
    /// There is too much to do for every third operation of a batch.
    BusyItems,
    /// A part of the index does not answer.
    FailedShard,
    /// The search took too long.
    TimedOut,
    /// The search ended early.
    TerminatedEarly,
    /// Some of the operations of a batch are refused for good.
    RefusedItems,
    /// The number of what was found is a bound.
    InexactTotal,
    /// The point in time is not known.
    LostPoint,
    /// Who asks is not let in.
    Refused,
    /// The disk is full.
    FullDisk,
    /// What is done is done, but the answer is lost.
    Unanswered,
}

impl Fault {
    /// Those after which an article is in the engine, or the push has failed.
    pub(crate) const ALL: [Fault; 13] = [
        Fault::Closed,
        Fault::Torn,
        Fault::Html,
        Fault::Busy,
        Fault::BusyItems,
        Fault::FailedShard,
        Fault::TimedOut,
        Fault::TerminatedEarly,
        Fault::InexactTotal,
        Fault::LostPoint,
        Fault::Refused,
        Fault::FullDisk,
        Fault::Unanswered,
    ];
}

#[derive(Default)]
struct State {
    /// Documents by index and id.
    indexes: BTreeMap<String, BTreeMap<String, Value>>,
    formats: BTreeMap<String, Value>,
    aliases: BTreeMap<String, String>,
    /// The documents of points in time.
    points: BTreeMap<String, Vec<Value>>,
    requests: usize,
    is_elasticsearch: bool,
}

/// Says what goes wrong with a request, by its number and its path.
type Faults = Box<dyn Fn(usize, &str) -> Option<Fault> + Send>;

/// A running server. It ends with the process.
pub(crate) struct Canned {
    pub(crate) address: String,
    faults: Arc<Mutex<Faults>>,
    state: Arc<Mutex<State>>,
}

impl Canned {
    pub(crate) fn start() -> Canned {
        let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
        let address = format!("http://{}", listener.local_addr().expect("an address"));
        let faults: Arc<Mutex<Faults>> = Arc::new(Mutex::new(Box::new(|_, _| None)));
        let state: Arc<Mutex<State>> = Arc::default();
        let canned = Canned { address, faults: Arc::clone(&faults), state: Arc::clone(&state) };
        std::thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                let (faults, state) = (Arc::clone(&faults), Arc::clone(&state));
                std::thread::spawn(move || drop(answer(stream, &faults, &state)));
            }
        });
        canned
    }

    /// Answers as an Elasticsearch from now on.
    pub(crate) fn be_elasticsearch(&self) {
        self.state.lock().unwrap_or_else(PoisonError::into_inner).is_elasticsearch = true;
    }

    /// Sets what goes wrong from now on.
    pub(crate) fn fail(&self, faults: impl Fn(usize, &str) -> Option<Fault> + Send + 'static) {
        *self.faults.lock().unwrap_or_else(PoisonError::into_inner) = Box::new(faults);
    }

    /// Number of documents of an archive.
    pub(crate) fn num_docs(&self, archive: &str) -> usize {
        let state = self.state.lock().unwrap_or_else(PoisonError::into_inner);
        state.indexes[&state.aliases[&format!("crosshead-{archive}")]].len()
    }

    /// Makes the archives look like those of another version. Returns the version of the last.
    pub(crate) fn set_format(&self, format: &str) -> String {
        let mut state = self.state.lock().unwrap_or_else(PoisonError::into_inner);
        let before = state.formats.values_mut().map(|known| std::mem::replace(known, format.into()));
        before.last().map_or_else(String::new, |format| format.as_str().unwrap_or_default().into())
    }

    /// Number of points in time that are open.
    pub(crate) fn num_points(&self) -> usize {
        self.state.lock().unwrap_or_else(PoisonError::into_inner).points.len()
    }

    /// Forgets all points in time.
    pub(crate) fn forget_points(&self) {
        self.state.lock().unwrap_or_else(PoisonError::into_inner).points.clear();
    }
}

/// Answers one request, the only one of its connection.
fn answer(mut stream: TcpStream, faults: &Mutex<Faults>, state: &Mutex<State>) -> std::io::Result<()> {
    let mut reader = BufReader::new(stream.try_clone()?);
    let mut line = String::new();
    reader.read_line(&mut line)?;
    let mut words = line.split(' ');
    let (method, path) = (words.next().unwrap_or("").to_string(), words.next().unwrap_or("").to_string());
    let mut length = 0;
    loop {
        let mut header = String::new();
        reader.read_line(&mut header)?;
        let header = header.trim().to_lowercase();
        if header.is_empty() {
            break;
        }
        if let Some(value) = header.strip_prefix("content-length:") {
            length = value.trim().parse().unwrap_or(0);
        }
    }
    let mut body = vec![0; length];
    reader.read_exact(&mut body)?;
    let (fault, (status, json)) = {
        let mut state = state.lock().unwrap_or_else(PoisonError::into_inner);
        state.requests += 1;
        let fault = faults.lock().unwrap_or_else(PoisonError::into_inner)(state.requests, &path);
        let is_done = !matches!(fault, Some(Fault::Closed | Fault::Html | Fault::Busy | Fault::Refused));
        let answered = if is_done { state.answer(&method, &path, &body, fault) } else { (200, Value::Null) };
        (fault, answered)
    };
    let text = json.to_string();
    let (status, kind, text) = match fault {
        Some(Fault::Closed | Fault::Unanswered) => return Ok(()),
        Some(Fault::Torn) => (status, "application/json", text[..text.len() / 2].to_string()),
        Some(Fault::Html) => (200, "text/html", "<html><body>Welcome to the network</body></html>".to_string()),
        Some(Fault::Busy) => {
            (429, "application/json", r#"{"error": {"type": "rejected", "reason": "busy"}}"#.to_string())
        }
        Some(Fault::Refused) => (
            401,
            "application/json",
            r#"{"error": {"type": "security_exception", "reason": "who are you"}}"#.to_string(),
        ),
        _ => (status, "application/json", text),
    };
    // The length is that of the whole, so that a torn answer is seen to be torn by whoever counts.
    let length = text.len();
    write!(
        stream,
        "HTTP/1.1 {status} X\r\ncontent-type: {kind}\r\ncontent-length: {length}\r\nconnection: close\r\n\r\n{text}"
    )?;
    stream.flush()
}

impl State {
    fn index_of(&self, name: &str) -> Option<String> {
        if self.indexes.contains_key(name) { Some(name.to_string()) } else { self.aliases.get(name).cloned() }
    }

    fn answer(&mut self, method: &str, path: &str, body: &[u8], fault: Option<Fault>) -> (u16, Value) {
        let path = path.split('?').next().unwrap_or("");
        let parts: Vec<&str> = path.split('/').filter(|part| !part.is_empty()).collect();
        let missing =
            || (404, json!({"error": {"type": "index_not_found_exception", "reason": "no such index"}, "status": 404}));
        let json: Value = serde_json::from_slice(body).unwrap_or(Value::Null);
        match (method, parts.as_slice()) {
            ("GET", []) if self.is_elasticsearch => {
                (200, json!({"version": {"number": "8.15.0", "lucene_version": "9.11.1", "build_flavor": "default"}}))
            }
            ("GET", []) => (200, json!({"version": {"distribution": "opensearch", "number": "2.19.6"}})),
            ("GET", [name, "_mapping"]) => match self.index_of(name) {
                Some(index) => {
                    let format = self.formats.get(&index).cloned().unwrap_or(Value::Null);
                    (200, json!({index: {"mappings": {"_meta": {"format": format}}}}))
                }
                None => missing(),
            },
            ("GET", [name, "_settings"]) => {
                let begin = name.trim_end_matches('*');
                let found = self.indexes.keys().filter(|index| index.starts_with(begin));
                (200, Value::Object(found.map(|index| (index.clone(), json!({}))).collect()))
            }
            ("GET", ["_alias", name]) => match self.aliases.get(*name) {
                Some(index) => (200, json!({index: {}})),
                None => missing(),
            },
            ("PUT", [index]) => {
                self.indexes.insert((*index).to_string(), BTreeMap::new());
                self.formats.insert((*index).to_string(), format().into());
                (200, json!({"acknowledged": true}))
            }
            ("DELETE", [index]) if !index.starts_with('_') => {
                self.indexes.remove(*index);
                (200, json!({"acknowledged": true}))
            }
            ("POST", ["_aliases"]) => {
                let actions = || json["actions"].as_array().into_iter().flatten();
                let is_missing = |action: &&Value| {
                    let remove = &action["remove"];
                    remove.is_object()
                        && self.aliases.get(remove["alias"].as_str().unwrap_or("")).map(String::as_str)
                            != remove["index"].as_str()
                };
                if actions().any(|action| is_missing(&action)) {
                    let error = json!({"type": "aliases_not_found_exception", "reason": "aliases missing"});
                    return (404, json!({ "error": error, "status": 404 }));
                }
                for action in actions() {
                    if let Some(add) = action.get("add") {
                        let text = |name: &str| add[name].as_str().expect("a name").to_string();
                        self.aliases.insert(text("alias"), text("index"));
                    }
                }
                (200, json!({"acknowledged": true}))
            }
            ("POST", [name, "_bulk"]) => match self.index_of(name) {
                Some(index) => (200, self.bulk(&index, body, fault)),
                None => missing(),
            },
            ("POST", [_, "_refresh"]) => (200, json!({"_shards": {"total": 1, "successful": 1, "failed": 0}})),
            ("PUT", [index, "_doc", id]) => {
                self.indexes.entry((*index).to_string()).or_default().insert((*id).to_string(), json);
                (200, json!({"result": "created"}))
            }
            ("POST", [name, "_search", "point_in_time"]) if !self.is_elasticsearch => match self.index_of(name) {
                Some(index) => (200, json!({ "pit_id": self.point_of(&index) })),
                None => missing(),
            },
            ("POST", [name, "_pit"]) if self.is_elasticsearch => match self.index_of(name) {
                Some(index) => (200, json!({ "id": self.point_of(&index) })),
                None => missing(),
            },
            ("DELETE", ["_pit"]) if self.is_elasticsearch => {
                self.points.remove(json["id"].as_str().unwrap_or(""));
                (200, json!({"succeeded": true, "num_freed": 1}))
            }
            ("DELETE", ["_search", "point_in_time"]) if !self.is_elasticsearch => {
                let id = json["pit_id"][0].as_str().unwrap_or("").to_string();
                self.points.remove(&id);
                (200, json!({"pits": []}))
            }
            ("POST", ["_msearch"]) => {
                let lines: Vec<Value> = body
                    .split(|byte| *byte == b'\n')
                    .filter(|line| !line.is_empty())
                    .map(|line| serde_json::from_slice(line).expect("JSON"))
                    .collect();
                let answers = lines.chunks(2).map(|pair| {
                    let name = pair[0]["index"].as_str().expect("a name");
                    match self.index_of(name) {
                        Some(index) => {
                            faulty(self.found(self.indexes[&index].values().cloned().collect(), &pair[1]), fault)
                        }
                        None => missing().1,
                    }
                });
                (200, json!({ "responses": answers.collect::<Vec<_>>() }))
            }
            ("POST", ["_search"]) => {
                let id = json["pit"]["id"].as_str().unwrap_or("").to_string();
                match self.points.get(&id).filter(|_| fault != Some(Fault::LostPoint)) {
                    Some(docs) => (200, faulty(self.found(docs.clone(), &json), fault)),
                    None => {
                        let error = json!({"type": "search_phase_execution_exception", "reason": "all shards failed",
                            "root_cause": [{"type": "search_context_missing_exception", "reason": "No search context found for id [7]"}]});
                        (404, json!({ "error": error, "status": 404 }))
                    }
                }
            }
            ("POST", [name, "_search"]) => match self.index_of(name) {
                Some(index) => {
                    (200, faulty(self.found(self.indexes[&index].values().cloned().collect(), &json), fault))
                }
                None => missing(),
            },
            _ => (400, json!({"error": format!("no handler for {method} {path}")})),
        }
    }

    /// Opens a point in time.
    fn point_of(&mut self, index: &str) -> String {
        let id = format!("point-{}", self.requests);
        self.points.insert(id.clone(), self.indexes[index].values().cloned().collect());
        id
    }

    fn bulk(&mut self, index: &str, body: &[u8], fault: Option<Fault>) -> Value {
        let mut lines = body.split(|byte| *byte == b'\n').filter(|line| !line.is_empty());
        let mut items = Vec::new();
        while let Some(line) = lines.next() {
            let action: Value = serde_json::from_slice(line).expect("JSON");
            let error = |kind: &str, reason: &str| json!({"type": kind, "reason": reason});
            let failed = match fault {
                Some(Fault::BusyItems) if items.len() % 3 == 1 => {
                    Some((429, error("opensearch_rejected_execution_exception", "the queue is full")))
                }
                Some(Fault::RefusedItems) if items.len() % 3 == 1 => {
                    Some((400, error("mapper_parsing_exception", "failed to parse field [date]")))
                }
                Some(Fault::FullDisk) => Some((
                    429,
                    error(
                        "cluster_block_exception",
                        "disk usage exceeded flood-stage watermark, index has read-only-allow-delete block",
                    ),
                )),
                _ => None,
            };
            let kind = if action.get("index").is_some() { "index" } else { "delete" };
            let id = action[kind]["_id"].as_str().expect("an id").to_string();
            let document = if kind == "index" {
                lines.next().map(|line| serde_json::from_slice(line).expect("JSON"))
            } else {
                None
            };
            let outcome = match failed {
                Some((status, error)) => json!({"_id": id, "status": status, "error": error}),
                None => {
                    let docs = self.indexes.get_mut(index).expect("it is there");
                    match document {
                        Some(document) => _ = docs.insert(id.clone(), document),
                        None => _ = docs.remove(&id),
                    }
                    json!({"_id": id, "status": 200})
                }
            };
            items.push(json!({ kind: outcome }));
        }
        json!({"errors": items.iter().any(|item| item.to_string().contains("\"error\"")), "items": items})
    }

    /// A page of documents by their keys.
    fn found(&self, mut docs: Vec<Value>, asked: &Value) -> Value {
        let key = |doc: &Value| doc["key"].as_str().unwrap_or("").to_string();
        docs.sort_by_key(key);
        let total = docs.len();
        let sum = |name: &str| docs.iter().map(|doc| doc["count"][name].as_u64().unwrap_or(0)).sum::<u64>();
        let mut languages: BTreeMap<String, u64> = BTreeMap::new();
        for language in docs.iter().filter_map(|doc| doc["lang"].as_str()) {
            *languages.entry(language.to_string()).or_default() += 1;
        }
        let buckets: Vec<Value> =
            languages.iter().map(|(key, count)| json!({"key": key, "doc_count": count})).collect();
        let mut found = json!({"languages": {"buckets": buckets}});
        for name in ["sections", "passages", "title", "heading", "body", "headings"] {
            found[format!("count_{name}")] = json!({"value": sum(name)});
        }
        let after = asked["search_after"].as_array().and_then(|values| values.iter().find_map(Value::as_str));
        let after = after.map(str::to_string);
        let size = asked["size"].as_u64().unwrap_or(10) as usize;
        let hits: Vec<Value> = docs
            .into_iter()
            .filter(|doc| after.as_ref().is_none_or(|after| key(doc) > *after))
            .take(size)
            .map(|doc| {
                let list = |name: &str| doc.get(name).map_or(json!([]), |value| json!([value]));
                let fields = json!({"group": list("group"), "rank": list("rank"), "key": list("key"), "version": list("version"), "writer": list("writer")});
                json!({"_id": doc["key"], "_source": {"packed": doc["packed"], "writer": doc["writer"], "state": doc["state"]}, "fields": fields, "sort": [key(&doc)]})
            })
            .collect();
        json!({
            "timed_out": false,
            "_shards": {"total": 2, "successful": 2, "skipped": 0, "failed": 0},
            "hits": {"total": {"value": total, "relation": "eq"}, "hits": hits},
            "aggregations": found,
        })
    }
}

/// An answer of a search with what goes wrong in it.
fn faulty(mut answer: Value, fault: Option<Fault>) -> Value {
    match fault {
        Some(Fault::FailedShard) => {
            answer["_shards"] = json!({"total": 2, "successful": 1, "failed": 1, "failures": []});
        }
        Some(Fault::TimedOut) => answer["timed_out"] = true.into(),
        Some(Fault::TerminatedEarly) => answer["terminated_early"] = true.into(),
        Some(Fault::InexactTotal) => answer["hits"]["total"]["relation"] = "gte".into(),
        _ => {}
    }
    answer
}
