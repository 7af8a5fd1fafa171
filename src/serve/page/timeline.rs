//! Over time: up to four queries, in numbers or relative to all articles of each period.

use maud::{Markup, html};

use super::parts::{counted, number};
use super::results::chips;
use super::{Page, View, asked, strip};
use crate::analysis::AnalysisError;
use crate::analysis::timeline::{ArticlesOf, Bucket, Interval, Timeline, TimelineOptions};
use crate::render::timeline::csv;
use crate::serve::api::interval;
use crate::serve::ask::{Ask, address};
use crate::serve::call::{Call, Reply};
use crate::serve::problem::Problem;

const WIDTH: f64 = 640.0;
const HEIGHT: f64 = 240.0;

/// Periods on a page, at most.
const MOST_PERIODS: usize = 1_000;

/// Bytes of the bars of a page, about, at most: each bears the query in its address.
const MOST_BYTES: usize = 512 << 10;

/// The parameters of the other queries.
const OTHERS: [&str; 3] = ["q2", "q3", "q4"];

/// Dash and marker of the lines; their colours are those of the stylesheet.
const LINES: [(&str, &str); 4] = [
    ("", "M-3-3h6v6h-6z"),
    ("7 4", "M0-4L4 3.5H-4z"),
    ("2 4", "M0-4L4 0 0 4-4 0z"),
    ("12 4", "M-4-1h3v-3h2v3h3v2h-3v3h-2v-3h-3z"),
];

pub(super) fn page(call: &Call<'_>) -> Result<Reply, Problem> {
    let ask = asked(call, View::Time);
    let others: Vec<&str> = OTHERS.into_iter().filter_map(|name| call.values.text(name)).collect();
    let (is_relative, by) = (call.values.flag("rel"), call.values.text("by").unwrap_or("auto"));
    if ask.is_empty() {
        let body = html! { div.room { section.reading { h1 { "Over time" } p { "Search for something to see when it was written about." } } (form(&ask, &others)) } };
        return Ok(reply(call, &ask, "Over time – Crosshead".into(), body));
    }
    let queries: Vec<&str> = std::iter::once(ask.q.as_str()).chain(others.iter().copied()).collect();
    let is_csv = call.values.text("format") == Some("csv");
    let (timelines, too_short) = counted_over_time(call, &ask, &queries, interval(Some(by)), is_csv)?;
    if is_csv {
        let mut table = Vec::new();
        csv(&mut table, &timelines).map_err(|error| Problem::internal(error.to_string()))?;
        let mut reply = Reply::new("text/csv; charset=utf-8", table);
        let name = "attachment; filename=\"crosshead-timeline.csv\"".to_string();
        reply.headers.push((axum::http::header::CONTENT_DISPOSITION, name));
        return Ok(reply);
    }
    let first = &timelines[0];
    let value =
        |count: ArticlesOf| if is_relative { count.per_thousand().unwrap_or(0.0) } else { count.articles as f64 };
    let body = html! {
        div.room {
            section.reading {
                h1 { strong { (counted(first.total.articles, "article")) } " of " (number(first.total.of)) " over time" @if !ask.q.is_empty() { ": " q dir="auto" { (ask.q) } } }
                p.counts {
                    @if is_relative { "Articles per 1,000 articles of each period in the scope: " (scope(&ask)) ". " }
                    @else { "Articles by " (first.by.name()) ". " }
                    a href=(with(call, "rel", (!is_relative).then_some("1"))) { @if is_relative { "Show numbers of articles" } @else { "Show relative to all articles" } }
                }
            }
            (chips(&ask, "/timeline"))
            nav.tools aria-label="Length of a period" {
                span {
                    "By: "
                    @for name in ["auto", "day", "week", "month", "quarter", "year"] {
                        @let is_current = too_short.map_or(by == name, |_| first.by.name() == name);
                        a href=(with(call, "by", Some(name))) aria-current=[is_current.then_some("true")] { (name) } " "
                    }
                }
                a href=(with(call, "format", Some("csv"))) { "CSV" }
            }
            @if let Some(too_short) = too_short {
                p.note {
                    "By " (too_short.name()) " there are too many periods to draw, so they are shown by " (first.by.name()) ". "
                    a href="#f-date" { "A shorter time" } " can be shown by " (too_short.name()) "."
                }
            }
            @if first.buckets.is_empty() { p.plot { "No article that matches has a date." } }
            @else {
                @let all = timelines.iter().flat_map(|timeline| &timeline.buckets);
                @let most = all.map(|bucket| value(bucket.count)).fold(0.0, f64::max).max(f64::MIN_POSITIVE);
                figure #time.plot {
                    svg.rules { (strip::grid(most, if is_relative { "per 1,000" } else { "articles" }, !is_relative)) }
                    @if timelines.len() == 1 { (strip::bars(first, &ask, "/search", most, value)) } @else { (lines(&timelines, most, is_relative, value)) }
                    (strip::axis(&first.buckets))
                    @if timelines.len() > 1 { (legend(&timelines)) }
                }
            }
            p.undated {
                @for timeline in &timelines {
                    @if timeline.undated.of > 0 {
                        @let own = ask.with_query(timeline.query.clone());
                        a href=[strip::undated(&own, "/search")] { @if timelines.len() > 1 { bdi { (timeline.query) } ", without a date: " } @else { "Without a date: " } (number(timeline.undated.articles)) } " of " (number(timeline.undated.of)) ". "
                    }
                    @for bucket in &timeline.imprecise { (strip::said(bucket)) " (no closer date). " }
                }
            }
            (table(&timelines, &ask))
            (form(&ask, &others))
            (strip::dates_form(&ask, "/timeline"))
        }
    };
    let title = format!("{} over time – Crosshead", ask.q);
    Ok(reply(call, &ask, title, body))
}

/// The timelines of queries, by the period that was chosen. If there are too many of them for a page, they are longer: the
/// period that was too short is given with them.
fn counted_over_time(
    call: &Call<'_>,
    ask: &Ask,
    queries: &[&str],
    by: Option<Interval>,
    is_csv: bool,
) -> Result<(Vec<Timeline>, Option<Interval>), Problem> {
    let options = ask.options(call.cancel)?;
    let mut chosen = by;
    loop {
        let periods = TimelineOptions { by: chosen, ..TimelineOptions::default() };
        let longer = Interval::ALL.into_iter().find(|interval| chosen.is_some_and(|chosen| *interval > chosen));
        let timelines = match call.searcher.timelines(queries, &periods, &options) {
            Err(AnalysisError::TooManyPeriods { .. }) if longer.is_some() && !is_csv => {
                chosen = longer;
                continue;
            }
            timelines => timelines?,
        };
        timelines.iter().try_for_each(|timeline| Problem::of_degraded(timeline.degraded))?;
        let is_large =
            timelines.iter().any(|one| one.buckets.len() > MOST_PERIODS || strip::weight(one, ask) > MOST_BYTES);
        if is_csv || longer.is_none() || !is_large {
            return Ok((timelines, by.filter(|_| chosen != by)));
        }
        chosen = longer;
    }
}

fn reply(call: &Call<'_>, ask: &Ask, title: String, body: Markup) -> Reply {
    Page { ask: Some(ask), ..Page::new(call.room, title, View::Time, body) }.reply()
}

/// The scope of rates, in words.
fn scope(ask: &Ask) -> String {
    let mut parts: Vec<String> = ask.date.iter().map(|date| super::results::dates(date)).collect();
    parts.extend(ask.chosen.iter().map(|one| {
        let sign = if one.is_excluded { "not " } else { "" };
        format!("{sign}{} {}", one.facet.name(), one.value)
    }));
    if parts.is_empty() { "all articles of the index".into() } else { format!("articles {}", parts.join(", ")) }
}

/// The address of this page with another value.
fn with(call: &Call<'_>, name: &str, value: Option<&str>) -> String {
    call.target_with(name, value)
}

/// Several queries as lines that differ by dash and marker.
fn lines(timelines: &[Timeline], most: f64, is_relative: bool, value: impl Fn(ArticlesOf) -> f64) -> Markup {
    let count = timelines[0].buckets.len();
    let x = |i: usize| (i as f64 + 0.5) * WIDTH / count as f64;
    let y = |count: ArticlesOf| HEIGHT - value(count) / most * HEIGHT * strip::ROOM / 100.0;
    html! {
        svg.lines role="img" aria-label="Articles over time; the table below has the numbers" {
            @for (number, (timeline, (dash, marker))) in timelines.iter().zip(LINES).enumerate() {
                // A period without any article has no rate: the line is broken there.
                @let has_value = |bucket: &Bucket| !is_relative || bucket.count.of > 0;
                @let buckets: Vec<(usize, &Bucket)> = timeline.buckets.iter().enumerate().collect();
                g class=(format!("line l{number}")) {
                    // The line is stretched to the width there is; its markers keep their shape.
                    svg viewBox=(format!("0 0 {WIDTH} {HEIGHT}")) preserveAspectRatio="none" width="100%" height="100%" {
                        @for run in buckets.split(|(_, bucket)| !has_value(bucket)).filter(|run| !run.is_empty()) {
                            @let points: Vec<String> = run.iter().map(|(i, bucket)| format!("{:.1},{:.1}", x(*i), y(bucket.count))).collect();
                            polyline points=(points.join(" ")) stroke-dasharray=(dash) {}
                        }
                    }
                    @for &(i, bucket) in buckets.iter().filter(|(i, bucket)| i % (count / 16).max(1) == 0 && has_value(bucket)) {
                        svg.at x=(format!("{:.2}%", x(i) / WIDTH * 100.0)) y=(format!("{:.2}%", y(bucket.count) / HEIGHT * 100.0)) { path d=(marker) { title { (timeline.query) ", " (strip::said(bucket)) } } }
                    }
                }
            }
        }
    }
}

fn legend(timelines: &[Timeline]) -> Markup {
    html! {
        ul.legend {
            @for (number, (timeline, (dash, marker))) in timelines.iter().zip(LINES).enumerate() {
                li {
                    svg viewBox="0 0 40 12" aria-hidden="true" { g class=(format!("line l{number}")) { polyline points="0,6 40,6" stroke-dasharray=(dash) {} path d=(marker) transform="translate(20 6)" {} } }
                    bdi { (timeline.query) } " " span.n { (counted(timeline.total.articles, "article")) }
                }
            }
        }
    }
}

/// The numbers, with the same links.
fn table(timelines: &[Timeline], ask: &Ask) -> Markup {
    html! {
        details.numbers {
            summary { "The numbers" }
            div.wide tabindex="0" role="region" aria-label="The numbers as a table" {
                table {
                    thead { tr {
                        th scope="col" { "Period" }
                        @for timeline in timelines { th scope="col" dir="auto" { (timeline.query) } th scope="col" { "per 1,000" } }
                        th scope="col" { "All" }
                    } }
                    tbody {
                        @for (i, bucket) in timelines[0].buckets.iter().enumerate() {
                            tr {
                                th scope="row" { (strip::named(bucket)) }
                                @for timeline in timelines {
                                    @let own = &timeline.buckets[i];
                                    @let link = Ask { date: Some(format!("{}..{}", own.from, own.to)), ..ask.with_query(timeline.query.clone()) };
                                    td { @if own.count.articles > 0 { a href=(link.link("/search", &[])) { (number(own.count.articles)) } } @else { "0" } }
                                    td { @if let Some(rate) = own.count.per_thousand() { (format!("{rate:.1}")) } }
                                }
                                td { (number(bucket.count.of)) }
                            }
                        }
                    }
                }
            }
        }
    }
}

/// The form of the other queries.
fn form(ask: &Ask, others: &[&str]) -> Markup {
    html! {
        form.compare action="/timeline" method="get" {
            h2 { "Compare" }
            @for (name, value) in ask.pairs_at("/timeline").iter().filter(|(name, _)| !OTHERS.contains(&name.as_str())) {
                input type="hidden" name=(name) value=(value);
            }
            @for (i, name) in OTHERS.iter().enumerate() {
                label { span { "Query " (i + 2) } " " input name=(name) value=(others.get(i).copied().unwrap_or("")) dir="auto" autocomplete="off"; }
            }
            button { "Compare" }
        }
        p.unseen { a href=(address("/search", &ask.pairs())) { "The hits" } }
    }
}
