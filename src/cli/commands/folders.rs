//! `folders`: lists the folders that the index follows, moves one or removes one.

use std::io::Write;

use anyhow::Result;

use crate::cli::args::{Folders, Global};
use crate::cli::commands::{messages, reading, stdout};
use crate::cli::message::{Status, counted};
use crate::index::sync::folders::{move_folder, remove_folder};
use crate::index::{Index, WriteLock};
use crate::render::harmless;
use crate::render::json::write_line;

pub(crate) fn run(global: &Global, args: &Folders) -> Result<Status> {
    if let Some([old, new]) = args.moved.as_deref() {
        let lock = lock(global)?;
        move_folder(&Index::open(&global.index)?, old, new, &lock)?;
        messages(global).status(format!(
            "'{}' is now '{}'; `crosshead index` looks for what differs",
            old.display(),
            new.display()
        ));
        return Ok(Status::Found);
    }
    if let Some(folder) = &args.remove {
        let lock = lock(global)?;
        let articles = remove_folder(&Index::open(&global.index)?, folder, &lock)?;
        let articles = counted(articles, "article");
        messages(global).status(format!("'{}' is no longer followed; {articles} left the index", folder.display()));
        return Ok(Status::Found);
    }
    let folders = reading(global, Index::payload)?.folders;
    let mut out = stdout();
    for folder in &folders {
        if args.json {
            let line = serde_json::json!({ "name": folder.name, "path": folder.absolute, "files": folder.files, "articles": folder.articles, "follow": folder.walk.follow, "hidden": folder.walk.hidden });
            write_line(&mut out, &line)?;
        } else {
            let (name, path) = (harmless(&folder.name), harmless(&folder.absolute));
            let there = if std::path::Path::new(&folder.absolute).exists() { "" } else { "\tnot there" };
            writeln!(out, "{name}\t{}\t{}{there}", folder.articles, path)?;
        }
    }
    out.flush()?;
    Ok(if folders.is_empty() { Status::None } else { Status::Found })
}

/// The lock of an existing index.
fn lock(global: &Global) -> Result<WriteLock> {
    Index::open(&global.index)?;
    Ok(Index::lock(&global.index)?)
}
