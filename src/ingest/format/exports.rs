//! Exports of press databases: LexisNexis and Nexis Uni (text, HTML, RTF, DOCX), Factiva (text, HTML, XML), ProQuest
//! (text, HTML, mail), Europresse (HTML), the clipping managers of APA (text, RTF) and lists of clippings (HTML). An
//! export holds many stories, each with its facts in labelled lines or in a fixed order. Pages need the feature `pages`.

mod apa;
#[cfg(feature = "pages")]
mod clippings;
#[cfg(feature = "pages")]
mod europresse;
mod factiva;
mod labels;
mod lexis;
mod lines;
#[cfg(feature = "pages")]
mod markup;
mod nexis;
mod pattern;
mod proquest;

use std::sync::LazyLock;

use memchr::memmem;

pub(super) use factiva::xml::stories as factiva_xml;
pub(super) use lines::Line;

use super::draft::Draft;
#[cfg(feature = "pages")]
use super::html::tree;

/// The stories of a text, if it is an export.
pub(super) fn text(text: &str) -> Option<Vec<Draft>> {
    lines(&text.lines().map(|text| Line { text, bold: false }).collect::<Vec<_>>())
}

/// The stories of a document's lines, if it is an export.
pub(super) fn lines(set: &[Line<'_>]) -> Option<Vec<Draft>> {
    let lines: Vec<&str> = set.iter().map(|line| line.text.trim_end_matches(['\r', '\u{c}'])).collect();
    // ProQuest numbers its documents as LexisNexis does, but has a line that identifies it: it is tried first.
    [proquest::stories, factiva::text::stories, lexis::stories, nexis::stories, lexis::uncounted]
        .iter()
        .find_map(|read| read(&lines))
        .or_else(|| apa::stories(set))
        .filter(|stories| !stories.is_empty())
}

/// The word that exports label their documents with, in several languages, without its first letter.
static DOCUMENT: LazyLock<[memmem::Finder<'static>; 4]> =
    LazyLock::new(|| ["ocument", "okument", "DOCUMENT", "DOKUMENT"].map(memmem::Finder::new));

/// The label of a story's length in capitals, in several languages, without its first letter.
static LENGTH: LazyLock<[memmem::Finder<'static>; 3]> =
    LazyLock::new(|| ["\nLENGT", "NGE: ", "\nLONG"].map(memmem::Finder::new));

/// Could a text that begins with `head` be an export?
pub(super) fn begins(head: &str) -> bool {
    let is_candidate = |line: &str| DOCUMENT.iter().any(|word| word.find(line.as_bytes()).is_some());
    if LENGTH.iter().any(|word| word.find(head.as_bytes()).is_some()) && head.lines().any(lexis::is_length_label) {
        return true;
    }
    if !is_candidate(head) {
        return false;
    }
    head.lines().take(300).filter(|line| is_candidate(line)).any(|line| {
        lexis::is_count(line) || factiva::text::is_number(line) || nexis::is_end(line) || proquest::is_link(line)
    })
}

/// The database whose export a page is.
#[cfg(any(feature = "pages", feature = "mail"))]
#[derive(Clone, Copy)]
pub(super) enum Database {
    Factiva,
    Europresse,
    ProQuest,
    LexisNexis,
}

#[cfg(any(feature = "pages", feature = "mail"))]
impl Database {
    /// Detects the database by signs in the markup of a page.
    pub(super) fn of_page(page: &str) -> Option<Database> {
        let holds = |sign: &str| memmem::find(page.as_bytes(), sign.as_bytes()).is_some();
        if holds("articleParagraph") {
            Some(Database::Factiva)
        } else if holds("DocPublicationName") {
            Some(Database::Europresse)
        } else if holds("ProQuest document link") || holds("name=\"DocID_") {
            Some(Database::ProQuest)
        } else if holds("<DOCFULL>") || holds(" DOCUMENTS</SPAN>") {
            Some(Database::LexisNexis)
        } else {
            None
        }
    }
}

/// The stories of a page, if it is an export.
#[cfg(feature = "pages")]
pub(super) fn page(page: &str) -> Option<Vec<Draft>> {
    let stories = match Database::of_page(page) {
        Some(Database::Factiva) => factiva::page::stories(&tree::document(page)),
        Some(Database::Europresse) => europresse::stories(&tree::document(page)),
        Some(Database::ProQuest) => proquest::page::stories(&tree::document(page)),
        Some(Database::LexisNexis) => lexis::page::stories(page),
        // Pages that mark up an article list others beside it.
        None if memmem::find(page.as_bytes(), b"NewsArticle").is_none() && clippings::may_list(page) => {
            clippings::stories(page)?
        }
        None => return None,
    };
    Some(stories).filter(|stories| !stories.is_empty())
}

#[cfg(test)]
pub(super) fn build_tables() {
    LazyLock::force(&DOCUMENT);
    LazyLock::force(&LENGTH);
    apa::build_tables();
    #[cfg(feature = "pages")]
    clippings::build_tables();
    factiva::build_tables();
    labels::build_tables();
    lexis::build_tables();
    lines::build_tables();
    #[cfg(feature = "pages")]
    markup::build_tables();
    proquest::build_tables();
}
