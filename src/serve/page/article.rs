//! An article: its facts, its outline, its text with the marks of the query, how to cite it.

use std::collections::HashMap;

use maud::{Markup, PreEscaped, html};

use super::cite::{Citation, quotation};
use super::lines::Lines;
use super::parts::{
    counted, date, facts, is_right_to_left, lang, marked, place, side_of_title, speaker, title, web_address,
};
use super::results::{SIZE, link_of_hit};
use super::{Page, View};
use crate::model::{Article, ArticleText, Passage};
use crate::search::marks::ArticleMarks;
use crate::search::{Hit, SearchOptions};
use crate::serve::api::article_of;
use crate::serve::ask::{Ask, Settings, address};
use crate::serve::call::{Call, Reply};
use crate::serve::problem::Problem;

/// A section of an article.
struct Section<'a> {
    number: u32,
    passages: Vec<&'a Passage>,
    marks: usize,
}

pub(super) fn page(call: &Call<'_>) -> Result<Reply, Problem> {
    let ask = call.ask();
    let text = article_of(call, &call.path[0])?;
    let marks = match ask.q.trim() {
        "" => ArticleMarks::default(),
        _ => call.searcher.marks_in(&text, &ask.q, ask.options(call.cancel)?)?,
    };
    let sections = sections(&text, &marks);
    let total: usize = sections.iter().map(|section| section.marks).sum();
    let list = List::of(call);
    let around = around(call, &ask, &list, &text.article)?;
    let prints = call.searcher.reprints(&text.article)?.len();
    let article = &text.article;
    let of_hit = around.hit.as_ref().map(|hit| hit.passage.ordinal);
    let cited = of_hit.or_else(|| call.values.number("p").map(|ordinal| ordinal as u32));
    let cited = cited.and_then(|ordinal| text.passages.iter().find(|passage| passage.ordinal == ordinal));
    let citation = Citation {
        article,
        passage: cited,
        quotation: cited.map(|passage| quotation(article, passage, around.hit.as_ref(), &marks)),
        hit: around.hit.as_ref(),
        base: call.room.access.base(),
    };
    let heading = title(article).to_string();
    let body = html! {
        div.room.reading-room {
            article #article lang=[lang(article)] {
                @if !ask.is_empty() {
                    p.back {
                        a #back href=(list.address(&ask)) { @if list.is_kwic { "Back to the lines" } @else { "Back to the hits" } }
                    }
                }
                h1 dir="auto" { (marked(&heading, if article.facts.title.as_deref() == Some(heading.as_str()) { &marks.title } else { &[] }, None)) }
                (facts(article))
                (where_from(article))
                nav.tools aria-label="Article" {
                    @if total > 0 {
                        span {
                            strong { (counted(total as u64, "mark")) } " " a #first-mark href="#m1" { "first" }
                            @if total > 1 { " " a href=(format!("#m{total}")) { "last" } }
                        }
                    }
                    @if prints > 0 { a href=(ask.link(&format!("/reprints/{}", article.id()), &borrowed(&list.of_hits()))) { (counted(prints as u64, "other print")) } }
                    a href=(address("/search", &[("q".into(), format!("like:{}", article.id()))])) { "Similar" }
                    @if let Some(before) = &around.before { a #previous-hit rel="prev" href=(before) { "Previous hit" } }
                    @if let Some(after) = &around.after { a #next-hit rel="next" href=(after) { "Next hit" } }
                }
                (body_text(&sections, &marks, total))
                (boilerplate(&text))
                (citation.markup())
                (citation.printed())
            }
            aside.side.outline aria-label="Outline" {
                (outline(&sections))
                h2 { "Where it is" }
                p.path { code #path dir="ltr" { (place(article)) } " " button type="button" data-copy="path" hidden { "Copy" } }
                @for copy in &text.copies { p.path { code dir="ltr" { (place(copy)) } } }
            }
        }
    };
    let head = head(call, article);
    let title = format!("{heading} – Crosshead");
    Ok(Page { ask: Some(&ask), head, ..Page::new(call.room, title, View::Other, body) }.reply())
}

fn sections<'a>(text: &'a ArticleText, marks: &ArticleMarks) -> Vec<Section<'a>> {
    let mut out: Vec<Section<'a>> = Vec::new();
    for passage in text.passages.iter().filter(|passage| passage.boilerplate.is_none()) {
        let count = marks.passages.get(&passage.ordinal).map_or(0, Vec::len);
        match out.last_mut().filter(|section| section.number == passage.section) {
            Some(section) => {
                section.passages.push(passage);
                section.marks += count;
            }
            None => out.push(Section { number: passage.section, passages: vec![passage], marks: count }),
        }
    }
    out
}

fn where_from(article: &Article) -> Markup {
    let facts = &article.facts;
    html! {
        p.facts dir=[side_of_title(article)] {
            @if let Some(url) = facts.url.as_deref() {
                @match web_address(url) {
                    Some(url) => { a.url href=(url) rel="noreferrer noopener external" { bdi { (url) } } " " },
                    None => { bdi.url { (url) } " " },
                }
            }
            @if let Some(code) = lang(article) { span { bdi { (super::facets::shown(crate::vocabulary::Facet::Lang, code)) } } " " }
            @if let Some(words) = article.words { span { bdi { (counted(words, "word")) } } " " }
            @if let Some(dateline) = &facts.dateline { span { bdi { (dateline) } } " " }
            @if let Some(updated) = &facts.updated { span { bdi { "updated " (date(&updated.value)) } } " " }
            @if !facts.keywords.is_empty() { span { bdi { (facts.keywords.join(", ")) } } }
        }
    }
}

/// The sections and their paragraphs. Beside each paragraph with marks stands which of all they are, with links to those
/// before and after.
fn body_text(sections: &[Section<'_>], marks: &ArticleMarks, total: usize) -> Markup {
    let mut next = 0;
    let lines = Lines::of(sections.iter().flat_map(|section| section.passages.iter().copied()));
    html! {
        @for section in sections {
            section #{ "s" (section.number) } {
                @let first = section.passages[0];
                @if let Some(heading) = &first.heading {
                    @let of_heading = marks.headings.get(&section.number).map_or(&[][..], Vec::as_slice);
                    @match first.level {
                        0..=2 => { h2 dir="auto" { (marked(heading, of_heading, None)) } },
                        3 => { h3 dir="auto" { (marked(heading, of_heading, None)) } },
                        _ => { h4 dir="auto" { (marked(heading, of_heading, None)) } },
                    }
                }
                @for passage in &section.passages {
                    @let of_passage = marks.passages.get(&passage.ordinal).map_or(&[][..], Vec::as_slice);
                    div.passage #{ "p" (passage.ordinal) } tabindex="-1" dir=[is_right_to_left(&passage.text).then_some("rtl")] {
                        @let (speaker, time) = (speaker(passage.speaker.as_deref(), &passage.text), passage.time_text());
                        @if speaker.is_some() || time.is_some() {
                            p.speaker { @if let Some(speaker) = speaker { b { (speaker) } " " } @if let Some(time) = time { span.n { (time) } } }
                        }
                        @for (text, marks) in lines.paragraphs(passage, of_passage) {
                            @let before = next;
                            p dir="auto" { (marked(&text, &marks, Some(&mut next))) }
                            @if next > before { (jump(before + 1, next, total)) }
                        }
                    }
                }
            }
        }
    }
}

/// Which marks stand in a paragraph, with the ways to the mark before them and to the one after.
fn jump(first: usize, last: usize, total: usize) -> Markup {
    let way = |to: usize, name: &str, sign: &str| html! { a href=(format!("#m{to}")) { span.unseen { (name) } span aria-hidden="true" { (sign) } } };
    html! {
        span.jump dir="ltr" {
            @if first == last { (first) } @else { (first) "–" (last) }
            " of " (total)
            @if first > 1 { " " (way(first - 1, "Previous mark", "↑")) }
            @if last < total { " " (way(last + 1, "Next mark", "↓")) }
        }
    }
}

fn boilerplate(text: &ArticleText) -> Markup {
    let lines: Vec<&Passage> = text.passages.iter().filter(|passage| passage.boilerplate.is_some()).collect();
    if lines.is_empty() {
        return html! {};
    }
    html! {
        details.boilerplate {
            @let count = lines.iter().flat_map(|passage| passage.text.lines()).filter(|line| !line.trim().is_empty()).count();
            summary { (counted(count as u64, "line")) " about the page, not searched" }
            @for line in lines {
                p dir="auto" #{ "p" (line.ordinal) } { (line.text) " " @if let Some(kind) = line.boilerplate { span.n { (kind.name()) } } }
            }
        }
    }
}

fn outline(sections: &[Section<'_>]) -> Markup {
    if sections.len() < 2 {
        return html! {};
    }
    html! {
        h2 { "In this article" }
        ul {
            @for section in sections {
                li {
                    a href=(format!("#s{}", section.number)) {
                        span.v { @match &section.passages[0].heading { Some(heading) => { bdi { (heading) } }, None => { "Opening" } } }
                        @if section.marks > 0 { " " span.n { (section.marks) span.unseen { @if section.marks == 1 { " mark" } @else { " marks" } } } }
                    }
                }
            }
        }
    }
}

/// The pages of the hits before and after the one from which an article was opened.
#[derive(Default)]
struct Around {
    before: Option<String>,
    after: Option<String>,
    /// The hit itself; `None` if another print of its story was opened.
    hit: Option<Hit>,
}

fn borrowed<'a>(pairs: &'a [(&'static str, String)]) -> Vec<(&'a str, &'a str)> {
    pairs.iter().map(|(name, value)| (*name, value.as_str())).collect()
}

/// The list from which an article was opened, as the parameters tell of it.
struct List {
    /// Is it one of lines in context?
    is_kwic: bool,
    /// The number of the hit or line.
    rank: Option<usize>,
    /// The settings of the list.
    settings: Vec<(&'static str, String)>,
}

impl List {
    fn of(call: &Call<'_>) -> List {
        let is_kwic = call.values.text("from") == Some("kwic");
        let view = if is_kwic { View::Context } else { View::Passages };
        let settings = Settings::of(view.path(), view.settings(), &call.values).pairs;
        List { is_kwic, rank: call.values.number("h").map(|rank| rank as usize), settings }
    }

    /// The address of the list: the page of it where the hit or line is, at that place.
    fn address(&self, ask: &Ask) -> String {
        let (path, size, letter) = if self.is_kwic {
            ("/kwic", super::kwic::PAGE, 'k')
        } else {
            let n = self.settings.iter().find(|(name, _)| *name == "n");
            ("/search", n.and_then(|(_, n)| n.parse().ok()).unwrap_or(SIZE), 'h')
        };
        let page = self.rank.map(|rank| rank.saturating_sub(1) / size + 1).filter(|page| *page > 1);
        let page = page.map(|page| page.to_string()).unwrap_or_default();
        let more = [&borrowed(&self.settings)[..], &[("page", page.as_str())]].concat();
        let place = self.rank.map(|rank| format!("#{letter}{rank}")).unwrap_or_default();
        format!("{}{place}", ask.link(path, &more))
    }

    /// Parameters by which the page of reprints leads back to this hit.
    fn of_hits(&self) -> Vec<(&'static str, String)> {
        let rank = self.rank.map(|rank| ("h", rank.to_string()));
        let size = self.settings.iter().filter(|(name, _)| *name == "n").cloned();
        rank.into_iter().chain(size).filter(|_| !self.is_kwic).collect()
    }
}

fn around(call: &Call<'_>, ask: &Ask, list: &List, article: &Article) -> Result<Around, Problem> {
    /// Hits that are looked at for one of another article.
    const NEAR: usize = 6;
    let Some(rank) = list.rank.filter(|_| !ask.is_empty() && !list.is_kwic) else {
        return Ok(Around::default());
    };
    let offset = rank.saturating_sub(NEAR);
    let options = SearchOptions { limit: rank - offset + NEAR, offset, ..ask.options(call.cancel)? };
    let hits = call.searcher.search(&ask.q, &options)?.hits;
    let Some(at) = hits.iter().position(|hit| hit.rank == rank) else { return Ok(Around::default()) };
    let is_other = |hit: &&Hit| hit.article.id() != hits[at].article.id();
    let ask = Ask { settings: Settings { path: View::Passages.path(), pairs: list.settings.clone() }, ..ask.clone() };
    let link = |hit: &Hit| link_of_hit(&ask, hit);
    Ok(Around {
        before: hits[..at].iter().rev().find(is_other).map(link),
        after: hits[at + 1..].iter().find(is_other).map(link),
        hit: Some(&hits[at]).filter(|hit| hit.article.id() == article.id()).cloned(),
    })
}

/// What reference managers read in the head, and schema.org's form of the article.
fn head(call: &Call<'_>, article: &Article) -> Markup {
    let facts = &article.facts;
    let day = facts.published.as_ref().map(|published| published.day().to_string());
    let mut linked: HashMap<&str, serde_json::Value> = HashMap::new();
    linked.insert("@context", "https://schema.org".into());
    linked.insert("@type", "NewsArticle".into());
    linked.insert("headline", title(article).into());
    linked.insert("identifier", article.id().into());
    for (name, value) in [
        ("datePublished", day.as_deref()),
        ("articleSection", facts.desk.as_deref()),
        ("inLanguage", facts.lang.as_deref()),
        ("url", facts.url.as_deref()),
    ] {
        if let Some(value) = value {
            linked.insert(name, value.into());
        }
    }
    if let Some(byline) = &facts.byline {
        linked.insert("author", serde_json::json!({ "@type": "Person", "name": byline }));
    }
    if let Some(source) = &facts.source {
        linked.insert("publisher", serde_json::json!({ "@type": "Organization", "name": source }));
    }
    let linked: std::collections::BTreeMap<_, _> = linked.into_iter().collect();
    // Within a script element only `<` could end it.
    let linked = serde_json::to_string(&linked)
        .unwrap_or_default()
        .replace('<', "\\u003c")
        .replace(['\u{2028}', '\u{2029}'], " ");
    html! {
        meta name="citation_title" content=(title(article));
        @if let Some(byline) = &facts.byline { @for author in byline.split(", ") { meta name="citation_author" content=(author); } }
        @if let Some(day) = &day { meta name="citation_publication_date" content=(day.replace('-', "/")); }
        @if let Some(source) = &facts.source { meta name="citation_journal_title" content=(source); }
        @if let Some(lang) = &facts.lang { meta name="citation_language" content=(lang); }
        link rel="canonical" href=(format!("{}a/{}", call.room.access.base(), article.id()));
        script type="application/ld+json" { (PreEscaped(linked)) }
    }
}
