//! LaTeX: title, author and date, sections, and the text without its commands. Formulas, figures and tables are left out.

use serde_json::{Map, Value};

use super::super::blocks::{BlockWriter, Body};
use super::super::front_matter;
use super::listed;
use crate::article::BlockKind;
use crate::model::Facts;
use crate::text::tidy;

/// Environments that are left out.
#[rustfmt::skip]
const HIDDEN: &[&str] = &[
    "equation", "align", "gather", "multline", "eqnarray", "displaymath", "math", "figure", "wrapfigure", "table",
    "tabular", "tabularx", "longtable", "tikzpicture", "thebibliography", "comment", "lstlisting", "minted", "verbatim",
    "algorithm", "filecontents",
];

/// Commands whose arguments are no text.
#[rustfmt::skip]
const SILENT: &[&str] = &[
    "cite", "citep", "citet", "ref", "eqref", "pageref", "label", "includegraphics", "usepackage", "input", "include",
    "bibliography", "bibliographystyle", "vspace", "hspace", "index", "documentclass", "pagestyle", "thispagestyle",
    "setcounter", "setlength", "newcommand", "renewcommand", "begin", "end", "author", "title", "date", "keywords",
    "thanks", "hypersetup", "selectlanguage", "color", "textcolor",
];

/// Reads a document or a part of one.
pub(super) fn read(text: &str) -> (Body, Facts) {
    let text = without_remarks(text);
    let mut fields = Map::new();
    for name in ["title", "author", "date", "keywords"] {
        let Some(value) = argument(&text, name) else { continue };
        let plain = tidy(&plain(&value.replace("\\and", ";")));
        let value = match name {
            "author" => listed(&plain, &[';']),
            "keywords" => listed(&plain, &[',', ';']),
            _ => Value::String(plain),
        };
        fields.insert(name.to_string(), value);
    }
    let start = text.find("\\begin{document}").map_or(0, |at| at + "\\begin{document}".len());
    let end = text[start..].find("\\end{document}").map_or(text.len(), |at| start + at);
    let mut writer = BlockWriter::default();
    for paragraph in without_environments(&text[start..end]).replace("\\par ", "\n\n").split("\n\n") {
        write(&mut writer, paragraph);
    }
    (writer.finish(), front_matter::facts(Value::Object(fields)))
}

/// Writes a paragraph, and the headings and items in it.
fn write(writer: &mut BlockWriter, paragraph: &str) {
    let (mut rest, mut kind) = (paragraph, BlockKind::Paragraph);
    let mut push = |kind: BlockKind, words: &str| {
        let words = tidy(&plain(words));
        if words.chars().any(char::is_alphanumeric) {
            writer.block(kind, &words);
        }
    };
    while let Some((at, level, command)) = next_break(rest) {
        push(kind, &rest[..at]);
        let after = &rest[at + command..];
        kind = BlockKind::Paragraph;
        let Some(level) = level else {
            kind = BlockKind::Item;
            rest = after;
            continue;
        };
        let (words, length) = group(after.trim_start_matches('*')).unwrap_or(("", 0));
        push(BlockKind::Heading(level), words);
        rest = &after[(after.len() - after.trim_start_matches('*').len() + length).min(after.len())..];
    }
    push(kind, rest);
}

/// The next heading or item: its offset, its level if it is a heading, and the length of its command.
fn next_break(text: &str) -> Option<(usize, Option<u8>, usize)> {
    const COMMANDS: &[(&str, Option<u8>)] = &[
        ("\\part", Some(2)),
        ("\\chapter", Some(2)),
        ("\\section", Some(2)),
        ("\\subsection", Some(3)),
        ("\\subsubsection", Some(4)),
        ("\\item", None),
    ];
    let is_whole = |at: usize, command: &str| !text[at + command.len()..].starts_with(char::is_alphabetic);
    let all = COMMANDS.iter().filter_map(|(command, level)| {
        let at = text.match_indices(command).map(|(at, _)| at).find(|&at| is_whole(at, command))?;
        Some((at, *level, command.len()))
    });
    all.min_by_key(|(at, ..)| *at)
}

/// The text without remarks, which go from a percent sign to the end of the line.
fn without_remarks(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for line in text.lines() {
        let remark = line.match_indices('%').map(|(at, _)| at).find(|&at| !line[..at].ends_with('\\'));
        let kept = &line[..remark.unwrap_or(line.len())];
        // A line of nothing but a remark separates no paragraphs.
        if remark.is_none() || !kept.trim().is_empty() {
            out.push_str(kept.trim_end());
            out.push('\n');
        }
    }
    out
}

/// The argument of a command, wherever it is.
fn argument<'t>(text: &'t str, name: &str) -> Option<&'t str> {
    let command = format!("\\{name}");
    text.match_indices(&command).find_map(|(at, _)| {
        let rest = text[at + command.len()..].trim_start();
        let rest = if rest.starts_with('[') { rest[rest.find(']')? + 1..].trim_start() } else { rest };
        group(rest).map(|(inside, _)| inside)
    })
}

/// What is in the braces that a text begins with, and its length with them.
fn group(text: &str) -> Option<(&str, usize)> {
    const MAX_BYTES: usize = 20_000;
    if !text.starts_with('{') {
        return None;
    }
    let mut depth = 0usize;
    for (at, byte) in text.bytes().enumerate().take(MAX_BYTES) {
        let is_escaped = at > 0 && text.as_bytes()[at - 1] == b'\\';
        match byte {
            b'{' if !is_escaped => depth += 1,
            b'}' if !is_escaped => {
                depth -= 1;
                if depth == 0 {
                    return Some((&text[1..at], at + 1));
                }
            }
            _ => {}
        }
    }
    None
}

/// The text without the environments that are no text.
fn without_environments(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find("\\begin{") {
        out.push_str(&rest[..at]);
        let after = &rest[at + "\\begin{".len()..];
        let name = after.split('}').next().unwrap_or("");
        let end = format!("\\end{{{name}}}");
        let is_hidden = HIDDEN.contains(&name.trim_end_matches('*'));
        rest = match after.find(&end) {
            Some(close) if is_hidden => &after[close + end.len()..],
            _ => after.get(name.len() + 1..).unwrap_or(""),
        };
        out.push_str("\n\n");
    }
    out.push_str(rest);
    out
}

/// The words of a text with commands.
fn plain(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(c) = rest.chars().next() {
        rest = &rest[c.len_utf8()..];
        match c {
            '\\' => rest = command(rest, &mut out),
            '{' | '}' | '$' => {}
            '~' => out.push(' '),
            '`' | '\'' if rest.starts_with(c) => {
                rest = &rest[1..];
                out.push(if c == '`' { '“' } else { '”' });
            }
            c => out.push(c),
        }
    }
    out
}

/// Writes what a command stands for, and returns the text after it. `text` is what follows the backslash.
fn command<'t>(text: &'t str, out: &mut String) -> &'t str {
    let Some(first) = text.chars().next() else { return "" };
    let name = &text[..text.find(|c: char| !c.is_ascii_alphabetic()).unwrap_or(text.len())];
    if name.is_empty() {
        let rest = &text[first.len_utf8()..];
        return match first {
            '\'' | '`' | '^' | '"' | '~' | '=' | '.' => accented(first, rest, out),
            '\\' | ',' | ';' | ':' | '!' | '/' | ' ' => {
                out.push(' ');
                rest
            }
            '[' | ']' | '(' | ')' => rest,
            sign => {
                out.push(sign);
                rest
            }
        };
    }
    let rest = &text[name.len()..];
    match name {
        "c" | "v" | "H" | "u" | "r" | "k" => return accented(name.chars().next().unwrap_or('c'), rest, out),
        "ss" => out.push('ß'),
        "o" => out.push('ø'),
        "O" => out.push('Ø'),
        "ae" => out.push('æ'),
        "AE" => out.push('Æ'),
        "aa" => out.push('å'),
        "AA" => out.push('Å'),
        "l" => out.push('ł'),
        "ldots" | "dots" => out.push('…'),
        _ => {}
    }
    let mut rest = rest.strip_prefix('*').unwrap_or(rest);
    if name.len() <= 2 {
        return rest.trim_start_matches(' ');
    }
    if rest.starts_with('[')
        && let Some(end) = rest.find(']')
    {
        rest = &rest[end + 1..];
    }
    if SILENT.contains(&name) || name == "href" {
        return group(rest).map_or(rest, |(_, length)| &rest[length..]);
    }
    // A space after the name of a command belongs to it.
    if rest.starts_with('{') { rest } else { rest.trim_start_matches(' ') }
}

/// Writes the letter that `text` begins with, in braces or not, with an accent.
fn accented<'t>(accent: char, text: &'t str, out: &mut String) -> &'t str {
    let mark = match accent {
        '\'' => '\u{301}',
        '`' => '\u{300}',
        '^' => '\u{302}',
        '"' => '\u{308}',
        '~' => '\u{303}',
        '=' => '\u{304}',
        '.' => '\u{307}',
        'c' => '\u{327}',
        'v' => '\u{30c}',
        'H' => '\u{30b}',
        'u' => '\u{306}',
        'r' => '\u{30a}',
        _ => '\u{328}',
    };
    let bare = text.trim_start_matches([' ', '{', '\\']);
    let Some(letter) = bare.chars().next().filter(|c| c.is_alphabetic()) else { return text };
    let both: String = [if letter == 'ı' { 'i' } else { letter }, mark].iter().collect();
    out.push_str(&crate::text::fold::composed(&both));
    let rest = &bare[letter.len_utf8()..];
    if text.trim_start().starts_with('{') { rest.strip_prefix('}').unwrap_or(rest) } else { rest }
}
