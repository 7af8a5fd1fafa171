//! Languages: codes, identification from text, stemming.

use frostem::{Algorithm, Stemmer};
use serde::{Deserialize, Serialize};

use super::arabic::light10;
use super::fold::{composed, fold, fold_into};
use super::function_words::FunctionWords;

/// A language by its ISO 639-1 code, or unknown.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Default, Serialize, Deserialize)]
pub struct Language(u8);

struct Entry {
    /// ISO 639-1.
    code: &'static str,
    stemmer: Option<StemmerKind>,
    /// Does the stemmer change only the ends of words, so that all forms of a stem are close together in the sorted term
    /// dictionary?
    changes_ends_only: bool,
}

#[derive(Clone, Copy)]
enum StemmerKind {
    Snowball(Algorithm),
    Light10,
}

const fn entry(code: &'static str, algorithm: Option<Algorithm>) -> Entry {
    let stemmer = match algorithm {
        Some(algorithm) => Some(StemmerKind::Snowball(algorithm)),
        None => None,
    };
    Entry { code, stemmer, changes_ends_only: true }
}

/// A language whose stemmer also changes the beginnings of words.
const fn prefixing(code: &'static str, algorithm: Algorithm) -> Entry {
    Entry { code, stemmer: Some(StemmerKind::Snowball(algorithm)), changes_ends_only: false }
}

/// All languages by ordinal; 0 is the unknown language. Ordinals are stored in indexes, so rows are only ever appended.
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
    Entry { code: "ar", stemmer: Some(StemmerKind::Light10), changes_ends_only: false },
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

/// Bytes of text that identification reads: enough to be certain, few enough to cost nothing beside indexing.
const DETECTION_BYTES: usize = 700;

/// With fewer letters identification is a coin toss, so the language stays unknown.
const DETECTION_MIN_LETTERS: usize = 40;

impl Language {
    /// The unknown language.
    pub const UNKNOWN: Language = Language(0);

    /// The language of a tag as pages and records write it: `en`, `en-GB`, `pt_BR`, `eng`, `English`. Unknown for any other.
    #[must_use]
    pub fn from_code(tag: &str) -> Language {
        let tag = tag.trim();
        let primary = tag.split_once(['-', '_']).map_or(tag, |(primary, _)| primary).to_ascii_lowercase();
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
                Some(lang) => whatlang_code(lang),
                None => three,
            },
            other => other,
        };
        Language::from_exact_code(code).unwrap_or(Language::UNKNOWN)
    }

    /// The language of a code that [`Language::code`] returns.
    #[must_use]
    pub fn from_exact_code(code: &str) -> Option<Language> {
        // The table has fewer than 256 rows.
        LANGUAGES.iter().position(|entry| entry.code == code).map(|i| Language(i as u8))
    }

    /// The language of `text`, identified from its beginning; unknown if that is too short or unclear.
    #[must_use]
    pub fn detect(text: &str) -> Language {
        // Models know composed letters only.
        let sample = &*composed(&text[..text.floor_char_boundary(DETECTION_BYTES)]);
        if sample.chars().filter(|c| c.is_alphabetic()).take(DETECTION_MIN_LETTERS).count() < DETECTION_MIN_LETTERS {
            return Language::UNKNOWN;
        }
        let words = FunctionWords::count(sample);
        if let Some(code) = words.decisive().or_else(|| words.probably_english(sample)) {
            return Language::from_code(code);
        }
        if words.contradict_all(sample) {
            return Language::UNKNOWN;
        }
        match whatlang::detect(sample) {
            Some(info) if info.is_reliable() => {
                let language = Language::from_exact_code(whatlang_code(info.lang())).unwrap_or(Language::UNKNOWN);
                if words.contradict(language.code(), sample) { Language::UNKNOWN } else { language }
            }
            Some(info) => {
                let told = words.told_apart(whatlang_code(info.lang()), sample);
                told.map_or(Language::UNKNOWN, Language::from_code)
            }
            None => Language::UNKNOWN,
        }
    }

    /// Its index in the table of languages: stored in indexes, and part of terms.
    #[must_use]
    pub fn ordinal(self) -> u8 {
        self.0
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

    /// Could a stemmer of this language change `form`? Numbers and single letters have no other forms.
    #[must_use]
    #[inline]
    pub fn stems(self, form: &str) -> bool {
        self.has_stemmer()
            && form.len() > 1
            && form.bytes().any(|byte| !byte.is_ascii_digit())
            && (form.as_bytes()[0].is_ascii() || !form.starts_with(super::script::is_unspaced))
    }

    /// The languages that have a stemmer.
    #[cfg_attr(not(feature = "engine"), allow(dead_code))]
    pub(crate) fn with_stemmers() -> impl Iterator<Item = Language> {
        (0..=u8::MAX).take(LANGUAGES.len()).map(Language).filter(|language| language.has_stemmer())
    }

    /// Has this language a stemmer?
    #[must_use]
    #[inline]
    pub fn has_stemmer(self) -> bool {
        LANGUAGES[usize::from(self.0)].stemmer.is_some()
    }

    /// Does its stemmer, if any, change only the ends of words?
    #[must_use]
    #[inline]
    pub fn changes_ends_only(self) -> bool {
        LANGUAGES[usize::from(self.0)].changes_ends_only
    }

    /// Appends the folded stem of `form` (lower case, with accents) to `out`; without a stemmer, the folded form.
    pub fn stem_into(self, form: &str, out: &mut String) {
        match LANGUAGES[usize::from(self.0)].stemmer {
            Some(StemmerKind::Snowball(algorithm)) => fold_into(&Stemmer::new(algorithm).stem(form), out),
            Some(StemmerKind::Light10) => out.push_str(light10(&fold(form))),
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

/// The English name of a language by its two-letter code.
#[cfg(any(feature = "serve", feature = "mcp"))]
pub(crate) fn name_of(code: &str) -> Option<&'static str> {
    whatlang::Lang::all().iter().find(|lang| whatlang_code(**lang) == code).map(|lang| lang.eng_name())
}

/// The ISO 639-1 code of a language that `whatlang` identifies.
fn whatlang_code(lang: whatlang::Lang) -> &'static str {
    use whatlang::Lang;
    match lang {
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
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tags_in_use() {
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
    fn stems_have_no_accents() {
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
    fn detection_table() {
        assert_eq!(Language::detect("Dockers"), Language::UNKNOWN);
        let german = "Die Hafenarbeiter legten am Montag die Arbeit nieder, weil die Verhandlungen gescheitert waren.";
        assert_eq!(Language::detect(german).code(), "de");
        // Few function words, all of one language.
        let notice =
            "HALDEN COURIER TO BUY THE PRESS OF LUNDE AND SELL ITS SHIPS FOR 12 MLN KRONER, CHAIRMAN TELLS STAFF";
        assert_eq!(Language::detect(notice).code(), "en");
        // Even fewer, and none of another language: a headline, a short notice.
        let english = [
            "HALDEN COURIER SAYS ITS PRESS IN LUNDE HALTED OUTPUT FRIDAY",
            "LUNDE, March 12 - Halden Vitrines Corp said it plans to establish a plant in Plymouth, England, to serve \
             European customers.",
        ];
        for text in english {
            assert_eq!(Language::detect(text).code(), "en", "{text}");
        }
        // An English title does not make the text English.
        let others = [
            "Filmen The Harbour of the North vises i kveld i Halden og i Lunde til klokken elleve, og den er lang",
            "Film The Harbour of the North akan tayang di bioskop Halden pekan ini dan pekan depan, kata manajer",
            "Ang pelikulang The Harbour of the North ay ipapalabas sa mga sinehan ng Halden ngayong linggo",
        ];
        for text in others {
            assert_ne!(Language::detect(text).code(), "en", "{text}");
        }
        // Decomposed letters, as macOS and some PDF write them.
        for (text, code) in [
            (
                "Корабль задержали в порту: российские власти проверяют груз, который прибыл во вторник из Хальдена",
                "ru",
            ),
            (
                "파업은 월요일에 시작되었고 항구에서는 배가 한 척도 하역되지 않았다고 노동조합이 밝혔다. 협상은 결렬되었다.",
                "ko",
            ),
            ("Οι λιμενεργάτες κατέβηκαν σε απεργία τη Δευτέρα επειδή οι διαπραγματεύσεις απέτυχαν", "el"),
        ] {
            let decomposed: String = unicode_normalization::UnicodeNormalization::nfd(text).collect();
            assert_eq!(Language::detect(&decomposed).code(), code, "{text}");
        }
        // A number in a script without spaces makes no table.
        for (text, code) in [
            (
                "労働組合は12日、四時間の延長になると述べた。会社側はこれに応じていない。交渉は来週にも再開される見込みだ。",
                "ja",
            ),
            (
                "工会领导人12日说，该计划将使每周工作时间增加4个小时，而且自2022年以来没有任何谈判，货船在外海等候。",
                "zh",
            ),
            // Trigrams are in doubt of these.
            (
                "Порт был закрыт во вторник после того, как докеры прекратили работу из-за нового графика смен, сообщила \
                 администрация порта, и профсоюз заявил, что переговоров не было.",
                "ru",
            ),
            (
                "Havnen ble stengt tirsdag etter at arbeiderne la ned arbeidet, og flere skip må vente ute, sier \
                 havnesjefen, uten at noe mer er kjent nå.",
                "no",
            ),
        ] {
            assert_eq!(Language::detect(text).code(), code, "{text}");
        }
        // Neighbours of Russian.
        let bulgarian = "Пристанището беше затворено във вторник, след като докерите спряха работа заради новия график на \
                         смените, съобщи администрацията, а преговори не е имало от миналата година.";
        let ukrainian = "Порт закрили у вівторок після того, як докери припинили роботу через новий графік змін, \
                         повідомила адміністрація порту, і переговорів не було.";
        for text in [bulgarian, ukrainian] {
            assert_ne!(Language::detect(text).code(), "ru", "{text}");
        }
        // A table of figures has no function words.
        let table = "Shr loss 64 cts vs loss 1.29 dlrs\n Net loss 5,732,000 vs loss 4,924,000\n Sales 18.8 mln vs 23.6 mln\n \
                     Avg shrs 9.0 mln vs 3.8 mln\n Year\n Shr loss 1.82 dlrs vs loss 3.65 dlrs\n Sales 112.8 mln";
        assert_eq!(Language::detect(table), Language::UNKNOWN);
    }
}
