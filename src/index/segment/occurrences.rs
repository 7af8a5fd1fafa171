//! The occurrences of terms in a segment: logged in document order while documents are added, grouped by term when the
//! segment is written.

use std::ops::Range;
use std::sync::atomic::{AtomicU64, Ordering};

use rayon::iter::{IntoParallelIterator, ParallelIterator};
use tantivy::DocId;

/// The terms of all documents, by number, in the order in which they occur.
#[derive(Default)]
pub(crate) struct OccurrenceLog {
    chunks: Vec<Chunk>,
}

/// Consecutive documents: for each, the number of entries that follow, then its entries. A document is never split
/// between chunks.
struct Chunk {
    first_doc: DocId,
    entries: Vec<u32>,
}

/// Flag of a term number whose position is the next entry. Without it, the position is one more than that of the
/// occurrence before.
pub(crate) const POSITION_FOLLOWS: u32 = 1 << 31;

impl OccurrenceLog {
    /// Entries of a chunk, unless a single document has more.
    const CHUNK_ENTRIES: usize = 1 << 18;
    /// A log with more entries is long.
    pub(crate) const LONG: usize = 1 << 18;

    /// Adds a document, whose number is one more than that of the last.
    pub(crate) fn push(&mut self, doc: DocId, entries: &[u32]) {
        let needed = entries.len() + 1;
        if self.chunks.last().is_none_or(|chunk| chunk.entries.capacity() - chunk.entries.len() < needed) {
            let room = needed.max(OccurrenceLog::CHUNK_ENTRIES);
            self.chunks.push(Chunk { first_doc: doc, entries: Vec::with_capacity(room) });
        }
        let chunk = self.chunks.last_mut().expect("a chunk was pushed if there was none");
        chunk.entries.push(entries.len() as u32);
        chunk.entries.extend_from_slice(entries);
    }

    pub(crate) fn mem_usage(&self) -> usize {
        self.chunks.iter().map(|chunk| chunk.entries.len() * size_of::<u32>()).sum()
    }

    /// Is it so long that the work on it is worth splitting between threads?
    pub(crate) fn is_long(&self) -> bool {
        self.mem_usage() / size_of::<u32>() > OccurrenceLog::LONG
    }

    /// Number of consecutive chunks that one thread processes.
    fn chunks_per_thread(&self) -> usize {
        let threads = if self.is_long() { rayon::current_num_threads() } else { 1 };
        self.chunks.len().div_ceil(threads).max(1)
    }

    /// Counts the occurrences of each of `num_terms` terms.
    pub(crate) fn counts(&self, num_terms: usize) -> Counts {
        let shares = self.chunks.chunks(self.chunks_per_thread()).collect();
        Counts(parallel_map(shares, |chunks: &[Chunk]| {
            let mut counts = vec![0; num_terms];
            for chunk in chunks {
                chunk.for_each(|term, _| counts[term as usize] += 1);
            }
            counts
        }))
    }

    /// Renumbers the terms by their rank in `order`, a list of the present numbers. `counts` are those of this log.
    pub(crate) fn in_order(mut self, order: &[u32], counts: Counts) -> OrderedLog {
        let mut ranks = vec![0; order.len()];
        for (rank, &term) in (0..).zip(order) {
            ranks[term as usize] = rank;
        }
        let per_thread = self.chunks_per_thread();
        let shares = self.chunks.chunks_mut(per_thread).zip(counts.0).collect();
        let counts = parallel_map(shares, |(chunks, counts): (&mut [Chunk], Vec<u32>)| {
            chunks.iter_mut().for_each(|chunk| chunk.renumber(&ranks));
            order.iter().map(|&term| counts[term as usize]).collect()
        });
        OrderedLog { log: self, counts: Counts(counts) }
    }
}

impl Chunk {
    /// Calls `visit` with the term and position of each occurrence, in order.
    fn for_each(&self, mut visit: impl FnMut(u32, DocPosition)) {
        let mut doc = self.first_doc;
        let mut rest = self.entries.as_slice();
        while let Some((&length, after)) = rest.split_first() {
            let (entries, next) = after.split_at(length as usize);
            let mut entries = entries.iter();
            let mut next_position = 0;
            while let Some(&entry) = entries.next() {
                let mut position = next_position;
                if entry & POSITION_FOLLOWS != 0 {
                    position = *entries.next().expect("a position follows an entry with the flag");
                }
                next_position = position.wrapping_add(1);
                visit(entry & !POSITION_FOLLOWS, DocPosition::new(doc, position));
            }
            doc += 1;
            rest = next;
        }
    }

    /// Replaces each term number `n` by `ranks[n]`.
    fn renumber(&mut self, ranks: &[u32]) {
        let mut rest = self.entries.as_mut_slice();
        while let Some((&mut length, after)) = rest.split_first_mut() {
            let (entries, next) = after.split_at_mut(length as usize);
            let mut entries = entries.iter_mut();
            while let Some(entry) = entries.next() {
                let flag = *entry & POSITION_FOLLOWS;
                *entry = ranks[(*entry & !POSITION_FOLLOWS) as usize] | flag;
                if flag != 0 {
                    entries.next();
                }
            }
            rest = next;
        }
    }
}

/// Numbers of occurrences by term, for the chunks of each thread.
pub(crate) struct Counts(Vec<Vec<u32>>);

impl Counts {
    fn of(&self, term: usize) -> u32 {
        self.0.iter().map(|counts| counts[term]).sum()
    }
}

/// A log whose terms are numbered in the order of fields and terms.
pub(crate) struct OrderedLog {
    log: OccurrenceLog,
    counts: Counts,
}

impl OrderedLog {
    /// Number of occurrences of all terms.
    pub(crate) fn num_occurrences(&self) -> usize {
        self.counts.0.iter().flatten().map(|&count| count as usize).sum()
    }

    /// Number of occurrences of a term.
    pub(crate) fn count(&self, term: usize) -> usize {
        self.counts.of(term) as usize
    }

    /// Groups the occurrences of `terms` by term, reusing the memory of `previous`.
    pub(crate) fn group(&self, terms: Range<usize>, previous: GroupedOccurrences) -> GroupedOccurrences {
        let mut starts = Vec::with_capacity(terms.len() + 1);
        let mut total = 0;
        // Where each thread writes the next occurrence of each term.
        let mut next: Vec<Vec<u32>> = self.counts.0.iter().map(|_| Vec::with_capacity(terms.len())).collect();
        for term in terms.clone() {
            starts.push(total);
            for (next, counts) in next.iter_mut().zip(&self.counts.0) {
                next.push(total);
                total += counts[term];
            }
        }
        starts.push(total);
        // Atomic, because the slots that one thread writes lie between those of others.
        let mut slots = previous.slots;
        slots.reserve_exact((total as usize).saturating_sub(slots.len()));
        slots.resize_with(slots.len().max(total as usize), AtomicU64::default);
        let shares = self.log.chunks.chunks(self.log.chunks_per_thread()).zip(next).collect();
        parallel_map(shares, |(chunks, mut next): (&[Chunk], Vec<u32>)| {
            for chunk in chunks {
                chunk.for_each(|term, at| {
                    if let Some(next) = next.get_mut(term.wrapping_sub(terms.start as u32) as usize) {
                        slots[*next as usize].store(at.0, Ordering::Relaxed);
                        *next += 1;
                    }
                });
            }
        });
        GroupedOccurrences { terms, slots, starts }
    }
}

/// Maps `items`, in parallel if there are several.
fn parallel_map<T: Send, R: Send>(items: Vec<T>, map: impl Fn(T) -> R + Sync + Send) -> Vec<R> {
    if items.len() > 1 { items.into_par_iter().map(map).collect() } else { items.into_iter().map(map).collect() }
}

/// A document, and a position in it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct DocPosition(u64);

impl DocPosition {
    fn new(doc: DocId, position: u32) -> DocPosition {
        DocPosition(u64::from(doc) << 32 | u64::from(position))
    }

    pub(crate) fn doc(self) -> DocId {
        (self.0 >> 32) as DocId
    }

    pub(crate) fn position(self) -> u32 {
        self.0 as u32
    }
}

/// The occurrences of a range of terms, grouped by term.
#[derive(Default)]
pub(crate) struct GroupedOccurrences {
    /// The terms, by rank.
    terms: Range<usize>,
    /// [`DocPosition`]s. The last may be unused.
    slots: Vec<AtomicU64>,
    /// Index of each term's first slot, then of the first slot that is unused.
    starts: Vec<u32>,
}

impl GroupedOccurrences {
    /// No occurrences, with room for `num_occurrences`.
    pub(crate) fn with_capacity(num_occurrences: usize) -> GroupedOccurrences {
        GroupedOccurrences { slots: Vec::with_capacity(num_occurrences), ..GroupedOccurrences::default() }
    }

    /// The occurrences of a term, in order.
    pub(crate) fn of_term(&self, term: usize) -> impl Iterator<Item = DocPosition> + Clone {
        let i = term - self.terms.start;
        let slots = &self.slots[self.starts[i] as usize..self.starts[i + 1] as usize];
        slots.iter().map(|slot| DocPosition(slot.load(Ordering::Relaxed)))
    }
}
