//! The address of a page on the web: as the page states it, or as the program that saved it wrote it down.

use super::page::{Element, Page};

/// The address of a page. `html` is its markup, whose first comments may state where it was saved from; `container` is the
/// address that the file around the page states.
pub(super) fn of(page: &Page, html: &str, container: Option<&str>) -> Option<String> {
    let attribute = |name: &str, key: &str, is: &dyn Fn(&Element<'_>) -> bool| {
        page.elements(name).find(|element| is(element)).and_then(|element| element.attr(key))
    };
    let saved = saved_from(html)
        .or_else(|| attribute("html", "data-scrapbook-source", &|_| true))
        .or_else(|| attribute("html", "data-source-url", &|_| true))
        .or_else(|| container.map(str::to_string))
        .filter(|url| is_web(url));
    let base = attribute("base", "href", &|_| true).filter(|url| is_web(url));
    let is_rel = |element: &Element<'_>| {
        element
            .attr("rel")
            .is_some_and(|rel| rel.split_ascii_whitespace().any(|rel| rel.eq_ignore_ascii_case("canonical")))
    };
    let is_og = |element: &Element<'_>| {
        ["property", "name"].iter().any(|key| element.attr(key).is_some_and(|name| name.eq_ignore_ascii_case("og:url")))
    };
    let around = saved.as_deref().or(base.as_deref());
    let stated = [attribute("meta", "content", &is_og), attribute("link", "href", &is_rel)];
    let mut stated = stated.into_iter().flatten().filter_map(|url| absolute(url.trim(), around));
    let is_page = |url: &String| !is_home(url);
    let stated_page = stated.clone().find(is_page);
    let best = stated_page.or_else(|| saved.clone().filter(is_page)).or_else(|| base.clone().filter(is_page));
    best.or_else(|| stated.next()).or(saved)
}

/// The address that a saved page has in a comment at its top: those of browsers and of SingleFile.
fn saved_from(html: &str) -> Option<String> {
    /// Pages may have a long document type or a style before the comment.
    const TOP_BYTES: usize = 8 << 10;
    let top = &html[..html.floor_char_boundary(TOP_BYTES)];
    let mut rest = top;
    while let Some(open) = rest.find("<!--") {
        let comment = &rest[open + 4..];
        let end = comment.find("-->").unwrap_or(comment.len());
        if let Some(url) = of_comment(&comment[..end]) {
            return Some(url);
        }
        rest = &comment[end..];
    }
    None
}

fn of_comment(comment: &str) -> Option<String> {
    let first_word = |text: &str| text.split_whitespace().next().map(str::to_string);
    let comment = comment.trim();
    // ` saved from url=(0048)https://... `: the number of bytes in brackets.
    if let Some(at) = comment.find("saved from url=") {
        let rest = &comment[at + "saved from url=".len()..];
        let url = rest.strip_prefix('(').and_then(|rest| rest.split_once(')')).map_or(rest, |(_, url)| url);
        return first_word(url).filter(|url| is_web(url));
    }
    // `Page saved with SingleFile`, `url: https://...`; other programs write alike.
    if comment.to_ascii_lowercase().contains("saved") {
        let stated = comment.lines().map(str::trim).find_map(|line| {
            let (label, value) = line.split_once(':')?;
            matches!(
                label.trim().to_ascii_lowercase().as_str(),
                "url" | "source" | "original url" | "source url" | "from"
            )
            .then(|| first_word(value))?
        });
        return stated.filter(|url| is_web(url));
    }
    None
}

/// Is it an address on the web?
pub(super) fn is_web(url: &str) -> bool {
    (url.starts_with("http://") || url.starts_with("https://")) && url.len() > "https://".len()
}

/// Is it the address of a site, not of a page?
fn is_home(url: &str) -> bool {
    let path = url.split_once("://").map_or("", |(_, rest)| rest);
    path.split_once('/').is_none_or(|(_, path)| path.is_empty())
}

/// An address, completed by the one `around` it if it is a path.
fn absolute(url: &str, around: Option<&str>) -> Option<String> {
    if is_web(url) {
        return Some(url.to_string());
    }
    let (scheme, rest) = around?.split_once("://")?;
    let host = rest.split('/').next().filter(|host| !host.is_empty())?;
    if let Some(rest) = url.strip_prefix("//") {
        return Some(format!("{scheme}://{rest}"));
    }
    url.starts_with('/').then(|| format!("{scheme}://{host}{url}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_of_saved_pages() {
        let singlefile = "<!DOCTYPE html> <html lang=en><!--\n Page saved with SingleFile \n url: https://a.example/2011/x \n \
                          saved date: Thu Nov 14 2024\n--><head></head>";
        for (html, url) in [
            (singlefile, Some("https://a.example/2011/x")),
            ("<!-- saved from url=(0025)https://a.example/2011/x --><html>", Some("https://a.example/2011/x")),
            ("<!-- saved from url=(0014)about:internet --><html>", None),
            ("<html data-scrapbook-source='https://a.example/x'>", Some("https://a.example/x")),
            ("<html><head><base href='https://a.example/x/'>", Some("https://a.example/x/")),
            ("<html><head><base href='/'>", None),
            (
                "<!-- saved from url=(0025)https://a.example/2011/x --><link rel=canonical href='https://a.example/'>",
                Some("https://a.example/2011/x"),
            ),
            (
                "<!-- saved from url=(0025)https://m.a.example/x --><link rel='canonical' href='/2011/x'>",
                Some("https://m.a.example/2011/x"),
            ),
            (
                "<meta property='og:url' content='https://a.example/y'><base href='https://a.example/'>",
                Some("https://a.example/y"),
            ),
            ("<link rel=canonical href='https://a.example/'>", Some("https://a.example/")),
            ("<link rel=canonical href='/x'>", None),
            ("<!-- saved pages: url: none -->", None),
            ("<!-- saved from url=", None),
        ] {
            assert_eq!(of(&Page::parse(html), html, None).as_deref(), url, "{html}");
        }
    }
}
