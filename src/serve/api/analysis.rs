//! The routes of what is counted and listed over all that matches: over time, in context, words near.

use std::ops::ControlFlow;

use serde_json::{Value, json};

use super::answers::{CollocatesAnswer, Concordance, TimelineAnswer, complete};
use super::search::Place;
use super::values::{commit, shown, utf16};
use crate::analysis::collocates::{Association, CollocateOptions, Window};
use crate::analysis::kwic::{ContextWidth, KwicLine, KwicOptions, KwicOrder, KwicSample};
use crate::analysis::timeline::{Interval, Timeline, TimelineOptions};
use crate::serve::call::{Call, Reply};
use crate::serve::parameters::Values;
use crate::serve::problem::Problem;

pub(super) fn timeline(call: &Call<'_>) -> Result<Reply, Problem> {
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
    let shares = |timeline: &Timeline| timeline.buckets.iter().map(|bucket| bucket.count.per_thousand()).collect();
    let per_thousand = match call.values.flag("rel") {
        true => std::iter::once(&first).chain(&others).map(shares).collect(),
        false => Vec::new(),
    };
    Ok(Reply::json(&TimelineAnswer { first, others, per_thousand, index: commit(call, &call.searcher) }))
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

pub(super) fn kwic(call: &Call<'_>) -> Result<Reply, Problem> {
    let ask = call.ask();
    let n = call.values.number("n").unwrap_or(100) as usize;
    if call.values.number("seed").is_some() && call.values.number("sample").is_none() {
        return Err(Problem::parameter("'seed' is for a sample: say how large it is by 'sample', or leave it out"));
    }
    let place = Place::of(call, &ask)?;
    let mut kwic = kwic_options(&call.values)?;
    kwic.limit = Some(place.given + n + 1);
    let mut lines = Vec::new();
    let mut seen = 0;
    let mut counts = place.searcher.kwic(&ask.q, &kwic, &call.options()?, &mut |line| {
        if seen >= place.given {
            lines.push(line_value(&line));
        }
        seen += 1;
        ControlFlow::Continue(())
    })?;
    complete(counts.degraded)?;
    let goes_on = lines.len() > n;
    lines.truncate(n);
    // Those before the cursor, and the one that tells whether the list goes on, are not given here.
    counts.lines = lines.len() as u64;
    let next = goes_on.then(|| place.next(call, &ask, n));
    let next_url = next.as_ref().map(|next| call.target_with("cursor", Some(next)));
    Ok(Reply::json(&Concordance { counts, list: lines, next, next_url, index: commit(call, &place.searcher) }))
}

/// A line with its ranges in UTF-16, too.
fn line_value(line: &KwicLine) -> Value {
    let mut object = shown(line);
    let (start, end) = utf16(&line.passage.text, &[line.bytes])[0];
    object.insert("node_marks_u16".into(), json!(utf16(&line.node, &line.node_marks)));
    object.insert("start_u16".into(), start.into());
    object.insert("end_u16".into(), end.into());
    Value::Object(object)
}

pub(super) fn collocates(call: &Call<'_>) -> Result<Reply, Problem> {
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
