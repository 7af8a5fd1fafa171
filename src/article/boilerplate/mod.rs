//! Boilerplate: lines that belong to the page, not to the article. They are left out of passages and listed by `sections`.

mod wordings;

use std::sync::LazyLock;

use aho_corasick::automaton::OverlappingState;
use aho_corasick::{AhoCorasick, AhoCorasickBuilder, AhoCorasickKind, Anchored, Input, StartKind};
use rustc_hash::FxHashMap;
use serde::{Deserialize, Serialize};
use xxhash_rust::xxh3::xxh3_64;

use super::{Block, BlockKind, Span};
use crate::model::BoilerplateKind;
use crate::text::fold::fold;
use crate::text::script::is_unspaced;
use crate::text::space::{count_spaced, is_single_spaced, is_space, split_on};
use crate::text::tidy;
use wordings::{COUNTED_NOUNS, READER_WORDS, SHARE_BAR_WORDS, SHARE_SITES, WORDINGS, Wording};

/// A block of boilerplate.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Boilerplate {
    /// Its byte range in the text.
    pub span: Span,
    /// Its kind.
    pub kind: BoilerplateKind,
}

/// A longer block is part of the article, whatever phrases it contains.
const MAX_WORDS: usize = 60;
/// The same in bytes, for scripts without spaces.
const MAX_BYTES: usize = 600;
/// Longest line that is compared as a whole.
const MAX_WHOLE_LINE_WORDS: usize = 9;
/// Longest line that is searched for phrases that identify boilerplate near the end only.
const MAX_NEAR_END_WORDS: usize = 40;
/// Longest line that is searched for openers.
const MAX_OPENER_WORDS: usize = 24;
/// Number of last blocks that are near the end.
const NEAR_END_BLOCKS: usize = 3;

/// Marks the blocks that are boilerplate by their wording, or because they are among `repeated`.
pub fn mark(text: &str, blocks: &mut [Block], repeated: &RepeatedLines) {
    let count = blocks.len();
    for (i, block) in blocks.iter_mut().enumerate() {
        if matches!(block.kind, BlockKind::Title | BlockKind::Boilerplate(_)) {
            continue;
        }
        let line = &text[block.span.clone()];
        if !line.chars().any(char::is_alphanumeric) {
            block.kind = BlockKind::Boilerplate(BoilerplateKind::Rule);
            continue;
        }
        let near_end = i + NEAR_END_BLOCKS >= count && i > 0;
        let kind = classify(line, near_end).or_else(|| repeated.contains(line).then_some(BoilerplateKind::Repeated));
        if let Some(kind) = kind {
            block.kind = BlockKind::Boilerplate(kind);
        }
    }
}

/// Lines that occur in many articles of a folder.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct RepeatedLines {
    /// Hashes of the lines, sorted.
    hashes: Vec<u64>,
}

impl RepeatedLines {
    /// The lines with these hashes, as [`RepeatedLines::hash`] makes them.
    #[must_use]
    pub fn new(mut hashes: Vec<u64>) -> Self {
        hashes.sort_unstable();
        hashes.dedup();
        RepeatedLines { hashes }
    }

    /// Hash of a line that may be repeated boilerplate, without case and white space; `None` if it is too long, or too short
    /// to tell.
    #[must_use]
    pub fn hash(line: &str) -> Option<u64> {
        const BYTES: std::ops::RangeInclusive<usize> = 6..=600;
        if !BYTES.contains(&line.len()) {
            return None;
        }
        if line.is_ascii() {
            let letters = line.bytes().filter(u8::is_ascii_alphabetic).take(5).count();
            if letters < 5 || !is_single_spaced(line.as_bytes()) {
                return (letters >= 5).then(|| xxh3_64(tidy(line).to_ascii_lowercase().as_bytes()));
            }
            let folded = |byte: u8| if matches!(byte, b'\t'..=b'\r') { b' ' } else { byte.to_ascii_lowercase() };
            return Some(xxh3_64(&line.bytes().map(folded).collect::<Vec<u8>>()));
        }
        let folded = fold(line);
        let letters = folded.chars().filter(|c| c.is_alphabetic()).take(5).count();
        (letters >= 2).then(|| xxh3_64(tidy(&folded).as_bytes()))
    }

    /// Hash that identifies a story by its longest block.
    #[must_use]
    pub fn story(block: &str) -> Option<u64> {
        const MAX_BYTES: usize = 400;
        (!block.is_empty()).then(|| xxh3_64(fold(&block[..block.floor_char_boundary(MAX_BYTES)]).as_bytes()))
    }

    /// All hashes, sorted.
    #[must_use]
    pub fn hashes(&self) -> &[u64] {
        &self.hashes
    }

    fn contains(&self, line: &str) -> bool {
        !self.hashes.is_empty() && Self::hash(line).is_some_and(|hash| self.hashes.binary_search(&hash).is_ok())
    }
}

/// An automaton of phrases.
struct PhraseMatcher {
    automaton: AhoCorasick,
    /// For each phrase, the index of its wording in [`WORDINGS`].
    wordings: Vec<usize>,
}

impl PhraseMatcher {
    fn new(builder: &mut AhoCorasickBuilder, phrases: impl Iterator<Item = (usize, &'static str)>) -> PhraseMatcher {
        let (wordings, phrases): (Vec<usize>, Vec<&str>) = phrases.unzip();
        let automaton = builder.kind(Some(AhoCorasickKind::DFA)).build(phrases);
        PhraseMatcher { automaton: automaton.expect("a few hundred short phrases fit in a DFA"), wordings }
    }

    /// Calls `visit` with the wording and the match of each phrase in `line`, or, anchored, of each that it begins with.
    fn for_each_match(&self, line: &str, anchored: Anchored, mut visit: impl FnMut(usize, aho_corasick::Match)) {
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

static ANYWHERE: LazyLock<PhraseMatcher> =
    LazyLock::new(|| PhraseMatcher::new(&mut AhoCorasick::builder(), phrases_of(|wording| wording.anywhere)));
static NEAR_END: LazyLock<PhraseMatcher> =
    LazyLock::new(|| PhraseMatcher::new(&mut AhoCorasick::builder(), phrases_of(|wording| wording.near_end)));
static OPENERS: LazyLock<PhraseMatcher> = LazyLock::new(|| {
    let mut builder = AhoCorasick::builder();
    PhraseMatcher::new(builder.start_kind(StartKind::Anchored), phrases_of(|wording| wording.openers))
});
static WHOLE_LINES: LazyLock<FxHashMap<&str, usize>> = LazyLock::new(|| {
    // Collected in reverse, so that the first of two wordings with one phrase wins.
    phrases_of(|wording| wording.whole_line).rev().map(|(i, phrase)| (phrase, i)).collect()
});

/// The ASCII phrases of [`ANYWHERE`], matched without case: in longer lines only these are looked for, which need no
/// folding.
static ASCII_ANYWHERE: LazyLock<PhraseMatcher> = LazyLock::new(|| {
    let phrases = phrases_of(|wording| wording.anywhere).filter(|(_, phrase)| phrase.is_ascii());
    PhraseMatcher::new(AhoCorasick::builder().ascii_case_insensitive(true), phrases)
});

/// Builds the tables now rather than at first use.
pub(super) fn build_tables() {
    for matcher in [&ANYWHERE, &NEAR_END, &OPENERS, &ASCII_ANYWHERE] {
        LazyLock::force(matcher);
    }
    LazyLock::force(&WHOLE_LINES);
}

/// The kind of boilerplate that `line` is by its wording.
fn classify(line: &str, near_end: bool) -> Option<BoilerplateKind> {
    if line.len() > MAX_BYTES {
        return None;
    }
    let words = count_spaced(line, MAX_WORDS + 1);
    if words > MAX_WORDS {
        return None;
    }
    if words > MAX_OPENER_WORDS && !near_end && is_nearly_ascii(line) {
        let PhraseMatcher { automaton, wordings } = &*ASCII_ANYWHERE;
        let found = automaton.find_iter(line).find(|found| is_word_boundary(line, found.start()))?;
        return Some(WORDINGS[wordings[found.pattern().as_usize()]].kind);
    }
    let folded = normalised(line);
    let bare = folded.trim_matches(is_outer_mark);
    // A line in brackets is a credit: "(Facebook)".
    let may_be_whole = words <= MAX_WHOLE_LINE_WORDS && !line.starts_with(['(', '[']);
    if may_be_whole && (is_count(bare) || is_share_bar(bare)) {
        return Some(BoilerplateKind::Share);
    }
    let mut best = if may_be_whole { WHOLE_LINES.get(bare).copied() } else { None };
    let mut add = |wording: usize| best = Some(best.map_or(wording, |other| other.min(wording)));
    ANYWHERE.for_each_match(&folded, Anchored::No, |wording, found| {
        if is_word_boundary(&folded, found.start()) {
            add(wording);
        }
    });
    if words <= MAX_OPENER_WORDS && (near_end || words <= 12 || folded.contains(':')) {
        OPENERS.for_each_match(&folded, Anchored::Yes, |wording, found| {
            if is_opener(&folded, found.end()) {
                add(wording);
            }
        });
    }
    if near_end && words <= MAX_NEAR_END_WORDS {
        let bare_start = folded.len() - folded.trim_start_matches(is_outer_mark).len();
        NEAR_END.for_each_match(&folded, Anchored::No, |wording, found| {
            let is_addressed = || {
                WORDINGS[wording].kind != BoilerplateKind::Subscribe
                    || words <= MAX_WHOLE_LINE_WORDS
                    || found.start() <= bare_start
                    || addresses_reader(line, &folded)
            };
            if is_word_boundary(&folded, found.start()) && ends_word(&folded, found.end()) && is_addressed() {
                add(wording);
            }
        });
    }
    Some(WORDINGS[best?].kind)
}

/// Is it a mark that is ignored around a line?
fn is_outer_mark(c: char) -> bool {
    !c.is_alphanumeric() && c != '©'
}

/// Is `at` not inside a word? Every place is a boundary in scripts without spaces.
fn is_word_boundary(folded: &str, at: usize) -> bool {
    let inside = |c: Option<char>| c.is_some_and(|c| c.is_alphanumeric() && !is_unspaced(c));
    !(inside(folded[..at].chars().next_back()) && inside(folded[at..].chars().next()))
}

/// Does a word end at `at`, or after an `s` there? `newsletters` counts as `newsletter`.
fn ends_word(folded: &str, at: usize) -> bool {
    is_word_boundary(folded, at) || folded[at..].starts_with('s') && is_word_boundary(folded, at + 1)
}

/// Does the line address the reader? Text of articles does not ("it agreed to become a member of the group"), except in
/// quotations.
fn addresses_reader(line: &str, folded: &str) -> bool {
    let quoted = line.contains(['"', '“', '„', '«']);
    let links = folded.contains("http") || folded.contains("www.") || folded.contains('@');
    !quoted && (links || folded.split(|c: char| !c.is_alphanumeric()).any(|word| READER_WORDS.contains(&word)))
}

/// Does the line consist of ASCII, quotation marks and dashes only? Folding changes nothing but the case of these.
fn is_nearly_ascii(line: &str) -> bool {
    line.is_ascii() || line.chars().all(|c| c.is_ascii() || matches!(c, '‘'..='”' | '–' | '—'))
}

/// [`normalised`] for a line of ASCII.
fn normalised_ascii(line: &str) -> String {
    let mut out = String::with_capacity(line.len());
    for piece in split_on(line, |byte| is_space(byte) || matches!(byte, b',' | b'-' | b'!' | b'\'')) {
        if !out.is_empty() {
            out.push(' ');
        }
        out.push_str(piece);
    }
    out.make_ascii_lowercase();
    out
}

/// The line folded, with each run of white space and of some punctuation made one space.
fn normalised(line: &str) -> String {
    let mut out = String::with_capacity(line.len());
    let mut push = |c: char| {
        let c = if matches!(c, ',' | '-' | '\u{2011}' | '!' | '\'' | '’') || c.is_whitespace() { ' ' } else { c };
        if c != ' ' || !out.ends_with(' ') && !out.is_empty() {
            out.push(c);
        }
    };
    if line.is_ascii() {
        return normalised_ascii(line);
    }
    if is_nearly_ascii(line) {
        line.chars().for_each(|c| push(c.to_ascii_lowercase()));
    } else {
        fold(line).chars().for_each(push);
    }
    out.truncate(out.trim_end().len());
    out
}

/// Is the line a count, as "12 Comments" or "3.4K Shares"?
fn is_count(bare: &str) -> bool {
    let mut words = bare.split(' ');
    let (Some(number), Some(counted), None) = (words.next(), words.next(), words.next()) else { return false };
    number.starts_with(|c: char| c.is_ascii_digit()) && COUNTED_NOUNS.contains(&counted)
}

/// Is the line a row of share buttons, two at least?
fn is_share_bar(bare: &str) -> bool {
    let mut words = bare.split([' ', '|', '/', '·', '•']).filter(|word| !word.is_empty());
    let mut sites = 0;
    let is_only_buttons = words.all(|word| {
        sites += usize::from(SHARE_SITES.contains(&word));
        SHARE_BAR_WORDS.contains(&word)
    });
    is_only_buttons && sites >= 2
}

/// Is the phrase that the line begins with, up to `end`, an opener: of whole words, and not the subject of a sentence?
fn is_opener(folded: &str, end: usize) -> bool {
    let (opener, rest) = folded.split_at(end);
    match rest.chars().next() {
        None => true,
        Some(c) if !c.is_alphanumeric() => rest.starts_with(':') || !folded.ends_with('.') || folded.contains("here"),
        Some(_) => opener.ends_with(|c: char| c.is_numeric()),
    }
}

/// The blocks that are boilerplate.
#[must_use]
pub fn collect(blocks: &[Block]) -> Vec<Boilerplate> {
    blocks
        .iter()
        .filter_map(|block| match block.kind {
            BlockKind::Boilerplate(kind) => Some(Boilerplate { span: block.span.clone(), kind }),
            _ => None,
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn classification_table() {
        use BoilerplateKind::{Copyright, Related, Subscribe};
        for (line, near_end, kind) in [
            ("Please subscribe and follow us on Facebook.", false, Some(Subscribe)),
            ("Keep watching our channel.", true, Some(Subscribe)),
            ("The union will keep watching our channel traffic closely, he said.", false, None),
            ("Read more: The strike in pictures", false, Some(Related)),
            ("© 2023 Halden Courier. All rights reserved.", true, Some(Copyright)),
            ("Abonnieren Sie unseren Newsletter", true, Some(Subscribe)),
            ("Related parties were present when the deal was signed at the port.", false, None),
            ("The dispute", false, None),
            (
                "Sign up for updates from the port and from its docks every morning at seven, below.",
                true,
                Some(Subscribe),
            ),
            ("To hear of the next strike before others do, subscribe to our letters.", true, Some(Subscribe)),
            ("Halden Line signed an agreement for Kattegat Ferries to become a member of the group.", true, None),
            ("The cable company has about 45,000 on-line subscribers in Northbridge and in Halden.", true, None),
            (
                "The offer was 40 times oversubscribed, the bank said on Monday in a newsletter for its members.",
                true,
                None,
            ),
            (
                "\"We want you to sign up with us before the summer,\" the mayor told the dockers at the port.",
                true,
                None,
            ),
        ] {
            assert_eq!(classify(line, near_end), kind, "{line}");
        }
    }
}
