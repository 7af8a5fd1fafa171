//! The hits of a query that came into the index last as an Atom feed (RFC 4287): an alert for every reader of feeds.

use std::collections::{BTreeSet, HashMap, HashSet};

use super::parts::title;
use crate::index::extent::arrivals;
use crate::search::{Hit, SearchOptions, Searcher, Sort};
use crate::serve::api::utc;
use crate::serve::call::{Call, Reply};
use crate::serve::problem::Problem;

/// Entries of a feed.
const ENTRIES: usize = 50;

/// Most articles already listed that a search skips. It only matters where as many copies have one id: otherwise the feed is
/// full before.
const MOST_LATER: usize = 1_000;

/// The time of what has none.
const EPOCH: &str = "1970-01-01T00:00:00Z";

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

/// A date of an article as RFC 3339 has it: with a time, and in UTC. One without an offset is taken for UTC.
fn rfc3339(value: &str) -> Option<String> {
    let day = match value.len() {
        4 => format!("{value}-01-01"),
        7 => format!("{value}-01"),
        _ => value.to_string(),
    };
    if let Ok(time) = day.parse::<jiff::Timestamp>() {
        return Some(time.to_string());
    }
    day.parse::<jiff::civil::DateTime>().ok().map(|time| format!("{time}Z"))
}

/// An article that matches, and when it was added, in seconds since 1970.
struct Entry {
    hit: Hit,
    added: Option<i64>,
}

/// The articles that match and were added last, the latest first; those that came together by publication, the newest first.
/// `times` are those at which articles were added.
fn by_arrival(
    searcher: &Searcher,
    query: &str,
    options: &SearchOptions,
    times: &BTreeSet<i64>,
) -> Result<Vec<Entry>, Problem> {
    let of = |from: i64| {
        let mut options = options.clone();
        options.filters.added_from = Some(from);
        options
    };
    let times: Vec<i64> = times.iter().rev().copied().collect();
    // By the number of a time, the articles that were added then or later.
    let mut counted: HashMap<usize, u64> = HashMap::new();
    let mut num_articles = |number: usize| -> Result<u64, Problem> {
        if let Some(known) = counted.get(&number) {
            return Ok(*known);
        }
        let counts = searcher.count(query, &of(times[number]))?;
        Problem::of_degraded(counts.degraded)?;
        counted.insert(number, counts.articles);
        Ok(counts.articles)
    };
    let mut entries: Vec<Entry> = Vec::new();
    let mut seen: HashSet<String> = HashSet::new();
    let (mut covered, mut begin) = (0, 0);
    while entries.len() < ENTRIES {
        // The next time at which an article that matches was added.
        let (mut low, mut high) = (begin, times.len());
        while low < high {
            let middle = low.midpoint(high);
            if num_articles(middle)? > covered {
                high = middle;
            } else {
                low = middle + 1;
            }
        }
        let Some(&time) = times.get(low) else { break };
        // Those that came later are among the hits, too.
        let limit = ENTRIES + usize::try_from(covered).unwrap_or(usize::MAX).min(MOST_LATER);
        (covered, begin) = (num_articles(low)?, low + 1);
        let results = searcher.search(query, &SearchOptions { limit, ..of(time) })?;
        Problem::of_degraded(results.degraded)?;
        for hit in results.hits {
            if entries.len() < ENTRIES && seen.insert(hit.article.id()) {
                entries.push(Entry { hit, added: Some(time) });
            }
        }
    }
    Ok(entries)
}

pub(super) fn page(call: &Call<'_>) -> Result<Reply, Problem> {
    let ask = call.ask();
    let options = SearchOptions {
        limit: ENTRIES,
        per_article: 1,
        strict: !ask.any,
        // An article that came today is new, also if its story is not.
        ungroup: true,
        sort: Sort::Newest,
        ..ask.options(call.cancel)?
    };
    let mut times = BTreeSet::new();
    for part in call.searcher.snapshot().parts() {
        // An index that cannot be read is told by the search.
        times.append(&mut arrivals(&part.index).unwrap_or_default());
    }
    let entries = if times.is_empty() {
        // An engine does not tell when its articles were added.
        let results = call.searcher.search(&ask.q, &options)?;
        Problem::of_degraded(results.degraded)?;
        results.hits.into_iter().map(|hit| Entry { hit, added: None }).collect()
    } else {
        by_arrival(&call.searcher, &ask.q, &options, &times)?
    };
    let base = call.room.access.base();
    let published = |entry: &Entry| rfc3339(&entry.hit.article.facts.published.as_ref()?.value);
    let updated =
        |entry: &Entry| entry.added.and_then(utc).or_else(|| published(entry)).unwrap_or_else(|| EPOCH.into());
    let last = times.last().copied().and_then(utc);
    let newest = entries.first().map(updated).or(last).unwrap_or_else(|| EPOCH.into());
    let own = escaped(&ask.link("feed", &[]));
    let mut out = format!(
        "<?xml version=\"1.0\" encoding=\"utf-8\"?>\n<feed xmlns=\"http://www.w3.org/2005/Atom\">\n<id>{base}{own}</id>\n<title>{}</title>\n<updated>{newest}</updated>\n<author><name>Crosshead</name></author>\n<link rel=\"self\" href=\"{base}{own}\"/>\n<link rel=\"alternate\" href=\"{base}{}\"/>\n",
        escaped(&format!("{} – Crosshead", ask.q)),
        escaped(&ask.link("search", &[])),
    );
    for entry in &entries {
        let hit = &entry.hit;
        let link = format!("{base}a/{}#p{}", hit.article.id(), hit.passage.ordinal);
        out.push_str(&format!(
            "<entry>\n<id>urn:crosshead:{}</id>\n<title>{}</title>\n<updated>{}</updated>\n",
            hit.article.id(),
            escaped(title(&hit.article)),
            updated(entry),
        ));
        if let Some(published) = published(entry) {
            out.push_str(&format!("<published>{published}</published>\n"));
        }
        out.push_str(&format!(
            "<link rel=\"alternate\" href=\"{}\"/>\n<summary>{}</summary>\n",
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dates_of_articles_are_times_with_an_offset() {
        for (value, expected) in [
            ("1994", Some("1994-01-01T00:00:00Z")),
            ("1994-05", Some("1994-05-01T00:00:00Z")),
            ("2017-02-16", Some("2017-02-16T00:00:00Z")),
            ("2017-02-16T10:39", Some("2017-02-16T10:39:00Z")),
            ("2017-02-16T10:39:00", Some("2017-02-16T10:39:00Z")),
            ("2017-02-16T10:39:00Z", Some("2017-02-16T10:39:00Z")),
            ("2017-02-16T10:39:00+02:00", Some("2017-02-16T08:39:00Z")),
            ("soon", None),
            ("", None),
        ] {
            assert_eq!(rfc3339(value).as_deref(), expected, "{value}");
        }
    }
}
