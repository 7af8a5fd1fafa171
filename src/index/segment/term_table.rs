//! The terms of a segment: found by hashes of field and term, numbered in the order they come, sorted at the end.

use std::hash::{BuildHasher, RandomState};

use tantivy::schema::Field;
use xxhash_rust::xxh3::xxh3_128_with_seed;

/// The terms of a segment, by number. A hash table with open addressing.
pub(crate) struct TermTable {
    /// Their number is a power of two; at most [`TermTable::MAX_LOAD`] of them are in use.
    slots: Vec<Slot>,
    /// The low bits of the hash of each term.
    low: Vec<u64>,
    terms: Vec<Term>,
    /// The bytes of all terms, concatenated.
    bytes: Vec<u8>,
    /// Seed of all hashes, another in each segment: no text can be made whose words collide.
    seed: u64,
}

/// 96 bits of the hash of a term's field and bytes. Among a billion terms, the probability that two agree is 10^-11.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) struct TermHash {
    low: u64,
    high: u32,
}

impl TermHash {
    /// The hash of a term in two parts ([`crate::index::terms::Terms::parts`]); the suffix is hashed with the field.
    #[inline]
    pub(crate) fn of(prefix: &[u8], suffix: SuffixHash, seed: u64) -> TermHash {
        let hash = xxh3_128_with_seed(prefix, seed) ^ suffix.hash;
        TermHash { low: hash as u64, high: (hash >> 64) as u32 }
    }
}

/// The hash of a field and a suffix, which terms with equal prefixes differ in. It is combined with the hash of the
/// prefix rather than used as its seed: prefixes are short and much alike, and a seed has little effect on their
/// hashes.
#[derive(Clone, Copy)]
pub(crate) struct SuffixHash {
    suffix: u16,
    hash: u128,
}

impl SuffixHash {
    pub(crate) fn of(field: Field, suffix: u16, seed: u64) -> SuffixHash {
        let [a, b, c, d] = field.field_id().to_le_bytes();
        let [e, f] = suffix.to_le_bytes();
        SuffixHash { suffix, hash: xxh3_128_with_seed(&[a, b, c, d, e, f], seed) }
    }

    /// Is it the hash of this suffix (in the same field)?
    #[inline]
    pub(crate) fn is_of(self, suffix: u16) -> bool {
        self.suffix == suffix
    }
}

/// A slot of the table. The high bits nearly always tell terms apart, and small slots stay in the processor's caches.
#[derive(Clone, Copy)]
struct Slot {
    high: u32,
    /// Number of the term, or [`Slot::FREE`].
    number: u32,
}

impl Slot {
    const FREE: u32 = u32::MAX;
}

struct Term {
    field: Field,
    /// Offset of its first byte. A writer holds less than 4 GiB.
    start: u32,
}

impl Default for TermTable {
    fn default() -> TermTable {
        const SLOTS: usize = 1 << 12;
        let seed = RandomState::new().hash_one(SLOTS);
        TermTable { slots: free_slots(SLOTS), low: vec![], terms: vec![], bytes: vec![], seed }
    }
}

fn free_slots(count: usize) -> Vec<Slot> {
    vec![Slot { high: 0, number: Slot::FREE }; count]
}

impl TermTable {
    /// Largest share of the slots that is in use, as a fraction.
    const MAX_LOAD: (usize, usize) = (5, 8);

    /// Seed of the hashes of this segment.
    #[inline]
    pub(super) fn seed(&self) -> u64 {
        self.seed
    }

    /// Number of terms.
    pub(crate) fn len(&self) -> usize {
        self.terms.len()
    }

    /// Loads the slots of these terms into the caches. The loads are independent and overlap; those of lookups one by
    /// one would wait for each other wherever a branch is mispredicted.
    pub(crate) fn prefetch(&self, hashes: &[TermHash]) {
        let mask = self.slots.len() - 1;
        let touched = hashes.iter().fold(0, |all, hash| all ^ self.slots[hash.low as usize & mask].number);
        std::hint::black_box(touched);
    }

    /// The number of a term. A new term is added, and `write_term` appends its bytes.
    #[inline]
    pub(crate) fn number(
        &mut self,
        TermHash { low, high }: TermHash,
        field: Field,
        write_term: impl FnOnce(&mut Vec<u8>),
    ) -> u32 {
        let mask = self.slots.len() - 1;
        let mut at = low as usize & mask;
        loop {
            let slot = self.slots[at];
            if slot.number == Slot::FREE {
                break;
            }
            if slot.high == high && self.low[slot.number as usize] == low {
                return slot.number;
            }
            at = (at + 1) & mask;
        }
        let number = self.terms.len() as u32;
        self.slots[at] = Slot { high, number };
        self.low.push(low);
        self.terms.push(Term { field, start: self.bytes.len() as u32 });
        write_term(&mut self.bytes);
        if self.terms.len() * Self::MAX_LOAD.1 > self.slots.len() * Self::MAX_LOAD.0 {
            self.grow();
        }
        number
    }

    fn grow(&mut self) {
        let larger = free_slots(self.slots.len() * 2);
        let mask = larger.len() - 1;
        for slot in std::mem::replace(&mut self.slots, larger) {
            if slot.number == Slot::FREE {
                continue;
            }
            let mut at = self.low[slot.number as usize] as usize & mask;
            while self.slots[at].number != Slot::FREE {
                at = (at + 1) & mask;
            }
            self.slots[at] = slot;
        }
    }

    pub(crate) fn field(&self, number: u32) -> Field {
        self.terms[number as usize].field
    }

    /// The bytes of a term.
    pub(crate) fn term(&self, number: u32) -> &[u8] {
        let number = number as usize;
        let end = self.terms.get(number + 1).map_or(self.bytes.len(), |next| next.start as usize);
        &self.bytes[self.terms[number].start as usize..end]
    }

    /// The numbers of all terms, sorted by field and bytes.
    pub(crate) fn sorted(&self) -> Vec<u32> {
        // The first eight bytes nearly always decide.
        let beginning = |term: &[u8]| {
            let mut bytes = [0; 8];
            let length = term.len().min(8);
            bytes[..length].copy_from_slice(&term[..length]);
            u64::from_be_bytes(bytes)
        };
        let numbers = 0..self.terms.len() as u32;
        let mut order: Vec<_> = numbers.map(|n| (self.field(n), beginning(self.term(n)), n)).collect();
        order.sort_unstable_by(|a, b| (a.0, a.1).cmp(&(b.0, b.1)).then_with(|| self.term(a.2).cmp(self.term(b.2))));
        order.into_iter().map(|(_, _, number)| number).collect()
    }

    pub(crate) fn mem_usage(&self) -> usize {
        let each = size_of::<Term>() + size_of::<u64>();
        self.slots.len() * size_of::<Slot>() + self.terms.len() * each + self.bytes.len()
    }
}
