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

/// The word in capitals that begins a line, and the rest of the line. `Source: …` in small letters is prose.
fn label(line: &str) -> Option<(Key, &str)> {
    if !is_tail(line) {
        return None;
    }
    let found = KEY.captures(line)?;
    let (word, rest) = (found.get(1)?, found.get(2)?);
    let key = match word.as_str() {
        "TEXT" | "ARTICLE" | "HAUPTTEXT" => Key::Body,
        "NAME" => Key::Byline,
        // It is about the author, and the only words there are on that.
        "BIO" => Key::Note,
        "GRAFIK" | "TRANSCRIPT" | "PUB-TYPE" | "PUB-SUBJECT" | "DATE-CHARGEMENT" | "TYPE-PUBLICATION"
        | "CODE-REVUE" | "VIEW ORIGINAL PAGE" => Key::Other,
        word => key_of(word)?,
    };
    Some((key, rest.as_str().trim()))
}

/// The facts of a run of lines: each begins with a word for what follows.
fn facts_of(run: &[&str]) -> Vec<(Key, String)> {
    let mut out: Vec<(Key, String)> = Vec::new();
    for line in run {
        match (label(line), out.last_mut()) {
            (Some((key, value)), _) => out.push((key, value.to_string())),
            (None, Some((_, value))) => *value = format!("{value} {}", line.trim()),
            (None, None) => {}
        }
    }
    out
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
        "date-chargement",
        "type-publication",
        "code-revue",
        "distribution",
    ]
    .contains(&word.as_str())
}

/// `184 words`, the label missing.
fn is_length(run: &[&str]) -> bool {
    static LENGTH: LazyLock<Regex> = LazyLock::new(|| {
        regex(r"(?i)^\s*[\d.,]{1,7}\s+(?:words?|wörter|woerter|mots|woorden|palabras|parole|palavras|ord)\s*$")
    });
    run.len() == 1 && LENGTH.is_match(run[0])
}

/// Lines in the middle of the page: source, date, edition, notices. The first line of a notice may be a full one.
fn is_centred(run: &[&str]) -> bool {
    run.iter().any(|line| line.starts_with("          "))
}

/// `Summer, 2008`
fn is_season(line: &str) -> bool {
    static SEASON: LazyLock<Regex> = LazyLock::new(|| {
        regex(
            r"(?i)^\s*(?:spring|summer|autumn|fall|winter|frühjahr|frühling|sommer|herbst|printemps|été|automne|hiver),?\s+(?:19|20)\d\d(?:/\d\d)?\s*$",
        )
    });
    SEASON.is_match(line)
}

/// When a run of lines says that it appeared; prose that names a day is too long for that.
fn day_of(run: &[&str]) -> Option<Published> {
    const MOST_BYTES: usize = 60;
    run.iter().filter(|line| line.trim().len() <= MOST_BYTES).find_map(|line| date(line))
}

fn is_dated(run: &[&str]) -> bool {
    run.iter().any(|line| is_season(line)) || day_of(run).is_some()
}

/// Does a run begin with the word for a fact?
fn is_label(run: &[&str]) -> bool {
    label(run[0]).is_some()
}

fn is_body_label(run: &[&str]) -> bool {
    matches!(label(run[0]), Some((Key::Body, _)))
}

/// Could a run be a title or a name? Prose is longer.
fn is_short(run: &[&str]) -> bool {
    const MOST_LINES: usize = 3;
    const MOST_BYTES: usize = 220;
    run.len() <= MOST_LINES && run.iter().map(|line| line.trim().len()).sum::<usize>() <= MOST_BYTES
}

/// `No … material may be republished without the express written permission of …`
fn is_notice(run: &[&str]) -> bool {
    let words = run.join(" ").to_lowercase();
    words.trim_end().ends_with('.')
        && ["republished", "permission of", "sole responsibility", "accuracy of", "rights reserved"]
            .iter()
            .any(|word| words.contains(word))
}

/// `City Final Edition`
fn is_edition(run: &[&str]) -> bool {
    let words = tidy(&run.join(" ")).to_lowercase();
    words.split(' ').count() <= 6
        && ["edition", "edición", "ausgabe", "édition", "edizione"].iter().any(|word| words.contains(word))
}

/// What the lines above the date say: copyright, the newspaper, perhaps the title.
fn lexis_head(head: &[Vec<&str>], draft: &mut Draft) {
    // A line of copyright may share its lines with the newspaper.
    let beside_copyright = |run: &Vec<&str>| {
        let mut rest = run.iter().skip_while(|line| is_copyright(line)).filter(|line| !is_copyright(line));
        let named = rest.clone().map(|line| line.trim()).collect::<Vec<_>>().join(" ");
        (is_copyright(run[0]) && rest.next().is_some() && !named.to_lowercase().ends_with("reserved"))
            .then(|| tidy(&named))
    };
    let plain = |run: &&Vec<&str>| {
        !is_copyright(run[0]) && !is_label(run) && !is_dated(run) && !is_edition(run) && !is_notice(run)
    };
    let mut lines = head.iter().filter(plain);
    let with_date = || {
        let run = head.iter().find(|run| is_dated(run) && !is_copyright(run[0]))?;
        run.first().filter(|line| !is_season(line) && date(line).is_none()).map(|line| tidy(line))
    };
    let first = lines.next();
    // In the middle of the page stands the newspaper; where all lines are alike, the first is it.
    let centred = first.is_some_and(|run| is_centred(run));
    let beside = head.iter().find_map(beside_copyright);
    let named = match (first, beside) {
        (Some(run), Some(beside)) if !is_centred(run) && head.iter().any(|run| is_centred(run)) => {
            // It stands beside the copyright, and this is the title.
            draft.title(Some(tidy(&run.join(" "))));
            Some(beside)
        }
        (Some(run), _) => Some(tidy(run[0])),
        (None, beside) => beside.or_else(with_date),
    };
    draft.source(named);
    let mut left = lines.filter(|run| !(run[0].contains("://") || centred && is_centred(run)));
    draft.title(left.next().map(|run| tidy(&run.join(" "))));
    for run in left {
        say_more(draft, &run.join(" "));
    }
}

/// Adds a line to what stands between title and text.
fn say_more(draft: &mut Draft, line: &str) {
    let line = tidy(line);
    draft.standfirst = Some(match draft.standfirst.take() {
        Some(said) => format!("{said}\n{line}"),
        None => line,
    });
}

fn lexis_story(lines: &[&str]) -> Option<Draft> {
    /// How many runs of lines stand above the date at most.
    const MOST_HEAD: usize = 8;
    let runs = paragraphs(lines);
    let mut draft = Draft::default();
    let labelled = runs.iter().position(|run| is_label(run) && !is_centred(run)).unwrap_or(runs.len());
    let reach = labelled.min(MOST_HEAD).min(runs.len());
    let dated = runs[..reach].iter().position(|run| is_dated(run) && !is_copyright(run[0]));
    // Without a date the newspaper is the first line; the title may follow it.
    let plain = |run: &Vec<&str>| !is_copyright(run[0]);
    let head = dated.map_or_else(|| runs[..reach].iter().position(plain).map_or(0, |at| at + 1), |at| at + 1);
    lexis_head(&runs[..head], &mut draft);
    draft.facts.published = dated.and_then(|at| {
        let year = || runs[at].iter().find(|line| is_season(line)).and_then(|line| line.split_whitespace().last());
        day_of(&runs[at]).or_else(|| first_date([year()]))
    });
    let rest = &runs[head..];
    let tail = tail_start(rest);
    let (body, used) = lexis_front(&rest[..tail], !rest[tail..].is_empty(), &mut draft);
    let mut text: Vec<String> = body.into_iter().collect();
    text.extend(rest[used..tail].iter().map(|run| run.join("\n")));
    let mut at = tail;
    while at < rest.len() {
        let run = &rest[at];
        at += 1;
        if is_copyright(run[0]) {
            continue;
        }
        // The value of a label may stand below it.
        let below =
            is_bare_label(run).then(|| rest.get(at)).flatten().filter(|below| !is_label(below) && !is_centred(below));
        let mut whole = run.clone();
        if let Some(below) = below {
            whole.extend(below);
            at += 1;
        }
        for (key, value) in facts_of(&whole) {
            // A story of nothing but a picture has its caption for text.
            let caption = key == Key::Other && text.is_empty() && run[0].to_lowercase().starts_with("gra");
            if caption {
                text.push(tidy(&value));
            }
            note(&mut draft, key, &value);
        }
    }
    draft.text = Text::Bare(text.join("\n\n"));
    (draft.has_text() || draft.facts.title.is_some()).then_some(draft)
}

/// A label whose value stands below it: `HIGHLIGHT:`.
fn is_bare_label(run: &[&str]) -> bool {
    run.len() == 1 && label(run[0]).is_some_and(|(key, value)| value.is_empty() && key != Key::Body)
}

/// Where the facts behind the body begin. They are looked for from the end, since interviews have lines that begin like
/// facts.
fn tail_start(runs: &[Vec<&str>]) -> usize {
    let is_behind = |at: usize| {
        let run = &runs[at];
        is_copyright(run[0])
            || is_label(run) && !is_body_label(run)
            || is_length(run)
            || run[0].starts_with("          ")
            || at.checked_sub(1).is_some_and(|above| is_bare_label(&runs[above]))
                && runs[..at - 1].iter().any(|run| is_behind_only(run[0]))
    };
    (0..runs.len()).rev().find(|&at| !is_behind(at)).map_or(0, |last| last + 1)
}

/// Reads what stands between date and body: facts, perhaps the title and a name. Gives text that belongs to the body but
/// stands in a line of facts, and how many runs are read.
fn lexis_front(runs: &[Vec<&str>], has_tail: bool, draft: &mut Draft) -> (Option<String>, usize) {
    const MOST_ABOVE_BODY: usize = 20;
    let is_fact = |run: &Vec<&str>| is_length(run) || is_label(run) && !is_body_label(run);
    // Where the body has a label, all that stands above it is front.
    let opening = runs.iter().take(MOST_ABOVE_BODY).position(|run| is_body_label(run));
    let (mut at, mut last, mut facts) = (0, false, false);
    while at < runs.len() {
        let run = &runs[at];
        let next = runs.get(at + 1);
        let above_opening = opening.is_some_and(|opening| at < opening);
        if is_body_label(run) {
            let value = label(run[0]).map_or("", |(_, value)| value);
            let text: Vec<&str> = std::iter::once(value).chain(run[1..].iter().copied()).collect();
            let text = text.join("\n").trim().to_string();
            return (Some(text).filter(|text| !text.is_empty()), at + 1);
        } else if is_length(run) {
            (last, facts) = (true, true);
        } else if is_label(run) && (above_opening || !is_behind_only(run[0])) {
            facts = true;
            let word = run[0].trim_start().split(':').next().unwrap_or_default().to_lowercase();
            last |= ["length", "länge", "longueur", "lengte", "dateline", "ortszeile"].contains(&word.as_str());
            let mut whole = run.clone();
            if is_bare_label(run) {
                let until = if opening.is_some() { runs.len() } else { at + 2 };
                while at + 1 < until.min(runs.len()) && !is_label(&runs[at + 1]) {
                    at += 1;
                    whole.extend(&runs[at]);
                }
            }
            for (key, value) in facts_of(&whole) {
                note(draft, key, &value);
            }
        } else if is_copyright(run[0])
            || is_edition(run) && next.is_none_or(is_fact)
            || run.len() == 1 && (run[0].contains("://") || is_centred(run))
        {
            // `SHOW: …`, the number of an issue, an address, an edition.
        } else if last && !above_opening {
            // Behind the length at the latest the text begins.
            return (None, at);
        } else if draft.facts.title.is_none() && is_title(run, next, facts, has_tail) {
            draft.title(Some(tidy(&run.join(" "))));
        } else if next.is_some_and(is_fact) && is_short(run) && draft.facts.title.is_some() || above_opening {
            // Between title and facts: a name, or a line that says more.
            let line = tidy(&run.join(" "));
            let is_name = line.split(' ').count() <= 5 && !line.ends_with(['.', '!', '?']);
            if is_name && draft.facts.byline.is_none() {
                draft.byline(Some(line));
            } else {
                say_more(draft, &line);
            }
        } else {
            return (None, at);
        }
        at += 1;
    }
    (None, at)
}

/// Is a run below the date the title? One that facts follow is, however long; without facts the first short one.
fn is_title(run: &[&str], next: Option<&Vec<&str>>, facts: bool, has_tail: bool) -> bool {
    const MOST_BYTES: usize = 500;
    let sentence = run.len() > 1 && run.last().is_some_and(|line| line.trim_end().ends_with('.'));
    match next {
        Some(next) if is_length(next) || is_label(next) && !is_body_label(next) => {
            run.iter().map(|line| line.len()).sum::<usize>() <= MOST_BYTES
        }
        Some(_) => !facts && is_short(run) && !sentence,
        // The only text that there is.
        None => has_tail && !facts && is_short(run) && !sentence,
    }
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

#[cfg(test)]
mod tests {
    use super::*;

    const PROSE: &str = "Dockers at the port of Halden walked out on Monday after talks about pay and hours\nhad failed, the union said. The ferries sail again when both sides have met and\nagreed on what a week is.";

    /// The story of what stands below the count, whose lines are separated by `|`; `#` is prose, `>` a line in the middle.
    fn story(lines: &str) -> Draft {
        let line = |line: &str| match line.strip_prefix('>') {
            Some(centred) => format!("{}{centred}", " ".repeat(30)),
            None => line.replace('#', PROSE),
        };
        let text = lines.split('|').map(line).collect::<Vec<_>>().join("\n");
        let text = format!("{}1 of 9 DOCUMENTS\n\n{text}", " ".repeat(30));
        lexis(&text.lines().collect::<Vec<_>>()).expect("an export").pop().expect("a story")
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
            // The value of a label may stand below it; where the text has a label, all above it is front.
            (
                ">Courier||>May 8, 2003||TITLE: A title||CHAPEAU:||It says.||ARTICLE:||#||LANGUE: FRENCH",
                "A title",
                None,
                "#",
            ),
            (">Courier||>Summer, 2008||A title||NAME: By Mara Lind||TEXT:||#", "A title", Some("Mara Lind"), "#"),
            ("Courier||http://courier.example/1||3 april 2016 zondag||A title||184 words||#", "A title", None, "#"),
            // Labels of a body are its own.
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
    fn heads() {
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

    #[test]
    fn pages_are_split_at_their_marks() {
        let start = |nth: usize| format!("<A NAME=\"DOC_ID_{nth}_0\"></A><!-- Hide\n<DOC NUMBER={nth}>\n<DOCFULL> -->");
        let page = format!(
            "<HTML><BODY><P>Cover</P>{}<DIV><P><SPAN>1 of 2 DOCUMENTS</SPAN></P></DIV><DIV><P>Courier</P></DIV><DIV><P>May 8, 2003</P></DIV><DIV><P>A title</P></DIV><DIV><P>LENGTH: 9 words</P></DIV><DIV><P>{PROSE}</P></DIV><DIV><P>LOAD-DATE: May 9, 2003</P></DIV><DIV><P>DISTRIBUTION: All</P></DIV><!-- Hide\n</DOCFULL>\n</DOC> -->{}<DIV><P>We are sorry.</P></DIV></BODY></HTML>",
            start(1),
            start(2)
        );
        let found = crate::ingest::format::exports::page(&page).expect("an export");
        assert_eq!(found.len(), 2);
        assert_eq!(found[0].facts.title.as_deref(), Some("A title"));
        assert_eq!(bare(&found[0]), PROSE.replace('\n', " "));
        assert!(!found[1].has_text() && found[1].facts.title.is_none());
    }
}
