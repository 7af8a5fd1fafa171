//! Nexis Uni, as lines of text: title, source, date, copyright, facts, `Body`, text, `End of Document`.

use super::labels::{apply, keyed};
use super::lexis::runs::has_capital_label;
use super::lines::{date, is_copyright};
use crate::ingest::format::draft::{Draft, Text};
use crate::text::tidy;

/// Does the line end a story?
pub(super) fn is_end(line: &str) -> bool {
    line.trim() == "End of Document"
}

/// The stories of an export.
pub(super) fn stories(lines: &[&str]) -> Option<Vec<Draft>> {
    let ends: Vec<usize> = (0..lines.len()).filter(|&at| is_end(lines[at])).collect();
    if ends.is_empty() {
        return None;
    }
    let starts = std::iter::once(0).chain(ends.iter().map(|end| end + 1));
    Some(starts.zip(&ends).filter_map(|(start, &end)| story(&lines[start..end])).collect())
}

fn story(lines: &[&str]) -> Option<Draft> {
    // Notices between source and date say what is to be found below.
    let full: Vec<&str> = lines.iter().copied().filter(|line| !line.trim().is_empty() && !is_notice(line)).collect();
    // The lines above the copyright are title, source and date.
    let copyright = full.iter().position(|line| is_copyright(line));
    let body = full.iter().position(|line| matches!(line.trim(), "Body" | "Text" | "Haupttext" | "Corps"));
    let dated = copyright.or(body).and_then(|end| (0..end).rev().take(4).find(|&at| date(full[at]).is_some()));
    let (Some(front_end), Some(dated)) = (copyright.or(body), dated) else { return undated(&full) };
    let mut draft = Draft::default();
    draft.facts.published = date(full[dated]);
    draft.source(dated.checked_sub(1).map(|at| tidy(full[at])));
    draft.title(dated.checked_sub(2).map(|at| tidy(full[at])));
    let body_at = body.unwrap_or(front_end);
    for line in &full[dated + 1..body_at] {
        if let Some((key, value)) = keyed(line) {
            apply(&mut draft, key, value);
        }
    }
    let mut text = Vec::new();
    let mut ended = false;
    for line in &full[(body_at + 1).min(full.len())..] {
        match keyed(line) {
            Some((key, value)) if has_capital_label(line) || ended => {
                ended = true;
                apply(&mut draft, key, value);
            }
            _ if line.trim() == "Classification" || line.trim() == "Graphic" => ended = true,
            _ if !ended => text.push(tidy(line)),
            _ => {}
        }
    }
    draft.text = Text::Bare(text.join("\n\n"));
    draft.has_text().then_some(draft)
}

/// Does the line only say that the story has a correction?
fn is_notice(line: &str) -> bool {
    let line = line.trim().to_lowercase();
    line.len() < 40
        && line.ends_with("appended")
        && ["correction", "clarification", "editor", "note", "amendment"].iter().any(|word| line.contains(word))
}

/// A story without a date: the first line is its title, all others its text.
fn undated(full: &[&str]) -> Option<Draft> {
    let mut draft = Draft::default();
    draft.title(full.first().map(|line| tidy(line)));
    draft.text = Text::Bare(full.iter().skip(1).map(|line| tidy(line)).collect::<Vec<_>>().join("\n\n"));
    draft.has_text().then_some(draft)
}
