//! Articles that match, by the day, week, month, quarter or year of their publication, beside all articles in the scope.

use std::collections::BTreeMap;

use jiff::civil::{Date, Weekday};
use jiff::{Span, ToSpan};
use serde::Serialize;

use super::AnalysisError;
use crate::query::DateRange;
use crate::search::{Degraded, SearchOptions, Searcher};
#[cfg(feature = "serve")]
use crate::search::{FacetCount, Facets};
use crate::vocabulary::Facet;

/// Length of a period.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[cfg_attr(feature = "serve", derive(schemars::JsonSchema))]
#[serde(rename_all = "lowercase")]
#[non_exhaustive]
pub enum Interval {
    /// A day.
    Day,
    /// A week from Monday to Sunday (ISO 8601).
    Week,
    /// A month.
    Month,
    /// Three months.
    Quarter,
    /// A year.
    Year,
}

/// Most periods that are listed.
const MAX_PERIODS: usize = 100_000;

impl Interval {
    /// All of them, the shortest first.
    pub const ALL: [Interval; 5] = [Interval::Day, Interval::Week, Interval::Month, Interval::Quarter, Interval::Year];

    /// Its name, in options and output.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Interval::Day => "day",
            Interval::Week => "week",
            Interval::Month => "month",
            Interval::Quarter => "quarter",
            Interval::Year => "year",
        }
    }

    /// The first day of the period that has `day` in it.
    fn start_of(self, day: Date) -> Date {
        match self {
            Interval::Day => day,
            Interval::Week => {
                let after_monday = day.weekday().since(Weekday::Monday);
                day.checked_sub(i64::from(after_monday).days()).unwrap_or(Date::MIN)
            }
            Interval::Month => day.first_of_month(),
            Interval::Quarter => {
                let month = (day.month() - 1) / 3 * 3 + 1;
                Date::new(day.year(), month, 1).expect("every quarter has a first day")
            }
            Interval::Year => day.first_of_year(),
        }
    }

    /// The first day of the period after that which begins on `start`; `None` beyond the calendar.
    fn next(self, start: Date) -> Option<Date> {
        let length: Span = match self {
            Interval::Day => 1.day(),
            Interval::Week => 1.week(),
            Interval::Month => 1.month(),
            Interval::Quarter => 3.months(),
            Interval::Year => 1.year(),
        };
        start.checked_add(length).ok()
    }

    /// The last day of the period that begins on `start`.
    fn last_of(self, start: Date) -> Date {
        self.next(start).and_then(|next| next.yesterday().ok()).unwrap_or(Date::MAX)
    }

    /// The shortest period of which there are few enough from `from` to `to` for a plot.
    fn fitting(from: Date, to: Date) -> Interval {
        const FEW: [(Interval, i32, i32); 4] =
            [(Interval::Day, 1, 62), (Interval::Week, 7, 60), (Interval::Month, 30, 120), (Interval::Quarter, 91, 120)];
        let days = days_between(from, to);
        let fits = FEW.iter().find(|(_, length, most)| days / length <= *most);
        fits.map_or(Interval::Year, |(interval, ..)| *interval)
    }
}

fn days_between(from: Date, to: Date) -> i32 {
    from.until(to).map_or(0, |span| span.get_days())
}

/// Options of a timeline. Make them by [`TimelineOptions::default`], then change fields.
#[derive(Debug, Clone, Default)]
#[non_exhaustive]
pub struct TimelineOptions {
    /// Length of a period; `None` for one that gives a plot of some dozens of periods.
    pub by: Option<Interval>,
    /// A timeline for each of the commonest values of this facet, one for those of the others, and one for what has none.
    pub per: Option<Facet>,
    /// Maximum number of values of it.
    pub values: usize,
}

/// Numbers of articles: those that match, and those in the scope (what the filters keep).
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "serve", derive(schemars::JsonSchema))]
#[non_exhaustive]
pub struct ArticlesOf {
    /// Articles that match.
    pub articles: u64,
    /// Articles in the scope.
    pub of: u64,
}

impl ArticlesOf {
    /// Articles that match per 1,000 in the scope; `None` if there are none in it.
    #[must_use]
    pub fn per_thousand(self) -> Option<f64> {
        (self.of > 0).then(|| self.articles as f64 * 1_000.0 / self.of as f64)
    }

    fn add(&mut self, other: ArticlesOf) {
        self.articles += other.articles;
        self.of += other.of;
    }
}

/// A period and its articles.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "serve", derive(schemars::JsonSchema))]
#[non_exhaustive]
pub struct Bucket {
    /// First day, ISO 8601.
    pub from: String,
    /// Last day.
    pub to: String,
    /// The articles.
    #[serde(flatten)]
    pub count: ArticlesOf,
}

#[cfg(all(test, feature = "serve"))]
impl Bucket {
    pub(crate) fn of(from: &str, to: &str, articles: u64, of: u64) -> Bucket {
        Bucket { from: from.into(), to: to.into(), count: ArticlesOf { articles, of } }
    }
}

/// The articles that match a query, over time.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "serve", derive(schemars::JsonSchema))]
#[non_exhaustive]
pub struct Timeline {
    /// The query, as it was given.
    pub query: String,
    /// The facet and the value that its articles have, if it is one of several of the query.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub per: Option<FacetValue>,
    /// Length of a period.
    pub by: Interval,
    /// The periods, in order, also those without a match. All timelines of a call have the same.
    pub buckets: Vec<Bucket>,
    /// Articles of which only a longer period is known, by that period.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub imprecise: Vec<Bucket>,
    /// Articles without a date.
    pub undated: ArticlesOf,
    /// All articles.
    pub total: ArticlesOf,
    /// Why the counts may be too low, if they are not complete.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub degraded: Option<Degraded>,
}

/// A value of a facet.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "serve", derive(schemars::JsonSchema))]
#[non_exhaustive]
pub struct FacetValue {
    /// The facet.
    pub facet: Facet,
    /// The value; `None` for what has none.
    pub value: Option<String>,
    /// Is it all values but those that have a timeline of their own?
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub is_other: bool,
}

/// Articles by what is known of their date: the text of a day, month or year, or nothing.
#[derive(Debug, Clone, Default)]
struct ByDate(BTreeMap<Option<String>, u64>);

impl Searcher {
    /// Counts the articles that match each of `queries`, over time: a timeline for each query, or, with
    /// [`TimelineOptions::per`], several.
    ///
    /// # Errors
    ///
    /// [`AnalysisError::Query`] names the query that cannot be run; [`AnalysisError::TooManyPeriods`] if there are more than
    /// 100,000 periods.
    pub fn timelines(
        &self,
        queries: &[&str],
        timeline: &TimelineOptions,
        options: &SearchOptions,
    ) -> Result<Vec<Timeline>, AnalysisError> {
        let searcher = self.pinned();
        let mut degraded = None;
        let mut found: Vec<(usize, Option<FacetValue>, ByDate)> = Vec::new();
        for (i, query) in queries.iter().enumerate() {
            let error = |error| AnalysisError::of(query, error);
            for (value, dates) in searcher.by_date(Some(query), timeline, options, &mut degraded).map_err(error)? {
                found.push((i, value, dates));
            }
        }
        searcher.beside_scope(queries, found, timeline, options, degraded)
    }

    /// As [`Searcher::timelines`] of one query, whose days were counted with its hits.
    #[cfg(feature = "serve")]
    pub(crate) fn timeline_of(
        &self,
        query: &str,
        days: &Facets,
        timeline: &TimelineOptions,
        options: &SearchOptions,
    ) -> Result<Option<Timeline>, AnalysisError> {
        let of_day = |one: &FacetCount| (Some(one.value.clone()), one.counts.articles);
        let mut dates: BTreeMap<_, _> = days.values.iter().map(of_day).collect();
        if days.without.articles > 0 {
            dates.insert(None, days.without.articles);
        }
        let found = vec![(0, None, ByDate(dates))];
        Ok(self.beside_scope(&[query], found, timeline, options, days.degraded)?.pop())
    }

    /// The timelines of what was found, by number of the query, beside all articles of the scope.
    fn beside_scope(
        &self,
        queries: &[&str],
        found: Vec<(usize, Option<FacetValue>, ByDate)>,
        timeline: &TimelineOptions,
        options: &SearchOptions,
        mut degraded: Option<Degraded>,
    ) -> Result<Vec<Timeline>, AnalysisError> {
        // The values are those of the queries, so that the scope has the same.
        let mut values: Vec<Option<FacetValue>> = Vec::new();
        let of_scope: Vec<(Option<FacetValue>, ByDate)> = match timeline.per {
            None => self.by_date(None, timeline, options, &mut degraded)?,
            Some(_) => {
                let all = TimelineOptions { values: usize::MAX, ..timeline.clone() };
                self.by_date(None, &all, options, &mut degraded)?
            }
        };
        for (_, value, _) in &found {
            if !values.contains(value) {
                values.push(value.clone());
            }
        }
        let scope_of = |value: &Option<FacetValue>| -> ByDate {
            let is_listed = |other: &Option<FacetValue>| values.iter().any(|value| value == other);
            let mut dates = ByDate::default();
            for (other, of_other) in &of_scope {
                let is_other = value.as_ref().is_some_and(|value| value.is_other);
                if if is_other { !is_listed(other) } else { other == value } {
                    dates.add(of_other);
                }
            }
            dates
        };
        let all = || found.iter().flat_map(|(_, _, dates)| dates.0.keys().flatten());
        let days = || all().filter_map(|date| span_of(date));
        let (mut from, mut to) = (days().map(|(from, _)| from).min(), days().map(|(_, to)| to).max());
        if let Some(DateRange::Days(since, until)) = &options.filters.date {
            from = since.or(from);
            to = until.or(to);
        }
        let by = timeline.by.unwrap_or_else(|| match (from, to) {
            (Some(from), Some(to)) => Interval::fitting(from, to),
            _ => Interval::Month,
        });
        let starts = starts(from, to, by)?;
        Ok(found
            .into_iter()
            .map(|(i, value, dates)| {
                let of_scope = scope_of(&value);
                let mut made = Timeline {
                    query: queries[i].to_string(),
                    per: value,
                    by,
                    buckets: starts.iter().map(|&start| bucket(start, by.last_of(start))).collect(),
                    imprecise: Vec::new(),
                    undated: ArticlesOf::default(),
                    total: ArticlesOf::default(),
                    degraded,
                };
                made.add(&starts, &dates, |articles| ArticlesOf { articles, of: 0 });
                made.add(&starts, &of_scope, |of| ArticlesOf { articles: 0, of });
                made.imprecise.retain(|bucket| bucket.count.articles > 0);
                made
            })
            .collect())
    }

    /// The articles that match, by date; by value of a facet and date.
    fn by_date(
        &self,
        query: Option<&str>,
        timeline: &TimelineOptions,
        options: &SearchOptions,
        degraded: &mut Option<Degraded>,
    ) -> Result<Vec<(Option<FacetValue>, ByDate)>, crate::search::SearchError> {
        // No more precise than it need be: there are fewer values.
        let dates = match timeline.by {
            Some(Interval::Year) => Facet::Year,
            Some(Interval::Month | Interval::Quarter) => Facet::Month,
            Some(Interval::Day | Interval::Week) | None => Facet::Day,
        };
        let Some(facet) = timeline.per else {
            let days = self.articles_by(query, &[dates], options)?;
            *degraded = degraded.or(days.degraded);
            let of_day =
                |(values, articles): &(Vec<Option<String>>, u64)| (values.first().cloned().flatten(), *articles);
            return Ok(vec![(None, ByDate(days.rows.iter().map(of_day).collect()))]);
        };
        let crossed = self.articles_by(query, &[facet, dates], options)?;
        *degraded = degraded.or(crossed.degraded);
        let mut by_value: BTreeMap<Option<String>, (u64, ByDate)> = BTreeMap::new();
        for (values, articles) in crossed.rows.iter() {
            let [value, day] = &values[..] else { continue };
            let (total, dates) = by_value.entry(value.clone()).or_default();
            *total += articles;
            dates.0.insert(day.clone(), *articles);
        }
        let none = by_value.remove(&None);
        let mut sorted: Vec<(Option<String>, (u64, ByDate))> = by_value.into_iter().collect();
        sorted.sort_by(|(a, (more, _)), (b, (less, _))| less.cmp(more).then_with(|| a.cmp(b)));
        let others = sorted.split_off(timeline.values.min(sorted.len()));
        let of_value = |value, is_other| Some(FacetValue { facet, value, is_other });
        let mut out: Vec<_> = sorted.into_iter().map(|(value, (_, dates))| (of_value(value, false), dates)).collect();
        if !others.is_empty() {
            let mut dates = ByDate::default();
            others.iter().for_each(|(_, (_, of_value))| dates.add(of_value));
            out.push((of_value(None, true), dates));
        }
        out.extend(none.map(|(_, dates)| (of_value(None, false), dates)));
        Ok(out)
    }
}

impl ByDate {
    fn add(&mut self, other: &ByDate) {
        for (date, articles) in &other.0 {
            *self.0.entry(date.clone()).or_default() += articles;
        }
    }
}

impl Timeline {
    /// Adds articles by date; `count` says what they are.
    fn add(&mut self, starts: &[Date], dates: &ByDate, count: impl Fn(u64) -> ArticlesOf) {
        for (date, &articles) in &dates.0 {
            let count = count(articles);
            self.total.add(count);
            let Some((first, last)) = date.as_ref().and_then(|date| span_of(date)) else {
                self.undated.add(count);
                continue;
            };
            let at = starts.partition_point(|start| *start <= first);
            let Some(bucket) = at.checked_sub(1).map(|at| &mut self.buckets[at]) else { continue };
            let end = self.by.last_of(starts[at - 1]);
            if last <= end {
                bucket.count.add(count);
            } else if first <= end {
                let whole = bucket_of(&mut self.imprecise, first, last);
                whole.count.add(count);
            }
        }
    }
}

/// The bucket of a period, which is made if there is none.
fn bucket_of(buckets: &mut Vec<Bucket>, from: Date, to: Date) -> &mut Bucket {
    let wanted = bucket(from, to);
    let at = match buckets.iter().position(|bucket| (&bucket.from, &bucket.to) == (&wanted.from, &wanted.to)) {
        Some(at) => at,
        None => {
            buckets.push(wanted);
            buckets.len() - 1
        }
    };
    &mut buckets[at]
}

fn bucket(from: Date, to: Date) -> Bucket {
    Bucket { from: from.to_string(), to: to.to_string(), count: ArticlesOf::default() }
}

/// The first days of the periods from that of `from` to that of `to`.
fn starts(from: Option<Date>, to: Option<Date>, by: Interval) -> Result<Vec<Date>, AnalysisError> {
    let (Some(from), Some(to)) = (from, to) else { return Ok(Vec::new()) };
    let mut out = Vec::new();
    let mut next = Some(by.start_of(from));
    while let Some(start) = next.filter(|start| *start <= to) {
        if out.len() == MAX_PERIODS {
            let (from, to) = (from.to_string(), to.to_string());
            return Err(AnalysisError::TooManyPeriods { from, to, by: by.name(), most: MAX_PERIODS });
        }
        out.push(start);
        next = by.next(start);
    }
    Ok(out)
}

/// The first and last day that a date may be: `2023`, `2023-09`, `2023-09-12`.
fn span_of(date: &str) -> Option<(Date, Date)> {
    let mut parts = date.split('-').map(|part| part.parse::<i16>().ok());
    let (year, month, day) = (parts.next()??, parts.next().flatten(), parts.next().flatten());
    let first = Date::new(year, month.unwrap_or(1) as i8, day.unwrap_or(1) as i8).ok()?;
    Some((
        first,
        if day.is_some() {
            first
        } else if month.is_some() {
            first.last_of_month()
        } else {
            first.last_of_year()
        },
    ))
}
