//! From candidates to hits: texts, marks, snippets, reprints.

use std::collections::hash_map::Entry;
use std::collections::{BTreeSet, HashMap};
use std::sync::Arc;

use super::SearchOptions;
use super::local::collect::Candidate;
use super::local::mark::{Stretches, marks, stretches};
use super::local::parallel;
use super::local::plan::{Lowered, Plan};
use super::local::segment::Segment;
use super::results::{Hit, Tier};
use super::snapshot::Snapshot;
use super::snippet::snippet;
use crate::index::IndexError;
use crate::index::reprints;
use crate::model::{Article, Passage};

/// Members of groups of reprints that were read for hits before.
type ReadGroups = HashMap<usize, Vec<Arc<Article>>>;

impl Snapshot {
    /// Candidates of a plan as hits, with their texts and marks; of very many, those that the budget allows.
    pub(super) fn hits(
        &self,
        segments: &[Segment<'_>],
        lowered: &Lowered,
        plan: &Plan,
        tier: Tier,
        options: &SearchOptions,
        candidates: &[Candidate],
    ) -> tantivy::Result<Vec<Hit>> {
        // Postings are read front to back: a segment's hits in the order of its documents.
        let mut order: Vec<usize> = (0..candidates.len()).collect();
        order.sort_by_key(|&i| candidates[i].address);
        let mut found: Vec<(Stretches, Vec<u32>)> = vec![Default::default(); candidates.len()];
        for group in order.chunk_by(|&a, &b| candidates[a].address.segment_ord == candidates[b].address.segment_ord) {
            let docs: Vec<u32> = group.iter().map(|&i| candidates[i].address.doc_id).collect();
            let segment = &segments[candidates[group[0]].address.segment_ord as usize];
            let stretches = stretches(segment, lowered, plan, options.unit, &docs)?;
            let sentences = segment.sentence_starts(&docs)?;
            for (&i, of_hit) in group.iter().zip(stretches.into_iter().zip(sentences)) {
                found[i] = of_hit;
            }
        }
        // So are texts: a block of them is unpacked once, on whichever core is free.
        let read = parallel::each(&order, true, |_, &i| self.passage(candidates[i].address, candidates[i].head))?;
        let mut read: Vec<(usize, (Article, Passage))> = order.into_iter().zip(read).collect();
        read.sort_unstable_by_key(|&(i, _)| i);
        let most = options.snippet_bytes;
        let mut groups = ReadGroups::default();
        let texts = read.into_iter().map(|(_, texts)| texts);
        let hit = |((candidate, texts), matched): ((&Candidate, _), (Stretches, Vec<u32>))| {
            self.hit(candidate, texts, tier, &matched, most, &mut groups)
        };
        candidates.iter().zip(texts).zip(found).map(hit).collect()
    }

    fn hit(
        &self,
        candidate: &Candidate,
        (article, passage): (Article, Passage),
        tier: Tier,
        (stretches, sentences): &(Stretches, Vec<u32>),
        most: usize,
        groups: &mut ReadGroups,
    ) -> tantivy::Result<Hit> {
        let mut terms = BTreeSet::new();
        let words = passage.words();
        let text_marks = marks(&words, passage.first_word, &stretches.body, &mut terms);
        let mark = |text: Option<&str>, stretches: &[(u32, u32)], terms: &mut BTreeSet<String>| {
            text.map_or_else(Vec::new, |text| marks(text, 0, stretches, terms))
        };
        let title_marks = mark(article.facts.title.as_deref(), &stretches.title, &mut terms);
        let heading_marks = mark(passage.heading.as_deref(), &stretches.heading, &mut terms);
        let snippet = snippet(&passage.text, &words, sentences, &text_marks, most);
        Ok(Hit {
            rank: 0,
            score: candidate.score,
            tier,
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

    /// The other articles of an article's group, the original first. The members of a group are read once.
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

    /// Other articles that print the same story.
    pub(crate) fn reprints_of(&self, article: &Article) -> Result<Vec<Arc<Article>>, IndexError> {
        let found = self.reprints(self.stored_order(article), &mut ReadGroups::default());
        found.map_err(|error| self.error(error))
    }
}
