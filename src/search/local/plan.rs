//! A query lowered to what the index can answer: words become tests, values become keys.

use std::sync::Arc;

use crate::index::record::whole_key;
use crate::query::{
    DateRange, FieldName, FieldTest, Is, Near, Node, NodeKind, NumberRange, Query, Role, Value, compile_regex,
    trim_trailing_punctuation,
};
use crate::text::fold::fold_value;
use crate::text::{Language, Words};
use crate::vocabulary::{Number, Scope, TextField, parse_id};

use crate::search::feedback::Weighted;
use crate::search::local::forms::WordTest;
use crate::search::local::span::SpanNode;

/// The fields a word is searched in if none is named.
pub const TEXT_FIELDS: [TextField; 3] = [TextField::Body, TextField::Heading, TextField::Title];

/// The same where boilerplate is asked for.
const ALL_TEXT_FIELDS: [TextField; 4] = [TextField::Body, TextField::Heading, TextField::Title, TextField::Boilerplate];

/// Something that stands at places in texts: a word, a phrase, words near each other; and the fields it is searched in.
#[derive(Debug, Clone)]
pub struct Leaf {
    /// One test a word.
    pub words: Vec<WordTest>,
    /// What is asked of the words, field by field.
    pub parts: Vec<(TextField, SpanNode)>,
    /// How much it counts.
    pub boost: f32,
    /// As it was written.
    pub typed: String,
    /// Is it no word of the query, but one of its best hits? It scores, and marks nothing.
    pub fed_back: bool,
}

impl Leaf {
    /// Is it text searched, rather than a filter on a fact?
    #[must_use]
    pub fn is_text(&self) -> bool {
        self.parts.iter().any(|(field, _)| matches!(field, TextField::Body | TextField::Boilerplate))
    }
}

/// Do the parts of a word that was cut mean something each? Those of `boundary-layer` do; single letters and numbers
/// (`U.S.`, `15.2`, `covid-19`) are everywhere.
fn comes_apart(parts: &[WordTest]) -> bool {
    let means = |part: &WordTest| part.typed().chars().count() > 1 && part.typed().chars().any(char::is_alphabetic);
    parts.len() > 1 && parts.iter().all(means)
}

/// What the index is asked.
#[derive(Debug, Clone)]
pub enum Plan {
    /// Everything.
    All,
    /// Nothing.
    Nothing,
    /// A leaf, by its number in [`Lowered::leaves`].
    Leaf(usize),
    /// Articles in which a leaf is mentioned so often.
    AtLeast(u32, usize),
    /// Facts whose whole value is this key, or begins with it.
    Whole {
        /// Which field.
        field: TextField,
        /// The key, as [`whole_key`] makes it.
        key: String,
        /// Is the key only the beginning?
        begins: bool,
    },
    /// Facts whose whole value, folded, a regular expression matches.
    WholeRegex {
        /// Which field.
        field: TextField,
        /// The expression.
        regex: Arc<regex::Regex>,
    },
    /// A number from the first to before the second.
    Range(Number, i64, i64),
    /// Without this number.
    Without(Number),
    /// Sections of boilerplate.
    Boilerplate,
    /// Articles that print a story which another printed before.
    Duplicate,
    /// The article with this hash, or a passage of it.
    Id(u64, Option<u32>),
    /// All of these.
    And(Vec<Plan>),
    /// Any of these.
    Or(Vec<Plan>),
    /// Not this.
    Not(Box<Plan>),
    /// All of these, each somewhere in the section or article.
    Within(Scope, Vec<Plan>),
    /// Filters nothing, but scores.
    Lift(Box<Plan>),
}

impl Plan {
    /// What the index is asked: leaves and facts, those too that are ruled out.
    #[must_use]
    pub fn asked(&self) -> Vec<&Plan> {
        match self {
            Plan::All | Plan::Nothing | Plan::Boilerplate => Vec::new(),
            Plan::And(plans) | Plan::Or(plans) | Plan::Within(_, plans) => plans.iter().flat_map(Plan::asked).collect(),
            Plan::Not(plan) | Plan::Lift(plan) => plan.asked(),
            _ => vec![self],
        }
    }
}

/// A plan and its leaves.
#[derive(Debug, Clone)]
pub struct Lowered {
    /// The plan in which all words are asked for.
    pub plan: Plan,
    /// The plan in which plain words side by side need not all be there; `None` if that is no other plan.
    pub relaxed: Option<Plan>,
    /// Words and phrases.
    pub leaves: Vec<Leaf>,
    /// Is boilerplate searched too?
    pub with_boilerplate: bool,
    /// Which leaves are asked for, not ruled out: they score, and they are marked.
    pub positive: Vec<bool>,
}

/// Filters beside the query.
#[derive(Debug, Clone, Default)]
pub struct Filters {
    /// Heading that must contain this.
    pub heading: Option<String>,
    /// Date of publication.
    pub date: Option<DateRange>,
    /// Folders, as paths begin with them where they are stored.
    pub folders: Vec<String>,
    /// Added to the index at this time or later, seconds since 1970.
    pub added_from: Option<i64>,
}

/// Lowers a query for an index of articles in `languages`; the words of `feedback` score along.
#[must_use]
pub fn lower(query: &Query, filters: &Filters, languages: &[Language], feedback: &[Weighted]) -> Lowered {
    let with_boilerplate = query.asks_for_boilerplate();
    let text_fields: &[TextField] = if with_boilerplate { &ALL_TEXT_FIELDS } else { &TEXT_FIELDS };
    let mut lowering = Lowering { languages, text_fields, leaves: Vec::new(), positive: Vec::new() };
    let place = Place::Everywhere;
    let (plan, relaxed) = lowering.root(&query.root, place);
    let mut filtering = lowering.filters(filters);
    filtering.extend(lowering.fed_back(feedback, place));
    Lowered {
        plan: with(plan.unwrap_or(Plan::All), &filtering),
        relaxed: relaxed.map(|plan| with(plan, &filtering)),
        with_boilerplate,
        leaves: lowering.leaves,
        positive: lowering.positive,
    }
}

fn with(plan: Plan, filters: &[Plan]) -> Plan {
    if filters.is_empty() {
        return plan;
    }
    let mut all = vec![plan];
    all.extend_from_slice(filters);
    Plan::And(all)
}

/// Where words are searched.
#[derive(Clone, Copy, PartialEq)]
enum Place {
    /// In all fields of text.
    Everywhere,
    /// In one field.
    Field(FieldName),
}

struct Lowering<'a> {
    languages: &'a [Language],
    text_fields: &'a [TextField],
    leaves: Vec<Leaf>,
    positive: Vec<bool>,
}

/// What a leaf is made of, before its fields are known.
#[derive(Clone)]
enum Shape {
    Nothing,
    Phrase { words: Vec<usize>, slop: u32 },
    Or(Vec<Shape>),
    Near { near: Near, negated: bool, pair: Box<(Shape, Shape)> },
    First(u32, Box<Shape>),
}

impl Shape {
    fn is_nothing(&self) -> bool {
        match self {
            Shape::Nothing => true,
            Shape::Or(shapes) => shapes.iter().all(Shape::is_nothing),
            Shape::First(_, shape) => shape.is_nothing(),
            _ => false,
        }
    }

    /// In one field; `alone` says that the field was named.
    fn in_field(&self, field: TextField, named: bool) -> SpanNode {
        match self {
            Shape::Nothing => SpanNode::Nothing,
            Shape::Phrase { words, .. } if words.len() == 1 => SpanNode::Word(words[0]),
            Shape::Phrase { words, slop } => SpanNode::Phrase { words: words.clone(), slop: *slop },
            Shape::Or(shapes) => SpanNode::Or(shapes.iter().map(|shape| shape.in_field(field, named)).collect()),
            Shape::Near { near, negated, pair } => SpanNode::Near {
                near: *near,
                negated: *negated,
                pair: Box::new((pair.0.in_field(field, named), pair.1.in_field(field, named))),
            },
            // The first words of an article are those of its body, unless a field is named.
            Shape::First(..) if !named && field != TextField::Body => SpanNode::Nothing,
            Shape::First(words, shape) => SpanNode::First(*words, Box::new(shape.in_field(field, named))),
        }
    }
}

impl Lowering<'_> {
    fn filters(&mut self, filters: &Filters) -> Vec<Plan> {
        let mut out = Vec::new();
        if let Some(heading) = &filters.heading {
            let mut tests = Vec::new();
            let shape = self.phrase(heading, 0, &mut tests);
            out.extend(self.leaf(shape, tests, Place::Field(FieldName::Text(TextField::Heading)), true, heading));
        }
        if let Some(range) = filters.date {
            out.push(dates(Number::Date, range));
        }
        if !filters.folders.is_empty() {
            let begins = |key: String| Plan::Whole { field: TextField::Path, key, begins: true };
            let folder = |name: &String| {
                let inside = if name.ends_with('/') { name.clone() } else { format!("{name}/") };
                let file = Plan::Whole { field: TextField::Path, key: whole_key(TextField::Path, name), begins: false };
                [file, begins(whole_key(TextField::Path, &inside))]
            };
            out.push(Plan::Or(filters.folders.iter().flat_map(folder).collect()));
        }
        out.extend(filters.added_from.map(|from| Plan::Range(Number::Added, from, i64::MAX)));
        out
    }

    /// Words of the best hits: they filter nothing.
    fn fed_back(&mut self, words: &[Weighted], place: Place) -> Option<Plan> {
        let from = self.leaves.len();
        let mut plans = Vec::new();
        for (word, weight) in words {
            let mut tests = Vec::new();
            let shape = self.word(word, &mut tests);
            let Some(Plan::Leaf(leaf)) = self.leaf(shape, tests, place, true, word) else { continue };
            self.leaves[leaf].boost = *weight;
            plans.push(Plan::Leaf(leaf));
        }
        self.leaves[from..].iter_mut().for_each(|leaf| leaf.fed_back = true);
        joined(plans, Plan::Or).map(|plan| Plan::Lift(Box::new(plan)))
    }

    /// The plan of the whole query, and the one in which plain words are alternatives: at least one of them, and all
    /// that was asked for otherwise.
    fn root(&mut self, root: &Node, place: Place) -> (Option<Plan>, Option<Plan>) {
        let single;
        let clauses = match &root.kind {
            NodeKind::And(clauses) => clauses.as_slice(),
            _ => {
                single = [crate::query::Clause { node: root.clone(), role: Role::Plain }];
                &single
            }
        };
        let (mut plans, mut words, mut others) = (Vec::new(), Vec::new(), Vec::new());
        for clause in clauses {
            let Some(plan) = self.clause(clause, place, true) else { continue };
            match (&clause.node.kind, clause.role, &plan) {
                (NodeKind::Word(_), Role::Plain, Plan::Leaf(leaf)) if comes_apart(&self.leaves[*leaf].words) => {
                    // A word that was cut: its parts count, and their nearness. The whole would count them twice.
                    let Leaf { words: tests, boost, typed, .. } = self.leaves[*leaf].clone();
                    for test in tests {
                        let shape = Shape::Phrase { words: vec![0], slop: 0 };
                        let part = self.leaf(shape, vec![test], place, true, &typed);
                        if let Some(Plan::Leaf(leaf)) = part {
                            self.leaves[leaf].boost = boost;
                        }
                        words.extend(part);
                    }
                }
                (_, Role::Plain, Plan::Leaf(_)) if is_plain_word(&clause.node) => words.push(plan.clone()),
                _ => others.push(plan.clone()),
            }
            plans.push(plan);
        }
        let strict = joined(plans, Plan::And);
        if words.len() < 2 {
            return (strict, None);
        }
        others.push(Plan::Or(words));
        (strict, joined(others, Plan::And))
    }

    fn clause(&mut self, clause: &crate::query::Clause, place: Place, positive: bool) -> Option<Plan> {
        let plan = self.node(&clause.node, place, positive)?;
        Some(if clause.role == Role::Should { Plan::Lift(Box::new(plan)) } else { plan })
    }

    /// A node as a plan; `None` if it has no words at all and so says nothing.
    fn node(&mut self, node: &Node, place: Place, positive: bool) -> Option<Plan> {
        match &node.kind {
            NodeKind::Nothing => None,
            NodeKind::Word(_)
            | NodeKind::Phrase { .. }
            | NodeKind::Verbatim { .. }
            | NodeKind::Pattern(_)
            | NodeKind::Fuzzy { .. }
            | NodeKind::Regex(_) => self.positions(node, place, positive),
            NodeKind::Prox { near: near @ (Near::Section | Near::Article), negated, operands } => {
                let scope = if *near == Near::Section { Scope::Section } else { Scope::Article };
                let mut plans = Vec::new();
                for (i, operand) in operands.iter().enumerate() {
                    let out = *negated && i > 0;
                    plans.extend(self.node(operand, place, positive != out));
                }
                if !*negated || plans.len() < 2 {
                    return (!plans.is_empty()).then(|| Plan::Within(scope, plans));
                }
                let first = plans.remove(0);
                let without = plans.into_iter().map(|plan| Plan::Not(Box::new(Plan::Within(scope, vec![plan]))));
                Some(Plan::And(std::iter::once(first).chain(without).collect()))
            }
            NodeKind::Prox { .. } => self.positions(node, place, positive),
            NodeKind::And(clauses) => {
                let plans = clauses.iter().filter_map(|clause| self.clause(clause, place, positive)).collect();
                joined(plans, Plan::And)
            }
            NodeKind::Or(nodes) => {
                let plans = nodes.iter().filter_map(|node| self.node(node, place, positive)).collect();
                joined(plans, Plan::Or)
            }
            NodeKind::Not(node) => self.node(node, place, !positive).map(|plan| Plan::Not(Box::new(plan))),
            NodeKind::First(words, inner) => match &inner.kind {
                NodeKind::And(clauses) => {
                    let first = |node: &Node| Node {
                        kind: NodeKind::First(*words, Box::new(node.clone())),
                        span: node.span.clone(),
                    };
                    let plans =
                        clauses.iter().filter_map(|clause| self.node(&first(&clause.node), place, positive)).collect();
                    joined(plans, Plan::And)
                }
                _ => self.positions(node, place, positive),
            },
            NodeKind::AtLeast(times, inner) => match self.positions(inner, place, positive)? {
                Plan::Leaf(leaf) => Some(Plan::AtLeast(*times, leaf)),
                other => Some(other),
            },
            NodeKind::Boost(thousandths, inner) => {
                let from = self.leaves.len();
                let plan = self.node(inner, place, positive);
                for leaf in &mut self.leaves[from..] {
                    leaf.boost *= *thousandths as f32 / 1000.0;
                }
                plan
            }
            NodeKind::Field { field, test, value } => self.field(*field, *test, value, positive),
            NodeKind::Date(number, range) => Some(dates(*number, *range)),
            NodeKind::Number(number, range) => Some(numbers(*number, *range)),
            NodeKind::Is(Is::Boilerplate) => Some(Plan::Boilerplate),
            NodeKind::Is(Is::Duplicate) => Some(Plan::Duplicate),
            NodeKind::Is(Is::Original) => Some(Plan::Not(Box::new(Plan::Duplicate))),
            NodeKind::Id(id) => parse_id(id).map(|(hash, passage)| Plan::Id(hash, passage)),
            // The session puts words in its place; it has none where the id is unknown.
            NodeKind::Like(_) => Some(Plan::Nothing),
            NodeKind::Saved(_, inner) => self.node(inner, place, positive),
        }
    }

    /// A node that stands at places in texts, as a leaf.
    fn positions(&mut self, node: &Node, place: Place, positive: bool) -> Option<Plan> {
        let mut tests = Vec::new();
        let shape = self.shape(node, &mut tests);
        self.leaf(shape, tests, place, positive, &node.to_string())
    }

    fn shape(&self, node: &Node, tests: &mut Vec<WordTest>) -> Shape {
        match &node.kind {
            NodeKind::Word(text) => self.word(text, tests),
            NodeKind::Phrase { text, slop } => self.phrase(text, *slop, tests),
            NodeKind::Verbatim { text, .. } => cut(text, tests, |word| Some(WordTest::verbatim(word, text))),
            NodeKind::Fuzzy { text, distance } => cut(text, tests, |word| Some(WordTest::fuzzy(word, *distance))),
            NodeKind::Pattern(text) => pattern(text, tests),
            NodeKind::Regex(text) => match WordTest::regex(text) {
                Some(test) => {
                    tests.push(test);
                    Shape::Phrase { words: vec![tests.len() - 1], slop: 0 }
                }
                None => Shape::Nothing,
            },
            NodeKind::Or(nodes) => Shape::Or(nodes.iter().map(|node| self.shape(node, tests)).collect()),
            NodeKind::Prox { near, negated, operands } => {
                let mut shapes = operands.iter().map(|operand| self.shape(operand, tests));
                // Chains hold two operands at least; they are joined from the left.
                let first = shapes.next().unwrap_or(Shape::Nothing);
                shapes.collect::<Vec<_>>().into_iter().fold(first, |before, next| {
                    // An operand without words says nothing.
                    if next.is_nothing() {
                        return before;
                    }
                    if before.is_nothing() {
                        return if *negated { before } else { next };
                    }
                    Shape::Near { near: *near, negated: *negated, pair: Box::new((before, next)) }
                })
            }
            NodeKind::First(words, inner) => Shape::First(*words, Box::new(self.shape(inner, tests))),
            NodeKind::Boost(_, inner) | NodeKind::Saved(_, inner) => self.shape(inner, tests),
            // The parser lets nothing else stand among positions.
            _ => Shape::Nothing,
        }
    }

    fn word(&self, text: &str, tests: &mut Vec<WordTest>) -> Shape {
        // The s of a genitive is no word that anyone looks for: Kremlin's is Kremlin.
        let text = ["'s", "’s"].iter().find_map(|end| text.strip_suffix(end)).unwrap_or(text);
        cut(text, tests, |word| Some(WordTest::stem(word, self.languages)))
    }

    fn phrase(&self, text: &str, slop: u32, tests: &mut Vec<WordTest>) -> Shape {
        match cut(text, tests, |word| Some(WordTest::exact(word))) {
            Shape::Phrase { words, .. } => Shape::Phrase { words, slop },
            other => other,
        }
    }

    fn leaf(&mut self, shape: Shape, words: Vec<WordTest>, place: Place, positive: bool, typed: &str) -> Option<Plan> {
        if shape.is_nothing() {
            return None;
        }
        let parts = match place {
            Place::Everywhere => self.text_fields.iter().map(|&field| (field, shape.in_field(field, false))).collect(),
            Place::Field(FieldName::Text(field)) => vec![(field, shape.in_field(field, true))],
            Place::Field(FieldName::Lede) => vec![lede(&shape)],
            Place::Field(FieldName::TitleOrLede) => {
                vec![(TextField::Title, shape.in_field(TextField::Title, true)), lede(&shape)]
            }
        };
        self.leaves.push(Leaf { words, parts, boost: 1.0, typed: typed.to_string(), fed_back: false });
        self.positive.push(positive);
        Some(Plan::Leaf(self.leaves.len() - 1))
    }

    fn field(&mut self, field: FieldName, test: FieldTest, value: &Value, positive: bool) -> Option<Plan> {
        match (value, field) {
            (Value::Any, FieldName::Text(TextField::Body) | FieldName::Lede | FieldName::TitleOrLede) => {
                Some(Plan::All)
            }
            (Value::Any, FieldName::Text(field)) => {
                Some(Plan::Whole { field, key: whole_key(field, ""), begins: true })
            }
            (Value::Regex(regex), FieldName::Text(field)) => whole_regex(field, regex),
            (Value::Regex(_), _) => None,
            (Value::Words(node), _) => self.in_field(field, test, node, positive),
        }
    }

    fn in_field(&mut self, name: FieldName, test: FieldTest, node: &Node, positive: bool) -> Option<Plan> {
        let FieldName::Text(field) = name else { return self.node(node, Place::Field(name), positive) };
        let whole = |text: &str, begins| Some(Plan::Whole { field, key: whole_key(field, text), begins });
        match (&node.kind, test) {
            (NodeKind::And(clauses), _) => {
                let plans =
                    clauses.iter().filter_map(|clause| self.in_field(name, test, &clause.node, positive)).collect();
                joined(plans, Plan::And)
            }
            (NodeKind::Or(nodes), _) => {
                let plans = nodes.iter().filter_map(|node| self.in_field(name, test, node, positive)).collect();
                joined(plans, Plan::Or)
            }
            (NodeKind::Not(node), _) => {
                self.in_field(name, test, node, !positive).map(|plan| Plan::Not(Box::new(plan)))
            }
            (NodeKind::Saved(_, node) | NodeKind::Boost(_, node), _) => self.in_field(name, test, node, positive),
            (NodeKind::Word(text) | NodeKind::Phrase { text, .. }, _) if field == TextField::Lang => {
                let code = Language::from_code(text).known_code().map_or_else(|| fold_value(text), str::to_string);
                whole(&code, false)
            }
            // The text of a passage has no whole value; it contains or it does not.
            (_, FieldTest::Contains) => self.node(node, Place::Field(name), positive),
            _ if field == TextField::Body => self.node(node, Place::Field(name), positive),
            (NodeKind::Word(text) | NodeKind::Phrase { text, .. }, _) => whole(text, test == FieldTest::Begins),
            (NodeKind::Pattern(text), _) => {
                let signs = regex::escape(&fold_value(text)).replace("\\*", ".*").replace("\\?", ".");
                whole_regex(field, &if test == FieldTest::Begins { format!("^{signs}") } else { format!("^{signs}$") })
            }
            (NodeKind::Verbatim { text, .. }, _) => {
                let value = whole(text, test == FieldTest::Begins)?;
                let words = self.node(node, Place::Field(name), positive);
                Some(Plan::And(std::iter::once(value).chain(words).collect()))
            }
            // Near words and regular expressions have no whole value of their own.
            _ => self.node(node, Place::Field(name), positive),
        }
    }
}

fn lede(shape: &Shape) -> (TextField, SpanNode) {
    (TextField::Body, SpanNode::Lede(Box::new(shape.in_field(TextField::Body, true))))
}

fn whole_regex(field: TextField, regex: &str) -> Option<Plan> {
    // The parser has compiled it once.
    compile_regex(regex).ok().map(|regex| Plan::WholeRegex { field, regex: Arc::new(regex) })
}

/// Is it a word that need not be there in the second tier?
fn is_plain_word(node: &Node) -> bool {
    match &node.kind {
        NodeKind::Word(_) | NodeKind::Pattern(_) | NodeKind::Fuzzy { .. } => true,
        NodeKind::Boost(_, inner) => is_plain_word(inner),
        _ => false,
    }
}

/// The words of `text`, side by side.
fn cut(
    text: &str,
    tests: &mut Vec<WordTest>,
    mut test: impl FnMut(&crate::text::Word<'_>) -> Option<WordTest>,
) -> Shape {
    let from = tests.len();
    let mut words = Words::new(text);
    while let Some(word) = words.next() {
        tests.extend(test(&word));
    }
    if tests.len() == from { Shape::Nothing } else { Shape::Phrase { words: (from..tests.len()).collect(), slop: 0 } }
}

/// A pattern's words side by side: its signs are letters of them.
fn pattern(text: &str, tests: &mut Vec<WordTest>) -> Shape {
    let from = tests.len();
    for piece in trim_trailing_punctuation(text)
        .split(|c: char| !c.is_alphanumeric() && !matches!(c, '*' | '?') && !is_joined(c))
    {
        let has_letters = piece.chars().any(char::is_alphanumeric);
        if !has_letters {
            continue;
        }
        // Letters of scripts without spaces are words by themselves, and no word goes on behind one.
        let unspaced = piece.contains(crate::text::script::is_unspaced);
        if piece.contains(['*', '?']) && !unspaced {
            tests.extend(WordTest::pattern(piece));
        } else {
            cut(piece, tests, |word| Some(WordTest::exact(word)));
        }
    }
    if tests.len() == from { Shape::Nothing } else { Shape::Phrase { words: (from..tests.len()).collect(), slop: 0 } }
}

/// Marks that stand inside words.
fn is_joined(c: char) -> bool {
    unicode_normalization::char::is_combining_mark(c) || crate::text::fold::is_ignorable(c)
}

fn joined(mut plans: Vec<Plan>, join: impl Fn(Vec<Plan>) -> Plan) -> Option<Plan> {
    match plans.len() {
        0 => None,
        1 => plans.pop(),
        _ => Some(join(plans)),
    }
}

fn dates(number: Number, range: DateRange) -> Plan {
    match range.seconds() {
        None => Plan::Without(number),
        Some((from, to)) => Plan::Range(number, from, to),
    }
}

fn numbers(number: Number, range: NumberRange) -> Plan {
    let signed = |number: u64| i64::try_from(number).unwrap_or(i64::MAX - 1);
    let to = range.to.map_or(i64::MAX, |to| signed(to).saturating_add(1));
    Plan::Range(number, range.from.map_or(i64::MIN, signed), to)
}
