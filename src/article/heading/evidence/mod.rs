//! Evidence: signals for and against a line being a heading.
//!
//! Every signal has a closed set of values, and the model one weight for each value, so the evidence for a line is a list
//! of sentences with numbers that add up. There are two rounds. [`Lines::local_values`] looks at the line, its neighbours
//! and the composition of the article. [`Lines::global_values`] adds what the first round's probabilities of all other
//! lines tell: headings of one article look alike, come at regular distances, and have text under them.
//!
//! ```text
//! signals (what is asked) <- lines (mod: the first round), patterns (what recurs) <- others (the second round)
//! ```

mod others;
mod patterns;
mod signals;

use memchr::memmem;
use rustc_hash::FxHashMap;

use super::line::{Beginning, Ending, Line, LineKind, ShortLine};
use crate::article::{Block, BlockKind, Markup};
use others::ArticleView;
use patterns::{Style, first_word, front_part, labels, last_short, rows, sequences, template_below};
use signals::{
    BELOW, BLANKS, CLOSINGS, COLON_RIGHT, COUNTED, ENDINGS, FEW_WORDS, KINDS, Local, MARKUPS, ROWS, SHARE_5, bucket,
    markup_index,
};
pub use signals::{GLOBAL, LOCAL, NO_VALUE, Signal, Values};

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

/// Least number of lines that a level of headings must have.
const MIN_LINES_OF_LEVEL: usize = 3;

/// Fewest lines of a level that a page uses often.
const MIN_OFTEN_MARKED: usize = 5;

/// For each line: is there a blank line before it? A line of boilerplate is none.
fn blank_lines_before(text: &str, blocks: &[Block], indices: &[usize]) -> Vec<bool> {
    let is_after_blank = |(i, &block): (usize, &usize)| {
        let end = block.checked_sub(1).map_or(0, |before| blocks[before].span.end);
        let gap = text.as_bytes().get(end..blocks[block].span.start).unwrap_or_default();
        i > 0 && gap.iter().filter(|&&byte| byte == b'\n').count() > 1
    };
    indices.iter().enumerate().map(is_after_blank).collect()
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
