//! `formats`: lists the file formats, how each is recognised and what is read from it.

use std::io::Write;

use anyhow::Result;

use crate::cli::commands::stdout;
use crate::cli::message::Status;
use crate::ingest::format::TABLE;

pub(crate) fn run() -> Result<Status> {
    let mut out = stdout();
    for row in TABLE {
        writeln!(out, "{}\n    recognised by: {}\n    gives: {}", row.name, row.recognised, row.gives)?;
    }
    out.flush()?;
    Ok(Status::Found)
}
