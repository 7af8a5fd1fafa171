//! Facts of a page: JSON-LD first, then OpenGraph and meta elements, `<time>`, the canonical link, the title.

use scraper::{Html, Selector};
use serde_json::Value;

use crate::article::date::{PublishedFrom, date_in_path};
use crate::article::front::tidy;
use crate::article::{Facts, Published};
use crate::ingest::format::json;
use crate::text::Language;

/// The facts of a page.
pub(super) fn facts(page: &Html) -> Facts {
    let mut facts = json_ld(page);
    facts.fill_from(meta(page));
    let html_lang = select(page, "html").next().and_then(|html| html.value().attr("lang")).map(Language::from_code);
    facts.fill_from(Facts {
        title: heading_or_title(page),
        published: time_element(page)
            .or_else(|| facts.url.as_deref().and_then(|url| date_in_path(url, PublishedFrom::Url))),
        lang: html_lang.and_then(Language::known_code).map(str::to_string),
        ..Facts::default()
    });
    facts
}

/// All elements that match `css`; a selector of this module's own is always valid.
fn select<'p>(page: &'p Html, css: &str) -> impl Iterator<Item = scraper::ElementRef<'p>> {
    let found: Vec<_> = Selector::parse(css).map(|selector| page.select(&selector).collect()).unwrap_or_default();
    found.into_iter()
}

fn json_ld(page: &Html) -> Facts {
    let mut best = Facts::default();
    for script in select(page, r#"script[type="application/ld+json"]"#) {
        let text: String = script.text().collect();
        let Some(value) = lenient(&text) else { continue };
        let mut articles = Vec::new();
        find_articles(&value, &mut articles, 0);
        for article in articles {
            best.fill_from(json::facts(article));
        }
    }
    best
}

/// JSON as pages hold it: with line breaks inside strings, inside comments or CDATA, with commas too many.
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

/// Objects whose type is a kind of article, wherever they stand.
fn find_articles<'v>(value: &'v Value, out: &mut Vec<&'v Value>, depth: usize) {
    const MOST_DEPTH: usize = 8;
    if depth > MOST_DEPTH {
        return;
    }
    match value {
        Value::Array(values) => values.iter().for_each(|value| find_articles(value, out, depth + 1)),
        Value::Object(object) => {
            let is_article =
                |kind: &str| kind.ends_with("Article") || matches!(kind, "BlogPosting" | "Report" | "LiveBlogPosting");
            let article = match object.get("@type") {
                Some(Value::String(kind)) => is_article(kind),
                Some(Value::Array(kinds)) => kinds.iter().filter_map(Value::as_str).any(is_article),
                _ => false,
            };
            if article {
                out.push(value);
            } else {
                ["@graph", "mainEntity", "mainEntityOfPage", "itemListElement", "item"]
                    .iter()
                    .filter_map(|key| object.get(*key))
                    .for_each(|value| find_articles(value, out, depth + 1));
            }
        }
        _ => {}
    }
}

fn meta(page: &Html) -> Facts {
    let mut pairs: Vec<(String, String)> = Vec::new();
    for element in select(page, "meta[content]") {
        let value = element.value();
        let name = value.attr("property").or_else(|| value.attr("name")).or_else(|| value.attr("itemprop"));
        if let (Some(name), Some(content)) = (name, value.attr("content")) {
            let content = tidy(content);
            if !content.is_empty() {
                pairs.push((name.to_ascii_lowercase(), content));
            }
        }
    }
    let get = |names: &[&str]| {
        names.iter().find_map(|name| pairs.iter().find(|(key, _)| key == name)).map(|(_, content)| content.clone())
    };
    let canonical =
        select(page, r#"link[rel="canonical"]"#).next().and_then(|link| link.value().attr("href")).map(str::to_string);
    let published = get(&[
        "article:published_time",
        "datepublished",
        "article:published",
        "og:published_time",
        "pubdate",
        "publishdate",
        "publish-date",
        "dc.date",
        "dc.date.issued",
        "date",
        "sailthru.date",
        "parsely-pub-date",
        "cxenseparse:recs:publishtime",
    ]);
    Facts {
        title: get(&["og:title", "twitter:title", "headline"]),
        byline: get(&[
            "author",
            "article:author",
            "byl",
            "dc.creator",
            "parsely-author",
            "sailthru.author",
            "twitter:creator",
        ])
        .filter(|name| !name.starts_with("http") && !name.starts_with('@')),
        dateline: None,
        published: published.and_then(|text| Published::parse(&text, PublishedFrom::Metadata)),
        source: get(&["og:site_name", "application-name", "publisher", "dc.publisher"]),
        url: get(&["og:url"]).filter(|url| url.starts_with("http")).or(canonical),
        lang: get(&["og:locale", "language", "dc.language"])
            .and_then(|tag| Language::from_code(&tag).known_code().map(str::to_string)),
        desk: get(&["article:section", "section", "articlesection"]),
    }
}

fn heading_or_title(page: &Html) -> Option<String> {
    let heading = select(page, "article h1")
        .chain(select(page, "h1"))
        .map(|h1| tidy(&h1.text().collect::<Vec<_>>().join(" ")))
        .find(|text| !text.is_empty());
    heading.or_else(|| {
        let title = select(page, "head title").next().map(|title| tidy(&title.text().collect::<String>()))?;
        // `Headline | Newspaper`: the longest part is the headline.
        let parts = title.split(
            [" | ", " - ", " – ", " — ", " » "].iter().find(|sign| title.contains(**sign)).copied().unwrap_or("\n"),
        );
        parts.max_by_key(|part| part.len()).map(str::to_string).filter(|part| !part.is_empty())
    })
}

fn time_element(page: &Html) -> Option<Published> {
    let times = select(page, "article time[datetime]").chain(select(page, "time[datetime], [itemprop=datePublished]"));
    let stamp = |time: scraper::ElementRef<'_>| {
        let value = time.value().attr("datetime").or_else(|| time.value().attr("content"));
        value.and_then(|value| Published::parse(value, PublishedFrom::Metadata))
    };
    let mut times = times.filter_map(stamp);
    times.next()
}
