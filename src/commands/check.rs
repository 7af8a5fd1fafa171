//! `check`: does the index match its folders?

use std::io::Write;

use anyhow::Result;

use super::{messages, stdout};
use crate::cli::{Check, Global};
use crate::index::Index;
use crate::index::check::{Standing, check};
use crate::ingest::walk::WalkOptions;
use crate::message::Status;
use crate::render::harmless;
use crate::render::json::write_line;

pub(super) fn run(global: &Global, args: &Check) -> Result<Status> {
    let index = Index::open(&global.index)?;
    let damaged = index.damaged_files()?;
    let checked = check(&index, WalkOptions { follow: args.follow, hidden: args.hidden })?;
    let mut out = stdout();
    for file in &checked {
        if args.json {
            write_line(&mut out, file)?;
        } else if file.standing != Standing::Indexed {
            let reason = file.reason.as_ref().map(|reason| format!(": {}", harmless(reason))).unwrap_or_default();
            writeln!(out, "{}\t{}{reason}", file.standing.name(), harmless(&file.path))?;
        }
    }
    for file in &damaged {
        writeln!(out, "damaged\t{}", harmless(&file.to_string_lossy()))?;
    }
    out.flush()?;
    let counts: Vec<String> = Standing::ALL
        .iter()
        .map(|standing| (standing, checked.iter().filter(|file| file.standing == *standing).count()))
        .filter(|(_, count)| *count > 0)
        .map(|(standing, count)| format!("{count} {}", standing.name()))
        .collect();
    let messages = messages(global);
    messages.status(format!("{} files: {}", checked.len(), counts.join(", ")));
    if !damaged.is_empty() {
        messages.warning("files of the index are damaged: build it again with `crosshead index --rebuild`");
        return Ok(Status::Error);
    }
    let agree = checked.iter().all(|file| file.standing.agrees());
    if !agree {
        messages.status("the index and its folders differ: `crosshead index` brings it up to date");
    }
    Ok(if agree { Status::Found } else { Status::None })
}
