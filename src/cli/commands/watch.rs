//! `watch`: keeps the index up to date, and prints changes or the new hits of a query.

use std::io::Write;
use std::time::Duration;

use anyhow::Result;

use crate::cli::args::{Format, Global, WatchArgs};
#[cfg(feature = "engine")]
use crate::cli::commands::engine;
use crate::cli::commands::index::{
    check_folders, lower_priority, sync_options, warn_of_failure, warn_of_failures, with_bar,
};
use crate::cli::commands::{messages, output, query_error, report_query_error, stdout};
use crate::cli::message::{Status, counted};
use crate::follow::{FollowOptions, Followed, Follower};
use crate::index::{FileChange, Index};
use crate::render::harmless;
use crate::render::json::write_line;
use crate::search::{Alert, Searcher};

pub(crate) fn run(global: &Global, args: &WatchArgs) -> Result<Status> {
    check_folders(&args.folders)?;
    lower_priority(args.effort);
    let mut alert = match &args.query {
        None => None,
        Some(query) => {
            let index = if args.folders.is_empty() {
                Index::open(&global.index)?
            } else {
                Index::open_or_create(&global.index)?
            };
            match Alert::new(&Searcher::of(&index)?, query) {
                Ok(alert) => Some(alert),
                Err(error) => return report_query_error(&query_error(error)?, query, args.json),
            }
        }
    };
    let mut options = FollowOptions { rescan: Duration::from_secs(args.rescan), ..FollowOptions::default() };
    let mut sync = sync_options(global, &args.walking, args.effort);
    sync.wait = true;
    let (mut follower, report) = with_bar(global, sync, |sync| {
        options.sync = sync.clone();
        Follower::begin(&global.index, &args.folders, options.clone())
    })?;
    warn_of_failures(&report, global);
    let messages = messages(global);
    let (folders, articles) = (counted(follower.num_folders(), "folder"), counted(report.articles, "article"));
    messages.status(format!("watching {folders} with {articles}; Ctrl-C ends it"));
    #[cfg(feature = "engine")]
    engine::follow(global);
    while let Some(followed) = follower.wait() {
        match followed {
            Followed::Changed(changes) => {
                match &mut alert {
                    Some(alert) => print_hits(global, args, alert, &changes)?,
                    None => print_changes(args, &changes)?,
                }
                #[cfg(feature = "engine")]
                engine::follow(global);
            }
            Followed::Unwatched { folder, reason } => {
                let folder = folder.display();
                messages.warning(format!("{folder}: {reason}; it is walked every {} s instead", args.rescan));
            }
            Followed::Kept(failure) => warn_of_failure(&failure, global),
            Followed::Failed(error) => messages.warning(format!("{error}; trying again")),
        }
    }
    Ok(Status::Found)
}

fn print_changes(args: &WatchArgs, changes: &[FileChange]) -> Result<()> {
    let mut out = stdout();
    for change in changes {
        if args.json {
            write_line(&mut out, change)?;
        } else {
            let reason = change.skipped.as_deref();
            let reason = reason.map_or_else(String::new, |reason| format!("\tskipped: {}", harmless(reason)));
            writeln!(out, "{}\t{}{reason}", change.change.name(), harmless(&change.path))?;
        }
    }
    out.flush()?;
    Ok(())
}

/// Prints the new hits in files that changed.
fn print_hits(global: &Global, args: &WatchArgs, alert: &mut Alert, changes: &[FileChange]) -> Result<()> {
    let results = match alert.new_hits(&Searcher::open(&global.index)?, changes) {
        Ok(results) => results,
        Err(error) => {
            messages(global).warning(format!("{error}; trying again"));
            return Ok(());
        }
    };
    if results.hits.is_empty() {
        return Ok(());
    }
    let mut out = stdout();
    let format = if args.json { Format::Json } else { Format::Text };
    let mut renderer = output::renderer(format, false, global);
    renderer.begin(&mut out)?;
    renderer.results(&mut out, None, &results)?;
    out.flush()?;
    Ok(())
}
