//! Markdown: headings and paragraphs by markup, facts from front matter.
//!
//! The text of the article is that of the file with its markup, so that every passage is a stretch of the file.
//! [`RawArticle::markup`] lists what is markup.

use pulldown_cmark::{Event, LinkType, Options, Parser, Tag, TagEnd};

use super::front_matter;
use crate::article::{Block, BlockKind, RawArticle, Span, preamble_blocks};
use crate::model::{BoilerplateKind, Facts};

/// Reads a Markdown text.
#[must_use]
pub(crate) fn read(text: String) -> RawArticle {
    let mut reader = Reader::default();
    // Callouts and links to notes are those of GitHub and of note-taking programs.
    let options =
        Options::ENABLE_TABLES | Options::ENABLE_STRIKETHROUGH | Options::ENABLE_GFM | Options::ENABLE_WIKILINKS;
    let front = front_matter::of(&text).or_else(|| front_matter::labelled(&text));
    let (mut facts, mut start) = (Facts::default(), 0);
    if let Some(front) = front {
        reader.blocks = preamble_blocks(&text, front.end, &front.kept);
        reader.words.extend(front.kept);
        (facts, start) = (front.facts, front.end);
    }
    for (event, range) in Parser::new_ext(&text[start..], options).into_offset_iter() {
        reader.take(event, range.start + start..range.end + start);
    }
    let Reader { mut blocks, words, .. } = reader;
    for block in blocks.iter_mut().filter(|block| block.kind == BlockKind::Paragraph) {
        if is_module_code(&text[block.span.clone()]) {
            block.kind = BlockKind::Boilerplate(BoilerplateKind::Metadata);
        }
    }
    let words = without_remarks(&text, without_callout_marks(&text, &blocks, words));
    let markup = gaps(text.len(), words);
    RawArticle { text, blocks: Some(blocks), markup, facts, ..RawArticle::default() }
}

/// Does a paragraph consist of the lines that MDX has at its top: `import Chart from './chart'`, `export const x = 1`?
fn is_module_code(paragraph: &str) -> bool {
    paragraph.lines().map(str::trim).all(|line| {
        let is_import = line.starts_with("import ") && line.ends_with(['\'', '"', ';']) && line.contains(['\'', '"']);
        is_import
            || ["export const ", "export default ", "export {", "export * "].iter().any(|word| line.starts_with(word))
    })
}

/// The ranges of words without the marks of callouts, which begin a paragraph: `[!note] Aside`.
fn without_callout_marks(text: &str, blocks: &[Block], mut words: Vec<Span>) -> Vec<Span> {
    let paragraphs = blocks.iter().filter(|block| block.kind == BlockKind::Paragraph);
    for block in paragraphs {
        let Some(rest) = text[block.span.clone()].strip_prefix("[!") else { continue };
        let length = rest.find(']').filter(|&end| end > 0 && rest[..end].chars().all(char::is_alphanumeric));
        let Some(end) = length.map(|length| block.span.start + length + 3) else { continue };
        let mark = block.span.start..end;
        words.retain_mut(|range| {
            if range.start < mark.end && range.end > mark.start {
                range.start = mark.end.min(range.end);
            }
            range.start < range.end
        });
    }
    words
}

/// The ranges of words without the remarks that note-taking programs hide, `%%so%%`, and without the marks around what is
/// highlighted, `==so==`.
fn without_remarks(text: &str, words: Vec<Span>) -> Vec<Span> {
    let mut out = Vec::with_capacity(words.len());
    for range in words {
        let mut from = range.start;
        let mut at = range.start;
        while let Some(next) = text[at..range.end].find(['%', '=']) {
            let open = at + next;
            let sign = &text[open..open + 1];
            at = open + 1;
            if !text[at..range.end].starts_with(sign) {
                continue;
            }
            let Some(close) = text[open + 2..range.end].find(&sign.repeat(2)).map(|end| open + 2 + end) else {
                continue;
            };
            out.push(from..open);
            if sign == "=" {
                out.push(open + 2..close);
            }
            from = close + 2;
            at = from;
        }
        out.push(from..range.end);
    }
    out.retain(|range| range.start < range.end);
    out
}

/// The blocks and facts of the events that were read.
#[derive(Default)]
struct Reader {
    blocks: Vec<Block>,
    /// Ranges of words, in order.
    words: Vec<Span>,
    /// The open block: its kind, and the range of its text, if it has any yet.
    open: Option<(BlockKind, Option<Span>)>,
    /// Number of open embedded files and notes: their text is the name of a file.
    embed_depth: usize,
    /// Number of open list items and table rows: their text is items.
    item_depth: usize,
}

impl Reader {
    fn take(&mut self, event: Event<'_>, range: Span) {
        match event {
            Event::Start(Tag::Image { link_type: LinkType::WikiLink { .. }, .. }) => self.embed_depth += 1,
            Event::End(TagEnd::Image) => self.embed_depth = self.embed_depth.saturating_sub(1),
            Event::Start(Tag::Heading { level, .. }) => self.start(BlockKind::Heading(level as u8)),
            Event::Start(Tag::Paragraph) => {
                let kind = if self.item_depth > 0 { BlockKind::Item } else { BlockKind::Paragraph };
                self.start(kind);
            }
            Event::Start(Tag::Item | Tag::TableRow | Tag::TableHead) => {
                self.item_depth += 1;
                self.start(BlockKind::Item);
            }
            Event::End(TagEnd::Item | TagEnd::TableRow | TagEnd::TableHead) => {
                self.item_depth = self.item_depth.saturating_sub(1);
                self.end();
            }
            Event::Start(Tag::CodeBlock(_)) => self.start(BlockKind::Item),
            Event::End(TagEnd::Heading(_) | TagEnd::Paragraph | TagEnd::CodeBlock) => self.end(),
            Event::Text(_) | Event::Code(_) if self.embed_depth == 0 => self.add_words(range),
            _ => {}
        }
    }

    fn start(&mut self, kind: BlockKind) {
        self.end();
        self.open = Some((kind, None));
    }

    fn end(&mut self) {
        if let Some((kind, Some(span))) = self.open.take() {
            self.blocks.push(Block { span, kind });
        }
    }

    fn add_words(&mut self, range: Span) {
        let kind = if self.item_depth > 0 { BlockKind::Item } else { BlockKind::Paragraph };
        let (_, span) = self.open.get_or_insert((kind, None));
        match span {
            Some(span) => span.end = span.end.max(range.end),
            None => *span = Some(range.clone()),
        }
        self.words.push(range);
    }
}

/// The ranges of a text of `length` bytes between those of `words`.
fn gaps(length: usize, words: Vec<Span>) -> Vec<Span> {
    let mut out = Vec::new();
    let mut at = 0;
    for range in words {
        if range.start > at {
            out.push(at..range.start);
        }
        at = at.max(range.end);
    }
    if at < length {
        out.push(at..length);
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::article::SplitArticle;

    #[test]
    fn front_matter_may_be_json() {
        let text = "{\n  \"title\": \"Dockers {walk} out\",\n  \"date\": \"2023-09-12\"\n}\n\nThe port closed.\n\n## The dispute\n\nHours.\n";
        let article = SplitArticle::assemble(read(text.to_string()));
        assert_eq!(article.facts.title.as_deref(), Some("Dockers {walk} out"));
        assert_eq!(article.facts.published.as_ref().map(|p| p.value.as_str()), Some("2023-09-12"));
        let heading = article.sections[1].heading.clone().expect("a heading");
        assert_eq!(article.plain_text(&heading).trim(), "The dispute");
        assert_eq!(article.plain_text(&article.sections[0].span()).trim(), "The port closed.");
    }

    #[test]
    fn notes_and_modules() {
        for (text, expected) in [
            ("import Chart from './chart'\n\nThe port closed.\n", "The port closed."),
            (
                "The ![[boat.png]] port and [[union|the union]] ==closed== %%my remark%% today.\n",
                "The port and the union closed today.",
            ),
            ("> [!note] Aside\n> The port closed.\n", "Aside The port closed."),
            ("> [!NOTE]\n> The port closed.\n", "The port closed."),
            ("import duties rose.\n", "import duties rose."),
            ("50 % and 1 = 1 == 2\n", "50 % and 1 = 1 == 2"),
        ] {
            let article = SplitArticle::assemble(read(text.to_string()));
            let words: Vec<String> =
                article.sections.iter().map(|section| article.plain_text(&section.span())).collect();
            let words = words.join(" ").split_whitespace().collect::<Vec<_>>().join(" ");
            assert_eq!(words, expected, "{text}");
        }
    }

    #[test]
    fn headings_front_matter_and_words() {
        let text = "---\ntitle: \"Dockers walk out\"\ndate: 2023-09-12\nauthor: Mara Lindqvist\n---\n\nFirst [the port](http://example.org/x) closed.\n\n## The *dispute*\n\n- higher pay\n- fewer hours\n";
        let article = SplitArticle::assemble(read(text.to_string()));
        assert_eq!(article.facts.title.as_deref(), Some("Dockers walk out"));
        assert_eq!(article.facts.byline.as_deref(), Some("Mara Lindqvist"));
        assert_eq!(article.facts.published.as_ref().map(|p| p.value.as_str()), Some("2023-09-12"));
        assert_eq!(article.sections.len(), 2);
        let paragraph = article.plain_text(&article.sections[0].span());
        assert_eq!(paragraph.split_whitespace().collect::<Vec<_>>(), ["First", "the", "port", "closed."]);
        let heading = article.sections[1].heading.clone().expect("a heading");
        assert_eq!(article.plain_text(&heading).split_whitespace().collect::<Vec<_>>(), ["The", "dispute"]);
        assert_eq!(article.sections[1].paragraphs.len(), 2);
    }
}
