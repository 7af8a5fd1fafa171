//! Passages: the units of indexing and ranking, whole paragraphs of one section, about 60 to 200 words.
//!
//! A passage is one byte range of the text that crosses neither sections nor boilerplate nor turns of speech. A paragraph longer than a passage
//! is cut between sentences; a sentence longer than a passage (a table, a text without full stops) between words.

use super::{Section, Span, SplitArticle};
use crate::text::sentence::sentences;
use crate::text::word::Words;

/// A passage with fewer words is extended by the next paragraph.
pub(crate) const MIN_WORDS: usize = 60;
/// Most words of a passage.
pub(crate) const MAX_WORDS: usize = 200;
/// Most bytes of a passage, however many its words.
const MAX_BYTES: usize = 8_000;

/// A passage: a byte range of one section.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PassageSpan {
    /// Ordinal of its section.
    pub section: usize,
    /// Byte range in the article's text.
    pub span: Span,
}

/// A unit that passages are built from: a paragraph, or a part of a long one.
struct Piece {
    span: Span,
    words: usize,
}

/// The passages of an article, in order. The passage of a section without paragraphs is its heading.
pub(super) fn passages(article: &SplitArticle) -> Vec<PassageSpan> {
    let mut out = Vec::new();
    for section in &article.sections {
        if section.paragraphs.is_empty() {
            out.extend(section.heading.clone().map(|span| PassageSpan { section: section.ordinal, span }));
            continue;
        }
        section_passages(article, section, &mut out);
    }
    out
}

fn section_passages(article: &SplitArticle, section: &Section, out: &mut Vec<PassageSpan>) {
    let mut pieces = Vec::new();
    for paragraph in &section.paragraphs {
        push_pieces(article, paragraph, &mut pieces);
    }
    let mut current: Option<Piece> = None;
    let first_of_section = out.len();
    for piece in pieces {
        current = Some(match current {
            Some(passage) if joins(article, &passage, &piece) => {
                Piece { span: passage.span.start..piece.span.end, words: passage.words + piece.words }
            }
            Some(passage) => {
                out.push(PassageSpan { section: section.ordinal, span: passage.span });
                piece
            }
            None => piece,
        });
    }
    let Some(rest) = current else { return };
    // A short rest is added to the passage before it, if that stays within the bounds.
    if rest.words < MIN_WORDS / 2
        && out.len() > first_of_section
        && let Some(last) = out.last_mut()
        && rest.span.end - last.span.start <= MAX_BYTES
        && !has_boilerplate_between(article, &last.span, &rest.span)
        && article.turn_of(&last.span) == article.turn_of(&rest.span)
        && Words::new(&article.text[last.span.clone()]).count() + rest.words <= MAX_WORDS
    {
        last.span.end = rest.span.end;
        return;
    }
    out.push(PassageSpan { section: section.ordinal, span: rest.span });
}

fn joins(article: &SplitArticle, passage: &Piece, next: &Piece) -> bool {
    passage.words < MIN_WORDS
        && passage.words + next.words <= MAX_WORDS
        && next.span.end - passage.span.start <= MAX_BYTES
        && !has_boilerplate_between(article, &passage.span, &next.span)
        && article.turn_of(&passage.span) == article.turn_of(&next.span)
}

fn has_boilerplate_between(article: &SplitArticle, before: &Span, after: &Span) -> bool {
    let first = article.boilerplate.partition_point(|boilerplate| boilerplate.span.start < before.end);
    article.boilerplate.get(first).is_some_and(|boilerplate| boilerplate.span.start < after.start)
}

/// Adds a paragraph as one piece, or as several if it is long.
fn push_pieces(article: &SplitArticle, paragraph: &Span, out: &mut Vec<Piece>) {
    let text = &article.text[paragraph.clone()];
    let words = Words::new(text).count();
    if words <= MAX_WORDS && text.len() <= MAX_BYTES {
        out.push(Piece { span: paragraph.clone(), words });
        return;
    }
    let mut current: Option<Piece> = None;
    for sentence in sentences(text, article.language) {
        let span = paragraph.start + sentence.start..paragraph.start + sentence.end;
        for piece in sentence_pieces(&article.text, span) {
            current = Some(match current {
                Some(passage)
                    if passage.words + piece.words <= MAX_WORDS && piece.span.end - passage.span.start <= MAX_BYTES =>
                {
                    Piece { span: passage.span.start..piece.span.end, words: passage.words + piece.words }
                }
                Some(passage) => {
                    out.push(passage);
                    piece
                }
                None => piece,
            });
        }
    }
    out.extend(current);
}

/// A sentence as pieces within the bounds, cut between words if it is too long.
fn sentence_pieces(text: &str, span: Span) -> Vec<Piece> {
    let mut out = Vec::new();
    let mut start = span.start;
    let mut end = start;
    let mut count = 0;
    let mut words = Words::new(&text[span.clone()]);
    while let Some(word) = words.next() {
        let word = span.start + word.start..span.start + word.end;
        if count == MAX_WORDS || (word.end - start > MAX_BYTES && end > start) {
            out.push(Piece { span: start..end, words: count });
            (start, count) = (word.start, 0);
        }
        // A word longer than a passage (a megabyte without a space) is cut anywhere.
        while word.end - start > MAX_BYTES {
            let cut = text.floor_char_boundary(start + MAX_BYTES);
            out.push(Piece { span: start..cut, words: 1 });
            (start, count) = (cut, 0);
        }
        end = word.end;
        count += 1;
    }
    // Marks after the last word (a rule of dashes) belong to its piece as far as they fit.
    let rest = span.end.min(text.floor_char_boundary(start + MAX_BYTES));
    if rest > start {
        out.push(Piece { span: start..rest, words: count });
    }
    out
}

#[cfg(test)]
mod tests {
    use super::super::RawArticle;
    use super::*;

    fn spans(text: &str) -> Vec<(usize, usize)> {
        let article = SplitArticle::assemble(RawArticle { text: text.into(), ..RawArticle::default() });
        article.passages().iter().map(|p| (p.section, Words::new(&article.text[p.span.clone()]).count())).collect()
    }

    const SENTENCE: &str = "Dockers at the port of Halden walked out on Monday. ";

    #[test]
    fn short_paragraphs_are_joined() {
        let text = format!("{}\n", SENTENCE.repeat(2).trim()).repeat(6);
        assert_eq!(spans(&text), [(0, 60), (0, 60)]);
    }

    #[test]
    fn long_paragraphs_are_cut_at_sentences() {
        let text = SENTENCE.repeat(45);
        assert_eq!(spans(&text), [(0, 200), (0, 200), (0, 50)]);
    }

    #[test]
    fn no_passage_crosses_a_section() {
        let text = format!("{}\nThe dispute\n{}\n", SENTENCE.repeat(3).trim(), SENTENCE.repeat(3).trim());
        assert_eq!(spans(&text), [(0, 30), (1, 30)]);
    }

    #[test]
    fn a_run_without_spaces_is_bounded() {
        let text = "x".repeat(50_000);
        let article = SplitArticle::assemble(RawArticle { text, ..RawArticle::default() });
        let passages = article.passages();
        assert!(passages.iter().all(|p| p.span.len() <= MAX_BYTES));
        assert_eq!(passages.iter().map(|p| p.span.len()).sum::<usize>(), 50_000);
    }
}
