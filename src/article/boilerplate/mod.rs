//! Boilerplate: lines that belong to the page, not to the article. They are left out of passages and listed by `sections`.
//!
//! A line is judged by its wording and its position in its own article, never by other articles: an index that grew
//! holds what one that is built anew holds, and a sentence that a hundred articles share is found in all of them.

mod wordings;

use std::sync::LazyLock;

use aho_corasick::automaton::OverlappingState;
use aho_corasick::{AhoCorasick, AhoCorasickBuilder, AhoCorasickKind, Anchored, Input, StartKind};
use rustc_hash::FxHashMap;

use super::{Block, BlockKind, Span, Turn};
use crate::model::BoilerplateKind;
use crate::text::fold::fold;
use crate::text::script::is_unspaced;
use crate::text::space::{count_spaced, is_space, split_on};
use wordings::{
    CHANNEL_WORDS, COUNTED_NOUNS, ENROLMENTS, INVITATIONS, READER_WORDS, SHARE_BAR_WORDS, SHARE_SITES, SIGN_OFFS,
    UPDATE_WORDS, WORDINGS, Wording,
};

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
/// Longest sign-off of an agency.
const MAX_SIGN_OFF_WORDS: usize = 3;
/// Number of last blocks that are near the end.
const NEAR_END_BLOCKS: usize = 3;

/// Marks the blocks that are boilerplate by their wording and where they are.
pub(crate) fn mark(text: &str, blocks: &mut [Block], turns: &[Turn]) {
    let count = blocks.len();
    let mut turns = turns.iter().map(|turn| turn.span.start).peekable();
    for i in 0..count {
        let block = &blocks[i];
        while turns.next_if(|start| *start < block.span.start).is_some() {}
        if matches!(block.kind, BlockKind::Title | BlockKind::Boilerplate(_)) {
            continue;
        }
        let line = &text[block.span.clone()];
        if !line.chars().any(char::is_alphanumeric) {
            blocks[i].kind = BlockKind::Boilerplate(BoilerplateKind::Rule);
            continue;
        }
        // A turn of speech is not about the page, whatever its words.
        let is_said = turns.peek().is_some_and(|start| *start < block.span.end);
        let near_end = i + NEAR_END_BLOCKS >= count && i > 0;
        if !is_said
            && let Some(kind) = classify(line, near_end)
            && (kind == BoilerplateKind::Source || i == 0 || !continues_sentence(text, &blocks[i - 1], block))
            && !blocks.get(i + 1).is_some_and(|next| is_post_signature(&text[next.span.clone()]))
        {
            blocks[i].kind = BlockKind::Boilerplate(kind);
        }
    }
}

/// Is a line the rest of the sentence that the line above it begins: "one-for-five rights issue at 225 marks a / share"?
fn continues_sentence(text: &str, above: &Block, block: &Block) -> bool {
    /// Shorter lines are buttons, as is what is below them.
    const MIN_WORDS: usize = 4;
    let gap = text.get(above.span.end..block.span.start).unwrap_or("");
    let (above_text, line) = (text[above.span.clone()].trim_end(), &text[block.span.clone()]);
    !matches!(above.kind, BlockKind::Title | BlockKind::Boilerplate(_))
        && gap.matches('\n').count() <= 1
        && line.starts_with(char::is_lowercase)
        && above_text.ends_with(|c: char| c.is_alphanumeric() || c == ',')
        && count_spaced(above_text, MIN_WORDS) >= MIN_WORDS
}

/// Is it the line of a name and an account below an embedded post: "— Mara Lindqvist (@maralind) October 10, 2016"?
fn is_post_signature(line: &str) -> bool {
    line.trim_start().starts_with(['—', '–', '-']) && line.contains("(@")
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
        let kind = WORDINGS[wordings[found.pattern().as_usize()]].kind;
        return is_about_page(kind, line).then_some(kind);
    }
    let folded = normalised(line);
    let bare = folded.trim_matches(is_outer_mark);
    // A line in brackets is a credit: "(Facebook)".
    let may_be_whole = words <= MAX_WHOLE_LINE_WORDS && !line.starts_with(['(', '[']);
    if may_be_whole && (is_count(bare) || is_share_bar(bare)) {
        return Some(BoilerplateKind::Share);
    }
    // A number without dashes around it is a number: `§ 30`.
    let is_dash = |c: char| matches!(c, '-' | '–' | '—' | '*' | '#' | '=');
    let is_marked = !bare.bytes().all(|byte| byte.is_ascii_digit())
        || line.trim().starts_with(is_dash) && line.trim().ends_with(is_dash);
    if near_end && words <= MAX_SIGN_OFF_WORDS && SIGN_OFFS.contains(&bare) && is_marked {
        return Some(BoilerplateKind::Source);
    }
    if let Some(&wording) = WHOLE_LINES.get(bare).filter(|_| may_be_whole) {
        let kind = WORDINGS[wording].kind;
        // A button has no full stop: "share." ends a sentence.
        let is_button = kind != BoilerplateKind::Share || !line.ends_with('.') || line.ends_with("..");
        return is_button.then_some(kind);
    }
    let mut best = None;
    let mut add = |wording: usize| best = Some(best.map_or(wording, |other: usize| other.min(wording)));
    ANYWHERE.for_each_match(&folded, Anchored::No, |wording, found| {
        if is_word_boundary(&folded, found.start()) {
            add(wording);
        }
    });
    if words <= MAX_OPENER_WORDS && (near_end || words <= 12 || folded.contains(':')) {
        OPENERS.for_each_match(&folded, Anchored::Yes, |wording, found| {
            if is_opener(&folded, found.end()) && is_link(WORDINGS[wording].kind, line, found.end()) {
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
    let kind = WORDINGS[best?].kind;
    is_about_page(kind, line).then_some(kind)
}

/// Does every sentence of the line speak of the page, not only the one with the phrase? A paragraph of an article may end
/// with "You can sign up here now!".
fn is_about_page(kind: BoilerplateKind, line: &str) -> bool {
    match kind {
        BoilerplateKind::Subscribe => sentences(line).all(invites),
        BoilerplateKind::Author => is_author_note(line),
        BoilerplateKind::Copyright => is_notice(line),
        BoilerplateKind::Share => is_share_line(line),
        BoilerplateKind::Advertisement => is_advertisement(line),
        _ => true,
    }
}

/// Is a line with a phrase of sharing a request to share the page, not a sentence of someone who shares a story?
fn is_share_line(line: &str) -> bool {
    const MAX_BUTTON_WORDS: usize = 4;
    const REQUESTS: [&str; 6] = ["please ", "click ", "tap ", "like ", "help ", "and "];
    let phrases = || {
        let of_sharing = WORDINGS.iter().filter(|wording| wording.kind == BoilerplateKind::Share);
        of_sharing.flat_map(|wording| wording.anywhere.iter().chain(wording.openers))
    };
    count_spaced(line, MAX_BUTTON_WORDS + 1) <= MAX_BUTTON_WORDS
        || sentences(line).any(|sentence| {
            let folded = normalised(sentence);
            let bare = folded.trim_start_matches(is_outer_mark);
            phrases().any(|phrase| bare.starts_with(phrase)) || REQUESTS.iter().any(|word| bare.starts_with(word))
        })
}

/// Is a line with a phrase of advertising short, not the list of those who pay for a concert or a sentence on what drives a
/// ferry?
fn is_advertisement(line: &str) -> bool {
    const MAX_WORDS: usize = 8;
    count_spaced(line, MAX_WORDS + 1) <= MAX_WORDS && !line.contains(", ")
}

/// Is a line with a phrase of copyright a notice, not a paragraph that ends with one?
fn is_notice(line: &str) -> bool {
    const MAX_WORDS: usize = 25;
    let folded = fold(line);
    let begins = ["©", "(c)", "copyright", "all rights", "this material", "alle rechte"];
    begins.iter().any(|beginning| folded.trim_start().starts_with(beginning))
        || count_spaced(line, MAX_WORDS + 1) <= MAX_WORDS
}

/// The sentences of a line, roughly: abbreviations end some early.
fn sentences(line: &str) -> impl Iterator<Item = &str> {
    let ends = |c: char| matches!(c, '.' | '!' | '?' | '…' | '。' | '！' | '？');
    let mut ended = false;
    line.split_inclusive(move |c: char| {
        let is_end = ended && c.is_whitespace() || matches!(c, '。' | '！' | '？');
        ended = ends(c) || ended && matches!(c, '"' | '”' | '»' | ')' | ']');
        is_end
    })
    .map(str::trim)
    .filter(|sentence| !sentence.is_empty())
}

/// Is a sentence an invitation to the reader, or a part of one?
fn invites(sentence: &str) -> bool {
    /// A shorter sentence says nothing by itself.
    const MIN_WORDS: usize = 4;
    /// An invitation of up to this many words may begin with anything.
    const SHORT_WORDS: usize = 12;
    /// "Stay tuned for more secrets from the basement" is the article's; "Stay tuned for more" is the page's.
    const MAX_PARTING_WORDS: usize = 6;
    /// Conjunctions that begin a clause about something else: "If you subscribe to our newsletter, you already know".
    const SUBORDINATE: [&str; 8] = ["if", "as", "when", "since", "because", "after", "wenn", "comme"];
    let words = count_spaced(sentence, MAX_WORDS + 1);
    if words < MIN_WORDS || sentence.ends_with(['?', '？']) {
        return true;
    }
    let folded = normalised(sentence);
    let all: Vec<&str> = folded.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty()).collect();
    let has = |list: &[&str]| all.iter().any(|word| list.contains(word));
    let is_of = |wording: usize| WORDINGS[wording].kind == BoilerplateKind::Subscribe;
    let mut at = None;
    // A phrase that speaks of a publisher by itself: "subscribe to our".
    let mut is_plain = false;
    for (matcher, says_all) in [(&ANYWHERE, true), (&NEAR_END, false)] {
        matcher.for_each_match(&folded, Anchored::No, |wording, found| {
            if is_of(wording) && is_word_boundary(&folded, found.start()) {
                is_plain |= says_all || !ENROLMENTS.iter().any(|phrase| folded[found.range()].starts_with(phrase));
                at = Some(at.map_or(found.start(), |other: usize| other.min(found.start())));
            }
        });
    }
    OPENERS.for_each_match(&folded, Anchored::Yes, |wording, found| {
        if is_of(wording) && is_word_boundary(&folded, found.end()) {
            is_plain |= !ENROLMENTS.iter().any(|phrase| folded.starts_with(phrase));
            at = Some(0);
        }
    });
    let is_of_publisher = is_plain || has(READER_WORDS) || has(CHANNEL_WORDS) || has(UPDATE_WORDS);
    let is_parting = folded.contains("stay tuned") || folded.contains("keep watching");
    if is_parting && words > MAX_PARTING_WORDS {
        return false;
    }
    let first = all.first().copied().unwrap_or("");
    match at {
        Some(_) if folded.chars().any(is_unspaced) => true,
        Some(_) if words <= SHORT_WORDS => is_of_publisher,
        Some(_) if SUBORDINATE.contains(&first) => false,
        Some(at) if INVITATIONS.contains(&first) || count_spaced(&folded[..at], MAX_WORDS) <= 4 => is_of_publisher,
        _ => has(READER_WORDS) && has(CHANNEL_WORDS),
    }
}

/// Is the line a note about the author or a list of who wrote, not a sentence about someone else? It begins with a name, or
/// with what a list of names follows.
fn is_author_note(line: &str) -> bool {
    const MAX_WORDS: usize = 45;
    /// Openers of author notes, folded.
    const BEGINNINGS: [&str; 22] = [
        "follow",
        "you can follow",
        "contact",
        "about the author",
        "uber den autor",
        "zur person",
        "a propos",
        "sobre",
        "the author",
        "the writer",
        "additional reporting",
        "reporting by",
        "with reporting",
        "with additional",
        "written by",
        "writing by",
        "edited by",
        "editing by",
        "mitarbeit",
        "с участием",
        "contributed",
        "ap writer",
    ];
    /// Verbs that follow the name of the author in a note.
    const NOTE_VERBS: [&str; 12] =
        ["is", "was", "has", "covers", "writes", "reports", "works", "ist", "est", "es", "é", "è"];
    let folded = normalised(line);
    let bare = folded.trim_start_matches(is_outer_mark);
    if count_spaced(line, MAX_WORDS + 1) > MAX_WORDS {
        return false;
    }
    if let Some(beginning) = BEGINNINGS.iter().find(|beginning| bare.starts_with(**beginning)) {
        // Nouns have capitals in German: "Mitarbeit in Projekten mit Geflüchteten" is an item of a job.
        let is_label = *beginning != "mitarbeit" || bare[beginning.len()..].trim_start().starts_with(':');
        return is_label && has_names(line);
    }
    // A name of two words at least, or one before "can be reached at".
    let mut words =
        line.trim_start_matches(is_outer_mark).split_whitespace().skip_while(|word| *word == "The").peekable();
    let mut names = 0;
    while words.next_if(|word| word.starts_with(char::is_uppercase)).is_some() {
        names += 1;
    }
    let is_contact = folded.contains("can be reached at") || folded.contains("contributed");
    let is_quoted = line.contains(['"', '“', '„', '«']);
    // A list of its writers may begin with the name of the agency, which is a single word.
    !is_quoted
        && (names >= 1 && is_contact || names >= 2 && words.next().is_some_and(|word| NOTE_VERBS.contains(&word)))
}

/// Are most words of the line capitalised, as in a list of names, or is it so short that it is a heading of such a list?
fn has_names(line: &str) -> bool {
    const MAX_SHORT_WORDS: usize = 4;
    let (mut capitals, mut words) = (0, 0);
    for word in line.split_whitespace().filter(|word| word.contains(char::is_alphabetic)) {
        words += 1;
        capitals += usize::from(word.trim_start_matches(is_outer_mark).starts_with(|c: char| !c.is_lowercase()));
    }
    words <= MAX_SHORT_WORDS || capitals * 5 >= words * 2
}

/// Is a line that begins with an opener, up to `end`, a link to something else, not a sentence of the article? "Related:" and
/// a headline is one; "More from the organisers:" introduces what they said.
fn is_link(kind: BoilerplateKind, line: &str, end: usize) -> bool {
    /// "Learn more about" goes on for as many words at most.
    const MAX_WORDS_WITHOUT_COLON: usize = 12;
    if kind != BoilerplateKind::Related && kind != BoilerplateKind::Share {
        return true;
    }
    let line = line.trim();
    let rest = line.get(end.min(line.len())..).unwrap_or("").trim_matches(is_outer_mark);
    let introduces = line.ends_with(':') && rest.contains(' ');
    // "Related company's credit 6.1 mln" goes on in lower case.
    let opener = line.get(..end.min(line.len())).unwrap_or(line);
    let after = line.get(end.min(line.len())..).unwrap_or("");
    if opener.bytes().all(|byte| byte.is_ascii_alphabetic()) && after.trim_start().starts_with(char::is_lowercase) {
        // A label may go on so, but `tags` is a word of German and a verb, too.
        return kind == BoilerplateKind::Share && !opener.eq_ignore_ascii_case("tags");
    }
    if kind == BoilerplateKind::Share {
        return true;
    }
    let is_post = line.contains("pic.twitter.com") || line.contains("//t.co/");
    let has_colon = line.find([':', '：']).is_some_and(|at| at <= end + 40);
    let is_short = count_spaced(line, MAX_OPENER_WORDS + 1) <= MAX_WORDS_WITHOUT_COLON;
    !introduces && !is_post && (has_colon || is_short) && sentences(line).filter(|part| part.contains(' ')).count() <= 2
}

/// Is it a mark that is ignored around a line?
fn is_outer_mark(c: char) -> bool {
    !c.is_alphanumeric() && c != '©'
}

/// Is `at` not inside a word? Every position is a boundary in scripts without spaces.
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
    let links = folded.contains("http") || folded.contains("www.");
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
pub(crate) fn collect(blocks: &[Block]) -> Vec<Boilerplate> {
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
        use BoilerplateKind::{Advertisement, Author, Copyright, Related, Share, Source, Subscribe};
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
            // A page's sentence among others.
            (
                "Tickets go on sale in the week of the 22nd, but you can sign up at the harbour office here now!",
                true,
                None,
            ),
            (
                "As noted in our newsletter this morning, the first ferry sailed in 1953. It cut the way by an hour.",
                true,
                None,
            ),
            ("The film is only shown on Halden Plus, which you need to sign up and pay for.", true, None),
            (
                "Wilkommen an Bord? Abonnieren Sie unser Briefing. Täglich um 7 Uhr in Ihrer Inbox.",
                true,
                Some(Subscribe),
            ),
            (
                "Get the day's top headlines delivered every morning by subscribing to our newsletter.",
                true,
                Some(Subscribe),
            ),
            ("Stay tuned for the plans of the council for the old sugar works, due on Tuesday.", true, None),
            ("Stay tuned for part 3.", true, Some(Subscribe)),
            ("For tram times call the town hall, sign up for its alerts and follow @HaldenTram.", true, None),
            // Services and forms of others than the publisher.
            ("Borrowers can sign up to be told when the list of forgiven loans is out at Halden.example.", true, None),
            ("Parents can sign up at the school.", true, None),
            ("Sign up for flood warnings at www.halden.example or www.fjord.example/warn", false, None),
            ("Download the tax forms at the town hall", false, None),
            ("Sign up for breaking news", false, Some(Subscribe)),
            ("Sign up here", false, Some(Subscribe)),
            ("Sorry.", false, None),
            // Sharing, and what is shared.
            (
                "Well, thank you for allowing the Harbour Mission to share this story of the many families that it \
                 served in the year of the flood.",
                false,
                None,
            ),
            ("He wanted to share this story with all of us before the vote.", false, None),
            ("Did you like it? Share this story with your friends!", false, Some(Share)),
            ("Click to share this article on the web", false, Some(Share)),
            ("Share this story", false, Some(Share)),
            ("Share", false, Some(Share)),
            ("share.", false, None),
            ("Tags: harbour, strike, Halden Line", false, Some(Share)),
            ("Sponsored by Halden Beer", false, Some(Advertisement)),
            ("Sponsored by: Quay Radio, the Dockers' Union, Salt Bakery and more", false, None),
            ("Powered by two old engines, the ferry crosses the fjord", false, None),
            // Authors, and people of whom an article tells.
            ("Mara Lindqvist is a reporter for the Halden Courier. Follow her on Twitter.", true, Some(Author)),
            ("This makes her the first woman to lead the dockers. You can follow her on Twitter here.", true, None),
            ("The bakery on the quay opens at six; follow them on Facebook for its specials.", true, None),
            ("As for today's vote, the mayor was fairly speechless on Twitter:", true, None),
            ("her mother, who is a journalist, said so", true, None),
            ("Reporting by Ada Berg in Halden and Jon Moe; Editing by Ola Lie", true, Some(Author)),
            ("The Salt Bakery goes round the hill in a van; follow them on Facebook for its stops.", true, None),
            ("Mitarbeit in Projekten mit Jugendlichen am Hafen", true, None),
            ("Mitarbeit: Edda Voss", true, Some(Author)),
            ("Written by nobody in particular, the song has been sung on the quay for years.", true, None),
            ("Ada Berg and Jon Moe contributed to this report.", true, Some(Author)),
            // Links, and sentences that begin like one.
            ("More from the organisers on this year's move to the quay:", false, None),
            ("Learn more about the crane in the film above, which shows how it was built by the dockers.", false, None),
            ("Learn more about cranes", false, Some(Related)),
            ("Related: Halden's second bridge is a year late", false, Some(Related)),
            ("Related company's credit 6.1 mln vs nil", true, None),
            ("Related Halden's second bridge is a year late", true, Some(Related)),
            ("We'll have more on this story later this week, when the council meets.", true, None),
            // Sign-offs.
            ("Reuter", true, Some(Source)),
            ("(dpa)", true, Some(Source)),
            ("-- ENDS --", true, Some(Source)),
            ("Nine mths", true, None),
            ("-30-", true, Some(Source)),
            ("30", true, None),
            ("— 30 —", true, Some(Source)),
            ("§ 30", true, None),
            ("30.", true, None),
            ("Tags: harbour, tram", false, Some(Share)),
            ("Tagged harbour, tram", false, Some(Share)),
            ("Filed under harbour", false, Some(Share)),
            ("TAGS Harbour Tram", false, Some(Share)),
            ("tags außerhalb der Ruhezeiten 65 dB(A),", false, None),
            ("Tags darauf schlossen die Banken", false, None),
            ("Reuter", false, None),
        ] {
            assert_eq!(classify(line, near_end), kind, "{line}");
        }
    }

    #[test]
    fn lines_that_belong_to_the_lines_around_them_are_text() {
        for (text, boilerplate) in [
            // The rest of a sentence.
            ("HALDEN LINE PLANS\nThe line plans a rights issue at 225 crowns a\nshare\nThe docks rose.", ""),
            ("A HEADLINE\nThe docks rose on Tuesday.\nshare\nThe line fell.", "share"),
            ("A HEADLINE\nThe docks rose on Tuesday.\nfacebook\nprint\nThe line fell.", "facebook|print"),
            ("A HEADLINE\nThe docks rose on Tuesday.\nOne bid was for two loads\nreuter", "reuter"),
            // Posts of others.
            (
                "A HEADLINE\nThe council met.\nWatch: nobody will vote for the tram\n— Ada Berg (@adaberg) May 3, 2016\nIt fell.",
                "",
            ),
            (
                "A HEADLINE\nThe council met.\nWatch: the tram is built\nThe line fell on Tuesday.",
                "Watch: the tram is built",
            ),
            // A transcript.
            (
                "Briefing\n\nMS. VOSS: Good morning, all of you, and welcome to the docks.\n\nQ: Will the tram be built?\n\nMS. \
                 VOSS: Stay tuned.\n\nQ: And the bridge?\n\nMS. VOSS: It will be in your inbox soon.\n\nQ: Thank you.\n\nMS. VOSS: \
                 Thank you. It was a pleasure.",
                "",
            ),
            // A headline that begins with a label.
            (
                "Source: Ferry That Sank Was Never Inspected\nBy Ada Berg\nMay 3, 2016\n\nThe ferry sank on Tuesday.",
                "By Ada Berg|May 3, 2016",
            ),
            // A caption with the month of its picture.
            (
                "The Tram\nBy Ada Berg\nMay 3, 2016\nHalden Station, September 1962\nThe tram ran until 1970, and then it was gone.",
                "By Ada Berg|May 3, 2016",
            ),
        ] {
            let raw = crate::article::RawArticle { text: text.to_string(), ..Default::default() };
            let blocks = crate::article::prepare(&raw).blocks;
            let found: Vec<&str> = collect(&blocks).into_iter().map(|found| &text[found.span]).collect();
            assert_eq!(found.join("|"), boilerplate, "{text}");
        }
    }
}
