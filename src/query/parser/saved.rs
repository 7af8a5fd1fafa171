//! `@name`: the tree of a saved query.

use std::ops::Range;

use super::Parser;
use crate::query::ast::{Node, NodeKind, Value};
use crate::query::error::{Note, QueryError};

/// Maximum depth to which saved queries refer to each other.
const MAX_SAVED_DEPTH: usize = 10;

impl Parser<'_> {
    /// The saved query of this name; `None`, with a note, if there is none.
    pub(super) fn saved_query(&mut self, name: &str, span: Range<usize>) -> Result<Option<Node>, QueryError> {
        let Some(text) = (self.saved)(name) else {
            let message = format!("no query is saved as '{name}', so \"@{name}\" was searched as text");
            self.push_note(Note::new("saved", message));
            return Ok(None);
        };
        if self.saved_depth >= MAX_SAVED_DEPTH {
            let message = format!(
                "the saved query '{name}' refers to itself, or saved queries nest more than {MAX_SAVED_DEPTH} deep: save it again without the reference"
            );
            return Err(QueryError::new("saved-loop", span, message));
        }
        let mut inner = Parser::new(&text, self.today, self.saved).map_err(|error| in_saved(error, name, &span))?;
        inner.saved_depth = self.saved_depth + 1;
        let mut node = inner.whole_text().map_err(|error| in_saved(error, name, &span))?;
        set_span(&mut node, &span);
        Ok(Some(Node { kind: NodeKind::Saved(name.to_string(), Box::new(node)), span }))
    }
}

fn in_saved(error: QueryError, name: &str, span: &Range<usize>) -> QueryError {
    // A loop is told once, not at each level.
    let message = match error.code {
        "saved-loop" => error.message,
        _ => format!("in the saved query '{name}': {}", error.message),
    };
    QueryError::new(error.code, span.clone(), message)
}

/// Sets the span of all nodes of a saved query to that of its `@name`.
fn set_span(node: &mut Node, span: &Range<usize>) {
    node.span = span.clone();
    match &mut node.kind {
        NodeKind::And(clauses) => clauses.iter_mut().for_each(|clause| set_span(&mut clause.node, span)),
        NodeKind::Or(nodes) | NodeKind::Prox { operands: nodes, .. } => {
            nodes.iter_mut().for_each(|node| set_span(node, span));
        }
        NodeKind::Not(node)
        | NodeKind::First(_, node)
        | NodeKind::AtLeast(_, node)
        | NodeKind::Boost(_, node)
        | NodeKind::Saved(_, node)
        | NodeKind::Field { value: Value::Words(node), .. } => set_span(node, span),
        _ => {}
    }
}
