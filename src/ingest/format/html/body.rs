//! The body of a page as text and blocks.

use std::panic::{AssertUnwindSafe, catch_unwind};

use ego_tree::iter::Edge;
use scraper::node::Element;
use scraper::{Html, Node};

use crate::article::BlockKind;
use crate::article::boilerplate::BoilerplateKind;
use crate::ingest::format::blocks::{BlockWriter, Body};
use crate::text::fold::fold_value;

/// Above so many bytes the quick extractor is asked: the careful one takes seconds on such pages.
const CAREFUL_BYTES: usize = 2 << 20;
/// A paragraph so short may stand above the title.
const SHORT_BYTES: usize = 120;

/// The article's text and blocks, or `None` if no body was found.
pub(super) fn extract(page: &str, tree: &Html, title: Option<&str>) -> Option<Body> {
    let careful = (page.len() <= CAREFUL_BYTES).then(|| careful(page)).flatten();
    let body = careful.or_else(|| quick(page))?;
    let mut body = super::headings::restore(read(&body), &blocks(tree));
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

/// Turns HTML into text, a block a line.
pub(super) fn read(html: &str) -> Body {
    blocks(&super::tree::fragment(html))
}

fn blocks(tree: &Html) -> Body {
    let mut writer = BlockWriter::default();
    for edge in tree.tree.root().traverse() {
        match edge {
            Edge::Open(node) => match node.value() {
                Node::Text(text) => writer.text(text),
                Node::Element(element) => writer.open(meant(element)),
                _ => {}
            },
            Edge::Close(node) => {
                if let Node::Element(element) = node.value() {
                    writer.close(meant(element));
                }
            }
        }
    }
    writer.finish()
}

/// The element that one stands for: newspapers write `<span class="strong">` and `<span class="br">` too.
fn meant(element: &Element) -> &str {
    if element.name() != "span" {
        return element.name();
    }
    let means = |class: &str| match class {
        "strong" | "bold" => Some("b"),
        "br" => Some("br"),
        _ => None,
    };
    element.classes().find_map(means).unwrap_or("span")
}
