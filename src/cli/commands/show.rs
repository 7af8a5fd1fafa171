//! `show`: an article or a passage by its id.

use std::io::Write;

use anyhow::{Result, anyhow};
use serde_json::json;

use crate::cli::args::{Global, Show};
use crate::cli::commands::{color, stdout};
use crate::cli::message::Status;
use crate::index::Index;
use crate::model::{Article, ArticleText, Passage};
use crate::render::Renderer;
use crate::render::harmless;
use crate::render::json::{Json, write_line};
use crate::render::text::Page;
use crate::search::{SearchOptions, Session};
use crate::vocabulary::parse_id;

pub(crate) fn run(global: &Global, args: &Show) -> Result<Status> {
    let (hash, ordinal) = parse_id(&args.id).ok_or_else(|| {
        anyhow!("'{}' is no id: an id is 13 letters and digits, as search prints them, with .N for a passage", args.id)
    })?;
    let index = Index::open(&global.index)?;
    let session = Session::open(&index)?;
    let found = session.show(hash)?;
    let mut out = stdout();
    if args.like && !found.is_empty() {
        let results = session.search(&format!("like:{}", args.id), &SearchOptions::default());
        let results = results.map_err(|error| anyhow!("{error}"))?;
        let mut renderer: Box<dyn Renderer> = if args.json {
            Box::new(Json)
        } else {
            Box::new(Page { terminal: crate::cli::commands::search::terminal(color(global)) })
        };
        renderer.results(&mut out, None, &results)?;
        out.flush()?;
        return Ok(if results.hits.is_empty() { Status::None } else { Status::Found });
    }
    if args.duplicates
        && let Some((article, _)) = found.first()
    {
        let others = session.duplicates_of(article)?;
        for other in &others {
            if args.json {
                let published = other.facts.published.as_ref().map(|published| published.value.as_str());
                let line = json!({ "id": other.id(), "path": other.path, "record": other.record, "title": other.facts.title, "source": other.facts.source, "published": published });
                write_line(&mut out, &line)?;
            } else {
                let title = other.facts.title.as_deref().unwrap_or_default();
                writeln!(out, "{}\t{}\t{}", other.id(), harmless(&other.path), harmless(title))?;
            }
        }
        out.flush()?;
        return Ok(if others.is_empty() { Status::None } else { Status::Found });
    }
    let mut shown = false;
    if let Some((article, passages)) = found.first() {
        let wanted: Vec<&Passage> = passages
            .iter()
            .filter(|passage| match ordinal {
                Some(ordinal) => passage.ordinal == ordinal,
                None => passage.boilerplate.is_none(),
            })
            .collect();
        shown = !wanted.is_empty();
        if shown {
            let copies: Vec<&str> = found.iter().skip(1).map(|(article, _)| article.path.as_str()).collect();
            if args.json {
                {
                    let copies = found.iter().skip(1).map(|(article, _)| article.clone().into()).collect();
                    let passages = wanted.into_iter().cloned().collect();
                    write_line(&mut out, &ArticleText { article: article.clone(), passages, copies })?;
                }
            } else {
                as_page(&mut out, article, &wanted, &copies)?
            }
        }
    }
    out.flush()?;
    if !shown {
        crate::cli::message::error(format!(
            "nothing in the index has the id '{}': it changes when the article does",
            args.id
        ));
        return Ok(Status::None);
    }
    Ok(Status::Found)
}

fn as_page(out: &mut dyn Write, article: &Article, passages: &[&Passage], copies: &[&str]) -> Result<()> {
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
        writeln!(out, "same bytes: {}", harmless(copy))?;
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
