//! An engine against the index that its articles come from: a sieve loses nothing and says truly whether it lets through more,
//! and what is asked of the engine has the answer of the index.

use std::collections::BTreeSet;
use std::sync::Arc;

use super::corpus::{Corpus, Random, everything};
use super::query::query;
use super::several::check;
use super::{LARGE, POOL, any_unit, open, small_corpora_of};
use crate::cancel::CancelFlag;
use crate::engine::memory::Memory;
use crate::engine::{Engine, Sieve, Test};
use crate::index::sync::{SyncOptions, sync};
use crate::search::over_engine::MOST;
use crate::search::sieve::sieve;
use crate::search::{SearchOptions, Searcher, Sort};
use crate::vocabulary::{Scope, parse_id};

/// An engine with the articles of an index.
fn pushed(searcher: &Searcher) -> Arc<Memory> {
    let memory = Memory::default();
    let pushed = searcher.push(&memory, "one", &CancelFlag::new(), &|_, _| {}).expect("pushed");
    assert_eq!((pushed.articles, pushed.refused.len()), (searcher.num_articles(), 0));
    Arc::new(memory)
}

/// The articles that pass a sieve, by their hashes.
fn passing(searcher: &Searcher, memory: &Memory, sieve: &Sieve) -> BTreeSet<u64> {
    let all = searcher.search("path:md", &everything()).expect("valid");
    let hashes: BTreeSet<u64> = all.hits.iter().map(|hit| parse_id(&hit.article.id()).expect("an id").0).collect();
    let passes = |hash: &u64| {
        let this = Sieve::and([Sieve::Test(Test::Hash(*hash)), sieve.clone()]);
        memory.counts(&[this]).expect("counted")[0] > 0
    };
    hashes.into_iter().filter(passes).collect()
}

/// Asserts that no article that matches is lost, and that none passes in vain where that is promised. Returns whether it was.
fn check_sieve(searcher: &Searcher, memory: &Memory, text: &str, unit: Scope) -> bool {
    let options = SearchOptions { unit, ..everything() };
    let snapshot = searcher.snapshot();
    let prepared = snapshot.prepare(text, &options).expect("valid");
    let lowered = &prepared.lowered;
    let sieved = sieve(lowered, &lowered.plan, lowered.unit(unit));
    let hits = searcher.search(text, &options).expect("valid").hits;
    let matching: BTreeSet<u64> = hits.iter().map(|hit| parse_id(&hit.article.id()).expect("an id").0).collect();
    let passing = passing(searcher, memory, &sieved.sieve);
    let lost: Vec<&u64> = matching.difference(&passing).collect();
    assert!(lost.is_empty(), "{text}, unit {unit:?}: {} articles are lost by {:?}", lost.len(), sieved.sieve);
    if sieved.is_exact() {
        let vain: Vec<&u64> = passing.difference(&matching).collect();
        assert!(vain.is_empty(), "{text}, unit {unit:?}: {} articles pass in vain: {:?}", vain.len(), sieved.sieve);
    }
    sieved.is_exact()
}

fn check_sieves(seed: u64, corpora: usize) {
    let mut random = Random(seed);
    let (mut exact, mut all) = (0, 0);
    for corpus in small_corpora_of(&mut random, corpora) {
        let searcher = open(&corpus);
        let memory = pushed(&searcher);
        for _ in 0..60 {
            let (text, unit) = (query(&mut random, 2).text(), any_unit(&mut random));
            exact += usize::from(check_sieve(&searcher, &memory, &text, unit));
            all += 1;
        }
    }
    assert!(exact * 5 > all && exact * 10 < all * 9, "{exact} of {all} were exact");
}

fn check_answers(seed: u64, queries: usize) {
    let mut random = Random(seed);
    for make in LARGE {
        let corpus: Corpus = make(&mut random);
        let index = open(&corpus);
        let engine = Searcher::over(pushed(&index), MOST).expect("open");
        POOL.install(|| check(&mut random, [&index, &engine], queries, false));
    }
}

#[test]
fn sieves_lose_nothing_and_say_when_they_are_exact() {
    check_sieves(2060, 4);
}

#[test]
fn an_engine_answers_as_the_index_it_was_filled_from() {
    check_answers(2061, 6);
}

/// What random queries of random texts seldom meet.
#[test]
fn sieves_keep_what_is_rare() {
    // Of several passages.
    let long =
        format!("# Length\n\nA plover. {}\n\nA heron. {}\n", "So it went. ".repeat(300), "So it goes. ".repeat(300));
    let corpus = Corpus::of_texts(&[
        &long,
        "---\nlang: en\n---\n# Counting\n\nHe said one two three four five six seven eight nine, and went on.\n",
        "---\nlang: en\n---\n# Costs\n\nIt cost 10,000,000 crowns, the e-mail said.\n",
        "---\nlang: de\nurl: https://news.example.org/jäger\n---\n# Wald\n\nDer Jäger kam spät.\n",
        "---\nlang: nl\n---\n# Water\n\nDe Jager kwam laat.\n",
        // Of a language without a stemmer.
        "---\nlang: ja\n---\n# Strikes\n\nStrikes, nurses, oil.\n",
    ]);
    let index = open(&corpus);
    let memory = pushed(&index);
    let id = index.search("plover", &everything()).expect("valid").hits[0].article.id();
    let (but_a_passage, no_passage) = (format!("NOT id:{id}.2"), format!("id:{id}.99"));
    for (text, articles) in [
        (but_a_passage.as_str(), 5),
        (no_passage.as_str(), 0),
        // Addresses are compared without accents.
        ("url:/jager/", 1),
        ("url:/jäger/", 1),
        ("NOT url:/jager/", 5),
        ("strike", 1),
        ("striking", 1),
        ("oils", 1),
        ("nurse", 1),
        // A phrase is as long as it is.
        ("\"one two three four\" w/2 six", 1),
        ("six w/2 \"one two three four\"", 1),
        ("\"one two three four\" pre/2 six", 1),
        ("\"one two three four\" pre/1 six", 0),
        ("\"six seven eight nine\" w/2 four", 1),
        ("four w/2 \"six seven eight nine\"", 1),
        ("\"two one\"~2", 1),
        ("(two w/6 eight) w/1 nine", 1),
        ("(eight w/6 two) w/1 one", 1),
        ("three pre/1 (four OR \"six seven\")", 1),
        ("(nine OR \"five six\") pre/1 seven", 1),
        ("two pre/5 seven", 1),
        ("two w/5 seven", 1),
        ("seven w/5 two", 1),
        ("two w/1 one", 1),
        ("two pre/1 one", 0),
        ("plover AND heron", 1),
        ("NOT atleast2(one)", 6),
        ("date:unknown", 6),
        ("lang:/a/", 1),
        ("path:/4.md/", 1),
        // Words of a section, facts of the article.
        ("oil AND (heron OR lang:ja)", 1),
        ("oil AND (lang:ja OR heron)", 1),
        ("(lang:de OR oil) AND (nurses OR lang:nl)", 1),
        ("/o\\p{L}l/", 1),
        // `ä` is `ae` too.
        ("jaeg*", 1),
        ("jag*", 2),
        ("NOT jaeg*", 5),
        ("jaege?", 1),
        ("NOT jaege?", 5),
        ("oe*", 0),
        // A compound has a word before it and one after it.
        ("\"cost 10000000 crowns\"", 1),
        ("cost pre/1 10000000", 1),
        ("10000000 pre/1 crowns", 1),
        ("crowns w/1 10000000", 1),
        ("\"the email said\"", 1),
    ] {
        let found = index.count(text, &everything()).expect("valid");
        assert_eq!(found.articles, articles, "{text}");
        for unit in [Scope::Passage, Scope::Section, Scope::Article] {
            check_sieve(&index, &memory, text, unit);
        }
    }
}

fn number(name: &str, default: u64) -> u64 {
    std::env::var(name).ok().and_then(|value| value.parse().ok()).unwrap_or(default)
}

#[test]
#[ignore = "runs as long as it is told: CROSSHEAD_SEED, and CROSSHEAD_CORPORA of 60 sieves each"]
fn more_sieves_of_an_engine() {
    check_sieves(number("CROSSHEAD_SEED", 1), number("CROSSHEAD_CORPORA", 40) as usize);
}

#[test]
#[ignore = "runs as long as it is told: CROSSHEAD_SEED, and CROSSHEAD_CORPORA of 4 answers each"]
fn more_answers_of_an_engine() {
    check_answers(number("CROSSHEAD_SEED", 1), number("CROSSHEAD_CORPORA", 40) as usize);
}

/// Searches an engine that first fetches `best` articles for hits, and `most` for one call.
fn over(memory: Arc<Memory>, best: usize, most: usize) -> Searcher {
    let mut searcher = Searcher::over(memory, most).expect("open");
    let engine = searcher.engine.as_mut().and_then(Arc::get_mut).expect("nobody else has it");
    engine.best = best;
    searcher
}

/// Counts over some of the articles are bounds that hold; over all they are counts.
#[test]
fn counts_of_some_of_the_articles_are_bounds() {
    let mut random = Random(2070);
    let (mut bounded, mut all) = (0, 0);
    for corpus in small_corpora_of(&mut random, 3) {
        let index = open(&corpus);
        let memory = pushed(&index);
        for most in [1, 7, 20] {
            let engine = over(Arc::clone(&memory), most, most);
            for _ in 0..40 {
                let text = query(&mut random, 2).text();
                let options = SearchOptions { unit: any_unit(&mut random), ..everything() };
                let (known, found) =
                    (index.count(&text, &options).expect("valid"), engine.count(&text, &options).expect("valid"));
                all += 1;
                match found.at_most {
                    None => assert_eq!(found, known, "{text}, at most {most}"),
                    Some(at_most) => {
                        bounded += 1;
                        let told = format!("{text}, at most {most}: {found:?} of {known:?}");
                        assert!(found.articles <= known.articles && known.articles <= at_most, "{told}");
                        assert!(found.sections <= known.sections && found.passages <= known.passages, "{told}");
                    }
                }
            }
        }
    }
    assert!(bounded * 5 > all && bounded < all, "{bounded} of {all} were bounds");
}

/// Hits are those of the index where few of the articles that are fetched first match, and deep in a list.
#[test]
fn pages_are_those_of_the_index() {
    let mut random = Random(2071);
    let mut compared = 0;
    for corpus in small_corpora_of(&mut random, 3) {
        let index = open(&corpus);
        let engine = over(pushed(&index), 5, MOST);
        for _ in 0..80 {
            let text = query(&mut random, 2).text();
            let options = SearchOptions {
                unit: any_unit(&mut random),
                sort: Sort::Path,
                strict: random.chance(50),
                feedback: crate::search::Feedback::Never,
                limit: 5,
                offset: *random.pick(&[0, 5, 20]),
                // Passages of one article are in the order of their scores, which are those of another collection.
                per_article: 1,
                ..everything()
            };
            let ids = |searcher: &Searcher| -> Vec<String> {
                let hits = searcher.search(&text, &options).expect("valid").hits;
                hits.iter().map(|hit| hit.article.id()).collect()
            };
            let known = ids(&index);
            assert_eq!(ids(&engine), known, "{text}, {options:?}");
            compared += usize::from(known.len() > 2);
        }
    }
    assert!(compared > 40, "{compared} pages had hits");
}

/// Two indexes that send articles of one path lose none of them.
#[test]
fn articles_of_one_path_are_those_of_each_who_sends() {
    let text = |what: &str| {
        format!("# Harbour\n\nThe {what} of the harbour went on strike, and no ship was unloaded there.\n")
    };
    let corpus = Corpus::of_texts(&[&text("pilots"), &text("pilots")]);
    let memory = Memory::default();
    let push = |writer: &str| open(&corpus).push(&memory, writer, &CancelFlag::new(), &|_, _| {}).expect("pushed");
    push("one");
    // The folder of another machine has other articles under these paths.
    std::fs::write(corpus.texts.join("0.md"), text("dockers")).expect("a file");
    std::fs::remove_file(corpus.texts.join("1.md")).expect("it is there");
    sync(&corpus.index, std::slice::from_ref(&corpus.texts), &SyncOptions::default()).expect("indexed");
    push("two");
    let engine = Searcher::over(Arc::new(memory), MOST).expect("open");
    for (query, sort, passages) in [
        ("strike", Sort::Relevance, 3),
        ("strike", Sort::Path, 3),
        ("pilots", Sort::Path, 2),
        ("dockers", Sort::Relevance, 1),
    ] {
        let options = SearchOptions { sort, ..everything() };
        let found = engine.search(query, &options).expect("valid");
        assert_eq!((found.hits.len(), found.counts.articles), (passages, passages as u64), "{query}");
        assert_eq!(engine.count(query, &options).expect("valid").passages, passages as u64, "{query}");
        for hit in &found.hits {
            let shown = engine.article(&hit.article.id()).expect("read").expect("it is there");
            assert_eq!(shown.article.hash, hit.article.hash, "{query}");
        }
    }
}

/// A mutation of a sieve that makes it narrower than the query must be seen: that the property can fail.
#[test]
fn a_sieve_that_is_too_narrow_is_seen() {
    let mut random = Random(2062);
    let corpus = small_corpora_of(&mut random, 1).remove(0);
    let searcher = open(&corpus);
    let memory = pushed(&searcher);
    let narrowed = |sieve: &Sieve| match sieve {
        Sieve::Or(sieves) => sieves[0].clone(),
        other => Sieve::and([other.clone(), Sieve::Test(Test::Duplicate)]),
    };
    let lost = (0..40).filter(|_| {
        let text = query(&mut random, 2).text();
        let options = everything();
        let prepared = searcher.snapshot().prepare(&text, &options).expect("valid");
        let sieved = sieve(&prepared.lowered, &prepared.lowered.plan, Scope::Section);
        let hits = searcher.search(&text, &options).expect("valid").hits;
        let passing = passing(&searcher, &memory, &narrowed(&sieved.sieve));
        hits.iter().any(|hit| !passing.contains(&parse_id(&hit.article.id()).expect("an id").0))
    });
    assert!(lost.count() > 5, "narrower sieves lose articles");
}

/// Against a real engine, at the address of `CROSSHEAD_TEST_ENGINE`.
#[cfg(feature = "engine")]
mod real {
    use std::time::Duration;

    use super::*;
    use crate::engine::remote::{Access, Credentials, Http, NewIndex, Remote};

    pub(super) fn connect(archive: &str) -> Remote {
        let addresses =
            std::env::var("CROSSHEAD_TEST_ENGINE_NODES").or_else(|_| std::env::var("CROSSHEAD_TEST_ENGINE"));
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
            let (expected, found) =
                (memory.counts(&sieves).expect("counted"), remote.counts(&sieves).expect("counted"));
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
}

/// Against a real engine of three nodes, one of which ends in the middle of things.
#[cfg(feature = "engine")]
mod nodes {
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
}

/// Against a server that fails: an answer is right, or an error.
#[cfg(feature = "engine")]
mod faults {
    use std::sync::atomic::{AtomicU64, Ordering};
    use std::time::Duration;

    use super::super::several::unscored;
    use super::*;
    use crate::engine::EngineError;
    use crate::engine::remote::canned::{Canned, Fault};
    use crate::engine::remote::{Access, Credentials, Http, NewIndex, Remote};
    use crate::index::IndexError;

    const NEW: NewIndex = NewIndex { shards: 2, replicas: None };

    fn http(canned: &Canned) -> Http {
        let access = Access {
            nodes: vec![canned.address.clone()],
            credentials: Credentials::ApiKey("c2VjcmV0".into()),
            ca_file: None,
            insecure: false,
            timeout: Duration::from_secs(5),
            pause: Duration::from_micros(10),
        };
        Http::new(access).expect("an address")
    }

    fn push(searcher: &Searcher, remote: &Remote) -> Result<u64, IndexError> {
        searcher.push(remote, "0123", &CancelFlag::new(), &|_, _| {}).map(|pushed| pushed.articles)
    }

    /// The fault that an error is told for, and the words by which it is.
    #[test]
    fn each_fault_is_told_as_what_it_is() {
        let mut random = Random(2065);
        let corpus = small_corpora_of(&mut random, 1).remove(0);
        let index = open(&corpus);
        let canned = Canned::start();
        let remote = Remote::connect(http(&canned), "news").expect("an engine");
        assert!(matches!(remote.check(), Err(EngineError::Missing { .. })));
        remote.create(NEW).expect("made");
        assert_eq!(push(&index, &remote).expect("pushed"), index.num_articles());
        let engine = Searcher::over(Arc::new(Remote::connect(http(&canned), "news").expect("an engine")), MOST);
        let engine = engine.expect("open");
        let search = || engine.search("strike", &everything()).map(|found| found.hits.len());
        let whole = search().expect("found");
        for (fault, told) in [
            (Fault::Closed, "cannot be reached"),
            (Fault::Torn, "cut off or damaged"),
            (Fault::Html, "text/html instead of JSON (status 200); is it a proxy?"),
            (Fault::Busy, "(429): rejected: busy"),
            (Fault::FailedShard, "1 of 2 parts of the index failed"),
            (Fault::TimedOut, "it took too long there"),
            (Fault::TerminatedEarly, "it ended early there"),
            (Fault::LostPoint, "the point in time of a listing was lost"),
            (Fault::Refused, "refuses access (401): security_exception: who are you"),
        ] {
            canned.fail(move |_, path| path.contains("_search").then_some(fault));
            let error = search().expect_err("it fails").to_string();
            assert!(error.contains(told), "{fault:?}: {error}");
            assert!(!error.contains("c2VjcmV0"), "{error}");
        }
        canned.fail(|_, _| Some(Fault::FullDisk));
        let other = small_corpora_of(&mut random, 1).remove(0);
        let error = push(&open(&other), &remote).expect_err("full").to_string();
        assert!(error.contains("takes no articles") && error.contains("flood-stage"), "{error}");
        canned.fail(|_, _| None);
        assert_eq!(search().expect("found"), whole, "all is as it was");
        let ours = canned.set_format("13.1");
        let error = remote.check().expect_err("another version").to_string();
        assert!(error.contains(&format!("is of format 13.1, this program reads {ours}")), "{error}");
        canned.set_format(&ours);
        canned.forget_points();
        assert_eq!(search().expect("found"), whole, "each listing has a point of its own");
    }

    /// An archive that is filled anew is none of those whose names begin like its name, and none that somebody else is filling.
    #[test]
    fn a_rebuild_deletes_what_it_replaces_alone() {
        let corpora = small_corpora_of(&mut Random(2072), 2);
        let [index, other] = [open(&corpora[0]), open(&corpora[1])];
        let canned = Canned::start();
        let connect = |archive: &str| Remote::connect(http(&canned), archive).expect("an engine");
        for (archive, index) in [("news", &index), ("news-vienna", &other), ("news-v2", &other)] {
            connect(archive).create(NEW).expect("made");
            push(index, &connect(archive)).expect("pushed");
        }
        let [replacement, of_another] = [(); 2].map(|()| connect("news").replacement(NEW).expect("made"));
        push(&index, &of_another).expect("pushed");
        push(&other, &replacement).expect("pushed");
        assert_eq!(canned.num_docs("news"), index.num_articles() as usize, "it is not published");
        replacement.replace().expect("published");
        for archive in ["news", "news-vienna", "news-v2"] {
            assert_eq!(canned.num_docs(archive), other.num_articles() as usize, "{archive}");
            connect(archive).check().expect("it is there");
        }
        push(&index, &of_another).expect("it was not deleted");
        of_another.replace().expect_err("the archive is another than when it began");
        assert_eq!(canned.num_docs("news"), other.num_articles() as usize, "nothing is lost");
    }

    #[test]
    fn single_operations_that_are_put_off_are_sent_again() {
        let mut random = Random(2066);
        let corpus: Corpus = Corpus::in_three_segments(&mut random);
        let index = open(&corpus);
        let canned = Canned::start();
        let remote = Remote::connect(http(&canned), "news").expect("an engine");
        remote.create(NEW).expect("made");
        // The first attempts of each batch lack some.
        canned.fail(|number, path| (path.contains("_bulk") && number % 3 > 0).then_some(Fault::BusyItems));
        assert_eq!(push(&index, &remote).expect("pushed"), index.num_articles());
        assert_eq!(canned.num_docs("news") as u64, index.num_articles(), "each once");
    }

    /// Requests fail at random, in pushes and in searches. Whatever is answered is right; a push that fails is made good by
    /// the next.
    fn check_faults(seed: u64, faults: u64) {
        let mut random = Random(seed);
        let corpus: Corpus = Corpus::in_three_segments(&mut random);
        let index = open(&corpus);
        let canned = Canned::start();
        let remote = Remote::connect(http(&canned), "news").expect("an engine");
        remote.create(NEW).expect("made");
        let failed = Arc::new(AtomicU64::new(0));
        let fail_at_random = |seed: u64, percent: u64| {
            let failed = Arc::clone(&failed);
            canned.fail(move |number, path| {
                let draw = xxhash_rust::xxh3::xxh3_64(format!("{seed} {number} {path}").as_bytes());
                let fault = Fault::ALL[(draw >> 32) as usize % Fault::ALL.len()];
                let is_hit = draw % 100 < percent;
                failed.fetch_add(u64::from(is_hit), Ordering::Relaxed);
                is_hit.then_some(fault)
            });
        };
        let (mut right, mut errors) = (0, 0);
        for round in 0.. {
            fail_at_random(round, 25);
            match push(&index, &remote) {
                Ok(articles) => assert_eq!(articles, index.num_articles()),
                Err(_) => errors += 1,
            }
            canned.fail(|_, _| None);
            assert_eq!(push(&index, &remote).expect("pushed"), index.num_articles());
            assert_eq!(canned.num_docs("news") as u64, index.num_articles(), "nothing lost, nothing twice");
            let engine = Searcher::over(Arc::new(Remote::connect(http(&canned), "news").expect("an engine")), MOST);
            let engine = engine.expect("open");
            fail_at_random(round + 1_000_000, 10);
            for _ in 0..4 {
                let text = query(&mut random, 2).text();
                let options = everything();
                match engine.count(&text, &options) {
                    Ok(counts) => {
                        right += 1;
                        assert_eq!(counts, index.count(&text, &options).expect("valid"), "{text}");
                    }
                    Err(_) => errors += 1,
                }
                if let Ok(found) = engine.search(&text, &options) {
                    right += 1;
                    let expected = index.search(&text, &options).expect("valid");
                    assert_eq!((found.hits.len(), found.counts), (expected.hits.len(), expected.counts), "{text}");
                }
            }
            canned.fail(|_, _| None);
            let text = query(&mut random, 2).text();
            assert_eq!(unscored(&engine, &text, &everything()), unscored(&index, &text, &everything()), "{text}");
            if failed.load(Ordering::Relaxed) >= faults {
                break;
            }
        }
        assert!(right > 0 && errors > 0, "{right} answers, {errors} errors");
    }

    #[test]
    fn faults_give_no_wrong_answer() {
        check_faults(2067, 60);
    }

    #[test]
    #[ignore = "takes minutes"]
    fn a_thousand_faults_give_no_wrong_answer() {
        check_faults(2068, 1_000);
    }
}
