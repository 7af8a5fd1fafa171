//! Listings: pages of one point in time, each after the last article of the one before.

use std::ops::ControlFlow;

use base64::Engine as _;
use base64::prelude::BASE64_STANDARD;
use serde_json::{Value, json};

use super::ask::{query, scored};
use super::http::Body;
use super::{Dialect, Remote};
use crate::engine::{Candidate, EngineError, Order, Sieve};

/// Articles of a page: some hundred kilobytes.
const PAGE: usize = 500;

/// Keys of a page.
const KEYS: usize = 5_000;

/// How long a point in time is kept for the next page: who reads an export may be slow.
const KEPT: &str = "10m";

/// A point in time of an archive, closed when it is dropped.
struct Point<'r> {
    remote: &'r Remote,
    id: String,
}

impl<'r> Point<'r> {
    fn open(remote: &'r Remote) -> Result<Point<'r>, EngineError> {
        let (path, name) = match remote.dialect {
            Dialect::OpenSearch => ("_search/point_in_time", "pit_id"),
            Dialect::Elasticsearch => ("_pit", "id"),
        };
        let path = format!("/{}/{path}?keep_alive={KEPT}", remote.target);
        let answer = remote.http.ask("POST", &path, Body::None, |status| status == 404)?;
        if answer.status == 404 {
            return Err(EngineError::Missing { engine: remote.http.shown(), name: remote.archive.clone() });
        }
        match answer.json[name].as_str() {
            Some(id) => Ok(Point { remote, id: id.to_string() }),
            None => {
                let reason = "it opens no point in time".into();
                Err(EngineError::NoEngine { engine: remote.http.shown(), reason })
            }
        }
    }

    /// A page of a search. A point that is lost is an error: what was given before is not all.
    fn page(&mut self, mut body: Value, after: &Option<Value>) -> Result<Vec<Value>, EngineError> {
        body["pit"] = json!({"id": self.id, "keep_alive": KEPT});
        body["track_total_hits"] = false.into();
        if let Some(after) = after {
            body["search_after"] = after.clone();
        }
        let scored = body["sort"][0].get("_score").is_some();
        let path = if scored {
            "/_search?allow_partial_search_results=false&search_type=dfs_query_then_fetch"
        } else {
            "/_search?allow_partial_search_results=false"
        };
        let answer = self.remote.http.ask("POST", path, Body::Json(&body), |status| status == 404 || status >= 500)?;
        let is_lost = |text: &str| {
            ["search_context_missing", "No search context found", "no node found", "node_not_connected"]
                .iter()
                .any(|part| text.contains(part))
        };
        if answer.status >= 300 && is_lost(&answer.json.to_string()) {
            return Err(EngineError::Lost { engine: self.remote.http.shown() });
        }
        let json = self.remote.whole(answer)?;
        if let Some(id) = json["pit_id"].as_str() {
            self.id = id.to_string();
        }
        match json["hits"]["hits"].as_array() {
            Some(hits) => Ok(hits.clone()),
            None => {
                let reason = "an answer without hits".into();
                Err(EngineError::Partial { engine: self.remote.http.shown(), reason })
            }
        }
    }
}

impl Drop for Point<'_> {
    fn drop(&mut self) {
        let (path, body) = match self.remote.dialect {
            Dialect::OpenSearch => ("/_search/point_in_time", json!({"pit_id": [self.id]})),
            Dialect::Elasticsearch => ("/_pit", json!({"id": self.id})),
        };
        // One that is not closed now ends by itself.
        let _ = self.remote.http.ask("DELETE", path, Body::Json(&body), |_| true);
    }
}

/// The candidates of a sieve, page by page.
pub(super) fn candidates(
    remote: &Remote,
    sieve: &Sieve,
    order: &Order,
    take: &mut dyn FnMut(Vec<Candidate>) -> ControlFlow<()>,
) -> Result<(), EngineError> {
    let by_date = |direction: &str| json!([{"date": {"order": direction, "missing": "_last"}}, {"key": "asc"}, {"writer": "asc"}]);
    let mut asked = query(sieve);
    let sort = match order {
        Order::Best(words) => {
            let words: Vec<Value> = words.iter().map(|(sieve, weight)| scored(sieve, *weight)).collect();
            asked = json!({"bool": {"filter": [asked], "should": words}});
            json!([{"_score": "desc"}, {"key": "asc"}, {"writer": "asc"}])
        }
        Order::Newest => by_date("desc"),
        Order::Oldest => by_date("asc"),
        Order::Path => json!([{"path": "asc"}, {"key": "asc"}, {"writer": "asc"}]),
        Order::Drawn => json!([{"key": "asc"}, {"writer": "asc"}]),
    };
    let body = json!({
        "size": PAGE, "query": asked, "sort": sort, "_source": ["packed"], "docvalue_fields": ["group", "rank", "writer"],
    });
    each(remote, &body, PAGE, &mut |hits| {
        let read = |hit: &Value| -> Option<Candidate> {
            let packed = BASE64_STANDARD.decode(hit["_source"]["packed"].as_str()?).ok()?;
            let group = hit["fields"]["group"][0].as_str().and_then(|group| u64::from_str_radix(group, 16).ok());
            let rank = hit["fields"]["rank"][0].as_u64().and_then(|rank| u32::try_from(rank).ok()).unwrap_or(0);
            let writer = hit["fields"]["writer"][0].as_str()?.to_string();
            Some(Candidate { packed, writer, group: group.map(|group| (group, rank)) })
        };
        let candidates = hits.iter().map(read).collect::<Option<Vec<_>>>()?;
        Some(take(candidates))
    })
}

/// The keys of a writer with their versions.
pub(super) fn keys(remote: &Remote, writer: &str, take: &mut dyn FnMut(u64, u64)) -> Result<(), EngineError> {
    let body = json!({
        "size": KEYS, "query": {"term": {"writer": writer}}, "sort": [{"key": "asc"}], "_source": false,
        "docvalue_fields": ["key", "version"],
    });
    each(remote, &body, KEYS, &mut |hits| {
        for hit in hits {
            let number = |name: &str| u64::from_str_radix(hit["fields"][name][0].as_str()?, 16).ok();
            take(number("key")?, number("version")?);
        }
        Some(ControlFlow::Continue(()))
    })
}

/// Gives the hits of all pages to `take`, which gives nothing for one that it cannot read.
fn each(
    remote: &Remote,
    body: &Value,
    size: usize,
    take: &mut dyn FnMut(&[Value]) -> Option<ControlFlow<()>>,
) -> Result<(), EngineError> {
    let mut point = Point::open(remote)?;
    let mut after = None;
    loop {
        let hits = point.page(body.clone(), &after)?;
        let Some(flow) = take(&hits) else {
            let reason = "it holds an article that cannot be read".into();
            return Err(EngineError::NoEngine { engine: remote.http.shown(), reason });
        };
        // A page that is not full is the last one.
        if flow.is_break() || hits.len() < size {
            return Ok(());
        }
        after = hits.last().map(|hit| hit["sort"].clone());
    }
}
