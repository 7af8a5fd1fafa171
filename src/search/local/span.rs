//! Spans: stretches of words in a text that satisfy an operator of proximity, and the algebra that makes them.
//!
//! A text is a row of word positions. A word gives spans of one position, and every operator makes spans of spans, so
//! that operators nest: `(Joh* OR Jon~1) w/2 Doe` is a span wherever one of the names is near the other. The algebra
//! is that of interval operators (Clarke, Cormack, Burkowski: An Algebra for Structured Text Search, 1995), with all
//! intervals kept, not only the shortest: a longer one can be nearer to what stands outside. The same evaluation says
//! what matches, how well (nearer counts more), and which words are marked.

use smallvec::{SmallVec, smallvec};

use crate::query::Near;

/// What is asked of a text. Words are numbers of a [`crate::search::local::plan::Leaf`].
#[derive(Debug, Clone, PartialEq)]
pub enum SpanNode {
    /// Nothing at all.
    Nothing,
    /// A word.
    Word(usize),
    /// Words side by side, moved by `slop` places in all at most.
    Phrase {
        /// The words, in order.
        words: Vec<usize>,
        /// Lucene's slop.
        slop: u32,
    },
    /// Any of these.
    Or(Vec<SpanNode>),
    /// The first near the second; or, negated, the first without the second near it.
    Near {
        /// How near.
        near: Near,
        /// Not near?
        negated: bool,
        /// The two.
        pair: Box<(SpanNode, SpanNode)>,
    },
    /// Within the first so many words of the text.
    First(u32, Box<SpanNode>),
    /// Within the lede.
    Lede(Box<SpanNode>),
}

impl SpanNode {
    /// Is it a single word?
    #[must_use]
    pub fn is_word(&self) -> bool {
        matches!(self, SpanNode::Word(_))
    }

    /// Does it ask for sentences or paragraphs?
    #[must_use]
    pub fn needs(&self, unit: Near) -> bool {
        match self {
            SpanNode::Near { near, pair, .. } => *near == unit || pair.0.needs(unit) || pair.1.needs(unit),
            SpanNode::Or(nodes) => nodes.iter().any(|node| node.needs(unit)),
            SpanNode::First(_, node) | SpanNode::Lede(node) => node.needs(unit),
            SpanNode::Nothing | SpanNode::Word(_) | SpanNode::Phrase { .. } => false,
        }
    }

    /// Does it ask for the lede?
    #[must_use]
    pub fn needs_lede(&self) -> bool {
        match self {
            SpanNode::Lede(_) => true,
            SpanNode::Near { pair, .. } => pair.0.needs_lede() || pair.1.needs_lede(),
            SpanNode::Or(nodes) => nodes.iter().any(SpanNode::needs_lede),
            SpanNode::First(_, node) => node.needs_lede(),
            SpanNode::Nothing | SpanNode::Word(_) | SpanNode::Phrase { .. } => false,
        }
    }
}

/// A text as positions.
#[derive(Debug, Clone, Default)]
pub struct Space {
    /// Where each word of the leaf stands, in rising order.
    pub words: Vec<Vec<u32>>,
    /// First words of sentences, in rising order.
    pub sentences: Vec<u32>,
    /// First words of paragraphs, in rising order.
    pub paragraphs: Vec<u32>,
    /// How many words at the start are the lede.
    pub lede: u32,
}

impl Space {
    /// Empties it for the next text.
    pub fn clear(&mut self) {
        self.words.iter_mut().for_each(Vec::clear);
        self.sentences.clear();
        self.paragraphs.clear();
    }
}

/// Stretches of words, each from its first word to behind its last.
pub type Marks = SmallVec<[(u32, u32); 2]>;

/// A stretch of words that satisfies a node.
#[derive(Debug, Clone, PartialEq)]
pub struct Span {
    /// Position of its first word.
    pub start: u32,
    /// Position behind its last word.
    pub end: u32,
    /// How much it counts: 1 for a word, less the further its parts are apart.
    pub weight: f32,
    /// Which of its words matched.
    pub marks: Marks,
}

/// Adds to `marks` what is not among them.
fn add(marks: &mut Marks, others: &Marks) {
    for stretch in others {
        if !marks.contains(stretch) {
            marks.push(*stretch);
        }
    }
}

/// A node gives no more spans in one text; only texts of nothing but the words asked for have more.
const MOST_SPANS: usize = 20_000;

/// Ways to put the words of a phrase with slop together that are tried from one place.
const MOST_TRIES: usize = 2_000;

/// The spans of `node` in `space`, by start and end; none twice.
#[must_use]
pub fn spans(node: &SpanNode, space: &Space) -> Vec<Span> {
    match node {
        SpanNode::Nothing => Vec::new(),
        SpanNode::Word(word) => space.words[*word].iter().map(|&at| one(at, at + 1)).collect(),
        SpanNode::Phrase { words, slop: 0 } => phrase(words, space),
        SpanNode::Phrase { words, slop } => sloppy(words, *slop, space),
        SpanNode::Or(nodes) => tidy(nodes.iter().flat_map(|node| spans(node, space)).collect()),
        SpanNode::Near { near, negated, pair } => {
            let first = spans(&pair.0, space);
            if first.is_empty() {
                return first;
            }
            let second = spans(&pair.1, space);
            if *negated { apart(first, &second, *near, space) } else { together(&first, &second, *near, space) }
        }
        SpanNode::First(words, node) => within(spans(node, space), *words),
        SpanNode::Lede(node) => within(spans(node, space), space.lede),
    }
}

fn one(start: u32, end: u32) -> Span {
    Span { start, end, weight: 1.0, marks: smallvec![(start, end)] }
}

fn within(mut spans: Vec<Span>, words: u32) -> Vec<Span> {
    spans.retain(|span| span.end <= words);
    spans
}

/// In order, each stretch once, with the marks of all that are the same stretch.
fn tidy(mut spans: Vec<Span>) -> Vec<Span> {
    spans.sort_unstable_by_key(|span| (span.start, span.end));
    spans.dedup_by(|next, kept| {
        let same = (next.start, next.end) == (kept.start, kept.end);
        if same {
            add(&mut kept.marks, &next.marks);
            kept.weight = kept.weight.max(next.weight);
        }
        same
    });
    spans.truncate(MOST_SPANS);
    spans
}

fn phrase(words: &[usize], space: &Space) -> Vec<Span> {
    let Some((first, rest)) = words.split_first() else { return Vec::new() };
    let length = words.len() as u32;
    let follows = |start: u32| {
        let mut step = start;
        rest.iter().all(|&word| {
            step += 1;
            space.words[word].binary_search(&step).is_ok()
        })
    };
    space.words[*first].iter().filter(|&&start| follows(start)).map(|&start| one(start, start + length)).collect()
}

/// A phrase whose words may be moved: the positions, each less the word's place in the phrase, differ by `slop` at
/// most. Every word needs a position of its own.
fn sloppy(words: &[usize], slop: u32, space: &Space) -> Vec<Span> {
    struct Search<'a> {
        words: &'a [usize],
        slop: i64,
        space: &'a Space,
        taken: Vec<u32>,
        tries: usize,
    }
    impl Search<'_> {
        fn place(&mut self, least: i64, most: i64, out: &mut Vec<Span>) {
            let place = self.taken.len();
            let Some(&word) = self.words.get(place) else {
                let start = self.taken.iter().copied().min().unwrap_or(0);
                let end = self.taken.iter().copied().max().unwrap_or(0) + 1;
                let marks = self.taken.iter().map(|&at| (at, at + 1)).collect();
                let weight = 1.0 / (1.0 + (most - least) as f32);
                out.push(Span { start, end, weight, marks });
                return;
            };
            let offset = place as i64;
            let positions = &self.space.words[word];
            let (from, to) = (most - self.slop + offset, least + self.slop + offset);
            let first = positions.partition_point(|&at| i64::from(at) < from);
            for &at in positions[first..].iter().take_while(|&&at| i64::from(at) <= to) {
                if self.tries == 0 {
                    return;
                }
                self.tries -= 1;
                if self.taken.contains(&at) {
                    continue;
                }
                let moved = i64::from(at) - offset;
                self.taken.push(at);
                self.place(least.min(moved), most.max(moved), out);
                self.taken.pop();
            }
        }
    }
    let Some(&first) = words.first() else { return Vec::new() };
    let mut out = Vec::new();
    for &at in &space.words[first] {
        let mut search = Search { words, slop: i64::from(slop), space, taken: vec![at], tries: MOST_TRIES };
        search.place(i64::from(at), i64::from(at), &mut out);
        if out.len() > MOST_SPANS {
            break;
        }
    }
    tidy(out)
}

/// How many words on `b` begins behind the end of `a`: 1 is the next word; 0 if it begins before that.
fn ahead(a: &Span, b: &Span) -> u32 {
    if b.start >= a.end { b.start - a.end + 1 } else { 0 }
}

/// The ordinal of the sentence or paragraph that holds all of a span.
fn part(starts: &[u32], span: &Span) -> Option<usize> {
    let of = |at: u32| starts.partition_point(|&start| start <= at);
    let first = of(span.start);
    (first == of(span.end.saturating_sub(1))).then_some(first)
}

/// Do two spans have a word that matched in common?
fn share(a: &Span, b: &Span) -> bool {
    a.marks.iter().any(|a| b.marks.iter().any(|b| a.0 < b.1 && b.0 < a.1))
}

/// Are two spans near each other, and how many words are they apart? Spans whose words stand among each other's are not
/// apart at all.
fn distance(a: &Span, b: &Span, near: Near, space: &Space) -> Option<u32> {
    let (behind, before) = (ahead(a, b), ahead(b, a));
    let apart = behind.max(before);
    let starts = match near {
        Near::Words(most) => return (apart <= most).then_some(apart),
        Near::InOrder(most) => return (behind > 0 && behind <= most).then_some(behind),
        Near::Sentence => &space.sentences,
        Near::Paragraph => &space.paragraphs,
        // Sections and articles are no matter of positions; the plan sees to them.
        Near::Section | Near::Article => return Some(apart),
    };
    let (first, second) = (part(starts, a)?, part(starts, b)?);
    (first == second).then_some(apart)
}

/// The part of `others` that can be near `span`: those that begin at the right place.
fn around<'s>(span: &Span, others: &'s [Span], longest: u32, near: Near, space: &Space) -> &'s [Span] {
    let starts = match near {
        Near::Words(_) | Near::InOrder(_) => &[],
        Near::Sentence => space.sentences.as_slice(),
        Near::Paragraph => space.paragraphs.as_slice(),
        Near::Section | Near::Article => return others,
    };
    let (from, to) = match near {
        Near::Words(most) | Near::InOrder(most) => {
            (span.start.saturating_sub(most.saturating_add(longest)), span.end.saturating_add(most))
        }
        _ => {
            let part = starts.partition_point(|&start| start <= span.start);
            let from = part.checked_sub(1).map_or(0, |before| starts[before]);
            (from, starts.get(part).copied().unwrap_or(u32::MAX))
        }
    };
    // What shares a word with the span can begin before its part does.
    let from = from.min(span.start.saturating_sub(longest));
    let first = others.partition_point(|other| other.start < from);
    let last = others.partition_point(|other| other.start < to.max(span.end));
    &others[first..last.max(first)]
}

fn longest(spans: &[Span]) -> u32 {
    spans.iter().map(|span| span.end - span.start).max().unwrap_or(0)
}

fn together(first: &[Span], second: &[Span], near: Near, space: &Space) -> Vec<Span> {
    let longest = longest(second);
    let mut out = Vec::new();
    for a in first {
        for b in around(a, second, longest, near, space) {
            let Some(apart) = distance(a, b, near, space).filter(|_| !share(a, b)) else { continue };
            let mut marks = a.marks.clone();
            add(&mut marks, &b.marks);
            let weight = a.weight.min(b.weight) / (1.0 + 0.1 * apart.saturating_sub(1) as f32);
            out.push(Span { start: a.start.min(b.start), end: a.end.max(b.end), weight, marks });
        }
        if out.len() > MOST_SPANS {
            out = tidy(out);
            if out.len() >= MOST_SPANS {
                return out;
            }
        }
    }
    tidy(out)
}

fn apart(mut first: Vec<Span>, second: &[Span], near: Near, space: &Space) -> Vec<Span> {
    let longest = longest(second);
    first.retain(|a| {
        let mut others = around(a, second, longest, near, space).iter();
        !others.any(|b| share(a, b) || distance(a, b, near, space).is_some())
    });
    first
}

/// How many of the spans can be had without two that share a word: mentions.
#[must_use]
pub fn mentions(spans: &[Span]) -> u32 {
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

    /// Positions of the letters of `text` as the words a, b, c.
    fn space(text: &str) -> Space {
        let at = |letter: char| text.chars().zip(0..).filter(|(c, _)| *c == letter).map(|(_, at)| at).collect();
        Space { words: vec![at('a'), at('b'), at('c')], sentences: vec![0, 5], paragraphs: vec![0], lede: 3 }
    }

    fn near(near: Near, negated: bool, a: SpanNode, b: SpanNode) -> SpanNode {
        SpanNode::Near { near, negated, pair: Box::new((a, b)) }
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
            let got: Vec<(u32, u32)> = spans(&node, &space(text)).iter().map(|span| (span.start, span.end)).collect();
            assert_eq!(got, expected, "{node:?} in {text}");
        }
    }

    #[test]
    fn what_matched_is_marked_and_nothing_else() {
        let node = near(Near::Words(2), false, SpanNode::Word(0), SpanNode::Word(1));
        let found = spans(&node, &space("a.b....a"));
        assert_eq!(found.len(), 1);
        assert_eq!(found[0].marks.as_slice(), [(0, 1), (2, 3)]);
    }

    #[test]
    fn mentions_share_no_word() {
        let node = near(Near::Words(3), false, SpanNode::Word(0), SpanNode::Word(1));
        assert_eq!(mentions(&spans(&node, &space("aabb"))), 1);
        assert_eq!(mentions(&spans(&SpanNode::Word(0), &space("aabb"))), 2);
    }
}
