//! Org: keywords (`#+TITLE:`), drawers, headings of stars, blocks.

use serde_json::Value;

use super::{Line, Writer, listed, marker};
use crate::article::BlockKind;

/// Most lines of a drawer; one that is not closed by then is text.
const MAX_DRAWER_LINES: usize = 60;

/// States of a heading that begin it.
const STATES: &[&str] = &["TODO", "DONE", "NEXT", "WAITING", "WAIT", "HOLD", "CANCELLED", "CANCELED", "STARTED"];

#[derive(Clone, Copy, PartialEq)]
enum Inside {
    Text,
    Code,
    Hidden,
}

pub(super) fn read(writer: &mut Writer<'_>) {
    let lines = writer.lines.clone();
    let (mut block, mut drawer_end, mut has_heading) = (None, 0, false);
    for (i, line) in lines.iter().enumerate() {
        let span = line.span.clone();
        if line.text.is_empty() {
            writer.end();
        } else if i < drawer_end {
            if let Some((name, value)) = keyword(line.text, ":").filter(|_| !has_heading) {
                set(writer, name, value);
            }
            writer.metadata(span);
        } else if let Some(inside) = block {
            if begins(line.text, "#+end") {
                block = None;
                writer.hide_line(span);
            } else {
                match inside {
                    Inside::Text => writer.paragraph(span),
                    Inside::Code => writer.block(BlockKind::Item, span),
                    Inside::Hidden => writer.hide_line(span),
                }
            }
        } else if let Some(end) = drawer(&lines, i) {
            drawer_end = end;
            writer.metadata(span);
        } else if begins(line.text, "#+begin_") {
            let name = line.text[8..].split_whitespace().next().unwrap_or("").to_ascii_lowercase();
            block = Some(match name.as_str() {
                "src" | "example" => Inside::Code,
                "comment" | "export" => Inside::Hidden,
                _ => Inside::Text,
            });
            writer.hide_line(span);
        } else if let Some((name, value)) = keyword(line.text, "#+") {
            if !has_heading {
                set(writer, name, value);
            }
            writer.metadata(span);
        } else if line.text == "#" || line.text.starts_with("# ") {
            writer.hide_line(span);
        } else if let Some(level) = stars(line) {
            has_heading = true;
            heading(writer, line, level);
        } else if ["SCHEDULED:", "DEADLINE:", "CLOSED:"].iter().any(|word| line.text.starts_with(word))
            || line.text.len() >= 5 && line.text.bytes().all(|byte| byte == b'-')
            || line.text.starts_with("|-")
        {
            writer.hide_line(span);
        } else if line.text.starts_with('|')
            || marker(line.text, &['-', '+']).is_some_and(|length| length == 2 || !line.text.starts_with(['-', '+']))
        {
            writer.begin(BlockKind::Item, span);
            links(writer, line);
        } else {
            writer.continued(line);
            links(writer, line);
        }
    }
}

/// Does a line begin with a word, whatever its case?
fn begins(line: &str, word: &str) -> bool {
    line.get(..word.len()).is_some_and(|start| start.eq_ignore_ascii_case(word))
}

/// Name and value of `#+NAME: value` or `:NAME: value`.
fn keyword<'l>(line: &'l str, sign: &str) -> Option<(&'l str, &'l str)> {
    let (name, value) = line.strip_prefix(sign)?.split_once(':')?;
    (!name.is_empty() && !name.contains(char::is_whitespace)).then(|| (name, value.trim()))
}

/// The end of the drawer that begins at a line: `:PROPERTIES:` to `:END:`.
fn drawer(lines: &[Line<'_>], at: usize) -> Option<usize> {
    let name = lines[at].text.strip_prefix(':')?.strip_suffix(':')?;
    if name.is_empty() || name.contains(|c: char| !c.is_alphanumeric() && !matches!(c, '_' | '-')) {
        return None;
    }
    let rest = lines[at + 1..].iter().take(MAX_DRAWER_LINES);
    let length = rest.take_while(|line| stars(line).is_none()).position(|line| begins(line.text, ":end:"))?;
    Some(at + length + 2)
}

fn set(writer: &mut Writer<'_>, name: &str, value: &str) {
    let name = name.to_ascii_lowercase();
    match name.as_str() {
        "filetags" | "tags" => writer.field("tags", listed(value, &[':', ' '])),
        "keywords" => writer.field("keywords", listed(value, &[',', ';'])),
        "roam_refs" | "roam_key" | "source" | "url" => writer.field("url", Value::String(value.to_string())),
        // A time stamp: `<2023-09-12 Tue>`.
        "date" => {
            let value = value.trim_matches(['<', '>', '[', ']']);
            let days = value.split_whitespace().filter(|word| !word.chars().all(char::is_alphabetic));
            let iso: Vec<&str> = days.collect();
            let is_stamp =
                iso.first().is_some_and(|day| day.len() == 10 && day.starts_with(|c: char| c.is_ascii_digit()));
            writer.field("date", Value::String(if is_stamp { iso.join(" ") } else { value.to_string() }));
        }
        "title" | "author" | "language" | "description" | "category" => {
            writer.field(&name, Value::String(value.to_string()));
        }
        _ => {}
    }
}

/// Number of stars of a heading.
fn stars(line: &Line<'_>) -> Option<usize> {
    let stars = line.text.bytes().take_while(|&byte| byte == b'*').count();
    (line.indent == 0 && stars > 0 && line.text[stars..].starts_with(' ')).then_some(stars)
}

/// A heading without its state, priority and tags.
fn heading(writer: &mut Writer<'_>, line: &Line<'_>, level: usize) {
    let mut start = line.text.len() - line.text[level..].trim_start().len();
    let mut rest = &line.text[start..];
    let mut skip = |rest: &mut &str, length: usize| {
        let after = rest[length..].trim_start();
        start += rest.len() - after.len();
        *rest = after;
    };
    if let Some(state) = STATES.iter().find(|state| rest.split_whitespace().next() == Some(**state)) {
        skip(&mut rest, state.len());
    }
    if rest.starts_with("[#")
        && let Some(end) = rest.find(']')
    {
        skip(&mut rest, end + 1);
    }
    let tags = rest
        .rsplit_once(char::is_whitespace)
        .filter(|(_, tags)| tags.len() > 2 && tags.starts_with(':') && tags.ends_with(':'));
    let end = tags.map_or(rest.len(), |(words, _)| words.trim_end().len());
    let from = line.span.start + start;
    writer.hide(line.span.start..from);
    writer.hide(from + end..line.span.end);
    if end > 0 {
        writer.block(BlockKind::Heading(level.min(6) as u8), from..from + end);
    }
    links(writer, line);
}

/// Hides the targets of links: `[[target][words]]`.
fn links(writer: &mut Writer<'_>, line: &Line<'_>) {
    let mut at = 0;
    while let Some(open) = line.text[at..].find("[[").map(|open| at + open) {
        let Some(close) = line.text[open..].find("]]").map(|close| open + close) else { return };
        let from = line.span.start;
        match line.text[open..close].find("][") {
            Some(middle) => {
                writer.hide(from + open..from + open + middle + 2);
                writer.hide(from + close..from + close + 2);
            }
            None if line.text[open + 2..close].contains(':') => writer.hide(from + open..from + close + 2),
            None => {}
        }
        at = close + 2;
    }
}
