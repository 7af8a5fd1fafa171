//! Facts of an object by the names of its fields: the vocabularies of schema.org, news-please, scrapers, front matter
//! and spreadsheets, in several languages.

use std::collections::HashMap;

use serde_json::{Map, Value};

use super::draft::{first_date, is_host, split_keywords};
use crate::model::{Facts, Published, PublishedFrom};
use crate::text::Language;
use crate::text::fold::fold;
use crate::text::tidy;

// Field names, normalized by `plain_name`. Of several fields the first in the list that holds a value counts.

/// Of the article's text.
const TEXT: &[&str] = &[
    "text",
    "maintext",
    "body",
    "content",
    "articlebody",
    "bodytext",
    "plaintext",
    "fulltext",
    "article",
    "articletext",
    "story",
    "storytext",
    // Column names of German, French, Spanish, Portuguese, Italian, Dutch and Scandinavian tables.
    "volltext",
    "inhalt",
    "artikel",
    "artikeltext",
    "texte",
    "texteintegral",
    "contenu",
    "texto",
    "contenido",
    "conteudo",
    "testo",
    "contenuto",
    "tekst",
    "inhoud",
    "leadparagraph",
];
const TITLE: &[&str] = &[
    "title",
    "headline",
    "name",
    "webtitle",
    "titel",
    "uberschrift",
    "schlagzeile",
    "titre",
    "titulo",
    "titular",
    "titolo",
    "kop",
    "tittel",
    "rubrik",
];
const BYLINE: &[&str] = &[
    "byline",
    "author",
    "authors",
    "creator",
    "autor",
    "autorin",
    "autoren",
    "verfasser",
    "auteur",
    "auteurs",
    "autore",
];
const DATE: &[&str] = &[
    "datepublish",
    "published",
    "datepublished",
    "publishdate",
    "publisheddate",
    "publishedat",
    "pubdate",
    "publicationdate",
    "webpublicationdate",
    "date",
    "datum",
    "erscheinungsdatum",
    "veroffentlicht",
    "datedepublication",
    "datepublication",
    "fecha",
    "data",
    "publicatiedatum",
    "createdat",
];
const SOURCE: &[&str] = &[
    "source",
    "publisher",
    "sourcedomain",
    "sitename",
    "site",
    "publication",
    "newspaper",
    "outlet",
    "domain",
    "quelle",
    "medium",
    "zeitung",
    "journal",
    "fuente",
    "fonte",
    "bron",
    "krant",
];
const URL: &[&str] = &["url", "canonicalurl", "link", "mainentityofpage", "weburl", "permalink"];
/// Further fields of addresses, as clippers and converters write them: taken only if they hold one.
const URL_OF_PAGE: &[&str] = &[
    "sourceurl",
    "originalurl",
    "originalsource",
    "canonical",
    "canonicallink",
    "articleurl",
    "pageurl",
    "posturl",
    "permalinkurl",
    "externalurl",
    "source",
];
const LANGUAGE: &[&str] = &["language", "lang", "inlanguage", "sprache", "langue", "idioma", "lingua", "taal"];
const UPDATED: &[&str] = &["updated", "datemodified", "modified", "lastmod", "updatedat", "lastmodified"];
const KEYWORDS: &[&str] = &["keywords", "tags", "subjects", "newskeywords", "schlagworte", "motscles"];
const DESK: &[&str] = &[
    "section",
    "desk",
    "articlesection",
    "sectionname",
    "category",
    "rubric",
    "ressort",
    "rubrique",
    "seccion",
    "sezione",
];
const ID: &[&str] = &["id", "_id", "docid", "uuid", "guid", "uri"];

/// The fields of an object by their normalized names: lower case, without accents and punctuation, so that
/// `Date de publication`, `date_published` and `datePublished` can be looked up alike.
pub(super) struct Fields<'v>(HashMap<String, &'v Value>);

impl<'v> Fields<'v> {
    /// Normalizes the names of `object`.
    pub(super) fn of(object: &'v Map<String, Value>) -> Fields<'v> {
        let mut fields = HashMap::with_capacity(object.len());
        // Own fields take precedence over those of `fields`, an inner object in answers of the Guardian's API.
        for (name, value) in object {
            fields.entry(plain_name(name)).or_insert(value);
        }
        if let Some(Value::Object(inner)) = object.get("fields") {
            for (name, value) in inner {
                fields.entry(plain_name(name)).or_insert(value);
            }
        }
        Fields(fields)
    }

    fn get(&self, name: &str) -> Option<&'v Value> {
        self.0.get(name).copied()
    }

    /// The first of `names` that has a value, as text.
    fn first(&self, names: &[&str]) -> Option<String> {
        names.iter().find_map(|name| self.get(name).and_then(plain_text)).filter(|text| !text.trim().is_empty())
    }

    /// The article's text.
    pub(super) fn text(&self) -> Option<String> {
        let text = |value: &Value| match value {
            Value::String(text) if !text.trim().is_empty() => Some(text.clone()),
            // A list of paragraphs.
            Value::Array(parts) if !parts.is_empty() && parts.iter().all(Value::is_string) => {
                Some(parts.iter().filter_map(Value::as_str).collect::<Vec<_>>().join("\n"))
            }
            _ => None,
        };
        TEXT.iter().find_map(|name| self.get(name).and_then(text))
    }

    /// The provider's id.
    pub(super) fn id(&self) -> Option<String> {
        self.first(ID)
    }

    /// Is there a field for the title, even an empty one?
    pub(super) fn has_title(&self) -> bool {
        TITLE.iter().any(|name| self.get(name).is_some())
    }
}

fn plain_name(name: &str) -> String {
    if name == "_id" || name.starts_with('@') {
        return name.to_string();
    }
    fold(name).chars().filter(|c| c.is_alphanumeric()).collect()
}

/// Does one of these names denote a text or a title?
pub(super) fn has_text_name<'n>(mut names: impl Iterator<Item = &'n str>) -> bool {
    names.any(|name| {
        let name = plain_name(name);
        TEXT.contains(&name.as_str()) || TITLE.contains(&name.as_str())
    })
}

/// The facts of an object; none for other values.
#[must_use]
pub(super) fn facts(value: &Value) -> Facts {
    let Value::Object(object) = value else { return Facts::default() };
    let fields = Fields::of(object);
    let tidied = |names: &[&str]| fields.first(names).map(|text| tidy(&text)).filter(|text| !text.is_empty());
    let web = |name: &str| tidied(&[name]).filter(|url| url.starts_with("http://") || url.starts_with("https://"));
    let date = |names: &[&str]| {
        let values = names.iter().filter_map(|name| fields.get(name)).filter_map(plain_text);
        values.filter_map(|text| first_date([Some(text.as_str())]).or_else(|| unix_time(&text))).next()
    };
    let listed = KEYWORDS.iter().find_map(|name| fields.get(name));
    Facts {
        title: tidied(TITLE),
        byline: tidied(BYLINE).map(|names| people(strip_by(&names))),
        dateline: tidied(&["dateline"]),
        published: date(DATE),
        // A publisher given by reference (`{"@id": "https://..."}`) has no name here.
        source: tidied(SOURCE).filter(|name| !name.contains("://")).or_else(|| thread_site(object)),
        url: URL.iter().chain(URL_OF_PAGE).find_map(|name| web(name)).or_else(|| tidied(URL)),
        lang: tidied(LANGUAGE).and_then(|tag| Language::from_code(&tag).known_code().map(str::to_string)),
        desk: tidied(DESK),
        updated: date(UPDATED),
        keywords: listed.map_or_else(Vec::new, keywords),
    }
}

/// The site of the thread that a post belongs to, in records of Webz.io.
fn thread_site(object: &Map<String, Value>) -> Option<String> {
    let thread = object.get("thread")?.as_object()?;
    Fields::of(thread).first(&["site", "sitefull"]).map(|site| tidy(&site))
}

/// Keywords given as a list of strings or of named objects, or as one separated string.
fn keywords(value: &Value) -> Vec<String> {
    /// Some pages list hundreds for search engines.
    const MOST: usize = 50;
    let texts: Vec<String> = match value {
        Value::Array(values) => values.iter().filter_map(plain_text).collect(),
        other => plain_text(other).into_iter().flat_map(|text| split_keywords(&text)).collect(),
    };
    texts.iter().map(|text| tidy(text)).filter(|text| !text.is_empty()).take(MOST).collect()
}

/// A byline without its opening "By".
fn strip_by(name: &str) -> &str {
    let without = name.strip_prefix("By ").or_else(|| name.strip_prefix("by ")).or_else(|| name.strip_prefix("BY "));
    without.map_or(name, str::trim_start)
}

/// The names of a list without the hosts and labels that scrapers collect with them; all of it if nothing else is left.
fn people(names: &str) -> String {
    let label = |name: &str| matches!(fold(name).as_str(), "author" | "authors" | "autor" | "autoren" | "auteur");
    let kept: Vec<&str> = names.split(", ").filter(|name| !is_host(name) && !label(name)).collect();
    if kept.is_empty() { names.to_string() } else { kept.join(", ") }
}

/// A Unix time in seconds or milliseconds, as database exports have it.
fn unix_time(text: &str) -> Option<Published> {
    let number: i64 = text.trim().parse().ok().filter(|_| matches!(text.trim().len(), 9 | 10 | 13))?;
    let seconds = if text.trim().len() == 13 { number / 1_000 } else { number };
    let stamp = jiff::Timestamp::from_second(seconds).ok()?.to_string();
    Published::parse(&stamp, PublishedFrom::Metadata)
}

/// A value as text: strings, numbers, the name of an object, lists joined by commas.
fn plain_text(value: &Value) -> Option<String> {
    match value {
        Value::String(text) => Some(text.clone()),
        Value::Number(number) => Some(number.to_string()),
        Value::Object(object) => ["name", "title", "main", "original", "@id", "$date", "$oid"]
            .iter()
            .find_map(|key| object.get(*key).and_then(plain_text)),
        Value::Array(values) => {
            let texts: Vec<String> =
                values.iter().filter_map(plain_text).filter(|text| !text.trim().is_empty()).collect();
            (!texts.is_empty()).then(|| texts.join(", "))
        }
        Value::Null | Value::Bool(_) => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn facts_table() {
        for (text, source, updated, keywords) in [
            (r#"{"publisher": {"name": "Halden Courier"}}"#, Some("Halden Courier"), None, vec![]),
            (r#"{"thread": {"site": "courier.example"}}"#, Some("courier.example"), None, vec![]),
            (r#"{"publisher": {"@id": "https://halden.example/#org"}}"#, None, None, vec![]),
            (
                r#"{"dateModified": "2023-09-13", "keywords": "port, strike"}"#,
                None,
                Some("2023-09-13"),
                vec!["port", "strike"],
            ),
            (r#"{"tags": ["port; harbour", {"name": "strike"}]}"#, None, None, vec!["port; harbour", "strike"]),
        ] {
            let facts = facts(&serde_json::from_str(text).expect("valid JSON"));
            assert_eq!(facts.source.as_deref(), source, "{text}");
            assert_eq!(facts.updated.as_ref().map(|updated| updated.value.as_str()), updated, "{text}");
            assert_eq!(facts.keywords, keywords, "{text}");
        }
    }
}
