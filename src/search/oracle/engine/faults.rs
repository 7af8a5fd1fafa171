//! Against a server that fails: an answer is right, or an error.

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
        (Fault::LostPoint, "lost its place in a listing, as when a node ends: ask again"),
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
    // One that is lost is begun anew.
    let is_lost = Arc::new(AtomicU64::new(0));
    let lost = Arc::clone(&is_lost);
    let is_first = move || lost.fetch_add(1, Ordering::Relaxed) == 0;
    canned.fail(move |_, path| (path.starts_with("/_search?") && is_first()).then_some(Fault::LostPoint));
    assert_eq!(search().expect("found"), whole);
    assert!(is_lost.load(Ordering::Relaxed) > 1, "it was asked again");
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

/// What an engine refuses for good is named, and the others are there.
#[test]
fn articles_that_are_refused_are_named() {
    let mut random = Random(2074);
    let corpus: Corpus = Corpus::in_three_segments(&mut random);
    let index = open(&corpus);
    let canned = Canned::start();
    let remote = Remote::connect(http(&canned), "news").expect("an engine");
    remote.create(NEW).expect("made");
    let push = || index.push(&remote, "0123", &CancelFlag::new(), &|_, _| {}).expect("pushed");
    canned.fail(|_, path| path.contains("_bulk").then_some(Fault::RefusedItems));
    let pushed = push();
    assert!(!pushed.refused.is_empty() && pushed.sent > 0, "{pushed:?}");
    assert_eq!(pushed.sent + pushed.refused.len() as u64, index.num_articles());
    assert_eq!(canned.num_docs("news") as u64, pushed.sent);
    let paths: BTreeSet<&str> = pushed.refused.iter().map(|(path, _)| path.as_str()).collect();
    assert_eq!(paths.len(), pushed.refused.len());
    for (path, reason) in &pushed.refused {
        assert_eq!(reason, "mapper_parsing_exception: failed to parse field [date]", "{path}");
        assert!(index.count(&format!("path:{path}"), &everything()).expect("valid").articles > 0, "{path}");
    }
    // The next push tries them again.
    canned.fail(|_, _| None);
    assert_eq!(push().sent as usize, paths.len());
    assert_eq!(canned.num_docs("news") as u64, index.num_articles());
}

/// The dialects differ in how a point in time is opened and closed.
#[test]
fn an_elasticsearch_is_asked_in_its_dialect() {
    let corpus = small_corpora_of(&mut Random(2075), 1).remove(0);
    let index = open(&corpus);
    let canned = Canned::start();
    canned.be_elasticsearch();
    let connect = || Remote::connect(http(&canned), "news").expect("an engine");
    connect().create(NEW).expect("made");
    assert_eq!(push(&index, &connect()).expect("pushed"), index.num_articles());
    let engine = Searcher::over(Arc::new(connect()), MOST).expect("open");
    let options = everything();
    let found = engine.count("strike", &options).expect("valid");
    assert_eq!(found, index.count("strike", &options).expect("valid"));
    assert!(found.articles > 0);
    assert_eq!(canned.num_points(), 0, "each is closed");
}

/// Where another version fills an archive anew, a searcher that is open says so.
#[test]
fn an_archive_of_another_version_is_told_when_it_is_taken_up() {
    let corpora = small_corpora_of(&mut Random(2076), 2);
    let canned = Canned::start();
    let connect = || Remote::connect(http(&canned), "news").expect("an engine");
    connect().create(NEW).expect("made");
    push(&open(&corpora[0]), &connect()).expect("pushed");
    let engine = Searcher::over(Arc::new(connect()), MOST).expect("open");
    assert!(!engine.reopen().expect("nothing is new"));
    push(&open(&corpora[1]), &connect()).expect("pushed");
    canned.set_format("99.1");
    let error = engine.reopen().expect_err("another version").to_string();
    assert!(error.contains("is of format 99.1"), "{error}");
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
