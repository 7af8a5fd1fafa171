//! Forms: an export, saved queries.

use maud::{Markup, html};

use super::parts::{counted, number};
use super::{Page, View, asked};
use crate::search::SearchOptions;
use crate::serve::ask::address;
use crate::serve::call::{Call, Reply};
use crate::serve::problem::Problem;

/// The formats of tables, in words.
const TABLES: [(&str, &str); 2] = [("csv", "CSV, for spreadsheets"), ("tsv", "TSV, a line a row")];

/// The other formats of exports.
const TEXTS: [(&str, &str); 4] = [
    ("jsonl", "JSON Lines, for programs"),
    ("md", "Markdown with quotations, for notes"),
    ("ris", "RIS, for Zotero and other reference managers"),
    ("csl", "CSL-JSON, for Zotero and pandoc"),
];

/// Bytes of a hit, roughly.
const HIT_BYTES: u64 = 1_500;

pub(super) fn export(call: &Call<'_>) -> Result<Reply, Problem> {
    let ask = asked(call, View::Other);
    if ask.is_empty() {
        return super::home::page(call);
    }
    let mut options = ask.options(call.cancel)?;
    options.ask_for_all(call.searcher.num_passages());
    let counts = call.searcher.count(&ask.q, &options)?;
    Problem::of_degraded(counts.degraded)?;
    let megabytes = (counts.passages * HIT_BYTES) as f64 / 1e6;
    let body = html! {
        div.room {
            section.reading {
                h1 { "Export " strong { (counted(counts.passages, "passage")) } " of " strong { (counted(counts.articles, "article")) } }
                p.counts { "Every passage that matches the whole query, reprints included: about " (format!("{megabytes:.1}")) " MB." }
                @if counts.passages > 100_000 { p.note { "This is a large file. A program reads JSON Lines best; a spreadsheet holds about a million rows." } }
            }
            // Options of tables are refused with other formats: a form for each.
            form.text.export action="/api/v1/export" method="get" {
                @for (name, value) in ask.pairs() { input type="hidden" name=(name) value=(value); }
                (formats("A table", &TABLES))
                fieldset {
                    legend { "Options" }
                    label { input type="checkbox" name="bom" value="1"; " Begin with the mark of UTF-8, for Excel" }
                    label { input type="checkbox" name="end" value="1"; " End with a line that says that it is whole" }
                    label { input type="checkbox" name="raw" value="1"; " Leave formulas as they are (a spreadsheet may run them)" }
                }
                button { "Export the table" }
            }
            form.text.export action="/api/v1/export" method="get" {
                @for (name, value) in ask.pairs() { input type="hidden" name=(name) value=(value); }
                (formats("Another format", &TEXTS))
                button { "Export" }
            }
            p.text { a href=(ask.link("/search", &[])) { "Back to the hits" } }
        }
    };
    Ok(Page { ask: Some(&ask), ..Page::new(call.room, "Export – Crosshead", View::Other, body) }.reply())
}

/// The choice of a format, the first of them chosen.
fn formats(legend: &str, formats: &[(&str, &str)]) -> Markup {
    html! {
        fieldset {
            legend { (legend) }
            @for (i, (value, name)) in formats.iter().enumerate() {
                label { input type="radio" name="format" value=(value) checked[i == 0]; " " (name) }
            }
        }
    }
}

pub(super) fn saved(call: &Call<'_>) -> Result<Reply, Problem> {
    let saved = call.searcher.read_saved()?;
    let options = SearchOptions { cancel: call.cancel.clone(), ..SearchOptions::default() };
    let link = |path: &str, query: &str| address(path, &[("q".to_string(), query.to_string())]);
    let body = html! {
        div.room {
            section.reading { h1 { strong { (number(saved.len() as u64)) @if saved.len() == 1 { " saved query" } @else { " saved queries" } } } }
            div.text {
                @if call.room.saves {
                    form.inline action="/saved" method="post" {
                        label { "Name " input name="name" required maxlength="200" autocomplete="off"; }
                        label { "Query " input name="q" required value=(call.values.text("q").unwrap_or("")) dir="auto" autocomplete="off"; }
                        button { "Save" }
                    }
                }
                @if saved.is_empty() { p { "None yet. " code { "crosshead save NAME 'QUERY'" } " saves one; every query can then name it as @NAME." } }
                @else {
                    ul.saved {
                        @for (name, query) in &saved {
                            li {
                                h2 { a href=(link("/search", &format!("@{name}"))) { (name) } }
                                p { code dir="auto" { (query) } }
                                p.more {
                                    @match call.searcher.count(query, &options) { Ok(counts) => { span { (counted(counts.articles, "article")) } }, Err(error) => { span { (error) } } }
                                    a href=(link("/timeline", query)) { "Over time" }
                                    a href=(link("/feed", query)) { "Feed" }
                                    @if call.room.saves {
                                        form action="/saved" method="post" { input type="hidden" name="name" value=(name); button { "Remove" span.unseen { " " (name) } } }
                                    }
                                }
                            }
                        }
                    }
                }
            }
        }
    };
    Ok(Page::new(call.room, "Saved queries – Crosshead", View::Other, body).reply())
}
