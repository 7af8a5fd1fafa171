//! What a METS file states: files of pages, divisions, articles with their facts and areas.

use std::collections::{HashMap, HashSet};
use std::path::{Component, Path, PathBuf};

use super::description::described;
use crate::ingest::format::xml::Element;
use crate::model::Facts;
use crate::text::tidy;

/// Most levels of divisions.
const MOST_LEVELS: usize = 60;
/// Most folders up from the METS file to a page.
const MOST_UP: usize = 2;
/// Divisions that are articles.
const ARTICLES: &[&str] = &[
    "ad",
    "advert",
    "advertisement",
    "advertisment",
    "announcement",
    "article",
    "birthnotice",
    "deathnotice",
    "editorial",
    "feuilleton",
    "interview",
    "letter",
    "listing",
    "marriagenotice",
    "notice",
    "obituary",
    "poem",
    "review",
    "story",
    "weather",
];
/// Divisions that hold articles.
const CONTAINERS: &[&str] = &[
    "content",
    "day",
    "edition",
    "group",
    "issue",
    "journal",
    "magazine",
    "main",
    "month",
    "newspaper",
    "periodical",
    "section",
    "set",
    "supplement",
    "volume",
    "year",
];
/// Divisions that are parts of an article.
const PARTS: &[&str] = &[
    "aside",
    "author",
    "body",
    "bodycontent",
    "byline",
    "caption",
    "dateline",
    "footnote",
    "heading",
    "headline",
    "illustration",
    "image",
    "insideheading",
    "motto",
    "object",
    "overline",
    "page",
    "pagenumber",
    "paragraph",
    "picture",
    "publishingstmt",
    "subheadline",
    "subtitle",
    "table",
    "tablecontent",
    "text",
    "textblock",
    "title",
    "titlesection",
];
/// Parts that are headings.
const HEADINGS: &[&str] = &["heading", "headline", "insideheading", "overline", "subheadline", "subtitle", "title"];
/// A file of a page.
#[derive(Debug)]
pub(super) struct PageFile<'e> {
    pub(super) id: &'e str,
    /// The address as it is stated.
    pub(super) href: &'e str,
    pub(super) path: Option<PathBuf>,
    /// The number of its group of files.
    pub(super) group: usize,
}

/// A stretch of a page: some of its lines, or all.
#[derive(Debug, Clone, Copy)]
pub(super) struct Area<'e> {
    pub(super) file: &'e str,
    pub(super) begin: Option<&'e str>,
    pub(super) end: Option<&'e str>,
    pub(super) is_heading: bool,
    /// Areas of one paragraph have one number.
    pub(super) paragraph: usize,
}

/// An article that a METS file tells apart.
#[derive(Debug)]
pub(super) struct Item<'e> {
    pub(super) id: Option<&'e str>,
    pub(super) facts: Facts,
    pub(super) areas: Vec<Area<'e>>,
}

/// A METS file.
pub(super) struct Mets<'e> {
    root: &'e Element,
    pub(super) files: Vec<PageFile<'e>>,
    /// Facts, by the id of the description that states them.
    described: HashMap<&'e str, Facts>,
    /// From divisions to those that they are linked to.
    links: HashMap<&'e str, Vec<&'e str>>,
    /// Divisions by their ids.
    divisions: HashMap<&'e str, &'e Element>,
}

impl<'e> Mets<'e> {
    pub(super) fn of(root: &'e Element, folder: &Path) -> Option<Mets<'e>> {
        let mets = root.find("mets")?;
        let mut files = Vec::new();
        for (group, element) in groups(mets).into_iter().enumerate() {
            for file in element.elements().filter(|element| element.is("file")) {
                let locator = file.child("flocat").and_then(|locator| locator.attribute("href"));
                let (Some(id), Some(href)) = (file.attribute("id"), locator) else { continue };
                if is_page(href, file.attribute("mimetype")) {
                    let path = page_path(href, element.attribute("use"), folder);
                    files.push(PageFile { id, href, path, group });
                }
            }
        }
        let described =
            mets.all("dmdsec").into_iter().filter_map(|section| Some((section.attribute("id")?, described(section))));
        let described = described.collect();
        let mut divisions = HashMap::new();
        for map in mets.all("structmap") {
            note_divisions(map, &mut divisions);
        }
        Some(Mets { root: mets, files, described, links: links(mets), divisions })
    }

    /// The logical structure: articles and their parts. None if the file has only the pages.
    fn logical(&self) -> Option<&'e Element> {
        let maps = self.root.all("structmap");
        let is_of =
            |map: &Element, kind: &str| map.attribute("type").is_some_and(|stated| stated.eq_ignore_ascii_case(kind));
        let logical = maps.iter().find(|map| is_of(map, "logical")).copied();
        logical.or_else(|| maps.into_iter().find(|map| !is_of(map, "physical") && holds_articles(map, 0)))
    }

    /// The articles that it tells apart; none if they are whole pages, which articles share.
    pub(super) fn articles(&self) -> Vec<Item<'e>> {
        let mut items = Vec::new();
        if let Some(map) = self.logical() {
            let facts = Facts { source: self.root.attribute("label").and_then(name_of), ..Facts::default() };
            self.collect(map, &facts, 0, &mut items);
        }
        let is_whole = |item: &Item<'_>| !item.areas.is_empty() && item.areas.iter().all(|area| area.begin.is_none());
        if items.iter().filter(|item| is_whole(item)).count() * 2 > items.len() {
            return Vec::new();
        }
        items.iter_mut().for_each(|item| item.areas.retain(|area| area.begin.is_some()));
        items.retain(|item| !item.areas.is_empty() || item.facts.title.is_some());
        // Titles without any text are a table of contents.
        if items.iter().all(|item| item.areas.is_empty()) {
            items.clear();
        }
        items
    }

    fn collect(&self, element: &'e Element, above: &Facts, level: usize, out: &mut Vec<Item<'e>>) {
        if level > MOST_LEVELS {
            return;
        }
        for division in element.elements().filter(|element| element.is("div")) {
            let kind = kind(division);
            let is_article = ARTICLES.contains(&kind.as_str());
            let holds_articles = !is_article && holds_articles(division, level);
            if PARTS.contains(&kind.as_str()) && !holds_articles {
                continue;
            }
            let is_container = holds_articles || CONTAINERS.contains(&kind.as_str());
            let own = self.facts_of(division);
            if is_container {
                let is_section = kind == "section";
                let named = if is_section { Facts { title: None, ..own.clone() } } else { own.clone() };
                let mut facts = below(above, named);
                if is_section {
                    facts.desk = title_of(division, &own).or(facts.desk);
                }
                let before = out.len();
                self.collect(division, &facts, level + 1, out);
                // A section may have text of its own.
                let areas = if is_section { self.areas(division, false) } else { Vec::new() };
                if areas.iter().any(|area| !area.is_heading) {
                    let title = title_of(division, &own);
                    let facts = Facts { title, ..below(above, Facts { title: None, ..own }) };
                    let item = Item { id: division.attribute("id"), facts, areas };
                    out.insert(before, item);
                }
                continue;
            }
            let mut facts = below(above, Facts { title: None, ..own.clone() });
            facts.title = title_of(division, &own);
            facts.byline = own.byline.or(facts.byline);
            facts.url = own.url.or(facts.url);
            out.push(Item { id: division.attribute("id"), facts, areas: self.areas(division, true) });
        }
    }

    /// The facts in the descriptions of a division.
    fn facts_of(&self, division: &Element) -> Facts {
        let mut out = Facts::default();
        for id in division.attribute("dmdid").unwrap_or("").split_whitespace() {
            if let Some(facts) = self.described.get(id) {
                out.fill_from(facts.clone());
            }
        }
        out
    }

    /// The stretches of pages that a division has; without `with_articles` not those of articles in it.
    fn areas(&self, division: &'e Element, with_articles: bool) -> Vec<Area<'e>> {
        let mut out = Vec::new();
        let mut walk = Walk { mets: self, with_articles, paragraph: 0, out: &mut out };
        walk.division(division, false, None, 0);
        let linked = division.attribute("id").and_then(|id| self.links.get(id));
        for target in linked.into_iter().flatten().filter_map(|id| self.divisions.get(id)) {
            if with_articles {
                target.elements().filter(|element| element.is("fptr")).for_each(|pointer| {
                    walk.pointer(pointer, is_heading(target), None);
                });
            }
        }
        out
    }

    /// The files of all pages, in order: of the group that the articles name, or of the one that has the most.
    pub(super) fn pages(&self, items: &[Item<'e>]) -> Vec<&PageFile<'e>> {
        let named: HashSet<&str> = items.iter().flat_map(|item| &item.areas).map(|area| area.file).collect();
        let mut counts: Vec<usize> = vec![0; self.files.iter().map(|file| file.group + 1).max().unwrap_or(0)];
        for file in self.files.iter().filter(|file| file.path.is_some()) {
            counts[file.group] += 1;
        }
        let of_named = self.files.iter().find(|file| named.contains(file.id)).map(|file| file.group);
        // The last of several that have as many: recognised text comes after the steps that lead to it.
        let most = counts.iter().enumerate().max_by_key(|(_, count)| **count).map(|(group, _)| group);
        let Some(group) = of_named.or(most) else { return Vec::new() };
        let mut files: Vec<&PageFile<'e>> = self.files.iter().filter(|file| file.group == group).collect();
        let mut order = Vec::new();
        for map in self.root.all("structmap") {
            if map.attribute("type").is_some_and(|kind| kind.eq_ignore_ascii_case("physical")) {
                note_files(map, &mut order);
            }
        }
        let position: HashMap<&str, usize> =
            order.into_iter().rev().enumerate().map(|(i, id)| (id, usize::MAX - i)).collect();
        files.sort_by_key(|file| position.get(file.id).copied().unwrap_or(usize::MAX));
        files
    }

    /// The division of the issue: the outermost that has a description, or the first.
    fn issue(&self) -> Option<&'e Element> {
        let map = self.logical().or_else(|| self.root.all("structmap").into_iter().next())?;
        let first = map.child("div")?;
        let mut at = Some(first);
        while let Some(division) = at {
            if kind(division) == "issue" {
                return Some(division);
            }
            at = division.child("div").filter(|below| CONTAINERS.contains(&kind(below).as_str()));
        }
        Some(first)
    }

    pub(super) fn issue_id(&self) -> Option<&'e str> {
        self.issue().and_then(|division| division.attribute("id"))
    }

    /// The facts that hold for all pages.
    pub(super) fn issue_facts(&self) -> Facts {
        let label = self.root.attribute("label").map(tidy).filter(|label| !label.is_empty());
        let mut out = Facts { source: label.as_deref().and_then(name_of), ..Facts::default() };
        let map = self.logical().or_else(|| self.root.all("structmap").into_iter().next());
        let mut at = map.and_then(|map| map.child("div"));
        let mut title = None;
        while let Some(division) = at {
            let own = self.facts_of(division);
            title = title_of(division, &own).or(title);
            let is_work = !CONTAINERS.contains(&kind(division).as_str());
            if is_work {
                out.byline = own.byline.clone().or(out.byline);
                out.url = own.url.clone().or(out.url);
            }
            out = below(&out, own);
            at = division.child("div").filter(|below| CONTAINERS.contains(&kind(below).as_str()));
        }
        out.title = title.or(label);
        if out.title == out.source && out.published.is_none() {
            out.source = None;
        }
        out
    }
}

/// Walks the divisions of an article.
struct Walk<'w, 'e> {
    mets: &'w Mets<'e>,
    with_articles: bool,
    paragraph: usize,
    out: &'w mut Vec<Area<'e>>,
}

impl<'e> Walk<'_, 'e> {
    fn division(&mut self, division: &'e Element, heading: bool, paragraph: Option<usize>, level: usize) {
        if level > MOST_LEVELS {
            return;
        }
        for child in division.elements() {
            if child.is("fptr") {
                self.pointer(child, heading, paragraph);
            } else if child.is("div") {
                let kind = kind(child);
                if !self.with_articles && !PARTS.contains(&kind.as_str()) {
                    continue;
                }
                let own = if kind == "paragraph" && paragraph.is_none() {
                    self.paragraph += 1;
                    Some(self.paragraph)
                } else {
                    paragraph
                };
                self.division(child, heading || is_heading(child), own, level + 1);
            }
        }
    }

    fn pointer(&mut self, pointer: &'e Element, is_heading: bool, paragraph: Option<usize>) {
        let areas = pointer.all("area");
        for element in if areas.is_empty() { vec![pointer] } else { areas } {
            let Some(file) = element.attribute("fileid") else { continue };
            if self.mets.files.iter().all(|page| page.id != file) {
                continue;
            }
            let begin = element.attribute("begin").filter(|begin| !begin.is_empty());
            let end = element.attribute("end").filter(|end| !end.is_empty());
            let paragraph = paragraph.unwrap_or_else(|| {
                self.paragraph += 1;
                self.paragraph
            });
            self.out.push(Area { file, begin, end, is_heading, paragraph });
        }
    }
}

/// The groups of files that hold files.
fn groups(mets: &Element) -> Vec<&Element> {
    fn collect<'e>(element: &'e Element, level: usize, out: &mut Vec<&'e Element>) {
        for group in element.elements().filter(|element| element.is("filegrp")) {
            if group.child("file").is_some() {
                out.push(group);
            }
            if level < MOST_LEVELS {
                collect(group, level + 1, out);
            }
        }
    }
    let mut out = Vec::new();
    mets.all("filesec").into_iter().for_each(|section| collect(section, 0, &mut out));
    out
}

/// May a file of a METS file hold the text of a page?
fn is_page(href: &str, mime: Option<&str>) -> bool {
    let name = href.rsplit(['/', '\\']).next().unwrap_or(href);
    let end = name.rsplit_once('.').map_or("", |(_, end)| end).to_ascii_lowercase();
    let is_text = ["xml", "alto", "hocr", "html", "htm", "xhtml"].contains(&end.as_str());
    is_text && mime.is_none_or(|mime| !mime.starts_with("image/") && !mime.starts_with("application/pdf"))
}

/// The file of a page, if it exists. An address on the web is looked for by its last part.
pub(super) fn page_path(href: &str, group: Option<&str>, folder: &Path) -> Option<PathBuf> {
    let href = href.strip_prefix("file://").unwrap_or(href).replace('\\', "/").replace("%20", " ");
    let mut tried = Vec::new();
    if !href.contains("://") {
        let below = Path::new(href.trim_start_matches("./"));
        let ups = below.components().filter(|part| *part == Component::ParentDir).count();
        let is_near = below
            .components()
            .all(|part| matches!(part, Component::Normal(_) | Component::ParentDir | Component::CurDir));
        if is_near && ups <= MOST_UP {
            tried.push(folder.join(below));
        }
    }
    let name = href.rsplit('/').next().filter(|name| !name.is_empty() && *name != "..")?;
    tried.push(folder.join(name));
    for sub in group.into_iter().chain(["alto", "ALTO", "fulltext", "ocr", "text", "xml"]) {
        if !sub.contains(['/', '\\']) && sub != ".." {
            tried.push(folder.join(sub).join(name));
        }
    }
    tried.into_iter().find(|path| path.is_file())
}

/// The type of a division in small letters, without signs: `title_section`, `TitleSection` are one.
fn kind(division: &Element) -> String {
    let letters = division.attribute("type").unwrap_or("").chars().filter(|c| c.is_alphanumeric());
    letters.flat_map(char::to_lowercase).collect()
}

/// Is a division a heading, by its type or, if it is an area of a page, by its label?
fn is_heading(division: &Element) -> bool {
    let label = division.attribute("label").map(str::to_lowercase);
    HEADINGS.contains(&kind(division).as_str()) || label.is_some_and(|label| HEADINGS.contains(&label.as_str()))
}

fn holds_articles(element: &Element, level: usize) -> bool {
    level <= MOST_LEVELS
        && element
            .elements()
            .filter(|element| element.is("div"))
            .any(|division| ARTICLES.contains(&kind(division).as_str()) || holds_articles(division, level + 1))
}

fn note_divisions<'e>(element: &'e Element, out: &mut HashMap<&'e str, &'e Element>) {
    for division in element.elements().filter(|element| element.is("div")) {
        if let Some(id) = division.attribute("id") {
            out.insert(id, division);
        }
        note_divisions(division, out);
    }
}

/// The files that divisions name, in order.
fn note_files<'e>(element: &'e Element, out: &mut Vec<&'e str>) {
    out.extend(element.attribute("fileid"));
    element.elements().for_each(|child| note_files(child, out));
}

/// From each division to those that it is linked to.
fn links(mets: &Element) -> HashMap<&str, Vec<&str>> {
    let mut out: HashMap<&str, Vec<&str>> = HashMap::new();
    for section in mets.all("structlink") {
        for link in section.elements() {
            if link.is("smlink") {
                if let (Some(from), Some(to)) = (link.attribute("from"), link.attribute("to")) {
                    out.entry(from.trim_start_matches('#')).or_default().push(to.trim_start_matches('#'));
                }
                continue;
            }
            // A group names divisions by labels, and arcs between the labels.
            let locators = link.elements().filter(|element| element.is("smlocatorlink"));
            let named: HashMap<&str, &str> = locators
                .filter_map(|locator| Some((locator.attribute("label")?, locator.attribute("href")?)))
                .collect();
            for arc in link.elements().filter(|element| element.is("smarclink")) {
                let end =
                    |name| arc.attribute(name).and_then(|label| named.get(label)).map(|id| id.trim_start_matches('#'));
                if let (Some(from), Some(to)) = (end("from"), end("to")) {
                    out.entry(from).or_default().push(to);
                }
            }
        }
    }
    out
}

/// The facts of a division in another: newspaper and day come from above, a title is the newspaper's name there.
fn below(above: &Facts, own: Facts) -> Facts {
    let name = own.title.as_deref().and_then(name_of);
    let mut out = Facts {
        published: own.published,
        source: own.source.or(name),
        lang: own.lang,
        desk: above.desk.clone(),
        ..Facts::default()
    };
    // Of the names above, the outermost description is the newspaper's.
    out.source = above.source.clone().filter(|_| out.source.is_none() || above.published.is_some()).or(out.source);
    out.published = out.published.or_else(|| above.published.clone());
    out.lang = out.lang.or_else(|| above.lang.clone());
    out
}

/// The name of a newspaper; `None` for what begins with a number or a day.
fn name_of(title: &str) -> Option<String> {
    let title = tidy(title);
    title.chars().next().is_some_and(char::is_alphabetic).then_some(title)
}

/// The title of an article: the label that was made for display, or what its description states.
fn title_of(division: &Element, own: &Facts) -> Option<String> {
    let label = division.attribute("label").map(tidy).filter(|label| label.chars().any(char::is_alphabetic));
    let title = label.or_else(|| own.title.clone())?;
    let title = title.trim_start_matches(|c: char| c.is_whitespace() || "–—-•*".contains(c));
    (!title.is_empty()).then(|| title.to_string())
}
