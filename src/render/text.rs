//! Text for a terminal: rank, title, source and date, heading, the snippet with its marks, and the location in the file.

use std::io::{self, Write};
use std::ops::Range;
use std::sync::Arc;

use anstyle::{AnsiColor, Style};
use unicode_segmentation::UnicodeSegmentation;
use unicode_width::UnicodeWidthStr;

use super::{Renderer, harmless};
use crate::model::Article;
use crate::search::{Hit, Mark, Results, Tier};

/// Capabilities of the terminal.
#[derive(Debug, Clone, Default)]
pub struct Terminal {
    /// Number of columns.
    pub width: usize,
    /// Whether to use colours.
    pub color: bool,
    /// The current folder, as the base of `file://` links to the hits; `None` if the terminal does not support links.
    pub links: Option<String>,
}

/// Writes hits as text.
pub struct Page {
    /// The terminal.
    pub terminal: Terminal,
}

const INDENT: &str = "    ";

/// Minimum width in columns; narrower terminals wrap the lines themselves.
const MIN_WIDTH: usize = 40;

impl Renderer for Page {
    fn results(&mut self, out: &mut dyn Write, id: Option<&str>, results: &Results) -> io::Result<()> {
        if let Some(id) = id {
            writeln!(out, "{}", self.styled(Style::new().bold(), &format!("== {}", harmless(id))))?;
        }
        let mut tier = Tier::All;
        for (i, hit) in results.hits.iter().enumerate() {
            if i > 0 {
                writeln!(out)?;
            }
            if hit.tier == Tier::Some && tier == Tier::All {
                let line = if i == 0 {
                    "no section has all the words; these have some of them"
                } else {
                    "the following have some of the words, not all"
                };
                writeln!(out, "{}\n", self.styled(Style::new().dimmed(), &format!("-- {line} --")))?;
            }
            tier = hit.tier;
            self.hit(out, hit)?;
        }
        Ok(())
    }
}

impl Page {
    fn styled(&self, style: Style, text: &str) -> String {
        if self.terminal.color { format!("{style}{text}{style:#}") } else { text.to_string() }
    }

    fn hit(&self, out: &mut dyn Write, hit: &Hit) -> io::Result<()> {
        let width = self.terminal.width.max(MIN_WIDTH);
        self.title(out, hit, width)?;
        self.facts(out, hit, width)?;
        if let Some(heading) = &hit.passage.heading {
            self.heading(out, hit, heading, width)?;
        }
        self.snippet(out, hit, width)?;
        writeln!(out, "{INDENT}{}  {}", self.location(hit), self.styled(Style::new().dimmed(), &hit.id()))?;
        if !hit.parts.is_empty() {
            let parts: Vec<String> =
                hit.parts.iter().map(|(what, part)| format!("{part:.2} {}", harmless(what))).collect();
            writeln!(out, "{INDENT}{:.2} = {}", hit.score, parts.join(" + "))?;
        }
        if hit.duplicates.is_empty() {
            return Ok(());
        }
        let line = cut(&reprints(&hit.duplicates), width - INDENT.len());
        writeln!(out, "{INDENT}{}", self.styled(Style::new().dimmed(), &line))
    }

    /// The rank and the title, or the path of an article without one.
    fn title(&self, out: &mut dyn Write, hit: &Hit, width: usize) -> io::Result<()> {
        let rank = self.styled(Style::new().dimmed(), &format!("{:>2}. ", hit.rank));
        let (title, marks) = match &hit.article.facts.title {
            Some(title) => (title, hit.title_marks.as_slice()),
            None => (&hit.article.path, &[][..]),
        };
        let title = harmless(title);
        for (i, line) in wrap(&title, width - INDENT.len()).into_iter().enumerate() {
            let indent = if i == 0 { &rank } else { INDENT };
            writeln!(out, "{indent}{}", self.marked(&title, line, marks, Style::new().bold()))?;
        }
        Ok(())
    }

    /// Source, day, byline and desk, as far as they are known.
    fn facts(&self, out: &mut dyn Write, hit: &Hit, width: usize) -> io::Result<()> {
        let facts = &hit.article.facts;
        let published = facts.published.as_ref().map(|published| published.day().to_string());
        let known: Vec<String> = [facts.source.clone(), published, facts.byline.clone(), facts.desk.clone()]
            .into_iter()
            .flatten()
            .map(|fact| harmless(&fact).into_owned())
            .collect();
        if known.is_empty() {
            return Ok(());
        }
        let line = cut(&known.join(" · "), width - INDENT.len());
        writeln!(out, "{INDENT}{}", self.styled(Style::new().dimmed(), &line))
    }

    fn heading(&self, out: &mut dyn Write, hit: &Hit, heading: &str, width: usize) -> io::Result<()> {
        let style = Style::new().fg_color(Some(AnsiColor::Cyan.into()));
        let trail: String = hit.passage.trail.iter().map(|above| format!("{} › ", harmless(above))).collect();
        let heading = harmless(heading);
        if trail.width() + heading.width() + 2 <= width - INDENT.len() {
            let marked = self.marked(&heading, 0..heading.len(), &hit.heading_marks, style);
            return writeln!(out, "{INDENT}{}{marked}", self.styled(style, &format!("§ {trail}")));
        }
        writeln!(out, "{INDENT}{}", self.styled(style, &cut(&format!("§ {trail}{heading}"), width - INDENT.len())))
    }

    fn snippet(&self, out: &mut dyn Write, hit: &Hit, width: usize) -> io::Result<()> {
        let snippet = &hit.snippet;
        let (before, after) = (if snippet.cut.0 { "… " } else { "" }, if snippet.cut.1 { " …" } else { "" });
        let text = harmless(&snippet.text);
        // Marks are valid only if no character was replaced by one of another length.
        let marks = if text.len() == snippet.text.len() { snippet.marks.as_slice() } else { &[] };
        let whole = format!("{before}{text}{after}");
        let marks: Vec<Mark> = marks.iter().map(|&(start, end)| (start + before.len(), end + before.len())).collect();
        for line in wrap(&whole, width - INDENT.len()) {
            writeln!(out, "{INDENT}{}", self.marked(&whole, line, &marks, Style::new()))?;
        }
        Ok(())
    }

    /// The line of `text` at the byte range `line` in `style`, with its marks highlighted.
    fn marked(&self, text: &str, line: Range<usize>, marks: &[Mark], style: Style) -> String {
        if !self.terminal.color {
            return text[line].to_string();
        }
        let mark_style = Style::new().bold().fg_color(Some(AnsiColor::Red.into()));
        let mut out = String::new();
        let mut at = line.start;
        for &(start, end) in marks.iter().filter(|mark| mark.1 > line.start && mark.0 < line.end) {
            let (start, end) = (start.max(at), end.min(line.end));
            if start >= end || !text.is_char_boundary(start) || !text.is_char_boundary(end) {
                continue;
            }
            if start > at {
                out.push_str(&self.styled(style, &text[at..start]));
            }
            out.push_str(&self.styled(mark_style, &text[start..end]));
            at = end;
        }
        if at < line.end {
            out.push_str(&self.styled(style, &text[at..line.end]));
        }
        out
    }

    /// `path:line` or `path#record`, as a link if the terminal supports links.
    fn location(&self, hit: &Hit) -> String {
        let path = harmless(&hit.article.path);
        let location = match (&hit.passage.location, &hit.article.record) {
            (Some(location), _) => format!("{path}:{}", location.line),
            (None, Some(record)) => format!("{path}#{}", harmless(record)),
            (None, None) => path.to_string(),
        };
        let location = self.styled(Style::new().fg_color(Some(AnsiColor::Green.into())), &location);
        match &self.terminal.links {
            Some(base) => format!("\x1b]8;;{}\x1b\\{location}\x1b]8;;\x1b\\", file_url(base, &hit.article.path)),
            None => location,
        }
    }
}

/// The URL of a file; `base` is the folder of relative paths.
fn file_url(base: &str, path: &str) -> String {
    let absolute = if path.starts_with('/') { path.to_string() } else { format!("{base}/{path}") };
    let escape = |byte: u8| match byte {
        b'/' | b'-' | b'.' | b'_' | b'~' => char::from(byte).to_string(),
        byte if byte.is_ascii_alphanumeric() => char::from(byte).to_string(),
        byte => format!("%{byte:02X}"),
    };
    format!("file://{}", absolute.bytes().map(escape).collect::<String>())
}

/// Byte ranges of the lines of `text` wrapped at `width` columns, at the line breaks of UAX #14. What is wider than a line
/// is broken between graphemes.
fn wrap(text: &str, width: usize) -> Vec<Range<usize>> {
    let mut lines = Vec::new();
    let (mut start, mut end, mut columns) = (0, 0, 0);
    for (to, _) in unicode_linebreak::linebreaks(text) {
        let piece = &text[end..to];
        if columns + piece.trim_end().width() > width && end > start {
            lines.push(start..end);
            (start, columns) = (end, 0);
        }
        if piece.trim_end().width() > width {
            for (i, grapheme) in piece.grapheme_indices(true) {
                if columns + grapheme.width() > width && columns > 0 {
                    lines.push(start..end + i);
                    (start, columns) = (end + i, 0);
                }
                columns += grapheme.width();
            }
        } else {
            columns += piece.width();
        }
        end = to;
    }
    lines.push(start..end);
    let trimmed = |line: Range<usize>| {
        let piece = &text[line.clone()];
        let from = line.start + (piece.len() - piece.trim_start().len());
        from..(line.start + piece.trim_end().len()).max(from)
    };
    lines.into_iter().map(trimmed).filter(|line| !line.is_empty()).collect()
}

/// `text` cut to `width` columns, with an ellipsis if it is wider.
fn cut(text: &str, width: usize) -> String {
    if text.width() <= width {
        return text.to_string();
    }
    let mut out = String::new();
    let mut columns = 1;
    for grapheme in text.graphemes(true) {
        columns += grapheme.width();
        if columns > width {
            break;
        }
        out.push_str(grapheme);
    }
    out.push('…');
    out
}

/// The line that lists reprints: `and 2 more: Halden Courier, 2023-09-12; archive/strike.txt`.
fn reprints(articles: &[Arc<Article>]) -> String {
    let name = |article: &Arc<Article>| {
        let source = article.facts.source.as_deref().unwrap_or(&article.path);
        let day = article.facts.published.as_ref().map_or(String::new(), |published| format!(", {}", published.day()));
        harmless(&format!("{source}{day}")).into_owned()
    };
    format!("and {} more: {}", articles.len(), articles.iter().map(name).collect::<Vec<_>>().join("; "))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn wrapping_counts_columns() {
        for (text, width, expected) in [
            ("one two three", 7, vec!["one two", "three"]),
            ("港口罢工港口", 4, vec!["港口", "罢工", "港口"]),
            ("abcdefgh", 3, vec!["abc", "def", "gh"]),
            ("costs nearly $2 billion.", 14, vec!["costs nearly", "$2 billion."]),
            ("per the Times, \"Information", 16, vec!["per the Times,", "\"Information"]),
            ("", 5, vec![]),
        ] {
            let lines: Vec<&str> = wrap(text, width).into_iter().map(|line| &text[line]).collect();
            assert_eq!(lines, expected, "{text}");
        }
        assert_eq!(cut("abcdef", 4), "abc…");
    }
}
