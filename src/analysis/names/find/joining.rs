//! Small words that join two parts of a name: `Bank of Norland`, `Ursula von der Marsch`.

use std::ops::Range;

use super::Finder;
use crate::analysis::names::token::{Gap, Kind, Token};
use crate::analysis::names::words;

impl Finder<'_, '_> {
    /// The last word that is joined to the name from `start` to `last` by small words: `Bank of Japan`.
    pub(super) fn joined(&self, start: usize, last: usize) -> Option<usize> {
        /// The most small words between two parts.
        const MAX_SMALL: usize = 3;
        let tokens = &self.block.tokens;
        let mut at = last + 1;
        while at < tokens.len() && at <= last + MAX_SMALL && (!tokens[at].has_capital() || self.is_small(at)) {
            // `Karl C. van Holm`
            let follows_initial = at == last + 1 && tokens[last].kind == Kind::Initial && tokens[at].gap == Gap::Point;
            if !(follows_initial || matches!(tokens[at].gap, Gap::Space | Gap::Elision)) || !self.is_small(at) {
                return None;
            }
            at += 1;
        }
        let right = tokens.get(at)?;
        // A surname may be a function word: `van der Meer`.
        let is_surname = self.words.code() != "en"
            && right.kind == Kind::Capital
            && !right.opens
            && words::is_surname_particle(self.block.word(at - 1))
            && !words::is_calendar(self.block.word(at));
        let is_right = right.has_capital()
            && (is_surname || !self.is_no_part(at))
            && matches!(right.gap, Gap::Space | Gap::Elision)
            && right.kind != Kind::Initial;
        let small: Vec<&str> = (last + 1..at).map(|i| self.block.word(i)).collect();
        (is_right && self.joins(start, last, &small, at)).then_some(at)
    }

    /// Is this a word that joins names, in small letters or as in a title?
    pub(super) fn is_small(&self, at: usize) -> bool {
        let word = self.block.word(at);
        matches!(word, "of" | "for" | "and" | "the")
            || words::is_particle(word)
            || word == "on" && self.words.code() == "en"
    }

    pub(super) fn joins(&self, start: usize, last: usize, small: &[&str], right: usize) -> bool {
        let (left_word, right_word) = (self.block.word(last), self.block.word(right));
        let usage = self.lexicons.usage(left_word);
        let is_title = words::is_title(left_word, self.words);
        let is_body = words::is_body_noun(left_word);
        let is_common = is_body || usage.lower > 1 && usage.is_common();
        if self.is_particle_of(small, right) {
            return !is_title && !is_body && !words::is_demonym(left_word) && !self.words.is_function(left_word);
        }
        match small {
            ["of"] | ["of", "the"] => {
                if is_title && !words::is_noble(left_word) {
                    return words::is_of_title(right_word);
                }
                // `Lord Holm of Halden`
                if start < last && words::is_peer(self.block.word(start)) {
                    return usage.lower == 0;
                }
                let is_bodies = left_word.strip_suffix('s').is_some_and(words::is_body_noun);
                // `Holm Corp of America`; of a town it would be where the company is.
                let next_word = || self.block.tokens.get(right + 1).map(|_| self.block.word(right + 1));
                let is_america = right_word == "america" || right_word == "north" && next_word() == Some("america");
                if words::is_company_form(left_word) && start < last && small.len() == 1 && is_america {
                    return true;
                }
                // `Museum of the Norland Indian`, `Office of American Innovation`
                let is_long = self
                    .block
                    .tokens
                    .get(right + 1)
                    .is_some_and(|next| next.kind == Kind::Capital && next.gap == Gap::Space)
                    && (small.len() == 2
                        || (is_body || is_bodies) && self.lexicons.usage(self.block.word(right + 1)).is_common());
                self.block.tokens[last].is_possessive
                    || (is_common || is_bodies) && (is_long || !words::is_demonym(right_word))
            }
            // `Court of Arbitration for Sport`
            ["for"] | ["for", "the"] => {
                let is_body_of =
                    || (start..last).any(|i| words::is_body_noun(self.block.word(i)) && self.block.word(i + 1) == "of");
                (is_body || usage.lower > 0 && is_body_of()) && !is_title
            }
            ["on"] => words::is_body_on(left_word),
            ["and"] => {
                // `Chambers Streets and City Hall` are two.
                if words::is_streets(left_word) {
                    return false;
                }
                if !is_title && self.is_joined_by_and(start, last, right) {
                    return true;
                }
                // `Housing Preservation and Development (HPD)`
                if start < last && is_common && self.is_abbreviated_after(start..last + 1, right) {
                    return true;
                }
                let right_usage = self.lexicons.usage(right_word);
                let right_is_common = words::is_body_noun(right_word) || right_usage.is_common();
                // `Information Systems and Storage Group and ...` are two.
                if (start..last).any(|i| self.block.word(i) == "and") {
                    return false;
                }
                // `Bank and Trust Co`, `Water and Waste Industries Inc`
                let end = self.end_of_capitals(right);
                let is_company = end > right && words::is_company_form(self.block.word(end));
                let is_one_company = end == right + 1 || right_usage.is_common() && !is_body;
                if is_company && is_one_company && is_common && !is_title {
                    return true;
                }
                let has_of = (start..last).any(|i| matches!(self.block.word(i), "of" | "for"));
                let ends_with_body = self.ends_with_body(right);
                // `House Energy and Commerce Committee`
                let is_of_topics = right_usage.is_common() || words::is_topic(right_word);
                if start < last && words::is_topic(left_word) && is_of_topics && ends_with_body && end == right + 1 {
                    return true;
                }
                // `World Bank and International Monetary Fund` are two.
                if start < last && is_body && ends_with_body && !has_of {
                    return false;
                }
                if !is_title && self.is_joined_in_bodies(last, right) {
                    return true;
                }
                let is_never_alone = |word: &str| self.lexicons.usage_elsewhere(word).alone == 0;
                let both_depend = ends_with_body && is_never_alone(left_word) && is_never_alone(right_word);
                (is_common && right_is_common || both_depend)
                    && !is_title
                    && (has_of || ends_with_body && !self.block.tokens[start].opens)
                    && !words::is_demonym(right_word)
                    && !words::is_title(right_word, self.words)
            }
            ["and" | "the" | "for" | "of" | "on", ..] | [.., "and" | "on"] => false,
            ["y" | "e" | "et" | "i" | "und" | "och" | "og", ..] => false,
            _ if self.words.is_romance() => {
                let is_determined = start > 0
                    && self.block.tokens[start].gap != Gap::Break
                    && matches!(
                        self.block.word(start - 1),
                        "l" | "le"
                            | "la"
                            | "les"
                            | "el"
                            | "los"
                            | "las"
                            | "il"
                            | "lo"
                            | "o"
                            | "os"
                            | "as"
                            | "i"
                            | "gli"
                    );
                // `Corée du Nord`
                if words::is_direction(right_word) && start == last {
                    return !is_title;
                }
                // `les Armées d'Emmanuel Macron`
                let is_person = words::is_given_name(right_word)
                    && self.block.tokens.get(right + 1).is_some_and(|next| {
                        next.has_capital()
                            && next.gap == Gap::Space
                            && !self.words.is_function(self.block.word(right + 1))
                    });
                if is_person && !is_body {
                    return false;
                }
                let is_place = usage.is_place() && !is_body;
                let is_named_alone = is_determined && usage.lower == 0 && !is_body;
                let is_apart = is_title || is_place || is_named_alone || words::is_demonym(right_word);
                !is_apart
                    && (start == last || usage.lower > 0 || is_body || self.lexicons.usage(right_word).place == 0)
                    && !small.iter().any(|word| matches!(*word, "av" | "af"))
            }
            _ => {
                // Between two parts of a name of a person.
                let is_right =
                    self.block.tokens[right].kind == Kind::Capital && !words::is_title(right_word, self.words);
                let follows_title = last > start && words::is_title(self.block.word(last - 1), self.words);
                let parts = if follows_title { 1 } else { last - start + 1 };
                let is_germanic = small.iter().any(|word| {
                    matches!(
                        *word,
                        "von" | "zu" | "van" | "der" | "den" | "dem" | "af" | "av" | "vom" | "zum" | "zur" | "im"
                    )
                });
                let is_initial = self.block.tokens[last].kind == Kind::Initial;
                let is_given = is_initial
                    || !usage.is_common()
                        && !usage.is_place()
                        && (!self.words.has_capital_nouns() || usage.determined == 0);
                // `Vorboten von Hitzewellen`
                let is_given_name = words::is_given_name(left_word);
                let is_plural = words::is_long_plural(right_word) || words::is_demonym(right_word);
                if self.words.has_capital_nouns() && !is_given_name && is_plural {
                    return false;
                }
                let is_alone = small == ["der"]
                    || small == ["den"]
                    || small == ["dem"]
                    || small == ["zum"]
                    || small == ["zur"]
                    || small == ["vom"]
                    || small == ["i"]
                    || small == ["a"]
                    || small == ["o"]
                    || small == ["te"]
                    || small == ["das"]
                    || small == ["do"]
                    || small == ["des"];
                if self.words.code() == "nl" && is_body {
                    return is_right;
                }
                let foreign = matches!(self.words.code(), "en" | "nl") || !is_alone;
                is_right
                    && !is_title
                    && is_given
                    && foreign
                    && (parts == 1 || is_given_name || !is_germanic || self.words.code() == "en" && parts < 3)
            }
        }
    }

    /// Is a small word hardly ever missing before this surname: `Bill de Marsan`?
    pub(super) fn is_particle_of(&self, small: &[&str], right: usize) -> bool {
        let word = self.block.word(right);
        let Some(particle) = small.last().filter(|_| self.words.code() == "en") else { return false };
        let (pair, usage) = (self.lexicons.pair(particle, word), self.lexicons.usage(word));
        small.iter().all(|word| words::is_surname_particle(word))
            && self.block.tokens[right].kind == Kind::Capital
            && pair.lower > 2
            && pair.lower * 2 > usage.upper
            && usage.place == 0
    }

    /// Does the abbreviation of a name of which `left` is a part follow the words with capitals from `right`, in brackets?
    fn is_abbreviated_after(&self, left: Range<usize>, right: usize) -> bool {
        let last = self.end_of_capitals(right);
        let is_abbreviation = |token: &&Token| token.gap == Gap::Bracket && token.kind == Kind::Capitals;
        if self.block.tokens.get(last + 1).filter(is_abbreviation).is_none() {
            return false;
        }
        let initials: String = left.chain(right..last + 1).filter_map(|i| self.block.word(i).chars().next()).collect();
        let letters = self.block.word(last + 1);
        letters.chars().count() > last + 1 - right && initials.ends_with(letters)
    }

    /// The last of the words with capitals from `at`, titles aside.
    pub(super) fn end_of_capitals(&self, at: usize) -> usize {
        let tokens = &self.block.tokens;
        let mut last = at;
        while tokens.get(last + 1).is_some_and(|next| next.kind == Kind::Capital && next.gap == Gap::Space)
            && !words::is_title(self.block.word(last + 1), self.words)
        {
            last += 1;
        }
        last
    }

    /// Do the words with capitals from `at` end with a noun of bodies: `Exchange Commission`?
    pub(super) fn ends_with_body(&self, at: usize) -> bool {
        let last = self.end_of_capitals(at);
        let word = self.block.word(last);
        last > at && (words::is_body_noun(word) || words::is_company_form(word) || words::is_law(word))
    }
}
