//! What is known of all that an engine holds, while some of its articles are searched.

use std::collections::{BTreeMap, HashMap};
use std::sync::{Arc, Mutex, PoisonError};

use crate::engine::{Engine, EngineError, Sieve};
use crate::search::local::forms::WordTest;
use crate::search::local::plan::Leaf;
use crate::search::sieve::word_sieve;
use crate::vocabulary::TextField;

/// What a snapshot of candidates knows of all that its engine holds.
pub(crate) struct Foreign {
    engine: Arc<dyn Engine>,
    articles: u64,
    /// Numbers of articles with a word, by its fields and its test.
    known: Mutex<HashMap<String, u64>>,
    /// The first error while frequencies were asked for.
    failed: Mutex<Option<EngineError>>,
}

impl Foreign {
    /// What is known of an engine that holds so many articles.
    pub(super) fn new(engine: Arc<dyn Engine>, articles: u64) -> Foreign {
        Foreign { engine, articles, known: Mutex::default(), failed: Mutex::default() }
    }

    /// Number of articles of the engine.
    pub(crate) fn articles(&self) -> u64 {
        self.articles
    }

    /// The numbers of articles with each of the words of some leaves. None are known once the engine fails, which
    /// [`Foreign::failed`] tells.
    pub(crate) fn frequencies(&self, leaves: &[Leaf]) -> Vec<Vec<u64>> {
        let mut words = Vec::new();
        for leaf in leaves {
            let fields: Vec<TextField> = leaf.parts.iter().map(|(field, _)| *field).collect();
            words.extend(leaf.words.iter().map(|test| (fields.clone(), test)));
        }
        let mut counts = self.articles_with(&words).into_iter();
        leaves.iter().map(|leaf| counts.by_ref().take(leaf.words.len()).collect()).collect()
    }

    /// The numbers of articles with each of these words in one of its fields; 0 for all once the engine fails.
    pub(crate) fn articles_with(&self, words: &[(Vec<TextField>, &WordTest)]) -> Vec<u64> {
        let key = |(fields, test): &(Vec<TextField>, &WordTest)| {
            let fields: Vec<&str> = fields.iter().map(|field| field.name()).collect();
            format!("{fields:?} {test:?}")
        };
        let keys: Vec<String> = words.iter().map(key).collect();
        let mut known = self.known.lock().unwrap_or_else(PoisonError::into_inner).clone();
        let mut wanted: BTreeMap<&String, Sieve> = BTreeMap::new();
        for ((fields, test), key) in words.iter().zip(&keys).filter(|(_, key)| !known.contains_key(*key)) {
            wanted.entry(key).or_insert_with(|| Sieve::or(fields.iter().map(|field| word_sieve(*field, test))));
        }
        let sieves: Vec<Sieve> = wanted.values().cloned().collect();
        if !sieves.is_empty() {
            match self.engine.counts(&sieves) {
                Ok(counts) => {
                    let new = wanted.into_keys().cloned().zip(counts);
                    let mut all = self.known.lock().unwrap_or_else(PoisonError::into_inner);
                    all.extend(new);
                    known.clone_from(&all);
                }
                Err(error) => _ = self.failed.lock().unwrap_or_else(PoisonError::into_inner).get_or_insert(error),
            }
        }
        keys.iter().map(|key| known.get(key).copied().unwrap_or(0)).collect()
    }

    /// The first error since this was asked last.
    pub(crate) fn failed(&self) -> Option<EngineError> {
        self.failed.lock().unwrap_or_else(PoisonError::into_inner).take()
    }
}
