//! The second round: what the first round's probabilities of all other lines tell of one.

use rustc_hash::FxHashMap;

use super::Lines;
use super::patterns::{Style, template};
use super::signals::{GLOBAL, Global, NO_VALUE, Values, bucket};
use crate::article::heading::line::{Ending, Line};

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
pub(super) struct ArticleView<'l, 'a> {
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
    pub(super) fn new(lines: &'l Lines<'a>, probabilities: &'l [f32]) -> Self {
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
    pub(super) fn values(&self, at: usize) -> Values {
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
