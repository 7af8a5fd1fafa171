//! Lists of saved addresses as pages: the bookmark files of browsers and of services that save articles (`<!DOCTYPE
//! NETSCAPE-Bookmark-file-1>`), and lists whose links state when they were saved. Each link is a record.

use memchr::memmem;
use scraper::{ElementRef, Html};
use serde_json::Value;

use super::draft::{Draft, Text};
use super::html::tree;
use super::values;
use crate::text::tidy;

/// The attributes that state when a link was saved.
const SAVED: &[&str] = &["add_date", "time_added", "date_added", "data-time-added"];
/// Bytes within which a file states that it is one of bookmarks.
const HEAD_BYTES: usize = 1_024;

/// The saved addresses of a page, if it lists them. `None` for every other page, of which few are parsed for that.
pub(super) fn drafts(page: &str) -> Option<Vec<Draft>> {
    let head = page.as_bytes()[..page.len().min(HEAD_BYTES)].to_ascii_lowercase();
    let is_stated = memmem::find(&head, b"netscape-bookmark-file").is_some();
    let is_saved = || {
        ["time_added=", "add_date=", "ADD_DATE="]
            .iter()
            .any(|sign| memmem::find(page.as_bytes(), sign.as_bytes()).is_some())
    };
    if !is_stated && !is_saved() {
        return None;
    }
    let tree = tree::document(page);
    let links: Vec<ElementRef<'_>> = links(&tree).collect();
    let dated = links.iter().filter(|link| saved(link).is_some()).count();
    // Links of a page around the list are few.
    if links.is_empty() || !is_stated && dated * 5 < links.len() * 4 {
        return None;
    }
    let drafts: Vec<Draft> = links.into_iter().filter_map(draft).collect();
    (!drafts.is_empty()).then_some(drafts)
}

fn links(tree: &Html) -> impl Iterator<Item = ElementRef<'_>> {
    let elements = tree.root_element().descendants().filter_map(ElementRef::wrap);
    elements.filter(|element| element.value().name() == "a" && element.value().attr("href").is_some())
}

fn saved<'l>(link: &ElementRef<'l>) -> Option<&'l str> {
    SAVED.iter().find_map(|name| link.value().attr(name)).filter(|value| !value.trim().is_empty())
}

fn draft(link: ElementRef<'_>) -> Option<Draft> {
    let mut draft = Draft::default();
    let url = tidy(link.value().attr("href")?);
    if !values::is_address(&url) {
        return None;
    }
    let title = tidy(&link.text().collect::<String>());
    draft.title(Some(if title.is_empty() { url.clone() } else { title }));
    draft.facts.saved = saved(&link).and_then(|time| values::date(&Value::from(time)));
    for word in link.value().attr("tags").into_iter().flat_map(|tags| tags.split(',')) {
        draft.keyword(word);
    }
    draft.facts.url = Some(url);
    draft.text = Text::Bare(description(link).unwrap_or_default());
    Some(draft)
}

/// The description after a link: `<DT><A>...</A><DD>description`.
fn description(link: ElementRef<'_>) -> Option<String> {
    let term = link.ancestors().filter_map(ElementRef::wrap).find(|element| element.value().name() == "dt")?;
    let next = term.next_siblings().filter_map(ElementRef::wrap).next()?;
    if next.value().name() != "dd" {
        return None;
    }
    // A folder after it, which is not closed, lies in the description.
    let own = next.children().take_while(|child| {
        ElementRef::wrap(*child).is_none_or(|element| !["dl", "dt", "h3"].contains(&element.value().name()))
    });
    let text: String = own
        .map(|child| match ElementRef::wrap(child) {
            Some(element) if element.value().name() == "br" => "\n".to_string(),
            Some(element) => element.text().collect(),
            None => child.value().as_text().map(|text| text.to_string()).unwrap_or_default(),
        })
        .collect();
    Some(text.trim().to_string()).filter(|text| !text.is_empty())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn links_that_were_saved_are_records() {
        let browser = "<!DOCTYPE NETSCAPE-Bookmark-file-1>\n<TITLE>Bookmarks</TITLE><H1>Bookmarks</H1><DL><p><DT><H3 ADD_DATE=\"1\">Hafen</H3><DL><p><DT><A HREF=\"https://halden.example/vote\" ADD_DATE=\"1686813518\" TAGS=\"harbour,pay\">Harbour vote &amp; after</A><DD>The board votes.\n<DT><A HREF=\"https://hafen.example/\">Der Hafen</A></DL><p><DT><A HREF=\"javascript:void(0)\">A program</A><DT><A HREF=\"https://halden.example/last\" ADD_DATE=\"1686813519000\"></A></DL>";
        let service = "<!DOCTYPE html><html><body><h1>Unread</h1><ul><li><a href=\"https://halden.example/a\" time_added=\"1688628695\" tags=\"\">Ferries</a></li><li><a href=\"https://halden.example/b\" time_added=\"1688628696\" tags=\"sea\">Crews</a></li></ul></body></html>";
        let page = "<html><body><p>See <a href=\"https://halden.example/a\" add_date=\"5\">this</a>, <a href=\"https://halden.example/b\">that</a>.</p></body></html>";
        let shown = |page: &str| {
            drafts(page).map(|drafts| {
                let of = |draft: &Draft| {
                    let text = match &draft.text {
                        Text::Bare(text) => text.clone(),
                        other => format!("{other:?}"),
                    };
                    let saved = draft.facts.saved.as_ref().map_or("-", |date| date.day()).to_string();
                    [draft.facts.title.clone().unwrap_or_default(), saved, draft.facts.keywords.join("+"), text]
                        .join("|")
                };
                drafts.iter().map(of).collect::<Vec<_>>()
            })
        };
        let expected = [
            "Harbour vote & after|2023-06-15|harbour+pay|The board votes.",
            "Der Hafen|-||",
            "https://halden.example/last|2023-06-15||",
        ];
        assert_eq!(shown(browser).as_deref(), Some(&expected.map(String::from)[..]));
        let expected = ["Ferries|2023-07-06||", "Crews|2023-07-06|sea|"];
        assert_eq!(shown(service).as_deref(), Some(&expected.map(String::from)[..]));
        assert_eq!(shown(page), None);
    }
}
