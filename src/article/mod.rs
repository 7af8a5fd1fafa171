//! Splits an article into its facts, sections and passages.
//!
//! Pure code: a text and what its format states of it go in, values come out. Nothing here does I/O, knows tantivy or can
//! fail. [`SplitArticle::assemble`] runs all stages:
//!
//! ```text
//! RawArticle -> layout (lines to blocks) -> front (title, byline, date) -> heading, boilerplate -> sections -> passages
//! ```
//!
//! Positions are byte ranges of the article's text; [`lines`] turns them into line numbers.

pub(crate) mod boilerplate;
pub(crate) mod date;
pub(crate) mod front;
pub(crate) mod heading;
pub(crate) mod layout;
pub(crate) mod lines;
pub(crate) mod passage;
pub(crate) mod section;
pub(crate) mod speech;

use std::borrow::Cow;
use std::ops::Range;

use crate::model::{BoilerplateKind, DateEvidence, Facts, Published, StatedBy};
use crate::text::Language;
use crate::text::fold::composed;

pub(crate) use boilerplate::Boilerplate;
pub(crate) use heading::Verdict;
pub(crate) use passage::PassageSpan;
pub(crate) use section::Section;
pub(crate) use speech::Turn;

/// A byte range of an article's text.
pub(crate) type Span = Range<usize>;

/// The kind of a block.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum BlockKind {
    /// The headline.
    Title,
    /// A heading; 1 is the highest level.
    Heading(u8),
    /// A paragraph of running text.
    Paragraph,
    /// An item of a list, a cell or row of a table, a line of code: text that is never a heading.
    Item,
    /// Text that belongs to the page, not to the article.
    Boilerplate(BoilerplateKind),
}

/// A paragraph, heading or item of an article.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Block {
    /// Byte range, without the white space around it.
    pub span: Span,
    /// Its kind.
    pub kind: BlockKind,
}

/// How a page marks up a block. Only a hint: pages mark link lists and teasers as headings, and headings as bold
/// paragraphs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Markup {
    /// Level of the heading that it is marked up as; 0 if it is not.
    pub level: u8,
    /// Is all of it bold?
    pub bold: bool,
    /// Is all of it a link?
    pub linked: bool,
}

/// An article as its format yields it: text, and what the format states of it.
#[derive(Debug, Clone, Default)]
pub struct RawArticle {
    /// The text. If the article is a byte range of its file, this is the whole file, decoded.
    pub text: String,
    /// Blocks given by markup; `None` for plain text, whose layout has to be found.
    pub blocks: Option<Vec<Block>>,
    /// Markup of each of `blocks`, if it is a hint; `None` if the kinds of `blocks` are the author's.
    pub marks: Option<Vec<Markup>>,
    /// Byte ranges of `text` that are markup, not words (link targets, tags), in order.
    pub markup: Vec<Span>,
    /// Number of bytes at the beginning of a plain text that are its front matter.
    pub preamble: usize,
    /// Stretches of the front matter that are part of the text, in order.
    pub preamble_text: Vec<Span>,
    /// Facts from metadata. The text adds to them, but does not change them.
    pub facts: Facts,
    /// Is the title known, or known to be missing? Then no line of the text is taken for it.
    pub title_known: bool,
    /// The date in the file's path, used if no other is known.
    pub path_date: Option<Published>,
    /// Which fields the facts were read from, in records of named fields.
    pub stated_by: Vec<StatedBy>,
    /// The dates that a page states, best first; empty for other formats.
    pub dates: Vec<DateEvidence>,
    /// Offsets in `text` with the seconds from the start of a recording at which what follows is said, in order.
    pub times: Vec<(usize, u32)>,
    /// Offsets of blocks in `text` from which a speaker that the markup states speaks, in order; an empty name is nobody.
    pub speakers: Vec<(usize, String)>,
    /// Offsets in `text` at which the pages of a scan begin, with their numbers, in order.
    pub pages: Vec<(usize, u32)>,
}

/// An article split into sections.
#[derive(Debug, Clone, Default)]
pub struct SplitArticle {
    /// The text that all spans are ranges of.
    pub text: String,
    /// Byte ranges of `text` that are markup, not words.
    pub markup: Vec<Span>,
    /// Its facts.
    pub facts: Facts,
    /// Byte range of the title, if it is in the text.
    pub title_span: Option<Span>,
    /// Language: that of the facts, or identified from the text.
    pub language: Language,
    /// Its sections, in order; the text before the first heading is one.
    pub sections: Vec<Section>,
    /// The blocks left out of the sections.
    pub boilerplate: Vec<Boilerplate>,
    /// The turns of speech of a transcript, in order.
    pub turns: Vec<Turn>,
    /// Offsets with times of a recording; see [`RawArticle::times`].
    pub times: Vec<(usize, u32)>,
    /// Offsets with numbers of pages; see [`RawArticle::pages`].
    pub pages: Vec<(usize, u32)>,
}

impl SplitArticle {
    /// Reads the facts of an article and splits it.
    ///
    /// ```
    /// use crosshead::internals::{SplitArticle, RawArticle};
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
        let Prepared { mut blocks, mut facts, title_span, turns } = prepare(&raw);
        let RawArticle { text, blocks: known_blocks, marks, markup, path_date, times, pages, .. } = raw;
        facts.published = facts.published.or(path_date);
        let mut language = facts.lang.as_deref().map_or(Language::UNKNOWN, Language::from_code);
        if language == Language::UNKNOWN {
            language = detect_language(&text, &blocks, !turns.is_empty());
        }
        facts.lang = language.known_code().map(str::to_string);
        compose(&mut facts);
        if known_blocks.is_none() || marks.is_some() {
            heading::mark(&text, &mut blocks, marks.as_deref());
        }
        let sections = section::sections(&text, &blocks);
        let boilerplate = boilerplate::collect(&blocks);
        SplitArticle { text, markup, facts, title_span, language, sections, boilerplate, turns, times, pages }
    }

    /// Whether each line of a plain text or page that could be a heading is one, and why. Empty if the author marks
    /// headings, as in Markdown.
    #[must_use]
    pub fn explain(raw: &RawArticle) -> Vec<(Span, Verdict)> {
        if raw.blocks.is_some() && raw.marks.is_none() {
            return Vec::new();
        }
        let blocks = prepare(raw).blocks;
        let verdicts = heading::explain(&raw.text, &blocks, raw.marks.as_deref());
        verdicts.into_iter().map(|verdict| (blocks[verdict.block].span.clone(), verdict)).collect()
    }

    /// The turn of speech that a span is part of, by its start.
    pub(crate) fn turn_of(&self, span: &Span) -> Option<usize> {
        let before = self.turns.partition_point(|turn| turn.span.start <= span.start).checked_sub(1)?;
        (span.start < self.turns[before].span.end).then_some(before)
    }

    /// The speaker of a span.
    #[must_use]
    pub fn speaker_of(&self, span: &Span) -> Option<&str> {
        self.turn_of(span).map(|turn| self.turns[turn].speaker.as_str())
    }

    /// When a span is said, in seconds from the start of the recording.
    #[must_use]
    pub fn time_of(&self, span: &Span) -> Option<u32> {
        last_before(&self.times, span)
    }

    /// The page on which a span begins.
    #[must_use]
    pub fn page_of(&self, span: &Span) -> Option<u32> {
        last_before(&self.pages, span)
    }

    /// The passages of the sections, in order.
    #[must_use]
    pub fn passages(&self) -> Vec<PassageSpan> {
        passage::passages(self)
    }

    /// The text of `span` with markup replaced by spaces: the input of the tokenizer. Offsets do not change.
    #[must_use]
    pub fn plain_text(&self, span: &Span) -> String {
        let first = self.markup.partition_point(|range| range.end <= span.start);
        let inside = self.markup[first..].iter().take_while(|range| range.start < span.end);
        blank(
            &self.text[span.clone()],
            inside.map(|range| range.start.max(span.start) - span.start..range.end.min(span.end) - span.start),
        )
    }
}

/// The value of the last offset up to the start of a span.
fn last_before(values: &[(usize, u32)], span: &Span) -> Option<u32> {
    let before = values.partition_point(|(at, _)| *at <= span.start).checked_sub(1)?;
    Some(values[before].1)
}

/// An article before the search for headings.
#[derive(Debug)]
pub struct Prepared {
    /// Its blocks, with title, lines of facts and boilerplate marked.
    pub blocks: Vec<Block>,
    /// Facts from metadata and from the text.
    pub facts: Facts,
    /// Byte range of the title, if it is in the text.
    pub title_span: Option<Span>,
    /// Its turns of speech.
    pub turns: Vec<Turn>,
}

/// The stages before headings: finds the blocks of a text, reads its front and marks boilerplate.
#[must_use]
pub fn prepare(raw: &RawArticle) -> Prepared {
    let RawArticle { text, blocks, facts, title_known, preamble, preamble_text, .. } = raw;
    let mut facts = facts.clone();
    let mut blocks_found = blocks.clone().unwrap_or_else(|| blocks_after(text, *preamble));
    // The blocks of a page keep their markup beside them, and are lines.
    let turns = if raw.speakers.is_empty() {
        speech::mark(text, &raw.markup, &mut blocks_found, raw.marks.is_none())
    } else {
        speech::stated(text, &raw.speakers)
    };
    // Marks of emphasis and links are none of a name or date.
    let plain = (!raw.markup.is_empty()).then(|| blank(text, raw.markup.iter().cloned()));
    let front =
        front::read(plain.as_deref().unwrap_or(text), &mut blocks_found, &facts, blocks.is_some(), *title_known);
    facts.fill_from(front.facts);
    if blocks.is_none() {
        blocks_found.splice(0..0, preamble_blocks(text, *preamble, preamble_text));
    }
    boilerplate::mark(text, &mut blocks_found, &turns);
    mark_author_names(text, &mut blocks_found);
    Prepared { blocks: blocks_found, facts, title_span: front.title_span, turns }
}

/// Makes the names of authors above the notes about them at the end of an article items: `Edda Voss`, then `Edda Voss is a
/// retired judge`. They are no headings, although they stand where headings do.
fn mark_author_names(text: &str, blocks: &mut [Block]) {
    const COPULAS: &[&str] = &["is", "was", "ist", "war", "est", "es", "è", "é", "är", "er", "jest", "on", "is een"];
    let line = |block: &Block| &text[block.span.clone()];
    let is_of = |block: &Block| matches!(block.kind, BlockKind::Paragraph | BlockKind::Item);
    let is_name = |name: &str| {
        let words: Vec<&str> = name.split_whitespace().collect();
        (2..=4).contains(&words.len())
            && words
                .iter()
                .all(|word| word.starts_with(char::is_uppercase) && !word.ends_with([':', '?', '!', '.', ',']))
    };
    let is_note = |name: &str, note: &str| {
        let rest = note.strip_prefix(name).map(str::trim_start).unwrap_or_default();
        rest.split_whitespace().next().is_some_and(|word| COPULAS.contains(&word))
    };
    let mut last = blocks.len();
    while last >= 2 {
        let (name, note) = (&blocks[last - 2], &blocks[last - 1]);
        // The note itself may be boilerplate.
        if is_of(name) && is_name(line(name)) && is_note(line(name), line(note)) {
            blocks[last - 2].kind = BlockKind::Item;
            last -= 2;
        } else if matches!(note.kind, BlockKind::Boilerplate(_)) {
            last -= 1;
        } else {
            return;
        }
    }
}

/// The blocks of a plain text after its first `preamble` bytes.
fn blocks_after(text: &str, preamble: usize) -> Vec<Block> {
    let moved = |block: Block| Block { span: block.span.start + preamble..block.span.end + preamble, ..block };
    layout::blocks(&text[preamble..]).into_iter().map(moved).collect()
}

/// The blocks of front matter, the first `preamble` bytes of a text, of which the stretches `kept` are text. They are items,
/// as a standfirst of a few words is no heading.
pub(crate) fn preamble_blocks(text: &str, preamble: usize, kept: &[Span]) -> Vec<Block> {
    let mut out = Vec::new();
    let mut at = 0;
    for span in kept.iter().cloned().chain(std::iter::once(preamble..preamble)) {
        let facts = lines::trim(text, at..span.start);
        at = span.end;
        out.push(Block { span: facts, kind: BlockKind::Boilerplate(BoilerplateKind::Metadata) });
        out.push(Block { span, kind: BlockKind::Item });
    }
    out.retain(|block| !block.span.is_empty());
    out
}

/// `text` with the bytes of each of `ranges`, which are in order, replaced by spaces.
#[must_use]
pub(crate) fn blank(text: &str, ranges: impl Iterator<Item = Range<usize>>) -> String {
    let mut out = String::with_capacity(text.len());
    let mut at = 0;
    for range in ranges {
        let start = range.start.max(at);
        // Markup begins and ends at character boundaries; any other range is ignored.
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

/// Composes the letters of the facts (NFC), so that articles whose files have them decomposed are counted and sorted with
/// the others. The text stays as it is in the file, so that its bytes can be found there; its words are composed when
/// they are cut.
fn compose(facts: &mut Facts) {
    let texts = [&mut facts.title, &mut facts.byline, &mut facts.dateline, &mut facts.source, &mut facts.desk];
    for text in texts.into_iter().flatten().chain(&mut facts.keywords) {
        if let Cow::Owned(composed) = composed(text) {
            *text = composed;
        }
    }
}

/// The language of the paragraphs. Facts and boilerplate may be in another. Where the paragraphs are too few to tell, the
/// text is in items: the cells of a table around a letter, an outline, a list.
fn detect_language(text: &str, blocks: &[Block], has_turns: bool) -> Language {
    // The first line of each turn of a transcript is an item.
    let is_running = |kind| kind == BlockKind::Paragraph || has_turns && kind == BlockKind::Item;
    let language = Language::detect(&sample(text, blocks, is_running));
    let has_items = blocks.iter().any(|block| block.kind == BlockKind::Item);
    if language != Language::UNKNOWN || has_turns || !has_items {
        return language;
    }
    let with_items = sample(text, blocks, |kind| matches!(kind, BlockKind::Paragraph | BlockKind::Item));
    Language::detect(&with_items)
}

/// The beginning of the blocks of some kinds.
fn sample(text: &str, blocks: &[Block], is_sampled: impl Fn(BlockKind) -> bool) -> String {
    const SAMPLE_BYTES: usize = 700;
    let mut sample = String::new();
    for block in blocks.iter().filter(|block| is_sampled(block.kind)) {
        let block_text = &text[block.span.clone()];
        sample.push_str(&block_text[..block_text.floor_char_boundary(SAMPLE_BYTES)]);
        sample.push(' ');
        if sample.len() > SAMPLE_BYTES {
            break;
        }
    }
    sample
}

/// Builds every table of this module that is otherwise built at first use: for a caller that wants no delay at the first
/// article, and for the test that no table fails to build.
#[allow(dead_code, reason = "called by one test, and by whoever wants the tables early")]
pub(crate) fn build_tables() {
    boilerplate::build_tables();
    date::build_tables();
    front::build_tables();
    heading::build_tables();
    speech::build_tables();
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::lines::{lines, trim};
    use super::*;

    /// Lines of real articles, and random ones.
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

    /// Asserts that every line that is not blank is in exactly one of title, headings, paragraphs and boilerplate, and that
    /// the blocks are in order.
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

    #[test]
    fn texts_without_paragraphs_have_a_language() {
        let item = "Der Hafen wurde am Dienstag geschlossen, weil die Arbeiter nicht mit dem Plan zufrieden sind.";
        let figures = "Umsatz 12 mln 14 mln 17 mln";
        for (items, paragraph, lang) in [
            (&[item, item][..], "", Some("de")),
            (&[figures, figures], "", None),
            // Items are of no weight where paragraphs tell.
            (
                &[item, item],
                "The harbour was closed on Tuesday after the dockers walked out over a plan of the port.",
                Some("en"),
            ),
        ] {
            let mut writer = String::new();
            let mut blocks = Vec::new();
            let lines = items.iter().map(|item| (BlockKind::Item, *item)).chain([(BlockKind::Paragraph, paragraph)]);
            for (kind, line) in lines.filter(|(_, line)| !line.is_empty()) {
                blocks.push(Block { span: writer.len()..writer.len() + line.len(), kind });
                writer.push_str(line);
                writer.push('\n');
            }
            let raw = RawArticle { text: writer, blocks: Some(blocks), ..RawArticle::default() };
            assert_eq!(SplitArticle::assemble(raw).facts.lang.as_deref(), lang, "{items:?}");
        }
    }

    #[test]
    fn names_above_notes_about_authors_are_no_headings() {
        let story = "Dockers at the port of Halden walked out on Monday after talks about pay and hours had failed, the union said, and ferries stayed in port.\n".repeat(2);
        let headings = |end: &str| -> Vec<String> {
            let text = format!("{story}{end}");
            let article = SplitArticle::assemble(RawArticle { text, ..RawArticle::default() });
            article.sections.iter().filter_map(|s| s.heading_text(&article.text)).map(str::to_string).collect()
        };
        let note = "who has written about the port since she could hold a pen, and about herring since last year.";
        assert_eq!(
            headings(&format!(
                "Mara Lindqvist\nMara Lindqvist is a reporter {note}\nEdda Voss\nEdda Voss is a retired judge {note}\n"
            )),
            [""; 0]
        );
        assert_eq!(headings(&format!("Anna Schmidt\nAnna Schmidt ist Reporterin, {note}\n")), [""; 0]);
        assert_eq!(headings(&format!("The Harbour Board\nIt has seven members, {note}\n")), ["The Harbour Board"]);
    }

    proptest! {
        #[test]
        fn every_line_is_in_one_block(text in any_text()) {
            check(&text)?;
        }

        #[test]
        fn any_characters_are_in_one_block(text in "(.|\n|\r){0,400}") {
            check(&text)?;
        }

        #[test]
        fn any_text_is_prepared(text in any_text()) {
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
