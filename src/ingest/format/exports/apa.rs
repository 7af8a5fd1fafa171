//! Clippings of the Austrian press agency's managers.

use super::*;

/// Clippings of APA: name and date, perhaps the desk, title, text.
pub(super) fn apa(lines: &[&str]) -> Option<Vec<Draft>> {
    let starts: Vec<usize> = (0..lines.len()).filter(|&at| APA.is_match(lines[at])).collect();
    // An article may quote such a line; an export begins with one, or has many.
    let first = lines.iter().position(|line| !line.trim().is_empty());
    if starts.first().is_none_or(|start| Some(*start) != first && starts.len() < 3) {
        return None;
    }
    let ends = starts.iter().skip(1).copied().chain([lines.len()]);
    Some(starts.iter().zip(ends).filter_map(|(&start, end)| apa_story(&lines[start..end])).collect())
}

fn apa_story(lines: &[&str]) -> Option<Draft> {
    let first = APA.captures(lines[0])?;
    let mut draft = Draft::default();
    draft.source(first.get(1).map(|name| name.as_str().to_string()));
    draft.facts.published = first.get(2).and_then(|stated| date(stated.as_str()));
    let rule = |line: &&&str| line.trim().len() > 10 && line.trim().chars().all(|c| matches!(c, '_' | '*' | '-' | '='));
    let mut body: Vec<String> = Vec::new();
    for line in lines[1..].iter().filter(|line| !line.trim().is_empty() && !rule(line)) {
        match keyed(line) {
            Some((key, value)) if body.is_empty() => note(&mut draft, key, value),
            _ if draft.facts.title.is_none() => _ = draft.title(Some(tidy(line))),
            _ => body.push(tidy(line)),
        }
    }
    draft.text = Text::Bare(body.join("\n\n"));
    (draft.has_text() || draft.facts.title.is_some()).then_some(draft)
}
