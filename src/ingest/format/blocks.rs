//! Blocks from markup: how elements of pages, feeds and news items structure a text.

use super::xml::{Element, Node};
use crate::article::{Block, BlockKind, Markup, RawArticle};
use crate::model::BoilerplateKind;
use crate::text::fold::fold_value;
use crate::text::tidy;

/// A text with one block a line.
#[derive(Debug, Clone, Default)]
pub(crate) struct Body {
    /// The text.
    pub(crate) text: String,
    /// Its blocks.
    pub(crate) blocks: Vec<Block>,
    /// The markup of each block.
    pub(crate) marks: Vec<Markup>,
}

impl Body {
    /// As an article whose headings are certain.
    pub(crate) fn into_raw(self) -> RawArticle {
        RawArticle { text: self.text, blocks: Some(self.blocks), ..RawArticle::default() }
    }

    /// As an article whose markup is evidence for headings, as in pages.
    pub(crate) fn into_page(self) -> RawArticle {
        RawArticle { text: self.text, blocks: Some(self.blocks), marks: Some(self.marks), ..RawArticle::default() }
    }

    /// Inserts a block before all others.
    pub(crate) fn prepend(&mut self, kind: BlockKind, text: &str) {
        let mut writer = BlockWriter::default();
        writer.block(kind, text);
        let mut front = writer.finish();
        let by = front.text.len();
        front.text.push_str(&self.text);
        let moved =
            self.blocks.drain(..).map(|block| Block { span: block.span.start + by..block.span.end + by, ..block });
        front.blocks.extend(moved);
        front.marks.append(&mut self.marks);
        *self = front;
    }

    /// Appends another text.
    pub(crate) fn join(&mut self, more: Body) {
        let by = self.text.len();
        self.text.push_str(&more.text);
        let moved = more.blocks.into_iter();
        self.blocks.extend(moved.map(|block| Block { span: block.span.start + by..block.span.end + by, ..block }));
        self.marks.extend(more.marks);
    }

    /// Turns headings that repeat the title into boilerplate.
    pub(crate) fn drop_title(&mut self, title: &str) {
        let title = fold_value(title);
        for block in self.blocks.iter_mut().filter(|block| matches!(block.kind, BlockKind::Heading(_))) {
            if fold_value(&self.text[block.span.clone()]) == title {
                block.kind = BlockKind::Boilerplate(BoilerplateKind::Metadata);
            }
        }
    }

    /// The text of each block.
    pub(crate) fn lines(&self) -> impl Iterator<Item = &str> {
        self.blocks.iter().map(|block| &self.text[block.span.clone()])
    }

    /// Appends a block.
    pub(crate) fn append(&mut self, kind: BlockKind, text: &str) {
        let mut writer = BlockWriter::default();
        writer.block(kind, text);
        self.join(writer.finish());
    }
}

/// Writes the content of an element. `html_name` maps an element to that of HTML; elements mapped to `None` are left out
/// with their content.
pub(crate) fn write_element<'e>(
    writer: &mut BlockWriter,
    element: &'e Element,
    html_name: &dyn Fn(&'e Element) -> Option<&'e str>,
) {
    for child in &element.children {
        match child {
            Node::Text(text) => writer.text(text),
            Node::Element(child) => {
                let Some(name) = html_name(child) else { continue };
                writer.open(name);
                write_element(writer, child, html_name);
                writer.close(name);
            }
        }
    }
}

/// Builds a [`Body`] from the start and end tags and the texts of a document.
#[derive(Default)]
pub(crate) struct BlockWriter {
    text: String,
    blocks: Vec<Block>,
    marks: Vec<Markup>,
    /// The text of the open block, with its white space.
    open: String,
    kind: Option<BlockKind>,
    /// Number of bytes of `open` that are bold.
    bold_bytes: usize,
    /// Number of bytes of `open` that are links.
    link_bytes: usize,
    link_depth: usize,
    bold_depth: usize,
    hidden_depth: usize,
    caption_depth: usize,
    item_depth: usize,
}

impl BlockWriter {
    /// The text and blocks written.
    pub(crate) fn finish(mut self) -> Body {
        self.end_block();
        Body { text: self.text, blocks: self.blocks, marks: self.marks }
    }

    /// Was no text written yet?
    #[cfg(feature = "office")]
    pub(crate) fn is_empty(&self) -> bool {
        self.blocks.is_empty() && self.open.trim().is_empty()
    }

    /// Number of blocks that have ended.
    #[cfg(feature = "pages")]
    pub(crate) fn blocks(&self) -> usize {
        self.blocks.len()
    }

    /// Is text left out, in an element that is not displayed?
    #[cfg(feature = "pages")]
    pub(crate) fn is_hidden(&self) -> bool {
        self.hidden_depth > 0
    }

    /// Writes a whole block.
    pub(crate) fn block(&mut self, kind: BlockKind, text: &str) {
        self.end_block();
        self.open.push_str(text);
        if kind != BlockKind::Paragraph {
            self.kind = Some(kind);
        }
        self.end_block();
    }

    /// Writes a whole block with its markup.
    #[cfg(feature = "pages")]
    pub(crate) fn marked(&mut self, kind: BlockKind, mark: Markup, text: &str) {
        self.end_block();
        let start = self.text.len();
        self.text.push_str(text);
        self.blocks.push(Block { span: start..self.text.len(), kind });
        self.marks.push(mark);
        self.text.push('\n');
    }

    /// Adds text to the open block.
    pub(crate) fn text(&mut self, text: &str) {
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

    /// Starts an element, by its HTML name.
    pub(crate) fn open(&mut self, name: &str) {
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

    /// Ends an element.
    pub(crate) fn close(&mut self, name: &str) {
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

    /// Ends the block, if one is open.
    pub(crate) fn end_block(&mut self) {
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

/// Halves a text that consists of two equal halves: the extractor writes the text of a heading that is a link twice.
fn undouble(line: &mut String) {
    let half = line.len() / 2;
    if line.len().is_multiple_of(2) && line.is_char_boundary(half) && line[..half] == line[half..] && half > 3 {
        line.truncate(half);
    }
}

/// The HTML element that an element stands for: newspapers also write `<span class="strong">` and `<span class="br">`.
pub(crate) fn html_element(name: &str, class: impl Fn() -> Option<String>) -> &str {
    if name != "span" {
        return name;
    }
    let means = |class: &str| match class {
        "strong" | "bold" => Some("b"),
        "br" => Some("br"),
        _ => None,
    };
    class().and_then(|classes| classes.split_ascii_whitespace().find_map(means)).unwrap_or("span")
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
