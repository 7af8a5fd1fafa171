//! `index`: brings the index up to date and prints a report.

use std::collections::BTreeSet;
use std::io::Write;
use std::path::PathBuf;
use std::sync::Arc;

use anyhow::Result;

use crate::cli::args::{Effort, Global, IndexArgs, Walking};
#[cfg(feature = "engine")]
use crate::cli::commands::engine;
use crate::cli::commands::{messages, stdout};
use crate::cli::message::{self, Status, counted};
use crate::cli::progress::Bar;
use crate::cli::{hints, interrupted};
use crate::index::merge::merge;
use crate::index::sync::{Failure, Progress, Report, SyncOptions, rebuild, sync};
use crate::index::{Index, IndexError};
use crate::ingest::ReadLimits;
use crate::ingest::walk::WalkOptions;
use crate::render::json::write_line;

pub(crate) fn run(global: &Global, args: &IndexArgs) -> Result<Status> {
    if args.folders.is_empty() && !args.rebuild && !global.index.exists() {
        return Err(IndexError::Missing(global.index.clone()).into());
    }
    check_folders(&args.folders)?;
    lower_priority(args.effort);
    let mut options = sync_options(global, &args.walking, args.effort);
    options.rehash = args.rehash;
    options.prune = args.prune;
    options.wait = args.wait;
    options.discard_added = args.discard_added;
    options.plain_segments = args.plain_segments;
    let (index, report) = if args.rebuild {
        rebuilt(global, &args.folders, options)?
    } else {
        let index =
            if args.folders.is_empty() { Index::open(&global.index)? } else { Index::open_or_create(&global.index)? };
        let report = update(&index, &args.folders, global, options)?;
        (index, report)
    };
    if args.merge && !report.interrupted {
        let lock =
            if args.wait { Index::wait_for_lock(index.path(), &interrupted())? } else { Index::lock(index.path())? };
        merge(&index, &lock)?;
    }
    if args.json {
        let mut out = stdout();
        write_line(&mut out, &report)?;
        out.flush()?;
    }
    summarise(&report, global, &index);
    #[cfg(feature = "engine")]
    let refused = match report.interrupted {
        true => false,
        false => engine::push(global, &index, args.rebuild)?.is_some_and(|pushed| !pushed.refused.is_empty()),
    };
    #[cfg(not(feature = "engine"))]
    let refused = false;
    let failed = report.failed.iter().any(|failed| !failed.kind.is_passing()) || report.interrupted;
    Ok(if failed || refused { Status::Error } else { Status::Found })
}

/// Lowers the priority of the process with `--nice`, where the system has priorities.
pub(crate) fn lower_priority(effort: Effort) {
    const STEPS: i32 = 10;
    if effort.nice {
        #[cfg(unix)]
        // A failure leaves the priority as it is.
        let _ = rustix::process::nice(STEPS);
    }
}

/// Checks that the folders exist.
pub(crate) fn check_folders(folders: &[PathBuf]) -> Result<()> {
    match folders.iter().find(|folder| !folder.exists()) {
        Some(missing) => Err(IndexError::NoFolder(missing.clone()).into()),
        None => Ok(()),
    }
}

/// The options of a run by those of the command line.
pub(crate) fn sync_options(global: &Global, walking: &Walking, effort: Effort) -> SyncOptions {
    SyncOptions {
        threads: global.threads,
        walk: WalkOptions { follow: walking.follow, hidden: walking.hidden },
        limits: ReadLimits { max_bytes: walking.max_file },
        memory: effort.memory,
        cancel: interrupted(),
        ..SyncOptions::default()
    }
}

/// Brings `index` up to date under a progress bar. Ctrl-C stops it early; what is done is committed.
pub(crate) fn update(index: &Index, folders: &[PathBuf], global: &Global, options: SyncOptions) -> Result<Report> {
    let report = with_bar(global, options, |options| sync(index, folders, options))?;
    warn_of_failures(&report, global);
    if report.interrupted {
        messages(global).warning("stopped early; what was done is committed, and the next run goes on from there");
    }
    Ok(report)
}

/// Rebuilds the index.
pub(crate) fn rebuilt(global: &Global, folders: &[PathBuf], options: SyncOptions) -> Result<(Index, Report)> {
    let (index, report) = with_bar(global, options, |options| rebuild(&global.index, folders, options))?;
    warn_of_failures(&report, global);
    Ok((index, report))
}

/// Runs `work` under a progress bar.
pub(crate) fn with_bar<T>(
    global: &Global,
    mut options: SyncOptions,
    work: impl FnOnce(&SyncOptions) -> Result<T, IndexError>,
) -> Result<T, IndexError> {
    let bar = Arc::new(Bar::new(messages(global)));
    options.progress = Arc::clone(&bar) as Arc<dyn Progress>;
    let result = work(&options);
    bar.clear();
    result
}

/// Warns of the folders and files that could not be read.
pub(crate) fn warn_of_failures(report: &Report, global: &Global) {
    report.failed.iter().for_each(|failed| warn_of_failure(failed, global));
}

/// Warns of a folder or file that could not be read.
pub(crate) fn warn_of_failure(failed: &Failure, global: &Global) {
    messages(global).warning(format!("{}: {}", failed.path, failed.reason));
    if let Some(hint) = hints::of_failure(failed.kind, &failed.path) {
        message::hint(hint);
    }
}

fn summarise(report: &Report, global: &Global, index: &Index) {
    let messages = messages(global);
    let change = if report.added + report.changed + report.removed == 0 {
        "nothing changed".to_string()
    } else {
        format!(
            "{} added, {} changed, {} removed, {} unchanged",
            report.added, report.changed, report.removed, report.unchanged
        )
    };
    messages.status(format!("{}: {change} ({:.1} s)", counted(report.files, "file"), report.seconds));
    messages.status(format!(
        "index '{}' holds {}, {}, {}",
        index.path().display(),
        counted(report.articles, "article"),
        counted(report.sections, "section"),
        counted(report.passages, "passage")
    ));
    if report.kept > 0 {
        messages
            .status(format!("{} kept although files are missing or cannot be read", counted(report.kept, "article")));
    }
    if !report.skipped.is_empty() {
        let records = report.skipped.iter().filter(|skipped| skipped.is_record).count() as u64;
        let files = report.skipped.len() as u64 - records;
        let hint = match records {
            _ if global.verbose => "",
            0 => "; -v or `crosshead check` lists them",
            // `check` compares files.
            _ => "; -v lists them",
        };
        let what = match (files, records) {
            (_, 0) => String::new(),
            (0, _) => {
                format!(": {} that {} no article", counted(records, "record"), if records == 1 { "is" } else { "are" })
            }
            _ => format!(": {}, {} without an article", counted(files, "file"), counted(records, "record")),
        };
        messages.status(format!("{} skipped{what}{hint}", report.skipped.len()));
        if global.verbose {
            for skipped in &report.skipped {
                messages.skipped(&skipped.path, &skipped.reason);
            }
            let hints = report.skipped.iter().filter_map(|skipped| hints::of_skip(&skipped.cause));
            for hint in hints.collect::<BTreeSet<_>>() {
                messages.status(format!("hint: {hint}"));
            }
        }
    }
}
