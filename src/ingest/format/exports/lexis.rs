//! LexisNexis and Nexis Uni, as lines of text.

use super::*;

/// LexisNexis: `1 of 240 DOCUMENTS`, then source, date, title, facts, body, facts, copyright.
pub(super) fn lexis(lines: &[&str]) -> Option<Vec<Draft>> {
    let starts: Vec<usize> = (0..lines.len()).filter(|&at| LEXIS.is_match(lines[at])).collect();
    if starts.is_empty() {
        return None;
    }
    let ends = starts.iter().skip(1).copied().chain([lines.len()]);
    Some(starts.iter().zip(ends).filter_map(|(&start, end)| lexis_story(&lines[start + 1..end])).collect())
}

/// Runs of lines between blank ones.
fn paragraphs<'l>(lines: &[&'l str]) -> Vec<Vec<&'l str>> {
    lines.split(|line| line.trim().is_empty()).filter(|run| !run.is_empty()).map(<[&str]>::to_vec).collect()
}

/// The facts of a run of lines: each begins with a word for what follows.
fn facts_of(run: &[&str]) -> Vec<(Key, String)> {
    let mut out: Vec<(Key, String)> = Vec::new();
    for line in run {
        match (keyed(line), out.last_mut()) {
            (Some((key, value)), _) => out.push((key, value.to_string())),
            (None, Some((_, value))) => *value = format!("{value} {}", line.trim()),
            (None, None) => {}
        }
    }
    out
}

/// Where the front of a story ends: behind the last of its facts, with no long paragraph before it.
fn front_end(runs: &[Vec<&str>]) -> usize {
    const MOST_RUNS: usize = 14;
    const MOST_LINES: usize = 3;
    const MOST_BYTES: usize = 220;
    let short = |run: &Vec<&str>| {
        keyed(run[0]).is_some()
            || run.len() <= MOST_LINES && run.iter().map(|line| line.trim().len()).sum::<usize>() <= MOST_BYTES
    };
    let reach = runs.iter().take(MOST_RUNS).position(|run| !short(run)).unwrap_or(runs.len().min(MOST_RUNS));
    let is_front = |run: &Vec<&str>| keyed(run[0]).is_some_and(|(key, _)| key != Key::Body) && !is_behind_only(run[0]);
    // A body of short paragraphs is no front: facts follow each other, but for a title between them.
    let (mut end, mut since, mut last) = (None, 0, false);
    for (at, run) in runs[..reach].iter().enumerate() {
        if is_front(run) {
            end = Some(at + 1);
            since = 0;
            let word = run[0].trim_start().split(':').next().unwrap_or_default().to_lowercase();
            last |= ["length", "länge", "longueur", "lengte", "dateline"].contains(&word.as_str());
        } else if end.is_some() {
            since += 1;
            // Behind the length at the latest the text begins.
            if since > 1 || last {
                break;
            }
        }
    }
    // Without facts: source, date, title.
    end.unwrap_or_else(|| {
        let dated = runs.iter().take(4).position(|run| run.iter().any(|line| date(line).is_some()));
        let titled = |at: usize| runs[..at].iter().skip(1).any(|run| !is_copyright(run[0]) && !run[0].contains("://"));
        dated.map_or(2, |at| if titled(at) { at + 1 } else { at + 2 }).min(runs.len())
    })
}

/// Does a line name a fact that always stands behind the body?
fn is_behind_only(line: &str) -> bool {
    let word = line.trim_start().split(':').next().unwrap_or_default().to_lowercase();
    [
        "load-date",
        "update",
        "language",
        "sprache",
        "langue",
        "publication-type",
        "zeitungstyp",
        "graphic",
        "journal-code",
        "document-type",
    ]
    .contains(&word.as_str())
}

fn lexis_story(lines: &[&str]) -> Option<Draft> {
    let runs = paragraphs(lines);
    let mut draft = Draft::default();
    let at = front_end(&runs);
    let dated = |run: &[&str]| run.iter().find_map(|line| date(line));
    let centred = |run: &Vec<&str>| run[0].starts_with("          ");
    // `City Final Edition`
    let edition = |run: &Vec<&str>| {
        let words = tidy(&run.join(" ")).to_lowercase();
        words.split(' ').count() <= 6
            && ["edition", "edición", "ausgabe", "édition", "edizione"].iter().any(|word| words.contains(word))
    };
    let plain =
        |run: &&Vec<&str>| keyed(run[0]).is_none() && !is_copyright(run[0]) && (dated(run).is_some() || !edition(run));
    let lines: Vec<&Vec<&str>> = runs[..at].iter().filter(plain).collect();
    draft.source(lines.first().map(|run| tidy(run[0])));
    draft.facts.published = lines.iter().find_map(|run| dated(run));
    let is_title = |run: &&&Vec<&str>| dated(run).is_none() && !run[0].contains("://");
    let rest: Vec<&Vec<&str>> = lines.iter().skip(1).filter(is_title).copied().collect();
    for (key, value) in runs[..at].iter().flat_map(|run| facts_of(run)) {
        note(&mut draft, key, &value);
    }
    let title = rest.iter().find(|run| !centred(run)).or(rest.first());
    draft.title(title.map(|run| tidy(&run.join(" "))));
    let mut rest = &runs[at.min(runs.len())..];
    if let Some(run) = rest.first().filter(|run| matches!(keyed(run[0]), Some((Key::Body, _)))) {
        let value = keyed(run[0]).map_or("", |(_, value)| value);
        if value.is_empty() && run.len() == 1 {
            rest = &rest[1..];
        }
    }
    // What stands behind the body are facts and copyright, up to the end: it is looked for from there, since interviews
    // have lines that begin like facts.
    let is_behind = |run: &Vec<&str>| {
        is_copyright(run[0]) || keyed(run[0]).is_some() && is_tail(run[0]) || run[0].starts_with("          ")
    };
    let body_end = rest.iter().rposition(|run| !is_behind(run)).map_or(0, |last| last + 1);
    for (key, value) in rest[body_end..].iter().filter(|run| !is_copyright(run[0])).flat_map(|run| facts_of(run)) {
        note(&mut draft, key, &value);
    }
    let body: Vec<String> = rest[..body_end].iter().map(|run| run.join("\n")).collect();
    draft.text = Text::Bare(body.join("\n\n"));
    (draft.has_text() || draft.facts.title.is_some()).then_some(draft)
}

fn is_tail(line: &str) -> bool {
    let word = line.split(':').next().unwrap_or_default();
    word.chars().any(char::is_alphabetic) && !word.chars().any(char::is_lowercase)
        || word.to_lowercase().starts_with("load-date")
}

/// Nexis Uni: title, source, date, copyright, facts, `Body`, text, `End of Document`.
pub(super) fn nexis(lines: &[&str]) -> Option<Vec<Draft>> {
    let ends: Vec<usize> = (0..lines.len()).filter(|&at| lines[at].trim() == "End of Document").collect();
    if ends.is_empty() {
        return None;
    }
    let starts = std::iter::once(0).chain(ends.iter().map(|end| end + 1));
    Some(starts.zip(&ends).filter_map(|(start, &end)| nexis_story(&lines[start..end])).collect())
}

fn nexis_story(lines: &[&str]) -> Option<Draft> {
    let full: Vec<&str> = lines.iter().copied().filter(|line| !line.trim().is_empty()).collect();
    // The date stands above the copyright; what is above the date is source and title.
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
            note(&mut draft, key, value);
        }
    }
    let mut text = Vec::new();
    let mut ended = false;
    for line in &full[(body_at + 1).min(full.len())..] {
        match keyed(line) {
            Some((key, value)) if is_tail(line) || ended => {
                ended = true;
                note(&mut draft, key, value);
            }
            _ if line.trim() == "Classification" || line.trim() == "Graphic" => ended = true,
            _ if !ended => text.push(tidy(line)),
            _ => {}
        }
    }
    draft.text = Text::Bare(text.join("\n\n"));
    draft.has_text().then_some(draft)
}

/// A story without a date that can be read: its first line, and all the others.
fn undated(full: &[&str]) -> Option<Draft> {
    let mut draft = Draft::default();
    draft.title(full.first().map(|line| tidy(line)));
    draft.text = Text::Bare(full.iter().skip(1).map(|line| tidy(line)).collect::<Vec<_>>().join("\n\n"));
    draft.has_text().then_some(draft)
}
