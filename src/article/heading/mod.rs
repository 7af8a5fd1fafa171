//! Headings in bare text and pages: which blocks are headings, judged by the line, its neighbours and the article as a whole.
//!
//! The model is additive: every signal of [`evidence`] has a weight for each of its answers (`weights.rs`), a line is
//! a heading if they add up to more than nothing. The weights are fitted by `examples/fit_headings.rs`, a logistic
//! regression over articles whose headings are known, with publishers held apart. [`explain`] says what each line got.

mod caption;
pub mod evidence;
mod line;
mod weights;

use super::{Block, BlockKind, BoilerplateKind, Markup};
use evidence::{LOCAL, Lines, SILENT, Said, Signal, WHOLE};

/// How sure the model must be.
const THRESHOLD: f32 = 0.5;

/// What it weighs that a page keeps a level for headings: more than all that a line's looks may say against it. Too few
/// pages have headings that end with stops for this to be fitted.
const KEPT_WEIGHT: f32 = 10.0;

/// The weights of a round: for each signal, one for each of its values.
type Weights = [&'static [f32]];

/// What the model made of one line that could have been a heading.
#[derive(Debug, Clone)]
pub struct Verdict {
    /// Which block.
    pub block: usize,
    /// How likely it is a heading.
    pub probability: f32,
    /// What spoke for it (above 0) and against it, the strongest first.
    pub reasons: Vec<(String, f32)>,
}

impl Verdict {
    /// Was it taken for a heading?
    #[must_use]
    pub fn is_heading(&self) -> bool {
        self.probability > THRESHOLD
    }
}

/// Marks the blocks of a bare text or page that are headings. `marks` says how a page marks each block: blocks that
/// are marked as headings and are none become paragraphs, or boilerplate if they lead elsewhere.
pub fn mark(text: &str, blocks: &mut [Block], marks: Option<&[Markup]>) {
    if marks.is_none() {
        mark_underlined(text, blocks);
    }
    let underlined: Vec<bool> =
        blocks.iter().map(|block| marks.is_none() && matches!(block.kind, BlockKind::Heading(_))).collect();
    let lines = Lines::new(text, blocks, marks);
    let judged: Vec<(usize, bool)> =
        judge(&lines).iter().map(|judged| (lines.block(judged.line), judged.probability > THRESHOLD)).collect();
    for (block, is_heading) in judged.into_iter().filter(|(block, _)| !underlined[*block]) {
        let mark = marks.map(|marks| marks[block]).unwrap_or_default();
        blocks[block].kind = match (is_heading, mark) {
            (true, Markup { level: 0, .. }) if marks.is_some() => BlockKind::Heading(UNMARKED_LEVEL),
            (true, mark) => BlockKind::Heading(mark.level.max(1)),
            (false, Markup { linked: true, .. }) => BlockKind::Boilerplate(BoilerplateKind::Related),
            (false, _) => BlockKind::Paragraph,
        };
    }
}

/// Marks lines that are underlined as headings, as people do in plain text: `====` below a title, `----` below others.
/// The model never sees them: the underline is the author's word.
fn mark_underlined(text: &str, blocks: &mut [Block]) {
    for i in 1..blocks.len() {
        let (rule, line) = (blocks[i].span.clone(), blocks[i - 1].span.clone());
        let is_rule = blocks[i].kind == BlockKind::Boilerplate(BoilerplateKind::Rule);
        if !is_rule || blocks[i - 1].kind != BlockKind::Paragraph || line.len() > MOST_UNDERLINED_BYTES {
            continue;
        }
        let Some(level) = underline_level(&text[rule.clone()]) else { continue };
        let breaks =
            text[line.end..rule.start].matches('\n').count().max(text[line.end..rule.start].matches('\r').count());
        let (width, drawn) = (text[line.clone()].chars().count(), rule.len());
        if breaks == 1 && width.abs_diff(drawn) <= (width / 3).max(3) {
            blocks[i - 1].kind = BlockKind::Heading(level);
        }
    }
}

/// Longer lines are not headings, underlined or not.
const MOST_UNDERLINED_BYTES: usize = 300;

fn underline_level(rule: &str) -> Option<u8> {
    let first = rule.bytes().next().filter(|byte| b"=-~^_*".contains(byte))?;
    (rule.len() >= 3 && rule.bytes().all(|byte| byte == first)).then_some(if first == b'=' { 1 } else { 2 })
}

/// Level of a heading that a page does not mark as one.
const UNMARKED_LEVEL: u8 = 3;

/// Says of every line that could be a heading how likely it is one, and why.
#[must_use]
pub fn explain(text: &str, blocks: &[Block], marks: Option<&[Markup]>) -> Vec<Verdict> {
    let lines = Lines::new(text, blocks, marks);
    judge(&lines)
        .into_iter()
        .map(|judged| {
            let mut reasons = reasons(LOCAL, weights::LOCAL_AGAIN, &judged.local);
            reasons.extend(reasons_of_whole(&judged.whole));
            if judged.kept {
                reasons.push(("the page keeps its level for headings".into(), KEPT_WEIGHT));
            }
            reasons.sort_by(|a, b| b.1.abs().total_cmp(&a.1.abs()));
            Verdict { block: lines.block(judged.line), probability: judged.probability, reasons }
        })
        .collect()
}

struct Judged {
    line: usize,
    local: Said,
    whole: Said,
    /// Is it of a level that the page keeps for headings?
    kept: bool,
    probability: f32,
}

fn judge(lines: &Lines<'_>) -> Vec<Judged> {
    let local: Vec<Said> = lines.candidates().iter().map(|&i| lines.local(i)).collect();
    let thought: Vec<f32> =
        local.iter().map(|said| probability(weights::LOCAL_BIAS + sum(weights::LOCAL, said))).collect();
    let whole = lines.whole(&thought);
    let kept = lines.kept_for_headings();
    let all = lines.candidates().iter().zip(local).zip(whole);
    all.map(|((&line, local), whole)| {
        let kept = kept.contains(&line);
        let score = weights::WHOLE_BIAS + sum(weights::LOCAL_AGAIN, &local) + sum(weights::WHOLE, &whole);
        let score = if kept { score + KEPT_WEIGHT } else { score };
        Judged { line, local, whole, kept, probability: probability(score) }
    })
    .collect()
}

fn sum(weights: &Weights, said: &Said) -> f32 {
    weights
        .iter()
        .zip(said)
        .filter(|(_, value)| **value != SILENT)
        .map(|(weights, &value)| weights[usize::from(value)])
        .sum()
}

fn reasons_of_whole(said: &Said) -> Vec<(String, f32)> {
    reasons(WHOLE, weights::WHOLE, said)
}

fn reasons(signals: &[Signal], weights: &Weights, said: &Said) -> Vec<(String, f32)> {
    let all = signals.iter().zip(weights).zip(said).filter(|(_, value)| **value != SILENT);
    all.map(|((signal, weights), &value)| (signal.describe(value), weights[usize::from(value)])).collect()
}

/// The logistic function.
fn probability(score: f32) -> f32 {
    1.0 / (1.0 + (-score).exp())
}
#[cfg(test)]
mod tests {
    use super::*;
    use crate::article::{RepeatedLines, layout};

    fn headings(text: &str) -> Vec<&str> {
        let mut blocks = layout::blocks(text);
        super::super::boilerplate::mark(text, &mut blocks, &RepeatedLines::default());
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
    fn forms_of_headings() {
        // Each `§` begins a heading; `_` stands for a paragraph.
        for (form, name) in [
            ("_\n§The dispute\n_\n§The talks\n_\n", "a line each"),
            ("_\n\n§The dispute\n\n_\n\n§The talks\n\n_\n", "blank lines between all"),
            ("_\n_\n\n§The dispute\n\n_\n_\n\n§The talks\n\n_\n_\n", "blank lines around headings"),
            ("_\n\n_\n\n§The dispute\n_\n\n_\n\n§The talks\n_\n\n_\n", "none below headings"),
            ("_\n\n§The dispute\n===========\n\n_\n\n§The talks\n---------\n_\n", "underlined"),
            ("_\n§1. The dispute\n_\n§2. The talks\n_\n§3. What now\n_\n", "numbered"),
            ("_\n§THE DISPUTE\n_\n_\n§THE TALKS\n_\n", "capitals"),
            ("_\n§What do the dockers want?\n_\n_\n§Will ferries sail?\n_\n", "questions"),
            ("_\r\n§Der Streit\r\n_\r\n§Die Gespräche im Rathaus\r\n_\r\n", "Windows line ends"),
            ("_\n§Спор в порту\n_\n_\n§Что дальше\n_\n", "Cyrillic"),
            ("_\n§النزاع في الميناء\n_\n_\n§ماذا بعد\n_\n", "no capitals"),
        ] {
            let text = form.replace('_', PARAGRAPH).replace('§', "");
            let expected: Vec<&str> =
                form.lines().filter_map(|line| line.strip_prefix('§')).map(str::trim_end).collect();
            assert_eq!(headings(&text), expected, "{name}");
        }
    }

    #[test]
    fn other_short_lines_are_not() {
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
    fn a_broken_sentence_is_no_heading() {
        let (start, rest) = PARAGRAPH.split_at(40);
        let (middle, end) = rest.split_at(30);
        let more = format!("{PARAGRAPH}\n").repeat(4);
        assert_eq!(headings(&format!("{more}{start}\n{middle}\n{end}\n{more}")), [""; 0]);
    }

    #[test]
    fn every_value_has_a_weight() {
        for (signals, tables) in [(LOCAL, vec![weights::LOCAL, weights::LOCAL_AGAIN]), (WHOLE, vec![weights::WHOLE])] {
            for table in tables {
                assert_eq!(table.len(), signals.len());
                for (signal, weights) in signals.iter().zip(table) {
                    assert_eq!(weights.len(), signal.values(), "{}", signal.name);
                }
            }
        }
    }

    #[test]
    fn nothing_at_the_end_and_no_list() {
        assert_eq!(headings(&format!("{PARAGRAPH}\n{PARAGRAPH}\nThe end\n")), [""; 0]);
        assert_eq!(headings(&format!("{PARAGRAPH}\nHigher pay\nShorter hours\nBetter boots\n{PARAGRAPH}\n")), [""; 0]);
    }
}
