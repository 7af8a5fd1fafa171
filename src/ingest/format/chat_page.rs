//! Chats and channels that Telegram exported as pages (`messages.html`): each message is a record, with its author and its
//! time. Messages without a text, such as pictures, are reported as records without one.

use memchr::memmem;
use scraper::{ElementRef, Html};

use super::draft::{Draft, Text};
use super::html;
use crate::model::{Published, PublishedFrom};
use crate::text::tidy;

/// The messages of a page, if it is one of such an export.
pub(super) fn drafts(page: &str) -> Option<Vec<Draft>> {
    let is_export = ["class=\"message default", "class=\"page_header"];
    if !is_export.iter().all(|sign| memmem::find(page.as_bytes(), sign.as_bytes()).is_some()) {
        return None;
    }
    let tree = html::tree::document(page);
    let chat = all(&tree).find(|element| has(*element, "page_header")).and_then(|header| line(header, "text"));
    let mut author: Option<String> = None;
    let mut out = Vec::new();
    for message in all(&tree).filter(|element| has(*element, "message") && !has(*element, "service")) {
        let Some(body) = child(message, "body") else { continue };
        // A message of the author of the one above repeats no name.
        author = child(body, "from_name").map(|name| tidy(&own_text(name))).filter(|name| !name.is_empty()).or(author);
        let id = message.value().attr("id").and_then(|id| id.strip_prefix("message")).map(str::to_string);
        let mut draft = Draft { id, ..Draft::default() };
        draft.byline(author.clone().filter(|author| Some(author) != chat.as_ref()));
        draft.source(chat.clone());
        let time = body.descendants().filter_map(ElementRef::wrap).find(|element| has(*element, "date"));
        draft.facts.published = time.and_then(|time| time.value().attr("title")).and_then(date);
        let texts = body.descendants().filter_map(ElementRef::wrap).filter(|element| has(*element, "text"));
        let markup: Vec<String> = texts.map(|text| format!("<p>{}</p>", text.inner_html())).collect();
        draft.text = Text::Page(html::fragment(&markup.concat()));
        out.push(draft);
    }
    (!out.is_empty()).then_some(out)
}

fn all(tree: &Html) -> impl Iterator<Item = ElementRef<'_>> {
    tree.root_element().descendants().filter_map(ElementRef::wrap)
}

fn has(element: ElementRef<'_>, class: &str) -> bool {
    element.value().classes().any(|name| name == class)
}

fn child<'e>(element: ElementRef<'e>, class: &str) -> Option<ElementRef<'e>> {
    element.children().filter_map(ElementRef::wrap).find(|child| has(*child, class))
}

/// The text of the first descendant with this class, on one line.
fn line(element: ElementRef<'_>, class: &str) -> Option<String> {
    let found = element.descendants().filter_map(ElementRef::wrap).find(|element| has(*element, class))?;
    Some(tidy(&found.text().collect::<String>())).filter(|text| !text.is_empty())
}

/// The text of an element without that of elements in it, such as the time of a forwarded message.
fn own_text(element: ElementRef<'_>) -> String {
    element.children().filter_map(|child| child.value().as_text().map(|text| text.to_string())).collect()
}

/// `10.09.2019 14:23:47`, `10.09.2019 14:23:47 UTC+03:00`.
fn date(title: &str) -> Option<Published> {
    let mut words = title.split_whitespace();
    let day: Vec<&str> = words.next()?.split('.').collect();
    let [day, month, year] = day[..] else { return None };
    let time = words.next().unwrap_or("");
    let zone = words.next().and_then(|zone| zone.strip_prefix("UTC")).unwrap_or("");
    let zone = if zone.is_empty() || zone.contains(':') { zone.to_string() } else { format!("{zone}:00") };
    let stated =
        if time.is_empty() { format!("{year}-{month}-{day}") } else { format!("{year}-{month}-{day}T{time}{zone}") };
    Published::parse(&stated, PublishedFrom::Metadata)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn messages_are_records() {
        let message = |class: &str, id: u32, body: &str| {
            format!("<div class=\"message {class}\" id=\"message{id}\"><div class=\"body\">{body}</div></div>")
        };
        let time = |time: &str| format!("<div class=\"pull_right date details\" title=\"{time}\">\n14:23\n</div>");
        let name = |name: &str| format!("<div class=\"from_name\">\n{name}\n</div>");
        let text = |text: &str| format!("<div class=\"text\">\n{text}\n</div>");
        let page = format!(
            "<html><body><div class=\"page_header\"><div class=\"content\"><div class=\"text bold\">\nHalden Courier\n</div></div></div><div class=\"history\">{}{}{}{}{}</div></body></html>",
            message("service", 0, "<div class=\"text\">2 March 2011</div>"),
            message(
                "default clearfix",
                7,
                &(time("02.03.2011 14:23:47 UTC+01:00")
                    + &name("Halden Courier")
                    + &text("The harbour is shut.<br>Ferries wait.")),
            ),
            message("default clearfix joined", 8, &(time("02.03.2011 14:25:00") + "<div class=\"media_wrap\"></div>")),
            message(
                "default clearfix",
                9,
                &(time("03.03.2011 08:00:00")
                    + &name("Mara")
                    + "<div class=\"forwarded body\">"
                    + &name("Hafen <span class=\"date details\" title=\"1.1.2010 1:00:00\"> 1.1.2010</span>")
                    + &text("Der Hafen ruht.")
                    + "</div>"),
            ),
            message("default clearfix joined", 10, &(time("03.03.2011 08:01:00") + &text("So <b>it</b> is."))),
        );
        let found = drafts(&page).expect("messages");
        let shown: Vec<String> = found
            .iter()
            .map(|draft| {
                let text = match &draft.text {
                    Text::Page(body) => body.lines().collect::<Vec<_>>().join("/"),
                    other => format!("{other:?}"),
                };
                let day = draft.facts.published.as_ref().map_or("-", |date| date.value.as_str());
                [draft.id.as_deref().unwrap_or("-"), draft.facts.byline.as_deref().unwrap_or("-"), day, &text].join("|")
            })
            .collect();
        let expected = [
            "7|-|2011-03-02T14:23:47+01:00|The harbour is shut./Ferries wait.",
            "8|-|2011-03-02T14:25:00|",
            "9|Mara|2011-03-03T08:00:00|Der Hafen ruht.",
            "10|Mara|2011-03-03T08:01:00|So it is.",
        ];
        assert_eq!(shown, expected);
        assert!(found.iter().all(|draft| draft.facts.source.as_deref() == Some("Halden Courier")));
        assert!(drafts("<html><body><div class=\"message default\">A note.</div></body></html>").is_none());
    }
}
