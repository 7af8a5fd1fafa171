//! Textile: blocks that begin with a sign and a full stop (`h2. `, `bq. `), lists, links.

use super::{Line, Writer, marker};
use crate::article::BlockKind;

pub(super) fn read(writer: &mut Writer<'_>) {
    let lines = writer.lines.clone();
    let mut is_hidden = false;
    let mut is_code = false;
    for line in &lines {
        let span = line.span.clone();
        if line.text.is_empty() {
            writer.end();
            (is_hidden, is_code) = (false, false);
            continue;
        }
        if is_hidden {
            writer.hide_line(span);
            continue;
        }
        let Some((sign, length)) = signature(line) else {
            if is_code {
                writer.block(BlockKind::Item, span);
            } else if line.text.starts_with('|') || marker(line.text, &['*', '#', '-']).is_some() {
                writer.begin(BlockKind::Item, span);
                links(writer, line);
            } else {
                writer.paragraph(span);
                links(writer, line);
            }
            continue;
        };
        let words = span.start + length..span.end;
        if sign == "###" {
            is_hidden = true;
            writer.hide_line(span);
            continue;
        }
        writer.end();
        writer.hide(span.start..words.start);
        let level = sign.strip_prefix('h').and_then(|level| level.parse::<u8>().ok());
        match (level, sign) {
            _ if words.is_empty() => {}
            (Some(level), _) => writer.block(BlockKind::Heading(level), words),
            (None, "bc" | "pre") => {
                is_code = true;
                writer.block(BlockKind::Item, words);
            }
            _ => writer.paragraph(words),
        }
        links(writer, line);
    }
}

/// The sign that a block begins with, and its length with attributes, full stops and the space after them: `h2(#id). `.
fn signature<'l>(line: &Line<'l>) -> Option<(&'l str, usize)> {
    const SIGNS: &[&str] =
        &["h1", "h2", "h3", "h4", "h5", "h6", "bq", "bc", "pre", "p", "notextile", "###", "fn1", "fn2", "fn3"];
    let sign = SIGNS.iter().find(|sign| line.text.starts_with(**sign))?;
    let rest = &line.text[sign.len()..];
    // Attributes are in brackets, or alignments: `p(class){style}[en]>. `
    let mut at = 0;
    while let Some(c) = rest[at..].chars().next() {
        let close = match c {
            '(' => ')',
            '{' => '}',
            '[' => ']',
            '<' | '>' | '=' => {
                at += 1;
                continue;
            }
            _ => break,
        };
        at += rest[at..].find(close)? + 1;
    }
    let stops = rest[at..].bytes().take_while(|&byte| byte == b'.').count();
    let after = &rest[at + stops..];
    let is_block = (1..=2).contains(&stops) && (after.is_empty() || after.starts_with(' '));
    is_block.then(|| (&line.text[..sign.len()], sign.len() + at + stops + usize::from(!after.is_empty())))
}

/// Hides images and the targets of links: `"words":https://halden.example`, `!quay.png!`.
fn links(writer: &mut Writer<'_>, line: &Line<'_>) {
    let from = line.span.start;
    for (close, _) in line.text.match_indices("\":") {
        let Some(open) = line.text[..close].rfind('"') else { continue };
        let target = &line.text[close + 2..];
        let length = target.find(char::is_whitespace).unwrap_or(target.len());
        let length = target[..length].trim_end_matches(['.', ',', ';', ')', '!', '?']).len();
        if length > 0 {
            writer.hide(from + open..from + open + 1);
            writer.hide(from + close..from + close + 2 + length);
        }
    }
    let mut at = 0;
    while let Some(open) = line.text[at..].find('!').map(|open| at + open) {
        let rest = &line.text[open + 1..];
        let length =
            rest.find(|c: char| c == '!' || c.is_whitespace()).filter(|&end| rest[end..].starts_with('!') && end > 2);
        if let Some(length) = length {
            writer.hide(from + open..from + open + length + 2);
        }
        at = open + 1 + length.map_or(0, |length| length + 1);
    }
}
