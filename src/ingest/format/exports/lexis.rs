//! LexisNexis, as lines of text: `1 of 240 DOCUMENTS`, then copyright, source, date, title, facts, body, more facts.

mod front;
#[cfg(feature = "pages")]
pub(super) mod page;
pub(super) mod runs;

use std::sync::LazyLock;

use regex::Regex;

use super::labels::{Key, apply, labelled};
use super::lines::is_copyright;
use super::pattern::regex;
use crate::ingest::format::draft::{Draft, Text, first_date};
use crate::text::tidy;
use front::{apply_front, apply_head};
use runs::{
    day_of, facts_of, has_capital_label, is_bare_label, is_body_label, is_centred, is_dated, is_label, is_length,
    is_season, is_tail_label,
};

/// `3 of 240 DOCUMENTS`, `Dokument 3 von 240`, `3 de 240 DOCUMENTS`.
static COUNT: LazyLock<Regex> = LazyLock::new(|| {
    regex(
        r"^\s*(?:(?:Document|Dokument|DOCUMENT|DOKUMENT|Documento)\s+\d+\s+(?:of|von|de|di|van)\s+\d+|\d+\s+(?:of|von|de|di|van)\s+\d+\s+(?:DOCUMENTS?|DOKUMENTEN?|DOCUMENTOS|DOCUMENTI|DOCUMENTEN))\s*$",
    )
});

/// Does the line count the stories of the export?
pub(super) fn is_count(line: &str) -> bool {
    COUNT.is_match(line)
}

/// The stories of an export, which begin after their counts.
pub(super) fn stories(lines: &[&str]) -> Option<Vec<Draft>> {
    let starts: Vec<usize> = (0..lines.len()).filter(|&at| is_count(lines[at])).collect();
    if starts.is_empty() {
        return None;
    }
    let ends = starts.iter().skip(1).copied().chain([lines.len()]);
    Some(starts.iter().zip(ends).filter_map(|(&start, end)| story(&lines[start + 1..end])).collect())
}

/// Does the line state the length of a story that may stand alone, without a count?
pub(super) fn is_length_label(line: &str) -> bool {
    const LABELS: &[&str] = &["LENGTH", "LÄNGE", "LAENGE", "LONGUEUR", "LENGTE", "LONGITUD", "LUNGHEZZA"];
    labelled(line)
        .is_some_and(|(word, value)| LABELS.contains(&word) && value.starts_with(|c: char| c.is_ascii_digit()))
}

/// Stories that are not counted, as when one is delivered alone: each states its length above its text, and other facts
/// below. Stories that follow each other begin after the facts of the one before.
pub(super) fn uncounted(lines: &[&str]) -> Option<Vec<Draft>> {
    let lengths: Vec<usize> = (0..lines.len()).filter(|&at| is_length_label(lines[at])).collect();
    let is_tail = |line: &str| has_capital_label(line) && is_tail_label(line);
    let first = *lengths.first()?;
    if !lines[first..].iter().any(|line| is_tail(line)) {
        return None;
    }
    let starts = lengths.windows(2).filter_map(|pair| {
        let last = (pair[0]..pair[1]).rev().find(|&at| is_tail(lines[at]) || is_copyright(lines[at]))?;
        // The facts of a story and the newspaper of the next have a blank line between them.
        Some((last..pair[1]).find(|&at| lines[at].trim().is_empty()).unwrap_or(last + 1))
    });
    let starts: Vec<usize> = std::iter::once(0).chain(starts).collect();
    let ends = starts.iter().skip(1).copied().chain([lines.len()]);
    let stories: Vec<Draft> = starts.iter().zip(ends).filter_map(|(&start, end)| story(&lines[start..end])).collect();
    // Every story has a day of publication; other texts may look alike.
    stories.iter().all(|story| story.facts.published.is_some()).then_some(stories)
}

fn story(lines: &[&str]) -> Option<Draft> {
    /// Most runs of lines above the date.
    const MOST_HEAD: usize = 8;
    let runs = runs::split(lines);
    let mut draft = Draft::default();
    let labelled = runs.iter().position(|run| is_label(run) && !is_centred(run)).unwrap_or(runs.len());
    let reach = labelled.min(MOST_HEAD);
    let dated = runs[..reach].iter().position(|run| is_dated(run) && !is_copyright(run[0]));
    // Without a date the first line is the newspaper, after which the title may follow.
    let plain = |run: &Vec<&str>| !is_copyright(run[0]);
    let head = dated.or_else(|| runs[..reach].iter().position(plain)).map_or(0, |at| at + 1);
    apply_head(&runs[..head], &mut draft);
    draft.facts.published = dated.and_then(|at| {
        let year = || runs[at].iter().find(|line| is_season(line)).and_then(|line| line.split_whitespace().last());
        day_of(&runs[at]).or_else(|| first_date([year()]))
    });
    let rest = &runs[head..];
    let tail = tail_start(rest);
    let (body, front) = apply_front(&rest[..tail], !rest[tail..].is_empty(), &mut draft);
    let mut text: Vec<String> = body.into_iter().collect();
    text.extend(rest[front..tail].iter().map(|run| run.join("\n")));
    apply_tail(&rest[tail..], &mut text, &mut draft);
    draft.text = Text::Bare(text.join("\n\n"));
    (draft.has_text() || draft.facts.title.is_some()).then_some(draft)
}

/// The position of the first fact after the body. Searched from the end, since lines of interviews have the form of facts.
fn tail_start(runs: &[Vec<&str>]) -> usize {
    let is_in_tail = |at: usize| {
        let run = &runs[at];
        is_copyright(run[0])
            || is_label(run) && !is_body_label(run)
            || is_length(run)
            || run[0].starts_with("          ")
            || at.checked_sub(1).is_some_and(|above| is_bare_label(&runs[above]))
                && runs[..at - 1].iter().any(|run| is_tail_label(run[0]))
    };
    (0..runs.len()).rev().find(|&at| !is_in_tail(at)).map_or(0, |last| last + 1)
}

/// Sets the facts after the body.
fn apply_tail(runs: &[Vec<&str>], text: &mut Vec<String>, draft: &mut Draft) {
    let mut at = 0;
    while let Some(run) = runs.get(at) {
        at += 1;
        if is_copyright(run[0]) {
            continue;
        }
        // The next run may hold the value of a label.
        let below = runs.get(at).filter(|below| is_bare_label(run) && !is_label(below) && !is_centred(below));
        let mut whole = run.clone();
        if let Some(below) = below {
            whole.extend(below);
            at += 1;
        }
        for (key, value) in facts_of(&whole) {
            // The text of a story that consists of a picture is its caption.
            let is_caption = key == Key::Other && text.is_empty() && run[0].to_lowercase().starts_with("gra");
            if is_caption {
                text.push(tidy(&value));
            }
            apply(draft, key, &value);
        }
    }
}

#[cfg(test)]
pub(super) fn build_tables() {
    LazyLock::force(&COUNT);
    runs::build_tables();
}

#[cfg(test)]
mod tests {
    use super::*;

    const PROSE: &str = "Dockers at the port of Halden walked out on Monday after talks about pay and hours\nhad failed, the union said. The ferries sail again when both sides have met and\nagreed on what a week is.";

    /// Reads the lines below the count, separated by `|`; `#` is prose, `>` begins a centred line.
    fn story(lines: &str) -> Draft {
        let line = |line: &str| match line.strip_prefix('>') {
            Some(centred) => format!("{}{centred}", " ".repeat(30)),
            None => line.replace('#', PROSE),
        };
        let text = lines.split('|').map(line).collect::<Vec<_>>().join("\n");
        let text = format!("{}1 of 9 DOCUMENTS\n\n{text}", " ".repeat(30));
        stories(&text.lines().collect::<Vec<_>>()).expect("an export").pop().expect("a story")
    }

    fn bare(draft: &Draft) -> String {
        match &draft.text {
            Text::Bare(text) => text.replace(PROSE, "#"),
            other => format!("{other:?}"),
        }
    }

    #[test]
    fn labels_on_both_sides_of_the_body() {
        for (lines, title, byline, text) in [
            (
                ">Courier||>May 8, 2003||A title||SECTION: Sea||LENGTH: 90 words||#||LOAD-DATE: May 9, 2003",
                "A title",
                None,
                "#",
            ),
            ("A title||>May 8, 2003||#||LENGTH: 90 words||LOAD-DATE: May 9, 2003", "-", None, "#"),
            (">Courier||A title||>May 8, 2003||#||LENGTH: 90 words||LOAD-DATE: May 9, 2003", "A title", None, "#"),
            (
                ">Courier||A title||>May 8, 2003||#||#||SECTION: Sea||LENGTH: 9 words||LANGUAGE: ENGLISH",
                "A title",
                None,
                "#\n\n#",
            ),
            (
                ">Courier||A title||>May 8, 2003||Short.||LENGTH: 1 word||LOAD-DATE: May 9, 2003",
                "A title",
                None,
                "Short.",
            ),
            (
                ">Courier||A title||>May 8, 2003||PLANNED:||Halden - Talks (Talks)||#||LENGTH: 90 words",
                "A title",
                None,
                "PLANNED:\n\nHalden - Talks (Talks)\n\n#",
            ),
            (
                ">Courier||A title||>May 8, 2003||DATELINE: Halden||#||LENGTH: 90 words||LOAD-DATE: May 9, 2003",
                "A title",
                None,
                "#",
            ),
            (
                ">Courier||A title||>May 8, 2003||Mara Lind||DATELINE: Halden||#||LENGTH: 90 words",
                "A title",
                Some("Mara Lind"),
                "#",
            ),
            (
                ">Courier||>May 8, 2003||A title that goes on|and on over many lines|and on||SECTION: Sea||LENGTH: 90 words||#",
                "A title that goes on and on over many lines and on",
                None,
                "#",
            ),
            (">Courier||>May 8, 2003||SECTION: Sea||LENGTH: 90 words||#||LANGUAGE: ENGLISH", "-", None, "#"),
            // The value of a label may follow below it; if the text has a label, all above it is front.
            (
                ">Courier||>May 8, 2003||TITLE: A title||CHAPEAU:||It says.||ARTICLE:||#||LANGUE: FRENCH",
                "A title",
                None,
                "#",
            ),
            (">Courier||>Summer, 2008||A title||NAME: By Mara Lind||TEXT:||#", "A title", Some("Mara Lind"), "#"),
            ("Courier||http://courier.example/1||3 april 2016 zondag||A title||184 words||#", "A title", None, "#"),
            // Labels within the body are part of it.
            (
                ">Courier||>May 8, 2003||A title||LENGTH: 90 words||#||MARA LIND: Well.||Source: Courier||LOAD-DATE: May 9, 2003",
                "A title",
                None,
                "#\n\nMARA LIND: Well.\n\nSource: Courier",
            ),
            (
                ">Courier||>May 8, 2003||A title||SECTION: Sea||GRAPHIC: A ferry sails.||LANGUAGE: ENGLISH",
                "A title",
                None,
                "A ferry sails.",
            ),
        ] {
            let found = story(lines);
            assert_eq!(found.facts.title.as_deref().unwrap_or("-"), title, "{lines}");
            assert_eq!(found.facts.byline.as_deref(), byline, "{lines}");
            assert_eq!(bare(&found), text, "{lines}");
        }
    }

    #[test]
    fn stories_without_a_count() {
        let story = |source: &str, title: &str| {
            format!(
                "                    {source}\n\n                    May 8, 2003 Thursday\n\n{title}\n\nBYLINE: Mara Lind\n\nLENGTH: 90 words\n\n{PROSE}\n\nLOAD-DATE: May 9, 2003\n\nLANGUAGE: ENGLISH\n\nCopyright 2003 {source}\nAll Rights Reserved\n"
            )
        };
        let one = story("Halden Courier", "A vote");
        let two = format!("{one}\n\n{}", story("Skarvik Post", "A ferry"));
        let other = format!("Notes\n\nLENGTH: 90 m\n\n{PROSE}\n\nLANGUAGE: Norwegian\n");
        for (text, expected) in [
            (one.as_str(), &[("Halden Courier", "A vote")][..]),
            (two.as_str(), &[("Halden Courier", "A vote"), ("Skarvik Post", "A ferry")]),
            (other.as_str(), &[]),
            (PROSE, &[]),
        ] {
            let found = uncounted(&text.lines().collect::<Vec<_>>()).unwrap_or_default();
            let shown: Vec<_> = found
                .iter()
                .map(|draft| {
                    (draft.facts.source.as_deref().unwrap_or("-"), draft.facts.title.as_deref().unwrap_or("-"))
                })
                .collect();
            assert_eq!(shown, expected, "{text}");
            assert!(found.iter().all(|draft| bare(draft) == "#" && draft.facts.byline.as_deref() == Some("Mara Lind")));
        }
    }

    #[test]
    fn lines_above_the_date() {
        // Source, title, date.
        for (lines, source, title, published) in [
            (
                ">Courier|| No Courier material may be republished without permission|>of the Courier, Inc.||>May 8, 2003||LENGTH: 9 words||#",
                "Courier",
                None,
                "2003-05-08",
            ),
            (
                "Courier||Prepared by an agency, which takes sole responsibility for accuracy of transcription.||May 8, 2003||SHOW: Talk||A title||LENGTH: 9 words||#",
                "Courier",
                Some("A title"),
                "2003-05-08",
            ),
            (
                ">Courier||>May 8, 2003||>SHOW: Talk||A title||ANCHORS: MARA LIND||LENGTH: 9 words||#",
                "Courier",
                Some("A title"),
                "2003-05-08",
            ),
            (
                ">Copyright 2003 Courier|>Courier||>8 mai 2003||SECTION: Mer||TITLE: A title||#",
                "Courier",
                Some("A title"),
                "2003-05-08",
            ),
            (
                ">Copyright 2003 Courier Ltd., All|>Rights Reserved||>Courier||>May 8, 2003||SECTION: Sea||TITLE: A title||#",
                "Courier",
                Some("A title"),
                "2003-05-08",
            ),
            (
                ">Copyright 2008 Bar|>Review of the Bar||>Summer, 2008||>47-4 Rev. 3||A title||TEXT:||#",
                "Review of the Bar",
                Some("A title"),
                "2008",
            ),
        ] {
            let found = story(lines);
            assert_eq!(found.facts.source.as_deref(), Some(source), "{lines}");
            assert_eq!(found.facts.title.as_deref(), title, "{lines}");
            assert_eq!(found.facts.published.as_ref().map(|date| date.value.as_str()), Some(published), "{lines}");
            assert_eq!(bare(&found), "#", "{lines}");
        }
    }
}
