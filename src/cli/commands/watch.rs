//! `watch`: keeps the index up to date, and says what comes.

use std::collections::HashSet;
use std::io::Write;
use std::path::PathBuf;
use std::time::Duration;

use anyhow::{Context, Result};
use serde_json::json;

use crate::cli::args::{Format, Global, WatchArgs};
use crate::cli::commands::index::{Updating, exist, give_way, stop, update};
use crate::cli::commands::{messages, query_error, report_query_error, search, stdout};
use crate::cli::message::Status;
use crate::index::Index;
use crate::index::manifest::{Change, Manifest, changes};
use crate::index::sync::{Report, SyncOptions, sync, sync_places};
use crate::ingest::walk::WalkOptions;
use crate::ingest::{ReadLimits, SkipReason};
use crate::query::Today;
use crate::render::harmless;
use crate::render::json::write_line;
use crate::search::{SearchOptions, Session, Sort};
use crate::watch::{Batch, Watch};

/// After a failure (a full disk, a folder that is away) all is looked at again so much later.
const RETRY: Duration = Duration::from_secs(5);

pub(crate) fn run(global: &Global, args: &WatchArgs) -> Result<Status> {
    exist(&args.folders)?;
    give_way(args.effort);
    let index =
        if args.folders.is_empty() { Index::open(&global.index)? } else { Index::open_or_create(&global.index)? };
    if let Some(query) = &args.query
        && let Err(error) = Session::open(&index)?.count(query, &SearchOptions::default())
    {
        return report_query_error(&query_error(error)?, query, args.json);
    }
    // Folders are entered first, so that it is known what to watch; the watch begins before the walk, so that nothing
    // falls between the two.
    let stop = stop();
    let roots = roots(&index, &args.folders)?;
    let place = global.index.canonicalize().with_context(|| format!("cannot read '{}'", global.index.display()))?;
    let mut watch = Watch::begin(&roots, &place, args.walking.follow, Duration::from_secs(args.rescan))
        .context("cannot watch: this system tells of no changes")?;
    let since = SyncOptions::default().now;
    let (payload, manifest) = index.manifest()?;
    let generation = (index.state(), payload.generation);
    let mut told = Told { global, args, since, articles: HashSet::new(), manifest, generation };
    let how = Updating { rehash: false, wait: true, memory: args.effort.memory };
    let report = update(&index, &args.folders, global, &args.walking, how, None)?;
    drop(index);
    let messages = messages(global);
    messages.status(format!("watching {} folders with {} articles; Ctrl-C ends it", roots.len(), report.articles));
    told.tell(&Index::open(&global.index)?)?;
    loop {
        for (folder, reason) in watch.unwatched() {
            messages.warning(format!("{}: {reason}; it is walked every {} s instead", folder.display(), args.rescan));
        }
        let places = match watch.next(stop) {
            Batch::Stopped => return Ok(Status::Found),
            Batch::Everything => None,
            Batch::Paths(places) => Some(places),
        };
        match told.update(places.as_deref()) {
            Ok(report) if report.failed.is_empty() || places.is_none() => {}
            Ok(_) => watch.walk_within(RETRY),
            Err(error) if crate::cli::commands::is_closed_pipe(&error) => return Err(error),
            Err(error) => {
                messages.warning(format!("{error:#}; trying again"));
                watch.walk_within(RETRY);
            }
        }
    }
}

/// Where the folders to watch are: those named and those that the index follows.
fn roots(index: &Index, named: &[PathBuf]) -> Result<Vec<PathBuf>> {
    let mut roots: Vec<PathBuf> = index.payload()?.folders.into_iter().map(|folder| folder.absolute.into()).collect();
    for folder in named {
        roots.push(folder.canonicalize().with_context(|| format!("cannot read '{}'", folder.display()))?);
    }
    roots.sort_unstable();
    roots.dedup_by(|inner, outer| inner.starts_with(&*outer));
    if roots.is_empty() {
        return Err(crate::index::IndexError::NoFolders(index.path().to_path_buf()).into());
    }
    Ok(roots)
}

/// What was told already, of the files or of the hits.
struct Told<'a> {
    global: &'a Global,
    args: &'a WatchArgs,
    /// Hits are of articles that were added since, by this process or another.
    since: i64,
    /// Ids of the articles that were hits.
    articles: HashSet<String>,
    /// The files as they were.
    manifest: Manifest,
    generation: (u64, u64),
}

impl Told<'_> {
    /// Brings the index up to date and prints what there is to say.
    fn update(&mut self, places: Option<&[PathBuf]>) -> Result<Report> {
        let walking = &self.args.walking;
        let options = SyncOptions {
            threads: self.global.threads,
            walk: WalkOptions { follow: walking.follow, hidden: walking.hidden },
            limits: ReadLimits { max_bytes: walking.max_file },
            wait: true,
            memory: self.args.effort.memory,
            stop: stop(),
            ..SyncOptions::default()
        };
        // Another process may have built it anew.
        let index = Index::open(&self.global.index)?;
        let report = match places {
            Some(places) => sync_places(&index, places, &options)?,
            None => sync(&index, &[], &options)?,
        };
        self.tell(&Index::open(&self.global.index)?)?;
        Ok(report)
    }

    /// Prints what is new in the index.
    fn tell(&mut self, index: &Index) -> Result<()> {
        let generation = (index.state(), index.payload()?.generation);
        if generation == self.generation {
            return Ok(());
        }
        self.generation = generation;
        let (_, now) = index.manifest()?;
        let changes = changes(&self.manifest, &now);
        self.manifest = now;
        match &self.args.query {
            Some(query) => {
                let came = changes.into_iter().filter(|(_, change, _)| *change != Change::Removed);
                self.print_hits(index, query, &came.map(|(path, ..)| path).collect())
            }
            None => self.print_changes(changes),
        }
    }

    fn print_changes(&self, changes: Vec<(String, Change, Option<SkipReason>)>) -> Result<()> {
        let mut out = stdout();
        for (path, change, reason) in changes {
            let reason = reason.map(|reason| reason.to_string());
            if self.args.json {
                write_line(&mut out, &json!({ "change": change, "path": path, "skipped": reason }))?;
            } else {
                let reason = reason.map(|reason| format!("\tskipped: {}", harmless(&reason))).unwrap_or_default();
                writeln!(out, "{}\t{}{reason}", change.name(), harmless(&path))?;
            }
        }
        out.flush()?;
        Ok(())
    }

    /// Prints the hits in files that came, once each.
    fn print_hits(&mut self, index: &Index, query: &str, came: &HashSet<String>) -> Result<()> {
        if came.is_empty() {
            return Ok(());
        }
        let mut options = SearchOptions {
            limit: usize::MAX / 2,
            per_article: 1,
            strict: true,
            ungroup: true,
            sort: Sort::Path,
            today: Today::now(),
            ..SearchOptions::default()
        };
        options.filters.added_from = Some(self.since);
        let found = Session::open(index)?.search(query, &options);
        let mut results = found.map_err(|error| anyhow::anyhow!("{error}"))?;
        results.hits.retain(|hit| came.contains(&hit.article.path) && self.articles.insert(hit.article.id()));
        if results.hits.is_empty() {
            return Ok(());
        }
        let mut out = stdout();
        let format = if self.args.json { Format::Json } else { Format::Text };
        let mut renderer = search::renderer(format, false, self.global);
        renderer.begin(&mut out)?;
        renderer.results(&mut out, None, &results)?;
        out.flush()?;
        Ok(())
    }
}
