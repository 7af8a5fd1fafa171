//! Whether a line with a phrase of boilerplate speaks of the page, all of it, or is a sentence of the article.

use aho_corasick::Anchored;

use super::phrases::{ANYWHERE, NEAR_END, OPENERS, is_word_boundary};
use super::wordings::{CHANNEL_WORDS, ENROLMENTS, INVITATIONS, READER_WORDS, UPDATE_WORDS, WORDINGS};
use super::{MAX_OPENER_WORDS, MAX_WORDS, is_outer_mark, normalised};
use crate::model::BoilerplateKind;
use crate::text::fold::fold;
use crate::text::script::is_unspaced;
use crate::text::space::count_spaced;

/// Does every sentence of the line speak of the page, not only the one with the phrase? A paragraph of an article may end
/// with "You can sign up here now!".
pub(super) fn is_about_page(kind: BoilerplateKind, line: &str) -> bool {
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
pub(super) fn is_link(kind: BoilerplateKind, line: &str, end: usize) -> bool {
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
