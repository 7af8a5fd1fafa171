//! The program `crosshead`; see `src/cli`.

use std::process::ExitCode;

/// Indexing makes and drops many small strings on several threads.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> ExitCode {
    crosshead::internals::main()
}
