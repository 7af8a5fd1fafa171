//! The progress bar of a run.

use std::io::IsTerminal;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use indicatif::{ProgressBar, ProgressStyle};

use crate::cli::message::Messages;
use crate::index::sync::Progress;

/// A bar with the number of files, speed and time left; hidden unless stderr is a terminal.
pub(crate) struct Bar {
    bar: ProgressBar,
    /// Number of files that are done.
    done: AtomicU64,
}

impl Bar {
    pub(crate) fn new(messages: Messages) -> Bar {
        let hidden = messages.quiet || !std::io::stderr().is_terminal();
        let bar = if hidden { ProgressBar::hidden() } else { ProgressBar::no_length() };
        Bar { bar, done: AtomicU64::new(0) }
    }

    /// Removes the bar from the terminal.
    pub(crate) fn clear(&self) {
        self.bar.finish_and_clear();
    }
}

impl Progress for Bar {
    fn start(&self, files: u64, bytes: u64) {
        let style = ProgressStyle::with_template("{bar:30} {msg} of {prefix} files, {bytes_per_sec}, {eta} left");
        self.bar.set_style(style.expect("the template is valid"));
        self.bar.set_prefix(files.to_string());
        self.done.store(0, Ordering::Relaxed);
        self.bar.set_message("0");
        self.bar.set_length(bytes.max(1));
        self.bar.enable_steady_tick(Duration::from_millis(200));
    }

    fn advance(&self, bytes: u64) {
        if self.bar.is_hidden() {
            return;
        }
        self.bar.inc(bytes);
        let done = self.done.fetch_add(1, Ordering::Relaxed) + 1;
        self.bar.set_message(done.to_string());
    }

    fn finish(&self) {
        self.bar.set_message("all");
    }
}

/// A count that rises, on one line; hidden unless stderr is a terminal.
#[cfg(feature = "engine")]
pub(crate) struct Counter {
    bar: ProgressBar,
}

#[cfg(feature = "engine")]
impl Counter {
    /// A count of articles, of which `what` is done.
    pub(crate) fn new(messages: Messages, what: &'static str) -> Counter {
        let hidden = messages.quiet || !std::io::stderr().is_terminal();
        let bar = if hidden { ProgressBar::hidden() } else { ProgressBar::no_length() };
        let style = ProgressStyle::with_template("{bar:30} {pos} of {len} articles {msg}, {eta} left");
        bar.set_style(style.expect("the template is valid"));
        bar.set_message(what);
        Counter { bar }
    }

    /// Shows how many are done of all.
    pub(crate) fn show(&self, done: u64, all: u64) {
        self.bar.set_length(all);
        self.bar.set_position(done);
    }

    /// Removes it from the terminal.
    pub(crate) fn clear(&self) {
        self.bar.finish_and_clear();
    }
}
