//! From a plan to a sieve: what an engine is asked for so that no article that matches is missing.
//!
//! Each rule is sound: what it makes is never narrower than the plan. It is exact where no article that does not match
//! passes either. The complement of what is not exact is everything.
//!
//! | plan | sieve |
//! |---|---|
//! | a word, in all its forms | its tokens; exact |
//! | as written, with its case | the folded word |
//! | a beginning of words | a prefix; exact unless umlauts count as spelled out |
//! | a pattern, a regular expression | a regular expression where Lucene reads it as we do, else any word |
//! | a word nearly | the same; exact |
//! | a phrase, a name | all of the words in one section, each beside the one before it |
//! | words near each other | both in one section, a word of the one as near a word of the other as the rest of both lets it be |
//! | NOT near, first words, the lede | what must be there |
//! | a fact | the fact; exact |
//! | AND over sections | AND within a section; exact if its parts are |
//! | AND over passages | AND within a section |
//! | NOT | NOT if exact, and not of passages, else everything |
//! | so many times | once |

mod regex;

use self::regex::{escaped, lucene};
use crate::engine::entry::{other_token, stem_token, word_token};
use crate::engine::{Sieve, Test, ValueTest, WordsTest};
use crate::index::record::exact_term;
use crate::index::schema::exact_column;
use crate::query::Near;
use crate::search::local::forms::{FoldedWords, WordTest};
use crate::search::local::plan::{Leaf, LoweredQuery, Plan};
use crate::search::local::span::{MOST_BETWEEN, SpanNode};
use crate::text::compound::MAX_CHAIN;
use crate::vocabulary::{Number, Scope, TextField};

/// What an engine is asked for a plan.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Sieved {
    /// The articles that may match.
    pub(crate) sieve: Sieve,
    /// Why it may let through articles that do not match; none if it lets through none.
    pub(crate) loose: Vec<&'static str>,
}

impl Sieved {
    /// Does it let through what matches, and nothing else?
    pub(crate) fn is_exact(&self) -> bool {
        self.loose.is_empty()
    }
}

/// The sieve of a plan of a query that is judged over `unit`.
#[must_use]
pub(crate) fn sieve(lowered: &LoweredQuery, plan: &Plan, unit: Scope) -> Sieved {
    let mut sieving = Sieving { lowered, loose: Vec::new() };
    let units = sieving.units(plan, unit);
    let sieve = sieving.articles(units.expr, unit);
    sieving.loose.sort_unstable();
    sieving.loose.dedup();
    Sieved { sieve, loose: sieving.loose }
}

/// The sieves of each leaf that scores, as articles with it, for statistics and an engine's order.
#[must_use]
pub(crate) fn leaf_sieves(lowered: &LoweredQuery) -> Vec<Sieve> {
    (0..lowered.leaves.len()).map(|leaf| sieve(lowered, &Plan::Leaf(leaf), Scope::Article).sieve).collect()
}

/// The articles with a word of a text, in any of its forms.
#[must_use]
pub(crate) fn word_sieve(field: TextField, test: &WordTest) -> Sieve {
    let (words, _) = words_test(test);
    let test = Sieve::Test(Test::Words(field, words));
    if field.scope() == Scope::Article { test } else { Sieve::section(test) }
}

/// A set of units (sections, or articles where these are the unit): tests of sections and of articles, combined.
#[derive(Debug, Clone)]
enum Expr {
    All,
    Nothing,
    /// A test of sections; of the passages of one, where passages are the unit.
    Section(Sieve),
    /// A test of articles.
    Article(Sieve),
    And(Vec<Expr>),
    Or(Vec<Expr>),
    Not(Box<Expr>),
}

struct Units {
    expr: Expr,
    /// Does no unit pass that is not of the plan?
    is_exact: bool,
    /// Is it a test of passages, which holds for a section if it does for one of them?
    of_passages: bool,
}

impl Units {
    fn exact(expr: Expr) -> Units {
        Units { expr, is_exact: true, of_passages: false }
    }
}

struct Sieving<'q> {
    lowered: &'q LoweredQuery,
    loose: Vec<&'static str>,
}

impl Sieving<'_> {
    fn units(&mut self, plan: &Plan, unit: Scope) -> Units {
        match plan {
            Plan::All | Plan::Should(_) => Units::exact(Expr::All),
            Plan::Nothing => Units::exact(Expr::Nothing),
            Plan::Leaf(leaf) => self.leaf(*leaf, unit),
            Plan::AtLeast(times, leaf) => {
                let found = self.leaf(*leaf, Scope::Article);
                let is_exact = found.is_exact && *times <= 1;
                if *times > 1 {
                    self.loose.push("how often words occur");
                }
                Units { expr: found.expr, is_exact, of_passages: false }
            }
            Plan::FieldEquals { field, term, is_prefix } => {
                let value = value_of(*field, term);
                let test = if *is_prefix { ValueTest::Begins(value) } else { ValueTest::Equals(value) };
                of_value(*field, test, unit, true)
            }
            Plan::FieldMatches { field, regex } => {
                // Values of both are compared without accents, which they may have.
                let has_accents = matches!(field, TextField::Path | TextField::Url);
                let regex = if has_accents { None } else { lucene(regex.as_str(), false) };
                let is_exact = regex.is_some();
                if !is_exact {
                    self.loose.push("a regular expression");
                }
                let test = regex.map_or_else(|| ValueTest::Begins(String::new()), ValueTest::Regex);
                of_value(*field, test, unit, is_exact)
            }
            Plan::Range(number, from, to) => {
                let last = if *to == i64::MAX { Some(*to) } else { to.checked_sub(1) };
                match last {
                    Some(last) if *from <= last => of_number(*number, Test::Range(*number, *from, last), unit),
                    _ => Units::exact(Expr::Nothing),
                }
            }
            Plan::Without(number) => {
                let known = of_number(*number, Test::Known(*number), unit);
                Units { expr: Expr::Not(Box::new(known.expr)), ..known }
            }
            Plan::Boilerplate => Units::exact(in_section(Sieve::Test(Test::Boilerplate), unit)),
            Plan::Duplicate => Units::exact(Expr::Article(Sieve::Test(Test::Duplicate))),
            Plan::Id(hash, passage) => {
                let is_exact = passage.is_none();
                if !is_exact {
                    self.loose.push("a passage of an article");
                }
                Units { expr: Expr::Article(Sieve::Test(Test::Hash(*hash))), is_exact, of_passages: !is_exact }
            }
            Plan::Or(plans) => self.joined(plans, unit, Expr::Or),
            Plan::And(plans) => {
                let mut units = self.joined(plans, unit, Expr::And);
                // Two passages of a section may have one of the words each.
                if units.of_passages && plans.len() > 1 && unit == Scope::Passage {
                    self.loose.push("words of one passage");
                    units.is_exact = false;
                }
                units
            }
            Plan::Not(plan) => {
                let inner = self.units(plan, unit);
                if !inner.is_exact || inner.of_passages && unit == Scope::Passage {
                    self.loose.push("NOT");
                    return Units { expr: Expr::All, is_exact: false, of_passages: inner.of_passages };
                }
                Units { expr: Expr::Not(Box::new(inner.expr)), ..inner }
            }
            Plan::AllWithin(scope, plans) => {
                let inner = unit.min(*scope);
                let mut exprs = Vec::new();
                let mut is_exact = true;
                for plan in plans {
                    let units = self.units(plan, inner);
                    is_exact &= units.is_exact;
                    exprs.push(units.expr);
                }
                let expr = match scope {
                    Scope::Article => {
                        let articles = exprs.into_iter().map(|expr| self.articles(expr, inner));
                        Expr::Article(Sieve::and(articles.collect::<Vec<_>>()))
                    }
                    _ if unit == Scope::Article => {
                        let within = self.articles(Expr::And(exprs), inner);
                        Expr::Article(within)
                    }
                    _ => Expr::And(exprs),
                };
                Units { expr, is_exact, of_passages: *scope == Scope::Passage }
            }
        }
    }

    fn joined(&mut self, plans: &[Plan], unit: Scope, join: fn(Vec<Expr>) -> Expr) -> Units {
        let units: Vec<Units> = plans.iter().map(|plan| self.units(plan, unit)).collect();
        Units {
            is_exact: units.iter().all(|units| units.is_exact),
            of_passages: units.iter().any(|units| units.of_passages),
            expr: join(units.into_iter().map(|units| units.expr).collect()),
        }
    }

    fn leaf(&mut self, leaf: usize, unit: Scope) -> Units {
        let leaf = &self.lowered.leaves[leaf];
        let (mut exprs, mut is_exact, mut of_passages) = (Vec::new(), true, false);
        for (field, node) in &leaf.parts {
            let (sieve, part_is_exact) = self.spans(leaf, *field, node);
            is_exact &= part_is_exact;
            of_passages |= field.scope() == Scope::Passage;
            exprs.push(match field {
                // A word of the title is one of each section.
                TextField::Title if unit != Scope::Article => Expr::Section(sieve),
                _ if field.scope() == Scope::Article => Expr::Article(sieve),
                _ => in_section(sieve, unit),
            });
        }
        Units { expr: Expr::Or(exprs), is_exact, of_passages }
    }

    /// The sections or articles with the words of spans in a field, and whether all of them have the spans.
    fn spans(&mut self, leaf: &Leaf, field: TextField, node: &SpanNode) -> (Sieve, bool) {
        let all_words = |sieving: &mut Self, words: &[usize]| {
            let mut is_exact = words.len() == 1;
            let sieves = words.iter().map(|&word| {
                let (words, word_is_exact) = words_test(&leaf.words[word]);
                is_exact &= word_is_exact;
                if !word_is_exact {
                    sieving.loose.push("how a word is written");
                }
                Sieve::Test(Test::Words(field, words))
            });
            (Sieve::and(sieves.collect::<Vec<_>>()), is_exact)
        };
        match node {
            SpanNode::Nothing => (Sieve::Nothing, true),
            SpanNode::Word(word) => all_words(self, &[*word]),
            SpanNode::Phrase { words, slop } => {
                if words.len() > 1 {
                    self.loose.push("words side by side");
                }
                let (all, is_exact) = all_words(self, words);
                (Sieve::and(in_row(leaf, field, words, *slop).chain([all])), is_exact)
            }
            SpanNode::Name { words, .. } => {
                self.loose.push("a name with its capitals");
                let all = all_words(self, words).0;
                (Sieve::and(in_row(leaf, field, words, MOST_BETWEEN).chain([all])), false)
            }
            SpanNode::Or(nodes) | SpanNode::Forms(nodes) => {
                let parts: Vec<_> = nodes.iter().map(|node| self.spans(leaf, field, node)).collect();
                let is_exact = parts.iter().all(|(_, is_exact)| *is_exact);
                (Sieve::or(parts.into_iter().map(|(sieve, _)| sieve)), is_exact)
            }
            SpanNode::Near { near, negated, pair } => {
                self.loose.push("words near each other");
                let first = self.spans(leaf, field, &pair.0).0;
                if *negated {
                    return (first, false);
                }
                let beside =
                    near_test(leaf, *near, pair).map_or(Sieve::All, |test| Sieve::Test(Test::Words(field, test)));
                (Sieve::and([first, self.spans(leaf, field, &pair.1).0, beside]), false)
            }
            SpanNode::First(_, node) | SpanNode::Lede(node) => {
                self.loose.push("words at the beginning");
                (self.spans(leaf, field, node).0, false)
            }
        }
    }

    /// The articles with a unit of a set.
    fn articles(&mut self, expr: Expr, unit: Scope) -> Sieve {
        let expr = normal(expr, false);
        if unit == Scope::Article {
            return whole(&expr);
        }
        self.with_section(expr)
    }

    /// The articles with a section of a set. Whether there is one is asked of each alternative by itself, and facts of the
    /// article are asked of the article.
    fn with_section(&mut self, expr: Expr) -> Sieve {
        /// Most alternatives that an AND of alternatives is written out as.
        const MOST: usize = 64;
        match expr {
            Expr::Or(exprs) => {
                let sieves: Vec<Sieve> = exprs.into_iter().map(|expr| self.with_section(expr)).collect();
                Sieve::or(sieves)
            }
            Expr::And(exprs) => {
                let (mut articles, mut sections, mut mixed) = (Vec::new(), Vec::new(), Vec::new());
                for expr in exprs {
                    match (has_section(&expr), has_article(&expr)) {
                        (true, true) => mixed.push(expr),
                        (true, false) => sections.push(expr),
                        (false, _) => articles.push(expr),
                    }
                }
                let alternatives = mixed.iter().map(|expr| if let Expr::Or(exprs) = expr { exprs.len() } else { 1 });
                if !mixed.is_empty() && alternatives.product::<usize>() <= MOST {
                    let Some(Expr::Or(first)) = mixed.pop() else {
                        unreachable!("a mixed AND in an AND is one with it")
                    };
                    let rest: Vec<Expr> = articles.into_iter().chain(sections).chain(mixed).collect();
                    let written_out = first.into_iter().map(|one| {
                        let all = rest.iter().cloned().chain([one]).collect();
                        self.with_section(normal(Expr::And(all), false))
                    });
                    return Sieve::or(written_out.collect::<Vec<_>>());
                }
                let mut all: Vec<Sieve> = articles.iter().map(whole).collect();
                if !mixed.is_empty() {
                    self.loose.push("facts and words in many alternatives");
                    all.extend(mixed.into_iter().map(|expr| self.with_section(expr)));
                }
                if !sections.is_empty() {
                    all.push(self.section(&Expr::And(sections)));
                }
                Sieve::and(all)
            }
            expr if has_section(&expr) => self.section(&expr),
            expr => whole(&expr),
        }
    }

    /// Articles with a section of a set that is of tests of sections alone.
    fn section(&self, expr: &Expr) -> Sieve {
        let sieve = whole(expr);
        if self.lowered.with_boilerplate {
            return Sieve::section(sieve);
        }
        if matches!(sieve, Sieve::All) {
            return Sieve::All;
        }
        Sieve::section(Sieve::and([Sieve::not(Sieve::Test(Test::Boilerplate)), sieve]))
    }
}

/// With NOT at tests alone, AND in no AND and OR in no OR.
fn normal(expr: Expr, negated: bool) -> Expr {
    let join = |exprs: Vec<Expr>, negated: bool, is_and: bool| {
        let is_and = is_and != negated;
        let mut all = Vec::new();
        for expr in exprs {
            match (normal(expr, negated), is_and) {
                (Expr::All, true) | (Expr::Nothing, false) => {}
                (Expr::Nothing, true) => return Expr::Nothing,
                (Expr::All, false) => return Expr::All,
                (Expr::And(more), true) | (Expr::Or(more), false) => all.extend(more),
                (other, _) => all.push(other),
            }
        }
        match (all.len(), is_and) {
            (0, true) => Expr::All,
            (0, false) => Expr::Nothing,
            (1, _) => all.swap_remove(0),
            (_, true) => Expr::And(all),
            (_, false) => Expr::Or(all),
        }
    };
    match expr {
        Expr::Not(inner) => normal(*inner, !negated),
        Expr::And(exprs) => join(exprs, negated, true),
        Expr::Or(exprs) => join(exprs, negated, false),
        Expr::All if negated => Expr::Nothing,
        Expr::Nothing if negated => Expr::All,
        Expr::Section(sieve) if negated => Expr::Section(Sieve::not(sieve)),
        Expr::Article(sieve) if negated => Expr::Article(Sieve::not(sieve)),
        other => other,
    }
}

fn has_section(expr: &Expr) -> bool {
    match expr {
        Expr::Section(_) => true,
        Expr::And(exprs) | Expr::Or(exprs) => exprs.iter().any(has_section),
        Expr::Not(expr) => has_section(expr),
        Expr::All | Expr::Nothing | Expr::Article(_) => false,
    }
}

fn has_article(expr: &Expr) -> bool {
    match expr {
        Expr::Article(_) => true,
        Expr::And(exprs) | Expr::Or(exprs) => exprs.iter().any(has_article),
        Expr::Not(expr) => has_article(expr),
        Expr::All | Expr::Nothing | Expr::Section(_) => false,
    }
}

/// The sieve of tests that are all of one scope.
fn whole(expr: &Expr) -> Sieve {
    match expr {
        Expr::All => Sieve::All,
        Expr::Nothing => Sieve::Nothing,
        Expr::Section(sieve) | Expr::Article(sieve) => sieve.clone(),
        Expr::And(exprs) => Sieve::and(exprs.iter().map(whole).collect::<Vec<_>>()),
        Expr::Or(exprs) => Sieve::or(exprs.iter().map(whole).collect::<Vec<_>>()),
        Expr::Not(expr) => Sieve::not(whole(expr)),
    }
}

/// A test of sections; where articles are the unit, that they have such a section.
fn in_section(sieve: Sieve, unit: Scope) -> Expr {
    if unit == Scope::Article { Expr::Article(Sieve::section(sieve)) } else { Expr::Section(sieve) }
}

fn of_value(field: TextField, test: ValueTest, unit: Scope, is_exact: bool) -> Units {
    let test = Sieve::Test(Test::Value(field, test));
    let scope = field.scope();
    let expr = if scope == Scope::Article { Expr::Article(test) } else { in_section(test, unit) };
    Units { expr, is_exact, of_passages: scope == Scope::Passage }
}

fn of_number(number: Number, test: Test, unit: Scope) -> Units {
    let test = Sieve::Test(test);
    Units::exact(if number.scope() == Scope::Article { Expr::Article(test) } else { in_section(test, unit) })
}

/// The value of the term of an exact value.
fn value_of(field: TextField, term: &str) -> String {
    match exact_column(field) {
        Some(_) => term.to_string(),
        None => term.strip_prefix(&exact_term(field, "")).unwrap_or(term).to_string(),
    }
}

/// The test of the tokens of a word, and whether it lets through nothing else.
fn words_test(test: &WordTest) -> (WordsTest, bool) {
    match test {
        WordTest::Exact(folded) => (WordsTest::AnyOf(vec![word_token(folded)]), true),
        WordTest::AnyOf(forms) => (WordsTest::AnyOf(forms.iter().map(|form| word_token(form)).collect()), true),
        WordTest::Verbatim { folded, .. } => (WordsTest::AnyOf(vec![word_token(folded)]), false),
        WordTest::Stem { folded, stems, usual } => {
            let mut tokens = vec![word_token(folded)];
            tokens.extend(stems.iter().map(|(language, stem)| stem_token(*language, stem)));
            if let Some((_, stem)) = stems.iter().find(|(language, _)| language == usual) {
                tokens.push(other_token(&stem_token(*usual, stem)));
                // A word that is its own stem.
                if usual.stem(stem) == *stem {
                    tokens.push(other_token(stem));
                }
            }
            (WordsTest::AnyOf(tokens), true)
        }
        WordTest::Prefix(prefix) => match prefix.ranges.as_slice() {
            [range] => (WordsTest::Prefix(word_token(range)), prefix.wanted.iter().all(|wanted| wanted == range)),
            ranges => {
                let any: Vec<String> = ranges.iter().map(|range| escaped(range)).collect();
                (WordsTest::Regex(format!("=({}).*", any.join("|"))), false)
            }
        },
        WordTest::Automaton { accepts, spelled, .. } => match accepts {
            FoldedWords::Regex(_, regex) => match lucene(regex, true) {
                Some(regex) => (WordsTest::Regex(format!("={regex}")), spelled.is_none()),
                None => (WordsTest::Some, false),
            },
            FoldedWords::Fuzzy(_, word, distance) => (WordsTest::Near(word.to_string(), *distance), true),
        },
    }
}

/// The tests that each word of a row is after the one before it, with at most `moved` words more or less between them. Of words
/// that are known by no tokens none is told.
fn in_row(leaf: &Leaf, field: TextField, words: &[usize], moved: u32) -> impl Iterator<Item = Sieve> {
    words.windows(2).filter_map(move |pair| {
        let [first, second] = [pair[0], pair[1]].map(|word| tokens(&leaf.words[word]));
        Some(Sieve::Test(Test::Words(field, beside(first?, second?, moved)?)))
    })
}

/// The test that two words are beside each other. `None` where one word may be both and they may be moved, as an engine may count
/// it for both or not, and where they may be moved further than it counts.
fn beside(first: Vec<String>, second: Vec<String>, moved: u32) -> Option<WordsTest> {
    /// What is further away is near in nearly every section.
    const MOST: u32 = 100_000;
    let may_be_one = moved > 0 && first.iter().any(|token| second.contains(token));
    (!may_be_one && moved <= MOST).then_some(WordsTest::Beside { first, second, moved })
}

/// The tokens that a word is known by, if they are so many.
fn tokens(test: &WordTest) -> Option<Vec<String>> {
    match words_test(test).0 {
        WordsTest::AnyOf(tokens) => Some(tokens),
        _ => None,
    }
}

/// The test that spans are near each other; `None` where no test of two words is never narrower than that.
fn near_test(leaf: &Leaf, near: Near, (first, second): &(SpanNode, SpanNode)) -> Option<WordsTest> {
    let (first, second) = (anchor(leaf, first)?, anchor(leaf, second)?);
    // The other way round, two words that are next to each other are two words from where the second would follow the first.
    let moved = match near {
        Near::Words(most) => most.checked_add(1)?,
        Near::InOrder(most) => most.checked_sub(1)?,
        Near::Sentence | Near::Paragraph | Near::Section | Near::Article => return None,
    };
    let moved = moved.checked_add(first.reach)?.checked_add(second.reach)?;
    beside(first.tokens, second.tokens, moved)
}

/// A word of each span of a node.
struct Anchor {
    tokens: Vec<String>,
    /// How far the first and the last word of a span may be from it, in words.
    reach: u32,
}

/// Widest that one word of a query may be in a text: a compound of so many words. Its tokens are at both of its ends.
const WIDEST: u32 = MAX_CHAIN as u32;

/// The anchor of a node; `None` if its words are known by no tokens, or if its spans have no bound.
fn anchor(leaf: &Leaf, node: &SpanNode) -> Option<Anchor> {
    let of_row = |words: &[usize], between: u32| {
        let (first, others) = words.split_first()?;
        let width = WIDEST.checked_add(between)?.checked_mul(others.len() as u32)?;
        Some(Anchor { tokens: tokens(&leaf.words[*first])?, reach: width })
    };
    match node {
        SpanNode::Nothing => None,
        SpanNode::Word(word) => of_row(&[*word], 0),
        SpanNode::Phrase { words, slop } => of_row(words, *slop),
        SpanNode::Name { words, .. } => of_row(words, MOST_BETWEEN),
        SpanNode::Or(nodes) | SpanNode::Forms(nodes) => {
            let mut any = Anchor { tokens: Vec::new(), reach: 0 };
            for node in nodes {
                let Anchor { tokens, reach } = anchor(leaf, node)?;
                any.tokens.extend(tokens);
                any.reach = any.reach.max(reach);
            }
            Some(any)
        }
        SpanNode::Near { negated: true, pair, .. } => anchor(leaf, &pair.0),
        SpanNode::Near { near: Near::Words(most) | Near::InOrder(most), pair, .. } => {
            let (first, second) = (anchor(leaf, &pair.0)?, anchor(leaf, &pair.1)?);
            let width = second.reach.checked_mul(2)?.checked_add(WIDEST)?;
            let reach = first.reach.checked_add(*most)?.checked_add(width)?;
            Some(Anchor { tokens: first.tokens, reach })
        }
        SpanNode::Near { .. } => None,
        SpanNode::First(_, node) | SpanNode::Lede(node) => anchor(leaf, node),
    }
}
