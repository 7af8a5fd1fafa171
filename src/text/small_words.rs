//! Small words of common languages, by which a text's language is told at a glance.
//!
//! Weighing letters takes as long as all else that is done with a short text, and takes tables and headlines for the
//! wrong language; small words settle most texts of the languages listed here, and are asked what they say of the rest.

use std::sync::LazyLock;

use rustc_hash::FxHashMap;

/// Languages told by small words: each word is frequent in its own language and rare in the others.
const SMALL_WORDS: [(&str, &[&str]); 7] = [
    (
        "en",
        &[
            "the", "of", "and", "to", "that", "for", "with", "was", "his", "which", "have", "from", "said", "they",
            "this",
        ],
    ),
    (
        "de",
        &[
            "der", "die", "und", "das", "den", "von", "mit", "dem", "ist", "nicht", "sich", "auf", "eine", "auch",
            "wird",
        ],
    ),
    (
        "fr",
        &[
            "les", "des", "est", "une", "dans", "qui", "pour", "pas", "sur", "avec", "sont", "cette", "aux", "ses",
            "ont",
        ],
    ),
    (
        "es",
        &["los", "las", "del", "por", "con", "una", "para", "más", "como", "pero", "sus", "el", "fue", "este", "ha"],
    ),
    (
        "it",
        &[
            "che", "di", "della", "per", "sono", "del", "nel", "alla", "gli", "anche", "delle", "più", "dei", "stato",
            "il",
        ],
    ),
    (
        "pt",
        &["não", "uma", "os", "dos", "mais", "foi", "ao", "das", "pelo", "são", "também", "em", "com", "seu", "sua"],
    ),
    (
        "nl",
        &[
            "het", "een", "van", "niet", "zijn", "voor", "aan", "ook", "naar", "maar", "bij", "wordt", "ze", "deze",
            "dat",
        ],
    ),
];

/// More words of English, and of no other language spelled alike: a headline has few of [`SMALL_WORDS`].
const ENGLISH_WORDS: &[&str] = &[
    "are", "been", "were", "would", "says", "its", "their", "them", "there", "than", "after", "about", "not", "when",
    "year", "years",
];

/// Those of the small words of English that other languages have too.
const SHARED_WORDS: &[&str] = &["of", "to", "for", "was", "have"];

/// Small words of languages without a list of their own, whose letters must be weighed.
const OTHER_WORDS: &[&str] = &[
    "og", "er", "det", "som", "til", "av", "att", "och", "yang", "dan", "ini", "ang", "ng", "mga", "sa", "na", "ya",
    "wa", "kwa", "ve", "bir", "nie", "ja", "ei", "je", "se", "la", "le", "si",
];

/// So many small words must be met.
const LEAST_SMALL_WORDS: usize = 6;

/// And so many, where none of another language is met.
const LEAST_LONE_SMALL_WORDS: usize = 4;

/// So many different words of English, one of them of English alone, where next to nothing speaks against them.
const LEAST_ENGLISH_WORDS: u32 = 2;

/// So many words, a quarter of them numbers, are a table.
const LEAST_TABLE_WORDS: usize = 8;

/// Longest small word, in bytes.
const SMALL_WORD_BYTES: usize = 6;

/// Place of English in [`SMALL_WORDS`].
const ENGLISH: usize = 0;

/// Counters of [`Tally`] after those of the languages: all words of English, those of English alone, those of languages
/// without a list.
const ANY_ENGLISH: usize = SMALL_WORDS.len();
const ONLY_ENGLISH: usize = ANY_ENGLISH + 1;
const OTHER: usize = ANY_ENGLISH + 2;

/// Counters of a byte each, so that one addition counts a word for all its languages.
#[derive(Clone, Copy, Default)]
struct Tally(u128);

impl Tally {
    const fn one(place: usize) -> Tally {
        Tally(1 << (8 * place))
    }

    /// Counters do not run over: a sample has at most 255 words of two letters.
    fn add(&mut self, other: Tally) {
        self.0 = self.0.wrapping_add(other.0);
    }

    fn of(self, place: usize) -> usize {
        usize::from((self.0 >> (8 * place)) as u8)
    }
}

/// A small word: which it is, as a bit, and what it counts for.
#[derive(Clone, Copy, Default)]
struct SmallWord {
    bit: u128,
    tally: Tally,
}

/// All small words by their bytes, and those of each language as bits.
struct Known {
    words: FxHashMap<u64, SmallWord>,
    of_language: [u128; SMALL_WORDS.len()],
    /// All words of English.
    of_english: u128,
}

static KNOWN: LazyLock<Known> = LazyLock::new(|| {
    let mut known = Known { words: FxHashMap::default(), of_language: [0; SMALL_WORDS.len()], of_english: 0 };
    // 105 of the languages and 16 more of English; the others need no bit.
    let mut bits = 0;
    let mut enter = |words: &mut FxHashMap<u64, SmallWord>, word: &str, place: usize| {
        let entry = words.entry(packed(word.as_bytes())).or_default();
        if entry.bit == 0 && place != OTHER {
            entry.bit = 1 << bits;
            bits += 1;
        }
        entry.tally.add(Tally::one(place));
        entry.bit
    };
    for (place, (_, words)) in SMALL_WORDS.iter().enumerate() {
        for word in *words {
            known.of_language[place] |= enter(&mut known.words, word, place);
        }
    }
    for word in SMALL_WORDS[ENGLISH].1.iter().chain(ENGLISH_WORDS) {
        known.of_english |= enter(&mut known.words, word, ANY_ENGLISH);
        if !SHARED_WORDS.contains(word) {
            enter(&mut known.words, word, ONLY_ENGLISH);
        }
    }
    for word in OTHER_WORDS {
        enter(&mut known.words, word, OTHER);
    }
    known
});

/// The bytes of a small word as a number, capitals as small letters.
fn packed(word: &[u8]) -> u64 {
    word.iter().fold(0, |number, byte| number << 8 | u64::from(byte.to_ascii_lowercase()))
}

const SPACE: u8 = 1;
const DIGIT: u8 = 2;

/// Which bytes are white space or digits.
static KINDS: [u8; 256] = {
    let mut kinds = [0; 256];
    let mut byte: u8 = 0;
    while byte < 128 {
        kinds[byte as usize] = if byte.is_ascii_whitespace() {
            SPACE
        } else if byte.is_ascii_digit() {
            DIGIT
        } else {
            0
        };
        byte += 1;
    }
    kinds
};

/// The small words of a text.
pub(super) struct SmallWords {
    tally: Tally,
    /// Which they are.
    found: u128,
    /// Words of the text.
    words: usize,
    /// Those of them that hold digits.
    numbers: usize,
}

impl SmallWords {
    /// Of a sample of at most 765 bytes.
    pub(super) fn count(sample: &str) -> SmallWords {
        let known = &KNOWN.words;
        let mut counted = SmallWords { tally: Tally::default(), found: 0, words: 0, numbers: 0 };
        let (mut length, mut word, mut kinds) = (0, 0, 0);
        // A space ends the last word.
        for byte in sample.bytes().chain([b' ']) {
            let kind = KINDS[usize::from(byte)];
            if kind != SPACE {
                length += 1;
                word = word << 8 | u64::from(byte.to_ascii_lowercase());
                kinds |= kind;
                continue;
            }
            counted.words += usize::from(length > 0);
            counted.numbers += usize::from(kinds & DIGIT != 0);
            if (2..=SMALL_WORD_BYTES).contains(&length)
                && let Some(word) = known.get(&word)
            {
                counted.found |= word.bit;
                counted.tally.add(word.tally);
            }
            (length, word, kinds) = (0, 0, 0);
        }
        counted
    }

    /// The code of the language, if they leave no doubt; ten times quicker than weighing all languages.
    pub(super) fn clear(&self) -> Option<&'static str> {
        let hits: [usize; SMALL_WORDS.len()] = std::array::from_fn(|place| self.tally.of(place));
        let best = (0..hits.len()).max_by_key(|&i| hits[i])?;
        let second = (0..hits.len()).filter(|&i| i != best).map(|i| hits[i]).max()?;
        // Fewer will do where none is of another language, and in a long text if they are several.
        let alone = second == 0
            && hits[best] >= LEAST_LONE_SMALL_WORDS
            && (hits[best] * 12 >= self.words || self.found_of(best) >= LEAST_LONE_SMALL_WORDS);
        let clear = hits[best] >= LEAST_SMALL_WORDS && hits[best] * 10 >= self.words && second * 3 <= hits[best];
        (clear || alone).then_some(SMALL_WORDS[best].0)
    }

    /// English, if a text has few small words but words of English, and next to none of any other language: letters
    /// alone take headlines (`BARCLAYS BANK SAID IT CUTTING BASE LENDING RATE`) for anything.
    pub(super) fn plainly_english(&self, sample: &str) -> Option<&'static str> {
        let different = (self.found & KNOWN.of_english).count_ones();
        let all = self.tally.of(ANY_ENGLISH);
        let others = (0..SMALL_WORDS.len()).filter(|&i| i != ENGLISH).map(|i| self.tally.of(i)).max().unwrap_or(0);
        let is_plain = different >= LEAST_ENGLISH_WORDS
            && self.tally.of(ONLY_ENGLISH) > 0
            && others * 4 <= all
            && self.tally.of(OTHER) * 4 <= all
            && all * 20 >= self.words
            && !sample.chars().any(|c| !c.is_ascii() && c.is_alphabetic());
        is_plain.then_some(SMALL_WORDS[ENGLISH].0)
    }

    /// Is it a table of figures, or a text with too few small words of a language that has many? Letters alone take
    /// English tables (`Shr 3 cts vs 5 cts`) for French.
    pub(super) fn speak_against(&self, code: &str) -> bool {
        let Some(place) = SMALL_WORDS.iter().position(|(of, _)| *of == code) else {
            return self.numbers * 4 > self.words;
        };
        let found = self.found_of(place);
        // `La grève continue à Halden` has none of them yet.
        match self.words {
            0..20 => false,
            20..30 => found == 0,
            _ => found < 2,
        }
    }

    /// Would they speak against any language?
    pub(super) fn speak_against_all(&self) -> bool {
        let is_table = self.words >= LEAST_TABLE_WORDS && self.numbers * 4 > self.words;
        is_table && (0..SMALL_WORDS.len()).all(|place| self.found_of(place) < 2)
    }

    /// How many different small words of a language there are.
    fn found_of(&self, place: usize) -> usize {
        (self.found & KNOWN.of_language[place]).count_ones() as usize
    }
}
