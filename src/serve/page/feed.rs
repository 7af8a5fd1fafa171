//! The newest hits of a query as an Atom feed (RFC 4287): an alert for every reader of feeds.

use super::parts::title;
use crate::search::{SearchOptions, Sort};
use crate::serve::call::{Call, Reply};
use crate::serve::problem::Problem;

/// Entries of a feed.
const ENTRIES: usize = 50;

/// Text of XML. Characters that XML 1.0 forbids are replaced.
fn escaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\t' | '\n' | '\r' => out.push(' '),
            c if c.is_control() || matches!(c, '\u{fffe}' | '\u{ffff}') => out.push('\u{fffd}'),
            c => out.push(c),
        }
    }
    out
}

pub(super) fn page(call: &Call<'_>) -> Result<Reply, Problem> {
    let ask = call.ask();
    let options = SearchOptions {
        limit: ENTRIES,
        per_article: 1,
        strict: !ask.any,
        sort: Sort::Newest,
        ..ask.options(call.cancel)?
    };
    let results = call.searcher.search(&ask.q, &options)?;
    Problem::of_degraded(results.degraded)?;
    let base = call.room.access.base();
    let time = |value: Option<&str>| match value {
        Some(value) if value.len() > 10 && value.contains('T') => value.to_string(),
        Some(value) => {
            let day = match value.len() {
                4 => format!("{value}-01-01"),
                7 => format!("{value}-01"),
                _ => value.chars().take(10).collect(),
            };
            format!("{day}T00:00:00Z")
        }
        None => "1970-01-01T00:00:00Z".into(),
    };
    let published =
        |hit: &crate::search::Hit| hit.article.facts.published.as_ref().map(|published| published.value.clone());
    let newest = results.hits.first().and_then(published);
    let mut out = format!(
        "<?xml version=\"1.0\" encoding=\"utf-8\"?>\n<feed xmlns=\"http://www.w3.org/2005/Atom\">\n<id>{base}{}</id>\n<title>{}</title>\n<updated>{}</updated>\n<author><name>Crosshead</name></author>\n<link rel=\"alternate\" href=\"{base}{}\"/>\n",
        escaped(ask.link("feed", &[]).as_str()),
        escaped(&format!("{} – Crosshead", ask.q)),
        time(newest.as_deref()),
        escaped(&ask.link("search", &[])),
    );
    for hit in &results.hits {
        let link = format!("{base}a/{}#p{}", hit.article.id(), hit.passage.ordinal);
        out.push_str(&format!(
            "<entry>\n<id>urn:crosshead:{}</id>\n<title>{}</title>\n<updated>{}</updated>\n<link rel=\"alternate\" href=\"{}\"/>\n<summary>{}</summary>\n",
            hit.article.id(),
            escaped(title(&hit.article)),
            time(published(hit).as_deref()),
            escaped(&link),
            escaped(&hit.snippet.text),
        ));
        if let Some(byline) = &hit.article.facts.byline {
            out.push_str(&format!("<author><name>{}</name></author>\n", escaped(byline)));
        }
        out.push_str("</entry>\n");
    }
    out.push_str("</feed>\n");
    Ok(Reply::new("application/atom+xml; charset=utf-8", out))
}
