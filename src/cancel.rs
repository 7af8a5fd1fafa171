//! A flag with which a thread ends the work of others.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

/// Ends the queries and runs that have a clone of it, from any thread.
#[derive(Debug, Clone, Default)]
pub struct CancelFlag(Arc<AtomicBool>);

impl CancelFlag {
    /// A flag that is not set.
    #[must_use]
    pub fn new() -> CancelFlag {
        CancelFlag::default()
    }

    /// Sets the flag: a query returns within milliseconds, a run commits what it has done so far.
    pub fn cancel(&self) {
        self.0.store(true, Ordering::Relaxed);
    }

    /// Is the flag set?
    #[must_use]
    pub fn is_cancelled(&self) -> bool {
        self.0.load(Ordering::Relaxed)
    }
}
