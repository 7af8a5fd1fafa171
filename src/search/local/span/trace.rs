//! What a span keeps of its words.

use smallvec::{SmallVec, smallvec};

use super::Space;

/// What a span keeps of the words that matched.
pub(crate) trait Trace: Clone {
    /// Of the words from `start` to before `end`.
    fn of(start: u32, end: u32, space: &Space) -> Self;

    /// Adds the words of another span.
    fn join(&mut self, other: &Self);

    /// Have two spans a word that matched in common?
    fn shares(&self, other: &Self) -> bool;

    /// Of no word, for traces that are joined in a table; `None` for those that are not.
    fn none() -> Option<Self>;
}

/// Stretches of words, each from its first word to after its last.
pub(crate) type Marks = SmallVec<[(u32, u32); 4]>;

impl Trace for Marks {
    fn of(start: u32, end: u32, _: &Space) -> Marks {
        smallvec![(start, end)]
    }

    fn join(&mut self, other: &Marks) {
        for stretch in other {
            if !self.contains(stretch) {
                self.push(*stretch);
            }
        }
    }

    fn shares(&self, other: &Marks) -> bool {
        self.iter().any(|a| other.iter().any(|b| a.0 < b.1 && b.0 < a.1))
    }

    fn none() -> Option<Marks> {
        None
    }
}

/// The documents of a text that have a word of the span, one bit each. Only for texts of at most [`Documents::MAX`]
/// documents and nodes whose operands cannot share a word ([`SpanNode::can_share`](super::SpanNode::can_share)).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Documents(pub(super) u64);

impl Documents {
    /// Documents of a text that can be told apart.
    pub(crate) const MAX: usize = u64::BITS as usize;

    /// Is a word of the span in the document with this ordinal?
    #[must_use]
    pub(crate) fn has(self, document: usize) -> bool {
        self.0 >> document & 1 == 1
    }
}

impl Trace for Documents {
    fn of(start: u32, end: u32, space: &Space) -> Documents {
        if space.documents.len() < 2 {
            return Documents(1);
        }
        let (first, last) = (space.document(start), space.document(end.saturating_sub(1)));
        Documents((first..=last).fold(0, |all, document| all | 1 << document))
    }

    fn join(&mut self, other: &Documents) {
        self.0 |= other.0;
    }

    fn shares(&self, _: &Documents) -> bool {
        false
    }

    fn none() -> Option<Documents> {
        Some(Documents(0))
    }
}

/// An interval of words that satisfies a node.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Span<T> {
    /// Position of its first word.
    pub start: u32,
    /// Position after its last word.
    pub end: u32,
    /// How much it counts: 1 for a word, less the further its parts are apart.
    pub weight: f32,
    /// Which of its words matched.
    pub trace: T,
}
