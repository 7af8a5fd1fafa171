//! Lines of keywords in context: aligned for a terminal, JSON Lines, CSV.

use std::io::{self, Write};

use anstyle::Style;
use unicode_segmentation::UnicodeSegmentation;
use unicode_width::UnicodeWidthStr;

use super::csv::{disarmed, io_error};
use super::harmless;
use crate::analysis::kwic::KwicLine;

/// Writes lines for a terminal: what is before the occurrence, aligned to the right, the occurrence, what is after it, and
/// the day. In texts that are written from right to left, what comes before is on the right.
pub(crate) struct Aligned {
    /// Number of columns.
    pub width: usize,
    /// Is the occurrence in bold?
    pub color: bool,
}

/// Columns of the day and the space before it, on lines with room for it.
const DAY: usize = 12;
const ROOM_FOR_DAY: usize = 100;

impl Aligned {
    /// Columns of the context on each side at most.
    #[must_use]
    pub(crate) fn context(&self) -> usize {
        self.width.saturating_sub(self.day()) / 2
    }

    fn day(&self) -> usize {
        if self.width >= ROOM_FOR_DAY { DAY } else { 0 }
    }

    /// Writes a line.
    ///
    /// # Errors
    ///
    /// Errors of the writer.
    pub(crate) fn write(&self, out: &mut dyn Write, line: &KwicLine) -> io::Result<()> {
        let room = self.width.saturating_sub(self.day());
        let node = harmless(&line.node);
        let is_rtl = node.chars().find_map(direction).unwrap_or(false);
        let (before, after) = if is_rtl { (&line.right, &line.left) } else { (&line.left, &line.right) };
        let (before, after) = (harmless(before), harmless(after));
        // The node begins in one column; it may take the room of what is after it.
        let node = start_of(&node, room / 2);
        let of_before = (room - node.width().min(room / 4)) / 2;
        let before = if is_rtl { start_of(&before, of_before) } else { end_of(&before, of_before) };
        let of_after = room.saturating_sub(of_before + node.width() + 2);
        let after = if is_rtl { end_of(&after, of_after) } else { start_of(&after, of_after) };
        let padding = " ".repeat(of_before.saturating_sub(before.width()));
        let rest = " ".repeat(of_after.saturating_sub(after.width()));
        let bold = if self.color { Style::new().bold() } else { Style::new() };
        // Isolates keep a terminal that reorders letters from mixing the columns.
        let isolated = |text: &str| match is_rtl && !text.is_empty() {
            true => format!("\u{2068}{text}\u{2069}"),
            false => text.to_string(),
        };
        let glue = if after.starts_with(is_closing) { "" } else { " " };
        let mut text =
            format!("{padding}{} {bold}{}{bold:#}{glue}{}", isolated(&before), isolated(&node), isolated(&after));
        if self.day() > 0 {
            let day = line.article.facts.published.as_ref().map_or("", |published| published.day());
            text.push_str(&format!("{rest}  {day}"));
        }
        writeln!(out, "{}", text.trim_end())
    }
}

/// A sign that follows a word without a space.
fn is_closing(c: char) -> bool {
    matches!(c, '.' | ',' | ';' | ':' | '!' | '?' | ')' | ']' | '»' | '”' | '’' | '…' | '%' | '、' | '。' | '，')
}

/// Is a letter written from right to left? `None` for what has no direction of its own.
fn direction(c: char) -> Option<bool> {
    let is_rtl = matches!(c, '\u{590}'..='\u{8ff}' | '\u{fb1d}'..='\u{fdff}' | '\u{fe70}'..='\u{feff}' | '\u{10800}'..='\u{10fff}' | '\u{1e800}'..='\u{1efff}');
    c.is_alphabetic().then_some(is_rtl)
}

/// The beginning of a text that fits into a number of columns.
fn start_of(text: &str, columns: usize) -> String {
    let mut width = 0;
    let fits = |grapheme: &&str| {
        width += grapheme.width();
        width <= columns
    };
    text.graphemes(true).take_while(fits).collect()
}

/// The end of a text that fits into a number of columns.
fn end_of(text: &str, columns: usize) -> String {
    let mut width = 0;
    let fits = |grapheme: &&str| {
        width += grapheme.width();
        width <= columns
    };
    let mut graphemes: Vec<&str> = text.graphemes(true).rev().take_while(fits).collect();
    graphemes.reverse();
    graphemes.concat()
}

/// The columns of the table.
const HEADER: [&str; 17] = [
    "left",
    "node",
    "right",
    "published",
    "source",
    "title",
    "byline",
    "heading",
    "lang",
    "path",
    "record",
    "line",
    "id",
    "start",
    "end",
    "start_char",
    "end_char",
];

/// Writes a table with a header.
pub(crate) struct Rows<W: Write>(csv::Writer<W>);

impl<W: Write> Rows<W> {
    /// Writes the header.
    ///
    /// # Errors
    ///
    /// Errors of the writer.
    pub(crate) fn begin(out: W) -> io::Result<Rows<W>> {
        let mut writer = csv::Writer::from_writer(out);
        writer.write_record(HEADER).map_err(io_error)?;
        Ok(Rows(writer))
    }

    /// Writes a line.
    ///
    /// # Errors
    ///
    /// Errors of the writer.
    pub(crate) fn write(&mut self, line: &KwicLine) -> io::Result<()> {
        let facts = &line.article.facts;
        let text = |text: &Option<String>| text.clone().unwrap_or_default();
        let row: [String; HEADER.len()] = [
            line.left.clone(),
            line.node.clone(),
            line.right.clone(),
            facts.published.as_ref().map_or_else(String::new, |published| published.value.clone()),
            text(&facts.source),
            text(&facts.title),
            text(&facts.byline),
            text(&line.passage.heading),
            text(&facts.lang),
            line.article.path.clone(),
            text(&line.article.record),
            line.passage.location.map_or_else(String::new, |location| location.line.to_string()),
            line.article.passage_id(line.passage.ordinal),
            line.bytes.0.to_string(),
            line.bytes.1.to_string(),
            line.characters.0.to_string(),
            line.characters.1.to_string(),
        ];
        self.0.write_record(row.iter().map(|cell| disarmed(&harmless(cell)).into_owned())).map_err(io_error)
    }

    /// Writes what is buffered.
    ///
    /// # Errors
    ///
    /// Errors of the writer.
    pub(crate) fn end(mut self) -> io::Result<()> {
        self.0.flush()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::analysis::kwic::KwicLine;

    fn line(left: &str, node: &str, right: &str) -> KwicLine {
        KwicLine::of(left, node, right)
    }

    #[test]
    fn nodes_begin_in_one_column() {
        let mut out = Vec::new();
        let aligned = Aligned { width: 40, color: false };
        for (left, node, right) in [
            ("The dockers went on", "strike", "at noon, said the union of the port"),
            ("On", "strike", "."),
            ("労働者は港で", "ストライキ", "を始めた。"),
        ] {
            aligned.write(&mut out, &line(left, node, right)).expect("written");
        }
        let text = String::from_utf8(out).expect("UTF-8");
        let columns: Vec<usize> = text
            .lines()
            .zip(["strike", "strike", "ストライキ"])
            .map(|(line, node)| line[..line.find(node).expect("it has the node")].width())
            .collect();
        assert_eq!(columns[0], columns[1], "{text}");
        assert!(text.lines().all(|line| line.width() <= 40), "{text}");
    }

    #[test]
    fn what_comes_before_is_on_the_right_in_hebrew() {
        let mut out = Vec::new();
        Aligned { width: 60, color: false }.write(&mut out, &line("העובדים פתחו", "בשביתה", "בנמל")).expect("written");
        let text = String::from_utf8(out).expect("UTF-8");
        let at = |word: &str| text.find(word).expect("it is there");
        assert!(at("בנמל") < at("בשביתה") && at("בשביתה") < at("העובדים"), "{text}");
    }
}
