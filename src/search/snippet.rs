//! Snippets: the sentences of a passage that show why it matched. Text and ranges; how they look is the renderer's.

use std::ops::Range;

use super::mark::Mark;
use crate::text::Language;
use crate::text::sentence::sentences;

/// Longest snippet, in bytes.
const MOST_BYTES: usize = 320;

/// A piece of a passage and its marks.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Snippet {
    /// The text, white space tidied.
    pub text: String,
    /// Byte ranges of `text`.
    pub marks: Vec<Mark>,
    /// Is something left out before it, behind it?
    pub cut: (bool, bool),
}

/// The best sentences of `text` for its `marks`.
#[must_use]
pub fn snippet(text: &str, marks: &[Mark], language: Language) -> Snippet {
    let sentences = sentences(text, language);
    let window = best_window(&sentences, marks);
    let Some(window) = window else { return Snippet::default() };
    let range = bounded(text, sentences[window.start].start..sentences[window.end - 1].end, marks);
    let cut = (range.start > sentences[0].start, range.end < sentences[sentences.len() - 1].end);
    tidy(text, range, marks, cut)
}

/// The run of whole sentences within the length that holds most marks; of equals, the first.
fn best_window(sentences: &[Range<usize>], marks: &[Mark]) -> Option<Range<usize>> {
    let count = |range: &Range<usize>| marks.iter().filter(|mark| mark.0 >= range.start && mark.1 <= range.end).count();
    let mut best: Option<(usize, Range<usize>)> = None;
    for start in 0..sentences.len() {
        let mut end = start + 1;
        while end < sentences.len() && sentences[end].end - sentences[start].start <= MOST_BYTES {
            end += 1;
        }
        let found = count(&(sentences[start].start..sentences[end - 1].end));
        // A window should open with a sentence that has a mark.
        let opens = count(&sentences[start]) > 0;
        let worth = found * 2 + usize::from(opens);
        if best.as_ref().is_none_or(|(other, _)| worth > *other) {
            best = Some((worth, start..end));
        }
    }
    best.map(|(_, window)| window)
}

/// A sentence longer than a snippet is cut between words, around its first mark.
fn bounded(text: &str, range: Range<usize>, marks: &[Mark]) -> Range<usize> {
    if range.len() <= MOST_BYTES {
        return range;
    }
    let first =
        marks.iter().find(|mark| mark.0 >= range.start && mark.1 <= range.end).map_or(range.start, |mark| mark.0);
    let wish = first.saturating_sub(MOST_BYTES / 4).max(range.start);
    let start = if wish == range.start {
        wish
    } else {
        next_space(text, wish, range.end).unwrap_or(text.floor_char_boundary(wish))
    };
    let limit = text.floor_char_boundary((start + MOST_BYTES).min(range.end));
    let end = if limit == range.end {
        limit
    } else {
        text[start..limit].rfind(char::is_whitespace).map_or(limit, |space| start + space)
    };
    start..end.max(start)
}

/// The start of the first word behind `at`.
fn next_space(text: &str, at: usize, end: usize) -> Option<usize> {
    const MOST_BYTES_TO_LOOK: usize = 40;
    let at = text.ceil_char_boundary(at);
    let to = text.floor_char_boundary((at + MOST_BYTES_TO_LOOK).min(end));
    let space = text.get(at..to)?.find(char::is_whitespace)?;
    let word = text[at + space..end].find(|c: char| !c.is_whitespace())?;
    Some(at + space + word)
}

/// The stretch with white space runs made one space, its marks moved along.
fn tidy(text: &str, range: Range<usize>, marks: &[Mark], cut: (bool, bool)) -> Snippet {
    let mut out = String::with_capacity(range.len());
    let mut inside: Vec<Mark> =
        marks.iter().filter(|mark| mark.0 >= range.start && mark.1 <= range.end).copied().collect();
    let mut moved = inside.clone();
    let mut space = false;
    let mut next_start = 0;
    let mut next_end = 0;
    for (i, c) in text[range.clone()].char_indices() {
        let at = range.start + i;
        if c.is_whitespace() {
            space = !out.is_empty();
        } else {
            if space {
                out.push(' ');
                space = false;
            }
            while next_start < inside.len() && inside[next_start].0 <= at {
                moved[next_start].0 = out.len();
                next_start += 1;
            }
            out.push(c);
        }
        while next_end < inside.len() && inside[next_end].1 <= at + c.len_utf8() {
            moved[next_end].1 = out.len();
            next_end += 1;
        }
    }
    inside.clear();
    Snippet { text: out, marks: moved, cut }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn marks_move_with_the_text() {
        let text = "Ferries sail.\n  The   dockers\nwalked out on Monday.  Others stayed.";
        let start = text.find("dockers").expect("there");
        let marks = [(start, start + 7), (start + 8, start + 14)];
        let snippet = snippet(text, &marks, Language::from_code("en"));
        let marked: Vec<&str> = snippet.marks.iter().map(|&(s, e)| &snippet.text[s..e]).collect();
        assert_eq!(marked, ["dockers", "walked"]);
        assert!(!snippet.text.contains("  "));
    }

    #[test]
    fn long_texts_are_cut_between_words() {
        let text = format!("{} harbour {}", "word ".repeat(200), "tail ".repeat(200));
        let at = text.find("harbour").expect("there");
        let snippet = snippet(&text, &[(at, at + 7)], Language::UNKNOWN);
        assert!(snippet.text.len() <= MOST_BYTES + 40, "{}", snippet.text.len());
        assert_eq!(snippet.cut, (true, true));
        assert!(snippet.text.starts_with("word ") && snippet.text.contains("harbour"));
    }
}
