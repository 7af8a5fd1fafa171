//! Spans of a query before their fields are known: words become tests, operators of proximity an expression over them.

use std::ops::Range;

use unicode_normalization::char::is_combining_mark;

use crate::query::{Near, Node, NodeKind, trim_trailing_punctuation};
use crate::search::local::forms::WordTest;
use crate::search::local::span::SpanNode;
use crate::text::compound::{Compound, compounds, is_digit, is_hyphen};
use crate::text::fold::{composed, is_ignorable};
use crate::text::script::{is_apostrophe_letter, is_unspaced};
use crate::text::{Language, Word, Words};
use crate::vocabulary::TextField;

/// The spans of a leaf in any field. Words are indexes of the tests that were made beside it.
#[derive(Clone)]
pub(super) enum SpanExpr {
    Nothing,
    Phrase {
        words: Vec<usize>,
        slop: u32,
    },
    Name {
        words: Vec<usize>,
        capitals: Vec<bool>,
    },
    Or(Vec<SpanExpr>),
    /// Ways to write what the first is.
    Forms(Vec<SpanExpr>),
    Near {
        near: Near,
        negated: bool,
        pair: Box<(SpanExpr, SpanExpr)>,
    },
    First(u32, Box<SpanExpr>),
}

impl SpanExpr {
    /// The spans of a node that [`crate::query::parse`] accepts as an operand of proximity; its tests are added to `tests`.
    pub(super) fn of(node: &Node, languages: &[Language], tests: &mut Vec<WordTest>) -> SpanExpr {
        match &node.kind {
            NodeKind::Nothing => SpanExpr::Nothing,
            NodeKind::Word(text) => SpanExpr::word(text, languages, tests),
            NodeKind::Phrase { text, slop } => SpanExpr::phrase(text, *slop, tests),
            NodeKind::Verbatim { text, .. } => cut(text, tests, |word| WordTest::verbatim(word, text)),
            NodeKind::Name(text) => SpanExpr::name(text, tests),
            NodeKind::Fuzzy { text, distance } => cut(text, tests, |word| WordTest::fuzzy(word, *distance)),
            NodeKind::Pattern(text) => pattern(text, tests),
            NodeKind::Regex(text) => {
                let from = tests.len();
                // One letter more is a pattern, which knows umlauts.
                let stem = text.strip_suffix('.').filter(|stem| stem.chars().all(char::is_alphanumeric));
                let pattern = stem.filter(|stem| !stem.is_empty()).map(|stem| WordTest::pattern(&format!("{stem}?")));
                tests.extend(pattern.unwrap_or_else(|| WordTest::regex(text)));
                side_by_side(from, tests)
            }
            NodeKind::Or(nodes) => {
                SpanExpr::Or(nodes.iter().map(|node| SpanExpr::of(node, languages, tests)).collect())
            }
            NodeKind::Prox { near, negated, operands } => {
                let mut operands = operands.iter().map(|operand| SpanExpr::of(operand, languages, tests));
                let first = operands.next().expect("the parser makes proximity of at least two operands");
                // Chains are joined from the left.
                operands.fold(first, |before, next| {
                    // An operand without words adds no condition.
                    if next.is_nothing() {
                        return before;
                    }
                    if before.is_nothing() {
                        return if *negated { before } else { next };
                    }
                    SpanExpr::Near { near: *near, negated: *negated, pair: Box::new((before, next)) }
                })
            }
            NodeKind::First(words, inner) => SpanExpr::First(*words, Box::new(SpanExpr::of(inner, languages, tests))),
            NodeKind::Boost(_, inner) | NodeKind::Saved(_, inner) => SpanExpr::of(inner, languages, tests),
            NodeKind::And(_)
            | NodeKind::Not(_)
            | NodeKind::AtLeast(..)
            | NodeKind::Field { .. }
            | NodeKind::Date(..)
            | NodeKind::Number(..)
            | NodeKind::Is(_)
            | NodeKind::Id(_)
            | NodeKind::Like(_) => unreachable!("the parser refuses it as an operand of proximity"),
        }
    }

    /// A word in all its forms. Several, side by side, if `text` is cut into several.
    pub(super) fn word(text: &str, languages: &[Language], tests: &mut Vec<WordTest>) -> SpanExpr {
        // The s of a genitive is not searched: Kremlin's is Kremlin.
        let is_apostrophe = |c: char| matches!(c, '\'' | '’') || is_apostrophe_letter(c);
        let text = text.strip_suffix('s').and_then(|text| text.strip_suffix(is_apostrophe)).unwrap_or(text);
        let from = tests.len();
        let base = cut(text, tests, |word| WordTest::stem(word, languages));
        let joined = |word: &Word<'_>, is_inflected: bool| {
            if is_inflected { WordTest::stem(word, languages) } else { WordTest::exact(word) }
        };
        with_forms(text, from, base, tests, joined)
    }

    /// The exact words of `text`, side by side or moved by `slop` positions.
    pub(super) fn phrase(text: &str, slop: u32, tests: &mut Vec<WordTest>) -> SpanExpr {
        let from = tests.len();
        match cut(text, tests, WordTest::exact) {
            SpanExpr::Phrase { words, .. } if slop > 0 => SpanExpr::Phrase { words, slop },
            base => with_forms(text, from, base, tests, |word, _| WordTest::exact(word)),
        }
    }

    /// The words of a name. Those that are typed with a capital must have one; all that can, if none is typed with one.
    fn name(text: &str, tests: &mut Vec<WordTest>) -> SpanExpr {
        let from = tests.len();
        let has_capitals = text.contains(char::is_uppercase);
        let mut capitals = Vec::new();
        let mut words = Words::new(text);
        while let Some(word) = words.next() {
            tests.push(WordTest::exact(&word));
            let typed = &text[word.start..word.end];
            capitals.push(typed.contains(|c: char| if has_capitals { c.is_uppercase() } else { c.is_lowercase() }));
        }
        if capitals.is_empty() {
            return SpanExpr::Nothing;
        }
        SpanExpr::Name { words: (from..tests.len()).collect(), capitals }
    }

    /// A number and the unit after it as one word, a number in groups joined; `None` if they are none.
    pub(super) fn measure(first: &str, second: &str, tests: &mut Vec<WordTest>) -> Option<SpanExpr> {
        let groups = compounds(first).pop().map(|compound| compound.joined);
        let number = groups.filter(|_| first.contains(is_digit)).unwrap_or_else(|| first.to_string());
        let is_number = number.chars().all(is_digit) && is_measure(&number, second);
        is_number.then(|| cut(&format!("{number}{second}"), tests, WordTest::exact))
    }

    /// Can nothing match?
    pub(super) fn is_nothing(&self) -> bool {
        match self {
            SpanExpr::Nothing => true,
            SpanExpr::Or(operands) | SpanExpr::Forms(operands) => operands.iter().all(SpanExpr::is_nothing),
            SpanExpr::First(_, inner) => inner.is_nothing(),
            SpanExpr::Phrase { .. } | SpanExpr::Name { .. } | SpanExpr::Near { .. } => false,
        }
    }

    /// The spans in one field. `is_named`: was the field named in the query?
    pub(super) fn in_field(&self, field: TextField, is_named: bool) -> SpanNode {
        match self {
            SpanExpr::Nothing => SpanNode::Nothing,
            SpanExpr::Phrase { words, .. } if words.len() == 1 => SpanNode::Word(words[0]),
            SpanExpr::Phrase { words, slop } => SpanNode::Phrase { words: words.clone(), slop: *slop },
            SpanExpr::Name { words, capitals } => SpanNode::Name { words: words.clone(), capitals: capitals.clone() },
            SpanExpr::Or(operands) => {
                SpanNode::Or(operands.iter().map(|operand| operand.in_field(field, is_named)).collect())
            }
            SpanExpr::Forms(forms) => {
                SpanNode::Forms(forms.iter().map(|form| form.in_field(field, is_named)).collect())
            }
            SpanExpr::Near { near, negated, pair } => SpanNode::Near {
                near: *near,
                negated: *negated,
                pair: Box::new((pair.0.in_field(field, is_named), pair.1.in_field(field, is_named))),
            },
            // The first words of an article are those of its body, unless a field is named.
            SpanExpr::First(..) if !is_named && field != TextField::Body => SpanNode::Nothing,
            SpanExpr::First(words, inner) => SpanNode::First(*words, Box::new(inner.in_field(field, is_named))),
        }
    }

    /// The spans within the lede.
    pub(super) fn in_lede(&self) -> (TextField, SpanNode) {
        (TextField::Body, SpanNode::Lede(Box::new(self.in_field(TextField::Body, true))))
    }
}

/// The words of `text`, side by side.
fn cut(text: &str, tests: &mut Vec<WordTest>, test: impl Fn(&Word<'_>) -> WordTest) -> SpanExpr {
    let from = tests.len();
    let mut words = Words::new(text);
    while let Some(word) = words.next() {
        tests.push(test(&word));
    }
    side_by_side(from, tests)
}

/// Most ways to write a phrase that are searched beside it.
const MAX_FORMS: usize = 8;

/// `base`, the words of `text` side by side whose tests begin at `from`, and the other ways to write it: compounds
/// joined (`e-mail` as `email`), numbers apart from the letters after or before them (`5km` as `5 km`), or joined with
/// them. A number in groups (`500,000`) is searched joined alone, as it is indexed: its groups side by side are a part of
/// `1,500,000`, too.
fn with_forms(
    text: &str,
    from: usize,
    base: SpanExpr,
    tests: &mut Vec<WordTest>,
    joined: impl Fn(&Word<'_>, bool) -> WordTest,
) -> SpanExpr {
    if base.is_nothing() {
        return base;
    }
    let num_words = tests.len() - from;
    // What the text's words from one ordinal to before another may be written as.
    let mut others: Vec<(usize, usize, Vec<usize>)> = Vec::new();
    let mut add = |first: usize, end: usize, text: &str, is_inflected: bool| {
        let before = tests.len();
        let mut all = Words::new(text);
        while let Some(word) = all.next() {
            tests.push(joined(&word, is_inflected));
        }
        others.push((first, end, (before..tests.len()).collect()));
    };
    // The numbers in groups, as ordinals of words and joined.
    let mut numbers: Vec<(Range<usize>, String)> = Vec::new();
    for Compound { first, words, joined, is_inflected, .. } in compounds(text) {
        let ordinals = first as usize..(first + words) as usize;
        add(ordinals.start, ordinals.end, &joined, is_inflected);
        if !is_inflected && joined.starts_with(is_digit) {
            if let Some(digits) = boundary_of_digits(&joined) {
                add(ordinals.start, ordinals.end, &format!("{} {}", &joined[..digits], &joined[digits..]), false);
            }
            numbers.push((ordinals, joined));
        }
    }
    let mut all = Words::new(text);
    let mut previous: Option<(usize, usize)> = None;
    while let Some(word) = all.next() {
        let (at, whole) = (word.position as usize, &text[word.start..word.end]);
        if let Some(digits) = boundary_of_digits(whole) {
            add(at, at + 1, &format!("{} {}", &whole[..digits], &whole[digits..]), false);
        }
        let Some((start, end)) = previous.replace((word.start, word.end)) else { continue };
        if &text[end..word.start] == " " {
            let in_groups = numbers.iter().find(|(number, _)| number.end == at);
            let (first, number) =
                in_groups.map_or((at - 1, &text[start..end]), |(number, joined)| (number.start, joined.as_str()));
            if is_measure(number, whole) {
                add(first, at + 1, &format!("{number}{whole}"), false);
            }
        }
    }
    let parts = |first: usize, end: usize| {
        let cuts = |number: &Range<usize>| {
            first < number.end && number.start < end && !(first <= number.start && number.end <= end)
        };
        numbers.iter().any(|(number, _)| cuts(number))
    };
    others.retain(|(first, end, _)| !parts(*first, *end));
    if others.is_empty() {
        return base;
    }
    let mut forms = if numbers.is_empty() { vec![base.clone()] } else { Vec::new() };
    others.extend((0..num_words).filter(|at| !parts(*at, at + 1)).map(|at| (at, at + 1, vec![from + at])));
    add_forms(num_words, from, &others, 0, &mut Vec::new(), &mut forms);
    match forms.len() {
        0 => base,
        1 => forms.swap_remove(0),
        _ => SpanExpr::Forms(forms),
    }
}

/// Adds the ways to write the words from the ordinal `at` on, after `before`. Words as they were typed are among `others`, as forms of
/// one word each, unless they cut a number in groups.
fn add_forms(
    num_words: usize,
    from: usize,
    others: &[(usize, usize, Vec<usize>)],
    at: usize,
    before: &mut Vec<usize>,
    out: &mut Vec<SpanExpr>,
) {
    if out.len() > MAX_FORMS {
        return;
    }
    if at == num_words {
        let is_base = before.iter().copied().eq(from..from + num_words);
        if !is_base {
            out.push(SpanExpr::Phrase { words: before.clone(), slop: 0 });
        }
        return;
    }
    for (_, end, words) in others.iter().filter(|(first, ..)| *first == at) {
        before.extend(words);
        add_forms(num_words, from, others, *end, before, out);
        before.truncate(before.len() - words.len());
    }
}

/// Number of bytes of `word` up to where digits and letters meet, if they do so once: `5km`, `F16`, `Covid19`.
fn boundary_of_digits(word: &str) -> Option<usize> {
    let begins_with_digit = word.starts_with(is_digit);
    let boundary = word.find(|c| is_digit(c) != begins_with_digit)?;
    let rest = &word[boundary..];
    let is_letters = |text: &str| text.chars().all(char::is_alphabetic);
    let letters = if begins_with_digit { rest } else { &word[..boundary] };
    let digits = if begins_with_digit { &word[..boundary] } else { rest };
    (is_letters(letters) && digits.chars().all(is_digit)).then_some(boundary)
}

/// Are two words side by side a number and its unit, or a name and its number, which others write as one: `5 km`, `F 16`?
fn is_measure(first: &str, second: &str) -> bool {
    const MAX_UNIT: usize = 3;
    const MAX_DIGITS: usize = 3;
    let is_digits = |text: &str| text.chars().all(is_digit);
    let is_letters = |text: &str| text.chars().all(|c| c.is_alphabetic() && !is_unspaced(c));
    let is_unit = |text: &str| is_letters(text) && text.chars().count() <= MAX_UNIT;
    is_digits(first) && is_unit(second)
        || is_letters(first) && is_digits(second) && second.chars().count() <= MAX_DIGITS
}

/// The words of a pattern, side by side. `*` and `?` are parts of them.
fn pattern(text: &str, tests: &mut Vec<WordTest>) -> SpanExpr {
    let from = tests.len();
    let text = composed(text);
    let is_separator = |c: char| {
        let is_inside = c.is_alphanumeric() && !is_apostrophe_letter(c);
        !is_inside && !matches!(c, '*' | '?') && !is_combining_mark(c) && !is_ignorable(c)
    };
    let trimmed = trim_trailing_punctuation(&text);
    for piece in trimmed.split(is_separator) {
        let has_letters = piece.chars().any(char::is_alphanumeric);
        if !has_letters {
            continue;
        }
        // In scripts without spaces every character is a word, so that a wildcard cannot extend it.
        let unspaced = piece.contains(is_unspaced);
        if piece.contains(['*', '?']) && !unspaced {
            tests.extend(WordTest::pattern(piece));
        } else {
            cut(piece, tests, WordTest::exact);
        }
    }
    let base = side_by_side(from, tests);
    let Some(joined) = joined_pattern(trimmed) else { return base };
    let before = tests.len();
    tests.extend(WordTest::pattern(&joined));
    SpanExpr::Forms(vec![base, side_by_side(before, tests)])
}

/// A pattern with hyphens as one word, which others write for it: `e-mail*` as `email*`.
fn joined_pattern(text: &str) -> Option<String> {
    const MAX_PARTS: usize = 3;
    let parts: Vec<&str> = text.split(is_hyphen).collect();
    let is_part = |part: &&str| {
        part.contains(char::is_alphanumeric)
            && part.chars().all(|c| c.is_alphanumeric() && !is_unspaced(c) || matches!(c, '*' | '?'))
    };
    let has_letters = text.contains(char::is_alphabetic);
    ((2..=MAX_PARTS).contains(&parts.len()) && parts.iter().all(is_part) && has_letters).then(|| parts.concat())
}

/// The words of the tests from `from` on, side by side.
fn side_by_side(from: usize, tests: &[WordTest]) -> SpanExpr {
    match from..tests.len() {
        none if none.is_empty() => SpanExpr::Nothing,
        words => SpanExpr::Phrase { words: words.collect(), slop: 0 },
    }
}
