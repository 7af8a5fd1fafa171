//! Where terms stand: a row of all of them, and its places dealt out to the terms.

use std::ops::Range;

use tantivy::DocId;

/// The terms of all documents in the order in which they stand there.
#[derive(Default)]
pub(super) struct Row {
    /// Documents one behind the other: how much is written of it, then numbers of terms. None is parted.
    parts: Vec<Vec<u32>>,
}

impl Row {
    /// A number with this bit has its position behind it. Without, it is one more than that of the term before.
    pub(super) const POSITION_FOLLOWS: u32 = 1 << 31;
    /// Numbers of a part.
    const PART: usize = 1 << 18;

    pub(super) fn push(&mut self, document: &[u32]) {
        let needed = document.len() + 1;
        if self.parts.last().is_none_or(|part| part.capacity() - part.len() < needed) {
            self.parts.push(Vec::with_capacity(needed.max(Row::PART)));
        }
        if let Some(part) = self.parts.last_mut() {
            part.push(document.len() as u32);
            part.extend_from_slice(document);
        }
    }

    /// Calls `take` with each term and where it stands, in order.
    fn each(&self, mut take: impl FnMut(u32, Place)) {
        let mut document = 0;
        for part in &self.parts {
            let mut rest = part.as_slice();
            while let Some((&length, behind)) = rest.split_first() {
                let (numbers, others) = behind.split_at(length as usize);
                let mut numbers = numbers.iter();
                let mut next_position = 0;
                while let Some(&number) = numbers.next() {
                    let mut position = next_position;
                    if number & Row::POSITION_FOLLOWS != 0 {
                        position = numbers.next().copied().unwrap_or_default();
                    }
                    next_position = position.wrapping_add(1);
                    take(number & !Row::POSITION_FOLLOWS, Place::new(document, position));
                }
                document += 1;
                rest = others;
            }
        }
    }

    /// How many places each of so many terms has, by number.
    pub(super) fn counts(&self, terms: usize) -> Vec<u32> {
        let mut counts = vec![0; terms];
        self.each(|number, _| counts[number as usize] += 1);
        counts
    }

    pub(super) fn bytes(&self) -> usize {
        self.parts.iter().map(|part| part.len() * size_of::<u32>()).sum()
    }
}

/// A document and a position in it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Place(u64);

impl Place {
    fn new(document: DocId, position: u32) -> Place {
        Place(u64::from(document) << 32 | u64::from(position))
    }

    pub(super) fn document(self) -> DocId {
        (self.0 >> 32) as DocId
    }

    pub(super) fn position(self) -> u32 {
        self.0 as u32
    }
}

/// The places of some terms.
#[derive(Default)]
pub(super) struct Deal {
    /// The terms, by their place in the order.
    pub(super) terms: Range<usize>,
    places: Vec<Place>,
    /// Where the places of each term begin, and where the last ones end.
    starts: Vec<usize>,
}

impl Deal {
    pub(super) fn places_of(&self, term: usize) -> &[Place] {
        let i = term - self.terms.start;
        &self.places[self.starts[i]..self.starts[i + 1]]
    }
}

/// Deals out the places of all terms, to some terms at a time.
pub(super) struct Deals<'a> {
    row: &'a Row,
    order: &'a [u32],
    /// How many places each term has, by number.
    pub(super) counts: Vec<u32>,
    /// How many places there are.
    all: usize,
    /// Where the next place of a term goes, by number.
    next: Vec<u32>,
    /// The first term, by its place in the order, to which none were dealt.
    at: usize,
}

impl<'a> Deals<'a> {
    /// Fewer than this are not worth another pass over the row.
    pub(super) const LEAST: usize = 1 << 18;
    /// Passes over the row, about: so many times the memory for the places is saved.
    const PASSES: usize = 5;
    /// Marks a term whose places are dealt out in another pass.
    const ELSEWHERE: u32 = u32::MAX;

    pub(super) fn new(row: &'a Row, order: &'a [u32], counts: Vec<u32>) -> Deals<'a> {
        let all = counts.iter().map(|&count| count as usize).sum();
        Deals { row, order, counts, all, next: vec![Self::ELSEWHERE; order.len()], at: 0 }
    }

    /// Is one pass enough?
    pub(super) fn are_few(&self) -> bool {
        self.all <= Self::LEAST
    }
}

impl Iterator for Deals<'_> {
    type Item = Deal;

    fn next(&mut self) -> Option<Deal> {
        let from = self.at;
        let at_once = (self.all / Self::PASSES).max(Self::LEAST);
        let (mut places, mut starts) = (0, Vec::new());
        for &number in &self.order[from..] {
            let count = self.counts[number as usize] as usize;
            if self.at > from && places + count > at_once {
                break;
            }
            starts.push(places);
            self.next[number as usize] = places as u32;
            places += count;
            self.at += 1;
        }
        starts.push(places);
        let mut places = vec![Place(0); places];
        let next = &mut self.next;
        self.row.each(|number, place| {
            let next = &mut next[number as usize];
            if *next != Self::ELSEWHERE {
                places[*next as usize] = place;
                *next += 1;
            }
        });
        for &number in &self.order[from..self.at] {
            self.next[number as usize] = Self::ELSEWHERE;
        }
        (self.at > from).then_some(Deal { terms: from..self.at, places, starts })
    }
}
