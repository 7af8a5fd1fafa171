//! OpenSearch and Elasticsearch as engines.
//!
//! An archive `NAME` is the alias `crosshead-NAME` of an index `crosshead-NAME-vFORMAT-N`. A rebuild fills the next index and
//! moves the alias in one step. Who writes, and when it last did, is in `crosshead-NAME-writers`.

mod ask;
mod bulk;
#[cfg(test)]
pub(crate) mod canned;
mod http;
mod mapping;
mod page;

use serde_json::{Value, json};

pub(crate) use http::{Access, Credentials, Http};
use http::{Answer, Body};
use mapping::{SUMS, format};

use super::{Candidate, Engine, EngineError, Entry, Holdings, Order, Sieve, Store};
use crate::index::Totals;
use crate::index::manifest::Lengths;

/// Searches of one request.
const SEARCHES_AT_ONCE: usize = 100;

/// Most languages that are told apart.
const MOST_LANGUAGES: usize = 200;

/// Which engine it is: they differ in how a point in time is opened and closed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Dialect {
    OpenSearch,
    Elasticsearch,
}

/// An archive that an OpenSearch or Elasticsearch holds.
pub(crate) struct Remote {
    http: Http,
    dialect: Dialect,
    archive: String,
    /// What is searched and written to: the alias, or the index of a rebuild.
    target: String,
    /// The indexes that a rebuild replaces: those that were the archive when it began.
    replaces: Vec<String>,
}

/// How an index of an engine is made.
#[derive(Debug, Clone, Copy)]
pub(crate) struct NewIndex {
    /// Number of its parts.
    pub(crate) shards: u32,
    /// Number of copies of each part beside the first; that of the engine if it is not said.
    pub(crate) replicas: Option<u32>,
}

impl Remote {
    /// Connects to an engine, to an archive of this name.
    ///
    /// # Errors
    ///
    /// [`EngineError`] if it gives no answer, or is none.
    pub(crate) fn connect(http: Http, archive: &str) -> Result<Remote, EngineError> {
        let answer = http.ask("GET", "/", Body::None, |_| false)?;
        let version = &answer.json["version"];
        let dialect = if version["distribution"].as_str() == Some("opensearch") {
            Dialect::OpenSearch
        } else if version["number"].is_string() && version["lucene_version"].is_string() {
            Dialect::Elasticsearch
        } else {
            let reason = "its answer names no version of OpenSearch or Elasticsearch".into();
            return Err(EngineError::NoEngine { engine: http.shown(), reason });
        };
        Ok(Remote { http, dialect, archive: archive.to_string(), target: alias(archive), replaces: Vec::new() })
    }

    /// Checks that there is an archive, and that it is of this program's format.
    ///
    /// # Errors
    ///
    /// [`EngineError::Missing`], [`EngineError::OtherVersion`].
    pub(crate) fn check(&self) -> Result<(), EngineError> {
        let answer = self.http.ask("GET", &format!("/{}/_mapping", self.target), Body::None, |status| status == 404)?;
        let missing = || EngineError::Missing { engine: self.http.shown(), name: self.archive.clone() };
        if answer.status == 404 {
            return Err(missing());
        }
        let indexes = answer.json.as_object().ok_or_else(missing)?;
        for (_, index) in indexes {
            let found = index["mappings"]["_meta"]["format"].as_str().unwrap_or("unknown");
            if found != format() {
                return Err(EngineError::OtherVersion {
                    engine: self.http.shown(),
                    name: self.archive.clone(),
                    found: found.to_string(),
                    wanted: format(),
                });
            }
        }
        if indexes.is_empty() { Err(missing()) } else { Ok(()) }
    }

    /// Makes the archive if there is none; checks it else.
    ///
    /// # Errors
    ///
    /// [`EngineError::OtherVersion`] if there is one of another format.
    pub(crate) fn create(&self, new: NewIndex) -> Result<(), EngineError> {
        match self.check() {
            Err(EngineError::Missing { .. }) => {
                let index = self.new_index(new)?;
                self.point(&index, &[])?;
                self.check()
            }
            other => other,
        }
    }

    /// An empty index beside the archive, to be filled and published in its place.
    ///
    /// # Errors
    ///
    /// [`EngineError`].
    pub(crate) fn replacement(&self, new: NewIndex) -> Result<Remote, EngineError> {
        let replaces = self.aliased()?;
        let target = self.new_index(new)?;
        let http = Http::new(self.http.access().clone()).expect("the access was checked before");
        Ok(Remote { http, dialect: self.dialect, archive: self.archive.clone(), target, replaces })
    }

    /// Makes this index the archive, in one step; the indexes that were it are deleted after it, and no others: somebody may
    /// be filling them.
    ///
    /// # Errors
    ///
    /// [`EngineError`]; the archive is then what it was. So it is if somebody else has replaced it since the rebuild began.
    pub(crate) fn replace(&self) -> Result<(), EngineError> {
        self.point(&self.target, &self.replaces)?;
        for index in self.replaces.iter().filter(|index| **index != self.target && is_index_of(index, &self.archive)) {
            // The archive is the new one already; what cannot be deleted now is named by no alias.
            let _ = self.http.ask("DELETE", &format!("/{index}"), Body::None, |_| true);
        }
        Ok(())
    }

    /// The indexes that the alias names.
    fn aliased(&self) -> Result<Vec<String>, EngineError> {
        let path = format!("/_alias/{}", alias(&self.archive));
        let aliased = self.http.ask("GET", &path, Body::None, |status| status == 404)?;
        let names = aliased.json.as_object().filter(|_| aliased.status == 200);
        Ok(names.into_iter().flat_map(|names| names.keys().cloned()).collect())
    }

    /// Deletes an index that was not published.
    ///
    /// # Errors
    ///
    /// [`EngineError`].
    pub(crate) fn discard(&self) -> Result<(), EngineError> {
        self.http.ask("DELETE", &format!("/{}", self.target), Body::None, |status| status == 404)?;
        Ok(())
    }

    /// The indexes of the archive, published or not.
    fn indexes(&self) -> Result<Vec<String>, EngineError> {
        let pattern = format!("/{}-v*/_settings?expand_wildcards=open", alias(&self.archive));
        let answer = self.http.ask("GET", &pattern, Body::None, |status| status == 404)?;
        let names = answer.json.as_object().filter(|_| answer.status == 200);
        let names = names.into_iter().flat_map(|names| names.keys());
        Ok(names.filter(|name| is_index_of(name, &self.archive)).cloned().collect())
    }

    fn new_index(&self, new: NewIndex) -> Result<String, EngineError> {
        let begin = format!("{}-v{}-", alias(&self.archive), format());
        let used = self.indexes()?;
        let numbers = used.iter().filter_map(|name| name.strip_prefix(&begin)?.parse::<u64>().ok());
        let mut number = numbers.max().unwrap_or(0) + 1;
        loop {
            let name = format!("{begin}{number}");
            let body = mapping::index(new.shards.max(1), new.replicas);
            let answer = self.http.ask("PUT", &format!("/{name}"), Body::Json(&body), |status| status == 400)?;
            if answer.status < 300 {
                return Ok(name);
            }
            let is_taken = answer.json["error"]["type"].as_str() == Some("resource_already_exists_exception");
            if !is_taken {
                return Err(self.http.error(&answer));
            }
            number += 1;
        }
    }

    /// Makes the alias that of one index alone.
    fn point(&self, index: &str, before: &[String]) -> Result<(), EngineError> {
        let alias = alias(&self.archive);
        let mut actions: Vec<Value> = before
            .iter()
            .filter(|other| *other != index)
            .map(|other| json!({"remove": {"index": other, "alias": alias}}))
            .collect();
        actions.push(json!({"add": {"index": index, "alias": alias, "is_write_index": true}}));
        self.http.ask("POST", "/_aliases", Body::Json(&json!({ "actions": actions })), |_| false)?;
        Ok(())
    }

    /// Searches once, for the whole answer or an error.
    fn search(&self, body: &Value) -> Result<Value, EngineError> {
        let path = format!("/{}/_search?allow_partial_search_results=false", self.target);
        let answer = self.http.ask("POST", &path, Body::Json(body), |status| status == 404)?;
        self.whole(answer)
    }

    /// An answer of a search, if it is one of all parts of the index.
    fn whole(&self, answer: Answer) -> Result<Value, EngineError> {
        let engine = || self.http.shown();
        if answer.status == 404 && answer.json["error"]["type"].as_str() == Some("index_not_found_exception") {
            return Err(EngineError::Missing { engine: engine(), name: self.archive.clone() });
        }
        if answer.status >= 300 || answer.json.get("error").is_some() {
            return Err(self.http.error(&answer));
        }
        check_whole(&answer.json).map_err(|reason| EngineError::Partial { engine: engine(), reason })?;
        Ok(answer.json)
    }

    /// The index of writers.
    fn writers(&self) -> String {
        format!("{}-writers", alias(&self.archive))
    }
}

/// The alias of an archive.
fn alias(archive: &str) -> String {
    format!("crosshead-{archive}")
}

/// Is it the name of an index of an archive? `crosshead-news-vienna-v15.27-1` is none of `news`.
fn is_index_of(name: &str, archive: &str) -> bool {
    let version = name.strip_prefix(&alias(archive)).and_then(|rest| rest.strip_prefix("-v"));
    version.and_then(|version| version.rsplit_once('-')).is_some_and(|(format, number)| {
        format.split('.').chain([number]).all(|part| !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_digit()))
    })
}

/// Is an answer of a search of all parts of an index? Else, what is missing.
fn check_whole(answer: &Value) -> Result<(), String> {
    let shards = &answer["_shards"];
    let number = |name: &str| shards[name].as_u64();
    match (number("total"), number("successful"), number("failed")) {
        (Some(total), Some(successful), Some(0)) if successful >= total => {}
        (Some(total), _, Some(failed)) => {
            let why = &shards["failures"][0]["reason"]["reason"];
            let why = why.as_str().map(|why| format!(": {why}")).unwrap_or_default();
            return Err(format!("{} of {total} parts of the index failed{why}", failed.max(1)));
        }
        _ => return Err("the answer does not say which parts of the index it is of".into()),
    }
    if answer["timed_out"].as_bool() != Some(false) {
        return Err("it took too long there".into());
    }
    if answer["terminated_early"].as_bool() == Some(true) {
        return Err("it ended early there".into());
    }
    Ok(())
}

impl Engine for Remote {
    fn name(&self) -> String {
        format!("{}/{}", self.http.shown(), self.archive)
    }

    fn commit(&self) -> Result<String, EngineError> {
        let path = format!("/{}/_search?allow_partial_search_results=false&ignore_unavailable=true", self.writers());
        let body = json!({"size": 1_000});
        let answer = self.http.ask("POST", &path, Body::Json(&body), |status| status == 404)?;
        if answer.status == 404 {
            return Ok("0".into());
        }
        let whole = self.whole(answer)?;
        let hits = whole["hits"]["hits"].as_array().cloned().unwrap_or_default();
        let mut told: Vec<String> =
            hits.iter().map(|hit| format!("{} {}", hit["_id"], hit["_source"]["state"])).collect();
        told.sort_unstable();
        Ok(format!("{:016x}", xxhash_rust::xxh3::xxh3_64(told.join("\n").as_bytes())))
    }

    fn holdings(&self) -> Result<Holdings, EngineError> {
        // Another version may have filled it anew since it was checked last.
        self.check()?;
        let mut aggregations = json!({"languages": {"terms": {"field": "lang", "size": MOST_LANGUAGES}}});
        for name in SUMS {
            aggregations[name.replace('.', "_")] = json!({"sum": {"field": name}});
        }
        let answer = self.search(&json!({"size": 0, "track_total_hits": true, "aggs": aggregations}))?;
        let found = &answer["aggregations"];
        let sum = |name: &str| found[name.replace('.', "_")]["value"].as_f64().unwrap_or(0.0) as u64;
        let buckets = found["languages"]["buckets"].as_array().cloned().unwrap_or_default();
        let mut languages: Vec<(String, u64)> = buckets
            .iter()
            .filter_map(|bucket| Some((bucket["key"].as_str()?.to_string(), bucket["doc_count"].as_u64()?)))
            .collect();
        languages.sort_by(|a, b| b.1.cmp(&a.1).then_with(|| a.0.cmp(&b.0)));
        let totals = Totals {
            articles: self.exact_total(&answer)?,
            sections: sum("count.sections"),
            passages: sum("count.passages"),
            lengths: Lengths {
                title: sum("count.title"),
                heading: sum("count.heading"),
                body: sum("count.body"),
                headings: sum("count.headings"),
            },
            ..Totals::default()
        };
        Ok(Holdings { totals, languages, commit: self.commit()? })
    }

    fn counts(&self, sieves: &[Sieve]) -> Result<Vec<u64>, EngineError> {
        let mut out = Vec::with_capacity(sieves.len());
        for sieves in sieves.chunks(SEARCHES_AT_ONCE) {
            let mut lines = Vec::new();
            for sieve in sieves {
                let header = json!({"index": self.target, "allow_partial_search_results": false});
                let body = json!({"size": 0, "track_total_hits": true, "query": ask::query(sieve)});
                for line in [header, body] {
                    lines.extend(line.to_string().into_bytes());
                    lines.push(b'\n');
                }
            }
            let answer = self.http.ask("POST", "/_msearch", Body::Lines(&lines), |_| false)?;
            let answers = answer.json["responses"].as_array().cloned().unwrap_or_default();
            if answers.len() != sieves.len() {
                let reason = format!("{} answers to {} questions", answers.len(), sieves.len());
                return Err(EngineError::Partial { engine: self.http.shown(), reason });
            }
            for json in answers {
                let status = json["status"].as_u64().and_then(|status| u16::try_from(status).ok()).unwrap_or(200);
                let answer = self.whole(Answer::of(status, json))?;
                out.push(self.exact_total(&answer)?);
            }
        }
        Ok(out)
    }

    fn candidates(
        &self,
        sieve: &Sieve,
        order: &Order,
        take: &mut dyn FnMut(Vec<Candidate>) -> std::ops::ControlFlow<()>,
    ) -> Result<(), EngineError> {
        page::candidates(self, sieve, order, take)
    }
}

impl Remote {
    /// The number of all documents that a search found.
    fn exact_total(&self, answer: &Value) -> Result<u64, EngineError> {
        let total = &answer["hits"]["total"];
        match (total["value"].as_u64(), total["relation"].as_str()) {
            (Some(total), Some("eq")) => Ok(total),
            _ => {
                let reason = "it gives no exact number of what it found".into();
                Err(EngineError::Partial { engine: self.http.shown(), reason })
            }
        }
    }
}

impl Store for Remote {
    fn keys(&self, writer: &str, take: &mut dyn FnMut(u64, u64)) -> Result<(), EngineError> {
        page::keys(self, writer, take)
    }

    fn put(&self, writer: &str, entries: &[Entry]) -> Result<Vec<(u64, String)>, EngineError> {
        bulk::put(self, writer, entries)
    }

    fn remove(&self, writer: &str, keys: &[u64]) -> Result<(), EngineError> {
        bulk::remove(self, writer, keys)
    }

    fn publish(&self, writer: &str, state: &str) -> Result<(), EngineError> {
        let refreshed = self.http.ask("POST", &format!("/{}/_refresh", self.target), Body::None, |_| false)?;
        if refreshed.json["_shards"]["failed"].as_u64() != Some(0) {
            let reason = "a part of the index did not take up what was sent".into();
            return Err(EngineError::Partial { engine: self.http.shown(), reason });
        }
        let path = format!("/{}/_doc/{writer}?refresh=true", self.writers());
        self.http.ask("PUT", &path, Body::Json(&json!({"writer": writer, "state": state})), |_| false)?;
        Ok(())
    }
}
