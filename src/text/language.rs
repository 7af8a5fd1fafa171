//! Languages: two-letter codes, detection from text, stems.

use std::sync::LazyLock;

use frostem::{Algorithm, Stemmer};
use rustc_hash::FxHashMap;
use serde::{Deserialize, Serialize};

use super::arabic::light10;
use super::fold::{fold, fold_into};

/// A language by its ISO 639-1 code, or unknown.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Default, Serialize, Deserialize)]
pub struct Language(u8);

/// Code, stemmer if there is one, and whether that stemmer only changes the ends of words (so that all forms of
/// a stem stand close together in a sorted list of words).
struct Entry {
    code: &'static str,
    stems: Option<Stems>,
    suffixes_only: bool,
}

/// What makes stems of forms.
#[derive(Clone, Copy)]
enum Stems {
    Snowball(Algorithm),
    Light10,
}

const fn entry(code: &'static str, algorithm: Option<Algorithm>) -> Entry {
    let stems = match algorithm {
        Some(algorithm) => Some(Stems::Snowball(algorithm)),
        None => None,
    };
    Entry { code, stems, suffixes_only: true }
}

const fn prefixing(code: &'static str, algorithm: Algorithm) -> Entry {
    Entry { code, stems: Some(Stems::Snowball(algorithm)), suffixes_only: false }
}

/// Ordinal 0 is the unknown language. Ordinals are stored in indexes: rows are only ever added at the end.
const LANGUAGES: &[Entry] = &[
    entry("", None),
    entry("en", Some(Algorithm::English)),
    entry("de", Some(Algorithm::German)),
    entry("fr", Some(Algorithm::French)),
    entry("es", Some(Algorithm::Spanish)),
    entry("pt", Some(Algorithm::Portuguese)),
    entry("it", Some(Algorithm::Italian)),
    prefixing("nl", Algorithm::Dutch),
    entry("da", Some(Algorithm::Danish)),
    entry("sv", Some(Algorithm::Swedish)),
    entry("no", Some(Algorithm::Norwegian)),
    entry("fi", Some(Algorithm::Finnish)),
    entry("hu", Some(Algorithm::Hungarian)),
    entry("ro", Some(Algorithm::Romanian)),
    entry("ca", Some(Algorithm::Catalan)),
    entry("cs", Some(Algorithm::Czech)),
    prefixing("pl", Algorithm::Polish),
    entry("ru", Some(Algorithm::Russian)),
    entry("sr", Some(Algorithm::Serbian)),
    entry("tr", Some(Algorithm::Turkish)),
    entry("el", Some(Algorithm::Greek)),
    Entry { code: "ar", stems: Some(Stems::Light10), suffixes_only: false },
    entry("hi", Some(Algorithm::Hindi)),
    prefixing("id", Algorithm::Indonesian),
    prefixing("ta", Algorithm::Tamil),
    entry("ne", Some(Algorithm::Nepali)),
    entry("lt", Some(Algorithm::Lithuanian)),
    entry("et", Some(Algorithm::Estonian)),
    entry("eu", Some(Algorithm::Basque)),
    entry("hy", Some(Algorithm::Armenian)),
    prefixing("ga", Algorithm::Irish),
    entry("eo", Some(Algorithm::Esperanto)),
    prefixing("fa", Algorithm::Persian),
    entry("yi", Some(Algorithm::Yiddish)),
    entry("uk", None),
    entry("be", None),
    entry("bg", None),
    entry("mk", None),
    entry("hr", None),
    entry("sl", None),
    entry("sk", None),
    entry("lv", None),
    entry("la", None),
    entry("he", None),
    entry("ur", None),
    entry("bn", None),
    entry("pa", None),
    entry("gu", None),
    entry("mr", None),
    entry("te", None),
    entry("kn", None),
    entry("ml", None),
    entry("or", None),
    entry("si", None),
    entry("th", None),
    entry("km", None),
    entry("my", None),
    entry("ka", None),
    entry("am", None),
    entry("az", None),
    entry("uz", None),
    entry("tk", None),
    entry("kk", None),
    entry("vi", None),
    entry("tl", None),
    entry("jv", None),
    entry("af", None),
    entry("sn", None),
    entry("zu", None),
    entry("ak", None),
    entry("ko", None),
    entry("ja", None),
    entry("zh", None),
    entry("cy", None),
    entry("sw", None),
    entry("is", None),
    entry("sq", None),
    entry("bs", None),
    entry("gl", None),
    entry("ms", None),
];

/// Bytes of text that detection looks at: enough to be sure, few enough to cost nothing beside indexing.
const DETECTION_BYTES: usize = 700;

/// Below so many letters detection is a coin toss, so the language stays unknown.
const DETECTION_MIN_LETTERS: usize = 40;

impl Language {
    /// The unknown language.
    pub const UNKNOWN: Language = Language(0);

    /// The language of a tag as pages and records write it: `en`, `en-GB`, `pt_BR`, `eng`, `English`.
    #[must_use]
    pub fn from_code(tag: &str) -> Language {
        let primary = tag.trim().split(['-', '_']).next().unwrap_or_default().to_ascii_lowercase();
        let code = match primary.as_str() {
            "nb" | "nn" => "no",
            "iw" => "he",
            "in" => "id",
            "english" => "en",
            "german" | "deutsch" => "de",
            "french" | "français" => "fr",
            "spanish" | "español" => "es",
            "italian" => "it",
            "portuguese" => "pt",
            "russian" => "ru",
            "arabic" => "ar",
            "chinese" => "zh",
            "japanese" => "ja",
            three if three.len() == 3 => match whatlang::Lang::from_code(three) {
                Some(lang) => return Language::from_whatlang(lang),
                None => three,
            },
            other => other,
        };
        Language::from_exact_code(code).unwrap_or_default()
    }

    /// The language of a code of this module's own, as [`Language::code`] gives it.
    #[must_use]
    pub fn from_exact_code(code: &str) -> Option<Language> {
        // The table has well under 256 rows.
        LANGUAGES.iter().position(|entry| entry.code == code).map(|i| Language(i as u8))
    }

    /// The language `text` is written in, as far as its beginning tells.
    #[must_use]
    pub fn detect(text: &str) -> Language {
        let sample = &text[..text.floor_char_boundary(DETECTION_BYTES)];
        if sample.chars().filter(|c| c.is_alphabetic()).take(DETECTION_MIN_LETTERS).count() < DETECTION_MIN_LETTERS {
            return Language::UNKNOWN;
        }
        let small_words = SmallWords::count(sample);
        if let Some(language) = small_words.clear() {
            return language;
        }
        if small_words.speak_against_all() {
            return Language::UNKNOWN;
        }
        match whatlang::detect(sample) {
            Some(info) if info.is_reliable() => {
                let language = Language::from_whatlang(info.lang());
                if small_words.speak_against(language) { Language::UNKNOWN } else { language }
            }
            _ => Language::UNKNOWN,
        }
    }

    fn from_whatlang(lang: whatlang::Lang) -> Language {
        use whatlang::Lang;
        let code = match lang {
            Lang::Epo => "eo",
            Lang::Eng => "en",
            Lang::Rus => "ru",
            Lang::Cmn => "zh",
            Lang::Spa => "es",
            Lang::Por => "pt",
            Lang::Ita => "it",
            Lang::Ben => "bn",
            Lang::Fra => "fr",
            Lang::Deu => "de",
            Lang::Ukr => "uk",
            Lang::Kat => "ka",
            Lang::Ara => "ar",
            Lang::Hin => "hi",
            Lang::Jpn => "ja",
            Lang::Heb => "he",
            Lang::Yid => "yi",
            Lang::Pol => "pl",
            Lang::Amh => "am",
            Lang::Jav => "jv",
            Lang::Kor => "ko",
            Lang::Nob => "no",
            Lang::Dan => "da",
            Lang::Swe => "sv",
            Lang::Fin => "fi",
            Lang::Tur => "tr",
            Lang::Nld => "nl",
            Lang::Hun => "hu",
            Lang::Ces => "cs",
            Lang::Ell => "el",
            Lang::Bul => "bg",
            Lang::Bel => "be",
            Lang::Mar => "mr",
            Lang::Kan => "kn",
            Lang::Ron => "ro",
            Lang::Slv => "sl",
            Lang::Hrv => "hr",
            Lang::Srp => "sr",
            Lang::Mkd => "mk",
            Lang::Lit => "lt",
            Lang::Lav => "lv",
            Lang::Est => "et",
            Lang::Tam => "ta",
            Lang::Vie => "vi",
            Lang::Urd => "ur",
            Lang::Tha => "th",
            Lang::Guj => "gu",
            Lang::Uzb => "uz",
            Lang::Pan => "pa",
            Lang::Aze => "az",
            Lang::Ind => "id",
            Lang::Tel => "te",
            Lang::Pes => "fa",
            Lang::Mal => "ml",
            Lang::Ori => "or",
            Lang::Mya => "my",
            Lang::Nep => "ne",
            Lang::Sin => "si",
            Lang::Khm => "km",
            Lang::Tuk => "tk",
            Lang::Aka => "ak",
            Lang::Zul => "zu",
            Lang::Sna => "sn",
            Lang::Afr => "af",
            Lang::Lat => "la",
            Lang::Slk => "sk",
            Lang::Cat => "ca",
            Lang::Tgl => "tl",
            Lang::Hye => "hy",
            _ => "",
        };
        Language::from_exact_code(code).unwrap_or_default()
    }

    /// Two letters, or an empty string if unknown.
    #[must_use]
    pub fn code(self) -> &'static str {
        LANGUAGES[usize::from(self.0)].code
    }

    /// The code, or `None` if unknown.
    #[must_use]
    pub fn known_code(self) -> Option<&'static str> {
        Some(self.code()).filter(|code| !code.is_empty())
    }

    /// Has this language a stemmer that could change `form`?
    ///
    /// Numbers and single letters have no other forms.
    #[must_use]
    #[inline]
    pub fn stems(self, form: &str) -> bool {
        self.has_stemmer()
            && form.len() > 1
            && form.bytes().any(|byte| !byte.is_ascii_digit())
            && (form.as_bytes()[0].is_ascii() || !form.starts_with(super::word::is_unspaced))
    }

    /// Has this language a stemmer?
    #[must_use]
    #[inline]
    pub fn has_stemmer(self) -> bool {
        LANGUAGES[usize::from(self.0)].stems.is_some()
    }

    /// Do stems of this language begin as their forms do?
    #[must_use]
    #[inline]
    pub fn changes_ends_only(self) -> bool {
        LANGUAGES[usize::from(self.0)].suffixes_only
    }

    /// Appends the folded stem of `form` (lower case, accents kept) to `out`; without a stemmer, the folded form.
    pub fn stem_into(self, form: &str, out: &mut String) {
        match LANGUAGES[usize::from(self.0)].stems {
            Some(Stems::Snowball(algorithm)) => fold_into(&Stemmer::new(algorithm).stem(form), out),
            Some(Stems::Light10) => out.push_str(light10(&fold(form))),
            None => fold_into(form, out),
        }
    }

    /// The folded stem of `form`.
    #[must_use]
    pub fn stem(self, form: &str) -> String {
        let mut out = String::new();
        self.stem_into(form, &mut out);
        out
    }
}

/// Small words by which common languages are told at a glance: each is frequent in its own and rare in the others.
const SMALL_WORDS: &[(&str, &[&str])] = &[
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
/// So many small words must be met.
const LEAST_SMALL_WORDS: usize = 6;

/// And so many, where none of another language is met.
const LEAST_LONE_SMALL_WORDS: usize = 4;

/// So many words, a quarter of them numbers, are a table.
const LEAST_TABLE_WORDS: usize = 8;

/// A small word: which it is, and which languages it is of, as bits in the order of [`SMALL_WORDS`].
#[derive(Clone, Copy)]
struct SmallWord {
    bit: u128,
    languages: u8,
}

/// Small words by their bytes.
static SMALL_WORD_TABLE: LazyLock<FxHashMap<u64, SmallWord>> = LazyLock::new(|| {
    let mut out: FxHashMap<u64, SmallWord> = FxHashMap::default();
    for (i, (_, words)) in SMALL_WORDS.iter().enumerate() {
        for word in *words {
            // There are 15 of each language.
            let bit = 1 << out.len();
            out.entry(packed(word.as_bytes())).or_insert(SmallWord { bit, languages: 0 }).languages |= 1 << i;
        }
    }
    out
});

/// Longest small word, in bytes.
const SMALL_WORD_BYTES: usize = 6;

/// The bytes of a small word as a number, capitals as small letters.
fn packed(word: &[u8]) -> u64 {
    word.iter().fold(0, |number, byte| number << 8 | u64::from(byte.to_ascii_lowercase()))
}

/// How many small words of each language a text has.
struct SmallWords {
    hits: [usize; SMALL_WORDS.len()],
    /// Which they are.
    found: u128,
    /// Words of the text.
    words: usize,
    /// Those of them that hold digits.
    numbers: usize,
}

impl SmallWords {
    fn count(sample: &str) -> SmallWords {
        let known = &*SMALL_WORD_TABLE;
        let mut counted = SmallWords { hits: [0; SMALL_WORDS.len()], found: 0, words: 0, numbers: 0 };
        let (mut length, mut word, mut digits) = (0, 0, false);
        // A space ends the last word.
        for byte in sample.bytes().chain([b' ']) {
            if !byte.is_ascii_whitespace() {
                length += 1;
                word = word << 8 | u64::from(byte.to_ascii_lowercase());
                digits |= byte.is_ascii_digit();
                continue;
            }
            counted.words += usize::from(length > 0);
            counted.numbers += usize::from(digits);
            if (2..=SMALL_WORD_BYTES).contains(&length)
                && let Some(word) = known.get(&word)
            {
                counted.found |= word.bit;
                counted.hits.iter_mut().enumerate().for_each(|(i, hits)| *hits += usize::from(word.languages >> i & 1));
            }
            (length, word, digits) = (0, 0, false);
        }
        counted
    }

    /// The language, if they leave no doubt; ten times quicker than weighing all languages.
    fn clear(&self) -> Option<Language> {
        let hits = &self.hits;
        let best = (0..hits.len()).max_by_key(|&i| hits[i])?;
        let second = (0..hits.len()).filter(|&i| i != best).map(|i| hits[i]).max()?;
        // Fewer will do where none is of another language, and in a long text if they are several.
        let alone = second == 0
            && hits[best] >= LEAST_LONE_SMALL_WORDS
            && (hits[best] * 12 >= self.words || self.found_of(SMALL_WORDS[best].1) >= LEAST_LONE_SMALL_WORDS);
        let clear = hits[best] >= LEAST_SMALL_WORDS && hits[best] * 10 >= self.words && second * 3 <= hits[best];
        let clear = clear || alone;
        clear.then(|| Language::from_code(SMALL_WORDS[best].0))
    }

    /// Is it a table of figures, or a text with too few small words of a language that has many? Letters alone take
    /// English tables (`Shr 3 cts vs 5 cts`) for French.
    fn speak_against(&self, language: Language) -> bool {
        let Some((_, small_words)) = SMALL_WORDS.iter().find(|(code, _)| *code == language.code()) else {
            return self.numbers * 4 > self.words;
        };
        let found = self.found_of(small_words);
        // `La grève continue à Halden` has none of them yet.
        match self.words {
            0..20 => false,
            20..30 => found == 0,
            _ => found < 2,
        }
    }

    /// Would they speak against any language? Weighing letters takes as long as all else that is done with a table.
    fn speak_against_all(&self) -> bool {
        let is_table = self.words >= LEAST_TABLE_WORDS && self.numbers * 4 > self.words;
        is_table && SMALL_WORDS.iter().all(|(_, small_words)| self.found_of(small_words) < 2)
    }

    fn found_of(&self, small_words: &[&str]) -> usize {
        let known = &*SMALL_WORD_TABLE;
        let found = |word: &&&str| known.get(&packed(word.as_bytes())).is_some_and(|word| self.found & word.bit != 0);
        small_words.iter().filter(found).count()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tags_as_people_write_them() {
        for (tag, code) in [
            ("en-GB", "en"),
            ("pt_BR", "pt"),
            ("DE", "de"),
            ("eng", "en"),
            ("nb", "no"),
            ("English", "en"),
            ("xx", ""),
            ("", ""),
        ] {
            assert_eq!(Language::from_code(tag).code(), code, "{tag}");
        }
    }

    #[test]
    fn stems_are_blind_to_accents() {
        for (code, form, stem) in [
            ("en", "embargoes", "embargo"),
            ("en", "strikes", "strike"),
            ("fr", "présidents", "president"),
            ("de", "häfen", "haf"),
            ("", "strikes", "strikes"),
            ("ja", "港", "港"),
        ] {
            assert_eq!(Language::from_code(code).stem(form), stem, "{form}");
        }
    }

    #[test]
    fn detection_wants_enough_text() {
        assert_eq!(Language::detect("Dockers"), Language::UNKNOWN);
        let german = "Die Hafenarbeiter legten am Montag die Arbeit nieder, weil die Verhandlungen gescheitert waren.";
        assert_eq!(Language::detect(german).code(), "de");
        // Few small words, of one language alone.
        let notice =
            "HALDEN COURIER TO BUY THE PRESS OF LUNDE AND SELL ITS SHIPS FOR 12 MLN KRONER, CHAIRMAN TELLS STAFF";
        assert_eq!(Language::detect(notice).code(), "en");
        // A table of figures has no small words.
        let table = "Shr loss 64 cts vs loss 1.29 dlrs\n Net loss 5,732,000 vs loss 4,924,000\n Sales 18.8 mln vs 23.6 mln\n \
                     Avg shrs 9.0 mln vs 3.8 mln\n Year\n Shr loss 1.82 dlrs vs loss 3.65 dlrs\n Sales 112.8 mln";
        assert_eq!(Language::detect(table), Language::UNKNOWN);
    }
}
