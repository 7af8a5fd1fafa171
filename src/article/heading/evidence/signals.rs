//! The signals: their names and answers, in tables, and the buckets that numbers fall into.

use crate::article::Markup;
use crate::article::heading::line::{Beginning, CaptionForm, Closing, Ending, LetterCase, LineKind, Opening};

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
        pub(super) enum $kind { $($variant,)+ }
        $(#[$meta])*
        pub const $table: &[Signal] = &[$(Signal { name: $name, answers: &[$($answers),+] },)+];
    };
}

const NO_YES: &[&str] = &["no", "yes"];
pub(super) const ENDINGS: &[&str] = Ending::NAMES;
pub(super) const CLOSINGS: &[&str] = Closing::NAMES;
const BEGINNINGS: &[&str] = Beginning::NAMES;
const CASES: &[&str] = LetterCase::NAMES;
pub(super) const KINDS: &[&str] = LineKind::NAMES;
const WORDS: &[&str] =
    &["0 or 1", "2", "3", "4", "5", "6", "7", "8", "9", "10", "11", "12-13", "14-15", "16-19", "20 or more"];
pub(super) const FEW_WORDS: &[&str] = &["1-2", "3-5", "6-8", "9-11", "12-15", "16 or more"];
const CHARS: &[&str] =
    &["under 8", "8-14", "15-24", "25-34", "35-44", "45-54", "55-64", "65-79", "80-99", "100-119", "120 or more"];
const COUNT_4: &[&str] = &["0", "1", "2", "3 or more"];
const COUNT_6: &[&str] = &["0", "1", "2", "3", "4", "5 or more"];
const BLOCKS_AWAY: &[&str] = &["0", "1", "2", "3-4", "5-8", "9 or more"];
const SHARE_9: &[&str] =
    &["under 5 %", "5-10 %", "10-15 %", "15-20 %", "20-30 %", "30-40 %", "40-50 %", "50-70 %", "over 70 %"];
pub(super) const SHARE_5: &[&str] = &["none", "under a third", "a third", "most", "all"];
const RATIOS: &[&str] =
    &["under 8 %", "8-15 %", "15-25 %", "25-40 %", "40-60 %", "60-80 %", "80-125 %", "125-170 %", "over 170 %"];
const COLON_LEFT: &[&str] = &["1 word before", "2 before", "3-4 before", "5 or more before"];
pub(super) const COLON_RIGHT: &[&str] = &["none after", "1-2 after", "3-5 after", "6-9 after", "10 or more after"];
const POSITIONS: &[&str] = &["first", "second", "last", "last but one", "inside"];
pub(super) const BLANKS: &[&str] =
    &["no blank line around", "blank line after only", "blank line before only", "blank lines around"];
const BLANK_LAYOUTS: &[&str] = &["few blank lines in the text", "mostly blank lines in the text"];
pub(super) const MARKUPS: &[&str] = &["plain", "bold", "h1", "h2", "h3", "h4 or lower"];
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
pub(super) const COUNTED: &[&str] = &["once", "twice", "3-4 times", "5 times or more"];
pub(super) const ROWS: &[&str] =
    &["alone", "the upper of two", "the lower of two", "the first of more", "inside a row", "the last of more"];
pub(super) const BELOW: &[&str] = &["neither", "a byline", "a date", "a line with a label", "an address", "a price"];
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

/// Index of a markup in [`MARKUPS`].
pub(super) fn markup_index(markup: Markup) -> usize {
    match markup.level {
        0 => usize::from(markup.bold),
        level => usize::from(level).min(4) + 1,
    }
}

/// Index of the bucket of `value`: the number of lower bounds that it reaches.
pub(super) fn bucket<T: PartialOrd>(value: T, bounds: &[T]) -> usize {
    bounds.iter().take_while(|bound| value >= **bound).count()
}
