//! Against a real engine of three nodes, one of which ends in the middle of things.

use std::cell::Cell;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use super::real::connect;
use super::*;
use crate::engine::remote::NewIndex;

/// Tells the cluster to `stop` or `start` a node, and waits until it has.
fn tell(what: &str, node: usize) {
    let of = |name: &str| std::env::var(name).expect("tests/engine/start --nodes 3 gives a pipe and a file");
    let (pipe, events) = (of("CROSSHEAD_TEST_ENGINE_CONTROL"), of("CROSSHEAD_TEST_ENGINE_EVENTS"));
    let read = || std::fs::read_to_string(&events).unwrap_or_default();
    let before = read().len();
    std::fs::write(pipe, format!("{what} {node}\n")).expect("told");
    let started = Instant::now();
    while !read()[before..].contains('\n') {
        assert!(started.elapsed() < Duration::from_secs(120), "the cluster does not {what} node {node}");
        std::thread::sleep(Duration::from_millis(50));
    }
    assert!(!read()[before..].contains("failed"), "{}", &read()[before..]);
}

/// Waits until each part has its copy on another node.
fn wait_for_copies() {
    let nodes = std::env::var("CROSSHEAD_TEST_ENGINE_NODES").expect("several nodes");
    let health = |node: &str| {
        let asked = format!("{node}/_cluster/health?wait_for_status=green&wait_for_nodes=3&timeout=100s");
        ureq::get(&asked).call().is_ok_and(|answer| answer.status() == 200)
    };
    assert!(nodes.split(',').any(health), "copies are made again");
}

#[test]
#[ignore = "stops nodes of a real engine: tests/engine/start --nodes 3 -- cargo test --lib -- --ignored nodes::"]
#[expect(clippy::print_stdout, reason = "who runs it by hand reads how it went")]
fn that_end_lose_nothing() {
    let mut random = Random(2069);
    let corpus: Corpus = LARGE[0](&mut random);
    let index = open(&corpus);
    let push = |progress: &dyn Fn(u64, u64)| index.push(&connect("nodes"), "0123", &CancelFlag::new(), progress);
    connect("nodes").create(NewIndex { shards: 3, replicas: Some(1) }).expect("made");

    // A node ends when half of the articles are sent.
    let ended = Cell::new(false);
    let first = push(&|done, all| {
        if done * 2 > all && !ended.replace(true) {
            tell("stop", 2);
        }
    });
    assert!(ended.get(), "a node was stopped");
    match &first {
        Ok(pushed) => println!("the push went on: {} articles", pushed.sent),
        Err(error) => println!("the push failed: {error}"),
    }
    tell("start", 2);
    wait_for_copies();
    let second = push(&|_, _| {}).expect("pushed");
    assert_eq!((second.articles, second.refused), (index.num_articles(), Vec::new()));
    let third = push(&|_, _| {}).expect("pushed");
    assert_eq!((third.articles, third.sent, third.removed), (index.num_articles(), 0, 0), "nothing is sent twice");
    let engine = || Searcher::over(Arc::new(connect("nodes")), MOST);
    POOL.install(|| check(&mut random, [&index, &engine().expect("open")], 10, false));

    // Each node in turn ends while queries are asked.
    let is_over = AtomicBool::new(false);
    let (whole, failed) = std::thread::scope(|scope| {
        let asker = scope.spawn(|| {
            let mut random = Random(2070);
            let (mut whole, mut failed) = (0, 0);
            while !is_over.load(Ordering::Relaxed) {
                let (text, options) = (query(&mut random, 2).text(), everything());
                match engine().map_err(Into::into).and_then(|engine| engine.search(&text, &options)) {
                    Err(error) => {
                        assert!(!error.to_string().is_empty());
                        failed += 1;
                    }
                    Ok(found) => {
                        let expected = index.search(&text, &options).expect("valid");
                        let of = |found: &crate::search::Results| (found.hits.len(), found.counts);
                        assert_eq!(of(&found), of(&expected), "{text}");
                        whole += 1;
                    }
                }
            }
            (whole, failed)
        });
        for node in [2, 3, 1] {
            std::thread::sleep(Duration::from_secs(1));
            tell("stop", node);
            std::thread::sleep(Duration::from_secs(3));
            tell("start", node);
            wait_for_copies();
        }
        is_over.store(true, Ordering::Relaxed);
        asker.join().expect("each answer is whole, or an error")
    });
    println!("{whole} answers were whole, {failed} failed with a sentence");
    assert!(whole > 0);
}
