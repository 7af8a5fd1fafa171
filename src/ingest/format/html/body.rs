//! The body of a page as text and blocks.

use std::panic::{AssertUnwindSafe, catch_unwind};

use ego_tree::iter::Edge;
use scraper::{Html, Node};

use crate::article::boilerplate::BoilerplateKind;
use crate::article::front::tidy;
use crate::article::{Block, BlockKind};
use crate::text::fold::fold_value;

/// Above so many bytes the quick extractor is asked: the careful one takes seconds on such pages.
const CAREFUL_BYTES: usize = 2 << 20;
/// A bold paragraph so short serves as a heading.
const MOST_BOLD_HEADING_CHARS: usize = 100;

/// The article's text and blocks, or `None` if no body was found.
pub(super) fn extract(page: &str, title: Option<&str>) -> Option<(String, Vec<Block>)> {
    let careful = (page.len() <= CAREFUL_BYTES).then(|| careful(page)).flatten();
    let body = careful.or_else(|| quick(page))?;
    let (text, mut found) = blocks(&body);
    if let Some(title) = title {
        drop_title(&text, &mut found, title);
    }
    found
        .iter()
        .any(|block| block.kind == BlockKind::Paragraph || block.kind == BlockKind::Item)
        .then_some((text, found))
}

/// Trafilatura: keeps headings best of the extractors measured.
fn careful(page: &str) -> Option<String> {
    let options = trafilatura::Options::default().with_fallback(true).with_exclude_comments(true);
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

/// A heading that repeats the title is not a section's.
fn drop_title(text: &str, blocks: &mut [Block], title: &str) {
    let title = fold_value(title);
    for block in blocks.iter_mut().filter(|block| matches!(block.kind, BlockKind::Heading(_))) {
        if fold_value(&text[block.span.clone()]) == title {
            block.kind = BlockKind::Boilerplate(BoilerplateKind::Metadata);
        }
    }
}

/// Turns HTML into text, a block a line.
pub(super) fn blocks(html: &str) -> (String, Vec<Block>) {
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
    (writer.text, writer.blocks)
}

#[derive(Default)]
struct Writer {
    text: String,
    blocks: Vec<Block>,
    /// The block being written, white space not yet tidied.
    open: String,
    kind: Option<BlockKind>,
    /// Bytes of `open` that stand in bold.
    bold_bytes: usize,
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
        self.open.push_str(text);
    }

    fn open(&mut self, name: &str) {
        match name {
            "script" | "style" | "noscript" | "template" | "svg" | "button" | "form" | "nav" | "iframe" => {
                self.hidden_depth += 1
            }
            "b" | "strong" => self.bold_depth += 1,
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
        let line = tidy(&self.open);
        let all_bold = self.bold_bytes >= self.open.len();
        self.open.clear();
        self.bold_bytes = 0;
        let marked = self.kind.take();
        if line.is_empty() {
            return;
        }
        let kind = match marked {
            Some(kind) => kind,
            None if self.caption_depth > 0 || self.item_depth > 0 => BlockKind::Item,
            None if all_bold && is_heading_like(&line) => BlockKind::Heading(3),
            None => BlockKind::Paragraph,
        };
        let start = self.text.len();
        self.text.push_str(&line);
        self.blocks.push(Block { span: start..self.text.len(), kind });
        self.text.push('\n');
    }
}

fn is_heading_like(line: &str) -> bool {
    line.chars().count() <= MOST_BOLD_HEADING_CHARS && !line.ends_with(['.', ',', ';', ':', '!', '"', '”'])
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
