//! One walk through a page: its text as blocks, and what the elements around each block say of it.
//!
//! A page shows more than its article: related articles, comments, embedded posts, cited works. The areas of such
//! elements are spans of positions, so that a date, a name or a heading can be told to be in one. An area with the
//! headline or most of the text is the article itself, whatever its name.

use rustc_hash::FxHashMap;

use super::names::Names;
use super::outline::Outline;
use super::page::{Element, Page, Step};
use crate::article::BlockKind;
use crate::ingest::format::blocks::{BlockWriter, Body, html_element};
use crate::text::tidy;

/// A page's text with its surroundings.
pub(super) struct Scan {
    /// All displayed text, a block a line.
    pub(super) body: Body,
    /// What is around each block.
    pub(super) around: Vec<Around>,
    /// Headings of levels 1 and 2.
    pub(super) headings: Vec<Headline>,
    /// Dates for machines.
    pub(super) stamps: Vec<Stamp>,
    /// Texts of elements that are said to hold the author.
    pub(super) authors: Vec<Author>,
    /// The elements that hold the blocks.
    pub(super) outline: Outline,
    areas: Vec<Area>,
    /// Spans of the elements `article`, and those marked as one.
    articles: Vec<(usize, usize)>,
}

/// What is around a block or a date.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Around {
    /// Its position in the page.
    pub(super) at: usize,
    /// What the classes of the elements around it say of it.
    pub(super) hint: Hint,
    /// Index of its container.
    pub(super) container: Option<usize>,
    /// Words of the class of the innermost element around the block.
    pub(super) names: Names,
    /// Bytes of links in it.
    pub(super) link_bytes: usize,
}

/// What the names in the class, id and properties of an element suggest that it contains.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct Hint {
    pub(super) date: bool,
    pub(super) published: bool,
    pub(super) modified: bool,
    pub(super) author: bool,
}

/// A heading that may be the headline.
pub(super) struct Headline {
    pub(super) level: u8,
    pub(super) at: usize,
    pub(super) text: String,
}

/// A date for machines: a `time` element, or another with a property of dates.
pub(super) struct Stamp {
    pub(super) at: usize,
    /// The value for machines.
    pub(super) value: String,
    /// The displayed text.
    pub(super) text: String,
    /// The element, for people: `<time class="entry-date">`.
    pub(super) element: String,
    /// Its property, such as `datePublished`.
    pub(super) property: Option<String>,
    pub(super) hint: Hint,
}

/// The text of an element that is said to hold the author.
pub(super) struct Author {
    pub(super) at: usize,
    /// How surely: 3 for a property, 2 for a class of names, 1 for others.
    pub(super) rank: u8,
    pub(super) text: String,
}

/// Why a part of a page is not the article.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum AreaKind {
    /// Links to other articles, and their teasers.
    Related,
    /// Comments of readers.
    Comments,
    /// A post embedded from another site.
    Embedded,
    /// A cited work.
    Reference,
    /// Menus, footers, side columns.
    Navigation,
    /// Offers to subscribe.
    Offer,
    /// A box of facts or a summary beside the text.
    Box,
}

struct Area {
    kind: AreaKind,
    start: usize,
    end: usize,
}

/// The article's own part of a page: where its headline and its text are, and which areas are not its own.
pub(super) struct Own<'s> {
    scan: &'s Scan,
    /// Areas that are not the article's.
    foreign: Vec<(AreaKind, usize, usize)>,
    /// Positions of the element that is the article; all if there is none.
    article: (usize, usize),
    /// Index of the first block after the headline.
    pub(super) top: usize,
    /// Indices of the first and last blocks of running text.
    pub(super) first_text: usize,
    pub(super) last_text: usize,
    /// Index of the last block beside the headline: a standfirst may be above the byline.
    head_end: usize,
}

/// Most headings that are looked at for the headline.
const MOST_HEADINGS: usize = 200;
/// Longest of them, in bytes.
const MOST_HEADING_BYTES: usize = 1_000;
/// Most areas, and most elements that are articles.
const MOST_AREAS: usize = 5_000;
/// Most names of authors that are looked at.
const MOST_AUTHORS: usize = 100;

/// Fewest bytes of a paragraph that tells where the text of a page is.
const TEXT_BYTES: usize = 40;
/// Fewest bytes of a paragraph of running text.
const RUNNING_BYTES: usize = 100;

impl Scan {
    /// Walks a page.
    pub(super) fn of(page: &Page) -> Scan {
        let mut scan = Walk::default();
        page.walk(&mut |step| scan.step(step));
        scan.finish()
    }

    /// The article's own part, given the positions of headings that may be its headline, best first.
    pub(super) fn own(&self, headline: Option<usize>) -> Own<'_> {
        let paragraph = |at: usize, least: usize| {
            let block = &self.body.blocks[at];
            block.span.len() >= least && block.kind == BlockKind::Paragraph && !self.body.marks[at].linked
        };
        let is_running = |at: usize| paragraph(at, RUNNING_BYTES);
        // Bytes of text before each block.
        let mut before = vec![0];
        for (at, block) in self.body.blocks.iter().enumerate() {
            before.push(before[at] + if paragraph(at, TEXT_BYTES) { block.span.len() } else { 0 });
        }
        let total = before[self.body.blocks.len()];
        let index = |at: usize| self.around.partition_point(|around| around.at < at);
        let inside = |start: usize, end: usize| before[index(end).max(index(start))] - before[index(start)];
        let holds = |start: usize, end: usize| headline.is_some_and(|at| (start..end).contains(&at));
        // The larger its share of the text, the less a name of a class says of an area. Comments may be longer than the
        // article, but have no headline.
        let is_own = |kind: AreaKind, start: usize, end: usize| {
            holds(start, end)
                || match kind {
                    AreaKind::Comments => headline.is_none() && inside(start, end) * 2 > total,
                    AreaKind::Reference => inside(start, end) * 2 > total,
                    _ => inside(start, end) * 5 > total,
                }
        };
        let mut found: Vec<(AreaKind, usize, usize)> = self
            .areas
            .iter()
            .filter(|area| !is_own(area.kind, area.start, area.end))
            .map(|area| (area.kind, area.start, area.end))
            .collect();
        // Among several articles of a page only one is its own: that with the headline, else that with most of the text.
        let own = self.articles.iter().rev().find(|(start, end)| holds(*start, *end));
        let own = own.or_else(|| self.articles.iter().max_by_key(|(start, end)| inside(*start, *end)));
        let own = own.copied().filter(|(start, end)| holds(*start, *end) || inside(*start, *end) * 3 > total);
        if let Some((own_start, own_end)) = own {
            let others = self.articles.iter().filter(|(start, end)| {
                let is_around = *start <= own_start && own_end <= *end;
                // Another headline makes it another article, however long it is.
                let has_headline = self
                    .headings
                    .iter()
                    .any(|heading| heading.level == 1 && headline.is_some() && (*start..*end).contains(&heading.at));
                !is_around && !holds(*start, *end) && (has_headline || inside(*start, *end) * 5 <= total)
            });
            found.extend(others.map(|&(start, end)| (AreaKind::Related, start, end)));
        }
        // Areas nest; the outermost ones do not overlap.
        found.sort_by_key(|&(_, start, end)| (start, std::cmp::Reverse(end)));
        let mut foreign: Vec<(AreaKind, usize, usize)> = Vec::new();
        for area in found {
            if foreign.last().is_none_or(|&(_, _, end)| area.1 >= end) {
                foreign.push(area);
            }
        }
        let article = own.unwrap_or((0, usize::MAX));
        let mut own = Own { scan: self, foreign, article, top: 0, first_text: 0, last_text: 0, head_end: 0 };
        own.top = headline.map_or(0, |at| self.after_heading(at));
        let is_text = |at: &usize| is_running(*at) && own.foreign_at(self.around[*at].at).is_none();
        let first = (own.top..self.around.len()).find(is_text).unwrap_or(self.around.len());
        let last = (own.top..self.around.len()).rev().find(is_text).unwrap_or(first);
        own.head_end = (first + 1..self.around.len()).find(is_text).unwrap_or(first);
        (own.first_text, own.last_text) = (first, last);
        own
    }

    /// Index of the first block after the heading at a position. A line break within it makes it several blocks.
    fn after_heading(&self, at: usize) -> usize {
        let text = self.headings.iter().find(|heading| heading.at == at).map_or("", |heading| heading.text.as_str());
        let mut after = self.around.partition_point(|around| around.at <= at);
        let is_part = |block: usize| self.around.get(block).is_some() && text.contains(self.text(block));
        while is_part(after) {
            after += 1;
        }
        after
    }

    /// The text of a block.
    pub(super) fn text(&self, block: usize) -> &str {
        &self.body.text[self.body.blocks[block].span.clone()]
    }
}

impl Own<'_> {
    /// Why the position is not in the article, if it is not.
    pub(super) fn foreign_at(&self, at: usize) -> Option<AreaKind> {
        let last = self.foreign.partition_point(|&(_, start, _)| start <= at);
        let (kind, _, end) = *self.foreign.get(last.checked_sub(1)?)?;
        (at < end).then_some(kind)
    }

    /// Is a date or name at the position not the article's? Unlike menus, side columns within the article may hold its own.
    pub(super) fn is_others(&self, at: usize) -> bool {
        let is_beside = (self.article.0..self.article.1).contains(&at) && self.is_above_text(at);
        self.foreign_at(at)
            .is_some_and(|kind| !(kind == AreaKind::Navigation && is_beside && self.article.1 < usize::MAX))
    }

    /// Blocks beside the headline: a few above it, and all down to the second paragraph of running text.
    pub(super) fn head(&self) -> impl Iterator<Item = usize> + use<'_> {
        /// Most blocks above the headline.
        const ABOVE: usize = 6;
        /// Most blocks between headline and text.
        const BELOW: usize = 25;
        let from = self.top.saturating_sub(ABOVE);
        let to = (self.head_end + 1).min(self.top + BELOW).min(self.scan.around.len());
        (from..to).filter(|&block| !self.is_others(self.scan.around[block].at))
    }

    /// Blocks directly after the text.
    pub(super) fn tail(&self) -> impl Iterator<Item = usize> + use<'_> {
        const MOST: usize = 8;
        let from = (self.last_text + 1).min(self.scan.around.len());
        let to = (from + MOST).min(self.scan.around.len());
        (from..to).filter(|&block| self.foreign_at(self.scan.around[block].at).is_none())
    }

    /// Is a position before the article's text? A first paragraph may be the standfirst.
    pub(super) fn is_above_text(&self, at: usize) -> bool {
        self.scan.around.get(self.head_end).is_none_or(|first| at < first.at)
    }

    /// Is a position after the article's last running text?
    pub(super) fn is_below_text(&self, at: usize) -> bool {
        self.scan.around.get(self.last_text).is_some_and(|last| at > last.at)
    }
}

/// The walk: what is open.
#[derive(Default)]
struct Walk {
    writer: BlockWriter,
    around: Vec<Around>,
    headings: Vec<Headline>,
    stamps: Vec<Stamp>,
    authors: Vec<Author>,
    outline: Outline,
    areas: Vec<Area>,
    articles: Vec<(usize, usize)>,
    open: Vec<Open>,
    /// What classes that were seen say.
    known: FxHashMap<String, Names>,
    at: usize,
    /// What is around the open block.
    block: Option<Around>,
}

struct Open {
    /// Index of its area, if it is one.
    area: Option<usize>,
    /// Index of its span, if it is an article.
    article: Option<usize>,
    /// Index of its container, if it is one; else of the container around it.
    container: Option<usize>,
    is_container: bool,
    is_link: bool,
    /// Is it part of a line?
    is_inline: bool,
    names: Names,
    hint: Hint,
}

impl Walk {
    fn step(&mut self, step: Step<'_>) {
        self.at += 1;
        match step {
            Step::Text(text) => {
                self.writer.text(&text);
                if self.writer.is_hidden() || text.trim().is_empty() {
                    return;
                }
                if self.block.is_none() {
                    let container = self.open.last().and_then(|open| open.container);
                    let names = self.names_of_block();
                    self.block = Some(Around { at: self.at, hint: self.hint(), container, names, link_bytes: 0 });
                }
                let is_link = self.open.iter().rev().any(|open| open.is_link);
                if let Some(block) = self.block.as_mut().filter(|_| is_link) {
                    block.link_bytes += text.trim().len();
                }
            }
            Step::Open(element) => {
                self.writer.open(block_name(element));
                self.note_blocks();
                self.open(element);
            }
            Step::Close(element) => {
                self.writer.close(block_name(element));
                self.note_blocks();
                if let Some(open) = self.open.pop() {
                    if let Some(area) = open.area {
                        self.areas[area].end = self.at;
                    }
                    if let Some(article) = open.article {
                        self.articles[article].1 = self.at;
                    }
                    if let Some(container) = open.container.filter(|_| open.is_container) {
                        self.outline.containers[container].end = self.at;
                    }
                }
            }
        }
    }

    /// Records what is around the block that has just ended, if one has.
    fn note_blocks(&mut self) {
        if self.writer.blocks() > self.around.len() {
            let around = self.block.take().unwrap_or(Around { at: self.at, ..Around::default() });
            self.around.resize(self.writer.blocks(), around);
        }
    }

    /// Words of the classes of the innermost block element, and of the inline elements within it.
    fn names_of_block(&self) -> Names {
        let mut names = Names::default();
        for open in self.open.iter().rev() {
            names = names.and(open.names);
            if !open.is_inline {
                break;
            }
        }
        names
    }

    /// What the innermost elements suggest.
    fn hint(&self) -> Hint {
        /// Number of elements around a text whose names are about it.
        const LEVELS: usize = 3;
        let near = self.open.iter().rev().take(LEVELS);
        near.fold(Hint::default(), |all, open| Hint {
            date: all.date || open.hint.date,
            published: all.published || open.hint.published,
            modified: all.modified || open.hint.modified,
            author: all.author || open.hint.author,
        })
    }

    fn open(&mut self, element: Element<'_>) {
        let name = element.name();
        let class = element.attr("class");
        let id = element.attr("id");
        let property = element.attr("itemprop").or_else(|| element.attr("property"));
        let names = self.names(class.as_deref(), id.as_deref());
        let mut hint = Hint {
            date: names.has(Names::DATE),
            published: names.has(Names::PUBLISHED),
            modified: names.has(Names::MODIFIED),
            author: names.has(Names::AUTHOR),
        };
        if let Some(property) = property.as_deref().map(str::to_ascii_lowercase) {
            hint.published |= property.contains("datepublished");
            hint.date |= property.starts_with("date");
            hint.modified |= property.contains("datemodified");
            hint.author |= property == "author" || property == "creator";
        }
        let is_rel = element.attr("rel").as_deref() == Some("author");
        hint.author |= is_rel;
        let kind = area_kind(element, name, names, property.as_deref());
        let area = kind.filter(|_| self.areas.len() < MOST_AREAS).map(|kind| {
            self.areas.push(Area { kind, start: self.at, end: usize::MAX });
            self.areas.len() - 1
        });
        let article = (name == "article" && self.articles.len() < MOST_AREAS).then(|| {
            self.articles.push((self.at, usize::MAX));
            self.articles.len() - 1
        });
        if matches!(name, "h1" | "h2") && self.headings.len() < MOST_HEADINGS {
            let text = element.short_text(" ", MOST_HEADING_BYTES).map(|text| tidy(&text)).unwrap_or_default();
            if !text.is_empty() {
                self.headings.push(Headline { level: name.as_bytes()[1] - b'0', at: self.at, text });
            }
        }
        if hint.author && self.authors.len() < MOST_AUTHORS {
            const MOST_BYTES: usize = 160;
            let text = element.attr("content").or_else(|| element.short_text(" ", MOST_BYTES));
            let text = text.map(|text| tidy(&text)).filter(|text| !text.is_empty());
            let is_named = class.as_deref().is_some_and(|class| class.to_ascii_lowercase().contains("name"));
            let rank = if property.is_some() || is_rel { 3 } else { 1 + u8::from(is_named) };
            self.authors.extend(text.map(|text| Author { at: self.at, rank, text }));
        }
        let says_comment = |value: &Option<String>| {
            value.as_deref().is_some_and(|value| value.to_ascii_lowercase().contains("comment"))
        };
        let around = self.open.last().and_then(|open| open.container);
        let container = self.outline.open(element, names, says_comment(&class) || says_comment(&id), self.at, around);
        self.open.push(Open {
            area,
            article,
            container: container.or(around),
            is_container: container.is_some(),
            is_link: name == "a",
            is_inline: is_inline(name),
            names,
            hint,
        });
        self.stamp(element, name, class.as_deref(), property);
    }

    /// What the class and the id of an element say. Many elements of a page have the same classes.
    fn names(&mut self, class: Option<&str>, id: Option<&str>) -> Names {
        const MOST_WORDS: usize = 40;
        /// A longer id is made of the text, as those of headings are.
        const MOST_ID_WORDS: usize = 3;
        const MOST_KNOWN: usize = 10_000;
        let of_class = class.map_or_else(Names::default, |class| match self.known.get(class) {
            Some(known) => *known,
            None => {
                let names = Names::of(class, MOST_WORDS).unwrap_or_default();
                if self.known.len() < MOST_KNOWN {
                    self.known.insert(class.to_string(), names);
                }
                names
            }
        });
        id.and_then(|id| Names::of(id, MOST_ID_WORDS)).map_or(of_class, |of_id| of_class.and(of_id))
    }

    /// Records a date for machines.
    fn stamp(&mut self, element: Element<'_>, name: &str, class: Option<&str>, property: Option<String>) {
        const MOST: usize = 500;
        const MOST_TEXT: usize = 120;
        let dated = property.as_deref().is_some_and(|property| {
            let lower = property.to_ascii_lowercase();
            (lower.contains("date") || lower.contains("published_time")) && name != "meta" || lower == "datepublished"
        });
        let abbreviated = name == "abbr" && class.is_some_and(|class| class.contains("published"));
        if !(name == "time" || dated || abbreviated) || self.stamps.len() >= MOST {
            return;
        }
        let text = element.short_text(" ", MOST_TEXT).map(|text| tidy(&text)).unwrap_or_default();
        let value = element.attr("datetime").or_else(|| element.attr("content"));
        let value = value.or_else(|| element.attr("title").filter(|_| name == "abbr" || name == "time"));
        let value = value.map(|value| tidy(&value)).filter(|value| !value.is_empty()).unwrap_or_default();
        let detail = property.as_deref().map(|property| format!(" itemprop=\"{property}\""));
        let detail = detail.or_else(|| class.map(|class| format!(" class=\"{}\"", tidy(class)))).unwrap_or_default();
        let mut hint = self.hint();
        hint.published |= element.attr("pubdate").is_some();
        self.stamps.push(Stamp { at: self.at, value, text, element: format!("<{name}{detail}>"), property, hint });
    }

    fn finish(mut self) -> Scan {
        self.writer.end_block();
        self.note_blocks();
        let Walk { writer, around, headings, stamps, authors, outline, areas, articles, .. } = self;
        let body = writer.finish();
        debug_assert_eq!(body.blocks.len(), around.len());
        Scan { body, around, headings, stamps, authors, outline, areas, articles }
    }
}

/// Is it an element within a line?
fn is_inline(name: &str) -> bool {
    matches!(
        name,
        "a" | "abbr" | "b" | "cite" | "em" | "font" | "i" | "mark" | "q" | "s" | "small" | "span" | "strong" | "u"
    )
}

/// The element of HTML that an element stands for. A form around a whole page, as some servers write it, is none.
fn block_name(element: Element<'_>) -> &str {
    /// Fewest paragraphs of a page.
    const PARAGRAPHS: usize = 3;
    if element.name() == "form" && element.elements("p").take(PARAGRAPHS).count() == PARAGRAPHS {
        return "div";
    }
    html_element(element.name(), || element.attr("class"))
}

/// Why an element is not part of the article around it, by its name, its role and the names of its classes.
fn area_kind(element: Element<'_>, name: &str, names: Names, property: Option<&str>) -> Option<AreaKind> {
    /// Elements that hold parts of pages; the classes of others are about their own text.
    const CONTAINERS: &[&str] = &[
        "div",
        "section",
        "aside",
        "ul",
        "ol",
        "li",
        "nav",
        "footer",
        "figure",
        "blockquote",
        "article",
        "table",
        "iframe",
    ];
    let of_property = match property {
        Some("comment") => Some(AreaKind::Comments),
        Some("citation" | "isBasedOn" | "mentions") => Some(AreaKind::Reference),
        Some("relatedLink" | "isRelatedTo") => Some(AreaKind::Related),
        _ => None,
    };
    if of_property.is_some() || !(CONTAINERS.contains(&name) || name.contains('-')) {
        return of_property;
    }
    let is_post = matches!(name, "blockquote" | "figure" | "div" | "iframe") && names.has(Names::NETWORK);
    let of_names = [
        (names.has(Names::COMMENTS), AreaKind::Comments),
        (names.has(Names::REFERENCE), AreaKind::Reference),
        (is_post && !names.has(Names::SHARE) || names.has(Names::EMBED), AreaKind::Embedded),
        (names.has(Names::OFFER), AreaKind::Offer),
        (names.has(Names::RELATED), AreaKind::Related),
        (names.has(Names::BOX), AreaKind::Box),
        (names.has(Names::MENU) || matches!(name, "nav" | "footer" | "aside"), AreaKind::Navigation),
    ];
    if let Some((_, kind)) = of_names.iter().find(|(is, _)| *is) {
        return Some(*kind);
    }
    if element.attr("itemtype").is_some_and(|schema| schema.ends_with("Comment")) {
        return Some(AreaKind::Comments);
    }
    let role = element.attr("role")?;
    matches!(role.as_str(), "navigation" | "contentinfo" | "complementary").then_some(AreaKind::Navigation)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn areas_are_those_without_the_article() {
        let text = "The union wants a shorter week, and the company says that it cannot afford one this year or next, with ships full.";
        let page = |class: &str, tag: &str| {
            format!(
                "<body class='has-sidebar'><div class='related-wrapper'><article><h1>Dockers walk out</h1><p>{text}</p>\
                 <p>{text}</p><{tag} class='{class}'><p>Old lantern relit</p></{tag}><p>{text}</p></article></div></body>"
            )
        };
        for (class, tag, kind) in [
            ("related-posts", "div", Some(AreaKind::Related)),
            ("readMore", "div", Some(AreaKind::Related)),
            ("comment-list", "ol", Some(AreaKind::Comments)),
            ("twitter-tweet", "blockquote", Some(AreaKind::Embedded)),
            ("fact-box", "div", Some(AreaKind::Box)),
            ("paywall", "section", Some(AreaKind::Offer)),
            ("", "aside", Some(AreaKind::Navigation)),
            ("", "article", Some(AreaKind::Related)),
            ("story-text", "div", None),
        ] {
            let page = Page::parse(&page(class, tag));
            let scan = Scan::of(&page);
            let own = scan.own(scan.headings.first().map(|heading| heading.at));
            let kinds: Vec<_> = scan.around.iter().map(|around| own.foreign_at(around.at)).collect();
            assert_eq!(kinds, [None, None, None, kind, None], "{tag} {class}");
            assert_eq!((own.top, own.first_text, own.last_text), (1, 1, 4), "{tag} {class}");
        }
    }
}
