//! An engine of entries in memory that tries each: what any other is held against.

use std::cell::RefCell;
use std::collections::{BTreeMap, HashMap};
use std::ops::ControlFlow;
use std::sync::Mutex;

use super::entry::Unit;
use super::{Candidate, Engine, EngineError, Entry, Holdings, Order, Sieve, Store, Test, ValueTest, WordsTest};
use crate::vocabulary::{Number, Scope, TextField};

/// Entries by writer and key.
#[derive(Default)]
pub(crate) struct Memory {
    entries: Mutex<BTreeMap<(String, u64), Entry>>,
    published: Mutex<BTreeMap<String, String>>,
}

/// Number of candidates of a page; few, so that there are several.
const PAGE: usize = 7;

thread_local! {
    /// Expressions and automata that were built: each is asked of thousands of tokens.
    static REGEXES: RefCell<HashMap<String, regex::Regex>> = RefCell::default();
    static NEAR: RefCell<HashMap<(String, u8), levenshtein_automata::DFA>> = RefCell::default();
}

fn matches(pattern: &str, text: &str) -> bool {
    REGEXES.with_borrow_mut(|known| {
        let built = || {
            let whole = regex::RegexBuilder::new(&format!("^(?:{pattern})$")).dot_matches_new_line(true).build();
            whole.expect("a regular expression")
        };
        known.entry(pattern.to_string()).or_insert_with(built).is_match(text)
    })
}

fn is_near(word: &str, edits: u8, token: &str) -> bool {
    NEAR.with_borrow_mut(|known| {
        let built = || levenshtein_automata::LevenshteinAutomatonBuilder::new(edits, true).build_dfa(word);
        let dfa = known.entry((word.to_string(), edits)).or_insert_with(built);
        token.strip_prefix('=').is_some_and(|token| matches!(dfa.eval(token), levenshtein_automata::Distance::Exact(_)))
    })
}

/// Does an article pass a sieve, or one of its sections?
pub(crate) fn passes(entry: &Entry, section: Option<&Unit>, sieve: &Sieve) -> bool {
    match sieve {
        Sieve::All => true,
        Sieve::Nothing => false,
        Sieve::And(sieves) => sieves.iter().all(|sieve| passes(entry, section, sieve)),
        Sieve::Or(sieves) => sieves.iter().any(|sieve| passes(entry, section, sieve)),
        Sieve::Not(sieve) => !passes(entry, section, sieve),
        Sieve::Section(sieve) => {
            assert!(section.is_none(), "sections have no sections");
            entry.sections.iter().any(|section| passes(entry, Some(section), sieve))
        }
        Sieve::Test(test) => holds(entry, section, test),
    }
}

fn holds(entry: &Entry, section: Option<&Unit>, test: &Test) -> bool {
    /// The unit of a test. A test of sections on an article, or the reverse, is a fault of the sieve.
    fn unit<'e>(entry: &'e Entry, section: Option<&'e Unit>, scope: Scope) -> &'e Unit {
        match (section, scope) {
            (Some(section), Scope::Section | Scope::Passage) => section,
            (None, Scope::Article) => &entry.article,
            _ => panic!("a test of another scope"),
        }
    }
    match test {
        Test::Words(field, test) => {
            let is_title = *field == TextField::Title && section.is_some();
            let tokens = if is_title { &entry.article } else { unit(entry, section, field.scope()) }.tokens(*field);
            match test {
                WordsTest::AnyOf(wanted) => tokens.iter().any(|(_, token)| wanted.contains(token)),
                WordsTest::Beside { first, second, moved } => tokens.iter().any(|(at, token)| {
                    let is_beside =
                        |other: u32| (i64::from(other) - i64::from(*at) - 1).unsigned_abs() <= u64::from(*moved);
                    first.contains(token)
                        && tokens.iter().any(|(other, token)| is_beside(*other) && second.contains(token))
                }),
                WordsTest::Prefix(prefix) => tokens.iter().any(|(_, token)| token.starts_with(prefix.as_str())),
                WordsTest::Regex(regex) => tokens.iter().any(|(_, token)| matches(regex, token)),
                WordsTest::Near(word, edits) => tokens.iter().any(|(_, token)| is_near(word, *edits, token)),
                WordsTest::Some => !tokens.is_empty(),
            }
        }
        Test::Value(field, test) => {
            let mut values = unit(entry, section, field.scope()).values.iter().filter(|(name, _)| name == field);
            values.any(|(_, value)| match test {
                ValueTest::Equals(wanted) => value == wanted,
                ValueTest::Begins(begin) => value.starts_with(begin.as_str()),
                ValueTest::Regex(regex) => matches(regex, value),
            })
        }
        Test::Range(number, first, last) => {
            known(entry, section, *number).is_some_and(|n| (*first..=*last).contains(&n))
        }
        Test::Known(number) => known(entry, section, *number).is_some(),
        Test::Boilerplate => unit(entry, section, Scope::Section).is_boilerplate,
        Test::Duplicate => entry.group.is_some_and(|(_, rank)| rank > 0),
        Test::Hash(hash) => entry.hash == *hash,
        Test::Groups(groups) => entry.group.is_some_and(|(group, _)| groups.contains(&group)),
    }
}

fn known(entry: &Entry, section: Option<&Unit>, number: Number) -> Option<i64> {
    match (number.scope(), section) {
        (Scope::Article, None) => entry.numbers.iter().find(|(name, _)| *name == number).map(|(_, known)| *known),
        (_, Some(section)) if number == Number::Level => section.level,
        _ => panic!("a number of another scope"),
    }
}

impl Engine for Memory {
    fn name(&self) -> String {
        "memory".into()
    }

    fn commit(&self) -> Result<String, EngineError> {
        Ok(format!("{:?}", self.published.lock().expect("no panic")))
    }

    fn holdings(&self) -> Result<Holdings, EngineError> {
        let entries = self.entries.lock().expect("no panic");
        let mut holdings = Holdings { commit: self.commit()?, ..Holdings::default() };
        let mut languages: BTreeMap<&str, u64> = BTreeMap::new();
        for entry in entries.values() {
            let totals = &mut holdings.totals;
            totals.articles += 1;
            totals.sections += entry.sections.iter().filter(|section| !section.is_boilerplate).count() as u64;
            totals.passages += entry.passages;
            totals.lengths.add(&entry.lengths);
            *languages.entry(&entry.language).or_default() += 1;
        }
        let known = languages.into_iter().filter(|(code, _)| !code.is_empty());
        holdings.languages = known.map(|(code, count)| (code.to_string(), count)).collect();
        holdings.languages.sort_by_key(|&(_, count)| std::cmp::Reverse(count));
        Ok(holdings)
    }

    fn counts(&self, sieves: &[Sieve]) -> Result<Vec<u64>, EngineError> {
        let entries = self.entries.lock().expect("no panic");
        let count = |sieve| entries.values().filter(|entry| passes(entry, None, sieve)).count() as u64;
        Ok(sieves.iter().map(count).collect())
    }

    fn candidates(
        &self,
        sieve: &Sieve,
        order: &Order,
        take: &mut dyn FnMut(Vec<Candidate>) -> ControlFlow<()>,
    ) -> Result<(), EngineError> {
        let mut found: Vec<(String, Entry)> = {
            let entries = self.entries.lock().expect("no panic");
            let found = entries.iter().filter(|(_, entry)| passes(entry, None, sieve));
            found.map(|((writer, _), entry)| (writer.clone(), entry.clone())).collect()
        };
        let date = |entry: &Entry| known(entry, None, Number::Date);
        match order {
            Order::Best(_) => {}
            Order::Newest => found.sort_by_key(|(_, entry)| std::cmp::Reverse(date(entry))),
            Order::Oldest => found.sort_by_key(|(_, entry)| date(entry).unwrap_or(i64::MAX)),
            Order::Path => found.sort_by(|(_, a), (_, b)| a.path.cmp(&b.path)),
            Order::Drawn => found.sort_by_key(|(_, entry)| entry.key),
        }
        for page in found.chunks(PAGE) {
            let page = page.iter().map(|(writer, entry)| Candidate {
                packed: entry.packed.clone(),
                writer: writer.clone(),
                group: entry.group,
            });
            if take(page.collect()).is_break() {
                break;
            }
        }
        Ok(())
    }
}

impl Store for Memory {
    fn keys(&self, writer: &str, take: &mut dyn FnMut(u64, u64)) -> Result<(), EngineError> {
        let entries = self.entries.lock().expect("no panic");
        entries.iter().filter(|((of, _), _)| of == writer).for_each(|((_, key), entry)| take(*key, entry.version));
        Ok(())
    }

    fn put(&self, writer: &str, entries: &[Entry]) -> Result<Vec<(u64, String)>, EngineError> {
        let mut all = self.entries.lock().expect("no panic");
        all.extend(entries.iter().map(|entry| ((writer.to_string(), entry.key), entry.clone())));
        Ok(Vec::new())
    }

    fn remove(&self, writer: &str, keys: &[u64]) -> Result<(), EngineError> {
        let mut all = self.entries.lock().expect("no panic");
        keys.iter().for_each(|key| _ = all.remove(&(writer.to_string(), *key)));
        Ok(())
    }

    fn publish(&self, writer: &str, state: &str) -> Result<(), EngineError> {
        self.published.lock().expect("no panic").insert(writer.to_string(), state.to_string());
        Ok(())
    }
}
