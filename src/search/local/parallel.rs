//! Work on segments, slices of them or the texts of hits in parallel, if there is enough of it.
//!
//! Results do not depend on the number of threads: caches hold what does not change, and results are joined in order.

use rayon::iter::{IndexedParallelIterator, IntoParallelRefIterator, ParallelIterator};

/// Number of postings or documents from which threads save more than they cost. Lower in tests, which have few.
pub(crate) const LARGE: u64 = if cfg!(test) { 50 } else { 20_000 };

/// Calls `work` with the index of each of `parts` and the part, on all cores if they are `large` together.
///
/// # Errors
///
/// An error of `work`.
pub(crate) fn each<'p, P: Sync, T: Send>(
    parts: &'p [P],
    large: bool,
    work: impl Fn(u32, &'p P) -> tantivy::Result<T> + Sync,
) -> tantivy::Result<Vec<T>> {
    if large && parts.len() > 1 {
        parts.par_iter().enumerate().map(|(i, part)| work(i as u32, part)).collect()
    } else {
        parts.iter().zip(0..).map(|(part, i)| work(i, part)).collect()
    }
}
