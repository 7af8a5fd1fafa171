//! JSON-LD in pages: the articles among the objects of their scripts.

use serde_json::Value;

use super::object;
use crate::model::Facts;
use crate::text::fold::fold_value;
use crate::text::tidy;

/// What the JSON-LD of a page states of its article.
#[derive(Default)]
pub(super) struct Linked {
    /// The facts, without dates and authors.
    pub(super) facts: Facts,
    /// The authors that are persons, or not said to be anything else.
    pub(super) persons: Vec<String>,
    /// The authors that are organisations.
    pub(super) organisations: Vec<String>,
    /// Its dates.
    pub(super) dates: Vec<LinkedDate>,
}

/// A date of an object.
pub(super) struct LinkedDate {
    /// The type of the object.
    pub(super) of: String,
    /// Is that a kind of article?
    pub(super) is_article: bool,
    /// The property.
    pub(super) property: &'static str,
    /// Its value.
    pub(super) value: String,
}

/// Reads the JSON-LD scripts of a page. Of several articles those count whose headline shares a word with one of the
/// page's `titles`; if none does, all. The first article that states a fact counts.
pub(super) fn read(scripts: impl Iterator<Item = String>, titles: &[String]) -> Linked {
    let values: Vec<Value> = scripts.filter_map(|script| lenient(&script)).collect();
    let mut objects = Vec::new();
    values.iter().for_each(|value| find_dated(value, &mut objects, 0));
    let (articles, others): (Vec<&Value>, Vec<&Value>) = objects.into_iter().partition(|object| is_article(object));
    let is_own = |article: &&Value| {
        let headline = ["headline", "name"].iter().find_map(|key| article.get(*key)).and_then(Value::as_str);
        headline.is_some_and(|headline| titles.iter().any(|title| shares_word(headline, title)))
    };
    let own: Vec<&Value> = articles.iter().copied().filter(is_own).collect();
    let articles = if own.is_empty() { articles } else { own };
    let mut linked = Linked::default();
    for article in &articles {
        linked.facts.fill_from(Facts { published: None, updated: None, ..object::facts(article) });
        if linked.persons.is_empty() && linked.organisations.is_empty() {
            for key in ["author", "creator"] {
                if let Some(author) = article.get(key).filter(|_| linked.persons.is_empty()) {
                    authors(author, &values, &mut linked, 0);
                }
            }
        }
    }
    for object in articles.into_iter().chain(others) {
        let of = type_of(object).unwrap_or_default().to_string();
        for property in ["datePublished", "dateCreated", "uploadDate", "dateModified"] {
            let value = match object.get(property) {
                Some(Value::String(value)) => value.clone(),
                Some(Value::Number(value)) => value.to_string(),
                _ => continue,
            };
            let is_article = is_article(object);
            linked.dates.push(LinkedDate { of: of.clone(), is_article, property, value: tidy(&value) });
        }
    }
    linked
}

/// Do two titles share a word of some length, or a beginning if they are written without spaces?
pub(super) fn shares_word(a: &str, b: &str) -> bool {
    const LEAST_CHARS: usize = 4;
    let (a, b) = (fold_value(a), fold_value(b));
    let words = |text: &str| -> Vec<String> {
        let words = text.split(|c: char| !c.is_alphanumeric());
        words.filter(|word| word.chars().count() >= LEAST_CHARS).map(str::to_string).collect()
    };
    let known = words(&b);
    let head: String = a.chars().take(LEAST_CHARS).collect();
    words(&a).iter().any(|word| known.contains(word)) || !head.is_empty() && b.contains(&head)
}

/// Collects the authors of an article; an author may be a reference (`@id`) to another object of the page.
fn authors(author: &Value, page: &[Value], linked: &mut Linked, depth: usize) {
    const MOST_DEPTH: usize = 4;
    const MOST_AUTHORS: usize = 30;
    if depth > MOST_DEPTH || linked.persons.len() + linked.organisations.len() >= MOST_AUTHORS {
        return;
    }
    match author {
        Value::Array(list) => list.iter().for_each(|author| authors(author, page, linked, depth + 1)),
        Value::String(name) => linked.persons.push(tidy(name)),
        Value::Object(object) => {
            let name = object.get("name").or_else(|| {
                let id = object.get("@id")?;
                page.iter().find_map(|value| named_object(value, id, 0))
            });
            let is_organisation = type_of(author).is_some_and(|kind| kind.ends_with("Organization"));
            let names: Vec<String> = match name {
                Some(Value::String(name)) => vec![tidy(name)],
                Some(Value::Array(names)) => names.iter().filter_map(Value::as_str).map(tidy).collect(),
                _ => Vec::new(),
            };
            if is_organisation { &mut linked.organisations } else { &mut linked.persons }.extend(names);
        }
        _ => {}
    }
}

/// The type of an object; the first of several.
fn type_of(object: &Value) -> Option<&str> {
    match object.get("@type")? {
        Value::String(kind) => Some(kind),
        Value::Array(kinds) => {
            let mut kinds = kinds.iter().filter_map(Value::as_str);
            let first = kinds.next();
            first.filter(|kind| is_article_type(kind)).or_else(|| kinds.find(|kind| is_article_type(kind))).or(first)
        }
        _ => None,
    }
}

fn is_article_type(kind: &str) -> bool {
    kind.ends_with("Article") || matches!(kind, "BlogPosting" | "Report" | "LiveBlogPosting")
}

fn is_article(object: &Value) -> bool {
    type_of(object).is_some_and(is_article_type)
}

/// The name of the object with this `@id`.
fn named_object<'v>(value: &'v Value, id: &Value, depth: usize) -> Option<&'v Value> {
    const MOST_DEPTH: usize = 6;
    match value {
        _ if depth > MOST_DEPTH => None,
        Value::Array(values) => values.iter().find_map(|value| named_object(value, id, depth + 1)),
        Value::Object(object) if object.get("@id") == Some(id) && object.contains_key("name") => object.get("name"),
        Value::Object(object) => object.values().find_map(|value| named_object(value, id, depth + 1)),
        _ => None,
    }
}

/// Parses JSON as pages write it: in comments or CDATA, with line breaks inside strings and trailing commas.
fn lenient(text: &str) -> Option<Value> {
    let text = text.trim().trim_start_matches("<!--").trim_end_matches("-->").trim();
    let text = text
        .trim_start_matches("//<![CDATA[")
        .trim_start_matches("<![CDATA[")
        .trim_end_matches("//]]>")
        .trim_end_matches("]]>")
        .trim()
        .trim_end_matches(';');
    if let Ok(value) = serde_json::from_str(text) {
        return Some(value);
    }
    let mended: String = text.chars().map(|c| if c.is_control() { ' ' } else { c }).collect();
    let mended = mended.replace(", }", "}").replace(",}", "}").replace(", ]", "]").replace(",]", "]");
    serde_json::from_str(&mended).ok()
}

/// Collects the objects that are articles or pages, videos and the like with a date, at any depth up to `MOST_DEPTH`.
fn find_dated<'v>(value: &'v Value, out: &mut Vec<&'v Value>, depth: usize) {
    const MOST_DEPTH: usize = 8;
    const MOST: usize = 200;
    const DATED: &[&str] = &[
        "WebPage",
        "ItemPage",
        "VideoObject",
        "Recipe",
        "CreativeWork",
        "Episode",
        "PodcastEpisode",
        "TVEpisode",
        "RadioEpisode",
        "DiscussionForumPosting",
        "SocialMediaPosting",
        "Question",
        "QAPage",
        "Review",
        "Blog",
        "AudioObject",
        "Photograph",
        "ImageGallery",
        "MediaObject",
        "AboutPage",
        "FAQPage",
    ];
    if depth > MOST_DEPTH || out.len() >= MOST {
        return;
    }
    match value {
        Value::Array(values) => values.iter().for_each(|value| find_dated(value, out, depth + 1)),
        Value::Object(object) => {
            let kind = type_of(value).unwrap_or_default();
            let article = is_article_type(kind);
            if article || DATED.contains(&kind) {
                out.push(value);
            }
            if !article {
                ["@graph", "mainEntity", "mainEntityOfPage", "itemListElement", "item"]
                    .iter()
                    .filter_map(|key| object.get(*key))
                    .for_each(|value| find_dated(value, out, depth + 1));
            }
        }
        _ => {}
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn persons_and_organisations_are_told_apart() {
        for (author, persons, organisations) in [
            (r#"{"@type": "Person", "name": "Mara Lind"}"#, vec!["Mara Lind"], vec![]),
            (
                r#"[{"@type": "Organization", "name": "Halden Courier"}, {"@type": "Person", "name": "Jon Moe"}]"#,
                vec!["Jon Moe"],
                vec!["Halden Courier"],
            ),
            (r#"{"@type": "NewsMediaOrganization", "name": ["Halden Courier"]}"#, vec![], vec!["Halden Courier"]),
            (r#""Ada Berg""#, vec!["Ada Berg"], vec![]),
            (r##"{"@id": "#mara"}"##, vec!["Mara Lind"], vec![]),
        ] {
            let page = format!(
                r##"{{"@graph": [{{"@type": "NewsArticle", "author": {author}}}, {{"@id": "#mara", "name": "Mara Lind"}}]}}"##
            );
            let linked = read([page].into_iter(), &[]);
            assert_eq!(
                (linked.persons, linked.organisations),
                (
                    persons.iter().map(ToString::to_string).collect(),
                    organisations.iter().map(ToString::to_string).collect()
                ),
                "{author}"
            );
        }
    }

    #[test]
    fn the_pages_own_article_counts() {
        let page = r#"[{"@type": "NewsArticle", "headline": "Lantern relit", "datePublished": "2009-04-11"},
            {"@type": "NewsArticle", "headline": "Ferry crews vote", "datePublished": "2019-10-22"},
            {"@type": "VideoObject", "uploadDate": "2019-10-21"}]"#;
        let dates = |titles: &[String]| {
            read([page.to_string()].into_iter(), titles).dates.into_iter().map(|date| date.value).collect::<Vec<_>>()
        };
        assert_eq!(dates(&["Ferry crews vote on pay | Courier".to_string()]), ["2019-10-22", "2019-10-21"]);
        assert_eq!(dates(&["Weather".to_string()]), ["2009-04-11", "2019-10-22", "2019-10-21"]);
    }
}
