//! Spans: intervals of word positions that satisfy an operator of proximity, and the algebra that combines them.
//!
//! A text is a row of word positions. A word gives spans of one position, and every operator makes spans of spans, so
//! that operators nest: `(Joh* OR Jon~1) w/2 Doe` is a span wherever one of the names is near the other. The algebra
//! is that of interval operators (Clarke, Cormack, Burkowski: An Algebra for Structured Text Search, 1995), with all
//! intervals kept, not only the minimal ones: a longer one can be nearer to what is outside it. The same evaluation says
//! what matches, how well (nearer counts more), and which words are marked.
//!
//! What a span keeps of its words is its [`Trace`]. Marks need all of them; to count and score it is enough to know in
//! which documents of the text they are, as long as no two operands can be the same word.

mod near;
mod phrase;
mod trace;

use crate::query::Near;
use crate::search::budget::Meter;
use crate::search::local::postings::end_of;

pub(crate) use phrase::MOST_BETWEEN;
pub(crate) use trace::{Documents, Marks, Span, Trace};

/// What is asked of a text. Words are numbers of a [`super::plan::Leaf`].
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum SpanNode {
    /// Nothing at all.
    Nothing,
    /// A word.
    Word(usize),
    /// Words side by side, moved by at most `slop` positions in all.
    Phrase {
        /// The words, in order.
        words: Vec<usize>,
        /// Slop as in Lucene.
        slop: u32,
    },
    /// The words of a name, in order, with at most [`MOST_BETWEEN`] other words with capitals between each and the next:
    /// middle names. None but the first begins a sentence.
    Name {
        /// The words, in order.
        words: Vec<usize>,
        /// Must each have a capital?
        capitals: Vec<bool>,
    },
    /// Any of these.
    Or(Vec<SpanNode>),
    /// Any of these, which are ways to write what the first is.
    Forms(Vec<SpanNode>),
    /// The first near the second; or, negated, the first without the second near it.
    Near {
        /// How near.
        near: Near,
        /// Not near?
        negated: bool,
        /// The two.
        pair: Box<(SpanNode, SpanNode)>,
    },
    /// Within the first words of the text.
    First(u32, Box<SpanNode>),
    /// Within the lede.
    Lede(Box<SpanNode>),
}

impl SpanNode {
    /// Is it a single word, however else it is written?
    #[must_use]
    pub(crate) fn is_word(&self) -> bool {
        match self {
            SpanNode::Word(_) => true,
            SpanNode::Forms(forms) => forms.first().is_some_and(SpanNode::is_word),
            _ => false,
        }
    }

    /// Does it ask for sentences or paragraphs?
    #[must_use]
    pub(crate) fn needs(&self, unit: Near) -> bool {
        match self {
            SpanNode::Near { near, pair, .. } => *near == unit || pair.0.needs(unit) || pair.1.needs(unit),
            SpanNode::Or(nodes) | SpanNode::Forms(nodes) => nodes.iter().any(|node| node.needs(unit)),
            SpanNode::First(_, node) | SpanNode::Lede(node) => node.needs(unit),
            SpanNode::Name { .. } => unit == Near::Sentence,
            SpanNode::Nothing | SpanNode::Word(_) | SpanNode::Phrase { .. } => false,
        }
    }

    /// Does it ask for words with capitals?
    #[must_use]
    pub(crate) fn needs_capitals(&self) -> bool {
        match self {
            SpanNode::Name { .. } => true,
            SpanNode::Near { pair, .. } => pair.0.needs_capitals() || pair.1.needs_capitals(),
            SpanNode::Or(nodes) | SpanNode::Forms(nodes) => nodes.iter().any(SpanNode::needs_capitals),
            SpanNode::First(_, node) | SpanNode::Lede(node) => node.needs_capitals(),
            SpanNode::Nothing | SpanNode::Word(_) | SpanNode::Phrase { .. } => false,
        }
    }

    /// Does it ask for the lede?
    #[must_use]
    pub(crate) fn needs_lede(&self) -> bool {
        match self {
            SpanNode::Lede(_) => true,
            SpanNode::Near { pair, .. } => pair.0.needs_lede() || pair.1.needs_lede(),
            SpanNode::Or(nodes) | SpanNode::Forms(nodes) => nodes.iter().any(SpanNode::needs_lede),
            SpanNode::First(_, node) => node.needs_lede(),
            SpanNode::Nothing | SpanNode::Word(_) | SpanNode::Phrase { .. } | SpanNode::Name { .. } => false,
        }
    }

    /// Adds the numbers of its words to `words`.
    pub(crate) fn words(&self, words: &mut Vec<usize>) {
        match self {
            SpanNode::Nothing => {}
            SpanNode::Word(word) => words.push(*word),
            SpanNode::Phrase { words: phrase, .. } | SpanNode::Name { words: phrase, .. } => words.extend(phrase),
            SpanNode::Or(nodes) | SpanNode::Forms(nodes) => nodes.iter().for_each(|node| node.words(words)),
            SpanNode::Near { pair, .. } => {
                pair.0.words(words);
                pair.1.words(words);
            }
            SpanNode::First(_, node) | SpanNode::Lede(node) => node.words(words),
        }
    }

    /// Can one occurrence of a word satisfy two operands that must be near each other, or two words of a phrase with
    /// slop? `is_same` says whether two words of the leaf can be one word of the text.
    pub(crate) fn can_share(&self, is_same: &dyn Fn(usize, usize) -> bool) -> bool {
        let any_pair = |a: &[usize], b: &[usize]| a.iter().any(|&a| b.iter().any(|&b| is_same(a, b)));
        match self {
            SpanNode::Nothing | SpanNode::Word(_) | SpanNode::Phrase { slop: 0, .. } => false,
            // The search for a sloppy phrase sees to it by itself; the words of a name are one after the other.
            SpanNode::Phrase { .. } | SpanNode::Name { .. } => false,
            SpanNode::Or(nodes) | SpanNode::Forms(nodes) => nodes.iter().any(|node| node.can_share(is_same)),
            SpanNode::Near { pair, .. } => {
                let (mut first, mut second) = (Vec::new(), Vec::new());
                pair.0.words(&mut first);
                pair.1.words(&mut second);
                any_pair(&first, &second) || pair.0.can_share(is_same) || pair.1.can_share(is_same)
            }
            SpanNode::First(_, node) | SpanNode::Lede(node) => node.can_share(is_same),
        }
    }
}

/// A text as positions.
#[derive(Debug, Clone, Default)]
pub(crate) struct Space {
    /// Positions of each word of the leaf, in rising order.
    pub words: Vec<Vec<u32>>,
    /// Of each word: where it is a compound, from its first word to after its last, in rising order. Their first words
    /// are in `words` too.
    pub compounds: Vec<Vec<(u32, u32)>>,
    /// First words of sentences, in rising order.
    pub sentences: Vec<u32>,
    /// First words of paragraphs, in rising order.
    pub paragraphs: Vec<u32>,
    /// Words with capitals, in rising order.
    pub capitals: Vec<u32>,
    /// Number of words of the lede.
    pub lede: u32,
    /// First position that was read of each document of the text, in rising order.
    pub documents: Vec<u32>,
}

impl Space {
    /// Empties it for the next text.
    pub(crate) fn clear(&mut self) {
        self.words.iter_mut().for_each(Vec::clear);
        self.compounds.iter_mut().for_each(Vec::clear);
        self.sentences.clear();
        self.paragraphs.clear();
        self.capitals.clear();
        self.documents.clear();
    }

    /// The compounds that a word is.
    fn compounds(&self, word: usize) -> &[(u32, u32)] {
        self.compounds.get(word).map_or(&[], Vec::as_slice)
    }

    /// The document that holds a position that was read, by its ordinal in the text.
    fn document(&self, position: u32) -> usize {
        self.documents.partition_point(|&first| first <= position).saturating_sub(1)
    }
}

/// The spans of `node` in `space`, by start and end; none twice. At most as many as the budget allows, none once it is
/// spent.
#[must_use]
pub(crate) fn spans<T: Trace>(node: &SpanNode, space: &Space, meter: &mut Meter) -> Vec<Span<T>> {
    match node {
        SpanNode::Nothing => Vec::new(),
        SpanNode::Word(word) => {
            let compounds = space.compounds(*word);
            let all = space.words[*word].iter().map(|&at| one(at, end_of(at, compounds), space)).collect();
            if compounds.is_empty() { all } else { tidy(all, meter) }
        }
        SpanNode::Phrase { words, slop: 0 } => phrase::phrase(words, space, meter),
        SpanNode::Phrase { words, slop } => phrase::sloppy(words, *slop, space, meter),
        SpanNode::Name { words, capitals } => phrase::names(words, capitals, space, meter),
        SpanNode::Or(nodes) | SpanNode::Forms(nodes) => {
            let all = nodes.iter().flat_map(|node| spans(node, space, meter)).collect();
            tidy(all, meter)
        }
        SpanNode::Near { near, negated, pair } => {
            let first: Vec<Span<T>> = spans(&pair.0, space, meter);
            if first.is_empty() {
                return first;
            }
            let second = spans(&pair.1, space, meter);
            if *negated {
                near::apart(first, &second, *near, space, meter)
            } else {
                near::together(&first, &second, *near, space, meter)
            }
        }
        SpanNode::First(words, node) => within(spans(node, space, meter), *words),
        SpanNode::Lede(node) => within(spans(node, space, meter), space.lede),
    }
}

fn one<T: Trace>(start: u32, end: u32, space: &Space) -> Span<T> {
    Span { start, end, weight: 1.0, trace: T::of(start, end, space) }
}

fn within<T>(mut spans: Vec<Span<T>>, words: u32) -> Vec<Span<T>> {
    spans.retain(|span| span.end <= words);
    spans
}

/// In order, each interval once, with the words of all that are the same interval.
fn tidy<T: Trace>(mut spans: Vec<Span<T>>, meter: &Meter) -> Vec<Span<T>> {
    spans.sort_unstable_by_key(|span| u64::from(span.start) << 32 | u64::from(span.end));
    spans.dedup_by(|next, kept| {
        let same = (next.start, next.end) == (kept.start, kept.end);
        if same {
            kept.trace.join(&next.trace);
            kept.weight = kept.weight.max(next.weight);
        }
        same
    });
    if spans.len() > meter.max_spans() {
        spans.truncate(meter.max_spans());
        meter.truncated();
    }
    spans
}

/// The greatest number of the spans of which no two overlap: mentions.
#[must_use]
pub(crate) fn mentions<T>(spans: &[Span<T>]) -> u32 {
    let mut ends: Vec<(u32, u32)> = spans.iter().map(|span| (span.end, span.start)).collect();
    ends.sort_unstable();
    let (mut count, mut free_from) = (0, 0);
    for (end, start) in ends {
        if start >= free_from {
            count += 1;
            free_from = end;
        }
    }
    count
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::search::budget::Budget;

    /// Positions of the letters of `text` as the words a, b, c.
    fn space(text: &str) -> Space {
        let at = |letter: char| text.chars().zip(0..).filter(|(c, _)| *c == letter).map(|(_, at)| at).collect();
        Space {
            words: vec![at('a'), at('b'), at('c')],
            compounds: Vec::new(),
            sentences: vec![0, 5],
            paragraphs: vec![0],
            // A capital letter is a word with a capital that is none of these.
            capitals: text.chars().zip(0..).filter(|(c, _)| c.is_uppercase()).map(|(_, at)| at).collect(),
            lede: 3,
            documents: vec![0],
        }
    }

    fn found(node: &SpanNode, space: &Space) -> Vec<Span<Marks>> {
        spans(node, space, &mut Budget::unlimited().meter())
    }

    fn near(near: Near, negated: bool, a: SpanNode, b: SpanNode) -> SpanNode {
        SpanNode::Near { near, negated, pair: Box::new((a, b)) }
    }

    /// The words of a name are in order, with at most two words with capitals between them, in one sentence.
    #[test]
    fn names_table() {
        let name = |words: &[usize]| SpanNode::Name { words: words.to_vec(), capitals: vec![false; words.len()] };
        for (text, words, expected) in [
            ("ab...", &[0, 1][..], &[(0, 2)][..]),
            ("aXYb.", &[0, 1], &[(0, 4)]),
            ("aXYZb", &[0, 1], &[]),
            ("axb..", &[0, 1], &[]),
            ("b..a.", &[0, 1], &[]),
            ("aabX.", &[0, 1], &[(1, 3)]),
            ("aXbYc", &[0, 1, 2], &[(0, 5)]),
            // A sentence begins at the sixth word.
            ("....ab", &[0, 1], &[]),
            ("...aXb", &[0, 1], &[]),
            (".....ab", &[0, 1], &[(5, 7)]),
            ("a.a..a", &[0], &[(0, 1), (2, 3), (5, 6)]),
        ] {
            let found: Vec<_> = found(&name(words), &space(text)).iter().map(|span| (span.start, span.end)).collect();
            assert_eq!(found, expected, "{text}");
        }
        let capital = SpanNode::Name { words: vec![0], capitals: vec![true] };
        assert!(found(&capital, &space("a....")).is_empty());
    }

    #[test]
    fn span_table() {
        use SpanNode::{Phrase, Word};
        let (a, b, c) = (|| Word(0), || Word(1), || Word(2));
        let slop = |slop| Phrase { words: vec![0, 1], slop };
        for (node, text, expected) in [
            (near(Near::Words(2), false, a(), b()), "a.b.a", vec![(0, 3), (2, 5)]),
            (near(Near::InOrder(2), false, a(), b()), "a.b.a", vec![(0, 3)]),
            (near(Near::Words(1), false, a(), b()), "a.b", vec![]),
            (near(Near::Words(1), false, a(), a()), "aa", vec![(0, 2)]),
            (near(Near::Words(5), false, a(), a()), "a", vec![]),
            (near(Near::Words(1), true, a(), b()), "ab.a", vec![(3, 4)]),
            (near(Near::Words(1), true, a(), slop(0)), "ab..a", vec![(4, 5)]),
            (near(Near::Sentence, false, a(), b()), "a...b.a", vec![(0, 5)]),
            (near(Near::Sentence, true, a(), b()), "a...b.a", vec![(6, 7)]),
            (near(Near::Words(2), false, near(Near::Words(5), false, a(), b()), c()), "ab..bc", vec![(0, 6)]),
            (near(Near::Words(2), false, near(Near::Words(5), false, a(), b()), c()), "a.c.b", vec![(0, 5)]),
            (slop(0), "ab.a.b", vec![(0, 2)]),
            (slop(1), "ab.a.b", vec![(0, 2), (3, 6)]),
            (slop(2), "ba..", vec![(0, 2)]),
            (slop(1), "ba..", vec![]),
            (SpanNode::First(3, Box::new(a())), "a..a", vec![(0, 1)]),
            (SpanNode::Lede(Box::new(b())), "..bb", vec![(2, 3)]),
            (SpanNode::Or(vec![a(), b(), a()]), "ab", vec![(0, 1), (1, 2)]),
        ] {
            let got: Vec<(u32, u32)> = found(&node, &space(text)).iter().map(|span| (span.start, span.end)).collect();
            assert_eq!(got, expected, "{node:?} in {text}");
        }
    }

    #[test]
    fn what_matched_is_marked_and_nothing_else() {
        let node = near(Near::Words(2), false, SpanNode::Word(0), SpanNode::Word(1));
        let found = found(&node, &space("a.b....a"));
        assert_eq!(found.len(), 1);
        assert_eq!(found[0].trace.as_slice(), [(0, 1), (2, 3)]);
    }

    #[test]
    fn mentions_share_no_word() {
        let node = near(Near::Words(3), false, SpanNode::Word(0), SpanNode::Word(1));
        assert_eq!(mentions(&found(&node, &space("aabb"))), 1);
        assert_eq!(mentions(&found(&SpanNode::Word(0), &space("aabb"))), 2);
    }

    /// Counted spans are the marked ones without their words, however they are made.
    mod counted {
        use proptest::collection::{btree_set, vec};
        use proptest::prelude::*;

        use super::*;

        fn node() -> impl Strategy<Value = SpanNode> {
            let leaf = prop_oneof![
                (0usize..4).prop_map(SpanNode::Word),
                Just(SpanNode::Phrase { words: vec![0, 1], slop: 0 }),
                Just(SpanNode::Phrase { words: vec![2, 3], slop: 2 }),
            ];
            leaf.prop_recursive(3, 8, 2, |inner| {
                let how = prop_oneof![
                    (1u32..60).prop_map(Near::Words),
                    (1u32..60).prop_map(Near::InOrder),
                    Just(Near::Sentence)
                ];
                prop_oneof![
                    (how, any::<bool>(), inner.clone(), inner.clone())
                        .prop_map(|(near, negated, a, b)| SpanNode::Near { near, negated, pair: Box::new((a, b)) }),
                    vec(inner, 2).prop_map(SpanNode::Or),
                ]
            })
        }

        proptest! {
            #[test]
            fn as_marked(
                node in node(),
                // Each word of the text is one word of the leaf.
                words in vec(0usize..6, 20..160),
                documents in btree_set(1u32..160, 0..4),
            ) {
                // Spans of operands that can share a word are never counted without their words.
                prop_assume!(!node.can_share(&|a, b| a == b));
                let at = |word: usize| (0u32..).zip(&words).filter(|(_, other)| **other == word).map(|(at, _)| at).collect();
                let space = Space {
                    words: (0..4).map(at).collect(),
                    sentences: (0..160).step_by(9).collect(),
                    documents: std::iter::once(0).chain(documents).collect(),
                    ..Space::default()
                };
                let mut meter = Budget::unlimited().meter();
                let marked: Vec<Span<Marks>> = spans(&node, &space, &mut meter);
                let counted: Vec<Span<Documents>> = spans(&node, &space, &mut meter);
                prop_assert_eq!(marked.len(), counted.len());
                for (marked, counted) in marked.iter().zip(&counted) {
                    let ends = |start, end, weight: f32| (start, end, weight.to_bits());
                    prop_assert_eq!(
                        ends(marked.start, marked.end, marked.weight),
                        ends(counted.start, counted.end, counted.weight)
                    );
                    let mut documents = Documents(0);
                    marked.trace.iter().for_each(|&(start, end)| documents.join(&Documents::of(start, end, &space)));
                    prop_assert_eq!(documents, counted.trace);
                }
            }
        }
    }
}
