//! What fields and lines of Factiva state, in text as in pages.

use crate::ingest::format::draft::Draft;
use crate::ingest::format::exports::lines::{bare_name, date, opened_byline};

/// Removes the byline from the first paragraphs, if no field states one: `Von Mara Lind` at the top or below the lead, or
/// a bare name between a short lead and the first long paragraph.
pub(super) fn take_byline(body: &mut Vec<String>, draft: &mut Draft) {
    /// Number of paragraphs that may precede it.
    const MOST_ABOVE: usize = 3;
    const LEAD_BYTES: usize = 600;
    const LONG_BYTES: usize = 80;
    if draft.facts.byline.is_some() {
        return;
    }
    let whole = body.join("\n");
    let lead = |at: &usize| body[..*at].iter().all(|line| line.len() <= LEAD_BYTES);
    let found = (0..body.len().saturating_sub(1).min(MOST_ABOVE + 1)).filter(lead).find_map(|at| {
        if let Some(name) = opened_byline(&body[at]) {
            return Some((at, name, None));
        }
        // One line, an overline, may lie between name and text.
        let followed = body[at + 1..].iter().take(2).any(|line| line.len() >= LONG_BYTES);
        // After a lead the line may be a heading; of three words, headings are more frequent than names.
        let long = |name: &str| at >= MOST_ABOVE - 1 && name.split(' ').count() > 2 && !name.contains(['.', ',']);
        let joined = |name: &str| name.split(' ').any(|word| word.starts_with(char::is_lowercase));
        let (name, place) =
            bare_name(&body[at], &whole).filter(|(name, _)| followed && (!long(name) || joined(name)))?;
        Some((at, name, place))
    });
    if let Some((at, name, place)) = found {
        body.remove(at);
        draft.byline(Some(name));
        draft.facts.dateline = draft.facts.dateline.take().or(place);
    }
}

/// Sets the fact that a field states.
pub(super) fn apply_field(code: &str, value: &str, draft: &mut Draft) {
    let value = value.to_string();
    match code {
        "HD" => _ = draft.title(Some(value)),
        "BY" | "AU" => _ = draft.byline(Some(value)),
        "PD" => draft.facts.published = draft.facts.published.take().or_else(|| date(&value)),
        "SN" => _ = draft.source(Some(value)),
        "SE" => draft.facts.desk = Some(value),
        "LA" => _ = draft.lang(Some(&value)),
        "AN" => draft.id = draft.id.take().or_else(|| value.split_whitespace().last().map(str::to_string)),
        "NS" | "RE" => {
            value.split('|').filter_map(|part| part.split(" : ").nth(1)).for_each(|word| draft.keyword(word));
        }
        "CR" | "CX" => draft.notes.push(value),
        _ => {}
    }
}

/// Sets the facts of the lines from the date on: date, perhaps time and page, newspaper.
pub(super) fn apply_dated_lines(lines: &[String], draft: &mut Draft) {
    draft.facts.published = lines.first().and_then(|line| date(line));
    let clock = |line: &&String| line.len() < 12 && line.contains(':');
    draft.source(lines.iter().skip(1).find(|line| !clock(line)).cloned());
}

/// `553 words`
pub(super) fn is_word_count(line: &str) -> bool {
    let mut words = line.split_whitespace();
    let number =
        words.next().is_some_and(|word| word.bytes().all(|byte| byte.is_ascii_digit() || byte == b',' || byte == b'.'));
    number && words.next().is_some() && words.next().is_none()
}

#[cfg(test)]
mod tests {
    use super::*;

    const LONG: &str = "Dockers at the port of Halden walked out on Monday after talks about pay and hours had failed.";

    #[test]
    fn names_in_the_text_are_bylines() {
        let lead = "Harbour The talks had gone on for weeks";
        for (body, byline, dateline, left) in [
            (vec!["Von Mara Lind", LONG], Some("Mara Lind"), None, 1),
            (vec![lead, "Mara Lind", LONG], Some("Mara Lind"), None, 2),
            (vec![lead, lead, "Mara Lind, Halden", LONG], Some("Mara Lind"), Some("Halden"), 3),
            (vec![lead, "Mara Lind und Ole Berg", LONG], Some("Mara Lind und Ole Berg"), None, 2),
            (vec!["Mara Lind", "Our Harbour", LONG], Some("Mara Lind"), None, 2),
            // Headings: words that the text has in small letters, articles, no long paragraph after it.
            (vec![lead, "Weeks Gone", LONG], None, None, 3),
            (vec![lead, "In Brief", LONG], None, None, 3),
            (vec![lead, lead, "Northern Halden Practice", LONG], None, None, 4),
            (vec![lead, lead, "Mara J. Lind", LONG], Some("Mara J. Lind"), None, 3),
            (vec![lead, "Mara Lind", "Yes?"], None, None, 3),
            (vec![LONG, LONG, LONG, LONG, "Mara Lind", LONG], None, None, 6),
        ] {
            let mut draft = Draft::default();
            let mut lines: Vec<String> = body.iter().map(|line| (*line).to_string()).collect();
            take_byline(&mut lines, &mut draft);
            assert_eq!(draft.facts.byline.as_deref(), byline, "{body:?}");
            assert_eq!(draft.facts.dateline.as_deref(), dateline, "{body:?}");
            assert_eq!(lines.len(), left, "{body:?}");
        }
    }
}
