//! Evidence: what speaks for or against a line being a heading.
//!
//! Every signal has a closed set of values, and the model one weight for each value, so the evidence for a line is a
//! list of sentences with numbers that add up. There are two rounds. [`Lines::local`] looks at the line, its
//! neighbours and the make-up of the article. [`Lines::whole`] looks again, knowing what the first round thought of
//! all other lines: headings of one article look alike, come at a rhythm, and have text under them.

use memchr::memmem;
use rustc_hash::FxHashMap;

use super::line::{Case, Close, Detail, End, First, Line, Shape, answers};
use crate::article::{Block, BlockKind, Markup};

/// A signal has nothing to say of the line.
pub const SILENT: u8 = u8::MAX;

/// Something that is looked at, and the answers it may give.
pub struct Signal {
    /// What is looked at.
    pub name: &'static str,
    /// Its answers: every combination of one of each list.
    pub answers: &'static [&'static [&'static str]],
}

impl Signal {
    /// How many values it has.
    #[must_use]
    pub const fn values(&self) -> usize {
        let mut product = 1;
        let mut i = 0;
        while i < self.answers.len() {
            product *= self.answers[i].len();
            i += 1;
        }
        product
    }

    /// A value in words.
    #[must_use]
    pub fn describe(&self, value: u8) -> String {
        let mut rest = usize::from(value);
        let mut words = Vec::new();
        for answers in self.answers.iter().rev() {
            words.push(answers[rest % answers.len()]);
            rest /= answers.len();
        }
        words.reverse();
        format!("{}: {}", self.name, words.join(", "))
    }
}

/// Declares the signals of a round: an enum to name them in code, a table to name them to people.
macro_rules! signals {
    ($(#[$meta:meta])* $table:ident $kind:ident { $($variant:ident => $name:literal [$($answers:expr),+],)+ }) => {
        #[derive(Clone, Copy)]
        enum $kind { $($variant,)+ }
        $(#[$meta])*
        pub const $table: &[Signal] = &[$(Signal { name: $name, answers: &[$($answers),+] },)+];
    };
}

const NO_YES: &[&str] = &["no", "yes"];
const ENDS: &[&str] = End::NAMES;
const CLOSES: &[&str] = Close::NAMES;
const FIRSTS: &[&str] = First::NAMES;
const CASES: &[&str] = Case::NAMES;
const SHAPES: &[&str] = Shape::NAMES;
const WORDS: &[&str] =
    &["0 or 1", "2", "3", "4", "5", "6", "7", "8", "9", "10", "11", "12-13", "14-15", "16-19", "20 or more"];
const FEW_WORDS: &[&str] = &["1-2", "3-5", "6-8", "9-11", "12-15", "16 or more"];
const CHARS: &[&str] =
    &["under 8", "8-14", "15-24", "25-34", "35-44", "45-54", "55-64", "65-79", "80-99", "100-119", "120 or more"];
const COUNT_4: &[&str] = &["0", "1", "2", "3 or more"];
const COUNT_6: &[&str] = &["0", "1", "2", "3", "4", "5 or more"];
const BLOCKS_AWAY: &[&str] = &["0", "1", "2", "3-4", "5-8", "9 or more"];
const SHARE_9: &[&str] =
    &["under 5 %", "5-10 %", "10-15 %", "15-20 %", "20-30 %", "30-40 %", "40-50 %", "50-70 %", "over 70 %"];
const SHARE_5: &[&str] = &["none", "under a third", "a third", "most", "all"];
const RATIO: &[&str] =
    &["under 8 %", "8-15 %", "15-25 %", "25-40 %", "40-60 %", "60-80 %", "80-125 %", "125-170 %", "over 170 %"];
const COLON_LEFT: &[&str] = &["1 word before", "2 before", "3-4 before", "5 or more before"];
const COLON_RIGHT: &[&str] = &["none after", "1-2 after", "3-5 after", "6-9 after", "10 or more after"];
const PLACES: &[&str] = &["first", "second", "last", "last but one", "inside"];
const BLANKS: &[&str] =
    &["no blank line around", "blank line after only", "blank line before only", "blank lines around"];
const BLANK_FORMS: &[&str] = &["few blank lines in the text", "mostly blank lines in the text"];
const MARKS: &[&str] = &["plain", "bold", "h1", "h2", "h3", "h4 or lower"];
const PROBABILITY: &[&str] = &[
    "under 2 %",
    "2-5 %",
    "5-10 %",
    "10-20 %",
    "20-35 %",
    "35-50 %",
    "50-65 %",
    "65-80 %",
    "80-90 %",
    "90-95 %",
    "95-98 %",
    "over 98 %",
];
const NEIGHBOUR_PROBABILITY: &[&str] = &["under 2 %", "2-10 %", "10-30 %", "30-60 %", "60-90 %", "over 90 %"];
const MEAN: &[&str] = &["no such", "under 5 %", "5-15 %", "15-30 %", "30-50 %", "50-70 %", "70-85 %", "over 85 %"];
const GAP: &[&str] = &["1", "2", "3", "4-5", "6-9", "10 or more", "none"];
const SECTION_WORDS: &[&str] = &["none", "1-9", "10-29", "30-59", "60-119", "120-249", "250-499", "500 or more"];
const DIFFERENCE: &[&str] = &[
    "6 or more shorter",
    "3-6 shorter",
    "1-3 shorter",
    "the same",
    "1-3 longer",
    "3-6 longer",
    "6-10 longer",
    "over 10 longer",
];

answers! {
    /// Ends by which lines of one style are told.
    StyleEnd { Open => "open", Stop => "stop", Question => "question", Colon => "colon", Exclamation => "exclamation", }
}

signals! {
    /// The signals of the first round.
    LOCAL Local {
        Words => "words" [WORDS],
        Chars => "characters" [CHARS],
        End => "ends with" [ENDS],
        First => "begins with" [FIRSTS],
        Case => "letters" [CASES],
        CaseEnd => "letters and end" [CASES, ENDS],
        Numbered => "numbered" [NO_YES],
        Time => "holds a date or time" [NO_YES],
        Code => "looks like code" [NO_YES],
        Dash => "holds a dash" [NO_YES],
        Colon => "holds a colon" [COLON_LEFT, COLON_RIGHT],
        Commas => "commas" [COUNT_4],
        Pipe => "holds a bar" [NO_YES],
        Address => "holds an address" [NO_YES],
        Quoted => "holds a quotation" [NO_YES],
        NameLike => "could be a name" [NO_YES],
        Figure => "numbered figure" [NO_YES],
        Slash => "words parted by a slash" [NO_YES],
        Marks => "marks among the characters" [&["under 2 %", "2-5 %", "5-10 %", "10-15 %", "15-25 %", "over 25 %"]],
        Unspaced => "script without spaces" [NO_YES],
        Asks => "opens as a question" [NO_YES],
        Before => "before it" [SHAPES],
        After => "after it" [SHAPES],
        Around => "before and after it" [SHAPES, SHAPES],
        After2 => "two after it" [SHAPES],
        Behind => "the two after it" [SHAPES, SHAPES],
        CloseAfter => "closes, before" [CLOSES, SHAPES],
        CloseBefore => "closes, after" [CLOSES, SHAPES],
        CloseWords => "closes, words" [CLOSES, FEW_WORDS],
        BriefAbove => "brief lines right above" [COUNT_6],
        BriefBelow => "brief lines right below" [COUNT_6],
        NextShort => "blocks to the next short line" [BLOCKS_AWAY],
        LastShort => "no short line follows" [NO_YES],
        PreviousShort => "blocks since the last short line" [BLOCKS_AWAY],
        RunningAfter => "paragraphs after it" [&["0", "1", "2", "3-5", "6 or more"]],
        BriefShare => "brief lines in the article" [SHARE_9],
        Position => "place in the article" [&["top", "to 10 %", "to 25 %", "to 50 %", "to 75 %", "to 90 %", "to 97 %", "end"]],
        Place => "it is" [PLACES],
        FirstCloses => "first line, closes" [CLOSES],
        Repeated => "the same line occurs again" [NO_YES],
        BeforeRepeated => "the line before occurs" [&["twice", "3-4 times", "5 times or more"]],
        AfterRepeated => "the line after occurs" [&["twice", "3-4 times", "5 times or more"]],
        BeforeEnds => "the line before ends with" [ENDS],
        BeforeFirst => "begins as the line before" [NO_YES],
        BeforeCase => "written as the short line before" [NO_YES],
        AfterEnds => "the line after ends with" [ENDS],
        AfterFirst => "the line after begins with" [FIRSTS],
        AfterWords => "words after it" [&["under 4", "4-7", "8-11", "12-19", "20-34", "35-59", "60-99", "100 or more"]],
        AfterCaption => "a caption follows" [NO_YES],
        SharedAfter => "its words in the block after" [SHARE_5],
        SharedBefore => "its words in the block before" [SHARE_5],
        AfterSame => "the block after begins the same" [NO_YES],
        LowerShare => "lines that begin small" [&["under 5 %", "5-10 %", "10-20 %", "20-40 %", "over 40 %"]],
        RatioBefore => "length beside the block before" [RATIO],
        RatioAfter => "length beside the block after" [RATIO],
        FirstWordBefore => "first word of the line before" [NO_YES],
        FirstWordAfter => "first word of the line after" [NO_YES],
        AlikeBefore => "built as the short line before" [NO_YES],
        AlikeAfter => "built as the short line after" [NO_YES],
        Introduced => "lines since one that ends with a colon" [&["none", "1", "2", "3", "4", "5"]],
        Blank => "blank lines" [BLANK_FORMS, BLANKS],
        Marked => "marked as" [MARKS],
        MarkedEnds => "marked as, ends with" [MARKS, ENDS],
        Linked => "all of it a link" [NO_YES],
        BeforeMarked => "the block before is marked as" [MARKS],
        AfterMarked => "the block after is marked as" [MARKS],
        AfterLinked => "the block after is a link" [NO_YES],
        OthersMarked => "marked as, others marked so" [MARKS, &["0", "1", "2-3", "4-7", "8 or more"]],
    }
}

signals! {
    /// The signals of the second round.
    WHOLE Whole {
        Itself => "first thought" [PROBABILITY],
        AlikeMean => "lines alike are headings" [MEAN],
        AlikeCount => "lines alike" [&["0", "1", "2", "3-4", "5-7", "8 or more"]],
        Sure => "sure headings elsewhere" [&["0", "1", "2", "3-4", "5-8", "9 or more"]],
        SureStyle => "sure headings alike" [SHARE_5],
        SureCase => "sure headings with such letters" [SHARE_5],
        SureEnd => "sure headings with such an end" [SHARE_5],
        SureNumbered => "sure headings numbered as it is" [SHARE_5],
        SureFirst => "sure headings that begin as it does" [SHARE_5],
        Length => "beside sure headings it is" [DIFFERENCE],
        GapBefore => "blocks since the last sure heading" [GAP],
        GapAfter => "blocks to the next sure heading" [GAP],
        ExpectedShare => "headings among the lines" [&["under 2 %", "2-5 %", "5-10 %", "10-15 %", "15-20 %", "20-30 %", "30-40 %", "over 40 %"]],
        Expected => "headings expected elsewhere" [&["under 0.3", "0.3-1", "1-2", "2-4", "4-8", "over 8"]],
        Before => "the line before is a heading" [NEIGHBOUR_PROBABILITY],
        After => "the line after is a heading" [NEIGHBOUR_PROBABILITY],
        WordsAfter => "words to the next sure heading" [SECTION_WORDS],
        WordsBefore => "words since the last sure heading" [SECTION_WORDS],
        Siblings => "lines with its first word" [&["0", "1", "2-3", "4-6", "7 or more"]],
        SiblingsMean => "lines with its first word are headings" [&["no such", "under 10 %", "10-30 %", "30-50 %", "50-70 %", "70-90 %", "over 90 %"]],
        Near => "beside the likeliest line near it" [&["far likelier", "likelier", "a little likelier", "as likely", "a little less likely", "less likely", "far less likely", "none near"]],
        QuestionShare => "questions in the article" [&["under 5 %", "5-10 %", "10-20 %", "20-30 %", "30-45 %", "over 45 %"]],
        Questions => "questions" [&["1", "2", "3-4", "5-8", "9 or more"]],
    }
}

/// What the signals said of one line, in the order of their table.
pub type Said = Vec<u8>;

/// The lines of an article, ready to be asked.
pub struct Lines<'a> {
    lines: Vec<Line<'a>>,
    /// Which block each line is.
    blocks: Vec<usize>,
    candidates: Vec<usize>,
    /// How a page marks each line; empty for bare text.
    marks: Vec<Markup>,
    marked: [usize; MARKS.len()],
    blank_before: Vec<bool>,
    next_short: Vec<usize>,
    previous_short: Vec<usize>,
    running_after: Vec<usize>,
    occurrences: FxHashMap<&'a str, usize>,
    brief_share: f64,
    lower_share: f64,
    blank_share: f64,
    questions: usize,
}

/// Which of [`MARKS`].
fn rank_of(mark: Markup) -> usize {
    match mark.level {
        0 => usize::from(mark.bold),
        level => usize::from(level).min(4) + 1,
    }
}

/// A page that has so many headings of a level, and nothing else of it, means them.
const LEAST_OF_A_LEVEL: usize = 3;
/// Stands for "there is none" among line numbers.
const NOWHERE: usize = usize::MAX / 2;

fn rank<T: PartialOrd>(value: T, bounds: &[T]) -> usize {
    bounds.iter().take_while(|bound| value >= **bound).count()
}

impl<'a> Lines<'a> {
    /// Looks at the blocks of a text that may be headings or stand around them.
    #[must_use]
    pub fn new(text: &'a str, blocks: &[Block], marks: Option<&[Markup]>) -> Self {
        let kept = |kind: BlockKind| matches!(kind, BlockKind::Paragraph | BlockKind::Item | BlockKind::Heading(_));
        let kept: Vec<usize> = (0..blocks.len()).filter(|&i| kept(blocks[i].kind)).collect();
        let lines: Vec<Line<'a>> = kept.iter().map(|&i| Line::new(&text[blocks[i].span.clone()])).collect();
        let candidates = (0..lines.len())
            .filter(|&i| blocks[kept[i]].kind != BlockKind::Item && lines[i].may_be_heading())
            .collect();
        let marks: Vec<Markup> = marks.map(|marks| kept.iter().map(|&i| marks[i]).collect()).unwrap_or_default();
        let mut marked = [0; MARKS.len()];
        marks.iter().for_each(|mark| marked[rank_of(*mark)] += 1);
        let count = lines.len();
        let blank_before: Vec<bool> = (0..count)
            .map(|i| {
                let end = if i == 0 { 0 } else { blocks[kept[i - 1]].span.end };
                let gap = &text.as_bytes()[end..blocks[kept[i]].span.start];
                i > 0 && gap.iter().filter(|&&byte| byte == b'\n').count() > 1
            })
            .collect();
        let mut next_short = vec![NOWHERE; count];
        let mut running_after = vec![0; count];
        let (mut short, mut running) = (NOWHERE, 0);
        for i in (0..count).rev() {
            next_short[i] = short;
            running_after[i] = running;
            if lines[i].shape.is_short() {
                short = i;
            }
            running += usize::from(lines[i].shape.is_running());
        }
        let mut previous_short = vec![NOWHERE; count];
        let mut short = NOWHERE;
        for i in 0..count {
            previous_short[i] = short;
            if lines[i].shape.is_short() {
                short = i;
            }
        }
        let mut occurrences = FxHashMap::default();
        for line in lines.iter().filter(|line| line.detail.is_some()) {
            *occurrences.entry(line.text).or_insert(0) += 1;
        }
        let share = |n: usize| n as f64 / count.max(1) as f64;
        let brief_share = share(lines.iter().filter(|line| line.shape.is_brief()).count());
        let lower_share = share(lines.iter().filter(|line| line.first == First::Lower).count());
        let blank_share =
            blank_before.iter().filter(|blank| **blank).count() as f64 / count.saturating_sub(1).max(1) as f64;
        let questions = lines.iter().filter(|line| line.end == End::Question && line.words <= 25).count();
        Lines {
            lines,
            blocks: kept,
            candidates,
            marks,
            marked,
            blank_before,
            next_short,
            previous_short,
            running_after,
            occurrences,
            brief_share,
            lower_share,
            blank_share,
            questions,
        }
    }

    /// Ordinals of the lines that may be headings.
    #[must_use]
    pub fn candidates(&self) -> &[usize] {
        &self.candidates
    }

    /// Which block line `i` is.
    #[must_use]
    pub fn block(&self, i: usize) -> usize {
        self.blocks[i]
    }

    /// Lines of the levels below h1 that the page keeps for headings: at least [`LEAST_OF_A_LEVEL`] of a level, none a
    /// link, each above running text. Such a page's word counts for more than what its headings look like: some end
    /// with a stop.
    #[must_use]
    pub fn kept_for_headings(&self) -> Vec<usize> {
        let of_level = |level: u8| (0..self.marks.len()).filter(move |&i| self.marks[i].level == level);
        let heads = |i: usize| {
            let below = self.lines.get(i + 1).is_some_and(|line| line.shape.is_running());
            below && !self.marks[i].linked && self.candidates.binary_search(&i).is_ok()
        };
        (2..=6)
            .filter(|&level| of_level(level).count() >= LEAST_OF_A_LEVEL && of_level(level).all(heads))
            .flat_map(of_level)
            .collect()
    }

    fn shape(&self, i: Option<usize>) -> usize {
        i.and_then(|i| self.lines.get(i)).map_or(Shape::Missing, |line| line.shape) as usize
    }

    /// What the signals of the first round say of candidate `i`.
    #[must_use]
    pub fn local(&self, i: usize) -> Said {
        let mut said = vec![SILENT; LOCAL.len()];
        let mut say = |signal: Local, value: usize| {
            debug_assert!(value < LOCAL[signal as usize].values(), "{}", LOCAL[signal as usize].name);
            said[signal as usize] = value as u8;
        };
        let line = &self.lines[i];
        let Some(detail) = &line.detail else { return said };
        self.say_of_the_line(line, detail, &mut say);
        self.say_of_the_neighbours(i, line, detail, &mut say);
        self.say_of_the_article(i, line, &mut say);
        said
    }

    fn say_of_the_line(&self, line: &Line<'_>, detail: &Detail, say: &mut impl FnMut(Local, usize)) {
        let close = line.close() as usize;
        say(Local::Words, rank(line.words, &[2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 14, 16, 20]));
        say(Local::Chars, rank(line.chars, &[8, 15, 25, 35, 45, 55, 65, 80, 100, 120]));
        say(Local::End, line.end as usize);
        say(Local::First, line.first as usize);
        say(Local::Case, detail.case as usize);
        say(Local::CaseEnd, detail.case as usize * ENDS.len() + line.end as usize);
        for (signal, yes) in [
            (Local::Numbered, detail.numbered),
            (Local::Time, detail.time),
            (Local::Code, detail.code),
            (Local::Dash, detail.dash),
            (Local::Pipe, detail.pipe),
            (Local::Address, detail.address),
            (Local::Quoted, detail.quoted),
            (Local::NameLike, detail.name_like),
            (Local::Figure, detail.figure),
            (Local::Slash, detail.slash),
            (Local::Unspaced, detail.unspaced),
            (Local::Asks, detail.asks),
        ] {
            say(signal, usize::from(yes));
        }
        if let Some((left, right)) = detail.colon {
            say(Local::Colon, rank(left, &[2, 3, 5]) * COLON_RIGHT.len() + rank(right, &[1, 3, 6, 10]));
        }
        say(Local::Commas, detail.commas.min(3));
        say(Local::Marks, rank(detail.marks, &[0.02, 0.05, 0.1, 0.15, 0.25]));
        say(Local::CloseWords, close * FEW_WORDS.len() + rank(line.words, &[3, 6, 9, 12, 16]));
    }

    fn say_of_the_neighbours(&self, i: usize, line: &Line<'_>, detail: &Detail, say: &mut impl FnMut(Local, usize)) {
        let close = line.close() as usize;
        let shapes = SHAPES.len();
        let (before, after) = (self.shape(i.checked_sub(1)), self.shape(Some(i + 1)));
        say(Local::Before, before);
        say(Local::After, after);
        say(Local::Around, before * shapes + after);
        say(Local::After2, self.shape(Some(i + 2)));
        say(Local::Behind, after * shapes + self.shape(Some(i + 2)));
        say(Local::CloseAfter, close * shapes + after);
        say(Local::CloseBefore, close * shapes + before);
        let brief =
            |line: &&Line<'_>| !line.shape.is_running() && !matches!(line.shape, Shape::Sentence | Shape::Paragraph);
        say(Local::BriefAbove, self.lines[..i].iter().rev().take(5).take_while(brief).count());
        say(Local::BriefBelow, self.lines[i + 1..].iter().take(5).take_while(brief).count());
        let next_short = self.next_short[i];
        let to_next = if next_short == NOWHERE { self.lines.len() } else { next_short } - i - 1;
        say(Local::NextShort, rank(to_next, &[1, 2, 3, 5, 9]));
        say(Local::LastShort, usize::from(next_short == NOWHERE));
        let previous_short = self.previous_short[i];
        let since = if previous_short == NOWHERE { i } else { i - previous_short - 1 };
        say(Local::PreviousShort, rank(since, &[1, 2, 3, 5, 9]));
        let occurs = |text: &str| self.occurrences.get(text).copied().unwrap_or(1);
        if let Some(previous) = i.checked_sub(1).map(|p| &self.lines[p]) {
            say(Local::BeforeEnds, previous.end as usize);
            say(Local::BeforeFirst, usize::from(previous.first == line.first));
            let case = previous.detail.as_ref().map(|detail| detail.case);
            let same_case = previous.shape.is_short() && case == Some(detail.case);
            say(Local::BeforeCase, usize::from(same_case));
            say(Local::RatioBefore, ratio(line.chars, previous.text));
            say(Local::FirstWordBefore, usize::from(first_word(previous.text) == first_word(line.text)));
            say(Local::AlikeBefore, usize::from(same_case && previous.end == line.end && previous.first == line.first));
            say(Local::SharedBefore, shared(line.text, previous.text, detail.unspaced));
            if occurs(previous.text) > 1 {
                say(Local::BeforeRepeated, rank(occurs(previous.text), &[3, 5]));
            }
        }
        if let Some(next) = self.lines.get(i + 1) {
            say(Local::AfterEnds, next.end as usize);
            say(Local::AfterFirst, next.first as usize);
            say(Local::AfterWords, rank(next.words, &[4, 8, 12, 20, 35, 60, 100]));
            let caption = next.detail.as_ref().is_some_and(|detail| detail.caption);
            say(Local::AfterCaption, usize::from(caption));
            say(Local::RatioAfter, ratio(line.chars, next.text));
            say(Local::FirstWordAfter, usize::from(first_word(next.text) == first_word(line.text)));
            let case = next.detail.as_ref().map(|detail| detail.case);
            let alike =
                next.shape.is_short() && case == Some(detail.case) && next.end == line.end && next.first == line.first;
            say(Local::AlikeAfter, usize::from(alike));
            say(Local::SharedAfter, shared(line.text, next.text, detail.unspaced));
            say(Local::AfterSame, usize::from(begins_the_same(line.text, next.text)));
            if occurs(next.text) > 1 {
                say(Local::AfterRepeated, rank(occurs(next.text), &[3, 5]));
            }
        }
        say(Local::Introduced, self.introduced(i));
        self.say_of_blank_lines(i, say);
        self.say_of_markup(i, say);
    }

    fn say_of_markup(&self, i: usize, say: &mut impl FnMut(Local, usize)) {
        let Some(&mark) = self.marks.get(i) else { return };
        let own = rank_of(mark);
        say(Local::Marked, own);
        say(Local::OthersMarked, own * 5 + rank(self.marked[own] - 1, &[1, 2, 4, 8]));
        say(Local::MarkedEnds, own * ENDS.len() + self.lines[i].end as usize);
        say(Local::Linked, usize::from(mark.linked));
        if let Some(&before) = i.checked_sub(1).and_then(|i| self.marks.get(i)) {
            say(Local::BeforeMarked, rank_of(before));
        }
        if let Some(&after) = self.marks.get(i + 1) {
            say(Local::AfterMarked, rank_of(after));
            say(Local::AfterLinked, usize::from(after.linked));
        }
    }

    /// How many lines above stands one that ends with a colon, with no running text between; 0 if none.
    fn introduced(&self, i: usize) -> usize {
        for back in 1..=5usize.min(i) {
            let line = &self.lines[i - back];
            if line.end == End::Colon {
                return back;
            }
            if line.shape.is_running() {
                break;
            }
        }
        0
    }

    fn say_of_blank_lines(&self, i: usize, say: &mut impl FnMut(Local, usize)) {
        // In texts with a blank line between all blocks, or none at all, they say nothing.
        if (0.02..=0.98).contains(&self.blank_share) {
            let after = self.blank_before.get(i + 1).copied().unwrap_or(true);
            let form = usize::from(self.blank_share > 0.5);
            let around = usize::from(self.blank_before[i]) * 2 + usize::from(after);
            say(Local::Blank, form * BLANKS.len() + around);
        }
    }

    fn say_of_the_article(&self, i: usize, line: &Line<'_>, say: &mut impl FnMut(Local, usize)) {
        let count = self.lines.len();
        say(Local::RunningAfter, rank(self.running_after[i], &[1, 2, 3, 6]));
        say(Local::BriefShare, rank(self.brief_share, &[0.05, 0.1, 0.15, 0.2, 0.3, 0.4, 0.5, 0.7]));
        let position = i as f64 / count.saturating_sub(1).max(1) as f64;
        say(Local::Position, rank(position, &[0.02, 0.1, 0.25, 0.5, 0.75, 0.9, 0.97]));
        let place = match i {
            0 => 0,
            _ if i + 1 == count => 2,
            _ if i + 2 == count => 3,
            1 => 1,
            _ => 4,
        };
        say(Local::Place, place);
        if i == 0 {
            say(Local::FirstCloses, line.close() as usize);
        }
        say(Local::Repeated, usize::from(self.occurrences.get(line.text).is_some_and(|&n| n > 1)));
        if line.first == First::Lower {
            say(Local::LowerShare, rank(self.lower_share, &[0.05, 0.1, 0.2, 0.4]));
        }
    }

    /// What the signals of the second round say of all candidates, in their order, given what the first round thought.
    #[must_use]
    pub fn whole(&self, thought: &[f32]) -> Vec<Said> {
        let view = Elsewhere::new(self, thought);
        (0..self.candidates.len()).map(|at| view.said(at)).collect()
    }
}

/// How lines of one style are told from others.
#[derive(PartialEq, Eq, Hash, Clone, Copy)]
struct Style {
    case: u8,
    end: u8,
    numbered: bool,
    first: u8,
    marked: u8,
}

impl Style {
    fn of(line: &Line<'_>, mark: Option<&Markup>) -> Style {
        let end = match line.end {
            End::Stop => StyleEnd::Stop,
            End::Question => StyleEnd::Question,
            End::Colon => StyleEnd::Colon,
            End::Exclamation => StyleEnd::Exclamation,
            _ => StyleEnd::Open,
        };
        let first = match line.first {
            First::Digit | First::Quote | First::Bullet | First::Lower => line.first as u8,
            _ => First::Upper as u8,
        };
        let detail = line.detail.as_ref();
        Style {
            case: detail.map_or(0, |detail| detail.case as u8),
            end: end as u8,
            numbered: detail.is_some_and(|detail| detail.numbered),
            first,
            marked: mark.map_or(0, |mark| rank_of(*mark) as u8),
        }
    }
}

#[derive(Default, Clone, Copy)]
struct Tally {
    count: usize,
    sum: f64,
}

/// What the first round thought of all candidates, added up in the ways the second round asks for.
struct Elsewhere<'l, 'a> {
    lines: &'l Lines<'a>,
    thought: &'l [f32],
    styles: Vec<Style>,
    by_style: FxHashMap<Style, Tally>,
    by_first_word: FxHashMap<String, Tally>,
    sure: Vec<usize>,
    sure_styles: FxHashMap<Style, usize>,
    sure_words: usize,
    total: f64,
    /// Words of the lines before each line.
    words_before: Vec<usize>,
    thought_of_line: FxHashMap<usize, f32>,
}

/// So likely a heading is sure.
const SURE: f32 = 0.7;

impl<'l, 'a> Elsewhere<'l, 'a> {
    fn new(lines: &'l Lines<'a>, thought: &'l [f32]) -> Self {
        let styles: Vec<Style> =
            lines.candidates.iter().map(|&i| Style::of(&lines.lines[i], lines.marks.get(i))).collect();
        let mut by_style: FxHashMap<Style, Tally> = FxHashMap::default();
        let mut by_first_word: FxHashMap<String, Tally> = FxHashMap::default();
        let mut sure_styles = FxHashMap::default();
        let (mut sure, mut sure_words, mut total) = (Vec::new(), 0, 0.0);
        for (at, &i) in lines.candidates.iter().enumerate() {
            let probability = f64::from(thought[at]);
            let tallies =
                [by_style.entry(styles[at]).or_default(), by_first_word.entry(template(&lines.lines[i])).or_default()];
            for tally in tallies {
                tally.count += 1;
                tally.sum += probability;
            }
            total += probability;
            if thought[at] > SURE {
                sure.push(at);
                sure_words += lines.lines[i].words;
                *sure_styles.entry(styles[at]).or_insert(0) += 1;
            }
        }
        let mut words_before = Vec::with_capacity(lines.lines.len() + 1);
        let mut words = 0;
        for line in &lines.lines {
            words_before.push(words);
            words += line.words;
        }
        words_before.push(words);
        let thought_of_line = lines.candidates.iter().copied().zip(thought.iter().copied()).collect();
        Elsewhere {
            lines,
            thought,
            styles,
            by_style,
            by_first_word,
            sure,
            sure_styles,
            sure_words,
            total,
            words_before,
            thought_of_line,
        }
    }

    fn said(&self, at: usize) -> Said {
        let mut said = vec![SILENT; WHOLE.len()];
        let mut say = |signal: Whole, value: usize| {
            debug_assert!(value < WHOLE[signal as usize].values(), "{}", WHOLE[signal as usize].name);
            said[signal as usize] = value as u8;
        };
        let i = self.lines.candidates[at];
        let line = &self.lines.lines[i];
        let own = self.thought[at];
        say(Whole::Itself, rank(own, &[0.02, 0.05, 0.1, 0.2, 0.35, 0.5, 0.65, 0.8, 0.9, 0.95, 0.98]));
        let mean = |tally: Tally| tally.sum / tally.count.max(1) as f64;
        let others = |tally: Tally| Tally { count: tally.count - 1, sum: (tally.sum - f64::from(own)).max(0.0) };
        let alike = others(self.by_style[&self.styles[at]]);
        say(Whole::AlikeCount, rank(alike.count, &[1, 2, 3, 5, 8]));
        let alike_mean = if alike.count == 0 { 0 } else { 1 + rank(mean(alike), &[0.05, 0.15, 0.3, 0.5, 0.7, 0.85]) };
        say(Whole::AlikeMean, alike_mean);
        let siblings = others(self.by_first_word[&template(line)]);
        say(Whole::Siblings, rank(siblings.count, &[1, 2, 4, 7]));
        let siblings_mean = if siblings.count == 0 { 0 } else { 1 + rank(mean(siblings), &[0.1, 0.3, 0.5, 0.7, 0.9]) };
        say(Whole::SiblingsMean, siblings_mean);
        self.say_of_sure_ones(at, line, &mut say);
        let elsewhere = self.total - f64::from(own);
        let share = elsewhere / self.lines.lines.len().max(1) as f64;
        say(Whole::ExpectedShare, rank(share, &[0.02, 0.05, 0.1, 0.15, 0.2, 0.3, 0.4]));
        say(Whole::Expected, rank(elsewhere, &[0.3, 1.0, 2.0, 4.0, 8.0]));
        let neighbour = |i: Option<usize>| i.and_then(|i| self.thought_of_line.get(&i)).copied().unwrap_or(0.0);
        let bounds = [0.02, 0.1, 0.3, 0.6, 0.9];
        say(Whole::Before, rank(neighbour(i.checked_sub(1)), &bounds));
        say(Whole::After, rank(neighbour(Some(i + 1)), &bounds));
        let near =
            (i.saturating_sub(3)..=i + 3).filter(|&near| near != i).filter_map(|near| self.thought_of_line.get(&near));
        let near = near.copied().max_by(f32::total_cmp);
        say(Whole::Near, near.map_or(7, |near| rank(near - own, &[-0.9, -0.6, -0.3, 0.0, 0.3, 0.6])));
        if line.end == End::Question {
            let questions = self.lines.questions.max(1);
            let share = questions as f64 / self.lines.lines.len() as f64;
            say(Whole::QuestionShare, rank(share, &[0.05, 0.1, 0.2, 0.3, 0.45]));
            say(Whole::Questions, rank(questions, &[2, 3, 5, 9]));
        }
        said
    }

    fn say_of_sure_ones(&self, at: usize, line: &Line<'_>, say: &mut impl FnMut(Whole, usize)) {
        let i = self.lines.candidates[at];
        let own = usize::from(self.thought[at] > SURE);
        let count = self.sure.len() - own;
        say(Whole::Sure, rank(count, &[1, 2, 3, 5, 9]));
        let line_of = |sure: usize| self.lines.candidates[self.sure[sure]];
        let place = self.sure.partition_point(|&other| other < at);
        let previous = place.checked_sub(1).map(line_of);
        let next = self.sure.get(place + own).map(|&other| self.lines.candidates[other]);
        let end = next.unwrap_or(self.lines.lines.len());
        let bounds = [1, 10, 30, 60, 120, 250, 500];
        say(Whole::WordsAfter, rank(self.words_before[end] - self.words_before[i + 1], &bounds));
        let start = previous.map_or(0, |previous| previous + 1);
        say(Whole::WordsBefore, rank(self.words_before[i] - self.words_before[start], &bounds));
        if count == 0 {
            return;
        }
        let style = self.styles[at];
        let share = |same: &dyn Fn(&Style) -> bool| {
            let all: usize = self.sure_styles.iter().filter(|(other, _)| same(other)).map(|(_, n)| n).sum();
            rank((all - own) as f64 / count as f64, &[0.01, 0.3, 0.6, 0.99])
        };
        say(Whole::SureStyle, share(&|other| *other == style));
        say(Whole::SureCase, share(&|other| other.case == style.case));
        say(Whole::SureEnd, share(&|other| other.end == style.end));
        say(Whole::SureNumbered, share(&|other| other.numbered == style.numbered));
        say(Whole::SureFirst, share(&|other| other.first == style.first));
        let mean_words = (self.sure_words - own * line.words) as f64 / count as f64;
        say(Whole::Length, rank(line.words as f64 - mean_words, &[-6.0, -3.0, -1.0, 1.0, 3.0, 6.0, 10.0]));
        let gap = |blocks: Option<usize>| blocks.map_or(6, |blocks| rank(blocks, &[2, 3, 4, 6, 10]));
        say(Whole::GapBefore, gap(previous.map(|previous| i - previous)));
        say(Whole::GapAfter, gap(next.map(|next| next - i)));
    }
}

/// The first word, numbers made alike; where no spaces are written, the first two characters.
fn template(line: &Line<'_>) -> String {
    let unspaced = line.detail.as_ref().is_some_and(|detail| detail.unspaced);
    let word = if unspaced {
        let end = line.text.char_indices().nth(2).map_or(line.text.len(), |(at, _)| at);
        &line.text[..end]
    } else {
        first_word(line.text)
    };
    let mut out = String::with_capacity(word.len());
    for c in word.chars() {
        let c = if c.is_ascii_digit() { '0' } else { c };
        if c != '0' || !out.ends_with('0') {
            out.push(c);
        }
    }
    out
}

fn first_word(text: &str) -> &str {
    text.split_whitespace().next().unwrap_or_default()
}

/// How long a line is beside a block.
fn ratio(chars: usize, block: &str) -> usize {
    // Beyond this the answer is the same.
    const MOST: usize = 3_000;
    let other = if block.is_ascii() { block.len().min(MOST) } else { block.chars().take(MOST).count() }.max(1);
    rank(chars as f64 / other as f64, &[0.08, 0.15, 0.25, 0.4, 0.6, 0.8, 1.25, 1.7])
}

/// Which share of the line's longer words occurs in the block.
fn shared(line: &str, block: &str, unspaced: bool) -> usize {
    const HEAD_BYTES: usize = 1_500;
    const STEM_CHARS: usize = 6;
    if unspaced {
        return 0;
    }
    let small = |text: &str| if text.is_ascii() { text.to_ascii_lowercase() } else { text.to_lowercase() };
    let block = small(&block[..block.floor_char_boundary(HEAD_BYTES)]);
    let line = small(line);
    let (mut all, mut found) = (0usize, 0usize);
    let mut look_for = |stem: &[u8]| {
        all += 1;
        found += usize::from(memmem::find(block.as_bytes(), stem).is_some());
    };
    if line.is_ascii() {
        let words = line.as_bytes().split(|byte| !byte.is_ascii_alphanumeric());
        words.filter(|word| word.len() > 3).for_each(|word| look_for(&word[..word.len().min(STEM_CHARS)]));
    } else {
        for word in line.split(|c: char| !c.is_alphanumeric()).filter(|word| word.chars().count() > 3) {
            look_for(word.char_indices().nth(STEM_CHARS).map_or(word, |(at, _)| &word[..at]).as_bytes());
        }
    }
    if all == 0 { 0 } else { rank(found as f64 / all as f64, &[0.01, 0.3, 0.6, 0.95]) }
}

fn begins_the_same(line: &str, block: &str) -> bool {
    let mut ours = line.chars().take(20).flat_map(char::to_lowercase);
    let mut theirs = block.chars().flat_map(char::to_lowercase);
    ours.all(|c| theirs.next() == Some(c))
}
