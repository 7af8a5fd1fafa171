//! Help: the query language and its fields, the keys, the problems that a request may have.

use maud::html;

use super::{Page, View};
use crate::serve::call::{Call, Reply};
use crate::serve::problem::Problem;

/// The keys of the page: what is pressed, what the script does by that name, and what that is. Every page has them for the
/// script, so that it and this page have one table.
pub(super) const KEYS: [(&str, &str, &str); 15] = [
    ("/", "box", "go to the box"),
    ("j", "next", "next hit"),
    ("k", "previous", "previous hit"),
    ("Enter", "open", "open the hit"),
    ("n", "mark", "next mark in the article"),
    ("N", "unmark", "previous mark; also p"),
    ("p", "unmark", "previous mark"),
    ("]", "after", "next hit's article"),
    ("[", "before", "previous hit's article"),
    ("s", "section", "next section with a hit"),
    ("c", "cite", "copy the citation"),
    ("e", "export", "export"),
    ("t", "time", "over time"),
    ("?", "help", "this help"),
    ("Escape", "leave", "leave the box, or go back to the hits"),
];

/// The keys and what they do, as the script reads them.
pub(super) fn keys() -> String {
    let pairs: Vec<(&str, &str)> = KEYS.iter().map(|(key, act, _)| (*key, *act)).collect();
    serde_json::to_string(&pairs).unwrap_or_default()
}

/// The problems of requests.
const PROBLEMS: [(&str, &str); 15] = [
    ("query", "The query cannot be run; the place of the error and a way out are given."),
    ("parameter", "A parameter is unknown, out of range or given twice."),
    ("timeout", "The query took too long and was stopped."),
    ("busy", "Too many searches are running; try again in a second."),
    ("index", "The index cannot be read: `crosshead check` says why."),
    ("not-found", "There is nothing of this name."),
    ("gone", "This text is no longer in the index: an id changes when its article does."),
    ("token", "The token is missing, or the one-time address was used."),
    ("host", "The request names another server."),
    ("cross-site", "Another page asked."),
    ("method", "Only GET is answered."),
    ("body", "The body is too large."),
    ("read-only", "The server writes nothing, unless it is started with --allow-save."),
    ("media", "The body is not JSON."),
    ("internal", "The server made a mistake: please report it."),
];

pub(super) fn page(call: &Call<'_>) -> Result<Reply, Problem> {
    let body = html! {
        div.room {
            section.reading { h1 { "Help" } p.counts { a href="#query" { "The query language" } " · " a href="#fields" { "Fields" } " · " a href="#keyboard" { "Keys" } " · " a href="#problems" { "Problems" } } }
            div.text {
                h2 #query { "The query language" }
                pre tabindex="0" { (crate::render::help::QUERY) }
                h2 #fields { "Fields" }
                pre tabindex="0" { (crate::render::help::FIELDS) }
                h2 #keyboard { "Keys" }
                p { "Keys act when nothing that can be typed into has the focus. The switch at the foot of every page turns them off." }
                table.keys {
                    thead { tr { th scope="col" { "Key" } th scope="col" { "What it does" } } }
                    tbody { @for (key, _, what) in KEYS { tr { td { kbd { (key) } } td { (what) } } } }
                }
                h2 #problems { "Problems" }
                dl.state { @for (code, about) in PROBLEMS { dt id=(format!("problem-{code}")) { (code) } dd { (about) } } }
                h2 { "For programs" }
                p { "The same by HTTP: " a href="/api/v1/openapi.json" { "the OpenAPI document" } "." }
            }
        }
    };
    Ok(Page::new(call.room, "Help – Crosshead", View::Other, body).reply())
}
