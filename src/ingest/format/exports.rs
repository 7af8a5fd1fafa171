//! Exports of press databases: LexisNexis and Nexis Uni (text, HTML, RTF, DOCX), Factiva (text, HTML, XML), ProQuest
//! (text, HTML, mail), Europresse (HTML), the clipping managers of APA (text, RTF) and lists of clippings (HTML). An
//! export holds many stories, each with its facts in labelled lines or in a fixed order.

mod apa;
mod clippings;
mod europresse;
mod factiva;
mod labels;
mod lexis;
mod lines;
mod markup;
mod nexis;
mod pattern;
mod proquest;

use std::sync::LazyLock;

use memchr::memmem;

pub(super) use factiva::xml::stories as factiva_xml;
pub(super) use lines::Line;

use super::draft::Draft;
use super::html;

/// The stories of a text, if it is an export.
pub(super) fn text(text: &str) -> Option<Vec<Draft>> {
    lines(&text.lines().map(|text| Line { text, bold: false }).collect::<Vec<_>>())
}

/// The stories of a document's lines, if it is an export.
pub(super) fn lines(set: &[Line<'_>]) -> Option<Vec<Draft>> {
    let lines: Vec<&str> = set.iter().map(|line| line.text.trim_end_matches(['\r', '\u{c}'])).collect();
    // ProQuest numbers its documents as LexisNexis does, and has a sign of its own: it is tried first.
    [proquest::stories, factiva::text::stories, lexis::stories, nexis::stories]
        .iter()
        .find_map(|read| read(&lines))
        .or_else(|| apa::stories(set))
        .filter(|stories| !stories.is_empty())
}

/// The word that exports label their documents with, in several languages, without its first letter.
static DOCUMENT: LazyLock<[memmem::Finder<'static>; 4]> =
    LazyLock::new(|| ["ocument", "okument", "DOCUMENT", "DOKUMENT"].map(memmem::Finder::new));

/// Could a text that begins with `head` be an export?
pub(super) fn begins(head: &str) -> bool {
    let is_candidate = |line: &str| DOCUMENT.iter().any(|word| word.find(line.as_bytes()).is_some());
    if !is_candidate(head) {
        return false;
    }
    head.lines().take(300).filter(|line| is_candidate(line)).any(|line| {
        lexis::is_count(line) || factiva::text::is_number(line) || nexis::is_end(line) || proquest::is_link(line)
    })
}

/// The stories of a page, if it is an export.
pub(super) fn page(page: &str) -> Option<Vec<Draft>> {
    let holds = |sign: &str| memmem::find(page.as_bytes(), sign.as_bytes()).is_some();
    let stories = if holds("articleParagraph") {
        factiva::page::stories(&html::tree::document(page))
    } else if holds("DocPublicationName") {
        europresse::stories(&html::tree::document(page))
    } else if holds("ProQuest document link") || holds("name=\"DocID_") {
        proquest::page::stories(&html::tree::document(page))
    } else if holds("<DOCFULL>") || holds(" DOCUMENTS</SPAN>") {
        lexis::page::stories(page)
    } else if !holds("NewsArticle") && clippings::may_list(page) {
        clippings::stories(page)?
    } else {
        return None;
    };
    Some(stories).filter(|stories| !stories.is_empty())
}

#[cfg(test)]
pub(super) fn build_tables() {
    LazyLock::force(&DOCUMENT);
    apa::build_tables();
    clippings::build_tables();
    factiva::build_tables();
    labels::build_tables();
    lexis::build_tables();
    lines::build_tables();
    markup::build_tables();
    proquest::build_tables();
}
