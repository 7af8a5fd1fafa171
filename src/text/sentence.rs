//! Sentences of a paragraph, as byte ranges.
//!
//! The rules and abbreviations are those of the `sentencex` crate, which looks for lists, brackets and quotations all over
//! the text it is given. Most paragraphs of news have none, or only simple ones: there the end of a sentence depends on
//! its neighbourhood alone, and [`simple_candidates`] finds the places to ask about in one pass.

use std::borrow::Cow;
use std::ops::Range;

use memchr::{memchr2, memchr3};

use super::Language;
use super::bytes::char_at;

/// Longest chunk handed to the sentence splitter at once, in bytes: its time grows faster than the length.
const CHUNK_BYTES: usize = 20_000;

/// Languages in which other characters end sentences, or these do so by other rules.
const OTHER_TERMINATORS: [&str; 3] = ["el", "hy", "my"];

/// Byte ranges of the sentences of `text`, in order, without the white space around them.
#[must_use]
pub fn sentences(text: &str, language: Language) -> Vec<Range<usize>> {
    let mut splitter = Splitter {
        text,
        code: language.known_code().unwrap_or("en"),
        rules: None,
        // Sentences of news are about a hundred bytes long.
        sentences: Vec::with_capacity(text.len() / 100 + 1),
    };
    let mut start = 0;
    while start < text.len() {
        let end = chunk_end(text, start);
        splitter.split(start..end);
        start = end;
    }
    splitter.sentences
}

/// Where the chunk from `start` ends: at the end of the text, or at the last white space before the bound.
fn chunk_end(text: &str, start: usize) -> usize {
    if text.len() - start <= CHUNK_BYTES {
        return text.len();
    }
    let bound = text.floor_char_boundary(start + CHUNK_BYTES);
    match text[start..bound].rfind(char::is_whitespace) {
        Some(space) if space > CHUNK_BYTES / 2 => start + space,
        _ => bound,
    }
}

/// Splits the chunks of a text.
struct Splitter<'t> {
    text: &'t str,
    /// Language code of the rules.
    code: &'static str,
    /// The rules, built when the first chunk needs them.
    rules: Option<Box<dyn sentencex::languages::Language>>,
    sentences: Vec<Range<usize>>,
}

impl Splitter<'_> {
    fn split(&mut self, chunk: Range<usize>) {
        let text = mask_asterisks(&self.text[chunk.clone()]);
        if is_single_sentence(&text, self.code) {
            self.push_trimmed(chunk);
            return;
        }
        let mut at = chunk.start;
        for piece in self.pieces(&text) {
            let start = chunk.start + piece.start;
            if start >= at {
                at = chunk.start + piece.end;
                self.push_piece(start..at);
            }
        }
        if at < chunk.end {
            self.push_trimmed(at..chunk.end);
        }
    }

    /// The pieces that the rules cut a chunk into.
    fn pieces(&mut self, chunk: &str) -> Vec<Range<usize>> {
        let Some(candidates) = simple_candidates(chunk, self.code) else {
            let pieces = sentencex::segment(self.code, chunk).into_iter();
            return pieces.filter_map(|piece| range_in(chunk, piece)).collect();
        };
        let rules = self.rules.get_or_insert_with(|| sentencex::language_factory(self.code));
        let mut pieces = Vec::with_capacity(candidates.len() + 1);
        let mut start = 0;
        for end in candidates.iter().filter_map(|candidate| candidate.boundary(&**rules, chunk)) {
            if end > start {
                pieces.push(start..end);
                start = end;
            }
        }
        pieces.push(start..chunk.len());
        pieces
    }

    /// Adds a piece. A quotation mark at its start that closes the sentence before is moved to that sentence.
    fn push_piece(&mut self, piece: Range<usize>) {
        let mut start = piece.start;
        if let Some(last) = self.sentences.last_mut()
            && last.end == start
            && let Some(length) = closing_quote_bytes(&self.text[piece.clone()])
        {
            start += length;
            last.end = start;
        }
        self.push_trimmed(start..piece.end);
    }

    fn push_trimmed(&mut self, range: Range<usize>) {
        let piece = &self.text[range.clone()];
        let start = range.start + (piece.len() - piece.trim_start().len());
        let end = range.start + piece.trim_end().len();
        if start < end {
            self.sentences.push(start..end);
        }
    }
}

/// The text with asterisks made spaces, because the splitter does not see an abbreviation after one: `***U.S. EXPORTS`.
fn mask_asterisks(text: &str) -> Cow<'_, str> {
    if text.contains('*') { text.replace('*', " ").into() } else { Cow::Borrowed(text) }
}

/// The range of `piece`, a slice of `text`.
fn range_in(text: &str, piece: &str) -> Option<Range<usize>> {
    let start = (piece.as_ptr() as usize).checked_sub(text.as_ptr() as usize)?;
    let end = start + piece.len();
    (end <= text.len()).then_some(start..end)
}

/// Length in bytes of a quotation mark that begins `piece` and can only close a quotation, as white space follows it.
fn closing_quote_bytes(piece: &str) -> Option<usize> {
    let quote = piece.chars().next().filter(|c| "\"”’»)".contains(*c))?;
    let rest = &piece[quote.len_utf8()..];
    (rest.is_empty() || rest.starts_with(char::is_whitespace)).then_some(quote.len_utf8())
}

/// Is this byte a character that may end a sentence?
fn is_terminator(byte: u8) -> bool {
    matches!(byte, b'.' | b'!' | b'?')
}

/// Is `chunk` certainly one sentence, with no terminator before its end? More than a third of the paragraphs of news are.
fn is_single_sentence(chunk: &str, code: &str) -> bool {
    let bytes = chunk.trim_ascii_end().as_bytes();
    let first = memchr3(b'.', b'!', b'?', bytes).unwrap_or(bytes.len());
    // A bracket may close the marker of a list item.
    let is_simple = chunk.is_ascii() && memchr2(b'\n', b')', bytes).is_none();
    is_simple && bytes[first..].iter().all(|&byte| is_terminator(byte)) && !OTHER_TERMINATORS.contains(&code)
}

/// A position where a sentence may end.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Candidate {
    /// The terminators.
    terminators: Range<usize>,
    /// The closing mark of the quotation around them, if there is one.
    closing_quote: Option<Range<usize>>,
}

impl Candidate {
    /// The end of the sentence, with the white space after it, if the rules say that one ends here. The splitter does the
    /// same for terminators outside brackets.
    fn boundary(&self, rules: &dyn sentencex::languages::Language, text: &str) -> Option<usize> {
        let end = rules.find_boundary(text, self.terminators.start, self.terminators.end)?;
        let Some(quote) = &self.closing_quote else { return Some(end) };
        // Inside a quotation only the last terminators end a sentence, and the closing mark belongs to it.
        if end != quote.start {
            return None;
        }
        Some(quote.end + rules.get_boundary_extend(rules.get_next_word_approx(text, quote.end))?)
    }
}

/// The places where sentences may end in a chunk in which nothing but their neighbourhood and the quotation around them
/// decides: without lists and addresses, with no terminators in brackets and with paired quotation marks only. `None` for
/// any other chunk. Of the paragraphs of several sentences, nine in ten are this simple.
fn simple_candidates(chunk: &str, code: &str) -> Option<Vec<Candidate>> {
    if OTHER_TERMINATORS.contains(&code) {
        return None;
    }
    let mut scan = Scan::new(chunk);
    let mut at = 0;
    while let Some(next) = scan.bytes[at..].iter().position(|&byte| IS_SIGNIFICANT[usize::from(byte)]) {
        at = scan.step(at + next)?;
    }
    scan.finish()
}

/// Bytes that [`Scan`] stops at: those that end, quote, bracket or list, and all that are not ASCII.
static IS_SIGNIFICANT: [bool; 256] = {
    const ASCII: &[u8] = b".!?\n\"`'()<>{}[]@\\";
    let mut table = [false; 256];
    let mut i = 0;
    while i < ASCII.len() {
        table[ASCII[i] as usize] = true;
        i += 1;
    }
    let mut byte = 128;
    while byte < 256 {
        table[byte] = true;
        byte += 1;
    }
    table
};

/// State of [`simple_candidates`]. Its methods return `None` where the chunk is not simple.
struct Scan<'t> {
    chunk: &'t str,
    /// The bytes of `chunk` without the white space at its end.
    bytes: &'t [u8],
    candidates: Vec<Candidate>,
    /// Number of lines that may be items of a list.
    list_items: usize,
    in_bracket: bool,
    has_terminator_in_bracket: bool,
    /// What closes the open quotation, and the number of candidates before it.
    quotation: Option<(char, usize)>,
}

impl<'t> Scan<'t> {
    fn new(chunk: &'t str) -> Self {
        let bytes = chunk.trim_ascii_end().as_bytes();
        Scan {
            chunk,
            bytes,
            candidates: Vec::with_capacity(4),
            list_items: usize::from(may_begin_list_item(bytes)),
            in_bracket: false,
            has_terminator_in_bracket: false,
            quotation: None,
        }
    }

    /// Takes in the significant character at `at`, and returns where to go on.
    fn step(&mut self, at: usize) -> Option<usize> {
        if is_terminator(self.bytes[at]) {
            return self.terminators(at);
        }
        let c = char_at(self.chunk, at);
        let after = at + c.len_utf8();
        match c {
            '\n' => self.line_break(after)?,
            '(' | '<' | '{' | '[' => self.in_bracket = true,
            ')' if !self.in_bracket || may_end_list_marker(&self.bytes[..at]) => return None,
            ')' | '>' | '}' | ']' => (self.in_bracket, self.has_terminator_in_bracket) = (false, false),
            '"' | '“' | '”' => self.quotation_mark(c, at..after)?,
            // After a letter it is an apostrophe: it cannot open a quotation, nor close one that is not open.
            '\'' | '’' if self.chunk[..at].ends_with(char::is_alphanumeric) => {}
            '—' | '–' | '£' | '€' | '°' | '½' | '²' | '³' | '™' | '®' | '©' => {}
            c if c.is_alphabetic() && !c.is_ascii() => {}
            _ => return None,
        }
        Some(after)
    }

    fn terminators(&mut self, at: usize) -> Option<usize> {
        let end = at + self.bytes[at..].iter().take_while(|&&byte| is_terminator(byte)).count();
        let next = self.bytes[end..].iter().find(|&&byte| byte != b' ' && byte != b'\t');
        // Terminators with blanks between them may be one, and a bracket after them may be a reference.
        if next.is_some_and(|&byte| is_terminator(byte) || byte == b'[') {
            return None;
        }
        // Inside brackets that are closed they end nothing.
        if self.in_bracket {
            self.has_terminator_in_bracket = true;
        } else {
            self.candidates.push(Candidate { terminators: at..end, closing_quote: None });
        }
        Some(end)
    }

    fn line_break(&mut self, after: usize) -> Option<()> {
        let next_line = &self.bytes[after..];
        self.list_items += usize::from(may_begin_list_item(next_line));
        let is_blank_line = next_line.iter().find(|&&byte| byte != b'\r') == Some(&b'\n');
        (!is_blank_line).then_some(())
    }

    fn quotation_mark(&mut self, mark: char, range: Range<usize>) -> Option<()> {
        if self.in_bracket {
            return None;
        }
        match self.quotation {
            Some((closer, first)) if mark == closer => {
                let inside = &mut self.candidates[first..];
                inside.iter_mut().for_each(|candidate| candidate.closing_quote = Some(range.clone()));
                self.quotation = None;
            }
            None if mark == '"' => self.quotation = Some(('"', self.candidates.len())),
            None if mark == '“' => self.quotation = Some(('”', self.candidates.len())),
            // Of nested quotations the splitter does not always pair the marks.
            _ => return None,
        }
        Some(())
    }

    fn finish(self) -> Option<Vec<Candidate>> {
        // A single item is no list.
        let is_simple = self.list_items < 2 && self.quotation.is_none() && !self.has_terminator_in_bracket;
        is_simple.then_some(self.candidates)
    }
}

/// Could a line that begins with these bytes be an item of a list: `- `, `2. `, `b. `, `iv. `?
fn may_begin_list_item(line: &[u8]) -> bool {
    let blanks = line.iter().take_while(|&&byte| byte == b' ' || byte == b'\t').count();
    let line = &line[blanks..];
    let word = line.iter().take_while(|byte| byte.is_ascii_alphanumeric()).count();
    matches!(line.first(), Some(b'*' | b'+' | b'-')) || word > 0 && line.get(word) == Some(&b'.')
}

/// Could a bracket after these bytes close the marker of a list item: `(2)`, `b)`, `iv.)`?
fn may_end_list_marker(before: &[u8]) -> bool {
    let before = before.strip_suffix(b".").unwrap_or(before);
    let length = before.iter().rev().take_while(|byte| byte.is_ascii_alphanumeric()).count();
    let word = &before[before.len() - length..];
    let is_numeral = |byte: &u8| b"ivxlcdm".contains(&byte.to_ascii_lowercase());
    word.len() < 2 || word.iter().all(u8::is_ascii_digit) || word.iter().all(is_numeral)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use proptest::sample;

    use super::*;

    #[test]
    fn sentence_table() {
        for (text, expected) in [
            ("One. Two.", vec!["One.", "Two."]),
            ("Mr. Hale spoke at 5 p.m. on Monday. He left.", vec!["Mr. Hale spoke at 5 p.m. on Monday.", "He left."]),
            ("  No stop at all  ", vec!["No stop at all"]),
            ("\"I saw it.\" He left.", vec!["\"I saw it.\"", "He left."]),
            (
                "No obstacles.\" Although he went, it was late.\" He left.",
                vec!["No obstacles.\"", "Although he went, it was late.\"", "He left."],
            ),
            ("******U.S. exports fell. They rose.", vec!["******U.S. exports fell.", "They rose."]),
            ("", vec![]),
        ] {
            let got: Vec<&str> = sentences(text, Language::from_code("en")).into_iter().map(|r| &text[r]).collect();
            assert_eq!(got, expected, "{text}");
        }
    }

    proptest::proptest! {
        #[test]
        fn single_sentences_are_not_cut(
            words in proptest::collection::vec("[A-Za-z]{1,7}|[0-9]{1,3}|[-(\"',;:$%/)*]|[a-c1-3][)]|  |\t", 0..12),
            end in "[.?!]{0,4} {0,2}",
            code in proptest::sample::select(vec!["en", "de", "fr", "es", "it", "ru", "ar", "zh", "ja", "hi", "el", "hy", "my", "tr", "nl", "pt", "sv", "da", "fi", "pl", "he", "fa", "ur", "bn", "th", "uk", "kk", "ka", "am"]),
        ) {
            let text = words.join(" ") + &end;
            if is_single_sentence(&text, code) {
                let cut: Vec<&str> =
                    sentencex::segment(code, &text).into_iter().map(str::trim).filter(|piece| !piece.is_empty()).collect();
                proptest::prop_assert!(cut.len() <= 1, "{:?}", cut);
            }
        }
    }

    /// Words, abbreviations, brackets and, rarely, what makes a chunk not simple; each with what follows it.
    fn pieces() -> impl Strategy<Value = Vec<(String, String)>> {
        let word = prop_oneof![
            12 => "[A-Za-z]{1,7}|[A-Z][a-z]{1,5}",
            3 => "[0-9]{1,3}|[A-CI]|Mr|Dr|U\\.S|e\\.g|etc|No|Jan|Januar|[a-z]{2,5}'s?|[éüñЖ][a-z]{0,3}|[,;:$%/*-]",
            3 => "\"[A-Za-z][a-z]{1,4}( [a-z\\(’]{1,4}|[.?!] [A-Z][a-z]{0,3}){0,3}[.?!,]{0,2} ?\"[.,]?",
            2 => "“[A-Za-z][a-z]{1,4}( [a-z\"’]{1,4}|[.?!] [A-Z][a-z]{0,3}){0,3}[.?!,]{0,2}”[.,]?|[a-z]{2}’s?|—|£[0-9]",
            2 => "\\([A-Za-z0-9 .]{1,9}\\)|<[A-Z.]{1,4}>|\\[[a-z0-9. ]{1,4}\\]|\\{[a-z] \\(?[a-z]\\}|\n[A-Za-z]{1,5}|\n[-*0-9a-z]{1,2}\\.?|\t",
            1 => "[\"'()@`…»<>\\[\\]{}\\\\]|[1-3a-cix]{1,2}[.)]|\\([a-z0-9]{1,2}[.]?\\)|'[a-z]|\n\r?\n|。",
        ];
        let gap = prop_oneof![8 => " ", 4 => "[.!?]{1,2} ", 1 => "[.!?]{0,3} {0,2}|\\. \\. \\.|! ?[.]"];
        proptest::collection::vec((word, gap), 0..16)
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(2_000))]

        #[test]
        fn simple_candidates_are_judged_as_the_splitter_does(
            pieces in pieces(),
            code in sample::select(vec!["en", "de", "fr", "es", "it", "ru", "ar", "zh", "ja", "hi", "el", "hy", "my", "tr", "nl", "pt", "sv", "da", "fi", "pl", "he", "fa", "ur", "bn", "th", "uk", "kk", "ka", "am", "ca", "sk"]),
        ) {
            let text: String = pieces.iter().flat_map(|(word, gap)| [word.as_str(), gap]).collect();
            if let Some(candidates) = simple_candidates(&text, code) {
                let rules = sentencex::language_factory(code);
                let mut cuts: Vec<usize> = vec![0];
                for candidate in candidates {
                    cuts.extend(candidate.boundary(&*rules, &text).filter(|end| cuts.last() < Some(end)));
                }
                cuts.push(text.len());
                let ours = cuts.windows(2).map(|pair| text[pair[0]..pair[1]].trim());
                let ours: Vec<&str> = ours.filter(|piece| !piece.is_empty()).collect();
                let theirs = sentencex::segment(code, &text).into_iter().map(str::trim);
                prop_assert_eq!(ours, theirs.filter(|piece| !piece.is_empty()).collect::<Vec<_>>());
            }
        }
    }

    #[test]
    fn a_huge_paragraph_is_covered_in_order() {
        let text = "Dockers walked out on Monday. ".repeat(5_000);
        let got = sentences(&text, Language::UNKNOWN);
        assert!(got.windows(2).all(|pair| pair[0].end <= pair[1].start));
        assert!(got.len() > 4_900, "{}", got.len());
    }
}
