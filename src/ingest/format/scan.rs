//! Scanned pages as recognised by OCR: ALTO, hOCR, PAGE XML and ABBYY XML. Blocks come in reading order, lines stay lines,
//! since words are broken at their ends, and the number of each page is kept.

use std::collections::{HashMap, HashSet};

use super::xml::{self, Element, Node};
use crate::article::{Block, BlockKind, Markup, RawArticle};
use crate::ingest::SkipReason;
use crate::model::{BoilerplateKind, Facts};
use crate::text::Language;
use crate::text::tidy;

/// Letters of a heading are larger than those of the text by this factor.
const HEADING_FACTOR: f32 = 1.25;
/// Most words of a title or heading.
const MAX_HEADING_WORDS: usize = 20;

/// A block of lines.
#[derive(Debug, Clone, Default)]
pub(super) struct Region {
    /// The number of its page.
    pub(super) page: u32,
    /// Its lines.
    pub(super) lines: Vec<String>,
    /// Size of its letters, in any unit; 0 if it is not known.
    pub(super) size: f32,
    /// Is it in the margin of the page: a running head, a page number?
    pub(super) is_margin: bool,
    /// Is it a heading, whatever its size?
    pub(super) is_heading: bool,
}

/// The lines that an element of ALTO holds: the first and the last, each as its region and its number there.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Lines {
    /// The first line.
    pub(super) first: (usize, usize),
    /// The last line.
    pub(super) last: (usize, usize),
}

/// What a file of pages holds.
#[derive(Debug, Default)]
pub(super) struct Scanned {
    /// Its regions.
    pub(super) regions: Vec<Region>,
    /// The language that it states.
    pub(super) language: Option<String>,
    /// The lines of the elements that were asked for, by their ids.
    pub(super) lines: HashMap<String, Lines>,
}

/// Reads the pages of a file.
///
/// # Errors
///
/// [`SkipReason::NoText`] if there are no lines, or why the markup cannot be read.
pub(super) fn read(text: &str) -> Result<RawArticle, SkipReason> {
    let found = scanned(text, &HashSet::new())?;
    let raw = article(&found.regions, found.language.as_deref());
    if raw.text.trim().is_empty() { Err(SkipReason::NoText) } else { Ok(raw) }
}

/// The regions of a file of pages: in reading order, or if ids are asked for in the order of the document.
///
/// # Errors
///
/// Why the markup cannot be read.
pub(super) fn scanned(text: &str, ids: &HashSet<&str>) -> Result<Scanned, SkipReason> {
    let root = xml::parse(text)?;
    let mut out = Scanned::default();
    if let Some(alto) = root.find("alto") {
        out.regions = alto_regions(alto, ids.is_empty());
        out.language = alto.all("textblock").iter().find_map(|block| language_of(block));
        if !ids.is_empty() {
            alto.all("page").iter().fold(0, |region, page| note_lines(page, ids, region, &mut out.lines));
        }
    } else if let Some(page) = root.find("pcgts") {
        out.regions = page_regions(page);
        out.language = page.find("page").and_then(|page| page.attribute("primarylanguage")).map(str::to_string);
    } else if root.find("charparams").is_some() || root.find("formatting").is_some() {
        out.regions = abbyy_regions(&root);
    } else {
        hocr_regions(&root, &mut 0, &mut out.regions);
        out.language = find_language(&root);
    }
    Ok(out)
}

/// Notes which lines the elements in `ids` hold. `region` is the number of the next block; returned is that after them.
fn note_lines(element: &Element, ids: &HashSet<&str>, region: usize, out: &mut HashMap<String, Lines>) -> usize {
    let mut next = region;
    let mut note = |element: &Element, first, last| {
        if let Some(id) = element.attribute("id").filter(|id| ids.contains(id)) {
            out.insert(id.to_string(), Lines { first, last });
        }
    };
    if element.is("textblock") {
        for (i, line) in element.all("textline").iter().enumerate() {
            note(line, (region, i), (region, i));
            line.elements().for_each(|word| note(word, (region, i), (region, i)));
        }
        note(element, (region, 0), (region, usize::MAX));
        return region + 1;
    }
    for child in element.elements() {
        next = note_lines(child, ids, next, out);
    }
    if next > region
        && let Some(id) = element.attribute("id").filter(|id| ids.contains(id))
    {
        out.insert(id.to_string(), Lines { first: (region, 0), last: (next - 1, usize::MAX) });
    }
    next
}

fn language_of(element: &Element) -> Option<String> {
    ["lang", "language"].iter().find_map(|name| element.attribute(name)).map(str::to_string)
}

/// The first language that an element of hOCR states.
fn find_language(element: &Element) -> Option<String> {
    let is_text = element.is("html") || class(element).starts_with("ocr");
    language_of(element).filter(|_| is_text).or_else(|| element.elements().find_map(find_language))
}

/// The regions of ALTO, in reading order or in that of the document.
fn alto_regions(alto: &Element, is_reordered: bool) -> Vec<Region> {
    let sizes: Vec<(&str, f32)> = alto
        .all("textstyle")
        .iter()
        .filter_map(|style| Some((style.attribute("id")?, style.attribute("fontsize")?.parse().ok()?)))
        .collect();
    let mut out = Vec::new();
    let mut broken: Option<String> = None;
    for (i, page) in alto.all("page").iter().enumerate() {
        let number = page.attribute("physical_img_nr").and_then(|number| number.parse().ok()).unwrap_or(i as u32 + 1);
        let order: Vec<&str> = alto.all("elementref").iter().filter_map(|element| element.attribute("ref")).collect();
        let blocks = alto_blocks(page);
        for (block, is_margin) in if is_reordered { in_order(blocks, &order) } else { blocks } {
            let size = size_of(block, &sizes);
            let lines = block.all("textline").iter().map(|line| alto_line(line, &mut broken)).collect();
            out.push(Region { page: number, lines, size, is_margin, is_heading: false });
        }
    }
    out
}

/// The blocks of a page in the order of the document, and whether they are in a margin.
fn alto_blocks(page: &Element) -> Vec<(&Element, bool)> {
    let mut out = Vec::new();
    for space in page.elements() {
        let is_margin = space.local().ends_with("margin");
        if space.is("textblock") {
            out.push((space, false));
        } else {
            out.extend(space.all("textblock").into_iter().map(|block| (block, is_margin)));
        }
    }
    out
}

/// Blocks in reading order: that of the document, unless ids or references to the next block state another.
fn in_order<'e>(blocks: Vec<(&'e Element, bool)>, order: &[&str]) -> Vec<(&'e Element, bool)> {
    let id = |block: &Element| block.attribute("id").map(str::to_string);
    if !order.is_empty() {
        let place = |block: &Element| {
            let id = id(block);
            order.iter().position(|other| Some(*other) == id.as_deref()).unwrap_or(usize::MAX)
        };
        let mut placed: Vec<(usize, (&Element, bool))> =
            blocks.into_iter().map(|block| (place(block.0), block)).collect();
        placed.sort_by_key(|(place, _)| *place);
        return placed.into_iter().map(|(_, block)| block).collect();
    }
    if blocks.iter().all(|(block, _)| block.attribute("idnext").is_none()) {
        return blocks;
    }
    let by_id: std::collections::HashMap<&str, usize> =
        blocks.iter().enumerate().filter_map(|(i, (block, _))| Some((block.attribute("id")?, i))).collect();
    let next = |i: usize| blocks[i].0.attribute("idnext").and_then(|id| by_id.get(id)).copied();
    let mut is_next = vec![false; blocks.len()];
    (0..blocks.len()).filter_map(next).for_each(|i| is_next[i] = true);
    let mut is_taken = vec![false; blocks.len()];
    let mut out = Vec::with_capacity(blocks.len());
    // Chains from their first block, then what is left of those that go round.
    for start in (0..blocks.len()).filter(|i| !is_next[*i]).chain(0..blocks.len()) {
        let mut at = Some(start);
        while let Some(i) = at.filter(|i| !is_taken[*i]) {
            is_taken[i] = true;
            out.push(blocks[i]);
            at = next(i);
        }
    }
    out
}

/// The largest size that a block or one of its lines and words states.
fn size_of(block: &Element, sizes: &[(&str, f32)]) -> f32 {
    let size = |element: &Element| {
        let styles = element.attribute("stylerefs").unwrap_or("");
        styles
            .split_whitespace()
            .find_map(|style| sizes.iter().find(|(id, _)| *id == style))
            .map_or(0.0, |found| found.1)
    };
    let lines = block.all("textline");
    let of_words = lines.iter().filter_map(|line| line.child("string")).map(size);
    of_words.chain(lines.iter().map(|line| size(line))).fold(size(block), f32::max)
}

/// The text of a line. A word that is broken is written whole on its first line, if the file says what it is.
fn alto_line(line: &Element, broken: &mut Option<String>) -> String {
    let mut out = String::new();
    for child in line.elements() {
        match child.local() {
            "string" => {
                let content = child.attribute("content").unwrap_or("");
                let whole = child.attribute("subs_content").filter(|whole| !whole.is_empty());
                let part = child.attribute("subs_type").unwrap_or("").to_ascii_lowercase();
                if part == "hyppart2" && whole.is_some() && whole == broken.as_deref() {
                    *broken = None;
                    continue;
                }
                if !out.is_empty() && !out.ends_with(' ') {
                    out.push(' ');
                }
                match whole.filter(|_| part == "hyppart1") {
                    Some(whole) => {
                        *broken = Some(whole.to_string());
                        out.push_str(whole);
                    }
                    None => out.push_str(content),
                }
            }
            "sp" => out.push(' '),
            "hyp" if broken.is_none() => out.push_str(child.attribute("content").unwrap_or("-")),
            _ => {}
        }
    }
    tidy(&out)
}

/// The regions of PAGE XML.
fn page_regions(pages: &Element) -> Vec<Region> {
    let mut out = Vec::new();
    for (i, page) in pages.all("page").iter().enumerate() {
        let mut refs: Vec<(usize, &str)> = page
            .all("regionrefindexed")
            .iter()
            .filter_map(|element| Some((element.attribute("index")?.parse().ok()?, element.attribute("regionref")?)))
            .collect();
        refs.sort_unstable();
        let order: Vec<&str> = refs.into_iter().map(|(_, id)| id).collect();
        let blocks = page.all("textregion").into_iter().map(|region| (region, false)).collect();
        for (region, _) in in_order(blocks, &order) {
            let kind = region.attribute("type").unwrap_or("");
            let line =
                |line: &&Element| line.child("textequiv").and_then(|text| text.text_of("unicode")).unwrap_or_default();
            let mut lines: Vec<String> = region.all("textline").iter().map(line).collect();
            if lines.is_empty() {
                lines.push(line(&region));
            }
            let is_margin = matches!(kind, "header" | "footer" | "page-number" | "signature-mark" | "catch-word");
            out.push(Region { page: i as u32 + 1, lines, size: 0.0, is_margin, is_heading: kind == "heading" });
        }
    }
    out
}

/// The regions of ABBYY XML: its paragraphs.
fn abbyy_regions(root: &Element) -> Vec<Region> {
    let mut out = Vec::new();
    for (i, page) in root.all("page").iter().enumerate() {
        for block in page.all("block") {
            for paragraph in block.all("par") {
                let mut region = Region { page: i as u32 + 1, ..Region::default() };
                for line in paragraph.all("line") {
                    let sizes =
                        line.elements().filter_map(|run| run.attribute("fs")?.trim_end_matches('.').parse().ok());
                    region.size = sizes.fold(region.size, f32::max);
                    region.lines.push(tidy(&line.text().replace(['\n', '\r'], "")));
                }
                out.push(region);
            }
        }
    }
    out
}

fn class(element: &Element) -> &str {
    element.attribute("class").unwrap_or("")
}

/// The regions of hOCR: its paragraphs, or areas without paragraphs, or lines without either.
fn hocr_regions(element: &Element, page: &mut u32, out: &mut Vec<Region>) {
    for child in element.elements() {
        let has = |name: &str| class(child).split_ascii_whitespace().any(|class| class == name);
        if has("ocr_page") {
            let stated = property(child, "ppageno").map(|number| number as u32 + 1);
            *page = stated.unwrap_or(*page + 1);
            hocr_regions(child, page, out);
        } else if has("ocr_par") || has("ocr_carea") && !holds(child, "ocr_par") || is_line(child) {
            let mut region = Region { page: *page, ..Region::default() };
            hocr_lines(child, &mut region);
            let is_open = is_line(child) && out.last().is_some_and(|last| last.page == *page);
            match out.last_mut().filter(|_| is_open) {
                Some(last) => last.lines.append(&mut region.lines),
                None => out.push(region),
            }
        } else {
            hocr_regions(child, page, out);
        }
    }
}

fn holds(element: &Element, name: &str) -> bool {
    element
        .elements()
        .any(|child| class(child).split_ascii_whitespace().any(|class| class == name) || holds(child, name))
}

fn is_line(element: &Element) -> bool {
    let names = ["ocr_line", "ocrx_line", "ocr_header", "ocr_footer", "ocr_caption", "ocr_textfloat"];
    class(element).split_ascii_whitespace().any(|class| names.contains(&class))
}

/// Adds the lines of a region of hOCR, or all of its text as one.
fn hocr_lines(element: &Element, region: &mut Region) {
    if is_line(element) || !any_line(element) {
        let mut words = Vec::new();
        hocr_words(element, &mut words);
        let line = if words.is_empty() { element.tidied().unwrap_or_default() } else { words.join(" ") };
        region.size = region.size.max(property(element, "x_size").unwrap_or(0.0));
        region.lines.push(line);
        return;
    }
    element.elements().for_each(|child| {
        if is_line(child) || any_line(child) {
            hocr_lines(child, region);
        }
    });
}

fn any_line(element: &Element) -> bool {
    element.elements().any(|child| is_line(child) || any_line(child))
}

fn hocr_words(element: &Element, out: &mut Vec<String>) {
    for child in element.elements() {
        if class(child).split_ascii_whitespace().any(|class| class == "ocrx_word") {
            out.extend(Some(tidy(&first_reading(child))).filter(|word| !word.is_empty()));
        } else {
            hocr_words(child, out);
        }
    }
}

/// The text of a word, of several readings (`<ins>` and `<del>`) the first.
fn first_reading(element: &Element) -> String {
    let is_of_readings = class(element) == "alternatives";
    let mut children = element.children.iter();
    let readings = |node: &&Node| matches!(node, Node::Element(_));
    if is_of_readings {
        return children.find(readings).map_or_else(String::new, reading);
    }
    children.map(reading).collect()
}

fn reading(node: &Node) -> String {
    match node {
        Node::Text(text) => text.clone(),
        Node::Element(element) => first_reading(element),
    }
}

/// A number of the `title` of an element of hOCR: `bbox 0 0 9 9; x_size 31.5`.
fn property(element: &Element, name: &str) -> Option<f32> {
    let title = element.attribute("title")?;
    title.split(';').find_map(|property| property.trim().strip_prefix(name)?.split_whitespace().next()?.parse().ok())
}

/// Regions as an article.
pub(super) fn article(regions: &[Region], language: Option<&str>) -> RawArticle {
    let usual = usual_size(regions);
    let mut out = RawArticle { title_known: true, ..RawArticle::default() };
    let (mut blocks, mut marks): (Vec<Block>, Vec<Markup>) = (Vec::new(), Vec::new());
    for region in regions {
        let lines: Vec<&str> = region.lines.iter().map(|line| line.trim()).filter(|line| !line.is_empty()).collect();
        if lines.is_empty() {
            continue;
        }
        let start = out.text.len();
        if out.pages.last().is_none_or(|(_, page)| *page != region.page) {
            out.pages.push((start, region.page));
        }
        out.text.push_str(&lines.join("\n"));
        let is_large = usual > 0.0 && region.size >= usual * HEADING_FACTOR;
        let is_large = (region.is_heading || is_large) && is_short(&lines);
        let kind = match (region.is_margin, is_large) {
            (true, _) => BlockKind::Boilerplate(BoilerplateKind::Metadata),
            (_, true) => BlockKind::Heading(2),
            _ => BlockKind::Paragraph,
        };
        blocks.push(Block { span: start..out.text.len(), kind });
        marks.push(Markup { level: if is_large { 2 } else { 0 }, ..Markup::default() });
        out.text.push_str("\n\n");
    }
    let code = language.and_then(|tag| Language::from_code(tag).known_code().map(str::to_string));
    out.facts = Facts { title: title(&out.text, &blocks), lang: code, ..Facts::default() };
    out.blocks = Some(blocks);
    out.marks = Some(marks);
    out
}

/// The size of most letters.
fn usual_size(regions: &[Region]) -> f32 {
    let words = |region: &Region| region.lines.iter().map(|line| line.split_whitespace().count()).sum::<usize>();
    let mut sizes: Vec<(f32, usize)> =
        regions.iter().filter(|region| region.size > 0.0).map(|region| (region.size, words(region))).collect();
    sizes.sort_by(|a, b| a.0.total_cmp(&b.0));
    let half = sizes.iter().map(|(_, words)| words).sum::<usize>() / 2;
    let mut sum = 0;
    sizes
        .iter()
        .find(|(_, words)| {
            sum += words;
            sum > half
        })
        .map_or(0.0, |(size, _)| *size)
}

fn is_short(lines: &[&str]) -> bool {
    lines.iter().map(|line| line.split_whitespace().count()).sum::<usize>() <= MAX_HEADING_WORDS
}

/// The first block, if it is short, is no sentence, and text follows.
fn title(text: &str, blocks: &[Block]) -> Option<String> {
    let mut shown = blocks.iter().filter(|block| !matches!(block.kind, BlockKind::Boilerplate(_)));
    let first = &text[shown.next()?.span.clone()];
    shown.next()?;
    let unquoted = first.trim_end_matches(['"', '\'', '”', '“', '»', '«', '’', ')']);
    let is_stopped = unquoted.ends_with(['.', ',', ';', ':', '-', '¬']);
    let letters = first.chars().filter(|c| c.is_alphabetic()).count();
    let is_title = !is_stopped && letters >= 5 && is_short(&first.lines().collect::<Vec<_>>());
    is_title.then(|| tidy(first))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn word(content: &str) -> String {
        format!("<String CONTENT=\"{content}\" HPOS=\"1\"/><SP/>")
    }

    fn line(words: &str) -> String {
        format!("<TextLine>{}</TextLine>", words.split(' ').map(word).collect::<String>())
    }

    fn alto(blocks: &str) -> String {
        format!(
            "<?xml version=\"1.0\"?><alto xmlns=\"http://www.loc.gov/standards/alto/ns-v3#\"><Description><softwareName>Reader 9</softwareName></Description><Styles><TextStyle ID=\"big\" FONTSIZE=\"20\"/><TextStyle ID=\"small\" FONTSIZE=\"9\"/></Styles><Layout>{blocks}</Layout></alto>"
        )
    }

    /// The blocks of a text with the kinds that matter.
    fn blocks(text: &str) -> Vec<(String, BlockKind)> {
        let raw = read(text).expect("text");
        raw.blocks.expect("blocks").iter().map(|block| (raw.text[block.span.clone()].to_string(), block.kind)).collect()
    }

    #[test]
    fn alto_in_reading_order() {
        let body = "<TextBlock ID=\"b\" STYLEREFS=\"small\">".to_string()
            + &line("The board met on Tuesday and")
            + &line("resolved to dredge.")
            + "</TextBlock>";
        let head = "<TextBlock ID=\"a\" STYLEREFS=\"big\">".to_string() + &line("HARBOUR WORKS VOTED") + "</TextBlock>";
        let margin = format!("<TopMargin><TextBlock ID=\"m\">{}</TextBlock></TopMargin>", line("Halden Courier 4"));
        let expected = [
            ("Halden Courier 4".to_string(), BlockKind::Boilerplate(BoilerplateKind::Metadata)),
            ("HARBOUR WORKS VOTED".to_string(), BlockKind::Heading(2)),
            ("The board met on Tuesday and\nresolved to dredge.".to_string(), BlockKind::Paragraph),
        ];
        let page =
            |inner: &str| alto(&format!("<Page PHYSICAL_IMG_NR=\"7\">{margin}<PrintSpace>{inner}</PrintSpace></Page>"));
        assert_eq!(blocks(&page(&format!("{head}{body}"))), expected);
        let chained = format!("{body}{}", head.replace("ID=\"a\"", "ID=\"a\" IDNEXT=\"b\""));
        assert_eq!(blocks(&page(&chained)), expected, "references to the next block");
        let ordered = page(&format!("{body}{head}")).replace("<Layout>", "<ReadingOrder><OrderedGroup><ElementRef REF=\"m\"/><ElementRef REF=\"a\"/><ElementRef REF=\"b\"/></OrderedGroup></ReadingOrder><Layout>");
        assert_eq!(blocks(&ordered), expected, "a reading order");
        let raw = read(&page(&format!("{head}{body}"))).expect("text");
        assert_eq!((raw.facts.title.as_deref(), raw.pages.as_slice()), (Some("HARBOUR WORKS VOTED"), &[(0, 7)][..]));
    }

    #[test]
    fn broken_words_of_alto_are_whole() {
        let text = alto(
            "<Page><PrintSpace><TextBlock><TextLine><String CONTENT=\"of\"/><SP/><String CONTENT=\"conser\" SUBS_TYPE=\"HypPart1\" SUBS_CONTENT=\"conservation\"/><HYP CONTENT=\"-\"/></TextLine><TextLine><String CONTENT=\"vation\" SUBS_TYPE=\"HypPart2\" SUBS_CONTENT=\"conservation\"/><SP/><String CONTENT=\"by\"/><SP/><String CONTENT=\"well\"/><HYP CONTENT=\"-\"/></TextLine><TextLine><String CONTENT=\"known\"/><SP/><String CONTENT=\"men.\"/></TextLine></TextBlock></PrintSpace></Page>",
        );
        assert_eq!(blocks(&text)[0].0, "of conservation\nby well-\nknown men.");
    }

    #[test]
    fn hocr_has_paragraphs_lines_and_pages() {
        let word = |word: &str| format!("<span class='ocrx_word' title='bbox 1 1 2 2; x_wconf 93'>{word}</span>");
        let line = |words: &str, size: u32| {
            format!(
                "<span class='ocr_line' title='bbox 1 1 2 2; x_size {size}'>{}</span>",
                words.split(' ').map(word).collect::<String>()
            )
        };
        let par = |lines: &str| format!("<div class='ocr_carea'><p class='ocr_par' lang='deu'>{lines}</p></div>");
        let text = format!(
            "<html><head><title></title><meta name='ocr-system' content='x'/></head><body><div class='ocr_page' title='image \"a\"; ppageno 0'>{}{}</div><div class='ocr_page' title='ppageno 4'>{}</div></body></html>",
            par(&line("HAFEN GESPERRT", 40)),
            par(&(line("Die Arbeiter haben am", 20) + &line("Montag gestreikt.", 20))),
            par(&line("Die Fähren fahren wieder.", 20)),
        );
        let raw = read(&text).expect("text");
        assert_eq!(
            raw.text,
            "HAFEN GESPERRT\n\nDie Arbeiter haben am\nMontag gestreikt.\n\nDie Fähren fahren wieder.\n\n"
        );
        assert_eq!(raw.facts.title.as_deref(), Some("HAFEN GESPERRT"));
        assert_eq!(raw.facts.lang.as_deref(), Some("de"));
        assert_eq!(raw.pages.iter().map(|(_, page)| *page).collect::<Vec<_>>(), [1, 5]);
    }

    #[test]
    fn a_word_of_hocr_has_one_reading() {
        let word = |word: &str| format!("<span class='ocrx_word'>{word}</span>");
        let choice = "<span class='alternatives'><ins class='alt'>Hafen</ins><del class='alt'>Hasen</del></span>";
        let line = [word("Der"), word(choice), word("<strong>ruht.</strong>")].join(" ");
        let text = format!(
            "<html><body><div class='ocr_page'><p class='ocr_par'><span class='ocr_line'>{line}</span></p></div></body></html>"
        );
        assert_eq!(blocks(&text)[0].0, "Der Hafen ruht.");
    }

    #[test]
    fn abbyy_xml_has_paragraphs() {
        let run = |text: &str, size: &str| {
            let letters: String = text.chars().map(|c| format!("<charParams l=\"1\">{c}</charParams>\n")).collect();
            format!("<line l=\"1\"><formatting lang=\"GermanStandard\" fs=\"{size}\">\n{letters}</formatting></line>")
        };
        let block = |lines: &str| format!("<block blockType=\"Text\"><text><par>{lines}</par></text></block>");
        let page = |blocks: &str| format!("<page width=\"9\">{blocks}</page>");
        let first =
            block(&run("Hafen ruht", "20.")) + &block(&(run("Die Fähren lie¬", "9.") + &run("gen am Kai.", "9.")));
        let text = format!("<document>{}{}</document>", page(&first), page(&block(&run("Er ruht weiter.", "9."))));
        let raw = read(&text).expect("text");
        assert_eq!(raw.text, "Hafen ruht\n\nDie Fähren lie¬\ngen am Kai.\n\nEr ruht weiter.\n\n");
        assert_eq!(raw.facts.title.as_deref(), Some("Hafen ruht"));
        assert_eq!(raw.pages.iter().map(|(_, page)| *page).collect::<Vec<_>>(), [1, 2]);
    }

    #[test]
    fn page_xml_has_regions() {
        let region = |id: &str, kind: &str, text: &str| {
            format!(
                "<TextRegion id=\"{id}\" type=\"{kind}\"><TextLine><Word><TextEquiv><Unicode>x</Unicode></TextEquiv></Word><TextEquiv><Unicode>{text}</Unicode></TextEquiv></TextLine><TextEquiv><Unicode>{text}</Unicode></TextEquiv></TextRegion>"
            )
        };
        let text = format!(
            "<PcGts><Page><ReadingOrder><OrderedGroup><RegionRefIndexed index=\"1\" regionRef=\"b\"/><RegionRefIndexed index=\"0\" regionRef=\"a\"/></OrderedGroup></ReadingOrder>{}{}{}</Page></PcGts>",
            region("b", "paragraph", "The board met on Tuesday."),
            region("a", "heading", "Harbour works voted"),
            region("c", "page-number", "4"),
        );
        let found: Vec<String> = blocks(&text).into_iter().map(|(text, _)| text).collect();
        assert_eq!(found, ["Harbour works voted", "The board met on Tuesday.", "4"]);
    }

    #[test]
    fn references_that_go_round_end() {
        let block = |id: &str, next: &str| {
            format!("<TextBlock ID=\"{id}\" IDNEXT=\"{next}\">{}</TextBlock>", line(&format!("Text of {id}.")))
        };
        let text = alto(&format!("<Page><PrintSpace>{}{}</PrintSpace></Page>", block("a", "b"), block("b", "a")));
        assert_eq!(blocks(&text).len(), 2);
        assert_eq!(read(&alto("<Page/>")).err(), Some(SkipReason::NoText));
    }
}
