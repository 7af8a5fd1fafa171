//! The prints of a story, and what one changed against another.

use std::sync::Arc;

use maud::{Markup, html};
use similar::{Algorithm, ChangeTag, DiffOp, capture_diff_slices};

use super::parts::{counted, facts, place, title};
use super::{Page, View};
use crate::model::{Article, ArticleText};
use crate::serve::api::article_of;
use crate::serve::call::{Call, Reply};
use crate::serve::problem::Problem;

/// Words that are compared, at most.
const MOST_WORDS: usize = 20_000;

/// Prints that are listed.
const MOST: usize = 200;

/// The words of an article's text.
fn words(text: &ArticleText) -> Vec<&str> {
    let passages = text.passages.iter().filter(|passage| passage.boilerplate.is_none());
    passages.flat_map(|passage| passage.text.split_whitespace()).take(MOST_WORDS).collect()
}

/// What must be done to the words of one text to have another.
fn difference(from: &[&str], to: &[&str]) -> Vec<DiffOp> {
    capture_diff_slices(Algorithm::Patience, from, to)
}

/// The share of the words of the shorter of two texts that are in the other, too, in the same order.
pub(crate) fn common_words(a: &ArticleText, b: &ArticleText) -> f64 {
    let (a, b) = (words(a), words(b));
    let same: usize = difference(&a, &b)
        .iter()
        .filter_map(|step| if let DiffOp::Equal { len, .. } = step { Some(*len) } else { None })
        .sum();
    let shorter = a.len().min(b.len());
    if shorter == 0 { 0.0 } else { (same as f64 / shorter as f64 * 1_000.0).round() / 1_000.0 }
}

/// The oldest first, those without a date last.
pub(super) fn sort(prints: &mut [Arc<Article>]) {
    prints.sort_by_cached_key(|print| {
        let day = print.facts.published.as_ref().map(|published| published.value.clone());
        (day.is_none(), day, print.path.clone())
    });
}

pub(super) fn page(call: &Call<'_>) -> Result<Reply, Problem> {
    let ask = call.ask();
    let text = article_of(call, &call.path[0])?;
    let mut prints = call.searcher.reprints(&text.article)?;
    let listed = prints.len();
    prints.truncate(MOST);
    sort(&mut prints);
    let compared = match call.values.text("diff") {
        None => None,
        Some(id) => Some(article_of(call, id)?),
    };
    let path = format!("/reprints/{}", text.article.id());
    let back = ["h", "n"].map(|name| (name, call.values.text(name).unwrap_or("")));
    let link = |path: &str, diff: &str| ask.link(path, &[&back[..], &[("diff", diff)]].concat());
    let body = html! {
        div.room {
            section.reading {
                h1 { strong { (counted(listed as u64 + 1, "print")) } " of one story" }
                p.counts { "Compared with " a href=(link(&format!("/a/{}", text.article.id()), "")) { bdi { (title(&text.article)) } } ":" }
                (facts(&text.article))
                @if compared.is_some() { p.counts { del { "struck out" } " only there, " ins { "underlined" } " only in the print below" } }
            }
            ol.hits.prints {
                @for print in &prints {
                    @let id = print.id();
                    li {
                        h2 dir="auto" { a href=(link(&format!("/a/{id}"), "")) { (title(print)) } }
                        (facts(print))
                        p.more {
                            @if let Some(other) = call.searcher.article(&id)? { span { (format!("{:.0} %", common_words(&text, &other) * 100.0)) " of the text in common" } }
                            a href=(link(&path, &id)) { "What changed" }
                            code dir="ltr" { (place(print)) }
                        }
                        @if let Some(other) = compared.as_ref().filter(|other| other.article.id() == id) { (changes(&text, other)) }
                    }
                }
            }
        }
    };
    let title = format!("Prints of {} – Crosshead", title(&text.article));
    Ok(Page { ask: Some(&ask), ..Page::new(call.room, title, View::Other, body) }.reply())
}

/// What another print changed, word by word; what is the same is cut short.
fn changes(from: &ArticleText, to: &ArticleText) -> Markup {
    const KEPT: usize = 12;
    let (from, to) = (words(from), words(to));
    let mut pieces: Vec<(ChangeTag, String)> = Vec::new();
    for step in difference(&from, &to) {
        let (old, new) = (&from[step.old_range()], &to[step.new_range()]);
        match step {
            DiffOp::Equal { len, .. } if len > 2 * KEPT => {
                pieces.push((ChangeTag::Equal, format!("{} … {}", old[..KEPT].join(" "), old[len - KEPT..].join(" "))));
            }
            DiffOp::Equal { .. } => pieces.push((ChangeTag::Equal, old.join(" "))),
            _ => {
                if !old.is_empty() {
                    pieces.push((ChangeTag::Delete, old.join(" ")));
                }
                if !new.is_empty() {
                    pieces.push((ChangeTag::Insert, new.join(" ")));
                }
            }
        }
    }
    html! {
        p.changes dir="auto" aria-label="What changed" {
            @for (tag, text) in &pieces {
                @match tag {
                    ChangeTag::Equal => { (text) " " },
                    ChangeTag::Delete => { del { (text) } " " },
                    ChangeTag::Insert => { ins { (text) } " " },
                }
            }
        }
    }
}
