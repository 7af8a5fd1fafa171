//! The plan of a query: the sets that the index is asked for, and how they are combined.

use std::sync::Arc;

use crate::query::{DateRange, NumberRange};
use crate::search::local::forms::WordTest;
use crate::search::local::span::SpanNode;
use crate::vocabulary::{Facet, Number, Scope, TextField};

/// A word, a phrase or words near each other, and the fields they are searched in.
#[derive(Debug, Clone)]
pub(crate) struct Leaf {
    /// The tests that its words must pass.
    pub words: Vec<WordTest>,
    /// The spans that are searched in each field.
    pub parts: Vec<(TextField, SpanNode)>,
    /// Weight beside other leaves; 1 unless boosted.
    pub boost: f32,
    /// The leaf as it was typed.
    pub typed: String,
    /// Is it another form of the leaves beside it? Then its nearness to them is no evidence.
    pub is_form: bool,
    /// The leaves that it is another way to write.
    pub form_of: Vec<usize>,
}

impl Leaf {
    /// The ways to write it, as numbers of its words; the first is that in which it was typed.
    fn forms(&self) -> Vec<Vec<usize>> {
        let words = |node: &SpanNode| {
            let mut words = Vec::new();
            node.words(&mut words);
            words
        };
        match self.parts.first() {
            Some((_, SpanNode::Forms(forms))) => forms.iter().map(words).collect(),
            Some((_, node)) => vec![words(node)],
            None => Vec::new(),
        }
    }

    /// The tests of its words as they were typed, without those of other ways to write them.
    #[must_use]
    pub(crate) fn as_typed(&self) -> Vec<WordTest> {
        let first = self.forms().into_iter().next();
        first.into_iter().flatten().map(|word| self.words[word].clone()).collect()
    }

    /// The tests of its ways to be written as one word, other than as typed.
    #[must_use]
    pub(crate) fn as_one_word(&self) -> Vec<WordTest> {
        let others = self.forms().into_iter().skip(1).filter(|form| form.len() == 1);
        others.flatten().map(|word| self.words[word].clone()).collect()
    }

    /// Does it search texts, rather than filter by a fact?
    #[must_use]
    pub(crate) fn is_text(&self) -> bool {
        self.parts.iter().any(|(field, _)| matches!(field, TextField::Body | TextField::Boilerplate))
    }
}

/// A set of passages, sections or articles.
#[derive(Debug, Clone)]
pub(crate) enum Plan {
    /// All of them.
    All,
    /// None of them.
    Nothing,
    /// Those with a leaf, which is an index of [`LoweredQuery::leaves`].
    Leaf(usize),
    /// Articles that mention a leaf at least this often.
    AtLeast(u32, usize),
    /// Those of which a field has an exact value, or one that begins so.
    FieldEquals {
        /// The field.
        field: TextField,
        /// The term of the value, as [`crate::index::record::exact_term`] makes it.
        term: String,
        /// Is the term a prefix?
        is_prefix: bool,
    },
    /// Those of which a regular expression matches an exact value.
    FieldMatches {
        /// The field.
        field: TextField,
        /// The expression, for folded values.
        regex: Arc<regex::Regex>,
    },
    /// Those with a number from the first to before the second.
    Range(Number, i64, i64),
    /// Those without the number.
    Without(Number),
    /// Sections of boilerplate.
    Boilerplate,
    /// Articles that are reprints of another.
    Duplicate,
    /// The article with this hash, or a passage of it.
    Id(u64, Option<u32>),
    /// The intersection.
    And(Vec<Plan>),
    /// The union.
    Or(Vec<Plan>),
    /// The complement.
    Not(Box<Plan>),
    /// Sections or articles in which each of the plans is true somewhere.
    AllWithin(Scope, Vec<Plan>),
    /// Adds to scores and filters nothing.
    Should(Box<Plan>),
}

impl Plan {
    /// The leaves and facts that are looked up for the plan, including those that are ruled out.
    #[must_use]
    pub(crate) fn lookups(&self) -> Vec<&Plan> {
        match self {
            Plan::All | Plan::Nothing | Plan::Boilerplate => Vec::new(),
            Plan::And(plans) | Plan::Or(plans) | Plan::AllWithin(_, plans) => {
                plans.iter().flat_map(Plan::lookups).collect()
            }
            Plan::Not(plan) | Plan::Should(plan) => plan.lookups(),
            _ => vec![self],
        }
    }
}

/// A query as plans over its leaves.
#[derive(Debug, Clone)]
pub(crate) struct LoweredQuery {
    /// The plan in which all words are required.
    pub plan: Plan,
    /// The plan in which one of several plain words is enough; `None` if it is the same plan.
    pub relaxed: Option<Plan>,
    /// Words, phrases and proximity.
    pub leaves: Vec<Leaf>,
    /// The words that hits of the relaxed plan need not have: as typed, and what has them.
    pub optional: Vec<(String, Plan)>,
    /// The leaves in the order of the query; a word that is repeated is one leaf, and here as often as in the query.
    pub sequence: Vec<usize>,
    /// Is boilerplate searched too?
    pub with_boilerplate: bool,
    /// Is a fact of passages asked for, as who speaks?
    pub has_passage_fact: bool,
    /// For each leaf: is it asked for, not ruled out? Only those score and are marked.
    pub positive: Vec<bool>,
}

impl LoweredQuery {
    /// The unit over which the query is judged where `wanted` is asked for: words beside a fact of passages are those of
    /// the passage for which it is true.
    #[must_use]
    pub(crate) fn unit(&self, wanted: Scope) -> Scope {
        if self.has_passage_fact && wanted == Scope::Section { Scope::Passage } else { wanted }
    }
}

/// A filter by values of a fact: what has one of them is kept, or ruled out.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ValueFilter {
    /// The fact. Dates are kept by [`Filters::set_dates`].
    pub facet: Facet,
    /// The values, compared without regard to case and accents; a folder has what is in the folders below it, too. An empty
    /// one is for what has no value.
    pub values: Vec<String>,
    /// Are they ruled out?
    pub is_excluded: bool,
}

/// Filters beside the query. All of them must hold.
#[derive(Debug, Clone, Default)]
#[non_exhaustive]
pub struct Filters {
    /// Keeps the article with this id.
    pub article: Option<String>,
    /// Words that the heading of the section must have, side by side.
    pub heading: Option<String>,
    /// Date of publication.
    pub date: Option<DateRange>,
    /// Folders or files, by their paths as they are shown.
    pub folders: Vec<String>,
    /// Values of facts.
    pub values: Vec<ValueFilter>,
    /// Number of words of the article.
    pub words: Option<NumberRange>,
    /// Earliest time at which the article was added to the index, in seconds since 1970.
    pub added_from: Option<i64>,
}
