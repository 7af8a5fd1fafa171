//! A query over the local index: its plan, the passages that match, and their scores.
//!
//! ```text
//! Query -> lower -> plan (leaves, filters) -> segment (postings, values) -> evaluate (sets) -> visit (scores,
//!       coverage; promising articles only, where that is known) -> collect (the best), count -> nearness
//! ```

pub(crate) mod collect;
pub(crate) mod count;
mod coverage;
pub(crate) mod docs;
pub(crate) mod evaluate;
pub(crate) mod facet;
pub(crate) mod facet_values;
pub(crate) mod forms;
pub(crate) mod lower;
pub(crate) mod mark;
pub(crate) mod nearness;
pub(crate) mod occurrence;
pub(crate) mod parallel;
pub(crate) mod plan;
pub(crate) mod postings;
mod promising;
pub(crate) mod ranking;
pub(crate) mod recent;
pub(crate) mod run;
pub(crate) mod score;
pub(crate) mod segment;
pub(crate) mod span;
mod span_expr;
pub(crate) mod span_postings;
mod table;
pub(crate) mod values;
pub(crate) mod visit;
