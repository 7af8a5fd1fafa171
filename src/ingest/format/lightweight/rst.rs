//! reStructuredText: underlined headings, whose levels are in the order of their first uses, fields, directives.

use serde_json::Value;

use super::{Line, Writer, listed, marker};
use crate::article::BlockKind;

/// Directives whose content is text.
#[rustfmt::skip]
const TEXTS: &[&str] = &[
    "note", "warning", "tip", "hint", "important", "caution", "attention", "danger", "error", "admonition", "seealso",
    "epigraph", "pull-quote", "highlights", "topic", "sidebar", "container", "compound", "centered", "versionadded",
    "versionchanged", "deprecated", "rubric", "quote",
];

/// What the indented lines below a directive or after `::` are.
#[derive(Clone, Copy, PartialEq)]
enum Inside {
    Text,
    Code,
    Hidden,
}

pub(super) fn read(writer: &mut Writer<'_>) {
    let lines = writer.lines.clone();
    // A style of underlines: its sign, and whether there is a line above too.
    let mut styles: Vec<(char, bool)> = Vec::new();
    let (mut at, mut has_text) = (0, false);
    let mut inside: Option<Inside> = None;
    while let Some(line) = lines.get(at) {
        let span = line.span.clone();
        at += 1;
        if line.text.is_empty() {
            writer.end();
            continue;
        }
        if line.indent == 0 {
            inside = None;
        }
        if let Some(kind) = inside {
            let is_option = kind != Inside::Code && field(line.text).is_some();
            match kind {
                _ if is_option => writer.hide_line(span),
                Inside::Text => writer.paragraph(span),
                Inside::Code => writer.block(BlockKind::Item, span),
                Inside::Hidden => writer.hide_line(span),
            }
            continue;
        }
        let style = |styles: &mut Vec<(char, bool)>, rule: &Line<'_>, is_over: bool| {
            let style = (rule.text.chars().next().unwrap_or('='), is_over);
            let level = styles.iter().position(|other| *other == style).unwrap_or_else(|| {
                styles.push(style);
                styles.len() - 1
            });
            BlockKind::Heading((level + 1).min(6) as u8)
        };
        if is_rule(line.text) {
            let (title, under) = (lines.get(at), lines.get(at + 1));
            if let (Some(title), Some(under)) = (title, under)
                && under.text == line.text
                && !title.text.is_empty()
                && !title.text.contains("  ")
                && !is_rule(title.text)
            {
                let kind = style(&mut styles, line, true);
                writer.hide_line(span);
                writer.block(kind, title.span.clone());
                writer.hide(under.span.clone());
                at += 2;
            } else {
                writer.hide_line(span);
            }
        } else if let Some(rule) = lines.get(at).filter(|rule| underline(line, rule, RULES).is_some()) {
            let kind = style(&mut styles, rule, false);
            writer.block(kind, span);
            writer.hide(rule.span.clone());
            at += 1;
        } else if let Some((name, value)) = field(line.text).filter(|_| !has_text) {
            set(writer, name, value);
            writer.metadata(span);
        } else if let Some(rest) = line.text.strip_prefix("..").filter(|rest| rest.is_empty() || rest.starts_with(' '))
        {
            let directive = rest.trim_start().split_once("::");
            let name = directive.map_or("", |(name, _)| name);
            let is_text = TEXTS.contains(&name);
            inside = Some(if is_text { Inside::Text } else { Inside::Hidden });
            writer.end();
            match directive.filter(|_| is_text).map(|(_, words)| words.trim()) {
                Some(words) if !words.is_empty() => {
                    let start = span.end - words.len();
                    writer.hide(span.start..start);
                    writer.paragraph(start..span.end);
                }
                _ => writer.hide(span),
            }
        } else {
            has_text = true;
            if line.text.starts_with(['|', '+'])
                || marker(line.text, &['*', '-', '+']).is_some()
                || line.text.contains("   ")
            {
                if line.text.starts_with("+-") || line.text.starts_with("+=") {
                    writer.hide_line(span);
                    continue;
                }
                writer.begin(BlockKind::Item, span);
            } else {
                writer.continued(line);
            }
            links(writer, line);
            if line.text.ends_with("::") {
                inside = Some(Inside::Code);
            }
        }
    }
}

/// Signs of underlines.
const RULES: &[char] =
    &['=', '-', '~', '^', '"', '\'', '`', '#', '*', '+', '.', ':', '<', '>', '_', '!', '$', '%', '&', ',', '@'];

fn is_rule(line: &str) -> bool {
    let Some(first) = line.chars().next().filter(|first| RULES.contains(first)) else { return false };
    // The rules of a simple table have spaces.
    line.len() >= 3 && line.chars().all(|c| c == first || c == ' ')
}

/// The level of `line` as a heading underlined by `rule`, by the place of its sign in `signs`.
pub(super) fn underline(line: &Line<'_>, rule: &Line<'_>, signs: &[char]) -> Option<u8> {
    let first = rule.text.chars().next()?;
    let level = signs.iter().position(|sign| *sign == first)?;
    let (length, width) = (rule.text.len(), line.text.chars().count());
    let is_run = length >= 3 && rule.text.chars().all(|c| c == first) && rule.indent == 0;
    let is_words = line.indent == 0 && line.text.chars().any(char::is_alphanumeric);
    // Wide characters are two columns.
    (is_run && is_words && length + 2 >= width && length <= width * 2 + 2).then_some((level + 1).min(6) as u8)
}

/// Name and value of a field: `:Author: Mara Lindqvist`.
fn field(line: &str) -> Option<(&str, &str)> {
    let (name, value) = line.strip_prefix(':')?.split_once(':')?;
    let is_name = !name.is_empty() && name.len() <= 40 && !name.contains('`');
    (is_name && (value.is_empty() || value.starts_with(' '))).then(|| (name, value.trim()))
}

fn set(writer: &mut Writer<'_>, name: &str, value: &str) {
    let name = name.to_lowercase();
    match name.as_str() {
        "tags" | "keywords" => writer.field("keywords", listed(value, &[',', ';'])),
        "authors" | "author" => writer.field("author", listed(value, &[';'])),
        _ => writer.field(&name, Value::String(value.to_string())),
    }
}

/// Hides the targets of links, roles and references: `` `words <https://halden.example>`_ ``, `` :ref:`words` ``, `[1]_`.
fn links(writer: &mut Writer<'_>, line: &Line<'_>) {
    let from = line.span.start;
    let mut at = 0;
    while let Some(open) = line.text[at..].find('`').map(|open| at + open) {
        // Two of them are code.
        let sign = if line.text[open..].starts_with("``") { "``" } else { "`" };
        let inner = open + sign.len();
        let Some(close) = line.text[inner..].find(sign).map(|close| inner + close) else { return };
        let role = line.text[..open].strip_suffix(':').and_then(|before| before.rfind(':')).filter(|&role| {
            line.text[role + 1..open - 1].chars().all(|c| c.is_alphanumeric() || matches!(c, '-' | '_' | '.' | '+'))
        });
        let words = line.text[inner..close].rfind('<').filter(|_| sign.len() == 1 && line.text[..close].ends_with('>'));
        let end = words.map_or(close, |words| inner + words);
        let tail = &line.text[close + sign.len()..];
        let after = tail.len() - tail.strip_prefix("__").or(tail.strip_prefix('_')).unwrap_or(tail).len();
        writer.hide(from + role.unwrap_or(open)..from + inner);
        writer.hide(from + end..from + close + sign.len() + after);
        at = close + sign.len() + after;
    }
}
