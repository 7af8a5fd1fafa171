//! Restores headings of a page that its extractor dropped or joined to the paragraph after them, and paragraphs of which it
//! kept a part.
//!
//! Extractors score elements by their text, so a heading in a separate element is dropped with it, and a bold one with
//! a line break after it becomes the beginning of its paragraph. Both are found in the page: a marked line directly before
//! a paragraph that the extractor kept. Whether the line is a heading is decided later, as for all lines.
//!
//! The page also shows where the extractor lost a space between two words, or repeated the bold part of a heading. Of text
//! that stands in a `div` without paragraphs the extractor makes a line of each link in it, and drops what is after the
//! link: such a line is the beginning of a paragraph of the page.

use std::collections::{HashMap, HashSet};

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
    let shown: HashSet<&str> = page.lines().collect();
    for at in 0..page.blocks.len() {
        let (mark, key) = (page.marks[at], &page_keys[at]);
        let marked = (2..=6).contains(&mark.level) || mark.bold && page.blocks[at].kind == BlockKind::Paragraph;
        let length = key.chars().count();
        let same = kept.get(key.as_str()).copied();
        if let Some(same) = same {
            // The same letters: the spaces are those of the page. `2.7%` and `27` on one page are two texts.
            let text = &page.text[page.blocks[at].span.clone()];
            let kept_text = &body.text[body.blocks[same].span.clone()];
            let is_other = || shown.contains(kept_text) && !is_same_but_for_spaces(text, kept_text);
            if *text != *kept_text && !is_other() {
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
        let is_beside = |next: usize| {
            let key = page_keys[next].as_str();
            let is_lost_time = || page.marks[next].level == 0 && is_time(key) && !kept.contains_key(key);
            page.blocks[next].kind == BlockKind::Item || is_lost_time()
        };
        let Some(next) = next.find(|&next| !is_beside(next)) else { continue };
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
    let (whole, pieces) = cut_paragraphs(page, &page_keys, &body, &keys);
    repeated.extend(pieces);
    repeated.sort_unstable();
    for (at, paragraph) in whole {
        let text = page.text[page.blocks[paragraph].span.clone()].to_string();
        restored.entry(at).or_default().text.get_or_insert(text);
    }
    if restored.is_empty() && repeated.is_empty() { body } else { rewrite(&body, &restored, &repeated) }
}

/// Are the letters those of a time, alone or with its day? `11:00`, `12 September 2023, 11.00`.
fn is_time(letters: &str) -> bool {
    const MOST_BYTES: usize = 30;
    const LEAST_DIGITS: usize = 3;
    letters.len() <= MOST_BYTES && letters.bytes().filter(u8::is_ascii_digit).count() >= LEAST_DIGITS
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

/// Paragraphs of the page of which the body has only the beginning, or the pieces before, in and after links: the whole text
/// for the first piece of each, and the other pieces.
fn cut_paragraphs(
    page: &Body,
    page_keys: &[String],
    body: &Body,
    keys: &[String],
) -> (Vec<(usize, usize)>, Vec<usize>) {
    /// Letters by which a beginning is looked up, and the fewest of a first piece.
    const START_LETTERS: usize = 8;
    /// Most paragraphs with one beginning that are compared.
    const MOST_ALIKE: usize = 8;
    /// Fewest letters that are missing: less is the label of a button, or the number of a note.
    const LEAST_MISSING: usize = 12;
    let start_of =
        |key: &str| key.char_indices().nth(START_LETTERS - 1).map(|(at, c)| key[..at + c.len_utf8()].to_string());
    let in_page: HashSet<&str> = page_keys.iter().map(String::as_str).collect();
    let in_body: HashSet<&str> = keys.iter().map(String::as_str).collect();
    let is_paragraph = |at: usize| {
        let mark = page.marks[at];
        page.blocks[at].kind == BlockKind::Paragraph && mark.level == 0 && !mark.linked
    };
    let is_cut = |at: usize| {
        is_paragraph(at) && page_keys[at].len() >= LEAST_LETTERS && !in_body.contains(page_keys[at].as_str())
    };
    let mut by_start: HashMap<String, Vec<usize>> = HashMap::new();
    for at in (0..page_keys.len()).filter(|&at| is_cut(at)) {
        if let Some(start) = start_of(&page_keys[at]) {
            by_start.entry(start).or_default().push(at);
        }
    }
    let (mut whole, mut pieces) = (Vec::new(), Vec::new());
    if by_start.is_empty() {
        return (whole, pieces);
    }
    let is_piece = |at: usize| {
        body.blocks[at].kind == BlockKind::Paragraph && !keys[at].is_empty() && !in_page.contains(keys[at].as_str())
    };
    let (mut at, mut from) = (0, 0);
    while at < keys.len() {
        let first = at;
        at += 1;
        let alike = start_of(&keys[first]).filter(|_| is_piece(first)).and_then(|start| by_start.get(&start));
        let Some(alike) = alike else { continue };
        let later = &alike[alike.partition_point(|&candidate| candidate < from)..];
        let found =
            later.iter().take(MOST_ALIKE).copied().find(|&candidate| page_keys[candidate].starts_with(&keys[first]));
        let Some(paragraph) = found else { continue };
        let key = &page_keys[paragraph];
        let (mut end, mut used) = (first + 1, keys[first].len());
        let mut kept = used;
        while end < keys.len() && is_piece(end) {
            let Some(piece) = key[used..].find(&keys[end]) else { break };
            used += piece + keys[end].len();
            kept += keys[end].len();
            end += 1;
        }
        // A short piece may begin another paragraph by chance: its neighbours are those of the paragraph.
        let is_neighbour = |page_at: Option<usize>, body_at: Option<usize>| {
            let (page_key, key) = (page_at.and_then(|at| page_keys.get(at)), body_at.and_then(|at| keys.get(at)));
            page_key.is_some_and(|page_key| !page_key.is_empty() && key == Some(page_key))
        };
        let is_sure = kept >= LEAST_LETTERS
            || is_neighbour(paragraph.checked_sub(1), first.checked_sub(1))
            || is_neighbour(Some(paragraph + 1), Some(end))
            || from > 0 && paragraph == from;
        if is_sure && (end > first + 1 || key.len() - kept >= LEAST_MISSING) {
            whole.push((first, paragraph));
            pieces.extend(first + 1..end);
            (at, from) = (end, paragraph + 1);
        }
    }
    (whole, pieces)
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
        if repeated.binary_search(&at).is_ok() {
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

fn is_same_but_for_spaces(a: &str, b: &str) -> bool {
    let signs = |text: &str| text.chars().filter(|c| !c.is_whitespace()).collect::<String>();
    signs(a) == signs(b)
}

/// The letters and digits of a text: extractors differ in white space and punctuation.
pub(super) fn letters(text: &str) -> String {
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
    fn cut_paragraphs_are_whole() {
        let none = Markup::default();
        let linked = Markup { linked: true, ..none };
        let paragraph = BlockKind::Paragraph;
        let after_link = "The strike began after a vote on Monday, the harbour office said, which counts all ships.";
        let from_link = "Forty ships lie outside the harbour, and no pilot takes them in.";
        let page = body(&[
            (paragraph, none, TALKS),
            (paragraph, none, after_link),
            (paragraph, none, from_link),
            (paragraph, none, PORT),
            (paragraph, linked, "Forty ships that waited: our reporter was on all of them last year"),
        ]);
        let all = format!("{TALKS}\n{after_link}\n{from_link}\n{PORT}\n");
        for (name, lines, expected) in [
            (
                "text lost after a link",
                vec![TALKS, "The strike began after", "a vote on Monday", "Forty ships", PORT],
                all.as_str(),
            ),
            (
                "one line of each piece",
                vec![
                    TALKS,
                    "The strike began after",
                    "a vote on Monday",
                    "the harbour office said, which counts all ships.",
                    from_link,
                    PORT,
                ],
                &all,
            ),
            ("nothing lost", vec![TALKS, after_link, from_link, PORT], &all),
            ("a paragraph left out", vec![TALKS, PORT], &format!("{TALKS}\n{PORT}\n")),
            ("a teaser", vec![PORT, "Forty ships that waited"], &format!("{PORT}\nForty ships that waited\n")),
            ("a beginning by chance", vec![PORT, "Forty ships"], &format!("{PORT}\nForty ships\n")),
        ] {
            let kept: Vec<_> = lines.iter().map(|line| (paragraph, none, *line)).collect();
            assert_eq!(restore(body(&kept), &page).text, expected, "{name}");
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
