//! The tool `overview`: what the archive holds.

use serde_json::{Map, Value, json};

use super::arguments::{Argument, Kind};
use super::{Answer, Call, Refusal, Tool, complete, cut, data};
use crate::search::about::by_reason;
use crate::search::{Facets, SearchError, SearchOptions};
use crate::text::language_name;
use crate::vocabulary::{Facet, TextField};

pub(super) const TOOL: Tool = Tool {
    name: "overview",
    title: "What the archive holds",
    about: "What the archive holds: articles, dates, sources, languages, folders, fields of queries, files that were not read, \
            saved queries.",
    arguments: &[Argument { name: "folder", kind: Kind::Text(1 << 10), about: "only this folder", is_required: false }],
    answer: &[("articles", "integer"), ("sources", "array"), ("folders", "array")],
    run,
};

/// Values of a list that are given.
const VALUES: usize = 12;

fn run(call: &Call<'_>) -> Result<Answer, Refusal> {
    let searcher = call.agent.searcher()?;
    let unreadable = |error| call.agent.unreadable(&error);
    let mut options = SearchOptions { cancel: call.cancel.clone(), ..SearchOptions::default() };
    if let Some(folder) = call.arguments.text("folder") {
        options.filters.add_condition(&format!("folder={folder}")).map_err(Refusal)?;
    }
    let facets = [Facet::Source, Facet::Lang, Facet::Folder, Facet::Year];
    let failed = |error| match error {
        SearchError::Query(error) => Refusal(error.message),
        SearchError::Index(error) => call.agent.unreadable(&error),
    };
    let [sources, languages, folders, years] = searcher
        .facets_together(None, &facets, &options)
        .map_err(failed)?
        .try_into()
        .expect("four facets were asked for");
    complete(years.degraded)?;
    let of_all = |facets: &Facets| {
        facets.values.iter().map(|value| value.counts.articles).sum::<u64>() + facets.without.articles
    };
    // An article has one year or none.
    let articles = of_all(&years);
    let mut structured = Map::new();
    let mut lines = Vec::new();
    if let Some(folder) = call.arguments.text("folder") {
        structured.insert("folder".into(), data(&cut(folder, 200)).into());
        if articles == 0 {
            lines.push(format!("no article is in the folder {}; folders are below", data(&cut(folder, 200))));
        }
    }
    structured.insert("articles".into(), articles.into());
    lines.push(format!("articles: {articles}"));
    let extent = searcher.extent().map_err(unreadable)?;
    let years_of: Vec<&str> = years.values.iter().map(|value| value.value.as_str()).collect();
    let (first, last) = match (years_of.iter().min(), years_of.iter().max(), call.arguments.text("folder")) {
        (Some(first), Some(last), Some(_)) => (Some((*first).to_string()), Some((*last).to_string())),
        _ => (extent.first.clone(), extent.last.clone()),
    };
    if let (Some(first), Some(last)) = (first, last) {
        lines.push(format!("dates: {first} to {last}; {} without a date", years.without.articles));
        structured.insert("first".into(), first.into());
        structured.insert("last".into(), last.into());
        structured.insert("undated".into(), years.without.articles.into());
    }
    let mut list = |name: &str, facets: &Facets, shown: &dyn Fn(&str) -> String| {
        let values: Vec<(String, u64)> =
            facets.values.iter().take(VALUES).map(|value| (shown(&value.value), value.counts.articles)).collect();
        let more = facets.values.len().saturating_sub(VALUES);
        let mut line: Vec<String> = values.iter().map(|(value, articles)| format!("{value} {articles}")).collect();
        if more > 0 {
            line.push(format!("and {more} more"));
            structured.insert(format!("more_{name}"), more.into());
        }
        if !line.is_empty() {
            lines.push(format!("{name}: {}", line.join(", ")));
        }
        let values: Vec<Value> =
            values.into_iter().map(|(value, articles)| json!({ "value": value, "articles": articles })).collect();
        structured.insert(name.into(), values.into());
    };
    let plain = |value: &str| data(&cut(value, 80));
    list("sources", &sources, &plain);
    list("languages", &languages, &|code| {
        language_name(code).map_or_else(|| plain(code), |name| format!("{code} ({name})"))
    });
    list("folders", &folders, &plain);
    let fields: Vec<&str> = TextField::ALL.into_iter().map(TextField::name).collect();
    lines.push(format!("fields: {}", fields.join(", ")));
    structured.insert("fields".into(), json!(fields));
    let skipped = searcher.skipped().map_err(unreadable)?;
    let reasons = by_reason(&skipped);
    let skipped = skipped.len();
    let told = |(reason, files): &(String, u64)| format!("{} {files}", data(&cut(reason, 80)));
    let told: Vec<String> = reasons.iter().take(5).map(told).collect();
    lines.push(if skipped == 0 {
        "files not read: none".into()
    } else {
        format!("files not read: {skipped} ({})", told.join("; "))
    });
    structured.insert("not_read".into(), skipped.into());
    if !told.is_empty() {
        structured.insert("not_read_why".into(), json!(told));
    }
    let saved = searcher.read_saved().map_err(unreadable)?;
    let names: Vec<String> = saved.keys().take(20).map(|name| format!("@{}", data(&cut(name, 40)))).collect();
    if !names.is_empty() {
        lines.push(format!("saved queries: {}", names.join(", ")));
        structured.insert("saved".into(), json!(names));
    }
    structured.insert("commit".into(), searcher.commit().into());
    lines.push(format!("commit: {}", searcher.commit()));
    Ok(Answer { text: lines.join("\n"), structured })
}
