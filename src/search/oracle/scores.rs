//! Scores against the formula of `search/local/score.rs`, written down from the papers in 64 bits: BM25F (Robertson,
//! Zaragoza, Taylor, 2004) over title, heading and body of a passage, the same over the article, and sequential
//! dependence (Metzler, Croft, 2005) for the best passages.

use std::collections::{BTreeMap, BTreeSet};

use tantivy::fieldnorm::FieldNormReader;

use super::corpus::{Corpus, Known, Random, Token, everything};
use super::judge::expected;
use super::query::Q;
use super::{POOL, open, passage_of, plain_words};
use crate::search::local::run::RERANKED;
use crate::search::{Feedback, SearchOptions, Searcher, Tier};
use crate::vocabulary::Scope;

/// A passage, as (article, passage).
type Passage = (usize, usize);

/// A length as the index keeps it, in one byte.
fn norm(length: usize) -> f64 {
    f64::from(FieldNormReader::id_to_fieldnorm(FieldNormReader::fieldnorm_to_id(length as u32)))
}

fn saturated(count: f64, k: f64) -> f64 {
    count * (k + 1.0) / (k + count)
}

fn count(tokens: &[Token], stem: &str) -> f64 {
    tokens.iter().filter(|token| token.stem == stem).count() as f64
}

/// The texts of one field, as the index has them: a document each.
fn documents(corpus: &Corpus, field: Field) -> Vec<&[Token]> {
    let mut out = Vec::new();
    for known in corpus.articles.values() {
        match field {
            Field::Title => out.push(known.article.title.as_slice()),
            Field::Heading => {
                let headings = known.article.sections.iter().map(|section| section.heading.as_slice());
                out.extend(headings.filter(|heading| !heading.is_empty()));
            }
            Field::Body => out.extend(known.passages.iter().map(|&passage| body(known, passage))),
        }
    }
    out
}

/// The words of a passage, as (section, passage).
fn body(known: &Known, (section, passage): (usize, usize)) -> &[Token] {
    let tokens = &known.article.sections[section].tokens;
    let from = tokens.iter().position(|token| token.passage == passage).expect("a passage has words");
    let length = tokens[from..].iter().take_while(|token| token.passage == passage).count();
    &tokens[from..from + length]
}

#[derive(Clone, Copy)]
enum Field {
    Title,
    Heading,
    Body,
}

impl Field {
    /// Weight of a word, and how much the length of the text matters.
    fn weight(self) -> (f64, f64) {
        match self {
            Field::Title => (2.5, 0.75),
            Field::Heading => (2.5, 0.5),
            Field::Body => (1.0, 0.5),
        }
    }
}

/// What is counted over the whole corpus for the words of a query.
struct Formula<'a> {
    corpus: &'a Corpus,
    stems: Vec<&'static str>,
    /// Inverse document frequencies of the words.
    idf: Vec<f64>,
    mean: [f64; 3],
    mean_article: f64,
}

impl<'a> Formula<'a> {
    fn new(corpus: &'a Corpus, stems: Vec<&'static str>) -> Formula<'a> {
        let fields = [Field::Title, Field::Heading, Field::Body].map(|field| documents(corpus, field));
        // Each line of boilerplate is a document too.
        let boilerplate: usize = corpus.articles.values().map(|known| known.boilerplate).sum();
        let documents = (fields[2].len() + boilerplate) as f64;
        let idf = |stem: &&str| {
            // Every form of the word is a term of its own; the field counts in which the word is commonest.
            let frequency = |texts: &Vec<&[Token]>| {
                let forms = |text: &&[Token]| -> usize {
                    let of_stem = text.iter().filter(|token| token.stem == **stem);
                    of_stem.map(|token| token.raw.to_lowercase()).collect::<BTreeSet<_>>().len()
                };
                texts.iter().map(forms).sum::<usize>()
            };
            let frequency = fields.iter().map(frequency).max().expect("three fields") as f64;
            let frequency = frequency.min(documents);
            let idf = (1.0 + (documents - frequency + 0.5) / (frequency + 0.5)).ln();
            // Words that are not rare are damped below a floor.
            if idf < 2.0 { idf * (idf / 2.0).powf(0.25) } else { idf }
        };
        let idf = stems.iter().map(idf).collect();
        let mean = |texts: &Vec<&[Token]>, bearers: f64| {
            let words: usize = texts.iter().map(|text| text.len()).sum();
            (words as f64 / bearers.max(1.0)).max(1.0)
        };
        let [titles, headings, bodies] = &fields;
        let words: usize = corpus.articles.values().map(|known| known.article.words()).sum();
        Formula {
            corpus,
            stems,
            idf,
            mean: [
                mean(titles, titles.len() as f64),
                mean(headings, headings.len() as f64),
                mean(bodies, bodies.len() as f64),
            ],
            mean_article: words as f64 / corpus.articles.len() as f64,
        }
    }

    /// A word's weighted count in a text, divided by how long the text is beside others of its field.
    fn normed(&self, field: Field, text: &[Token], stem: &str) -> f64 {
        let (weight, b) = field.weight();
        weight * count(text, stem) / (1.0 - b + b * norm(text.len()) / self.mean[field as usize])
    }

    /// Scores of all that matches, with what the nearness of words would add to each.
    fn scores(&self, matches: &BTreeSet<Passage>) -> BTreeMap<Passage, (f64, f64)> {
        let mut out = BTreeMap::new();
        for (&number, known) in &self.corpus.articles {
            let of_article: Vec<(usize, usize)> =
                known.passages.iter().copied().filter(|passage| matches.contains(&(number, passage.1))).collect();
            let by_article: f64 = self
                .stems
                .iter()
                .zip(&self.idf)
                .map(|(stem, idf)| idf * self.in_article(known, &of_article, stem))
                .sum();
            for &passage in &of_article {
                let heading = &known.article.sections[passage.0].heading;
                let in_passage = |stem: &str| {
                    let count = self.normed(Field::Body, body(known, passage), stem)
                        + self.normed(Field::Heading, heading, stem)
                        + self.normed(Field::Title, &known.article.title, stem);
                    saturated(count, 1.4)
                };
                let by_passage: f64 = self.stems.iter().zip(&self.idf).map(|(stem, idf)| idf * in_passage(stem)).sum();
                let of_section: Vec<(usize, usize)> =
                    of_article.iter().copied().filter(|other| other.0 == passage.0).collect();
                let coverage = 0.5 * self.coverage(known, &[passage]) + 0.5 * self.coverage(known, &of_section);
                let base = by_passage + 0.5 * by_article + coverage;
                out.insert((number, passage.1), (base, self.nearness(known, passage)));
            }
        }
        out
    }

    /// What it is worth how many of the words passages of a section have together, with its heading and the title.
    fn coverage(&self, known: &Known, passages: &[(usize, usize)]) -> f64 {
        if self.stems.len() < 2 {
            return 0.0;
        }
        let has = |stem: &str| {
            let texts = passages.iter().map(|&passage| body(known, passage));
            let heading = known.article.sections[passages[0].0].heading.as_slice();
            texts.chain([heading, &known.article.title]).any(|text| count(text, stem) > 0.0)
        };
        let sum: f64 = self.idf.iter().sum();
        let of_words: f64 = self.stems.iter().zip(&self.idf).filter(|(stem, _)| has(stem)).map(|(_, idf)| idf).sum();
        sum * (of_words / sum).powi(3)
    }

    /// How much an article is about a word, by its title, and by the headings and texts that match.
    fn in_article(&self, known: &Known, matches: &[(usize, usize)], stem: &str) -> f64 {
        if matches.is_empty() {
            return 0.0;
        }
        let sections: BTreeSet<usize> = matches.iter().map(|passage| passage.0).collect();
        let headings = sections.iter().map(|&section| &known.article.sections[section].heading);
        let of_headings: f64 = headings.map(|heading| self.normed(Field::Heading, heading, stem)).sum();
        let of_texts: f64 = matches.iter().map(|&passage| count(body(known, passage), stem)).sum();
        let length = known.article.words() as f64 / self.mean_article;
        saturated(
            self.normed(Field::Title, &known.article.title, stem) + of_headings + of_texts / (0.2 + 0.8 * length),
            3.0,
        )
    }

    /// What it is worth that words which are neighbours in the query are near each other.
    fn nearness(&self, known: &Known, passage: (usize, usize)) -> f64 {
        let rare: Vec<usize> = (0..self.stems.len()).filter(|&word| self.idf[word] >= 2.0).collect();
        let texts = [
            (1.0, body(known, passage)),
            (2.5, known.article.title.as_slice()),
            (1.5, known.article.sections[passage.0].heading.as_slice()),
        ];
        let pairs = rare.windows(2).flat_map(|pair| texts.map(|text| (pair[0], pair[1], text)));
        let worth = pairs.map(|(one, other, (weight, text))| {
            let at = |word: usize| (0..text.len()).filter(move |&i| text[i].stem == self.stems[word]);
            let side_by_side = at(one).filter(|&i| at(other).any(|j| j == i + 1)).count() as f64;
            let near = at(one).filter(|&i| at(other).any(|j| i.abs_diff(j) <= 15)).count() as f64;
            let worth = 0.7 * side_by_side / (side_by_side + 1.0) + 0.5 * near / (near + 1.0);
            self.idf[one].min(self.idf[other]) * weight * worth
        });
        worth.sum()
    }
}

/// Asserts that hits have the scores that the formula gives for all that matches.
fn compare(found: &[(Passage, f32)], scores: &BTreeMap<Passage, (f64, f64)>, told: &str) {
    const TOLERANCE: f64 = 1e-4;
    let mut base: Vec<f64> = scores.values().map(|score| score.0).collect();
    base.sort_by(|a, b| b.total_cmp(a));
    // The score of the last that is reranked; others may tie with it.
    let last = base.get(RERANKED - 1).copied().unwrap_or(f64::NEG_INFINITY);
    for &(passage, score) in found {
        let (base, near) = scores[&passage];
        let is = |expected: f64| (f64::from(score) - expected).abs() <= TOLERANCE * expected.abs();
        let ties = (base - last).abs() <= TOLERANCE * base;
        let expected = if base >= last { base + near } else { base };
        assert!(
            is(expected) || ties && (is(base) || is(base + near)),
            "{told}: passage {passage:?} has {score}, expected {expected} ({base} and {near}, {last} is the last)"
        );
    }
}

fn check(corpus: &Corpus, searcher: &Searcher, words: &[(&'static str, &'static str)], unit: Scope) -> usize {
    let formula = Formula::new(corpus, words.iter().map(|(_, stem)| *stem).collect());
    if formula.idf.iter().any(|idf| (idf - 2.0).abs() < 1e-4) {
        // Rounding decides whether its nearness counts.
        return 0;
    }
    let word = |&(raw, stem): &(&str, &str)| Q::Word(raw.into(), stem.into());
    let matches = |q: Q| -> BTreeSet<Passage> { expected(corpus, &q, unit).into_keys().collect() };
    let all = matches(Q::All(words.iter().map(word).collect()));
    let some = matches(Q::Some(words.iter().map(word).collect()));
    let (all_scores, some_scores) = (formula.scores(&all), formula.scores(&some));
    let raw: Vec<&str> = words.iter().map(|(raw, _)| *raw).collect();
    let (plain, and) = (raw.join(" "), raw.join(" AND "));
    let mut compared = 0;
    for (text, strict, any) in
        [(&and, true, false), (&plain, true, false), (&plain, false, false), (&plain, false, true)]
    {
        let options = SearchOptions { unit, strict, any, feedback: Feedback::Never, ..everything() };
        let results =
            POOL.install(|| searcher.search(text, &options)).unwrap_or_else(|error| panic!("{text}: {error}"));
        // Hits that lack a word are ranked among the others.
        let (passages, scores) = if strict || words.len() == 1 { (&all, &all_scores) } else { (&some, &some_scores) };
        let told = format!("{text}, unit {unit:?}, strict {strict}, any {any}");
        let found: Vec<(Passage, f32)> = results.hits.iter().map(|hit| (passage_of(hit), hit.score)).collect();
        assert_eq!(found.iter().map(|hit| hit.0).collect::<BTreeSet<_>>(), *passages, "{told}");
        assert_eq!(found.len(), passages.len(), "{told}");
        compare(&found, scores, &told);
        compared += found.len();
        for hit in &results.hits {
            let has_all = all.contains(&passage_of(hit));
            assert_eq!(hit.tier == Tier::All, has_all, "{told}: {:?} lacks {:?}", passage_of(hit), hit.lacks);
            assert_eq!(hit.lacks.is_empty(), has_all, "{told}");
            assert!(hit.lacks.iter().all(|word| raw.contains(&word.as_str())), "{told}: {:?}", hit.lacks);
        }
    }
    compared
}

pub(super) fn check_corpora(seed: u64, rounds: usize) {
    let mut random = Random(seed);
    for _ in 0..rounds {
        for make in [Corpus::in_three_segments, Corpus::merged] {
            let corpus = make(&mut random);
            let searcher = open(&corpus);
            let mut compared = 0;
            for _ in 0..40 {
                let unit = *random.pick(&[Scope::Section, Scope::Article, Scope::Passage]);
                compared += check(&corpus, &searcher, &plain_words(&mut random), unit);
            }
            assert!(compared > 1_000, "{compared} scores");
        }
    }
}

#[test]
fn scores_are_those_of_the_formula() {
    check_corpora(2029, 1);
}
