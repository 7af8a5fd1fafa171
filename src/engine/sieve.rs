//! A sieve: a question about articles that an engine can answer without knowing how Crosshead reads texts. It is asked of an
//! article's facts and of its sections, one at a time.

use crate::vocabulary::{Number, TextField};

/// A set of articles; within [`Sieve::Section`], of sections.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Sieve {
    /// All of them.
    All,
    /// None of them.
    Nothing,
    /// Those for which a test holds.
    Test(Test),
    /// The intersection.
    And(Vec<Sieve>),
    /// The union.
    Or(Vec<Sieve>),
    /// The complement.
    Not(Box<Sieve>),
    /// Articles with a section of this set. Within it tests are of the section; only words of the title, which all sections
    /// share, are also in it.
    Section(Box<Sieve>),
}

/// A test of an article or a section.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Test {
    /// Of the words of a text.
    Words(TextField, WordsTest),
    /// Of the exact values of a fact.
    Value(TextField, ValueTest),
    /// Is a number from the first to the last, both included?
    Range(Number, i64, i64),
    /// Is the number known?
    Known(Number),
    /// Is it a section of boilerplate?
    Boilerplate,
    /// Is the article a reprint of another?
    Duplicate,
    /// Has the article this hash?
    Hash(u64),
    /// Is the article in one of these groups of reprints?
    Groups(Vec<u64>),
}

/// A test of words, which are tokens as [`super::entry`] makes them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum WordsTest {
    /// Is one of these tokens there?
    AnyOf(Vec<String>),
    /// Is one of the second tokens at the position after one of the first, or within `moved` words of that?
    Beside {
        /// Tokens of a word.
        first: Vec<String>,
        /// Tokens of another.
        second: Vec<String>,
        /// By how many words the second may be from there, before or after.
        moved: u32,
    },
    /// Does a token begin so?
    Prefix(String),
    /// Does a regular expression match a whole token? It is of the kind that Lucene reads as everybody does.
    Regex(String),
    /// Is there the token of a word within so many edits of this one, where two neighbours exchanged are one edit?
    Near(String, u8),
    /// Is there any word?
    Some,
}

/// A test of exact values.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum ValueTest {
    /// Is it one of the values?
    Equals(String),
    /// Does a value begin so?
    Begins(String),
    /// Does a regular expression match a whole value?
    Regex(String),
}

impl Sieve {
    /// The intersection of sets.
    #[must_use]
    pub(crate) fn and(sieves: impl IntoIterator<Item = Sieve>) -> Sieve {
        let mut all = Vec::new();
        for sieve in sieves {
            match sieve {
                Sieve::All => {}
                Sieve::Nothing => return Sieve::Nothing,
                Sieve::And(more) => all.extend(more),
                other => all.push(other),
            }
        }
        match all.len() {
            0 => Sieve::All,
            1 => all.swap_remove(0),
            _ => Sieve::And(all),
        }
    }

    /// The union of sets.
    #[must_use]
    pub(crate) fn or(sieves: impl IntoIterator<Item = Sieve>) -> Sieve {
        let mut all = Vec::new();
        for sieve in sieves {
            match sieve {
                Sieve::Nothing => {}
                Sieve::All => return Sieve::All,
                Sieve::Or(more) => all.extend(more),
                other => all.push(other),
            }
        }
        match all.len() {
            0 => Sieve::Nothing,
            1 => all.swap_remove(0),
            _ => Sieve::Or(all),
        }
    }

    /// The complement of a set.
    #[must_use]
    pub(crate) fn not(sieve: Sieve) -> Sieve {
        match sieve {
            Sieve::All => Sieve::Nothing,
            Sieve::Nothing => Sieve::All,
            Sieve::Not(inner) => *inner,
            other => Sieve::Not(Box::new(other)),
        }
    }

    /// Articles with a section of a set.
    #[must_use]
    pub(crate) fn section(sieve: Sieve) -> Sieve {
        // Every article has a section.
        if matches!(sieve, Sieve::All | Sieve::Nothing) { sieve } else { Sieve::Section(Box::new(sieve)) }
    }
}
