//! Turns of speech: which parts of a transcript who said.
//!
//! A label before a line (`MS. SMITH:`, `Q`, `Interviewer:`) begins a turn, but most lines with a colon are none: facts
//! of a press release, ingredients, verdicts of a review. Whether an article has turns is decided from all of its labels
//! ([`Verdict`]): do they recur and alternate, are they people or roles, is what follows them speech? A turn lasts until
//! the next.

mod label;
mod verdict;
mod words;

use self::label::{Form, Kind, Label, first_word, may_begin, parse};
use self::verdict::{MIN_CERTAIN_TURNS, MIN_TURNS, Verdict};
use super::lines::trim;
use super::{Block, BlockKind, Span, blank};

/// A turn of speech: consecutive text of one speaker.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Turn {
    /// The speaker, as the label has it.
    pub speaker: String,
    /// Byte range in the text, from the label to the last block before the next turn.
    pub span: Span,
}

/// A line that may begin a turn.
struct Candidate {
    block: usize,
    /// Where the line begins.
    start: usize,
    label: Label,
    /// What is said on the line, or in the next block.
    said: Span,
    says: bool,
}

/// Finds the turns of an article. If `may_split`, lines within a block that begin a turn begin a block. Blocks that begin
/// a turn become items, so that no label is taken for a title or heading.
pub(crate) fn mark(text: &str, markup: &[Span], blocks: &mut Vec<Block>, may_split: bool) -> Vec<Turn> {
    let candidates = candidates(text, markup, blocks, may_split);
    let Some(accepted) = Verdict::of(text, blocks, &candidates) else { return Vec::new() };
    let begins: Vec<&Candidate> = candidates
        .iter()
        .zip(&accepted.begins)
        .filter(|(_, begins)| **begins)
        .map(|(candidate, _)| candidate)
        .collect();
    let starts: Vec<(usize, usize, bool)> = begins
        .iter()
        .map(|begin| (begin.block, begin.start, accepted.has_headings && begin.label.key.chars().count() == 1))
        .collect();
    let mut turns = turns(blocks, &begins, &accepted);
    split(text, blocks, &starts);
    // A turn that ends within a block ends before the white space.
    turns.iter_mut().for_each(|turn| turn.span = trim(text, turn.span.clone()));
    turns
}

/// The turns that markup states; see [`RawArticle::speakers`](super::RawArticle::speakers).
pub(crate) fn stated(text: &str, speakers: &[(usize, String)]) -> Vec<Turn> {
    let ends = speakers.iter().skip(1).map(|(at, _)| *at).chain([text.len()]);
    let turns = speakers.iter().zip(ends).map(|((start, speaker), end)| (speaker, trim(text, *start..end)));
    let said = turns.filter(|(speaker, span)| !speaker.is_empty() && !span.is_empty());
    said.map(|(speaker, span)| Turn { speaker: speaker.clone(), span }).collect()
}

/// Builds the tables now rather than at first use.
pub(super) fn build_tables() {
    label::build_tables();
}

/// The lines that may begin a turn, in order; none if they are too few for a transcript.
fn candidates(text: &str, markup: &[Span], blocks: &[Block], may_split: bool) -> Vec<Candidate> {
    // Nearly all articles have no turns, and are read only so far as to see that.
    let lines = lines(text, markup, blocks, may_split);
    let marked = lines.iter().filter(|line| line.form == Form::Marked).count();
    if marked < MIN_CERTAIN_TURNS && lines.len() <= MIN_TURNS || !may_recur(text, &lines) {
        return Vec::new();
    }
    let mut out: Vec<Candidate> = Vec::new();
    for Line { block: i, span, .. } in lines {
        let (block, start) = (&blocks[i], span.start);
        let is_block = span == block.span;
        let Some(label) = plain(text, markup, &span, |line| parse(line, is_block)) else { continue };
        let said_from = start + label.text;
        let is_alone = text[said_from.min(span.end)..span.end].trim().is_empty();
        let said = match blocks.get(i + 1) {
            Some(next) if is_alone && is_block => next.span.clone(),
            _ => said_from.min(block.span.end)..block.span.end,
        };
        if let Some(before) = out.last_mut().filter(|before| before.said.end > start && before.block == i) {
            before.said.end = start;
        }
        out.push(Candidate { block: i, start, label, said, says: false });
    }
    for candidate in &mut out {
        // Answers to a letter may be a word.
        let is_letter = candidate.label.key.chars().count() == 1;
        candidate.says =
            plain(text, markup, &candidate.said, |said| says(said) || is_letter && !said.trim().is_empty());
    }
    out
}

/// A line that may begin with a label.
struct Line {
    block: usize,
    span: Span,
    form: Form,
}

/// The lines that may begin with a label, by a first look; see [`may_begin`].
fn lines(text: &str, markup: &[Span], blocks: &[Block], may_split: bool) -> Vec<Line> {
    let mut out = Vec::new();
    for (i, block) in blocks.iter().enumerate() {
        if !matches!(block.kind, BlockKind::Paragraph | BlockKind::Item | BlockKind::Heading(_)) {
            continue;
        }
        let mut start = block.span.start;
        while start < block.span.end {
            let end = memchr::memchr2(b'\n', b'\r', &text.as_bytes()[start..block.span.end])
                .map_or(block.span.end, |length| start + length);
            let span = start..end;
            let is_block = span == block.span;
            let form = plain(text, markup, &span, |line| may_begin(line, is_block));
            out.extend(form.map(|form| Line { block: i, span, form }));
            if !may_split {
                break;
            }
            start = end + 1;
        }
    }
    out
}

/// May two of the lines have the same label, as two turns of every transcript have? By their first words.
fn may_recur(text: &str, lines: &[Line]) -> bool {
    /// More lines are not compared.
    const MAX_LINES: usize = 64;
    let words: Option<Vec<&str>> = lines.iter().map(|line| first_word(&text[line.span.clone()])).collect();
    let Some(words) = words.filter(|words| words.len() <= MAX_LINES) else { return true };
    let is_again = |(i, word): (usize, &&str)| words[..i].iter().any(|other| other.eq_ignore_ascii_case(word));
    words.iter().enumerate().any(is_again)
}

/// The result of `of` for the words of `span`.
fn plain<T>(text: &str, markup: &[Span], span: &Span, of: impl FnOnce(&str) -> T) -> T {
    let first = markup.partition_point(|range| range.end <= span.start);
    let inside = markup[first..].iter().take_while(|range| range.start < span.end);
    let mut inside =
        inside.map(|range| range.start.max(span.start) - span.start..range.end.min(span.end) - span.start).peekable();
    if inside.peek().is_none() { of(&text[span.clone()]) } else { of(&blank(&text[span.clone()], inside)) }
}

/// Is it running text: does it end like a sentence, or is it long?
fn says(said: &str) -> bool {
    const LONG_WORDS: usize = 12;
    /// A line of wrapped text, whose sentence goes on.
    const LINE_WORDS: usize = 7;
    const LINE_BYTES: usize = 40;
    let said = said.trim().trim_end_matches(['*', '_', ' ', '\\']);
    let ended = said.ends_with(|c: char| {
        matches!(
            c,
            '.' | '?'
                | '!'
                | '…'
                | '"'
                | '”'
                | '»'
                | '“'
                | '—'
                | '–'
                | '-'
                | ')'
                | ']'
                | '\''
                | '’'
                | '。'
                | '？'
                | '！'
                | '」'
                | '؟'
                | '।'
        )
    });
    said.chars().any(char::is_alphabetic)
        && (ended
            || said.len() >= LINE_BYTES && said.split_whitespace().nth(LINE_WORDS - 1).is_some()
            || said.split_whitespace().nth(LONG_WORDS - 1).is_some()
            || said.chars().count() > LONG_WORDS * 8)
}

/// The turns, with white space at their ends.
fn turns(blocks: &[Block], begins: &[&Candidate], verdict: &Verdict) -> Vec<Turn> {
    let longest_gap = begins.windows(2).map(|pair| pair[1].block - pair[0].block).max().unwrap_or(1);
    let mut out = Vec::with_capacity(begins.len());
    for (i, begin) in begins.iter().enumerate() {
        let own_end =
            blocks.iter().find(|block| block.span.end >= begin.said.end).map_or(begin.said.end, |block| block.span.end);
        let end = match begins.get(i + 1) {
            Some(next) if verdict.is_continuous => next.start,
            Some(next) => own_end.min(next.start),
            // The last one says no more than the others do.
            None if verdict.is_continuous => {
                let last = (begin.block + longest_gap - 1).min(blocks.len() - 1);
                let last = if begin.label.kind >= Kind::Capitals || longest_gap > 2 { blocks.len() - 1 } else { last };
                blocks[last].span.end.max(own_end)
            }
            None => own_end,
        };
        out.push(Turn { speaker: begin.label.name.clone(), span: begin.start..end });
    }
    out
}

/// Splits blocks where turns begin, and makes their blocks items, but for headings and those that may be.
fn split(text: &str, blocks: &mut Vec<Block>, starts: &[(usize, usize, bool)]) {
    let mut out = Vec::with_capacity(blocks.len() + starts.len());
    let mut starts = starts.iter().peekable();
    for (i, block) in blocks.drain(..).enumerate() {
        let mut rest = block;
        while let Some(&&(_, start, may_be_heading)) = starts.peek().filter(|(of, ..)| *of == i) {
            starts.next();
            if start > rest.span.start {
                let before = trim(text, rest.span.start..start);
                if !before.is_empty() {
                    out.push(Block { span: before, kind: rest.kind });
                }
                rest.span.start = start;
            }
            if rest.kind == BlockKind::Paragraph && !may_be_heading {
                rest.kind = BlockKind::Item;
            }
        }
        rest.span = trim(text, rest.span);
        out.push(rest);
    }
    *blocks = out;
}

#[cfg(test)]
mod tests {
    use super::super::{RawArticle, SplitArticle};

    /// Each turn of bare text as `speaker|said`.
    fn turns(text: &str) -> Vec<String> {
        let article = SplitArticle::assemble(RawArticle { text: text.into(), ..RawArticle::default() });
        article
            .turns
            .iter()
            .map(|turn| format!("{}|{}", turn.speaker, article.text[turn.span.clone()].replace('\n', " ")))
            .collect()
    }

    /// The speakers of bare text, a letter each for the first, second ...: `ABAB`.
    fn order(text: &str) -> String {
        let article = SplitArticle::assemble(RawArticle { text: text.into(), ..RawArticle::default() });
        let mut known: Vec<&str> = Vec::new();
        let letter = |speaker| {
            let at = known.iter().position(|other| *other == speaker).unwrap_or_else(|| {
                known.push(speaker);
                known.len() - 1
            });
            char::from(b'A' + at as u8)
        };
        article.turns.iter().map(|turn| turn.speaker.as_str()).map(letter).collect()
    }

    #[test]
    fn transcripts_have_turns() {
        for (what, text, expected) in [
            (
                "briefing",
                "MS. SOLHEIM:  Good afternoon. I have two items.\n\nThe first is the ferry.\n\nQ    When will it sail?\n\nMS. SOLHEIM:  On Friday.\n\nQ    And the second?\n\nMS. SOLHEIM:  Herring.\n",
                "ABABA",
            ),
            (
                "interview",
                "Interviewer: When did you first go to sea?\nHolm: I was nine, and I was sick.\nInterviewer: Who took you?\nHolm: My aunt did. She had a boat.\n",
                "ABAB",
            ),
            (
                "newspaper",
                "COURIER: Frau Holm, warum streiken Sie?\nHOLM: Weil wir müde sind.\nCOURIER: Wie lange noch?\nHOLM: Bis wir ein Angebot haben.\n",
                "ABAB",
            ),
            (
                "names",
                "Mara Lindqvist: Welcome back. I'm here with Jon.\n\nJon Holm: Hi, Mara.\n\nMara Lindqvist: How are you?\n\nJon Holm: I am well, thank you.\n",
                "ABAB",
            ),
            (
                "court",
                "CHIEF JUSTICE HOLM: We'll hear argument in Case 12.\nMR. LUND: May it please the Court.\nThe quay is old.\nJUSTICE BERG: How old?\nMR. LUND: Very old, Your Honor.\nJUSTICE BERG: Thank you.\n",
                "ABCBC",
            ),
            ("testimony", "Q. Where were you?\nA. On the quay.\nQ. Who was with you?\nA. Nobody was.\n", "ABAB"),
            (
                "record of a parliament",
                "Mr. HOLM of Ohio. Mr. Speaker, I rise.\nThe SPEAKER pro tempore. The gentleman is recognized.\nMr. HOLM of Ohio. I thank the Speaker.\nMs. LUND. Will the gentleman yield?\nMr. HOLM of Ohio. I will not.\nThe SPEAKER pro tempore. So ordered.\n",
                "ABACAB",
            ),
            (
                "record with a list",
                "Mr. HOLM. I rise to thank those who kept the harbour safe.\nHarbour Police: Chief Ada Lund and Deputy Chief Jon Moe.\nState Archive: Rolf Dahl, Historian.\nThe PRESIDING OFFICER (Mr. Berg). The member has a minute.\nMr. HOLM. I thank the Chair.\nThe PRESIDING OFFICER (Mr. Berg). So ordered.\nMr. HOLM. I yield the floor.\n",
                "ABABA",
            ),
            (
                "French",
                "Journaliste : Pourquoi cette grève ?\nAnna Petit : Parce que nous sommes fatigués.\nJournaliste : Et demain ?\nAnna Petit : Demain, nous verrons.\n",
                "ABAB",
            ),
            (
                "Spanish parliament",
                "El señor PRESIDENTE: Se abre la sesión.\nLa señora HOLM LUND: Gracias, señor presidente.\nEl señor PRESIDENTE: Tiene la palabra.\nLa señora HOLM LUND: Señorías, el puerto está cerrado.\n",
                "ABAB",
            ),
            (
                "Russian",
                "Корреспондент: Почему вы бастуете?\nХольм: Потому что мы устали.\nКорреспондент: Что дальше?\nХольм: Мы ждём ответа.\n",
                "ABAB",
            ),
            ("Chinese", "记者：为什么罢工？\n李明：因为我们很累。\n记者：接下来呢？\n李明：我们等待答复。\n", "ABAB"),
            (
                "times",
                "[00:00:01] Mara Lindqvist: Welcome to the show about harbours.\n[00:00:09] Jon Holm: Thanks for having me.\n[00:00:12] Mara Lindqvist: So, herring.\n",
                "ABA",
            ),
            (
                "label lines with times",
                "Mara Lindqvist 00:01\nWelcome to the show about harbours.\n\nJon Holm 00:09\nThanks for having me.\n\nMara Lindqvist 00:12\nSo, tell me about herring.\n",
                "ABA",
            ),
            (
                "label lines",
                "Interviewer:\nWhen did you first go to sea?\n\nRespondent:\nI was nine, and I was sick.\n\nInterviewer:\nWho took you?\n\nRespondent:\nMy aunt did.\n",
                "ABAB",
            ),
            (
                "questions only",
                "Q: When did you first go to sea, and who took you out there in such weather, Mr. Holm?\nI was nine, and I was sick.\nQ: Who else was on board with you on that day, do you still remember their names?\nMy aunt was.\nQ: What did you catch that day, and did you ever go back to the same place after it?\nHerring, and a cold.\n",
                "AAA",
            ),
            (
                "wrapped",
                "     MS. SOLHEIM:  Good afternoon, everybody, and thank you\nfor coming.  I have two items for you at the top.\n     Q    When will the ferry sail, and who will be on it when\nit does?\n     MS. SOLHEIM:  It will sail on Friday, as the company said on\nTuesday.\n     Q    And after that?\n",
                "ABAB",
            ),
        ] {
            assert_eq!(order(text), expected, "{what}: {:#?}", turns(text));
        }
    }

    #[test]
    fn other_labels_begin_no_turns() {
        for (what, text) in [
            (
                "recipe",
                "Serves: 4\nIngredients: two herrings, salt.\nMethod: Fry the herrings until they are golden.\nTip: Serve them hot.\nServes: 4\nIngredients: one cod, pepper.\nMethod: Boil the cod.\nTip: Serve it cold.\n",
            ),
            (
                "captions above the items of a list",
                "Five tables by the water.\n\nHarbour Hall (courtesy of the owner)\n\nHARBOUR HALL: You will find herring here, and your bread is free.\n\nOld Quay (courtesy of the owner)\n\nOLD QUAY: Would you rather have cod? You can.\n\nThe Anchor (courtesy of the owner)\n\nTHE ANCHOR: We liked the soup, and you should ask for it.\n\nBlue Boat (courtesy of the owner)\n\nBLUE BOAT: What is it that you want? They have it.\n\nNorth Pier (courtesy of the owner)\n\nNORTH PIER: Bring your own wine, if you like.\n\n",
            ),
            (
                "press release",
                "Dockers at the port walked out on Monday after talks had failed.\nContact: Mara Lindqvist, +47 555 0100.\nNote: The talks go on.\nSource: Halden Port.\nContact: Jon Holm.\nNote: Pictures are free.\n",
            ),
            (
                "review",
                "Pro: The ferry is fast and you can sit outside.\nCon: It is loud, and you cannot talk.\nPro: The coffee is good.\nCon: You pay for it.\nPro: You see seals.\nCon: They see you.\n",
            ),
            (
                "myths",
                "Myth: You must not swim after lunch.\nFact: You can, if you like.\nMyth: Herring is bad for you.\nFact: It is good for you.\n",
            ),
            (
                "records",
                "Name: Mara Lindqvist.\nPort: Halden, where we all are from.\nBoat: She has a small one.\nName: Jon Holm.\nPort: Gothenburg, where you can swim.\nBoat: He has none.\n",
            ),
            (
                "headings with colons",
                "Halden: Dockers walk out over pay.\nThe port was closed on Monday.\nOslo: Ferries sail again.\nThe ferries sailed on Monday.\nBergen: Rain is expected.\nIt rained on Monday.\n",
            ),
            (
                "results",
                "Halden United: Holm, Lund, Berg.\nOslo City: Moe, Dahl, Lie.\nHalden United: Two goals were enough.\nOslo City: None was too few.\n",
            ),
            (
                "lettered list",
                "A. Take the ferry.\nB. Take the bus.\nC. Walk along the quay.\nA. Pay on board.\nB. Pay before.\nC. Pay nothing.\n",
            ),
            (
                "once each",
                "Mara Lindqvist, 34: I want more pay.\nJon Holm, 51: We all do.\nAda Berg, 20: I do not care.\n",
            ),
            (
                "updates",
                "Update: The ferry has sailed.\nPolice said that nobody was hurt.\nUpdate: It has come back.\nUpdate: It has sailed again.\n",
            ),
            ("quotes", "He said: we go.\nShe said: we stay.\nHe said: why?\nShe said: because I say so.\n"),
        ] {
            assert_eq!(turns(text), Vec::<String>::new(), "{what}");
        }
    }

    #[test]
    fn turns_last_until_the_next() {
        let text = "MS. SOLHEIM:  I have two items.\n\nThe first is the ferry.\n\nQ    When will it sail?\n\nMS. SOLHEIM:  On Friday.\n\nQ    Why?\n";
        assert_eq!(
            turns(text),
            [
                "MS. SOLHEIM|MS. SOLHEIM:  I have two items.  The first is the ferry.",
                "Q|Q    When will it sail?",
                "MS. SOLHEIM|MS. SOLHEIM:  On Friday.",
                "Q|Q    Why?"
            ]
        );
    }

    #[test]
    fn a_story_that_quotes_an_exchange_is_told_by_nobody() {
        let prose = "The talk-show hosts Jay Holm and Jimmy Lund sang a duet about the harbour on Monday night, and nobody minded.\n";
        let text = format!(
            "{}Holm: I sing.\nLund: I sing too.\nHolm: We sing.\nLund: Stop it.\n{}",
            prose.repeat(5),
            prose.repeat(4)
        );
        let found = turns(&text);
        assert_eq!(found.len(), 4, "{found:#?}");
        assert_eq!(found[3], "Lund|Lund: Stop it.");
    }

    #[test]
    fn passages_do_not_cross_turns() {
        let text = "MS. SOLHEIM:  I have two items.\n\nThe first is the ferry.\n\nQ    When will it sail?\n\nMS. SOLHEIM:  On Friday.\n\nQ    Why?\n";
        let article = SplitArticle::assemble(RawArticle { text: text.into(), ..RawArticle::default() });
        let passages: Vec<_> = article
            .passages()
            .into_iter()
            .map(|passage| (article.speaker_of(&passage.span), &text[passage.span]))
            .collect();
        assert_eq!(
            passages,
            [
                (Some("MS. SOLHEIM"), "MS. SOLHEIM:  I have two items.\n\nThe first is the ferry."),
                (Some("Q"), "Q    When will it sail?"),
                (Some("MS. SOLHEIM"), "MS. SOLHEIM:  On Friday."),
                (Some("Q"), "Q    Why?"),
            ]
        );
    }
}
