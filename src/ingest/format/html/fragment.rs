//! Fragments of HTML as text and blocks, by the HTML parser of the extractor.

use ego_tree::iter::Edge;
use scraper::Node;
use scraper::node::Element;

use super::tree;
use crate::ingest::format::blocks::{BlockWriter, Body, html_element};

/// The text of a fragment, a block a line.
pub(super) fn read(html: &str) -> Body {
    let tree = tree::fragment(html);
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
    html_element(element.name(), || element.attr("class").map(str::to_string))
}
