//! The parameters of the API's routes beside those of a query.

use crate::serve::ask;
use crate::serve::parameters::{Kind, Parameter};

pub(super) static N: Parameter = Parameter { name: "n", kind: Kind::Number(1, 1_000), about: "Maximum number" };
pub(super) static CURSOR: Parameter =
    Parameter { name: "cursor", kind: Kind::Text(1 << 10), about: "Where to go on: `next` of the answer before" };
pub(super) static FIELDS: Parameter =
    Parameter { name: "fields", kind: Kind::Text(1 << 10), about: "Names of the fields of hits, with commas between" };
pub(super) static FACETS: Parameter = Parameter {
    name: "facets",
    kind: Kind::Text(256),
    about: "Facets to count with the hits, with commas between: source,lang",
};
pub(super) static ADVICE: Parameter =
    Parameter { name: "advice", kind: Kind::Flag, about: "Say what other readings and fewer words would give?" };
pub(super) static EXPLAIN: Parameter =
    Parameter { name: "explain", kind: Kind::Flag, about: "Give the parts of scores?" };
pub(super) static HIGHLIGHT: Parameter = Parameter {
    name: "highlight",
    kind: Kind::Choice(&["offsets", "none"]),
    about: "Are places of matches given? offsets by default",
};
pub(super) static PER_ARTICLE: Parameter = Parameter {
    name: "per_article",
    kind: Kind::Number(1, 1_000),
    about: "Maximum number of hits of an article; 3 by default",
};
pub(super) static PREFIX: Parameter =
    Parameter { name: "prefix", kind: Kind::Text(256), about: "The beginning of the values" };
pub(super) static SORT_VALUES: Parameter = Parameter {
    name: "sort",
    kind: Kind::Choice(&["count", "value"]),
    about: "Order of the values; by count by default",
};
pub(super) static ORDER_VALUES: Parameter =
    Parameter { name: "order", kind: Kind::Choice(&["count", "value"]), about: "The same as sort" };
pub(super) static REL: Parameter =
    Parameter { name: "rel", kind: Kind::Flag, about: "Give the articles that match per 1,000 of each period, too?" };
pub(super) static BY_INTERVAL: Parameter = Parameter {
    name: "by",
    kind: Kind::Choice(&["auto", "day", "week", "month", "quarter", "year"]),
    about: "Length of a period; some dozens of periods by default",
};
pub(super) static Q2: Parameter = Parameter { name: "q2", kind: Kind::Text(ask::MAX_QUERY), about: "A second query" };
pub(super) static Q3: Parameter = Parameter { name: "q3", kind: Kind::Text(ask::MAX_QUERY), about: "A third query" };
pub(super) static Q4: Parameter = Parameter { name: "q4", kind: Kind::Text(ask::MAX_QUERY), about: "A fourth query" };
pub(super) static WIDTH: Parameter =
    Parameter { name: "width", kind: Kind::Number(0, 1_000), about: "Context on each side; 10 words by default" };
pub(super) static BY_UNIT: Parameter = Parameter {
    name: "by",
    kind: Kind::Choice(&["words", "chars"]),
    about: "Is the context counted in words or characters?",
};
pub(super) static ORDER: Parameter = Parameter {
    name: "order",
    kind: Kind::Text(64),
    about: "Order of the lines: path, newest, oldest, source, or words beside: 1R,2R,1L",
};
pub(super) static SAMPLE: Parameter =
    Parameter { name: "sample", kind: Kind::Number(1, 100_000), about: "Draw so many, in place of all" };
pub(super) static SEED: Parameter =
    Parameter { name: "seed", kind: Kind::Number(0, u32::MAX as u64), about: "Another sample, by its number" };
pub(super) static WINDOW: Parameter =
    Parameter { name: "window", kind: Kind::Number(1, 50), about: "Words on each side that are near; 5 by default" };
pub(super) static MIN: Parameter =
    Parameter { name: "min", kind: Kind::Number(1, 1_000_000), about: "Least number of times; 5 by default" };
pub(super) static MEASURE: Parameter = Parameter {
    name: "measure",
    kind: Kind::Choice(&["ll", "mi", "logdice"]),
    about: "What the words are ordered by: log-likelihood, mutual information, logDice",
};
pub(super) static FROM: Parameter =
    Parameter { name: "from", kind: Kind::Number(0, u32::MAX as u64), about: "First passage" };
pub(super) static TO: Parameter =
    Parameter { name: "to", kind: Kind::Number(0, u32::MAX as u64), about: "Last passage" };
pub(super) static FORMAT: Parameter =
    Parameter { name: "format", kind: Kind::Choice(&["json", "text", "md"]), about: "JSON, or the text alone" };
pub(super) static CONTEXT: Parameter =
    Parameter { name: "context", kind: Kind::Number(0, 100), about: "Passages before and after; 1 by default" };
pub(super) static FIELD: Parameter = Parameter {
    name: "field",
    kind: Kind::Choice(&[
        "words", "source", "desk", "byline", "lang", "tag", "heading", "speaker", "dateline", "folder",
    ]),
    about: "Words of texts, or values of a fact; words by default",
};
pub(super) static TEXT: Parameter = Parameter { name: "q", kind: Kind::Text(256), about: "The beginning" };
pub(super) static QUOTATION: Parameter = Parameter {
    name: "quotation",
    kind: Kind::Text(crate::serve::MAX_BODY_BYTES),
    about: "The words that are quoted; ... or [...] stands for words that are left out",
};
pub(super) static ID: Parameter =
    Parameter { name: "id", kind: Kind::Text(64), about: "Only in the article with this id, or with this passage" };
pub(super) static SINCE: Parameter = Parameter {
    name: "since",
    kind: Kind::Text(64),
    about: "The commit after which hits are new; the present one by default",
};

pub(super) fn with(more: &[&'static Parameter]) -> Vec<&'static Parameter> {
    let mut all = ask::parameters();
    all.extend(more);
    all
}

/// Parameters of an export: those of a query, and of the form.
pub(crate) fn export_parameters() -> Vec<&'static Parameter> {
    with(crate::serve::export::PARAMETERS)
}

/// Parameters of the values of a fact: what they are ordered by is not what hits are.
pub(super) fn values_parameters() -> Vec<&'static Parameter> {
    let mut all = with(&[&PREFIX, &N, &ORDER_VALUES]);
    all.retain(|parameter| parameter.name != SORT_VALUES.name);
    all.push(&SORT_VALUES);
    all
}

/// Parameters of a watch. Its hits have all the words, each article is sent once, and they come as they are found.
pub(super) fn watch_parameters() -> Vec<&'static Parameter> {
    let mut all = with(&[&SINCE]);
    all.retain(|parameter| !["sort", "unit", "any", "strict", "ungroup"].contains(&parameter.name));
    all
}
