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
        if let Some(feature) = row.feature.filter(|feature| !feature.is_built()) {
            writeln!(out, "    left out: this program was built without support for {feature}")?;
        } else {
            for feature in row.partly.iter().filter(|feature| !feature.is_built()) {
                writeln!(out, "    left out in part: this program was built without support for {feature}")?;
            }
        }
    }
    out.flush()?;
    Ok(Status::Found)
}
