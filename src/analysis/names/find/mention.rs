//! The mention that a run becomes: its words, the kind of company, whether it may be a person.

use std::ops::Range;

use super::{Finder, Mention};
use crate::analysis::names::token::{Gap, Kind};
use crate::analysis::names::words;

impl Finder<'_, '_> {
    /// Does a particle of surnames stand before the word, where it is no preposition: `de Blasio`?
    pub(super) fn has_particle_before(&self, at: usize) -> bool {
        let particle = at.checked_sub(1).map(|before| self.block.word(before)).unwrap_or_default();
        self.words.code() == "en"
            && self.block.tokens[at].gap == Gap::Space
            && matches!(particle, "de" | "van" | "von" | "di" | "da" | "del" | "bin" | "du")
            && self.lexicons.usage(self.block.word(at)).lower == 0
    }

    /// The words of a name, folded; initials that follow each other are one: `J. K. Holm` and `J.K. Holm` are one name.
    pub(super) fn words_of(&self, run: &Range<usize>) -> Vec<String> {
        let tokens = &self.block.tokens;
        let mut out: Vec<String> = Vec::with_capacity(run.len());
        for i in run.clone() {
            let word = self.block.word(i);
            let follows_initial =
                i > run.start && tokens[i].kind == Kind::Initial && tokens[i - 1].kind == Kind::Initial;
            match out.last_mut() {
                Some(last) if follows_initial => last.push_str(word),
                _ => out.push(word.to_string()),
            }
        }
        out
    }

    /// Number of words at the end of a name that tell the kind of company only. What is left of `Japan Inc` would be
    /// another name.
    pub(super) fn company_words(&self, run: &Range<usize>) -> usize {
        let mut end = run.end;
        while end > run.start + 1
            && words::is_company_form(self.block.word(end - 1))
            && self.block.tokens[end - 1].gap != Gap::Ampersand
        {
            end -= 1;
        }
        // `Jim Holm Company` is not Jim Holm, and `Bryant Park Corporation` not the park.
        let is_in_town = words::is_place_in_town(self.block.word(end - 1));
        if (self.is_given(run.start) || is_in_town) && end > run.start + 1 {
            return 0;
        }
        let first = self.block.word(run.start);
        let is_place = end == run.start + 1 && self.lexicons.usage(first).place > 0 || words::is_place_beginning(first);
        if is_place { 0 } else { run.end - end }
    }

    pub(super) fn push(&mut self, run: Range<usize>, has_title: bool) {
        let block = self.block;
        let mut run = run;
        // `London-based Reuters`: what is before the hyphen would be another name.
        while run.len() > 1 && self.is_hyphenated_word(run.start) {
            run.start += 1;
        }
        while run.len() > 1
            && self.is_hyphenated_word(run.end - 1)
            && block.tokens[run.end - 1].kind == Kind::Capital
            && !self.is_name_with_hyphen(run.clone())
        {
            run.end -= 1;
        }
        let abbreviates = self.last.filter(|&(_, after)| {
            after == run.start
                && run.len() == 1
                && block.tokens[run.start].gap == Gap::Bracket
                && block.tokens[run.start].kind == Kind::Capitals
        });
        let abbreviates = abbreviates.map(|(mention, _)| mention).filter(|&mention| {
            let words = &self.mentions[mention].words;
            words.len() > 1 && is_abbreviation_of(block.word(run.start), words)
        });
        if !has_title && self.has_particle_before(run.start) {
            run.start -= 1;
        }
        let has_initial = run.clone().any(|i| {
            let token = &block.tokens[i];
            // `Group E.`
            if i > run.start && i + 1 == run.end {
                return false;
            }
            let is_initials = token.kind == Kind::Capitals && block.text[token.bytes.clone()].contains('.');
            token.kind == Kind::Initial || is_initials && self.lexicons.usage(block.word(i)).alone == 0
        });
        let usage = self.lexicons.usage(block.word(run.start));
        let last = run.clone().rev().find(|&i| !words::is_numeral(block.word(i))).unwrap_or(run.end - 1);
        let last_usage = self.lexicons.usage(block.word(last));
        let joins_of = run.clone().any(|i| {
            matches!(block.word(i), "of" | "for" | "and" | "the" | "on")
                || block.tokens[i].gap == Gap::Ampersand && i > run.start
        });
        // `Mutuelles de Bretagne` is joined as names of persons are; only a title tells them apart.
        let is_joined = self.words.is_romance() && run.clone().any(|i| block.tokens[i].kind == Kind::Lower);
        let is_given = self.is_given(run.start);
        let keeps_ending = self.keeps_ending(&run);
        let is_body = keeps_ending
            || run.clone().any(|i| {
                let is_lower = block.tokens[i].kind == Kind::Lower && !words::is_particle(block.word(i));
                is_lower || self.words.is_slavic() && words::is_slavic_body(block.word(i))
            });
        let is_personal = run.len() > 1
            && !is_body
            && !joins_of
            && (!is_joined || has_title || is_given)
            && (has_title
                || has_initial
                || is_given
                || !usage.is_mostly_lower()
                    && !usage.is_place()
                    && !self.lexicons.usage_elsewhere(block.word(run.start)).stands_alone()
                    && !words::is_body_noun(block.word(run.start))
                    && !words::is_place_beginning(block.word(run.start))
                    && !words::is_demonym(block.word(run.start))
                    && block.tokens[run.start].kind == Kind::Capital)
            && !words::is_body_noun(block.word(last))
            && !words::is_company_form(block.word(last))
            && !(block.tokens[run.end - 1].kind == Kind::Capitals && block.word(run.end - 1).chars().count() < 5)
            && (!last_usage.is_mostly_lower() || is_given)
            && !last_usage.is_place();
        let mut words = self.words_of(&run);
        let mut text = block.text_of(run.clone());
        if keeps_ending {
            let ending = &block.text[block.tokens[run.end - 1].bytes.end..];
            text.extend(ending.chars().take(2));
            words.last_mut().expect("a run has words").push_str("'s");
        }
        let core = words.len() - self.company_words(&run);
        let is_company = core < words.len() && core > 1 && !usage.is_place() && !usage.is_mostly_lower();
        self.last = Some((self.mentions.len(), run.end));
        self.mentions.push(Mention {
            text,
            words,
            core,
            has_title,
            is_personal,
            has_own_surname: last_usage.lower == 0 || is_given,
            is_company,
            abbreviates,
        });
    }
}

/// Are the letters the first letters of the words, in order?
pub(super) fn is_abbreviation_of(letters: &str, words: &[String]) -> bool {
    let mut initials = words.iter().filter_map(|word| word.chars().next());
    let mut letters = letters.chars().filter(|c| c.is_alphanumeric());
    let first = letters.next();
    if first.is_none() || first != initials.next() {
        return false;
    }
    let wanted: Vec<char> = letters.collect();
    let found = wanted.iter().filter(|&&letter| initials.any(|initial| initial == letter)).count();
    found * 2 >= wanted.len()
}
