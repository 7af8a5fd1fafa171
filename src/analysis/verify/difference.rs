//! How a quotation and what was found differ: words, capitals, signs, spaces.

use serde::Serialize;

use super::align::{Alignment, Step};
use super::quotation::Part;
use super::row::Row;
use crate::text::space::is_space;

/// What differs between a quotation and a text.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "serve", derive(schemars::JsonSchema))]
#[serde(rename_all = "lowercase")]
#[non_exhaustive]
pub enum DifferenceKind {
    /// Words are others, added or left out.
    Words,
    /// Capitals.
    Case,
    /// Quotation marks, dashes, apostrophes, commas and other signs.
    Signs,
    /// Kinds of spaces, and line breaks.
    Spaces,
}

impl DifferenceKind {
    /// Its name in output.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            DifferenceKind::Words => "words",
            DifferenceKind::Case => "case",
            DifferenceKind::Signs => "signs",
            DifferenceKind::Spaces => "spaces",
        }
    }
}

/// A difference between a quotation and a text.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "serve", derive(schemars::JsonSchema))]
#[non_exhaustive]
pub struct QuotationDifference {
    /// What differs.
    pub kind: DifferenceKind,
    /// What the quotation has; empty for what it leaves out.
    pub quotation: String,
    /// What the text has; empty for what the quotation adds.
    pub text: String,
    /// How often.
    pub times: usize,
}

/// Adds the differences of a part to `all`: those of words in order, the others once each.
pub(super) fn add(all: &mut Vec<QuotationDifference>, part: &Part<'_>, alignment: &Alignment, row: &Row<'_>) {
    let mut add = |kind, quotation: &str, text: &str| {
        let known = all.iter_mut().find(|known| {
            kind != DifferenceKind::Words && (known.kind, &*known.quotation, &*known.text) == (kind, quotation, text)
        });
        match known {
            Some(known) => known.times += 1,
            None => all.push(QuotationDifference {
                kind,
                quotation: quotation.to_string(),
                text: text.to_string(),
                times: 1,
            }),
        }
    };
    for run in alignment.steps.chunk_by(|a, b| !a.is_same && !b.is_same) {
        if let [step] = run
            && step.is_same
        {
            word(part, row, step, &mut add);
        } else {
            let of = |steps: &[Step]| {
                let (first, last) = (&steps[0], &steps[steps.len() - 1]);
                (first.quoted.start..last.quoted.end, first.found.start..last.found.end)
            };
            let (quoted, found) = of(run);
            let quoted = match (part.tokens.get(quoted.start), quoted.is_empty()) {
                (Some(first), false) => &part.text[first.start..part.tokens[quoted.end - 1].end],
                _ => "",
            };
            add(DifferenceKind::Words, quoted, &row.text(found.start, found.end));
        }
    }
    for pair in alignment.steps.windows(2) {
        let [before, after] = pair else { continue };
        if before.is_same && after.is_same {
            let quoted = &part.text[part.tokens[before.quoted.end - 1].end..part.tokens[after.quoted.start].start];
            gap(quoted, row.gap(before.found.end - 1), &mut add);
        }
    }
}

/// The differences of a word that is the same.
fn word(part: &Part<'_>, row: &Row<'_>, step: &Step, add: &mut impl FnMut(DifferenceKind, &str, &str)) {
    let first = &part.tokens[step.quoted.start];
    let quoted = &part.text[first.start..part.tokens[step.quoted.end - 1].end];
    let found = row.text(step.found.start, step.found.end);
    if quoted == found {
        return;
    }
    let joined = step.quoted.len() > 1 || step.found.len() > 1;
    let kind = if joined { DifferenceKind::Signs } else { DifferenceKind::Case };
    add(kind, quoted, &found);
}

/// The differences of what stands between two words.
fn gap(quoted: &str, found: &str, add: &mut impl FnMut(DifferenceKind, &str, &str)) {
    if quoted == found {
        return;
    }
    let signs = |text: &str| text.chars().filter(|c| !c.is_whitespace()).collect::<String>();
    let (quoted_signs, found_signs) = (signs(quoted), signs(found));
    if quoted_signs != found_signs {
        add(DifferenceKind::Signs, &quoted_signs, &found_signs);
        return;
    }
    // Runs of plain spaces are as good as one.
    let spaces = |text: &str| {
        let mut spaces = String::new();
        for c in text.chars().filter(|c| c.is_whitespace()) {
            if !(c == ' ' && spaces.ends_with(' ')) {
                spaces.push(c);
            }
        }
        spaces
    };
    let (quoted, found) = (spaces(quoted), spaces(found));
    if quoted != found {
        // A line break is a line break, however many there are of it.
        let name = |text: &str| {
            if text.contains('\n') && text.bytes().all(is_space) { "\n".to_string() } else { text.to_string() }
        };
        let (quoted, found) = (name(&quoted), name(&found));
        if quoted != found {
            add(DifferenceKind::Spaces, &quoted, &found);
        }
    }
}
