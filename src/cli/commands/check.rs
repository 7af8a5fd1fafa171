//! `check`: does the index match its folders? `--repair` makes it match.

use std::io::Write;

use anyhow::Result;

use crate::cli::args::{Check, Effort, Global, Walking};
use crate::cli::commands::index::{rebuilt, sync_options, update};
use crate::cli::commands::{messages, reading, stdout};
use crate::cli::message::{self, Status, counted};
use crate::index::check::{Checked, FileStatus, check};
use crate::index::{Index, IndexError};
use crate::render::harmless;
use crate::render::json::write_line;

pub(crate) fn run(global: &Global, args: &Check) -> Result<Status> {
    let found = match find(global) {
        Ok(found) => found,
        Err(error) if args.repair && can_be_rebuilt(&error) => {
            messages(global).warning(format!("{error:#}"));
            return repair(global, args, true);
        }
        Err(error) => return Err(error),
    };
    let Found { checked, damaged } = &found;
    let mut out = stdout();
    for file in checked {
        if args.json {
            write_line(&mut out, file)?;
        } else if file.status != FileStatus::Indexed {
            let reason = file.reason.as_ref().map_or_else(String::new, |reason| format!(": {}", harmless(reason)));
            writeln!(out, "{}\t{}{reason}", file.status.name(), harmless(&file.path))?;
        }
    }
    for file in damaged {
        if args.json {
            write_line(&mut out, &serde_json::json!({ "path": file, "standing": "damaged" }))?;
        } else {
            writeln!(out, "damaged\t{}", harmless(file))?;
        }
    }
    out.flush()?;
    let counts: Vec<String> = FileStatus::ALL
        .iter()
        .map(|status| (status, checked.iter().filter(|file| file.status == *status).count()))
        .filter(|(_, count)| *count > 0)
        .map(|(status, count)| format!("{count} {}", status.name()))
        .collect();
    let messages = messages(global);
    let files = checked.iter().filter(|file| file.status != FileStatus::Stray).count();
    messages.status(format!("{}: {}", counted(files, "file"), counts.join(", ")));
    let is_damaged = !damaged.is_empty() || checked.iter().any(|file| file.status.is_damage());
    let agree = checked.iter().all(|file| file.status.agrees());
    if args.repair && (is_damaged || !agree) {
        return repair(global, args, is_damaged);
    }
    if is_damaged {
        messages.warning("the index is damaged: `crosshead check --repair` builds it anew");
        return Ok(Status::Error);
    }
    if checked.iter().any(|file| file.is_hidden_change) {
        message::hint("files of the same size and time have other contents: `crosshead index --rehash` reads them");
    }
    let kept: u64 = checked.iter().map(|file| file.kept).sum();
    if kept > 0 {
        messages.warning(format!("{} kept of files that vanished with their folder", counted(kept, "article")));
        message::hint("if they are gone for good: `crosshead index --prune`");
    }
    if checked.iter().any(|file| !file.status.agrees() && file.status != FileStatus::Kept) {
        messages.status("the index and its folders differ: `crosshead check --repair` brings it up to date");
    }
    Ok(if agree { Status::Found } else { Status::None })
}

struct Found {
    checked: Vec<Checked>,
    /// Damaged files of the index.
    damaged: Vec<String>,
}

fn find(global: &Global) -> Result<Found> {
    reading(global, |index| {
        let damaged = index.damaged_files()?;
        let checked = match check(index) {
            // The damaged files explain the error.
            Err(IndexError::Damaged { .. } | IndexError::Io { .. }) if !damaged.is_empty() => Vec::new(),
            other => other?,
        };
        Ok(Found { checked, damaged: damaged.iter().map(|file| file.to_string_lossy().into_owned()).collect() })
    })
}

/// Is it an error that rebuilding the index repairs?
fn can_be_rebuilt(error: &anyhow::Error) -> bool {
    matches!(
        error.downcast_ref(),
        Some(
            IndexError::Damaged { .. }
                | IndexError::OtherVersion { .. }
                | IndexError::Panicked { .. }
                | IndexError::Io { act: "read or write", .. }
        )
    )
}

/// Rebuilds a damaged index; brings another up to date by the contents of files.
fn repair(global: &Global, args: &Check, damaged: bool) -> Result<Status> {
    let walking = Walking { follow: args.follow, hidden: args.hidden, max_file: args.max_file };
    let mut options = sync_options(global, &walking, Effort::default());
    options.rehash = true;
    let report = if damaged {
        rebuilt(global, &[], options)?.1
    } else {
        update(&Index::open(&global.index)?, &[], global, options)?
    };
    let what = if damaged { "built anew" } else { "brought up to date" };
    messages(global).status(format!("the index was {what}: {}", counted(report.articles, "article")));
    let whole = report.failed.is_empty() && !report.interrupted;
    Ok(if whole { Status::Found } else { Status::Error })
}
