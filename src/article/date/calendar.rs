//! Years of other calendars that newspapers print dates in.

use jiff::civil;

/// Years that are read as Buddhist: 1757 to 2100 of ours.
pub(super) const BUDDHIST_YEARS: std::ops::RangeInclusive<i32> = 2300..=2643;
/// Its year less the Gregorian one, as Thailand counts since 1941.
pub(super) const BUDDHIST_YEARS_BEFORE: i32 = 543;

/// The Gregorian year before the first of a Japanese era, or of the Republic of China.
pub(super) fn year_before_era(name: &str) -> Option<i32> {
    Some(match name {
        "令和" => 2018,
        "平成" => 1988,
        "昭和" => 1925,
        "大正" => 1911,
        "明治" => 1867,
        "民國" | "民国" => 1911,
        _ => return None,
    })
}

/// The Gregorian year, month and day of a date of the Solar Hijri calendar of Iran and Afghanistan, if it has that day.
///
/// Leap years by the cycle of 33 years, as ICU has them: it agrees with the years that were observed from 1178 to 1633.
pub(super) fn from_solar_hijri(year: i32, month: i32, day: i32) -> Option<(i32, i8, i32)> {
    /// Later ones are more often of the Islamic calendar, whose years are 42 more now.
    const YEARS: std::ops::RangeInclusive<i32> = 1200..=1420;
    let is_leap = (25 * year + 11) % 33 < 8;
    let days_of_month = match month {
        1..=6 => 31,
        7..=11 => 30,
        12 => 29 + i32::from(is_leap),
        _ => return None,
    };
    if !YEARS.contains(&year) || !(1..=days_of_month).contains(&day) {
        return None;
    }
    /// A first day of a year, to count from.
    const NEW_YEAR: (i32, civil::Date) = (1403, civil::date(2024, 3, 20));
    let leap_days = |year: i32| (8 * year + 21).div_euclid(33);
    let years = 365 * (year - NEW_YEAR.0) + leap_days(year) - leap_days(NEW_YEAR.0);
    let months = 31 * (month - 1).min(6) + 30 * (month - 7).max(0);
    let date = NEW_YEAR.1.checked_add(jiff::Span::new().days(years + months + day - 1)).ok()?;
    Some((i32::from(date.year()), date.month(), i32::from(date.day())))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn days_of_the_solar_hijri_calendar() {
        // As the calendar of ICU has them.
        for (date, gregorian) in [
            ((1302, 11, 20), Some((1924, 2, 10))),
            ((1357, 12, 29), Some((1979, 3, 20))),
            ((1358, 1, 1), Some((1979, 3, 21))),
            ((1379, 10, 11), Some((2000, 12, 31))),
            ((1399, 12, 30), Some((2021, 3, 20))),
            ((1400, 1, 1), Some((2021, 3, 21))),
            ((1402, 6, 21), Some((2023, 9, 12))),
            ((1403, 12, 30), Some((2025, 3, 20))),
            ((1404, 1, 1), Some((2025, 3, 21))),
            ((1445, 2, 27), None),
            ((1402, 12, 30), None),
            ((1403, 7, 31), None),
            ((1403, 13, 1), None),
            ((2023, 6, 21), None),
        ] {
            assert_eq!(from_solar_hijri(date.0, date.1, date.2), gregorian, "{date:?}");
        }
    }
}
