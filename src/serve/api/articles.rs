//! Routes of one article: its text with the marks of a query, a passage, other prints, what is like it.

use serde_json::{Value, json};

use super::answers::{ArticleAnswer, PassageAnswer, Reprint, Reprints, SectionAnswer};
use super::search::found;
use super::values::{commit, shown, utf16};
use crate::model::{Article, ArticleText, Passage};
use crate::search::marks::ArticleMarks;
use crate::serve::call::{Call, Reply};
use crate::serve::problem::Problem;
use crate::vocabulary::parse_id;

/// The article of an id, or the problem that it has gone.
pub(crate) fn article_of(call: &Call<'_>, id: &str) -> Result<ArticleText, Problem> {
    if parse_id(id).is_none() {
        let detail = "an id is 13 letters and digits, with .N for a passage, as hits have them";
        return Err(Problem::not_found(format!("'{}' is no id: {detail}", id.chars().take(60).collect::<String>())));
    }
    let found = call.searcher.article(id)?;
    found.ok_or_else(|| {
        // Commits that are still open may have it: cursors hold them.
        let earlier = call.room.commits.earlier(|searcher| searcher.article(id).ok().flatten());
        gone(id, earlier.as_ref().map(|text| &text.article))
    })
}

/// The problem of an article that has gone: where it was, if that is known, and a query for what is there now.
fn gone(id: &str, earlier: Option<&Article>) -> Problem {
    let said = format!("no article of the index has the id {id}: an id changes when the article does");
    let Some(article) = earlier else { return Problem::gone(format!("{said}; search for its title")) };
    let title = article.facts.title.as_deref().map(|title| format!(", '{title}'")).unwrap_or_default();
    // A name is searched for as a phrase, which a quotation mark would end.
    let phrase = |field: &str, text: &str| format!("{field}:\"{}\"", text.replace('"', " "));
    let suggestion = match &article.record {
        // The other records of the file are not meant.
        Some(_) => article.facts.title.as_deref().map(|title| phrase("title", title)),
        None => Some(phrase("path", &article.path)),
    };
    Problem { suggestion, ..Problem::gone(format!("{said}; it was {}{title}", article.path)) }
}

/// An article as JSON, with the marks of a query.
fn article_value(text: &ArticleText, matched: &ArticleMarks) -> Value {
    let mut object = shown(text);
    if let Some(Value::Array(passages)) = object.get_mut("passages") {
        for (value, passage) in passages.iter_mut().zip(&text.passages) {
            let marks = matched.passages.get(&passage.ordinal).cloned().unwrap_or_default();
            let of_u16 = utf16(&passage.text, &marks);
            if let Value::Object(value) = value {
                value.insert("marks".into(), json!(marks));
                value.insert("marks_u16".into(), json!(of_u16));
                value.insert("boilerplate".into(), json!(passage.boilerplate));
            }
        }
    }
    Value::Object(object)
}

fn matched_of(call: &Call<'_>, text: &ArticleText) -> Result<ArticleMarks, Problem> {
    let ask = call.ask();
    if ask.q.is_empty() {
        return match ask.pairs().first() {
            None => Ok(ArticleMarks::default()),
            Some((name, _)) => {
                Err(Problem::parameter(format!("'{name}' is for the marks of a query: give the query as 'q'")))
            }
        };
    }
    Ok(call.searcher.marks_in(text, &ask.q, call.options()?)?)
}

pub(super) fn article(call: &Call<'_>) -> Result<Reply, Problem> {
    let mut text = article_of(call, &call.path[0])?;
    let matched = matched_of(call, &text)?;
    let (from, to) = (call.values.number("from").unwrap_or(0), call.values.number("to").unwrap_or(u64::MAX));
    let last = text.passages.iter().map(|passage| u64::from(passage.ordinal)).max().unwrap_or(0);
    if from > to {
        return Err(Problem::parameter(format!("'from' is {from}, after 'to', which is {to}: swap them")));
    }
    if from > last {
        return Err(Problem::parameter(format!("'from' is {from}; the article has passages from 0 to {last}")));
    }
    text.passages.retain(|passage| (from..=to).contains(&u64::from(passage.ordinal)));
    match call.values.text("format") {
        Some("text") => return Ok(Reply::new("text/plain; charset=utf-8", plain(&text, false))),
        Some("md") => return Ok(Reply::new("text/markdown; charset=utf-8", plain(&text, true))),
        _ => {}
    }
    let marks_of = |passage: &Passage| matched.passages.get(&passage.ordinal).map_or(0, Vec::len);
    let mut sections: Vec<SectionAnswer> = Vec::new();
    for passage in text.passages.iter().filter(|passage| passage.boilerplate.is_none()) {
        match sections.last_mut().filter(|section| section.section == passage.section) {
            Some(section) => {
                section.passages += 1;
                section.marks += marks_of(passage);
            }
            None => sections.push(SectionAnswer {
                section: passage.section,
                heading: passage.heading.clone(),
                level: passage.level,
                first_passage: passage.ordinal,
                passages: 1,
                marks: marks_of(passage),
            }),
        }
    }
    Ok(Reply::json(&ArticleAnswer {
        article: article_value(&text, &matched),
        sections,
        marks: matched.passages.values().map(Vec::len).sum(),
        title_marks_u16: utf16(text.article.facts.title.as_deref().unwrap_or(""), &matched.title),
        title_marks: matched.title.clone(),
        index: commit(call, &call.searcher),
    }))
}

/// The text of an article, with its title and headings; as Markdown, with their signs.
fn plain(text: &ArticleText, is_markdown: bool) -> String {
    let mut out = String::new();
    let heading = |out: &mut String, level: usize, text: &str| {
        if is_markdown {
            out.push_str(&"#".repeat(level));
            out.push(' ');
        }
        out.push_str(text);
        out.push_str("\n\n");
    };
    if let Some(title) = &text.article.facts.title {
        heading(&mut out, 1, title);
    }
    let mut last = None;
    for passage in text.passages.iter().filter(|passage| passage.boilerplate.is_none()) {
        if last != Some(passage.section) {
            last = Some(passage.section);
            if let Some(text) = &passage.heading {
                heading(&mut out, usize::from(passage.level.clamp(1, 5)) + 1, text);
            }
        }
        out.push_str(&passage.text);
        out.push_str("\n\n");
    }
    out.truncate(out.trim_end().len());
    out.push('\n');
    out
}

pub(super) fn passage(call: &Call<'_>) -> Result<Reply, Problem> {
    let id = &call.path[0];
    let Some((_, Some(ordinal))) = parse_id(id) else {
        let detail = "the id of a passage is that of its article, a dot and a number: 9h6d533s4jst2.3";
        return Err(Problem::not_found(detail));
    };
    let mut text = article_of(call, id)?;
    if !text.passages.iter().any(|passage| passage.ordinal == ordinal) {
        return Err(Problem::not_found(format!("the article has no passage {ordinal}")));
    }
    let matched = matched_of(call, &text)?;
    let context = call.values.number("context").unwrap_or(1) as u32;
    text.passages.retain(|passage| {
        passage.ordinal == ordinal || passage.boilerplate.is_none() && passage.ordinal.abs_diff(ordinal) <= context
    });
    Ok(Reply::json(&PassageAnswer { article: article_value(&text, &matched), index: commit(call, &call.searcher) }))
}

pub(super) fn reprints(call: &Call<'_>) -> Result<Reply, Problem> {
    let text = article_of(call, &call.path[0])?;
    let most = call.values.number("n").unwrap_or(100) as usize;
    let mut prints = Vec::new();
    for print in call.searcher.reprints(&text.article)?.iter().take(most) {
        let common = match call.searcher.article(&print.id())? {
            Some(other) => crate::serve::page::common_words(&text, &other),
            None => continue,
        };
        prints.push(Reprint { article: Value::Object(shown(print.as_ref())), common });
    }
    Ok(Reply::json(&Reprints { reprints: prints, index: commit(call, &call.searcher) }))
}

pub(super) fn similar(call: &Call<'_>) -> Result<Reply, Problem> {
    let text = article_of(call, &call.path[0])?;
    let ask = call.ask();
    let query = format!("like:{}", text.article.id());
    Ok(Reply::json(&found(call, &ask, &query, call.options()?, &[], None)?))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_has_gone_is_searched_for_where_it_was() {
        let article = |title: Option<&str>, record: Option<&str>| {
            let mut article =
                Article { path: "news/a \"b\".txt".into(), record: record.map(str::to_string), ..Article::default() };
            article.facts.title = title.map(str::to_string);
            article
        };
        for (known, said, suggestion) in [
            (None, "; search for its title", None),
            (
                Some(article(Some("Ferries"), None)),
                "; it was news/a \"b\".txt, 'Ferries'",
                Some("path:\"news/a  b .txt\""),
            ),
            (
                Some(article(Some("Ferries"), Some("7"))),
                "; it was news/a \"b\".txt, 'Ferries'",
                Some("title:\"Ferries\""),
            ),
            (Some(article(None, Some("7"))), "; it was news/a \"b\".txt", None),
        ] {
            let problem = gone("0000000000000", known.as_ref());
            assert!(problem.detail.ends_with(said), "{}", problem.detail);
            assert_eq!(problem.suggestion.as_deref(), suggestion);
        }
    }
}
