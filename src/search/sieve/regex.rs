//! Regular expressions in the language of Lucene.

use regex_syntax::hir::{Class, Hir, HirKind, Look};

/// Most bytes of a regular expression that engines take.
const MAX_REGEX_BYTES: usize = 900;

/// A regular expression in the language of Lucene, for whole tokens; `None` for what is read otherwise there, or not at all.
/// Of a value it may match a part (`is_whole` is false).
pub(super) fn lucene(regex: &str, is_whole: bool) -> Option<String> {
    let hir = regex_syntax::ParserBuilder::new().case_insensitive(true).build().parse(regex).ok()?;
    let mut parts: Vec<&Hir> = match hir.kind() {
        HirKind::Concat(parts) => parts.iter().collect(),
        _ => vec![&hir],
    };
    let is_look = |hir: Option<&&Hir>, look: Look| hir.is_some_and(|hir| *hir.kind() == HirKind::Look(look));
    let (mut from_start, mut to_end) = (is_whole, is_whole);
    while is_look(parts.first(), Look::Start) {
        from_start = true;
        parts.remove(0);
    }
    while is_look(parts.last(), Look::End) {
        to_end = true;
        parts.pop();
    }
    let mut out = String::new();
    if !from_start {
        out.push_str(".*");
    }
    out.push('(');
    for part in parts {
        write_lucene(part, &mut out)?;
    }
    out.push(')');
    if out.ends_with("()") {
        out.truncate(out.len() - 2);
        out.push_str("(.{0})");
    }
    if !to_end {
        out.push_str(".*");
    }
    (out.len() <= MAX_REGEX_BYTES).then_some(out)
}

fn write_lucene(hir: &Hir, out: &mut String) -> Option<()> {
    use std::fmt::Write as _;
    if out.len() > MAX_REGEX_BYTES {
        return None;
    }
    match hir.kind() {
        HirKind::Empty => out.push_str("(.{0})"),
        HirKind::Literal(literal) => out.push_str(&escaped(std::str::from_utf8(&literal.0).ok()?)),
        HirKind::Class(Class::Unicode(class)) => {
            // All but the end of a line is a dot; tokens and values have no lines.
            let ranges = class.ranges();
            let is_dot = ranges.len() == 2 && ranges[0].start() == '\0' && ranges[1].end() == char::MAX;
            if ranges.is_empty() {
                return None;
            }
            if is_dot && ranges[0].end() == '\t' && ranges[1].start() == '\u{b}' {
                out.push('.');
                return Some(());
            }
            out.push('[');
            for range in ranges {
                write_of_class(range.start(), out);
                if range.end() != range.start() {
                    out.push('-');
                    write_of_class(range.end(), out);
                }
            }
            out.push(']');
        }
        HirKind::Repetition(repetition) => {
            out.push('(');
            write_lucene(&repetition.sub, out)?;
            out.push(')');
            match (repetition.min, repetition.max) {
                (0, None) => out.push('*'),
                (1, None) => out.push('+'),
                (0, Some(1)) => out.push('?'),
                (min, None) => _ = write!(out, "{{{min},}}"),
                (min, Some(max)) => _ = write!(out, "{{{min},{max}}}"),
            }
        }
        HirKind::Capture(capture) => {
            out.push('(');
            write_lucene(&capture.sub, out)?;
            out.push(')');
        }
        HirKind::Concat(parts) => parts.iter().try_for_each(|part| write_lucene(part, out))?,
        HirKind::Alternation(parts) => {
            out.push('(');
            for (i, part) in parts.iter().enumerate() {
                if i > 0 {
                    out.push('|');
                }
                write_lucene(part, out)?;
            }
            out.push(')');
        }
        // Boundaries of words, and lines within a value.
        HirKind::Look(_) | HirKind::Class(Class::Bytes(_)) => return None,
    }
    Some(())
}

fn write_of_class(c: char, out: &mut String) {
    // Of a class Lucene reads these as signs.
    if matches!(c, '[' | ']' | '\\' | '^' | '-' | '"') {
        out.push('\\');
    }
    out.push(c);
}

/// A text in which no sign is one of Lucene's, nor of ours.
pub(super) fn escaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        if matches!(
            c,
            '.' | '?'
                | '+'
                | '*'
                | '|'
                | '{'
                | '}'
                | '['
                | ']'
                | '('
                | ')'
                | '"'
                | '\\'
                | '#'
                | '@'
                | '&'
                | '<'
                | '>'
                | '~'
                | '^'
                | '$'
        ) {
            out.push('\\');
        }
        out.push(c);
    }
    out
}
