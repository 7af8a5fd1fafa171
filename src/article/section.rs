//! Sections: a heading and the text under it. The text before the first heading is a section too.

use super::{Block, BlockKind, Span};
use crate::text::fold::composed;
use crate::text::tidy;

/// One section of an article.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Section {
    /// Its ordinal in the article, from 0.
    pub ordinal: usize,
    /// Byte range of the heading; `None` before the first heading.
    pub heading: Option<Span>,
    /// Level of the heading, 1 the highest; 0 without a heading.
    pub level: u8,
    /// The headings above this one, from the highest.
    pub trail: Vec<String>,
    /// Byte ranges of its paragraphs, in order.
    pub paragraphs: Vec<Span>,
}

impl Section {
    /// The heading in `text`, the text of the article.
    #[must_use]
    pub fn heading_text<'t>(&self, text: &'t str) -> Option<&'t str> {
        self.heading.clone().map(|span| &text[span])
    }

    /// Byte range from the heading, or the first paragraph, to the end of the last paragraph.
    #[must_use]
    pub fn span(&self) -> Span {
        let start = self.heading.as_ref().or(self.paragraphs.first()).map_or(0, |span| span.start);
        let end = self.paragraphs.last().or(self.heading.as_ref()).map_or(start, |span| span.end);
        start..end
    }
}

/// Groups blocks into sections.
#[must_use]
pub(crate) fn sections(text: &str, blocks: &[Block]) -> Vec<Section> {
    let mut out: Vec<Section> = Vec::new();
    let mut above: Vec<(u8, String)> = Vec::new();
    for block in blocks {
        match block.kind {
            BlockKind::Heading(level) => {
                above.retain(|(other, _)| *other < level);
                let trail = above.iter().map(|(_, heading)| heading.clone()).collect();
                above.push((level, tidy(&composed(&text[block.span.clone()]))));
                out.push(Section {
                    ordinal: out.len(),
                    heading: Some(block.span.clone()),
                    level,
                    trail,
                    paragraphs: Vec::new(),
                });
            }
            BlockKind::Paragraph | BlockKind::Item => {
                if out.is_empty() {
                    out.push(Section::default());
                }
                if let Some(section) = out.last_mut() {
                    section.paragraphs.push(block.span.clone());
                }
            }
            BlockKind::Title | BlockKind::Boilerplate(_) => {}
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn trails_and_levels() {
        let text = "a\nB\nc\nD\ne\nF\ng";
        let kinds = [
            BlockKind::Paragraph,
            BlockKind::Heading(1),
            BlockKind::Paragraph,
            BlockKind::Heading(2),
            BlockKind::Paragraph,
            BlockKind::Heading(1),
            BlockKind::Paragraph,
        ];
        let blocks: Vec<Block> =
            kinds.iter().enumerate().map(|(i, &kind)| Block { span: i * 2..i * 2 + 1, kind }).collect();
        let got: Vec<_> = sections(text, &blocks)
            .iter()
            .map(|s| (s.heading_text(text).unwrap_or("-").to_string(), s.level, s.trail.join("/")))
            .collect();
        let expected = [("-", 0, ""), ("B", 1, ""), ("D", 2, "B"), ("F", 1, "")];
        assert_eq!(got, expected.map(|(h, l, t)| (h.to_string(), l, t.to_string())));
    }
}
