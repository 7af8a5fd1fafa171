//! Elements of pages, as the readers of exports need them.

use std::sync::LazyLock;

use regex::{Captures, Regex};
use scraper::{ElementRef, Selector};

use super::pattern::regex;
use crate::ingest::format::html::tree;
use crate::text::tidy;

static ENTITY: LazyLock<Regex> = LazyLock::new(|| regex("&[A-Za-z]{4,24};"));

/// All elements below `element` that match the selector `css`, which is part of the program.
pub(super) fn select<'p>(element: ElementRef<'p>, css: &str) -> Vec<ElementRef<'p>> {
    let selector = Selector::parse(css).expect("a selector in the source is valid");
    element.select(&selector).collect()
}

/// The text of an element.
pub(super) fn text_of(element: ElementRef<'_>) -> String {
    tidy(&without_unknown_entities(element.text().collect()))
}

/// The text of an element, with a space between the texts of its children.
pub(super) fn spaced_text_of(element: ElementRef<'_>) -> String {
    tidy(&without_unknown_entities(element.text().collect::<Vec<_>>().join(" ")))
}

/// `one&softReturn;two`: replaces entities that HTML does not define by spaces. Those that it defines are in a parsed text
/// only if they were escaped on purpose, and stay.
fn without_unknown_entities(text: String) -> String {
    if !ENTITY.is_match(&text) {
        return text;
    }
    let unknown = |name: &str| tree::fragment(name).root_element().text().collect::<String>() == name;
    ENTITY
        .replace_all(&text, |found: &Captures<'_>| if unknown(&found[0]) { " ".into() } else { found[0].to_string() })
        .into_owned()
}

#[cfg(test)]
pub(super) fn build_tables() {
    LazyLock::force(&ENTITY);
}
