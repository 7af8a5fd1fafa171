//! Boilerplate: lines that belong to the page, not to the article. They are left out of passages and listed by `sections`.
//!
//! A line is judged by its wording and its position in its own article, never by other articles: an index that grew
//! holds what one that is built anew holds, and a sentence that a hundred articles share is found in all of them.

mod about_page;
mod phrases;
mod wordings;

use aho_corasick::Anchored;

use super::{Block, BlockKind, Span, Turn};
use crate::model::BoilerplateKind;
use crate::text::fold::fold;
use crate::text::space::{count_spaced, is_space, split_on};
use about_page::{is_about_page, is_link};
pub(super) use phrases::build_tables;
use phrases::{ANYWHERE, ASCII_ANYWHERE, NEAR_END, OPENERS, PhraseMatcher, WHOLE_LINES, ends_word, is_word_boundary};
use wordings::{COUNTED_NOUNS, READER_WORDS, SHARE_BAR_WORDS, SHARE_SITES, SIGN_OFFS, WORDINGS};

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

/// Is it a mark that is ignored around a line?
fn is_outer_mark(c: char) -> bool {
    !c.is_alphanumeric() && c != '©'
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
