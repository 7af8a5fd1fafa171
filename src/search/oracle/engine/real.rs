//! Against a real engine, at the address of `CROSSHEAD_TEST_ENGINE`.

use std::time::Duration;

use super::*;
use crate::engine::remote::{Access, Credentials, Http, NewIndex, Remote};

pub(super) fn connect(archive: &str) -> Remote {
    let addresses = std::env::var("CROSSHEAD_TEST_ENGINE_NODES").or_else(|_| std::env::var("CROSSHEAD_TEST_ENGINE"));
    let addresses = addresses.expect("CROSSHEAD_TEST_ENGINE is the address of an engine");
    let access = Access {
        nodes: addresses.split(',').map(str::to_string).collect(),
        credentials: Credentials::None,
        ca_file: None,
        insecure: false,
        timeout: Duration::from_secs(60),
        pause: Duration::from_millis(100),
    };
    Remote::connect(Http::new(access).expect("an address"), archive).expect("an engine")
}

/// An archive with the articles of an index, of two parts.
fn filled(searcher: &Searcher, archive: &str) -> Remote {
    let remote = connect(archive);
    remote.create(NewIndex { shards: 2, replicas: Some(0) }).expect("made");
    let pushed = searcher.push(&remote, "0123", &CancelFlag::new(), &|_, _| {}).expect("pushed");
    assert_eq!((pushed.articles, pushed.refused), (searcher.num_articles(), Vec::new()));
    let again = searcher.push(&remote, "0123", &CancelFlag::new(), &|_, _| {}).expect("pushed");
    assert_eq!((again.articles, again.sent, again.removed), (searcher.num_articles(), 0, 0));
    remote
}

#[test]
#[ignore = "asks a real engine: tests/engine/start -- cargo test --lib real:: -- --ignored"]
fn it_reads_sieves_as_they_are_meant() {
    let mut random = Random(2063);
    let queries = number("CROSSHEAD_SIEVES", 2_000) as usize;
    let corpora = 8;
    for (i, corpus) in small_corpora_of(&mut random, corpora).into_iter().enumerate() {
        let searcher = open(&corpus);
        let memory = pushed(&searcher);
        let remote = filled(&searcher, &format!("sieves-{i}"));
        let mut asked = Vec::new();
        for _ in 0..queries / corpora {
            let (text, unit) = (query(&mut random, 2).text(), any_unit(&mut random));
            let options = SearchOptions { unit, ..everything() };
            let lowered = searcher.snapshot().prepare(&text, &options).expect("valid").lowered;
            asked.push((text, sieve(&lowered, &lowered.plan, lowered.unit(unit)).sieve));
        }
        let sieves: Vec<Sieve> = asked.iter().map(|(_, sieve)| sieve.clone()).collect();
        let (expected, found) = (memory.counts(&sieves).expect("counted"), remote.counts(&sieves).expect("counted"));
        for (((text, sieve), expected), found) in asked.iter().zip(expected).zip(found) {
            assert_eq!(found, expected, "{text}: {sieve:?}");
        }
    }
}

#[test]
#[ignore = "asks a real engine: tests/engine/start -- cargo test --lib real:: -- --ignored"]
fn it_answers_as_the_index_it_was_filled_from() {
    let mut random = Random(2064);
    for (i, make) in LARGE.into_iter().enumerate() {
        let corpus: Corpus = make(&mut random);
        let index = open(&corpus);
        let engine = Searcher::over(Arc::new(filled(&index, &format!("answers-{i}"))), MOST).expect("open");
        let queries = number("CROSSHEAD_ANSWERS", 200) as usize / LARGE.len();
        POOL.install(|| check(&mut random, [&index, &engine], queries, false));
    }
}
