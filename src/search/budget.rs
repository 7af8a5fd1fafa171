//! What a query may cost: a deadline, a flag that cancels it, a number of spans in one text.
//!
//! Loops over articles, texts, terms and spans ask a [`Meter`]. Once the budget is spent it stays spent: sets of documents
//! end where they are, and the search gives what it had found before, marked [`Degraded`].

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU8, AtomicU64, Ordering};
use std::time::{Duration, Instant};

use serde::Serialize;

use crate::cancel::CancelFlag;

/// Why results are not complete.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "serve", derive(schemars::JsonSchema))]
#[serde(rename_all = "lowercase")]
#[non_exhaustive]
pub enum Degraded {
    /// The time was up.
    Time,
    /// The query was cancelled.
    Cancelled,
    /// More articles may match than were fetched from the engine that holds them.
    Candidates,
    /// A text had more spans than are kept of one: scores and marks of its passages may lack some.
    Spans,
}

/// Spans that are kept of one text unless told otherwise. Only texts of little but the words asked for have more.
pub(crate) const MAX_SPANS: usize = 20_000;

/// The budget of one query, shared by all that runs it.
#[derive(Debug, Clone)]
pub(crate) struct Budget(Arc<Shared>);

#[derive(Debug)]
struct Shared {
    started: Instant,
    /// When matches must be found by; the rest of the time is for the texts and marks of hits.
    find_by: Option<Instant>,
    deadline: Option<Instant>,
    /// When facets that are counted with the hits must be counted by.
    facets_by: Option<Instant>,
    facets_spent: AtomicBool,
    /// What is added to the deadline, in milliseconds: see [`Budget::renew`].
    added: AtomicU64,
    cancel: CancelFlag,
    max_spans: usize,
    /// Are the texts of hits being read?
    is_reading: AtomicBool,
    /// 0, or [`TIME`] or [`CANCELLED`] once it is spent.
    spent: AtomicU8,
    /// What `spent` was when reading began.
    spent_before: AtomicU8,
    has_truncated: AtomicBool,
    /// Are only some of the articles that may match looked at?
    is_partial: AtomicBool,
}

const TIME: u8 = 1;
const CANCELLED: u8 = 2;

impl Budget {
    /// A budget that begins now.
    pub(crate) fn start(timeout: Option<Duration>, cancel: &CancelFlag, max_spans: usize) -> Budget {
        /// The most of a query's time that is kept for its hits, and the share of a short time.
        const RESERVE: Duration = Duration::from_millis(250);
        const RESERVED_SHARE: u32 = 8;
        let now = Instant::now();
        let find = timeout.map(|timeout| timeout - (timeout / RESERVED_SHARE).min(RESERVE));
        Budget(Arc::new(Shared {
            started: now,
            added: AtomicU64::new(0),
            // A time beyond the clock is no bound.
            find_by: find.and_then(|find| now.checked_add(find)),
            deadline: timeout.and_then(|timeout| now.checked_add(timeout)),
            facets_by: None,
            facets_spent: AtomicBool::new(false),
            cancel: cancel.clone(),
            max_spans: max_spans.max(1),
            is_reading: AtomicBool::new(false),
            spent: AtomicU8::new(0),
            spent_before: AtomicU8::new(0),
            has_truncated: AtomicBool::new(false),
            is_partial: AtomicBool::new(false),
        }))
    }

    /// With a time of its own for facets, before it is shared.
    pub(crate) fn with_facet_time(mut self, time: Option<Duration>) -> Budget {
        if let Some(shared) = Arc::get_mut(&mut self.0) {
            shared.facets_by = time.and_then(|time| shared.started.checked_add(time));
        }
        self
    }

    /// Is the time of facets up? Looks at the clock.
    pub(crate) fn ask_for_facets(&self) -> bool {
        if self.0.facets_by.is_some_and(|by| Instant::now() >= by) {
            self.0.facets_spent.store(true, Ordering::Relaxed);
        }
        self.facets_are_spent()
    }

    /// Is the time of facets up, as far as is known without looking at the clock?
    pub(crate) fn facets_are_spent(&self) -> bool {
        self.0.facets_spent.load(Ordering::Relaxed)
    }

    /// A budget without bounds, for what is bounded by itself.
    pub(crate) fn unlimited() -> Budget {
        Budget::start(None, &CancelFlag::new(), MAX_SPANS)
    }

    /// The same budget, of a query over some of the articles that may match.
    pub(crate) fn of_part(self, is_partial: bool) -> Budget {
        self.0.is_partial.store(is_partial, Ordering::Relaxed);
        self
    }

    /// Begins to read the texts of the hits that were found, for which some of the time is kept.
    pub(crate) fn begin_reading(&self) {
        self.0.is_reading.store(true, Ordering::Relaxed);
        let spent = self.0.spent.load(Ordering::Relaxed);
        if spent == TIME {
            self.0.spent_before.store(spent, Ordering::Relaxed);
            self.0.spent.store(0, Ordering::Relaxed);
        }
    }

    /// Begins the time anew. The texts of an export are read in batches, and waiting for a slow reader of the batches
    /// before is no work of the query.
    pub(crate) fn renew(&self) {
        let since = u64::try_from(self.0.started.elapsed().as_millis()).unwrap_or(u64::MAX);
        self.0.added.store(since, Ordering::Relaxed);
    }

    /// Is it spent, as far as is known without looking at the clock?
    pub(crate) fn is_spent(&self) -> bool {
        if self.0.spent.load(Ordering::Relaxed) != 0 {
            return true;
        }
        if self.0.cancel.is_cancelled() {
            self.0.spent.store(CANCELLED, Ordering::Relaxed);
            return true;
        }
        false
    }

    /// Is it spent? Looks at the clock.
    pub(crate) fn ask(&self) -> bool {
        let renewed =
            |deadline: Instant| deadline.checked_add(Duration::from_millis(self.0.added.load(Ordering::Relaxed)));
        let until =
            if self.0.is_reading.load(Ordering::Relaxed) { self.0.deadline.and_then(renewed) } else { self.0.find_by };
        if !self.is_spent() && until.is_some_and(|until| Instant::now() >= until) {
            self.0.spent.store(TIME, Ordering::Relaxed);
        }
        self.is_spent()
    }

    /// Has the caller cancelled it? Then nobody reads what was found so far.
    pub(crate) fn is_cancelled(&self) -> bool {
        self.0.cancel.is_cancelled()
    }

    /// Why the results so far are not complete, if they are not.
    pub(crate) fn degraded(&self) -> Option<Degraded> {
        let spent = self.0.spent.load(Ordering::Relaxed).max(self.0.spent_before.load(Ordering::Relaxed));
        match spent {
            TIME => Some(Degraded::Time),
            CANCELLED => Some(Degraded::Cancelled),
            _ if self.0.is_partial.load(Ordering::Relaxed) => Some(Degraded::Candidates),
            _ => self.0.has_truncated.load(Ordering::Relaxed).then_some(Degraded::Spans),
        }
    }

    /// A meter for one loop.
    pub(crate) fn meter(&self) -> Meter {
        Meter { budget: self.clone(), asks: 0 }
    }
}

/// Asks a budget often at little cost: the clock is looked at once in a number of asks.
#[derive(Debug, Clone)]
pub(crate) struct Meter {
    budget: Budget,
    asks: u32,
}

impl Meter {
    /// Asks between two looks at the clock, which takes as long as some hundred steps of a loop.
    const ASKS: u32 = 32;

    /// Is the budget spent?
    pub(crate) fn is_spent(&mut self) -> bool {
        self.asks += 1;
        if self.asks < Self::ASKS {
            return self.budget.is_spent();
        }
        self.asks = 0;
        self.budget.ask()
    }

    /// The budget.
    pub(crate) fn budget(&self) -> &Budget {
        &self.budget
    }

    /// Spans that are kept of one text.
    pub(crate) fn max_spans(&self) -> usize {
        self.budget.0.max_spans
    }

    /// Notes that spans of a text were left out.
    pub(crate) fn truncated(&self) {
        self.budget.0.has_truncated.store(true, Ordering::Relaxed);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_spent_budget_says_why_and_stays_spent() {
        let cancel = CancelFlag::new();
        let budget = Budget::start(None, &cancel, 10);
        assert!(!budget.ask() && budget.degraded().is_none());
        budget.meter().truncated();
        assert_eq!(budget.degraded(), Some(Degraded::Spans));
        cancel.cancel();
        assert!(budget.meter().is_spent());
        assert_eq!(budget.degraded(), Some(Degraded::Cancelled));

        let budget = Budget::start(Some(Duration::ZERO), &CancelFlag::new(), 10);
        let mut meter = budget.meter();
        assert!((0..Meter::ASKS).any(|_| meter.is_spent()));
        assert_eq!(budget.degraded(), Some(Degraded::Time));
        let budget = Budget::start(Some(Duration::from_secs(60)), &CancelFlag::new(), 10);
        budget.0.spent.store(TIME, Ordering::Relaxed);
        budget.begin_reading();
        assert!(!budget.ask(), "time is kept for the hits");
        assert_eq!(budget.degraded(), Some(Degraded::Time));

        let budget = Budget::start(Some(Duration::from_millis(20)), &CancelFlag::new(), 10);
        budget.begin_reading();
        std::thread::sleep(Duration::from_millis(30));
        budget.renew();
        assert!(!budget.ask(), "each batch has the time of a query");

        let budget = Budget::start(Some(Duration::MAX), &CancelFlag::new(), 10);
        assert!(!budget.ask(), "a deadline beyond the clock is none");
    }
}
