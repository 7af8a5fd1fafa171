//! Facets, timelines, concordances, collocates and keywords against brute force over the articles.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::ControlFlow;

use super::corpus::{Article, Corpus, Random, everything, number_of, raw};
use super::judge::{Hits, counts, expected, occurrences, section_of};
use super::query::{Q, query, spans};
use super::{LARGE, POOL, any_unit, open};
use crate::analysis::collocates::{CollocateOptions, Window};
use crate::analysis::keywords::KeywordOptions;
use crate::analysis::kwic::{KwicLine, KwicOptions, KwicOrder, KwicSample};
use crate::analysis::timeline::{Interval, TimelineOptions};
use crate::search::{Counts, FacetCount, Filters, SearchOptions, Searcher, ValueFilter};
use crate::text::Words;
use crate::vocabulary::{Facet, Scope};

/// The month of an article of the corpus.
fn month(article: &Article) -> Option<String> {
    article.date.as_ref().map(|date| date[..7].to_string())
}

/// The counts of hits by any key.
fn by<K: Ord + Clone>(corpus: &Corpus, hits: &Hits, key: impl Fn((usize, usize)) -> K) -> BTreeMap<K, Counts> {
    let mut passages: BTreeMap<K, Vec<(usize, usize)>> = BTreeMap::new();
    for &hit in hits.keys() {
        passages.entry(key(hit)).or_default().push(hit);
    }
    passages.into_iter().map(|(key, hits)| (key, counts(corpus, hits.iter()))).collect()
}

#[test]
fn facets_and_timelines_are_those_of_brute_force() {
    let mut random = Random(2040);
    let mut cut = 0;
    for make in LARGE {
        let corpus = make(&mut random);
        let searcher = open(&corpus);
        for _ in 0..25 {
            let (q, unit) = (query(&mut random, 2), any_unit(&mut random));
            let hits = expected(&corpus, &q, unit);
            let options = SearchOptions { unit, ..everything() };
            POOL.install(|| {
                check_months(&corpus, &searcher, &q, &hits, &options);
                check_crossed(&corpus, &searcher, &q, &hits, &options);
                check_timeline(&corpus, &searcher, &q, &hits, &options);
                cut += check_others(&corpus, &searcher, &q, &hits, &options);
                check_value_filters(&searcher, &q, &options);
            });
        }
    }
    assert!(cut > 20, "values were left out in {cut} queries alone");
}

/// A filter by a value of a facet keeps what the facet counts, and a filter that rules it out keeps the rest.
fn check_value_filters(searcher: &Searcher, q: &Q, options: &SearchOptions) {
    let q = q.text();
    let counts = |values: Vec<ValueFilter>| {
        let filters = Filters { values, ..options.filters.clone() };
        searcher.count(&q, &SearchOptions { filters, ..options.clone() }).expect("valid")
    };
    let all = counts(Vec::new());
    for facet in [Facet::Heading, Facet::Year] {
        // Over whole articles a heading is a condition on the article: its other sections are kept, too.
        if facet == Facet::Heading && options.unit == Scope::Article {
            continue;
        }
        let facets = searcher.facets(Some(&q), facet, options).expect("valid");
        let filter = |values: &[FacetCount], is_excluded| ValueFilter {
            facet,
            values: values.iter().map(|value| value.value.clone()).collect(),
            is_excluded,
        };
        for value in facets.values.iter().take(3) {
            let value = std::slice::from_ref(value);
            assert_eq!(counts(vec![filter(value, false)]), value[0].counts, "{q}");
            let rest = counts(vec![filter(value, true)]);
            assert_eq!(rest.sections + value[0].counts.sections, all.sections, "{q}");
        }
        // What has no value is found by an empty one.
        let none = |is_excluded| ValueFilter { facet, values: vec![String::new()], is_excluded };
        assert_eq!(counts(vec![none(false)]), facets.without, "{q}");
        assert_eq!(counts(vec![none(true)]).sections + facets.without.sections, all.sections, "{q}");
        let first = &facets.values[..facets.values.len().min(2)];
        let sections: u64 = first.iter().map(|value| value.counts.sections).sum();
        assert_eq!(counts(vec![filter(first, false)]).sections, sections, "{q}");
        assert_eq!(counts(vec![filter(first, false), filter(first, true)]).sections, 0, "{q}");
    }
}

fn check_months(corpus: &Corpus, searcher: &Searcher, q: &Q, hits: &Hits, options: &SearchOptions) {
    let mut expected = by(corpus, hits, |(article, _)| month(&corpus.articles[&article].article));
    let without = expected.remove(&None).unwrap_or_default();
    // Beside the hits and alone.
    let with_hits = SearchOptions { facets: vec![Facet::Month, Facet::Heading], limit: 5, ..options.clone() };
    let beside = searcher.search(&q.text(), &with_hits).expect("valid").facets;
    assert_eq!(beside[1], searcher.facets(Some(&q.text()), Facet::Heading, options).expect("valid"), "{}", q.text());
    for facets in [beside[0].clone(), searcher.facets(Some(&q.text()), Facet::Month, options).expect("valid")] {
        let found = facets.values.into_iter().map(|one| (Some(one.value), one.counts)).collect();
        assert_eq!(expected, found, "{}", q.text());
        assert_eq!(facets.without, without, "{}", q.text());
    }
}

fn check_crossed(corpus: &Corpus, searcher: &Searcher, q: &Q, hits: &Hits, options: &SearchOptions) {
    let expected = by(corpus, hits, |hit| {
        let article = &corpus.articles[&hit.0].article;
        let heading = &article.sections[section_of(corpus, hit)].heading;
        let folded = |heading: String| heading.to_lowercase().replace('é', "e");
        [month(article), (!heading.is_empty()).then(|| folded(raw(heading)))]
    });
    let crossed = searcher.crossed_facets(Some(&q.text()), [Facet::Month, Facet::Heading], options).expect("valid");
    let folded = |value: Option<String>| value.map(|value| value.to_lowercase().replace('é', "e"));
    let found = crossed.rows.into_iter().map(|row| {
        let [month, heading] = row.values;
        ([month, folded(heading)], row.counts)
    });
    assert_eq!(expected, found.collect(), "{}", q.text());
}

/// What is left out is counted once, however many of its values a match has. Returns whether any was left out.
fn check_others(corpus: &Corpus, searcher: &Searcher, q: &Q, hits: &Hits, options: &SearchOptions) -> usize {
    let limited = SearchOptions { facet_limit: Some(2), ..options.clone() };
    let facets = searcher.facets(Some(&q.text()), Facet::Heading, &limited).expect("valid");
    let Some(other) = facets.other else { return 0 };
    let folded = |text: &str| text.to_lowercase().replace('é', "e");
    let shown: Vec<String> = facets.values.iter().map(|one| folded(&one.value)).collect();
    let is_other = |hit: &&(usize, usize)| {
        let heading = &corpus.articles[&hit.0].article.sections[section_of(corpus, **hit)].heading;
        !heading.is_empty() && !shown.contains(&folded(&raw(heading)))
    };
    let left: Vec<(usize, usize)> = hits.keys().filter(is_other).copied().collect();
    assert_eq!(other.counts, counts(corpus, left.iter()), "{}", q.text());
    // And of dates.
    let facets = searcher.facets(Some(&q.text()), Facet::Month, &limited).expect("valid");
    let Some(other) = facets.other else { return 1 };
    let shown: Vec<Option<String>> = facets.values.into_iter().map(|one| Some(one.value)).collect();
    let is_other = |hit: &&(usize, usize)| {
        let month = month(&corpus.articles[&hit.0].article);
        month.is_some() && !shown.contains(&month)
    };
    let left: Vec<(usize, usize)> = hits.keys().filter(is_other).copied().collect();
    assert_eq!(other.counts, counts(corpus, left.iter()), "{}", q.text());
    1
}

fn check_timeline(corpus: &Corpus, searcher: &Searcher, q: &Q, hits: &Hits, options: &SearchOptions) {
    let articles: BTreeSet<usize> = hits.keys().map(|(article, _)| *article).collect();
    for (by, length) in [(Interval::Month, 7), (Interval::Year, 4)] {
        let timeline = TimelineOptions { by: Some(by), ..TimelineOptions::default() };
        let found = searcher.timelines(&[&q.text()], &timeline, options).expect("valid").remove(0);
        let of = |number: &usize| corpus.articles[number].article.date.as_ref().map(|date| date[..length].to_string());
        let mut of_period: BTreeMap<Option<String>, (u64, u64)> = BTreeMap::new();
        for number in corpus.articles.keys() {
            let (matching, all) = of_period.entry(of(number)).or_default();
            *matching += u64::from(articles.contains(number));
            *all += 1;
        }
        for bucket in &found.buckets {
            let (matching, all) = of_period.get(&Some(bucket.from[..length].to_string())).copied().unwrap_or_default();
            assert_eq!((bucket.count.articles, bucket.count.of), (matching, all), "{} {bucket:?}", q.text());
        }
        let listed: u64 = found.buckets.iter().map(|bucket| bucket.count.articles).sum();
        assert_eq!(listed + found.undated.articles, articles.len() as u64, "{}", q.text());
        let undated = of_period.get(&None).copied().unwrap_or_default();
        assert_eq!((found.undated.articles, found.undated.of), undated, "{}", q.text());
        let total = (articles.len() as u64, corpus.articles.len() as u64);
        assert_eq!((found.total.articles, found.total.of), total, "{}", q.text());
    }
}

/// The folded words of a text.
fn words(text: &str) -> Vec<String> {
    let mut words = Words::new(text);
    let mut out = Vec::new();
    while let Some(word) = words.next() {
        out.push(word.folded.to_string());
    }
    out
}

/// An occurrence by its article, section, and the words before it, in it and after it.
type Occurrence = (usize, u32, Vec<String>, Vec<String>, Vec<String>);

/// Words of context that are compared.
const CONTEXT: usize = 10;

fn expected_lines(corpus: &Corpus, q: &Q) -> Vec<Occurrence> {
    let mut out = Vec::new();
    for (&number, known) in &corpus.articles {
        for (section, start, end) in occurrences(q, &known.article) {
            let tokens = &known.article.sections[section].tokens;
            let folded = |from: usize, to: usize| tokens[from..to].iter().map(|token| token.folded.clone()).collect();
            out.push((
                number,
                section as u32,
                folded(start.saturating_sub(CONTEXT), start),
                folded(start, end),
                folded(end, (end + CONTEXT).min(tokens.len())),
            ));
        }
    }
    out
}

fn lines(searcher: &Searcher, q: &Q, kwic: &KwicOptions) -> (Vec<KwicLine>, u64) {
    let mut out = Vec::new();
    let options = SearchOptions { unit: Scope::Section, ..everything() };
    let mut take = |line| {
        out.push(line);
        ControlFlow::Continue(())
    };
    let counts = searcher.kwic(&q.text(), kwic, &options, &mut take).expect("valid");
    assert_eq!(counts.lines, out.len() as u64);
    (out, counts.occurrences)
}

fn occurrence_of(line: &KwicLine) -> Occurrence {
    let passage = &line.passage;
    let of_passage = &passage.text[line.bytes.0..line.bytes.1];
    assert!(words(&line.node).starts_with(&words(of_passage)), "{line:?}");
    let before: String = passage.text.chars().take(line.characters.0).collect();
    assert_eq!(before.len(), line.bytes.0, "{line:?}");
    (number_of(&line.article.path), passage.section, words(&line.left), words(&line.node), words(&line.right))
}

#[test]
fn occurrences_are_those_of_brute_force() {
    let mut random = Random(2041);
    let mut seen = 0;
    for make in LARGE {
        let corpus = make(&mut random);
        let searcher = open(&corpus);
        for _ in 0..40 {
            let q = spans(&mut random, 2);
            let mut expected = expected_lines(&corpus, &q);
            seen += expected.len();
            let (found, all) = POOL.install(|| lines(&searcher, &q, &KwicOptions::default()));
            let mut found: Vec<Occurrence> = found.iter().map(occurrence_of).collect();
            expected.sort();
            found.sort();
            assert_eq!(all, found.len() as u64, "{}", q.text());
            let differs = expected.iter().zip(&found).find(|(one, other)| one != other);
            assert!(expected.len() == found.len() && differs.is_none(), "{}: {differs:?}", q.text());
        }
    }
    assert!(seen > 10_000, "{seen} occurrences");
}

#[test]
fn lines_are_in_the_order_that_is_asked_for() {
    let mut random = Random(2042);
    let corpus = Corpus::in_three_segments(&mut random);
    let searcher = open(&corpus);
    for _ in 0..12 {
        let q = spans(&mut random, 1);
        let all = expected_lines(&corpus, &q);
        let mut kwic = KwicOptions { limit: Some(1 + random.below(60)), ..KwicOptions::default() };
        let neighbours: Vec<_> = ["1R", "2L"].iter().map(|text| text.parse().expect("a neighbour")).collect();
        kwic.order = KwicOrder::Words(neighbours);
        let key = |(_, _, left, _, right): &Occurrence| {
            let before =
                |distance: usize| left.len().checked_sub(distance).map_or(String::new(), |at| left[at].clone());
            (right.first().cloned().unwrap_or_default(), before(2))
        };
        let mut expected: Vec<_> = all.iter().map(key).collect();
        expected.sort();
        expected.truncate(kwic.limit.expect("set above"));
        let found = POOL.install(|| lines(&searcher, &q, &kwic)).0;
        let found: Vec<_> = found.iter().map(|line| key(&occurrence_of(line))).collect();
        assert_eq!(found, expected, "{}", q.text());

        kwic.order = KwicOrder::Newest;
        let found = POOL.install(|| lines(&searcher, &q, &kwic)).0;
        let dates: Vec<_> =
            found.iter().map(|line| corpus.articles[&number_of(&line.article.path)].article.date.clone()).collect();
        assert!(dates.is_sorted_by(|a, b| a >= b), "{}: {dates:?}", q.text());
    }
}

#[test]
fn a_sample_is_the_same_in_an_index_that_grew() {
    let q = Q::Word("the".into(), "the".into());
    let sample = |corpus: &Corpus, threads: usize| {
        let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().expect("threads");
        let kwic = KwicOptions { sample: Some(KwicSample { size: 20, seed: 7, per: None }), ..KwicOptions::default() };
        let (lines, all) = pool.install(|| lines(&open(corpus), &q, &kwic));
        let lines: Vec<_> =
            lines.iter().map(|line| (line.left.clone(), line.node.clone(), line.article.id())).collect();
        (lines, all)
    };
    let grown = Corpus::merged_with_deletes(&mut Random(2043));
    let fresh = grown.rebuilt();
    let (lines, all) = sample(&grown, 4);
    assert!(lines.len() == 20 && all > 100, "{all}");
    assert_eq!(lines, sample(&grown, 1).0);
    assert_eq!(lines, sample(&fresh, 4).0);
}

/// Occurrences of each word in an article, lower-cased.
fn forms(article: &Article) -> Vec<String> {
    let tokens = article.sections.iter().flat_map(|section| &section.tokens);
    tokens.map(|token| token.raw.to_lowercase()).collect()
}

#[test]
fn collocates_are_those_of_brute_force() {
    let mut random = Random(2044);
    let mut compared = 0;
    for make in LARGE {
        let corpus = make(&mut random);
        let searcher = open(&corpus);
        for _ in 0..10 {
            let q = spans(&mut random, 1);
            let (before, after) = (random.below(5) as u32, 1 + random.below(5) as u32);
            let mut collocates = CollocateOptions { limit: 1_000, min_count: 1, ..CollocateOptions::default() };
            collocates.window = Window::Words { before, after };
            let (mut near, mut total, mut near_words, mut node_words) =
                (BTreeMap::<String, u64>::new(), BTreeMap::<String, u64>::new(), 0, 0);
            let mut in_node: BTreeMap<String, u64> = BTreeMap::new();
            let mut all_words = 0;
            for known in corpus.articles.values() {
                let article = &known.article;
                for form in forms(article) {
                    *total.entry(form).or_default() += 1;
                    all_words += 1;
                }
                let found = occurrences(&q, article);
                for (number, section) in article.sections.iter().enumerate() {
                    let of_section: Vec<_> = found.iter().filter(|(of, ..)| *of == number).collect();
                    for (at, token) in section.tokens.iter().enumerate() {
                        let form = token.raw.to_lowercase();
                        if of_section.iter().any(|(_, start, end)| (*start..*end).contains(&at)) {
                            node_words += 1;
                            *in_node.entry(form).or_default() += 1;
                        } else if of_section.iter().any(|(_, start, end)| {
                            at + before as usize >= *start && at < *start || at >= *end && at < end + after as usize
                        }) {
                            near_words += 1;
                            *near.entry(form).or_default() += 1;
                        }
                    }
                }
            }
            let options = SearchOptions { unit: Scope::Section, ..everything() };
            let found = POOL.install(|| searcher.collocates(&q.text(), &collocates, &options)).expect("valid");
            assert_eq!(found.window_words, near_words, "{}", q.text());
            let reference = all_words - near_words - node_words;
            assert_eq!(found.reference_words, reference, "{}", q.text());
            let expected_near = |word: &str| {
                let elsewhere = total[word] - near[word] - in_node.get(word).copied().unwrap_or(0);
                let share = near_words as f64 / (near_words + reference) as f64;
                (elsewhere, (near[word] + elsewhere) as f64 * share)
            };
            let listed: BTreeSet<&str> = found.words.iter().map(|one| one.word.as_str()).collect();
            for word in near.keys() {
                let is_commoner = near[word] as f64 > expected_near(word).1;
                assert_eq!(listed.contains(word.as_str()), is_commoner, "{word} near {}", q.text());
            }
            for one in &found.words {
                compared += 1;
                let (elsewhere, expected) = expected_near(&one.word);
                assert_eq!((one.count, one.reference_count), (near[&one.word], elsewhere), "{} {}", one.word, q.text());
                assert!((one.expected - expected).abs() < 1e-9, "{one:?}");
                assert!((one.mi - (one.count as f64 / expected).log2()).abs() < 1e-9, "{one:?}");
                assert_eq!(one.before + one.after, one.count);
            }
            assert!(found.words.is_sorted_by(|a, b| a.log_likelihood >= b.log_likelihood));
        }
    }
    assert!(compared > 100, "{compared} words");
}

#[test]
fn keywords_are_those_of_brute_force() {
    let mut random = Random(2045);
    let mut compared = 0;
    for make in LARGE {
        let corpus = make(&mut random);
        let searcher = open(&corpus);
        for _ in 0..10 {
            let q = query(&mut random, 1);
            let hits = expected(&corpus, &q, Scope::Section);
            let set: BTreeSet<usize> = hits.keys().map(|(article, _)| *article).collect();
            let count = |is_in: bool| {
                let mut counts: BTreeMap<String, u64> = BTreeMap::new();
                for (_, known) in corpus.articles.iter().filter(|(number, _)| set.contains(number) == is_in) {
                    forms(&known.article).into_iter().for_each(|form| *counts.entry(form).or_default() += 1);
                }
                counts
            };
            let (inside, outside) = (count(true), count(false));
            let (set_words, reference): (u64, u64) = (inside.values().sum(), outside.values().sum());
            let keywords = KeywordOptions { limit: 1_000, min_count: 1, ..KeywordOptions::default() };
            let found = POOL.install(|| searcher.keywords(&q.text(), &keywords, &everything())).expect("valid");
            assert_eq!((found.set_words, found.reference_words), (set_words, reference), "{}", q.text());
            for one in &found.words {
                compared += 1;
                let elsewhere = outside.get(&one.word).copied().unwrap_or(0);
                assert_eq!(
                    (one.count, one.reference_count),
                    (inside[&one.word], elsewhere),
                    "{} {}",
                    one.word,
                    q.text()
                );
                let with = |number: &&usize| forms(&corpus.articles[number].article).contains(&one.word);
                assert_eq!(one.articles, set.iter().filter(with).count() as u64, "{} {}", one.word, q.text());
                let differences: f64 = set
                    .iter()
                    .map(|number| {
                        let forms = forms(&corpus.articles[number].article);
                        let of_word = forms.iter().filter(|form| **form == one.word).count() as f64;
                        (of_word / one.count as f64 - forms.len() as f64 / set_words as f64).abs()
                    })
                    .sum();
                assert!((one.dispersion - differences / 2.0).abs() < 1e-9, "{one:?}, {}", differences / 2.0);
            }
        }
    }
    assert!(compared > 100, "{compared} words");
}
