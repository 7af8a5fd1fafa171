//! `show`: prints an article or a passage by its id.

use std::io::Write;

use anyhow::{Result, anyhow};
use serde_json::json;

use crate::cli::args::{Global, Show};
use crate::cli::commands::{color, search, stdout};
use crate::cli::message::{self, Status};
use crate::model::ArticleText;
use crate::render::Renderer;
use crate::render::harmless;
use crate::render::json::{Json, write_line};
use crate::render::text::Page;
use crate::search::{SearchOptions, Searcher};
use crate::vocabulary::parse_id;

pub(crate) fn run(global: &Global, args: &Show) -> Result<Status> {
    let (_, ordinal) = parse_id(&args.id).ok_or_else(|| {
        anyhow!("'{}' is no id: an id is 13 letters and digits, as search prints them, with .N for a passage", args.id)
    })?;
    let searcher = Searcher::open(&global.index)?;
    let Some(mut found) = searcher.article(&args.id)? else { return Ok(not_found(args)) };
    if args.like {
        return like(&searcher, global, args);
    }
    if args.duplicates {
        return duplicates(&searcher, args, &found);
    }
    found.passages.retain(|passage| match ordinal {
        Some(ordinal) => passage.ordinal == ordinal,
        None => passage.boilerplate.is_none(),
    });
    if found.passages.is_empty() {
        return Ok(not_found(args));
    }
    let mut out = stdout();
    if args.json {
        write_line(&mut out, &found)?
    } else {
        as_page(&mut out, &found)?
    }
    out.flush()?;
    Ok(Status::Found)
}

fn not_found(args: &Show) -> Status {
    message::error(format!("nothing in the index has the id '{}': it changes when the article does", args.id));
    Status::None
}

/// Prints the passages that are most like it.
fn like(searcher: &Searcher, global: &Global, args: &Show) -> Result<Status> {
    let results = searcher.search(&format!("like:{}", args.id), &SearchOptions::default())?;
    let mut renderer: Box<dyn Renderer> =
        if args.json { Box::new(Json) } else { Box::new(Page { terminal: search::terminal(color(global)) }) };
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

fn as_page(out: &mut dyn Write, found: &ArticleText) -> Result<()> {
    let ArticleText { article, passages, copies, .. } = found;
    let facts = &article.facts;
    if let Some(title) = &facts.title {
        writeln!(out, "{}", harmless(title))?;
    }
    let published = facts.published.as_ref().map(|published| published.value.clone());
    let about: Vec<String> = [&facts.source, &published, &facts.byline, &facts.desk]
        .into_iter()
        .flatten()
        .map(|fact| harmless(fact).into_owned())
        .collect();
    if !about.is_empty() {
        writeln!(out, "{}", about.join(" · "))?;
    }
    let location =
        article.record.as_ref().map_or_else(|| article.path.clone(), |record| format!("{}#{record}", article.path));
    writeln!(out, "{}  {}", harmless(&location), article.id())?;
    for copy in copies {
        writeln!(out, "same bytes: {}", harmless(&copy.path))?;
    }
    let mut section = None;
    for passage in passages {
        if section != Some(passage.section)
            && let Some(heading) = &passage.heading
        {
            writeln!(out, "\n§ {}", harmless(heading))?;
        }
        section = Some(passage.section);
        writeln!(out)?;
        for line in passage.text.lines() {
            writeln!(out, "{}", harmless(line))?;
        }
    }
    Ok(())
}
