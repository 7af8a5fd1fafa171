//! The tool `overview`: what the archive holds.

use serde_json::{Map, Value, json};

use super::arguments::{Argument, Kind};
use super::{Answer, Call, Refusal, Tool, complete, cut, data};
use crate::search::about::by_reason;
use crate::search::{Facets, Filters, SearchError, SearchOptions};
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
    let counted = |options: &SearchOptions| -> Result<[Facets; 4], Refusal> {
        let all = searcher.facets_together(None, &facets, options).map_err(failed)?;
        let all: [Facets; 4] = all.try_into().expect("four facets were asked for");
        complete(all[3].degraded)?;
        Ok(all)
    };
    let [sources, languages, mut folders, years] = counted(&options)?;
    // An article has one year or none.
    let articles = years.values.iter().map(|value| value.counts.articles).sum::<u64>() + years.without.articles;
    let folder = call.arguments.text("folder");
    let mut skipped = searcher.skipped().map_err(unreadable)?;
    if let Some(folder) = folder {
        skipped.retain(|(path, _)| is_within(path, folder));
    }
    let mut structured = Map::new();
    let mut lines = Vec::new();
    if let Some(folder) = folder {
        let name = data(&cut(folder, 200));
        structured.insert("folder".into(), name.clone().into());
        if articles > 0 {
            lines.push(format!("folder: {name}"));
        } else {
            let why = if skipped.is_empty() { "the index has none of this name" } else { "its files were not read" };
            let note =
                format!("no article is in the folder {name}: {why}; the folders below are those of the whole index");
            structured.insert("note".into(), note.clone().into());
            lines.push(note);
            // A name to try in place of this one.
            options.filters = Filters::default();
            let [_, _, of_all, _] = counted(&options)?;
            folders = of_all;
        }
    }
    structured.insert("articles".into(), articles.into());
    lines.push(format!("articles: {articles}"));
    let years_of = || years.values.iter().map(|value| value.value.clone());
    // The days of the whole index are known; of a folder, the years.
    let (first, last) = match folder {
        Some(_) => (years_of().min(), years_of().max()),
        None => {
            let extent = searcher.extent().map_err(unreadable)?;
            (extent.first, extent.last)
        }
    };
    if let (Some(first), Some(last)) = (first, last) {
        lines.push(format!("dates: {first} to {last}; {} without a date", years.without.articles));
        structured.insert("first".into(), first.into());
        structured.insert("last".into(), last.into());
    } else if articles > 0 {
        lines.push("dates: no article has one".into());
    }
    structured.insert("undated".into(), years.without.articles.into());
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
    list_files_not_read(&skipped, &mut lines, &mut structured);
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

/// How many files and records were not read, and the commonest reasons.
fn list_files_not_read(skipped: &[(String, String)], lines: &mut Vec<String>, structured: &mut Map<String, Value>) {
    let told = |(reason, files): &(String, u64)| format!("{} {files}", data(&cut(reason, 80)));
    let told: Vec<String> = by_reason(skipped).iter().take(5).map(told).collect();
    lines.push(match skipped.len() {
        0 => "files not read: none".into(),
        files => format!("files not read: {files} ({})", told.join("; ")),
    });
    structured.insert("not_read".into(), skipped.len().into());
    if !told.is_empty() {
        structured.insert("not_read_why".into(), json!(told));
    }
}

/// Is a file, or a record of it, in a folder or below it? Without regard to case, as the filter of folders.
fn is_within(path: &str, folder: &str) -> bool {
    let (path, folder) = (path.to_lowercase(), folder.to_lowercase());
    let rest = path.strip_prefix(folder.trim_end_matches('/'));
    rest.is_some_and(|rest| rest.is_empty() || rest.starts_with('/') || rest.starts_with(": "))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn files_that_were_not_read_are_those_of_the_folder() {
        for (path, folder, expected) in [
            ("news/2023/a.pdf", "news", true),
            ("news/2023/a.pdf", "News/2023/", true),
            ("news/a.jsonl: line 3", "news/a.jsonl", true),
            ("newspapers/a.pdf", "news", false),
            ("a.pdf", "news", false),
        ] {
            assert_eq!(is_within(path, folder), expected, "{path} {folder}");
        }
    }
}
