//! The phrases of boilerplate as automata.

use std::sync::LazyLock;

use aho_corasick::automaton::OverlappingState;
use aho_corasick::{AhoCorasick, AhoCorasickBuilder, AhoCorasickKind, Anchored, Input, StartKind};
use rustc_hash::FxHashMap;

use super::wordings::{WORDINGS, Wording};
use crate::text::script::is_unspaced;

/// An automaton of phrases.
pub(super) struct PhraseMatcher {
    pub(super) automaton: AhoCorasick,
    /// For each phrase, the index of its wording in [`WORDINGS`].
    pub(super) wordings: Vec<usize>,
}

impl PhraseMatcher {
    fn new(builder: &mut AhoCorasickBuilder, phrases: impl Iterator<Item = (usize, &'static str)>) -> PhraseMatcher {
        let (wordings, phrases): (Vec<usize>, Vec<&str>) = phrases.unzip();
        let automaton = builder.kind(Some(AhoCorasickKind::DFA)).build(phrases);
        PhraseMatcher { automaton: automaton.expect("a few hundred short phrases fit in a DFA"), wordings }
    }

    /// Calls `visit` with the wording and the match of each phrase in `line`, or, anchored, of each that it begins with.
    pub(super) fn for_each_match(
        &self,
        line: &str,
        anchored: Anchored,
        mut visit: impl FnMut(usize, aho_corasick::Match),
    ) {
        let input = Input::new(line).anchored(anchored);
        // Nearly all lines have no match, and that is found faster than all matches.
        if !self.automaton.is_match(input.clone()) {
            return;
        }
        let mut state = OverlappingState::start();
        loop {
            self.automaton.find_overlapping(input.clone(), &mut state);
            let Some(found) = state.get_match() else { return };
            visit(self.wordings[found.pattern().as_usize()], found);
        }
    }
}

/// The phrases of one list of all wordings, each with the index of its wording.
fn phrases_of(
    list: impl Fn(&'static Wording) -> &'static [&'static str],
) -> impl DoubleEndedIterator<Item = (usize, &'static str)> {
    WORDINGS.iter().enumerate().flat_map(move |(i, wording)| list(wording).iter().map(move |phrase| (i, *phrase)))
}

pub(super) static ANYWHERE: LazyLock<PhraseMatcher> =
    LazyLock::new(|| PhraseMatcher::new(&mut AhoCorasick::builder(), phrases_of(|wording| wording.anywhere)));
pub(super) static NEAR_END: LazyLock<PhraseMatcher> =
    LazyLock::new(|| PhraseMatcher::new(&mut AhoCorasick::builder(), phrases_of(|wording| wording.near_end)));
pub(super) static OPENERS: LazyLock<PhraseMatcher> = LazyLock::new(|| {
    let mut builder = AhoCorasick::builder();
    PhraseMatcher::new(builder.start_kind(StartKind::Anchored), phrases_of(|wording| wording.openers))
});
pub(super) static WHOLE_LINES: LazyLock<FxHashMap<&str, usize>> = LazyLock::new(|| {
    // Collected in reverse, so that the first of two wordings with one phrase wins.
    phrases_of(|wording| wording.whole_line).rev().map(|(i, phrase)| (phrase, i)).collect()
});

/// The ASCII phrases of [`ANYWHERE`], matched without case: in longer lines only these are looked for, which need no
/// folding.
pub(super) static ASCII_ANYWHERE: LazyLock<PhraseMatcher> = LazyLock::new(|| {
    let phrases = phrases_of(|wording| wording.anywhere).filter(|(_, phrase)| phrase.is_ascii());
    PhraseMatcher::new(AhoCorasick::builder().ascii_case_insensitive(true), phrases)
});

/// Builds the tables now rather than at first use.
pub(in crate::article) fn build_tables() {
    for matcher in [&ANYWHERE, &NEAR_END, &OPENERS, &ASCII_ANYWHERE] {
        LazyLock::force(matcher);
    }
    LazyLock::force(&WHOLE_LINES);
}

/// Is `at` not inside a word? Every position is a boundary in scripts without spaces.
pub(super) fn is_word_boundary(folded: &str, at: usize) -> bool {
    let inside = |c: Option<char>| c.is_some_and(|c| c.is_alphanumeric() && !is_unspaced(c));
    !(inside(folded[..at].chars().next_back()) && inside(folded[at..].chars().next()))
}

/// Does a word end at `at`, or after an `s` there? `newsletters` counts as `newsletter`.
pub(super) fn ends_word(folded: &str, at: usize) -> bool {
    is_word_boundary(folded, at) || folded[at..].starts_with('s') && is_word_boundary(folded, at + 1)
}
