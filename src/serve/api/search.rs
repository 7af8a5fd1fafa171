//! The routes of hits: the passages that match, their numbers, the values of facts.

use std::time::{Duration, Instant};

use super::answers::{Advice, Counted, FacetAnswer, Found, Read, Total, complete};
use super::cursor::Cursor;
use super::values::{commit, hit_value};
use crate::query::{NodeKind, Note, Query};
use crate::search::{Facets, Results, SearchOptions, Searcher};
use crate::serve::ask::Ask;
use crate::serve::call::{Call, Reply};
use crate::serve::problem::Problem;
use crate::vocabulary::Facet;

fn read(ask: &Ask, query: &Query, notes: Vec<Note>) -> Read {
    Read { typed: ask.q.clone(), reading: query.to_string(), notes }
}

/// The facets of a list of names.
fn named_facets(names: &str) -> Result<Vec<Facet>, Problem> {
    let mut facets = Vec::new();
    for name in names.split(',').map(str::trim).filter(|name| !name.is_empty()) {
        let facet = facet(name)?;
        if !facets.contains(&facet) {
            facets.push(facet);
        }
    }
    Ok(facets)
}

pub(super) fn facet(name: &str) -> Result<Facet, Problem> {
    Facet::ALL.into_iter().find(|facet| facet.name() == name).ok_or_else(|| {
        let names = Facet::ALL.map(Facet::name).join(", ");
        Problem::parameter(format!(
            "there is no facet '{}'; the facets are {names}",
            name.chars().take(60).collect::<String>()
        ))
    })
}

/// Time for facets beside hits: a page waits no longer for them.
pub(crate) const FACET_TIME: Duration = Duration::from_secs(1);

/// The facets of which no value is chosen, which are counted with the hits: then what matches is visited once.
pub(crate) fn beside_hits(ask: &Ask, facets: &[Facet], options: &mut SearchOptions) {
    options.facets = facets.iter().copied().filter(|facet| ask.without_facet(*facet) == *ask).collect();
    options.facet_timeout = Some(FACET_TIME);
}

/// Counts facets, each over the query and all filters but its own: the alternatives to a value that is chosen stay in sight.
/// `known` are those that were counted with the hits. `None` for a facet whose time was up.
///
/// # Errors
///
/// An error of the search.
pub(crate) fn facets_in_context(
    searcher: &Searcher,
    ask: &Ask,
    facets: &[Facet],
    options: &SearchOptions,
    known: Vec<Facets>,
) -> Result<Vec<Option<Facets>>, Problem> {
    let mut out: Vec<Option<Facets>> = vec![None; facets.len()];
    let mut is_known = vec![false; facets.len()];
    for counted in known {
        if let Some(number) = facets.iter().position(|facet| *facet == counted.facet) {
            is_known[number] = true;
            out[number] = complete(counted.degraded).is_ok().then_some(counted);
        }
    }
    // Those without a filter of their own are counted in one pass.
    let own = |facet: Facet| ask.without_facet(facet);
    let (with_filter, without): (Vec<usize>, Vec<usize>) =
        (0..facets.len()).filter(|number| !is_known[*number]).partition(|number| own(facets[*number]) != *ask);
    let passes = with_filter.into_iter().map(|number| vec![number]).chain([without]);
    for pass in passes.filter(|pass| !pass.is_empty()) {
        let asked = own(facets[pass[0]]);
        let options = SearchOptions {
            facet_limit: options.facet_limit,
            facet_prefix: options.facet_prefix.clone(),
            whole_facets: options.whole_facets.clone(),
            timeout: Some(FACET_TIME),
            ..asked.options(&options.cancel)?
        };
        let of_pass: Vec<Facet> = pass.iter().map(|number| facets[*number]).collect();
        let query = (!asked.q.trim().is_empty()).then_some(asked.q.as_str());
        let counted = searcher.facets_together(query, &of_pass, &options)?;
        for (number, counted) in pass.into_iter().zip(counted) {
            out[number] = complete(counted.degraded).is_ok().then_some(counted);
        }
    }
    Ok(out)
}

pub(super) fn search(call: &Call<'_>) -> Result<Reply, Problem> {
    let ask = call.ask();
    let fields: Option<Vec<&str>> = call.values.text("fields").map(|names| names.split(',').map(str::trim).collect());
    if let Some(unknown) = fields.iter().flatten().find(|name| !super::documents::Hit::FIELDS.contains(name)) {
        let names = super::documents::Hit::FIELDS.join(", ");
        return Err(Problem::parameter(format!("hits have no field '{unknown}'; they have {names}")));
    }
    let facets = named_facets(call.values.text("facets").unwrap_or(""))?;
    let mut options = call.options()?;
    options.advice = call.values.flag("advice");
    options.explain = call.values.flag("explain");
    options.per_article = call.values.number("per_article").map_or(options.per_article, |most| most as usize);
    options.facet_limit = Some(10);
    let answer = found(call, &ask, &ask.q, options, &facets, fields.as_deref())?;
    Ok(Reply::json(&answer))
}

/// The hits of a query, from the commit that its cursor names.
pub(super) fn found(
    call: &Call<'_>,
    ask: &Ask,
    query: &str,
    mut options: SearchOptions,
    facets: &[Facet],
    fields: Option<&[&str]>,
) -> Result<Found, Problem> {
    let started = Instant::now();
    let n = call.values.number("n").unwrap_or(20) as usize;
    let place = Place::of(call, ask)?;
    // One more than is given, which tells whether the list goes on.
    (options.limit, options.offset) = (n + 1, place.given);
    beside_hits(ask, facets, &mut options);
    let mut results = place.searcher.search(query, &options)?;
    // The best of some of the articles are hits, and a note says that there may be more.
    complete(results.degraded.filter(|degraded| *degraded != crate::search::Degraded::Candidates))?;
    let goes_on = results.hits.len() > n;
    results.hits.truncate(n);
    let mut notes = std::mem::take(&mut results.notes);
    notes.extend(place.note());
    let advice = if results.hits.is_empty() && place.given == 0 && options.advice {
        place.searcher.relaxations(&results.query, &options)?.iter().map(Advice::from).collect()
    } else {
        Vec::new()
    };
    let known = std::mem::take(&mut results.facets);
    let facets = facets_in_context(&place.searcher, ask, facets, &options, known)?;
    let total = total(&place.searcher, query, &results, &options)?;
    let has_marks = call.values.text("highlight") != Some("none");
    let next = goes_on.then(|| place.next(call, ask, n));
    Ok(Found {
        query: read(ask, &results.query, notes),
        total,
        hits: results.hits.iter().map(|hit| hit_value(hit, fields, has_marks)).collect(),
        facets: facets.into_iter().flatten().collect(),
        advice,
        next_url: next.as_ref().map(|next| call.target_with("cursor", Some(next))),
        next,
        index: commit(call, &place.searcher),
        took_ms: started.elapsed().as_secs_f64() * 1_000.0,
    })
}

/// The numbers of what matches, with those that lack some of the plain words.
fn total(searcher: &Searcher, query: &str, results: &Results, options: &SearchOptions) -> Result<Total, Problem> {
    /// Of millions of articles with a common word, the hits do not wait for this number.
    const TIME: Duration = Duration::from_millis(100);
    // A phrase, a proximity or one word of letters has no part that could lack.
    let has_parts = match &results.query.root.kind {
        NodeKind::And(_) => true,
        NodeKind::Word(word) => !word.bytes().all(|byte| byte.is_ascii_alphanumeric()),
        _ => false,
    };
    let counts = results.counts;
    if options.any || options.strict || !has_parts {
        return Ok(Total { counts, tier_some: Some(0) });
    }
    let timeout = Some(options.timeout.map_or(TIME, |timeout| timeout.min(TIME)));
    let of_any = SearchOptions { any: true, limit: 0, offset: 0, facets: Vec::new(), timeout, ..options.clone() };
    let with_some = searcher.count(query, &of_any)?;
    let is_whole = with_some.degraded.is_none() && counts.degraded.is_none() && with_some.at_most.is_none();
    Ok(Total { counts, tier_some: is_whole.then(|| with_some.passages.saturating_sub(counts.passages)) })
}

/// Where a list begins, and on which commit.
pub(super) struct Place {
    pub searcher: Searcher,
    pub given: usize,
    /// Is the commit of the cursor no longer open?
    pub has_moved: bool,
}

impl Place {
    pub(super) fn of(call: &Call<'_>, ask: &Ask) -> Result<Place, Problem> {
        let Some(text) = call.values.text("cursor") else {
            return Ok(Place { searcher: call.searcher.clone(), given: 0, has_moved: false });
        };
        let cursor = Cursor::read(text, &question(call, ask))?;
        Ok(match call.room.commits.at(&cursor.commit) {
            Some(searcher) => Place { searcher, given: cursor.given, has_moved: false },
            None => Place { searcher: call.searcher.clone(), given: cursor.given, has_moved: true },
        })
    }

    /// The note of a list that goes on on another commit.
    pub(super) fn note(&self) -> Option<Note> {
        let message = "the index has changed since this list began; it goes on in the index as it is now";
        self.has_moved.then(|| Note::new("index-changed", message))
    }

    pub(super) fn next(&self, call: &Call<'_>, ask: &Ask, given: usize) -> String {
        Cursor { commit: self.searcher.commit(), given: self.given + given }.text(&question(call, ask))
    }
}

/// The parameters that decide what is in a list, which a cursor must share: not its page or its length.
pub(super) fn question(call: &Call<'_>, ask: &Ask) -> Vec<(String, String)> {
    let mut pairs = ask.pairs();
    pairs.push(("path".into(), call.target.split('?').next().unwrap_or("").to_string()));
    for name in ["per_article", "width", "by", "order", "sample", "seed"] {
        pairs.extend(call.values.text(name).map(|value| (name.to_string(), value.to_string())));
    }
    pairs
}

pub(super) fn count(call: &Call<'_>) -> Result<Reply, Problem> {
    let ask = call.ask();
    let options = SearchOptions { limit: 0, ..call.options()? };
    let results = call.searcher.search(&ask.q, &options)?;
    complete(results.degraded)?;
    let total = total(&call.searcher, &ask.q, &results, &options)?;
    let query = read(&ask, &results.query, results.notes);
    Ok(Reply::json(&Counted { query, total, index: commit(call, &call.searcher) }))
}

pub(super) fn facets(call: &Call<'_>) -> Result<Reply, Problem> {
    let facet = facet(&call.path[0]).map_err(|problem| Problem::not_found(problem.detail))?;
    let ask = call.ask();
    let mut options = call.options()?;
    options.facet_limit = Some(call.values.number("n").unwrap_or(20) as usize);
    options.facet_prefix = call.values.text("prefix").unwrap_or("").to_string();
    let query = (!ask.q.trim().is_empty()).then_some(ask.q.as_str());
    let mut facets = call.searcher.facets(query, facet, &options)?;
    complete(facets.degraded)?;
    let order = match (call.values.text("sort"), call.values.text("order")) {
        (Some(sort), Some(order)) if sort != order => {
            return Err(Problem::parameter("'sort' and 'order' are the same here, and differ: give one of them"));
        }
        (sort, order) => sort.or(order),
    };
    if order == Some("value") {
        facets.values.sort_by(|a, b| a.value.cmp(&b.value));
    }
    Ok(Reply::json(&FacetAnswer { facets, index: commit(call, &call.searcher) }))
}
