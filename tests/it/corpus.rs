//! Queries of the README on the sample articles, and headings compared with a direct scan.

use std::collections::BTreeMap;

use serde_json::Value;

use crate::util::{TestDir, package};

fn corpus() -> (TestDir, String) {
    let dir = TestDir::new();
    let corpus = package().join("corpus").to_string_lossy().into_owned();
    dir.run(&["index", &corpus]).ends(0);
    (dir, corpus)
}

#[test]
fn readme_queries_find_something() {
    let (dir, _) = corpus();
    for query in [
        "harbour strike",
        "\"grain trade\"",
        "(tram OR bus) AND council",
        "strike -football",
        "strike NOT football",
        "+strike mediator",
        "heading:background",
        "heading=\"The dispute\"",
        "heading~\"The\"",
        "heading:*",
        "-heading:*",
        "title:strike byline:\"Mara Lindqvist\"",
        "date:2023-09..2023-10",
        "lang:de Arbeit",
        "lang:zh 港口",
        "desk:Business",
        "source:courier",
    ] {
        assert!(!dir.hits(&[query]).is_empty(), "{query}");
    }
    dir.run(&["check"]).ends(0);
}

#[test]
fn heading_equals_finds_exactly_the_passages_below_it() {
    let (dir, corpus) = corpus();
    let fold = |heading: &str| crosshead::internals::fold_value(heading);
    // The passages below each heading, from a scan of all passages.
    let mut below: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for hit in dir.hits(&["heading:*"]) {
        below
            .entry(fold(hit["heading"].as_str().expect("a heading")))
            .or_default()
            .push(format!("{} {} {}", hit["path"], hit["record"], hit["passage"]));
    }
    let mut files: Vec<String> = walkdir::WalkDir::new(&corpus)
        .into_iter()
        .flatten()
        .filter(|entry| entry.file_type().is_file())
        .map(|entry| entry.path().to_string_lossy().into_owned())
        .collect();
    files.sort();
    let args: Vec<&str> = ["sections", "--json"].into_iter().chain(files.iter().map(String::as_str)).collect();
    let mut headings: Vec<String> = Vec::new();
    for article in dir.run(&args).ends(0).lines() {
        headings.extend(
            article["sections"]
                .as_array()
                .expect("sections")
                .iter()
                .filter_map(|section| section["heading"].as_str())
                .map(str::to_string),
        );
    }
    headings.sort();
    headings.dedup();
    assert!(headings.len() > 30);
    for heading in headings {
        let query = format!("heading=\"{}\"", heading.replace('"', " "));
        let mut got: Vec<String> = dir
            .hits(&[&query])
            .iter()
            .map(|hit: &Value| format!("{} {} {}", hit["path"], hit["record"], hit["passage"]))
            .collect();
        got.sort();
        // A heading without text below it has no passages.
        let mut expected = below.get(&fold(&heading)).map_or(Vec::new(), Clone::clone);
        expected.sort();
        assert_eq!(got, expected, "{heading}");
    }
}
