//! The choice among the dates that a page states.

use jiff::civil;

use super::{Candidate, Dates, Kind, Source};
use crate::model::{DateEvidence, Published};

/// Least score of a date of publication.
const LEAST: i32 = 40;
/// What each kind of support from another source adds.
const SUPPORT: i32 = 14;
/// Most sources that support.
const MOST_SUPPORT: i32 = 2;
/// Dates in text from before the web are what the text is about more often than its own.
const FIRST_YEAR: &str = "1993";
/// Score of the date of the last change, if there is none of publication.
const CHANGE: i32 = 42;

/// Subtracted from the score of a date that is also the date of the last change, if an earlier date of publication exists.
const CHANGED: i32 = 20;
/// Least score of the earlier date: that of a date in metadata.
const EARLIER: i32 = 78;
/// Subtracted from the score of 1 January if only one source states it: programs write it where they know only the year, or
/// nothing.
const NEW_YEAR: i32 = 14;
const NEW_YEARS_DAY: &str = "-01-01";

/// The choice among candidates.
pub(super) fn decide(mut all: Vec<Candidate>, lang: Option<&str>) -> Dates {
    let updated = all.iter().filter(|c| c.kind == Kind::Modified).max_by_key(|c| c.score).cloned();
    for candidate in &mut all {
        let is_coarse = candidate.date.day().len() < "2023-11-08".len();
        let is_before_web = candidate.source == Source::Text && candidate.date.value.as_str() < FIRST_YEAR;
        candidate.score -= if is_coarse { 30 } else { 0 } + if is_before_web { 60 } else { 0 };
    }
    if let Some(change) = updated.as_ref().and_then(|change| date_of(&change.date)) {
        // The neighbouring day is that of the same instant elsewhere.
        const LEAST_DAYS: i32 = 2;
        let is_earlier = |c: &Candidate| {
            let is_data = matches!(c.source, Source::JsonLd | Source::Meta) && !c.date.day().ends_with(NEW_YEARS_DAY);
            let days = date_of(&c.date).map_or(0, |date| (change - date).get_days());
            c.kind == Kind::Published && c.score >= EARLIER && is_data && days >= LEAST_DAYS
        };
        let has_earlier = all.iter().any(is_earlier);
        let is_change = |c: &Candidate| c.kind == Kind::Published && date_of(&c.date) == Some(change);
        for candidate in all.iter_mut().filter(|c| has_earlier && is_change(c)) {
            candidate.score -= CHANGED;
        }
    }
    for at in 0..all.len() {
        let day = all[at].date.day().to_string();
        let mut sources = vec![all[at].source];
        // Other fields of the same source that state it in another form support it half as much.
        let is_again = |c: &Candidate| {
            c.source == all[at].source && c.date.value != all[at].date.value && c.date.day() == day && c.score > 60
        };
        let again = all.iter().any(|c| c.kind == Kind::Published && is_again(c));
        for other in &all {
            let agrees = other.kind == Kind::Published && other.date.day() == day && other.score > 0;
            if agrees && !sources.contains(&other.source) {
                sources.push(other.source);
            }
        }
        let support = i32::try_from(sources.len() - 1).unwrap_or(MOST_SUPPORT).min(MOST_SUPPORT);
        if all[at].kind == Kind::Published {
            all[at].score += support * SUPPORT + if again { SUPPORT / 2 } else { 0 };
            all[at].score -= if support == 0 && day.ends_with(NEW_YEARS_DAY) { NEW_YEAR } else { 0 };
        }
    }
    if let Some(change) = &updated {
        // Like a text's, a page's date of the last change is that of publication if it states no other.
        let score = CHANGE - i32::from(change.score < 60);
        all.push(Candidate { kind: Kind::Published, score, ..change.clone() });
    }
    // The first of equals counts.
    all.sort_by_key(|candidate| std::cmp::Reverse(candidate.score));
    let best = all.iter().find(|c| c.kind == Kind::Published && c.score >= LEAST).cloned();
    let mut published = best.as_ref().map(|best| best.date.clone());
    let mut evidence: Vec<DateEvidence> = all
        .iter()
        .filter(|c| c.kind == Kind::Published)
        .map(|c| DateEvidence::new(c.date.value.clone(), c.score, c.place.clone()))
        .collect();
    if let Some(best) = &best
        && let Some((local, witness)) = local_day(best, &all, lang)
    {
        let place = format!("{}, for the day there of the instant in {}", witness.place, best.place);
        evidence.insert(0, DateEvidence::new(local.value.clone(), best.score, place));
        published = Some(local);
    }
    let updated =
        updated.map(|change| change.date).filter(|change| published.as_ref().is_none_or(|p| p.value != change.value));
    Dates { published, updated, evidence }
}

/// The newspaper's own day of an instant, and who states it.
fn local_day<'c>(best: &Candidate, all: &'c [Candidate], lang: Option<&str>) -> Option<(Published, &'c Candidate)> {
    /// Least score of a witness.
    const WITNESS: i32 = 60;
    let (day, hour, minute) = (date_of(&best.date)?, part(&best.date, 11..13)?, part(&best.date, 14..16)?);
    let zone = best.date.value.get(19..).unwrap_or("");
    let others = all.iter().filter(|c| c.kind == Kind::Published && c.score >= WITNESS && c.source != best.source);
    let others = others.filter(|c| c.date.value != best.date.value);
    let seconds = best.date.seconds()?;
    let is_utc = |date: &Published| date.value.ends_with('Z');
    // A day that is displayed, and is that of the instant, is the newspaper's.
    let is_shown = |c: &Candidate| c.source == Source::Text && c.date.day() == best.date.day();
    if others.clone().any(is_shown) {
        return None;
    }
    let is_shown_instead = |c: &Candidate| c.is_shown_value && c.date.value.len() <= 10;
    let (west, east) = hours_from_utc(lang);
    others
        .filter_map(|other| {
            let witnessed = date_of(&other.date)?;
            let ahead = (witnessed - day).get_days();
            let time = part(&other.date, 14..16);
            // Another statement of the same instant, with a zone or without.
            let apart = other.date.seconds()? - seconds;
            let is_same_instant = time == Some(minute) && apart.abs() <= 14 * 3_600 && apart % 3_600 == 0 && apart != 0;
            let possible = match ahead {
                -1 => hour + west < 0,
                1 => hour + east >= 24,
                _ => false,
            };
            let is_local = match zone {
                "Z" => possible && (time.is_none() || is_same_instant),
                // Without a zone it is in UTC if the page displays the neighbouring day.
                "" if is_shown_instead(other) => possible,
                "" => possible && is_same_instant && !is_utc(&other.date),
                _ => false,
            };
            is_local.then(|| (other.date.clone(), other))
        })
        // One with the time of day says more.
        .max_by_key(|(date, other)| (date.value.len() > 10, other.score))
}

/// The most hours behind and ahead of UTC where newspapers of a language are.
fn hours_from_utc(lang: Option<&str>) -> (i16, i16) {
    match lang.unwrap_or_default() {
        "de" | "it" | "pl" | "cs" | "sk" | "hu" | "sv" | "da" | "no" | "nb" | "nn" | "sl" | "hr" | "sr" | "bs" => {
            (0, 2)
        }
        "fi" | "el" | "ro" | "bg" | "uk" | "tr" | "he" | "et" | "lv" | "lt" | "ar" => (0, 4),
        "nl" => (-4, 2),
        "ja" | "ko" => (0, 9),
        "zh" => (-8, 8),
        "th" | "vi" | "id" => (0, 9),
        "hi" | "bn" | "ta" | "te" | "ur" | "fa" => (0, 6),
        "ru" => (0, 12),
        "pt" => (-5, 1),
        "es" => (-8, 2),
        "fr" => (-8, 4),
        // 12 hours behind is the farthest west, 14 ahead the farthest east.
        _ => (-12, 14),
    }
}

fn date_of(date: &Published) -> Option<civil::Date> {
    let part = |range| part(date, range);
    civil::Date::new(part(0..4)?, i8::try_from(part(5..7)?).ok()?, i8::try_from(part(8..10)?).ok()?).ok()
}

/// A number within the value of a date.
fn part(date: &Published, range: std::ops::Range<usize>) -> Option<i16> {
    date.value.get(range)?.parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::PublishedFrom;

    fn candidate(value: &str, source: Source, score: i32) -> Candidate {
        let date = Published { value: value.into(), from: PublishedFrom::Metadata };
        Candidate { date, kind: Kind::Published, source, score, place: String::new(), is_shown_value: false }
    }

    #[test]
    fn the_day_is_the_newspapers() {
        for (instant, witnesses, value) in [
            ("2023-11-09T03:12:00Z", vec![("2023-11-08", Source::Text)], "2023-11-08"),
            ("2023-11-09T03:12:00Z", vec![("2023-11-08", Source::Address)], "2023-11-08"),
            ("2023-11-01T23:01:00Z", vec![("2023-11-02", Source::Text)], "2023-11-02"),
            // The time of day rules the neighbouring day out.
            ("2023-11-09T15:12:00Z", vec![("2023-11-08", Source::Text)], "2023-11-09T15:12:00Z"),
            ("2023-11-09T03:12:00Z", vec![("2023-11-10", Source::Text)], "2023-11-09T03:12:00Z"),
            ("2023-11-09T03:12:00Z", vec![("2023-11-07", Source::Text)], "2023-11-09T03:12:00Z"),
            // A statement with a zone is the newspaper's own.
            ("2023-11-09T03:12:00+02:00", vec![("2023-11-08", Source::Text)], "2023-11-09T03:12:00+02:00"),
            ("2023-11-09T03:12:00Z", vec![("2023-11-08T22:12:00-05:00", Source::Element)], "2023-11-08T22:12:00-05:00"),
            ("2020-12-05T23:15:00", vec![("2020-12-06T00:15:00", Source::Text)], "2020-12-06T00:15:00"),
            ("2020-12-05T23:15:00", vec![("2020-12-06T08:20:00", Source::Text)], "2020-12-05T23:15:00"),
            // A local time is not made one of UTC, and a displayed day of the instant is the newspaper's.
            ("2023-11-08T18:09:55", vec![("2023-11-09T01:09:55Z", Source::Element)], "2023-11-08T18:09:55"),
            (
                "2020-07-09T10:04:04Z",
                vec![("2020-07-08", Source::Address), ("2020-07-09T06:04:00", Source::Text)],
                "2020-07-09T10:04:04Z",
            ),
        ] {
            let mut all = vec![candidate(instant, Source::Meta, 95)];
            all.extend(witnesses.iter().map(|(value, source)| candidate(value, *source, 70)));
            assert_eq!(
                decide(all, None).published.map(|date| date.value).as_deref(),
                Some(value),
                "{instant} {witnesses:?}"
            );
        }
    }

    #[test]
    fn a_language_is_spoken_on_one_side_of_utc() {
        for (lang, day, value) in [
            ("de", "2019-10-18", "2019-10-19T03:00:00Z"),
            ("de", "2019-10-20", "2019-10-19T03:00:00Z"),
            ("pt", "2019-10-18", "2019-10-18"),
        ] {
            let all = vec![candidate("2019-10-19T03:00:00Z", Source::JsonLd, 100), candidate(day, Source::Meta, 95)];
            assert_eq!(
                decide(all, Some(lang)).published.map(|date| date.value).as_deref(),
                Some(value),
                "{lang} {day}"
            );
        }
    }

    #[test]
    fn statements_support_each_other() {
        let all = vec![
            candidate("2022-01-04T07:29:00Z", Source::JsonLd, 100),
            candidate("2022-01-06T08:29:34", Source::Meta, 95),
            candidate("2022-01-06", Source::Text, 70),
        ];
        assert_eq!(decide(all, None).published.map(|date| date.value).as_deref(), Some("2022-01-06T08:29:34"));
        assert_eq!(decide(vec![candidate("2022-01-04", Source::Element, 30)], None).published, None);
    }

    #[test]
    fn a_displayed_day_corrects_a_time_without_zone() {
        for (lang, machine, shown, value) in [
            ("it", "2020-12-05T23:15:00", "2020-12-06", "2020-12-06"),
            ("it", "2020-12-05T12:15:00", "2020-12-06", "2020-12-05T12:15:00"),
            ("es", "2020-12-06T02:15:00", "2020-12-05", "2020-12-05"),
            ("it", "2020-12-05T23:15:00", "2020-12-08", "2020-12-05T23:15:00"),
        ] {
            let shown = Candidate { is_shown_value: true, ..candidate(shown, Source::Text, 74) };
            let all = vec![candidate(machine, Source::JsonLd, 100), shown];
            assert_eq!(decide(all, Some(lang)).published.map(|date| date.value).as_deref(), Some(value), "{machine}");
        }
    }

    #[test]
    fn the_day_of_the_change_yields_to_an_earlier_one() {
        let change = |value: &str| Candidate { kind: Kind::Modified, ..candidate(value, Source::Meta, 70) };
        for (name, all, value) in [
            (
                "two statements",
                vec![
                    candidate("2020-02-19", Source::Element, 90),
                    candidate("2017-04-12", Source::Meta, 88),
                    change("2020-02-19"),
                ],
                Some("2017-04-12"),
            ),
            ("one", vec![candidate("2020-02-19", Source::Element, 90), change("2020-02-19")], Some("2020-02-19")),
            (
                "a weak one",
                vec![
                    candidate("2020-02-19", Source::Element, 90),
                    candidate("2017-04-12", Source::Text, 64),
                    change("2020-02-19"),
                ],
                Some("2020-02-19"),
            ),
            (
                "the later one is no change",
                vec![
                    candidate("2020-02-19", Source::Element, 90),
                    candidate("2017-04-12", Source::Meta, 88),
                    change("2020-03-01"),
                ],
                Some("2020-02-19"),
            ),
            ("the first of January", vec![candidate("2004-01-01", Source::Script, 52)], None),
            (
                "said twice",
                vec![candidate("2004-01-01", Source::Script, 52), candidate("2004-01-01", Source::Text, 60)],
                Some("2004-01-01"),
            ),
        ] {
            assert_eq!(decide(all, None).published.map(|date| date.value).as_deref(), value, "{name}");
        }
    }
}
