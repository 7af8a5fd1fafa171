//! DOCX: headings by the styles and outline levels of paragraphs.

use std::collections::HashMap;
use std::io::{Read, Seek};

use zip::ZipArchive;

use super::member::xml_member;
use super::metadata::dublin_core;
use crate::article::BlockKind;
use crate::ingest::SkipReason;
use crate::ingest::format::blocks::{BlockWriter, Body};
use crate::ingest::format::draft::{Draft, Text};
use crate::ingest::format::xml::Element;
use crate::ingest::format::{Context, exports};

/// The articles of a document: one, or the stories of an export.
pub(super) fn drafts<R: Read + Seek>(archive: &mut ZipArchive<R>, context: &Context) -> Result<Vec<Draft>, SkipReason> {
    // Without styles that can be read no paragraph is a heading by its style.
    let styles = xml_member(archive, "word/styles.xml", context).ok().flatten().unwrap_or_default();
    let core = xml_member(archive, "docProps/core.xml", context).ok().flatten();
    let main = match xml_member(archive, "word/document.xml", context)? {
        Some(main) => main,
        None => xml_member(archive, "word/document2.xml", context)?.ok_or(SkipReason::NoText)?,
    };
    let levels = heading_styles(&styles);
    let mut paragraphs = Vec::new();
    collect_paragraphs(&main, &levels, &mut paragraphs);
    let lines = paragraphs.iter().map(|found| found.text.as_str()).collect::<Vec<_>>().join("\n");
    if let Some(stories) = exports::text(&lines) {
        return Ok(stories);
    }
    let mut draft = Draft::default();
    if let Some(core) = &core {
        dublin_core(&mut draft, core);
        draft.updated([core.text_of("dcterms:modified").as_deref()]);
    }
    if draft.facts.title.is_none() {
        mark_title(&mut paragraphs, default_size(&styles));
    }
    let is_unmarked = paragraphs.iter().all(|found| found.style == Style::Body { bold: false });
    for part in ["word/footnotes.xml", "word/endnotes.xml"] {
        let notes = xml_member(archive, part, context).ok().flatten();
        notes.iter().for_each(|notes| collect_notes(notes, &mut paragraphs));
    }
    draft.text = if is_unmarked {
        // Without any mark it is a text: its title and headings are told by their form.
        let full = paragraphs.iter().map(|found| found.text.trim()).filter(|text| !text.is_empty());
        Text::Bare(full.collect::<Vec<_>>().join("\n\n"))
    } else {
        Text::Page(blocks(paragraphs, &mut draft))
    };
    draft.title_open = draft.facts.title.is_none();
    Ok(vec![draft])
}

/// The default size of letters, in half points.
fn default_size(styles: &Element) -> u32 {
    const DEFAULT: u32 = 24;
    let stated = styles.find("docdefaults").and_then(|defaults| defaults.find("sz"));
    stated.and_then(|size| size.attribute("val")).and_then(|size| size.parse().ok()).unwrap_or(DEFAULT)
}

/// If no paragraph has the style of a title, the first one is the title, provided that it alone has the style of the
/// highest headings, or that no other is as large.
fn mark_title(paragraphs: &mut [Paragraph], default: u32) {
    const MOST_BYTES: usize = 250;
    // A single heading of the highest level at the top is the title, too.
    let of_title = |found: &Paragraph| found.style == Style::Heading(1);
    let is_alone = paragraphs.iter().filter(|found| of_title(found)).count() == 1
        && !paragraphs.iter().any(|found| found.style == Style::Title);
    let top = paragraphs.iter_mut().find(|found| !found.text.trim().is_empty());
    if let Some(top) = top.filter(|top| is_alone && of_title(top) && top.text.len() <= MOST_BYTES) {
        top.style = Style::Title;
        return;
    }
    let styled = paragraphs.iter().any(|found| matches!(found.style, Style::Title | Style::Heading(1)));
    let mut full = paragraphs.iter_mut().filter(|found| !found.text.trim().is_empty());
    let Some(first) = full.next().filter(|first| !styled && first.text.len() <= MOST_BYTES) else { return };
    let largest = full.map(|found| found.size.unwrap_or(default)).max();
    if matches!(first.style, Style::Body { .. }) && largest.is_some_and(|largest| first.size > Some(largest)) {
        first.style = Style::Title;
    }
}

/// Adds footnotes or endnotes as items, without their separators.
fn collect_notes(notes: &Element, out: &mut Vec<Paragraph>) {
    let all = ["footnote", "endnote"].iter().flat_map(|name| notes.all(name));
    for note in all.filter(|note| note.attribute("type").is_none()) {
        let mut inner = Vec::new();
        collect_paragraphs(note, &HashMap::new(), &mut inner);
        out.extend(inner.into_iter().map(|found| Paragraph { style: Style::Item, ..found }));
    }
}

/// Paragraphs as blocks. The first paragraph with the style of a title is the title.
fn blocks(paragraphs: Vec<Paragraph>, draft: &mut Draft) -> Body {
    let mut writer = BlockWriter::default();
    for Paragraph { style, text, .. } in paragraphs {
        match style {
            Style::Title if draft.facts.title.is_none() || writer.is_empty() => {
                draft.facts.title = None;
                draft.title(Some(text));
            }
            Style::Title => writer.block(BlockKind::Heading(1), &text),
            Style::Heading(level) => writer.block(BlockKind::Heading(level), &text),
            Style::Item => writer.block(BlockKind::Item, &text),
            Style::Body { bold: true } => {
                writer.open("p");
                writer.open("b");
                writer.text(&text);
                writer.close("b");
                writer.close("p");
            }
            Style::Body { bold: false } => writer.block(BlockKind::Paragraph, &text),
        }
    }
    writer.finish()
}

#[derive(Debug)]
struct Paragraph {
    style: Style,
    text: String,
    /// The size of all its letters in half points, if one is stated.
    size: Option<u32>,
}

/// The style of a paragraph.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Style {
    Title,
    Heading(u8),
    Item,
    Body { bold: bool },
}

/// Styles of titles and headings, by id.
fn heading_styles(styles: &Element) -> HashMap<String, Style> {
    let mut out = HashMap::new();
    for style in styles.all("style") {
        let Some(id) = style.attribute("styleid") else { continue };
        let name = style.child("name").and_then(|name| name.attribute("val")).unwrap_or("").to_lowercase();
        let outline = style
            .at("ppr/outlinelvl")
            .and_then(|level| level.attribute("val"))
            .and_then(|level| level.parse::<u8>().ok());
        let named = name.strip_prefix("heading ").and_then(|level| level.trim().parse::<u8>().ok());
        if name == "title" {
            out.insert(id.to_string(), Style::Title);
        } else if let Some(level) =
            named.or(outline.map(|level| level.saturating_add(1))).filter(|level| (1..=6).contains(level))
        {
            out.insert(id.to_string(), Style::Heading(level));
        }
    }
    out
}

/// Collects the paragraphs of an element in document order.
fn collect_paragraphs(element: &Element, levels: &HashMap<String, Style>, out: &mut Vec<Paragraph>) {
    for child in element.elements() {
        match child.local() {
            "p" => {
                let properties = child.child("ppr");
                let id = properties.and_then(|p| p.child("pstyle")).and_then(|style| style.attribute("val"));
                let known = id.and_then(|id| levels.get(id)).copied();
                let own = properties.and_then(|p| p.child("outlinelvl")).and_then(|level| level.attribute("val"));
                let own = own
                    .and_then(|level| level.parse::<u8>().ok())
                    .filter(|level| *level < 6)
                    .map(|level| Style::Heading(level + 1));
                let listed = properties.is_some_and(|p| p.child("numpr").is_some()).then_some(Style::Item);
                let mut run = Run::default();
                run.collect(child);
                let bold = run.bold_bytes > 0 && run.bold_bytes >= run.text.trim().len();
                let style = known.or(own).or(listed).unwrap_or(Style::Body { bold });
                for line in run.text.split('\n') {
                    let size = run.size.filter(|_| !run.mixed);
                    out.push(Paragraph { style, text: line.to_string(), size });
                }
                out.extend(run.boxes.into_iter().map(|text| Paragraph { style: Style::Item, text, size: None }));
            }
            "del" | "movefrom" => {}
            // Word writes shapes twice, for old versions in `fallback`.
            "fallback" => {}
            _ => collect_paragraphs(child, levels, out),
        }
    }
}

/// The text of a paragraph.
#[derive(Default)]
struct Run {
    text: String,
    bold_bytes: usize,
    bold: bool,
    /// The stated size of letters, and whether there are several.
    size: Option<u32>,
    mixed: bool,
    /// Paragraphs in text boxes anchored here.
    boxes: Vec<String>,
}

impl Run {
    /// Adds the text of an element.
    fn collect(&mut self, element: &Element) {
        for child in element.elements() {
            match child.local() {
                "t" => {
                    let text = child.text();
                    if self.bold {
                        self.bold_bytes += text.len();
                    }
                    self.text.push_str(&text);
                }
                "r" => {
                    let bold = child.child("rpr").and_then(|p| p.child("b"));
                    self.bold = bold.is_some_and(|b| !matches!(b.attribute("val"), Some("0" | "false")));
                    let size = child.child("rpr").and_then(|p| p.child("sz")).and_then(|size| size.attribute("val"));
                    let size = size.and_then(|size| size.parse().ok());
                    if child.child("t").is_some() {
                        self.mixed |= !self.text.trim().is_empty() && size != self.size;
                        self.size = size;
                    }
                    self.collect(child);
                    self.bold = false;
                }
                "tab" => self.text.push('\t'),
                "br" | "cr" => self.text.push('\n'),
                "nobreakhyphen" => self.text.push('-'),
                "txbxcontent" => {
                    let mut inner = Vec::new();
                    collect_paragraphs(child, &HashMap::new(), &mut inner);
                    self.boxes.extend(inner.into_iter().map(|found| found.text));
                }
                "del" | "movefrom" | "ppr" | "rpr" | "instrtext" | "deltext" | "fallback" => {}
                _ => self.collect(child),
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ingest::format::xml;

    fn paragraphs(inner: &str) -> Vec<Paragraph> {
        let root = xml::parse(&format!("<w:document><w:body>{inner}</w:body></w:document>")).expect("an element");
        let mut out = Vec::new();
        collect_paragraphs(&root, &HashMap::new(), &mut out);
        out
    }

    fn set(size: &str, text: &str) -> String {
        let size = if size.is_empty() { String::new() } else { format!("<w:rPr><w:sz w:val=\"{size}\"/></w:rPr>") };
        format!("<w:p><w:r>{size}<w:t>{text}</w:t></w:r></w:p>")
    }

    #[test]
    fn the_largest_first_paragraph_is_the_title() {
        for (sizes, expected) in [
            (["32", "28", "24"], true),
            (["32", "", ""], true),
            (["24", "", ""], false),
            (["32", "32", "24"], false),
            (["24", "32", "24"], false),
            (["", "", ""], false),
        ] {
            let mut found = paragraphs(&sizes.map(|size| set(size, "Dockers walk out")).concat());
            mark_title(&mut found, 24);
            assert_eq!(found[0].style == Style::Title, expected, "{sizes:?}");
        }
    }

    #[test]
    fn notes_are_items() {
        let notes = "<w:footnotes><w:footnote w:type=\"separator\"><w:p><w:r><w:t>-</w:t></w:r></w:p></w:footnote><w:footnote w:id=\"1\"><w:p><w:r><w:t>So the harbour master.</w:t></w:r></w:p></w:footnote></w:footnotes>";
        let mut found = Vec::new();
        collect_notes(&xml::parse(notes).expect("an element"), &mut found);
        let found: Vec<_> = found.into_iter().map(|found| (found.style, found.text)).collect();
        assert_eq!(found, [(Style::Item, "So the harbour master.".to_string())]);
    }
}
