//! Restrictions on nodes: operands of proximity and of functions, groups of fields, regular expressions.

use std::ops::Range;

use crate::query::ast::{Node, NodeKind};
use crate::query::error::QueryError;
use crate::query::lexer::Near;
use crate::query::{compile_regex, compile_word_regex, fold_regex};

/// Checks that a regular expression for whole values compiles, within its size limit.
pub(super) fn check_regex(regex: &str, span: &Range<usize>) -> Result<(), QueryError> {
    refuse_regex(compile_regex(regex).map(|_| ()), span)
}

/// The same for one that is matched against single words.
pub(super) fn check_word_regex(regex: &str, span: &Range<usize>) -> Result<(), QueryError> {
    check_regex(regex, span)?;
    refuse_regex(compile_word_regex(&fold_regex(regex)).map(|_| ()), span)
}

fn refuse_regex(compiled: Result<(), String>, span: &Range<usize>) -> Result<(), QueryError> {
    compiled.map_err(|reason| {
        let message = format!("this regular expression cannot be read: {reason}; to search it as text, quote it");
        QueryError::new("bad-regex", span.clone(), message)
    })
}

/// Checks that a node matches at positions in a text: words, phrases, patterns, groups of them joined by OR, and
/// proximity.
pub(super) fn check_prox_operand(node: &Node) -> Result<(), QueryError> {
    let refuse = |what: &str| {
        let message = format!(
            "w/ and pre/ join words, phrases or OR-groups, not {what}: put it outside, as in title:(a w/5 b) or (a w/5 b) AND c"
        );
        Err(QueryError::new("prox-operand", node.span.clone(), message))
    };
    match &node.kind {
        NodeKind::Nothing
        | NodeKind::Word(_)
        | NodeKind::Phrase { .. }
        | NodeKind::Verbatim { .. }
        | NodeKind::Name(_)
        | NodeKind::Pattern(_)
        | NodeKind::Fuzzy { .. }
        | NodeKind::Regex(_) => Ok(()),
        NodeKind::Or(nodes) => nodes.iter().try_for_each(check_prox_operand),
        NodeKind::Prox { near: Near::Section | Near::Article, .. } => refuse("w/sec or w/art"),
        NodeKind::Prox { operands, .. } => operands.iter().try_for_each(check_prox_operand),
        NodeKind::First(_, inner) | NodeKind::Boost(_, inner) | NodeKind::Saved(_, inner) => check_prox_operand(inner),
        NodeKind::And(_) => refuse("AND or words side by side"),
        NodeKind::Not(_) => refuse("NOT"),
        NodeKind::AtLeast(..) => refuse("atleast"),
        NodeKind::Field { .. }
        | NodeKind::Date(..)
        | NodeKind::Number(..)
        | NodeKind::Is(_)
        | NodeKind::Id(_)
        | NodeKind::Like(_) => refuse("a field"),
    }
}

/// Checks that the group of the function `name` matches at positions in a text. With `with_and`, each operand of AND is
/// checked by itself.
pub(super) fn check_positions(node: &Node, name: &str, with_and: bool) -> Result<(), QueryError> {
    match &node.kind {
        NodeKind::And(clauses) if with_and => {
            clauses.iter().try_for_each(|clause| check_positions(&clause.node, name, with_and))
        }
        _ => check_prox_operand(node).map_err(|error| {
            let message = format!(
                "{name} takes words, phrases, OR-groups or proximity, nothing else: write {name}(a) AND {name}(b), or put the field outside"
            );
            QueryError::new("function-operand", error.offset..error.offset + error.length, message)
        }),
    }
}

/// Checks that the group of a field holds words, phrases and groups of them, but no other filter.
pub(super) fn check_field_group(node: &Node) -> Result<(), QueryError> {
    let refuse = |message: &str| Err(QueryError::new("nested-field", node.span.clone(), message));
    match &node.kind {
        NodeKind::Nothing
        | NodeKind::Word(_)
        | NodeKind::Phrase { .. }
        | NodeKind::Verbatim { .. }
        | NodeKind::Name(_)
        | NodeKind::Pattern(_)
        | NodeKind::Fuzzy { .. }
        | NodeKind::Regex(_) => Ok(()),
        NodeKind::And(clauses) => clauses.iter().try_for_each(|clause| check_field_group(&clause.node)),
        NodeKind::Or(nodes) => nodes.iter().try_for_each(check_field_group),
        NodeKind::Prox { near: Near::Section | Near::Article, .. } => {
            refuse("w/sec and w/art are wider than a field: put them outside, as in title:a w/art title:b")
        }
        NodeKind::Prox { operands, .. } => operands.iter().try_for_each(check_field_group),
        NodeKind::Not(node) | NodeKind::First(_, node) | NodeKind::Boost(_, node) | NodeKind::Saved(_, node) => {
            check_field_group(node)
        }
        NodeKind::AtLeast(..) => {
            refuse("atleast counts in the whole article: put it outside, as in title:a atleast5(a)")
        }
        NodeKind::Field { .. }
        | NodeKind::Date(..)
        | NodeKind::Number(..)
        | NodeKind::Is(_)
        | NodeKind::Id(_)
        | NodeKind::Like(_) => {
            refuse("a field cannot stand inside another field's group: put it outside, as in title:(a b) date:2023")
        }
    }
}
