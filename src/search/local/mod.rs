//! A query over the local index: what the index is asked, which passages match, and how well.
//!
//! ```text
//! Query -> plan (leaves, filters) -> segment (postings, values) -> evaluate (sets) -> visit (scores) -> collect (the best)
//! ```

pub mod collect;
pub mod docs;
pub mod evaluate;
pub mod forms;
pub mod mark;
pub mod nearness;
pub mod parallel;
pub mod plan;
pub mod postings;
pub mod run;
pub mod score;
pub mod segment;
pub mod span;
pub mod span_postings;
pub mod values;
pub mod visit;
