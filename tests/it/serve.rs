//! `serve`: who is let in, what the API answers, and that it is what the command line prints. Requests are written by hand, as
//! a client that means harm would write them.

use std::collections::HashMap;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use serde_json::Value;

use crate::util::{Numbers, TestDir, package, paragraph};

/// A server over the index of a folder, ended on drop.
pub(crate) struct Server {
    child: Child,
    port: u16,
    /// The address that it printed.
    address: String,
    /// What it printed after that, as it comes.
    stdout: BufReader<std::process::ChildStdout>,
    token: Option<String>,
}

/// An answer.
#[derive(Debug)]
pub(crate) struct Answer {
    pub(crate) status: u16,
    headers: HashMap<String, String>,
    pub(crate) body: String,
}

impl Answer {
    fn json(&self) -> Value {
        serde_json::from_str(&self.body).unwrap_or_else(|error| panic!("{error}: {}", self.body))
    }
}

impl Server {
    pub(crate) fn start(dir: &TestDir, args: &[&str]) -> Server {
        let all: Vec<&str> = ["serve", "--port", "0", "--no-open"].iter().chain(args).copied().collect();
        let mut child =
            dir.command(&all).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().expect("the binary runs");
        let mut stdout = BufReader::new(child.stdout.take().expect("a pipe"));
        let mut address = String::new();
        stdout.read_line(&mut address).expect("an address");
        let mut token = None;
        if !args.contains(&"--no-token") && !args.contains(&"--token-file") {
            let mut stderr = BufReader::new(child.stderr.take().expect("a pipe"));
            let mut line = String::new();
            while token.is_none() && stderr.read_line(&mut line).expect("a message") > 0 {
                token = line.trim().strip_prefix("token for programs: ").map(str::to_string);
                line.clear();
            }
            // The rest is read, so that the server can go on writing.
            std::thread::spawn(move || std::io::copy(&mut stderr, &mut std::io::sink()));
        }
        let port = address.trim().split(':').nth(2).expect("a port");
        let port = port.split('/').next().expect("a port").parse().expect("a number");
        Server { child, port, address: address.trim().to_string(), stdout, token }
    }

    fn connect(&self) -> TcpStream {
        let stream = TcpStream::connect(("127.0.0.1", self.port)).expect("the server listens");
        stream.set_read_timeout(Some(Duration::from_secs(20))).expect("a timeout");
        stream
    }

    /// Sends bytes and reads what comes until the server closes the connection.
    fn raw(&self, request: &[u8]) -> Option<Answer> {
        let mut stream = self.connect();
        // The server may answer, and close, before it has read all.
        let _ = stream.write_all(request);
        let mut bytes = Vec::new();
        let _ = stream.read_to_end(&mut bytes);
        parse(&bytes)
    }

    fn request(&self, method: &str, target: &str, headers: &[(&str, &str)], body: &str) -> Answer {
        let mut text = format!("{method} {target} HTTP/1.1\r\nConnection: close\r\n");
        if !headers.iter().any(|(name, _)| name.eq_ignore_ascii_case("host")) {
            text.push_str(&format!("Host: 127.0.0.1:{}\r\n", self.port));
        }
        for (name, value) in headers {
            text.push_str(&format!("{name}: {value}\r\n"));
        }
        if !body.is_empty() {
            text.push_str(&format!("Content-Length: {}\r\n", body.len()));
        }
        text.push_str("\r\n");
        text.push_str(body);
        self.raw(text.as_bytes()).unwrap_or_else(|| panic!("no answer to {method} {target}"))
    }

    pub(crate) fn get(&self, target: &str) -> Answer {
        let bearer = self.token.as_ref().map(|token| format!("Bearer {token}"));
        let headers: Vec<(&str, &str)> = bearer.iter().map(|bearer| ("Authorization", bearer.as_str())).collect();
        self.request("GET", target, &headers, "")
    }

    /// The answer to a request of the API that must be good.
    pub(crate) fn json(&self, target: &str) -> Value {
        let answer = self.get(target);
        assert_eq!(answer.status, 200, "{target}: {}", answer.body);
        answer.json()
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// Reads an answer; its body may come in chunks. `None` if the connection was closed without one, or in the middle.
fn parse(bytes: &[u8]) -> Option<Answer> {
    let end = bytes.windows(4).position(|four| four == b"\r\n\r\n")?;
    let head = String::from_utf8_lossy(&bytes[..end]).into_owned();
    let mut lines = head.split("\r\n");
    let status = lines.next()?.split(' ').nth(1)?.parse().ok()?;
    let headers: HashMap<String, String> = lines
        .filter_map(|line| line.split_once(':'))
        .map(|(name, value)| (name.to_ascii_lowercase(), value.trim().to_string()))
        .collect();
    let mut rest = &bytes[end + 4..];
    let mut body = Vec::new();
    if headers.get("transfer-encoding").is_some_and(|value| value == "chunked") {
        loop {
            let line = rest.windows(2).position(|two| two == b"\r\n")?;
            let size = usize::from_str_radix(std::str::from_utf8(&rest[..line]).ok()?, 16).ok()?;
            body.extend_from_slice(rest.get(line + 2..line + 2 + size)?);
            rest = rest.get(line + 2 + size + 2..)?;
            if size == 0 {
                break;
            }
        }
    } else {
        body.extend_from_slice(rest);
    }
    Some(Answer { status, headers, body: String::from_utf8_lossy(&body).into_owned() })
}

/// A text for a query string.
fn encoded(text: &str) -> String {
    text.bytes()
        .map(|byte| if byte.is_ascii_alphanumeric() { char::from(byte).to_string() } else { format!("%{byte:02X}") })
        .collect()
}

/// An index of `corpus/`.
fn corpus() -> TestDir {
    let dir = TestDir::new();
    let corpus = package().join("corpus").to_string_lossy().into_owned();
    assert_eq!(dir.run(&["index", "-q", &corpus]).code, 0);
    dir
}

#[test]
fn who_has_no_token_is_not_let_in() {
    let dir = corpus();
    let mut server = Server::start(&dir, &[]);
    for target in ["/", "/search?q=strike", "/api/v1/search?q=strike", "/api/v1/health", "/nowhere", "/api/nowhere"] {
        let answer = server.request("GET", target, &[], "");
        assert_eq!(answer.status, 401, "{target}");
        assert!(!answer.body.contains("Halden"), "{target}: {}", answer.body);
        assert_eq!(server.get(target).status, if target.contains("nowhere") { 404 } else { 200 }, "{target}");
    }
    let one_time = server.address.split('/').next_back().expect("a query").to_string();
    let wrong = server.request("GET", "/?t=0000", &[], "");
    assert_eq!(wrong.status, 401);
    let first = server.request("GET", &format!("/{one_time}"), &[], "");
    assert_eq!((first.status, first.headers["location"].as_str()), (303, "/"));
    let cookie = first.headers["set-cookie"].clone();
    assert!(cookie.ends_with("; HttpOnly; SameSite=Strict; Path=/"), "{cookie}");
    assert_eq!(server.request("GET", &format!("/{one_time}"), &[], "").status, 401);
    let cookie = cookie.split(';').next().expect("a pair").to_string();
    assert_eq!(server.request("GET", "/", &[("Cookie", &cookie)], "").status, 200);
    // A new address is printed once the first is used.
    let mut next = String::new();
    server.stdout.read_line(&mut next).expect("an address");
    let next = next.trim().split('/').next_back().expect("a query");
    assert_ne!(next, one_time);
    assert_eq!(server.request("GET", &format!("/{next}"), &[], "").status, 303);
}

#[test]
fn hostile_requests_are_refused() {
    let dir = corpus();
    let server = Server::start(&dir, &["--no-token", "--allow-host", "archive.example"]);
    let own = format!("127.0.0.1:{}", server.port);
    let local = format!("localhost:{}", server.port);
    let mut tried = 0;
    let mut check = |expected: &[u16], method: &str, target: &str, headers: &[(&str, &str)]| {
        let answer = server.request(method, target, headers, "");
        assert!(expected.contains(&answer.status), "{method} {target} {headers:?}: {}", answer.status);
        assert!(!answer.body.contains("Halden"), "{method} {target} {headers:?}");
        tried += 1;
    };
    let targets = [
        "/",
        "/search?q=strike",
        "/api/v1/search?q=strike",
        "/api/v1/export?q=strike",
        "/assets/room.js",
        "/a/0000000000000",
        "/help",
    ];
    let port = server.port;
    let hosts = [
        format!("evil.example:{port}"),
        "evil.example".into(),
        format!("localhost.evil.example:{port}"),
        format!("127.0.0.1.nip.io:{port}"),
        format!("localhost.:{port}"),
        format!("0.0.0.0:{port}"),
        format!("127.0.0.2:{port}"),
        format!("127.1:{port}"),
        format!("2130706433:{port}"),
        format!("0x7f000001:{port}"),
        format!("[::]:{port}"),
        format!("[::ffff:127.0.0.1]:{port}"),
        format!("user@localhost:{port}"),
        format!("localhost:{port}@evil.example"),
        "localhost".into(),
        "localhost:1".into(),
        format!("localhost:0{port}"),
        "archive.example.evil.example".into(),
        format!("xn--lcalhost-54a:{port}"),
        "[::1".into(),
    ];
    for host in &hosts {
        for target in targets {
            for method in ["GET", "HEAD"] {
                check(&[400, 421], method, target, &[("Host", host)]);
            }
        }
    }
    // Two hosts, and a target that names another.
    for target in targets {
        check(&[400], "GET", target, &[("Host", &own), ("Host", &own)]);
        check(&[400, 421], "GET", &format!("http://evil.example{target}"), &[("Host", &own)]);
    }
    // Requests that another site made.
    let sites: [&[(&str, &str)]; 12] = [
        &[("Sec-Fetch-Site", "cross-site"), ("Sec-Fetch-Mode", "no-cors"), ("Sec-Fetch-Dest", "image")],
        &[("Sec-Fetch-Site", "cross-site"), ("Sec-Fetch-Mode", "no-cors"), ("Sec-Fetch-Dest", "script")],
        &[("Sec-Fetch-Site", "cross-site"), ("Sec-Fetch-Mode", "cors")],
        &[("Sec-Fetch-Site", "cross-site"), ("Sec-Fetch-Mode", "navigate"), ("Sec-Fetch-Dest", "iframe")],
        &[("Sec-Fetch-Site", "cross-site"), ("Sec-Fetch-Mode", "navigate"), ("Sec-Fetch-Dest", "object")],
        &[("Sec-Fetch-Site", "same-site"), ("Sec-Fetch-Mode", "cors")],
        &[("Sec-Fetch-Site", "same-site"), ("Sec-Fetch-Mode", "websocket")],
        &[("Sec-Fetch-Site", "nonsense")],
        &[("Origin", "http://evil.example")],
        &[("Origin", "https://evil.example:443")],
        &[("Origin", "null")],
        &[("Origin", "file://")],
    ];
    for headers in sites {
        for target in targets {
            check(&[403], "GET", target, headers);
        }
        check(&[403], "POST", "/api/v1/search", headers);
    }
    check(
        &[403],
        "POST",
        "/api/v1/search",
        &[("Sec-Fetch-Site", "cross-site"), ("Sec-Fetch-Mode", "navigate"), ("Sec-Fetch-Dest", "document")],
    );
    for method in ["PUT", "DELETE", "PATCH", "OPTIONS", "TRACE", "CONNECT", "POST", "PROPFIND"] {
        for target in ["/", "/search?q=strike", "/api/v1/count?q=strike", "/index"] {
            check(&[400, 403, 405, 415], method, target, &[]);
        }
    }
    assert!(tried >= 400, "{tried}");
    // No answer lets another origin read it.
    for target in targets {
        let answer = server.get(target);
        assert!(answer.headers.keys().all(|name| !name.starts_with("access-control")), "{target}");
    }
    for host in [own.as_str(), &local, "archive.example", "ARCHIVE.example:443"] {
        assert_eq!(server.request("GET", "/search?q=strike", &[("Host", host)], "").status, 200, "{host}");
    }
}

#[test]
fn malformed_requests_do_not_end_the_server() {
    let dir = corpus();
    let server = Server::start(&dir, &["--no-token"]);
    let host = format!("Host: 127.0.0.1:{}", server.port);
    let long = "a".repeat(20_000);
    for request in [
        "\r\n\r\n".to_string(),
        "GET\r\n\r\n".into(),
        "GET / HTTP/9.9\r\n\r\n".into(),
        "GET / HTTP/1.1\r\n\r\n".into(),
        format!("GET /{long} HTTP/1.1\r\n{host}\r\n\r\n"),
        format!("GET / HTTP/1.1\r\n{host}\r\nX: {long}\r\n\r\n"),
        format!("GET / HTTP/1.1\r\n{host}\r\n{}\r\n", "X: y\r\n".repeat(500)),
        format!("GET / HTTP/1.1\r\n{host}\r\nContent-Length: 99999999\r\nConnection: close\r\n\r\n"),
        format!("POST /api/v1/search HTTP/1.1\r\n{host}\r\nContent-Length: x\r\n\r\n"),
        format!(
            "POST /api/v1/search HTTP/1.1\r\n{host}\r\nTransfer-Encoding: chunked\r\nContent-Length: 5\r\n\r\n0\r\n\r\n"
        ),
        format!("GET / HTTP/1.1\r\n{host}\r\nX\u{0}: y\r\n\r\n"),
        "\u{16}\u{3}\u{1}\u{0}\u{a5}\u{1}".into(),
    ] {
        if let Some(answer) = server.raw(request.as_bytes()) {
            assert!((400..500).contains(&answer.status), "{}: {request:.60?}", answer.status);
        }
    }
    let long = "a+".repeat(4_200);
    assert_eq!(server.get(&format!("/search?q={long}")).status, 200);
    assert_eq!(server.get(&format!("/search?-source={long}")).status, 400);
    let body = |query: &str| format!("{{\"q\":\"{query}\",\"n\":3,\"source\":[\"Halden Courier\"]}}");
    let json = [("Content-Type", "application/json")];
    assert_eq!(server.request("POST", "/api/v1/search", &json, &body("strike")).status, 200);
    assert_eq!(server.request("POST", "/api/v1/search", &json, &body(&"a ".repeat(40_000))).status, 413);
    assert_eq!(server.request("POST", "/api/v1/search", &json, "[1]").status, 400);
    assert_eq!(server.request("POST", "/api/v1/search", &json, "{\"q\":{\"a\":1}}").status, 400);
    assert_eq!(server.request("POST", "/api/v1/search", &json, "{\"page\":1}").status, 400);
    assert_eq!(server.request("POST", "/api/v1/search", &[], &body("strike")).status, 415);
    assert_eq!(server.get("/search?q=strike").status, 200);
}

/// Any target has an answer, and none of them is an error of the server.
#[test]
fn random_targets_are_answered() {
    let dir = corpus();
    let server = Server::start(&dir, &["--no-token"]);
    let mut numbers = Numbers::seeded();
    let pieces = [
        "/",
        "/search",
        "/api/v1/",
        "search",
        "count",
        "facets/",
        "source",
        "timeline",
        "kwic",
        "articles/",
        "passages/",
        "export",
        "/a/",
        "/reprints/",
        "/values",
        "/index",
        "/help",
        "..",
        "%2e%2e",
        "%00",
        "%ff",
        "%2f",
        "\\",
        "?",
        "&",
        "=",
        "q=",
        "strike",
        "(a+AND",
        "%22",
        "date=",
        "2023",
        "..",
        "n=",
        "0",
        "1",
        "999",
        "page=",
        "cursor=",
        "31",
        "-source=",
        "by=month",
        "h=3",
        "0000000000000",
        ".1",
        "#",
        ";",
        "~",
        "*",
        "é",
        "facet=",
        "order=1L",
        "sample=5",
        "format=csv",
        "like:",
        "w/3",
        "/etc/passwd",
        "file:///",
        "q2=",
        "rel=1",
    ];
    let mut seen: HashMap<u16, u32> = HashMap::new();
    for _ in 0..2_000 {
        let mut target = String::from("/");
        for _ in 0..numbers.below(9) {
            target.push_str(pieces[numbers.place(pieces.len())]);
        }
        let target = target.replace(' ', "+");
        let Some(answer) = server.raw(
            format!("GET {target} HTTP/1.1\r\nHost: 127.0.0.1:{}\r\nConnection: close\r\n\r\n", server.port).as_bytes(),
        ) else {
            continue;
        };
        assert!(answer.status < 500, "{target}: {} {}", answer.status, answer.body);
        *seen.entry(answer.status).or_default() += 1;
    }
    for status in [200, 400, 404] {
        assert!(seen.get(&status).is_some_and(|count| *count > 10), "{seen:?}");
    }
}

/// The form of a page that tells of a wrong setting does not send that again; the link to the API can be followed.
#[test]
fn wrong_settings_are_not_kept() {
    let dir = corpus();
    let server = Server::start(&dir, &["--no-token"]);
    let wrong = server.get("/kwic?q=strike&order=zz");
    assert_eq!(wrong.status, 400);
    assert!(wrong.body.contains("strike") && !wrong.body.contains("value=\"zz\""), "{}", wrong.body);
    let page = server.get("/kwic?q=strike&seed=3").body;
    let json = page.split("href=\"").find(|link| link.starts_with("/api/v1/kwic")).expect("a link");
    let json = json.split('"').next().expect("its end").replace("&amp;", "&");
    assert_eq!(server.get(&json).status, 200, "{json}");
}

#[test]
fn every_answer_has_the_headers_that_keep_others_out() {
    let dir = corpus();
    let server = Server::start(&dir, &[]);
    let id = server.json("/api/v1/search?q=strike&n=1")["hits"][0]["article"].as_str().expect("an id").to_string();
    for target in [
        "/",
        "/search?q=strike",
        "/timeline?q=strike",
        "/kwic?q=strike",
        "/help",
        "/index",
        "/saved",
        "/export?q=strike",
        "/feed?q=strike",
        "/opensearch.xml",
        "/_/suggest?q=str",
        "/assets/room.css",
        "/assets/room.js",
        "/assets/icon.svg",
        "/nowhere",
        "/search?zz=1",
        "/api/v1/search?q=strike",
        "/api/v1/nowhere",
        "/api/v1/export?q=strike",
        "/api/v1/openapi.json",
        &format!("/a/{id}"),
        &format!("/reprints/{id}"),
    ] {
        for answer in [
            server.get(target),
            server.request("GET", target, &[], ""),
            server.request("GET", target, &[("Host", "evil.example")], ""),
        ] {
            let header = |name: &str| answer.headers.get(name).map(String::as_str);
            let policy = header("content-security-policy").unwrap_or("");
            assert!(
                policy.starts_with("default-src 'none'; script-src 'self'; style-src 'self'"),
                "{target}: {policy}"
            );
            assert!(!policy.contains("unsafe"), "{policy}");
            assert_eq!(header("x-content-type-options"), Some("nosniff"), "{target}");
            assert_eq!(header("referrer-policy"), Some("no-referrer"), "{target}");
            assert_eq!(header("cross-origin-resource-policy"), Some("same-origin"), "{target}");
            assert_eq!(header("cross-origin-opener-policy"), Some("same-origin"), "{target}");
            assert_eq!(header("cross-origin-embedder-policy"), Some("require-corp"), "{target}");
            let is_asset = target.starts_with("/assets/");
            assert_eq!(header("cache-control") == Some("no-store"), !is_asset, "{target}");
        }
    }
}

/// A random query over the corpus, and the arguments of its filters for the command line and for a query string.
fn filtered(numbers: &mut Numbers, values: &HashMap<&str, Vec<String>>) -> (String, Vec<String>, String) {
    let words = [
        "strike", "harbour", "council", "the", "port", "tram", "grain", "mediator", "vote", "school", "water", "ferry",
    ];
    let kind = numbers.below(4);
    let mut word = || words[numbers.place(words.len())].to_string();
    let query = match kind {
        0 => format!("{} {}", word(), word()),
        1 => format!("{} OR {}", word(), word()),
        2 => format!("{} -{}", word(), word()),
        _ => word(),
    };
    let (mut args, mut target) = (Vec::new(), format!("q={}", encoded(&query)));
    for _ in 0..numbers.below(3) {
        let mut names: Vec<&str> = values.keys().copied().collect();
        names.sort_unstable();
        let name = names[numbers.place(names.len())];
        let of_name = &values[name];
        let value = &of_name[numbers.place(of_name.len())];
        let is_excluded = numbers.below(3) == 0;
        args.extend(["--where".to_string(), format!("{name}{}{value}", if is_excluded { "!=" } else { "=" })]);
        target.push_str(&format!("&{}{name}={}", if is_excluded { "-" } else { "" }, encoded(value)));
    }
    if numbers.below(3) == 0 {
        args.extend(["--since".to_string(), "2023-09".into(), "--until".into(), "2023-12".into()]);
        target.push_str("&date=2023-09..2023-12");
    }
    if numbers.below(4) == 0 {
        args.extend(["--unit".to_string(), "article".into()]);
        target.push_str("&unit=article");
    }
    (query, args, target)
}

#[test]
fn counts_are_those_of_the_command_line() {
    let dir = corpus();
    let server = Server::start(&dir, &["--no-token"]);
    let mut values: HashMap<&str, Vec<String>> = HashMap::new();
    for name in ["source", "desk", "byline", "lang", "heading", "tag", "folder"] {
        let facets = server.json(&format!("/api/v1/facets/{name}?n=20"));
        let of_name = facets["values"]
            .as_array()
            .expect("values")
            .iter()
            .map(|value| value["value"].as_str().expect("a text").to_string());
        let of_name: Vec<String> = of_name.collect();
        assert!(!of_name.is_empty(), "{name}");
        values.insert(name, of_name);
    }
    let (mut numbers, mut some) = (Numbers::seeded(), 0);
    for _ in 0..200 {
        let (query, args, target) = filtered(&mut numbers, &values);
        let all: Vec<&str> =
            ["search", "-q", "--count", "--json", &query].into_iter().chain(args.iter().map(String::as_str)).collect();
        let run = dir.run(&all);
        assert!(run.code <= 1, "{}", run.told());
        let counted: Value = serde_json::from_str(run.stdout.trim()).expect("JSON");
        let total = &server.json(&format!("/api/v1/count?{target}"))["total"];
        for unit in ["passages", "sections", "articles"] {
            assert_eq!(total[unit], counted[unit], "{target}: {}", run.told());
        }
        let page = server.get(&format!("/search?{target}"));
        assert_eq!(page.status, 200, "{target}");
        let (passages, articles) =
            (total["passages"].as_u64().expect("a number"), total["articles"].as_u64().expect("a number"));
        let said =
            |count: u64, one: &str| format!("<strong>{count} {one}{}</strong>", if count == 1 { "" } else { "s" });
        let heading = format!("{} in {}", said(passages, "passage"), said(articles, "article"));
        // Below the hits of some of the words, no count of nothing.
        let has_some = page.body.contains("<strong>No passage has all of the words</strong>");
        assert!(page.body.contains(&heading) || passages == 0 && has_some, "{target}: no {heading}");
        some += u32::from(passages > 0);
    }
    assert!(some > 60, "{some} queries of 200 match");
}

/// The number beside a value is that of the page to which it leads.
#[test]
fn filters_count_what_they_lead_to() {
    let dir = corpus();
    let server = Server::start(&dir, &["--no-token"]);
    for query in ["q=strike", "q=the&source=Halden+Courier", "q=council&lang=en&date=2023"] {
        for name in ["source", "byline", "lang", "heading", "desk"] {
            let found = server.json(&format!("/api/v1/search?{query}&facets={name}&n=1"));
            for value in found["facets"][0]["values"].as_array().expect("values") {
                let text = value["value"].as_str().expect("a text");
                // Each facet is counted without its own filter.
                let others: Vec<&str> =
                    query.split('&').filter(|pair| !pair.starts_with(&format!("{name}="))).collect();
                let target = format!("/api/v1/count?{}&{name}={}", others.join("&"), encoded(text));
                assert_eq!(server.json(&target)["total"]["articles"], value["articles"], "{target}");
            }
            // An empty value is for what has none.
            let others: Vec<&str> = query.split('&').filter(|pair| !pair.starts_with(&format!("{name}="))).collect();
            let target = format!("{}&{name}=", others.join("&"));
            let without = server.json(&format!("/api/v1/count?{target}"))["total"]["articles"].clone();
            assert_eq!(without, found["facets"][0]["without"]["articles"], "{target}");
            let with =
                server.json(&format!("/api/v1/count?{}&-{name}=", others.join("&")))["total"]["articles"].clone();
            let args =
                ["search", "-q", "--count", "--json", "--where", &format!("{name}!="), "strike"].map(String::from);
            if query == "q=strike" {
                let run = dir.run(&args.each_ref().map(String::as_str));
                let counted: Value = serde_json::from_str(run.stdout.trim()).expect("JSON");
                assert_eq!(with, counted["articles"], "{}", run.told());
            }
            if without.as_u64() > Some(0) {
                let page = server.get(&format!("/search?{target}"));
                assert!(page.body.contains("(none)") && page.body.contains("Remove the filter"), "{target}");
            }
        }
    }
}

#[test]
fn an_export_is_what_the_command_line_prints() {
    let dir = corpus();
    let server = Server::start(&dir, &["--no-token"]);
    for (format, options) in [
        ("jsonl", &["--format", "json"][..]),
        ("csv", &["--format", "csv"]),
        ("csv&raw=1&bom=1", &["--format", "csv", "--raw", "--bom"]),
        ("tsv", &["--format", "tsv"]),
        ("md", &["--format", "markdown"]),
        ("ris", &["--format", "ris"]),
        ("jsonl&end=1", &["--format", "json", "--end"]),
        ("jsonl&order=index", &["--format", "json", "--sort", "path"]),
    ] {
        for query in ["the OR a OR und OR de", "strike", "zyzzyva"] {
            let args: Vec<&str> = ["search", "-q", "--all", query].into_iter().chain(options.iter().copied()).collect();
            let run = dir.run(&args);
            let answer = server.get(&format!("/api/v1/export?q={}&format={format}", encoded(query)));
            assert_eq!(answer.status, 200, "{query} {format}");
            assert_eq!(answer.body, run.stdout, "{query} {format}");
            assert_eq!(answer.headers["transfer-encoding"], "chunked");
            let total =
                server.json(&format!("/api/v1/count?q={}&strict=1", encoded(query)))["total"]["passages"].to_string();
            assert_eq!(answer.headers["x-total-count"], total, "{query}");
        }
    }
    let lines = server.get("/api/v1/export?q=strike&fields=title,%20published");
    let whole = dir.run(&["search", "-q", "--all", "--json", "strike"]);
    for (line, whole) in lines.body.lines().zip(whole.lines()) {
        let line: Value = serde_json::from_str(line).expect("JSON");
        let expected: serde_json::Map<String, Value> =
            ["title", "published"].map(|name| (name.to_string(), whole[name].clone())).into_iter().collect();
        assert_eq!(line, Value::Object(expected));
    }
    let table = server.get("/api/v1/export?q=strike&format=csv&fields=source,title,rank&end=1").body;
    let mut rows = table.lines();
    assert_eq!(rows.next(), Some("rank,title,source"));
    assert_eq!(rows.clone().count(), whole.lines().len() + 1);
    assert!(rows.all(|row| row.starts_with("end,") || row.split(',').next().is_some_and(|rank| rank.parse::<u32>().is_ok())));
    let table = server.get("/api/v1/export?q=strike&format=csv&fields=title,permalink,query&end=1").body;
    let hit = server.json("/api/v1/search?q=strike&n=1&fields=permalink")["hits"][0]["permalink"].clone();
    let (first, rest) = table.split_once('\n').expect("a header");
    assert_eq!(first, "title,permalink,query");
    let row = rest.lines().next().expect("a row");
    assert!(row.ends_with(&format!("{},strike", hit.as_str().expect("an address"))), "{row}");
    let line = server.get("/api/v1/export?q=strike&fields=permalink,marks,marks_u16&end=1").body;
    let line: Value = serde_json::from_str(line.lines().next().expect("a line")).expect("JSON");
    assert_eq!((&line["permalink"], line.as_object().map(serde_json::Map::len)), (&hit, Some(3)), "{line}");
    for (parameters, detail) in [
        ("fields=titel", "there is no field 'titel'; there are rank, "),
        ("format=tsv&fields=marks", "there is no field 'marks'; there are rank, "),
        ("format=ris&fields=title", "'fields' is for jsonl, csv and tsv: ris has a form of its own"),
    ] {
        let answer = server.get(&format!("/api/v1/export?q=strike&{parameters}"));
        assert_eq!(answer.status, 400, "{parameters}");
        assert!(answer.json()["detail"].as_str().is_some_and(|text| text.starts_with(detail)), "{}", answer.body);
    }
    let items = server.get("/api/v1/export?q=strike&format=csl").json();
    assert_eq!(items[0]["type"], "article-newspaper");
    let answer = server.get("/api/v1/export?q=heading:x+w/3+y+AND+(z");
    assert_eq!(
        (answer.status, answer.headers["content-type"].as_str()),
        (400, "application/problem+json"),
        "{}",
        answer.body
    );
}

#[test]
fn the_address_bar_is_offered_the_last_word() {
    let dir = corpus();
    let server = Server::start(&dir, &["--no-token"]);
    assert!(server.get("/opensearch.xml").body.contains("_/suggest?q={searchTerms}"));
    let answer = server.get("/_/suggest?q=harbour+str");
    assert_eq!(answer.headers["content-type"], "application/x-suggestions+json");
    let body = answer.json();
    assert_eq!(body[0], "harbour str");
    let offered: Vec<&str> = body[1].as_array().expect("a list").iter().filter_map(Value::as_str).collect();
    assert!(offered.contains(&"harbour strike"), "{offered:?}");
    assert!(offered.iter().all(|one| one.starts_with("harbour str")), "{offered:?}");
    for (typed, whole) in [("", 0), ("harbour+", 0), ("harbour+zyzzyv", 0), ("%22", 0)] {
        let body = server.get(&format!("/_/suggest?q={typed}")).json();
        assert_eq!(body[1].as_array().map(Vec::len), Some(whole), "{typed}: {body}");
    }
}

#[test]
fn pages_by_cursor_are_the_list() {
    let dir = corpus();
    let server = Server::start(&dir, &["--no-token"]);
    for (path, query, n) in [("search", "q=the&n=7", 7), ("kwic", "q=strike&n=4&order=1R,1L", 4)] {
        let whole = server.json(&format!("/api/v1/{path}?{}", query.replace(&format!("n={n}"), "n=1000")));
        let whole: Vec<&Value> = whole["hits"].as_array().expect("hits").iter().collect();
        let (mut pages, mut target) = (Vec::new(), format!("/api/v1/{path}?{query}"));
        loop {
            let page = server.json(&target);
            pages.extend(page["hits"].as_array().expect("hits").iter().cloned());
            match page["next_url"].as_str() {
                Some(next) => target = next.to_string(),
                None => break,
            }
        }
        assert!(pages.len() > 2 * n, "{path}: {}", pages.len());
        assert_eq!(pages.iter().collect::<Vec<_>>(), whole, "{path}");
    }
    for n in [1, 2, 1_000] {
        let page = server.json(&format!("/api/v1/kwic?q=strike&n={n}"));
        assert_eq!(page["lines"], page["hits"].as_array().expect("lines").len(), "{n}");
    }
    let next = server.json("/api/v1/search?q=the&n=7")["next"].as_str().expect("a cursor").to_string();
    assert_eq!(server.get(&format!("/api/v1/search?q=strike&n=7&cursor={next}")).status, 400);
}

/// The text of a range in UTF-16 units.
fn of_units(text: &str, range: [&Value; 2]) -> String {
    let units: Vec<u16> = text.encode_utf16().collect();
    let [start, end] = range.map(|at| at.as_u64().expect("a number") as usize);
    String::from_utf16(&units[start..end]).expect("whole characters")
}

#[test]
fn a_feed_begins_with_what_came_last() {
    let dir = TestDir::new();
    let article = |head: &str, title: &str| format!("{head}# {title}\n\n{} {title}.\n", paragraph("The tram strike"));
    dir.write("news/a.md", article("---\ndate: 2017-02-16\n---\n", "Trams stop"));
    dir.write("news/b.md", article("---\ndate: 2020-01-02\n---\n", "Trams go"));
    dir.run(&["index", "news"]).ends(0);
    // The time of an addition is counted in seconds.
    std::thread::sleep(Duration::from_millis(1_100));
    dir.write("news/c.md", article("---\ndate: 1994-05-06\n---\n", "Trams of old"));
    dir.write("news/d.md", article("", "Trams without a date"));
    dir.run(&["index", "news"]).ends(0);
    let server = Server::start(&dir, &["--no-token"]);
    let feed = server.get("/feed?q=tram").body;
    let of = |name: &str| -> Vec<&str> {
        let (open, close) = (format!("<{name}>"), format!("</{name}>"));
        let after = feed.split(open.as_str()).skip(1);
        after.map(|text| text.split(close.as_str()).next().expect("a part")).collect()
    };
    let titles = of("title");
    assert_eq!(titles[1..], ["Trams of old", "Trams without a date", "Trams go", "Trams stop"], "{feed}");
    assert_eq!(of("published"), ["1994-05-06T00:00:00Z", "2020-01-02T00:00:00Z", "2017-02-16T00:00:00Z"], "{feed}");
    let updated = of("updated");
    assert!(updated.iter().all(|time| time.len() == 20 && time.ends_with('Z') && *time > "2020"), "{updated:?}");
    assert_eq!((updated[0], updated[1], updated[3]), (updated[1], updated[2], updated[4]), "{updated:?}");
    assert!(updated[2] > updated[3], "{updated:?}");
    assert!(!server.get("/feed?q=zyzzyva").body.contains("<entry>"));
}

#[test]
fn nothing_that_is_asked_for_is_ignored() {
    let dir = corpus();
    let server = Server::start(&dir, &["--no-token"]);
    let id = server.json("/api/v1/search?q=strike&n=1")["hits"][0]["article"].as_str().expect("an id").to_string();
    for (target, part) in [
        ("export?q=strike&format=ris&end=1".to_string(), "'end' is for jsonl, csv, tsv"),
        ("export?q=strike&format=csl&bom=1".into(), "'bom' is for csv, tsv, md, ris"),
        ("export?q=strike&bom=1".into(), "'bom' is for csv, tsv, md, ris"),
        ("export?q=strike&raw=1".into(), "'raw' is for csv, tsv"),
        ("export?q=strike&sort=newest&order=index".into(), "there is one order"),
        ("kwic?q=strike&seed=3".into(), "'seed' is for a sample"),
        (format!("articles/{id}?from=1&to=0"), "swap them"),
        (format!("articles/{id}?from=5000"), "the article has passages from 0 to "),
        (format!("count?q={}", "a+".repeat(4_200)), "send it by POST"),
        (format!("timeline?q=a&q2={}", "a+".repeat(4_200)), "send it by POST"),
    ] {
        let answer = server.get(&format!("/api/v1/{target}"));
        assert_eq!(answer.status, 400, "{target:.80}");
        assert!(answer.json()["detail"].as_str().is_some_and(|detail| detail.contains(part)), "{}", answer.body);
    }
    for target in [
        "export?q=strike&format=csv&bom=1&raw=1&end=1&order=index",
        "export?q=strike&format=ris&bom=1&end=0&sort=path&order=index",
        "kwic?q=strike&sample=5&seed=3",
        &format!("articles/{id}?from=0&to=0"),
    ] {
        assert_eq!(server.get(&format!("/api/v1/{target}")).status, 200, "{target}");
    }
}

#[test]
fn queries_take_the_same_parameters_everywhere() {
    let dir = corpus();
    let server = Server::start(&dir, &["--no-token"]);
    let hit = server.json("/api/v1/search?q=strike&n=1")["hits"][0].clone();
    let (id, passage) = (hit["article"].as_str().expect("an id"), hit["id"].as_str().expect("an id"));
    let query = "q=strike&literal=1&unit=article&any=1&-lang=xx&date=1900..2100";
    for target in [
        "search?n=1",
        "count?",
        "facets/source?sort=value",
        "facets/source?order=value",
        "timeline?rel=1",
        "kwic?n=1",
        "collocates?n=1",
        &format!("articles/{id}?"),
        &format!("passages/{passage}?"),
        "export?",
    ] {
        let answer = server.get(&format!("/api/v1/{target}&{query}"));
        assert_eq!(answer.status, 200, "{target}: {}", answer.body);
    }
    let values = |order: &str| server.json(&format!("/api/v1/facets/source?q=strike{order}"))["values"].clone();
    assert_eq!(values("&sort=value"), values("&order=value"));
    let names: Vec<String> = values("&sort=value")
        .as_array()
        .expect("values")
        .iter()
        .filter_map(|value| value["value"].as_str().map(str::to_string))
        .collect();
    assert!(names.is_sorted() && !names.is_empty(), "{names:?}");
    for target in [
        "facets/source?q=strike&sort=newest",
        "facets/source?q=strike&sort=count&order=value",
        "watch?q=strike&any=1",
        &format!("articles/{id}?literal=1"),
        &format!("passages/{passage}?source=Halden+Courier"),
    ] {
        assert_eq!(server.get(&format!("/api/v1/{target}")).status, 400, "{target}");
    }
    let timeline = server.json("/api/v1/timeline?q=strike&q2=tram&by=year&rel=1");
    let shares = timeline["per_thousand"].as_array().expect("shares");
    assert_eq!(shares.len(), 2);
    for (share, bucket) in
        shares[0].as_array().expect("shares").iter().zip(timeline["buckets"].as_array().expect("periods"))
    {
        let [articles, of] = ["articles", "of"].map(|name| bucket[name].as_f64().expect("a number"));
        match share.as_f64() {
            Some(share) => assert!((share - articles * 1_000.0 / of).abs() < 1e-9, "{bucket}"),
            None => assert_eq!(of, 0.0, "{bucket}"),
        }
    }
    assert_eq!(server.json("/api/v1/timeline?q=strike")["per_thousand"], Value::Null);
}

#[test]
fn hits_that_lack_words_are_counted_by_themselves() {
    let dir = corpus();
    let server = Server::start(&dir, &["--no-token"]);
    let passages = |target: &str| server.json(&format!("/api/v1/count?{target}"))["total"].clone();
    for q in ["harbour strike", "tram ferry dispute", "strike -tram"] {
        let q = encoded(q);
        let (all, any) = (passages(&format!("q={q}")), passages(&format!("q={q}&any=1")));
        let number = |total: &Value, name: &str| total[name].as_u64().expect("a number");
        let together = number(&all, "passages") + number(&all, "tier_some");
        assert_eq!(together, number(&any, "passages"), "{q}");
        assert_eq!((&any["tier_some"], &passages(&format!("q={q}&strict=1"))["tier_some"]), (&0.into(), &0.into()));
        // As many as a list without limits gives.
        let list = server.json(&format!("/api/v1/search?q={q}&n=1000&per_article=1000&ungroup=1"));
        assert_eq!(list["total"], all, "{q}");
        let lacking = list["hits"].as_array().expect("hits").iter().filter(|hit| hit["tier"] == "some").count() as u64;
        assert!(list["next"].is_string() || lacking == number(&all, "tier_some"), "{q}: {lacking}, {all}");
    }
    for q in ["strike", "%22harbour+strike%22", "harbour+w/5+strike"] {
        assert_eq!(passages(&format!("q={q}"))["tier_some"], 0, "{q}");
    }
    let at = server.json("/api/v1/health")["index"]["at"].as_str().expect("a time").to_string();
    assert!(at.len() == 20 && at.ends_with('Z') && at.as_bytes()[10] == b'T', "{at}");
}

#[test]
fn all_ranges_are_given_in_utf_16_too() {
    let dir = TestDir::new();
    dir.write(
        "a/a.md",
        "# \u{1f6a2} Mole collapses\n\n\u{1f30a} At dawn the \u{e9}tat of the mole of Halden gave way under a grey sea, he said.\n\n\
         \u{1f30a}\u{1f30a} The mole of Halden is old.\n",
    );
    dir.run(&["index", "a"]).ends(0);
    let server = Server::start(&dir, &["--no-token"]);
    let lines = server.json("/api/v1/kwic?q=mole+w/3+Halden");
    let lines = lines["hits"].as_array().expect("lines");
    assert!(!lines.is_empty());
    for line in lines {
        let passage = line["id"].as_str().expect("an id");
        let passage = server.json(&format!("/api/v1/passages/{passage}?context=0"));
        let text = passage["article"]["passages"][0]["text"].as_str().expect("a text");
        assert_eq!(of_units(text, [&line["start_u16"], &line["end_u16"]]), line["node"].as_str().expect("a node"));
        let node = line["node"].as_str().expect("a node");
        let marks: Vec<String> = line["node_marks_u16"]
            .as_array()
            .expect("marks")
            .iter()
            .map(|mark| of_units(node, [&mark[0], &mark[1]]).to_lowercase())
            .collect();
        assert!(marks.iter().all(|word| ["mole", "halden"].contains(&word.as_str())), "{marks:?}");
        assert_eq!(marks.len(), line["node_marks"].as_array().expect("marks").len());
    }
    let found = server.json("/api/v1/verify?quotation=the+mole+of+Halden+gave+way+under+a+grey+sea");
    let place = &found["places"][0];
    let passage = server.json(&format!("/api/v1/passages/{}?context=0", place["id"].as_str().expect("an id")));
    let text = passage["article"]["passages"][0]["text"].as_str().expect("a text");
    let mark = &place["marks_u16"][0];
    assert_eq!(of_units(text, [&mark[0], &mark[1]]), "the mole of Halden gave way under a grey sea");
    let id = place["article"].as_str().expect("an id");
    let article = server.json(&format!("/api/v1/articles/{id}?q=mole"));
    let mark = &article["title_marks_u16"][0];
    let title = article["article"]["title"].as_str().expect("a title");
    assert_eq!(of_units(title, [&mark[0], &mark[1]]), "Mole");
}

#[test]
fn articles_and_passages_are_those_of_show() {
    let dir = corpus();
    let server = Server::start(&dir, &["--no-token"]);
    let found = server.json("/api/v1/search?q=strike&n=5");
    let shown = dir.run(&["search", "-q", "--json", "-n", "5", "strike"]);
    for (hit, line) in found["hits"].as_array().expect("hits").iter().zip(shown.lines()) {
        for (name, value) in line.as_object().expect("an object") {
            if name == "file" {
                assert_eq!(hit.get(name), None, "the absolute path is not told");
            } else if name == "score" {
                assert!((hit[name].as_f64().expect("a number") - value.as_f64().expect("a number")).abs() < 1e-5);
            } else {
                assert_eq!(&hit[name], value, "{name}");
            }
        }
        let text = hit["text"].as_str().expect("a text");
        let units: Vec<u16> = text.encode_utf16().collect();
        let bytes = hit["marks"].as_array().expect("marks").iter();
        for (mark, of_u16) in bytes.zip(hit["marks_u16"].as_array().expect("marks")) {
            let at = |value: &Value, i: usize| value[i].as_u64().expect("a number") as usize;
            let by_units = String::from_utf16(&units[at(of_u16, 0)..at(of_u16, 1)]).expect("whole characters");
            assert_eq!(by_units, text[at(mark, 0)..at(mark, 1)]);
        }
        let id = hit["article"].as_str().expect("an id");
        let article = server.json(&format!("/api/v1/articles/{id}?q=strike"));
        let own: Value = serde_json::from_str(dir.run(&["show", "--json", id]).stdout.trim()).expect("JSON");
        assert_eq!(article["article"]["title"], own["title"]);
        let passages = article["article"]["passages"].as_array().expect("passages");
        let body: Vec<&Value> = passages
            .iter()
            .filter(|passage| passage["boilerplate"].is_null())
            .map(|passage| &passage["text"])
            .collect();
        let of_show: Vec<&Value> =
            own["passages"].as_array().expect("passages").iter().map(|passage| &passage["text"]).collect();
        assert_eq!(body, of_show);
        assert!(article["marks"].as_u64().expect("a number") > 0);
        let page = server.get(&format!("/a/{id}?q=strike"));
        assert_eq!(
            (page.status, page.body.matches("<mark id=").count() as u64),
            (200, article["marks"].as_u64().expect("a number"))
        );
        let passage = hit["id"].as_str().expect("an id");
        let around = server.json(&format!("/api/v1/passages/{passage}?context=0&q=strike"));
        assert_eq!(around["article"]["passages"][0]["text"], hit["text"]);
        assert_eq!(
            server.json(&format!("/api/v1/articles/{id}/similar?n=3"))["hits"].as_array().map(Vec::len).unwrap_or(9)
                / 4,
            0
        );
        assert!(
            server.get(&format!("/api/v1/articles/{id}?format=text")).body.contains(text.lines().next().unwrap_or(""))
        );
    }
    assert_eq!(server.get("/api/v1/articles/0000000000000").status, 410);
    assert_eq!(server.get("/api/v1/articles/nonsense").status, 404);
    assert_eq!(server.get("/a/0000000000000").status, 410);
}

#[test]
fn problems_name_the_place_and_a_way_out() {
    let dir = corpus();
    let server = Server::start(&dir, &["--no-token"]);
    for (target, status, code) in [
        ("search?q=heading:x+w/3+y+AND+(z", 400, None),
        ("search?q=strike&n=0", 400, Some("parameter")),
        ("search?q=strike&page=2", 400, Some("parameter")),
        ("search?q=strike&fields=titel", 400, Some("parameter")),
        ("search?q=strike&facets=colour", 400, Some("parameter")),
        ("search?q=", 400, Some("empty")),
        ("facets/colour", 404, Some("not-found")),
        ("kwic?q=strike&order=9X", 400, Some("parameter")),
        ("timeline?q=strike&by=decade", 400, Some("parameter")),
        ("search?q=strike&date=2024..2023", 400, Some("parameter")),
        ("nowhere", 404, Some("not-found")),
    ] {
        let answer = server.get(&format!("/api/v1/{target}"));
        assert_eq!(answer.status, status, "{target}: {}", answer.body);
        assert_eq!(answer.headers["content-type"], "application/problem+json", "{target}");
        let problem = answer.json();
        assert_eq!(problem["status"], status, "{target}");
        assert_eq!(problem["instance"], format!("/api/v1/{target}"));
        assert!(problem["type"].as_str().is_some_and(|kind| kind.starts_with("http://127.0.0.1:")), "{target}");
        for name in ["type", "title", "detail", "code"] {
            assert!(problem[name].as_str().is_some_and(|text| !text.is_empty()), "{target}: {name}");
        }
        if let Some(code) = code {
            assert_eq!(problem["code"], code, "{target}");
        }
    }
    let zero = server.json("/api/v1/search?q=zyzzyva+strike&strict=1&advice=1");
    assert_eq!(zero["total"]["passages"], 0);
    let advice = zero["advice"].as_array().expect("advice");
    assert!(advice.iter().any(|one| one["kind"] == "without_part" && one["part"].is_string()), "{advice:?}");
    assert!(advice.iter().all(|one| one["passages"].is_u64()), "{advice:?}");
}

/// The old permalink of an article that was changed says where it was, and leads to what is there now.
#[test]
fn a_changed_article_is_searched_for() {
    let dir = TestDir::new();
    dir.write("news/one.txt", format!("Ferries stop\n\n{}\n", paragraph("The ferry strike")));
    let server = Server::start(&dir, &["--no-token", "news"]);
    let old = server.json("/api/v1/search?q=ferry&n=1")["hits"][0].clone();
    let target = format!("/a/{}?q=ferry", old["article"].as_str().expect("an id"));
    assert_eq!(server.get(&target).status, 200);
    dir.write("news/one.txt", format!("Ferries stop\n\n{}\n", paragraph("The long ferry strike")));
    assert_eq!(dir.run(&["index", "-q", "news"]).code, 0);
    let started = Instant::now();
    while server.get(&target).status != 410 {
        assert!(started.elapsed() < Duration::from_secs(10), "the commit is taken up");
        std::thread::sleep(Duration::from_millis(50));
    }
    let page = server.get(&target).body;
    assert!(page.contains(old["path"].as_str().expect("a path")), "{page}");
    let there = links(&page, "/search?q=path").pop().expect("a search for its path");
    assert!(server.get(&there).body.contains("<strong>1 article</strong>"), "{there}");
    assert!(links(&page, "/search").contains(&"/search?q=ferry".to_string()), "{page}");
}

#[test]
fn new_commits_are_taken_up_and_a_lost_index_is_told() {
    let dir = TestDir::new();
    dir.write("news/one.txt", format!("Ferries stop\n\n{}\n", paragraph("The ferry strike")));
    let server = Server::start(&dir, &["--no-token", "news"]);
    let count = || server.json("/api/v1/count?q=ferry")["total"]["articles"].clone();
    assert_eq!(count(), 1);
    let page = server.json("/api/v1/search?q=the&n=1");
    dir.write("news/two.txt", format!("Ferries sail again\n\n{}\n", paragraph("The end of the ferry strike")));
    assert_eq!(dir.run(&["index", "-q", "news"]).code, 0);
    let until = |done: &dyn Fn() -> bool, what: &str| {
        let started = Instant::now();
        while !done() {
            assert!(started.elapsed() < Duration::from_secs(10), "{what}");
            std::thread::sleep(Duration::from_millis(50));
        }
    };
    until(&|| count() == 2, "the commit is taken up");
    assert_ne!(server.json("/api/v1/health")["index"]["commit"], page["index"]["commit"]);
    assert_eq!(dir.run(&["index", "-q", "--rebuild", "news"]).code, 0);
    until(
        &|| server.json("/api/v1/health")["index"]["commit"].as_str().is_some_and(|commit| commit.starts_with('2')),
        "the new index is taken up",
    );
    assert_eq!(count(), 2);
    // The index goes: what was open is searched on, and every page tells it.
    std::fs::rename(dir.path("index"), dir.path("gone")).expect("moved");
    until(&|| server.json("/api/v1/health")["status"] == "stale", "the loss is told");
    assert_eq!(count(), 2);
    let page = server.get("/search?q=ferry");
    assert_eq!(page.status, 200);
    assert!(page.body.contains("The index cannot be read now"), "{}", page.body);
    assert!(server.json("/api/v1/index")["trouble"].is_string(), "what is known is from the last commit");
    std::fs::rename(dir.path("gone"), dir.path("index")).expect("moved back");
    until(&|| server.json("/api/v1/health")["status"] == "ok", "the return is told");
}

#[test]
fn new_hits_are_sent_as_events() {
    let dir = TestDir::new();
    dir.write("news/one.txt", format!("Ferries stop\n\n{}\n", paragraph("The ferry strike")));
    let server = Server::start(&dir, &["--no-token", "--watch", "news"]);
    let mut stream = server.connect();
    write!(stream, "GET /api/v1/watch?q=tram HTTP/1.1\r\nHost: 127.0.0.1:{}\r\n\r\n", server.port).expect("sent");
    let mut lines = BufReader::new(stream).lines().map(|line| line.expect("a line"));
    assert!(lines.next().expect("a status").contains("200"));
    // The time of an addition is counted in seconds.
    std::thread::sleep(Duration::from_millis(1_100));
    dir.write("news/two.txt", format!("Trams stop\n\n{}\n", paragraph("The tram strike")));
    assert!(lines.any(|line| line == "event: hit"));
    let data = lines.next().expect("the data");
    let hit: Value = serde_json::from_str(data.strip_prefix("data: ").expect("data")).expect("JSON");
    assert_eq!(hit["title"], "Trams stop");
}

#[test]
fn new_hits_are_those_that_the_filters_keep() {
    let dir = TestDir::new();
    dir.write("news/one.txt", format!("Ferries stop\n\n{}\n", paragraph("The ferry strike")));
    let server = Server::start(&dir, &["--no-token", "--watch", "news"]);
    let mut stream = server.connect();
    // Of plain text the minus is no operator.
    let target = "/api/v1/watch?q=tram+-lantern&literal=1&source=Lantern&date=2023..";
    write!(stream, "GET {target} HTTP/1.1\r\nHost: 127.0.0.1:{}\r\n\r\n", server.port).expect("sent");
    let mut lines = BufReader::new(stream).lines().map(|line| line.expect("a line"));
    assert!(lines.next().expect("a status").contains("200"));
    std::thread::sleep(Duration::from_millis(1_100));
    let text = paragraph("The tram strike");
    for (name, source, year) in [("a", "Courier", 2023), ("b", "Lantern", 2022), ("c", "Lantern", 2024)] {
        let head = format!("---\nsource: {source}\ndate: {year}-03-01\n---\n");
        dir.write(&format!("news/{name}.md"), format!("{head}# Trams stop {year}\n\n{text} {year} {source}\n"));
    }
    assert!(lines.any(|line| line == "event: hit"));
    let data = lines.next().expect("the data");
    let hit: Value = serde_json::from_str(data.strip_prefix("data: ").expect("data")).expect("JSON");
    assert_eq!((&hit["source"], &hit["published"]), (&"Lantern".into(), &"2024-03-01".into()));
}

#[test]
fn what_came_since_an_earlier_commit_is_sent_at_once() {
    let dir = TestDir::new();
    dir.write("news/one.txt", format!("Trams stop\n\n{}\n", paragraph("The tram strike")));
    let server = Server::start(&dir, &["--no-token", "--watch", "news"]);
    let commit = || server.json("/api/v1/health")["index"]["commit"].as_str().expect("a commit").to_string();
    let first = commit();
    let watched = |since: &str| {
        let mut stream = server.connect();
        write!(stream, "GET /api/v1/watch?q=tram&since={since} HTTP/1.1\r\nHost: 127.0.0.1:{}\r\n\r\n", server.port)
            .expect("sent");
        BufReader::new(stream).lines().map_while(Result::ok)
    };
    for (name, title) in [("two", "Trams go again"), ("three", "Trams are full")] {
        let before = commit();
        dir.write(&format!("news/{name}.txt"), format!("{title}\n\n{}\n", paragraph("The tram, again")));
        let started = Instant::now();
        while commit() == before {
            assert!(started.elapsed() < Duration::from_secs(20), "no new commit");
            std::thread::sleep(Duration::from_millis(50));
        }
    }
    // By path; what was there is not sent.
    let mut lines = watched(&first);
    let mut title = |is_last: bool| {
        assert!(lines.any(|line| line == "event: hit"));
        let data = lines.next().expect("the data");
        let id = lines.next().expect("an id, or the end of the event");
        assert_eq!(id.strip_prefix("id: ") == Some(commit().as_str()), is_last, "{id}");
        let hit: Value = serde_json::from_str(data.strip_prefix("data: ").expect("data")).expect("JSON");
        hit["title"].as_str().expect("a title").to_string()
    };
    assert_eq!([title(false), title(true)], ["Trams are full", "Trams go again"]);
    let gone = server.get("/api/v1/watch?q=tram&since=0.0");
    assert_eq!(gone.status, 410);
    assert!(gone.body.contains("added:"), "{}", gone.body);
}

/// Clients that open connections and send little do not keep out one that sends its request at once.
#[test]
fn slow_clients_do_not_hold_up_others() {
    let dir = corpus();
    let server = Server::start(&dir, &["--no-token"]);
    let mut slow = Vec::new();
    for number in 0..600 {
        let mut stream = server.connect();
        if number % 2 == 0 {
            stream.write_all(b"GET / HTTP/1.1\r\nHost:").expect("sent");
        }
        slow.push(stream);
    }
    for _ in 0..5 {
        let started = Instant::now();
        assert_eq!(server.get("/api/v1/health").status, 200);
        assert!(started.elapsed() < Duration::from_secs(5), "{:?}", started.elapsed());
    }
}

#[test]
fn queries_are_saved_where_the_server_may_write() {
    let dir = corpus();
    let form = [("Content-Type", "application/x-www-form-urlencoded"), ("Sec-Fetch-Site", "same-origin")];
    let reader = Server::start(&dir, &["--no-token"]);
    assert_eq!(reader.request("POST", "/saved", &form, "name=a&q=strike").status, 403);
    let server = Server::start(&dir, &["--no-token", "--allow-save"]);
    for (body, status) in [
        ("name=port&q=harbour+OR+port", 303),
        ("name=two+words&q=strike", 400),
        ("name=bad&q=heading:x+w/3+y+AND+(z", 400),
        ("name=a&q=b&c=d", 400),
        ("", 400),
    ] {
        assert_eq!(server.request("POST", "/saved", &form, body).status, status, "{body}");
    }
    let other = [("Content-Type", "application/x-www-form-urlencoded"), ("Origin", "http://evil.example")];
    assert_eq!(server.request("POST", "/saved", &other, "name=evil&q=strike").status, 403);
    assert_eq!(dir.run(&["saved"]).stdout.trim(), "@port\tharbour OR port");
    assert_eq!(
        server.json("/api/v1/count?q=%40port")["total"],
        server.json("/api/v1/count?q=harbour+OR+port")["total"]
    );
    assert!(server.get("/saved").body.contains("harbour OR port"));
    assert_eq!(server.request("POST", "/saved", &form, "name=port").status, 303);
    assert_eq!(dir.run(&["saved"]).stdout, "");
}

#[test]
fn a_server_that_others_reach_needs_a_token() {
    let dir = corpus();
    dir.run(&["serve", "--bind", "0.0.0.0", "--port", "0"]).ends(2).says(&["--token-file"]);
    dir.write("token", "short\n");
    dir.run(&["serve", "--token-file", "token", "--port", "0"]).ends(2).says(&["no token"]);
    dir.write("token", "0123456789abcdef0123\n");
    let server = Server::start(&dir, &["--token-file", "token"]);
    let bearer = [("Authorization", "Bearer 0123456789abcdef0123")];
    assert_eq!(server.request("GET", "/api/v1/health", &bearer, "").status, 200);
    let taken = server.port.to_string();
    dir.run(&["serve", "--no-open", "--port", &taken]).ends(2).says(&["cannot listen", &taken, "--port 0"]);
    let empty = TestDir::new();
    empty.run(&["serve", "--port", "0"]).ends(2).says(&["crosshead index"]);
}

/// The server ends with the signal that Ctrl-C sends, also while a client reads.
#[cfg(unix)]
#[test]
fn the_server_ends_when_it_is_told_to() {
    let dir = corpus();
    let mut server = Server::start(&dir, &["--no-token"]);
    let _idle = server.connect();
    let ended = Command::new("kill").args(["-INT", &server.child.id().to_string()]).status().expect("kill runs");
    assert!(ended.success());
    let started = Instant::now();
    let status = loop {
        if let Some(status) = server.child.try_wait().expect("a child") {
            break status;
        }
        assert!(started.elapsed() < Duration::from_secs(10), "it goes on");
        std::thread::sleep(Duration::from_millis(20));
    };
    assert_eq!(status.code(), Some(0));
}

/// `docs/openapi.json` is the document that the server gives; CROSSHEAD_UPDATE=1 writes it anew. What was in it stays in it:
/// a route, a field or a value that is lost breaks programs.
#[test]
fn the_document_is_that_of_the_server() {
    let dir = corpus();
    let server = Server::start(&dir, &["--no-token"]);
    let now = server.json("/api/v1/openapi.json");
    let path = package().join("docs/openapi.json");
    let text = serde_json::to_string_pretty(&now).expect("JSON") + "\n";
    if std::env::var_os("CROSSHEAD_UPDATE").is_some() {
        std::fs::write(&path, &text).expect("written");
    }
    let kept: Value = serde_json::from_str(&std::fs::read_to_string(&path).expect("the document")).expect("JSON");
    assert_eq!(lost(&kept, &now, ""), Vec::<String>::new());
    assert_eq!(kept, now, "docs/openapi.json is not that of the server: CROSSHEAD_UPDATE=1 writes it anew");
}

/// Routes, fields and values of `before` that `now` lacks.
fn lost(before: &Value, now: &Value, at: &str) -> Vec<String> {
    match (before, now) {
        (Value::Object(before), Value::Object(now)) => before
            .iter()
            .flat_map(|(name, value)| match now.get(name) {
                // Texts for people may change.
                _ if matches!(name.as_str(), "description" | "summary" | "title" | "version") => Vec::new(),
                Some(now) => lost(value, now, &format!("{at}/{name}")),
                None => vec![format!("{at}/{name}")],
            })
            .collect(),
        (Value::Array(before), Value::Array(now)) => before
            .iter()
            .filter(|one| !one.is_object() && !now.contains(one))
            .map(|one| format!("{at}: {one}"))
            .collect(),
        _ => Vec::new(),
    }
}

/// What in a value is not as its schema says: fields that it does not know, lacks that it requires, other types.
fn faults(value: &Value, schema: &Value, document: &Value, at: &str) -> Vec<String> {
    if let Some(name) = schema["$ref"].as_str() {
        let target = document.pointer(name.trim_start_matches('#')).unwrap_or(&Value::Null);
        assert!(target.is_object() || target.is_boolean(), "{name} is not in the document");
        return faults(value, target, document, at);
    }
    if let Some(all) = schema["anyOf"].as_array().or(schema["oneOf"].as_array()) {
        let found: Vec<Vec<String>> = all.iter().map(|one| faults(value, one, document, at)).collect();
        return if found.iter().any(Vec::is_empty) { Vec::new() } else { found.into_iter().flatten().collect() };
    }
    let mut out = Vec::new();
    let kinds: Vec<&str> = match &schema["type"] {
        Value::String(kind) => vec![kind],
        Value::Array(kinds) => kinds.iter().filter_map(Value::as_str).collect(),
        _ => Vec::new(),
    };
    let kind = match value {
        Value::Null => "null",
        Value::Bool(_) => "boolean",
        Value::Number(number) if number.is_f64() => "number",
        Value::Number(_) => "integer",
        Value::String(_) => "string",
        Value::Array(_) => "array",
        Value::Object(_) => "object",
    };
    let is_known = kinds.is_empty() || kinds.contains(&kind) || kind == "integer" && kinds.contains(&"number");
    if !is_known {
        out.push(format!("{at}: {kind}, not {kinds:?}"));
    }
    match value {
        Value::Object(fields) if schema["properties"].is_object() => {
            let known = &schema["properties"];
            for (name, value) in fields {
                match known.get(name) {
                    Some(schema) => out.extend(faults(value, schema, document, &format!("{at}.{name}"))),
                    None => out.push(format!("{at}.{name} is not in the document")),
                }
            }
            let required = schema["required"].as_array().into_iter().flatten().filter_map(Value::as_str);
            out.extend(
                required.filter(|name| !fields.contains_key(*name)).map(|name| format!("{at}.{name} is missing")),
            );
        }
        Value::Array(values) if schema["items"].is_object() => {
            out.extend(values.iter().flat_map(|value| faults(value, &schema["items"], document, &format!("{at}[]"))));
        }
        _ => {}
    }
    out
}

#[test]
fn answers_are_as_the_document_says() {
    let dir = corpus();
    let server = Server::start(&dir, &["--no-token"]);
    let document = server.json("/api/v1/openapi.json");
    let id = server.json("/api/v1/search?q=strike&n=1")["hits"][0]["article"].as_str().expect("an id").to_string();
    let paths: Vec<&String> = document["paths"].as_object().expect("paths").keys().collect();
    let mut tried = Vec::new();
    for (path, target) in [
        ("/api/v1/search", "search?q=harbour+strike&facets=source,heading,year&advice=1&explain=1".to_string()),
        ("/api/v1/search", "search?q=zyzzyva+strike&strict=1&advice=1&source=Halden+Courier&date=2023".into()),
        ("/api/v1/count", "count?q=strike".into()),
        ("/api/v1/facets/{name}", "facets/source?q=strike&n=1".into()),
        ("/api/v1/facets/{name}", "facets/month".into()),
        ("/api/v1/timeline", "timeline?q=strike&q2=tram&by=month".into()),
        ("/api/v1/kwic", "kwic?q=strike&n=5&order=1R".into()),
        ("/api/v1/collocates", "collocates?q=strike&min=1".into()),
        (
            "/api/v1/verify",
            "verify?quotation=The+union+wants+a+working+week+of+36+hours+and+a+rise+of+six+per+cent".into(),
        ),
        ("/api/v1/articles/{id}", format!("articles/{id}?q=strike")),
        ("/api/v1/passages/{id}", format!("passages/{id}.0?q=strike")),
        ("/api/v1/articles/{id}/reprints", format!("articles/{id}/reprints")),
        ("/api/v1/articles/{id}/similar", format!("articles/{id}/similar?n=3")),
        ("/api/v1/suggest", "suggest?q=str".into()),
        ("/api/v1/suggest", "suggest?q=hal&field=source".into()),
        ("/api/v1/index", "index".into()),
        ("/api/v1/fields", "fields".into()),
        ("/api/v1/health", "health".into()),
        ("/api/v1/openapi.json", "openapi.json".into()),
    ] {
        let answer = server.json(&format!("/api/v1/{target}"));
        let schema = &document["paths"][path]["get"]["responses"]["200"]["content"]["application/json"]["schema"];
        assert!(schema.is_object(), "{path}");
        assert_eq!(faults(&answer, schema, &document, ""), Vec::<String>::new(), "{target}");
        tried.push(path);
    }
    let untried: Vec<&&String> = paths.iter().filter(|path| !tried.contains(&path.as_str())).collect();
    assert_eq!(
        untried,
        ["/api/v1/export", "/api/v1/watch"].map(String::from).iter().collect::<Vec<_>>().iter().collect::<Vec<_>>()
    );
    let problem = server.get("/api/v1/search?q=heading:x+w/3+y+AND+(z").json();
    let schema = &document["paths"]["/api/v1/search"]["get"]["responses"]["400"]["content"]["application/problem+json"]
        ["schema"];
    assert_eq!(faults(&problem, schema, &document, ""), Vec::<String>::new());
    // The same names and values are accepted by POST.
    let properties = &document["paths"]["/api/v1/search"]["post"]["requestBody"]["content"]["application/json"]["schema"]
        ["properties"];
    let parameters = document["paths"]["/api/v1/search"]["get"]["parameters"].as_array().expect("parameters");
    let names: Vec<&str> = parameters.iter().filter_map(|parameter| parameter["name"].as_str()).collect();
    assert_eq!(properties.as_object().expect("properties").len(), names.len());
}

/// Hits that have some of the words are said to, with what to change.
#[test]
fn hits_of_some_words_are_told() {
    let dir = corpus();
    let server = Server::start(&dir, &["--no-token"]);
    let page = server.get("/search?q=harbour+strike+zyzzyva").body;
    assert!(
        page.contains("No passage has all of the words") && page.contains("The hits below have some of them"),
        "{page}"
    );
    assert!(!page.contains("<strong>0 passages") && page.contains("class=\"hits\""), "{page}");
    assert!(page.contains("Without zyzzyva, which is nowhere"), "{page}");
    let page = server.get("/search?q=zyzzyva").body;
    assert!(page.contains("<strong>0 passages</strong> in <strong>0 articles</strong>"), "{page}");
}

/// The days of a long archive are too many to draw: the page shows longer periods, and says so. A table has them all.
#[test]
fn days_of_many_years_are_shown_by_longer_periods() {
    let dir = TestDir::new();
    for (name, day) in [("one", "1990-01-31"), ("two", "2019-12-01")] {
        let text = format!("---\ntitle: Ferries {name}\ndate: {day}\n---\n\n{}\n", paragraph("The ferry strike"));
        dir.write(&format!("news/{name}.md"), text);
    }
    let server = Server::start(&dir, &["--no-token", "news"]);
    let bars = |page: &str| page.matches("<rect class=\"hit\"").count();
    for (by, shown, count) in
        [("day", Some("month"), 360), ("week", Some("month"), 360), ("month", None, 360), ("year", None, 30)]
    {
        let page = server.get(&format!("/timeline?q=ferry&by={by}")).body;
        assert_eq!(bars(&page), count, "{by}");
        let said =
            shown.map(|shown| format!("By {by} there are too many periods to draw, so they are shown by {shown}."));
        assert_eq!(page.contains("too many periods"), said.is_some(), "{by}");
        assert!(said.is_none_or(|said| page.contains(&said)), "{by}: {page}");
    }
    let csv = server.get("/timeline?q=ferry&by=day&format=csv").body;
    assert!(csv.lines().count() > 10_000, "{} lines", csv.lines().count());
    let some = server.get("/timeline?q=ferry&by=day&date=1990-01").body;
    assert_eq!((bars(&some), some.contains("too many periods")), (31, false));
}

/// The addresses of the links of a page that begin so.
fn links(page: &str, start: &str) -> Vec<String> {
    let links = page.split("href=\"").skip(1).filter_map(|rest| rest.split_once('"'));
    links.map(|(link, _)| link.replace("&amp;", "&")).filter(|link| link.starts_with(start)).collect()
}

/// An article leads back to the very list from which it was opened, at its hit, also from the articles of other hits.
#[test]
fn an_article_leads_back_to_its_list() {
    let dir = corpus();
    let server = Server::start(&dir, &["--no-token"]);
    for (target, letter) in [
        ("/search?q=the", 'h'),
        ("/search?q=the&page=2", 'h'),
        ("/search?q=the&sort=newest&n=50", 'h'),
        ("/search?q=the&sort=path&any=1&-lang=de&n=50&page=2", 'h'),
        ("/kwic?q=the", 'k'),
        ("/kwic?q=the&by=words&width=4&order=1R&sample=150&seed=7&page=2", 'k'),
    ] {
        let page = server.get(target);
        assert_eq!(page.status, 200, "{target}");
        let articles = links(&page.body, "/a/");
        assert!(articles.len() > 5, "{target}: {}", articles.len());
        for link in articles.iter().step_by(7) {
            let article = server.get(link.split('#').next().unwrap_or(link));
            assert_eq!(article.status, 200, "{link}");
            let back = article.body.split("id=\"back\" href=\"").nth(1).and_then(|rest| rest.split('"').next());
            let back = back.unwrap_or_else(|| panic!("{link}: no way back")).replace("&amp;", "&");
            let (address, place) = back.split_once('#').unwrap_or((&back, ""));
            assert_eq!(address, target, "{link}");
            assert!(place.starts_with(letter) && page.body.contains(&format!("id=\"{place}\"")), "{link}: {place}");
        }
    }
    // The next hit is on the next page.
    let all = links(&server.get("/search?q=the").body, "/a/");
    let last = all.into_iter().find(|link| link.contains("&h=20#")).expect("the last hit");
    let next = server.get(last.split('#').next().unwrap_or(&last));
    let next = next.body.split("id=\"next-hit\"").nth(1).map(|rest| links(rest, "/a/").remove(0)).expect("a next hit");
    assert!(
        server.get(next.split('#').next().unwrap_or(&next)).body.contains("href=\"/search?q=the&amp;page=2#h2"),
        "{next}"
    );
}

/// Forms and links of a view keep its settings; another query begins at the first page.
#[test]
fn a_view_keeps_its_settings() {
    let dir = corpus();
    let server = Server::start(&dir, &["--no-token"]);
    let hidden = |form: &str| -> Vec<String> {
        let inputs = form.split("<input type=\"hidden\" name=\"").skip(1).filter_map(|rest| rest.split_once('>'));
        inputs.map(|(input, _)| input.replace("\" value=\"", "=").trim_end_matches('"').to_string()).collect()
    };
    for (target, kept) in [
        ("/search?q=the&n=50&page=2", &["n=50"][..]),
        ("/timeline?q=strike&q2=ferry&by=year&rel=1", &["by=year", "rel=1", "q2=ferry"]),
        ("/kwic?q=the&order=1R&width=4&by=words&sample=50&page=1", &["by=words", "width=4", "order=1R", "sample=50"]),
    ] {
        let page = server.get(target);
        assert_eq!(page.status, 200, "{target}");
        let forms: Vec<Vec<String>> = page.body.split("<form ").skip(1).map(hidden).collect();
        let (ask, dates) = (&forms[0], page.body.split("class=\"dates\"").nth(1).map(hidden).expect("the dates"));
        assert_eq!(ask, kept, "{target}");
        for pair in kept {
            assert!(dates.iter().any(|other| other == pair), "{target}: {pair} is not in {dates:?}");
        }
    }
    let compare = server.get("/timeline?q=strike&q2=ferry&by=year&rel=1").body;
    let compare = compare.split("class=\"compare\"").nth(1).map(hidden).expect("the form");
    assert_eq!(compare[..3], ["q=strike", "by=year", "rel=1"]);
    let json = links(&server.get("/kwic?q=the&order=1R&width=4&by=words&sample=50&seed=3").body, "/api/v1/kwic");
    assert_eq!(json, ["/api/v1/kwic?q=the&by=words&width=4&order=1R&sample=50&seed=3&n=1000"]);
    let list = server.json(&json[0]);
    assert_eq!(list["hits"].as_array().map(Vec::len), Some(50));
    // A chip takes out its filter alone; a query that cannot be run keeps the settings, too.
    let page = server.get("/timeline?q=strike&source=Halden+Courier&by=year&rel=1").body;
    assert!(links(&page, "/timeline").contains(&"/timeline?q=strike&by=year&rel=1".to_string()));
    let faulty = server.get("/timeline?q=strike+AND+date:soonish&by=year&rel=1");
    assert_eq!((faulty.status, hidden(&faulty.body)), (400, vec!["by=year".to_string(), "rel=1".into()]));
    let form = [("Content-Type", "application/x-www-form-urlencoded")];
    assert_eq!(server.request("POST", "/search", &form, "q=a&n=50").headers["location"], "/search?q=a&n=50");
}

/// A query that no address holds is kept by the server, and every link of its page leads to it.
#[test]
fn long_queries_are_sent_by_post() {
    let dir = corpus();
    let server = Server::start(&dir, &["--no-token"]);
    let words: Vec<String> = (0..1_000).map(|n| format!("nobody{n}")).collect();
    let long = format!("strike OR {}", words.join(" OR "));
    assert!((12 << 10..16 << 10).contains(&long.len()));
    let form = [("Content-Type", "application/x-www-form-urlencoded")];
    let post = |q: &str| server.request("POST", "/search", &form, &format!("q={}&sort=newest", encoded(q)));
    let answer = post(&long);
    assert_eq!(answer.status, 303);
    let address = answer.headers["location"].clone();
    assert!(address.starts_with("/search?ref=") && address.ends_with("&sort=newest"), "{address}");
    let page = server.get(&address);
    assert_eq!(page.status, 200);
    let text = page.body;
    let total = |q: &str| server.json(&format!("/api/v1/count?q={}", encoded(q)))["total"]["articles"].to_string();
    assert!(text.contains(&format!("{} articles", total("strike"))), "{text}");
    let long_links: Vec<&str> = text
        .split("href=\"")
        .skip(1)
        .map(|link| &link[..link.find('"').unwrap_or(0)])
        .filter(|link| link.len() > 1_000)
        .collect();
    assert!(long_links.is_empty() && text.contains("?ref="), "{:.200}", long_links.join(" "));
    // The API takes it in a body, and by its name.
    let body = serde_json::json!({ "q": long }).to_string();
    let posted = server.request("POST", "/api/v1/search", &[("Content-Type", "application/json")], &body);
    assert_eq!((posted.status, posted.json()["total"]["articles"].to_string()), (200, total("strike")));
    let name = address.split(['=', '&']).nth(1).expect("a name");
    assert_eq!(server.json(&format!("/api/v1/count?ref={name}"))["total"]["articles"].to_string(), total("strike"));
    // A short one needs no name, and one that is not kept is gone.
    assert_eq!(post("strike").headers["location"], "/search?q=strike&sort=newest");
    assert_eq!(server.get("/search?ref=0123456789abcdef").status, 410);
    assert_eq!(server.request("POST", "/search", &[], "q=strike").status, 415);
    assert_eq!(server.request("POST", "/search", &form, "colour=red").status, 400);
}

/// The tools for agents are behind the same door as everything else.
#[cfg(feature = "mcp")]
#[test]
fn agents_call_by_http() {
    let dir = corpus();
    let server = Server::start(&dir, &[]);
    let call = |name: &str, arguments: Value, version: &str, more: &[(&str, &str)]| {
        let meta = serde_json::json!({
            "io.modelcontextprotocol/protocolVersion": version,
            "io.modelcontextprotocol/clientInfo": { "name": "test", "version": "1" },
            "io.modelcontextprotocol/clientCapabilities": {},
        });
        let body = serde_json::json!({ "jsonrpc": "2.0", "id": 7, "method": "tools/call",
            "params": { "name": name, "arguments": arguments, "_meta": meta } });
        let bearer = format!("Bearer {}", server.token.as_deref().unwrap_or_default());
        let mut headers = vec![
            ("Content-Type", "application/json"),
            ("Accept", "application/json, text/event-stream"),
            ("MCP-Protocol-Version", version),
            ("Mcp-Method", "tools/call"),
            ("Mcp-Name", name),
            ("Authorization", &*bearer),
        ];
        headers.retain(|(name, _)| !more.iter().any(|(other, _)| name == other));
        headers.extend(more.iter().filter(|(_, value)| !value.is_empty()));
        server.request("POST", "/mcp", &headers, &body.to_string())
    };
    let query = serde_json::json!({ "query": "strike", "limit": 2 });
    let found = call("search", query.clone(), "2026-07-28", &[]);
    assert_eq!((found.status, found.headers["content-type"].as_str()), (200, "application/json"), "{}", found.body);
    let answer = found.json();
    assert_eq!(answer["result"]["structuredContent"]["hits"].as_array().map(Vec::len), Some(2), "{answer}");
    // The door: token, origin, host; then what the protocol asks of the headers.
    for (more, status, code) in [
        (("Authorization", ""), 401, Value::Null),
        (("Authorization", "Bearer wrong"), 401, Value::Null),
        (("Origin", "https://evil.example"), 403, Value::Null),
        (("Sec-Fetch-Site", "cross-site"), 403, Value::Null),
        (("Host", "evil.example"), 421, Value::Null),
        (("Mcp-Name", "read"), 400, (-32020).into()),
        (("Mcp-Method", "tools/list"), 400, (-32020).into()),
    ] {
        let refused = call("search", query.clone(), "2026-07-28", &[more]);
        assert_eq!(refused.status, status, "{more:?}: {}", refused.body);
        if !code.is_null() {
            assert_eq!(refused.json()["error"]["code"], code, "{more:?}: {}", refused.body);
        }
    }
    let own = format!("http://127.0.0.1:{}", server.port);
    assert_eq!(call("search", query.clone(), "2026-07-28", &[("Origin", &own)]).status, 200);
    let unknown = call("search", query, "2031-01-01", &[]);
    assert_eq!((unknown.status, &unknown.json()["error"]["code"]), (400, &(-32022).into()), "{}", unknown.body);
}
