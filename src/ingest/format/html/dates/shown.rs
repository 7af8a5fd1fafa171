//! Dates that a page displays: in elements for dates, in its text, in its title.

use super::data::stated;
use super::{Candidate, Kind, Source};
use crate::article::BlockKind;
use crate::article::date::{NumberStyle, find_date};
use crate::ingest::format::html::page::Page;
use crate::ingest::format::html::scan::{Own, Scan};
use crate::text::fold::fold;
use crate::text::tidy;

/// The dates of `time` elements and of elements with a property of dates, in the article's own part.
pub(super) fn elements(scan: &Scan, own: &Own<'_>, style: NumberStyle) -> Vec<Candidate> {
    let mut out = Vec::new();
    for stamp in &scan.stamps {
        if own.is_others(stamp.at) {
            continue;
        }
        let property = stamp.property.as_deref().map(str::to_ascii_lowercase).unwrap_or_default();
        if property.contains("valid") || property.contains("expire") || property.contains("birth") {
            continue;
        }
        let label = label_of(&stamp.text);
        let is_modified = property.contains("modified")
            || label == Some(Kind::Modified)
            || stamp.hint.modified && !stamp.hint.published && label != Some(Kind::Published);
        let above = own.is_above_text(stamp.at);
        let below = own.is_below_text(stamp.at);
        let score = match (property.contains("published"), stamp.hint.published || label.is_some()) {
            (true, _) => 90,
            (_, true) if above => 86,
            _ if above => 80,
            (_, true) if below => 64,
            _ if below => 50,
            // A date in the middle of the text may be any.
            (_, true) => 55,
            _ => 30,
        };
        let kind = if is_modified { Kind::Modified } else { Kind::Published };
        let machine = stated(&stamp.value);
        let shown = find_date(&stamp.text, style).map(|(date, _)| date);
        let place = stamp.element.clone();
        let shown = shown.filter(|shown| machine.as_ref().is_none_or(|date| date.day() != shown.day()));
        // An element that displays another day as that of publication has the day of the last change for machines.
        let is_corrected = label == Some(Kind::Published) && shown.is_some();
        if let Some(date) = machine.clone() {
            let score = if is_corrected { score.min(70) } else { score };
            let (source, place) = (Source::Element, place.clone());
            out.push(Candidate { date, kind, source, score, place, is_shown_value: false });
        }
        if let Some(date) = shown {
            let (source, score) = match machine {
                None => (Source::Element, score - 2),
                Some(_) if is_corrected => (Source::Text, score),
                Some(_) => (Source::Text, score.min(74)),
            };
            let place = format!("the text of {place}");
            out.push(Candidate { date, kind, source, score, place, is_shown_value: true });
        }
    }
    out
}

/// What the words before a date say that it is the date of.
fn label_of(text: &str) -> Option<Kind> {
    const MODIFIED: &[&str] = &[
        "updat",
        "aktualisier",
        "mis a jour",
        "mise a jour",
        "modifi",
        "actualiz",
        "atualiz",
        "aggiorn",
        "oppdater",
        "opdater",
        "uppdater",
        "bijgewerkt",
        "geandert",
        "anderung",
        "обновл",
        "оновл",
        "更新",
        "last edit",
        "last revis",
        "last change",
        "revised",
        "editado",
        "zuletzt",
        "lastmod",
        "stand:",
        "stand ",
        "redigert",
    ];
    const PUBLISHED: &[&str] = &[
        "publi",
        "posted",
        "veroffentlich",
        "pubbl",
        "опублик",
        "发布",
        "發布",
        "publicert",
        "publisert",
        "gepubliceerd",
        "julkaistu",
        "erschienen",
        "erstellt",
        "created",
        "written",
        "geplaatst",
        "opublikowano",
        "vydano",
        "yayin",
        "eingestellt",
        "mise en ligne",
        "mis en ligne",
        "online seit",
        "filed",
        "issued",
        "入力",
        "dato:",
        "datum:",
        "date:",
        "fecha:",
        "data:",
        "submitted",
        "gespeichert",
        "postet",
        "udgivet",
        "published",
    ];
    let folded = fold(text);
    let first = |words: &[&str]| words.iter().filter_map(|word| folded.find(word)).min();
    match (first(MODIFIED), first(PUBLISHED)) {
        (Some(modified), Some(published)) => Some(if published <= modified { Kind::Published } else { Kind::Modified }),
        (Some(_), None) => Some(Kind::Modified),
        (None, Some(_)) => Some(Kind::Published),
        (None, None) => None,
    }
}

/// Dates in displayed text: beside the headline, or directly after the text.
pub(super) fn texts(scan: &Scan, own: &Own<'_>, style: NumberStyle) -> Vec<Candidate> {
    let mut out = Vec::new();
    let tail: Vec<usize> = own.tail().collect();
    let head: Vec<usize> = own.head().collect();
    for (blocks, is_head) in [(&head, true), (&tail, false)] {
        for &block in blocks {
            out.extend(text_date(scan, own, block, is_head, style));
        }
    }
    out
}

/// The date that a block of text states as its own, not as a part of a sentence.
fn text_date(scan: &Scan, own: &Own<'_>, block: usize, is_head: bool, style: NumberStyle) -> Option<Candidate> {
    /// Longest line with a date, and longest beginning of a paragraph with one, in bytes.
    const LINE_BYTES: usize = 160;
    const LEAD_BYTES: usize = 60;
    const MOST_SHOWN: usize = 60;
    let whole = scan.text(block);
    let is_line = whole.len() <= LINE_BYTES;
    let text = if is_line { whole } else { &whole[..whole.floor_char_boundary(LEAD_BYTES)] };
    if !text.bytes().any(|byte| byte.is_ascii_digit()) {
        return None;
    }
    let (date, span) = find_date(text, style)?;
    let hint = scan.around[block].hint;
    let (before, after) = (&text[..span.start], &text[span.end..]);
    if is_of_something_else(before) {
        return None;
    }
    // `19 January 2020 / Updated 8 hours ago`: a change with a time of its own.
    let is_before_change = label_of(after) == Some(Kind::Modified) && after.bytes().any(|byte| byte.is_ascii_digit());
    let label_after = label_of(after).filter(|label| is_line && (*label == Kind::Published || is_before_change));
    let label = label_of(before).or(label_after.map(|_| Kind::Published));
    let letters = |text: &str| text.chars().filter(|c| c.is_alphabetic()).count();
    let words = |text: &str| text.split_whitespace().filter(|word| word.chars().any(char::is_alphabetic)).count();
    let around = letters(before) + letters(after);
    // A word before the day makes it a part of a sentence: "on 3 May 2011", "until 3 May 2011".
    let is_sentence = whole.ends_with(['.', '!', '?']) && words(before) + words(after) > 5;
    let kind = if label == Some(Kind::Modified) || label.is_none() && hint.modified && !hint.published {
        Kind::Modified
    } else {
        Kind::Published
    };
    let is_heading = matches!(scan.body.blocks[block].kind, BlockKind::Heading(_));
    if is_heading && around > 0 && label.is_none() && !(hint.date || hint.published) {
        return None;
    }
    let is_above = block < own.top;
    let mut score = if !is_line {
        // `Hamburg, 2. November 2021 - The text`, `(18.01.2018) The text`: a dateline with its day.
        if words(before) > 3 || label.is_none() && !ends_dateline(&whole[span.end..]) {
            return None;
        }
        58
    } else if is_sentence && label.is_none() {
        return None;
    } else if around == 0 {
        76
    } else if label.is_some() && words(before) <= 8 {
        78
    } else if words(before) + words(after) <= 6 {
        68
    } else if hint.date || hint.author {
        60
    } else {
        46
    };
    if hint.published || hint.date {
        score += 4;
    }
    if is_above {
        // Above the headline stands the date of today as often as the article's, with its day of the week.
        // Words after it are a section or a kind of text, if it is directly above.
        const NEAR: usize = 2;
        let is_kicker = letters(before) == 0 && block + 1 + NEAR >= own.top;
        let is_today =
            around >= 3 && words(before) + words(after) <= 2 && label.is_none() && !hint.published && !is_kicker;
        score -= if is_today { 34 } else { 4 };
    }
    if !is_head {
        score -= if label.is_some() || hint.published { 20 } else { 38 };
    }
    let shown: String = whole.chars().take(MOST_SHOWN).collect();
    let place = format!("the text \u{201c}{shown}\u{201d}");
    Some(Candidate { date, kind, source: Source::Text, score, place, is_shown_value: false })
}

/// Do the words before a date make it that of something else: the end of a range, of a validity, of a visit, or the day on
/// which the writer of a post became a member?
fn is_of_something_else(before: &str) -> bool {
    const WORDS: &[&str] = &[
        "gultig",
        "valid",
        "until",
        "expire",
        "deadline",
        "abgerufen",
        "accessed",
        "retrieved",
        "consulte le",
        "saved",
        "archived",
        "printed",
        "accepted",
        "received",
        "born",
        "geboren",
        "next ",
        "termin",
        "registriert",
        "registered",
        "registrado",
        "registrato",
        "geregistreerd",
        "mitglied seit",
        "dabei seit",
        "member since",
        "joined",
        "inscrit",
        "inscription",
        "miembro desde",
        "membro desde",
        "iscritto",
        "beigetreten",
        "beitritt",
        "medlem siden",
        "medlem sedan",
        "зарегистрирован",
    ];
    let folded = fold(before);
    let is_range = before
        .trim_end()
        .strip_suffix(['-', '–', '—'])
        .is_some_and(|start| start.trim_end().trim_end_matches('.').ends_with(|c: char| c.is_ascii_digit()));
    is_range || WORDS.iter().any(|word| folded.contains(word))
}

/// Is what follows a date the end of a dateline?
fn ends_dateline(rest: &str) -> bool {
    let rest = rest.trim_start_matches([' ', '\u{a0}']);
    rest.starts_with([')', ':', '|', '-', '–', '—', '•', '·', '/']) || rest.starts_with("Uhr")
}

/// A date at the beginning or end of the page's title or in its description.
pub(super) fn title(page: &Page, style: NumberStyle) -> Vec<Candidate> {
    let head = page.elements("title").next().map(|title| (tidy(&title.text("")), "<title>", 48));
    let described = page
        .elements("meta")
        .find(|meta| meta.attr("name").is_some_and(|name| name.eq_ignore_ascii_case("description")));
    let described = described.and_then(|meta| meta.attr("content")).map(|text| (tidy(&text), "the description", 41));
    let dated = |(text, place, score): (String, &str, i32)| {
        const LEAD_BYTES: usize = 60;
        let lead = &text[..text.floor_char_boundary(LEAD_BYTES)];
        let (date, span) = find_date(lead, style)?;
        let words = lead[..span.start].split_whitespace().count();
        let is_edge = span.start == 0 || span.end == text.len() || words <= 2 && place == "the description";
        is_edge.then(|| Candidate {
            date,
            kind: Kind::Published,
            source: Source::Text,
            score,
            place: place.to_string(),
            is_shown_value: false,
        })
    };
    head.into_iter().chain(described).filter_map(dated).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dates_of_something_else() {
        for (before, expected) in [
            ("Woche 14. - ", true),
            ("Unverändert gültig seit: ", true),
            ("Accessed ", true),
            ("Registriert: ", true),
            ("Member since ", true),
            ("Peter Grimm - ", false),
            ("Posted on ", false),
            ("", false),
        ] {
            assert_eq!(is_of_something_else(before), expected, "{before}");
        }
    }
}
