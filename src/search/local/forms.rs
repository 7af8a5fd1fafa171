//! The words of the index that a word of the query matches.
//!
//! A [`WordTest`] decides whether a term matches, and bounds the ranges of the term dictionary that are read for it.

use std::sync::{Arc, LazyLock};

use levenshtein_automata::{DFA, LevenshteinAutomatonBuilder};
use regex_automata::dfa::{Automaton as _, dense};
use regex_automata::util::primitives::StateID;
use regex_automata::{Anchored, Input};
use tantivy_fst::Automaton;

use crate::query::{compile_word_regex, fold_regex};
use crate::text::fold::{composed, fold, spelled_out};
use crate::text::language::Language;
use crate::text::term::{self, TermParts, common_start, near};
use crate::text::word::{Case, Word};

/// The condition of a word of the query on a word of the text.
#[derive(Debug, Clone)]
pub enum WordTest {
    /// This form, in any case and with any accents.
    Exact(String),
    /// Any of these forms, folded; the first stands for all.
    AnyOf(Vec<String>),
    /// Any form with the same stem, in the language the text is written in.
    Stem {
        /// The folded form as typed, which matches in any language.
        folded: String,
        /// Folded stems by language.
        stems: Vec<(Language, String)>,
        /// The language of most articles, by which words of texts in an unknown language are stemmed.
        usual: Language,
    },
    /// This word, with the same case and accents. Terms have the accents; the case and boundary field has
    /// the case.
    Verbatim {
        /// Without case and accents.
        folded: String,
        /// Lower case, with accents.
        form: String,
        /// The case.
        case: Case,
    },
    /// All words with this prefix.
    Prefix(Prefix),
    /// All words that an automaton accepts.
    Automaton {
        /// As typed, for messages.
        typed: String,
        /// The automaton, over folded words.
        accepts: FoldedWords,
        /// What a word must pass as well, as it is or with its umlauts spelled out: `accepts` takes the `ae` of a pattern
        /// for an `a` too, which is right where the word has an `ä`.
        spelled: Option<FoldedWords>,
    },
}

/// A beginning of words. `Jaeg*` and `Jäg*` are one: umlauts count as spelled out too.
#[derive(Debug, Clone)]
pub struct Prefix {
    /// Folded as typed, and with umlauts spelled out if that differs.
    pub(crate) wanted: Vec<String>,
    /// The prefixes of all folded words that can match; none begins with another.
    pub(crate) ranges: Vec<String>,
}

impl Prefix {
    fn new(typed: &str) -> Prefix {
        let mut wanted = vec![fold(typed)];
        wanted.extend(spelled_out(&composed(typed).to_lowercase()));
        let mut ranges = wanted.clone();
        wanted.iter().for_each(|prefix| contractions(prefix, 0, &mut ranges));
        ranges.sort_unstable();
        // A prefix sorts directly before those that begin with it.
        ranges.dedup_by(|next, kept| next.starts_with(kept.as_str()));
        Prefix { wanted, ranges }
    }

    fn accepts(&self, folded: &str, form: &str) -> bool {
        let begins = |word: &str| self.wanted.iter().any(|prefix| word.starts_with(prefix.as_str()));
        begins(folded) || spelled_out(form).is_some_and(|spelled| begins(&spelled))
    }
}

/// Two letters that an umlaut is spelled as, and the letter that the umlaut folds to.
const SPELLED_UMLAUTS: [(&str, &str); 4] = [("ae", "a"), ("oe", "o"), ("ue", "u"), ("aa", "a")];

/// The umlauts of a word that are contracted at the same time, in all combinations.
const MAX_CONTRACTED: usize = 4;

/// Adds `word` with one or several of the umlauts that are spelled out after `from` contracted, in all combinations.
fn contractions(word: &str, from: usize, out: &mut Vec<String>) {
    fn add(word: &str, from: usize, left: usize, out: &mut Vec<String>) {
        for (at, _) in word.char_indices().filter(|&(at, _)| at >= from && left > 0) {
            let Some((two, one)) = SPELLED_UMLAUTS.iter().find(|(two, _)| word[at..].starts_with(two)) else {
                continue;
            };
            let contracted = format!("{}{one}{}", &word[..at], &word[at + two.len()..]);
            add(&contracted, at + one.len(), left - 1, out);
            out.push(contracted);
        }
    }
    add(word, from, MAX_CONTRACTED, out);
}

impl std::fmt::Debug for FoldedWords {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("FoldedWords")
    }
}

/// An automaton of folded words.
#[derive(Clone)]
pub enum FoldedWords {
    /// A regular expression for the whole word, folded.
    Regex(Arc<dense::DFA<Vec<u32>>>, Arc<str>),
    /// A maximum edit distance to a folded word.
    Fuzzy(Arc<DFA>, Arc<str>, u8),
}

impl FoldedWords {
    /// The words that `regex` matches as a whole; `None` if its automaton is too large, which the parser refuses.
    fn regex(regex: &str) -> Option<FoldedWords> {
        let dfa = compile_word_regex(regex).ok()?;
        Some(FoldedWords::Regex(Arc::new(dfa), regex.into()))
    }

    /// Is `word` one of them?
    fn accepts(&self, word: &str) -> bool {
        let automaton = TermAutomaton(self);
        let bytes = word.bytes().chain([term::SEPARATOR]);
        automaton.is_match(&bytes.fold(automaton.start(), |state, byte| automaton.accept(&state, byte)))
    }
}

/// Appends an expression for any of `texts` to `regex`.
fn push_alternatives(regex: &mut String, texts: &[String]) {
    let mut escaped: Vec<String> = texts.iter().map(|text| regex::escape(text)).collect();
    escaped.sort_unstable();
    escaped.dedup();
    if let [one] = escaped.as_slice() {
        regex.push_str(one);
    } else {
        regex.push_str(&format!("(?:{})", escaped.join("|")));
    }
}

/// [`FoldedWords`] over terms: decides by the word, which ends at the separator, and accepts anything after it.
pub(crate) struct TermAutomaton<'a>(pub &'a FoldedWords);

/// State of a [`TermAutomaton`].
#[derive(Clone)]
pub(crate) enum TermState {
    /// In the word, with the state of the regular expression.
    Regex(StateID),
    /// In the word, with the state of the Levenshtein automaton.
    Fuzzy(u32),
    /// After the word, which is accepted.
    Accepted,
    /// The term is refused.
    Refused,
}

impl Automaton for TermAutomaton<'_> {
    type State = TermState;

    fn start(&self) -> TermState {
        match self.0 {
            FoldedWords::Regex(dfa, _) => TermState::Regex(
                dfa.start_state_forward(&Input::new("").anchored(Anchored::Yes))
                    .expect("the automaton is built for anchored searches, and has no quit bytes"),
            ),
            FoldedWords::Fuzzy(dfa, ..) => TermState::Fuzzy(dfa.initial_state()),
        }
    }

    fn is_match(&self, state: &TermState) -> bool {
        matches!(state, TermState::Accepted)
    }

    fn can_match(&self, state: &TermState) -> bool {
        match (self.0, state) {
            (FoldedWords::Regex(dfa, _), TermState::Regex(state)) => !dfa.is_dead_state(*state),
            (FoldedWords::Fuzzy(..), TermState::Fuzzy(state)) => *state != levenshtein_automata::SINK_STATE,
            (_, TermState::Accepted) => true,
            _ => false,
        }
    }

    fn accept(&self, state: &TermState, byte: u8) -> TermState {
        // No word begins with the first byte of terms of stems, but patterns such as `.*` would accept them.
        if byte == term::STEM_PREFIX {
            return TermState::Refused;
        }
        match (self.0, state) {
            (FoldedWords::Regex(dfa, _), TermState::Regex(state)) if byte == term::SEPARATOR => {
                let matches = dfa.is_match_state(dfa.next_eoi_state(*state));
                if matches { TermState::Accepted } else { TermState::Refused }
            }
            (FoldedWords::Regex(dfa, _), TermState::Regex(state)) => TermState::Regex(dfa.next_state(*state, byte)),
            (FoldedWords::Fuzzy(dfa, ..), TermState::Fuzzy(state)) if byte == term::SEPARATOR => {
                let near = matches!(dfa.distance(*state), levenshtein_automata::Distance::Exact(_));
                if near { TermState::Accepted } else { TermState::Refused }
            }
            (FoldedWords::Fuzzy(dfa, ..), TermState::Fuzzy(state)) => TermState::Fuzzy(dfa.transition(*state, byte)),
            (_, TermState::Accepted) => TermState::Accepted,
            _ => TermState::Refused,
        }
    }
}

/// Builders of automata for edit distances of one and two.
static FUZZY: LazyLock<[LevenshteinAutomatonBuilder; 2]> =
    LazyLock::new(|| [LevenshteinAutomatonBuilder::new(1, true), LevenshteinAutomatonBuilder::new(2, true)]);

/// Builds the automata that are built at first use, for a test of all of them.
#[cfg(test)]
pub(crate) fn build_tables() {
    LazyLock::force(&FUZZY);
}

/// The builder for a maximum edit distance.
pub(crate) fn fuzzy_builder(distance: u8) -> &'static LevenshteinAutomatonBuilder {
    &FUZZY[usize::from(distance > 1)]
}

impl WordTest {
    /// A test for words that begin with `prefix`.
    #[must_use]
    pub fn prefix(prefix: &str) -> WordTest {
        WordTest::Prefix(Prefix::new(prefix))
    }

    /// A test for `word` as written in `text`, from which it was cut.
    #[must_use]
    pub fn verbatim(word: &Word<'_>, text: &str) -> WordTest {
        WordTest::Verbatim { folded: word.folded.to_string(), form: word.form.to_string(), case: word.case(text) }
    }

    /// A test for words that a regular expression matches as a whole; `None` if its automaton is too large.
    #[must_use]
    pub fn regex(regex: &str) -> Option<WordTest> {
        let accepts = FoldedWords::regex(&fold_regex(regex))?;
        Some(WordTest::Automaton { typed: format!("/{regex}/"), accepts, spelled: None })
    }

    /// A test for words that a pattern matches: `*` is any number of letters, `?` one.
    #[must_use]
    pub fn pattern(pattern: &str) -> Option<WordTest> {
        if let Some(prefix) = pattern.strip_suffix('*').filter(|prefix| !prefix.contains(['*', '?'])) {
            return Some(WordTest::prefix(prefix));
        }
        // As the pattern spells words, and with umlauts for what it spells out.
        let (mut regex, mut loose) = (String::new(), String::new());
        let mut literal = String::new();
        for c in composed(pattern).chars().chain(['\0']) {
            if !matches!(c, '*' | '?' | '\0') {
                literal.push(c);
                continue;
            }
            // Letters between wildcards are folded as words are.
            let mut spellings = vec![fold(&literal)];
            spellings.extend(spelled_out(&literal.to_lowercase()));
            let mut contracted = spellings.clone();
            spellings.iter().for_each(|spelling| contractions(spelling, 0, &mut contracted));
            push_alternatives(&mut regex, &spellings);
            push_alternatives(&mut loose, &contracted);
            literal.clear();
            let wildcard = match c {
                '*' => ".*",
                '?' => ".",
                _ => "",
            };
            regex.push_str(wildcard);
            loose.push_str(wildcard);
        }
        let accepts = FoldedWords::regex(&loose)?;
        let spelled = if loose == regex { None } else { Some(FoldedWords::regex(&regex)?) };
        Some(WordTest::Automaton { typed: pattern.to_string(), accepts, spelled })
    }

    /// A test for words within an edit distance (Levenshtein, a transposition of neighbours counts one).
    #[must_use]
    pub fn fuzzy(word: &Word<'_>, distance: u8) -> WordTest {
        let dfa = fuzzy_builder(distance).build_dfa(word.folded);
        let typed = format!("{}~{distance}", word.folded);
        let accepts = FoldedWords::Fuzzy(Arc::new(dfa), word.folded.into(), distance.clamp(1, 2));
        WordTest::Automaton { typed, accepts, spelled: None }
    }

    /// Is the number of words that it matches limited?
    #[must_use]
    pub fn expands(&self) -> bool {
        matches!(self, WordTest::Prefix(_) | WordTest::Automaton { .. })
    }

    /// A test for the exact form of `word`.
    #[must_use]
    pub fn exact(word: &Word<'_>) -> WordTest {
        WordTest::Exact(word.folded.to_string())
    }

    /// A test for all forms of `word` in an index of articles in `languages`, the commonest first.
    #[must_use]
    pub fn stem(word: &Word<'_>, languages: &[Language]) -> WordTest {
        // An empty index has no language.
        let usual = languages.first().copied().unwrap_or(Language::UNKNOWN);
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

    /// Does a word with this folded form, language code and form match?
    #[must_use]
    pub fn accepts(&self, folded: &str, language: &str, form: &str) -> bool {
        match self {
            WordTest::Exact(wanted) => wanted == folded,
            WordTest::AnyOf(forms) => forms.iter().any(|form| form == folded),
            WordTest::Verbatim { folded: wanted, form: wanted_form, .. } => wanted == folded && wanted_form == form,
            WordTest::Prefix(prefix) => prefix.accepts(folded, form),
            // Its terms are enumerated by the automaton.
            WordTest::Automaton { spelled: None, .. } => true,
            WordTest::Automaton { spelled: Some(spelled), .. } => {
                spelled.accepts(folded) || spelled_out(form).is_some_and(|form| spelled.accepts(&form))
            }
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

    /// Does a term of the index match?
    #[must_use]
    pub fn accepts_term(&self, term: &[u8]) -> bool {
        match term::parts(term) {
            Some(TermParts { folded, language, form, words, covered }) => {
                self.accepts(folded, language, form)
                    && (words == 1 || self.accepts_compound(folded, covered))
                    && !self.has_stem_term_for(language, form)
            }
            None => self.stem_terms().any(|stem| stem == term),
        }
    }

    /// May a word that matches be a compound, of which the first `covered` bytes and the rest are words by themselves? Not
    /// if the word must be as written, or if one of the two matches: it would be counted twice.
    fn accepts_compound(&self, folded: &str, covered: usize) -> bool {
        let parts = folded.split_at_checked(covered);
        match self {
            WordTest::Exact(_) | WordTest::AnyOf(_) | WordTest::Stem { .. } => true,
            WordTest::Verbatim { .. } => false,
            WordTest::Prefix(prefix) => !parts.is_some_and(|(first, _)| prefix.accepts(first, first)),
            WordTest::Automaton { accepts, .. } => {
                !parts.is_some_and(|(first, rest)| accepts.accepts(first) || accepts.accepts(rest))
            }
        }
    }

    /// The terms of stems that match, which only some languages have.
    fn stem_terms(&self) -> impl Iterator<Item = Vec<u8>> {
        let stems = match self {
            WordTest::Stem { stems, .. } => stems,
            _ => &[][..],
        };
        stems
            .iter()
            .filter(|(language, _)| !language.changes_ends_only())
            .map(|(language, stem)| term::of_stem(*language, stem).into_bytes())
    }

    /// Is a form of this language found by the term of its stem already?
    fn has_stem_term_for(&self, code: &str, form: &str) -> bool {
        let WordTest::Stem { stems, .. } = self else { return false };
        stems.iter().any(|(language, stem)| {
            language.code() == code && !language.changes_ends_only() && language.stem(form) == *stem
        })
    }

    /// Ranges of terms, from the first to before the second, that contain all terms that match; they do not overlap.
    #[must_use]
    pub fn term_ranges(&self) -> Vec<(Vec<u8>, Vec<u8>)> {
        match self {
            WordTest::Prefix(prefix) => {
                let range = |prefix: &String| {
                    let mut to = prefix.clone().into_bytes();
                    // No text has this byte, so it is after every term with the prefix.
                    to.push(0xff);
                    (prefix.clone().into_bytes(), to)
                };
                prefix.ranges.iter().map(range).collect()
            }
            // Its terms are enumerated by the automaton.
            WordTest::Automaton { .. } => Vec::new(),
            WordTest::Exact(folded) | WordTest::Verbatim { folded, .. } => {
                vec![terms_of_word(folded)]
            }
            WordTest::AnyOf(forms) => forms.iter().map(|form| terms_of_word(form)).collect(),
            WordTest::Stem { folded, stems, .. } => {
                let mut prefix = folded.clone();
                for (language, stem) in stems.iter().filter(|(language, _)| language.changes_ends_only()) {
                    prefix.truncate(shared_bytes(&prefix, common_start(*language, stem)));
                }
                let mut to = prefix.clone().into_bytes();
                // No text has this byte, so it is after every term with the prefix.
                to.push(0xff);
                let stem_terms = self.stem_terms().map(|term| {
                    let mut to = term.clone();
                    to.push(0);
                    (term, to)
                });
                stem_terms.chain([(prefix.into_bytes(), to)]).collect()
            }
        }
    }

    /// The word as typed, folded.
    #[must_use]
    pub fn typed(&self) -> &str {
        match self {
            WordTest::Exact(folded) | WordTest::Stem { folded, .. } => folded,
            WordTest::Verbatim { form, .. } => form,
            WordTest::Prefix(prefix) => &prefix.wanted[0],
            WordTest::Automaton { typed, .. } => typed,
            WordTest::AnyOf(forms) => forms.first().map_or("", String::as_str),
        }
    }
}

/// The range of the terms of a folded word, from the first to before the second.
fn terms_of_word(folded: &str) -> (Vec<u8>, Vec<u8>) {
    let mut from = folded.to_string().into_bytes();
    let mut to = from.clone();
    from.push(term::SEPARATOR);
    to.push(term::SEPARATOR + 1);
    (from, to)
}

/// Length in bytes of the common prefix of two words, at a character boundary.
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

    fn term(word: &str, code: &str) -> Vec<u8> {
        let mut out = Vec::new();
        term::push_word(&mut out, &Words::new(word).next().expect("a word"), Language::from_code(code));
        out
    }

    #[test]
    fn accepted_forms_are_in_the_range() {
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
            let term = term(form, code);
            assert_eq!(test.accepts_term(&term), accepted, "{word} {form}");
            if accepted {
                assert!(test.term_ranges().iter().any(|(from, to)| *from <= term && term < *to), "{word} {form}");
            }
        }
    }

    /// Words that wildcards find, and words that they do not.
    #[test]
    fn umlauts_count_as_spelled_out_beside_wildcards() {
        for (pattern, found, not_found) in [
            ("Jaeg*", &["Jäger", "jaegt", "JÄGERIN"][..], &["Jagd", "Jager", "jäh"][..]),
            ("Jäg*", &["Jäger", "Jaeger", "Jagd"], &["Jugend"]),
            ("Jag*", &["Jäger", "Jagd"], &["Jaeger"]),
            ("jae*", &["Jäger", "jaeger"], &["jagd"]),
            ("Moe*", &["Möwe", "Møller", "moebel"], &["Mode", "mohn"]),
            ("Muell*abfuehr*", &["Müllabführung", "muellabfuehr", "Müllabfuehrer"], &["Mullabfuhr"]),
            ("Aarh*", &["Århus", "aarhus"], &["arhus"]),
            ("*aeger", &["Jäger", "jaeger", "Waldjäger"], &["Jager"]),
            ("J?ger", &["Jäger", "Jager"], &["Jaeger"]),
            ("Gr*sse", &["Grösse", "Grüße"], &["Gruß"]),
            ("Gr?ess*", &["groessel"], &["Grösse"]),
            ("ja\u{308}g*", &["Jäger", "Jaeger"], &["jaehe"]),
        ] {
            let test = WordTest::pattern(pattern).expect("a small automaton");
            let matches = |word: &str| {
                let term = term(word, "de");
                let is_enumerated = match &test {
                    WordTest::Automaton { accepts, .. } => {
                        let automaton = TermAutomaton(accepts);
                        let end = term.iter().fold(automaton.start(), |state, &byte| automaton.accept(&state, byte));
                        automaton.is_match(&end)
                    }
                    _ => test.term_ranges().iter().filter(|(from, to)| *from <= term && term < *to).count() == 1,
                };
                is_enumerated && test.accepts_term(&term)
            };
            for word in found {
                assert!(matches(word), "{pattern} {word}");
            }
            for word in not_found {
                assert!(!matches(word), "{pattern} {word}");
            }
        }
    }

    #[test]
    fn a_stem_matches_only_in_its_language() {
        let test = stem_test("dying", &["en", "de"]);
        assert!(!test.accepts_term(&term("die", "de")), "the German article is not a form of dying");
    }
}
