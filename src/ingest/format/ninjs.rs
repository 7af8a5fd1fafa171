//! ninjs (News in JSON, IPTC; versions 1 to 3), also wrapped in the answer of an agency's API, and JSON Feed.

use serde_json::{Map, Value};

use super::draft::{Draft, Text, split_keywords};
use super::html;
use crate::text::tidy;

type Object = Map<String, Value>;

/// Is the object a ninjs item? It has an id, and names the standard or has fields that only ninjs has.
pub(super) fn is_item(object: &Object) -> bool {
    const OWN: &[&str] = &[
        "body_html",
        "body_html5",
        "body_text",
        "body_xhtml",
        "body_nitf",
        "versioncreated",
        "pubstatus",
        "profile",
        "headlines",
        "bodies",
        "description_text",
        "associations",
        "copyrightholder",
        "renditions",
    ];
    let named = object.contains_key("uri") || object.contains_key("guid") || object.contains_key("altids");
    // Versions 2 and 3 have texts in lists of objects; versions from 1.4 may name the standard.
    let listed = ["headlines", "descriptions", "bodies"].iter().any(|key| {
        let list = object.get(*key).and_then(Value::as_array);
        list.is_some_and(|list| !list.is_empty() && list.iter().all(|entry| entry["value"].is_string()))
    });
    let standard = ["$standard", "standard"]
        .iter()
        .filter_map(|key| object.get(*key))
        .any(|standard| standard["name"].as_str().is_some_and(|name| name.eq_ignore_ascii_case("ninjs")));
    named && (listed || standard || OWN.iter().filter(|key| object.contains_key(**key)).count() >= 2)
}

/// The items in the answer of an agency's API: `{"data": {"items": [{"item": {...}}]}}`.
pub(super) fn wrapped(value: &Value) -> Option<Vec<Object>> {
    let data = value.as_object()?.get("data")?.as_object()?;
    let item = |value: &Value| {
        let object = value.as_object()?;
        let inner = object.get("item").and_then(Value::as_object).unwrap_or(object);
        inner.contains_key("headline").then(|| inner.clone())
    };
    match (data.get("items"), data.get("item")) {
        (Some(Value::Array(items)), _) => Some(items.iter().filter_map(item).collect()),
        (_, Some(one)) => item(one).map(|item| vec![item]),
        _ => None,
    }
    .filter(|items| !items.is_empty())
}

/// A string field that is not blank.
fn text<'v>(object: &'v Object, key: &str) -> Option<&'v str> {
    object.get(key).and_then(Value::as_str).filter(|text| !text.trim().is_empty())
}

/// The value of a list of objects (`headlines`, `descriptions`): the first whose role is main, or else the first.
fn of_list<'v>(object: &'v Object, key: &str) -> Option<&'v str> {
    let list = object.get(key)?.as_array()?;
    let main =
        |value: &&Value| value["role"].as_str().is_none_or(|role| role.contains("main") || role.contains("full"));
    let chosen = list.iter().find(main).or(list.first())?;
    chosen["value"].as_str()
}

/// The body of an item of versions 2 and 3: markup is preferred to plain text, the simplest markup first.
fn of_bodies(item: &Object) -> Option<&str> {
    const MARKUP: &[&str] = &["xhtml", "html", "html5"];
    let list = item.get("bodies")?.as_array()?;
    let text = |body: &&Value| body["value"].as_str().is_some_and(|text| !text.trim().is_empty());
    let role = |body: &Value| body["role"].as_str().unwrap_or("").to_lowercase();
    let kind = |body: &Value| body["contenttype"].as_str().or(body["contentType"].as_str()).unwrap_or("").to_string();
    let by_role = MARKUP.iter().find_map(|name| list.iter().filter(text).find(|body| role(body) == *name));
    let by_kind = || list.iter().filter(text).find(|body| kind(body).contains("html"));
    let bare = || list.iter().filter(text).find(|body| matches!(kind(body).as_str(), "" | "text/plain"));
    by_role.or_else(by_kind).or_else(bare).or_else(|| list.iter().find(text))?["value"].as_str()
}

/// The part of a page after its head; all of a text that has none.
fn after_head(markup: &str) -> &str {
    markup.split_once("</head>").map_or(markup, |(_, body)| body)
}

/// The article of an item.
pub(super) fn draft(item: &Object) -> Draft {
    let mut draft = Draft::default();
    draft.title(text(item, "headline").map(plain));
    draft.title(of_list(item, "headlines").map(plain));
    draft.title(text(item, "title").map(plain));
    draft.title(text(item, "name").map(plain));
    draft.byline(text(item, "byline").map(plain));
    for key in ["bylines", "by", "authors"] {
        draft.byline(names(item, key));
    }
    draft.dateline(text(item, "dateline").or(text(item, "located")).map(tidy));
    apply_dates(item, &mut draft);
    for key in ["source", "provider", "infosource", "infosources", "infoSources", "copyrightholder", "copyrightHolder"]
    {
        draft.source(match item.get(key) {
            Some(Value::String(name)) => Some(name.clone()),
            Some(_) => names(item, key),
            None => None,
        });
    }
    draft.lang(text(item, "language"));
    draft.facts.url = text(item, "url").or(text(item, "weburl")).map(str::to_string);
    draft.facts.desk = names(item, "service").or_else(|| names(item, "desk"));
    draft.id = ["guid", "uri", "id"].iter().find_map(|key| text(item, key)).map(str::to_string);
    apply_keywords(item, &mut draft);
    draft.standfirst = standfirst(item);
    for key in ["ednote", "edNote", "ednotes"] {
        if let Some(note) = text(item, key) {
            draft.desk_note(&plain(note));
        }
    }
    if let Some(until) = text(item, "embargoed") {
        draft.desk_note(&format!("Embargoed until {until}"));
    }
    draft.text = body(item);
    draft
}

fn apply_dates(item: &Object, draft: &mut Draft) {
    const PUBLISHED: [&str; 8] = [
        "firstpublished",
        "firstcreated",
        "firstCreated",
        "contentcreated",
        "contentCreated",
        "versioncreated",
        "versionCreated",
        "published",
    ];
    draft.published(PUBLISHED.map(|key| text(item, key)));
    draft.updated(["versioncreated", "versionCreated"].map(|key| text(item, key)));
}

fn apply_keywords(item: &Object, draft: &mut Draft) {
    for key in ["subject", "subjects"] {
        let subjects = item.get(key).and_then(Value::as_array).into_iter().flatten();
        subjects.filter_map(|subject| subject["name"].as_str()).for_each(|name| draft.keyword(name));
    }
    for key in ["keywords", "keyword"] {
        match item.get(key) {
            Some(Value::Array(words)) => words.iter().filter_map(Value::as_str).for_each(|word| draft.keyword(word)),
            Some(Value::String(words)) => split_keywords(words).iter().for_each(|word| draft.keyword(word)),
            _ => {}
        }
    }
}

fn standfirst(item: &Object) -> Option<String> {
    let stated = ["description_text", "summary"].iter().find_map(|key| text(item, key));
    let stated = stated.or_else(|| of_list(item, "descriptions")).or_else(|| text(item, "description_html"));
    // In version 1 providers may add `description_` fields of their own.
    let own = || item.keys().filter(|key| key.starts_with("description_")).find_map(|key| text(item, key));
    stated.or_else(own).map(plain)
}

/// The body: with markup if there is one.
fn body(item: &Object) -> Text {
    let markup =
        ["body_html", "body_html5", "body_xhtml", "body_nitf", "content_html"].iter().find_map(|key| text(item, key));
    let bare = ["body_text", "body", "content_text"].iter().find_map(|key| text(item, key));
    match markup.or(bare).or_else(|| of_bodies(item)) {
        Some(body) if markup.is_some() || body.contains("</") => {
            Text::Blocks(html::fragment(&nitf_to_html(after_head(body))))
        }
        Some(body) => Text::Bare(body.to_string()),
        None => Text::default(),
    }
}

/// Replaces elements of NITF by those of HTML.
fn nitf_to_html(markup: &str) -> String {
    markup.replace("<hl2", "<h2").replace("</hl2>", "</h2>").replace("<block", "<div").replace("</block>", "</div>")
}

/// Names of people or organisations: a list of objects or strings.
fn names(item: &Object, key: &str) -> Option<String> {
    let name = |value: &Value| match value {
        Value::String(name) => Some(tidy(name)),
        Value::Object(object) => {
            ["byline", "by", "name", "value", "literal", "title"].iter().find_map(|key| text(object, key)).map(tidy)
        }
        _ => None,
    };
    match item.get(key)? {
        Value::Array(values) => {
            let names: Vec<String> = values.iter().filter_map(name).filter(|name| !name.is_empty()).collect();
            (!names.is_empty()).then(|| names.join(", "))
        }
        other => name(other),
    }
}

/// Text without tags and entities.
fn plain(text: &str) -> String {
    if text.contains('<') && text.contains('>') || text.contains('&') && text.contains(';') {
        return tidy(&html::fragment(text).text);
    }
    tidy(text)
}

/// The items of a JSON Feed, each with the facts that the feed states for all; `None` if it is no JSON Feed.
pub(super) fn feed(value: &Value) -> Option<Vec<Draft>> {
    let feed = value.as_object()?;
    let version = text(feed, "version").is_some_and(|version| version.contains("jsonfeed.org"));
    let items = feed.get("items")?.as_array()?;
    if !version {
        return None;
    }
    let feed_author = names(feed, "authors").or_else(|| names(feed, "author"));
    let drafts = items.iter().filter_map(Value::as_object).map(|item| {
        let mut draft = Draft::default();
        draft.title(text(item, "title").map(plain));
        draft.byline(names(item, "authors").or_else(|| names(item, "author")).or_else(|| feed_author.clone()));
        draft.source(text(feed, "title").map(plain));
        draft.published([text(item, "date_published")]);
        draft.updated([text(item, "date_modified")]);
        draft.lang(text(item, "language").or(text(feed, "language")));
        draft.facts.url = text(item, "url").or(text(item, "external_url")).map(str::to_string);
        draft.id = item.get("id").map(|id| id.as_str().map_or_else(|| id.to_string(), str::to_string));
        let tags = item.get("tags").and_then(Value::as_array).into_iter().flatten();
        tags.filter_map(Value::as_str).for_each(|tag| draft.keyword(tag));
        draft.standfirst = text(item, "summary").map(plain);
        draft.text = match (text(item, "content_html"), text(item, "content_text")) {
            (Some(markup), _) => Text::Page(html::fragment(markup)),
            (None, Some(bare)) => Text::Bare(bare.to_string()),
            (None, None) => Text::default(),
        };
        draft
    });
    Some(drafts.collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn item(json: &str) -> Object {
        let value: Value = serde_json::from_str(json).expect("valid JSON");
        value.as_object().cloned().expect("an object")
    }

    #[test]
    fn items_are_detected_by_their_fields() {
        for (json, expected) in [
            (r#"{"uri":"a","descriptions":[{"role":"text","value":"Dockers walked out."}]}"#, true),
            (r#"{"uri":"a","$standard":{"name":"ninjs","version":"1.4"},"headline":"Dockers"}"#, true),
            (r#"{"uri":"a","headlines":["Dockers"]}"#, false),
            (r#"{"uri":"a","title":"Dockers","text":"Dockers walked out."}"#, false),
        ] {
            assert_eq!(is_item(&item(json)), expected, "{json}");
        }
    }

    #[test]
    fn a_body_with_markup_is_preferred() {
        for (bodies, expected) in [
            (
                r#"[{"role":"text","contenttype":"text/plain","value":"Bare."},{"role":"xhtml","contenttype":"text/html",
                "value":"<html><head><title>Dockers</title></head><body><h1>Dockers</h1><p>One.</p></body></html>"}]"#,
                &["Dockers", "One."][..],
            ),
            (
                r#"[{"role":"rich","contenttype":"text/html","value":"<p>Rich.</p>"},{"role":"html5","value":"<p>Plain.</p>"}]"#,
                &["Plain."],
            ),
            (
                r#"[{"role":"own","contenttype":"application/xml","value":"<x></x>"},{"role":"text","value":"Bare."}]"#,
                &["Bare."],
            ),
        ] {
            let json = format!(r#"{{"uri":"a","headlines":[{{"value":"Dockers"}}],"bodies":{bodies}}}"#);
            let draft = draft(&item(&json));
            let lines = match &draft.text {
                Text::Bare(text) => vec![text.as_str()],
                Text::Blocks(body) | Text::Page(body) => body.lines().collect(),
            };
            assert_eq!(lines, expected, "{json}");
        }
    }

    #[test]
    fn the_start_of_an_event_is_no_date_of_publication() {
        let json = r#"{"uri":"a","title":"Cup","descriptions":[{"value":"Halden met Moss."}],
            "eventDetails":{"dates":{"startDate":"2023-10-04T18:45:00Z"}}"#;
        assert_eq!(draft(&item(&format!("{json}}}"))).facts.published, None);
        let created = draft(&item(&format!(r#"{json},"contentcreated":"2023-09-12T08:00:00Z"}}"#)));
        assert_eq!(created.facts.published.map(|date| date.value).as_deref(), Some("2023-09-12T08:00:00Z"));
    }
}
