//! Which words of the index a word of the query stands for.
//!
//! A [`WordTest`] decides for one key; the same test reads the term dictionary, where it bounds the range to look at,
//! and the words of a passage when hits are marked. So what is found is what is marked.

use crate::text::language::Language;
use crate::text::word::{KEY_SEPARATOR, Word, WordKey};

/// What a word of the query asks of a word of the text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum WordTest {
    /// This form, blind to case and accents.
    Exact(String),
    /// Any form with the same stem, in the language the text is written in.
    Stem {
        /// The folded form as typed; it matches whatever its language.
        folded: String,
        /// Folded stems by language.
        stems: Vec<(Language, String)>,
        /// The language that most articles are in: that of a text whose language is unknown, as far as stems go.
        usual: Language,
    },
}

impl WordTest {
    /// A test for the exact form of `word`.
    #[must_use]
    pub fn exact(word: &Word<'_>) -> WordTest {
        WordTest::Exact(word.folded.to_string())
    }

    /// A test for all forms of `word`, for an index of articles in `languages`, the commonest first.
    #[must_use]
    pub fn stem(word: &Word<'_>, languages: &[Language]) -> WordTest {
        let usual = languages.first().copied().unwrap_or_default();
        let stems: Vec<_> = languages
            .iter()
            .filter(|language| language.stems(word.form))
            .map(|&language| (language, language.stem(word.form)))
            .collect();
        if stems.is_empty() {
            WordTest::exact(word)
        } else {
            WordTest::Stem { folded: word.folded.to_string(), stems, usual }
        }
    }

    /// Does a word with this folded form, language code and form pass?
    #[must_use]
    pub fn accepts(&self, folded: &str, language: &str, form: &str) -> bool {
        match self {
            WordTest::Exact(wanted) => wanted == folded,
            WordTest::Stem { folded: wanted, stems, usual } => {
                let language = if language.is_empty() { usual.code() } else { language };
                wanted == folded
                    || stems.iter().any(|(stem_language, stem)| {
                        language == stem_language.code()
                            && near(*stem_language, folded, stem)
                            && stem_language.stems(form)
                            && stem_language.stem(form) == *stem
                    })
            }
        }
    }

    /// Does the key of an index pass?
    #[must_use]
    pub fn accepts_key(&self, key: &[u8]) -> bool {
        match WordKey::parts(key) {
            Some((folded, language, form)) => {
                self.accepts(folded, language, form) && !self.has_stem_key_for(language, form)
            }
            None => self.stem_keys().any(|stem_key| stem_key == key),
        }
    }

    /// Does a word of a text in `language` pass?
    #[must_use]
    pub fn accepts_word(&self, word: &Word<'_>, language: Language) -> bool {
        let code = if language.stems(word.form) { language.code() } else { "" };
        self.accepts(word.folded, code, word.form)
    }

    /// Keys of stems that pass; only languages that have such keys.
    fn stem_keys(&self) -> impl Iterator<Item = Vec<u8>> {
        let stems = match self {
            WordTest::Exact(_) => &[][..],
            WordTest::Stem { stems, .. } => stems,
        };
        stems
            .iter()
            .filter(|(language, _)| !language.changes_ends_only())
            .map(|(language, stem)| WordKey::of_stem(*language, stem))
    }

    /// Is a form of this language found under its stem's key already?
    fn has_stem_key_for(&self, code: &str, form: &str) -> bool {
        let WordTest::Stem { stems, .. } = self else { return false };
        stems.iter().any(|(language, stem)| {
            language.code() == code && !language.changes_ends_only() && language.stem(form) == *stem
        })
    }

    /// Ranges of keys, from the first to before the second, that hold all that can pass; they do not overlap.
    #[must_use]
    pub fn key_ranges(&self) -> Vec<(Vec<u8>, Vec<u8>)> {
        match self {
            WordTest::Exact(folded) => {
                let mut from = folded.clone().into_bytes();
                let mut to = from.clone();
                from.push(KEY_SEPARATOR);
                to.push(KEY_SEPARATOR + 1);
                vec![(from, to)]
            }
            WordTest::Stem { folded, stems, .. } => {
                let mut prefix = folded.clone();
                for (_, stem) in stems.iter().filter(|(language, _)| language.changes_ends_only()) {
                    prefix.truncate(shared_bytes(&prefix, common_start(stem)));
                }
                let mut to = prefix.clone().into_bytes();
                // No text holds this byte, so it lies behind every key with the prefix.
                to.push(0xff);
                let stem_keys = self.stem_keys().map(|key| {
                    let mut to = key.clone();
                    to.push(0);
                    (key, to)
                });
                stem_keys.chain([(prefix.into_bytes(), to)]).collect()
            }
        }
    }

    /// The word as typed, folded.
    #[must_use]
    pub fn typed(&self) -> &str {
        match self {
            WordTest::Exact(folded) | WordTest::Stem { folded, .. } => folded,
        }
    }
}

/// Does a form lie in the range of a stem? It saves stemming most words, and keeps what is marked to what is found:
/// the few forms that share no beginning with their stem (`dying`, `die`) do not count.
fn near(language: Language, folded: &str, stem: &str) -> bool {
    !language.changes_ends_only() || folded.starts_with(common_start(stem))
}

/// The letters at the start of a stem that all its forms share: stemmers rewrite at most the last two
/// (`happi` of happy, `haf` of Häfen).
fn common_start(stem: &str) -> &str {
    let chars = stem.chars().count();
    let keep = chars.saturating_sub(2).max(chars.min(2));
    let end = stem.char_indices().nth(keep).map_or(stem.len(), |(at, _)| at);
    &stem[..end]
}

/// How many bytes two words share at their start, cut at a character.
fn shared_bytes(a: &str, b: &str) -> usize {
    let same = a.bytes().zip(b.bytes()).take_while(|(x, y)| x == y).count();
    a.floor_char_boundary(same)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::text::Words;

    fn stem_test(word: &str, codes: &[&str]) -> WordTest {
        let languages: Vec<Language> = codes.iter().map(|code| Language::from_code(code)).collect();
        WordTest::stem(&Words::new(word).next().expect("a word"), &languages)
    }

    fn key(word: &str, code: &str) -> Vec<u8> {
        let mut out = vec![];
        WordKey::push_to(&mut out, &Words::new(word).next().expect("a word"), Language::from_code(code));
        out
    }

    #[test]
    fn accepted_forms_lie_in_the_range() {
        for (word, code, form, accepted) in [
            ("embargo", "en", "embargoes", true),
            ("Embargoes", "en", "EMBARGO", true),
            ("happy", "en", "happiness", true),
            ("strike", "en", "stricken", false),
            ("présidents", "fr", "président", true),
            ("president", "fr", "présidents", true),
            ("Häfen", "de", "Hafen", true),
            ("die", "en", "dying", false),
            ("1987", "en", "1987", true),
            ("港", "zh", "港", true),
            ("embargo", "en", "embargoes\u{ad}", true),
        ] {
            let test = stem_test(word, &["en", "de", "fr"]);
            let key = key(form, code);
            assert_eq!(test.accepts_key(&key), accepted, "{word} {form}");
            if accepted {
                assert!(test.key_ranges().iter().any(|(from, to)| *from <= key && key < *to), "{word} {form}");
            }
        }
    }

    #[test]
    fn a_stem_counts_only_in_its_language() {
        let test = stem_test("dying", &["en", "de"]);
        assert!(!test.accepts_key(&key("die", "de")), "the German article is no form of dying");
    }
}
