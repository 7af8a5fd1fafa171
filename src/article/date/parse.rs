//! Parses dates as they are written: ISO 8601 and its variants, and dates in words or numbers in the languages of news.

use std::fmt;

use jiff::civil;

use super::names::{AFTERNOON, FORENOON, LISTOPAD};
use super::token::{Token, tokenize};

/// A date to the precision stated, with the time of day if stated.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct ParsedDate {
    pub(super) year: i16,
    pub(super) month: Option<i8>,
    pub(super) day: Option<i8>,
    /// Hour, minute, second.
    pub(super) time: Option<(i8, i8, i8)>,
    /// Offset from UTC in minutes, positive to the east.
    pub(super) offset: Option<i32>,
}

impl ParsedDate {
    /// A date without time of day, if the calendar has it and its year is accepted.
    pub(super) fn new(year: i16, month: Option<i8>, day: Option<i8>) -> Option<ParsedDate> {
        let is_valid = YEARS.contains(&year) && civil::Date::new(year, month.unwrap_or(1), day.unwrap_or(1)).is_ok();
        is_valid.then_some(ParsedDate { year, month, day, time: None, offset: None })
    }
}

impl fmt::Display for ParsedDate {
    /// ISO 8601.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:04}", self.year)?;
        let (Some(month), day) = (self.month, self.day) else { return Ok(()) };
        write!(f, "-{month:02}")?;
        let Some(day) = day else { return Ok(()) };
        write!(f, "-{day:02}")?;
        let Some((hour, minute, second)) = self.time else { return Ok(()) };
        write!(f, "T{hour:02}:{minute:02}:{second:02}")?;
        match self.offset {
            Some(0) => f.write_str("Z"),
            Some(offset) => {
                write!(f, "{}{:02}:{:02}", if offset < 0 { '-' } else { '+' }, offset.abs() / 60, offset.abs() % 60)
            }
            None => Ok(()),
        }
    }
}

/// Years that are accepted: those of newspapers.
const YEARS: std::ops::RangeInclusive<i16> = 1600..=2100;

/// How a text writes dates of numbers.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) struct NumberStyle {
    /// Is the day first in `09/10/2023`? `None`: that is ambiguous.
    pub day_first: Option<bool>,
    /// Are years of two digits read, as in `28.01.22`?
    pub short_years: bool,
}

/// The one date that `text` states, among any other words.
pub(super) fn parse(text: &str) -> Option<ParsedDate> {
    let text = text.trim();
    if text.is_empty() || text.len() > 120 {
        return None;
    }
    parse_iso(text).or_else(|| parse_tokens(&tokenize(text, |_| true)?.0))
}

/// The first date in `text`, among any other words, and its byte range. The time of day is that directly after the date.
#[cfg_attr(not(feature = "pages"), allow(dead_code))]
pub(super) fn find(text: &str, style: NumberStyle) -> Option<(ParsedDate, std::ops::Range<usize>)> {
    // An instant for machines.
    let trimmed = text.trim();
    if let Some(date) = parse_iso(trimmed).filter(|date| date.day.is_some()) {
        let start = text.len() - text.trim_start().len();
        return Some((date, start..start + trimmed.len()));
    }
    let (tokens, starts) = tokenize(text, |_| true)?;
    let end_of = |at: usize| starts.get(at).copied().unwrap_or(text.len());
    for at in 0..tokens.len() {
        // The middle of a number with signs is not the beginning of a date: `1.23.4.2020`, `12345-01-02`.
        let is_inside = at > 0 && matches!(tokens[at], Token::Number(..)) && {
            let between = &text[starts[at - 1]..starts[at]];
            between.ends_with(['.', '/', '-'])
                && at > 1
                && matches!(tokens[at - 2], Token::Number(..))
                && starts[at] == starts[at - 1] + 1
                && text[starts[at - 2]..starts[at - 1]].bytes().all(|b| b.is_ascii_digit())
        };
        if is_inside {
            continue;
        }
        let Some((Some(date), used)) = date_at(&tokens[at..], style) else { continue };
        if date.day.is_none() {
            continue;
        }
        let end = at + used;
        if date.time.is_some() {
            return Some((date, starts[at]..end_of(end)));
        }
        // A few words and signs may be between date and time: `, um 8.30 Uhr`, `T08:15`, ` - `.
        const MAX_BETWEEN: usize = 4;
        let timed = (end..tokens.len().min(end + MAX_BETWEEN)).find_map(|at| {
            let between = tokens[end..at].iter().all(|token| !matches!(token, Token::Number(..) | Token::Month(_)));
            time_at(&tokens[at..]).filter(|_| between)
        });
        let date = timed.map_or(date, |(time, offset)| ParsedDate { time: Some(time), offset, ..date });
        return Some((date, starts[at]..end_of(end)));
    }
    None
}

/// A number as programs write instants: seconds, milliseconds since 1970 (`1589420336`, `/Date(1589420336000)/`), or a
/// date and time without signs (`20200514013856`).
pub(super) fn parse_number(text: &str) -> Option<ParsedDate> {
    let text = text.trim().trim_matches('/');
    let text = text.strip_prefix("Date(").and_then(|rest| rest.strip_suffix(')')).unwrap_or(text);
    // A zone after the milliseconds only tells how to show them.
    let number = text.split(['+', '.']).next().filter(|_| !text.starts_with('-')).unwrap_or(text);
    if !number.bytes().all(|byte| byte.is_ascii_digit()) {
        return None;
    }
    if matches!(number.len(), 10 | 12 | 14)
        && let Some(date) = parse_iso(&number[..8]).filter(|date| (1900..=2100).contains(&date.year))
    {
        let digits = |at: usize| number.get(at..at + 2).map_or(Some(0), |two| two.parse::<i8>().ok());
        let time = (digits(8)?, digits(10)?, digits(12)?);
        return valid_time(time).then_some(ParsedDate { time: Some(time), ..date });
    }
    let value: i64 = number.parse().ok()?;
    let seconds = match number.len() {
        9 | 10 => value,
        12 | 13 => value / 1_000,
        _ => return None,
    };
    let stamp = jiff::Timestamp::from_second(seconds).ok()?.to_string();
    parse_iso(&stamp)
}

/// `2023-09-12`, `2023-09-12T08:00:00.000Z`, `2023-09-12 08:00+02:00`, `20230912T0800Z`, `2023-09`, `2023`.
pub(super) fn parse_iso(text: &str) -> Option<ParsedDate> {
    let bytes = text.as_bytes();
    let digits = |range: std::ops::Range<usize>| -> Option<i16> {
        let piece = text.get(range)?;
        piece.bytes().all(|b| b.is_ascii_digit()).then(|| piece.parse().ok())?
    };
    let year = digits(0..4)?;
    if bytes.len() == 4 {
        return ParsedDate::new(year, None, None);
    }
    let (month, day, rest) = if bytes[4] == b'-' || bytes[4] == b'/' {
        let month = digits(5..7)?;
        if bytes.len() == 7 {
            return ParsedDate::new(year, Some(month as i8), None);
        }
        if bytes[7] != bytes[4] {
            return None;
        }
        (month, digits(8..10)?, &text[10..])
    } else {
        (digits(4..6)?, digits(6..8)?, text.get(8..)?)
    };
    let date = ParsedDate::new(year, Some(month as i8), Some(day as i8))?;
    if rest.is_empty() {
        return Some(date);
    }
    let rest = rest.strip_prefix(['T', 't', ' ', '_'])?.trim_start();
    let (time, offset) = parse_iso_time(rest)?;
    Some(ParsedDate { time: Some(time), offset, ..date })
}

/// A time of day and its offset from UTC: `08:00`, `08:00:15.123`, `080015`, then nothing, `Z`, `UTC` or an offset.
fn parse_iso_time(text: &str) -> Option<((i8, i8, i8), Option<i32>)> {
    let end = text.find(|c: char| !c.is_ascii_digit() && c != ':' && c != '.' && c != ',').unwrap_or(text.len());
    let (time, zone) = text.split_at(end);
    let without_fraction = time.split_once(['.', ',']).map_or(time, |(time, _)| time);
    let digits: String = without_fraction.chars().filter(char::is_ascii_digit).collect();
    let number = |range: std::ops::Range<usize>| digits.get(range).map_or(Some(0), |piece| piece.parse::<i8>().ok());
    if digits.len() != 4 && digits.len() != 6 {
        return None;
    }
    let time = (number(0..2)?, number(2..4)?, number(4..6)?);
    let zone = zone.trim();
    let offset = match zone {
        "" => None,
        "Z" | "z" | "UTC" | "GMT" => Some(0),
        _ => {
            let sign = if zone.starts_with('-') {
                -1
            } else if zone.starts_with('+') {
                1
            } else {
                return None;
            };
            let digits: String = zone[1..].chars().filter(char::is_ascii_digit).collect();
            let hours: i32 = digits.get(0..2)?.parse().ok()?;
            let minutes: i32 = digits.get(2..4).unwrap_or("0").parse().ok()?;
            Some(sign * (hours * 60 + minutes))
        }
    };
    valid_time(time).then_some((time, offset))
}

fn valid_time((hour, minute, second): (i8, i8, i8)) -> bool {
    (0..24).contains(&hour) && (0..60).contains(&minute) && (0..61).contains(&second)
}

/// The first date among `tokens`, with the first time of day.
pub(super) fn parse_tokens(tokens: &[Token]) -> Option<ParsedDate> {
    let date = (0..tokens.len()).find_map(|at| date_at(&tokens[at..], NumberStyle::default()))?.0?;
    if date.time.is_some() {
        return Some(date);
    }
    Some(match (0..tokens.len()).find_map(|at| time_at(&tokens[at..])) {
        Some((time, offset)) => ParsedDate { time: Some(time), offset, ..date },
        None => date,
    })
}

/// The date that `rest` begins with, and the number of its tokens. The outer `None` means that there is no date, the inner
/// that it has the form of one but is invalid or ambiguous.
fn date_at(rest: &[Token], style: NumberStyle) -> Option<(Option<ParsedDate>, usize)> {
    use Token::{Month, Number, Sign, Word};
    let word = |token: &Token, words: &[&str]| matches!(token, Word(word) if words.contains(&word.as_str()));
    let full = |year: &i32, month: i32, day: &i32| ParsedDate::new(*year as i16, Some(month as i8), Some(*day as i8));
    // 2023年9月12日, 2023年9月
    if let [Number(year, 4), first, Number(month, 1 | 2), second, tail @ ..] = rest
        && (word(first, &["年"]) && word(second, &["月"]) || word(first, &["년"]) && word(second, &["월"]))
    {
        return Some(match tail {
            [Number(day, 1 | 2), ..] => (full(year, *month, day), 5),
            _ => (ParsedDate::new(*year as i16, i8::try_from(*month).ok(), None), 4),
        });
    }
    // Skips words and signs between day, month and year.
    let skip = |mut i: usize| {
        while i < rest.len()
            && (word(&rest[i], BETWEEN) || matches!(rest[i], Sign('.' | ',' | '،' | '-' | '/' | '\'' | '’')))
        {
            i += 1;
        }
        i
    };
    match rest.first()? {
        Number(day, 1 | 2) => {
            let i = skip(1);
            let at = skip(i + 1);
            let month = match rest.get(i) {
                Some(Month(month)) => *month,
                Some(Word(name)) if LISTOPAD.contains(&name.as_str()) => {
                    // Croatian writes `10. listopada 2023.`, Polish `10 listopada 2023`, Czech `10. listopad 2023`.
                    let has_dot = |at: usize| matches!(rest.get(at), Some(Sign('.')));
                    let is_croatian = has_dot(1) && (name == LISTOPAD[1] || has_dot(at + 1));
                    if is_croatian { 10 } else { 11 }
                }
                _ => return numeric_date(rest, style),
            };
            match rest.get(at) {
                Some(Number(year, 4)) => Some((full(year, i32::from(month), day), at + 1)),
                _ => None,
            }
        }
        Number(year, 4) => match rest {
            [_, Sign(a @ ('-' | '/' | '.')), Number(month, 1 | 2), Sign(b), Number(day, 1 | 2), ..] if a == b => {
                Some((full(year, *month, day), 5))
            }
            _ => year_month_day(rest, year),
        },
        Month(month) => {
            let i = skip(1);
            match rest.get(i)? {
                Number(day, 1 | 2) => {
                    let at = skip(i + 1);
                    if let Some(Number(year, 4)) = rest.get(at) {
                        return Some((full(year, i32::from(*month), day), at + 1));
                    }
                    year_last(rest, i + 1, *month, day)
                }
                Number(year, 4) => Some((ParsedDate::new(*year as i16, Some(*month), None), i + 1)),
                _ => None,
            }
        }
        _ => None,
    }
}

/// Words between day, month and year, folded: "12 de enero", "พ.ศ.", "năm".
const BETWEEN: &[&str] = &["de", "of", "del", "d", "st", "nd", "rd", "th", "er", "den", "ta", "พ", "ศ", "nam", "ឆ្នាំ"];

/// Words for "year" after its number, folded: `2023 m. rugsėjo 12 d.`, `2023. gada 12. septembris`, `2023 ж. 12 қыркүйек`.
const YEAR_WORDS: &[&str] = &["m", "gada", "ж", "yil"];

/// A date whose year is first and whose month has a name: `2023 November 8`, `2023. november 8.`; after a word for "year" the day
/// may be before the month.
fn year_month_day(rest: &[Token], year: &i32) -> Option<(Option<ParsedDate>, usize)> {
    use Token::{Month, Number, Sign, Word};
    let is_sign = |at: usize| matches!(rest.get(at), Some(Sign('-' | '/' | '.' | ',')));
    let mut at = 1 + usize::from(is_sign(1));
    let has_word = matches!(rest.get(at), Some(Word(word)) if YEAR_WORDS.contains(&word.as_str()));
    if has_word {
        at += 1;
        at += usize::from(is_sign(at));
        at += usize::from(is_sign(at));
    }
    let date = |month: i8, day: i32| ParsedDate::new(*year as i16, Some(month), i8::try_from(day).ok());
    match rest.get(at..)? {
        // `12 May 2023 November 8`: the number would belong to what follows; only the whole form counts.
        [Month(month), Number(day, 1 | 2), tail @ ..] => {
            (!matches!(tail, [Number(_, 4), ..])).then(|| (date(*month, *day), at + 2))
        }
        [Number(day, 1 | 2), Month(month), ..] if has_word => Some((date(*month, *day), at + 2)),
        [Number(day, 1 | 2), Sign('.' | '-'), Month(month), ..] if has_word => Some((date(*month, *day), at + 3)),
        _ => None,
    }
}

/// A date whose year is after the time of day, as C and Twitter write it: `May 14 01:38:56 +0000 2020`. The month and
/// `day` are the first `at` tokens.
fn year_last(rest: &[Token], at: usize, month: i8, day: &i32) -> Option<(Option<ParsedDate>, usize)> {
    use Token::{Number, Sign, Word};
    let [Number(hour, 2), Sign(':'), Number(minute, 2), Sign(':'), Number(second, 2), tail @ ..] = rest.get(at..)?
    else {
        return None;
    };
    let (offset, used) = match tail {
        [Sign(sign @ ('+' | '-')), Number(zone, 4), ..] => (offset_of(*sign, *zone), 2),
        [Word(zone), ..] if zone.len() <= 5 => ((zone == "utc" || zone == "gmt").then_some(0), 1),
        _ => (None, 0),
    };
    let Some(Number(year, 4)) = tail.get(used) else { return None };
    let date = ParsedDate::new(*year as i16, Some(month), Some(*day as i8));
    let time = (i8::try_from(*hour).ok()?, i8::try_from(*minute).ok()?, i8::try_from(*second).ok()?);
    let date = date.filter(|_| valid_time(time)).map(|date| ParsedDate { time: Some(time), offset, ..date });
    Some((date, at + 5 + used + 1))
}

/// The offset from UTC in minutes that `+0200` states, `value` being its number.
fn offset_of(sign: char, value: i32) -> Option<i32> {
    let (hours, minutes) = (value / 100, value % 100);
    let is_offset = hours <= 14 && matches!(minutes, 0 | 15 | 30 | 45);
    is_offset.then(|| if sign == '-' { -(hours * 60 + minutes) } else { hours * 60 + minutes })
}

/// A date of numbers with the year last. With dots (`12.09.2023`) the day is first; with slashes or hyphens the order is
/// known only if one number cannot be a month, or `style` tells. The inner `None` is an invalid or ambiguous date.
fn numeric_date(rest: &[Token], style: NumberStyle) -> Option<(Option<ParsedDate>, usize)> {
    use Token::{Number, Sign};
    let [Number(first, 1 | 2), Sign(a @ ('.' | '/' | '-')), Number(second, 1 | 2), Sign(b), Number(year, digits), ..] =
        rest
    else {
        return None;
    };
    let is_short = *digits == 2 && style.short_years && *a != '-';
    if a != b || *digits != 4 && !is_short {
        return None;
    }
    let (day, month) = match (*first, *second) {
        (day, month) if *a == '.' => (day, month),
        (day, month) if day == month => (day, month),
        (day, month) if day > 12 => (day, month),
        (month, day) if day > 12 => (day, month),
        (day, month) if style.day_first == Some(true) => (day, month),
        (month, day) if style.day_first == Some(false) => (day, month),
        _ => return Some((None, 5)),
    };
    /// Years of two digits from this one on are of the last century.
    const FIRST_OF_LAST_CENTURY: i32 = 70;
    let year = match *year {
        year if *digits == 2 && year < FIRST_OF_LAST_CENTURY => year + 2_000,
        year if *digits == 2 => year + 1_900,
        year => year,
    };
    Some((ParsedDate::new(year as i16, Some(month as i8), Some(day as i8)), 5))
}

/// The time of day that `rest` begins with, and its offset from UTC: `3:04 pm`, `10h12`, `15:04:23.44 GMT`, `10.35 Uhr`,
/// `午後3時10分`.
fn time_at(rest: &[Token]) -> Option<((i8, i8, i8), Option<i32>)> {
    use Token::{Number, Sign, Word};
    /// Words before a time whose minutes are after a dot, folded: `klo 7.00`.
    const BEFORE_DOT: &[&str] = &["klo", "kl", "um", "ora", "ore", "om", "pukul"];
    /// Words between hours and minutes.
    const HOURS: &[&str] = &["h", "時", "时", "点", "點", "시"];
    let half = match rest.first()? {
        Word(word) if word == FORENOON => Some(false),
        Word(word) if word == AFTERNOON => Some(true),
        _ => None,
    };
    let is_after_word = matches!(rest.first(), Some(Word(word)) if BEFORE_DOT.contains(&word.as_str()));
    let rest = &rest[usize::from(half.is_some() || is_after_word)..];
    let (hour, minute, mut used) = match rest {
        [Number(hour, 1 | 2), Sign(':' | '：'), Number(minute, 2), ..] => (*hour, *minute, 3),
        [Number(hour, 1 | 2), Word(h), Number(minute, 2), ..] if HOURS.contains(&h.as_str()) => (*hour, *minute, 3),
        [Number(hour, 1 | 2), Word(h), tail @ ..] if h != "h" && HOURS.contains(&h.as_str()) => match tail {
            [Number(minute, 1), ..] => (*hour, *minute, 3),
            _ => (*hour, 0, 2),
        },
        [Number(hour, 1 | 2), Sign('.'), Number(minute, 2), ..] if is_after_word => (*hour, *minute, 3),
        [Number(hour, 1 | 2), Sign('.'), Number(minute, 2), Word(word), ..]
            if matches!(word.as_str(), "uhr" | "am" | "pm" | "klo" | "น") =>
        {
            (*hour, *minute, 3)
        }
        [Number(hour, 1 | 2), Word(word), ..] if matches!(word.as_str(), "am" | "pm" | "uhr") => (*hour, 0, 1),
        _ => return None,
    };
    let mut second = 0;
    if let [Sign(':'), Number(value, 2), ..] = &rest[used..] {
        second = *value;
        used += 2;
    }
    let mut hour = hour;
    let mut tail = rest[used..].iter();
    let is_pm = match (tail.next(), tail.next(), tail.next()) {
        _ if half.is_some() => half,
        (Some(Word(word)), _, _) if matches!(word.as_str(), "am" | "pm" | "ص" | "م") => {
            Some(matches!(word.as_str(), "pm" | "م"))
        }
        (Some(Word(a)), Some(Sign('.')), Some(Word(m))) if m == "m" && (a == "a" || a == "p") => Some(a == "p"),
        _ => None,
    };
    match is_pm {
        Some(true) if hour < 12 => hour += 12,
        Some(false) if hour == 12 => hour = 0,
        _ => {}
    }
    let zone = zone_after(&rest[used..]);
    let time = (i8::try_from(hour).ok()?, i8::try_from(minute).ok()?, i8::try_from(second).ok()?);
    valid_time(time).then_some((time, zone))
}

/// The offset from UTC that the words after a time of day state: `GMT`, `GMT+0100`, `GMT+7`, `+05:30`.
fn zone_after(rest: &[Token]) -> Option<i32> {
    use Token::{Number, Sign, Word};
    let numeric = |rest: &[Token], is_named: bool| match rest {
        [Sign(sign @ ('+' | '-')), Number(value, 4), ..] => offset_of(*sign, *value),
        // Without its name `- 10:30` may be the end of a range, and `GMT - 3 min` a time to read.
        [Sign(sign @ ('+' | '-')), Number(hours, 1 | 2), Sign(':'), Number(minutes, 2), ..] if is_named => {
            offset_of(*sign, hours * 100 + minutes)
        }
        [Sign(sign @ ('+' | '-')), Number(hours, 1 | 2), tail @ ..]
            if is_named && !matches!(tail.first(), Some(Word(_))) =>
        {
            offset_of(*sign, hours * 100)
        }
        _ => None,
    };
    let named = rest.iter().position(|token| matches!(token, Word(word) if word == "gmt" || word == "utc"));
    match named {
        Some(at) => Some(numeric(&rest[at + 1..], true).unwrap_or(0)),
        None => numeric(rest, false),
    }
}
