//! Segments, slices of them, or the texts of hits, side by side, on all cores, where there is enough to do.
//!
//! What is found does not depend on it: what they share is found once and does not change, and what they give is put
//! together in their order.

use rayon::iter::{IndexedParallelIterator, IntoParallelRefIterator, ParallelIterator};

/// Of fewer postings or documents, threads would cost more than they save.
pub const LARGE: u64 = 20_000;

/// Does `work` for each of `parts`; on all cores if they are `large` together.
///
/// # Errors
///
/// The first error of `work`.
pub fn each<'p, P: Sync, T: Send>(
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
