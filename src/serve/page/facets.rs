//! Filters: the values of facts, counted over the query and all other filters, so that a value's alternatives stay in sight.

use std::collections::BTreeMap;

use maud::{Markup, html};

use super::parts::{counted, number, of_articles};
use super::results::choose;
use super::strip::undated;
use super::{Page, View};
use crate::render::text::cut;
use crate::search::{Counts, Facets, SearchOptions};
use crate::serve::api::{beside_hits, facets_in_context};
use crate::serve::ask::{Ask, Chosen};
use crate::serve::call::{Call, Reply};
use crate::serve::problem::Problem;
use crate::vocabulary::Facet;

/// Facets beside the hits.
const ON_PAGE: [Facet; 7] =
    [Facet::Heading, Facet::Source, Facet::Desk, Facet::Byline, Facet::Lang, Facet::Year, Facet::Folder];

/// Values of a facet beside the hits.
const VALUES: usize = 10;

/// Values that are listed on a page of their own.
const MOST: usize = 200;

/// A facet beside the hits.
pub(super) struct FacetOnPage {
    facet: Facet,
    /// Values and their numbers of articles, sections and passages; `None` if the time was up.
    values: Option<Vec<Value>>,
    /// Values that are not listed.
    others: u64,
    /// What has no value, if anything does.
    without: Option<Value>,
}

pub(super) struct Value {
    value: String,
    articles: u64,
    sections: u64,
    passages: u64,
}

impl Value {
    fn of(value: String, counts: Counts) -> Value {
        Value { value, articles: counts.articles, sections: counts.sections, passages: counts.passages }
    }
}

/// The name of a facet in words.
pub(super) fn name(facet: Facet) -> &'static str {
    match facet {
        Facet::Heading => "Heading",
        Facet::Source => "Source",
        Facet::Desk => "Desk",
        Facet::Byline => "Byline",
        Facet::Lang => "Language",
        Facet::Year => "Year",
        Facet::Folder => "Folder",
        Facet::Tag => "Keyword",
        Facet::Speaker => "Speaker",
        Facet::Dateline => "Dateline",
        _ => "Date",
    }
}

/// A value as people read it; an empty one stands for what has none.
pub(super) fn shown(facet: Facet, value: &str) -> String {
    if value.is_empty() {
        return "(none)".into();
    }
    if facet == Facet::Lang {
        return crate::text::language_name(value).unwrap_or(value).to_string();
    }
    value.to_string()
}

/// Facets of which all values are read: dates are in the order of time, and a folder has what is in those below it.
const WHOLE: [Facet; 3] = [Facet::Year, Facet::Day, Facet::Folder];

/// Asks for the facets that are counted with the hits, and the days of the strip.
pub(super) fn beside(ask: &Ask, options: &mut SearchOptions) {
    beside_hits(ask, &ON_PAGE, options);
    if ask.date.is_none() && !ask.is_empty() {
        options.facets.push(Facet::Day);
    }
    (options.facet_limit, options.whole_facets) = (Some(most_values(ask)), WHOLE.to_vec());
}

/// The facets beside the hits, of which some were counted with them.
pub(super) fn on_page(
    call: &Call<'_>,
    ask: &Ask,
    options: &SearchOptions,
    known: Vec<Facets>,
) -> Result<Vec<FacetOnPage>, Problem> {
    let mut whole = WHOLE.to_vec();
    // What is chosen stays in sight, with its number.
    whole.extend(ask.chosen.iter().map(|one| one.facet));
    let most = most_values(ask);
    let options = SearchOptions { facet_limit: Some(most), whole_facets: whole, ..options.clone() };
    let counted = facets_in_context(&call.searcher, ask, &ON_PAGE, &options, known)?;
    let of = |(facet, counted): (Facet, Option<crate::search::Facets>)| {
        let (mut without, mut cut) = (None, 0);
        let values = counted.map(|counted| {
            cut = counted.other.map_or(0, |other| other.values);
            without = Some(Value::of(String::new(), counted.without)).filter(|none| none.articles > 0);
            let all = counted.values.into_iter().map(|one| Value::of(one.value, one.counts));
            if facet == Facet::Folder { with_folders_above(all) } else { all.collect() }
        });
        let is_chosen = |value: &Value| ask.chosen.contains(&choose(facet, &value.value));
        let mut listed = values;
        let mut others = 0;
        if let Some(values) = &mut listed {
            if facet == Facet::Year {
                values.sort_by(|a, b| b.value.cmp(&a.value));
            }
            let all = values.len();
            let rest = values.split_off(all.min(most));
            // What is chosen stays in sight.
            values.extend(rest.into_iter().filter(is_chosen));
            others = (all - values.len()) as u64 + cut;
            let missing = ask.chosen.iter().filter(|one| one.facet == facet && !one.is_excluded);
            let is_known = |one: &&Chosen| one.value.is_empty() && without.is_some();
            let missing: Vec<String> = missing
                .filter(|one| !is_known(one) && !values.iter().any(|value| value.value == one.value))
                .map(|one| one.value.clone())
                .collect();
            values.extend(missing.into_iter().map(|value| Value::of(value, Counts::default())));
        }
        FacetOnPage { facet, values: listed, others, without }
    };
    Ok(ON_PAGE.into_iter().zip(counted).map(of).collect())
}

/// Values of a facet that are listed: fewer beside a long query, which each of them bears twice in its addresses.
fn most_values(ask: &Ask) -> usize {
    /// Bytes of all values, and of one without its addresses.
    const ALL: usize = 16 << 10;
    const VALUE: usize = 150;
    const LEAST: usize = 3;
    let address = ask.link("/search", &[]).len();
    (ALL / ON_PAGE.len() / (VALUE + 2 * address)).clamp(LEAST, VALUES)
}

/// Folders with what is in the folders below them, as the filter keeps it.
fn with_folders_above(values: impl Iterator<Item = Value>) -> Vec<Value> {
    let own: Vec<Value> = values.collect();
    let mut all: BTreeMap<String, Value> = BTreeMap::new();
    for value in &own {
        let mut path = value.value.as_str();
        loop {
            let known = all.entry(path.to_string()).or_insert_with(|| Value::of(path.to_string(), Counts::default()));
            known.articles += value.articles;
            known.sections += value.sections;
            known.passages += value.passages;
            match path.rsplit_once('/') {
                Some((above, _)) if !above.is_empty() => path = above,
                _ => break,
            }
        }
    }
    let mut all: Vec<Value> = all.into_values().collect();
    all.sort_by(|a, b| b.articles.cmp(&a.articles).then_with(|| a.value.cmp(&b.value)));
    all
}

/// The address with a value chosen, or no longer.
fn toggled(ask: &Ask, facet: Facet, value: &str) -> (Ask, bool) {
    if facet == Facet::Year {
        let is_chosen = ask.date.as_deref() == Some(value);
        let date = (!is_chosen).then(|| value.to_string());
        return (Ask { date, ..ask.clone() }, is_chosen);
    }
    let one = choose(facet, value);
    let is_chosen = ask.chosen.contains(&one);
    (if is_chosen { ask.without(&one) } else { ask.with(one) }, is_chosen)
}

/// Columns of a value in the name of the link that rules it out. The link before it says all of it.
const RULED_OUT: usize = 40;

fn row(ask: &Ask, facet: Facet, value: &Value, path: &str) -> Markup {
    if facet == Facet::Year && value.value.is_empty() {
        let none = html! { span.v { (shown(facet, "")) } " " (of_articles(value.articles)) };
        return html! { li { a href=[undated(ask, path)] { (none) } } };
    }
    let (other, is_chosen) = toggled(ask, facet, &value.value);
    let all = format!("{}, {}", counted(value.sections, "section"), counted(value.passages, "passage"));
    html! {
        li {
            a href=(other.link(path, &[])) aria-current=[is_chosen.then_some("true")] title=(all) {
                span.v { @if is_chosen { span.unseen { "Chosen, remove: " } } bdi { (shown(facet, &value.value)) } }
                " " (of_articles(value.articles))
            }
            @if !is_chosen && facet != Facet::Year {
                @let excluded = Chosen { facet, value: value.value.clone(), is_excluded: true };
                a.without href=(ask.with(excluded).link(path, &[])) aria-label=(format!("Rule out {}", cut(&shown(facet, &value.value), RULED_OUT))) { "−" }
            }
        }
    }
}

/// A facet beside the hits.
pub(super) fn fieldset(ask: &Ask, facet: &FacetOnPage, path: &str) -> Markup {
    let name = name(facet.facet);
    let id = format!("f-{}", facet.facet.name());
    let Some(values) = &facet.values else {
        return html! { section aria-labelledby=(id) { h2 id=(id) { (name) } p.n { "Not counted: the time was up." } } };
    };
    if values.is_empty() && !ask.chosen.iter().any(|one| one.facet == facet.facet) {
        return html! {};
    }
    html! {
        section aria-labelledby=(id) {
            h2 id=(id) { (name) }
            ul {
                @for value in values { (row(ask, facet.facet, value, path)) }
                @if let Some(none) = &facet.without { (row(ask, facet.facet, none, path)) }
            }
            @if facet.others > 0 {
                form.values action="/values" method="get" {
                    @for (name, value) in ask.pairs() { input type="hidden" name=(name) value=(value); }
                    input type="hidden" name="facet" value=(facet.facet.name());
                    input type="search" name="prefix" aria-label=(format!("{name} begins with")) placeholder=(format!("{} more", number(facet.others)));
                    button { "Find" }
                }
            }
        }
    }
}

/// The values of a facet that begin with a text.
fn list(call: &Call<'_>, ask: &Ask) -> Result<(Facet, Markup), Problem> {
    let name = call.values.text("facet").unwrap_or("source");
    let facet = ON_PAGE.into_iter().find(|facet| facet.name() == name);
    let facet = facet
        .ok_or_else(|| Problem::parameter(format!("'facet' is one of {}", ON_PAGE.map(Facet::name).join(", "))))?;
    let mut options = ask.options(call.cancel)?;
    options.facet_prefix = call.values.text("prefix").unwrap_or("").to_string();
    options.facet_limit = Some(MOST);
    let counted = facets_in_context(&call.searcher, ask, &[facet], &options, Vec::new())?
        .pop()
        .flatten()
        .ok_or_else(Problem::timeout)?;
    let values: Vec<Value> = counted.values.into_iter().map(|one| Value::of(one.value, one.counts)).collect();
    let others = counted.other.map_or(0, |other| other.values);
    let markup = html! {
        @if values.is_empty() { p.n { "No value begins so." } }
        ul.values-list { @for value in &values { (row(ask, facet, value, "/search")) } }
        @if others > 0 { p.n { "and " (number(others)) " more: a longer beginning lists them" } }
    };
    Ok((facet, markup))
}

pub(super) fn fragment(call: &Call<'_>) -> Result<Reply, Problem> {
    Ok(Reply::html(list(call, &call.ask())?.1))
}

/// All values of a facet.
pub(super) fn page(call: &Call<'_>) -> Result<Reply, Problem> {
    let ask = call.ask();
    let (facet, list) = list(call, &ask)?;
    let name = name(facet);
    let prefix = call.values.text("prefix").unwrap_or("");
    let body = html! {
        div.room {
            section.reading {
                h1 { strong { (name) } " of the articles that match" }
                p { a href=(ask.link("/search", &[])) { "Back to the hits" } }
                form.inline action="/values" method="get" {
                    @for (name, value) in ask.pairs() { input type="hidden" name=(name) value=(value); }
                    input type="hidden" name="facet" value=(facet.name());
                    label { "Begins with " input type="search" name="prefix" value=(prefix) dir="auto"; }
                    button { "Find" }
                }
            }
            div.side-list { (list) }
        }
    };
    let title = format!("{name} – Crosshead");
    Ok(Page { ask: Some(&ask), ..Page::new(call.room, title, View::Other, body) }.reply())
}
