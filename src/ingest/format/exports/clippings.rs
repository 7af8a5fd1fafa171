//! Pages that list clippings: for each a title, a line of newspaper, date and page, perhaps an abstract.

use std::sync::LazyLock;

use memchr::memchr3_iter;
use regex::Regex;

use super::pattern::regex;
use crate::ingest::format::draft::{Draft, Text, first_date};
use crate::ingest::format::html;
use crate::model::Published;

/// A date between strokes.
static DATED: LazyLock<Regex> = LazyLock::new(|| {
    regex(r"[/|·•]\s*(?:<[^<>]{0,200}>\s*){0,4}\d{1,2}[-./]\d{1,2}[-./]\d{4}\s*(?:<[^<>]{0,200}>\s*){0,4}[/|·•]")
});

/// A line of newspaper, date and page: `Halden Courier / 21-06-2013 / page 4`.
struct Masthead {
    source: String,
    published: Published,
}

/// Could a page be such a list? Searches for dates between strokes without parsing the page.
pub(super) fn may_list(page: &str) -> bool {
    // Strokes are frequent in every page, numeric dates are rare: they are searched first.
    let bytes = page.as_bytes();
    let is_digit = |at: usize| bytes.get(at).is_some_and(u8::is_ascii_digit);
    let mut years = memchr3_iter(b'-', b'.', b'/', bytes)
        .filter(|&at| at > 0 && is_digit(at - 1) && (1..=4).all(|digit| is_digit(at + digit)));
    years.nth(LEAST_ENTRIES - 1).is_some() && DATED.find_iter(page).nth(LEAST_ENTRIES - 1).is_some()
}

/// Least number of entries of a list.
const LEAST_ENTRIES: usize = 3;

/// The entries of a list. `None` for an article beside which others are listed.
pub(super) fn stories(page: &str) -> Option<Vec<Draft>> {
    /// Longest abstract.
    const MOST_BYTES: usize = 2_000;
    const TITLE_BYTES: usize = 250;
    const SIGN_BYTES: usize = 3;
    const MOST_SIGNS: usize = 2;
    // These lists are forms, whose text is left out of fragments.
    let shown = ["<form", "<FORM", "<Form"].iter().fold(page.to_string(), |page, tag| page.replace(tag, "<div"));
    let body = html::fragment(&shown);
    let lines: Vec<&str> = body.lines().collect();
    // Single characters that denote a picture or a page may lie between title and masthead.
    let title_above =
        |at: usize| (at.saturating_sub(MOST_SIGNS + 1)..at).rev().find(|&line| lines[line].len() > SIGN_BYTES);
    let mastheads: Vec<(usize, usize, Masthead)> =
        (1..lines.len()).filter_map(|at| Some((title_above(at)?, at, masthead(lines[at])?))).collect();
    let titled = |title: usize| lines[title].len() <= TITLE_BYTES && masthead(lines[title]).is_none();
    let first = mastheads.first()?.0;
    let bytes = |lines: &[&str]| lines.iter().map(|line| line.len()).sum::<usize>();
    let listed = mastheads.len() >= LEAST_ENTRIES
        && mastheads.iter().all(|(title, ..)| titled(*title))
        && bytes(&lines[..first]) < bytes(&lines[first..]);
    if !listed {
        return None;
    }
    let last = mastheads.last()?.1;
    if bytes(&lines[last + 1..]) > MOST_BYTES {
        return None;
    }
    // The page continues after the last entry, which is taken to be as long as the longest other.
    let longest = mastheads.windows(2).map(|pair| pair[1].0 - pair[0].1).max().unwrap_or(1);
    let end = (last + longest).min(lines.len());
    let ends: Vec<usize> = mastheads.iter().skip(1).map(|(title, ..)| *title).chain([end]).collect();
    let mut out = Vec::new();
    for ((title, at, found), end) in mastheads.into_iter().zip(ends) {
        let text = &lines[at + 1..end];
        if bytes(text) > MOST_BYTES {
            return None;
        }
        let mut draft = Draft::default();
        draft.title(Some(lines[title].to_string()));
        draft.source(Some(found.source));
        draft.facts.published = Some(found.published);
        draft.text = Text::Bare(text.join("\n\n"));
        out.push(draft);
    }
    Some(out)
}

/// Parses a line of newspaper, date and page.
fn masthead(line: &str) -> Option<Masthead> {
    const MOST_BYTES: usize = 160;
    const MOST_WORDS: usize = 6;
    if line.len() > MOST_BYTES {
        return None;
    }
    let parts: Vec<&str> =
        line.split([" / ", " | ", " · ", " • "].iter().find(|sign| line.contains(**sign))?).collect();
    let at = parts.iter().position(|part| part.len() <= 20 && first_date([Some(part.trim())]).is_some())?;
    let source = parts.get(at.checked_sub(1)?)?.trim();
    let named = source.split(' ').count() <= MOST_WORDS && source.starts_with(char::is_alphanumeric);
    let published = first_date([Some(parts[at].trim())])?;
    (named && parts.len() > at + 1).then(|| Masthead { source: source.to_string(), published })
}

#[cfg(test)]
pub(super) fn build_tables() {
    LazyLock::force(&DATED);
}

#[cfg(test)]
mod tests {
    use super::*;

    fn page(entries: usize, before: &str, abstract_text: &str) -> String {
        let entry = |nth: usize| {
            format!(
                "<tr><td><a href='/'>Ferry number {nth}</td><td>P</td></tr><tr><td>Own / <span>Halden Courier</span> / <span>2{nth}-06-2013</span> / page {nth} / (Sea)</td></tr><tr><td>{abstract_text}</td></tr>"
            )
        };
        let rows: String = (1..=entries).map(entry).collect();
        format!("<html><body><form><p>{before}</p><table>{rows}</table></form></body></html>")
    }

    #[test]
    fn lists_are_records() {
        let found = stories(&page(4, "Inbox", "The ferry sails again.")).expect("a list");
        assert!(may_list(&page(4, "Inbox", "")));
        assert_eq!(found.len(), 4);
        for (nth, entry) in found.iter().enumerate() {
            assert_eq!(entry.facts.title.as_deref(), Some(format!("Ferry number {}", nth + 1).as_str()));
            assert_eq!(entry.facts.source.as_deref(), Some("Halden Courier"));
            assert_eq!(
                entry.facts.published.as_ref().map(|date| date.value.clone()),
                Some(format!("2013-06-2{}", nth + 1))
            );
            assert!(matches!(&entry.text, Text::Bare(text) if text == "The ferry sails again."), "{:?}", entry.text);
        }
        assert_eq!(stories(&page(3, "Inbox", "")).map(|found| found.len()), Some(3));
        let footer = page(3, "Inbox", "The ferry sails again.").replace("</form>", "</form><p>Log out</p><p>Help</p>");
        let last = stories(&footer).and_then(|mut found| found.pop()).expect("an entry");
        assert!(matches!(&last.text, Text::Bare(text) if text == "The ferry sails again."), "{:?}", last.text);
    }

    #[test]
    fn articles_with_lists_are_none() {
        let article = "Dockers at the port of Halden walked out on Monday. ".repeat(20);
        let followed = page(4, "Inbox", "").replace("</form>", &format!("</form><p>{article}{article}</p>"));
        assert!(stories(&followed).is_none());
        for page in [page(2, "Inbox", ""), page(4, &article, ""), page(4, "Inbox", &article.repeat(3))] {
            assert!(stories(&page).is_none());
        }
        assert!(!may_list("<p>21-06-2013</p> / 22-06-2013 and 23-06-2013"));
    }
}
