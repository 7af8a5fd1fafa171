//! Wire transmissions: ANPA 1312 and IPTC 7901, as they came over the line, with control characters between header,
//! text and trailer. A file may hold several.

use xxhash_rust::xxh3::xxh3_64;

use super::draft::{Draft, Text};
use super::sgml::dedented;
use super::{Context, give_record};
use crate::article::Published;
use crate::article::date::PublishedFrom;
use crate::article::front::tidy;
use crate::ingest::source::Source;
use crate::ingest::{SkipReason, Yielded};

const START_OF_HEADER: u8 = 1;
const START_OF_TEXT: u8 = 2;
const END_OF_TEXT: u8 = 3;

/// Do the first bytes begin a transmission?
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
        give_record(
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
    // A piece that is ASCII but for a few bytes is what the machines of the trade wrote: Windows' Latin 1.
    let decoded = |bytes: &[u8]| match std::str::from_utf8(bytes) {
        Ok(text) => text.to_string(),
        Err(_) => encoding_rs::WINDOWS_1252.decode_without_bom_handling(bytes).0.into_owned(),
    };
    let (header, text, trailer) = (decoded(&bytes[..text_at]), decoded(&rest[..end]), decoded(&rest[end..]));
    // Its header holds the signs that stop and start a machine, and one between its fields.
    let anpa = header.contains(['\u{11}', '\u{13}', '\u{1f}']);
    Ok(if anpa { anpa_1312(&text, &trailer) } else { iptc_7901(&header, &text, &trailer) })
}

/// Control characters that mean a line's kind on the wire.
fn visible(line: &str) -> String {
    line.chars().filter(|c| !c.is_control() || *c == '\t').collect()
}

fn anpa_1312(text: &str, trailer: &str) -> Draft {
    let mut draft = Draft::default();
    let lines: Vec<&str> = text.lines().map(|line| line.trim_end_matches(['\r', ' '])).collect();
    let mut body = String::new();
    let mut front: Vec<String> = Vec::new();
    let mut in_body = false;
    let mut bylines: Vec<String> = Vec::new();
    for line in lines {
        let ends_front = line.ends_with('<') || line.ends_with('=');
        let shown = visible(line);
        let words = shown.trim().trim_end_matches(['<', '=']).trim();
        // Lines of the front are marked, or end in a sign of their own; the body begins with the first indented one.
        let front_line = !in_body && (line.starts_with('^') || ends_front || line.starts_with(['\u{2}', '\u{5}']));
        if !front_line {
            in_body |= !words.is_empty();
            body.push_str(shown.trim_end_matches(['<', '=']));
            body.push('\n');
            continue;
        }
        let words = words.trim_start_matches('^').trim();
        if words.is_empty() {
            continue;
        }
        let lower = words.to_ascii_lowercase();
        if line.ends_with('=') && (lower.starts_with("by ") || !bylines.is_empty()) || lower.starts_with("by ") {
            bylines.push(words.to_string());
        } else if lower.starts_with("eds:")
            || lower.starts_with("eds.")
            || lower.starts_with("ap photo")
            || lower.starts_with("embargo")
        {
            draft.notes.push(words.to_string());
        } else {
            front.push(words.to_string());
        }
    }
    // The first line of the front is the slug, with the number of words behind a comma.
    let slug = front.first().cloned();
    draft.title(front.get(1).cloned());
    if draft.facts.title.is_none() {
        draft.title(slug.as_deref().map(|slug| slug.rsplit_once(',').map_or(slug, |(slug, _)| slug).to_string()));
    }
    draft.standfirst = front.get(2..).filter(|rest| !rest.is_empty()).map(|rest| rest.join(" "));
    draft.byline(bylines.first().cloned());
    draft.keyword(slug.as_deref().and_then(|slug| slug.split(',').next()).unwrap_or_default());
    draft.source(agency(trailer).or_else(|| agency(&body)));
    draft.facts.published = stamp(trailer);
    draft.text = Text::Bare(dedented(&tabs_as_indents(&body)));
    draft
}

fn tabs_as_indents(text: &str) -> String {
    text.replace('\t', "   ")
}

/// `AP-WF-11-13-13 1509GMT<`: agency, wire, month, day, year, hour.
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
    let clock = hour.map(|hour| format!("T{}:{}:00{zone}", &hour[..2], &hour[2..])).unwrap_or_default();
    Published::parse(&format!("{century}{year}-{month}-{day}{clock}"), PublishedFrom::Metadata)
}

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

fn iptc_7901(header: &str, text: &str, trailer: &str) -> Draft {
    let mut draft = Draft::default();
    let first: Vec<&str> = header.lines().next().unwrap_or_default().split_whitespace().collect();
    draft.source(
        first
            .iter()
            .rev()
            .find(|word| word.len() > 1 && word.chars().all(char::is_alphabetic))
            .map(|word| word.to_string()),
    );
    let slug: String = header
        .lines()
        .skip(1)
        .map(|line| visible(line).trim().to_string())
        .find(|line| !line.is_empty())
        .unwrap_or_default();
    slug.split(['/', ';']).for_each(|word| draft.keyword(word));
    // The headline runs to a line that ends in an equals sign.
    let mut lines = text.lines().map(|line| visible(line).trim_end().to_string()).peekable();
    let mut headline = Vec::new();
    let signed = text.lines().take(8).any(|line| visible(line).trim_end().ends_with('='));
    if signed {
        for line in lines.by_ref() {
            let ends = line.ends_with('=');
            headline.push(line.trim_end_matches('=').trim().to_string());
            if ends {
                break;
            }
        }
    } else {
        // A slug may stand in front of the headline here.
        while lines.peek().is_some_and(|line| line.trim().is_empty() || line.trim_end().ends_with('/')) {
            lines.next();
        }
        while lines.peek().is_some_and(|line| line.trim().is_empty()) {
            lines.next();
        }
        headline.extend(lines.next());
    }
    headline.retain(|line: &String| !line.ends_with('/'));
    draft.title(Some(tidy(&headline.join(" "))));
    let body: Vec<String> = lines.collect();
    // What follows the agency's contacts is for desks.
    let end =
        body.iter().position(|line| line.starts_with("# Notebook") || line.starts_with("## ")).unwrap_or(body.len());
    draft.notes =
        body[end..].iter().map(|line| tidy(line.trim_start_matches('#'))).filter(|line| !line.is_empty()).collect();
    draft.text = Text::Bare(dedented(&body[..end].join("\n")));
    draft.facts.published = iptc_stamp(trailer);
    draft
}

/// `131137 GMT Nov 13`: day, hour and minute, zone, month, year of two digits.
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
