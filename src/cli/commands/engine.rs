//! The engine that is named on the command line or in the environment: connecting to it, and keeping it up to date.

use std::time::Duration;

use anyhow::{Context, Result, anyhow, bail};

use crate::cli::args::{Global, MOST_CANDIDATES};
use crate::cli::commands::messages;
use crate::cli::interrupted;
use crate::cli::message::counted;
use crate::cli::progress::Counter;
use crate::engine::EngineError;
use crate::engine::remote::{Access, Credentials, Http, NewIndex, Remote};
use crate::index::{Index, IndexError};
use crate::search::Searcher;
use crate::search::push::Pushed;

/// Longest time of one request.
const TIMEOUT: Duration = Duration::from_secs(60);

/// The first pause before a request is repeated.
const PAUSE: Duration = Duration::from_millis(200);

/// Articles that an engine refuses which are listed one by one.
const MOST_REFUSED: usize = 10;

/// The addresses of the engine that is named, if one is.
fn addresses(global: &Global) -> Vec<String> {
    let of_environment = || {
        let value = std::env::var("CROSSHEAD_ENGINE").unwrap_or_default();
        value.split([',', ' ']).filter(|address| !address.is_empty()).map(str::to_string).collect()
    };
    if global.engine.addresses.is_empty() { of_environment() } else { global.engine.addresses.clone() }
}

/// The API key, or the user and password, that the environment names.
fn credentials() -> Result<Credentials> {
    let variable = |name: &str| std::env::var(name).ok().filter(|value| !value.is_empty());
    if let Some(key) = variable("CROSSHEAD_ENGINE_API_KEY") {
        return Ok(Credentials::ApiKey(key));
    }
    match (variable("CROSSHEAD_ENGINE_USER"), variable("CROSSHEAD_ENGINE_PASSWORD")) {
        (None, None) => Ok(Credentials::None),
        (Some(user), Some(password)) => Ok(Credentials::Basic(user, password)),
        _ => bail!("CROSSHEAD_ENGINE_USER and CROSSHEAD_ENGINE_PASSWORD are set together, or neither"),
    }
}

/// How the engine that is named, if one is, is reached, and the name of the articles there.
///
/// # Errors
///
/// A sentence on an address, an archive name or credentials that cannot be used.
pub(crate) fn access(global: &Global) -> Result<Option<(Access, String)>> {
    let nodes = addresses(global);
    if nodes.is_empty() {
        return Ok(None);
    }
    let archive = &global.engine.archive;
    let is_name = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_' || c == '-';
    if archive.is_empty() || archive.len() > 100 || !archive.chars().all(is_name) {
        return Err(anyhow!("--archive '{archive}': a name has small letters, digits, '-' and '_'"));
    }
    let access = Access {
        nodes,
        credentials: credentials()?,
        ca_file: global.engine.ca_file.clone(),
        insecure: global.engine.insecure,
        timeout: TIMEOUT,
        pause: PAUSE,
    };
    Http::new(access.clone())?;
    Ok(Some((access, archive.clone())))
}

/// Connects to an engine.
///
/// # Errors
///
/// [`IndexError::Engine`] if it cannot be reached or is no engine.
pub(crate) fn open(access: Access, archive: &str) -> Result<Remote, IndexError> {
    let http = Http::new(access).expect("the access was checked");
    Ok(Remote::connect(http, archive)?)
}

/// Connects to the engine that is named, if one is.
///
/// # Errors
///
/// As [`access`] and [`open`].
pub(crate) fn connect(global: &Global) -> Result<Option<Remote>> {
    match access(global)? {
        None => Ok(None),
        Some((access, archive)) => Ok(Some(open(access, &archive)?)),
    }
}

/// Brings the engine that is named, if one is, up to date with an index.
///
/// # Errors
///
/// An error of reading the index, or of the engine.
pub(crate) fn push(global: &Global, index: &Index, rebuild: bool) -> Result<Option<Pushed>> {
    let Some(engine) = connect(global)? else { return Ok(None) };
    let new = NewIndex { shards: 1, replicas: None };
    let searcher = Searcher::of(index)?;
    let writer = index.writer_id()?;
    let cancel = interrupted();
    let counter = Counter::new(messages(global), "sent to the engine");
    let progress = |done, all| counter.show(done, all);
    // Another index may have sent to the archive, too: it is filled anew only where nobody can read it any more.
    let is_anew = rebuild && matches!(engine.check(), Err(EngineError::OtherVersion { .. }));
    let pushed = if is_anew {
        let replacement = engine.replacement(new).map_err(IndexError::from)?;
        let pushed = searcher.push(&replacement, &writer, &cancel, &progress);
        let published = match &pushed {
            Ok(pushed) if !pushed.interrupted => replacement.replace().map(|()| true),
            _ => Ok(false),
        };
        if !matches!(published, Ok(true)) {
            replacement.discard().map_err(IndexError::from)?;
        }
        match published {
            // Another index that sends to the archive has filled it anew meanwhile: its articles stay.
            Err(_) if engine.check().is_ok() => searcher.push(&engine, &writer, &cancel, &progress)?,
            Err(error) => return Err(IndexError::from(error).into()),
            Ok(_) => pushed?,
        }
    } else {
        engine.create(new).map_err(IndexError::from)?;
        searcher.push(&engine, &writer, &cancel, &progress)?
    };
    counter.clear();
    tell(global, &pushed, is_anew);
    Ok(Some(pushed))
}

/// Brings the engine that is named, if one is, up to date with the index that is followed. What fails now is made good after the
/// next change.
pub(crate) fn follow(global: &Global) {
    let pushed = Index::open(&global.index).map_err(anyhow::Error::from).and_then(|index| push(global, &index, false));
    if let Err(error) = pushed {
        messages(global).warning(format!("{error:#}; trying again after the next change"));
    }
}

/// The options that name the engine, for a program that is started with them; credentials are in its environment.
pub(crate) fn arguments(global: &Global) -> Result<Vec<String>> {
    let Some((access, archive)) = access(global)? else { return Ok(Vec::new()) };
    let mut out: Vec<String> = access.nodes.into_iter().flat_map(|node| ["--engine".to_string(), node]).collect();
    out.extend(["--archive".into(), archive]);
    if let Some(file) = access.ca_file {
        let file = std::path::absolute(file).context("the current folder is not known")?;
        out.extend(["--engine-ca".into(), file.to_string_lossy().into_owned()]);
    }
    out.extend(access.insecure.then(|| "--engine-insecure".to_string()));
    if global.engine.most != MOST_CANDIDATES {
        out.extend(["--most-candidates".into(), global.engine.most.to_string()]);
    }
    Ok(out)
}

fn tell(global: &Global, pushed: &Pushed, is_anew: bool) {
    let messages = messages(global);
    // A reason that is that of many is an error of the engine, not of the articles.
    let shown = if global.verbose { usize::MAX } else { MOST_REFUSED };
    for (path, reason) in pushed.refused.iter().take(shown) {
        messages.warning(format!("{path}: the engine refuses it: {reason}"));
    }
    if pushed.refused.len() > shown {
        messages.warning(format!("the engine refuses {} more; -v lists them", pushed.refused.len() - shown));
    }
    if pushed.interrupted && is_anew {
        let told = "stopped early; what the engine had is there as before, and the next run with --rebuild begins anew";
        return messages.warning(told);
    }
    let change = if pushed.sent + pushed.removed == 0 {
        "nothing changed".to_string()
    } else {
        format!("{} sent, {} removed", pushed.sent, pushed.removed)
    };
    let archive = &global.engine.archive;
    messages.status(format!("engine '{archive}' has {} of this index: {change}", counted(pushed.articles, "article")));
    if pushed.interrupted && is_anew {
        messages.warning(
            "stopped early; what the engine had is there as before, and the next run with --rebuild begins anew",
        );
    } else if pushed.interrupted {
        messages.warning("stopped early; what was sent is there, and the next run goes on from there");
    }
}
