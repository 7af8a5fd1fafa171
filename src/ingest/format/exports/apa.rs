//! Clippings exported by the clipping managers of the Austrian press agency (APA).

use std::sync::LazyLock;

use regex::Regex;

use super::labels::{apply, keyed};
use super::lines::{Line, date, opened_byline};
use super::pattern::regex;
use crate::ingest::format::draft::{Draft, Text};
use crate::text::fold::fold_value;
use crate::text::tidy;

/// `"Kurier" vom 28.12.2017 Seite: 2`, the first line of a clipping.
static MASTHEAD: LazyLock<Regex> = LazyLock::new(|| {
    regex(
        r#"^\s*["„“]([^"„“”]{2,60})["“”]\s+(?:Nr\.?\s*[\d/-]{1,12}\s+)?(?:vom|gefunden am)\s+(\d{1,2}\.\d{1,2}\.\d{4})(?:\s+(\d{1,2}:\d{2})\s*Uhr)?.{0,40}$"#,
    )
});

/// The clippings: newspaper and date, perhaps the desk, title, text.
pub(super) fn stories(lines: &[Line<'_>]) -> Option<Vec<Draft>> {
    let starts: Vec<usize> = (0..lines.len()).filter(|&at| MASTHEAD.is_match(lines[at].text)).collect();
    // An article may quote such a line. An export begins with one, or has at least three.
    let first = lines.iter().position(|line| !line.text.trim().is_empty());
    if starts.first().is_none_or(|start| Some(*start) != first && starts.len() < 3) {
        return None;
    }
    let ends = starts.iter().skip(1).copied().chain([lines.len()]);
    Some(starts.iter().zip(ends).filter_map(|(&start, end)| story(&lines[start..end])).collect())
}

fn story(lines: &[Line<'_>]) -> Option<Draft> {
    let first = MASTHEAD.captures(lines[0].text)?;
    let mut draft = Draft::default();
    draft.source(first.get(1).map(|name| name.as_str().to_string()));
    draft.facts.published = first.get(2).and_then(|stated| date(stated.as_str()));
    let mut at = 1;
    while let Some(line) = lines.get(at).filter(|line| line.text.trim().is_empty() || keyed(line.text).is_some()) {
        if let Some((key, value)) = keyed(line.text) {
            apply(&mut draft, key, value);
        }
        at += 1;
    }
    let rule = |text: &str| text.trim().len() > 10 && text.trim().chars().all(|c| matches!(c, '_' | '*' | '-' | '='));
    let runs: Vec<Vec<Line<'_>>> = lines[at..]
        .split(|line| line.text.trim().is_empty())
        .map(|run| run.iter().filter(|line| !rule(line.text)).copied().collect::<Vec<_>>())
        .filter(|run| !run.is_empty())
        .collect();
    let desk = draft.facts.desk.clone();
    let desk = desk.as_deref().unwrap_or("");
    let title_at = title_run(&runs, desk);
    let mut body: Vec<String> = Vec::new();
    // Lines above the title are an overline, except names of editions.
    let above = runs.iter().take(title_at).flatten().map(|line| tidy(line.text));
    body.extend(above.filter(|line| !is_edition(line, desk)));
    if let Some(run) = runs.get(title_at) {
        let length = title_lines(run, runs.len() > title_at + 1);
        draft.title(Some(run[..length].iter().map(|line| tidy(line.text)).collect::<Vec<_>>().join(" ")));
        body.extend(run[length..].iter().map(|line| tidy(line.text)));
    }
    for (nth, run) in runs.iter().skip(title_at + 1).enumerate() {
        for line in run {
            let line = tidy(line.text);
            match opened_byline(&line).filter(|_| nth < MOST_ABOVE_BYLINE && draft.facts.byline.is_none()) {
                Some(name) => _ = draft.byline(Some(name)),
                None => body.push(line),
            }
        }
    }
    draft.text = Text::Bare(body.join("\n\n"));
    (draft.has_text() || draft.facts.title.is_some()).then_some(draft)
}

/// At most this many runs of lines lie between title and byline.
const MOST_ABOVE_BYLINE: usize = 3;

/// The run of lines that is the title: the first bold one, if all lines above it are short; without bold lines the first
/// that is more than the name of an edition.
fn title_run(runs: &[Vec<Line<'_>>], desk: &str) -> usize {
    const MOST_ABOVE: usize = 5;
    const MOST_BYTES: usize = 160;
    let bold = runs.iter().take(MOST_ABOVE + 1).position(|run| run[0].bold);
    let short = |run: &Vec<Line<'_>>| run.iter().map(|line| line.text.trim().len()).sum::<usize>() <= MOST_BYTES;
    bold.filter(|&at| runs[..at].iter().all(short))
        .or_else(|| runs.iter().position(|run| !is_edition(&tidy(run[0].text), desk)))
        .unwrap_or(0)
}

/// The number of lines of a run that are the title: those in bold, or all of a few short ones that text follows.
fn title_lines(run: &[Line<'_>], has_text: bool) -> usize {
    const MOST_LINES: usize = 3;
    const MOST_BYTES: usize = 220;
    if run[0].bold {
        return run.iter().take_while(|line| line.bold).count();
    }
    let bytes: usize = run.iter().map(|line| line.text.trim().len()).sum();
    if has_text && run.len() <= MOST_LINES && bytes <= MOST_BYTES { run.len() } else { 1 }
}

/// Does a line only name editions, regions they are for, the desk, or the initials of the author?
fn is_edition(line: &str, desk: &str) -> bool {
    const EDITIONS: &[&str] = &[
        "abend",
        "morgen",
        "früh",
        "mittag",
        "nacht",
        "city",
        "land",
        "wi",
        "wien",
        "w",
        "bgld",
        "burgenland",
        "ktn",
        "kärnten",
        "n.ö",
        "nö",
        "noe",
        "cityno",
        "citynö",
        "niederösterreich",
        "o.ö",
        "oö",
        "ooe",
        "oberösterreich",
        "sbg",
        "salzburg",
        "stmk",
        "steiermark",
        "ti",
        "tirol",
        "vbg",
        "vorarlberg",
        "österreich",
    ];
    let folded: Vec<String> = EDITIONS.iter().map(|name| fold_value(name)).collect();
    let known = |word: &str| folded.contains(&fold_value(word));
    let mut words = line.split([',', ' ', '/', '&']).filter(|word| !word.is_empty()).peekable();
    let is_initials = line.chars().count() <= 3 && !line.contains(' ');
    is_initials || fold_value(line) == fold_value(desk) || words.peek().is_some() && words.all(known)
}

#[cfg(test)]
pub(super) fn build_tables() {
    LazyLock::force(&MASTHEAD);
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Reads lines, of which those with a star in front are bold.
    fn read(text: &str) -> Vec<Draft> {
        let line = |line: &'static str| Line { text: line.trim_start_matches('*'), bold: line.starts_with('*') };
        let text: &'static str = text.to_string().leak();
        stories(&text.lines().map(line).collect::<Vec<_>>()).expect("an export")
    }

    #[test]
    fn mastheads_of_all_kinds() {
        for masthead in [
            "\"Haldener Bote\" vom 23.10.2017 Seite: 2",
            "\"Haldener Bote\" vom 23.10.2017 Seite 14",
            "\"Haldener Bote\" Nr. 246 vom 23.10.2017 Seite: L2",
            "\"Haldener Bote\" Nr. 12/17 vom 23.10.2017",
            "\"bote.example\" gefunden am 23.10.2017 10:36 Uhr",
        ] {
            let found =
                read(&format!("{masthead}\n\n*Fähren fahren\n\nSie fahren wieder.\n{masthead}\n\n*Zwei\n\nText."));
            assert_eq!(found.len(), 2, "{masthead}");
            assert_eq!(found[0].facts.published.as_ref().map(|date| date.value.as_str()), Some("2017-10-23"));
        }
    }

    #[test]
    fn titles_and_names() {
        // Lines below the masthead; title, byline, text.
        for (lines, title, byline, text) in [
            ("*Fähren fahren\n*wieder\n\nSie fahren.", "Fähren fahren wieder", None, "Sie fahren."),
            ("Abend, Abend\n\n*Fähren fahren\n\nSie fahren.", "Fähren fahren", None, "Sie fahren."),
            (
                "OOE Morgen\n\nStreit am Hafen:\n\n*Fähren fahren\n\nSie fahren.",
                "Fähren fahren",
                None,
                "Streit am Hafen:\n\nSie fahren.",
            ),
            (
                "Bgld, Ktn, Wi, N.Ö.\n\nFähren fahren\nwieder\n\nSie fahren.",
                "Fähren fahren wieder",
                None,
                "Sie fahren.",
            ),
            ("Ressort: Hafen\n\nHafen\n\nFähren fahren\n\nSie fahren.", "Fähren fahren", None, "Sie fahren."),
            (
                "*Fähren fahren\n\nDie Werft ist fertig.\n\nVON MARA LIND\n\nSie fahren.",
                "Fähren fahren",
                Some("MARA LIND"),
                "Die Werft ist fertig.\n\nSie fahren.",
            ),
            (
                "*Fähren fahren\n\nvon Mara Lind und Ole Berg\n\nSie fahren.",
                "Fähren fahren",
                Some("Mara Lind und Ole Berg"),
                "Sie fahren.",
            ),
        ] {
            let found = read(&format!("\"Haldener Bote\" vom 23.10.2017 Seite: 2\n{lines}")).remove(0);
            assert_eq!(found.facts.title.as_deref(), Some(title), "{lines}");
            assert_eq!(found.facts.byline.as_deref(), byline, "{lines}");
            assert!(matches!(&found.text, Text::Bare(found) if found == text), "{lines}: {:?}", found.text);
        }
    }
}
