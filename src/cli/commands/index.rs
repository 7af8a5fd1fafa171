//! `index`: brings the index up to date and says what happened.

use std::io::{IsTerminal, Write};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use anyhow::{Result, anyhow};
use indicatif::{ProgressBar, ProgressStyle};

use crate::cli::args::{Effort, Global, IndexArgs, Walking};
use crate::cli::commands::{messages, stdout};
use crate::cli::message::{Messages, Status};
use crate::index::sync::{Progress, Report, SyncOptions, sync, sync_locked};
use crate::index::{FollowedFolder, Index, IndexError, WriteLock};
use crate::ingest::ReadLimits;
use crate::ingest::walk::WalkOptions;
use crate::render::json::write_line;

pub(crate) fn run(global: &Global, args: &IndexArgs) -> Result<Status> {
    if args.folders.is_empty() && !args.rebuild && !global.index.exists() {
        return Err(IndexError::Missing(global.index.clone()).into());
    }
    exist(&args.folders)?;
    give_way(args.effort);
    let how = Updating { rehash: args.rehash, wait: args.wait, memory: args.effort.memory };
    let (index, report) = if args.rebuild {
        rebuild(global, &args.folders, &args.walking, how)?
    } else {
        let index =
            if args.folders.is_empty() { Index::open(&global.index)? } else { Index::open_or_create(&global.index)? };
        let report = update(&index, &args.folders, global, &args.walking, how, None)?;
        (index, report)
    };
    if args.json {
        let mut out = stdout();
        write_line(&mut out, &report)?;
        out.flush()?;
    }
    summarise(&report, global, &index);
    let failed = !report.failed.is_empty() || report.interrupted;
    Ok(if failed { Status::Error } else { Status::Found })
}

/// Lets other programs go first, where the system can be told.
pub(crate) fn give_way(effort: Effort) {
    const STEPS: i32 = 10;
    if effort.nice {
        #[cfg(unix)]
        // Who may not is no worse off.
        let _ = rustix::process::nice(STEPS);
    }
}

/// Are the folders named there?
pub(crate) fn exist(folders: &[PathBuf]) -> Result<()> {
    match folders.iter().find(|folder| !folder.exists()) {
        Some(missing) => Err(IndexError::NoFolder(missing.clone()).into()),
        None => Ok(()),
    }
}

/// Builds an index anew beside the one that is there, and puts it into its place: of the folders named, or of those
/// that the index followed. Who searches meanwhile sees the one that is there.
pub(crate) fn rebuild(
    global: &Global,
    folders: &[PathBuf],
    walking: &Walking,
    how: Updating,
) -> Result<(Index, Report)> {
    let path = &global.index;
    let mut folders = folders.to_vec();
    if folders.is_empty() {
        let known = Index::known_folders(path);
        let place = |folder: FollowedFolder| {
            let seen_from_here = Path::new(&folder.name).canonicalize();
            let same = seen_from_here.is_ok_and(|place| place == Path::new(&folder.absolute));
            PathBuf::from(if same { folder.name } else { folder.absolute })
        };
        folders = known.into_iter().map(place).collect();
        if folders.is_empty() {
            return Err(anyhow!(
                "cannot tell which folders the index at '{}' follows: name them, as in `crosshead index --rebuild FOLDER`",
                path.display()
            ));
        }
    }
    exist(&folders)?;
    let lock = if how.wait { Index::wait_for_lock(path, stop())? } else { Index::lock(path)? };
    let had_index = Index::open(path).is_ok();
    let new = Index::replacement(path, &lock)?;
    match update(&new, &folders, global, walking, how, Some(&lock)) {
        Ok(report) if report.interrupted && had_index => {
            new.discard(&lock);
            Err(anyhow!("stopped early; the index at '{}' is as it was", path.display()))
        }
        Ok(report) => Ok((new.publish(&lock)?, report)),
        Err(error) => {
            new.discard(&lock);
            Err(error)
        }
    }
}

/// Set by Ctrl-C, or when the process is asked to end.
pub(crate) fn stop() -> &'static AtomicBool {
    static STOP: AtomicBool = AtomicBool::new(false);
    // A second handler is refused; then the first one, which does the same, stands.
    let _ = ctrlc::set_handler(|| {
        // The second time, do not wait for the commit: what was committed before is safe.
        if STOP.swap(true, Ordering::SeqCst) {
            std::process::exit(130);
        }
    });
    &STOP
}

/// What is done beside the ordinary.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Updating {
    /// Compare contents also where size and time are the same.
    pub(crate) rehash: bool,
    /// Wait while another process writes.
    pub(crate) wait: bool,
    /// Memory of the writer in bytes, if not the ordinary.
    pub(crate) memory: Option<u64>,
}

/// Brings `index` up to date, with a progress bar on a terminal; `lock` is its lock, if that is held. Ctrl-C stops it
/// early; what is done is committed.
pub(crate) fn update(
    index: &Index,
    folders: &[PathBuf],
    global: &Global,
    walking: &Walking,
    how: Updating,
    lock: Option<&WriteLock>,
) -> Result<Report> {
    let progress = Bar::new(messages(global));
    let options = SyncOptions {
        threads: global.threads,
        walk: WalkOptions { follow: walking.follow, hidden: walking.hidden },
        limits: ReadLimits { max_bytes: walking.max_file },
        rehash: how.rehash,
        wait: how.wait,
        memory: how.memory,
        progress: &progress,
        stop: stop(),
        ..SyncOptions::default()
    };
    let result = match lock {
        Some(lock) => sync_locked(index, folders, &options, lock),
        None => sync(index, folders, &options),
    };
    progress.bar.finish_and_clear();
    let report = result?;
    for failed in &report.failed {
        messages(global).warning(format!("{}: {}", failed.path, failed.reason));
    }
    if report.interrupted && lock.is_none() {
        messages(global).warning("stopped early; what was done is committed, and the next run goes on from there");
    }
    Ok(report)
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
    messages.status(format!("{} files: {change} ({:.1} s)", report.files, report.seconds));
    messages.status(format!(
        "index '{}' holds {} articles, {} sections, {} passages",
        index.path().display(),
        report.articles,
        report.sections,
        report.passages
    ));
    if !report.skipped.is_empty() {
        let hint = if global.verbose { "" } else { "; -v or `crosshead check` lists them" };
        messages.status(format!("{} skipped{hint}", report.skipped.len()));
        if global.verbose {
            for skipped in &report.skipped {
                messages.skipped(&skipped.path, &skipped.reason);
            }
        }
    }
}

/// A bar with files, speed and time left; hidden unless stderr is a terminal.
struct Bar {
    bar: ProgressBar,
}

impl Bar {
    fn new(messages: Messages) -> Bar {
        let hidden = messages.quiet || !std::io::stderr().is_terminal();
        Bar { bar: if hidden { ProgressBar::hidden() } else { ProgressBar::no_length() } }
    }
}

impl Progress for Bar {
    fn start(&self, files: u64, bytes: u64) {
        // A template of this module's own is always valid; the default bar is no worse than a failed run.
        if let Ok(style) = ProgressStyle::with_template("{bar:30} {msg} of {prefix} files, {bytes_per_sec}, {eta} left")
        {
            self.bar.set_style(style);
        }
        self.bar.set_prefix(files.to_string());
        self.bar.set_message("0");
        self.bar.set_length(bytes.max(1));
        self.bar.enable_steady_tick(Duration::from_millis(200));
    }

    fn advance(&self, bytes: u64) {
        if self.bar.is_hidden() {
            return;
        }
        self.bar.inc(bytes);
        let done: u64 = self.bar.message().parse().unwrap_or(0);
        self.bar.set_message((done + 1).to_string());
    }

    fn finish(&self) {
        self.bar.set_message("all");
    }
}
