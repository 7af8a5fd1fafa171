//! The program: parses the command line, runs the command, turns its end into an exit code.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::process::ExitCode;
use std::sync::Mutex;

use clap::Parser;
use crosshead::cli::args::Cli;
use crosshead::cli::message::{self, Status};

/// Indexing makes and drops many small strings on several threads.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> ExitCode {
    #[cfg(feature = "pdf")]
    {
        use crosshead::ingest::format::pdf;
        if std::env::args_os().nth(1).is_some_and(|argument| argument == pdf::READ_PDF) {
            return if pdf::serve().is_ok() { ExitCode::SUCCESS } else { ExitCode::from(Status::Error.code()) };
        }
        pdf::declare_reader();
    }
    // What a library panics over is told in our words; readers that fail are told of by their files.
    static PANIC: Mutex<String> = Mutex::new(String::new());
    std::panic::set_hook(Box::new(|panic| {
        if let Ok(mut last) = PANIC.lock() {
            let place = panic.location().map(|place| format!("{}:{}: ", place.file(), place.line()));
            *last = place.unwrap_or_default() + panic.payload_as_str().unwrap_or_default();
        }
    }));
    let cli = Cli::parse_from(crosshead::cli::args::arguments(std::env::args_os()));
    let index = cli.global.index.clone();
    let ended = catch_unwind(AssertUnwindSafe(|| crosshead::cli::commands::run(cli))).unwrap_or_else(|_| {
        let reason = PANIC.lock().map(|last| last.clone()).unwrap_or_default();
        Err(anyhow::anyhow!(
            "the index at '{0}' may be damaged: see what `crosshead check` says of it, and build it again with `crosshead index --rebuild FOLDER`; if it is whole, please report this ({reason})",
            index.display()
        ))
    });
    match ended {
        Ok(status) => ExitCode::from(status.code()),
        Err(error) if crosshead::cli::commands::is_closed_pipe(&error) => ExitCode::from(Status::Found.code()),
        Err(error) => {
            message::error(format!("{error:#}"));
            ExitCode::from(Status::Error.code())
        }
    }
}
