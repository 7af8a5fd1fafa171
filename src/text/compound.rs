//! Compounds: words that one house writes with points, hyphens or commas inside, and another without: `U.S.` and `US`,
//! `e-mail` and `email`, `1,000` and `1000`. The tokenizer cuts them into their parts; here the parts are joined, so that
//! either is found by the other.
//!
//! Joined are initials with points, also with spaces between them, groups of three digits, parts with one hyphen, or an
//! apostrophe inside a name, between them, and parts of a word that is broken at the end of a line. Numbers with a hyphen
//! between them are not: they are ranges, dates and telephone numbers.
//!
//! Whether the hyphen at the end of a line is the word's own cannot be told, and need not be: `well-` and `known` are found
//! side by side, as `well-known` is, and joined.

use smallvec::SmallVec;
use unicode_normalization::UnicodeNormalization;

use super::Words;
use super::script::{ascii_digit, is_apostrophe_letter, is_unspaced};
use super::word::MAX_WORD_BYTES;

/// Parts of one chain that are examined together; a longer chain (a slug, a table) is examined in pieces.
pub(crate) const MAX_CHAIN: usize = 16;

/// Parts of the longest compound with hyphens that is joined as a whole, beside its pairs of parts.
const MAX_HYPHENATED: usize = 3;

/// Bytes of the longest compound that is joined: longer ones are written one way only.
const MAX_BYTES: usize = 40;

/// Bytes of the longest word that is joined after it was broken: of the longest word at all.
const MAX_BROKEN_BYTES: usize = MAX_WORD_BYTES;

/// Several words of a text that are one word to other writers.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Compound {
    /// Position of its first word.
    pub first: u32,
    /// Number of its words.
    pub words: u32,
    /// The words as written, joined.
    pub joined: String,
    /// Number of bytes of `joined` that are a word or compound by themselves, at the same position.
    pub covered: usize,
    /// Is it of letters, so that it has other forms in its language?
    pub is_inflected: bool,
}

/// What is between two words.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Joiner {
    Point,
    Comma,
    Hyphen,
    Apostrophe,
    /// A letter that is written for an apostrophe.
    ApostropheLetter,
    /// A space at which no line breaks, or a thin one.
    NarrowSpace,
    /// The end of a line in the middle of a word.
    LineBreak,
}

/// Signs of a word that is broken at the end of a line, which may be a part of the word as well.
const HYPHENS: &[char] = &['-', '‐', '‑', '－', '﹣', '֊'];

/// Signs that have no other use than to break words, at least before white space: the sign that OCR writes for a hyphen at
/// the end of a line, the soft hyphen, the double hyphens of old prints.
const BREAKS: &[char] = &['¬', SOFT_HYPHEN, '⸗', '⹀'];

const SOFT_HYPHEN: char = '\u{ad}';

impl Joiner {
    fn of(gap: &str) -> Option<Joiner> {
        let mut chars = gap.chars();
        let (Some(c), None) = (chars.next(), chars.next()) else { return None };
        Some(match c {
            '.' | '．' => Joiner::Point,
            ',' | '٬' | '，' => Joiner::Comma,
            c if is_hyphen(c) => Joiner::Hyphen,
            '\'' | '’' => Joiner::Apostrophe,
            c if is_narrow_space(c) => Joiner::NarrowSpace,
            c if is_apostrophe_letter(c) => Joiner::ApostropheLetter,
            _ => return None,
        })
    }

    /// What is between the words `before` and `after`, which have `gap` between them.
    fn between(before: &str, gap: &str, after: &str) -> Option<Joiner> {
        Joiner::of(gap).or_else(|| breaks_word(before, gap, after).then_some(Joiner::LineBreak))
    }

    /// Can it separate groups of digits?
    fn separates_digits(self) -> bool {
        matches!(self, Joiner::Point | Joiner::Comma | Joiner::Apostrophe | Joiner::NarrowSpace)
    }
}

/// Is `gap` the end of a line, or of a page, in the middle of a word of which `before` and `after` are parts?
fn breaks_word(before: &str, gap: &str, after: &str) -> bool {
    let signs = |c: char| HYPHENS.contains(&c) || BREAKS.contains(&c);
    let is_lower = |c: Option<char>| c.is_some_and(char::is_lowercase);
    let mut rest = gap.chars();
    // A soft hyphen at the end of a word is a part of it, as it is inside.
    let sign = if before.ends_with(SOFT_HYPHEN) { Some(SOFT_HYPHEN) } else { rest.next() };
    let Some(sign) = sign else { return false };
    // Fraktur has a double hyphen that OCR reads as an equals sign.
    let is_equals = sign == '=' && is_lower(before.chars().next_back()) && is_lower(after.chars().next());
    if !signs(sign) && !is_equals {
        return false;
    }
    // In some languages, and in old prints, the next line repeats the sign.
    let spaces = rest.as_str().trim_end_matches(sign);
    let is_repeated_once = rest.as_str().len() <= spaces.len() + sign.len_utf8();
    if spaces.is_empty() || !spaces.chars().all(char::is_whitespace) || !is_repeated_once {
        return false;
    }
    match line_breaks(spaces) {
        1 => true,
        // Programs that join lines leave the hyphen and a space.
        0 if sign == '=' => false,
        0 => BREAKS.contains(&sign) || is_lower(after.chars().next()),
        // The end of a page, or of a column.
        _ => is_lower(after.chars().next()),
    }
}

/// Number of line breaks in white space.
fn line_breaks(spaces: &str) -> usize {
    let count = |sign: char| spaces.matches(sign).count();
    count('\n').max(count('\r')) + count('\u{c}') + count('\u{b}') + count('\u{2028}')
}

/// May the words on both sides of `gap` be one? Nearly all have a space between them, or more than a sign, and that is seen
/// in a few bytes.
#[inline]
fn may_be_joined(before: &[u8], gap: &[u8]) -> bool {
    /// Longest initial.
    const MAX_CHAR_BYTES: usize = 4;
    match gap {
        // A soft hyphen belongs to the word before.
        [b' ' | b'\n' | b'\r' | b'\t', ..] => before.ends_with("\u{ad}".as_bytes()),
        [] | [b'-' | b'=', ..] => true,
        [b'.', _, ..] => before.len() <= MAX_CHAR_BYTES,
        [first] => matches!(first, b'.' | b',' | b'\''),
        [first, ..] => !first.is_ascii(),
    }
}

/// Is it an apostrophe and the end of a possessive or contraction of English? Most apostrophes are before one, and no name
/// has it; see [`CLITICS`].
#[inline]
fn is_contraction(gap: &[u8], after: &[u8]) -> bool {
    matches!(gap, b"'" | b"\xe2\x80\x99") && matches!(after, b"s" | b"t" | b"d" | b"m" | b"ll" | b"re" | b"ve")
}

/// A word of a chain.
#[derive(Debug, Clone, Copy)]
struct Part {
    start: usize,
    end: usize,
    position: u32,
    /// What is before it; `None` for the first of a chain.
    joiner: Option<Joiner>,
}

/// Finds the compounds of a text whose words are given to it in order.
#[derive(Debug, Default)]
pub(crate) struct CompoundFinder {
    chain: SmallVec<[Part; MAX_CHAIN]>,
}

impl CompoundFinder {
    /// Takes the next word, from `start` to before `end` in `text`, and gives the compounds that end before it to
    /// `found`.
    #[inline]
    pub(crate) fn push(&mut self, text: &str, start: usize, end: usize, position: u32, found: impl FnMut(Compound)) {
        let part = Part { start, end, position, joiner: None };
        if let [last] = self.chain.as_mut_slice() {
            let (before, gap) = (&text.as_bytes()[last.start..last.end], &text.as_bytes()[last.end..start]);
            if !may_be_joined(before, gap) || is_contraction(gap, &text.as_bytes()[start..end]) {
                *last = part;
                return;
            }
        }
        self.push_slowly(text, part, found);
    }

    fn push_slowly(&mut self, text: &str, part: Part, mut found: impl FnMut(Compound)) {
        let joiner = self.chain.last().and_then(|last| {
            let gap = &text[last.end..part.start];
            Joiner::between(&text[last.start..last.end], gap, &text[part.start..part.end])
                .or_else(|| are_spaced_initials(text, *last, gap, part).then_some(Joiner::Point))
        });
        if joiner.is_none() || self.chain.len() == MAX_CHAIN {
            self.finish(text, &mut found);
        }
        let joiner = joiner.filter(|_| !self.chain.is_empty());
        self.chain.push(Part { joiner, ..part });
    }

    /// Gives the compounds at the end of the text to `found`.
    pub(crate) fn finish(&mut self, text: &str, mut found: impl FnMut(Compound)) {
        if self.chain.len() > 1 {
            let mut from = 0;
            while from + 1 < self.chain.len() {
                let chain = &self.chain[from..];
                let initials = initials(text, chain);
                let digits = if initials > 1 { 0 } else { digit_groups(text, chain) };
                let parts = initials.max(digits);
                if parts > 1 {
                    let covered = chain[0].end - chain[0].start;
                    found(compound(text, &chain[..parts], covered, false));
                    from += parts - 1;
                } else {
                    hyphenated(text, chain, &mut found);
                    from += 1;
                }
            }
        }
        self.chain.clear();
    }
}

/// The compounds of a text, in order.
#[must_use]
pub(crate) fn compounds(text: &str) -> Vec<Compound> {
    let mut out = Vec::new();
    let (mut finder, mut words) = (CompoundFinder::default(), Words::new(text));
    while let Some(word) = words.next() {
        finder.push(text, word.start, word.end, word.position, |compound| out.push(compound));
    }
    finder.finish(text, |compound| out.push(compound));
    out
}

fn compound(text: &str, parts: &[Part], covered: usize, is_inflected: bool) -> Compound {
    let joined = parts.iter().map(|part| &text[part.start..part.end]).collect();
    Compound { first: parts[0].position, words: parts.len() as u32, joined, covered, is_inflected }
}

/// Are two words with `gap` between them initials with a point and a space, as in `J. K. Rowling`?
fn are_spaced_initials(text: &str, first: Part, gap: &str, second: Part) -> bool {
    let is_initial = |part: Part| {
        let mut chars = text[part.start..part.end].chars();
        chars.next().is_some_and(char::is_uppercase) && chars.next().is_none()
    };
    let space = gap.strip_prefix('.').map(str::chars);
    space.is_some_and(|mut space| matches!(space.next(), Some(' ' | '\n')) || space.next().is_some_and(is_narrow_space))
        && gap.chars().count() == 2
        && is_initial(first)
        && is_initial(second)
        && text[second.end..].starts_with('.')
}

/// Number of parts at the beginning of `chain` that are initials with points: `U.S`, `Ph.D`. 0 if they are none.
fn initials(text: &str, chain: &[Part]) -> usize {
    /// Bytes of two letters.
    const MAX_INITIAL_BYTES: usize = 8;
    let letters = |part: &Part| {
        let part = &text[part.start..part.end];
        if part.len() > MAX_INITIAL_BYTES {
            return 0;
        }
        let is_letters = part.chars().all(|c| c.is_alphabetic() && !is_unspaced(c));
        if is_letters { part.chars().take(3).count() } else { 0 }
    };
    let is_initial =
        |(i, part): &(usize, &Part)| (*i == 0 || part.joiner == Some(Joiner::Point)) && matches!(letters(part), 1 | 2);
    let count = chain.iter().enumerate().take_while(is_initial).count();
    let is_continued = chain.get(count).is_some_and(|part| part.joiner == Some(Joiner::Point));
    // `bbc.co.uk` is an address; every abbreviation has an initial.
    let has_single = chain[..count].iter().any(|part| letters(part) == 1);
    let is_middle = chain[0].joiner == Some(Joiner::Point);
    if count > 1 && has_single && !is_continued && !is_middle { count } else { 0 }
}

/// Number of parts at the beginning of `chain` that are one number in groups: `1,000,000`, `1.000`, `1'000`, `12,34,567`.
/// A unit may follow without a space: `1,000km`. 0 if they are none.
fn digit_groups(text: &str, chain: &[Part]) -> usize {
    let digits = |part: &Part| {
        let part = &text[part.start..part.end];
        let count = part.chars().take_while(|&c| is_digit(c)).count();
        (count, count == part.chars().count())
    };
    let (first, is_number) = digits(&chain[0]);
    let Some(joiner) = chain[1].joiner.filter(|joiner| joiner.separates_digits()) else { return 0 };
    let is_middle = chain[0].joiner.is_some_and(Joiner::separates_digits);
    if !(1..=3).contains(&first) || !is_number || is_middle {
        return 0;
    }
    let mut count = 1;
    while let Some(part) = chain.get(count).filter(|part| part.joiner == Some(joiner)) {
        let (group, is_number) = digits(part);
        let is_last = !is_number || chain.get(count + 1).is_none_or(|next| next.joiner != Some(joiner));
        // Hundreds of thousands are two digits each in India.
        let is_group = group == 3 || group == 2 && !is_last && joiner == Joiner::Comma;
        if !is_group {
            return 0;
        }
        count += 1;
        if is_last {
            break;
        }
    }
    count
}

/// Endings that English contracts, and that Catalan sets after an apostrophe.
const CLITICS: &[&str] = &["s", "t", "d", "m", "ll", "re", "ve", "em", "l", "n", "ls", "ns", "hi", "ho"];

/// Words that lose their last vowel before one in French, Italian and Catalan.
const ELISIONS: &[&str] = &[
    "l", "d", "j", "m", "t", "s", "n", "c", "qu", "lorsqu", "puisqu", "jusqu", "quoiqu", "quelqu", "presqu", "aujourd",
    "entr", "un", "all", "dall", "dell", "nell", "sull", "coll", "quell", "quest", "gl", "bell", "sant", "anch", "dov",
    "com", "cos", "senz", "tutt", "nient", "mezz", "prim", "ott", "grand", "buon", "brav",
];

/// Is the apostrophe between two words inside a name or word, as in `O'Brien`, `Qur'an`, `o'clock`? Not in possessives,
/// contractions and elisions, whose parts are words of their own.
fn is_inside_name(first: &str, second: &str) -> bool {
    let is_of = |list: &[&str], word: &str| list.iter().any(|one| word.eq_ignore_ascii_case(one));
    // No vowel is elided before a consonant: `N'Golo`, `M'Bala` are names.
    let before_vowel = || {
        let vowel = second.chars().flat_map(char::to_lowercase).nfd().next();
        vowel.is_none_or(|c| matches!(c, 'a' | 'e' | 'i' | 'o' | 'u' | 'y' | 'h' | 'œ' | 'æ'))
    };
    let is_name = |word: &str| word.starts_with(char::is_uppercase);
    let is_elision = || is_of(ELISIONS, first) && (before_vowel() || !is_name(first) || !is_name(second));
    !is_of(CLITICS, second) && !is_elision()
}

/// The compounds with hyphens that begin with the first part of `chain`.
fn hyphenated(text: &str, chain: &[Part], found: &mut impl FnMut(Compound)) {
    let is_joined = |pair: &[Part]| {
        let [a, b] = [&pair[0], &pair[1]].map(|part| &text[part.start..part.end]);
        let is_number = |part: &str| part.chars().all(is_digit);
        let is_spaced = |part: &str| !part.starts_with(is_unspaced);
        let (is_inside, most_bytes) = match pair[1].joiner {
            Some(Joiner::Hyphen | Joiner::ApostropheLetter) => (!(is_number(a) && is_number(b)), MAX_BYTES),
            Some(Joiner::LineBreak) => (!(is_number(a) && is_number(b)), MAX_BROKEN_BYTES),
            Some(Joiner::Apostrophe) => (!is_number(a) && !is_number(b) && is_inside_name(a, b), MAX_BYTES),
            _ => return false,
        };
        is_inside && is_spaced(a) && is_spaced(b) && a.len() + b.len() <= most_bytes
    };
    if !is_joined(&chain[..2]) {
        return;
    }
    let covered = chain[0].end - chain[0].start;
    found(compound(text, &chain[..2], covered, true));
    let count = chain.windows(2).take_while(|pair| is_joined(pair)).count() + 1;
    if count == MAX_HYPHENATED && chain[0].joiner.is_none() {
        let covered = covered + chain[1].end - chain[1].start;
        found(compound(text, &chain[..count], covered, true));
    }
}

/// Is it a hyphen of any script?
pub(crate) fn is_hyphen(c: char) -> bool {
    matches!(c, '-' | '‐' | '‑' | '－' | '־')
}

/// Is it a space at which no line breaks, or a thin one?
pub(crate) fn is_narrow_space(c: char) -> bool {
    matches!(c, '\u{a0}' | '\u{2009}' | '\u{202f}')
}

/// Is it a decimal digit of any script?
pub(crate) fn is_digit(c: char) -> bool {
    c.is_ascii_digit() || ascii_digit(c).is_some()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn compounds_table() {
        for (text, expected) in [
            ("The U.S. and the U.N. met N.A.T.O.", vec!["US", "UN", "NATO"]),
            ("a Ph.D. of R.U.B.B.I.S.H. in the U.S.-led talks", vec!["PhD", "RUBBISH", "US"]),
            ("США, С.Ш.А. и Η.Π.Α., e.g. 5 p.m.", vec!["США", "ΗΠΑ", "eg", "pm"]),
            ("J.K. Rowling, S.p.A.", vec!["JK", "SpA"]),
            ("see bbc.co.uk or end.Begin or co.uk", vec![]),
            ("£1,000 and 1.000.000 and 1'000 and 1’000", vec!["1000", "1000000", "1000", "1000"]),
            ("1\u{a0}000 m, 12\u{202f}500 and 7\u{2009}000", vec!["1000", "12500", "7000"]),
            ("12,34,567 rupees, 1,000.50, 1,000km", vec!["1234567", "1000", "1000km"]),
            ("١٬٠٠٠ و ٢٬٥٠٠٬٠٠٠", vec!["١٠٠٠", "٢٥٠٠٠٠٠"]),
            ("3.14, 20.04, 1,2,3, 2023-09-12, 1,0000, 1234,567, 1 000", vec![]),
            ("an e-mail on an F-16 in Covid-19", vec!["email", "F16", "Covid19"]),
            ("e\u{2011}mail e\u{2010}mail fox-it", vec!["email", "email", "foxit"]),
            ("COVID-19-related", vec!["COVID19", "COVID19related", "19related"]),
            ("a state-of-the-art plant", vec!["stateof", "ofthe", "theart"]),
            ("1990-2000, 555-1234, not - this, nor--that, -x", vec![]),
            ("микро-организм", vec!["микроорганизм"]),
            ("Qurʾān, Hawaiʻi, don't", vec!["Qurān", "Hawaii"]),
            ("J. K. Rowling of the U. S. of A. A man", vec!["JK", "US"]),
            ("W. E. B. Du Bois, Дж. Р. Р. Толкин, А. С. Пушкин", vec!["WEB", "РР", "АС"]),
            ("Plan A. Bins, p. 5. a. b. c., Vitamin C. No", vec![]),
            ("O'Brien, O’Neill and OBrien", vec!["OBrien", "ONeill"]),
            (
                "Qur'an, Xi'an, Shi'ite, o'clock, N'Golo, п'ять",
                vec!["Quran", "Xian", "Shiite", "oclock", "NGolo", "пять"],
            ),
            ("Biden's, don't, WE'LL, they've, dogs' day, '90s", vec![]),
            ("l'état, L'ÉTAT, d'Italia, qu'il, dell'arte, aujourd'hui, l'homme, d'Œuvre", vec![]),
            ("日本-韓国", vec![]),
            // Broken at the end of a line.
            ("the conser-\nvation of a well-\r\nknown quay", vec!["conservation", "wellknown"]),
            ("Bürger-  \n    meister, Conser=\nvatorium, x =\ny, A=\nB", vec!["Bürgermeister", "Conservatorium"]),
            ("conser¬\nvation, lan\u{ad}\ntern, Gothen⸗\nburg", vec!["conservation", "lan\u{ad}tern", "Gothenburg"]),
            (
                "conser¬ vation, lan\u{ad} tern, Gothen⹀ burg, East- er, Ost- Er",
                vec!["conservation", "lan\u{ad}tern", "Gothenburg", "Easter"],
            ),
            ("THE CONSER-\nVATION, biało-\n-czerwony", vec!["CONSERVATION", "białoczerwony"]),
            ("a page ends conser-\n\n\u{c}vation, the quay-\n\nThe", vec!["conservation"]),
            (
                "l'adminis-\ntration, non-govern-\nmental",
                vec!["administration", "nongovern", "nongovernmental", "governmental"],
            ),
            ("сельскохозяйст-\nвенного", vec!["сельскохозяйственного"]),
            ("Verwaltungs-\nvorschrif-\nten", vec!["Verwaltungsvorschrif", "Verwaltungsvorschriften", "vorschriften"]),
            ("in 1990-\n2000, said -\nbut, said--\nbut, one-\n\n- two, one\ntwo, 港-\n口, end\u{ad}", vec![]),
            ("", vec![]),
        ] {
            let found: Vec<String> = compounds(text).into_iter().map(|compound| compound.joined).collect();
            assert_eq!(found, expected, "{text}");
        }
    }

    #[test]
    fn compounds_are_where_their_first_word_is() {
        let found = compounds("It cost £1,000 of COVID-19-related e-mail");
        let found: Vec<_> = found.iter().map(|c| (c.first, c.words, c.joined.as_str(), c.covered)).collect();
        let expected = [
            (2, 2, "1000", 1),
            (5, 2, "COVID19", 5),
            (5, 3, "COVID19related", 7),
            (6, 2, "19related", 2),
            (8, 2, "email", 1),
        ];
        assert_eq!(found, expected);
    }

    proptest::proptest! {
        /// Whatever is joined is made of the words at its positions.
        #[test]
        fn compounds_are_words_side_by_side(text in "[a-cÉ0-9港٣., '’\u{a0}\u{ad}¬=\n-]{0,40}") {
            let mut words = Vec::new();
            let mut all = Words::new(&text);
            while let Some(word) = all.next() {
                words.push(text[word.start..word.end].to_string());
            }
            for compound in compounds(&text) {
                let parts = &words[compound.first as usize..][..compound.words as usize];
                proptest::prop_assert!(parts.len() > 1);
                proptest::prop_assert_eq!(parts.concat(), compound.joined.clone());
                proptest::prop_assert!(compound.covered < compound.joined.len());
            }
        }
    }
}
