//! The words at the ends of a run that are no part of a name: the beginnings of sentences, nationalities, offices.

use std::ops::Range;

use super::Finder;
use crate::analysis::names::lexicon::Usage;
use crate::analysis::names::token::{Gap, Kind};
use crate::analysis::names::words;

impl Finder<'_, '_> {
    /// The run without words at its ends that are no part of a name.
    pub(super) fn trimmed(&self, mut run: Range<usize>, has_title: bool) -> Option<Range<usize>> {
        let tokens = &self.block.tokens;
        loop {
            // Small words at an end join nothing.
            while run.start < run.end
                && (matches!(tokens[run.start].kind, Kind::Lower | Kind::Number) || self.is_loose(run.start))
            {
                run.start += 1;
            }
            while run.start < run.end && (self.is_small_word(run.end - 1) || self.is_loose(run.end - 1)) {
                run.end -= 1;
            }
            if run.is_empty() {
                return None;
            }
            let first = run.start;
            let word = self.block.word(first);
            let can_cut = run.len() > 1 && !has_title;
            let num_capitals = run.clone().filter(|&i| tokens[i].has_capital()).count();
            let is_company = words::is_company_form(self.block.word(run.end - 1)) && num_capitals < 5;
            let opens = tokens[first].opens || tokens[first].gap == Gap::Point && first > 0;
            // `International Halden Organization`
            let begins_body =
                words::is_body_noun(word) && words::is_body_noun(self.block.word(run.end - 1)) && run.len() > 2;
            if can_cut && opens && !begins_body && self.is_opening_word(first, is_company) {
                run.start += 1;
                continue;
            }
            // `former President`, `French Alain Prost`; not `Public Halden Fund`
            let is_body =
                words::is_body_noun(self.block.word(run.end - 1)) && run.len() > 2 && !words::is_of_time(word);
            if can_cut
                && !is_company
                && !is_body
                && words::is_of_title(word)
                && self.lexicons.usage(word).is_mostly_lower()
                && self.lexicons.pair(word, self.block.word(first + 1)).capitals < 3
            {
                run.start += 1;
                continue;
            }
            // `Secretary for Economic Affairs Karl Voss`, `chairman of General Motors Ada Holm`
            let is_of_office = words::is_body_noun(word) || words::is_of_title(word);
            if has_title
                && self.words.code() == "en"
                && run.len() > 2
                && is_of_office
                && !self.is_given(first)
                && self.is_given(first + 1)
            {
                run.start += 1;
                continue;
            }
            // `Owner Robert Holm`, `Manhattan BP Karl Holm`
            if (can_cut || self.words.is_slavic() && run.len() > 1)
                && let Some(given) = self.person_after_offices(&run)
            {
                run.start = given;
                continue;
            }
            // In other languages than English a body or place may precede a person without a comma: `PSOE Diego López`.
            if can_cut
                && self.words.code() != "en"
                && run.len() > 2
                && self.is_beside_person(first)
                && !self.is_given(first)
            {
                run.start += 1;
                continue;
            }
            // `Democrat Bill de Marsan`
            let is_before_person = run.len() > 2 && self.is_given(first + 1) && !self.is_given(first);
            if can_cut
                && words::is_demonym(word)
                && (self.is_apart(first, run.end)
                    || self.words.code() == "en"
                        && is_before_person
                        && !words::is_body_noun(self.block.word(run.end - 1)))
            {
                run.start += 1;
                continue;
            }
            // `Democrat Holm`
            if can_cut
                && self.words.code() == "en"
                && run.len() == 2
                && words::is_party_member(word)
                && self.is_proper_word(first + 1)
            {
                run.start += 1;
                continue;
            }
            let last = run.end - 1;
            if run.len() > 1
                && words::is_demonym(self.block.word(last))
                && tokens[last].kind == Kind::Capital
                && (self.is_of_body(last - 1) || run.len() == 2 && words::is_party_member(self.block.word(last)))
                && !self.is_given(first)
            {
                run.end -= 1;
                continue;
            }
            // `Halden Park Tweeted`
            if run.len() > 2 && self.words.code() == "en" && words::is_verb_of_networks(self.block.word(last)) {
                run.end -= 1;
                continue;
            }
            // `RIP Karl Holm`
            if can_cut && self.words.code() == "en" && word == "rip" && tokens[first].kind == Kind::Capitals {
                run.start += 1;
                continue;
            }
            // `Karl Holm Tweeted`
            if run.len() > 2
                && self.words.code() == "en"
                && self.is_given(first)
                && self.block.word(last).ends_with("ed")
                && !words::is_company_form(self.block.word(last))
                && self.lexicons.usage(self.block.word(last)).is_mostly_lower()
                && self.lexicons.usage(self.block.word(last)).lower > 1
            {
                run.end -= 1;
                continue;
            }
            // `59th Annual Halden Awards`, `Haldenite Karl Voss`
            let is_of_place = word.len() > 6 && word.ends_with("ite") && self.lexicons.usage(word).lower == 0;
            if can_cut
                && self.words.code() == "en"
                && (word == "annual"
                    || is_of_place && !self.is_given(first) && self.is_given(first + 1) && run.len() > 2)
            {
                run.start += 1;
                continue;
            }
            // `Harald Voss TV show`, `Halden Twitter account`
            if run.len() > 2 && self.words.code() == "en" && self.is_medium_of(last, run.end) {
                run.end -= 1;
                continue;
            }
            // `East Side Haldenites`
            if run.len() > 2
                && self.words.code() == "en"
                && self.block.word(last).len() > 6
                && self.block.word(last).ends_with("ites")
                && !self.is_given(first)
                && self.lexicons.usage(self.block.word(last)).lower == 0
            {
                run.end -= 1;
                continue;
            }
            // `Harald Potter DVD`
            if run.len() > 2
                && self.words.code() == "en"
                && matches!(self.block.word(last), "dvd" | "dvds" | "cd" | "cds")
            {
                run.end -= 1;
                continue;
            }
            // `Halden Air Flight 101`
            let has_number = tokens.get(run.end).is_some_and(|token| token.kind == Kind::Number);
            if run.len() > 1 && has_number && self.block.word(last) == "flight" {
                run.end -= 1;
                continue;
            }
            // `Universität Halden`
            let is_of_head = |at: usize| {
                tokens[at].kind == Kind::Capital
                    && !words::has_noun_ending(self.block.word(at))
                    && !self.is_noun(at, false)
            };
            if self.words.has_capital_nouns() && run.len() == 2 && words::is_german_head(word) && is_of_head(last) {
                return Some(run);
            }
            if self.words.has_capital_nouns() && !has_title && run.len() > 1 {
                let is_office = self.is_adjective_of_name(first) && self.is_given(first + 1);
                if is_office || self.is_noun(first, true) || self.is_calling(first, run.end) {
                    run.start += 1;
                    continue;
                }
                let is_kept = self.is_adjective_of_name(first) || words::is_body_noun(self.block.word(last));
                if !is_kept && self.is_noun(last, false) {
                    run.end -= 1;
                    continue;
                }
            } else if self.words.has_capital_nouns()
                && has_title
                && run.len() > 1
                && self.is_noun(last, true)
                && self.lexicons.usage(self.block.word(last)).upper > 3
            {
                run.end -= 1;
                continue;
            }
            return Some(run);
        }
    }

    /// Is the last word of a run the medium of what follows it in small letters: `the Star Wars TV show`?
    fn is_medium_of(&self, last: usize, next: usize) -> bool {
        let follows = |words: &[&str]| {
            let token = self.block.tokens.get(next);
            token.is_some_and(|token| token.kind == Kind::Lower && token.gap == Gap::Space)
                && words.contains(&self.block.word(next))
        };
        match self.block.word(last) {
            "tv" => follows(&[
                "show",
                "shows",
                "series",
                "movie",
                "special",
                "ad",
                "ads",
                "spot",
                "spots",
                "host",
                "commercial",
            ]),
            "twitter" | "facebook" | "instagram" | "youtube" | "tumblr" | "myspace" => {
                follows(&["account", "accounts", "page", "pages", "feed", "post", "posts", "group", "channel", "video"])
            }
            _ => false,
        }
    }

    /// Where a person begins, after words of which none is part of a name of a person.
    pub(super) fn person_after_offices(&self, run: &Range<usize>) -> Option<usize> {
        let tokens = &self.block.tokens;
        let given = run.clone().skip(1).find(|&i| self.is_given(i))?;
        let is_given_first = self.is_given(run.start) && tokens[run.start].kind != Kind::Capitals;
        if is_given_first || tokens[run.start].kind == Kind::Initial {
            return None;
        }
        let rest = given + 1..run.end;
        let is_of_person = |i: usize| {
            let word = self.block.word(i);
            matches!(tokens[i].kind, Kind::Capital | Kind::Initial)
                && !words::is_body_noun(word)
                && !words::is_company_form(word)
        };
        let is_office = |i: usize| {
            let word = self.block.word(i);
            let usage = self.lexicons.usage(word);
            tokens[i].kind == Kind::Capitals && tokens[i].gap != Gap::Point
                || i > run.start && words::is_of_title(word)
                || tokens[i].kind == Kind::Capital
                    && !words::is_place_beginning(word)
                    && !words::is_body_noun(word)
                    && (self.words.code() != "en" || usage.is_mostly_lower() || i + 1 < given && usage.is_place())
        };
        let first = self.lexicons.pair(self.block.word(run.start), self.block.word(run.start + 1));
        let is_person = (1..3).contains(&rest.len()) && rest.clone().all(is_of_person);
        (is_person && first.capitals < 3 && (run.start..given).all(is_office)).then_some(given)
    }

    /// Is this a word in small letters that joins others, not the end of a body: `Union européenne`?
    pub(super) fn is_small_word(&self, at: usize) -> bool {
        let word = self.block.word(at);
        self.block.tokens[at].kind == Kind::Lower && (self.is_small(at) || self.words.is_function(word))
    }

    /// Is this word, with a capital at an end of a run, one that joins others only?
    pub(super) fn is_loose(&self, at: usize) -> bool {
        let word = self.block.word(at);
        matches!(word, "of" | "for" | "and" | "the" | "on")
            || self.block.tokens[at].opens && self.words.is_function(word)
    }

    /// Is the first word of a sentence no part of the name that follows?
    pub(super) fn is_opening_word(&self, first: usize, is_company: bool) -> bool {
        let (word, next) = (self.block.word(first), self.block.word(first + 1));
        let usage = self.lexicons.usage(word);
        let pair = self.lexicons.pair(word, next);
        let is_given = words::is_given_name(word) && (!usage.is_mostly_lower() || self.lexicons.usage(next).lower == 0);
        if self.block.tokens[first].kind == Kind::Capitals || is_given {
            return false;
        }
        // In Slavic languages sentences often begin with a verb, and that is in no list.
        let is_unknown = usage == Usage::default();
        let next_usage = self.lexicons.usage(next);
        let is_owner = next_usage.alone > 0 || self.block.tokens[first + 1].kind == Kind::Capitals;
        if is_unknown
            && self.words.is_slavic()
            && !self.is_given(first)
            && (is_owner || words::is_slavic_verb(word) || !is_company && self.is_long_person(first))
        {
            return true;
        }
        match pair.capitals.cmp(&pair.lower) {
            std::cmp::Ordering::Greater => false,
            std::cmp::Ordering::Less => true,
            std::cmp::Ordering::Equal if is_company => false,
            std::cmp::Ordering::Equal => {
                let is_place = words::is_place_beginning(word) && self.lexicons.usage(next).alone == 0;
                !is_place && (usage.is_mostly_lower() || words::is_opener(word))
            }
        }
    }

    /// Is it a given name, in any case?
    pub(super) fn is_given(&self, at: usize) -> bool {
        self.words.is_given_name(self.block.word(at))
    }

    /// Are there two words with capitals after this one, the second no patronymic's surname?
    pub(super) fn is_long_person(&self, first: usize) -> bool {
        let tokens = &self.block.tokens;
        let follows =
            |i: usize| tokens.get(i).is_some_and(|token| token.kind == Kind::Capital && token.gap == Gap::Space);
        let is_patronymic = |i: usize| {
            ["вич", "вича", "вичу", "вичем", "вна", "вны", "вне", "вну", "вной"]
                .iter()
                .any(|ending| self.block.word(i).ends_with(ending))
        };
        follows(first + 1) && follows(first + 2) && !is_patronymic(first + 1)
    }

    /// Is it a word of bodies or a common word, whose members are named after it: `House Democrats`?
    pub(super) fn is_of_body(&self, at: usize) -> bool {
        let word = self.block.word(at);
        self.block.tokens[at].kind != Kind::Initial
            && (words::is_body_noun(word)
                || words::is_demonym(word)
                || self.block.tokens[at].kind == Kind::Capitals
                || self.lexicons.usage(word).is_place()
                || self.lexicons.usage(word).is_common())
    }

    /// Is the nationality before a name no part of it?
    pub(super) fn is_apart(&self, first: usize, end: usize) -> bool {
        if self.words.has_capital_nouns() {
            let last = self.block.word(end - 1);
            let is_foreign_body = words::is_body_noun(last) && !words::is_german_body(last);
            return !self.is_adjective_of_name(first) && !is_foreign_body;
        }
        let (next, last) = (self.block.word(first + 1), self.block.word(end - 1));
        if words::is_body_noun(last) || words::is_company_form(last) || words::is_direction(self.block.word(first)) {
            return false;
        }
        if self.block.tokens[first + 1].kind == Kind::Initial {
            return true;
        }
        let usage = self.lexicons.usage(next);
        if usage.lower > 0 {
            return false;
        }
        let pair = self.lexicons.pair(self.block.word(first), next);
        end - first > 2 && pair.capitals < 2 || usage.alone > pair.capitals * 2
    }

    /// Is the first word of a run a body or place of its own, before a name?
    pub(super) fn is_beside_person(&self, first: usize) -> bool {
        let (word, next) = (self.block.word(first), self.block.word(first + 1));
        let usage = self.lexicons.usage(word);
        let next_usage = self.lexicons.usage(next);
        let is_own = usage.is_place() || usage.alone > 0 && usage.alone * 2 >= usage.upper;
        is_own
            && self.block.tokens[first + 1].kind == Kind::Capital
            && self.block.tokens[first + 1].gap == Gap::Space
            && !next_usage.is_mostly_lower()
            && !words::is_body_noun(next)
            && self.lexicons.pair(word, next).capitals < 3
    }
}
