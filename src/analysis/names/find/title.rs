//! Titles and offices before names, which are set apart.

use std::ops::Range;

use super::Finder;
use crate::analysis::names::token::{Gap, Kind};
use crate::analysis::names::words;

impl Finder<'_, '_> {
    /// The word after the title that this word is or ends.
    pub(super) fn title_end(&self, at: usize, run: &Range<usize>) -> Option<usize> {
        let word = self.block.word(at);
        let is_last = at + 1 >= run.end;
        // `Sgt. First Class Karl Voss`
        let has_rank = |i: usize| i >= run.start && words::is_title(self.block.word(i), self.words);
        if word == "class" && at > run.start + 1 && !is_last && self.block.word(at - 1) == "first" && has_rank(at - 2) {
            return Some(at + 1);
        }
        // `Council Member Karl Voss`
        let is_person = !is_last && !words::is_body_noun(self.block.word(at + 1).trim_end_matches('s'));
        if word == "member" && at > run.start && is_person && words::is_body_noun(self.block.word(at - 1)) {
            return Some(at + 1);
        }
        if !words::is_title(word, self.words) || !self.block.tokens[at].has_capital() {
            return None;
        }
        // `Holm Brothers Holdings`
        if at > run.start && matches!(word, "brothers" | "sisters") {
            return None;
        }
        // `Miss Universe Canada`
        let is_contest = |next: &str| {
            self.lexicons.usage(next).is_place()
                || words::is_place_beginning(next)
                || matches!(next, "universe" | "world" | "earth" | "usa" | "america")
        };
        if word == "miss" && !is_last && !self.is_given(at + 1) && is_contest(self.block.word(at + 1)) {
            return None;
        }
        // `Detectives' Endowment Association`
        if !is_last && self.block.tokens[at].is_possessive {
            return None;
        }
        // `Norland Department of Justice`
        let is_before_common = || !self.is_given(at + 1) && self.lexicons.usage(self.block.word(at + 1)).is_common();
        let is_complement = at > run.start + 1
            && self.block.word(at - 1) == "of"
            && words::is_body_noun(self.block.word(at - 2))
            && self.lexicons.usage(word).is_common()
            && !word.ends_with('s')
            && (is_last || is_before_common());
        // `Halden College of Criminal Justice`
        let is_justice = word == "justice"
            && (is_last || is_before_common())
            && (run.start + 1..at)
                .any(|i| matches!(self.block.word(i), "of" | "for") && words::is_body_noun(self.block.word(i - 1)));
        if is_complement || is_justice {
            return None;
        }
        // `Association of Halden Professors`; every company has a Board of Directors.
        let is_of_body = |i: usize| {
            let word = self.block.word(i);
            words::is_body_noun(word) && word != "board" && self.block.word(i + 1) == "of"
        };
        if is_last && word.ends_with('s') && (run.start..at.saturating_sub(1)).any(is_of_body) {
            return None;
        }
        // `Secretary of State`, `Chancellor of the Exchequer`
        let mut office = at + 1;
        while office < run.end && matches!(self.block.word(office), "of" | "the") {
            office += 1;
        }
        if office > at + 1 && office < run.end && words::is_of_title(self.block.word(office)) {
            return Some(office + 1);
        }
        // `Martin Luther King`, `Karl Bishop`
        if is_last && at > run.start && self.is_given(run.start) && words::is_title_or_surname(word) {
            return None;
        }
        if words::is_address(word) || is_last {
            // `Sir`, `Mr`, or a title without a name: the last word of a longer name may be like a title.
            return (!is_last || at == run.start || self.words.has_capital_nouns() || self.is_role(at))
                .then_some(at + 1);
        }
        if words::is_noble(word) && self.block.word(at + 1) == "of" {
            return None;
        }
        let next = self.block.word(at + 1);
        // `General Motors`, `Chief Wiggum`, `Prime Computer`: the second word is not found alone, or a kind of company
        // or body.
        if words::is_company_form(self.block.word(run.end - 1))
            && !words::is_title(next, self.words)
            && run.end - at < 4
            && words::is_rare_title(word)
        {
            return None;
        }
        // `President Holm Blvd`
        if at == run.start && run.len() > 2 && words::is_street(self.block.word(run.end - 1)) {
            return None;
        }
        // `General Accounting Office`
        if at == run.start
            && words::is_rare_title(word)
            && words::is_body_noun(self.block.word(run.end - 1))
            && !words::is_title(next, self.words)
            && !words::is_of_title(next)
            && self.lexicons.usage(next).is_common()
        {
            return None;
        }
        // `Major League Soccer`, `Holm Brothers Inc`
        let is_body = words::is_body_noun(next) && !words::is_title(next, self.words);
        if words::is_company_form(next) || is_body && (at + 2 == run.end || words::is_rare_title(word)) {
            return None;
        }
        let usage = self.lexicons.usage(next);
        let pair = self.lexicons.pair(word, next);
        let is_pair =
            pair.capitals >= 3 && usage.alone * 3 < pair.capitals && at + 2 >= run.end && words::is_rare_title(word);
        (!is_pair).then_some(at + 1)
    }

    /// Is the last word of a run the office of who is not named: `Vice President`, `House Speaker`?
    pub(super) fn is_role(&self, at: usize) -> bool {
        let word = self.block.word(at);
        !words::is_rare_title(word) || self.lexicons.usage(word).is_common()
    }

    /// Where the title that ends at `at` begins: `Foreign Minister`, `Vice President`.
    pub(super) fn title_begin(&self, at: usize, from: usize) -> usize {
        let mut begin = at;
        // `City Council Member`
        while self.block.word(at) == "member" && begin > from && words::is_body_noun(self.block.word(begin - 1)) {
            begin -= 1;
        }
        while begin > from {
            let word = self.block.word(begin - 1);
            let usage = self.lexicons.usage(word);
            // `Vice-Finance Minister`
            let office = word.rsplit('-').next().unwrap_or(word);
            let is_department =
                matches!(self.block.word(at), "secretary" | "undersecretary" | "minister") && usage.is_common();
            // `Halden Supreme Court Justice`, `Halden Office of Emergency Management Commissioner`
            let is_body = words::is_body_noun(word) && !words::is_of_title(word) && word != "capital";
            if self.words.code() == "en" && is_body && self.block.word(at) != "member" {
                let is_complement = (begin..at).any(|i| matches!(self.block.word(i), "of" | "for" | "and"));
                return if is_complement { at } else { begin };
            }
            let is_part = words::is_of_title(office)
                || words::is_title(word, self.words)
                || words::is_demonym(word)
                || is_department
                || self.block.tokens[begin - 1].kind == Kind::Capital && usage.is_mostly_lower()
                || self.block.tokens[begin - 1].kind == Kind::Lower;
            if !is_part {
                break;
            }
            begin -= 1;
        }
        begin
    }

    /// Where a person begins after a body and what he is there, a common word that is no title: `Halden Apple Employee Karl
    /// Voss`.
    pub(super) fn person_after_role(&self, run: &Range<usize>) -> Option<usize> {
        if self.words.code() != "en" || run.len() < 4 || self.is_given(run.start) {
            return None;
        }
        let tokens = &self.block.tokens;
        let given = run.clone().skip(2).find(|&i| self.is_given(i))?;
        let role = self.block.word(given - 1);
        let is_capital = |i: usize| tokens[i].kind == Kind::Capital && tokens[i].gap == Gap::Space;
        let is_of_person = |i: usize| {
            let word = self.block.word(i);
            matches!(tokens[i].kind, Kind::Capital | Kind::Initial)
                && !words::is_body_noun(word)
                && !words::is_company_form(word)
                && !self.words.is_function(word)
        };
        let rest = given + 1..run.end;
        let is_role = is_capital(given)
            && is_capital(given - 1)
            && self.lexicons.usage(role).is_mostly_lower()
            && self.lexicons.usage(role).lower > 1
            && !words::is_body_noun(role)
            && self.lexicons.pair(self.block.word(given - 2), role).capitals < 3
            && self.lexicons.pair(role, self.block.word(given)).capitals < 2;
        (is_role && (1..3).contains(&rest.len()) && rest.clone().all(is_of_person)).then_some(given)
    }

    /// The body before a person without what the person is there; what a small word joins is of the body: `Halden Office of
    /// Ships`.
    pub(super) fn body_before_person(&self, run: Range<usize>) -> Range<usize> {
        let mut end = run.end;
        let is_role = |i: usize| {
            let word = self.block.word(i);
            self.lexicons.usage(word).is_mostly_lower()
                && !words::is_body_noun(word)
                && self.block.tokens[i - 1].kind != Kind::Lower
        };
        while end > run.start + 1 && is_role(end - 1) {
            end -= 1;
        }
        run.start..end
    }
}
