//! Sieves in the language of OpenSearch and Elasticsearch.

use serde_json::{Value, json};

use super::mapping::{SECTIONS, number_field, one_position, values_field, words_field};
use crate::engine::{Sieve, Test, ValueTest, WordsTest};
use crate::vocabulary::{Scope, TextField};

/// The query of a sieve.
#[must_use]
pub(super) fn query(sieve: &Sieve) -> Value {
    of(sieve, false)
}

fn of(sieve: &Sieve, in_section: bool) -> Value {
    let all = |sieves: &[Sieve]| sieves.iter().map(|sieve| of(sieve, in_section)).collect::<Vec<_>>();
    match sieve {
        Sieve::All => json!({"match_all": {}}),
        Sieve::Nothing => json!({"match_none": {}}),
        Sieve::And(sieves) => {
            let (out, within): (Vec<Sieve>, Vec<Sieve>) =
                sieves.iter().cloned().partition(|sieve| matches!(sieve, Sieve::Not(_)));
            let out: Vec<Value> = out
                .iter()
                .map(|sieve| if let Sieve::Not(inner) = sieve { of(inner, in_section) } else { of(sieve, in_section) })
                .collect();
            let mut parts = json!({});
            if !within.is_empty() {
                parts["filter"] = all(&within).into();
            }
            if !out.is_empty() {
                parts["must_not"] = out.into();
            }
            json!({ "bool": parts })
        }
        Sieve::Or(sieves) => json!({"bool": {"should": all(sieves), "minimum_should_match": 1}}),
        Sieve::Not(sieve) => json!({"bool": {"must_not": [of(sieve, in_section)]}}),
        Sieve::Section(sieve) => nested(&of(sieve, true), "none"),
        Sieve::Test(test) => of_test(test, in_section),
    }
}

fn nested(query: &Value, mode: &str) -> Value {
    json!({"nested": {"path": SECTIONS, "query": query, "score_mode": mode}})
}

fn of_test(test: &Test, in_section: bool) -> Value {
    match test {
        Test::Words(field, test) => {
            let is_of_section = in_section || field.scope() != Scope::Article;
            let field = words_field(*field, is_of_section);
            match test {
                WordsTest::AnyOf(tokens) => terms(&field, tokens),
                WordsTest::Beside { first, second, moved } => {
                    let text = format!("{} {}", one_position(first), one_position(second));
                    json!({"match_phrase": {field: {"query": text, "slop": moved}}})
                }
                WordsTest::Prefix(prefix) => json!({"prefix": {field: {"value": prefix}}}),
                WordsTest::Regex(regex) => json!({"regexp": {field: {"value": regex, "flags": "NONE"}}}),
                // The first character is the sign of a word, which nothing may be exchanged for.
                WordsTest::Near(word, edits) => json!({"fuzzy": {field: {
                    "value": format!("={word}"), "fuzziness": edits, "prefix_length": 1, "transpositions": true,
                    "max_expansions": 1024, "rewrite": "constant_score",
                }}}),
                WordsTest::Some => json!({"prefix": {field: {"value": ""}}}),
            }
        }
        Test::Value(field, test) => {
            let values = values_field(in_section && field.scope() != Scope::Article);
            let value = |text: &str| format!("{}={text}", field.name());
            match test {
                ValueTest::Equals(text) => json!({"term": {values: {"value": value(text)}}}),
                ValueTest::Begins(text) => json!({"prefix": {values: {"value": value(text)}}}),
                ValueTest::Regex(regex) => json!({"regexp": {values: {"value": value(regex), "flags": "NONE"}}}),
            }
        }
        Test::Range(number, first, last) => json!({"range": {number_field(*number): {"gte": first, "lte": last}}}),
        Test::Known(number) => json!({"exists": {"field": number_field(*number)}}),
        Test::Boilerplate => json!({"term": {format!("{SECTIONS}.boilerplate"): true}}),
        Test::Duplicate => json!({"range": {"rank": {"gte": 1}}}),
        Test::Hash(hash) => json!({"term": {"hash": format!("{hash:016x}")}}),
        Test::Groups(groups) => {
            let groups: Vec<String> = groups.iter().map(|group| format!("{group:016x}")).collect();
            json!({"terms": {"group": groups}})
        }
    }
}

fn terms(field: &str, tokens: &[String]) -> Value {
    match tokens {
        [one] => json!({"term": {field: {"value": one}}}),
        tokens => json!({"terms": {field: tokens}}),
    }
}

/// The query of a sieve that scores: the rarer a word, and the oftener it is in a section, the more.
#[must_use]
pub(super) fn scored(sieve: &Sieve, weight: f32) -> Value {
    json!({"function_score": {"query": scoring(sieve, false), "boost": weight}})
}

fn scoring(sieve: &Sieve, in_section: bool) -> Value {
    match sieve {
        Sieve::And(sieves) => {
            let all: Vec<Value> = sieves
                .iter()
                .map(|sieve| if let Sieve::Not(_) = sieve { of(sieve, in_section) } else { scoring(sieve, in_section) })
                .collect();
            json!({"bool": {"must": all}})
        }
        Sieve::Or(sieves) => {
            let all: Vec<Value> = sieves.iter().map(|sieve| scoring(sieve, in_section)).collect();
            json!({"bool": {"should": all, "minimum_should_match": 1}})
        }
        Sieve::Section(sieve) => nested(&scoring(sieve, true), "max"),
        // That words are beside each other does not score: each of them does.
        Sieve::Test(Test::Words(_, WordsTest::Beside { .. })) => {
            json!({"constant_score": {"filter": of(sieve, in_section), "boost": 0.0}})
        }
        Sieve::Test(Test::Words(field, WordsTest::AnyOf(tokens))) => {
            let is_of_section = in_section || field.scope() != Scope::Article;
            let boost = if matches!(field, TextField::Title | TextField::Heading) { 2.0 } else { 1.0 };
            let field = words_field(*field, is_of_section);
            let all: Vec<Value> =
                tokens.iter().map(|token| json!({"term": {&field: {"value": token, "boost": boost}}})).collect();
            // A word and its stem are one word.
            json!({"dis_max": {"queries": all}})
        }
        other => of(other, in_section),
    }
}
