//! Clippings of the Austrian press agency's managers.

use super::*;

/// Clippings of APA: name and date, perhaps the desk, title, text.
pub(super) fn apa(lines: &[Line<'_>]) -> Option<Vec<Draft>> {
    let starts: Vec<usize> = (0..lines.len()).filter(|&at| APA.is_match(lines[at].text)).collect();
    // An article may quote such a line; an export begins with one, or has many.
    let first = lines.iter().position(|line| !line.text.trim().is_empty());
    if starts.first().is_none_or(|start| Some(*start) != first && starts.len() < 3) {
        return None;
    }
    let ends = starts.iter().skip(1).copied().chain([lines.len()]);
    Some(starts.iter().zip(ends).filter_map(|(&start, end)| apa_story(&lines[start..end])).collect())
}

fn apa_story(lines: &[Line<'_>]) -> Option<Draft> {
    let first = APA.captures(lines[0].text)?;
    let mut draft = Draft::default();
    draft.source(first.get(1).map(|name| name.as_str().to_string()));
    draft.facts.published = first.get(2).and_then(|stated| date(stated.as_str()));
    let mut at = 1;
    while let Some(line) = lines.get(at).filter(|line| line.text.trim().is_empty() || keyed(line.text).is_some()) {
        if let Some((key, value)) = keyed(line.text) {
            note(&mut draft, key, value);
        }
        at += 1;
    }
    let rule = |text: &str| text.trim().len() > 10 && text.trim().chars().all(|c| matches!(c, '_' | '*' | '-' | '='));
    let runs: Vec<Vec<Line<'_>>> = lines[at..]
        .split(|line| line.text.trim().is_empty())
        .map(|run| run.iter().filter(|line| !rule(line.text)).copied().collect::<Vec<_>>())
        .filter(|run| !run.is_empty())
        .collect();
    let desk = draft.facts.desk.clone().unwrap_or_default();
    let title_at = title_run(&runs, &desk);
    let mut body: Vec<String> = Vec::new();
    // What stands above the title, but for the names of editions, is a line over it.
    let above = runs.iter().take(title_at).flatten().map(|line| tidy(line.text));
    body.extend(above.filter(|line| !is_edition(line, &desk)));
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

/// So many runs of lines may stand between title and byline.
const MOST_ABOVE_BYLINE: usize = 3;

/// Which run of lines is the title: the first in bold, with nothing but short lines above it; where nothing is bold, the
/// first that names more than an edition.
fn title_run(runs: &[Vec<Line<'_>>], desk: &str) -> usize {
    const MOST_ABOVE: usize = 5;
    const MOST_BYTES: usize = 160;
    let bold = runs.iter().take(MOST_ABOVE + 1).position(|run| run[0].bold);
    let short = |run: &Vec<Line<'_>>| run.iter().map(|line| line.text.trim().len()).sum::<usize>() <= MOST_BYTES;
    bold.filter(|&at| runs[..at].iter().all(short))
        .or_else(|| runs.iter().position(|run| !is_edition(&tidy(run[0].text), desk)))
        .unwrap_or(0)
}

/// How many lines of a run are its title: those in bold, or all of a few short ones before a blank line.
fn title_lines(run: &[Line<'_>], more: bool) -> usize {
    const MOST_LINES: usize = 3;
    const MOST_BYTES: usize = 220;
    if run[0].bold {
        return run.iter().take_while(|line| line.bold).count();
    }
    let bytes: usize = run.iter().map(|line| line.text.trim().len()).sum();
    if more && run.len() <= MOST_LINES && bytes <= MOST_BYTES { run.len() } else { 1 }
}

/// Does a line name editions or the parts of the country that they are for, the desk, or the writer's sign?
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
    let sign = line.chars().count() <= 3 && !line.contains(' ');
    sign || fold_value(line) == fold_value(desk) || words.peek().is_some() && words.all(known)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Lines as documents have them; a star begins a bold one.
    fn read(text: &str) -> Vec<Draft> {
        let line = |line: &'static str| Line { text: line.trim_start_matches('*'), bold: line.starts_with('*') };
        let text: &'static str = text.to_string().leak();
        apa(&text.lines().map(line).collect::<Vec<_>>()).unwrap_or_default()
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
        // What stands below the masthead; title, byline, text.
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
