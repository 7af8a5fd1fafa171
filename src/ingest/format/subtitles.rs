//! Subtitles and captions as running text: SRT, WebVTT, SBV, SSA/ASS and TTML. Numbers, times and tags are left out; the
//! time of each passage and the speakers that are marked up are kept.

use std::sync::LazyLock;

use regex::Regex;

use super::xml::{self, Element, Node};
use crate::article::{Block, BlockKind, RawArticle};
use crate::ingest::SkipReason;
use crate::model::Facts;
use crate::text::Language;
use crate::text::tidy;

/// A pause after which a paragraph begins, in milliseconds.
const PAUSE_MS: u64 = 2_500;
/// A paragraph ends with the first sentence after this many words.
const MIN_WORDS: usize = 60;
/// Most words of a paragraph.
const MAX_WORDS: usize = 150;
/// Most spaces between the cues of captions that roll, in milliseconds.
const ROLLING_MS: u64 = 1_000;

/// What is shown at once.
#[derive(Debug, Clone, Default, PartialEq)]
struct Cue {
    /// Milliseconds from the start.
    start: u64,
    end: u64,
    speaker: Option<String>,
    lines: Vec<String>,
}

/// A line of times: `00:01:02,500 --> 00:01:04,000 align:start`.
static TIMES: LazyLock<Regex> = LazyLock::new(|| {
    regex(r"^\s*((?:\d{1,4}:)?\d{1,2}:\d{1,2}[.,]\d{1,3})\s*-->\s*((?:\d{1,4}:)?\d{1,2}:\d{1,2}[.,]\d{1,3})(?:\s|$)")
});
/// The same in SBV: `0:01:02.500,0:01:04.000`.
static SBV_TIMES: LazyLock<Regex> =
    LazyLock::new(|| regex(r"^\s*(\d{1,4}:\d{1,2}:\d{1,2}\.\d{1,3}),(\d{1,4}:\d{1,2}:\d{1,2}\.\d{1,3})\s*$"));
/// A tag, and the overrides of SSA.
static TAG: LazyLock<Regex> = LazyLock::new(|| regex(r"</?[a-zA-Z0-9][^<>]*>|\{\\[^{}]*\}"));
/// The tag of a voice: `<v Anchor>`, `<v.loud Anchor>`.
static VOICE: LazyLock<Regex> = LazyLock::new(|| regex(r"<v(?:\.[^\s<>]*)?\s+([^<>]{1,100})>"));
/// The beginning of a line that another speaker says: `>> `, `- `, `ANCHOR: `.
static CHANGE: LazyLock<Regex> = LazyLock::new(|| {
    regex(
        r"^(?:>{1,3}\s?|[-–—]\s?\p{L}|\[?\p{Lu}[\p{Lu}\d .'’#-]{1,40}\]?:\s|\p{Lu}[\p{L}.'’-]{1,25}(?:\s\p{Lu}[\p{L}.'’-]{1,25}){0,2}:\s)",
    )
});

fn regex(pattern: &str) -> Regex {
    Regex::new(pattern).expect("the patterns of this file are valid")
}

/// Builds the tables now rather than at first use.
#[cfg(test)]
pub(super) fn build_tables() {
    for pattern in [&TIMES, &SBV_TIMES, &TAG, &VOICE, &CHANGE] {
        LazyLock::force(pattern);
    }
}

/// Does a text begin as subtitles do?
pub(super) fn begins(text: &str) -> bool {
    const LINES: usize = 4;
    let text = text.trim_start_matches(['\u{feff}', '\n', '\r', ' ']);
    let first = text.lines().next().unwrap_or("");
    first == "WEBVTT"
        || first.starts_with("WEBVTT ")
        || first.starts_with("WEBVTT\t")
        || first.trim_end().eq_ignore_ascii_case("[script info]")
        || text.lines().take(LINES).any(|line| TIMES.is_match(line))
        || SBV_TIMES.is_match(first)
}

/// Reads subtitles.
pub(super) fn read(text: &str) -> Result<RawArticle, SkipReason> {
    let text = text.trim_start_matches('\u{feff}');
    let start = text.trim_start();
    let (cues, language) = if start.starts_with('<') {
        ttml(text)?
    } else if start.get(..13).is_some_and(|start| start.eq_ignore_ascii_case("[script info]")) {
        (ssa(text), None)
    } else {
        (timed(text), header(text, "language"))
    };
    let cues = unrolled(cues);
    let raw = article(&cues, language.as_deref());
    if raw.text.is_empty() { Err(SkipReason::NoText) } else { Ok(raw) }
}

/// A field of the header of WebVTT.
fn header(text: &str, name: &str) -> Option<String> {
    let mut lines = text.lines();
    lines.next().filter(|first| first.starts_with("WEBVTT"))?;
    lines.take_while(|line| !line.trim().is_empty()).find_map(|line| {
        let (key, value) = line.split_once(':')?;
        key.trim().eq_ignore_ascii_case(name).then(|| value.trim().to_string())
    })
}

/// The cues of SRT, WebVTT and SBV: the lines after one of times, up to a blank line or the next one of times. All
/// others are numbers, notes, styles.
fn timed(text: &str) -> Vec<Cue> {
    let mut cues: Vec<Cue> = Vec::new();
    let mut is_open = false;
    for line in text.lines() {
        if let Some(times) = TIMES.captures(line).or_else(|| SBV_TIMES.captures(line)) {
            // The number of the next cue, where no blank line precedes it.
            if is_open && let Some(before) = cues.last_mut() {
                let is_number = |line: &String| !line.is_empty() && line.bytes().all(|byte| byte.is_ascii_digit());
                if before.lines.len() > 1 && before.lines.last().is_some_and(is_number) {
                    before.lines.pop();
                }
            }
            cues.push(Cue { start: milliseconds(&times[1]), end: milliseconds(&times[2]), ..Cue::default() });
            is_open = true;
        } else if line.trim().is_empty() {
            // Captions that roll have lines of a space.
            is_open &= !line.is_empty() || cues.last().is_some_and(|cue| cue.lines.is_empty());
        } else if is_open && let Some(cue) = cues.last_mut() {
            push_line(cue, line);
        }
    }
    cues
}

/// The cues of SSA and ASS: the lines `Dialogue:`, whose fields the line `Format:` before them names.
fn ssa(text: &str) -> Vec<Cue> {
    let mut fields: Vec<String> = Vec::new();
    let mut cues = Vec::new();
    for line in text.lines() {
        if let Some(names) = line.strip_prefix("Format:") {
            fields = names.split(',').map(|name| name.trim().to_ascii_lowercase()).collect();
        } else if let Some(values) = line.strip_prefix("Dialogue:") {
            let values: Vec<&str> = values.splitn(fields.len().max(1), ',').map(str::trim).collect();
            let value = |name: &str| {
                fields.iter().position(|field| field == name).and_then(|at| values.get(at)).copied().unwrap_or("")
            };
            let speaker = [value("name"), value("actor")].into_iter().find(|name| !name.is_empty()).map(str::to_string);
            let times = (milliseconds(value("start")), milliseconds(value("end")));
            let mut cue = Cue { start: times.0, end: times.1, speaker, lines: Vec::new() };
            let shown = value("text").replace("\\n", "\n").replace("\\N", "\n").replace("\\h", " ");
            shown.lines().for_each(|line| push_line(&mut cue, line));
            cues.push(cue);
        }
    }
    cues.sort_by_key(|cue| cue.start);
    cues
}

/// The cues of TTML, and the language.
fn ttml(text: &str) -> Result<(Vec<Cue>, Option<String>), SkipReason> {
    let root = xml::parse(text)?;
    let language = root.find("tt").and_then(|tt| tt.attribute("lang")).map(str::to_string);
    let names: Vec<(&str, String)> =
        root.all("agent").iter().filter_map(|agent| Some((agent.attribute("id")?, agent.tidied()?))).collect();
    let cue = |paragraph: &&Element| {
        let time = |name: &str| paragraph.attribute(name).map_or(0, milliseconds);
        let agent = paragraph.attribute("agent");
        let speaker = agent.and_then(|id| names.iter().find(|(other, _)| *other == id)).map(|(_, name)| name.clone());
        let mut shown = String::new();
        push_shown(paragraph, &mut shown);
        let mut cue = Cue { start: time("begin"), end: time("end"), speaker, lines: Vec::new() };
        shown.lines().for_each(|line| push_line(&mut cue, line));
        cue
    };
    Ok((root.all("p").iter().map(cue).collect(), language))
}

/// The text of a paragraph of TTML, with its line breaks.
fn push_shown(element: &Element, out: &mut String) {
    for child in &element.children {
        match child {
            Node::Text(text) => out.push_str(&text.replace(['\n', '\r'], " ")),
            Node::Element(child) if child.is("br") => out.push('\n'),
            Node::Element(child) => push_shown(child, out),
        }
    }
}

/// Adds a line without its tags.
fn push_line(cue: &mut Cue, line: &str) {
    if let Some(voice) = VOICE.captures(line) {
        cue.speaker = Some(tidy(&unescaped(&voice[1])));
    }
    let shown = tidy(&unescaped(&TAG.replace_all(line, "")));
    if !shown.is_empty() {
        cue.lines.push(shown);
    }
}

/// A text with its character references resolved.
fn unescaped(text: &str) -> String {
    if !text.contains('&') {
        return text.to_string();
    }
    quick_xml::escape::unescape_with(text, |name| match name {
        "nbsp" => Some(" "),
        "lrm" | "rlm" => Some(""),
        other => quick_xml::escape::resolve_html5_entity(other),
    })
    .map_or_else(|_| text.to_string(), std::borrow::Cow::into_owned)
}

/// Parses `1:02:03.450`, `02:03,45`, `12.5s`.
fn milliseconds(text: &str) -> u64 {
    let text = text.trim().trim_end_matches('s').replace(',', ".");
    let (whole, fraction) = text.split_once('.').unwrap_or((&text, ""));
    let seconds =
        whole.split(':').fold(0_u64, |sum, part| sum.saturating_mul(60).saturating_add(part.parse().unwrap_or(0)));
    let thousandths: String = fraction.chars().chain("000".chars()).take(3).collect();
    seconds.saturating_mul(1_000).saturating_add(thousandths.parse().unwrap_or(0))
}

/// Cues without the lines that captions which roll show again.
fn unrolled(mut cues: Vec<Cue>) -> Vec<Cue> {
    let repeats = |before: &Cue, cue: &Cue| {
        let most = before.lines.len().min(cue.lines.len());
        let is_near = cue.start <= before.end.saturating_add(ROLLING_MS);
        (1..=most).rev().find(|&n| is_near && before.lines[before.lines.len() - n..] == cue.lines[..n]).unwrap_or(0)
    };
    cues.retain(|cue| !cue.lines.is_empty());
    let counts: Vec<usize> = cues.windows(2).map(|pair| repeats(&pair[0], &pair[1])).collect();
    // A line that is said twice is no caption that rolls.
    if counts.is_empty() || counts.iter().filter(|count| **count > 0).count() * 4 < counts.len() {
        return cues;
    }
    for (cue, count) in cues[1..].iter_mut().zip(counts) {
        cue.lines.drain(..count);
    }
    cues.retain(|cue| !cue.lines.is_empty());
    cues
}

/// The cues as paragraphs of running text.
fn article(cues: &[Cue], language: Option<&str>) -> RawArticle {
    let mut out = RawArticle { title_known: true, ..RawArticle::default() };
    let mut blocks: Vec<Block> = Vec::new();
    let (mut words, mut before): (usize, Option<&Cue>) = (0, None);
    let has_speakers = cues.iter().any(|cue| cue.speaker.is_some());
    for cue in cues {
        let said = cue.lines.iter().map(String::as_str);
        for (i, line) in said.enumerate() {
            let is_new = blocks.is_empty()
                || CHANGE.is_match(line)
                || i == 0 && before.is_some_and(|before| begins_paragraph(before, cue))
                || words >= MIN_WORDS && ends_sentence(&out.text)
                || words >= MAX_WORDS;
            if is_new {
                if !blocks.is_empty() {
                    out.text.push('\n');
                }
                let start = out.text.len();
                blocks.push(Block { span: start..start, kind: BlockKind::Paragraph });
                words = 0;
            } else {
                out.text.push(' ');
            }
            if i == 0 {
                let at = out.text.len();
                let changed = before.is_none_or(|before| before.speaker != cue.speaker);
                if has_speakers && changed {
                    out.speakers.push((at, cue.speaker.clone().unwrap_or_default()));
                }
                out.times.push((at, u32::try_from(cue.start / 1_000).unwrap_or(u32::MAX)));
            }
            out.text.push_str(line);
            words += line.split_whitespace().count();
            if let Some(block) = blocks.last_mut() {
                block.span.end = out.text.len();
            }
        }
        before = Some(cue);
    }
    if !out.text.is_empty() {
        out.text.push('\n');
    }
    out.blocks = Some(blocks);
    let code = language.and_then(|tag| Language::from_code(tag).known_code().map(str::to_string));
    out.facts = Facts { lang: code, ..Facts::default() };
    out
}

fn begins_paragraph(before: &Cue, cue: &Cue) -> bool {
    before.speaker != cue.speaker || cue.start > before.end.saturating_add(PAUSE_MS)
}

fn ends_sentence(text: &str) -> bool {
    text.ends_with(['.', '?', '!', '…', '"', '”', '»', '。', '？', '！', '؟', '।'])
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The paragraphs, each with the seconds at which it begins, and the speakers.
    fn shown(text: &str) -> (Vec<(String, u32)>, Vec<String>) {
        assert!(text.starts_with('<') || begins(text), "{text}");
        let raw = read(text).expect("subtitles");
        let blocks = raw.blocks.expect("blocks");
        let time = |start: usize| raw.times.iter().rev().find(|(at, _)| *at <= start).expect("a time").1;
        let paragraphs = blocks.iter().map(|block| (raw.text[block.span.clone()].to_string(), time(block.span.start)));
        (paragraphs.collect(), raw.speakers.into_iter().map(|(_, name)| name).collect())
    }

    #[test]
    fn cues_are_running_text() {
        for (what, text, paragraphs, speakers) in [
            (
                "SRT",
                "1\n00:00:01,080 --> 00:00:03,750\nThe crews of the ferries\nwill vote\n\n2\n00:00:03,750 --> 00:00:07,400\n<i>on an offer</i> of four per cent.\n\n3\n00:01:07,400 --> 00:01:11,000\n{\\an8}Nobody knows when.\n",
                &[("The crews of the ferries will vote on an offer of four per cent.", 1), ("Nobody knows when.", 67)]
                    [..],
                &[][..],
            ),
            (
                "SRT without blank lines, and with lines of carriage returns",
                "1\r\n00:00:01,000 --> 00:00:02,000\r\nNous avons voté.\r\n2\r\n00:00:02,000 --> 00:00:03,000\r\nPersonne ne rit.\r\n",
                &[("Nous avons voté. Personne ne rit.", 1)],
                &[],
            ),
            (
                "WebVTT",
                "WEBVTT - News\nKind: captions\nLanguage: en\n\nSTYLE\n::cue { color: red }\n\nintro\n00:01.000 --> 00:03.750 align:start\nThe crews <00:01.500><c>of the</c> ferries &amp; tugs\n\nNOTE made by machine\n\n00:03.750 --> 00:07.400\n<v.loud Ada Berg>will vote.\n\n00:07.400 --> 00:09.000\n<v Jon Moe>When?\n",
                &[("The crews of the ferries & tugs", 1), ("will vote.", 3), ("When?", 7)],
                &["", "Ada Berg", "Jon Moe"],
            ),
            (
                "captions that roll",
                "WEBVTT\n\n00:00:00.000 --> 00:00:02.000\nthe crews of the\n\n00:00:02.000 --> 00:00:02.010\nthe crews of the\n \n\n00:00:02.010 --> 00:00:04.000\nthe crews of the\nferries will vote\n\n00:00:04.000 --> 00:00:04.010\nferries will vote\n \n\n00:00:04.010 --> 00:00:06.000\nferries will vote\non thursday\n",
                &[("the crews of the ferries will vote on thursday", 0)],
                &[],
            ),
            (
                "SBV",
                "0:00:01.000,0:00:03.000\nDie Crews der Fähren\nstimmen ab.\n\n0:00:03.000,0:00:05.000\nAm Donnerstag.\n",
                &[("Die Crews der Fähren stimmen ab. Am Donnerstag.", 1)],
                &[],
            ),
            (
                "ASS",
                "[Script Info]\nTitle: News\n\n[Events]\nFormat: Layer, Start, End, Style, Name, MarginL, MarginR, MarginV, Effect, Text\nDialogue: 0,0:00:04.00,0:00:05.00,Default,Moe,0,0,0,,When, then?\nDialogue: 0,0:00:01.00,0:00:03.00,Default,Berg,0,0,0,,{\\i1}The crews{\\i0}\\Nwill vote.\n",
                &[("The crews will vote.", 1), ("When, then?", 4)],
                &["Berg", "Moe"],
            ),
            (
                "TTML",
                "<?xml version=\"1.0\"?><tt xmlns=\"http://www.w3.org/ns/ttml\" xml:lang=\"en\"><body><div><p begin=\"00:00:01.000\" end=\"00:00:03.000\">The crews<br/>will <span>vote</span>.</p><p begin=\"3s\" end=\"5s\">When?</p></div></body></tt>",
                &[("The crews will vote. When?", 1)],
                &[],
            ),
            (
                "speakers of captions",
                "1\n00:00:01,000 --> 00:00:02,000\n>> ANCHOR: Good evening.\n\n2\n00:00:02,000 --> 00:00:03,000\n- When do they vote?\n- On Thursday.\n",
                &[(">> ANCHOR: Good evening.", 1), ("- When do they vote?", 2), ("- On Thursday.", 2)],
                &[],
            ),
        ] {
            let (got, said) = shown(text);
            let got: Vec<(&str, u32)> = got.iter().map(|(text, time)| (text.as_str(), *time)).collect();
            assert_eq!(
                (got.as_slice(), said.as_slice()),
                (paragraphs, &*speakers.iter().map(|s| s.to_string()).collect::<Vec<_>>()),
                "{what}"
            );
        }
    }

    #[test]
    fn other_texts_are_no_subtitles() {
        for text in
            ["", "1\n2\n3\n", "Dockers walk out --> ferries sail", "[Script]\nAct one", "At 00:00:01,000 they left."]
        {
            assert!(!begins(text), "{text}");
        }
        assert_eq!(read("WEBVTT\n\nNOTE nothing\n").err(), Some(SkipReason::NoText));
    }
}
