//! PPTX: the slides in order; the title of a slide is a heading.

use std::io::{Read, Seek};

use zip::ZipArchive;

use super::member::{members, xml_member};
use super::metadata::dublin_core;
use crate::article::BlockKind;
use crate::ingest::SkipReason;
use crate::ingest::format::Context;
use crate::ingest::format::blocks::BlockWriter;
use crate::ingest::format::draft::{Draft, Text};
use crate::ingest::format::xml::Element;

/// Most slides of a presentation.
const MAX_SLIDES: usize = 5_000;

/// The article of a presentation. The title of the first slide is its title.
pub(super) fn draft<R: Read + Seek>(archive: &mut ZipArchive<R>, context: &Context) -> Result<Draft, SkipReason> {
    let mut draft = Draft::default();
    let mut writer = BlockWriter::default();
    let slides = slides(archive, context)?;
    for (i, member) in slides.iter().take(MAX_SLIDES).enumerate() {
        let Some(slide) = xml_member(archive, member, context)? else { continue };
        for shape in shapes(&slide) {
            let kind = kind(shape);
            let lines: Vec<String> = shape.all("p").iter().map(|paragraph| paragraph_text(paragraph)).collect();
            match kind.as_str() {
                "title" | "ctrtitle" => {
                    let title = lines.join(" ");
                    if i == 0 && draft.facts.title.is_none() {
                        draft.title(Some(title));
                    } else {
                        writer.block(BlockKind::Heading(2), &title);
                    }
                }
                // The number of the slide, the day of printing.
                "sldnum" | "dt" | "ftr" => {}
                _ => lines.iter().for_each(|line| writer.block(BlockKind::Paragraph, line)),
            }
        }
        notes(archive, member, context, &mut writer)?;
    }
    // The title in the properties is often that of the template.
    if let Some(core) = xml_member(archive, "docProps/core.xml", context).ok().flatten() {
        dublin_core(&mut draft, &core);
        draft.updated([core.text_of("dcterms:modified").as_deref()]);
    }
    draft.text = Text::Blocks(writer.finish());
    Ok(draft)
}

/// The members of the slides, in the order of the presentation; by their numbers, if it states none.
fn slides<R: Read + Seek>(archive: &mut ZipArchive<R>, context: &Context) -> Result<Vec<String>, SkipReason> {
    let presentation = xml_member(archive, "ppt/presentation.xml", context)?.unwrap_or_default();
    let targets = targets(archive, "ppt/_rels/presentation.xml.rels", context)?;
    let id = |slide: &&Element| slide.attributes.iter().find(|(key, _)| key.ends_with(":id")).map(|(_, id)| id.clone());
    let ordered: Vec<String> = presentation
        .all("sldid")
        .iter()
        .filter_map(id)
        .filter_map(|id| targets.iter().find(|(other, _)| *other == id).map(|(_, target)| resolved("ppt/", target)))
        .collect();
    if !ordered.is_empty() {
        return Ok(ordered);
    }
    let number = |member: &str| {
        let digits: String = member.chars().filter(char::is_ascii_digit).collect();
        digits.parse::<u64>().unwrap_or(u64::MAX)
    };
    let mut found = members(archive, "ppt/slides/");
    found.sort_by_key(|member| number(member));
    Ok(found)
}

/// The targets of relations by id.
fn targets<R: Read + Seek>(
    archive: &mut ZipArchive<R>,
    member: &str,
    context: &Context,
) -> Result<Vec<(String, String)>, SkipReason> {
    let relations = xml_member(archive, member, context)?.unwrap_or_default();
    let pair =
        |relation: &&Element| Some((relation.attribute("id")?.to_string(), relation.attribute("target")?.to_string()));
    Ok(relations.all("relationship").iter().filter_map(pair).collect())
}

/// A member by a path that is relative to a folder.
fn resolved(folder: &str, target: &str) -> String {
    let mut parts: Vec<&str> =
        if target.starts_with('/') { Vec::new() } else { folder.trim_end_matches('/').split('/').collect() };
    for part in target.split('/').filter(|part| !part.is_empty() && *part != ".") {
        if part == ".." {
            parts.pop();
        } else {
            parts.push(part);
        }
    }
    parts.join("/")
}

/// The shapes of a slide that hold text, those of groups and tables too; the slide itself, if it has none.
fn shapes(slide: &Element) -> Vec<&Element> {
    let mut out = Vec::new();
    collect(slide, &mut out);
    if out.is_empty() { vec![slide] } else { out }
}

fn collect<'e>(element: &'e Element, out: &mut Vec<&'e Element>) {
    for child in element.elements() {
        match child.local() {
            "sp" | "graphicframe" => out.push(child),
            // Shapes are written twice, for old versions in `fallback`.
            "fallback" => {}
            _ => collect(child, out),
        }
    }
}

/// What the place of a shape is for, in lower case: `title`, `body`, nothing.
fn kind(shape: &Element) -> String {
    let place = shape.find("ph").and_then(|place| place.attribute("type"));
    place.map_or_else(String::new, str::to_ascii_lowercase)
}

/// The text of a paragraph, whose runs are `t`.
fn paragraph_text(paragraph: &Element) -> String {
    let mut out = String::new();
    push_runs(paragraph, &mut out);
    out
}

fn push_runs(element: &Element, out: &mut String) {
    for child in element.elements() {
        match child.local() {
            "t" => out.push_str(&child.text()),
            "br" => out.push(' '),
            _ => push_runs(child, out),
        }
    }
}

/// Writes the notes of the speaker below a slide.
fn notes<R: Read + Seek>(
    archive: &mut ZipArchive<R>,
    slide: &str,
    context: &Context,
    writer: &mut BlockWriter,
) -> Result<(), SkipReason> {
    let Some((folder, file)) = slide.rsplit_once('/') else { return Ok(()) };
    let targets = targets(archive, &format!("{folder}/_rels/{file}.rels"), context)?;
    let Some((_, target)) = targets.iter().find(|(_, target)| target.contains("notesSlide")) else { return Ok(()) };
    let Some(notes) = xml_member(archive, &resolved(folder, target), context)? else { return Ok(()) };
    for shape in shapes(&notes) {
        let kind = kind(shape);
        if kind == "body" {
            shape.all("p").iter().for_each(|paragraph| writer.block(BlockKind::Item, &paragraph_text(paragraph)));
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn targets_are_relative_to_the_folder() {
        for (folder, target, expected) in [
            ("ppt/", "slides/slide1.xml", "ppt/slides/slide1.xml"),
            ("ppt/slides", "../notesSlides/notesSlide1.xml", "ppt/notesSlides/notesSlide1.xml"),
            ("ppt/", "/ppt/slides/slide2.xml", "ppt/slides/slide2.xml"),
            ("ppt/", "../../../etc/passwd", "etc/passwd"),
        ] {
            assert_eq!(resolved(folder, target), expected, "{target}");
        }
    }
}
