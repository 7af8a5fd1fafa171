//! Keyword in context: a line for each occurrence of a query in the texts, with the words around it.

use std::borrow::Cow;
use std::cmp::Ordering;
use std::collections::{BinaryHeap, HashMap};
use std::ops::ControlFlow;
use std::sync::Arc;

use serde::ser::SerializeMap;
use serde::{Serialize, Serializer};
use tantivy::columnar::{Column as Values, StrColumn};
use tantivy::{DocAddress, DocId};

use super::AnalysisError;
pub use super::context::ContextWidth;
use super::context::{InContext, Passages};
use crate::index::record::path_of_term;
use crate::index::renames::Renames;
use crate::index::schema::Column;
use crate::model::{Article, Passage};
use crate::search::budget::Budget;
use crate::search::local::count::CountedFacets;
use crate::search::local::docs::Match;
use crate::search::local::facet::FacetReader;
use crate::search::local::occurrence::{Occurrence, occurrences};
use crate::search::local::parallel;
use crate::search::local::run::{Run, wanted_plan};
use crate::search::local::segment::Segment;
use crate::search::over_engine::Needed;
use crate::search::snapshot::Snapshot;
use crate::search::{Degraded, Mark, SearchOptions, Searcher, sample};
use crate::text::fold::fold_value;
use crate::vocabulary::{Facet, Number, Scope};

/// A word beside the occurrence, by which lines are ordered: `1L` is the first to the left, `2R` the second to the right.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Neighbour {
    /// Is it before the occurrence in reading order (`L`)?
    pub is_before: bool,
    /// Its distance in words, from 1.
    pub distance: u32,
}

impl std::str::FromStr for Neighbour {
    type Err = String;

    fn from_str(text: &str) -> Result<Neighbour, String> {
        const FARTHEST: u32 = 20;
        let wrong = || format!("'{text}' is no neighbour: write a number from 1 to {FARTHEST} and L or R, as in 1R");
        let (at, side) = text.char_indices().next_back().ok_or_else(wrong)?;
        let distance =
            text[..at].parse().ok().filter(|distance| (1..=FARTHEST).contains(distance)).ok_or_else(wrong)?;
        match side.to_ascii_uppercase() {
            'L' => Ok(Neighbour { is_before: true, distance }),
            'R' => Ok(Neighbour { is_before: false, distance }),
            _ => Err(wrong()),
        }
    }
}

/// Order of lines. Lines of one article are in the order of its text, unless they are ordered by words.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
#[non_exhaustive]
pub enum KwicOrder {
    /// By path.
    #[default]
    Path,
    /// Latest date first, articles without a date last.
    Newest,
    /// Earliest date first, articles without a date last.
    Oldest,
    /// By source, articles without one last.
    Source,
    /// By words beside the occurrence, the first of them first; without regard to case and accents.
    Words(Vec<Neighbour>),
}

impl std::str::FromStr for KwicOrder {
    type Err = String;

    fn from_str(text: &str) -> Result<KwicOrder, String> {
        Ok(match text {
            "path" => KwicOrder::Path,
            "newest" => KwicOrder::Newest,
            "oldest" => KwicOrder::Oldest,
            "source" => KwicOrder::Source,
            words => {
                let words = words.split(',').map(str::parse::<Neighbour>).collect::<Result<_, _>>();
                KwicOrder::Words(words.map_err(|error| format!("{error}; or path, newest, oldest, source"))?)
            }
        })
    }
}

/// A sample of the occurrences.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KwicSample {
    /// Number of occurrences; of each value of `per`, if there is one.
    pub size: usize,
    /// Another seed draws another sample.
    pub seed: u64,
    /// The facet by whose values the sample is stratified.
    pub per: Option<Facet>,
}

/// Options of a concordance. Make them by [`KwicOptions::default`], then change fields.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub struct KwicOptions {
    /// Context on each side. It never crosses the bounds of a section.
    pub width: ContextWidth,
    /// Order of lines.
    pub order: KwicOrder,
    /// Maximum number of lines; `None` for all.
    pub limit: Option<usize>,
    /// A sample in place of all.
    pub sample: Option<KwicSample>,
}

impl Default for KwicOptions {
    fn default() -> Self {
        KwicOptions { width: ContextWidth::Words(10), order: KwicOrder::Path, limit: None, sample: None }
    }
}

/// An occurrence in its context.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub struct KwicLine {
    /// The text before it.
    pub left: String,
    /// The occurrence, from its first word to its last.
    pub node: String,
    /// The text after it.
    pub right: String,
    /// Byte ranges of `node` that matched: the words of a proximity.
    pub node_marks: Vec<Mark>,
    /// Byte range in the text of the passage. Of an occurrence that goes on in the next passage, to the end of the text.
    pub bytes: (usize, usize),
    /// The same range in characters.
    pub characters: (usize, usize),
    /// The article.
    pub article: Article,
    /// The passage in which it begins.
    pub passage: Passage,
}

#[cfg(all(test, feature = "cli"))]
impl KwicLine {
    /// A line of an article without facts.
    pub(crate) fn of(left: &str, node: &str, right: &str) -> KwicLine {
        KwicLine {
            left: left.into(),
            node: node.into(),
            right: right.into(),
            node_marks: Vec::new(),
            bytes: (0, 0),
            characters: (0, 0),
            article: Article::default(),
            passage: Passage::default(),
        }
    }
}

impl Serialize for KwicLine {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(None)?;
        map.serialize_entry("left", &self.left)?;
        map.serialize_entry("node", &self.node)?;
        map.serialize_entry("right", &self.right)?;
        map.serialize_entry("node_marks", &self.node_marks)?;
        map.serialize_entry("id", &self.article.passage_id(self.passage.ordinal))?;
        map.serialize_entry("start", &self.bytes.0)?;
        map.serialize_entry("end", &self.bytes.1)?;
        map.serialize_entry("start_char", &self.characters.0)?;
        map.serialize_entry("end_char", &self.characters.1)?;
        map.serialize_entry("path", &self.article.path)?;
        map.serialize_entry("record", &self.article.record)?;
        map.serialize_entry("article", &self.article.id())?;
        for (name, value) in self.article.named() {
            map.serialize_entry(name, &value)?;
        }
        map.serialize_entry("section", &self.passage.section)?;
        map.serialize_entry("heading", &self.passage.heading)?;
        map.serialize_entry("speaker", &self.passage.speaker)?;
        map.serialize_entry("line", &self.passage.location.map(|location| location.line))?;
        map.end()
    }
}

/// What a concordance is of.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "serve", derive(schemars::JsonSchema))]
#[non_exhaustive]
pub struct KwicCounts {
    /// Occurrences in all texts that match.
    pub occurrences: u64,
    /// Articles with one.
    pub articles: u64,
    /// Lines that are given.
    pub lines: u64,
    /// Why the counts may be too low, if they are not complete.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub degraded: Option<Degraded>,
}

/// What an occurrence is ordered by.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
enum SortKey {
    Number(i64),
    Text(Arc<str>),
    Words(Vec<Box<str>>),
}

/// An occurrence that may be listed.
#[derive(Debug, Clone)]
struct Found {
    key: SortKey,
    /// [`Article::order`], which breaks ties between articles.
    order: u64,
    address: DocAddress,
    first_doc: DocId,
    occurrence: Occurrence,
}

impl Found {
    fn rank(&self) -> (&SortKey, u64, DocAddress, u32) {
        (&self.key, self.order, self.address, self.occurrence.start)
    }
}

impl PartialEq for Found {
    fn eq(&self, other: &Self) -> bool {
        self.rank() == other.rank()
    }
}

impl Eq for Found {}

impl Ord for Found {
    fn cmp(&self, other: &Self) -> Ordering {
        self.rank().cmp(&other.rank())
    }
}

impl PartialOrd for Found {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

/// Keeps the first of the occurrences.
struct First {
    limit: usize,
    /// The last is at the top.
    heap: BinaryHeap<Found>,
}

impl First {
    fn new(limit: usize) -> First {
        First { limit, heap: BinaryHeap::new() }
    }

    fn add(&mut self, found: Found) {
        if self.heap.len() < self.limit {
            self.heap.push(found);
        } else if self.heap.peek().is_some_and(|last| found < *last) {
            self.heap.pop();
            self.heap.push(found);
        }
    }
}

/// The first occurrences, of each stratum of a sample.
type Strata = HashMap<Option<String>, First>;

/// What is collected in a slice of a segment.
struct Slice {
    ordinal: u32,
    docs: Vec<DocId>,
}

/// Reads what occurrences in a segment are ordered by.
struct Keys<'s> {
    order: Option<Values<u64>>,
    salt: u64,
    renames: &'s Renames,
    date: Option<Values<i64>>,
    paths: Option<StrColumn>,
    source: Option<FacetReader>,
    passages: Passages<'s>,
    kind: &'s KwicOrder,
}

impl<'s> Keys<'s> {
    fn open(
        snapshot: &'s Snapshot,
        segment: &'s Segment<'s>,
        ordinal: u32,
        kind: &'s KwicOrder,
    ) -> tantivy::Result<Keys<'s>> {
        let columns = segment.columns;
        let by_source = *kind == KwicOrder::Source;
        Ok(Keys {
            order: columns.unsigned("order")?,
            salt: segment.salt,
            renames: segment.renames,
            date: columns.signed(Number::Date.name())?,
            paths: columns.texts(Column::Path.name())?,
            source: by_source.then(|| FacetReader::open(segment, Facet::Source)).transpose()?,
            passages: Passages::of(snapshot, segment, ordinal),
            kind,
        })
    }

    fn order(&self, first_doc: DocId) -> u64 {
        self.order.as_ref().and_then(|column| column.first(first_doc)).unwrap_or(0) ^ self.salt
    }

    /// Paths are ordered by their ordinals, which are those of one segment; see [`Snapshot::name_paths`].
    fn of(&mut self, first_doc: DocId, doc: DocId, occurrence: &Occurrence) -> tantivy::Result<SortKey> {
        let date = || self.date.as_ref().and_then(|column| column.first(first_doc));
        Ok(match self.kind {
            KwicOrder::Path => {
                let ord = self.paths.as_ref().and_then(|column| column.term_ords(first_doc).next());
                match &self.paths {
                    // Of folders that are shown under other names the order is another.
                    Some(paths) if !self.renames.is_empty() => {
                        let mut path = String::new();
                        paths.ord_to_str(ord.unwrap_or(0), &mut path)?;
                        SortKey::Text(self.renames.shown(path_of_term(&path)).into())
                    }
                    _ => SortKey::Number(ord.unwrap_or(0).cast_signed()),
                }
            }
            KwicOrder::Newest => SortKey::Number(date().map_or(i64::MAX, |seconds| seconds.saturating_neg())),
            KwicOrder::Oldest => SortKey::Number(date().unwrap_or(i64::MAX)),
            KwicOrder::Source => {
                let source = self.source.as_mut().expect("opened for this order").value(first_doc)?;
                // No text is after the last character.
                SortKey::Text(source.map_or_else(|| Arc::from("\u{10ffff}"), |source| fold_value(&source).into()))
            }
            KwicOrder::Words(neighbours) => {
                let mut words = Vec::with_capacity(neighbours.len());
                for Neighbour { is_before, distance } in neighbours {
                    words.push(self.passages.neighbour(doc, occurrence, *is_before, *distance)?);
                }
                SortKey::Words(words)
            }
        })
    }
}

impl Searcher {
    /// Gives the occurrences of a query in the texts that match to `take`, each with its context; `take` may end it. They are
    /// words, phrases and proximities of the text; titles, headings and other facts make an article match, and are not
    /// listed. Occurrences share no word.
    ///
    /// About 100 bytes are held for each occurrence that is listed.
    ///
    /// # Errors
    ///
    /// [`AnalysisError::Search`] for a query that cannot be run, and for a damaged index.
    pub fn kwic(
        &self,
        query: &str,
        kwic: &KwicOptions,
        options: &SearchOptions,
        take: &mut dyn FnMut(KwicLine) -> ControlFlow<()>,
    ) -> Result<KwicCounts, AnalysisError> {
        let needed = Needed::All(Some(query));
        Ok(self.reading(needed, options, |snapshot, options| snapshot.kwic(query, kwic, options, take))?)
    }
}

impl Snapshot {
    fn kwic(
        &self,
        query: &str,
        kwic: &KwicOptions,
        options: &SearchOptions,
        take: &mut dyn FnMut(KwicLine) -> ControlFlow<()>,
    ) -> Result<KwicCounts, crate::search::SearchError> {
        let lowered = self.lowered_or_all(Some(query), options)?;
        let budget = options.budget();
        let counted = self.with_run(&lowered, options, &budget, CountedFacets::NONE, |run| {
            let (mut counts, found) = self.found(run, kwic)?;
            counts.degraded = budget.degraded();
            budget.begin_reading();
            counts.lines = self.give(run, &found, kwic, &budget, take)?;
            counts.degraded = counts.degraded.or(budget.degraded());
            Ok(counts)
        });
        Ok(counted.map_err(|error| self.index_error(error))?)
    }

    /// The occurrences that are listed, in order.
    fn found(&self, run: &Run<'_>, kwic: &KwicOptions) -> tantivy::Result<(KwicCounts, Vec<Found>)> {
        let plan = wanted_plan(run.lowered, run.options);
        let new = |ordinal, _: &Segment<'_>| Ok(Slice { ordinal, docs: Vec::new() });
        let slices = run.fold(plan, &new, &|slice: &mut Slice, _, _, matches: &[Match]| {
            slice.docs.extend(matches.iter().map(|one| one.doc));
            Ok(())
        })?;
        let limit = kwic.limit.unwrap_or(usize::MAX);
        let is_large = slices.iter().map(|slice| slice.docs.len()).sum::<usize>() > 500;
        let of_slices = parallel::each(&slices, is_large, |_, slice| {
            let segment = &run.segments[slice.ordinal as usize];
            let mut counts = KwicCounts::default();
            let mut strata = Strata::new();
            // The order of a sample is found once it is drawn.
            let drawn = KwicOrder::Path;
            let kind = if kwic.sample.is_some() { &drawn } else { &kwic.order };
            let mut keys = Keys::open(self, segment, slice.ordinal, kind)?;
            let per = kwic.sample.as_ref().and_then(|sample| sample.per);
            let mut stratum = per.map(|facet| FacetReader::open(segment, facet)).transpose()?;
            let hashes = segment.columns.unsigned("article")?;
            let mut last_article = None;
            let mut add = |doc: DocId, all: &[Occurrence]| {
                let first_doc = segment.blocks.first_doc(doc, Scope::Article);
                counts.occurrences += all.len() as u64;
                counts.articles += u64::from(last_article != Some(first_doc));
                last_article = Some(first_doc);
                let order = keys.order(first_doc);
                let value = match &mut stratum {
                    Some(stratum) => stratum.value(doc)?.map(|value| fold_value(&value)),
                    None => None,
                };
                let size = kwic.sample.as_ref().map_or(limit, |sample| sample.size);
                let first = strata.entry(value).or_insert_with(|| First::new(size));
                for occurrence in all {
                    let key = match &kwic.sample {
                        Some(sample) => {
                            let hash = hashes.as_ref().and_then(|column| column.first(first_doc)).unwrap_or(0);
                            let key = sample::key(sample.seed, hash, u64::from(occurrence.start));
                            SortKey::Number((key >> 1).cast_signed())
                        }
                        None => keys.of(first_doc, doc, occurrence)?,
                    };
                    let address = DocAddress::new(slice.ordinal, doc);
                    first.add(Found { key, order, address, first_doc, occurrence: occurrence.clone() });
                }
                Ok(())
            };
            let unit = run.lowered.unit(run.options.unit);
            occurrences(segment, run.lowered, plan, unit, &slice.docs, &mut add)?;
            self.name_paths(run, slice.ordinal, kwic, &mut strata)?;
            Ok((counts, strata))
        })?;
        let mut counts = KwicCounts::default();
        let mut strata = Strata::new();
        for (of_slice, found) in of_slices {
            counts.occurrences += of_slice.occurrences;
            counts.articles += of_slice.articles;
            for (value, first) in found {
                let all = strata.entry(value).or_insert_with(|| First::new(first.limit));
                first.heap.into_iter().for_each(|one| all.add(one));
            }
        }
        let mut found: Vec<Found> = strata.into_values().flat_map(|first| first.heap).collect();
        if kwic.sample.is_some() {
            self.order_sample(run, kwic, &mut found)?;
        }
        found.sort_unstable();
        found.truncate(limit);
        Ok((counts, found))
    }

    /// Gives a sample the keys of its order.
    fn order_sample(&self, run: &Run<'_>, kwic: &KwicOptions, found: &mut [Found]) -> tantivy::Result<()> {
        found.sort_unstable_by_key(|one| (one.address, one.occurrence.start));
        let mut all: Vec<Found> = Vec::with_capacity(found.len());
        for of_segment in found.chunk_by(|a, b| a.address.segment_ord == b.address.segment_ord) {
            let ordinal = of_segment[0].address.segment_ord;
            let mut keys = Keys::open(self, &run.segments[ordinal as usize], ordinal, &kwic.order)?;
            let mut first = First::new(usize::MAX);
            for one in of_segment {
                let key = keys.of(one.first_doc, one.address.doc_id, &one.occurrence)?;
                first.add(Found { key, ..one.clone() });
            }
            let mut strata = Strata::from([(None, first)]);
            let whole = KwicOptions { sample: None, ..kwic.clone() };
            self.name_paths(run, ordinal, &whole, &mut strata)?;
            all.extend(strata.into_values().flat_map(|first| first.heap));
        }
        found.clone_from_slice(&all);
        Ok(())
    }

    /// Puts paths in the place of their ordinals, which are of one segment only.
    fn name_paths(&self, run: &Run<'_>, ordinal: u32, kwic: &KwicOptions, strata: &mut Strata) -> tantivy::Result<()> {
        if kwic.order != KwicOrder::Path || kwic.sample.is_some() {
            return Ok(());
        }
        for first in strata.values_mut() {
            let mut found = std::mem::take(&mut first.heap).into_vec();
            let first_docs: Vec<DocId> = found.iter().map(|one| one.first_doc).collect();
            let segment = &run.segments[ordinal as usize];
            let paths = segment.columns.paths(&first_docs)?;
            let shown = |path: Arc<str>| match segment.renames.shown(&path) {
                Cow::Owned(shown) => shown.into(),
                Cow::Borrowed(_) => path,
            };
            found.iter_mut().zip(paths).for_each(|(one, path)| one.key = SortKey::Text(shown(path)));
            first.heap = found.into();
        }
        Ok(())
    }

    /// Reads the texts of occurrences, some hundred at a time on all cores, and gives them to `take`. Returns the number of
    /// lines that were given.
    fn give(
        &self,
        run: &Run<'_>,
        found: &[Found],
        kwic: &KwicOptions,
        budget: &Budget,
        take: &mut dyn FnMut(KwicLine) -> ControlFlow<()>,
    ) -> tantivy::Result<u64> {
        /// Lines that are held at once, and those that a core reads in a row.
        const BATCH: usize = 2_000;
        const PART: usize = 50;
        let mut lines = 0;
        for batch in found.chunks(BATCH) {
            // The time is for finding them: what is exported takes as long as it takes.
            if budget.is_spent() {
                break;
            }
            // Blocks of the store are unpacked once each if they are read in order.
            let mut order: Vec<usize> = (0..batch.len()).collect();
            order.sort_unstable_by_key(|&at| (batch[at].address, batch[at].occurrence.start));
            let paths = paths_of(run, batch, &order)?;
            let parts: Vec<&[usize]> = order.chunks(PART).collect();
            let read = parallel::each(&parts, true, |_, part| self.lines(run, batch, (part, &paths), kwic.width))?;
            let mut read: Vec<(usize, KwicLine)> = order.iter().copied().zip(read.into_iter().flatten()).collect();
            read.sort_unstable_by_key(|(at, _)| *at);
            for (_, line) in read {
                lines += 1;
                if take(line).is_break() {
                    return Ok(lines);
                }
            }
        }
        Ok(lines)
    }

    /// Some of the lines of a batch.
    fn lines(
        &self,
        run: &Run<'_>,
        batch: &[Found],
        (part, paths): (&[usize], &[Arc<str>]),
        width: ContextWidth,
    ) -> tantivy::Result<Vec<KwicLine>> {
        let mut out = Vec::with_capacity(part.len());
        let mut reader: Option<(u32, Passages<'_>)> = None;
        let mut last: Option<(DocAddress, Article)> = None;
        for &at in part {
            let Found { address, first_doc, occurrence, .. } = &batch[at];
            let ordinal = address.segment_ord;
            if reader.as_ref().is_none_or(|(of, _)| *of != ordinal) {
                reader = Some((ordinal, Passages::of(self, &run.segments[ordinal as usize], ordinal)));
            }
            let (_, passages) = reader.as_mut().expect("it was made above");
            let first = DocAddress::new(ordinal, *first_doc);
            let article = match &last {
                Some((of, article)) if *of == first => article.clone(),
                _ => self.article_with_path(first, &paths[at])?,
            };
            last = Some((first, article.clone()));
            let InContext { left, node, right, node_marks, bytes, characters } =
                passages.in_context(address.doc_id, occurrence, width)?;
            let passage = passages.read(address.doc_id)?.passage.clone();
            out.push(KwicLine { left, node, right, node_marks, bytes, characters, article, passage });
        }
        Ok(out)
    }
}

/// The stored paths of the articles of a batch; `order` is that of the index.
fn paths_of(run: &Run<'_>, batch: &[Found], order: &[usize]) -> tantivy::Result<Vec<Arc<str>>> {
    let mut out: Vec<Arc<str>> = vec![Arc::from(""); batch.len()];
    for of_segment in order.chunk_by(|&a, &b| batch[a].address.segment_ord == batch[b].address.segment_ord) {
        let segment = &run.segments[batch[of_segment[0]].address.segment_ord as usize];
        let first_docs: Vec<DocId> = of_segment.iter().map(|&at| batch[at].first_doc).collect();
        for (&at, path) in of_segment.iter().zip(segment.columns.paths(&first_docs)?) {
            out[at] = path;
        }
    }
    Ok(out)
}
