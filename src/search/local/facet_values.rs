//! Counts of the values of one facet over matches: by ordinals, whose texts are read once all is counted.
//!
//! What matches of an article adds to one value, or to a set of values. Those of one value are added up by ordinal where
//! there are few values; sets, and all of a column of many values, are written to a list, a few numbers each. So nothing is
//! hashed while millions of articles are visited, and the values that are not listed are counted without another pass.

use std::cmp::Reverse;
use std::hash::{BuildHasher, RandomState};
use std::ops::AddAssign;
use std::sync::{Mutex, PoisonError};

use rustc_hash::FxHashMap;
use smallvec::SmallVec;
use xxhash_rust::xxh3::xxh3_128_with_seed;

use super::docs::Match;
use super::facet::{FacetColumn, Keys};
use super::parallel::{self, LARGE};
use super::segment::Segment;
use super::table::{self, Known, TableReader};
use crate::search::budget::Budget;
use crate::search::results::{Counts, OtherValues};
use crate::text::fold::fold_value;
use crate::vocabulary::{Facet, Scope};

/// Values of a segment for each of which a count is kept. Few in tests, so that these enter every path.
const FEW: usize = if cfg!(test) { 3 } else { 1 << 14 };

/// The key of what has no value.
const NONE: u32 = u32::MAX;

/// Counts of what has a value: `u32` within a segment, which has fewer than 2^32 documents, `u64` in the sum.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
struct Numbers<N = u32> {
    passages: N,
    sections: N,
    articles: N,
}

impl<N: AddAssign + From<M>, M> AddAssign<Numbers<M>> for Numbers<N> {
    fn add_assign(&mut self, other: Numbers<M>) {
        self.passages += other.passages.into();
        self.sections += other.sections.into();
        self.articles += other.articles.into();
    }
}

impl From<Numbers<u64>> for Counts {
    fn from(numbers: Numbers<u64>) -> Counts {
        let Numbers { passages, sections, articles } = numbers;
        Counts { passages, sections, articles, ..Counts::default() }
    }
}

/// Numbers of what has one value and no other.
enum Singles {
    /// By ordinal.
    Few(Vec<Numbers>),
    /// By key.
    Keyed(FxHashMap<u32, Numbers>),
    /// In the list of sets.
    Listed,
}

/// Counts over slices of one segment.
struct OfSegment {
    /// Tells the segment apart from others.
    segment: usize,
    column: FacetColumn,
    /// Of a fact of articles.
    table: Option<TableReader>,
    singles: Singles,
    without: Numbers,
    /// Sets of values: for each how many there are, the numbers of passages, sections and articles, and the keys.
    sets: Vec<u32>,
}

/// A block of passages of an article, with its values.
struct Block {
    section: u32,
    first_doc: u32,
    keys: Keys,
    passages: u32,
}

/// Counts the values of a facet over matches.
pub(crate) struct ValueCounter {
    facet: Facet,
    segments: Vec<OfSegment>,
}

/// The values of a facet that were counted.
#[derive(Default)]
pub(crate) struct CountedValues {
    /// The commonest first.
    pub(crate) values: Vec<(String, Counts)>,
    /// What has no value.
    pub(crate) without: Counts,
    /// What has one of the values that were cut.
    pub(crate) other: Option<OtherValues>,
}

impl OfSegment {
    fn open(segment: &Segment<'_>, facet: Facet) -> tantivy::Result<OfSegment> {
        let column = FacetColumn::open(segment, facet)?;
        let singles = match column.num_keys() {
            Some(keys) if keys <= FEW => Singles::Few(vec![Numbers::default(); keys]),
            Some(_) => Singles::Listed,
            None => Singles::Keyed(FxHashMap::default()),
        };
        let table = table(segment, facet, &column);
        let segment = std::ptr::from_ref(segment.columns).addr();
        Ok(OfSegment { segment, column, table, singles, without: Numbers::default(), sets: Vec::new() })
    }

    /// Adds to what has these values, which are in order, each once.
    fn record(&mut self, keys: &[u32], numbers: Numbers) {
        match (keys, &mut self.singles) {
            ([] | [NONE], _) => self.without += numbers,
            ([key], Singles::Few(all)) if (*key as usize) < all.len() => all[*key as usize] += numbers,
            ([key], Singles::Keyed(all)) => *all.entry(*key).or_default() += numbers,
            _ => {
                let Numbers { passages, sections, articles } = numbers;
                self.sets.extend([keys.len() as u32, passages, sections, articles]);
                self.sets.extend_from_slice(keys);
            }
        }
    }

    /// Adds the matches of one article, whose values are those of its blocks.
    fn add_blocks(&mut self, segment: &Segment<'_>, scope: Scope, matches: &[Match], sections: u32) {
        let mut blocks: SmallVec<[Block; 8]> = SmallVec::new();
        for one in matches {
            let section = segment.blocks.first_doc(one.doc, Scope::Section);
            let first_doc = if scope == Scope::Section { section } else { one.doc };
            match blocks.last_mut() {
                Some(last) if last.first_doc == first_doc => last.passages += 1,
                _ => {
                    let mut keys = Keys::new();
                    self.column.keys(first_doc, &mut keys);
                    put_in_order(&mut keys);
                    if keys.is_empty() {
                        keys.push(NONE);
                    }
                    blocks.push(Block { section, first_doc, keys, passages: 1 });
                }
            }
        }
        let Some(first) = blocks.first() else { return };
        if blocks.iter().all(|block| block.keys == first.keys) {
            let numbers = Numbers { passages: matches.len() as u32, sections, articles: 1 };
            return self.record(&first.keys, numbers);
        }
        let none = Numbers::default();
        for of_section in blocks.chunk_by(|a, b| a.section == b.section) {
            let sections = u32::from(of_section.len() == 1);
            for block in of_section {
                self.record(&block.keys, Numbers { passages: block.passages, sections, ..none });
            }
            if sections == 0 {
                self.record(&all_keys(of_section), Numbers { sections: 1, ..none });
            }
        }
        self.record(&all_keys(&blocks), Numbers { articles: 1, ..none });
    }

    /// Adds what was counted in another slice of the segment.
    fn merge(&mut self, other: OfSegment) {
        self.without += other.without;
        match (&mut self.singles, other.singles) {
            (Singles::Few(all), Singles::Few(others)) => {
                all.iter_mut().zip(others).for_each(|(numbers, others)| *numbers += others);
            }
            (Singles::Keyed(all), Singles::Keyed(others)) => {
                others.into_iter().for_each(|(key, numbers)| *all.entry(key).or_default() += numbers);
            }
            _ => {}
        }
        self.sets.extend(other.sets);
    }

    /// Calls `take` with each set of values, in which [`NONE`] may be, and its numbers.
    fn each_set(&self, mut take: impl FnMut(&[u32], Numbers)) {
        let mut rest = &self.sets[..];
        while let [length, passages, sections, articles, after @ ..] = rest {
            let (keys, next) = after.split_at(*length as usize);
            take(keys, Numbers { passages: *passages, sections: *sections, articles: *articles });
            rest = next;
        }
    }

    /// Calls `take` with each value or set of values, and what has it.
    fn each(&self, mut take: impl FnMut(&[u32], Numbers)) {
        match &self.singles {
            Singles::Few(all) => {
                let with_some = (0..).zip(all).filter(|(_, numbers)| **numbers != Numbers::default());
                with_some.for_each(|(key, numbers)| take(&[key], *numbers));
            }
            Singles::Keyed(all) => all.iter().for_each(|(key, numbers)| take(&[*key], *numbers)),
            Singles::Listed => {}
        }
        self.each_set(take);
    }

    /// The keys that were met, in order.
    fn met(&self) -> Vec<u32> {
        let mut met: Vec<u32> = Vec::new();
        match self.column.num_keys() {
            Some(keys) if keys / 16 < self.sets.len() => {
                let mut is_met = vec![false; keys];
                self.each(|keys, _| {
                    for key in keys {
                        if let Some(is_met) = is_met.get_mut(*key as usize) {
                            *is_met = true;
                        }
                    }
                });
                met.extend((0..).zip(is_met).filter(|(_, is_met)| *is_met).map(|(key, _)| key));
            }
            _ => {
                self.each(|keys, _| met.extend(keys.iter().filter(|key| **key != NONE)));
                met.sort_unstable();
                met.dedup();
            }
        }
        met
    }

    /// Reads the values that were met.
    fn read(self, prefix: &str, seed: u64, budget: &Budget) -> std::io::Result<Read> {
        let met = self.met();
        let is_number = self.column.is_number();
        let mut hashes = Vec::with_capacity(met.len());
        let (mut meter, mut read, mut is_late) = (budget.meter(), 0_u32, false);
        self.column.each_text(&met, |text| {
            read += 1;
            is_late |= meter.is_spent() || read.is_multiple_of(256) && budget.ask_for_facets();
            // Without time to read all of them nothing of them is shown.
            if is_late {
                return;
            }
            let folded = if is_number { text.to_string() } else { fold_value(text) };
            let hash = |text: &str| xxh3_128_with_seed(text.as_bytes(), seed);
            hashes.push(folded.starts_with(prefix).then(|| Hashes { folded: hash(&folded), spelling: hash(text) }));
        })?;
        let mut dense = Vec::new();
        if let Some(keys) = self.column.num_keys().filter(|keys| keys / 64 < met.len()) {
            dense = vec![NONE; keys];
            for (place, key) in (0..).zip(&met) {
                if let Some(known) = dense.get_mut(*key as usize) {
                    *known = place;
                }
            }
        }
        Ok(Read { of_segment: self, met, hashes, places: Vec::new(), dense })
    }
}

/// The table of the keys of a facet of articles.
pub(super) fn table(segment: &Segment<'_>, facet: Facet, column: &FacetColumn) -> Option<TableReader> {
    let read = |first_doc| {
        let mut keys = Keys::new();
        column.keys(first_doc, &mut keys);
        put_in_order(&mut keys);
        match keys.as_slice() {
            [] => table::NONE,
            [key] => *key,
            _ => table::SEVERAL,
        }
    };
    (facet.scope() == Scope::Article).then(|| TableReader::open(segment, facet.name(), read))
}

/// The keys of all of these blocks, in order, each once.
fn all_keys(blocks: &[Block]) -> Keys {
    let mut keys: Keys = blocks.iter().flat_map(|block| block.keys.iter().copied()).collect();
    put_in_order(&mut keys);
    keys
}

/// Puts keys in order, each once.
pub(super) fn put_in_order(keys: &mut Keys) {
    if keys.len() > 1 {
        keys.sort_unstable();
        keys.dedup();
    }
}

/// Hashes of a value, of 128 bits and by a seed that nobody knows: values with equal ones are equal.
#[derive(Clone, Copy)]
struct Hashes {
    folded: u128,
    spelling: u128,
}

/// A spelling of a value.
struct Spelling {
    hash: u128,
    /// The number of a segment that has it, and its key there.
    at: (u32, u32),
    passages: u64,
}

/// A value: all that folds to the same.
#[derive(Default)]
struct Row {
    spellings: SmallVec<[Spelling; 1]>,
    /// What has it.
    numbers: Numbers<u64>,
}

impl Row {
    /// What values are ranked by.
    fn rank(&self) -> (u64, u64) {
        (self.numbers.articles, self.numbers.sections)
    }

    /// The commonest spellings: several, if none is commoner than all others.
    fn commonest(&self) -> impl Iterator<Item = &Spelling> {
        let most = self.spellings.iter().map(|spelling| spelling.passages).max();
        self.spellings.iter().filter(move |spelling| Some(spelling.passages) == most)
    }
}

/// The rows of all segments, by the hash of what they fold to.
#[derive(Default)]
struct Rows {
    rows: Vec<Row>,
    by_folded: FxHashMap<u128, u32>,
}

impl Rows {
    /// The row of a value, and the number of the spelling.
    fn of(&mut self, hashes: Hashes, at: (u32, u32)) -> (u32, u32) {
        let rows = &mut self.rows;
        let row = *self.by_folded.entry(hashes.folded).or_insert_with(|| {
            rows.push(Row::default());
            rows.len() as u32 - 1
        });
        let spellings = &mut rows[row as usize].spellings;
        let known = spellings.iter().position(|known| known.hash == hashes.spelling);
        let spelling = known.unwrap_or_else(|| {
            spellings.push(Spelling { hash: hashes.spelling, at, passages: 0 });
            spellings.len() - 1
        });
        (row, spelling as u32)
    }
}

/// The counts of a segment, with the values that were met read.
struct Read {
    of_segment: OfSegment,
    /// The keys that were met, in order.
    met: Vec<u32>,
    /// For each of `met` the hashes; `None` for what is not wanted. Fewer if there was no time to read all.
    hashes: Vec<Option<Hashes>>,
    /// For each of `met` the row and the number of the spelling; [`NONE`] for what is not wanted.
    places: Vec<(u32, u32)>,
    /// The places in `met` by key, where there are many.
    dense: Vec<u32>,
}

impl Read {
    /// The row of a key and the number of its spelling, if it is wanted.
    fn place(&self, key: u32) -> Option<(u32, u32)> {
        let at = match self.dense.get(key as usize) {
            Some(&at) => at as usize,
            None => self.met.binary_search(&key).ok()?,
        };
        self.places.get(at).copied().filter(|(row, _)| *row != NONE)
    }
}

impl ValueCounter {
    /// Counts a facet in a segment.
    ///
    /// # Errors
    ///
    /// The error of tantivy for a damaged segment.
    pub(crate) fn open(segment: &Segment<'_>, facet: Facet) -> tantivy::Result<ValueCounter> {
        Ok(ValueCounter { facet, segments: vec![OfSegment::open(segment, facet)?] })
    }

    /// Counts the matches of the article with this first document, which are in so many sections. `article` is the number of
    /// the article that was counted last, for the table of this facet or another.
    pub(crate) fn add(
        &mut self,
        segment: &Segment<'_>,
        first_doc: u32,
        matches: &[Match],
        sections: u32,
        article: &mut usize,
    ) {
        let of_segment = &mut self.segments[0];
        match self.facet.scope() {
            Scope::Article => {
                let numbers = Numbers { passages: matches.len() as u32, sections, articles: 1 };
                let known = of_segment.table.as_mut().map_or(Known::AskColumn, |table| table.of(first_doc, article));
                match known {
                    Known::Nothing => of_segment.without += numbers,
                    Known::One(key) => of_segment.record(&[key], numbers),
                    Known::AskColumn => {
                        let mut keys = Keys::new();
                        of_segment.column.keys(first_doc, &mut keys);
                        put_in_order(&mut keys);
                        of_segment.record(&keys, numbers);
                    }
                }
            }
            scope => of_segment.add_blocks(segment, scope, matches, sections),
        }
    }

    /// Adds what was counted in another slice.
    pub(crate) fn merge(&mut self, other: ValueCounter) {
        for of_segment in other.segments {
            match self.segments.iter_mut().find(|known| known.segment == of_segment.segment) {
                Some(known) => known.merge(of_segment),
                None => self.segments.push(of_segment),
            }
        }
    }

    /// The values whose folded texts begin with `prefix`, the commonest `limit` of them, and what has one of the others. What
    /// has no value is counted if there is no prefix. Without time to read all values there are none.
    ///
    /// # Errors
    ///
    /// The error of tantivy for a damaged segment.
    pub(crate) fn into_values(self, prefix: &str, limit: usize, budget: &Budget) -> tantivy::Result<CountedValues> {
        let seed = RandomState::new().hash_one(limit);
        let is_large = self.segments.iter().map(|of_segment| of_segment.sets.len() as u64).sum::<u64>() >= LARGE;
        let segments: Vec<Mutex<Option<OfSegment>>> =
            self.segments.into_iter().map(|of_segment| Mutex::new(Some(of_segment))).collect();
        let mut read = parallel::each(&segments, is_large, |_, of_segment| {
            let of_segment = of_segment.lock().unwrap_or_else(PoisonError::into_inner).take();
            Ok(of_segment.expect("each is read once").read(prefix, seed, budget)?)
        })?;
        if read.iter().any(|read| read.hashes.len() < read.met.len()) {
            return Ok(CountedValues::default());
        }
        let mut rows = Rows::default();
        for (read, segment) in read.iter_mut().zip(0..) {
            let place = |(hashes, key): (Option<Hashes>, &u32)| {
                hashes.map_or((NONE, 0), |hashes| rows.of(hashes, (segment, *key)))
            };
            read.places = std::mem::take(&mut read.hashes).into_iter().zip(&read.met).map(place).collect();
        }
        let mut rows = rows.rows;
        let mut without = Numbers::<u64>::default();
        for read in &read {
            without += read.of_segment.without;
            read.of_segment.each(|keys, numbers| {
                let mut of_set: SmallVec<[u32; 4]> = SmallVec::new();
                for &key in keys {
                    if key == NONE {
                        without += numbers;
                    } else if let Some((row, spelling)) = read.place(key) {
                        let known = &mut rows[row as usize];
                        known.spellings[spelling as usize].passages += u64::from(numbers.passages);
                        // Spellings of one value count once.
                        if !of_set.contains(&row) {
                            known.numbers += numbers;
                            of_set.push(row);
                        }
                    }
                }
            });
        }
        let listed = listed(&rows, &read, limit)?;
        let other = (rows.len() > limit).then(|| {
            let mut is_cut = vec![true; rows.len()];
            listed.iter().for_each(|(row, _)| is_cut[*row as usize] = false);
            let mut numbers = Numbers::<u64>::default();
            for read in &read {
                let is_cut = |key: &u32| read.place(*key).is_some_and(|(row, _)| is_cut[row as usize]);
                read.of_segment.each(|keys, of_set| {
                    // What has several values may have some that are listed, too.
                    if keys.iter().any(is_cut) {
                        numbers += of_set;
                    }
                });
            }
            OtherValues { values: (rows.len() - limit) as u64, counts: numbers.into() }
        });
        let values = listed.into_iter().map(|(row, shown)| (shown, rows[row as usize].numbers.into())).collect();
        let without = if prefix.is_empty() { without.into() } else { Counts::default() };
        Ok(CountedValues { values, without, other })
    }
}

/// The commonest `limit` of the rows, with their commonest spellings, in order: of all values of an index, only the texts of those
/// are read that may be listed.
fn listed(rows: &[Row], read: &[Read], limit: usize) -> tantivy::Result<Vec<(u32, String)>> {
    let mut candidates: Vec<u32> = (0..rows.len() as u32).collect();
    if limit == 0 {
        return Ok(Vec::new());
    }
    if candidates.len() > limit {
        let rank = |row: &u32| Reverse(rows[*row as usize].rank());
        let (_, last, _) = candidates.select_nth_unstable_by_key(limit - 1, rank);
        let least = rows[*last as usize].rank();
        candidates.retain(|row| rows[*row as usize].rank() >= least);
        // Those of equal rank are in the order of their texts, which is that of their keys in a segment. Where the commonest
        // spelling is decided, only the first of each segment can be among those that are listed.
        let mut by_segment: Vec<Vec<(u32, u32)>> = vec![Vec::new(); read.len()];
        candidates.retain(|number| {
            let row = &rows[*number as usize];
            let mut commonest = row.commonest();
            match (commonest.next(), commonest.next()) {
                (Some(spelling), None) if row.rank() == least => {
                    by_segment[spelling.at.0 as usize].push((spelling.at.1, *number));
                    false
                }
                _ => true,
            }
        });
        for mut of_segment in by_segment {
            if of_segment.len() > limit {
                of_segment.select_nth_unstable(limit);
                of_segment.truncate(limit);
            }
            candidates.extend(of_segment.into_iter().map(|(_, number)| number));
        }
    }
    let mut sought: Vec<(u32, u32, u32)> = Vec::new();
    for &number in &candidates {
        sought.extend(rows[number as usize].commonest().map(|spelling| (spelling.at.0, spelling.at.1, number)));
    }
    sought.sort_unstable();
    let mut shown: FxHashMap<u32, String> = FxHashMap::default();
    for of_segment in sought.chunk_by(|a, b| a.0 == b.0) {
        let keys: Vec<u32> = of_segment.iter().map(|(_, key, _)| *key).collect();
        let mut numbers = of_segment.iter().map(|(_, _, number)| *number);
        read[of_segment[0].0 as usize].of_segment.column.each_text(&keys, |text| {
            let Some(number) = numbers.next() else { return };
            match shown.get_mut(&number) {
                None => _ = shown.insert(number, text.to_string()),
                Some(known) if *known.as_str() > *text => *known = text.to_string(),
                Some(_) => {}
            }
        })?;
    }
    let mut listed: Vec<(u32, String)> = shown.into_iter().collect();
    listed.sort_unstable_by(|a, b| {
        let rank = |row: u32| rows[row as usize].rank();
        rank(b.0).cmp(&rank(a.0)).then_with(|| a.1.cmp(&b.1))
    });
    listed.truncate(limit);
    Ok(listed)
}
