//! The tree of a query: what the user wrote, without field numbers. It prints itself, and what it prints reads back to
//! the same tree.

use std::fmt;
use std::ops::Range;

use super::{DateRange, Note};
use crate::index::schema::TextField;

/// A query, read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Query {
    /// The tree.
    pub root: Node,
    /// What should be known of how it was read.
    pub notes: Vec<Note>,
}

impl Query {
    /// Is it words side by side and nothing else?
    #[must_use]
    pub fn is_plain(&self) -> bool {
        match &self.root.kind {
            NodeKind::Word(_) => true,
            NodeKind::And(clauses) => clauses
                .iter()
                .all(|clause| !clause.required && matches!(clause.node.kind, NodeKind::Word(_) | NodeKind::And(_))),
            _ => false,
        }
    }

    /// Is boilerplate asked for?
    #[must_use]
    pub fn asks_for_boilerplate(&self) -> bool {
        fn asks(node: &Node) -> bool {
            match &node.kind {
                NodeKind::Boilerplate => true,
                NodeKind::And(clauses) => clauses.iter().any(|clause| asks(&clause.node)),
                NodeKind::Or(nodes) => nodes.iter().any(asks),
                _ => false,
            }
        }
        asks(&self.root)
    }

    /// Is there nothing to search for: no word, no filter?
    #[must_use]
    pub fn is_empty(&self) -> bool {
        fn has_content(node: &Node) -> bool {
            match &node.kind {
                NodeKind::Nothing => false,
                NodeKind::Word(text) | NodeKind::Phrase(text) => text.chars().any(char::is_alphanumeric),
                NodeKind::And(clauses) => clauses.iter().any(|clause| has_content(&clause.node)),
                NodeKind::Or(nodes) => nodes.iter().any(has_content),
                NodeKind::Not(node) => has_content(node),
                NodeKind::Field { .. } | NodeKind::Date(_) | NodeKind::Boilerplate => true,
            }
        }
        !has_content(&self.root)
    }
}

/// A part of a query, and where it was written.
#[derive(Debug, Clone)]
pub struct Node {
    /// What it is.
    pub kind: NodeKind,
    /// Its byte range in the query.
    pub span: Range<usize>,
}

/// Trees are equal if they mean the same, wherever their parts were written.
impl PartialEq for Node {
    fn eq(&self, other: &Node) -> bool {
        self.kind == other.kind
    }
}
impl Eq for Node {}

/// An operand of AND.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Clause {
    /// The operand.
    pub node: Node,
    /// Was it asked for by `AND` or `+`? Such a word is never relaxed.
    pub required: bool,
}

/// Kinds of nodes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum NodeKind {
    /// No words at all.
    Nothing,
    /// A word, in all its forms. The tokenizer may cut it; then its parts are searched side by side.
    Word(String),
    /// Words as they are written, side by side.
    Phrase(String),
    /// All of these.
    And(Vec<Clause>),
    /// Any of these.
    Or(Vec<Node>),
    /// Not this.
    Not(Box<Node>),
    /// A fact of the article or section.
    Field {
        /// Which.
        field: TextField,
        /// How it is compared.
        test: FieldTest,
        /// With what.
        value: Value,
    },
    /// The date of publication.
    Date(DateRange),
    /// `is:boilerplate`: text about the page, which is searched only where it is asked for.
    Boilerplate,
}

/// How a field is compared with a value.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FieldTest {
    /// `field:value`
    Contains,
    /// `field=value`
    Equals,
    /// `field~value`
    Begins,
}

/// The value of a filter.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Value {
    /// `*`: has one at all.
    Any,
    /// A word, phrase or group of them.
    Words(Box<Node>),
}

impl fmt::Display for Query {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.root.write(f, Binding::Loose)
    }
}

/// How tightly the place of a node binds: what needs parentheses there.
#[derive(PartialEq, Eq, PartialOrd, Ord, Clone, Copy)]
enum Binding {
    Loose,
    Or,
    And,
    Not,
}

impl Node {
    fn write(&self, f: &mut fmt::Formatter<'_>, place: Binding) -> fmt::Result {
        match &self.kind {
            NodeKind::Nothing if place == Binding::Loose => Ok(()),
            NodeKind::Nothing => f.write_str("()"),
            NodeKind::Word(text) => f.write_str(text),
            NodeKind::Phrase(text) => write!(f, "\"{text}\""),
            NodeKind::Or(nodes) => parenthesised(f, place > Binding::Loose, |f| {
                for (i, node) in nodes.iter().enumerate() {
                    if i > 0 {
                        f.write_str(" OR ")?;
                    }
                    node.write(f, Binding::Or)?;
                }
                Ok(())
            }),
            NodeKind::And(clauses) => parenthesised(f, place > Binding::Or, |f| {
                for (i, clause) in clauses.iter().enumerate() {
                    if i > 0 {
                        f.write_str(" ")?;
                    }
                    if clause.required && matches!(clause.node.kind, NodeKind::Word(_) | NodeKind::And(_)) {
                        f.write_str("+")?;
                    }
                    clause.node.write(f, Binding::And)?;
                }
                Ok(())
            }),
            NodeKind::Not(node) => parenthesised(f, place > Binding::And, |f| {
                f.write_str("NOT ")?;
                node.write(f, Binding::Not)
            }),
            NodeKind::Field { field, test, value } => {
                let sign = match test {
                    FieldTest::Contains => ":",
                    FieldTest::Equals => "=",
                    FieldTest::Begins => "~",
                };
                write!(f, "{}{sign}", field.name())?;
                match value {
                    Value::Any => f.write_str("*"),
                    Value::Words(node) if matches!(node.kind, NodeKind::Word(_) | NodeKind::Phrase(_)) => {
                        node.write(f, Binding::Loose)
                    }
                    Value::Words(node) => parenthesised(f, true, |f| node.write(f, Binding::Loose)),
                }
            }
            NodeKind::Date(range) => write!(f, "date:{range}"),
            NodeKind::Boilerplate => f.write_str("is:boilerplate"),
        }
    }
}

fn parenthesised(
    f: &mut fmt::Formatter<'_>,
    wanted: bool,
    write: impl Fn(&mut fmt::Formatter<'_>) -> fmt::Result,
) -> fmt::Result {
    if wanted {
        f.write_str("(")?;
    }
    write(f)?;
    if wanted {
        f.write_str(")")?;
    }
    Ok(())
}
