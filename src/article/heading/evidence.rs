//! Evidence: signals for and against a line being a heading.
//!
//! Every signal has a closed set of values, and the model one weight for each value, so the evidence for a line is a list
//! of sentences with numbers that add up. There are two rounds. [`Lines::local_values`] looks at the line, its neighbours
//! and the composition of the article. [`Lines::global_values`] adds what the first round's probabilities of all other
//! lines tell: headings of one article look alike, come at regular distances, and have text under them.

use memchr::memmem;
use rustc_hash::FxHashMap;

use super::line::{
    Beginning, CaptionForm, Closing, Ending, LetterCase, Line, LineKind, Opening, ShortLine, answers, label_of,
    number_of,
};
use crate::article::{Block, BlockKind, Markup, date, front};

/// The value of a signal that does not apply to a line.
pub const NO_VALUE: u8 = u8::MAX;

/// A signal: a property of a line, and the values it may have.
pub struct Signal {
    /// Its name.
    pub name: &'static str,
    /// Lists of answers; a value is a combination of one answer of each.
    pub answers: &'static [&'static [&'static str]],
}

impl Signal {
    /// Number of its values.
    #[must_use]
    pub const fn num_values(&self) -> usize {
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

/// Declares the signals of a round: an enum for code, and a table with their names and answers for people.
macro_rules! signals {
    ($(#[$meta:meta])* $table:ident $kind:ident { $($variant:ident => $name:literal [$($answers:expr),+],)+ }) => {
        #[derive(Clone, Copy)]
        enum $kind { $($variant,)+ }
        $(#[$meta])*
        pub const $table: &[Signal] = &[$(Signal { name: $name, answers: &[$($answers),+] },)+];
    };
}

const NO_YES: &[&str] = &["no", "yes"];
const ENDINGS: &[&str] = Ending::NAMES;
const CLOSINGS: &[&str] = Closing::NAMES;
const BEGINNINGS: &[&str] = Beginning::NAMES;
const CASES: &[&str] = LetterCase::NAMES;
const KINDS: &[&str] = LineKind::NAMES;
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
const RATIOS: &[&str] =
    &["under 8 %", "8-15 %", "15-25 %", "25-40 %", "40-60 %", "60-80 %", "80-125 %", "125-170 %", "over 170 %"];
const COLON_LEFT: &[&str] = &["1 word before", "2 before", "3-4 before", "5 or more before"];
const COLON_RIGHT: &[&str] = &["none after", "1-2 after", "3-5 after", "6-9 after", "10 or more after"];
const POSITIONS: &[&str] = &["first", "second", "last", "last but one", "inside"];
const BLANKS: &[&str] =
    &["no blank line around", "blank line after only", "blank line before only", "blank lines around"];
const BLANK_LAYOUTS: &[&str] = &["few blank lines in the text", "mostly blank lines in the text"];
const MARKUPS: &[&str] = &["plain", "bold", "h1", "h2", "h3", "h4 or lower"];
const PROBABILITIES: &[&str] = &[
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
const NEIGHBOUR_PROBABILITIES: &[&str] = &["under 2 %", "2-10 %", "10-30 %", "30-60 %", "60-90 %", "over 90 %"];
const MEANS: &[&str] = &["no such", "under 5 %", "5-15 %", "15-30 %", "30-50 %", "50-70 %", "70-85 %", "over 85 %"];
const GAPS: &[&str] = &["1", "2", "3", "4-5", "6-9", "10 or more", "none"];
const SECTION_WORDS: &[&str] = &["none", "1-9", "10-29", "30-59", "60-119", "120-249", "250-499", "500 or more"];
const OPENINGS: &[&str] = Opening::NAMES;
const CAPTION_FORMS: &[&str] = CaptionForm::NAMES;
const COUNTED: &[&str] = &["once", "twice", "3-4 times", "5 times or more"];
const ROWS: &[&str] =
    &["alone", "the upper of two", "the lower of two", "the first of more", "inside a row", "the last of more"];
const BELOW: &[&str] = &["neither", "a byline", "a date", "a line with a label", "an address", "a price"];
const DIFFERENCES: &[&str] = &[
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
    /// Endings that distinguish styles of lines.
    StyleEnding { Open => "open", Stop => "stop", Question => "question", Colon => "colon", Exclamation => "exclamation", }
}

signals! {
    /// The signals of the first round, in the order of their weights.
    LOCAL Local {
        Words => "words" [WORDS],
        Chars => "characters" [CHARS],
        Ending => "ends with" [ENDINGS],
        Beginning => "begins with" [BEGINNINGS],
        Case => "letters" [CASES],
        CaseEnding => "letters and end" [CASES, ENDINGS],
        Numbered => "numbered" [NO_YES],
        DateOrTime => "holds a date or time" [NO_YES],
        Code => "looks like code" [NO_YES],
        Dash => "holds a dash" [NO_YES],
        Colon => "holds a colon" [COLON_LEFT, COLON_RIGHT],
        Commas => "commas" [COUNT_4],
        Bar => "holds a bar" [NO_YES],
        Address => "holds an address" [NO_YES],
        Quoted => "holds a quotation" [NO_YES],
        NameLike => "could be a name" [NO_YES],
        Figure => "numbered figure" [NO_YES],
        Slash => "words parted by a slash" [NO_YES],
        MarkShare => "marks among the characters" [&["under 2 %", "2-5 %", "5-10 %", "10-15 %", "15-25 %", "over 25 %"]],
        Unspaced => "script without spaces" [NO_YES],
        Asks => "opens as a question" [NO_YES],
        Before => "before it" [KINDS],
        After => "after it" [KINDS],
        Around => "before and after it" [KINDS, KINDS],
        SecondAfter => "two after it" [KINDS],
        NextTwo => "the two after it" [KINDS, KINDS],
        ClosingAfter => "closes, before" [CLOSINGS, KINDS],
        ClosingBefore => "closes, after" [CLOSINGS, KINDS],
        ClosingWords => "closes, words" [CLOSINGS, FEW_WORDS],
        BriefAbove => "brief lines right above" [COUNT_6],
        BriefBelow => "brief lines right below" [COUNT_6],
        NextShort => "blocks to the next short line" [BLOCKS_AWAY],
        LastShort => "no short line follows" [NO_YES],
        PreviousShort => "blocks since the last short line" [BLOCKS_AWAY],
        RunningAfter => "paragraphs after it" [&["0", "1", "2", "3-5", "6 or more"]],
        BriefShare => "brief lines in the article" [SHARE_9],
        RelativePosition => "place in the article" [&["top", "to 10 %", "to 25 %", "to 50 %", "to 75 %", "to 90 %", "to 97 %", "end"]],
        Position => "it is" [POSITIONS],
        FirstLineClosing => "first line, closes" [CLOSINGS],
        Repeated => "the same line occurs again" [NO_YES],
        BeforeRepeated => "the line before occurs" [&["twice", "3-4 times", "5 times or more"]],
        AfterRepeated => "the line after occurs" [&["twice", "3-4 times", "5 times or more"]],
        BeforeEnding => "the line before ends with" [ENDINGS],
        SameBeginningBefore => "begins as the line before" [NO_YES],
        SameCaseBefore => "written as the short line before" [NO_YES],
        AfterEnding => "the line after ends with" [ENDINGS],
        AfterBeginning => "the line after begins with" [BEGINNINGS],
        AfterWords => "words after it" [&["under 4", "4-7", "8-11", "12-19", "20-34", "35-59", "60-99", "100 or more"]],
        AfterCaption => "a caption follows" [NO_YES],
        SharedAfter => "its words in the block after" [SHARE_5],
        SharedBefore => "its words in the block before" [SHARE_5],
        AfterBeginsSame => "the block after begins the same" [NO_YES],
        LowerShare => "lines that begin small" [&["under 5 %", "5-10 %", "10-20 %", "20-40 %", "over 40 %"]],
        RatioBefore => "length beside the block before" [RATIOS],
        RatioAfter => "length beside the block after" [RATIOS],
        SameFirstWordBefore => "first word of the line before" [NO_YES],
        SameFirstWordAfter => "first word of the line after" [NO_YES],
        AlikeBefore => "built as the short line before" [NO_YES],
        AlikeAfter => "built as the short line after" [NO_YES],
        SinceColon => "lines since one that ends with a colon" [&["none", "1", "2", "3", "4", "5"]],
        Blank => "blank lines" [BLANK_LAYOUTS, BLANKS],
        Marked => "marked as" [MARKUPS],
        MarkedEnding => "marked as, ends with" [MARKUPS, ENDINGS],
        Linked => "all of it a link" [NO_YES],
        BeforeMarked => "the block before is marked as" [MARKUPS],
        AfterMarked => "the block after is marked as" [MARKUPS],
        AfterLinked => "the block after is a link" [NO_YES],
        OthersMarked => "marked as, others marked so" [MARKUPS, &["0", "1", "2-3", "4-7", "8 or more"]],
        Sequence => "its number" [&["is alone", "is one of two", "counts on, with text between", "counts on, line by line"]],
        Signature => "such a line with such a line below" [COUNTED],
        Below => "below it is" [BELOW, COUNTED],
        Label => "its label" [&["asks", "asks, above an answer", "answers", "is that of other lines", "is alone"]],
        Opening => "opens with, closes" [OPENINGS, CLOSINGS],
        QuestionForm => "a question, opens with, words" [OPENINGS, FEW_WORDS],
        CaptionForm => "a caption by its form, words in the block after" [CAPTION_FORMS, SHARE_5],
        NameAbove => "could be a name, the block after begins the same" [NO_YES, NO_YES],
        Price => "holds a price" [NO_YES],
        Row => "among the short lines around it" [ROWS],
        Rows => "among the short lines around it, such in the article" [ROWS, COUNTED],
    }
}

signals! {
    /// The signals that the second round adds, in the order of their weights.
    GLOBAL Global {
        FirstRound => "first thought" [PROBABILITIES],
        AlikeMean => "lines alike are headings" [MEANS],
        AlikeCount => "lines alike" [&["0", "1", "2", "3-4", "5-7", "8 or more"]],
        Confident => "sure headings elsewhere" [&["0", "1", "2", "3-4", "5-8", "9 or more"]],
        ConfidentStyle => "sure headings alike" [SHARE_5],
        ConfidentCase => "sure headings with such letters" [SHARE_5],
        ConfidentEnding => "sure headings with such an end" [SHARE_5],
        ConfidentNumbered => "sure headings numbered as it is" [SHARE_5],
        ConfidentBeginning => "sure headings that begin as it does" [SHARE_5],
        Length => "beside sure headings it is" [DIFFERENCES],
        GapBefore => "blocks since the last sure heading" [GAPS],
        GapAfter => "blocks to the next sure heading" [GAPS],
        ExpectedShare => "headings among the lines" [&["under 2 %", "2-5 %", "5-10 %", "10-15 %", "15-20 %", "20-30 %", "30-40 %", "over 40 %"]],
        Expected => "headings expected elsewhere" [&["under 0.3", "0.3-1", "1-2", "2-4", "4-8", "over 8"]],
        Before => "the line before is a heading" [NEIGHBOUR_PROBABILITIES],
        After => "the line after is a heading" [NEIGHBOUR_PROBABILITIES],
        WordsAfter => "words to the next sure heading" [SECTION_WORDS],
        WordsBefore => "words since the last sure heading" [SECTION_WORDS],
        Siblings => "lines with its first word" [&["0", "1", "2-3", "4-6", "7 or more"]],
        SiblingsMean => "lines with its first word are headings" [&["no such", "under 10 %", "10-30 %", "30-50 %", "50-70 %", "70-90 %", "over 90 %"]],
        Near => "beside the likeliest line near it" [&["far likelier", "likelier", "a little likelier", "as likely", "a little less likely", "less likely", "far less likely", "none near"]],
        QuestionShare => "questions in the article" [&["under 5 %", "5-10 %", "10-20 %", "20-30 %", "30-45 %", "over 45 %"]],
        Questions => "questions" [&["1", "2", "3-4", "5-8", "9 or more"]],
    }
}

/// The values of the signals of one table for one line, in the order of the table.
pub type Values = Vec<u8>;

/// The lines of an article, with what their signals are computed from.
pub struct Lines<'a> {
    lines: Vec<Line<'a>>,
    /// For each line, the index of its block.
    blocks: Vec<usize>,
    /// Indices of the lines that may be headings.
    candidates: Vec<usize>,
    /// Markup of each line; empty for plain text.
    markups: Vec<Markup>,
    /// Number of lines with each of [`MARKUPS`].
    num_marked: [usize; MARKUPS.len()],
    /// For each line: is the line before it blank?
    blank_before: Vec<bool>,
    /// For each line, the nearest short line after it.
    next_short: Vec<Option<usize>>,
    /// For each line, the nearest short line before it.
    previous_short: Vec<Option<usize>>,
    /// For each line, the number of paragraphs after it.
    running_after: Vec<usize>,
    /// Number of occurrences of each short line.
    occurrences: FxHashMap<&'a str, usize>,
    /// For each line whose number is one of several that count on, how; see [`Local::Sequence`].
    sequences: FxHashMap<usize, usize>,
    /// Number of occurrences of each pair of a short line's style and the template of the short line below it.
    signatures: FxHashMap<(Style, String), usize>,
    /// For each line, what of the front of an article it is; an index in [`BELOW`].
    front_parts: Vec<usize>,
    /// Number of lines that have each of [`BELOW`] below them.
    num_above: [usize; BELOW.len()],
    /// For each line with a label, the role of the label; see [`Local::Label`].
    labels: FxHashMap<usize, usize>,
    /// For each line, its place among the short lines around it; an index in [`ROWS`].
    rows: Vec<usize>,
    /// Number of lines with each of [`ROWS`].
    num_rows: [usize; ROWS.len()],
    brief_share: f64,
    lower_share: f64,
    blank_share: f64,
    questions: usize,
}

/// Index of a markup in [`MARKUPS`].
fn markup_index(markup: Markup) -> usize {
    match markup.level {
        0 => usize::from(markup.bold),
        level => usize::from(level).min(4) + 1,
    }
}

/// Least number of lines that a level of headings must have.
const MIN_LINES_OF_LEVEL: usize = 3;

/// Fewest lines of a level that a page uses often.
const MIN_OFTEN_MARKED: usize = 5;

/// Index of the bucket of `value`: the number of lower bounds that it reaches.
fn bucket<T: PartialOrd>(value: T, bounds: &[T]) -> usize {
    bounds.iter().take_while(|bound| value >= **bound).count()
}

/// For each line: is there a blank line before it? A line of boilerplate is none.
fn blank_lines_before(text: &str, blocks: &[Block], indices: &[usize]) -> Vec<bool> {
    let is_after_blank = |(i, &block): (usize, &usize)| {
        let end = block.checked_sub(1).map_or(0, |before| blocks[before].span.end);
        let gap = text.as_bytes().get(end..blocks[block].span.start).unwrap_or_default();
        i > 0 && gap.iter().filter(|&&byte| byte == b'\n').count() > 1
    };
    indices.iter().enumerate().map(is_after_blank).collect()
}

/// The lines whose numbers count on: 1, 2, 3 or 3, 2, 1. For each whether two do, or more, with text between them or not.
fn sequences(lines: &[Line<'_>]) -> FxHashMap<usize, usize> {
    let numbers: Vec<(usize, u32)> = lines
        .iter()
        .enumerate()
        .filter(|(_, line)| line.short.is_some())
        .filter_map(|(i, line)| Some((i, number_of(line.text)?)))
        .collect();
    let mut out: FxHashMap<usize, usize> = numbers.iter().map(|&(i, _)| (i, 0)).collect();
    // Numbers of items may stand between those of headings, so each looks for the next that continues it.
    let mut used = vec![false; numbers.len()];
    for start in 0..numbers.len() {
        if used[start] {
            continue;
        }
        for step in [1, -1] {
            let mut run = vec![start];
            let mut last = i64::from(numbers[start].1);
            for at in start + 1..numbers.len() {
                if !used[at] && i64::from(numbers[at].1) == last + step {
                    run.push(at);
                    last += step;
                }
            }
            let begins = if step > 0 { numbers[start].1 <= 1 } else { last == 1 };
            if run.len() < 2 || !begins {
                continue;
            }
            let apart = run.windows(2).filter(|pair| numbers[pair[1]].0 - numbers[pair[0]].0 > 1).count();
            let value = match (run.len(), apart + 1 == run.len()) {
                (2, _) => 1,
                (_, true) => 2,
                (_, false) => 3,
            };
            for at in run {
                used[at] = true;
                out.insert(numbers[at].0, value);
            }
            break;
        }
    }
    out
}

/// The fact at the top of an article that a line states, as an index in [`BELOW`].
fn front_part(line: &Line<'_>) -> usize {
    let Some(short) = &line.short else { return 0 };
    if front::is_byline(line.text) {
        1
    } else if date::is_date_line(line.text) {
        2
    } else if short.has_address {
        4
    } else if short.has_price && line.words <= 3 {
        5
    } else if label_of(line.text).is_some_and(|label| label.len() + 1 < line.text.len()) {
        3
    } else {
        0
    }
}

/// The roles of the labels of lines: `Q:` asks and `A:` answers, if they take turns.
fn labels(lines: &[Line<'_>]) -> FxHashMap<usize, usize> {
    // A paragraph may begin with a label too: an answer, mostly.
    let of: Vec<Option<&str>> = lines.iter().map(|line| label_of(line.text)).collect();
    let mut counts: FxHashMap<&str, usize> = FxHashMap::default();
    of.iter().flatten().for_each(|label| *counts.entry(label).or_insert(0) += 1);
    // The first label that others repeat, and the one that follows it most often.
    let first = of.iter().flatten().find(|label| counts[*label] > 1).copied();
    let answers = first.and_then(|first| {
        let mut after: FxHashMap<&str, usize> = FxHashMap::default();
        for pair in of.windows(2).filter(|pair| pair[0] == Some(first)) {
            pair[1].filter(|&other| other != first).into_iter().for_each(|other| *after.entry(other).or_insert(0) += 1);
        }
        after.into_iter().max_by_key(|&(label, count)| (count, label)).filter(|&(_, count)| count * 2 > counts[first])
    });
    let answers = answers.map(|(label, _)| label);
    let role = |(i, label): (usize, &Option<&str>)| {
        let label = (*label)?;
        let role = if Some(label) == answers {
            2
        } else if Some(label) == first && of.get(i + 1).copied().flatten() == answers && answers.is_some() {
            1
        } else if Some(label) == first && answers.is_none() && lines[i].ending == Ending::Question {
            0
        } else if counts[label] > 1 {
            3
        } else {
            4
        };
        Some((i, role))
    };
    of.iter().enumerate().filter_map(role).collect()
}

/// The place of each line among the short lines around it, an index in [`ROWS`].
fn rows(lines: &[Line<'_>]) -> Vec<usize> {
    let is_brief = |i: Option<usize>| {
        i.and_then(|i| lines.get(i)).is_some_and(|line| line.kind.is_brief() || line.kind == LineKind::Colon)
    };
    let place = |i: usize| {
        let (before, after) = (is_brief(i.checked_sub(1)), is_brief(Some(i + 1)));
        match (before, after) {
            (false, false) => 0,
            (false, true) if !is_brief(Some(i + 2)) => 1,
            (true, false) if !is_brief(i.checked_sub(2)) => 2,
            (false, true) => 3,
            (true, true) => 4,
            (true, false) => 5,
        }
    };
    (0..lines.len()).map(place).collect()
}

/// The template of a short line below another: its label, its kind, or its first word.
fn template_below(line: &Line<'_>, part: usize) -> String {
    match part {
        1 => "by".to_string(),
        2 => "date".to_string(),
        _ => label_of(line.text).map_or_else(|| template(line), str::to_string),
    }
}

/// For each of `indices`, the last short line among the indices before it.
fn last_short(lines: &[Line<'_>], indices: impl Iterator<Item = usize>) -> Vec<Option<usize>> {
    let mut last = None;
    indices.map(|i| if lines[i].kind.is_short() { last.replace(i) } else { last }).collect()
}

impl<'a> Lines<'a> {
    /// The blocks of a text that may be headings, or that have headings before and after them.
    #[must_use]
    pub fn new(text: &'a str, blocks: &[Block], markups: Option<&[Markup]>) -> Self {
        let is_line = |kind: BlockKind| matches!(kind, BlockKind::Paragraph | BlockKind::Item | BlockKind::Heading(_));
        let indices: Vec<usize> = (0..blocks.len()).filter(|&i| is_line(blocks[i].kind)).collect();
        let lines: Vec<Line<'a>> = indices.iter().map(|&i| Line::new(&text[blocks[i].span.clone()])).collect();
        let candidates = (0..lines.len())
            .filter(|&i| blocks[indices[i]].kind != BlockKind::Item && lines[i].may_be_heading())
            .collect();
        let markups: Vec<Markup> = markups.map_or_else(Vec::new, |all| indices.iter().map(|&i| all[i]).collect());
        let mut num_marked = [0; MARKUPS.len()];
        markups.iter().for_each(|markup| num_marked[markup_index(*markup)] += 1);
        let blank_before = blank_lines_before(text, blocks, &indices);
        let count = lines.len();
        let mut running_after = vec![0; count];
        for i in (1..count).rev() {
            running_after[i - 1] = running_after[i] + usize::from(lines[i].kind.is_running());
        }
        let mut next_short: Vec<Option<usize>> = last_short(&lines, (0..count).rev());
        next_short.reverse();
        let previous_short = last_short(&lines, 0..count);
        let mut occurrences = FxHashMap::default();
        for line in lines.iter().filter(|line| line.short.is_some()) {
            *occurrences.entry(line.text).or_insert(0) += 1;
        }
        let front_parts: Vec<usize> = lines.iter().map(front_part).collect();
        let mut num_above = [0; BELOW.len()];
        front_parts.iter().skip(1).for_each(|&part| num_above[part] += 1);
        let mut signatures = FxHashMap::default();
        for (i, pair) in
            lines.windows(2).enumerate().filter(|(_, pair)| pair[0].short.is_some() && pair[1].short.is_some())
        {
            let style = Style::of(&pair[0], markups.get(i));
            *signatures.entry((style, template_below(&pair[1], front_parts[i + 1]))).or_insert(0) += 1;
        }
        let rows = rows(&lines);
        let mut num_rows = [0; ROWS.len()];
        rows.iter().zip(&lines).filter(|(_, line)| line.kind.is_short()).for_each(|(&row, _)| num_rows[row] += 1);
        let share = |n: usize| n as f64 / count.max(1) as f64;
        let blank_lines = blank_before.iter().filter(|blank| **blank).count();
        Lines {
            brief_share: share(lines.iter().filter(|line| line.kind.is_brief()).count()),
            lower_share: share(lines.iter().filter(|line| line.beginning == Beginning::Lower).count()),
            blank_share: blank_lines as f64 / count.saturating_sub(1).max(1) as f64,
            questions: lines.iter().filter(|line| line.ending == Ending::Question && line.words <= 25).count(),
            sequences: sequences(&lines),
            labels: labels(&lines),
            signatures,
            front_parts,
            num_above,
            rows,
            num_rows,
            lines,
            blocks: indices,
            candidates,
            markups,
            num_marked,
            blank_before,
            next_short,
            previous_short,
            running_after,
            occurrences,
        }
    }

    /// Indices of the lines that may be headings.
    #[must_use]
    pub fn candidates(&self) -> &[usize] {
        &self.candidates
    }

    /// Index of the block of line `i`.
    #[must_use]
    pub fn block(&self, i: usize) -> usize {
        self.blocks[i]
    }

    /// Indices of the lines at levels, h2 to h6, that the page uses for headings only: of such a level there are at least
    /// [`MIN_LINES_OF_LEVEL`] lines, all above running text and none a link. These are headings whatever they look like:
    /// some end with a full stop.
    #[must_use]
    pub fn at_heading_levels(&self) -> Vec<usize> {
        let of_level = |level: u8| (0..self.markups.len()).filter(move |&i| self.markups[i].level == level);
        let is_heading = |i: usize| {
            let above_text = self.lines.get(i + 1).is_some_and(|line| line.kind.is_running());
            above_text && !self.markups[i].linked && self.candidates.binary_search(&i).is_ok()
        };
        (2..=6)
            .filter(|&level| of_level(level).count() >= MIN_LINES_OF_LEVEL && of_level(level).all(is_heading))
            .flat_map(of_level)
            .collect()
    }

    /// Is line `i` at a level, h2 to h6, that the page uses for at least [`MIN_OFTEN_MARKED`] lines, and no link?
    #[must_use]
    pub fn is_often_marked(&self, i: usize) -> bool {
        let markup = self.markups.get(i).filter(|markup| (2..=6).contains(&markup.level) && !markup.linked);
        markup.is_some_and(|markup| self.num_marked[markup_index(*markup)] >= MIN_OFTEN_MARKED)
    }

    fn kind(&self, i: Option<usize>) -> usize {
        i.and_then(|i| self.lines.get(i)).map_or(LineKind::Missing, |line| line.kind) as usize
    }

    /// Values of the signals of the first round for candidate line `i`.
    #[must_use]
    pub fn local_values(&self, i: usize) -> Values {
        let mut values = vec![NO_VALUE; LOCAL.len()];
        let mut set = |signal: Local, value: usize| {
            debug_assert!(value < LOCAL[signal as usize].num_values(), "{}", LOCAL[signal as usize].name);
            values[signal as usize] = value as u8;
        };
        let line = &self.lines[i];
        let Some(short) = &line.short else { return values };
        self.set_line_signals(line, short, &mut set);
        self.set_kinds_around(i, line, &mut set);
        self.set_short_lines_around(i, &mut set);
        if let Some(previous) = i.checked_sub(1).map(|i| &self.lines[i]) {
            self.set_previous_signals(previous, line, short, &mut set);
        }
        if let Some(next) = self.lines.get(i + 1) {
            self.set_next_signals(next, line, short, &mut set);
        }
        set(Local::SinceColon, self.lines_since_colon(i));
        self.set_blank_line_signals(i, &mut set);
        self.set_pattern_signals(i, line, short, &mut set);
        self.set_markup_signals(i, &mut set);
        self.set_article_signals(i, line, &mut set);
        values
    }

    fn set_line_signals(&self, line: &Line<'_>, short: &ShortLine, set: &mut impl FnMut(Local, usize)) {
        let closing = line.closing() as usize;
        set(Local::Words, bucket(line.words, &[2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 14, 16, 20]));
        set(Local::Chars, bucket(line.chars, &[8, 15, 25, 35, 45, 55, 65, 80, 100, 120]));
        set(Local::Ending, line.ending as usize);
        set(Local::Beginning, line.beginning as usize);
        set(Local::Case, short.case as usize);
        set(Local::CaseEnding, short.case as usize * ENDINGS.len() + line.ending as usize);
        for (signal, yes) in [
            (Local::Numbered, short.is_numbered),
            (Local::DateOrTime, short.has_date_or_time),
            (Local::Code, short.is_code),
            (Local::Dash, short.has_dash),
            (Local::Bar, short.has_bar),
            (Local::Address, short.has_address),
            (Local::Quoted, short.has_quotation),
            (Local::NameLike, short.is_name_like),
            (Local::Figure, short.is_figure),
            (Local::Slash, short.has_slash),
            (Local::Unspaced, short.is_unspaced),
            (Local::Asks, short.opens_question),
        ] {
            set(signal, usize::from(yes));
        }
        if let Some((before, after)) = short.words_around_colon {
            set(Local::Colon, bucket(before, &[2, 3, 5]) * COLON_RIGHT.len() + bucket(after, &[1, 3, 6, 10]));
        }
        set(Local::Commas, short.commas.min(3));
        set(Local::MarkShare, bucket(short.mark_share, &[0.02, 0.05, 0.1, 0.15, 0.25]));
        set(Local::ClosingWords, closing * FEW_WORDS.len() + bucket(line.words, &[3, 6, 9, 12, 16]));
    }

    fn set_kinds_around(&self, i: usize, line: &Line<'_>, set: &mut impl FnMut(Local, usize)) {
        let closing = line.closing() as usize;
        let kinds = KINDS.len();
        let (before, after) = (self.kind(i.checked_sub(1)), self.kind(Some(i + 1)));
        let second_after = self.kind(Some(i + 2));
        set(Local::Before, before);
        set(Local::After, after);
        set(Local::Around, before * kinds + after);
        set(Local::SecondAfter, second_after);
        set(Local::NextTwo, after * kinds + second_after);
        set(Local::ClosingAfter, closing * kinds + after);
        set(Local::ClosingBefore, closing * kinds + before);
    }

    fn set_short_lines_around(&self, i: usize, set: &mut impl FnMut(Local, usize)) {
        let is_brief = |line: &&Line<'_>| {
            !line.kind.is_running() && !matches!(line.kind, LineKind::Sentence | LineKind::Paragraph)
        };
        set(Local::BriefAbove, self.lines[..i].iter().rev().take(5).take_while(is_brief).count());
        set(Local::BriefBelow, self.lines[i + 1..].iter().take(5).take_while(is_brief).count());
        let next_short = self.next_short[i];
        let to_next = next_short.unwrap_or(self.lines.len()) - i - 1;
        set(Local::NextShort, bucket(to_next, &[1, 2, 3, 5, 9]));
        set(Local::LastShort, usize::from(next_short.is_none()));
        let since_previous = self.previous_short[i].map_or(i, |previous| i - previous - 1);
        set(Local::PreviousShort, bucket(since_previous, &[1, 2, 3, 5, 9]));
    }

    fn set_previous_signals(
        &self,
        previous: &Line<'_>,
        line: &Line<'_>,
        short: &ShortLine,
        set: &mut impl FnMut(Local, usize),
    ) {
        set(Local::BeforeEnding, previous.ending as usize);
        set(Local::SameBeginningBefore, usize::from(previous.beginning == line.beginning));
        set(Local::SameCaseBefore, usize::from(previous.is_short_with_case(short.case)));
        set(Local::RatioBefore, length_ratio(line.chars, previous.text));
        set(Local::SameFirstWordBefore, usize::from(first_word(previous.text) == first_word(line.text)));
        set(Local::AlikeBefore, usize::from(previous.is_short_like(line, short)));
        set(Local::SharedBefore, shared_words(line.text, previous.text, short.is_unspaced));
        let occurrences = self.num_occurrences(previous.text);
        if occurrences > 1 {
            set(Local::BeforeRepeated, bucket(occurrences, &[3, 5]));
        }
    }

    fn set_next_signals(
        &self,
        next: &Line<'_>,
        line: &Line<'_>,
        short: &ShortLine,
        set: &mut impl FnMut(Local, usize),
    ) {
        set(Local::AfterEnding, next.ending as usize);
        set(Local::AfterBeginning, next.beginning as usize);
        set(Local::AfterWords, bucket(next.words, &[4, 8, 12, 20, 35, 60, 100]));
        let is_caption = next.short.as_ref().is_some_and(|short| short.is_caption);
        set(Local::AfterCaption, usize::from(is_caption));
        set(Local::RatioAfter, length_ratio(line.chars, next.text));
        set(Local::SameFirstWordAfter, usize::from(first_word(next.text) == first_word(line.text)));
        set(Local::AlikeAfter, usize::from(next.is_short_like(line, short)));
        let shared = shared_words(line.text, next.text, short.is_unspaced);
        set(Local::SharedAfter, shared);
        set(Local::CaptionForm, short.caption_form as usize * SHARE_5.len() + shared);
        let same = usize::from(begins_the_same(line.text, next.text));
        set(Local::AfterBeginsSame, same);
        set(Local::NameAbove, usize::from(short.is_name_like) * 2 + same);
        let occurrences = self.num_occurrences(next.text);
        if occurrences > 1 {
            set(Local::AfterRepeated, bucket(occurrences, &[3, 5]));
        }
    }

    /// Number of lines with this text. Long lines are not counted, and taken to be unique.
    fn num_occurrences(&self, text: &str) -> usize {
        self.occurrences.get(text).copied().unwrap_or(1)
    }

    fn set_markup_signals(&self, i: usize, set: &mut impl FnMut(Local, usize)) {
        let Some(&markup) = self.markups.get(i) else { return };
        let own = markup_index(markup);
        set(Local::Marked, own);
        set(Local::OthersMarked, own * 5 + bucket(self.num_marked[own] - 1, &[1, 2, 4, 8]));
        set(Local::MarkedEnding, own * ENDINGS.len() + self.lines[i].ending as usize);
        set(Local::Linked, usize::from(markup.linked));
        if let Some(&before) = i.checked_sub(1).and_then(|i| self.markups.get(i)) {
            set(Local::BeforeMarked, markup_index(before));
        }
        if let Some(&after) = self.markups.get(i + 1) {
            set(Local::AfterMarked, markup_index(after));
            set(Local::AfterLinked, usize::from(after.linked));
        }
    }

    /// Is the line one of several that are built alike, and what do its first word and its form tell?
    fn set_pattern_signals(&self, i: usize, line: &Line<'_>, short: &ShortLine, set: &mut impl FnMut(Local, usize)) {
        let counted = |count: usize| bucket(count, &[2, 3, 5]);
        if let Some(&sequence) = self.sequences.get(&i) {
            set(Local::Sequence, sequence);
        }
        if let Some(&label) = self.labels.get(&i) {
            set(Local::Label, label);
        }
        if let Some(next) = self.lines.get(i + 1) {
            let part = self.front_parts[i + 1];
            set(Local::Below, part * COUNTED.len() + counted(self.num_above[part]));
            if next.short.is_some() {
                let key = (Style::of(line, self.markups.get(i)), template_below(next, part));
                set(Local::Signature, counted(self.signatures.get(&key).copied().unwrap_or(1)));
            }
        }
        set(Local::Opening, short.opening as usize * CLOSINGS.len() + line.closing() as usize);
        if line.ending == Ending::Question {
            set(Local::QuestionForm, short.opening as usize * FEW_WORDS.len() + bucket(line.words, &[3, 6, 9, 12, 16]));
        }
        set(Local::Price, usize::from(short.has_price));
        let row = self.rows[i];
        set(Local::Row, row);
        set(Local::Rows, row * COUNTED.len() + counted(self.num_rows[row]));
    }

    /// Distance to the nearest line above that ends with a colon, at most 5 and with no running text between; 0 if there is
    /// none.
    fn lines_since_colon(&self, i: usize) -> usize {
        for distance in 1..=5usize.min(i) {
            let line = &self.lines[i - distance];
            if line.ending == Ending::Colon {
                return distance;
            }
            if line.kind.is_running() {
                break;
            }
        }
        0
    }

    fn set_blank_line_signals(&self, i: usize, set: &mut impl FnMut(Local, usize)) {
        // Blank lines between all blocks or between none are no evidence.
        if (0.02..=0.98).contains(&self.blank_share) {
            let after = self.blank_before.get(i + 1).is_none_or(|&is_blank| is_blank);
            let layout = usize::from(self.blank_share > 0.5);
            let around = usize::from(self.blank_before[i]) * 2 + usize::from(after);
            set(Local::Blank, layout * BLANKS.len() + around);
        }
    }

    fn set_article_signals(&self, i: usize, line: &Line<'_>, set: &mut impl FnMut(Local, usize)) {
        let count = self.lines.len();
        set(Local::RunningAfter, bucket(self.running_after[i], &[1, 2, 3, 6]));
        set(Local::BriefShare, bucket(self.brief_share, &[0.05, 0.1, 0.15, 0.2, 0.3, 0.4, 0.5, 0.7]));
        let relative = i as f64 / count.saturating_sub(1).max(1) as f64;
        set(Local::RelativePosition, bucket(relative, &[0.02, 0.1, 0.25, 0.5, 0.75, 0.9, 0.97]));
        let position = match i {
            0 => 0,
            _ if i + 1 == count => 2,
            _ if i + 2 == count => 3,
            1 => 1,
            _ => 4,
        };
        set(Local::Position, position);
        if i == 0 {
            set(Local::FirstLineClosing, line.closing() as usize);
        }
        set(Local::Repeated, usize::from(self.num_occurrences(line.text) > 1));
        if line.beginning == Beginning::Lower {
            set(Local::LowerShare, bucket(self.lower_share, &[0.05, 0.1, 0.2, 0.4]));
        }
    }

    /// Values of the signals of the second round for all candidates, given their probabilities of the first.
    #[must_use]
    pub fn global_values(&self, probabilities: &[f32]) -> Vec<Values> {
        let view = ArticleView::new(self, probabilities);
        (0..self.candidates.len()).map(|at| view.values(at)).collect()
    }
}

/// Properties that the headings of an article share.
#[derive(PartialEq, Eq, Hash, Clone, Copy)]
struct Style {
    case: u8,
    ending: u8,
    is_numbered: bool,
    beginning: u8,
    markup: u8,
}

impl Style {
    fn of(line: &Line<'_>, markup: Option<&Markup>) -> Style {
        let ending = match line.ending {
            Ending::Stop => StyleEnding::Stop,
            Ending::Question => StyleEnding::Question,
            Ending::Colon => StyleEnding::Colon,
            Ending::Exclamation => StyleEnding::Exclamation,
            _ => StyleEnding::Open,
        };
        let beginning = match line.beginning {
            Beginning::Digit | Beginning::Quote | Beginning::Bullet | Beginning::Lower => line.beginning as u8,
            _ => Beginning::Upper as u8,
        };
        let short = line.short.as_ref();
        Style {
            case: short.map_or(0, |short| short.case as u8),
            ending: ending as u8,
            is_numbered: short.is_some_and(|short| short.is_numbered),
            beginning,
            markup: markup.map_or(0, |markup| markup_index(*markup) as u8),
        }
    }
}

/// Candidates with something in common: their number and the sum of their probabilities.
#[derive(Default, Clone, Copy)]
struct Group {
    count: usize,
    sum: f64,
}

impl Group {
    fn without(self, probability: f32) -> Group {
        Group { count: self.count - 1, sum: (self.sum - f64::from(probability)).max(0.0) }
    }

    fn mean(self) -> f64 {
        self.sum / self.count.max(1) as f64
    }
}

/// The probabilities of all candidates after the first round, grouped as the second round needs them.
struct ArticleView<'l, 'a> {
    lines: &'l Lines<'a>,
    /// Probability of each candidate.
    probabilities: &'l [f32],
    /// Style of each candidate.
    styles: Vec<Style>,
    by_style: FxHashMap<Style, Group>,
    by_template: FxHashMap<String, Group>,
    /// Positions among the candidates of those more likely than [`CONFIDENT`].
    confident: Vec<usize>,
    confident_styles: FxHashMap<Style, usize>,
    /// Words of all confident headings.
    confident_words: usize,
    /// Sum of all probabilities: the expected number of headings.
    expected: f64,
    /// For each line, and the end, the number of words before it.
    words_before: Vec<usize>,
    probability_of_line: FxHashMap<usize, f32>,
}

/// A candidate of the first round with a greater probability is a confident heading.
const CONFIDENT: f32 = 0.7;

impl<'l, 'a> ArticleView<'l, 'a> {
    fn new(lines: &'l Lines<'a>, probabilities: &'l [f32]) -> Self {
        let styles: Vec<Style> =
            lines.candidates.iter().map(|&i| Style::of(&lines.lines[i], lines.markups.get(i))).collect();
        let mut by_style: FxHashMap<Style, Group> = FxHashMap::default();
        let mut by_template: FxHashMap<String, Group> = FxHashMap::default();
        let mut confident_styles = FxHashMap::default();
        let (mut confident, mut confident_words, mut expected) = (Vec::new(), 0, 0.0);
        for (at, &i) in lines.candidates.iter().enumerate() {
            let probability = f64::from(probabilities[at]);
            let groups =
                [by_style.entry(styles[at]).or_default(), by_template.entry(template(&lines.lines[i])).or_default()];
            for group in groups {
                group.count += 1;
                group.sum += probability;
            }
            expected += probability;
            if probabilities[at] > CONFIDENT {
                confident.push(at);
                confident_words += lines.lines[i].words;
                *confident_styles.entry(styles[at]).or_insert(0) += 1;
            }
        }
        let mut words_before = Vec::with_capacity(lines.lines.len() + 1);
        let mut words = 0;
        for line in &lines.lines {
            words_before.push(words);
            words += line.words;
        }
        words_before.push(words);
        let probability_of_line = lines.candidates.iter().copied().zip(probabilities.iter().copied()).collect();
        ArticleView {
            lines,
            probabilities,
            styles,
            by_style,
            by_template,
            confident,
            confident_styles,
            confident_words,
            expected,
            words_before,
            probability_of_line,
        }
    }

    /// Values of the signals of the second round for the candidate at position `at`.
    fn values(&self, at: usize) -> Values {
        let mut values = vec![NO_VALUE; GLOBAL.len()];
        let mut set = |signal: Global, value: usize| {
            debug_assert!(value < GLOBAL[signal as usize].num_values(), "{}", GLOBAL[signal as usize].name);
            values[signal as usize] = value as u8;
        };
        let line = &self.lines.lines[self.lines.candidates[at]];
        let own = self.probabilities[at];
        set(Global::FirstRound, bucket(own, &[0.02, 0.05, 0.1, 0.2, 0.35, 0.5, 0.65, 0.8, 0.9, 0.95, 0.98]));
        self.set_group_signals(at, line, &mut set);
        self.set_confident_signals(at, line, &mut set);
        let elsewhere = self.expected - f64::from(own);
        let share = elsewhere / self.lines.lines.len().max(1) as f64;
        set(Global::ExpectedShare, bucket(share, &[0.02, 0.05, 0.1, 0.15, 0.2, 0.3, 0.4]));
        set(Global::Expected, bucket(elsewhere, &[0.3, 1.0, 2.0, 4.0, 8.0]));
        self.set_neighbour_signals(at, &mut set);
        if line.ending == Ending::Question {
            let questions = self.lines.questions.max(1);
            let share = questions as f64 / self.lines.lines.len() as f64;
            set(Global::QuestionShare, bucket(share, &[0.05, 0.1, 0.2, 0.3, 0.45]));
            set(Global::Questions, bucket(questions, &[2, 3, 5, 9]));
        }
        values
    }

    /// Are other lines of its style, and of its first word, headings?
    fn set_group_signals(&self, at: usize, line: &Line<'_>, set: &mut impl FnMut(Global, usize)) {
        let mean_of =
            |group: Group, bounds: &[f64]| if group.count == 0 { 0 } else { 1 + bucket(group.mean(), bounds) };
        let alike = self.by_style[&self.styles[at]].without(self.probabilities[at]);
        set(Global::AlikeCount, bucket(alike.count, &[1, 2, 3, 5, 8]));
        set(Global::AlikeMean, mean_of(alike, &[0.05, 0.15, 0.3, 0.5, 0.7, 0.85]));
        let siblings = self.by_template[&template(line)].without(self.probabilities[at]);
        set(Global::Siblings, bucket(siblings.count, &[1, 2, 4, 7]));
        set(Global::SiblingsMean, mean_of(siblings, &[0.1, 0.3, 0.5, 0.7, 0.9]));
    }

    /// How likely are the lines next to it and near it to be headings?
    fn set_neighbour_signals(&self, at: usize, set: &mut impl FnMut(Global, usize)) {
        let i = self.lines.candidates[at];
        let neighbour = |i: Option<usize>| i.and_then(|i| self.probability_of_line.get(&i)).copied().unwrap_or(0.0);
        let bounds = [0.02, 0.1, 0.3, 0.6, 0.9];
        set(Global::Before, bucket(neighbour(i.checked_sub(1)), &bounds));
        set(Global::After, bucket(neighbour(Some(i + 1)), &bounds));
        let near = (i.saturating_sub(3)..=i + 3).filter(|&near| near != i);
        let near = near.filter_map(|near| self.probability_of_line.get(&near).copied()).max_by(f32::total_cmp);
        let difference = |near: f32| bucket(near - self.probabilities[at], &[-0.9, -0.6, -0.3, 0.0, 0.3, 0.6]);
        set(Global::Near, near.map_or(7, difference));
    }

    /// How does it compare with the confident headings, and how far is it from them?
    fn set_confident_signals(&self, at: usize, line: &Line<'_>, set: &mut impl FnMut(Global, usize)) {
        let i = self.lines.candidates[at];
        let own = usize::from(self.probabilities[at] > CONFIDENT);
        let count = self.confident.len() - own;
        set(Global::Confident, bucket(count, &[1, 2, 3, 5, 9]));
        let line_of = |confident: usize| self.lines.candidates[self.confident[confident]];
        let rank = self.confident.partition_point(|&other| other < at);
        let previous = rank.checked_sub(1).map(line_of);
        let next = self.confident.get(rank + own).map(|&other| self.lines.candidates[other]);
        let end = next.unwrap_or(self.lines.lines.len());
        let bounds = [1, 10, 30, 60, 120, 250, 500];
        set(Global::WordsAfter, bucket(self.words_before[end] - self.words_before[i + 1], &bounds));
        let start = previous.map_or(0, |previous| previous + 1);
        set(Global::WordsBefore, bucket(self.words_before[i] - self.words_before[start], &bounds));
        if count == 0 {
            return;
        }
        let style = self.styles[at];
        let share = |is_same: &dyn Fn(&Style) -> bool| {
            let all: usize = self.confident_styles.iter().filter(|(other, _)| is_same(other)).map(|(_, n)| n).sum();
            bucket((all - own) as f64 / count as f64, &[0.01, 0.3, 0.6, 0.99])
        };
        set(Global::ConfidentStyle, share(&|other| *other == style));
        set(Global::ConfidentCase, share(&|other| other.case == style.case));
        set(Global::ConfidentEnding, share(&|other| other.ending == style.ending));
        set(Global::ConfidentNumbered, share(&|other| other.is_numbered == style.is_numbered));
        set(Global::ConfidentBeginning, share(&|other| other.beginning == style.beginning));
        let mean_words = (self.confident_words - own * line.words) as f64 / count as f64;
        set(Global::Length, bucket(line.words as f64 - mean_words, &[-6.0, -3.0, -1.0, 1.0, 3.0, 6.0, 10.0]));
        let gap = |blocks: Option<usize>| blocks.map_or(6, |blocks| bucket(blocks, &[2, 3, 4, 6, 10]));
        set(Global::GapBefore, gap(previous.map(|previous| i - previous)));
        set(Global::GapAfter, gap(next.map(|next| next - i)));
    }
}

/// The first word with each number replaced by 0; in scripts without spaces, the first two characters.
fn template(line: &Line<'_>) -> String {
    let is_unspaced = line.short.as_ref().is_some_and(|short| short.is_unspaced);
    let word = if is_unspaced {
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

/// The first word; empty if there is none.
fn first_word(text: &str) -> &str {
    text.split_whitespace().next().unwrap_or("")
}

/// Bucket of the length of a line relative to that of a block.
fn length_ratio(chars: usize, block: &str) -> usize {
    // Beyond this length the bucket is always the first.
    const MAX_CHARS: usize = 3_000;
    let other =
        if block.is_ascii() { block.len().min(MAX_CHARS) } else { block.chars().take(MAX_CHARS).count() }.max(1);
    bucket(chars as f64 / other as f64, &[0.08, 0.15, 0.25, 0.4, 0.6, 0.8, 1.25, 1.7])
}

/// Bucket of the share of the line's longer words that occur in the block.
fn shared_words(line: &str, block: &str, is_unspaced: bool) -> usize {
    const MAX_BLOCK_BYTES: usize = 1_500;
    const STEM_CHARS: usize = 6;
    if is_unspaced {
        return 0;
    }
    // Words of ASCII need no other letters in lower case.
    let is_ascii = line.is_ascii();
    let lower = |text: &str| if is_ascii { text.to_ascii_lowercase() } else { text.to_lowercase() };
    let block = lower(&block[..block.floor_char_boundary(MAX_BLOCK_BYTES)]);
    let line = lower(line);
    let (mut all, mut found) = (0usize, 0usize);
    let mut look_for = |stem: &[u8]| {
        all += 1;
        found += usize::from(memmem::find(block.as_bytes(), stem).is_some());
    };
    if is_ascii {
        let words = line.as_bytes().split(|byte| !byte.is_ascii_alphanumeric());
        words.filter(|word| word.len() > 3).for_each(|word| look_for(&word[..word.len().min(STEM_CHARS)]));
    } else {
        for word in line.split(|c: char| !c.is_alphanumeric()).filter(|word| word.chars().count() > 3) {
            look_for(word.char_indices().nth(STEM_CHARS).map_or(word, |(at, _)| &word[..at]).as_bytes());
        }
    }
    if all == 0 { 0 } else { bucket(found as f64 / all as f64, &[0.01, 0.3, 0.6, 0.95]) }
}

/// Does `block` begin with the first 20 characters of `line`, whatever their case?
fn begins_the_same(line: &str, block: &str) -> bool {
    let mut ours = line.chars().take(20).flat_map(char::to_lowercase);
    let mut theirs = block.chars().flat_map(char::to_lowercase);
    ours.all(|c| theirs.next() == Some(c))
}
