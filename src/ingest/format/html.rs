//! HTML: saved pages, whose body is found by an extraction library, with facts from JSON-LD, meta elements and the page;
//! and fragments within other formats. Pages need the feature `pages`; without it fragments are read by a simpler reader.

#[cfg(feature = "pages")]
mod address;
#[cfg(feature = "pages")]
mod body;
#[cfg(feature = "pages")]
mod copies;
#[cfg(feature = "pages")]
mod dates;
#[cfg(feature = "pages")]
mod facts;
#[cfg(feature = "pages")]
mod fragment;
#[cfg(feature = "pages")]
mod headings;
#[cfg(any(test, not(feature = "pages")))]
mod light;
#[cfg(feature = "pages")]
mod lost;
#[cfg(feature = "pages")]
mod names;
#[cfg(feature = "pages")]
mod outline;
#[cfg(feature = "pages")]
mod page;
#[cfg(feature = "pages")]
mod scan;
#[cfg(feature = "pages")]
mod title;
#[cfg(feature = "pages")]
pub(super) mod tree;

use memchr::memchr_iter;

use super::blocks::Body;
use crate::article::{BlockKind, RawArticle};
#[cfg(feature = "pages")]
use crate::ingest::SkipReason;
#[cfg(feature = "pages")]
use fragment as fragments;
#[cfg(not(feature = "pages"))]
use light as fragments;

/// Most levels of nested elements; deeper pages cost time and stack.
const MOST_DEPTH: usize = 1_500;

/// Reads a saved page. `url` is its address, if its container states it.
///
/// # Errors
///
/// [`SkipReason::TooDeep`] for pages nested too deeply, [`SkipReason::NoText`] if no body was found.
#[cfg(feature = "pages")]
pub(crate) fn read(page: &str, url: Option<&str>) -> Result<RawArticle, SkipReason> {
    let depth = depth(page);
    if depth > MOST_DEPTH {
        return Err(SkipReason::TooDeep(depth));
    }
    let page = &*tree::without_charset(page);
    let mut tree = page::Page::parse(page);
    tree.remove_edit_links();
    let scan = scan::Scan::of(&tree);
    let facts::PageFacts { facts, dates, headline } = facts::facts(&tree, &scan, page, url);
    if let Some(text) = preformatted(page, &tree) {
        return Ok(RawArticle { facts, dates, text, ..RawArticle::default() });
    }
    let body = body::extract(page, tree, &scan, headline, facts.title.as_deref()).ok_or(SkipReason::NoText)?;
    Ok(RawArticle { facts, dates, ..body.into_page() })
}

/// The text of a page that is nothing else than preformatted text, such as the records of parliaments and the archives of
/// mailing lists: its lines and blank lines are the layout, as in a file of text.
#[cfg(feature = "pages")]
fn preformatted(page: &str, tree: &page::Page) -> Option<String> {
    use memchr::memmem::{find, rfind};
    /// Fewest lines of such a text.
    const FEWEST_LINES: usize = 8;
    let lower = |at: usize, name: &[u8]| {
        page.as_bytes()[at..].get(..name.len()).is_some_and(|tag| tag.eq_ignore_ascii_case(name))
    };
    let bytes = page.as_bytes();
    let start = [find(bytes, b"<pre"), find(bytes, b"<PRE")].into_iter().flatten().min()?;
    let end = [rfind(bytes, b"</pre"), rfind(bytes, b"</PRE")].into_iter().flatten().max().unwrap_or(bytes.len());
    let body = memchr::memchr_iter(b'<', &bytes[..start]).find(|&at| lower(at, b"<body")).unwrap_or(0);
    if end < start || (end - start) * 5 < (bytes.len() - body) * 4 {
        return None;
    }
    // Scripts and styles between two such elements would be read as well, so it is only the elements themselves.
    let mut text = String::new();
    for element in tree.elements("pre") {
        text.push_str(&element.text(""));
        text.push('\n');
    }
    let is_text =
        text.len() * 2 > end - start && text.lines().filter(|line| !line.trim().is_empty()).count() >= FEWEST_LINES;
    is_text.then_some(text)
}

/// Reads a fragment of HTML that is the body of an article.
#[must_use]
pub(crate) fn read_fragment(fragment: &str) -> RawArticle {
    if depth(fragment) > MOST_DEPTH {
        return RawArticle { text: fragment.to_string(), ..RawArticle::default() };
    }
    fragments::read(fragment).into_page()
}

/// Reads a fragment of HTML as text and blocks.
pub(super) fn fragment(fragment: &str) -> Body {
    if depth(fragment) > MOST_DEPTH {
        let mut body = Body::default();
        body.append(BlockKind::Paragraph, fragment);
        return body;
    }
    fragments::read(fragment)
}

/// Depth of nested elements, counted by the tags of elements that must be closed.
fn depth(page: &str) -> usize {
    const CLOSED: &[&[u8]] = &[
        b"div",
        b"span",
        b"section",
        b"article",
        b"table",
        b"ul",
        b"ol",
        b"blockquote",
        b"b",
        b"i",
        b"em",
        b"strong",
        b"font",
        b"a",
        b"main",
        b"aside",
        b"center",
    ];
    let bytes = page.as_bytes();
    let (mut open, mut deepest) = (0usize, 0usize);
    for open_at in memchr_iter(b'<', bytes) {
        let at = open_at + 1;
        let closes = bytes.get(at) == Some(&b'/');
        let name_at = at + usize::from(closes);
        let name_end = bytes[name_at..]
            .iter()
            .take(12)
            .position(|byte| !byte.is_ascii_alphabetic())
            .map_or(name_at, |length| name_at + length);
        let name = &bytes[name_at..name_end];
        if CLOSED.iter().any(|tag| name.eq_ignore_ascii_case(tag)) {
            open = if closes { open.saturating_sub(1) } else { open + 1 };
            deepest = deepest.max(open);
        }
    }
    deepest
}

#[cfg(all(test, feature = "pages"))]
mod tests {
    use super::*;
    use crate::article::SplitArticle;

    const PAGE: &str = r#"<!DOCTYPE html><html lang="en"><head><title>Dockers walk out | Halden Courier</title>
        <meta property="og:title" content="Dockers walk out"><meta property="og:site_name" content="Halden Courier">
        <script type="application/ld+json">{"@graph":[{"@type":"NewsArticle","headline":"Dockers walk out","datePublished":"2023-09-12T08:00:00Z",
        "author":[{"name":"Mara Lindqvist"}],"articleSection":"Business"}]}</script></head><body><nav><a href="/">Home</a><a href="/sport">Sport</a></nav>
        <article><h1>Dockers walk out</h1><p>Dockers at the port of Halden walked out on Monday after talks about pay and hours had failed, the union said.</p>
        <h2>The dispute</h2><p>The union wants a shorter week. The company says that it cannot afford one this year or next, and that ferries will sail.</p>
        <p>Both sides will meet again on Thursday at the town hall, where the mayor has offered rooms and coffee and a good deal of patience.</p></article>
        <footer>© 2023 Halden Courier. All rights reserved.</footer></body></html>"#;

    #[test]
    fn a_page_gives_facts_and_headings() {
        let article = SplitArticle::assemble(read(PAGE, None).expect("an article"));
        assert_eq!(article.facts.title.as_deref(), Some("Dockers walk out"));
        assert_eq!(article.facts.byline.as_deref(), Some("Mara Lindqvist"));
        assert_eq!(article.facts.source.as_deref(), Some("Halden Courier"));
        assert_eq!(article.facts.desk.as_deref(), Some("Business"));
        assert_eq!(article.facts.published.as_ref().map(|p| p.value.as_str()), Some("2023-09-12T08:00:00Z"));
        let headings: Vec<_> = article.sections.iter().map(|s| s.heading_text(&article.text)).collect();
        assert_eq!(headings, [None, Some("The dispute")]);
        assert!(!article.text.contains("Sport"));
        // The parser panics at a content that ends with "charset".
        let bare = PAGE.replace("<head>", "<head><meta http-equiv=\"Content-Type\" content=\"text/html; charset\">");
        assert_eq!(SplitArticle::assemble(read(&bare, None).expect("an article")).text, article.text);
    }

    #[test]
    fn a_level_used_for_headings_only_is_trusted() {
        let paragraph =
            "<p>The union wants a shorter week. The company says that it cannot afford one this year or next.</p>";
        let page = |headings: [&str; 3]| {
            let body: String =
                headings.iter().map(|heading| format!("<h3>{heading}</h3>{paragraph}{paragraph}")).collect();
            let body = format!("<article><h1>Dockers walk out</h1>{paragraph}{body}</article>");
            PAGE.replace(&PAGE[PAGE.find("<article>").expect("one")..PAGE.find("<footer>").expect("one")], &body)
        };
        for headings in [
            ["Nobody wants to talk.", "The harbour is full.", "So what now?"],
            ["\u{201c}We were never asked.\u{201d}", "The ships keep coming.", "The mayor will serve coffee."],
        ] {
            let article = SplitArticle::assemble(read(&page(headings), None).expect("an article"));
            let found: Vec<_> = article.sections.iter().filter_map(|s| s.heading_text(&article.text)).collect();
            assert_eq!(found, headings);
        }
    }

    #[test]
    fn a_page_of_preformatted_text_is_text() {
        let record = "[Record of the House]\n\n                    HARBOUR WORKS\n\n  Mr. HOLM. I rise to speak of the harbour &amp; of its walls, which\nthe sea has worn for a hundred years.\n\n  The SPEAKER (Mr. <b>Berg</b>). The member has a minute.\n\n  Mr. HOLM. I thank the Speaker, and I ask that the vote be held at\nonce, before the tide.\n\n  Ms. LIND. I object to that.\n";
        for (page, is_text) in [
            (format!("<html><head><title>Record</title></head><body><pre>\n{record}</pre></body></html>"), true),
            (format!("<HTML><BODY><PRE>{record}</PRE><PRE>{record}</PRE></BODY></HTML>"), true),
            (PAGE.replace("<footer>", &format!("<pre>{record}</pre><footer>")), false),
            ("<html><body><pre>One line.</pre></body></html>".to_string(), false),
        ] {
            let article = SplitArticle::assemble(read(&page, None).expect("an article"));
            assert_eq!(article.text.contains("harbour & of its walls, which\nthe sea"), is_text, "{page}");
        }
    }

    #[test]
    fn deep_pages_are_refused() {
        let page = format!("<html><body>{}x{}</body></html>", "<div>".repeat(20_000), "</div>".repeat(20_000));
        assert!(matches!(read(&page, None), Err(SkipReason::TooDeep(_))));
    }
}

#[cfg(test)]
mod fragment_tests {
    use super::*;

    #[test]
    fn fragments_keep_their_headings() {
        let raw = read_fragment("<p>One &amp; two.</p><h2>The dispute</h2><p>Three<br>four.</p><script>x()</script>");
        assert_eq!(raw.text, "One & two.\nThe dispute\nThree\nfour.\n");
        assert_eq!(raw.blocks.map(|b| b.len()), Some(4));
    }
}
