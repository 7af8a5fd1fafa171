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

use smallvec::{SmallVec, smallvec};

use crate::query::Near;
use crate::search::budget::Meter;
use crate::search::local::postings::end_of;

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
/// documents and nodes whose operands cannot share a word ([`SpanNode::can_share`]).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Documents(u64);

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

/// Ways to put the words of a sloppy phrase together that are tried from one position.
const MAX_TRIES: usize = 2_000;

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
        SpanNode::Phrase { words, slop: 0 } => phrase(words, space, meter),
        SpanNode::Phrase { words, slop } => sloppy(words, *slop, space, meter),
        SpanNode::Name { words, capitals } => names(words, capitals, space, meter),
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
                apart(first, &second, *near, space, meter)
            } else {
                together(&first, &second, *near, space, meter)
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

fn phrase<T: Trace>(words: &[usize], space: &Space, meter: &Meter) -> Vec<Span<T>> {
    let Some((first, rest)) = words.split_first() else { return Vec::new() };
    if words.iter().any(|&word| !space.compounds(word).is_empty()) {
        return phrase_of_compounds(words, space, meter);
    }
    let length = words.len() as u32;
    let follows = |start: u32| {
        let mut step = start;
        rest.iter().all(|&word| {
            step += 1;
            space.words[word].binary_search(&step).is_ok()
        })
    };
    let starts = space.words[*first].iter().filter(|&&start| follows(start));
    starts.map(|&start| one(start, start + length, space)).collect()
}

/// Most words between two words of a name.
pub(crate) const MOST_BETWEEN: u32 = 2;

/// The spans of a name: from each first word the shortest.
fn names<T: Trace>(words: &[usize], capitals: &[bool], space: &Space, meter: &Meter) -> Vec<Span<T>> {
    let has_capital = |at: u32| space.capitals.binary_search(&at).is_ok();
    let begins_sentence = |at: u32| space.sentences.binary_search(&at).is_ok();
    let end = |i: usize, at: u32| {
        let is_there = space.words[words[i]].binary_search(&at).is_ok() && (!capitals[i] || has_capital(at));
        is_there.then(|| end_of(at, space.compounds(words[i])))
    };
    let whole = |&start: &u32| {
        let mut ends: SmallVec<[u32; 4]> = SmallVec::from_iter(end(0, start));
        for i in 1..words.len() {
            let mut next: SmallVec<[u32; 4]> = SmallVec::new();
            for &after in &ends {
                for at in after..=after + MOST_BETWEEN {
                    if begins_sentence(at) {
                        break;
                    }
                    next.extend(end(i, at).filter(|end| !next.contains(end)));
                    if !has_capital(at) {
                        break;
                    }
                }
            }
            ends = next;
        }
        ends.into_iter().min().map(|end| one(start, end, space))
    };
    tidy(space.words[words[0]].iter().filter_map(whole).collect(), meter)
}

/// The spans of a phrase some of whose words are compounds: each word begins where the one before ends.
fn phrase_of_compounds<T: Trace>(words: &[usize], space: &Space, meter: &Meter) -> Vec<Span<T>> {
    let end = |word: usize, at: u32| {
        let is_there = space.words[word].binary_search(&at).is_ok();
        is_there.then(|| end_of(at, space.compounds(word)))
    };
    let starts = &space.words[words[0]];
    let whole = |&start: &u32| Some((start, words.iter().try_fold(start, |at, &word| end(word, at))?));
    tidy(starts.iter().filter_map(whole).map(|(start, end)| one(start, end, space)).collect(), meter)
}

/// A search for the words of a phrase that may be moved: their positions, each less the word's ordinal in the phrase,
/// differ by at most `slop`. Every word needs a position of its own.
struct SloppySearch<'a> {
    words: &'a [usize],
    slop: i64,
    space: &'a Space,
    taken: Vec<u32>,
    tries: usize,
}

impl SloppySearch<'_> {
    fn extend<T: Trace>(&mut self, least: i64, most: i64, out: &mut Vec<Span<T>>) {
        let ordinal = self.taken.len();
        let Some(&word) = self.words.get(ordinal) else {
            out.push(self.span(most - least));
            return;
        };
        let offset = ordinal as i64;
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
            self.extend(least.min(moved), most.max(moved), out);
            self.taken.pop();
        }
    }

    fn span<T: Trace>(&self, moved: i64) -> Span<T> {
        let start = *self.taken.iter().min().expect("the first word is taken");
        let end = |(&at, &word): (&u32, &usize)| end_of(at, self.space.compounds(word));
        let mut words = self.taken.iter().zip(self.words).map(|(at, word)| T::of(*at, end((at, word)), self.space));
        let mut trace = words.next().expect("the first word is taken");
        words.for_each(|word| trace.join(&word));
        let end = self.taken.iter().zip(self.words).map(end).max().expect("the first word is taken");
        Span { start, end, weight: 1.0 / (1.0 + moved as f32), trace }
    }
}

fn sloppy<T: Trace>(words: &[usize], slop: u32, space: &Space, meter: &mut Meter) -> Vec<Span<T>> {
    let Some(&first) = words.first() else { return Vec::new() };
    let mut out = Vec::new();
    for &at in &space.words[first] {
        let mut search = SloppySearch { words, slop: i64::from(slop), space, taken: vec![at], tries: MAX_TRIES };
        search.extend(i64::from(at), i64::from(at), &mut out);
        if out.len() > meter.max_spans() || meter.is_spent() {
            break;
        }
    }
    tidy(out, meter)
}

/// Words from the end of `a` to the beginning of `b`: 1 is the next word; 0 if `b` begins before the end of `a`.
fn ahead<T>(a: &Span<T>, b: &Span<T>) -> u32 {
    if b.start >= a.end { b.start - a.end + 1 } else { 0 }
}

/// The ordinal of the sentence or paragraph that holds all of a span.
fn part<T>(starts: &[u32], span: &Span<T>) -> Option<usize> {
    let of = |at: u32| starts.partition_point(|&start| start <= at);
    let first = of(span.start);
    (first == of(span.end.saturating_sub(1))).then_some(first)
}

/// Are two spans near each other, and how many words are they apart? Spans that overlap are 0 apart.
fn distance<T>(a: &Span<T>, b: &Span<T>, near: Near, space: &Space) -> Option<u32> {
    let (after, before) = (ahead(a, b), ahead(b, a));
    let apart = after.max(before);
    let starts = match near {
        Near::Words(most) => return (apart <= most).then_some(apart),
        Near::InOrder(most) => return (after > 0 && after <= most).then_some(after),
        Near::Sentence => &space.sentences,
        Near::Paragraph => &space.paragraphs,
        // Sections and articles are no matter of positions; the plan sees to them.
        Near::Section | Near::Article => return Some(apart),
    };
    let (first, second) = (part(starts, a)?, part(starts, b)?);
    (first == second).then_some(apart)
}

/// The part of `others` that can be near `span`, by where they begin.
fn around<'s, T>(span: &Span<T>, others: &'s [Span<T>], longest: u32, near: Near, space: &Space) -> &'s [Span<T>] {
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

fn longest<T>(spans: &[Span<T>]) -> u32 {
    spans.iter().map(|span| span.end - span.start).max().unwrap_or(0)
}

/// Spans made between two questions to the budget.
const SPANS_AT_ONCE: usize = 1_000;

/// Spans of one text by their ends, the best of each interval: a table of all starts and ends. To put a thousand pairs of
/// common words in it takes a tenth of the time that a sorted list of them takes.
struct SpanTable<T> {
    starts: Vec<u32>,
    ends: Vec<u32>,
    /// By start, then by end; a weight of 0 is no span.
    cells: Vec<(f32, T)>,
}

impl<T: Trace> SpanTable<T> {
    /// Cells of the largest table, of 16 bytes each.
    const MAX_CELLS: usize = 1 << 20;

    /// A table for what is joined of two lists of spans; `None` if it would be too large or the traces are not for it.
    fn of(first: &[Span<T>], second: &[Span<T>]) -> Option<SpanTable<T>> {
        let none = T::none()?;
        let both = || first.iter().chain(second);
        let unique = |mut positions: Vec<u32>| {
            positions.sort_unstable();
            positions.dedup();
            positions
        };
        let starts = unique(both().map(|span| span.start).collect());
        let ends = unique(both().map(|span| span.end).collect());
        let cells = starts.len().checked_mul(ends.len()).filter(|&cells| cells <= Self::MAX_CELLS)?;
        Some(SpanTable { starts, ends, cells: vec![(0.0, none); cells] })
    }

    /// Rows and columns of spans.
    fn cells_of(&self, spans: &[Span<T>]) -> Vec<(usize, usize)> {
        let at = |positions: &[u32], position: u32| positions.partition_point(|&other| other < position);
        spans.iter().map(|span| (at(&self.starts, span.start), at(&self.ends, span.end))).collect()
    }

    #[inline]
    fn add(&mut self, (start, end): (usize, usize), weight: f32, a: &T, b: &T) {
        let cell = &mut self.cells[start * self.ends.len() + end];
        cell.0 = cell.0.max(weight);
        cell.1.join(a);
        cell.1.join(b);
    }

    fn into_spans(self) -> Vec<Span<T>> {
        let mut out = Vec::new();
        for (row, &start) in self.cells.chunks(self.ends.len().max(1)).zip(&self.starts) {
            for ((weight, trace), &end) in row.iter().zip(&self.ends) {
                if *weight > 0.0 {
                    out.push(Span { start, end, weight: *weight, trace: trace.clone() });
                }
            }
        }
        out
    }
}

/// Joins spans that are near each other by words, in a table; `None` where that is not for these spans.
fn together_in_table<T: Trace>(
    first: &[Span<T>],
    second: &[Span<T>],
    near: Near,
    space: &Space,
    meter: &mut Meter,
) -> Option<Vec<Span<T>>> {
    /// Fewer pairs are sorted as quickly.
    const MIN_PAIRS: usize = 64;
    if !matches!(near, Near::Words(_) | Near::InOrder(_)) || first.len() * second.len() < MIN_PAIRS {
        return None;
    }
    let mut table = SpanTable::of(first, second)?;
    let (of_first, of_second) = (table.cells_of(first), table.cells_of(second));
    let longest = longest(second);
    // Of words inside a span each makes the same span of it.
    let is_words = matches!(near, Near::Words(_)) && second.iter().all(|b| b.end == b.start + 1 && b.weight >= 1.0);
    let max_distance = match near {
        Near::Words(most) | Near::InOrder(most) => most,
        _ => 0,
    };
    let weight =
        |a: &Span<T>, b: &Span<T>, apart: u32| a.weight.min(b.weight) / (1.0 + 0.1 * apart.saturating_sub(1) as f32);
    let (mut pairs, mut near_enough, mut before) = (0, 0, 0);
    for (a, &at) in first.iter().zip(&of_first) {
        if is_words {
            // Spans come by their starts, so that both bounds only go forward.
            let skipped =
                |from: usize, start: u32| from + second[from..].iter().take_while(|b| b.start < start).count();
            near_enough = skipped(near_enough, a.start.saturating_sub(max_distance));
            before = skipped(before, a.start);
            let inside = before + second[before..].partition_point(|b| b.start < a.end);
            for (b, other) in second[near_enough..before].iter().zip(&of_second[near_enough..]) {
                table.add((other.0, at.1), weight(a, b, a.start - b.start), &a.trace, &b.trace);
            }
            // In a text of one document all words inside the span are the same to it.
            let told = if space.documents.len() < 2 { inside.min(before + 1) } else { inside };
            for b in &second[before..told] {
                table.add(at, a.weight, &a.trace, &b.trace);
            }
            for (b, other) in second[inside..].iter().zip(&of_second[inside..]) {
                let apart = b.start - a.end + 1;
                if apart > max_distance {
                    break;
                }
                table.add((at.0, other.1), weight(a, b, apart), &a.trace, &b.trace);
            }
            pairs += second.len() - near_enough;
        } else {
            let others = around(a, second, longest, near, space);
            let from = others.first().map_or(0, |b| second.partition_point(|other| other.start < b.start));
            for (b, other) in others.iter().zip(&of_second[from..]) {
                if let Some(apart) = distance(a, b, near, space) {
                    let cell = (at.0.min(other.0), at.1.max(other.1));
                    table.add(cell, weight(a, b, apart), &a.trace, &b.trace);
                }
            }
            pairs += others.len();
        }
        if pairs >= SPANS_AT_ONCE {
            pairs = 0;
            if meter.budget().ask() {
                return Some(Vec::new());
            }
        }
    }
    let mut out = table.into_spans();
    if out.len() > meter.max_spans() {
        out.truncate(meter.max_spans());
        meter.truncated();
    }
    Some(out)
}

fn together<T: Trace>(
    first: &[Span<T>],
    second: &[Span<T>],
    near: Near,
    space: &Space,
    meter: &mut Meter,
) -> Vec<Span<T>> {
    if let Some(out) = together_in_table(first, second, near, space, meter) {
        return out;
    }
    let longest = longest(second);
    let mut out: Vec<Span<T>> = Vec::new();
    let mut asked_at = 0;
    for a in first {
        for b in around(a, second, longest, near, space) {
            let Some(apart) = distance(a, b, near, space).filter(|_| !a.trace.shares(&b.trace)) else { continue };
            let mut trace = a.trace.clone();
            trace.join(&b.trace);
            let weight = a.weight.min(b.weight) / (1.0 + 0.1 * apart.saturating_sub(1) as f32);
            out.push(Span { start: a.start.min(b.start), end: a.end.max(b.end), weight, trace });
        }
        if out.len() > meter.max_spans() {
            out = tidy(out, meter);
            asked_at = 0;
            if out.len() >= meter.max_spans() {
                meter.truncated();
                return out;
            }
        }
        if out.len() >= asked_at + SPANS_AT_ONCE {
            asked_at = out.len();
            if meter.budget().ask() {
                return Vec::new();
            }
        }
    }
    tidy(out, meter)
}

fn apart<T: Trace>(
    mut first: Vec<Span<T>>,
    second: &[Span<T>],
    near: Near,
    space: &Space,
    meter: &mut Meter,
) -> Vec<Span<T>> {
    let longest = longest(second);
    first.retain(|a| {
        let mut others = around(a, second, longest, near, space).iter();
        !meter.is_spent() && !others.any(|b| a.trace.shares(&b.trace) || distance(a, b, near, space).is_some())
    });
    first
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
