//! The tree of a query: what the user wrote, without ids of the index's fields.

use std::ops::Range;

use super::lexer::Near;
use super::number::NumberRange;
use super::{DateRange, FieldName, Note};
use crate::vocabulary::Number;

/// A parsed query.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Query {
    /// The tree.
    pub root: Node,
    /// Notes for the user on how the text was parsed.
    pub notes: Vec<Note>,
}

/// Minimum number of words in a text without operators that is taken for prose.
pub(super) const MIN_PROSE_WORDS: usize = 20;

impl Query {
    /// The query that all articles match.
    #[must_use]
    pub(crate) fn everything() -> Query {
        Query { root: Node { kind: NodeKind::Nothing, span: 0..0 }, notes: Vec::new() }
    }

    /// Whether the query consists of words side by side and nothing else.
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

    /// Whether the query asks for boilerplate.
    #[must_use]
    pub(crate) fn asks_for_boilerplate(&self) -> bool {
        self.root.any(&|node| matches!(node.kind, NodeKind::Is(Is::Boilerplate)))
    }

    /// Whether the query has nothing to search for: no word and no filter.
    #[must_use]
    pub(crate) fn is_empty(&self) -> bool {
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

/// A node of the tree. Nodes are equal if they mean the same, wherever they were written.
#[derive(Debug, Clone)]
pub struct Node {
    /// Its kind, with its operands.
    pub kind: NodeKind,
    /// Its byte range in the text of the query.
    pub span: Range<usize>,
}

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
    /// What it contributes to the match.
    pub role: Role,
}

/// What an operand of AND contributes to a match.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Role {
    /// Written side by side with others: it must match, unless the query is relaxed.
    Plain,
    /// Written with `AND` or `+`: it must match, and is never relaxed.
    Required,
    /// Written with `MAYBE`: it raises the score and filters nothing.
    Should,
}

/// Kinds of nodes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum NodeKind {
    /// No words at all.
    Nothing,
    /// A word, in all its forms. If the tokenizer splits it, its parts are searched as a phrase.
    Word(String),
    /// Words next to each other, in the forms written.
    Phrase {
        /// The text between the quotes.
        text: String,
        /// Maximum number of positions by which the words may be moved in total (Lucene's slop).
        slop: u32,
    },
    /// `=word`, `="phrase"`: as written, including case and accents.
    Verbatim {
        /// The word or phrase.
        text: String,
        /// Whether it was in quotes.
        quoted: bool,
    },
    /// `name:word`, `name:"words"`: a name, its words with capitals, in this order, with others of the name between them.
    Name(String),
    /// A word with `*` for any number of letters and `?` for one.
    Pattern(String),
    /// A word within an edit distance, where a swap of neighbouring letters is one edit.
    Fuzzy {
        /// The word.
        text: String,
        /// 1 or 2.
        distance: u8,
    },
    /// A regular expression for one word, or for the whole value of a field.
    Regex(String),
    /// All of these.
    And(Vec<Clause>),
    /// Any of these.
    Or(Vec<Node>),
    /// Not this.
    Not(Box<Node>),
    /// Operands near each other.
    Prox {
        /// The distance.
        near: Near,
        /// Whether it is negated: an occurrence of the first operand with none of the others near it.
        negated: bool,
        /// Two or more.
        operands: Vec<Node>,
    },
    /// Within the first N words of the article.
    First(u32, Box<Node>),
    /// At least N occurrences in the article.
    AtLeast(u32, Box<Node>),
    /// The score multiplied by a factor, in thousandths.
    Boost(u32, Box<Node>),
    /// A fact of the article or section.
    Field {
        /// The field.
        field: FieldName,
        /// How the field is compared with the value.
        test: FieldTest,
        /// The value.
        value: Value,
    },
    /// A date: of publication, change or indexing.
    Date(Number, DateRange),
    /// A count: words of the article, level of the heading.
    Number(Number, NumberRange),
    /// A kind of text or article.
    Is(Is),
    /// The article or passage with this id.
    Id(String),
    /// Articles similar to the article or passage with this id.
    Like(String),
    /// `@name`: a saved query, and its tree.
    Saved(String, Box<Node>),
}

/// Kinds of text or articles that `is:` selects.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Is {
    /// Text about the page, which is searched only if the query asks for it.
    Boilerplate,
    /// An article that reprints a story which another article printed before.
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
    /// `*`: the field has a value.
    Any,
    /// A regular expression for the whole value.
    Regex(String),
    /// A word, a phrase or a group of them.
    Words(Box<Node>),
}

impl Node {
    /// Whether `test` holds for this node or a descendant. Values of fields are not visited.
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

/// Whether a clause of this kind is relaxed, that is, need not match, unless it is required.
pub(super) fn is_relaxable(kind: &NodeKind) -> bool {
    match kind {
        NodeKind::Word(_) | NodeKind::And(_) | NodeKind::Pattern(_) | NodeKind::Fuzzy { .. } => true,
        NodeKind::Boost(_, node) => is_relaxable(&node.kind),
        _ => false,
    }
}
