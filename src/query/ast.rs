//! The tree of a query: what the user wrote, without field numbers. It prints itself, and what it prints reads back to
//! the same tree.

use std::fmt;
use std::ops::Range;

use super::lexer::{self, Near};
use super::number::NumberRange;
use super::{DateRange, Note};
use crate::vocabulary::{Number, TextField};

/// A query, read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Query {
    /// The tree.
    pub root: Node,
    /// What should be known of how it was read.
    pub notes: Vec<Note>,
}

/// A text of so many words and no operator is prose.
pub(super) const PROSE: usize = 20;

impl Query {
    /// The query that all articles match.
    #[must_use]
    pub fn everything() -> Query {
        Query { root: Node { kind: NodeKind::Nothing, span: 0..0 }, notes: Vec::new() }
    }

    /// Is it words side by side and nothing else?
    #[must_use]
    pub fn is_plain(&self) -> bool {
        match &self.root.kind {
            NodeKind::Word(_) => true,
            NodeKind::And(clauses) => clauses.iter().all(|clause| {
                clause.role == Role::Plain && matches!(clause.node.kind, NodeKind::Word(_) | NodeKind::And(_))
            }),
            _ => false,
        }
    }

    /// Is it somebody's prose, a question at length or an abstract, rather than words to be found?
    #[must_use]
    pub fn is_prose(&self) -> bool {
        let words = if let NodeKind::And(clauses) = &self.root.kind { clauses.len() } else { 1 };
        words >= PROSE && self.is_plain()
    }

    /// Is boilerplate asked for?
    #[must_use]
    pub fn asks_for_boilerplate(&self) -> bool {
        self.root.any(&|node| matches!(node.kind, NodeKind::Is(Is::Boilerplate)))
    }

    /// Is there nothing to search for: no word, no filter?
    #[must_use]
    pub fn is_empty(&self) -> bool {
        !self.root.any(&|node| match &node.kind {
            NodeKind::Word(text) | NodeKind::Phrase { text, .. } => text.chars().any(char::is_alphanumeric),
            NodeKind::Nothing
            | NodeKind::And(_)
            | NodeKind::Or(_)
            | NodeKind::Not(_)
            | NodeKind::Prox { .. }
            | NodeKind::First(..)
            | NodeKind::AtLeast(..)
            | NodeKind::Boost(..) => false,
            _ => true,
        })
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
    /// How it was asked for.
    pub role: Role,
}

/// How an operand of AND was asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Role {
    /// Side by side with others.
    Plain,
    /// By `AND` or `+`: such a word is never relaxed.
    Required,
    /// By `MAYBE`: it lifts the rank and filters nothing.
    Lift,
}

/// Kinds of nodes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum NodeKind {
    /// No words at all.
    Nothing,
    /// A word, in all its forms. The tokenizer may cut it; then its parts are searched side by side.
    Word(String),
    /// Words as they are written, side by side.
    Phrase {
        /// What stands between the quotes.
        text: String,
        /// By how many places in all the words may be moved (Lucene's slop).
        slop: u32,
    },
    /// `=word`, `="phrase"`: as written, in case and accents too.
    Verbatim {
        /// The word or phrase.
        text: String,
        /// Was it in quotes?
        quoted: bool,
    },
    /// A word with `*` for any letters and `?` for one.
    Pattern(String),
    /// A word with up to one or two letters other, missing, too many, or swapped with the next.
    Fuzzy {
        /// The word.
        text: String,
        /// 1 or 2.
        distance: u8,
    },
    /// A regular expression for one word; in a field's value, for all of it.
    Regex(String),
    /// All of these.
    And(Vec<Clause>),
    /// Any of these.
    Or(Vec<Node>),
    /// Not this.
    Not(Box<Node>),
    /// Near each other.
    Prox {
        /// How near.
        near: Near,
        /// Not near each other: the first without the others.
        negated: bool,
        /// Two or more.
        operands: Vec<Node>,
    },
    /// Within the first so many words of the article.
    First(u32, Box<Node>),
    /// So often in the article.
    AtLeast(u32, Box<Node>),
    /// Counts so many times as much, in thousandths.
    Boost(u32, Box<Node>),
    /// A fact of the article or section.
    Field {
        /// Which.
        field: FieldName,
        /// How it is compared.
        test: FieldTest,
        /// With what.
        value: Value,
    },
    /// A date: of publication, change or indexing.
    Date(Number, DateRange),
    /// A count: words of the article, level of the heading.
    Number(Number, NumberRange),
    /// A kind of text or article.
    Is(Is),
    /// The article, or passage, with this id.
    Id(String),
    /// What is like the article, or passage, with this id.
    Like(String),
    /// `@name`: a query that was saved, and its tree.
    Saved(String, Box<Node>),
}

/// A field as it can be named in a query.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum FieldName {
    /// A field of the index.
    Text(TextField),
    /// The article's first paragraphs.
    Lede,
    /// Title or lede.
    HeadAndLede,
}

impl FieldName {
    /// Its name in queries.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            FieldName::Text(field) => field.name(),
            FieldName::Lede => "lede",
            FieldName::HeadAndLede => "hlead",
        }
    }
}

/// Kinds of text or articles that can be asked for by `is:`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Is {
    /// Text about the page, which is searched only where it is asked for.
    Boilerplate,
    /// An article that prints a story which another printed before.
    Duplicate,
    /// Any other article.
    Original,
}

impl Is {
    /// Its name in queries.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Is::Boilerplate => "boilerplate",
            Is::Duplicate => "duplicate",
            Is::Original => "original",
        }
    }
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
    /// A regular expression for the whole value.
    Regex(String),
    /// A word, phrase or group of them.
    Words(Box<Node>),
}

impl Node {
    /// Is `test` true of this node or one below it?
    pub fn any(&self, test: &impl Fn(&Node) -> bool) -> bool {
        test(self)
            || match &self.kind {
                NodeKind::And(clauses) => clauses.iter().any(|clause| clause.node.any(test)),
                NodeKind::Or(nodes) | NodeKind::Prox { operands: nodes, .. } => nodes.iter().any(|node| node.any(test)),
                NodeKind::Not(node)
                | NodeKind::First(_, node)
                | NodeKind::AtLeast(_, node)
                | NodeKind::Boost(_, node)
                | NodeKind::Saved(_, node) => node.any(test),
                _ => false,
            }
    }
}

impl fmt::Display for Query {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.root.write(f, Binding::Loose)
    }
}

impl fmt::Display for Node {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.write(f, Binding::Loose)
    }
}

/// How tightly the place of a node binds: what needs parentheses there.
#[derive(PartialEq, Eq, PartialOrd, Ord, Clone, Copy)]
enum Binding {
    Loose,
    Or,
    And,
    Not,
    Prox,
}

impl Node {
    fn write(&self, f: &mut fmt::Formatter<'_>, place: Binding) -> fmt::Result {
        match &self.kind {
            NodeKind::Nothing if place == Binding::Loose => Ok(()),
            NodeKind::Nothing => f.write_str("()"),
            // Text that would be an operator between others is none alone in parentheses.
            NodeKind::Word(text) => parenthesised(f, lexer::is_operator(text), |f| f.write_str(text)),
            NodeKind::Phrase { text, slop } => {
                write_phrase(f, text)?;
                if *slop > 0 { write!(f, "~{slop}") } else { Ok(()) }
            }
            NodeKind::Verbatim { text, quoted } => {
                f.write_str("=")?;
                if *quoted { write_phrase(f, text) } else { f.write_str(text) }
            }
            NodeKind::Pattern(text) => f.write_str(text),
            NodeKind::Fuzzy { text, distance } => write!(f, "{text}~{distance}"),
            NodeKind::Regex(text) => write!(f, "/{text}/"),
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
                    match clause.role {
                        Role::Required if is_relaxable(&clause.node.kind) => f.write_str("+")?,
                        Role::Lift => f.write_str("MAYBE ")?,
                        _ => {}
                    }
                    // A sign in front of a sign would be text.
                    let bare = clause.role == Role::Required
                        && match &clause.node.kind {
                            NodeKind::Word(text) | NodeKind::Pattern(text) | NodeKind::Fuzzy { text, .. } => {
                                !lexer::starts_operand(text)
                            }
                            _ => false,
                        };
                    parenthesised(f, bare, |f| clause.node.write(f, Binding::And))?;
                }
                Ok(())
            }),
            NodeKind::Not(node) => parenthesised(f, place > Binding::And, |f| {
                f.write_str("NOT ")?;
                node.write(f, Binding::Not)
            }),
            NodeKind::Prox { near, negated, operands } => parenthesised(f, place > Binding::Not, |f| {
                for (i, operand) in operands.iter().enumerate() {
                    if i > 0 {
                        write!(f, " {}{near} ", if *negated { "NOT " } else { "" })?;
                    }
                    operand.write(f, Binding::Prox)?;
                }
                Ok(())
            }),
            NodeKind::First(words, node) => {
                write!(f, "first{words}")?;
                parenthesised(f, true, |f| node.write(f, Binding::Loose))
            }
            NodeKind::AtLeast(times, node) => {
                write!(f, "atleast{times}")?;
                parenthesised(f, true, |f| node.write(f, Binding::Loose))
            }
            NodeKind::Boost(thousandths, node) => {
                // Glued to other signs than letters, a boost would be read as part of them.
                let simple = match &node.kind {
                    NodeKind::Word(text) => text.chars().all(char::is_alphanumeric) && !lexer::is_operator(text),
                    NodeKind::Phrase { slop: 0, .. } => true,
                    _ => false,
                };
                parenthesised(f, !simple, |f| node.write(f, if simple { Binding::Prox } else { Binding::Loose }))?;
                write!(f, "^{}", f64::from(*thousandths) / 1000.0)
            }
            NodeKind::Field { field, test, value } => {
                let sign = match test {
                    FieldTest::Contains => ":",
                    FieldTest::Equals => "=",
                    FieldTest::Begins => "~",
                };
                write!(f, "{}{sign}", field.name())?;
                match value {
                    Value::Any => f.write_str("*"),
                    Value::Regex(text) => write!(f, "/{text}/"),
                    Value::Words(node) => {
                        // Nothing is an operator right behind a field's sign.
                        if let NodeKind::Word(text) = &node.kind {
                            return f.write_str(text);
                        }
                        let atom = matches!(
                            node.kind,
                            NodeKind::Phrase { .. }
                                | NodeKind::Verbatim { .. }
                                | NodeKind::Pattern(_)
                                | NodeKind::Fuzzy { .. }
                        );
                        parenthesised(f, !atom, |f| node.write(f, Binding::Loose))
                    }
                }
            }
            NodeKind::Date(number, range) => write!(f, "{}:{range}", number.name()),
            NodeKind::Number(number, range) => write!(f, "{}:{range}", number.name()),
            NodeKind::Is(is) => write!(f, "is:{}", is.name()),
            NodeKind::Id(id) => write!(f, "id:{id}"),
            NodeKind::Like(id) => write!(f, "like:{id}"),
            NodeKind::Saved(name, _) => write!(f, "@{name}"),
        }
    }
}

/// Would a clause of this kind be relaxed if it were not required?
pub(super) fn is_relaxable(kind: &NodeKind) -> bool {
    match kind {
        NodeKind::Word(_) | NodeKind::And(_) | NodeKind::Pattern(_) | NodeKind::Fuzzy { .. } => true,
        NodeKind::Boost(_, node) => is_relaxable(&node.kind),
        _ => false,
    }
}

/// A phrase in quotes that do not stand in it.
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
