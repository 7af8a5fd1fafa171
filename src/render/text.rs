//! Text for a terminal: rank, title, source and date, heading, the snippet with its marks, and the location in the file.

use std::collections::HashMap;
use std::io::{self, Write};
use std::ops::Range;
use std::sync::Arc;

use anstyle::{AnsiColor, Style};
use unicode_segmentation::UnicodeSegmentation;
use unicode_width::UnicodeWidthStr;

use super::{Renderer, harmless, markdown};
use crate::model::{Article, ArticleText, Passage};
use crate::search::{Hit, Mark, Results, Tier};

/// Capabilities of the terminal.
#[derive(Debug, Clone, Default)]
pub(crate) struct Terminal {
    /// Number of columns.
    pub width: usize,
    /// Whether to use colours.
    pub color: bool,
    /// Whether output is wrapped by the program also where it would be wrapped by the terminal: articles in `show`.
    pub wraps: bool,
    /// Whether the terminal supports links.
    pub links: bool,
    /// The current folder: paths below it are shown relative to it, others absolute.
    pub folder: Option<String>,
}

/// Writes hits as text.
pub(crate) struct Page {
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
        let have_all = results.counts.passages > 0 || results.hits.iter().any(|hit| hit.tier == Tier::All);
        if !have_all && !results.hits.is_empty() {
            let line = "-- no section has all the words; these have some of them --";
            writeln!(out, "{}\n", self.styled(Style::new().dimmed(), line))?;
        }
        for (i, hit) in results.hits.iter().enumerate() {
            if i > 0 {
                writeln!(out)?;
            }
            self.hit(out, hit)?;
        }
        Ok(())
    }
}

impl Page {
    pub(super) fn styled(&self, style: Style, text: &str) -> String {
        if self.terminal.color { format!("{style}{text}{style:#}") } else { text.to_string() }
    }

    fn hit(&self, out: &mut dyn Write, hit: &Hit) -> io::Result<()> {
        let width = self.terminal.width.max(MIN_WIDTH);
        self.title(out, hit, width)?;
        self.facts(out, hit, width)?;
        if let Some(heading) = &hit.passage.heading {
            self.heading(out, hit, heading, width)?;
        }
        if let Some(line) = speech_line(&hit.passage) {
            let style = Style::new().dimmed();
            writeln!(out, "{INDENT}{}", self.styled(style, &cut(&harmless(&line), width - INDENT.len())))?;
        }
        self.snippet(out, hit, width)?;
        if !hit.lacks.is_empty() {
            let line = cut(&format!("lacks: {}", harmless(&hit.lacks.join(", "))), width - INDENT.len());
            writeln!(out, "{INDENT}{}", self.styled(Style::new().dimmed(), &line))?;
        }
        let place = match (hit.passage.location, hit.passage.page) {
            (Some(location), _) => format!(":{}", location.line),
            (None, Some(page)) => format!(", page {page}"),
            (None, None) => String::new(),
        };
        self.location(out, &hit.article, &place, &hit.id(), INDENT)?;
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
            // A path is not broken, so that it can be copied.
            None => {
                let path = self.shown_path(&hit.article);
                return writeln!(out, "{rank}{}", self.styled(Style::new().bold(), &harmless(&path)));
            }
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
        let (shown, marks) = markdown::shown(&hit.article, &hit.passage, &snippet.text, &snippet.marks);
        let text = harmless(&shown);
        // Marks are valid only if no character was replaced by one of another length.
        let marks = if text.len() == shown.len() { marks } else { Vec::new() };
        let whole = format!("{before}{text}{after}");
        let marks: Vec<Mark> = marks.iter().map(|&(start, end)| (start + before.len(), end + before.len())).collect();
        for line in wrap(&whole, width - INDENT.len()) {
            writeln!(out, "{INDENT}{}", self.marked(&whole, line, &marks, Style::new()))?;
        }
        Ok(())
    }

    /// A text as indented lines.
    pub(super) fn lines(&self, text: &str) -> Vec<String> {
        let width = self.terminal.width.max(MIN_WIDTH) - INDENT.len();
        wrap(text, width).into_iter().map(|line| text[line].to_string()).collect()
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

    /// The path of an article's file as it opens from the current folder: relative below it, else absolute.
    fn shown_path(&self, article: &Article) -> String {
        let Some(file) = &article.file else { return article.path.clone() };
        let below = self.terminal.folder.as_deref().and_then(|folder| below(file, folder));
        below.unwrap_or(file).to_string()
    }

    /// Writes the path with `place` in it (`:line`, `, page N`) or `path#record`, as a link if the terminal supports links, and the id: on one line if they fit,
    /// else on two, so that neither is broken.
    pub(super) fn location(
        &self,
        out: &mut dyn Write,
        article: &Article,
        place: &str,
        id: &str,
        indent: &str,
    ) -> io::Result<()> {
        let path = self.shown_path(article);
        let path = harmless(&path);
        let text = match &article.record {
            Some(record) if place.is_empty() => format!("{path}#{}", harmless(record)),
            _ => format!("{path}{place}"),
        };
        let width = self.terminal.width.max(MIN_WIDTH);
        let separator = if indent.len() + text.width() + 2 + id.width() <= width {
            "  ".to_string()
        } else {
            format!("\n{indent}")
        };
        let mut shown = self.styled(Style::new().fg_color(Some(AnsiColor::Green.into())), &text);
        if self.terminal.links
            && let Some(file) = &article.file
        {
            shown = format!("\x1b]8;;{}\x1b\\{shown}\x1b]8;;\x1b\\", file_url(file));
        }
        writeln!(out, "{indent}{shown}{separator}{}", self.styled(Style::new().dimmed(), id))
    }

    /// Writes an article or some of its passages. `marks` are those of each passage, by its ordinal.
    ///
    /// # Errors
    ///
    /// Errors of the writer.
    pub(crate) fn article(
        &self,
        out: &mut dyn Write,
        found: &ArticleText,
        title_marks: &[Mark],
        marks: &HashMap<u32, Vec<Mark>>,
    ) -> io::Result<()> {
        let ArticleText { article, passages, copies, .. } = found;
        let facts = &article.facts;
        if let Some(title) = &facts.title {
            self.paragraph(out, title, title_marks, Style::new().bold())?;
        }
        let published = facts.published.as_ref().map(|published| published.value.clone());
        let about: Vec<&str> =
            [&facts.source, &published, &facts.byline, &facts.desk].into_iter().flatten().map(String::as_str).collect();
        if !about.is_empty() {
            self.paragraph(out, &about.join(" · "), &[], Style::new().dimmed())?;
        }
        self.location(out, article, "", &article.id(), "")?;
        for copy in copies {
            writeln!(out, "same bytes: {}", harmless(&self.shown_path(copy)))?;
        }
        let (mut section, mut page) = (None, None);
        let mut said = None;
        for passage in passages {
            if let Some(number) = passage.page.filter(|_| page != passage.page) {
                page = passage.page;
                writeln!(out)?;
                self.paragraph(out, &format!("page {number}"), &[], Style::new().dimmed())?;
            }
            if section != Some(passage.section)
                && let Some(heading) = &passage.heading
            {
                let style = Style::new().fg_color(Some(AnsiColor::Cyan.into()));
                writeln!(out)?;
                self.paragraph(out, &format!("§ {heading}"), &[], style)?;
            }
            section = Some(passage.section);
            writeln!(out)?;
            let speech = speech_line(passage);
            if speech != said
                && let Some(line) = &speech
            {
                self.paragraph(out, line, &[], Style::new().dimmed())?;
            }
            said = speech;
            let marks = marks.get(&passage.ordinal).map_or(&[][..], Vec::as_slice);
            let (text, marks) = markdown::shown(article, passage, &passage.text, marks);
            let mut start = 0;
            for line in text.split('\n') {
                let end = start + line.len();
                let of_line = marks.iter().filter(|mark| mark.1 > start && mark.0 < end);
                let of_line: Vec<Mark> =
                    of_line.map(|mark| (mark.0.max(start) - start, mark.1.min(end) - start)).collect();
                self.paragraph(out, line.trim_end_matches('\r'), &of_line, Style::new())?;
                start = end + 1;
            }
        }
        Ok(())
    }

    /// Writes a line of text, wrapped if the terminal is known.
    fn paragraph(&self, out: &mut dyn Write, text: &str, marks: &[Mark], style: Style) -> io::Result<()> {
        let shown = harmless(text);
        let marks = if shown.len() == text.len() { marks } else { &[] };
        let whole = 0..shown.len();
        let lines = if self.terminal.wraps { wrap(&shown, self.terminal.width.max(MIN_WIDTH)) } else { vec![whole] };
        if lines.is_empty() {
            return writeln!(out);
        }
        for line in lines {
            writeln!(out, "{}", self.marked(&shown, line, marks, style))?;
        }
        Ok(())
    }
}

/// Who says a passage, and when in the recording.
fn speech_line(passage: &Passage) -> Option<String> {
    let known: Vec<String> = [passage.speaker.clone(), passage.time_text()].into_iter().flatten().collect();
    (!known.is_empty()).then(|| format!("» {}", known.join(" · ")))
}

/// The part of an absolute path below a folder.
fn below<'p>(path: &'p str, folder: &str) -> Option<&'p str> {
    let rest = path.strip_prefix(folder.trim_end_matches('/'))?.strip_prefix('/')?;
    (!rest.is_empty()).then_some(rest)
}

/// The URL of a file by its absolute path.
fn file_url(path: &str) -> String {
    let escape = |byte: u8| match byte {
        b'/' | b'-' | b'.' | b'_' | b'~' => char::from(byte).to_string(),
        byte if byte.is_ascii_alphanumeric() => char::from(byte).to_string(),
        byte => format!("%{byte:02X}"),
    };
    format!("file://{}", path.bytes().map(escape).collect::<String>())
}

/// Ranges of web addresses, which are not broken.
fn addresses(text: &str) -> Vec<Range<usize>> {
    let mut at = 0;
    let words = text.split_inclusive(char::is_whitespace).filter_map(|word| {
        let start = at;
        at += word.len();
        let word = word.trim_end();
        (word.contains("://") || word.contains("www.")).then_some(start..start + word.len())
    });
    words.collect()
}

/// Byte ranges of the lines of `text` wrapped at `width` columns, at the line breaks of UAX #14. What is wider than a line
/// is broken between graphemes, but a web address has a line of its own, however long.
fn wrap(text: &str, width: usize) -> Vec<Range<usize>> {
    let mut lines = Vec::new();
    let (mut start, mut end, mut columns) = (0, 0, 0);
    let addresses = addresses(text);
    let is_within = |at: usize| addresses.iter().any(|address| address.start < at && at < address.end);
    for (to, _) in unicode_linebreak::linebreaks(text).filter(|&(to, _)| !is_within(to)) {
        let piece = &text[end..to];
        if columns + piece.trim_end().width() > width && end > start {
            lines.push(start..end);
            (start, columns) = (end, 0);
        }
        if piece.trim_end().width() > width && !is_within(end + 1) {
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
pub(crate) fn cut(text: &str, width: usize) -> String {
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
            ("see https://halden.example/a/b now", 12, vec!["see", "https://halden.example/a/b", "now"]),
            ("per the Times, \"Information", 16, vec!["per the Times,", "\"Information"]),
            ("", 5, vec![]),
        ] {
            let lines: Vec<&str> = wrap(text, width).into_iter().map(|line| &text[line]).collect();
            assert_eq!(lines, expected, "{text}");
        }
        assert_eq!(cut("abcdef", 4), "abc…");
    }

    #[test]
    fn paths_open_from_the_current_folder() {
        for (file, folder, shown) in [
            ("/home/ida/news/a.txt", "/home/ida", "news/a.txt"),
            ("/home/ida/news/a.txt", "/home/ida/news", "a.txt"),
            ("/home/ida/news/a.txt", "/", "home/ida/news/a.txt"),
            ("/home/ida/news/a.txt", "/home/id", "/home/ida/news/a.txt"),
            ("/srv/новости/a b.txt", "/home/ida", "/srv/новости/a b.txt"),
        ] {
            let terminal = Terminal { folder: Some(folder.into()), ..Terminal::default() };
            let article = Article { path: "./stored".into(), file: Some(file.into()), ..Article::default() };
            assert_eq!(Page { terminal }.shown_path(&article), shown, "{file} from {folder}");
        }
        assert_eq!(
            file_url("/srv/новости/a b#1.txt"),
            "file:///srv/%D0%BD%D0%BE%D0%B2%D0%BE%D1%81%D1%82%D0%B8/a%20b%231.txt"
        );
    }

    #[test]
    fn ids_and_paths_are_not_broken() {
        let page = Page { terminal: Terminal { width: 40, ..Terminal::default() } };
        let article = |path: &str| Article { path: path.into(), ..Article::default() };
        for (path, expected) in [
            ("a/short.txt", "    a/short.txt:3  9h6d533s4jst2.0\n"),
            (
                "a/path/that/is/longer/than/the/line/is.txt",
                "    a/path/that/is/longer/than/the/line/is.txt:3\n    9h6d533s4jst2.0\n",
            ),
        ] {
            let mut out = Vec::new();
            page.location(&mut out, &article(path), ":3", "9h6d533s4jst2.0", INDENT).expect("in memory");
            assert_eq!(String::from_utf8(out).expect("UTF-8"), expected);
        }
    }
}
