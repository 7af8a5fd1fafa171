//! Ranges of dates in queries, given as ISO dates or words. Both ends are inclusive; a year, quarter or month stands for
//! all its days.

use std::fmt;

use jiff::civil::{self, Date};
use jiff::{Span, ToSpan};

use super::QueryError;

/// The day from which relative dates count. The caller gives it, so that tests do not depend on the clock.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Today(Date);

impl fmt::Display for Today {
    /// The day, ISO 8601.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

impl Today {
    /// The current day by the clock and time zone of this machine.
    #[must_use]
    pub fn now() -> Today {
        Today(jiff::ZonedDateTime::now().date())
    }

    /// A day written as `2026-11-23`; `None` for any other text.
    #[must_use]
    pub fn from_iso(text: &str) -> Option<Today> {
        text.parse().ok().map(Today)
    }
}

/// A range of days, both ends inclusive; or articles without a date.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum DateRange {
    /// From the first day to the last; `None` is an open end.
    Days(Option<Date>, Option<Date>),
    /// The date is not known.
    Unknown,
}

impl fmt::Display for DateRange {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            DateRange::Unknown => f.write_str("unknown"),
            DateRange::Days(None, None) => f.write_str("*"),
            DateRange::Days(Some(from), Some(to)) if from == to => write!(f, "{from}"),
            DateRange::Days(from, to) => {
                if let Some(from) = from {
                    write!(f, "{from}")?;
                }
                f.write_str("..")?;
                if let Some(to) = to {
                    write!(f, "{to}")?;
                }
                Ok(())
            }
        }
    }
}

impl DateRange {
    /// The range in seconds since 1970, its end exclusive; `None` for [`DateRange::Unknown`].
    #[must_use]
    pub fn seconds(self) -> Option<(i64, i64)> {
        let DateRange::Days(from, to) = self else { return None };
        let start = |day: Date| crate::article::date::seconds_of(day.to_datetime(civil::Time::midnight()));
        let end = |day: Date| day.tomorrow().map_or(i64::MAX, start);
        Some((from.map_or(i64::MIN, start), to.map_or(i64::MAX, end)))
    }

    /// The days that are in both ranges; `None` if either is [`DateRange::Unknown`].
    #[must_use]
    pub fn and(self, other: DateRange) -> Option<DateRange> {
        let (DateRange::Days(from_a, to_a), DateRange::Days(from_b, to_b)) = (self, other) else { return None };
        let to = match (to_a, to_b) {
            (Some(a), Some(b)) => Some(a.min(b)),
            (a, b) => a.or(b),
        };
        Some(DateRange::Days(from_a.max(from_b), to))
    }
}

/// First and last of the days that a date covers: a whole year, a month or one day.
pub(crate) type Days = (Date, Date);

/// Parses the value of the date field `name`; `offset` is its position in the query, in bytes.
pub(super) fn range(name: &str, text: &str, offset: usize, today: Today) -> Result<DateRange, QueryError> {
    let span = offset..offset + text.len();
    if text == "*" {
        return Ok(DateRange::Days(None, None));
    }
    if text == "unknown" {
        return Ok(DateRange::Unknown);
    }
    let at = |piece: &str, read: fn(&str, Today) -> Result<Days, PointError>| {
        read(piece, today).map_err(|error| error.at(span.clone(), name, piece))
    };
    let parse = |piece: &str| at(piece, bound);
    for (sign, inclusive, lower) in [("<=", true, false), (">=", true, true), ("<", false, false), (">", false, true)] {
        if let Some(rest) = text.strip_prefix(sign) {
            let (first, last) = parse(rest)?;
            let range = match (lower, inclusive) {
                (true, true) => DateRange::Days(Some(first), None),
                (true, false) => DateRange::Days(Some(last.tomorrow().unwrap_or(last)), None),
                (false, true) => DateRange::Days(None, Some(last)),
                (false, false) => DateRange::Days(None, Some(first.yesterday().unwrap_or(first))),
            };
            return Ok(range);
        }
    }
    let Some((from, to)) = text.split_once("..") else {
        let (first, last) = at(text, point)?;
        return Ok(DateRange::Days(Some(first), Some(last)));
    };
    let from_days = if from.is_empty() { None } else { Some(parse(from)?) };
    let to_days = if to.is_empty() { None } else { Some(parse(to)?) };
    if let (Some(first), Some(last)) = (from_days, to_days)
        && first.0 > last.1
    {
        return Err(QueryError::new(
            "reversed-range",
            span,
            format!("this range ends before it begins: did you mean {name}:{to}..{from}?"),
        )
        .suggest(format!("{name}:{to}..{from}")));
    }
    Ok(DateRange::Days(from_days.map(|days| days.0), to_days.map(|days| days.1)))
}

/// Why a date cannot be parsed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum PointError {
    /// Day/month or month/day: both readings as ISO dates, day first and month first. Twice the same if there is only one.
    Ambiguous(String, String),
    /// Not in any accepted form.
    Unreadable,
}

impl PointError {
    /// The error of the value `text` of the field `name`.
    fn at(self, span: std::ops::Range<usize>, name: &str, text: &str) -> QueryError {
        let field = format!("{name}:");
        let message = self.message(text, &field).unwrap_or_else(|| {
            let examples = ["2023", "2023-09", "2023-09-12", "2023-09..2023-10", "30d", "last-month"]
                .map(|date| field.clone() + date);
            format!("'{text}' is not a date: write {} or {field}unknown", examples.join(", "))
        });
        match self {
            PointError::Ambiguous(day, other) if day == other => {
                QueryError::new("bad-date", span, message).suggest(format!("{field}{day}"))
            }
            PointError::Ambiguous(day_first, _) => {
                QueryError::new("ambiguous-date", span, message).suggest(format!("{field}{day_first}"))
            }
            PointError::Unreadable => QueryError::new("bad-date", span, message),
        }
    }

    /// What to write for an ambiguous date, with `field` before it; `None` if nothing is known of the date.
    fn message(&self, text: &str, field: &str) -> Option<String> {
        match self {
            PointError::Ambiguous(day, other) if day == other => {
                Some(format!("'{text}' is not in an accepted form: write {field}{day}"))
            }
            PointError::Ambiguous(day_first, month_first) => Some(format!(
                "'{text}' can be day/month or month/day: write {field}{day_first} or {field}{month_first}"
            )),
            PointError::Unreadable => None,
        }
    }

    /// The message for an option of the command line, which takes dates without `date:`.
    #[must_use]
    pub(crate) fn sentence(self, text: &str) -> String {
        self.message(text, "").unwrap_or_else(|| {
            format!("'{text}' is not a date: write 2023, 2023-09, 2023-09-12, 2023-Q3, 30d or last-month")
        })
    }
}

/// Parses a date: `2023`, `2023-09`, `2023-09-12`, `2023-Q3`, `30d`, `today`, `last-month`.
///
/// # Errors
///
/// A [`PointError`], with both readings of an ambiguous date.
pub(crate) fn point(text: &str, today: Today) -> Result<Days, PointError> {
    let Today(now) = today;
    let back = |span: Span| now.checked_sub(span).map(|day| (day, now)).map_err(|_| PointError::Unreadable);
    match text {
        "today" => return Ok((now, now)),
        "yesterday" => return back(1.day()).map(|(day, _)| (day, day)),
        _ => {}
    }
    if let Some((which @ ("this" | "last"), unit)) = text.split_once('-') {
        return named_period(now, which == "last", unit).ok_or(PointError::Unreadable);
    }
    if let Some(unit) = text.chars().last().filter(|c| "dwmy".contains(*c)) {
        let count: i64 = text[..text.len() - 1]
            .parse()
            .ok()
            .filter(|count| (0..=100_000).contains(count))
            .ok_or(PointError::Unreadable)?;
        return match unit {
            'd' => back(count.days()),
            'w' => back(count.weeks()),
            'm' => back(count.months()),
            _ => back(count.min(9_000).years()),
        };
    }
    let other = || slashed(text).or_else(|| other_signs(text, today));
    iso_point(text).ok_or_else(|| other().unwrap_or(PointError::Unreadable))
}

/// Parses a date as an end of a range: `30d` is the day that is so far back, not all days since.
///
/// # Errors
///
/// As [`point`].
pub(crate) fn bound(text: &str, today: Today) -> Result<Days, PointError> {
    let days = point(text, today)?;
    let is_back = text.starts_with(|c: char| c.is_ascii_digit()) && text.ends_with(['d', 'w', 'm', 'y']);
    Ok(if is_back { (days.0, days.0) } else { days })
}

fn named_period(now: Date, last: bool, unit: &str) -> Option<Days> {
    let period = |first: Date, length: Span| Some((first, first.checked_add(length).ok()?.yesterday().ok()?));
    match unit {
        "week" => {
            let monday = now.checked_sub(i64::from(now.weekday().to_monday_zero_offset()).days()).ok()?;
            period(if last { monday.checked_sub(1.week()).ok()? } else { monday }, 1.week())
        }
        "month" => {
            let first = now.first_of_month();
            period(if last { first.checked_sub(1.month()).ok()? } else { first }, 1.month())
        }
        "year" => {
            let first = now.first_of_year();
            period(if last { first.checked_sub(1.year()).ok()? } else { first }, 1.year())
        }
        _ => None,
    }
}

fn iso_point(text: &str) -> Option<Days> {
    let mut parts = text.split('-');
    let year_text = parts.next()?;
    if year_text.len() != 4 {
        return None;
    }
    let year: i16 = year_text.parse().ok()?;
    let first = Date::new(year, 1, 1).ok()?;
    let Some(second) = parts.next() else { return Some((first, first.last_of_year())) };
    if let Some(quarter) = second.strip_prefix('Q') {
        let quarter: i8 = quarter.parse().ok().filter(|quarter| (1..=4).contains(quarter))?;
        let first = Date::new(year, quarter * 3 - 2, 1).ok()?;
        let last = Date::new(year, quarter * 3, 1).ok()?.last_of_month();
        return parts.next().is_none().then_some((first, last));
    }
    let first = Date::new(year, second.parse().ok()?, 1).ok()?;
    let Some(third) = parts.next() else { return Some((first, first.last_of_month())) };
    let day = Date::new(year, first.month(), third.parse().ok()?).ok()?;
    parts.next().is_none().then_some((day, day))
}

/// `09/10/2023`, which is refused: the error holds both readings.
fn slashed(text: &str) -> Option<PointError> {
    let parts: Vec<&str> = text.split(['/', '.']).collect();
    let [first, second, year] = parts.as_slice() else { return None };
    let (first, second, year): (i8, i8, i16) = (first.parse().ok()?, second.parse().ok()?, year.parse().ok()?);
    let iso = |month: i8, day: i8| Date::new(year, month, day).ok().map(|date| date.to_string());
    match (iso(second, first), iso(first, second)) {
        (Some(day_first), Some(month_first)) => Some(PointError::Ambiguous(day_first, month_first)),
        (Some(only), None) | (None, Some(only)) => Some(PointError::Ambiguous(only.clone(), only)),
        (None, None) => None,
    }
}

/// `2023/10/09`, `last month`: refused, with what to write.
fn other_signs(text: &str, today: Today) -> Option<PointError> {
    let written = text.replace(['/', '.', ' '], "-");
    let is_date = written != text && point(&written, today).is_ok();
    is_date.then(|| PointError::Ambiguous(written.clone(), written))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> Result<String, &'static str> {
        // A Monday.
        let today = Today::from_iso("2026-11-23").expect("a date");
        range("date", text, 0, today).map(|range| range.to_string()).map_err(|error| error.code)
    }

    #[test]
    fn range_table() {
        for (text, expected) in [
            ("2023", Ok("2023-01-01..2023-12-31")),
            ("2023-02", Ok("2023-02-01..2023-02-28")),
            ("2023-09-12", Ok("2023-09-12")),
            ("2023-09..2023-10", Ok("2023-09-01..2023-10-31")),
            ("2023-Q3", Ok("2023-07-01..2023-09-30")),
            ("..2023-09", Ok("..2023-09-30")),
            ("2023-09..", Ok("2023-09-01..")),
            (">2023", Ok("2024-01-01..")),
            (">=2023", Ok("2023-01-01..")),
            ("<2023", Ok("..2022-12-31")),
            ("<=2023", Ok("..2023-12-31")),
            ("30d", Ok("2026-10-24..2026-11-23")),
            ("30d..10d", Ok("2026-10-24..2026-11-13")),
            ("2w..", Ok("2026-11-09..")),
            ("..1w", Ok("..2026-11-16")),
            (">30d", Ok("2026-10-25..")),
            (">=30d", Ok("2026-10-24..")),
            ("<30d", Ok("..2026-10-23")),
            ("<=30d", Ok("..2026-10-24")),
            ("last-month..2w", Ok("2026-10-01..2026-11-09")),
            ("10d..30d", Err("reversed-range")),
            ("today", Ok("2026-11-23")),
            ("yesterday", Ok("2026-11-22")),
            ("this-week", Ok("2026-11-23..2026-11-29")),
            ("last-week", Ok("2026-11-16..2026-11-22")),
            ("last-month", Ok("2026-10-01..2026-10-31")),
            ("this-year", Ok("2026-01-01..2026-12-31")),
            ("unknown", Ok("unknown")),
            ("*", Ok("*")),
            ("09/10/2023", Err("ambiguous-date")),
            ("2023..2021", Err("reversed-range")),
            ("2023-13", Err("bad-date")),
            ("soon", Err("bad-date")),
            ("d", Err("bad-date")),
            ("99999999999d", Err("bad-date")),
            ("2023-02-30", Err("bad-date")),
        ] {
            assert_eq!(read(text).as_deref().map_err(|e| *e), expected, "{text}");
        }
    }
}
