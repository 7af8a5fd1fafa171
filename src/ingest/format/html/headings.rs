//! Restores headings of a page that its extractor dropped or joined to the paragraph after them.
//!
//! Extractors score elements by their text, so a heading in a separate element is dropped with it, and a bold one with
//! a line break after it becomes the beginning of its paragraph. Both are found in the page: a marked line directly before
//! a paragraph that the extractor kept. Whether the line is a heading is decided later, as for all lines.
//!
//! The page also shows where the extractor lost a space between two words, or repeated the bold part of a heading.

use std::collections::HashMap;

use super::scan::{AreaKind, Own, Scan};
use crate::article::{BlockKind, Markup};
use crate::ingest::format::blocks::{BlockWriter, Body};
use crate::model::BoilerplateKind;

/// Longest restored heading, in letters and digits.
const MOST_LETTERS: usize = 120;
/// Most captions and credits between a heading and its first paragraph.
const MOST_CAPTIONS: usize = 3;
/// Least letters and digits of a paragraph that identifies a position.
const LEAST_LETTERS: usize = 40;

/// Restores in `body` the headings that `page` has directly before paragraphs of the body.
pub(super) fn restore(mut body: Body, page: &Body) -> Body {
    let keys: Vec<String> = body.blocks.iter().map(|block| letters(&body.text[block.span.clone()])).collect();
    let kept: HashMap<&str, usize> = keys.iter().enumerate().rev().map(|(at, key)| (key.as_str(), at)).collect();
    let mut restored: HashMap<usize, Restored> = HashMap::new();
    let mut repeated: Vec<usize> = Vec::new();
    let page_keys: Vec<String> = page.blocks.iter().map(|block| letters(&page.text[block.span.clone()])).collect();
    for at in 0..page.blocks.len() {
        let (mark, key) = (page.marks[at], &page_keys[at]);
        let marked = (2..=6).contains(&mark.level) || mark.bold && page.blocks[at].kind == BlockKind::Paragraph;
        let length = key.chars().count();
        let same = kept.get(key.as_str()).copied();
        if let Some(same) = same {
            // The same letters: the spaces are those of the page.
            let text = &page.text[page.blocks[at].span.clone()];
            if *text != body.text[body.blocks[same].span.clone()] {
                restored.entry(same).or_default().text = Some(text.to_string());
            }
            let echo = keys.get(same + 1).filter(|below| !below.is_empty() && page_keys.get(at + 1) != Some(below));
            if mark.level > 0 && echo.is_some_and(|below| key.contains(below.as_str())) {
                repeated.push(same + 1);
            }
        }
        if !marked || mark.linked || !(3..=MOST_LETTERS).contains(&length) {
            continue;
        }
        if let Some(same) = same {
            // The extractor kept it as a paragraph.
            if mark.level > 0 && body.blocks[same].kind == BlockKind::Paragraph {
                body.blocks[same].kind = BlockKind::Heading(mark.level);
                body.marks[same] = mark;
            }
            continue;
        }
        let mut next = at + 1..page.blocks.len().min(at + 2 + MOST_CAPTIONS);
        let Some(next) = next.find(|&next| page.blocks[next].kind != BlockKind::Item) else { continue };
        let below = &page_keys[next];
        if below.chars().count() < LEAST_LETTERS {
            continue;
        }
        let heading = || page.text[page.blocks[at].span.clone()].to_string();
        let joined = format!("{key}{below}");
        if let Some(&paragraph) = kept.get(joined.as_str()) {
            let text = page.text[page.blocks[next].span.clone()].to_string();
            restored.entry(paragraph).or_insert(Restored { heading: Some((heading(), mark)), text: Some(text) });
        } else if let Some(&paragraph) = kept.get(below.as_str()).filter(|&&paragraph| paragraph > 0) {
            // A paragraph with a heading needs no other.
            if !matches!(body.blocks[paragraph - 1].kind, BlockKind::Heading(_)) {
                restored.entry(paragraph).or_default().heading.get_or_insert_with(|| (heading(), mark));
            }
        }
    }
    if restored.is_empty() && repeated.is_empty() { body } else { rewrite(&body, &restored, &repeated) }
}

/// Takes headings of `body` that are not the article's for what they are: those of related articles, comments, offers and
/// side columns for boilerplate, those of boxes of facts for paragraphs.
pub(super) fn leave_out_foreign(body: &mut Body, scan: &Scan, own: &Own<'_>) {
    let is_marked = |at: usize, body: &Body| body.marks[at].level > 0 || body.marks[at].bold || body.marks[at].linked;
    let marked: Vec<usize> = (0..body.blocks.len()).filter(|&at| is_marked(at, body)).collect();
    if marked.is_empty() {
        return;
    }
    // A text that is also in the article's own part is the article's.
    let mut areas: HashMap<String, Option<AreaKind>> = HashMap::new();
    for (block, around) in scan.body.blocks.iter().zip(&scan.around) {
        if block.span.len() > MOST_LETTERS * 4 {
            continue;
        }
        let kind = own.foreign_at(around.at).filter(|kind| *kind != AreaKind::Reference);
        let known = areas.entry(letters(&scan.body.text[block.span.clone()])).or_insert(kind);
        *known = known.and(kind);
    }
    for at in marked {
        let Some(kind) = areas.get(&letters(&body.text[body.blocks[at].span.clone()])).copied().flatten() else {
            continue;
        };
        body.marks[at] = Markup { linked: body.marks[at].linked, ..Markup::default() };
        body.blocks[at].kind = match kind {
            AreaKind::Box => BlockKind::Item,
            _ if body.blocks[at].kind == BlockKind::Item => BlockKind::Item,
            _ => BlockKind::Boilerplate(BoilerplateKind::Related),
        };
    }
}

/// Corrections of a block by the page.
#[derive(Default)]
struct Restored {
    /// The heading before it.
    heading: Option<(String, Markup)>,
    /// The text of the block, if it contained the heading or lost spaces.
    text: Option<String>,
}

fn rewrite(body: &Body, restored: &HashMap<usize, Restored>, repeated: &[usize]) -> Body {
    let mut writer = BlockWriter::default();
    for (at, block) in body.blocks.iter().enumerate() {
        if repeated.contains(&at) {
            continue;
        }
        let mut text = &body.text[block.span.clone()];
        if let Some(known) = restored.get(&at) {
            if let Some((heading, mark)) = &known.heading {
                let kind = if mark.level > 0 { BlockKind::Heading(mark.level) } else { BlockKind::Paragraph };
                writer.marked(kind, *mark, heading);
            }
            text = known.text.as_deref().unwrap_or(text);
        }
        writer.marked(block.kind, body.marks[at], text);
    }
    writer.finish()
}

/// The letters and digits of a text: extractors differ in white space and punctuation.
fn letters(text: &str) -> String {
    text.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    const TALKS: &str = "The talks about pay and hours failed on Monday night, the union of the dockers said.";
    const PORT: &str = "The port had been at a standstill since the morning, and forty ships were waiting outside.";

    fn body(blocks: &[(BlockKind, Markup, &str)]) -> Body {
        let mut writer = BlockWriter::default();
        for (kind, mark, text) in blocks {
            writer.marked(*kind, *mark, text);
        }
        writer.finish()
    }

    #[test]
    fn headings_of_the_page_are_restored() {
        let none = Markup::default();
        let bold = Markup { bold: true, ..none };
        let level = |level| Markup { level, ..none };
        let paragraph = BlockKind::Paragraph;
        let page = body(&[
            (paragraph, none, TALKS),
            (BlockKind::Heading(3), level(3), "The port"),
            (BlockKind::Item, none, "Photo: A. Strand"),
            (paragraph, none, PORT),
            (BlockKind::Heading(2), level(2), "Read more"),
            (paragraph, none, "A teaser of another story, which the extractor left out with reason."),
        ]);
        let bold_page = body(&[(paragraph, none, TALKS), (paragraph, bold, "The port"), (paragraph, none, PORT)]);
        let joined = format!("The port {PORT}");
        let cases = [
            ("dropped", &page, vec![TALKS, PORT]),
            ("kept as a paragraph", &page, vec![TALKS, "The port", PORT]),
            ("dropped, bold", &bold_page, vec![TALKS, PORT]),
            ("joined to its paragraph", &bold_page, vec![TALKS, &joined]),
        ];
        for (name, page, lines) in cases {
            let kept: Vec<_> = lines.iter().map(|line| (paragraph, none, *line)).collect();
            let restored = restore(body(&kept), page);
            assert_eq!(restored.text, format!("{TALKS}\nThe port\n{PORT}\n"), "{name}");
            let mark = restored.marks[1];
            assert!(mark.level == 3 || mark.bold, "{name}: {mark:?}");
        }
    }

    #[test]
    fn spaces_are_restored_and_repetitions_removed() {
        let none = Markup::default();
        let level = Markup { level: 3, ..none };
        let heading = "1. The pay of dockers and of pilots differs";
        let page = body(&[
            (BlockKind::Paragraph, none, TALKS),
            (BlockKind::Heading(3), level, heading),
            (BlockKind::Paragraph, none, PORT),
        ]);
        let lines = [TALKS, &heading.replace(" of dockers", "of dockers"), "dockers and of pilots", PORT];
        let kinds = [BlockKind::Paragraph, BlockKind::Heading(3), BlockKind::Paragraph, BlockKind::Paragraph];
        let kept: Vec<_> = lines.iter().zip(kinds).map(|(line, kind)| (kind, none, *line)).collect();
        assert_eq!(restore(body(&kept), &page).text, format!("{TALKS}\n{heading}\n{PORT}\n"));
    }
}
