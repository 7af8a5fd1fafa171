//! An article: its facts, its sections, its passages.
//!
//! Pure code: text and what a reader knows of it go in, values come out. Nothing here does I/O, knows tantivy or can
//! fail. [`SplitArticle::assemble`] is the whole way:
//!
//! ```text
//! RawArticle -> layout (lines to blocks) -> front (title, byline, date) -> heading, boilerplate -> sections -> passages
//! ```
//!
//! All places are byte ranges of the article's text; [`lines`] turns them into line numbers.

pub mod boilerplate;
pub mod date;
pub mod front;
pub mod heading;
pub mod layout;
pub mod lines;
pub mod passage;
pub mod section;

use std::ops::Range;
use std::sync::Arc;

use crate::model::{BoilerplateKind, Facts, Published};
use crate::text::Language;

pub use boilerplate::{Boilerplate, RepeatedLines};
pub use heading::Verdict;
pub use passage::PassageSpan;
pub use section::Section;

/// A stretch of an article's text, in bytes.
pub type Span = Range<usize>;

/// What a block of text is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum BlockKind {
    /// The headline.
    Title,
    /// A heading; 1 is the highest level.
    Heading(u8),
    /// Running text.
    Paragraph,
    /// An entry of a list, a cell or row of a table, a line of code: text that is never a heading.
    Item,
    /// Text about the page, not of the article.
    Boilerplate(BoilerplateKind),
}

/// A paragraph, heading or item of an article.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Block {
    /// Where it stands, without white space around it.
    pub span: Span,
    /// What it is.
    pub kind: BlockKind,
}

/// How a page marks a block. A hint: pages mark link lists and teasers as headings, and headings as bold paragraphs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Markup {
    /// Level of the heading it is marked as; 0 if it is not.
    pub level: u8,
    /// Is all of it bold?
    pub bold: bool,
    /// Is all of it a link?
    pub linked: bool,
}

/// What a reader makes of a file or record: text, and what is known of it already.
#[derive(Debug, Clone, Default)]
pub struct RawArticle {
    /// The text. Where the article is a stretch of its file, this is the whole file, decoded.
    pub text: String,
    /// Blocks known by markup; `None` where the text is bare and its form has to be found.
    pub blocks: Option<Vec<Block>>,
    /// How a page marks each of `blocks`; given where marks are hints, absent where they are the author's word.
    pub marks: Option<Vec<Markup>>,
    /// Ranges of `text` that are markup, not words (link targets, tags), in order.
    pub markup: Vec<Span>,
    /// Facts from metadata. The text may add to them, never change them.
    pub facts: Facts,
    /// Is the title known from elsewhere, or known not to be? Then the first line of the text is not taken for one.
    pub title_known: bool,
    /// Lines that many articles of the folder share.
    pub repeated: Arc<RepeatedLines>,
    /// A date that the file's path bears, used where nothing else tells.
    pub path_date: Option<Published>,
}

/// An article, read and split.
#[derive(Debug, Clone, Default)]
pub struct SplitArticle {
    /// The text that all spans are ranges of.
    pub text: String,
    /// Ranges of `text` that are markup, not words.
    pub markup: Vec<Span>,
    /// Its facts.
    pub facts: Facts,
    /// Where the title stands in the text, if it does.
    pub title_span: Option<Span>,
    /// Language, also where no fact names it but the text shows it.
    pub language: Language,
    /// Its sections, in order; the text before the first heading is one.
    pub sections: Vec<Section>,
    /// What was left out of the sections, and why.
    pub boilerplate: Vec<Boilerplate>,
}

impl SplitArticle {
    /// Reads and splits an article.
    ///
    /// ```
    /// use crosshead::article::{SplitArticle, RawArticle};
    ///
    /// let text = "Dockers walked out on Monday, and no ship has been unloaded since. Ferries still sail.\n\
    ///     The dispute\n\
    ///     Talks about pay and hours had failed for the third time, the union said on Sunday evening.\n\
    ///     Both sides accuse the other of leaving the table. A mediator has been named.\n";
    /// let article = SplitArticle::assemble(RawArticle { text: text.into(), ..RawArticle::default() });
    /// let headings: Vec<_> = article.sections.iter().map(|section| section.heading_text(&article.text)).collect();
    /// assert_eq!(headings, [None, Some("The dispute")]);
    /// ```
    #[must_use]
    pub fn assemble(raw: RawArticle) -> SplitArticle {
        let Prepared { mut blocks, mut facts, title_span } = prepare(&raw);
        let RawArticle { text, blocks: known_blocks, marks, markup, path_date, .. } = raw;
        facts.published = facts.published.or(path_date);
        let mut language = facts.lang.as_deref().map(Language::from_code).unwrap_or_default();
        if language == Language::UNKNOWN {
            language = detect_language(&text, &blocks);
        }
        facts.lang = language.known_code().map(str::to_string);
        if known_blocks.is_none() || marks.is_some() {
            heading::mark(&text, &mut blocks, marks.as_deref());
        }
        let sections = section::sections(&text, &blocks);
        let boilerplate = boilerplate::collect(&blocks);
        SplitArticle { text, markup, facts, title_span, language, sections, boilerplate }
    }

    /// Says of every line of a bare text or page that could be a heading whether it was taken for one, and why.
    /// Empty where headings are the author's word, as in Markdown.
    #[must_use]
    pub fn explain(raw: &RawArticle) -> Vec<(Span, Verdict)> {
        if raw.blocks.is_some() && raw.marks.is_none() {
            return Vec::new();
        }
        let blocks = prepare(raw).blocks;
        let verdicts = heading::explain(&raw.text, &blocks, raw.marks.as_deref());
        verdicts.into_iter().map(|verdict| (blocks[verdict.block].span.clone(), verdict)).collect()
    }

    /// Cuts the sections into passages, in order.
    #[must_use]
    pub fn passages(&self) -> Vec<PassageSpan> {
        passage::passages(self)
    }

    /// `text` of `span`, with markup made blank: what the words of the span are cut from. Offsets stay.
    #[must_use]
    pub fn words_of(&self, span: &Span) -> String {
        let first = self.markup.partition_point(|range| range.end <= span.start);
        let inside = self.markup[first..].iter().take_while(|range| range.start < span.end);
        blank(
            &self.text[span.clone()],
            inside.map(|range| range.start.max(span.start) - span.start..range.end.min(span.end) - span.start),
        )
    }
}

/// An article before its headings are looked for.
#[derive(Debug)]
pub struct Prepared {
    /// Its blocks; title, lines of facts and boilerplate are marked.
    pub blocks: Vec<Block>,
    /// Facts from metadata and from the text.
    pub facts: Facts,
    /// Where the title stands in the text.
    pub title_span: Option<Span>,
}

/// Cuts a text into blocks and reads its front and its boilerplate: what comes before headings.
#[must_use]
pub fn prepare(raw: &RawArticle) -> Prepared {
    let RawArticle { text, blocks, facts, title_known, repeated, .. } = raw;
    let mut facts = facts.clone();
    let mut blocks_found = blocks.clone().unwrap_or_else(|| layout::blocks(text));
    let front = front::read(text, &mut blocks_found, &facts, blocks.is_some(), *title_known);
    facts.fill_from(front.facts);
    boilerplate::mark(text, &mut blocks_found, repeated);
    Prepared { blocks: blocks_found, facts, title_span: front.title_span }
}

/// `text` with the bytes of each of `ranges` overwritten by spaces.
#[must_use]
pub fn blank(text: &str, ranges: impl Iterator<Item = Range<usize>>) -> String {
    let mut out = String::with_capacity(text.len());
    let mut at = 0;
    for range in ranges {
        let start = range.start.max(at);
        // Ranges are cut where markup begins and ends, so they are char boundaries; anything else is left as it is.
        if start >= range.end || !text.is_char_boundary(start) || !text.is_char_boundary(range.end) {
            continue;
        }
        out.push_str(&text[at..start]);
        out.extend(std::iter::repeat_n(' ', range.end - start));
        at = range.end;
    }
    out.push_str(&text[at..]);
    out
}

/// The language of the running text; facts and boilerplate would mislead.
fn detect_language(text: &str, blocks: &[Block]) -> Language {
    const ENOUGH_BYTES: usize = 700;
    let mut sample = String::new();
    for block in blocks.iter().filter(|block| block.kind == BlockKind::Paragraph) {
        let block_text = &text[block.span.clone()];
        sample.push_str(&block_text[..block_text.floor_char_boundary(ENOUGH_BYTES)]);
        sample.push(' ');
        if sample.len() > ENOUGH_BYTES {
            break;
        }
    }
    Language::detect(&sample)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::lines::{lines, trim};
    use super::*;

    /// Lines as articles have them, and lines as nobody has them.
    fn any_line() -> impl Strategy<Value = String> {
        let known = proptest::sample::select(vec![
            "Dockers walk out",
            "By Mara Lindqvist",
            "by",
            "Von Anna Schmidt, 12.09.2023",
            "Jun 5, 2009 4:50 pm",
            "2023-09-12",
            "Updated: 4 May 2021, published 3 May 2021",
            "The dispute",
            "THE DISPUTE",
            "===========",
            "-----",
            "* * *",
            "…",
            "- higher pay",
            "1. Talks",
            "Q: Why?",
            "Photo: Mara Lindqvist",
            "Read more: Ferries",
            "Please subscribe to our newsletter.",
            "12 Comments",
            "facebook twitter",
            "港口罢工",
            "港口的工人周一在谈判失败后罢工，工会表示渡轮停航。",
            "Источник: ТАСС",
            "شارك",
            "İstanbul’da grev",
            "HALDEN, March 9 - Dockers at the port walked out on Monday after talks about pay and hours had failed, the union said.",
            "The union wants a shorter week, the company says that it cannot afford one this year or next, and ferries sail.",
            "and after that they went home",
            "    indented line",
            "\tTab",
            "© 2023 Halden Courier",
            "https://example.org/a",
            "a|b|c",
            "$ ls -la --color",
            "By\u{a0}Mara",
            "\u{feff}x",
            "\u{200b}",
            "ﬁ",
            "e\u{301}\u{301}",
            "9-MAR-1987 10:35:23.44",
            "Mis à jour le 3 mars 2021 à 10h12",
            "2023年9月12日",
        ]);
        prop_oneof![
            6 => known.prop_map(str::to_string),
            2 => "\\PC{0,60}",
            1 => "[a-zA-Z .,:;!?'\"()-]{0,120}",
            1 => "(word ){0,60}[a-z]{1,8}[.?!]?",
            1 => ".{0,20}",
        ]
    }

    fn any_text() -> impl Strategy<Value = String> {
        let ends = proptest::sample::select(vec!["\n", "\n\n", "\r\n", "\r", "\n \n", "\r\n\r\n"]);
        proptest::collection::vec((any_line(), ends), 0..40)
            .prop_map(|lines| lines.into_iter().flat_map(|(line, end)| [line, end.to_string()]).collect())
    }

    /// Every line that is not blank stands in exactly one of: title, heading, paragraph, boilerplate; all in order.
    fn check(text: &str) -> Result<(), TestCaseError> {
        let article = SplitArticle::assemble(RawArticle { text: text.to_string(), ..RawArticle::default() });
        let mut spans: Vec<Span> = article.title_span.iter().cloned().collect();
        let mut last = 0;
        for section in &article.sections {
            for span in section.heading.iter().chain(&section.paragraphs) {
                prop_assert!(span.start >= last, "out of order: {span:?}");
                last = span.end;
                spans.push(span.clone());
            }
        }
        spans.extend(article.boilerplate.iter().map(|boilerplate| boilerplate.span.clone()));
        for span in &spans {
            prop_assert!(span.start < span.end && span.end <= text.len());
            prop_assert!(text.is_char_boundary(span.start) && text.is_char_boundary(span.end));
        }
        for line in lines(text) {
            let line = trim(text, line);
            if !line.is_empty() {
                let over = spans.iter().filter(|span| span.start < line.end && line.start < span.end).count();
                prop_assert_eq!(over, 1, "{:?}", &text[line]);
            }
        }
        let mut end = 0;
        for passage in article.passages() {
            prop_assert!(passage.span.start >= end && passage.section < article.sections.len());
            end = passage.span.end;
        }
        Ok(())
    }

    proptest! {
        #[test]
        fn every_line_has_its_place(text in any_text()) {
            check(&text)?;
        }

        #[test]
        fn any_characters_have_their_place(text in "(.|\n|\r){0,400}") {
            check(&text)?;
        }

        #[test]
        fn facts_are_found_in_any_text(text in any_text()) {
            let raw = RawArticle { text, ..RawArticle::default() };
            let prepared = prepare(&raw);
            let length = raw.text.len();
            prop_assert!(prepared.blocks.iter().all(|block| block.span.end <= length));
            if let Some(published) = prepared.facts.published {
                prop_assert!(published.seconds().is_some());
            }
            let _ = SplitArticle::explain(&raw);
        }
    }
}
