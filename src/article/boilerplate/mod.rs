//! Boilerplate: lines about the page, not of the article. Left out of passages, listed by `sections`.

mod wordings;

use std::sync::LazyLock;

use aho_corasick::automaton::OverlappingState;
use aho_corasick::{AhoCorasick, AhoCorasickKind, Anchored, Input, StartKind};
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

/// A stretch of the text that is boilerplate.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Boilerplate {
    /// Where it stands.
    pub span: Span,
    /// What it is.
    pub kind: BoilerplateKind,
}

/// A longer block has something to say of its own.
const MOST_WORDS: usize = 60;
/// The same in bytes, for scripts without spaces.
const MOST_BYTES: usize = 600;
/// A line that is boilerplate as a whole has no more words.
const MOST_WHOLE_WORDS: usize = 9;
/// Weak wording at the end tells for a line so short.
const MOST_END_WORDS: usize = 40;
/// An opener tells only for a line so short.
const MOST_OPENER_WORDS: usize = 24;
/// So many blocks from the end weak wording tells.
const END_BLOCKS: usize = 3;

/// Marks blocks that are boilerplate.
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
        let near_end = i + END_BLOCKS >= count && i > 0;
        let kind = judge(line, near_end).or_else(|| repeated.holds(line).then_some(BoilerplateKind::Repeated));
        if let Some(kind) = kind {
            block.kind = BlockKind::Boilerplate(kind);
        }
    }
}

/// Lines that many articles of a folder share.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct RepeatedLines {
    /// Hashes of the lines, in order.
    hashes: Vec<u64>,
}

impl RepeatedLines {
    /// The lines of these hashes, made by [`RepeatedLines::hash`].
    #[must_use]
    pub fn new(mut hashes: Vec<u64>) -> Self {
        hashes.sort_unstable();
        hashes.dedup();
        RepeatedLines { hashes }
    }

    /// Hash of a line that may repeat; `None` for lines too long, or too short to tell.
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

    /// Tells one story from another, by its longest block.
    #[must_use]
    pub fn story(block: &str) -> Option<u64> {
        const HEAD_BYTES: usize = 400;
        (!block.is_empty()).then(|| xxh3_64(fold(&block[..block.floor_char_boundary(HEAD_BYTES)]).as_bytes()))
    }

    /// All hashes, in order.
    #[must_use]
    pub fn hashes(&self) -> &[u64] {
        &self.hashes
    }

    fn holds(&self, line: &str) -> bool {
        !self.hashes.is_empty() && Self::hash(line).is_some_and(|hash| self.hashes.binary_search(&hash).is_ok())
    }
}

/// An automaton of phrases, and the wording of each; `None` if it could not be built.
type Phrases = LazyLock<Option<(AhoCorasick, Vec<usize>)>>;

/// The phrases of some lists in one automaton.
fn phrases(
    list: impl Fn(&'static Wording) -> &'static [&'static str],
    start: StartKind,
) -> Option<(AhoCorasick, Vec<usize>)> {
    let of = |(i, wording)| list(wording).iter().map(move |phrase| (i, *phrase));
    let (wordings, phrases): (Vec<usize>, Vec<&str>) = WORDINGS.iter().enumerate().flat_map(of).unzip();
    // Some hundred short phrases always make an automaton.
    let automaton = AhoCorasick::builder().kind(Some(AhoCorasickKind::DFA)).start_kind(start).build(phrases);
    automaton.ok().map(|automaton| (automaton, wordings))
}

/// Phrases that tell anywhere.
static ANYWHERE: Phrases = LazyLock::new(|| phrases(|wording| wording.strong, StartKind::Unanchored));
/// Phrases that tell anywhere in one of the last lines.
static NEAR_END: Phrases = LazyLock::new(|| phrases(|wording| wording.at_end, StartKind::Unanchored));
/// Phrases that tell where a line begins.
static OPENERS: Phrases = LazyLock::new(|| phrases(|wording| wording.openers, StartKind::Anchored));
/// Phrases that tell as a whole line.
static WHOLE: LazyLock<FxHashMap<&str, usize>> = LazyLock::new(|| {
    let of = |(i, wording): (usize, &'static Wording)| wording.whole.iter().map(move |phrase| (*phrase, i));
    // Of two wordings the first tells.
    WORDINGS.iter().enumerate().rev().flat_map(of).collect()
});

/// The strong phrases in plain letters alone, blind to case, and the wording of each: longer lines are asked for no
/// others, and are not folded for it.
static STRONG: Phrases = LazyLock::new(|| {
    let phrases =
        WORDINGS.iter().enumerate().flat_map(|(i, wording)| wording.strong.iter().map(move |phrase| (i, *phrase)));
    let (wordings, phrases): (Vec<usize>, Vec<&str>) = phrases.filter(|(_, phrase)| phrase.is_ascii()).unzip();
    let automaton = AhoCorasick::builder().kind(Some(AhoCorasickKind::DFA)).ascii_case_insensitive(true).build(phrases);
    automaton.ok().map(|automaton| (automaton, wordings))
});

/// What kind of boilerplate `line` is, by its wording.
fn judge(line: &str, near_end: bool) -> Option<BoilerplateKind> {
    if line.len() > MOST_BYTES {
        return None;
    }
    let words = count_spaced(line, MOST_WORDS + 1);
    if words > MOST_WORDS {
        return None;
    }
    if words > MOST_OPENER_WORDS && !near_end && is_plain(line) {
        let (automaton, wordings) = STRONG.as_ref()?;
        let found = automaton.find_iter(line).find(|found| parts_words(line, found.start()))?;
        return Some(WORDINGS[wordings[found.pattern().as_usize()]].kind);
    }
    let folded = spread(line);
    let bare = folded.trim_matches(|c: char| !c.is_alphanumeric() && c != '©');
    // In brackets they are credits: "(Facebook)".
    let whole = words <= MOST_WHOLE_WORDS && !line.starts_with(['(', '[']);
    if whole && (is_count(bare) || is_share_bar(bare)) {
        return Some(BoilerplateKind::Share);
    }
    let mut told = if whole { WHOLE.get(bare).copied() } else { None };
    // Of several wordings the first tells.
    let mut tell = |wording: usize| told = Some(told.map_or(wording, |other| other.min(wording)));
    each_phrase(&ANYWHERE, &folded, Anchored::No, |wording, found| {
        if parts_words(&folded, found.start()) {
            tell(wording);
        }
    });
    if words <= MOST_OPENER_WORDS && (near_end || words <= 12 || folded.contains(':')) {
        each_phrase(&OPENERS, &folded, Anchored::Yes, |wording, found| {
            if opens(&folded, found.end()) {
                tell(wording);
            }
        });
    }
    if near_end && words <= MOST_END_WORDS {
        let bare_start = folded.len() - folded.trim_start_matches(|c: char| !c.is_alphanumeric() && c != '©').len();
        each_phrase(&NEAR_END, &folded, Anchored::No, |wording, found| {
            let is_addressed = || {
                WORDINGS[wording].kind != BoilerplateKind::Subscribe
                    || words <= MOST_WHOLE_WORDS
                    || found.start() <= bare_start
                    || addresses_reader(line, &folded)
            };
            if parts_words(&folded, found.start()) && ends_word(&folded, found.end()) && is_addressed() {
                tell(wording);
            }
        });
    }
    Some(WORDINGS[told?].kind)
}

/// Calls `take` with the wording and the place of each phrase in a line, or of each that it begins with.
fn each_phrase(phrases: &Phrases, line: &str, anchored: Anchored, mut take: impl FnMut(usize, aho_corasick::Match)) {
    let Some((automaton, wordings)) = phrases.as_ref() else { return };
    // To look for any is quicker than for all, and nearly always enough.
    if !automaton.is_match(Input::new(line).anchored(anchored)) {
        return;
    }
    let mut state = OverlappingState::start();
    let input = Input::new(line).anchored(anchored);
    while automaton.try_find_overlapping(input.clone(), &mut state).is_ok() {
        let Some(found) = state.get_match() else { return };
        take(wordings[found.pattern().as_usize()], found);
    }
}

/// Does no word reach over `at`? In scripts without spaces none does anywhere.
fn parts_words(folded: &str, at: usize) -> bool {
    let inside = |c: Option<char>| c.is_some_and(|c| c.is_alphanumeric() && !is_unspaced(c));
    !(inside(folded[..at].chars().next_back()) && inside(folded[at..].chars().next()))
}

/// Does a word end at `at`, or behind an `s` there? `newsletters` is as good as `newsletter`.
fn ends_word(folded: &str, at: usize) -> bool {
    parts_words(folded, at) || folded[at..].starts_with('s') && parts_words(folded, at + 1)
}

/// Does the line speak to whoever reads it? News speaks of others: "it agreed to become a member of the group". What
/// somebody is quoted with speaks to somebody else.
fn addresses_reader(line: &str, folded: &str) -> bool {
    let quoted = line.contains(['"', '“', '„', '«']);
    let links = folded.contains("http") || folded.contains("www.") || folded.contains('@');
    !quoted && (links || folded.split(|c: char| !c.is_alphanumeric()).any(|word| READER_WORDS.contains(&word)))
}

/// Nothing but ASCII, quotation marks and dashes?
fn is_plain(line: &str) -> bool {
    line.is_ascii() || line.chars().all(|c| c.is_ascii() || matches!(c, '‘'..='”' | '–' | '—'))
}

/// The same of a line of ASCII.
fn spread_plain(line: &str) -> String {
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

/// The line folded, some punctuation and all white space made one space.
fn spread(line: &str) -> String {
    let mut out = String::with_capacity(line.len());
    let mut push = |c: char| {
        let c = if matches!(c, ',' | '-' | '\u{2011}' | '!' | '\'' | '’') || c.is_whitespace() { ' ' } else { c };
        if c != ' ' || !out.ends_with(' ') && !out.is_empty() {
            out.push(c);
        }
    };
    // Quotation marks and dashes fold to themselves: most lines need no more than ASCII's small letters.
    if line.is_ascii() {
        return spread_plain(line);
    }
    if is_plain(line) {
        line.chars().for_each(|c| push(c.to_ascii_lowercase()));
    } else {
        fold(line).chars().for_each(push);
    }
    out.truncate(out.trim_end().len());
    out
}

/// "12 Comments", "3.4K Shares"?
fn is_count(bare: &str) -> bool {
    let mut words = bare.split(' ');
    let (Some(number), Some(counted), None) = (words.next(), words.next(), words.next()) else { return false };
    number.starts_with(|c: char| c.is_ascii_digit()) && COUNTED_NOUNS.contains(&counted)
}

/// Nothing but names of places to share to, two or more.
fn is_share_bar(bare: &str) -> bool {
    let mut words = bare.split([' ', '|', '/', '·', '•']).filter(|word| !word.is_empty()).peekable();
    let mut sites = 0;
    let only = words.by_ref().all(|word| {
        sites += usize::from(SHARE_SITES.contains(&word));
        SHARE_BAR_WORDS.contains(&word)
    });
    only && sites >= 2
}

/// The line begins with an opener that ends at `end`: as whole words, and not as the subject of a sentence?
fn opens(folded: &str, end: usize) -> bool {
    let (opener, rest) = folded.split_at(end);
    match rest.chars().next() {
        None => true,
        Some(c) if !c.is_alphanumeric() => rest.starts_with(':') || !folded.ends_with('.') || folded.contains("here"),
        Some(_) => opener.ends_with(|c: char| c.is_numeric()),
    }
}

/// The boilerplate among `blocks`.
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
    fn wording_table() {
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
            assert_eq!(judge(line, near_end), kind, "{line}");
        }
    }
}
