//! The truth of a plan over one segment: of which units it is true, and which passages show why.
//!
//! AND and NOT are judged over a unit (the section, unless told otherwise): leaves become sets of units, and the plan is
//! evaluated over those. The hits of a unit that matches are its passages with text that was asked for and made it match;
//! where nothing but facts did, all of its passages.

use std::ops::Range;

use tantivy::{DocId, TERMINATED};

use super::docs::{self, Blocks, Docs};
use super::plan::Plan;
use super::segment::Segment;
use crate::vocabulary::Scope;

/// Which units show text that made them match; the others show all their passages.
pub enum TextUnits {
    /// All of them.
    All,
    /// None of them.
    None,
    /// These.
    Some(Docs),
}

/// Which leaves made a hit match; see `Segment::truth`.
pub enum Truth {
    /// Nothing that could be marked.
    None,
    /// This leaf.
    Leaf(usize),
    /// All of these.
    All(Vec<Truth>),
    /// Each of these where it is true: in the units of a scope.
    Where(Vec<(Docs, Scope, Truth)>),
}

impl Truth {
    /// Adds the leaves that made `doc` match. Documents must come in rising order.
    pub fn leaves(&mut self, blocks: &Blocks, doc: DocId, out: &mut Vec<usize>) {
        match self {
            Truth::None => {}
            Truth::Leaf(leaf) => out.push(*leaf),
            Truth::All(all) => all.iter_mut().for_each(|truth| truth.leaves(blocks, doc, out)),
            Truth::Where(all) => {
                for (units, scope, truth) in all {
                    let head = blocks.head(doc, *scope);
                    if units.doc() < head {
                        units.seek(head);
                    }
                    if units.doc() == head {
                        truth.leaves(blocks, doc, out);
                    }
                }
            }
        }
    }
}

impl Segment<'_> {
    /// Counts the units of which a plan is true, within a slice of the segment.
    ///
    /// # Errors
    ///
    /// What tantivy says of a damaged segment.
    pub fn count(&self, plan: &Plan, unit: Scope, within: Range<DocId>) -> tantivy::Result<u64> {
        let mut units = self.units(plan, unit)?;
        if units.doc() < within.start {
            units.seek(within.start);
        }
        let mut count = 0;
        let mut meter = self.budget.meter();
        while units.doc() < within.end && !meter.is_spent() {
            count += u64::from(!self.reader.is_deleted(units.doc()));
            units.advance();
        }
        Ok(count)
    }

    /// The passages, sections or articles (heads of `unit`) of which the plan is true.
    pub(crate) fn units(&self, plan: &Plan, unit: Scope) -> tantivy::Result<Docs> {
        Ok(match plan {
            Plan::All | Plan::Lift(_) => docs::all(&self.blocks, unit),
            Plan::Nothing => docs::none(),
            Plan::Leaf(leaf) => self.leaf_units(*leaf, unit)?,
            Plan::AtLeast(..) | Plan::Duplicate => docs::convert(&self.blocks, self.facts(plan)?, Scope::Article, unit),
            Plan::Whole { field, .. } | Plan::WholeRegex { field, .. } => {
                docs::convert(&self.blocks, self.facts(plan)?, field.scope(), unit)
            }
            Plan::Range(number, ..) => docs::convert(&self.blocks, self.facts(plan)?, number.scope(), unit),
            Plan::Without(number) => docs::and_not(
                docs::all(&self.blocks, unit),
                docs::convert(&self.blocks, self.facts(plan)?, number.scope(), unit),
            ),
            Plan::Boilerplate => docs::convert(&self.blocks, self.boilerplate()?, Scope::Section, unit),
            Plan::Id(_, passage) => {
                let scope = if passage.is_some() { Scope::Passage } else { Scope::Article };
                docs::convert(&self.blocks, self.facts(plan)?, scope, unit)
            }
            Plan::Or(plans) => docs::or(plans.iter().map(|plan| self.units(plan, unit)).collect::<Result<_, _>>()?),
            Plan::And(plans) => {
                let (mut with, mut without) = (Vec::new(), Vec::new());
                for plan in plans {
                    match plan {
                        Plan::Not(inner) => without.push(self.units(inner, unit)?),
                        Plan::Lift(_) => {}
                        other => with.push(self.units(other, unit)?),
                    }
                }
                let with = if with.is_empty() { docs::all(&self.blocks, unit) } else { docs::and(with) };
                if without.is_empty() { with } else { docs::and_not(with, docs::or(without)) }
            }
            Plan::Not(inner) => docs::and_not(docs::all(&self.blocks, unit), self.units(inner, unit)?),
            Plan::Within(scope, plans) => {
                docs::convert(&self.blocks, self.together(*scope, plans, unit)?, *scope, unit)
            }
        })
    }

    /// `units` but for the section of boilerplate, of which much is true that was said of the article.
    pub(crate) fn without_boilerplate(&self, units: Docs, unit: Scope) -> tantivy::Result<Docs> {
        if self.with_boilerplate || unit == Scope::Article {
            return Ok(units);
        }
        let boilerplate = self.boilerplate()?;
        if boilerplate.doc() == TERMINATED {
            return Ok(units);
        }
        Ok(docs::and_not(units, docs::convert(&self.blocks, boilerplate, Scope::Section, unit)))
    }

    /// Sections or articles in which each of the plans is true somewhere.
    fn together(&self, scope: Scope, plans: &[Plan], unit: Scope) -> tantivy::Result<Docs> {
        let inner = unit.min(scope);
        let sides = plans.iter().map(|plan| {
            let units = self.without_boilerplate(self.units(plan, inner)?, inner)?;
            Ok(docs::convert(&self.blocks, units, inner, scope))
        });
        Ok(docs::and(sides.collect::<tantivy::Result<_>>()?))
    }

    /// The passages that show why the plan is true of their unit, as far as text does.
    pub(crate) fn evidence(&self, plan: &Plan, unit: Scope) -> tantivy::Result<Docs> {
        Ok(match plan {
            Plan::Leaf(leaf) if self.leaves[*leaf].is_text() => self.leaf_evidence(*leaf)?,
            Plan::AtLeast(_, leaf) if self.leaves[*leaf].is_text() => {
                let articles = docs::convert(&self.blocks, self.facts(plan)?, Scope::Article, Scope::Passage);
                docs::and(vec![articles, self.leaf_evidence(*leaf)?])
            }
            Plan::And(plans) => {
                docs::or(plans.iter().map(|plan| self.evidence(plan, unit)).collect::<Result<Vec<_>, _>>()?)
            }
            Plan::Or(plans) => {
                let mut sets = Vec::new();
                for plan in plans {
                    let evidence = self.evidence(plan, unit)?;
                    // A leaf's evidence proves itself; of other operands it counts only where they are true.
                    sets.push(match plan {
                        Plan::Leaf(_) | Plan::AtLeast(..) => evidence,
                        _ => docs::and(vec![self.passages_of(self.units(plan, unit)?, unit), evidence]),
                    });
                }
                docs::or(sets)
            }
            Plan::Within(scope, plans) => {
                let inner = unit.min(*scope);
                let blocks = self.passages_of(self.together(*scope, plans, unit)?, *scope);
                let shown = plans.iter().map(|plan| self.shown(plan, inner)).collect::<Result<Vec<_>, _>>()?;
                docs::and(vec![blocks, docs::or(shown)])
            }
            _ => docs::none(),
        })
    }

    fn leaf_evidence(&self, leaf: usize) -> tantivy::Result<Docs> {
        let mut sets: Vec<Docs> = Vec::new();
        for part in 0..self.leaves[leaf].parts.len() {
            if let Some(postings) = self.postings(leaf, part)? {
                sets.push(postings);
            }
        }
        Ok(docs::or(sets))
    }

    fn passages_of(&self, units: Docs, unit: Scope) -> Docs {
        docs::convert(&self.blocks, units, unit, Scope::Passage)
    }

    /// The hits of a plan: the passages that show why their unit matches, or all of a unit of which only facts say so.
    pub(crate) fn shown(&self, plan: &Plan, unit: Scope) -> tantivy::Result<Docs> {
        let units = self.units(plan, unit)?;
        Ok(match self.text_units(plan, unit)? {
            TextUnits::None => self.passages_of(units, unit),
            TextUnits::All => docs::and(vec![self.passages_of(units, unit), self.evidence(plan, unit)?]),
            TextUnits::Some(with_text) => {
                let without = docs::and_not(units, with_text);
                let evidence =
                    docs::and(vec![self.passages_of(self.units(plan, unit)?, unit), self.evidence(plan, unit)?]);
                docs::or(vec![self.passages_of(without, unit), evidence])
            }
        })
    }

    /// In which of the units that match text says so.
    pub(crate) fn text_units(&self, plan: &Plan, unit: Scope) -> tantivy::Result<TextUnits> {
        Ok(match plan {
            Plan::Leaf(leaf) | Plan::AtLeast(_, leaf) if self.leaves[*leaf].is_text() => TextUnits::All,
            Plan::Within(..) => TextUnits::All,
            Plan::And(plans) => {
                let mut some = Vec::new();
                for plan in plans {
                    match self.text_units(plan, unit)? {
                        TextUnits::All => return Ok(TextUnits::All),
                        TextUnits::None => {}
                        TextUnits::Some(units) => some.push(units),
                    }
                }
                if some.is_empty() { TextUnits::None } else { TextUnits::Some(docs::or(some)) }
            }
            Plan::Or(plans) => {
                let (mut some, mut all, mut none) = (Vec::new(), true, true);
                for plan in plans {
                    match self.text_units(plan, unit)? {
                        TextUnits::All => {
                            none = false;
                            some.push(self.units(plan, unit)?);
                        }
                        TextUnits::None => all = false,
                        TextUnits::Some(units) => {
                            (all, none) = (false, false);
                            some.push(docs::and(vec![self.units(plan, unit)?, units]));
                        }
                    }
                }
                match (all, none) {
                    (true, false) => TextUnits::All,
                    (_, true) => TextUnits::None,
                    _ => TextUnits::Some(docs::or(some)),
                }
            }
            _ => TextUnits::None,
        })
    }

    /// Which leaves can be marked in a hit of the plan.
    pub(crate) fn truth(&self, plan: &Plan, unit: Scope, positive: &[bool]) -> tantivy::Result<Truth> {
        let all = |plans: &[Plan]| -> tantivy::Result<Truth> {
            Ok(Truth::All(plans.iter().map(|plan| self.truth(plan, unit, positive)).collect::<Result<_, _>>()?))
        };
        Ok(match plan {
            Plan::Leaf(leaf) | Plan::AtLeast(_, leaf) if positive[*leaf] => match plan {
                Plan::Leaf(_) => Truth::Leaf(*leaf),
                _ => Truth::Where(vec![(self.units(plan, unit)?, unit, Truth::Leaf(*leaf))]),
            },
            Plan::And(plans) => all(plans)?,
            Plan::Lift(plan) => Truth::Where(vec![(self.units(plan, unit)?, unit, self.truth(plan, unit, positive)?)]),
            // Alternatives that are leaves prove themselves; of others, those that are true are marked.
            Plan::Or(plans) => {
                let mut truths = Vec::new();
                let mut conditional = Vec::new();
                for plan in plans {
                    let truth = self.truth(plan, unit, positive)?;
                    match truth {
                        Truth::None => {}
                        Truth::Leaf(_) => truths.push(truth),
                        truth => conditional.push((self.units(plan, unit)?, unit, truth)),
                    }
                }
                truths.push(Truth::Where(conditional));
                Truth::All(truths)
            }
            Plan::Within(scope, plans) => {
                let inner = unit.min(*scope);
                let mut sides = Vec::new();
                for plan in plans {
                    sides.push((self.units(plan, inner)?, inner, self.truth(plan, inner, positive)?));
                }
                Truth::Where(vec![(self.together(*scope, plans, unit)?, *scope, Truth::Where(sides))])
            }
            _ => Truth::None,
        })
    }

    /// Finds what a plan asks of leaves and facts, which is kept; see [`Plan::asked`].
    ///
    /// # Errors
    ///
    /// What tantivy says of a damaged segment.
    pub fn prepare(&self, asked: &Plan) -> tantivy::Result<()> {
        if let Plan::Leaf(leaf) | Plan::AtLeast(_, leaf) = asked {
            (0..self.leaves[*leaf].parts.len()).try_for_each(|part| self.postings(*leaf, part).map(|_| ()))?;
        }
        if !matches!(asked, Plan::Leaf(_)) {
            self.facts(asked)?;
        }
        Ok(())
    }
}
