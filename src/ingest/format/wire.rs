//! Wire transmissions in ANPA 1312 and IPTC 7901, with control characters between header, text and trailer. A file may
//! contain several.

use xxhash_rust::xxh3::xxh3_64;

use super::Context;
use super::blocks::BlockWriter;
use super::draft::{Draft, Text};
use super::records::yield_record;
use super::sgml::dedented;
use crate::article::BlockKind;
use crate::ingest::source::Source;
use crate::ingest::{SkipReason, Yielded};
use crate::model::Published;
use crate::model::PublishedFrom;
use crate::text::tidy;

const START_OF_HEADER: u8 = 1;
const START_OF_TEXT: u8 = 2;
const END_OF_TEXT: u8 = 3;

/// Does a file that begins with `head` contain transmissions?
pub(super) fn begins(head: &[u8]) -> bool {
    let header = head.iter().take(12).position(|&byte| byte == START_OF_HEADER);
    header.is_some_and(|at| head[at..].iter().take(400).any(|&byte| byte == START_OF_TEXT))
}

/// Reads a file of transmissions.
pub(super) fn read(source: Source<'_>, context: &Context, sink: &mut dyn FnMut(Yielded)) -> Result<(), SkipReason> {
    let name = source.name.clone();
    let bytes = source.whole(context.limits)?;
    let starts: Vec<usize> =
        bytes.iter().enumerate().filter(|(_, byte)| **byte == START_OF_HEADER).map(|(at, _)| at).collect();
    let many = starts.len() > 1;
    for (i, &start) in starts.iter().enumerate() {
        let end = starts.get(i + 1).copied().unwrap_or(bytes.len());
        let piece = &bytes[start + 1..end];
        let number = many.then_some(i + 1);
        yield_record(
            draft(piece).and_then(|draft| draft.record(&name, number, xxh3_64(piece))),
            &format!("transmission {}", i + 1),
            sink,
        );
    }
    Ok(())
}

fn draft(bytes: &[u8]) -> Result<Draft, SkipReason> {
    let no_text = || SkipReason::Malformed("a transmission without text".into());
    let text_at = bytes.iter().position(|&byte| byte == START_OF_TEXT).ok_or_else(no_text)?;
    let rest = &bytes[text_at + 1..];
    let end = rest.iter().position(|&byte| byte == END_OF_TEXT).unwrap_or(rest.len());
    // Text that is not UTF-8 is windows-1252, as the systems of agencies write it.
    let decoded = |bytes: &[u8]| match std::str::from_utf8(bytes) {
        Ok(text) => text.to_string(),
        Err(_) => encoding_rs::WINDOWS_1252.decode_without_bom_handling(bytes).0.into_owned(),
    };
    let (header, text, trailer) = (decoded(&bytes[..text_at]), decoded(&rest[..end]), decoded(&rest[end..]));
    // Headers of ANPA contain device controls and field separators.
    let anpa = header.contains(['\u{11}', '\u{13}', '\u{1f}']);
    Ok(if anpa { anpa_1312(&text, &trailer) } else { iptc_7901(&header, &text, &trailer) })
}

/// A line without control characters other than tabs.
fn visible(line: &str) -> String {
    line.chars().filter(|c| !c.is_control() || *c == '\t').collect()
}

/// A line of ANPA 1312.
struct Line {
    /// Its text without the characters that mark it.
    words: String,
    /// Does `^` precede it? True for lines of the front and headings.
    marked: bool,
    /// `<` or `=` at its end.
    sign: Option<char>,
    /// Is it indented, as the first line of a paragraph is?
    indented: bool,
    /// Is it a row of a table? It begins with a control character, or has several cells.
    row: bool,
}

impl Line {
    fn of(raw: &str) -> Line {
        /// Begins a row of a table.
        const TABLE: char = '\u{8}';
        let shown = visible(raw);
        let trimmed = shown.trim_end();
        let sign = trimmed.chars().next_back().filter(|c| matches!(c, '<' | '='));
        let inner = trimmed.trim_end_matches(['<', '=']).trim();
        // `^^` separates cells, ` _ ` is a dash.
        let words = tidy(&inner.trim_start_matches('^').replace("^^", " ").replace(" _ ", " — "));
        let row = raw.starts_with(TABLE) || words.matches(';').count() >= 3 && !words.contains(". ");
        Line { marked: inner.starts_with('^') && !row, sign, indented: raw.starts_with(['\t', ' ']), row, words }
    }

    /// Is it a line of the front? The first indented line ends the front.
    fn is_front(&self) -> bool {
        self.words.is_empty() || !self.indented && !self.row && (self.marked || self.sign.is_some())
    }

    /// The level of a heading: a line of a few words between `^` and `=`, or a few words in capitals. Capitals are the
    /// higher level.
    fn heading(&self) -> Option<u8> {
        const MOST_WORDS: usize = 8;
        const MOST_CAPITAL_WORDS: usize = 4;
        let words = self.words.split_whitespace().count();
        let letters = self.words.chars().filter(|c| c.is_alphabetic()).count();
        let capitals =
            letters >= 4 && !self.words.chars().any(char::is_lowercase) && !self.words.ends_with(['.', '!', '?']);
        let marked = self.marked && self.sign == Some('=') && (1..=MOST_WORDS).contains(&words);
        let alone = capitals && self.indented && !self.row && self.sign != Some('<') && words <= MOST_CAPITAL_WORDS;
        (marked || alone).then_some(if capitals { 2 } else { 3 })
    }
}

/// Is it a note to editors: about pictures, about changes?
fn is_desk_note(words: &str) -> bool {
    const OPENERS: &[&str] = &["eds:", "eds.", "editors:", "editor's note", "editor’s note", "ap photo", "embargo"];
    let lower = words.trim_start_matches('(').to_lowercase();
    OPENERS.iter().any(|opener| lower.starts_with(opener))
}

fn is_byline(words: &str) -> bool {
    words.get(..3).is_some_and(|opener| opener.eq_ignore_ascii_case("by "))
}

/// A transmission in ANPA 1312.
fn anpa_1312(text: &str, trailer: &str) -> Draft {
    /// Longest headline; a longer line is the summary.
    const MOST_TITLE_CHARS: usize = 160;
    let mut draft = Draft::default();
    let lines: Vec<Line> = text.lines().map(Line::of).collect();
    let body_at = lines.iter().position(|line| !line.is_front()).unwrap_or(lines.len());
    let (front, body) = lines.split_at(body_at);
    let front: Vec<&Line> = front.iter().filter(|line| !line.words.is_empty()).collect();
    let (notes, front): (Vec<&Line>, Vec<&Line>) = front.into_iter().partition(|line| is_desk_note(&line.words));
    notes.iter().for_each(|note| draft.desk_note(&note.words));
    let byline_at = front.iter().position(|line| is_byline(&line.words));
    let (above, below) = front.split_at(byline_at.unwrap_or(front.len()));
    draft.byline(below.first().map(|line| line.words.clone()));
    // The line after the byline is the job title, if the text follows; other lines are headings.
    let job_titles = usize::from(body.first().is_some_and(|line| line.indented));
    let headings = below.get(1 + job_titles..).unwrap_or(&[]);
    // The first line of the front is the slug, with the number of words after a comma.
    let slug = above.first().map_or("", |line| line.words.as_str());
    let named = above.get(1).filter(|line| line.words.chars().count() <= MOST_TITLE_CHARS);
    draft.title(named.map(|line| line.words.clone()));
    draft.title(Some(slug.rsplit_once(',').map_or(slug, |(slug, _)| slug).to_string()));
    let rest: Vec<&str> = above.iter().skip(1 + usize::from(named.is_some())).map(|line| line.words.as_str()).collect();
    draft.standfirst = (!rest.is_empty()).then(|| rest.join(" "));
    draft.keyword(slug.split_once(',').map_or(slug, |(words, _)| words));
    draft.source(agency(trailer).or_else(|| body.iter().find_map(|line| agency(&line.words))));
    draft.facts.published = stamp(trailer);
    let mut writer = BlockWriter::default();
    for line in headings {
        writer.block(BlockKind::Heading(line.heading().unwrap_or(3)), &line.words);
    }
    let mut paragraph = String::new();
    for line in body {
        // A line that is not indented continues the paragraph.
        let continues = !line.indented && !line.row && !line.marked && !line.words.is_empty();
        if !continues && !paragraph.is_empty() {
            writer.block(BlockKind::Paragraph, &std::mem::take(&mut paragraph));
        }
        if is_desk_note(&line.words) {
            draft.desk_note(&line.words);
        } else if let Some(level) = line.heading() {
            writer.block(BlockKind::Heading(level), &line.words);
        } else if line.row {
            writer.block(BlockKind::Item, &line.words);
        } else {
            paragraph.push(' ');
            paragraph.push_str(&line.words);
        }
    }
    writer.block(BlockKind::Paragraph, &paragraph);
    draft.text = Text::Blocks(writer.finish());
    draft
}

/// Parses `AP-WF-11-13-13 1509GMT<`: agency, wire, month, day, year, time.
fn stamp(trailer: &str) -> Option<Published> {
    let clean = visible(trailer);
    let (date, time) = clean.split_whitespace().zip(clean.split_whitespace().skip(1)).find(|(date, _)| {
        date.rsplit('-').take(3).filter(|part| part.len() == 2 && part.bytes().all(|b| b.is_ascii_digit())).count() == 3
    })?;
    let mut parts = date.rsplit('-');
    let (year, day, month) = (parts.next()?, parts.next()?, parts.next()?);
    let century = if year < "70" { "20" } else { "19" };
    let hour = time.get(..4).filter(|hour| hour.bytes().all(|byte| byte.is_ascii_digit()));
    let zone = if time.contains("GMT") { "Z" } else { "" };
    let clock = hour.map_or_else(String::new, |hour| format!("T{}:{}:00{zone}", &hour[..2], &hour[2..]));
    Published::parse(&format!("{century}{year}-{month}-{day}{clock}"), PublishedFrom::Metadata)
}

/// The agency that a trailer or dateline names.
fn agency(text: &str) -> Option<String> {
    let clean = visible(text);
    let first = clean.trim().split(['-', ' ']).next()?.to_string();
    match first.as_str() {
        "AP" => Some("Associated Press".into()),
        "UPI" | "AFP" | "Reuters" => Some(first),
        _ if text.contains("(AP)") => Some("Associated Press".into()),
        _ => None,
    }
}

/// A transmission in IPTC 7901.
fn iptc_7901(header: &str, text: &str, trailer: &str) -> Draft {
    let mut draft = Draft::default();
    let first: Vec<&str> = header.lines().next().unwrap_or("").split_whitespace().collect();
    draft.source(
        first
            .iter()
            .rev()
            .find(|word| word.len() > 1 && word.chars().all(char::is_alphabetic))
            .map(|word| word.to_string()),
    );
    let mut below = header.lines().skip(1).map(|line| visible(line).trim().to_string());
    // A header may have no slug.
    let slug = below.find(|line| !line.is_empty()).unwrap_or_default();
    slug.split(['/', ';']).for_each(|word| draft.keyword(word));
    // The headline ends with an equals sign.
    const HEADLINE_LINES: usize = 8;
    let lines: Vec<String> = text.lines().map(|line| visible(line).trim_end().to_string()).collect();
    let signed = lines.iter().take(HEADLINE_LINES).position(|line| line.ends_with('='));
    let blank = |line: &&String| line.trim().is_empty() || line.ends_with('/');
    let (head, body) = match signed {
        Some(end) => lines.split_at(end + 1),
        // The slug may be repeated, and the headline may be missing.
        None => {
            let at = lines.iter().take_while(blank).count();
            let named = lines.get(at).is_some_and(|line| is_headline(line, lines.get(at + 1)));
            lines.split_at(at + usize::from(named))
        }
    };
    let mut headline = Vec::new();
    for line in head.iter().map(|line| line.trim_end_matches('=').trim()) {
        if line.is_empty() || line.ends_with('/') {
            continue;
        }
        if is_flag(line) {
            draft.desk_note(line);
        } else if is_byline(line) && !headline.is_empty() {
            draft.byline(Some(line.to_string()));
        } else {
            headline.push(line);
        }
    }
    draft.title(Some(headline.join(" ")));
    draft.title(Some(slug.trim_matches(['/', ' ']).replace('/', " / ")));
    // From the contacts of the agency on, all lines are notes to editors.
    let end = body.iter().position(|line| opens_desk_notes(line)).unwrap_or(body.len());
    for line in &body[end..] {
        draft.desk_note(line.trim_start_matches('#'));
    }
    let mut story: Vec<&str> = Vec::new();
    for line in &body[..end] {
        if is_desk_note(line.trim()) { draft.desk_note(line) } else { story.push(line) }
    }
    draft.text = Text::Bare(dedented(&story.join("\n")));
    draft.facts.published = iptc_stamp(trailer);
    draft
}

/// Is the first line of a text its headline? A line that continues below, has a dateline or ends like a sentence is part
/// of the text.
fn is_headline(line: &str, next: Option<&String>) -> bool {
    const MOST_CHARS: usize = 160;
    let continues = next.is_some_and(|next| next.starts_with(|c: char| c.is_alphanumeric()));
    let dated = line.contains(") - ") || line.contains(") – ") || line.contains(") — ");
    line.chars().count() <= MOST_CHARS && !continues && !dated && !line.ends_with('.')
}

/// Is it a line above the headline that states the kind of transmission: `REFILE`, `1ST LEAD`, `EXTRA`?
fn is_flag(line: &str) -> bool {
    const FLAGS: &[&str] = &[
        "REFILE",
        "EXTRA",
        "LEAD",
        "ADVISORY",
        "URGENT",
        "FLASH",
        "UPDATE",
        "CORRECTION",
        "CORRECTED",
        "REPEAT",
        "ADD",
        "ROUNDUP",
        "EMBARGO",
        "EMBARGOED",
        "KILL",
        "WITHDRAWAL",
        "ALERT",
        "BULLETIN",
        "SUMMARY",
        "PREVIEW",
        "FEATURE",
    ];
    const BESIDE: &[&str] = &["NEW", "MORE", "SECOND", "THIRD", "WITH", "WRITETHRU", "LD", "BREAKING", "NEWS"];
    let known =
        |word: &str| FLAGS.contains(&word) || BESIDE.contains(&word) || word.starts_with(|c: char| c.is_ascii_digit());
    let mut words = line.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty()).peekable();
    let flagged = line.split(|c: char| !c.is_alphanumeric()).any(|word| FLAGS.contains(&word));
    words.peek().is_some() && flagged && words.all(known)
}

/// Does a line begin the notes to editors after the text?
fn opens_desk_notes(line: &str) -> bool {
    let lower = line.to_lowercase();
    let titled = lower.starts_with("# ") && (lower.contains("notebook") || lower.contains("notizblock"));
    titled || line.starts_with("## ") || lower.trim_end_matches(':') == "editorial contacts"
}

/// Parses `131137 GMT Nov 13`: day, hour and minute, zone, month, year of two digits.
fn iptc_stamp(trailer: &str) -> Option<Published> {
    let clean = visible(trailer);
    let words: Vec<&str> = clean.split_whitespace().collect();
    let at = words.iter().position(|word| word.len() == 6 && word.bytes().all(|byte| byte.is_ascii_digit()))?;
    let day = &words[at][..2];
    let rest = &words[at + 1..];
    let month =
        rest.iter().position(|word| word.chars().all(char::is_alphabetic) && !matches!(*word, "GMT" | "UTC"))?;
    let year = rest.get(month + 1)?;
    let year =
        if year.len() == 2 { format!("{}{year}", if *year < "70" { "20" } else { "19" }) } else { (*year).to_string() };
    let date = Published::parse(&format!("{day} {} {year}", rest[month]), PublishedFrom::Metadata)?;
    let clock = &words[at][2..];
    let timed = format!("{}T{}:{}:00Z", date.day(), &clock[..2], &clock[2..]);
    Published::parse(&timed, PublishedFrom::Metadata).or(Some(date))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn wire(text: &str) -> Draft {
        draft(text.as_bytes()).expect(text)
    }

    fn lines(draft: &Draft) -> Vec<(BlockKind, &str)> {
        match &draft.text {
            Text::Bare(text) => text.lines().map(|line| (BlockKind::Paragraph, line)).collect(),
            Text::Blocks(body) | Text::Page(body) => {
                body.blocks.iter().map(|block| (block.kind, &body.text[block.span.clone()])).collect()
            }
        }
    }

    #[test]
    fn a_story_of_anpa() {
        let draft = wire(
            "z1\u{1f}_x\nr z\u{11} BC-Dockers\n\u{2}^BC-EU--Dockers, 1st Ld,66<\n^Dockers walk out of talks<\n\
             ^HC Summary of what happened.<\n^AP Photo HC101<\n^Eds: Updates. With photos.<\n^By MARA LINDQVIST=\n\
             ^Port Writer=\n\t   HALDEN, Norway (AP) _ Dockers walked out on Monday _ and ferries sail.\n\
             no ship was unloaded. <\n \n\t   Talks go on.\n^THE DISPUTE=\n\t   The union wants more.\n\t   UP NEXT\n\t   Talks.\n\
             \u{8}^;W;L;Pct\n\u{8}Moss\u{10} FK;2;_;.5\n\u{3}AP-WF-11-13-13 1509GMT<",
        );
        assert_eq!(draft.facts.title.as_deref(), Some("Dockers walk out of talks"));
        assert_eq!(draft.facts.byline.as_deref(), Some("MARA LINDQVIST"));
        assert_eq!(draft.standfirst.as_deref(), Some("HC Summary of what happened."));
        assert_eq!(draft.desk_notes, ["AP Photo HC101", "Eds: Updates. With photos."]);
        let expected = [
            (
                BlockKind::Paragraph,
                "HALDEN, Norway (AP) — Dockers walked out on Monday — and ferries sail. no ship was unloaded.",
            ),
            (BlockKind::Paragraph, "Talks go on."),
            (BlockKind::Heading(2), "THE DISPUTE"),
            (BlockKind::Paragraph, "The union wants more."),
            (BlockKind::Heading(2), "UP NEXT"),
            (BlockKind::Paragraph, "Talks."),
            (BlockKind::Item, ";W;L;Pct"),
            (BlockKind::Item, "Moss FK;2;_;.5"),
        ];
        assert_eq!(lines(&draft), expected);
        let article = crate::article::SplitArticle::assemble(draft.record("a", None, 0).expect("an article").raw);
        assert_eq!(article.facts.dateline.as_deref(), Some("HALDEN, Norway (AP)"));
    }

    #[test]
    fn tables_of_anpa() {
        let draft = wire(
            "z1\u{1f}_x\nr z\u{11} BC-Glance\n\u{2}^BC-FBN--Glance<\n^Football Glance=\n^By The Halden Courier=\n\
             ^NORTH=\n^East Division=\n\u{8}Moss;1;2;3\n\u{3}",
        );
        assert_eq!(draft.facts.title.as_deref(), Some("Football Glance"));
        let expected = [
            (BlockKind::Heading(2), "NORTH"),
            (BlockKind::Heading(3), "East Division"),
            (BlockKind::Item, "Moss;1;2;3"),
        ];
        assert_eq!(lines(&draft), expected);
    }

    #[test]
    fn the_slug_replaces_a_missing_headline() {
        let draft = wire(
            "z1\u{1f}_x\nr z\u{11} BC-Weather\n\u{2}^BC-WEA--Weather,<\n\t   HALDEN (AP) _ Temperatures:<\n\
             \t   Halden;1;2;3<\n\u{3}",
        );
        assert_eq!(draft.facts.title.as_deref(), Some("BC-WEA--Weather"));
        assert_eq!(lines(&draft).len(), 2);
    }

    #[test]
    fn headlines_of_iptc() {
        let story = "Halden (dpa) - Dockers walked out on Monday.\r\n";
        for (head, title, byline, notes) in [
            (
                "REFILE\r\n1ST LEAD\r\nDockers walk out\r\nBy dpa correspondents =\r\n",
                "Dockers walk out",
                Some("dpa correspondents"),
                2,
            ),
            ("EXTRA\r\nDockers walk out\r\nof talks =\r\n", "Dockers walk out of talks", None, 1),
            ("UN ASKS FOR TALKS =\r\n", "UN ASKS FOR TALKS", None, 0),
            ("Dockers walk out\r\n\r\n", "Dockers walk out", None, 0),
            ("", "Norway / dockers", None, 0),
        ] {
            let draft = wire(&format!(
                "eca0003 3 i 380  dpa 0045\r\n\r\nNorway/dockers/\r\n\u{2}{head}\r\n{story}\r\n# Notebook\r\n## Contacts\r\n- Jon Berg\r\n\u{3}"
            ));
            assert_eq!(draft.facts.title.as_deref(), Some(title), "{head}");
            assert_eq!(draft.facts.byline.as_deref(), byline, "{head}");
            assert_eq!(draft.desk_notes.len(), notes + 3, "{head} {:?}", draft.desk_notes);
            let Text::Bare(text) = &draft.text else { panic!("bare text") };
            assert_eq!(text.trim(), story.trim(), "{head}");
        }
    }
}
