//! EPUB: a book is one article of all its chapters; an issue of a newspaper is many, one a chapter with a headline.

use std::collections::{HashMap, HashSet};
use std::io::{Read, Seek};

use zip::ZipArchive;

use super::member::{member, xml_member};
use super::metadata::{dublin_core, is_program};
use crate::article::date::is_date_line;
use crate::article::front::{names_only, without_opener};
use crate::article::{Block, BlockKind, Markup};
use crate::ingest::SkipReason;
use crate::ingest::decode::decode;
use crate::ingest::format::blocks::Body;
use crate::ingest::format::draft::{Draft, Text};
use crate::ingest::format::xml::{Element, all_below};
use crate::ingest::format::{Context, html};
use crate::model::BoilerplateKind;
use crate::text::tidy;

/// The article of a book, of all its chapters, or the articles of an issue.
pub(super) fn drafts<R: Read + Seek>(archive: &mut ZipArchive<R>, context: &Context) -> Result<Vec<Draft>, SkipReason> {
    let missing = |what: &str| SkipReason::Malformed(format!("an EPUB without {what}"));
    let container = xml_member(archive, "META-INF/container.xml", context)?.ok_or_else(|| missing("a container"))?;
    let package_path = container.find("rootfile").and_then(|file| file.attribute("full-path")).map(str::to_string);
    let package_path = package_path.ok_or_else(|| missing("a package"))?;
    let package = xml_member(archive, &package_path, context)?.ok_or_else(|| missing("its package"))?;
    let mut draft = Draft::default();
    if let Some(metadata) = package.find("metadata") {
        dublin_core(&mut draft, metadata);
        draft.source(metadata.text_of("dc:publisher").filter(|name| !is_program(name)));
        let dates: Vec<Option<String>> = metadata.all("dc:date").into_iter().map(Element::tidied).collect();
        draft.published(dates.iter().map(Option::as_deref));
        draft.id = metadata.text_of("dc:identifier");
    }
    let mut chapters = chapters(archive, &spine(&package, &package_path), context)?;
    if is_issue(&package, &chapters) {
        let articles: Vec<Draft> = chapters.into_iter().filter_map(|chapter| article(chapter, &draft)).collect();
        return Ok(articles);
    }
    let mut body = Body::default();
    chapters.drain(..).for_each(|chapter| body.join(chapter));
    // If the book marks headings, they are certain; otherwise its lines are classified as those of pages.
    let marked = body.blocks.iter().any(|block| matches!(block.kind, BlockKind::Heading(_)));
    draft.text = if marked { Text::Blocks(body) } else { Text::Page(body) };
    Ok(vec![draft])
}

/// Is it an issue of a newspaper: stated as a periodical, downloaded page by page, or with a byline or date below most
/// headlines? Chapters of books have none.
fn is_issue(package: &Element, chapters: &[Body]) -> bool {
    let periodical = all_below(package.find("metadata"), "meta").into_iter().any(|meta| {
        let stated = meta.attribute("content").or(meta.attribute("property")).unwrap_or("");
        meta.attribute("name").is_some_and(|name| name.contains("publication_type")) && stated.contains("periodical")
    });
    let full: Vec<&Body> =
        chapters.iter().filter(|chapter| headline(chapter).is_some() && has_prose(chapter)).collect();
    let downloaded = chapters.iter().any(|chapter| chapter.lines().any(|line| source_address(line).is_some()));
    let signed = full.iter().filter(|chapter| {
        let below = chapter.lines().skip(1).take(3);
        let mut below = below.filter(|line| line.len() < 120);
        below.any(|line| is_date_line(line) || names_only(&without_opener(line)) && without_opener(line) != line)
    });
    full.len() > 1 && (periodical || downloaded || signed.count() * 2 > full.len())
}

/// The headline of a chapter: its first block, if that is a heading.
fn headline(chapter: &Body) -> Option<&str> {
    let first = chapter.blocks.iter().take(2).find(|block| matches!(block.kind, BlockKind::Heading(_)))?;
    Some(&chapter.text[first.span.clone()])
}

/// Is there running text in a chapter? Lists of contents have none.
fn has_prose(chapter: &Body) -> bool {
    const LEAST_BYTES: usize = 60;
    let full = |(block, mark): (&Block, &Markup)| {
        block.kind == BlockKind::Paragraph && !mark.linked && block.span.len() >= LEAST_BYTES
    };
    chapter.blocks.iter().zip(&chapter.marks).any(full)
}

/// The address of an article, on the line that calibre writes below it.
fn source_address(line: &str) -> Option<&str> {
    let (_, after) = line.split_once("downloaded by calibre from ").or(line.split_once("downloaded from "))?;
    after.split_whitespace().next().filter(|address| address.starts_with("http"))
}

/// The article of a chapter, with the facts of its issue; `None` for a list of contents.
fn article(mut chapter: Body, issue: &Draft) -> Option<Draft> {
    let title = headline(&chapter)?.to_string();
    if !has_prose(&chapter) {
        return None;
    }
    let mut draft = Draft { facts: issue.facts.clone(), ..Draft::default() };
    // The title of an issue is the name of the newspaper and its day.
    let name = draft.facts.title.take().map(|title| tidy(title.split(['[', '(']).next().unwrap_or(&title)));
    draft.source(name);
    draft.title(Some(title.clone()));
    for at in 0..chapter.blocks.len() {
        let line = &chapter.text[chapter.blocks[at].span.clone()];
        if let Some(address) = source_address(line) {
            draft.facts.url = Some(address.to_string());
            chapter.blocks[at].kind = BlockKind::Boilerplate(BoilerplateKind::Source);
        }
    }
    chapter.drop_title(&title);
    draft.text = Text::Page(chapter);
    Some(draft)
}

/// The paths of the chapters, in reading order.
fn spine(package: &Element, package_path: &str) -> Vec<String> {
    let folder = package_path.rsplit_once('/').map_or("", |(folder, _)| folder);
    let items = all_below(package.find("manifest"), "item");
    let items: HashMap<&str, &Element> =
        items.into_iter().filter_map(|item| Some((item.attribute("id")?, item))).collect();
    let references = all_below(package.find("spine"), "itemref").into_iter();
    references
        .filter_map(|reference| {
            let item = items.get(reference.attribute("idref")?)?;
            Some(join_path(folder, item.attribute("href")?))
        })
        .collect()
}

/// The texts of all chapters; those that are missing or not text are skipped.
fn chapters<R: Read + Seek>(
    archive: &mut ZipArchive<R>,
    paths: &[String],
    context: &Context,
) -> Result<Vec<Body>, SkipReason> {
    let mut bodies = Vec::new();
    let mut read = HashSet::new();
    let mut all_bytes = 0;
    for path in paths {
        // The spine may refer to a chapter twice.
        if !read.insert(path) {
            continue;
        }
        let Some(bytes) = member(archive, path, context)? else { continue };
        all_bytes += bytes.len() as u64;
        if all_bytes > context.limits.max_bytes {
            return Err(SkipReason::TooLong { bytes: all_bytes, limit: context.limits.max_bytes });
        }
        let Ok(decoded) = decode(&bytes, true) else { continue };
        let inner = decoded.text.find("<body").map_or(decoded.text.as_str(), |at| &decoded.text[at..]);
        bodies.push(html::fragment(inner));
    }
    Ok(bodies)
}

/// Resolves a reference against the folder of the package.
fn join_path(folder: &str, reference: &str) -> String {
    let path = reference.split('#').next().unwrap_or(reference).replace("%20", " ");
    let mut parts: Vec<&str> = folder.split('/').filter(|part| !part.is_empty()).collect();
    for part in path.split('/') {
        match part {
            ".." => _ = parts.pop(),
            "." | "" => {}
            part => parts.push(part),
        }
    }
    parts.join("/")
}
