//! Words: maximal runs of letters and digits, with their place, their folded form and their key.
//!
//! A word is a run of alphanumeric characters, with the marks and joiners inside it. Characters of scripts that
//! write no spaces (Han, kana, Thai, Lao, Khmer, Burmese), and those of Korean, whose spaces do not part nouns from what
//! follows them, are a word each, so that any substring of such text is a
//! phrase of adjacent words. Everything else separates: `fox-it` is two words, and so is `20.04`.

use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;

use super::bytes::{char_at, count_runs};
use super::fold::{fold_into, is_ignorable, lower_into};
use super::language::Language;
use super::script::is_unspaced;

/// Of a longer run only so many bytes count; the rest is passed over (base64, a megabyte of one letter).
pub const MAX_WORD_BYTES: usize = 96;

/// One word of a text.
#[derive(Debug, PartialEq, Eq, Clone, Copy)]
pub struct Word<'a> {
    /// Byte offset of its first character.
    pub start: usize,
    /// Byte offset behind its last character.
    pub end: usize,
    /// Its ordinal in the text: 0, 1, 2.
    pub position: u32,
    /// Lower case, composed; accents kept.
    pub form: &'a str,
    /// Blind to case and accents.
    pub folded: &'a str,
    /// What it is of.
    letters: Letters,
}

/// How a word is written, beside its lower-case form.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Case {
    /// All small, or letters without case.
    Small,
    /// The first letter a capital.
    Title,
    /// All capitals, two at least.
    Capitals,
    /// Any other way: `McDonald`, `iPhone`. As written, composed.
    Mixed(String),
}

impl Word<'_> {
    /// How the word is written in `text`, the text it was cut from.
    #[must_use]
    #[inline]
    pub fn case(&self, text: &str) -> Case {
        // Nearly all words are of one or the other kind.
        if !self.letters.any(Letters::CAPITAL | Letters::WIDE) {
            return Case::Small;
        }
        let raw = &text[self.start..self.end];
        let [first, behind @ ..] = raw.as_bytes() else { return Case::Small };
        if self.is_plain() && first.is_ascii_uppercase() && !behind.iter().any(u8::is_ascii_uppercase) {
            return Case::Title;
        }
        self.other_case(raw)
    }

    /// Is it written in plain letters and digits, so that its text in small letters is both of its forms?
    #[must_use]
    #[inline]
    pub fn is_plain(&self) -> bool {
        !self.letters.any(Letters::WIDE)
    }

    /// Has `language` a stemmer that could change the word?
    #[must_use]
    #[inline]
    pub fn may_be_stemmed(&self, language: Language) -> bool {
        if !self.is_plain() || self.end - self.start > MAX_WORD_BYTES {
            return language.stems(self.form);
        }
        language.has_stemmer() && self.form.len() > 1 && self.letters.any(Letters::SMALL | Letters::CAPITAL)
    }

    fn other_case(&self, raw: &str) -> Case {
        let raw = &raw[..raw.floor_char_boundary(MAX_WORD_BYTES)];
        if raw.is_ascii() {
            let capitals = raw.bytes().filter(u8::is_ascii_uppercase).count();
            let small = raw.bytes().any(|byte| byte.is_ascii_lowercase());
            let first = raw.bytes().next().is_some_and(|byte| byte.is_ascii_uppercase());
            return match capitals {
                0 => Case::Small,
                1 if first => Case::Title,
                _ if !small => Case::Capitals,
                _ => Case::Mixed(raw.to_string()),
            };
        }
        let raw: String = raw.nfc().filter(|&c| !is_ignorable(c)).collect();
        if raw == self.form {
            return Case::Small;
        }
        let mut form = self.form.chars();
        let title: String = form.next().into_iter().flat_map(char::to_uppercase).chain(form).collect();
        if raw == title {
            Case::Title
        } else if raw.chars().filter(|c| c.is_uppercase()).count() > 1 && !raw.contains(char::is_lowercase) {
            Case::Capitals
        } else {
            Case::Mixed(raw)
        }
    }
}

/// What characters a word is of, as bits.
#[derive(Debug, PartialEq, Eq, Clone, Copy)]
struct Letters(u8);

impl Letters {
    const SMALL: u8 = 1;
    const CAPITAL: u8 = 2;
    const DIGIT: u8 = 4;
    /// Beyond ASCII.
    const WIDE: u8 = 8;

    #[inline]
    fn any(self, kinds: u8) -> bool {
        self.0 & kinds != 0
    }
}

/// Of which kind each byte is; 0 of those that are in no word.
static LETTERS: [u8; 256] = {
    let mut letters = [0; 256];
    let mut byte: u8 = 0;
    loop {
        letters[byte as usize] = match byte {
            b'a'..=b'z' => Letters::SMALL,
            b'A'..=b'Z' => Letters::CAPITAL,
            b'0'..=b'9' => Letters::DIGIT,
            128.. => Letters::WIDE,
            _ => 0,
        };
        if byte == u8::MAX {
            break letters;
        }
        byte += 1;
    }
};

/// Cuts a text into words; lends each one from buffers that are used again.
pub struct Words<'t> {
    text: &'t str,
    /// The text with ASCII's letters small, made for the first word: what plain words are lent from.
    small: String,
    at: usize,
    position: u32,
    form: String,
    folded: String,
}

/// Where a word stands.
struct Place {
    start: usize,
    end: usize,
    letters: Letters,
}

impl<'t> Words<'t> {
    /// The words of `text`, from its start.
    #[must_use]
    pub fn new(text: &'t str) -> Self {
        Words { text, small: String::new(), at: 0, position: 0, form: String::new(), folded: String::new() }
    }

    /// The next word, or `None` behind the last.
    #[expect(clippy::should_implement_trait, reason = "it lends from itself, which Iterator cannot")]
    #[inline(always)]
    pub fn next(&mut self) -> Option<Word<'_>> {
        let Place { start, end, letters } = self.next_place()?;
        let position = self.position;
        self.position += 1;
        if !letters.any(Letters::WIDE) {
            if self.small.is_empty() {
                self.small = self.text.to_ascii_lowercase();
            }
            let form = &self.small[start..end.min(start + MAX_WORD_BYTES)];
            return Some(Word { start, end, position, form, folded: form, letters });
        }
        Some(self.wide_word(Place { start, end, letters }, position))
    }

    /// A word that is not of ASCII alone.
    #[inline(never)]
    fn wide_word(&mut self, Place { start, end, letters }: Place, position: u32) -> Word<'_> {
        let word = &self.text[start..end];
        let word = &word[..word.floor_char_boundary(MAX_WORD_BYTES)];
        self.form.clear();
        lower_into(word, &mut self.form);
        self.folded.clear();
        fold_into(word, &mut self.folded);
        if self.folded.is_empty() {
            self.folded.push_str(&self.form);
        }
        Word { start, end, position, form: &self.form, folded: &self.folded, letters }
    }

    /// The text with ASCII's letters small, of which plain words are stretches; nothing if none has come.
    #[must_use]
    pub fn into_small(self) -> String {
        self.small
    }

    /// Counts the words that are left.
    #[must_use]
    pub fn count(mut self) -> usize {
        let rest = &self.text.as_bytes()[self.at..];
        if rest.is_ascii() {
            return count_runs(rest, |byte| byte.is_ascii_alphanumeric());
        }
        let mut count = 0;
        while self.next_place().is_some() {
            count += 1;
        }
        count
    }

    /// Where the next word stands.
    #[inline(always)]
    fn next_place(&mut self) -> Option<Place> {
        let bytes = self.text.as_bytes();
        let start = self.at + bytes[self.at..].iter().position(|&byte| LETTERS[usize::from(byte)] != 0)?;
        let mut end = start;
        let mut letters = 0;
        while let Some(&byte) = bytes.get(end) {
            match LETTERS[usize::from(byte)] {
                0 => break,
                Letters::WIDE => return self.next_wide_place(start),
                kind => letters |= kind,
            }
            end += 1;
        }
        self.at = end;
        Some(Place { start, end, letters: Letters(letters) })
    }

    /// Where the next word stands, at `at` or behind it, of any characters.
    #[inline(never)]
    fn next_wide_place(&mut self, mut at: usize) -> Option<Place> {
        let bytes = self.text.as_bytes();
        // The first character of a word.
        let start = loop {
            at += bytes[at..].iter().position(|&byte| LETTERS[usize::from(byte)] != 0)?;
            if bytes[at].is_ascii() {
                break at;
            }
            let c = char_at(self.text, at);
            if c.is_alphanumeric() {
                break at;
            }
            at += c.len_utf8();
        };
        let mut end = start;
        let mut letters = 0;
        let mut single = false;
        while let Some(&byte) = bytes.get(end) {
            match LETTERS[usize::from(byte)] {
                Letters::WIDE => {}
                0 => break,
                _ if single => break,
                kind => {
                    letters |= kind;
                    end += 1;
                    continue;
                }
            }
            let c = char_at(self.text, end);
            let inside = if is_combining_mark(c) || is_ignorable(c) || is_narrow_voicing(c) {
                true
            } else if !c.is_alphanumeric() || single {
                false
            } else if is_unspaced(c) {
                // A word of its own: it ends the run before it.
                single = true;
                end == start
            } else {
                true
            };
            if !inside {
                break;
            }
            letters |= Letters::WIDE;
            end += c.len_utf8();
        }
        self.at = end;
        Some(Place { start, end, letters: Letters(letters) })
    }
}

/// The voicing marks of half-width kana, letters of their own to Unicode: `ｶﾞ` is one character of wide kana, `ガ`.
fn is_narrow_voicing(c: char) -> bool {
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
    fn cutting_table() {
        for (text, expected) in [
            ("Fox-it, 20.04!", vec!["fox", "it", "20", "04"]),
            ("don’t R&D", vec!["don", "t", "r", "d"]),
            ("日本語 text", vec!["日", "本", "語", "text"]),
            ("AI日本", vec!["ai", "日", "本"]),
            ("日AI", vec!["日", "ai"]),
            ("ﾌｪﾘｰがｶﾞｽ", vec!["フ", "ェ", "リ", "ー", "が", "ガ", "ス"]),
            ("e\u{301}tude", vec!["etude"]),
            ("\u{301} \u{0}", vec![]),
            ("हिन्दी है", vec!["हिन्दी", "है"]),
            ("", vec![]),
        ] {
            assert_eq!(folded(text), expected, "{text}");
        }
    }

    #[test]
    fn offsets_cover_the_word_as_written() {
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
            ("strike", Case::Small),
            ("Strike", Case::Title),
            ("I", Case::Title),
            ("RICO", Case::Capitals),
            ("A4", Case::Title),
            ("NATO3", Case::Capitals),
            ("1987", Case::Small),
            ("McDonald", Case::Mixed("McDonald".into())),
            ("iPhone", Case::Mixed("iPhone".into())),
            ("Élysée", Case::Title),
            ("E\u{301}lysée", Case::Title),
            ("ÉLYSÉE", Case::Capitals),
            ("élysée", Case::Small),
            ("ÉlysÉe", Case::Mixed("ÉlysÉe".into())),
            ("港", Case::Small),
            ("Москва", Case::Title),
        ] {
            let case = Words::new(text).next().map(|word| word.case(text));
            assert_eq!(case, Some(expected), "{text}");
        }
    }

    #[test]
    fn long_runs_are_one_bounded_word() {
        let text = "a".repeat(10_000);
        let mut words = Words::new(&text);
        let word = words.next().map(|w| (w.end, w.folded.len()));
        assert_eq!(word, Some((10_000, MAX_WORD_BYTES)));
        assert!(words.next().is_none());
    }

    proptest::proptest! {
        #[test]
        fn words_are_counted(text in "[a-c0 .,'\t\n_é港]{0,12}", times in 1usize..200) {
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
        fn stemmers_are_asked_for_the_same_words(text in "[a-cA-C0-9éЖ港\u{301} ]{0,12}", code in "en|ja|") {
            let language = Language::from_code(&code);
            let mut words = Words::new(&text);
            while let Some(word) = words.next() {
                proptest::prop_assert_eq!(word.may_be_stemmed(language), language.stems(word.form), "{:?}", word);
                proptest::prop_assert_eq!(word.case(&text), word.other_case(&text[word.start..word.end]));
            }
        }
    }
}
