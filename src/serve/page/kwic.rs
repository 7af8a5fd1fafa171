//! In context: a line an occurrence.

use std::ops::ControlFlow;

use maud::{Markup, html};

use super::parts::{counted, is_right_to_left, marked, number, title};
use super::results::chips;
use super::{Page, View, asked, strip};
use crate::analysis::kwic::{ContextWidth, KwicLine};
use crate::serve::api::kwic_options;
use crate::serve::ask::Ask;
use crate::serve::call::{Call, Reply};
use crate::serve::parameters::Values;
use crate::serve::problem::Problem;

/// Lines on a page.
pub(super) const PAGE: usize = 100;

/// Characters of context on each side, by default: as many as fit beside the node.
const CHARACTERS: usize = 80;

/// The orders that are offered.
const ORDERS: [(&str, &str); 6] = [
    ("path", "as found"),
    ("1R,2R,3R", "word after"),
    ("1L,2L,3L", "word before"),
    ("newest", "newest"),
    ("oldest", "oldest"),
    ("source", "source"),
];

/// Are the settings of this view such as can be run?
pub(super) fn can_run(values: &Values) -> bool {
    kwic_options(values).is_ok()
}

pub(super) fn page(call: &Call<'_>) -> Result<Reply, Problem> {
    let ask = asked(call, View::Context);
    let order = call.values.text("order").unwrap_or("path");
    if ask.q.trim().is_empty() {
        let body = html! { div.room { section.reading { h1 { "In context" } p { "Search for a word or phrase to see each of its occurrences, a line each." } } } };
        return Ok(reply(call, &ask, "In context – Crosshead".into(), body));
    }
    let page = call.values.number("page").unwrap_or(1) as usize;
    let mut kwic = kwic_options(&call.values)?;
    if call.values.number("width").is_none() && call.values.text("by") != Some("words") {
        kwic.width = ContextWidth::Characters(CHARACTERS);
    }
    let skipped = (page - 1) * PAGE;
    kwic.limit = Some(skipped + PAGE + 1);
    let (mut lines, mut seen) = (Vec::new(), 0);
    let counts = call.searcher.kwic(&ask.q, &kwic, &ask.options(call.cancel)?, &mut |line| {
        if seen >= skipped {
            lines.push(line);
        }
        seen += 1;
        ControlFlow::Continue(())
    })?;
    Problem::of_degraded(counts.degraded)?;
    let goes_on = lines.len() > PAGE;
    lines.truncate(PAGE);
    let to = |page: usize| ask.link("/kwic", &[("page", &if page > 1 { page.to_string() } else { String::new() })]);
    let mut of_json = ask.settings.pairs.clone();
    if kwic.width == ContextWidth::Characters(CHARACTERS) {
        of_json.retain(|(name, _)| !["by", "width"].contains(name));
        of_json.extend([("by", "chars".to_string()), ("width", CHARACTERS.to_string())]);
    }
    // The API refuses a seed without a sample.
    if call.values.number("sample").is_none() {
        of_json.retain(|(name, _)| *name != "seed");
    }
    of_json.push(("n", "1000".into()));
    let of_json: Vec<(&str, &str)> = of_json.iter().map(|(name, value)| (*name, value.as_str())).collect();
    let body = html! {
        div.room.broad {
            section.reading {
                h1 { strong { (counted(counts.occurrences, "occurrence")) } " in " strong { (counted(counts.articles, "article")) } " for " q dir="auto" { (ask.q) } }
                p.counts {
                    @if kwic.sample.is_some() { "A sample of " (number(counts.lines)) ", the same whenever it is drawn. " a href=(ask.link("/kwic", &[("sample", ""), ("seed", "")])) { "All" } }
                    @else { "Every occurrence in the texts; titles and headings are not listed." }
                }
            }
            (chips(&ask, "/kwic"))
            nav.tools aria-label="Order and sample" {
                span {
                    "Order: "
                    @for (value, name) in ORDERS {
                        a href=(ask.link("/kwic", &[("order", value)])) aria-current=[(order == value).then_some("true")] { (name) } " "
                    }
                }
                @if kwic.sample.is_none() && counts.occurrences > 200 { a href=(ask.link("/kwic", &[("sample", "200")])) { "Sample of 200" } }
                a href=(ask.link("/api/v1/kwic", &of_json)) { "JSON" }
            }
            @if lines.is_empty() { p.nothing { "It occurs in no text." @if counts.articles > 0 { " It may be in titles or headings: " a href=(ask.link("/search", &[])) { "the hits" } } } }
            @else { (table(&ask, &lines, skipped + 1)) }
            @if page > 1 || goes_on {
                nav.pager aria-label="Pages" {
                    @if page > 1 { a rel="prev" href=(to(page - 1)) { "Previous lines" } }
                    span { "Page " (page) }
                    @if goes_on { a rel="next" href=(to(page + 1)) { "Next lines" } }
                }
            }
            (strip::dates_form(&ask, "/kwic"))
        }
    };
    let title = format!("{} in context – Crosshead", ask.q);
    Ok(reply(call, &ask, title, body))
}

fn reply(call: &Call<'_>, ask: &Ask, title: String, body: Markup) -> Reply {
    Page { ask: Some(ask), ..Page::new(call.room, title, View::Context, body) }.reply()
}

/// Lines, the first of which has this number.
fn table(ask: &Ask, lines: &[KwicLine], first: usize) -> Markup {
    let settings = ask.settings.pairs.iter().map(|(name, value)| (*name, value.as_str()));
    let settings: Vec<(&str, &str)> = std::iter::once(("from", "kwic")).chain(settings).collect();
    // What leads back to the line: its number, and the settings.
    let link = |line: &KwicLine, number: usize| {
        let (passage, number) = (line.passage.ordinal.to_string(), number.to_string());
        let more = [&settings[..], &[("h", &number), ("p", &passage)]].concat();
        format!("{}#p{passage}", ask.link(&format!("/a/{}", line.article.id()), &more))
    };
    html! {
        div.wide #hits tabindex="0" role="region" aria-label="Occurrences" {
            table.kwic {
                colgroup { col.left; col.node; col.right; col.from; }
                thead.unseen { tr { th scope="col" { "Left" } th scope="col" { "Match" } th scope="col" { "Right" } th scope="col" { "Article" } } }
                tbody {
                    @for (i, line) in lines.iter().enumerate() {
                        @let link = link(line, first + i);
                        @let direction = if is_right_to_left(&line.node) { "rtl" } else { "ltr" };
                        // What comes before stands right of the match where one reads from the right.
                        @let (left, right) = if direction == "rtl" { (&line.right, &line.left) } else { (&line.left, &line.right) };
                        tr id=(format!("k{}", first + i)) lang=[super::parts::lang(&line.article)] {
                            td.left { bdi dir=(direction) { (left) } }
                            td.node { a href=(link) { (marked(&line.node, &line.node_marks, None)) } }
                            td.right { bdi dir=(direction) { (right) } }
                            td.from title=(title(&line.article)) {
                                @if let Some(published) = &line.article.facts.published { (published.day()) " " }
                                @if let Some(source) = &line.article.facts.source { bdi { (source) } }
                            }
                        }
                    }
                }
            }
        }
    }
}
