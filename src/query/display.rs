//! Prints a query tree as text of the query language, which parses to the same tree.

use std::fmt;

use super::ast::{Clause, FieldTest, Node, NodeKind, Query, Role, Value, is_relaxable};
use super::{FieldName, lexer, reading};

impl fmt::Display for Query {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let text = self.root.to_string();
        // In parentheses, AND, OR and NOT in capitals are operators.
        if reading::is_headline(&text) { write!(f, "({text})") } else { f.write_str(&text) }
    }
}

impl fmt::Display for Node {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.write(f, Binding::Loose)
    }
}

/// Binding strength of the operator around a node: a node that binds more loosely needs parentheses.
#[derive(PartialEq, Eq, PartialOrd, Ord, Clone, Copy)]
enum Binding {
    Loose,
    Or,
    And,
    Not,
    Prox,
}

impl Node {
    fn write(&self, f: &mut fmt::Formatter<'_>, around: Binding) -> fmt::Result {
        match &self.kind {
            NodeKind::Nothing if around == Binding::Loose => Ok(()),
            NodeKind::Nothing => f.write_str("()"),
            // In parentheses, where it has no operands, an operator is parsed as a word.
            NodeKind::Word(text) => parenthesised(f, lexer::is_operator(text), |f| f.write_str(text)),
            NodeKind::Phrase { text, slop } => {
                write_phrase(f, text)?;
                if *slop > 0 { write!(f, "~{slop}") } else { Ok(()) }
            }
            NodeKind::Verbatim { text, quoted } => {
                f.write_str("=")?;
                if *quoted { write_phrase(f, text) } else { f.write_str(text) }
            }
            NodeKind::Name(text) => {
                f.write_str("name:")?;
                write_phrase(f, text)
            }
            NodeKind::Pattern(text) => f.write_str(text),
            NodeKind::Fuzzy { text, distance } => write!(f, "{text}~{distance}"),
            NodeKind::Regex(text) => write!(f, "/{text}/"),
            NodeKind::Or(nodes) => {
                parenthesised(f, around > Binding::Loose, |f| write_joined(f, nodes, " OR ", Binding::Or))
            }
            NodeKind::And(clauses) => parenthesised(f, around > Binding::Or, |f| write_and(f, clauses)),
            NodeKind::Not(node) => parenthesised(f, around > Binding::And, |f| {
                f.write_str("NOT ")?;
                node.write(f, Binding::Not)
            }),
            NodeKind::Prox { near, negated, operands } => {
                let operator = if *negated { format!(" NOT {near} ") } else { format!(" {near} ") };
                parenthesised(f, around > Binding::Not, |f| write_joined(f, operands, &operator, Binding::Prox))
            }
            NodeKind::First(words, node) => write!(f, "first{words}({node})"),
            NodeKind::AtLeast(times, node) => write!(f, "atleast{times}({node})"),
            NodeKind::Boost(thousandths, node) => write_boost(f, *thousandths, node),
            NodeKind::Field { field, test, value } => write_field(f, *field, *test, value),
            NodeKind::Date(number, range) => write!(f, "{}:{range}", number.name()),
            NodeKind::Number(number, range) => write!(f, "{}:{range}", number.name()),
            NodeKind::Is(is) => write!(f, "is:{}", is.name()),
            NodeKind::Id(id) => write!(f, "id:{id}"),
            NodeKind::Like(id) => write!(f, "like:{id}"),
            NodeKind::Saved(name, _) => write!(f, "@{name}"),
        }
    }
}

fn write_joined(f: &mut fmt::Formatter<'_>, nodes: &[Node], operator: &str, around: Binding) -> fmt::Result {
    for (i, node) in nodes.iter().enumerate() {
        if i > 0 {
            f.write_str(operator)?;
        }
        node.write(f, around)?;
    }
    Ok(())
}

fn write_and(f: &mut fmt::Formatter<'_>, clauses: &[Clause]) -> fmt::Result {
    for (i, clause) in clauses.iter().enumerate() {
        if i > 0 {
            f.write_str(" ")?;
        }
        match clause.role {
            Role::Required if is_relaxable(&clause.node.kind) => f.write_str("+")?,
            Role::Should => f.write_str("MAYBE ")?,
            _ => {}
        }
        // The lexer takes a `+` for an operator only before a character that can start an operand.
        let wrapped = clause.role == Role::Required
            && match &clause.node.kind {
                NodeKind::Word(text) | NodeKind::Pattern(text) | NodeKind::Fuzzy { text, .. } => {
                    !lexer::starts_operand(text)
                }
                _ => false,
            };
        parenthesised(f, wrapped, |f| clause.node.write(f, Binding::And))?;
    }
    Ok(())
}

fn write_boost(f: &mut fmt::Formatter<'_>, thousandths: u32, node: &Node) -> fmt::Result {
    // After anything but letters, digits and a closing quote, `^` would be part of the word.
    let simple = match &node.kind {
        NodeKind::Word(text) => text.chars().all(char::is_alphanumeric) && !lexer::is_operator(text),
        NodeKind::Phrase { slop: 0, .. } => true,
        _ => false,
    };
    parenthesised(f, !simple, |f| node.write(f, if simple { Binding::Prox } else { Binding::Loose }))?;
    write!(f, "^{}", f64::from(thousandths) / 1000.0)
}

fn write_field(f: &mut fmt::Formatter<'_>, field: FieldName, test: FieldTest, value: &Value) -> fmt::Result {
    let sign = match test {
        FieldTest::Contains => ":",
        FieldTest::Equals => "=",
        FieldTest::Begins => "~",
    };
    write!(f, "{}{sign}", field.name())?;
    match value {
        Value::Any => f.write_str("*"),
        Value::Regex(text) => write!(f, "/{text}/"),
        Value::Words(node) => match &node.kind {
            // Directly after the sign of a field, no word is an operator.
            NodeKind::Word(text) => f.write_str(text),
            NodeKind::Phrase { .. } | NodeKind::Verbatim { .. } | NodeKind::Pattern(_) | NodeKind::Fuzzy { .. } => {
                node.write(f, Binding::Loose)
            }
            _ => write!(f, "({node})"),
        },
    }
}

/// Writes a phrase in a pair of quotation marks that it does not contain.
fn write_phrase(f: &mut fmt::Formatter<'_>, text: &str) -> fmt::Result {
    let (open, close) = lexer::quotes_for(text);
    write!(f, "{open}{text}{close}")
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
