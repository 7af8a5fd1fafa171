//! The program: arguments, commands, messages, and hints on the options that help with an error.

pub(crate) mod args;
pub(crate) mod commands;
mod hints;
pub(crate) mod message;
mod pager;
mod place;
mod progress;

use std::ffi::OsString;
use std::panic::AssertUnwindSafe;
use std::process::ExitCode;
use std::sync::{Mutex, OnceLock};

use clap::Parser as _;
use clap::error::{ContextKind, ContextValue};

use crate::cancel::CancelFlag;
use message::Status;

pub(crate) use args::*;

/// Runs the program and returns its exit code.
pub fn main() -> ExitCode {
    #[cfg(feature = "pdf")]
    {
        use crate::ingest::format::pdf;
        if std::env::args_os().nth(1).is_some_and(|argument| argument == pdf::READ_PDF) {
            return if pdf::serve().is_ok() { ExitCode::SUCCESS } else { ExitCode::from(Status::Error.code()) };
        }
        pdf::declare_reader();
    }
    // Panics become errors of the calls or files that they happen in; the default report is not printed.
    static PANIC: Mutex<String> = Mutex::new(String::new());
    std::panic::set_hook(Box::new(|panic| {
        if let Ok(mut last) = PANIC.lock() {
            let location = panic.location().map_or(String::new(), |at| format!("{}:{}: ", at.file(), at.line()));
            *last = location + panic.payload_as_str().unwrap_or("");
        }
    }));
    let arguments: Vec<OsString> = args::arguments(std::env::args_os()).collect();
    let cli = match Cli::try_parse_from(&arguments) {
        Ok(cli) => cli,
        Err(error) => return refuse(&error, &arguments),
    };
    let result = std::panic::catch_unwind(AssertUnwindSafe(|| commands::run(cli))).unwrap_or_else(|_| {
        let reason = PANIC.lock().map_or(String::new(), |last| last.clone());
        Err(anyhow::anyhow!("crosshead failed ({reason}): please report this"))
    });
    match result {
        Ok(status) => ExitCode::from(status.code()),
        Err(error) if commands::is_closed_pipe(&error) => ExitCode::from(Status::Found.code()),
        Err(error) if is_full_output(&error) => {
            message::error("there is no room for the output: it is cut short");
            message::hint("make room, or print less");
            ExitCode::from(Status::Error.code())
        }
        Err(error) => {
            message::error(format!("{error:#}"));
            if let Some(hint) = hints::of(&error) {
                message::hint(hint);
            }
            ExitCode::from(Status::Error.code())
        }
    }
}

/// Did the output not fit where it is written? Errors of other files say which file it was.
fn is_full_output(error: &anyhow::Error) -> bool {
    let is_bare = error.chain().count() == 1;
    error.downcast_ref::<std::io::Error>().is_some_and(|error| is_bare && crate::os::is_full(error.kind()))
}

/// Reports a command line that cannot be parsed, or prints the help that it asks for. A first word that is no command, and
/// not nearly one, begins a query.
fn refuse(error: &clap::Error, arguments: &[OsString]) -> ExitCode {
    let word = match error.get(ContextKind::InvalidSubcommand) {
        Some(ContextValue::String(word)) if error.get(ContextKind::SuggestedSubcommand).is_none() => word,
        _ => error.exit(),
    };
    message::error(format!("there is no command '{word}'"));
    let words = arguments.iter().map(|argument| argument.to_string_lossy().into_owned());
    let words: Vec<String> =
        words.skip(1).skip_while(|argument| argument != word).filter(|argument| !argument.starts_with('-')).collect();
    message::hint(hints::of_no_command(&words));
    message::hint("`crosshead help` lists the commands");
    ExitCode::from(Status::Error.code())
}

/// A flag that is set by Ctrl-C, or when the process is asked to terminate.
pub(crate) fn interrupted() -> CancelFlag {
    static INTERRUPTED: OnceLock<CancelFlag> = OnceLock::new();
    let flag = INTERRUPTED.get_or_init(|| {
        let flag = CancelFlag::new();
        let set = flag.clone();
        // Without a handler Ctrl-C ends the process at once; earlier commits are kept.
        let _ = ctrlc::set_handler(move || {
            // The second time, the commit is not waited for.
            if set.is_cancelled() {
                std::process::exit(130);
            }
            set.cancel();
        });
        flag
    });
    flag.clone()
}
