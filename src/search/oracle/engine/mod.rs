//! An engine against the index that its articles come from: a sieve loses nothing and says truly whether it lets through more,
//! and what is asked of the engine has the answer of the index.

#[cfg(feature = "engine")]
mod faults;
#[cfg(feature = "engine")]
mod nodes;
#[cfg(feature = "engine")]
mod real;
mod some;

use std::collections::BTreeSet;
use std::sync::Arc;

use super::corpus::{Corpus, Random, everything};
use super::query::query;
use super::several::check;
use super::{LARGE, POOL, any_unit, open, small_corpora_of};
use crate::cancel::CancelFlag;
use crate::engine::memory::Memory;
use crate::engine::{Engine, Sieve, Test};
use crate::search::over_engine::MOST;
use crate::search::sieve::sieve;
use crate::search::{SearchOptions, Searcher};
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
        check_row(&index, &memory, text, articles);
    }
}

/// A query that so many articles match, and its sieves.
fn check_row(index: &Searcher, memory: &Memory, text: &str, articles: u64) {
    let found = index.count(text, &everything()).expect("valid");
    assert_eq!(found.articles, articles, "{text}");
    for unit in [Scope::Passage, Scope::Section, Scope::Article] {
        check_sieve(index, memory, text, unit);
    }
}

#[test]
fn sieves_keep_sections_within_others_dates_and_scripts() {
    let costs = "---\ndate: 2021-03-14\n---\n# Budget\n\nThe year.\n\n## Costs\n\nMore.\n\n### Fuel\n\nOil is dear.\n\n## Count\n\nTwo.\n";
    let corpus = Corpus::of_texts(&[
        costs,
        "---\ndate: 2021-03\n---\n# Fuel\n\nOil is cheap.\n",
        "---\ndate: 2022\n---\n# Oil\n\nNobody knows the day.\n",
        "---\nlang: ja\n---\n# 春闘\n\n組合は賃上げを求めた。\n",
        "---\nlang: ar\n---\n# المرفأ\n\nأعلن العمال الإضراب في المرفأ.\n",
        "---\nlang: ru\n---\n# Порт\n\nЗабастовка докеров продолжается.\n",
        "---\nlang: de\n---\n# Straße\n\nDie Maße der Straße.\n",
    ]);
    let index = open(&corpus);
    let memory = pushed(&index);
    for (text, articles) in [
        ("under:Costs", 1),
        ("under:Costs AND oil", 1),
        ("under:Count AND oil", 0),
        ("NOT under:Costs", 7),
        ("under:Fuel AND oil", 0),
        ("heading~coun", 1),
        ("heading=fuel", 1),
        ("heading:/F.*l/", 1),
        ("heading:*", 1),
        ("date:2021-03-14", 1),
        ("date:2021-03", 2),
        ("date:<2021-04", 2),
        ("date:2022", 1),
        ("NOT date:2021..2022", 4),
        ("date:unknown", 4),
        // Without spaces between words.
        ("賃上げ", 1),
        ("組合 AND 賃上げ", 1),
        ("\"組合は賃上げ\"", 1),
        ("上賃", 0),
        ("NOT 組合", 6),
        // From right to left, with an article before the word.
        ("الإضراب", 1),
        ("NOT الإضراب", 6),
        ("забастовка", 1),
        ("забастовки", 1),
        ("=ЗАБАСТОВКА", 0),
        ("strasse", 1),
        ("masse", 1),
    ] {
        check_row(&index, &memory, text, articles);
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
