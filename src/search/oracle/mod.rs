//! Queries against brute force over tokens and structure, with no index: the same passages, marks, counts and scores.
//! Articles and queries are random, from a seed.
//!
//! The code that runs at size is entered too: in tests thresholds are lower (`cfg!(test)` where they are defined), and
//! queries run on [`THREADS`] threads.

mod analysis;
mod corpus;
mod engine;
mod judge;
mod query;
mod scores;
mod several;

use std::collections::btree_map::Entry;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::LazyLock;

use corpus::{Corpus, Random, WORDS, everything, number_of};
use judge::{Hits, expected, expected_counts, expected_headings};
use query::{Q, query};

use crate::search::budget::Budget;
use crate::search::local::postings::MANY_FORMS;
use crate::search::local::ranking::{LEAST_HELD, MOST_HELD};
use crate::search::local::run::{RERANKED, slices};
use crate::search::local::segment::{BLOCK, COMMONER, expansions};
use crate::search::{Feedback, Hit, SearchOptions, Searcher, Sort, Tier};
use crate::vocabulary::{Facet, Scope};

/// Threads that search, however few cores there are: on one alone segments are not cut into slices.
const THREADS: usize = 4;

static POOL: LazyLock<rayon::ThreadPool> =
    LazyLock::new(|| rayon::ThreadPoolBuilder::new().num_threads(THREADS).build().expect("threads"));

/// The index of a corpus, open.
fn open(corpus: &Corpus) -> Searcher {
    Searcher::of(&corpus.index).expect("open")
}

/// Numbers of the words of `text` that `marks` cover.
fn covered(text: &str, marks: &[(usize, usize)]) -> BTreeSet<usize> {
    let mut words = crate::text::Words::new(text);
    let mut out = BTreeSet::new();
    while let Some(word) = words.next() {
        if marks.iter().any(|&(start, end)| start <= word.start && word.end <= end) {
            out.insert(word.position as usize);
        }
    }
    out
}

/// The passage of a hit, as (article, passage).
fn passage_of(hit: &Hit) -> (usize, usize) {
    (number_of(&hit.article.path), hit.passage.ordinal as usize)
}

/// A hit with its marks as the oracle has them.
fn marked(hit: &Hit) -> ((usize, usize), [BTreeSet<usize>; 3]) {
    let sets = [
        covered(&hit.passage.words(), &hit.marks),
        covered(hit.article.facts.title.as_deref().expect("all have a title"), &hit.title_marks),
        covered(hit.passage.heading.as_deref().unwrap_or(""), &hit.heading_marks),
    ];
    (passage_of(hit), sets)
}

/// Compares what a query finds, marks and counts with brute force.
fn check(corpus: &Corpus, searcher: &Searcher, q: &Q, unit: Scope, with_facets: bool) {
    let text = q.text();
    let options = SearchOptions { unit, ..everything() };
    let results = searcher.search(&text, &options).unwrap_or_else(|error| panic!("{text}: {error}"));
    let (expected, found): (_, Hits) = (expected(corpus, q, unit), results.hits.iter().map(marked).collect());
    if expected != found {
        let keys: BTreeSet<_> = expected.keys().chain(found.keys()).collect();
        let key = keys.into_iter().find(|key| expected.get(key) != found.get(key)).expect("they differ");
        panic!(
            "{text}\nunit {unit:?}, article {}, passage {}\nexpected {:?}\nfound    {:?}\n{}",
            key.0,
            key.1,
            expected.get(key),
            found.get(key),
            corpus.articles.get(&key.0).map_or("which was removed", |known| &known.article.text)
        );
    }
    assert_eq!(results.hits.len(), found.len(), "a hit twice: {text}, unit {unit:?}");
    let counts = expected_counts(corpus, &expected);
    assert_eq!(results.counts, counts, "counts beside the hits: {text}, unit {unit:?}");
    if !with_facets {
        return;
    }
    assert_eq!(searcher.count(&text, &options).expect("valid"), counts, "counts: {text}, unit {unit:?}");
    let facets = searcher.facets(Some(&text), Facet::Heading, &options).expect("valid");
    let headings: Vec<_> = facets.values.into_iter().map(|facet| (facet.value, facet.counts)).collect();
    assert_eq!(headings, expected_headings(corpus, &expected), "headings: {text}, unit {unit:?}");
}

fn any_unit(random: &mut Random) -> Scope {
    *random.pick(&[Scope::Section, Scope::Section, Scope::Article, Scope::Passage])
}

/// Checks random queries, and facets of some of them.
fn check_queries(random: &mut Random, corpus: &Corpus, queries: usize, percent_with_facets: usize) {
    let searcher = open(corpus);
    for _ in 0..queries {
        let (q, unit, with_facets) = (query(random, 2), any_unit(random), random.chance(percent_with_facets));
        POOL.install(|| check(corpus, &searcher, &q, unit, with_facets));
    }
}

/// How a corpus of several segments is made.
type Make = fn(&mut Random) -> Corpus;

const LARGE: [Make; 4] = [Corpus::in_three_segments, Corpus::with_deletes, Corpus::merged, Corpus::merged_with_deletes];

/// Small corpora, one after the other.
fn small_corpora_of(random: &mut Random, corpora: usize) -> Vec<Corpus> {
    (0..corpora).map(|_| Corpus::small(random)).collect()
}

fn small_corpora(seed: u64, corpora: usize) {
    let mut random = Random(seed);
    for _ in 0..corpora {
        let corpus = Corpus::small(&mut random);
        check_queries(&mut random, &corpus, 250, 20);
    }
}

fn large_corpora(seed: u64, rounds: usize) {
    let mut random = Random(seed);
    for make in (0..rounds).flat_map(|_| LARGE) {
        let corpus = make(&mut random);
        check_queries(&mut random, &corpus, 60, 100);
        check_pages(&mut random, &corpus, 24);
    }
}

#[test]
fn ten_thousand_queries_find_and_mark_what_they_say() {
    small_corpora(2026, 40);
}

#[test]
fn queries_find_the_same_in_several_segments_with_deletes_and_merged() {
    let mut random = Random(2027);
    for make in LARGE {
        let corpus = make(&mut random);
        check_queries(&mut random, &corpus, 60, 100);
    }
}

#[test]
fn pages_together_are_the_list() {
    let mut random = Random(2028);
    for make in LARGE {
        let corpus = make(&mut random);
        check_pages(&mut random, &corpus, 24);
    }
}

/// Asserts that the first hits are the same where all that matches is visited, because it is counted, and where it is not.
fn check_promising(random: &mut Random, corpus: &Corpus, queries: usize) {
    let searcher = open(corpus);
    for _ in 0..queries {
        let mut text = plain_words(random).iter().map(|(raw, _)| *raw).collect::<Vec<_>>().join(" ");
        let unit = any_unit(random);
        let mut options = SearchOptions { limit: 1 + random.below(8), unit, timeout: None, ..SearchOptions::default() };
        options.ungroup = random.chance(50);
        options.per_article = 1 + random.below(3);
        options.feedback = if random.chance(50) { Feedback::Auto } else { Feedback::Never };
        if random.chance(30) {
            text += *random.pick(&[" date:>2020", " NOT date:2021", " words:>30", " level:*", " source:*"]);
        }
        let [promising, all] = [false, true].map(|any| {
            let options = SearchOptions { any, ..options.clone() };
            POOL.install(|| lines(&searcher, &text, &options)).0
        });
        assert_eq!(promising, all, "{text}, unit {unit:?}, at most {}", options.limit);
    }
}

#[test]
fn the_best_are_found_among_promising_articles() {
    let mut random = Random(2031);
    for make in LARGE {
        let corpus = make(&mut random);
        check_promising(&mut random, &corpus, 100);
    }
}

#[test]
#[ignore = "runs as long as it is told: CROSSHEAD_SEED, and CROSSHEAD_CORPORA of 250 queries each"]
fn more_queries() {
    let number = |name: &str| std::env::var(name).ok().and_then(|value| value.parse().ok());
    let (seed, corpora) = (number("CROSSHEAD_SEED").unwrap_or(1), number("CROSSHEAD_CORPORA").unwrap_or(40) as usize);
    small_corpora(seed, corpora);
    large_corpora(seed, corpora.div_ceil(10));
    let mut random = Random(seed);
    for make in (0..corpora.div_ceil(10)).flat_map(|_| LARGE) {
        let corpus = make(&mut random);
        check_promising(&mut random, &corpus, 1_000);
    }
    scores::check_corpora(seed, corpora.div_ceil(10));
}

/// One to three plain words, other words each.
fn plain_words(random: &mut Random) -> Vec<(&'static str, &'static str)> {
    let mut words: Vec<(&str, &str)> = Vec::new();
    for _ in 0..1 + random.below(3) {
        let (raw, _, stem) = *random.pick(WORDS);
        if words.iter().all(|(_, other)| *other != stem) {
            words.push((raw, stem));
        }
    }
    words
}

/// What of a hit must be the same on whichever page it is.
#[derive(Debug, PartialEq)]
struct Line {
    rank: usize,
    passage: (usize, usize),
    score: f32,
    tier: Tier,
    parts: Vec<(String, f32)>,
}

fn lines(searcher: &Searcher, text: &str, options: &SearchOptions) -> (Vec<Line>, Vec<Hit>) {
    let results = searcher.search(text, options).unwrap_or_else(|error| panic!("{text}: {error}"));
    let line = |hit: &Hit| Line {
        rank: hit.rank,
        passage: passage_of(hit),
        score: hit.score,
        tier: hit.tier,
        parts: hit.parts.clone(),
    };
    (results.hits.iter().map(line).collect(), results.hits)
}

/// Asserts that the corpus and the thresholds of tests are such that the code which runs at size is entered.
#[test]
fn large_corpora_are_large() {
    let corpus = Corpus::in_three_segments(&mut Random(2030));
    let searcher = open(&corpus);
    let snapshot = searcher.snapshot();
    let (budget, options) = (Budget::unlimited(), everything());
    // A leaf of each word, then of all words with a beginning.
    let stems: BTreeSet<&str> = WORDS.iter().map(|(_, _, stem)| *stem).collect();
    let words: Vec<&str> = stems.into_iter().collect();
    let prepared = snapshot.prepare(&format!("{} OR st*", words.join(" OR ")), &options).expect("valid");
    let (segments, _) = snapshot.segments(&prepared.lowered, &budget).expect("segments");
    let slices = POOL.install(|| slices(&segments, &prepared.lowered, &prepared.lowered.plan)).expect("slices");
    assert!(slices.len() > 2 * segments.len(), "segments are cut into slices: {slices:?}");
    let largest = segments.iter().max_by_key(|segment| segment.blocks.max_doc).expect("three segments");
    let frequency = |leaf: usize| largest.frequencies(leaf).into_iter().flatten().max().expect("fields");
    let frequencies: Vec<u64> = (0..words.len()).map(frequency).collect();
    let (least, most) = (*frequencies.iter().min().expect("words"), *frequencies.iter().max().expect("words"));
    assert!(most > 200, "postings have several blocks: {frequencies:?}");
    assert!(most > COMMONER * least.max(BLOCK), "some words are passed over for others: {frequencies:?}");
    let forms: Vec<usize> = (0..=words.len()).map(|leaf| expansions(&segments, leaf, 0).len()).collect();
    let has_few = |&forms: &usize| forms > 1 && forms <= MANY_FORMS;
    assert!(forms.iter().any(has_few) && forms.last() > Some(&MANY_FORMS), "forms of words: {forms:?}");
    let passages: usize = corpus.articles.values().map(|known| known.passages.len()).sum();
    assert!(passages > 10 * RERANKED, "not all are looked at for nearness");
    let held = MOST_HELD.max(LEAST_HELD * slices.len());
    assert!(
        frequencies.iter().any(|&found| found > 4 * held as u64),
        "rankings are filled again: {frequencies:?}, {held}"
    );
}

/// Compares pages of three hits with the list in one go, and that list with what it is made of.
fn check_pages(random: &mut Random, corpus: &Corpus, queries: usize) {
    /// Pages that are looked at from the first on; of the others some.
    const FIRST_PAGES: usize = 8;
    let searcher = open(corpus);
    let mut reprints_left_out = 0;
    for round in 0..queries {
        let text = if random.chance(60) {
            plain_words(random).iter().map(|(raw, _)| *raw).collect::<Vec<_>>().join(" ")
        } else {
            query(random, 2).text()
        };
        let options = SearchOptions {
            per_article: *random.pick(&[1, 3]),
            unit: any_unit(random),
            sort: [Sort::Relevance, Sort::Newest, Sort::Oldest, Sort::Path][round % 4],
            strict: random.chance(40),
            any: random.chance(20),
            feedback: *random.pick(&[Feedback::Auto, Feedback::Always, Feedback::Never]),
            explain: random.chance(10),
            ungroup: random.chance(50),
            ..everything()
        };
        let (all, hits) = POOL.install(|| lines(&searcher, &text, &options));
        let told = || format!("{text}, {options:?}");
        let last = all.len() / 3;
        let mut pages: BTreeSet<usize> = (0..=last.min(FIRST_PAGES)).chain([last, last + 1]).collect();
        pages.extend((0..4).map(|_| random.below(last + 1)));
        for page in pages {
            let of_page = SearchOptions { limit: 3, offset: 3 * page, ..options.clone() };
            let (found, _) = POOL.install(|| lines(&searcher, &text, &of_page));
            let expected = all.iter().skip(3 * page).take(3);
            assert!(found.iter().eq(expected), "page {page} of {}: {found:?}\n{}\n{all:?}", last + 1, told());
        }
        check_order(corpus, &all, &options, &told);
        for line in all.iter().filter(|_| options.explain) {
            let sum: f32 = line.parts.iter().map(|(_, part)| part).sum();
            assert!((sum - line.score).abs() <= 1e-4 * sum, "the parts are the score: {line:?}, {}", told());
        }
        if !options.ungroup {
            let ungrouped = SearchOptions { ungroup: true, ..options.clone() };
            let (every, every_hit) = POOL.install(|| lines(&searcher, &text, &ungrouped));
            let stories = first_of_each_story(&every_hit);
            let passages = |lines: &[Line]| -> Vec<_> {
                lines.iter().map(|line| (line.passage, line.score.to_bits(), line.tier)).collect()
            };
            let mut expected = passages(&every);
            expected.retain(|(passage, ..)| stories.contains(&passage.0));
            assert_eq!(passages(&all), expected, "of a story the best article alone: {}", told());
            reprints_left_out += every.len() - all.len();
            assert_eq!(hits.len(), all.len());
        }
    }
    assert!(reprints_left_out > 0, "no query had a reprint to leave out");
}

/// The article that is shown of each story: the one with the first hit.
fn first_of_each_story(hits: &[Hit]) -> BTreeSet<usize> {
    let mut of_article: BTreeMap<usize, usize> = BTreeMap::new();
    for hit in hits {
        let article = number_of(&hit.article.path);
        if let Entry::Vacant(entry) = of_article.entry(article) {
            entry.insert(article);
            for reprint in &hit.duplicates {
                of_article.entry(number_of(&reprint.path)).or_insert(article);
            }
        }
    }
    of_article.into_iter().filter(|(article, shown)| article == shown).map(|(article, _)| article).collect()
}

/// Asserts that hits are in the order that was asked for, at most `per_article` of each article in each list: by another
/// order than relevance, those that lack a word are a list of their own.
fn check_order(corpus: &Corpus, lines: &[Line], options: &SearchOptions, told: &dyn Fn() -> String) {
    let mut of_article: BTreeMap<(usize, bool), usize> = BTreeMap::new();
    let has_lists = options.sort != Sort::Relevance && !options.any;
    for (i, line) in lines.iter().enumerate() {
        assert_eq!(line.rank, i + 1, "{}", told());
        *of_article.entry((line.passage.0, has_lists && line.tier == Tier::All)).or_default() += 1;
    }
    let most = of_article.values().copied().max().unwrap_or(0);
    assert!(most <= options.per_article, "{most} hits of an article: {}", told());
    for pair in lines.windows(2).filter(|pair| !has_lists || pair[0].tier == pair[1].tier) {
        let [one, next] = [&pair[0], &pair[1]];
        let date = |line: &Line| corpus.articles[&line.passage.0].article.date.clone();
        let is_ordered = match (options.sort, date(one), date(next)) {
            (Sort::Relevance, ..) => one.score >= next.score,
            (Sort::Path, ..) => format!("{}.md", one.passage.0) <= format!("{}.md", next.passage.0),
            (_, _, None) => true,
            (_, None, Some(_)) => false,
            (Sort::Newest, Some(one), Some(next)) => one >= next,
            (Sort::Oldest, Some(one), Some(next)) => one <= next,
        };
        assert!(is_ordered, "{one:?} before {next:?}: {}", told());
    }
    if has_lists {
        assert!(lines.is_sorted_by_key(|line| line.tier == Tier::Some), "what lacks a word follows: {}", told());
    }
}
