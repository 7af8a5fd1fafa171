//! HTTP to the nodes of an engine: who asks, how long, how often, and what an answer is.

use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use base64::Engine as _;
use base64::prelude::BASE64_STANDARD;
use rustls::CertificateError;
use serde_json::Value;
use ureq::Agent;
use ureq::tls::{Certificate, PemItem, RootCerts, TlsConfig, parse_pem};

use crate::engine::EngineError;

/// Most bytes of an answer. A page of candidates is some megabytes.
const MAX_ANSWER_BYTES: u64 = 1 << 30;

/// Longest time that an engine may ask to be left alone for.
const MAX_PAUSE: Duration = Duration::from_secs(30);

/// Who asks an engine.
#[derive(Clone)]
pub(crate) enum Credentials {
    /// Anybody.
    None,
    /// The owner of a key, as the engine wrote it.
    ApiKey(String),
    /// A user with a password.
    Basic(String, String),
}

impl std::fmt::Debug for Credentials {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(if matches!(self, Credentials::None) { "None" } else { "[secret]" })
    }
}

impl Credentials {
    fn header(&self) -> Option<String> {
        match self {
            Credentials::None => None,
            Credentials::ApiKey(key) => Some(format!("ApiKey {key}")),
            Credentials::Basic(user, password) => {
                Some(format!("Basic {}", BASE64_STANDARD.encode(format!("{user}:{password}"))))
            }
        }
    }
}

/// How an engine is reached.
#[derive(Debug, Clone)]
pub(crate) struct Access {
    /// The addresses of its nodes, which all answer for all.
    pub(crate) nodes: Vec<String>,
    /// Who asks.
    pub(crate) credentials: Credentials,
    /// A file with the certificates that are trusted instead of the system's.
    pub(crate) ca_file: Option<PathBuf>,
    /// Is HTTP without TLS allowed to other machines?
    pub(crate) insecure: bool,
    /// Longest time of one request.
    pub(crate) timeout: Duration,
    /// The first pause before a request is repeated.
    pub(crate) pause: Duration,
}

/// Why an engine cannot be asked as it was said.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub(crate) enum AccessError {
    /// The address is none of a web server.
    #[error("'{0}' is no address of an engine: write https://host:9200")]
    Address(String),
    /// A password stands in an address, where it would be shown and kept.
    #[error(
        "an address with a user or a password in it is shown and kept in many places: name them in the environment"
    )]
    SecretInAddress,
    /// An address of another machine without TLS.
    #[error("'{0}' is an address without TLS: what is searched could be read on the way. Use https://")]
    WithoutTls(String),
    /// The file of certificates cannot be used.
    #[error("the certificates in '{path}' cannot be used: {reason}")]
    Certificates {
        /// The file.
        path: PathBuf,
        /// Why.
        reason: String,
    },
}

/// A connection to an engine, for any number of threads.
pub(crate) struct Http {
    agent: Agent,
    access: Access,
    /// The node that answered last.
    node: AtomicUsize,
}

/// What is sent.
#[derive(Clone, Copy)]
pub(crate) enum Body<'b> {
    None,
    Json(&'b Value),
    /// Lines of JSON.
    Lines(&'b [u8]),
}

/// An answer of an engine.
#[derive(Debug)]
pub(crate) struct Answer {
    pub(crate) status: u16,
    pub(crate) json: Value,
    retry_after: Option<Duration>,
}

impl Answer {
    /// One of several answers in one.
    pub(crate) fn of(status: u16, json: Value) -> Answer {
        Answer { status, json, retry_after: None }
    }
}

impl Http {
    /// A connection.
    ///
    /// # Errors
    ///
    /// [`AccessError`] for what cannot be an engine, or would give away secrets.
    pub(crate) fn new(mut access: Access) -> Result<Http, AccessError> {
        for node in &mut access.nodes {
            *node = checked(node, access.insecure)?;
        }
        if access.nodes.is_empty() {
            return Err(AccessError::Address(String::new()));
        }
        let roots = match &access.ca_file {
            None => RootCerts::PlatformVerifier,
            Some(path) => RootCerts::new_with_certs(&certificates(path)?),
        };
        let tls = TlsConfig::builder().root_certs(roots).build();
        let agent = Agent::config_builder()
            .tls_config(tls)
            .http_status_as_error(false)
            .max_redirects(0)
            .max_redirects_will_error(false)
            .timeout_connect(Some(access.timeout.min(Duration::from_secs(10))))
            .timeout_global(Some(access.timeout))
            .user_agent(concat!("crosshead/", env!("CARGO_PKG_VERSION")))
            .build()
            .new_agent();
        Ok(Http { agent, access, node: AtomicUsize::new(0) })
    }

    /// How it is reached.
    pub(crate) fn access(&self) -> &Access {
        &self.access
    }

    /// The addresses, which hold no secrets.
    pub(crate) fn shown(&self) -> String {
        self.access.nodes.first().cloned().unwrap_or_default()
    }

    /// Asks, until there is an answer that is not "later" or "not here": of each node, and again after pauses. What is asked
    /// must be the same however often it is done. An answer with an error is one that this gives, if `is_expected` says so.
    ///
    /// # Errors
    ///
    /// [`EngineError`] of the last attempt.
    pub(crate) fn ask(
        &self,
        method: &str,
        path: &str,
        body: Body<'_>,
        is_expected: fn(u16) -> bool,
    ) -> Result<Answer, EngineError> {
        /// Attempts with each node.
        const ROUNDS: usize = 3;
        let attempts = (self.access.nodes.len() * ROUNDS).max(4);
        let mut pause = self.access.pause;
        let mut last = None;
        for attempt in 0..attempts {
            let node = self.node.load(Ordering::Relaxed) % self.access.nodes.len();
            let answer = self.once(&self.access.nodes[node], method, path, body);
            let waited = match answer {
                Ok(answer) if is_later(answer.status) => {
                    let waited = answer.retry_after;
                    last = Some(self.error(&answer));
                    waited
                }
                Ok(answer) if answer.status < 300 || is_expected(answer.status) => return Ok(answer),
                Ok(answer) => return Err(self.error(&answer)),
                Err(error @ (EngineError::NoEngine { .. } | EngineError::Cancelled { .. })) => return Err(error),
                Err(error) => {
                    last = Some(error);
                    None
                }
            };
            // Another node may know better.
            self.node.store(node + 1, Ordering::Relaxed);
            let is_new_round = (attempt + 1) % self.access.nodes.len() == 0;
            if attempt + 1 < attempts && (is_new_round || waited.is_some()) {
                std::thread::sleep(waited.unwrap_or(pause).min(MAX_PAUSE) + jitter(pause));
                pause *= 2;
            }
        }
        Err(last.expect("there was an attempt"))
    }

    fn once(&self, node: &str, method: &str, path: &str, body: Body<'_>) -> Result<Answer, EngineError> {
        let url = format!("{node}{path}");
        let (bytes, kind) = match body {
            Body::None => (Vec::new(), "application/json"),
            Body::Json(json) => (json.to_string().into_bytes(), "application/json"),
            Body::Lines(lines) => (lines.to_vec(), "application/x-ndjson"),
        };
        let authorization = self.access.credentials.header();
        macro_rules! with_headers {
            ($request:expr) => {{
                let request = $request.header("accept", "application/json");
                match &authorization {
                    Some(secret) => request.header("authorization", secret),
                    None => request,
                }
            }};
        }
        let sent = match method {
            "GET" => with_headers!(self.agent.get(&url)).call(),
            "DELETE" if bytes.is_empty() => with_headers!(self.agent.delete(&url)).call(),
            "DELETE" => {
                let request = with_headers!(self.agent.delete(&url)).force_send_body();
                request.header("content-type", kind).send(&bytes[..])
            }
            "PUT" => with_headers!(self.agent.put(&url)).header("content-type", kind).send(&bytes[..]),
            _ => with_headers!(self.agent.post(&url)).header("content-type", kind).send(&bytes[..]),
        };
        let unreachable = |error: ureq::Error| {
            let engine = node.to_string();
            match refused_certificate(&error) {
                Some(reason) => EngineError::Certificate { engine, reason },
                None => EngineError::Unreachable { engine, reason: reason_of(&error) },
            }
        };
        let mut response = sent.map_err(unreachable)?;
        let status = response.status().as_u16();
        let header =
            |name: &str| response.headers().get(name).and_then(|value| value.to_str().ok()).map(str::to_string);
        let retry_after =
            header("retry-after").and_then(|seconds| seconds.trim().parse().ok()).map(Duration::from_secs);
        let content_type = header("content-type").unwrap_or_default();
        let read = response.body_mut().with_config().limit(MAX_ANSWER_BYTES).read_to_vec();
        let text = read.map_err(unreachable)?;
        match serde_json::from_slice(&text) {
            Ok(json) => Ok(Answer { status, json, retry_after }),
            // Those who let in, and those who are asked too much, need not speak JSON.
            Err(_) if matches!(status, 401 | 403 | 429 | 502..=504) => {
                Ok(Answer { status, json: Value::Null, retry_after })
            }
            Err(_) if text.is_empty() && method == "HEAD" => Ok(Answer { status, json: Value::Null, retry_after }),
            Err(_) => {
                let kind = content_type.split(';').next().unwrap_or("").trim();
                let kind = if kind.is_empty() { "no JSON" } else { kind };
                let reason = if kind.ends_with("json") {
                    format!("JSON that is cut off or damaged (status {status})")
                } else {
                    format!("{kind} instead of JSON (status {status}); is it a proxy?")
                };
                Err(EngineError::NoEngine { engine: node.to_string(), reason })
            }
        }
    }

    /// The error that an answer tells of.
    pub(crate) fn error(&self, answer: &Answer) -> EngineError {
        let engine = self.shown();
        let (status, reason) = (answer.status, reason_in(&answer.json));
        match status {
            401 | 403 | 429 if is_full(&reason) => EngineError::Full { engine, reason },
            401 | 403 => EngineError::Refused { engine, status, reason },
            _ => EngineError::Failed { engine, status, reason },
        }
    }
}

/// Is it of a full disk? Then an engine writes nothing until there is room.
pub(super) fn is_full(reason: &str) -> bool {
    reason.contains("flood-stage") || reason.contains("read-only-allow-delete")
}

/// Is the answer that it may be otherwise soon, or at another node?
fn is_later(status: u16) -> bool {
    matches!(status, 429 | 502 | 503 | 504)
}

/// A pause of up to half of another, so that many who were refused together do not come back together.
fn jitter(pause: Duration) -> Duration {
    let mut bytes = [0; 4];
    let _ = getrandom::fill(&mut bytes);
    pause / 2 * (u32::from_le_bytes(bytes) % 1_000) / 1_000
}

/// Why the certificate of an engine is not accepted, if that is the error.
fn refused_certificate(error: &ureq::Error) -> Option<String> {
    let error = match error {
        ureq::Error::Rustls(error) => error,
        ureq::Error::Io(error) => error.get_ref()?.downcast_ref::<rustls::Error>()?,
        _ => return None,
    };
    let rustls::Error::InvalidCertificate(error) = error else { return None };
    Some(match error {
        CertificateError::UnknownIssuer => "no authority that is trusted here signed it".into(),
        CertificateError::Expired | CertificateError::ExpiredContext { .. } => {
            "its time is over, by the clock of this machine".into()
        }
        CertificateError::NotValidYet | CertificateError::NotValidYetContext { .. } => {
            "its time has not begun, by the clock of this machine".into()
        }
        CertificateError::NotValidForNameContext { expected, presented } => {
            format!("it is not for {}, but for {}", expected.to_str(), presented.join(", "))
        }
        CertificateError::NotValidForName => "it is for another name".into(),
        other if format!("{other:?}").contains("CaUsedAsEndEntity") => {
            "it is that of an authority; a server needs one of its own, signed by that".into()
        }
        other => other.to_string(),
    })
}

/// What the system or the protocol says of a request that was not answered.
fn reason_of(error: &ureq::Error) -> String {
    match error {
        ureq::Error::Io(error) => crate::os::sentence(error),
        ureq::Error::HostNotFound => "there is no host of this name".to_string(),
        ureq::Error::Timeout(_) => "it did not answer in time".to_string(),
        other => other.to_string(),
    }
}

/// What an engine says of an error, in one line.
pub(crate) fn reason_in(json: &Value) -> String {
    const MAX_CHARS: usize = 400;
    let error = &json["error"];
    let of = |error: &Value| {
        let kind = error["type"].as_str().unwrap_or("");
        let reason = error["reason"].as_str().unwrap_or("");
        [kind, reason].iter().filter(|part| !part.is_empty()).copied().collect::<Vec<_>>().join(": ")
    };
    let cause = error["root_cause"].as_array().and_then(|causes| causes.first()).map(&of).unwrap_or_default();
    let text = match (of(error), cause) {
        (text, cause) if cause.is_empty() || text == cause => text,
        (text, cause) if text.is_empty() => cause,
        (text, cause) => format!("{text} ({cause})"),
    };
    let text = if text.is_empty() { error.as_str().unwrap_or("no reason is given").to_string() } else { text };
    text.chars().map(|c| if c.is_control() { ' ' } else { c }).take(MAX_CHARS).collect()
}

/// The address of a node, without a path's last slash.
fn checked(node: &str, insecure: bool) -> Result<String, AccessError> {
    let node = node.trim().trim_end_matches('/');
    let (scheme, rest) = node.split_once("://").ok_or_else(|| AccessError::Address(node.to_string()))?;
    let authority = rest.split(['/', '?', '#']).next().unwrap_or("");
    if authority.contains('@') {
        return Err(AccessError::SecretInAddress);
    }
    let is_address =
        !authority.is_empty() && !rest.contains(['?', '#', ' ']) && node.parse::<ureq::http::Uri>().is_ok();
    match scheme {
        "https" if is_address => Ok(node.to_string()),
        "http" if is_address => {
            let host = authority.rsplit_once(':').filter(|(_, port)| port.bytes().all(|b| b.is_ascii_digit()));
            let host = host.map_or(authority, |(host, _)| host).trim_matches(['[', ']']);
            let is_here = host == "localhost" || host.parse::<std::net::IpAddr>().is_ok_and(|ip| ip.is_loopback());
            if is_here || insecure { Ok(node.to_string()) } else { Err(AccessError::WithoutTls(node.to_string())) }
        }
        _ => Err(AccessError::Address(node.to_string())),
    }
}

/// The certificates in a file in the PEM form.
fn certificates(path: &Path) -> Result<Vec<Certificate<'static>>, AccessError> {
    let refused = |reason: String| AccessError::Certificates { path: path.to_path_buf(), reason };
    let bytes = std::fs::read(path).map_err(|error| refused(crate::os::sentence(&error)))?;
    let mut found = Vec::new();
    for item in parse_pem(&bytes) {
        match item {
            Ok(PemItem::Certificate(certificate)) => found.push(certificate),
            Ok(_) => {}
            Err(error) => return Err(refused(error.to_string())),
        }
    }
    if found.is_empty() { Err(refused("there is no certificate in it (PEM)".into())) } else { Ok(found) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_of_engines() {
        for (address, expected) in [
            ("https://search.example.org:9200/", Ok("https://search.example.org:9200")),
            ("https://example.org/search", Ok("https://example.org/search")),
            ("http://127.0.0.1:9200", Ok("http://127.0.0.1:9200")),
            ("http://[::1]:9200", Ok("http://[::1]:9200")),
            ("http://localhost", Ok("http://localhost")),
            ("http://search.example.org:9200", Err("without TLS")),
            ("https://user:secret@example.org", Err("environment")),
            ("search.example.org:9200", Err("no address")),
            ("ftp://example.org", Err("no address")),
            ("https://", Err("no address")),
            ("https://a b", Err("no address")),
        ] {
            match (checked(address, false), expected) {
                (Ok(found), Ok(expected)) => assert_eq!(found, expected),
                (Err(error), Err(part)) => {
                    assert!(error.to_string().contains(part), "{address}: {error}");
                    assert!(!error.to_string().contains("secret"), "{error}");
                }
                (found, expected) => panic!("{address}: {found:?}, not {expected:?}"),
            }
        }
        assert!(checked("http://search.example.org", true).is_ok());
    }

    #[test]
    fn reasons_of_engines() {
        for (json, expected) in [
            (r#"{"error": {"type": "a", "reason": "b"}}"#, "a: b"),
            (r#"{"error": {"type": "a", "reason": "b", "root_cause": [{"type": "c", "reason": "d"}]}}"#, "a: b (c: d)"),
            (r#"{"error": "no handler"}"#, "no handler"),
            ("{}", "no reason is given"),
        ] {
            assert_eq!(reason_in(&serde_json::from_str(json).expect("JSON")), expected);
        }
    }
}
