//! Dates: what a value of JSON states as one, in the forms of articles and of programs.

use serde_json::Value;

use super::{of_locale, plain_text};
use crate::ingest::format::draft::first_date;
use crate::model::{Published, PublishedFrom};

/// The date that a value states.
pub(in crate::ingest::format) fn date(value: &Value) -> Option<Published> {
    match value {
        Value::String(text) => date_of(text),
        Value::Number(number) => {
            let whole = number.to_string();
            date_of(whole.split('.').next().unwrap_or(&whole))
        }
        Value::Array(values) => values.iter().take(20).find_map(date),
        Value::Object(object) => {
            if let Some(parts) = object.get("date-parts").or(object.get("dateParts")) {
                return date_parts(parts);
            }
            let keys = [
                "$date",
                "$numberLong",
                "date",
                "datetime",
                "iso",
                "value",
                "raw",
                "#text",
                "$t",
                "rendered",
                "literal",
                "timestamp",
                "seconds",
                "_seconds",
                "when",
            ];
            let number =
                |key: &str| object.get(key).and_then(plain_text).and_then(|text| text.trim().parse::<u32>().ok());
            keys.iter().find_map(|key| object.get(*key).and_then(date)).or_else(|| date(of_locale(object)?)).or_else(
                || {
                    let (month, day) = (number("month"), number("day"));
                    let stated = match (number("year")?, month, day) {
                        (year, Some(month), Some(day)) => format!("{year:04}-{month:02}-{day:02}"),
                        (year, Some(month), None) => format!("{year:04}-{month:02}"),
                        (year, ..) => format!("{year:04}"),
                    };
                    first_date([Some(stated.as_str())])
                },
            )
        }
        Value::Null | Value::Bool(_) => None,
    }
}

/// `[[2011, 5, 3]]`, the form of CSL.
fn date_parts(parts: &Value) -> Option<Published> {
    let list = parts[0].as_array()?;
    let numbers: Vec<u32> = list.iter().filter_map(|part| plain_text(part)?.trim().parse().ok()).collect();
    let stated = match numbers[..] {
        [year] => format!("{year:04}"),
        [year, month] => format!("{year:04}-{month:02}"),
        [year, month, day, ..] => format!("{year:04}-{month:02}-{day:02}"),
        [] => return None,
    };
    first_date([Some(stated.as_str())])
}

/// The date that a text states, in the forms of articles and of programs.
pub(in crate::ingest::format) fn date_of(text: &str) -> Option<Published> {
    let text = text.trim().trim_matches('/').trim();
    if text.starts_with("0000") || text.starts_with("0001-01-01") || text.starts_with("1970-01-01T00:00:00") {
        return None;
    }
    unix_time(text)
        .or_else(|| net_time(text))
        .or_else(|| c_time(text))
        .or_else(|| basic_time(text))
        .or_else(|| year_first(text))
        .or_else(|| first_date([Some(text)]))
}

/// `2017 Apr 23`, the form of MEDLINE.
fn year_first(text: &str) -> Option<Published> {
    let words: Vec<&str> = text.split_whitespace().collect();
    let [year, month, day @ ..] = &words[..] else { return None };
    let dated =
        year.len() == 4 && year.bytes().all(|byte| byte.is_ascii_digit()) && month.chars().all(char::is_alphabetic);
    let day = day.first().copied().unwrap_or("");
    first_date([Some(format!("{day} {month} {year}").trim())]).filter(|_| dated && words.len() <= 3)
}

/// A Unix time in seconds, milliseconds or microseconds, as databases export it.
fn unix_time(text: &str) -> Option<Published> {
    let whole = text.split_once('.').map_or(text, |(whole, fraction)| {
        if fraction.bytes().all(|byte| byte.is_ascii_digit()) { whole } else { text }
    });
    let digits = whole.strip_prefix('-').unwrap_or(whole);
    if !matches!(digits.len(), 9 | 10 | 13 | 16) || !digits.bytes().all(|byte| byte.is_ascii_digit()) {
        return None;
    }
    let number: i64 = whole.parse().ok()?;
    let seconds = match digits.len() {
        13 => number / 1_000,
        16 => number / 1_000_000,
        _ => number,
    };
    instant(seconds)
}

fn instant(seconds: i64) -> Option<Published> {
    let stamp = jiff::Timestamp::from_second(seconds).ok()?.to_string();
    Published::parse(&stamp, PublishedFrom::Metadata)
}

/// `/Date(1304410500000+0200)/`, without its slashes.
fn net_time(text: &str) -> Option<Published> {
    let inner = text.trim_matches('\\').strip_prefix("Date(")?.trim_end_matches(['\\', '/']).strip_suffix(')')?;
    let end = inner.get(1..)?.find(['+', '-']).map_or(inner.len(), |at| at + 1);
    instant(inner.get(..end)?.parse::<i64>().ok()? / 1_000)
}

/// `Thu May 14 01:38:56 +0000 2020`, `Thu May 14 01:38:56 UTC 2020`, `Thu May 14 2020 01:38:56 GMT+0000 (Zulu)`.
fn c_time(text: &str) -> Option<Published> {
    const MONTHS: [&str; 12] = ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"];
    let words: Vec<&str> = text.split_whitespace().collect();
    let [weekday, month, day, rest @ ..] = &words[..] else { return None };
    if !(weekday.len() <= 4 && weekday.chars().all(|c| c.is_alphabetic() || c == ',')) {
        return None;
    }
    let month = MONTHS.iter().position(|name| month.to_ascii_lowercase().starts_with(name))? + 1;
    let day: u32 = day.trim_end_matches(',').parse().ok()?;
    let year = rest.iter().find(|word| word.len() == 4 && word.bytes().all(|byte| byte.is_ascii_digit()))?;
    let time = rest.iter().find(|word| word.contains(':') && word.as_bytes()[0].is_ascii_digit())?;
    let zone = rest.iter().find_map(|word| {
        let offset = word.strip_prefix("GMT").or(word.strip_prefix("UTC")).unwrap_or(word);
        match offset {
            "" | "Z" => Some("Z".to_string()),
            _ if offset.len() >= 5 && offset.starts_with(['+', '-']) => {
                let digits: String = offset[1..].chars().filter(char::is_ascii_digit).collect();
                let (hours, minutes) = (digits.get(..2)?, digits.get(2..4)?);
                Some(if digits == "0000" { "Z".into() } else { format!("{}{hours}:{minutes}", &offset[..1]) })
            }
            _ => None,
        }
    });
    let stated = format!("{year}-{month:02}-{day:02}T{time}{}", zone.unwrap_or_default());
    Published::parse(&stated, PublishedFrom::Metadata)
}

/// `20110503T081500Z`, and the fourteen digits of archives: `20110503081500`.
fn basic_time(text: &str) -> Option<Published> {
    if text.len() != 14 || !text.bytes().all(|byte| byte.is_ascii_digit()) {
        return None;
    }
    Published::parse(&format!("{}T{}", &text[..8], &text[8..]), PublishedFrom::Metadata)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dates_of_programs() {
        for (value, expected) in [
            (r#""Thu May 14 01:38:56 +0000 2020""#, Some("2020-05-14T01:38:56Z")),
            (r#""Thu May 14 01:38:56 +0200 2020""#, Some("2020-05-14T01:38:56+02:00")),
            (r#""Thu May 14 2020 01:38:56 GMT+0000 (Zulu)""#, Some("2020-05-14T01:38:56Z")),
            (r#""/Date(1304410500000)/""#, Some("2011-05-03T08:15:00Z")),
            (r#""/Date(1304410500000+0200)/""#, Some("2011-05-03T08:15:00Z")),
            ("1304410500", Some("2011-05-03T08:15:00Z")),
            ("1304410500.0", Some("2011-05-03T08:15:00Z")),
            (r#""1304410500000""#, Some("2011-05-03T08:15:00Z")),
            (r#"{"$date": {"$numberLong": "1304410500000"}}"#, Some("2011-05-03T08:15:00Z")),
            (r#"{"date-parts": [[2011, 5, "3"]]}"#, Some("2011-05-03")),
            (r#"{"year": 2011, "month": 5}"#, Some("2011-05")),
            (r#""/Date()/""#, None),
            (r#""Date()""#, None),
            (r#""/Date(é)/""#, None),
            (r#""2011/05/03/""#, Some("2011-05-03")),
            (r#"{"en-US": "2011-05-03"}"#, Some("2011-05-03")),
            (r#"{"to": "2011-05-03", "is": 1}"#, None),
            (r#"{"id_str": "2011-05-03"}"#, None),
            (r#""2017 Apr 23""#, Some("2017-04-23")),
            (r#""20110503T081500Z""#, Some("2011-05-03T08:15:00Z")),
            (r#""20110503081500""#, Some("2011-05-03T08:15:00")),
            (r#"["2011-05-03"]"#, Some("2011-05-03")),
            (r#""0000-00-00 00:00:00""#, None),
            (r#""1970-01-01T00:00:00Z""#, None),
            ("12", None),
            (r#""soon""#, None),
            ("null", None),
        ] {
            let found = date(&serde_json::from_str(value).expect("valid JSON"));
            assert_eq!(found.map(|date| date.value).as_deref(), expected, "{value}");
        }
    }
}
