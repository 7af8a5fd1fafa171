//! The form of a bare text: which lines make one block.
//!
//! People have text a block a line, with or without blank lines between, and text hard-wrapped at some width. In the
//! first, every line is a block. In wrapped text a break is only the typesetter's if the next word would not have
//! fitted on the line; every other break was meant, and so was a blank line or an indent.

use super::date::date_line;
use super::lines::{lines, trim};
use super::{Block, BlockKind, Span};

/// Widths at which people wrap text; wider lines are paragraphs.
const WRAP_CHARS: std::ops::RangeInclusive<usize> = 30..=132;

/// Share of the breaks inside paragraphs that must look like wrapping before a text counts as wrapped.
const WRAPPED_SHARE: f64 = 0.7;

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
    let mut out: Vec<Block> = Vec::new();
    let width = wrap_width(&lines);
    for (i, line) in lines.iter().enumerate() {
        // A date line below a headline stands alone, however the headline's length falls.
        let near_top = i <= DATE_LINES && line.has_digit && date_line(&text[line.span.clone()]).is_some();
        let joins = !near_top && width.is_some_and(|width| i > 0 && continues(&lines[i - 1], line, width));
        match out.last_mut() {
            Some(block) if joins => block.span.end = line.span.end,
            _ => out.push(Block { span: line.span.clone(), kind: BlockKind::Paragraph }),
        }
    }
    out
}

fn inked_lines(text: &str) -> Vec<Line> {
    let mut out = Vec::new();
    let mut after_blank = true;
    for range in lines(text) {
        let span = trim(text, range.clone());
        if span.is_empty() {
            after_blank = true;
            continue;
        }
        let line = &text[span.clone()];
        let indent = text[range.start..span.start].chars().map(|c| if c == '\t' { 4 } else { 1 }).sum();
        let first_word_chars = line.split(char::is_whitespace).next().map_or(0, |word| word.chars().count());
        let ends_sentence = line.ends_with(['.', '!', '?', '"', '”', '。']);
        out.push(Line {
            chars: line.chars().count(),
            span,
            indent,
            first_word_chars,
            starts_lower: line.starts_with(char::is_lowercase),
            has_digit: line.contains(|c: char| c.is_ascii_digit()),
            is_rule: !line.chars().any(char::is_alphanumeric),
            ends_sentence,
            after_blank,
        });
        after_blank = false;
    }
    out
}

/// The width the text is wrapped at, or `None` if it is not.
fn wrap_width(lines: &[Line]) -> Option<usize> {
    let width = lines.iter().map(|line| line.indent + line.chars).max().filter(|width| WRAP_CHARS.contains(width))?;
    let breaks = lines.windows(2).filter(|pair| !pair[1].after_blank);
    let (mut wrapped, mut meant, mut stopped) = (0usize, 0usize, 0usize);
    for pair in breaks {
        if is_full(&pair[0], &pair[1], width) {
            wrapped += 1;
            stopped += usize::from(pair[0].ends_sentence);
        } else if pair[1].indent <= pair[0].indent {
            // The short last line before an indented paragraph says nothing against wrapping.
            meant += 1;
        }
    }
    // Wrapping falls where it falls: lines that mostly end sentences are paragraphs of one length.
    let typeset = stopped * 2 <= wrapped;
    (wrapped >= 2 && typeset && wrapped as f64 >= WRAPPED_SHARE * (wrapped + meant) as f64).then_some(width)
}

/// Is the break between `line` and `next` the typesetter's: would the first word of `next` not have fitted behind
/// `line`, or does the sentence go on?
fn is_full(line: &Line, next: &Line, width: usize) -> bool {
    let fits_not = line.indent + line.chars + 1 + next.first_word_chars > width;
    let goes_on = next.starts_lower && !line.ends_sentence && line.chars * 2 > width;
    fits_not || goes_on
}

/// Does `line` go on with the paragraph of `previous`, in text wrapped at `width`?
fn continues(previous: &Line, line: &Line, width: usize) -> bool {
    let ruled = line.is_rule || previous.is_rule;
    !ruled && !line.after_blank && line.indent <= previous.indent && is_full(previous, line, width)
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
    fn a_short_line_above_wrapped_text_stands_alone() {
        let text = "The dispute\nThe union wants a shorter week, the company\nsays that it cannot afford one this year or\nnext.\n";
        assert_eq!(texts(text)[0], "The dispute");
    }
}
