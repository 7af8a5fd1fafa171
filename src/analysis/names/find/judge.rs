//! Is a run that is trimmed a name?

use std::ops::Range;

use super::Finder;
use crate::analysis::names::token::{Gap, Kind};
use crate::analysis::names::words;

impl Finder<'_, '_> {
    /// Is a run that is trimmed a name?
    pub(super) fn is_name(&self, run: &Range<usize>, has_title: bool, before_title: bool) -> bool {
        let tokens = &self.block.tokens;
        let parts = || run.clone().filter(|&i| tokens[i].has_capital());
        if parts().all(|i| words::is_demonym(self.block.word(i)) || words::is_direction(self.block.word(i)))
            && parts().any(|i| words::is_demonym(self.block.word(i)))
        {
            return false;
        }
        if parts().all(|i| {
            words::is_of_title(self.block.word(i))
                || words::is_title(self.block.word(i), self.words)
                || words::is_company_form(self.block.word(i))
        }) {
            return false;
        }
        if parts().all(|i| words::is_body_noun(self.block.word(i)) || words::is_direction(self.block.word(i)))
            && run.len() < 3
            && parts().count() == run.len()
            && self.lexicons.pair(self.block.word(run.start), self.block.word(run.end - 1)).capitals < 5
        {
            return false;
        }
        if run.len() == 2 && self.block.word(run.start) == "new" && self.block.word(run.start + 1) == "year" {
            return false;
        }
        // Words in capitals that are common words are shouted.
        if run.len() > 1
            && parts().all(|i| tokens[i].kind == Kind::Capitals)
            && parts().any(|i| {
                self.words.is_function(self.block.word(i)) || self.lexicons.usage(self.block.word(i)).lower > 0
            })
        {
            return false;
        }
        if run.len() > 1 {
            return self.is_long_name(run, has_title);
        }
        let (token, word) = (&tokens[run.start], self.block.word(run.start));
        let is_ticker = token.gap == Gap::Bracket && self.block.text[..token.bytes.start].ends_with('<');
        if token.kind == Kind::Initial
            || is_ticker
            || word.contains(|c: char| c.is_ascii_digit())
            || words::is_common_acronym(word)
            || self.block.text[token.bytes.clone()].chars().count() < 2
        {
            return false;
        }
        let usage = self.lexicons.usage(word);
        if has_title {
            let is_noun = self.words.has_capital_nouns() && self.is_noun(run.start, true);
            return !is_noun && !usage.is_mostly_lower();
        }
        if token.kind == Kind::Capitals {
            // A longer word in capitals is no abbreviation if it is a common word.
            let is_short = word.chars().count() < 5;
            return usage.lower == 0 || is_short && usage.capitals > 1 && usage.capitals * 4 >= usage.lower;
        }
        if before_title && (usage.lower > 0 || self.words.has_capital_nouns()) {
            return false;
        }
        if token.kind == Kind::Capital && self.is_hyphenated_word(run.start)
            || words::is_body_noun(word)
            || words::is_direction(word)
        {
            return false;
        }
        if self.words.has_capital_nouns() {
            return self.is_german_name(run.start);
        }
        if token.opens {
            return usage.alone > usage.lower;
        }
        usage.upper > usage.lower * 2 && usage.alone > usage.lower
    }

    /// Is a run of several words a name?
    pub(super) fn is_long_name(&self, run: &Range<usize>, has_title: bool) -> bool {
        let tokens = &self.block.tokens;
        if self.words.has_capital_nouns() {
            if has_title || words::is_german_head(self.block.word(run.start)) {
                return true;
            }
            let is_given = words::is_given_name(self.block.word(run.start));
            if !is_given && words::is_long_plural(self.block.word(run.end - 1)) {
                return false;
            }
            if self.is_adjective_of_name(run.start) {
                let next = self.block.word(run.start + 1);
                let usage = self.lexicons.usage(next);
                let is_known = self.lexicons.pair(self.block.word(run.start), next).capitals > 2;
                return usage.lower == 0 && (is_known || words::is_german_body(next)) && !words::is_demonym(next);
            }
            // A line of two words is an item of a list.
            if run.len() == tokens.len() && !is_given {
                return false;
            }
            return run.clone().all(|i| !self.is_noun(i, false) || tokens[i].kind == Kind::Lower);
        }
        // `Fifth and Madison Avenues`, `42nd Street Station`
        if words::is_streets(self.block.word(run.end - 1)) || self.is_cut_from_number(run.start) {
            return false;
        }
        // `Karl Holm-inspired Chess`; a first word such as `London-based` is cut later.
        if run.clone().skip(1).any(|i| self.is_hyphenated_adjective(i)) {
            return false;
        }
        if !has_title && (self.is_second_of_many(run) || self.is_day(run) || self.is_inhabitant(run)) {
            return false;
        }
        if self.is_common_of_nation(run) || self.is_cut_from_phrase(run) || self.is_cut_from_quotation(run) {
            return false;
        }
        // `the Senate Agriculture subcommittee`
        let tokens = &self.block.tokens;
        let is_cut_from_body =
            tokens.get(run.end).is_some_and(|next| next.kind == Kind::Lower && next.gap == Gap::Space)
                && words::ends_body(self.block.word(run.end))
                && self.lexicons.usage(self.block.word(run.end - 1)).is_common()
                && !words::is_body_noun(self.block.word(run.end - 1))
                && !self.is_given(run.start);
        if !has_title && self.words.code() == "en" && is_cut_from_body {
            return false;
        }
        // `1 Percent Derby`, `Halden Grand Jury`
        let is_jury = self.words.code() == "en" && self.block.word(run.end - 1) == "jury";
        if self.block.word(run.start) == "percent" || is_jury {
            return false;
        }
        let is_of_menu = || self.is_dish(run) || self.has_price(run) || self.is_told_as_dish(run);
        if !has_title && (is_of_menu() || self.is_of_page(run) || self.is_common_phrase(run)) {
            return false;
        }
        // Words of which none is ever written with a capital but here.
        let is_all_common = run.clone().filter(|&i| tokens[i].has_capital()).all(|i| {
            let usage = self.lexicons.usage(self.block.word(i));
            usage.is_mostly_lower() && tokens[i].kind == Kind::Capital
        });
        if is_all_common && (tokens[run.start].opens || self.is_phrase(run)) {
            let (first, second) = (self.block.word(run.start), self.block.word(run.start + 1));
            return self.lexicons.pair(first, second).capitals > 1;
        }
        true
    }

    /// Does a street whose number stands before it begin here: `42nd Street and First Avenue`?
    fn is_cut_from_number(&self, at: usize) -> bool {
        let is_numbered =
            at > 0 && self.block.tokens[at - 1].kind == Kind::Number && self.block.tokens[at].gap == Gap::Space;
        is_numbered && matches!(self.block.word(at).split('-').next(), Some("street" | "st" | "avenue" | "ave"))
    }

    /// Does a noun in the plural at its end belong to the name before `and` too: `First and Fourteenth Amendments`?
    fn is_second_of_many(&self, run: &Range<usize>) -> bool {
        let tokens = &self.block.tokens;
        let last = self.block.word(run.end - 1);
        let one = last.strip_suffix("ies").map(|stem| format!("{stem}y"));
        let one = one.as_deref().or_else(|| last.strip_suffix('s')).unwrap_or_default();
        let before = self.block.word(run.end - 2);
        let is_known_as_one = || {
            let as_one = self.lexicons.pair(before, one).capitals;
            as_one > 0 && as_one >= self.lexicons.pair(before, last).capitals
        };
        let follows_and = run.start > 1
            && !self.is_given(run.start)
            && self.block.word(run.start - 1) == "and"
            && tokens[run.start].gap == Gap::Space
            && tokens[run.start - 1].gap == Gap::Space
            && tokens[run.start - 2].has_capital();
        follows_and
            && (words::is_body_noun(one) || one == "amendment" || is_known_as_one())
            && !words::is_body_noun(last)
    }

    /// Is it a day that is kept: `Memorial Day`?
    fn is_day(&self, run: &Range<usize>) -> bool {
        let first = self.block.word(run.start);
        // `Thanksgiving Day Parade`
        let is_cut = first == "day" && run.start > 0 && words::is_calendar(self.block.word(run.start - 1));
        is_cut
            || matches!(self.block.word(run.end - 1), "day" | "days" | "eve")
                && !words::is_given_name(first)
                && self.block.tokens[run.start].kind != Kind::Initial
                && self.lexicons.usage(first).lower > 0
    }

    /// Is it who lives in a place of several words, as nationalities are no names: `New Yorkers`?
    fn is_inhabitant(&self, run: &Range<usize>) -> bool {
        let (before, last) = (self.block.word(run.end - 2), self.block.word(run.end - 1));
        if self.words.code() != "en" || self.is_given(run.start) {
            return false;
        }
        if matches!((before, last), ("costa" | "puerto", "rican" | "ricans") | ("sri", "lankan" | "lankans")) {
            return true;
        }
        // `The New Yorker` is read, a New Yorker reads it.
        let place = match (last.strip_suffix("ers"), last.strip_suffix("er")) {
            (Some(place), _) => place,
            (_, Some(place)) if run.start == 0 || self.block.word(run.start - 1) != "the" => place,
            _ => return false,
        };
        let as_place = |place: &str| {
            let usage = self.lexicons.pair(before, place);
            usage.capitals > self.lexicons.pair(before, last).capitals
        };
        as_place(place) || as_place(&format!("{place}e"))
    }

    /// Is it an abbreviation that is no name, after a nationality: `American TV`?
    fn is_common_of_nation(&self, run: &Range<usize>) -> bool {
        run.len() == 2
            && words::is_demonym(self.block.word(run.start))
            && words::is_common_acronym(self.block.word(run.end - 1))
    }

    /// Is it the rest of a title of a work, whose small words have capitals: `Orange Is the New Black`, `A Closer Look`?
    fn is_cut_from_phrase(&self, run: &Range<usize>) -> bool {
        let (tokens, at) = (&self.block.tokens, run.start);
        let is_name = |i: usize| {
            let word = self.block.word(i);
            !self.lexicons.usage(word).is_common() && !words::is_demonym(word) || self.is_given(i)
        };
        if run.clone().any(|i| tokens[i].has_capital() && is_name(i)) {
            return false;
        }
        // `Howl's Moving Castle`, but `Norland's Central Bank`
        let is_owned = at > 0
            && tokens[at].gap == Gap::Space
            && tokens[at - 1].is_possessive
            && tokens[at - 1].kind == Kind::Capital
            && !tokens[at - 1].opens;
        let is_common = |i: usize| {
            let word = self.block.word(i);
            self.lexicons.usage(word).is_mostly_lower() && !words::is_body_noun(word) && !words::is_company_form(word)
        };
        if is_owned && self.words.code() == "en" && run.clone().all(is_common) {
            return self.lexicons.pair(self.block.word(at), self.block.word(at + 1)).capitals < 3;
        }
        let is_article = |i: usize| matches!(self.block.word(i), "the" | "a" | "an");
        // `I` always has a capital, and so have words that begin sentences.
        let is_small = |i: usize| {
            tokens[i].kind == Kind::Capital
                && !tokens[i].opens
                && self.words.is_function(self.block.word(i))
                && !self.words.is_contraction(self.block.word(i))
                && !words::is_given_name(self.block.word(i))
        };
        let before = at.checked_sub(1).filter(|_| tokens[at].gap == Gap::Space);
        let Some(before) = before.filter(|_| self.words.code() == "en") else { return false };
        if !is_article(before) {
            return is_small(before);
        }
        before > 0 && tokens[before].gap == Gap::Space && is_small(before - 1)
    }

    /// Is it part of a quoted title of a work: `"Two Neighbors One Cup"`, `"Make Norland White Again"`?
    fn is_cut_from_quotation(&self, run: &Range<usize>) -> bool {
        /// Most words of such a title beside the run.
        const MOST: usize = 6;
        let tokens = &self.block.tokens;
        if self.words.code() != "en" || run.clone().any(|i| self.is_given(i)) {
            return false;
        }
        const MARKS: [char; 3] = ['"', '“', '”'];
        let text = self.block.text;
        let opens = |i: usize| {
            let before = text[..tokens[i].bytes.start].strip_suffix(MARKS);
            before.is_some_and(|before| {
                before.is_empty() || before.ends_with(|c: char| c.is_whitespace() || "(—–-".contains(c))
            })
        };
        let closes = |i: usize| text[tokens[i].bytes.end..].trim_start_matches([',', '.', '!', '?']).starts_with(MARKS);
        let is_next = |i: &usize| *i == run.start || tokens[*i + 1].gap == Gap::Space;
        let Some(first) = (run.start.saturating_sub(MOST)..=run.start).rev().take_while(is_next).find(|&i| opens(i))
        else {
            return false;
        };
        let Some(last) = (run.end - 1..tokens.len().min(run.end + MOST)).find(|&i| closes(i)) else { return false };
        if (first + 1..=last).any(|i| tokens[i].gap != Gap::Space) {
            return false;
        }
        let is_word = |i: &usize| {
            let word = self.block.word(*i);
            !self.words.is_function(word) && !words::is_title(word, self.words)
        };
        let others = || (first..run.start).chain(run.end..last + 1).filter(is_word);
        others().next().is_some() && others().all(|i| tokens[i].kind == Kind::Capital)
    }

    /// Is it something to eat or drink, as a menu has it: `Chive Dumplings`, `Halden Salt Pork Sandwich`?
    fn is_dish(&self, run: &Range<usize>) -> bool {
        /// Number of times that a restaurant is known by.
        const KNOWN: u32 = 3;
        let last = self.block.word(run.end - 1);
        let num_foods = || run.clone().filter(|&i| words::is_food(self.block.word(i))).count();
        self.words.code() == "en"
            && !run
                .clone()
                .map(|i| self.block.word(i))
                .any(|word| words::is_body_noun(word) || words::is_company_form(word))
            && !self.is_given(run.start)
            && (words::is_dish(last) || num_foods() > 1)
            && self.lexicons.pair(self.block.word(run.end - 2), last).capitals < KNOWN
    }

    /// Is it a part of a page or of an organisation's papers: `Halden Menu`, `Truffle FAQ`?
    fn is_of_page(&self, run: &Range<usize>) -> bool {
        let last = self.block.word(run.end - 1);
        self.words.code() == "en"
            && matches!(
                last,
                "faq" | "faqs" | "menu" | "menus" | "website" | "webpage" | "homepage" | "newsletter" | "hashtag"
            )
    }

    /// Is it likely a phrase that only one writer capitalises, of words that are common elsewhere: `the Dollar Menu`?
    pub(super) fn is_phrase(&self, run: &Range<usize>) -> bool {
        /// Number of times that a common word is known by.
        const KNOWN: u32 = 5;
        let words = || run.clone().map(|i| self.block.word(i));
        self.words.code() == "en"
            && run.clone().all(|i| {
                self.block.tokens[i].kind != Kind::Capital || self.lexicons.usage(self.block.word(i)).lower >= KNOWN
            })
            && !words()
                .any(|word| words::is_body_noun(word) || words::is_company_form(word) || words::is_given_name(word))
    }

    /// Is it a name that is made an adjective by a word after a hyphen: `Holm-inspired`; not `Jong-un`?
    fn is_hyphenated_adjective(&self, at: usize) -> bool {
        let last = self.block.word(at).rsplit(['-', '‐', '‑']).next().unwrap_or_default();
        self.words.code() == "en"
            && self.is_hyphenated_word(at)
            && (last.ends_with("ed") || matches!(last, "born" | "style" | "like" | "wide" | "area" | "era" | "led"))
    }

    /// Does the run end with a given name of Korean or Chinese: `Kim Jong-un`, `Li Ka-shing`; not `Ford City-run`?
    pub(super) fn is_name_with_hyphen(&self, run: Range<usize>) -> bool {
        /// Longest surname, and longest part of the given name, in letters.
        const LONGEST: usize = 5;
        let (surname, last) = (self.block.word(run.start), self.block.word(run.end - 1));
        let parts: Vec<&str> = last.split(['-', '‐', '‑']).collect();
        let [first, second] = parts[..] else { return false };
        run.len() == 2
            && self.block.tokens[run.start].kind == Kind::Capital
            && surname.len() <= LONGEST
            && [first, second].iter().all(|part| (2..=LONGEST).contains(&part.len()))
            && (self.lexicons.usage(second).lower == 0 || words::is_korean_surname(surname))
            && !matches!(second, "esque" | "ish" | "ing" | "ism" | "ist")
            && !self.is_hyphenated_adjective(run.end - 1)
    }

    /// Is it a name with a word joined by a hyphen: `London-based`?
    pub(super) fn is_hyphenated_word(&self, at: usize) -> bool {
        let raw = &self.block.text[self.block.tokens[at].bytes.clone()];
        raw.rsplit_once(['-', '‐', '‑']).is_some_and(|(_, last)| last.starts_with(char::is_lowercase))
    }
}
