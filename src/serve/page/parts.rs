//! Pieces that several pages have: numbers, dates, facts, marked texts.

use maud::{Markup, html};

use crate::model::{Article, PublishedFrom};
use crate::search::Mark;

/// A number with its thousands apart.
pub(super) fn number(value: u64) -> String {
    let digits = value.to_string();
    let mut out = String::with_capacity(digits.len() + digits.len() / 3);
    for (i, digit) in digits.chars().enumerate() {
        if i > 0 && (digits.len() - i).is_multiple_of(3) {
            out.push(',');
        }
        out.push(digit);
    }
    out
}

/// A number of articles, of which the noun is read out and not shown.
pub(super) fn of_articles(value: u64) -> Markup {
    html! { span.n { (number(value)) span.unseen { @if value == 1 { " article" } @else { " articles" } } } }
}

/// A number and what it is of.
pub(super) fn counted(value: u64, one: &str) -> String {
    format!("{} {one}{}", number(value), if value == 1 { "" } else { "s" })
}

const MONTHS: [&str; 12] = [
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
];

/// A date in words, to the precision that is known: `12 September 2023`, `September 2023`, `2023`.
pub(super) fn date(iso: &str) -> String {
    let day = iso.split('T').next().unwrap_or(iso);
    let parts: Vec<&str> = day.split('-').collect();
    let month = |text: &str| text.parse::<usize>().ok().and_then(|month| MONTHS.get(month.checked_sub(1)?)).copied();
    match parts[..] {
        [year, one, day] => match (month(one), day.parse::<u8>()) {
            (Some(month), Ok(day)) => format!("{day} {month} {year}"),
            _ => iso.to_string(),
        },
        [year, one] => month(one).map_or_else(|| iso.to_string(), |month| format!("{month} {year}")),
        _ => day.to_string(),
    }
}

/// Where a date was found, in words.
fn origin(from: PublishedFrom) -> &'static str {
    match from {
        PublishedFrom::Metadata => "stated",
        PublishedFrom::Text => "from the text",
        PublishedFrom::Url => "from the address",
        PublishedFrom::Path => "from the path",
    }
}

/// A text in which ranges are marked. With a number, the marks have ids `m7`, counted on from it.
pub(super) fn marked(text: &str, marks: &[Mark], mut next: Option<&mut usize>) -> Markup {
    let mut pieces = Vec::new();
    let mut at = 0;
    for &(start, end) in marks {
        let is_range = start >= at && end > start && end <= text.len();
        if !is_range || !text.is_char_boundary(start) || !text.is_char_boundary(end) {
            continue;
        }
        let id = next.as_mut().map(|next| {
            **next += 1;
            format!("m{next}")
        });
        pieces.push((&text[at..start], id, &text[start..end]));
        at = end;
    }
    html! {
        @for (before, id, mark) in pieces { (before) mark id=[id] { (mark) } }
        (text[at..])
    }
}

/// The title of an article, or what stands for it.
pub(super) fn title(article: &Article) -> &str {
    article.facts.title.as_deref().filter(|title| !title.trim().is_empty()).unwrap_or(&article.path)
}

/// Is a text written from right to left, by its first letter that has a direction?
pub(super) fn is_right_to_left(text: &str) -> bool {
    let strong = text.chars().find(|c| c.is_alphabetic());
    strong.is_some_and(|c| matches!(u32::from(c), 0x0590..=0x08ff | 0xfb1d..=0xfdff | 0xfe70..=0xfeff | 0x10800..=0x10fff | 0x1e800..=0x1efff))
}

/// The direction of the lines under a title, which stand on its side.
pub(super) fn side_of_title(article: &Article) -> Option<&'static str> {
    is_right_to_left(title(article)).then_some("rtl")
}

/// Source, date and its origin, byline, desk.
pub(super) fn facts(article: &Article) -> Markup {
    let facts = &article.facts;
    html! {
        p.facts dir=[side_of_title(article)] {
            @if let Some(source) = &facts.source { bdi { (source) } " " }
            @if let Some(published) = &facts.published {
                time datetime=(published.day()) { bdi { (date(&published.value)) } } " "
                i { bdi { "(" (origin(published.from)) ")" } } " "
            } @else { i { bdi { "no date" } } " " }
            // What separates them stands outside of what may be read from the right.
            @if let Some(byline) = &facts.byline { span { bdi { (byline) } } " " }
            @if let Some(desk) = &facts.desk { span { bdi { (desk) } } }
        }
    }
}

/// The speaker of a text, unless the text itself begins with the name.
pub(super) fn speaker<'a>(speaker: Option<&'a str>, text: &str) -> Option<&'a str> {
    let begins = |speaker: &str| {
        let mut letters = text.trim_start().chars().flat_map(char::to_lowercase);
        speaker.chars().flat_map(char::to_lowercase).all(|c| letters.next() == Some(c))
    };
    speaker.filter(|speaker| !begins(speaker))
}

/// Where an article is: its path, and its record in a file of many.
pub(super) fn place(article: &Article) -> String {
    match &article.record {
        Some(record) => format!("{}#{record}", article.path),
        None => article.path.clone(),
    }
}

/// A link to the web, if the address is one of the web's.
pub(super) fn web_address(url: &str) -> Option<&str> {
    let is_web = url.get(..8).is_some_and(|start| start.eq_ignore_ascii_case("https://"))
        || url.get(..7).is_some_and(|start| start.eq_ignore_ascii_case("http://"));
    (is_web && !url.contains(|c: char| c.is_control() || c.is_whitespace())).then_some(url)
}

/// The language of a text for browsers, if it is known.
pub(super) fn lang(article: &Article) -> Option<&str> {
    article.facts.lang.as_deref()
}

/// Kinds of dates of a form: those of `since` and `until`.
pub(super) fn ends(date: Option<&str>) -> (String, String) {
    let date = date.unwrap_or("");
    let (since, until) = date.split_once("..").unwrap_or((date, date));
    (since.to_string(), until.to_string())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_and_dates_are_written_out() {
        assert_eq!([0, 999, 1_000, 45_531, 1_234_567].map(number), ["0", "999", "1,000", "45,531", "1,234,567"]);
        for (iso, words) in [
            ("2023-09-12T08:00:00Z", "12 September 2023"),
            ("2023-09-01", "1 September 2023"),
            ("2023-09", "September 2023"),
            ("2023", "2023"),
            ("2023-13-40", "2023-13-40"),
        ] {
            assert_eq!(date(iso), words);
        }
    }

    #[test]
    fn a_speaker_is_named_once() {
        for (name, text, shown) in [
            ("MS. LIEN", "MS. LIEN: Agreed.", None),
            ("Ms. Lien", "MS. LIEN: Agreed.", None),
            ("Ms. Lien", "Agreed, Ms. Lien.", Some("Ms. Lien")),
            ("İnci Şahin", "", Some("İnci Şahin")),
            ("מנחה", "מנחה: שלום", None),
        ] {
            assert_eq!(speaker(Some(name), text), shown, "{name}: {text}");
        }
    }

    #[test]
    fn marks_are_set_in_escaped_text() {
        let text = "<b>oil & gas</b>";
        let mut next = 6;
        let markup = marked(text, &[(3, 6), (9, 12), (2, 5), (0, 99)], Some(&mut next)).into_string();
        assert_eq!(markup, "&lt;b&gt;<mark id=\"m7\">oil</mark> &amp; <mark id=\"m8\">gas</mark>&lt;/b&gt;");
        assert_eq!(next, 8);
        assert_eq!(marked("é", &[(0, 1)], None).into_string(), "é");
    }

    #[test]
    fn only_addresses_of_the_web_are_links() {
        for (url, is_link) in [
            ("https://example.com/a", true),
            ("HTTP://example.com", true),
            ("javascript:alert(1)", false),
            ("https://a b", false),
            (" https://example.com", false),
            ("data:text/html,x", false),
            ("//example.com", false),
        ] {
            assert_eq!(web_address(url).is_some(), is_link, "{url}");
        }
    }
}
