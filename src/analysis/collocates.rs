//! Collocates: the words near the occurrences of a query.
//!
//! Surface co-occurrence (Evert: Corpora and Collocations, 2008): a word of a text counts once if it is in the window of any
//! occurrence; words of occurrences do not count. The tokens of all windows are one sample, what is compared with the other.

use rustc_hash::FxHashMap;
use serde::Serialize;
use tantivy::DocId;

use super::AnalysisError;
use super::context::Passages;
use super::statistics::{Contingency, log_dice};
use crate::search::local::count::CountedFacets;
use crate::search::local::docs::Match;
use crate::search::local::occurrence::{Occurrence, occurrences};
use crate::search::local::parallel;
use crate::search::local::run::{Run, wanted_plan};
use crate::search::local::segment::Segment;
use crate::search::over_engine::Needed;
use crate::search::snapshot::Snapshot;
use crate::search::{Degraded, SearchError, SearchOptions, Searcher};
use crate::vocabulary::Scope;

/// The window of text around an occurrence whose words are counted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum Window {
    /// A number of words before the occurrence and after it, within its section.
    Words {
        /// Before it.
        before: u32,
        /// After it.
        after: u32,
    },
    /// The sentence in which it begins.
    Sentence,
}

/// The measure of association by which collocates are sorted.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
#[non_exhaustive]
pub enum Association {
    /// Log-likelihood: how certain it is.
    #[default]
    LogLikelihood,
    /// Mutual information: how strong it is; favours rare words.
    MutualInformation,
    /// logDice: how strong it is, whatever the size of the index.
    LogDice,
    /// Occurrences near.
    Count,
}

/// Options of collocates. Make them by [`CollocateOptions::default`], then change fields.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub struct CollocateOptions {
    /// The window around an occurrence.
    pub window: Window,
    /// The query whose articles are compared with; `None` for the rest of the scope (what the filters keep).
    pub against: Option<String>,
    /// The order.
    pub order: Association,
    /// Maximum number of words.
    pub limit: usize,
    /// Fewest occurrences near.
    pub min_count: u64,
}

impl Default for CollocateOptions {
    fn default() -> Self {
        CollocateOptions {
            window: Window::Words { before: 5, after: 5 },
            against: None,
            order: Association::LogLikelihood,
            limit: 50,
            min_count: 5,
        }
    }
}

/// A word near occurrences.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[cfg_attr(feature = "serve", derive(schemars::JsonSchema))]
#[non_exhaustive]
pub struct Collocate {
    /// The word, lower-cased.
    pub word: String,
    /// Its occurrences near.
    pub count: u64,
    /// Those before an occurrence, and those after one; a word between two occurrences is before the next or after the last,
    /// whichever is nearer.
    pub before: u64,
    /// Those after an occurrence.
    pub after: u64,
    /// Occurrences near that were expected if it were as common near as elsewhere.
    pub expected: f64,
    /// Its occurrences elsewhere, in what is compared with.
    pub reference_count: u64,
    /// Log-likelihood over four cells (Dunning 1993).
    pub log_likelihood: f64,
    /// Mutual information (Church, Hanks 1990).
    pub mi: f64,
    /// logDice (Rychlý 2008).
    pub log_dice: f64,
}

/// The words near the occurrences of a query.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[cfg_attr(feature = "serve", derive(schemars::JsonSchema))]
#[non_exhaustive]
pub struct Collocates {
    /// The words that are commoner near than expected, in their order.
    pub words: Vec<Collocate>,
    /// Occurrences of the query.
    pub occurrences: u64,
    /// Words in all windows.
    pub window_words: u64,
    /// Words of what is compared with.
    pub reference_words: u64,
    /// Why it is not complete, if it is not.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub degraded: Option<Degraded>,
}

/// Counts of a word.
#[derive(Debug, Clone, Copy, Default)]
struct Near {
    before: u64,
    after: u64,
    /// Within occurrences.
    in_node: u64,
}

/// The counts of words over all windows.
#[derive(Default)]
struct Windows {
    words: FxHashMap<Box<str>, Near>,
    occurrences: u64,
    window_words: u64,
    node_words: u64,
}

impl Searcher {
    /// The words near the occurrences of a query ([`Searcher::kwic`] lists these), with measures of how much more often they are there
    /// than elsewhere.
    ///
    /// # Errors
    ///
    /// [`AnalysisError::Query`] names the query that cannot be run.
    pub fn collocates(
        &self,
        query: &str,
        collocates: &CollocateOptions,
        options: &SearchOptions,
    ) -> Result<Collocates, AnalysisError> {
        let searcher = self.pinned();
        if let Some(against) = &collocates.against {
            searcher.check_with(against, options).map_err(|error| AnalysisError::of(against, error))?;
        }
        searcher
            .reading(Needed::Scope, options, |snapshot, options| snapshot.collocates(query, collocates, options))
            .map_err(|error| AnalysisError::of(query, error))
    }
}

impl Snapshot {
    fn collocates(
        &self,
        query: &str,
        collocates: &CollocateOptions,
        options: &SearchOptions,
    ) -> Result<Collocates, SearchError> {
        let budget = options.budget();
        let lowered = self.lowered_or_all(Some(query), options)?;
        let against = self.lowered_or_all(collocates.against.as_deref(), options)?;
        let found = || -> tantivy::Result<Collocates> {
            let windows =
                self.with_run(&lowered, options, &budget, CountedFacets::NONE, |run| self.windows(run, collocates))?;
            let set = self.article_set(&against, options, &budget)?;
            let mut near: Vec<(Box<str>, Near)> = windows
                .words
                .into_iter()
                .filter(|(_, near)| near.before + near.after >= collocates.min_count.max(1))
                .collect();
            near.sort_unstable_by(|a, b| a.0.cmp(&b.0));
            let names: Vec<Box<str>> = near.iter().map(|(word, _)| word.clone()).collect();
            let frequencies = self.frequencies(&names, &set, None, &budget)?;
            let is_whole = collocates.against.is_none();
            let inside = windows.window_words + windows.node_words;
            let reference = if is_whole { set.words.saturating_sub(inside) } else { set.words };
            let mut words: Vec<Collocate> = near
                .into_iter()
                .zip(frequencies)
                .filter_map(|((word, near), frequency)| {
                    let count = near.before + near.after;
                    let all = frequency.occurrences;
                    let elsewhere = if is_whole { all.saturating_sub(count + near.in_node) } else { all };
                    let table =
                        Contingency { in_set: count, set: windows.window_words, in_reference: elsewhere, reference };
                    let of_word = if is_whole { all } else { elsewhere + count };
                    (count as f64 > table.expected()).then(|| Collocate {
                        word: word.into(),
                        count,
                        before: near.before,
                        after: near.after,
                        expected: table.expected(),
                        reference_count: elsewhere,
                        log_likelihood: table.log_likelihood(),
                        mi: table.mutual_information(),
                        log_dice: log_dice(count, windows.occurrences, of_word),
                    })
                })
                .collect();
            let measure = |one: &Collocate| match collocates.order {
                Association::LogLikelihood => one.log_likelihood,
                Association::MutualInformation => one.mi,
                Association::LogDice => one.log_dice,
                Association::Count => one.count as f64,
            };
            words.sort_by(|a, b| measure(b).total_cmp(&measure(a)).then_with(|| a.word.cmp(&b.word)));
            words.truncate(collocates.limit);
            Ok(Collocates {
                words,
                occurrences: windows.occurrences,
                window_words: windows.window_words,
                reference_words: reference,
                degraded: budget.degraded(),
            })
        };
        Ok(found().map_err(|error| self.index_error(error))?)
    }

    /// Counts the words in the windows of all occurrences.
    fn windows(&self, run: &Run<'_>, collocates: &CollocateOptions) -> tantivy::Result<Windows> {
        let plan = wanted_plan(run.lowered, run.options);
        let new = |ordinal, _: &Segment<'_>| Ok((ordinal, Vec::new()));
        let slices = run.fold(plan, &new, &|(_, docs): &mut (u32, Vec<DocId>), _, _, matches: &[Match]| {
            docs.extend(matches.iter().map(|one| one.doc));
            Ok(())
        })?;
        let counted = parallel::each(&slices, true, |_, (ordinal, docs)| {
            let segment = &run.segments[*ordinal as usize];
            let mut counter = SectionCounter {
                segment,
                passages: Passages::of(self, segment, *ordinal),
                window: collocates.window,
                section: None,
                found: Vec::new(),
                windows: Windows::default(),
            };
            let unit = run.lowered.unit(run.options.unit);
            let mut add = |doc: DocId, all: &[Occurrence]| {
                let section = segment.blocks.first_doc(doc, Scope::Section);
                if counter.section != Some(section) {
                    counter.finish()?;
                    counter.section = Some(section);
                }
                counter.found.extend(all.iter().map(|one| (doc, one.start, one.end)));
                Ok(())
            };
            occurrences(segment, run.lowered, plan, unit, docs, &mut add)?;
            counter.finish()?;
            Ok(counter.windows)
        })?;
        let mut all = Windows::default();
        for windows in counted {
            all.occurrences += windows.occurrences;
            all.window_words += windows.window_words;
            all.node_words += windows.node_words;
            for (word, near) in windows.words {
                let sum = all.words.entry(word).or_default();
                sum.before += near.before;
                sum.after += near.after;
                sum.in_node += near.in_node;
            }
        }
        Ok(all)
    }
}

/// Counts the windows of the occurrences of one section after another.
struct SectionCounter<'s> {
    segment: &'s Segment<'s>,
    passages: Passages<'s>,
    window: Window,
    /// First document of the section.
    section: Option<DocId>,
    /// Its occurrences: document, and positions from the first to after the last word.
    found: Vec<(DocId, u32, u32)>,
    windows: Windows,
}

impl SectionCounter<'_> {
    /// Counts the windows of the section.
    fn finish(&mut self) -> tantivy::Result<()> {
        let found = std::mem::take(&mut self.found);
        let Some(section) = self.section.filter(|_| !found.is_empty()) else { return Ok(()) };
        let end = self.segment.blocks.end(section, Scope::Section);
        self.windows.occurrences += found.len() as u64;
        // The stretches around each occurrence; those of two may overlap.
        let mut stretches = Vec::with_capacity(found.len());
        for &(doc, start, after) in &found {
            let (from, to) = match self.window {
                Window::Words { before, after: words } => (start.saturating_sub(before), after.saturating_add(words)),
                Window::Sentence => self.sentence(doc, start, after)?,
            };
            stretches.push((from.min(start), to.max(after)));
        }
        let (mut at, mut doc) = (0, section);
        while doc < end && at < found.len() {
            let words = self.passages.read(doc)?;
            let first = words.passage.first_word;
            // Passages between occurrences that are far apart have nothing near.
            let last = first + words.len() as u32;
            if stretches[at..].iter().any(|(from, to)| *from < last && *to > first) {
                words.each_form(|index, word| {
                    let position = first + index;
                    // The first occurrence that may have it in its stretch.
                    while at < found.len() && stretches[at].1 <= position {
                        at += 1;
                    }
                    if at < found.len() {
                        self.count(word, position, &found[at..], &stretches[at..]);
                    }
                });
            }
            doc += 1;
        }
        Ok(())
    }

    /// Counts a word at a position, given the occurrences whose stretches end after it.
    fn count(&mut self, word: &str, position: u32, found: &[(DocId, u32, u32)], stretches: &[(u32, u32)]) {
        let is_near = |(from, to): &(u32, u32)| (*from..*to).contains(&position);
        let mut all = found.iter().zip(stretches).take_while(|(_, (from, _))| *from <= position).peekable();
        if all.peek().is_none() {
            return;
        }
        let (mut nearest, mut is_before, mut is_inside, mut is_any) = (u32::MAX, false, false, false);
        for (&(_, start, end), stretch) in all {
            is_inside |= (start..end).contains(&position);
            if !is_near(stretch) {
                continue;
            }
            is_any = true;
            let distance = if position < start { start - position } else { position.saturating_sub(end) + 1 };
            if distance < nearest {
                (nearest, is_before) = (distance, position < start);
            }
        }
        if !is_any {
            return;
        }
        let near = match self.windows.words.get_mut(word) {
            Some(near) => near,
            None => self.windows.words.entry(word.into()).or_default(),
        };
        if is_inside {
            near.in_node += 1;
            self.windows.node_words += 1;
        } else {
            *(if is_before { &mut near.before } else { &mut near.after }) += 1;
            self.windows.window_words += 1;
        }
    }

    /// The bounds of the sentence in which an occurrence begins. No sentence goes on in the next passage.
    fn sentence(&mut self, doc: DocId, start: u32, after: u32) -> tantivy::Result<(u32, u32)> {
        let words = self.passages.read(doc)?;
        let first = words.passage.first_word;
        let starts = self.segment.sentence_starts(&[doc])?.pop().unwrap_or_default();
        let next = starts.partition_point(|&sentence| first + sentence <= start);
        let from = next.checked_sub(1).map_or(first, |at| first + starts[at]);
        let to = starts.get(next).map_or(first + words.len() as u32, |&sentence| first + sentence);
        Ok((from, to.max(after)))
    }
}
