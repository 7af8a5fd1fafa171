//! EPUB: one article of all chapters.

use std::collections::{HashMap, HashSet};
use std::io::{Read, Seek};

use zip::ZipArchive;

use super::member::{member, xml_member};
use super::metadata::dublin_core;
use crate::article::BlockKind;
use crate::ingest::SkipReason;
use crate::ingest::decode::decode;
use crate::ingest::format::blocks::Body;
use crate::ingest::format::draft::{Draft, Text};
use crate::ingest::format::xml::{Element, all_below};
use crate::ingest::format::{Context, html};

/// The article of a book, of all its chapters.
pub(super) fn draft<R: Read + Seek>(archive: &mut ZipArchive<R>, context: &Context) -> Result<Draft, SkipReason> {
    let missing = |what: &str| SkipReason::Malformed(format!("an EPUB without {what}"));
    let container = xml_member(archive, "META-INF/container.xml", context)?.ok_or_else(|| missing("a container"))?;
    let package_path = container.find("rootfile").and_then(|file| file.attribute("full-path")).map(str::to_string);
    let package_path = package_path.ok_or_else(|| missing("a package"))?;
    let package = xml_member(archive, &package_path, context)?.ok_or_else(|| missing("its package"))?;
    let mut draft = Draft::default();
    if let Some(metadata) = package.find("metadata") {
        dublin_core(&mut draft, metadata);
        draft.source(metadata.text_of("dc:publisher"));
        let dates: Vec<Option<String>> = metadata.all("dc:date").into_iter().map(Element::tidied).collect();
        draft.published(dates.iter().map(Option::as_deref));
        draft.id = metadata.text_of("dc:identifier");
    }
    let body = chapters(archive, &spine(&package, &package_path), context)?;
    // If the book marks headings, they are certain; otherwise its lines are classified as those of pages.
    let marked = body.blocks.iter().any(|block| matches!(block.kind, BlockKind::Heading(_)));
    draft.text = if marked { Text::Blocks(body) } else { Text::Page(body) };
    Ok(draft)
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

/// The text of all chapters; those that are missing or not text are skipped.
fn chapters<R: Read + Seek>(
    archive: &mut ZipArchive<R>,
    paths: &[String],
    context: &Context,
) -> Result<Body, SkipReason> {
    let mut body = Body::default();
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
        body.join(html::fragment(inner));
    }
    Ok(body)
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
