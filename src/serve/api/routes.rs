//! The routes of the API: what each takes and what it answers.

use std::ops::ControlFlow;
use std::time::{Duration, Instant};

use axum::body::Body;
use axum::http::{HeaderMap, StatusCode, header};
use serde_json::{Map, Value};

use super::answers::{
    CollocatesAnswer, Commit, Concordance, Counted, FacetAnswer, Fields, Found, Health, IndexAnswer, LanguageAnswer,
    PartAnswer, PassageAnswer, Read, Reprints, Suggestion, Suggestions, TimelineAnswer, Verified, complete,
};
use super::articles::{article, passage, reprints, similar};
use super::cursor::Cursor;
use super::openapi;
use super::parameters::*;
use super::quotations::verify;
use crate::analysis::collocates::{Association, CollocateOptions, Window};
use crate::analysis::kwic::{ContextWidth, KwicOptions, KwicOrder, KwicSample};
use crate::analysis::timeline::{Interval, TimelineOptions};
use crate::model::Article;
use crate::query::{Note, Query};
use crate::search::{Facets, Hit, Mark, SearchOptions, Searcher};
use crate::serve::ask::{Ask, Q, filter_parameters};
use crate::serve::body_of;
use crate::serve::call::{Call, Reply, Route, Run};
use crate::serve::parameters::Values;
use crate::serve::problem::Problem;
use crate::vocabulary::{Facet, TextField};

/// A route and what its document says of it.
pub(crate) struct ApiRoute {
    pub route: Route,
    /// Is it answered by POST, too, with the parameters in a JSON object?
    pub is_posted: bool,
    pub summary: &'static str,
    /// The schema of a good answer.
    pub answer: openapi::Answer,
    /// May what it names be gone?
    pub names_article: bool,
}

macro_rules! reply {
    ($path:literal, $summary:literal, $answer:expr, $run:expr, $parameters:expr) => {
        ApiRoute {
            route: Route { path: $path, parameters: $parameters, run: Run::Reply($run) },
            is_posted: false,
            summary: $summary,
            answer: $answer,
            names_article: false,
        }
    };
}

/// All routes of the API.
pub(crate) static ROUTES: &[ApiRoute] = &[
    ApiRoute {
        is_posted: true,
        ..reply!(
            "/api/v1/search",
            "The passages that match a query, best first",
            openapi::json::<Found>,
            search,
            || { with(&[&N, &CURSOR, &FIELDS, &FACETS, &ADVICE, &EXPLAIN, &HIGHLIGHT, &PER_ARTICLE]) }
        )
    },
    reply!(
        "/api/v1/count",
        "The numbers of passages, sections and articles that match",
        openapi::json::<Counted>,
        count,
        || { with(&[]) }
    ),
    reply!(
        "/api/v1/facets/{name}",
        "The values of a fact among what matches, or in the whole index without a query",
        openapi::json::<FacetAnswer>,
        facets,
        || with(&[&PREFIX, &N, &SORT_VALUES])
    ),
    reply!(
        "/api/v1/timeline",
        "The articles that match up to four queries, over time",
        openapi::json::<TimelineAnswer>,
        timeline,
        || { with(&[&BY_INTERVAL, &Q2, &Q3, &Q4]) }
    ),
    reply!("/api/v1/kwic", "Occurrences of a query in context", openapi::json::<Concordance>, kwic, || {
        with(&[&N, &CURSOR, &WIDTH, &BY_UNIT, &ORDER, &SAMPLE, &SEED])
    }),
    reply!(
        "/api/v1/collocates",
        "Words near the occurrences of a query",
        openapi::json::<CollocatesAnswer>,
        collocates,
        || { with(&[&N, &WINDOW, &MIN, &MEASURE]) }
    ),
    ApiRoute {
        is_posted: true,
        names_article: true,
        ..reply!(
            "/api/v1/verify",
            "Is a quotation in the archive word for word, nearly, or not?",
            openapi::json::<Verified>,
            verify,
            || {
                let mut all = vec![&QUOTATION, &ID, &N];
                all.extend(filter_parameters());
                all
            }
        )
    },
    ApiRoute {
        names_article: true,
        ..reply!(
            "/api/v1/articles/{id}",
            "An article with its text, and the marks of a query in it",
            openapi::article,
            article,
            || { vec![&Q, &FROM, &TO, &FORMAT] }
        )
    },
    ApiRoute {
        names_article: true,
        ..reply!(
            "/api/v1/passages/{id}",
            "A passage with those around it",
            openapi::json::<PassageAnswer>,
            passage,
            || { vec![&Q, &CONTEXT] }
        )
    },
    ApiRoute {
        names_article: true,
        ..reply!(
            "/api/v1/articles/{id}/reprints",
            "Other prints of its story, the original first",
            openapi::json::<Reprints>,
            reprints,
            || { vec![&N] }
        )
    },
    ApiRoute {
        names_article: true,
        ..reply!(
            "/api/v1/articles/{id}/similar",
            "The passages that are most like it",
            openapi::json::<Found>,
            similar,
            || { vec![&N] }
        )
    },
    reply!("/api/v1/suggest", "Words or values that begin with a text", openapi::json::<Suggestions>, suggest, || {
        vec![&TEXT, &FIELD, &N]
    }),
    ApiRoute {
        route: Route { path: "/api/v1/export", parameters: export_parameters, run: Run::Export },
        is_posted: false,
        summary: "Every hit that matches the whole query, as a stream",
        answer: openapi::export,
        names_article: false,
    },
    ApiRoute {
        route: Route { path: "/api/v1/watch", parameters: watch_parameters, run: Run::Watch },
        is_posted: false,
        summary: "New hits as the index changes, as server-sent events",
        answer: openapi::events,
        names_article: false,
    },
    reply!("/api/v1/index", "What the index is of", openapi::json::<IndexAnswer>, index, Vec::new),
    reply!("/api/v1/fields", "The fields of the query language", openapi::json::<Fields>, fields, Vec::new),
    reply!("/api/v1/health", "Is the index being read?", openapi::json::<Health>, health, Vec::new),
    reply!("/api/v1/openapi.json", "This document", openapi::any, document, Vec::new),
];

/// The parameters of a POST: a JSON object with the names that GET has.
///
/// # Errors
///
/// A problem for a body that is too large or no such object.
pub(crate) async fn posted(headers: &HeaderMap, body: Body) -> Result<Vec<(String, String)>, Problem> {
    let media = headers.get(header::CONTENT_TYPE).and_then(|value| value.to_str().ok()).unwrap_or("");
    if !media.split(';').next().unwrap_or("").trim().eq_ignore_ascii_case("application/json") {
        let detail = "the parameters are a JSON object: send it as Content-Type: application/json";
        return Err(Problem::new(StatusCode::UNSUPPORTED_MEDIA_TYPE, "media", "The body is not JSON", detail));
    }
    let bytes = body_of(body).await?;
    let object: Map<String, Value> = serde_json::from_slice(&bytes)
        .map_err(|error| Problem::parameter(format!("the body is no JSON object: {error}")))?;
    let mut pairs = Vec::new();
    let one = |name: &str, value: &Value| match value {
        Value::String(text) => Ok(text.clone()),
        Value::Number(number) => Ok(number.to_string()),
        Value::Bool(flag) => Ok(if *flag { "1".into() } else { "0".into() }),
        _ => Err(Problem::parameter(format!("'{name}' is a text, a number, true or false, or a list of texts"))),
    };
    for (name, value) in &object {
        match value {
            Value::Null => {}
            Value::Array(values) => {
                for value in values {
                    pairs.push((name.clone(), one(name, value)?));
                }
            }
            value => pairs.push((name.clone(), one(name, value)?)),
        }
    }
    Ok(pairs)
}

pub(super) fn commit(call: &Call<'_>, searcher: &Searcher) -> Commit {
    Commit { commit: searcher.commit(), articles: searcher.num_articles(), trouble: call.room.commits.trouble() }
}

fn read(ask: &Ask, query: &Query, notes: Vec<Note>) -> Read {
    Read { typed: ask.q.clone(), reading: query.to_string(), notes }
}

/// The ranges of a text in UTF-16 units.
pub(crate) fn utf16(text: &str, marks: &[Mark]) -> Vec<Mark> {
    let (mut byte, mut unit) = (0, 0);
    let mut at = |to: usize| {
        // Marks are in order; one that begins before the last ended is counted from the beginning.
        if to < byte {
            (byte, unit) = (0, 0);
        }
        unit += text[byte..to].encode_utf16().count();
        byte = to;
        unit
    };
    marks.iter().map(|&(start, end)| (at(start), at(end))).collect()
}

/// A value of the library without the absolute path, which the folder may not have been named by.
pub(super) fn shown(value: &impl serde::Serialize) -> Map<String, Value> {
    match serde_json::to_value(value) {
        Ok(Value::Object(mut object)) => {
            object.shift_remove("file");
            object
        }
        _ => Map::new(),
    }
}

pub(super) fn hit_value(hit: &Hit, fields: Option<&[&str]>, has_marks: bool) -> Value {
    let mut object = shown(hit);
    let pairs = |marks: Vec<Mark>| serde_json::to_value(marks).unwrap_or_default();
    object.insert("marks_u16".into(), pairs(utf16(&hit.passage.text, &hit.marks)));
    object.insert("snippet_marks_u16".into(), pairs(utf16(&hit.snippet.text, &hit.snippet.marks)));
    object.insert("permalink".into(), Value::String(permalink(&hit.article, hit.passage.ordinal)));
    if !has_marks {
        for name in ["marks", "marks_u16", "snippet_marks", "snippet_marks_u16", "terms"] {
            object.shift_remove(name);
        }
    }
    if let Some(fields) = fields {
        object.retain(|name, _| fields.contains(&name.as_str()));
    }
    Value::Object(object)
}

/// The page of a passage.
pub(super) fn permalink(article: &Article, passage: u32) -> String {
    format!("/a/{}#p{passage}", article.id())
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

fn facet(name: &str) -> Result<Facet, Problem> {
    Facet::ALL.into_iter().find(|facet| facet.name() == name).ok_or_else(|| {
        let names = Facet::ALL.map(Facet::name).join(", ");
        Problem::parameter(format!(
            "there is no facet '{}'; the facets are {names}",
            name.chars().take(60).collect::<String>()
        ))
    })
}

/// Time for facets beside hits: a page waits no longer for them.
const FACET_TIME: Duration = Duration::from_secs(1);

/// Counts facets, each over the query and all filters but its own: the alternatives to a value that is chosen stay in sight.
/// `None` for a facet whose time was up.
///
/// # Errors
///
/// An error of the search.
pub(crate) fn facets_in_context(
    searcher: &Searcher,
    ask: &Ask,
    facets: &[Facet],
    options: &SearchOptions,
) -> Result<Vec<Option<Facets>>, Problem> {
    let mut out: Vec<Option<Facets>> = vec![None; facets.len()];
    // Those without a filter of their own are counted in one pass.
    let own = |facet: Facet| ask.without_facet(facet);
    let (with_filter, without): (Vec<usize>, Vec<usize>) =
        (0..facets.len()).partition(|number| own(facets[*number]) != *ask);
    let passes = with_filter.into_iter().map(|number| vec![number]).chain([without]);
    for pass in passes.filter(|pass| !pass.is_empty()) {
        let asked = own(facets[pass[0]]);
        let options = SearchOptions {
            facet_limit: options.facet_limit,
            facet_prefix: options.facet_prefix.clone(),
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

fn search(call: &Call<'_>) -> Result<Reply, Problem> {
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
    let mut results = place.searcher.search(query, &options)?;
    complete(results.degraded)?;
    let goes_on = results.hits.len() > n;
    results.hits.truncate(n);
    let mut notes = std::mem::take(&mut results.notes);
    notes.extend(place.note());
    let advice = if results.hits.is_empty() && place.given == 0 && options.advice {
        place.searcher.relaxations(&results.query, &options)?
    } else {
        Vec::new()
    };
    let facets = facets_in_context(&place.searcher, ask, facets, &options)?;
    let has_marks = call.values.text("highlight") != Some("none");
    let next = goes_on.then(|| place.next(call, ask, n));
    Ok(Found {
        query: read(ask, &results.query, notes),
        total: results.counts,
        hits: results.hits.iter().map(|hit| hit_value(hit, fields, has_marks)).collect(),
        facets: facets.into_iter().flatten().collect(),
        advice,
        next_url: next.as_ref().map(|next| call.target_with("cursor", Some(next))),
        next,
        index: commit(call, &place.searcher),
        took_ms: started.elapsed().as_secs_f64() * 1_000.0,
    })
}

/// Where a list begins, and on which commit.
struct Place {
    searcher: Searcher,
    given: usize,
    /// Is the commit of the cursor no longer open?
    has_moved: bool,
}

impl Place {
    fn of(call: &Call<'_>, ask: &Ask) -> Result<Place, Problem> {
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
    fn note(&self) -> Option<Note> {
        let message = "the index has changed since this list began; it goes on in the index as it is now";
        self.has_moved.then(|| Note::new("index-changed", message))
    }

    fn next(&self, call: &Call<'_>, ask: &Ask, given: usize) -> String {
        Cursor { commit: self.searcher.commit(), given: self.given + given }.text(&question(call, ask))
    }
}

/// What a list is of: all but where it begins and how much of it is given.
fn question(call: &Call<'_>, ask: &Ask) -> Vec<(String, String)> {
    let mut pairs = ask.pairs();
    pairs.push(("path".into(), call.target.split('?').next().unwrap_or("").to_string()));
    for name in ["per_article", "width", "by", "order", "sample", "seed"] {
        pairs.extend(call.values.text(name).map(|value| (name.to_string(), value.to_string())));
    }
    pairs
}

fn count(call: &Call<'_>) -> Result<Reply, Problem> {
    let ask = call.ask();
    let options = SearchOptions { limit: 0, ..call.options()? };
    let results = call.searcher.search(&ask.q, &options)?;
    complete(results.degraded)?;
    let total = results.counts;
    let query = read(&ask, &results.query, results.notes);
    Ok(Reply::json(&Counted { query, total, index: commit(call, &call.searcher) }))
}

fn facets(call: &Call<'_>) -> Result<Reply, Problem> {
    let facet = facet(&call.path[0]).map_err(|problem| Problem::not_found(problem.detail))?;
    let ask = call.ask();
    let mut options = call.options()?;
    options.facet_limit = Some(call.values.number("n").unwrap_or(20) as usize);
    options.facet_prefix = call.values.text("prefix").unwrap_or("").to_string();
    let query = (!ask.q.trim().is_empty()).then_some(ask.q.as_str());
    let mut facets = call.searcher.facets(query, facet, &options)?;
    complete(facets.degraded)?;
    if call.values.text("order") == Some("value") {
        facets.values.sort_by(|a, b| a.value.cmp(&b.value));
    }
    Ok(Reply::json(&FacetAnswer { facets, index: commit(call, &call.searcher) }))
}

fn timeline(call: &Call<'_>) -> Result<Reply, Problem> {
    let ask = call.ask();
    let queries: Vec<&str> = std::iter::once(ask.q.as_str())
        .chain(["q2", "q3", "q4"].into_iter().filter_map(|name| call.values.text(name)))
        .collect();
    let options = TimelineOptions { by: interval(call.values.text("by")), ..TimelineOptions::default() };
    let mut timelines = call.searcher.timelines(&queries, &options, &call.options()?)?.into_iter();
    let first = timelines.next().ok_or_else(|| Problem::internal("a query has no timeline"))?;
    complete(first.degraded)?;
    let others: Vec<_> = timelines.collect();
    others.iter().try_for_each(|timeline| complete(timeline.degraded))?;
    Ok(Reply::json(&TimelineAnswer { first, others, index: commit(call, &call.searcher) }))
}

/// The length of a period by its name; `None` for one that fits.
pub(crate) fn interval(name: Option<&str>) -> Option<Interval> {
    Interval::ALL.into_iter().find(|interval| Some(interval.name()) == name)
}

/// The options of a concordance, without its limit.
pub(crate) fn kwic_options(values: &Values) -> Result<KwicOptions, Problem> {
    let mut kwic = KwicOptions::default();
    let width = values.number("width").map(|width| width as usize);
    kwic.width = match values.text("by") {
        Some("chars") => ContextWidth::Characters(width.unwrap_or(40)),
        _ => ContextWidth::Words(width.unwrap_or(10)),
    };
    if let Some(order) = values.text("order") {
        kwic.order = order.parse::<KwicOrder>().map_err(|reason| Problem::parameter(format!("'order': {reason}")))?;
    }
    let seed = values.number("seed").unwrap_or(0);
    kwic.sample = values.number("sample").map(|size| KwicSample { size: size as usize, seed, per: None });
    Ok(kwic)
}

fn kwic(call: &Call<'_>) -> Result<Reply, Problem> {
    let ask = call.ask();
    let n = call.values.number("n").unwrap_or(100) as usize;
    let place = Place::of(call, &ask)?;
    let mut kwic = kwic_options(&call.values)?;
    kwic.limit = Some(place.given + n + 1);
    let mut lines = Vec::new();
    let mut seen = 0;
    let counts = place.searcher.kwic(&ask.q, &kwic, &call.options()?, &mut |line| {
        if seen >= place.given {
            lines.push(Value::Object(shown(&line)));
        }
        seen += 1;
        ControlFlow::Continue(())
    })?;
    complete(counts.degraded)?;
    let goes_on = lines.len() > n;
    lines.truncate(n);
    let next = goes_on.then(|| place.next(call, &ask, n));
    let next_url = next.as_ref().map(|next| call.target_with("cursor", Some(next)));
    Ok(Reply::json(&Concordance { counts, list: lines, next, next_url, index: commit(call, &place.searcher) }))
}

fn collocates(call: &Call<'_>) -> Result<Reply, Problem> {
    let ask = call.ask();
    let near = call.values.number("window").unwrap_or(5) as u32;
    let collocate = CollocateOptions {
        window: Window::Words { before: near, after: near },
        order: match call.values.text("measure") {
            Some("mi") => Association::MutualInformation,
            Some("logdice") => Association::LogDice,
            _ => Association::LogLikelihood,
        },
        limit: call.values.number("n").unwrap_or(50) as usize,
        min_count: call.values.number("min").unwrap_or(5),
        ..CollocateOptions::default()
    };
    let collocates = call.searcher.collocates(&ask.q, &collocate, &call.options()?)?;
    complete(collocates.degraded)?;
    Ok(Reply::json(&CollocatesAnswer { collocates, index: commit(call, &call.searcher) }))
}

fn suggest(call: &Call<'_>) -> Result<Reply, Problem> {
    let begin = call.values.text("q").unwrap_or("");
    let most = call.values.number("n").unwrap_or(10) as usize;
    let suggestions = match call.values.text("field").filter(|field| *field != "words") {
        None => {
            let words = call.searcher.words_beginning(begin, most)?;
            words.into_iter().map(|(text, count)| Suggestion { text, count }).collect()
        }
        Some(name) => {
            let mut options = call.options()?;
            (options.facet_limit, options.facet_prefix) = (Some(most), begin.to_string());
            options.timeout = Some(FACET_TIME);
            let values = call.searcher.facets(None, facet(name)?, &options)?;
            complete(values.degraded)?;
            let one = |value: &crate::search::FacetCount| Suggestion {
                text: value.value.clone(),
                count: value.counts.articles,
            };
            values.values.iter().map(one).collect()
        }
    };
    Ok(Reply::json(&Suggestions { suggestions }))
}

fn index(call: &Call<'_>) -> Result<Reply, Problem> {
    let searcher = &call.searcher;
    let (totals, extent) = (searcher.totals(), searcher.extent()?);
    let indexes = searcher.several().into_iter();
    Ok(Reply::json(&IndexAnswer {
        commit: commit(call, &call.searcher),
        folders: searcher.folders().into_iter().map(|folder| folder.name).collect(),
        indexes: indexes.map(|(name, commit, articles)| PartAnswer { name, commit, articles }).collect(),
        files: totals.files,
        skipped: totals.skipped,
        sections: totals.sections,
        passages: totals.passages,
        first: extent.first,
        last: extent.last,
        languages: searcher.languages().into_iter().map(|(code, articles)| LanguageAnswer { code, articles }).collect(),
        version: env!("CARGO_PKG_VERSION").into(),
    }))
}

fn fields(_: &Call<'_>) -> Result<Reply, Problem> {
    Ok(Reply::json(&Fields {
        fields: TextField::ALL.iter().map(|field| field.name().to_string()).collect(),
        facets: Facet::ALL.iter().map(|facet| facet.name().to_string()).collect(),
    }))
}

fn health(call: &Call<'_>) -> Result<Reply, Problem> {
    let status = if call.room.commits.trouble().is_some() { "stale" } else { "ok" };
    Ok(Reply::json(&Health { status: status.into(), index: commit(call, &call.searcher) }))
}

fn document(_: &Call<'_>) -> Result<Reply, Problem> {
    Ok(Reply::json(&openapi::document()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn marks_are_counted_as_browsers_do() {
        let text = "a𝄞é שלום 報";
        let byte = |c: char| text.find(c).expect("in the text");
        let mark = |c: char| (byte(c), byte(c) + c.len_utf8());
        assert_eq!(utf16(text, &[mark('a'), mark('𝄞'), mark('é'), mark('報')]), [(0, 1), (1, 3), (3, 4), (10, 11)]);
        assert_eq!(utf16(text, &[mark('報'), mark('a')]), [(10, 11), (0, 1)]);
    }
}
