//! The page: whole HTML for every address, without script. The address is the query; the script only fetches parts of the same
//! pages earlier.
//!
//! Texts are set by `maud`, which escapes them; nothing of an article is ever markup.

mod article;
mod assets;
mod cite;
mod facets;
mod feed;
mod form;
mod help;
mod home;
mod kwic;
mod lines;
mod parts;
mod prints;
mod results;
mod state;
mod strip;
mod timeline;

use std::sync::Arc;

use axum::http::{StatusCode, Uri};
use axum::response::{IntoResponse, Response};
use maud::{DOCTYPE, Markup, html};

use super::ask::{self, Ask, Settings};
use super::call::{Call, Reply, Route, Run};
use super::parameters::{Kind, Parameter, Values};
use super::problem::Problem;
use super::room::Room;

pub(crate) use assets::is_asset;
pub(crate) use prints::common_words;

static PAGE: Parameter = Parameter { name: "page", kind: Kind::Number(1, 100_000), about: "Page of hits, from 1" };
static N: Parameter = Parameter { name: "n", kind: Kind::Choice(&["20", "50", "100"]), about: "Hits on a page" };
static TYPING: Parameter = Parameter {
    name: "typing",
    kind: Kind::Flag,
    about: "Is the query still being typed: is its last word a beginning?",
};
static FACET: Parameter = Parameter { name: "facet", kind: Kind::Text(32), about: "The fact whose values are listed" };
static PREFIX: Parameter = Parameter { name: "prefix", kind: Kind::Text(256), about: "The beginning of the values" };
static HIT: Parameter =
    Parameter { name: "h", kind: Kind::Number(1, 10_000_000), about: "Rank of the hit from which it was opened" };
static LIST: Parameter = Parameter {
    name: "from",
    kind: Kind::Choice(&["kwic"]),
    about: "The list from which it was opened, if not of hits",
};
static PASSAGE: Parameter =
    Parameter { name: "p", kind: Kind::Number(0, u32::MAX as u64), about: "The passage that is cited" };
static BY: Parameter = Parameter {
    name: "by",
    kind: Kind::Choice(&["auto", "day", "week", "month", "quarter", "year"]),
    about: "Length of a period",
};
static REL: Parameter = Parameter { name: "rel", kind: Kind::Flag, about: "Articles per 1,000 of the period?" };
static Q2: Parameter = Parameter { name: "q2", kind: Kind::Text(ask::MAX_QUERY), about: "A second query" };
static Q3: Parameter = Parameter { name: "q3", kind: Kind::Text(ask::MAX_QUERY), about: "A third query" };
static Q4: Parameter = Parameter { name: "q4", kind: Kind::Text(ask::MAX_QUERY), about: "A fourth query" };
static CSV: Parameter = Parameter { name: "format", kind: Kind::Choice(&["csv"]), about: "A table to download" };
static WIDTH: Parameter = Parameter { name: "width", kind: Kind::Number(1, 100), about: "Context on each side" };
static UNIT: Parameter =
    Parameter { name: "by", kind: Kind::Choice(&["words", "chars"]), about: "What it is counted in" };
static ORDER: Parameter = Parameter { name: "order", kind: Kind::Text(64), about: "Order of the lines" };
static SAMPLE: Parameter = Parameter { name: "sample", kind: Kind::Number(1, 10_000), about: "Draw so many lines" };
static SEED: Parameter = Parameter { name: "seed", kind: Kind::Number(0, u32::MAX as u64), about: "Another sample" };
static DIFF: Parameter = Parameter { name: "diff", kind: Kind::Text(16), about: "The print that is compared" };
static SINCE: Parameter = Parameter { name: "since", kind: Kind::Text(32), about: "First day" };
static UNTIL: Parameter = Parameter { name: "until", kind: Kind::Text(32), about: "Last day" };
static FROM: Parameter = Parameter { name: "from", kind: Kind::Number(0, 100_000_000), about: "Files to pass over" };

/// Builds the tables that are built at first use, for a test of all of them.
#[cfg(test)]
pub(crate) fn build_tables() {
    assets::build_tables();
}

fn with(more: &[&'static Parameter]) -> Vec<&'static Parameter> {
    let mut all = ask::parameters();
    all.extend(more);
    all
}

macro_rules! pages {
    ($($path:literal $run:path, $parameters:expr;)*) => {
        /// All pages.
        pub(crate) static ROUTES: &[Route] = &[
            $(Route { path: $path, parameters: $parameters, run: Run::Reply($run) },)*
        ];
    };
}

pages! {
    "/" home::page, Vec::new;
    "/search" results::page, || with(&[&PAGE, &N, &SINCE, &UNTIL]);
    "/_/search" results::fragment, || with(&[&PAGE, &N, &SINCE, &UNTIL, &TYPING]);
    "/_/values" facets::fragment, || with(&[&FACET, &PREFIX]);
    "/values" facets::page, || with(&[&FACET, &PREFIX]);
    "/timeline" timeline::page, || with(&[&BY, &REL, &Q2, &Q3, &Q4, &CSV, &SINCE, &UNTIL]);
    "/kwic" kwic::page, || with(&[&PAGE, &WIDTH, &UNIT, &ORDER, &SAMPLE, &SEED, &SINCE, &UNTIL]);
    "/a/{id}" article::page, || with(&[&HIT, &PASSAGE, &N, &LIST, &WIDTH, &UNIT, &ORDER, &SAMPLE, &SEED]);
    "/reprints/{id}" prints::page, || with(&[&DIFF, &HIT, &N]);
    "/export" form::export, || with(&[&SINCE, &UNTIL]);
    "/saved" form::saved, || vec![&ask::Q];
    "/feed" feed::page, || with(&[]);
    "/index" state::page, || vec![&FROM];
    "/help" help::page, Vec::new;
    "/opensearch.xml" assets::opensearch, Vec::new;
    "/_/suggest" assets::suggestions, || vec![&ask::Q];
    "/assets/room.css" assets::css, assets::parameters;
    "/assets/room.js" assets::js, assets::parameters;
    "/assets/icon.svg" assets::icon, assets::parameters;
}

/// What a page is of: which of the views is chosen, and what the box holds.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum View {
    Passages,
    Time,
    Context,
    /// None of them.
    Other,
}

impl View {
    const ALL: [(View, &'static str, &'static str); 3] = [
        (View::Passages, "/search", "Passages"),
        (View::Time, "/timeline", "Over time"),
        (View::Context, "/kwic", "In context"),
    ];

    fn path(self) -> &'static str {
        View::ALL.iter().find(|(view, ..)| *view == self).map_or("/search", |(_, path, _)| path)
    }

    /// The parameters that its links to itself and its forms keep. Another query begins at its first page.
    fn settings(self) -> &'static [&'static str] {
        match self {
            View::Passages => &["n"],
            View::Time => &["by", "rel", "q2", "q3", "q4"],
            View::Context => &["by", "width", "order", "sample", "seed"],
            View::Other => &[],
        }
    }
}

/// What the form of hits may be sent with.
pub(crate) fn form_parameters() -> Vec<&'static Parameter> {
    with(&[&N])
}

/// A whole page.
pub(super) struct Page<'a> {
    pub title: String,
    pub view: View,
    pub ask: Option<&'a Ask>,
    /// What belongs into the head, beside what all pages have.
    pub head: Markup,
    pub body: Markup,
    /// Where links before everything else lead, with their texts.
    pub skips: &'static [(&'static str, &'static str)],
    /// Why the index cannot be read, if it cannot.
    pub trouble: Option<String>,
}

impl Page<'_> {
    /// A page of no query.
    pub(super) fn new(room: &Room, title: impl Into<String>, view: View, body: Markup) -> Page<'static> {
        let title = title.into();
        Page { title, view, ask: None, head: html! {}, body, skips: &[], trouble: room.commits.trouble() }
    }

    fn markup(self) -> Markup {
        let empty = Ask::of(&Values::default());
        let ask = self.ask.unwrap_or(&empty);
        html! {
            (DOCTYPE)
            html lang="en" {
                head {
                    meta charset="utf-8";
                    meta name="viewport" content="width=device-width, initial-scale=1";
                    title { (self.title) }
                    link rel="stylesheet" href=(assets::css_address());
                    link rel="icon" href=(assets::icon_address()) type="image/svg+xml";
                    link rel="search" type="application/opensearchdescription+xml" title="Crosshead" href="/opensearch.xml";
                    (self.head)
                    script type="module" src=(assets::js_address()) {}
                }
                body {
                    nav.skip aria-label="Skip" {
                        a href="#main" { "To the text" }
                        @for (target, text) in self.skips { a href=(target) { (text) } }
                    }
                    header.bar {
                        div {
                            a.name href="/" { "Crosshead" }
                            form.ask role="search" action=(self.view.path()) method="get" {
                                input #q name="q" type="search" aria-label="Search the articles" value=(ask.q) dir="auto" autocomplete="off"
                                    autocapitalize="off" spellcheck="false" maxlength=(ask::MAX_QUERY) placeholder="Words, \"phrases\", heading:…";
                                @for (name, value) in ask.pairs_at(self.view.path()).iter().filter(|(name, _)| name != "q" && name != "ref") {
                                    input type="hidden" name=(name) value=(value);
                                }
                                button { "Search" }
                            }
                            nav.views aria-label="Views" {
                                @for (view, path, name) in View::ALL {
                                    @let is_current = view == self.view;
                                    a href=(ask.link(path, &[])) aria-current=[is_current.then_some("page")] { (name) }
                                }
                            }
                        }
                    }
                    @if let Some(trouble) = &self.trouble {
                        p.trouble role="status" {
                            "The index cannot be read now: " (trouble) ". What is shown is from the last time it could. "
                            a href="/index" { "The state of the index" }
                        }
                    }
                    main #main tabindex="-1" { (self.body) }
                    footer.foot {
                        a href="/index" { "The index" }
                        a href="/saved" { "Saved queries" }
                        a href="/help" { "Help" }
                        // The script puts the switch of the keys here.
                        span #keys data-keys=(help::keys()) {}
                    }
                    div #said.unseen role="status" aria-live="polite" {}
                }
            }
        }
    }

    pub(super) fn reply(self) -> Reply {
        Reply::html(self.markup())
    }
}

/// The page of what was not answered.
pub(super) fn problem_parts(problem: &Problem, ask: Option<&Ask>) -> Markup {
    html! {
        section.said {
            h1 { (problem.title) }
            p { (problem.detail) }
            @if let (Some((offset, length)), Some(ask)) = (problem.place, ask) {
                @let (offset, length) = (offset as usize, length as usize);
                @let start = ask.q.floor_char_boundary(offset.min(ask.q.len()));
                @let end = ask.q.floor_char_boundary((offset + length).min(ask.q.len())).max(start);
                p.typed dir="auto" {
                    code {
                        (ask.q[..start])
                        @if end > start { strong.fault { (ask.q[start..end]) } } @else { strong.fault { "▲" } }
                        (ask.q[end..])
                    }
                }
            }
            @if let (Some(suggestion), Some(ask)) = (&problem.suggestion, ask) {
                // What has gone from the index may be there again, whatever the filters are.
                @let options = if problem.code == "gone" { Ask::of(&Values::default()) } else { ask.clone() };
                @let other = options.with_query(suggestion.clone());
                p { "Try " a href=(other.link("/search", &[])) dir="auto" { (suggestion) } }
            }
            @if let Some(ask) = ask.filter(|ask| problem.code == "gone" && !ask.is_empty() && ask.reference.is_none()) {
                p { "Or " a href=(ask.link("/search", &[])) { "search again" @if !ask.q.is_empty() { " for " bdi { (ask.q) } } } }
            }
            @if problem.code == "query" && problem.query_code != Some("empty") {
                @if let Some(ask) = ask {
                    @let literal = Ask { literal: true, ..ask.clone() };
                    p { "Or " a href=(literal.link("/search", &[])) { "search for these words as they are" } ", without operators. " a href="/help" { "The query language" } }
                }
            }
        }
    }
}

/// A problem as a page.
pub(crate) fn problem(room: &Arc<Room>, uri: &Uri, problem: &Problem) -> Response {
    let pairs = super::parameters::pairs(uri.query().unwrap_or("")).unwrap_or_default();
    let kept = |known: &[&'static Parameter]| {
        let is_known = |name: &str| known.iter().any(|parameter| parameter.name == name);
        Values::check(pairs.iter().filter(|(name, _)| is_known(name)).cloned().collect(), known).ok()
    };
    let known = ask::parameters();
    let view = View::ALL.iter().find(|(_, path, _)| *path == uri.path()).map_or(View::Other, |(view, ..)| *view);
    let of_view = ROUTES.iter().find(|route| route.path == uri.path()).map(|route| (route.parameters)());
    let of_view = of_view.into_iter().flatten().filter(|parameter| view.settings().contains(&parameter.name));
    // A setting may be what is wrong: the query is kept without them then.
    let all: Vec<&'static Parameter> = known.iter().copied().chain(of_view).collect();
    let can_be_kept = |values: &Values| view != View::Context || kwic::can_run(values);
    let values = kept(&all).filter(can_be_kept).or_else(|| kept(&known)).unwrap_or_default();
    let ask = Ask { settings: Settings::of(view.path(), view.settings(), &values), ..Ask::of(&values) };
    let body = html! { div.room { (problem_parts(problem, Some(&ask))) } };
    let page = Page { ask: Some(&ask), ..Page::new(room, format!("{} – Crosshead", problem.title), view, body) };
    answered(page.reply(), problem)
}

/// A page for who is not let in: it tells nothing of the index.
pub(crate) fn refusal(uri: &Uri, problem: &Problem) -> Response {
    let page = html! {
        (DOCTYPE)
        html lang="en" {
            head {
                meta charset="utf-8";
                meta name="viewport" content="width=device-width, initial-scale=1";
                title { (problem.title) " – Crosshead" }
                link rel="stylesheet" href=(assets::css_address());
            }
            body {
                main.room {
                    section.said {
                        h1 { (problem.title) }
                        p { (problem.detail) }
                        @if problem.code == "token" {
                            p { "If this browser was let in before, " a href=(uri.path_and_query().map_or("/", |target| target.as_str())) { "go on" } "." }
                        }
                    }
                }
            }
        }
    };
    answered(Reply::html(page), problem)
}

fn answered(mut reply: Reply, problem: &Problem) -> Response {
    reply.status = problem.status;
    let mut response = reply.into_response();
    if problem.status == StatusCode::SERVICE_UNAVAILABLE {
        response.headers_mut().insert("retry-after", axum::http::HeaderValue::from_static("1"));
    }
    response.into_response()
}

/// The query of a page, with the fields of its form for dates taken in, and the settings of its view.
pub(super) fn asked(call: &Call<'_>, view: View) -> Ask {
    let mut ask = Ask { settings: Settings::of(view.path(), view.settings(), &call.values), ..call.ask() };
    let (since, until) = (call.values.text("since").map(str::trim), call.values.text("until").map(str::trim));
    if since.is_some() || until.is_some() {
        let (since, until) = (since.unwrap_or(""), until.unwrap_or(""));
        ask.date = Some(if since == until { since.to_string() } else { format!("{since}..{until}") });
    }
    ask
}
