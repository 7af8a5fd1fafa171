//! The program: parses the command line, runs the command, turns its end into an exit code.

use std::io;
use std::process::ExitCode;

use clap::Parser;
use crosshead::cli::Cli;
use crosshead::message::{self, Status};

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
        // Without a path to this program documents are read in this process.
        let _ = std::env::current_exe().map(pdf::isolate);
    }
    match crosshead::commands::run(Cli::parse_from(crosshead::cli::arguments(std::env::args_os()))) {
        Ok(status) => ExitCode::from(status.code()),
        Err(error) if is_closed_pipe(&error) => ExitCode::from(Status::Found.code()),
        Err(error) => {
            message::error(format!("{error:#}"));
            ExitCode::from(Status::Error.code())
        }
    }
}

/// Did the reader of our output go away? That is its right.
fn is_closed_pipe(error: &anyhow::Error) -> bool {
    error
        .chain()
        .any(|cause| cause.downcast_ref::<io::Error>().is_some_and(|error| error.kind() == io::ErrorKind::BrokenPipe))
}
