//! An engine that is named on the command line: what is said of one that cannot be asked, and, where `CROSSHEAD_TEST_ENGINE` names
//! one, the walk-through of docs/SCALE.md. That answers are those of an index is tested by the oracle.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpListener;

use crate::util::{Run, TestDir, package, paragraph};

/// A server that gives one answer to all.
fn server(status: u16, kind: &'static str, text: &'static str) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
    let address = listener.local_addr().expect("an address");
    std::thread::spawn(move || {
        for mut stream in listener.incoming().flatten() {
            let mut reader = BufReader::new(stream.try_clone().expect("a copy"));
            let (mut line, mut length) = (String::new(), 0);
            while reader.read_line(&mut line).is_ok_and(|read| read > 2) {
                length = line
                    .to_lowercase()
                    .strip_prefix("content-length:")
                    .map_or(length, |n| n.trim().parse().unwrap_or(0));
                line.clear();
            }
            let _ = reader.read_exact(&mut vec![0; length]);
            let length = text.len();
            let _ = write!(
                stream,
                "HTTP/1.1 {status} X\r\ncontent-type: {kind}\r\ncontent-length: {length}\r\nconnection: close\r\n\r\n{text}"
            );
        }
    });
    format!("http://{address}")
}

/// Runs the program for a user with a key.
fn run(dir: &TestDir, args: &[&str]) -> Run {
    let quoted: Vec<String> = args.iter().map(|arg| format!("'{arg}'")).collect();
    dir.run_shell(&format!("CROSSHEAD_ENGINE_API_KEY=c2VjcmV0 \"$0\" {}", quoted.join(" ")))
}

#[test]
fn what_is_no_engine_is_told() {
    let dir = TestDir::new();
    dir.write("none.pem", "no certificate");
    dir.write("articles/strike.md", "# The strike\n\nThe pilots strike.\n");
    let closed = {
        let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
        format!("http://{}", listener.local_addr().expect("an address"))
    };
    let proxy = server(200, "text/html", "<html>Welcome to the network</html>");
    let torn = server(200, "application/json", "{\"version\": {\"num");
    let refused = server(
        401,
        "application/json",
        r#"{"error": {"type": "security_exception", "reason": "missing credentials"}}"#,
    );
    let other = server(200, "application/json", r#"{"name": "a server of something else"}"#);
    for (args, told) in [
        (&["search", "x", "--engine", &closed][..], &[closed.as_str(), "cannot be reached"][..]),
        (&["search", "x", "articles", "--engine", &closed], &["by an index on this machine", "leave out --engine"]),
        (&["search", "x", "--engine", &proxy], &["gives no answer of a search engine", "text/html", "is it a proxy?"]),
        (&["search", "x", "--engine", &torn], &["JSON that is cut off or damaged"]),
        (&["facets", "source", "--engine", &refused], &["refuses access (401)", "missing credentials"]),
        (&["search", "x", "--engine", &other], &["names no version of OpenSearch or Elasticsearch"]),
        (&["search", "x", "--engine", "http://search.example.org:9200"], &["without TLS", "https://"]),
        (&["search", "x", "--engine", "https://me:c2VjcmV0@search.example.org"], &["environment"]),
        (&["search", "x", "--engine", "search.example.org"], &["is no address of an engine: write https://host:9200"]),
        (&["search", "x", "--engine", &closed, "--archive", "My News"], &["small letters"]),
        (
            &["search", "x", "--engine", "https://localhost:1", "--engine-ca", "none.pem"],
            &["none.pem", "no certificate"],
        ),
        (&["search", "x", "--engine", "https://localhost:1", "--engine-ca", "not-there.pem"], &["not-there.pem"]),
    ] {
        let run = run(&dir, args).ends(2).says(told);
        assert!(!run.stderr.contains("c2VjcmV0") && !run.stdout.contains("c2VjcmV0"), "{}", run.told());
    }
    dir.run_shell("CROSSHEAD_ENGINE_USER=me \"$0\" search x --engine https://localhost:1").ends(2).says(&["together"]);
}

/// A client of the server for agents starts it over the same engine.
#[test]
fn the_engine_is_in_what_clients_are_told() {
    let dir = TestDir::new();
    dir.write("ca.pem", include_str!("tls/authority.pem"));
    let engine = ["--engine", "https://a.example:9200", "--engine", "https://b.example:9200"];
    let options = ["--archive", "news", "--engine-ca", "ca.pem"];
    let run = dir.run(&[&["mcp", "--print-config", "claude"], &engine[..], &options[..]].concat());
    let config: serde_json::Value = serde_json::from_str(&run.stdout).unwrap_or_default();
    let arguments: Vec<&str> = config["mcpServers"]["crosshead"]["args"]
        .as_array()
        .into_iter()
        .flatten()
        .filter_map(serde_json::Value::as_str)
        .collect();
    let file = dir.path("ca.pem");
    let expected = [&engine[..], &["--archive", "news", "--engine-ca", file.to_str().expect("a path"), "mcp"]].concat();
    assert_eq!(arguments, expected, "{}", run.told());
}

/// An index is brought up to date whatever its engine says.
#[test]
fn the_index_is_whole_where_the_engine_is_not() {
    let dir = TestDir::new();
    dir.write("articles/strike.md", format!("# The strike\n\n{}\n", paragraph("The strike")));
    let closed = {
        let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
        format!("http://{}", listener.local_addr().expect("an address"))
    };
    dir.run(&["index", "articles", "--engine", &closed]).ends(2).says(&["holds 1 article", "cannot be reached"]);
    assert_eq!(dir.found("strike"), ["articles/strike.md 0"]);
}

/// The commands of docs/SCALE.md, and what becomes of changes.
#[test]
#[ignore = "asks a real engine: tests/engine/start -- cargo test --test it engine:: -- --ignored"]
fn a_real_engine_is_kept_up_to_date() {
    let address = std::env::var("CROSSHEAD_TEST_ENGINE").expect("CROSSHEAD_TEST_ENGINE is the address of an engine");
    let dir = TestDir::new();
    let archive = format!("it-{}", std::process::id());
    let engine = ["--engine", &address, "--archive", &archive];
    let with = |args: &[&'static str]| [args, &engine[..]].concat();
    let write = |name: &str, subject: &str| {
        dir.write(
            &format!("articles/{name}"),
            format!("# {subject}\n\n{}\n\n## What is next\n\n{}\n", paragraph(subject), paragraph("The next step")),
        );
    };
    dir.run(&with(&["search", "strike"])).ends(2).says(&["has no articles under the name"]);
    write("strike.md", "The strike");
    write("ferry.md", "The ferry");
    dir.run(&with(&["index", "articles"])).ends(0).says(&["2 sent"]);
    dir.run(&with(&["index", "articles"])).ends(0).says(&["nothing changed"]);
    let paths = |query: &'static str| {
        let mut found: Vec<String> = dir
            .run(&with(&["search", query, "--format", "paths", "--all"]))
            .stdout
            .lines()
            .map(str::to_string)
            .collect();
        found.sort();
        found
    };
    assert_eq!(paths("council"), ["articles/ferry.md", "articles/strike.md"]);
    assert_eq!(paths("heading:next AND ferry"), Vec::<String>::new());
    assert_eq!(paths("\"the ferry was\""), ["articles/ferry.md"]);
    write("ferry.md", "The tram");
    std::fs::remove_file(dir.path("articles/strike.md")).expect("it was there");
    dir.run(&with(&["index"])).ends(0).says(&["1 sent, 1 removed"]);
    assert_eq!(paths("council"), ["articles/ferry.md"]);
    assert_eq!(paths("tram"), ["articles/ferry.md"]);
    for args in [
        &["search", "council", "--json"][..],
        &["search", "council", "--count"],
        &["facets", "folder", "council"],
        &["timeline", "council"],
        &["kwic", "council"],
        &["keywords", "tram"],
        &["verify", "the council met for the second time"],
    ] {
        let (asked, local) = (dir.run(&with(args)), dir.run(args));
        let of = |run: &Run| (run.code, run.stdout.lines().count());
        assert_eq!(of(&asked), of(&local), "{}", asked.told());
    }
    dir.run(&with(&["certificate", "council"])).ends(2).says(&["a certificate is not to be had"]);
    // The time of the article's arrival is another, if the clock has gone on by a second: then it is sent.
    dir.run(&with(&["index", "--rebuild"])).ends(0).says(&["has 1 article of this index"]);
    assert_eq!(paths("council"), ["articles/ferry.md"]);
    assert_eq!(paths("strike"), Vec::<String>::new());
}

/// A server with a certificate of `tls`, which answers nobody.
fn server_with(certificate: &str) -> String {
    use rustls::pki_types::pem::PemObject;
    use rustls::pki_types::{CertificateDer, PrivateKeyDer};

    let file = |kind: &str| package().join(format!("tests/it/tls/{certificate}.{kind}"));
    let chain = vec![CertificateDer::from_pem_file(file("pem")).expect("a certificate")];
    let key = PrivateKeyDer::from_pem_file(file("key")).expect("a key");
    let provider = std::sync::Arc::new(rustls::crypto::ring::default_provider());
    let config = rustls::ServerConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .expect("versions")
        .with_no_client_auth()
        .with_single_cert(chain, key)
        .expect("a certificate with its key");
    let config = std::sync::Arc::new(config);
    let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
    let port = listener.local_addr().expect("an address").port();
    std::thread::spawn(move || {
        for mut stream in listener.incoming().flatten() {
            let mut session = rustls::ServerConnection::new(std::sync::Arc::clone(&config)).expect("a session");
            let mut stream = rustls::Stream::new(&mut session, &mut stream);
            let _ = stream.read(&mut [0; 4_000]);
            let answer =
                "HTTP/1.1 200 OK\r\ncontent-type: text/html\r\ncontent-length: 2\r\nconnection: close\r\n\r\nno";
            let _ = stream.write_all(answer.as_bytes());
            stream.conn.send_close_notify();
            let _ = stream.flush();
        }
    });
    format!("https://localhost:{port}")
}

#[test]
fn certificates_that_are_not_accepted_are_told() {
    let dir = TestDir::new();
    let file = |name: &str| package().join(format!("tests/it/tls/{name}.pem")).to_string_lossy().into_owned();
    for (certificate, trusted, told) in [
        ("server", None, "no authority that is trusted here signed it"),
        ("server", Some("itself"), "no authority that is trusted here signed it"),
        ("other", Some("authority"), "it is not for localhost, but for "),
        ("expired", Some("authority"), "its time is over, by the clock of this machine"),
        ("itself", Some("itself"), "it is that of an authority; a server needs one of its own"),
        // It is let in: what it says is no engine's.
        ("server", Some("authority"), "gives no answer of a search engine: text/html"),
    ] {
        let address = server_with(certificate);
        let trusted = trusted.map(file);
        let mut args = vec!["search", "x", "--engine", &address];
        args.extend(trusted.iter().flat_map(|file| ["--engine-ca", file]));
        let found = run(&dir, &args);
        assert_eq!(found.code, 2, "{}", found.stderr);
        assert!(found.stderr.contains(told), "{certificate}: {}", found.stderr);
        assert_ne!(found.stderr.contains("--engine-ca"), told.contains("no answer"), "{}", found.stderr);
        assert!(!found.stderr.contains("c2VjcmV0"), "{}", found.stderr);
    }
}
