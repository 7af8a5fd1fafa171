//! Searching what an engine holds: the articles that a query may match are fetched, made an index in memory, and searched as
//! any index is, with the frequencies of all that the engine holds.
//!
//! ```text
//! query -> plan -> sieve -> candidates of the engine -> blocks -> an index in memory -> the same search
//! ```
//!
//! So what matches, its marks and its passages are those of a local index by construction. What an engine adds is a bound: if
//! more articles pass the sieve than are fetched, what is found is not all, and results say so ([`Degraded::Candidates`]).
//!
//! [`Degraded::Candidates`]: super::Degraded::Candidates

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::ops::ControlFlow;
use std::path::PathBuf;
use std::sync::{Arc, Mutex, PoisonError};

use xxhash_rust::xxh3::xxh3_64;

use super::execute::lists;
use super::local::plan::{Filters, Leaf, LoweredQuery};
use super::local::run::wanted_plan;
use super::part::Part;
use super::sieve::{Sieved, leaf_sieves, sieve, word_sieve};
use super::snapshot::Snapshot;
use super::{Degraded, Hit, Results, SearchError, SearchOptions, Sort, Tier};
use crate::engine::{Candidate, Engine, EngineError, Holdings, Order, Sieve, Test};
use crate::index::block::Block;
use crate::index::in_memory;
use crate::index::reprints::Groups;
use crate::index::{IndexError, Payload};
use crate::query::{Node, NodeKind, Query};
use crate::vocabulary::parse_id;

/// Articles that are fetched first for hits: the best by the engine's own scores, or the first in the order that is asked for.
const BEST: usize = 2_000;

/// Most articles that are fetched for what needs all that match: counts, exports, analyses.
#[cfg(test)]
pub(crate) const MOST: usize = 50_000;

/// Most groups of reprints that are asked for at once.
const GROUPS_AT_ONCE: usize = 1_000;

/// Which articles are needed.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Needed<'q> {
    /// The best of what a query finds, and counts of it.
    Best(&'q str),
    /// All that a query finds; with none, all that the filters keep.
    All(Option<&'q str>),
    /// The best of what has some of the words of a text.
    Nearest(&'q str),
    /// All that the filters keep, as what is counted is compared with it.
    Scope,
    /// The article with this hash, its copies and its reprints.
    Article(u64),
}

/// An engine that is searched.
pub(crate) struct OverEngine {
    pub(crate) engine: Arc<dyn Engine>,
    /// Most articles that are fetched for one call.
    pub(crate) most: usize,
    /// Of these, as many as are fetched first for the best hits.
    pub(crate) best: usize,
}

/// What a snapshot of candidates knows of all that its engine holds.
pub(crate) struct Foreign {
    engine: Arc<dyn Engine>,
    articles: u64,
    /// Numbers of articles with the words of a leaf, by the leaf as it is written.
    known: Mutex<HashMap<String, u64>>,
    /// The first error while frequencies were asked for.
    failed: Mutex<Option<EngineError>>,
}

impl Foreign {
    /// Number of articles of the engine.
    pub(crate) fn articles(&self) -> u64 {
        self.articles
    }

    /// The numbers of articles with each of the words of some leaves. None are known once the engine fails, which
    /// [`Foreign::failed`] tells.
    pub(crate) fn frequencies(&self, leaves: &[Leaf]) -> Vec<Vec<u64>> {
        let lock = |known: &Self| known.known.lock().unwrap_or_else(PoisonError::into_inner).clone();
        let keys: Vec<Vec<String>> = leaves
            .iter()
            .map(|leaf| {
                let fields: Vec<&str> = leaf.parts.iter().map(|(field, _)| field.name()).collect();
                leaf.words.iter().map(|test| format!("{fields:?} {test:?}")).collect()
            })
            .collect();
        let mut known = lock(self);
        let mut wanted: BTreeMap<&String, Sieve> = BTreeMap::new();
        for (leaf, keys) in leaves.iter().zip(&keys) {
            for (test, key) in leaf.words.iter().zip(keys).filter(|(_, key)| !known.contains_key(*key)) {
                wanted
                    .entry(key)
                    .or_insert_with(|| Sieve::or(leaf.parts.iter().map(|(field, _)| word_sieve(*field, test))));
            }
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
        keys.iter().map(|keys| keys.iter().map(|key| known.get(key).copied().unwrap_or(0)).collect()).collect()
    }

    /// The first error since this was asked last.
    pub(crate) fn failed(&self) -> Option<EngineError> {
        self.failed.lock().unwrap_or_else(PoisonError::into_inner).take()
    }
}

/// The articles that may match, open, and the options to search them by.
pub(crate) struct View {
    pub(crate) snapshot: Arc<Snapshot>,
    pub(crate) options: SearchOptions,
}

impl OverEngine {
    /// An engine of which at most so many articles are fetched for one call.
    pub(crate) fn new(engine: Arc<dyn Engine>, most: usize) -> OverEngine {
        OverEngine { engine, most, best: BEST.min(most) }
    }

    /// Are the first articles fetched for these hits, and no more?
    pub(crate) fn takes_best(&self, options: &SearchOptions) -> bool {
        let is_deep = options.limit == 0 || options.offset.saturating_add(options.limit) > self.best;
        self.best < self.most && !is_deep && options.sample.is_none()
    }

    /// May there be more hits than these in what was not fetched for them? By date or path, hits that lack words do not stand for
    /// later ones that have all.
    pub(crate) fn may_have_more(&self, results: &Results, options: &SearchOptions) -> bool {
        let is_whole = |hit: &&Hit| options.sort == Sort::Relevance || options.any || hit.tier == Tier::All;
        self.takes_best(options)
            && results.degraded == Some(Degraded::Candidates)
            && results.hits.iter().filter(is_whole).count() < options.limit
    }

    /// A snapshot without articles that knows what there is.
    pub(crate) fn base(&self) -> Result<Snapshot, IndexError> {
        let holdings = self.engine.holdings()?;
        self.snapshot(&holdings, &[Vec::new()])
    }

    /// The articles that are needed of what `base` knows of.
    pub(crate) fn view(
        &self,
        base: &Snapshot,
        needed: Needed<'_>,
        options: &SearchOptions,
    ) -> Result<View, SearchError> {
        let holdings = Holdings {
            totals: base.totals,
            languages: base.counted_languages.clone(),
            commit: base.parts[0].label.clone(),
        };
        let asked = self.asked(base, &holdings, needed, options)?;
        let mut candidates = Vec::new();
        let is_whole = self.fetch(&asked.sieve, &asked.order, asked.most, &mut candidates)?;
        // What a query speaks of (`like:`) is there to be read, whether it matches or not.
        self.fetch(&asked.beside, &Order::Path, self.most, &mut candidates)?;
        self.add_reprints(&mut candidates)?;
        let mut options = options.clone();
        if !is_whole {
            options.is_partial = true;
            options.at_most =
                Some(self.engine.counts(std::slice::from_ref(&asked.counted.sieve)).map_err(IndexError::from)?[0])
                    .map(|articles| (articles, asked.counted.is_exact()));
        }
        let layers = layers(&*self.engine, candidates).map_err(IndexError::from)?;
        let snapshot = Arc::new(self.snapshot(&holdings, &layers)?);
        Ok(View { snapshot, options })
    }

    /// What the engine is asked for.
    fn asked(
        &self,
        base: &Snapshot,
        holdings: &Holdings,
        needed: Needed<'_>,
        options: &SearchOptions,
    ) -> Result<Asked, SearchError> {
        let everything = |filters: &Filters| -> Result<Asked, SearchError> {
            let options = SearchOptions { filters: filters.clone(), ..options.clone() };
            let lowered = base.lowered(Query::everything(), &options)?.lowered;
            let sieved = sieve(&lowered, &lowered.plan, lowered.unit(options.unit));
            Ok(Asked::all(sieved, self.most))
        };
        match needed {
            Needed::Article(hash) => {
                Ok(Asked::all(Sieved { sieve: Sieve::Test(Test::Hash(hash)), loose: Vec::new() }, self.most))
            }
            Needed::All(None) | Needed::Scope => everything(&options.filters),
            Needed::Best(text) | Needed::All(Some(text)) => {
                let mut asked = self.asked_for(base, holdings, text, options)?;
                if matches!(needed, Needed::All(_)) || !self.takes_best(options) {
                    asked.most = self.most;
                }
                Ok(asked)
            }
            Needed::Nearest(text) => {
                let options = SearchOptions { literal: true, any: true, sort: Sort::Relevance, ..options.clone() };
                self.asked_for(base, holdings, text, &options)
            }
        }
    }

    fn asked_for(
        &self,
        base: &Snapshot,
        holdings: &Holdings,
        text: &str,
        options: &SearchOptions,
    ) -> Result<Asked, SearchError> {
        let prepared = base.prepare(text, options)?;
        let mut ids = BTreeSet::new();
        likes(&prepared.query().root, &mut ids);
        let beside = Sieve::or(ids.into_iter().map(|hash| Sieve::Test(Test::Hash(hash))));
        let with_likes;
        let lowered: &LoweredQuery = if beside == Sieve::Nothing {
            &prepared.lowered
        } else {
            let mut articles = Vec::new();
            self.fetch(&beside, &Order::Path, self.most, &mut articles)?;
            let snapshot = self.snapshot(holdings, &layers(&*self.engine, articles).map_err(IndexError::from)?)?;
            with_likes = snapshot.prepare(text, options)?;
            &with_likes.lowered
        };
        let unit = lowered.unit(options.unit);
        let counted = sieve(lowered, wanted_plan(lowered, options), unit);
        let listed = lists(lowered, options).into_iter().map(|plan| sieve(lowered, plan, unit).sieve);
        let all = Sieve::or(listed.chain([counted.sieve.clone()]));
        let order = match options.sort {
            Sort::Newest => Order::Newest,
            Sort::Oldest => Order::Oldest,
            Sort::Path => Order::Path,
            Sort::Relevance => {
                let scored = leaf_sieves(lowered).into_iter().zip(&lowered.leaves).zip(&lowered.positive);
                let scored: Vec<_> =
                    scored.filter(|(_, positive)| **positive).map(|((sieve, leaf), _)| (sieve, leaf.boost)).collect();
                // Without words all scores are equal, and the newest come first.
                if scored.is_empty() { Order::Newest } else { Order::Best(scored) }
            }
        };
        Ok(Asked { sieve: all, order, most: self.best, counted, beside })
    }

    /// Fetches candidates until there are `most`. Were these all?
    fn fetch(
        &self,
        sieve: &Sieve,
        order: &Order,
        most: usize,
        candidates: &mut Vec<Candidate>,
    ) -> Result<bool, IndexError> {
        if *sieve == Sieve::Nothing {
            return Ok(true);
        }
        let before = candidates.len();
        let mut is_whole = true;
        self.engine.candidates(sieve, order, &mut |page| {
            for candidate in page {
                if candidates.len() - before == most {
                    is_whole = false;
                    return ControlFlow::Break(());
                }
                candidates.push(candidate);
            }
            ControlFlow::Continue(())
        })?;
        Ok(is_whole)
    }

    /// Adds the other articles of the groups of reprints of candidates: each hit names them.
    fn add_reprints(&self, candidates: &mut Vec<Candidate>) -> Result<(), IndexError> {
        let groups: BTreeSet<u64> = candidates.iter().filter_map(|candidate| Some(candidate.group?.0)).collect();
        let groups: Vec<u64> = groups.into_iter().collect();
        for groups in groups.chunks(GROUPS_AT_ONCE) {
            self.fetch(&Sieve::Test(Test::Groups(groups.to_vec())), &Order::Path, usize::MAX, candidates)?;
        }
        Ok(())
    }

    /// A snapshot of candidates: each layer is a part of its own, whose orders are set apart.
    fn snapshot(&self, holdings: &Holdings, layers: &[Vec<Grouped>]) -> Result<Snapshot, IndexError> {
        let mut groups: BTreeMap<Group, Vec<(u32, u64)>> = BTreeMap::new();
        let mut parts = Vec::with_capacity(layers.len());
        for (layer, number) in layers.iter().zip(0_u64..) {
            let (index, searchers) = in_memory::index(PathBuf::from(self.engine.name()), layer)?;
            let salt = if number == 0 { 0 } else { xxh3_64(&number.to_le_bytes()) | 1 };
            for (block, group) in layer {
                if let Some((group, rank)) = group {
                    groups.entry(*group).or_default().push((*rank, block.article.order() ^ salt));
                }
            }
            // What there is in all is told once.
            let payload = match number {
                0 => Payload { totals: holdings.totals, languages: holdings.languages.clone(), ..Payload::default() },
                _ => Payload::default(),
            };
            let part = Part::of_engine(index, payload, searchers[0].clone(), holdings.commit.clone(), salt);
            parts.push((part, searchers));
        }
        let groups = groups.into_values().map(|mut members| {
            members.sort_unstable();
            members.into_iter().map(|(_, order)| order).collect()
        });
        let groups = Groups::of_candidates(groups.collect());
        let foreign = Foreign {
            engine: Arc::clone(&self.engine),
            articles: holdings.totals.articles,
            known: Mutex::default(),
            failed: Mutex::default(),
        };
        Snapshot::of_candidates(parts, groups, foreign)
    }
}

/// A group of reprints: who sent it, as a hash, and the number it has there.
type Group = (u64, u64);

/// An article, and its group of reprints with its place in that.
type Grouped = (Block, Option<(Group, u32)>);

/// What an engine is asked for.
struct Asked {
    sieve: Sieve,
    order: Order,
    most: usize,
    /// What the counts are of.
    counted: Sieved,
    /// Articles that are read beside.
    beside: Sieve,
}

impl Asked {
    fn all(counted: Sieved, most: usize) -> Asked {
        Asked { sieve: counted.sieve.clone(), order: Order::Path, most, counted, beside: Sieve::Nothing }
    }
}

/// The hashes of the articles that a query names with `like:`.
fn likes(node: &Node, out: &mut BTreeSet<u64>) {
    match &node.kind {
        NodeKind::Like(id) => out.extend(parse_id(id).map(|(hash, _)| hash)),
        NodeKind::And(clauses) => clauses.iter().for_each(|clause| likes(&clause.node, out)),
        NodeKind::Or(nodes) | NodeKind::Prox { operands: nodes, .. } => nodes.iter().for_each(|node| likes(node, out)),
        NodeKind::Not(node) | NodeKind::Boost(_, node) | NodeKind::Saved(_, node) => likes(node, out),
        _ => {}
    }
}

/// The blocks of candidates, each article once. Two who send may each have an article of one path: of these, each layer has one.
/// There is at least one layer.
///
/// # Errors
///
/// [`EngineError::NoEngine`] for an article that cannot be read: without it the answer would not be whole.
fn layers(engine: &dyn Engine, candidates: Vec<Candidate>) -> Result<Vec<Vec<Grouped>>, EngineError> {
    // By the order of an article, who sent one.
    let mut seen: HashMap<u64, Vec<u64>> = HashMap::with_capacity(candidates.len());
    let mut layers = vec![Vec::with_capacity(candidates.len())];
    for candidate in candidates {
        let damaged = || EngineError::NoEngine {
            engine: engine.name(),
            reason: "it holds an article that cannot be read".into(),
        };
        let block = Block::unpack(&candidate.packed).ok_or_else(damaged)?;
        let writer = xxh3_64(candidate.writer.as_bytes());
        let writers = seen.entry(block.article.order()).or_default();
        if writers.contains(&writer) {
            continue;
        }
        let layer = writers.len();
        writers.push(writer);
        if layer == layers.len() {
            layers.push(Vec::new());
        }
        layers[layer].push((block, candidate.group.map(|(group, rank)| ((writer, group), rank))));
    }
    Ok(layers)
}
