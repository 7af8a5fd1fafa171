//! Explains how a query was read: in words, as a plan, and with the words of the index that its words match.

use std::fmt::Write as _;

use super::local::forms::WordTest;
use super::local::plan::{Leaf, LoweredQuery, Plan};
use super::local::segment::{MAX_EXPANSIONS, Segment, expansions};
use super::local::span::SpanNode;
use super::results::WordOfFeedback;
use crate::query::{Clause, FieldTest, Near, Node, NodeKind, Query, Role, Value};
use crate::text::counted;

/// Maximum number of words of the index that are listed for a word of the query.
const MAX_LISTED: usize = 12;

/// The explanation of a query, in several lines.
#[must_use]
pub(crate) fn explain(
    query: &Query,
    lowered: &LoweredQuery,
    segments: &[Segment<'_>],
    feedback: &[WordOfFeedback],
) -> String {
    let mut out =
        format!("read as: {query}\nin words: {}\nplan: {}\n", in_words(&query.root), plan(&lowered.plan, lowered));
    if let Some(relaxed) = &lowered.relaxed {
        let _ = writeln!(out, "ranked: {}", plan(relaxed, lowered));
    }
    if !feedback.is_empty() {
        let words = feedback.iter().map(|one| format!("{} ({:.2})", one.word, one.weight)).collect::<Vec<_>>();
        let _ = writeln!(out, "feedback: {}", words.join(", "));
    }
    let mut seen = Vec::new();
    for (i, leaf) in lowered.leaves.iter().enumerate() {
        for (word, test) in leaf.words.iter().enumerate() {
            let mut counts = expansions(segments, i, word);
            counts.retain(|(folded, _)| !folded.is_empty());
            let listed: Vec<String> =
                counts.iter().take(MAX_LISTED).map(|(folded, count)| format!("{folded} ({count})")).collect();
            let more = counts.len().saturating_sub(MAX_LISTED);
            let more = match more {
                0 => String::new(),
                more => format!(", and {more} more"),
            };
            let bounded = if counts.len() >= MAX_EXPANSIONS { ", the commonest" } else { "" };
            let stands = if listed.is_empty() { "nothing in the index".to_string() } else { listed.join(", ") };
            let line = format!("{} stands for: {stands}{more}{bounded}", written(test));
            if !seen.contains(&line) {
                out.push_str(&line);
                out.push('\n');
                seen.push(line);
            }
        }
    }
    out
}

fn written(test: &WordTest) -> String {
    match test {
        WordTest::Exact(folded) => format!("\"{folded}\""),
        WordTest::Prefix(_) => format!("{}*", test.typed()),
        WordTest::Verbatim { form, .. } => format!("={form}"),
        WordTest::Stem { folded, .. } => folded.clone(),
        WordTest::AnyOf(_) => test.typed().to_string(),
        WordTest::Automaton { typed, .. } => typed.clone(),
    }
}

/// A query as a sentence.
fn in_words(node: &Node) -> String {
    let list = |nodes: &[&Node], join: &str| nodes.iter().map(|node| in_words(node)).collect::<Vec<_>>().join(join);
    match &node.kind {
        NodeKind::Nothing => "anything".into(),
        NodeKind::Word(text) => format!("the word {text} in any form"),
        NodeKind::Phrase { text, slop: 0 } => format!("the words \"{text}\" side by side"),
        NodeKind::Phrase { text, slop } => format!("the words \"{text}\", moved by {slop} places at most"),
        NodeKind::Verbatim { text, .. } => format!("{text} written just so"),
        NodeKind::Name(text) => format!("the name {text}"),
        NodeKind::Pattern(text) => format!("a word like {text}"),
        NodeKind::Fuzzy { text, distance } => format!("a word up to {distance} letters from {text}"),
        NodeKind::Regex(text) => format!("a word that /{text}/ matches"),
        NodeKind::And(clauses) => {
            let clause = |clause: &Clause| match clause.role {
                Role::Should => format!("better with {}", in_words(&clause.node)),
                _ => in_words(&clause.node),
            };
            clauses.iter().map(clause).collect::<Vec<_>>().join(", and ")
        }
        NodeKind::Or(nodes) => format!("either {}", list(&nodes.iter().collect::<Vec<_>>(), ", or ")),
        NodeKind::Not(inner) => format!("not [{}]", in_words(inner)),
        NodeKind::Prox { near, negated, operands } => {
            let near = match near {
                Near::Words(n) => format!("within {}", counted(*n, "word")),
                Near::InOrder(n) => format!("within {}, in this order,", counted(*n, "word")),
                Near::Sentence => "in one sentence".into(),
                Near::Paragraph => "in one paragraph".into(),
                Near::Section => "in one section".into(),
                Near::Article => "in one article".into(),
            };
            let nodes: Vec<&Node> = operands.iter().collect();
            match (negated, nodes.split_first()) {
                (true, Some((first, rest))) => format!("{} and {near} no {}", in_words(first), list(rest, " and no ")),
                _ => format!("{near}: [{}]", list(&nodes, "] and [")),
            }
        }
        NodeKind::First(words, inner) => format!("within the first {words} words: {}", in_words(inner)),
        NodeKind::AtLeast(times, inner) => format!("{times} times in the article: {}", in_words(inner)),
        NodeKind::Boost(_, inner) => in_words(inner),
        NodeKind::Field { field, test, value } => {
            let name = field.name();
            match (value, test) {
                (Value::Any, _) => format!("there is a {name}"),
                (Value::Regex(regex), _) => format!("the {name} matches /{regex}/"),
                (Value::Words(inner), FieldTest::Contains) => format!("in the {name}: {}", in_words(inner)),
                (Value::Words(inner), FieldTest::Equals) => format!("the {name} is just {inner}"),
                (Value::Words(inner), FieldTest::Begins) => format!("the {name} begins with {inner}"),
            }
        }
        NodeKind::Date(number, range) => format!("the date ({}) is {range}", number.name()),
        NodeKind::Number(number, range) => format!("the number ({}) is {range}", number.name()),
        NodeKind::Is(is) => format!("it is {}", is.name()),
        NodeKind::Id(id) => format!("its id is {id}"),
        NodeKind::Like(id) => format!("it is like {id}"),
        NodeKind::Saved(name, inner) => format!("what is saved as {name}: {}", in_words(inner)),
    }
}

fn plan(node: &Plan, lowered: &LoweredQuery) -> String {
    let list = |plans: &[Plan]| plans.iter().map(|inner| plan(inner, lowered)).collect::<Vec<_>>().join(", ");
    match node {
        Plan::All => "all".into(),
        Plan::Nothing => "nothing".into(),
        Plan::Leaf(number) => leaf(&lowered.leaves[*number]),
        Plan::AtLeast(times, number) => format!("atleast({times}, {})", leaf(&lowered.leaves[*number])),
        Plan::FieldEquals { term, is_prefix: false, .. } => format!("value({term})"),
        Plan::FieldEquals { term, .. } => format!("value({term}...)"),
        Plan::FieldMatches { field, regex } => format!("value({}=/{}/)", field.name(), regex.as_str()),
        Plan::Range(number, from, to) => format!("range({}, {from}..{to})", number.name()),
        Plan::Without(number) => format!("without({})", number.name()),
        Plan::Boilerplate => "boilerplate".into(),
        Plan::Duplicate => "duplicate".into(),
        Plan::Id(hash, _) => format!("id({hash:x})"),
        Plan::And(plans) => format!("and({})", list(plans)),
        Plan::Or(plans) => format!("or({})", list(plans)),
        Plan::Not(inner) => format!("not({})", plan(inner, lowered)),
        Plan::AllWithin(scope, plans) => format!("within({scope:?}, {})", list(plans)),
        Plan::Should(inner) => format!("should({})", plan(inner, lowered)),
    }
}

fn leaf(leaf: &Leaf) -> String {
    // In some fields parts of the leaf are left out, never in the first.
    let Some((_, node)) = leaf.parts.first() else { return "nothing".into() };
    let fields: Vec<&str> = leaf.parts.iter().map(|(field, _)| field.name()).collect();
    let boost = if (leaf.boost - 1.0).abs() > f32::EPSILON { format!("^{}", leaf.boost) } else { String::new() };
    format!("{}@{}{boost}", span(node, leaf), fields.join("+"))
}

fn span(node: &SpanNode, leaf: &Leaf) -> String {
    let word = |word: &usize| written(&leaf.words[*word]);
    match node {
        SpanNode::Nothing => "nothing".into(),
        SpanNode::Word(number) => word(number),
        SpanNode::Phrase { words, slop } => {
            format!("phrase~{slop}({})", words.iter().map(word).collect::<Vec<_>>().join(" "))
        }
        SpanNode::Name { words, .. } => format!("name({})", words.iter().map(word).collect::<Vec<_>>().join(" ")),
        SpanNode::Or(nodes) => {
            format!("or({})", nodes.iter().map(|node| span(node, leaf)).collect::<Vec<_>>().join(", "))
        }
        SpanNode::Forms(nodes) => {
            format!("forms({})", nodes.iter().map(|node| span(node, leaf)).collect::<Vec<_>>().join(", "))
        }
        SpanNode::Near { near, negated, pair } => {
            let not = if *negated { "not " } else { "" };
            format!("({} {not}{near} {})", span(&pair.0, leaf), span(&pair.1, leaf))
        }
        SpanNode::First(words, node) => format!("first({words}, {})", span(node, leaf)),
        SpanNode::Lede(node) => format!("lede({})", span(node, leaf)),
    }
}
