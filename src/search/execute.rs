//! A query's way through a snapshot: parsed, lowered, run; its hits, counts and notes.

use std::ops::ControlFlow;

use super::all_hits::{Found, OfAll};
use super::budget::Budget;
use super::local::collect::Candidate;
use super::local::count::{CountedFacets, Tally};
use super::local::lower::lower;
use super::local::parallel::{self, LARGE};
use super::local::plan::{LoweredQuery, Plan};
use super::local::run::{self, Run, Shown, wanted_plan};
use super::local::score::Statistics;
use super::local::segment::{LimitedExpansion, Segment, limit_expansions};
use super::results::{Counts, Results};
use super::snapshot::Snapshot;
use super::{Articles, SearchError, SearchOptions, Sort, aggregate, explain, feedback};
use crate::index::IndexError;
use crate::query::{Note, Query, QueryError, parse_literal, parse_with};
use crate::vocabulary::Scope;

/// A query that is parsed and lowered.
pub(crate) struct Prepared {
    query: Query,
    pub(super) lowered: LoweredQuery,
}

impl Prepared {
    /// The query as it was parsed.
    pub(super) fn query(&self) -> &Query {
        &self.query
    }
}

impl Snapshot {
    /// Parses and lowers a query.
    pub(crate) fn prepare(&self, text: &str, options: &SearchOptions) -> Result<Prepared, SearchError> {
        let saved = |name: &str| self.saved.get(name).cloned();
        let query = if options.literal { parse_literal(text) } else { parse_with(text, options.today, &saved)? };
        let filters = &options.filters;
        let no_filter = filters.heading.is_none()
            && filters.date.is_none()
            && filters.words.is_none()
            && filters.values.iter().all(|filter| filter.is_excluded);
        if query.is_empty() && no_filter {
            return Err(QueryError {
                code: "empty",
                message: "this query has no word to search for: give a word, a \"phrase\" or a filter such as heading:Background".into(),
                offset: 0,
                length: text.len(),
                suggestion: None,
            }
            .into());
        }
        Ok(self.lowered(query, options)?)
    }

    /// Lowers a parsed query.
    pub(super) fn lowered(&self, query: Query, options: &SearchOptions) -> Result<Prepared, IndexError> {
        // With `like:` replaced by words, and absolute paths in `path:` by stored ones.
        let mut resolved = query.clone();
        self.resolve_likes(&mut resolved.root)?;
        self.resolve_paths(&mut resolved.root);
        let lowered = lower(&resolved, &options.filters, &self.languages);
        Ok(Prepared { query, lowered })
    }

    /// Opens the segments for a query, and returns the words that match more words of the index than are searched.
    pub(super) fn segments<'s>(
        &'s self,
        lowered: &'s LoweredQuery,
        budget: &'s Budget,
    ) -> tantivy::Result<(Vec<Segment<'s>>, Vec<LimitedExpansion>)> {
        let large = self.num_passages() >= LARGE;
        let mut segments = parallel::each(self.searched(), large, |ordinal, reader| {
            let columns = self.stored[ordinal as usize].columns();
            let naming = (self.fields(), &self.part(ordinal).renames, self.readers.salt(ordinal));
            Segment::open((reader, columns), naming, lowered, (&self.groups, &self.recent), budget)
        })?;
        // Of candidates the commonest words are not those of all articles.
        let limited =
            if self.foreign.is_some() { Vec::new() } else { limit_expansions(&mut segments, &lowered.leaves) };
        Ok((segments, limited))
    }

    /// The statistics of the leaves of a query over the whole index.
    pub(super) fn statistics(&self, segments: &[Segment<'_>], lowered: &LoweredQuery) -> tantivy::Result<Statistics> {
        Statistics::count(&self.totals, segments, &lowered.leaves, self.foreign.as_ref())
    }

    /// Runs a query.
    pub(crate) fn search(&self, text: &str, options: &SearchOptions) -> Result<Results, SearchError> {
        let mut found = None;
        self.search_in_batches(text, options, usize::MAX, &mut |results| {
            found = Some(results);
            ControlFlow::Continue(())
        })?;
        Ok(found.expect("a search gives at least one batch"))
    }

    /// Runs a query, and gives its hits to `take` in batches of about `size`: at least one batch, the first with all
    /// notes.
    pub(crate) fn search_in_batches(
        &self,
        text: &str,
        options: &SearchOptions,
        size: usize,
        take: &mut dyn FnMut(Results) -> ControlFlow<()>,
    ) -> Result<(), SearchError> {
        let budget = options.budget();
        let prepared = self.prepare(text, options)?;
        let mut own_notes = prepared.query.notes.clone();
        let mut is_first = true;
        let mut failed = None;
        let mut take = |found: Found<'_>| {
            let mut notes = Vec::new();
            if std::mem::take(&mut is_first) {
                if options.advice
                    && let Err(error) = self.count_readings(&mut own_notes, options, &budget)
                {
                    failed = Some(error);
                    return ControlFlow::Break(());
                }
                if options.is_partial {
                    let told = "more articles may match than were looked at: the numbers are of these, so there are at least so many";
                    notes.push(Note::new("candidates", told));
                }
                notes.append(&mut own_notes);
                notes.extend_from_slice(found.notes);
            }
            take(Results {
                query: prepared.query.clone(),
                hits: found.hits,
                counts: found.counts,
                notes,
                feedback: found.feedback.to_vec(),
                facets: found.facets.to_vec(),
                degraded: budget.degraded(),
            })
        };
        self.run(&prepared, options, &budget, size, &mut take).map_err(|error| self.error(error))?;
        failed.map_or(Ok(()), |error| Err(error.into()))
    }

    /// Explains how a query is read.
    pub(crate) fn explain(&self, text: &str, options: &SearchOptions) -> Result<String, SearchError> {
        let budget = options.budget();
        let prepared = self.prepare(text, options)?;
        let explained = || -> tantivy::Result<String> {
            let best = SearchOptions {
                limit: 1,
                offset: 0,
                advice: false,
                explain: false,
                facets: Vec::new(),
                ..options.clone()
            };
            let mut feedback = Vec::new();
            let mut take = |found: Found<'_>| {
                feedback = found.feedback.to_vec();
                ControlFlow::Continue(())
            };
            self.run(&prepared, &best, &budget, usize::MAX, &mut take)?;
            let (segments, _) = self.segments(&prepared.lowered, &budget)?;
            Ok(explain::explain(&prepared.query, &prepared.lowered, &segments, &feedback))
        };
        Ok(explained().map_err(|error| self.error(error))?)
    }

    /// Gives to `take` the hits in batches of about `size`, with the counts of what is asked for, and notes on the words.
    fn run(
        &self,
        prepared: &Prepared,
        options: &SearchOptions,
        budget: &Budget,
        size: usize,
        take: &mut dyn FnMut(Found<'_>) -> ControlFlow<()>,
    ) -> tantivy::Result<()> {
        let Prepared { query, lowered, .. } = prepared;
        let (mut segments, limited) = self.segments(lowered, budget)?;
        let lists = lists(lowered, options);
        let counted = wanted_plan(lowered, options);
        let all = match lists.as_slice() {
            _ if options.sample.is_some() => Some(counted),
            [plan] if options.offset == 0 && options.limit as u64 >= self.num_passages() => Some(*plan),
            _ => None,
        };
        segments.iter_mut().for_each(|segment| segment.holds_little = all.is_some());
        let statistics = self.statistics(&segments, lowered)?;
        let groups = if options.ungroup { None } else { Some(&self.groups) };
        let facets = CountedFacets::Values(&options.facets);
        let run = Run { segments: &segments, statistics: &statistics, lowered, options, groups, facets };
        let mut tally =
            if lists.iter().any(|plan| std::ptr::eq(*plan, counted)) { Tally::default() } else { run.count(counted)? };
        let mut words = Vec::new();
        let mut add_feedback = |candidates: &mut [Candidate]| {
            words = self.add_feedback(lowered, &statistics, budget, candidates)?;
            Ok(())
        };
        let mut feedback: Option<&mut run::Feedback<'_>> =
            if feedback::is_for(query, lowered, options) { Some(&mut add_feedback) } else { None };
        if let Some(plan) = all {
            let counting = std::ptr::eq(plan, counted);
            if counting {
                tally = Tally::default();
            }
            let together = options.articles == Articles::Together;
            let ranking = run.ranking(plan, together, counting.then_some(&mut tally), feedback)?;
            let counts = tally.counts.bounded(options.bound);
            let facets = aggregate::facets_of(tally, &options.facets, options, budget)?;
            let notes = self.notes(query, &segments, lowered, options, &limited, counts)?;
            let mut of_all = OfAll {
                snapshot: self,
                run: &run,
                plan,
                budget,
                size,
                counts,
                notes: &notes,
                words: &words,
                facets: &facets,
                rank: 0,
                window: size,
            };
            return of_all.give(ranking, take);
        }
        let wanted = options.offset.saturating_add(options.limit);
        let (mut shown, mut found, mut skipped) = (Shown::default(), Vec::new(), options.offset);
        let mut left = wanted;
        for (i, plan) in lists.into_iter().enumerate() {
            if i > 0 && left == 0 {
                break;
            }
            let counting = std::ptr::eq(plan, counted).then_some(&mut tally);
            let mut best = run.best(plan, left, &mut shown, counting, feedback.as_deref_mut())?;
            left -= best.len();
            let of_earlier_pages = skipped.min(best.len());
            skipped -= of_earlier_pages;
            found.push((plan, best.split_off(of_earlier_pages)));
        }
        let counts = tally.counts.bounded(options.bound);
        let facets = aggregate::facets_of(tally, &options.facets, options, budget)?;
        let notes = self.notes(query, &segments, lowered, options, &limited, counts)?;
        budget.begin_reading();
        let mut hits = Vec::new();
        let (mut rank, mut is_taken) = (options.offset, false);
        let batches = found
            .iter()
            .flat_map(|(plan, candidates)| candidates.chunks(size.max(1)).map(move |candidates| (*plan, candidates)));
        for (plan, candidates) in batches {
            let mut batch = self.hits(&segments, lowered, plan, options, candidates)?;
            if options.explain {
                run.explain(plan, candidates, &mut batch)?;
            }
            for hit in &mut batch {
                rank += 1;
                hit.rank = rank;
            }
            hits.append(&mut batch);
            if hits.len() >= size {
                is_taken = true;
                if take(Found {
                    hits: std::mem::take(&mut hits),
                    counts,
                    notes: &notes,
                    feedback: &words,
                    facets: &facets,
                })
                .is_break()
                {
                    return Ok(());
                }
            }
        }
        if !hits.is_empty() || !is_taken {
            let _ = take(Found { hits, counts, notes: &notes, feedback: &words, facets: &facets });
        }
        Ok(())
    }

    /// The notes of [`Snapshot::search`] that do not depend on what matches.
    pub(crate) fn notes_on(&self, text: &str, options: &SearchOptions) -> Result<Vec<Note>, SearchError> {
        let budget = options.budget();
        let prepared = self.prepare(text, options)?;
        let mut notes = prepared.query.notes.clone();
        if options.advice {
            self.count_readings(&mut notes, options, &budget)?;
        }
        let on_words = || -> tantivy::Result<Vec<Note>> {
            let (segments, limited) = self.segments(&prepared.lowered, &budget)?;
            let mut notes: Vec<Note> = limited.iter().map(expansion_note).collect();
            if options.advice {
                notes.extend(self.spelling_notes(&prepared.query, &segments, &prepared.lowered)?);
            }
            Ok(notes)
        };
        notes.extend(on_words().map_err(|error| self.error(error))?);
        Ok(notes)
    }

    /// Notes on the words of a query, and advice.
    fn notes(
        &self,
        query: &Query,
        segments: &[Segment<'_>],
        lowered: &LoweredQuery,
        options: &SearchOptions,
        limited: &[LimitedExpansion],
        counts: Counts,
    ) -> tantivy::Result<Vec<Note>> {
        let mut notes: Vec<Note> = limited.iter().map(expansion_note).collect();
        if options.advice {
            if lowered.unit(options.unit) == Scope::Section && !options.any && counts.articles > 0 {
                notes.extend(self.unit_note(segments, lowered, counts)?);
            }
            notes.extend(self.spelling_notes(query, segments, lowered)?);
        }
        Ok(notes)
    }

    /// How a query is read, in the query language.
    pub(crate) fn reading_of(&self, text: &str, options: &SearchOptions) -> Result<String, SearchError> {
        Ok(self.prepare(text, options)?.query.to_string())
    }
}

fn expansion_note(limited: &LimitedExpansion) -> Note {
    let LimitedExpansion { typed, words, kept } = limited;
    Note::new("expansion", format!("\"{typed}\" stood for {words} words; the commonest {kept} were used"))
}

/// The plans whose hits are listed, one list after the other. By relevance, hits that lack a word are ranked among the
/// others. In another order they follow the others: that order says nothing of how well they match.
pub(super) fn lists<'l>(lowered: &'l LoweredQuery, options: &SearchOptions) -> Vec<&'l Plan> {
    match &lowered.relaxed {
        Some(relaxed) if options.any || !options.strict && options.sort == Sort::Relevance => vec![relaxed],
        Some(relaxed) if !options.strict => vec![&lowered.plan, relaxed],
        _ => vec![&lowered.plan],
    }
}
