//! Snippets: the sentences of a passage that show why it matched. Text and ranges; how they look is the renderer's.

use std::collections::HashSet;
use std::ops::Range;

use unicode_segmentation::UnicodeSegmentation;

use super::results::{Mark, Snippet};
use crate::text::Words;

/// Longest snippet unless told otherwise, in bytes.
pub const SNIPPET_BYTES: usize = 320;

/// The best sentences of `text` for its `marks`, `most` bytes at most. `starts` are the sentences' first words, counted
/// from the first word of `words`, which is the text with its markup made blank. Where a sentence is left out, or begins
/// something else than what stands before it, there is an ellipsis.
#[must_use]
pub fn snippet(text: &str, words: &str, starts: &[u32], marks: &[Mark], most: usize) -> Snippet {
    let whole = sentences(text, words, starts);
    let sentences: Vec<Range<usize>> = whole.into_iter().flat_map(|range| parts(text, range, most)).collect();
    let (Some(first), Some(last)) = (sentences.first(), sentences.last()) else { return Snippet::default() };
    let mut pieces: Vec<Range<usize>> = Vec::new();
    for at in best(text, words, &sentences, marks, most) {
        match pieces.last_mut() {
            Some(piece) if at > 0 && piece.end == sentences[at - 1].end && read_on(words, &sentences, at) => {
                piece.end = sentences[at].end;
            }
            _ => pieces.push(sentences[at].clone()),
        }
    }
    if let [piece] = pieces.as_mut_slice() {
        *piece = bounded(text, piece.clone(), marks, most);
    }
    let (start, end) = (pieces.first().map_or(0, |piece| piece.start), pieces.last().map_or(0, |piece| piece.end));
    let mut out = Snippet { cut: (start > first.start, end < last.end), ..Snippet::default() };
    for piece in pieces {
        if !out.text.is_empty() {
            out.text.push_str(GAP);
        }
        tidy(text, piece, marks, &mut out);
    }
    out
}

/// Stands for sentences left out inside a snippet.
const GAP: &str = " … ";

/// A snippet has no more pieces.
const MOST_PIECES: usize = 3;

/// A sentence too long for a snippet (somebody quoted with five) in those that it holds.
fn parts(text: &str, sentence: Range<usize>, most: usize) -> Vec<Range<usize>> {
    if sentence.len() <= most {
        return vec![sentence];
    }
    let mut out = Vec::new();
    let mut start = sentence.start;
    let inner = &text[sentence.clone()];
    for (at, stop) in inner.match_indices(['.', '!', '?', '。', '！', '？']) {
        let behind = &inner[at + stop.len()..];
        let closed = behind.trim_start_matches(['"', '”', '’', '»', '“', ')', '」']);
        let next = closed.trim_start();
        let ends = closed.len() > next.len() || !stop.is_ascii();
        // One capital before it is an initial.
        let initial = inner[..at].chars().next_back().is_some_and(char::is_uppercase);
        if ends && !initial && next.chars().next().is_some_and(|c| !c.is_lowercase()) {
            out.push(start..sentence.start + inner.len() - closed.len());
            start = sentence.start + inner.len() - next.len();
        }
    }
    out.push(start..sentence.end);
    out
}

/// Byte ranges of the sentences of `text` whose first words are `starts`, without the white space around them.
fn sentences(text: &str, words: &str, starts: &[u32]) -> Vec<Range<usize>> {
    let mut places = vec![0];
    // The first sentence begins where the text does.
    let mut wanted = starts.iter().copied().skip(1).peekable();
    let mut words = Words::new(words);
    while let Some(word) = words.next() {
        if wanted.next_if_eq(&word.position).is_some() {
            places.push(before_word(text, word.start));
        }
    }
    places.dedup();
    let ends = places.iter().skip(1).copied().chain([text.len()]);
    let trimmed = places.iter().zip(ends).map(|(&start, end)| {
        let sentence = &text[start..end];
        let start = end - sentence.trim_start().len();
        start..start + sentence.trim().len()
    });
    trimmed.filter(|range| !range.is_empty()).collect()
}

/// What items of a list begin with.
const BULLETS: [char; 9] = ['-', '–', '—', '•', '*', '·', '▪', '‣', '◦'];

/// Where the signs begin that open a sentence before its first word: quotation marks, brackets, dashes.
fn before_word(text: &str, word: usize) -> usize {
    let signs = text[..word].trim_end_matches(|c: char| !c.is_alphanumeric() && !c.is_whitespace()).len();
    // A bullet stands apart, at the start of a line.
    const SPACES: [char; 3] = [' ', '\t', '\u{a0}'];
    let bullet = text[..signs].trim_end_matches(SPACES).trim_end_matches(BULLETS);
    if bullet.len() < signs && bullet.trim_end_matches(SPACES).ends_with('\n') {
        return bullet.len();
    }
    if text[..signs].ends_with(char::is_whitespace) || signs == 0 {
        return signs;
    }
    // Glued to the sentence before, as where no spaces are written: only what opens.
    text[..word].trim_end_matches(|c: char| "([{“„«‹‘‚「『《〈（¿¡".contains(c)).len()
}

/// The sentences within the length that show most of what matched, in order: first the one with most different words,
/// then those with others, then what stands between and around them. Long words count before short ones, which in a
/// question are `the` and `of`; of equals the one with more marks, and the first.
fn best(text: &str, words: &str, sentences: &[Range<usize>], marks: &[Mark], most: usize) -> Vec<usize> {
    // Forms of a word mostly begin alike.
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
        let fits = |at: usize| chosen.is_empty() || bytes + GAP.len() + sentences[at].len() <= most;
        let worth = |at: usize| {
            let new: HashSet<&String> = stems[at].iter().filter(|stem| !shown.contains(stem)).collect();
            let long = new.iter().filter(|stem| is_long(stem)).count();
            (long, new.len(), stems[at].len(), usize::MAX - at)
        };
        let open = (0..sentences.len()).filter(|&at| !chosen.contains(&at) && fits(at));
        let Some((worth, at)) = open.map(|at| (worth(at), at)).max() else { break };
        // Behind the first, only what has something new to show.
        let shows = if shown.iter().any(is_long) { worth.0 > 0 } else { worth.1 > 0 };
        if !chosen.is_empty() && (!shows || chosen.len() >= MOST_PIECES) {
            break;
        }
        bytes += sentences[at].len() + if chosen.is_empty() { 0 } else { GAP.len() };
        shown.extend(&stems[at]);
        chosen.push(at);
    }
    chosen.sort_unstable();
    // What stands between two pieces, then behind, then before, unless a quotation began there.
    loop {
        // A space parts sentences that follow each other.
        let fits = |at: &usize| bytes + 1 + sentences[*at].len() <= most;
        let reads = |at: &usize| read_on(words, sentences, *at);
        let gaps = chosen.windows(2).filter(|pair| pair[0] + 1 < pair[1]).map(|pair| pair[0] + 1);
        let between = gaps.filter(reads).find(fits);
        let behind = chosen.last().map(|last| last + 1).filter(|&at| at < sentences.len()).filter(reads);
        let first = chosen.first().copied().filter(reads);
        let before = first.and_then(|first| first.checked_sub(1));
        let around = match first {
            Some(first) if begins_quoted(&words[sentences[first].clone()]) => [before, behind],
            _ => [behind, before],
        };
        let Some(at) = [between, around[0], around[1]].into_iter().flatten().find(fits) else { break };
        bytes += sentences[at].len() + 1;
        chosen.push(at);
        chosen.sort_unstable();
    }
    chosen
}

/// Does sentence `at` go on where the one before it ended? Captions, credits and items of lists do not, nor does what
/// follows them. Judged by `words`, as links and signs of emphasis end nothing.
fn read_on(words: &str, sentences: &[Range<usize>], at: usize) -> bool {
    let sentence = |at: usize| words[sentences[at].clone()].trim();
    let Some(before) = at.checked_sub(1).map(sentence) else { return true };
    let this = sentence(at);
    is_ended(before) && !is_aside(before) && is_ended(this) && !is_aside(this)
}

/// Signs that end a sentence or a part of it, or introduce the next: Latin, Arabic and Urdu, Devanagari, Armenian,
/// Khmer, Burmese, Ethiopic, Chinese and Japanese.
const ENDERS: &str = ".!?…:;,–—-؟؛۔।॥։។၊။።。．｡！？：；，､、";

/// What may stand behind them: quotes as one country or another closes them, brackets, signs of emphasis.
const CLOSERS: &str = "\"'”“’‘»«›‹)]」』）】*_";

/// Does it end as sentences do?
fn is_ended(sentence: &str) -> bool {
    let mut words = sentence.trim_end_matches(|c: char| CLOSERS.contains(c) || c.is_whitespace());
    // The number of a footnote.
    if let Some((ended, note)) = words.rsplit_once('[').filter(|_| sentence.ends_with(']'))
        && note.chars().all(|c| c.is_ascii_digit())
    {
        words = ended.trim_end_matches(|c: char| CLOSERS.contains(c));
    }
    words.ends_with(|c: char| ENDERS.contains(c))
}

/// Does it stand in brackets, all of it?
fn is_aside(sentence: &str) -> bool {
    let inner = sentence.strip_prefix(['(', '[', '（']).and_then(|rest| rest.strip_suffix([')', ']', '）']));
    inner.is_some_and(|inner| !inner.contains(['(', '[', '（']))
}

/// Does a quotation end in it that began before it?
fn begins_quoted(sentence: &str) -> bool {
    let Some((at, quote)) = sentence.char_indices().find(|(_, c)| "\"“”„«»".contains(*c)) else { return false };
    let opens = || at == 0 || sentence[..at].ends_with(|c: char| c.is_whitespace() || "([=–—-".contains(c));
    // Swedish and Finnish open with the sign with which others close.
    matches!(quote, '"' | '”') && !opens()
}

/// A sentence longer than a snippet is cut between words, around its first mark.
fn bounded(text: &str, range: Range<usize>, marks: &[Mark], most: usize) -> Range<usize> {
    if range.len() <= most {
        return range;
    }
    let first =
        marks.iter().find(|mark| mark.0 >= range.start && mark.1 <= range.end).map_or(range.start, |mark| mark.0);
    // What follows the mark tells more than what comes before; where little follows, more comes before.
    let wish = first.saturating_sub(most / 4).min(range.end.saturating_sub(most)).max(range.start);
    let start = if wish == range.start {
        wish
    } else {
        next_space(text, wish, range.end).unwrap_or_else(|| whole_grapheme(text, wish))
    };
    let limit = whole_grapheme(text, (start + most).min(range.end)).max(start);
    let end = if limit == range.end {
        limit
    } else {
        text[start..limit].rfind(char::is_whitespace).map_or(limit, |space| start + space)
    };
    start..end.max(start)
}

/// The last place at or before `at` that is in no grapheme. Looks back no further than a word may be long.
fn whole_grapheme(text: &str, at: usize) -> usize {
    const MOST_BYTES_TO_LOOK: usize = 200;
    let at = text.floor_char_boundary(at);
    let from = text.floor_char_boundary(at.saturating_sub(MOST_BYTES_TO_LOOK));
    let to = text.ceil_char_boundary((at + MOST_BYTES_TO_LOOK).min(text.len()));
    let bounds = text[from..to].grapheme_indices(true).map(|(i, _)| from + i).take_while(|&i| i <= at);
    if at == text.len() { at } else { bounds.last().unwrap_or(at) }
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

/// Appends a stretch with white space runs made one space, its marks moved along.
fn tidy(text: &str, range: Range<usize>, marks: &[Mark], snippet: &mut Snippet) {
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
    fn snippet(text: &str, marks: &[Mark], most: usize) -> Snippet {
        let mut starts = Vec::new();
        for range in sentence::sentences(text, Language::from_code("en")) {
            starts.push(Words::new(&text[..range.start]).count() as u32);
        }
        super::snippet(text, text, &starts, marks, most)
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
    fn of_two_places_the_one_with_more_words_is_shown() {
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
    fn what_stands_around_is_shown_where_it_reads_on() {
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
            // Two gaps, the first of them a caption.
            (
                "The strike. Port, 2019\nIts results: one. A day. Ferries sail.",
                "The strike. … Its results: one. A day. Ferries sail.",
            ),
            // Other signs.
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
            assert_eq!(begins_quoted(sentence), expected, "{sentence}");
        }
    }

    #[test]
    fn markup_ends_no_sentence() {
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
    fn a_quote_of_many_sentences_is_shown_in_part() {
        let text =
            "“The harbour is closed. Nobody sails. We have told the mayor J. Strand so. The strike goes on!” he said.";
        let at = text.find("strike").expect("there");
        let whole = super::snippet(text, text, &[0], &[(at, at + 6)], 60);
        assert_eq!(whole.text, "The strike goes on!” he said.");
        assert_eq!(whole.cut, (true, false));
    }

    #[test]
    fn a_cut_at_the_front_leaves_no_room_unused() {
        let text = format!("{}harbour closed", "word ".repeat(100));
        let at = text.find("harbour").expect("there");
        let snippet = snippet(&text, &[(at, at + 7)], 100);
        assert!((90..=100).contains(&snippet.text.len()), "{}", snippet.text);
    }

    #[test]
    fn nothing_is_cut_in_a_grapheme() {
        let text = "각".repeat(100);
        for most in 9..30 {
            let snippet = snippet(&text, &[(180, 189)], most);
            assert_eq!(snippet.text.len() % "각".len(), 0, "{most}");
            assert!(snippet.text.len() <= most);
        }
    }
}
