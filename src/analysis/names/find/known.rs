//! What pairs of words elsewhere tell of a run: an owner that is part of a name, an ending that is, two parts that `and`
//! joins, a phrase that is written in small letters, too.

use std::ops::Range;

use super::Finder;
use crate::analysis::names::lexicon::{after_ending, is_closed};
use crate::analysis::names::token::{Gap, Kind};
use crate::analysis::names::words;

impl Finder<'_, '_> {
    /// Is this word with the ending of a possessive part of a name with the word after it, as what it owns is hardly ever
    /// named otherwise: `Holm's Halden City`, `Voss's Investors Service`?
    pub(super) fn is_owner_of_name(&self, at: usize) -> bool {
        /// Fewest times that both were seen together.
        const KNOWN: u32 = 3;
        let Some(next) = self.block.tokens.get(at + 1).filter(|next| next.kind == Kind::Capital) else { return false };
        if self.words.code() != "en" || next.gap != Gap::Space || self.is_given(at + 1) {
            return false;
        }
        let (word, following) = (self.block.word(at), self.block.word(at + 1));
        let owned = self.lexicons.pair(word, following).owned;
        let (owner, usage) = (self.lexicons.usage(word), self.lexicons.usage(following));
        // What is hers alone, or all that she has.
        // `New Year's Eve Ball`, not `HBC One's Breakfast`
        let is_first = at == 0
            || !self.block.tokens[at - 1].has_capital()
            || self.block.tokens[at].gap != Gap::Space
            || self.lexicons.pair(self.block.word(at - 1), word).capitals * 2 >= owner.upper;
        let is_hers = is_first && usage.is_common() && !owner.is_place() && owned * 5 >= usage.upper * 3;
        let is_all = owned > KNOWN && owned * 10 >= owner.possessive * 7 && owned * 2 >= owner.upper;
        owned >= KNOWN && (is_hers || is_all)
    }

    /// Does the name keep the ending of a possessive, as what is called after its owner: `Holm & Voss's`, `St. Holm's`?
    pub(super) fn keeps_ending(&self, run: &Range<usize>) -> bool {
        let last = run.end - 1;
        if self.words.code() != "en" || run.len() < 2 || after_ending(self.block, last).is_none() {
            return false;
        }
        let pair = self.lexicons.pair(self.block.word(last - 1), self.block.word(last));
        let is_known = pair.closed > 1 && pair.closed * 2 >= pair.capitals;
        // `a book of Karl Holm's`, `more than Karl Holm's`
        let is_elliptic = run.start > 0
            && matches!(
                self.block.word(run.start - 1),
                "of" | "than" | "as" | "like" | "unlike" | "from" | "to" | "is" | "was" | "are" | "with"
            );
        let is_person = self.is_given(run.start) && !run.clone().any(|i| self.block.tokens[i].gap == Gap::Ampersand);
        let is_closed = is_closed(self.block, last) && !is_elliptic && !is_person;
        let is_saint = matches!(self.block.word(last - 1), "st" | "saint");
        is_known || is_closed && (is_saint || pair.closed * 2 > pair.capitals || pair.capitals == 0)
    }

    /// Does `and` join two words so often that they are the name of one: `Holm and Voss`?
    pub(super) fn is_joined_by_and(&self, start: usize, last: usize, right: usize) -> bool {
        /// Fewest times that both were seen together in other articles.
        const KNOWN: u32 = 3;
        // After a comma that is of the name, `and` is.
        if start < last && self.block.tokens[last].gap == Gap::Break {
            return true;
        }
        let (left_word, right_word) = (self.block.word(last), self.block.word(right));
        let together = self.lexicons.pair_elsewhere(left_word, right_word).and;
        let (left, right_usage) = (self.lexicons.usage_elsewhere(left_word), self.lexicons.usage_elsewhere(right_word));
        self.words.code() == "en"
            && start == last
            && together >= KNOWN
            && together * 3 >= left.upper.min(right_usage.upper) * 2
            && ![last, right].into_iter().any(|i| self.is_given(i) || words::is_demonym(self.block.word(i)))
            && !left.is_place()
            && !right_usage.is_place()
            && !(left.is_common() && right_usage.is_common())
    }

    /// Is the comma between two words part of the name of a firm: `Holm, Voss and Marsh Inc`?
    pub(super) fn is_comma_of_name(&self, last: usize, next: usize) -> bool {
        /// Fewest times that both were seen together in other articles.
        const KNOWN: u32 = 3;
        let tokens = &self.block.tokens;
        let is_comma = &self.block.text[tokens[last].bytes.end..tokens[next].bytes.start] == ", ";
        let is_and = tokens.get(next + 1).is_some_and(|after| {
            after.gap == Gap::Space && self.block.word(next + 1) == "and" || after.gap == Gap::Ampersand
        });
        if self.words.code() != "en" || !is_comma || !is_and || tokens[next].kind != Kind::Capital {
            return false;
        }
        let (left, right) = (self.block.word(last), self.block.word(next));
        let together = self.lexicons.pair_elsewhere(left, right).comma;
        let (left, right) = (self.lexicons.usage_elsewhere(left), self.lexicons.usage_elsewhere(right));
        together >= KNOWN && together * 3 >= left.upper.min(right.upper) * 2 && !left.is_place() && !right.is_place()
    }

    /// Does `and` join two common words in the names of many bodies: `Savings and Loan Association`?
    pub(super) fn is_joined_in_bodies(&self, last: usize, right: usize) -> bool {
        /// Fewest times that both were seen together.
        const KNOWN: u32 = 3;
        let (left_word, right_word) = (self.block.word(last), self.block.word(right));
        let is_common = |word: &str| self.lexicons.usage(word).is_common() && !words::is_body_noun(word);
        self.words.code() == "en"
            && self.lexicons.pair(left_word, right_word).and >= KNOWN
            && is_common(left_word)
            && is_common(right_word)
            && self.ends_with_body(right)
    }

    /// Are the two words of a run a phrase of common words, which others write in small letters: `Medical Examiner`?
    pub(super) fn is_common_phrase(&self, run: &Range<usize>) -> bool {
        let (first, last) = (self.block.word(run.start), self.block.word(run.end - 1));
        let pair = self.lexicons.pair(first, last);
        self.words.code() == "en"
            && run.len() == 2
            && run.clone().all(|i| self.block.tokens[i].kind == Kind::Capital)
            && pair.small > 1
            && pair.small >= pair.capitals
            && !self.is_place_or_body(last)
            && !self.is_given(run.start)
    }

    /// Is it what bodies, and places where one eats or drinks, are called?
    fn is_place_or_body(&self, word: &str) -> bool {
        words::is_body_noun(word) || words::is_company_form(word) || words::is_eatery(word)
    }

    /// Does its price follow, as on a menu: `Chive Dumplings ($8)`? Where something is costs something, too: `at Voss Hall ($5)`.
    pub(super) fn has_price(&self, run: &Range<usize>) -> bool {
        /// Number of times that a place is known by.
        const KNOWN: u32 = 3;
        let tokens = &self.block.tokens;
        let until = tokens.get(run.end).map_or(self.block.text.len(), |next| next.bytes.start);
        let between = self.block.text[tokens[run.end - 1].bytes.end..until].trim();
        let is_place = run.start > 0 && matches!(self.block.word(run.start - 1), "at" | "in" | "the" | "from");
        self.words.code() == "en"
            && matches!(between, "($" | ", $" | "$" | "(£" | ", £" | "(€" | ", €")
            && !is_place
            && !self.is_given(run.start)
            && !self.is_place_or_body(self.block.word(run.end - 1))
            && self.lexicons.pair(self.block.word(run.end - 2), self.block.word(run.end - 1)).capitals < KNOWN
    }

    /// Is it one of the dishes that a sentence tells: `dishes like the Halden Bowl and Voss Leaf`?
    pub(super) fn is_told_as_dish(&self, run: &Range<usize>) -> bool {
        /// Number of times that a name is known by.
        const KNOWN: u32 = 3;
        /// Most words between what says so and the dish.
        const MOST: usize = 40;
        let tokens = &self.block.tokens;
        let last = self.block.word(run.end - 1);
        if self.words.code() != "en"
            || tokens[run.start].opens && tokens[run.start].gap != Gap::Break
            || self.is_given(run.start)
            || self.is_place_or_body(last)
            || !self.lexicons.usage(last).is_common()
            || self.lexicons.pair(self.block.word(run.end - 2), last).capitals >= KNOWN
        {
            return false;
        }
        // What is eaten somewhere is not the place: `dishes at Voss House`.
        if run.start > 0 && matches!(self.block.word(run.start - 1), "at" | "in" | "by" | "from" | "near" | "of") {
            return false;
        }
        let from = (run.start.saturating_sub(MOST)..run.start)
            .rev()
            .find(|&i| tokens[i].opens && i > 0 && tokens[i].gap == Gap::Break);
        (from.unwrap_or(run.start.saturating_sub(MOST))..run.start)
            .any(|i| tokens[i].kind == Kind::Lower && words::is_word_of_menus(self.block.word(i)))
    }
}
