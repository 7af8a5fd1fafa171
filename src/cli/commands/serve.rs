//! `serve`: a page and an HTTP API over the index, for this machine.

use std::io::{IsTerminal, Write};
use std::net::IpAddr;
use std::path::Path;
use std::time::Duration;

use anyhow::{Context, Result, bail};

use crate::cli::args::{Effort, Global, ServeArgs};
#[cfg(feature = "engine")]
use crate::cli::commands::engine;
use crate::cli::commands::index::{check_folders, sync_options, update, warn_of_failure};
use crate::cli::commands::{messages, searcher, stdout};
use crate::cli::interrupted;
use crate::cli::message::{self, Status};
use crate::follow::{FollowOptions, Followed, Follower};
use crate::index::Index;
use crate::os;
use crate::render::harmless;
use crate::serve::{Log, ServeOptions, random_token, serve};

/// Shortest token that is taken from a file.
const MIN_TOKEN: usize = 16;

pub(crate) fn run(global: &Global, args: &ServeArgs) -> Result<Status> {
    if let Some(address) = args.bind
        && !address.is_loopback()
        && args.token_file.is_none()
    {
        message::error(format!("{address} is reached by other machines: name a file with a token by --token-file"));
        message::hint("without --bind the server is reached from this machine alone");
        return Ok(Status::Error);
    }
    let token = match (&args.token_file, args.no_token) {
        (Some(file), _) => Some(read_token(file)?),
        (None, true) => None,
        (None, false) => Some(random_token()?),
    };
    check_folders(&args.folders)?;
    if !args.folders.is_empty() {
        let index = Index::open_or_create(&global.index)?;
        update(&index, &args.folders, global, sync_options(global, &args.walking, Effort::default()))?;
        #[cfg(feature = "engine")]
        engine::push(global, &index, false)?;
    }
    if interrupted().is_cancelled() {
        return Ok(Status::Error);
    }
    let searcher = searcher(global)?;
    let following = args.watch.then(|| follow(global, args));
    let messages = messages(global);
    if args.no_token {
        messages.warning("without a token every program and user of this machine can read the index");
    }
    let opens = !args.no_open && std::io::stdout().is_terminal();
    let mut is_first = true;
    let shown = args.token_file.is_none().then(|| token.clone()).flatten();
    let mut ready = |address: &str| {
        let mut out = stdout();
        // A reader that has gone does not end the server.
        let _ = writeln!(out, "{address}").and_then(|()| out.flush());
        if std::mem::take(&mut is_first) {
            if let Some(token) = &shown {
                messages.status(format!("token for programs: {token}"));
            }
            messages.status("the address works once, and a new one is printed then; Ctrl-C ends the server");
            if opens && let Err(error) = opener::open_browser(address) {
                messages.note(format!("the browser cannot be opened: {error}"));
            }
        }
    };
    let options = ServeOptions {
        port: args.port,
        bind: args.bind,
        hosts: args.allow_host.clone(),
        token,
        saves: args.allow_save,
        log: (args.log || args.log_queries).then(|| -> Log { Box::new(|line| message::plain(harmless(line))) }),
        logs_queries: args.log_queries,
        stop: interrupted(),
    };
    let place = args.bind.unwrap_or(IpAddr::from([127, 0, 0, 1]));
    let served = serve(searcher, options, &mut ready);
    if let Some(thread) = following {
        // It ends with the same flag.
        interrupted().cancel();
        let _ = thread.join();
    }
    served.with_context(|| format!("cannot listen on {place}, port {}; --port 0 takes a free one", args.port))?;
    Ok(Status::Found)
}

/// Reads the token of a file: its first line.
fn read_token(file: &Path) -> Result<String> {
    let text = std::fs::read_to_string(file)
        .map_err(|error| anyhow::anyhow!("cannot read '{}': {}", file.display(), os::sentence(&error)))?;
    let token = text.lines().next().unwrap_or("").trim().to_string();
    if token.len() < MIN_TOKEN || !token.bytes().all(|byte| byte.is_ascii_graphic() && byte != b';' && byte != b',') {
        bail!(
            "the first line of '{}' is no token: write at least {MIN_TOKEN} letters and digits, such as those of `openssl rand -hex 32`",
            file.display()
        );
    }
    Ok(token)
}

/// Keeps the index up to date on a thread of its own, until the program ends.
fn follow(global: &Global, args: &ServeArgs) -> std::thread::JoinHandle<()> {
    let mut sync = sync_options(global, &args.walking, Effort::default());
    sync.wait = true;
    let options = FollowOptions { sync, rescan: Duration::from_secs(300) };
    #[cfg(feature = "engine")]
    let begins = args.folders.is_empty();
    let (path, folders, global) = (global.index.clone(), args.folders.clone(), global.clone());
    std::thread::spawn(move || {
        let messages = messages(&global);
        let mut follower = match Follower::begin(&path, &folders, options) {
            Ok((follower, _)) => follower,
            Err(error) => {
                messages.warning(format!("{error}; the index is served as it is, and not kept up to date"));
                return;
            }
        };
        // With folders it was sent before.
        #[cfg(feature = "engine")]
        if begins {
            engine::follow(&global);
        }
        while let Some(followed) = follower.wait() {
            match followed {
                Followed::Changed(_) => {
                    #[cfg(feature = "engine")]
                    engine::follow(&global);
                }
                Followed::Unwatched { folder, reason } => {
                    messages.warning(format!("{}: {reason}; it is walked every 300 s instead", folder.display()));
                }
                Followed::Kept(failure) => warn_of_failure(&failure, &global),
                Followed::Failed(error) => messages.warning(format!("{error}; trying again")),
            }
        }
    })
}
