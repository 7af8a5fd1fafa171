//! Feeds: RSS (0.9 to 2.0, RDF), Atom, and the export of WordPress (WXR), which is RSS with additional elements.

use std::collections::HashMap;

use super::blocks::Body;
use super::draft::{Draft, Text};
use super::html;
use super::xml::{Element, Node};
use crate::article::front::{names_only, without_opener};
use crate::text::tidy;

/// The articles of a feed, or of a single entry.
pub(super) fn drafts(root: &Element) -> Vec<Draft> {
    let Some(top) = root.elements().next() else { return Vec::new() };
    let channel = top.child("channel").unwrap_or(top);
    let mut entries = top.all("item");
    entries.extend(top.all("entry"));
    if entries.is_empty() && (top.is("entry") || top.is("item")) {
        entries.push(top);
    }
    let authors: HashMap<String, String> = top
        .all("wp:author")
        .iter()
        .filter_map(|author| Some((author.text_at("wp:author_login")?, author.text_at("wp:author_display_name")?)))
        .collect();
    let about = About {
        authors,
        title: direct(channel, &["title"]),
        publisher: direct(channel, &["dc:publisher"]),
        author: author(channel),
        lang: direct(channel, &["language", "dc:language"]).or_else(|| top.attribute("lang").map(str::to_string)),
    };
    entries.into_iter().filter_map(|entry| draft(entry, &about)).collect()
}

/// Facts that a feed states for all its entries.
struct About {
    /// Display names by login, in exports of WordPress.
    authors: HashMap<String, String>,
    title: Option<String>,
    publisher: Option<String>,
    author: Option<String>,
    lang: Option<String>,
}

/// The text of the first of these child elements that has one. Names are matched with their prefix first.
fn direct(element: &Element, names: &[&str]) -> Option<String> {
    names.iter().find_map(|name| raw(element, name)).map(|text| plain(&text)).filter(|text| !text.is_empty())
}

/// The content of a child element, as HTML.
fn raw(element: &Element, name: &str) -> Option<String> {
    let exact = element.elements().find(|child| child.name == name && !child.children.is_empty());
    let found = exact.or_else(|| {
        let local = name.rsplit(':').next().unwrap_or(name);
        // `media:title` is not the title of the entry.
        element.elements().find(|child| {
            child.local() == local
                && !child.name.starts_with("media:")
                && !name.contains(':')
                && !child.name.starts_with("itunes:")
                && !child.children.is_empty()
        })
    })?;
    Some(inner_html(found)).filter(|text| !text.trim().is_empty())
}

/// The content of an element as HTML: escaped markup is unescaped, child elements are written as tags.
fn inner_html(element: &Element) -> String {
    fn push(element: &Element, out: &mut String) {
        for child in &element.children {
            match child {
                Node::Text(text) => out.push_str(text),
                Node::Element(child) => {
                    out.push_str(&format!("<{}>", child.local()));
                    push(child, out);
                    out.push_str(&format!("</{}>", child.local()));
                }
            }
        }
    }
    let mut out = String::new();
    push(element, &mut out);
    out
}

/// Text without tags and entities.
fn plain(text: &str) -> String {
    if is_markup(text) { tidy(&html::fragment(text).text) } else { tidy(text) }
}

/// Names of the authors of an element. Mail addresses count only with a name in parentheses, which is taken.
fn author(element: &Element) -> Option<String> {
    let creators: Vec<String> = element
        .elements()
        .filter(|child| {
            child.name == "dc:creator"
                || child.name == "author"
                || child.name == "a10:author"
                || child.name == "atom:author"
        })
        .filter_map(|child| {
            child.text_at("name").or_else(|| child.child("email").is_none().then(|| child.tidied()).flatten())
        })
        .filter_map(|name| match name.split_once('(') {
            Some((mail, name)) if mail.contains('@') => Some(name.trim_end_matches(')').to_string()),
            _ if name.contains('@') && !name.contains(' ') => None,
            _ => Some(name),
        })
        .collect();
    (!creators.is_empty()).then(|| creators.join(", "))
}

/// The article of an entry; `None` for posts of WordPress that are none, such as menus and pictures.
fn draft(entry: &Element, about: &About) -> Option<Draft> {
    let kind = direct(entry, &["wp:post_type"]);
    if kind.is_some_and(|kind| !matches!(kind.as_str(), "post" | "page" | "article" | "news")) {
        return None;
    }
    let mut draft = Draft::default();
    draft.title(direct(entry, &["title", "media:title"]));
    let author = author(entry).map(|name| about.authors.get(&name).cloned().unwrap_or(name));
    draft.byline(author.or_else(|| direct(entry, &["itunes:author"])).or_else(|| about.author.clone()));
    let source = entry.child("source").and_then(|source| source.text_at("title").or_else(|| source.tidied()));
    draft.source(source);
    draft.source(about.title.clone());
    draft.source(about.publisher.clone());
    apply_dates(entry, &mut draft);
    draft.lang(entry.attribute("lang").or(direct(entry, &["dc:language"]).as_deref()).or(about.lang.as_deref()));
    draft.facts.url = url(entry);
    draft.id = direct(entry, &["guid", "id", "wp:post_id"]).or_else(|| entry.attribute("about").map(str::to_string));
    apply_categories(entry, &mut draft);
    apply_text(entry, &mut draft);
    Some(draft)
}

fn apply_dates(entry: &Element, draft: &mut Draft) {
    const PUBLISHED: &[&str] = &[
        "pubdate",
        "published",
        "issued",
        "dc:date",
        "wenn_nm:published",
        "a10:published",
        "created",
        "dcterms:created",
        "wp:post_date_gmt",
        "wp:post_date",
    ];
    const UPDATED: &[&str] =
        &["updated", "a10:updated", "modified", "dcterms:modified", "atom:updated", "wp:post_modified_gmt"];
    let published: Vec<Option<String>> = PUBLISHED.iter().map(|name| direct(entry, &[name])).collect();
    let updated = direct(entry, UPDATED);
    draft.published(published.iter().map(Option::as_deref).chain([updated.as_deref()]));
    draft.updated([updated.as_deref()]);
}

fn url(entry: &Element) -> Option<String> {
    let mut links = entry.elements().filter(|child| child.local() == "link");
    let alternate = links.find(|link| matches!(link.attribute("rel"), None | Some("alternate")));
    direct(entry, &["feedburner:origlink"])
        .or_else(|| alternate.and_then(|link| link.attribute("href").map(str::to_string).or_else(|| link.tidied())))
        .or_else(|| direct(entry, &["guid"]).filter(|guid| guid.starts_with("http")))
        .filter(|url| url.contains("://"))
}

/// Desk and keywords.
fn apply_categories(entry: &Element, draft: &mut Draft) {
    for category in entry.elements().filter(|child| child.local() == "category" || child.name == "dc:subject") {
        let stated = category.attribute("label").or(category.attribute("term"));
        let Some(word) = stated.map(str::to_string).or_else(|| category.tidied()) else { continue };
        match category.attribute("domain") {
            Some("category") if draft.facts.desk.is_none() => draft.facts.desk = Some(tidy(&word)),
            _ => draft.keyword(&word),
        }
    }
}

/// Standfirst and text: the content, or else the summary.
fn apply_text(entry: &Element, draft: &mut Draft) {
    const MOST_STANDFIRST_BYTES: usize = 1_000;
    let summary = ["description", "summary", "media:description", "itunes:summary", "tagline"]
        .iter()
        .find_map(|name| raw(entry, name));
    let content = raw(entry, "content:encoded").or_else(|| raw(entry, "content"));
    // Some providers put a stub into the content, and the story into a `body`.
    let whole = raw(entry, "body").filter(|body| content.as_ref().is_none_or(|stub| body.len() > stub.len() * 2));
    let content = whole.or(content);
    if content.is_some() {
        let excerpt = raw(entry, "excerpt:encoded").or(summary.clone());
        draft.standfirst = excerpt.map(|text| plain(&text)).filter(|text| text.len() < MOST_STANDFIRST_BYTES);
    }
    let media = || entry.find("media:description").map(inner_html);
    let Some(text) = content.or(summary).or_else(media) else { return };
    draft.text = if entry.child("wp:post_id").is_some() {
        let body = html::fragment(&with_breaks(&without_shortcodes(&text)));
        // The account that posted an article need not be its author; a byline at the top states that.
        if let Some(name) = byline_at_top(&body) {
            draft.facts.byline = Some(name);
        }
        Text::Page(body)
    } else if is_markup(&text) {
        Text::Page(html::fragment(&with_paragraphs(&text)))
    } else {
        Text::Bare(text)
    };
}

/// Does the text hold tags or entities?
fn is_markup(text: &str) -> bool {
    text.contains('<') && text.contains('>') || text.contains('&') && text.contains(';')
}

/// Text without the shortcodes of WordPress for pictures and players: `[caption id="a"]`, `[/caption]`, `[gallery]`.
fn without_shortcodes(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find('[') {
        let code = rest[at..].find(']').map(|end| &rest[at + 1..at + end]).filter(|code| code.len() < 500);
        let name = code.map(|code| {
            let code = code.trim_start_matches('/');
            code.split_once([' ', ']', '/']).map_or(code, |(name, _)| name)
        });
        let known = name.is_some_and(|name| {
            let written =
                name.bytes().all(|byte| byte.is_ascii_lowercase() || matches!(byte, b'_' | b'-' | b'0'..=b'9'));
            let options = code.is_some_and(|code| code.contains('=') || code.starts_with('/'));
            !name.is_empty()
                && written
                && (options || matches!(name, "gallery" | "embed" | "playlist" | "caption" | "audio" | "video"))
        });
        out.push_str(&rest[..at]);
        match code.filter(|_| known) {
            Some(code) => rest = &rest[at + code.len() + 2..],
            None => {
                out.push('[');
                rest = &rest[at + 1..];
            }
        }
    }
    out.push_str(rest);
    out
}

/// Text as WordPress displays it: if it marks no paragraphs itself, blank lines separate them, and lines are kept.
fn with_breaks(text: &str) -> String {
    const PARAGRAPHS: &[&str] = &["<p>", "<p ", "<br", "<div"];
    const BLOCKS: &[&str] = &[
        "<h1",
        "<h2",
        "<h3",
        "<h4",
        "<h5",
        "<h6",
        "<ul",
        "<ol",
        "<li",
        "<table",
        "<tr",
        "<blockquote",
        "<pre",
        "<figure",
    ];
    let text = text.replace("\r\n", "\n");
    if PARAGRAPHS.iter().any(|tag| text.contains(tag)) {
        return text;
    }
    let part = |part: &str| match BLOCKS.iter().any(|tag| part.contains(tag)) {
        true => part.to_string(),
        false => format!("<p>{}</p>", part.trim_matches('\n').replace('\n', "<br>")),
    };
    text.split("\n\n").map(part).collect()
}

/// The names in a byline within the first blocks of a text.
fn byline_at_top(body: &Body) -> Option<String> {
    const TOP_BLOCKS: usize = 3;
    const MOST_CHARS: usize = 120;
    body.lines().take(TOP_BLOCKS).filter(|line| line.chars().count() <= MOST_CHARS).find_map(|line| {
        let names = without_opener(line);
        (names != line && names_only(&names)).then_some(names)
    })
}

/// Marks blank lines as paragraphs, in text with other markup.
fn with_paragraphs(text: &str) -> String {
    if text.contains("<p>") || text.contains("<p ") || !text.contains("\n\n") && !text.contains("\r\n\r\n") {
        return text.to_string();
    }
    let text = text.replace("\r\n", "\n");
    text.split("\n\n").map(|part| format!("<p>{part}</p>")).collect()
}

#[cfg(test)]
mod tests {
    use super::super::xml::parse;
    use super::*;

    fn first(text: &str) -> Draft {
        drafts(&parse(text).expect("markup")).remove(0)
    }

    fn lines(draft: &Draft) -> Vec<String> {
        match &draft.text {
            Text::Bare(text) => text.lines().map(str::to_string).collect(),
            Text::Blocks(body) | Text::Page(body) => body.lines().map(str::to_string).collect(),
        }
    }

    #[test]
    fn breaks_of_wordpress() {
        for (content, expected) in [
            ("One\nTwo\n\nThree &amp; four", &["One", "Two", "Three & four"][..]),
            ("<h2>The dispute</h2>\n\nOne\nTwo", &["The dispute", "One", "Two"]),
            ("<p>One\ntwo</p>\n<p>Three</p>", &["One two", "Three"]),
        ] {
            let text = format!(
                "<rss><channel><item><title>T</title><wp:post_id>1</wp:post_id><content:encoded><![CDATA[{content}]]></content:encoded></item></channel></rss>"
            );
            assert_eq!(lines(&first(&text)), expected, "{content}");
        }
    }

    #[test]
    fn authors_of_posts() {
        for (content, expected) in [
            ("By Mara Lindqvist\n\nHALDEN — Dockers walked out on Monday.", "Mara Lindqvist"),
            ("By the time they left, it was over.", "webdesk"),
        ] {
            let text = format!(
                "<rss><channel><item><title>T</title><dc:creator>webdesk</dc:creator><wp:post_id>1</wp:post_id><content:encoded>{content}</content:encoded></item></channel></rss>"
            );
            assert_eq!(first(&text).facts.byline.as_deref(), Some(expected), "{content}");
        }
    }

    #[test]
    fn a_longer_body_and_a_better_source() {
        let draft = first(
            "<feed><title>courier.example.com</title><dc:publisher>Halden Courier</dc:publisher><entry><title>T</title>\
             <content>Dockers.</content><hc:body>Dockers walked out on Monday, and no ship was unloaded.</hc:body></entry></feed>",
        );
        assert_eq!(draft.facts.source.as_deref(), Some("Halden Courier"));
        assert_eq!(lines(&draft), ["Dockers walked out on Monday, and no ship was unloaded."]);
    }
}
