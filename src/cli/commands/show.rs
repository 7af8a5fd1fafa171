//! `show`: prints an article or a passage by its id.

use std::io::Write;

use anyhow::{Result, anyhow, bail};
use serde_json::json;

use crate::cli::args::{Global, Show};
use crate::cli::commands::{color, messages, output, query_error, report_query_error, searcher, stdout};
use crate::cli::message::{self, Status};
use crate::cli::pager;
use crate::model::{ArticleText, Passage};
use crate::render::Renderer;
use crate::render::harmless;
use crate::render::json::{Json, write_line};
use crate::render::text::Page;
use crate::search::marks::ArticleMarks;
use crate::search::{SearchOptions, Searcher};
use crate::vocabulary::parse_id;

pub(crate) fn run(global: &Global, args: &Show) -> Result<Status> {
    let (_, ordinal) = parse_id(&args.id).ok_or_else(|| {
        anyhow!("'{}' is no id: an id is 13 letters and digits, as search prints them, with .N for a passage", args.id)
    })?;
    let searcher = searcher(global)?;
    let Some(mut found) = searcher.article(&args.id)? else { return Ok(not_found(args)) };
    if args.like {
        return like(&searcher, global, args);
    }
    if args.duplicates {
        return duplicates(&searcher, args, &found);
    }
    if args.context > 0 && ordinal.is_none() {
        bail!("--context needs the id of a passage, such as {}.0", args.id);
    }
    let is_shown = |passage: &Passage| match ordinal {
        Some(ordinal) if passage.ordinal == ordinal => true,
        Some(ordinal) => passage.boilerplate.is_none() && passage.ordinal.abs_diff(ordinal) <= args.context,
        None => passage.boilerplate.is_none(),
    };
    let has_own = ordinal.is_none_or(|ordinal| found.passages.iter().any(|passage| passage.ordinal == ordinal));
    let matched = match &args.query {
        Some(query) => match searcher.marks_in(&found, query, SearchOptions::default()) {
            Ok(matched) => matched,
            Err(error) => return report_query_error(&query_error(error)?, query, args.json),
        },
        None => ArticleMarks::default(),
    };
    found.passages.retain(is_shown);
    if found.passages.is_empty() || !has_own {
        return Ok(not_found(args));
    }
    if args.query.is_some() && matched.passages.is_empty() {
        messages(global).note("nothing in this article matches the query");
    }
    if args.json {
        let mut out = stdout();
        write_line(&mut out, &found)?;
        out.flush()?;
    } else {
        let mut text = Vec::new();
        let page = Page { terminal: output::terminal(color(global)) };
        page.article(&mut text, &found, &matched.title, &matched.passages)?;
        pager::write(&text, !args.no_pager)?;
    }
    Ok(Status::Found)
}

fn not_found(args: &Show) -> Status {
    message::error(format!("nothing in the index has the id '{}': it changes when the article does", args.id));
    Status::None
}

/// Prints the passages that are most like it.
fn like(searcher: &Searcher, global: &Global, args: &Show) -> Result<Status> {
    let results = searcher.search(&format!("like:{}", args.id), &SearchOptions::default())?;
    let mut renderer: Box<dyn Renderer> = if args.json {
        Box::new(Json::default())
    } else {
        Box::new(Page { terminal: output::terminal(color(global)) })
    };
    let mut out = stdout();
    renderer.results(&mut out, None, &results)?;
    out.flush()?;
    Ok(if results.hits.is_empty() { Status::None } else { Status::Found })
}

/// Lists the other articles of its group of reprints.
fn duplicates(searcher: &Searcher, args: &Show, found: &ArticleText) -> Result<Status> {
    let others = searcher.reprints(&found.article)?;
    let mut out = stdout();
    for other in &others {
        if args.json {
            let published = other.facts.published.as_ref().map(|published| published.value.as_str());
            let line = json!({ "id": other.id(), "path": other.path, "record": other.record, "title": other.facts.title, "source": other.facts.source, "published": published });
            write_line(&mut out, &line)?;
        } else {
            let title = other.facts.title.as_deref().unwrap_or("");
            writeln!(out, "{}\t{}\t{}", other.id(), harmless(&other.path), harmless(title))?;
        }
    }
    out.flush()?;
    Ok(if others.is_empty() { Status::None } else { Status::Found })
}
