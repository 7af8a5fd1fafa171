//! The terms of a segment: found by hashes of their fields and keys, numbered as they come, sorted in the end.

use std::hash::{BuildHasher, RandomState};

use tantivy::schema::Field;
use xxhash_rust::xxh3::xxh3_128_with_seed;

/// The terms of a segment, by number.
pub(crate) struct Vocabulary {
    /// A power of two of them, at most [`Vocabulary::FULL`] of them taken.
    slots: Vec<Slot>,
    /// The rest of the terms' hashes.
    low: Vec<u64>,
    terms: Vec<Term>,
    /// Their keys, one after the other.
    keys: Vec<u8>,
    /// Seed of all hashes, another in each segment: no text can be made whose words collide.
    seed: u64,
}

/// 96 bits of the hash of a term's field and key: of a billion terms, two are taken for one by one chance in 10^11.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) struct Hash {
    low: u64,
    high: u32,
}

impl Hash {
    /// Of the two parts of a key ([`crate::index::terms::Terms::parts`]), the second of which is hashed with its field.
    #[inline]
    pub(crate) fn of(head: &[u8], end: End, seed: u64) -> Hash {
        let hash = xxh3_128_with_seed(head, seed) ^ end.hash;
        Hash { low: hash as u64, high: (hash >> 64) as u32 }
    }
}

/// What tells terms from others whose keys begin alike: their field, and what their keys end with. It is hashed apart from
/// their beginnings: a seed of it would be lost in theirs, whose bytes are few and alike.
#[derive(Clone, Copy)]
pub(crate) struct End {
    tail: u16,
    hash: u128,
}

impl End {
    pub(crate) fn of(field: Field, tail: u16, seed: u64) -> End {
        let [a, b, c, d] = field.field_id().to_le_bytes();
        let [e, f] = tail.to_le_bytes();
        End { tail, hash: xxh3_128_with_seed(&[a, b, c, d, e, f], seed) }
    }

    /// Is it of this tail? Of the field it is.
    #[inline]
    pub(crate) fn has(self, tail: u16) -> bool {
        self.tail == tail
    }
}

/// A term in the table. What it holds of the hash nearly always tells; small slots stay in the processor's caches.
#[derive(Clone, Copy)]
struct Slot {
    high: u32,
    /// [`Slot::FREE`] if there is none.
    number: u32,
}

impl Slot {
    const FREE: u32 = u32::MAX;
}

struct Term {
    field: Field,
    /// Where its key begins. A writer has less than 4 GiB for all it holds.
    start: u32,
}

impl Default for Vocabulary {
    fn default() -> Vocabulary {
        const SLOTS: usize = 1 << 12;
        let seed = RandomState::new().hash_one(SLOTS);
        Vocabulary { slots: free(SLOTS), low: vec![], terms: vec![], keys: vec![], seed }
    }
}

fn free(slots: usize) -> Vec<Slot> {
    vec![Slot { high: 0, number: Slot::FREE }; slots]
}

impl Vocabulary {
    /// So much of the table may be taken.
    const FULL: (usize, usize) = (5, 8);

    /// Seed of the hashes of this segment.
    #[inline]
    pub(super) fn seed(&self) -> u64 {
        self.seed
    }

    /// How many terms there are.
    pub(crate) fn len(&self) -> usize {
        self.terms.len()
    }

    /// Has the places of these terms brought from memory, all at once: looked up one by one, each would wait for the one
    /// before it whenever that is not what was guessed.
    pub(crate) fn fetch(&self, hashes: &[Hash]) {
        let mask = self.slots.len() - 1;
        let touched = hashes.iter().fold(0, |all, hash| all ^ self.slots[hash.low as usize & mask].number);
        std::hint::black_box(touched);
    }

    /// The number of a term, a new one if it is new, whose key is written down then.
    #[inline]
    pub(crate) fn number(
        &mut self,
        Hash { low, high }: Hash,
        field: Field,
        write_key: impl FnOnce(&mut Vec<u8>),
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
        self.terms.push(Term { field, start: self.keys.len() as u32 });
        write_key(&mut self.keys);
        if self.terms.len() * Self::FULL.1 > self.slots.len() * Self::FULL.0 {
            self.grow();
        }
        number
    }

    fn grow(&mut self) {
        let more = free(self.slots.len() * 2);
        let mask = more.len() - 1;
        for slot in std::mem::replace(&mut self.slots, more) {
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

    pub(crate) fn key(&self, number: u32) -> &[u8] {
        let number = number as usize;
        let end = self.terms.get(number + 1).map_or(self.keys.len(), |next| next.start as usize);
        &self.keys[self.terms[number].start as usize..end]
    }

    /// The numbers of all terms in the order of their fields and keys.
    pub(crate) fn sorted(&self) -> Vec<u32> {
        // Nearly always the first eight bytes tell.
        let beginning = |key: &[u8]| {
            let mut bytes = [0; 8];
            let length = key.len().min(8);
            bytes[..length].copy_from_slice(&key[..length]);
            u64::from_be_bytes(bytes)
        };
        let numbers = 0..self.terms.len() as u32;
        let mut order: Vec<_> = numbers.map(|n| (self.field(n), beginning(self.key(n)), n)).collect();
        order.sort_unstable_by(|a, b| (a.0, a.1).cmp(&(b.0, b.1)).then_with(|| self.key(a.2).cmp(self.key(b.2))));
        order.into_iter().map(|(_, _, number)| number).collect()
    }

    pub(crate) fn bytes(&self) -> usize {
        let each = size_of::<Term>() + size_of::<u64>();
        self.slots.len() * size_of::<Slot>() + self.terms.len() * each + self.keys.len()
    }
}
