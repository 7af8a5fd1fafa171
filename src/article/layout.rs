//! The form of a bare text: which lines make one block.
//!
//! People have text a block a line, with or without blank lines between, and text hard-wrapped at some width. In the
//! first, every line is a block. In wrapped text a break is the typesetter's if the next word would not have fitted on
//! the line, if the sentence goes on behind it, or inside a paragraph if the line is all but full; every other break was
//! meant, and so was a blank line or an indent.

use super::date::is_date_line;
use super::lines::{lines, trim};
use super::{Block, BlockKind, Span};

/// Widths at which people wrap text; wider lines are paragraphs.
const WRAP_CHARS: std::ops::RangeInclusive<usize> = 30..=132;

/// Share of the breaks inside paragraphs that must look like wrapping before a text counts as wrapped.
const WRAPPED_SHARE: f64 = 0.7;

/// In text of which many lines are headings or lists, sentences that go on behind a break tell that it is wrapped: so
/// many of the full and the ragged lines must do so, and so many of all breaks must be full lines.
const GOING_ON_SHARE: f64 = 0.3;
const FULL_SHARE: f64 = 0.2;

/// A first block of so many lines is a headline with its date, typed at any width.
const HEAD_LINES: usize = 3;

/// So many lines from the top a date line may stand.
const DATE_LINES: usize = 8;

/// One non-blank line of a text.
struct Line {
    span: Span,
    /// Leading white space, in characters.
    indent: usize,
    /// Length without white space around, in characters.
    chars: usize,
    /// Length of its first word, in characters.
    first_word_chars: usize,
    has_digit: bool,
    /// Does it begin with a small letter?
    starts_lower: bool,
    /// Does it end as sentences do?
    ends_sentence: bool,
    /// Nothing but marks: `=====`, `* * *`.
    is_rule: bool,
    /// Is the line before it blank (or is it the first)?
    after_blank: bool,
}

/// Cuts a bare text into blocks; all of them [`BlockKind::Paragraph`] as yet.
#[must_use]
pub fn blocks(text: &str) -> Vec<Block> {
    let lines = inked_lines(text);
    let mut out: Vec<Block> = Vec::with_capacity(lines.len());
    let wrapping = Wrapping::of(&lines);
    let mut joined = false;
    for (i, line) in lines.iter().enumerate() {
        // A date line below a headline stands alone, however the headline's length falls.
        let near_top = i <= DATE_LINES && line.has_digit && is_date_line(&text[line.span.clone()]);
        joined = !near_top && wrapping.as_ref().is_some_and(|wrapping| wrapping.joins(&lines, i, joined));
        match out.last_mut() {
            Some(block) if joined => block.span.end = line.span.end,
            _ => out.push(Block { span: line.span.clone(), kind: BlockKind::Paragraph }),
        }
    }
    out
}

fn inked_lines(text: &str) -> Vec<Line> {
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
        out.push(Line {
            chars: chars(line),
            span,
            indent,
            first_word_chars,
            starts_lower: line.starts_with(char::is_lowercase),
            has_digit: line.bytes().any(|byte| byte.is_ascii_digit()),
            is_rule: !line.chars().any(char::is_alphanumeric),
            ends_sentence,
            after_blank,
        });
        after_blank = false;
    }
    out
}

/// How a text is wrapped.
struct Wrapping {
    /// No line is longer, in characters; those of the head may be.
    width: usize,
    /// Lines before this one are the head.
    head: usize,
    /// The indent of lines inside paragraphs, if greater ones begin paragraphs.
    indented_beyond: Option<usize>,
}

impl Wrapping {
    /// `None` if a line is a paragraph.
    fn of(lines: &[Line]) -> Option<Wrapping> {
        let breaks_behind =
            |head: usize| (head + 1..lines.len()).filter(|&i| !lines[i].after_blank).collect::<Vec<_>>();
        let head = (1..lines.len()).find(|&i| lines[i].after_blank).filter(|&head| head <= HEAD_LINES).unwrap_or(0);
        let mut breaks = breaks_behind(head);
        if breaks.is_empty() {
            breaks = breaks_behind(0);
        }
        let inside = || breaks.iter().flat_map(|&i| [&lines[i - 1], &lines[i]]);
        // A word alone may be too long for any width; where no spaces are written, all lines are one word.
        let is_spaced = |line: &&Line| line.first_word_chars < line.chars;
        let spaced = inside().filter(is_spaced).count() > breaks.len();
        let counted = inside().filter(|line| !spaced || is_spaced(line));
        let width = counted.map(|line| line.indent + line.chars).max().filter(|width| WRAP_CHARS.contains(width))?;
        let indent = inside().map(|line| line.indent).min().unwrap_or(0);

        let (mut full, mut stopped, mut going_on, mut ragged, mut meant, mut indented) = (0usize, 0, 0, 0, 0, 0);
        for pair in breaks.iter().map(|&i| (&lines[i - 1], &lines[i])) {
            let (line, next) = pair;
            let goes_on = line.goes_on(next, width);
            indented += usize::from(next.indent > line.indent && line.ends_sentence);
            if line.is_full(next, width) || goes_on {
                full += 1;
                stopped += usize::from(line.ends_sentence);
                going_on += usize::from(goes_on);
            } else if next.indent <= line.indent {
                // The short last line before an indented paragraph says nothing against wrapping.
                let is_ragged = line.is_long(width, 6) && !line.ends_sentence && !next.is_rule && !line.is_rule;
                *(if is_ragged { &mut ragged } else { &mut meant }) += 1;
            }
        }
        let share = |part: usize, share: f64, all: usize| part as f64 >= share * all as f64;
        // Wrapping falls where it falls: lines that mostly end sentences are paragraphs of one length.
        let typeset = stopped * 2 <= full;
        let plainly = full >= 2 && share(full, WRAPPED_SHARE, full + meant + ragged);
        let by_sentences =
            going_on >= 2 && share(going_on, GOING_ON_SHARE, full + ragged) && share(full, FULL_SHARE, full + meant);
        let by_indents = going_on >= 1 && indented >= 1 && full >= 2 && share(full, WRAPPED_SHARE, full + meant);
        (typeset && (plainly || by_sentences || by_indents)).then(|| Wrapping {
            width,
            head,
            indented_beyond: (indented >= 2).then_some(indent),
        })
    }

    /// Does line `i` go on with the paragraph of the line before it, which itself `joined` the one before or did not?
    fn joins(&self, lines: &[Line], i: usize, joined: bool) -> bool {
        let Some(line) = i.checked_sub(1).map(|before| &lines[before]) else { return false };
        let next = &lines[i];
        let apart = next.after_blank || next.is_rule || line.is_rule || next.indent > line.indent;
        let begins = self.indented_beyond.is_some_and(|indent| next.indent > indent);
        let headline = i < self.head && line.chars > self.width && !line.goes_on(next, self.width);
        if apart || begins || headline {
            return false;
        }
        // Lines of wires are broken early now and then. Inside a paragraph that is no reason to end it; but a heading
        // is a short line too, and one above which nothing belongs to it.
        let inside = joined || (self.indented_beyond.is_some() && (line.indent > 0 || line.after_blank));
        let ragged = inside
            && line.is_long(self.width, 6)
            && (!line.ends_sentence || (self.indented_beyond.is_some() && line.is_long(self.width, 8)));
        line.is_full(next, self.width) || line.goes_on(next, self.width) || ragged
    }
}

impl Line {
    /// Would the first word of `next` not have fitted behind this line?
    fn is_full(&self, next: &Line, width: usize) -> bool {
        self.indent + self.chars + 1 + next.first_word_chars > width
    }

    /// Does its sentence go on in `next`?
    fn goes_on(&self, next: &Line, width: usize) -> bool {
        next.starts_lower && !self.ends_sentence && self.chars * 2 > width
    }

    /// Has it so many tenths of the width?
    fn is_long(&self, width: usize, tenths: usize) -> bool {
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
    fn a_line_is_a_block_in_tight_and_spaced_text() {
        let long = "Dockers walked out on Monday. ".repeat(9);
        let tight = format!("{long}\nThe dispute\n{long}\n");
        assert_eq!(texts(&tight).len(), 3);
        assert_eq!(texts(&tight.replace('\n', "\n\n")).len(), 3);
    }

    #[test]
    fn wrapped_lines_are_rejoined() {
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
    fn an_indent_begins_a_paragraph_in_wrapped_text() {
        let text = "HALDEN, March 9 - Dockers at the port walked\nout on Monday after talks about pay, the\nunion said.\n    \
                    The company said that it would not talk\nabout hours.\n    Ferries sail.\n";
        assert_eq!(texts(text).len(), 3);
    }

    #[test]
    fn a_line_broken_early_ends_no_paragraph() {
        // As wires have them: a headline wider than the text, and a line that had room for one word more.
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
    fn a_short_line_above_wrapped_text_stands_alone() {
        let text = "The dispute\nThe union wants a shorter week, the company\nsays that it cannot afford one this year or\nnext.\n";
        assert_eq!(texts(text)[0], "The dispute");
    }
}
