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
        if matches!(self.block.word(run.end - 1), "avenues" | "aves" | "streets" | "sts")
            || self.is_cut_from_number(run.start)
        {
            return false;
        }
        // Words of which none is ever written with a capital but here.
        let is_all_common = run.clone().filter(|&i| tokens[i].has_capital()).all(|i| {
            let usage = self.lexicons.usage(self.block.word(i));
            usage.is_mostly_lower() && tokens[i].kind == Kind::Capital
        });
        if is_all_common && (tokens[run.start].opens || self.is_phrase(run)) {
            return self.lexicons.pair(self.block.word(run.start), self.block.word(run.start + 1)).capitals > 1;
        }
        true
    }

    /// Does a street whose number stands before it begin here: `42nd Street and First Avenue`?
    fn is_cut_from_number(&self, at: usize) -> bool {
        let is_numbered = at > 0 && self.block.tokens[at - 1].kind == Kind::Number;
        is_numbered && matches!(self.block.word(at), "street" | "st" | "avenue" | "ave")
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

    /// Is it a name with a word joined by a hyphen: `London-based`?
    pub(super) fn is_hyphenated_word(&self, at: usize) -> bool {
        let raw = &self.block.text[self.block.tokens[at].bytes.clone()];
        raw.rsplit_once(['-', '‐', '‑']).is_some_and(|(_, last)| last.starts_with(char::is_lowercase))
    }
}
