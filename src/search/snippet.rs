//! Snippets: the sentences of a passage that show why it matched, as text and ranges without markup.

use std::collections::HashSet;
use std::ops::Range;

use unicode_segmentation::UnicodeSegmentation;

use super::results::{Mark, Snippet};
use crate::text::Words;

/// Default maximum length of a snippet, in bytes.
pub const SNIPPET_BYTES: usize = 320;

/// The best sentences of `text` for its `marks`, at most `max_bytes` long. `starts` are the first words of the sentences,
/// counted from the first word of `words`, which is the text with markup replaced by spaces. An ellipsis is put where a
/// sentence is left out, and between sentences that do not continue each other, as after a caption.
#[must_use]
pub fn snippet(text: &str, words: &str, starts: &[u32], marks: &[Mark], max_bytes: usize) -> Snippet {
    let whole = sentences(text, words, starts);
    let sentences: Vec<Range<usize>> = whole.into_iter().flat_map(|range| parts(text, range, max_bytes)).collect();
    let (Some(first), Some(last)) = (sentences.first(), sentences.last()) else { return Snippet::default() };
    let mut pieces: Vec<Range<usize>> = Vec::new();
    for at in best(text, words, &sentences, marks, max_bytes) {
        match pieces.last_mut() {
            Some(piece) if at > 0 && piece.end == sentences[at - 1].end && continues(words, &sentences, at) => {
                piece.end = sentences[at].end;
            }
            _ => pieces.push(sentences[at].clone()),
        }
    }
    if let [piece] = pieces.as_mut_slice() {
        *piece = cut_around_mark(text, piece.clone(), marks, max_bytes);
    }
    let (start, end) = (pieces.first().map_or(0, |piece| piece.start), pieces.last().map_or(0, |piece| piece.end));
    let mut out = Snippet { cut: (start > first.start, end < last.end), ..Snippet::default() };
    for piece in pieces {
        if !out.text.is_empty() {
            out.text.push_str(GAP);
        }
        push_normalised(text, piece, marks, &mut out);
    }
    out
}

/// Replaces sentences that are left out within a snippet.
const GAP: &str = " … ";

/// Maximum number of pieces of a snippet.
const MAX_PIECES: usize = 3;

/// A sentence that is too long for a snippet (a quotation of five sentences), split into the sentences within it.
fn parts(text: &str, sentence: Range<usize>, max_bytes: usize) -> Vec<Range<usize>> {
    if sentence.len() <= max_bytes {
        return vec![sentence];
    }
    let mut out = Vec::new();
    let mut start = sentence.start;
    let inner = &text[sentence.clone()];
    for (at, stop) in inner.match_indices(['.', '!', '?', '。', '！', '？']) {
        let rest = &inner[at + stop.len()..];
        let closed = rest.trim_start_matches(['"', '”', '’', '»', '“', ')', '」']);
        let next = closed.trim_start();
        let ends = closed.len() > next.len() || !stop.is_ascii();
        // After a single capital it may be an initial.
        let initial = inner[..at].chars().next_back().is_some_and(char::is_uppercase);
        if ends && !initial && next.chars().next().is_some_and(|c| !c.is_lowercase()) {
            out.push(start..sentence.start + inner.len() - closed.len());
            start = sentence.start + inner.len() - next.len();
        }
    }
    out.push(start..sentence.end);
    out
}

/// Byte ranges of the sentences of `text` with the first words `starts`, without surrounding white space.
fn sentences(text: &str, words: &str, starts: &[u32]) -> Vec<Range<usize>> {
    // The first sentence begins with the text.
    let mut bounds = vec![0];
    let mut wanted = starts.iter().copied().skip(1).peekable();
    let mut words = Words::new(words);
    while let Some(word) = words.next() {
        if wanted.next_if_eq(&word.position).is_some() {
            bounds.push(before_word(text, word.start));
        }
    }
    bounds.dedup();
    let ends = bounds.iter().skip(1).copied().chain([text.len()]);
    let trimmed = bounds.iter().zip(ends).map(|(&start, end)| {
        let sentence = &text[start..end];
        let start = end - sentence.trim_start().len();
        start..start + sentence.trim().len()
    });
    trimmed.filter(|range| !range.is_empty()).collect()
}

/// Bullets of the items of a list.
const BULLETS: [char; 9] = ['-', '–', '—', '•', '*', '·', '▪', '‣', '◦'];

/// The start of the punctuation that opens a sentence before its first word: quotation marks, brackets, dashes.
fn before_word(text: &str, word: usize) -> usize {
    let signs = text[..word].trim_end_matches(|c: char| !c.is_alphanumeric() && !c.is_whitespace()).len();
    // A bullet is at the start of a line, followed by a space.
    const SPACES: [char; 3] = [' ', '\t', '\u{a0}'];
    let bullet = text[..signs].trim_end_matches(SPACES).trim_end_matches(BULLETS);
    if bullet.len() < signs && bullet.trim_end_matches(SPACES).ends_with('\n') {
        return bullet.len();
    }
    if text[..signs].ends_with(char::is_whitespace) || signs == 0 {
        return signs;
    }
    // No space before it, as in scripts without spaces: only opening punctuation belongs to the sentence.
    text[..word].trim_end_matches(|c: char| "([{“„«‹‘‚「『《〈（¿¡".contains(c)).len()
}

/// The sentences that show most of what matched within the length, in order. First the sentence with most different words
/// is chosen, then those with further words, then the sentences between and around them. Long words count before short
/// ones, which in a question are `the` and `of`; of equals the one with more marks counts, then the first.
fn best(text: &str, words: &str, sentences: &[Range<usize>], marks: &[Mark], max_bytes: usize) -> Vec<usize> {
    // Forms of a word mostly have the same first letters.
    let stem = |mark: &Mark| text[mark.0..mark.1].chars().take(5).flat_map(char::to_lowercase).collect::<String>();
    let stems: Vec<Vec<String>> = sentences
        .iter()
        .map(|range| {
            let first = marks.partition_point(|mark| mark.0 < range.start);
            marks[first..].iter().take_while(|mark| mark.1 <= range.end).map(stem).collect()
        })
        .collect();
    let is_long = |stem: &&String| stem.len() > 3;
    let mut chosen: Vec<usize> = Vec::new();
    let mut shown: HashSet<&String> = HashSet::new();
    let mut bytes = 0;
    loop {
        let fits = |at: usize| chosen.is_empty() || bytes + GAP.len() + sentences[at].len() <= max_bytes;
        let rank = |at: usize| {
            let new: HashSet<&String> = stems[at].iter().filter(|stem| !shown.contains(stem)).collect();
            let long = new.iter().filter(|stem| is_long(stem)).count();
            (long, new.len(), stems[at].len(), usize::MAX - at)
        };
        let open = (0..sentences.len()).filter(|&at| !chosen.contains(&at) && fits(at));
        let Some((rank, at)) = open.map(|at| (rank(at), at)).max() else { break };
        // After the first, only sentences with further words.
        let has_more = if shown.iter().any(is_long) { rank.0 > 0 } else { rank.1 > 0 };
        if !chosen.is_empty() && (!has_more || chosen.len() >= MAX_PIECES) {
            break;
        }
        bytes += sentences[at].len() + if chosen.is_empty() { 0 } else { GAP.len() };
        shown.extend(&stems[at]);
        chosen.push(at);
    }
    chosen.sort_unstable();
    // Sentences between two pieces, then the one after, then the one before, which comes first if a quotation began in it.
    loop {
        // A space separates sentences that continue each other.
        let fits = |at: &usize| bytes + 1 + sentences[*at].len() <= max_bytes;
        let reads = |at: &usize| continues(words, sentences, *at);
        let gaps = chosen.windows(2).filter(|pair| pair[0] + 1 < pair[1]).map(|pair| pair[0] + 1);
        let between = gaps.filter(reads).find(fits);
        let after = chosen.last().map(|last| last + 1).filter(|&at| at < sentences.len()).filter(reads);
        let first = chosen.first().copied().filter(reads);
        let before = first.and_then(|first| first.checked_sub(1));
        let around = match first {
            Some(first) if ends_open_quotation(&words[sentences[first].clone()]) => [before, after],
            _ => [after, before],
        };
        let Some(at) = [between, around[0], around[1]].into_iter().flatten().find(fits) else { break };
        bytes += sentences[at].len() + 1;
        chosen.push(at);
        chosen.sort_unstable();
    }
    chosen
}

/// Does sentence `at` continue the one before it? Captions, credits and items of lists do not, nor does what follows
/// them. Judged by `words`, so that the punctuation of links and emphasis is not taken for an end.
fn continues(words: &str, sentences: &[Range<usize>], at: usize) -> bool {
    let sentence = |at: usize| words[sentences[at].clone()].trim();
    let Some(before) = at.checked_sub(1).map(sentence) else { return true };
    let this = sentence(at);
    ends_sentence(before) && !is_bracketed(before) && ends_sentence(this) && !is_bracketed(this)
}

/// Punctuation that ends a sentence or a part of it, or introduces the next: Latin, Arabic and Urdu, Devanagari,
/// Armenian, Khmer, Burmese, Ethiopic, Chinese and Japanese.
const TERMINATORS: &str = ".!?…:;,–—-؟؛۔।॥։។၊။።。．｡！？：；，､、";

/// Punctuation that may follow them: closing quotation marks of any country, brackets, emphasis.
const CLOSERS: &str = "\"'”“’‘»«›‹)]」』）】*_";

/// Does it end with the punctuation of a sentence?
fn ends_sentence(sentence: &str) -> bool {
    let mut words = sentence.trim_end_matches(|c: char| CLOSERS.contains(c) || c.is_whitespace());
    // The number of a footnote.
    if let Some((ended, note)) = words.rsplit_once('[').filter(|_| sentence.ends_with(']'))
        && note.chars().all(|c| c.is_ascii_digit())
    {
        words = ended.trim_end_matches(|c: char| CLOSERS.contains(c));
    }
    words.ends_with(|c: char| TERMINATORS.contains(c))
}

/// Is all of it in brackets?
fn is_bracketed(sentence: &str) -> bool {
    let inner = sentence.strip_prefix(['(', '[', '（']).and_then(|rest| rest.strip_suffix([')', ']', '）']));
    inner.is_some_and(|inner| !inner.contains(['(', '[', '（']))
}

/// Does it end a quotation that began before it?
fn ends_open_quotation(sentence: &str) -> bool {
    let Some((at, quote)) = sentence.char_indices().find(|(_, c)| "\"“”„«»".contains(*c)) else { return false };
    let opens = || at == 0 || sentence[..at].ends_with(|c: char| c.is_whitespace() || "([=–—-".contains(c));
    // Swedish and Finnish open quotations with the mark with which others close them.
    matches!(quote, '"' | '”') && !opens()
}

/// Cuts a sentence that is longer than a snippet, between words and around its first mark.
fn cut_around_mark(text: &str, range: Range<usize>, marks: &[Mark], max_bytes: usize) -> Range<usize> {
    if range.len() <= max_bytes {
        return range;
    }
    let first =
        marks.iter().find(|mark| mark.0 >= range.start && mark.1 <= range.end).map_or(range.start, |mark| mark.0);
    // The text after the mark says more than the text before it; if little follows, more is taken from before.
    let wish = first.saturating_sub(max_bytes / 4).min(range.end.saturating_sub(max_bytes)).max(range.start);
    let start = if wish == range.start {
        wish
    } else {
        next_word_start(text, wish, range.end).unwrap_or_else(|| grapheme_boundary(text, wish))
    };
    let limit = grapheme_boundary(text, (start + max_bytes).min(range.end)).max(start);
    let end = if limit == range.end {
        limit
    } else {
        text[start..limit].rfind(char::is_whitespace).map_or(limit, |space| start + space)
    };
    start..end.max(start)
}

/// The last grapheme boundary at or before `at`. Looks back no further than the length of a word.
fn grapheme_boundary(text: &str, at: usize) -> usize {
    const MAX_BYTES_TO_LOOK: usize = 200;
    let at = text.floor_char_boundary(at);
    let from = text.floor_char_boundary(at.saturating_sub(MAX_BYTES_TO_LOOK));
    let to = text.ceil_char_boundary((at + MAX_BYTES_TO_LOOK).min(text.len()));
    let bounds = text[from..to].grapheme_indices(true).map(|(i, _)| from + i).take_while(|&i| i <= at);
    if at == text.len() { at } else { bounds.last().unwrap_or(at) }
}

/// The start of the first word after `at`.
fn next_word_start(text: &str, at: usize, end: usize) -> Option<usize> {
    const MAX_BYTES_TO_LOOK: usize = 40;
    let at = text.ceil_char_boundary(at);
    let to = text.floor_char_boundary((at + MAX_BYTES_TO_LOOK).min(end));
    let space = text.get(at..to)?.find(char::is_whitespace)?;
    let word = text[at + space..end].find(|c: char| !c.is_whitespace())?;
    Some(at + space + word)
}

/// Appends a range of the text with white space normalised, and its marks.
fn push_normalised(text: &str, range: Range<usize>, marks: &[Mark], snippet: &mut Snippet) {
    let out = &mut snippet.text;
    let inside: Vec<Mark> = marks.iter().filter(|mark| mark.0 >= range.start && mark.1 <= range.end).copied().collect();
    let mut moved = inside.clone();
    let from = out.len();
    let mut space = false;
    let mut next_start = 0;
    let mut next_end = 0;
    for (i, c) in text[range.clone()].char_indices() {
        let at = range.start + i;
        if c.is_whitespace() {
            space = out.len() > from;
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
    snippet.marks.extend(moved);
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::text::{Language, sentence};

    /// The snippet of an English text.
    fn snippet(text: &str, marks: &[Mark], max_bytes: usize) -> Snippet {
        let mut starts = Vec::new();
        for range in sentence::sentences(text, Language::from_code("en")) {
            starts.push(Words::new(&text[..range.start]).count() as u32);
        }
        super::snippet(text, text, &starts, marks, max_bytes)
    }

    #[test]
    fn sentence_table() {
        for (text, starts, expected) in [
            ("One. Two.", vec![0, 1], vec!["One.", "Two."]),
            ("(One.) “Two,” he said.  «Three»", vec![0, 1, 4], vec!["(One.)", "“Two,” he said.", "«Three»"]),
            ("港。「会社は。", vec![0, 1], vec!["港。", "「会社は。"]),
            ("No start is known", vec![], vec!["No start is known"]),
            ("*** One", vec![0], vec!["*** One"]),
            ("- One\n- “Two”\n•\tThree - four", vec![0, 1, 2], vec!["- One", "- “Two”", "•\tThree - four"]),
            ("", vec![], vec![]),
        ] {
            let got: Vec<&str> = sentences(text, text, &starts).into_iter().map(|range| &text[range]).collect();
            assert_eq!(got, expected, "{text}");
        }
    }

    #[test]
    fn marks_move_with_the_text() {
        let text = "Ferries sail.\n  The   dockers\nwalked out on Monday.  Others stayed.";
        let start = text.find("dockers").expect("there");
        let marks = [(start, start + 7), (start + 8, start + 14)];
        let snippet = snippet(text, &marks, SNIPPET_BYTES);
        let marked: Vec<&str> = snippet.marks.iter().map(|&(s, e)| &snippet.text[s..e]).collect();
        assert_eq!(marked, ["dockers", "walked"]);
        assert!(!snippet.text.contains("  "));
    }

    #[test]
    fn long_texts_are_cut_between_words() {
        let text = format!("{} harbour {}", "word ".repeat(200), "tail ".repeat(200));
        let at = text.find("harbour").expect("there");
        let snippet = snippet(&text, &[(at, at + 7)], SNIPPET_BYTES);
        assert!(snippet.text.len() <= SNIPPET_BYTES, "{}", snippet.text.len());
        assert_eq!(snippet.cut, (true, true));
        assert!(snippet.text.starts_with("word ") && snippet.text.contains("harbour"));
    }

    #[test]
    fn the_sentence_with_more_words_is_shown() {
        let text = format!(
            "The strike, a strike of strikes. {} The strike closed the harbour.",
            "Filler goes here. ".repeat(25)
        );
        let marks: Vec<Mark> = text
            .match_indices("strike")
            .chain(text.match_indices("harbour"))
            .map(|(at, word)| (at, at + word.len()))
            .collect();
        let snippet = snippet(&text, &marks, 60);
        assert!(snippet.text.ends_with("closed the harbour.") && snippet.text.len() <= 60, "{}", snippet.text);
    }

    #[test]
    fn sentences_apart_are_shown_together() {
        let text = format!(
            "Ferries sail again from Halden. {}The mayor praised the dockers.",
            "Nobody knows for how long they will. ".repeat(9)
        );
        let marks: Vec<Mark> = ["Ferries", "dockers"]
            .iter()
            .map(|word| (text.find(word).expect("there"), *word))
            .map(|(at, word)| (at, at + word.len()))
            .collect();
        let snippet = snippet(&text, &marks, 80);
        assert_eq!(snippet.text, "Ferries sail again from Halden. … The mayor praised the dockers.");
        assert_eq!(snippet.cut, (false, false));
        let marked: Vec<&str> = snippet.marks.iter().map(|&(s, e)| &snippet.text[s..e]).collect();
        assert_eq!(marked, ["Ferries", "dockers"]);
    }

    #[test]
    fn sentences_around_are_shown_if_they_continue() {
        for (text, expected) in [
            ("Cod is sold. The strike goes on. Nobody sails.", "Cod is sold. The strike goes on. Nobody sails."),
            // Captions and credits.
            ("Photograph by Jo Strand\nThe strike goes on. Nobody sails.", "The strike goes on. Nobody sails."),
            ("(via Jo Strand)\n\nThe strike goes on.\n\n(Halden Courier)\n\nNobody sails.", "The strike goes on."),
            ("The strike in Halden\nNobody sails.", "The strike in Halden"),
            (
                "Ferries sail. (Jo Strand / Courier)\nOne more strike and port.",
                "Ferries sail. … One more strike and port.",
            ),
            // Items of a list.
            (
                "- The strike, and its results\n- The strike in the port\n",
                "- The strike, and its results … - The strike in the port",
            ),
            // Two gaps, of which the first is a caption.
            (
                "The strike. Port, 2019\nIts results: one. A day. Ferries sail.",
                "The strike. … Its results: one. A day. Ferries sail.",
            ),
            // Other punctuation.
            ("Cod is sold۔ The strike goes on۔ Nobody sails۔", "Cod is sold۔ The strike goes on۔ Nobody sails۔"),
            ("„Cod is sold.“ The strike goes on.[12] Nobody.", "„Cod is sold.“ The strike goes on.[12] Nobody."),
            // A quotation that began before.
            (
                "\"Nobody sails. The strike goes on.\" He left for Halden by the last ferry of the day.",
                "\"Nobody sails. The strike goes on.\"",
            ),
        ] {
            let mut starts: Vec<u32> = text
                .split_inclusive(['\n', '.'])
                .scan(0, |at, piece| {
                    *at += piece.len();
                    Some(Words::new(&text[..*at - piece.len()]).count() as u32)
                })
                .collect();
            starts.dedup();
            let mut marks: Vec<Mark> = ["strike", "port", "results", "Ferries"]
                .iter()
                .flat_map(|word| text.match_indices(word))
                .map(|(at, word)| (at, at + word.len()))
                .collect();
            marks.sort_unstable();
            let got = super::snippet(text, text, &starts, &marks, 60);
            assert_eq!(got.text, expected, "{text}");
        }
    }

    #[test]
    fn quotes_open_and_close() {
        for (sentence, expected) in [
            ("The strike goes on.\" He left", true),
            ("The strike goes on.” He left", true),
            ("\"The strike,\" he said", false),
            ("”Strejken fortsätter”, sade han", false),
            ("Han sade: ”Strejken fortsätter”", false),
            ("„Der Streik geht weiter“", false),
            ("<a title=\"strike\">", false),
            ("No quote", false),
        ] {
            assert_eq!(ends_open_quotation(sentence), expected, "{sentence}");
        }
    }

    #[test]
    fn markup_does_not_end_a_sentence() {
        let text = "Cod is **sold.** The strike [goes on.](https://halden.example/a) Nobody sails.";
        let mut words = text.to_string();
        for markup in ["**", "[", "](https://halden.example/a)"] {
            words = words.replace(markup, &" ".repeat(markup.len()));
        }
        let at = text.find("strike").expect("there");
        let got = super::snippet(text, &words, &[0, 3, 7], &[(at, at + 6)], 100);
        assert_eq!(got.text, text);
    }

    #[test]
    fn a_quotation_of_many_sentences_is_shown_in_part() {
        let text =
            "“The harbour is closed. Nobody sails. We have told the mayor J. Strand so. The strike goes on!” he said.";
        let at = text.find("strike").expect("there");
        let whole = super::snippet(text, text, &[0], &[(at, at + 6)], 60);
        assert_eq!(whole.text, "The strike goes on!” he said.");
        assert_eq!(whole.cut, (true, false));
    }

    #[test]
    fn a_text_cut_at_the_front_fills_the_snippet() {
        let text = format!("{}harbour closed", "word ".repeat(100));
        let at = text.find("harbour").expect("there");
        let snippet = snippet(&text, &[(at, at + 7)], 100);
        assert!((90..=100).contains(&snippet.text.len()), "{}", snippet.text);
    }

    #[test]
    fn graphemes_are_not_cut() {
        let text = "각".repeat(100);
        for max_bytes in 9..30 {
            let snippet = snippet(&text, &[(180, 189)], max_bytes);
            assert_eq!(snippet.text.len() % "각".len(), 0, "{max_bytes}");
            assert!(snippet.text.len() <= max_bytes);
        }
    }
}
