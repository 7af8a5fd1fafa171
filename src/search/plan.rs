//! A query lowered to what the index can answer: words become tests, values become keys.

use crate::index::document::whole_key;
use crate::index::schema::TextField;
use crate::query::{Clause, DateRange, FieldTest, Node, NodeKind, Query, Value};
use crate::text::fold::fold_value;
use crate::text::{Language, Words};

use super::forms::WordTest;

/// The fields a word is searched in if none is named.
pub const TEXT_FIELDS: [TextField; 3] = [TextField::Body, TextField::Heading, TextField::Title];

/// The same where boilerplate is asked for.
const ALL_TEXT_FIELDS: [TextField; 4] = [TextField::Body, TextField::Heading, TextField::Title, TextField::Boilerplate];

/// A word or phrase and the fields it is searched in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Leaf {
    /// One test a word; several stand side by side.
    pub tests: Vec<WordTest>,
    /// Where.
    pub fields: Vec<TextField>,
}

impl Leaf {
    /// Is it text searched, rather than a filter on a fact?
    #[must_use]
    pub fn is_text(&self) -> bool {
        self.fields.contains(&TextField::Body)
    }
}

/// What the index is asked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Plan {
    /// Everything.
    All,
    /// Nothing.
    Nothing,
    /// A leaf, by its number in [`Lowered::leaves`].
    Leaf(usize),
    /// Facts whose whole value is this key, or begins with it.
    Whole {
        /// Which field.
        field: TextField,
        /// The key, as [`whole_key`] makes it.
        key: String,
        /// Is the key only the beginning?
        begins: bool,
    },
    /// Published from the first second to before the second.
    Dated(i64, i64),
    /// Without a date.
    Undated,
    /// Sections of boilerplate.
    Boilerplate,
    /// All of these.
    And(Vec<Plan>),
    /// Any of these.
    Or(Vec<Plan>),
    /// Not this.
    Not(Box<Plan>),
}

/// A plan and its leaves.
#[derive(Debug, Clone, PartialEq, Eq)]
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
    /// Folders, as their names begin paths.
    pub folders: Vec<String>,
}

/// Lowers a query for an index of articles in `languages`.
#[must_use]
pub fn lower(query: &Query, filters: &Filters, languages: &[Language]) -> Lowered {
    let with_boilerplate = query.asks_for_boilerplate();
    let text_fields: &[TextField] = if with_boilerplate { &ALL_TEXT_FIELDS } else { &TEXT_FIELDS };
    let mut lowering = Lowering { languages, text_fields, leaves: Vec::new(), positive: Vec::new() };
    let plan = lowering.node(&query.root, true).unwrap_or(Plan::All);
    let filtering = lowering.filters(filters);
    let relaxed = relax(&plan, &query.root, &mut lowering).map(|plan| with(plan, &filtering));
    Lowered {
        plan: with(plan, &filtering),
        relaxed,
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

struct Lowering<'a> {
    languages: &'a [Language],
    text_fields: &'a [TextField],
    leaves: Vec<Leaf>,
    positive: Vec<bool>,
}

impl Lowering<'_> {
    fn filters(&mut self, filters: &Filters) -> Vec<Plan> {
        let mut out = Vec::new();
        if let Some(heading) = &filters.heading {
            out.extend(self.words(heading, &[TextField::Heading], true, false));
        }
        if let Some(range) = filters.date {
            out.push(dates(range));
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
        out
    }

    /// A node as a plan; `None` if it has no words at all and so says nothing.
    fn node(&mut self, node: &Node, positive: bool) -> Option<Plan> {
        match &node.kind {
            NodeKind::Nothing => None,
            NodeKind::Word(text) => self.words(text, self.text_fields, positive, true),
            NodeKind::Phrase(text) => self.words(text, self.text_fields, positive, false),
            NodeKind::And(clauses) => {
                let plans: Vec<Plan> = clauses.iter().filter_map(|clause| self.node(&clause.node, positive)).collect();
                joined(plans, Plan::And)
            }
            NodeKind::Or(nodes) => {
                let plans: Vec<Plan> = nodes.iter().filter_map(|node| self.node(node, positive)).collect();
                joined(plans, Plan::Or)
            }
            NodeKind::Not(node) => self.node(node, !positive).map(|plan| Plan::Not(Box::new(plan))),
            NodeKind::Field { field, test, value } => self.field(*field, *test, value, positive),
            NodeKind::Date(range) => Some(dates(*range)),
            NodeKind::Boilerplate => Some(Plan::Boilerplate),
        }
    }

    fn field(&mut self, field: TextField, test: FieldTest, value: &Value, positive: bool) -> Option<Plan> {
        match value {
            Value::Any if field == TextField::Body => Some(Plan::All),
            Value::Any => Some(Plan::Whole { field, key: whole_key(field, ""), begins: true }),
            Value::Words(node) => self.in_field(field, test, node, positive),
        }
    }

    fn in_field(&mut self, field: TextField, test: FieldTest, node: &Node, positive: bool) -> Option<Plan> {
        match &node.kind {
            NodeKind::Word(text) | NodeKind::Phrase(text) => {
                let is_word = matches!(node.kind, NodeKind::Word(_));
                let whole = |begins| Plan::Whole { field, key: whole_key(field, text), begins };
                match (test, field) {
                    (_, TextField::Lang) => {
                        let code =
                            Language::from_code(text).known_code().map_or_else(|| fold_value(text), str::to_string);
                        Some(Plan::Whole { field, key: whole_key(field, &code), begins: false })
                    }
                    // The text of a passage has no whole value; it contains or it does not.
                    (FieldTest::Contains, _) | (_, TextField::Body) => self.words(text, &[field], positive, is_word),
                    (FieldTest::Equals, _) => Some(whole(false)),
                    (FieldTest::Begins, _) => Some(whole(true)),
                }
            }
            NodeKind::And(clauses) => {
                let plans =
                    clauses.iter().filter_map(|clause| self.in_field(field, test, &clause.node, positive)).collect();
                joined(plans, Plan::And)
            }
            NodeKind::Or(nodes) => {
                let plans = nodes.iter().filter_map(|node| self.in_field(field, test, node, positive)).collect();
                joined(plans, Plan::Or)
            }
            NodeKind::Not(node) => self.in_field(field, test, node, !positive).map(|plan| Plan::Not(Box::new(plan))),
            // The parser lets no filter stand inside another.
            NodeKind::Nothing | NodeKind::Field { .. } | NodeKind::Date(_) | NodeKind::Boilerplate => None,
        }
    }

    /// Words of `text`, side by side if there are several.
    fn words(&mut self, text: &str, fields: &[TextField], positive: bool, stem: bool) -> Option<Plan> {
        let tests = self.tests(text, stem);
        (!tests.is_empty()).then(|| self.leaf(tests, fields, positive))
    }

    fn tests(&self, text: &str, stem: bool) -> Vec<WordTest> {
        // The s of a genitive is no word that anyone looks for: Kremlin's is Kremlin.
        let text =
            if stem { ["'s", "’s"].iter().find_map(|end| text.strip_suffix(end)).unwrap_or(text) } else { text };
        let mut tests = Vec::new();
        let mut words = Words::new(text);
        while let Some(word) = words.next() {
            tests.push(if stem { WordTest::stem(&word, self.languages) } else { WordTest::exact(&word) });
        }
        tests
    }

    fn leaf(&mut self, tests: Vec<WordTest>, fields: &[TextField], positive: bool) -> Plan {
        self.leaves.push(Leaf { tests, fields: fields.to_vec() });
        self.positive.push(positive);
        Plan::Leaf(self.leaves.len() - 1)
    }
}

fn joined(mut plans: Vec<Plan>, join: impl Fn(Vec<Plan>) -> Plan) -> Option<Plan> {
    match plans.len() {
        0 => None,
        1 => plans.pop(),
        _ => Some(join(plans)),
    }
}

fn dates(range: DateRange) -> Plan {
    match range.seconds() {
        None => Plan::Undated,
        Some((from, to)) => Plan::Dated(from, to),
    }
}

/// The plan in which plain words are alternatives: at least one of them, and all that was asked for otherwise.
fn relax(strict: &Plan, root: &Node, lowering: &mut Lowering<'_>) -> Option<Plan> {
    let single = [Clause { node: root.clone(), required: false }];
    let clauses: &[Clause] = match &root.kind {
        NodeKind::And(clauses) => clauses,
        NodeKind::Word(_) => &single,
        _ => return None,
    };
    let (mut words, mut others) = (Vec::new(), Vec::new());
    // The strict plan lists the same clauses, but for those without words.
    let mut plans = match strict {
        Plan::And(plans) if matches!(root.kind, NodeKind::And(_)) => plans.clone(),
        one => vec![one.clone()],
    }
    .into_iter();
    for clause in clauses {
        let says_nothing = match &clause.node.kind {
            NodeKind::Nothing => true,
            NodeKind::Word(text) | NodeKind::Phrase(text) => Words::new(text).count() == 0,
            _ => false,
        };
        if says_nothing {
            continue;
        }
        let plan = plans.next()?;
        match (&clause.node.kind, clause.required, &plan) {
            (NodeKind::Word(_), false, Plan::Leaf(leaf)) => {
                let tests = lowering.leaves[*leaf].tests.clone();
                if tests.len() > 1 {
                    // A word that was cut: its parts count too.
                    for test in tests {
                        words.push(lowering.leaf(vec![test], lowering.text_fields, true));
                    }
                }
                words.push(plan);
            }
            _ => others.push(plan),
        }
    }
    if words.len() < 2 {
        return None;
    }
    others.push(Plan::Or(words));
    joined(others, Plan::And)
}
