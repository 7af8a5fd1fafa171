//! A query over the local index: its plan, the passages that match, and their scores.
//!
//! ```text
//! Query -> lower -> plan (leaves, filters) -> segment (postings, values) -> evaluate (sets) -> visit (scores,
//!       coverage; promising articles only, where that is known) -> collect (the best), count -> nearness
//! ```

pub mod collect;
pub mod count;
mod coverage;
pub mod docs;
pub mod evaluate;
pub mod forms;
pub mod lower;
pub mod mark;
pub mod nearness;
pub mod parallel;
pub mod plan;
pub mod postings;
mod promising;
pub mod run;
pub mod score;
pub mod segment;
pub mod span;
mod span_expr;
pub mod span_postings;
pub mod values;
pub mod visit;
