//! ODT: headings are elements.

use std::io::{Read, Seek};

use zip::ZipArchive;

use super::member::xml_member;
use super::metadata::dublin_core;
use crate::article::BlockKind;
use crate::ingest::SkipReason;
use crate::ingest::format::Context;
use crate::ingest::format::blocks::BlockWriter;
use crate::ingest::format::draft::{Draft, Text};
use crate::ingest::format::xml::{Element, Node};

/// The article of a document.
pub(super) fn draft<R: Read + Seek>(archive: &mut ZipArchive<R>, context: &Context) -> Result<Draft, SkipReason> {
    let content = xml_member(archive, "content.xml", context)?.ok_or(SkipReason::NoText)?;
    let meta = xml_member(archive, "meta.xml", context).ok().flatten();
    let mut draft = Draft::default();
    if let Some(meta) = &meta {
        dublin_core(&mut draft, meta);
    }
    let mut writer = BlockWriter::default();
    let body = content.find("office:body").unwrap_or(&content);
    write_blocks(body, &mut writer);
    draft.title_open = draft.facts.title.is_none();
    draft.text = Text::Page(writer.finish());
    Ok(draft)
}

/// Writes the blocks of an element.
fn write_blocks(element: &Element, writer: &mut BlockWriter) {
    for child in element.elements() {
        match child.name.as_str() {
            "text:h" => writer.block(BlockKind::Heading(level(child)), &text(child)),
            "text:p" => writer.block(BlockKind::Paragraph, &text(child)),
            "text:list-item" | "table:table-cell" => {
                write_items(child, writer);
            }
            "text:tracked-changes" | "office:annotation" | "text:sequence-decls" | "office:forms" => {}
            _ => write_blocks(child, writer),
        }
    }
}

/// The level of a heading.
fn level(heading: &Element) -> u8 {
    let stated = heading.attribute("outline-level").and_then(|level| level.parse().ok());
    stated.map_or(2, |level: u8| level.clamp(1, 6))
}

/// Writes the content of a list entry or cell as items; numbered headings are in lists.
fn write_items(element: &Element, writer: &mut BlockWriter) {
    for child in element.elements() {
        match child.name.as_str() {
            "text:h" => writer.block(BlockKind::Heading(level(child)), &text(child)),
            "text:p" => writer.block(BlockKind::Item, &text(child)),
            "office:annotation" => {}
            _ => write_items(child, writer),
        }
    }
}

/// The text of a paragraph.
fn text(element: &Element) -> String {
    let mut out = String::new();
    for child in &element.children {
        match child {
            Node::Text(text) => out.push_str(text),
            Node::Element(child) => match child.name.as_str() {
                "text:s" | "text:tab" | "text:line-break" => out.push(' '),
                "office:annotation" => {}
                _ => out.push_str(&text(child)),
            },
        }
    }
    out
}
