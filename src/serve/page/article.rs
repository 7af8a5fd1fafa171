//! An article: its facts, its outline, its text with the marks of the query, how to cite it.

use std::borrow::Cow;
use std::collections::HashMap;
use std::ops::Range;

use maud::{Markup, PreEscaped, html};

use super::parts::{counted, date, facts, lang, marked, place, side_of_title, speaker, title, web_address};
use super::results::link_of_hit;
use super::{Page, View};
use crate::article::layout;
use crate::model::{Article, ArticleText, Passage};
use crate::render::csl;
use crate::search::marks::ArticleMarks;
use crate::search::{Hit, Mark, SearchOptions};
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
    let around = around(call, &ask, &list)?;
    let prints = call.searcher.reprints(&text.article)?.len();
    let article = &text.article;
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
                (citation(call, article))
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
                    div.passage #{ "p" (passage.ordinal) } tabindex="-1" {
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

/// Longest line, in characters, that is shown directly under another; a longer one is a paragraph.
const SHORT_LINE_CHARS: usize = 132;

/// The layout of an article's text: which of its line ends only wrap a paragraph.
struct Lines {
    /// Byte ranges of the blocks of each passage, by its ordinal.
    blocks: HashMap<u32, Vec<Range<usize>>>,
    /// Are paragraphs separated by blank lines, so that other line ends are those of verse, a list or a table?
    has_blank_lines: bool,
}

impl Lines {
    /// Reads the layout of all passages at once: how a text is wrapped shows over many lines.
    fn of<'a>(passages: impl Iterator<Item = &'a Passage>) -> Lines {
        let mut text = String::new();
        let mut starts: Vec<(u32, usize)> = Vec::new();
        let mut has_blank_lines = false;
        for passage in passages {
            starts.push((passage.ordinal, text.len()));
            has_blank_lines |= has_blank_line(&passage.text);
            text.push_str(&passage.text);
            text.push_str("\n\n");
        }
        let found = layout::blocks(&text);
        let ends = starts.iter().skip(1).map(|(_, start)| *start).chain([text.len()]);
        let blocks = starts.iter().zip(ends).map(|(&(ordinal, start), end)| {
            let first = found.partition_point(|block| block.span.end <= start);
            let own = found[first..].iter().take_while(|block| block.span.start < end);
            // A word that is broken at the end of a passage joins its block to the next one's.
            let within = |at: usize| at.clamp(start, end) - start;
            (ordinal, own.map(|block| within(block.span.start)..within(block.span.end)).collect())
        });
        Lines { blocks: blocks.collect(), has_blank_lines }
    }

    /// The paragraphs of a passage, each with its own marks: in place of a line end that only wraps is a space. Line ends that
    /// are kept separate short lines, or lines between which a mark goes on: the mark of a phrase is one.
    fn paragraphs<'a>(&self, passage: &'a Passage, marks: &[Mark]) -> Vec<(Cow<'a, str>, Vec<Mark>)> {
        let text = passage.text.as_str();
        let blocks = self.blocks.get(&passage.ordinal).map_or(&[][..], Vec::as_slice);
        let is_short = |block: &Range<usize>| text[block.clone()].chars().count() <= SHORT_LINE_CHARS;
        let mut groups: Vec<Vec<Range<usize>>> = Vec::new();
        for block in blocks.iter().map(|block| block.start..block.end.min(text.len())) {
            let goes_on = groups.last().and_then(|group| group.last()).is_some_and(|before| {
                let is_marked = marks.iter().any(|mark| mark.0 < before.end && mark.1 > block.start);
                let are_lines = self.has_blank_lines
                    && is_short(before)
                    && is_short(&block)
                    && !has_blank_line(&text[before.end..block.start]);
                is_marked || are_lines
            });
            match groups.last_mut().filter(|_| goes_on) {
                Some(group) => group.push(block),
                None => groups.push(vec![block]),
            }
        }
        groups.iter().map(|group| paragraph(text, group, marks)).collect()
    }
}

/// A paragraph of one or several blocks.
fn paragraph<'a>(text: &'a str, blocks: &[Range<usize>], marks: &[Mark]) -> (Cow<'a, str>, Vec<Mark>) {
    let (start, end) = (blocks[0].start, blocks[blocks.len() - 1].end);
    let is_inside = |mark: &&Mark| mark.0 < end && mark.1 > start;
    let own = marks.iter().filter(is_inside).map(|mark| (mark.0.max(start) - start, mark.1.min(end) - start)).collect();
    let mut shown = Cow::Borrowed(&text[start..end]);
    for block in blocks.iter().filter(|block| text[(*block).clone()].contains(['\n', '\r'])) {
        // A space has as many bytes as the line end has: the marks stay.
        let wrapped = text[block.clone()].replace(['\n', '\r'], " ");
        shown.to_mut().replace_range(block.start - start..block.end - start, &wrapped);
    }
    (shown, own)
}

/// Has a text a line, between others or at its ends, that is blank?
fn has_blank_line(text: &str) -> bool {
    let mut ends = text.split('\n');
    // What is before the first line end and after the last one belongs to lines that may go on.
    ends.next();
    ends.next_back();
    ends.any(|line| line.trim().is_empty())
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
            ("/search", n.and_then(|(_, n)| n.parse().ok()).unwrap_or(super::results::SIZE), 'h')
        };
        let page = self.rank.map(|rank| rank.saturating_sub(1) / size + 1).filter(|page| *page > 1);
        let page = page.map(|page| page.to_string()).unwrap_or_default();
        let more = [&borrowed(&self.settings)[..], &[("page", page.as_str())]].concat();
        let place = self.rank.map(|rank| format!("#{letter}{rank}")).unwrap_or_default();
        format!("{}{place}", ask.link(path, &more))
    }

    /// What the page of the other prints is opened with, so that it leads back, too.
    fn of_hits(&self) -> Vec<(&'static str, String)> {
        let rank = self.rank.map(|rank| ("h", rank.to_string()));
        let size = self.settings.iter().filter(|(name, _)| *name == "n").cloned();
        rank.into_iter().chain(size).filter(|_| !self.is_kwic).collect()
    }
}

fn around(call: &Call<'_>, ask: &Ask, list: &List) -> Result<Around, Problem> {
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
    })
}

/// How to cite an article, in the forms that people ask for.
fn citation(call: &Call<'_>, article: &Article) -> Markup {
    let permalink = format!("{}a/{}", call.room.access.base(), article.id());
    let known = known(article);
    let text = format!("{}. {} [{}]", known.join(", "), place(article), article.id());
    let markdown = format!("[{}]({permalink}) · {}", title(article).replace(['[', ']'], ""), known[1..].join(" · "));
    let csl = serde_json::to_string_pretty(&csl::item(article)).unwrap_or_default();
    html! {
        details #cite.cite {
            summary { "Cite" }
            @for (id, name, value) in [("cite-text", "Text", &text), ("cite-link", "Permalink", &permalink), ("cite-md", "Markdown", &markdown), ("cite-csl", "CSL-JSON", &csl)] {
                p { b { (name) } " " button type="button" data-copy=(id) hidden { "Copy" } }
                pre #{ (id) } tabindex="0" dir="auto" { (value) }
            }
        }
    }
}

/// Title, byline, source and date, as far as they are known.
fn known(article: &Article) -> Vec<String> {
    let facts = &article.facts;
    let mut known = vec![title(article).to_string()];
    known.extend(facts.byline.clone());
    known.extend(facts.source.clone());
    known.extend(facts.published.as_ref().map(|published| date(&published.value)));
    known
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

/// What reference managers read of a hit (COinS, an OpenURL in the title of an element).
pub(super) fn coins(article: &Article) -> String {
    let facts = &article.facts;
    let mut pairs = vec![
        ("ctx_ver".to_string(), "Z39.88-2004".to_string()),
        ("rft_val_fmt".to_string(), "info:ofi/fmt:kev:mtx:journal".to_string()),
        ("rft.genre".to_string(), "article".to_string()),
        ("rft.atitle".to_string(), title(article).to_string()),
    ];
    let day = facts.published.as_ref().map(|published| published.day().to_string());
    for (name, value) in
        [("rft.jtitle", &facts.source), ("rft.au", &facts.byline), ("rft.date", &day), ("rft_id", &facts.url)]
    {
        pairs.extend(value.iter().map(|value| (name.to_string(), value.clone())));
    }
    address("", &pairs).trim_start_matches('?').to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The paragraphs of a text, with the signs `[` and `]` around what is marked.
    fn shown(text: &str, marks: &[Mark]) -> Vec<String> {
        let passage = passage(text);
        let lines = Lines::of([&passage].into_iter());
        let of_paragraph = |(text, marks): (Cow<'_, str>, Vec<Mark>)| {
            let mut text = text.into_owned();
            for (start, end) in marks.into_iter().rev() {
                text.insert(end, ']');
                text.insert(start, '[');
            }
            text
        };
        lines.paragraphs(&passage, marks).into_iter().map(of_paragraph).collect()
    }

    fn passage(text: &str) -> Passage {
        Passage {
            ordinal: 0,
            section: 0,
            heading: None,
            level: 0,
            trail: Vec::new(),
            boilerplate: None,
            speaker: None,
            time: None,
            location: None,
            page: None,
            text: text.into(),
            first_word: 0,
            markup: Vec::new(),
        }
    }

    #[test]
    fn marks_stay_in_their_paragraphs() {
        assert_eq!(shown("one two\n\nthree four", &[(4, 7), (9, 14)]), ["one [two]", "[three] four"]);
        assert_eq!(shown("", &[]), Vec::<String>::new());
    }

    #[test]
    fn wrapped_lines_are_one_paragraph() {
        let text = "Dockers at the port of Halden walked out on\nMonday after talks about pay and about hours\r\nhad failed.\n\n\
                    The union wants a shorter week, the company\nsays that it cannot afford one this year or\nnext.";
        let phrase = text.find("on\nMonday").expect("the phrase");
        assert_eq!(
            shown(text, &[(phrase, phrase + "on\nMonday".len())]),
            [
                "Dockers at the port of Halden walked out [on Monday] after talks about pay and about hours  had failed.",
                "The union wants a shorter week, the company says that it cannot afford one this year or next.",
            ]
        );
    }

    #[test]
    fn lines_that_are_kept_look_like_lines() {
        // Verse: the lines of a stanza are in one paragraph, which the stylesheet shows as lines.
        let verse = "The ship went out\nAt night,\nAnd no one knew.\n\nThe light was gone\nBy then.";
        assert_eq!(
            shown(verse, &[]),
            ["The ship went out\nAt night,\nAnd no one knew.", "The light was gone\nBy then."]
        );
        // Without a blank line, a line is a paragraph, but for a mark that goes on.
        let lines = "The dispute\nFerries sail.\nTalks go on.";
        assert_eq!(shown(lines, &[]), ["The dispute", "Ferries sail.", "Talks go on."]);
        assert_eq!(shown(lines, &[(20, 31)]), ["The dispute", "Ferries [sail.\nTalks] go on."]);
        // A long line is a paragraph of its own.
        let long = "Dockers walked out on Monday. ".repeat(9);
        let text = format!("{0}\n{0}\n\nA line.\nAnother.", long.trim());
        assert_eq!(shown(&text, &[]).len(), 3);
    }
}
