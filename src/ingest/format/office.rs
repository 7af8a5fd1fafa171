//! Documents that are zip archives of XML: DOCX (ECMA-376), ODT (OpenDocument) and EPUB. Headings by their styles.

use std::collections::{HashMap, HashSet};
use std::io::{Read, Seek};

use xxhash_rust::xxh3::xxh3_64;
use zip::ZipArchive;

use super::blocks::{BlockWriter, Body};
use super::draft::{Draft, Text};
use super::records::yield_record;
use super::xml::{self, Element, Node, all_below};
use super::{Context, exports, html};
use crate::article::BlockKind;
use crate::ingest::decode::decode;
use crate::ingest::source::{damaged, unreadable};
use crate::ingest::{SkipReason, Yielded};
use crate::text::fold::fold_value;

/// Which document an archive is.
#[derive(Clone, Copy)]
pub(super) enum Kind {
    Docx,
    Odt,
    Epub,
    /// Tables, slides and the like.
    Other,
}

/// Tells documents from archives of files.
pub(super) fn kind<R: Read + Seek>(archive: &mut ZipArchive<R>) -> Option<Kind> {
    let has = |archive: &ZipArchive<R>, name: &str| archive.index_for_name(name).is_some();
    if has(archive, "word/document.xml") || has(archive, "word/document2.xml") {
        return Some(Kind::Docx);
    }
    if has(archive, "META-INF/container.xml") {
        return Some(Kind::Epub);
    }
    if has(archive, "[Content_Types].xml") {
        return Some(Kind::Other);
    }
    let mut mimetype = String::new();
    if let Ok(member) = archive.by_name("mimetype") {
        member.take(200).read_to_string(&mut mimetype).ok()?;
        return match mimetype.trim() {
            "application/epub+zip" => Some(Kind::Epub),
            kind if kind.starts_with("application/vnd.oasis.opendocument.text") => Some(Kind::Odt),
            kind if kind.starts_with("application/") => Some(Kind::Other),
            _ => None,
        };
    }
    None
}

/// Reads a document.
pub(super) fn read<R: Read + Seek>(
    kind: Kind,
    archive: &mut ZipArchive<R>,
    name: &str,
    context: &Context,
    sink: &mut dyn FnMut(Yielded),
) -> Result<(), SkipReason> {
    let drafts = match kind {
        Kind::Docx => docx(archive, context)?,
        Kind::Odt => vec![odt(archive, context)?],
        Kind::Epub => vec![epub(archive, context)?],
        Kind::Other => return Err(SkipReason::Unsupported("an office document that is no text".into())),
    };
    let many = drafts.len() > 1;
    for (i, draft) in drafts.into_iter().enumerate() {
        let hash = xxh3_64(format!("{draft:?}").as_bytes());
        yield_record(draft.record(name, many.then_some(i + 1), hash), &format!("record {}", i + 1), sink);
    }
    Ok(())
}

/// A member's bytes; `None` if there is no such member.
fn member<R: Read + Seek>(
    archive: &mut ZipArchive<R>,
    name: &str,
    context: &Context,
) -> Result<Option<Vec<u8>>, SkipReason> {
    let opened = match archive.by_name(name) {
        Ok(opened) => opened,
        Err(zip::result::ZipError::FileNotFound) => return Ok(None),
        Err(error) => return Err(damaged(&error)),
    };
    let mut bytes = Vec::new();
    let limit = context.limits.max_bytes;
    context.budget.reader(opened).take(limit + 1).read_to_end(&mut bytes).map_err(|error| unreadable(&error))?;
    if bytes.len() as u64 > limit {
        return Err(SkipReason::TooLong { bytes: bytes.len() as u64, limit });
    }
    Ok(Some(bytes))
}

fn xml_member<R: Read + Seek>(
    archive: &mut ZipArchive<R>,
    name: &str,
    context: &Context,
) -> Result<Option<Element>, SkipReason> {
    let Some(bytes) = member(archive, name, context)? else { return Ok(None) };
    xml::parse(&decode(&bytes, true)?.text).map(Some)
}

/// Title and author as documents state them; that of a template is none.
fn dublin_core(draft: &mut Draft, meta: &Element) {
    draft.title(meta.text_of("dc:title"));
    let creators = meta.all("dc:creator").into_iter().filter_map(Element::tidied).filter(|name| !is_program(name));
    let creators: Vec<String> = creators.collect();
    draft.byline(Some(creators.join(", ")));
    draft.lang(meta.text_of("dc:language").as_deref());
    draft.standfirst = None;
    for subject in meta.all("dc:subject") {
        super::draft::split_keywords(&subject.text()).iter().for_each(|word| draft.keyword(word));
    }
}

/// Does a document's author name a program or an account of no one's, as programs and machines are set up to write?
fn is_program(name: &str) -> bool {
    const ACCOUNTS: &[&str] = &[
        "admin",
        "administrator",
        "administrateur",
        "apache poi",
        "author",
        "microsoft office user",
        "openxml",
        "owner",
        "pc",
        "python-docx",
        "user",
        "un-named",
        "unknown",
        "win user",
        "windows user",
        "windows-benutzer",
        "utilisateur windows",
    ];
    ACCOUNTS.contains(&fold_value(name).as_str())
}

fn docx<R: Read + Seek>(archive: &mut ZipArchive<R>, context: &Context) -> Result<Vec<Draft>, SkipReason> {
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
    for part in ["word/footnotes.xml", "word/endnotes.xml"] {
        let notes = xml_member(archive, part, context).ok().flatten();
        notes.iter().for_each(|notes| collect_notes(notes, &mut paragraphs));
    }
    draft.text = Text::Page(blocks(paragraphs, &mut draft));
    draft.title_open = draft.facts.title.is_none();
    Ok(vec![draft])
}

/// The size that letters have where nothing else is said, in half points.
fn default_size(styles: &Element) -> u32 {
    const WORDS_OWN: u32 = 24;
    let stated = styles.find("docdefaults").and_then(|defaults| defaults.find("sz"));
    stated.and_then(|size| size.attribute("val")).and_then(|size| size.parse().ok()).unwrap_or(WORDS_OWN)
}

/// Where no style says which is the title, the first paragraph is it, if no other is set as large.
fn mark_title(paragraphs: &mut [Paragraph], default: u32) {
    const MOST_BYTES: usize = 250;
    let styled = paragraphs.iter().any(|found| matches!(found.style, Style::Title | Style::Heading(1)));
    let mut full = paragraphs.iter_mut().filter(|found| !found.text.trim().is_empty());
    let Some(first) = full.next().filter(|first| !styled && first.text.len() <= MOST_BYTES) else { return };
    let largest = full.map(|found| found.size.unwrap_or(default)).max();
    if matches!(first.style, Style::Body { .. }) && largest.is_some_and(|largest| first.size > Some(largest)) {
        first.style = Style::Title;
    }
}

/// Notes stand behind the text; what separates them from it is none.
fn collect_notes(notes: &Element, out: &mut Vec<Paragraph>) {
    let all = ["footnote", "endnote"].iter().flat_map(|name| notes.all(name));
    for note in all.filter(|note| note.attribute("type").is_none()) {
        let mut inner = Vec::new();
        collect_paragraphs(note, &HashMap::new(), &mut inner);
        out.extend(inner.into_iter().map(|found| Paragraph { style: Style::Item, ..found }));
    }
}

/// Paragraphs as blocks; a paragraph in the style of titles is the title.
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
    /// The size of its letters in half points, if it is stated and the same in all of them.
    size: Option<u32>,
}

/// How a paragraph is set.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Style {
    Title,
    Heading(u8),
    Item,
    Body { bold: bool },
}

/// Styles that are headings, by their ids.
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
            // Word writes shapes twice, for old and new versions.
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
    /// The size stated of the letters, and whether not all have one.
    size: Option<u32>,
    mixed: bool,
    /// Paragraphs in boxes that hang on this one.
    boxes: Vec<String>,
}

impl Run {
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

fn odt<R: Read + Seek>(archive: &mut ZipArchive<R>, context: &Context) -> Result<Draft, SkipReason> {
    let content = xml_member(archive, "content.xml", context)?.ok_or(SkipReason::NoText)?;
    let meta = xml_member(archive, "meta.xml", context).ok().flatten();
    let mut draft = Draft::default();
    if let Some(meta) = &meta {
        dublin_core(&mut draft, meta);
    }
    let mut writer = BlockWriter::default();
    let body = content.find("office:body").unwrap_or(&content);
    odt_blocks(body, &mut writer);
    draft.title_open = draft.facts.title.is_none();
    draft.text = Text::Page(writer.finish());
    Ok(draft)
}

fn odt_blocks(element: &Element, writer: &mut BlockWriter) {
    for child in element.elements() {
        match child.name.as_str() {
            "text:h" => {
                let level = child.attribute("outline-level").and_then(|level| level.parse().ok()).unwrap_or(2);
                writer.block(BlockKind::Heading(u8::clamp(level, 1, 6)), &odt_text(child));
            }
            "text:p" => writer.block(BlockKind::Paragraph, &odt_text(child)),
            "text:list-item" | "table:table-cell" => {
                odt_items(child, writer);
            }
            "text:tracked-changes" | "office:annotation" | "text:sequence-decls" | "office:forms" => {}
            _ => odt_blocks(child, writer),
        }
    }
}

/// What an entry of a list or a cell holds; numbered headings stand in lists.
fn odt_items(element: &Element, writer: &mut BlockWriter) {
    for child in element.elements() {
        match child.name.as_str() {
            "text:h" => {
                let level = child.attribute("outline-level").and_then(|level| level.parse().ok()).unwrap_or(2);
                writer.block(BlockKind::Heading(u8::clamp(level, 1, 6)), &odt_text(child));
            }
            "text:p" => writer.block(BlockKind::Item, &odt_text(child)),
            "office:annotation" => {}
            _ => odt_items(child, writer),
        }
    }
}

fn odt_text(element: &Element) -> String {
    let mut out = String::new();
    for child in &element.children {
        match child {
            Node::Text(text) => out.push_str(text),
            Node::Element(child) => match child.name.as_str() {
                "text:s" | "text:tab" | "text:line-break" => out.push(' '),
                "office:annotation" => {}
                _ => out.push_str(&odt_text(child)),
            },
        }
    }
    out
}

fn epub<R: Read + Seek>(archive: &mut ZipArchive<R>, context: &Context) -> Result<Draft, SkipReason> {
    let missing = |what: &str| SkipReason::Malformed(format!("an EPUB without {what}"));
    let container = xml_member(archive, "META-INF/container.xml", context)?.ok_or_else(|| missing("a container"))?;
    let package_path = container.find("rootfile").and_then(|file| file.attribute("full-path")).map(str::to_string);
    let package_path = package_path.ok_or_else(|| missing("a package"))?;
    let package = xml_member(archive, &package_path, context)?.ok_or_else(|| missing("its package"))?;
    let mut draft = Draft::default();
    if let Some(metadata) = package.find("metadata") {
        dublin_core(&mut draft, metadata);
        draft.source(metadata.text_of("dc:publisher"));
        draft.published(
            metadata.all("dc:date").iter().map(|date| date.tidied()).collect::<Vec<_>>().iter().map(Option::as_deref),
        );
        draft.id = metadata.text_of("dc:identifier");
    }
    let folder = package_path.rsplit_once('/').map_or("", |(folder, _)| folder);
    let items = all_below(package.find("manifest"), "item");
    let items: HashMap<&str, &Element> =
        items.into_iter().filter_map(|item| Some((item.attribute("id")?, item))).collect();
    let spine: Vec<String> = all_below(package.find("spine"), "itemref")
        .into_iter()
        .filter_map(|reference| {
            let id = reference.attribute("idref")?;
            let item = items.get(id)?;
            Some(join_path(folder, item.attribute("href")?))
        })
        .collect();
    let mut body = Body::default();
    let mut read = HashSet::new();
    let mut all_bytes = 0;
    for path in spine {
        // A chapter that is named again is the same chapter.
        if !read.insert(path.clone()) {
            continue;
        }
        let Some(bytes) = member(archive, &path, context)? else { continue };
        all_bytes += bytes.len() as u64;
        if all_bytes > context.limits.max_bytes {
            return Err(SkipReason::TooLong { bytes: all_bytes, limit: context.limits.max_bytes });
        }
        let Ok(decoded) = decode(&bytes, true) else { continue };
        let inner = decoded.text.find("<body").map_or(decoded.text.as_str(), |at| &decoded.text[at..]);
        body.join(html::fragment(inner));
    }
    // A book that marks headings means them; of one that marks none, lines are judged as those of pages are.
    let marked = body.blocks.iter().any(|block| matches!(block.kind, BlockKind::Heading(_)));
    draft.text = if marked { Text::Blocks(body) } else { Text::Page(body) };
    Ok(draft)
}

/// A path beside the package's, with signs of URLs resolved.
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

#[cfg(test)]
mod tests {
    use super::*;

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

    #[test]
    fn programs_are_no_authors() {
        for (name, expected) in
            [("Apache POI", true), ("win user", true), ("Administrator", true), ("Mara Lind", false)]
        {
            assert_eq!(is_program(name), expected, "{name}");
        }
    }
}
