//! METS: the structure of a scan whose pages (ALTO, hOCR, PAGE XML) are files beside it. If it tells articles apart, each is
//! one, made of the blocks that it names; else all pages are one article. Text that no article has is an article of its own.

use std::collections::{HashMap, HashSet};
use std::fs::File;
use std::io::Read;
use std::path::{Component, Path, PathBuf};

use xxhash_rust::xxh3::xxh3_64;

use super::context::Context;
use super::draft::Draft;
use super::scan::{self, Region, Scanned};
use super::xml::{self, Element};
use super::{Format, draft};
use crate::article::RawArticle;
use crate::article::date::date_in_path;
use crate::ingest::decode::decode;
use crate::ingest::{BadRecord, ReadLimits, Record, RecordId, SkipReason, Yielded};
use crate::model::{Facts, PublishedFrom};
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

/// What is known of a METS file without its pages.
#[derive(Debug, Clone, Default)]
pub(in crate::ingest) struct Structure {
    /// The files of its pages that exist.
    pub(in crate::ingest) pages: Vec<PathBuf>,
    /// Does it tell articles apart?
    pub(in crate::ingest) has_articles: bool,
}

/// The structure in a METS file in `folder`; `None` if it cannot be read.
pub(in crate::ingest) fn structure(bytes: &[u8], folder: &Path) -> Option<Structure> {
    let root = xml::parse(&decode(bytes, true).ok()?.text).ok()?;
    let mets = Mets::of(&root, folder)?;
    let pages = mets.files.iter().filter_map(|file| file.path.clone()).collect();
    Some(Structure { pages, has_articles: !mets.articles().is_empty() })
}

/// Reads the articles of a METS file from its pages.
///
/// # Errors
///
/// [`SkipReason::Unsupported`] if none of its pages is a file beside it.
pub(super) fn read(text: &str, context: &Context, name: &str, sink: &mut dyn FnMut(Yielded)) -> Result<(), SkipReason> {
    let root = xml::parse(text)?;
    let lacks_pages = || {
        SkipReason::Unsupported("METS, which lists the pages of a scan, without files of their text beside it".into())
    };
    let folder = context.folder.as_deref().ok_or_else(lacks_pages)?;
    let mets = Mets::of(&root, folder).ok_or_else(lacks_pages)?;
    if mets.files.iter().all(|file| file.path.is_none()) {
        return Err(lacks_pages());
    }
    let items = mets.articles();
    let ids = items.iter().flat_map(|item| &item.areas).flat_map(|area| [area.begin, area.end]).flatten().collect();
    let mut pages = Pages { mets: &mets, ids: &ids, limits: context.limits, read: HashMap::new(), bad: Vec::new() };
    let mut out: Vec<(Option<&str>, RawArticle)> = Vec::new();
    let mut used = HashSet::new();
    for item in &items {
        let regions = pages.regions(&item.areas, &mut used);
        out.push((item.id, article(&regions, item.facts.clone(), pages.language(&item.areas))));
    }
    let rest = pages.rest(mets.pages(&items), &used);
    if rest.iter().any(|region| !region.is_margin && region.lines.iter().any(|line| !line.trim().is_empty())) {
        out.push((mets.issue_id(), article(&rest, mets.issue_facts(), pages.any_language())));
    }
    let bad = std::mem::take(&mut pages.bad);
    if out.is_empty() && bad.is_empty() {
        return Err(SkipReason::NoText);
    }
    let is_one = out.len() == 1;
    for (i, (id, raw)) in out.into_iter().enumerate() {
        let position = || id.map_or_else(|| format!("record {}", i + 1), |id| format!("division {id}"));
        if raw.text.trim().is_empty() && raw.facts.title.is_none() {
            sink(Yielded::Bad(BadRecord { position: position(), reason: SkipReason::NoText }));
            continue;
        }
        let hash = xxh3_64(format!("{:?}{}", raw.facts, raw.text).as_bytes());
        let id = id.map_or(RecordId::Number(i + 1), |id| RecordId::Own(id.to_string()));
        let raw = RawArticle { path_date: date_in_path(name, PublishedFrom::Path), ..raw };
        sink(Yielded::Article(Box::new(Record { id: (!is_one).then_some(id), raw, map: None, hash })));
    }
    bad.into_iter().for_each(|bad| sink(Yielded::Bad(bad)));
    Ok(())
}

/// The article of some regions. What METS states counts before what its pages do.
fn article(regions: &[Region], facts: Facts, language: Option<&str>) -> RawArticle {
    let mut raw = scan::article(regions, language);
    let mut stated = facts;
    stated.fill_from(std::mem::take(&mut raw.facts));
    raw.facts = stated;
    raw
}

/// A file of a page.
#[derive(Debug)]
struct PageFile<'e> {
    id: &'e str,
    /// The address as it is stated.
    href: &'e str,
    path: Option<PathBuf>,
    /// The number of its group of files.
    group: usize,
}

/// A stretch of a page: some of its lines, or all.
#[derive(Debug, Clone, Copy)]
struct Area<'e> {
    file: &'e str,
    begin: Option<&'e str>,
    end: Option<&'e str>,
    is_heading: bool,
    /// Areas of one paragraph have one number.
    paragraph: usize,
}

/// An article that a METS file tells apart.
#[derive(Debug)]
struct Item<'e> {
    id: Option<&'e str>,
    facts: Facts,
    areas: Vec<Area<'e>>,
}

/// A METS file.
struct Mets<'e> {
    root: &'e Element,
    files: Vec<PageFile<'e>>,
    /// What descriptions state, by their ids.
    described: HashMap<&'e str, Facts>,
    /// From divisions to those that they are linked to.
    links: HashMap<&'e str, Vec<&'e str>>,
    /// Divisions by their ids.
    divisions: HashMap<&'e str, &'e Element>,
}

impl<'e> Mets<'e> {
    fn of(root: &'e Element, folder: &Path) -> Option<Mets<'e>> {
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

    /// The structure of the text, if it is told beside that of the pages.
    fn logical(&self) -> Option<&'e Element> {
        let maps = self.root.all("structmap");
        let is_of =
            |map: &Element, kind: &str| map.attribute("type").is_some_and(|stated| stated.eq_ignore_ascii_case(kind));
        let logical = maps.iter().find(|map| is_of(map, "logical")).copied();
        logical.or_else(|| maps.into_iter().find(|map| !is_of(map, "physical") && holds_articles(map, 0)))
    }

    /// The articles that it tells apart; none if they are whole pages, which articles share.
    fn articles(&self) -> Vec<Item<'e>> {
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

    /// What the descriptions of a division state.
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
    fn pages(&self, items: &[Item<'e>]) -> Vec<&PageFile<'e>> {
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

    fn issue_id(&self) -> Option<&'e str> {
        self.issue().and_then(|division| division.attribute("id"))
    }

    /// What is stated of all pages together.
    fn issue_facts(&self) -> Facts {
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

/// The pages that were read.
struct Pages<'p, 'e> {
    mets: &'p Mets<'e>,
    ids: &'p HashSet<&'e str>,
    limits: ReadLimits,
    read: HashMap<&'e str, Option<Scanned>>,
    bad: Vec<BadRecord>,
}

impl<'e> Pages<'_, 'e> {
    fn page(&mut self, id: &'e str) -> Option<&Scanned> {
        if !self.read.contains_key(id) {
            let file = self.mets.files.iter().find(|file| file.id == id)?;
            let read = match &file.path {
                Some(path) => scanned(path, self.ids, self.limits),
                None => Err(SkipReason::Unreadable("no such file".into())),
            };
            if let Err(reason) = &read {
                self.bad.push(BadRecord { position: format!("page {}", tidy(file.href)), reason: reason.clone() });
            }
            self.read.insert(id, read.ok());
        }
        self.read.get(id).and_then(Option::as_ref)
    }

    /// The text of some areas. Which lines it takes is noted in `used`.
    fn regions(&mut self, areas: &[Area<'e>], used: &mut HashSet<(&'e str, usize, usize)>) -> Vec<Region> {
        let mut out: Vec<(usize, Region)> = Vec::new();
        for area in areas {
            let Some(page) = self.page(area.file) else { continue };
            let lines = |id: Option<&str>| id.and_then(|id| page.lines.get(id)).copied();
            let Some(begin) = lines(area.begin) else { continue };
            let end = lines(area.end).unwrap_or(begin);
            // The blocks of one area are paragraphs; areas may be parts of one.
            let mut may_continue = true;
            for (number, region) in page.regions.iter().enumerate().take(end.last.0 + 1).skip(begin.first.0) {
                let first = if number == begin.first.0 { begin.first.1 } else { 0 };
                let last = if number == end.last.0 { end.last.1.min(region.lines.len()) } else { region.lines.len() };
                let taken: Vec<String> = (first..=last)
                    .filter(|line| *line < region.lines.len() && used.insert((area.file, number, *line)))
                    .map(|line| region.lines[line].clone())
                    .collect();
                if taken.is_empty() {
                    continue;
                }
                let continues = std::mem::replace(&mut may_continue, false);
                match out.last_mut().filter(|(paragraph, last)| {
                    continues
                        && *paragraph == area.paragraph
                        && last.page == region.page
                        && last.is_heading == area.is_heading
                }) {
                    Some((_, last)) => last.lines.extend(taken),
                    None => out.push((
                        area.paragraph,
                        Region { lines: taken, is_heading: area.is_heading, is_margin: false, ..region.clone() },
                    )),
                }
            }
        }
        out.into_iter().map(|(_, region)| region).collect()
    }

    /// The text of `files` that no article took.
    fn rest(&mut self, files: Vec<&PageFile<'e>>, used: &HashSet<(&'e str, usize, usize)>) -> Vec<Region> {
        let mut out = Vec::new();
        for (i, file) in files.into_iter().enumerate() {
            let Some(page) = self.page(file.id) else { continue };
            for (number, region) in page.regions.iter().enumerate() {
                let is_left = |line: &usize| !used.contains(&(file.id, number, *line));
                let lines: Vec<String> =
                    (0..region.lines.len()).filter(is_left).map(|line| region.lines[line].clone()).collect();
                if !lines.is_empty() {
                    // A file of one page calls it the first, unless it states its number.
                    let page = if region.page <= 1 { i as u32 + 1 } else { region.page };
                    out.push(Region { lines, page, ..region.clone() });
                }
            }
        }
        out
    }

    fn language(&self, areas: &[Area<'e>]) -> Option<&str> {
        areas.iter().find_map(|area| self.read.get(area.file)?.as_ref()?.language.as_deref())
    }

    fn any_language(&self) -> Option<&str> {
        self.mets.files.iter().find_map(|file| self.read.get(file.id)?.as_ref()?.language.as_deref())
    }
}

/// Reads a page.
fn scanned(path: &Path, ids: &HashSet<&str>, limits: ReadLimits) -> Result<Scanned, SkipReason> {
    let refused = |error: std::io::Error| SkipReason::Unreadable(crate::os::sentence(&error));
    let mut bytes = Vec::new();
    File::open(path).map_err(refused)?.take(limits.max_bytes + 1).read_to_end(&mut bytes).map_err(refused)?;
    if bytes.len() as u64 > limits.max_bytes {
        let bytes = path.metadata().map_or(bytes.len() as u64, |metadata| metadata.len());
        return Err(SkipReason::TooLong { bytes, limit: limits.max_bytes });
    }
    if Format::detect(&path.to_string_lossy(), &bytes)? != Format::Scan {
        return Err(SkipReason::Unsupported("a page of another format than ALTO, hOCR and PAGE XML".into()));
    }
    scan::scanned(&decode(&bytes, true)?.text, ids)
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
fn page_path(href: &str, group: Option<&str>, folder: &Path) -> Option<PathBuf> {
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

/// What a description states: MODS or Dublin Core.
fn described(section: &Element) -> Facts {
    let mut draft = Draft::default();
    if let Some(mods) = section.find("mods") {
        modelled(mods, &mut draft);
    } else {
        let texts = |name: &str| section.all(name).into_iter().filter_map(Element::tidied).collect::<Vec<_>>();
        draft.title(texts("title").into_iter().next());
        draft.byline(Some(texts("creator").join(", ")).filter(|names| !names.is_empty()));
        let dates = texts("date");
        draft.published(dates.iter().map(|date| Some(date.as_str())));
        draft.lang(texts("language").first().map(String::as_str));
        draft.facts.url = texts("identifier").into_iter().find(|text| text.starts_with("http"));
    }
    draft.facts
}

/// What MODS states.
fn modelled(mods: &Element, draft: &mut Draft) {
    let own = |name: &'static str| mods.elements().filter(move |element| element.is(name));
    let titles: Vec<String> = own("titleinfo").filter_map(title_info).collect();
    draft.title(Some(titles.join(" ")).filter(|title| !title.is_empty()));
    let host = own("relateditem").find(|item| item.attribute("type") == Some("host"));
    draft.source(host.and_then(|host| host.child("titleinfo")).and_then(title_info));
    let names: Vec<String> = own("name").filter(|name| is_author(name)).filter_map(person).collect();
    draft.byline(Some(names.join(", ")).filter(|names| !names.is_empty()));
    let dates = ["dateissued", "datecreated", "date"].iter().flat_map(|name| {
        own("origininfo").chain(own("part")).flat_map(move |info| info.all(name)).filter_map(Element::tidied)
    });
    let dates: Vec<String> = dates.collect();
    draft.facts.published = draft::first_date(dates.iter().map(|date| Some(date.as_str())));
    draft.lang(own("language").find_map(|language| language.text_of("languageterm")).as_deref());
    let addresses = own("identifier").chain(own("location").filter_map(|location| location.child("url")));
    draft.facts.url = addresses.filter_map(Element::tidied).find(|text| text.starts_with("http"));
}

fn title_info(info: &Element) -> Option<String> {
    let main: Vec<String> = ["nonsort", "title"].iter().filter_map(|name| info.text_at(name)).collect();
    let main = Some(main.join(" ")).filter(|title| title.chars().any(char::is_alphanumeric))?;
    Some(match info.text_at("subtitle") {
        Some(sub) => format!("{main}: {sub}"),
        None => main,
    })
}

/// Is a name of MODS that of an author?
fn is_author(name: &Element) -> bool {
    const ROLES: &[&str] = &["aut", "author", "auteur", "autor", "cre", "creator", "journalist", "jrn"];
    let roles: Vec<String> =
        name.all("roleterm").into_iter().filter_map(Element::tidied).map(|role| role.to_lowercase()).collect();
    roles.is_empty() || roles.iter().any(|role| ROLES.contains(&role.as_str()))
}

fn person(name: &Element) -> Option<String> {
    let parts: Vec<&Element> = name.elements().filter(|element| element.is("namepart")).collect();
    let of = |kind: &str| parts.iter().find(|part| part.attribute("type") == Some(kind)).and_then(|part| part.tidied());
    let whole = || {
        let plain = parts.iter().filter(|part| part.attribute("type").is_none()).filter_map(|part| part.tidied());
        Some(plain.collect::<Vec<_>>().join(" ")).filter(|name| !name.is_empty())
    };
    match (of("given"), of("family")) {
        (Some(given), Some(family)) => Some(format!("{given} {family}")),
        (None, Some(name)) | (Some(name), None) => Some(name),
        (None, None) => name.text_at("displayform").or_else(whole),
    }
}

#[cfg(test)]
mod tests {
    use std::rc::Rc;

    use super::*;
    use crate::ingest::source::Budget;

    const HEAD: &str = "<?xml version=\"1.0\"?><mets:mets xmlns:mets=\"http://www.loc.gov/METS/\" LABEL=\"Halden Courier 1911-03-02\">";

    fn page(number: usize, blocks: &[(&str, &str)]) -> String {
        let block = |(id, lines): &(&str, &str)| {
            let words =
                |line: &str| line.split(' ').map(|word| format!("<String CONTENT=\"{word}\"/>")).collect::<String>();
            let lines = lines.split('|').enumerate();
            let lines: String =
                lines.map(|(i, line)| format!("<TextLine ID=\"{id}_{i}\">{}</TextLine>", words(line))).collect();
            format!("<TextBlock ID=\"{id}\">{lines}</TextBlock>")
        };
        let blocks: String = blocks.iter().map(block).collect();
        format!(
            "<alto><Layout><Page ID=\"P{number}\" PHYSICAL_IMG_NR=\"{number}\"><PrintSpace>{blocks}</PrintSpace></Page></Layout></alto>"
        )
    }

    /// The records of a METS file beside two pages: ids, titles, and texts.
    fn records(body: &str) -> Vec<(Option<String>, Facts, String)> {
        let folder = tempfile::tempdir().expect("a folder");
        let pages = [
            page(
                1,
                &[
                    ("m", "Halden Courier"),
                    ("a", "HARBOUR VOTE"),
                    ("b", "The board met|and resolved"),
                    ("c", "Coal at 9s."),
                ],
            ),
            page(2, &[("d", "to dredge."), ("e", "Der Hafen ruht.")]),
        ];
        std::fs::create_dir(folder.path().join("alto")).expect("made");
        for (i, page) in pages.iter().enumerate() {
            std::fs::write(folder.path().join(format!("alto/p{}.xml", i + 1)), page).expect("it has room");
        }
        let files = "<mets:fileSec><mets:fileGrp USE=\"Images\"><mets:file ID=\"I1\" MIMETYPE=\"image/jp2\"><mets:FLocat xlink:href=\"file://./img/p1.jp2\"/></mets:file></mets:fileGrp><mets:fileGrp USE=\"Text\"><mets:file ID=\"F1\" MIMETYPE=\"text/xml\"><mets:FLocat xlink:href=\"file://./alto/p1.xml\"/></mets:file><mets:file ID=\"F2\" MIMETYPE=\"text/xml\"><mets:FLocat xlink:href=\"https://library.example/issue/p2.xml\"/></mets:file></mets:fileGrp></mets:fileSec>";
        let text = format!("{HEAD}{files}{body}</mets:mets>");
        let context = Context {
            limits: ReadLimits::default(),
            budget: Budget::of_file(1_000),
            depth: 0,
            read: crate::ingest::format::read,
            texts: None,
            folder: Some(Rc::new(folder.path().to_path_buf())),
            url: None,
        };
        let mut out = Vec::new();
        read(&text, &context, "mets.xml", &mut |yielded| match yielded {
            Yielded::Article(record) => {
                out.push((record.id.map(|id| id.text()), record.raw.facts, record.raw.text.trim().to_string()));
            }
            Yielded::Bad(bad) => panic!("{bad:?}"),
        })
        .expect("articles");
        out
    }

    const MODS: &str = "<mets:dmdSec ID=\"D0\"><mets:mdWrap><mets:xmlData><mods:mods><mods:titleInfo><mods:nonSort>The</mods:nonSort><mods:title>Halden Courier</mods:title></mods:titleInfo><mods:originInfo><mods:dateIssued>02.03.1911</mods:dateIssued></mods:originInfo></mods:mods></mets:xmlData></mets:mdWrap></mets:dmdSec><mets:dmdSec ID=\"D1\"><mets:mdWrap><mets:xmlData><mods:mods><mods:titleInfo><mods:title>Harbour vote</mods:title></mods:titleInfo><mods:name type=\"personal\"><mods:namePart type=\"family\">Lindqvist</mods:namePart><mods:namePart type=\"given\">Mara</mods:namePart><mods:role><mods:roleTerm>aut</mods:roleTerm></mods:role></mods:name><mods:language><mods:languageTerm>en</mods:languageTerm></mods:language></mods:mods></mets:xmlData></mets:mdWrap></mets:dmdSec>";

    fn area(file: &str, begin: &str) -> String {
        format!("<mets:fptr><mets:area FILEID=\"{file}\" BETYPE=\"IDREF\" BEGIN=\"{begin}\"/></mets:fptr>")
    }

    #[test]
    fn articles_are_made_of_their_blocks() {
        let map = format!(
            "{MODS}<mets:structMap TYPE=\"LOGICAL\"><mets:div TYPE=\"Newspaper\" DMDID=\"D0\"><mets:div TYPE=\"ISSUE\" ID=\"iss\"><mets:div TYPE=\"TITLE_SECTION\">{}</mets:div><mets:div TYPE=\"CONTENT\"><mets:div TYPE=\"SECTION\" LABEL=\"Local\"><mets:div TYPE=\"ARTICLE\" ID=\"art\" DMDID=\"D1\"><mets:div TYPE=\"HEADING\">{}</mets:div><mets:div TYPE=\"BODY\"><mets:div TYPE=\"PARAGRAPH\"><mets:div TYPE=\"TEXT\">{}</mets:div><mets:div TYPE=\"TEXT\">{}</mets:div></mets:div></mets:div></mets:div></mets:div><mets:div TYPE=\"BODY\"><mets:div TYPE=\"Advertisement\" ID=\"ad\">{}</mets:div></mets:div></mets:div></mets:div></mets:div></mets:structMap>",
            area("F1", "m"),
            area("F1", "a"),
            area("F1", "b"),
            area("F2", "d"),
            area("F1", "c"),
        );
        let found = records(&map);
        let shown: Vec<_> = found.iter().map(|(id, _, text)| (id.as_deref(), text.as_str())).collect();
        let expected = [
            (Some("art"), "HARBOUR VOTE\n\nThe board met\nand resolved\n\nto dredge."),
            (Some("ad"), "Coal at 9s."),
            (Some("iss"), "Halden Courier\n\nDer Hafen ruht."),
        ];
        assert_eq!(shown, expected);
        let facts = &found[0].1;
        let of = |fact: &Option<String>| fact.clone().unwrap_or_default();
        let stated = [&facts.title, &facts.byline, &facts.source, &facts.desk, &facts.lang].map(of);
        assert_eq!(stated, ["Harbour vote", "Mara Lindqvist", "The Halden Courier", "Local", "en"]);
        assert_eq!(facts.published.as_ref().map(|date| date.value.as_str()), Some("1911-03-02"));
        assert_eq!((of(&found[1].1.desk), of(&found[1].1.source)), (String::new(), "The Halden Courier".into()));
    }

    #[test]
    fn articles_are_linked_to_areas_of_pages() {
        let link = |from: &str, to: &str| {
            format!(
                "<mets:smLinkGrp><mets:smLocatorLink xlink:href=\"#{from}\" xlink:label=\"x\"/><mets:smLocatorLink xlink:href=\"#{to}\" xlink:label=\"y\"/><mets:smArcLink xlink:from=\"x\" xlink:to=\"y\"/></mets:smLinkGrp>"
            )
        };
        let map = format!(
            "<mets:structMap TYPE=\"LOGICAL\"><mets:div TYPE=\"ISSUE\" ID=\"log\"><mets:div TYPE=\"ARTICLE\" ID=\"one\"/><mets:div TYPE=\"ARTICLE\" ID=\"two\"/></mets:div></mets:structMap><mets:structMap TYPE=\"PHYSICAL\"><mets:div TYPE=\"page\" ID=\"ph\"><mets:div TYPE=\"pagearea\" LABEL=\"Headline\" ID=\"x1\">{}</mets:div><mets:div TYPE=\"pagearea\" ID=\"x2\"><mets:fptr><mets:area FILEID=\"F1\" BEGIN=\"b_1\" END=\"c_0\"/></mets:fptr></mets:div><mets:div TYPE=\"pagearea\" ID=\"x3\">{}</mets:div></mets:div></mets:structMap><mets:structLink>{}{}<mets:smLink xlink:from=\"two\" xlink:to=\"x3\"/></mets:structLink>",
            area("F1", "a"),
            area("F2", "e"),
            link("one", "x1"),
            link("one", "x2"),
        );
        let found = records(&map);
        let texts: Vec<_> = found.iter().map(|(_, _, text)| text.as_str()).collect();
        assert_eq!(
            texts,
            [
                "HARBOUR VOTE\n\nand resolved\n\nCoal at 9s.",
                "Der Hafen ruht.",
                "Halden Courier\n\nThe board met\n\nto dredge."
            ]
        );
    }

    #[test]
    fn pages_without_articles_are_one() {
        let map = "<mets:structMap TYPE=\"PHYSICAL\"><mets:div TYPE=\"physSequence\"><mets:div TYPE=\"page\"><mets:fptr FILEID=\"F2\"/></mets:div><mets:div TYPE=\"page\"><mets:fptr FILEID=\"F1\"/></mets:div></mets:div></mets:structMap>";
        let found = records(map);
        assert_eq!(found.len(), 1);
        let (id, facts, text) = &found[0];
        assert_eq!((id, facts.title.as_deref()), (&None, Some("Halden Courier 1911-03-02")));
        assert!(text.starts_with("to dredge.") && text.ends_with("Coal at 9s."), "{text}");
    }

    #[test]
    fn pages_are_below_or_near_the_folder() {
        let folder = tempfile::tempdir().expect("a folder");
        for name in ["ocr/X1.xml", "toc/p.xml", "toc/text/p2.xml"] {
            let path = folder.path().join(name);
            std::fs::create_dir_all(path.parent().expect("a folder")).expect("made");
            std::fs::write(path, "x").expect("it has room");
        }
        let toc = folder.path().join("toc");
        for (href, is_found) in [
            ("../ocr/X1.xml", true),
            ("file://./p.xml", true),
            ("p2.xml", true),
            ("https://library.example/a/p.xml", true),
            ("/etc/hostname", false),
            ("../../../../etc/hostname", false),
            ("..", false),
            ("", false),
        ] {
            assert_eq!(page_path(href, None, &toc).is_some(), is_found, "{href}");
        }
    }
}
