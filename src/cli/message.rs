//! Messages to stderr, and the exit codes.

use std::fmt::Display;
use std::io::{self, Write};

use crate::render::harmless;

/// How a command ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Status {
    /// Something was found or done.
    Found,
    /// Nothing was.
    None,
    /// Something went wrong, though the rest was done.
    Error,
}

impl Status {
    /// Exit code, as grep's.
    #[must_use]
    pub fn code(self) -> u8 {
        match self {
            Status::Found => 0,
            Status::None => 1,
            Status::Error => 2,
        }
    }
}

/// Where messages go.
#[derive(Debug, Clone, Copy)]
pub struct Messages {
    /// Print only errors.
    pub quiet: bool,
    /// Print each skipped file.
    pub verbose: bool,
}

impl Messages {
    /// Something the user should know.
    pub fn note(self, text: impl Display) {
        if !self.quiet {
            print(&format!("note: {text}"));
        }
    }

    /// What a command did.
    pub fn status(self, text: impl Display) {
        if !self.quiet {
            print(&text.to_string());
        }
    }

    /// A file that gave nothing.
    pub fn skipped(self, path: &str, reason: &str) {
        if self.verbose && !self.quiet {
            print(&format!("{path}: {reason}"));
        }
    }

    /// Something that went wrong and did not stop the run.
    pub fn warning(self, text: impl Display) {
        print(&format!("warning: {text}"));
    }
}

/// What went wrong.
pub fn error(text: impl Display) {
    print(&format!("error: {text}"));
}

/// What helps with an error.
pub fn hint(text: impl Display) {
    print(&format!("hint: {text}"));
}

/// A message that is laid out already, such as a query error with its caret.
pub fn plain(text: impl Display) {
    print(&text.to_string());
}

fn print(text: &str) {
    // If stderr is gone there is nobody to tell.
    let lines: Vec<String> = text.split('\n').map(|line| harmless(line).into_owned()).collect();
    let _ = writeln!(io::stderr().lock(), "{}", lines.join("\n"));
}
