//! Headings in plain text and pages: a model that classifies blocks by their line, its neighbours and the whole article.
//!
//! The model is a logistic regression: every signal of [`evidence`] has a weight for each of its values (`weights.rs`), and a
//! line is a heading if the sum of its weights and a bias is positive. `examples/fit_headings.rs` fits the weights to
//! articles whose headings are known, cross-validated by publisher. [`explain`] returns the evidence for each line.

mod caption;
pub mod evidence;
mod line;
mod numbering;
mod weights;

use super::{Block, BlockKind, BoilerplateKind, Markup};
use crate::text::script::is_unspaced;
use evidence::{GLOBAL, LOCAL, Lines, NO_VALUE, Signal, Values};

/// Probability above which a line is a heading.
const THRESHOLD: f32 = 0.5;

/// Weight of a level that a page uses for headings only, see [`Lines::at_heading_levels`]: more than all signals against a
/// line together. It is not fitted, because too few pages have headings that end with full stops.
const HEADING_LEVEL_WEIGHT: f32 = 10.0;

/// Weight of a level that a page uses often, see [`Lines::is_often_marked`]. Most pages of the fit have few headings, so that
/// the fitted weights of marks are too small for pages with many.
const OFTEN_MARKED_WEIGHT: f32 = 2.1;

/// The weights of a table of signals: for each signal, one for each of its values.
type Weights = [&'static [f32]];

/// The verdict of the model on a line that could be a heading.
#[derive(Debug, Clone)]
pub struct Verdict {
    /// Index of its block.
    pub block: usize,
    /// Probability that it is a heading.
    pub probability: f32,
    /// Evidence with its weight, above 0 for a heading and below 0 against; largest weights first.
    pub reasons: Vec<(String, f32)>,
}

impl Verdict {
    /// Is it taken for a heading?
    #[must_use]
    pub fn is_heading(&self) -> bool {
        self.probability > THRESHOLD
    }
}

/// Fewest words of running text.
const RUNNING_WORDS: usize = 20;

/// Marks the blocks of a plain text or page that are headings. `markups` is the markup of each block of a page: a block
/// marked up as a heading that is not one becomes a paragraph, or boilerplate if it is a link.
pub(crate) fn mark(text: &str, blocks: &mut [Block], markups: Option<&[Markup]>) {
    if markups.is_none() {
        mark_underlined(text, blocks);
    }
    let underlined: Vec<bool> =
        blocks.iter().map(|block| markups.is_none() && matches!(block.kind, BlockKind::Heading(_))).collect();
    let lines = Lines::new(text, blocks, markups);
    let judged: Vec<(usize, bool)> =
        judge(&lines).iter().map(|judged| (lines.block(judged.line), judged.probability > THRESHOLD)).collect();
    // Links among the text are the article's, as the items of a list; after it they lead to other articles.
    let is_running = |block: &Block| is_running_text(&text[block.span.clone()]);
    let last_running = markups.and_then(|_| blocks.iter().rposition(is_running)).unwrap_or(0);
    for (block, is_heading) in judged.into_iter().filter(|(block, _)| !underlined[*block]) {
        let markup = markups.map(|markups| markups[block]);
        blocks[block].kind = match (is_heading, markup) {
            (true, None) => BlockKind::Heading(1),
            (true, Some(Markup { level: 0, .. })) => BlockKind::Heading(UNMARKED_LEVEL),
            (true, Some(markup)) => BlockKind::Heading(markup.level),
            (false, Some(Markup { linked: true, level, .. })) if level > 0 || block > last_running => {
                BlockKind::Boilerplate(BoilerplateKind::Related)
            }
            (false, _) => BlockKind::Paragraph,
        };
    }
}

/// Is it so long that it is running text? In scripts without spaces two characters count as a word.
fn is_running_text(text: &str) -> bool {
    let is_unspaced = |c: &char| is_unspaced(*c);
    text.split_whitespace().take(RUNNING_WORDS).count() == RUNNING_WORDS
        || text.chars().filter(is_unspaced).take(2 * RUNNING_WORDS).count() == 2 * RUNNING_WORDS
}

/// Marks headings of plain text that are underlined: with `====`, or with other characters for lower levels. An underline
/// is the author's markup, so the model does not change these.
fn mark_underlined(text: &str, blocks: &mut [Block]) {
    for i in 1..blocks.len() {
        let (rule, line) = (blocks[i].span.clone(), blocks[i - 1].span.clone());
        let is_rule = blocks[i].kind == BlockKind::Boilerplate(BoilerplateKind::Rule);
        if !is_rule || blocks[i - 1].kind != BlockKind::Paragraph || line.len() > MAX_UNDERLINED_BYTES {
            continue;
        }
        let Some(level) = underline_level(&text[rule.clone()]) else { continue };
        let gap = &text[line.end..rule.start];
        let breaks = gap.matches('\n').count().max(gap.matches('\r').count());
        let width = text[line.clone()].chars().count();
        if breaks == 1 && width.abs_diff(rule.len()) <= (width / 3).max(3) {
            blocks[i - 1].kind = BlockKind::Heading(level);
        }
    }
}

/// Longest underlined heading.
const MAX_UNDERLINED_BYTES: usize = 300;

/// The level of a heading underlined with `rule`, if that is an underline.
fn underline_level(rule: &str) -> Option<u8> {
    let first = rule.bytes().next().filter(|byte| b"=-~^_*".contains(byte))?;
    (rule.len() >= 3 && rule.bytes().all(|byte| byte == first)).then_some(if first == b'=' { 1 } else { 2 })
}

/// Level of a heading that a page does not mark up as one.
const UNMARKED_LEVEL: u8 = 3;

/// The verdict on every line that could be a heading.
#[must_use]
pub(crate) fn explain(text: &str, blocks: &[Block], markups: Option<&[Markup]>) -> Vec<Verdict> {
    let lines = Lines::new(text, blocks, markups);
    judge(&lines)
        .into_iter()
        .map(|judged| {
            let mut all = reasons(LOCAL, weights::LOCAL_SECOND, &judged.local);
            all.extend(reasons(GLOBAL, weights::GLOBAL, &judged.global));
            if judged.is_at_heading_level {
                all.push(("the page keeps its level for headings".into(), HEADING_LEVEL_WEIGHT));
            }
            if lines.is_often_marked(judged.line) {
                all.push(("the page uses its level often".into(), OFTEN_MARKED_WEIGHT));
            }
            all.sort_by(|a, b| b.1.abs().total_cmp(&a.1.abs()));
            Verdict { block: lines.block(judged.line), probability: judged.probability, reasons: all }
        })
        .collect()
}

/// A candidate line with the values of its signals and the probability of the second round.
struct Judged {
    line: usize,
    local: Values,
    global: Values,
    is_at_heading_level: bool,
    probability: f32,
}

/// Runs both rounds on all candidate lines.
fn judge(lines: &Lines<'_>) -> Vec<Judged> {
    let local: Vec<Values> = lines.candidates().iter().map(|&i| lines.local_values(i)).collect();
    let first_round: Vec<f32> =
        local.iter().map(|values| probability(weights::LOCAL_BIAS + sum(weights::LOCAL, values))).collect();
    let global = lines.global_values(&first_round);
    let at_heading_levels = lines.at_heading_levels();
    let all = lines.candidates().iter().zip(local).zip(global);
    all.map(|((&line, local), global)| {
        let is_at_heading_level = at_heading_levels.contains(&line);
        let score = weights::GLOBAL_BIAS + sum(weights::LOCAL_SECOND, &local) + sum(weights::GLOBAL, &global);
        let score = if is_at_heading_level { score + HEADING_LEVEL_WEIGHT } else { score };
        let score = if lines.is_often_marked(line) { score + OFTEN_MARKED_WEIGHT } else { score };
        Judged { line, local, global, is_at_heading_level, probability: probability(score) }
    })
    .collect()
}

fn sum(weights: &Weights, values: &Values) -> f32 {
    weights
        .iter()
        .zip(values)
        .filter(|(_, value)| **value != NO_VALUE)
        .map(|(weights, &value)| weights[usize::from(value)])
        .sum()
}

fn reasons(signals: &[Signal], weights: &Weights, values: &Values) -> Vec<(String, f32)> {
    let all = signals.iter().zip(weights).zip(values).filter(|(_, value)| **value != NO_VALUE);
    all.map(|((signal, weights), &value)| (signal.describe(value), weights[usize::from(value)])).collect()
}

/// The logistic function.
fn probability(score: f32) -> f32 {
    1.0 / (1.0 + (-score).exp())
}

/// Builds the tables now rather than at first use.
pub(super) fn build_tables() {
    caption::build_tables();
    line::build_tables();
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::article::layout;

    fn headings(text: &str) -> Vec<&str> {
        let mut blocks = layout::blocks(text);
        super::super::boilerplate::mark(text, &mut blocks, &[]);
        mark(text, &mut blocks, None);
        blocks.into_iter().filter(|b| matches!(b.kind, BlockKind::Heading(_))).map(|b| &text[b.span]).collect()
    }

    const PARAGRAPH: &str = "Dockers at the port of Halden walked out on Monday after talks about pay and hours had failed, the union said, and ferries stayed in port.";

    #[test]
    fn a_bare_line_between_paragraphs_is_a_heading() {
        for heading in [
            "The dispute",
            "THE DISPUTE",
            "What do the dockers want?",
            "Ein langer Streit um die Arbeitszeit",
            "1. The dispute",
            "港口罢工",
        ] {
            let text = format!("{PARAGRAPH}\n{heading}\n{PARAGRAPH}\n{PARAGRAPH}\n");
            assert_eq!(headings(&text), [heading]);
        }
    }

    #[test]
    fn styles_of_headings() {
        // `§` marks a heading, `_` is replaced by a paragraph.
        for (form, name) in [
            ("_\n§The dispute\n_\n§The talks\n_\n", "a line each"),
            ("_\n\n§The dispute\n\n_\n\n§The talks\n\n_\n", "blank lines between all"),
            ("_\n_\n\n§The dispute\n\n_\n_\n\n§The talks\n\n_\n_\n", "blank lines around headings"),
            ("_\n\n_\n\n§The dispute\n_\n\n_\n\n§The talks\n_\n\n_\n", "none below headings"),
            ("_\n\n§The dispute\n===========\n\n_\n\n§The talks\n---------\n_\n", "underlined"),
            ("_\n§1. The dispute\n_\n§2. The talks\n_\n§3. What now\n_\n", "numbered"),
            ("_\n§THE DISPUTE\n_\n_\n§THE TALKS\n_\n", "capitals"),
            ("_\n§What do the dockers want?\n_\n_\n§Will ferries sail?\n_\n", "questions"),
            ("_\r\n§Der Streit\r\n_\r\n§Die Gespräche im Rathaus\r\n_\r\n", "Windows line breaks"),
            ("_\n§Спор в порту\n_\n_\n§Что дальше\n_\n", "Cyrillic"),
            ("_\n§النزاع في الميناء\n_\n_\n§ماذا بعد\n_\n", "no capitals"),
        ] {
            let text = form.replace('_', PARAGRAPH).replace('§', "");
            let expected: Vec<&str> =
                form.lines().filter_map(|line| line.strip_prefix('§')).map(str::trim_end).collect();
            assert_eq!(headings(&text), expected, "{name}");
        }
    }

    /// Kinds of lines that are rare in articles, in other words than those that the weights are fitted to. `§` marks a
    /// heading, `_` is replaced by a paragraph.
    #[test]
    fn rare_kinds_of_lines() {
        for (form, name) in [
            ("_\n_\nBut where will the pilots live?\n_\n_\n_\n", "a question that goes on"),
            ("_\n_\nDoch wer repariert die Boote?\n_\n_\n_\n", "a question that goes on, in German"),
            ("_\n_\nThe upshot?\n_\n_\n_\n", "a question of two words"),
            ("_\n§What do the pilots want?\n_\n_\n§Who repairs the boats?\n_\n", "questions that are headings"),
            (
                "_\n§Brass compass for $85\nFind it here: Chandlery\n_\n§Wool hat for $22\nFind it here: Chandlery\n_\n§Tide clock for $140\nFind it here: Pilot House\n_\n",
                "prices and shops",
            ),
            (
                "_\n§Part One: The Storm\n§The first night\n_\n_\n§The second night\n_\n_\n§Part Two: The Calm\n§The inquiry\n_\n_\n§The report\n_\n",
                "headings under headings",
            ),
            ("_\n_\nBut there is a snag:\n_\n_\nAnd this is what he heard …\n_\n_\n", "lead-ins"),
            (
                "_\n§Fewer boats, more seals\nBy Ola Berg\nMay 7, 2021\n_\n_\nComments (4 posted)\n§A bell for the mole\nBy Una Strand\nMay 7, 2021\n_\n_\n",
                "a digest",
            ),
            (
                "_\n_\n§Q: Favourite boat?\nA: The pilot cutter\n§Q: Favourite knot?\nA: The bowline\n§Q: Favourite wind?\nA: South-west\n§Q: Favourite meal?\nA: Fish soup\n",
                "short questions and answers",
            ),
            ("_\n§1. Check the weather\n_\n§2. Tell the harbour\n_\n§3. Wear the vest\n_\n", "numbers that count on"),
            (
                "_\n_\n§Four boats, one bell and no wind\n_\n_\nRead more: The bell of the mole\n_\n_\n_\n",
                "a line of boilerplate elsewhere",
            ),
        ] {
            let text = form.replace('_', PARAGRAPH).replace('§', "");
            let expected: Vec<&str> =
                form.lines().filter_map(|line| line.strip_prefix('§')).map(str::trim_end).collect();
            assert_eq!(headings(&text), expected, "{name}");
        }
    }

    #[test]
    fn other_short_lines_are_not_headings() {
        for line in [
            "Ferries sail again.",
            "Photo: Mara Lindqvist / Halden Courier",
            "- higher pay\n- shorter hours\n- better boots",
            "www.example.org",
            "12 40 33",
            "***",
        ] {
            let text = format!("{PARAGRAPH}\n{PARAGRAPH}\n{line}\n{}", format!("{PARAGRAPH}\n").repeat(6));
            assert_eq!(headings(&text), [""; 0], "{line}");
        }
    }

    #[test]
    fn a_broken_sentence_is_not_a_heading() {
        let (start, rest) = PARAGRAPH.split_at(40);
        let (middle, end) = rest.split_at(30);
        let more = format!("{PARAGRAPH}\n").repeat(4);
        assert_eq!(headings(&format!("{more}{start}\n{middle}\n{end}\n{more}")), [""; 0]);
    }

    #[test]
    fn every_value_has_a_weight() {
        for (signals, tables) in [(LOCAL, vec![weights::LOCAL, weights::LOCAL_SECOND]), (GLOBAL, vec![weights::GLOBAL])]
        {
            for table in tables {
                assert_eq!(table.len(), signals.len());
                for (signal, weights) in signals.iter().zip(table) {
                    assert_eq!(weights.len(), signal.num_values(), "{}", signal.name);
                }
            }
        }
    }

    #[test]
    fn last_lines_and_lists_are_not_headings() {
        assert_eq!(headings(&format!("{PARAGRAPH}\n{PARAGRAPH}\nThe end\n")), [""; 0]);
        assert_eq!(
            headings(&format!("{PARAGRAPH}\nThe union wants:\nHigher pay\nShorter hours\nBetter boots\n{PARAGRAPH}\n")),
            [""; 0]
        );
    }
}
