//! The end of the interpreter while other threads are in a call.
//!
//! Up to Python 3.13 a thread that wants Python's lock back once the interpreter ends is ended in the middle of the frames of
//! Rust, which is undefined (python/cpython#87135); from 3.14 it hangs. Here none asks for the lock then: threads that are
//! about to get it are waited for, all others stay parked until the process goes.

use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};
use std::thread::{self, ThreadId};
use std::time::Duration;

use pyo3::prelude::*;
use pyo3::types::{PyCFunction, PyDict, PyTuple};

/// The longest that the end waits for threads that are about to get Python's lock.
const PATIENCE: Duration = Duration::from_secs(1);

#[derive(Default)]
struct State {
    /// The thread that ends the interpreter, once it does. It may have the lock.
    ender: Option<ThreadId>,
    /// Threads that wait for Python's lock.
    returning: usize,
}

static STATE: Mutex<State> = Mutex::new(State { ender: None, returning: 0 });
static CHANGED: Condvar = Condvar::new();

fn state() -> MutexGuard<'static, State> {
    STATE.lock().unwrap_or_else(PoisonError::into_inner)
}

/// A thread that may wait for Python's lock; to be dropped when it has it.
pub(crate) struct Returning(());

impl Drop for Returning {
    fn drop(&mut self) {
        state().returning -= 1;
        CHANGED.notify_all();
    }
}

/// Leave to wait for Python's lock; `None` once the interpreter ends.
fn returning() -> Option<Returning> {
    let mut state = state();
    if state.ender.is_some_and(|ender| ender != thread::current().id()) {
        return None;
    }
    state.returning += 1;
    Some(Returning(()))
}

/// Runs `work` without Python's lock, and never comes back once the interpreter ends.
pub(crate) fn detached<T: Send>(py: Python<'_>, work: impl FnOnce() -> T + Send) -> T {
    let (done, returning) = py.detach(|| {
        let done = work();
        loop {
            match returning() {
                Some(returning) => return (done, returning),
                None => thread::park(),
            }
        }
    });
    drop(returning);
    done
}

/// Runs `work` with Python's lock; `None` once the interpreter ends.
pub(crate) fn attached<T>(work: impl FnOnce(Python<'_>) -> T) -> Option<T> {
    let returning = returning()?;
    Python::try_attach(|py| {
        drop(returning);
        work(py)
    })
}

/// Has the interpreter say when it ends.
///
/// # Errors
///
/// Those of Python's `atexit`.
pub(crate) fn watch(py: Python<'_>) -> PyResult<()> {
    let process = std::process::id();
    let end = move |arguments: &Bound<'_, PyTuple>, _: Option<&Bound<'_, PyDict>>| {
        // The threads of the process that was forked are not in this one, nor is who may hold the lock of their state.
        if std::process::id() == process {
            state().ender = Some(thread::current().id());
            arguments.py().detach(|| {
                let waited = CHANGED.wait_timeout_while(state(), PATIENCE, |state| state.returning > 0);
                drop(waited);
            });
        }
    };
    let end = PyCFunction::new_closure(py, None, None, end)?;
    py.import("atexit")?.call_method1("register", (end,))?;
    Ok(())
}
