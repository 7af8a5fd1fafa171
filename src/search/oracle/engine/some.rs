//! Answers of an engine of whose articles only some are fetched, or in parts.

use std::collections::BTreeSet;
use std::ops::ControlFlow;

use super::*;
use crate::index::sync::{SyncOptions, sync};
use crate::search::{Counts, Hit, Results, Sort};

/// Searches an engine that first fetches `best` articles for hits, and `most` for one call.
fn over(memory: Arc<Memory>, best: usize, most: usize) -> Searcher {
    let mut searcher = Searcher::over(memory, most).expect("open");
    let engine = searcher.engine.as_mut().and_then(Arc::get_mut).expect("nobody else has it");
    engine.best = best;
    searcher
}

/// Counts over some of the articles are bounds that hold, and estimates that are right on average; over all they are counts.
#[test]
fn counts_of_some_of_the_articles_are_bounds() {
    let mut random = Random(2070);
    let (mut bounded, mut all) = (0, 0);
    let (mut estimated, mut counted) = (0, 0);
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
                        if let Some(about) = found.about {
                            assert!((found.articles..=at_most).contains(&about), "{told}");
                            estimated += about;
                            counted += known.articles;
                        }
                    }
                }
            }
        }
    }
    assert!(bounded * 5 > all && bounded < all, "{bounded} of {all} were bounds");
    // Few articles are drawn of each query, so that one estimate is far off; all together they are not.
    let is_near = estimated * 10 > counted * 9 && estimated * 10 < counted * 11;
    assert!(counted > 400 && is_near, "estimated {estimated}, counted {counted}");
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

/// All hits of a query and the counts of each batch. Articles come in the order that was asked for.
fn exported(searcher: &Searcher, text: &str, options: &SearchOptions) -> (Vec<Hit>, Vec<Counts>) {
    let (mut hits, mut counts) = (Vec::new(), Vec::new());
    let take = &mut |results: Results| {
        assert_eq!(results.degraded, None, "{text}");
        hits.extend(results.hits);
        counts.push(results.counts);
        ControlFlow::Continue(())
    };
    searcher.search_in_batches(text, options, 3, take).expect("valid");
    (hits, counts)
}

/// Exports of more articles than are fetched at once are whole, in the order that is asked for, and end with the counts of all.
#[test]
fn exports_in_parts_are_those_of_the_index() {
    let mut random = Random(2072);
    let mut compared = 0;
    for corpus in small_corpora_of(&mut random, 3) {
        let index = open(&corpus);
        let memory = pushed(&index);
        for most in [1, 7, 20] {
            let engine = over(Arc::clone(&memory), most, most);
            for _ in 0..25 {
                let text = query(&mut random, 2).text();
                let sort = *random.pick(&[Sort::Relevance, Sort::Newest, Sort::Oldest, Sort::Path]);
                let mut options = SearchOptions { unit: any_unit(&mut random), sort, ..everything() };
                options.ask_for_all(index.num_passages());
                let ((known, of_index), (found, of_parts)) =
                    (exported(&index, &text, &options), exported(&engine, &text, &options));
                let told = format!("{text}, at most {most}, {options:?}");
                assert_eq!(of_parts.last(), of_index.last(), "{told}");
                for counts in &of_parts {
                    let all = of_index[0];
                    assert!(counts.passages <= all.passages && counts.sections <= all.sections, "{told}: {counts:?}");
                    assert!(counts.at_most.unwrap_or(counts.articles) >= all.articles, "{told}: {counts:?}");
                }
                let shown = |hit: &Hit| {
                    let mut prints: Vec<String> = hit.duplicates.iter().map(|print| print.path.clone()).collect();
                    prints.sort_unstable();
                    (hit.id(), hit.article.path.clone(), hit.marks.clone(), hit.title_marks.clone(), prints)
                };
                let all = |hits: &[Hit]| {
                    let mut all: Vec<_> = hits.iter().map(shown).collect();
                    all.sort_unstable();
                    all
                };
                assert_eq!(all(&found), all(&known), "{told}");
                assert!(found.iter().map(|hit| hit.rank).eq(1..=found.len()), "{told}");
                if sort != Sort::Relevance {
                    let articles = |hits: &[Hit]| {
                        let mut articles: Vec<(String, Option<String>)> =
                            hits.iter().map(|hit| (hit.article.path.clone(), hit.article.record.clone())).collect();
                        articles.dedup();
                        articles
                    };
                    assert_eq!(articles(&found), articles(&known), "{told}");
                }
                compared += usize::from(of_parts.len() > 3 && of_parts[0].at_most.is_some());
            }
        }
    }
    assert!(compared > 30, "{compared} exports were of several parts");
}

/// What resembles an article is the same however many articles are fetched at once.
#[test]
fn words_of_what_resembles_are_weighed_over_all_articles() {
    // Three articles of each matter.
    let word = |number: u8, length| char::from(b'a' + number).to_string().repeat(length);
    let text = |number: u8| {
        let (matter, speaker) = (word(number / 3, 4), word(number / 3, 5 + usize::from(number % 3)));
        format!("# Council\n\nThe council heard {speaker} speak of the {matter} for an hour.\n")
    };
    let texts: Vec<String> = (0..60).map(text).collect();
    let corpus = Corpus::of_texts(&texts.iter().map(String::as_str).collect::<Vec<_>>());
    let index = open(&corpus);
    let memory = pushed(&index);
    for hit in index.search("council", &everything()).expect("valid").hits.iter().step_by(7) {
        let like = format!("like:{}", hit.article.id());
        let mut options = SearchOptions { sort: Sort::Path, ..everything() };
        options.ask_for_all(index.num_passages());
        let ids = |searcher: &Searcher| -> BTreeSet<String> {
            exported(searcher, &like, &options).0.iter().map(Hit::id).collect()
        };
        let known = ids(&index);
        assert_eq!(known.len(), 2, "{like}");
        for most in [1, 7, MOST] {
            assert_eq!(ids(&over(Arc::clone(&memory), most, most)), known, "{like}, at most {most}");
        }
    }
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
