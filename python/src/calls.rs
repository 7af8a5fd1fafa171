//! A call into the library: without Python's lock, ended by Ctrl-C, refused in a fork.

use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::mpsc::{Receiver, RecvTimeoutError, sync_channel};
use std::thread;
use std::time::Duration;

use crosshead::CancelFlag;
use pyo3::prelude::*;

use crate::ending;
use crate::errors::{self, Error};

/// How often signals are looked for while a call runs: Ctrl-C is heard within this time.
const SIGNALS_EVERY: Duration = Duration::from_millis(50);

/// The stack of a thread that runs a call: that of a main thread.
const STACK_BYTES: usize = 8 << 20;

/// Runs `work` on a thread of its own, without Python's lock, while this one looks for signals. A signal that raises cancels the
/// work, and is raised once it has ended.
///
/// # Errors
///
/// What the signal raises, the error of `work`, and that of a fork.
pub(crate) fn run<T: Send>(
    py: Python<'_>,
    cancel: &CancelFlag,
    work: impl FnOnce() -> Result<T, Error> + Send,
) -> PyResult<T> {
    run_with(py, cancel, work, |_| Ok(()))
}

/// As [`run`], and calls `tick` as often as it looks for signals. An error of it is as one of a signal.
///
/// # Errors
///
/// As [`run`].
pub(crate) fn run_with<T: Send>(
    py: Python<'_>,
    cancel: &CancelFlag,
    work: impl FnOnce() -> Result<T, Error> + Send,
    tick: impl FnMut(Python<'_>) -> PyResult<()> + Send,
) -> PyResult<T> {
    refuse_in_fork()?;
    let done = ending::detached(py, || {
        thread::scope(|scope| {
            let (tell, told) = sync_channel::<()>(1);
            let body = move || {
                let done = work();
                let _ = tell.send(());
                done
            };
            let worker = thread::Builder::new()
                .name("crosshead".into())
                .stack_size(STACK_BYTES)
                .spawn_scoped(scope, body)
                .map_err(|error| Error::Other(format!("cannot start a thread: {error}")))?;
            let raised = wait(&told, cancel, tick).err();
            let done = worker.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic));
            match raised {
                Some(raised) => Err(Error::Python(raised)),
                None => done,
            }
        })
    });
    done.map_err(|error| error.raised(py))
}

/// Waits for a message, or for the other end to go, and looks for signals meanwhile. After a signal `cancel` is set.
///
/// # Errors
///
/// What the handler of the signal raises.
pub(crate) fn wait<T>(
    messages: &Receiver<T>,
    cancel: &CancelFlag,
    mut tick: impl FnMut(Python<'_>) -> PyResult<()>,
) -> PyResult<Option<T>> {
    loop {
        match messages.recv_timeout(SIGNALS_EVERY) {
            Ok(message) => return Ok(Some(message)),
            Err(RecvTimeoutError::Disconnected) => return Ok(None),
            Err(RecvTimeoutError::Timeout) => match ending::attached(|py| py.check_signals().and_then(|()| tick(py))) {
                Some(Ok(())) => {}
                Some(Err(raised)) => {
                    cancel.cancel();
                    return Err(raised);
                }
                // An interpreter that ends takes no signals, and nobody takes the result.
                None => cancel.cancel(),
            },
        }
    }
}

/// Refuses to work in a process that was forked from one in which this had run: the threads that search do not survive a
/// fork, and a search would wait for them without end.
///
/// # Errors
///
/// `Forked`, which says what to do.
pub(crate) fn refuse_in_fork() -> PyResult<()> {
    static FIRST: AtomicU32 = AtomicU32::new(0);
    let process = std::process::id();
    match FIRST.compare_exchange(0, process, Ordering::Relaxed, Ordering::Relaxed) {
        Err(first) if first != process => Err(errors::attached(
            "Forked",
            "this process was forked from one in which crosshead had run, and its threads do not survive a fork: start \
             processes by multiprocessing.get_context('spawn'), or fork before the first call"
                .into(),
        )),
        _ => Ok(()),
    }
}
