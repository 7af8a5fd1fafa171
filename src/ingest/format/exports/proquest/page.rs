//! Pages of ProQuest.

use std::collections::HashSet;

use scraper::{ElementRef, Html};

use super::story;
use crate::ingest::format::draft::Draft;
use crate::ingest::format::exports::markup::select;
use crate::ingest::format::html;

/// The stories of a page, each in the parent element of an anchor named `DocID`.
pub(in super::super) fn stories(page: &Html) -> Vec<Draft> {
    let anchors = select(page.root_element(), "a[name^=DocID]");
    let containers = anchors.iter().filter_map(|anchor| anchor.parent().and_then(ElementRef::wrap));
    let mut seen = HashSet::new();
    containers
        .filter(|container| seen.insert(container.id()))
        .filter_map(|container| {
            let body = html::fragment(&container.html());
            story(body.lines().map(str::to_string))
        })
        .collect()
}
