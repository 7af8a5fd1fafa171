//! Lightweight markup beside Markdown: Org, AsciiDoc, reStructuredText and Textile, whose text stays that of the file, and
//! wiki markup and LaTeX, which are converted.
//!
//! They are read line by line, for facts, headings, paragraphs and items, and for what is no text (link targets,
//! directives, comments). No library reads them all or keeps the offsets that passages need; tables, formulas and macros
//! stay as they are written.

mod asciidoc;
mod latex;
mod org;
mod rst;
mod textile;

use serde_json::{Map, Value};

use super::{front_matter, wiki};
use crate::article::lines::{lines, trim};
use crate::article::{Block, BlockKind, RawArticle, Span};
use crate::model::{BoilerplateKind, Facts};

/// A lightweight markup.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Dialect {
    /// Of Emacs.
    Org,
    /// Of Asciidoctor.
    AsciiDoc,
    /// Of Docutils and Sphinx.
    ReStructuredText,
    /// Of Textpattern.
    Textile,
    /// Of MediaWiki.
    Wiki,
    /// Of TeX: no light one.
    Latex,
}

impl Dialect {
    /// The markup of a file, by its extension in lower case and the beginning of its text.
    pub(super) fn of(extension: &str, start: &str) -> Option<Dialect> {
        Some(match extension {
            "org" => Dialect::Org,
            "adoc" | "asciidoc" | "asc" if !start.starts_with("-----BEGIN") => Dialect::AsciiDoc,
            "rst" | "rest" => Dialect::ReStructuredText,
            "textile" => Dialect::Textile,
            "wiki" | "mediawiki" | "wikitext" => Dialect::Wiki,
            "tex" | "ltx" | "latex" => Dialect::Latex,
            _ if start.get(..8).is_some_and(|start| start.eq_ignore_ascii_case("#+title:")) => Dialect::Org,
            _ if start.starts_with("\\documentclass") => Dialect::Latex,
            _ => return None,
        })
    }

    /// Is the text of the article that of the file?
    pub(super) fn keeps_text(self) -> bool {
        !matches!(self, Dialect::Wiki | Dialect::Latex)
    }
}

/// Reads a text.
#[must_use]
pub(super) fn read(dialect: Dialect, text: String) -> RawArticle {
    let front = front_matter::of(&text);
    let (mut facts, start) = front.map_or((Facts::default(), 0), |front| (front.facts, front.end));
    let rest = &text[start..];
    let stated = match dialect {
        Dialect::Wiki => {
            let mut raw = wiki::body(rest).into_raw();
            facts.fill_from(Facts { keywords: wiki::categories(rest), ..Facts::default() });
            raw.facts = facts;
            return raw;
        }
        Dialect::Latex => {
            let (body, stated) = latex::read(rest);
            facts.fill_from(stated);
            return RawArticle { facts, ..body.into_raw() };
        }
        _ => {
            let mut writer = Writer::new(&text, start);
            match dialect {
                Dialect::Org => org::read(&mut writer),
                Dialect::AsciiDoc => asciidoc::read(&mut writer),
                Dialect::ReStructuredText => rst::read(&mut writer),
                _ => textile::read(&mut writer),
            }
            writer.finish()
        }
    };
    let (blocks, markup, stated) = stated;
    facts.fill_from(stated);
    RawArticle { blocks: Some(blocks), markup, facts, text, ..RawArticle::default() }
}

/// Collects the blocks, the markup and the facts of a text.
struct Writer<'t> {
    /// The lines after the front matter, without the white space at their ends.
    lines: Vec<Line<'t>>,
    blocks: Vec<Block>,
    markup: Vec<Span>,
    /// The open block.
    open: Option<Block>,
    /// The fields of the header, by which facts are named.
    fields: Map<String, Value>,
}

/// A line without the white space around it.
#[derive(Clone)]
struct Line<'t> {
    span: Span,
    text: &'t str,
    /// White space before it, in bytes.
    indent: usize,
}

impl<'t> Writer<'t> {
    fn new(text: &'t str, start: usize) -> Writer<'t> {
        let rest = &text[start..];
        let line = |range: Span| {
            let span = trim(rest, range.clone());
            Line {
                indent: span.start - range.start,
                text: &rest[span.clone()],
                span: span.start + start..span.end + start,
            }
        };
        let front = trim(text, 0..start);
        let is_metadata = BlockKind::Boilerplate(BoilerplateKind::Metadata);
        let blocks = if front.is_empty() { Vec::new() } else { vec![Block { span: front, kind: is_metadata }] };
        let lines = lines(rest).into_iter().map(line).collect();
        Writer { lines, blocks, markup: Vec::new(), open: None, fields: Map::new() }
    }

    /// Ends the open block.
    fn end(&mut self) {
        self.blocks.extend(self.open.take());
    }

    /// Adds a line to the open paragraph, or begins one.
    fn paragraph(&mut self, span: Span) {
        match &mut self.open {
            Some(block) if block.kind == BlockKind::Paragraph => block.span.end = span.end,
            _ => self.begin(BlockKind::Paragraph, span),
        }
    }

    /// Begins a block, which more lines may be added to.
    fn begin(&mut self, kind: BlockKind, span: Span) {
        self.end();
        self.open = Some(Block { span, kind });
    }

    /// Adds a line to the open block, if that is an item; else begins a paragraph or adds it to one.
    fn continued(&mut self, line: &Line<'_>) {
        match &mut self.open {
            Some(block) if block.kind == BlockKind::Item && line.indent > 0 => block.span.end = line.span.end,
            _ => self.paragraph(line.span.clone()),
        }
    }

    /// Adds a whole block.
    fn block(&mut self, kind: BlockKind, span: Span) {
        self.begin(kind, span);
        self.end();
    }

    /// Adds a line of facts.
    fn metadata(&mut self, span: Span) {
        self.block(BlockKind::Boilerplate(BoilerplateKind::Metadata), span);
    }

    /// Hides a part of a line.
    fn hide(&mut self, span: Span) {
        if !span.is_empty() {
            self.markup.push(span);
        }
    }

    /// Hides a line that is no text, and ends the open block.
    fn hide_line(&mut self, span: Span) {
        self.end();
        self.hide(span);
    }

    /// A fact of the header; the first of several of one name counts.
    fn field(&mut self, name: &str, value: Value) {
        self.fields.entry(name.to_string()).or_insert(value);
    }

    fn finish(mut self) -> (Vec<Block>, Vec<Span>, Facts) {
        self.end();
        self.markup.sort_unstable_by_key(|span| span.start);
        (self.blocks, self.markup, front_matter::facts(Value::Object(self.fields)))
    }
}

/// A value of a header: a list, if it is written as one.
fn listed(text: &str, separators: &[char]) -> Value {
    let values = text.split(separators).map(str::trim).filter(|value| !value.is_empty());
    Value::Array(values.map(|value| Value::String(value.to_string())).collect())
}

/// Length of a list marker at the beginning of a line, with the space after it: `- `, `3. `, `#. `.
fn marker(line: &str, bullets: &[char]) -> Option<usize> {
    let sign = line.chars().next()?;
    let rest = if bullets.contains(&sign) {
        line.trim_start_matches(sign)
    } else {
        let digits = line.bytes().take_while(u8::is_ascii_digit).count();
        let number = if digits == 0 && line.starts_with('#') { 1 } else { digits };
        if !(1..=3).contains(&number) {
            return None;
        }
        line[number..].strip_prefix(['.', ')'])?
    };
    rest.starts_with([' ', '\t']).then(|| line.len() - rest.len() + 1)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::article::SplitArticle;

    /// Title, byline, day, keywords, headings, and the words of the sections.
    type Read = (Option<String>, Option<String>, Option<String>, Vec<String>, Vec<String>, String);

    fn read_text(dialect: Dialect, text: &str) -> Read {
        let article = SplitArticle::assemble(read(dialect, text.to_string()));
        let words = |span: &Span| article.plain_text(span).split_whitespace().collect::<Vec<_>>().join(" ");
        let headings = article.sections.iter().filter_map(|s| s.heading.as_ref()).map(words).collect();
        let paragraphs: Vec<String> = article.sections.iter().flat_map(|s| &s.paragraphs).map(words).collect();
        let facts = article.facts;
        let day = facts.published.map(|date| date.day().to_string());
        (facts.title, facts.byline, day, facts.keywords, headings, paragraphs.join(" | "))
    }

    #[test]
    fn the_same_story_in_all_dialects() {
        for (dialect, text) in [
            (
                Dialect::Org,
                "#+TITLE: Dockers walk out\n#+AUTHOR: Mara Lindqvist\n#+DATE: <2023-09-12 Tue>\n#+FILETAGS: :port:strike:\n\
                 :PROPERTIES:\n:ID: 4f1a\n:END:\n\nThe port [[https://x.example/a][of Halden]] closed.\n# a remark\n\n\
                 * TODO [#A] The dispute :later:\n:PROPERTIES:\n:CUSTOM_ID: a\n:END:\nTalks failed.\n** Next steps\n\
                 #+BEGIN_QUOTE\nBoth sides meet.\n#+END_QUOTE\n",
            ),
            (
                Dialect::AsciiDoc,
                "= Dockers walk out\nMara Lindqvist <mara@x.example>\nv1.0, 2023-09-12\n:keywords: port, strike\n:toc:\n\n\
                 The port https://x.example/a[of Halden] closed.\n\n// a remark\n[[anchor]]\n== The dispute\n\nTalks failed.\n\n\
                 === Next steps\n\n[quote]\n____\nBoth sides meet.\n____\n",
            ),
            (
                Dialect::ReStructuredText,
                "=================\nDockers walk out\n=================\n\n:Author: Mara Lindqvist\n:Date: 2023-09-12\n\
                 :tags: port, strike\n\nThe port `of Halden <https://x.example/a>`_ closed.\n\n.. a remark\n\n.. image:: a.png\n   \
                 :alt: A boat\n\nThe dispute\n===========\n\nTalks failed.\n\nNext steps\n----------\n\n.. note::\n\n   Both sides meet.\n",
            ),
            (
                Dialect::Textile,
                "---\nauthor: Mara Lindqvist\ndate: 2023-09-12\ntags: [port, strike]\n---\nh1. Dockers walk out\n\n\
                 The port \"of Halden\":https://x.example/a closed.\n\n###. a remark\n\nh2(#d). The dispute\n\nTalks failed.\n\n\
                 h3. Next steps\n\nbq. Both sides meet.\n",
            ),
            (
                Dialect::Wiki,
                "---\nauthor: Mara Lindqvist\ndate: 2023-09-12\n---\n= Dockers walk out =\n\nThe port [[Halden|of Halden]] closed.\n\
                 <!-- a remark -->\n== The dispute ==\n\nTalks failed.\n\n=== Next steps ===\n\nBoth sides meet.\n\n\
                 [[Category:port]]\n[[Category:strike]]\n",
            ),
            (
                Dialect::Latex,
                "\\documentclass[12pt]{article}\n\\usepackage{graphicx}\n\\title{Dockers walk out}\n\\author{Mara Lindqvist}\n\
                 \\date{12 September 2023}\n\\keywords{port, strike}\n\\begin{document}\n\\maketitle\nThe port \
                 \\href{https://x.example/a}{of Halden} closed.\n% a remark\n\\section{The dispute}\\label{sec:d}\nTalks \
                 \\emph{failed}.\n\n\\subsection*{Next steps}\n\\begin{quote}\nBoth sides meet.\n\\end{quote}\n\\end{document}\n",
            ),
        ] {
            let expected: Read = (
                Some("Dockers walk out".into()),
                Some("Mara Lindqvist".into()),
                Some("2023-09-12".into()),
                vec!["port".into(), "strike".into()],
                vec!["The dispute".into(), "Next steps".into()],
                "The port of Halden closed. | Talks failed. | Both sides meet.".into(),
            );
            assert_eq!(read_text(dialect, text), expected, "{dialect:?}");
        }
    }

    #[test]
    fn what_is_no_heading() {
        for (dialect, text, words) in [
            (
                Dialect::Org,
                "#+BEGIN_SRC sh\n* ls\n#+END_SRC\n- one\n  two\n| a | b |\n|---+---|\n",
                "* ls | - one two | | a | b |",
            ),
            (Dialect::Org, ":NOTES:\nnever closed\n*bold* text\n", ":NOTES: never closed *bold* text"),
            (
                Dialect::AsciiDoc,
                "----\n== code\n----\n* one\n|===\n|a |b\n|===\n.A caption\nText\n",
                "== code | * one | |a |b | .A caption | Text",
            ),
            (
                Dialect::ReStructuredText,
                "Code::\n\n   x = 1\n\n.. code:: sh\n\n   ls\n\nAfter.\n",
                "Code:: | x = 1 | After.",
            ),
            (
                Dialect::ReStructuredText,
                "| a line\n\n* one\n  two\n\n====  ====\na     b\n====  ====\n",
                "| a line | * one two | a b",
            ),
            (
                Dialect::Textile,
                "bc. h2. code\n\np(x). Text !a.png! here.\n\n* one\n** two\n",
                "h2. code | Text here. | * one | ** two",
            ),
            (
                Dialect::Latex,
                "\\section{A}\nAndr\\'e \\& S\\\"ohne~AG, 50\\% \\cite{x}\n\\begin{equation}\nx\n\\end{equation}\n\\item One\n",
                "André & Söhne AG, 50% | One",
            ),
        ] {
            assert_eq!(read_text(dialect, text).5, words, "{dialect:?} {text}");
        }
    }

    proptest::proptest! {
        /// Any text is read, and its blocks and markup are ranges of it, in order.
        #[test]
        fn any_text_is_read(text in "([=*#:|.`~^\\-\\\\{}\\[\\]<>\"!_ ab\n]|h1\\. |::|\\.\\. |#\\+BEGIN_|\\\\begin\\{|é){0,60}") {
            let dialects = [Dialect::Org, Dialect::AsciiDoc, Dialect::ReStructuredText, Dialect::Textile, Dialect::Wiki, Dialect::Latex];
            for dialect in dialects {
                let raw = read(dialect, text.clone());
                let blocks = raw.blocks.clone().unwrap_or_default();
                let mut end = 0;
                for block in &blocks {
                    proptest::prop_assert!(block.span.start >= end && block.span.end <= raw.text.len(), "{:?}", dialect);
                    end = block.span.end;
                }
                for span in &raw.markup {
                    proptest::prop_assert!(raw.text.get(span.clone()).is_some(), "{:?}", dialect);
                }
                let _ = SplitArticle::assemble(raw).passages();
            }
        }
    }
}
