//! Sentences of a paragraph, as byte ranges.

use std::borrow::Cow;
use std::ops::Range;

use super::Language;

/// Longest stretch handed to the sentence splitter at once; its rules look back and forth over what they get.
const STRETCH_BYTES: usize = 20_000;

/// Byte ranges of the sentences of `text`, in order, without the white space around them.
#[must_use]
pub fn sentences(text: &str, language: Language) -> Vec<Range<usize>> {
    let code = language.known_code().unwrap_or("en");
    let mut rules = None;
    let mut out = Vec::new();
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
        if let Some(runs) = plain_ends(stretch, code) {
            let rules = rules.get_or_insert_with(|| sentencex::language_factory(code));
            let mut start = 0;
            for run in runs {
                let end = rules.find_boundary(stretch, run.start, run.end).unwrap_or_default();
                if end > start {
                    push_trimmed(text, from + start..from + end, &mut out);
                    start = end;
                }
            }
            push_trimmed(text, from + start..to, &mut out);
            from = to;
            continue;
        }
        let mut at = from;
        for piece in sentencex::segment(code, stretch) {
            // The pieces are slices of the stretch, in order.
            let Some(start) = place_of(piece, stretch).map(|place| from + place).filter(|&start| start >= at) else {
                continue;
            };
            at = start + piece.len();
            let glued = out.last().is_some_and(|last: &Range<usize>| last.end == start);
            let closed = closing_quote(&text[start..at]).filter(|_| glued);
            if let (Some(closed), Some(last)) = (closed, out.last_mut()) {
                last.end = start + closed;
            }
            push_trimmed(text, start + closed.unwrap_or(0)..at, &mut out);
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
    let last = bytes.iter().position(|&byte| ends(byte)).unwrap_or(bytes.len());
    // A bracket may close the mark of a list's entry.
    let is_plain = stretch.is_ascii() && !bytes.iter().any(|byte| b"\n)".contains(byte));
    is_plain && bytes[last..].iter().all(|&byte| ends(byte)) && !OTHER_MARKS.contains(&code)
}

/// The marks that may end sentences, one run of them each, where nothing but the words beside each decides: no quotes,
/// lists or addresses, and no marks in brackets, for which the splitter looks back and forth. `None` if it must. Of the
/// paragraphs of news that are several sentences, more than half are so plain.
fn plain_ends(stretch: &str, code: &str) -> Option<Vec<Range<usize>>> {
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
    let bytes = stretch.as_bytes();
    let mut runs: Vec<Range<usize>> = Vec::new();
    let mut entries = usize::from(may_begin_entry(bytes));
    let mut in_bracket = false;
    let mut at = 0;
    while let Some(next) = bytes[at..].iter().position(|&byte| HAS_A_SAY[usize::from(byte)]) {
        at += next;
        match bytes[at] {
            b'.' | b'!' | b'?' => {
                let end = at + bytes[at..].iter().take_while(|&&byte| ends(byte)).count();
                let behind = bytes[end..].iter().find(|&&byte| byte != b' ' && byte != b'\t');
                // Marks with blanks between them may be one.
                if in_bracket || behind.is_some_and(|&byte| ends(byte)) {
                    return None;
                }
                runs.push(at..end);
                at = end;
                continue;
            }
            b'\n' => {
                let below = &bytes[at + 1..];
                entries += usize::from(may_begin_entry(below));
                if below.iter().find(|&&byte| byte != b'\r') == Some(&b'\n') {
                    return None;
                }
            }
            b'(' | b'<' | b'{' => in_bracket = true,
            b')' if !in_bracket || may_end_marker(&bytes[..at]) => return None,
            b')' | b'>' | b'}' => in_bracket = false,
            // Behind a letter it cannot open a quote.
            b'\'' if stretch[..at].ends_with(char::is_alphanumeric) => {}
            byte if byte.is_ascii() => return None,
            _ => {
                let letter = stretch[at..].chars().next().filter(|c| c.is_alphabetic())?;
                at += letter.len_utf8();
                continue;
            }
        }
        at += 1;
    }
    // One entry makes no list.
    (entries < 2).then_some(runs)
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
            2 => "\\([A-Za-z0-9 ]{1,9}\\)|<[A-Z]{1,4}>|\\{[a-z] \\(?[a-z]\\}|\n[A-Za-z]{1,5}|\n[-*0-9a-z]{1,2}\\.?|\t",
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
            if let Some(runs) = plain_ends(&text, code) {
                let rules = sentencex::language_factory(code);
                let mut cuts: Vec<usize> = vec![0];
                for run in runs {
                    cuts.extend(rules.find_boundary(&text, run.start, run.end).filter(|end| cuts.last() < Some(end)));
                }
                cuts.push(text.len());
                cuts.dedup();
                let ours: Vec<&str> = cuts.windows(2).map(|pair| &text[pair[0]..pair[1]]).collect();
                prop_assert_eq!(ours, sentencex::segment(code, &text));
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
