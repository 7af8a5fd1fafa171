//! The tool `search`: passages that match a query.

use serde_json::{Map, Value, json};

use super::arguments::{Argument, Kind};
use super::cursor::Cursor;
use super::fill::Fill;
use super::{Answer, Call, Refusal, Tool, complete, cut, data, quoted};
use crate::search::advice::without_part;
use crate::search::{Degraded, Hit, Relaxation, Results, SearchOptions, Searcher, Sort, Tier};
use crate::text::counted;
use crate::vocabulary::Scope;

pub(super) const TOOL: Tool = Tool {
    name: "search",
    title: "Search articles",
    about: "Passages of news articles that match a query, best first. Words side by side must be in one section, in any form; \
            \"a phrase\"; AND OR NOT; w/5 near; strik* begins; title: heading: source: byline: fields; date:2023-09. \
            Syntax: crosshead://help/query.",
    arguments: &[
        QUERY,
        Argument { name: "literal", kind: Kind::Flag, about: "no operators", is_required: false },
        Argument {
            name: "sort",
            kind: Kind::Choice(&["relevance", "newest", "oldest"]),
            about: "",
            is_required: false,
        },
        FROM,
        TO,
        Argument { name: "source", kind: Kind::Texts(300), about: "names as overview has them", is_required: false },
        Argument { name: "lang", kind: Kind::Text(20), about: "", is_required: false },
        Argument { name: "limit", kind: Kind::Number(1, 50, 8), about: "", is_required: false },
        Argument { name: "per_article", kind: Kind::Number(1, 50, 1), about: "", is_required: false },
        Argument { name: "max_tokens", kind: Kind::Number(200, 8_000, 2_000), about: "", is_required: false },
        CURSOR,
    ],
    answer: &[("reading", "string"), ("articles", "integer"), ("passages", "integer"), ("hits", "array")],
    run,
};

pub(super) const QUERY: Argument =
    Argument { name: "query", kind: Kind::Text(16 << 10), about: "what to search for", is_required: true };
pub(super) const FROM: Argument =
    Argument { name: "from", kind: Kind::Text(40), about: "first day: 2023, 2023-09-12", is_required: false };
pub(super) const TO: Argument = Argument { name: "to", kind: Kind::Text(40), about: "last day", is_required: false };
pub(super) const CURSOR: Argument =
    Argument { name: "cursor", kind: Kind::Text(200), about: "next of the answer before", is_required: false };

/// Longest reading, note and title that are given, in bytes.
const READING: usize = 160;
const NOTE: usize = 200;
const TITLE: usize = 160;
/// Most words that are told to be lacking.
const LACKS: usize = 8;

fn run(call: &Call<'_>) -> Result<Answer, Refusal> {
    let arguments = &call.arguments;
    let query = arguments.text("query").unwrap_or_default();
    let (searcher, cursor) = call.place()?;
    let (limit, most) = (arguments.number("limit"), arguments.number("max_tokens"));
    let mut options = call.options()?;
    options.sort = match arguments.choice("sort") {
        "newest" => Sort::Newest,
        "oldest" => Sort::Oldest,
        _ => Sort::Relevance,
    };
    options.per_article = arguments.number("per_article");
    options.offset = cursor.given;
    // One more shows whether there is more.
    options.limit = limit + 1;
    options.snippet_bytes = snippet_bytes(most, limit);
    let is_first = cursor.given == 0;
    options.advice = is_first;
    let mut results = searcher.search(query, &options).map_err(|error| call.agent.failed(error, query))?;
    // The hits of some of the articles that may match are hits.
    complete(results.degraded.filter(|degraded| *degraded != Degraded::Candidates))?;
    let goes_on = results.hits.len() > limit;
    results.hits.truncate(limit);
    let reading = data(&cut(&results.query.to_string(), READING));
    let counts = results.counts;
    let mut structured = Map::new();
    structured.insert("reading".into(), reading.clone().into());
    structured.insert("articles".into(), counts.articles.into());
    structured.insert("passages".into(), counts.passages.into());
    let mut text = format!("reading: {reading}\n{}", matched(counts.passages, counts.articles));
    let is_partial = results.degraded == Some(Degraded::Candidates);
    if is_partial {
        text.push_str(" at least: more articles may match than were looked at");
        structured.insert("at_least".into(), true.into());
    }
    if is_first {
        let notes: Vec<String> = results.notes.iter().take(2).map(|note| data(&cut(&note.message, NOTE))).collect();
        for note in &notes {
            text.push_str(&format!("\nnote: {note}"));
        }
        if !notes.is_empty() {
            structured.insert("notes".into(), json!(notes));
        }
    }
    if counts.passages == 0 && !is_partial {
        structured.insert("certain".into(), true.into());
        let tries = tries(&searcher, query, &results, &options)?;
        for (what, passages) in &tries {
            text.push_str(&format!("\ntry: {what} ({})", counted_passages(*passages)));
        }
        if !tries.is_empty() {
            let tries: Vec<Value> =
                tries.into_iter().map(|(what, passages)| json!({ "query": what, "passages": passages })).collect();
            structured.insert("try".into(), tries.into());
        }
        if !results.hits.is_empty() {
            text.push_str("\nThese lack some of the words");
        }
    }
    // Told once, rather than with each hit.
    let all_lack = all_lack(&results.hits);
    if !all_lack.is_empty() {
        let words: Vec<String> = all_lack.iter().take(LACKS).map(|word| data(&cut(word, 40))).collect();
        text.push_str(&format!("; all lack {}", words.join(", ")));
        structured.insert("all_lack".into(), json!(words));
    }
    if counts.passages == 0 && !results.hits.is_empty() {
        text.push(':');
    }
    let mut fill = Fill::new(most, text, structured);
    for hit in &results.hits {
        let (text, item) = entry(hit, &all_lack, usize::MAX);
        if fill.push(&text, item) {
            continue;
        }
        // The first is given shorter rather than not at all.
        if fill.len() == 0 {
            for bytes in [200, 100, 0] {
                let (text, item) = entry(hit, &all_lack, bytes);
                if fill.push(&text, item) {
                    break;
                }
            }
        }
        break;
    }
    let (given, found) = (fill.len(), results.hits.len());
    let next = (given > 0 && (goes_on || given < found)).then(|| {
        let commit = searcher.commit();
        Cursor { given: cursor.given + given, bytes: 0, commit }.text(&arguments.question())
    });
    Ok(fill.finish("hits", found - given, next))
}

/// The length of snippets, in bytes, at which `limit` hits fit into `most` tokens.
fn snippet_bytes(most: usize, limit: usize) -> usize {
    /// Tokens of a hit without its snippet, and of an answer without its hits.
    const HIT: usize = 70;
    const ANSWER: usize = 150;
    /// Bytes of a token of Latin script, at the least.
    const BYTES: usize = 3;
    let share = most.saturating_sub(ANSWER) / limit;
    (share.saturating_sub(HIT) * BYTES).clamp(90, 320)
}

fn matched(passages: u64, articles: u64) -> String {
    if passages == 0 {
        return "nothing in the archive matches the whole query".into();
    }
    let articles = counted(usize::try_from(articles).unwrap_or(usize::MAX), "article");
    format!("{} in {articles}", counted_passages(passages))
}

fn counted_passages(passages: u64) -> String {
    counted(usize::try_from(passages).unwrap_or(usize::MAX), "passage")
}

/// The words that all of several hits lack.
fn all_lack(hits: &[Hit]) -> Vec<String> {
    match hits {
        [first, _, ..] => {
            let by_all = |word: &&String| hits.iter().all(|hit| hit.lacks.contains(word));
            first.lacks.iter().filter(by_all).cloned().collect()
        }
        _ => Vec::new(),
    }
}

/// A hit as text and as JSON; the snippet at most so long. What all hits lack is not told of each.
fn entry(hit: &Hit, all_lack: &[String], bytes: usize) -> (String, Value) {
    let facts = &hit.article.facts;
    let title = data(&cut(facts.title.as_deref().unwrap_or(""), TITLE.min(bytes.max(60))));
    let date = facts.published.as_ref().map_or("", |published| published.day()).to_string();
    let source = facts.source.as_deref().map(|source| data(&cut(source, 60))).unwrap_or_default();
    let heading = hit.passage.heading.as_deref().map(|heading| data(&cut(heading, 80))).unwrap_or_default();
    let snippet = &hit.snippet;
    let (before, after) = (if snippet.cut.0 { "… " } else { "" }, if snippet.cut.1 { " …" } else { "" });
    let snippet = data(&cut(&format!("{before}{}{after}", snippet.text), bytes));
    let prints = hit.duplicates.len();
    let mut item = Map::new();
    item.insert("id".into(), hit.id().into());
    item.insert("title".into(), title.clone().into());
    let mut about: Vec<String> = Vec::new();
    for (name, value) in [("source", &source), ("date", &date), ("heading", &heading)] {
        if !value.is_empty() {
            item.insert(name.into(), value.clone().into());
            about.push(if name == "heading" { format!("§ {value}") } else { value.clone() });
        }
    }
    item.insert("snippet".into(), snippet.clone().into());
    let mut more = String::new();
    if prints > 0 {
        item.insert("more_prints".into(), prints.into());
        more.push_str(&format!(" (+{prints} prints)"));
    }
    let lacks = hit.lacks.iter().filter(|word| !all_lack.contains(word));
    let lacks: Vec<String> = lacks.take(LACKS).map(|word| data(&cut(word, 40))).collect();
    if hit.tier == Tier::Some && !lacks.is_empty() {
        more.push_str(&format!(" (lacks {})", lacks.join(", ")));
        item.insert("lacks".into(), json!(lacks));
    }
    let about = if about.is_empty() { String::new() } else { format!(" | {}", about.join(" | ")) };
    let text = format!("[{}] {title}{about}{more}\n{}", hit.id(), quoted(&snippet));
    (text, Value::Object(item))
}

/// Queries to try in place of one without matches, each with its number of passages.
fn tries(
    searcher: &Searcher,
    typed: &str,
    results: &Results,
    options: &SearchOptions,
) -> Result<Vec<(String, u64)>, Refusal> {
    /// Queries that are given.
    const TRIES: usize = 4;
    let options = SearchOptions { offset: 0, limit: 1, unit: Scope::Section, ..options.clone() };
    let read = results.query.to_string();
    // Hits that lack some of the words are the best of those with any of them.
    let is_given = |relaxation: &Relaxation, other: &str| {
        matches!(relaxation, Relaxation::AnyWord { .. } | Relaxation::WiderQuery { .. })
            && !results.hits.is_empty()
            && other.split(" OR ").all(|part| !part.contains(' '))
    };
    // What takes too long is not offered.
    let relaxations = searcher.relaxations(&results.query, &options).unwrap_or_default();
    let mut tries: Vec<(String, u64)> = Vec::new();
    for relaxation in &relaxations {
        let what = match relaxation {
            Relaxation::WithoutPart { part, .. } => {
                let Some(other) = without_part(typed, part).or_else(|| without_part(&read, part)) else { continue };
                other
            }
            Relaxation::AnyWord { .. } => match any_word(typed) {
                Some(other) => other,
                None => continue,
            },
            Relaxation::WiderQuery { query, .. } => query.clone(),
            Relaxation::WithoutFilters { .. } => "the same query without all filters".into(),
            Relaxation::WithoutDates { .. } => "the same query without from and to".into(),
            Relaxation::WithoutValues { facet, .. } => format!("the same query without {}", facet.name()),
            _ => continue,
        };
        if relaxation.passages() > 0 && !is_given(relaxation, &what) {
            tries.push((data(&cut(&what, READING)), relaxation.passages()));
        }
    }
    tries.sort_by_key(|(_, passages)| u64::MAX - passages);
    tries.truncate(TRIES);
    Ok(tries)
}

/// The words of a query of plain words, of which one is enough.
fn any_word(typed: &str) -> Option<String> {
    let words: Vec<&str> = typed.split_whitespace().collect();
    let is_plain =
        |word: &&str| word.chars().all(char::is_alphanumeric) && !["AND", "OR", "NOT", "MAYBE"].contains(word);
    (words.len() > 1 && words.iter().all(is_plain)).then(|| words.join(" OR "))
}
