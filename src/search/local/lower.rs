//! Lowers a query to a plan over the index: words become leaves, values of facts become terms.

use std::collections::HashMap;
use std::sync::Arc;

use crate::index::record::{exact_term, exact_value};
use crate::query::{
    Clause, DateRange, FieldName, FieldTest, Is, Near, Node, NodeKind, NumberRange, Query, Role, Today, Value,
    compile_regex, date,
};
use crate::search::local::forms::WordTest;
use crate::search::local::plan::{Filters, Leaf, LoweredQuery, Plan, ValueFilter};
use crate::search::local::span_expr::SpanExpr;
use crate::text::Language;
use crate::text::fold::fold_value;
use crate::vocabulary::{Facet, Number, Scope, TextField, parse_id};

/// The fields that are searched for a word without a field.
const TEXT_FIELDS: [TextField; 3] = [TextField::Body, TextField::Heading, TextField::Title];

/// The same if boilerplate is asked for.
const ALL_TEXT_FIELDS: [TextField; 4] = [TextField::Body, TextField::Heading, TextField::Title, TextField::Boilerplate];

/// Is each part of a word that was cut into several significant by itself? Those of `boundary-layer` are; single letters
/// and numbers (`U.S.`, `15.2`, `covid-19`) are too common.
fn is_compound(parts: &[WordTest]) -> bool {
    let is_word = |part: &WordTest| part.typed().chars().count() > 1 && part.typed().chars().any(char::is_alphabetic);
    parts.len() > 1 && parts.iter().all(is_word)
}

/// Lowers words, each with the forms that are searched for it, to a leaf each. Their plan is of no use.
#[must_use]
pub(crate) fn lower_words(words: Vec<Vec<String>>, languages: &[Language]) -> LoweredQuery {
    let mut lowering = Lowering::new(languages, &TEXT_FIELDS);
    for forms in words {
        let test = WordTest::AnyOf(forms);
        let typed = test.typed().to_string();
        let expr = SpanExpr::Phrase { words: vec![0], slop: 0 };
        lowering.leaf(expr, vec![test], Target::AllText, true, &typed).expect("a word is a leaf");
    }
    lowering.finish(Plan::All, None, false)
}

/// Lowers a query for an index of articles in `languages`, the commonest first.
#[must_use]
pub(crate) fn lower(query: &Query, filters: &Filters, languages: &[Language]) -> LoweredQuery {
    let with_boilerplate = query.asks_for_boilerplate();
    let text_fields: &[TextField] = if with_boilerplate { &ALL_TEXT_FIELDS } else { &TEXT_FIELDS };
    let mut lowering = Lowering::new(languages, text_fields);
    let (plan, relaxed) = lowering.root(&query.root, Target::AllText);
    let filtering = lowering.filters(filters);
    let plan = filtered(plan.unwrap_or(Plan::All), &filtering);
    lowering.finish(plan, relaxed.map(|plan| filtered(plan, &filtering)), with_boilerplate)
}

fn filtered(plan: Plan, filters: &[Plan]) -> Plan {
    if filters.is_empty() {
        return plan;
    }
    let mut all = vec![plan];
    all.extend_from_slice(filters);
    Plan::And(all)
}

/// The fields in which words are searched.
#[derive(Clone, Copy, PartialEq)]
enum Target {
    /// All fields of text.
    AllText,
    /// One field.
    Field(FieldName),
}

struct Lowering<'a> {
    languages: &'a [Language],
    text_fields: &'a [TextField],
    leaves: Vec<Leaf>,
    positive: Vec<bool>,
    sequence: Vec<usize>,
    optional: Vec<(String, Plan)>,
    /// Is a fact of passages asked for?
    has_passage_fact: bool,
}

impl<'a> Lowering<'a> {
    fn new(languages: &'a [Language], text_fields: &'a [TextField]) -> Lowering<'a> {
        Lowering {
            languages,
            text_fields,
            leaves: Vec::new(),
            positive: Vec::new(),
            sequence: Vec::new(),
            optional: Vec::new(),
            has_passage_fact: false,
        }
    }

    fn finish(self, plan: Plan, relaxed: Option<Plan>, with_boilerplate: bool) -> LoweredQuery {
        LoweredQuery {
            optional: if relaxed.is_some() { self.optional } else { Vec::new() },
            plan,
            relaxed,
            with_boilerplate,
            has_passage_fact: self.has_passage_fact,
            leaves: self.leaves,
            sequence: self.sequence,
            positive: self.positive,
        }
    }

    fn filters(&mut self, filters: &Filters) -> Vec<Plan> {
        let mut out = Vec::new();
        if let Some(heading) = &filters.heading {
            let mut tests = Vec::new();
            let expr = SpanExpr::phrase(heading, 0, &mut tests);
            out.extend(self.leaf(expr, tests, Target::Field(FieldName::Text(TextField::Heading)), true, heading));
        }
        if let Some(id) = &filters.article {
            out.push(parse_id(id).map_or(Plan::Nothing, |(hash, _)| Plan::Id(hash, None)));
        }
        if let Some(range) = filters.date {
            out.push(dates(Number::Date, range));
        }
        if !filters.folders.is_empty() {
            out.push(Plan::Or(filters.folders.iter().flat_map(|name| within_folder(name)).collect()));
        }
        out.extend(filters.words.map(|range| numbers(Number::Words, range)));
        out.extend(filters.values.iter().map(|filter| self.values(filter)));
        out.extend(filters.added_from.map(|from| Plan::Range(Number::Added, from, i64::MAX)));
        out
    }

    /// The plan of a filter by values.
    fn values(&mut self, filter: &ValueFilter) -> Plan {
        let field = match filter.facet {
            Facet::Source => Some(TextField::Source),
            Facet::Desk => Some(TextField::Desk),
            Facet::Byline => Some(TextField::Byline),
            Facet::Speaker => Some(TextField::Speaker),
            Facet::Lang => Some(TextField::Lang),
            Facet::Tag => Some(TextField::Tag),
            Facet::Heading => Some(TextField::Heading),
            Facet::Dateline => Some(TextField::Dateline),
            Facet::Folder => None,
            // The days of a period; what is none matches nothing.
            Facet::Year | Facet::Month | Facet::Day => {
                let range = |days: (_, _)| dates(Number::Date, DateRange::Days(Some(days.0), Some(days.1)));
                let period = |text: &String| match text.trim() {
                    "" => Some(Plan::Without(Number::Date)),
                    text => date::point(text, Today::now()).ok().map(range),
                };
                let periods = filter.values.iter().filter_map(period).collect();
                return if filter.is_excluded { Plan::Not(Box::new(Plan::Or(periods))) } else { Plan::Or(periods) };
            }
        };
        self.has_passage_fact |= field == Some(TextField::Speaker) && !filter.is_excluded;
        let plans = filter.values.iter().flat_map(|value| match field {
            Some(field) if value.trim().is_empty() => vec![Plan::Not(Box::new(equals(field, "", true)))],
            Some(TextField::Lang) => {
                let code = Language::from_code(value).known_code().map_or_else(|| fold_value(value), str::to_string);
                vec![equals(TextField::Lang, &code, false)]
            }
            Some(field) => vec![equals(field, value, false)],
            // Every article is in a folder.
            None if value.trim().is_empty() => Vec::new(),
            None => within_folder(value).to_vec(),
        });
        let any = Plan::Or(plans.collect());
        if filter.is_excluded { Plan::Not(Box::new(any)) } else { any }
    }

    /// The plan of the whole query, and the relaxed one: at least one of its plain words, and everything else.
    fn root(&mut self, root: &Node, target: Target) -> (Option<Plan>, Option<Plan>) {
        let single;
        let clauses = match &root.kind {
            NodeKind::And(clauses) => clauses.as_slice(),
            _ => {
                single = [Clause { node: root.clone(), role: Role::Plain }];
                &single
            }
        };
        let (mut plans, mut words, mut others) = (Vec::new(), Vec::new(), Vec::new());
        // Leaves of words that are searched once, with the weight of all their occurrences.
        let mut seen: HashMap<&str, usize> = HashMap::new();
        let mut previous: Option<&Clause> = None;
        for clause in clauses {
            let before = previous.take();
            if let Some(&leaf) = repeated_word(clause).and_then(|word| seen.get(word)) {
                self.leaves[leaf].boost += 1.0;
                self.sequence.push(leaf);
                continue;
            }
            let Some(plan) = self.clause(clause, target, true) else { continue };
            if clause.role == Role::Plain && is_plain_word(&clause.node) {
                self.optional.push((word_of(&clause.node), plan.clone()));
            }
            match (&clause.node.kind, clause.role, &plan) {
                (NodeKind::Word(_), Role::Plain, Plan::Leaf(leaf)) if is_compound(&self.leaves[*leaf].as_typed()) => {
                    // The parts score, and their nearness; the compound itself would count them twice. Written
                    // as one word it scores as another form of the parts.
                    let leaf = &self.leaves[*leaf];
                    let (boost, typed) = (leaf.boost, leaf.typed.clone());
                    let as_typed = leaf.as_typed().into_iter().map(|test| (test, false));
                    let as_one_word = leaf.as_one_word().into_iter().map(|test| (test, true));
                    let mut parts = Vec::new();
                    for (test, is_form) in as_typed.chain(as_one_word).collect::<Vec<_>>() {
                        let expr = SpanExpr::Phrase { words: vec![0], slop: 0 };
                        let part = self.leaf(expr, vec![test], target, true, &typed);
                        if let Some(Plan::Leaf(leaf)) = part {
                            self.leaves[leaf].boost = boost;
                            self.leaves[leaf].is_form = is_form;
                            if is_form {
                                self.leaves[leaf].form_of.clone_from(&parts);
                            } else {
                                parts.push(leaf);
                            }
                        }
                        words.extend(part);
                    }
                }
                (_, Role::Plain, Plan::Leaf(leaf)) if is_plain_word(&clause.node) => {
                    if let Some(word) = repeated_word(clause) {
                        seen.insert(word, *leaf);
                    }
                    words.push(plan.clone());
                }
                _ => others.push(plan.clone()),
            }
            plans.push(plan);
            match before.and_then(|before| self.measure(before, clause, target)) {
                Some(joined) => {
                    let both = plans.split_off(plans.len() - 2);
                    for (_, plan) in self.optional.iter_mut().rev().take(2) {
                        *plan = Plan::Or(vec![plan.clone(), joined.clone()]);
                    }
                    if let Plan::Leaf(form) = joined {
                        let of = |plan: &Plan| if let Plan::Leaf(leaf) = plan { Some(*leaf) } else { None };
                        self.leaves[form].form_of = both.iter().filter_map(of).collect();
                    }
                    plans.push(Plan::Or(vec![Plan::And(both), joined.clone()]));
                    words.push(joined);
                }
                None => previous = Some(clause),
            }
        }
        let strict = joined(plans, Plan::And);
        if words.len() < 2 {
            return (strict, None);
        }
        others.push(Plan::Or(words));
        (strict, joined(others, Plan::And))
    }

    /// The leaf of a number and its unit, written side by side in a query, as one word: `5 km` as `5km`.
    fn measure(&mut self, first: &Clause, second: &Clause, target: Target) -> Option<Plan> {
        let word = |clause: &Clause| match &clause.node.kind {
            NodeKind::Word(text) if clause.role == Role::Plain => Some(text.clone()),
            _ => None,
        };
        let (first, second) = (word(first)?, word(second)?);
        let mut tests = Vec::new();
        let expr = SpanExpr::measure(&first, &second, &mut tests)?;
        let plan = self.leaf(expr, tests, target, true, &format!("{first}{second}"))?;
        if let Plan::Leaf(leaf) = plan {
            self.leaves[leaf].is_form = true;
        }
        Some(plan)
    }

    fn clause(&mut self, clause: &Clause, target: Target, positive: bool) -> Option<Plan> {
        let plan = self.node(&clause.node, target, positive)?;
        Some(if clause.role == Role::Should { Plan::Should(Box::new(plan)) } else { plan })
    }

    /// The plan of a node; `None` if it has no words and so is no condition.
    fn node(&mut self, node: &Node, target: Target, positive: bool) -> Option<Plan> {
        match &node.kind {
            NodeKind::Nothing => None,
            NodeKind::Word(_)
            | NodeKind::Phrase { .. }
            | NodeKind::Verbatim { .. }
            | NodeKind::Name(_)
            | NodeKind::Pattern(_)
            | NodeKind::Fuzzy { .. }
            | NodeKind::Regex(_) => self.positions(node, target, positive),
            NodeKind::Prox { near: near @ (Near::Section | Near::Article), negated, operands } => {
                let scope = if *near == Near::Section { Scope::Section } else { Scope::Article };
                let mut plans = Vec::new();
                for (i, operand) in operands.iter().enumerate() {
                    let out = *negated && i > 0;
                    plans.extend(self.node(operand, target, positive != out));
                }
                if !*negated || plans.len() < 2 {
                    return (!plans.is_empty()).then(|| Plan::AllWithin(scope, plans));
                }
                let first = plans.remove(0);
                let without = plans.into_iter().map(|plan| Plan::Not(Box::new(Plan::AllWithin(scope, vec![plan]))));
                Some(Plan::And(std::iter::once(first).chain(without).collect()))
            }
            NodeKind::Prox { .. } => self.positions(node, target, positive),
            NodeKind::And(clauses) => {
                let plans = clauses.iter().filter_map(|clause| self.clause(clause, target, positive)).collect();
                joined(plans, Plan::And)
            }
            NodeKind::Or(nodes) => {
                let plans = nodes.iter().filter_map(|node| self.node(node, target, positive)).collect();
                joined(plans, Plan::Or)
            }
            NodeKind::Not(node) => self.node(node, target, !positive).map(|plan| Plan::Not(Box::new(plan))),
            NodeKind::First(words, inner) => match &inner.kind {
                NodeKind::And(clauses) => {
                    let first = |node: &Node| Node {
                        kind: NodeKind::First(*words, Box::new(node.clone())),
                        span: node.span.clone(),
                    };
                    let plans =
                        clauses.iter().filter_map(|clause| self.node(&first(&clause.node), target, positive)).collect();
                    joined(plans, Plan::And)
                }
                _ => self.positions(node, target, positive),
            },
            NodeKind::AtLeast(times, inner) => match self.positions(inner, target, positive)? {
                Plan::Leaf(leaf) => Some(Plan::AtLeast(*times, leaf)),
                other => Some(other),
            },
            NodeKind::Boost(thousandths, inner) => {
                let from = self.leaves.len();
                let plan = self.node(inner, target, positive);
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
            NodeKind::Id(id) => {
                let (hash, passage) = parse_id(id).expect("the parser checks ids");
                Some(Plan::Id(hash, passage))
            }
            // It is replaced by words before, unless nothing in the index has its id.
            NodeKind::Like(_) => Some(Plan::Nothing),
            NodeKind::Saved(_, inner) => self.node(inner, target, positive),
        }
    }

    /// The leaf of a node that matches at positions of texts.
    fn positions(&mut self, node: &Node, target: Target, positive: bool) -> Option<Plan> {
        let mut tests = Vec::new();
        let expr = SpanExpr::of(node, self.languages, &mut tests);
        self.leaf(expr, tests, target, positive, &node.to_string())
    }

    fn leaf(
        &mut self,
        expr: SpanExpr,
        words: Vec<WordTest>,
        target: Target,
        positive: bool,
        typed: &str,
    ) -> Option<Plan> {
        if expr.is_nothing() {
            return None;
        }
        let parts = match target {
            Target::AllText => self.text_fields.iter().map(|&field| (field, expr.in_field(field, false))).collect(),
            Target::Field(FieldName::Text(field)) => vec![(field, expr.in_field(field, true))],
            Target::Field(FieldName::Lede) => vec![expr.in_lede()],
            Target::Field(FieldName::TitleOrLede) => {
                vec![(TextField::Title, expr.in_field(TextField::Title, true)), expr.in_lede()]
            }
        };
        self.leaves.push(Leaf {
            words,
            parts,
            boost: 1.0,
            typed: typed.to_string(),
            is_form: false,
            form_of: Vec::new(),
        });
        self.positive.push(positive);
        self.sequence.push(self.leaves.len() - 1);
        Some(Plan::Leaf(self.leaves.len() - 1))
    }

    fn field(&mut self, field: FieldName, test: FieldTest, value: &Value, positive: bool) -> Option<Plan> {
        self.has_passage_fact |= field == FieldName::Text(TextField::Speaker);
        match (value, field) {
            (Value::Any, FieldName::Text(TextField::Body) | FieldName::Lede | FieldName::TitleOrLede) => {
                Some(Plan::All)
            }
            (Value::Any, FieldName::Text(field)) => Some(equals(field, "", true)),
            (Value::Regex(regex), FieldName::Text(field)) => {
                Some(matches(field, regex).expect("the parser checks regular expressions"))
            }
            (Value::Regex(_), FieldName::Lede | FieldName::TitleOrLede) => {
                unreachable!("the parser makes it a regular expression for one word")
            }
            (Value::Words(node), _) => self.in_field(field, test, node, positive),
        }
    }

    fn in_field(&mut self, name: FieldName, test: FieldTest, node: &Node, positive: bool) -> Option<Plan> {
        let FieldName::Text(field) = name else { return self.node(node, Target::Field(name), positive) };
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
                Some(equals(field, &code, false))
            }
            // The text of a passage is no exact value; it can only contain words.
            (_, FieldTest::Contains) => self.node(node, Target::Field(name), positive),
            _ if field == TextField::Body => self.node(node, Target::Field(name), positive),
            (NodeKind::Word(text) | NodeKind::Phrase { text, .. }, _) => {
                Some(equals(field, text, test == FieldTest::Begins))
            }
            (NodeKind::Pattern(text), _) => {
                let regex = regex::escape(&exact_value(field, text)).replace("\\*", ".*").replace("\\?", ".");
                let end = if test == FieldTest::Begins { "" } else { "$" };
                // A pattern of thousands of signs makes too large an expression.
                matches(field, &format!("^{regex}{end}"))
            }
            (NodeKind::Verbatim { text, .. }, _) => {
                let value = equals(field, text, test == FieldTest::Begins);
                let words = self.node(node, Target::Field(name), positive);
                Some(Plan::And(std::iter::once(value).chain(words).collect()))
            }
            // Proximity and regular expressions for a word are no exact values.
            _ => self.node(node, Target::Field(name), positive),
        }
    }
}

/// A file, or what is in a folder and in those below it.
fn within_folder(name: &str) -> [Plan; 2] {
    let inside = if name.ends_with('/') { name.to_string() } else { format!("{name}/") };
    [equals(TextField::Path, name, false), equals(TextField::Path, &inside, true)]
}

fn equals(field: TextField, value: &str, is_prefix: bool) -> Plan {
    Plan::FieldEquals { field, term: exact_term(field, value), is_prefix }
}

/// The plan of a regular expression for an exact value; `None` if it does not compile.
fn matches(field: TextField, regex: &str) -> Option<Plan> {
    compile_regex(regex).ok().map(|regex| Plan::FieldMatches { field, regex: Arc::new(regex) })
}

/// A plain word as typed, without the signs around it.
fn word_of(node: &Node) -> String {
    let typed = match &node.kind {
        NodeKind::Boost(_, inner) => inner.to_string(),
        _ => node.to_string(),
    };
    typed.trim_matches(|sign: char| !sign.is_alphanumeric() && !matches!(sign, '*' | '?' | '~')).to_string()
}

/// The word of a clause that is one plain word.
fn repeated_word(clause: &Clause) -> Option<&str> {
    match &clause.node.kind {
        NodeKind::Word(text) if clause.role == Role::Plain => Some(text),
        _ => None,
    }
}

/// Is it a word that hits of the second tier need not have?
fn is_plain_word(node: &Node) -> bool {
    match &node.kind {
        NodeKind::Word(_) | NodeKind::Pattern(_) | NodeKind::Fuzzy { .. } => true,
        NodeKind::Boost(_, inner) => is_plain_word(inner),
        _ => false,
    }
}

/// Joins several plans; one alone stays as it is.
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
