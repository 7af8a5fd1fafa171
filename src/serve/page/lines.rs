//! The lines of an article's text: which of them are one paragraph.

use std::borrow::Cow;
use std::collections::HashMap;
use std::ops::Range;

use crate::article::layout;
use crate::model::Passage;
use crate::search::Mark;

/// Longest line, in characters, that is shown directly under another; a longer one is a paragraph.
const SHORT_LINE_CHARS: usize = 132;

/// The layout of an article's text: which of its line ends only wrap a paragraph.
pub(super) struct Lines {
    /// Byte ranges of the blocks of each passage, by its ordinal.
    blocks: HashMap<u32, Vec<Range<usize>>>,
    /// Are paragraphs separated by blank lines, so that other line ends are those of verse, a list or a table?
    has_blank_lines: bool,
}

impl Lines {
    /// Reads the layout of all passages at once: how a text is wrapped shows over many lines.
    pub(super) fn of<'a>(passages: impl Iterator<Item = &'a Passage>) -> Lines {
        let mut text = String::new();
        let mut starts: Vec<(u32, usize)> = Vec::new();
        let mut has_blank_lines = false;
        for passage in passages {
            starts.push((passage.ordinal, text.len()));
            has_blank_lines |= has_blank_line(&passage.text);
            text.push_str(&passage.text);
            text.push_str("\n\n");
        }
        let found = layout::blocks(&text);
        let ends = starts.iter().skip(1).map(|(_, start)| *start).chain([text.len()]);
        let blocks = starts.iter().zip(ends).map(|(&(ordinal, start), end)| {
            let first = found.partition_point(|block| block.span.end <= start);
            let own = found[first..].iter().take_while(|block| block.span.start < end);
            // A word that is broken at the end of a passage joins its block to the next one's.
            let within = |at: usize| at.clamp(start, end) - start;
            (ordinal, own.map(|block| within(block.span.start)..within(block.span.end)).collect())
        });
        Lines { blocks: blocks.collect(), has_blank_lines }
    }

    /// The paragraphs of a passage, each with its own marks: in place of a line end that only wraps is a space. Line ends that
    /// are kept separate short lines, or lines between which a mark goes on: the mark of a phrase is one.
    pub(super) fn paragraphs<'a>(&self, passage: &'a Passage, marks: &[Mark]) -> Vec<(Cow<'a, str>, Vec<Mark>)> {
        let text = passage.text.as_str();
        let blocks = self.blocks.get(&passage.ordinal).map_or(&[][..], Vec::as_slice);
        let is_short = |block: &Range<usize>| text[block.clone()].chars().count() <= SHORT_LINE_CHARS;
        let mut groups: Vec<Vec<Range<usize>>> = Vec::new();
        for block in blocks.iter().map(|block| block.start..block.end.min(text.len())) {
            let goes_on = groups.last().and_then(|group| group.last()).is_some_and(|before| {
                let is_marked = marks.iter().any(|mark| mark.0 < before.end && mark.1 > block.start);
                let are_lines = self.has_blank_lines
                    && is_short(before)
                    && is_short(&block)
                    && !has_blank_line(&text[before.end..block.start]);
                is_marked || are_lines
            });
            match groups.last_mut().filter(|_| goes_on) {
                Some(group) => group.push(block),
                None => groups.push(vec![block]),
            }
        }
        groups.iter().map(|group| paragraph(text, group, marks)).collect()
    }
}

/// A paragraph of one or several blocks.
fn paragraph<'a>(text: &'a str, blocks: &[Range<usize>], marks: &[Mark]) -> (Cow<'a, str>, Vec<Mark>) {
    let (start, end) = (blocks[0].start, blocks[blocks.len() - 1].end);
    let is_inside = |mark: &&Mark| mark.0 < end && mark.1 > start;
    let own = marks.iter().filter(is_inside).map(|mark| (mark.0.max(start) - start, mark.1.min(end) - start)).collect();
    let mut shown = Cow::Borrowed(&text[start..end]);
    for block in blocks.iter().filter(|block| text[(*block).clone()].contains(['\n', '\r'])) {
        // A space has as many bytes as the line end has: the marks stay.
        let wrapped = text[block.clone()].replace(['\n', '\r'], " ");
        shown.to_mut().replace_range(block.start - start..block.end - start, &wrapped);
    }
    (shown, own)
}

/// Has a text a line, between others or at its ends, that is blank?
fn has_blank_line(text: &str) -> bool {
    let mut ends = text.split('\n');
    // What is before the first line end and after the last one belongs to lines that may go on.
    ends.next();
    ends.next_back();
    ends.any(|line| line.trim().is_empty())
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The paragraphs of a text, with the signs `[` and `]` around what is marked.
    fn shown(text: &str, marks: &[Mark]) -> Vec<String> {
        let passage = passage(text);
        let lines = Lines::of([&passage].into_iter());
        let of_paragraph = |(text, marks): (Cow<'_, str>, Vec<Mark>)| {
            let mut text = text.into_owned();
            for (start, end) in marks.into_iter().rev() {
                text.insert(end, ']');
                text.insert(start, '[');
            }
            text
        };
        lines.paragraphs(&passage, marks).into_iter().map(of_paragraph).collect()
    }

    fn passage(text: &str) -> Passage {
        Passage { text: text.into(), ..Passage::default() }
    }

    #[test]
    fn marks_stay_in_their_paragraphs() {
        assert_eq!(shown("one two\n\nthree four", &[(4, 7), (9, 14)]), ["one [two]", "[three] four"]);
        assert_eq!(shown("", &[]), Vec::<String>::new());
    }

    #[test]
    fn wrapped_lines_are_one_paragraph() {
        let text = "Dockers at the port of Halden walked out on\nMonday after talks about pay and about hours\r\nhad failed.\n\n\
                    The union wants a shorter week, the company\nsays that it cannot afford one this year or\nnext.";
        let phrase = text.find("on\nMonday").expect("the phrase");
        assert_eq!(
            shown(text, &[(phrase, phrase + "on\nMonday".len())]),
            [
                "Dockers at the port of Halden walked out [on Monday] after talks about pay and about hours  had failed.",
                "The union wants a shorter week, the company says that it cannot afford one this year or next.",
            ]
        );
    }

    #[test]
    fn lines_that_are_kept_look_like_lines() {
        // Verse: the lines of a stanza are in one paragraph, which the stylesheet shows as lines.
        let verse = "The ship went out\nAt night,\nAnd no one knew.\n\nThe light was gone\nBy then.";
        assert_eq!(
            shown(verse, &[]),
            ["The ship went out\nAt night,\nAnd no one knew.", "The light was gone\nBy then."]
        );
        // Without a blank line, a line is a paragraph, but for a mark that goes on.
        let lines = "The dispute\nFerries sail.\nTalks go on.";
        assert_eq!(shown(lines, &[]), ["The dispute", "Ferries sail.", "Talks go on."]);
        assert_eq!(shown(lines, &[(20, 31)]), ["The dispute", "Ferries [sail.\nTalks] go on."]);
        // A long line is a paragraph of its own.
        let long = "Dockers walked out on Monday. ".repeat(9);
        let text = format!("{0}\n{0}\n\nA line.\nAnother.", long.trim());
        assert_eq!(shown(&text, &[]).len(), 3);
    }
}
