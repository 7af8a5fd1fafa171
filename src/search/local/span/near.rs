//! Spans near each other, and spans without another near them.

use super::{Space, Span, Trace, tidy};
use crate::query::Near;
use crate::search::budget::Meter;

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

pub(super) fn together<T: Trace>(
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

pub(super) fn apart<T: Trace>(
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
