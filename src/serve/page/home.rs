//! The first page: the box, what the index is of, examples that run.

use maud::html;

use super::parts::{counted, date, facts, lang, number, of_articles, title};
use super::{Page, View, strip};
use crate::search::{Hit, SearchOptions, Sort};
use crate::serve::ask::{Ask, address};
use crate::serve::call::{Call, Reply};
use crate::serve::parameters::Values;
use crate::serve::problem::Problem;
use crate::vocabulary::Facet;

/// Articles that are listed as the newest.
const NEWEST: usize = 6;

/// Sources that are listed.
const SOURCES: usize = 12;

/// Examples at most.
const EXAMPLES: usize = 10;

pub(super) fn page(call: &Call<'_>) -> Result<Reply, Problem> {
    let searcher = &call.searcher;
    let folders = searcher.folders();
    let extent = searcher.extent().unwrap_or_default();
    let options = Ask::of(&Values::default()).options(call.cancel)?;
    let newest = SearchOptions { limit: NEWEST, per_article: 1, sort: Sort::Newest, ..options.clone() };
    let newest = searcher.search("words:>=0", &newest)?.hits;
    let options = SearchOptions { facet_limit: Some(SOURCES), ..options };
    let sources = searcher.facets(None, Facet::Source, &options)?;
    let examples = examples(call, &newest)?;
    let saved = searcher.read_saved().unwrap_or_default();
    let chosen = |value: &str| address("/search", &[("source".to_string(), value.to_string())]);
    let body = html! {
        div.room.home {
            section.reading {
                h1 { strong { (counted(searcher.num_articles(), "article")) } " to read" }
                p.counts {
                    @if let (Some(first), Some(last)) = (&extent.first, &extent.last) { "From " (date(first)) " to " (date(last)) ", in " } @else { "In " }
                    (counted(folders.len() as u64, "folder")) ": "
                    @for (i, folder) in folders.iter().enumerate() {
                        @if i > 0 { ", " }
                        bdi { (folder.name) }
                    }
                    ". " a href="/index" { "What was read, and what was not" }
                }
                @if searcher.num_articles() == 0 { p.note { "The index is empty: start the server with a folder, `crosshead serve FOLDER`." } }
            }
            (strip::of(call, &Ask::of(&Values::default()), None)?)
            @if !sources.values.is_empty() || !saved.is_empty() {
                aside.side aria-label="Sources and saved queries" {
                    @if !sources.values.is_empty() {
                        h2 { "Sources" }
                        ul {
                            @for one in &sources.values { li { a href=(chosen(&one.value)) { span.v { bdi { (one.value) } } " " (of_articles(one.counts.articles)) } } }
                            @if let Some(other) = &sources.other { li { a href="/values?facet=source" { span.v.n { "and " (number(other.values)) " more" } } } }
                        }
                    }
                    @if !saved.is_empty() {
                        h2 { "Saved" }
                        ul { @for (name, query) in &saved { li { a href=(link(&format!("@{name}"))) title=(query) { span.v { (name) } } } } }
                    }
                }
            }
            @if !newest.is_empty() {
                section.latest aria-labelledby="newest" {
                    h2 #newest { "Newest" }
                    ul {
                        @for hit in &newest {
                            li lang=[lang(&hit.article)] {
                                h3 dir="auto" { a href=(format!("/a/{}", hit.article.id())) { (title(&hit.article)) } }
                                (facts(&hit.article))
                            }
                        }
                    }
                }
            }
            @if !examples.is_empty() {
                section.examples aria-labelledby="examples" {
                    h2 #examples { "Ask for" }
                    ul {
                        @for (query, what, articles) in &examples {
                            li { a href=(link(query)) dir="auto" { (query) } " " span.what { (what) } " " span.n { (number(*articles)) } }
                        }
                    }
                }
            }
        }
    };
    Ok(Page::new(call.room, "Crosshead", View::Other, body).reply())
}

fn link(query: &str) -> String {
    address("/search", &[("q".to_string(), query.to_string())])
}

/// Queries over what the index holds, each with what it shows and its number of articles. Those without a match are left out.
fn examples(call: &Call<'_>, newest: &[Hit]) -> Result<Vec<(String, &'static str, u64)>, Problem> {
    let options = Ask::of(&Values::default()).options(call.cancel)?;
    let searcher = &call.searcher;
    let mut candidates: Vec<(String, &'static str)> = Vec::new();
    let title_words = |least: usize| {
        let titles = newest.iter().filter_map(|hit| hit.article.facts.title.as_deref());
        let words = titles
            .flat_map(|title| title.split(|c: char| !c.is_alphanumeric()))
            .filter(move |word| word.chars().count() >= least);
        words.map(str::to_string).collect::<Vec<_>>()
    };
    let words = title_words(4);
    if let [first, second, ..] = &words[..] {
        candidates.push((format!("{first} {second}"), "both words, in any form, in one section"));
        candidates.push((format!("\"{first} {second}\""), "a phrase"));
        candidates.push((format!("{first} w/10 {second}"), "at most ten words apart"));
        candidates.push((format!("{first} OR {second}"), "one of them"));
        candidates.push((format!("title:{first}"), "in the headline"));
    }
    if let Some(word) = words.iter().find(|word| word.chars().count() >= 6) {
        let beginning: String = word.chars().take(4).collect();
        candidates.push((format!("{beginning}*"), "words that begin so"));
    }
    let top = |facet: Facet| -> Result<Option<String>, Problem> {
        let options = SearchOptions { facet_limit: Some(1), ..options.clone() };
        let facets = searcher.facets(None, facet, &options)?;
        Ok(facets.values.into_iter().next().map(|value| value.value).filter(|value| !value.contains('"')))
    };
    for (facet, what) in [
        (Facet::Heading, "under this heading"),
        (Facet::Source, "from this source"),
        (Facet::Byline, "by this author"),
        (Facet::Year, "of this year"),
    ] {
        if let Some(value) = top(facet)? {
            let query = match facet {
                Facet::Year => format!("date:{value}"),
                _ => format!("{}=\"{value}\"", facet.name()),
            };
            candidates.push((query, what));
        }
    }
    let mut out = Vec::new();
    for (query, what) in candidates {
        // A word of a title may be an operator, or no word.
        let Ok(counts) = searcher.count(&query, &options) else { continue };
        if counts.articles > 0 && out.len() < EXAMPLES {
            out.push((query, what, counts.articles));
        }
    }
    Ok(out)
}
