//! AsciiDoc: the header with author, revision and attributes, headings of equals signs, delimited blocks.

use serde_json::Value;

use super::rst::underline;
use super::{Line, Writer, listed, marker};
use crate::article::BlockKind;

/// What is between two delimiters.
#[derive(Clone, Copy, PartialEq)]
enum Inside {
    Code,
    Hidden,
    Table,
}

pub(super) fn read(writer: &mut Writer<'_>) {
    let lines = writer.lines.clone();
    let mut at = header(writer, &lines);
    let mut inside: Option<(Inside, &str)> = None;
    while let Some(line) = lines.get(at) {
        at += 1;
        let span = line.span.clone();
        if let Some((kind, delimiter)) = inside {
            if line.text == delimiter {
                inside = None;
                writer.hide_line(span);
            } else if line.text.is_empty() {
                writer.end();
            } else if kind == Inside::Hidden {
                writer.hide_line(span);
            } else {
                writer.block(BlockKind::Item, span);
            }
            continue;
        }
        if line.text.is_empty() {
            writer.end();
        } else if let Some(kind) = delimiter(line.text) {
            // One that is never closed is a line.
            inside =
                kind.filter(|_| lines[at..].iter().any(|other| other.text == line.text)).map(|kind| (kind, line.text));
            writer.hide_line(span);
        } else if let Some((level, words)) = equals(line) {
            writer.hide(span.start..words.start);
            writer.hide(words.end..span.end);
            writer.block(BlockKind::Heading(level), words);
        } else if let Some(level) = lines.get(at).and_then(|next| underline(line, next, &['=', '-', '~', '^', '+'])) {
            writer.block(BlockKind::Heading(level), span);
            writer.hide(lines[at].span.clone());
            at += 1;
        } else if is_hidden(line.text) {
            writer.hide_line(span);
        } else if is_caption(line.text) || marker(line.text, &['*', '-', '.']).is_some() {
            writer.begin(BlockKind::Item, span);
            links(writer, line);
        } else {
            writer.continued(line);
            links(writer, line);
        }
    }
}

/// Reads the header, and returns the number of its lines.
fn header(writer: &mut Writer<'_>, lines: &[Line<'_>]) -> usize {
    let mut at = lines.iter().take_while(|line| line.text.is_empty() || line.text.starts_with("//")).count();
    let mut has_title = false;
    if let Some((1, words)) = lines.get(at).and_then(equals) {
        let line = &lines[at];
        writer.hide(line.span.start..words.start);
        writer.block(BlockKind::Heading(1), words);
        has_title = true;
        at += 1;
    }
    let (mut has_author, mut has_revision) = (!has_title, !has_title);
    while let Some(line) = lines.get(at).filter(|line| !line.text.is_empty()) {
        if let Some((name, value)) = attribute(line.text) {
            match name.to_ascii_lowercase().as_str() {
                "keywords" | "tags" | "page-tags" => writer.field("keywords", listed(value, &[',', ';'])),
                "revdate" | "date" | "docdate" | "page-date" => writer.field("date", Value::String(value.to_string())),
                "author" | "authors" => writer.field("author", listed(value, &[';'])),
                name @ ("lang" | "language" | "url" | "source" | "publisher" | "category") => {
                    writer.field(name, Value::String(value.to_string()));
                }
                _ => {}
            }
        } else if line.text.starts_with("//") {
            // A remark.
        } else if !has_author && crate::article::front::names_only(&people(line.text)) {
            has_author = true;
            writer.field("author", listed(&people(line.text), &[';']));
        } else if !has_revision {
            has_revision = true;
            // `v1.0, 2023-09-12: remark`
            let date = line
                .text
                .split(", ")
                .filter(|part| !part.starts_with('v') || part.contains('-'))
                .collect::<Vec<_>>()
                .join(", ");
            let date = date.split_once(": ").map_or(date.as_str(), |(date, _)| date).to_string();
            writer.field("date", Value::String(date));
        } else {
            return at;
        }
        writer.metadata(line.span.clone());
        at += 1;
    }
    at
}

/// The names of an author line, without addresses: `Mara Lindqvist <mara@halden.example>; Jon Moe`.
fn people(line: &str) -> String {
    let names = line.split(';').map(|person| person.split('<').next().unwrap_or("").trim().replace('_', " "));
    names.filter(|name| !name.is_empty()).collect::<Vec<_>>().join("; ")
}

/// Name and value of `:name: value`.
fn attribute(line: &str) -> Option<(&str, &str)> {
    let (name, value) = line.strip_prefix(':')?.split_once(':')?;
    let is_name = !name.is_empty() && name.chars().all(|c| c.is_alphanumeric() || matches!(c, '-' | '_' | '!'));
    (is_name && (value.is_empty() || value.starts_with(' '))).then(|| (name, value.trim()))
}

/// Level and words of a heading of equals signs.
fn equals(line: &Line<'_>) -> Option<(u8, std::ops::Range<usize>)> {
    let level = line.text.bytes().take_while(|&byte| byte == b'=').count();
    let rest = &line.text[level..];
    if line.indent > 0 || !(1..=6).contains(&level) || !rest.starts_with(' ') {
        return None;
    }
    let words = rest.trim();
    // The signs may be repeated after it.
    let words = words.strip_suffix(&format!(" {}", "=".repeat(level))).unwrap_or(words).trim_end();
    let start = line.span.start + line.text.len() - rest.trim_start().len();
    (!words.is_empty()).then(|| (level as u8, start..start + words.len()))
}

/// Is the line a delimiter? If so, what is between it and the next, unless that is text.
fn delimiter(line: &str) -> Option<Option<Inside>> {
    if matches!(line, "|===" | ",===" | ":===" | "!===") {
        return Some(Some(Inside::Table));
    }
    if line.starts_with("```") {
        return Some(Some(Inside::Code));
    }
    let first = line.chars().next()?;
    let is_run = line == "--" || line.len() >= 4 && line.chars().all(|c| c == first);
    if !is_run {
        return None;
    }
    match first {
        '-' if line.len() >= 4 => Some(Some(Inside::Code)),
        '.' => Some(Some(Inside::Code)),
        '/' | '+' => Some(Some(Inside::Hidden)),
        '_' | '*' | '=' | '-' => Some(None),
        _ => None,
    }
}

/// Is the line a remark, an attribute list, a macro, a directive or a rule?
fn is_hidden(line: &str) -> bool {
    let is_macro = line.split_once("::").is_some_and(|(name, rest)| {
        rest.ends_with(']') && !name.is_empty() && name.chars().all(|c| c.is_ascii_lowercase())
    });
    line.starts_with("//")
        || line.starts_with('[') && line.ends_with(']')
        || is_macro
        || attribute(line).is_some()
        || matches!(line, "+" | "'''" | "<<<" | "---" | "***")
}

/// Is the line the title of a block: `.The quay`?
fn is_caption(line: &str) -> bool {
    line.strip_prefix('.').is_some_and(|rest| rest.starts_with(|c: char| !c.is_whitespace() && c != '.'))
}

/// Hides the targets of links and references: `https://halden.example[words]`, `link:a[words]`, `<<a,words>>`.
fn links(writer: &mut Writer<'_>, line: &Line<'_>) {
    let from = line.span.start;
    for (open, _) in line.text.match_indices('[') {
        let target = line.text[..open].rfind(char::is_whitespace).map_or(0, |at| at + 1);
        let target = target + line.text[target..open].find(|c: char| c.is_alphanumeric()).unwrap_or(0);
        let is_target = ["http://", "https://", "link:", "xref:", "mailto:", "image:", "footnote:", "kbd:", "btn:"]
            .iter()
            .any(|start| line.text[target..open].starts_with(start));
        if is_target && let Some(close) = line.text[open..].find(']').map(|close| open + close) {
            let is_image = line.text[target..].starts_with("image:");
            writer.hide(from + target..from + if is_image { close + 1 } else { open + 1 });
            if !is_image {
                writer.hide(from + close..from + close + 1);
            }
        }
    }
    for (open, _) in line.text.match_indices("<<") {
        let Some(close) = line.text[open..].find(">>").map(|close| open + close) else { return };
        let words = line.text[open..close].find(',').map_or(open + 2, |comma| open + comma + 1);
        writer.hide(from + open..from + words);
        writer.hide(from + close..from + close + 2);
    }
}
