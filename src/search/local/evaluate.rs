//! Evaluates a plan over one segment: the units of which it is true, and the passages of them that are hits.
//!
//! AND and NOT are judged over a unit (the section, unless told otherwise): leaves become sets of units, and the plan is
//! evaluated over those. The hits of a unit are its passages with text that was asked for and made it match (the
//! evidence); if facts alone made it match, all of its passages.

use std::ops::Range;

use tantivy::{DocId, TERMINATED};

use super::docs::{self, Blocks, Docs, Or};
use super::parallel;
use super::plan::Plan;
use super::postings::LeafPostings;
use super::segment::Segment;
use crate::vocabulary::Scope;

/// The units that text, not facts alone, made match.
pub(crate) enum TextUnits {
    /// All of them.
    All,
    /// None of them.
    None,
    /// These.
    Some(Docs),
}

/// The leaves that made a hit match; see `Segment::matched_leaves`.
pub(crate) enum MatchedLeaves {
    /// None that can be marked.
    None,
    /// This leaf.
    Leaf(usize),
    /// All of these.
    All(Vec<MatchedLeaves>),
    /// Each of these in the units of a scope in which it is true.
    Where(Vec<(Docs, Scope, MatchedLeaves)>),
}

impl MatchedLeaves {
    /// Adds those of `doc` to `out`. Documents must come in rising order.
    pub(crate) fn add_to(&mut self, out: &mut Vec<usize>, doc: DocId, blocks: &Blocks) {
        match self {
            MatchedLeaves::None => {}
            MatchedLeaves::Leaf(leaf) => out.push(*leaf),
            MatchedLeaves::All(all) => all.iter_mut().for_each(|leaves| leaves.add_to(out, doc, blocks)),
            MatchedLeaves::Where(all) => {
                for (units, scope, leaves) in all {
                    let first_doc = blocks.first_doc(doc, *scope);
                    if units.doc() < first_doc {
                        units.seek(first_doc);
                    }
                    if units.doc() == first_doc {
                        leaves.add_to(out, doc, blocks);
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
    /// The error of tantivy for a damaged segment.
    pub(crate) fn count(&self, plan: &Plan, unit: Scope, within: Range<DocId>) -> tantivy::Result<u64> {
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

    /// The passages, sections or articles of which the plan is true, by their first documents.
    pub(crate) fn units(&self, plan: &Plan, unit: Scope) -> tantivy::Result<Docs> {
        Ok(match plan {
            Plan::All | Plan::Should(_) => docs::all(&self.blocks, unit),
            Plan::Nothing => docs::none(),
            Plan::Leaf(leaf) => self.leaf_units(*leaf, unit)?,
            Plan::AtLeast(..) | Plan::Duplicate => docs::convert(&self.blocks, self.facts(plan)?, Scope::Article, unit),
            Plan::FieldEquals { field, .. } | Plan::FieldMatches { field, .. } => {
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
                        Plan::Should(_) => {}
                        other => with.push(self.units(other, unit)?),
                    }
                }
                let with = if with.is_empty() { docs::all(&self.blocks, unit) } else { docs::and(with) };
                if without.is_empty() { with } else { docs::and_not(with, docs::or(without)) }
            }
            Plan::Not(inner) => docs::and_not(docs::all(&self.blocks, unit), self.units(inner, unit)?),
            Plan::AllWithin(scope, plans) => {
                docs::convert(&self.blocks, self.all_within(*scope, plans, unit)?, *scope, unit)
            }
        })
    }

    /// `units` without the section of boilerplate, which facts of the article make match too, unless it is searched.
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

    /// The sections or articles in which each of the plans is true somewhere.
    fn all_within(&self, scope: Scope, plans: &[Plan], unit: Scope) -> tantivy::Result<Docs> {
        let inner = unit.min(scope);
        let operands = plans.iter().map(|plan| {
            let units = self.without_boilerplate(self.units(plan, inner)?, inner)?;
            Ok(docs::convert(&self.blocks, units, inner, scope))
        });
        Ok(docs::and(operands.collect::<tantivy::Result<_>>()?))
    }

    /// The passages whose text makes the plan true of their unit.
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
                    // A leaf is true where it has evidence; other operands may not be.
                    sets.push(match plan {
                        Plan::Leaf(_) | Plan::AtLeast(..) => evidence,
                        _ => docs::and(vec![self.passages_of(self.units(plan, unit)?, unit), evidence]),
                    });
                }
                docs::or(sets)
            }
            Plan::AllWithin(scope, plans) => {
                let inner = unit.min(*scope);
                let blocks = self.passages_of(self.all_within(*scope, plans, unit)?, *scope);
                let hits = plans.iter().map(|plan| self.hit_passages(plan, inner)).collect::<Result<Vec<_>, _>>()?;
                docs::and(vec![blocks, docs::or(hits)])
            }
            _ => docs::none(),
        })
    }

    pub(super) fn leaf_evidence(&self, leaf: usize) -> tantivy::Result<Docs> {
        Ok(Box::new(self.leaf_passages(leaf)?))
    }

    /// The passages in which a leaf is, or at which a text begins that has it.
    pub(super) fn leaf_passages(&self, leaf: usize) -> tantivy::Result<Or<LeafPostings>> {
        let parts = 0..self.leaves[leaf].parts.len();
        let sets = parts.filter_map(|part| self.postings(leaf, part).transpose());
        Ok(Or::of(sets.collect::<Result<_, _>>()?))
    }

    /// The leaves of a plan whose hits are the passages with at least one of some texts, whatever else is in their units;
    /// `None` for other plans.
    pub(super) fn union_of_texts(&self, plan: &Plan) -> Option<Vec<usize>> {
        match plan {
            Plan::Leaf(leaf) => self.leaves[*leaf].is_text().then(|| vec![*leaf]),
            Plan::Or(plans) => {
                let leaves: Option<Vec<_>> = plans.iter().map(|plan| self.union_of_texts(plan)).collect();
                leaves.map(|leaves| leaves.concat())
            }
            _ => None,
        }
    }

    fn passages_of(&self, units: Docs, unit: Scope) -> Docs {
        docs::convert(&self.blocks, units, unit, Scope::Passage)
    }

    /// The hits of a plan: in each unit of which it is true the evidence, or all passages if facts alone made it match.
    pub(crate) fn hit_passages(&self, plan: &Plan, unit: Scope) -> tantivy::Result<Docs> {
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

    /// The units of which text made the plan true.
    pub(crate) fn text_units(&self, plan: &Plan, unit: Scope) -> tantivy::Result<TextUnits> {
        Ok(match plan {
            Plan::Leaf(leaf) | Plan::AtLeast(_, leaf) if self.leaves[*leaf].is_text() => TextUnits::All,
            Plan::AllWithin(..) => TextUnits::All,
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

    /// The leaves that made a hit of the plan match, and can be marked: those that are `marked`.
    pub(crate) fn matched_leaves(&self, plan: &Plan, unit: Scope, marked: &[bool]) -> tantivy::Result<MatchedLeaves> {
        Ok(match plan {
            Plan::Leaf(leaf) if marked[*leaf] => MatchedLeaves::Leaf(*leaf),
            Plan::AtLeast(_, leaf) if marked[*leaf] => {
                MatchedLeaves::Where(vec![(self.units(plan, unit)?, unit, MatchedLeaves::Leaf(*leaf))])
            }
            Plan::And(plans) => {
                let leaves = plans.iter().map(|plan| self.matched_leaves(plan, unit, marked));
                MatchedLeaves::All(leaves.collect::<Result<_, _>>()?)
            }
            Plan::Should(plan) => {
                MatchedLeaves::Where(vec![(self.units(plan, unit)?, unit, self.matched_leaves(plan, unit, marked)?)])
            }
            Plan::Or(plans) => {
                let mut all = Vec::new();
                let mut conditional = Vec::new();
                for plan in plans {
                    match self.matched_leaves(plan, unit, marked)? {
                        MatchedLeaves::None => {}
                        // A leaf has postings in a hit only if it is true of it; other operands are checked.
                        leaf @ MatchedLeaves::Leaf(_) => all.push(leaf),
                        leaves => conditional.push((self.units(plan, unit)?, unit, leaves)),
                    }
                }
                all.push(MatchedLeaves::Where(conditional));
                MatchedLeaves::All(all)
            }
            Plan::AllWithin(scope, plans) => {
                let inner = unit.min(*scope);
                let mut operands = Vec::new();
                for plan in plans {
                    operands.push((self.units(plan, inner)?, inner, self.matched_leaves(plan, inner, marked)?));
                }
                let within = self.all_within(*scope, plans, unit)?;
                MatchedLeaves::Where(vec![(within, *scope, MatchedLeaves::Where(operands))])
            }
            _ => MatchedLeaves::None,
        })
    }

    /// Fills the caches of the segment for a leaf or fact; see [`Plan::lookups`].
    ///
    /// # Errors
    ///
    /// The error of tantivy for a damaged segment.
    pub(crate) fn prepare(&self, lookup: &Plan) -> tantivy::Result<()> {
        if let Plan::Leaf(leaf) | Plan::AtLeast(_, leaf) = lookup {
            let parts: Vec<usize> = (0..self.leaves[*leaf].parts.len()).collect();
            parallel::each(&parts, true, |_, part| self.postings(*leaf, *part).map(|_| ()))?;
        }
        if !matches!(lookup, Plan::Leaf(_)) {
            self.facts(lookup)?;
        }
        Ok(())
    }
}
