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

mod foreign;
mod layers;

use std::cell::Cell;
use std::collections::BTreeSet;
use std::ops::ControlFlow;
use std::sync::Arc;

use super::execute::lists;
use super::local::plan::{Filters, LoweredQuery};
use super::local::run::wanted_plan;
use super::sieve::{Sieved, leaf_sieves, sieve};
use super::snapshot::Snapshot;
use super::{Bound, Degraded, Feedback, Hit, Results, SearchError, SearchOptions, Sort, Tier};
use crate::engine::{Candidate, Engine, EngineError, Holdings, Order, Sieve, Test};
use crate::index::IndexError;
use crate::query::{Node, NodeKind, Query};
use crate::vocabulary::parse_id;
pub(crate) use foreign::Foreign;
use layers::Layers;

/// Articles that are fetched first for hits: the best by the engine's own scores, or the first in the order that is asked for.
const BEST: usize = 2_000;

/// Most articles that are fetched for what needs all that match: counts, exports, analyses.
#[cfg(test)]
pub(crate) const MOST: usize = 50_000;

/// Times that a listing is begun: one that an engine loses before anything of it was used is begun anew.
const TRIES: usize = 3;

/// Most groups of reprints that are asked for at once.
const GROUPS_AT_ONCE: usize = 1_000;

/// Which articles are needed.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Needed<'q> {
    /// The best of what a query finds, and counts of it.
    Best(&'q str),
    /// All that a query finds; with none, all that the filters keep.
    All(Option<&'q str>),
    /// As [`Needed::All`], for what is counted: if these are too many, some that are drawn at random.
    Drawn(Option<&'q str>),
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

/// The articles that may match, open, and the options to search them by.
pub(crate) struct View {
    pub(crate) snapshot: Arc<Snapshot>,
    pub(crate) options: SearchOptions,
}

/// Some of the articles that a query may match, of all in their order.
pub(crate) struct PartOfAll {
    pub(crate) view: View,
    /// What is known of all parts, if others follow.
    pub(crate) bound: Option<Bound>,
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

    /// Are these all hits, which are found in whatever parts the articles come? Folded reprints and a sample are of all at once.
    pub(crate) fn is_in_parts(&self, base: &Snapshot, options: &SearchOptions) -> bool {
        let is_all = options.offset == 0 && options.limit as u64 >= base.num_passages();
        let is_one_list = options.strict || options.any;
        is_all && is_one_list && options.ungroup && options.sample.is_none() && options.facets.is_empty()
    }

    /// A snapshot without articles that knows what there is.
    pub(crate) fn base(&self) -> Result<Snapshot, IndexError> {
        self.snapshot(&self.engine.holdings()?, Vec::new(), Vec::new())
    }

    /// The articles that are needed of what `base` knows of.
    pub(crate) fn view(
        &self,
        base: &Snapshot,
        needed: Needed<'_>,
        options: &SearchOptions,
    ) -> Result<View, SearchError> {
        let holdings = holdings_of(base);
        let asked = self.asked(base, &holdings, needed, options)?;
        let (candidates, is_whole) = self.fetch(&asked.sieve, &asked.order, asked.most)?;
        let mut options = options.clone();
        if !is_whole {
            options.is_partial = true;
            options.bound = Some(self.bound(&asked)?);
        }
        // What a query speaks of (`like:`) is there to be read, whether it matches or not.
        let (beside, _) = self.fetch(&asked.beside, &Order::Path, self.most)?;
        Ok(View { snapshot: Arc::new(self.snapshot(&holdings, candidates, beside)?), options })
    }

    /// Gives the articles that a query may match to `search`, in the order that is asked for and in parts of at most as many as
    /// are fetched for one call, all as they were at one moment. By relevance, those of later parts are ranked by the engine
    /// behind all of earlier ones.
    pub(crate) fn in_parts(
        &self,
        base: &Snapshot,
        text: &str,
        options: &SearchOptions,
        search: &mut dyn FnMut(PartOfAll) -> Result<ControlFlow<()>, SearchError>,
    ) -> Result<(), SearchError> {
        let holdings = holdings_of(base);
        let asked = self.asked(base, &holdings, Needed::All(Some(text)), options)?;
        let (beside, _) = self.fetch(&asked.beside, &Order::Path, self.most)?;
        let mut of_part = options.clone();
        let given = Cell::new(false);
        let mut search_part = |candidates: Vec<Candidate>, is_last: bool| -> Result<ControlFlow<()>, SearchError> {
            let bound = if is_last { None } else { Some(self.bound(&asked)?) };
            let snapshot = Arc::new(self.snapshot(&holdings, candidates, beside.clone())?);
            let view = View { snapshot, options: of_part.clone() };
            given.set(true);
            let flow = search(PartOfAll { view, bound })?;
            // The best hits of all are in the first part, and advice is given once.
            (of_part.feedback, of_part.advice) = (Feedback::Never, false);
            Ok(flow)
        };
        let mut held: Vec<Candidate> = Vec::new();
        let mut outcome: Result<ControlFlow<()>, SearchError> = Ok(ControlFlow::Continue(()));
        let mut tries = 0;
        let mut is_listed = asked.sieve == Sieve::Nothing;
        while !is_listed {
            held.clear();
            tries += 1;
            let listed = self.engine.candidates(&asked.sieve, &asked.order, &mut |page| {
                held.extend(page);
                while held.len() > self.most {
                    let rest = held.split_off(self.most);
                    outcome = search_part(std::mem::replace(&mut held, rest), false);
                    if !matches!(outcome, Ok(ControlFlow::Continue(()))) {
                        return ControlFlow::Break(());
                    }
                }
                ControlFlow::Continue(())
            });
            // What was given is not taken back.
            let may_begin_anew = !given.get() && tries < TRIES;
            is_listed = match listed {
                Err(EngineError::Lost { .. }) if may_begin_anew => false,
                other => other.map(|()| true).map_err(IndexError::from)?,
            };
        }
        if outcome?.is_continue() {
            let _ = search_part(held, true)?;
        }
        Ok(())
    }

    /// What is known of all that can match, where only some are fetched.
    fn bound(&self, asked: &Asked) -> Result<Bound, IndexError> {
        let counts = self.engine.counts(std::slice::from_ref(&asked.counted.sieve))?;
        let drawn = (asked.order == Order::Drawn).then_some(asked.most as u64);
        Ok(Bound { at_most: counts[0], is_exact: asked.counted.is_exact(), drawn })
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
            Needed::Drawn(None) => Ok(Asked { order: Order::Drawn, ..everything(&options.filters)? }),
            Needed::Best(text) | Needed::All(Some(text)) => {
                let mut asked = self.asked_for(base, holdings, text, options)?;
                if matches!(needed, Needed::All(_)) || !self.takes_best(options) {
                    asked.most = self.most;
                }
                Ok(asked)
            }
            Needed::Drawn(Some(text)) => {
                let asked = self.asked_for(base, holdings, text, options)?;
                // Of what is counted alone, so that its share among them is that among all.
                Ok(Asked { sieve: asked.counted.sieve.clone(), order: Order::Drawn, most: self.most, ..asked })
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
            let (articles, _) = self.fetch(&beside, &Order::Path, self.most)?;
            let snapshot = self.snapshot(holdings, Vec::new(), articles)?;
            with_likes = snapshot.prepare(text, options)?;
            if let Some(error) = snapshot.foreign.as_ref().and_then(Foreign::failed) {
                return Err(IndexError::from(error).into());
            }
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

    /// At most so many candidates. Are these all?
    fn fetch(&self, sieve: &Sieve, order: &Order, most: usize) -> Result<(Vec<Candidate>, bool), IndexError> {
        if *sieve == Sieve::Nothing {
            return Ok((Vec::new(), true));
        }
        let mut tries = 0;
        loop {
            let mut candidates: Vec<Candidate> = Vec::new();
            let listed = self.engine.candidates(sieve, order, &mut |page| {
                candidates.extend(page);
                if candidates.len() > most { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
            });
            tries += 1;
            match listed {
                Err(EngineError::Lost { .. }) if tries < TRIES => {}
                Err(error) => return Err(error.into()),
                Ok(()) => {
                    let is_whole = candidates.len() <= most;
                    candidates.truncate(most);
                    return Ok((candidates, is_whole));
                }
            }
        }
    }

    /// The other articles of the groups of reprints of candidates: each hit names them.
    fn reprints(&self, candidates: &[Candidate]) -> Result<Vec<Candidate>, IndexError> {
        let groups: BTreeSet<u64> = candidates.iter().filter_map(|candidate| Some(candidate.group?.0)).collect();
        let groups: Vec<u64> = groups.into_iter().collect();
        let mut reprints = Vec::new();
        for groups in groups.chunks(GROUPS_AT_ONCE) {
            let (of_groups, _) = self.fetch(&Sieve::Test(Test::Groups(groups.to_vec())), &Order::Path, usize::MAX)?;
            reprints.extend(of_groups);
        }
        Ok(reprints)
    }

    /// A snapshot of articles that are searched, and others that are there to be read.
    fn snapshot(
        &self,
        holdings: &Holdings,
        searched: Vec<Candidate>,
        mut beside: Vec<Candidate>,
    ) -> Result<Snapshot, IndexError> {
        beside.extend(self.reprints(&searched)?);
        let layers = Layers::of(&*self.engine, searched, beside)?;
        let foreign = Foreign::new(Arc::clone(&self.engine), holdings.totals.articles);
        layers.snapshot(&*self.engine, holdings, foreign)
    }
}

/// What the engine held when `base` was opened.
fn holdings_of(base: &Snapshot) -> Holdings {
    Holdings { totals: base.totals, languages: base.counted_languages.clone(), commit: base.parts[0].label.clone() }
}

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
