//! Dates of publication, from metadata, lines of text, URLs and paths, to the precision stated.
//!
//! A wrong date is worse than none: an ambiguous date (`09/10/2023`) is rejected, and so are years without newspapers. The
//! time of the file is never used.

mod calendar;
mod names;
mod parse;
mod token;

use jiff::civil;

use crate::model::{Published, PublishedFrom};
use crate::text::script::ascii_digit;
use names::month_of;
use parse::{ParsedDate, find, parse, parse_iso, parse_number, parse_tokens};
use token::tokenize;

pub(in crate::article) use names::is_date_word;
#[cfg(feature = "pages")]
pub(crate) use names::is_day_name;
pub(crate) use names::is_month_name;
pub(crate) use parse::NumberStyle;

impl Published {
    /// The date that `text` states, if it states one. In metadata a number may be an instant.
    #[must_use]
    pub fn parse(text: &str, from: PublishedFrom) -> Option<Published> {
        let number = (from == PublishedFrom::Metadata).then(|| parse_number(text)).flatten();
        number.or_else(|| parse(text)).map(|date| Published { value: date.to_string(), from })
    }

    /// Its start in seconds since 1970, as if its local time were UTC.
    #[must_use]
    pub(crate) fn seconds(&self) -> Option<i64> {
        let number = |range: std::ops::Range<usize>| self.value.get(range)?.parse::<i16>().ok();
        let year = number(0..4)?;
        let month = number(5..7).unwrap_or(1) as i8;
        let day = number(8..10).unwrap_or(1) as i8;
        let hour = number(11..13).unwrap_or(0) as i8;
        let minute = number(14..16).unwrap_or(0) as i8;
        let second = number(17..19).unwrap_or(0) as i8;
        Some(seconds_of(civil::DateTime::new(year, month, day, hour, minute, second, 0).ok()?))
    }

    /// The first and the last day that it may mean, ISO 8601: of `2023-02`, `2023-02-01` and `2023-02-28`. `None` if it is no
    /// date of the calendar.
    #[must_use]
    pub fn days(&self) -> Option<(String, String)> {
        let (first, last) = self.span()?;
        Some((first.to_string(), last.to_string()))
    }

    /// Number of days that it may mean: more than 1 for a month or a year.
    #[must_use]
    pub(crate) fn num_days(&self) -> u64 {
        let days = self.span().map_or(0, |(first, last)| last.duration_since(first).as_hours() / 24);
        days.unsigned_abs() + 1
    }

    fn span(&self) -> Option<(civil::Date, civil::Date)> {
        let day = self.day();
        let number = |range: std::ops::Range<usize>| day.get(range)?.parse::<i16>().ok();
        let (year, month, of_month) = (number(0..4)?, number(5..7), number(8..10));
        let first = civil::Date::new(year, month.unwrap_or(1) as i8, of_month.unwrap_or(1) as i8).ok()?;
        let last = match (month, of_month) {
            (_, Some(_)) => first,
            (Some(_), None) => first.last_of_month(),
            (None, None) => first.last_of_year(),
        };
        Some((first, last))
    }

    /// The day, month or year, without the time of day.
    #[must_use]
    pub fn day(&self) -> &str {
        &self.value[..self.value.len().min(10)]
    }
}

/// Builds the tables of this module now rather than at first use.
pub(super) fn build_tables() {
    names::build_tables();
}

/// A civil time in seconds since 1970, as if it were UTC.
#[must_use]
pub(crate) fn seconds_of(time: civil::DateTime) -> i64 {
    let epoch = civil::date(1970, 1, 1);
    let days = time.date().duration_since(epoch).as_hours() / 24;
    days * 86_400 + i64::from(time.hour()) * 3_600 + i64::from(time.minute()) * 60 + i64::from(time.second())
}

/// The date of a date line: a line that states a date, with no other words than those common beside dates, so that a
/// sentence that mentions a date is not one.
#[must_use]
pub(crate) fn date_line(text: &str) -> Option<Published> {
    parse_line(text).map(|date| Published { value: date.to_string(), from: PublishedFrom::Text })
}

/// Is `text` a date line, as [`date_line`] defines it?
#[must_use]
pub(crate) fn is_date_line(text: &str) -> bool {
    parse_line(text).is_some()
}

fn parse_line(text: &str) -> Option<ParsedDate> {
    const MAX_BYTES: usize = 90;
    if text.len() > MAX_BYTES || !has_year(text) {
        return None;
    }
    let text = text.trim();
    let date = parse_iso(text).or_else(|| parse_tokens(&tokenize(text, is_date_word)?.0))?;
    date.month.is_some().then_some(date)
}

/// Are there four digits in a row, of any script, or the Chinese sign of years? Every date line has a year.
#[must_use]
pub(in crate::article) fn has_year(text: &str) -> bool {
    const DIGITS: usize = 4;
    if text.as_bytes().windows(DIGITS).any(|four| four.iter().all(u8::is_ascii_digit)) {
        return true;
    }
    let mut digits = 0;
    !text.is_ascii()
        && text.chars().any(|c| {
            digits = if ascii_digit(c).is_some() { digits + 1 } else { 0 };
            digits == DIGITS || c == '年'
        })
}

/// The first day that `text` states among any other words, and its byte range. Unlike [`Published::parse`] it does not
/// refuse a text for words that dates do not have; the caller judges them.
#[must_use]
#[cfg_attr(not(feature = "pages"), allow(dead_code))]
pub(crate) fn find_date(text: &str, style: NumberStyle) -> Option<(Published, std::ops::Range<usize>)> {
    let (date, span) = find(text, style)?;
    Some((Published { value: date.to_string(), from: PublishedFrom::Text }, span))
}

/// The day in a path or URL: `2023/09/12`, `2023-09-12-slug`, `20230912-slug`, `2023/sep/12`.
#[must_use]
pub(crate) fn date_in_path(path: &str, from: PublishedFrom) -> Option<Published> {
    let pieces: Vec<&str> = path.split(['/', '-', '_', '.', '\\']).collect();
    let number = |piece: &str, digits: usize| {
        (piece.len() == digits && piece.bytes().all(|b| b.is_ascii_digit())).then(|| piece.parse::<i16>().ok())?
    };
    let is_recent = |year: i16| (1850..=2100).contains(&year);
    for (i, piece) in pieces.iter().enumerate() {
        if let Some(year) = number(piece, 4).filter(|&year| is_recent(year)) {
            let month = pieces.get(i + 1).and_then(|m| {
                number(m, 2).or_else(|| number(m, 1)).or_else(|| month_of(&m.to_lowercase()).map(i16::from))
            });
            let day = pieces.get(i + 2).and_then(|d| number(d, 2).or_else(|| number(d, 1)));
            if let (Some(month), Some(day)) = (month, day)
                && let Some(date) = ParsedDate::new(year, Some(month as i8), Some(day as i8))
            {
                return Some(Published { value: date.to_string(), from });
            }
        }
        if piece.len() == 8 && piece.bytes().all(|b| b.is_ascii_digit()) {
            let date = parse_iso(piece).filter(|date| is_recent(date.year));
            if let Some(date) = date {
                return Some(Published { value: date.to_string(), from });
            }
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn formats_of_dates() {
        for (text, value) in [
            ("2023-09-12", "2023-09-12"),
            ("2023-09", "2023-09"),
            ("2023-09-12T08:00:00Z", "2023-09-12T08:00:00Z"),
            ("2024-08-08 08:00:00+00:00", "2024-08-08T08:00:00Z"),
            ("2019-11-20T01:27:00.000-0500", "2019-11-20T01:27:00-05:00"),
            ("20191120T052700Z", "2019-11-20T05:27:00Z"),
            ("9-MAR-1987 10:35:23.44", "1987-03-09T10:35:23"),
            ("Nov 18, 2011 3:04 pm", "2011-11-18T15:04:00"),
            ("September 12th, 2023", "2023-09-12"),
            ("12. September 2023, 8.30 Uhr", "2023-09-12T08:30:00"),
            ("Mis à jour le 3 mars 2021 à 10h12", "2021-03-03T10:12:00"),
            ("12 de septiembre de 2023", "2023-09-12"),
            ("1er août 2020", "2020-08-01"),
            ("2023年9月12日", "2023-09-12"),
            ("Tue, 12 Sep 2023 08:00:00 GMT", "2023-09-12T08:00:00Z"),
            ("31/12/2023", "2023-12-31"),
            ("12/31/2023", "2023-12-31"),
            ("09/09/2023", "2023-09-09"),
            ("1.2.2023", "2023-02-01"),
            ("Sept. 2023", "2023-09"),
            ("12:00 a.m. May 1, 2020", "2020-05-01T00:00:00"),
            ("Thu May 14 01:38:56 +0000 2020", "2020-05-14T01:38:56Z"),
            ("Fri Nov 03 22:10:09 -0430 2023", "2023-11-03T22:10:09-04:30"),
            ("Mon Sep 11 08:00:00 CEST 2023", "2023-09-11T08:00:00"),
            ("Sat Mar  4 07:05:01 2006", "2006-03-04T07:05:01"),
            ("Thu Nov 14 2024 10:11:12 GMT+0100 (Central European Standard Time)", "2024-11-14T10:11:12+01:00"),
            ("2023. november 8.", "2023-11-08"),
            ("3 травня 2011", "2011-05-03"),
            ("الأربعاء، 07 أكتوبر 2020 - 12:30 م", "2020-10-07T12:30:00"),
            ("07:00 (GMT+7), 12/13/2023", "2023-12-13T07:00:00+07:00"),
            ("2023-09-12T08:00 +05:30", "2023-09-12T08:00:00+05:30"),
        ] {
            assert_eq!(Published::parse(text, PublishedFrom::Text).map(|p| p.value), Some(value.to_string()), "{text}");
        }
    }

    #[test]
    fn date_lines_of_the_world() {
        for (text, value) in [
            ("الثلاثاء 12 سبتمبر 2023", "2023-09-12"),
            ("12 سبتمبر/أيلول 2023", "2023-09-12"),
            ("١٢ سبتمبر ٢٠٢٣", "2023-09-12"),
            ("الثلاثاء، 12 كانون الثاني 2023 07:30 م", "2023-01-12T19:30:00"),
            ("الجمعة 27 صفر 1445هـ - 12 سبتمبر 2023م", "2023-09-12"),
            ("12 septembre 2023", "2023-09-12"),
            ("12 de setembre del 2023", "2023-09-12"),
            ("12 सितंबर 2023", "2023-09-12"),
            ("१२ सितम्बर २०२३", "2023-09-12"),
            ("মঙ্গলবার, ১২ সেপ্টেম্বর ২০২৩", "2023-09-12"),
            ("12 செப்டம்பர் 2023", "2023-09-12"),
            ("2023年9月12日 7時00分", "2023-09-12T07:00:00"),
            ("2023年9月12日（火）", "2023-09-12"),
            ("２０２３年９月１２日", "2023-09-12"),
            ("2023年9月12日 午後3時5分", "2023-09-12T15:05:00"),
            ("令和5年9月12日", "2023-09-12"),
            ("平成元年1月8日", "1989-01-08"),
            ("民國112年9月12日", "2023-09-12"),
            ("公開日時 2023年9月12日 午前7時", "2023-09-12T07:00:00"),
            ("发布时间：2023年09月12日07:00", "2023-09-12T07:00:00"),
            ("2023年09月12日 星期二", "2023-09-12"),
            ("二〇二三年九月十二日", "2023-09-12"),
            ("二零二三年十二月三十一日", "2023-12-31"),
            ("입력 2023.09.12. 오후 7:00", "2023-09-12T19:00:00"),
            ("2023년 9월 12일 화요일", "2023-09-12"),
            ("12 กันยายน 2566", "2023-09-12"),
            ("วันอังคารที่ 12 กันยายน พ.ศ. 2566", "2023-09-12"),
            ("12 ก.ย. 2566 07.30 น.", "2023-09-12T07:30:00"),
            ("سه‌شنبه ۲۱ شهریور ۱۴۰۲", "2023-09-12"),
            ("۱۴۰۲/۰۶/۲۱", "2023-09-12"),
            ("سه شنبه ۱۲ سپتامبر ۲۰۲۳", "2023-09-12"),
            ("12 ستمبر 2023", "2023-09-12"),
            ("12 בספטמבר 2023", "2023-09-12"),
            ("יום שלישי, 12 ספטמבר 2023", "2023-09-12"),
            ("Selasa, 12 September 2023 07:00 WIB", "2023-09-12T07:00:00"),
            ("12 Eylül 2023 Salı, 07:00", "2023-09-12T07:00:00"),
            ("Thứ tư, 13/9/2023, 07:00 (GMT+7)", "2023-09-13T07:00:00+07:00"),
            ("Thứ ba, ngày 12 tháng 9 năm 2023", "2023-09-12"),
            ("2023 m. rugsėjo 12 d.", "2023-09-12"),
            ("2023. gada 12. septembris", "2023-09-12"),
            ("2023 ж. 12 қыркүйек", "2023-09-12"),
            ("2023. szeptember 12., kedd 7:00", "2023-09-12T07:00:00"),
            ("12.9.2023 klo 7.00", "2023-09-12T07:00:00"),
            ("wtorek, 12 września 2023, godz. 07:00", "2023-09-12T07:00:00"),
            ("12 Meán Fómhair 2023", "2023-09-12"),
            ("Utorak, 10. listopada 2023.", "2023-10-10"),
            ("10 listopada 2023", "2023-11-10"),
            ("10. listopadu 2023", "2023-11-10"),
            ("2023-yil 12-sentabr", "2023-09-12"),
            ("2023. gada 12. septembrī", "2023-09-12"),
            ("2023. szeptember 12-én", "2023-09-12"),
            ("ថ្ងៃទី១២ ខែកញ្ញា ឆ្នាំ២០២៣", "2023-09-12"),
            ("12 සැප්තැම්බර් 2023", "2023-09-12"),
            ("12 September 2023, 09:00 - 10:30", "2023-09-12T09:00:00"),
            ("вівторок, 12 вересня 2023 р.", "2023-09-12"),
        ] {
            assert_eq!(date_line(text).map(|p| p.value), Some(value.to_string()), "{text}");
        }
        for text in
            ["港口於2023年9月12日關閉", "Liepos 12 d. 2566 m.", "۳۱ شهریور ۱۶۰۲", "令和五月", "二〇二三", "12/9/2023"]
        {
            assert_eq!(date_line(text), None, "{text}");
        }
    }

    #[test]
    fn numbers_of_metadata_are_instants() {
        for (text, value) in [
            ("1589420336", Some("2020-05-14T01:38:56Z")),
            ("1589420336000", Some("2020-05-14T01:38:56Z")),
            ("1589420336.25", Some("2020-05-14T01:38:56Z")),
            ("/Date(1589420336000)/", Some("2020-05-14T01:38:56Z")),
            ("/Date(1589420336000+0200)/", Some("2020-05-14T01:38:56Z")),
            ("20200514013856", Some("2020-05-14T01:38:56")),
            ("202005140138", Some("2020-05-14T01:38:00")),
            ("20200514", Some("2020-05-14")),
            ("1234567", None),
            ("15894203360000000", None),
            ("-1589420336", None),
        ] {
            let date = |from| Published::parse(text, from).map(|p| p.value);
            assert_eq!(date(PublishedFrom::Metadata).as_deref(), value, "{text}");
        }
        assert_eq!(Published::parse("1589420336", PublishedFrom::Text), None);
    }

    #[test]
    fn dates_among_words() {
        let european = NumberStyle { day_first: Some(true), short_years: true };
        let american = NumberStyle { day_first: Some(false), short_years: true };
        let strict = NumberStyle::default();
        for (text, style, value, found) in [
            ("Peter Grimm / 07.11.2023 / 09:30", strict, Some("2023-11-07T09:30:00"), "07.11.2023 "),
            ("Veröffentlicht am 3.5.11 um 8.15 Uhr", european, Some("2011-05-03T08:15:00"), "3.5.11 "),
            ("Le 04/03/2023 à Halden", european, Some("2023-03-04"), "04/03/2023 "),
            ("04/03/2023", american, Some("2023-04-03"), "04/03/2023"),
            ("04/03/2023", strict, None, ""),
            ("3.5.11", strict, None, ""),
            ("Version 1.23.4.2020", european, None, ""),
            ("Hamburg, 2. November 2021", strict, Some("2021-11-02"), "2. November 2021"),
            ("(18.01.2018) Bauern", strict, Some("2018-01-18"), "18.01.2018"),
        ] {
            let got = find_date(text, style);
            assert_eq!(got.as_ref().map(|(date, _)| date.value.as_str()), value, "{text}");
            assert_eq!(got.map_or("", |(_, span)| &text[span]), found, "{text}");
        }
    }

    #[test]
    fn ambiguous_and_invalid_dates_are_rejected() {
        for text in
            ["09/10/2023", "31 February 2020", "Monday", "99 red balloons", "May", "", "2 May", "1234567", "30/30/2020"]
        {
            assert_eq!(Published::parse(text, PublishedFrom::Text), None, "{text}");
        }
    }

    #[test]
    fn sentences_are_not_date_lines() {
        for (text, is_line) in [
            ("Published: Tuesday 12 September 2023 at 08:00 BST", true),
            ("Jun 5, 2009 4:50 pm", true),
            ("The port closed on 12 September 2023", false),
            ("2023-09-12", true),
            ("2023", false),
        ] {
            assert_eq!(date_line(text).is_some(), is_line, "{text}");
        }
    }

    #[test]
    fn dates_in_paths() {
        for (path, value) in [
            ("news/2023/09/12/strike.txt", Some("2023-09-12")),
            ("20230912-strike.txt", Some("2023-09-12")),
            ("2023-09-12_strike.txt", Some("2023-09-12")),
            ("https://example.org/world/2020/nov/04/vote", Some("2020-11-04")),
            ("articles/12345678.txt", None),
            ("1987/3024.txt", None),
        ] {
            assert_eq!(date_in_path(path, PublishedFrom::Path).map(|p| p.value).as_deref(), value, "{path}");
        }
    }

    #[test]
    fn seconds_follow_the_calendar() {
        let at = |value: &str| Published { value: value.into(), from: PublishedFrom::Text }.seconds();
        assert_eq!(at("1970-01-02"), Some(86_400));
        assert_eq!(at("1970"), Some(0));
        assert_eq!(at("2023-09-12T08:00:00Z"), Some(1_694_505_600));
    }

    #[test]
    fn a_month_or_year_is_as_many_days() {
        for (value, days) in
            [("2023-09-12", 1), ("2023-09-12T08:00:00Z", 1), ("2024-02", 29), ("2023", 365), ("2024", 366)]
        {
            assert_eq!(Published { value: value.into(), from: PublishedFrom::Text }.num_days(), days, "{value}");
        }
    }
}
