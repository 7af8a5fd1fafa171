//! Facts of a page, from JSON-LD, then OpenGraph and meta elements, `<time>`, the canonical link, the title.

use super::page::{Element, Page};
use crate::article::date::date_in_path;
use crate::article::front;
use crate::ingest::format::draft::split_keywords;
use crate::ingest::format::jsonld;
use crate::model::PublishedFrom;
use crate::model::{Facts, Published};
use crate::text::Language;
use crate::text::fold::fold_value;
use crate::text::tidy;

/// The facts of a page.
pub(super) fn facts(page: &Page) -> Facts {
    let mut facts = json_ld(page);
    facts.fill_from(meta(page));
    tidy_entities(&mut facts);
    facts.byline = byline(page, facts.byline.take(), facts.source.as_deref());
    let html_lang =
        page.elements("html").next().and_then(|html| html.attr("lang")).map(|lang| Language::from_code(&lang));
    facts.title = facts.title.or_else(|| heading_or_title(page));
    facts.published = facts
        .published
        .or_else(|| time_element(page))
        .or_else(|| visible_date(page))
        .or_else(|| facts.url.as_deref().and_then(|url| date_in_path(url, PublishedFrom::Url)));
    facts.lang = facts.lang.or_else(|| html_lang.and_then(Language::known_code).map(str::to_string));
    facts
}

/// Resolves entities that were escaped twice: `Europe&#8217;s`.
fn tidy_entities(facts: &mut Facts) {
    for field in [&mut facts.title, &mut facts.byline, &mut facts.source, &mut facts.desk].into_iter().flatten() {
        if field.contains('&') && field.contains(';') {
            let plain: String = super::tree::fragment(field).root_element().text().collect();
            *field = tidy(&plain);
        }
    }
}

/// The authors that the metadata names, or the page if the metadata only names the newspaper.
fn byline(page: &Page, named: Option<String>, source: Option<&str>) -> Option<String> {
    const SELECTORS: &[&str] = &[
        "[itemprop=author] [itemprop=name]",
        "[itemprop=author]",
        "[rel=author]",
        "article [class*=byline], article [class*=author-name], article [class*=authorName]",
        "[class*=byline__name], [class*=byline-name], [class*=author-name], [class*=author__name], [class*=authorName]",
        "[class*=byline]",
    ];
    let organisation =
        |name: &str| source.is_some_and(|source| alike(name, source)) || name.contains(".de") || name.contains(".com");
    let named = named.map(|names| people(&names)).filter(|names| !names.is_empty());
    if let Some(names) = named.as_deref().filter(|names| !organisation(names)) {
        return Some(names.to_string());
    }
    let shown = SELECTORS.iter().flat_map(|css| page.select(css)).find_map(|element| {
        let text = element.attr("content").unwrap_or_else(|| element.text(" "));
        let name = people(&front::without_opener(&tidy(&text)));
        let likely = (2..=80).contains(&name.chars().count()) && front::names_only(&name) && !organisation(&name);
        likely.then_some(name)
    });
    shown.or(named)
}

/// A list of names without URLs, mail addresses and handles.
fn people(names: &str) -> String {
    let names = names.split(", ").filter(|name| {
        let mail = name.contains('@') && !name.contains(' ');
        let address = mail || name.contains("://") || name.starts_with(['@', '#']);
        !address
    });
    names.collect::<Vec<_>>().join(", ")
}

/// Is one name the other, or its beginning?
fn alike(a: &str, b: &str) -> bool {
    let (a, b) = (fold_value(a), fold_value(b));
    a == b || a.len() > 3 && b.starts_with(&a)
}

/// A date in the text of an element whose class or id suggests one.
fn visible_date(page: &Page) -> Option<Published> {
    const SELECTOR: &str =
        "time, [class*=date], [class*=Date], [class*=publish], [class*=time], [class*=meta], [id*=date]";
    const MOST_CHARS: usize = 120;
    page.select(SELECTOR).take(200).find_map(|element| {
        let text = tidy(&element.text(" "));
        let short = text.chars().count() <= MOST_CHARS;
        short.then(|| front::date_of_line(&text)).flatten()
    })
}

fn json_ld(page: &Page) -> Facts {
    let is_json_ld =
        |script: &Element<'_>| script.attr("type").is_some_and(|kind| kind.eq_ignore_ascii_case("application/ld+json"));
    jsonld::facts(page.elements("script").filter(is_json_ld).map(|script| script.text("")))
}

/// The facts of `meta` elements and the canonical link.
fn meta(page: &Page) -> Facts {
    let mut pairs: Vec<(String, String)> = Vec::new();
    for element in page.elements("meta") {
        let name = ["property", "name", "itemprop"].iter().find_map(|name| element.attr(name));
        if let (Some(name), Some(content)) = (name, element.attr("content")) {
            let content = tidy(&content);
            if !content.is_empty() {
                pairs.push((name.to_ascii_lowercase(), content));
            }
        }
    }
    let get = |names: &[&str]| {
        names.iter().find_map(|name| pairs.iter().find(|(key, _)| key == name)).map(|(_, content)| content.clone())
    };
    let is_canonical = |link: &Element<'_>| link.attr("rel").is_some_and(|rel| rel.eq_ignore_ascii_case("canonical"));
    let canonical = page.elements("link").find(is_canonical).and_then(|link| link.attr("href"));
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
        updated: get(&["article:modified_time", "datemodified", "og:updated_time", "last-modified", "lastmod"])
            .and_then(|text| Published::parse(&text, PublishedFrom::Metadata)),
        keywords: get(&["news_keywords", "keywords", "parsely-tags"])
            .map_or_else(Vec::new, |text| split_keywords(&text)),
        source: get(&["og:site_name", "application-name", "publisher", "dc.publisher"]),
        url: get(&["og:url"]).filter(|url| url.starts_with("http")).or(canonical),
        lang: get(&["og:locale", "language", "dc.language"])
            .and_then(|tag| Language::from_code(&tag).known_code().map(str::to_string)),
        desk: get(&["article:section", "section", "articlesection"]),
        ..Facts::default()
    }
}

/// The first `h1`, or the title without the name of the newspaper.
fn heading_or_title(page: &Page) -> Option<String> {
    let heading = page
        .elements("article")
        .flat_map(|article| article.elements("h1"))
        .chain(page.elements("h1"))
        .map(|h1| tidy(&h1.text(" ")))
        .find(|text| !text.is_empty());
    heading.or_else(|| {
        let title = page.elements("head").flat_map(|head| head.elements("title")).next();
        let title = tidy(&title?.text(""));
        // `Headline | Newspaper`: the headline is the longest part.
        let parts = title.split(
            [" | ", " - ", " – ", " — ", " » "].iter().find(|sign| title.contains(**sign)).copied().unwrap_or("\n"),
        );
        parts.max_by_key(|part| part.len()).map(str::to_string).filter(|part| !part.is_empty())
    })
}

/// The date of the first element that states one for machines.
fn time_element(page: &Page) -> Option<Published> {
    let times = page.select("article time[datetime]").chain(page.select("time[datetime], [itemprop=datePublished]"));
    let stamp = |time: Element<'_>| {
        let value = time.attr("datetime").or_else(|| time.attr("content"));
        value.and_then(|value| Published::parse(&value, PublishedFrom::Metadata))
    };
    let mut times = times.filter_map(stamp);
    times.next()
}
