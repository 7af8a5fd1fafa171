//! What databases hand out: LexisNexis and Nexis Uni (as text, page, RTF or DOCX), Factiva (pages and XML), ProQuest
//! (pages, text and mail), Europresse (pages), the managers of clippings of APA (RTF and text) and lists of clippings
//! (pages). Each export holds many stories, between lines of facts.

mod apa;
mod clippings;
mod europresse;
mod factiva;
mod lexis;
mod proquest;

use std::collections::HashSet;
use std::sync::LazyLock;

use memchr::memmem;
use regex::{Captures, Regex};
use scraper::{ElementRef, Html, Selector};

use apa::apa;
use clippings::{clippings, may_list};
use europresse::europresse;
pub(in crate::ingest::format) use factiva::factiva_xml;
use factiva::{factiva, factiva_text};
use lexis::{lexis, nexis};
use proquest::{proquest, proquest_page};

use super::blocks::{BlockWriter, Body};
use super::draft::{Draft, Text, first_date};
use super::html;
use super::xml::Element;
use crate::article::BlockKind;
use crate::article::date::date_line;
use crate::article::front::{date_of_line, names_only, without_opener};
use crate::model::Published;
use crate::text::fold::fold_value;
use crate::text::tidy;

/// A line of a document, and how it is set.
#[derive(Clone, Copy)]
pub(super) struct Line<'t> {
    pub(super) text: &'t str,
    /// Is all of it in bold? Text files know no bold.
    pub(super) bold: bool,
}

/// The stories of a text, if it is an export.
pub(super) fn text(text: &str) -> Option<Vec<Draft>> {
    lines(&text.lines().map(|text| Line { text, bold: false }).collect::<Vec<_>>())
}

/// The stories of a document's lines, if it is an export.
pub(super) fn lines(set: &[Line<'_>]) -> Option<Vec<Draft>> {
    let lines: Vec<&str> = set.iter().map(|line| line.text.trim_end_matches(['\r', '\u{c}'])).collect();
    // ProQuest counts its documents too, so it is asked first; it wants a sign of its own.
    [proquest, factiva_text, lexis, nexis]
        .iter()
        .find_map(|read| read(&lines))
        .or_else(|| apa(set))
        .filter(|stories| !stories.is_empty())
}

/// Could a text be an export? Looks at its beginning only.
pub(super) fn begins(head: &str) -> bool {
    // What all of these hold, in any of their languages.
    const WORDS: [&str; 4] = ["ocument", "okument", "DOCUMENT", "DOKUMENT"];
    static FINDERS: LazyLock<[memmem::Finder<'static>; 4]> = LazyLock::new(|| WORDS.map(memmem::Finder::new));
    let may = |line: &str| FINDERS.iter().any(|word| word.find(line.as_bytes()).is_some());
    if !may(head) {
        return false;
    }
    head.lines().take(300).filter(|line| may(line)).any(|line| {
        LEXIS.is_match(line) || FACTIVA.is_match(line) || line.trim() == "End of Document" || PROQUEST.is_match(line)
    })
}

/// The stories of a page, if it is an export.
pub(super) fn page(page: &str) -> Option<Vec<Draft>> {
    let marked = |sign: &str| memmem::find(page.as_bytes(), sign.as_bytes()).is_some();
    let stories = if marked("articleParagraph") {
        factiva(&html::tree::document(page))
    } else if marked("DocPublicationName") {
        europresse(&html::tree::document(page))
    } else if marked("ProQuest document link") || marked("name=\"DocID_") {
        proquest_page(&html::tree::document(page))
    } else if marked("<DOCFULL>") || marked(" DOCUMENTS</SPAN>") {
        lexis_page(page)
    } else if !marked("NewsArticle") && may_list(page) {
        clippings(page)?
    } else {
        return None;
    };
    Some(stories).filter(|stories| !stories.is_empty())
}

/// Pages of LexisNexis: their blocks as paragraphs of text. Marks say where a story begins; without them its count does.
fn lexis_page(page: &str) -> Vec<Draft> {
    const MARK: &str = "<DOCFULL>";
    let stories = page.matches(MARK).count();
    if stories < 2 {
        return lexis(&spaced_lines(page).lines().collect::<Vec<_>>()).unwrap_or_default();
    }
    page.split(MARK)
        .skip(1)
        .map(|piece| {
            let text = spaced_lines(piece.trim_start().trim_start_matches("-->"));
            // A story that the database could not give has no count: one without text, which is said of it.
            lexis(&text.lines().collect::<Vec<_>>()).and_then(|mut found| found.pop()).unwrap_or_default()
        })
        .collect()
}

/// The blocks of a page, a blank line between them.
fn spaced_lines(page: &str) -> String {
    let body = html::fragment(&page.replace("<DIV", "<p></p><DIV").replace("<div", "<p></p><div"));
    let blocks: Vec<&str> = body.blocks.iter().map(|block| &body.text[block.span.clone()]).collect();
    blocks.join("\n\n")
}

/// `3 of 240 DOCUMENTS`, `Dokument 3 von 240`, `3 de 240 DOCUMENTS`.
static LEXIS: LazyLock<Regex> = LazyLock::new(|| {
    regex(
        r"^\s*(?:(?:Document|Dokument|DOCUMENT|DOKUMENT|Documento)\s+\d+\s+(?:of|von|de|di|van)\s+\d+|\d+\s+(?:of|von|de|di|van)\s+\d+\s+(?:DOCUMENTS?|DOKUMENTEN?|DOCUMENTOS|DOCUMENTI|DOCUMENTEN))\s*$",
    )
});
static PROQUEST: LazyLock<Regex> = LazyLock::new(|| regex(r"^\s*ProQuest document link\s*$"));
/// `Document HALDEN0020230915ej9f00001`, the last line of a story from Factiva; with or without its code.
static FACTIVA: LazyLock<Regex> = LazyLock::new(|| {
    regex(
        r"^\s*(?:AN\s+)?(?:Document|Dokument|Documento)\s+([A-Z0-9]{4,}[a-z0-9]{10,}|[A-Za-z0-9]{4,10}(?:19|20)\d{6}[a-z0-9]{6,12})\s*$",
    )
});
/// The code of a field of Factiva, and what it holds.
static FACTIVA_CODE: LazyLock<Regex> = LazyLock::new(|| {
    regex(
        r"^\s*(HD|BY|CR|WC|PD|ET|SN|SC|ED|PG|LA|CY|SE|CLM|LP|TD|CT|RF|CO|IN|NS|RE|IPC|IPD|PUB|AN|ART|VOL)(?:\s{1,}(.*))?$",
    )
});
/// `"Kurier" vom 28.12.2017 Seite: 2`, the first line of a story from APA's managers of clippings.
static APA: LazyLock<Regex> = LazyLock::new(|| {
    regex(
        r#"^\s*["„“]([^"„“”]{2,60})["“”]\s+(?:Nr\.?\s*[\d/-]{1,12}\s+)?(?:vom|gefunden am)\s+(\d{1,2}\.\d{1,2}\.\d{4})(?:\s+(\d{1,2}:\d{2})\s*Uhr)?.{0,40}$"#,
    )
});
/// A line that begins with a word for what follows.
static KEY: LazyLock<Regex> = LazyLock::new(|| regex(r"^\s*([\p{Lu}][\p{L}/ -]{2,32}?)\s?:\s*(.*)$"));

/// A pattern of this module's own, which is always valid; one that matches nothing stands for a slip in it.
fn regex(pattern: &str) -> Regex {
    Regex::new(pattern).unwrap_or_else(|_| Regex::new("^\\b$").unwrap_or_else(|_| unreachable!("a valid pattern")))
}

/// What the word before a colon says of the line.
#[derive(Clone, Copy, PartialEq, Debug)]
enum Key {
    Title,
    Byline,
    Source,
    Desk,
    Date,
    Language,
    Dateline,
    Standfirst,
    Keywords,
    Url,
    Id,
    Body,
    Note,
    Other,
}

fn key_of(word: &str) -> Option<Key> {
    Some(match fold_value(word).as_str() {
        "headline" | "titre" | "titel" | "title" | "titulo" => Key::Title,
        "byline" | "autor" | "auteur" | "author" | "authors" | "by line" | "by-line" | "signature" => Key::Byline,
        "publication title" | "source" | "bron" | "quelle" | "publication" => Key::Source,
        "section" | "rubrik" | "ressort" | "rubrique" | "seccion" | "rubriek" | "sectie" => Key::Desk,
        "publication date" | "date" | "datum" | "fecha" => Key::Date,
        "language" | "sprache" | "langue" | "taal" | "idioma" | "language of publication" => Key::Language,
        "dateline" | "ortszeile" => Key::Dateline,
        "highlight" | "abstract" | "summary" | "chapeau" => Key::Standfirst,
        "subject" | "subjects" | "keywords" | "schlagworte" => Key::Keywords,
        "document url" | "url" | "links" => {
            if word.to_lowercase() == "links" {
                Key::Other
            } else {
                Key::Url
            }
        }
        "proquest document id" | "accession number" | "document id" => Key::Id,
        "body" | "full text" | "volltext" | "texte integral" | "texto completo" => Key::Body,
        "correction" | "correction-date" | "embargo" => Key::Note,
        "show"
        | "anchors"
        | "guests"
        | "length"
        | "lange"
        | "longueur"
        | "lengte"
        | "load-date"
        | "load date"
        | "update"
        | "publication-type"
        | "zeitungstyp"
        | "publication type"
        | "graphic"
        | "graphik"
        | "journal-code"
        | "journal code"
        | "document-type"
        | "document type"
        | "distribution"
        | "series"
        | "type"
        | "copyright"
        | "company"
        | "organization"
        | "ticker"
        | "industry"
        | "person"
        | "country"
        | "state"
        | "city"
        | "geographic"
        | "classification"
        | "location"
        | "identifier / keyword"
        | "people"
        | "publication info"
        | "pages"
        | "first page"
        | "publication year"
        | "year"
        | "publisher"
        | "place of publication"
        | "country of publication"
        | "publication subject"
        | "issn"
        | "source type"
        | "database"
        | "last updated"
        | "edition"
        | "volume"
        | "issue"
        | "number of pages"
        | "copyright notice"
        | "credit"
        | "column"
        | "dateline-location"
        | "notes"
        | "type de publication"
        | "date de chargement"
        | "erscheinungsdatum"
        | "updated"
        | "section title"
        | "e-mail"
        | "identifier"
        | "classification code"
        | "company / organization"
        | "publication-code"
        | "jour"
        | "ausgabe" => Key::Other,
        _ => return None,
    })
}

/// The key that begins a line, and the rest of the line.
fn keyed(line: &str) -> Option<(Key, &str)> {
    let found = KEY.captures(line)?;
    let (word, rest) = (found.get(1)?, found.get(2)?);
    key_of(word.as_str()).map(|key| (key, rest.as_str().trim()))
}

fn note(draft: &mut Draft, key: Key, value: &str) {
    let value = tidy(value);
    if value.is_empty() {
        return;
    }
    match key {
        Key::Title => _ = draft.title(Some(value)),
        Key::Byline => _ = draft.byline(Some(value)),
        Key::Source => _ = draft.source(Some(value)),
        Key::Desk => {
            draft.facts.desk =
                draft.facts.desk.take().or_else(|| Some(value.split(';').next().unwrap_or(&value).to_string()))
        }
        Key::Date => draft.facts.published = draft.facts.published.take().or_else(|| date(&value)),
        Key::Language => _ = draft.lang(Some(value.split([';', ' ', ',']).next().unwrap_or(&value))),
        Key::Dateline => draft.facts.dateline = draft.facts.dateline.take().or(Some(value)),
        Key::Standfirst => draft.standfirst = draft.standfirst.take().or(Some(value)),
        Key::Keywords => {
            for word in super::draft::split_keywords(&value) {
                // `BANKING (90%)`
                draft.keyword(word.split(" (").next().unwrap_or(&word));
            }
        }
        Key::Url => draft.facts.url = draft.facts.url.take().or(Some(value).filter(|url| url.contains("://"))),
        Key::Id => draft.id = draft.id.take().or(Some(value)),
        Key::Note => draft.notes.push(value),
        Key::Body | Key::Other => {}
    }
}

/// The date of a line, with the names of days and editions around it.
fn date(line: &str) -> Option<Published> {
    let line = tidy(line);
    let whole = || first_date([Some(line.as_str())]).or_else(|| date_of_line(&line)).or_else(|| date_line(&line));
    whole()
        .or_else(|| {
            // `January 11, 2010 Monday 9:33 AM GMT`: the longest beginning that is a date, then the longest end.
            let words: Vec<&str> = line.split(' ').take(9).collect();
            (3..words.len()).rev().find_map(|count| {
                let head = words[..count].join(" ");
                let tail = words[words.len() - count..].join(" ");
                [head, tail].iter().find_map(|text| first_date([Some(text.as_str())]).or_else(|| date_of_line(text)))
            })
        })
        .map(|found| Published { from: crate::model::PublishedFrom::Metadata, ..found })
}

/// `Copyright 2010 Guardian Unlimited`: a sign, and a year close behind; sentences about copyright have none.
fn is_copyright(line: &str) -> bool {
    static SIGN: LazyLock<Regex> = LazyLock::new(|| {
        regex(
            r"(?i)^\s*(?:(?:copyright|copr\.?|copy|©|\(c\))[\s,©(c)]{1,6}.{0,24}?(?:19|20)\d\d\b|(?:©|\(c\))\s?\S|all rights reserved\.?\s*$|alle rechte vorbehalten\.?\s*$|tous droits réservés\.?\s*$)",
        )
    });
    SIGN.is_match(line)
}

/// All elements that match; a selector of this module's own is always valid.
fn select<'p>(element: ElementRef<'p>, css: &str) -> Vec<ElementRef<'p>> {
    Selector::parse(css).map(|selector| element.select(&selector).collect()).unwrap_or_default()
}

fn text_of(element: ElementRef<'_>) -> String {
    tidy(&without_unknown_entities(element.text().collect()))
}

/// The same with a space between pieces that stand in elements of their own.
fn spaced_text_of(element: ElementRef<'_>) -> String {
    tidy(&without_unknown_entities(element.text().collect::<Vec<_>>().join(" ")))
}

/// `one&softReturn;two`: names that HTML does not know stand for white space. What HTML knows was escaped on purpose.
fn without_unknown_entities(text: String) -> String {
    static ENTITY: LazyLock<Regex> = LazyLock::new(|| regex("&[A-Za-z]{4,24};"));
    if !ENTITY.is_match(&text) {
        return text;
    }
    let unknown = |name: &str| html::tree::fragment(name).root_element().text().collect::<String>() == name;
    ENTITY
        .replace_all(&text, |found: &Captures<'_>| if unknown(&found[0]) { " ".into() } else { found[0].to_string() })
        .into_owned()
}

/// The name in a line that is a byline: `Von Mara Lind`, `par Mara Lind et Ole Berg`.
fn opened_byline(line: &str) -> Option<String> {
    const MOST_BYTES: usize = 80;
    let mut letters = line.chars();
    let first = letters.next().filter(|_| line.len() <= MOST_BYTES && !line.ends_with(['.', '!', '?', ':']))?;
    let capital = format!("{}{}", first.to_uppercase(), letters.as_str());
    let name = without_opener(&capital);
    let named = name.len() < capital.len() && name.contains(' ') && !name.contains(|c: char| c.is_ascii_digit());
    (named && names_only(&name)).then(|| tidy(&name))
}

/// The name, perhaps the place, in a line that is nothing but that: `Mara Lind`, `Mara Lind, Halden`. Headings look so
/// too; the words of a name are not written in small letters in the text.
fn bare_name(line: &str, text: &str) -> Option<(String, Option<String>)> {
    const MOST_BYTES: usize = 60;
    const NO_NAMES: &[&str] = &[
        "in", "im", "am", "an", "auf", "aus", "mein", "meine", "ein", "eine", "der", "die", "das", "kein", "keine",
        "neue", "the", "a", "my", "our", "no", "new", "on", "at", "le", "la", "les", "un", "une", "mon", "nos", "il",
        "lo", "una", "el", "los", "het", "een", "de", "tele", "radio",
    ];
    let fits = line.len() <= MOST_BYTES
        && line.chars().all(|c| c.is_alphabetic() || matches!(c, ' ' | '.' | '-' | '\'' | '’' | ','))
        && !line.ends_with(['.', ',']);
    let (names, place) = match line.split_once(", ") {
        Some((names, place)) if !place.contains(' ') => (names, Some(place.to_string())),
        _ => (line, None),
    };
    let joins =
        |word: &str| matches!(word, "und" | "and" | "et" | "y" | "e" | "en" | "von" | "van" | "de" | "di" | "da");
    let words: Vec<&str> = names.split([' ', ',']).filter(|word| !word.is_empty()).collect();
    let small: HashSet<&str> =
        text.split(|c: char| !c.is_alphabetic()).filter(|word| word.starts_with(char::is_lowercase)).collect();
    let capital = |word: &str| word.starts_with(char::is_uppercase);
    let is_name = |word: &str| capital(word) && !small.contains(word.to_lowercase().as_str());
    let most = if names.contains(',') || words.iter().any(|word| joins(word)) { 7 } else { 3 };
    let named = fits
        && (2..=most).contains(&words.len())
        && words.first().is_some_and(|word| !NO_NAMES.contains(&word.to_lowercase().as_str()))
        && words.iter().all(|word| is_name(word) || joins(word))
        && words.last().is_some_and(|word| capital(word));
    named.then(|| (tidy(names), place))
}
