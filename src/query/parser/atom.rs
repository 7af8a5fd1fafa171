//! One word or phrase with the operators at its end: `word~1`, `wor*`, `word^3`, `"a phrase"~2`.

use std::ops::Range;

use super::Parsed;
use crate::query::ast::{Node, NodeKind};
use crate::query::error::QueryError;
use crate::query::lexer::{self, Near, Suffixes};
use crate::query::pattern::{is_pattern, trim_trailing_punctuation};

/// The node with a boost in thousandths, which ends at `end`. A boost of a boosted node is the product of both.
pub(super) fn boost(node: Node, by: Option<u32>, end: usize) -> Node {
    const ONE: u64 = 1_000;
    const MAX: u64 = 100 * ONE;
    let Some(by) = by else { return node };
    let span = node.span.start..end;
    let (inner, by) = match node.kind {
        NodeKind::Boost(before, inner) => (*inner, u64::from(before) * u64::from(by) / ONE),
        kind => (Node { kind, span: node.span }, u64::from(by)),
    };
    match u32::try_from(by.clamp(1, MAX)) {
        Ok(by) if u64::from(by) != ONE => Node { kind: NodeKind::Boost(by, Box::new(inner)), span },
        _ => inner,
    }
}

/// The phrase `text`. A phrase with patterns or fuzzy words in it is its parts, each the next word after the one before.
pub(super) fn phrase(text: String, suffixes: Suffixes, span: Range<usize>) -> Parsed {
    let node = if suffixes.slop.is_none()
        && let Some(parts) = parts_with_patterns(&text, &span)?
    {
        Node { kind: parts, span: span.clone() }
    } else {
        exact_phrase(text, suffixes.slop, span.clone())
    };
    Ok(boost(node, suffixes.boost, span.end))
}

/// The phrase `text`, in which no character is an operator.
pub(super) fn exact_phrase(text: String, slop: Option<u32>, span: Range<usize>) -> Node {
    Node { kind: NodeKind::Phrase { text, slop: slop.unwrap_or(0) }, span }
}

/// The parts of a phrase with a pattern or a fuzzy word in it; `None` if it has none.
fn parts_with_patterns(text: &str, span: &Range<usize>) -> Result<Option<NodeKind>, QueryError> {
    let mut operands: Vec<Node> = Vec::new();
    let mut has_pattern = false;
    let mut words: Vec<&str> = Vec::new();
    let flush = |words: &mut Vec<&str>, operands: &mut Vec<Node>| {
        if words.iter().any(|word| word.contains(char::is_alphanumeric)) {
            operands.push(exact_phrase(words.join(" "), None, span.clone()));
        }
        words.clear();
    };
    for word in text.split_whitespace() {
        let fuzzy = word.strip_suffix("~1").or(word.strip_suffix("~2")).or(word.strip_suffix('~'));
        let is_word = |word: &str| !word.is_empty() && word.chars().all(char::is_alphanumeric);
        let may_be_pattern = |c: char| c.is_alphanumeric() || matches!(c, '*' | '?');
        let pattern = word.trim_matches(|c: char| !may_be_pattern(c));
        let node = if fuzzy.is_some_and(is_word) {
            atom(word, span.clone())?
        } else if is_pattern(pattern) && pattern.chars().all(may_be_pattern) {
            let pattern = trim_trailing_punctuation(pattern).to_string();
            Node { kind: NodeKind::Pattern(pattern), span: span.clone() }
        } else {
            words.push(word);
            continue;
        };
        has_pattern = true;
        flush(&mut words, &mut operands);
        operands.push(node);
    }
    flush(&mut words, &mut operands);
    Ok(has_pattern.then(|| match operands.len() {
        1 => operands.remove(0).kind,
        _ => NodeKind::Prox { near: Near::InOrder(1), negated: false, operands },
    }))
}

/// `word^3` as the word and thousandths.
pub(super) fn split_boost(word: &str) -> Option<(&str, u32)> {
    let (before, after) = word.rsplit_once('^')?;
    let (value, length) = lexer::boost(after)?;
    let is_word = before.starts_with(|c: char| c.is_alphanumeric() || c == '*') && !lexer::is_operator(before);
    (length == after.len() && is_word).then_some((before, value))
}

/// A word, a fuzzy word or a pattern, with its boosts.
pub(super) fn atom(word: &str, span: Range<usize>) -> Parsed {
    if let Some((before, value)) = split_boost(word) {
        let inner = atom(before, span.start..span.start + before.len())?;
        return Ok(boost(inner, Some(value), span.end));
    }
    if let Some((before, after)) = word.rsplit_once('~')
        && before.ends_with(char::is_alphanumeric)
        && after.bytes().all(|byte| byte.is_ascii_digit())
    {
        let distance = match after {
            "" | "1" => 1,
            "2" => 2,
            // `2.4~20` is a version, `100~200` a range.
            _ if !before.contains(char::is_alphabetic) => {
                return Ok(Node { kind: NodeKind::Word(word.to_string()), span });
            }
            _ => {
                let message = format!(
                    "~{after} allows too many letter changes; use ~1 or ~2; for words apart write {before} w/{after} other"
                );
                return Err(QueryError::new("fuzzy-range", span, message).suggest(format!("{before}~2")));
            }
        };
        return Ok(Node { kind: NodeKind::Fuzzy { text: before.to_string(), distance }, span });
    }
    let kind = if is_pattern(word) { NodeKind::Pattern(word.to_string()) } else { NodeKind::Word(word.to_string()) };
    Ok(Node { kind, span })
}
