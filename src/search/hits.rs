//! From candidates to hits: texts, marks, snippets, reprints.

use std::collections::hash_map::Entry;
use std::collections::{BTreeSet, HashMap};
use std::sync::Arc;

use tantivy::{DocAddress, DocId};

use super::SearchOptions;
use super::local::collect::Candidate;
use super::local::mark::{WordRanges, marks, word_ranges};
use super::local::parallel;
use super::local::plan::{LoweredQuery, Plan};
use super::local::segment::Segment;
use super::results::{Hit, Tier};
use super::snapshot::Snapshot;
use super::snippet::snippet;
use crate::index::IndexError;
use crate::index::reprints;
use crate::model::{Article, Passage};
use crate::vocabulary::Scope;

/// Members of groups of reprints, read once for all hits.
type ReadGroups = HashMap<usize, Vec<Arc<Article>>>;

/// What the index knows of how a hit matches.
#[derive(Debug, Clone, Default)]
struct Evidence {
    word_ranges: WordRanges,
    /// First words of the sentences of the passage.
    sentences: Vec<u32>,
    /// Plain words that its unit lacks.
    lacks: Vec<String>,
}

/// For each of `docs` (in rising order) the plain words of the query that its unit lacks.
fn lacking(
    segment: &Segment<'_>,
    lowered: &LoweredQuery,
    unit: Scope,
    docs: &[DocId],
) -> tantivy::Result<Vec<Vec<String>>> {
    let mut out = vec![Vec::new(); docs.len()];
    for (word, plan) in &lowered.optional {
        let mut units = segment.units(plan, unit)?;
        for (&doc, lacks) in docs.iter().zip(&mut out) {
            let first_doc = segment.blocks.first_doc(doc, unit);
            if units.doc() < first_doc {
                units.seek(first_doc);
            }
            if units.doc() != first_doc && !lacks.contains(word) {
                lacks.push(word.clone());
            }
        }
    }
    Ok(out)
}

impl Snapshot {
    /// Candidates of a plan as hits, with their texts and marks.
    pub(super) fn hits(
        &self,
        segments: &[Segment<'_>],
        lowered: &LoweredQuery,
        plan: &Plan,
        options: &SearchOptions,
        candidates: &[Candidate],
    ) -> tantivy::Result<Vec<Hit>> {
        // Postings are read in order, so the hits of a segment are sorted by document.
        let mut order: Vec<usize> = (0..candidates.len()).collect();
        order.sort_by_key(|&i| candidates[i].address);
        let mut found: Vec<Evidence> = vec![Evidence::default(); candidates.len()];
        let mut paths: Vec<Arc<str>> = Vec::with_capacity(candidates.len());
        for group in order.chunk_by(|&a, &b| candidates[a].address.segment_ord == candidates[b].address.segment_ord) {
            let docs: Vec<u32> = group.iter().map(|&i| candidates[i].address.doc_id).collect();
            let segment = &segments[candidates[group[0]].address.segment_ord as usize];
            let word_ranges = word_ranges(segment, lowered, plan, lowered.unit(options.unit), &docs)?;
            let first_docs: Vec<DocId> = group.iter().map(|&i| candidates[i].first_doc).collect();
            paths.extend(segment.paths(&first_docs)?);
            let sentences = segment.sentence_starts(&docs)?;
            let lacking = lacking(segment, lowered, lowered.unit(options.unit), &docs)?;
            for (((&i, word_ranges), sentences), lacks) in group.iter().zip(word_ranges).zip(sentences).zip(lacking) {
                found[i] = Evidence { word_ranges, sentences, lacks };
            }
        }
        // In the same order each block of the store is unpacked once; texts are read on all cores.
        let in_order: Vec<(usize, Arc<str>)> = order.iter().copied().zip(paths).collect();
        let read = parallel::each(&in_order, true, |_, (i, path)| {
            let Candidate { address, first_doc, .. } = candidates[*i];
            let article = self.article_with_path(DocAddress::new(address.segment_ord, first_doc), path)?;
            Ok((article, self.passage_alone(address)?))
        })?;
        let mut read: Vec<(usize, (Article, Passage))> = order.into_iter().zip(read).collect();
        read.sort_unstable_by_key(|&(i, _)| i);
        let snippet_bytes = options.snippet_bytes;
        let mut groups = ReadGroups::default();
        let texts = read.into_iter().map(|(_, texts)| texts);
        let hit = |((candidate, texts), evidence): ((&Candidate, _), Evidence)| {
            self.hit(candidate, texts, evidence, snippet_bytes, &mut groups)
        };
        candidates.iter().zip(texts).zip(found).map(hit).collect()
    }

    fn hit(
        &self,
        candidate: &Candidate,
        (article, passage): (Article, Passage),
        Evidence { word_ranges, sentences, lacks }: Evidence,
        snippet_bytes: usize,
        groups: &mut ReadGroups,
    ) -> tantivy::Result<Hit> {
        let mut terms = BTreeSet::new();
        let words = passage.words();
        let text_marks = marks(&words, passage.first_word, &word_ranges.body, &mut terms);
        let mark = |text: Option<&str>, word_ranges: &[(u32, u32)], terms: &mut BTreeSet<String>| {
            text.map_or_else(Vec::new, |text| marks(text, 0, word_ranges, terms))
        };
        let title_marks = mark(article.facts.title.as_deref(), &word_ranges.title, &mut terms);
        let heading_marks = mark(passage.heading.as_deref(), &word_ranges.heading, &mut terms);
        let snippet = snippet(&passage.text, &words, &sentences, &text_marks, snippet_bytes);
        Ok(Hit {
            rank: 0,
            score: candidate.score,
            tier: if lacks.is_empty() { Tier::All } else { Tier::Some },
            lacks,
            marks: text_marks,
            title_marks,
            heading_marks,
            snippet,
            terms: terms.into_iter().collect(),
            duplicates: self.reprints(candidate.order(), groups)?,
            parts: Vec::new(),
            article,
            passage,
        })
    }

    /// The other articles of an article's group of reprints, the original first.
    fn reprints(&self, article: u64, groups: &mut ReadGroups) -> tantivy::Result<Vec<Arc<Article>>> {
        let Some(group) = self.groups.of(article) else { return Ok(Vec::new()) };
        let members = match groups.entry(group) {
            Entry::Occupied(known) => known.into_mut(),
            Entry::Vacant(vacant) => {
                let orders = self.groups.members(group);
                let mut members = Vec::with_capacity(orders.len());
                for address in reprints::addresses(&self.searcher, orders.iter())? {
                    members.extend(self.article(address)?.map(Arc::new));
                }
                vacant.insert(members)
            }
        };
        let is_other = |member: &&Arc<Article>| self.stored_order(member) != article;
        Ok(members.iter().filter(is_other).cloned().collect())
    }

    /// The other articles of an article's group of reprints, the original first.
    pub(crate) fn reprints_of(&self, article: &Article) -> Result<Vec<Arc<Article>>, IndexError> {
        let found = self.reprints(self.stored_order(article), &mut ReadGroups::default());
        found.map_err(|error| self.error(error))
    }
}
