//! Messages on stderr, and the exit codes.

use std::fmt::Display;
use std::io::{self, Write};

use crate::render::harmless;
pub(crate) use crate::text::counted;

/// How a command ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Status {
    /// Something was found or done.
    Found,
    /// Nothing was found.
    None,
    /// Something failed; the rest was done.
    Error,
}

impl Status {
    /// The exit code, as that of grep.
    #[must_use]
    pub(crate) fn code(self) -> u8 {
        match self {
            Status::Found => 0,
            Status::None => 1,
            Status::Error => 2,
        }
    }
}

/// Options that select which messages are printed.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Messages {
    /// Print only errors and warnings.
    pub quiet: bool,
    /// Print each skipped file, unless `quiet`.
    pub verbose: bool,
}

impl Messages {
    /// Prints something the user should know.
    pub(crate) fn note(self, text: impl Display) {
        if !self.quiet {
            print(&format!("note: {text}"));
        }
    }

    /// Prints what a command did.
    pub(crate) fn status(self, text: impl Display) {
        if !self.quiet {
            print(&text.to_string());
        }
    }

    /// Prints a skipped file and the reason.
    pub(crate) fn skipped(self, path: &str, reason: &str) {
        if self.verbose && !self.quiet {
            print(&format!("{path}: {reason}"));
        }
    }

    /// Prints a failure that did not stop the run.
    pub(crate) fn warning(self, text: impl Display) {
        print(&format!("warning: {text}"));
    }
}

/// Prints the error that stopped the run.
pub(crate) fn error(text: impl Display) {
    print(&format!("error: {text}"));
}

/// The hint line of an error.
pub(crate) fn hint(text: impl Display) {
    print(&format!("hint: {text}"));
}

/// Prints a message without a prefix, such as a query error with its caret.
pub(crate) fn plain(text: impl Display) {
    print(&text.to_string());
}

fn print(text: &str) {
    let lines: Vec<String> = text.split('\n').map(|line| harmless(line).into_owned()).collect();
    // If stderr is closed, there is nowhere to report that.
    let _ = writeln!(io::stderr().lock(), "{}", lines.join("\n"));
}
