//! Where terms stand: a row of all of them, and its places dealt out to the terms.

use std::ops::Range;
use std::sync::atomic::{AtomicU64, Ordering};

use rayon::iter::{IntoParallelIterator, ParallelIterator};
use tantivy::DocId;

/// The terms of all documents in the order in which they stand there.
#[derive(Default)]
pub(crate) struct Row {
    parts: Vec<Part>,
}

/// Documents one behind the other: how much is written of each, then numbers of terms. None is parted.
struct Part {
    first: DocId,
    numbers: Vec<u32>,
}

/// A number with this bit has its position behind it. Without, it is one more than that of the term before.
pub(crate) const POSITION_FOLLOWS: u32 = 1 << 31;

impl Row {
    /// Numbers of a part.
    const PART: usize = 1 << 18;
    /// A row of more numbers is long.
    pub(crate) const LONG: usize = 1 << 18;

    /// Adds a document, the next or one behind it.
    pub(crate) fn push(&mut self, document: DocId, numbers: &[u32]) {
        let needed = numbers.len() + 1;
        if self.parts.last().is_none_or(|part| part.numbers.capacity() - part.numbers.len() < needed) {
            self.parts.push(Part { first: document, numbers: Vec::with_capacity(needed.max(Row::PART)) });
        }
        if let Some(part) = self.parts.last_mut() {
            part.numbers.push(numbers.len() as u32);
            part.numbers.extend_from_slice(numbers);
        }
    }

    pub(crate) fn bytes(&self) -> usize {
        self.parts.iter().map(|part| part.numbers.len() * size_of::<u32>()).sum()
    }

    /// Is it so long that other threads are worth their while?
    pub(crate) fn is_long(&self) -> bool {
        self.bytes() / size_of::<u32>() > Row::LONG
    }

    /// Parts to be gone through by one thread.
    fn parts_at_once(&self) -> usize {
        let threads = if self.is_long() { rayon::current_num_threads() } else { 1 };
        self.parts.len().div_ceil(threads).max(1)
    }

    /// How many places each of so many terms has, by number.
    pub(crate) fn counts(&self, terms: usize) -> Counts {
        let stretches = self.parts.chunks(self.parts_at_once()).collect();
        Counts(side_by_side(stretches, |parts: &[Part]| {
            let mut counts = vec![0; terms];
            for part in parts {
                part.each(|number, _| counts[number as usize] += 1);
            }
            counts
        }))
    }

    /// The row with other numbers of terms: the places of the numbers before in `order`. `counts` are those of the row.
    pub(crate) fn in_order(mut self, order: &[u32], counts: Counts) -> OrderedRow {
        let mut numbers = vec![0; order.len()];
        for (new, &old) in (0..).zip(order) {
            numbers[old as usize] = new;
        }
        let at_once = self.parts_at_once();
        let stretches = self.parts.chunks_mut(at_once).zip(counts.0).collect();
        let counts = side_by_side(stretches, |(parts, counts): (&mut [Part], Vec<u32>)| {
            parts.iter_mut().for_each(|part| part.renumber(&numbers));
            order.iter().map(|&number| counts[number as usize]).collect()
        });
        OrderedRow { row: self, counts: Counts(counts) }
    }
}

impl Part {
    /// Calls `take` with each term and where it stands, in order.
    fn each(&self, mut take: impl FnMut(u32, Place)) {
        let mut document = self.first;
        let mut rest = self.numbers.as_slice();
        while let Some((&length, behind)) = rest.split_first() {
            let (numbers, others) = behind.split_at(length as usize);
            let mut numbers = numbers.iter();
            let mut next_position = 0;
            while let Some(&number) = numbers.next() {
                let mut position = next_position;
                if number & POSITION_FOLLOWS != 0 {
                    position = numbers.next().copied().unwrap_or_default();
                }
                next_position = position.wrapping_add(1);
                take(number & !POSITION_FOLLOWS, Place::new(document, position));
            }
            document += 1;
            rest = others;
        }
    }

    /// Puts `numbers[n]` in the place of each number `n` of a term.
    fn renumber(&mut self, numbers: &[u32]) {
        let mut rest = self.numbers.as_mut_slice();
        while let Some((&mut length, behind)) = rest.split_first_mut() {
            let (document, others) = behind.split_at_mut(length as usize);
            let mut document = document.iter_mut();
            while let Some(number) = document.next() {
                let follows = *number & POSITION_FOLLOWS;
                *number = numbers[(*number & !POSITION_FOLLOWS) as usize] | follows;
                if follows != 0 {
                    document.next();
                }
            }
            rest = others;
        }
    }
}

/// How many places terms have in each stretch of the row that a thread goes through.
pub(crate) struct Counts(Vec<Vec<u32>>);

impl Counts {
    fn of(&self, term: usize) -> u32 {
        self.0.iter().map(|counts| counts[term]).sum()
    }
}

/// A row whose terms are numbered in their order.
pub(crate) struct OrderedRow {
    row: Row,
    counts: Counts,
}

impl OrderedRow {
    /// How many places there are.
    pub(crate) fn places(&self) -> usize {
        self.counts.0.iter().flatten().map(|&count| count as usize).sum()
    }

    /// How many places a term has.
    pub(crate) fn count(&self, term: usize) -> usize {
        self.counts.of(term) as usize
    }

    /// Deals out the places of some terms, in the memory of what was dealt before.
    pub(crate) fn deal(&self, terms: Range<usize>, before: Deal) -> Deal {
        let mut starts = Vec::with_capacity(terms.len() + 1);
        let mut all = 0;
        let mut next: Vec<Vec<u32>> = self.counts.0.iter().map(|_| Vec::with_capacity(terms.len())).collect();
        for term in terms.clone() {
            starts.push(all);
            for (next, counts) in next.iter_mut().zip(&self.counts.0) {
                next.push(all);
                all += counts[term];
            }
        }
        starts.push(all);
        // Threads write to places of their own, but between those of others.
        let mut places = before.places;
        places.reserve_exact((all as usize).saturating_sub(places.len()));
        places.resize_with(places.len().max(all as usize), AtomicU64::default);
        let stretches = self.row.parts.chunks(self.row.parts_at_once()).zip(next).collect();
        side_by_side(stretches, |(parts, mut next): (&[Part], Vec<u32>)| {
            for part in parts {
                part.each(|term, place| {
                    if let Some(next) = next.get_mut(term.wrapping_sub(terms.start as u32) as usize) {
                        places[*next as usize].store(place.0, Ordering::Relaxed);
                        *next += 1;
                    }
                });
            }
        });
        Deal { terms, places, starts }
    }
}

/// What is made of each of these, by threads side by side if there are several.
fn side_by_side<T: Send, R: Send>(all: Vec<T>, make: impl Fn(T) -> R + Sync + Send) -> Vec<R> {
    if all.len() > 1 { all.into_par_iter().map(make).collect() } else { all.into_iter().map(make).collect() }
}

/// A document and a position in it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Place(u64);

impl Place {
    fn new(document: DocId, position: u32) -> Place {
        Place(u64::from(document) << 32 | u64::from(position))
    }

    pub(crate) fn document(self) -> DocId {
        (self.0 >> 32) as DocId
    }

    pub(crate) fn position(self) -> u32 {
        self.0 as u32
    }
}

/// The places of some terms.
#[derive(Default)]
pub(crate) struct Deal {
    /// The terms, by number.
    pub(crate) terms: Range<usize>,
    /// There may be others behind theirs.
    places: Vec<AtomicU64>,
    /// Where the places of each term begin, and where the last ones end.
    starts: Vec<u32>,
}

impl Deal {
    /// No places, and room for so many.
    pub(crate) fn with_room(places: usize) -> Deal {
        Deal { places: Vec::with_capacity(places), ..Deal::default() }
    }

    /// Where a term stands, in order.
    pub(crate) fn places_of(&self, term: usize) -> impl Iterator<Item = Place> + Clone {
        let i = term - self.terms.start;
        let places = &self.places[self.starts[i] as usize..self.starts[i + 1] as usize];
        places.iter().map(|place| Place(place.load(Ordering::Relaxed)))
    }
}
