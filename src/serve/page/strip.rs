//! Bars over time: the strip above the hits, and the form of the two dates.

use maud::{Markup, html};

use super::parts::{counted, date, ends, number};
use crate::analysis::timeline::{ArticlesOf, Bucket, Interval, Timeline, TimelineOptions};
use crate::search::{Facets, SearchOptions};
use crate::serve::ask::{Ask, MAX_IN_ADDRESS};
use crate::serve::call::Call;
use crate::serve::problem::Problem;
use std::time::Duration;

/// Names under an axis, at most.
const MOST_TICKS: usize = 7;

/// Periods in a row without a match that are told in words, at least.
const LONG_GAP: usize = 6;

/// Share of the height that the largest value takes.
pub(super) const ROOM: f64 = 94.0;

/// Time for the strip: a page waits no longer for it.
const TIME: Duration = Duration::from_secs(1);

/// Most bytes of the bars: each bears the whole query in its address.
const MOST_BYTES: usize = 24 << 10;

/// Bytes of the bars of a timeline, about.
pub(super) fn weight(timeline: &Timeline, ask: &Ask) -> usize {
    /// Bytes of a bar without its address, and of one without a match.
    const BAR: usize = 330;
    const EMPTY: usize = 230;
    let address = ask.link("/search", &[]).len();
    let of_bar = |bucket: &Bucket| if bucket.count.articles > 0 { BAR + address } else { EMPTY };
    timeline.buckets.iter().map(of_bar).sum()
}

/// The strip above the hits: over all time, whatever period is chosen.
/// `days` are those of the matches, if they were counted with the hits.
pub(super) fn of(call: &Call<'_>, ask: &Ask, days: Option<&Facets>) -> Result<Markup, Problem> {
    let all = Ask { date: None, ..ask.clone() };
    let options = SearchOptions { timeout: Some(TIME), ..all.options(call.cancel)? };
    let query = if all.q.trim().is_empty() && all.is_empty() { "words:>=0" } else { all.q.as_str() };
    let count = |by| {
        let periods = TimelineOptions { by, ..TimelineOptions::default() };
        let counted = days.map(|days| call.searcher.timeline_of(query, days, &periods, &options));
        match counted
            .map_or_else(|| call.searcher.timelines(&[query], &periods, &options), |one| Ok(Vec::from_iter(one?)))
        {
            Ok(mut timelines) => Ok(timelines.pop()),
            Err(crate::analysis::AnalysisError::TooManyPeriods { .. }) => Ok(None),
            Err(error) => Err(Problem::from(error)),
        }
    };
    let Some(mut timeline) = count(None)? else { return Ok(html! {}) };
    while weight(&timeline, ask) > MOST_BYTES
        && let Some(longer) = Interval::ALL.into_iter().find(|interval| *interval > timeline.by)
        && let Some(counted) = count(Some(longer))?
    {
        timeline = counted;
    }
    let timeline = &timeline;
    if timeline.degraded.is_some() {
        return Ok(html! { p.time.n { "Not counted over time: the time was up." } });
    }
    if timeline.buckets.is_empty() {
        return Ok(html! {});
    }
    let most = timeline.buckets.iter().map(|bucket| bucket.count.articles).max().unwrap_or(0);
    Ok(html! {
        figure #time.time {
            (bars(timeline, ask, "/search", most as f64, |count| count.articles as f64))
            (axis(&timeline.buckets))
            figcaption {
                span { "Articles by " (timeline.by.name()) ", at most " (number(most)) }
                @if timeline.undated.articles > 0 {
                    a href=[undated(ask, "/search")] { (number(timeline.undated.articles)) " without a date" }
                }
            }
        }
    })
}

/// A date in few letters: `2023`, `Sep 2023`, `12 Sep`.
fn short(iso: &str, unit: Unit) -> String {
    let words = date(iso);
    let mut parts: Vec<&str> = words.split(' ').collect();
    let year = parts.pop().unwrap_or_default();
    let month = parts.pop().map(|month| month.chars().take(3).collect::<String>()).unwrap_or_default();
    match unit {
        Unit::Year => year.to_string(),
        Unit::Month => format!("{month} {year}"),
        Unit::Day => format!("{} {month}", parts.pop().unwrap_or_default()),
    }
}

/// What the names under an axis are of.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Unit {
    Day,
    Month,
    Year,
}

/// The periods that are named under an axis: the finest round steps of which there are not too many.
fn ticks(buckets: &[Bucket]) -> Vec<(usize, String)> {
    let part = |iso: &str, range: std::ops::Range<usize>| iso.get(range).and_then(|text| text.parse::<usize>().ok());
    let year = |bucket: &Bucket| part(&bucket.from, 0..4).unwrap_or(0);
    let month = |bucket: &Bucket| year(bucket) * 12 + part(&bucket.from, 5..7).unwrap_or(1) - 1;
    // The first period of each unit whose number is a multiple of the step.
    let by = |unit: Unit, step: usize| -> Vec<(usize, String)> {
        let value = |i: usize| match unit {
            Unit::Day => i,
            Unit::Month => month(&buckets[i]),
            Unit::Year => year(&buckets[i]),
        };
        // A period that begins within a unit is not named by it.
        let begins = |i: usize| match unit {
            Unit::Day => true,
            Unit::Month => buckets[i].from.ends_with("-01") || i > 0,
            Unit::Year => buckets[i].from.ends_with("-01-01") || i > 0,
        };
        (0..buckets.len())
            .filter(|&i| value(i) % step == 0 && begins(i) && (i == 0 || value(i) != value(i - 1)))
            .map(|i| (i, short(&buckets[i].from, unit)))
            .collect()
    };
    let levels = [(Unit::Day, 1), (Unit::Day, 2), (Unit::Day, 7), (Unit::Month, 1), (Unit::Month, 3), (Unit::Month, 6)];
    let years = [1, 2, 5, 10, 20, 50, 100].map(|step| (Unit::Year, step));
    // Days are named where periods are days or weeks.
    let are_days = buckets.len() > 1 && {
        let months = [&buckets[0].from, &buckets[0].to, &buckets[1].from].map(|day| day.get(..7));
        months[0] == months[1] && months[0] == months[2]
    };
    let are_years = buckets.first().is_some_and(|first| first.to.ends_with("-12-31") && first.from.ends_with("-01-01"));
    levels
        .into_iter()
        .filter(|(unit, _)| !are_years && (*unit != Unit::Day || are_days))
        .chain(years)
        .map(|(unit, step)| by(unit, step))
        .find(|ticks| (1..=MOST_TICKS).contains(&ticks.len()))
        .unwrap_or_default()
}

/// Names of periods under bars or lines.
pub(super) fn axis(buckets: &[Bucket]) -> Markup {
    let step = 100.0 / buckets.len() as f64;
    html! {
        svg.axis aria-hidden="true" {
            @for (i, name) in ticks(buckets) {
                @let x = (i as f64 + 0.5) * step;
                line x1=(percent(x)) x2=(percent(x)) y1="0" y2="4" {}
                text x=(percent(x.clamp(2.5, 96.0))) y="16" { (name) }
            }
        }
    }
}

fn percent(value: f64) -> String {
    format!("{value:.2}%")
}

/// The value that bars and lines are drawn against, and lines at round values below it.
pub(super) fn grid(most: f64, unit: &str, is_whole: bool) -> Markup {
    if most <= f64::MIN_POSITIVE {
        return html! {};
    }
    let rough = if is_whole { (most / 3.0).max(1.0) } else { most / 3.0 };
    let power = 10f64.powf(rough.max(f64::MIN_POSITIVE).log10().floor());
    let step = [1.0, 2.0, 5.0, 10.0].into_iter().map(|step| step * power).find(|step| *step >= rough).unwrap_or(rough);
    let is_round = step >= 1.0;
    html! {
        g.grid aria-hidden="true" {
            @for i in 1..=3 {
                @let value = step * f64::from(i);
                @if value <= most {
                    @let y = 100.0 - value / most * ROOM;
                    line x1="0" x2="100%" y1=(percent(y)) y2=(percent(y)) {}
                    text x="0" y=(percent(y)) dy="-3" { @if is_round { (number(value as u64)) } @else { (format!("{value:.1}")) } @if value + step > most { " " (named_unit(value, unit)) } }
                }
            }
        }
    }
}

/// A unit in the number of a value: `articles` of one is `article`.
fn named_unit(value: f64, unit: &str) -> &str {
    if (value - 1.0).abs() < f64::EPSILON { unit.strip_suffix('s').unwrap_or(unit) } else { unit }
}

/// The longest run of periods without a match, if it is long: its first and last.
fn gap(counts: &[f64]) -> Option<(usize, usize)> {
    let mut longest: Option<(usize, usize)> = None;
    let mut start = 0;
    for run in counts.split(|count| *count != 0.0) {
        if run.len() > longest.map_or(0, |(first, last)| last + 1 - first) {
            longest = Some((start, start + run.len() - 1));
        }
        start += run.len() + 1;
    }
    longest.filter(|(first, last)| last + 1 - first >= LONG_GAP.max(counts.len() / 5))
}

/// The address of what has no date, unless the query is too long for one.
pub(super) fn undated(ask: &Ask, path: &str) -> Option<String> {
    let q = if ask.q.trim().is_empty() { "date:unknown".to_string() } else { format!("({}) date:unknown", ask.q) };
    (q.len() <= MAX_IN_ADDRESS).then(|| Ask { date: None, ..ask.with_query(q) }.link(path, &[]))
}

/// The date that a period is, if it is a year, a month or a day.
fn one_date(bucket: &Bucket) -> Option<&str> {
    let (from, to) = (bucket.from.as_str(), bucket.to.as_str());
    let common = |length: usize| from.get(..length).filter(|date| to.get(..length) == Some(*date));
    if from == to {
        return Some(from);
    }
    if from.ends_with("-01-01") && to.ends_with("-12-31") {
        return common("2023".len());
    }
    let is_last = |day: &str| day >= "-28";
    common("2023-09".len()).filter(|month| from.ends_with("-01") && to.get(month.len()..).is_some_and(is_last))
}

/// The filter for a period.
fn period(bucket: &Bucket) -> String {
    one_date(bucket).map_or_else(|| format!("{}..{}", bucket.from, bucket.to), str::to_string)
}

/// A period in words.
pub(super) fn named(bucket: &Bucket) -> String {
    match one_date(bucket) {
        Some(year) if !year.contains('-') => year.to_string(),
        Some(of_period) => date(of_period),
        None => format!("{} to {}", date(&bucket.from), date(&bucket.to)),
    }
}

/// What a bar says.
pub(super) fn said(bucket: &Bucket) -> String {
    let ArticlesOf { articles, of, .. } = bucket.count;
    let share = bucket.count.per_thousand().map_or_else(String::new, |share| format!(", {:.1} %", share / 10.0));
    format!("{}: {} of {}{share}", named(bucket), number(articles), counted(of, "article"))
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
pub(super) fn bars(timeline: &Timeline, ask: &Ask, path: &str, most: f64, value: impl Fn(ArticlesOf) -> f64) -> Markup {
    let buckets = &timeline.buckets;
    let step = 100.0 / buckets.len() as f64;
    let values: Vec<f64> = buckets.iter().map(|bucket| value(bucket.count)).collect();
    let most = most.max(f64::MIN_POSITIVE);
    html! {
        svg.bars role="group" aria-label=(format!("Articles by {}", timeline.by.name())) {
            @for (i, bucket) in buckets.iter().enumerate() {
                @let bar = if values[i] > 0.0 { (values[i] / most * ROOM).max(2.5) } else { 0.0 };
                @let chosen = Ask { date: Some(period(bucket)), ..ask.clone() };
                @let has_link = bar > 0.0;
                // A period without a match leads nowhere; a range of periods may begin there.
                a class=[is_chosen(ask, bucket).then_some("in")] href=[has_link.then(|| chosen.link(path, &[]))] data-date=[(!has_link).then(|| period(bucket))] {
                    title { (said(bucket)) }
                    rect.hit x=(percent(i as f64 * step)) width=(percent(step)) height="100%" {}
                    @if has_link { rect x=(percent((i as f64 + 0.09) * step)) y=(percent(100.0 - bar)) width=(percent(step * 0.82)) height=(percent(bar)) {} }
                }
            }
            @if let Some((first, last)) = gap(&values) {
                @let unit = if buckets.len() > 1 && buckets[0].from.get(..4) == buckets[buckets.len() - 1].to.get(..4) { Unit::Day } else if buckets[0].to.ends_with("-12-31") && buckets[0].from.ends_with("-01-01") { Unit::Year } else { Unit::Month };
                text.gap aria-hidden="true" x=(percent((first + last + 1) as f64 / 2.0 * step)) y="90%" { "none " (short(&buckets[first].from, unit)) " – " (short(&buckets[last].to, unit)) }
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
                @for (name, value) in ask.pairs_at(path).iter().filter(|(name, _)| name != "date") {
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
        for (from, to, name, filter) in [
            ("2023-09-12", "2023-09-12", "12 September 2023", "2023-09-12"),
            ("2023-09-01", "2023-09-30", "September 2023", "2023-09"),
            ("2023-02-01", "2023-02-28", "February 2023", "2023-02"),
            ("2023-01-01", "2023-12-31", "2023", "2023"),
            ("2023-07-01", "2023-09-30", "1 July 2023 to 30 September 2023", "2023-07-01..2023-09-30"),
            ("2023-09-04", "2023-09-10", "4 September 2023 to 10 September 2023", "2023-09-04..2023-09-10"),
            ("2023-02-01", "2023-02-07", "1 February 2023 to 7 February 2023", "2023-02-01..2023-02-07"),
            ("2023-01-01", "2024-12-31", "1 January 2023 to 31 December 2024", "2023-01-01..2024-12-31"),
        ] {
            let bucket = Bucket::of(from, to, 1, 2);
            assert_eq!((named(&bucket), period(&bucket)), (name.into(), filter.into()));
        }
        for (articles, of, words) in [
            (37, 812, "September 2023: 37 of 812 articles, 4.6 %"),
            (1, 1, "September 2023: 1 of 1 article, 100.0 %"),
            (0, 0, "September 2023: 0 of 0 articles"),
        ] {
            assert_eq!(said(&Bucket::of("2023-09-01", "2023-09-30", articles, of)), words);
        }
        assert_eq!([1.0, 2.0, 0.5].map(|value| named_unit(value, "articles")), ["article", "articles", "articles"]);
        assert_eq!(named_unit(1.0, "per 1,000"), "per 1,000");
    }

    /// Periods of so many months each.
    fn months(from: i32, count: i32, each: i32) -> Vec<Bucket> {
        let first = |month: i32| format!("{}-{:02}-01", month.div_euclid(12), month.rem_euclid(12) + 1);
        let day = |month: i32| format!("{}-{:02}-28", (month - 1).div_euclid(12), (month - 1).rem_euclid(12) + 1);
        let last = |month: i32| if month % 12 == 0 { format!("{}-12-31", month / 12 - 1) } else { day(month) };
        let starts = (0..count).map(|i| from + i * each);
        starts.map(|start| Bucket::of(&first(start), &last(start + each), 1, 2)).collect()
    }

    #[test]
    fn few_periods_are_named_under_an_axis() {
        let names =
            |buckets: &[Bucket]| ticks(buckets).into_iter().map(|(_, name)| name).collect::<Vec<_>>().join(", ");
        for (buckets, named) in [
            (months(1987 * 12, 31, 12), "1990, 1995, 2000, 2005, 2010, 2015"),
            (months(2018 * 12, 5, 12), "2018, 2019, 2020, 2021, 2022"),
            (months(2021 * 12 + 3, 36, 1), "Jul 2021, Jan 2022, Jul 2022, Jan 2023, Jul 2023, Jan 2024"),
            (months(2021 * 12, 6, 1), "Jan 2021, Feb 2021, Mar 2021, Apr 2021, May 2021, Jun 2021"),
            (months(2016 * 12, 28, 3), "2016, 2017, 2018, 2019, 2020, 2021, 2022"),
        ] {
            assert_eq!(names(&buckets), named);
        }
        let days: Vec<Bucket> =
            (1..=30).map(|day| format!("2023-09-{day:02}")).map(|day| Bucket::of(&day, &day, 1, 2)).collect();
        assert_eq!(names(&days), "1 Sep, 8 Sep, 15 Sep, 22 Sep, 29 Sep");
        assert_eq!(names(&days[..3]), "1 Sep, 2 Sep, 3 Sep");
    }

    #[test]
    fn a_long_gap_is_told() {
        for (counts, found) in [
            (vec![1.0; 9], None),
            ([vec![2.0], vec![0.0; 7], vec![1.0]].concat(), Some((1, 7))),
            ([vec![2.0], vec![0.0; 5], vec![1.0]].concat(), None),
            ([vec![0.0; 8], vec![1.0; 50]].concat(), None),
            ([vec![1.0], vec![0.0; 9]].concat(), Some((1, 9))),
            (vec![], None),
        ] {
            assert_eq!(gap(&counts), found, "{counts:?}");
        }
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
