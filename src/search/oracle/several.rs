//! Several indexes against one of the same articles: random parts of the articles are indexes of their own, some of them
//! empty, and everything that is asked of all of them has the answer that the one index gives.

use std::ops::ControlFlow;
use std::path::{Path, PathBuf};

use serde::Serialize;
use serde_json::Value;

use super::corpus::{Article, Random, Style};
use super::query::query;
use super::{POOL, any_unit, plain_words};
use crate::analysis::collocates::CollocateOptions;
use crate::analysis::keywords::KeywordOptions;
use crate::analysis::kwic::{KwicOptions, KwicOrder, KwicSample};
use crate::analysis::timeline::TimelineOptions;
use crate::index::Index;
use crate::index::merge::merge;
use crate::index::sync::{SyncOptions, sync};
use crate::search::{Feedback, SearchOptions, Searcher, Sort};
use crate::vocabulary::Facet;

/// One index that follows some folders, and an index of each of the folders.
struct Indexes {
    one: Index,
    several: Vec<Index>,
    folders: Vec<PathBuf>,
    articles: Vec<(PathBuf, Article)>,
    style: Style,
    _folder: tempfile::TempDir,
}

impl Indexes {
    /// 60 articles, of which some are reprints of others, in 2 to 5 indexes; one more is empty.
    fn new(random: &mut Random) -> Indexes {
        const ARTICLES: usize = 60;
        /// Least number of words of an article of which reprints are made.
        const LONG: usize = 150;
        let folder = tempfile::tempdir().expect("a folder");
        let root = folder.path();
        let open = |name: &str| Index::open_or_create(&root.join("indexes").join(name)).expect("an index");
        let parts = 2 + random.below(4);
        let folders: Vec<PathBuf> = (0..=parts).map(|number| root.join(format!("year{number}"))).collect();
        folders.iter().for_each(|folder| std::fs::create_dir(folder).expect("a folder"));
        let style = Style::large(random);
        let mut articles: Vec<(PathBuf, Article)> = Vec::new();
        for number in 0..ARTICLES {
            let long: Vec<&Article> =
                articles.iter().map(|(_, article)| article).filter(|article| article.words() >= LONG).collect();
            let article = if number % 4 == 3 && !long.is_empty() {
                let original = *random.pick(&long);
                style.reprint(random, original)
            } else {
                style.article(random)
            };
            let path = folders[random.below(parts)].join(format!("{number}.md"));
            std::fs::write(&path, &article.text).expect("a file");
            articles.push((path, article));
        }
        let several = (0..=parts).map(|number| open(&number.to_string())).collect();
        let indexes = Indexes { one: open("one"), several, folders, articles, style, _folder: folder };
        indexes.sync();
        indexes
    }

    fn sync(&self) {
        let options = SyncOptions { now: 1_000, ..SyncOptions::default() };
        sync(&self.one, &self.folders, &options).expect("indexed");
        for (index, folder) in self.several.iter().zip(&self.folders) {
            sync(index, std::slice::from_ref(folder), &options).expect("indexed");
        }
    }

    /// Changes some articles, removes others.
    fn change(&mut self, random: &mut Random) {
        for _ in 0..6 {
            let at = random.below(self.articles.len());
            let (path, _) = self.articles.swap_remove(at);
            std::fs::remove_file(path).expect("it was there");
        }
        for _ in 0..6 {
            let at = random.below(self.articles.len());
            let article = self.style.article(random);
            std::fs::write(&self.articles[at].0, &article.text).expect("a file");
            self.articles[at].1 = article;
        }
        self.sync();
    }

    /// Drops what was deleted from all of them.
    fn merge(&self) {
        for index in self.several.iter().chain([&self.one]) {
            let lock = Index::lock(index.path()).expect("nobody writes");
            merge(index, &lock).expect("merged");
        }
    }

    fn paths(&self) -> Vec<&Path> {
        self.several.iter().map(Index::path).collect()
    }
}

/// What is printed of a value.
fn json(value: &impl Serialize) -> String {
    serde_json::to_string(value).expect("it has a JSON form")
}

/// What is printed of measures that are sums over articles, which are added up in the order of the index.
fn measures(value: &impl Serialize) -> Value {
    fn round(value: &mut Value) {
        match value {
            Value::Number(number) if number.is_f64() => {
                *value = format!("{:.9e}", number.as_f64().expect("it is one")).into();
            }
            Value::Array(values) => values.iter_mut().for_each(round),
            Value::Object(values) => values.values_mut().for_each(round),
            _ => {}
        }
    }
    let mut value = serde_json::to_value(value).expect("it has a JSON form");
    round(&mut value);
    value
}

/// Asserts that all of the indexes give one answer.
fn same<T: PartialEq + std::fmt::Debug + Send>(
    [one, several]: [&Searcher; 2],
    told: &str,
    ask: impl Fn(&Searcher) -> T + Sync,
) -> T {
    let [expected, found] = [one, several].map(|searcher| POOL.install(|| ask(searcher)));
    assert!(expected == found, "{told}\none     {expected:?}\nseveral {found:?}");
    found
}

/// The hits of a query, with their marks and what is known of them, without what frequencies decide: in no order.
pub(super) fn unscored(searcher: &Searcher, text: &str, options: &SearchOptions) -> Vec<String> {
    let results = searcher.search(text, options).unwrap_or_else(|error| panic!("{text}: {error}"));
    let line = |hit: &crate::Hit| {
        let mut told = serde_json::to_value(hit).expect("it has a JSON form");
        told.as_object_mut().expect("an object").retain(|name, _| !matches!(name.as_str(), "score" | "rank" | "file"));
        format!("{:?} {:?} {:?} {told}", hit.marks, hit.title_marks, hit.heading_marks)
    };
    let mut lines: Vec<String> = results.hits.iter().map(line).collect();
    lines.sort_unstable();
    lines.push(format!("{:?} {}", results.counts, json(&results.facets)));
    lines
}

/// The hits of a query, with their marks, the bits of their scores and what is known of them.
fn hits(searcher: &Searcher, text: &str, options: &SearchOptions) -> Vec<String> {
    let results = searcher.search(text, options).unwrap_or_else(|error| panic!("{text}: {error}"));
    let line = |hit: &crate::Hit| {
        let marks = (&hit.marks, &hit.title_marks, &hit.heading_marks, &hit.parts);
        format!("{} {} {marks:?} {:?} {}", hit.rank, hit.score.to_bits(), hit.tier, json(hit))
    };
    let mut lines: Vec<String> = results.hits.iter().map(line).collect();
    lines.push(format!("{:?} {}", results.counts, json(&results.facets)));
    lines.push(format!("{} {}", json(&results.notes), json(&results.feedback)));
    lines
}

/// Asks both the same, in every way; without `with_frequencies`, in those that do not depend on the numbers of passages with a
/// word. These count what is deleted until it is merged away, which a small index does before a large one.
pub(super) fn check(random: &mut Random, searchers: [&Searcher; 2], queries: usize, with_frequencies: bool) {
    for round in 0..queries {
        let text = if random.chance(40) {
            plain_words(random).iter().map(|(raw, _)| *raw).collect::<Vec<_>>().join(" ")
        } else {
            query(random, 2).text()
        };
        let mut options = SearchOptions {
            limit: *random.pick(&[3, 10, 10_000]),
            per_article: *random.pick(&[1, 3, 10_000]),
            unit: any_unit(random),
            sort: *random.pick(&[Sort::Relevance, Sort::Relevance, Sort::Newest, Sort::Oldest, Sort::Path]),
            strict: random.chance(40),
            any: random.chance(20),
            feedback: *random.pick(&[Feedback::Auto, Feedback::Always, Feedback::Never]),
            explain: random.chance(10),
            ungroup: random.chance(50),
            advice: random.chance(20),
            facets: if random.chance(30) { vec![Facet::Folder, Facet::Month] } else { Vec::new() },
            sample: random.chance(10).then_some((5, 7)),
            timeout: None,
            max_spans: usize::MAX,
            ..SearchOptions::default()
        };
        if with_frequencies {
            same(searchers, &format!("{text}, {options:?}"), |searcher| hits(searcher, &text, &options));
        } else {
            options.sort = *random.pick(&[Sort::Newest, Sort::Oldest, Sort::Path]);
            (options.limit, options.per_article, options.strict) = (10_000, 10_000, true);
            (options.feedback, options.explain, options.advice) = (Feedback::Never, false, false);
            same(searchers, &format!("{text}, {options:?}"), |searcher| unscored(searcher, &text, &options));
        }
        same(searchers, &text, |searcher| searcher.count(&text, &options).expect("valid"));
        if round % 4 != 0 {
            continue;
        }
        for facet in Facet::ALL {
            same(searchers, &text, |searcher| json(&searcher.facets(Some(&text), facet, &options).expect("valid")));
        }
        let crossed = [Facet::Folder, Facet::Year];
        same(searchers, &text, |searcher| {
            json(&searcher.crossed_facets(Some(&text), crossed, &options).expect("valid"))
        });
        let timeline = TimelineOptions { per: Some(Facet::Folder), values: 2, ..TimelineOptions::default() };
        same(searchers, &text, |searcher| json(&searcher.timelines(&[&text], &timeline, &options).expect("valid")));
        let sample = random.chance(30).then_some(KwicSample { size: 5, seed: 3, per: Some(Facet::Folder) });
        let order = random.pick(&[KwicOrder::Path, KwicOrder::Newest, KwicOrder::Oldest]).clone();
        let kwic = KwicOptions { order, sample, limit: Some(20), ..KwicOptions::default() };
        same(searchers, &text, |searcher| {
            let mut lines = Vec::new();
            let counts = searcher.kwic(&text, &kwic, &options, &mut |line| {
                let mut told = serde_json::to_value(&line).expect("it has a JSON form");
                // An engine does not know where files are.
                told.as_object_mut().map(|told| told.shift_remove("file"));
                lines.push(told.to_string());
                ControlFlow::Continue(())
            });
            (format!("{:?}", counts.expect("valid")), lines)
        });
        if with_frequencies && round % 16 == 0 {
            let (collocates, keywords) = (CollocateOptions::default(), KeywordOptions::default());
            same(searchers, &text, |searcher| {
                measures(&searcher.collocates(&text, &collocates, &options).expect("valid"))
            });
            same(searchers, &text, |searcher| measures(&searcher.keywords(&text, &keywords, &options).expect("valid")));
            same(searchers, &text, |searcher| measures(&searcher.names(Some(&text), None, &options).expect("valid")));
            same(searchers, &text, |searcher| {
                let mut certificate = measures(&searcher.certify(&text, &options, "now").expect("valid"));
                // Only several indexes are named.
                certificate["index"].as_object_mut().map(|index| index.shift_remove("indexes"));
                certificate
            });
        }
    }
}

/// What is asked without a query: articles by their ids, their reprints, quotations, words, what there is in all.
fn check_articles(random: &mut Random, searchers: [&Searcher; 2], with_frequencies: bool) -> usize {
    let all = SearchOptions { limit: 10_000, per_article: 1, ungroup: true, timeout: None, ..SearchOptions::default() };
    let [_, several] = searchers;
    let mut reprints = 0;
    for hit in several.search("path:md", &all).expect("valid").hits {
        let id = hit.article.id();
        same(searchers, &id, |searcher| json(&searcher.article(&id).expect("read").expect("there is one")));
        let prints = |searcher: &Searcher| -> Vec<_> {
            searcher.reprints(&hit.article).expect("read").iter().map(|print| print.path.clone()).collect()
        };
        let folder = |path: &str| path.rsplit_once('/').map(|(folder, _)| folder.to_string());
        let of_article = same(searchers, &id, prints);
        reprints += of_article.iter().filter(|path| folder(path) != folder(&hit.article.path)).count();
        if !with_frequencies {
            continue;
        }
        let like = format!("like:{id}");
        same(searchers, &like, |searcher| hits(searcher, &like, &SearchOptions::default()));
        if random.chance(20) {
            let quotation: Vec<&str> = hit.passage.text.split_whitespace().take(8).collect();
            let quotation = quotation.join(" ");
            same(searchers, &quotation, |searcher| json(&searcher.verify(&quotation, &all).expect("valid")));
        }
    }
    if with_frequencies {
        same(searchers, "words", |searcher| searcher.words_beginning("s", 50).expect("read"));
    }
    same(searchers, "totals", |searcher| (searcher.num_articles(), searcher.num_passages(), searcher.totals()));
    same(searchers, "languages", |searcher| searcher.languages());
    same(searchers, "extent", |searcher| (searcher.extent().expect("read"), searcher.fingerprint().expect("read")));
    reprints
}

fn check_corpora(seed: u64, corpora: usize, queries: usize) {
    let mut random = Random(seed);
    for _ in 0..corpora {
        let mut indexes = Indexes::new(&mut random);
        let one = Searcher::of(&indexes.one).expect("open");
        let several = Searcher::open_all(&indexes.paths()).expect("open");
        let before = several.pinned();
        check(&mut random, [&one, &several], queries, true);
        let reprints = check_articles(&mut random, [&one, &several], true);
        assert!(reprints > 0, "some articles have reprints in other indexes");
        indexes.change(&mut random);
        assert!(one.reopen().expect("open") && several.reopen().expect("open"), "there are newer commits");
        assert!(!several.reopen().expect("open"), "there is no newer one");
        assert_ne!(before.commit(), several.commit());
        check(&mut random, [&one, &several], queries, false);
        check_articles(&mut random, [&one, &several], false);
        // Without what was deleted all is the same again.
        indexes.merge();
        let one = Searcher::of(&indexes.one).expect("open");
        let several = Searcher::open_all(&indexes.paths()).expect("open");
        check(&mut random, [&one, &several], queries, true);
        check_articles(&mut random, [&one, &several], true);
    }
}

#[test]
fn several_indexes_answer_as_one() {
    check_corpora(2050, 3, 100);
}

#[test]
#[ignore = "runs as long as it is told: CROSSHEAD_SEED, and CROSSHEAD_CORPORA of 500 queries each"]
fn more_queries_of_several_indexes() {
    let number = |name: &str| std::env::var(name).ok().and_then(|value| value.parse().ok());
    let (seed, corpora) = (number("CROSSHEAD_SEED").unwrap_or(1), number("CROSSHEAD_CORPORA").unwrap_or(20) as usize);
    check_corpora(seed, corpora, 250);
}
