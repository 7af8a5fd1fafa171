//! Which words of the index a word of the query stands for.
//!
//! A [`WordTest`] decides for one key; the same test reads the term dictionary, where it bounds the range to look at,
//! and the words of a passage when hits are marked. So what is found is what is marked.

use std::sync::{Arc, LazyLock};

use levenshtein_automata::{DFA, LevenshteinAutomatonBuilder};
use regex_automata::dfa::{Automaton as _, dense};
use regex_automata::util::primitives::StateID;
use regex_automata::util::syntax;
use regex_automata::{Anchored, Input};
use tantivy_fst::Automaton;

use crate::query::fold_regex;
use crate::text::language::Language;
use crate::text::term;
use crate::text::word::{Case, Word};

/// What a word of the query asks of a word of the text.
#[derive(Debug, Clone)]
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
    /// This word in case and accents too. Keys tell the accents; the case is told by [`crate::index::terms::Shape`].
    Verbatim {
        /// Blind to case and accents.
        folded: String,
        /// Lower case, with accents.
        form: String,
        /// The case.
        case: Case,
    },
    /// All words that begin so.
    Prefix(String),
    /// All words that an automaton accepts.
    Automaton {
        /// As typed, for messages.
        typed: String,
        /// What it accepts, as folded words.
        accepts: FoldedWords,
    },
}

impl std::fmt::Debug for FoldedWords {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("FoldedWords")
    }
}

/// An automaton of folded words.
#[derive(Clone)]
pub enum FoldedWords {
    /// A regular expression for the whole word.
    Regex(Arc<dense::DFA<Vec<u32>>>),
    /// So many letters other.
    Fuzzy(Arc<DFA>),
}

/// [`FoldedWords`] over keys: up to the separator the word decides, behind it everything goes.
pub struct WordKeys<'a>(pub &'a FoldedWords);

/// Where [`WordKeys`] is in a key.
#[derive(Clone)]
pub enum KeyState {
    /// Inside the word, by its regular expression.
    Regex(StateID),
    /// Inside the word, by its distance.
    Fuzzy(u32),
    /// Behind the word, which was accepted.
    Accepted,
    /// Nowhere: this key is none.
    Refused,
}

impl Automaton for WordKeys<'_> {
    type State = KeyState;

    fn start(&self) -> KeyState {
        match self.0 {
            FoldedWords::Regex(dfa) => dfa
                .start_state_forward(&Input::new("").anchored(Anchored::Yes))
                .map_or(KeyState::Refused, KeyState::Regex),
            FoldedWords::Fuzzy(dfa) => KeyState::Fuzzy(dfa.initial_state()),
        }
    }

    fn is_match(&self, state: &KeyState) -> bool {
        matches!(state, KeyState::Accepted)
    }

    fn can_match(&self, state: &KeyState) -> bool {
        match (self.0, state) {
            (FoldedWords::Regex(dfa), KeyState::Regex(state)) => !dfa.is_dead_state(*state),
            (FoldedWords::Fuzzy(_), KeyState::Fuzzy(state)) => *state != levenshtein_automata::SINK_STATE,
            (_, KeyState::Accepted) => true,
            _ => false,
        }
    }

    fn accept(&self, state: &KeyState, byte: u8) -> KeyState {
        // No word begins with the byte of stem keys, so those are refused by themselves, but for patterns such as `.*`.
        if byte == term::STEM_PREFIX {
            return KeyState::Refused;
        }
        match (self.0, state) {
            (FoldedWords::Regex(dfa), KeyState::Regex(state)) if byte == term::SEPARATOR => {
                let matches = dfa.is_match_state(dfa.next_eoi_state(*state));
                if matches { KeyState::Accepted } else { KeyState::Refused }
            }
            (FoldedWords::Regex(dfa), KeyState::Regex(state)) => KeyState::Regex(dfa.next_state(*state, byte)),
            (FoldedWords::Fuzzy(dfa), KeyState::Fuzzy(state)) if byte == term::SEPARATOR => {
                let near = matches!(dfa.distance(*state), levenshtein_automata::Distance::Exact(_));
                if near { KeyState::Accepted } else { KeyState::Refused }
            }
            (FoldedWords::Fuzzy(dfa), KeyState::Fuzzy(state)) => KeyState::Fuzzy(dfa.transition(*state, byte)),
            (_, KeyState::Accepted) => KeyState::Accepted,
            _ => KeyState::Refused,
        }
    }
}

/// Builders of automata for one and two letters, which take a moment to make.
static FUZZY: LazyLock<[LevenshteinAutomatonBuilder; 2]> =
    LazyLock::new(|| [LevenshteinAutomatonBuilder::new(1, true), LevenshteinAutomatonBuilder::new(2, true)]);

/// The builder for words up to `distance` letters away.
pub(crate) fn fuzzy_builder(distance: u8) -> &'static LevenshteinAutomatonBuilder {
    &FUZZY[usize::from(distance > 1)]
}

impl WordTest {
    /// A test for words that begin with `prefix`.
    #[must_use]
    pub fn prefix(prefix: &str) -> WordTest {
        WordTest::Prefix(crate::text::fold::fold(prefix))
    }

    /// A test for `word` as it is written in `text`, the text it was cut from.
    #[must_use]
    pub fn verbatim(word: &Word<'_>, text: &str) -> WordTest {
        WordTest::Verbatim { folded: word.folded.to_string(), form: word.form.to_string(), case: word.case(text) }
    }

    /// A test for words that a regular expression matches as a whole; none, if it is too large.
    #[must_use]
    pub fn regex(regex: &str) -> Option<WordTest> {
        const MOST_BYTES: usize = 8 << 20;
        let config = dense::Config::new().dfa_size_limit(Some(MOST_BYTES)).determinize_size_limit(Some(MOST_BYTES));
        let whole = format!("^(?:{})$", fold_regex(regex));
        let dfa = dense::Builder::new()
            .configure(config.start_kind(regex_automata::dfa::StartKind::Anchored))
            .syntax(syntax::Config::new().case_insensitive(true))
            .build(&whole)
            .ok()?;
        Some(WordTest::Automaton { typed: format!("/{regex}/"), accepts: FoldedWords::Regex(Arc::new(dfa)) })
    }

    /// A test for words that a pattern matches: `*` is any letters, `?` one.
    #[must_use]
    pub fn pattern(pattern: &str) -> Option<WordTest> {
        if let Some(prefix) = pattern.strip_suffix('*').filter(|prefix| !prefix.contains(['*', '?'])) {
            return Some(WordTest::prefix(prefix));
        }
        let mut regex = String::new();
        let mut literal = String::new();
        for c in pattern.chars().chain(['\0']) {
            if !matches!(c, '*' | '?' | '\0') {
                literal.push(c);
                continue;
            }
            // Letters behind a sign are folded as those of words are.
            regex.push_str(&regex::escape(&crate::text::fold::fold(&literal)));
            literal.clear();
            match c {
                '*' => regex.push_str(".*"),
                '?' => regex.push('.'),
                _ => {}
            }
        }
        match WordTest::regex(&regex)? {
            WordTest::Automaton { accepts, .. } => Some(WordTest::Automaton { typed: pattern.to_string(), accepts }),
            other => Some(other),
        }
    }

    /// A test for words up to `distance` letters away: other, missing, too many, or swapped with the next.
    #[must_use]
    pub fn fuzzy(word: &Word<'_>, distance: u8) -> WordTest {
        let dfa = fuzzy_builder(distance).build_dfa(word.folded);
        let typed = format!("{}~{distance}", word.folded);
        WordTest::Automaton { typed, accepts: FoldedWords::Fuzzy(Arc::new(dfa)) }
    }

    /// Can it stand for so many words that a bound is needed?
    #[must_use]
    pub fn expands(&self) -> bool {
        matches!(self, WordTest::Prefix(_) | WordTest::Automaton { .. })
    }

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
            WordTest::Verbatim { folded: wanted, form: wanted_form, .. } => wanted == folded && wanted_form == form,
            WordTest::Prefix(prefix) => folded.starts_with(prefix.as_str()),
            // Its automaton has seen to it.
            WordTest::Automaton { .. } => true,
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
        match term::parts(key) {
            Some((folded, language, form)) => {
                self.accepts(folded, language, form) && !self.has_stem_key_for(language, form)
            }
            None => self.stem_keys().any(|stem_key| stem_key == key),
        }
    }

    /// Keys of stems that pass; only languages that have such keys.
    fn stem_keys(&self) -> impl Iterator<Item = Vec<u8>> {
        let stems = match self {
            WordTest::Stem { stems, .. } => stems,
            _ => &[][..],
        };
        stems
            .iter()
            .filter(|(language, _)| !language.changes_ends_only())
            .map(|(language, stem)| term::of_stem(*language, stem).into_bytes())
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
            WordTest::Prefix(prefix) => {
                let mut to = prefix.clone().into_bytes();
                // No text holds this byte, so it lies behind every key with the prefix.
                to.push(0xff);
                vec![(prefix.clone().into_bytes(), to)]
            }
            // Automata look for their words themselves.
            WordTest::Automaton { .. } => Vec::new(),
            WordTest::Exact(folded) | WordTest::Verbatim { folded, .. } => {
                let mut from = folded.clone().into_bytes();
                let mut to = from.clone();
                from.push(term::SEPARATOR);
                to.push(term::SEPARATOR + 1);
                vec![(from, to)]
            }
            WordTest::Stem { folded, stems, .. } => {
                let mut prefix = folded.clone();
                for (language, stem) in stems.iter().filter(|(language, _)| language.changes_ends_only()) {
                    prefix.truncate(shared_bytes(&prefix, common_start(*language, stem)));
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
            WordTest::Verbatim { form, .. } => form,
            WordTest::Prefix(prefix) => prefix,
            WordTest::Automaton { typed, .. } => typed,
        }
    }
}

/// Does a form lie in the range of a stem? It saves stemming most words, and keeps what is marked to what is found:
/// the few forms that share no beginning with their stem (`dying`, `die`) do not count.
fn near(language: Language, folded: &str, stem: &str) -> bool {
    !language.changes_ends_only() || folded.starts_with(common_start(language, stem))
}

/// Stemmers that rewrite no more than the last letter of a stem (`happi` of happy). Of the words of news in these
/// languages (71,000 English, 17,000 others) only `dying`, `tying` and their like share less.
const REWRITE_ONE: &[&str] = &["cs", "en", "es", "hu", "it", "lt", "no", "pt", "ru", "sv", "tr"];

/// The letters at the start of a stem that all its forms share: stemmers rewrite at most the last two (`haf` of Häfen,
/// `recent` of récemment), one of short stems. Whatever is shared more is less of the dictionary to read.
fn common_start(language: Language, stem: &str) -> &str {
    const SHORT: usize = 4;
    let chars = stem.chars().count();
    let rewritten = if chars <= SHORT || REWRITE_ONE.contains(&language.code()) { 1 } else { 2 };
    let keep = chars.saturating_sub(rewritten).max(chars.min(2));
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
        let mut out = Vec::new();
        term::push_word(&mut out, &Words::new(word).next().expect("a word"), Language::from_code(code));
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
