//! Language identification by function words, the fast first step before letter trigrams.
//!
//! Trigrams take as long as everything else done with a short text, and take tables and headlines for the wrong language.
//! Function words decide most texts of the languages listed here and reject wrong answers of the trigrams for the rest
//! (both methods are compared in Grefenstette, "Comparing two language identification schemes", 1995).

use std::sync::LazyLock;

use rustc_hash::FxHashMap;

use super::script::is_unspaced;

/// Function words by language: each is frequent in its own language and rare in the others.
const FUNCTION_WORDS: [(&str, &[&str]); 7] = [
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

/// More frequent words of English that no other language spells alike: headlines have few of [`FUNCTION_WORDS`].
const ENGLISH_WORDS: &[&str] = &[
    "are", "been", "were", "would", "says", "its", "their", "them", "there", "than", "after", "about", "not", "when",
    "year", "years",
];

/// Function words of English that other languages have too.
const SHARED_WORDS: &[&str] = &["of", "to", "for", "was", "have"];

/// Function words of languages without a list of their own, which are left to trigrams.
const OTHER_WORDS: &[&str] = &[
    "og", "er", "det", "som", "til", "av", "att", "och", "yang", "dan", "ini", "ang", "ng", "mga", "sa", "na", "ya",
    "wa", "kwa", "ve", "bir", "nie", "ja", "ei", "je", "se", "la", "le", "si",
];

/// Words by which close relatives are told apart, where trigrams are in doubt: each is frequent in its own language and
/// written otherwise in the languages next to it.
const TELLING_WORDS: [(&str, &[&str]); 6] = [
    (
        "ru",
        &[
            "что",
            "как",
            "из",
            "это",
            "его",
            "для",
            "был",
            "была",
            "было",
            "были",
            "или",
            "они",
            "чтобы",
            "который",
            "которые",
            "только",
            "также",
            "после",
            "этом",
            "ещё",
            "её",
            "со",
            "об",
            "не",
        ],
    ),
    (
        "uk",
        &[
            "що",
            "як",
            "із",
            "це",
            "його",
            "для",
            "був",
            "була",
            "було",
            "були",
            "або",
            "вони",
            "щоб",
            "який",
            "які",
            "також",
            "після",
            "та",
            "від",
            "про",
            "й",
            "не",
        ],
    ),
    (
        "bg",
        &[
            "че",
            "как",
            "това",
            "му",
            "ще",
            "беше",
            "са",
            "се",
            "или",
            "те",
            "който",
            "които",
            "само",
            "също",
            "след",
            "към",
            "със",
            "не",
        ],
    ),
    (
        "no",
        &[
            "av", "etter", "mer", "enn", "ble", "blir", "sier", "nå", "noe", "opp", "ut", "vært", "uten", "ikke",
            "mot", "bare", "seg", "fram", "hvordan", "også",
        ],
    ),
    (
        "da",
        &[
            "af", "efter", "mere", "end", "blev", "bliver", "siger", "nu", "noget", "op", "ud", "været", "uden",
            "ikke", "mod", "kun", "sig", "frem", "hvordan", "også",
        ],
    ),
    (
        "sv",
        &[
            "och", "att", "är", "inte", "för", "från", "till", "ett", "också", "säger", "efter", "mer", "än", "blev",
            "blir", "nu", "något", "upp", "ut", "utan", "mot", "bara", "sig", "hur",
        ],
    ),
];

/// Least number of different telling words that decide, and how many of another language that has most of them are
/// allowed: one in so many.
const MIN_TELLING_WORDS: usize = 4;
const TELLING_MARGIN: usize = 2;

const RUSSIAN: &str = "ru";

/// Least number of function words that decides for a language.
const MIN_WORDS: usize = 6;

/// The same where no function word of another language occurs.
const MIN_UNCONTESTED_WORDS: usize = 4;

/// Least number of different English words, one of them English only, that decides for English where there is hardly any
/// evidence against it.
const MIN_ENGLISH_WORDS: u32 = 2;

/// Least number of words, a quarter of them with digits, that make a table.
const MIN_TABLE_WORDS: usize = 8;

/// Length of the longest function word, in bytes.
const MAX_WORD_BYTES: usize = 6;

/// Index of English in [`FUNCTION_WORDS`].
const ENGLISH: usize = 0;

/// Counters of [`Tally`] after those of the languages: all words of English, words of English only, words of languages
/// without a list.
const ANY_ENGLISH: usize = FUNCTION_WORDS.len();
const ONLY_ENGLISH: usize = ANY_ENGLISH + 1;
const OTHER: usize = ANY_ENGLISH + 2;

/// Sixteen counters of a byte each, so that one addition counts a word for all its languages.
#[derive(Clone, Copy, Default)]
struct Tally(u128);

impl Tally {
    const fn one(counter: usize) -> Tally {
        Tally(1 << (8 * counter))
    }

    /// A counter does not overflow: a sample has at most 255 words of two letters.
    fn add(&mut self, other: Tally) {
        self.0 = self.0.wrapping_add(other.0);
    }

    fn of(self, counter: usize) -> usize {
        usize::from((self.0 >> (8 * counter)) as u8)
    }
}

/// A function word: its bit in sets of words, and the counters it adds to.
#[derive(Clone, Copy, Default)]
struct FunctionWord {
    bit: u128,
    tally: Tally,
}

/// All function words by their bytes, and the set of those of each language.
struct Lexicon {
    words: FxHashMap<u64, FunctionWord>,
    of_language: [u128; FUNCTION_WORDS.len()],
    /// All words of English.
    of_english: u128,
}

static LEXICON: LazyLock<Lexicon> = LazyLock::new(|| {
    let mut lexicon = Lexicon { words: FxHashMap::default(), of_language: [0; FUNCTION_WORDS.len()], of_english: 0 };
    // 105 words of the languages and 16 more of English have a bit; words of other languages need none.
    let mut bits = 0;
    let mut add = |words: &mut FxHashMap<u64, FunctionWord>, word: &str, counter: usize| {
        let entry = words.entry(packed(word.as_bytes())).or_default();
        if entry.bit == 0 && counter != OTHER {
            entry.bit = 1 << bits;
            bits += 1;
        }
        entry.tally.add(Tally::one(counter));
        entry.bit
    };
    for (language, (_, words)) in FUNCTION_WORDS.iter().enumerate() {
        for word in *words {
            lexicon.of_language[language] |= add(&mut lexicon.words, word, language);
        }
    }
    for word in FUNCTION_WORDS[ENGLISH].1.iter().chain(ENGLISH_WORDS) {
        lexicon.of_english |= add(&mut lexicon.words, word, ANY_ENGLISH);
        if !SHARED_WORDS.contains(word) {
            add(&mut lexicon.words, word, ONLY_ENGLISH);
        }
    }
    for word in OTHER_WORDS {
        add(&mut lexicon.words, word, OTHER);
    }
    lexicon
});

/// Builds the table now rather than at first use.
pub(super) fn build_tables() {
    LazyLock::force(&LEXICON);
}

/// The bytes of a word as a number, ASCII letters lower-cased.
fn packed(word: &[u8]) -> u64 {
    word.iter().fold(0, |number, byte| number << 8 | u64::from(byte.to_ascii_lowercase()))
}

const SPACE: u8 = 1;
const DIGIT: u8 = 2;

/// Whether a byte is white space or a digit.
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

/// The function words of a text.
pub(super) struct FunctionWords {
    tally: Tally,
    /// The set of different function words.
    found: u128,
    /// Number of words of the text.
    words: usize,
    /// Number of words that contain digits.
    numbers: usize,
}

impl FunctionWords {
    /// Counts the function words of a sample of at most 765 bytes.
    pub(super) fn count(sample: &str) -> FunctionWords {
        let lexicon = &LEXICON.words;
        let mut counted = FunctionWords { tally: Tally::default(), found: 0, words: 0, numbers: 0 };
        let (mut length, mut word, mut kinds) = (0, 0, 0);
        // The space added at the end terminates the last word.
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
            if (2..=MAX_WORD_BYTES).contains(&length)
                && let Some(word) = lexicon.get(&word)
            {
                counted.found |= word.bit;
                counted.tally.add(word.tally);
            }
            (length, word, kinds) = (0, 0, 0);
        }
        counted
    }

    /// The code of the language, if the function words are decisive; ten times as fast as trigrams.
    pub(super) fn decisive(&self) -> Option<&'static str> {
        let hits: [usize; FUNCTION_WORDS.len()] = std::array::from_fn(|language| self.tally.of(language));
        let best = (0..hits.len()).max_by_key(|&i| hits[i])?;
        let second = (0..hits.len()).filter(|&i| i != best).map(|i| hits[i]).max()?;
        // Fewer are enough where none is of another language; in a long text they must be different ones.
        let is_uncontested = second == 0
            && hits[best] >= MIN_UNCONTESTED_WORDS
            && (hits[best] * 12 >= self.words || self.num_found_of(best) >= MIN_UNCONTESTED_WORDS);
        let is_clear = hits[best] >= MIN_WORDS && hits[best] * 10 >= self.words && second * 3 <= hits[best];
        (is_clear || is_uncontested).then_some(FUNCTION_WORDS[best].0)
    }

    /// English, if the text has a few English words and hardly any of another language. Trigrams take headlines
    /// (`BARCLAYS BANK SAID IT CUTTING BASE LENDING RATE`) for anything.
    pub(super) fn probably_english(&self, sample: &str) -> Option<&'static str> {
        let different = (self.found & LEXICON.of_english).count_ones();
        let all = self.tally.of(ANY_ENGLISH);
        let others = (0..FUNCTION_WORDS.len())
            .filter(|&i| i != ENGLISH)
            .map(|i| self.tally.of(i))
            .max()
            .expect("there are other languages");
        let is_english = different >= MIN_ENGLISH_WORDS
            && self.tally.of(ONLY_ENGLISH) > 0
            && others * 4 <= all
            && self.tally.of(OTHER) * 4 <= all
            && all * 20 >= self.words
            && !sample.chars().any(|c| !c.is_ascii() && c.is_alphabetic());
        is_english.then_some(FUNCTION_WORDS[ENGLISH].0)
    }

    /// Do the function words contradict the answer `code` of the trigrams: is the text a table of figures, or has it too few
    /// function words of that language? Trigrams take English tables (`Shr 3 cts vs 5 cts`) for French.
    pub(super) fn contradict(&self, code: &str, sample: &str) -> bool {
        let Some(language) = language_of(code) else {
            return self.is_table(sample);
        };
        let found = self.num_found_of(language);
        // A short text may have none: `La grève continue à Halden`.
        match self.words {
            0..20 => false,
            20..30 => found == 0,
            _ => found < 2,
        }
    }

    /// Would they contradict any answer of the trigrams?
    pub(super) fn contradict_all(&self, sample: &str) -> bool {
        self.words >= MIN_TABLE_WORDS
            && self.is_table(sample)
            && (0..FUNCTION_WORDS.len()).all(|language| self.num_found_of(language) < 2)
    }

    /// Has a quarter of the words a digit? A sentence of a script without spaces is one word between spaces, and most of
    /// them state a number somewhere.
    fn is_table(&self, sample: &str) -> bool {
        const CHARS_OF_WORD: usize = 2;
        let unspaced = sample.chars().filter(|&c| is_unspaced(c)).count();
        self.numbers * 4 > self.words + unspaced / CHARS_OF_WORD
    }

    /// The language, where the trigrams are in doubt and take the text for one of `code`: that one, if the text has many
    /// different function words of it and far fewer of any other, or Russian, which they take for Bulgarian.
    pub(super) fn told_apart(&self, code: &'static str, sample: &str) -> Option<&'static str> {
        let most_of_others = |own: Option<usize>| {
            (0..FUNCTION_WORDS.len()).filter(|&i| Some(i) != own).map(|i| self.num_found_of(i)).max().unwrap_or(0)
        };
        if let Some(own) = language_of(code) {
            let found = self.num_found_of(own);
            return (found >= MIN_WORDS && most_of_others(Some(own)) * TELLING_MARGIN <= found).then_some(code);
        }
        let code = if has_letters_of_russian(sample) { RUSSIAN } else { code };
        let own = TELLING_WORDS.iter().position(|(of, _)| *of == code)?;
        let told = telling(sample);
        let others =
            (0..told.len()).filter(|&i| i != own).map(|i| told[i]).max().unwrap_or(0).max(most_of_others(None));
        // The letters are evidence too.
        let least = if code == RUSSIAN { MIN_TELLING_WORDS - 1 } else { MIN_TELLING_WORDS };
        (told[own] >= least && others * TELLING_MARGIN <= told[own]).then_some(code)
    }

    /// Number of different function words of a language.
    fn num_found_of(&self, language: usize) -> usize {
        (self.found & LEXICON.of_language[language]).count_ones() as usize
    }
}

/// Has a text letters that Russian has and its neighbours have not, and none that is of another language only?
fn has_letters_of_russian(text: &str) -> bool {
    let is_own = |c: char| matches!(c, 'ы' | 'э' | 'Э');
    let is_foreign = |c: char| ('\u{400}'..='\u{52f}').contains(&c) && !matches!(c, 'А'..='я' | 'ё' | 'Ё');
    text.contains(is_own) && !text.contains(is_foreign)
}

/// Index of a language in [`FUNCTION_WORDS`].
fn language_of(code: &str) -> Option<usize> {
    FUNCTION_WORDS.iter().position(|(of, _)| *of == code)
}

/// Numbers of different telling words in a text, by language.
fn telling(sample: &str) -> [usize; TELLING_WORDS.len()] {
    let text = sample.to_lowercase();
    let words: std::collections::HashSet<&str> = text.split(|c: char| !c.is_alphabetic()).collect();
    std::array::from_fn(|i| TELLING_WORDS[i].1.iter().filter(|word| words.contains(**word)).count())
}
