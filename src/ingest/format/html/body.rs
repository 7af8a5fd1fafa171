//! The body of a page as text and blocks.

use std::panic::{AssertUnwindSafe, catch_unwind};

use ego_tree::iter::Edge;
use scraper::{Html, Node};

use crate::article::boilerplate::BoilerplateKind;
use crate::article::front::tidy;
use crate::article::{Block, BlockKind, Markup};
use crate::text::fold::fold_value;

/// Above so many bytes the quick extractor is asked: the careful one takes seconds on such pages.
const CAREFUL_BYTES: usize = 2 << 20;
/// A paragraph so short may stand above the title.
const SHORT_BYTES: usize = 120;

/// The article's text and blocks, or `None` if no body was found.
pub(super) fn extract(page: &str, title: Option<&str>) -> Option<Body> {
    let careful = (page.len() <= CAREFUL_BYTES).then(|| careful(page)).flatten();
    let body = careful.or_else(|| quick(page))?;
    let mut body = read(&body);
    if let Some(title) = title {
        drop_title(&mut body, title);
    }
    let has_text = body.blocks.iter().any(|block| matches!(block.kind, BlockKind::Paragraph | BlockKind::Item));
    has_text.then_some(body)
}

/// Trafilatura: keeps headings best of the extractors measured.
fn careful(page: &str) -> Option<String> {
    let options = trafilatura::Options::default().with_fallback(true).with_exclude_comments(true).with_links(true);
    // A parser's panic on one page must not end a run over a million.
    let result = catch_unwind(AssertUnwindSafe(|| trafilatura::extract(page, &options))).ok()?.ok()?;
    (!result.content_text.trim().is_empty()).then_some(result.content_html)
}

/// Readability: three times as quick, and bounded on huge pages.
fn quick(page: &str) -> Option<String> {
    let article = catch_unwind(AssertUnwindSafe(|| {
        dom_smoothie::Readability::new(page, None, None).and_then(|mut reader| reader.parse())
    }))
    .ok()?
    .ok()?;
    Some(article.content.to_string())
}

/// A heading above the text that repeats the title, or much of it, is not a section's.
fn drop_title(body: &mut Body, title: &str) {
    let title = fold_value(title);
    let words: Vec<&str> = title.split(' ').filter(|word| word.chars().count() > 2).collect();
    let mut above = true;
    for block in &mut body.blocks {
        if !matches!(block.kind, BlockKind::Heading(_)) {
            above &= block.kind != BlockKind::Paragraph || block.span.len() < SHORT_BYTES;
            continue;
        }
        let heading = fold_value(&body.text[block.span.clone()]);
        let shared = words.iter().filter(|word| heading.contains(**word)).count();
        let alike =
            heading.contains(&title) || heading.len() > 12 && title.contains(&heading) || shared * 3 > words.len() * 2;
        if heading == title || above && (block.kind == BlockKind::Heading(1) || alike) {
            block.kind = BlockKind::Boilerplate(BoilerplateKind::Metadata);
        }
    }
}

/// A page's text, a block a line.
pub(super) struct Body {
    pub(super) text: String,
    pub(super) blocks: Vec<Block>,
    /// How each block is marked.
    pub(super) marks: Vec<Markup>,
}

/// Turns HTML into text, a block a line.
pub(super) fn read(html: &str) -> Body {
    let tree = Html::parse_fragment(html);
    let mut writer = Writer::default();
    for edge in tree.tree.root().traverse() {
        match edge {
            Edge::Open(node) => match node.value() {
                Node::Text(text) => writer.text(text),
                Node::Element(element) => writer.open(element.name()),
                _ => {}
            },
            Edge::Close(node) => {
                if let Node::Element(element) = node.value() {
                    writer.close(element.name());
                }
            }
        }
    }
    writer.end_block();
    Body { text: writer.text, blocks: writer.blocks, marks: writer.marks }
}

#[derive(Default)]
struct Writer {
    text: String,
    blocks: Vec<Block>,
    marks: Vec<Markup>,
    /// The block being written, white space not yet tidied.
    open: String,
    kind: Option<BlockKind>,
    /// Bytes of `open` that stand in bold.
    bold_bytes: usize,
    /// Bytes of `open` that stand in a link.
    link_bytes: usize,
    link_depth: usize,
    bold_depth: usize,
    hidden_depth: usize,
    caption_depth: usize,
    item_depth: usize,
}

impl Writer {
    fn text(&mut self, text: &str) {
        if self.hidden_depth > 0 {
            return;
        }
        if self.bold_depth > 0 || text.trim().is_empty() {
            self.bold_bytes += text.len();
        }
        if self.link_depth > 0 || text.trim().is_empty() {
            self.link_bytes += text.len();
        }
        self.open.push_str(text);
    }

    fn open(&mut self, name: &str) {
        match name {
            "script" | "style" | "noscript" | "template" | "svg" | "button" | "form" | "nav" | "iframe" => {
                self.hidden_depth += 1
            }
            "b" | "strong" => self.bold_depth += 1,
            "a" => self.link_depth += 1,
            "br" => {
                self.end_block();
            }
            "h1" | "h2" | "h3" | "h4" | "h5" | "h6" => {
                self.end_block();
                self.kind = Some(BlockKind::Heading(name.as_bytes()[1] - b'0'));
            }
            "figcaption" => {
                self.end_block();
                self.caption_depth += 1;
            }
            "li" | "td" | "th" | "dd" | "dt" | "pre" => {
                self.end_block();
                self.item_depth += 1;
            }
            _ if is_block(name) => self.end_block(),
            _ => {}
        }
    }

    fn close(&mut self, name: &str) {
        match name {
            "script" | "style" | "noscript" | "template" | "svg" | "button" | "form" | "nav" | "iframe" => {
                self.hidden_depth = self.hidden_depth.saturating_sub(1)
            }
            "b" | "strong" => self.bold_depth = self.bold_depth.saturating_sub(1),
            "a" => self.link_depth = self.link_depth.saturating_sub(1),
            "h1" | "h2" | "h3" | "h4" | "h5" | "h6" => self.end_block(),
            "figcaption" => {
                self.end_block();
                self.caption_depth = self.caption_depth.saturating_sub(1);
            }
            "li" | "td" | "th" | "dd" | "dt" | "pre" => {
                self.end_block();
                self.item_depth = self.item_depth.saturating_sub(1);
            }
            _ if is_block(name) => self.end_block(),
            _ => {}
        }
    }

    fn end_block(&mut self) {
        let mut line = tidy(&self.open);
        if self.kind.is_some() {
            undouble(&mut line);
        }
        let bold = self.bold_bytes >= self.open.len();
        let linked = self.link_bytes >= self.open.len();
        self.open.clear();
        (self.bold_bytes, self.link_bytes) = (0, 0);
        let marked = self.kind.take();
        if line.is_empty() {
            return;
        }
        let kind = match marked {
            Some(kind) => kind,
            None if self.caption_depth > 0 || self.item_depth > 0 => BlockKind::Item,
            None => BlockKind::Paragraph,
        };
        let start = self.text.len();
        self.text.push_str(&line);
        self.blocks.push(Block { span: start..self.text.len(), kind });
        let level = if let BlockKind::Heading(level) = kind { level } else { 0 };
        self.marks.push(Markup { level, bold, linked });
        self.text.push('\n');
    }
}

/// The extractor writes the text of a heading that is a link twice.
fn undouble(line: &mut String) {
    let half = line.len() / 2;
    if line.len().is_multiple_of(2) && line.is_char_boundary(half) && line[..half] == line[half..] && half > 3 {
        line.truncate(half);
    }
}

fn is_block(name: &str) -> bool {
    matches!(
        name,
        "p" | "div"
            | "section"
            | "article"
            | "blockquote"
            | "ul"
            | "ol"
            | "dl"
            | "table"
            | "tr"
            | "tbody"
            | "thead"
            | "figure"
            | "header"
            | "footer"
            | "aside"
            | "main"
            | "hr"
            | "body"
            | "address"
            | "details"
            | "summary"
            | "graphic"
    )
}
