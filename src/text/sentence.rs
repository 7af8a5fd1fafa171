//! Sentences of a paragraph, as byte ranges.

use std::borrow::Cow;
use std::ops::Range;

use memchr::{memchr2, memchr3};

use super::Language;

/// Longest stretch handed to the sentence splitter at once; its rules look back and forth over what they get.
const STRETCH_BYTES: usize = 20_000;

/// Byte ranges of the sentences of `text`, in order, without the white space around them.
#[must_use]
pub fn sentences(text: &str, language: Language) -> Vec<Range<usize>> {
    let code = language.known_code().unwrap_or("en");
    let mut rules = None;
    // News has sentences of a hundred bytes and more.
    let mut out = Vec::with_capacity(text.len() / 100 + 1);
    let mut from = 0;
    while from < text.len() {
        let to = stretch_end(text, from);
        // Asterisks hide the abbreviation that they stand before: `***U.S. EXPORTS`.
        let without_stars = if text[from..to].contains('*') {
            text[from..to].replace('*', " ").into()
        } else {
            Cow::Borrowed(&text[from..to])
        };
        let stretch: &str = &without_stars;
        if is_one(stretch, code) {
            push_trimmed(text, from..to, &mut out);
            from = to;
            continue;
        }
        let mut at = from;
        let mut take = |piece: Range<usize>| {
            let start = from + piece.start;
            if start < at {
                return;
            }
            at = from + piece.end;
            let glued = out.last().is_some_and(|last: &Range<usize>| last.end == start);
            let closed = closing_quote(&text[start..at]).filter(|_| glued);
            if let (Some(closed), Some(last)) = (closed, out.last_mut()) {
                last.end = start + closed;
            }
            push_trimmed(text, start + closed.unwrap_or(0)..at, &mut out);
        };
        if let Some(ends) = plain_ends(stretch, code) {
            let rules = rules.get_or_insert_with(|| sentencex::language_factory(code));
            let mut start = 0;
            for end in ends.iter().filter_map(|end| end.of_sentence(&**rules, stretch)) {
                if end > start {
                    take(start..end);
                    start = end;
                }
            }
            take(start..stretch.len());
        } else {
            // The pieces are slices of the stretch, in order.
            for piece in sentencex::segment(code, stretch) {
                if let Some(place) = place_of(piece, stretch) {
                    take(place..place + piece.len());
                }
            }
        }
        if at < to {
            push_trimmed(text, at..to, &mut out);
        }
        from = to;
    }
    out
}

/// Languages in which other marks end sentences, or these in other ways.
const OTHER_MARKS: [&str; 3] = ["el", "hy", "my"];

/// Is this byte a mark that may end a sentence?
fn ends(byte: u8) -> bool {
    matches!(byte, b'.' | b'!' | b'?')
}

/// Is `stretch` plainly one sentence, which ends where it does? Of news, more than every third paragraph is.
fn is_one(stretch: &str, code: &str) -> bool {
    let bytes = stretch.trim_ascii_end().as_bytes();
    let last = memchr3(b'.', b'!', b'?', bytes).unwrap_or(bytes.len());
    // A bracket may close the mark of a list's entry.
    let is_plain = stretch.is_ascii() && memchr2(b'\n', b')', bytes).is_none();
    is_plain && bytes[last..].iter().all(|&byte| ends(byte)) && !OTHER_MARKS.contains(&code)
}

/// Marks that may end a sentence.
#[derive(Debug, Clone, PartialEq, Eq)]
struct End {
    /// Where they stand.
    run: Range<usize>,
    /// The quotation mark behind them, if they stand in a quotation that is closed.
    closer: Option<Range<usize>>,
}

impl End {
    /// Where a sentence ends by them, with the white space behind it, if one does: what the splitter says of marks that
    /// stand in no brackets, and in quotations if at all.
    fn of_sentence(&self, rules: &dyn sentencex::languages::Language, text: &str) -> Option<usize> {
        let end = rules.find_boundary(text, self.run.start, self.run.end)?;
        let Some(closer) = &self.closer else { return Some(end) };
        // In a quotation only the last marks do, and then the closing one belongs to them.
        if end != closer.start {
            return None;
        }
        let behind = rules.get_boundary_extend(rules.get_next_word_approx(text, closer.end))?;
        Some(closer.end + behind)
    }
}

/// The marks that may end sentences, where those beside each and the quotation around it decide: no lists or addresses, no
/// marks in brackets, no quotes but those that come in pairs, for which the splitter looks back and forth. `None` if it
/// must. Of the paragraphs of news that are several sentences, nine in ten are so plain.
fn plain_ends(stretch: &str, code: &str) -> Option<Vec<End>> {
    /// Bytes that have a say, beside those that are not ASCII.
    const SIGNS: &[u8] = b".!?\n\"`'()<>{}[]@\\";
    static HAS_A_SAY: [bool; 256] = {
        let mut table = [false; 256];
        let mut i = 0;
        while i < SIGNS.len() {
            table[SIGNS[i] as usize] = true;
            i += 1;
        }
        let mut byte = 128;
        while byte < 256 {
            table[byte] = true;
            byte += 1;
        }
        table
    };
    if OTHER_MARKS.contains(&code) {
        return None;
    }
    let bytes = stretch.trim_ascii_end().as_bytes();
    let mut ends_found: Vec<End> = Vec::with_capacity(4);
    let mut entries = usize::from(may_begin_entry(bytes));
    let (mut in_bracket, mut marks_in_bracket) = (false, false);
    // What closes the quotation that is open, and the first marks in it.
    let mut quotation: Option<(char, usize)> = None;
    let mut at = 0;
    while let Some(next) = bytes[at..].iter().position(|&byte| HAS_A_SAY[usize::from(byte)]) {
        at += next;
        let c = match bytes[at] {
            b'.' | b'!' | b'?' => {
                let end = at + bytes[at..].iter().take_while(|&&byte| ends(byte)).count();
                let behind = bytes[end..].iter().find(|&&byte| byte != b' ' && byte != b'\t');
                // Marks with blanks between them may be one, and a bracket behind them may hold a reference.
                if behind.is_some_and(|&byte| ends(byte) || byte == b'[') {
                    return None;
                }
                // In brackets that are closed they end nothing.
                if in_bracket {
                    marks_in_bracket = true;
                } else {
                    ends_found.push(End { run: at..end, closer: None });
                }
                at = end;
                continue;
            }
            byte if byte.is_ascii() => char::from(byte),
            _ => stretch[at..].chars().next()?,
        };
        let behind = at + c.len_utf8();
        match c {
            '\n' => {
                let below = &bytes[behind..];
                entries += usize::from(may_begin_entry(below));
                if below.iter().find(|&&byte| byte != b'\r') == Some(&b'\n') {
                    return None;
                }
            }
            '(' | '<' | '{' | '[' => in_bracket = true,
            ')' if !in_bracket || may_end_marker(&bytes[..at]) => return None,
            ')' | '>' | '}' | ']' => (in_bracket, marks_in_bracket) = (false, false),
            '"' | '“' | '”' if in_bracket => return None,
            // One in another makes the splitter doubt what belongs together.
            '"' | '”' if quotation.is_some_and(|(closes, _)| closes == c) => {
                let first = quotation.take().map_or(0, |(_, first)| first);
                ends_found[first..].iter_mut().for_each(|end| end.closer = Some(at..behind));
            }
            '"' if quotation.is_none() => quotation = Some(('"', ends_found.len())),
            '“' if quotation.is_none() => quotation = Some(('”', ends_found.len())),
            // Behind a letter they cannot open a quote, nor close one that is not opened.
            '\'' | '’' if stretch[..at].ends_with(char::is_alphanumeric) => {}
            '—' | '–' | '£' | '€' | '°' | '½' | '²' | '³' | '™' | '®' | '©' => {}
            c if c.is_alphabetic() && !c.is_ascii() => {}
            _ => return None,
        }
        at = behind;
    }
    // One entry makes no list.
    (entries < 2 && quotation.is_none() && !marks_in_bracket).then_some(ends_found)
}

/// Could a line that begins so be an entry of a list: `- `, `2. `, `b. `, `iv. `?
fn may_begin_entry(line: &[u8]) -> bool {
    let blanks = line.iter().take_while(|&&byte| byte == b' ' || byte == b'\t').count();
    let line = &line[blanks..];
    let word = line.iter().take_while(|byte| byte.is_ascii_alphanumeric()).count();
    matches!(line.first(), Some(b'*' | b'+' | b'-')) || word > 0 && line.get(word) == Some(&b'.')
}

/// Could a bracket behind this close the mark of an entry: `(2)`, `b)`, `iv.)`?
fn may_end_marker(before: &[u8]) -> bool {
    let before = before.strip_suffix(b".").unwrap_or(before);
    let length = before.iter().rev().take_while(|byte| byte.is_ascii_alphanumeric()).count();
    let word = &before[before.len() - length..];
    let is_numeral = |byte: &u8| b"ivxlcdm".contains(&byte.to_ascii_lowercase());
    word.len() < 2 || word.iter().all(u8::is_ascii_digit) || word.iter().all(is_numeral)
}

/// Where `piece`, a slice of `text`, begins in it.
fn place_of(piece: &str, text: &str) -> Option<usize> {
    let place = (piece.as_ptr() as usize).checked_sub(text.as_ptr() as usize)?;
    (place + piece.len() <= text.len()).then_some(place)
}

/// Where a quote ends that closes the sentence before and was taken for the beginning of this one.
fn closing_quote(piece: &str) -> Option<usize> {
    let quote = piece.chars().next().filter(|c| "\"”’»)".contains(*c))?;
    let rest = &piece[quote.len_utf8()..];
    (rest.is_empty() || rest.starts_with(char::is_whitespace)).then_some(quote.len_utf8())
}

/// Where the stretch from `from` ends: the text's end, or the last white space before the bound.
fn stretch_end(text: &str, from: usize) -> usize {
    if text.len() - from <= STRETCH_BYTES {
        return text.len();
    }
    let bound = text.floor_char_boundary(from + STRETCH_BYTES);
    match text[from..bound].rfind(char::is_whitespace) {
        Some(space) if space > STRETCH_BYTES / 2 => from + space,
        _ => bound,
    }
}

fn push_trimmed(text: &str, range: Range<usize>, out: &mut Vec<Range<usize>>) {
    let piece = &text[range.clone()];
    let start = range.start + (piece.len() - piece.trim_start().len());
    let end = range.start + piece.trim_end().len();
    if start < end {
        out.push(start..end);
    }
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
        fn what_is_one_is_not_cut(
            words in proptest::collection::vec("[A-Za-z]{1,7}|[0-9]{1,3}|[-(\"',;:$%/)*]|[a-c1-3][)]|  |\t", 0..12),
            end in "[.?!]{0,4} {0,2}",
            code in proptest::sample::select(vec!["en", "de", "fr", "es", "it", "ru", "ar", "zh", "ja", "hi", "el", "hy", "my", "tr", "nl", "pt", "sv", "da", "fi", "pl", "he", "fa", "ur", "bn", "th", "uk", "kk", "ka", "am"]),
        ) {
            let text = words.join(" ") + &end;
            if is_one(&text, code) {
                let cut: Vec<&str> =
                    sentencex::segment(code, &text).into_iter().map(str::trim).filter(|piece| !piece.is_empty()).collect();
                proptest::prop_assert!(cut.len() <= 1, "{:?}", cut);
            }
        }
    }

    /// Words, abbreviations, brackets, and now and then what the splitter looks back and forth for; and what follows.
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
        fn plain_ends_are_those_of_the_splitter(
            pieces in pieces(),
            code in sample::select(vec!["en", "de", "fr", "es", "it", "ru", "ar", "zh", "ja", "hi", "el", "hy", "my", "tr", "nl", "pt", "sv", "da", "fi", "pl", "he", "fa", "ur", "bn", "th", "uk", "kk", "ka", "am", "ca", "sk"]),
        ) {
            let text: String = pieces.iter().flat_map(|(word, gap)| [word.as_str(), gap]).collect();
            if let Some(ends) = plain_ends(&text, code) {
                let rules = sentencex::language_factory(code);
                let mut cuts: Vec<usize> = vec![0];
                for end in ends {
                    cuts.extend(end.of_sentence(&*rules, &text).filter(|end| cuts.last() < Some(end)));
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
