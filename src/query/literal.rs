//! Queries without operators: every character of the text is text.

use super::ast::{Clause, Node, NodeKind, Query, Role};

/// Parses `text` as a list of words, in which no character is an operator.
#[must_use]
pub(crate) fn parse_literal(text: &str) -> Query {
    let mut clauses = Vec::new();
    let mut end = 0;
    for word in text.split_whitespace() {
        let start = end + text[end..].find(word).expect("the words are slices of the text, in order");
        end = start + word.len();
        let node = Node { kind: NodeKind::Word(word.to_string()), span: start..end };
        clauses.push(Clause { node, role: Role::Plain });
    }
    let root = if clauses.is_empty() { NodeKind::Nothing } else { NodeKind::And(clauses) };
    Query { root: Node { kind: root, span: 0..text.len() }, notes: Vec::new() }
}
