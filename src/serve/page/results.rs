//! The hits of a query: the reading and its notes, the filters, the strip of time, the passages.

use maud::{Markup, html};

use super::facets::{self, FacetOnPage};
use super::parts::{counted, date, facts, lang, marked, place, side_of_title, speaker, title};
use super::{Page, View, asked, problem_parts, strip};
use crate::query::{Note, Today};
use crate::search::advice::without_part;
use crate::search::{Hit, Mark, Relaxation, Results, SearchOptions};
use crate::serve::ask::{Ask, Chosen, MAX_IN_ADDRESS, address};
use crate::serve::call::{Call, Reply};
use crate::serve::problem::Problem;
use crate::vocabulary::Facet;

/// Prints of a story that are listed under its hit.
const PRINTS: usize = 5;

/// Hits while the query is being typed.
const TYPED: usize = 10;

/// Hits on a page, by default.
pub(super) const SIZE: usize = 20;

/// Hits on a page.
fn size(call: &Call<'_>) -> usize {
    call.values.text("n").and_then(|n| n.parse().ok()).unwrap_or(SIZE)
}

/// What a page of hits is made of.
pub(super) struct Found {
    pub results: Results,
    pub page: usize,
    pub size: usize,
    /// Is there a page after it?
    pub goes_on: bool,
    pub relaxations: Vec<Relaxation>,
}

impl Found {
    /// Does nothing match the whole query, and are the hits those of some of its words?
    fn has_some_words(&self) -> bool {
        self.results.counts.passages == 0 && !self.results.hits.is_empty()
    }
}

fn find(call: &Call<'_>, ask: &Ask, is_typing: bool) -> Result<Found, Problem> {
    let (page, size) = (call.values.number("page").unwrap_or(1) as usize, if is_typing { TYPED } else { size(call) });
    let mut options =
        SearchOptions { limit: size + 1, offset: (page - 1) * size, advice: !is_typing, ..ask.options(call.cancel)? };
    if !is_typing {
        facets::beside(ask, &mut options);
    }
    let mut results = call.searcher.search(&ask.q, &options)?;
    // The best of some of the articles are hits, and a note says that there may be more.
    Problem::of_degraded(results.degraded.filter(|degraded| *degraded != crate::search::Degraded::Candidates))?;
    let goes_on = results.hits.len() > size;
    results.hits.truncate(size);
    let relaxations = if results.counts.passages == 0 && page == 1 && !is_typing {
        call.searcher.relaxations(&results.query, &options)?
    } else {
        Vec::new()
    };
    Ok(Found { results, page, size, goes_on, relaxations })
}

/// The query with its last word as a beginning, while it is being typed.
fn as_beginning(q: &str) -> String {
    let word: String = q.chars().rev().take_while(|c| c.is_alphanumeric()).collect();
    let before = q[..q.len() - word.len()].chars().next_back();
    let is_word = word.chars().count() >= 2 && before.is_none_or(|c| c.is_whitespace() || c == '(');
    let is_operator = ["AND", "OR", "NOT", "MAYBE", "TO"].contains(&word.chars().rev().collect::<String>().as_str());
    if is_word && !is_operator { format!("{q}*") } else { q.to_string() }
}

pub(super) fn page(call: &Call<'_>) -> Result<Reply, Problem> {
    let ask = asked(call, View::Passages);
    if ask.is_empty() {
        return super::home::page(call);
    }
    let (body, title) = body(call, &ask)?;
    let head = html! {
        link rel="alternate" type="application/atom+xml" title="New hits" href=(ask.link("/feed", &[]));
    };
    let skips = &[("#filters", "To the filters"), ("#hits", "To the hits")];
    Ok(Page { ask: Some(&ask), head, skips, ..Page::new(call.room, title, View::Passages, body) }.reply())
}

/// What the script fetches: the text of the page, or its hits alone while the query is being typed.
pub(super) fn fragment(call: &Call<'_>) -> Result<Reply, Problem> {
    let mut ask = asked(call, View::Passages);
    if ask.is_empty() {
        return Ok(Reply::html(html! {}));
    }
    let typed = ask.clone();
    let markup = if call.values.flag("typing") {
        ask.q = as_beginning(&ask.q);
        find(call, &ask, true).map(|found| {
            html! {
                (reading(call, &typed, &found, true))
                (hits(call, &typed, &found))
            }
        })
    } else {
        body(call, &ask).map(|(body, _)| body)
    };
    match markup {
        Ok(markup) => Ok(Reply::html(markup)),
        // An operator that is not finished is no failure: the script keeps the last list, with the message.
        Err(problem) if problem.code == "query" => Ok(Reply::html(problem_parts(&problem, Some(&typed)))),
        Err(problem) => Err(problem),
    }
}

/// The title of the page of a query.
fn page_title(ask: &Ask, found: &Found) -> String {
    let articles = if found.has_some_words() {
        "some of the words".to_string()
    } else {
        counted(found.results.counts.articles, "article")
    };
    if ask.q.is_empty() { format!("{articles} – Crosshead") } else { format!("{}: {articles} – Crosshead", ask.q) }
}

fn body(call: &Call<'_>, ask: &Ask) -> Result<(Markup, String), Problem> {
    let options = ask.options(call.cancel)?;
    let mut found = find(call, ask, false)?;
    let known = std::mem::take(&mut found.results.facets);
    let days = known.iter().find(|facets| facets.facet == Facet::Day).cloned();
    // Each may be queries by itself.
    let (facets, strip) =
        rayon::join(|| facets::on_page(call, ask, &options, known), || strip::of(call, ask, days.as_ref()));
    let (facets, strip) = (facets?, strip?);
    let title = page_title(ask, &found);
    let markup = html! {
        div.room {
            (reading(call, ask, &found, false))
            (chips(ask, "/search"))
            (strip)
            (tools(call, ask, &found))
            (side(ask, &facets))
            (hits(call, ask, &found))
            (pager(ask, &found))
            p.printed { code { (ask.command()) } " · " (counted(call.searcher.num_articles(), "article")) ", commit " (call.searcher.commit()) " · printed " (date(&Today::now().to_string())) }
        }
    };
    Ok((markup, title))
}

/// The counts, the reading and its notes.
fn reading(call: &Call<'_>, ask: &Ask, found: &Found, is_typing: bool) -> Markup {
    let counts = found.results.counts;
    let order = match ask.sort {
        "newest" => "newest first",
        "oldest" => "oldest first",
        "path" => "by path",
        _ => "best first",
    };
    html! {
        section #reading.reading aria-label="What was searched" data-title=(page_title(ask, found)) {
            h1 {
                @if found.has_some_words() { strong { "No passage has all of the words" } }
                @else {
                    strong { (counted(counts.passages, "passage")) } " in "
                    strong { (counted(counts.articles, "article")) }
                }
                @if !ask.q.is_empty() { @if found.has_some_words() { ": " } @else { " for " } q dir="auto" { (ask.q) } }
            }
            p.counts {
                @if found.has_some_words() { "The hits below have some of them; " }
                @if counts.passages > 0 { "In " (counted(counts.sections, "section")) "; " }
                (counted(call.searcher.num_articles(), "article")) " in the index"
                @if counts.passages > 0 { "; " (order) }
            }
            @let read = found.results.query.to_string();
            @if !is_typing && read != ask.q.trim() {
                p.read dir="auto" { span.label { "Read as " } (tree(&read)) }
            }
            @if ask.reference.is_some() {
                p.note { "This query is too long for an address: the address of this page is good until the server ends." }
            }
            @for note in &found.results.notes { (self::note(call, ask, note, is_typing)) }
            @if !is_typing {
                details.shell {
                    summary { "The same in a terminal" }
                    p { code #command { (ask.command()) } " " button type="button" data-copy="command" hidden { "Copy" } }
                }
            }
        }
    }
}

/// The reading, with its operators in small capitals.
fn tree(reading: &str) -> Markup {
    let operators = ["AND", "OR", "NOT", "MAYBE"];
    html! {
        @for (i, word) in reading.split(' ').enumerate() {
            @if i > 0 { " " }
            @if operators.contains(&word) { b { (word) } } @else { (word) }
        }
    }
}

/// A note, with the other reading as a link and its number of articles.
fn note(call: &Call<'_>, ask: &Ask, note: &Note, is_typing: bool) -> Markup {
    let count = |other: &Ask| {
        let options = other.options(call.cancel).ok().filter(|_| !is_typing)?;
        let counts = call.searcher.count(&other.q, &options).ok().filter(|counts| counts.degraded.is_none())?;
        Some(counts.articles)
    };
    html! {
        p.note {
            (note.message) "."
            @if note.code == "unit" && ask.unit != "article" {
                " " a href=(Ask { unit: "article", ..ask.clone() }.link("/search", &[])) { "Search whole articles" }
            }
            @if let Some(other) = note.other.as_ref().filter(|other| other.len() <= MAX_IN_ADDRESS) {
                @let ask = Ask { literal: false, ..ask.with_query(other.clone()) };
                " " a href=(ask.link("/search", &[])) dir="auto" { "Search " (other) }
                @if let Some(articles) = count(&ask) { ": " (counted(articles, "article")) }
            }
        }
    }
}

/// The filters that are set, each with a link that takes it out.
pub(super) fn chips(ask: &Ask, path: &str) -> Markup {
    let ways = ways(ask);
    if ask.chosen.is_empty() && ask.date.is_none() && ask.words.is_none() && ways.is_empty() {
        return html! {};
    }
    html! {
        ul.chips aria-label="Filters that are set" {
            @for one in &ask.chosen {
                li {
                    a href=(ask.without(one).link(path, &[])) {
                        span.unseen { "Remove the filter " }
                        @if one.is_excluded { "not " }
                        (facets::name(one.facet)) ": " bdi { (facets::shown(one.facet, &one.value)) }
                    }
                }
            }
            @if let Some(period) = &ask.date {
                li { a href=(Ask { date: None, ..ask.clone() }.link(path, &[])) { span.unseen { "Remove the filter " } (dates(period)) } }
            }
            @if let Some(words) = &ask.words {
                li { a href=(Ask { words: None, ..ask.clone() }.link(path, &[])) { span.unseen { "Remove the filter " } "words: " (words) } }
            }
            @for (name, other) in &ways { li { a href=(other.link(path, &[])) { span.unseen { "No longer: " } (name) } } }
        }
    }
}

/// The ways of searching that are not as by default, each with the query without it.
fn ways(ask: &Ask) -> Vec<(&'static str, Ask)> {
    [
        (ask.any, "any of the words", Ask { any: false, ..ask.clone() }),
        (ask.strict, "all of the words", Ask { strict: false, ..ask.clone() }),
        (ask.literal, "without operators", Ask { literal: false, ..ask.clone() }),
        (ask.unit == "article", "in whole articles", Ask { unit: "section", ..ask.clone() }),
        (ask.unit == "passage", "in one passage", Ask { unit: "section", ..ask.clone() }),
        (ask.ungroup, "reprints apart", Ask { ungroup: false, ..ask.clone() }),
    ]
    .into_iter()
    .filter(|(is_set, ..)| *is_set)
    .map(|(_, name, other)| (name, other))
    .collect()
}

/// A period in words.
pub(super) fn dates(period: &str) -> String {
    match period.split_once("..") {
        None => date(period),
        Some((since, "")) => format!("since {}", date(since)),
        Some(("", until)) => format!("until {}", date(until)),
        Some((since, until)) => format!("{} to {}", date(since), date(until)),
    }
}

/// Orders, sizes and what else there is to do with the hits.
fn tools(call: &Call<'_>, ask: &Ask, found: &Found) -> Markup {
    if found.results.hits.is_empty() && found.page == 1 {
        return html! {};
    }
    let orders = [("relevance", "best"), ("newest", "newest"), ("oldest", "oldest")];
    html! {
        nav.tools aria-label="Order and output" {
            span {
                "Order: "
                @for (sort, name) in orders {
                    @let is_current = ask.sort == sort;
                    a href=(Ask { sort, ..ask.clone() }.link("/search", &[])) aria-current=[is_current.then_some("true")] { (name) } " "
                }
            }
            span.sizes {
                "Hits: "
                @for n in [20, 50, 100] {
                    @let n_text = n.to_string();
                    a href=(ask.link("/search", &[("n", &n_text)])) aria-current=[(found.size == n).then_some("true")] { (n) } " "
                }
            }
            @let other = Ask { ungroup: !ask.ungroup, ..ask.clone() };
            a href=(other.link("/search", &[])) { @if ask.ungroup { "Fold reprints" } @else { "Show reprints apart" } }
            a #export href=(ask.link("/export", &[])) { "Export" }
            a href=(ask.link("/feed", &[])) { "Feed" }
            @if call.room.saves { a href=(address("/saved", &[("q".to_string(), ask.q.clone())])) { "Save" } }
        }
    }
}

/// The hits of an article.
struct OfArticle<'a> {
    hits: Vec<&'a Hit>,
}

/// Hits by their articles, in the order of the best of each.
fn by_article(results: &Results) -> Vec<OfArticle<'_>> {
    let mut all: Vec<OfArticle<'_>> = Vec::new();
    for hit in &results.hits {
        let same = |one: &&mut OfArticle<'_>| {
            one.hits[0].article.path == hit.article.path && one.hits[0].article.record == hit.article.record
        };
        match all.iter_mut().find(same) {
            Some(known) => known.hits.push(hit),
            None => all.push(OfArticle { hits: vec![hit] }),
        }
    }
    all
}

fn hits(call: &Call<'_>, ask: &Ask, found: &Found) -> Markup {
    let all = by_article(&found.results);
    html! {
        section #hits.list aria-label="Hits" tabindex="-1" {
            @if all.is_empty() { (nothing(call, ask, found)) }
            @else {
                @let rows = ladder(ask, &found.results.query.to_string(), &found.relaxations);
                @if found.has_some_words() && !rows.is_empty() {
                    div.nothing {
                        p { "Passages that match the whole query, if it is changed:" }
                        (steps(&rows))
                    }
                }
                ol.hits start=(found.results.hits[0].rank) {
                    @for one in &all { (self::hit(ask, one)) }
                }
            }
        }
    }
}

/// The page of a hit's article. It bears what leads back to the hit: its rank, and the size of the page of hits.
pub(super) fn link_of_hit(ask: &Ask, hit: &Hit) -> String {
    let link = ask.link(&format!("/a/{}", hit.article.id()), &[("h", &hit.rank.to_string()), ("n", size_of(ask))]);
    format!("{link}#p{}", hit.passage.ordinal)
}

/// The size of the page of hits, if it is not as by default.
fn size_of(ask: &Ask) -> &str {
    ask.settings.pairs.iter().find(|(name, _)| *name == "n").map_or("", |(_, n)| n)
}

fn hit(ask: &Ask, one: &OfArticle<'_>) -> Markup {
    let best = one.hits[0];
    let link = |hit: &Hit| link_of_hit(ask, hit);
    html! {
        li id=(format!("h{}", best.rank)) lang=[lang(&best.article)] dir=[side_of_title(&best.article)] {
            h2 dir="auto" { a href=(link(best)) { (marked(title(&best.article), &title_marks(best), None)) } }
            (facts(&best.article))
            (passage(best))
            @for other in &one.hits[1..] {
                div.sub id=(format!("h{}", other.rank)) { (passage(other)) a.more-link href=(link(other)) { "Open this passage" } }
            }
            p.more {
                @if !best.lacks.is_empty() {
                    span { "Without " @for (i, word) in best.lacks.iter().enumerate() { @if i > 0 { ", " } s dir="auto" { (word) } } }
                }
                @if let Some(words) = best.article.words { span { bdi { (counted(words, "word")) } } }
                code dir="ltr" { (place(&best.article)) }
                code.hit-id { (best.article.id()) "." (best.passage.ordinal) }
            }
            @if !best.duplicates.is_empty() { (prints(ask, best)) }
            span.coins title=(super::cite::coins(&best.article)) {}
        }
    }
}

/// The other prints of a hit's story, in place, the oldest first.
fn prints(ask: &Ask, hit: &Hit) -> Markup {
    let path = format!("/reprints/{}", hit.article.id());
    let rank = hit.rank.to_string();
    let back = [("h", rank.as_str()), ("n", size_of(ask))];
    let link = |path: &str, diff: &str| ask.link(path, &[&back[..], &[("diff", diff)]].concat());
    let mut others = hit.duplicates.clone();
    super::prints::sort(&mut others);
    html! {
        details.prints {
            summary { "and " (counted(others.len() as u64, "more print")) }
            ul {
                @for other in others.iter().take(PRINTS) {
                    @let id = other.id();
                    li {
                        a href=(link(&format!("/a/{id}"), "")) dir="auto" { (title(other)) } " "
                        (facts(other))
                        p.more { a href=(link(&path, &id)) { "What changed" } code dir="ltr" { (place(other)) } }
                    }
                }
            }
            p.more { a href=(link(&path, "")) { "Compare all prints" } }
        }
    }
}

/// The marks of a title; none where the path stands for it.
fn title_marks(hit: &Hit) -> Vec<Mark> {
    if hit.article.facts.title.as_deref() == Some(title(&hit.article)) { hit.title_marks.clone() } else { Vec::new() }
}

/// The crosshead and the text of a hit.
fn passage(hit: &Hit) -> Markup {
    let (before, after) = hit.snippet.cut;
    html! {
        @if let Some(heading) = &hit.passage.heading {
            p.cross dir="auto" {
                @for above in &hit.passage.trail { span.trail { (above) " › " } }
                (marked(heading, &hit.heading_marks, None))
            }
        }
        p.snip dir="auto" {
            @if let Some(speaker) = speaker(hit.passage.speaker.as_deref(), &hit.snippet.text) { b.speaker { (speaker) ": " } }
            @if before { "… " }
            (marked(&hit.snippet.text, &hit.snippet.marks, None))
            @if after { " …" }
        }
    }
}

/// What can be done about a query without hits.
fn nothing(call: &Call<'_>, ask: &Ask, found: &Found) -> Markup {
    if found.page > 1 {
        return html! { p { "There is no hit on this page. " a href=(ask.link("/search", &[])) { "The first page" } } };
    }
    let rows = ladder(ask, &found.results.query.to_string(), &found.relaxations);
    let skipped = call.searcher.totals().skipped;
    html! {
        div.nothing {
            h2 { "No passage matches" }
            p {
                "There is none in " (counted(call.searcher.num_articles(), "article")) " of "
                (counted(call.searcher.folders().len() as u64, "folder"))
                "; " (counted(skipped, "file")) @if skipped == 1 { " was" } @else { " were" } " not read"
                ". " a href="/index" { "What was read, and what was not" }
            }
            @if rows.is_empty() { p { "Without one of its parts, or without its filters, it has none either." } }
            @else {
                p { "These would:" }
                (steps(&rows))
            }
        }
    }
}

/// The changes of a query, each as a link.
fn steps(rows: &[(String, String, u64)]) -> Markup {
    html! { ul { @for (what, link, passages) in rows { li { a href=(link) { (what) } " " span.n { (counted(*passages, "passage")) } } } } }
}

/// Changes of a query that nothing matches: what, where, and the passages that match then.
fn ladder(ask: &Ask, read: &str, relaxations: &[Relaxation]) -> Vec<(String, String, u64)> {
    let mut rows = Vec::new();
    let link = |ask: Ask| ask.link("/search", &[]);
    for relaxation in relaxations {
        let (what, other) = match relaxation {
            Relaxation::WithoutPart { part, alone, .. } => {
                let (part, alone) = (part.clone(), *alone);
                let what =
                    if alone == 0 { format!("Without {part}, which is nowhere") } else { format!("Without {part}") };
                // A part that was not typed as the reading has it is taken out of the reading.
                let Some(q) = without_part(&ask.q, &part).or_else(|| without_part(read, &part)) else { continue };
                if q.len() > MAX_IN_ADDRESS {
                    continue;
                }
                (what, ask.with_query(q))
            }
            Relaxation::AnyWord { .. } => {
                ("Any of the words".to_string(), Ask { any: true, strict: false, ..ask.clone() })
            }
            Relaxation::ArticleUnit { .. } => (
                "All of the words in one article, in any of its sections".to_string(),
                Ask { unit: "article", ..ask.clone() },
            ),
            Relaxation::WiderQuery { query, .. } if query.len() <= MAX_IN_ADDRESS => {
                (query.clone(), Ask { literal: false, ..ask.with_query(query.clone()) })
            }
            Relaxation::WithoutFilters { .. } => {
                ("Without all filters".to_string(), Ask { date: None, chosen: Vec::new(), ..ask.clone() })
            }
            Relaxation::WiderQuery { .. } => continue,
            Relaxation::WithoutDates { .. } => ("Of any date".to_string(), Ask { date: None, ..ask.clone() }),
            Relaxation::WithoutValues { facet, .. } => {
                let mut other = ask.clone();
                other.chosen.retain(|one| one.facet != *facet);
                (format!("Without the filter {}", super::facets::name(*facet)), other)
            }
            Relaxation::WithoutHeading { .. } | Relaxation::AllFolders { .. } => continue,
        };
        if relaxation.passages() > 0 {
            rows.push((what, link(other), relaxation.passages()));
        }
    }
    rows
}

fn pager(ask: &Ask, found: &Found) -> Markup {
    if found.page == 1 && !found.goes_on {
        return html! {};
    }
    let to = |page: usize| ask.link("/search", &[("page", &if page > 1 { page.to_string() } else { String::new() })]);
    html! {
        nav.pager aria-label="Pages" {
            @if found.page > 1 { a rel="prev" href=(to(found.page - 1)) { "Previous hits" } }
            span { "Page " (found.page) }
            @if found.goes_on { a rel="next" href=(to(found.page + 1)) { "Next hits" } }
        }
    }
}

/// The filters, counted in context.
fn side(ask: &Ask, facets: &[FacetOnPage]) -> Markup {
    html! {
        aside #filters.side aria-label="Filters" tabindex="-1" {
            // Where there is room for it beside the hits, the stylesheet shows what is folded.
            details.fold {
                summary { "Filters" }
                (strip::dates_form(ask, "/search"))
                @for facet in facets { (facets::fieldset(ask, facet, "/search")) }
            }
        }
    }
}

/// A chip's filter as a choice, for tests and other pages.
pub(super) fn choose(facet: Facet, value: &str) -> Chosen {
    Chosen { facet, value: value.to_string(), is_excluded: false }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_part_is_taken_out_with_its_operator() {
        for (q, part, rest) in [
            ("harbour AND xyzzy", "xyzzy", Some("harbour")),
            ("xyzzy AND harbour", "xyzzy", Some("harbour")),
            ("harbour AND xyzzy AND oil", "xyzzy", Some("harbour AND oil")),
            ("harbour xyzzy oil", "xyzzy", Some("harbour oil")),
            ("xyzzys \"a b\" xyzzy", "xyzzy", Some("xyzzys \"a b\"")),
            ("xyzzy NOT oil", "xyzzy", Some("NOT oil")),
            ("שביתה AND xyzzy", "xyzzy", Some("שביתה")),
            ("title:xyzzy harbour", "xyzzy", None),
            ("(harbour OR xyzzy) oil", "xyzzy", None),
            ("xyzzy", "xyzzy", None),
        ] {
            assert_eq!(without_part(q, part).as_deref(), rest, "{q}");
        }
    }

    #[test]
    fn the_last_word_is_a_beginning_while_it_is_typed() {
        for (typed, searched) in [
            ("harbour str", "harbour str*"),
            ("harbour strike ", "harbour strike "),
            ("(tax OR le", "(tax OR le*"),
            ("(tax OR", "(tax OR"),
            ("a", "a"),
            ("source:reu", "source:reu"),
            ("\"oil emb", "\"oil emb*"),
            ("x-ray", "x-ray"),
            ("", ""),
        ] {
            assert_eq!(as_beginning(typed), searched, "{typed}");
        }
    }
}
