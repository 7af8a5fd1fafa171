//! Facts of a page: from its data for machines, and from the article's own part of what it displays.

use super::address;
use super::dates::{self, Candidate, Kind, Source};
use super::page::{Element, Page};
use super::scan::{Own, Scan};
use super::title::{self, Stated};
use crate::article::date::{NumberStyle, find_date};
use crate::article::{BlockKind, front};
use crate::ingest::format::draft::{is_host, split_keywords};
use crate::ingest::format::jsonld::{self, Linked};
use crate::model::{DateEvidence, Facts};
use crate::text::Language;
use crate::text::fold::{fold, fold_value};
use crate::text::tidy;

/// The facts of a page.
pub(super) struct PageFacts {
    pub(super) facts: Facts,
    /// All dates that the page states, best first.
    pub(super) dates: Vec<DateEvidence>,
    /// Position of the headline.
    pub(super) headline: Option<usize>,
}

/// Reads the facts of a page; `html` is its markup, `container_url` its address as its container states it.
pub(super) fn facts(page: &Page, scan: &Scan, html: &str, container_url: Option<&str>) -> PageFacts {
    let meta = Meta::of(page);
    let window = title::window(page);
    let mut titles: Vec<String> =
        ["og:title", "twitter:title", "headline", "dc.title", "citation_title", "parsely-title"]
            .iter()
            .filter_map(|name| meta.get(&[name]))
            .map(|title| without_entities(&title))
            .collect();
    let shown = scan.headings.iter().filter(|heading| heading.level == 1).map(|heading| heading.text.clone());
    let known: Vec<String> = titles.iter().cloned().chain(window.clone()).chain(shown).collect();
    let linked = linked_data(page, &known);
    let Linked { mut facts, persons, organisations, dates: linked_dates } = linked;
    facts.fill_from(meta.facts());
    facts.url = address::of(page, html, container_url).or(facts.url.filter(|url| address::is_web(url)));
    for field in [&mut facts.title, &mut facts.source, &mut facts.desk].into_iter().flatten() {
        *field = without_entities(field);
    }
    let shown_name = name_shown(page, scan, window.as_deref());
    if let Some(title) = shown_name.or(facts.title.take()).filter(|title| !titles.contains(title)) {
        titles.insert(0, title);
    }
    // The article's part is found by the headline, and the headline among the headings of that part.
    let all: Vec<usize> = (0..scan.headings.len()).collect();
    let stated = Stated {
        titles: &titles,
        window: window.as_deref(),
        site: facts.source.as_deref(),
        desk: facts.desk.as_deref(),
        url: facts.url.as_deref(),
    };
    let guess = title::choose(&scan.headings, &all, &stated).heading.map(|at| scan.headings[at].at);
    let own = scan.own(guess);
    let in_own: Vec<usize> = all.into_iter().filter(|&at| own.foreign_at(scan.headings[at].at).is_none()).collect();
    let title = title::choose(&scan.headings, &in_own, &stated);
    let headline = title.heading.map(|at| scan.headings[at].at);
    let own = if headline == guess { own } else { scan.own(headline) };
    facts.title = title.text;
    facts.byline = byline(scan, &own, persons, organisations, meta.authors(), &facts);
    let html_lang = page.elements("html").next().and_then(|html| html.attr("lang"));
    let style = number_style(html_lang.as_deref().or(meta.get(&["og:locale", "language"]).as_deref()));
    let linked_dates = linked_dates.into_iter().filter_map(|date| of_linked(&date)).collect();
    let html_lang = html_lang.map(|lang| Language::from_code(&lang));
    facts.lang = facts.lang.or_else(|| html_lang.and_then(Language::known_code).map(str::to_string));
    let dates = dates::choose(page, scan, &own, linked_dates, facts.url.as_deref(), style, facts.lang.as_deref());
    facts.published = dates.published;
    facts.updated = dates.updated;
    PageFacts { facts, dates: dates.evidence, headline }
}

/// How a page writes numbers, by the tag of its language.
fn number_style(tag: Option<&str>) -> NumberStyle {
    let tag = tag.unwrap_or_default().to_ascii_lowercase().replace('_', "-");
    let day_first = match tag.split('-').next().unwrap_or_default() {
        "" | "zh" | "ja" | "ko" | "hu" | "lt" => None,
        "en" => match tag.split('-').nth(1) {
            Some("us") => Some(false),
            Some("gb" | "ie" | "au" | "nz" | "in" | "za" | "ng" | "ke" | "sg" | "my" | "pk") => Some(true),
            _ => None,
        },
        _ => Some(true),
    };
    NumberStyle { day_first, short_years: true }
}

/// A date of JSON-LD as a candidate.
fn of_linked(date: &jsonld::LinkedDate) -> Option<Candidate> {
    let value = dates::stated(&date.value)?;
    let (kind, score) = match (date.property, date.is_article) {
        ("dateModified", true) => (Kind::Modified, 80),
        ("dateModified", false) => (Kind::Modified, 50),
        ("datePublished", true) => (Kind::Published, 100),
        ("dateCreated", true) => (Kind::Published, 84),
        ("datePublished", false) => (Kind::Published, 82),
        _ => (Kind::Published, 57),
    };
    let place = format!("{} of a {} in JSON-LD", date.property, if date.of.is_empty() { "thing" } else { &date.of });
    Some(Candidate { date: value, kind, source: Source::JsonLd, score, place, is_shown_value: false })
}

/// Resolves entities that were escaped twice: `Europe&#8217;s`.
fn without_entities(text: &str) -> String {
    if !(text.contains('&') && text.contains(';')) {
        return text.to_string();
    }
    let plain: String = super::tree::fragment(text).root_element().text().collect();
    tidy(&plain)
}

/// The authors: persons that the metadata names, then those that the page displays, then organisations.
fn byline(
    scan: &Scan,
    own: &Own<'_>,
    persons: Vec<String>,
    organisations: Vec<String>,
    stated: Vec<String>,
    facts: &Facts,
) -> Option<String> {
    let source = facts.source.as_deref();
    let host = facts
        .url
        .as_deref()
        .and_then(|url| url.split_once("://"))
        .map(|(_, rest)| rest.split('/').next().unwrap_or(rest).trim_start_matches("www.").to_string());
    let is_organisation = |name: &str| {
        let label = host.as_deref().and_then(|host| host.split('.').next()).unwrap_or("");
        let joined: String = fold(name).chars().filter(|c| c.is_alphanumeric()).collect();
        source.is_some_and(|source| alike(name, source))
            || is_host(name)
            || name.contains(".de")
            || name.contains(".com")
            || organisations.iter().any(|organisation| alike(organisation, name))
            || joined.len() > 2 && label.replace('-', "").starts_with(&joined)
            || source.is_some_and(|source| fold_value(source).starts_with(&fold_value(name)))
    };
    let clean = |names: Vec<String>| -> Vec<String> {
        let names = names.iter().flat_map(|names| people(&without_entities(names)));
        let mut out: Vec<String> = Vec::new();
        for name in names {
            if !out.contains(&name) {
                out.push(name);
            }
        }
        out
    };
    let join = |names: Vec<String>| (!names.is_empty()).then(|| names.join(", "));
    let named = if persons.is_empty() { stated } else { persons };
    let named = clean(named);
    let people_named: Vec<String> = named.iter().filter(|name| !is_organisation(name)).cloned().collect();
    if !people_named.is_empty() {
        return join(people_named);
    }
    let is_named = !named.is_empty() || !organisations.is_empty();
    displayed_authors(scan, own, &is_organisation, is_named)
        .or_else(|| join(named))
        .or_else(|| join(clean(organisations)))
}

/// The authors that the article's own part displays: in an element for them, or in a line that begins as bylines do.
/// `is_named`: the page names an organisation, so that it has authors.
fn displayed_authors(
    scan: &Scan,
    own: &Own<'_>,
    is_organisation: &dyn Fn(&str) -> bool,
    is_named: bool,
) -> Option<String> {
    let names_in = |text: &str| -> Option<String> {
        const CHARS: std::ops::RangeInclusive<usize> = 2..=80;
        let text = front::without_opener(text);
        // A date or a place after the names is not of them.
        let text = find_date(&text, NumberStyle { short_years: true, ..NumberStyle::default() })
            .map_or(text.as_str(), |(_, span)| &text[..span.start])
            .trim_end_matches(|c: char| !c.is_alphanumeric() && c != '.');
        let names = people(&tidy(text));
        let names = names.join(", ");
        let likely = CHARS.contains(&names.chars().count()) && front::names_only(&names) && !is_organisation(&names);
        // One word of the Latin alphabet is the label of a link more often than a name.
        let is_word = !names.contains(' ') && names.is_ascii();
        let likely = likely && !is_word;
        (likely && names.contains(|c: char| c.is_alphabetic())).then_some(names)
    };
    let authors = scan.authors.iter().filter(|author| !own.is_others(author.at));
    let mut near: Vec<_> = authors.filter_map(|author| Some((author, names_in(&author.text)?))).collect();
    // Beside the headline before elsewhere; the surest first, and the innermost of those.
    near.sort_by_key(|(author, names)| {
        (!own.is_above_text(author.at), std::cmp::Reverse(author.rank), names.split_whitespace().count() < 2)
    });
    if let Some((author, names)) = near.first()
        && (own.is_above_text(author.at)
            || author.rank == 3
            || own.is_below_text(author.at)
            || front::without_opener(&author.text) != author.text)
    {
        return Some(names.clone());
    }
    let stated = own.head().find_map(|block| {
        let text = scan.text(block);
        // `Posted on 3 May 2011 by Mara Lind`: what is beside the day may be a byline.
        let style = NumberStyle { short_years: true, ..NumberStyle::default() };
        let parts = match find_date(text, style).filter(|_| text.len() <= MOST_LINE_BYTES) {
            Some((_, span)) => vec![text, &text[..span.start], &text[span.end..]],
            None => vec![text],
        };
        let mut parts = parts.into_iter().map(|part| part.trim_matches(|c: char| !c.is_alphanumeric() && c != '.'));
        parts.find_map(|part| names_in(&front::byline_of_line(part)?))
    });
    stated.or_else(|| {
        // A bare name below the headline, on a page that only names its newspaper.
        const BELOW: usize = 3;
        let to = own.first_text.min(own.top + BELOW);
        let is_plain = |block: &usize| {
            scan.body.blocks[*block].kind == BlockKind::Paragraph && !own.is_others(scan.around[*block].at)
        };
        let below = (own.top..to).filter(|block| is_named && is_plain(block));
        below.map(|block| scan.text(block)).find(|text| is_bare_name(text)).and_then(names_in)
    })
}

/// Is it the name of a person and nothing else: two or three capitalised words?
fn is_bare_name(text: &str) -> bool {
    const LABELS: &[&str] = &[
        "images", "page", "photo", "news", "press", "media", "share", "teilen", "staff", "desk", "times", "post",
        "agency", "read", "more", "sign", "log", "front", "breaking", "live",
    ];
    let words: Vec<&str> = text.split_whitespace().collect();
    (2..=3).contains(&words.len())
        && words.iter().all(|word| {
            !LABELS.contains(&fold(word).as_str())
                && word.starts_with(char::is_uppercase)
                && word.chars().skip(1).all(|c| c.is_lowercase() || matches!(c, '.' | '-' | '\'' | '’'))
        })
}

/// Longest line in which a byline is looked for beside a date, in bytes.
const MOST_LINE_BYTES: usize = 160;

/// The names in a text, without URLs, mail addresses, handles, ids and labels.
fn people(names: &str) -> Vec<String> {
    let label = |name: &str| {
        matches!(
            fold(name).as_str(),
            "author"
                | "authors"
                | "autor"
                | "autoren"
                | "autorin"
                | "auteur"
                | "admin"
                | "administrator"
                | "webmaster"
                | "by"
                | "von"
                | "par"
                | "por"
                | "follow"
                | "folgen"
                | "seguir"
                | "suivre"
                | "share"
                | "teilen"
                | "twitter"
                | "facebook"
                | "instagram"
                | "teilen twittern"
                | "email"
                | "editor"
                | "user"
                | "guest"
                | "gast"
                | "null"
                | "undefined"
                | "unknown"
                | "none"
        )
    };
    let is_id = |name: &str| {
        let digits = name.chars().filter(char::is_ascii_digit).count();
        let letters = name.chars().filter(|c| c.is_alphabetic()).count();
        letters == 0 || digits > 2 || digits > 0 && !name.contains([' ', '.']) || name.contains(['_', '/', '{', '<'])
    };
    names
        .split([',', ';'])
        .map(|name| {
            let name = tidy(&front::without_opener(name.trim()));
            // `von APA`: a small opener before one word is no particle of nobility.
            let agency = name.strip_prefix("von ").filter(|rest| !rest.contains(' ')).map(str::to_string);
            agency.unwrap_or(name)
        })
        .filter(|name| {
            let mail = name.contains('@') && !name.contains(' ');
            let address = mail || name.contains("://") || name.starts_with(['@', '#']);
            !address && !label(name) && !is_id(name)
        })
        .collect()
}

/// Is one name the other, or its beginning?
fn alike(a: &str, b: &str) -> bool {
    let (a, b) = (fold_value(a), fold_value(b));
    a == b || a.len() > 3 && b.starts_with(&a)
}

fn linked_data(page: &Page, titles: &[String]) -> Linked {
    jsonld::read(json_ld(page), titles)
}

/// The scripts of linked data.
fn json_ld(page: &Page) -> impl Iterator<Item = String> {
    let is_json_ld =
        |script: &Element<'_>| script.attr("type").is_some_and(|kind| kind.eq_ignore_ascii_case("application/ld+json"));
    page.elements("script").filter(is_json_ld).map(|script| script.text(""))
}

/// The name of what a page is about, as encyclopedias state it: the displayed heading, with which the title of the window
/// begins. Their `headline` is a description.
fn name_shown(page: &Page, scan: &Scan, window: Option<&str>) -> Option<String> {
    let window = fold_value(window?);
    let is_shown = |name: &str| {
        let name = fold_value(name);
        let mut headings = scan.headings.iter().filter(|heading| heading.level == 1);
        window.starts_with(&name) && headings.any(|heading| fold_value(&heading.text) == name)
    };
    json_ld(page).find_map(|script| {
        // Some servers write it as a section of XML.
        let object = script.get(script.find('{')?..=script.rfind('}')?)?;
        let data: serde_json::Value = serde_json::from_str(object).ok()?;
        let text = |key: &str| data.get(key).and_then(serde_json::Value::as_str);
        let (name, headline) = (text("name")?, text("headline")?);
        (name != headline && is_shown(name)).then(|| tidy(name))
    })
}

/// The `meta` elements of a page with their names. A property of microdata is the page's only in its head: in the body it
/// belongs to the element around it.
pub(super) fn meta_elements(page: &Page) -> impl Iterator<Item = (String, Element<'_>)> {
    let in_head = page.elements("head").next().map_or(0, |head| head.elements("meta").count());
    page.elements("meta").enumerate().filter_map(move |(at, element)| {
        let name = element.attr("property").or_else(|| element.attr("name"));
        let name = name.or_else(|| element.attr("itemprop").filter(|_| at < in_head))?;
        Some((name, element))
    })
}

/// The names of `meta` elements, in lower case, with their contents.
struct Meta(Vec<(String, String)>);

impl Meta {
    fn of(page: &Page) -> Meta {
        let contents = meta_elements(page).filter_map(|(name, element)| {
            let content = tidy(&element.attr("content")?);
            (!content.is_empty()).then(|| (name.to_ascii_lowercase(), content))
        });
        Meta(contents.collect())
    }

    /// The content of the first of `names` that there is.
    fn get(&self, names: &[&str]) -> Option<String> {
        names.iter().find_map(|name| self.0.iter().find(|(key, _)| key == name)).map(|(_, content)| content.clone())
    }

    /// The authors, by the first name of metadata that states any.
    fn authors(&self) -> Vec<String> {
        const NAMES: &[&str] = &[
            "author",
            "article:author",
            "article:author_name",
            "authors",
            "byl",
            "dc.creator",
            "dcterms.creator",
            "citation_author",
            "parsely-author",
            "sailthru.author",
            "cxenseparse:author",
            "twitter:creator",
        ];
        let of = |name: &&str| -> Vec<String> {
            let contents = self.0.iter().filter(|(key, _)| key == name).map(|(_, content)| content.clone());
            contents.filter(|name| !name.starts_with("http") && !name.starts_with('@')).collect()
        };
        NAMES.iter().map(of).find(|names| !names.is_empty()).unwrap_or_default()
    }

    fn facts(&self) -> Facts {
        let get = |names: &[&str]| self.get(names);
        Facts {
            keywords: get(&["news_keywords", "keywords", "parsely-tags"])
                .map_or_else(Vec::new, |text| split_keywords(&text)),
            source: get(&["og:site_name", "application-name", "publisher", "dc.publisher"]),
            lang: get(&["og:locale", "language", "dc.language"])
                .and_then(|tag| Language::from_code(&tag).known_code().map(str::to_string)),
            desk: get(&["article:section", "section", "articlesection"]),
            ..Facts::default()
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_of_people() {
        for (text, names) in [
            ("By Mara Lind, Jon Moe", vec!["Mara Lind", "Jon Moe"]),
            ("Mara Lind, mara@halden.example", vec!["Mara Lind"]),
            ("cc7567", vec![]),
            ("4f0c2b77-12ab, Mara Lind", vec!["Mara Lind"]),
            ("srf/hosb", vec![]),
            ("admin", vec![]),
            ("松岡大地", vec!["松岡大地"]),
        ] {
            assert_eq!(people(text), names, "{text}");
        }
    }

    #[test]
    fn numbers_follow_the_language() {
        for (tag, day_first) in [
            ("de-CH", Some(true)),
            ("en-US", Some(false)),
            ("en_GB", Some(true)),
            ("en", None),
            ("ja", None),
            ("fr", Some(true)),
        ] {
            assert_eq!(number_style(Some(tag)).day_first, day_first, "{tag}");
        }
    }
}
