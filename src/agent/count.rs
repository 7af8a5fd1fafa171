//! The tool `count`: how much matches a query, in all or by a fact.

use serde_json::{Map, Value, json};

use super::arguments::{Argument, Kind};
use super::fill::Fill;
use super::search::{FROM, QUERY, TO};
use super::{Answer, Call, Refusal, Tool, complete, cut, data};
use crate::text::counted;
use crate::vocabulary::Facet;

pub(super) const TOOL: Tool = Tool {
    name: "count",
    title: "Count articles",
    about: "Exact numbers of articles that match a query, in all or by a fact; by year or month it is a trend.",
    arguments: &[
        QUERY,
        Argument {
            name: "by",
            kind: Kind::Choice(&["none", "source", "desk", "byline", "lang", "heading", "year", "month"]),
            about: "",
            is_required: false,
        },
        FROM,
        TO,
        Argument {
            name: "limit",
            kind: Kind::Number(1, 200, 20),
            about: "values, the commonest; periods, the last",
            is_required: false,
        },
    ],
    answer: &[("reading", "string"), ("articles", "integer"), ("passages", "integer")],
    run,
};

/// Tokens of an answer.
const MOST: usize = 2_000;

fn run(call: &Call<'_>) -> Result<Answer, Refusal> {
    let arguments = &call.arguments;
    let query = arguments.text("query").unwrap_or_default();
    let searcher = call.agent.searcher()?;
    let mut options = call.options()?;
    let facet = Facet::ALL.into_iter().find(|facet| facet.name() == arguments.choice("by"));
    // Periods are all counted, and listed in their order; with a limit, the last of them.
    let is_period = matches!(facet, Some(Facet::Year | Facet::Month));
    options.facets = facet.into_iter().collect();
    options.facet_limit = (!is_period).then(|| arguments.number("limit"));
    options.limit = 0;
    let results = searcher.search(query, &options).map_err(|error| call.agent.failed(error, query))?;
    complete(results.degraded)?;
    let reading = data(&cut(&results.query.to_string(), 160));
    let counts = results.counts;
    let mut structured = Map::new();
    structured.insert("reading".into(), reading.clone().into());
    structured.insert("articles".into(), counts.articles.into());
    structured.insert("passages".into(), counts.passages.into());
    let number = |count: u64, what: &str| counted(usize::try_from(count).unwrap_or(usize::MAX), what);
    let mut text =
        format!("reading: {reading}\n{} ({})", number(counts.articles, "article"), number(counts.passages, "passage"));
    let Some(facets) = results.facets.into_iter().next() else { return Ok(Answer { text, structured }) };
    structured.insert("by".into(), facets.facet.name().into());
    let without = facets.without.articles;
    if without > 0 {
        structured.insert("without".into(), without.into());
        text.push_str(&format!("\nwithout {}: {without}", facets.facet.name()));
    }
    if let Some(other) = facets.other {
        structured.insert("other".into(), json!({ "values": other.values, "articles": other.counts.articles }));
        text.push_str(&format!("\nother values: {}, {}", other.values, number(other.counts.articles, "article")));
    }
    let mut values = facets.values;
    if is_period {
        values.sort_by(|a, b| a.value.cmp(&b.value));
        if arguments.is_given("limit") {
            let earlier = values.len().saturating_sub(arguments.number("limit"));
            let articles: u64 = values.drain(..earlier).map(|value| value.counts.articles).sum();
            if earlier > 0 {
                structured.insert("other".into(), json!({ "values": earlier, "articles": articles }));
                text.push_str(&format!("\nearlier periods: {earlier}, {}", number(articles, "article")));
            }
        }
    }
    let found = values.len();
    let mut fill = Fill::new(MOST, text, structured);
    for value in &values {
        let name = data(&cut(&value.value, 80));
        let item = json!({ "value": name, "articles": value.counts.articles });
        if !fill.push(&format!("{name}: {}", value.counts.articles), item) {
            break;
        }
    }
    let omitted = found - fill.len();
    let mut answer = fill.finish("values", omitted, None);
    if omitted > 0 && is_period {
        answer.text.push_str("; give from and to, or count by year");
        answer.structured.insert("advice".into(), Value::from("give from and to, or count by year"));
    }
    Ok(answer)
}
