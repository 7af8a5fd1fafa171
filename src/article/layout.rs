//! The layout of plain text: which lines make one block.
//!
//! Plain text either has one block per line, with or without blank lines between, or is hard-wrapped at some width. In the
//! first, every line is a block. In wrapped text a line break belongs to the wrapping if the next word would not have fit
//! on the line, if the sentence continues after it, or, inside a paragraph, if the line is nearly full; any other break,
//! a blank line or an indent ends a block.

use super::date::is_date_line;
use super::lines::{lines, trim};
use super::{Block, BlockKind, Span};

/// Widths of wrapped text; wider lines are paragraphs.
const WRAP_CHARS: std::ops::RangeInclusive<usize> = 30..=132;

/// Least share of the breaks without a blank line that look like wrapping, in a wrapped text.
const WRAPPED_SHARE: f64 = 0.7;

/// A text in which many lines are headings or items of lists is wrapped if sentences continue after breaks: least share of
/// the full and the ragged lines whose sentence continues.
const CONTINUED_SHARE: f64 = 0.3;
/// For the same texts, the least share of full lines among all lines before a break.
const FULL_SHARE: f64 = 0.2;

/// Longest first block that is taken for a headline with its date, whose lines may be wider than the text.
const MAX_HEADER_LINES: usize = 3;

/// Number of first lines among which date lines are looked for.
const DATE_LINES: usize = 8;

/// One non-blank line of a text.
struct TextLine {
    span: Span,
    /// Leading white space, in characters.
    indent: usize,
    /// Length without the white space around it, in characters.
    chars: usize,
    /// Length of its first word, in characters.
    first_word_chars: usize,
    /// Does it begin with a lower-case letter?
    starts_lower: bool,
    /// Does it begin with a letter or digit?
    starts_word: bool,
    /// Does it end with a mark that ends sentences?
    ends_sentence: bool,
    /// Does it end in the middle of a word?
    ends_broken: bool,
    /// Does it consist of marks only: `=====`, `* * *`?
    is_rule: bool,
    /// Is it the first line, or the line before it blank?
    after_blank: bool,
}

/// Splits plain text into blocks, all of kind [`BlockKind::Paragraph`].
#[must_use]
pub(crate) fn blocks(text: &str) -> Vec<Block> {
    let lines = text_lines(text);
    let mut out: Vec<Block> = Vec::with_capacity(lines.len());
    let wrapping = Wrapping::of(&lines);
    let mut joined = false;
    for (i, line) in lines.iter().enumerate() {
        // A date line below a headline is a block, however long the headline is.
        let is_date = i <= DATE_LINES && is_date_line(&text[line.span.clone()]);
        // A word that is broken, at the end of a line or of a page, is not broken at the end of a block.
        let is_broken =
            i > 0 && lines[i - 1].ends_broken && (line.starts_lower || !line.after_blank && line.starts_word);
        joined = is_broken || !is_date && wrapping.as_ref().is_some_and(|wrapping| wrapping.joins(&lines, i, joined));
        match out.last_mut() {
            Some(block) if joined => block.span.end = line.span.end,
            _ => out.push(Block { span: line.span.clone(), kind: BlockKind::Paragraph }),
        }
    }
    out
}

/// The lines that are not blank.
fn text_lines(text: &str) -> Vec<TextLine> {
    let lines = lines(text);
    let mut out = Vec::with_capacity(lines.len());
    let mut after_blank = true;
    for range in lines {
        let span = trim(text, range.clone());
        if span.is_empty() {
            after_blank = true;
            continue;
        }
        let line = &text[span.clone()];
        let indent = text[range.start..span.start].chars().map(|c| if c == '\t' { 4 } else { 1 }).sum();
        let chars = |text: &str| if text.is_ascii() { text.len() } else { text.chars().count() };
        let first_word_chars = line.split(char::is_whitespace).next().map_or(0, chars);
        let ends_sentence = line.ends_with(['.', '!', '?', '"', '”', '。']);
        out.push(TextLine {
            ends_broken: ends_broken(line),
            starts_word: line.starts_with(char::is_alphanumeric),
            chars: chars(line),
            span,
            indent,
            first_word_chars,
            starts_lower: line.starts_with(char::is_lowercase),
            is_rule: !line.chars().any(char::is_alphanumeric),
            ends_sentence,
            after_blank,
        });
        after_blank = false;
    }
    out
}

/// Does a line end with a letter or digit and a sign that breaks words?
fn ends_broken(line: &str) -> bool {
    let mut chars = line.chars().rev();
    let is_sign = chars.next().is_some_and(|c| matches!(c, '-' | '‐' | '¬' | '\u{ad}' | '⸗' | '⹀'));
    is_sign && chars.next().is_some_and(char::is_alphanumeric)
}

/// How a text is wrapped.
struct Wrapping {
    /// Length of the longest line, without the header, in characters.
    width: usize,
    /// Number of lines of the header: headline and date.
    header_lines: usize,
    /// The indent of lines inside paragraphs, if larger indents begin paragraphs.
    paragraph_indent: Option<usize>,
}

impl Wrapping {
    /// How `lines` are wrapped; `None` if every line is a block.
    fn of(lines: &[TextLine]) -> Option<Wrapping> {
        let breaks_after =
            |header: usize| (header + 1..lines.len()).filter(|&i| !lines[i].after_blank).collect::<Vec<_>>();
        let first_blank = (1..lines.len()).find(|&i| lines[i].after_blank);
        let header_lines = first_blank.filter(|&lines| lines <= MAX_HEADER_LINES).unwrap_or(0);
        let mut breaks = breaks_after(header_lines);
        if breaks.is_empty() {
            breaks = breaks_after(0);
        }
        let inside = || breaks.iter().flat_map(|&i| [&lines[i - 1], &lines[i]]);
        // A line of one word may be wider than the wrapping; in scripts without spaces, every line is one word.
        let is_spaced = |line: &&TextLine| line.first_word_chars < line.chars;
        let spaced = inside().filter(is_spaced).count() > breaks.len();
        let counted = inside().filter(|line| !spaced || is_spaced(line));
        let width = counted.map(|line| line.indent + line.chars).max().filter(|width| WRAP_CHARS.contains(width))?;
        let indent = inside().map(|line| line.indent).min().unwrap_or(0);

        // Breaks after full lines, and of these those after the end of a sentence and inside one; breaks after nearly full
        // lines; breaks after short lines; breaks before an indent.
        let (mut full, mut stopped, mut continued, mut ragged, mut short, mut indented) = (0usize, 0, 0, 0, 0, 0);
        for (line, next) in breaks.iter().map(|&i| (&lines[i - 1], &lines[i])) {
            let continues = line.continues_in(next, width);
            indented += usize::from(next.indent > line.indent && line.ends_sentence);
            if line.is_full(next, width) || continues {
                full += 1;
                stopped += usize::from(line.ends_sentence);
                continued += usize::from(continues);
            } else if next.indent <= line.indent {
                // The short last line before an indented paragraph is no evidence against wrapping.
                let is_ragged = line.fills(width, 6) && !line.ends_sentence && !next.is_rule && !line.is_rule;
                *(if is_ragged { &mut ragged } else { &mut short }) += 1;
            }
        }
        let has_share = |part: usize, share: f64, all: usize| part as f64 >= share * all as f64;
        // Wrapping breaks sentences anywhere: full lines that mostly end sentences are paragraphs of equal length.
        let breaks_sentences = stopped * 2 <= full;
        let by_full_lines = full >= 2 && has_share(full, WRAPPED_SHARE, full + short + ragged);
        let by_sentences = continued >= 2
            && has_share(continued, CONTINUED_SHARE, full + ragged)
            && has_share(full, FULL_SHARE, full + short);
        let by_indents = continued >= 1 && indented >= 1 && full >= 2 && has_share(full, WRAPPED_SHARE, full + short);
        (breaks_sentences && (by_full_lines || by_sentences || by_indents)).then(|| Wrapping {
            width,
            header_lines,
            paragraph_indent: (indented >= 2).then_some(indent),
        })
    }

    /// Does line `i` continue the paragraph of the line before it? `joined` says whether that line continued one.
    fn joins(&self, lines: &[TextLine], i: usize, joined: bool) -> bool {
        let Some(line) = i.checked_sub(1).map(|before| &lines[before]) else { return false };
        let next = &lines[i];
        let is_apart = next.after_blank || next.is_rule || line.is_rule || next.indent > line.indent;
        let is_indented = self.paragraph_indent.is_some_and(|indent| next.indent > indent);
        let after_headline = i < self.header_lines && line.chars > self.width && !line.continues_in(next, self.width);
        if is_apart || is_indented || after_headline {
            return false;
        }
        // Lines of wires are sometimes broken early. Inside a paragraph that does not end it; but a short line that begins
        // a block may be a heading.
        let is_inside = joined || (self.paragraph_indent.is_some() && (line.indent > 0 || line.after_blank));
        let is_ragged = is_inside
            && line.fills(self.width, 6)
            && (!line.ends_sentence || (self.paragraph_indent.is_some() && line.fills(self.width, 8)));
        line.is_full(next, self.width) || line.continues_in(next, self.width) || is_ragged
    }
}

impl TextLine {
    /// Would the first word of `next` not have fit at the end of this line?
    fn is_full(&self, next: &TextLine, width: usize) -> bool {
        self.indent + self.chars + 1 + next.first_word_chars > width
    }

    /// Does its last sentence continue in `next`?
    fn continues_in(&self, next: &TextLine, width: usize) -> bool {
        next.starts_lower && !self.ends_sentence && self.chars * 2 > width
    }

    /// Does it fill at least `tenths` tenths of the width?
    fn fills(&self, width: usize, tenths: usize) -> bool {
        self.chars * 10 >= width * tenths
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn texts(text: &str) -> Vec<String> {
        blocks(text).into_iter().map(|b| text[b.span].split_whitespace().collect::<Vec<_>>().join(" ")).collect()
    }

    #[test]
    fn a_line_is_a_block_with_and_without_blank_lines() {
        let long = "Dockers walked out on Monday. ".repeat(9);
        let tight = format!("{long}\nThe dispute\n{long}\n");
        assert_eq!(texts(&tight).len(), 3);
        assert_eq!(texts(&tight.replace('\n', "\n\n")).len(), 3);
    }

    #[test]
    fn wrapped_lines_are_joined() {
        let text = "Dockers at the port of Halden walked out on\nMonday after talks about pay and about hours\nhad failed.\n\n\
                    The dispute\n\nThe union wants a shorter week, the company\nsays that it cannot afford one this year or\nnext.\n";
        assert_eq!(
            texts(text),
            [
                "Dockers at the port of Halden walked out on Monday after talks about pay and about hours had failed.",
                "The dispute",
                "The union wants a shorter week, the company says that it cannot afford one this year or next.",
            ]
        );
    }

    #[test]
    fn a_broken_word_is_in_one_block() {
        for (text, expected) in [
            ("Dockers walked out over the conser-\nvation of the quay.\nFerries sail.\n", 2),
            ("Dockers walked out over the conser¬\n\nvation of the quay.\nFerries sail.\n", 2),
            ("Dockers of the crew of F-\n16 walked out.\nFerries sail.\n", 2),
            ("Dockers walked out over the quay of Ost-\n\nThe talks failed.\nFerries sail.\n", 3),
            ("Dockers walked out -\nover the quay.\nFerries sail.\n", 3),
        ] {
            assert_eq!(texts(text).len(), expected, "{text}");
        }
    }

    #[test]
    fn an_indent_begins_a_paragraph_in_wrapped_text() {
        let text = "HALDEN, March 9 - Dockers at the port walked\nout on Monday after talks about pay, the\nunion said.\n    \
                    The company said that it would not talk\nabout hours.\n    Ferries sail.\n";
        assert_eq!(texts(text).len(), 3);
    }

    #[test]
    fn a_line_broken_early_does_not_end_a_paragraph() {
        // As in wires: a headline wider than the text, and a line with room for one more word.
        let text = "FERRY LINE SAYS IT WILL SAIL AGAIN ON FRIDAY, UNION AGREES TO TALKS\n9-MAR-1987 09:12:08.15\n\n\
                    HALDEN, March 9 - The ferry line of the\nport said that it would sail again on\nFriday, as the union of the\n\
                    Dockers had agreed to talk.\n    A spokesman for the ports said that the\nnew ferries of the line were\n\
                    Danish, and would be late.\n    Talks go on.\n    More talks will follow on Monday.\n REUTER\n";
        let found = texts(text);
        assert_eq!(found.len(), 7, "{found:#?}");
        assert!(found[2].ends_with("had agreed to talk."), "{found:#?}");
        assert!(found[3].ends_with("would be late."), "{found:#?}");
    }

    #[test]
    fn wrapped_text_with_a_list_is_wrapped() {
        let mut text = String::from("What they want\n\n");
        (0..9).for_each(|i| text += &format!("Point {i}\n"));
        text += "The union wants a shorter week, the company\nsays that it cannot afford one this year or\nnext, \
                 and the ministry says that it will\nnot take sides.\n";
        let found = texts(&text);
        assert_eq!(found.len(), 11, "{found:#?}");
    }

    #[test]
    fn a_short_line_above_wrapped_text_is_a_block() {
        let text = "The dispute\nThe union wants a shorter week, the company\nsays that it cannot afford one this year or\nnext.\n";
        assert_eq!(texts(text)[0], "The dispute");
    }
}
