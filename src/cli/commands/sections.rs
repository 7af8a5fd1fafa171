//! `sections`: prints how files are read and split.

use std::io::Write;

use anyhow::Result;

use crate::cli::args::Sections;
use crate::cli::commands::stdout;
use crate::cli::message::{self, Status};
use crate::ingest::ReadLimits;
use crate::model::Outline;
use crate::outline::outlines;
use crate::render::json::write_line;
use crate::render::sections::page;

pub(crate) fn run(args: &Sections) -> Result<Status> {
    let limits = ReadLimits { max_bytes: args.max_file };
    let mut out = stdout();
    let mut status = Status::Found;
    for file in &args.files {
        let path = file.to_string_lossy();
        let mut written = Ok(());
        let read = outlines(file, limits, args.explain, &mut |outline| match outline {
            Err(bad) => message::error(format!("{path}: {}: {}", bad.position, bad.reason)),
            Ok(outline) if written.is_ok() => {
                warn_of_mojibake(&outline);
                written = if args.json { write_line(&mut out, &outline) } else { page(&mut out, &outline) };
            }
            Ok(_) => {}
        });
        written?;
        if let Err(reason) = read {
            message::error(format!("{path}: {reason}"));
            status = Status::Error;
        }
    }
    out.flush()?;
    Ok(status)
}

fn warn_of_mojibake(outline: &Outline) {
    if let Some((word, meant)) = &outline.mojibake {
        let record = outline.record.as_deref().map_or(String::new(), |record| format!("#{record}"));
        message::plain(format!(
            "warning: {}{record}: the text was read in a wrong encoding before it was saved ({word} for {meant}); it is left as it is",
            outline.path
        ));
    }
}
