//! What helps when a query finds little: the counts of its other readings, what each part of it costs, and the words of
//! the index that are near one that is not in it.

use levenshtein_automata::Distance;

use super::local::parallel;
use super::local::plan::{Lowered, Plan};
use super::local::run::slices;
use super::local::segment::Segment;
use super::{Counts, SearchError, SearchOptions, Session};
use crate::query::{Clause, Node, NodeKind, Note, Query, Role};
use crate::text::Words;
use crate::vocabulary::{Scope, TextField};

/// A part of a query without which more is found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Rung {
    /// The part, as it prints.
    pub part: String,
    /// How many passages there are without it.
    pub without: u64,
    /// How many passages there are with it alone.
    pub alone: u64,
}

impl Session<'_> {
    /// Adds to notes how many passages each reading has.
    pub(super) fn count_readings(&self, notes: &mut [Note], options: &SearchOptions) {
        for note in notes {
            let (Some(this), Some(other)) = (&note.this, &note.other) else { continue };
            let count = |text: &str| self.count(text, options).map(|counts| counts.passages);
            if let (Ok(here), Ok(there)) = (count(this), count(other)) {
                note.message = format!("{}: {here} passages; {other}: {there}", note.message);
            }
        }
    }

    /// How many more articles have all that is asked for, though no section of them has.
    pub(super) fn unit_note(
        &self,
        segments: &[Segment<'_>],
        lowered: &Lowered,
        counts: Counts,
    ) -> tantivy::Result<Option<Note>> {
        let Plan::And(plans) = &lowered.plan else { return Ok(None) };
        let texts = plans.iter().filter(|plan| !matches!(plan, Plan::Not(_) | Plan::Lift(_))).count();
        if texts < 2 {
            return Ok(None);
        }
        let large = super::is_large(segments, lowered);
        let of_slices = parallel::each(&slices(segments, lowered, &lowered.plan)?, large, |_, (ordinal, within)| {
            segments[*ordinal as usize].count(&lowered.plan, Scope::Article, within.clone())
        })?;
        let more = of_slices.iter().sum::<u64>().saturating_sub(counts.articles);
        let message = match more {
            0 => return Ok(None),
            1 => "1 more article matches across sections; --unit article shows it".to_string(),
            more => format!("{more} more articles match across sections; --unit article shows them"),
        };
        Ok(Some(Note::new("unit", message)))
    }

    /// For each part of a query that finds nothing: what there would be without it, and with it alone.
    ///
    /// # Errors
    ///
    /// As [`Session::search`].
    pub fn ladder(&self, query: &Query, options: &SearchOptions) -> Result<Vec<Rung>, SearchError> {
        let clauses = match &query.root.kind {
            NodeKind::And(clauses) => clauses.as_slice(),
            _ => return Ok(Vec::new()),
        };
        let count = |clauses: Vec<Clause>| -> Result<u64, SearchError> {
            let span = query.root.span.clone();
            let root = Node { kind: NodeKind::And(clauses), span };
            let counts = self.count_query(&Query { root, notes: Vec::new() }, options)?;
            Ok(counts.passages)
        };
        let mut out = Vec::new();
        for (i, clause) in clauses.iter().enumerate().filter(|(_, clause)| clause.role != Role::Should) {
            let others: Vec<Clause> =
                clauses.iter().enumerate().filter(|(j, _)| *j != i).map(|(_, clause)| clause.clone()).collect();
            let rung = Rung {
                part: clause.node.to_string(),
                without: if others.is_empty() { 0 } else { count(others)? },
                alone: count(vec![clause.clone()])?,
            };
            out.push(rung);
        }
        Ok(out)
    }

    /// For each plain word of a query that is nowhere in the index, the word of the index that was probably meant.
    pub(super) fn spelling_notes(&self, query: &Query, segments: &[Segment<'_>], lowered: &Lowered) -> Vec<Note> {
        const FEWEST_LETTERS: usize = 4;
        let mut words = Vec::new();
        plain_words(&query.root, &mut words);
        let mut out = Vec::new();
        for (leaf, known) in lowered.leaves.iter().enumerate() {
            let [test] = known.words.as_slice() else { continue };
            if !words.contains(&known.typed.as_str()) || !segments.iter().all(|segment| segment.is_absent(leaf)) {
                continue;
            }
            let typed = test.typed();
            let letters = typed.chars().count();
            if letters < FEWEST_LETTERS {
                continue;
            }
            let near = self.nearest(typed, if letters > 5 { 2 } else { 1 });
            let message = match near {
                Some(word) => format!("\"{}\" is nowhere in the index; did you mean {word}?", known.typed),
                None => continue,
            };
            let note = Note::new("spelling", message);
            if !out.contains(&note) {
                out.push(note);
            }
        }
        out
    }

    /// The commonest of the nearest words of the index.
    fn nearest(&self, folded: &str, most: u8) -> Option<String> {
        use super::local::forms::{WordKeys, WordTest};
        let mut words = Words::new(folded);
        let word = words.next()?;
        let WordTest::Automaton { accepts, .. } = WordTest::fuzzy(&word, most) else { return None };
        let field = self.index.fields().text(TextField::Body);
        let mut counts: std::collections::HashMap<String, u64> = std::collections::HashMap::new();
        for reader in self.searcher.segment_readers() {
            let index = reader.inverted_index(field).ok()?;
            let mut stream = index.terms().search(WordKeys(&accepts)).into_stream().ok()?;
            while stream.advance() {
                if let Some((found, _, _)) = crate::text::WordKey::parts(stream.key()) {
                    *counts.entry(found.to_string()).or_default() += u64::from(stream.value().doc_freq);
                }
            }
        }
        let distance = |other: &str| {
            let builder = super::local::forms::fuzzy_builder(most);
            match builder.build_dfa(folded).eval(other) {
                Distance::Exact(distance) => distance,
                Distance::AtLeast(distance) => distance,
            }
        };
        counts
            .into_iter()
            .min_by_key(|(word, count)| (distance(word), std::cmp::Reverse(*count), word.clone()))
            .map(|(word, _)| word)
    }
}

fn plain_words<'q>(node: &'q Node, out: &mut Vec<&'q str>) {
    match &node.kind {
        NodeKind::Word(text) => out.push(text),
        NodeKind::And(clauses) => clauses.iter().for_each(|clause| plain_words(&clause.node, out)),
        NodeKind::Or(nodes) => nodes.iter().for_each(|node| plain_words(node, out)),
        NodeKind::Boost(_, inner) => plain_words(inner, out),
        _ => {}
    }
}
