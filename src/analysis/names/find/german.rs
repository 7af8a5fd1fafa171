//! Nouns of German, which all have capitals: what is a noun rather than part of a name.

use super::Finder;
use crate::analysis::names::lexicon::is_before_noun;
use crate::analysis::names::token::{Gap, Kind, Token};
use crate::analysis::names::words;

impl Finder<'_, '_> {
    /// Is this German word an adjective that only a name writes with a capital: `Deutsche Bank`, `Rotes Kreuz`?
    pub(super) fn is_adjective_of_name(&self, at: usize) -> bool {
        let word = self.block.word(at);
        if self.block.tokens[at].opens || self.words.is_function(word) {
            return false;
        }
        let Some(stem) = ["en", "er", "es", "em", "e"].iter().find_map(|ending| word.strip_suffix(ending)) else {
            return false;
        };
        stem.len() > 2
            && ["", "e", "en", "er", "es", "em"]
                .iter()
                .any(|ending| self.lexicons.usage(&format!("{stem}{ending}")).lower > 0)
    }

    /// Is this German word, the first of a run, what somebody is: `Umweltschützer`, `SCB-Boss`, before a name?
    pub(super) fn is_calling(&self, at: usize, end: usize) -> bool {
        if self.block.tokens.get(at + 1).is_some_and(|next| next.kind == Kind::Lower)
            || words::is_given_name(self.block.word(at))
        {
            return false;
        }
        let word = self.block.word(at);
        let raw = &self.block.text[self.block.tokens[at].bytes.clone()];
        if let Some((first, last)) = raw.rsplit_once('-') {
            let is_letters =
                first.chars().filter(|c| c.is_alphabetic()).count() > 1 && !first.contains(char::is_lowercase);
            if last.starts_with(char::is_uppercase)
                && last.contains(char::is_lowercase)
                && (is_letters || matches!(first, "Co" | "Ex" | "Vize" | "Alt"))
            {
                return true;
            }
        }
        const ENDINGS: &[&str] = &[
            "er", "in", "ist", "or", "eur", "ent", "ant", "iker", "ologe", "ers", "ors", "ents", "mann", "frau",
            "glied", "glieds",
        ];
        let is_long = word.len() > 7 && ENDINGS.iter().any(|ending| word.ends_with(ending));
        let usage = self.lexicons.usage(word);
        // `Westens Patrizio Morger`: a genitive of a word that is found without it.
        let is_genitive = word.strip_suffix('s').is_some_and(|stem| self.lexicons.usage(stem).upper > 0);
        // `Sender NRK`
        let last = &self.block.tokens[end - 1];
        if end - at == 2 && last.kind == Kind::Capitals && !words::is_german_head(self.block.word(end - 1)) {
            return self.block.tokens[at].kind == Kind::Capital;
        }
        if end - at == 2 && words::is_body_noun(self.block.word(at + 1)) {
            return false;
        }
        let is_mostly_alone = usage.alone * 2 >= usage.upper;
        // `Frankfurter Wertpapierbörse`: of a place.
        let is_of_place = word.ends_with("er")
            && end - at == 2
            && !words::is_german_head(self.block.word(at + 1))
            && (self.block.word(at + 1).chars().count() > 11
                || word.strip_suffix("er").is_some_and(|place| self.lexicons.usage(place).place > 0));
        if is_of_place {
            return true;
        }
        usage.alone > 0 && (end - at > 2 || is_long || is_genitive || is_mostly_alone)
            || end - at > 2 && is_long
            || is_genitive
    }

    /// Is this German word a noun rather than part of a name?
    pub(super) fn is_noun(&self, at: usize, is_first: bool) -> bool {
        let tokens = &self.block.tokens;
        let word = self.block.word(at);
        if tokens[at].kind != Kind::Capital || is_first && (self.is_adjective_of_name(at) || words::is_given_name(word))
        {
            return false;
        }
        let usage = self.lexicons.usage(word);
        if words::has_noun_ending(word) && is_first {
            return true;
        }
        // `der Halden University`
        if is_first && self.ends_with_body(at) {
            return false;
        }
        if usage.determined * 3 >= usage.alone && usage.determined > 0 || usage.lower > usage.upper {
            return true;
        }
        // An article belongs to the first noun after it, unless the two are often found together.
        let is_determined = is_first && at > 0 && tokens[at].gap == Gap::Space && is_before_noun(self.block, at - 1);
        let is_pair = tokens.get(at + 1).is_some_and(Token::has_capital)
            && usage.alone == 0
            && self.lexicons.pair(word, self.block.word(at + 1)).capitals > 2;
        // Compounds are longer than given names.
        let is_compound =
            is_first && word.chars().count() > 10 && !self.block.text[tokens[at].bytes.clone()].contains('-');
        is_determined && !is_pair || is_compound
    }

    /// Is a single German word a name? Only what has no article and no form in small letters, and is often a place.
    pub(super) fn is_german_name(&self, at: usize) -> bool {
        let usage = self.lexicons.usage(self.block.word(at));
        let is_noun = words::has_noun_ending(self.block.word(at));
        !is_noun && usage.lower == 0 && usage.determined == 0 && usage.place >= 2 && usage.alone >= 4
    }
}
