//! Pages and fragments as trees.
//!
//! The parser panics at `<meta http-equiv=content-type content="text/html; charset">` (html5ever 0.39), which some pages
//! have. The declared encoding was used when the text was decoded, so it is removed here.

use std::borrow::Cow;
use std::panic::{AssertUnwindSafe, catch_unwind};

use scraper::Html;

/// Parses a page; an empty one if the parser panics.
pub(in crate::ingest::format) fn document(page: &str) -> Html {
    parse(page, Html::parse_document)
}

/// Parses a fragment; an empty one if the parser panics.
pub(in crate::ingest::format) fn fragment(markup: &str) -> Html {
    parse(markup, Html::parse_fragment)
}

fn parse(text: &str, parse: fn(&str) -> Html) -> Html {
    let text = without_charset(text);
    catch_unwind(AssertUnwindSafe(|| parse(&text))).unwrap_or_else(|_| parse(""))
}

/// The text with every `charset` in a `meta` element overwritten; offsets do not change.
pub(super) fn without_charset(text: &str) -> Cow<'_, str> {
    const OPENS: &[u8] = b"<meta";
    const CHARSET: &[u8] = b"charset";
    let is = |at: usize, name: &[u8]| {
        text.as_bytes().get(at..at + name.len()).is_some_and(|bytes| bytes.eq_ignore_ascii_case(name))
    };
    let mut out = String::new();
    let mut copied = 0;
    let mut at = 0;
    while let Some(next) = text[at..].find('<') {
        let open = at + next;
        at = open + 1;
        if !is(open, OPENS) {
            continue;
        }
        let close = text[open..].find('>').map_or(text.len(), |length| open + length);
        for found in (open..close).filter(|&found| is(found, CHARSET)) {
            out.push_str(&text[copied..found]);
            out.push_str("_______");
            copied = found + CHARSET.len();
        }
        at = close;
    }
    if copied == 0 {
        return Cow::Borrowed(text);
    }
    out.push_str(&text[copied..]);
    Cow::Owned(out)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_charset_panics() {
        let text = |tree: &Html| tree.root_element().text().collect::<String>();
        for meta in [
            "<meta http-equiv=\"Content-Type\" content=\"text/html; charset\">",
            "<META HTTP-EQUIV=content-type CONTENT='text/html; CHARSET  '>",
            "<meta http-equiv=content-type content=charset>",
            "<meta http-equiv=content-type content=\"a > charset\">",
            "<meta http-equiv=content-type content=\"char&#115;et\">",
            "<meta charset=\"utf-8\">",
            "<meta charset",
            "é<meta é charset=é>",
        ] {
            let page = format!("<p>The charset</p>{meta}<p>of the port.</p>");
            for tree in [document(&page), fragment(&page)] {
                assert!(text(&tree).contains("The charset") || text(&tree).is_empty(), "{meta}");
            }
            assert_eq!(without_charset(&page).len(), page.len(), "{meta}");
        }
        assert_eq!(text(&fragment("<meta charset='x'>A <b>charset</b>")), "A charset");
    }
}
