//! `save` and `saved`: queries saved by name, for `@name`.

use std::io::Write;
use std::path::Path;

use anyhow::{Result, anyhow};

use crate::cli::args::{Global, Save, SavedArgs};
use crate::cli::commands::{messages, report_query_error, stdout};
use crate::cli::message::Status;
use crate::index::{Index, saved};
use crate::query::{Today, can_name_saved, parse_with};
use crate::render::harmless;
use crate::render::json::write_line;

pub(crate) fn save(global: &Global, args: &Save) -> Result<Status> {
    let index = Index::open(&global.index)?;
    let mut all = saved::read(index.path())?;
    let name = args.name.trim_start_matches('@');
    if !can_name_saved(name) {
        return Err(anyhow!("'{name}' cannot be typed behind @: use letters, digits, - and _"));
    }
    match (&args.query, args.remove) {
        (None, true) => return remove(global, index.path(), name),
        (Some(query), false) => {
            all.insert(name.to_string(), query.clone());
            // A query that cannot be parsed is not saved.
            let find = |name: &str| all.get(name).cloned();
            if let Err(error) = parse_with(query, Today::now(), &find) {
                return report_query_error(&error, query, false);
            }
        }
        _ => return Err(anyhow!("give a query to save, or --remove")),
    }
    saved::write(index.path(), &all)?;
    messages(global).status(format!("saved; search for it with @{name}"));
    Ok(Status::Found)
}

/// Removes the saved query of this name.
fn remove(global: &Global, index: &Path, name: &str) -> Result<Status> {
    let mut all = saved::read(index)?;
    if all.remove(name).is_none() {
        return Err(anyhow!("no query is saved as '{name}': `crosshead saved` lists those there are"));
    }
    saved::write(index, &all)?;
    messages(global).status(format!("removed @{name}"));
    Ok(Status::Found)
}

pub(crate) fn list(global: &Global, args: &SavedArgs) -> Result<Status> {
    if let Some(name) = &args.remove {
        return remove(global, Index::open(&global.index)?.path(), name.trim_start_matches('@'));
    }
    for path in &global.indexes {
        Index::open(path)?;
    }
    let all = saved::read_all(&global.indexes)?;
    let mut out = stdout();
    for (name, query) in &all {
        if args.json {
            write_line(&mut out, &serde_json::json!({ "name": name, "query": query }))?;
        } else {
            writeln!(out, "@{}\t{}", harmless(name), harmless(query))?;
        }
    }
    out.flush()?;
    Ok(if all.is_empty() { Status::None } else { Status::Found })
}
