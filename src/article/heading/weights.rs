//! Weights of the heading model, written by `examples/fit_headings.rs`. Not to be edited by hand.

pub(super) const LOCAL_BIAS: f32 = 0.0;
pub(super) const WHOLE_BIAS: f32 = 0.0;
pub(super) const LOCAL: &[&[f32]] = &[];
pub(super) const LOCAL_AGAIN: &[&[f32]] = &[];
pub(super) const WHOLE: &[&[f32]] = &[];
