//! The state of the index: what was read, what was not and why, so that nothing is hidden from who sees no terminal.

use maud::html;

use super::parts::{counted, date, number};
use super::{Page, View};
use crate::search::SearchOptions;
use crate::search::about::by_reason;
use crate::serve::call::{Call, Reply};
use crate::serve::problem::Problem;
use crate::vocabulary::Facet;

/// Files that are listed on a page.
const PAGE: usize = 200;

pub(super) fn page(call: &Call<'_>) -> Result<Reply, Problem> {
    let searcher = &call.searcher;
    let (totals, languages, several) = (searcher.totals(), searcher.languages(), searcher.several());
    let (extent, missing) = (searcher.extent()?, searcher.missing_articles()?);
    let mut skipped = searcher.skipped()?;
    skipped.sort();
    let reasons = by_reason(&skipped);
    let from = call.values.number("from").unwrap_or(0) as usize;
    let options = SearchOptions { facet_limit: Some(20), cancel: call.cancel.clone(), ..SearchOptions::default() };
    let sources = call.searcher.facets(None, Facet::Source, &options)?;
    let body = html! {
        div.room {
            section.reading { h1 { "The index" } p.counts { "Commit " code { (call.searcher.commit()) } ", Crosshead " (env!("CARGO_PKG_VERSION")) } }
            div.text {
                dl.state {
                    dt { "Articles" } dd { (number(totals.articles)) @if missing > 0 { ", " (number(missing)) " of them kept of files that are not there" } }
                    dt { "Sections" } dd { (number(totals.sections)) }
                    dt { "Passages" } dd { (number(totals.passages)) }
                    dt { "Files" } dd { (number(totals.files)) ", " a href="#skipped" { (number(totals.skipped)) " not read" } }
                    dt { "Dates" } dd { @if let (Some(first), Some(last)) = (&extent.first, &extent.last) { (date(first)) " to " (date(last)) } @else { "none" } }
                    dt { "Languages" } dd { @for (i, (code, articles)) in languages.iter().take(12).enumerate() { @if i > 0 { ", " } (super::facets::shown(Facet::Lang, code)) " " (number(*articles)) } }
                    @if !several.is_empty() {
                        dt { "Indexes" } dd { ul { @for (name, commit, articles) in &several { li { bdi { (name) } ": " (counted(*articles, "article")) ", commit " code { (commit) } } } } }
                    }
                    dt { "Folders" } dd { ul { @for folder in searcher.folders() { li { bdi { (folder.name) } } } } }
                    dt { "Sources" } dd { @for (i, value) in sources.values.iter().enumerate() { @if i > 0 { ", " } bdi { (value.value) } " " (number(value.counts.articles)) } @if let Some(other) = &sources.other { " and " (number(other.values)) " more" } }
                }
                h2 #skipped { (number(skipped.len() as u64)) @if skipped.len() == 1 { " file or record" } @else { " files or records" } " not read" }
                @if skipped.is_empty() { p { "Everything in the folders was read." } }
                @else {
                    ul { @for (reason, count) in &reasons { li { (reason) ": " (number(*count)) } } }
                    div.wide tabindex="0" role="region" aria-label="Files that were not read" {
                        table {
                            thead { tr { th scope="col" { "File" } th scope="col" { "Why" } } }
                            tbody { @for (path, reason) in skipped.iter().skip(from).take(PAGE) { tr { td { code dir="ltr" { (path) } } td { (reason) } } } }
                        }
                    }
                    @if skipped.len() > from + PAGE { p { a rel="next" href=(format!("/index?from={}#skipped", from + PAGE)) { "More files" } } }
                }
            }
        }
    };
    Ok(Page::new(call.room, "The index – Crosshead", View::Other, body).reply())
}
