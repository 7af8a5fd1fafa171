//! The tokenizer: words with their offsets, their position and their forms.
//!
//! A word is a maximal run of alphanumeric characters, with the combining marks and joiners inside it. Each character of a
//! script without spaces between words (Han, kana, Thai, Lao, Khmer, Burmese) is a word, so that any substring of such
//! text is a phrase of adjacent words; so is each of Korean, which writes particles without a space after nouns. All other
//! characters separate words: `fox-it` is two, and so is `20.04`. Letters that are written for apostrophes separate words
//! as apostrophes do. A sign for "number" is a word, also where the number follows it directly: `nº123`, `№ 123`.

use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;

use super::bytes::{char_at, count_runs};
use super::fold::{fold_into, is_ignorable, lower_into};
use super::language::Language;
use super::script::{ascii_digit, continues_syllable, is_apostrophe_letter, is_unspaced};

/// Longest form of a word, in bytes: the rest of a longer run is dropped (base64, a megabyte of one letter).
pub(crate) const MAX_WORD_BYTES: usize = 96;

/// One word of a text.
#[derive(Debug, PartialEq, Eq, Clone, Copy)]
pub struct Word<'a> {
    /// Byte offset of its first character.
    pub start: usize,
    /// Byte offset after its last character.
    pub end: usize,
    /// Its position in the text: 0, 1, 2.
    pub position: u32,
    /// Lower-cased and composed (NFC), with accents.
    pub form: &'a str,
    /// Lower-cased and without accents.
    pub folded: &'a str,
    /// The kinds of its characters.
    kinds: CharKinds,
}

/// The case in which a word is written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Case {
    /// All lower case, or without case.
    Lower,
    /// Only the first letter upper case.
    Title,
    /// All upper case, at least two letters.
    Upper,
    /// Any other: `McDonald`, `iPhone`. Holds the word as written, composed.
    Mixed(String),
}

impl Word<'_> {
    /// The case of the word in `text`, the text it was taken from.
    #[must_use]
    #[inline]
    pub fn case(&self, text: &str) -> Case {
        // The two shortcuts decide nearly all words.
        if !self.kinds.any(CharKinds::UPPER | CharKinds::NON_ASCII) {
            return Case::Lower;
        }
        let raw = &text[self.start..self.end];
        let [first, rest @ ..] = raw.as_bytes() else { return Case::Lower };
        if self.is_ascii() && first.is_ascii_uppercase() && !rest.iter().any(u8::is_ascii_uppercase) {
            return Case::Title;
        }
        self.case_of(raw)
    }

    /// Is it of ASCII letters and digits only, so that both of its forms are its lower-cased text?
    #[must_use]
    #[inline]
    pub fn is_ascii(&self) -> bool {
        !self.kinds.any(CharKinds::NON_ASCII)
    }

    /// Could a stemmer of `language` change the word?
    #[must_use]
    #[inline]
    pub fn may_be_stemmed(&self, language: Language) -> bool {
        if !self.is_ascii() || self.end - self.start > MAX_WORD_BYTES {
            return language.stems(self.form);
        }
        language.has_stemmer() && self.form.len() > 1 && self.kinds.any(CharKinds::LOWER | CharKinds::UPPER)
    }

    /// The case of `raw`, the word as written, without the shortcuts of [`Word::case`].
    fn case_of(&self, raw: &str) -> Case {
        let raw = &raw[..raw.floor_char_boundary(MAX_WORD_BYTES)];
        if raw.is_ascii() {
            let num_upper = raw.bytes().filter(u8::is_ascii_uppercase).count();
            let has_lower = raw.bytes().any(|byte| byte.is_ascii_lowercase());
            let begins_upper = raw.bytes().next().is_some_and(|byte| byte.is_ascii_uppercase());
            return match num_upper {
                0 => Case::Lower,
                1 if begins_upper => Case::Title,
                _ if !has_lower => Case::Upper,
                _ => Case::Mixed(raw.to_string()),
            };
        }
        let raw: String = raw.nfc().filter(|&c| !is_ignorable(c)).collect();
        if raw == self.form {
            return Case::Lower;
        }
        let mut form = self.form.chars();
        let title: String = form.next().into_iter().flat_map(char::to_uppercase).chain(form).collect();
        if raw == title {
            Case::Title
        } else if raw.chars().filter(|c| c.is_uppercase()).count() > 1 && !raw.contains(char::is_lowercase) {
            Case::Upper
        } else {
            Case::Mixed(raw)
        }
    }
}

/// The kinds of characters that a word contains, as bits.
#[derive(Debug, PartialEq, Eq, Clone, Copy)]
struct CharKinds(u8);

impl CharKinds {
    const LOWER: u8 = 1;
    const UPPER: u8 = 2;
    const DIGIT: u8 = 4;
    const NON_ASCII: u8 = 8;

    #[inline]
    fn any(self, kinds: u8) -> bool {
        self.0 & kinds != 0
    }
}

/// The kind of each byte; 0 for separators.
static BYTE_KINDS: [u8; 256] = {
    let mut kinds = [0; 256];
    let mut byte: u8 = 0;
    loop {
        kinds[byte as usize] = match byte {
            b'a'..=b'z' => CharKinds::LOWER,
            b'A'..=b'Z' => CharKinds::UPPER,
            b'0'..=b'9' => CharKinds::DIGIT,
            128.. => CharKinds::NON_ASCII,
            _ => 0,
        };
        if byte == u8::MAX {
            break kinds;
        }
        byte += 1;
    }
};

/// Iterates over the words of a text. Each word borrows from buffers that are reused for the next.
pub struct Words<'t> {
    text: &'t str,
    /// The text with ASCII letters lower-cased, from which ASCII words are borrowed. Made at the first of them.
    lowercase: String,
    at: usize,
    position: u32,
    form: String,
    folded: String,
}

/// Byte range and kinds of characters of a word.
struct WordSpan {
    start: usize,
    end: usize,
    kinds: CharKinds,
}

impl<'t> Words<'t> {
    /// The words of `text`.
    #[must_use]
    pub fn new(text: &'t str) -> Self {
        Words { text, lowercase: String::new(), at: 0, position: 0, form: String::new(), folded: String::new() }
    }

    /// The next word, or `None` after the last.
    #[expect(
        clippy::should_implement_trait,
        reason = "a word borrows from the iterator, which Iterator does not allow"
    )]
    #[inline(always)]
    pub fn next(&mut self) -> Option<Word<'_>> {
        let WordSpan { start, end, kinds } = self.next_span()?;
        let position = self.position;
        self.position += 1;
        if !kinds.any(CharKinds::NON_ASCII) {
            if self.lowercase.is_empty() {
                self.lowercase = self.text.to_ascii_lowercase();
            }
            let form = &self.lowercase[start..end.min(start + MAX_WORD_BYTES)];
            return Some(Word { start, end, position, form, folded: form, kinds });
        }
        Some(self.non_ascii_word(WordSpan { start, end, kinds }, position))
    }

    #[inline(never)]
    fn non_ascii_word(&mut self, WordSpan { start, end, kinds }: WordSpan, position: u32) -> Word<'_> {
        let word = &self.text[start..end];
        let word = &word[..word.floor_char_boundary(MAX_WORD_BYTES)];
        self.form.clear();
        lower_into(word, &mut self.form);
        self.folded.clear();
        fold_into(word, &mut self.folded);
        if self.folded.is_empty() {
            self.folded.push_str(&self.form);
        } else if self.folded == "n°" {
            // People type the degree sign for the ordinal one.
            self.folded.truncate(1);
            self.folded.push('o');
        }
        Word { start, end, position, form: &self.form, folded: &self.folded, kinds }
    }

    /// The text with ASCII letters lower-cased, in which the forms of ASCII words are at the words' own offsets; empty if no
    /// such word was returned.
    #[must_use]
    pub fn into_lowercase(self) -> String {
        self.lowercase
    }

    /// Number of the remaining words.
    #[must_use]
    pub fn count(mut self) -> usize {
        let rest = &self.text.as_bytes()[self.at..];
        if rest.is_ascii() {
            return count_runs(rest, |byte| byte.is_ascii_alphanumeric());
        }
        let mut count = 0;
        while self.next_span().is_some() {
            count += 1;
        }
        count
    }

    /// The span of the next word.
    #[inline(always)]
    fn next_span(&mut self) -> Option<WordSpan> {
        let bytes = self.text.as_bytes();
        let start = self.at + bytes[self.at..].iter().position(|&byte| BYTE_KINDS[usize::from(byte)] != 0)?;
        let mut end = start;
        let mut kinds = 0;
        while let Some(&byte) = bytes.get(end) {
            match BYTE_KINDS[usize::from(byte)] {
                0 => break,
                CharKinds::NON_ASCII => return self.next_non_ascii_span(start),
                kind => kinds |= kind,
            }
            end += 1;
        }
        self.at = end;
        Some(WordSpan { start, end, kinds: CharKinds(kinds) })
    }

    /// The span of the next word from `at`, of any characters.
    #[inline(never)]
    fn next_non_ascii_span(&mut self, mut at: usize) -> Option<WordSpan> {
        let bytes = self.text.as_bytes();
        // The first character of a word.
        let start = loop {
            at += bytes[at..].iter().position(|&byte| BYTE_KINDS[usize::from(byte)] != 0)?;
            if bytes[at].is_ascii() {
                break at;
            }
            let c = char_at(self.text, at);
            if is_letter_or_digit(c) {
                break at;
            }
            at += c.len_utf8();
        };
        let mut end = start;
        let mut kinds = 0;
        // A sign such as `nº` is a word: a digit is the number after it.
        let mut is_number_sign = false;
        // A character of a script without spaces is a word: only marks may follow it.
        let mut is_unspaced_word = false;
        while let Some(&byte) = bytes.get(end) {
            match BYTE_KINDS[usize::from(byte)] {
                CharKinds::NON_ASCII => {}
                0 => break,
                _ if is_unspaced_word => break,
                CharKinds::DIGIT if is_number_sign => break,
                kind => {
                    is_number_sign = false;
                    kinds |= kind;
                    end += 1;
                    continue;
                }
            }
            let c = char_at(self.text, end);
            let is_inside = if is_combining_mark(c) || is_ignorable(c) || is_halfwidth_voicing(c) {
                true
            } else if is_unspaced_word {
                continues_syllable(c)
            } else if c == '°' {
                is_number_abbreviation(&self.text[start..end])
            } else if !is_letter_or_digit(c) || is_number_sign && ascii_digit(c).is_some() {
                false
            } else if is_unspaced(c) || c == NUMERO {
                // It ends the run before it.
                is_unspaced_word = true;
                end == start
            } else {
                true
            };
            if !is_inside {
                break;
            }
            is_number_sign = matches!(c, 'º' | '°') && is_number_abbreviation(&self.text[start..end]);
            kinds |= CharKinds::NON_ASCII;
            end += c.len_utf8();
        }
        self.at = end;
        Some(WordSpan { start, end, kinds: CharKinds(kinds) })
    }
}

/// The sign for "number".
const NUMERO: char = '№';

/// Is a character beyond ASCII part of words? Marks and what has no width are only inside them.
fn is_letter_or_digit(c: char) -> bool {
    c.is_alphanumeric() && !is_apostrophe_letter(c) || c == NUMERO
}

/// Is it the letter that stands for "number" before a raised o?
fn is_number_abbreviation(word: &str) -> bool {
    matches!(word, "n" | "N")
}

/// Is it a voicing mark of halfwidth kana? Unicode calls these letters, but `ｶﾞ` is one character of other kana, `ガ`.
fn is_halfwidth_voicing(c: char) -> bool {
    matches!(c, '\u{ff9e}' | '\u{ff9f}')
}

#[cfg(test)]
mod tests {
    use super::*;

    fn folded(text: &str) -> Vec<String> {
        let mut words = Words::new(text);
        let mut out = vec![];
        while let Some(word) = words.next() {
            out.push(word.folded.to_string());
        }
        out
    }

    #[test]
    fn tokenization_table() {
        for (text, expected) in [
            ("Fox-it, 20.04!", vec!["fox", "it", "20", "04"]),
            ("don’t R&D", vec!["don", "t", "r", "d"]),
            ("日本語 text", vec!["日", "本", "語", "text"]),
            ("AI日本", vec!["ai", "日", "本"]),
            ("日AI", vec!["日", "ai"]),
            ("ﾌｪﾘｰがｶﾞｽ", vec!["フ", "ェ", "リ", "ー", "が", "ガ", "ス"]),
            ("e\u{301}tude", vec!["etude"]),
            ("\u{301} \u{0}", vec![]),
            ("हिन्दी है", vec!["हिंदी", "है"]),
            // Decomposed Korean, whole and in part; Korean beside Latin.
            ("\u{1112}\u{1161}\u{11ab}\u{1100}\u{116e}\u{11a8}", vec!["한", "국"]),
            ("\u{d558}\u{11ab}국 KBS\u{1100}\u{1161}", vec!["한", "국", "kbs", "가"]),
            // Digits of any script are one word, also where the script's letters are words each.
            ("ปี๒๕๖๖", vec!["ป\u{e35}", "2566"]),
            ("عام ٢٠٢٣", vec!["عام", "2023"]),
            ("၂၀၂၃", vec!["2023"]),
            // Apostrophes of all kinds.
            ("п'ять п’ять пʼять", vec!["п", "ять", "п", "ять", "п", "ять"]),
            ("Hawaiʻi Hawai'i ʿAlī kꞌux Gogolʹ", vec!["hawai", "i", "hawai", "i", "ali", "k", "ux", "gogol"]),
            // Without width.
            ("stri\u{200b}ke oil\u{200d} \u{feff}the \u{2066}of\u{2069}", vec!["strike", "oil", "the", "of"]),
            ("می\u{200c}خواهم", vec!["میخواهم"]),
            (
                "nº123 Nº 4 n°5 №6 № 7 1º 20°C",
                vec!["no", "123", "no", "4", "no", "5", "no", "6", "no", "7", "1o", "20", "c"],
            ),
            ("№٣ nº٤٥", vec!["no", "3", "no", "45"]),
            ("", vec![]),
        ] {
            assert_eq!(folded(text), expected, "{text}");
        }
    }

    #[test]
    fn offsets_are_those_of_the_word_as_written() {
        let text = "“Élysée” — naïve";
        let mut words = Words::new(text);
        let first = words.next().map(|w| (w.start, w.end, w.position));
        assert_eq!(first.map(|(s, e, _)| &text[s..e]), Some("Élysée"));
        let second = words.next().map(|w| (w.start, w.end, w.position));
        assert_eq!(second.map(|(s, e, p)| (&text[s..e], p)), Some(("naïve", 1)));
    }

    #[test]
    fn case_table() {
        for (text, expected) in [
            ("strike", Case::Lower),
            ("Strike", Case::Title),
            ("I", Case::Title),
            ("RICO", Case::Upper),
            ("A4", Case::Title),
            ("NATO3", Case::Upper),
            ("1987", Case::Lower),
            ("McDonald", Case::Mixed("McDonald".into())),
            ("iPhone", Case::Mixed("iPhone".into())),
            ("Élysée", Case::Title),
            ("E\u{301}lysée", Case::Title),
            ("ÉLYSÉE", Case::Upper),
            ("élysée", Case::Lower),
            ("ÉlysÉe", Case::Mixed("ÉlysÉe".into())),
            ("港", Case::Lower),
            ("Москва", Case::Title),
        ] {
            let case = Words::new(text).next().map(|word| word.case(text));
            assert_eq!(case, Some(expected), "{text}");
        }
    }

    #[test]
    fn a_long_run_is_one_bounded_word() {
        let text = "a".repeat(10_000);
        let mut words = Words::new(&text);
        let word = words.next().map(|w| (w.end, w.folded.len()));
        assert_eq!(word, Some((10_000, MAX_WORD_BYTES)));
        assert!(words.next().is_none());
    }

    proptest::proptest! {
        #[test]
        fn count_agrees_with_the_iterator(text in "[a-c0 .,'\t\n_é港]{0,12}", times in 1usize..200) {
            let text = text.repeat(times);
            let mut words = Words::new(&text);
            let mut count = 0;
            while words.next().is_some() {
                count += 1;
            }
            proptest::prop_assert_eq!(Words::new(&text).count(), count);
        }
    }

    proptest::proptest! {
        #[test]
        fn shortcuts_change_nothing(text in "[a-cA-C0-9éЖ港\u{301} ]{0,12}", code in "en|ja|") {
            let language = Language::from_code(&code);
            let mut words = Words::new(&text);
            while let Some(word) = words.next() {
                proptest::prop_assert_eq!(word.may_be_stemmed(language), language.stems(word.form), "{:?}", word);
                proptest::prop_assert_eq!(word.case(&text), word.case_of(&text[word.start..word.end]));
            }
        }
    }
}
