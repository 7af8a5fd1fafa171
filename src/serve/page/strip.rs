//! Bars over time: the strip above the hits, and the form of the two dates.

use maud::{Markup, html};

use super::parts::{counted, date, ends, number};
use crate::analysis::timeline::{ArticlesOf, Bucket, Timeline, TimelineOptions};
use crate::search::SearchOptions;
use crate::serve::ask::Ask;
use crate::serve::call::Call;
use crate::serve::problem::Problem;
use std::time::Duration;

/// Width of the drawing, in its own units.
const WIDTH: f64 = 640.0;

/// Time for the strip: a page waits no longer for it.
const TIME: Duration = Duration::from_secs(1);

/// The strip above the hits: over all time, whatever period is chosen.
pub(super) fn of(call: &Call<'_>, ask: &Ask) -> Result<Markup, Problem> {
    let all = Ask { date: None, ..ask.clone() };
    let options = SearchOptions { timeout: Some(TIME), ..all.options(call.cancel)? };
    let query = if all.q.trim().is_empty() && all.is_empty() { "words:>=0" } else { all.q.as_str() };
    let timelines = match call.searcher.timelines(&[query], &TimelineOptions::default(), &options) {
        Ok(timelines) => timelines,
        Err(crate::analysis::AnalysisError::TooManyPeriods { .. }) => return Ok(html! {}),
        Err(error) => return Err(error.into()),
    };
    let timeline = &timelines[0];
    if timeline.degraded.is_some() {
        return Ok(html! { p.time.n { "Not counted over time: the time was up." } });
    }
    if timeline.buckets.is_empty() {
        return Ok(html! {});
    }
    Ok(html! {
        figure #time.time {
            (bars(timeline, ask, "/search", 56.0, |count| count.articles as f64))
            figcaption {
                span { (date(&timeline.buckets[0].from)) }
                @if timeline.undated.articles > 0 {
                    a href=(undated(ask, "/search")) { (counted(timeline.undated.articles, "article")) " without a date" }
                }
                span { (date(&timeline.buckets[timeline.buckets.len() - 1].to)) }
            }
        }
    })
}

/// The query for what has no date.
pub(super) fn undated(ask: &Ask, path: &str) -> String {
    let q = if ask.q.trim().is_empty() { "date:unknown".to_string() } else { format!("({}) date:unknown", ask.q) };
    Ask { q, date: None, ..ask.clone() }.link(path, &[])
}

/// The filter for a period.
fn period(bucket: &Bucket) -> String {
    if bucket.from == bucket.to { bucket.from.clone() } else { format!("{}..{}", bucket.from, bucket.to) }
}

/// A period in words.
pub(super) fn named(bucket: &Bucket) -> String {
    let (from, to) = (&bucket.from, &bucket.to);
    let year = &from[..from.len().min(4)];
    if from == to {
        return date(from);
    }
    if from.ends_with("-01-01") && to.ends_with("-12-31") && to.starts_with(year) {
        return year.to_string();
    }
    if from[..from.len() - 3] == to[..to.len() - 3]
        && from.ends_with("-01")
        && to.as_str() >= &format!("{}-28", &to[..to.len() - 3])[..]
    {
        return date(&from[..from.len() - 3]);
    }
    format!("{} to {}", date(from), date(to))
}

/// What a bar says.
pub(super) fn said(bucket: &Bucket) -> String {
    let ArticlesOf { articles, of, .. } = bucket.count;
    let share = bucket.count.per_thousand().map_or_else(String::new, |share| format!(", {:.1} %", share / 10.0));
    format!("{}: {} of {} articles{share}", named(bucket), number(articles), number(of))
}

/// Is the period within that which is chosen?
fn is_chosen(ask: &Ask, bucket: &Bucket) -> bool {
    let Some(chosen) = &ask.date else { return false };
    let (since, until) = ends(Some(chosen));
    // Dates are compared as texts; a shorter one stands for all that begins with it.
    let is_after = since.is_empty() || bucket.to >= since;
    let is_before = until.is_empty() || bucket.from <= until || bucket.from.starts_with(&until);
    is_after && is_before
}

/// Bars, each a link to the hits of its period.
pub(super) fn bars(
    timeline: &Timeline,
    ask: &Ask,
    path: &str,
    height: f64,
    value: impl Fn(ArticlesOf) -> f64,
) -> Markup {
    let step = WIDTH / timeline.buckets.len() as f64;
    let most = timeline.buckets.iter().map(|bucket| value(bucket.count)).fold(0.0, f64::max).max(f64::MIN_POSITIVE);
    let room = height - 6.0;
    let width = (step * 0.82).max(0.6);
    html! {
        svg viewBox=(format!("0 0 {WIDTH} {height}")) preserveAspectRatio="none" role="group"
            aria-label=(format!("Articles by {}", timeline.by.name())) {
            @for (i, bucket) in timeline.buckets.iter().enumerate() {
                @let value = value(bucket.count);
                @let bar = if value > 0.0 { (value / most * room).max(1.5) } else { 0.75 };
                @let chosen = Ask { date: Some(period(bucket)), ..ask.clone() };
                a.in[is_chosen(ask, bucket)] href=(chosen.link(path, &[])) aria-label=(said(bucket)) data-from=(bucket.from) data-to=(bucket.to) {
                    title { (said(bucket)) }
                    rect.hit x=(format!("{:.2}", i as f64 * step)) y="0" width=(format!("{step:.2}")) height=(height) {}
                    rect x=(format!("{:.2}", i as f64 * step)) y=(format!("{:.2}", height - bar)) width=(format!("{width:.2}")) height=(format!("{bar:.2}")) {}
                }
            }
        }
    }
}

/// The form of the two dates: what the pointer chooses in the strip can be typed, too.
pub(super) fn dates_form(ask: &Ask, path: &str) -> Markup {
    let (since, until) = ends(ask.date.as_deref());
    html! {
        section.period aria-labelledby="f-date" {
            h2 #f-date { "Date" }
            form.dates action=(path) method="get" {
                @for (name, value) in ask.pairs().iter().filter(|(name, _)| name != "date") {
                    input type="hidden" name=(name) value=(value);
                }
                label { "From " input name="since" value=(since) placeholder="2023-09" size="10" autocomplete="off"; }
                label { "to " input name="until" value=(until) placeholder="2023-10-31" size="10" autocomplete="off"; }
                button { "Show" }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn periods_are_named() {
        for (from, to, name) in [
            ("2023-09-12", "2023-09-12", "12 September 2023"),
            ("2023-09-01", "2023-09-30", "September 2023"),
            ("2023-02-01", "2023-02-28", "February 2023"),
            ("2023-01-01", "2023-12-31", "2023"),
            ("2023-07-01", "2023-09-30", "1 July 2023 to 30 September 2023"),
            ("2023-09-04", "2023-09-10", "4 September 2023 to 10 September 2023"),
        ] {
            assert_eq!(named(&Bucket::of(from, to, 1, 2)), name);
        }
        assert_eq!(said(&Bucket::of("2023-09-01", "2023-09-30", 37, 812)), "September 2023: 37 of 812 articles, 4.6 %");
    }

    #[test]
    fn a_period_within_the_chosen_one_is_told() {
        let values = crate::serve::parameters::Values::default();
        let chosen = |date: &str| Ask { date: Some(date.into()), ..Ask::of(&values) };
        for (date, from, to, is_in) in [
            ("2023", "2023-09-01", "2023-09-30", true),
            ("2023-09", "2023-09-01", "2023-09-30", true),
            ("2023-09", "2023-10-01", "2023-10-31", false),
            ("2023-09..", "2023-08-01", "2023-08-31", false),
            ("..2023-09", "2023-09-01", "2023-09-30", true),
            ("2023-09-05..2023-09-06", "2023-09-04", "2023-09-10", true),
        ] {
            assert_eq!(is_chosen(&chosen(date), &Bucket::of(from, to, 1, 1)), is_in, "{date} {from}");
        }
    }
}
