//! Spans of words in order: phrases, phrases with slop, names.

use smallvec::SmallVec;

use super::{Space, Span, Trace, one, tidy};
use crate::search::budget::Meter;
use crate::search::local::postings::end_of;

/// Ways to put the words of a sloppy phrase together that are tried from one position.
const MAX_TRIES: usize = 2_000;

pub(super) fn phrase<T: Trace>(words: &[usize], space: &Space, meter: &Meter) -> Vec<Span<T>> {
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
pub(super) fn names<T: Trace>(words: &[usize], capitals: &[bool], space: &Space, meter: &Meter) -> Vec<Span<T>> {
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

pub(super) fn sloppy<T: Trace>(words: &[usize], slop: u32, space: &Space, meter: &mut Meter) -> Vec<Span<T>> {
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
