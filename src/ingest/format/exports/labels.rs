//! Labelled lines: `Headline: Dockers walk out`.

use std::sync::LazyLock;

use regex::Regex;

use super::lines::date;
use super::pattern::regex;
use crate::ingest::format::draft::{Draft, split_keywords};
use crate::text::fold::fold_value;
use crate::text::tidy;

static LABEL: LazyLock<Regex> = LazyLock::new(|| regex(r"^\s*([\p{Lu}][\p{L}/ -]{2,32}?)\s?:\s*(.*)$"));

/// The word before the colon of a line, and the value after it.
pub(super) fn labelled(line: &str) -> Option<(&str, &str)> {
    let [word, value] = LABEL.captures(line)?.extract().1;
    Some((word, value.trim()))
}

/// What the label of a line denotes.
#[derive(Clone, Copy, PartialEq, Debug)]
pub(super) enum Key {
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

/// The meaning of a label; `None` for words that are none.
pub(super) fn key_of(word: &str) -> Option<Key> {
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
        "document url" | "url" => Key::Url,
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
        | "links"
        | "ausgabe" => Key::Other,
        _ => return None,
    })
}

/// The key of a labelled line, and the value after the colon.
pub(super) fn keyed(line: &str) -> Option<(Key, &str)> {
    let (word, value) = labelled(line)?;
    key_of(word).map(|key| (key, value))
}

/// Sets the fact that a labelled value states. A fact that is known already is kept.
pub(super) fn apply(draft: &mut Draft, key: Key, value: &str) {
    let value = tidy(value);
    if value.is_empty() {
        return;
    }
    match key {
        Key::Title => _ = draft.title(Some(value)),
        Key::Byline => _ = draft.byline(Some(value)),
        Key::Source => _ = draft.source(Some(value)),
        Key::Desk => {
            let first = value.split_once(';').map_or(value.as_str(), |(first, _)| first);
            draft.facts.desk = draft.facts.desk.take().or_else(|| Some(first.to_string()));
        }
        Key::Date => draft.facts.published = draft.facts.published.take().or_else(|| date(&value)),
        Key::Language => _ = draft.lang(Some(value.split_once([';', ' ', ',']).map_or(value.as_str(), |(tag, _)| tag))),
        Key::Dateline => draft.facts.dateline = draft.facts.dateline.take().or(Some(value)),
        Key::Standfirst => draft.standfirst = draft.standfirst.take().or(Some(value)),
        Key::Keywords => {
            for word in split_keywords(&value) {
                // `BANKING (90%)`
                draft.keyword(word.split_once(" (").map_or(word.as_str(), |(name, _)| name));
            }
        }
        Key::Url => draft.facts.url = draft.facts.url.take().or(Some(value).filter(|url| url.contains("://"))),
        Key::Id => draft.id = draft.id.take().or(Some(value)),
        Key::Note => draft.notes.push(value),
        Key::Body | Key::Other => {}
    }
}

#[cfg(test)]
pub(super) fn build_tables() {
    LazyLock::force(&LABEL);
}
