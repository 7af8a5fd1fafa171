//! What databases hand out: LexisNexis and Nexis Uni (as text, page, RTF or DOCX), Factiva (pages and XML), ProQuest
//! (pages, text and mail) and Europresse (pages). Each export holds many stories, between lines of facts.

use std::collections::HashSet;
use std::sync::LazyLock;

use regex::Regex;
use scraper::{ElementRef, Html, Selector};

use super::blocks::{BlockWriter, Body};
use super::draft::{Draft, Text, first_date};
use super::html;
use super::xml::Element;
use crate::article::date::date_line;
use crate::article::front::{date_of_line, tidy, without_opener};
use crate::article::{BlockKind, Published};
use crate::text::fold::fold_value;

/// The stories of a text, if it is an export.
pub(super) fn text(text: &str) -> Option<Vec<Draft>> {
    let lines: Vec<&str> = text.lines().map(|line| line.trim_end_matches(['\r', '\u{c}'])).collect();
    // ProQuest counts its documents too, so it is asked first; it wants a sign of its own.
    [proquest, factiva_text, lexis, nexis, apa]
        .iter()
        .find_map(|read| read(&lines))
        .filter(|stories| !stories.is_empty())
}

/// Could a text be an export? Looks at its beginning only.
pub(super) fn begins(head: &str) -> bool {
    head.lines().take(300).any(|line| {
        LEXIS.is_match(line) || FACTIVA.is_match(line) || line.trim() == "End of Document" || PROQUEST.is_match(line)
    })
}

/// The stories of a page, if it is an export.
pub(super) fn page(page: &str) -> Option<Vec<Draft>> {
    let marked = |sign: &str| page.contains(sign);
    let stories = if marked("articleParagraph") {
        factiva(&Html::parse_document(page))
    } else if marked("DocPublicationName") {
        europresse(&Html::parse_document(page))
    } else if marked("ProQuest document link") || marked("name=\"DocID_") {
        proquest_page(&Html::parse_document(page))
    } else if marked("<DOCFULL>") || marked(" DOCUMENTS</SPAN>") {
        let lines = html::fragment(&page.replace("<DIV", "<p></p><DIV").replace("<div", "<p></p><div"));
        spaced_lines(&lines)
    } else {
        return None;
    };
    Some(stories).filter(|stories| !stories.is_empty())
}

/// Pages of LexisNexis: their blocks as paragraphs of text.
fn spaced_lines(body: &Body) -> Vec<Draft> {
    let blocks: Vec<&str> = body.blocks.iter().map(|block| &body.text[block.span.clone()]).collect();
    let spaced = blocks.join("\n\n");
    lexis(&spaced.lines().collect::<Vec<_>>()).unwrap_or_default()
}

/// `3 of 240 DOCUMENTS`, `Dokument 3 von 240`, `3 de 240 DOCUMENTS`.
static LEXIS: LazyLock<Regex> = LazyLock::new(|| {
    regex(
        r"^\s*(?:(?:Document|Dokument|DOCUMENT|DOKUMENT|Documento)\s+\d+\s+(?:of|von|de|di|van)\s+\d+|\d+\s+(?:of|von|de|di|van)\s+\d+\s+(?:DOCUMENTS?|DOKUMENTEN?|DOCUMENTOS|DOCUMENTI|DOCUMENTEN))\s*$",
    )
});
static PROQUEST: LazyLock<Regex> = LazyLock::new(|| regex(r"^\s*ProQuest document link\s*$"));
/// `Document HALDEN0020230915ej9f00001`, the last line of a story from Factiva; with or without its code.
static FACTIVA: LazyLock<Regex> =
    LazyLock::new(|| regex(r"^\s*(?:AN\s+)?(?:Document|Dokument|Documento)\s+([A-Z0-9]{4,}[a-z0-9]{10,})\s*$"));
/// The code of a field of Factiva, and what it holds.
static FACTIVA_CODE: LazyLock<Regex> = LazyLock::new(|| {
    regex(
        r"^\s*(HD|BY|CR|WC|PD|ET|SN|SC|ED|PG|LA|CY|SE|CLM|LP|TD|CT|RF|CO|IN|NS|RE|IPC|IPD|PUB|AN|ART|VOL)(?:\s{1,}(.*))?$",
    )
});
/// `"Kurier" vom 28.12.2017 Seite: 2`, the first line of a story from APA's managers of clippings.
static APA: LazyLock<Regex> = LazyLock::new(|| {
    regex(
        r#"^\s*["„“]([^"„“”]{2,60})["“”]\s+(?:vom|gefunden am)\s+(\d{1,2}\.\d{1,2}\.\d{4})(?:\s+(\d{1,2}:\d{2})\s*Uhr)?.{0,40}$"#,
    )
});
/// A line that begins with a word for what follows.
static KEY: LazyLock<Regex> = LazyLock::new(|| regex(r"^\s*([\p{Lu}][\p{L}/ -]{2,32}?)\s?:\s*(.*)$"));

/// A pattern of this module's own, which is always valid; one that matches nothing stands for a slip in it.
fn regex(pattern: &str) -> Regex {
    Regex::new(pattern).unwrap_or_else(|_| Regex::new("^\\b$").unwrap_or_else(|_| unreachable!("a valid pattern")))
}

/// What the word before a colon says of the line.
#[derive(Clone, Copy, PartialEq, Debug)]
enum Key {
    Title,
    Byline,
    Source,
    Desk,
    Date,
    Language,
    Dateline,
    Standfirst,
    Keywords,
    Url,
    Id,
    Body,
    Note,
    Other,
}

fn key_of(word: &str) -> Option<Key> {
    Some(match fold_value(word).as_str() {
        "headline" | "titre" | "titel" | "title" | "titulo" => Key::Title,
        "byline" | "autor" | "auteur" | "author" | "authors" | "by line" | "by-line" | "signature" => Key::Byline,
        "publication title" | "source" | "bron" | "quelle" | "publication" => Key::Source,
        "section" | "rubrik" | "ressort" | "rubrique" | "seccion" | "rubriek" | "sectie" => Key::Desk,
        "publication date" | "date" | "datum" | "fecha" => Key::Date,
        "language" | "sprache" | "langue" | "taal" | "idioma" | "language of publication" => Key::Language,
        "dateline" | "ortszeile" => Key::Dateline,
        "highlight" | "abstract" | "summary" | "chapeau" => Key::Standfirst,
        "subject" | "subjects" | "keywords" | "schlagworte" => Key::Keywords,
        "document url" | "url" | "links" => {
            if word.to_lowercase() == "links" {
                Key::Other
            } else {
                Key::Url
            }
        }
        "proquest document id" | "accession number" | "document id" => Key::Id,
        "body" | "full text" | "volltext" | "texte integral" | "texto completo" => Key::Body,
        "correction" | "correction-date" | "embargo" => Key::Note,
        "show"
        | "anchors"
        | "guests"
        | "length"
        | "lange"
        | "longueur"
        | "lengte"
        | "load-date"
        | "load date"
        | "update"
        | "publication-type"
        | "zeitungstyp"
        | "publication type"
        | "graphic"
        | "graphik"
        | "journal-code"
        | "journal code"
        | "document-type"
        | "document type"
        | "distribution"
        | "series"
        | "type"
        | "copyright"
        | "company"
        | "organization"
        | "ticker"
        | "industry"
        | "person"
        | "country"
        | "state"
        | "city"
        | "geographic"
        | "classification"
        | "location"
        | "identifier / keyword"
        | "people"
        | "publication info"
        | "pages"
        | "first page"
        | "publication year"
        | "year"
        | "publisher"
        | "place of publication"
        | "country of publication"
        | "publication subject"
        | "issn"
        | "source type"
        | "database"
        | "last updated"
        | "edition"
        | "volume"
        | "issue"
        | "number of pages"
        | "copyright notice"
        | "credit"
        | "column"
        | "dateline-location"
        | "notes"
        | "type de publication"
        | "date de chargement"
        | "erscheinungsdatum"
        | "updated"
        | "section title"
        | "e-mail"
        | "identifier"
        | "classification code"
        | "company / organization"
        | "publication-code"
        | "jour"
        | "ausgabe" => Key::Other,
        _ => return None,
    })
}

/// The key that begins a line, and the rest of the line.
fn keyed(line: &str) -> Option<(Key, &str)> {
    let found = KEY.captures(line)?;
    let (word, rest) = (found.get(1)?, found.get(2)?);
    key_of(word.as_str()).map(|key| (key, rest.as_str().trim()))
}

fn note(draft: &mut Draft, key: Key, value: &str) {
    let value = tidy(value);
    if value.is_empty() {
        return;
    }
    match key {
        Key::Title => _ = draft.title(Some(value)),
        Key::Byline => _ = draft.byline(Some(value)),
        Key::Source => _ = draft.source(Some(value)),
        Key::Desk => {
            draft.facts.desk =
                draft.facts.desk.take().or_else(|| Some(value.split(';').next().unwrap_or(&value).to_string()))
        }
        Key::Date => draft.facts.published = draft.facts.published.take().or_else(|| date(&value)),
        Key::Language => _ = draft.lang(Some(value.split([';', ' ', ',']).next().unwrap_or(&value))),
        Key::Dateline => draft.facts.dateline = draft.facts.dateline.take().or(Some(value)),
        Key::Standfirst => draft.standfirst = draft.standfirst.take().or(Some(value)),
        Key::Keywords => {
            for word in super::json::split_keywords(&value) {
                // `BANKING (90%)`
                draft.keyword(word.split(" (").next().unwrap_or(&word));
            }
        }
        Key::Url => draft.facts.url = draft.facts.url.take().or(Some(value).filter(|url| url.contains("://"))),
        Key::Id => draft.id = draft.id.take().or(Some(value)),
        Key::Note => draft.notes.push(value),
        Key::Body | Key::Other => {}
    }
}

/// The date of a line, with the names of days and editions around it.
fn date(line: &str) -> Option<Published> {
    let line = tidy(line);
    let whole = || first_date([Some(line.as_str())]).or_else(|| date_of_line(&line)).or_else(|| date_line(&line));
    whole()
        .or_else(|| {
            // `January 11, 2010 Monday 9:33 AM GMT`: the longest beginning that is a date, then the longest end.
            let words: Vec<&str> = line.split(' ').take(9).collect();
            (3..words.len()).rev().find_map(|count| {
                let head = words[..count].join(" ");
                let tail = words[words.len() - count..].join(" ");
                [head, tail].iter().find_map(|text| first_date([Some(text.as_str())]).or_else(|| date_of_line(text)))
            })
        })
        .map(|found| Published { from: crate::article::date::PublishedFrom::Metadata, ..found })
}

/// `Copyright 2010 Guardian Unlimited`: a sign, and a year close behind; sentences about copyright have none.
fn is_copyright(line: &str) -> bool {
    static SIGN: LazyLock<Regex> = LazyLock::new(|| {
        regex(
            r"(?i)^\s*(?:(?:copyright|copr\.?|copy|©|\(c\))[\s,©(c)]{1,6}.{0,24}?(?:19|20)\d\d\b|(?:©|\(c\))\s?\S|all rights reserved\.?\s*$|alle rechte vorbehalten\.?\s*$|tous droits réservés\.?\s*$)",
        )
    });
    SIGN.is_match(line)
}

/// LexisNexis: `1 of 240 DOCUMENTS`, then source, date, title, facts, body, facts, copyright.
fn lexis(lines: &[&str]) -> Option<Vec<Draft>> {
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
fn nexis(lines: &[&str]) -> Option<Vec<Draft>> {
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

/// ProQuest as text: stories between rules, `ProQuest document link` below the title.
fn proquest(lines: &[&str]) -> Option<Vec<Draft>> {
    if !lines.iter().any(|line| PROQUEST.is_match(line) || line.trim().starts_with("ProQuest document ID")) {
        return None;
    }
    let rule = |line: &&str| line.len() > 20 && line.chars().all(|c| c == '_' || c == '*');
    Some(lines.split(rule).filter_map(|story| keyed_story(story.iter().map(|line| (*line).to_string()))).collect())
}

/// A story whose facts are lines with words before a colon; the first line is the title.
fn keyed_story(lines: impl Iterator<Item = String>) -> Option<Draft> {
    let mut draft = Draft::default();
    let mut body: Vec<String> = Vec::new();
    let mut open: Option<Key> = None;
    let mut has_key = false;
    for line in lines {
        let line = tidy(&line);
        if line.is_empty() || PROQUEST.is_match(&line) || LEXIS.is_match(&line) || line == "Enlarge this image." {
            continue;
        }
        if let Some(info) = line.strip_prefix("Publication info:") {
            publication_info(&mut draft, info);
            open = None;
            continue;
        }
        // Inside the text only what ProQuest writes behind it ends it.
        let known = keyed(&line).filter(|_| open != Some(Key::Body) || ends_body(&line));
        match known {
            Some((key, value)) => {
                has_key = true;
                open = Some(key);
                if key == Key::Body {
                    body.extend((!value.is_empty()).then(|| value.to_string()));
                } else {
                    note(&mut draft, key, value);
                }
            }
            None if open == Some(Key::Body) => body.push(line),
            None if open == Some(Key::Standfirst) => note(&mut draft, Key::Standfirst, &line),
            None if open.is_none() && draft.facts.title.is_none() => _ = draft.title(Some(line)),
            None => {}
        }
    }
    draft.text = Text::Bare(body.join("\n\n"));
    (has_key && draft.has_text()).then_some(draft)
}

/// Does a line name a field that stands behind the text?
fn ends_body(line: &str) -> bool {
    const BEHIND: &[&str] = &[
        "subject",
        "title",
        "publication title",
        "publication date",
        "publication year",
        "publication info",
        "pages",
        "first page",
        "publisher",
        "place of publication",
        "country of publication",
        "publication subject",
        "issn",
        "source type",
        "document type",
        "language of publication",
        "proquest document id",
        "document url",
        "copyright",
        "last updated",
        "database",
        "identifier / keyword",
        "people",
        "company / organization",
        "credit",
    ];
    let word = line.split(':').next().unwrap_or_default().trim().to_lowercase();
    BEHIND.contains(&word.as_str())
}

/// `Los Angeles Times ; Los Angeles, Calif. [Los Angeles, Calif]08 May 2010: AA.2.`
fn publication_info(draft: &mut Draft, info: &str) {
    draft.source(info.split([';', '[']).next().map(tidy));
    let behind = info.rsplit(']').next().unwrap_or_default();
    let stated = behind.split(':').next().unwrap_or_default();
    draft.facts.published = draft.facts.published.take().or_else(|| date(stated));
}

/// Factiva as text or RTF: stories that end with their number, their fields with codes or in a fixed order.
fn factiva_text(lines: &[&str]) -> Option<Vec<Draft>> {
    let ends: Vec<usize> = (0..lines.len()).filter(|&at| FACTIVA.is_match(lines[at])).collect();
    if ends.is_empty() {
        return None;
    }
    let starts = std::iter::once(0).chain(ends.iter().map(|end| end + 1));
    Some(starts.zip(&ends).filter_map(|(start, &end)| factiva_lines(&lines[start..=end])).collect())
}

fn factiva_lines(lines: &[&str]) -> Option<Draft> {
    let number = lines.last().and_then(|line| FACTIVA.captures(line)).and_then(|found| found.get(1));
    let mut draft = Draft { id: number.map(|id| id.as_str().to_string()), ..Draft::default() };
    let codes = lines.iter().filter(|line| FACTIVA_CODE.is_match(line)).count();
    if codes >= 3 {
        factiva_codes(lines, &mut draft);
    } else {
        let shown: Vec<String> = lines[..lines.len() - 1].iter().map(|line| tidy(line)).collect();
        let full: Vec<String> = shown.iter().filter(|line| !line.is_empty()).cloned().collect();
        let dated = full.iter().take(12).position(|line| line.len() < 40 && date(line).is_some())?;
        let front_end = full.iter().position(|line| is_copyright(line)).map_or(dated + 1, |at| at + 1);
        let words = full[..dated].iter().position(|line| is_word_count(line)).unwrap_or(dated);
        // Above the title may stand a section, below it the name of its author, after a word that says so.
        let opened = full[..words].iter().position(|line| without_opener(line).len() < line.len());
        let title = opened.and_then(|at| at.checked_sub(1)).unwrap_or(0);
        draft.title(full.get(title).cloned());
        draft.facts.desk = title.checked_sub(1).map(|at| full[at].clone());
        let byline =
            opened.map(|at| &full[at]).or_else(|| full[1.min(words)..words].iter().find(|line| line.len() < 80));
        draft.byline(byline.cloned());
        factiva_dated(&full[dated..front_end.max(dated + 1).min(full.len())], &mut draft);
        draft.text = Text::Bare(full[front_end.min(full.len())..].join("\n\n"));
    }
    draft.has_text().then_some(draft)
}

fn factiva_codes(lines: &[&str], draft: &mut Draft) {
    let mut body: Vec<String> = Vec::new();
    let mut fields: Vec<(String, Vec<String>)> = Vec::new();
    for line in lines {
        match FACTIVA_CODE.captures(line) {
            Some(found) => {
                let value = found.get(2).map(|rest| tidy(rest.as_str())).filter(|rest| !rest.is_empty());
                fields.push((found[1].to_string(), value.into_iter().collect()));
            }
            None => {
                let text = tidy(line);
                if let Some((_, lines)) = fields.last_mut().filter(|_| !text.is_empty()) {
                    lines.push(text);
                }
            }
        }
    }
    for (code, lines) in fields {
        match code.as_str() {
            "LP" | "TD" => body.extend(lines),
            _ => factiva_field(&code, &lines.join(" "), draft),
        }
    }
    draft.text = Text::Bare(body.join("\n\n"));
}

/// What a field of Factiva says.
fn factiva_field(code: &str, value: &str, draft: &mut Draft) {
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

/// The lines from the date on: date, perhaps hour and page, newspaper.
fn factiva_dated(lines: &[String], draft: &mut Draft) {
    draft.facts.published = lines.first().and_then(|line| date(line));
    let clock = |line: &&String| line.len() < 12 && line.contains(':');
    draft.source(lines.iter().skip(1).find(|line| !clock(line)).cloned());
}

/// `553 words`
fn is_word_count(line: &str) -> bool {
    let mut words = line.split_whitespace();
    let number =
        words.next().is_some_and(|word| word.bytes().all(|byte| byte.is_ascii_digit() || byte == b',' || byte == b'.'));
    number && words.next().is_some() && words.next().is_none()
}

/// Clippings of APA: name and date, perhaps the desk, title, text.
fn apa(lines: &[&str]) -> Option<Vec<Draft>> {
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

/// All elements that match; a selector of this module's own is always valid.
fn select<'p>(element: ElementRef<'p>, css: &str) -> Vec<ElementRef<'p>> {
    Selector::parse(css).map(|selector| element.select(&selector).collect()).unwrap_or_default()
}

fn text_of(element: ElementRef<'_>) -> String {
    tidy(&element.text().collect::<String>())
}

/// The same with a space between pieces that stand in elements of their own.
fn spaced_text_of(element: ElementRef<'_>) -> String {
    tidy(&element.text().collect::<Vec<_>>().join(" "))
}

fn proquest_page(page: &Html) -> Vec<Draft> {
    let anchors = select(page.root_element(), "a[name^=DocID]");
    let containers: Vec<ElementRef<'_>> =
        anchors.iter().filter_map(|anchor| anchor.parent().and_then(ElementRef::wrap)).collect();
    let mut out: Vec<Draft> = Vec::new();
    let mut seen = HashSet::new();
    for container in containers.into_iter().filter(|container| seen.insert(container.id())) {
        let body = html::fragment(&container.html());
        let lines = body.blocks.iter().map(|block| body.text[block.span.clone()].to_string());
        out.extend(keyed_story(lines));
    }
    out
}

fn factiva(page: &Html) -> Vec<Draft> {
    let articles = select(page.root_element(), "div.article");
    let inner: HashSet<_> = articles
        .iter()
        .flat_map(|article| select(*article, "div.article"))
        .map(|inner| inner.id())
        .take(10_000)
        .collect();
    articles
        .into_iter()
        .filter(|article| !inner.contains(&article.id()))
        .map(factiva_story)
        .filter(Draft::has_text)
        .collect()
}

fn factiva_story(article: ElementRef<'_>) -> Draft {
    let mut draft = Draft::default();
    let mut writer = BlockWriter::default();
    for paragraph in select(article, "p.articleParagraph, pre.articleParagraph") {
        writer.block(BlockKind::Paragraph, &text_of(paragraph));
    }
    draft.text = Text::Page(writer.finish());
    let class = article.value().attr("class").unwrap_or_default();
    let language =
        class.split_whitespace().find_map(|class| class.strip_suffix("Article")).filter(|tag| tag.len() == 2);
    // Some exports have paragraphs without a class.
    let mut cells = Body::default();
    let rows = select(article, "tr");
    for row in &rows {
        let columns = select(*row, "td");
        let (Some(code), Some(value)) = (columns.first(), columns.get(1)) else { continue };
        factiva_field(text_of(*code).trim(), &text_of(*value), &mut draft);
        if matches!(text_of(*code).trim(), "LP" | "TD") && !draft.has_text() {
            cells.join(html::fragment(&value.html()));
        }
    }
    // What the story says of its language goes before the page's class.
    draft.lang(language);
    if !cells.blocks.is_empty() {
        draft.text = Text::Page(cells);
    }
    if rows.is_empty() {
        factiva_front(article, &mut draft);
    }
    draft
}

/// The front of a story without a table: lines in a fixed order, some of them missing.
fn factiva_front(article: ElementRef<'_>, draft: &mut Draft) {
    let headline = select(article, "[id=hd], [class$=Headline]");
    draft.title(headline.first().map(|line| text_of(*line)));
    draft.byline(select(article, ".author").first().map(|line| text_of(*line)));
    let lines: Vec<String> = article
        .children()
        .filter_map(ElementRef::wrap)
        .filter(|child| child.value().name() == "div" && child.value().attr("id") != Some("hd"))
        .map(text_of)
        .filter(|line| !line.is_empty())
        .collect();
    if let Some(at) = lines.iter().position(|line| line.len() < 40 && date(line).is_some()) {
        factiva_dated(&lines[at..], draft);
        let title = draft.facts.title.clone().unwrap_or_default();
        let front = lines[..at].iter().filter(|line| !is_word_count(line) && !line.contains(&title));
        let opened = front.clone().find(|line| without_opener(line).len() < line.len());
        let alone = front.clone().count() == 1 && lines[..at].iter().any(|line| is_word_count(line));
        let name =
            opened.or_else(|| front.clone().next().filter(|line| alone && line.contains(' ') && line.len() < 60));
        draft.byline(name.cloned());
    }
    draft.id = select(article, "p, div")
        .into_iter()
        .map(text_of)
        .find_map(|line| FACTIVA.captures(&line).and_then(|found| found.get(1)).map(|id| id.as_str().to_string()));
}

/// Factiva's XML: one story an `article`.
pub(super) fn factiva_xml(root: &Element) -> Vec<Draft> {
    let articles = root.all("article");
    articles.into_iter().map(factiva_item).filter(Draft::has_text).collect()
}

fn factiva_item(article: &Element) -> Draft {
    let mut draft = Draft::default();
    draft.title(article.text_at("headline"));
    draft.byline(article.text_at("byline").or_else(|| article.text_at("author")));
    draft.source(article.text_at("sourcename").or_else(|| article.text_at("publishername")));
    draft.published([article
        .text_at("publicationdate/datetime")
        .or_else(|| article.text_at("publicationdate"))
        .as_deref()]);
    draft.updated([article.text_at("modificationdate").as_deref()]);
    draft.lang(article.text_at("baselanguage").as_deref());
    draft.id = article.text_at("accessionno");
    draft.facts.desk = article.text_at("sectionname").or_else(|| article.text_at("columnname"));
    draft.facts.dateline = article.text_at("dateline");
    for subject in
        article.elements().filter(|e| e.is("newssubject") || e.is("region") || e.is("industry") || e.is("company"))
    {
        draft.keyword(&subject.text_at("name").unwrap_or_default());
    }
    draft.notes = ["corrections", "notes"]
        .iter()
        .filter_map(|name| article.text_at(name))
        .filter(|note| note.len() > 12)
        .collect();
    let mut writer = BlockWriter::default();
    for part in article.elements().filter(|e| ["leadparagraph", "tailparagraphs", "body"].iter().any(|name| e.is(name)))
    {
        for paragraph in part.all("paragraph") {
            writer.block(BlockKind::Paragraph, &paragraph.text());
        }
    }
    draft.text = Text::Page(writer.finish());
    draft
}

fn europresse(page: &Html) -> Vec<Draft> {
    let root = page.root_element();
    let articles = select(root, "article");
    let holders: Vec<ElementRef<'_>> =
        if articles.iter().any(|article| !select(*article, "[class*=DocPublicationName]").is_empty()) {
            articles
        } else {
            select(root, "[class*=DocPublicationName]")
                .iter()
                .filter_map(|name| name.parent().and_then(ElementRef::wrap))
                .collect()
        };
    holders.into_iter().map(europresse_story).filter(Draft::has_text).collect()
}

fn europresse_story(holder: ElementRef<'_>) -> Draft {
    let mut draft = Draft::default();
    let first = |css: &str| select(holder, css).first().map(|found| spaced_text_of(*found));
    draft.source(first("[class*=DocPublicationName]"));
    draft.title(first("[class*=TitreArticle], [class*=titreArticle], [class*=articletitle]"));
    draft.byline(first("[class*=DocAuthor], .sm-margin-bottomNews"));
    draft.id = first("[class*=lblNodoc], [class*=LblNodoc], [class*=Nodoc]");
    let headers: Vec<String> = select(holder, "[class*=DocHeader]").into_iter().map(text_of).collect();
    let joined = headers.join(" ");
    draft.facts.published = headers.iter().find_map(|line| date(line)).or_else(|| date(&joined));
    draft.facts.desk = headers
        .first()
        .map(|line| line.trim_end_matches([',', ' ']).to_string())
        .filter(|line| date(line).is_none() && !line.is_empty());
    let text = select(holder, "[class*=DocText], .docOcurrContainer");
    let body = match text.first() {
        Some(text) => html::fragment(&text.html()),
        None => html::fragment(&holder.html()),
    };
    let title = draft.facts.title.clone().unwrap_or_default();
    let lines: Vec<&str> = body.blocks.iter().map(|block| &body.text[block.span.clone()]).collect();
    let from = if text.is_empty() { lines.iter().position(|line| *line == title).map_or(0, |at| at + 1) } else { 0 };
    let mut writer = BlockWriter::default();
    for line in &lines[from..] {
        let lower = line.to_lowercase();
        if let Some((_, id)) = line
            .split_once(':')
            .filter(|_| lower.starts_with("numéro de document") || lower.starts_with("news document"))
        {
            draft.id = Some(tidy(id));
            break;
        }
        if is_copyright(line) {
            continue;
        }
        writer.block(BlockKind::Paragraph, line);
    }
    draft.text = Text::Page(writer.finish());
    draft
}
