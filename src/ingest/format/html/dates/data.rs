//! Dates that a page states for machines: in its metadata and in the data of its scripts.

use super::{Candidate, Kind, Source};
use crate::article::date::{NumberStyle, find_date};
use crate::ingest::format::draft::first_date;
use crate::ingest::format::html::page::{Element, Page};
use crate::model::{Published, PublishedFrom};
use crate::text::tidy;

/// The dates of `meta` elements.
pub(super) fn meta(page: &Page) -> Vec<Candidate> {
    crate::ingest::format::html::facts::meta_elements(page)
        .filter_map(|(name, element)| meta_date(&name, element))
        .collect()
}

fn meta_date(name: &str, element: Element<'_>) -> Option<Candidate> {
    let (kind, score) = meaning_of(name)?;
    let content = element.attr("content").map(|content| tidy(&content)).filter(|content| content.len() >= 4)?;
    // Ids are numbers too.
    let is_number = content.bytes().all(|byte| byte.is_ascii_digit()) && content.len() != "20231108".len();
    let lower = name.to_ascii_lowercase();
    if is_number && !["date", "time", "_at"].iter().any(|word| lower.contains(word)) {
        return None;
    }
    let date = stated(&content)?;
    let place = format!("<meta name=\"{name}\">");
    Some(Candidate { date, kind, source: Source::Meta, score, place, is_shown_value: false })
}

/// The date that a value for machines states. Programs write days and months in an order of their own, whatever the
/// language of the page is, so that an ambiguous one is none.
pub(in crate::ingest::format::html) fn stated(content: &str) -> Option<Published> {
    let style = NumberStyle { short_years: true, ..NumberStyle::default() };
    let date = first_date([Some(content)]).or_else(|| find_date(content, style).map(|(date, _)| date))?;
    Some(Published { from: PublishedFrom::Metadata, ..date })
}

/// What a name of metadata says that its value is the date of, and how surely. Names are judged by their words, so that
/// `article:published_time`, `datePublished` and `cXenseParse:recs:publishtime` are alike.
fn meaning_of(name: &str) -> Option<(Kind, i32)> {
    let name = name.to_ascii_lowercase();
    let has = |words: &[&str]| words.iter().any(|word| name.contains(word));
    if has(&[
        "expir",
        "reference",
        "valid",
        "event",
        "start",
        "end_",
        "enddate",
        "birth",
        "unpublish",
        "copyright",
        "saved",
    ]) || has(&[
        "generat", "crawl", "fetch", "build", "verif", "image", "video:", "viewport", "format", "author", "place",
    ]) || has(&["publisher", "last-comment", "archived", "accept", "receiv"])
    {
        return None;
    }
    if name.ends_with("id") {
        return None;
    }
    if has(&["modif", "updat", "lastmod", "revis", "changed", "edited"]) {
        return Some((Kind::Modified, 70));
    }
    let exact = match name.as_str() {
        "article:published_time" | "datepublished" => 95,
        "article:published" | "og:published_time" | "og:article:published_time" => 93,
        "dc.date.issued" | "dcterms.issued" | "citation_online_date" => 84,
        // Systems state the day of saving with these as often.
        "date" | "dc.date" | "dcterms.date" => 78,
        "citation_publication_date" | "citation_date" | "sailthru.date" | "parsely-pub-date" => 86,
        "dc.date.created" | "dcterms.created" | "created" | "datecreated" => 76,
        _ => 0,
    };
    if exact > 0 {
        return Some((Kind::Published, exact));
    }
    if has(&["publ", "pubdate", "pub_date", "pub-date", "issued", "posted", "veroffentlich", "parution", "fecha"]) {
        return Some((Kind::Published, 88));
    }
    if has(&["upload"]) {
        return Some((Kind::Published, 58));
    }
    (has(&["date", "datum"]) || has(&["created"])).then_some((Kind::Published, 68))
}

/// Dates in the data that scripts hold, by the names of their fields. Taken only if all are of one day: such data may
/// list other articles too.
pub(super) fn data_of_scripts(page: &Page) -> Option<Candidate> {
    const NAMES: &[&str] = &[
        "datepublished",
        "publishdate",
        "publish_date",
        "published_date",
        "publisheddate",
        "publication_date",
        "publicationdate",
        "published_at",
        "publishedat",
        "publish_time",
        "publishtime",
        "pubdate",
        "pub_date",
        "firstpublished",
        "first_published",
        "published_time",
        "article_publication_date",
        "publication_time",
        "originalpublishdate",
    ];
    const MOST_BYTES: usize = 1 << 20;
    const MOST_DATES: usize = 50;
    let mut found: Vec<(Published, String)> = Vec::new();
    let is_data = |script: &Element<'_>| {
        !script.attr("type").is_some_and(|kind| kind.eq_ignore_ascii_case("application/ld+json"))
    };
    let mut bytes = 0;
    for script in page.elements("script").filter(is_data) {
        let text = script.text("");
        bytes += text.len();
        if bytes > MOST_BYTES || found.len() > MOST_DATES {
            break;
        }
        let lower = text.to_ascii_lowercase();
        for name in NAMES {
            for (at, _) in lower.match_indices(name).take(MOST_DATES) {
                // The whole name of a field: quotes or signs around it.
                let is_whole = !lower[..at].ends_with(|c: char| c.is_alphanumeric());
                let rest = &text[at + name.len()..];
                let value = is_whole.then(|| field_value(rest)).flatten();
                if let Some(date) = value.and_then(stated) {
                    found.push((date, (*name).to_string()));
                }
            }
        }
    }
    let (date, name) = found.first()?.clone();
    let is_one_day = found.iter().all(|(other, _)| other.day() == date.day()) && date.day().len() == 10;
    let place = format!("the field {name} in a script");
    let (kind, source) = (Kind::Published, Source::Script);
    is_one_day.then_some(Candidate { date, kind, source, score: 52, place, is_shown_value: false })
}

/// The value after the name of a field: `": "2023-11-08"`, ` = '2023-11-08 22:12'`.
fn field_value(rest: &str) -> Option<&str> {
    const MOST_BYTES: usize = 60;
    let rest = rest.trim_start_matches(['"', '\'', '\\', ' ', '\t', '&']).trim_start_matches("quot;");
    let rest = rest.strip_prefix([':', '=', ','])?.trim_start_matches([' ', '\t', '\\']);
    let rest = rest.strip_prefix("&quot;").unwrap_or(rest);
    let quote = rest.chars().next().filter(|c| matches!(c, '"' | '\''));
    let rest = quote.map_or(rest, |_| &rest[1..]);
    let rest = &rest[..rest.floor_char_boundary(MOST_BYTES)];
    let end = rest.find(['"', '\'', '\\', ',', '}', ';', '&', '<']).unwrap_or(rest.len());
    Some(rest[..end].trim()).filter(|value| value.len() >= 8)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_of_metadata() {
        for (name, kind) in [
            ("article:published_time", Some(Kind::Published)),
            ("cXenseParse:recs:publishtime", Some(Kind::Published)),
            ("DC.date", Some(Kind::Published)),
            ("Datum", Some(Kind::Published)),
            ("article:modified_time", Some(Kind::Modified)),
            ("og:updated_time", Some(Kind::Modified)),
            ("article:publisher", None),
            ("publishid", None),
            ("citation_reference", None),
            ("article:expiration_time", None),
            ("keywords", None),
        ] {
            assert_eq!(meaning_of(name).map(|(kind, _)| kind), kind, "{name}");
        }
    }

    #[test]
    fn values_of_fields() {
        for (rest, value) in [
            ("\": \"2023-11-08\", \"x\"", Some("2023-11-08")),
            (" = '2020-12-06 00:15'; var", Some("2020-12-06 00:15")),
            ("\\\":\\\"2020-03-18T12:20:48+0100\\\"", Some("2020-03-18T12:20:48+0100")),
            ("\":1700000000,", Some("1700000000")),
            ("Label\": 1", None),
            ("", None),
        ] {
            assert_eq!(field_value(rest), value, "{rest}");
        }
    }
}
