//! One segment opened for one query: the terms of its leaves, their postings, their positions.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, OnceLock, PoisonError};

use tantivy::fieldnorm::FieldNormReader;
use tantivy::index::InvertedIndexReader;
use tantivy::schema::IndexRecordOption;
use tantivy::{DocId, DocSet, SegmentReader, TERMINATED};

use crate::index::Fields;
use crate::index::columns::Columns;
use crate::index::renames::Renames;
use crate::index::reprints::Groups;
use crate::index::terms::CaseBoundaryTerms;
use crate::search::budget::Budget;
use crate::search::local::docs::{self, Blocks, Docs};
use crate::search::local::forms::WordTest;
use crate::search::local::parallel::{self, LARGE};
use crate::search::local::plan::{Leaf, LoweredQuery};
use crate::search::local::postings::{
    CachedCursor, CachedPostings, LeafPostings, Matches, PositionList, WordPostings, WordTerm, has_many, terms,
};
use crate::search::local::recent::{self, Recent};
use crate::search::local::span::SpanNode;
use crate::search::local::span_postings::{SpanPostings, SpanSource};
use crate::vocabulary::{Number, Scope, TextField};

/// Terms of one leaf in one segment, by part, then by word.
pub(crate) type LeafTerms = Vec<Vec<Vec<WordTerm>>>;

/// One segment, opened for one query.
pub(crate) struct Segment<'a> {
    pub(crate) reader: &'a SegmentReader,
    pub(crate) columns: &'a Columns,
    pub(crate) fields: &'a Fields,
    /// The boundaries of its sections and articles.
    pub blocks: Blocks,
    pub(crate) leaves: &'a [Leaf],
    terms: Vec<LeafTerms>,
    /// Cache of the postings of leaves, by leaf and part.
    cached_postings: Mutex<HashMap<(usize, usize), Arc<CachedPostings>>>,
    /// Cache of the documents of facts, by plan.
    pub(crate) cached_facts: Mutex<HashMap<String, Arc<Vec<DocId>>>>,
    /// Occurrences of the rarest leaf, once they are counted: a long query has thousands of leaves.
    rarest: OnceLock<u64>,
    pub(crate) groups: &'a Groups,
    /// The paths of its articles as they are shown.
    pub(crate) renames: &'a Renames,
    /// Cache of terms and postings over queries.
    recent: &'a Recent,
    /// What sets the orders of its articles apart; see [`Readers::salt`].
    ///
    /// [`Readers::salt`]: crate::index::readers::Readers::salt
    pub(crate) salt: u64,
    /// The budget of the query.
    pub(crate) budget: &'a Budget,
    pub(crate) with_boilerplate: bool,
    /// Are long postings read each time, rather than cached? Yes for exports of all hits, whose memory is bounded.
    pub(crate) holds_little: bool,
}

/// A word of the query that matched more words of the index than are searched.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct LimitedExpansion {
    /// The word as typed.
    pub typed: String,
    /// Number of words that it matched.
    pub words: usize,
    /// Number of those that are searched, the commonest.
    pub kept: usize,
}

/// Number of documents in a block of postings. Lower in tests, so that in segments of some hundred documents a word can be
/// much commoner than another.
pub(crate) const BLOCK: u64 = if cfg!(test) { 8 } else { 128 };

/// Terms this many times as common as another are sought, not read through: unpacking a document costs a fraction of what
/// seeking one does. Lower in tests, as [`BLOCK`] is.
pub(crate) const COMMONER: u64 = if cfg!(test) { 2 } else { 32 };

/// Postings of more documents than this are not cached if [`Segment::holds_little`]: they take 8 bytes a document. Lower in tests, as
/// [`BLOCK`] is.
const LONGEST_CACHED: u64 = if cfg!(test) { 8 } else { 1 << 17 };

/// How many documents of postings are read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Access {
    /// Any number of them.
    Many,
    /// A few hundred, which are sought.
    Few,
}

/// Maximum number of expansions of a prefix, pattern or the like: the words of the index that it matches.
pub(crate) const MAX_EXPANSIONS: usize = 1_000;

/// Documents of these terms, those with several counted several times.
fn count(terms: &[WordTerm]) -> u64 {
    terms.iter().map(|term| u64::from(term.info.doc_freq)).sum()
}

/// Limits the expansions of prefixes, patterns and the like to the commonest ones over all segments.
pub(crate) fn limit_expansions(segments: &mut [Segment<'_>], leaves: &[Leaf]) -> Vec<LimitedExpansion> {
    let mut out = Vec::new();
    for (i, leaf) in leaves.iter().enumerate() {
        // What is found from now on is no hit.
        if segments.first().is_some_and(|segment| segment.budget.ask()) {
            break;
        }
        for (word, test) in leaf.words.iter().enumerate().filter(|(_, test)| test.expands()) {
            let mut counts = counts(segments, i, word);
            if counts.len() <= MAX_EXPANSIONS {
                continue;
            }
            let words = counts.len();
            // Of all words of an index only those that are kept are put in order.
            counts.select_nth_unstable_by(MAX_EXPANSIONS, commonest_first);
            let kept: std::collections::HashSet<Box<str>> =
                counts[..MAX_EXPANSIONS].iter().map(|(folded, _)| Box::from(*folded)).collect();
            for segment in segments.iter_mut() {
                for part in &mut segment.terms[i] {
                    part[word].retain(|term| kept.contains(&term.folded));
                }
            }
            let limited = LimitedExpansion { typed: test.typed().to_string(), words, kept: kept.len() };
            if !out.contains(&limited) {
                out.push(limited);
            }
        }
    }
    out
}

/// The expansions of a word of a leaf, with their document frequencies, the commonest first.
#[must_use]
pub(crate) fn expansions(segments: &[Segment<'_>], leaf: usize, word: usize) -> Vec<(Box<str>, u64)> {
    let mut counts = counts(segments, leaf, word);
    counts.sort_by(commonest_first);
    counts.into_iter().map(|(folded, count)| (folded.into(), count)).collect()
}

fn commonest_first(a: &(&str, u64), b: &(&str, u64)) -> std::cmp::Ordering {
    b.1.cmp(&a.1).then_with(|| a.0.cmp(b.0))
}

/// The expansions of a word of a leaf, with their document frequencies, in no order.
fn counts<'s>(segments: &'s [Segment<'_>], leaf: usize, word: usize) -> Vec<(&'s str, u64)> {
    let mut counts: HashMap<&str, u64> = HashMap::new();
    for segment in segments {
        for term in segment.terms[leaf].iter().flat_map(|part| &part[word]) {
            *counts.entry(&term.folded).or_default() += u64::from(term.info.doc_freq);
        }
    }
    counts.into_iter().collect()
}

impl<'a> Segment<'a> {
    /// Opens a segment and looks up the words of the query in it.
    ///
    /// # Errors
    ///
    /// The error of tantivy for a damaged segment.
    pub(crate) fn open(
        (reader, columns): (&'a SegmentReader, &'a Columns),
        (fields, renames, salt): (&'a Fields, &'a Renames, u64),
        lowered: &'a LoweredQuery,
        (groups, recent): (&'a Groups, &'a Recent),
        budget: &'a Budget,
    ) -> tantivy::Result<Segment<'a>> {
        let parts = |leaf: &'a Leaf| leaf.parts.iter().map(move |(field, _)| (leaf, *field));
        let parts: Vec<(&Leaf, TextField)> = lowered.leaves.iter().flat_map(parts).collect();
        let is_large = u64::from(reader.max_doc()) >= LARGE;
        let mut found = parallel::each(&parts, is_large, |_, (leaf, field)| {
            let field = fields.text(*field);
            let index = reader.inverted_index(field)?;
            let read = |test: &WordTest| {
                let key = recent::key_of_terms(reader.segment_id(), field, test);
                if let Some(known) = key.and_then(|key| recent.terms(key)) {
                    return Ok(known);
                }
                let found = terms(&index, test, budget)?;
                // When the time was up, they may not be all.
                if let Some(key) = key.filter(|_| !budget.is_spent()) {
                    recent.put_terms(key, &found);
                }
                Ok(found)
            };
            Ok(leaf.words.iter().map(read).collect::<std::io::Result<Vec<_>>>()?)
        })?
        .into_iter();
        let all_terms = lowered.leaves.iter().map(|leaf| found.by_ref().take(leaf.parts.len()).collect()).collect();
        Ok(Segment {
            reader,
            columns,
            fields,
            blocks: Blocks::open(reader, columns)?,
            leaves: &lowered.leaves,
            terms: all_terms,
            cached_postings: Mutex::default(),
            cached_facts: Mutex::default(),
            rarest: OnceLock::new(),
            groups,
            recent,
            renames,
            salt,
            budget,
            with_boilerplate: lowered.with_boilerplate,
            holds_little: false,
        })
    }

    /// Is no word of this leaf in the segment?
    #[must_use]
    pub(crate) fn is_absent(&self, leaf: usize) -> bool {
        self.terms[leaf].iter().flatten().all(Vec::is_empty)
    }

    /// Document frequencies of the words of a leaf, by part, then by word.
    #[must_use]
    pub(crate) fn frequencies(&self, leaf: usize) -> Vec<Vec<u64>> {
        let sum = |terms: &Vec<WordTerm>| terms.iter().map(|term| u64::from(term.info.doc_freq)).sum();
        self.terms[leaf].iter().map(|words| words.iter().map(sum).collect()).collect()
    }

    /// Are these terms so much commoner than another word of the query that most of their documents will be skipped?
    /// Other postings are read more than once, so that unpacking them once is better.
    fn is_mostly_skipped(&self, terms: &[WordTerm]) -> bool {
        let of_leaf = |leaf: &LeafTerms| leaf.iter().flatten().map(|terms| count(terms)).max().unwrap_or(0);
        let rarest = *self.rarest.get_or_init(|| self.terms.iter().map(of_leaf).min().unwrap_or(0));
        count(terms) > COMMONER * rarest.max(BLOCK)
    }

    /// The postings of a part of a leaf, without positions; `None` if nothing matches. They are collected once and cached,
    /// unless most of them will be skipped.
    pub(crate) fn postings(&self, leaf: usize, part: usize) -> tantivy::Result<Option<LeafPostings>> {
        self.postings_for(leaf, part, Access::Many)
    }

    /// As [`Segment::postings`], for documents that are read as `access` says.
    pub(crate) fn postings_for(
        &self,
        leaf: usize,
        part: usize,
        access: Access,
    ) -> tantivy::Result<Option<LeafPostings>> {
        if self.terms[leaf][part].iter().all(Vec::is_empty) {
            return Ok(None);
        }
        let (field, _) = &self.leaves[leaf].parts[part];
        let index = self.reader.inverted_index(self.fields.text(*field))?;
        let single = self.single_word(leaf, part);
        let is_sought = |terms: &[WordTerm]| {
            let is_too_common = || self.holds_little && count(terms) > LONGEST_CACHED;
            !has_many(terms) && (access == Access::Few || is_too_common() || self.is_mostly_skipped(terms))
        };
        if let Some(terms) = single.filter(|terms| is_sought(terms)) {
            let postings =
                WordPostings::open(&index, terms, IndexRecordOption::WithFreqs, self.blocks.origins(*field))?;
            return Ok(Some(LeafPostings::Sought(postings)));
        }
        // A panic of another thread leaves no entry incomplete: entries are inserted when they are complete.
        let cache = || self.cached_postings.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(postings) = cache().get(&(leaf, part)) {
            return Ok(Some(LeafPostings::Cached(CachedCursor::new(Arc::clone(postings)))));
        }
        let postings = match single {
            Some(terms) if !has_many(terms) => Arc::new(CachedPostings::of_few(&index, terms, self.budget)?),
            Some(terms) => self.postings_of_many(*field, &index, terms)?,
            None => Arc::new(CachedPostings::all(self.spans(leaf, part, None)?)),
        };
        cache().insert((leaf, part), Arc::clone(&postings));
        Ok(Some(LeafPostings::Cached(CachedCursor::new(postings))))
    }

    /// The postings of many terms, which the query before may have read.
    fn postings_of_many(
        &self,
        field: TextField,
        index: &InvertedIndexReader,
        terms: &[WordTerm],
    ) -> std::io::Result<Arc<CachedPostings>> {
        let key = recent::key_of_postings(self.reader.segment_id(), self.fields.text(field), terms);
        if let Some(known) = self.recent.postings(key) {
            return Ok(known);
        }
        let found = Arc::new(CachedPostings::of_many(index, terms, self.blocks.max_doc, self.budget)?);
        // When the time was up, they may not be all.
        if !self.budget.is_spent() {
            self.recent.put_postings(key, &found);
        }
        Ok(found)
    }

    /// The postings of a part of a leaf, with positions, in these documents (in rising order).
    pub(crate) fn positions(
        &self,
        leaf: usize,
        part: usize,
        docs: &[DocId],
    ) -> tantivy::Result<Option<Box<dyn Matches>>> {
        if self.terms[leaf][part].iter().all(Vec::is_empty) {
            return Ok(None);
        }
        let (field, _) = &self.leaves[leaf].parts[part];
        let Some(terms) = self.single_word(leaf, part) else {
            return Ok(Some(Box::new(self.spans(leaf, part, Some(docs))?)));
        };
        let index = self.reader.inverted_index(self.fields.text(*field))?;
        if has_many(terms) {
            let wanted: Vec<_> = docs.iter().map(|&doc| doc..doc + 1).collect();
            return Ok(Some(Box::new(PositionList::open(
                &index,
                terms,
                &wanted,
                &self.blocks.origins(*field),
                self.budget,
            )?)));
        }
        let option = IndexRecordOption::WithFreqsAndPositions;
        let postings = WordPostings::open(&index, terms, option, self.blocks.origins(*field))?;
        Ok(Some(Box::new(postings)))
    }

    /// The first words of the sentences of these documents (in rising order); see [`CaseBoundaryTerms::starts`].
    pub(crate) fn sentence_starts(&self, docs: &[DocId]) -> tantivy::Result<Vec<Vec<u32>>> {
        CaseBoundaryTerms::starts(self.reader, self.fields, CaseBoundaryTerms::sentence, docs)
    }

    /// The terms of a part of a leaf that is a single word without conditions on its case.
    fn single_word(&self, leaf: usize, part: usize) -> Option<&[WordTerm]> {
        let Leaf { words, parts, .. } = &self.leaves[leaf];
        match &parts[part].1 {
            SpanNode::Word(word) if !matches!(words[*word], WordTest::Verbatim { .. }) => {
                Some(&self.terms[leaf][part][*word])
            }
            _ => None,
        }
    }

    fn spans(&self, leaf: usize, part: usize, only: Option<&[DocId]>) -> tantivy::Result<SpanPostings> {
        let Leaf { words, parts, .. } = &self.leaves[leaf];
        let (field, node) = &parts[part];
        let index = self.reader.inverted_index(self.fields.text(*field))?;
        let shape = self.reader.inverted_index(self.fields.case_boundary)?;
        let lede = if node.needs_lede() { self.number(Number::Lede)? } else { None };
        let source = SpanSource {
            index: &index,
            shape: &shape,
            fields: self.fields,
            field: *field,
            blocks: &self.blocks,
            lede,
            budget: self.budget,
        };
        Ok(SpanPostings::open(&source, node, words, &self.terms[leaf][part], only)?)
    }

    /// The fast field of a number.
    pub(crate) fn number(&self, number: Number) -> tantivy::Result<Option<tantivy::columnar::Column<i64>>> {
        self.columns.signed(number.name())
    }

    /// The units that have a leaf in any of its fields.
    pub(crate) fn leaf_units(&self, leaf: usize, unit: Scope) -> tantivy::Result<Docs> {
        let mut sets = Vec::new();
        for (i, (field, _)) in self.leaves[leaf].parts.iter().enumerate() {
            if let Some(postings) = self.postings(leaf, i)? {
                sets.push(docs::convert(&self.blocks, Box::new(postings), field.scope(), unit));
            }
        }
        Ok(docs::or(sets))
    }

    /// First documents of the articles that mention a leaf at least `times` times.
    pub(crate) fn articles_with(&self, times: u32, leaf: usize) -> tantivy::Result<Vec<DocId>> {
        let mut counts: HashMap<DocId, u32> = HashMap::new();
        let mut meter = self.budget.meter();
        for part in 0..self.leaves[leaf].parts.len() {
            // Cached postings have weighted frequencies, not numbers of mentions, of what is not a single word.
            let mut postings: Box<dyn Matches> = match self.single_word(leaf, part) {
                Some(_) => match self.postings(leaf, part)? {
                    Some(postings) => Box::new(postings),
                    None => continue,
                },
                None => Box::new(self.spans(leaf, part, None)?),
            };
            while postings.doc() != TERMINATED && !meter.is_spent() {
                let first_doc = self.blocks.first_doc(postings.doc(), Scope::Article);
                *counts.entry(first_doc).or_default() += postings.mentions();
                postings.advance();
            }
        }
        let mut articles: Vec<DocId> =
            counts.into_iter().filter(|(_, count)| *count >= times).map(|(first_doc, _)| first_doc).collect();
        articles.sort_unstable();
        Ok(articles)
    }

    /// Field norms, which are lengths in words. None are stored for boilerplate; they are taken to be those of a line.
    pub(crate) fn norms(&self, field: TextField) -> tantivy::Result<FieldNormReader> {
        const WORDS_OF_LINE: u32 = 12;
        match field {
            TextField::Boilerplate => Ok(FieldNormReader::constant(self.blocks.max_doc, WORDS_OF_LINE)),
            _ => self.reader.get_fieldnorms_reader(self.fields.text(field)),
        }
    }
}

/// Does a query have enough postings to read for all cores to work on it? Without a word all passages count.
pub(crate) fn is_large(segments: &[Segment<'_>], lowered: &LoweredQuery) -> bool {
    let postings = |segment: &Segment<'_>| -> u64 {
        (0..lowered.leaves.len()).flat_map(|leaf| segment.frequencies(leaf)).flatten().sum()
    };
    let passages = || segments.iter().map(|segment| u64::from(segment.blocks.max_doc)).sum::<u64>();
    if lowered.leaves.is_empty() { passages() >= LARGE } else { segments.iter().map(postings).sum::<u64>() >= LARGE }
}
