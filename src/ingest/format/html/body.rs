//! The body of a page as text and blocks.

use std::panic::{AssertUnwindSafe, catch_unwind};

use ego_tree::iter::Edge;
use scraper::Node;
use scraper::node::Element;

use super::page::{Page, Step};
use crate::article::BlockKind;
use crate::ingest::format::blocks::{BlockWriter, Body};
use crate::model::BoilerplateKind;
use crate::text::fold::fold_value;

/// Above so many bytes the quick extractor is asked: the careful one takes seconds on such pages.
const CAREFUL_BYTES: usize = 2 << 20;
/// A paragraph so short may stand above the title.
const SHORT_BYTES: usize = 120;

/// The article's text and blocks, or `None` if no body was found.
pub(super) fn extract(page: &str, tree: Page, title: Option<&str>) -> Option<Body> {
    let shown = shown(&tree);
    let careful = (page.len() <= CAREFUL_BYTES).then(|| careful(tree)).flatten();
    let body = careful.or_else(|| quick(page))?;
    let mut body = super::headings::restore(read(&body), &shown);
    if let Some(title) = title {
        drop_title(&mut body, title);
    }
    let has_text = body.blocks.iter().any(|block| matches!(block.kind, BlockKind::Paragraph | BlockKind::Item));
    has_text.then_some(body)
}

/// Trafilatura: keeps headings best of the extractors measured.
fn careful(page: Page) -> Option<String> {
    let options = trafilatura::Options::default()
        .with_fallback(true)
        .with_exclude_comments(true)
        .with_links(true)
        // Facts are read by `facts`.
        .with_html_date_mode(trafilatura::HtmlDateMode::Disabled);
    // A parser's panic on one page must not end a run over a million.
    let document = page.into_document();
    let result = catch_unwind(AssertUnwindSafe(|| trafilatura::extract_document(document, &options))).ok()?.ok()?;
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

/// All that a page shows, a block a line.
fn shown(page: &Page) -> Body {
    let mut writer = BlockWriter::default();
    page.walk(&mut |step| match step {
        Step::Text(text) => writer.text(&text),
        Step::Open(element) => writer.open(meant(element.name(), || element.attr("class"))),
        Step::Close(element) => writer.close(meant(element.name(), || element.attr("class"))),
    });
    writer.finish()
}

/// Turns HTML into text, a block a line.
pub(super) fn read(html: &str) -> Body {
    let tree = super::tree::fragment(html);
    let mut writer = BlockWriter::default();
    for edge in tree.tree.root().traverse() {
        match edge {
            Edge::Open(node) => match node.value() {
                Node::Text(text) => writer.text(text),
                Node::Element(element) => writer.open(meaning(element)),
                _ => {}
            },
            Edge::Close(node) => {
                if let Node::Element(element) = node.value() {
                    writer.close(meaning(element));
                }
            }
        }
    }
    writer.finish()
}

fn meaning(element: &Element) -> &str {
    meant(element.name(), || element.attr("class").map(str::to_string))
}

/// The element that one stands for: newspapers write `<span class="strong">` and `<span class="br">` too.
fn meant(name: &str, class: impl Fn() -> Option<String>) -> &str {
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
