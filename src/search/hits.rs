//! From candidates to hits: texts, marks, snippets, reprints.
//!
//! Hits are read in the order of the index, so that each block of the store is unpacked once for many of them, and their
//! texts stay packed until a batch of them is made.

use std::collections::hash_map::Entry;
use std::collections::{BTreeSet, HashMap};
use std::ops::Range;
use std::sync::Arc;

use tantivy::{DocAddress, DocId, TantivyError};

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
use crate::model::Article;
use crate::vocabulary::Scope;

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

/// Candidates with what was read of them: their texts are packed, as they are stored.
pub(super) struct PackedHits {
    candidates: Vec<Candidate>,
    hits: Vec<PackedHit>,
    /// The articles of the groups of reprints that the hits are of, by [`Candidate::order`].
    reprints: HashMap<u64, Vec<PackedArticle>>,
    bytes: usize,
}

impl PackedHits {
    /// The candidates.
    pub(super) fn candidates(&self) -> &[Candidate] {
        &self.candidates
    }

    /// The length of their packed texts, in bytes.
    pub(super) fn bytes(&self) -> usize {
        self.bytes
    }
}

struct PackedHit {
    evidence: Evidence,
    article: PackedArticle,
    passage: Box<[u8]>,
}

/// A stored article. The hits of one article share it.
#[derive(Clone)]
struct PackedArticle {
    first: DocAddress,
    path: Arc<str>,
    bytes: Arc<[u8]>,
}

/// A stored article, and some of its passages.
struct ReadArticle {
    article: PackedArticle,
    passages: Vec<Box<[u8]>>,
}

impl ReadArticle {
    fn bytes(&self) -> usize {
        self.article.bytes.len() + self.passages.iter().map(|passage| passage.len()).sum::<usize>()
    }
}

fn missing(what: &str) -> TantivyError {
    TantivyError::InternalError(format!("a stored {what} cannot be read"))
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
        let packed = self.packed_hits(segments, lowered, plan, options, candidates.to_vec())?;
        self.unpacked_hits(&packed, 0..candidates.len(), options)
    }

    /// Reads the texts of candidates of a plan, and what the index knows of how they match.
    pub(super) fn packed_hits(
        &self,
        segments: &[Segment<'_>],
        lowered: &LoweredQuery,
        plan: &Plan,
        options: &SearchOptions,
        candidates: Vec<Candidate>,
    ) -> tantivy::Result<PackedHits> {
        // Postings are read in order, so the hits of a segment are sorted by document.
        let mut order: Vec<usize> = (0..candidates.len()).collect();
        order.sort_by_key(|&i| candidates[i].address);
        let mut found: Vec<Evidence> = vec![Evidence::default(); candidates.len()];
        for group in order.chunk_by(|&a, &b| candidates[a].address.segment_ord == candidates[b].address.segment_ord) {
            let docs: Vec<u32> = group.iter().map(|&i| candidates[i].address.doc_id).collect();
            let segment = &segments[candidates[group[0]].address.segment_ord as usize];
            let word_ranges = word_ranges(segment, lowered, plan, lowered.unit(options.unit), &docs)?;
            let sentences = segment.sentence_starts(&docs)?;
            let lacking = lacking(segment, lowered, lowered.unit(options.unit), &docs)?;
            for (((&i, word_ranges), sentences), lacks) in group.iter().zip(word_ranges).zip(sentences).zip(lacking) {
                found[i] = Evidence { word_ranges, sentences, lacks };
            }
        }
        let first = |i: usize| DocAddress::new(candidates[i].address.segment_ord, candidates[i].first_doc);
        let articles: Vec<&[usize]> = order.chunk_by(|&a, &b| first(a) == first(b)).collect();
        let of_hits = |at: usize| articles[at].iter().map(|&i| candidates[i].address.doc_id).collect();
        let read = self.read_packed(articles.iter().map(|hits| first(hits[0])).collect(), &of_hits)?;
        let bytes: usize = read.iter().map(ReadArticle::bytes).sum();
        let mut texts: Vec<Option<(PackedArticle, Box<[u8]>)>> = vec![None; candidates.len()];
        for (hits, ReadArticle { article, passages }) in articles.iter().zip(read) {
            for (&i, passage) in hits.iter().zip(passages) {
                texts[i] = Some((article.clone(), passage));
            }
        }
        let hits = texts.into_iter().zip(found).map(|(text, evidence)| {
            let (article, passage) = text.expect("every candidate is a hit of one article");
            PackedHit { evidence, article, passage }
        });
        let hits = hits.collect();
        let reprints = self.packed_reprints(&candidates)?;
        let of_reprints: usize = reprints.values().flatten().map(|article| article.bytes.len()).sum();
        Ok(PackedHits { candidates, hits, reprints, bytes: bytes + of_reprints })
    }

    /// Reads articles with these first documents, in rising order, and passages of each: `docs` has the documents of those,
    /// by the number of the article. Blocks of the store are unpacked in order, on all cores.
    fn read_packed(
        &self,
        firsts: Vec<DocAddress>,
        docs: &(dyn Fn(usize) -> Vec<DocId> + Sync),
    ) -> tantivy::Result<Vec<ReadArticle>> {
        let mut paths: Vec<Arc<str>> = Vec::with_capacity(firsts.len());
        for group in firsts.chunk_by(|a, b| a.segment_ord == b.segment_ord) {
            let docs: Vec<DocId> = group.iter().map(|first| first.doc_id).collect();
            paths.extend(self.stored[group[0].segment_ord as usize].columns().paths(&docs)?);
        }
        let firsts: Vec<(DocAddress, Arc<str>)> = firsts.into_iter().zip(paths).collect();
        parallel::each(&firsts, true, |at, (first, path)| {
            let stored = &self.stored[first.segment_ord as usize];
            let fields = self.fields();
            let bytes = stored.packed_article(fields, first.doc_id)?.ok_or_else(|| missing("article"))?;
            let article = PackedArticle { first: *first, path: Arc::clone(path), bytes: bytes.into() };
            let passage = |doc| stored.packed_passage(fields, doc)?.ok_or_else(|| missing("passage"));
            let passages = docs(at as usize).into_iter().map(passage).collect::<tantivy::Result<_>>()?;
            Ok(ReadArticle { article, passages })
        })
    }

    /// Reads the articles of the groups of reprints that the candidates are of.
    fn packed_reprints(&self, candidates: &[Candidate]) -> tantivy::Result<HashMap<u64, Vec<PackedArticle>>> {
        let groups: BTreeSet<usize> =
            candidates.iter().filter_map(|candidate| self.groups.of(candidate.order())).collect();
        let members: Vec<u64> = groups.into_iter().flat_map(|group| self.groups.members(group)).copied().collect();
        let mut places = reprints::addresses(&self.readers, &members)?;
        places.sort_unstable_by_key(|&(_, address)| address);
        let read = self.read_packed(places.iter().map(|&(_, address)| address).collect(), &|_| Vec::new())?;
        let mut out: HashMap<u64, Vec<PackedArticle>> = HashMap::new();
        for ((order, _), ReadArticle { article, .. }) in places.into_iter().zip(read) {
            out.entry(order).or_default().push(article);
        }
        Ok(out)
    }

    /// Makes the hits `range` of those that were read.
    pub(super) fn unpacked_hits(
        &self,
        packed: &PackedHits,
        range: Range<usize>,
        options: &SearchOptions,
    ) -> tantivy::Result<Vec<Hit>> {
        let candidates = &packed.candidates[range.clone()];
        // Each article is unpacked once for all of its reprints.
        let mut unpacked: HashMap<u64, Vec<Arc<Article>>> = HashMap::new();
        let mut reprints_of = |article: u64| -> tantivy::Result<Vec<Arc<Article>>> {
            let Some(group) = self.groups.of(article) else { return Ok(Vec::new()) };
            let mut out = Vec::new();
            for &member in self.groups.members(group).iter().filter(|member| **member != article) {
                let known = match unpacked.entry(member) {
                    Entry::Occupied(known) => known.into_mut(),
                    Entry::Vacant(vacant) => {
                        let packed = packed.reprints.get(&member).into_iter().flatten();
                        let articles = packed.map(|packed| Ok(Arc::new(self.unpacked_article(packed)?)));
                        vacant.insert(articles.collect::<tantivy::Result<_>>()?)
                    }
                };
                out.extend(known.iter().cloned());
            }
            Ok(out)
        };
        let reprints = candidates.iter().map(|candidate| reprints_of(candidate.order()));
        let reprints = reprints.collect::<tantivy::Result<Vec<_>>>()?;
        parallel::each(&packed.hits[range], true, |at, hit| {
            self.hit(&candidates[at as usize], hit, reprints[at as usize].clone(), options.snippet_bytes)
        })
    }

    fn unpacked_article(&self, PackedArticle { first, path, bytes }: &PackedArticle) -> tantivy::Result<Article> {
        let article = self.stored[first.segment_ord as usize].unpacked_article(bytes, first.doc_id, path)?;
        article.map(|article| self.shown(article, first.segment_ord)).ok_or_else(|| missing("article"))
    }

    fn hit(
        &self,
        candidate: &Candidate,
        PackedHit { evidence, article, passage }: &PackedHit,
        duplicates: Vec<Arc<Article>>,
        snippet_bytes: usize,
    ) -> tantivy::Result<Hit> {
        let Evidence { word_ranges, sentences, lacks } = evidence;
        let DocAddress { segment_ord, doc_id } = candidate.address;
        let passage = self.stored[segment_ord as usize].unpacked_passage(passage, doc_id)?;
        let passage = passage.ok_or_else(|| missing("passage"))?;
        let article = self.unpacked_article(article)?;
        let mut terms = BTreeSet::new();
        let words = passage.words();
        let text_marks = marks(&words, passage.first_word, &word_ranges.body, &mut terms);
        let mark = |text: Option<&str>, word_ranges: &[(u32, u32)], terms: &mut BTreeSet<String>| {
            text.map_or_else(Vec::new, |text| marks(text, 0, word_ranges, terms))
        };
        let title_marks = mark(article.facts.title.as_deref(), &word_ranges.title, &mut terms);
        let heading_marks = mark(passage.heading.as_deref(), &word_ranges.heading, &mut terms);
        let snippet = snippet(&passage.text, &words, sentences, &text_marks, snippet_bytes);
        Ok(Hit {
            rank: 0,
            score: candidate.score,
            tier: if lacks.is_empty() { Tier::All } else { Tier::Some },
            lacks: lacks.clone(),
            marks: text_marks,
            title_marks,
            heading_marks,
            snippet,
            terms: terms.into_iter().collect(),
            duplicates,
            parts: Vec::new(),
            article,
            passage,
        })
    }

    /// The other articles of an article's group of reprints, the original first.
    pub(crate) fn reprints_of(&self, article: &Article) -> Result<Vec<Arc<Article>>, IndexError> {
        let read = || -> tantivy::Result<Vec<Arc<Article>>> {
            let article = self.stored_order(article)?;
            let Some(group) = self.groups.of(article) else { return Ok(Vec::new()) };
            let members: Vec<u64> =
                self.groups.members(group).iter().copied().filter(|member| *member != article).collect();
            let mut places = reprints::addresses(&self.readers, &members)?;
            places.sort_by_key(|(place, _)| members.iter().position(|member| member == place));
            let mut out = Vec::new();
            for (_, address) in places {
                out.extend(self.article(address)?.map(Arc::new));
            }
            Ok(out)
        };
        read().map_err(|error| self.error(error))
    }
}
